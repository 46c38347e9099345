"""nginx in the foreground, with one of the examples of contrib/nginx."""

import http.client
import re
import shutil
import ssl
import subprocess
from pathlib import Path

from certificates import make_server
from local import free_port, port_answers, wait_for

TOP = Path(__file__).resolve().parent.parent.parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


class Nginx:
    """The example, with other ports and a certificate of the test."""

    def __init__(self, directory, example, port_behind, more=()):
        self.dir = directory
        self.port = free_port()
        self.plain_port = free_port()
        self.process = None
        directory.mkdir()
        text = (TOP / "contrib/nginx" / example).read_text()
        for old, new in (
                (r"listen \[::\]:\d+[^;]*;", ""),
                (r"listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
                (r"server_name [^;]*;", "server_name 127.0.0.1;"),
                (r"listen 443 ", f"listen 127.0.0.1:{self.port} "),
                (r"\tserver 127.0.0.1:\d+;",
                 f"\tserver 127.0.0.1:{port_behind};"),
                (r"ssl_certificate [^;]*;",
                 f"ssl_certificate {directory}/front.crt;"),
                (r"ssl_certificate_key [^;]*;",
                 f"ssl_certificate_key {directory}/front.key;"), *more):
            text, count = re.subn(old, new, text)
            assert count, f"the example has no {old}"
        (directory / "site.conf").write_text(text)
        places = "".join(f"{what}_temp_path {directory}/{what};\n" for what in
                         ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (directory / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {directory}/pid;\n"
            f"error_log {directory}/error.log;\n"
            f"events {{}}\nhttp {{\n{places}access_log {directory}/access.log;\n"
            f"include {directory}/site.conf;\n}}\n")
        make_server(directory, "front")
        self.argv = [NGINX, "-p", directory, "-c", directory / "nginx.conf"]

    def start(self):
        self.process = subprocess.Popen([str(a) for a in self.argv],
                                        stdin=subprocess.DEVNULL)
        wait_for("nginx", lambda: port_answers(self.port))

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def connect(self):
        context = ssl.create_default_context(cafile=self.dir / "front.crt")
        return http.client.HTTPSConnection("127.0.0.1", self.port,
                                           context=context, timeout=30)
