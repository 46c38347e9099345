#!/usr/bin/python3
"""Thousands of files through one "sekimori scan -r", at a terminal and without.

usage: tree.py --root PREFIX [--count N]
"""

import argparse
import fcntl
import json
import os
import pty
import random
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
sys.path.insert(0, str(HERE))

import runner  # noqa: E402
from mynumber import my_number  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--count", type=int, default=3000)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

BIN = str(Path(options.root) / "bin" / "sekimori")
DATA = HERE.parent / "data"
COLUMNS = 60
MOST_MIB = 512  # scanner, its workers and the command together
LEAST_LINES = 5
rng = random.Random()

ODD_NAMES = [b"line\nend.txt", b"escape\x1b[31m.txt", "名簿.csv".encode(),
             "名簿.csv".encode("cp932"), b"n" * 250, b"-dash.txt", b" blank.txt",
             b"quote'\".txt"]


def content(kind):
    """Small files of every kind, most of them ordinary."""
    if kind % 10 == 0:
        return rng.choice(SAMPLES).read_bytes()
    if kind % 10 == 1:
        raw = bytearray(rng.choice(SAMPLES).read_bytes())
        for _ in range(5):  # damaged
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        return bytes(raw)
    if kind % 10 == 2:
        raw = rng.choice(SAMPLES).read_bytes()
        return raw[:rng.randrange(len(raw))]
    if kind % 10 == 3:
        return rng.randbytes(rng.randrange(2000))
    return f"議事録 {kind}\n出席者 {kind % 7} 名\n".encode() * (1 + kind % 5)


SAMPLES = [path for folder in ("archive", "pdf", "zip", "xlsx") for path in
           sorted((DATA / folder).iterdir()) if path.stat().st_size < 40000]


def make(top):
    """The tree; paths (bytes) of its plain files, and those with a number."""
    planted = set()
    paths = []
    for index in range(options.count):
        folder = os.path.join(os.fsencode(top), b"d%02d" % (index % 40))
        os.makedirs(folder, exist_ok=True)
        name = (ODD_NAMES[index % len(ODD_NAMES)] if index < 40 * len(ODD_NAMES)
                and index // 40 < len(ODD_NAMES) else b"%05d.dat" % index)
        path = os.path.join(folder, name)
        if os.path.exists(path):
            path = os.path.join(folder, b"%05d.txt" % index)
        raw = content(index)
        if index % 100 == 99:
            raw = f"個人番号：{my_number(rng)}\n".encode()
            planted.add(path)
        with open(path, "wb") as file:
            file.write(raw)
        paths.append(path)
    deep = os.path.join(os.fsencode(top), *[b"deep"] * 60)
    os.makedirs(deep)
    with open(os.path.join(deep, b"empty"), "wb"):
        pass
    paths.append(os.path.join(deep, b"empty"))
    os.mkfifo(os.path.join(top, "a_pipe"))
    os.symlink(top, os.path.join(top, "d00", "loop"))
    os.symlink("nowhere", os.path.join(top, "dangling"))
    return paths, planted


def memory_mib(pid):
    """Resident memory of pid and all that it started."""
    total = 0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            waiting += map(int, Path(
                f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, ValueError):
            continue
        match = re.search(r"^RssAnon:\s+(\d+) kB", status, re.M)
        total += int(match[1]) if match else 0
    return total / 1024


def run(argv, terminal_for_results=False, **env):
    """(exit status, bytes of the terminal, results, most memory in MiB)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    with tempfile.TemporaryFile() as results:
        process = subprocess.Popen(
            [BIN, "scan", *argv], stdin=subprocess.DEVNULL, stderr=slave,
            stdout=slave if terminal_for_results else results,
            env={**os.environ, "LC_ALL": "C.UTF-8", **env})
        os.close(slave)
        said = b""
        most = 0
        looked = 0
        while True:
            ready, _, _ = select.select([master], [], [], 0.1)
            if ready:
                try:
                    got = os.read(master, 65536)
                except OSError:
                    break
                if not got:
                    break
                said += got
            if time.monotonic() - looked > 0.03:
                looked = time.monotonic()
                most = max(most, memory_mib(process.pid))
        status = process.wait()
        os.close(master)
        results.seek(0)
        return status, said, results.read(), most


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


work = tempfile.TemporaryDirectory()
paths, planted = make(os.path.join(work.name, "tree"))
done = None  # the run that several tests look at


def whole_run():
    global done
    if done is None:
        done = run(["-r", "--json", os.path.join(work.name, "tree")])
    return done


@test
def every_file_has_its_line_and_every_number_is_found():
    status, _, results, _ = whole_run()
    said = [json.loads(line) for line in results.decode().splitlines()]
    assert status == 1, status
    assert len(said) == len(paths), (len(said), len(paths))
    found = sum(one["verdict"] == "found" for one in said)
    assert found >= len(planted), (found, len(planted))
    names = {os.fsencode(one["file"]): one for one in said}
    for path in planted:
        if path in names:  # odd names are printed otherwise
            assert names[path]["verdict"] == "found", path
    worst = max(one["elapsed_ms"] for one in said)
    assert worst < 15000, worst


@test
def no_reader_crashed():
    _, _, results, _ = whole_run()
    for line in results.decode().splitlines():
        one = json.loads(line)
        reasons = {u["reason"] for u in one["unscannable"]}
        if reasons & {"crashed", "internal", "timeout"}:
            kept = Path(tempfile.gettempdir()) / "sekimori-crashed"
            kept.write_bytes(Path(one["file"]).read_bytes())
            raise AssertionError((str(kept), one))


@test
def memory_stays_bounded():
    _, _, _, most = whole_run()
    assert 1 < most < MOST_MIB, most
    print(f"  at most {most:.0f} MiB")


@test
def a_line_shows_how_far_it_is_and_is_taken_away():
    _, said, _, _ = whole_run()
    text = said.decode().replace("\r\n", "\n")
    assert "\x1b[31m" not in text, "a name moved the terminal"
    # A message of the scanner takes the line away and stands by itself.
    shown = [line.replace("\x1b[K", "") for line in text.split("\r")
             if "\n" not in line]
    steps = [int(match[1]) for line in shown
             if (match := re.match(r"files: (\d+), found: \d+, not read: \d+  \S", line))]
    assert len(steps) >= LEAST_LINES, f"{len(steps)} lines"
    assert steps == sorted(steps) and steps[0] < steps[-1] <= len(paths)
    wide = [line for line in shown if width(line) >= COLUMNS]
    assert not wide, f"lines wrap: {wide[:3]}"
    last = text.rpartition("\x1b[K")[2]
    match = re.fullmatch(r"files: (\d+), found: (\d+), not read: (\d+)\n", last)
    assert match and int(match[1]) == len(paths), repr(last[-200:])
    assert int(match[2]) >= len(planted)


@test
def results_at_the_same_terminal_stay_whole():
    folder = os.path.join(work.name, "tree", "d39")
    status, said, _, _ = run(["-r", folder], terminal_for_results=True)
    assert status in (0, 1, 2), status
    lines = []
    for line in said.decode().replace("\r\n", "\n").split("\n"):
        lines.append(re.sub(r".*\r\x1b\[K", "", line))
    verdicts = [line for line in lines
                if re.match(r"\S.*: (clean|found|unscannable)", line)]
    assert len(verdicts) == len(os.listdir(folder)), (len(verdicts), lines[:5])


@test
def in_japanese_where_the_terminal_is():
    folder = os.path.join(work.name, "tree", "d38")
    _, said, _, _ = run(["-r", "--json", folder], LC_ALL="ja_JP.UTF-8")
    assert "ファイル: " in said.decode(), said[-300:]


@test
def without_a_terminal_nothing_is_said():
    folder = os.path.join(work.name, "tree", "d37")
    process = subprocess.run([BIN, "scan", "-r", "--json", folder],
                             capture_output=True, check=False)
    assert process.stderr == b"", process.stderr
    assert process.stdout.count(b"\n") == len(os.listdir(folder))


if __name__ == "__main__":
    try:
        code = runner.main(options.only)
    finally:
        work.cleanup()
    sys.exit(code)
