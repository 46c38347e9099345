#!/usr/bin/python3
"""Every notice as "sekimori notice preview" makes it: read by other programs.

usage: notices.py --root DIR [--browser DIR] [NAME…]
"""

import argparse
import email
import email.policy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

import runner  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--browser")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

SEKIMORI = Path(options.root) / "bin" / "sekimori"
DESK = "https://desk.example.co.jp"
PORTAL = "https://files.example.co.jp"
KINDS = ("held-sender held-approver companion-sender "
         "waiting-sender reminder-approver commented-approver entry-sender unlocked-sender passed-sender "
         "approved-sender delivered-sender "
         "failed-sender bounced-sender link-asked-approver linked-sender "
         "link-recipient link-code-recipient link-reminder-recipient "
         "link-receipt-sender link-frozen-sender link-failed-sender "
         "link-ended-sender "
         "returned-sender expired-sender "
         "cancelled-sender").split()
NAMES = [f"{kind}-{language}" for kind in KINDS for language in ("ja", "en")]
CONF = """
general {
	local_domains = { "example.co.jp" }
	host_name = "mail.example.co.jp"
	postmaster = "postmaster@example.co.jp"
}
courier {
	notice_sender = "sekimori@example.co.jp"
	notice_name = "関守, 総務部"
	%s
}
desk { url = "%s" }
policy { rule "all" { action = deliver } }
"""
place = Path(tempfile.mkdtemp(prefix="notices-"))
made = place / "made"


def sekimori(*argv, own=None, zone="Asia/Tokyo"):
    conf = place / "sekimori.conf"
    conf.write_text(CONF % (f'notices = "{own}"' if own else "", DESK))
    return subprocess.run([SEKIMORI, "--config", conf, *argv], text=True,
                          capture_output=True, check=False, timeout=60,
                          env={**os.environ, "TZ": zone})


def text_of(name, form):
    return (made / f"{name}.{form}").read_text()


def body_of(message, form):
    return message.get_body((form,)).get_content().replace("\r\n", "\n")


@test
def all_are_made():
    got = sekimori("notice", "preview", "--all", str(made))
    assert got.returncode == 0, got.stderr
    assert sorted(p.name for p in made.iterdir()) == sorted(
        f"{n}.{form}" for n in NAMES for form in ("txt", "html", "eml"))
    listed = sekimori("notice", "list").stdout.splitlines()
    assert [re.sub(r" +to the ", "-", line) for line in listed] == KINDS


@test
def other_programs_read_the_mails():
    ids = set()
    for name in NAMES:
        mail = (made / f"{name}.eml").read_bytes()
        message = email.message_from_bytes(mail, policy=email.policy.default)
        parts = list(message.walk())
        assert not [p.defects for p in parts if p.defects], name
        assert [p.get_content_type() for p in parts] == [
            "multipart/alternative", "text/plain", "text/html"], name
        assert text_of(name, "txt") == \
            f"{message['Subject']}\n\n{body_of(message, 'plain')}", name
        assert text_of(name, "html") == body_of(message, "html"), name
        assert message["From"].addresses[0].display_name == "関守, 総務部"
        outside = "recipient" in name
        assert message["To"].addresses[0].domain == \
            ("example.com" if outside else "example.co.jp"), name
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["X-Auto-Response-Suppress"] == "All"
        assert "Precedence" not in message
        assert message["References"] == message["In-Reply-To"]
        assert message["Content-Language"] == name[-2:]
        assert outside == (message["References"] is None), name
        if not outside:
            ids.add(message["References"])
        longest = max(len(line) for line in mail.split(b"\r\n"))
        assert longest <= 78 and mail.isascii(), (name, longest)
        assert b"\n" not in mail.replace(b"\r\n", b""), name
    assert len(ids) == 1, ids


@test
def nothing_is_left_unfilled_and_languages_do_not_mix():
    kana = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
    for name in NAMES:
        text = text_of(name, "txt")
        assert "{" not in text and "}" not in text, name
        body = text.split("\n\n-- \n")[0]
        assert bool(kana.search(body)) == name.endswith("ja"), name
        assert max(len(line) for line in text.splitlines()
                   if PORTAL not in line) < 120, name


@test
def the_html_is_whole_and_asks_nobody_for_anything():
    for name in NAMES:
        html = text_of(name, "html")
        tree = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>"))
        tags = {node.tag for node in tree.iter()}
        assert not tags & {"img", "script", "link", "iframe", "form", "input",
                           "object", "base", "svg"}, (name, tags)
        links = [n.get("href") for n in tree.iter("a")]
        kind = name[:-3]
        wanted = [PORTAL] if kind == "link-recipient" \
            else [] if "recipient" in kind \
            else [DESK, PORTAL] if kind == "linked-sender" else [DESK]
        assert len(links) == len(wanted) and all(
            link.startswith(host + "/")
            for link, host in zip(links, wanted)), (name, links)
        for host in re.findall(r"https?://[^/<\"]*", html):
            assert host in (DESK, PORTAL), (name, host)
            assert host == PORTAL or "recipient" not in kind, name
        assert "url(" not in html and "@import" not in html, name
        assert not [a for n in tree.iter() for a in n.attrib
                    if a.startswith("on") or a in ("src", "background")], name
        assert len(html.encode()) < 30000, (name, len(html))


@test
def both_forms_say_the_same():
    for name in NAMES:
        tree = ElementTree.fromstring(
            text_of(name, "html").removeprefix("<!DOCTYPE html>"))
        for node in tree.iter("br"):
            node.text = "\n"
        html = "".join(tree.find("body").itertext())
        text = text_of(name, "txt")
        squeeze = re.compile(r"[\s　■・>:-]+")
        words = squeeze.sub("", html.replace(chr(160), ""))
        for line in text.split("\n\n", 1)[1].splitlines():
            line = squeeze.sub("", line)
            if line.startswith("https//"):
                continue  # a button's link
            assert line in words, (name, line)


@test
def a_sender_can_sign_in_and_an_approver_gets_no_code():
    for name in NAMES:
        text = text_of(name, "txt")
        if "recipient" in name:
            assert DESK not in text and "SAMP" not in text, name
        elif "-sender-" in name:
            assert f"{DESK}/m/sampleonly#SAMP-LECO-DEXX-XXYZ\n" in text, name
            assert text.count("SAMP-LECO-DEXX-XXYZ") == 2, name
        else:
            assert f"{DESK}/cases/" in text and "SAMP" not in text, name


@test
def the_deadline_has_a_weekday():
    assert "11月24日(火) 17:00まで" in text_of("held-sender-ja", "txt")
    assert "Tue 24 Nov, 17:00 JST" in text_of("held-approver-en", "txt")


@test
def a_company_has_its_own_words():
    own = place / "own"
    (own / "ja").mkdir(parents=True)
    file = own / "ja" / "held-sender.txt"
    file.write_text("<b>社内</b> {subject}\n\n<i>{person}</i> さん\n")
    got = sekimori("notice", "preview", "--format", "html", own=own)
    assert "&lt;i&gt;山田 太郎&lt;/i&gt; さん" in got.stdout, got.stderr
    assert "<i>" not in got.stdout
    got = sekimori("notice", "preview", "--event", "entry", own=own)
    assert "新しい確認コード" in got.stdout, got.stderr
    file.write_text("件\n\n{persn} さん\n")
    got = sekimori("notice", "list", own=own)
    assert got.returncode != 0
    assert f"{file}:3: unknown name {{persn}}" in got.stderr, got.stderr
    got = sekimori("check-config", own=own)
    assert got.returncode == 78, got
    assert f"{file}:3: unknown name {{persn}}" in got.stderr, got.stderr


@test
def wrong_options_are_named():
    for argv in (["--event", "hold"], ["--audience", "nobody"],
                 ["--lang", "fr"], ["--format", "pdf"], ["more"]):
        got = sekimori("notice", "preview", *argv)
        assert got.returncode == 64 and got.stderr, (argv, got)


@test
def every_notice_looks_right_in_a_browser():
    if not options.browser:
        raise runner.Skip("no browser")
    shots = os.environ.get("SEKIMORI_SHOTS", "")
    got = subprocess.run(["node", "notices.mjs", made, *filter(None, [shots])],
                         cwd=options.browser, text=True, check=False,
                         capture_output=True, timeout=280)
    assert got.returncode == 0, got.stdout[-3000:] + got.stderr[-1000:]


if __name__ == "__main__":
    try:
        code = runner.main(options.only)
    finally:
        shutil.rmtree(place)
    sys.exit(code)
