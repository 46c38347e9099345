#!/usr/bin/python3
"""A labelled number is found in every character set, in bodies, header fields
and file names, however the set is declared.

usage: charset_forms.py SEKIMORI
"""

import base64
import json
import quopri
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote_from_bytes

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
import mynumber  # noqa: E402

rng = random.Random(20261122)
HEAD = ("From: taro@corp.test\r\nTo: out@example.com\r\n"
        "MIME-Version: 1.0\r\n").encode()


def fours(digits, mark):
    return mark.join((digits[:4], digits[4:8], digits[8:]))


def body(label, number):
    return ("いつもお世話になっております。\r\nご依頼の件です。\r\n"
            f"{label}：{number}\r\n以上、よろしくお願いいたします。\r\n")


def part(content, charset, encoding="8bit"):
    kind = "text/plain" + (f"; charset={charset}" if charset else "")
    if encoding == "base64":
        content = base64.encodebytes(content).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content)
    return (HEAD + f"Subject: x\r\nContent-Type: {kind}\r\n"
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
            + content)


def field(line):
    """A mail with this line (bytes) in its header."""
    return HEAD + line + b"\r\nContent-Type: text/plain\r\n\r\nx\r\n"


def attached(disposition, content=b"x\r\n", kind="application/octet-stream"):
    return (HEAD + b"Subject: x\r\nContent-Type: multipart/mixed; "
            b"boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: "
            + kind.encode() + b"\r\nContent-Disposition: attachment; "
            + disposition + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(content) + b"\r\n--b--\r\n")


def right(number):
    """Declared as it is."""
    wide = mynumber.full_width(number)
    for charset, codec in (
            ("utf-8", "utf-8"), ("shift_jis", "cp932"), ("x-sjis", "cp932"),
            ("windows-31j", "cp932"), ("euc-jp", "euc_jp"),
            ("eucJP-ms", "euc_jp"), ("CP51932", "euc_jp"),
            ("iso-2022-jp", "iso2022_jp"), ("iso-2022-jp-1", "iso2022_jp_1"),
            ("iso-2022-jp-2", "iso2022_jp_2"), ("cp50221", "iso2022_jp_ext"),
            ("iso-2022-jp-3", "iso2022_jp_3"), ("utf-7", "utf-7"),
            ("iso-2022-jp-2004", "iso2022_jp_2004"), ("utf-16", "utf-16"),
            ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be"),
            ("utf-32", "utf-32-be"), ("utf-32le", "utf-32-le"),
            ("gb18030", "gb18030"), ("euc-jis-2004", "euc_jis_2004")):
        for encoding in ("8bit", "base64", "quoted-printable"):
            if encoding != "base64" and charset.startswith(("utf-16",
                                                            "utf-32")):
                continue
            for shape, text in (("wide", wide), ("narrow", number),
                                ("fours", fours(wide, "－" if "cp" in codec
                                                else "‐"))):
                yield (f"{charset}, {encoding}, {shape}",
                       part(body("マイナンバー" if charset == "gb18030"
                                 else "個人番号", text).encode(codec), charset,
                            encoding))


def half_width(number):
    kana = body("ﾏｲﾅﾝﾊﾞｰ", number)
    jis = kana.encode("iso2022_jp_ext")
    yield "ESC ( I", part(jis, "iso-2022-jp")
    shifted = jis.replace(b"\x1b(I", b"\x0e")
    start = shifted.index(b"\x0e")
    end = shifted.index(b"\x1b", start)
    stop = end + (3 if shifted[end + 1:end + 2] == b"(" else 0)
    yield "SO and SI", part(shifted[:end] + b"\x0f" + shifted[stop:],
                            "iso-2022-jp")
    eight = "ﾏｲﾅﾝﾊﾞｰ:".encode("cp932") + number.encode() + b"\r\n"
    yield "8 bits in ISO-2022-JP", part(
        "お世話になります。\r\n".encode("iso2022_jp") + eight, "iso-2022-jp")
    yield "half-width kana alone", part(eight, "")
    yield "half-width kana in EUC-JP", part(kana.encode("euc_jp"), "euc-jp")
    yield "half-width kana in CP932", part(kana.encode("cp932"), "")


def marks(number):
    wide = mynumber.full_width(number)
    for mark, name in ((b"\x81\x7c", "minus"), (b"\x81\x5d", "hyphen"),
                       (b"\x81\x5b", "long vowel"), (b"\x81\x40", "space"),
                       (b"\x84\x9f", "rule")):
        for charset in ("shift_jis", "cp932", ""):
            text = body("個人番号", "@").encode("cp932").replace(
                b"@", mark.join(wide[i:i + 4].encode("cp932")
                                for i in (0, 4, 8)))
            yield f"{name} in {charset or 'no'} CP932", part(text, charset)
    jis = body("個人番号", fours(wide, "−")).encode("iso2022_jp")
    yield "minus in ISO-2022-JP", part(jis, "iso-2022-jp")
    yield "minus in EUC-JP", part(
        body("個人番号", fours(wide, "−")).encode("euc_jp"), "euc-jp")
    yield "dash of Windows-1252", part(
        b"My Number: " + fours(number, "–").encode("cp1252") + b"\r\n",
        "iso-8859-1")


def wrong(number):
    """Declared as something else, or not at all."""
    text = body("個人番号", mynumber.full_width(number))
    truth = {"cp932": "cp932", "euc": "euc_jp", "jis": "iso2022_jp",
             "utf-8": "utf-8"}
    lies = ("", "us-ascii", "iso-8859-1", "windows-1252", "gb2312", "big5",
            "utf8", "utf-8", "shift_jis", "euc-jp", "iso-2022-jp",
            "unknown-8bit", "x-user-defined", "ks_c_5601-1987")
    for name, codec in truth.items():
        for lie in lies:
            yield (f"{name} declared {lie or 'nothing'}",
                   part(text.encode(codec), lie))
    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32-le",
                  "utf-32-be", "utf-7"):
        for lie in ("", "utf-8", "shift_jis"):
            yield f"{codec} declared {lie or 'nothing'}", part(
                text.encode(codec), lie, "base64")
        yield f"{codec} in a file", attached(
            b"filename=a.txt", text.encode(codec), "text/plain")
        yield f"{codec} in a CSV", attached(
            b"filename=a.csv", f"氏名,個人番号\r\n山田太郎,{number}\r\n"
            .encode(codec))
    yield "ASCII declared utf-16", part(
        f"My Number: {number}\r\nregards\r\n".encode(), "utf-16")


def broken(number):
    wide = mynumber.full_width(number)
    text = body("個人番号", wide)
    jis = text.encode("iso2022_jp")
    yield "every ESC lost", part(jis.replace(b"\x1b", b""), "iso-2022-jp")
    yield "every ESC lost, undeclared", part(jis.replace(b"\x1b", b""), "")
    yield "no switch back to ASCII", part(jis.replace(b"\x1b(B", b""),
                                          "iso-2022-jp")
    yield "one long shift", part(b"\x1b$B" + jis.replace(
        b"\x1b(B", b"").replace(b"\x1b$B", b""), "iso-2022-jp")
    cp932 = text.encode("cp932")
    yield "CP932 with a wrong byte", part(b"\xff\xfd" + cp932, "shift_jis")
    yield "UTF-8 with a wrong byte", part(b"\xff" + text.encode(), "utf-8")
    yield "UTF-8 cut off", part(text.encode() + b"\xe5\x80", "utf-8")
    clean = "本日はよろしくお願いいたします。\r\n" * 2000
    yield "CP932 behind much UTF-8", part(clean.encode() + cp932, "utf-8")
    yield "UTF-8 behind much CP932", part(
        clean.encode("cp932") + text.encode(), "shift_jis")
    yield "EUC-JP behind much UTF-8", part(
        clean.encode() + text.encode("euc_jp"), "")


def word(text, charset, codec, kind="B"):
    raw = text if isinstance(text, bytes) else text.encode(codec)
    coded = (base64.b64encode(raw) if kind == "B" else
             b"".join(b"=%02X" % c for c in raw)).decode()
    return f"=?{charset}?{kind}?{coded}?="


def fields(number):
    text = f"個人番号 {mynumber.full_width(number)}"
    for charset, codec in (("UTF-8", "utf-8"), ("Shift_JIS", "cp932"),
                           ("EUC-JP", "euc_jp"), ("ISO-2022-JP", "iso2022_jp"),
                           ("UTF-16", "utf-16"), ("utf-16be", "utf-16-be"),
                           ("utf-7", "utf-7")):
        for kind in "BQ":
            yield f"Subject, {charset}, {kind}", field(
                f"Subject: {word(text, charset, codec, kind)}".encode())
        raw = text.encode(codec)
        if codec == "iso2022_jp":
            continue
        for cut in (3, 5, len(raw) - 7):
            yield f"Subject, {charset}, split at {cut}", field(
                f"Subject: {word(raw[:cut], charset, '')}\r\n"
                f" {word(raw[cut:], charset, '')}".encode())
    for name, codec in (("CP932", "cp932"), ("EUC-JP", "euc_jp"),
                        ("UTF-8", "utf-8"), ("ISO-2022-JP", "iso2022_jp")):
        yield f"raw {name} in Subject", field(b"Subject: " + text.encode(codec))
        yield f"raw {name} in a field of its own", field(
            b"X-Note: " + text.encode(codec))
        for lie in ("us-ascii", "iso-8859-1", "unknown", "utf-8", "gb2312",
                    "shift_jis", "iso-2022-jp"):
            yield f"a word of {name} declared {lie}", field(
                f"Subject: {word(text, lie, codec)}".encode())
    yield "two words of one character set, no blank", field(
        f"Subject: {word('個人', 'utf-8', 'utf-8')}"
        f"{word('番号' + number, 'utf-8', 'utf-8')}".encode())
    yield "a name", field(
        f"Reply-To: {word(text, 'utf-8', 'utf-8')} <a@example.com>".encode())


def names(number):
    text = f"個人番号 {mynumber.full_width(number)}.pdf"
    for charset, codec in (("UTF-8", "utf-8"), ("Shift_JIS", "cp932"),
                           ("EUC-JP", "euc_jp"), ("ISO-2022-JP", "iso2022_jp"),
                           ("", "cp932"), ("unknown", "euc_jp"),
                           ("us-ascii", "cp932"), ("iso-8859-1", "utf-8")):
        coded = quote_from_bytes(text.encode(codec), safe="")
        what = f"file name, {charset or 'no set'} of {codec}"
        yield f"{what}, RFC 2231", attached(
            f"filename*={charset}''{coded}".encode())
        raw = text.encode(codec)
        pieces = [quote_from_bytes(raw[i:i + 7], safe="")
                  for i in range(0, len(raw), 7)]
        yield f"{what}, continued", attached(";\r\n ".join(
            f"filename*{i}*={charset + chr(39) * 2 if i == 0 else ''}{p}"
            for i, p in enumerate(pieces)).encode())
    for charset, codec in (("UTF-8", "utf-8"), ("Shift_JIS", "cp932"),
                           ("ISO-2022-JP", "iso2022_jp"),
                           ("EUC-JP", "euc_jp")):
        for kind in "BQ":
            yield f"file name, RFC 2047 in {charset}, {kind}", attached(
                f'filename="{word(text, charset, codec, kind)}"'.encode())
        yield f"file name, raw {charset}", attached(
            b'filename="' + text.encode(codec) + b'"')
        yield f"file name, raw {charset}, no quotes", attached(
            b"filename=" + text.replace(" ", "").encode(codec))


def mails(number):
    for make in (right, half_width, marks, wrong, broken, fields, names):
        yield from make(number)


def main():
    program = sys.argv[1]
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        made = {}
        for name, content in mails(mynumber.my_number(rng)):
            path = Path(place) / f"{len(made):04}.eml"
            path.write_bytes(content)
            made[str(path)] = name
        run = subprocess.run([program, "scan", "--json", "-r", place],
                             stdout=subprocess.PIPE, check=False, timeout=300)
        seen = {}
        for line in run.stdout.splitlines():
            said = json.loads(line)
            seen[said["file"]] = said
    for path, name in made.items():
        said = seen.get(path)
        if said is None or said["verdict"] != "found" or said["numbers"] != 1:
            bad += 1
            print(f"{name}: " + ("not scanned" if said is None else
                  f"{said['verdict']}, {said['numbers']} numbers, "
                  f"score {said['score']}"))
    print(f"{len(made)} mails, {bad} wrong")
    sys.exit(1 if bad or len(made) < 300 else 0)


main()
