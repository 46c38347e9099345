#!/usr/bin/python3
"""What ends a link, and what is being sent then; whose cookie opens what.

usage: link_stop.py --root PREFIX [NAME...]

A recipient who takes a large file slowly, at the real portal and vault.
"""

import argparse
import random
import socket
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import link_laws  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from portal_client import CONTEXT, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None

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
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
		link_once = yes
	}
	rule "the rest" { action = deliver }
}
"""
LARGE = 8 << 20  # more than the sockets hold
SOON_S = 3  # the portal asks every two seconds


def in_store(statement, *values):
    with sqlite3.connect(next(site.state.rglob("*.db")), timeout=10) as db:
        return db.execute(statement, values).rowcount


def send(mark, to, size=1000):
    """A mail with a list and another file; its case."""
    mail = f"X-Test-Token: {mark}\r\n".encode() + samples.mail(
        f"名簿 {mark}", "名簿をお送りします。\n", attachments=[
            ("large.jpg", "image", "jpeg",
             b"\xff\xd8\xff\xe0" + rng.randbytes(size)),
            ("名簿.xlsx", "application", "vnd.openxmlformats-officedocument."
             "spreadsheetml.sheet", samples.xlsx(mynumber.my_number(rng)))])
    code, text = site.send(mail, recipients=to)
    assert code == 250, (code, text)
    return wait_for(f"the case of {mark}", lambda: next(
        (c["id"] for c in site.desk("taro").cases("all")
         if mark in c["subject"]), None))


def sent(domain, count=1, size=LARGE):
    """(case id, its link mails)"""
    mark = samples.token(rng)
    to = [f"{mark[6:]}{i}@{domain}" for i in range(count)]
    case_id = send(mark, to, size)

    def mails():
        found = {who: m for token, who, m in link_laws.arrived(site.sink)
                 if token == mark}
        return [found[who] for who in to] if len(found) == count else None
    return case_id, wait_for(f"links of {mark}", mails, 60)


def links(case_id):
    status, answer = site.desk("taro").request(
        "GET", f"/api/v1/cases/{case_id}/links")
    assert status == 200, (status, answer)
    return [one for one in answer["links"] if one["kind"] == "recipient"]


def revoke(case_id, link):
    status, answer = site.desk("taro").request(
        "POST", f"/api/v1/cases/{case_id}/links",
        {"link": link["link"], "step": "revoke"})
    assert status == 200, (status, answer)


class Transfer:
    """A client that takes what it likes, from a path of a visit."""

    def __init__(self, portal, path, slow=True):
        self.plain = socket.socket()
        if slow:
            self.plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.plain.settimeout(30)
        self.plain.connect(("127.0.0.1", site.portal_port))
        self.tls = CONTEXT.wrap_socket(self.plain)
        cookies = "; ".join(f"{k}={v}" for k, v in portal.cookies.items())
        self.tls.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                         f"Connection: close\r\nCookie: {cookies}\r\n\r\n"
                         .encode())
        self.got = 0

    def read(self, most):
        """So much, or to its end; True: there may be more."""
        end = self.got + most
        while self.got < end:
            try:
                chunk = self.tls.recv(min(65536, end - self.got))
            except OSError:
                return False
            if not chunk:
                return False
            self.got += len(chunk)
        return True

    def close(self):
        self.tls.close()


def visit(mail):
    path, code = link_of(mail)
    portal = link_laws.open_link(site, path, code)
    assert portal, "the link does not open"
    return portal


def end_visits():
    now = int(time.time() * 1000)
    assert in_store("UPDATE link_claims SET until_unix_ms = ?", now - 1) > 0
    in_store("UPDATE link_takes SET until_unix_ms = ?", now - 1)


@test
def a_revoked_link_stops_a_transfer_that_is_older_than_its_visit():
    case_id, (mail,) = sent("now.example")
    portal = visit(mail)
    transfer = Transfer(portal, link_laws.take(portal))
    try:
        assert transfer.read(100000)
        end_visits()
        assert portal.get(portal.path)[0] == 404
        time.sleep(SOON_S)
        assert transfer.read(LARGE // 8), "the end of a visit ends no transfer"
        revoke(case_id, links(case_id)[0])
        time.sleep(SOON_S)
        transfer.read(LARGE)
        assert transfer.got < LARGE, "it went on"
    finally:
        transfer.close()
    (link,) = links(case_id)
    assert link["state"] == "revoked" and link["fetched"] == 0, link


@test
def a_link_of_one_time_lasts_until_its_transfer_does():
    case_id, (mail,) = sent("once.example")
    portal = visit(mail)
    action, fields = next(f for f in link_laws.takes(portal)
                          if f[1]["file"] == "all")
    status, headers, _ = portal.request(
        "POST", action, "&".join(f"{k}={v}" for k, v in fields.items()))
    assert status == 303, status
    transfer = Transfer(portal, headers["Location"], slow=False)
    try:
        assert transfer.read(100000)
        now = int(time.time() * 1000)
        # In time for the portal's next question.
        in_store("UPDATE link_claims SET until_unix_ms = ?", now - 1)
        in_store("UPDATE link_takes SET until_unix_ms = ?", now + 2800)
        time.sleep(SOON_S + 1)
        assert links(case_id)[0]["state"] == "live"
        transfer.read(2 * LARGE)
        assert transfer.got > LARGE, transfer.got
    finally:
        transfer.close()
    wait_for("it is used up", lambda: links(case_id)[0]["state"] == "spent")
    assert links(case_id)[0]["fetched"] == 2


@test
def a_cookie_under_the_address_of_another_link_is_none():
    case_id, mails = sent("now.example", 2, 1000)
    first, second = (visit(mail) for mail in mails)
    (name, _), = first.cookies.items()
    (other, value), = second.cookies.items()
    action, fields = link_laws.takes(first)[0]
    first.cookies[name] = value
    assert name != other
    status, _, _ = first.request(
        "POST", action, "&".join(f"{k}={v}" for k, v in fields.items()))
    assert status == 404, status
    assert not any(event["event"] == "taken" for link in links(case_id)
                   for event in link["events"])


@test
def a_link_whose_mail_bounces_ends_by_itself():
    if site.mta.name != "postfix":
        raise runner.Skip("Sendmail shows no milter its own bounces")
    mark = samples.token(rng)
    gone, here = f"{mark[6:]}gone@now.example", f"{mark[6:]}here@now.example"
    site.sink.script({"rcpt": {gone: "550 5.1.1 no such user"}})
    try:
        case_id = send(mark, [gone, here])
        wait_for("the end of one alone", lambda: {
            one["recipient"]: one["state"] for one in links(case_id)
        } == {gone: "failed", here: "live"})
        events = {event["event"] for link in links(case_id)
                  for event in link["events"] if link["recipient"] == gone}
        assert {"sent", "bounced"} <= events, events
        # Of the mail that was refused, and whose link it was.
        wait_for("the sender's notice", lambda: any(
            gone in text_of(m) and here not in text_of(m)
            and "この宛先のリンクは無効" in text_of(m)
            for _, m in site.sink.to("taro@corp.test")
            if b"multipart/report" not in m))
    finally:
        site.sink.script({})


with Site(options.root, mta=options.mta, policy=POLICY) as site:
    failed = runner.main(options.only)
sys.exit(failed)
