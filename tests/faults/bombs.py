#!/usr/bin/python3
"""Bombs through real workers: bounded time and memory, and never clean.

usage: bombs.py --root PREFIX [--quick] [NAME...]

Each is a mail given to "sekimori scan", which starts a supervisor and workers
as the daemon does; the kernel's accounts of all of them are read at the end.
--quick leaves out what takes long only to be made or read.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import bomb_archives  # noqa: E402,F401  # adds to bomb_makers.BOMBS
import bomb_documents  # noqa: E402
import bomb_makers  # noqa: E402
import runner  # noqa: E402
from bomb_makers import HARMLESS, written  # noqa: E402
from runner import Skip, test  # noqa: E402

# What one mail may cost: tests fail above.
CPU_S = 10
WALL_S = 15
MEBIBYTES = 256
PDF_MEBIBYTES = 512
# Others use this machine, too: the scan's own limit is one of wall time.
WALL_SLACK_S = 1.5

# What takes long to be made or read, and differs from others in that only.
LONG = {
    "zeros_7z", "zeros_lzma", "zeros_zip", "lying_zip", "lying_gz",
    "overlapping_zip", "quoted_overlapping_zip", "nested_zip", "digits_txt",
    "zeros_pdf", "map_pdf", "glyphs_pdf", "large_base64", "no_line_end",
    "carriage_returns", "quoted_line", "words_csv", "zeros_xz",
}

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--quick", action="store_true")
arguments.add_argument("--measure", action="store_true",
                       help="say what each costs, and fail nothing")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()


def scanned(path):
    """The report, and the accounts of all processes that made it."""
    with open(path.parent / "out", "w+b") as out:
        start = time.monotonic()
        process = subprocess.Popen(
            [Path(options.root) / "bin/sekimori", "scan", "--json",
             "--explain", path],
            stdout=out, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = 0
        out.seek(0)
        report = json.loads(out.read().splitlines()[0])
    return report, used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def judge(name, path):
    report, cpu, wall, mebibytes = scanned(path)
    most = PDF_MEBIBYTES if name.endswith("_pdf") else MEBIBYTES
    reasons = ", ".join(sorted({f"{o['reason']} {o.get('detail', '')}".strip()
                                for o in report["unscannable"]})[:4])
    said = (f"{path.stat().st_size >> 10} KiB, {report['verdict']}: cpu {cpu:.1f} s, "
            f"wall {wall:.1f} s, {mebibytes:.0f} MiB; {reasons}")
    print(f"      {name}: {said}", flush=True)
    if options.measure:
        return
    assert report["verdict"] != "clean" or name in HARMLESS, said
    assert cpu <= CPU_S, said
    assert wall <= WALL_S + WALL_SLACK_S, said
    assert mebibytes <= most, said


def add(name, make):
    def one():
        with tempfile.TemporaryDirectory(prefix="sekimori-bomb-") as directory:
            path = Path(directory) / "a.eml"
            if not written(make, path):
                raise Skip("the program that packs it is not here")
            judge(name, path)
    one.__name__ = name
    test(one)


for which, maker in {**bomb_makers.BOMBS, **bomb_documents.MAILS}.items():
    if not options.quick or which not in LONG:
        add(which, maker)

# A scan must not be worse off for what a shell allows it.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.exit(runner.main(options.only))
