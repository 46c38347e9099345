#!/usr/bin/python3
"""Tricks below the mail: line ends, chunks, sizes, sessions, ways in.

usage: smtp_level.py --root PREFIX [NAME...]

Each test is one recipe: what must not pass is found or held, or the MTA
refuses it; what is clean passes, once.
"""

import argparse
import base64
import random
import smtplib
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, run, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None
LABEL = samples.LABEL.encode()
CRLF = b"\r\n"
SIZE_LIMIT = 300000  # of the second service


class Talk:
    """SMTP by hand: bytes go out as they are."""

    def __init__(self, port=None):
        self.socket = socket.create_connection(
            ("127.0.0.1", port or site.mta.port), 60)
        self.file = self.socket.makefile("rb")
        self.reply()
        self.say(b"EHLO pc.corp.test")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def reply(self):
        while True:
            line = self.file.readline()
            if not line:
                return 0
            if line[3:4] != b"-":
                return int(line[:3])

    def raw(self, content):
        self.socket.sendall(content)

    def say(self, line):
        self.raw(line + CRLF)
        return self.reply()

    def envelope(self, options=b"", to=b"out@example.com"):
        assert self.say(b"MAIL FROM:<taro@corp.test>" + options) == 250
        assert self.say(b"RCPT TO:<" + to + b">") == 250

    def data(self, content, end=b"\r\n.\r\n"):
        """content goes out byte for byte, dots and all."""
        assert self.say(b"DATA") == 354
        self.raw(content + end)
        return self.reply()


def number():
    return mynumber.my_number(rng).encode()


def header(mark, *more):
    return CRLF.join([b"From: taro@corp.test", b"To: out@example.com",
                      b"Subject: " + mark.encode(), b"MIME-Version: 1.0",
                      *more]) + CRLF


PLAIN = (b"Content-Type: text/plain; charset=utf-8",
         b"Content-Transfer-Encoding: 8bit")


def cases_of(mark):
    return [c for c in site.desk("approver1").cases("all")
            if mark in c["subject"]]


def held(mark, verdict="found"):
    line = wait_for(f"the case of {mark}", lambda: cases_of(mark))[0]
    case = site.desk("approver1").case(line["id"])
    assert case["state"] == "held" and not site.sink.count(mark), case
    if verdict:
        assert case["verdict"] == verdict, (case["verdict"],
                                            case["unscannable"])
    return case


def arrives(mark):
    wait_for(f"{mark}", lambda: site.sink.count(mark))


def send_raw(content, options=b"", end=b"\r\n.\r\n"):
    with Talk() as talk:
        talk.envelope(options)
        return talk.data(content, end)


def attached(encoded):
    return CRLF.join([
        b"--b", b"Content-Type: text/plain", b"", b"x",
        b"--b", b"Content-Type: text/csv; charset=utf-8",
        b"Content-Disposition: attachment; filename=a.csv",
        b"Content-Transfer-Encoding: base64", b"", encoded, b"--b--", b""])


def secret():
    return LABEL + b"," + number() + CRLF


@test
def s01_bare_line_feeds_hide_nothing():
    mark = samples.token(rng)
    mail = header(mark, b"Content-Type: multipart/mixed; boundary=b") + CRLF + \
        attached(base64.b64encode(secret()))
    assert send_raw(mail.replace(CRLF, b"\n")) == 250
    held(mark)
    # Only the second part's header follows a bare line feed.
    mark = samples.token(rng)
    mail = header(mark, b"Content-Type: multipart/mixed; boundary=b") + CRLF + \
        attached(base64.b64encode(secret())).replace(b"x\r\n--b", b"x\n--b")
    assert send_raw(mail) == 250
    held(mark)


@test
def s02_odd_ends_smuggle_no_second_mail():
    marks = []
    for end in (b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r",
                b"\r\n\0.\r\n", b"\r.\r\n", b"\r\n.\r\r\n"):
        first, second = samples.token(rng), samples.token(rng)
        inner = header(second, *PLAIN) + CRLF + LABEL + b" " + number()
        smuggled = (b"MAIL FROM:<taro@corp.test>\r\n"
                    b"RCPT TO:<other@example.com>\r\nDATA\r\n")
        with Talk() as talk:
            talk.envelope()
            assert talk.say(b"DATA") == 354
            talk.raw(header(first, *PLAIN) + CRLF + b"hello" + end + smuggled
                     + inner + b"\r\n.\r\nQUIT\r\n")
            replies = []
            while len(replies) < 8:
                code = talk.reply()
                if not code:
                    break
                replies.append(code)
        marks.append(second)
        if replies[0] != 250:
            continue
        # All of it is one mail, or both were judged.
        if replies[1:2] == [221]:
            held(first, None)
        else:
            held(second)
    time.sleep(1.5)
    assert not [m for m in marks if site.sink.count(m)]


@test
def s03_nul_bytes_hide_nothing():
    for place in ("body", "value", "name"):
        mark = samples.token(rng)
        found = LABEL + b" " + number()
        mail = header(mark, *PLAIN,
                      b"X-A: b\0c" if place == "value" else b"X-A: b",
                      b"X\0Y: b" if place == "name" else b"X-Y: b") + CRLF
        nul = b"\0" if place == "body" else b""
        assert send_raw(mail + b"x" + nul + b"y\r\n" + found + nul + CRLF) in (
            250, 550, 554)
        if cases_of(mark) or not site.sink.count(mark):
            held(mark, None)
        assert not site.sink.count(mark), place
    # Within the digits.
    mark = samples.token(rng)
    digits = number()
    assert send_raw(header(mark, *PLAIN) + CRLF + LABEL + b" " + digits[:6] +
                    b"\0" + digits[6:] + CRLF) == 250
    held(mark, None)


@test
def s03_nul_bytes_hide_no_encoding():
    """What arrives must not say base64 when what was scanned did not."""
    encoded = base64.b64encode(LABEL + b" " + number())
    for line in (b"Content-Transfer-Encoding: \0base64",
                 b"Content-Transfer-Encoding: ba\0se64",
                 b"Content-Transfer-Encoding\0: base64",
                 b"Content-\0Transfer-Encoding: base64",
                 b"X: y\0\nContent-Transfer-Encoding: base64"):
        for nested in (False, True):
            mark = samples.token(rng)
            if nested:
                mail = header(mark, b"Content-Type: multipart/mixed; boundary=b") \
                    + CRLF + CRLF.join([b"--b", PLAIN[0], line, b"", encoded,
                                        b"--b--", b""])
            else:
                mail = header(mark, PLAIN[0], line) + CRLF + encoded + CRLF
            assert send_raw(mail) in (250, 550, 554), line
            time.sleep(0.3)
            if cases_of(mark):
                continue
            arrived = [m for _, m in site.sink.mails() if mark.encode() in m]
            for got in arrived:
                head, _, body = got.replace(b"\0", b"").partition(
                    CRLF * 2)
                where = body if nested else head
                assert b"Encoding: base64" not in where, (line, nested, got)


@test
def s04_chunks_cut_nowhere():
    for cut_at in (b"--b", b"base64"):
        mark = samples.token(rng)
        mail = header(mark, b"Content-Type: multipart/mixed; boundary=b") + \
            CRLF + attached(base64.b64encode(secret()))
        at = mail.rindex(cut_at) + 2
        with Talk() as talk:
            talk.envelope()
            for chunk, last in ((mail[:at], b""), (mail[at:], b" LAST")):
                talk.raw(b"BDAT %d%s\r\n" % (len(chunk), last) + chunk)
                assert talk.reply() == 250
        held(mark)
    mark = samples.token(rng)
    digits = number()
    mail = header(mark, *PLAIN) + CRLF + LABEL + b" " + digits + CRLF
    at = mail.index(digits) + 5
    with Talk() as talk:
        talk.envelope(b" BODY=8BITMIME")
        talk.raw(b"BDAT %d\r\n" % at + mail[:at])
        assert talk.reply() == 250
        talk.raw(b"BDAT %d LAST\r\n" % (len(mail) - at) + mail[at:])
        assert talk.reply() == 250
    held(mark)


@test
def s05_chunks_of_the_milter_cut_nowhere():
    for at in range(65522, 65544, 3):
        mark = samples.token(rng)
        found = LABEL + b" "
        line = b"x" * 70 + CRLF
        room = at - len(found)
        fill = line * (room // len(line) - 1)
        fill += b"y" * (room - len(fill) - 2) + CRLF
        body = fill + found + number() + CRLF
        assert body.index(found) + len(found) == at
        assert send_raw(header(mark, *PLAIN) + CRLF + body) == 250
        held(mark)


@test
def s06_long_headers_hide_nothing():
    longs = {
        "a field": [b"X-A: " + b"y" * 900] + [b" " + b"y" * 900] * 80,
        "many fields": [b"X-%d: y" % i for i in range(1001)],
        "folds": [b"X-A: y"] + [b" y"] * 300,
    }
    for lines in longs.values():
        mark = samples.token(rng)
        mail = header(mark, *lines,
                      b"Content-Type: multipart/mixed; boundary=b") + CRLF
        code = send_raw(mail + attached(base64.b64encode(secret())))
        assert code == 250, code
        held(mark, None)
        # The number itself at the end of the long header.
        mark = samples.token(rng)
        code = send_raw(header(mark, *lines, b"X-Z: " + LABEL + b" " + number(),
                               *PLAIN) + CRLF + b"x\r\n")
        assert code == 250, code
        held(mark, None)


@test
def s07_long_lines_hide_nothing():
    for length in (998, 999, 2048, 2049, 100000):
        found = LABEL + b" " + number()
        for body in (b"x" * (length - len(found) - 1) + b" " + found,
                     b"x " * ((length - 20) // 2) + found + b" y" * 300):
            mark = samples.token(rng)
            assert send_raw(header(mark, *PLAIN) + CRLF + body + CRLF) == 250
            held(mark)


@test
def s08_stuffed_dots_hide_nothing():
    encoded = base64.b64encode(LABEL + b" " + number())
    # On the wire: "." and the line; a reader of base64 skips the dot that
    # stays of two.
    for dots in (b".", b".."):
        mark = samples.token(rng)
        body = header(mark, PLAIN[0], b"Content-Transfer-Encoding: base64")
        assert send_raw(body + CRLF + dots + encoded + CRLF) == 250
        held(mark)
    mark = samples.token(rng)
    assert send_raw(header(mark, *PLAIN) + CRLF + b".." + LABEL + b" " +
                    number() + CRLF) == 250
    held(mark)


@test
def s09_two_mails_in_a_session_stay_apart():
    for clean_first in (True, False):
        clean, bad = samples.token(rng), samples.token(rng)
        mails = [(clean, b"hello\r\n"), (bad, LABEL + b" " + number() + CRLF)]
        with Talk() as talk:
            talk.envelope()
            assert talk.say(b"RSET") == 250
            for mark, body in mails if clean_first else mails[::-1]:
                talk.envelope()
                assert talk.data(header(mark, *PLAIN) + CRLF + body) == 250
        held(bad)
        arrives(clean)
        assert not cases_of(clean)


@test
def s10_a_thousand_recipients_get_what_is_theirs():
    mark = samples.token(rng)
    names = [f"r{i}@example.com" for i in range(990)] + ["in@corp.test"]
    with Talk() as talk:
        assert talk.say(b"MAIL FROM:<taro@corp.test>") == 250
        talk.raw(b"".join(b"RCPT TO:<%s>\r\n" % n.encode() for n in names))
        assert all(talk.reply() == 250 for _ in names)
        assert talk.data(header(mark, *PLAIN) + CRLF + LABEL + b" " + number()
                         + CRLF) == 250
    line = wait_for("the case", lambda: cases_of(mark))[0]
    case = site.desk("approver1").case(line["id"])
    assert len(case["recipients"]) == 990, len(case["recipients"])
    wait_for("the internal copy", lambda: [
        m for _, m in site.sink.to("in@corp.test") if mark.encode() in m])
    assert all(e["rcpt_to"] == ["in@corp.test"] for e, m in site.sink.mails()
               if mark.encode() in m and e["mail_from"])


@test
def s11_a_client_that_leaves_leaves_nothing():
    before = {c["id"] for c in site.desk("approver1").cases("all")}
    mark = samples.token(rng)
    body = header(mark, *PLAIN) + CRLF + (LABEL + b" " + number() + CRLF) * 500
    for stop_at in ("mail", "rcpt", "data", "half", "dot"):
        with Talk() as talk:
            talk.say(b"MAIL FROM:<taro@corp.test>")
            if stop_at == "mail":
                continue
            talk.say(b"RCPT TO:<out@example.com>")
            if stop_at == "rcpt":
                continue
            talk.say(b"DATA")
            if stop_at in ("half", "dot"):
                talk.raw(body[:len(body) // 2] if stop_at == "half" else body)
            if stop_at == "dot":
                talk.raw(b"\r\n.")
    time.sleep(1.5)
    after = {c["id"] for c in site.desk("approver1").cases("all")}
    assert after == before and not site.sink.count(mark)
    assert not list((site.dir / "tmp").iterdir())
    clean = samples.token(rng)
    assert site.send(header(clean, *PLAIN) + CRLF + b"hello\r\n")[0] == 250
    arrives(clean)


@test
def s12_at_the_limit_of_size_nothing_slips():
    run(["postconf", "-c", site.mta.dir / "etc", "-e",
         f"message_size_limit={SIZE_LIMIT}"])
    site.mta.command("postfix", "reload")
    time.sleep(1)
    try:
        for more in (-3000, -1, 0, 1, 3000):
            mark = samples.token(rng)
            head = header(mark, *PLAIN) + CRLF
            tail = LABEL + b" " + number() + CRLF
            line = b"x" * 70 + CRLF
            room = SIZE_LIMIT + more - len(head) - len(tail)
            body = line * (room // 72)
            body += b"y" * (room - len(body) - 2) + CRLF
            code = send_raw(head + body + tail)
            assert code == 552 or (code == 250 and held(mark)), (more, code)
            assert not site.sink.count(mark)
            if more == -3000:
                assert code == 250
    finally:
        run(["postconf", "-c", site.mta.dir / "etc", "-e",
             "message_size_limit=104857600"])
        site.mta.command("postfix", "reload")
        time.sleep(1)


@test
def s13_every_way_in_is_guarded():
    # Local submission.
    mark = samples.token(rng)
    sent = run(["sendmail", "-C", site.mta.dir / "etc", "-t", "-f",
                "taro@corp.test"], input=(
                    header(mark, *PLAIN) + CRLF + LABEL + b" " + number()
                    + CRLF).replace(CRLF, b"\n"), text=False)
    assert sent.returncode == 0, sent.stderr
    case = held(mark)
    # Released, it comes through again, exactly once.
    status, answer = site.desk("approver1").decide(case["id"], "approve")
    assert status == 200, (status, answer)
    arrives(mark)
    time.sleep(1.5)
    assert site.sink.count(mark) == 1 and len(cases_of(mark)) == 1
    # A bounce of Postfix's own making holds the mail that it is about: it came
    # in where no milter looked.
    mark = samples.token(rng)
    site.sink.script({"rcpt": {"gone@example.com": "550 5.1.1 no"}})
    try:
        code, text = site.send(
            header(mark, *PLAIN) + CRLF + LABEL + b" " + number() + CRLF,
            recipients=["gone@example.com"], sender="boss@example.org",
            port=site.mta.plain_port)
        assert code == 250, (code, text)
        def bounced():
            return [c for c in site.desk("approver1").cases("all")
                    if "boss@example.org" in str(c)]
        wait_for("the bounce to be held", bounced)
    finally:
        site.sink.script({})
    assert not [m for e, m in site.sink.to("boss@example.org")
                if mark.encode() in m]


@test
def s14_binary_bodies_are_read():
    for options_, encoding in ((b" BODY=8BITMIME", b"8bit"),
                               (b" BODY=8BITMIME", b"binary")):
        mark = samples.token(rng)
        found = "個人番号 ".encode("cp932") + number()
        mail = header(mark, b"Content-Type: text/plain; charset=shift_jis",
                      b"Content-Transfer-Encoding: " + encoding)
        assert send_raw(mail + CRLF + found + CRLF, options_) == 250
        held(mark)
    mark = samples.token(rng)
    content = samples.zipped_csv(number().decode())
    mail = header(mark, b"Content-Type: application/zip; name=a.zip",
                  b"Content-Transfer-Encoding: binary") + CRLF
    with Talk() as talk:
        talk.envelope(b" BODY=8BITMIME")
        talk.raw(b"BDAT %d LAST\r\n" % len(mail + content) + mail + content)
        assert talk.reply() == 250
    held(mark, None)


@test
def s15_internationalised_mail_is_read():
    mark = samples.token(rng)
    with Talk() as talk:
        assert talk.say("MAIL FROM:<taro@corp.test> SMTPUTF8"
                        .encode()) == 250
        assert talk.say("RCPT TO:<宛先@example.com>".encode()) == 250
        inner = CRLF.join([
            "From: 太郎@corp.test".encode(), "Subject: 件名".encode(),
            b"Content-Type: text/plain; charset=utf-8", b"",
            LABEL + b" " + number(), b""])
        mail = header(mark, "X-Name: 太郎".encode(),
                      b"Content-Type: multipart/mixed; boundary=b") + CRLF + \
            b"--b\r\nContent-Type: message/global\r\n" \
            b"Content-Transfer-Encoding: 8bit\r\n\r\n" + inner + b"--b--\r\n"
        assert talk.data(mail) == 250
    held(mark)


@test
def s16_one_message_id_many_mails():
    shared = samples.token(rng)
    marks = [samples.token(rng) for _ in range(50)]
    codes = {}

    def one(at, mark):
        body = LABEL + b" " + number() + CRLF if at % 2 else b"hello\r\n"
        mail = header(mark, *PLAIN, b"Message-Id: <" + shared.encode() +
                      b"@corp.test>") + CRLF + body
        codes[mark] = site.send(mail)[0]
    threads = [threading.Thread(target=one, args=pair)
               for pair in enumerate(marks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes.values()) == {250}, codes
    wait_for("the clean ones", lambda: all(
        site.sink.count(m) for m in marks[::2]), 60)
    subjects = " ".join(c["subject"]
                        for c in site.desk("approver1").cases("all"))
    assert all(m in subjects for m in marks[1::2])
    assert not any(m in subjects for m in marks[::2])
    assert not any(site.sink.count(m) for m in marks[1::2])


@test
def headers_that_broke_others_are_refused_or_judged():
    """Addresses that confused other filters, and fields in great number."""
    for field in (b"From: a@corp.test(.example.com",
                  b"From: a@corp.test, b@corp.test, c@example.com",
                  b"From: " + b"(" * 60000 + b" a@corp.test",
                  b"From: " + b"a@corp.test," * 5000,
                  b"From:", b"From: <", b"From: \"a"):
        mark = samples.token(rng)
        mail = (field + b"\r\nTo: out@example.com\r\nSubject: " + mark.encode()
                + b"\r\n" + CRLF.join(PLAIN) + CRLF * 2 + LABEL + b" "
                + number() + CRLF)
        assert send_raw(mail) in (250, 451, 550, 554), field[:40]
        assert not site.sink.count(mark), field[:40]
        clean = samples.token(rng)
        assert site.send(header(clean, *PLAIN) + CRLF + b"hello\r\n")[0] == 250
        arrives(clean)


POLICY = """
policy {
	rule "inside" {
		recipient_domain = {"corp.test"}
		action = deliver
	}
	rule "numbers wait" {
		verdict = {found}
		action = hold
		approvers = "hr"
	}
	rule "unread waits" {
		verdict = {unscannable}
		action = hold
		approvers = "hr"
	}
	rule "the rest" { action = deliver }
}
"""

if __name__ == "__main__":
    with Site(options.root, policy=POLICY, mta_settings={
            "smtpd_recipient_limit": "1500"}) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
