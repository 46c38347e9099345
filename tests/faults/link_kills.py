#!/usr/bin/python3
"""kill -9 at each named step of a link's life, and at random under load.

usage: link_kills.py --root PREFIX [--soak] [--seed N] [NAME...]

Rewrite, seal, dispatch, claim, download, expiry; afterwards everything
settles and tests/harness/link_laws.py judges.
"""

import argparse
import http.client
import io
import random
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import link_laws  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from portal_client import LINK, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--soak", action="store_true")
arguments.add_argument("--seed", type=int, default=random.randrange(2**32))
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random(options.seed)
print(f"seed {options.seed}")

POLICY = """
policy {
	rule "at once" {
		verdict = {found}
		recipient_domain = { "now.example" }
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
	}
	rule "once" {
		verdict = {found}
		recipient_domain = { "once.example" }
		action = hold
		approvers = "hr"
		link_once = yes
		link_code = no
	}
	rule "numbers wait" {
		verdict = {found}
		action = hold
		approvers = "hr"
		link_code = no
	}
	rule "the rest" { action = deliver }
}
"""
WORKERS = 2
SETTINGS = {"vault": {"session_idle": "1h"},
            "courier": {"retry_first": "1s", "retry_most": "1s",
                        "workers": f"{WORKERS}"}}
MOVING = ("releasing", "returning", "expiring", "sealed", "held")
DEAD = (*link_laws.DEAD, AssertionError, ValueError, sqlite3.Error,
        AttributeError, IndexError)


def workbook(number):
    """A list, and pages enough that a download takes several chunks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        z.writestr("list.csv", f"氏名,{samples.LABEL}\r\n山田太郎,{number}\r\n"
                   .encode("cp932"))
        z.writestr("notes.txt", "".join(rng.choices(
            "abcdefghijklmnopqrstuvwxyz \n", k=150000)))
    return out.getvalue()


class Load:
    """Senders, an approver, recipients and people who change their minds."""

    def __init__(self, site):
        self.site = site
        self.ledger = link_laws.LinkLedger()
        self.lock = threading.Lock()
        self.alive = threading.Lock()  # the vault, while its store is changed
        self.stopping = threading.Event()
        self.threads = []
        self.visits = {}  # mark and recipient of a once link -> who got it
        self.seen = set()
        self.refused = None  # the last decision that the desk refused

    def send(self, domain, inside=False):
        mark, number = samples.token(rng), mynumber.my_number(rng)
        to = [f"{mark[6:]}{i}@{domain}" for i in range(rng.randint(1, 2))]
        to += ["hanako@corp.test"] if inside else []
        file = workbook(number)
        with self.lock:
            self.ledger.sent(mark, to, number, file)
        mail = f"X-Test-Token: {mark}\r\n".encode() + samples.mail(
            f"名簿 {mark}", "名簿をお送りします。\n", attachments=[
                ("名簿.zip", "application", "zip", file)])
        for _ in range(60):
            code, _text = self.site.send(mail, recipients=to)
            with self.lock:
                self.ledger.reply(mark, code)
            if code == 250:
                return mark
            time.sleep(0.5)
        raise AssertionError("nobody takes the mail")

    def decide(self, mark=None):
        """Send held cases as links: that of mark, or all."""
        try:
            desk = self.site.desk("approver1")
            for case in desk.cases("todo"):
                if mark is None or mark in case["subject"]:
                    to = desk.case(case["id"])["recipients"]
                    # Rules part recipients: a case can have inside ones only.
                    outside = any(link_laws.is_outside(one["address"])
                                  for one in to)
                    answer = desk.decide(
                        case["id"], "link" if outside else "approve",
                        purpose="社会保険手続")
                    if answer[0] != 200:
                        self.refused = (case["id"], answer)
        except DEAD + (http.client.HTTPException,):
            pass  # somebody is dead just now; judged later

    def mails(self, mark):
        return [(to, m) for token, to, m in link_laws.arrived(self.site.sink)
                if token == mark and LINK.search(text_of(m))]

    def arrived(self, mark):
        return wait_for(f"the link mail {mark}", lambda: self.mails(mark))[0]

    def open(self, mark):
        return link_laws.open_link(self.site, *link_of(self.arrived(mark)[1]))

    def fetch(self, mark, to, mail):
        """All of it, over kills; whoever gets the file gets it right."""
        path, code = link_of(mail)
        file = self.ledger.files[mark]
        got = link_laws.download(self.site, path, code, len(file))
        assert got is None or got == file, (mark, len(got))
        if got and to.endswith("@once.example"):
            with self.lock:
                self.visits[path] = self.visits.get(path, 0) + 1

    def end(self, mark, how):
        """Revoke the links of a mail, or let their time be over."""
        to, mail = self.arrived(mark)
        link = link_of(mail)[0].rpartition("/")[2]
        desk = self.site.desk("taro")
        case = next(c for c in self.site.desk("approver1").cases("all")
                    if mark in c["subject"])
        if how == "revoked":
            status, _ = desk.request(
                "POST", f"/api/v1/cases/{case['id']}/links",
                {"link": link, "step": "revoke"})
        else:
            status = self.expire(link)
        if status == 200:
            with self.lock:
                self.ledger.ended[link] = how

    def expire(self, link):
        """Its time is over; 200 when that stands in the store."""
        with self.alive, sqlite3.connect(
                next(self.site.state.glob("*.db")), timeout=10) as db:
            made = db.execute(
                "UPDATE links SET expires_unix_ms = 1000 WHERE ended_unix_ms "
                "= 0 AND state = 2 AND case_id = (SELECT case_id FROM links "
                "WHERE id = ?)", [id_bytes(link)])
        return 200 if made.rowcount else 409

    def idle(self):
        """Whether no job is due: nobody is busy with what went before."""
        try:
            with sqlite3.connect(next(self.site.state.glob("*.db")),
                                 timeout=10) as db:
                return not db.execute(
                    "SELECT count(*) FROM jobs WHERE done = 0 AND "
                    "not_before_unix_ms <= ?",
                    [int(time.time() * 1000)]).fetchone()[0]
        except sqlite3.Error:
            return False

    # --- at random ------------------------------------------------------

    def sender(self):
        while not self.stopping.is_set():
            self.send(rng.choice(["now.example", "once.example", "x.example"]),
                      rng.random() < 0.3)
            self.decide()

    def recipient(self):
        while not self.stopping.is_set():
            for mark, to, mail in link_laws.arrived(self.site.sink):
                if (mark, to) in self.seen or not LINK.search(text_of(mail)):
                    continue
                self.seen.add((mark, to))
                self.fetch(mark, to, mail)
                if rng.random() < 0.25:
                    try:
                        self.end(mark, rng.choice(["revoked", "expired"]))
                    except DEAD + (StopIteration, http.client.HTTPException):
                        pass
            time.sleep(0.2)

    def start(self):
        self.threads = [threading.Thread(target=work) for work in
                        (self.sender, self.sender, self.recipient)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(120)


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def id_bytes(text):
    """26 letters of base32 as the store keeps them."""
    value = 0
    for letter in text:
        value = value << 5 | ALPHABET.index(letter)
    return (value >> (5 * len(text) - 128)).to_bytes(16, "big")


def settled(load):
    load.decide()
    try:
        cases = load.site.desk("approver1").cases("all")
    except DEAD:
        return False
    return not [c for c in cases if c["state"] in MOVING] and \
        load.site.mta.queue_length() == 0


def judge(load, most_doubled):
    site = load.site
    try:
        wait_for("everything to settle", lambda: settled(load), 60, 0.3)
    except AssertionError:
        print(load.refused, site.mta.command("postqueue", "-p").stdout[-1500:])
        desk = site.desk("approver1")
        for case in map(desk.case, [c["id"] for c in desk.cases("all")
                                    if c["state"] in MOVING][:3]):
            print(case["id"], case["state"], case["recipients"],
                  *[e for e in case["events"] if e["event"] != "view"], sep="\n    ")
        raise
    time.sleep(0.5)  # the sink and the timers
    problems, doubled = link_laws.check(
        site, load.ledger, [site.state, site.logs, site.dir / "run",
                            site.dir / "tmp"])
    problems += [f"{path}: {times} visits have it" for path, times in
                 load.visits.items() if times > 1]
    print(f"  {len(load.ledger.files)} mails, {len(load.ledger.ended)} links "
          f"ended early, {doubled} mails came again")
    assert not problems, "\n".join(problems[:20])
    assert doubled <= most_doubled, doubled
    cores = list(site.dir.rglob("core*"))
    assert not cores, cores


# Phase, program, system call, which occurrence, what that is.
STEPS = [
    ("rewrite", "scanner", "recvmsg", 1, "the scanner hears of the job"),
    ("rewrite", "scanner", "sendmsg", 1, "the scanner's answer"),
    ("rewrite", "courier", "recvmsg", 1, "the courier takes the job"),
    ("seal", "courier", "sendmsg", 3, "the courier asks for the sealing"),
    ("seal", "vault", "openat", 1, "making a blob or the weeks' keys"),
    ("seal", "vault", "fsync", 1, "files to disk"),
    ("seal", "vault", "rename,renameat,renameat2", 1, "files into place"),
    ("seal", "vault", "fdatasync", 2, "commit of links and jobs"),
    ("seal", "vault", "sendmsg", 4, "the vault's answer"),
    ("dispatch", "courier", "connect", 1, "calling the next hop"),
    ("dispatch", "courier", "sendto,write", 2, "speaking SMTP"),
    ("dispatch", "courier", "recvfrom,read", 5, "hearing the 250"),
    ("dispatch", "vault", "fdatasync", 4, "commit of the delivery"),
    ("claim", "portal", "sendmsg", 1, "asking for a visit"),
    ("claim", "portal", "recvmsg", 1, "hearing of a visit"),
    ("claim", "vault", "fdatasync", 1, "commit of the visit"),
    ("claim", "vault", "sendmsg", 1, "answering the visit"),
    ("download", "portal", "pread64,read", 2, "reading the file"),
    ("download", "portal", "write,sendto,sendmsg,writev", 6, "sending the file"),
    ("download", "vault", "fdatasync", 1, "commit of what was taken"),
    ("download", "vault", "sendmsg", 2, "handing out the file"),
    ("expiry", "vault", "fdatasync", 1, "commit of the end"),
    ("expiry", "vault", "fsync", 1, "destroying the keys"),
    ("expiry", "vault", "unlink,unlinkat", 1, "removing keys or bytes"),
    ("expiry", "vault", "sendmsg", 1, "telling the courier"),
]


def family(pid):
    """The program and its children: one session."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == pid and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


def traced(pid):
    """Or dead already."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
    return "TracerPid:\t0\n" not in status or "State:\tZ" in status


def dies(site, program, calls, when, act):
    """Whether program died at the when-th call while act went on."""
    members = family(site.processes[program].pid)
    strace = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
         "-e", f"inject={calls}:signal=SIGKILL:when={when}",
         *[word for pid in members for word in ("-p", str(pid))]],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("strace", lambda: all(map(traced, members)))
    def gone():
        return not set(members) <= set(family(site.processes[program].pid))
    early = gone()  # at something else
    acting = threading.Thread(target=quietly, args=(act,))
    acting.start()
    end = time.monotonic() + 4
    while not gone() and time.monotonic() < end:
        time.sleep(0.02)
    hit = gone() and not early
    strace.kill()
    strace.wait()
    site.kill(program)
    site.start_daemon(program)
    site.wait_ready(program)
    acting.join(60)
    return hit


def quietly(act):
    try:
        act()
    except DEAD + (StopIteration, http.client.HTTPException):
        pass  # what comes of it is judged at the end


def prepared(load, phase):
    """A mail just before the phase, and what sets the phase off.

    The jobs before it are done: a program that still were at work with them
    would die of those.
    """
    mark = load.send("x.example", inside=rng.random() < 0.3)
    wait_for("quiet before the phase", load.idle)
    if phase in ("rewrite", "seal", "dispatch"):
        return lambda: load.decide(mark)
    load.decide(mark)
    to, mail = load.arrived(mark)
    wait_for("quiet after the link mail", load.idle)
    if phase == "claim":
        return lambda: load.open(mark)
    if phase == "download":
        return lambda: load.fetch(mark, to, mail)
    return lambda: load.end(mark, "expired")


@test
def kills_at_each_step_lose_and_revive_nothing():
    with Site(options.root, policy=POLICY, settings=SETTINGS) as site:
        load = Load(site)
        in_doubt = 0  # deaths that a mail on its way may come again after
        for phase, program, calls, when, what in STEPS:
            hits = 0
            # Which thread does what, and so the count, differs by run.
            for more in (0, 1, -1, 2, -2, 4, -3, 7, 11, 16, 25, 40):
                turn = max(when + more, 1)
                hits += dies(site, program, calls, turn,
                             prepared(load, phase))
                if hits and not options.soak:
                    break
            print(f"  {phase}: {what}: {program} killed {hits} times at "
                  f"{calls}", flush=True)
            assert hits, f"{phase}: {what}: never killed"
            if program in ("courier", "vault"):
                in_doubt += hits
        judge(load, WORKERS * in_doubt)


@test
def random_kills_lose_and_revive_nothing():
    kills = 200 if options.soak else 12
    with Site(options.root, policy=POLICY, settings=SETTINGS) as site:
        load = Load(site)
        load.start()
        killed = {}
        for _ in range(kills):
            time.sleep(rng.uniform(0.2, 1.0))
            name = rng.choice(["courier", "vault", "scanner", "portal"])
            killed[name] = killed.get(name, 0) + 1
            with load.alive:
                site.kill(name)
                time.sleep(rng.uniform(0, 0.2))
                site.start_daemon(name)
                site.wait_ready(name)
        load.stop()
        print(f"  killed {killed}")
        judge(load, WORKERS * (killed.get("courier", 0) +
                               killed.get("vault", 0)))
        assert len(load.ledger.files) >= kills / 3


if __name__ == "__main__":
    sys.exit(runner.main(options.only))
