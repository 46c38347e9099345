"""The list of hostile cases, and what all of them are made of.

A case is a function that gets its planted number and gives the bytes of a
mail or a file. Numbers come from the name of the case, so a case is the same
in every run and no two share a number.
"""

import base64
import functools
import io
import random
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import mynumber  # noqa: E402

# What must come of it: the number itself, or at least a hold.
FOUND, HELD = "found", "held"
LABEL = "個人番号"
CASES = []


class Case:
    def __init__(self, family, name, want, ending, make):
        self.family = family
        self.name = name
        self.want = want
        self.ending = ending
        self.make = make
        self.number = number_for(family, name)

    @functools.cached_property
    def data(self):
        return self.make(self.number)

    @property
    def file(self):
        return f"{self.family}-{self.name}.{self.ending}"

    @property
    def is_mail(self):
        return self.ending == "eml"


def number_for(family, name):
    return mynumber.my_number(random.Random(f"{family} {name}"))


def add(family, name, make, want=FOUND, ending="eml"):
    """One case; make(number) gives its bytes."""
    CASES.append(Case(family, name, want, ending, make))


def case(family, want=FOUND, ending="eml"):
    """A decorator: the function is the case, its name the name."""
    def keep(function):
        add(family, function.__name__, function, want, ending)
        return function
    return keep


def line(number):
    return f"氏名：山田太郎 {LABEL}：{number}\r\n"


def ascii_line(number):
    return f"My Number: {number}\r\n".encode()


def text(number, charset="utf-8"):
    return line(number).encode(charset)


def zipped(number, name="list.txt"):
    """What no sweep of raw bytes finds: it has to be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, text(number) * 3)
    return out.getvalue()


def b64(data, width=76):
    coded = base64.b64encode(data).decode()
    return "".join(coded[i:i + width] + "\r\n"
                   for i in range(0, len(coded), width)).encode()


HEAD = (b"From: taro@corp.test\r\nTo: out@example.com\r\n"
        b"Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n")


def mail(headers, body, subject=b"report"):
    """A mail with these further header lines (each with its line end)."""
    return (HEAD + b"Subject: " + subject + b"\r\nMIME-Version: 1.0\r\n"
            + headers + b"\r\n" + body)


def part(headers, body):
    return headers + b"\r\n" + body


ZIP_FIELDS = (b"Content-Type: application/zip; name=a.zip\r\n"
              b"Content-Transfer-Encoding: base64\r\n"
              b"Content-Disposition: attachment; filename=a.zip\r\n")


def zip_part(number):
    return part(ZIP_FIELDS, b64(zipped(number)))


HELLO = part(b"Content-Type: text/plain\r\n", b"hello\r\n")


def mixed(parts, boundary=b"b"):
    out = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts)
    return out + b"--" + boundary + b"--\r\n"


def attached(name, data, kind=b"application/octet-stream"):
    """A mail with a file as an everyday program sends it."""
    return mail(b"Content-Type: multipart/mixed; boundary=\"=_b\"\r\n", mixed([
        HELLO, part(b"Content-Type: " + kind + b"; name=\"" + name.encode()
                    + b"\"\r\nContent-Transfer-Encoding: base64\r\n"
                    b"Content-Disposition: attachment; filename=\""
                    + name.encode() + b"\"\r\n", b64(data))], b"=_b"))
