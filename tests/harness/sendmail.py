"""A private Sendmail, unpacked beside Postfix and never installed."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from local import UIDS, free_port, port_answers, wait_for

PACKAGES = ["sendmail-bin", "sendmail-base", "sendmail-cf", "libwrap0",
            "sensible-mda", "libsasl2-2", "libldap-2.5-0", "libnsl2"]

PROBE_MC = """\
divert(-1)dnl
define(`_USE_ETC_MAIL_')dnl
divert(0)dnl
OSTYPE(`linux')dnl
define(`confDEF_USER_ID',`root:root')dnl
define(`QUEUE_DIR',`{dir}/q')dnl
define(`confPID_FILE',`{dir}/sendmail.pid')dnl
define(`STATUS_FILE',`{dir}/stat')dnl
define(`HELP_FILE',`{dir}/helpfile')dnl
define(`ALIAS_FILE',`')dnl
define(`confCW_FILE',`-o {dir}/cw')dnl
define(`confCT_FILE',`-o {dir}/ct')dnl
define(`confLOG_LEVEL',`9')dnl
define(`confDONT_BLAME_SENDMAIL',`GroupWritableDirPathSafe')dnl
define(`confDONT_PROBE_INTERFACES',`True')dnl
define(`confDOMAIN_NAME',`smx.corp.test')dnl
define(`SMART_HOST',`relay:[{sink_host}]')dnl
define(`RELAY_MAILER_ARGS',`TCP $h {sink_port}')dnl
define(`ESMTP_MAILER_ARGS',`TCP $h {sink_port}')dnl
define(`confTO_IDENT',`0')dnl
define(`confMIN_QUEUE_AGE',`0')dnl
define(`confMILTER_MACROS_ENVFROM',`i, {{auth_type}}, {{auth_authen}}, {{mail_mailer}}, {{mail_host}}, {{mail_addr}}')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`nocanonify')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Port={port}, Addr=127.0.0.1, Family=inet')dnl
INPUT_MAIL_FILTER(`sekimori',`S=unix:/mnt/milter, F=T, T=C:10s;S:10s;R:60s;E:5m')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""

# Private UTS and mount namespaces: the name must resolve, and the machine's
# hosts file stays as it is. Sendmail refuses a socket below a directory that
# everybody may write to, such as /tmp: it sees ours as /mnt.
RUN_SH = """\
#!/bin/sh
export LD_LIBRARY_PATH={lib}
exec unshare -m -u sh -c 'mount --bind {dir}/hosts /etc/hosts; mount --bind {dir}/sekimori /mnt; hostname smx.corp.test; exec {dir}/sendmail.bin -C {dir}/sendmail.cf -bD -q2s -L sm-flow -X {dir}/traffic.log'
"""


def unpacked(cache):
    """The Debian packages, downloaded by name and unpacked once."""
    tree = Path(cache) / "sendmail"
    if (tree / "complete").exists():
        return tree
    tree.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        got = subprocess.run(["apt-get", "download", "-qq", "-o",
                              "APT::Sandbox::User=root", package], cwd=tree,
                             capture_output=True, text=True, check=False)
        if got.returncode != 0:
            raise AssertionError(f"cannot download {package}: {got.stderr}")
    for archive in sorted(tree.glob("*.deb")):
        subprocess.run(["dpkg", "-x", archive, tree], check=True)
    (tree / "complete").touch()
    return tree


class Sendmail:
    name = "sendmail"

    def __init__(self, directory, sink, cache):
        self.dir = Path(directory)
        self.sink = sink
        self.cache = cache
        self.port = free_port()
        self.milter_dir = self.dir / "sekimori"
        self.milter_socket = self.milter_dir / "milter"
        self.milter_group = "root"
        self.host_name = "smx.corp.test"
        self.process = None

    def prepare(self):
        tree = unpacked(self.cache)
        self.dir.mkdir()
        self.dir.chmod(0o755)
        (self.dir / "q").mkdir(mode=0o700)
        self.milter_dir.mkdir()
        os.chown(self.milter_dir, UIDS["milter"], 0)
        self.milter_dir.chmod(0o750)
        binary = self.dir / "sendmail.bin"
        binary.write_bytes(
            (tree / "usr/libexec/sendmail/sendmail").read_bytes())
        binary.chmod(0o755)
        (self.dir / "hosts").write_text(
            "127.0.0.1 smx.corp.test localhost\n")
        mc = self.dir / "probe.mc"
        mc.write_text(PROBE_MC.format(
            dir=self.dir, port=self.port, sink_host=self.sink.host, sink_port=self.sink.port))
        cf = tree / "usr/share/sendmail/cf"
        made = subprocess.run(["m4", f"-D_CF_DIR_={cf}/", "m4/cf.m4", str(mc)],
                              cwd=cf, capture_output=True, check=True)
        (self.dir / "sendmail.cf").write_bytes(made.stdout)
        script = self.dir / "run.sh"
        script.write_text(RUN_SH.format(
            dir=self.dir, lib=f"{tree}/lib/x86_64-linux-gnu:"
            f"{tree}/usr/lib/x86_64-linux-gnu"))
        script.chmod(0o755)

    def start(self):
        log = open(self.dir / "stderr", "ab")
        self.process = subprocess.Popen([str(self.dir / "run.sh")], stderr=log,
                                        stdout=log, stdin=subprocess.DEVNULL,
                                        start_new_session=True)
        log.close()
        wait_for("sendmail", lambda: port_answers(self.port), 30)

    def stop(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def flush(self):
        """Its queue runner comes every two seconds."""

    def log_text(self):
        path = self.dir / "traffic.log"
        return path.read_text(errors="replace") if path.exists() else ""
