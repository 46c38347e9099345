#!/usr/bin/python3
"""What a link mail looks like to who gets it, and what may stay in it.

usage: link_mail.py --root PREFIX [--mta sendmail] [--browser DIRECTORY] [NAME...]
"""

import argparse
import base64
import email
import email.policy
import os
import random
import struct
import subprocess
import sys
import time
import zlib
from email.message import EmailMessage
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import locked  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, wait_for  # noqa: E402
from portal_client import Portal, link_of, text_of  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--mta", default="postfix")
arguments.add_argument("--browser")
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()
site = None

POLICY = "policy {\n" + "".join(f"""
	rule "links to {domain}" {{
		verdict = {{found}}
		recipient_domain = {{ "{domain}.example" }}
		action = link
		approvers = "hr"
		link_unknown = link
		link_code = no
		{option}
	}}
""" for domain, option in (("careful", ""), ("cut", "link_pictures = cut"),
                           ("stay", "link_pictures = stay"),
                           ("found", "link_files = findings"))) + """
	rule "numbers wait" {
		verdict = {found}
		action = hold
		approvers = "hr"
	}
	rule "unread waits" {
		verdict = { found, unscannable }
		reason = { locked }
		action = hold
		approvers = "hr"
		link_code = no
	}
	rule "the rest" { action = deliver }
}
"""


def png(width, height):
    """A picture of noise, which no packing makes smaller."""
    rows = b"".join(b"\0" + rng.randbytes(width * 3) for _ in range(height))

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + \
            struct.pack(">I", zlib.crc32(name + content))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(
            b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PHOTO = png(100, 60)  # 18 KB
LOGO = png(20, 10)
COMPANY_LOGO = Path(os.environ["SEKIMORI_LOGO"]).read_bytes() \
    if "SEKIMORI_LOGO" in os.environ else png(120, 96)


def with_pictures(*pictures, page="<p>{}</p>"):
    """A mail whose text shows pictures, with a workbook."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = "taro@corp.test"
    made["To"] = "out@example.com"
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0900"
    made.set_content("名簿をお送りします。\n")
    shown = "".join(f'<img src="cid:p{i}@corp.test">'
                    for i in range(len(pictures)))
    made.add_alternative(page.format(shown), subtype="html")
    for i, picture in enumerate(pictures):
        made.get_payload()[1].add_related(
            picture, "image", "png", cid=f"<p{i}@corp.test>",
            filename=f"image{i}.png", disposition="inline")
    made.add_attachment(
        samples.xlsx(mynumber.my_number(rng)), maintype="application",
        subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        filename="名簿.xlsx")
    return made


def nobody(word):
    return f"{samples.token(rng)[6:]}@{word}.example"


class Sent:
    def __init__(self, made, to):
        self.mark, self.to = samples.token(rng), to
        del made["Subject"]
        made["Subject"] = f"名簿 {self.mark}"
        made["X-Test-Token"] = self.mark
        self.made = made
        self.send()

    def send(self):
        code, text = site.send(self.made.as_bytes(), recipients=(self.to,))
        assert code == 250, (code, text)

    def arrived(self):
        mail = wait_for(f"{self.mark} at {self.to}", lambda: next(
            (m for _, m in site.sink.to(self.to) if self.mark.encode() in m
             and b"X-Test-Token" in m), None), 30)
        return email.message_from_bytes(mail, policy=email.policy.default), mail

    def case(self, which="all"):
        desk = site.desk("approver1")
        line = wait_for(f"the case of {self.mark}", lambda: next(
            (c for c in desk.cases(which) if self.mark in c["subject"]), None))
        return desk.case(line["id"])

    def events(self, name):
        return [e for e in self.case()["events"] if e["event"] == name]


def opened(mail):
    """At the portal, as a recipient without script."""
    path, code = link_of(mail)
    portal = Portal(site)
    portal.get(path)
    status, _, content = portal.submit(path, code=code)
    assert status == 200, (status, content)
    return portal


def pictures_in(parsed):
    return [part.get_content() for part in parsed.walk()
            if part.get_content_maintype() == "image"
            and part["Content-ID"] != "<logo@gate.corp.test>"]


def page_of(case_id, login):
    status, content = site.desk(login).request(
        "GET", f"/cases/{case_id}", headers={"Accept": "text/html"})
    assert status == 200, status
    return content


@test
def a_picture_that_nobody_read_waits_for_a_person():
    sent = Sent(with_pictures(PHOTO, LOGO), nobody("careful"))
    refused = wait_for("the refusal", lambda: sent.events("link-refused"))
    assert "pictures" in refused[0]["detail"], refused
    case = sent.case()
    assert case["state"] == "held", case
    assert case["links"] == {"count": 0, "may_ask": False, "asked": False,
                             "password": False, "pictures": 1}, case["links"]
    assert not [m for _, m in site.sink.to(sent.to)]
    for login, mark in (("approver1", 'id="link-pictures"'),
                        ("taro", 'id="ask-link-pictures"')):
        page = page_of(case["id"], login)
        assert mark in page and "確認できないもの: 1 件" in page, login
    notice = wait_for("the approvers' notice", lambda: next(
        (text_of(m) for _, m in site.sink.to("approver1@corp.test")
         if case["id"] in text_of(m) and "画像" in text_of(m)), None))
    assert "pictures that the text" not in notice, notice
    status, answer = site.desk("approver1").decide(case["id"], "link",
                                                   purpose="社会保険手続")
    assert status == 200, answer
    parsed, _ = sent.arrived()
    assert pictures_in(parsed) == [PHOTO, LOGO]
    assert "pictures-left=1" in sent.events("link-sealed")[0]["detail"]
    assert 'id="pictures-left"' in page_of(case["id"], "taro")


@test
def a_rule_may_cut_pictures_and_logos_stay():
    sent = Sent(with_pictures(PHOTO, LOGO), nobody("cut"))
    parsed, mail = sent.arrived()
    assert pictures_in(parsed) == [LOGO]
    assert base64.b64encode(PHOTO)[:60] not in mail
    assert "image0.png" in opened(mail).page
    # What stands in the page itself cannot be cut.
    page = "<p>{}</p><img src='data:image/png;base64,%s'>" % \
        base64.b64encode(PHOTO).decode()
    sent = Sent(with_pictures(page=page), nobody("cut"))
    wait_for("the refusal", lambda: sent.events("link-refused"))


@test
def a_rule_may_let_pictures_stay():
    sent = Sent(with_pictures(PHOTO), nobody("stay"))
    parsed, _ = sent.arrived()
    assert pictures_in(parsed) == [PHOTO]
    sent = Sent(with_pictures(LOGO), nobody("careful"))
    parsed, _ = sent.arrived()
    assert pictures_in(parsed) == [LOGO]


@test
def a_mail_that_is_sent_again_is_one_link():
    sent = Sent(with_pictures(), nobody("stay"))
    sent.arrived()
    wait_for("its end", lambda: sent.case()["state"] == "released")
    sent.send()
    wait_for("the second one", lambda: sent.events("seen-again"))
    of_it = [c for c in site.desk("approver1").cases("all")
             if sent.mark in c["subject"]]
    assert len(of_it) == 1, of_it
    time.sleep(1)  # a link mail would be here by now
    assert len([m for _, m in site.sink.to(sent.to)
                if b"X-Test-Token" in m]) == 1


@test
def files_without_findings_stay_where_a_rule_says_so():
    made = with_pictures()
    made.add_attachment("議事録\n".encode(), maintype="text", subtype="plain",
                        filename="minutes.txt")
    parsed, mail = Sent(made, nobody("found")).arrived()
    assert [part.get_filename() for part in parsed.walk()
            if part.get_filename()] == ["minutes.txt"]
    assert "名簿.xlsx" in opened(mail).page


@test
def a_mail_that_is_all_files_explains_itself():
    text = f"個人番号：{mynumber.my_number(rng)}\n"
    for shape in ("alone", "mixed", "parallel"):
        made = EmailMessage(policy=email.policy.SMTP)
        made["From"], made["To"] = "taro@corp.test", "out@example.com"
        made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0900"
        if shape == "alone":
            made.set_content(text, disposition="inline", filename="note.txt")
        else:
            made.add_attachment(text, disposition="inline",
                                filename="note.txt")
            made.add_attachment(b"\0" * 50, maintype="application",
                                subtype="octet-stream", filename="a.bin")
            made.set_param("boundary", "b")
            made.replace_header("Content-Type", f'multipart/{shape}; '
                                'boundary="b"')
        parsed, mail = Sent(made, nobody("careful")).arrived()
        assert not any(part.defects for part in parsed.walk()), shape
        words = parsed.get_body(("plain",)).get_content()
        assert "受け取り" in words and "note.txt" in words, (shape, words)
        assert parsed.get_body(("html",)) is not None, shape
        assert "note.txt" in opened(mail).page, shape


def text_mail(text, *attachments):
    return email.message_from_bytes(
        samples.mail("x", text, attachments=attachments),
        policy=email.policy.SMTP)


@test
def an_archive_goes_as_a_link_and_its_password_mail_with_it():
    secret, to = samples.token(rng)[6:], nobody("talk")
    archive = locked.infozip(
        secret, f"氏名,{samples.LABEL}\r\n山田太郎,{mynumber.my_number(rng)}\r\n")
    sent = Sent(text_mail("お送りします。\n",
                          ("資料.zip", "application", "zip", archive)), to)
    case = sent.case("open")
    told = Sent(text_mail(f"解凍パスワード：{secret}\n"), to)
    case = wait_for("one case of both", lambda: next(
        (c for c in [sent.case("open")]
         if c["companions"] and c["number_count"] == 1), None))
    assert not site.sink.to(to)
    # Binding: what was seen with its companion is what is decided.
    status, answer = site.desk("approver1").decide(case["id"], "link",
                                                   purpose="社会保険手続")
    assert status == 200, answer
    _, mail = sent.arrived()
    assert opened(mail).first_file() == archive
    assert base64.b64encode(archive)[:60] not in mail
    parsed, other = told.arrived()
    assert secret in text_of(other) and "/l/" not in text_of(other)
    wait_for("both outcomes", lambda: sent.case()["state"] == "released")
    outcomes = {one: site.desk("approver1").case(one)["recipients"][0]["outcome"]
                for one in (case["id"], case["companions"][0]["id"])}
    assert list(outcomes.values()) == ["link", "delivered"], outcomes


@test
def what_cannot_be_a_link_holds_its_password_mail_too():
    secret, to = samples.token(rng)[6:], nobody("talk")
    number = mynumber.my_number(rng)
    archive = locked.infozip(secret, f"{samples.LABEL} {number}\r\n")
    sent = Sent(text_mail(f"個人番号：{number}\n",
                          ("資料.zip", "application", "zip", archive)), to)
    sent.case("open")
    told = Sent(text_mail(f"解凍パスワード：{secret}\n"), to)
    case = wait_for("one case of both", lambda: next(
        (c for c in [sent.case("open")] if c["companions"]), None))
    assert site.desk("approver1").decide(case["id"], "link",
                                         purpose="x")[0] == 200
    wait_for("the refusal", lambda: sent.events("link-refused"))
    case = sent.case("open")
    assert case["state"] == "held" and case["companions"], case
    assert not site.sink.to(to)
    assert site.desk("approver1").decide(case["id"], "approve",
                                         purpose="x")[0] == 200
    sent.arrived()
    told.arrived()


@test
def the_organisations_logo_goes_along():
    parsed, _ = Sent(with_pictures(), nobody("stay")).arrived()
    related = next(part for part in parsed.walk()
                   if part.get_content_type() == "multipart/related"
                   and "logo@" in part.as_string())
    page, logo = related.iter_parts()
    assert logo["Content-ID"] == "<logo@gate.corp.test>"
    assert logo.get_content() == COMPANY_LOGO
    assert logo.get_content_type() == "image/png"
    assert logo.get_content_disposition() == "inline"
    # 48 high at most, as wide as its shape wants.
    html = page.get_content()
    assert html.count("<img") == 1, html
    assert 'src="cid:logo@gate.corp.test" width="60" height="48"' in html
    # The portal shows the same, from its own address.
    portal = Portal(site)
    status, headers, content = portal.request("GET", "/static/logo")
    assert status == 200 and content == COMPANY_LOGO, status
    assert headers["Content-Type"] == "image/png"
    status, headers, _ = portal.get("/l/" + "0" * 26)
    assert 'src="/static/logo' in portal.page
    assert "img-src 'self'" in headers["Content-Security-Policy"]


@test
def a_mail_with_a_logo_is_shown_well():
    """What "notice preview" shows holds the logo itself."""
    made = site.dir / "made"
    made.mkdir()
    made.chmod(0o755)
    for language in ("ja", "en"):
        got = site.cli("notice", "preview", "--event", "link", "--audience",
                       "recipient", "--format", "html", "--lang", language)
        assert got.returncode == 0, got.stderr
        assert "cid:" not in got.stdout
        assert base64.b64encode(COMPANY_LOGO).decode() in got.stdout
        (made / f"link-recipient-{language}.html").write_text(got.stdout)
    if not options.browser:
        return
    seen = subprocess.run(
        ["node", "notices.mjs", made,
         *filter(None, [os.environ.get("SEKIMORI_SHOTS")])],
        cwd=options.browser, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False, timeout=120)
    assert seen.returncode == 0, seen.stdout


@test
def a_file_that_is_no_logo_is_named_with_its_line():
    text = site.config_text()
    for name, content, why in (
            ("gone.png", None, "no such file"),
            ("text.png", b"hello", "neither PNG, JPEG nor SVG"),
            ("large.png", PHOTO + bytes(256 * 1024), "more than 262144 bytes"),
            ("wide.png", png(5000, 1), "5000 x 1 pixels")):
        file, config = site.dir / "etc" / name, site.dir / "etc" / "tried.conf"
        if content is not None:
            file.write_bytes(content)
        tried = text.replace(str(LinkSite.logo(site)), str(file))
        config.write_text(tried)
        line = 1 + next(i for i, row in enumerate(tried.splitlines())
                        if str(file) in row)
        got = site.cli("check-config", config)
        assert got.returncode == 78, (name, got.stdout, got.stderr)
        assert f"{config}:{line}: portal.logo: " in got.stderr, got.stderr
        assert why in got.stderr, got.stderr


class LinkSite(Site):
    def logo(self):
        return self.dir / "etc" / "logo.png"

    def set_up(self):
        self.logo().write_bytes(COMPANY_LOGO)
        super().set_up()

    def sections(self):
        sections = super().sections()
        port = getattr(self.mta, "inject_port", self.mta.port)
        sections["courier"]["next_hop"] = f'"127.0.0.1:{port}"'
        sections["portal"]["logo"] = f'"{self.logo()}"'
        return sections


# Little time for locks: nobody here waits for a password to be found.
with LinkSite(options.root, mta=options.mta, policy=POLICY,
              settings={"scanner": {"unlock": "600ms"}}) as site:
    failed = runner.main(options.only)
sys.exit(failed)
