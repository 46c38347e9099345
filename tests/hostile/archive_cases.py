"""Archives other than zip: cut, joined, damaged, under another name."""

import bz2
import gzip
import lzma
import random
import struct
import zlib

from archives import (ar, cab, cpio, lzh, rar4, rar5, seven_zip, tar,
                      tar_header)
from cases import (FOUND, HELD, add, ascii_line, b64, case, text, zipped)
from zips import Entry, archive

FAMILY = "archive"


def archived(name, make, want=FOUND, ending="bin"):
    add(FAMILY, name, make, want, ending)


def packed(n):
    """A zip with the number, so that a sweep of a stored member is blind."""
    return zipped(n)


def noise(size):
    """What does not pack; without a digit."""
    return random.Random(1).randbytes(size).translate(
        bytes(byte | 0x80 for byte in range(256)))


def inside(make):
    return lambda n: make(packed(n))


# --- gzip, bzip2, xz ---------------------------------------------------
archived("gz_two_members", lambda n: gzip.compress(b"hello\r\n")
         + gzip.compress(text(n)), ending="gz")
archived("gz_junk_between", lambda n: gzip.compress(b"hello\r\n") + b"junk"
         + gzip.compress(text(n)), ending="gz")
archived("gz_junk_behind", lambda n: gzip.compress(text(n)) + b"junk" * 50,
         ending="gz")
archived("gz_plain_behind", lambda n: gzip.compress(b"hello\r\n")
         + ascii_line(n), ending="gz")
archived("gz_zip_behind", lambda n: gzip.compress(b"hello\r\n") + packed(n),
         ending="gz")
archived("gz_size_lies", lambda n: gzip.compress(text(n))[:-4] + b"\1\0\0\0",
         ending="gz")
archived("gz_checksum_lies", lambda n: gzip.compress(text(n))[:-8]
         + b"\1\2\3\4" + struct.pack("<I", len(text(n))), ending="gz")
archived("gz_truncated", lambda n: gzip.compress(
    text(n) + noise(3000))[:-900], HELD, "gz")
archived("gz_cut_before_number", lambda n: gzip.compress(
    noise(3000) + text(n))[:-60], HELD, "gz")
archived("gz_number_in_name", lambda n: b"\x1f\x8b\x08\x08\0\0\0\0\0\3"
         + b"My Number " + n.encode() + b".txt\0"
         + gzip.compress(b"hello\r\n")[10:], ending="gz")
archived("gz_number_in_comment", lambda n: b"\x1f\x8b\x08\x10\0\0\0\0\0\3"
         + ascii_line(n) + b"\0" + gzip.compress(b"hello\r\n")[10:],
         ending="gz")
archived("gz_number_in_extra", lambda n: b"\x1f\x8b\x08\x04\0\0\0\0\0\3"
         + struct.pack("<H", len(ascii_line(n))) + ascii_line(n)
         + gzip.compress(b"hello\r\n")[10:], ending="gz")
archived("gz_reserved_flags", lambda n: b"\x1f\x8b\x08\xe0"
         + gzip.compress(text(n))[4:], HELD, "gz")
archived("gz_of_gz_of_gz", lambda n: gzip.compress(gzip.compress(
    gzip.compress(text(n)))), ending="gz")
archived("gz_as_text", lambda n: gzip.compress(text(n)), ending="txt")
archived("gz_zip_inside", lambda n: gzip.compress(packed(n)), ending="jpg")
archived("gz_starts_with_zeros", lambda n: gzip.compress(
    b"\0" * 2048 + text(n)), ending="gz")
archived("bz2_two_streams", lambda n: bz2.compress(b"hello\r\n")
         + bz2.compress(text(n)), ending="bz2")
archived("bz2_junk_between", lambda n: bz2.compress(b"hello\r\n") + b"junk"
         + bz2.compress(text(n)), HELD, "bz2")
archived("bz2_truncated", lambda n: bz2.compress(text(n))[:-6], HELD, "bz2")
archived("xz_two_streams_padded", lambda n: lzma.compress(b"hello\r\n")
         + b"\0" * 8 + lzma.compress(text(n)), ending="xz")
archived("xz_truncated", lambda n: lzma.compress(
    text(n) + noise(3000))[:-200], HELD, "xz")
archived("xz_check_lies", lambda n: damaged(lzma.compress(text(n)), -45),
         HELD, "xz")
archived("lzma_alone", lambda n: lzma.compress(text(n), lzma.FORMAT_ALONE),
         HELD, "lzma")
archived("zlib_stream", lambda n: zlib.compress(text(n) * 20), HELD, "dat")


def damaged(data, at):
    changed = bytearray(data)
    changed[at] ^= 0xFF
    return bytes(changed)


# --- 7z ----------------------------------------------------------------
archived("7z_plain", lambda n: seven_zip(text(n)), ending="7z")
archived("7z_checksum_of_folder", lambda n: seven_zip(text(n), streams=False),
         HELD, "7z")
archived("7z_start_checksum", lambda n: damaged(seven_zip(text(n)), 8), HELD,
         "7z")
archived("7z_next_offset", lambda n: damaged(seven_zip(text(n)), 12), HELD,
         "7z")
archived("7z_next_size_zero", lambda n: seven_zip(text(n))[:20] + b"\0" * 12
         + seven_zip(text(n))[32:], HELD, "7z")
archived("7z_header_damaged", lambda n: damaged(seven_zip(text(n)), -40), HELD,
         "7z")
archived("7z_truncated", lambda n: seven_zip(text(n))[:-30], HELD, "7z")
archived("7z_data_damaged", lambda n: damaged(seven_zip(text(n)), 60), HELD,
         "7z")
archived("7z_as_picture", lambda n: seven_zip(text(n)), ending="png")
archived("7z_behind_program", lambda n: b"MZ" + b"\x90\0" * 3000
         + seven_zip(text(n)), HELD, "exe")
archived("7z_behind_text", lambda n: b"hello\r\n" * 10 + seven_zip(text(n)),
         HELD, "txt")
archived("7z_two", lambda n: seven_zip(b"hello\r\n") + seven_zip(text(n)),
         HELD, "7z")
archived("7z_zip_behind", lambda n: seven_zip(b"hello\r\n") + packed(n), HELD,
         "7z")
archived("7z_first_volume", lambda n: seven_zip(text(n))[:70], HELD, "7z.001")

# --- rar ---------------------------------------------------------------
archived("rar4_zip_inside", inside(lambda z: rar4([("a.zip", z)])),
         ending="rar")
archived("rar4_no_end", inside(lambda z: rar4([("a.zip", z)], end=False)),
         ending="rar")
archived("rar4_sfx", inside(lambda z: b"MZ" + b"\x90\0" * 3000
                            + rar4([("a.zip", z)])), ending="exe")
archived("rar4_encrypted_flag", inside(
    lambda z: rar4([("a.zip", z)], 0x8404)), HELD, "rar")
archived("rar4_continues", inside(lambda z: rar4([("a.zip", z)], 0x8002)),
         HELD, "rar")
archived("rar4_truncated", inside(lambda z: rar4([("a.zip", z)])[:-60]), HELD,
         "rar")
archived("rar4_header_damaged", inside(
    lambda z: damaged(rar4([("a.zip", z)]), 30)), HELD, "rar")
archived("rar5_zip_inside", inside(lambda z: rar5([("a.zip", z)])),
         ending="rar")
archived("rar5_size_lies", inside(lambda z: rar5([("a.zip", z)], -50)), HELD,
         "rar")
archived("rar5_truncated", inside(lambda z: rar5([("a.zip", z)])[:-60]), HELD,
         "rar")
archived("rar5_no_end", inside(lambda z: rar5([("a.zip", z)], end=False)),
         ending="rar")
archived("rar5_sfx", inside(lambda z: b"MZ" + b"\x90\0" * 3000
                            + rar5([("a.zip", z)])), ending="exe")
archived("rar5_two", inside(lambda z: rar5([("a.txt", b"hello")])
                            + rar5([("a.zip", z)])), HELD, "rar")

# --- lzh, cab, cpio, ar ------------------------------------------------
archived("lzh_stored", inside(lambda z: lzh("a.zip", z)), ending="lzh")
archived("lzh_unknown_method", inside(lambda z: lzh("a.zip", z, b"-lh9-")),
         HELD, "lzh")
archived("lzh_size_lies", inside(lambda z: lzh("a.zip", z, size=9)), HELD,
         "lzh")
archived("lzh_truncated", inside(lambda z: lzh("a.zip", z)[:-60]), HELD, "lzh")
archived("lzh_two", inside(lambda z: lzh("a.txt", b"hello") + lzh("a.zip", z)),
         HELD, "lzh")
archived("cab_mszip", inside(lambda z: cab("a.zip", z)), ending="cab")
archived("cab_size_lies", inside(lambda z: cab("a.zip", z, 9)), HELD, "cab")
archived("cab_truncated", inside(lambda z: cab("a.zip", z)[:-60]), HELD, "cab")
archived("cab_behind_program", inside(lambda z: b"MZ" + b"\x90\0" * 3000
                                      + cab("a.zip", z)), HELD, "exe")
archived("cpio_no_end", inside(lambda z: cpio("a.zip", z, end=False)),
         ending="cpio")
archived("cpio_size_lies", inside(lambda z: cpio("a.zip", z, 5)), HELD, "cpio")
archived("cpio_behind_end", inside(lambda z: cpio("a.txt", b"hello")
                                   + cpio("a.zip", z)), HELD, "cpio")
archived("ar_member", inside(lambda z: ar("a.zip", z)), ending="a")
archived("ar_size_lies", inside(lambda z: ar("a.zip", z, 5)), HELD, "a")

# --- tar ---------------------------------------------------------------
archived("tar_size_small", inside(lambda z: tar([(tar_header("a.zip", 20),
                                                  z)])), HELD, "tar")
archived("tar_size_huge", inside(lambda z: tar([(tar_header(
    "a.zip", 0o77777777777), z)])), HELD, "tar")
archived("tar_size_binary", inside(lambda z: tar([(tar_header(
    "a.zip", b"\x80" + len(z).to_bytes(11, "big")), z)])), ending="tar")
archived("tar_size_negative", inside(lambda z: tar([(tar_header(
    "a.zip", b"\xff" * 12), z)])), HELD, "tar")
archived("tar_checksum_lies", inside(lambda z: tar([(tar_header(
    "a.zip", len(z), check=7), z)])), HELD, "tar")
archived("tar_folder_with_data", inside(lambda z: tar([(tar_header(
    "a", len(z), b"5"), z)])), HELD, "tar")
archived("tar_link_with_data", inside(lambda z: tar([(tar_header(
    "a", len(z), b"2"), z)])), HELD, "tar")
archived("tar_unknown_kind", inside(lambda z: tar([(tar_header(
    "a.zip", len(z), b"Q"), z)])), ending="tar")
archived("tar_old", inside(lambda z: tar([(tar_header(
    "a.zip", len(z), b"\0", b""), z)])), ending="tar")
archived("tar_behind_end", inside(lambda z: tar(
    [(tar_header("a.txt", 5), b"hello")]) + tar([(tar_header(
        "a.zip", len(z)), z)])), HELD, "tar")
archived("tar_starts_with_zeros", inside(lambda z: b"\0" * 1024 + tar(
    [(tar_header("a.zip", len(z)), z)])), HELD, "tar")
archived("tar_no_end", inside(lambda z: tar([(tar_header(
    "a.zip", len(z)), z)], b"")), ending="tar")
archived("tar_truncated", inside(lambda z: tar([(tar_header(
    "a.zip", len(z)), z)])[:600]), HELD, "tar")
archived("tar_number_in_name", lambda n: tar([(tar_header(
    f"My Number {n}.txt", 5), b"hello")]), ending="tar")
archived("tar_long_name", lambda n: tar([
    (tar_header("././@LongLink", 150, b"L"),
     (b"d/" * 63 + b"My Number " + n.encode()).ljust(150, b"\0")),
    (tar_header("d/d", 5), b"hello")]), ending="tar")
archived("tar_gz_in_base64", inside(lambda z: b64(gzip.compress(tar(
    [(tar_header("a.zip", len(z)), z)])))), HELD, "txt")


@case(FAMILY, ending="tar")
def tar_pax_size(n):
    """The extended header says another size than the header."""
    data = packed(n)
    record = f"{len(str(len(data))) + 9} size={len(data)}\n".encode()
    return tar([(tar_header("x", len(record), b"x"), record),
                (tar_header("a.zip", 10), data)])


@case(FAMILY, ending="tar")
def tar_pax_path(n):
    value = f"path=My Number {n}.txt\n".encode()
    record = f"{len(value) + 3} ".encode() + value
    return tar([(tar_header("x", len(record), b"x"), record),
                (tar_header("a.txt", 5), b"hello")])


@case(FAMILY, ending="zip")
def zip_behind_tar(n):
    return tar([(tar_header("a.txt", 5), b"hello")]) + packed(n)


@case(FAMILY, ending="tar")
def tar_in_the_gap_of_zip(n):
    z = packed(n)
    return archive([Entry("a.txt", b"hello", behind=tar(
        [(tar_header("b.zip", len(z)), z)]))])
