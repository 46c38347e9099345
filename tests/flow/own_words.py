#!/usr/bin/python3
"""What an admin adds to the words: own ids, labels, patterns, weights.

usage: own_words.py --root PREFIX [--mta postfix|sendmail] [NAME...]

One site whose configuration is changed and reloaded, as an admin would.
"""

import argparse
import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import POLICY, Site, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

# No shape of a date and the like, which would speak against it already.
PREFIX = "7735"

rng = random.Random()
site = None


def order():
    """An id of the organisation's that passes the check, as one in ten does."""
    while True:
        digits = PREFIX + "".join(rng.choice("0123456789") for _ in range(7))
        if len(set(digits)) > 5:
            return digits + mynumber.check_digit(digits)


def configure(scanner=None, patterns=""):
    site.settings["scanner"] = scanner or {}
    site.policy = POLICY + patterns
    site.write_config()


def reload(scanner=None, patterns=""):
    configure(scanner, patterns)
    done = site.cli("reload")
    assert done.returncode == 0, done.stdout + done.stderr


def marked(mark, text):
    mail = samples.mail(f"扶養の件 {mark}", text)
    return f"X-Test-Token: {mark}\r\n".encode() + mail


def send(mail):
    code, text = site.send(mail)
    assert code == 250, (code, text)


def case_of(mark):
    desk = site.desk("approver1")
    line = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases("open") if mark in c["subject"]), None))
    return desk.case(line["id"])


def delivered(mark):
    wait_for(f"{mark} at its recipient", lambda: any(
        mark.encode() in m for _, m in site.sink.to("out@example.com")))
    assert not [c for c in site.desk("approver1").cases("all")
                if mark in c["subject"]]


def terms_of(case):
    return {t["name"]: t["weight"] for t in case["findings"][0]["evidence"]}


def hr_mail(mark, number):
    """As personnel write: the word for a My Number right before an own id."""
    return marked(mark, "扶養控除等申告書の件です。\n氏名 山田太郎\n"
                        f"個人番号：（台帳 {number}）を確認しました。\n")


@test
def an_own_id_is_delivered_though_it_passes_the_check():
    mark, again = samples.token(rng), samples.token(rng)
    number = order()
    send(hr_mail(mark, number))
    assert case_of(mark)["findings"][0]["level"] == "sure"
    reload({"own_ids": f'{{ "{PREFIX}########" }}'})
    send(hr_mail(again, number))
    delivered(again)
    # Anybody's own number still waits.
    third = samples.token(rng)
    send(samples.in_body(third, mynumber.my_number(rng)))
    case_of(third)
    reload()


@test
def an_added_label_is_found_from_the_next_mail_on():
    words = site.dir / "words"
    words.mkdir()
    words.chmod(0o755)
    mark, again = samples.token(rng), samples.token(rng)
    number = mynumber.my_number(rng)
    send(marked(mark, f"甲種台帳番号：{number}\n"))
    delivered(mark)
    (words / "direct.add.conf").write_text("甲種台帳番号  # our own form\n")
    reload({"words": f'"{words}"'})
    send(marked(again, f"甲種台帳番号：{number}\n"))
    assert terms_of(case_of(again))["label.adjacent"] == 35
    # A wrong file is refused by name and line, and the old words stay.
    (words / "direct.add.conf").write_text("乙種台帳番号\n\n!\n")
    done = site.cli("check-config")
    assert done.returncode == 78, done
    assert "direct.add.conf:3: \"!\": no letter in it" in done.stderr, done
    done = site.cli("reload")
    assert done.returncode != 0
    assert "direct.add.conf:3" in done.stdout + done.stderr, done
    done = site.cli("doctor")
    assert "direct.add.conf:3" in done.stdout, done.stdout
    third = samples.token(rng)
    send(marked(third, f"甲種台帳番号：{number}\n"))
    case_of(third)
    reload()


@test
def a_pattern_is_named_on_the_page_and_in_the_explanation():
    pattern = """pattern "wage-ledger" {
	match = '賃金台帳.{0,20}\\d{12}'
	weight = 40
}
"""
    mark = samples.token(rng)
    number = mynumber.my_number(rng)
    mail = marked(mark, f"賃金台帳の写し {number}\n")
    reload(patterns=pattern)
    send(mail)
    case = case_of(mark)
    assert terms_of(case)["pattern.wage-ledger"] == 40, case
    page = site.desk("approver1").request("GET", f"/cases/{case['id']}")[1]
    assert "登録パターン「wage-ledger」に一致する" in page
    kept = site.dir / "pattern.eml"
    kept.write_bytes(mail)
    done = site.cli("scan", "--json", str(kept))
    found = json.loads(done.stdout)["findings"][0]["evidence"]
    assert {"name": "pattern.wage-ledger", "weight": 40} in found, found
    configure(patterns=pattern.replace("賃金", "(賃金"))
    done = site.cli("reload")
    assert done.returncode != 0
    assert 'pattern "wage-ledger": match: missing closing parenthesis' \
        in done.stdout + done.stderr, done
    reload()


if __name__ == "__main__":
    with Site(options.root, mta=options.mta) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
