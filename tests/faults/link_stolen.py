#!/usr/bin/python3
"""Everything of a gateway is stolen after the links went out.

usage: link_stolen.py --root PREFIX [NAME...]

The loot: state_dir with database, WAL, blobs and keys of links; a backup; the MTA's queue; the master key; and of each process what a core would hold:
all readable mappings, read through /proc/PID/mem, without those that the
program keeps out of cores (VmFlags dd: MADV_DONTDUMP).
"""

import argparse
import base64
import hashlib
import hmac
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import link_laws  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, DAEMONS, Site, UIDS, wait_for  # noqa: E402
from portal_client import LINK, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()

POLICY = """
policy {
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
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
site = None
stolen = None


def bytes_of(text, count):
    """Base32 as the store keeps it."""
    value = 0
    for letter in text.replace("-", ""):
        value = value << 5 | ALPHABET.index(letter)
    return (value >> (len(text.replace("-", "")) * 5 - 8 * count)).to_bytes(
        count, "big")


def opening_key(secret, link_id):
    """lib/crypto/link_key.h: what unwraps the file key."""
    mixed = hmac.new(link_id, secret, hashlib.sha256).digest()
    return hmac.new(mixed, b"sekimori link 1 opening\1",
                    hashlib.sha256).digest()


def pieces(text):
    """Parts of a code, in case that a line ends within it."""
    length = len(text) * 3 // 8
    for at in (0, (len(text) - length) // 2, len(text) - length):
        yield text[at:at + length].encode()


def needles(path, code):
    """What betrays a link: {name: bytes}."""
    secret = bytes_of(code, 32)
    found = {"secret": secret, "half a secret": secret[:16],
             "other half": secret[16:],
             "opening key": opening_key(secret, bytes_of(
                 path.rpartition("/")[2], 16))}
    for form in (code, code.replace("-", "")):
        for i, piece in enumerate(pieces(form)):
            found[f"{len(form)} letters, {i}"] = piece
            found[f"{len(form)} capitals, {i}"] = piece.upper()
            for shift in range(3):
                text = base64.b64encode(b"\0" * shift + piece)
                found[f"base64 {len(form)}, {i}, {shift}"] = text[4:-4]
    return found


class Search:
    """All needles at once."""

    def __init__(self, links):
        self.meaning = {bytes_: f"{name} of link {i}"
                        for i, link in enumerate(links)
                        for name, bytes_ in needles(*link).items()}

    def in_bytes(self, content, where):
        return [f"{what} in {where}" for one, what in self.meaning.items()
                if one in content]

    def in_files(self, *places):
        return [found for path, content in mynumber.files_below(places)
                for found in self.in_bytes(content, path)]


MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$")


def mappings(pid, kept_out):
    """(start, end, name) of what a core holds; or of what it does not."""
    found = []
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        match = MAPPING.match(line)
        word, *values = line.split()
        if match:
            last = (int(match[1], 16), int(match[2], 16), match[4])
            readable = match[3][0] == "r" and not match[4].startswith("[v")
            # What is as it is in the file does not come into a core.
            own = not match[4].startswith("/") or match[4].startswith("/memfd")
        elif word == "Private_Dirty:":
            own = own or values[0] != "0"
        elif word == "VmFlags:" and readable and own and \
                ("dd" in values) == kept_out:
            found.append(last)
    return found


def core(pid, kept_out=False):
    """[(name, bytes)] of a process."""
    parts = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name in mappings(pid, kept_out):
            memory.seek(start)
            got = b""
            try:
                while len(got) < end - start:
                    more = memory.read(end - start - len(got))
                    if not more:
                        break
                    got += more
            except OSError:
                pass  # a mapping behind the end of its file
            parts.append((f"{pid} {name or 'memory'} {start:x}", got))
    return parts


def family(name):
    """A program and its children."""
    top = site.processes[name].pid
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == top and fields[0] != "Z":
            yield int(place.parent.name)


def search_cores(search):
    found, size = [], 0
    for name in DAEMONS:
        for pid in family(name):
            for where, content in core(pid):
                size += len(content)
                found += search.in_bytes(content, f"core of {name} {where}")
    print(f"  {size >> 20} MB of {len(DAEMONS)} programs' cores", flush=True)
    assert size > 10 << 20, size
    return found


class Stolen:
    """Mails that went out as links, and everything that can be taken."""

    def __init__(self):
        self.files = {}
        for domain in ("x.example", "once.example"):
            self.send(domain)
        self.dispatched()
        self.mails = [(to, m) for _, to, m in link_laws.arrived(site.sink)]
        self.links = [link_of(m) for _, m in site.sink.mails()
                      if LINK.search(text_of(m))]
        # Two for recipients and one for the sender, of each mail.
        assert len(self.links) == 6, len(self.links)
        time.sleep(2)  # the store is scrubbed behind an answer
        self.loot = site.dir / "loot"
        self.loot.mkdir()
        own = self.loot / "backups"
        own.mkdir()
        os.chown(own, ADMIN_UID, ADMIN_UID)
        self.backup = own / "backup"
        made = site.cli("store", "backup", self.backup, uid=ADMIN_UID)
        assert made.returncode == 0, made.stderr
        shutil.copytree(site.state, self.loot / "state")
        shutil.copytree(site.mta.dir, self.loot / "mta", symlinks=True,
                        ignore=lambda top, names: [
                            n for n in names if not Path(top, n).is_dir() and
                            not Path(top, n).is_file()])
        shutil.copy(site.key, self.loot / "master.key")
        self.search = Search(self.links)

    def send(self, domain):
        mark, number = samples.token(rng), mynumber.my_number(rng)
        file = samples.xlsx(number)
        recipients = [f"{mark[6:]}{i}@{domain}" for i in range(2)]
        self.files.update(dict.fromkeys(recipients, file))
        code, text = site.send(
            f"X-Test-Token: {mark}\r\n".encode() + samples.mail(
                f"名簿 {mark}", "名簿をお送りします。\n", attachments=[
                    ("名簿.xlsx", "application", "vnd.openxmlformats-"
                     "officedocument.spreadsheetml.sheet", file)]),
            recipients=recipients)
        assert code == 250, text

    def dispatched(self):
        desk = site.desk("approver1")
        for case in wait_for("the cases", lambda: len(found := desk.cases(
                "todo")) == 2 and found):
            status, answer = desk.decide(case["id"], "link",
                                         purpose="社会保険手続")
            assert status == 200, answer
        wait_for("all link mails", lambda: len(
            [m for _, m in site.sink.mails() if LINK.search(text_of(m))]) == 6,
            60)
        wait_for("their ends", lambda: all(
            case["state"] == "released" for case in desk.cases("all")))
        wait_for("an empty queue", lambda: site.mta.queue_length() == 0)

    def opens(self, *which):
        """How many of these recipients' links give their file."""
        count = 0
        for to, mail in which or self.mails:
            file = self.files[to]
            got = link_laws.download(site, *link_of(mail), len(file))
            assert got in (None, file), len(got)
            count += got is not None
        return count

    def revoke(self, mail):
        link = link_of(mail)[0].rpartition("/")[2]
        desk = site.desk("approver1")
        answers = [desk.request("POST", f"/api/v1/cases/{case['id']}/links",
                                {"link": link, "step": "revoke"})[0]
                   for case in desk.cases("all")]
        assert sorted(answers) == [200, 404], answers


def moved(state):
    """The same gateway with another store."""
    site.kill("courier", signal.SIGTERM)  # it tells the vault of its job
    site.stop_daemons()
    site.state = state
    site.write_config()


def belongs(place):
    for path in [place, *place.rglob("*")]:
        os.chown(path, UIDS["vault"], UIDS["vault"])


@test
def no_secret_is_in_the_loot():
    found = stolen.search.in_files(stolen.loot, site.logs, site.dir / "run",
                                   site.dir / "tmp")
    assert not found, "\n".join(found[:20])
    with sqlite3.connect(f"file:{next(site.state.glob('*.db'))}?mode=ro",
                         uri=True) as db:
        rows = db.execute("SELECT count(*), sum(length(secret)) FROM links")
        assert rows.fetchone() == (6, 0)


@test
def no_secret_is_in_a_core():
    found = search_cores(stolen.search)
    assert not found, "\n".join(found[:40])


@test
def the_search_finds_what_is_there():
    """It can fail: in mails, in this process, which has all of them."""
    found = stolen.search.in_files(site.sink.dir)
    for i in range(len(stolen.links)):
        assert any(f"of link {i} in" in one for one in found), i
    here = [one for where, content in core(os.getpid())
            for one in stolen.search.in_bytes(content, where)]
    assert any(one.startswith("secret of link") for one in here), here[:5]


@test
def the_files_are_nowhere_in_clear():
    texts = {}
    for to, file in stolen.files.items():
        middle = file[len(file) // 2:][:48]
        texts[middle] = "file"
        for shift in range(3):
            texts[base64.b64encode(b"\0" * shift + middle)[4:34]] = "base64"
    found = [path for path, content in mynumber.files_below(
        [stolen.loot, site.logs]) if any(text in content for text in texts)]
    for name in DAEMONS:
        for pid in family(name):
            found += [f"{what} in core of {name} {where}"
                      for where, content in core(pid)
                      for text, what in texts.items() if text in content]
    assert not found, "\n".join(map(str, found[:20]))


@test
def a_secret_without_the_store_opens_nothing():
    site.kill("vault")
    path, code = link_of(stolen.mails[0][1])
    portal = link_laws.Portal(site)
    portal.get(path)
    status, _, content = portal.submit(path, code=code)
    assert status >= 400 and not link_laws.takes(portal), (status, content)
    site.start_daemons("vault")


def restored(name, *kept):
    """The same gateway with the backup, and some files of its state."""
    place = site.dir / name
    place.mkdir(mode=0o700)
    before = site.state
    moved(place)
    for one in kept:
        shutil.move(before / one, place / one)
    belongs(place)
    shutil.copy(stolen.backup, site.dir / "key" / "backup")
    belongs(site.dir / "key")
    made = site.cli("store", "restore", site.dir / "key" / "backup")
    assert made.returncode == 0, made.stderr
    site.start_daemons()
    assert len(site.desk("approver1").cases("all")) == 2


@test
def a_restored_backup_revives_nothing():
    """On the same machine, with all its keys: what ended stays ended."""
    once = [(to, m) for to, m in stolen.mails if to.endswith("@once.example")]
    others = [one for one in stolen.mails if one not in once]
    used, unused = once
    revoked, living = others
    assert stolen.opens(used) == 1
    assert stolen.opens(used) == 0
    stolen.revoke(revoked[1])
    assert stolen.opens(revoked) == 0
    restored("restored", "link-keys", "link-epochs")
    ended = {used[0], revoked[0]}
    until = time.monotonic() + 20
    while True:  # the vault's first look comes a moment after its start
        links = link_laws.links_by_id(
            site, {"": site.desk("approver1").cases("all")}).values()
        failed = {one["recipient"]: [event["event"] for event in one["events"]]
                  for one in links if one["state"] == "failed"}
        if set(failed) == ended or time.monotonic() > until:
            break
        time.sleep(0.1)
    assert set(failed) == ended, links
    assert all("key-lost" in events for events in failed.values()), failed
    assert {one["state"] for one in links} == {"failed", "live"}, links
    assert stolen.opens(used) == 0
    assert stolen.opens(revoked) == 0
    assert stolen.opens(unused) == 1
    assert stolen.opens(living) == 1


@test
def loot_with_a_secret_opens_its_own_link_only():
    """The copy is whole, so that it was the secret that was missing."""
    copy = site.dir / "copy"
    shutil.copytree(stolen.loot / "state", copy)
    copy.chmod(0o700)
    belongs(copy)
    moved(copy)
    site.start_daemons()
    first, second = stolen.links[:2]
    portal = link_laws.Portal(site)
    portal.get(first[0])
    assert portal.submit(first[0], code=second[1])[0] in (403, 404)
    assert stolen.opens() == len(stolen.mails)


@test
def a_backup_restored_elsewhere_opens_nothing():
    restored("elsewhere")
    assert not list(site.state.rglob("link-*"))
    assert stolen.opens() == 0


def run():
    global site, stolen
    with Site(options.root, policy=POLICY) as site:
        stolen = Stolen()
        return runner.main(options.only)


if __name__ == "__main__":
    sys.exit(run())
