#!/usr/bin/python3
"""Locks through a real Postfix: what opens them, and who sees their passwords.

usage: locks.py --root PREFIX [--mta postfix|sendmail] [--soak] [NAME...]

Archives and documents are made by Info-ZIP, 7-Zip, bsdtar, qpdf and
LibreOffice; passwords are random.
"""

import argparse
import datetime
import email
import email.policy
import functools
import os
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import locked  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import ADMIN_UID, UIDS, Site, wait_for  # noqa: E402
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
# Nothing that compresses well; the admin has it too.
LOGO = bytes(rng.randrange(200) for _ in range(12000))


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
    try:
        return wait_for(f"the lock of {mark} opened", lambda: next(
            (c for c in [case_of(mark)] if c["number_count"] == 1), None),
            seconds)
    except AssertionError as error:
        case = case_of(mark)
        raise AssertionError(f"{error}: {case['state']} {case['locks']} "
                             f"{case['unscannable']}") from error


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


# --- every lock, every source, every order ------------------------------

def workbook(secret):
    """A number of its own, by python."""
    path = site.dir / f"{samples.token(rng)}.xlsx"
    path.write_bytes(samples.xlsx(mynumber.my_number(rng)))
    return locked.agile(secret, path)


def sevenzip(*wanted):
    return lambda s: locked.seven(s, numbers(), ["-tzip", *wanted], "a.zip")


def page(bits, *wanted):
    return lambda s: locked.pdf(s, f"My Number: {mynumber.my_number(rng)}",
                                bits, *wanted)


# Name of the attachment; how it is made; how many passwords of one mail are
# tried in time: QUICK thousands, SLOW dozens.
QUICK, SLOW = "quick", "slow"
KINDS = {
    "Info-ZIP": ("zip", lambda s: locked.infozip(s, numbers()), QUICK),
    "Info-ZIP, stored": ("zip", lambda s: locked.infozip(s, numbers(), "-0"),
                         QUICK),
    "7-Zip, ZipCrypto": ("zip", sevenzip("-mem=ZipCrypto"), QUICK),
    "7-Zip, ZipCrypto, LZMA": ("zip", sevenzip("-mem=ZipCrypto", "-mm=LZMA"),
                               QUICK),
    "bsdtar, ZipCrypto": ("zip", lambda s: locked.bsdtar(
        s, numbers(), "zipcrypt"), QUICK),
    "qpdf, RC4 40": ("pdf", page(40), QUICK),
    "qpdf, RC4 128": ("pdf", page(128, "--use-aes=n"), QUICK),
    "qpdf, AES 128": ("pdf", page(128, "--use-aes=y"), QUICK),
    "qpdf, AES 256 R5": ("pdf", page(256, "--force-R5"), QUICK),
    "7-Zip, AES 128": ("zip", sevenzip("-mem=AES128"), QUICK),
    "7-Zip, AES 192": ("zip", sevenzip("-mem=AES192"), QUICK),
    "7-Zip, AES 256": ("zip", sevenzip("-mem=AES256"), QUICK),
    "7-Zip, AES 256, BZip2": ("zip", sevenzip("-mem=AES256", "-mm=BZip2"),
                              QUICK),
    "bsdtar, AES 128": ("zip", lambda s: locked.bsdtar(
        s, numbers(), "aes128"), QUICK),
    "bsdtar, AES 256": ("zip", lambda s: locked.bsdtar(
        s, numbers(), "aes256"), QUICK),
    "qpdf, AES 256 R6": ("pdf", page(256), SLOW),
    "7z": ("7z", lambda s: locked.seven(s, numbers()), SLOW),
    "7z with names": ("7z", lambda s: locked.seven(s, numbers(), ["-mhe=on"]),
                      SLOW),
    "python, OOXML agile": ("xlsx", workbook, SLOW),
}
OFFICE = {"LibreOffice, docx": "docx", "LibreOffice, xlsx": "xlsx",
          "LibreOffice, odt": "odt", "LibreOffice, ods": "ods"}
# Where the password is, and what the report calls that. The first ones are
# those that any lock can wait for.
SOURCES = {"body": "body", "subject": "subject", "name": "name",
           "quoted": "body", "before": "related", "after": "related",
           "worked": "before", "typed": "sender", "list": "list",
           "date": "template", "item": "item", "common": "common",
           "mask": "search", "day": "search"}
LATE = ("day", "date", "item", "common", "mask")
LISTED = "Kaisha#Kyotsu7"
FIXED = {"list": LISTED, "date": "taro20261122", "item": "example",
         "common": "1qaz2wsx"}


def number():
    """Of four digits; no day, no hour, nothing that many people use."""
    common = (HERE.parent.parent / "scanners/locks/words_common.def"
              ).read_text()
    return next(made for made in iter(
        lambda: str(rng.randrange(3200, 10000)), None)
                if f'"{made}"' not in common)


def day():
    """Somebody's birthday."""
    born = datetime.date(1950, 1, 1) + datetime.timedelta(rng.randrange(20000))
    return f"{born:%Y%m%d}"


SHAPES = {"mask": number, "day": day}


class Talk:
    """A mail with one lock, whose password is in one place."""

    def __init__(self, kind, source):
        self.kind, self.source = kind, source
        self.secret = FIXED.get(source) or SHAPES.get(source, password)()
        self.mark, self.other = samples.token(rng), samples.token(rng)
        self.to = one_recipient()
        self.content = None
        if kind not in OFFICE:
            self.content = KINDS[kind][1](self.secret)

    @property
    def suffix(self):
        return OFFICE.get(self.kind) or KINDS[self.kind][0]

    def send_archive(self, mark):
        secret, source = self.secret, self.source
        send(mark, f"資料 PW:{secret}" if source == "subject" else "資料",
             {"body": f"パスワードは「{secret}」です\n",
              "quoted": f"承知しました。\n> パスワード：{secret}\n"}.get(
                  source, "お送りします\n"),
             [(f"資料_PW_{secret}.{self.suffix}" if source == "name" else
               f"資料.{self.suffix}", self.content)], recipients=(self.to,))

    def send_password(self):
        send(self.other, "ご連絡", f"パスワードは「{self.secret}」です\n",
             recipients=(self.to,))

    def begin(self):
        if self.source == "before":
            self.send_password()
        if self.source == "worked":
            send(self.other, "資料", f"PW: {self.secret}\n",
                 [(f"a.{self.suffix}", self.content)], recipients=(self.to,))
            opened(self.other, 120)
        self.send_archive(self.mark)

    def go_on(self):
        if self.source in ("after", "typed"):
            case = case_of(self.mark)
            assert case["number_count"] == 0, (self.kind, self.source)
        if self.source == "after":
            self.send_password()
        if self.source == "typed":
            status, _ = site.desk("taro").request(
                "POST", f"/api/v1/cases/{case['id']}/unlock",
                {"password": self.secret, "keep": False})
            assert status == 202, (self.kind, status)

    def end(self):
        case = opened(self.mark, 240)
        found = [lock["source"] for lock in case["locks"] if lock["opened"]]
        wanted = [SOURCES[self.source]]
        # What a slow lock needed time to find out was pooled as said before
        # it was known to fit: both are true.
        if self.source == "worked" and is_slow(self.kind):
            wanted.append("related")
        assert len(found) == 1 and found[0] in wanted, (
            self.kind, self.source, found)
        assert not case["unscannable"], (self.kind, self.source, case["unscannable"])


def kinds():
    """Those that the programs here can make."""
    made = [kind for kind in KINDS
            if kind != "python, OOXML agile" or locked.has_agile()]
    # LibreOffice takes its time.
    office = list(OFFICE) if options.soak else list(OFFICE)[::3]
    return made + (office if locked.has_office() else [])


def is_slow(kind):
    return kind in OFFICE or KINDS[kind][2] == SLOW


def pairs():
    """In check each lock and each source; in soak all of them, but for what
    would take hours: thousands of passwords on a slow lock."""
    if options.soak:
        return [(kind, source) for kind in kinds() for source in SOURCES
                if not is_slow(kind) or source not in LATE]
    made = []
    early = [s for s in SOURCES if s not in LATE]
    late = list(LATE)
    for i, kind in enumerate(kinds()):
        if late and not is_slow(kind):
            made.append((kind, late.pop()))
        else:
            made.append((kind, early[i % len(early)]))
    # Which ZipCrypto tries by itself, and others one by one.
    return made + [("7-Zip, AES 256", "mask"), ("qpdf, AES 128", "day")]


def run_talks(talks):
    office = [talk for talk in talks if talk.kind in OFFICE]
    if office:
        for talk, content in zip(office, locked.office(
                [(talk.suffix, talk.secret, numbers()) for talk in office])):
            talk.content = content
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda talk: talk.begin(), talks))
    for talk in talks:
        talk.go_on()
    failed = []
    for talk in talks:
        try:
            talk.end()
        except AssertionError as error:
            failed.append((talk.kind, talk.source, str(error)[:600]))
    assert not failed, failed


@test
def every_lock_opens_from_every_source_in_every_order():
    wanted = pairs()
    assert {source for _, source in wanted} == set(SOURCES)
    # So many at a time that nobody has to wait for others.
    for at in range(0, len(wanted), 26):
        run_talks([Talk(*pair) for pair in wanted[at:at + 26]])


# What no template names: subject, text.
SENTENCES = (
    ("ご連絡", "PWです。\n{}\n"),
    ("ご連絡", "zipの鍵は {} です\n"),
    ("ご連絡", "例のパス、{} です。\n"),
    ("ご連絡", "{} がパスワードです\n"),
    ("ご連絡", "「{}」がパスワードになります\n"),
    ("ご連絡", "パスワード {} にて解凍願います\n"),
    ("ご連絡", "解凍するには {} を入力してください\n"),
    ("ご連絡", "パスワードのご連絡です。\n\n以下となります。\n\n{}\n"),
    ("Re: 資料", "PASS\n{}\n"),
    ("Files", "Here you go, password {} for the zip.\n"),
    ("Files", "Use {} as the password\n"),
    ("パスワードのお知らせ", "{}\n"),
)


def random_shape():
    """8 to 16 letters and digits, some of both."""
    while True:
        made = "".join(rng.choice(LETTERS) for _ in range(rng.randint(8, 16)))
        if any(c.isdigit() for c in made) and any(c.isalpha() for c in made):
            return made


@test
def a_password_in_any_sentence_opens_the_archive_of_another_mail():
    talks = []
    for i, (subject, text) in enumerate(SENTENCES):
        talk = Talk("7-Zip, AES 256", "after" if i % 2 else "before")
        talk.secret = random_shape()
        talk.content = KINDS[talk.kind][1](talk.secret)
        talk.send_password = functools.partial(
            send, talk.other, subject, text.format(talk.secret),
            recipients=(talk.to,))
        talks.append(talk)
    run_talks(talks)


@test
def a_file_in_clear_opens_the_archive_that_has_it_too():
    """Whatever the password is."""
    mark, secret = samples.token(rng), password() + password()
    # Nothing that compresses well.
    logo = bytes(rng.randrange(200) for _ in range(12000))
    send(mark, "資料", "お送りします\n",
         [("資料.zip", locked.infozip(secret, numbers(), "-0",
                                      others=[("logo.bin", logo)])),
          ("logo.bin", logo)], recipients=(one_recipient(),))
    case = opened(mark, 90)
    assert [lock["source"] for lock in case["locks"]] == ["known"], case
    assert_not_shown(case["id"], secret)
    assert_not_shown(case["id"], "keys:")


@test
def a_file_that_the_admin_knows_opens_an_archive_that_has_it():
    """The file itself is in no mail."""
    mark, secret = samples.token(rng), password() + password()[:4]
    send(mark, "資料", "お送りします\n", [("資料.zip", locked.infozip(
        secret, numbers(), "-9", others=[("logo.bin", LOGO)]))],
         recipients=(one_recipient(),))
    case = opened(mark, 90)
    assert [lock["source"] for lock in case["locks"]] == ["known"], case
    page = str(site.desk("approver1").request(
        "GET", f"/cases/{case['id']}", headers={"Accept": "text/html"})[1])
    assert "content that is known" in page or "既知の内容" in page
    assert_not_shown(case["id"], secret)
    assert_not_shown(case["id"], "keys:")


@test
def a_file_of_the_mail_that_waits_with_it_opens_an_archive():
    """The password mail names a wrong one, and has the file in clear."""
    mark, other, to = samples.token(rng), samples.token(rng), one_recipient()
    secret = password() + password()[:4]
    logo = bytes(rng.randrange(200) for _ in range(12000))
    send(mark, "資料", "お送りします\n", [("資料.zip", locked.infozip(
        secret, numbers(), "-9", others=[("logo.bin", logo)]))],
         recipients=(to,))
    assert case_of(mark)["number_count"] == 0
    send(other, "ご連絡", f"パスワードは「{password()}」です\n",
         [("logo.bin", logo)], recipients=(to,))
    case = opened(mark, 90)
    assert [lock["source"] for lock in case["locks"]] == ["known"], case
    assert_not_shown(case["id"], secret)


# --- no page -------------------------------------------------------------

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
def nor_one_that_opens_nothing_and_that_nobody_calls_one():
    """It may be half of it, or that of a mail that is to come."""
    secret, mark = random_shape() + "q7K", samples.token(rng)
    send(mark, f"資料 {secret}",
         f"展開の際は {secret} をお使いください。Keisansho を添えます。\n"
         f"{samples.LABEL} {mynumber.my_number(rng)} {secret} Keisansho\n",
         [("資料.zip", KINDS["7-Zip, AES 256"][1](secret + "#"))],
         recipients=(one_recipient(),))
    case = case_of(mark)
    assert case["unscannable"][0]["reason"] == "locked", case["unscannable"]
    wait_for("the notice", lambda: notices(case["id"]))
    assert_not_shown(case["id"], secret)
    assert any("Keisansho" in text for _, text in places(case["id"]))


@test
def a_notice_names_the_lock_and_how_to_go_on():
    mark = samples.token(rng)
    send(mark, "資料", "お送りします\n",
         [("資料.zip", KINDS["7-Zip, AES 256"][1](password()))],
         recipients=(one_recipient(),))
    case = case_of(mark)
    assert case["unscannable"][0]["detail"] == "zip: AES-256", case
    told = wait_for("the notice", lambda: notices(case["id"]))
    assert "zip: AES-256" in told[0] and "パスワード" in told[0], told


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
    with tempfile.NamedTemporaryFile("w") as listed, \
            tempfile.TemporaryDirectory() as known:
        listed.write(f"not-this\n{LISTED}\n")
        listed.flush()
        (Path(known) / "logo.bin").write_bytes(LOGO)
        os.chown(listed.name, UIDS["scanner"], UIDS["scanner"])
        os.chown(known, UIDS["scanner"], UIDS["scanner"])
        with Site(options.root, mta=options.mta, settings={
                "vault": {"unlock_search": "60s"},
                "scanner": {"unlock": "500ms", "known_files": f'"{known}"',
                            "passwords": f'"{listed.name}"'}}) as site:
            return runner.main(options.only)


if __name__ == "__main__":
    sys.exit(main())
