#!/usr/bin/python3
"""Locks through a real Postfix: what opens them, and who sees their passwords.

usage: locks.py --root PREFIX [--mta postfix|sendmail] [--soak] [NAME...]

Archives and documents are made by Info-ZIP, 7-Zip, bsdtar, qpdf and
LibreOffice; passwords are random.
"""

import argparse
import email
import email.policy
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import locked  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("--soak", action="store_true")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

rng = random.Random()
site = None
LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
APPROVER_UID = 64201


def password():
    """Nothing that any list, mask or template has."""
    return "".join(rng.choice(LETTERS) for _ in range(5)) + "#7" + "".join(
        rng.choice(LETTERS) for _ in range(5))


def numbers():
    return (f"氏名,{samples.LABEL},部署\r\n山田太郎,"
            f"{mynumber.my_number(rng)},総務部\r\n")


def one_recipient():
    return f"{samples.token(rng)[6:]}@example.com"


def send(mark, subject, body, files=(), **kwargs):
    mail = samples.mail(f"{subject} {mark}", body, attachments=[
        (name, "application", "octet-stream", content)
        for name, content in files])
    code, text = site.send(f"X-Test-Token: {mark}\r\n".encode() + mail,
                           **kwargs)
    assert code == 250, (code, text)


def case_of(mark):
    desk = site.desk("approver1")
    line = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("all") if mark in c["subject"]), None))
    return desk.case(line["id"])


def opened(mark, seconds=30):
    return wait_for(f"the lock of {mark} opened", lambda: next(
        (c for c in [case_of(mark)] if c["number_count"] == 1), None), seconds)


def notices(case_id):
    """Subjects and texts of what was said about a case."""
    said = []
    for envelope, mail in site.sink.mails():
        made = email.message_from_bytes(mail, policy=email.policy.default)
        if envelope["mail_from"] != "":
            continue
        text = str(made["Subject"]) + "".join(
            part.get_content() for part in made.walk()
            if part.get_content_maintype() == "text")
        if case_id in text:
            said.append(text)
    return said


def places(case_id, login="approver1"):
    """All that people see of a case: where, text."""
    desk = site.desk(login)
    for path in (f"/cases/{case_id}", "/cases", "/"):
        yield path, str(desk.request("GET", path,
                                     headers={"Accept": "text/html"})[1])
    for path in (f"/api/v1/cases/{case_id}", "/api/v1/cases"):
        yield path, str(desk.request("GET", path)[1])
    for argv in (("hold", "show", case_id), ("hold", "list"),
                 ("hold", "show", "--json", case_id),
                 ("hold", "list", "--json")):
        done = site.cli(*argv, uid=APPROVER_UID)
        yield " ".join(argv), done.stdout + done.stderr
    done = site.cli("audit", "list", "--json", "--limit", "200", uid=ADMIN_UID)
    yield "audit", done.stdout
    for text in notices(case_id):
        yield "notice", text
    for log in site.logs.rglob("*"):
        if log.is_file():
            yield log.name, log.read_text(errors="replace")


def assert_not_shown(case_id, secret):
    seen = 0
    for where, text in places(case_id):
        assert secret.lower() not in text.lower(), where
        seen += case_id in text
    # The pages, the interface and both commands have the case at all.
    assert seen >= 5, seen


@test
def no_page_shows_a_password_that_the_mail_says():
    """In the subject, the name, a member's name, the body, quoted."""
    talks = []
    for where in ("subject", "name", "member", "body", "quoted", "alone"):
        secret, mark, to = password(), samples.token(rng), one_recipient()
        name = f"資料_PW_{secret}.zip" if where == "name" else "資料.zip"
        subject = {"subject": f"資料 PW：{secret}", "alone": f"資料 {secret}",
                   }.get(where, "資料")
        body = {"body": f"パスワードは{secret}です\n{samples.LABEL} "
                        f"{mynumber.my_number(rng)} {secret}\n",
                "quoted": f"承知しました。\n> パスワード：{secret}\n",
                "member": f"パスワードは中のファイル名です。{secret}\n",
                }.get(where, "お送りします\n")
        inner = (locked.infozip(secret, numbers()) if where != "member" else
                 locked.seven(secret, numbers(), ["-tzip", "-mem=AES256"],
                              f"{secret}.zip"))
        if where == "member":
            name = f"{secret}.zip"
        send(mark, subject, body, [(name, inner)], recipients=(to,))
        talks.append((where, mark, secret))
    for where, mark, secret in talks:
        case = case_of(mark)
        assert case["number_count"] == (2 if where == "body" else 1), where
        assert all(lock["opened"] for lock in case["locks"]), where
        wait_for("the notice", lambda: notices(case["id"]))
        assert_not_shown(case["id"], secret)


@test
def nor_one_that_another_mail_brought():
    """It stands in the held mail, and nobody could know that it is one."""
    secret, mark, to = password(), samples.token(rng), one_recipient()
    after = samples.token(rng)
    # In a subject a word without digits is no candidate by itself.
    send(mark, f"資料（{secret[:5]}）", "お送りします\n",
         [(f"一覧（{secret[:5]}）.zip", locked.seven(
             secret[:5], numbers(), ["-tzip", "-mem=AES256"], "a.zip"))],
         recipients=(to,))
    send(after, "ご連絡", f"パスワードは「{secret[:5]}」です\n",
         recipients=(to,))
    case = opened(mark)
    wait_for("the notice", lambda: notices(case["id"]))
    assert_not_shown(case["id"], secret[:5])


@test
def a_scan_on_the_command_line_shows_none():
    secret = password()
    mail = samples.mail(f"資料 PW：{secret}", "お送りします\n", attachments=[
        (f"{secret}.zip", "application", "zip",
         locked.infozip(secret, numbers()))])
    path = site.dir / "one.eml"
    path.write_bytes(mail)
    for argv in (("scan", path), ("scan", "--json", path),
                 ("scan", "--explain", path), ("scan", "--preview", path)):
        done = site.cli(*map(str, argv))
        assert secret not in done.stdout + done.stderr, (argv, done.stdout)
        assert "********" in done.stdout or argv[1] == path, done.stdout
    done = site.cli("scan", "--preview", "--reveal", str(path))
    assert secret in done.stdout


def main():
    global site
    with Site(options.root, mta=options.mta, settings={
            # Only words may open something here.
            "vault": {"unlock_search": "0s"},
            "scanner": {"unlock": "600ms"}}) as site:
        return runner.main(options.only)


if __name__ == "__main__":
    sys.exit(main())
