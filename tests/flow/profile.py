#!/usr/bin/python3
"""Profiles of rules: what waits in the mailboxes of the personnel department.

usage: profile.py --root PREFIX [--mta postfix|sendmail] [NAME...]

One site with a rule in the profile strict for one sender.
"""

import argparse
import json
import random
import re
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import POLICY, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

HR = "hr@corp.test"
LONE = "123456789018"
STRICT = POLICY.replace("policy {", """policy {
	rule "personnel" {
		sender = "hr@corp.test"
		recipient = "out@example.com"
		profile = strict
		verdict = {found}
		action = hold
		approvers = "hr"
	}""", 1)

rng = random.Random()
site = None


def lone(mark, sender=HR):
    """A number, and not one word that says what it is."""
    mail = samples.mail(f"ご連絡 {mark}", f"お世話になっております。\n{LONE}\n"
                        "以上です。\n", sender=sender)
    return f"X-Test-Token: {mark}\r\n".encode() + mail


def send(mail, **kwargs):
    code, text = site.send(mail, **kwargs)
    assert code == 250, (code, text)


def case_of(mark):
    desk = site.desk("approver1")
    line = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    return desk.case(line["id"])


def arrived(mark, recipient="out@example.com"):
    return [m for _, m in site.sink.to(recipient) if mark.encode() in m]



@test
def a_lone_number_of_personnel_waits():
    mark = samples.token(rng)
    since = len(site.log("milter"))
    send(lone(mark), sender=HR)
    case = case_of(mark)
    assert case["rule"] == "personnel", case
    assert case["profile"] == "strict", case
    assert case["level"] == "suspect" and case["score"] == 2, case
    terms = {t["name"]: t["weight"] for t in case["findings"][0]["evidence"]}
    assert terms["profile.strict-unlabelled"] == 27, terms
    assert sum(terms.values()) == 2, terms
    assert not arrived(mark)
    assert "profile=strict action=hold" in site.log("milter")[since:]
    # The command line tells why, in words.
    done = site.cli("hold", "show", case["id"], uid=64201)
    assert re.search(r"^profile +strict$", done.stdout, re.M), done.stdout
    assert re.search(r"\+27  profile\.strict-unlabelled +strict profile: ",
                     done.stdout), done.stdout
    assert "together: suspect (0 to +9)" in done.stdout, done.stdout
    assert LONE not in done.stdout


@test
def the_same_mail_of_anybody_else_passes():
    mark = samples.token(rng)
    since = len(site.log("milter"))
    send(lone(mark, sender="taro@corp.test"))
    wait_for("the mail", lambda: arrived(mark))
    assert "profile=standard action=deliver" in site.log("milter")[since:]


@test
def recipients_of_different_rules_are_split():
    mark = samples.token(rng)
    send(lone(mark), sender=HR,
         recipients=("out@example.com", "second@example.com"))
    wait_for("the mail", lambda: arrived(mark, "second@example.com"))
    case = case_of(mark)
    assert [r["address"] for r in case["recipients"]] == ["out@example.com"]
    assert not arrived(mark)


@test
def a_labelled_number_is_held_by_the_general_rule():
    mark = samples.token(rng)
    send(samples.in_body(mark, LONE), sender="taro@corp.test")
    case = case_of(mark)
    assert case["rule"] == "numbers wait", case
    assert case["profile"] == "standard", case


@test
def checked_again_the_profile_stays():
    mark = samples.token(rng)
    send(lone(mark), sender=HR)
    case = case_of(mark)
    desk = site.desk("approver1")
    status, answer = desk.request(
        "POST", f"/api/v1/cases/{case['id']}/rescan",
        {"version": case["version"]})
    assert status in (200, 202, 204), (status, answer)
    again = wait_for("a new report", lambda: next(
        (c for c in [desk.case(case["id"])]
         if c["version"] != case["version"]), None), 30)
    assert again["profile"] == "strict" and again["score"] == 2, again
    # The preview marks the line that this profile found.
    page = wait_for("the preview", lambda: next(
        (p for p in [desk.request("GET", f"/cases/{case['id']}")[1]]
         if isinstance(p, str) and 'class="line found"' in p), None), 30)
    assert LONE not in page


@test
def a_policy_test_names_the_profile_of_the_rule():
    mark = samples.token(rng)
    mail = site.dir / "lone.eml"
    mail.write_bytes(lone(mark))
    done = site.cli("policy", "test", "--from", HR, "--to", "out@example.com",
                    "--to", "second@example.com", str(mail))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict: clean, 0 numbers (profile standard)" in done.stdout
    assert ("verdict: found, level suspect, score 2, 1 number (profile strict)"
            in done.stdout), done.stdout
    assert 'hold by rule "personnel"' in done.stdout, done.stdout
    done = site.cli("policy", "test", "--from", "taro@corp.test", "--to",
                    "out@example.com", str(mail))
    assert "profile strict" not in done.stdout, done.stdout
    assert 'deliver by rule "the rest"' in done.stdout, done.stdout


@test
def the_profile_of_the_site_holds_it_for_everybody():
    mark = samples.token(rng)
    site.settings["scanner"] = {"profile": "strict"}
    site.write_config()
    done = site.cli("reload")
    assert done.returncode == 0, done.stdout + done.stderr
    send(lone(mark, sender="taro@corp.test"))
    assert case_of(mark)["profile"] == "strict"
    done = site.cli("scan", "--json", str(site.dir / "lone.eml"))
    assert json.loads(done.stdout)["profile"] == "strict", done.stdout
    site.settings["scanner"] = {}
    site.write_config()
    assert site.cli("reload").returncode == 0


@test
def monitoring_tells_the_profile():
    mark = samples.token(rng)
    site.settings["general"] = {"mode": "monitor"}
    site.write_config()
    assert site.cli("reload").returncode == 0
    since = len(site.log("milter"))
    send(lone(mark), sender=HR)
    wait_for("the mail", lambda: arrived(mark))
    time.sleep(0.5)
    log = site.log("milter")[since:]
    assert re.search(r"profile=strict action=hold .*rule=personnel .*"
                     r"mode=monitor", log), log
    site.settings["general"] = {}
    site.write_config()
    assert site.cli("reload").returncode == 0


@test
def without_a_scanner_nothing_passes():
    mark = samples.token(rng)
    site.kill("scanner")
    code, _ = site.send(lone(mark), sender=HR)
    assert code == 451, code
    site.start_daemons("scanner")
    send(lone(mark), sender=HR)
    assert case_of(mark)["profile"] == "strict"


if __name__ == "__main__":
    with Site(options.root, mta=options.mta, policy=STRICT) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
