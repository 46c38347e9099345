"""A private site for tests and the demo: an MTA, Sekimori and a mail sink.

Everything lives in one temporary directory and on free loopback ports; the
programs are the installed ones, each under a uid of its own. Nothing of the
machine's configuration is read or changed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
from pathlib import Path

from desk_client import PASSWORD, Desk
from local import (UIDS, free_port, port_answers, run, socket_answers,
                   wait_for)
from postfix import Postfix, Sink
from sendmail import Sendmail

DAEMONS = ["vault", "scanner", "courier", "desk", "portal", "milter"]

ADMIN_UID = 64200
# login, name, roles, addresses, approver groups, uid
PEOPLE = [
    ("approver1", "承認 花子", "sender,approver", "approver1@corp.test", "hr", 64201),
    ("approver2", "承認 次郎", "sender,approver", "approver2@corp.test", "hr", None),
    ("taro", "送信 太郎", "sender,approver", "taro@corp.test", "hr", 64203),
    ("auditor1", "監査 三郎", "auditor", "auditor1@corp.test", "", 64204),
]

# What setup has options for; everything else is --set.
SETUP_OPTIONS = {("general", "local_domains"), ("general", "host_name"),
                 ("general", "postmaster"), ("vault", "key"),
                 ("courier", "next_hop"), ("courier", "notice_sender"),
                 ("desk", "url")}

POLICY = """
policy {
	rule "numbers wait" {
		verdict = {found}
		action = hold
		approvers = "hr"
		expires = 7d
	}
	rule "unread waits" {
		verdict = {unscannable}
		action = hold
		approvers = "hr"
	}
	rule "the rest" { action = deliver }
}
"""

def unquoted(value):
    """As a person types it behind --set."""
    return value[1:-1] if value[0] == value[-1] == '"' else value


def reachable(root, directory):
    """root, or a copy of it in directory when other accounts cannot get there.

    The programs run under accounts of their own, which may not enter the home
    directory (/root) that somebody has cloned the tree into.
    """
    if all(place.stat().st_mode & 0o001 for place in (root, *root.parents)):
        return root
    shutil.copytree(root, directory / "root", symlinks=True)
    return directory / "root"


class Site:
    def __init__(self, root, mta="postfix", policy=POLICY, settings=None,
                 mta_settings=None, people=None, state_dir=None, under=()):
        self.dir = Path(tempfile.mkdtemp(prefix="sekimori-site-"))
        self.dir.chmod(0o711)
        self.root = reachable(Path(root).resolve(), self.dir)
        self.bin = self.root / "bin" / "sekimori"
        self.libexec = self.root / "libexec" / "sekimori"
        self.policy = policy
        self.under = list(under)
        self.settings = settings or {}
        self.people = PEOPLE if people is None else people
        self.config = self.dir / "etc" / "sekimori.conf"
        self.state = Path(state_dir) if state_dir else self.dir / "state"
        self.key = self.dir / "key" / "master.key"
        self.certificate = self.dir / "etc" / "desk.crt"
        self.desk_port = free_port()
        self.portal_port = free_port()
        self.processes = {}
        self.logs = self.dir / "log"
        if mta == "sendmail":
            self.sink = Sink(self.dir / "sink", host="127.0.0.9")
            self.mta = Sendmail(self.dir / "mta", self.sink,
                                Path(root).resolve().parent)
        else:
            self.sink = Sink(self.dir / "sink")
            self.mta = Postfix(self.dir / "mta", self.sink, mta_settings)

    # --- configuration -------------------------------------------------

    def sections(self):
        sections = {
            "general": {
                "local_domains": '{"corp.test"}', "host_name": '"gate.corp.test"',
                "run_dir": f'"{self.dir}/run"', "state_dir": f'"{self.state}"',
                "program_dir": f'"{self.libexec}"',
                "data_dir": f'"{self.root}/share/sekimori"',
                "postmaster": '"postmaster@corp.test"',
                "log": "stderr", "language": "ja",
            },
            "milter": {
                "socket": f'"unix:{self.mta.milter_socket}"',
                "socket_group": f'"{self.mta.milter_group}"',
                "user": f'"{UIDS["milter"]}"', "spool_dir": f'"{self.dir}/tmp"',
            },
            "scanner": {"user": f'"{UIDS["scanner"]}"', "workers": "2"},
            "vault": {"user": f'"{UIDS["vault"]}"', "key": f'"file:{self.key}"',
                      "min_free": "1M", "new_approver_wait": "24h",
                      # People of the tests sign in with a password alone.
                      "second_factor": "{ }"},
            "courier": {
                "user": f'"{UIDS["courier"]}"',
                "next_hop": f'"127.0.0.1:{self.mta.port}"', "tls": "never",
                "notice_sender": '"sekimori@corp.test"',
                "retry_first": "1s", "retry_most": "2s", "timer": "200ms",
                "self_test_interval": "0s",
            },
            "desk": {
                "user": f'"{UIDS["desk"]}"',
                "listen": f'"127.0.0.1:{self.desk_port}"',
                "url": f'"https://127.0.0.1:{self.desk_port}"',
                "certificate": f'"{self.certificate}"',
                "certificate_key": f'"{self.dir}/etc/desk.key"',
                "login_rate": "1000",
            },
            "portal": {
                "user": f'"{UIDS["portal"]}"',
                "listen": f'"127.0.0.1:{self.portal_port}"',
                # A host name that is not the desk's.
                "url": f'"https://localhost:{self.portal_port}"',
                "certificate": f'"{self.certificate}"',
                "certificate_key": f'"{self.dir}/etc/desk.key"',
                "rate": "100000",
                "link_rate": "0",
            },
        }
        for section, values in self.settings.items():
            sections[section].update(values)
        return sections

    def config_text(self):
        text = "".join(
            f"{name} {{\n" + "".join(f"\t{k} = {v}\n" for k, v in rows.items())
            + "}\n" for name, rows in self.sections().items())
        return text + self.policy

    def write_config(self):
        self.config.write_text(self.config_text())
        self.config.chmod(0o644)

    def prepare(self):
        for name, mode, owner in (("etc", 0o755, 0), ("run", 0o755, 0),
                                  ("log", 0o700, 0), ("key", 0o700, UIDS["vault"]),
                                  ("tmp", 0o700, UIDS["milter"])):
            directory = self.dir / name
            directory.mkdir()
            directory.chmod(mode)
            os.chown(directory, owner, owner)
        if not self.state.exists():
            self.state.mkdir()
        self.state.chmod(0o700)
        os.chown(self.state, UIDS["vault"], UIDS["vault"])
        self.mta.prepare()
        made = run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                    "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1,DNS:localhost",
                    "-keyout", self.dir / "etc" / "desk.key", "-out",
                    self.certificate])
        assert made.returncode == 0, made.stderr
        (self.dir / "etc" / "desk.key").chmod(0o600)
        self.set_up()
        self.write_config()

    def set_up(self):
        """As an admin would: sekimori setup, unattended."""
        rows = [f"{section}.{name}={unquoted(value)}"
                for section, values in self.sections().items()
                for name, value in values.items()
                if (section, name) not in SETUP_OPTIONS]
        made = self.cli(
            "setup", "--domain", "corp.test", "--host-name", "gate.corp.test",
            "--url", f"https://127.0.0.1:{self.desk_port}", "--next-hop",
            f"127.0.0.1:{self.mta.port}", "--notice-sender",
            "sekimori@corp.test", "--postmaster", "postmaster@corp.test",
            "--key", f"file:{self.key}", "--mode", "enforce", "--admin",
            f"admin1:admin1@corp.test:{ADMIN_UID}", "--approver",
            "first:first@corp.test", "--password-stdin",
            *[word for row in rows for word in ("--set", row)],
            input=f"{PASSWORD}\n{PASSWORD}\n")
        assert made.returncode == 0, "setup: " + made.stdout + made.stderr

    def add_people(self):
        """The other accounts, by the admin on the command line."""
        for login, name, roles, addresses, groups, uid in self.people:
            made = self.cli(
                "user", "add", login, "--name", name, "--roles", roles,
                "--addresses", addresses,
                *(["--groups", groups] if groups else []),
                *(["--uid", str(uid)] if uid else []), "--password-stdin",
                uid=ADMIN_UID, input=PASSWORD + "\n")
            assert made.returncode == 0, "user add: " + made.stderr
        made = self.cli("user", "disable", "first", uid=ADMIN_UID)
        assert made.returncode == 0, made.stderr

    # --- processes -----------------------------------------------------

    def start_daemon(self, name, wrapper=None):
        log = open(self.logs / f"{name}.log", "ab")
        if not wrapper and name != "scanner":
            wrapper = self.under  # the scanner's workers are confined
        argv = [*(wrapper or []), str(self.libexec / f"sekimori-{name}"),
                "--config", str(self.config)]
        self.processes[name] = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=self.dir / "tmp" if name == "milter" else "/",
            start_new_session=True)
        log.close()

    def ready(self, name):
        if self.processes[name].poll() is not None:
            raise AssertionError(f"{name} ended with "
                                 f"{self.processes[name].returncode}:\n"
                                 + self.log(name)[-3000:])
        if name == "desk":
            return port_answers(self.desk_port)
        if name == "portal":
            return port_answers(self.portal_port)
        path = {"vault": self.dir / "run/vault/vault.sock",
                "scanner": self.dir / "run/scanner/scanner.sock",
                "courier": self.dir / "run/courier/courier.ctl",
                "milter": self.mta.milter_socket}[name]
        return socket_answers(path)

    def wait_ready(self, *names):
        for name in names or DAEMONS:
            wait_for(f"{name} to be ready", lambda n=name: self.ready(n))

    def start_daemons(self, *names):
        for name in names or DAEMONS:
            self.start_daemon(name)
        self.wait_ready(*names)

    def start(self):
        self.prepare()
        self.sink.start()
        self.start_daemons("vault")
        self.add_people()
        self.start_daemons(*DAEMONS[1:])
        self.mta.start()
        return self

    def kill(self, name, sig=signal.SIGKILL):
        process = self.processes.get(name)
        if process and process.poll() is None:
            # The whole session: under strace the program is its child.
            if sig == signal.SIGKILL:
                os.killpg(process.pid, sig)
            else:
                process.send_signal(sig)
            process.wait(timeout=90)
            if name == "vault":
                # Under strace its end is not the end of the vault.
                wait_for("the end of the vault", self.store_is_free)

    def store_is_free(self):
        fd = os.open(self.state, os.O_RDONLY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(fd)

    def stop_daemons(self, sig=signal.SIGTERM):
        for name in reversed(DAEMONS):
            process = self.processes.get(name)
            if process and process.poll() is None:
                process.send_signal(sig)
        for name in reversed(DAEMONS):
            process = self.processes.get(name)
            if process:
                try:
                    # The courier ends the job in hand, and a preview of a
                    # large mail takes a while under a sanitizer.
                    process.wait(timeout=90)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def stop(self, keep=False):
        with contextlib.suppress(Exception):
            self.mta.stop()
        self.stop_daemons()
        self.sink.stop()
        if keep or os.environ.get("SEKIMORI_KEEP"):
            print(f"kept {self.dir}", file=sys.stderr)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, kind, value, trace):
        if kind is not None:
            self.show_logs()
        self.stop(keep=False)

    def log(self, name):
        path = self.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def show_logs(self):
        for name in DAEMONS:
            tail = self.log(name).splitlines()[-15:]
            print(f"--- {name}\n" + "\n".join(tail), file=sys.stderr)

    # --- people --------------------------------------------------------

    def cli(self, *argv, uid=None, **kwargs):
        """The command line tool; with uid it runs as that account."""
        def become():
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
        # doctor asks postconf, which finds its files by MAIL_CONFIG.
        return run([self.bin, "--config", self.config, *argv],
                   env={**os.environ, "MAIL_CONFIG": str(self.mta.dir / "etc"),
                        "SSL_CERT_FILE": str(self.certificate)},
                   preexec_fn=become if uid is not None else None, **kwargs)

    def desk(self, login=None):
        desk = Desk(self)
        if login:
            status = desk.login(login)
            assert status in (200, 201), f"{login} cannot sign in: {status}"
        return desk

    def send(self, mail, sender="taro@corp.test", recipients=("out@example.com",),
             login=None, port=None, options=(), rcpt_options=()):
        """Submit; returns (code, text) of the final reply."""
        if isinstance(mail, str):
            mail = mail.encode()
        mail = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        try:
            with smtplib.SMTP("127.0.0.1", port or self.mta.port,
                              local_hostname="pc.corp.test", timeout=120) as smtp:
                smtp.ehlo()
                if login:
                    smtp.docmd(f"XCLIENT LOGIN={login}")
                    smtp.ehlo()
                code, text = smtp.mail(sender, list(options))
                if code != 250:
                    return code, text.decode(errors="replace")
                for recipient in recipients:
                    code, text = smtp.rcpt(recipient, list(rcpt_options))
                    if code not in (250, 251):
                        return code, text.decode(errors="replace")
                code, text = smtp.data(mail)
                return code, text.decode(errors="replace")
        except smtplib.SMTPResponseException as error:
            return error.smtp_code, str(error.smtp_error)
        except smtplib.SMTPException as error:
            return 0, str(error)
        except OSError as error:
            return 0, str(error)
