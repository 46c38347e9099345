"""Files that are two things at once, or another than their name says."""

import gzip
import struct
import zlib

from archives import rar5, seven_zip, tar, tar_header
from cases import (FOUND, HELD, add, ascii_line, attached, b64, line, text,
                   zipped)
from packages import Compound, docx, odf, paragraph
from pdfs import page, shown
from zips import Entry, archive

FAMILY = "polyglot"
GIF = (b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1"
       b"\0;")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300"
                     + "01" * 64 + "ffc0000b080001000101011100ffc40014000100"
                     "00000000000000000000000000000000ffda0008010100003f00"
                     "37ffd9")


def png(*chunks):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + b"".join(
            chunk(kind, data) for kind, data in chunks)
        + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def file(name, make, want=FOUND, ending="bin"):
    add(FAMILY, name, make, want, ending)


def words(n):
    return f"My Number: {n}"


file("pdf_then_zip", lambda n: page(shown("hello")) + zipped(n), ending="pdf")
file("zip_then_pdf", lambda n: archive([Entry("a.txt", b"hello")])
     + page(shown(words(n))), ending="zip")
file("pdf_in_stored_zip", lambda n: archive([Entry("a", page(
    shown(words(n))), method=0)]), ending="pdf")
file("gif_then_zip", lambda n: GIF + zipped(n), ending="gif")
file("jpeg_then_zip", lambda n: JPEG + zipped(n), ending="jpg")
file("png_then_zip", lambda n: png() + zipped(n), ending="png")
file("zip_in_png_chunk", lambda n: png((b"teSt", zipped(n))), ending="png")
file("text_in_png_chunk", lambda n: png((b"tEXt", b"Comment\0" + words(
    n).encode())), ending="png")
file("packed_text_in_png", lambda n: png((b"zTXt", b"Comment\0\0"
     + zlib.compress(words(n).encode() * 9))), HELD, "png")
file("text_in_jpeg_comment", lambda n: JPEG[:2] + b"\xff\xfe" + struct.pack(
    ">H", len(words(n)) + 2) + words(n).encode() + JPEG[2:], ending="jpg")
file("gif_then_text", lambda n: GIF + ascii_line(n), ending="gif")
file("gif_starts_text", lambda n: b"GIF89a My Number: " + n.encode() + b"\r\n",
     ending="gif")
file("html_then_zip", lambda n: b"<html><body>hello</body></html>" + zipped(n),
     ending="html")
file("html_in_zip_comment", lambda n: archive([Entry("a", b"x")],
     comment=f"<html><p>{line(n)}</p></html>".encode()), ending="html")
file("mail_then_zip", lambda n: attached("a.txt", b"hello") + zipped(n),
     ending="eml")
file("zip_then_mail", lambda n: archive([Entry("a", b"x")])
     + attached("a.zip", zipped(n)), ending="zip")
file("text_then_7z", lambda n: b"hello\r\n" * 9 + seven_zip(text(n)),
     ending="txt")
file("text_then_rar", lambda n: b"hello\r\n" * 9 + rar5([("a.zip", zipped(
    n))]), ending="txt")
file("text_then_gz", lambda n: b"hello\r\n" * 9 + gzip.compress(text(n)), HELD,
     "txt")
file("csv_then_zip", lambda n: "氏名,部署\r\n山田,総務\r\n".encode("cp932") * 9
     + zipped(n), ending="csv")
file("json_then_zip", lambda n: b'{"a":1}\n' + zipped(n), ending="json")
file("xml_then_zip", lambda n: b'<?xml version="1.0"?><a/>\n' + zipped(n),
     ending="xml")
file("json_and_html", lambda n: ('{"a":"<html><p>個人番号：' + "".join(
    f"<b>{d}</b>" for d in n) + '</p></html>"}').encode(), ending="json")
file("docx_and_html_member", lambda n: docx(paragraph("hello"), {
    "index.html": f"<p>{line(n)}</p>"}), ending="docx")
file("docx_and_odt", lambda n: docx(paragraph("hello"), {
    "mimetype": "application/vnd.oasis.opendocument.text", "content.xml":
    f"<office:document-content xmlns:office='x' xmlns:text='y'><text:p>"
    f"{line(n)}</text:p></office:document-content>"}), ending="docx")
file("odt_and_docx", lambda n: odf("<text:p>hello</text:p>", more={
    "word/document.xml": f"<w:document xmlns:w='x'><w:p><w:r><w:t>{line(n)}"
    "</w:t></w:r></w:p></w:document>"}), ending="odt")
file("tar_and_zip", lambda n: tar([(tar_header("a.txt", 5), b"hello")],
                                  b"") + zipped(n), ending="tar")
file("zip_as_text", zipped, ending="txt")
file("zip_as_mail", zipped, ending="eml")
file("zip_behind_blank_lines", lambda n: b"\r\n\r\n" + zipped(n))
file("zip_behind_program", lambda n: b"MZ" + b"\x90\0" * 4000 + zipped(n),
     ending="exe")
file("zip_behind_elf", lambda n: b"\x7fELF" + b"\2\1\1" + b"\0" * 4000
     + zipped(n), ending="so")
file("pdf_as_docx", lambda n: page(shown(words(n))), ending="docx")
file("docx_as_pdf", lambda n: docx(paragraph(line(n))), ending="pdf")
file("docx_as_doc", lambda n: docx(paragraph(line(n))), ending="doc")
file("html_as_xls", lambda n: f"<html><table><tr><td>個人番号<td>{n}</table>"
     .encode(), ending="xls")
file("csv_as_xls", lambda n: f"氏名,個人番号\r\n山田,{n}\r\n".encode("cp932"),
     ending="xls")
file("mail_as_doc", lambda n: attached("a.zip", zipped(n)), ending="doc")
file("rtf_then_zip", lambda n: b"{\\rtf1 hello}" + zipped(n), ending="rtf")
file("mark_then_zip", lambda n: b"\xef\xbb\xbf" + zipped(n))
file("wav_with_text", lambda n: b"RIFF" + struct.pack("<I", 100) + b"WAVELIST"
     + struct.pack("<I", len(words(n))) + words(n).encode(), ending="wav")
file("mp3_with_text", lambda n: b"ID3\3\0\0\0\0\0\x7fCOMM" + struct.pack(
    ">I", len(words(n)) + 5) + b"\0\0\0eng\0" + words(n).encode()
     + b"\xff\xfb\x90\0" * 20, ending="mp3")
file("mp4_with_zip", lambda n: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
     + struct.pack(">I", 8 + len(zipped(n))) + b"free" + zipped(n),
     ending="mp4")


def compound_then_zip(n):
    made = Compound()
    made.stream("WordDocument", b"hello")
    return made.data() + zipped(n)


file("compound_then_zip", compound_then_zip, ending="doc")


def picture_mail(n):
    """A picture by its type, a zip by its bytes."""
    return attached("photo.jpg", zipped(n), b"image/jpeg")


file("picture_by_type", picture_mail, ending="eml")
file("calendar_with_html", lambda n: (
    "BEGIN:VCALENDAR\r\nX-ALT-DESC;FMTTYPE=text/html:<p>My Number: "
    + "".join(f"<b>{d}</b>" for d in n) + "</p>\r\nEND:VCALENDAR\r\n").encode(),
     ending="ics")
file("base64_as_zip", lambda n: b64(zipped(n)), ending="zip")
