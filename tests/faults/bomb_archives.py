"""Archives that hold themselves, and RAR: as in bomb_makers.py."""

import struct
import zlib

from bomb_makers import bomb

# ---- archives that hold themselves ----
#
# After "Zip Files All The Way Down" (Russ Cox, 2010): a program of stored
# blocks, which print what follows, and of matches, which print again what was
# printed last. Every step takes five bytes.

LENGTHS = [(3 + s if s < 8 else 3 + ((4 + s % 4) << (s // 4 - 1)),
            max(s // 4 - 1, 0)) for s in range(28)] + [(258, 0)]
DISTANCES = [(s + 1 if s < 4 else ((2 + (s & 1)) << (s // 2 - 1)) + 1,
              max(s // 2 - 1, 0)) for s in range(30)]
END = "0000000"
STEP = 5


def lowest_first(value, count):
    return format(value, f"0{count}b")[::-1] if count else ""


def code_of(table, value):
    code = max(i for i, (base, _) in enumerate(table) if base <= value)
    return code, lowest_first(value - table[code][0], table[code][1])


def match(length, distance):
    code, more = code_of(LENGTHS, length)
    word = format(code + 1, "07b") if code < 23 else format(code + 169, "08b")
    far, far_more = code_of(DISTANCES, distance)
    return word + more + format(far, "05b") + far_more


def packed_bits(bits):
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at:at + 8][::-1], 2)
                 for at in range(0, len(bits), 8))


def again(count, final=False):
    """Print the last count bytes again; as long as a step unless final."""
    ways = [match(count, count)] + [
        match(one, count) + match(count - one, count)
        for one in range(3, count - 2)]
    for way in ways:
        bits = ("1" if final else "0") + "10" + way + END
        if final:
            return packed_bits(bits)
        for filler in ("", "010" + END):
            # Three bits of the next block may stand in the last byte.
            if 8 * STEP - 2 <= len(bits + filler) <= 8 * STEP:
                return packed_bits(bits + filler)
    raise ValueError(count)


def literal(count):
    return struct.pack("<BHH", 0, count, count ^ 0xffff)


def self_printing(head, tail):
    """Deflated: what it prints is head, itself and tail."""
    first = again(len(head) + STEP)
    four = again(4 * STEP)
    rest = next(end + tail for size in range(3, 9)
                for end in [again(len(tail) + size, final=True)]
                if len(end) == size)
    last = rest[:len(rest) - len(tail)]
    begin = literal(len(head) + STEP)
    one, steps, nothing = literal(STEP), literal(4 * STEP), literal(0)
    return (begin + head + begin + first + one + first + one + one + steps +
            first + one + one + steps + four + (steps + four) * 4 +
            (nothing + nothing + literal(len(rest)) + four) +
            nothing + nothing + literal(len(rest)) + rest + last)


def with_own_checksum(make):
    """make(c) whose CRC-32 is c: both change bit by bit with c."""
    at_zero = zlib.crc32(make(0))
    rows = {}
    for i in range(32):
        value, mask = zlib.crc32(make(1 << i)) ^ at_zero ^ 1 << i, 1 << i
        while value and value.bit_length() in rows:
            row = rows[value.bit_length()]
            value, mask = value ^ row[0], mask ^ row[1]
        if value:
            rows[value.bit_length()] = value, mask
    checksum, left = 0, at_zero
    while left:
        row = rows[left.bit_length()]
        left, checksum = left ^ row[0], checksum ^ row[1]
    made = make(checksum)
    assert zlib.crc32(made) == checksum
    return made


@bomb
def quine_gz():
    def make(checksum):
        head = b"\x1f\x8b\x08\x08\0\0\0\0\0\xffr.gz\0"
        length = len(head + self_printing(head, bytes(8))) + 8
        tail = struct.pack("<II", checksum, length)
        return head + self_printing(head, tail) + tail
    made = with_own_checksum(make)
    assert zlib.decompress(made, 31) == made
    return "r.gz", made


@bomb
def quine_zip():
    name = b"r.zip"

    def whole(checksum, packed, length):
        about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, checksum,
                            packed, length, len(name), 0)
        head = b"PK\3\4" + about + name
        central = (b"PK\1\2\x14\0" + about + bytes(14) + name)
        tail = central + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, 1, 1,
                                     len(central), len(head) + packed, 0)
        inside = self_printing(head, tail)
        return head + inside + tail, len(inside)

    content, packed = whole(0, 0, 0)
    made = with_own_checksum(
        lambda checksum: whole(checksum, packed, len(content))[0])
    return "r.zip", made


# ---- RAR ----

def vint(number):
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def rar_block(*fields):
    content = b"".join(one if isinstance(one, bytes) else vint(one)
                       for one in fields)
    content = vint(len(content)) + content
    return struct.pack("<I", zlib.crc32(content)) + content


def rar_file(name, packed, size, method=3, dictionary=3, solid=0):
    """dictionary: 128 KiB << it."""
    return rar_block(2, 2, len(packed), 0, size, 0,
                     method << 7 | dictionary << 10 | solid << 6, 1,
                     len(name), name) + packed


def rar_of(*files):
    return (b"Rar!\x1a\7\1\0" + rar_block(1, 0, 0) + b"".join(files) +
            rar_block(5, 0, 0))


def rar_zeros(matches):
    """A zero, a match of 4097 zeros, and the last match again: a bit each."""
    lens = {0: 2, 18: 2, 19: 2, 1: 3, 2: 3}
    words = {0: "00", 18: "01", 19: "10", 1: "110", 2: "111"}

    def none(count):
        out = ""
        while count > 10:
            out += words[19] + format(min(count, 138) - 11, "07b")
            count -= min(count, 138)
        return out + (words[18] + format(count - 3, "03b") if count > 2
                      else words[0] * count)

    bits = "".join(format(lens.get(i, 0), "04b") for i in range(20))
    bits += words[2] + none(256) + words[1] + none(47) + words[2]
    bits += words[1] + none(63 + 16 + 44)
    bits += "10" + "11" + "1" * 9 + "0" + "0" * matches
    used = len(bits) % 8 or 8
    bits += "0" * (-len(bits) % 8)
    content = int(bits, 2).to_bytes(len(bits) // 8, "big")
    flags = 0x80 | 0x40 | 2 << 3 | (used - 1)
    size = struct.pack("<I", len(content))[:3]
    check = 0x5a ^ flags ^ size[0] ^ size[1] ^ size[2]
    return bytes([flags, check]) + size + content


@bomb
def zeros_rar():
    return "a.rar", rar_of(rar_file(b"a.txt", rar_zeros(1 << 18),
                                    1 + 4097 * ((1 << 18) + 1)))


@bomb
def lying_rar():
    """Stored members that say they are exabytes, in a solid archive."""
    return "a.rar", rar_of(
        rar_file(b"a.txt", b"x" * 100, 1 << 62, 0),
        rar_file(b"b.txt", rar_zeros(100), 10),
        rar_file(b"c.txt", rar_zeros(1 << 12), 1 << 40, solid=1),
        rar_file(b"d.txt", b"x" * 100, 0, 0, solid=1))


@bomb
def dictionary_rar():
    """It wants a dictionary of 4 GiB."""
    return "a.rar", rar_of(rar_file(b"a.txt", rar_zeros(1 << 12), 1 << 40,
                                    dictionary=15))


@bomb
def many_files_rar():
    return "a.rar", rar_of(*(rar_file(b"%x" % i, b"", 0, 0)
                             for i in range(100000)))


@bomb
def lying_old_rar():
    """Version 4: a member of 4 GiB, of which a hundred bytes are there."""
    def block(kind, flags, fields, content=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(head) & 0xffff) + head + content
    about = struct.pack("<IIBIIBBHI", 100, 0xffffffff, 2, 0, 0x21, 29, 0x30,
                        5, 0x20) + b"a.txt"
    return "a.rar", (b"Rar!\x1a\7\0" + block(0x73, 8, bytes(6)) +
                     block(0x74, 0x8000, about, b"x" * 100) +
                     block(0x7b, 0x4000, b""))
