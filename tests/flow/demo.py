#!/usr/bin/python3
"""The demo: a private Postfix and Sekimori on loopback, with sample mails.

usage: demo.py --root PREFIX [--once]

Prints what became of each mail, the desk's address and the sign-ins, and a
recipient's link, and stays until Ctrl-C. --once checks the outcomes by what reached the mail sink
and ends: 0, or 1 with the name of what is wrong.
"""

import argparse
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import samples  # noqa: E402
from checkpoint import PASSWORD, Site, wait_for  # noqa: E402
from portal_client import CODE, link_of, text_of  # noqa: E402

PARTNER = "partner@partner.example"
SAMPLES = [
    ("ふつうのメール / an everyday mail", samples.clean, False),
    ("本文に個人番号 / a number in the body", samples.in_body, True),
    ("Excel の名簿 / a list in Excel", samples.in_xlsx, True),
    ("zip の中の CSV / CSV inside a zip", samples.in_zip, True),
    ("パスワード付き zip / a locked zip", samples.locked_zip, True),
]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--once", action="store_true")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wrong = []
    print("Postfix と Sekimori を起動しています / starting Postfix and Sekimori …",
          flush=True)
    site = Site(options.root)
    try:
        site.start()
        show(site, wrong)
        path, code = link(site)
        if options.once:
            for line in wrong:
                print("NG: " + line)
            return 1 if wrong else 0
        print(f"""
審査画面 / desk   https://127.0.0.1:{site.desk_port}/   (自己署名証明書 / self-signed certificate)
  承認者 / approver   approver1   {PASSWORD}
  送信者 / sender     taro        {PASSWORD}
  管理者 / admin      admin1      {PASSWORD}
受信者のリンク / a recipient's link   https://localhost:{site.portal_port}{path}#{code}
  確認コードはここに表示します / the code for the mailbox is shown here
SMTP              127.0.0.1:{site.mta.port}
届いたメール / mail that went out   {site.sink.dir}
ログ / logs         {site.logs}

終了は Ctrl-C / Ctrl-C ends it.""", flush=True)
        seen = 0
        while True:
            time.sleep(1)
            mails = codes(site)
            for found in mails[seen:]:
                print(f"確認コード / code   {found}", flush=True)
            seen = len(mails)
    except KeyboardInterrupt:
        return 0
    finally:
        site.stop()


def link(site):
    """An approver sends a list as a link: what stands in the link mail."""
    mark = samples.token()
    mail = samples.in_xlsx(mark, mynumber.my_number(), to=PARTNER)
    site.send(f"X-Test-Token: {mark}\r\n".encode() + mail,
              recipients=(PARTNER,))
    desk = site.desk("approver1")
    case = wait_for("the case", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    status, answer = desk.decide(case["id"], "link", purpose="社会保険手続")
    if status != 200:
        raise SystemExit(f"link: {status} {answer}")
    return link_of(wait_for("the link mail", lambda: next(
        (m for _, m in site.sink.to(PARTNER) if mark.encode() in m), None)))


def codes(site):
    """Codes that were sent to the recipient's mailbox."""
    return [found[1] for _, mail in site.sink.to(PARTNER)
            if b"X-Test-Token" not in mail
            for found in [CODE.search(text_of(mail))] if found]


def show(site, wrong):
    marks = []
    for title, make, hold in SAMPLES:
        mark = samples.token()
        arguments = [mark]
        if make not in (samples.clean, samples.locked_zip):
            arguments.append(mynumber.my_number())
        mail = f"X-Test-Token: {mark}\r\n".encode() + make(*arguments)
        code, text = site.send(mail)
        if code != 250:
            wrong.append(f"{title}: {code} {text}")
        marks.append((title, mark, hold))
    desk = site.desk("approver1")
    wait_for("the clean mail", lambda: site.sink.count(marks[0][1]))
    wait_for("the cases", lambda: len(desk.cases("open")) >= 4)
    wait_for("the notices", lambda: len(
        [1 for e, _ in site.sink.mails() if e["mail_from"] == ""]) >= 12)
    cases = desk.cases("open")
    print()
    for title, mark, hold in marks:
        out = any(mark.encode() in m for _, m in site.sink.to("out@example.com"))
        case = next((c for c in cases if mark in c["subject"]), None)
        if case:
            state = (f"保留 / held  {case['verdict']}, "
                     f"{case['number_count']} 件 / numbers")
        else:
            state = "配送 / delivered" if out else "なし / gone"
        print(f"  {title:42}  {state}")
        if out is hold or (case is not None) is not hold:
            wrong.append(f"{title}: {state}")


if __name__ == "__main__":
    status = main()
    sys.exit(status)
