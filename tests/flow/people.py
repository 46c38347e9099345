#!/usr/bin/python3
"""Each kind of person in a real browser, wide and on a phone.

usage: people.py --root PREFIX --browser DIRECTORY [NAME...]

The sender comes from the link of the notice that really arrived; roles that
need a second factor set one up; a handler unmasks; an auditor reads.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, PASSWORD, PEOPLE, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--browser", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None
SHOTS = os.environ.get("SEKIMORI_SHOTS", "")
LINK = re.compile(r"https://\S+/m/[0-9a-z]+#[0-9A-Za-z-]+")


def browse(task, shape, secrets, *words):
    base = f"https://127.0.0.1:{site.desk_port}"
    done = subprocess.run(["node", "roles.mjs", task, base, shape, SHOTS, *words],
                          input="\n".join(secrets) + "\n", text=True,
                          cwd=options.browser, capture_output=True, check=False,
                          timeout=180)
    assert done.returncode == 0, f"{task}: {done.stdout}{done.stderr}"
    return done.stdout


def hold(number=None, recipient="out@example.com"):
    """A mail of taro's that waits: its token and its case."""
    mark = samples.token(rng)
    mail = samples.in_body(mark, number or mynumber.my_number(rng))
    code, text = site.send(f"X-Test-Token: {mark}\r\n".encode() + mail,
                           recipients=(recipient,))
    assert code == 250, text
    desk = site.desk("approver1")
    return mark, wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))


def links(mark, word=None):
    """Links in notices to the sender about this mail, oldest first."""
    found = []
    for _, mail in site.sink.to("taro@corp.test"):
        parsed = message_from_bytes(mail, policy=policy.default)
        body = parsed.get_body(("plain",))
        text = body.get_content() if body else ""
        if mark in text + str(parsed["subject"]):
            found += LINK.findall(text)
    return found


def link_of(mark, count=1):
    return wait_for(f"{count} links about {mark}",
                    lambda: (links(mark) + [None] * count)[count - 1])


def state(case_id, login="approver1"):
    return site.desk(login).case(case_id)["state"]


@test
def a_sender_opens_the_mail_with_the_link_of_the_notice():
    for shape, more in (("wide", ()), ("phone", ("noscript",))):
        mark, case = hold()
        link = link_of(mark)
        browse("enter", shape, [link], *more)
        # Used up: neither the link nor its code opens anything again.
        browse("enter-again", shape, [link])
        second = link_of(mark, 2)
        assert second != link
        browse("say", shape, [second], "本日中に必要な書類です。")
        events = site.desk("approver1").case(case["id"])["events"]
        assert any("本日中" in e["detail"] for e in events), events


@test
def a_sender_cancels_on_the_phone():
    mark, case = hold()
    browse("cancel", "phone", [link_of(mark)])
    wait_for("the case to be cancelled",
             lambda: state(case["id"]) == "cancelled")
    assert not [1 for _, m in site.sink.to("out@example.com")
                if mark.encode() in m]


@test
def a_role_that_needs_it_sets_up_a_second_factor():
    for shape, admin in (("wide", "admin2"), ("phone", "admin3")):
        made = site.cli("user", "add", admin, "--name", "管理 二郎", "--roles",
                        "admin", "--addresses", f"{admin}@corp.test",
                        "--password-stdin", uid=ADMIN_UID,
                        input=PASSWORD + "\n")
        assert made.returncode == 0, made.stderr
        said = browse("enrol", shape, [PASSWORD], admin)
        recovery = re.search(r"recovery (\S+)", said)[1]
        browse("code", shape, [PASSWORD, recovery], admin, f"new{admin}")
        # A recovery code opens once.
        desk = site.desk()
        assert desk.login(admin) == 201
        status, answer = desk.request("POST", "/api/v1/session/second-factor",
                                      {"code": recovery})
        assert status == 403, (status, answer)
        assert desk.request("GET", "/api/v1/users")[0] == 401


@test
def an_admin_lets_somebody_in_again_and_out():
    login = "lost1"

    def user(*words, uid=ADMIN_UID, **kwargs):
        return site.cli("user", *words, uid=uid, **kwargs)

    def sessions():
        listed = user("sessions", login, "--json")
        assert listed.returncode == 0, listed.stderr
        return [json.loads(line) for line in listed.stdout.splitlines()]
    made = user("add", login, "--roles", "admin", "--addresses",
                f"{login}@corp.test", "--password-stdin", input=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    browse("enrol", "wide", [PASSWORD], login)
    desk = site.desk()
    for _ in range(5):
        assert desk.login(login, "not the password at all") != 201
    assert desk.login(login) != 201, "not locked"
    assert user("unlock", login).returncode == 0
    assert desk.login(login) == 201
    assert sessions()[0]["from"] == "127.0.0.1"
    # Not by just anybody; and it ends what is open.
    assert user("second-factor", login, "--remove", uid=64203).returncode != 0
    assert user("second-factor", login, "--remove").returncode == 0
    assert sessions() == []
    assert desk.request("GET", "/api/v1/users")[0] == 401
    assert desk.login(login) == 201
    assert user("sessions", login, "--end").returncode == 0
    assert sessions() == []
    events = {r["event"] for r in site.desk("auditor1").request(
        "GET", "/api/v1/audit?limit=200")[1]["rows"]}
    assert {"account-unlocked", "second-factor-removed", "sessions-ended",
            "second-factor-set"} <= events, events


@test
def an_auditor_reads_report_and_log():
    for shape in ("wide", "phone"):
        browse("report", shape, [PASSWORD], "auditor1")


@test
def a_handler_sees_the_number_with_a_reason_on_record():
    number = mynumber.my_number(rng)
    _, case = hold(number)
    for shape in ("wide", "phone"):
        browse("reveal", shape, [PASSWORD, number], "handler1", case["id"])
    rows = site.desk("auditor1").request("GET", "/api/v1/audit?limit=200")[1]
    told = [r for r in rows["rows"] if r["event"] == "revealed"]
    assert len(told) == 2 and told[0]["actor"] == "handler1", told
    # Nothing of it stays anywhere.
    left = mynumber.leaks([number], [site.state, site.logs, site.dir / "run"])
    assert not left, left


MORE_PEOPLE = [
    *PEOPLE,
    ("handler1", "担当 六郎", "handler,approver",
                        "handler1@corp.test", "hr", None),
    ("handler2", "担当 七郎", "handler", "handler2@corp.test", "",
               None),
    ("approver3", "承認 八郎", "approver", "approver3@corp.test",
               "accounting", None),
    ("sender2", "送信 九郎", "sender", "sender2@corp.test", "", None)]


ACTIONS = {
    "comment": ("comment", {"comment": "これは何ですか"}),
    "rescan": ("rescan", {}),
    "return": ("decision", {"decision": "return", "comment": "宛先は正しいですか"}),
    "approve": ("decision", {"decision": "approve"}),
    "cancel": ("decision", {"decision": "cancel"}),
}


def may(login):
    """What this person may do with a mail of taro's; each with a new one."""
    desk = site.desk(login)
    found = set()
    for name, (path, body) in ACTIONS.items():
        _, case = hold()
        status, seen = desk.request("GET", f"/api/v1/cases/{case['id']}")
        if status == 200:
            found.add("content" if seen["sender"] else "existence")
            body = {**body, "version": seen["version"]}
        else:
            assert status == 404, (login, status)
            # What the person could have learnt elsewhere.
            other = site.desk("approver1").case(case["id"])
            body = {**body, "version": other["version"]}
        status, answer = desk.request(
            "POST", f"/api/v1/cases/{case['id']}/{path}", body)
        assert status in (200, 202, 204, 403, 404), (login, name, status, answer)
        if status < 300:
            found.add(name)
    return found


# Person, and what that person may do with taro's mail.
RIGHTS = [
    ("taro", {"content", "comment", "cancel", "rescan"}),
    ("sender2", set()),
    ("approver1", {"content", "rescan", "return", "approve"}),
    ("approver3", set()),
    ("handler2", set()),
    ("auditor1", {"existence"}),
    ("admin1", {"existence", "rescan"}),
]


@test
def own_and_other_peoples_cases():
    global site
    usual = site
    # All with a password alone, so that the API is theirs.
    with Site(options.root, people=MORE_PEOPLE,
              settings={"desk": {"login_rate": "1000"}}) as site:
        try:
            for login, rights in RIGHTS:
                found = may(login)
                assert found == rights, (login, found)
        finally:
            site, usual = usual, site


def main():
    global site
    with Site(options.root, people=MORE_PEOPLE,
              settings={"vault": {"second_factor": '{ "admin" }'},
                        "desk": {"login_rate": "1000"}}) as site:
        return runner.main(options.only)


if __name__ == "__main__":
    sys.exit(main())
