"""Small files that want to be large, deep or endless: made, never stored.

BOMBS: name -> maker; a maker gives (file name, bytes) of one attachment.
"""

import base64
import bz2
import gzip
import io
import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

# Read in full, within all limits: there is nothing else to say about them.
HARMLESS = {
    "words_csv", "digits_txt", "deep_html", "deep_json", "spans_html",
    "attributes_html", "many_headers", "large_base64", "quoted_line",
    "no_line_end", "carriage_returns", "escapes_of_a_charset",
    "encoded_words", "box_pdf", "deep_xml", "many_files_in_text",
    # Read without its predictor, which poppler refuses.
    "predictor_pdf",
    # Glyphs that lie over each other are few to poppler.
    "glyphs_pdf",
}

BOMBS = {}
GIGABYTE = 1 << 30
PIECE = 16 << 20


def bomb(function):
    BOMBS[function.__name__] = function
    return function


def as_mail(name, content):
    return (b"From: taro@corp.test\r\nTo: out@example.com\r\nSubject: a\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b"
            b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n"
            b"Content-Type: application/octet-stream; name=" + name.encode() +
            b"\r\nContent-Disposition: attachment\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(content) + b"--b--\r\n")


def written(make, path):
    """Made by a process of its own: what is started from a large process
    counts as large. False: it cannot be made here."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            made = make()
            if made is not None:
                path.write_bytes(made if isinstance(made, bytes)
                                 else as_mail(*made))
            status = 0 if made is not None else 2
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, 2), "it could not be made"
    return status == 0


def often(piece):
    """A gigabyte of zeros, packed 16 MiB at a time: all these formats may be
    written one behind the other."""
    return piece * (GIGABYTE // PIECE)


def packed_by(command, content, name="in"):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / name
        path.write_bytes(content)
        out = subprocess.run([*command, name], cwd=directory, check=True,
                             stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL).stdout
        made = sorted(set(Path(directory).iterdir()) - {path})
        return made[0].read_bytes() if made else out


# ---- a gigabyte of zeros ----

@bomb
def zeros_gz():
    return "a.gz", often(gzip.compress(bytes(PIECE)))


@bomb
def zeros_bz2():
    return "a.bz2", often(bz2.compress(bytes(PIECE)))


@bomb
def zeros_xz():
    return "a.xz", often(lzma.compress(bytes(PIECE)))


@bomb
def zeros_lzma():
    return "a.lzma", lzma.compress(bytes(64 << 20), lzma.FORMAT_ALONE)


@bomb
def zeros_zst():
    if not shutil.which("zstd"):
        return None
    return "a.zst", often(packed_by(["zstd", "-q", "-c"], bytes(PIECE)))


@bomb
def zeros_lz4():
    if not shutil.which("lz4"):
        return None
    return "a.lz4", often(packed_by(["lz4", "-q", "-c"], bytes(PIECE)))


@bomb
def zeros_7z():
    """Sparse on disk, so that a gigabyte costs none."""
    if not shutil.which("7z"):
        return None
    with tempfile.TemporaryDirectory() as directory:
        with open(Path(directory) / "in", "wb") as out:
            out.truncate(GIGABYTE)
        subprocess.run(["7z", "a", "-mx=1", "a.7z", "in"], cwd=directory,
                       check=True, stdout=subprocess.DEVNULL)
        return "a.7z", (Path(directory) / "a.7z").read_bytes()


def deflated_zeros(size):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = [deflate.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join(out) + deflate.flush()


def zip_local(name, packed, size, crc, method=8):
    return struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0, method, 0, 0x21, crc,
                       len(packed), size, len(name), 0) + name + packed


def zip_central(name, packed_size, size, crc, at, method=8):
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0, method, 0,
                       0x21, crc, packed_size, size, len(name), 0, 0, 0, 0, 0,
                       at) + name


def zip_end(count, central, at):
    count &= 0xffff
    return struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count,
                       len(central), at, 0)


def zip_of(name, packed, size, crc):
    local = zip_local(name, packed, size, crc)
    central = zip_central(name, len(packed), size, crc, 0)
    return local + central + zip_end(1, central, len(local))


@bomb
def zeros_zip():
    packed = deflated_zeros(256 << 20)
    crc = zlib.crc32(bytes(256 << 20))
    locals_, central = b"", b""
    for i in range(4):
        name = b"%d.txt" % i
        central += zip_central(name, len(packed), 256 << 20, crc, len(locals_))
        locals_ += zip_local(name, packed, 256 << 20, crc)
    return "a.zip", locals_ + central + zip_end(4, central, len(locals_))


# ---- zip: overlapping, nested, lying ----

@bomb
def overlapping_zip():
    """Full overlap: a thousand entries with the same 64 MiB of zeros."""
    packed = deflated_zeros(64 << 20)
    crc = zlib.crc32(bytes(64 << 20))
    local = zip_local(b"0", packed, 64 << 20, crc)
    central = b"".join(zip_central(b"%d" % i, len(packed), 64 << 20, crc, 0)
                       for i in range(1000))
    return "a.zip", local + central + zip_end(1000, central, len(local))


@bomb
def quoted_overlapping_zip():
    """Fifield's: each entry's data quote the next local header (stored block
    of deflate) and end in the same kernel."""
    kernel = deflated_zeros(21 << 20)
    size, crc_of = 21 << 20, zlib.crc32(bytes(21 << 20))
    content = bytes(21 << 20)
    names = [b"%03d" % i for i in range(120)]
    tail = zip_local(names[-1], kernel, size, crc_of)
    entries = [(names[-1], len(kernel), size, crc_of, len(tail))]
    for name in reversed(names[:-1]):
        next_header = tail[:30 + len(name)]
        block = struct.pack("<BHH", 0, len(next_header),
                            len(next_header) ^ 0xffff) + next_header
        packed_size = len(block) + entries[-1][1]
        size += len(next_header)
        content = next_header + content
        crc = zlib.crc32(content)
        header = zip_local(name, b"", size, crc)
        header = header[:18] + struct.pack("<I", packed_size) + header[22:]
        tail = header + block + tail
        entries.append((name, packed_size, size, crc, len(tail)))
    central = b"".join(zip_central(name, packed, size, crc, len(tail) - behind)
                       for name, packed, size, crc, behind in entries)
    return "a.zip", tail + central + zip_end(len(entries), central, len(tail))


@bomb
def nested_zip():
    """42.zip: sixteen copies in each of five layers, 4 PB at the bottom."""
    content = zip_of(b"0.dll", deflated_zeros(64 << 20), 64 << 20,
                     zlib.crc32(bytes(64 << 20)))
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for i in range(16):
                z.writestr(f"lib {i:x}.zip", content)
        content = out.getvalue()
    return "42.zip", content


@bomb
def deep_zip():
    content = b"123456789018"
    for _ in range(2000):
        content = zip_of(b"a.zip", zlib.compress(content)[2:-4], len(content),
                         zlib.crc32(content))
    return "a.zip", content


@bomb
def deep_gz():
    content = b"x"
    for _ in range(2000):
        content = gzip.compress(content, 1)
    return "a.gz", content


@bomb
def lying_zip():
    """Sizes far too small, far too large, and none."""
    packed = deflated_zeros(512 << 20)
    locals_, central = b"", b""
    for name, size in ((b"small", 10), (b"large", 0xfffffffe), (b"none", 0)):
        central += zip_central(name, len(packed), size, 0, len(locals_))
        locals_ += zip_local(name, packed, size, 0)
    return "a.zip", locals_ + central + zip_end(3, central, len(locals_))


@bomb
def many_entries_zip():
    central = b""
    locals_ = []
    at = 0
    for i in range(65537 * 2):
        name = b"%x" % i
        local = zip_local(name, b"", 0, 0, 0)
        central += zip_central(name, 0, 0, 0, at, 0) if i % 64 == 0 else b""
        locals_.append(local)
        at += len(local)
    return "a.zip", b"".join(locals_) + central + zip_end(
        65537 * 2, central, at)


@bomb
def lying_gz():
    packed = gzip.compress(bytes(512 << 20), 9)
    return "a.gz", packed[:-4] + struct.pack("<I", 12)


# ---- dictionaries and headers that ask for memory ----

def xz_with_dictionary(code):
    packed = bytearray(lzma.compress(b"123456789018" * 10))
    size = (packed[12] + 1) * 4
    at = packed.index(b"\x21\x01", 12) + 2
    packed[at] = code
    packed[12 + size - 4:12 + size] = struct.pack(
        "<I", zlib.crc32(bytes(packed[12:12 + size - 4])))
    return bytes(packed)


@bomb
def dictionary_xz():
    """One dictionary of 4 GiB after another, from 128 MiB on."""
    return "a.xz", b"".join(xz_with_dictionary(c) for c in (30, 34, 37, 40))


@bomb
def dictionary_lzma():
    packed = bytearray(lzma.compress(b"123456789018", lzma.FORMAT_ALONE))
    packed[1:5] = b"\xff\xff\xff\xff"
    return "a.lzma", bytes(packed)


@bomb
def window_zst():
    """A frame that wants a window of 2 GiB."""
    return "a.zst", (b"\x28\xb5\x2f\xfd\x00" + bytes([(21 << 3)]) +
                     struct.pack("<I", (100000 << 3) | 2 | 1)[:3] + b"a" * 9)


@bomb
def folders_7z():
    """A header that tells of 2^40 folders."""
    number = b"\xff" + struct.pack("<Q", 1 << 40)
    header = b"\x01\x04\x06\x00\x01\x00\x07\x0b" + number + b"\x00" * 40
    start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
    return "a.7z", (b"7z\xbc\xaf\x27\x1c\x00\x04" +
                    struct.pack("<I", zlib.crc32(start)) + start + header)


def tar_header(name, size, kind=b"0"):
    head = bytearray(512)
    head[0:len(name)] = name
    head[100:108] = b"0000644\0"
    head[124:136] = b"%011o\0" % min(size, 8 ** 11 - 1)
    head[148:156] = b" " * 8
    head[156:157] = kind
    head[257:265] = b"ustar\x0000"
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


@bomb
def many_files_tar():
    block = b"".join(tar_header(b"f%07d" % i, 0) for i in range(32768))
    return "a.tar.gz", gzip.compress(block, 1) * 32


@bomb
def extended_tar():
    """A pax header of a gigabyte."""
    piece = gzip.compress(bytes(PIECE))
    return "a.tar.gz", gzip.compress(tar_header(
        b"x", GIGABYTE, b"x")) + often(piece) + gzip.compress(
            tar_header(b"a", 0) + bytes(1024))


@bomb
def sparse_tar():
    return "a.tar", tar_header(b"a", 8 ** 11 - 1) + b"123456789018"


# ---- markup ----

LAUGHS = ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lolololololol">' +
          "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">'
                  for i in range(1, 12)) + "]>")


@bomb
def laughs_xml():
    return "a.xml", (LAUGHS + "<a>&l11;</a>").encode()


@bomb
def laughs_svg():
    return "a.svg", (LAUGHS.replace("DOCTYPE a", "DOCTYPE svg") +
                     '<svg xmlns="http://www.w3.org/2000/svg">'
                     "<text>&l11;</text></svg>").encode()


@bomb
def quadratic_xml():
    return "a.xml", ('<!DOCTYPE a [<!ENTITY l "' + "l" * 500000 + '">]><a>' +
                     "&l;" * 50000 + "</a>").encode()


def package(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
         'content-types"/>')
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@bomb
def laughs_docx():
    return "a.docx", package({
        "[Content_Types].xml": TYPES,
        "word/document.xml": LAUGHS + "<a>&l11;</a>"})


@bomb
def laughs_xlsx():
    return "a.xlsx", package({
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f"<workbook {SHEET}/>",
        "xl/sharedStrings.xml": LAUGHS + "<a>&l11;</a>",
        "xl/worksheets/sheet1.xml": LAUGHS + "<a>&l11;</a>"})


@bomb
def cells_xlsx():
    row = '<row>' + '<c t="s"><v>0</v></c>' * 500 + '</row>'
    return "a.xlsx", package({
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f"<workbook {SHEET}/>",
        "xl/sharedStrings.xml":
            f"<sst {SHEET}><si><t>{'x' * 30000}</t></si></sst>",
        "xl/worksheets/sheet1.xml":
            f"<worksheet {SHEET}><sheetData>{row * 20000}"
            "</sheetData></worksheet>"})


@bomb
def deep_xml():
    return "a.xml", b"<?xml version='1.0'?>" + b"<a>" * 1000000


@bomb
def deep_html():
    return "a.html", b"<html><body>" + b"<div><table><tr><td>" * 500000


@bomb
def deep_json():
    return "a.json", b'{"a":[' * 1000000


@bomb
def deep_rtf():
    return "a.rtf", b"{\\rtf1" + b"{\\a" * 1000000 + b"}" * 1000001


@bomb
def spans_html():
    return "a.html", (b"<table>" + b"<tr>" + b"<td rowspan=65534 colspan=1000>1"
                      * 60000 + b"</table>")


@bomb
def attributes_html():
    return "a.html", b"<html><a " + b"b=c " * 2000000 + b">"


@bomb
def words_csv():
    return "a.csv", (b'"' + b'""' * 4000000 + b'",' + b"1,2,3,\xef\xbc\x94\n"
                     * 1500000)


@bomb
def digits_txt():
    return "a.txt", b"1234 5678 9018 " * 1200000
