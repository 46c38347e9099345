"""Make the samples in tests/data/archive. They are made once and kept.

needs: p7zip-full, libarchive-tools, cpio, genisoimage, gcab, lzip, zstd,
       xz-utils, bzip2, lz4, ncompress
usage: make_archives.py DIRECTORY

rar and lzh have no free program that writes them: theirs are written here, with
stored entries, by the published descriptions of their headers.
"""
import binascii
import os
import struct
import subprocess
import sys
import tempfile

OUT = os.path.abspath(sys.argv[1])
TEXT = "氏名：山田太郎\r\n個人番号：123456789018\r\n".encode()
OTHER = "社員,個人番号\n1,372967742338\n2,292175895982\n".encode()


def run(*words, **settings):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **settings)


def seven(name, *options):
    target = f"{OUT}/{name}"
    if os.path.exists(target):
        os.remove(target)
    run("7z", "a", "-mtm-", *options, target, "letter.txt", "list.csv")


def bsdtar(name, *options):
    run("bsdtar", "--uid", "0", "--gid", "0", *options, "-cf",
        f"{OUT}/{name}", "letter.txt", "list.csv")


def lzh(name):
    """Level 0 headers with method -lh0-; names in CP932."""
    out = b""
    for path, data in (("手紙.txt", TEXT), ("一覧.csv", OTHER)):
        raw = path.encode("cp932")
        head = b"-lh0-" + struct.pack("<IIHHBB", len(data), len(data), 0,
                                      0x5A21, 0x20, 0) + bytes([len(raw)])
        head += raw + struct.pack("<H", crc16(data))
        out += bytes([len(head), sum(head) & 0xFF]) + head + data
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(out + b"\0")


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def rar4(name):
    def block(kind, flags, body, extra=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", binascii.crc32(head) & 0xFFFF) + head + extra

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, b"\0" * 6)
    for path, data in ((b"letter.txt", TEXT), (b"list.csv", OTHER)):
        body = struct.pack("<IIBIIBBHI", len(data), len(data), 3,
                           binascii.crc32(data), 0x5A210000, 20, 0x30,
                           len(path), 0x81A4) + path
        out += block(0x74, 0x8000, body, data)
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(out + block(0x7B, 0x4000, b""))


def vint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def rar5(name, locked=False):
    def block(body, data=b""):
        body = vint(len(body)) + body
        return struct.pack("<I", binascii.crc32(body)) + body + data

    out = b"Rar!\x1a\x07\x01\x00"
    if locked:
        # Everything behind an encryption header is ciphertext.
        out += block(vint(4) + vint(0) + vint(0) + vint(0) + b"\x0f" +
                     bytes(range(16)))
        out += bytes(i * 37 & 0xFF for i in range(300))
    else:
        out += block(vint(1) + vint(0) + vint(0))
        for path, data in ((b"letter.txt", TEXT), (b"list.csv", OTHER)):
            body = (vint(2) + vint(2) + vint(len(data)) + vint(4) +
                    vint(len(data)) + vint(0x81A4) +
                    struct.pack("<I", binascii.crc32(data)) + vint(0) +
                    vint(1) + vint(len(path)) + path)
            out += block(body, data)
        out += block(vint(5) + vint(0) + vint(0))
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(out)


def noise(count, letters):
    """The same letters every time, in no order."""
    out = bytearray()
    state = 12345
    for _ in range(count):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(letters[(state >> 16) % len(letters)])
    return bytes(out)


def deflate64():
    """Matches from far away, very long ones, all kinds of blocks."""
    far = noise(20000, b"abcd")
    files = {"far.txt": far + bytes(25000) + TEXT + far + bytes(40000) + far,
             "zeros.bin": bytes(200001) + TEXT,
             "noise.bin": noise(3000, bytes(range(256))) + TEXT,
             "short.txt": TEXT}
    for path, data in files.items():
        with open(path, "wb") as file:
            file.write(data)
        os.utime(path, (0, 0))
    for level in (1, 9):
        target = f"{OUT}/deflate64_{level}.zip"
        if os.path.exists(target):
            os.remove(target)
        run("7z", "a", "-tzip", "-mm=Deflate64", f"-mx={level}", target,
            *files)


def zip_of(name, members, method, flags=0, extra=b"", listed=True):
    """A zip of packed members, in a method that no program here writes."""
    out = directory = b""
    for path, data, body in members:
        fields = struct.pack("<HHHHIII", flags, method, 0, 0x21,
                             binascii.crc32(data), len(body), len(data))
        tail = struct.pack("<HH", len(path), len(extra))
        at = len(out)
        out += b"PK\3\4\x3f\0" + fields + tail + path + extra + body
        directory += (b"PK\1\2\x3f\0\x3f\0" + fields + tail + bytes(10) +
                      struct.pack("<I", at) + path + extra)
    if not listed:
        directory = bytes(b ^ 0xA5 for b in directory)
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(out + directory + struct.pack(
            "<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members),
            len(directory), len(out), 0))


def zips():
    """Methods that are rare, and all kinds of locks."""
    def member(path, data, *words):
        return (path, data, subprocess.run(words, input=data, check=True,
                                           capture_output=True).stdout)

    for method, word, words in ((93, "zstd", ("zstd", "-q", "-c")),
                                (95, "xz", ("xz", "-c"))):
        zip_of(f"method_{word}.zip",
               [member(b"letter.txt", TEXT, *words),
                member(b"list.csv", OTHER, *words)], method)
    zip_of("method_implode.zip", [(b"letter.txt", TEXT, bytes(40))], 6)
    zip_of("strong.zip", [(b"letter.txt", TEXT, noise(90, range(256)))], 8,
           flags=1 | 64)
    zip_of("masked.zip", [(b"1", TEXT, noise(90, range(256)))], 8,
           flags=1 | 64 | 1 << 13, listed=False)
    for bits in (128, 192):
        target = f"{OUT}/aes{bits}.zip"
        if os.path.exists(target):
            os.remove(target)
        run("7z", "a", "-tzip", "-psecret", f"-mem=AES{bits}", target,
            "letter.txt")
    target = f"{OUT}/partly_locked.zip"
    if os.path.exists(target):
        os.remove(target)
    run("7z", "a", "-tzip", "-psecret", "-mem=ZipCrypto", target,
        "letter.txt")
    run("7z", "a", "-tzip", target, "list.csv")


def packed():
    for name, words in (("list.csv.gz", ("gzip", "-n", "-c")),
                        ("list.csv.bz2", ("bzip2", "-c")),
                        ("list.csv.xz", ("xz", "-c")),
                        ("list.csv.lzma", ("xz", "--format=lzma", "-c")),
                        ("list.csv.zst", ("zstd", "-q", "-c")),
                        ("list.csv.lz", ("lzip", "-c")),
                        ("list.csv.lz4", ("lz4", "-q", "-c")),
                        ("list.csv.Z", ("compress", "-c"))):
        with open(f"{OUT}/{name}", "wb") as file:
            subprocess.run((*words, "list.csv"), stdout=file, check=True)


def main():
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for path, data in (("letter.txt", TEXT), ("list.csv", OTHER)):
            with open(path, "wb") as file:
                file.write(data)
            os.utime(path, (0, 0))
        seven("lzma2.7z")
        seven("lzma.7z", "-m0=LZMA")
        seven("ppmd.7z", "-m0=PPMd")
        seven("bzip2.7z", "-m0=BZip2")
        seven("stored.7z", "-mx=0")
        seven("deflate64.7z", "-m0=Deflate64")
        seven("locked.7z", "-psecret")
        seven("locked_header.7z", "-psecret", "-mhe=on")
        bsdtar("plain.tar")
        bsdtar("gzipped.tar.gz", "-z")
        bsdtar("old.tar", "--format=v7")
        bsdtar("pax.tar", "--format=pax")
        bsdtar("newc.cpio", "--format=newc")
        bsdtar("odc.cpio", "--format=odc")
        bsdtar("common.ar", "--format=arbsd")
        run("genisoimage", "-quiet", "-J", "-r", "-o", "joliet.iso",
            "letter.txt", "list.csv")
        with open(f"{OUT}/joliet.iso.gz", "wb") as file:
            subprocess.run(("gzip", "-n", "-9", "-c", "joliet.iso"),
                           stdout=file, check=True)
        run("gcab", "-c", "-z", f"{OUT}/mszip.cab", "letter.txt", "list.csv")
        with open(f"{OUT}/plain.tar", "rb") as tar:
            first = tar.read()
        with open(f"{OUT}/zeros_first.tar", "wb") as file:
            file.write(bytes(1024) + first)
        packed()
        deflate64()
        zips()
        with open(f"{OUT}/lzma2.7z", "rb") as file:
            archive = file.read()
        with open(f"{OUT}/program.exe", "wb") as file:
            file.write(b"MZ" + bytes(range(200)) * 20 + archive)
    lzh("cp932.lzh")
    rar4("stored4.rar")
    rar5("stored5.rar")
    rar5("locked5.rar", locked=True)


main()
