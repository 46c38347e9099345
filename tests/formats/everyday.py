#!/usr/bin/python3
"""How much of ordinary mail counts as unread, through the real scanner.

usage: everyday.py --root PREFIX [--count N] [--seed N] [--keep DIR]

Mails that offices send each other on an ordinary day, without a My Number:
bodies in every usual character set and encoding, plain, HTML, answered and
forwarded, with the documents of tests/data/everyday (made by LibreOffice and
others), appointments, cards, tables, packed in every usual way, signed. Images
apart, at most 0.2 % may have a part that was not read.
"""

import argparse
import base64
import bz2
import collections
import concurrent.futures
import gzip
import io
import lzma
import quopri
import random
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from email.header import Header
from email.utils import encode_rfc2231
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import scanning  # noqa: E402

DATA = HERE.parent / "data" / "everyday"
MOST_PERCENT = 0.2

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--count", type=int, default=2000)
arguments.add_argument("--seed", type=int, default=20261122)
arguments.add_argument("--keep", help="write the mails here, and leave them")
options = arguments.parse_args()
rng = random.Random(options.seed)

NAMES = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤".split()
MATTERS = ("お見積りの件 打合せの件 資料の送付 請求書の送付 【ご連絡】年末の予定 "
           "Re:納期について 研修のご案内 会議の議事録 出張報告 Monthly_report").split()
LINES = """いつもお世話になっております。
標記の件、添付のとおりお送りします。ご査収ください。
ご不明な点がございましたら、お気軽にお問い合わせください。
来週の火曜日 14:00 から第二会議室でお願いします。
前回の打合せでご依頼のあった件、下記のとおり回答いたします。
請求書番号は INV-2026-1104、お支払期限は 11/30 です。
伝票番号：4512-3367-9981（ヤマト運輸）
オンライン会議: https://meet.example.co.jp/j/98712345678?pwd=QmFzZTY0
よろしくお願いいたします。
We look forward to your reply by Friday.
ＴＥＬ：０３－１２３４－５６７８　ＦＡＸ：０３－１２３４－５６７９
①見積書　②納品書　③請求書　㈱サンプル商事　髙橋""".split("\n")
CHARSETS = ["utf-8"] * 5 + ["iso-2022-jp"] * 4 + ["shift_jis", "euc-jp", "windows-31j",
                                                  "us-ascii"]
PYTHON = {"windows-31j": "cp932", "shift_jis": "cp932", "iso-2022-jp": "iso2022_jp_ext",
          "euc-jp": "euc_jp"}
TYPES = {
    "pdf": "application/pdf", "csv": "text/csv", "html": "text/html", "zip":
    "application/zip", "7z": "application/x-7z-compressed", "ics": "text/calendar",
    "vcf": "text/vcard", "txt": "text/plain", "xml": "application/xml", "json":
    "application/json", "eml": "message/rfc822", "md": "text/markdown", "docx":
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xlsx":
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pptx":
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", "odt":
    "application/vnd.oasis.opendocument.text", "ods":
    "application/vnd.oasis.opendocument.spreadsheet", "png": "image/png"}
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                       "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def documents(table):
    """{ending: [bytes]} of what the table of formats says is read."""
    read = {ending for row in table.values() if row["read"]
            for ending in row["extensions"]}
    found = collections.defaultdict(list)
    for path in sorted(DATA.iterdir()):
        ending = path.suffix[1:]
        if path.name.startswith("files."):
            if "docx" not in read:  # of which there is one inside
                continue
            ending = path.name.partition(".")[2]
        if ending.rpartition(".")[2] in read:
            found[ending].append(path.read_bytes())
    return found


def text(charset):
    """Lines, and their bytes in charset: what it lacks is left out."""
    lines = [f"{rng.choice(NAMES)}様", *rng.choices(LINES, k=rng.randint(3, 12)),
             "--", f"総務部 {rng.choice(NAMES)}"]
    if charset == "us-ascii":
        lines = ["Dear colleague,", "please find the schedule attached.", "Regards"]
    whole = "\r\n".join(lines) + "\r\n"
    return whole.encode(PYTHON.get(charset, charset), "ignore")


def encoded(raw, encoding):
    if encoding == "base64":
        return base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        # Line ends stay, other "=0D" would be content.
        return b"\r\n".join(quopri.encodestring(line).replace(b"\n", b"\r\n")
                            for line in raw.split(b"\r\n"))
    return raw


def part(kind, raw, encoding, *more):
    head = [f"Content-Type: {kind}", *more,
            f"Content-Transfer-Encoding: {encoding}", "", ""]
    return "\r\n".join(head).encode() + encoded(raw, encoding)


def multipart(subtype, parts, *more):
    """(Content-Type, body)."""
    mark = "----=_Part_" + "".join(rng.choices("abcdef0123456789", k=20))
    body = b"".join(f"--{mark}\r\n".encode() + one + b"\r\n" for one in parts)
    extra = "".join(f"; {word}" for word in more)
    return (f'multipart/{subtype}; boundary="{mark}"{extra}',
            b"This is a multi-part message in MIME format.\r\n" * rng.randint(0, 1)
            + body + f"--{mark}--\r\n".encode())


def body_part():
    charset = rng.choice(CHARSETS)
    raw = text(charset)
    wide = charset not in ("iso-2022-jp", "us-ascii")
    encoding = rng.choice(["base64", "quoted-printable", "8bit"] if wide else
                          ["7bit", "7bit", "base64"])
    form = rng.random()
    if form < 0.6:
        flowed = "; format=flowed" if form < 0.1 else ""
        return part(f'text/plain; charset="{charset}"{flowed}', raw, encoding)
    page = (b"<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset="
            + charset.encode() + b"\"><style>p {color: #333}</style></head><body><p>"
            + raw.replace(b"\r\n", b"<br>\r\n") + b"</p></body></html>")
    html = part(f"text/html; charset={charset}", page, encoding)
    if form < 0.7:
        return html
    kind, body = multipart("alternative", [
        part(f"text/plain; charset={charset}", raw, encoding), html])
    if form > 0.95:  # with a logo of the company
        logo = part("image/png", PNG, "base64", "Content-ID: <logo@example.co.jp>",
                    "Content-Disposition: inline")
        kind, body = multipart("related", [
            f"Content-Type: {kind}\r\n\r\n".encode() + body, logo])
    return f"Content-Type: {kind}\r\n\r\n".encode() + body


def named(ending):
    return rng.choice(["資料", "見積書_2026", "議事録(最終)", "list", "ご案内", "Book1",
                       "髙橋様分①"]) + "." + ending


def name_fields(name):
    """Content-Type's name and Content-Disposition in one of the usual forms."""
    form = rng.randint(0, 3)
    if name.isascii() or form == 0:
        value = encode_rfc2231(name, "utf-8") if not name.isascii() else f'"{name}"'
        star = "" if name.isascii() else "*"
        return "", f"Content-Disposition: attachment; filename{star}={value}"
    word = Header(name, "utf-8" if form == 1 or "①" in name or "髙" in name
                  else "iso-2022-jp", maxlinelen=200).encode().replace("\n", "\r\n")
    if form == 3:
        return (f'; name="{word}"',
                f"Content-Disposition: attachment;\r\n filename*={encode_rfc2231(name, 'utf-8')}")
    return f'; name="{word}"', f'Content-Disposition: attachment; filename="{word}"'


def attachment(ending, raw):
    kind = TYPES.get(ending, "application/octet-stream")
    if rng.random() < 0.3 and ending != "eml":
        kind = "application/octet-stream"
    if kind.startswith("text/") and rng.random() < 0.5:
        kind += "; charset=" + rng.choice(["utf-8", "shift_jis"])
    own, disposition = name_fields(named(ending))
    encoding = "base64"
    if ending == "eml":
        encoding, own = "8bit", ""
    elif ending in ("csv", "txt", "ics") and rng.random() < 0.3:
        encoding = "quoted-printable"
    return part(kind + own, raw, encoding, disposition)


def appointment():
    start = f"202612{rng.randint(10, 28)}T0{rng.randint(1, 8)}0000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT",
             f"UID:{rng.getrandbits(96):024x}@example.co.jp", f"DTSTART:{start}",
             f"SUMMARY:{rng.choice(MATTERS)}", f"DESCRIPTION:{rng.choice(LINES)}",
             "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def business_card():
    return (f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{rng.choice(NAMES)} 太郎\r\nTEL:03-1234-"
            f"{rng.randint(1000, 9999)}\r\nPHOTO;ENCODING=b;TYPE=PNG:"
            f"{base64.b64encode(PNG).decode()}\r\nEND:VCARD\r\n").encode()


def packed(kind, files):
    """files: [(name, bytes)] in an archive."""
    out = io.BytesIO()
    if kind == "zip":
        method = rng.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED,
                             zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, raw in files:
                archive.writestr(rng.choice(["", "資料/"]) + name, raw)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, raw in files:
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    whole = out.getvalue()
    return {"tar": lambda: whole, "tar.gz": lambda: gzip.compress(whole, 1),
            "tar.bz2": lambda: bz2.compress(whole, 1),
            "tar.xz": lambda: lzma.compress(whole, preset=0)}[kind]()


def random_document(found):
    ending = rng.choice([e for e in found if not e.startswith(("7z", "cab", "tar", "cpio",
                                                              "ar"))])
    return ending, rng.choice(found[ending])


def random_attachment(found):
    choice = rng.random()
    if choice < 0.62:
        return attachment(*random_document(found))
    if choice < 0.67:
        return attachment("ics", appointment())
    if choice < 0.71:
        return attachment("vcf", business_card())
    if choice < 0.75:
        return attachment("txt", text(rng.choice(["utf-8", "shift_jis"])))
    if choice < 0.79:
        return attachment("eml", mail(found, 0))
    if choice < 0.82:
        return attachment("png", PNG)
    if choice < 0.86 and "7z" in found:
        ending = rng.choice([e for e in found if e.startswith(
            ("7z", "cab", "tar", "cpio", "ar"))])
        return attachment(ending, rng.choice(found[ending]))
    if choice < 0.89:
        ending, raw = random_document(found)
        return attachment(ending + ".gz", gzip.compress(raw, 1))
    files = [random_document(found) for _ in range(rng.randint(1, 3))]
    kind = rng.choice(["zip"] * 6 + ["tar", "tar.gz", "tar.bz2", "tar.xz"])
    return attachment(kind, packed(kind, [
        (f"{i}_{named(ending)}", raw) for i, (ending, raw) in enumerate(files)]))


def header(kind, encoding=None):
    charset = rng.choice(["utf-8", "iso-2022-jp"])
    subject = Header(rng.choice(MATTERS), charset, maxlinelen=70).encode()
    lines = [f"Received: from mail.example.co.jp (mail.example.co.jp [192.0.2.{rng.randint(1, 254)}])",
             "\tby mx.example.com (Postfix) with ESMTPS id 4F7C21A0B3",
             "\tfor <out@example.com>; Sun, 22 Nov 2026 10:00:00 +0900 (JST)",
             f"From: {Header(rng.choice(NAMES), charset).encode()} <taro@example.co.jp>",
             "To: <out@example.com>", "Subject: " + subject.replace("\n", "\r\n"),
             "Date: Sun, 22 Nov 2026 10:00:00 +0900",
             f"Message-ID: <{rng.getrandbits(80):020x}@example.co.jp>",
             rng.choice(["X-Mailer: Microsoft Outlook 16.0", "User-Agent: Mozilla Thunderbird"]),
             "MIME-Version: 1.0", f"Content-Type: {kind}"]
    if encoding:
        lines.append(f"Content-Transfer-Encoding: {encoding}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def mail(found, most_attachments=4):
    count = 0
    if most_attachments and rng.random() < 0.9:
        count = rng.choice([1, 1, 1, 2, 2, 3, most_attachments])
    if not count:
        one = body_part()
        fields, _, body = one.partition(b"\r\n\r\n")
        head = header("x").rpartition(b"Content-Type: x")[0]
        return head + fields + b"\r\n\r\n" + body
    kind, body = multipart("mixed", [body_part()] + [random_attachment(found)
                                                     for _ in range(count)])
    return header(kind) + body


def signed(found, work):
    """As mail programs sign: with openssl, by a certificate of our own."""
    key, certificate = work / "key.pem", work / "certificate.pem"
    if not key.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "9", "-subj",
                        "/CN=taro@example.co.jp"], check=True, capture_output=True)
    inner = mail(found).partition(b"MIME-Version: 1.0\r\n")[2]
    done = subprocess.run(["openssl", "smime", "-sign", "-signer", certificate,
                           "-inkey", key, "-in", "/dev/stdin"], input=inner, check=True,
                          capture_output=True)
    head = header("x").rpartition(b"MIME-Version")[0]
    return head + done.stdout.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def main():
    start = time.monotonic()
    found = documents(scanning.formats(options.root))
    failed = False
    with tempfile.TemporaryDirectory() as work:
        place = Path(options.keep or work)
        paths = []
        for index in range(options.count):
            path = place / f"{index:05}.eml"
            path.write_bytes(signed(found, Path(work)) if index % 100 == 7
                             else mail(found))
            paths.append(path)
        made = time.monotonic()
        half = len(paths) // 2
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            halves = pool.map(lambda some: scanning.scan(options.root, some, ["--explain"]),
                              [paths[:half], paths[half:]])
            said = {**next(halves), **next(halves)}
    kinds = collections.Counter(one["type"] for each in said.values()
                                for one in each["parts"])
    unread = {name: scanning.unread(one, ("image",)) for name, one in said.items()}
    unread = {name: why for name, why in unread.items() if why}
    wrong = [name for name, one in said.items() if one["verdict"] == "found"]
    share = 100 * len(unread) / len(said)
    print(f"{len(said)} mails of {', '.join(sorted(found))}: made in "
          f"{made - start:.0f} s, scanned in {time.monotonic() - made:.0f} s")
    print("parts: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    print(f"not read, images apart: {len(unread)} ({share:.2f} %); "
          f"found in what holds none: {len(wrong)}")
    for name, why in sorted(unread.items())[:20]:
        print(f"  {Path(name).name}: {why[:3]}")
    failed = share > MOST_PERCENT
    print(f"{'FAIL' if failed else 'PASS'}: everyday.py: everyday_mail_is_read")
    return 1 if failed else 0


sys.exit(main())
