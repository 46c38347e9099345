#!/usr/bin/python3
"""Make the mails in tests/data/volumes, whose parts are pieces of one archive.

needs: p7zip-full, libarchive-tools
usage: make_volumes.py DIRECTORY

No free program writes volumes of rar, and those of Info-ZIP are 64 KB at least:
both are written here, by the published descriptions of their headers.
"""
import base64
import binascii
import os
import struct
import subprocess
import sys
import tempfile
import zlib

OUT = os.path.abspath(sys.argv[1])
NUMBER = b"372967742338"
TEXT = "氏名：山田太郎\r\n個人番号：".encode() + NUMBER + b"\r\n"


def noise(count):
    """Neither text nor packed."""
    out = bytearray()
    state = 4711
    for _ in range(count):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(state >> 16 & 0x7F)
    return bytes(out)


# The number is behind so much that it does not stand in the first piece.
DATA = noise(1500)


def mail(name, parts):
    out = (b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n"
           b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;"
           b" boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello"
           b"\r\n")
    for path, data in parts:
        out += (b"--b\r\nContent-Type: application/octet-stream\r\n"
                b"Content-Disposition: attachment; filename=\"" +
                path.encode() + b"\"\r\nContent-Transfer-Encoding: base64"
                b"\r\n\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n"))
    with open(f"{OUT}/{name}.eml", "wb") as file:
        file.write(out + b"--b--\r\n")


def both(name, parts):
    """Complete, out of order; and with a piece missing."""
    mail(name, parts[::-1])
    mail(f"{name}_missing", parts[:1] + parts[2:] if len(parts) > 2 else
         parts[1:])


def cut(name, data, count=3, first=1):
    size = -(-len(data) // count)
    return [(f"{name}.{i + first:03d}", data[i * size:i * size + size])
            for i in range(count)]


def split_zip():
    """Two volumes: the data of the second entry goes over the border."""
    def entry(path, data, disk, at):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packer.compress(data) + packer.flush()
        fields = struct.pack("<HHHHIII", 0, 8, 0, 0x21, binascii.crc32(data),
                             len(body), len(data))
        local = (b"PK\3\4\x14\0" + fields +
                 struct.pack("<HH", len(path), 0) + path + body)
        central = (b"PK\1\2\x14\0\x14\0" + fields +
                   struct.pack("<HHHHHII", len(path), 0, 0, disk, 0, 0, at) +
                   path)
        return local, central

    first, first_central = entry(b"noise.bin", DATA, 0, 4)
    start = b"PK\7\x08" + first
    second, second_central = entry(b"letter.txt", TEXT, 0, len(start))
    third, third_central = entry(b"readme.txt", b"nothing", 1,
                                 len(second) - 40)
    directory = first_central + second_central + third_central
    last = second[40:] + third
    last += directory + struct.pack("<IHHHHIIH", 0x06054B50, 1, 1, 3, 3,
                                    len(directory), len(last), 0)
    return [("list.z01", start + second[:40]), ("list.zip", last)]


def rar4():
    """list.rar and list.r00: one stored file in two pieces."""
    def block(kind, flags, body, extra=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", binascii.crc32(head) & 0xFFFF) + head + extra

    def file(piece, whole, flags):
        body = struct.pack("<IIBIIBBHI", len(piece), len(whole), 3,
                           binascii.crc32(piece if flags & 2 else whole),
                           0x5A210000, 20, 0x30, 10, 0x81A4) + b"letter.txt"
        return block(0x74, 0x8000 | flags, body, piece)

    whole = DATA + TEXT
    pieces = whole[:900], whole[900:]
    return [("list.rar", b"Rar!\x1a\x07\x00" + block(0x73, 0x111, b"\0" * 6) +
             file(pieces[0], whole, 2) + block(0x7B, 0x4001, b"")),
            ("list.r00", b"Rar!\x1a\x07\x00" + block(0x73, 0x11, b"\0" * 6) +
             file(pieces[1], whole, 1) + block(0x7B, 0x4000, b""))]


def vint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def rar5():
    """list.part1.rar to list.part3.rar, a stored file."""
    def block(body, data=b""):
        body = vint(len(body)) + body
        return struct.pack("<I", binascii.crc32(body)) + body + data

    whole = DATA + TEXT
    out = []
    for i in range(3):
        # libarchive does not find a volume of less than 512 bytes.
        piece = whole[i * 480:i * 480 + (480 if i < 2 else 900)]
        flags = 2 | (8 if i > 0 else 0) | (16 if i < 2 else 0)
        body = (vint(2) + vint(flags) + vint(len(piece)) + vint(4) +
                vint(len(whole)) + vint(0x81A4) +
                struct.pack("<I", binascii.crc32(whole if i == 2 else piece)) +
                vint(0) + vint(1) + vint(10) + b"letter.txt")
        main = vint(1) + vint(0) + (vint(1) if i == 0 else vint(3) + vint(i))
        out.append((f"list.part{i + 1}.rar",
                    b"Rar!\x1a\x07\x01\x00" + block(main) +
                    block(body, piece) +
                    block(vint(5) + vint(0) + vint(1 if i < 2 else 0))))
    return out


def main():
    os.makedirs(OUT, exist_ok=True)
    for name in os.listdir(OUT):
        os.remove(os.path.join(OUT, name))
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for path, data in (("noise.bin", DATA), ("letter.txt", TEXT)):
            with open(path, "wb") as file:
                file.write(data)
            os.utime(path, (0, 0))
        for kind in ("7z", "zip"):
            subprocess.run(("7z", "a", f"-t{kind}", "-mx=9", f"list.{kind}",
                            "noise.bin", "letter.txt", "-v700b"), check=True,
                           stdout=subprocess.DEVNULL)
            pieces = []
            for path in sorted(os.listdir(".")):
                if path.startswith(f"list.{kind}."):
                    with open(path, "rb") as file:
                        pieces.append((path, file.read()))
            both(f"numbered_{kind}", pieces)
        subprocess.run(("bsdtar", "--uid", "0", "--gid", "0", "-czf",
                        "list.tar.gz", "noise.bin", "letter.txt"), check=True)
        with open("list.tar.gz", "rb") as file:
            data = file.read()
        both("numbered_tar", cut("list.tar.gz", data, first=0))
    both("split_zip", split_zip())
    both("rar4", rar4())
    both("rar5", rar5())
    # Pieces by their names only: each is something on its own.
    mail("not_pieces", [("list.001", b"first,1\r\n"),
                        ("list.002", TEXT.decode().encode("utf-16"))])
    mail("not_pieces_either", [
        ("list.001", zlib.compress(b"x", wbits=31)),
        ("list.002", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))])


main()
