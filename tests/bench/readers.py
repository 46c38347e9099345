#!/usr/bin/python3
"""What each reader costs, beside the tool that yields the same text.

usage: readers.py --root PREFIX --reading PROGRAM [--runs 5] [NAME...]

Documents of a few MB are made by real programs. The readers (reader_bench: the
mail worker's, and a sink that writes the text) and the tool read the file and
write its text into a pipe, right after each other; CPU time counts, less that
of the same program with an almost empty document. The median of the runs is
shown. No reader may take longer than 1.5 times the tool; a row that did is
measured again, twice at most, as memory is slower by half and more while other
programs use it.

What is compared is the reader. To find out what a file is, and to look for
numbers in its text, is not the tool's work: that is in the last column, a
whole "sekimori scan". PDF is read in a worker of its own, so that what the same
scan takes for the text alone is taken off the whole.

Of a uuencoded file the reader of encoded files is measured: the letters are
read as the text that they are as well, by the reader of text.
"""

import argparse
import csv
import fcntl
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
import threading
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

BAR = 1.5
TRIES = 3
PIPE_BYTES = 1 << 20
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

    def __init__(self, name, make, tool, needs=(), unit="MB", how=()):
        self.name = name
        self.make = make
        self.tool = tool
        self.needs = needs
        self.unit = unit
        self.how = how  # arguments of reader_bench


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
           ("bsdtar",), how=MEMBERS),
    Reader("iso", archived("iso", ["genisoimage", "-quiet", "-J", "-o"]),
           ["bsdtar", "-xOf"], ("genisoimage", "bsdtar"), how=MEMBERS),
    Reader("cpio", archived("cpio", ["bsdtar", "--format=newc", "-cf"]),
           ["bsdtar", "-xOf"], ("bsdtar",), how=MEMBERS),
    Reader("cfb", workbook, python(CFB), ("soffice",)),
    Reader("uu", filtered("uu", ["sh", "-c", 'uuencode "$0" "$0"']),
           ["uudecode", "-o", "/dev/stdout"], ("uuencode", "uudecode"),
           how=(*MEMBERS, "--only", "encoded")),
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


def ran(argv):
    """What a command used, and what it said of errors; who takes its output
    from the pipe does not count."""
    ours, its = os.pipe()
    fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def take():
        while os.read(ours, PIPE_BYTES):
            pass

    taker = threading.Thread(target=take)
    taker.start()
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=its,
                              stderr=said) as process:
            os.close(its)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        taker.join()
        os.close(ours)
        said.seek(0)
        words = said.read().decode()
    assert process.returncode in (0, 1, 2), f"{argv}: {words}"
    return used.ru_utime + used.ru_stime, words


def cpu_s(argv):
    """CPU seconds of a command and of all that it waited for."""
    return ran(argv)[0]


def reading_s(program, how, document):
    """CPU seconds in which the readers give their text."""
    words = ran([program, *how, document])[1]
    return int(words.splitlines()[-1].split()[1]) / 1e6


class Row:
    """One reader and its tool, with a document each, large and small."""

    def __init__(self, reader, options, directory, texts):
        size = SIZE_OF_OFFICE if "soffice" in reader.needs else SIZE
        self.reader = reader
        self.options = options
        self.large, self.amount = reader.make(directory, "large", texts, size)
        self.small, _ = reader.make(directory, "small", texts, 1)
        self.ratio = self.ours = self.tool = self.scan = None

    def scan_s(self, document):
        return cpu_s([self.options.root / "bin" / "sekimori", "scan", "--json",
                      document])

    def tool_s(self, document):
        behind = ["-"] if self.reader.tool[0] == "pdftotext" else []
        return cpu_s([*self.reader.tool, document, *behind])

    def searching_s(self):
        """What the whole scan does with the text alone."""
        took = []
        for document in (self.large, self.small):
            text = document.with_suffix(".txt")
            if not text.exists():
                subprocess.run(["pdftotext", document, text], check=True)
            took.append(self.scan_s(text))
        return took[0] - took[1]

    def run(self):
        """(ours, tool's, whole scan's) seconds."""
        scan = self.scan_s(self.large) - self.scan_s(self.small)
        if self.reader.name == "pdf":
            ours = scan - self.searching_s()
        else:
            ours = reading_s(self.options.reading, self.reader.how, self.large)
        tool = self.tool_s(self.large) - self.tool_s(self.small)
        return max(ours, 1e-5), max(tool, 1e-4), max(scan, 1e-4)

    def measure(self):
        took = [self.run() for _ in range(self.options.runs)]
        self.ours, self.tool, self.scan = (
            statistics.median(column) for column in zip(*took))
        self.ratio = statistics.median(ours / tool for ours, tool, _ in took)
        return self.ratio <= BAR

    def show(self):
        reader = self.reader
        amount = self.amount / 1e6 if reader.unit == "MB" else self.amount
        name = "python3" if "python3" in reader.tool[0] else reader.tool[0]
        print(f"{reader.name:11} {amount:7.1f} {reader.unit:5} "
              f"{amount / self.ours:7.0f}/s   {name:9} "
              f"{amount / self.tool:7.0f}/s   {self.ratio:6.2f} "
              f"{'over' if self.ratio > BAR else '    '}"
              f"   {amount / self.scan:7.0f}/s", flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--reading", required=True, type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    print("readers, per CPU second    ours   beside                  time, bar "
          f"{BAR}   whole scan")
    over = []
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
            row = Row(reader, options, Path(place), Texts())
            if not any(row.measure() for _ in range(TRIES)):
                over.append(reader.name)
            row.show()
    if over:
        print(f"readers over {BAR} times their tool: {', '.join(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
