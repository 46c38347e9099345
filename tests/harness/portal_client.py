"""A recipient's browser at the portal, without script."""

import email
import email.policy
import html
import http.client
import re
import ssl
import urllib.parse

LINK = re.compile(r"https?://[^/\s]+(/l/[0-9a-z]{26})#([0-9a-z-]{52,64})")


# What is sent to a mailbox to prove it.
CODE = re.compile(r"(?<![0-9])([0-9]{3}[ -]?[0-9]{3})(?![0-9])")


def text_of(mail):
    """All texts of a mail, decoded."""
    parsed = email.message_from_bytes(mail, policy=email.policy.default)
    return "\n".join(part.get_content() for part in parsed.walk()
                     if part.get_content_maintype() == "text")


def link_of(mail):
    """The path of the link in a mail, and its 開封コード."""
    found = LINK.search(text_of(mail))
    assert found, "no link in:\n" + text_of(mail)
    return found[1], found[2]


CONTEXT = ssl.create_default_context()
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE


class Portal:
    def __init__(self, site, keep=False, context=CONTEXT):
        self.site = site
        self.context = context
        self.keep = keep  # one connection for all
        self.connection = None
        self.cookies = {}
        self.page = ""
        self.path = ""

    def connect(self):
        if not self.keep or self.connection is None:
            made = http.client.HTTPSConnection(
                "127.0.0.1", self.site.portal_port, context=self.context,
                timeout=60)
            if not self.keep:
                return made
            self.connection = made
        return self.connection

    def request(self, method, path, body=None, headers=None):
        """(status, headers, bytes)"""
        fields = dict(headers or {})
        if self.cookies:
            fields["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
            fields["Origin"] = f"https://127.0.0.1:{self.site.portal_port}"
        connection = self.connect()
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            if not self.keep:
                connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer.status, answer.headers, content

    def follow(self, status, headers, content):
        """Go where a 303 leads, as a browser does; keep the page."""
        while status == 303:
            self.path = urllib.parse.urlsplit(headers["Location"]).path
            status, headers, content = self.request("GET", headers["Location"])
        self.page = content.decode(errors="replace")
        return status, headers, content

    def get(self, path):
        self.path = path
        return self.follow(*self.request("GET", path))

    def forms(self):
        """[(action, {name: value})] of the page."""
        found = []
        for form in re.finditer(r"<form\b([^>]*)>(.*?)</form>", self.page, re.S):
            action = re.search(r'action="([^"]*)"', form[1])
            fields = {}
            for tag in re.finditer(r"<(input|button)\b([^>]*)>", form[2]):
                rows = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag[2]))
                if "name" in rows:
                    fields[rows["name"]] = html.unescape(rows.get("value", ""))
            found.append((html.unescape(action[1]) if action else self.path,
                          fields))
        return found

    def submit(self, ending, **typed):
        """Post the form whose action ends so."""
        for action, fields in self.forms():
            if action.endswith(ending):
                fields.update(typed)
                return self.follow(*self.request(
                    "POST", action, urllib.parse.urlencode(fields)))
        raise AssertionError(f"no form {ending} in {self.forms()}: {self.page[:3000]}")

    def first_file(self):
        """Take the first file of the list; its bytes."""
        action, fields = next((action, fields) for action, fields
                              in self.forms() if action.endswith("/take"))
        status, headers, _ = self.request("POST", action,
                                          urllib.parse.urlencode(fields))
        assert status == 303, status
        status, _, content = self.request("GET", headers["Location"])
        assert status == 200, status
        return content
