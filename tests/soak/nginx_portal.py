#!/usr/bin/python3
"""The portal behind nginx with contrib/nginx/portal.conf.

usage: nginx_portal.py --root PREFIX

A recipient fetches a file through it; a rule that wants a client certificate
gets nginx's word for it and nobody else's; the addresses are those that nginx
saw.
"""

import argparse
import http.client
import random
import re
import shutil
import sys
import tempfile
import urllib.parse
from pathlib import Path
from types import SimpleNamespace

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

import certificates  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site  # noqa: E402
from local import run, wait_for  # noqa: E402
from nginx import NGINX, Nginx  # noqa: E402
from portal_client import Portal, link_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
options = arguments.parse_args()
POLICY = """
policy {
	rule "with a certificate" {
		verdict = {found}
		recipient_domain = { "shown.example" }
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
		link_certificate = yes
	}
	rule "from one address" {
		verdict = {found}
		recipient_domain = { "there.example" }
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
		link_from = { "127.0.0.2" }
	}
	rule "links" {
		verdict = {found}
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
	}
	rule "the rest" { action = deliver }
}
"""
rng = random.Random()
place = Path(tempfile.mkdtemp(prefix="sekimori-clients-"))
site = front = good = bad = None


class LinkSite(Site):
    def sections(self):
        sections = super().sections()
        sections["courier"]["next_hop"] = f'"127.0.0.1:{self.mta.inject_port}"'
        return sections


class Recipient(Portal):
    """A browser that comes through nginx, from this address."""

    def __init__(self, context=None, address="127.0.0.1"):
        super().__init__(SimpleNamespace(portal_port=front.port),
                         context=context or certificates.client_context(place))
        self.address = address

    def connect(self):
        return http.client.HTTPSConnection(
            "127.0.0.1", front.port, context=self.context, timeout=60,
            source_address=(self.address, 0))

    def opens(self, link, **fields):
        """The status of bringing the code."""
        path, code = link
        return self.request("POST", path, f"code={code}", fields)[0]


def sent_to(domain):
    """A file goes out by link: its bytes, path and code."""
    mark, recipient = samples.token(rng), f"{samples.token(rng)[6:]}@{domain}"
    content = samples.xlsx(mynumber.my_number(rng))
    code, text = site.send(samples.mail(f"名簿 {mark}", "お送りします。\n", attachments=[
        ("名簿.xlsx", "application", "vnd.openxmlformats-officedocument."
         "spreadsheetml.sheet", content)]), recipients=[recipient])
    assert code == 250, (code, text)
    mail = wait_for(f"a link for {recipient}", lambda: next(
        (m for _, m in site.sink.to(recipient)), None))
    return content, link_of(mail)


@test
def nginx_takes_the_example():
    checked = run([*front.argv, "-t"])
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr, checked.stderr


@test
def a_recipient_fetches_a_file_through_it():
    content, (path, code) = sent_to("out.example")
    one = Recipient()
    status, headers, _ = one.get(path)
    assert status == 200
    for field in ("Strict-Transport-Security", "Content-Security-Policy"):
        assert len(headers.get_all(field) or []) == 1, field
    status, _, page = one.submit(path, code=code)
    assert status == 200, (status, page)
    assert any(name.startswith("__Host-l-") for name in one.cookies)
    action, fields = next(f for f in one.forms() if f[0].endswith("/take"))
    status, headers, _ = one.request("POST", action,
                                     urllib.parse.urlencode(fields))
    assert status == 303, status
    location = headers["Location"]
    status, headers, got = one.request("GET", location)
    assert status == 200 and got == content
    status, headers, got = one.request(
        "GET", location, headers={"Range": "bytes=100-199"})
    assert status == 206 and got == content[100:200]


@test
def a_certificate_counts_by_the_word_of_nginx_alone():
    _, link = sent_to("shown.example")
    claims = {"X-Client-Verify": "SUCCESS"}
    assert Recipient().opens(link) == 404
    assert Recipient().opens(link, **claims) == 404
    for name in bad:
        context = certificates.client_context(place, name)
        # nginx itself answers 400 to most of them.
        assert Recipient(context).opens(link, **claims) in (400, 404), name
    assert Recipient(certificates.client_context(place, good)).opens(link) == 303


@test
def an_address_is_the_one_that_nginx_saw():
    _, link = sent_to("there.example")
    claims = {name: "127.0.0.2" for name in (
        "X-Forwarded-For", "X-Real-IP", "Via")}
    claims["Forwarded"] = "for=127.0.0.2"
    assert Recipient().opens(link, **claims) == 404
    assert Recipient(address="127.0.0.2").opens(link) == 303
    assert re.search(r"open link=\S+ client=127\.0\.0\.2", site.log("portal"))


@test
def another_name_gets_no_page():
    for host in ("evil.example", f"evil.example:{front.port}"):
        status = Recipient().request("GET", "/robots.txt",
                                     headers={"Host": host})[0]
        assert status == 421, (host, status)
    assert Recipient().request("GET", "/robots.txt")[0] == 200


@test
def figures_stay_on_the_host():
    for path in ("/metrics", "/metrics?x", "/%6detrics", "//metrics"):
        assert Recipient().request("GET", path)[0] in (400, 404), path


def main():
    global site, front, good, bad
    if NGINX is None:
        print("SKIP: nginx_portal.py: no nginx here")
        return 0
    place.chmod(0o755)
    good, bad = certificates.make_all(place)
    (place / "office.crt").chmod(0o644)
    portal = {"certificate": '""', "certificate_key": '""',
              "trusted_proxy": '"127.0.0.1"',
              "client_ca": f'"{place}/office.crt"'}
    try:
        with LinkSite(options.root, policy=POLICY,
                      settings={"portal": portal}) as site:
            front = Nginx(site.dir / "nginx", "portal.conf", site.portal_port, (
                (r"#\s+ssl_client_certificate [^;]*;",
                 f"ssl_client_certificate {place}/office.crt;"),
                (r"#\s+ssl_verify_client", "ssl_verify_client")))
            try:
                front.start()
                return runner.main()
            finally:
                front.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
