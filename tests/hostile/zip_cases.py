"""Zip archives that programs read in different ways.

Beside these the archives of tests/data/zip_ambiguous are scanned, which hold
every kind of ambiguity of "ZipDiff" (make_ambiguous.py, test_zip_ambiguous).
"""

import binascii
import io
import struct
import zipfile
import zlib
from pathlib import Path

import cases
from cases import CASES, FOUND, HELD, Case, add, ascii_line, text
from zips import (DEFLATED, DESCRIPTOR, ENCRYPTED, STORED, Entry, archive,
                  deflated, end_record)

FAMILY = "zip"
README = ("readme.txt", b"nothing here\r\n")


def zip_of(name, make, want=FOUND, ending="zip"):
    add(FAMILY, name, make, want, ending)


def one(case_name, want=FOUND, /, **settings):
    """A harmless entry and an odd one with the number."""
    file = settings.pop("name", "list.txt")
    zip_of(case_name, lambda n: archive([Entry(*README), Entry(
        file, text(n), **settings)]), want)


one("names_differ", central={"name": b"picture.png"})
one("method_differs", local={"method": STORED})
one("method_unknown_both", HELD, method=97)
one("method_unknown_central", central={"method": 97})
one("size_small_central", central={"size": 3})
one("size_small_local", local={"size": 3})
one("packed_small_central", central={"packed": 3})
one("packed_zero_local", local={"packed": 0, "size": 0})
one("size_huge_both", size=0x7FFFFFFF)
one("checksum_differs", local={"crc": 1})
one("checksum_wrong", crc=1)
one("encrypted_flag_central", central={"flags": ENCRYPTED})
one("encrypted_flag_local", local={"flags": ENCRYPTED})
one("encrypted_flag_both", HELD, flags=ENCRYPTED)
one("strong_encryption_flag", central={"flags": 0x41})
one("masked_headers_flag", central={"flags": 0x2000})
one("offset_differs", central={"at": 0})
one("offset_behind_end", central={"at": 0x7FFFFFF0})
one("other_disk", central={"disk": 1})
one("folder_by_name", name="list/")
one("folder_by_attribute", central={"attributes": 0x10})
one("name_with_nul", name=b"list.txt\0.png")
one("name_climbs", name="../../etc/list.txt")
one("name_empty", name="")
one("name_long", name="n" * 60000)
one("name_is_link", made_by=3 << 8 | 20, attributes=0o120777 << 16)
one("junk_behind_data", behind=b"junk" * 8)
one("zip64_lie_local", local={"extra": struct.pack("<HHQQ", 1, 16, 5, 5),
                              "size": 0xFFFFFFFF, "packed": 0xFFFFFFFF})
one("zip64_lie_central", central={
    "extra": struct.pack("<HHQQ", 1, 16, 5, 5), "size": 0xFFFFFFFF,
    "packed": 0xFFFFFFFF})
one("zip64_short_extra", central={"extra": struct.pack("<HHI", 1, 4, 5),
                                  "size": 0xFFFFFFFF})
one("unicode_path", central={"extra": struct.pack(
    "<HHBI", 0x7075, 12, 1, binascii.crc32(b"list.txt")) + b"b.txt.x"})
one("unicode_path_wrong", central={"extra": struct.pack(
    "<HHBI", 0x7075, 10, 1, 7) + b"b.txt"})
one("extra_runs_over", central={"extra": struct.pack("<HH", 9, 0xFFFF)})


def pair(name, first, second, want=FOUND):
    zip_of(name, lambda n: archive([Entry(first, b"hello\r\n"),
                                    Entry(second, text(n))]), want)


pair("same_name", "a.txt", "a.txt")
pair("same_name_other_case", "a.txt", "A.TXT")
pair("same_path_other_way", "a/b.txt", "a//./b.txt")


@cases.case(FAMILY, ending="zip")
def first_of_same_name(n):
    return archive([Entry("a.txt", text(n)), Entry("a.txt", b"hello\r\n")])


@cases.case(FAMILY, ending="zip")
def unlisted(n):
    plain, hidden = Entry(*README), Entry("list.txt", text(n))
    return archive([plain, hidden], [plain])


@cases.case(FAMILY, ending="zip")
def directory_empty(n):
    return archive([Entry("list.txt", text(n))], [])


@cases.case(FAMILY, ending="zip")
def directory_missing(n):
    return Entry("list.txt", text(n)).local_bytes()


@cases.case(FAMILY, ending="zip")
def entries_missing(n):
    """The directory points at nothing; only the comment speaks."""
    return archive([], [Entry("list.txt", text(n), at=9999)],
                   comment=text(n, "cp932"))


@cases.case(FAMILY, ending="zip")
def two_ends_first(n):
    return archive([Entry("list.txt", text(n))]) + archive([Entry(*README)])


@cases.case(FAMILY, ending="zip")
def two_ends_last(n):
    return archive([Entry(*README)]) + archive([Entry("list.txt", text(n))])


@cases.case(FAMILY, ending="zip")
def archive_in_comment(n):
    return archive([Entry(*README)], comment=archive(
        [Entry("list.txt", text(n))]))


@cases.case(FAMILY, ending="zip")
def number_in_comment(n):
    return archive([Entry(*README)], comment=ascii_line(n))


@cases.case(FAMILY, ending="zip")
def number_in_entry_comment(n):
    return archive([Entry(*README, central={"comment": ascii_line(n)})])


@cases.case(FAMILY, ending="zip")
def number_in_extra_field(n):
    extra = ascii_line(n)
    return archive([Entry(*README, extra=struct.pack("<HH", 0x4341, len(extra))
                          + extra)])


@cases.case(FAMILY, ending="zip")
def number_in_folder_name(n):
    return archive([Entry(f"My Number {n}/", b"", method=STORED),
                    Entry(*README)])


@cases.case(FAMILY, ending="zip")
def number_between_entries(n):
    return archive([Entry(*README, behind=ascii_line(n)), Entry("b", b"x")])


@cases.case(FAMILY, ending="zip")
def number_before_directory(n):
    return archive([Entry(*README)], before=ascii_line(n))


@cases.case(FAMILY, ending="zip")
def entry_between_entries(n):
    return archive([Entry(*README, behind=Entry(
        "list.txt", text(n)).local_bytes()), Entry("b", b"x")])


@cases.case(FAMILY, ending="zip")
def deflate_in_gap(n):
    """Packed data that no header names."""
    return archive([Entry(*README, behind=deflated(text(n) * 9)),
                    Entry("b", b"x")])


CASES[-1].want = HELD


@cases.case(FAMILY, ending="zip")
def deflate_goes_on(n):
    """Behind the end of one deflate stream another, within the entry."""
    return archive([Entry("a.txt", b"hello\r\n", packed=deflated(
        b"hello\r\n") + deflated(text(n)))])


CASES[-1].want = HELD


@cases.case(FAMILY, ending="zip")
def overlapping(n):
    """The second entry begins inside of the first one's data."""
    inner = Entry("list.txt", text(n))
    outer = Entry("a.bin", inner.local_bytes(), method=STORED)
    out = outer.local_bytes()
    inner.at = out.index(b"PK\3\4", 4)
    directory = outer.central_bytes() + inner.central_bytes()
    return out + directory + end_record(2, len(directory), len(out))


@cases.case(FAMILY, ending="zip")
def prefix_junk(n):
    return b"#!/bin/sh\nexit\n" + archive([Entry("list.txt", text(n))])


@cases.case(FAMILY, ending="zip")
def suffix_junk(n):
    return archive([Entry("list.txt", text(n))]) + b"junk" * 100


@cases.case(FAMILY, ending="zip")
def suffix_over_64_kib(n):
    """The end record is farther from the end than programs look."""
    return archive([Entry("list.txt", text(n))]) + b"\0" * 70000


@cases.case(FAMILY, ending="zip")
def comment_length_lies(n):
    return archive([Entry("list.txt", text(n))], length=5000)


@cases.case(FAMILY, ending="zip")
def descriptor_lies(n):
    data = text(n)
    packed = deflated(data)
    zeros = {"crc": 0, "packed": 0, "size": 0}
    return archive([Entry("list.txt", data, flags=DESCRIPTOR, local=zeros,
                          behind=struct.pack("<IIII", 0x08074B50, 7,
                                             len(packed) + 9, 3))])


@cases.case(FAMILY, ending="zip")
def descriptor_stored(n):
    """A stored entry whose end only the descriptor tells."""
    data = text(n)
    return archive([Entry("list.txt", data, method=STORED, flags=DESCRIPTOR,
                          local={"crc": 0, "packed": 0, "size": 0},
                          behind=struct.pack("<IIII", 0x08074B50,
                                             zlib.crc32(data), len(data),
                                             len(data)))])


@cases.case(FAMILY, ending="zip")
def split_marker(n):
    return b"PK\7\x08" + archive([Entry("list.txt", text(n))], base=4)


@cases.case(FAMILY, ending="zip")
def truncated(n):
    return archive([Entry("list.txt", text(n)), Entry("b.txt", b"y")])[:-40]


@cases.case(FAMILY, HELD, ending="zip")
def truncated_in_data(n):
    return archive([Entry("list.txt", text(n) + bytes(range(256)) * 3,
                          method=DEFLATED)])[:90]


@cases.case(FAMILY, ending="zip")
def nested_five_times(n):
    data = text(n)
    for level in range(5):
        data = archive([Entry(f"{level}.zip" if level else "list.txt", data)])
    return data


@cases.case(FAMILY, ending="zip")
def number_as_member_of_picture_name(n):
    return archive([Entry("photo.jpg", text(n))])


@cases.case(FAMILY, ending="zip")
def bzip2_and_lzma_members(n):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", b"hello\r\n" * 9, zipfile.ZIP_BZIP2)
        made.writestr("list.txt", text(n) * 9, zipfile.ZIP_LZMA)
    return out.getvalue()


@cases.case(FAMILY, ending="zip")
def magic_damaged(n):
    """The first signature is broken; the directory still leads to it."""
    whole = bytearray(archive([Entry("list.txt", text(n)), Entry(*README)]))
    whole[0:2] = b"XX"
    return bytes(whole)


@cases.case(FAMILY, ending="zip")
def directory_magic_damaged(n):
    return archive([Entry("list.txt", text(n)), Entry(*README)]).replace(
        b"PK\1\2", b"PK\1\3")


class Kept(Case):
    """A sample that the tree holds, with the number of its list."""

    def __init__(self, path, number, want):
        super().__init__("zipdiff", path.stem, want, "zip", None)
        self.number = number
        self.path = path

    @property
    def data(self):
        return self.path.read_bytes()


SAMPLES = Path(__file__).resolve().parent.parent / "data" / "zip_ambiguous"
for row in (SAMPLES / "index.txt").read_text().splitlines():
    sample, planted, wanted = row.split()
    CASES.append(Kept(SAMPLES / sample, planted,
                      HELD if wanted == "said" else FOUND))
