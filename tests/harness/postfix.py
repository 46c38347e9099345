"""A private Postfix, and the mail server of everybody else."""

import contextlib
import grp
import json
import os
import pwd
import signal
import subprocess
from pathlib import Path

from local import UIDS, free_port, port_answers, run, wait_for

HARNESS = Path(__file__).resolve().parent

POSTFIX_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{plain_port} inet n - n - - smtpd -o smtpd_milters={plain_milters}
127.0.0.1:{inject_port} inet n - n - - smtpd -o receive_override_options=no_address_mappings
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
        # For mail that comes back from us: no always_bcc.
        self.inject_port = free_port()
        self.plain_milters = ""
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
            port=self.port, plain_port=self.plain_port,
            inject_port=self.inject_port,
            plain_milters=self.plain_milters))
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
        self.command("postfix", "stop")
        # "stop" leaves a process that is in the middle of something.
        pid_file = self.queue / "pid" / "master.pid"
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(pid_file.read_text()), signal.SIGKILL)

    def set(self, name, value):
        """A line of main.cf, in force at once."""
        made = run(["postconf", "-c", self.dir / "etc", "-e",
                    f"{name}={value}"])
        assert made.returncode == 0, made.stderr
        self.command("postfix", "reload")

    def flush(self):
        self.command("postqueue", "-f")

    def queue_length(self):
        out = self.command("postqueue", "-j").stdout
        return len([line for line in out.splitlines() if line.strip()])

    def log_text(self):
        path = self.dir / "log"
        return path.read_text(errors="replace") if path.exists() else ""
