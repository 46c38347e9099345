#!/usr/bin/python3
"""A newcomer's path, timed: from "git clone" to a mail released on a phone.

usage: newcomer.py --browser DIRECTORY [--build DIRECTORY]

Does what README.md says: clones the tree, runs ./bootstrap demo, waits for the
first held mail, approves it in a browser of a phone's size, and waits until it
has arrived. Prints the seconds of each step. --build names a build directory
to use instead of a fresh one.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

from desk_client import PASSWORD, Desk  # noqa: E402
from local import wait_for  # noqa: E402

LIMIT_S = 1800
# What bootstrap and the demo print, and the step that begins with it.
BEGINS = [
    (r"== installing ", "packages"),
    (r"== making configure", "autoreconf"),
    (r"== configuring", "configure"),
    (r"== building", "build and install"),
    (r"Postfix と Sekimori を起動", "demo starts, five mails sent, four held"),
]


class Clock:
    """Seconds of one step after another."""

    def __init__(self):
        self.start = self.last = time.monotonic()
        self.step = ""

    def begin(self, step):
        now = time.monotonic()
        if self.step:
            print(f"{now - self.last:7.1f} s  {self.step}", flush=True)
        self.last, self.step = now, step

    def end(self):
        self.begin("")
        print(f"{time.monotonic() - self.start:7.1f} s  in all", flush=True)


class Demo:
    """./bootstrap demo, and what it prints."""

    def __init__(self, tree, build, clock):
        environment = dict(os.environ)
        if build:
            environment["SEKIMORI_BUILD"] = str(build)
        self.text = ""
        self.clock = clock
        self.process = subprocess.Popen(
            ["./bootstrap", "demo"], cwd=tree, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.text += line
            for pattern, step in BEGINS:
                if re.match(pattern, line):
                    self.clock.begin(step)

    def running(self):
        if self.process.poll() is not None:
            raise AssertionError("./bootstrap demo ended:\n" + self.text[-3000:])
        return "Ctrl-C" in self.text

    def find(self, pattern):
        return re.search(pattern, self.text)[1]

    def stop(self):
        """As Ctrl-C; it tidies up after itself."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=60)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)


def arrived(sink, mark):
    """Has the mail with this mark reached its recipient outside?"""
    for one in sink.glob("*.json"):
        if one.stem.isdigit() and \
                "out@example.com" in json.loads(one.read_text())["rcpt_to"] and \
                mark in one.with_suffix(".eml").read_bytes():
            return True
    return False


def release(demo, browser, clock):
    site = Path(demo.find(r"that went out\s+(\S+)/sink"))
    port = int(demo.find(r"desk\s+https://127\.0\.0\.1:(\d+)/"))
    desk = Desk(SimpleNamespace(desk_port=port,
                                certificate=site / "etc" / "desk.crt"))
    assert desk.login("approver1") in (200, 201)
    case = next(c for c in desk.cases() if c["number_count"] > 0)
    mark = re.search(r"token-[a-z]+", case["subject"])[0].encode()
    assert not arrived(site / "sink", mark)
    clock.begin("sign-in and approval on a phone of 360 px")
    done = subprocess.run(
        ["node", "approve.mjs", f"https://127.0.0.1:{port}", "approver1",
         case["id"], "phone", os.environ.get("SEKIMORI_SHOTS", "")],
        input=PASSWORD, text=True, cwd=browser, capture_output=True,
        check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    clock.begin("arrival at its recipient")
    wait_for("the released mail", lambda: arrived(site / "sink", mark), 60)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--browser", required=True)
    arguments.add_argument("--build")
    options = arguments.parse_args()
    demo = None
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="sekimori-newcomer-") as place:
        tree = Path(place) / "sekimori"
        try:
            clock.begin("git clone")
            subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", TOP, tree],
                           check=True)
            clock.begin("bootstrap looks for packages")
            demo = Demo(tree, options.build, clock)
            wait_for("the demo", demo.running, LIMIT_S, 0.2)
            release(demo, options.browser, clock)
            clock.end()
        finally:
            if demo:
                demo.stop()
    print("PASS: newcomer.py: a_newcomer_releases_a_mail")
    return 0


if __name__ == "__main__":
    sys.exit(main())
