#!/usr/bin/python3
"""The portal as browsers and programs see it, over the fake vault.

usage: portal.py --build DIR [--browser DIRECTORY] [NAME...]

A download that breaks off goes on where it was, a zip is one that Python's
zipfile takes, thousands of looks use nothing up, odd requests are refused. With
SEKIMORI_SHOTS a picture of every page goes there.
"""

import argparse
import http.client
import io
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

import certificates  # noqa: E402
import runner  # noqa: E402
from local import UIDS, free_port, port_answers, wait_for  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--build", required=True)
arguments.add_argument("--browser")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
BUILD = Path(options.build).resolve()
SIZES = [18434, 300 * 1024 + 17, 0, 1]
CONFIG = """
general {{
    local_domains = {{ "example.co.jp" }}
    postmaster = "postmaster@example.co.jp"
    run_dir = "{place}/run"
    data_dir = "{place}/data"
    log = stderr
}}
vault {{ user = "{me}" }}
courier {{ notice_sender = "sekimori@example.co.jp" }}
desk {{ url = "http://127.0.0.1:1" }}
portal {{
    listen = "127.0.0.1:{port}"
    url = "{scheme}://127.0.0.1:{port}"
    user = "{user}"
    rate = 100000
    company = "関守商事株式会社"
    {more}
}}
policy {{ rule "the rest" {{ action = deliver }} }}
"""
rng = random.Random()
site = None


def file_bytes(number):
    return bytes((at * 31 + (at >> 8) * 7 + number) & 0xff for at in range(SIZES[number]))


class Portal:
    """sekimori-portal of the build tree, over the fake vault."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="sekimori-portal-"))
        self.port = free_port()
        self.vault = self.portal = None
        self.context = None  # of TLS

    def start(self, *large, more=""):
        for name in ("run", "run/vault", "data", "data/portal"):
            (self.place / name).mkdir()
            (self.place / name).chmod(0o777)
        self.place.chmod(0o711)
        for name in ("templates", "static"):
            (self.place / "data/portal" / name).symlink_to(TOP / "quarantine-ui/portal" / name)
        (self.place / "data/po").symlink_to(BUILD / "po")
        config = self.place / "conf"
        me = os.getuid()
        config.write_text(CONFIG.format(place=self.place, port=self.port, me=me, more=more,
                        scheme="https" if more else "http",
                        user=UIDS["portal"] if me == 0 else me))
        config.chmod(0o644)
        vault_socket = self.place / "run/vault/vault.sock"
        self.vault = subprocess.Popen(
            [BUILD / "tests/quarantine-ui/fake_vault", vault_socket, *large],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        lines = []
        while len(lines) < 4:
            line = self.vault.stdout.readline()
            lines += [line.split()] if line.startswith("/l/") else []
        self.links = dict(zip(("ready", "code", "password", "once"), lines))
        vault_socket.chmod(0o666)
        self.log = self.place / "log"
        with open(self.log, "wb") as log:
            self.portal = subprocess.Popen(
                [BUILD / "sekimori-portal", "--config", config],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("the portal", lambda: port_answers(self.port))
        return self

    def stop(self):
        if self.portal:
            self.portal.terminate()
            self.portal.wait(timeout=40)
        if self.vault:
            self.vault.stdin.close()
            self.vault.wait(timeout=20)
        shutil.rmtree(self.place, ignore_errors=True)


class Visitor:
    """A browser without script: it keeps cookies and follows nothing."""

    def __init__(self, which="ready"):
        self.path, self.code = site.links[which]
        self.cookies = {}

    def ask(self, method, path, form=None, **fields):
        connection = (http.client.HTTPSConnection(
            "127.0.0.1", site.port, context=site.context, timeout=30) if site.context else
            http.client.HTTPConnection("127.0.0.1", site.port, timeout=30))
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, form, headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def open(self):
        answer = self.ask("POST", self.path, f"code={self.code}")
        assert answer.status == 303, (answer.status, answer.body)
        return self

    def take(self, which):
        answer = self.ask("POST", self.path + "/take", f"file={which}")
        assert answer.status == 303, answer.status
        return answer.headers["Location"]


def metrics():
    text = Visitor().ask("GET", "/metrics").body.decode()
    return {line.split()[0]: int(line.split()[1])
        for line in text.splitlines() if not line.startswith("#")}


@test
def a_file_comes_byte_for_byte():
    visitor = Visitor().open()
    for number in range(len(SIZES)):
        answer = visitor.ask("GET", visitor.take(number + 1))
        assert answer.status == 200, answer.status
        assert answer.body == file_bytes(number), number
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


@test
def any_range_is_what_it_is_in_the_file():
    visitor = Visitor().open()
    path = visitor.take(2)
    whole = file_bytes(1)
    for _ in range(150):
        first = rng.randrange(len(whole))
        last = rng.randrange(first, len(whole) + 5)
        answer = visitor.ask("GET", path, Range=f"bytes={first}-{last}")
        last = min(last, len(whole) - 1)
        assert answer.status == 206, answer.status
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
        assert answer.body == whole[first:last + 1]
    for field, status, want in (
            ("bytes=-1000", 206, whole[-1000:]), ("bytes=300000-", 206, whole[300000:]),
            ("bytes=-0", 416, None), (f"bytes={len(whole)}-", 416, None),
            ("bytes=5-2", 200, whole), ("bytes=0-1,5-6", 200, whole),
            ("bytes=a-b", 200, whole), ("lines=1-2", 200, whole), ("bytes=", 200, whole),
            ("bytes=99999999999999999999-", 200, whole)):
        answer = visitor.ask("GET", path, Range=field)
        assert answer.status == status, (field, answer.status)
        assert want is None or answer.body == want, field
        if status == 416:
            assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


@test
def a_range_of_another_file_is_not_mixed_in():
    visitor = Visitor().open()
    path = visitor.take(2)
    etag = visitor.ask("HEAD", path).headers["ETag"]
    other = visitor.ask("HEAD", visitor.take(1)).headers["ETag"]
    assert etag != other and etag.startswith('"'), etag
    same = visitor.ask("GET", path, Range="bytes=10-19", If_Range=etag)
    assert same.status == 206 and same.body == file_bytes(1)[10:20]
    for field in (other, "W/" + etag, "Sun, 22 Nov 2026 00:00:00 GMT"):
        whole = visitor.ask("GET", path, Range="bytes=10-19", If_Range=field)
        assert whole.status == 200 and whole.body == file_bytes(1), field


@test
def a_zip_is_one_also_in_pieces():
    visitor = Visitor().open()
    path = visitor.take("all")
    whole = visitor.ask("GET", path)
    assert whole.status == 200
    with zipfile.ZipFile(io.BytesIO(whole.body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["給与支払報告書 2026年分.xlsx", "扶養控除等申告書.pdf", "empty.txt",
                 "_扶養控除等申告書.pdf"], names
        for number, name in enumerate(names):
            assert archive.read(name) == file_bytes(number), name
    pieces, at = b"", 0
    while at < len(whole.body):
        size = rng.choice([1, 7, 30, 1000, 40000, 90000])
        piece = visitor.ask("GET", path, Range=f"bytes={at}-{at + size - 1}",
                    If_Range=whole.headers["ETag"])
        assert piece.status == 206
        pieces += piece.body
        at += size
    assert pieces == whole.body


@test
def looking_uses_nothing_up():
    visitor = Visitor()
    plain = Visitor("once")
    first = plain.ask("GET", plain.path).body
    before = metrics()
    methods = ["GET", "HEAD", "OPTIONS", "PROPFIND"]
    for turn in range(1500):
        path = rng.choice([plain.path, plain.path + "/files", plain.path + "/f/1",
                   plain.path + "/zip", plain.path + "/take", plain.path + "/code"])
        fields = {"Range": "bytes=0-10"} if turn % 3 == 0 else {}
        answer = visitor.ask(rng.choice(methods), path, **fields)
        assert answer.status in (200, 404, 405), answer.status
    assert metrics() == before, "something was counted"
    assert plain.ask("GET", plain.path).body == first
    visitor = plain.open()
    for number in range(len(SIZES)):
        answer = visitor.ask("GET", visitor.take(number + 1))
        assert answer.body == file_bytes(number)


@test
def every_link_has_the_same_page():
    pages = {Visitor(which).ask("GET", site.links[which][0]).body.replace(
        site.links[which][0].encode(), b"/l/x") for which in site.links}
    unknown = "/l/" + "0" * 26
    pages.add(Visitor().ask("GET", unknown).body.replace(unknown.encode(), b"/l/x"))
    assert len(pages) == 1


@test
def a_form_of_another_site_does_nothing():
    visitor = Visitor().open()
    for fields in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
               {"Origin": "https://example.org"}, {"Origin": "null"},
               {"Origin": f"https://127.0.0.1:{site.port}"},
               {"Sec_Fetch_Site": "cross-site", "Origin": "null"}):
        for path in ("", "/take", "/code", "/prove", "/leave"):
            answer = visitor.ask("POST", visitor.path + path, "file=1", **fields)
            assert answer.status == 403, (path, fields, answer.status)


@test
def a_browser_that_tells_only_its_origin_comes_to_the_files():
    visitor = Visitor()
    own = {"Origin": f"http://127.0.0.1:{site.port}"}
    page = visitor.ask("GET", visitor.path)
    assert page.headers["Referrer-Policy"] == "same-origin"  # else "null"
    for path, form in (("", f"code={visitor.code}"), ("/take", "file=1")):
        answer = visitor.ask("POST", visitor.path + path, form, **own)
        assert answer.status == 303, (path, answer.status)
    assert visitor.ask("GET", answer.headers["Location"]).body == file_bytes(0)


@test
def another_name_for_this_host_gets_no_page():
    path = site.links["ready"][0]
    for host in ("evil.example", f"evil.example:{site.port}", "127.evil.example", "127.0.0.2x",
                 "sekimori.test"):
        for request in ("GET /", f"GET {path}", "GET /static/portal.js", f"POST {path}"):
            line = raw(f"{request} HTTP/1.1\r\nHost: {host}\r\n\r\n")
            assert line.startswith("HTTP/1.1 421"), (host, request, line)
        assert raw(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n").startswith("HTTP/1.1 200")
    for host in (f"127.0.0.1:{site.port}", "localhost", "[::1]:1"):
        assert raw(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").startswith("HTTP/1.1 200")


def raw(text):
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(text.encode())
        answer = b""
        while b"\r\n" not in answer:
            chunk = connection.recv(4096)
            if not chunk:
                break
            answer += chunk
    return answer.split(b"\r\n")[0].decode()


@test
def a_request_that_two_could_read_in_two_ways_is_refused():
    path = site.links["ready"][0]
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    for fields in ("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
               "Content-Length: 3\r\nContent-Length: 4\r\n",
               "Transfer-Encoding: chunked\r\n", "Content-Length : 3\r\n",
               "Content-Length: +3\r\n", "Content-Length: 3, 3\r\n",
               "X: a\0b\r\nContent-Length: 3\r\n",
               "X: a\r\n b\r\nContent-Length: 3\r\n",
               "X: a\nContent-Length: 3\r\n",
               "Cookie: a=b\r\nCookie: c=d\r\nContent-Length: 3\r\n",
               "Range: bytes=0-1\r\nRange: bytes=2-3\r\nContent-Length: 3\r\n"):
        line = raw(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{form}{fields}\r\nabc")
        assert line.startswith("HTTP/1.1 4"), (fields, line)


@test
def a_revoked_link_stops_what_is_being_sent():
    global site
    usual, site = site, Portal()
    try:
        site.start("24")  # MiB: more than the sockets hold
        visitor = Visitor().open()
        path = visitor.take(2)
        cookie = "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                               f"Cookie: {cookie}\r\n\r\n".encode())
            got = len(connection.recv(100000))
            site.vault.stdin.write("r")
            site.vault.stdin.flush()
            time.sleep(5)
            while chunk := connection.recv(1 << 20):
                got += len(chunk)
        assert 0 < got < 20 << 20, got
        assert metrics()["sekimori_portal_transfers_complete_total"] == 0
    finally:
        site.stop()
        site = usual


@test
def a_client_certificate_holds_or_counts_for_nothing():
    global site
    usual, site = site, Portal()
    place = site.place

    def open_with(name, **fields):
        """Open a link: what the vault hears of the certificate."""
        site.context = certificates.client_context(place, name)
        visitor = Visitor()
        answer = visitor.ask("POST", visitor.path, f"code={visitor.code}", **fields)
        assert answer.status == 303, (name, answer.status)
        assert answer.headers["Strict-Transport-Security"]
        site.vault.stdin.write("k")
        site.vault.stdin.flush()
        return site.vault.stdout.readline().strip()

    try:
        good, bad = certificates.make_all(place)
        certificates.make_server(place)
        site.start(more=f'certificate = "{place}/server.crt"\n'
                   f'certificate_key = "{place}/server.key"\n'
                   f'client_ca = "{place}/office.crt"')
        assert open_with(good) == "shown"
        assert open_with(None) == "none"
        assert open_with(None, X_Client_Verify="SUCCESS") == "none"
        for name in bad:
            assert open_with(name) == "none", name
        assert open_with(good) == "shown"
    finally:
        site.stop()
        site = usual


@test
def no_secret_is_in_the_log():
    text = site.log.read_text()
    for path, code in site.links.values():
        assert code not in text and code.replace("-", "") not in text
    assert "123456" not in text and "kaki" not in text


@test
def in_a_browser_a_recipient_comes_to_the_files():
    if not options.browser:
        raise runner.Skip("no browser here")
    words = [word for which in ("ready", "code", "password", "once")
         for word in site.links[which]]
    done = subprocess.run(
        ["node", "portal.mjs", f"http://127.0.0.1:{site.port}",
         os.environ.get("SEKIMORI_SHOTS", "-"), *words],
        cwd=options.browser, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def main():
    global site
    site = Portal()
    try:
        site.start()
        return runner.main(options.only)
    finally:
        site.stop()


if __name__ == "__main__":
    sys.exit(main())
