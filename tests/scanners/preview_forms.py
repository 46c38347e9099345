#!/usr/bin/python3
"""No form of a number is in a preview, wherever and however it was written;
revealed, it is.

usage: preview_forms.py SEKIMORI
"""

import random
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
import mynumber  # noqa: E402
import samples  # noqa: E402

rng = random.Random(20261122)
KANJI = "〇一二三四五六七八九"
MARKS = [" ", "-", "‐", "－", "—", "・", ".", "/", "_", "|", "　", "  ", " - ",
         "\u200b", "\n", "-\n", "\n> "]


def kanji(number):
    return "".join(KANJI[int(d)] for d in number)


def texts(number):
    yield "plain", number
    yield "full-width", mynumber.full_width(number)
    yield "kanji", kanji(number)
    for mark in MARKS:
        yield f"fours {mark!r}", mark.join(
            (number[:4], number[4:8], number[8:]))
        yield f"singles {mark!r}", mark.join(number)
        yield f"wide fours {mark!r}", mark.join(
            mynumber.full_width(part)
            for part in (number[:4], number[4:8], number[8:]))


def csv(number, charset):
    return (f"氏名,{samples.LABEL},部署\r\n山田太郎,{number},総務部\r\n"
            f"鈴木花子,,営業部\r\n").encode(charset)


def digits_csv(number, charset):
    return (f"氏名,{samples.LABEL}" + "," * 11 + "\r\n山田太郎,"
            + ",".join(number) + "\r\n").encode(charset)


def digits_html(number):
    cells = "".join(f'<td class="c" width="12">{d}</td>' for d in number)
    return (f"<html><body><table><tr><td>{samples.LABEL}</td>{cells}</tr>"
            "</table></body></html>")


def digits_xlsx(number):
    """One digit in each cell, as forms have boxes."""
    cells = "".join(f'<c r="{chr(65 + i)}2"><v>{d}</v></c>'
                    for i, d in enumerate(number))
    sheet = samples.SHEET.split("<row r=\"2\">")[0] \
        + f'<row r="2">{cells}</row></sheetData></worksheet>'
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(samples.xlsx(number))) as old, \
            zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, sheet if "sheet1" in name else content)
    return out.getvalue()


def attached(name, content, kind="octet-stream"):
    return samples.mail("資料", "送ります。\n", attachments=[
        (name, "application", kind, content)])


def html(text):
    return ("From: a@corp.test\r\nTo: b@example.com\r\nSubject: x\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n").encode()


def mails(number):
    for form, text in texts(number):
        body = f"お世話になります。\n{samples.LABEL}：{text}\n以上です。\n"
        yield f"body, {form}", samples.mail("連絡", body)
        yield f"html, {form}", html(f"<p>{samples.LABEL}：{text}</p>")
    plain = f"{samples.LABEL}：{number}\n"
    for charset in ("iso-2022-jp", "shift_jis", "euc-jp"):
        yield f"body in {charset}", samples.mail("連絡", plain, charset=charset)
    for charset in ("utf-8", "cp932", "utf-16"):
        yield f"csv in {charset}", attached("一覧.csv", csv(number, charset))
        yield f"wide csv in {charset}", attached(
            "一覧.csv", csv(mynumber.full_width(number), charset))
        yield f"a digit per cell in {charset}", attached(
            "一覧.csv", digits_csv(number, charset))
    yield "xlsx", samples.in_xlsx("x", number)
    yield "a digit per cell in xlsx", attached(
        "届.xlsx", digits_xlsx(number),
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    yield "xlsx, rounded off", samples.in_xlsx(
        "x", f"{number[0]}.{number[1:]}E11")
    yield "zip", samples.in_zip("x", number)
    yield "a digit per cell in html", html(digits_html(number))
    yield "html comment", html(f"<p>x</p><!-- {samples.LABEL} {number} -->")
    yield "html attribute", html(
        f'<p title="{samples.LABEL} {number}">x</p>')
    yield "subject", samples.mail(f"{samples.LABEL} {number}", "x\n")
    yield "file name", attached(f"{number}.txt", b"x\n")


def squeezed(text):
    """What a reader could put together: digits and letters, folded."""
    table = {ord(k): str(i) for i, k in enumerate(KANJI)}
    return "".join(c for c in mynumber.fold(text).translate(table)
                   if c.isalnum())


def lines_of(output, path):
    """The texts that were printed for a file, without their places."""
    taken, lines = False, []
    for line in output.splitlines():
        if line.startswith("/"):
            taken = line == f"{path}:"
        elif taken:
            lines.append(line if line.startswith("--")
                         else line[2:].split(": ", 1)[-1])
    return "\n".join(lines)


def preview(program, place, *options):
    run = subprocess.run([program, "scan", "--preview", *options, "-r", place],
                         stdout=subprocess.PIPE, check=False, timeout=300)
    assert run.returncode == 0, f"status {run.returncode}"
    return run.stdout.decode()


def check(program, place, number, made):
    masked = preview(program, place)
    clear = preview(program, place, "--reveal")
    bad = []
    for path, form in made.items():
        hidden = lines_of(masked, path)
        shown = lines_of(clear, path)
        if number in squeezed(hidden) or any(
                needle in hidden.encode()
                for needle in mynumber.forms(number).values()):
            bad.append(f"{form}: the number is in the preview")
        # Of the file name only the masked path is shown.
        if number not in squeezed(shown) and form != "file name":
            bad.append(f"{form}: the number is not revealed")
        if "●" not in hidden and form != "file name":
            bad.append(f"{form}: nothing is masked")
    return bad


def main():
    program = sys.argv[1]
    bad = []
    count = 0
    for _ in range(3):
        number = mynumber.my_number(rng)
        with tempfile.TemporaryDirectory() as place:
            made = {}
            for form, content in mails(number):
                path = Path(place) / f"{len(made):03}.eml"
                path.write_bytes(content)
                made[str(path)] = form
            bad += check(program, place, number, made)
            count += len(made)
    for line in bad:
        print(line)
    print(f"{count} mails, {len(bad)} wrong")
    sys.exit(1 if bad or count < 300 else 0)


main()
