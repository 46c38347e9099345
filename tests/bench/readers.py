#!/usr/bin/python3
"""What each reader costs, beside the tool that yields the same text.

usage: readers.py --root PREFIX --reading PROGRAM [--runs 3] [NAME...]

Documents of a few MB are made by real programs. Our readers (reader_bench: the
readers and a sink that counts) and the tool run in turn; CPU time counts, less
that of the same program with an almost empty document. Medians are shown; the
bar is 1.5 times the tool's time. The last column is a whole "sekimori scan",
which looks for numbers in all of the text. What is not installed is skipped.

Some tools do less than a reader has to, and are shown without the bar: rar,
iso and cpio that pack nothing are mapped and written by bsdtar as they stand,
while a member is copied once (it outlives its archive) and all bytes of the
file were looked at to see what it is; the text around a uuencoded file is
read as well, in its further readings.
"""

import argparse
import csv
import io
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

BAR = 1.5
PACKED_XML = """
import sys, zipfile
import xml.etree.ElementTree as tree
with zipfile.ZipFile(sys.argv[1]) as package:
    for name in package.namelist():
        if name.endswith(".xml"):
            for one in tree.fromstring(package.read(name)).iter():
                for text in (one.text, one.tail):
                    if text:
                        sys.stdout.write(text)
"""
XML = """
import sys
import xml.etree.ElementTree as tree
for one in tree.parse(sys.argv[1]).iter():
    for text in (one.text, one.tail):
        if text:
            sys.stdout.write(text)
"""
SHEET = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
for sheet in book:
    for row in sheet.iter_rows(values_only=True):
        print(*row)
"""
MAIL = """
import email, email.policy, sys
with open(sys.argv[1], "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
for part in mail.walk():
    if part.get_content_maintype() == "text":
        sys.stdout.write(part.get_content())
"""
HTML = """
import html.parser, sys
class Text(html.parser.HTMLParser):
    def handle_data(self, data):
        sys.stdout.write(data)
with open(sys.argv[1], encoding="utf-8") as file:
    Text().feed(file.read())
"""
JSON = """
import json, sys
def walk(value):
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, list):
            todo += one
        else:
            print(one)
with open(sys.argv[1], encoding="utf-8") as file:
    walk(json.load(file))
"""
CSV = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file):
        print(*row)
"""


MBOX = """
import email, email.policy, mailbox, sys
for one in mailbox.mbox(sys.argv[1]):
    for part in one.walk():
        if part.get_content_maintype() == "text":
            sys.stdout.write(part.get_payload(decode=True).decode())
"""
CFB = """
import olefile, sys
with olefile.OleFileIO(sys.argv[1]) as file:
    for name in file.listdir():
        sys.stdout.buffer.write(file.openstream(name).read())
"""


def python(code):
    return ["/usr/bin/python3", "-c", code]


class Texts:
    """What people write to each other, some numbers among it."""

    def __init__(self):
        self.rng = random.Random(5)

    def line(self):
        rng = self.rng
        return rng.choice((
            "いつもお世話になっております。打合せは{a}月{b}日14時からです。",
            "TEL 03-{d}-{d} / 請求書番号 2026{c}-{d} / 金額 {e}円",
            "添付の資料をご確認のうえ、{a}月{b}日までにご返信ください。",
            "Please find the agenda below and let me know by 2026-{c}.",
            "第{a}四半期の売上は前年同期に比べて{b}パーセント増えました。",
        )).format(a=rng.randrange(1, 13), b=rng.randrange(1, 29),
                  c=rng.randrange(1000, 9999), d=rng.randrange(1000, 9999),
                  e=f"{rng.randrange(10 ** 7):,}")

    def lines(self, count):
        return [self.line() for _ in range(count)]

    def rows(self, count):
        rng = self.rng
        return [["番号", "氏名", "部署", "電話", "金額", "日付", "備考"]] + [
            [str(at), rng.choice(("山田太郎", "佐藤花子", "鈴木一郎")),
             rng.choice(("総務部", "営業部", "開発部")),
             f"03-{rng.randrange(10 ** 4):04}-{rng.randrange(10 ** 4):04}",
             str(rng.randrange(10 ** 7)), f"2026-{at % 12 + 1:02}-01",
             self.line()] for at in range(count)]


def plain(texts, size):
    return "\n".join(texts.lines(size * 70)).encode()  # of about 1/70 KB


def csv_text(texts, size):
    out = io.StringIO()
    csv.writer(out).writerows(texts.rows(size * 60))
    return out.getvalue().encode()


def html_text(texts, size):
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row)
                   + "</tr>\n" for row in texts.rows(size * 20))
    return ("<html><head><meta charset=\"utf-8\"></head><body>"
            + "".join(f"<p>{one}</p>\n" for one in texts.lines(size * 40))
            + f"<table>{rows}</table></body></html>").encode()


def letter(texts, size):
    return ("<html><head><meta charset=\"utf-8\"></head><body>"
            + "".join(f"<p>{one}</p>\n" for one in texts.lines(size * 14))
            + "</body></html>").encode()


def xml_text(texts, size):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<list>' + "".join(
        "<row>" + "".join(f"<c{at}>{cell}</c{at}>"
                          for at, cell in enumerate(row)) + "</row>\n"
        for row in texts.rows(size * 40)) + "</list>").encode()


def json_text(texts, size):
    head, *rows = texts.rows(size * 40)
    return json.dumps([dict(zip(head, row)) for row in rows],
                      ensure_ascii=False).encode()


def mail_text(texts, size):
    mail = EmailMessage()
    mail["From"], mail["To"] = "a@example.co.jp", "b@example.com"
    mail["Subject"] = "打合せの件"
    mail.set_content("\n".join(texts.lines(size * 35)), cte="base64")
    mail.add_attachment("\n".join(texts.lines(size * 35)), filename="a.txt",
                        cte="quoted-printable")
    return mail.as_bytes()


def mbox_text(texts, size):
    return b"".join(
        b"From a@example.co.jp Sun Nov 22 10:00:00 2026\n" +
        mail_text(texts, 10) + b"\n\n" for _ in range(max(size // 10, 1)))


def rar_text(texts, size):
    """Stored: no free program packs."""
    content = plain(texts, size)

    def block(*fields):
        inside = b"".join(one if isinstance(one, bytes) else number(one)
                          for one in fields)
        inside = number(len(inside)) + inside
        return struct.pack("<I", zlib.crc32(inside)) + inside

    def number(value):
        out = b""
        while value > 0x7f:
            out, value = out + bytes([value & 0x7f | 0x80]), value >> 7
        return out + bytes([value])

    return (b"Rar!\x1a\7\1\0" + block(1, 0, 0) + block(
        2, 2, len(content), 4, len(content), 0,
        struct.pack("<I", zlib.crc32(content)), 0, 1, 5, b"a.txt") + content +
        block(5, 0, 0))


# HTML opens as a web page, which has filters of its own.
FILTERS = {"docx": "docx:MS Word 2007 XML", "odt": "odt:writer8"}


def converted(source, kind, directory):
    """By LibreOffice."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{directory}/profile",
         "--headless", *(["--infilter=HTML (StarWriter)"]
                        if source.suffix == ".html" else []),
         "--convert-to", kind, "--outdir", directory, source],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        timeout=300)
    made = source.with_suffix("." + kind.split(":")[0])
    assert made.exists(), done.stdout.decode()
    return made


def packed(argv, source, target):
    subprocess.run([*argv, target, source.name], cwd=source.parent,
                   stdout=subprocess.DEVNULL, check=True)
    return target


class Reader:
    """One line of the table. tool: its argv, without the document."""

    def __init__(self, name, make, tool, needs=(), unit="MB", how=(),
                 bar=BAR):
        self.name = name
        self.make = make
        self.tool = tool
        self.needs = needs
        self.unit = unit
        self.how = how  # arguments of reader_bench
        self.bar = bar  # None: the tool does less


def written(directory, name, ending, content):
    path = directory / f"{name}.{ending}"
    path.write_bytes(content)
    return path


def archived(ending, argv):
    def make(directory, name, texts, size):
        source = written(directory, name, "txt", plain(texts, size))
        return packed(argv, source, directory / f"{name}.{ending}"), \
            source.stat().st_size
    return make


def filtered(ending, argv):
    """Packed by a program that writes it to its output."""
    def make(directory, name, texts, size):
        source = written(directory, name, "txt", plain(texts, size))
        target = directory / f"{name}.txt.{ending}"
        with open(target, "wb") as out:
            subprocess.run([*argv, source.name], cwd=directory, stdout=out,
                           check=True)
        return target, source.stat().st_size
    return make


def workbook(directory, name, texts, size):
    source = written(directory, name, "csv", csv_text(texts, size))
    made = converted(source, "xls", directory)
    return made, made.stat().st_size


def office(ending, source_of, source_ending):
    def make(directory, name, texts, size):
        source = written(directory, name, source_ending,
                         source_of(texts, size))
        made = converted(source, FILTERS.get(ending, ending), directory)
        with zipfile.ZipFile(made) as package:
            return made, sum(one.file_size for one in package.infolist()
                             if one.filename.endswith(".xml"))
    return make


def pages(directory, name, texts, size):
    made = converted(written(directory, name, "html", letter(texts, size)),
                     "pdf:writer_pdf_Export", directory)
    said = subprocess.run(["pdfinfo", made], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return made, next(int(row.split()[1]) for row in said.splitlines()
                      if row.startswith("Pages:"))


def text_file(ending, source_of):
    def make(directory, name, texts, size):
        path = written(directory, name, ending, source_of(texts, size))
        return path, path.stat().st_size
    return make


MEMBERS, PACKED = ("--members",), ("--packed",)
READERS = [
    Reader("zip", archived("zip", ["zip", "-q"]), ["bsdtar", "-xOf"],
           ("zip", "bsdtar"), how=MEMBERS),
    Reader("7z", archived("7z", ["7z", "a", "-bd"]), ["7z", "x", "-so"],
           ("7z",), how=MEMBERS),
    Reader("tar.gz", archived("tar.gz", ["tar", "-czf"]), ["bsdtar", "-xOf"],
           ("bsdtar",), how=MEMBERS),
    Reader("gz", filtered("gz", ["gzip", "-c"]), ["gzip", "-dc"], ("gzip",),
           how=PACKED),
    Reader("bz2", filtered("bz2", ["bzip2", "-c"]), ["bzip2", "-dc"],
           ("bzip2",), how=PACKED),
    Reader("xz", filtered("xz", ["xz", "-c"]), ["xz", "-dc"], ("xz",),
           how=PACKED),
    Reader("zst", filtered("zst", ["zstd", "-qc"]), ["zstd", "-dc"],
           ("zstd",), how=PACKED),
    Reader("lz4", filtered("lz4", ["lz4", "-qc"]), ["lz4", "-dc"], ("lz4",),
           how=PACKED),
    Reader("lzh", archived("lzh", ["jlha", "aq"]), ["lha", "-pq"],
           ("jlha", "lha"), how=MEMBERS),
    Reader("cab", archived("cab", ["gcab", "-cz"]), ["bsdtar", "-xOf"],
           ("gcab", "bsdtar"), how=MEMBERS),
    Reader("rar", text_file("rar", rar_text), ["bsdtar", "-xOf"],
           ("bsdtar",), how=MEMBERS, bar=None),
    Reader("iso", archived("iso", ["genisoimage", "-quiet", "-J", "-o"]),
           ["bsdtar", "-xOf"], ("genisoimage", "bsdtar"), how=MEMBERS, bar=None),
    Reader("cpio", archived("cpio", ["bsdtar", "--format=newc", "-cf"]),
           ["bsdtar", "-xOf"], ("bsdtar",), how=MEMBERS, bar=None),
    Reader("cfb", workbook, python(CFB), ("soffice",)),
    Reader("uu", filtered("uu", ["sh", "-c", 'uuencode "$0" "$0"']),
           ["uudecode", "-o", "/dev/stdout"], ("uuencode", "uudecode"),
           how=MEMBERS, bar=None),
    Reader("mbox", text_file("mbox", mbox_text), python(MBOX)),
    Reader("docx", office("docx", letter, "html"), python(PACKED_XML),
           ("soffice",)),
    Reader("odt", office("odt", letter, "html"), python(PACKED_XML),
           ("soffice",)),
    Reader("xlsx", office("xlsx", csv_text, "csv"), python(SHEET),
           ("soffice",)),
    Reader("xlsx (XML)", office("xlsx", csv_text, "csv"), python(PACKED_XML),
           ("soffice",)),
    Reader("ods", office("ods", csv_text, "csv"), python(PACKED_XML),
           ("soffice",)),
    Reader("pdf", pages, ["pdftotext"], ("soffice", "pdftotext"), "pages"),
    Reader("mail", text_file("eml", mail_text), python(MAIL)),
    Reader("html", text_file("html", html_text), python(HTML)),
    Reader("xml", text_file("xml", xml_text), python(XML)),
    Reader("json", text_file("json", json_text), python(JSON)),
    Reader("csv", text_file("csv", csv_text), python(CSV)),
]
SIZE, SIZE_OF_OFFICE = 1000, 300  # in about so many KB of text


def cpu_s(argv):
    """CPU seconds of a command and of all that it waited for."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.execvp(str(argv[0]), [str(one) for one in argv])
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 1, 2), f"{argv}: exit status {code}"
    return used.ru_utime + used.ru_stime


def reading_s(program, how, document):
    """CPU seconds in which the readers give their text to a sink."""
    done = subprocess.run([program, *how, document], stdout=subprocess.PIPE,
                          text=True, check=True)
    return int(done.stdout.split()[1]) / 1e6


def medians(work, runs):
    """Of each, run in turn."""
    taken = {name: [] for name in work}
    for _ in range(runs):
        for name, call in work.items():
            taken[name].append(call())
    return {name: statistics.median(one) for name, one in taken.items()}


def word_of(reader, ratio):
    if reader.bar is None:
        return "less"
    return "over" if ratio > reader.bar else "    "


def measure(reader, options, directory, texts):
    size = SIZE_OF_OFFICE if "soffice" in reader.needs else SIZE
    document, amount = reader.make(directory, "large", texts, size)
    small, _ = reader.make(directory, "small", texts, 1)
    behind = ["-"] if reader.tool[0] == "pdftotext" else []
    scan = [options.root / "bin" / "sekimori", "scan", "--json"]
    took = medians({
        "reading": lambda: reading_s(options.reading, reader.how,
                                     document),
        "scan": lambda: cpu_s([*scan, document]),
        "start": lambda: cpu_s([*scan, small]),
        "tool": lambda: cpu_s([*reader.tool, document, *behind]),
        "tool's start": lambda: cpu_s([*reader.tool, small, *behind]),
    }, options.runs)
    scanned = max(took["scan"] - took["start"], 1e-4)
    tool = max(took["tool"] - took["tool's start"], 1e-4)
    # PDF is read in a worker of its own: only the whole scan is measured.
    ours = scanned if reader.name == "pdf" else max(took["reading"], 1e-5)
    amount = amount / 1e6 if reader.unit == "MB" else amount
    name = "python3" if "python3" in reader.tool[0] else reader.tool[0]
    print(f"{reader.name:11} {amount:7.1f} {reader.unit:5} "
          f"{amount / ours:7.0f}/s   {name:9} {amount / tool:7.0f}/s   "
          f"{ours / tool:6.2f} {word_of(reader, ours / tool)}"
          f"   {amount / scanned:7.0f}/s", flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--reading", required=True, type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    print("readers, per CPU second    ours   beside                  time, bar "
          f"{BAR}   whole scan")
    for reader in READERS:
        if options.names and reader.name not in options.names:
            continue
        missing = [need for need in reader.needs if not shutil.which(need)]
        missing += [name for name in ("openpyxl", "olefile")
                    if name in reader.tool[-1] and subprocess.run(
                        python(f"import {name}"), stderr=subprocess.DEVNULL,
                        check=False).returncode != 0]
        if missing:
            print(f"{reader.name:11} skipped: no {', '.join(missing)}")
            continue
        with tempfile.TemporaryDirectory(prefix="sk-bench-") as place:
            measure(reader, options, Path(place), Texts())
    return 0


if __name__ == "__main__":
    sys.exit(main())
