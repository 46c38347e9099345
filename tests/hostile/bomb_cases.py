"""Small files that become large, deep or slow. Each also holds a number,
which may be found or not: what counts is that it does not pass, and soon."""

import functools
import gzip
import io
import json
import struct
import zipfile
import zlib

from archives import tar, tar_header
from cases import HELD, add, attached, line, mail, mixed, part, text, zipped
from packages import XML, docx, inline, odf, odf_xml, paragraph, sheet, xlsx
from pdfs import page, shown
from zips import Entry, archive, end_record

FAMILY = "bomb"
MEGABYTE = 1 << 20


def bomb(name, make, ending="zip"):
    add(FAMILY, name, make, HELD, ending)


@functools.lru_cache
def zeros(megabytes):
    """A deflate stream of zeros, made by repeating one piece."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packer.compress(b"\0" * 32768)
    packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b"\0" * MEGABYTE) + packer.flush(
        zlib.Z_FULL_FLUSH)
    return piece * megabytes + packer.flush(zlib.Z_FINISH)


def gz(megabytes):
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + zeros(megabytes)
            + struct.pack("<II", 0, megabytes * MEGABYTE & 0xFFFFFFFF))


def big_entry(megabytes):
    return Entry("b.txt", b"", packed=zeros(megabytes), crc=0,
                 size=megabytes * MEGABYTE)


bomb("gigabyte_of_zeros", lambda n: archive([big_entry(1024), Entry(
    "list.txt", text(n))]))
bomb("gigabyte_says_ten_bytes", lambda n: archive([Entry(
    "b.txt", b"", packed=zeros(1024), size=10), Entry("list.txt", text(n))]))
bomb("gz_of_gz", lambda n: gzip.compress(gz(1024)), "gz")
bomb("many_gigabytes", lambda n: archive([Entry(
    f"{i}.gz", gzip.compress(gz(300))) for i in range(20)]
    + [Entry("list.txt", text(n))]))


def overlapping(n):
    """Fifield: each entry holds the headers of all behind it, and one kernel."""
    kernel = zeros(8)
    count = 30
    out = b""
    entries = []
    rest = Entry("last", b"", packed=kernel, size=8 * MEGABYTE).local_bytes()
    for i in range(count):
        quoted = struct.pack("<BHH", 0, len(rest) & 0xFFFF,
                             ~len(rest) & 0xFFFF) + b""
        entry = Entry(f"{i:03}", b"", packed=quoted, size=8 * MEGABYTE)
        entry.central["packed"] = len(quoted) + 40
        entry.at = len(out)
        out += entry.local_bytes()
        entries.append(entry)
    kernel_at = len(out)
    out += rest
    for entry in entries:
        entry.central["packed"] = kernel_at + len(rest) - entry.at - 33
    hidden = Entry("list.txt", text(n))
    hidden.at = len(out)
    out += hidden.local_bytes()
    directory = b"".join(e.central_bytes() for e in entries + [hidden])
    return out + directory + end_record(count + 1, len(directory), len(out))


bomb("overlapping", overlapping)


def nested(n):
    data = zipped(n)
    for level in range(60):
        data = archive([Entry(f"{level}.zip", data)])
    return data


def wide(n):
    """Zips in zips: 12 in each, six levels deep."""
    data = zipped(n)
    for level in range(6):
        data = archive([Entry(f"{level}-{i}.zip", data) for i in range(12)])
    return data


def laughs(name="n"):
    rows = f'<!ENTITY {name}0 "123456789012">' + "".join(
        f'<!ENTITY {name}{i} "{("&" + name + str(i - 1) + ";") * 10}">'
        for i in range(1, 10))
    return f"{XML}<!DOCTYPE x [{rows}]>"


bomb("nested_zips", nested)
bomb("zips_in_width", wide)
bomb("laughs_docx", lambda n: docx(
    paragraph(line(n)), {"word/header1.xml": laughs() + "<a>&n9;</a>"}),
     "docx")
bomb("laughs_odt", lambda n: odf("", main=odf_xml(
    f"<text:p>&n9;{line(n)}</text:p>", head=laughs())), "odt")
bomb("laughs_xml", lambda n: (laughs() + f"<a>&n9;{line(n)}</a>").encode(),
     "xml")
bomb("xml_100k_levels", lambda n: docx("<x>" * 100000 + line(n)), "docx")
bomb("sheet_rows_repeated", lambda n: odf(
    '<table:table><table:table-row table:number-rows-repeated="1048576">'
    '<table:table-cell table:number-columns-repeated="16384"><text:p>'
    f"My Number: {n}</text:p></table:table-cell></table:table-row>"
    "</table:table>", "spreadsheet"), "ods")
bomb("blanks_repeated", lambda n: odf(
    f'<text:p>My Number: <text:s text:c="2000000000"/>{n}</text:p>'), "odt")
bomb("json_levels", lambda n: (b"[" * 200000 + json.dumps(
    {"myNumber": n}).encode()), "json")
bomb("html_levels", lambda n: b"<div>" * 200000 + text(n), "html")
bomb("rtf_levels", lambda n: b"{\\rtf1 " + b"{" * 200000 + text(n), "rtf")
bomb("comments_in_field", lambda n: mail(
    b"Content-Type: text/plain " + b"(" * 100000 + b"\r\n", text(n)), "eml")
bomb("encoded_words_in_boundary", lambda n: mail(
    b'Content-Type: multipart/mixed; boundary="' + b"=?" * 8000 + b'"\r\n',
    text(n)), "eml")
bomb("parts", lambda n: mail(
    b"Content-Type: multipart/mixed; boundary=b\r\n", mixed(
        [part(b"", b"x")] * 30000 + [part(b"", text(n))])), "eml")
bomb("mails_in_mails", lambda n: b"Content-Type: message/rfc822\r\n\r\n" * 3000
     + mail(b"", text(n)), "eml")
bomb("parameters", lambda n: mail(b"Content-Type: text/plain" + b"".join(
    b"; a*%d=x" % i for i in range(20000)) + b"\r\n", text(n)), "eml")
bomb("tar_many_files", lambda n: gzip.compress(tar(
    [(tar_header("d/", 0, b"5"), b"")] * 20000
    + [(tar_header("a.txt", len(text(n))), text(n))])), "tgz")
bomb("tar_pax_size", lambda n: tar([
    (tar_header("x", 1 << 30, b"x"), b"30 path=" + b"a" * 100),
    (tar_header("a.txt", len(text(n))), text(n))]), "tar")
bomb("pdf_stream_of_zeros", lambda n: page(
    "BT /F1 12 Tf 72 720 Td " + f"(My Number: {n}) Tj ET\n" + " " * (
        64 * MEGABYTE)), "pdf")
bomb("pdf_form_calls_itself", lambda n: page(
    shown(f"My Number: {n}") + "/X Do /X Do", resources="/XObject<</X 6 0 R>>",
    more=lambda pdf: pdf.stream("/X Do /X Do /X Do", "/Type/XObject/Subtype"
                                "/Form/BBox[0 0 9 9]/Resources<</XObject<</X "
                                "6 0 R>>>>", number=6)), "pdf")
bomb("pdf_page_of_a_kilometre", lambda n: page(
    shown(f"My Number: {n}")).replace(b"595 842", b"9e9 9e9"), "pdf")


def many_entries(n):
    """More than the 16 bits of the end record can count."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for i in range(65600):
            made.writestr(zipfile.ZipInfo(f"{i:x}"), b"")
        made.writestr("list.txt", text(n))
    return out.getvalue()


bomb("entries_65601", many_entries)
bomb("in_a_mail", lambda n: attached("b.gz", gzip.compress(gz(1024))), "eml")
bomb("sheet_of_one_string", lambda n: xlsx(
    [("S", "", sheet([[inline("My Number: " + n)]]))], {"xl/sharedStrings.xml":
                                       XML + "<sst><si><t>" + "x" * (
                                           8 * MEGABYTE) + "</t></si></sst>"}),
     "xlsx")
