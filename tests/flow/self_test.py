#!/usr/bin/python3
"""The self-test mail: it ends in "held", and what breaks its way is told.

usage: self_test.py --root PREFIX [--mta postfix|sendmail] [NAME...]

One site with a private MTA whose courier sends one every few seconds.
"""

import argparse
import json
import os
import random
import re
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, POLICY, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

RECIPIENT = "self-test@sekimori.invalid"
TEST_NUMBER = "123456789018"

site = None


def events(since=0):
    """What the courier said about self-tests, from a length of its log on."""
    return re.findall(r"(self-test-\w+)(?: trouble=([\w-]+))?",
                      site.log("courier")[since:])


def mark():
    return len(site.log("courier"))


def told(since, event, trouble="", seconds=30):
    wait_for(f"{event} {trouble}", lambda: (event, trouble) in events(since),
             seconds)


def postfix(**settings):
    done = site.mta.command(
        "postconf", "-e", *[f"{k} = {v}" for k, v in settings.items()])
    assert done.returncode == 0, done.stderr
    done = site.mta.command("postfix", "reload")
    assert done.returncode == 0, done.stderr
    time.sleep(1)


def reload(policy=POLICY, **settings):
    site.policy = policy
    site.settings["general"] = settings
    site.write_config()
    done = site.cli("reload")
    assert done.returncode == 0, done.stdout + done.stderr


def leaked():
    """Self-test mails that got out."""
    return site.sink.to(RECIPIENT)


def doctor():
    """What doctor says of the self-test: wrong, note, or nothing."""
    done = site.cli("doctor", "--json")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [c["state"] for c in json.loads(done.stdout)["checks"]
            if c["check"] == "self-test"]


@test
def it_is_held_and_nobody_hears_of_it():
    told(0, "self-test-held")
    since = mark()
    assert doctor() == ["ok"], doctor()
    # Two more of them, and nothing is said again.
    def holds():
        return len(re.findall(r"from=sekimori@corp.test .*action=hold",
                              site.log("milter")))
    wait_for("three self-tests", lambda: holds() >= 3, 30)
    assert events(since) == [], events(since)
    assert site.sink.mails() == [], [e for e, _ in site.sink.mails()]
    for login in ("approver1", "taro"):
        assert site.desk(login).cases("all") == []


@test
def real_mail_is_held_beside_it():
    token = samples.token(random.Random())
    number = mynumber.my_number()
    code, text = site.send(samples.in_body(token, number))
    assert code == 250, text
    desk = site.desk("approver1")
    cases = wait_for("the case", lambda: desk.cases("open"))
    assert [token in c["subject"] for c in cases] == [True], cases


@test
def a_ticket_of_somebody_else_is_an_ordinary_hold():
    token = samples.token(random.Random())
    mail = samples.in_body(token, mynumber.my_number())
    code, text = site.send(b"X-Sekimori-Self-Test: ABCDEFGH234567\r\n" + mail)
    assert code == 250, text
    desk = site.desk("approver1")
    wait_for("the case", lambda: [c for c in desk.cases("open")
                                  if token in c["subject"]])


@test
def a_milter_that_is_not_asked_is_told():
    if options.mta != "postfix":
        raise runner.Skip("its settings are Postfix's")
    since = mark()
    postfix(smtpd_milters="")
    told(since, "self-test-failed", "not-held")
    assert doctor() == ["wrong"], doctor()
    assert leaked(), "it should have got out"
    for envelope, mail in leaked():
        assert envelope["mail_from"] == "sekimori@corp.test", envelope
        assert TEST_NUMBER.encode() not in mail  # in base64
    since = mark()
    postfix(smtpd_milters="unix:sekimori/milter")
    told(since, "self-test-held")
    assert doctor() == ["ok"], doctor()


@test
def a_rule_that_delivers_it_is_told():
    before = len(leaked())
    since = mark()
    reload(policy=POLICY.replace(
        "policy {", 'policy {\n\trule "ours" { sender = "sekimori@corp.test"\n'
        "\t\taction = deliver }", 1))
    told(since, "self-test-failed", "not-held")
    _, mail = leaked()[before:][0]
    # The field is taken off what passes.
    assert b"X-Sekimori-Self-Test" not in mail
    since = mark()
    reload()
    told(since, "self-test-held")


@test
def a_scanner_that_is_down_is_told():
    since = mark()
    site.kill("scanner")
    told(since, "self-test-failed", "submission")
    assert "451" in site.log("courier")[since:]
    since = mark()
    site.start_daemons("scanner")
    told(since, "self-test-held")


@test
def a_vault_that_is_down_is_told():
    since = mark()
    site.kill("vault")
    told(since, "self-test-failed", "vault")
    since = mark()
    site.start_daemons("vault")
    told(since, "self-test-held")


@test
def monitoring_sends_none():
    since = mark()
    reload(mode="monitor")
    told(since, "self-test-off")
    time.sleep(1)
    before = len(leaked())
    time.sleep(6)
    assert len(leaked()) == before
    since = mark()
    reload()
    told(since, "self-test-held")


@test
def nothing_of_it_is_in_the_log():
    for name in ("courier", "milter", "vault", "desk", "scanner"):
        assert TEST_NUMBER not in site.log(name), name


def main():
    global site
    settings = {"courier": {"self_test_interval": "3s", "self_test_late": "3s"}}
    with Site(options.root, mta=options.mta, settings=settings) as site:
        status_ = runner.main(options.only)
        if status_ and os.environ.get("SEKIMORI_KEEP"):
            print(site.dir)
    return status_


sys.exit(main())
