#!/usr/bin/python3
"""Make the samples in tests/data/odd: archives of everyday programs in forms
that are rare, and files that are two things at once. Made once and kept.

needs: p7zip-full, libarchive-tools, genisoimage, ncompress, lzip, zstd,
       xz-utils, bzip2, lz4, cpio, jlha-utils
usage: make_odd_archives.py DIRECTORY

Each holds the number 372967742338 in a place of its own (index.txt in the
directory says nothing: tests/scanners/test_odd_archives.c has the list).
"""
import binascii
import io
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

OUT = os.path.abspath(sys.argv[1])
NUMBER = b"372967742338"
TEXT = "氏名：山田太郎 個人番号：".encode() + NUMBER + b"\r\n"
FIRST = b"nothing here\r\n"
JPEG = (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + bytes(40) +
        b"\xff\xd9")


def write(name, data):
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(data)


def run(*words, **settings):
    return subprocess.run(words, check=True, capture_output=True,
                          **settings).stdout


def twice():
    """The number is in the second of two archives that follow each other."""
    for ending, words in (("gz", ("gzip", "-n", "-c")),
                          ("bz2", ("bzip2", "-c")), ("xz", ("xz", "-c")),
                          ("zst", ("zstd", "-q", "-c")),
                          ("lz", ("lzip", "-c")), ("lz4", ("lz4", "-q")),
                          ("Z", ("compress", "-c"))):
        first = run(*words, input=FIRST * 40)
        second = run(*words, input=TEXT * 9)
        if ending == "Z":
            write("letter.Z", second)
            continue
        write(f"twice.{ending}", first + second)
    write("twice.tar", tar([("a.txt", FIRST)]) + tar([("letter.txt", TEXT)]))
    write("behind.gz", run("gzip", "-n", "-c", input=FIRST) + seven(TEXT))
    write("behind.tar", tar([("a.txt", FIRST)]) + seven(TEXT))
    write("behind.7z", seven(FIRST) + seven(TEXT))
    write("behind.zip", zipped(FIRST) + seven(TEXT))
    write("behind.rar", rar5(FIRST) + seven(TEXT))
    # libarchive gives what is stored in steps of 64 KB.
    write("steps.rar.gz", run("gzip", "-n", "-9", "-c", input=rar5(
        b"\n" * (65536 - len(TEXT) // 2) + TEXT)))


def layers():
    """gzip in gzip: each is a part of its own."""
    data = TEXT * 3
    for _ in range(5):
        data = run("gzip", "-n", "-c", input=data)
    write("layers.gz", data)


def seven(data):
    with open("letter.txt", "wb") as file:
        file.write(data)
    os.utime("letter.txt", (0, 0))
    if os.path.exists("a.7z"):
        os.remove("a.7z")
    run("7z", "a", "-mtm-", "a.7z", "letter.txt")
    with open("a.7z", "rb") as file:
        return file.read()


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("letter.txt"), data)
    return out.getvalue()


def tar(members, form=tarfile.USTAR_FORMAT, **settings):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, **settings) as file:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()[:512 * (3 + len(members) * 2)]


def tars():
    long_name = "folder/" * 30 + "個人番号" + NUMBER.decode() + ".txt"
    write("gnu_long_name.tar", tar([(long_name, FIRST)], tarfile.GNU_FORMAT))
    write("euc_name.tar", tar([("個人番号" + NUMBER.decode() + ".txt", FIRST)],
                              tarfile.GNU_FORMAT, encoding="euc-jp"))
    write("cp932_name.tar", tar([("個人番号" + NUMBER.decode() + ".txt",
                                  FIRST)], tarfile.GNU_FORMAT,
                                encoding="cp932"))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as f:
        info = tarfile.TarInfo("a.txt")
        info.size = len(FIRST)
        info.pax_headers = {"comment": TEXT.decode().strip(),
                            "SCHILY.xattr.user.a": "\u0001\u0002"}
        f.addfile(info, io.BytesIO(FIRST))
    write("pax_comment.tar", out.getvalue()[:4096])
    plain = bytearray(tar([("a.txt", FIRST), ("b.txt", FIRST)]))
    plain[512 + 40:512 + 40 + len(TEXT)] = TEXT
    write("slack.tar", bytes(plain))
    plain = bytearray(tar([("a.txt", FIRST), ("b.txt", FIRST)]))
    plain[1536 + 40:1536 + 40 + len(TEXT)] = TEXT
    write("last_slack.tar", bytes(plain))
    plain = bytearray(tar([("a.txt", FIRST)]))
    # A header of before POSIX uses its first half only.
    plain[257:257 + len(TEXT)] = TEXT
    plain[148:156] = b"%06o\0 " % (sum(plain[:148]) + sum(plain[156:512]) +
                                   8 * 32)
    write("old_header.tar", bytes(plain))
    for kind, word in ((tarfile.SYMTYPE, "symlink"),
                       (tarfile.LNKTYPE, "hardlink")):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as file:
            info = tarfile.TarInfo("a")
            info.type = kind
            info.linkname = "../個人番号" + NUMBER.decode()
            file.addfile(info)
        write(f"{word}.tar", out.getvalue()[:4096])
    with open("sparse.txt", "wb") as file:
        file.seek(3 << 20)
        file.write(TEXT)
    with open("whole.txt", "wb") as file:
        file.write(TEXT)
    run("tar", "--sparse", "--format=gnu", "--owner=0", "--group=0",
        "--mtime=@0", "-cf", f"{OUT}/sparse_gnu.tar", "sparse.txt")
    run("tar", "--sparse", "--format=posix", "--owner=0", "--group=0",
        "--mtime=@0", "-cf", f"{OUT}/sparse_pax.tar", "sparse.txt")
    with open("sparse.txt", "r+b") as file:  # its end is a hole, too
        file.truncate(4 << 20)
    run("tar", "--sparse", "--format=gnu", "--owner=0", "--group=0",
        "--mtime=@0", "-cf", f"{OUT}/sparse_end.tar", "sparse.txt")
    os.link("whole.txt", "second.txt")
    for form in ("newc", "odc"):
        write(f"links_{form}.cpio", run("cpio", "-o", "-H", form, "--quiet",
                                        input=b"whole.txt\nsecond.txt\n"))


def images():
    os.makedirs("tree", exist_ok=True)
    for name, data in (("a.txt", FIRST), ("letter.txt", TEXT)):
        with open(f"tree/{name}", "wb") as file:
            file.write(data)
    for word, options in (("joliet_only", ("-J", "-r", "-hide",
                                           "letter.txt")),
                          ("first_only", ("-J", "-r", "-hide-joliet",
                                          "letter.txt")),
                          ("rock_ridge", ("-r",)), ("bare", ()),
                          ("udf", ("-udf", "-J"))):
        run("genisoimage", "-quiet", *options, "-o", "image.iso", "tree")
        with open("image.iso", "rb") as file:
            write(f"{word}.iso.gz", run("gzip", "-n", "-9", "-c",
                                        input=file.read()))


def two_folders():
    """A cabinet of two folders with one file each, not packed."""
    files = ((b"a.txt", FIRST), (b"letter.txt", TEXT))
    at = 36 + 2 * 8 + sum(16 + len(name) + 1 for name, _ in files)
    folders = table = data = b""
    for i, (name, content) in enumerate(files):
        folders += struct.pack("<IHH", at + len(data), 1, 0)
        table += struct.pack("<IIHHHH", len(content), 0, i, 0x21, 0,
                             0x20) + name + b"\0"
        data += struct.pack("<IHH", 0, len(content), len(content)) + content
    size = 36 + len(folders) + len(table) + len(data)
    write("two_folders.cab", b"MSCF" + struct.pack(
        "<IIIIIBBHHHHH", 0, size, 0, 36 + len(folders), 0, 3, 1, 2, 2, 0, 0,
        0) + folders + table + data)


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def lzh_member(level, name, data):
    method = b"-lh0-"
    crc = struct.pack("<H", crc16(data))
    if level < 2:
        extended = b""
        if level == 1:
            # The name in an extended header; a header of length 0 ends them.
            extended = struct.pack("<HB", 3 + len(name), 1) + name
            name = b""
        body = method + struct.pack(
            "<IIIBB", len(data) + len(extended), len(data), 0x21 << 16, 0x20,
            level) + bytes([len(name)]) + name + crc
        if level == 1:
            body += b"U" + extended[:2]
            extended = extended[2:] + b"\0\0"
        return bytes([len(body), sum(body) & 0xFF]) + body + extended + data
    fields = method + struct.pack("<IIIBB", len(data), len(data), 0, 0x20,
                                  level) + crc + b"U"
    width = 2 if level == 2 else 4
    size = "<H" if level == 2 else "<I"

    def header(checksum):
        extended = b"".join(
            struct.pack(size, width + 1 + len(body)) + bytes([kind]) + body
            for kind, body in ((0, struct.pack("<H", checksum)), (1, name)))
        extended += bytes(width)
        if level == 2:
            return struct.pack("<H", 2 + len(fields) + len(extended)) + \
                fields + extended
        return struct.pack("<H", 4) + fields + struct.pack(
            "<I", 2 + len(fields) + 4 + len(extended)) + extended

    return header(crc16(header(0))) + data


def lzhs():
    for level in range(4):
        write(f"level{level}.lzh",
              lzh_member(level, "手紙.txt".encode("cp932"), FIRST) +
              lzh_member(level, "個人番号.txt".encode("cp932"), TEXT) + b"\0")
    with open("letter.txt", "wb") as file:
        file.write(TEXT * 30)
    for method in (5, 6, 7):
        run("jlha", f"ao{method}", "a.lzh", "letter.txt")
        os.replace("a.lzh", f"{OUT}/method{method}.lzh")


def vint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def rar5_block(body, data=b""):
    body = vint(len(body)) + body
    return struct.pack("<I", binascii.crc32(body)) + body + data


def rar5_file(kind, name, data, method=0):
    body = (vint(kind) + vint(2) + vint(len(data)) + vint(4) +
            vint(len(data)) + vint(0x81A4) +
            struct.pack("<I", binascii.crc32(data)) + vint(method << 7) +
            vint(1) + vint(len(name)) + name)
    return rar5_block(body, data)


def rar5(data, more=b""):
    return (b"Rar!\x1a\x07\x01\x00" + rar5_block(vint(1) + vint(0) + vint(0)) +
            more + rar5_file(2, b"letter.txt", data) +
            rar5_block(vint(5) + vint(0) + vint(0)))


def rar4(data, more=b""):
    def block(kind, flags, body, extra=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", binascii.crc32(head) & 0xFFFF) + head + extra

    def file(kind, name, content, method):
        return block(kind, 0x8000, struct.pack(
            "<IIBIIBBHI", len(content), len(content), 3,
            binascii.crc32(content), 0x5A210000, 29, method, len(name),
            0x81A4) + name, content)

    comment = file(0x7A, b"CMT", more, 0x30 if more == TEXT else 0x33) \
        if more else b""
    return (b"Rar!\x1a\x07\x00" + block(0x73, 0, b"\0" * 6) + comment +
            file(0x74, b"letter.txt", data, 0x30) + block(0x7B, 0x4000, b""))


def rars():
    write("comment5.rar", rar5(FIRST, rar5_file(3, b"CMT", TEXT)))
    write("recovery5.rar", rar5(TEXT, rar5_file(3, b"RR", bytes(200))))
    write("packed_comment5.rar", rar5(FIRST, rar5_file(3, b"CMT", bytes(40),
                                                       3)))
    write("comment4.rar", rar4(FIRST, TEXT))
    write("packed_comment4.rar", rar4(FIRST, bytes(40)))


def locked_rars():
    """Encrypted files among others, and headers that are encrypted."""
    noise = bytes(i * 37 + 11 & 0xFF for i in range(96))
    body = (vint(2) + vint(3) + vint(4) + vint(len(noise)) + vint(4) +
            vint(90) + vint(0x81A4) + bytes(4) + vint(0) + vint(1) +
            vint(8) + b"list.csv" + vint(3) + vint(1) + b"\0\0")
    write("locked_file5.rar", rar5(TEXT, rar5_block(body, noise)))
    plain = rar4(TEXT)
    at = plain.index(b"\x74", 20) - 2
    head = bytearray(plain[at:at + 32 + 10])
    second = head[:32] + b"secret.txt"
    second[3] |= 4
    second[7:11] = struct.pack("<I", len(noise))
    second[2:] = second[2:]
    second[0:2] = struct.pack("<H", binascii.crc32(second[2:]) & 0xFFFF)
    end = plain.rindex(b"\x7b") - 2
    write("locked_file4.rar", plain[:end] + bytes(second) + noise +
          plain[end:])
    main_head = struct.pack("<BHH", 0x73, 0x80, 13) + bytes(6)
    write("locked_all4.rar", b"Rar!\x1a\x07\x00" + struct.pack(
        "<H", binascii.crc32(main_head) & 0xFFFF) + main_head + noise)


def polyglots():
    write("picture.jpg", JPEG + zipped(TEXT))
    write("picture_rar.jpg", JPEG + rar5(TEXT))
    write("picture_7z.jpg", JPEG + seven(TEXT))
    write("document.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"
          b"trailer<</Root 1 0 R>>\n%%EOF\n" + zipped(TEXT))
    write("page.html", b"<html><body>hello</body></html>\n" + zipped(TEXT))
    program = b"MZ" + bytes(range(200)) * 20
    # Its own code has the signatures, too.
    program += b"7z\xbc\xaf\x27\x1c Rar!\x1a\x07\x01\x00 MSCF\0\0\0\0"
    write("program_rar5.exe", program + rar5(TEXT))
    write("program_rar4.exe", program + rar4(TEXT))
    write("program_7z.exe", program + seven(TEXT))
    write("program_zip.exe", program + zipped(TEXT))


def names():
    for encoding in ("euc-jp", "iso2022_jp", "utf-8"):
        name = ("個人番号" + NUMBER.decode() + ".txt").encode(encoding)
        data = zipped(FIRST)
        with zipfile.ZipFile(io.BytesIO(data)):
            pass
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(zipfile.ZipInfo("A" * len(name)), FIRST)
        write(f"name_{encoding}.zip",
              out.getvalue().replace(b"A" * len(name), name))
    # The name of the header in CP932, a second one in Unicode.
    name = "番号.txt".encode("cp932")
    second = ("個人番号" + NUMBER.decode() + ".txt").encode()
    info = zipfile.ZipInfo("A" * len(name))
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(second), 1,
                             binascii.crc32(name)) + second
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(info, FIRST)
    write("name_second.zip", out.getvalue().replace(b"A" * len(name), name))
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(FIRST) + packer.flush()
    write("name.gz", b"\x1f\x8b\x08\x08" + body[4:10] +
          "個人番号".encode("euc-jp") + NUMBER + b".txt\0" + body[10:])
    write("comment.gz", b"\x1f\x8b\x08\x10" + body[4:10] +
          b"kojin bango " + NUMBER + b"\0" + body[10:])


def main():
    os.makedirs(OUT, exist_ok=True)
    for name in os.listdir(OUT):
        os.remove(os.path.join(OUT, name))
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        twice()
        layers()
        tars()
        images()
        lzhs()
        two_folders()
        rars()
        locked_rars()
        polyglots()
        names()


main()
