#!/usr/bin/python3
"""Bad input and faults: held or 4xx with the reason, and others go on.

usage: hostile.py --root PREFIX [NAME...]
"""

import argparse
import io
import os
import random
import signal
import sys
import threading
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, run, wait_for  # noqa: E402
from runner import Skip, test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None


def case_of(mark, seconds=20):
    desk = site.desk("approver1")

    def look():
        return [c for c in desk.cases("all") if mark in c["subject"]]
    return desk.case(wait_for(f"the case of {mark}", look, seconds)[0]["id"])


def nameless(before, seconds=20):
    """The case that is new since before; a crashed scan knows no subject."""
    desk = site.desk("approver1")

    def look():
        return [c for c in desk.cases("all") if c["id"] not in before]
    return desk.case(wait_for("a new case", look, seconds)[0]["id"])


def known():
    return {c["id"] for c in site.desk("approver1").cases("all")}


def reasons(case):
    return {o["reason"] for o in case["unscannable"]}


def delivered(mark):
    return site.sink.count(mark)


def marked(mail, mark):
    return f"X-Test-Token: {mark}\r\n".encode() + mail


def goes_on():
    """A clean mail still passes."""
    mark = samples.token(rng)
    code, text = site.send(marked(samples.clean(mark), mark))
    assert code == 250, (code, text)
    wait_for("a clean mail", lambda: delivered(mark))


def attached(mark, name, content, subtype="zip"):
    return marked(samples.mail(f"資料 {mark}", "添付します。\n", attachments=[
        (name, "application", subtype, content)]), mark)


@test
def a_truncated_zip_is_held():
    whole = samples.zipped_csv(mynumber.my_number(rng))
    for length in (len(whole) // 3, len(whole) - 30):
        mark = samples.token(rng)
        code, _ = site.send(attached(mark, "a.zip", whole[:length]))
        assert code == 250
        case = case_of(mark)
        assert case["state"] == "held" and not delivered(mark)


@test
def a_damaged_zip_is_held():
    content = bytearray(samples.zipped_csv(mynumber.my_number(rng)))
    content[60] ^= 0xff
    mark = samples.token(rng)
    assert site.send(attached(mark, "a.zip", bytes(content)))[0] == 250
    case = case_of(mark)
    assert case["verdict"] in ("unscannable", "found"), case["verdict"]
    assert not delivered(mark)


@test
def a_zip_bomb_is_held_quickly():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for i in range(2):
            with z.open(f"{i}.txt", "w", force_zip64=True) as member:
                for _ in range(512):
                    member.write(b"\0" * (1 << 20))
    mark = samples.token(rng)
    start = time.monotonic()
    other = threading.Thread(target=goes_on)
    other.start()
    code, text = site.send(attached(mark, "bomb.zip", out.getvalue()))
    took = time.monotonic() - start
    other.join()
    assert code == 250, (code, text)
    assert reasons(case_of(mark)) & {"limit", "timeout"}
    assert took < 20, took


@test
def nested_zips_end():
    content = samples.zipped_csv(mynumber.my_number(rng))
    for _ in range(40):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
            z.writestr("in.zip", content)
        content = out.getvalue()
    mark = samples.token(rng)
    assert site.send(attached(mark, "deep.zip", content))[0] == 250
    case = case_of(mark)
    assert case["state"] == "held" and "limit" in reasons(case), case


@test
def a_hundred_thousand_parts_end():
    mark = samples.token(rng)
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    mail = (f"From: taro@corp.test\r\nTo: out@example.com\r\nSubject: {mark}\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
            "\r\n").encode() + part * 100000 + b"--b--\r\n"
    code, text = site.send(mail)
    assert code == 250, (code, text)
    assert "limit" in reasons(case_of(mark))
    goes_on()


@test
def a_header_of_ten_megabytes_ends():
    """Postfix cuts headers at header_size_limit: what it passes is judged."""
    mark = samples.token(rng)
    mail = (f"From: taro@corp.test\r\nTo: out@example.com\r\nSubject: {mark}\r\n"
            .encode() + b"".join(b"X-Long-%d: " % i + b"y" * 900 + b"\r\n"
                                 for i in range(11000)) + b"\r\nbody\r\n")
    code, text = site.send(mail)
    if code == 250:
        case = case_of(mark)
        assert case["state"] == "held" and "limit" in reasons(case), case
    else:
        assert 400 <= code < 600, (code, text)
    goes_on()


@test
def a_truncated_mail_with_a_number_is_held():
    number = mynumber.my_number(rng)
    mark = samples.token(rng)
    mail = marked(samples.in_xlsx(mark, number), mark)
    assert site.send(mail[:len(mail) - 400])[0] == 250
    assert case_of(mark)["state"] == "held"


def workers():
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
                # Not the process that they are copies of.
                if (entry / "comm").read_text().strip() == "sekimori-templ":
                    continue
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if b"sekimori-worker-mail" in command and \
                    int(parent) == site.processes["scanner"].pid:
                found.append(int(entry.name))
    return found


def with_workers_hit(sig):
    """A mail that takes a while, and every worker gets a signal meanwhile."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("large.csv", "1,2,3,4,5,6,7,8\r\n" * 4000000)
    mark = samples.token(rng)
    mail = attached(mark, "large.zip", out.getvalue())
    got = []
    thread = threading.Thread(target=lambda: got.append(site.send(mail)))
    thread.start()
    hits = 0
    for _ in range(6):
        time.sleep(0.25)
        for pid in workers():
            try:
                os.kill(pid, sig)
                hits += 1
            except ProcessLookupError:
                pass
    thread.join(120)
    assert hits, "no worker was there"
    return mark, got[0]


@test
def crashing_workers_do_not_pass_mail():
    before = known()
    mark, (code, text) = with_workers_hit(signal.SIGKILL)
    assert code in (250, 451), (code, text)
    if code == 250 and not delivered(mark):
        time.sleep(2)
    if code == 250 and not delivered(mark):
        assert reasons(nameless(before)) & {"crashed", "timeout"}
    wait_for("the pool to refill", lambda: len(workers()) >= 2, 20)
    goes_on()


@test
def hanging_workers_do_not_pass_mail():
    before = known()
    mark, (code, text) = with_workers_hit(signal.SIGSTOP)
    assert code in (250, 451), (code, text)
    if code == 250 and not delivered(mark):
        assert reasons(nameless(before)) & {"crashed", "timeout"}
    wait_for("the pool to refill", lambda: len(workers()) >= 2, 20)
    goes_on()


@test
def many_connections_recover():
    import socket
    held = []
    try:
        for _ in range(300):
            s = socket.create_connection(("127.0.0.1", site.mta.port), 5)
            held.append(s)
    except OSError:
        pass
    for s in held:
        s.close()
    time.sleep(1)
    goes_on()


@test
def a_full_store_tempfails_what_would_be_held():
    """Too little free space: 4xx, clean mail flows, doctor and log say why."""
    before = site.settings
    site.settings = {**before, "vault": {"min_free": "1000G"}}
    site.write_config()
    try:
        reload = site.cli("reload")
        assert reload.returncode == 0, reload.stdout + reload.stderr
        mark = samples.token(rng)
        code, text = site.send(marked(samples.in_body(
            mark, mynumber.my_number(rng)), mark))
        assert code == 451, (code, text)
        goes_on()
        doctor = site.cli("doctor")
        assert doctor.returncode == 1
        assert "free" in (doctor.stdout + doctor.stderr).lower()
    finally:
        site.settings = before
        site.write_config()
        site.cli("reload")
    mark = samples.token(rng)
    assert site.send(marked(samples.in_body(mark, mynumber.my_number(rng)),
                            mark))[0] == 250


@test
def a_really_full_disk_tempfails():
    """The store on a small tmpfs that somebody else fills up."""
    global site
    outer = site
    disk = Path(outer.dir) / "small"
    disk.mkdir()
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=0711", "tmpfs",
                   disk])
    if mounted.returncode != 0:
        raise Skip("cannot mount a tmpfs")
    try:
        with Site(options.root, state_dir=disk / "state") as site:
            mark = samples.token(rng)
            assert site.send(marked(samples.in_body(
                mark, mynumber.my_number(rng)), mark))[0] == 250
            with open(disk / "filler", "wb", buffering=0) as filler:
                try:
                    while True:
                        filler.write(b"\0" * 65536)
                except OSError:
                    pass
            bad = samples.token(rng)
            mail = marked(samples.in_body(bad, mynumber.my_number(rng)), bad)
            code, text = site.send(mail)
            assert code == 451, (code, text)
            goes_on()
            (disk / "filler").unlink()
            wait_for("room again", lambda: site.send(mail)[0] == 250, 30, 0.5)
            assert case_of(bad)["state"] == "held"
            assert case_of(mark)["state"] == "held"
    finally:
        site = outer
        run(["umount", "-l", disk])


@test
def a_vault_without_its_key_still_holds():
    key = site.key.read_bytes()
    os.unlink(site.key)
    site.kill("vault")
    site.start_daemons("vault")
    try:
        mark = samples.token(rng)
        mail = marked(samples.in_body(mark, mynumber.my_number(rng)), mark)
        code, text = site.send(mail)
        # The milter knows the public key already.
        assert code == 250, (code, text)
        goes_on()
        doctor = site.cli("doctor")
        assert doctor.returncode == 1 and "key" in doctor.stdout.lower()
    finally:
        site.key.write_bytes(key)
        site.key.chmod(0o400)
        os.chown(site.key, 64101, 64101)
    wait_for("the vault to unlock", lambda: site.desk().login("approver1")
             in (200, 201), 30, 0.5)
    case = case_of(mark)
    assert case["state"] == "held"
    assert site.desk("approver1").decide(case["id"], "approve")[0] == 200
    wait_for("delivery", lambda: delivered(mark))


@test
def a_bad_reload_keeps_the_old_configuration():
    good = site.config.read_text()
    site.config.write_text(good.replace("action = hold", "action = hould"))
    try:
        bad = site.cli("reload")
        assert bad.returncode != 0
        line = good.splitlines().index(next(
            l for l in good.splitlines() if "action = hold" in l)) + 1
        assert f":{line}:" in bad.stdout + bad.stderr, bad.stdout + bad.stderr
        mark = samples.token(rng)
        assert site.send(marked(samples.in_body(
            mark, mynumber.my_number(rng)), mark))[0] == 250
        assert case_of(mark)["state"] == "held"
    finally:
        site.config.write_text(good)
    assert site.cli("reload").returncode == 0


if __name__ == "__main__":
    with Site(options.root, settings={
            "scanner": {"hard_stop": "6s", "wall": "5s"},
            "milter": {"deadline": "40s"}}) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
