"""A private site for tests and the demo: an MTA, Sekimori and a mail sink.

Everything lives in one temporary directory and on free loopback ports; the
programs are the installed ones, each under a uid of its own. Nothing of the
machine's configuration is read or changed.
"""

import contextlib
import fcntl
import http.client
import json
import os
import pwd
import grp
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

UIDS = {"vault": 64101, "scanner": 64102, "milter": 64103, "courier": 64104,
        "desk": 64105}
DAEMONS = ["vault", "scanner", "courier", "desk", "milter"]
HARNESS = Path(__file__).resolve().parent
PASSWORD = "correct horse battery staple"

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

POSTFIX_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{plain_port} inet n - n - - smtpd -o smtpd_milters=
pickup    unix  n       -       n       1       1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
proxymap  unix  -       -       n       -       -       proxymap
showq     unix  n       -       n       -       -       showq
flush     unix  n       -       n       1000?   0       flush
postlog   unix-dgram n  -       n       -       1       postlogd
"""


def free_port(host="127.0.0.1"):
    with socket.socket() as s:
        s.bind((host, 0))
        return s.getsockname()[1]


def wait_for(what, test, seconds=20.0, step=0.05):
    """Poll until test() is true; raise naming what was waited for."""
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(step)


def port_answers(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), 0.2).close()
        return True
    except OSError:
        return False


def socket_answers(path):
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.settimeout(0.5)
            s.connect(str(path))
            return True
        except OSError:
            return False


def run(argv, **kwargs):
    return subprocess.run([str(a) for a in argv], capture_output=True,
                          text=kwargs.pop("text", True), check=False, **kwargs)


class Sink:
    """The mail server of everybody else: tests/harness/smtp_sink.py."""

    def __init__(self, directory, host="127.0.0.1", port=None):
        self.dir = Path(directory)
        self.dir.mkdir()
        self.host = host
        self.port = port or free_port(host)
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-B", str(HARNESS / "smtp_sink.py"),
             str(self.port), str(self.dir), self.host])
        wait_for("the sink", lambda: port_answers(self.port, self.host))

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def script(self, rules):
        new = self.dir / "script.new"
        new.write_text(json.dumps(rules))
        new.rename(self.dir / "script.json")

    def mails(self):
        """(envelope, bytes) of everything that arrived, oldest first."""
        numbers = sorted(int(p.stem) for p in self.dir.glob("*.json")
                         if p.stem.isdigit())
        return [(json.loads((self.dir / f"{n}.json").read_text()),
                 (self.dir / f"{n}.eml").read_bytes()) for n in numbers]

    def to(self, recipient):
        return [(e, m) for e, m in self.mails()
                if recipient in e["rcpt_to"]]

    def count(self, token):
        """Mails whose bytes hold token."""
        return sum(1 for _, m in self.mails() if token.encode() in m)


class Postfix:
    """A private Postfix as measured to work without touching /etc."""

    name = "postfix"

    def __init__(self, directory, sink, extra=None):
        self.dir = Path(directory)
        self.sink = sink
        self.port = free_port()
        self.plain_port = free_port()
        self.extra = extra or {}
        self.queue = self.dir / "spool"
        self.milter_dir = self.queue / "sekimori"
        self.milter_socket = self.milter_dir / "milter"
        self.milter_group = "postfix"
        self.host_name = "mx.corp.test"

    def prepare(self):
        etc = self.dir / "etc"
        for d in (self.dir, etc, self.queue, self.dir / "data"):
            d.mkdir(exist_ok=True)
            d.chmod(0o755)
        owner = pwd.getpwnam("postfix")
        os.chown(self.dir / "data", owner.pw_uid, owner.pw_gid)
        self.milter_dir.mkdir()
        os.chown(self.milter_dir, UIDS["milter"], grp.getgrnam("postfix").gr_gid)
        self.milter_dir.chmod(0o750)
        settings = {
            "compatibility_level": "3.6", "config_directory": etc,
            "queue_directory": self.queue, "data_directory": self.dir / "data",
            "command_directory": "/usr/sbin",
            "daemon_directory": "/usr/lib/postfix/sbin",
            "mail_owner": "postfix", "setgid_group": "postdrop",
            "maillog_file": self.dir / "log", "maillog_file_prefixes": "/",
            "myhostname": self.host_name, "mydestination": "",
            "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
            "mynetworks": "127.0.0.0/8",
            "relayhost": f"[{self.sink.host}]:{self.sink.port}",
            "smtp_dns_support_level": "disabled", "smtp_host_lookup": "native",
            "alias_maps": "", "alias_database": "",
            "local_recipient_maps": "",
            "smtpd_relay_restrictions": "permit_mynetworks, reject",
            "smtpd_authorized_xclient_hosts": "127.0.0.0/8",
            "smtpd_milters": "unix:sekimori/milter",
            "non_smtpd_milters": "unix:sekimori/milter",
            "internal_mail_filter_classes": "bounce",
            "smtpd_forbid_bare_newline": "normalize",
            "milter_default_action": "tempfail", "milter_protocol": "6",
            "message_size_limit": "104857600", "mailbox_size_limit": "0",
            "smtputf8_enable": "yes", "queue_run_delay": "2s",
            "minimal_backoff_time": "1s", "maximal_backoff_time": "2s",
            "smtp_destination_concurrency_failed_cohort_limit": "0",
            "smtpd_client_connection_count_limit": "0",
            "default_process_limit": "40",
            "bounce_queue_lifetime": "1h", "disable_vrfy_command": "no",
        }
        settings.update(self.extra)
        (etc / "main.cf").write_text(
            "".join(f"{k} = {v}\n" for k, v in settings.items()))
        (etc / "master.cf").write_text(POSTFIX_MASTER.format(
            port=self.port, plain_port=self.plain_port))
        # smtpd runs post-processing in its queue directory only.
        (etc / "dynamicmaps.cf").touch()

    def command(self, *argv):
        return run([argv[0], "-c", self.dir / "etc", *argv[1:]])

    def start(self):
        done = self.command("postfix", "start")
        if done.returncode != 0:
            log = self.dir / "log"
            raise AssertionError("postfix does not start: " + done.stderr +
                                 (log.read_text() if log.exists() else ""))
        wait_for("postfix", lambda: port_answers(self.port))

    def stop(self):
        self.command("postfix", "abort" if False else "stop")
        # "stop" leaves a process that is in the middle of something.
        pid_file = self.queue / "pid" / "master.pid"
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(pid_file.read_text()), signal.SIGKILL)

    def flush(self):
        self.command("postqueue", "-f")

    def queue_length(self):
        out = self.command("postqueue", "-j").stdout
        return len([line for line in out.splitlines() if line.strip()])

    def log_text(self):
        path = self.dir / "log"
        return path.read_text(errors="replace") if path.exists() else ""


class Desk:
    """The desk's API as a program uses it."""

    def __init__(self, site):
        self.port = site.desk_port
        self.ca = site.certificate
        self.token = None

    def request(self, method, path, body=None, headers=None):
        context = ssl.create_default_context(cafile=str(self.ca))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.port,
                                                 context=context, timeout=30)
        fields = {"Accept": "application/json", **(headers or {})}
        if self.token:
            fields["Authorization"] = "Bearer " + self.token
        data = None
        if body is not None:
            data = json.dumps(body)
            fields["Content-Type"] = "application/json"
        try:
            connection.request(method, path, data, fields)
            answer = connection.getresponse()
            text = answer.read().decode()
            try:
                return answer.status, json.loads(text)
            except ValueError:
                return answer.status, text
        finally:
            connection.close()

    def login(self, login, password=PASSWORD):
        status, answer = self.request("POST", "/api/v1/session",
                                      {"login": login, "password": password})
        if status == 200 or status == 201:
            self.token = answer["token"]
        return status

    def cases(self, which="open"):
        found = []
        while True:
            status, answer = self.request(
                "GET", f"/api/v1/cases?filter={which}&offset={len(found)}"
                "&limit=500")
            assert status == 200, (status, answer)
            found += answer["cases"]
            if not answer["cases"] or len(found) >= answer["total"]:
                return found

    def case(self, case_id):
        status, answer = self.request("GET", f"/api/v1/cases/{case_id}")
        assert status == 200, (status, answer)
        return answer

    def decide(self, case_id, decision, comment="", purpose=""):
        shown = self.request("GET", f"/api/v1/cases/{case_id}")
        version = shown[1].get("version", "") if isinstance(shown[1], dict) else ""
        return self.request("POST", f"/api/v1/cases/{case_id}/decision",
                            {"decision": decision, "version": version,
                             "purpose": purpose, "comment": comment})


class Site:
    def __init__(self, root, mta="postfix", policy=POLICY, settings=None,
                 mta_settings=None, people=None, state_dir=None, under=()):
        self.root = Path(root).resolve()
        self.bin = self.root / "bin" / "sekimori"
        self.libexec = self.root / "libexec" / "sekimori"
        self.dir = Path(tempfile.mkdtemp(prefix="sekimori-site-"))
        self.dir.chmod(0o711)
        self.policy = policy
        self.under = list(under)
        self.settings = settings or {}
        self.people = PEOPLE if people is None else people
        self.config = self.dir / "etc" / "sekimori.conf"
        self.state = Path(state_dir) if state_dir else self.dir / "state"
        self.key = self.dir / "key" / "master.key"
        self.certificate = self.dir / "etc" / "desk.crt"
        self.desk_port = free_port()
        self.processes = {}
        self.logs = self.dir / "log"
        if mta == "sendmail":
            from sendmail import Sendmail
            self.sink = Sink(self.dir / "sink", host="127.0.0.9")
            self.mta = Sendmail(self.dir / "mta", self.sink, self.root.parent)
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
                      "min_free": "1M", "new_approver_wait": "24h"},
            "courier": {
                "user": f'"{UIDS["courier"]}"',
                "next_hop": f'"127.0.0.1:{self.mta.port}"', "tls": "never",
                "notice_sender": '"sekimori@corp.test"',
                "retry_first": "1s", "retry_most": "2s", "timer": "200ms",
            },
            "desk": {
                "user": f'"{UIDS["desk"]}"',
                "listen": f'"127.0.0.1:{self.desk_port}"',
                "url": f'"https://127.0.0.1:{self.desk_port}"',
                "certificate": f'"{self.certificate}"',
                "certificate_key": f'"{self.dir}/etc/desk.key"',
                "login_rate": "1000",
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
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", self.dir / "etc" / "desk.key", "-out",
                    self.certificate])
        assert made.returncode == 0, made.stderr
        (self.dir / "etc" / "desk.key").chmod(0o600)
        self.set_up()
        self.write_config()

    def set_up(self):
        """As an admin would: sekimori setup, unattended."""
        rows = [f"{section}.{name}={value.strip(chr(34))}"
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
        path = {"vault": self.dir / "run/vault.sock",
                "scanner": self.dir / "run/scanner.sock",
                "courier": self.dir / "run/courier.ctl",
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
                    process.wait(timeout=20)
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
                   env={**os.environ, "MAIL_CONFIG": str(self.mta.dir / "etc")},
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
