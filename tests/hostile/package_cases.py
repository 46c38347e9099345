"""OpenDocument and compound files (OLE2)."""

import struct

from cases import FOUND, HELD, LABEL, add, case, line, text, zipped
from packages import OFFICE, XML, Compound, odf, odf_xml

ODF = "odf"
COMPOUND = "compound"


def labelled(n):
    return line(n).strip()


def opened(name, body, want=FOUND, kind="text", ending="odt", **settings):
    add(ODF, name, lambda n: odf(body(n), kind, **settings), want, ending)


def beside(name, path, content, want=FOUND):
    add(ODF, name, lambda n: odf("<text:p>hello</text:p>", more={
        path: content(n)}), want, "odt")


opened("split_spans", lambda n: "<text:p>" + "".join(
    f"<text:span>{c}</text:span>" for c in labelled(n)) + "</text:p>")
opened("blanks_between", lambda n: f"<text:p>{LABEL}<text:s text:c=\"4\"/>"
       f"{n[:4]}<text:s/>{n[4:8]}<text:s/>{n[8:]}</text:p>")
opened("deleted_text", lambda n: "<text:tracked-changes><text:changed-region>"
       f"<text:deletion><text:p>{labelled(n)}</text:p></text:deletion>"
       "</text:changed-region></text:tracked-changes><text:p>x</text:p>")
opened("hidden_paragraph", lambda n: "<text:hidden-paragraph text:condition="
       f'"x" text:is-hidden="true">{labelled(n)}</text:hidden-paragraph>')
opened("hidden_string", lambda n: '<text:p><text:hidden-text text:string-value'
       f'="My Number: {n}"/></text:p>')
opened("in_note", lambda n: "<text:p>a<text:note><text:note-body><text:p>"
       f"{labelled(n)}</text:p></text:note-body></text:note></text:p>")
opened("in_frame_title", lambda n: "<text:p><draw:frame><svg:title xmlns:svg="
       f'"x">{labelled(n)}</svg:title></draw:frame></text:p>')
opened("in_variable", lambda n: "<text:variable-decls><text:variable-decl "
       f'office:string-value="My Number: {n}"/></text:variable-decls>')
opened("in_comment", lambda n: f"<text:p><!-- {labelled(n)} -->x</text:p>",
       HELD)
opened("cdata", lambda n: f"<text:p><![CDATA[{labelled(n)}]]></text:p>")
opened("references", lambda n: f"<text:p>{LABEL}：" + "".join(
    f"&#{ord(d)};" for d in n) + "</text:p>")
opened("form_value", lambda n: '<form:form><form:text form:label="My Number" '
       f'form:current-value="My Number: {n}"/></form:form>')
opened("script", lambda n: f"<script:event-listener>My Number: {n}"
       "</script:event-listener>")
opened("no_mimetype", lambda n: f"<text:p>{labelled(n)}</text:p>",
       without=("mimetype",))
opened("no_manifest", lambda n: f"<text:p>{labelled(n)}</text:p>",
       without=("META-INF/manifest.xml",))
opened("says_encrypted", lambda n: f"<text:p>{labelled(n)}</text:p>", HELD,
       encrypted="<manifest:encryption-data/>")
opened("hidden_table", lambda n: '<table:table table:display="false">'
       f"<table:table-row><table:table-cell><text:p>{labelled(n)}</text:p>"
       "</table:table-cell></table:table-row></table:table>", kind=
       "spreadsheet", ending="ods")
opened("hidden_row", lambda n: "<table:table><table:table-row "
       'table:visibility="collapse"><table:table-cell office:value-type="float"'
       f' office:value="{n}"><text:p>1.2E+11</text:p></table:table-cell>'
       f"<table:table-cell><text:p>{LABEL}</text:p></table:table-cell>"
       "</table:table-row></table:table>", kind="spreadsheet", ending="ods")
opened("value_differs", lambda n: "<table:table><table:table-row>"
       f"<table:table-cell><text:p>{LABEL}</text:p></table:table-cell>"
       f'</table:table-row><table:table-row><table:table-cell '
       f'office:value-type="string" office:string-value="{n}"><text:p>hello'
       "</text:p></table:table-cell></table:table-row></table:table>",
       kind="spreadsheet", ending="ods")
opened("label_in_number_format", lambda n: "<table:table><table:table-row>"
       f'<table:table-cell office:value-type="float" office:value="{n}">'
       f"<text:p>My Number: {n}</text:p></table:table-cell></table:table-row>"
       "</table:table>", kind="spreadsheet", ending="ods")
opened("covered_cell", lambda n: "<table:table><table:table-row>"
       "<table:table-cell table:number-columns-spanned=\"2\"><text:p>x"
       f"</text:p></table:table-cell><table:covered-table-cell><text:p>"
       f"{labelled(n)}</text:p></table:covered-table-cell></table:table-row>"
       "</table:table>", kind="spreadsheet", ending="ods")
opened("repeated_cells", lambda n: "<table:table><table:table-row "
       'table:number-rows-repeated="1048576"><table:table-cell '
       'table:number-columns-repeated="1024"/></table:table-row>'
       f"<table:table-row><table:table-cell><text:p>{labelled(n)}</text:p>"
       "</table:table-cell></table:table-row></table:table>",
       kind="spreadsheet", ending="ods")
opened("slide_notes", lambda n: '<draw:page><presentation:notes '
       f'xmlns:presentation="x"><draw:text-box><text:p>{labelled(n)}</text:p>'
       "</draw:text-box></presentation:notes></draw:page>",
       kind="presentation", ending="odp")
beside("meta", "meta.xml", lambda n: f"{XML}<office:document-meta {OFFICE}>"
       f"<office:meta><meta:user-defined meta:name=\"x\">{labelled(n)}"
       "</meta:user-defined></office:meta></office:document-meta>")
beside("header_in_styles", "styles.xml", lambda n: f"{XML}<office:document-"
       f'styles {OFFICE}><office:master-styles><style:header xmlns:style="x">'
       f"<text:p>{labelled(n)}</text:p></style:header></office:master-styles>"
       "</office:document-styles>")
beside("object", "Object 1/content.xml", lambda n: odf_xml(
    f"<text:p>{labelled(n)}</text:p>", "chart"))
beside("unlisted_file", "x/y.txt", lambda n: line(n))
beside("version", "Versions/Version1", lambda n: odf(
    f"<text:p>{labelled(n)}</text:p>"))
beside("zip_as_picture", "Pictures/a.png", zipped)
beside("macro", "Basic/Standard/Module1.xml", lambda n: f"{XML}<m>REM My "
       f"Number: {n}</m>")
add(ODF, "entity", lambda n: odf("", main=odf_xml(
    "<text:p>My Number: &n;</text:p>", head=f'{XML}<!DOCTYPE x [<!ENTITY n '
    f'"{n}">]>')), HELD, "odt")
add(ODF, "entity_split", lambda n: odf("", main=odf_xml(
    "<text:p>My Number: &a;&b;</text:p>", head=f'{XML}<!DOCTYPE x [<!ENTITY a '
    f'"{n[:6]}"><!ENTITY b "{n[6:]}">]>')), HELD, "odt")
add(ODF, "content_cut", lambda n: odf("", main=odf_xml(
    f"<text:p>{labelled(n)}</text:p>")[:-40]), ending="odt")
add(ODF, "content_utf_16", lambda n: odf("", main=odf_xml(
    f"<text:p>{labelled(n)}</text:p>", head='<?xml version="1.0" '
    'encoding="UTF-16"?>').encode("utf-16")), ending="odt")
add(ODF, "flat", lambda n: odf_xml(f"<text:p>{labelled(n)}</text:p>",
                                   root="document").encode(), ending="fodt")
add(ODF, "two_contents", lambda n: odf("<text:p>hello</text:p>", more={
    "Content.xml": odf_xml(f"<text:p>{labelled(n)}</text:p>")}), ending="odt")


def compound(name, make, want=FOUND, ending="doc"):
    """make(number, file) fills the file."""
    def build(n):
        file = Compound()
        make(n, file)
        return file.data()
    add(COMPOUND, name, build, want, ending)


def wide(n):
    return labelled(n).encode("utf-16-le")


def native(data):
    """An OLE 1.0 object: sizes, names and the file."""
    body = (b"\2\0" + b"a.zip\0" + b"C:\\a.zip\0" + b"\0\0\3\0"
            + struct.pack("<I", 9) + b"C:\\a.zip\0"
            + struct.pack("<I", len(data)) + data)
    return struct.pack("<I", len(body)) + body


compound("stream_utf_16", lambda n, f: f.stream("WordDocument", wide(n)))
compound("stream_cp932", lambda n, f: f.stream(
    "WordDocument", text(n, "cp932")))
compound("stream_over_sectors", lambda n, f: f.stream(
    "WordDocument", b"x" * 500 + wide(n)))
compound("no_known_stream", lambda n, f: f.stream("abc", wide(n)))
compound("native_zip", lambda n, f: f.stream("\1Ole10Native", native(zipped(
    n))))
compound("package_stream", lambda n, f: f.stream("Package", zipped(n)))
compound("mail_attachment", lambda n, f: f.stream(
    "__substg1.0_37010102", zipped(n)), ending="msg")
compound("mail_body", lambda n, f: f.stream(
    "__substg1.0_1000001F", wide(n)), ending="msg")
compound("in_slack", lambda n, f: f.stream("x", b"\0" * 3000 + wide(n),
                                           2000), HELD)
compound("stream_name", lambda n, f: f.stream("My Number " + n, b"x"))
compound("encrypted_package", lambda n, f: (
    f.stream("EncryptionInfo", b"\4\0\4\0\x40\0\0\0<encryption/>"),
    f.stream("EncryptedPackage", zipped(n))), HELD, "docx")
compound("ichitaro", lambda n, f: f.stream(
    "DocumentText", b"SsmgV.01" + labelled(n).encode("utf-16-be")),
         HELD, "jtd")


@case(COMPOUND, HELD, ending="doc")
def orphan_sectors(n):
    """A zip in sectors that no entry names."""
    file = Compound()
    file.stream("WordDocument", b"hello")
    file.orphan(zipped(n))
    return file.data()


@case(COMPOUND, HELD, ending="doc")
def chain_in_a_circle(n):
    file = Compound()
    first = file.stream("WordDocument", b"hello")
    file.stream("x", wide(n))

    def turn(table):
        table[first + 3] = first
    return file.data(turn)


@case(COMPOUND, HELD, ending="doc")
def directory_in_a_circle(n):
    file = Compound()
    file.stream("x", wide(n))

    def turn(table):
        table[-1] = len(table) - 1
    return file.data(turn)


@case(COMPOUND, HELD, ending="doc")
def chain_leaves_the_file(n):
    file = Compound()
    first = file.stream("x", wide(n))

    def cut(table):
        table[first] = 0x00FFFFFF
    return file.data(cut)


@case(COMPOUND, HELD, ending="doc")
def chains_share_sectors(n):
    file = Compound()
    first = file.stream("a", b"hello")
    second = file.stream("b", zipped(n))

    def join(table):
        table[first] = second
    return file.data(join)


@case(COMPOUND, HELD, ending="doc")
def truncated(n):
    file = Compound()
    file.stream("a", zipped(n))
    return file.data()[:2000]


@case(COMPOUND, HELD, ending="doc")
def sector_size_lies(n):
    file = Compound()
    file.stream("a", wide(n))
    whole = bytearray(file.data())
    whole[30] = 12
    return bytes(whole)


@case(COMPOUND, HELD, ending="doc")
def stream_sizes_lie(n):
    file = Compound()
    file.stream("a", zipped(n), 0xFFFFFFF0)
    file.stream("b", wide(n), 3)
    return file.data()


@case(COMPOUND, HELD, ending="doc")
def data_behind_the_end(n):
    file = Compound()
    file.stream("WordDocument", b"hello")
    return file.data() + zipped(n)
