#!/usr/bin/python3
"""Secure links through the real MTA: recipients, senders, approvers.

usage: links.py --root PREFIX [--browser DIRECTORY] [NAME...]
"""

import argparse
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from dkim_signer import Signer  # noqa: E402
from link_guesses import Guessers, Others, of_all  # noqa: E402
from portal_client import Portal, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("--browser")
arguments.add_argument("--soak", action="store_true")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None
secrets = []  # codes that nobody but their recipients may see

POLICY = """
policy {
	rule "links at once" {
		verdict = {found}
		recipient_domain = { "links.example" }
		action = link
		approvers = "hr"
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
		link_expires = 3d
	}
	rule "the rest" { action = deliver }
}
"""
NAME = "名簿.xlsx"


class Sent:
    """A mail with a workbook, and what became of it."""

    def __init__(self, recipients, body="名簿をお送りします。\n", **kwargs):
        self.mark = samples.token(rng)
        self.number = mynumber.my_number(rng)
        self.file = samples.xlsx(self.number)
        self.recipients = recipients
        mail = samples.mail(
            f"名簿 {self.mark}", body, attachments=[
                (NAME, "application", "vnd.openxmlformats-officedocument."
                 "spreadsheetml.sheet", self.file)], **kwargs)
        code, text = site.send(f"X-Test-Token: {self.mark}\r\n".encode() + mail,
                               recipients=recipients)
        assert code == 250, (code, text)

    def case(self, which="open"):
        desk = site.desk("approver1")
        line = wait_for(f"the case of {self.mark}", lambda: next(
            (c for c in desk.cases(which) if self.mark in c["subject"]), None))
        return desk.case(line["id"])

    def decide(self, decision):
        case = self.case()
        status, answer = site.desk("approver1").decide(
            case["id"], decision, purpose="社会保険手続")
        assert status == 200, (status, answer)
        return case["id"]

    def mails(self, recipient):
        return [m for _, m in site.sink.to(recipient)
                if self.mark.encode() in m and b"X-Test-Token" in m]

    def arrived(self, recipient, seconds=30):
        return wait_for(f"{self.mark} at {recipient}",
                        lambda: self.mails(recipient), seconds)[0]


def links(case_id, login="taro"):
    status, answer = site.desk(login).request(
        "GET", f"/api/v1/cases/{case_id}/links")
    assert status == 200, (status, answer)
    return answer["links"]


def link_to(case_id, recipient):
    return next(one for one in links(case_id) if one["recipient"] == recipient
                and one["kind"] == "recipient")


def change(case_id, link, step, login="taro", **more):
    status, answer = site.desk(login).request(
        "POST", f"/api/v1/cases/{case_id}/links",
        {"link": link["link"], "step": step, **more})
    assert status == 200, (status, answer)


def nobody(word="r"):
    """Somebody whom nobody has written to."""
    return f"{samples.token(rng)[6:]}@{word}.example"


def mailbox_code(recipient, before):
    def look():
        for _, mail in site.sink.to(recipient)[before:]:
            found = re.search(r"(?<![0-9])([0-9]{3}[ -]?[0-9]{3})(?![0-9])",
                              text_of(mail))
            if found and b"X-Test-Token" not in mail:
                return found[1]
        return None
    return wait_for(f"a code for {recipient}", look)


def opened(mail):
    """At the portal with the code that stands in the mail."""
    path, code = link_of(mail)
    secrets.append(code)
    portal = Portal(site)
    status, _, _ = portal.get(path)
    assert status == 200, status
    status, _, content = portal.submit(path, code=code)
    assert status == 200, (status, content)
    return portal


def proved(mail, recipient):
    """And the mailbox is proved."""
    portal = opened(mail)
    before = len(site.sink.to(recipient))
    status, _, content = portal.submit("/code")
    assert status == 200, (status, content)
    status, _, content = portal.submit(
        "/prove", code=mailbox_code(recipient, before))
    assert status == 200, (status, content)
    return portal


def fetched(portal, name="/take"):
    """The first file of the list."""
    action, fields = next(f for f in portal.forms() if f[0].endswith(name))
    status, headers, _ = portal.request("POST", action,
                                        urllib.parse.urlencode(fields))
    assert status == 303, status
    status, headers, content = portal.request("GET", headers["Location"])
    return status, headers, content


@test
def outside_recipients_fetch_the_file_and_inside_ones_get_the_mail():
    first, second = nobody(), nobody()
    sent = Sent([first, second, "hanako@corp.test"])
    case_id = sent.decide("link")
    inside = sent.arrived("hanako@corp.test")
    assert NAME.encode() in inside or b"spreadsheetml" in inside
    mails = {one: sent.arrived(one) for one in (first, second)}
    codes = {one: link_of(mail) for one, mail in mails.items()}
    assert codes[first][1] != codes[second][1]
    for one, mail in mails.items():
        other = codes[second if one == first else first]
        assert sent.number.encode() not in mail and b"PK\3\4" not in mail
        assert b"spreadsheetml" not in mail, mail
        assert other[1] not in text_of(mail)
        assert "名簿をお送りします" in text_of(mail)
        assert str(len(sent.file)) in text_of(mail) or "KB" in text_of(mail)
        portal = proved(mail, one)
        assert NAME in portal.page, portal.page
        status, headers, content = fetched(portal)
        assert status == 200 and content == sent.file, (status, len(content))
        assert headers["Content-Type"] == "application/octet-stream"
        # It is resumed where it broke off.
        status, headers, rest = portal.request(
            "GET", urllib.parse.urlsplit(
                fetched_path(portal)).path, headers={"Range": "bytes=100-"})
        assert status == 206 and rest == sent.file[100:], status
    wait_for("everybody's outcome", lambda: site.desk("approver1").case(
        case_id)["state"] == "released")
    outcomes = {r["address"]: r["outcome"] for r in
                site.desk("approver1").case(case_id)["recipients"]}
    assert outcomes == {first: "link", second: "link",
                        "hanako@corp.test": "delivered"}, outcomes
    for one in (first, second):
        link = link_to(case_id, one)
        assert link["fetched"] == 1 and link["opened"] == 1, link
        assert any(e["event"] == "fetched" and e["client_address"] == "127.0.0.1"
                   for e in link["events"]), link
    # A receipt for the sender, one for each.
    wait_for("receipts", lambda: len([m for _, m in site.sink.to("taro@corp.test")
                                      if "受け取" in text_of(m) and
                                      (first in text_of(m) or
                                       second in text_of(m))]) >= 2)


def fetched_path(portal):
    action, fields = next(f for f in portal.forms() if f[0].endswith("/take"))
    status, headers, _ = portal.request("POST", action,
                                        urllib.parse.urlencode(fields))
    assert status == 303, status
    return headers["Location"]


@test
def a_recipient_comes_through_in_a_browser():
    if not options.browser:
        raise runner.Skip("no --browser")
    for shape in ("wide", "phone"):
        to, saved = nobody(), site.dir / f"saved-{shape}.xlsx"
        sent = Sent([to])
        case_id = sent.decide("link")
        mail = sent.arrived(to)
        path, code = link_of(mail)
        before = len(site.sink.to(to))
        browser = subprocess.Popen(
            ["node", "fetch_link.mjs", saved, shape,
             *filter(None, [os.environ.get("SEKIMORI_SHOTS")])],
            cwd=options.browser, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            browser.stdin.write(
                f"https://localhost:{site.portal_port}{path}#{code}\n")
            browser.stdin.flush()
            if browser.stdout.readline() == "code\n":
                browser.stdin.write(mailbox_code(to, before) + "\n")
            said, wrong = browser.communicate(timeout=90)
        finally:
            browser.kill()
            browser.wait()
        assert browser.returncode == 0, said + wrong
        assert saved.read_bytes() == sent.file
        assert link_to(case_id, to)["fetched"] == 1


@test
def a_signature_of_the_gateway_fits_the_link_mail():
    """opendkim signs behind us; what arrives is what it signed."""
    to = nobody()
    with Signer(site.dir / "dkim") as signer:
        site.mta.set("smtpd_milters",
                     f"unix:sekimori/milter, inet:127.0.0.1:{signer.port}")
        try:
            sent = Sent([to])
            sent.decide("link")
            mail = sent.arrived(to)
        finally:
            site.mta.set("smtpd_milters", "unix:sekimori/milter")
        assert b"DKIM-Signature:" in mail, mail[:2000]
        assert b"X-Sekimori-Ticket" not in mail
        assert signer.fits(mail), mail.decode(errors="replace")
        assert not signer.fits(mail.replace(b"Subject: ", b"Subject: x"))
        assert link_of(mail)


@test
def a_revoked_link_opens_nothing_and_its_record_is_signed():
    to = nobody()
    sent = Sent([to])
    case_id = sent.decide("link")
    mail = sent.arrived(to)
    portal = proved(mail, to)
    link = link_to(case_id, to)
    change(case_id, link, "wrong")
    assert fetched_or_refused(portal) != 200
    path, code = link_of(mail)
    other = Portal(site)
    other.get(path)
    gone = other.submit(path, code=code)
    unknown = Portal(site)
    unknown.get("/l/" + "0" * 26)
    never = unknown.submit("/l/" + "0" * 26, code=code)
    # Nobody learns which of both it is.
    assert gone[0] == never[0] and gone[0] in (403, 404), (gone[0], never[0])
    status, record = site.desk("taro").request(
        "GET", f"/api/v1/cases/{case_id}/links/record?link={link['link']}")
    assert status == 200, record
    assert to in record["text"] and record["signature"], record
    check = site.dir / "record.txt"
    made = site.cli("link", "record", link["link"], uid=64203)
    assert made.returncode == 0, made.stderr
    check.write_text(made.stdout)
    made = site.cli("certificate", "verify", check, uid=64203)
    assert made.returncode == 0 and to in made.stdout, made.stderr
    check.write_text(check.read_text().replace(to, "x" + to))
    assert site.cli("certificate", "verify", check, uid=64203).returncode == 77


def fetched_or_refused(portal):
    action, fields = next(f for f in portal.forms() if f[0].endswith("/take"))
    status, headers, _ = portal.request("POST", action,
                                        urllib.parse.urlencode(fields))
    if status == 303:
        status, _, _ = portal.request("GET", headers["Location"])
    return status


def yesterday(recipient):
    """Somebody here wrote to them yesterday: of today it does not count."""
    code, text = site.send(samples.clean(samples.token(rng)),
                           recipients=[recipient])
    assert code == 250, text

    def told():  # the milter tells pairs in batches
        with sqlite3.connect(next(site.state.rglob("*.db")), timeout=10) as db:
            return db.execute("UPDATE pairs SET first_day = first_day - 1 WHERE "
                              "domain = ?",
                              [recipient.partition("@")[2]]).rowcount
    wait_for("the pair", told, 60)


@test
def a_rule_sends_links_to_people_who_were_written_to():
    known, stranger = nobody("links"), nobody("links")
    held = Sent([stranger])
    assert held.case()["state"] == "held"
    yesterday(known)
    sent = Sent([known])
    assert link_of(sent.arrived(known))
    assert not held.mails(stranger)
    held.decide("link")
    assert link_of(held.arrived(stranger))


@test
def what_cannot_be_a_link_is_held_again():
    to = nobody()
    number = mynumber.my_number(rng)
    sent = Sent([to], body=f"個人番号：{number}\nよろしくお願いします。\n")
    case_id = sent.decide("link")
    wait_for("the refusal", lambda: any(
        e["event"] == "link-refused"
        for e in site.desk("approver1").case(case_id)["events"]))
    assert site.desk("approver1").case(case_id)["state"] == "held"
    assert not sent.mails(to)
    sent.decide("approve")
    assert number.encode() in sent.arrived(to) or \
        number in text_of(sent.arrived(to))


@test
def a_sender_asks_with_a_password_told_otherwise():
    to, password = nobody(), "a word by telephone"
    sent = Sent([to])
    case = sent.case()
    status, answer = site.desk("taro").request(
        "POST", f"/api/v1/cases/{case['id']}/link", {"password": password})
    assert status == 202, answer
    wait_for("the approvers' notice", lambda: any(
        "リンク" in text_of(m) and case["id"] in text_of(m)
        for _, m in site.sink.to("approver1@corp.test")))
    sent.decide("link")
    portal = opened(sent.arrived(to))
    before = len(site.sink.to(to))
    portal.submit("/code")
    portal.submit("/prove", code=mailbox_code(to, before))
    status, _, _ = portal.submit("/prove", password="a wrong word")
    assert NAME not in portal.page
    status, _, content = portal.submit("/prove", password=password)
    assert status == 200 and NAME in portal.page, (status, portal.page)
    assert fetched(portal)[2] == sent.file
    secrets.append(password)


@test
def a_link_of_one_time_has_one_winner():
    to = nobody("once")
    sent = Sent([to])
    sent.decide("link")
    mail = sent.arrived(to)
    visitors = [opened(mail) for _ in range(8)]

    def take(portal):
        action, fields = next(f for f in portal.forms()
                              if f[0].endswith("/take"))
        status, headers, _ = portal.request(
            "POST", action, urllib.parse.urlencode(fields))
        return portal, status, headers.get("Location", "")
    count = 1000 if options.soak else 200
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(take, [visitors[i % len(visitors)]
                                       for i in range(count)]))
    winners = {id(portal) for portal, status, _ in answers if status == 303}
    assert len(winners) == 1, len(winners)
    portal, _, path = next(a for a in answers if a[1] == 303)
    status, _, content = portal.request("GET", path)
    assert status == 200 and content == sent.file
    wait_for("the end of its key", lambda: link_to(
        sent.case("all")["id"], to)["state"] == "spent")
    path, code = link_of(mail)
    late = Portal(site)
    late.get(path)
    assert late.submit(path, code=code)[0] in (403, 404)


@test
def wrong_codes_freeze_a_link_and_its_sender_thaws_it():
    to = nobody()
    sent = Sent([to])
    case_id = sent.decide("link")
    portal = opened(sent.arrived(to))
    before = len(site.sink.to(to))
    portal.submit("/code")
    right = mailbox_code(to, before)
    wrong = "000000" if "000000" not in right else "000001"
    page = portal.page
    for _ in range(5):
        portal.page = page
        portal.submit("/prove", code=wrong)
    assert "送った方が解除できます" in portal.page, portal.page
    wait_for("the freeze", lambda: link_to(case_id, to)["state"] == "frozen")
    portal.page = page
    portal.submit("/prove", code=right)
    assert NAME not in portal.page
    wait_for("a notice for the sender", lambda: any(
        to in text_of(m) and "停止" in text_of(m)
        for _, m in site.sink.to("taro@corp.test")))
    change(case_id, link_to(case_id, to), "thaw")
    portal = proved(sent.arrived(to), to)
    assert fetched(portal)[2] == sent.file


@test
def machines_that_follow_links_consume_nothing():
    to = nobody("once")
    sent = Sent([to])
    case_id = sent.decide("link")
    mail = sent.arrived(to)
    path, _ = link_of(mail)
    ways = [("GET", path, {}), ("HEAD", path, {}), ("OPTIONS", path, {}),
            ("GET", path + "/f/0", {}), ("GET", path + "/f/0", {
                "Range": "bytes=0-"}), ("GET", path + "/zip", {}),
            ("GET", path + "/files", {}), ("HEAD", path + "/f/0", {})]
    # 10 000 in eight connections that stay open.
    def prefetch(_):
        portal = Portal(site, keep=True)
        return {portal.request(method, where, headers=fields)[0]
                for _ in range(1250 // len(ways) + 1)
                for method, where, fields in ways}
    with ThreadPoolExecutor(8) as pool:
        statuses = set().union(*pool.map(prefetch, range(8)))
    assert not statuses & {206, 500, 503}, statuses
    link = link_to(case_id, to)
    assert link["state"] == "live" and link["opened"] == 0, link
    assert fetched(opened(mail))[2] == sent.file


@test
def guessed_codes_are_refused_and_slow_nobody():
    to = nobody()
    sent = Sent([to])
    sent.decide("link")
    mail = sent.arrived(to)
    path, _ = link_of(mail)
    count = 10 ** 6 if options.soak else 10 ** 4
    alone = Others(site, mail).look_often()
    began = time.monotonic()
    guessers = Guessers(site, path, count)
    beside = Others(site, mail).look_while(guessers.go_on)
    took, seen = time.monotonic() - began, guessers.answers()
    # 429: over portal.rate, when the machine is that fast.
    assert all(set(one) <= {404, 429} for one in seen), seen
    assert sum(one[404] for one in seen) > count / 2, seen
    print(f"  {count} guesses in {took:.0f} s ({count / took:.0f}/s): {seen}")
    for what, before, after in (("a page", alone.pages, beside.pages),
                                ("opening a link", alone.opens, beside.opens)):
        print(f"  {what}: median {of_all(before, .5):.1f} ms alone, "
              f"{of_all(after, .5):.1f} beside; of twenty the slowest "
              f"{of_all(before, .95):.1f} and {of_all(after, .95):.1f}")
        assert of_all(after, .5) < of_all(before, .5) * 4 + 25, what
        assert of_all(after, .95) < of_all(before, .95) * 4 + 100, what
    assert fetched(proved(sent.arrived(to), to))[2] == sent.file


def in_store(statement, *values):
    with sqlite3.connect(next(site.state.rglob("*.db")), timeout=10) as db:
        return db.execute(statement, values).rowcount


@test
def an_expired_link_is_shredded_and_certified():
    to = nobody()
    sent = Sent([to])
    case_id = sent.decide("link")
    mail = sent.arrived(to)
    portal = proved(mail, to)
    wait_for("everybody's outcome", lambda: site.desk("approver1").case(
        case_id)["state"] == "released")
    before = len(list((site.state / "blobs").rglob("*")))
    assert in_store("UPDATE links SET expires_unix_ms = 1000 WHERE "
                    "ended_unix_ms = 0") > 0
    link = wait_for("the end", lambda: next(
        (one for one in links(case_id) if one["state"] == "expired"
         and one["recipient"] == to), None))
    assert fetched_or_refused(portal) != 200
    wait_for("the end of its bytes", lambda: len(list(
        (site.state / "blobs").rglob("*"))) < before)
    made = site.cli("link", "record", link["link"], uid=64203)
    assert made.returncode == 0, made.stderr
    record = site.dir / "ended.txt"
    record.write_text(made.stdout)
    made = site.cli("certificate", "verify", record, uid=64203)
    assert made.returncode == 0 and "expired" in made.stdout, made.stdout
    wait_for("the sender's notice", lambda: any(
        to in text_of(m) and "期限" in text_of(m)
        for _, m in site.sink.to("taro@corp.test")))


@test
def an_archive_of_all_mail_gets_nothing_of_it():
    """always_bcc; the courier's port takes mail without address mappings."""
    to = nobody()
    site.mta.set("always_bcc", "archive@corp.test")
    try:
        sent = Sent([to])
        sent.decide("link")
        _, code = link_of(sent.arrived(to))
        plain = samples.token(rng)
        assert site.send(samples.clean(plain))[0] == 250
        wait_for("the archive", lambda: any(
            plain.encode() in m for _, m in site.sink.to("archive@corp.test")))
    finally:
        site.mta.set("always_bcc", "")
    secrets.append(code)
    for _, mail in site.sink.to("archive@corp.test"):
        assert sent.mark.encode() not in mail
        assert code not in text_of(mail) and b"spreadsheetml" not in mail


@test
def no_secret_stands_anywhere_but_with_its_recipient():
    """After all the others: logs, database, blobs, other people's mail."""
    assert secrets
    texts = [code.replace("-", "").encode() for code in secrets] + \
        [code.encode() for code in secrets]
    for name in site.processes:
        log = site.log(name).encode()
        assert not any(text in log for text in texts), name
    for place in [p for p in site.state.rglob("*") if p.is_file()]:
        content = place.read_bytes()
        assert not any(text in content for text in texts), place
        assert b"spreadsheetml" not in content, place
    for _, mail in site.sink.to("archive@corp.test"):
        assert not any(text in mail for text in texts)


class LinkSite(Site):
    def sections(self):
        sections = super().sections()
        sections["courier"]["next_hop"] = f'"127.0.0.1:{self.mta.inject_port}"'
        return sections


with LinkSite(options.root, mta=options.mta, policy=POLICY) as site:
    failed = runner.main(options.only)
sys.exit(failed)
