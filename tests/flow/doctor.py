#!/usr/bin/python3
"""Every misconfiguration is made, named by doctor, mended, and gone.

usage: doctor.py --root PREFIX [NAME...]

One site with a private Postfix; every check of "doctor --list" is broken.
Files are changed only: doctor reads them, so programs seldom start again.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
import sendmail  # noqa: E402
from checkpoint import ADMIN_UID, Site, free_port, run, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

# What a site of the harness has by nature.
USUAL = {"postfix-side-door"}

site = None
shim = None
broken = set()  # every check that was seen


def look(*argv, **env):
    """{check: result} of all findings."""
    words = {**os.environ, "MAIL_CONFIG": str(site.mta.dir / "etc"),
             "SSL_CERT_FILE": str(site.certificate),
             "LD_PRELOAD": str(shim), "LC_ALL": "C.UTF-8", **env}
    done = run([site.bin, "--config", site.config, "doctor", "--json", *argv],
               env=words, timeout=60)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    answer = json.loads(done.stdout)
    found = {c["check"]: c for c in answer["checks"]
             if c["state"] in ("wrong", "note")}
    wrong = [c for c in answer["checks"] if c["state"] == "wrong"]
    assert len(wrong) == answer["wrong"]
    assert done.returncode == (1 if wrong else 0), done.stdout
    return found


def named(check, *argv, **env):
    """The finding, which says what is wrong and what to do."""
    found = look(*argv, **env)
    assert check in found, f"{check} is not named: {sorted(found)}"
    assert found[check]["says"] and found[check]["next"]
    broken.add(check)
    return found[check]


def whole(*argv):
    """Nothing but what the site has by nature."""
    found = look(*argv)
    rest = {k: v["detail"] for k, v in found.items() if k not in USUAL}
    assert not rest, rest


@contextlib.contextmanager
def mended():
    """Whatever the block breaks is whole again afterwards."""
    yield
    whole()


def settings(check, /, **sections):
    """The file alone has these values; the programs keep theirs."""
    text = site.config.read_text()
    before = site.settings
    site.settings = {k: {**before.get(k, {}), **v} for k, v in sections.items()}
    site.write_config()
    try:
        return named(check)
    finally:
        site.settings = before
        site.config.write_text(text)


@contextlib.contextmanager
def files(*words, master=None):
    """main.cf has these words; in master.cf the smtpd line is another."""
    etc = site.mta.dir / "etc"
    kept = {n: (etc / n).read_text() for n in ("main.cf", "master.cf")}
    names = {word.split("=")[0] for word in words}
    (etc / "main.cf").write_text("".join(
        line + "\n" for line in kept["main.cf"].splitlines()
        if line.split(" =")[0] not in names) + "".join(
        word.replace("=", " = ", 1) + "\n" for word in words))
    if master:
        line = f"127.0.0.1:{site.mta.port} inet n - n - - smtpd\n"
        assert line in kept["master.cf"]
        (etc / "master.cf").write_text(kept["master.cf"].replace(line, master))
    # A file of this second is read over and over until it is older.
    old = time.time() - 10
    for name in kept:
        os.utime(etc / name, (old, old))
    try:
        yield
    finally:
        for name, text in kept.items():
            (etc / name).write_text(text)
            os.utime(etc / name, (old, old))


def postconf(check, *words, master=None):
    with files(*words, master=master):
        return named(check)


@contextlib.contextmanager
def mode(path, value):
    was = os.stat(path).st_mode & 0o7777
    os.chmod(path, value)
    try:
        yield
    finally:
        os.chmod(path, was)


@contextlib.contextmanager
def away(path):
    aside = Path(str(path) + ".aside")
    os.rename(path, aside)
    try:
        yield
    finally:
        os.rename(aside, path)


# --- first, what a new site lacks -------------------------------------------

@test
def a_key_beside_the_store_without_escrow():
    assert "socket" not in str(sorted(look()))
    named("key-place")
    named("escrow")
    made = site.cli("key", "escrow", "--passphrase-stdin", site.dir / "copy",
                    input="a passphrase that is long\n")
    assert made.returncode == 0, made.stderr
    found = look()
    assert "escrow" not in found
    # A volume of its own at the same place.
    key = site.key.read_bytes()
    done = run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700,uid=64101",
                "tmpfs", site.key.parent])
    if done.returncode != 0:
        raise runner.Skip("cannot mount a tmpfs")
    site.key.write_bytes(key)
    site.key.chmod(0o400)
    os.chown(site.key, 64101, 64101)
    whole()


@test
def what_is_whole_exits_with_0():
    found = look()
    assert set(found) <= USUAL, found
    text = site.cli("doctor", "--verbose")
    assert "ok      postfix-milters" in text.stdout, text.stdout
    note = named("postfix-side-door")
    assert str(site.mta.plain_port) in note["detail"]


# --- configuration and programs ---------------------------------------------

@test
def a_bad_file_and_monitor_mode():
    with mended():
        text = site.config.read_text()
        site.config.write_text("general {\n\tcolour = red\n")
        try:
            assert ":3: " in named("config")["detail"]
        finally:
            site.config.write_text(text)
        settings("mode", general={"mode": "monitor"})


@test
def a_policy_that_lets_pictures_leave():
    with mended():
        text = site.config.read_text()
        site.config.write_text(text.replace("policy {", """policy {
	rule "pictures leave" {
		verdict = {unscannable}
		only_reason = {image}
		action = deliver
	}""", 1))
        try:
            assert "pictures leave" in named("pictures")["detail"]
        finally:
            site.config.write_text(text)


@test
def programs_and_their_sockets():
    with mended():
        with mode(site.dir / "run", 0o777):
            named("run-dir")
        with mode(site.dir / "run/vault", 0o777):
            assert "run/vault" in named("run-dir")["detail"]
        with mode(site.dir / "run/vault/vault.sock", 0o600):
            named("inner-socket")
        site.kill("courier")
        assert "courier" in named("program-down")["detail"]
        site.start_daemons("courier")
        site.processes["desk"].send_signal(signal.SIGSTOP)
        try:
            assert "desk" in named("program-silent")["detail"]
        finally:
            site.processes["desk"].send_signal(signal.SIGCONT)


@test
def a_reader_of_pdf_that_is_not_there():
    with mended():
        found = settings("pdf-reader", scanner={"pdf_workers": 0})
        assert "pdf_workers" in found["detail"]
        with away(Path(options.root) / "libexec/sekimori/sekimori-worker-pdf"):
            assert "missing" in named("pdf-reader")["detail"]


@test
def the_socket_of_the_milter():
    socket = site.mta.milter_socket
    group = os.stat(socket).st_gid
    with mended():
        with away(socket):
            named("socket-missing")
        os.chown(socket, -1, 0)
        try:
            assert "root" in named("socket-group")["detail"]
            assert "postfix" in named("socket-access")["detail"]
        finally:
            os.chown(socket, -1, group)
        with mode(socket, 0o600):
            named("socket-mode")
        with mode(site.mta.milter_dir, 0o700):
            detail = named("socket-access")["detail"]
            assert "mode 700" in detail and "Permission denied" in detail
        with mode(site.mta.milter_dir, 0o755), mode(socket, 0o666):
            named("socket-open")
        settings("socket-tcp", milter={"socket": '"inet:9@127.0.0.1"'})


# --- the MTA -----------------------------------------------------------------

@test
def without_an_mta_it_says_so():
    named("mta", "--postfix", "/nonexistent")
    named("mta", "--sendmail", "/nonexistent")


@test
def postfix_asks_about_all_mail():
    port = site.mta.port
    with mended():
        postconf("postfix-milters", "smtpd_milters=")
        postconf("postfix-milters", "smtpd_milters=unix:other/milter")
        postconf("postfix-local-mail", "non_smtpd_milters=")
        postconf("postfix-bounces", "internal_mail_filter_classes=")
        postconf("postfix-bypass",
                 f"smtpd_milter_maps=cidr:{site.dir}/exempt")
        postconf("postfix-side-door", master=f"127.0.0.1:{port} inet n - n - "
                 "- smtpd -o receive_override_options=no_milters\n")
        # Other hosts reach it.
        found = postconf("postfix-bypass", "inet_interfaces=all", master=
                         f"127.0.0.1:{port} inet n - n - - smtpd\n"
                         f"{port} inet n - n - - smtpd -o smtpd_milters=\n")
        assert f"{port}/inet" in found["detail"]


@test
def the_socket_is_where_the_chroot_looks():
    chrooted = f"127.0.0.1:{site.mta.port} inet n - y - - smtpd\n"
    with mended():
        found = postconf("postfix-chroot", "smtpd_milters=unix:" +
                         str(site.mta.milter_socket), master=chrooted)
        assert f"{site.mta.queue}{site.mta.milter_socket}" in found["detail"]
        postconf("postfix-chroot", "smtpd_milters=unix:/sekimori/milter")
        # Relative to the queue directory it is found from both sides.
        with files(master=chrooted):
            whole()


@test
def what_postfix_does_without_us():
    ours = "unix:sekimori/milter"
    with mended():
        for word in ("accept", "reject", "quarantine"):
            detail = postconf("postfix-default-action",
                              f"milter_default_action={word}")["detail"]
            assert word in detail
        postconf("postfix-default-action", "milter_default_action=accept",
                 "smtpd_milters=", "non_smtpd_milters=")
        postconf("postfix-default-action", "smtpd_milters={ " + ours +
                 ", default_action = accept }")
        postconf("postfix-timeout", "milter_content_timeout=30s")
        postconf("postfix-timeout", "milter_command_timeout=1s")
        postconf("postfix-timeout", "smtpd_milters={ " + ours +
                 ", content_timeout=20s }")
        postconf("postfix-protocol", "milter_protocol=2")
        postconf("postfix-login", "milter_mail_macros=i {mail_addr}")
        postconf("postfix-login", "milter_end_of_data_macros={mail_addr}")


@test
def mail_that_the_milter_cannot_see():
    with mended():
        postconf("postfix-bare-newline", "smtpd_forbid_bare_newline=no")
        postconf("postfix-bcc", "always_bcc=archive@corp.test")
        line = f"127.0.0.1:{site.mta.port} inet n - n - - smtpd\n"
        postconf("postfix-bcc", master=line + "archive unix n - n - 0 "
                 "cleanup -o always_bcc=archive@corp.test\n")
        postconf("postfix-bcc", "sender_bcc_maps=static:archive@corp.test")
        postconf("postfix-bcc", "recipient_bcc_maps=static:a@corp.test")
        postconf("postfix-aliases", "virtual_alias_maps=static:a@corp.test")


@test
def sizes_fit_each_other():
    with mended():
        postconf("postfix-size", "message_size_limit=0")
        settings("postfix-size", milter={"max_message": "1M"})


@test
def sendmail_asks_and_waits():
    # The file that its own m4 makes; the daemon is not needed.
    mc = sendmail.PROBE_MC.replace("/mnt/milter", str(site.mta.milter_socket))
    mc = mc.replace("DAEMON_OPTIONS(",
                    "define(`confMAX_MESSAGE_SIZE',`104857600')dnl\n"
                    "DAEMON_OPTIONS(")
    tree = sendmail.unpacked(site.root.parent)
    file = site.dir / "sendmail.cf"

    def make(text):
        source = site.dir / "probe.mc"
        source.write_text(text.format(dir=site.dir, port=1, sink_port=1,
                                      sink_host="127.0.0.9"))
        cf = tree / "usr/share/sendmail/cf"
        done = run(["m4", f"-D_CF_DIR_={cf}/", "m4/cf.m4", source], cwd=cf)
        assert done.returncode == 0, done.stderr
        file.write_text(done.stdout)

    make(mc)
    whole("--sendmail", file)
    for check, old, new in (
            ("sendmail-filter", f"unix:{site.mta.milter_socket}",
             "unix:/run/other"),
            ("sendmail-flag", "F=T, ", ""),
            ("sendmail-timeout", "E:5m", "E:30s"),
            ("sendmail-timeout", "R:60s", "R:5s"),
            ("sendmail-size", "104857600", "0"),
            ("sendmail-login", "{{auth_authen}}, ", "")):
        assert old in mc, old
        make(mc.replace(old, new))
        named(check, "--sendmail", file)


# --- the vault ---------------------------------------------------------------

@test
def a_vault_that_is_away_or_locked():
    site.kill("vault")
    found = look()
    assert {"vault-silent", "program-down"} <= set(found), found
    broken.add("vault-silent")
    with away(site.key):
        site.start_daemons("vault")
        named("vault-locked")
        site.kill("vault")
    site.start_daemons("vault")
    whole()


@test
def room_runs_out():
    with mended():
        settings("store-space", vault={"min_free": "1000G"})
        info = os.statvfs(site.state)
        free = info.f_bavail * info.f_frsize
        settings("store-space-soon", vault={"min_free": f"{free * 3 // 4 // 1048576}M"})
        settings("spool-space", milter={"spool_budget": "1T"})


@test
def nobody_to_decide():
    def user(verb, *logins):
        for login in logins:
            done = site.cli("user", verb, login, uid=ADMIN_UID)
            assert done.returncode == 0, done.stderr
    with mended():
        user("disable", "taro", "approver2")
        assert "left alone: 1" in named("approver-alone")["detail"]
        user("disable", "approver1")
        assert '"hr"' in named("approvers")["detail"]
        user("enable", "taro", "approver1", "approver2")


@test
def work_that_does_not_get_done():
    rng = random.Random()
    mail = samples.in_body(samples.token(rng), mynumber.my_number(rng))
    # The vault cannot write: a hold fails, and the next one goes well.
    blobs = site.state / "blobs"
    with mode(blobs, 0o500), mode_of_children(blobs, 0o500):
        code, text = site.send(mail)
        assert code == 451, (code, text)
        named("holds-failed")
    store = site.state / "store.db"
    with contextlib.closing(sqlite3.connect(store)) as db:
        db.execute("BEGIN IMMEDIATE")
        wait_for("a failed write", lambda: "store-error" in look(), 20, 0.3)
        named("store-error")
        db.rollback()
    wait_for("the store to work", lambda: "store-error" not in look(), 20, 0.3)
    # Notices do not get out.
    site.settings = {"courier": {"next_hop": f'"127.0.0.1:{free_port()}"'}}
    site.write_config()
    assert site.cli("reload").returncode == 0
    wait_for("the hold", lambda: site.send(mail)[0] == 250)
    wait_for("a failing job", lambda: "jobs" in look(), 10, 0.3)
    named("jobs")
    named("next-hop")
    site.settings = {}
    site.write_config()
    assert site.cli("reload").returncode == 0
    wait_for("the notices", lambda: "jobs" not in look(), 20, 0.3)
    # The milter lost its MTA: as the row of such a case stands in the store.
    with contextlib.closing(sqlite3.connect(store)) as db:
        rows = db.execute("SELECT id, state FROM cases").fetchall()
        change = "UPDATE cases SET state = ? WHERE id = ?"
        db.execute(change, (UNCONFIRMED_STATE, rows[0][0]))
        db.commit()
        try:
            named("unconfirmed")
        finally:
            db.execute(change, (rows[0][1], rows[0][0]))
            db.commit()
    # Counted since its start.
    site.kill("vault", signal.SIGTERM)
    site.start_daemons("vault")
    whole()


@test
def a_self_test_mail_that_is_not_held():
    def reload(**courier):
        site.settings = {"courier": courier} if courier else {}
        site.write_config()
        assert site.cli("reload").returncode == 0
    # Through the port that asks no milter it goes out.
    reload(self_test_interval="4s", self_test_late="1s",
           self_test_submission=f'"127.0.0.1:{site.mta.plain_port}"')
    wait_for("the alarm", lambda: "self-test" in look(), 20, 0.3)
    named("self-test")
    reload(self_test_interval="4s", self_test_late="1s")
    wait_for("a held one", lambda: "self-test" not in look(), 20, 0.3)
    said = site.cli("doctor", "--verbose").stdout
    assert "ok      self-test: sent" in said, said
    reload()
    wait_for("the last one", lambda: "self-test" not in look(), 20, 0.3)
    whole()


# --- the host, the way out ---------------------------------------------------

@test
def a_clock_that_is_wrong():
    named("clock-sync", HOST_SHIM_SYNC="no")
    named("clock-jump", HOST_SHIM_SHIFT_S="-86400")
    with mended():
        later = time.time() + 3600
        os.utime(site.state / "store.db", (later, later))
        try:
            named("clock-jump")
        finally:
            os.utime(site.state / "store.db")


@test
def a_clock_that_jumps():
    before = [case["state"] for case in site.desk("approver1").cases("all")]
    for shift in (0, 63072000, 0):
        site.kill("vault", signal.SIGTERM)
        site.start_daemon("vault", wrapper=["env", f"LD_PRELOAD={shim}",
                                            f"HOST_SHIM_SHIFT_S={shift}"])
        site.wait_ready("vault")
        assert not shift or named("clock-doubt")["detail"].startswith("+630")
        time.sleep(1)  # the timers; the first ones note the clock
    assert [c["state"] for c in site.desk("approver1").cases("all")] == before


@test
def a_certificate_that_browsers_refuse():
    key = site.dir / "etc" / "desk.key"
    day = 86400
    named("certificate-soon", HOST_SHIM_SHIFT_S=str(20 * day))
    named("certificate-expired", HOST_SHIM_SHIFT_S=str(31 * day))
    named("certificate-expired", HOST_SHIM_SHIFT_S=str(-2 * day))
    with mended():
        # https is promised, and nobody has a certificate.
        settings("certificate", desk={"certificate": '""',
                                      "certificate_key": '""'})
        settings("certificate-name",
                 desk={"url": '"https://desk.corp.test"'})
        was = key.read_bytes()
        run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
             "-out", key])
        try:
            named("certificate")
        finally:
            key.write_bytes(was)
        with away(site.certificate):
            named("certificate")


@test
def a_next_hop_that_does_not_take_it():
    with mended():
        settings("next-hop", courier={"next_hop": f'"127.0.0.1:{free_port()}"'})
        settings("next-hop-tls", courier={"tls": "must"})
        settings("next-hop-size", milter={"max_message": "200M"})
        settings("next-hop-timeout", courier={"timeout": "20s"})
        with files("mynetworks=192.0.2.0/24"):
            site.mta.command("postfix", "reload")
            time.sleep(0.5)
            assert "5.7.1" in named("next-hop-refuses")["detail"]
        site.mta.command("postfix", "reload")
        time.sleep(0.5)


# --- all of them -------------------------------------------------------------

@test
def each_check_there_is_was_seen_and_is_told_in_japanese():
    def rows(language):
        done = run([site.bin, "doctor", "--list", "--json"],
                   env={**os.environ, "LC_ALL": language})
        assert done.returncode == 0, done.stderr
        return {row["check"]: row for row in json.loads(done.stdout)}
    english, japanese = rows("C.UTF-8"), rows("ja_JP.UTF-8")
    if not options.only:
        left = {n for n in english if not n.startswith("portal")} - broken
        assert not left, f"never broken: {left}"
    for check, row in japanese.items():
        for word in ("says", "next"):
            assert row[word] != english[check][word], (check, word)
    assert rows("ja_JP.eucJP") == english, "a terminal would show noise"
    text = run([site.bin, "doctor", "--list"]).stdout
    assert all(check in text for check in english)


def mode_of_children(path, value):
    stack = contextlib.ExitStack()
    for child in path.iterdir():
        if child.is_dir():
            stack.enter_context(mode(child, value))
    return stack


def make_shim(directory):
    out = Path(directory) / "host_shim.so"
    done = run([os.environ.get("CC", "cc").split()[-1], "-shared", "-fPIC",
                "-O1", "-D_GNU_SOURCE", "-o", out,
                HERE.parent / "harness" / "host_shim.c"])
    assert done.returncode == 0, done.stderr
    return out


UNCONFIRMED_STATE = 2

if __name__ == "__main__":
    with Site(options.root, settings={}) as site:
        shim = make_shim(site.dir)
        try:
            code = runner.main(options.only)
            if code:
                site.show_logs()
        finally:
            run(["umount", "-l", site.key.parent])
    sys.exit(code)
