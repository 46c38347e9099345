#!/usr/bin/python3
"""Make the zip archives in tests/data/zip_ambiguous, which programs read in
different ways, and their list (index.txt: file, planted number, what a reader
has to say: "both" number and ambiguity, "found" at least the number, "said"
at least that something is ambiguous, damaged or unread).

The kinds are those of "ZipDiff" (You, Chen, Wang, Duan, USENIX Security 2025):
a1-a5 fields of one entry, b1-b4 names, c1-c5 the structure.

usage: make_ambiguous.py DIRECTORY
"""
import binascii
import os
import struct
import sys
import zlib

OUT = os.path.abspath(sys.argv[1])
COUNT = 0
INDEX = []
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8 = 1, 8, 2048


def number():
    """A new My Number: eleven digits and their check digit."""
    global COUNT
    COUNT += 1
    digits = f"{40000000000 + COUNT * 7919:011d}"
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5)
                for n, d in enumerate(reversed(digits), 1))
    rest = total % 11
    return digits + str(0 if rest <= 1 else 11 - rest)


def text(value):
    return f"氏名：山田太郎 個人番号：{value}\r\n".encode()


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Entry:
    """One entry; local and central replace fields of one of its headers."""

    def __init__(self, name, data, method=STORED, local=None, central=None,
                 descriptor=None, packed=None, flags=0):
        self.name = name if isinstance(name, bytes) else name.encode()
        if packed is None:
            packed = deflated(data) if method == DEFLATED else data
        self.packed = packed
        fields = {"name": self.name, "flags": flags, "method": method,
                  "crc": binascii.crc32(data), "packed": len(packed),
                  "size": len(data), "extra": b"", "comment": b"",
                  "made_by": 20, "attributes": 0}
        self.local = fields | (local or {})
        self.central = fields | (central or {})
        self.descriptor = descriptor or b""
        self.at = None

    def local_bytes(self):
        f = self.local
        return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, f["flags"],
                           f["method"], 0, 0x21, f["crc"], f["packed"],
                           f["size"], len(f["name"]), len(f["extra"])) + \
            f["name"] + f["extra"] + self.packed + self.descriptor

    def central_bytes(self, at=None):
        f = self.central
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, f["made_by"], 20,
                           f["flags"], f["method"], 0, 0x21, f["crc"],
                           f["packed"], f["size"], len(f["name"]),
                           len(f["extra"]), len(f["comment"]), 0, 0,
                           f["attributes"],
                           self.at if at is None else at) + \
            f["name"] + f["extra"] + f["comment"]


def end_record(entries, size, at, comment=b"", here=None, length=None):
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0,
                       entries if here is None else here, entries, size, at,
                       len(comment) if length is None else length) + comment


def end64(entries, size, at):
    return struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, entries,
                       entries, size, at)


def locator(at):
    return struct.pack("<IIQI", 0x07064B50, 0, at, 1)


def body(entries, base=0):
    out = b""
    for entry in entries:
        entry.at = base + len(out)
        out += entry.local_bytes()
    return out


def archive(members, listed=None, base=0, **end):
    out = body(members, base)
    listed = members if listed is None else listed
    directory = b"".join(entry.central_bytes() for entry in listed)
    return out + directory + end_record(
        **({"entries": len(listed) & 0xFFFF, "size": len(directory),
            "at": base + len(out)} | end))


def write(name, data, value, want="both"):
    with open(f"{OUT}/{name}.zip", "wb") as file:
        file.write(data)
    INDEX.append(f"{name}.zip {value} {want}\n")


HARMLESS = ("readme.txt", b"nothing here\r\n")


def one(word, want="both", **settings):
    """A harmless entry and one with the number, which is odd."""
    value = number()
    settings = {"name": "list.txt"} | settings
    write(word, archive([Entry(*HARMLESS), Entry(data=text(value),
                                                 **settings)]), value, want)


def fields():
    one("a1_central_deflated", central={"method": DEFLATED})
    one("a1_local_deflated", local={"method": DEFLATED})
    one("a1_central_stored", method=DEFLATED, central={"method": STORED})
    one("a1_local_stored", method=DEFLATED, local={"method": STORED})
    one("a1_both_unknown", "said", method=6)
    one("a1_central_unknown", central={"method": 97})
    for where in ("local", "central"):
        for method, word in ((STORED, "stored"), (DEFLATED, "deflated")):
            for size in (0, 5):
                one(f"a2_{where}_{word}_{size}", method=method,
                    **{where: {"packed": size, "size": size}})
            one(f"a2_{where}_{word}_size", method=method,
                **{where: {"size": 5}})
            one(f"a2_{where}_{word}_packed", method=method,
                **{where: {"packed": 5}})
    descriptors()
    wide = struct.pack("<HHQQ", 1, 16, 5, 5)
    ones = {"packed": 0xFFFFFFFF, "size": 0xFFFFFFFF, "extra": wide}
    one("a2_local_zip64", local=ones)
    one("a2_central_zip64", central=ones)
    one("a2_local_zip64_unused", "found", local={"extra": wide})
    one("a3_names", central={"name": b"other.exe"})
    one("a3_name_longer", local={"name": b"list.txt\0.exe"})

    def second(name, crc_of=b"list.txt", version=1):
        return struct.pack("<HHBI", 0x7075, 5 + len(name), version,
                           binascii.crc32(crc_of)) + name

    one("a3_second_name", "found", central={"extra": second(b"b.txt")})
    one("a3_second_name_checksum",
        central={"extra": second(b"b.txt", b"no")})
    one("a3_second_name_version",
        central={"extra": second(b"b.txt", version=2)})
    one("a3_second_name_twice",
        central={"extra": second(b"b.txt") + second(b"c.txt")})
    one("a3_utf8_flag", central={"flags": UTF8})
    one("a4_slash", name="list/")
    one("a4_backslash", name="list\\")
    one("a4_dos_folder", central={"attributes": 0x10})
    one("a4_unix_folder", central={"attributes": 0o40755 << 16,
                                   "made_by": 3 << 8 | 20})
    one("a4_slash_deflated", name="list/", method=DEFLATED)
    one("a5_local", local={"flags": ENCRYPTED})
    one("a5_central", central={"flags": ENCRYPTED})
    one("a5_both", flags=ENCRYPTED)
    one("a5_local_deflated", method=DEFLATED, local={"flags": ENCRYPTED})
    value = number()
    write("a5_first", archive([Entry("a.txt", b"x" * 40, flags=ENCRYPTED,
                                     packed=bytes(range(52))),
                               Entry("list.txt", text(value))]),
          value, "found")


def descriptors():
    """Sizes behind the data: of all shapes, right and wrong."""
    later = {"crc": 0, "packed": 0, "size": 0, "flags": DESCRIPTOR}
    for word, shape in (("signed", "<IIII"), ("bare", "<IIII"),
                        ("wide", "<IIQQ")):
        for lie in (0, 1):
            value = number()
            data = text(value)
            packed = deflated(data)
            tail = struct.pack(shape, 0x08074B50, binascii.crc32(data),
                               len(packed), len(data) + lie)
            write(f"a2_descriptor_{word}_{'lie' if lie else 'true'}",
                  archive([Entry("list.txt", data, DEFLATED, local=later,
                                 central={"flags": DESCRIPTOR},
                                 descriptor=tail[4 * (word == "bare"):]),
                           Entry(*HARMLESS)]),
                  value, "both" if lie else "found")


def names():
    def pair(word, first, second, want="both"):
        value = number()
        for order in (0, 1):
            both = [Entry(first, b"nothing here\r\n"),
                    Entry(second, text(value))]
            write(f"{word}_{order}", archive(both[::1 - 2 * order]), value,
                  want)

    pair("b1_same", "a.txt", "a.txt")
    for byte in (0, 1, 9, 10, 13, 31, 127):
        pair(f"b2_byte_{byte}", "a.txt", b"a" + bytes([byte]) + b".txt")
    for byte in (34, 42, 58, 60, 63, 124, 128, 255):
        pair(f"b2_byte_{byte}", "a.txt", b"a" + bytes([byte]) + b".txt",
             "found")
    for i, name in enumerate(("/a/b", "a//b", "a\\b", "./a/b", "a/./b",
                              "a/b/.", "../a/b", ".../a/b", "a/.../b",
                              "c/../a/b", "a/b.", "a/b ")):
        pair(f"b3_path_{i}", "a/b", name)
    pair("b4_case", "a.txt", "A.TXT")


def structure():
    value = number()
    hidden = Entry("list.txt", text(value))
    plain = Entry(*HARMLESS)
    write("c1_unlisted", archive([plain, hidden], [plain]), value)
    value = number()
    hidden = Entry("list.txt", text(value), DEFLATED)
    write("c1_unlisted_deflated", archive([hidden, plain], [plain]), value)
    value = number()
    inner = archive([Entry("list.txt", text(value))])
    outer = Entry("data.bin", inner)
    out = body([outer, plain])
    # A complete directory inside of the data of the first entry.
    directory = plain.central_bytes()
    write("c1_inside_data", out + directory +
          end_record(1, len(directory), len(out)), value)
    value = number()
    hidden = Entry("list.txt", text(value))
    hidden.at = 0
    write("c1_in_comment",
          archive([Entry(*HARMLESS)], comment=hidden.local_bytes()), value)
    value = number()
    hidden = Entry("list.txt", text(value), DEFLATED)
    hidden.at = 0
    write("c1_in_entry_comment",
          archive([Entry(*HARMLESS,
                         central={"comment": hidden.local_bytes()})]), value)
    value = number()
    inner = Entry("list.txt", text(value), DEFLATED)
    inner.at = 0
    junk = inner.local_bytes()
    # The local header says that it goes on over the next one.
    write("c1_desync",
          archive([Entry("a.bin", b"x", local={"packed": 1 + len(junk),
                                              "size": 1 + len(junk)},
                         descriptor=junk), plain]), value)
    value = number()
    data = text(value)
    packed = deflated(data)
    tail = struct.pack("<IIII", 0x08074B50, binascii.crc32(data), len(packed),
                       len(data))
    write("c1_descriptor_position",
          archive([Entry("list.txt", data, DEFLATED,
                         local={"crc": 0, "packed": 0, "size": 0,
                                "flags": DESCRIPTOR},
                         central={"flags": DESCRIPTOR},
                         descriptor=b"junk" * 3 + tail), plain]), value)
    for word, lengths in (("true", (None, None, None)), ("short", (0, 0, 0)),
                          ("long", (200, 900, 0)), ("cover", (None, 999, 9))):
        for place in range(3):
            value = number()
            parts = []
            for i in range(3):
                base = sum(len(p) for p in parts)
                entry = Entry(*HARMLESS) if i != place else \
                    Entry("list.txt", text(value), DEFLATED)
                parts.append(archive([entry], base=0 if word == "true" else
                                     base, length=lengths[i]))
            write(f"c2_{word}_{place}", b"".join(parts), value)
    for word, settings in (("count_small", {"entries": 1}),
                           ("count_zero", {"entries": 0}),
                           ("count_here", {"here": 1}),
                           ("count_large", {"entries": 7}),
                           ("size_small", {"size": 50}),
                           ("size_zero", {"size": 0}),
                           ("size_large", {"size": 5000})):
        value = number()
        write(f"c3_{word}", archive([Entry(*HARMLESS),
                                     Entry("list.txt", text(value))],
                                    **settings), value)
    value = number()
    entries = [Entry(*HARMLESS), Entry("list.txt", text(value))]
    two_directories("c4_by_offset", 0)
    two_directories("c4_adjacent", 1)
    value = number()
    out = archive([Entry(*HARMLESS), Entry("list.txt", text(value))])
    write("c4_prefix", b"junk" * 9 + out, value, "found")
    value = number()
    out = archive([Entry(*HARMLESS), Entry("list.txt", text(value))], at=3)
    write("c4_wrong_offset", out, value, "found")
    value = number()
    out = archive([Entry(*HARMLESS), Entry("list.txt", text(value))], at=9999)
    write("c4_offset_behind", out, value)
    wide_ends()


def two_directories(word, place):
    """One directory where the end says, another one right before it."""
    value = number()
    plain, hidden = Entry(*HARMLESS), Entry("list.txt", text(value))
    out = body([plain, hidden])
    both = [hidden.central_bytes(), plain.central_bytes()]
    first, second = both[place], both[1 - place]
    write(word, out + first + second + end_record(1, len(second), len(out)),
          value)


def wide_ends():
    """zip64: what the end record says, what its record says."""
    full = {"entries": 0xFFFF, "size": 0xFFFFFFFF, "at": 0xFFFFFFFF}
    for place in (0, 1):
        for field in ("entries", "size", "at", "all", "gap", "search", "none"):
            value = number()
            plain, hidden = Entry(*HARMLESS), Entry("list.txt", text(value))
            out = body([plain, hidden])
            both = [hidden.central_bytes(), plain.central_bytes()]
            first, second = both[place], both[1 - place]
            ends = [{"entries": 1, "size": len(first), "at": len(out)},
                    {"entries": 1, "size": len(second),
                     "at": len(out) + len(first)}]
            data = out + first + second
            short = {key: full[key] if field in (key, "all") else
                     ends[0][key] for key in full}
            if field in ("gap", "search", "none"):
                short = full
            record = end64(**ends[1])
            at = len(data)
            if field == "gap":
                data += record + b"gap gap "
            elif field == "search":
                data += end64(**ends[0]) + record
            elif field == "none":
                at = 7
            else:
                data += record
            write(f"c5_{field}_{place}",
                  data + locator(at) + end_record(**short), value)


def main():
    os.makedirs(OUT, exist_ok=True)
    for name in os.listdir(OUT):
        os.remove(os.path.join(OUT, name))
    fields()
    names()
    structure()
    value = number()
    extra = b"\x99\x99" + struct.pack("<H", 30) + b"kojin bango: " + \
        value.encode() + b"     "
    write("c1_local_extra", archive([Entry("a.txt", b"nothing", local={
        "extra": extra})]), value, "found")
    with open(f"{OUT}/index.txt", "w") as file:
        file.writelines(INDEX)


main()
