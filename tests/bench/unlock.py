#!/usr/bin/python3
"""Passwords a second: sekimori unlock beside fcrackzip.

usage: unlock.py --root PREFIX

CPU time of all processes, so that the number is that of one core, whatever
else the machine does. fcrackzip takes part when it is installed.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
options = arguments.parse_args()
BIN = Path(options.root).resolve() / "bin" / "sekimori"
PASSWORD = "XY7_kQ9-mmPz"  # none of those that are tried


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(archive, mask):
    start = cpu_s()
    done = subprocess.run([BIN, "unlock", "--json", "--mask", mask, archive],
                          capture_output=True, text=True, check=False)
    last = json.loads(done.stdout.splitlines()[-1])
    assert not last["opened"], last
    return last["tried"] / (cpu_s() - start)


def fcrackzip(archive):
    """All words of five letters, of which there are 26^5."""
    start = cpu_s()
    subprocess.run(["fcrackzip", "-b", "-c", "a", "-l", "5-5", archive],
                   capture_output=True, check=False)
    return 26 ** 5 / (cpu_s() - start)


def main():
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for i in range(5):
            rows = [f"{rng.randrange(10**6)},東京都港区\n" for _ in range(2000)]
            (place / f"list{i}.csv").write_text("".join(rows))
        (place / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0"
                                          + rng.randbytes(300000))
        print("passwords a second and core (x: times fcrackzip)")
        for title, level, members, mask in (
                ("one member, deflated", "-6", ["list0.csv"], "?l{7}"),
                ("three members", "-6", [f"list{i}.csv" for i in range(3)],
                 "?l{7}"),
                ("five members, seed known", "-6",
                 [f"list{i}.csv" for i in range(5)], "?l{7}"),
                ("one member, stored", "-0", ["photo.jpg"], "?d{9}")):
            archive = place / "bench.zip"
            archive.unlink(missing_ok=True)
            subprocess.run(["zip", "-q", level, "-P", PASSWORD, archive.name,
                            *members], cwd=place, check=True)
            rate = ours(archive, mask)
            line = f"  {title:24}{rate / 1e6:10.1f} M"
            # It prints every word that passes its one look, and here many do.
            if level != "-0" and shutil.which("fcrackzip"):
                other = fcrackzip(archive)
                line += f"{rate / other:10.1f} x{other / 1e6:10.1f} M"
            print(line, flush=True)


main()
