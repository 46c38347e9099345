"""Texts of every kind, each with a number in a place of its own.

Each function gives (file name, bytes) for a number; the test is that it is
found and that all of the file was read.
"""

import base64
import io
import quopri
import random
import struct
import zipfile

from mynumber import my_number

CASES = []
LABEL = "個人番号"
NAME = "山田太郎"


def case(function):
    CASES.append(function)
    return function


def fold(text, width=60, charset="utf-8", end="\r\n"):
    """Lines folded as RFC 5545 says: by bytes, a blank before each."""
    raw = text.encode(charset)
    return (end + " ").encode().join(raw[i:i + width]
                                     for i in range(0, len(raw), width))


def calendar(*lines):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.co.jp//cal//JA",
            "BEGIN:VEVENT", "UID:1@example.co.jp", "DTSTART:20261130T010000Z",
            "SUMMARY:面談"]
    tail = ["END:VEVENT", "END:VCALENDAR", ""]
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode()
                        for line in [*head, *lines, *tail])


@case
def icalendar_description_folded_within_the_number(n):
    return "a.ics", calendar(fold(f"DESCRIPTION:お持ちください。\\n{LABEL}：{n}\\n以上",
                                  width=47 + len("個人番号：".encode()) % 7))


@case
def icalendar_attachment_in_base64(n):
    inner = f"氏名,{LABEL}\r\n{NAME},{n}\r\n".encode()
    return "b.ics", calendar(fold(
        "ATTACH;FMTTYPE=text/csv;ENCODING=BASE64;VALUE=BINARY:"
        + base64.b64encode(inner).decode()))


@case
def icalendar_alternative_description_in_html(n):
    return "c.ics", calendar(fold("X-ALT-DESC;FMTTYPE=text/html:<html><body>"
                                  f"<p>{LABEL}</p><p>{n[:4]}<b>{n[4:8]}</b>{n[8:]}</p>"
                                  "</body></html>"))


@case
def vcalendar_1_in_quoted_printable(n):
    text = quopri.encodestring(f"{LABEL}：{n}".encode("cp932")).decode()
    return "old.vcs", ("BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\n"
                       "DESCRIPTION;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:"
                       f"{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()


def card(version, *lines, charset="utf-8"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", f"N:山田;太郎;;;",
                        *lines, "END:VCARD", ""]).encode(charset)


@case
def vcard_2_1_note_in_quoted_printable_utf_8(n):
    raw = f"{LABEL}：{n}".encode()
    text = "".join(f"={byte:02X}" for byte in raw)
    soft = "=\r\n".join(text[i:i + 72] for i in range(0, len(text), 72))
    return "a.vcf", card("2.1", "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
                         + soft)


@case
def vcard_2_1_note_in_quoted_printable_cp932(n):
    raw = f"{LABEL}：{n}".encode("cp932")
    text = "".join(f"={byte:02X}" for byte in raw)
    soft = "=\r\n".join(text[i:i + 66] for i in range(0, len(text), 66))
    return "b.vcf", card("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:"
                         + soft, charset="cp932")


@case
def vcard_3_0_note_folded(n):
    return "c.vcf", card("3.0", f"NOTE:{LABEL}\\, {n[:7]}\r\n {n[7:]}\\n以上")


@case
def vcard_3_0_in_cp932(n):
    return "d.vcf", card("3.0", f"X-MEMO:{LABEL}:{n}", charset="cp932")


@case
def vcard_4_0_note_and_second_card(n):
    return "e.vcf", card("4.0", "NOTE:ok") + card(
        "4.0", f"NOTE;LANGUAGE=ja:マイナンバーは {n[:4]} {n[4:8]} {n[8:]} です")


@case
def vcard_4_0_file_in_a_data_address(n):
    inner = base64.b64encode(f"{LABEL}：{n}".encode()).decode()
    return "f.vcf", card("4.0", f"PHOTO:data:text/plain;base64,{inner}")


@case
def vcard_3_0_key_in_base64(n):
    inner = base64.b64encode(f"氏名\t{LABEL}\n{NAME}\t{n}\n".encode()).decode()
    lines = "\r\n ".join(inner[i:i + 60] for i in range(0, len(inner), 60))
    return "g.vcf", card("3.0", f"KEY;ENCODING=b;TYPE=text:{lines}")


@case
def ldif_value_in_base64(n):
    value = base64.b64encode(f"{LABEL}：{n}".encode()).decode()
    return "a.ldif", (f"version: 1\ndn: cn=yamada,dc=example,dc=com\ncn: yamada\n"
                      f"description:: {value}\n\n").encode()


@case
def ldif_value_in_base64_folded(n):
    value = base64.b64encode(
        f"人事部より: {NAME} さんの{LABEL}は {n} です。".encode()).decode()
    lines = "\n ".join(value[i:i + 50] for i in range(0, len(value), 50))
    return "b.ldif", ("dn: cn=yamada,dc=example,dc=com\nobjectClass: person\n"
                      f"description:: {lines}\n\n").encode()


@case
def ldif_attribute_that_names_its_value_folded(n):
    return "c.ldif", (f"dn: cn=yamada,dc=example,dc=com\nmyNumber: {n[:5]}\n {n[5:]}\n"
                      ).encode()


@case
def markdown_table(n):
    return "a.md", (f"# 名簿\n\n| 氏名 | {LABEL} |\n|---|--:|\n| {NAME} | {n} |\n"
                    ).encode()


@case
def markdown_emphasis_and_code(n):
    return "b.md", f"- **{LABEL}**: `{n[:4]}-{n[4:8]}-{n[8:]}`\n".encode()


@case
def markdown_bold_number(n):
    return "c.md", f"{LABEL}は **{n}** です。\n".encode()


@case
def restructured_text(n):
    return "a.rst", f"名簿\n====\n\n:{LABEL}: {n}\n".encode()


@case
def tex(n):
    return "a.tex", ("\\documentclass{article}\\begin{document}\n"
                     f"{LABEL}：\\textbf{{{n}}}\n\\end{{document}}\n").encode()


@case
def source_in_c(n):
    return "a.c", (f'/* {LABEL} */\nstatic const char my_number[] = "{n}";\n'
                   "int main(void) { return 0; }\n").encode()


@case
def source_in_python_with_groups(n):
    return "a.py", (f"# マイナンバー\nMY_NUMBER = {n[0]}_{n[1:5]}_{n[5:]}\n"
                    if n[0] == "0" else
                    f"# マイナンバー\nMY_NUMBER = {n[:4]}_{n[4:8]}_{n[8:]}\n").encode()


@case
def source_in_java_cp932(n):
    return "A.java", (f"// {LABEL}の検査\nclass A {{ long n = {int(n)}L; }}\n"
                      f'// "{n}"\n').encode("cp932")


@case
def source_as_a_difference(n):
    return "a.patch", ("--- a/x\n+++ b/x\n@@ -1,1 +1,2 @@\n 山田\n"
                       f"+{LABEL}：{n}\n").encode()


@case
def script_of_windows(n):
    return "a.bat", f"@echo off\r\nrem {LABEL}\r\nset MYNUMBER={n}\r\n".encode("cp932")


@case
def log_lines(n):
    return "a.log", "".join(
        f"2026-11-22T10:00:{i:02} INFO 受付 id={1000 + i} 部署=総務\n" for i in range(30)
    ).encode() + f"2026-11-22T10:01:00 WARN 検査に失敗 {LABEL}={n}\n".encode()


@case
def settings_ini(n):
    return "a.ini", f"[社員]\r\n氏名={NAME}\r\n{LABEL}={n}\r\n".encode("cp932")


@case
def settings_yaml(n):
    return "a.yaml", f"社員:\n  - 氏名: {NAME}\n    {LABEL}: \"{n}\"\n".encode()


@case
def settings_yaml_on_the_next_line(n):
    return "b.yml", f"my_number: >-\n  {n}\nname: {NAME}\n".encode()


@case
def settings_toml(n):
    return "a.toml", f'[staff]\nname = "{NAME}"\nmy_number = "{n}"\n'.encode()


@case
def settings_of_the_registry_utf_16(n):
    return "a.reg", ("Windows Registry Editor Version 5.00\r\n\r\n"
                     "[HKEY_CURRENT_USER\\Software\\Example]\r\n"
                     f"\"{LABEL}\"=\"{n}\"\r\n").encode("utf-16")


@case
def settings_properties_with_escapes(n):
    label = LABEL.encode("unicode_escape").decode()
    return "a.properties", f"# {NAME}\n{label}={n}\n".encode()


@case
def source_with_escaped_letters(n):
    label = f"{LABEL}：".encode("unicode_escape").decode()
    return "a.js", f'var text = "{label}{n}";\n'.encode()


@case
def sql_insert(n):
    return "a.sql", ("INSERT INTO `staff` (`name`, `my_number`, `year`) VALUES\n"
                     f"('{NAME}', '{n}', 1980),\n('佐藤', NULL, 1990);\n").encode()


@case
def sql_copy(n):
    return "b.sql", ("COPY public.staff (id, name, my_number) FROM stdin;\n"
                     f"1\t{NAME}\t{n}\n\\.\n").encode()


@case
def tsv(n):
    return "a.tsv", f"社員番号\t氏名\t{LABEL}\n17\t{NAME}\t{n}\n".encode("cp932")


@case
def tsv_of_excel_in_utf_16(n):
    return "a.txt", f"氏名\t{LABEL}\r\n{NAME}\t{n}\r\n".encode("utf-16")


@case
def csv_quoted_over_lines(n):
    return "a.csv", f"\"氏\n名\",\"{LABEL}\"\r\n{NAME},=\"{n}\"\r\n".encode("cp932")


@case
def records_of_fixed_length(n):
    """Of a payroll program: no mark between the fields, numbers throughout."""
    rng = random.Random(1)
    numbers = [n, *(my_number(rng) for _ in range(30))]
    return "fixed.dat", (f"{LABEL}一覧\r\n" + "".join(
        f"1{i:06}TARO      {one}A{19600101 + 10000 * i}\r\n"
        for i, one in enumerate(numbers))).encode("cp932")


@case
def json_lines(n):
    return "a.jsonl", ('{"name":"a"}\n{"name":"b","my_number":"%s"}\n' % n).encode()


@case
def notebook(n):
    return "a.ipynb", ('{"cells":[{"cell_type":"markdown","metadata":{},"source":'
                       '["# 名簿\\n","%s：%s\\n"]}],"metadata":{},"nbformat":4,'
                       '"nbformat_minor":5}' % (LABEL, n)).encode()


@case
def subtitles(n):
    return "a.srt", ("1\n00:00:01,000 --> 00:00:04,000\n"
                     f"{LABEL}は{n}です\n").encode()


@case
def spreadsheet_of_excel_2003_in_xml(n):
    return "a.xls", (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet '
        'ss:Name="a"><Table><Row><Cell><Data ss:Type="String">氏名</Data></Cell>'
        f'<Cell><Data ss:Type="String">{LABEL}</Data></Cell></Row><Row><Cell>'
        f'<Data ss:Type="String">{NAME}</Data></Cell><Cell><Data ss:Type="String">'
        f'{n}</Data></Cell></Row></Table></Worksheet></Workbook>').encode()


@case
def document_of_word_2003_in_xml(n):
    return "b.xml", (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
        f'<w:body><w:p><w:r><w:t>{LABEL}</w:t></w:r><w:r><w:t>：{n[:6]}</w:t></w:r><w:r>'
        f'<w:t>{n[6:]}</w:t></w:r></w:p></w:body></w:wordDocument>').encode()


# --- names and types that lie -------------------------------------------------


@case
def a_picture_by_name_that_is_a_table(n):
    return "photo.jpg", f"氏名,{LABEL}\r\n{NAME},{n}\r\n".encode("cp932")


@case
def a_workbook_by_name_that_is_html(n):
    return "list.xls", (f"<html><body><table><tr><td>氏名</td><td>{LABEL}</td></tr>"
                        f"<tr><td>{NAME}</td><td>{n}</td></tr></table>"
                        "</body></html>").encode("cp932")


@case
def a_workbook_by_name_that_is_a_table(n):
    return "list2.xlsx", f"氏名,{LABEL}\r\n{NAME},{n}\r\n".encode("cp932")


@case
def a_document_by_name_that_is_a_web_archive(n):
    page = quopri.encodestring(f"<p>{LABEL}：{n}</p>".encode()).decode()
    return "a.doc", ("MIME-Version: 1.0\r\nContent-Type: multipart/related; "
                     'boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; '
                     "charset=utf-8\r\nContent-Transfer-Encoding: "
                     f"quoted-printable\r\n\r\n{page}\r\n--x--\r\n").encode()


@case
def a_text_by_name_that_is_a_zip(n):
    return "a_zip.txt", zipped(n)


@case
def a_program_by_name_that_is_a_text(n):
    return "a.exe", f"{LABEL}：{n}\r\n".encode("cp932")


@case
def a_nameless_text_that_begins_like_a_program(n):
    return "noname", f"個人情報です。{LABEL}：{n}\r\n".encode("cp932")


@case
def a_text_about_pdf(n):
    return "about.md", ("A PDF file begins with %PDF-1.4 in its first line.\n"
                        f"{LABEL}：{n}\n").encode()


@case
def a_text_about_archives(n):
    return "magic.txt", ("PK\\3\\4 begins a zip, Rar! a rar, MZ a program.\n"
                         f"{LABEL}：{n}\n").encode()


def zipped(n, name="list.csv"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, (f"氏名,{LABEL}\r\n{NAME},{n}\r\n" * 3).encode())
    return out.getvalue()


def pdf(text):
    """A page of one line in Helvetica, with right offsets."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1")
    objects = [b"<</Type/Catalog/Pages 2 0 R>>",
               b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
               b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont"
               b"/Helvetica>>>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)]
    out = b"%PDF-1.4\n"
    places = []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                  % table)


@case
def opendocument_of_another_kind(n):
    out = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.formula"
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", (
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mtext>'
            f'{LABEL}：{n}</mtext></mrow></semantics></math>').encode())
        package.writestr("META-INF/manifest.xml", (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
            'manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path='
            '"content.xml" manifest:media-type="text/xml"/></manifest:manifest>'))
    return "a.odf", out.getvalue()


@case
def file_of_a_macintosh_in_one(n):
    """AppleSingle: the data and the name of a file."""
    entries = {1: f"{LABEL}：{n}".encode(), 3: b"letter.txt"}
    at = 26 + 12 * len(entries)
    table = b""
    for number, content in entries.items():
        table += struct.pack(">III", number, at, len(content))
        at += len(content)
    return "single.bin", (struct.pack(">II", 0x00051600, 0x20000) + bytes(16)
                          + struct.pack(">H", len(entries)) + table
                          + b"".join(entries.values()))


QUIET = "This page says nothing of interest to anybody at all."


@case
def polyglot_pdf_and_zip_number_in_the_zip(n):
    return "pz.pdf", pdf(QUIET) + zipped(n)


@case
def polyglot_pdf_and_zip_number_in_the_pdf(n):
    return "zp.pdf", pdf(f"My number: {n}  {QUIET}") + zipped("000000000000")


@case
def polyglot_zip_behind_html(n):
    return "hz.html", (b"<!DOCTYPE html><html><body><p>hello</p></body></html>\n"
                       + zipped(n))


@case
def polyglot_html_before_zip(n):
    return "zh.html", (f"<!DOCTYPE html><html><body><p>{LABEL}：{n}</p></body></html>\n"
                       .encode() + zipped("000000000000"))


@case
def polyglot_text_before_zip(n):
    return "tz.txt", f"{LABEL}：{n}\r\n".encode("cp932") + zipped("000000000000")


@case
def polyglot_pdf_and_html(n):
    return "ph.html", pdf(QUIET) + (
        f"<html><body><p>{LABEL}：{n[:4]}<b>{n[4:8]}</b>{n[8:]}</p></body></html>\n"
    ).encode()


# --- what holds a picture: said as an image, and read all the same -------------

PICTURES = []
GIF = (b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02"
       b"\x02D\x01\0;")
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                       "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def picture(function):
    PICTURES.append(function)
    return function


@picture
def polyglot_gif_and_html(n):
    return "gh.gif", (b"GIF89a/*\0\0\0\0\0*/=1;<html><body><p>"
                      + f"{LABEL}：{n[:4]}<i>{n[4:8]}</i>{n[8:]}</p></body></html>".encode())


@picture
def polyglot_gif_and_zip(n):
    return "gz.gif", GIF + zipped(n)


@picture
def polyglot_png_and_text(n):
    return "pt.png", PNG + f"\r\n{LABEL}：{n}\r\n".encode("cp932")


@picture
def polyglot_png_and_pdf_within_its_first_kilobyte(n):
    return "pp.png", PNG + pdf(f"My number: {n}  {QUIET}")


@picture
def svg_with_text(n):
    return "a.svg", ('<svg xmlns="http://www.w3.org/2000/svg"><text x="1">'
                     f'{LABEL}：{n}</text></svg>').encode()


# --- parts of mails whose Content-Type lies -------------------------------------

PARTS = []


def part(function):
    PARTS.append(function)
    return function


@part
def part_image_png_that_is_a_zip(n):
    return "image/png", "a.png", zipped(n)


@part
def part_text_plain_that_is_a_pdf(n):
    return "text/plain", "a.txt", pdf(f"My number: {n}  {QUIET}")


@part
def part_pdf_that_is_a_table(n):
    return ("application/pdf", "a.pdf",
            f"氏名,{LABEL}\r\n{NAME},{n}\r\n".encode("cp932"))


@part
def part_octets_that_are_text_in_utf_16(n):
    return ("application/octet-stream", "data",
            f"{LABEL}：{n}\r\n".encode("utf-16-le"))


@part
def part_html_that_is_json(n):
    return "text/html", "a.html", ('{"my_number":"%s"}' % n).encode()


@part
def part_audio_that_is_a_web_page(n):
    return ("audio/mpeg", "a.mp3",
            f"<html><body><p>{LABEL}：{n}</p></body></html>".encode())


@part
def part_zip_that_is_a_mail(n):
    return ("application/zip", "a.zip",
            (f"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n"
             "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
             f"Content-Transfer-Encoding: 8bit\r\n\r\n{LABEL}：{n}\r\n").encode())


@part
def part_calendar_that_is_a_card(n):
    return "text/calendar", "a.ics", card("3.0", f"NOTE:{LABEL} {n[:5]}\r\n {n[5:]}")
