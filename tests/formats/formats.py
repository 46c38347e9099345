#!/usr/bin/python3
"""How many samples of each format are read in full, through the real scanner.

usage: formats.py --root PREFIX [--verbose]

Samples are all files in the folders of tests/data (but those of OTHERS), and
the texts of text_cases.py. expected.txt tells which are not to be read in full.
Ends with a table: format, samples, read in full, expected. One that should be
read and is not is a failure, and so is a format of "sekimori formats" that has
no sample.
"""

import argparse
import collections
import fnmatch
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
sys.path.insert(0, str(HERE))

import samples  # noqa: E402
import scanning  # noqa: E402
import text_cases  # noqa: E402

DATA = HERE.parent / "data"
OTHERS = {"fuzz", "report", "store"}
NUMBER = "123456789018"
PICTURES = ("image",)
# Of the samples in locks/ (make_locks.py); they are read in full with them.
PASSWORDS = tuple(
    word for one in ("secret", "秘密", "other",
                     "7301", "14821", "0005", "19680415",  # guess_*
                     *(f"own-{i:02}" for i in range(14)))  # own.zip
    for word in ("--password", one))
MOST_LINES = 12
# The least there must be, and no password is tried.
UNTRIED = """\
general {
	local_domains = { "example.test" }
	postmaster = "postmaster@example.test"
}
courier { notice_sender = "sekimori@example.test" }
desk { url = "https://127.0.0.1:1" }
scanner { unlock = 0 }
policy { rule "all" { action = "deliver" } }
"""

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--verbose", action="store_true")
options = arguments.parse_args()


def expectations():
    """[(pattern, words)], in the order of the file."""
    lines = (HERE / "expected.txt").read_text().splitlines()
    return [tuple(line.split()) for line in lines
            if line.strip() and not line.startswith("#")]


def expected_of(name, rules):
    """"found", "clean", "any", or a set of reasons."""
    last = "found"
    for pattern, words in rules:
        if fnmatch.fnmatch(name, pattern):
            last = words
    return last if last in ("found", "clean", "any") else set(last.split(","))


def stored(rules):
    for folder in sorted(DATA.iterdir()):
        if not folder.is_dir() or folder.name in OTHERS:
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".py", ".md"):
                name = str(path.relative_to(DATA))
                yield name, path, expected_of(name, rules)


def made(work):
    """Texts, and mails around them."""
    for function in text_cases.CASES + text_cases.PICTURES:
        name, content = function(NUMBER)
        path = Path(work) / name
        path.write_bytes(content)
        yield f"texts/{name}", path, "found"
    for function in text_cases.PARTS:
        declared, name, content = function(NUMBER)
        path = Path(work) / f"{function.__name__}.eml"
        path.write_bytes(samples.mail(
            "資料", "添付をご覧ください。\n",
            attachments=[(name, *declared.split("/"), content)]))
        yield f"texts/{path.name}", path, "found"


def is_locked(name):
    return name.startswith("locks/")


def format_of(path, said, table):
    """The row of the table: what it was read as, or one of the texts whose
    names end so (a vcard is read as text)."""
    kind = said["parts"][0]["type"] if said["parts"] else "unknown"
    ending = path.suffix[1:].lower()
    for name, row in table.items():
        if row["reader"] == kind and name != kind and \
                ending in row["extensions"]:
            return name
    return kind


def wrong_with(said, expected):
    """What is not as expected, in words; None when all is well."""
    unread = scanning.unread(said, PICTURES)
    reasons = {reason for reason, _, _ in unread}
    if expected == "any":
        return None
    if isinstance(expected, set):
        return None if reasons == expected else f"not read for {reasons}"
    if unread:
        return f"not read: {unread[:3]}"
    if expected == "found" and said["verdict"] != "found":
        return "nothing found"
    if expected == "clean" and said["verdict"] == "found":
        return "found in a clean sample"
    return None


def main():
    table = scanning.formats(options.root)
    rules = expectations()
    counts = collections.defaultdict(lambda: [0, 0, 0])  # all, whole, expected
    wrong = collections.defaultdict(list)
    read = set()  # formats of which something was read in full, also inside
    with tempfile.TemporaryDirectory() as work:
        plan = [*stored(rules), *made(work)]
        # What weak passwords open depends on how busy the machine is.
        config = Path(work) / "sekimori.conf"
        config.write_text(UNTRIED)
        said = scanning.scan(options.root, [path for name, path, _ in plan
                                            if not is_locked(name)],
                             config=config)
        said |= scanning.scan(options.root, [path for name, path, _ in plan
                                             if is_locked(name)],
                              options=("--explain", *PASSWORDS))
    for name, path, expected in plan:
        one = said[str(path)]
        if expected == "any":
            continue
        kind = format_of(path, one, table)
        count = counts[kind]
        count[0] += 1
        count[1] += not scanning.unread(one, PICTURES)
        count[2] += not isinstance(expected, set)
        if not scanning.unread(one, PICTURES):
            read.update(part["type"] for part in one["parts"])
            read.add(kind)
        why = wrong_with(one, expected)
        if why:  # an entry of its own only when there is something
            wrong[kind].append(f"{name}: {why}")
        if options.verbose:
            print(f"  {name}: {kind}, {one['verdict']}, "
                  f"{scanning.unread(one)}")
    for name, row in table.items():
        # Some packages are swept, and say themselves that they are not read.
        if row["read"] and name not in read and \
                "counts as not read" not in row["title"]:
            wrong[name].append("no sample of it is read in full")
    failed = 0
    for kind in sorted({*counts, *wrong}):
        failed += bool(wrong[kind])
        print(f"{'FAIL' if wrong[kind] else 'PASS'}: formats.py: {kind}")
        for line in wrong[kind][:MOST_LINES]:
            print(f"  {line}")
    print(f"\n{'format':20} {'samples':>8} {'in full':>8} {'expected':>8}")
    for kind, (total, whole, expected) in sorted(counts.items()):
        print(f"{kind:20} {total:8} {whole:8} {expected:8}")
    return 1 if failed else 0


sys.exit(main())
