"""Archives other than zip, by hand."""

import binascii
import lzma
import struct
import zlib


def seven_zip(data, name="list.txt", streams=True):
    """One file in LZMA2, with a plain header; streams: as 7-Zip writes it."""
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=[
        {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])
    file_name = b"\0" + (name + "\0").encode("utf-16-le")
    crc = struct.pack("<I", zlib.crc32(data))

    def size(value):  # two bytes, good up to 16383
        return bytes([0x80 | value >> 8, value & 0xFF])
    header = (b"\1\4" + b"\6\0\1\t" + size(len(packed)) + b"\0"
              + b"\7\x0b\1\0\1\x21\x21\1\x08\x0c" + size(len(data))
              + (b"\0\x08\x0a\1" + crc + b"\0\0" if streams else
                 b"\x0a\1" + crc + b"\0\0")
              + b"\5\1\x11" + size(len(file_name)) + file_name + b"\0\0")
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return (b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start))
            + start + packed + header)


def rar4(files, flags=0x8000, end=True):
    """files: (name, data), stored."""
    def block(kind, block_flags, rest):
        head = struct.pack("<BHH", kind, block_flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head
    out = b"Rar!\x1a\7\0" + block(0x73, 0, b"\0" * 6)
    for name, data in files:
        out += block(0x74, flags, struct.pack(
            "<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data),
            0x5C760000, 20, 0x30, len(name), 0x20) + name.encode()) + data
    return out + (block(0x7B, 0x4000, b"") if end else b"")


def vint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def rar5_block(kind, flags, rest):
    head = vint(kind) + vint(flags) + rest
    head = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head


def rar5(files, size_lie=0, end=True):
    out = b"Rar!\x1a\7\1\0" + rar5_block(1, 0, vint(0))
    for name, data in files:
        out += rar5_block(2, 2, vint(len(data)) + vint(4)
                          + vint(len(data) + size_lie) + vint(0)
                          + struct.pack("<I", zlib.crc32(data)) + vint(0)
                          + vint(1) + vint(len(name)) + name.encode()) + data
    return out + (rar5_block(5, 0, vint(0)) if end else b"")


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def lzh(name, data, method=b"-lh0-", size=None):
    rest = method + struct.pack(
        "<IIIBBB", len(data), len(data) if size is None else size, 0x5C760000,
        0x20, 0, len(name)) + name.encode() + struct.pack("<H", crc16(data))
    return bytes([len(rest), sum(rest) & 255]) + rest + data + b"\0"


def cab(name, data, size=None):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"CK" + packer.compress(data) + packer.flush()
    file = struct.pack("<IIHHHH", len(data) if size is None else size, 0, 0,
                       0x5C76, 0, 0x20) + name.encode() + b"\0"
    start = 36 + 8 + len(file)
    return (b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, start + 8 + len(packed),
                                  0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
            + struct.pack("<IHH", start, 1, 1) + file
            + struct.pack("<IHH", 0, len(packed), len(data)) + packed)


def cpio(name, data, size=None, end=True):
    def entry(entry_name, content, mode, count):
        head = "070701" + "".join(f"{value:08x}" for value in (
            1, mode, 0, 0, 1, 0, count, 0, 0, 0, 0, len(entry_name) + 1, 0))
        raw = head.encode() + entry_name.encode() + b"\0"
        raw += b"\0" * (-len(raw) % 4) + content
        return raw + b"\0" * (-len(raw) % 4)
    return entry(name, data, 0o100644, len(data) if size is None else size) + \
        (entry("TRAILER!!!", b"", 0, 0) if end else b"")


def ar(name, data, size=None):
    return (b"!<arch>\n" + f"{name + '/':16}{0:<12}{0:<6}{0:<6}{'100644':8}"
            f"{len(data) if size is None else size:<10}`\n".encode() + data
            + b"\n" * (len(data) & 1))


def tar_header(name, size, kind=b"0", magic=b"ustar\x0000", check=None):
    head = (name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
            + (f"{size:011o}\0".encode() if isinstance(size, int) else size)
            + b"00000000000\0" + b" " * 8 + kind + b"\0" * 100
            + magic.ljust(8, b"\0")).ljust(512, b"\0")
    total = sum(head) if check is None else check
    return head[:148] + f"{total:06o}\0 ".encode() + head[156:]


def tar(files, end=b"\0" * 1024):
    """files: (header, data)."""
    return b"".join(head + data + b"\0" * (-len(data) % 512)
                    for head, data in files) + end


def hexed(data):
    return binascii.hexlify(data)
