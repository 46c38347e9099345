"""Generated My Numbers, and where they must not be found."""

import base64
import random
import re
import unicodedata
from pathlib import Path

WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]


def check_digit(eleven):
    rest = sum(int(d) * w for d, w in zip(eleven, WEIGHTS)) % 11
    return "0" if rest <= 1 else str(11 - rest)


def looks_dated(number):
    """Like the start of a date: three in ten thousand real numbers do, and
    then a label alone is not enough (shape.date-serial and its like)."""
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:8])
    short = int(number[2:4]), int(number[4:6])
    return (1990 <= year <= 2039 and 1 <= month <= 12 and 1 <= day <= 31
            or 1 <= short[0] <= 12 and 1 <= short[1] <= 31
            or number.startswith("81"))


def my_number(rng=random):
    """Random and valid; never one with few digits or like a date: a test that
    needs every number to be found must not fail once in three thousand."""
    while True:
        eleven = "".join(rng.choice("0123456789") for _ in range(11))
        if (len(set(eleven)) > 5 and eleven[0] != "0"
                and not looks_dated(eleven)):
            return eleven + check_digit(eleven)


def invalid_number(rng=random):
    good = my_number(rng)
    return good[:11] + str((int(good[11]) + 5) % 10)


def full_width(digits):
    return "".join(chr(0xff10 + int(d)) for d in digits)


def forms(number):
    """The number as it could lie on a disk."""
    grouped = f"{number[:4]}-{number[4:8]}-{number[8:]}"
    found = {
        "ascii": number.encode(),
        "grouped": grouped.encode(),
        "full-width": full_width(number).encode(),
        "full-width cp932": full_width(number).encode("cp932"),
        "utf-16le": number.encode("utf-16-le"),
        "utf-16be": number.encode("utf-16-be"),
        "reversed": number[::-1].encode(),
        "hex": number.encode().hex().encode(),
    }
    # The part of its base64 that does not depend on what stands around it.
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + number.encode())
        start = (8 * shift + 5) // 6
        end = (8 * (shift + len(number))) // 6
        found[f"base64 at {shift}"] = text[start:end]
    return found


# What every form has in it; the first character by itself, which Python then
# looks for quickly. A base64 quad of three digits has few values: 0011dd
# dd0011 dddd00 11dddd.
QUAD = rb"[MNO][DTjz][AEIMQUYcgk][w-z0-5]"
HINTS = [re.compile(pattern) for pattern in (
    rb"[0-9][0-9-]{11,}",
    rb"[0-9]\0[0-9](?:\0[0-9]){10,}",
    rb"\xef\xbc[\x90-\x99](?:\xef\xbc[\x90-\x99]){11,}",
    rb"\x82[\x4f-\x58](?:\x82[\x4f-\x58]){11,}",
    QUAD + rb"(?:" + QUAD + rb"){2,}",
)]
# A form stands out of its hint by less than this.
AROUND = 24


class Needles:
    """Every form of many numbers, to be found in one pass over a file."""

    def __init__(self, numbers):
        self.meaning = {}
        for number in numbers:
            for form, needle in forms(number).items():
                self.meaning.setdefault(needle, (number, form))
        self.lengths = sorted({len(needle) for needle in self.meaning})

    def in_run(self, run):
        for length in self.lengths:
            for at in range(len(run) - length + 1):
                found = self.meaning.get(run[at:at + length])
                if found:
                    yield found

    def in_bytes(self, content):
        found = set()
        for hint in HINTS:
            for match in hint.finditer(content):
                found.update(self.in_run(content[
                    max(match.start() - AROUND, 0):match.end() + AROUND]))
        return found


def files_below(paths):
    for top in map(Path, paths):
        for path in [top] if top.is_file() else top.rglob("*"):
            try:
                if path.is_file():
                    yield path, path.read_bytes()
            except OSError:
                continue


def leaks(numbers, paths):
    """(number, file, form) wherever a form of a number stands below paths."""
    needles = Needles(numbers)
    return [(number, str(path), form) for path, content in files_below(paths)
            for number, form in sorted(needles.in_bytes(content))]


def fold(text):
    return unicodedata.normalize("NFKC", text)
