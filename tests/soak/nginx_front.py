#!/usr/bin/python3
"""The desk behind nginx with contrib/nginx/sekimori.conf.

usage: nginx_front.py --root PREFIX

nginx (Debian's nginx-light) runs in the foreground below a temporary directory.
"""

import argparse
import http.client
import re
import sys
import time
import urllib.parse
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site  # noqa: E402
from desk_client import PASSWORD  # noqa: E402
from local import run  # noqa: E402
from nginx import NGINX, Nginx  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
options = arguments.parse_args()
site = None
front = None


class Browser:
    def __init__(self):
        self.cookies = {}

    def open(self, method, path, form=None, headers=None):
        """The answer, not read yet."""
        fields = {"Cookie": "; ".join(f"{k}={v}" for k, v in
                                      self.cookies.items()),
                  "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate",
                  **(headers or {})}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            fields["Content-Type"] = "application/x-www-form-urlencoded"
            fields["Origin"] = f"https://127.0.0.1:{front.port}"
        connection = front.connect()
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, login):
        page = self.open("GET", "/sign-in").read().decode()
        token = re.search(r'name="token" value="([^"]+)"', page)
        answer = self.open("POST", "/sign-in", {
            "token": token[1], "next": "/", "login": login,
            "password": PASSWORD})
        assert answer.status == 303, (answer.status, answer.read()[:500])
        assert "__Host-sid" in self.cookies, self.cookies


@test
def nginx_takes_the_example():
    checked = run([*front.argv, "-t"])
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr, checked.stderr


@test
def http_leads_to_https():
    def ask(path):
        connection = http.client.HTTPConnection("127.0.0.1", front.plain_port)
        connection.request("GET", path, headers={"Host": "desk.corp.test"})
        return connection.getresponse()
    answer = ask("/cases/x")
    assert answer.status == 301
    assert answer.headers["Location"] == "https://desk.corp.test/cases/x"
    # A program is not led on: its token has gone over the net in clear.
    answer = ask("/api/v1/cases")
    assert answer.status == 403 and "Location" not in answer.headers


@test
def people_sign_in_through_it():
    browser = Browser()
    browser.sign_in("approver1")
    answer = browser.open("GET", "/")
    assert answer.status == 200
    for field in ("Strict-Transport-Security", "Content-Security-Policy"):
        assert len(answer.headers.get_all(field) or []) == 1, field


@test
def events_come_at_once():
    browser = Browser()
    browser.sign_in("approver1")
    began = time.monotonic()
    events = browser.open("GET", "/events")
    assert events.status == 200
    assert events.headers["Content-Type"].startswith("text/event-stream")
    assert events.readline().startswith(b"retry:")
    assert time.monotonic() - began < 3
    line = b""
    while not line.startswith(b"data:"):
        line = events.readline()
    code, text = site.send(samples.mail(
        samples.token(), f"{samples.LABEL} {mynumber.my_number()}"))
    assert code == 250, text
    sent = time.monotonic()
    again = b""
    while not again.startswith(b"data:"):
        again = events.readline()
    assert again != line and time.monotonic() - sent < 10
    events.close()


@test
def figures_stay_on_the_host():
    assert Browser().open("GET", "/metrics").status == 404
    # Nor by any other name for it; the desk itself refuses whom a proxy brings.
    for path in ("/metrics?x", "/%6detrics", "//metrics"):
        assert Browser().open("GET", path).status in (400, 404), path
    connection = http.client.HTTPConnection("127.0.0.1", site.desk_port)
    connection.request("GET", "/metrics")
    assert connection.getresponse().status == 200


@test
def a_client_does_not_choose_its_address():
    # Eleven wrong tries a minute from one address are too many, whatever
    # addresses the client claims to have.
    seen = set()
    for number in range(12):
        browser = Browser()
        page = browser.open("GET", "/sign-in").read().decode()
        token = re.search(r'name="token" value="([^"]+)"', page)
        seen.add(browser.open("POST", "/sign-in", {
            "token": token[1], "next": "/", "login": "nobody",
            "password": "not the password"},
            {"X-Forwarded-For": f"192.0.2.{number}",
             "X-Real-IP": f"192.0.2.{number}"}).status)
    assert 429 in seen, seen


def main():
    global site, front
    if NGINX is None:
        print("SKIP: nginx_front.py: no nginx here")
        return 0
    desk = {"certificate": '""', "certificate_key": '""',
            "trusted_proxy": '"127.0.0.1"', "login_rate": "10"}
    with Site(options.root, settings={"desk": desk}) as site:
        front = Nginx(site.dir / "nginx", "sekimori.conf",
                      site.desk_port)
        try:
            front.start()
            return runner.main()
        finally:
            front.stop()


if __name__ == "__main__":
    sys.exit(main())
