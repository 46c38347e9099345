#!/usr/bin/python3
"""The inbox with many open cases: the vault's times, and the desk's pages.

usage: inbox.py --root PREFIX --fill PROGRAM [--cases 10000] [--rate 200]
                [--seconds 10] [--ahead]

Vault and desk run on one core, this program on another. Requests are sent at
a fixed rate whatever the answers take; a time counts from when a request was
due. The pages are those that an approver's browser gets, over TLS.
"""

import argparse
import http.client
import os
import ssl
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

from checkpoint import Site  # noqa: E402
from local import UIDS, run  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--fill", required=True)
arguments.add_argument("--cases", type=int, default=10000)
arguments.add_argument("--rate", type=int, default=200)
arguments.add_argument("--seconds", type=int, default=10)
arguments.add_argument("--connections", type=int, default=16)
arguments.add_argument("--ahead", action="store_true",
                       help="run before whatever else this machine does")
options = arguments.parse_args()


def fill(site):
    def become():
        os.setgroups([])
        os.setgid(UIDS["vault"])
        os.setuid(UIDS["vault"])
    done = run([options.fill, site.config, options.cases], preexec_fn=become,
               timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout, end="", flush=True)


class Client(threading.Thread):
    """One connection; every options.connections-th request is its own."""

    def __init__(self, site, token, path, start, first):
        super().__init__()
        context = ssl.create_default_context(cafile=str(site.certificate))
        context.check_hostname = False
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", site.desk_port, context=context, timeout=30)
        self.headers = {"Cookie": f"__Host-sid={token}",
                        "Accept": "text/html"}
        self.path, self.begin, self.first = path, start, first
        self.times, self.bad = [], 0

    def ask(self):
        self.connection.request("GET", self.path, headers=self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, text

    def run(self):
        self.connection.connect()
        for number in range(self.first, options.rate * options.seconds,
                            options.connections):
            due = self.begin + number / options.rate
            time.sleep(max(0, due - time.monotonic()))
            status, _ = self.ask()
            self.times.append((time.monotonic() - due) * 1000)
            self.bad += status != 200


def cpu_ms(site):
    total = 0
    for name in ("vault", "desk"):
        text = Path(f"/proc/{site.processes[name].pid}/stat").read_text()
        fields = text.rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / os.sysconf("SC_CLK_TCK")


def go_ahead(pid):
    """As on a machine that does nothing else: threads to come inherit it."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setscheduler(int(task.name), os.SCHED_RR, os.sched_param(1))


def load(site, token, path):
    before = cpu_ms(site)
    start = time.monotonic() + 1
    clients = [Client(site, token, path, start, i)
               for i in range(options.connections)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    times = sorted(t for c in clients for t in c.times)
    bad = sum(c.bad for c in clients)
    p99 = times[len(times) * 99 // 100 - 1]
    print(f"desk: {path}: {len(times)} requests at {options.rate}/s: "
          f"median {statistics.median(times):.1f} ms, p99 {p99:.1f} ms, "
          f"worst {times[-1]:.1f} ms, {bad} failed; "
          f"{(cpu_ms(site) - before) / len(times):.1f} ms CPU each, vault and "
          f"desk together; load of the machine {os.getloadavg()[0]:.1f}",
          flush=True)


def one_by_one(site, token, path, rounds=30):
    client = Client(site, token, path, 0, 0)
    times = []
    for _ in range(rounds):
        start = time.monotonic()
        status, text = client.ask()
        times.append((time.monotonic() - start) * 1000)
        assert status == 200, (status, text[:200])
    print(f"desk: {path}: one at a time: median "
          f"{statistics.median(times[1:]):.1f} ms, worst {max(times):.1f} ms, "
          f"{len(text)} bytes", flush=True)
    return text


def rss_mb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0


def main():
    cores = sorted(os.sched_getaffinity(0))
    site = Site(options.root)
    try:
        site.start()
        site.stop_daemons()
        fill(site)
        os.sched_setaffinity(0, cores[-1:])
        start = time.monotonic()
        site.start_daemons("vault", "desk")
        print(f"vault and desk ready after {time.monotonic() - start:.1f} s")
        for name in ("vault", "desk"):
            subprocess.run(["taskset", "-a", "-c", "-p", str(cores[0]),
                            str(site.processes[name].pid)], check=True,
                           stdout=subprocess.DEVNULL)
            if options.ahead:
                go_ahead(site.processes[name].pid)
        if options.ahead:
            go_ahead(os.getpid())
        token = site.desk("approver1").token
        for path in ("/", "/?q=user7%40+partner"):
            one_by_one(site, token, path)
            load(site, token, path)
        print(f"vault: {rss_mb(site.processes['vault'].pid):.0f} MB resident")
    finally:
        site.stop()


main()
