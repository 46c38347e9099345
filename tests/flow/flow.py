#!/usr/bin/python3
"""The whole path through a real MTA.

usage: flow.py --root PREFIX [--mta postfix|sendmail] [--under COMMAND] [NAME...]

Runs the tests whose names hold one of NAME (default: all) at one site.
"""

import argparse
import random
import re
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from portal_client import CODE, Portal, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("--browser", default="")
arguments.add_argument("--under", default="",
                       help="run the programs under this, such as valgrind -q")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

rng = random.Random()
site = None
planted = []  # every number that went in


def number():
    planted.append(mynumber.my_number(rng))
    return planted[-1]


def held(mark, login="approver1", seconds=20):
    """The one undecided case of this mail, as the desk shows it."""
    desk = site.desk(login)

    def look():
        found = [c for c in desk.cases("open") if mark in c["subject"]]
        return found[0] if found else None
    line = wait_for(f"the case of {mark}", look, seconds)
    return desk.case(line["id"])


def cases_of(mark, login="approver1"):
    return [c for c in site.desk(login).cases("all") if mark in c["subject"]]


def arrived(mark, recipient="out@example.com", seconds=20):
    wait_for(f"{mark} at {recipient}",
             lambda: any(mark.encode() in m for _, m in site.sink.to(recipient)),
             seconds)
    return [(e, m) for e, m in site.sink.to(recipient) if mark.encode() in m]


def stays_away(mark, recipient="out@example.com", seconds=2.0):
    time.sleep(seconds)
    return not [1 for _, m in site.sink.to(recipient) if mark.encode() in m]


def send(mail, **kwargs):
    code, text = site.send(mail, **kwargs)
    assert code == 250, (code, text)


# The subject of a UTF-8 mail is encoded; the token is looked for in the
# decoded one at the desk and in a field of its own in the bytes.
def marked(mail, mark):
    return f"X-Test-Token: {mark}\r\n".encode() + mail


@test
def a_clean_mail_arrives_unchanged():
    mark = samples.token(rng)
    mail = marked(samples.clean(mark, message_id=f"<{mark}@pc.corp.test>"), mark)
    send(mail)
    _, got = arrived(mark)[0]
    body = got[got.index(b"X-Test-Token:"):]
    assert body == mail, (body[:300], mail[:300])
    assert not cases_of(mark)


@test
def numbers_are_held_wherever_they_stand():
    made = {}
    for kind in (samples.in_body, samples.in_xlsx, samples.in_zip):
        mark = samples.token(rng)
        made[mark] = kind
        send(marked(kind(mark, number()), mark))
    for mark, kind in made.items():
        case = held(mark)
        assert case["number_count"] == 1, (kind.__name__, case)
        assert case["state"] == "held"
    assert all(stays_away(mark, seconds=0.7) for mark in made)


@test
def one_notice_each_to_sender_and_approvers():
    mark = samples.token(rng)
    before = len(site.sink.mails())
    send(marked(samples.in_body(mark, number()), mark))
    case = held(mark)
    people = ["taro@corp.test", "approver1@corp.test", "approver2@corp.test"]

    def notices():
        return [(e, m) for e, m in site.sink.mails()[before:]
                if e["mail_from"] == "" and case["id"].encode() in m
                or e["mail_from"] == "" and mark.encode() in decoded(m)]
    wait_for("three notices", lambda: len(notices()) >= 3)
    time.sleep(2)
    got = sorted(r for e, _ in notices() for r in e["rcpt_to"])
    assert got == sorted(people), got
    for envelope, mail in notices():
        assert re.search(rb"^Auto-Submitted: auto-generated\r$", mail, re.M)
        assert len(envelope["rcpt_to"]) == 1
        has_both_forms(mail, case["id"], mark)
        signs_in = re.search(r"/m/[0-9a-z]+#[0-9A-Z-]+\r?\n",
                             decoded(mail).decode())
        assert bool(signs_in) == (envelope["rcpt_to"] == people[:1]), envelope
    ids = [parsed(m)["Message-Id"] for _, m in notices()]
    assert len(set(ids)) == len(people), ids
    assert len({parsed(m)["References"] for _, m in notices()}) == 1


def parsed(mail):
    import email
    import email.policy
    return email.message_from_bytes(mail, policy=email.policy.default)


def has_both_forms(mail, case_id, mark):
    """Text and HTML, complete each by itself."""
    message = parsed(mail)
    assert message.get_content_type() == "multipart/alternative"
    assert not message.defects, message.defects
    kinds = [p.get_content_type() for p in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"], kinds
    for part in message.iter_parts():
        text = part.get_content()
        assert not part.defects, part.defects
        for words in (mark, case_id, "out@example.com", f"https://127.0.0.1:{site.desk_port}"):
            assert words in text, (part.get_content_type(), words)
    assert "<a href=" in message.get_body(("html",)).get_content()


def decoded(mail):
    message = parsed(mail)
    parts = [message["Subject"] or ""]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            parts.append(part.get_content())
    return "\n".join(parts).encode()


@test
def approval_delivers_once_byte_for_byte():
    mark = samples.token(rng)
    mail = marked(samples.in_xlsx(mark, number(),
                                  message_id=f"<{mark}@pc.corp.test>"), mark)
    send(mail, recipients=["out@example.com", "two@example.org"])
    case = held(mark)
    status, answer = site.desk("approver1").decide(case["id"], "approve",
                                                   purpose="社会保険")
    assert status == 200, (status, answer)
    for recipient in ("out@example.com", "two@example.org"):
        _, got = arrived(mark, recipient)[0]
        assert got[got.index(b"X-Test-Token:"):] == mail
        assert b"X-Sekimori" not in got
    wait_for("the end of the case", lambda: site.desk("approver1").case(
        case["id"])["state"] == "released")
    time.sleep(2)
    assert len(arrived(mark)) == 1
    assert len(arrived(mark, "two@example.org")) == 1
    after = site.desk("approver1").case(case["id"])
    assert {r["outcome"] for r in after["recipients"]} == {"delivered"}


@test
def a_file_goes_as_a_link():
    """Through either MTA: the link mail, the code to the mailbox, the file."""
    mark, to = samples.token(rng), f"{samples.token(rng)}@example.net"
    send(marked(samples.in_xlsx(mark, number()), mark), recipients=[to])
    status, answer = site.desk("approver1").decide(held(mark)["id"], "link",
                                                   purpose="社会保険")
    assert status == 200, answer
    _, mail = arrived(mark, to)[0]
    assert b"spreadsheetml" not in mail
    path, code = link_of(mail)
    portal = Portal(site)
    portal.get(path)
    assert portal.submit(path, code=code)[0] == 200
    assert portal.submit("/code")[0] == 200
    found = wait_for("the code", lambda: next(
        (CODE.search(text_of(m)) for _, m in site.sink.to(to)
         if mark.encode() not in m), None))
    assert portal.submit("/prove", code=found[1])[0] == 200
    assert portal.first_file().startswith(b"PK\3\4")


@test
def the_sender_cannot_approve():
    def refused(**how):
        mark = samples.token(rng)
        sender = how.pop("sender", "taro@corp.test")
        header = how.pop("header", sender)
        send(marked(samples.in_body(mark, number(), sender=header), mark),
             sender=sender, **how)
        case = held(mark)
        desk = site.desk("taro")
        status, answer = desk.decide(case["id"], "approve")
        assert status == 403, (how, sender, header, status, answer)
        by_cli = site.cli("hold", "approve", case["id"], uid=64203)
        assert by_cli.returncode != 0, by_cli.stdout
        assert held(mark)["state"] == "held"
        return case
    refused()
    refused(sender="TARO@Corp.Test")
    refused(sender="taro+list@corp.test")
    refused(sender="someone@corp.test", header="taro@corp.test")
    if site.mta.name == "postfix":
        # A From that differs from the login.
        refused(sender="someone@corp.test", header="other@corp.test",
                login="taro")
    by_root = site.cli("hold", "approve", refused()["id"])
    assert by_root.returncode != 0, "root alone decided"


@test
def a_sender_made_approver_later_cannot_approve():
    login = f"late{rng.randrange(10**6)}"
    sender = f"{login}@corp.test"
    mark = samples.token(rng)
    send(marked(samples.in_body(mark, number(), sender=sender), mark),
         sender=sender)
    case = held(mark)
    status, answer = site.desk("admin1").request("POST", "/api/v1/users", {
        "change": "create", "login": login, "name": "後任 四郎",
        "roles": ["sender", "approver"], "addresses": sender, "groups": "hr",
        "password": "a long enough password"})
    assert status in (200, 201), (status, answer)
    desk = site.desk()
    assert desk.login(login, "a long enough password") in (200, 201)
    status, answer = desk.decide(case["id"], "approve")
    assert status == 403, (status, answer)


@test
def approval_by_page():
    if not options.browser:
        raise runner.Skip("no browser given")
    import os
    import subprocess
    shots = os.environ.get("SEKIMORI_SHOTS", str(site.dir))
    for shape in ("wide", "phone"):
        mark = samples.token(rng)
        send(marked(samples.in_xlsx(mark, number()), mark))
        case = held(mark)
        base = f"https://127.0.0.1:{site.desk_port}"
        bad = subprocess.run(["node", "try_approve.mjs", base, "taro",
                              case["id"], shape, shots],
                             input="correct horse battery staple\n", text=True,
                             cwd=options.browser, capture_output=True,
                             check=False, timeout=120)
        assert bad.returncode == 0, bad.stdout + bad.stderr
        good = subprocess.run(["node", "approve.mjs", base, "approver1",
                               case["id"], shape, shots],
                              input="correct horse battery staple\n", text=True,
                              cwd=options.browser, capture_output=True,
                              check=False, timeout=120)
        assert good.returncode == 0, good.stdout + good.stderr
        arrived(mark)
    time.sleep(1)
    assert len(arrived(mark)) == 1


@test
def a_returned_mail_goes_back_to_its_sender():
    mark = samples.token(rng)
    mail = marked(samples.in_body(mark, number(),
                                  message_id=f"<{mark}@pc.corp.test>"), mark)
    send(mail)
    case = held(mark)
    desk = site.desk("approver2")
    status, answer = desk.decide(case["id"], "return")
    assert status in (400, 422), "a return without a comment was taken"
    status, answer = desk.decide(case["id"], "return", comment="宛先が違います")
    assert status == 200, (status, answer)

    def back():
        return [m for e, m in site.sink.to("taro@corp.test") if mail in m]
    wait_for("the mail given back", back)
    message = parsed(back()[0])
    assert message.get_content_type() == "multipart/mixed"
    assert [p.get_content_type() for p in message.iter_parts()] == [
        "multipart/alternative", "message/rfc822"]
    # The mail given back has its own opinions; the notice is whole.
    for part in next(message.iter_parts()).walk():
        assert not part.defects, part.defects
    assert "宛先が違います".encode() in decoded(back()[0])
    assert stays_away(mark)
    assert desk.case(case["id"])["state"] == "returned"


@test
def a_retry_joins_and_a_resend_is_new():
    mark = samples.token(rng)
    mail = marked(samples.in_body(mark, number(), date=None), mark)
    send(mail)
    case = held(mark)
    time.sleep(1.1)  # the MTA makes another Message-Id
    send(mail, recipients=["out@example.com", "more@example.com"])
    time.sleep(1)
    assert len(cases_of(mark)) == 1, cases_of(mark)
    joined = site.desk("approver1").case(case["id"])
    assert sorted(r["address"] for r in joined["recipients"]) == [
        "more@example.com", "out@example.com"]
    status, answer = site.desk("approver1").decide(case["id"], "return",
                                                   comment="確認してください")
    assert status == 200, (status, answer)
    send(mail)
    wait_for("a second case", lambda: len(cases_of(mark)) == 2)


@test
def a_451_of_the_next_hop_is_retried_with_its_ticket():
    mark = samples.token(rng)
    send(marked(samples.in_body(mark, number()), mark))
    case = held(mark)
    # The next hop of the courier is our MTA; make the gate itself refuse: the
    # MTA's milter is stopped, so that it answers 451 for a while.
    site.kill("milter")
    status, answer = site.desk("approver1").decide(case["id"], "approve")
    assert status == 200, (status, answer)
    time.sleep(3)
    assert stays_away(mark, seconds=0.1)
    state = site.desk("approver1").case(case["id"])
    assert state["state"] == "releasing", state["state"]
    site.start_daemons("milter")
    arrived(mark, seconds=30)
    time.sleep(2)
    assert len(arrived(mark)) == 1
    assert len(cases_of(mark)) == 1


@test
def a_bounce_of_released_mail_is_an_event():
    """Postfix makes it itself; beside Sendmail another host's comes in, for
    Sendmail shows no milter the bounces of its own making."""
    mark = samples.token(rng)
    send(marked(samples.in_body(mark, number()), mark),
         recipients=["gone@example.com"])
    case = held(mark)
    own = site.mta.name == "postfix"
    if own:
        site.sink.script({"rcpt": {"gone@example.com": "550 5.1.1 no such user"}})
    try:
        status, answer = site.desk("approver1").decide(case["id"], "approve")
        assert status == 200, (status, answer)
        if not own:
            envelope, _ = arrived(mark, "gone@example.com")[0]
            envid = next(a[6:] for a in envelope["mail_args"]
                         if a.startswith("ENVID="))
            assert "RET=HDRS" in envelope["mail_args"], envelope
            send(samples.bounce(envid, "taro@corp.test", "gone@example.com"),
                 sender="", recipients=["taro@corp.test"])
        wait_for("the bounce at the sender", lambda: [
            m for e, m in site.sink.to("taro@corp.test")
            if b"multipart/report" in m and b"gone@example.com" in m
            and case["id"].encode() in m], 30)
    finally:
        site.sink.script({})
    shown = site.desk("approver1").case(case["id"])
    assert any("bounce" in e["event"] for e in shown["events"]), shown["events"]
    assert len(cases_of(mark)) == 1


@test
def an_archive_copy_does_not_get_it_either():
    if site.mta.name != "postfix":
        raise runner.Skip("always_bcc is Postfix's")
    from checkpoint import run
    conf = site.mta.dir / "etc"
    run(["postconf", "-c", conf, "-e", "always_bcc=archive@corp.test"])
    site.mta.command("postfix", "reload")
    time.sleep(1)
    try:
        clean, bad = samples.token(rng), samples.token(rng)
        send(marked(samples.clean(clean), clean))
        send(marked(samples.in_body(bad, number()), bad))
        held(bad)
        arrived(clean, "archive@corp.test")
        assert stays_away(bad, "archive@corp.test")
    finally:
        run(["postconf", "-c", conf, "-e", "always_bcc="])
        site.mta.command("postfix", "reload")
        time.sleep(1)


@test
def what_is_not_read_is_held():
    mark = samples.token(rng)
    send(marked(samples.locked_zip(mark), mark))
    case = held(mark)
    assert case["verdict"] == "unscannable", case["verdict"]
    assert any(o["reason"] == "locked" and o["detail"].startswith("zip: ")
               for o in case["unscannable"]), case


@test
def a_vault_outage_holds_nobody_up_who_is_clean():
    clean, bad = samples.token(rng), samples.token(rng)
    site.kill("vault")
    send(marked(samples.clean(clean), clean))
    arrived(clean)
    mail = marked(samples.in_body(bad, number()), bad)
    code, text = site.send(mail)
    assert code == 451, (code, text)
    assert stays_away(bad, seconds=0.5)
    site.start_daemons("vault")
    wait_for("the vault to serve", lambda: site.send(mail)[0] == 250, 30, 0.5)
    case = held(bad)
    assert len(cases_of(bad)) == 1
    site.desk("approver1").decide(case["id"], "approve")
    arrived(bad, seconds=30)


@test
def a_second_vault_is_refused():
    """It would take the first one's unfinished blobs for strays."""
    from checkpoint import run
    second = run([site.libexec / "sekimori-vault", "--config", site.config],
                 timeout=20)
    assert second.returncode != 0
    assert "another process" in second.stderr, second.stderr
    mark = samples.token(rng)
    send(marked(samples.in_body(mark, number()), mark))
    held(mark)


@test
def a_scanner_outage_lets_nothing_pass_unread():
    mark = samples.token(rng)
    site.kill("scanner")
    mail = marked(samples.clean(mark), mark)
    code, _ = site.send(mail)
    assert code == 451, code
    site.start_daemons("scanner")
    wait_for("the scanner to serve", lambda: site.send(mail)[0] == 250, 30, 0.5)
    arrived(mark)


@test
def sigterm_in_the_middle_gets_its_answer():
    """A mail whose scan takes a while is answered by the ending milter."""
    import io
    import zipfile
    mark = samples.token(rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("large.csv", "1,2,3,4,5,6,7,8\r\n" * 3000000)
    mail = marked(samples.mail(f"大きい {mark}", "添付です。\n", attachments=[
        ("large.zip", "application", "zip", out.getvalue())]), mark)
    got = []
    thread = threading.Thread(target=lambda: got.append(site.send(mail)))
    thread.start()
    time.sleep(0.25)
    import signal
    site.processes["milter"].send_signal(signal.SIGTERM)
    thread.join(90)
    site.processes["milter"].wait(timeout=90)
    site.start_daemons("milter")
    assert got and got[0][0] == 250, got


@test
def the_audit_chain_is_whole():
    status, answer = site.desk("auditor1").request("POST",
                                                   "/api/v1/audit/verify")
    assert status == 200 and answer["intact"], answer
    verify = site.cli("audit", "verify", uid=64201)
    assert verify.returncode != 0, "an approver reads the log"


@test
def no_number_stands_anywhere_in_clear():
    """Logs, store, blobs, run directory, notices; and the pages."""
    places = [site.state, site.logs, site.dir / "run", site.dir / "tmp",
              site.dir / "etc", site.mta.dir / "log"]
    found = mynumber.leaks(planted, places)
    assert not found, found[:5]
    for envelope, mail in site.sink.mails():
        if b"Auto-Submitted" in mail and b"message/rfc822" not in mail:
            text = decoded(mail).decode()
            assert not [n for n in planted if n in mynumber.fold(text)
                        or n in mail.decode("latin-1")], envelope
    desk = site.desk("approver1")
    for line in desk.cases("all"):
        for path in (f"/api/v1/cases/{line['id']}", f"/cases/{line['id']}"):
            page = str(desk.request("GET", path)[1])
            assert not [n for n in planted if n in page], path
    status = site.desk("admin1").request("GET", "/metrics")[1]
    assert not [n for n in planted if n in str(status)]
    cores = list(site.dir.rglob("core*"))
    assert not cores, cores


@test
def every_program_ends_well():
    """Asked to end, each does: no leak or race that a sanitizer or valgrind
    tells by its exit status."""
    site.stop_daemons()
    ends = {n: p.returncode for n, p in site.processes.items()}
    for name in ends:
        if ends[name] != 0:
            print(site.log(name)[-4000:])
    assert not any(ends.values()), ends


if __name__ == "__main__":
    with Site(options.root, mta=options.mta,
              under=options.under.split()) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
