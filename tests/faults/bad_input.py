#!/usr/bin/python3
"""Texts made to take for ever: linear time, bounded memory, never a crash.

usage: bad_input.py --root DIR [--soak] [NAME...]

Each input is scanned at a size and at four times that size, in both profiles.
The time that all processes took may grow by not much more than four, the
memory of the largest process stays below a bound, and every file gets a
verdict that says nothing of a reader that broke. --soak adds the large ones:
100 MB of digits, a million candidates, a million cells.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "harness"), str(TOP / "accuracy")]
import sheets  # noqa: E402
from mynumber import check_digit  # noqa: E402

SMALL_BYTES = 400 * 1000
GROWTH = 6.0          # for four times the size
SLACK_S = 0.3         # what a busy machine adds
MAX_RSS_MIB = 600
MILLION = 1000 * 1000
# A reader that gave up for a reason of ours is fine, a broken one is not.
BROKEN = {"crashed", "internal"}


def numbers(count):
    rng = random.Random(4)
    made = []
    for _ in range(min(count, MILLION)):
        eleven = f"{rng.randrange(10 ** 11):011}"
        made.append(eleven + check_digit(eleven))
    return (made * (count // len(made) + 1))[:count]


def repeat(unit, head=b""):
    return lambda size: head + unit * (size // len(unit))


def words(text, head=""):
    return repeat(text.encode(), head.encode())


def lines(shape, head=""):
    """shape: a line with {n}, as often as fits."""
    def make(size):
        count = size // len(shape.encode())
        return (head + "".join(shape.format(n=n) for n in numbers(count))
                ).encode()
    return make


def junk(size):
    return random.Random(9).randbytes(size)


def high_bytes(size):
    return bytes(byte | 0x80 for byte in random.Random(9).randbytes(size))


def book(size):
    count = max(size // 60, 3)
    cells = numbers(count)
    rows = [["氏名", "個人番号", "控え"]]
    rows += [["山田", one, sheets.Number(one.lstrip("0"))]
             for one in cells[:count // 2]]
    return sheets.xlsx({"Sheet1": rows})


def wide_row(size):
    return (",".join(numbers(size // 13)) + "\n").encode()


def mail(body, headers=""):
    def make(size):
        return (f"From: a@example.co.jp\r\nTo: b@example.com\r\n{headers}"
                "MIME-Version: 1.0\r\n").encode() + body(size)
    return make


def part(data, kind="text/plain; charset=utf-8", how="8bit"):
    return lambda size: (f"Content-Type: {kind}\r\nContent-Transfer-Encoding: "
                         f"{how}\r\n\r\n").encode() + data(size)


def subject(size):
    word = "=?utf-8?B?" + "5YCL5Lq655Wq5Y+3" + "?=\r\n "
    return ("From: a@example.co.jp\r\nSubject: " + word * (size // len(word))
            + "x\r\n\r\nbody\r\n").encode()


INPUTS = {
    "digits.txt": repeat(b"1234567890"),
    "groups.txt": repeat(b"1234-5678-9018-"),
    "spaced.txt": repeat(b"1 2 3 4 5 6 7 8 9 0 1 8 "),
    "one-a-line.txt": repeat(b"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n8\n"),
    "wide.txt": words("１２３４５６７８９０１８、"),
    "kanji.txt": words("一二三四五六七八九〇一八"),
    "circled.txt": words("①②③④⑤⑥⑦⑧⑨⓪①⑧"),
    "unseen.txt": words("1\u200b2\u200b"),
    "unseen-only.txt": words("\u200b", "個人番号 1"),
    "candidates.txt": lines("{n}\n", "個人番号\n"),
    "labelled.txt": lines("個人番号：{n}\n"),
    "rivals.txt": lines("送り状番号 {n} 個人番号 {n} 円 "),
    "people.txt": lines("氏名 生年月日 H1.2.3 住所 {n} 続柄 "),
    "mai.txt": words("マイ"),
    "kojin.txt": words("個人"),
    "label.txt": words("個人番号"),
    "spaced-label.txt": words("".join(c + " " * 250 for c in
                                      "個人番号マイナンバー")),
    "label-lines.txt": words("個\n\n\n人\n\n番\n\n号\n"),
    "long-gap.txt": words("カ" + " " * 1000),
    "voiced.txt": words("ﾊﾞﾞﾞﾟ"),
    "own-words.txt": words("お問い合わせ伝票番号追跡送り状"),
    "junk.txt": junk,
    "high-bytes.txt": high_bytes,
    "half-characters.txt": repeat(b"\xe3\x81", "個人番号：".encode()),
    "escapes.txt": repeat(b"\x1b$"),
    "escape-kinds.txt": repeat(b"\x1b$B\x1b(I\x1b(B\x0e\x0f"),
    "surrogates.txt": repeat(b"\xd8\x00\x00\x31", b"\xfe\xff"),
    "utf7.eml": mail(part(repeat(b"+AA-+"), "text/plain; charset=utf-7")),
    "column.csv": lines("山田,{n}\r\n", "氏名,個人番号\r\n"),
    "no-header.csv": lines("山田,{n}\r\n"),
    "one-row.csv": wide_row,
    "open-quote.csv": repeat(b"a,b\r\n", '"個人番号'.encode()),
    "commas.csv": repeat(b","),
    "prefix.csv": lines("1234{n},x\r\n"),
    "fixed.txt": lines("A{n}0001234567890\r\n"),
    "cells.xlsx": book,
    "cells.html": lines("<tr><td>山田<td>{n}",
                        "<html><table><tr><td>氏名<td>個人番号"),
    "digit-cells.html": repeat(b"<td>1</td>", b"<html><table><tr>"),
    "entities.html": repeat(b"&#49;&#x32;", b"<html><p>"),
    "open-entity.html": repeat(b"&#", b"<html><p>"),
    "tags.html": repeat(b"<b>1", b"<html><p>"),
    "open-comment.html": repeat(b"<!-- ", b"<html>"),
    "attributes.html": lines("<a title='{n}' ", "<html>"),
    "elements.xml": lines("<p><kojinbango>{n}</kojinbango></p>",
                          '<?xml version="1.0"?><list>'),
    "deep.xml": repeat(b"<a>", b'<?xml version="1.0"?>'),
    "keys.json": lines('{{"mynumber":"{n}"}},\n', "["),
    "deep.json": repeat(b"["),
    "flowed.eml": mail(part(repeat(b"> 1234 \r\n"),
                            "text/plain; charset=utf-8; format=flowed")),
    "quotes.eml": mail(part(repeat(b">"))),
    "soft-breaks.eml": mail(part(repeat(b"1=\r\n"), how="quoted-printable")),
    "base64.eml": mail(part(repeat(b"M TI z\r\n"), how="base64")),
    "subject.eml": subject,
}
LARGE = {
    "hundred-megabytes.txt": (repeat(b"1234567890"), 100 * MILLION),
    "million.txt": (lines("{n}\n", "個人番号\n"), 16 * MILLION),
    "million.csv": (lines("山田,{n}\r\n", "氏名,個人番号\r\n"),
                    24 * MILLION),
    "million-cells.xlsx": (book, 60 * MILLION),
}


class Run:
    """One scan: its verdict, seconds of CPU, MiB of the largest process."""

    def __init__(self, program, path, profile):
        out_path = str(path) + ".json"
        pid = os.fork()
        if pid == 0:
            out = os.open(out_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                          0o600)
            os.dup2(out, 1)
            os.execv(program, [program, "scan", "--json", "--profile",
                               profile, str(path)])
        # The supervisor waits for its workers: their usage is in this one.
        _, self.status, usage = os.wait4(pid, 0)
        self.seconds = usage.ru_utime + usage.ru_stime
        self.mib = usage.ru_maxrss / 1024
        text = Path(out_path).read_text(encoding="utf-8")
        self.report = json.loads(text) if text.strip() else {}
        self.verdict = self.report.get("verdict", "none")
        self.reasons = {one["reason"] for one in
                        self.report.get("unscannable", [])}


def trouble(runs, idle, patient):
    """Why a pair of runs is not good, or "". patient: the large ones may run
    out of the time that a mail has, which holds it."""
    small, large = runs
    for run in runs:
        if os.WEXITSTATUS(run.status) >= 64 or run.verdict == "none":
            return f"exit status {os.WEXITSTATUS(run.status)}"
        if run.reasons & (BROKEN if patient else {*BROKEN, "timeout"}):
            return f"unscannable: {run.reasons}"
        if run.mib > MAX_RSS_MIB:
            return f"{run.mib:.0f} MiB"
    allowed = max(small.seconds - idle, 0.01) * GROWTH + SLACK_S
    if large.seconds - idle > allowed:
        return (f"{small.seconds:.2f} s, then {large.seconds:.2f} s for four "
                "times as much")
    return ""


def pair(program, directory, name, make, size, profile):
    runs = []
    for step in (size, size * 4):
        path = directory / name
        path.write_bytes(make(step))
        runs.append(Run(program, path, profile))
        path.unlink()
    return runs


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--soak", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    program = str(options.root / "bin" / "sekimori")
    failed = 0
    inputs = [(name, make, SMALL_BYTES) for name, make in INPUTS.items()]
    if options.soak:
        inputs += [(name, make, size // 4)
                   for name, (make, size) in LARGE.items()]
    with tempfile.TemporaryDirectory(prefix="sk-bad-") as place:
        directory = Path(place)
        empty = directory / "empty.txt"
        empty.write_bytes(b"")
        idle = Run(program, empty, "standard").seconds
        for name, make, size in inputs:
            if options.names and name not in options.names:
                continue
            for profile in ("standard", "strict"):
                runs = pair(program, directory, name, make, size, profile)
                why = trouble(runs, idle, name in LARGE)
                if "times as much" in why:   # perhaps others were busy
                    runs = pair(program, directory, name, make, size, profile)
                    why = trouble(runs, idle, name in LARGE)
                failed += bool(why)
                print(f"{'FAIL' if why else 'PASS'}: bad input: {name}, "
                      f"{profile}: {runs[1].verdict}, "
                      f"{runs[0].seconds - idle:.2f} s, "
                      f"{runs[1].seconds - idle:.2f} s for "
                      f"{size * 4 / 1e6:.1f} MB, {runs[1].mib:.0f} MiB"
                      + (f": {why}" if why else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
