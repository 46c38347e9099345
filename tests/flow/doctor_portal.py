#!/usr/bin/python3
"""Doctor asks the portal as a recipient would.

usage: doctor_portal.py --root PREFIX [NAME...]
"""

import argparse
import contextlib
import http.server
import json
import ssl
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import runner  # noqa: E402
from checkpoint import Site, free_port, run  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
site = None


def look(**portal):
    """What doctor finds about the portal with these settings in the file."""
    before, text = site.settings, site.config.read_text()
    site.settings = {"portal": {k: f'"{v}"' for k, v in portal.items()}}
    site.write_config()
    try:
        done = site.cli("doctor", "--json")
    finally:
        site.settings = before
        site.config.write_text(text)
    assert done.returncode in (0, 1), done.stderr
    return {c["check"]: c["state"] for c in json.loads(done.stdout)["checks"]
            if (c["check"].startswith(("portal", "certificate-soon")))
            and c["state"] != "skipped"}


class Another(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Welcome to nginx!")

    def log_message(self, *words):
        pass


@contextlib.contextmanager
def another(days=None):
    """Another web server with a certificate for localhost; its port."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Another)
    certificate, key = site.certificate, site.dir / "etc" / "desk.key"
    if days:
        certificate, key = site.dir / "short.crt", site.dir / "short.key"
        made = run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
                    "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                    certificate])
        assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@test
def a_portal_that_answers_is_fine():
    found = look()
    assert found == {"portal": "ok", "portal-trust": "ok",
                     "portal-page": "ok"}, found
    assert look(listen="", url="", certificate="", certificate_key="") == {}


@test
def a_certificate_that_browsers_refuse_is_named():
    with another(30) as port:  # for the name localhost
        kept = site.certificate
        try:
            site.certificate = site.dir / "short.crt"
            found = look(url=f"https://127.0.0.1:{port}", certificate="",
                         certificate_key="", trusted_proxy="127.0.0.1")
        finally:
            site.certificate = kept
    assert found["portal-trust"] == "wrong", found
    # Nobody knows who issued it; the page is looked at all the same.
    kept = site.certificate
    try:
        site.certificate = site.dir / "none.pem"
        site.certificate.write_text("")
        found = look()
    finally:
        site.certificate = kept
    assert found["portal-trust"] == "wrong", found
    assert found["portal-page"] == "ok", found


@test
def another_program_at_its_address_is_named():
    with another() as port:
        found = look(url=f"https://localhost:{port}")
    assert found == {"portal": "ok", "portal-trust": "ok",
                     "portal-page": "wrong"}, found


@test
def a_certificate_of_a_proxy_that_ends_soon_is_named():
    for days, state in ((13, "note"), (16, "ok")):
        with another(days) as port:
            kept = site.certificate
            try:
                site.certificate = site.dir / "short.crt"
                found = look(url=f"https://localhost:{port}", certificate="",
                             certificate_key="", trusted_proxy="127.0.0.1")
            finally:
                site.certificate = kept
        assert found["certificate-soon"] == state, (days, found)


@test
def silence_is_told_from_an_address_of_the_outside_alone():
    assert look(url=f"https://localhost:{free_port()}") == {
        "portal-elsewhere": "note"}
    assert look(url="https://files.invalid") == {"portal-elsewhere": "note"}
    nobody = free_port()
    assert look(url=f"https://localhost:{nobody}",
                listen=f"127.0.0.1:{nobody}") == {"portal": "wrong"}


with Site(options.root) as site:
    failed = runner.main(options.only)
sys.exit(failed)
