#!/usr/bin/python3
"""Held mail with locked archives, through a real Postfix: passwords that people
type, the search in the background, and what becomes of the mail.

usage: locked_mail.py --root PREFIX [--browser DIRECTORY] [NAME...]
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, PEOPLE, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--browser")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None
APPROVER_UID = PEOPLE[0][5]
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LINK = re.compile(r"https://\S+/m/[0-9a-z]+#[0-9A-Za-z-]+")


def secret(length=12):
    return "".join(rng.choice(LETTERS) for _ in range(length))


def archive(password, text, name="list.csv"):
    """A zip as people make it; Info-ZIP asks for no password twice here."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / name).write_text(text)
        done = subprocess.run(["zip", "-q", "-P", password, "a.zip", name],
                              cwd=place, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return (Path(place) / "a.zip").read_bytes()


def content(number=None):
    lines = [f"{rng.randrange(10**6)},{rng.choice(['佐藤', '鈴木'])},東京都"
             for _ in range(60)]
    if number:
        lines[30] = f"個人番号,{number}"
    return "\n".join(lines) + "\n"


def hold(*archives):
    """A mail of taro's with these archives, and its case."""
    mark = samples.token(rng)
    mail = samples.mail(
        f"資料 {mark}", "お世話になっております。\n資料をお送りします。\n",
        attachments=[(f"資料{i + 1}.zip", "application", "zip", one)
                     for i, one in enumerate(archives)])
    code, text = site.send(mail, sender="taro@corp.test",
                           recipients=("out@example.com",))
    assert code == 250, text
    desk = site.desk("approver1")
    case = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    return mark, case["id"]


def case(case_id, login="approver1"):
    return site.desk(login).case(case_id)


def try_password(case_id, password, login="taro", keep=False):
    return site.desk(login).request(
        "POST", f"/api/v1/cases/{case_id}/unlock",
        {"password": password, "keep": keep})


def settled(case_id):
    """The case once the last password was tried."""
    return wait_for("the result of the password", lambda: next(
        (c for c in [case(case_id)] if c["unlock"]["state"] != "trying"),
        None), 120)


def end_other_searches():
    """The mails of other tests are searched, too, one after another."""
    desk = site.desk("approver1")
    for one in desk.cases("open"):
        if case(one["id"])["unlock"]["search"] == "on":
            desk.request("POST", f"/api/v1/cases/{one['id']}/search",
                         {"step": "pause"})


def events(case_id):
    return [e["event"] for e in case(case_id)["events"]]


def arrived(mark, recipient="out@example.com"):
    return [m for _, m in site.sink.to(recipient) if mark.encode() in m]


def notices(mark):
    """Subjects of what taro was told about this mail."""
    found = []
    for _, mail in site.sink.to("taro@corp.test"):
        parsed = message_from_bytes(mail, policy=policy.default)
        if mark in str(parsed["subject"]):
            found.append(str(parsed["subject"]))
    return found


def nowhere(*words):
    """These words stand in no log, row, page or file of the site."""
    for path in [*site.logs.rglob("*"), *site.state.rglob("*")]:
        if path.is_file():
            data = path.read_bytes()
            for word in words:
                assert word.encode() not in data, f"{word} in {path}"
    listed = site.cli("audit", "list", "--json", uid=ADMIN_UID)
    assert listed.returncode == 0, listed.stderr
    for word in words:
        assert word not in listed.stdout, f"{word} in the audit log"


@test
def a_typed_password_opens_it_and_the_policy_lets_it_pass():
    word = secret()
    mark, case_id = hold(archive(word, content()))
    shown = case(case_id)
    assert shown["verdict"] == "unscannable", shown
    assert shown["unlock"]["locked"] == 1, shown
    assert shown["locks"][0]["kind"] == "zip: ZipCrypto", shown["locks"]
    started = time.monotonic()
    wrong = secret()
    assert try_password(case_id, wrong)[0] == 202
    assert settled(case_id)["unlock"]["state"] == "closed"
    assert try_password(case_id, word)[0] == 202
    wait_for("the mail at its recipient", lambda: arrived(mark), 30)
    print(f"   {time.monotonic() - started:.1f} s", flush=True)
    shown = case(case_id)
    assert shown["unlock"]["state"] == "opened", shown
    assert shown["locks"][0]["source"] == "sender", shown["locks"]
    said = events(case_id)
    assert said.count("pass") == 1 and "approve" not in said, said
    wait_for("the notice", lambda: any(
        "再開" in s for s in notices(mark)), 20)
    nowhere(word, wrong)


@test
def what_is_found_behind_the_lock_waits_for_an_approver():
    word = secret()
    number = mynumber.my_number(rng)
    mark, case_id = hold(archive(word, content(number)))
    assert try_password(case_id, word, "approver1")[0] == 202
    shown = settled(case_id)
    assert shown["unlock"]["state"] == "opened", shown
    assert shown["verdict"] == "found" and shown["state"] == "held", shown
    assert shown["locks"][0]["source"] == "given", shown["locks"]
    assert shown["findings"][0]["masked"].endswith(number[-4:]), shown
    wait_for("the notice", lambda: any(
        "開けました" in s for s in notices(mark)), 20)
    listed = site.cli("hold", "show", case_id, uid=APPROVER_UID)
    assert "zip: ZipCrypto (a password that was given)" in listed.stdout, listed
    # What could not be seen is in the preview now.
    desk = site.desk("approver1")
    wait_for("the preview", lambda: "東京都" in desk.request(
        "GET", f"/cases/{case_id}", headers={"Accept": "text/html"})[1], 30)
    assert not arrived(mark)
    # Checked again it is open still: what fits is known to the vault.
    assert desk.request("POST", f"/api/v1/cases/{case_id}/rescan")[0] == 202
    wait_for("the new report", lambda: "rescanned" in events(case_id), 30)
    assert case(case_id)["unlock"]["locked"] == 0
    nowhere(word, number)


@test
def half_open_is_not_open():
    words = secret(), secret()
    mark, case_id = hold(archive(words[0], content()),
                         archive(words[1], content(), "second.csv"))
    assert try_password(case_id, words[0])[0] == 202
    shown = settled(case_id)
    assert shown["unlock"]["opened"] == 1, shown["unlock"]
    assert shown["unlock"]["locked"] == 1, shown["unlock"]
    assert shown["state"] == "held" and "pass" not in events(case_id)
    assert try_password(case_id, words[1])[0] == 202
    wait_for("the mail at its recipient", lambda: arrived(mark), 30)
    assert case(case_id)["locks"][0]["opened"]
    nowhere(*words)


@test
def passwords_are_not_tried_without_end_nor_by_anybody():
    _, case_id = hold(archive(secret(), content()))
    assert try_password(case_id, "x", "auditor1")[0] == 403
    assert try_password(case_id, "")[0] == 400
    assert try_password(case_id, "x" * 300)[0] == 400
    answers = [try_password(case_id, f"guess-{i}")[0] for i in range(11)]
    assert answers[:10] == [202] * 10, answers
    assert answers[10] == 503, answers
    settled(case_id)


@test
def a_password_is_given_on_the_command_line():
    word, wrong = secret(), secret()
    mark, case_id = hold(archive(word, content()))
    command = ("hold", "unlock", "--password-stdin", case_id)
    done = site.cli(*command, uid=APPROVER_UID, input=wrong + "\n")
    assert done.returncode == 1 and "opens nothing" in done.stdout, done
    done = site.cli(*command, uid=APPROVER_UID, input=word + "\n")
    assert done.returncode == 0 and "still locked: 0" in done.stdout, done
    assert site.cli(*command, uid=ADMIN_UID, input=word + "\n").returncode
    assert case(case_id)["locks"][0]["source"] == "given", case(case_id)
    wait_for("the mail at its recipient", lambda: arrived(mark), 60)
    nowhere(word, wrong)


@test
def the_search_goes_on_where_it_was_when_the_courier_dies():
    end_other_searches()
    _, case_id = hold(archive(secret(14), content()))
    desk = site.desk("approver1")

    def search():
        return case(case_id)["unlock"]

    first = wait_for("the first slice", lambda: next(
        (s for s in [search()] if s["search_tried"] > 0), None), 240)
    site.kill("courier", signal.SIGKILL)
    site.start_daemons("courier")
    second = wait_for("the next slice", lambda: next(
        (s for s in [search()] if s["search_tried"] > first["search_tried"]),
        None), 240)
    assert second["search_left_ms"] < first["search_left_ms"]
    assert second["search_rate"] > 1000, second
    # Nobody waits for it: other mail is held, noticed, approved and sent.
    mark = samples.token(rng)
    site.send(samples.in_body(mark, mynumber.my_number(rng)),
              sender="taro@corp.test", recipients=("out@example.com",))
    other = wait_for("the case", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    started = time.monotonic()
    assert desk.decide(other["id"], "approve")[0] == 200
    wait_for("the mail", lambda: arrived(mark), 120)
    assert search()["search"] == "on"
    print(f"   sent after {time.monotonic() - started:.1f} s", flush=True)
    for login, step, want in (("taro", "pause", 403), ("approver1", "pause", 204),
                              ("approver1", "resume", 204),
                              ("approver1", "pause", 204)):
        status, answer = site.desk(login).request(
            "POST", f"/api/v1/cases/{case_id}/search", {"step": step})
        assert status == want, (login, step, status, answer)
    assert search()["search"] == "paused"


@test
def the_search_finds_what_is_short():
    end_other_searches()
    word = str(rng.randrange(10**6, 10**7))
    mark, case_id = hold(archive(word, content(mynumber.my_number(rng))))
    shown = wait_for("the search's end", lambda: next(
        (c for c in [case(case_id)] if c["unlock"]["locked"] == 0), None), 240)
    assert shown["locks"][0]["source"] in ("search", "text"), shown["locks"]
    assert shown["unlock"]["search_tried"] == 0, shown["unlock"]
    assert shown["state"] == "held"
    nowhere(word)
    assert not arrived(mark)


def browse(task, shape, *words):
    done = subprocess.run(
        ["node", "locks.mjs", f"https://127.0.0.1:{site.desk_port}", task,
         shape, os.environ.get("SEKIMORI_SHOTS", "")],
        input="\n".join(words) + "\n", text=True, cwd=options.browser,
        capture_output=True, check=False, timeout=180)
    assert done.returncode == 0, f"{task}: {done.stdout}{done.stderr}"


def link_of(mark):
    def look():
        for _, mail in site.sink.to("taro@corp.test"):
            parsed = message_from_bytes(mail, policy=policy.default)
            body = parsed.get_body(("plain",))
            text = body.get_content() if body else ""
            if mark in str(parsed["subject"]) and LINK.search(text):
                return LINK.search(text)[0]
        return None
    return wait_for(f"a link about {mark}", look)


if options.browser:
    @test
    def a_sender_opens_it_on_the_page_of_the_notice():
        for shape in ("wide", "phone"):
            word = secret()
            wrong = secret()
            mark, case_id = hold(archive(word, content()))
            browse("unlock", shape, link_of(mark), wrong, word)
            wait_for("the mail at its recipient", lambda: arrived(mark), 30)
            assert "pass" in events(case_id)
            nowhere(word, wrong)

    @test
    def the_page_shows_how_far_the_search_is():
        mark, case_id = hold(archive(secret(14), content()))
        browse("search", "wide", link_of(mark))
        status, _ = site.desk("approver1").request(
            "POST", f"/api/v1/cases/{case_id}/search", {"step": "pause"})
        assert status == 204, status

    @test
    def without_script_it_takes_a_look_again():
        word = secret()
        mark, _ = hold(archive(word, content()))
        browse("noscript", "phone", link_of(mark), word)
        wait_for("the mail at its recipient", lambda: arrived(mark), 30)


if __name__ == "__main__":
    with Site(options.root) as site:
        status = runner.main(options.only)
    sys.exit(status)
