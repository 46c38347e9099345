#!/usr/bin/python3
"""The hostile collection: every mail and file in it is found or held.

usage: collection.py --root PREFIX [--mail-only|--scan-only] [--show] [NAME...]

Scans every case with "sekimori scan", then sends the mails, and some of the
files in a mail, through a private Postfix. None may pass as clean; where the
case wants its number found, a hold for another reason is not enough.

open.txt lists the cases that do not come out as they should yet. They are
counted as "open"; one that comes out right is named, so that it leaves the
list. Nothing may be added to it.
"""

import argparse
import contextlib
import json
import smtplib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import archive_cases  # noqa: F401
import bomb_cases
import mime_content  # noqa: F401
import mime_structure  # noqa: F401
import name_cases  # noqa: F401
import office_cases  # noqa: F401
import package_cases  # noqa: F401
import pdf_cases  # noqa: F401
import polyglot_cases  # noqa: F401
import text_cases  # noqa: F401
import zip_cases  # noqa: F401
from cases import CASES, FOUND, HELD, attached
from checkpoint import Site, wait_for

TOP = Path(__file__).resolve().parent
CLEAN, REFUSED, CUT, OPEN = "clean", "refused", "cut", "open"
EVERY = 7        # of the files, each seventh goes through Postfix
# Postfix makes one address field of all its lines, which nobody undoes.
MANGLED = {"structure-carriage_returns_only.eml"}
HOLD_EVERY = 11  # of the mails, each eleventh is also held in the vault


def scan(program, chosen, directory):
    """file name -> report; by two scanners at once, as there are two cores."""
    for one in chosen:
        (directory / one.file).write_bytes(one.data)
    running = [subprocess.Popen(
        [program, "scan", "--json", "--reveal",
         *[directory / one.file for one in chosen[start::2]]],
        stdout=(directory / f"reports.{start}").open("wb"))
        for start in range(min(2, len(chosen)))]
    reports = {}
    for start, process in enumerate(running):
        process.wait()
        text = (directory / f"reports.{start}").read_text(encoding="utf-8")
        for row in text.splitlines():
            report = json.loads(row)
            reports[Path(report["file"]).name] = report
    return reports


def outcome(case, report):
    """found: this number; held: anything else that stops it; or clean."""
    if report is None:
        return "no report"
    numbers = {f.get("number", "") for f in report["findings"]
               if f["level"] in ("suspect", "sure")}
    if report["verdict"] == "found" and case.number in numbers:
        return FOUND
    return {"clean": CLEAN}.get(report["verdict"], HELD)


def open_cases():
    """The files of the cases that are known to come out wrong."""
    return {row for row in (TOP / "open.txt").read_text().splitlines()
            if row and not row.startswith("#")}


def show(case, report):
    print(f"   {case.file}: wants {case.want}: "
          + json.dumps({key: report[key] for key in
                        ("verdict", "findings", "unscannable")}
                       if report else None, ensure_ascii=False)[:700])


def tell(what, family, counts, bad):
    """One line for a family, which passes when nothing in it is bad."""
    others = [CLEAN] + sorted(set(counts) - {FOUND, HELD, CLEAN})
    shown = ", ".join(f"{counts[word]} {word}"
                      for word in [FOUND, HELD, *others]
                      if counts[word] or word in (HELD, CLEAN))
    print(f"{'FAIL' if bad else 'PASS'}: hostile collection: {what}: {family}:"
          f" n {sum(counts.values())}: {shown}"
          + (f": {', '.join(bad[:6])}" if bad else ""), flush=True)
    return bool(bad)


def families(chosen):
    return sorted({one.family for one in chosen})


def scan_all(options, chosen):
    with tempfile.TemporaryDirectory(prefix="sk-hostile-") as place:
        reports = scan(options.root / "bin" / "sekimori", chosen, Path(place))
    failed, mended, known = 0, [], open_cases()
    for family in families(chosen):
        counts, bad = Counter(), []
        for one in [c for c in chosen if c.family == family]:
            report = reports.get(one.file)
            got = outcome(one, report)
            wrong = got not in (FOUND, HELD) or \
                (one.want, got) == (FOUND, HELD)
            if wrong and one.file not in known:
                bad.append(f"{one.name} {got}")
            elif one.file in known:
                got = OPEN if wrong else got
                mended += [] if wrong else [one.file]
            counts[got] += 1
            if options.show or got in (OPEN, CLEAN):
                show(one, report)
        failed += tell("scan", family, counts, bad)
    if mended:
        print("to be taken from open.txt: " + ", ".join(mended))
    return failed


# The answer of the gateway says what it made of a mail; some are held instead,
# which takes them through the vault and the notices.
POLICY = """
policy {
	rule "some wait" {
		sender = {"held@corp.test"}
		verdict = {found, unscannable}
		action = hold
		approvers = "hr"
	}
	rule "numbers" {
		verdict = {found}
		action = reject
		reply = "hostile mail found"
	}
	rule "unread" {
		verdict = {unscannable}
		action = reject
		reply = "hostile mail held"
	}
	rule "the rest" { action = deliver }
}
"""


class Sender:
    """Mails over one connection after another, byte for byte."""

    def __init__(self, port):
        self.port = port
        self.smtp = None

    def connect(self):
        self.smtp = smtplib.SMTP("127.0.0.1", self.port, timeout=90,
                                 local_hostname="pc.corp.test")
        self.smtp.ehlo()

    def close(self):
        if self.smtp:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.smtp.quit()
        self.smtp = None

    def send(self, sender, recipient, data):
        """The last answer, as (code, text)."""
        try:
            if not self.smtp:
                self.connect()
            for code, said in (self.smtp.mail(sender),
                               self.smtp.rcpt(recipient)):
                if code != 250:
                    self.smtp.rset()
                    return code, said.decode()
            code, said = self.smtp.data(data)
            return code, said.decode()
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error.decode()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return 0, str(error)


def ended(data):
    return data if data.endswith(b"\n") else data + b"\r\n"


def mails_of(chosen):
    """(case, mail) of all mails, and of some files in a mail."""
    found = [(one, one.data) for one in chosen if one.is_mail]
    files = [one for one in chosen
             if not one.is_mail and one.family != bomb_cases.FAMILY]
    return found + [(one, attached(one.file, one.data))
                    for one in files[::EVERY]]


def arrivals(site):
    """recipient -> the mail as it arrived."""
    return {recipient: mail for envelope, mail in site.sink.mails()
            for recipient in envelope["rcpt_to"]}


def fate(answer, recipient, passed, case):
    """What became of a mail; CLEAN when it got through."""
    code, said = answer
    if recipient in passed:
        # Postfix ends a field at a NUL: nothing of the number is left.
        number = case.number.encode()
        cut = number in case.data and number not in passed[recipient]
        return CUT if cut or case.file in MANGLED else CLEAN
    for word in (FOUND, HELD):
        if code == 550 and f"hostile mail {word}" in said:
            return word
    # Postfix itself takes no such mail, or the milter has no answer.
    return REFUSED if code >= 500 else f"answered {code}"


def submit(site, batch):
    """Send all; the answers, who got a mail, how many cases there are."""
    sender = Sender(site.mta.port)
    answers = [sender.send("taro@corp.test", f"out{at}@example.com",
                           ended(data)) for at, (_, data) in enumerate(batch)]
    waiting = [sender.send("held@corp.test", f"held{at}@example.com",
                           ended(data))
               for at, (_, data) in enumerate(batch) if at % HOLD_EVERY == 0]
    # What follows has to arrive, and with it whatever passed before.
    last = sender.send("taro@corp.test", "last@example.com",
                       attached("a.txt", b"hello\r\n"))
    assert last[0] == 250, last
    sender.close()
    wait_for("the last mail", lambda: "last@example.com" in arrivals(site), 30)
    wait_for("an empty queue", lambda: site.mta.queue_length() == 0, 60, 0.2)
    return answers, waiting, arrivals(site)


def send_all(options, chosen):
    batch = mails_of(chosen)
    # Postfix slows down whoever is refused often.
    patient = {"smtpd_error_sleep_time": "0", "smtpd_soft_error_limit": "9999",
               "smtpd_hard_error_limit": "9999"}
    with Site(options.root, policy=POLICY, mta_settings=patient) as site:
        answers, waiting, passed = submit(site, batch)
        cases = len(site.desk("approver1").cases("all"))
    failed, known = 0, open_cases()
    for family in families([one for one, _ in batch]):
        counts, bad = Counter(), []
        for at, (one, _) in enumerate(batch):
            if one.family != family:
                continue
            got = fate(answers[at], f"out{at}@example.com", passed,
                       one)
            if got == CLEAN and {one.file, "smtp " + one.file} & known:
                got = OPEN
            counts[got] += 1
            if got != OPEN and got not in (FOUND, HELD, REFUSED, CUT):
                bad.append(f"{one.name} {got}")
        failed += tell("Postfix", family, counts, bad)
    # Whatever was taken has a case, or arrived and is counted above.
    taken = sum(1 for code, _ in waiting if code == 250)
    through = sum(1 for one in passed if one.startswith("held")
                  and one.endswith("@example.com"))
    wrong = cases != taken - through
    print(f"{'FAIL' if wrong else 'PASS'}: hostile collection: vault: "
          f"{taken} taken, {cases} cases, {through} open")
    return failed + wrong


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--mail-only", action="store_true")
    parser.add_argument("--scan-only", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the cases here")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    chosen = [one for one in CASES if not options.names or
              any(word in one.file for word in options.names)]
    if options.keep:
        for one in chosen:
            (options.keep / one.file).write_bytes(one.data)
    start = time.monotonic()
    failed = 0
    if not options.mail_only:
        failed += scan_all(options, chosen)
    if not options.scan_only:
        failed += send_all(options, chosen)
    print(f"{len(chosen)} cases, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
