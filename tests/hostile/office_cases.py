"""Office packages that hide a number, or are not what they say."""

from cases import FOUND, HELD, LABEL, add, case, line, text, zipped
from packages import (KIND, R, S, W, XML, content_types, document, docx,
                      inline, office, packed, paragraph, relations, sheet,
                      value, workbook, xlsx)

FAMILY = "office"


def word(name, words, want=FOUND, ending="docx", **settings):
    """words(number): the XML behind a harmless paragraph."""
    add(FAMILY, name, lambda n: docx(words(n), **settings), want, ending)


def with_part(name, path, content, want=FOUND, ending="docx"):
    """A number in another part of the package."""
    add(FAMILY, name, lambda n: docx("", {path: content(n)}), want, ending)


def book(name, rows, want=FOUND, state="", ending="xlsx", more=None):
    """rows(number); more(number): further members."""
    add(FAMILY, name, lambda n: xlsx(
        [("Sheet1", "", sheet([[inline("hello")]])),
         ("Sheet2", state, sheet(rows(n)))], more(n) if more else None),
        want, ending)


def labelled(n):
    return line(n).strip()


def split_runs(n):
    return "".join(f"<w:r><w:rPr/><w:t>{c}</w:t></w:r>" for c in labelled(n))


word("paragraph", lambda n: paragraph(labelled(n)))
word("split_runs", lambda n: f"<w:p>{split_runs(n)}</w:p>")
word("split_by_marks", lambda n: "<w:p>" + split_runs(n).replace(
    "</w:r>", '</w:r><w:proofErr w:type="spellStart"/>') + "</w:p>")
word("split_by_bookmarks", lambda n: "<w:p>" + split_runs(n).replace(
    "</w:r>", '</w:r><w:bookmarkStart w:id="1"/>') + "</w:p>")
word("hidden_text", lambda n: "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>"
     f"{labelled(n)}</w:t></w:r></w:p>")
word("deleted_text", lambda n: '<w:p><w:del w:id="1"><w:r><w:delText>'
     f"{labelled(n)}</w:delText></w:r></w:del></w:p>")
word("text_box", lambda n: "<w:p><w:r><w:pict><w:txbxContent>"
     f"{paragraph(labelled(n))}</w:txbxContent></w:pict></w:r></w:p>")
word("alternate_fallback", lambda n: '<w:p><w:r><mc:AlternateContent xmlns:mc='
     '"http://schemas.openxmlformats.org/markup-compatibility/2006">'
     '<mc:Choice Requires="x"><w:t>hello</w:t></mc:Choice><mc:Fallback><w:t>'
     f"{labelled(n)}</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>")
word("field_code", lambda n: "<w:p><w:r><w:instrText>QUOTE \"My Number: "
     f"{n}\"</w:instrText></w:r></w:p>")
word("digit_cells", lambda n: "<w:tbl><w:tr><w:tc>" + paragraph(LABEL)
     + "</w:tc>" + "".join(f"<w:tc>{paragraph(d)}</w:tc>" for d in n)
     + "</w:tr></w:tbl>")
word("character_references", lambda n: paragraph(LABEL + "：" + "".join(
    f"&#x{ord(d):x};" for d in n)))
word("cdata", lambda n: paragraph(f"<![CDATA[{labelled(n)}]]>"))
word("comment_inside", lambda n: paragraph(
    f"{LABEL}：{n[:6]}<!-- x -->{n[6:]}"))
word("processing_inside", lambda n: paragraph(
    f"{LABEL}：{n[:6]}<?x y?>{n[6:]}"))
word("in_xml_comment", lambda n: f"<!-- {labelled(n)} -->")
word("other_prefix", lambda n: paragraph(labelled(n)).replace("w:", "zz:")
     .replace("<zz:p>", "<zz:p " + W.replace(":w", ":zz") + ">"))
word("alternative_text", lambda n: '<w:p><w:r><w:drawing><wp:docPr xmlns:wp='
     f'"x" id="1" name="x" descr="My Number: {n}"/></w:drawing></w:r></w:p>')
word("unknown_element", lambda n: f'<x:y xmlns:x="z">{labelled(n)}</x:y>')
word("no_content_types", lambda n: paragraph(labelled(n)),
     without=("[Content_Types].xml",))
word("no_relations", lambda n: paragraph(labelled(n)), without=("_rels/.rels",))
word("macro_type", lambda n: paragraph(labelled(n)), ending="docm",
     types=content_types("docx",
                         "application/vnd.ms-word.document.macroEnabled."
                         "main+xml"))
word("type_says_sheet", lambda n: paragraph(labelled(n)),
     types=content_types("docx", KIND + "spreadsheetml.sheet.main+xml"))
word("as_picture", lambda n: paragraph(labelled(n)), ending="png")
for name, path in (("header", "word/header1.xml"),
                   ("footnotes", "word/footnotes.xml"),
                   ("comments", "word/comments.xml"),
                   ("glossary", "word/glossary/document.xml"),
                   ("unnamed_part", "word/x/y/z.xml"),
                   ("part_of_no_ending", "word/data")):
    with_part(name, path, lambda n: document(paragraph(labelled(n))))
with_part("properties", "docProps/core.xml", lambda n: XML
          + '<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>'
          f"{labelled(n)}</dc:title></cp:coreProperties>")
with_part("own_properties", "docProps/custom.xml", lambda n: XML
          + '<Properties xmlns="x" xmlns:vt="y"><property fmtid="a" pid="2" '
          f'name="kojin bango"><vt:lpwstr>{labelled(n)}</vt:lpwstr></property>'
          "</Properties>")
with_part("custom_xml", "customXml/item1.xml",
          lambda n: f"<a><b>{labelled(n)}</b></a>")
with_part("custom_attribute", "customXml/item1.xml",
          lambda n: f'<a mynumber="{n}" note="My Number: {n}"/>')
with_part("nested_package", "word/embeddings/x.docx",
          lambda n: docx(paragraph(labelled(n))))
with_part("nested_sheet", "word/embeddings/x.xlsx", lambda n: xlsx(
    [("S", "", sheet([[inline(LABEL), value(n)]]))]))
with_part("zip_as_picture", "word/media/image1.png", zipped)
with_part("chunk_html", "word/afchunk.htm",
          lambda n: f"<html><p>{labelled(n)}</p></html>")
with_part("printer_settings", "word/printerSettings1.bin",
          lambda n: f"My Number: {n}".encode("utf-16-le"))
with_part("external_link", "word/_rels/document.xml.rels",
          lambda n: relations([("hyperlink", "https://www.example.com/?q=My"
                                f"%20Number%3A%20{n}", "External")]), HELD)
with_part("two_documents", "word/document2.xml",
          lambda n: document(paragraph(labelled(n))))

book("hidden_sheet", lambda n: [[inline(labelled(n))]], state="hidden")
book("very_hidden_sheet", lambda n: [[inline(labelled(n))]],
     state="veryHidden")
book("number_as_number", lambda n: [[inline(LABEL)], [value(n)]])
book("number_scientific", lambda n: [[inline(LABEL)], [value(
    f"{n[0]}.{n[1:]}E+11")]])
book("number_with_decimals", lambda n: [[inline(LABEL)], [value(n + ".0")]])
book("formula_result", lambda n: [[inline(LABEL)], [
    f' t="str"><f>A1&amp;B1</f><v>{n}</v>']])
book("formula_only", lambda n: [[inline(LABEL)], [
    f'><f>"My Number: {n}"</f>']])
book("digit_cells_sheet", lambda n: [[inline(LABEL)] + [value(d) for d in n]])
book("phonetic", lambda n: [[f' t="inlineStr"><is><t>hello</t><rPh sb="0" '
                             f'eb="1"><t>{labelled(n)}</t></rPh></is>']])
book("escaped_characters", lambda n: [[inline(LABEL + "：" + "".join(
    f"_x{ord(d):04X}_" for d in n))]])
book("rich_string", lambda n: [[' t="inlineStr"><is>' + "".join(
    f"<r><t>{c}</t></r>" for c in labelled(n)) + "</is>"]])
book("shared_out_of_range", lambda n: [[' t="s"><v>999</v>'],
                                       [inline(labelled(n))]])
book("cell_without_name", lambda n: [[inline(LABEL)], [inline(n)]])
book("macro_book", lambda n: [[inline(labelled(n))]], ending="xlsm")
for name, path, make in (
        ("sheet_comment", "xl/comments1.xml", lambda n: f"{XML}<comments {S}>"
         f'<commentList><comment ref="A1"><text><t>{labelled(n)}</t></text>'
         "</comment></commentList></comments>"),
        ("threaded_comment", "xl/threadedComments/threadedComment1.xml",
         lambda n: f'{XML}<ThreadedComments xmlns="x"><threadedComment '
         f'ref="A1"><text>{labelled(n)}</text></threadedComment>'
         "</ThreadedComments>"),
        ("drawing", "xl/drawings/drawing1.xml", lambda n: f'{XML}<d xmlns:a='
         f'"x"><a:p><a:r><a:t>{labelled(n)}</a:t></a:r></a:p></d>'),
        ("unused_shared", "xl/sharedStrings.xml", lambda n: f"{XML}<sst {S}>"
         f"<si><t>{labelled(n)}</t></si></sst>"),
        ("connections", "xl/connections.xml", lambda n: f"{XML}<connections>"
         f'<connection name="x" description="My Number: {n}"/></connections>'),
        ("pivot_cache", "xl/pivotCache/pivotCacheRecords1.xml", lambda n:
         f'{XML}<r {S}><r><s v="My Number: {n}"/></r></r>'),
        ("unlisted_sheet", "xl/worksheets/sheet9.xml",
         lambda n: sheet([[inline(labelled(n))]])),
        ("external_cache", "xl/externalLinks/externalLink1.xml", lambda n:
         f'{XML}<externalLink {S} {R}><externalBook><sheetDataSet>'
         f'<sheetData><row><cell><v>{labelled(n)}</v></cell></row></sheetData>'
         "</sheetDataSet></externalBook></externalLink>")):
    book(name, lambda n: [[inline("x")]],
         more=lambda n, path=path, make=make: {path: make(n)})

DTD = '<!DOCTYPE x [<!ENTITY n "{n}">]>'
add(FAMILY, "entity", lambda n: office("docx", document(
    paragraph("My Number: &n;"), XML + DTD.format(n=n))), HELD, "docx")
add(FAMILY, "entity_split", lambda n: office("docx", document(
    paragraph("My Number: &a;&b;"), XML + f'<!DOCTYPE x [<!ENTITY a "{n[:6]}">'
    f'<!ENTITY b "{n[6:]}">]>')), HELD, "docx")
add(FAMILY, "entity_external", lambda n: office("docx", document(
    paragraph(labelled(n)), XML + '<!DOCTYPE x [<!ENTITY e SYSTEM '
    '"file:///etc/hostname">]>')), HELD, "docx")
add(FAMILY, "utf_16_part", lambda n: office("docx", document(
    paragraph(labelled(n)), '<?xml version="1.0" encoding="UTF-16"?>')
    .encode("utf-16")), ending="docx")
add(FAMILY, "utf_7_part", lambda n: office("docx", document(
    paragraph(labelled(n)), '<?xml version="1.0" encoding="UTF-7"?>')
    .encode("utf-7")), HELD, "docx")
add(FAMILY, "cp932_part", lambda n: office("docx", document(
    paragraph(labelled(n)), '<?xml version="1.0" encoding="Shift_JIS"?>')
    .encode("cp932")), ending="docx")
add(FAMILY, "strict", lambda n: office("docx", document(
    paragraph(labelled(n))).replace("http://schemas.openxmlformats.org/"
                                    "wordprocessingml/2006/main",
                                    "http://purl.oclc.org/ooxml/"
                                    "wordprocessingml/main")), ending="docx")
add(FAMILY, "xml_cut", lambda n: office("docx", document(
    paragraph(labelled(n)))[:-20]), ending="docx")
add(FAMILY, "xml_not_well_formed", lambda n: office("docx", document(
    "<a><b></a>" + paragraph(labelled(n)))), ending="docx")
add(FAMILY, "parts_in_upper_case", lambda n: packed({
    "[CONTENT_TYPES].XML": content_types("docx"), "WORD/DOCUMENT.XML":
    document(paragraph(labelled(n)))}), ending="docx")
add(FAMILY, "parts_with_backslash", lambda n: packed({
    "[Content_Types].xml": content_types("docx"), "word\\document.xml":
    document(paragraph(labelled(n)))}), ending="docx")
add(FAMILY, "binary_sheet", lambda n: packed({
    "[Content_Types].xml": content_types("xlsx"), "xl/workbook.bin": b"\x83\1\0"
    + b"\x92\1\0" * 30, "xl/worksheets/sheet1.bin": f"My Number: {n}".encode(
        "utf-16-le")}), HELD, "xlsb")
add(FAMILY, "slide", lambda n: office("pptx", f'{XML}<p:presentation xmlns:p='
    '"x"/>', {"ppt/slides/slide1.xml": f'{XML}<p:sld xmlns:p="x" xmlns:a="y">'
              f"<a:p><a:r><a:t>{LABEL}：{n[:5]}</a:t></a:r><a:r><a:t>{n[5:]}"
              "</a:t></a:r></a:p></p:sld>"}), ending="pptx")
add(FAMILY, "slide_notes", lambda n: office("pptx", f'{XML}<p:presentation '
    'xmlns:p="x"/>', {"ppt/notesSlides/notesSlide1.xml":
                      f'{XML}<p:notes xmlns:p="x" xmlns:a="y"><a:p><a:r><a:t>'
                      f"{labelled(n)}</a:t></a:r></a:p></p:notes>"}),
    ending="pptx")


@case(FAMILY, ending="xml")
def flat_package(n):
    return (f'{XML}<pkg:package xmlns:pkg="http://schemas.microsoft.com/office'
            '/2006/xmlPackage"><pkg:part pkg:name="/word/document.xml">'
            f"<pkg:xmlData>{document(paragraph(labelled(n)), '')}"
            "</pkg:xmlData></pkg:part></pkg:package>").encode()


@case(FAMILY, ending="xml")
def sheet_of_2003(n):
    return (f'{XML}<Workbook xmlns="urn:schemas-microsoft-com:office:'
            'spreadsheet"><Worksheet><Table><Row><Cell><Data>'
            f"{LABEL}</Data></Cell></Row><Row><Cell><Data>{n}</Data></Cell>"
            "</Row></Table></Worksheet></Workbook>").encode()


@case(FAMILY, ending="docx")
def main_part_elsewhere(n):
    """The relation points at a part of another name."""
    return packed({
        "[Content_Types].xml": content_types("docx").replace(
            "word/document.xml", "x/main.bin"),
        "_rels/.rels": relations([("officeDocument", "x/main.bin", "")]),
        "x/main.bin": document(paragraph(labelled(n)))})


@case(FAMILY, ending="xlsx")
def sheet_elsewhere(n):
    return office("xlsx", workbook([("S", "", "")]), {
        "xl/_rels/workbook.xml.rels": relations([("worksheet", "/data.txt",
                                                  "")]),
        "data.txt": sheet([[inline(LABEL)], [value(n)]])})


@case(FAMILY, HELD, ending="docx")
def macros(n):
    """vbaProject.bin that is no compound file."""
    return docx("", {"word/vbaProject.bin": b"\0\1" + text(n, "cp932")})
