#!/usr/bin/python3
"""The password comes in another mail: before the archive, after it, with it.

usage: related.py --root PREFIX [--mta postfix|sendmail] [NAME...]

Archives are made by Info-ZIP; passwords are random and stand in sentences.
"""

import argparse
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
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
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

rng = random.Random()
site = None
secrets = []  # every password that was used
LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789#%@_"
SENTENCES = (
    "先ほどお送りした資料のパスワードは「{}」です。\n",
    "お世話になっております。\n添付ファイルのパスワードは以下の通りです。\n\n{}\n\n"
    "よろしくお願いいたします。\n",
    "解凍パスワード：{}\n",
    "The password for the attached file is {}\n",
)


def password():
    secrets.append("".join(rng.choice(LETTERS)
                           for _ in range(rng.randint(10, 14))))
    return secrets[-1]


def numbers():
    return (f"氏名,{samples.LABEL},部署\r\n山田太郎,"
            f"{mynumber.my_number(rng)},総務部\r\n")


def harmless():
    return "品名,数量\r\n" + "".join(f"用紙 {i},{i * 3}\r\n" for i in range(40))


def locked_mail(mark, secret, text, body="資料をお送りします。\n", **kwargs):
    mail = samples.mail(f"資料 {mark}", body, attachments=[
        ("資料.zip", "application", "zip", locked.infozip(secret, text))], **kwargs)
    return f"X-Test-Token: {mark}\r\n".encode() + mail


def password_mail(mark, secret, sentence=SENTENCES[0], **kwargs):
    mail = samples.mail(f"ご連絡 {mark}", sentence.format(secret), **kwargs)
    return f"X-Test-Token: {mark}\r\n".encode() + mail


def send(mail, **kwargs):
    code, text = site.send(mail, **kwargs)
    assert code == 250, (code, text)


def case_of(mark, which="open"):
    desk = site.desk("approver1")
    line = wait_for(f"the case of {mark}", lambda: next(
        (c for c in desk.cases(which) if mark in c["subject"]), None))
    return desk.case(line["id"])


def cases_of(mark):
    return [c for c in site.desk("approver1").cases("all")
            if mark in c["subject"]]


def opened(mark, seconds=30):
    """The case, once its archive was read."""
    return wait_for(f"the archive of {mark} opened", lambda: next(
        (c for c in [case_of(mark)] if c["number_count"] == 1), None), seconds)


def arrived(mark, recipient="out@example.com", seconds=20):
    return wait_for(f"{mark} at {recipient}", lambda: [
        m for _, m in site.sink.to(recipient) if mark.encode() in m
        and b"X-Test-Token" in m], seconds)


def is_there(mark, recipient="out@example.com"):
    return any(mark.encode() in m and b"X-Test-Token" in m
               for _, m in site.sink.to(recipient))


def one_recipient():
    """Nobody who has got a password yet."""
    return f"{samples.token(rng)[6:]}@example.com"


@test
def the_password_before_the_archive():
    for text, found in ((numbers(), True), (harmless(), False)):
        to, secret = one_recipient(), password()
        before, mark = samples.token(rng), samples.token(rng)
        send(password_mail(before, secret), recipients=(to,))
        arrived(before, to)
        send(locked_mail(mark, secret, text), recipients=(to,))
        if found:
            case = case_of(mark)
            assert case["number_count"] == 1, case
            assert case["rule"] == "numbers wait", case
            assert not is_there(mark, to)
            # Who decides sees what was opened.
            wait_for("the preview", lambda: "総務部" in site.desk(
                "approver1").request("GET", f"/cases/{case['id']}", headers={
                    "Accept": "text/html"})[1])
        else:
            arrived(mark, to)


@test
def the_password_after_the_archive():
    to, secret = one_recipient(), password()
    mark, after = samples.token(rng), samples.token(rng)
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    case = case_of(mark)
    assert case["rule"] == "unread waits" and case["number_count"] == 0, case
    send(password_mail(after, secret, SENTENCES[1]), recipients=(to,))
    case = opened(mark)
    # One case on the pages, and neither mail has arrived.
    assert not cases_of(after)
    assert after in case["companions"][0]["subject"], case["companions"]
    assert case["companions"][0]["recipients_text"] == to
    desk = site.desk("approver1")
    assert after in desk.request("GET", f"/cases/{case['id']}")[1]
    companion = desk.case(case["companions"][0]["id"])
    assert companion["waits_with"] == case["id"], companion
    assert not companion["may_decide"], companion
    assert secret not in str(companion) and secret not in str(case)
    done = site.cli("hold", "show", case["id"], uid=64201)
    assert companion["id"] in done.stdout, done.stdout
    assert not is_there(after, to) and not is_there(mark, to)
    status, answer = site.desk("approver1").decide(case["id"], "approve",
                                                   purpose="test")
    assert status == 200, (status, answer)
    arrived(mark, to)
    arrived(after, to)


@test
def a_harmless_archive_goes_on_with_its_password():
    to, secret = one_recipient(), password()
    mark, after = samples.token(rng), samples.token(rng)
    send(locked_mail(mark, secret, harmless()), recipients=(to,))
    case_of(mark)
    send(password_mail(after, secret, SENTENCES[2]), recipients=(to,))
    arrived(mark, to, 30)
    arrived(after, to, 30)


@test
def the_password_in_the_same_mail():
    to, secret, mark = one_recipient(), password(), samples.token(rng)
    send(locked_mail(mark, secret, numbers(), SENTENCES[3].format(secret)),
         recipients=(to,))
    assert case_of(mark)["number_count"] == 1
    # What has opened something is tried on the next mail of the same two.
    again = samples.token(rng)
    send(locked_mail(again, secret, numbers()), recipients=(to,))
    assert case_of(again)["number_count"] == 1


@test
def every_kind_of_lock_in_both_orders():
    number = mynumber.my_number(rng)
    kinds = {
        "zip AES": ("資料.zip", lambda s: locked.seven(
            s, numbers(), ["-tzip", "-mem=AES256"], "a.zip")),
        "7z": ("資料.7z", lambda s: locked.seven(s, numbers())),
        "7z names": ("資料.7z", lambda s: locked.seven(s, numbers(),
                                                       ["-mhe=on"])),
        "pdf": ("資料.pdf", lambda s: locked.pdf(
            s, f"My Number: {number}")),
    }
    talks = [(kind, first, one_recipient(), password(), samples.token(rng),
              samples.token(rng)) for kind in kinds for first in (True, False)]

    def archive_of(talk):
        kind, first, to, secret, mark, other = talk
        name, make = kinds[kind]
        mail = samples.mail(f"資料 {mark}", "お送りします。\n", attachments=[
            (name, "application", "octet-stream", make(secret))])
        if first:
            send(password_mail(other, secret), recipients=(to,))
        send(f"X-Test-Token: {mark}\r\n".encode() + mail, recipients=(to,))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(archive_of, talks))
    for kind, first, to, secret, mark, other in talks:
        if not first:
            assert case_of(mark)["number_count"] == 0, kind
            send(password_mail(other, secret), recipients=(to,))
    for kind, first, to, _, mark, other in talks:
        # A slow lock may take longer than a sender can wait: then the held
        # mail is tried again.
        opened(mark)
        assert first or not is_there(other, to), kind


def of_two_passwords(first, second):
    """A zip whose members were put in one after the other."""
    with tempfile.TemporaryDirectory() as place:
        for name, secret in (("a.csv", first), ("b.csv", second)):
            (Path(place) / name).write_text(numbers(), encoding="cp932")
            subprocess.run(["zip", "-q", "-P", secret, "a.zip", name],
                           cwd=place, check=True)
        return (Path(place) / "a.zip").read_bytes()


@test
def an_archive_of_two_passwords_is_read_as_far_as_they_are_known():
    def wait(mark, count):
        return wait_for(f"{count} numbers", lambda: next(
            (c for c in [case_of(mark)] if c["number_count"] == count), None), 30)

    ways = [(way, one_recipient(), password(), password(), samples.token(rng))
            for way in ("before", "after", "typed")]
    for way, to, first, second, mark in ways:
        if way == "before":
            send(password_mail(samples.token(rng), first), recipients=(to,))
        send(f"X-Test-Token: {mark}\r\n".encode() + samples.mail(
            f"資料 {mark}", "お送りします。\n", attachments=[
                ("資料.zip", "application", "zip",
                 of_two_passwords(first, second))]), recipients=(to,))
    for way, to, first, second, mark in ways:
        case = case_of(mark)
        for count, secret in ((1, first), (2, second)):
            if way == "typed":
                status, _ = site.desk("taro").request(
                    "POST", f"/api/v1/cases/{case['id']}/unlock",
                    {"password": secret, "keep": False})
                assert status == 202, status
            elif way == "after" or count == 2:
                send(password_mail(samples.token(rng), secret), recipients=(to,))
            case = wait(mark, count)
            assert [lock["opened"] for lock in case["locks"]] == [count == 2], \
                (way, count)


@test
def several_correspondents_at_once_do_not_mix():
    senders = [f"{name}@corp.test" for name in ("taro", "jiro", "saburo")]
    people = [one_recipient() for _ in range(2)]
    talks = [(sender, to, password(), samples.token(rng), samples.token(rng))
             for sender in senders for to in people]
    order = list(range(len(talks)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda talk: send(
            locked_mail(talk[3], talk[2], numbers(), sender=talk[0]),
            sender=talk[0], recipients=(talk[1],)), talks))
    rng.shuffle(order)
    # All but the last one get their password; and that one gets another's.
    for i in order[:-1]:
        sender, to, secret, _, after = talks[i]
        send(password_mail(after, secret, rng.choice(SENTENCES),
                           sender=sender), sender=sender, recipients=(to,))
    last = talks[order[-1]]
    stranger = "shiro@corp.test"
    foreign = samples.token(rng)
    send(password_mail(foreign, last[2], sender=stranger), sender=stranger,
         recipients=(last[1],))
    arrived(foreign, last[1])
    for i in order[:-1]:
        opened(talks[i][3])
    time.sleep(1)
    assert case_of(last[3])["number_count"] == 0
    for i in order[:-1]:
        assert not is_there(talks[i][4], talks[i][1])


@test
def a_header_from_gives_no_password_and_takes_none():
    """jiro writes as taro; the envelope says who it was."""
    to = one_recipient()
    taro, jiro = "taro@corp.test", "jiro@corp.test"
    words = password(), password()
    (of_taro, of_jiro, first, second) = (samples.token(rng) for _ in range(4))
    send(locked_mail(of_taro, words[0], numbers(), sender=taro),
         sender=taro, recipients=(to,))
    send(locked_mail(of_jiro, words[1], numbers(), sender=taro),
         sender=jiro, recipients=(to,))
    # Each says the other's, which opens nothing; and it waits with its own.
    send(password_mail(first, words[1], sender=taro), sender=taro,
         recipients=(to,))
    send(password_mail(second, words[0], sender=taro), sender=jiro,
         recipients=(to,))
    for mark, other in ((of_taro, first), (of_jiro, second)):
        case = wait_for("its companion and the try", lambda: next(
            (c for c in [case_of(mark)] if c["companions"]
             and c["unlock"]["state"] == "closed"), None))
        assert case["number_count"] == 0, case
        assert len(case["companions"]) == 1, case["companions"]
        assert other in case["companions"][0]["subject"], case["companions"]
    # What waits for a word that was said before gets none either.
    late = samples.token(rng)
    send(locked_mail(late, words[0], numbers(), sender=jiro), sender=taro,
         recipients=(to,))
    assert case_of(late)["number_count"] == 0


@test
def who_sends_for_others_is_one_sender():
    """An office, a program; also one that signs in with the address."""
    for login, people in ((None, ("taro", "boss")),
                          ("erp@corp.test", ("erp", "erp")),
                          ("erp@corp.test", ("taro", "jiro"))):
        to, secret = one_recipient(), password()
        mark, after = samples.token(rng), samples.token(rng)
        froms = [f"{name}@corp.test" for name in people]
        send(locked_mail(mark, secret, numbers(), sender=froms[0]),
             sender="erp@corp.test", recipients=(to,), login=login)
        send(password_mail(after, secret, sender=froms[1]),
             sender="erp@corp.test", recipients=(to,), login=login)
        opened(mark)


@test
def only_those_wait_who_wait_for_the_archive():
    to, other, secret = one_recipient(), one_recipient(), password()
    mark, after = samples.token(rng), samples.token(rng)
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    case_of(mark)
    send(password_mail(after, secret), recipients=(to, other))
    arrived(after, other)
    case = opened(mark)
    assert not is_there(after, to)
    status, answer = site.desk("taro").decide(case["id"], "cancel")
    assert status == 200, (status, answer)
    time.sleep(1)
    assert not is_there(after, to) and not is_there(mark, to)
    done = site.cli("audit", "list", "--limit", "40", uid=ADMIN_UID)
    assert done.stdout.count("cancel") >= 2, done.stdout


@test
def the_sender_hears_once_that_both_wait():
    to, secret = one_recipient(), password()
    mark, after = samples.token(rng), samples.token(rng)
    since = len(site.sink.mails())
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    case = case_of(mark)
    send(password_mail(after, secret), recipients=(to,))

    def notices(words):
        import email
        import email.policy
        found = []
        for envelope, mail in site.sink.mails()[since:]:
            made = email.message_from_bytes(mail, policy=email.policy.default)
            if envelope["mail_from"] == "" and words in str(made["Subject"]):
                found.append(made.get_body(("plain",)).get_content())
        return found
    told = wait_for("the notice", lambda: notices("パスワードのメールも"))
    opened(mark)
    # One, about the case of the archive.
    assert len(told) == 1 and case["id"] in told[0], told
    assert not notices(after)
    assert secret not in "".join(told)


@test
def without_the_vault_a_password_waits_at_its_sender():
    to, secret, mark = one_recipient(), password(), samples.token(rng)
    site.kill("vault", signal.SIGTERM)
    try:
        code, text = site.send(password_mail(mark, secret), recipients=(to,))
        assert code == 451, (code, text)
        clean = samples.token(rng)
        send(f"X-Test-Token: {clean}\r\n".encode() + samples.clean(clean),
             recipients=(to,))
        arrived(clean, to)
    finally:
        site.start_daemons("vault")
    send(password_mail(mark, secret), recipients=(to,))
    arrived(mark, to)


@test
def a_restarted_vault_has_forgotten_and_works():
    to, secret = one_recipient(), password()
    before, mark, after = (samples.token(rng) for _ in range(3))
    send(password_mail(before, secret), recipients=(to,))
    arrived(before, to)
    site.kill("vault", signal.SIGTERM)
    site.start_daemons("vault")
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    assert case_of(mark)["number_count"] == 0
    send(password_mail(after, secret), recipients=(to,))
    opened(mark)


@test
def words_survive_a_restart_when_that_is_set():
    to, secret = one_recipient(), password()
    before, mark = samples.token(rng), samples.token(rng)
    site.settings["vault"]["words_survive"] = "yes"
    site.write_config()
    site.cli("reload", "vault")
    try:
        send(password_mail(before, secret), recipients=(to,))
        arrived(before, to)
        site.kill("vault", signal.SIGTERM)
        kept = (site.state / "words").read_bytes()
        assert secret.encode() not in kept
        site.start_daemons("vault")
        wait_for("the words to be taken",
                 lambda: not (site.state / "words").exists())
        send(locked_mail(mark, secret, numbers()), recipients=(to,))
        assert case_of(mark)["number_count"] == 1
    finally:
        del site.settings["vault"]["words_survive"]
        site.write_config()
        site.cli("reload", "vault")


@test
def an_administrator_has_all_words_forgotten():
    to, secret = one_recipient(), password()
    before, mark = samples.token(rng), samples.token(rng)
    site.cli("store", "forget-words", uid=ADMIN_UID)
    send(samples.clean(samples.token(rng)), recipients=(to,))
    done = site.cli("store", "forget-words", uid=ADMIN_UID)
    assert done.stdout == "0 words forgotten\n", done
    send(password_mail(before, secret), recipients=(to,))
    done = site.cli("store", "forget-words", uid=ADMIN_UID)
    assert re.fullmatch(r"[12] words forgotten\n", done.stdout), done
    done = site.cli("store", "forget-words", uid=64201)
    assert done.returncode != 0, done
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    assert case_of(mark)["number_count"] == 0
    done = site.cli("audit", "list", "--limit", "50", uid=ADMIN_UID)
    assert "words-forgotten" in done.stdout, done.stdout


@test
def mails_of_an_ordinary_day_leave_no_word():
    with tempfile.TemporaryDirectory() as place:
        made = subprocess.run(
            [sys.executable, "-B", str(HERE.parent / "formats/everyday.py"),
             "--root", options.root, "--count", "100", "--seed",
             str(rng.randrange(10**6)), "--keep", place],
            capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout + made.stderr
        mails = [path.read_bytes() for path in Path(place).glob("*.eml")]
    assert len(mails) == 100
    to = one_recipient()
    site.cli("store", "forget-words", uid=ADMIN_UID)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda mail: send(mail, recipients=(to,)), mails))
    done = site.cli("store", "forget-words", uid=ADMIN_UID)
    assert done.stdout == "0 words forgotten\n", done


def found_in_memory(name, needles):
    """For each needle in writable memory of a daemon: are its pages locked
    and left out of cores?"""
    pid = site.processes[name].pid
    maps = Path(f"/proc/{pid}/smaps").read_text()
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for area in re.finditer(r"^([0-9a-f]+)-([0-9a-f]+) .w.*\n"
                                r"(?:[A-Z].*\n)*?VmFlags:(.*)$", maps, re.M):
            start, end = int(area[1], 16), int(area[2], 16)
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except OSError:
                continue  # gone meanwhile
            flags = area[3].split()
            found += ["lo" in flags and "dd" in flags
                      for needle in needles if needle in content]
    return found


@test
def words_go_when_their_time_is_over():
    to, secret = one_recipient(), password()
    before, mark = samples.token(rng), samples.token(rng)
    site.cli("store", "forget-words", uid=ADMIN_UID)
    site.settings["vault"]["words_keep"] = "1s"
    site.write_config()
    done = site.cli("reload", "vault")
    assert done.returncode == 0, done
    try:
        send(password_mail(before, secret), recipients=(to,))
        time.sleep(1.5)
        done = site.cli("store", "forget-words", uid=ADMIN_UID)
        assert done.stdout == "0 words forgotten\n", done
    finally:
        del site.settings["vault"]["words_keep"]
        site.write_config()
        site.cli("reload", "vault")
    send(locked_mail(mark, secret, numbers()), recipients=(to,))
    assert case_of(mark)["number_count"] == 0
    # That they went is on record, at the latest when the vault stops.
    site.kill("vault", signal.SIGTERM)
    site.start_daemons("vault")
    done = site.cli("audit", "list", "--limit", "20", uid=ADMIN_UID)
    assert "words-dropped" in done.stdout, done.stdout


@test
def no_password_is_on_disk_in_a_log_a_core_or_swap():
    # Those of all tests before.
    needles = [secret.encode() for secret in secrets]
    assert len(needles) > 10 or options.only
    for path in [p for place in ("state", "log", "run", "tmp", "key", "etc")
                 for p in (site.dir / place).rglob("*") if p.is_file()]:
        content = path.read_bytes()
        assert not any(n in content for n in needles), path
    done = site.cli("audit", "list", "--json", "--limit", "500", uid=ADMIN_UID)
    assert not any(s in done.stdout for s in secrets)
    assert options.only or done.stdout.count("\n") > 20
    for name in ("vault", "milter", "courier"):
        limits = Path(f"/proc/{site.processes[name].pid}/limits").read_text()
        assert re.search(r"^Max core file size +[01] ", limits, re.M), limits
    # Words that are kept lie in such pages and nowhere else; what has passed
    # through is wiped.
    send(password_mail(samples.token(rng), password()))
    here = found_in_memory("vault", [s.encode() for s in secrets])
    assert here and all(here), here
    # Where the text of a short mail stands in the clear, too.
    for _ in range(4):
        send(samples.mail(f"連絡 {samples.token(rng)}",
                          f"パスワードは「{password()}」です。\n", cte="8bit"))
    needles = [secret.encode() for secret in secrets]
    for name in ("courier", "scanner", "desk", "milter"):
        wait_for(f"{name} to have wiped them",
                 lambda name=name: not found_in_memory(name, needles), 5)


def main():
    global site
    with Site(options.root, mta=options.mta, settings={
            # Only words may open something here.
            "vault": {"unlock_search": "0s"},
            "scanner": {"unlock": "600ms"}}) as site:
        return runner.main(options.only)


if __name__ == "__main__":
    sys.exit(main())
