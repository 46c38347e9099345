"""opendkim behind our milter, and what another program says of its work."""

import re
import subprocess

import dkim

from local import free_port, port_answers, run, wait_for


class Signer:
    """opendkim, for corp.test, on a port of its own."""

    def __init__(self, place):
        self.dir = place
        self.port = free_port()

    def __enter__(self):
        self.dir.mkdir()
        made = run(["opendkim-genkey", "-D", self.dir, "-d", "corp.test", "-s",
                    "s1"])
        assert made.returncode == 0, made.stderr
        key = re.search(r"p=.*", "".join(re.findall(
            r'"([^"]*)"', (self.dir / "s1.txt").read_text())))[0]
        self.key = f"v=DKIM1; k=rsa; {key}".encode()
        (self.dir / "conf").write_text(
            "Mode s\nSyslog no\nDomain corp.test\nSelector s1\n"
            f"KeyFile {self.dir}/s1.private\nInternalHosts 127.0.0.1\n"
            f"Socket inet:{self.port}@127.0.0.1\nRequireSafeKeys no\n")
        self.process = subprocess.Popen(
            ["opendkim", "-f", "-x", self.dir / "conf"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for("opendkim", lambda: port_answers(self.port))
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def fits(self, mail):
        """As another program checks it."""
        return dkim.verify(mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
                           dnsfunc=lambda name, timeout=5: self.key)
