#!/usr/bin/python3
"""The search for numbers finds each form, and is fast enough to be used.

usage: test_mynumber.py
"""

import base64
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import mynumber
import runner
from runner import test

rng = random.Random(1)


def searched(content, numbers):
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "file").write_bytes(content)
        return mynumber.leaks(numbers, [place])


@test
def every_form_of_every_number_is_found_wherever_it_stands():
    numbers = [mynumber.my_number(rng) for _ in range(200)]
    needles = mynumber.Needles(numbers)
    around = [(b"", b""), (b"7", b"7"), (b"-", b"-"), (b"\0", b"\0"),
              (b"MzMzMzMzMzMz", b"MzMzMzMzMzMz"), (b"M", b"w"), (b"Az0", b"TM="), (b"\xef\x82", b"\x82\xef")]
    for number in numbers:
        for form, needle in mynumber.forms(number).items():
            before, behind = rng.choice(around)
            found = needles.in_bytes(before + needle + behind)
            assert (number, form) in found, \
                (number, form, before, behind)


@test
def base64_is_found_at_each_alignment_of_real_text():
    number = mynumber.my_number(rng)
    for shift in range(6):
        text = "あ" * 3 + "x" * shift + number + "さんの番号"
        found = searched(base64.b64encode(text.encode()), [number])
        assert [f for _, _, f in found] == [f"base64 at {shift % 3}"], found


@test
def other_numbers_are_not_found():
    numbers = [mynumber.my_number(rng) for _ in range(200)]
    planted = mynumber.my_number(rng)
    content = b"\n".join(mynumber.forms(planted).values())
    assert searched(content, numbers) == []


@test
def three_thousand_numbers_in_much_data_take_seconds():
    numbers = [mynumber.my_number(rng) for _ in range(3000)]
    line = b"2026-11-22T10:00:00.123456Z vault hold case=AB12 size=123456\n"
    content = (line * 50000 + os.urandom(8 << 20) + bytes(8 << 20)
               + numbers[2999].encode())
    start = time.monotonic()
    found = searched(content, numbers)
    took = time.monotonic() - start
    assert [n for n, _, _ in found] == [numbers[2999]]
    rate = len(content) / took / 1e6
    print(f"  {rate:.0f} MB/s")
    assert rate > 10, f"{rate:.1f} MB/s"


if __name__ == "__main__":
    sys.exit(runner.main(sys.argv[1:]))
