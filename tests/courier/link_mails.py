#!/usr/bin/python3
"""Link mails as recipients get them, read by Python's email package: one part
more, everything else as it was, no byte of it that some relay could change.

usage: link_mails.py REWRITE_SAY LINK_SAY
"""

import email
import email.policy
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scanners"))
import rewrite_forms  # noqa: E402
from rewrite_forms import Maker, make, read_plans, readable, rng  # noqa: E402

MAILS = 60
URL = re.compile(r"https://files\.example\.co\.jp/l/[0-9a-z]{26}"
                 r"#[0-9a-z]{4}(-[0-9a-z]{4}){12}")


def run(*argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout


def look_at_part(part):
    assert part.isascii() and max(map(len, part.split(b"\r\n"))) <= 78
    assert b"\n" not in part.replace(b"\r\n", b"")
    message = email.message_from_bytes(part, policy=email.policy.default)
    parts = list(message.walk())
    assert not [p.defects for p in parts if p.defects], parts
    assert [p.get_content_type() for p in parts] == [
        "multipart/alternative", "text/plain", "text/html"]
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    links = {m.group(0) for m in URL.finditer(text)}
    assert links == {m.group(0) for m in URL.finditer(html)}, links
    assert len(links) == 1 and text.count(links.copy().pop()) == 2
    for words in ("開封コード", "Code to open", "株式会社例"):
        assert words in text and words in html, words
    assert not re.search(r"[0-9a-f]{32}", text), "a hash"
    assert "desk.example" not in html and "src=" not in html


def look_at_mail(raw, link, part, cut):
    """The mail with its part, and what was in it before."""
    made = link.replace(b"<HOLE>", part)
    message = email.message_from_bytes(made)
    assert not message.defects, message.defects
    whole = readable(email.message_from_bytes(raw))
    for gone in cut:
        if gone.get_content_type() != "message/rfc822":
            again = email.message_from_bytes(gone.as_bytes(policy=raw.policy))
            whole.remove((again.get_content_type(),
                          again.get_payload(decode=True)))
    left = readable(message)
    ours = [one for one in left if b"files.example.co.jp" in one[1]]
    assert [kind for kind, _ in ours] == ["text/plain", "text/html"], ours
    assert [one for one in left if one not in ours] == whole
    before = email.message_from_bytes(raw)
    for field in ("From", "To", "Subject"):
        assert message[field] == before[field], field
    assert len(message.get_all("MIME-Version")) == 1
    assert len(message.get_all("Content-Type")) == 1


def make_mails(folder):
    """Mails of every shape, their paths and the parts that will be cut."""
    for i in range(MAILS):
        maker = Maker("all")
        top, _ = make(maker, ("mixed", "apple", "nested", "single")[i % 4])
        policy = rng.choice([
            email.policy.compat32.clone(linesep="\r\n"),
            email.policy.compat32])
        raw = rewrite_forms.Raw(top.as_bytes(policy=policy))
        raw.policy = policy
        path = Path(folder) / f"{i}.eml"
        path.write_bytes(raw)
        yield raw, path, maker.files


def main():
    rewrite_say, link_say = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        made = list(make_mails(folder))
        plans = read_plans(run(rewrite_say, "all", *(p for _, p, _ in made)))
        for (raw, path, cut), plan in zip(made, plans, strict=True):
            assert plan["refusal"] == "none", plan
            whole = plan["place"] == 2
            part = run(link_say, "body" if whole else "part",
                       plan["boundary"])
            assert part.startswith(b"MIME-Version: 1.0\r\n") == whole
            assert part.endswith(b"\r\n") == whole
            look_at_part(part)
            look_at_mail(raw, Path(f"{path}.link").read_bytes(), part, cut)
    print(f"link_mails: {MAILS} mails")


if __name__ == "__main__":
    main()
