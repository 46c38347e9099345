#!/usr/bin/python3
"""What the shipped policy does with pictures, which are not read.

usage: pictures.py --root PREFIX [NAME...]

One site with a private Postfix and the policy of conf/sekimori.conf.
"""

import argparse
import base64
import io
import json
import random
import re
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                       "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
SHIPPED = (TOP / "conf" / "sekimori.conf").read_text()
POLICY = SHIPPED[SHIPPED.index("\npolicy {"):].replace('"approvers"', '"hr"')
PICTURE = ("photo.png", "image", "png", PNG)

rng = random.Random()
site = None


def send(mark, *attachments, text="写真をお送りします。\n"):
    """Its line in the log."""
    since = len(site.log("milter"))
    mail = samples.mail(f"写真 {mark}", text, attachments=attachments)
    code, said = site.send(f"X-Test-Token: {mark}\r\n".encode() + mail)
    assert code == 250, (code, said)
    return wait_for("the log line", lambda: next(iter(re.findall(
        r"^.* message queue_id=.* ms=.*$", site.log("milter")[since:], re.M)), None))


def arrived(mark):
    return wait_for("the mail", lambda: [
        m for _, m in site.sink.to("out@example.com") if mark.encode() in m])


def is_held(mark):
    desk = site.desk("approver1")
    line = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    assert not [m for _, m in site.sink.to("out@example.com")
                if mark.encode() in m]
    return desk.case(line["id"])


@test
def a_mail_in_which_only_a_picture_was_not_read_leaves():
    mark = samples.token(rng)
    line = send(mark, PICTURE)
    arrived(mark)
    assert "verdict=unscannable" in line and "unread=image " in line, line
    assert 'rule="pictures may leave"' in line, line
    assert "action=deliver" in line, line


@test
def pictures_inside_documents_and_archives_are_such_too():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", PNG)
        archive.writestr("b.txt", "見本です。")
    for attachment in (
            ("photos.zip", "application", "zip", packed.getvalue()),
            ("scan.pdf", "application", "pdf",
             (TOP / "tests/data/pdf/picture.pdf").read_bytes()),
            ("a.odt", "application", "octet-stream",
             (TOP / "tests/data/everyday/letter0.odt").read_bytes())):
        mark = samples.token(rng)
        line = send(mark, attachment)
        arrived(mark)
        assert "unread=image " in line, (attachment[0], line)


@test
def one_part_more_that_was_not_read_makes_it_wait():
    mark = samples.token(rng)
    # Of a kind whose passwords are not tried.
    locked = (TOP / "tests/data/archive/locked5.rar").read_bytes()
    line = send(mark, PICTURE, ("a.rar", "application", "vnd.rar", locked))
    case = is_held(mark)
    assert re.search(r"unread=(image,locked|locked,image) ", line), line
    assert {one["reason"] for one in case["unscannable"]} == {"image", "locked"}


@test
def a_number_beside_a_picture_makes_it_wait():
    mark = samples.token(rng)
    number = mynumber.my_number(rng)
    line = send(mark, PICTURE, text=f"個人番号：{number}\n")
    case = is_held(mark)
    assert case["verdict"] == "found", case["verdict"]
    assert "unread=image " in line and number not in line, line


@test
def a_mail_that_was_read_names_no_reason():
    mark = samples.token(rng)
    line = send(mark)
    arrived(mark)
    assert "verdict=clean" in line and "unread=" not in line, line


def doctor():
    """What doctor says of pictures."""
    done = site.cli("doctor", "--json")
    return [one for one in json.loads(done.stdout)["checks"]
            if one["check"] == "pictures"]


@test
def the_doctor_says_so_and_names_the_rule():
    said, = doctor()
    assert said["state"] == "note", said
    assert "pictures may leave" in said["detail"], said
    done = site.cli("doctor")
    assert "pictures may leave" in done.stdout, done.stdout


@test
def without_the_rule_they_wait_and_the_doctor_is_content():
    text = site.config.read_text()
    start = text.index('\trule "pictures may leave"')
    end = text.index("\n\t}\n", start) + 4
    site.config.write_text(text[:start] + text[end:])
    try:
        done = site.cli("reload")
        assert done.returncode == 0, done.stdout + done.stderr
        time.sleep(0.5)
        mark = samples.token(rng)
        send(mark, PICTURE)
        is_held(mark)
        said, = doctor()
        assert said["state"] == "ok", said
    finally:
        site.config.write_text(text)
        site.cli("reload")


if __name__ == "__main__":
    with Site(options.root, policy=POLICY) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
