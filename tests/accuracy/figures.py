"""Numbers of the corpus: valid My Numbers, and rivals forced to look valid.

The tuning and the held-back half own the numbers whose CRC is even or odd,
so they cannot share one. The fresh and the fourth half take any (odd is
None); test_corpus.py checks that they share none.
"""

import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
from mynumber import check_digit  # noqa: E402

FULL = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
BLACK_CIRCLED = str.maketrans("0123456789", "⓿❶❷❸❹❺❻❼❽❾")
BOLD = {ord("0") + d: 0x1d7ce + d for d in range(10)}
MONOSPACE = {ord("0") + d: 0x1d7f6 + d for d in range(10)}

# Section 3.4 of the facts: what people, mailers and OCR put between groups.
HYPHENS = [chr(c) for c in (
    0x2d, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xff0d,
    0xfe63, 0xfe58, 0x2043, 0x30fc, 0xff70, 0x2500, 0x2501)]
POINTS = [chr(c) for c in (
    0x30fb, 0xff65, 0xb7, 0x2e, 0xff0e, 0x5f, 0x2f, 0x7c, 0xff5c, 0x2502)]
SPACES = [chr(c) for c in (
    0x20, 0xa0, *range(0x2000, 0x200b), 0x202f, 0x205f, 0x3000, 0x09)]
UNSEEN = [chr(c) for c in (0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad)]


def valid(digits):
    return len(digits) == 12 and check_digit(digits[:11]) == digits[11]


def is_odd(digits):
    return zlib.crc32(digits.encode()) % 2 == 1


def groups(digits, *sizes):
    """groups("123456789018", 4, 4, 4) = ["1234", "5678", "9018"]"""
    found = []
    at = 0
    for size in sizes:
        found.append(digits[at:at + size])
        at += size
    return found


def four(digits, separator="-"):
    return separator.join(groups(digits, 4, 4, 4))


class Figures:
    """The numbers of one half."""

    def __init__(self, rng, odd):
        self.rng = rng
        self.odd = odd
        self.used = set()

    def digits(self, count):
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def take(self, digits):
        """True the first time, for numbers that belong to this half."""
        foreign = self.odd is not None and is_odd(digits) != self.odd
        if foreign or digits in self.used:
            return False
        self.used.add(digits)
        return True

    def forced(self, draw, window=slice(0, 12)):
        """What draw() gives, drawn until its window passes the check."""
        for _ in range(200000):
            drawn = draw()
            if valid(drawn[window]) and self.take(drawn[window]):
                return drawn
        raise RuntimeError(f"{draw} gives no valid number any more")

    def number(self):
        """A My Number: 11 random digits and their check digit."""
        while True:
            eleven = self.digits(11)
            made = eleven + check_digit(eleven)
            if len(set(made)) > 4 and self.take(made):
                return made

    def zero_led(self, zeros=1):
        """A My Number that starts with zeros, as one in ten does."""
        while True:
            eleven = "0" * zeros + self.rng.choice("123456789") + \
                self.digits(10 - zeros)
            made = eleven + check_digit(eleven)
            if len(set(made)) > 4 and self.take(made):
                return made

    def wrong(self):
        """A number with a wrong check digit."""
        good = self.number()
        step = self.rng.randrange(1, 10)
        return good[:11] + str((int(good[11]) + step) % 10)

    # Rivals. Each passes the My Number check and its own.

    def random_id(self):
        return self.forced(lambda: self.digits(12))

    def prefixed(self, prefix):
        return self.forced(
            lambda: prefix + self.digits(12 - len(prefix)))

    def day(self, first=2019, last=2027):
        rng = self.rng
        return (f"{rng.randint(first, last)}{rng.randint(1, 12):02}"
                f"{rng.randint(1, 28):02}")

    def date_sequence(self):
        return self.forced(
            lambda: f"{self.day(1995, 2036)}{self.rng.randint(1, 9999):04}")

    def date_time(self):
        return self.forced(lambda: f"{self.day(1993, 2038)}"
                           f"{self.rng.randint(0, 23):02}"
                           f"{self.rng.randint(0, 59):02}")

    def short_date_time(self):
        return self.forced(lambda: f"{self.day()[2:]}"
                           f"{self.rng.randint(0, 23):02}"
                           f"{self.rng.randint(0, 59):02}"
                           f"{self.rng.randint(0, 59):02}")

    def years(self):
        """Three years; few of them pass, so they may come again."""
        while True:
            first = self.rng.randint(1950, 2045)
            step = self.rng.choice([1, 1, 1, -1, -1, 2, 3, 5, 10])
            made = "".join(str(first + step * n) for n in range(3))
            if valid(made) and is_odd(made) == self.odd:
                return made

    def parcel(self):
        def draw():
            eleven = self.digits(11)
            return eleven + str(int(eleven) % 7)
        return self.forced(draw)

    def upc(self):
        def draw():
            eleven = self.digits(11)
            total = sum(int(d) * (3 if n % 2 == 0 else 1)
                        for n, d in enumerate(eleven))
            return eleven + str(-total % 10)
        return self.forced(draw)

    def licence(self):
        areas = [10, 11, 20, 22, 30, 40, 43, 44, 45, 50, 54, 60, 62, 63, 64,
                 65, 70, 73, 80, 90, 91, 97]

        def draw():
            ten = (f"{self.rng.choice(areas)}{self.rng.randint(0, 99):02}"
                   + self.digits(6))
            total = sum(int(d) * w for d, w in
                        zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)))
            return ten + str((11 - total % 11) % 10) + \
                self.rng.choice("0000001")
        return self.forced(draw)

    def registry(self):
        def draw():
            return (f"{self.rng.choice([100, 104, 106, 111, 1200, 1299, 1800]):04}"
                    f"{self.rng.randint(1, 5):02}{self.rng.randint(1, 299999):06}")
        return self.forced(draw)

    def mobile(self):
        """+81 90 1234 5678 without the plus."""
        return self.forced(
            lambda: "81" + self.rng.choice(["70", "80", "90"])
            + self.digits(8))

    def corporate(self):
        """13 digits; the last twelve pass, and so does the first digit."""
        def draw():
            twelve = f"{self.rng.randint(100, 9999):04}0" + self.digits(7)
            total = sum(int(d) * (1 if n % 2 == 0 else 2)
                        for n, d in enumerate(reversed(twelve)))
            return str(9 - total % 9) + twelve
        return self.forced(draw, slice(1, 13))

    def sixteen(self):
        """16 digits; the first twelve pass."""
        return self.forced(lambda: self.digits(16), slice(0, 12))

    def sequence(self, count, step=1):
        """Ids of modulus 11 in the order of issue: all pass."""
        start = self.rng.randrange(10 ** 10, 9 * 10 ** 10)
        made = []
        at = start
        while len(made) < count:
            eleven = f"{at:011}"
            number = eleven + check_digit(eleven)
            if self.take(number):
                made.append(number)
            at += self.rng.randint(1, step)
        return made

    def same_prefix(self, count, length=4):
        prefix = self.digits(length)
        return [self.forced(lambda: prefix + self.digits(12 - length))
                for _ in range(count)]
