"""Mails as people write them, each with a token of its own in the subject."""

import io
import random
import zipfile
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

LABEL = "個人番号"


def token(rng=random):
    # Letters only: runs of digits are masked in subjects.
    return "token-" + "".join(rng.choice("abcdefghjkmnpqrstvwxyz")
                              for _ in range(12))


def mail(subject, text, sender="taro@corp.test", to="out@example.com",
         charset="utf-8", date="Sun, 22 Nov 2026 10:00:00 +0900",
         message_id=None, attachments=(), cte=None):
    """attachments: (file name, maintype, subtype, bytes)."""
    made = EmailMessage(policy=SMTP)
    name, _, domain = sender.partition("@")
    made["From"] = Address("送信 太郎", name, domain)
    made["To"] = to
    made["Subject"] = subject
    if date:
        made["Date"] = date
    if message_id:
        made["Message-ID"] = message_id
    made.set_content(text, charset=charset, cte=cte)
    for file_name, maintype, subtype, content in attachments:
        made.add_attachment(content, maintype=maintype, subtype=subtype,
                            filename=file_name)
    return made.as_bytes()


def clean(mark, **kwargs):
    return mail(f"会議の件 {mark}",
                "お世話になっております。\n来週の会議は15時からです。\n"
                "よろしくお願いいたします。\n", **kwargs)


def in_body(mark, number, **kwargs):
    return mail(f"ご連絡 {mark}", f"お世話になっております。\n{LABEL}：{number}\n"
                "以上です。\n", **kwargs)


CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"""
RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
WORKBOOK = """<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>"""
WORKBOOK_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"""
STRINGS = """<?xml version="1.0" encoding="UTF-8"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3">
<si><t>氏名</t></si><si><r><t>個人</t></r><r><t>番号</t></r></si><si><t>山田太郎</t></si></sst>"""
SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>{number}</v></c></row>
</sheetData></worksheet>"""


def xlsx(number):
    """A small workbook; a test with a real writer's file is the reader's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", CONTENT_TYPES)
        z.writestr("_rels/.rels", RELS)
        z.writestr("xl/workbook.xml", WORKBOOK)
        z.writestr("xl/_rels/workbook.xml.rels", WORKBOOK_RELS)
        z.writestr("xl/sharedStrings.xml", STRINGS)
        z.writestr("xl/worksheets/sheet1.xml", SHEET.format(number=number))
    return out.getvalue()


def in_xlsx(mark, number, **kwargs):
    return mail(f"名簿 {mark}", "名簿をお送りします。\n", attachments=[
        ("名簿.xlsx", "application",
         "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         xlsx(number))], **kwargs)


def zipped_csv(number):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("list.csv", f"氏名,{LABEL},部署\r\n山田太郎,{number},総務部\r\n"
                   .encode("cp932"))
    return out.getvalue()


def in_zip(mark, number, **kwargs):
    return mail(f"一覧 {mark}", "一覧をお送りします。\n", attachments=[
        ("一覧.zip", "application", "zip", zipped_csv(number))], **kwargs)


def locked_zip(mark, **kwargs):
    """Encrypted by flag; the bytes behind it do not matter to a reader."""
    content = bytearray(zipped_csv("000000000000"))
    at = content.index(b"PK\1\2")
    content[at + 8] |= 1
    content[6] |= 1
    return mail(f"資料 {mark}", "パスワードは別途お送りします。\n", attachments=[
        ("資料.zip", "application", "zip", bytes(content))], **kwargs)


def bounce(envid, to, failed):
    """A delivery status notification (RFC 3464) as another host makes it."""
    return (f"From: MAILER-DAEMON@example.com\nTo: {to}\n"
            "Subject: Undelivered Mail Returned to Sender\n"
            "Date: Sun, 22 Nov 2026 11:00:00 +0900\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=delivery-status;\n"
            "\tboundary=bb\n\n--bb\nContent-Type: text/plain\n\n"
            f"{failed} does not exist.\n\n--bb\n"
            "Content-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; mx.example.com\nOriginal-Envelope-Id: {envid}\n"
            f"\nFinal-Recipient: rfc822; {failed}\nAction: failed\n"
            "Status: 5.1.1\n\n--bb--\n").encode()
