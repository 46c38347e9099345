#!/usr/bin/python3
"""The admin's first evening: setup on a terminal, then with options.

usage: setup.py --root PREFIX [NAME...]

One site whose Postfix knows nothing of Sekimori. The tests go on where the
one before them stopped.
"""

import argparse
import os
import pty
import random
import re
import select
import sys
import termios
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import DAEMONS, PASSWORD, Site, run, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()

ADMIN_UID = 64200
BARE = {"smtpd_milters": "", "non_smtpd_milters": "",
        "internal_mail_filter_classes": "", "milter_default_action": "accept",
        "smtpd_forbid_bare_newline": "no", "milter_content_timeout": "20s",
        "message_size_limit": "0"}

site = None


class Terminal:
    """A program on a terminal of its own, and somebody who answers it."""

    def __init__(self, argv, **env):
        self.text = ""
        self.at = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(env)
            os.execv(str(argv[0]), [str(a) for a in argv])

    def until(self, pattern, seconds=20):
        """Read on until what was printed matches; the match."""
        end = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.text[self.at:])
            if match:
                self.at += match.end()
                return match
            ready, _, _ = select.select([self.fd], [], [],
                                        max(0, end - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.text[self.at:]!r}"
            try:
                more = os.read(self.fd, 4096)
            except OSError:
                more = b""
            assert more, f"ended before {pattern!r}: {self.text[self.at:]!r}"
            self.text += more.decode(errors="replace").replace("\r\n", "\n")

    def answer(self, prompt, line):
        """When it asks (prompt) and waits behind a colon, type line."""
        match = self.until(prompt + r"[^\n]*: $")
        os.write(self.fd, line.encode() + b"\n")
        return match

    def end(self):
        """Everything that it printed, and its exit status."""
        while True:
            try:
                more = os.read(self.fd, 4096)
            except OSError:
                break
            if not more:
                break
            self.text += more.decode(errors="replace").replace("\r\n", "\n")
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


class FirstEvening(Site):
    """A site that is set up by the tests, not before them."""

    def set_up(self):
        """Nothing: the tests do it."""

    def write_config(self):
        """Setup writes it."""

    def add_people(self):
        """Setup makes them."""

    def start(self):
        self.prepare()
        (self.dir / "etc" / "desk.key").unlink()
        self.certificate.unlink()
        self.sink.start()
        self.mta.start()
        return self

    def given(self, links=False):
        """The options that no question asks for: places and accounts. links:
        questions ask for the portal, too."""
        rows = []
        for section, values in self.sections().items():
            for name, value in values.items():
                if section == "portal" and links:
                    continue
                if section == "portal" or name in (
                        "user", "socket_group", "run_dir", "state_dir",
                        "program_dir", "log", "spool_dir", "min_free", "tls",
                        "timer", "listen"):
                    rows += ["--set", f"{section}.{name}={value}"]
        return [str(w) for w in rows] + ["--postfix-dir",
                                         str(self.mta.dir / "etc")]


def command(*argv):
    return [site.bin, "--config", site.config, *argv]


def fill_in(terminal, agree="y", links=None):
    """Somebody who does as most would, with some slips. links: answers about
    secure links."""
    terminal.until("Enter takes what stands in")
    terminal.answer(r"Language of notices and pages \(ja or en\) \[en\]", "")
    # Postfix's mydomain stands there.
    terminal.answer(r"Own mail domains \[corp\.test\]", "no domain@at all")
    terminal.until("Not taken: general.local_domains")
    terminal.answer(r"Own mail domains", "")
    terminal.answer(r"Name of this host \[mx\.corp\.test\]", "")
    terminal.answer(rf"MTA that takes .*\[127\.0\.0\.1:{site.mta.port}\]",
                    "next door")
    terminal.until("Not taken: courier.next_hop: write address:port")
    terminal.answer("MTA that takes", "")
    terminal.answer(r"Address of the desk \[https://mx\.corp\.test:8443\]",
                    f"https://127.0.0.1:{site.desk_port}")
    terminal.answer(r"Sender of notices \[sekimori@corp\.test\]", "")
    terminal.answer(r"Postmaster \[postmaster@corp\.test\]", "nobody")
    terminal.until('Not taken: .*"nobody" is not an address')
    terminal.answer("Postmaster", "")
    terminal.answer(r"How the desk is reached.*\[direct\]", "somehow")
    terminal.until("Not taken: direct or proxy")
    terminal.answer("How the desk is reached", "direct")
    terminal.answer(r"Master key \[credential:sekimori-key\]", "/plain/path")
    terminal.until("Not taken: vault.key")
    terminal.answer("Master key", f"file:{site.key}")
    terminal.answer(r"Mode \(enforce or monitor\) \[enforce\]", "maybe")
    terminal.until("Not taken: general.mode")
    terminal.answer("Mode", "")
    for prompt, line in links or ():
        terminal.answer(prompt, line)
    terminal.answer("Login of the first admin", "Chief Admin")
    terminal.until("Not taken: a login has small letters")
    terminal.answer("Login of the first admin", "chief")
    terminal.answer(r"Mail address of this person \[chief@corp\.test\]", "")
    for login in ("hanako", "jiro"):
        # Enter alone is no answer here.
        terminal.answer("Login of an approver", "")
        terminal.answer("Login of an approver", login)
        terminal.answer(rf"Mail address of this person \[{login}@corp", "")
    terminal.answer("One more approver", "n")
    terminal.until("hanako:hanako@corp.test")
    terminal.answer("Write this", agree)


@test
def no_means_that_nothing_is_written():
    terminal = Terminal(command("setup", *site.given()),
                        LC_ALL="C.UTF-8")
    fill_in(terminal, agree="n")
    assert terminal.end() != 0
    assert not site.config.exists() and not site.key.exists()
    assert not (site.state / "store.db").exists()
    assert "nothing was written" in terminal.text


@test
def links_are_asked_for():
    """The preset is none; what is not taken is asked for again."""
    way = r"Secure links for recipients outside .*\[none\]"
    terminal = Terminal(command("setup", *site.given(links=True)),
                        LC_ALL="C.UTF-8")
    fill_in(terminal, agree="n", links=[(way, "")])
    assert terminal.end() != 0
    assert "Address for recipients" not in terminal.text
    terminal = Terminal(command("setup", *site.given(links=True)),
                        LC_ALL="C.UTF-8")
    fill_in(terminal, agree="n", links=[
        (way, "perhaps"), ("Not taken: none, direct or proxy\n\n?" + way, "direct"),
        # The desk's host, then one of its own.
        (r"Address for recipients .*\[https://files\.example\.com\]",
         "files.corp.test"),
        ("Not taken: portal.url: write https://host\n[^\n]*", ""),
        (r"Account of the portal \[sekimori-portal\]", "no-such-portal"),
        ("no account no-such-portal: useradd[^\n]*\n[^\n]*", "root"),
        ("Certificate for them", "/no/such.pem"),
        ("Not taken: /no/such.pem[^\n]*\n[^\n]*", "/etc/hostname"),
        ("Its private key", "/etc/hostname")])
    assert terminal.end() != 0
    shown = terminal.text.split("One more approver")[-1]
    assert "https://files.example.com" in shown and "/etc/hostname" in shown
    assert not site.config.exists()


@test
def it_asks_in_japanese_too():
    terminal = Terminal(command("setup", *site.given()), LC_ALL="ja_JP.UTF-8")
    terminal.answer(r"通知と画面の言語.*\[ja\]", "fr")
    terminal.until("受け付けられません")
    os.write(terminal.fd, b"\x04")
    assert terminal.end() == 66
    assert not site.config.exists()


@test
def ctrl_c_at_a_password_leaves_the_terminal_as_it_was():
    terminal = Terminal(command("setup", *site.given()), LC_ALL="C.UTF-8")
    fill_in(terminal)
    terminal.until("chief: Password[^\n]*: $")
    wait_for("no echo", lambda: not termios.tcgetattr(terminal.fd)[3]
             & termios.ECHO)
    # Nobody is left who would have the terminal open.
    keep = os.open(os.readlink(f"/proc/{terminal.pid}/fd/0"),
                   os.O_RDWR | os.O_NOCTTY)
    os.write(terminal.fd, b"half\x03")
    _, status = os.waitpid(terminal.pid, 0)
    assert os.waitstatus_to_exitcode(status) > 0
    assert termios.tcgetattr(terminal.fd)[3] & termios.ECHO
    os.close(keep)
    os.close(terminal.fd)
    assert not site.config.exists() and not site.key.exists()


@test
def setup_on_a_terminal():
    terminal = Terminal(command("setup", *site.given()),
                        LC_ALL="C.UTF-8")
    fill_in(terminal)
    terminal.answer("chief: Password", "short")
    terminal.until("Not taken: a password has 12")
    terminal.answer("chief: Password", PASSWORD)
    terminal.answer("chief: Once more", "something else than that")
    terminal.until("Not taken: the two are not the same")
    for login in ("chief", "hanako", "jiro"):
        terminal.answer(f"{login}: Password", PASSWORD)
        terminal.answer(f"{login}: Once more", PASSWORD)
    code = terminal.end()
    assert code == 0, terminal.text
    assert PASSWORD not in terminal.text
    said = terminal.text
    assert f"{site.config}: written" in said
    # What comes next, with the very lines that this Postfix lacks.
    for line in ("sekimori key escrow FILE", "sekimori doctor",
                 "-e 'smtpd_milters=unix:sekimori/milter'",
                 "-e 'non_smtpd_milters=unix:sekimori/milter'",
                 "-e 'milter_default_action=tempfail'",
                 "-e 'internal_mail_filter_classes=bounce'",
                 "-e 'smtpd_forbid_bare_newline=normalize'",
                 "-e 'milter_content_timeout=300s'",
                 "-e 'message_size_limit=104857600'"):
        assert line in said, (line, said)
    checked = run(command("check-config"))
    assert checked.returncode == 0, checked.stderr
    assert oct(site.key.stat().st_mode)[-3:] == "400"
    assert not Path(f"{site.config}.new").exists()


def bytes_of_all():
    return {p: p.read_bytes() for p in (site.config, site.key, site.certificate,
                                        site.dir / "etc" / "desk.key")}


@test
def a_second_run_changes_nothing():
    before = bytes_of_all()
    for words in ((), ("--domain", "other.test", "--password-stdin")):
        done = run(command("setup", *words, "--postfix-dir",
                           site.mta.dir / "etc"), stdin=-3)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "is there already and is kept" in done.stdout
        assert "accounts that are there are kept" in done.stdout
    assert "--replace" in done.stdout
    assert bytes_of_all() == before


def again(*words, lines=""):
    """Unattended, with every answer as an option."""
    return run(command(
        "setup", "--domain", "corp.test", "--host-name", "mx.corp.test",
        "--url", f"https://127.0.0.1:{site.desk_port}", "--next-hop",
        f"127.0.0.1:{site.mta.port}", "--notice-sender", "sekimori@corp.test",
        "--postmaster", "postmaster@corp.test", "--key", f"file:{site.key}",
        "--admin", f"chief:chief@corp.test:{ADMIN_UID}", "--approver",
        "hanako:hanako@corp.test", "--self-signed", "--password-stdin",
        *site.given(), *words), input=lines)


@test
def a_new_configuration_keeps_the_old_one():
    before = bytes_of_all()
    done = again("--replace", "--mode", "monitor")
    assert done.returncode == 0, done.stdout + done.stderr
    after = bytes_of_all()
    old = [p for p in site.config.parent.glob("sekimori.conf.*")]
    assert len(old) == 1 and old[0].read_bytes() == before[site.config]
    assert b"mode = \"monitor\"" in after[site.config]
    for path in set(before) - {site.config}:
        assert before[path] == after[path], path
    # A bad answer leaves the one in force.
    done = again("--replace", "--mode", "perhaps")
    assert done.returncode == 65, done.stdout + done.stderr
    assert "general.mode" in done.stderr, done.stderr
    assert bytes_of_all() == after
    os.rename(old[0], site.config)


@test
def what_an_earlier_run_did_not_get_to_is_done():
    # It died before the file was in place: store and accounts are there.
    before = bytes_of_all()
    site.config.unlink()
    done = again()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "accounts that are there are kept" in done.stdout
    assert site.config.exists()
    site.config.write_bytes(before[site.config])
    # It died before the accounts were made.
    aside = site.dir / "state.aside"
    os.rename(site.state, aside)
    done = run(command("setup", "--postfix-dir", site.mta.dir / "etc"),
               stdin=-3)
    assert done.returncode == 66 and "--admin" in done.stderr, done.stderr
    done = run(command("setup", "--admin", "a:a@corp.test", "--approver",
                       "b:b@corp.test", "--password-stdin"),
               input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site.state / "store.db").exists()
    run(["rm", "-rf", site.state])
    os.rename(aside, site.state)


@test
def a_lost_key_is_never_replaced_by_a_new_one():
    aside = Path(str(site.key) + ".aside")
    os.rename(site.key, aside)
    done = run(command("setup"), stdin=-3)
    assert done.returncode == 77, done.stdout + done.stderr
    assert "sekimori key restore" in done.stderr, done.stderr
    assert not site.key.exists()
    os.rename(aside, site.key)


@test
def accounts_of_the_programs_are_named_when_missing():
    done = run([site.bin, "--config", site.dir / "other.conf", "setup",
                *map(str, again_words()), "--set", "desk.user=no-such-desk"],
               input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.returncode == 66, done.stdout + done.stderr
    assert "useradd" in done.stderr and "no-such-desk" in done.stderr
    assert not (site.dir / "other.conf").exists()


def again_words():
    given = [w for w in site.given()]
    at = next(i for i, w in enumerate(given) if w.startswith("desk.user"))
    del given[at - 1:at + 1]
    return ["--domain", "corp.test", "--url", "https://127.0.0.1:1",
            "--notice-sender", "s@corp.test", "--postmaster", "p@corp.test",
            "--key", f"file:{site.dir}/other.key", "--admin", "a:a@corp.test",
            "--approver", "b:b@corp.test", "--password-stdin", *given]


@test
def links_by_options_are_taken_by_every_program():
    certificate, other = site.dir / "etc" / "files.pem", site.dir / "links.conf"
    certificate.write_text("later")

    def with_links(*words):
        other.unlink(missing_ok=True)
        return run([site.bin, "--config", other, "setup", *map(str, (
            "--domain", "corp.test", "--url",
            f"https://127.0.0.1:{site.desk_port}", "--notice-sender",
            "s@corp.test", "--postmaster", "p@corp.test", "--key",
            f"file:{site.key}", "--portal-user", "root", "--admin",
            "a:a@corp.test", "--approver", "b:b@corp.test", "--password-stdin",
            *site.given(links=True), *words))], input="")
    url = ("--portal-url", "https://files.corp.test")
    for words, rows in (
            (("--portal", "none"), set()),
            (("--portal", "proxy", *url),
             {'url = "https://files.corp.test"', 'listen = "127.0.0.1:8444"',
              'trusted_proxy = "127.0.0.1"'}),
            (("--portal", "direct", *url, "--portal-certificate", certificate,
              "--portal-key", certificate),
             {'url = "https://files.corp.test"', 'listen = "0.0.0.0:443"',
              f'certificate = "{certificate}"'})):
        done = with_links(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert run([site.bin, "check-config", other]).returncode == 0
        portal = other.read_text().split("\nportal {")[1].split("\n}")[0]
        written = {line.strip() for line in portal.splitlines()}
        assert rows <= written, written
        assert bool(rows) == any(row.startswith("url =") for row in written)
    for words, why in (
            (("--portal", "perhaps"), "none, direct or proxy"),
            (url, "goes with --portal"),
            (("--portal", "direct", *url), "setup needs --portal-certificate"),
            (("--portal", "proxy", "--portal-url",
              f"https://127.0.0.1:{site.desk_port}/x"), "portal.url")):
        done = with_links(*words)
        assert done.returncode != 0 and why in done.stderr, done.stderr
        assert not other.exists()


@test
def postfix_is_told_once_the_programs_run():
    def postfix(*words):
        return run(command("setup", "--postfix", "--postfix-dir",
                           site.mta.dir / "etc", *words), stdin=-3)

    def value(name):
        return site.mta.command("postconf", "-xh", name).stdout.strip()
    asked = postfix()
    assert asked.returncode != 0 and "--yes" in asked.stderr
    early = postfix("--yes")
    assert early.returncode != 0, early.stdout
    assert "every mail would get 4xx" in early.stderr
    assert value("smtpd_milters") == ""
    # A signer that is there stays, behind us.
    site.mta.command("postconf", "-e", "smtpd_milters=inet:127.0.0.1:1")
    site.start_daemons(*DAEMONS)
    done = postfix("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert value("smtpd_milters") == \
        "unix:sekimori/milter, inet:127.0.0.1:1"
    assert value("milter_default_action") == "tempfail"
    site.mta.command("postconf", "-e", "smtpd_milters=unix:sekimori/milter")
    site.mta.command("postfix", "reload")
    again_done = postfix("--yes")
    assert again_done.returncode == 0
    assert "nothing was changed" in again_done.stdout


@test
def the_doctor_has_nothing_to_say_about_it():
    escrow = site.cli("key", "escrow", "--passphrase-stdin", site.dir / "copy",
                      input="a passphrase that is long\n")
    assert escrow.returncode == 0, escrow.stderr
    time.sleep(1)
    done = site.cli("doctor")
    wrong = re.findall(r"^WRONG +([a-z-]+):", done.stdout, re.M)
    # The site's directories lie on one disk, and its kernel is not asked.
    assert not set(wrong) - {"key-place", "clock-sync"}, done.stdout


@test
def the_first_mail_is_held_and_decided_on():
    rng = random.Random()
    mark = samples.token(rng)
    mail = samples.in_body(mark, mynumber.my_number(rng))
    code, text = site.send(mail, sender="taro@corp.test")
    assert code == 250, (code, text)
    desk = site.desk("hanako")
    line = wait_for("the case", lambda: [
        c for c in desk.cases("open") if mark in c["subject"]])[0]
    status, answer = desk.decide(line["id"], "approve")
    assert status == 200, (status, answer)
    wait_for("the mail", lambda: site.sink.count(mark) and [
        1 for _, m in site.sink.to("out@example.com") if mark.encode() in m])


if __name__ == "__main__":
    with FirstEvening(options.root, mta_settings=BARE, people=[]) as site:
        code = runner.main(options.only)
        if code:
            site.show_logs()
    sys.exit(code)
