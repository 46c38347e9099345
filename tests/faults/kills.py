#!/usr/bin/python3
"""kill -9 at random under load, and at each named step of hold and release.

usage: kills.py --root PREFIX [--kills 40] [--seed N] [NAME...]

Afterwards everything settles and the conservation-of-mail checker judges.
"""

import argparse
import http.client
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import conservation  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import DAEMONS, Site  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--kills", type=int, default=40)
arguments.add_argument("--seed", type=int, default=random.randrange(2**32))
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random(options.seed)
print(f"seed {options.seed}")

COURIER_WORKERS = 2
SETTINGS = {"vault": {"session_idle": "1h"},
            "courier": {"retry_first": "1s", "retry_most": "1s",
                        "workers": f"{COURIER_WORKERS}"}}


class Load:
    """Senders that try again as an MTA does, and an approver."""

    def __init__(self, site, seed):
        self.site = site
        self.rng = random.Random(seed)
        self.ledger = conservation.Ledger()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = []

    def make(self, kinds):
        with self.lock:
            mark = samples.token(self.rng)
            recipients = self.rng.sample(
                ["a@example.com", "b@example.com", "c@example.org"],
                self.rng.randint(1, 3))
            kind = self.rng.choice(kinds)
            number = None if kind == "clean" else mynumber.my_number(self.rng)
            self.ledger.planned(mark, recipients, number)
        make = {"clean": samples.clean, "body": samples.in_body,
                "xlsx": samples.in_xlsx, "zip": samples.in_zip}[kind]
        mail = make(mark) if number is None else make(mark, number)
        return mark, recipients, f"X-Test-Token: {mark}\r\n".encode() + mail

    def send_one(self, kinds=("clean", "body", "xlsx", "zip")):
        mark, recipients, mail = self.make(kinds)
        for _ in range(60):
            code, _text = self.site.send(mail, recipients=recipients)
            with self.lock:
                self.ledger.reply(mark, code)
            if code == 250:
                return
            time.sleep(0.5)

    def sender(self):
        while not self.stopping.is_set():
            self.send_one()
            time.sleep(0.05)

    def approver(self):
        while not self.stopping.is_set():
            self.approve_some()
            time.sleep(0.5)

    def approve_some(self, share=0.5):
        try:
            desk = self.site.desk("approver1")
            for case in desk.cases("todo"):
                if self.rng.random() < share:
                    desk.decide(case["id"], "approve")
        except (OSError, AssertionError, ValueError,
                http.client.HTTPException):
            pass  # the desk or the vault is dead just now

    def start(self, senders=3):
        work = [self.sender] * senders + [self.approver]
        self.threads = [threading.Thread(target=w) for w in work]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(120)


def on_their_way(site):
    """So many cases and queued mails; None: nobody can say just now."""
    try:
        cases = site.desk("approver1").cases("all")
    except (OSError, AssertionError):
        return None
    moving = [c for c in cases if c["state"] in
              ("releasing", "returning", "expiring", "sealed")]
    return len(moving) + site.mta.queue_length()


def settle(site, still_s=60):
    """Until nothing is on its way any more; a slow machine has more to do
    behind the load, but it comes on."""
    least, until = None, time.monotonic() + still_s
    while (count := on_their_way(site)) != 0:
        if count is not None and (least is None or count < least):
            least, until = count, time.monotonic() + still_s
        assert time.monotonic() < until, \
            f"{least} on their way, and no fewer for {still_s} s"
        time.sleep(0.5)


def judge(site, ledger, most_doubled):
    try:
        settle(site)
    except AssertionError:
        print(site.mta.command("postqueue", "-p").stdout[-1500:])
        desk = site.desk("approver1")
        for line in desk.cases("all"):
            if line["state"] in ("releasing", "returning", "expiring", "sealed"):
                case = desk.case(line["id"])
                print(case["id"], case["state"], case["recipients"],
                      *case["events"], sep="\n    ")
        raise
    time.sleep(1)
    places = [site.state, site.logs, site.dir / "run", site.dir / "tmp"]
    problems, doubled = conservation.check(site, ledger, places)
    assert not problems, "\n".join(problems[:20])
    mails = {line.split()[0] for line in doubled}
    print(f"  {len(mails)} released mails arrived twice")
    assert len(mails) <= most_doubled, doubled
    cores = list(site.dir.rglob("core*"))
    assert not cores, cores


@test
def random_kills_lose_nothing():
    with Site(options.root, settings=SETTINGS) as site:
        load = Load(site, rng.random())
        load.start()
        killed = {}
        for _ in range(options.kills):
            time.sleep(rng.uniform(0.1, 0.7))
            name = rng.choice(DAEMONS)
            killed[name] = killed.get(name, 0) + 1
            site.kill(name)
            time.sleep(rng.uniform(0, 0.2))
            site.start_daemon(name)
        site.wait_ready()
        load.stop()
        tries = load.ledger.tries
        print(f"  killed {killed}; {len(tries)} mails, "
              f"{sum(len(t) for t in tries.values())} tries, "
              f"{sum(1 for t in tries.values() if 250 in t)} accepted")
        # In doubt is what the courier had in hand when it, or the vault that
        # it reports to, died: a mail for each of its workers, no more.
        deaths = killed.get("courier", 0) + killed.get("vault", 0)
        judge(site, load.ledger, COURIER_WORKERS * deaths)
        assert sum(1 for t in tries.values() if 250 in t) > options.kills / 4


# Program, system call, which occurrence after the mail came, what that is.
STEPS = [
    ("vault", "openat", "hold: making the blob file"),
    ("vault", "fsync", "hold: blob and directory to disk"),
    ("vault", "rename,renameat,renameat2", "hold: blob into place"),
    ("vault", "fdatasync", "hold and release: commit of case, jobs, audit"),
    ("vault", "sendmsg", "every answer of the vault"),
    ("milter", "sendmsg", "milter asks scanner and vault"),
    ("milter", "recvmsg", "milter hears scanner and vault"),
    ("milter", "sendto,write,writev", "milter answers the MTA"),
    ("courier", "recvmsg", "courier takes a job"),
    ("courier", "connect", "courier calls the next hop"),
    ("courier", "sendto,write,sendmsg", "courier speaks SMTP and reports"),
    ("courier", "recvfrom,read", "courier hears the next hop's 250"),
]


def kill_at(site, load, program, calls, when):
    """One mail in, held, approved, out; program dies at the when-th call."""
    site.kill(program)
    site.start_daemon(program, wrapper=[
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e",
        f"inject={calls}:signal=SIGKILL:when={when}"])
    deadline = time.monotonic() + 8
    sender = threading.Thread(target=load.send_one,
                              args=(("body", "xlsx", "zip"),))
    sender.start()
    restarted = False
    while sender.is_alive() or time.monotonic() < deadline - 5:
        if site.processes[program].poll() is not None:
            restarted = True
            break
        if time.monotonic() > deadline:
            break
        load.approve_some(1.0)
        time.sleep(0.1)
    if site.processes[program].poll() is None:
        site.kill(program)
    site.start_daemon(program)
    sender.join(60)
    site.wait_ready()
    return restarted


@test
def kills_at_each_step_of_hold_and_release():
    with Site(options.root, settings=SETTINGS) as site:
        load = Load(site, rng.random())
        for program, calls, what in STEPS:
            hit = 0
            for when in (1, 2, 4, 1, 1, 1, 1, 1, 1):
                if hit == 4:
                    break
                hit += kill_at(site, load, program, calls, when)
            print(f"  {program}: {what}: killed {hit} times at {calls}")
            assert hit >= 3, f"{what}: killed only {hit} times"
        load.approve_some(1.0)
        # Three steps lie between the final dot and the vault's commit.
        judge(site, load.ledger, 15)


if __name__ == "__main__":
    sys.exit(runner.main(options.only))
