#!/usr/bin/python3
"""Mails made by Python's email package, in the shapes that mail programs make,
become link mails: every byte outside the cuts is kept, every file is what the
email package decodes, and what is left reads as it did.

usage: rewrite_forms.py REWRITE_SAY
"""

import email
import email.policy
import random
import re
import subprocess
import sys
import tempfile
from email import encoders
from email.header import Header, decode_header, make_header
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
import mynumber  # noqa: E402

rng = random.Random(20261122)
KEEP, HOLE, TYPE, FIRST, NEXT, LAST = range(1, 7)
MAILS = 240
NAMES = ["report.xlsx", "見積書（第2版）.pdf", "源泉徴収票.csv", "a b;c.txt",
         "ＡＢＣ.zip", "ソ表.docx", "no-ending", "x" * 200 + ".pdf"]


def number():
    return f"個人番号 {mynumber.my_number(rng)}".encode()


def png():
    return b"\x89PNG\r\n\x1a\n" + rng.randbytes(40)


def set_name(part, name):
    """As the email package does it, as Outlook and old mailers do."""
    how = rng.randrange(4)
    if how == 0:
        part.add_header("Content-Disposition", "attachment", filename=name)
    elif how == 1:
        part.add_header("Content-Disposition", "attachment",
                        filename=("utf-8", "", name))
    elif how == 2:
        charset = "iso-2022-jp" if "（" in name or "票" in name else "utf-8"
        word = Header(name, charset, maxlinelen=10000).encode()
        part.add_header("Content-Disposition", "attachment")
        part.set_param("filename", word, header="Content-Disposition")
        part.set_param("name", word)
    else:
        part.add_header("Content-Disposition", "inline")
        part.set_param("name", name, charset="utf-8")


class Maker:
    def __init__(self, what):
        self.what = what
        self.files = []
        self.used = 0

    def mark(self):
        self.used += 1
        return f"mark-{rng.getrandbits(60):x}-{self.used}"

    def file(self, numbered):
        kind = rng.randrange(5)
        mark = self.mark().encode()
        if kind == 0:
            part = MIMEMessage(email.message_from_string(
                f"From: a@example.com\nSubject: {self.mark()}\n\nhello\n"))
            if numbered:
                part.get_payload(0).set_payload(number().decode(), "utf-8")
        else:
            content = mark + b"\r\n" + (number() if numbered else b"1,2\r\n")
            # Nobody can read such bytes: that is as good as a number.
            if self.what == "all":
                content += b"\r\n" + rng.randbytes(rng.randrange(300))
            part = MIMEBase(*rng.choice([("application", "pdf"),
                                         ("text", "csv"),
                                         ("application", "octet-stream")]))
            part.set_payload(content)
            if kind == 4:
                encoders.encode_quopri(part)
            else:
                encoders.encode_base64(part)
            set_name(part, rng.choice(NAMES))
        self.files.append(part)
        return part

    def text(self, kind="plain"):
        charset = rng.choice(["utf-8", "iso-2022-jp", "us-ascii"])
        words = "hello" if charset == "us-ascii" else "こんにちは"
        return MIMEText(f"{words} {self.mark()}\n", kind, charset)

    def shown(self):
        related = MIMEMultipart("related")
        name = f"p{rng.randrange(10 ** 6)}@x"
        html = MIMEText(f'<p>{self.mark()}<img src="cid:{name}"></p>\n',
                        "html", "utf-8")
        related.attach(html)
        picture = MIMEBase("image", "png")
        picture.set_payload(png())
        encoders.encode_base64(picture)
        picture.add_header("Content-ID", f"<{name}>")
        picture.add_header("Content-Disposition", "inline",
                           filename="image001.png")
        related.attach(picture)
        return related

    def alternative(self, second):
        both = MIMEMultipart("alternative")
        both.attach(self.text())
        both.attach(second)
        return both

    def body(self):
        return rng.choice([
            self.text, lambda: self.text("html"), self.shown,
            lambda: self.alternative(self.text("html")),
            lambda: self.alternative(self.shown())])()


def make(maker, shape):
    """The mail, and whether each file has a number."""
    count = rng.randrange(1, 4)
    numbered = [rng.random() < 0.6 for _ in range(count)]
    if shape == "mixed":
        top = MIMEMultipart("mixed")
        top.attach(maker.body())
        for has in numbered:
            top.attach(maker.file(has))
        if rng.random() < 0.3:
            top.attach(maker.text())
    elif shape == "apple":
        inner = MIMEMultipart("mixed")
        inner.attach(maker.text("html"))
        for has in numbered:
            inner.attach(maker.file(has))
        top = maker.alternative(inner)
    elif shape == "nested":
        top = MIMEMultipart("mixed")
        inner = MIMEMultipart("mixed")
        inner.attach(maker.body())
        for has in numbered:
            inner.attach(maker.file(has))
        top.attach(inner)
        top.attach(maker.text())
    else:
        numbered = numbered[:1]
        top = maker.file(numbered[0])
    top["From"] = "taro@corp.test"
    top["To"] = "out@example.com"
    top["Subject"] = "書類"
    top["X-Sekimori-Ticket"] = "theirs"
    if rng.random() < 0.5:
        top.preamble = "This is a multi-part message.\n"
    return top, numbered


def rebuild(raw, plan):
    eol = b"\n" if plan["lf"] else b"\r\n"
    mark = plan["boundary"]
    frames = {
        HOLE: b"<HOLE>",
        TYPE: b"MIME-Version: 1.0" + eol
              + b"Content-Type: multipart/mixed;" + eol
              + b' boundary="' + mark + b'"' + eol + eol,
        FIRST: b"--" + mark + eol,
        NEXT: eol + b"--" + mark + eol,
        LAST: eol + b"--" + mark + b"--" + eol,
    }
    return b"".join(raw[at:at + size] if kind == KEEP else frames[kind]
                    for kind, at, size in plan["pieces"])


def removed(raw, plan):
    """The stretches of the mail that are not kept."""
    kept = sorted((at, at + size) for kind, at, size in plan["pieces"]
                  if kind == KEEP)
    at, gone = 0, []
    for begin, end in kept + [(len(raw), len(raw))]:
        if begin > at:
            gone.append(raw[at:begin])
        at = end
    return gone


def leaves(mail):
    """Every leaf, those of mails in it aside."""
    stack, found = [mail], []
    while stack:
        part = stack.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            stack.extend(reversed(part.get_payload()))
        else:
            found.append(part)
    return found


def read_plans(said):
    plans = []
    for line in said.decode().splitlines():
        kind, *rest = line.split("\t")
        if kind == "mail":
            plans.append({"refusal": rest[0], "part": rest[1],
                          "place": int(rest[2]), "boundary": rest[3].encode(),
                          "lf": rest[4] == "1", "pieces": [], "cuts": []})
        elif kind == "piece":
            plans[-1]["pieces"].append(tuple(map(int, rest)))
        else:
            plans[-1]["cuts"].append((int(rest[0]), int(rest[1]), *rest[2:]))
    return plans


def raw_parts(raw, files):
    """Where each file stands in the mail, with its header."""
    found = []
    for part in files:
        text = part.as_bytes(policy=raw.policy)
        assert raw.count(text) == 1, text
        found.append(text)
    return found


class Raw(bytes):
    policy = None


def check(raw, plan, link, files, cut):
    assert link == rebuild(raw, plan), "not the bytes of the mail"
    eol = raw.policy.linesep.encode()
    if plan["place"] == 1:
        # Nothing is gone but the parts, the lines before them, and a field.
        texts = raw_parts(raw, cut)
        rest = b"\0".join(removed(raw, plan))
        for text in texts:
            assert rest.count(text) == 1, "a part is cut in another way"
            rest = rest.replace(text, b"")
        rest = rest.replace(b"X-Sekimori-Ticket: theirs" + eol, b"")
        for part in [email.message_from_bytes(raw)] + leaves_above(raw):
            line = b"--" + (part.get_boundary() or "none").encode()
            rest = rest.replace(eol + line + eol, b"")
            rest = rest.replace(line + eol, b"")
        if b"multipart/mixed" not in raw.split(eol * 2)[0]:
            # Fields of the mail that moved are kept.
            rest = rest.replace(b"MIME-Version: 1.0" + eol, b"")
        assert not rest.strip(b"\0"), rest


def leaves_above(raw):
    stack, found = [email.message_from_bytes(raw)], []
    while stack:
        part = stack.pop()
        if part.get_content_maintype() == "multipart":
            found.append(part)
            stack.extend(part.get_payload())
    return found


def wanted_file(part, policy):
    """The bytes that the email package gives for it."""
    if part.get_content_type() == "message/rfc822":
        raw = part.as_bytes(policy=policy)
        return raw.split(policy.linesep.encode() * 2, 1)[1]
    again = email.message_from_bytes(part.as_bytes(policy=policy))
    return again.get_payload(decode=True)


def wanted_name(part):
    own = part.get_filename()
    if own is None:
        own = "file-1.eml"
    return str(make_header(decode_header(own)))


def readable(mail):
    return [(part.get_content_type(), part.get_payload(decode=True))
            for part in leaves(mail)
            if part.get_content_type() != "message/rfc822"]


def check_link(raw, link, cut):
    """What is left reads as it did, with one part more."""
    whole = readable(email.message_from_bytes(raw))
    for part in cut:
        if part.get_content_type() != "message/rfc822":
            again = email.message_from_bytes(part.as_bytes(policy=raw.policy))
            whole.remove((again.get_content_type(),
                          again.get_payload(decode=True)))
    hole = b"Content-Type: text/x-link" + b"\r\n\r\n" + b"LINK"
    made = email.message_from_bytes(link.replace(b"<HOLE>", hole))
    left = readable(made)
    assert left.count(("text/x-link", b"LINK")) == 1, left
    left.remove(("text/x-link", b"LINK"))
    assert left == whole, (left, whole)
    assert not made.defects, made.defects
    for field in ("From", "To", "Subject"):
        assert made[field] == email.message_from_bytes(raw)[field], field
    assert b"X-Sekimori" not in link


def main():
    say = sys.argv[1]
    for what in ("all", "findings"):
        made, paths = [], []
        with tempfile.TemporaryDirectory() as folder:
            for i in range(MAILS // 2):
                maker = Maker(what)
                shape = ("mixed", "apple", "nested", "single")[i % 4]
                top, numbered = make(maker, shape)
                policy = rng.choice([email.policy.compat32.clone(
                    linesep="\r\n"), email.policy.compat32])
                raw = Raw(top.as_bytes(policy=policy))
                raw.policy = policy
                cut = [part for part, has in zip(maker.files, numbered)
                       if has or what == "all"]
                path = Path(folder) / f"{i}.eml"
                path.write_bytes(raw)
                made.append((raw, shape, cut))
                paths.append(path)
            said = subprocess.run([say, what, *map(str, paths)], check=True,
                                  stdout=subprocess.PIPE).stdout
            for (raw, shape, cut), path, plan in zip(made, paths,
                                                     read_plans(said)):
                try:
                    look(raw, shape, cut, path, plan)
                except AssertionError:
                    print(f"{what} {shape}: {plan}")
                    sys.stdout.flush()
                    sys.stdout.buffer.write(raw)
                    raise
    print(f"rewrite_forms: {MAILS} mails")


def look(raw, shape, cut, path, plan):
    if not cut:
        assert plan["refusal"] == "nothing", plan["refusal"]
        return
    assert plan["refusal"] == "none", (plan["refusal"], plan["part"])
    link = Path(f"{path}.link").read_bytes()
    files = Path(f"{path}.files").read_bytes()
    assert len(plan["cuts"]) == len(cut), "not as many files"
    if shape != "single":
        check(raw, plan, link, files, cut)
        check_link(raw, link, cut)
    else:
        assert plan["place"] == 2 and link.endswith(b"<HOLE>")
        assert link == rebuild(raw, plan)
    for part, (at, size, kind, _, name, safe) in zip(cut, plan["cuts"]):
        name = re.sub(r"^file-\d\.eml$", "file-1.eml", name)
        assert files[at:at + size] == wanted_file(part, raw.policy), name
        assert kind == part.get_content_type(), kind
        own = wanted_name(part)
        assert re.sub(r" \(\d\)(?=\.[^.]*$|$)", "", name) == own, (name, own)
        assert safe and not any(c in name for c in "/\\\t\r\n"), name


if __name__ == "__main__":
    main()
