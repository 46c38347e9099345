"""Generated My Numbers, and where they must not be found."""

import base64
import random
import unicodedata
from pathlib import Path

WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]


def check_digit(eleven):
    rest = sum(int(d) * w for d, w in zip(eleven, WEIGHTS)) % 11
    return "0" if rest <= 1 else str(11 - rest)


def my_number(rng=random):
    """Random and valid; never one with few digits, which rules drop."""
    while True:
        eleven = "".join(rng.choice("0123456789") for _ in range(11))
        if len(set(eleven)) > 5 and eleven[0] != "0":
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


def leaks(number, paths):
    """(file, form) wherever a form of number stands below paths."""
    wanted = forms(number)
    found = []
    for top in paths:
        files = [top] if Path(top).is_file() else Path(top).rglob("*")
        for path in files:
            try:
                if not path.is_file():
                    continue
                content = path.read_bytes()
            except OSError:
                continue
            found += [(str(path), form) for form, needle in wanted.items()
                      if needle in content]
    return found


def fold(text):
    return unicodedata.normalize("NFKC", text)
