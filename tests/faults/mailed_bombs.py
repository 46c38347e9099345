#!/usr/bin/python3
"""Bombs through Postfix, the milter and the daemon: held, and others go on.

usage: mailed_bombs.py --root PREFIX [--quick] [NAME...]

What bombs.py gives to one scan, sent as mail: the answer comes within the time
of a mail, what was not read in full is held, and a clean mail that is sent
meanwhile is delivered. --quick sends a few of every kind.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import bomb_archives  # noqa: E402,F401  # adds to bomb_makers.BOMBS
import bomb_documents  # noqa: E402
import bomb_makers  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from bomb_makers import HARMLESS, written  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from runner import Skip, test  # noqa: E402

# The scan's 15 s and what a shared machine adds to them.
ANSWER_S = 20
# Postfix hands over a million header fields one by one.
LONGER_S = {"many_headers": 90}
QUICK = {
    "zeros_gz", "quine_gz", "quine_zip", "zeros_rar", "lying_rar",
    "dictionary_xz", "cycle_pdf",
}

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--quick", action="store_true")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None


def cases():
    return {c["id"]: c for c in site.desk("approver1").cases("all")}


def clean_mail_passes(problems):
    mark = samples.token(rng)
    code, text = site.send(f"X-Test-Token: {mark}\r\n".encode() +
                           samples.clean(mark))
    if code != 250:
        problems.append((code, text))
        return
    try:
        wait_for("a clean mail", lambda: site.sink.count(mark))
    except AssertionError as late:
        problems.append(late)


def sent(name, mail):
    before = set(cases())
    mark = samples.token(rng)
    problems = []
    other = threading.Thread(target=clean_mail_passes, args=(problems,))
    start = time.monotonic()
    other.start()
    code, text = site.send(f"X-Test-Token: {mark}\r\n".encode() + mail)
    took = time.monotonic() - start
    other.join()
    print(f"      {name}: {took:.1f} s, {code}", flush=True)
    assert not problems, problems
    assert took <= LONGER_S.get(name, ANSWER_S), took
    assert code == 250, (code, text)
    if name in HARMLESS:
        return
    case = wait_for("the case", lambda: [
        one for at, one in cases().items() if at not in before])[0]
    assert case["state"] == "held", case["state"]
    assert not site.sink.count(mark)


def add(name, make):
    def one():
        with tempfile.TemporaryDirectory(prefix="sekimori-bomb-") as directory:
            path = Path(directory) / "a.eml"
            if not written(make, path):
                raise Skip("the program that packs it is not here")
            sent(name, path.read_bytes())
    one.__name__ = name
    test(one)


for which, maker in {**bomb_makers.BOMBS, **bomb_documents.MAILS}.items():
    if not options.quick or which in QUICK:
        add(which, maker)

if __name__ == "__main__":
    with Site(options.root) as site:
        status = runner.main(options.only)
        if status:
            site.show_logs()
    sys.exit(status)
