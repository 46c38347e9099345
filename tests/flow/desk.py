#!/usr/bin/python3
"""What the desk's pages do by themselves, in a real browser.

usage: desk.py --root PREFIX --browser DIRECTORY [NAME...]

A held mail appears on the open page, two taps on one place approve nothing,
a number is shown once and stays nowhere.
"""

import argparse
import os
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import PASSWORD, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--browser", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None
SHOTS = os.environ.get("SEKIMORI_SHOTS", "")


def browse(script, *words):
    return subprocess.Popen(
        ["node", script, f"https://127.0.0.1:{site.desk_port}", *words],
        cwd=options.browser, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ends_well(browser, secrets=None):
    try:
        said, wrong = browser.communicate(secrets, timeout=300)
    finally:
        browser.kill()
        browser.wait()
    assert browser.returncode == 0, said + wrong


def send(mark, number):
    code, text = site.send(
        f"X-Test-Token: {mark}\r\n".encode() + samples.in_xlsx(mark, number))
    assert code == 250, text


def hold(number=None):
    mark = samples.token(rng)
    send(mark, number or mynumber.my_number(rng))
    desk = site.desk("approver1")
    return wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))


def wait_at_page(script, *words):
    """The script has signed in and waits for something to happen."""
    browser = browse(script, *words)
    browser.stdin.write(PASSWORD + "\n")
    browser.stdin.close()
    browser.stdin = None
    said = browser.stdout.readline()
    if said != "ready\n":
        ends_well(browser)
    return browser


@test
def a_new_case_appears_on_the_open_page():
    for shape in ("wide", "phone"):
        mark = samples.token(rng)
        browser = wait_at_page("live.mjs", "approver1", mark, shape, SHOTS)
        send(mark, mynumber.my_number(rng))
        ends_well(browser)


@test
def who_else_is_looking_is_told_on_the_open_page():
    case = hold()
    browser = wait_at_page("looking.mjs", "approver1", case["id"], "承認 次郎",
                           SHOTS)
    site.desk("approver2").case(case["id"])
    ends_well(browser)


@test
def a_decision_of_another_is_told_on_the_open_page():
    case = hold()
    browser = wait_at_page("meanwhile.mjs", "approver1", case["id"], "wide",
                           SHOTS)
    status, answer = site.desk("approver2").decide(case["id"], "approve")
    assert status == 200, (status, answer)
    ends_well(browser)


@test
def an_approval_takes_two_places_of_the_screen():
    case = hold()
    ends_well(browse("touch.mjs", "approver1", case["id"], SHOTS),
              PASSWORD + "\n")
    wait_for("the release", lambda: site.desk("approver1").case(
        case["id"])["state"] == "released")


@test
def every_page_is_accessible_and_fits_its_screen():
    case = hold()
    ends_well(browse("shots.mjs", case["id"], SHOTS or "-"))


@test
def a_number_is_shown_once_and_stays_nowhere():
    status, answer = site.desk("admin1").request("POST", "/api/v1/users", {
        "change": "create", "login": "handler1", "name": "取扱 五郎",
        "roles": ["sender", "approver", "handler"], "groups": "hr",
        "addresses": "handler1@corp.test", "password": PASSWORD})
    assert status in (200, 201), (status, answer)
    number = mynumber.my_number(rng)
    case = hold(number)
    ends_well(browse("reveal.mjs", "handler1", case["id"], "phone", SHOTS),
              f"{PASSWORD}\n{number}\n")
    events = [event for event in site.desk("approver1").case(
        case["id"])["events"] if event["actor"] == "handler1"]
    assert any(event["event"].startswith("reveal") for event in events), events
    kept = [path for path in site.dir.rglob("*") if path.is_file() and
            number.encode() in path.read_bytes()]
    assert not kept, kept


if __name__ == "__main__":
    with Site(options.root) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
