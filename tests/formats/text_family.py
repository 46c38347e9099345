#!/usr/bin/python3
"""Texts of every kind, wrong names, wrong types, files that are two things.

usage: text_family.py --root PREFIX

Each case of text_cases.py with a number of its own, through the real scanner:
it must be found, and nothing of the file may count as unread (but a picture).
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
sys.path.insert(0, str(HERE))

import samples  # noqa: E402
import scanning  # noqa: E402
import text_cases  # noqa: E402
from mynumber import my_number  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
options = arguments.parse_args()


def in_mail(declared, name, content):
    kind, _, subtype = declared.partition("/")
    return samples.mail("資料", "添付をご覧ください。\n",
                        attachments=[(name, kind, subtype, content)])


def main():
    rng = random.Random()
    plan = []  # (case's name, path, number, reasons that may stand)
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        def put(function, name, content, but=()):
            path = Path(work) / name
            assert not path.exists(), f"two cases are called {name}"
            path.write_bytes(content)
            plan.append((function.__name__, path, number, but))

        for function in text_cases.CASES:
            number = my_number(rng)
            put(function, *function(number))
        for function in text_cases.PICTURES:
            number = my_number(rng)
            put(function, *function(number), but=("image",))
        for function in text_cases.PARTS:
            number = my_number(rng)
            put(function, f"{function.__name__}.eml",
                in_mail(*function(number)))
        said = scanning.scan(options.root, [path for _, path, _, _ in plan])
    for name, path, number, but in plan:
        one = said[str(path)]
        unread = scanning.unread(one, but)
        good = number in scanning.numbers(one) and not unread
        failed += not good
        print(f"{'PASS' if good else 'FAIL'}: text_family.py: {name}")
        if not good:
            print(f"  found: {number in scanning.numbers(one)}, not read: "
                  f"{unread}, parts: {[part['type'] for part in one['parts']]}")
    return 1 if failed else 0


sys.exit(main())
