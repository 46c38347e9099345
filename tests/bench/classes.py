#!/usr/bin/python3
"""CPU milliseconds that a mail of each class costs, beside its target.

usage: classes.py --root PREFIX --scan PROGRAM [--count 400]

The classes are those of everyday mail: plain text, a small attachment, a
large one, a workbook, a document, a PDF and a CSV file. scan_bench has a
scanner read each of them again and again; supervisor, workers and client
count. What the milter and Postfix add is in throughput.py.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import readers

TEXT = "お世話になっております。\n資料をお送りします。\n"


def mail(directory, text, attachment=None, kind=("application",
                                                 "octet-stream")):
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "a@example.co.jp", "b@example.com"
    made["Subject"] = "資料の送付"
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0900"
    made.set_content(text)
    if attachment:
        made.add_attachment(attachment.read_bytes(), maintype=kind[0],
                            subtype=kind[1], filename=attachment.name)
    path = directory / "mail.eml"
    path.write_bytes(made.as_bytes())
    return path


def plain(directory, texts):
    return mail(directory, "\n".join(texts.lines(110)))


def with_text(lines):
    def make(directory, texts):
        return mail(directory, TEXT, readers.written(
            directory, "a", "txt", "\n".join(texts.lines(lines)).encode()),
            ("text", "plain"))
    return make


def with_csv(directory, texts):
    return mail(directory, TEXT, readers.written(
        directory, "a", "csv", readers.csv_text(texts, 5)), ("text", "csv"))


def with_office(kind, source_of, ending, size):
    def make(directory, texts):
        source = readers.written(directory, "a", ending,
                                 source_of(texts, size))
        return mail(directory, TEXT, readers.converted(
            source, readers.FILTERS.get(kind, kind), directory))
    return make


# class, how it is made, milliseconds at most, whether LibreOffice is needed
CLASSES = [
    ("plain", plain, 0.8, False),
    ("small", with_text(200), 1.5, False),
    ("large", with_text(20000), 20, False),
    ("xlsx", with_office("xlsx", readers.csv_text, "csv", 5), 6, True),
    ("docx", with_office("docx", readers.letter, "html", 10), 6, True),
    ("pdf", with_office("pdf:writer_pdf_Export", readers.letter, "html", 3), 6,
     True),
    ("csv", with_csv, 1.5, False),
]


def cpu_ms(program, scanner, count, path):
    """Of scanner and client, for each mail."""
    done = subprocess.run([program, scanner, str(count), path],
                          stdout=subprocess.PIPE, text=True, check=True)
    return sum(float(us) for us in re.findall(
        r"CPU of \w+ +([0-9.]+) us", done.stdout)) / 1000


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--scan", required=True, type=Path)
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    scanner = options.root / "libexec" / "sekimori" / "sekimori-scanner"
    print("class     mail KB   target ms   CPU ms   met")
    for name, make, target, office in CLASSES:
        if office and not shutil.which("soffice"):
            print(f"{name:9} skipped: no soffice")
            continue
        with tempfile.TemporaryDirectory(prefix="sk-bench-") as place:
            path = make(Path(place), readers.Texts())
            count = options.count if target < 5 else options.count // 10
            took = cpu_ms(options.scan, scanner, max(count, 5), path)
            print(f"{name:9} {path.stat().st_size / 1000:7.1f}   "
                  f"{target:9.1f}   {took:6.2f}   "
                  f"{'yes' if took <= target else 'NO'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
