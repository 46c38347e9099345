#!/usr/bin/python3
"""Sustained throughput of clean mail through Postfix, beside a no-op milter.

usage: throughput.py --root PREFIX --noop PROGRAM [--pairs 7] [--mails 2000]

The queue lies on a tmpfs. One Postfix listens on two ports, one for each
milter: a Postfix that is told to change its milter starts its processes
afresh, and then runs differ by a factor of two whatever the milter. Runs are
interleaved (no-op, Sekimori, Sekimori, no-op, …) after one pair that does not
count; the ratio is that of each pair, and the median is printed. CPU
milliseconds a mail and PSS are those of each process of ours during its runs.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

from checkpoint import DAEMONS, Site, run, wait_for  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--noop", required=True)
arguments.add_argument("--pairs", type=int, default=7)
arguments.add_argument("--mails", type=int, default=2000)
arguments.add_argument("--senders", type=int, default=16)
arguments.add_argument("--size", type=int, default=10000)
options = arguments.parse_args()
TICKS = os.sysconf("SC_CLK_TCK")


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        text = (task / "children").read_text()
        found += [int(word) for word in text.split()]
    return found


def cpu_ms(pid):
    """CPU of a process, its live children and those it has waited for."""
    total = 0
    for one in [pid, *children(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(int(fields[i]) for i in
                     ((11, 12, 13, 14) if one == pid else (11, 12)))
    return total * 1000 / TICKS


def pss_kib(pid):
    total = 0
    for one in [pid, *children(pid)]:
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def one_run(site, port):
    start = time.monotonic()
    done = run(["smtp-source", "-s", options.senders, "-m", options.mails,
                "-l", options.size, "-f", "taro@corp.test", "-t",
                "out@example.com", f"127.0.0.1:{port}"])
    took = time.monotonic() - start
    assert done.returncode == 0, done.stderr
    wait_for("an empty queue", lambda: site.mta.queue_length() == 0, 120, 0.2)
    return options.mails / took


def one_pair(site, spent, ours_first):
    """Mails a second with the no-op milter, and with ours."""
    rates = {}
    for ours in (ours_first, not ours_first):
        before = {n: cpu_ms(site.processes[n].pid) for n in DAEMONS}
        rates[ours] = one_run(site,
                              site.mta.port if ours else site.mta.plain_port)
        for name in DAEMONS if ours else ():
            spent[name] += cpu_ms(site.processes[name].pid) - before[name]
    return rates[False], rates[True]


def main():
    base = Path(tempfile.mkdtemp(prefix="sekimori-bench-"))
    base.chmod(0o711)
    assert run(["mount", "-t", "tmpfs", "-o", "size=2g,mode=0711", "tmpfs",
                base]).returncode == 0
    os.environ["TMPDIR"] = str(base)
    tempfile.tempdir = str(base)
    noop = None
    site = Site(options.root, mta_settings={"default_transport": "discard:",
                                            "relay_transport": "discard:",
                                            "relayhost": "",
                                            # no pauses when qmgr is behind
                                            "in_flow_delay": "0"})
    site.mta.plain_milters = "unix:sekimori/noop"
    try:
        site.start()
        socket = site.mta.milter_dir / "noop"
        noop = subprocess.Popen([options.noop, f"unix:{socket}"])
        wait_for("the no-op milter", socket.exists)
        socket.chmod(0o666)
        ratios, floor, ours = [], [], []
        spent = dict.fromkeys(DAEMONS, 0.0)
        one_pair(site, dict(spent), True)  # warm-up
        for number in range(1, options.pairs + 1):
            a, b = one_pair(site, spent, number % 2 == 0)
            ratios.append(b / a)
            floor.append(a)
            ours.append(b)
            print(f"pair {number}: no-op {a:.0f}/s, sekimori {b:.0f}/s, "
                  f"ratio {b / a:.2f}", flush=True)
        print(f"median: no-op {statistics.median(floor):.0f}/s, sekimori "
              f"{statistics.median(ours):.0f}/s, ratio "
              f"{statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})")
        for name in DAEMONS:
            print(f"{name:8} {spent[name] / options.pairs / options.mails:.3f} "
                  f"CPU ms/mail, PSS {pss_kib(site.processes[name].pid) / 1024:.1f}"
                  " MiB")
    finally:
        if noop:
            noop.kill()
        site.stop()
        run(["umount", "-l", base])
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
