#!/usr/bin/python3
"""Make the samples under tests/data/docx, xlsx and pptx, and places.tsv.

Run by hand in tests/data; needs LibreOffice, python3-docx, python3-openpyxl
and python3-xlsxwriter. Packages with what no such program writes are put
together here. Each place holds a number of its own, generated and with a right
check digit; places.tsv says which: file, place, number.
"""
import glob
import os
import subprocess
import tempfile
import zipfile

PLACES = []
STAMP = (2026, 4, 1, 0, 0, 0)


def number():
    """The next number: made up, with a right check digit."""
    made = len(PLACES) + 1
    digits = f"{(made * 48271 * 104729 + 61803398875) % 10 ** 11:011d}"
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5)
                for n, d in enumerate(reversed(digits), 1))
    rest = total % 11
    return digits + str(0 if rest <= 1 else 11 - rest)


class Sample:
    """A file, and the numbers in it."""

    def __init__(self, path):
        self.path = path

    def plant(self, place):
        n = number()
        PLACES.append((self.path, place, n))
        return n

    def split(self, place):
        n = self.plant(place)
        return n[:4], n[4:7], n[7:]


def package(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name, STAMP), data,
                       zipfile.ZIP_DEFLATED)


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/"
SPACES = {
    "w": OFFICE + "wordprocessingml/2006/main",
    "a": OFFICE + "drawingml/2006/main",
    "p": OFFICE + "presentationml/2006/main",
    "c": OFFICE + "drawingml/2006/chart",
    "dgm": OFFICE + "drawingml/2006/diagram",
    "r": OFFICE + "officeDocument/2006/relationships",
    "m": OFFICE + "officeDocument/2006/math",
    "wp": OFFICE + "drawingml/2006/wordprocessingDrawing",
    "xdr": OFFICE + "drawingml/2006/spreadsheetDrawing",
    "vt": OFFICE + "officeDocument/2006/docPropsVTypes",
    "mc": OFFICE + "markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cp": OFFICE + "package/2006/metadata/core-properties",
    "p188": "http://schemas.microsoft.com/office/powerpoint/2018/8/main",
}
SHEET = OFFICE + "spreadsheetml/2006/main"


def xml(root, inside, attributes="", main=None):
    """A part: root with all name spaces that it uses."""
    used = [k for k in SPACES if f"<{k}:" in f"<{root} {inside}" or
            f" {k}:" in f"{attributes} {inside}"]
    spaces = "".join(f' xmlns:{k}="{SPACES[k]}"' for k in used)
    if main:
        spaces += f' xmlns="{main}"'
    return f"{XML}<{root}{spaces}{attributes}>{inside}</{root}>"


def types(*parts):
    over = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>'
                   for name, kind in parts)
    return (f'{XML}<Types xmlns="{OFFICE}package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxml'
            'formats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/>{over}</Types>')


def rels(*entries):
    return (f'{XML}<Relationships xmlns="{OFFICE}package/2006/relationships">'
            + "".join(f'<Relationship Id="{i}" Type="{OFFICE}officeDocument/'
                      f'2006/relationships/{kind}" Target="{target}"{more}/>'
                      for i, kind, target, more in entries)
            + "</Relationships>")


def run(text, properties=""):
    return (f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>')


def runs(*texts):
    return "".join(run(text) for text in texts)


def par(inside):
    return f"<w:p>{inside}</w:p>"


def cell(text, span=0):
    width = f'<w:gridSpan w:val="{span}"/>' if span else ""
    return f"<w:tc><w:tcPr>{width}</w:tcPr>{par(run(text))}</w:tc>"


def table(*rows):
    return "<w:tbl><w:tblPr/>" + "".join(
        f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def chart(title, name, values):
    return xml("c:chartSpace", "<c:chart><c:title><c:tx><c:rich><a:p>"
               + "".join(f"<a:r><a:t>{t}</a:t></a:r>" for t in title) +
               "</a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>"
               f"<c:ser><c:tx><c:strRef><c:f>A!B1</c:f><c:strCache><c:pt idx="
               f'"0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
               "<c:val><c:numRef><c:numCache>" + "".join(
                   f'<c:pt idx="{i}"><c:v>{v}</c:v></c:pt>'
                   for i, v in enumerate(values)) +
               "</c:numCache></c:numRef></c:val></c:ser></c:barChart>"
               "</c:plotArea></c:chart>")


def diagram(texts):
    return xml("dgm:dataModel", "<dgm:ptLst><dgm:pt modelId=\"1\"><dgm:t>"
               "<a:bodyPr/><a:p>" + "".join(
                   f"<a:r><a:t>{t}</a:t></a:r>" for t in texts) +
               "</a:p></dgm:t></dgm:pt></dgm:ptLst>")


def properties(sample):
    """Core, own and the program's properties."""
    custom = (f'<property fmtid="{{D5CDD505}}" pid="2" name="個人番号">'
              f'<vt:lpwstr>{sample.plant("custom property")}</vt:lpwstr>'
              '</property>')
    return {
        "docProps/core.xml": xml(
            "cp:coreProperties", "<dc:title>"
            f'{sample.plant("title property")}</dc:title><cp:keywords>'
            f'{sample.plant("keywords property")}</cp:keywords>'),
        "docProps/app.xml": xml(
            "Properties", "<Application>x</Application><Company>"
            f'{sample.plant("company property")}</Company>',
            main=OFFICE + "officeDocument/2006/extended-properties"),
        "docProps/custom.xml": xml(
            "Properties", custom,
            main=OFFICE + "officeDocument/2006/custom-properties"),
        "customXml/item1.xml": "<staff><kojinbango>"
            f'{sample.plant("custom XML")}</kojinbango></staff>',
        "customXml/itemProps1.xml": xml(
            "ds:datastoreItem", "", ' xmlns:ds="urn:x" ds:itemID="{1}"'),
    }


def workbook(sample, place):
    """A small workbook to be embedded."""
    sheet = xml("worksheet", '<sheetData><row r="1"><c r="A1" t="inlineStr">'
                f"<is><t>{sample.plant(place)}</t></is></c></row></sheetData>",
                main=SHEET)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as f:
        package(f.name, {"[Content_Types].xml": types(),
                         "xl/workbook.xml": xml("workbook", "<sheets/>",
                                                main=SHEET),
                         "xl/worksheets/sheet1.xml": sheet})
        with open(f.name, "rb") as r:
            return r.read()


def binaries(sample, folder):
    """Parts that are no XML: children."""
    def plain(place):
        return b"\0\1bin " + sample.plant(place).encode() + b"\0\2"
    return {
        f"{folder}/embeddings/oleObject1.bin": plain("embedded object"),
        f"{folder}/embeddings/sheet.xlsx": workbook(sample,
                                                    "embedded workbook"),
        f"{folder}/vbaProject.bin": plain("macros"),
        f"{folder}/media/image1.emf": plain("picture"),
        f"{folder}/printerSettings/printerSettings1.bin": plain("printer"),
        f"{folder}/unknown.dat": plain("unknown binary"),
        f"{folder}/unknown.xml": f"<x:a xmlns:x='urn:x' b='{sample.plant('unknown attribute')}'>"
                                 f"<x:b>{sample.plant('unknown XML')}</x:b></x:a>",
    }


def word_body(s):
    """Everything that a Word document's body may hold a number in."""
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    first = s.split("runs")
    box = s.split("text box")
    old = s.split("text box for old programs")
    vml = s.split("VML text box")
    shown = s.split("around hidden text")
    deleted = s.split("deleted text")
    before = s.split("before an insertion")
    moved = s.split("moved text")
    now = s.split("around deleted text")
    choice = s.split("runs of alternate content")
    join = s.split("joined paragraphs")
    code = s.split("field code")
    symbols = s.plant("symbols")
    hyphen = s.plant("hyphens that do not break")
    comb = s.plant("one digit per cell")
    inner = s.plant("one digit per cell of an inner table")
    parts = [
        par(run("個人番号 ") + runs(*first)),
        par('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>'
            f"<w:txbxContent>{par(runs(*box))}</w:txbxContent></wps:txbx>"
            "</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
            f"{par(runs(*old))}</w:txbxContent></v:textbox></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>" + run("箱")),
        par("<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
            f"{par(runs(*vml))}</w:txbxContent></v:textbox>"
            f'<v:textpath string="{s.plant("word art")}"/></v:shape>'
            "</w:pict></w:r>"),
        par(run(s.plant("hidden text"), hidden)),
        par(run(shown[0]) + run("x7x", hidden) + runs(*shown[1:])),
        par(run("旧 ") + '<w:del w:id="1" w:author="a">' + "".join(
            f"<w:r><w:delText>{t}</w:delText></w:r>" for t in deleted)
            + "</w:del>" + run("新")),
        par(run(before[0]) + f'<w:ins w:id="2">{run("99")}</w:ins>'
            + runs(*before[1:])),
        par(f'<w:moveFrom w:id="3">{runs(*moved)}</w:moveFrom>'),
        par(run(now[0]) + '<w:del w:id="4"><w:r><w:delText>55</w:delText>'
            "</w:r></w:del>" + runs(*now[1:])),
        par(run(choice[0]) + "<mc:AlternateContent><mc:Choice Requires='w14'>"
            f"{run(choice[1])}</mc:Choice><mc:Fallback>{run('00')}"
            f"</mc:Fallback></mc:AlternateContent>{run(choice[2])}"),
        par("<w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>"
            + run(join[0])), par(runs(*join[1:])),
        par("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + "".join(
            f"<w:r><w:instrText>{t}</w:instrText></w:r>" for t in code)
            + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            + run(s.plant("field result"))
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"),
        par('<w:fldSimple w:instr="QUOTE '
            f'{s.plant("simple field")}">{run("x")}</w:fldSimple>'),
        '<w:sdt><w:sdtPr><w:alias w:val="個人番号"/><w:dropDownList>'
        f'<w:listItem w:displayText="x" w:value="{s.plant("list item")}"/>'
        "</w:dropDownList></w:sdtPr><w:sdtContent>"
        + par(runs(*s.split("content control"))) + "</w:sdtContent></w:sdt>",
        par("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput>"
            f'<w:default w:val="{s.plant("form field")}"/></w:textInput>'
            "</w:ffData></w:fldChar></w:r>"),
        par("<w:r>" + "".join(f'<w:sym w:font="Symbol" w:char="F03{d}"/>'
                              for d in symbols) + "</w:r>"),
        par("<w:r>" + "<w:noBreakHyphen/>".join(
            f"<w:t>{hyphen[i:i + 4]}</w:t>" for i in (0, 4, 8)) + "</w:r>"),
        par("<w:r><w:ruby><w:rt>"
            + runs(*s.split("phonetic text")) + "</w:rt><w:rubyBase>"
            + runs(*s.split("ruby base")) + "</w:rubyBase></w:ruby></w:r>"),
        par("<m:oMath>" + "".join(f"<m:r><m:t>{t}</m:t></m:r>"
                                  for t in s.split("formula")) + "</m:oMath>"),
        par('<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="'
            f'{s.plant("alternative text")}"/></wp:inline></w:drawing></w:r>'),
        f"<!-- {s.plant('XML comment')} --><?x {s.plant('instruction')}?>",
        par(run(s.plant("line of the body"))),
        table([cell("氏名"), cell("個人番号")],
              [cell("山田太郎"), cell(s.plant("table cell"))],
              [cell("山田花子"), f"<w:tc>{par(runs(*s.split('split cell')))}</w:tc>"]),
        table([cell("個人番号", 12)], [cell(d) for d in comb]),
        table([cell("外"), "<w:tc>" + par(run("中"))
               + table([cell("個人番号", 12)], [cell(d) for d in inner])
               + par(run("後")) + "</w:tc>", cell("外の後")],
              [cell("x"), cell(s.plant("below an inner table"))]),
        '<w:altChunk r:id="rId9"/>',
    ]
    return "<w:body>" + "".join(parts) + "<w:sectPr/></w:body>"


def story(root, element, texts):
    return xml(root, f'<{element} w:id="1" w:author="a">{par(runs(*texts))}'
                     f"</{element}>")


def word(path):
    s = Sample(path)
    html = ("<html><body>" + s.plant("HTML chunk") + "</body></html>")
    mail = ("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
            + s.plant("mail chunk") + "\r\n")
    members = {
        "[Content_Types].xml": types(("word/document.xml", "application/vnd."
                                      "openxmlformats-officedocument.wordproc"
                                      "essingml.document.main+xml")),
        "_rels/.rels": rels(("rId1", "officeDocument", "word/document.xml",
                             "")),
        "word/document.xml": xml("w:document", word_body(s)),
        "word/_rels/document.xml.rels": rels(
            ("rId9", "aFChunk", "chunk.htm", ""),
            ("rId8", "hyperlink", "http://example.com/?"
             + s.plant("hyperlink"), ' TargetMode="External"')),
        "word/comments.xml": story("w:comments", "w:comment",
                                   s.split("comment")),
        "word/footnotes.xml": story("w:footnotes", "w:footnote",
                                    s.split("footnote")),
        "word/endnotes.xml": story("w:endnotes", "w:endnote",
                                   s.split("endnote")),
        "word/header1.xml": xml("w:hdr", par(runs(*s.split("header")))),
        "word/footer1.xml": xml("w:ftr", par(runs(*s.split("footer")))),
        "word/glossary/document.xml": xml(
            "w:glossaryDocument", "<w:docParts><w:docPart><w:docPartBody>"
            + par(runs(*s.split("building block")))
            + "</w:docPartBody></w:docPart></w:docParts>"),
        "word/settings.xml": xml(
            "w:settings", '<w:docVars><w:docVar w:name="個人番号" w:val="'
            f'{s.plant("document variable")}"/></w:docVars>'),
        "word/charts/chart1.xml": chart(
            s.split("chart title"), "x", [s.plant("chart value")]),
        "word/diagrams/data1.xml": diagram(s.split("diagram")),
        "word/chunk.htm": html,
        "word/chunk.mht": mail,
    }
    package(path, members | properties(s) | binaries(s, "word"))
    return members


STRICT = [(OFFICE + "officeDocument/2006/",
           "http://purl.oclc.org/ooxml/officeDocument/"),
          (OFFICE + "wordprocessingml/2006/main",
           "http://purl.oclc.org/ooxml/wordprocessingml/main"),
          (OFFICE + "spreadsheetml/2006/main",
           "http://purl.oclc.org/ooxml/spreadsheetml/main"),
          (OFFICE + "presentationml/2006/main",
           "http://purl.oclc.org/ooxml/presentationml/main"),
          (OFFICE + "drawingml/2006/main",
           "http://purl.oclc.org/ooxml/drawingml/main")]


def variant(base, path, main, kind):
    """base under another main type (template, macros), or strict."""
    members = {}
    with zipfile.ZipFile(base) as z:
        for name in z.namelist():
            data = z.read(name)
            if name == "[Content_Types].xml":
                for old in ("document.main", "sheet.main",
                            "presentation.main"):
                    data = data.replace(old.encode() + b"+xml",
                                        main.encode() + b"+xml")
            if kind == "strict":
                for old, new in STRICT:
                    data = data.replace(old.encode(), new.encode())
            members[name] = data
    package(path, members)
    for old, place, n in list(PLACES):
        if old == base:
            PLACES.append((path, place, n))


def small_word(path):
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("word/document.xml", "application/vnd."
                                      "openxmlformats-officedocument.wordproc"
                                      "essingml.document.main+xml")),
        "word/document.xml": xml("w:document", "<w:body>"
                                 + par(runs(*s.split("runs")))
                                 + table([cell("個人番号")],
                                         [cell(s.plant("table cell"))])
                                 + "</w:body>"),
        "word/comments.xml": story("w:comments", "w:comment",
                                   s.split("comment"))})


def shape(texts, more=""):
    return (f"<p:sp><p:nvSpPr><p:cNvPr id='1' name='x'{more}/></p:nvSpPr>"
            "<p:txBody><a:p>" + "".join(f"<a:r><a:t>{t}</a:t></a:r>"
                                        for t in texts)
            + "</a:p></p:txBody></p:sp>")


def slide_table(*rows):
    return ("<p:graphicFrame><a:tbl>" + "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{t}</a:t></a:r>"
                           "</a:p></a:txBody></a:tc>" for t in row) + "</a:tr>"
        for row in rows) + "</a:tbl></p:graphicFrame>")


def slide(root, inside, attributes=""):
    return xml(root, f"<p:cSld><p:spTree>{inside}</p:spTree></p:cSld>",
               attributes)


def slides(path):
    s = Sample(path)
    comb = s.plant("one digit per cell")
    first = (shape(s.split("text of a shape"))
             + shape(["x"], f' descr="{s.plant("alternative text")}"')
             + "<p:sp><p:txBody><a:p><a:fld id='{1}' type='x'><a:t>"
             f"{s.plant('field')}</a:t></a:fld></a:p></p:txBody></p:sp>"
             + slide_table(["氏名", "個人番号"],
                           ["山田太郎", s.plant("table cell")])
             + slide_table(["個人番号"], list(comb)))
    note = s.split("notes")
    members = {
        "[Content_Types].xml": types(("ppt/presentation.xml", "application/vnd"
                                      ".openxmlformats-officedocument.present"
                                      "ationml.presentation.main+xml")),
        "_rels/.rels": rels(("rId1", "officeDocument", "ppt/presentation.xml",
                             "")),
        "ppt/presentation.xml": xml(
            "p:presentation", '<p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
            '<p:sldId id="257" r:id="rId1"/></p:sldIdLst>'),
        "ppt/_rels/presentation.xml.rels": rels(
            ("rId1", "slide", "slides/slide1.xml", ""),
            ("rId2", "slide", "slides/slide2.xml", "")),
        "ppt/slides/slide1.xml": slide("p:sld", first),
        "ppt/slides/_rels/slide1.xml.rels": rels(
            ("rId1", "hyperlink", "http://example.com/?"
             + s.plant("hyperlink"), ' TargetMode="External"')),
        "ppt/slides/slide2.xml": slide(
            "p:sld", shape(s.split("hidden slide")), ' show="0"'),
        "ppt/notesSlides/notesSlide1.xml": slide("p:notes", shape(note)),
        "ppt/slideMasters/slideMaster1.xml": slide(
            "p:sldMaster", shape(s.split("master"))),
        "ppt/slideLayouts/slideLayout1.xml": slide(
            "p:sldLayout", shape(s.split("layout"))),
        "ppt/handoutMasters/handoutMaster1.xml": slide(
            "p:handoutMaster", shape(s.split("handout"))),
        "ppt/comments/comment1.xml": xml(
            "p:cmLst", '<p:cm authorId="0" idx="1"><p:pos x="1" y="1"/>'
            f"<p:text>{s.plant('comment')}</p:text></p:cm>"),
        "ppt/comments/modernComment_1.xml": xml(
            "p188:cmLst", "<p188:cm><p188:replyLst><p188:reply><p188:txBody>"
            f"<a:p><a:r><a:t>{s.plant('threaded comment')}</a:t></a:r></a:p>"
            "</p188:txBody></p188:reply></p188:replyLst></p188:cm>"),
        "ppt/authors.xml": xml(
            "p188:authorLst", '<p188:author id="{1}" name="'
            f'{s.plant("author")}"/>'),
        "ppt/tags/tag1.xml": xml(
            "p:tagLst", f'<p:tag name="個人番号" val="{s.plant("tag")}"/>'),
        "ppt/charts/chart1.xml": chart(s.split("chart title"), "x",
                                       [s.plant("chart value")]),
        "ppt/diagrams/data1.xml": diagram(s.split("diagram")),
    }
    package(path, members | properties(s) | binaries(s, "ppt"))


def small_slides(path):
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("ppt/presentation.xml", "application/vnd"
                                      ".openxmlformats-officedocument.present"
                                      "ationml.presentation.main+xml")),
        "ppt/presentation.xml": xml("p:presentation", ""),
        "ppt/slides/slide1.xml": slide(
            "p:sld", shape(("個人番号 ",) + s.split("shape")))})


def text_cell(at, inside, kind="inlineStr", more=""):
    return f'<c r="{at}" t="{kind}"{more}>{inside}</c>'


def sheet_rows(s):
    rich = s.split("rich string")
    spoken = s.split("string around a phonetic run")
    escaped = s.plant("escaped string")
    rows = [
        [text_cell("A1", "<v>0</v>", "s"), text_cell("B1", "<v>1</v>", "s")],
        [text_cell("B2", "<v>2</v>", "s")],
        [text_cell("B3", "<v>3</v>", "s")],
        [text_cell("B4", f"<is><t>{s.plant('inline string')}</t></is>")],
        [text_cell("B5", "<is>" + "".join(f"<r><t>{t}</t></r>" for t in rich)
                   + "</is>")],
        [text_cell("B6", f"<is><r><t>{spoken[0]}</t></r><rPh sb='0' eb='1'>"
                         f"<t>x</t></rPh><r><t>{spoken[1]}{spoken[2]}</t></r>"
                         "</is>")],
        [f'<c r="B7"><v>{s.plant("number")}</v></c>'],
        [text_cell("B8", f'<f>"a"</f><v>{s.plant("formula result")}</v>',
                   "str")],
        [f'<c r="B9"><f>A1*2</f><v>{s.plant("numeric result")}</v></c>'],
        [f'<c r="B10"><f>{s.plant("formula without result")}</f></c>'],
        [text_cell("B11", f"<f>IF(A1,{s.plant('formula')},0)</f><v>x</v>",
                   "str")],
        [text_cell("B12", f"<is><t>_x003{escaped[0]}_{escaped[1:]}</t></is>")],
        [text_cell("B13", "<v>#N/A</v>", "e"), text_cell("C13", "<v>1</v>",
                                                         "b")],
    ]
    out = ""
    for n, row in enumerate(rows, 1):
        out += f'<row r="{n}">{"".join(row)}</row>'
    hidden = s.plant("hidden row")
    return (out + f'<row r="20" hidden="1"><c r="B20"><v>{hidden}</v></c></row>'
            + '<row r="30">' + "".join(
                f'<c r="{chr(66 + i)}30"><v>{d}</v></c>'
                for i, d in enumerate(s.plant("one digit per cell")))
            + "</row>")


def excel(path):
    s = Sample(path)
    shared = s.split("shared rich string")
    sheet = ('<sheetData>' + sheet_rows(s) + "</sheetData><dataValidations>"
             '<dataValidation type="list" sqref="A1" prompt="'
             f'{s.plant("prompt")}"><formula1>"x,{s.plant("list")}"</formula1>'
             "</dataValidation></dataValidations><hyperlinks><hyperlink ref="
             f'"A1" tooltip="{s.plant("tooltip")}"/></hyperlinks>'
             "<headerFooter><oddHeader>&amp;L&amp;12 "
             f"{s.plant('page header')}</oddHeader><oddFooter>&amp;R"
             f"{s.plant('page footer')}</oddFooter></headerFooter>")
    members = {
        "[Content_Types].xml": types(("xl/workbook.xml", "application/vnd.open"
                                      "xmlformats-officedocument.spreadsheetml"
                                      ".sheet.main+xml")),
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": xml(
            "workbook", '<sheets><sheet name="一覧" sheetId="1" r:id="rId7"/>'
            '<sheet name="隠し" sheetId="2" state="veryHidden" r:id="rId8"/>'
            '</sheets><definedNames><definedName name="個人番号">'
            f'{s.plant("defined name")}</definedName></definedNames>',
            main=SHEET),
        "xl/_rels/workbook.xml.rels": rels(
            ("rId7", "worksheet", "worksheets/sheet1.xml", ""),
            ("rId8", "worksheet", "/xl/worksheets/sheet2.xml", "")),
        "xl/worksheets/sheet1.xml": xml("worksheet", sheet, main=SHEET),
        "xl/worksheets/sheet2.xml": xml(
            "worksheet", '<sheetData><row><c><v>'
            f'{s.plant("hidden sheet")}</v></c></row></sheetData>',
            main=SHEET),
        "xl/worksheets/_rels/sheet1.xml.rels": rels(
            ("rId1", "hyperlink", "mailto:" + s.plant("hyperlink")
             + "@example.com", ' TargetMode="External"')),
        "xl/macrosheets/sheet1.xml": xml(
            "xm:macrosheet", '<sheetData><row r="1"><c r="A1"><v>'
            f'{s.plant("macro sheet")}</v></c></row></sheetData>',
            ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"',
            SHEET),
        "xl/sharedStrings.xml": xml(
            "sst", "<si><t>氏名</t></si><si><t>個人番号</t><rPh sb='0' eb='1'>"
            f"<t>{s.plant('phonetic run')}</t></rPh></si><si><t>"
            f"{s.plant('shared string')}</t></si><si>"
            + "".join(f"<r><t>{t}</t></r>" for t in shared)
            + f"</si><si><t>{s.plant('unused string')}</t></si>", main=SHEET),
        "xl/comments1.xml": xml(
            "comments", "<authors><author>"
            f"{s.plant('author')}</author></authors><commentList>"
            '<comment ref="A1" authorId="0"><text>' + "".join(
                f"<r><rPr><sz val='9'/></rPr><t>{t}</t></r>"
                for t in s.split("comment"))
            + "</text></comment></commentList>", main=SHEET),
        "xl/threadedComments/threadedComment1.xml": xml(
            "ThreadedComments", '<threadedComment ref="A1" id="{1}"><text>'
            f'{s.plant("threaded comment")}</text></threadedComment>',
            main="urn:x"),
        "xl/persons/person.xml": xml(
            "personList", f'<person displayName="{s.plant("person")}"/>',
            main="urn:x"),
        "xl/drawings/drawing1.xml": xml(
            "xdr:wsDr", "<xdr:sp><xdr:txBody><a:p>" + "".join(
                f"<a:r><a:t>{t}</a:t></a:r>" for t in s.split("text box"))
            + "</a:p></xdr:txBody></xdr:sp>"),
        "xl/drawings/vmlDrawing1.vml": "<xml xmlns:v='urn:v'><v:textbox><div>"
            f"{s.plant('VML text box')}</div></v:textbox></xml>",
        "xl/charts/chart1.xml": chart(s.split("chart title"), "x",
                                      [s.plant("chart value")]),
        "xl/externalLinks/externalLink1.xml": xml(
            "externalLink", "<externalBook><sheetDataSet><sheetData "
            'sheetId="0"><row r="1"><cell r="A1" t="str"><v>'
            f'{s.plant("external text")}</v></cell><cell r="B1"><v>'
            f'{s.plant("external number")}</v></cell></row></sheetData>'
            "</sheetDataSet></externalBook>", main=SHEET),
        "xl/pivotCache/pivotCacheDefinition1.xml": xml(
            "pivotCacheDefinition", '<cacheFields><cacheField name="氏名">'
            '<sharedItems><s v="山田太郎"/></sharedItems></cacheField>'
            '<cacheField name="個人番号"><sharedItems><n v="'
            f'{s.plant("pivot item")}"/></sharedItems></cacheField>'
            '</cacheFields>', main=SHEET),
        "xl/pivotCache/pivotCacheRecords1.xml": xml(
            "pivotCacheRecords", '<r><x v="0"/><n v="'
            f'{s.plant("pivot record")}"/></r>', main=SHEET),
        "xl/tables/table1.xml": xml(
            "table", f'<tableColumns><tableColumn id="1" name="'
            f'{s.plant("table column")}"/></tableColumns>', main=SHEET),
        "xl/connections.xml": xml(
            "connections", '<connection id="1" connection="'
            f'Provider=x;Data Source={s.plant("connection")}"/>', main=SHEET),
        "xl/queryTables/queryTable1.xml": xml(
            "queryTable", f"<x>{s.plant('query')}</x>", main=SHEET),
        "xl/revisions/revisionLog1.xml": xml(
            "revisions", '<rcc rId="1" sId="1"><oc r="A1" t="inlineStr"><is>'
            f"<t>{s.plant('revision')}</t></is></oc></rcc>", main=SHEET),
    }
    package(path, members | properties(s) | binaries(s, "xl"))


def small_excel(path):
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("xl/workbook.xml", "application/vnd.open"
                                      "xmlformats-officedocument.spreadsheetml"
                                      ".sheet.main+xml")),
        "xl/workbook.xml": xml("workbook", "<sheets/>", main=SHEET),
        "xl/worksheets/sheet1.xml": xml(
            "worksheet", '<sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
            '<t>個人番号</t></is></c></row><row r="2"><c r="A2"><v>'
            f'{s.plant("number")}</v></c></row></sheetData>', main=SHEET)})


def binary_workbook(path):
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("xl/workbook.bin", "application/vnd.ms-"
                                      "excel.sheet.binary.macroEnabled.main")),
        "xl/workbook.bin": b"\x83\x01\0",
        "xl/sharedStrings.bin": s.plant("shared string").encode("utf-16-le")})


def refused():
    """Packages that must not pass as read."""
    kinds = types(("word/document.xml", "x"))
    text = xml("w:document", "<w:body>" + par(runs("1234", "5678"))
               + "</w:body>")
    package("docx/doctype.docx", {
        "[Content_Types].xml": kinds,
        "word/document.xml": text.replace(
            XML, XML + '<!DOCTYPE a [<!ENTITY b "1">]>')})
    package("docx/broken.docx", {
        "[Content_Types].xml": kinds,
        "word/document.xml": text[:-30],
        "word/header1.xml": b"\1\2 no XML"})
    package("docx/other.xps", {
        "[Content_Types].xml": types(("a.fpage", "x")),
        "a.fpage": '<FixedPage xmlns="urn:x"><Glyphs UnicodeString="個人番号 '
                   '1234"/></FixedPage>'})


def by_office(kinds, source, flat):
    """Have LibreOffice write flat as each of kinds: (path, filter)."""
    with tempfile.TemporaryDirectory() as work:
        name = os.path.join(work, source)
        with open(name, "w", encoding="utf-8") as f:
            f.write(flat)
        for path, filter_name in kinds:
            ending = path.rsplit(".", 1)[1]
            subprocess.run(
                ["soffice", "--headless", f"-env:UserInstallation=file://{work}"
                 "/home", "--convert-to", f"{ending}:{filter_name}",
                 "--outdir", work, name], check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            made = glob.glob(os.path.join(work, "*." + ending))[0]
            with zipfile.ZipFile(made) as z:
                members = {n: z.read(n) for n in z.namelist()}
            package(path, members)
            os.remove(made)


FLAT = ('<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="'
        'urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:'
        'oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:'
        'names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:'
        'tc:opendocument:xmlns:drawing:1.0" xmlns:presentation="urn:oasis:'
        'names:tc:opendocument:xmlns:presentation:1.0" xmlns:svg="urn:oasis:'
        'names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:dc="http://'
        'purl.org/dc/elements/1.1/" xmlns:style="urn:oasis:names:tc:open'
        'document:xmlns:style:1.0" office:version="1.3" office:mimetype="'
        'application/vnd.oasis.opendocument.%s">%s<office:body><office:%s>%s'
        '</office:%s></office:body></office:document>')


def flat_cells(rows):
    return "".join("<table:table-row>" + "".join(
        "<table:table-cell office:value-type='string'>"
        f"<text:p>{t}</text:p></table:table-cell>" for t in row)
        + "</table:table-row>" for row in rows)


def flat_text(numbers):
    n = iter(numbers)
    body = (f"<text:p>個人番号 {next(n)}<text:note text:id='a' text:note-class="
            "'footnote'><text:note-citation>1</text:note-citation><text:note-"
            f"body><text:p>{next(n)}</text:p></text:note-body></text:note>"
            f"<office:annotation><text:p>{next(n)}</text:p></office:annotation>"
            "</text:p><table:table table:name='t'><table:table-column table:"
            "number-columns-repeated='2'/>"
            + flat_cells([["氏名", "個人番号"], ["山田太郎", next(n)]])
            + "</table:table><text:p><draw:frame svg:width='5cm' svg:height="
            f"'2cm' text:anchor-type='as-char'><draw:text-box><text:p>{next(n)}"
            "</text:p></draw:text-box></draw:frame></text:p>")
    return FLAT % ("text", f"<office:meta><dc:title>{next(n)}</dc:title>"
                   "</office:meta>", "text", body, "text")


def flat_sheet(numbers):
    n = iter(numbers)
    body = ("<table:table table:name='名簿'>"
            + flat_cells([["氏名", "個人番号"], ["山田太郎", next(n)]])
            + "<table:table-row><table:table-cell/><table:table-cell office:"
            f"value-type='float' office:value='{next(n)}'><office:annotation>"
            f"<text:p>{next(n)}</text:p></office:annotation></table:table-cell>"
            "</table:table-row></table:table>")
    return FLAT % ("spreadsheet", f"<office:meta><dc:title>{next(n)}</dc:title>"
                   "</office:meta>", "spreadsheet", body, "spreadsheet")


def flat_slides(numbers):
    n = iter(numbers)
    frame = ("<draw:frame svg:width='9cm' svg:height='5cm' svg:x='1cm' "
             "svg:y='1cm'>")
    body = ("<draw:page draw:name='p' draw:master-page-name='m'>" + frame
            + f"<draw:text-box><text:p>個人番号 {next(n)}</text:p>"
            "</draw:text-box></draw:frame><presentation:notes>" + frame
            + f"<draw:text-box><text:p>{next(n)}</text:p></draw:text-box>"
            "</draw:frame></presentation:notes></draw:page>")
    styles = ("<office:automatic-styles><style:page-layout style:name='l'/>"
              "</office:automatic-styles><office:master-styles><style:master-"
              "page style:name='m' style:page-layout-name='l'/>"
              "</office:master-styles>")
    return FLAT % ("presentation", styles, "presentation", body,
                   "presentation")


def converted(kinds, source, flat, places):
    """The same numbers in every kind."""
    s = Sample(kinds[0][0])
    numbers = [s.plant(place) for place in places]
    for path, _ in kinds[1:]:
        PLACES.extend((path, place, n) for place, n in zip(places, numbers))
    by_office(kinds, source, flat(numbers))


def by_libreoffice():
    converted([("docx/libreoffice.docx", "MS Word 2007 XML"),
               ("docx/libreoffice.docm", "MS Word 2007 XML VBA"),
               ("docx/libreoffice.dotx", "MS Word 2007 XML Template")],
              "a.fodt", flat_text,
              ["body", "footnote", "comment", "table cell", "text box",
               "title"])
    converted([("xlsx/libreoffice.xlsx", "Calc MS Excel 2007 XML"),
               ("xlsx/libreoffice.xlsm", "Calc MS Excel 2007 VBA XML"),
               ("xlsx/libreoffice.xltx", "Calc MS Excel 2007 XML Template")],
              "a.fods", flat_sheet,
              ["text cell", "number cell", "comment", "title"])
    converted([("pptx/libreoffice.pptx", "Impress MS PowerPoint 2007 XML"),
               ("pptx/libreoffice.pptm", "Impress MS PowerPoint 2007 XML VBA"),
               ("pptx/libreoffice.potx",
                "Impress MS PowerPoint 2007 XML Template"),
               ("pptx/libreoffice.ppsx",
                "Impress MS PowerPoint 2007 XML AutoPlay")],
              "a.fodp", flat_slides, ["slide", "notes"])


def by_python_docx(path):
    import docx

    s = Sample(path)
    doc = docx.Document()
    doc.core_properties.title = s.plant("title")
    doc.core_properties.comments = s.plant("comments")
    p = doc.add_paragraph("個人番号 ")
    for piece in s.split("runs"):
        p.add_run(piece).bold = True
    grid = doc.add_table(rows=2, cols=2)
    grid.cell(0, 1).text = "個人番号"
    grid.cell(1, 1).text = s.plant("table cell")
    inner = grid.cell(1, 0).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = s.plant("inner table")
    doc.sections[0].header.paragraphs[0].text = s.plant("header")
    doc.sections[0].footer.paragraphs[0].text = s.plant("footer")
    doc.save(path)


def by_xlsxwriter(path):
    import xlsxwriter

    s = Sample(path)
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True})
    book.set_properties({"title": s.plant("title"), "created":
                         __import__("datetime").datetime(2026, 4, 1)})
    book.set_custom_property("個人番号", s.plant("custom property"))
    sheet = book.add_worksheet("名簿")
    sheet.write("A1", "氏名")
    sheet.write("B1", "個人番号")
    sheet.write_number("B2", int(s.plant("number")))
    sheet.write_string("B3", s.plant("string"))
    pieces = s.split("rich string")
    sheet.write_rich_string("B4", bold, pieces[0], pieces[1], bold, pieces[2])
    sheet.write_formula("B5", "=B2", value=s.plant("formula result"))
    sheet.write_comment("A2", s.plant("comment"))
    sheet.insert_textbox("D2", s.plant("text box"))
    sheet.set_header("&L&12 " + s.plant("page header"))
    sheet.data_validation("C1", {"validate": "list", "source":
                                 [s.plant("list"), "x"]})
    drawn = book.add_chart({"type": "column"})
    drawn.add_series({"values": "=名簿!$B$2:$B$3"})
    drawn.set_title({"name": s.plant("chart title")})
    sheet.insert_chart("F2", drawn)
    hidden = book.add_worksheet("隠し")
    hidden.write("A1", s.plant("hidden sheet"))
    hidden.hide()
    book.define_name("x", "=" + s.plant("defined name"))
    book.close()


def main():
    for folder, names in (("docx", ["docx", "docm", "dotx", "dotm",
                                     "xps"]),
                          ("pptx", ["pptx", "pptm", "potx", "ppsx", "potm"])):
        os.makedirs(folder, exist_ok=True)
        for name in names:
            for old in glob.glob(f"{folder}/*.{name}"):
                os.remove(old)
    word("docx/places.docx")
    small_word("docx/small.docx")
    variant("docx/small.docx", "docx/strict.docx", "document.main", "strict")
    variant("docx/small.docx", "docx/macros.docm",
            "document.macroEnabled.main", "")
    variant("docx/small.docx", "docx/macros.dotm",
            "template.macroEnabledTemplate.main", "")
    refused()
    slides("pptx/places.pptx")
    small_slides("pptx/small.pptx")
    variant("pptx/small.pptx", "pptx/strict.pptx", "presentation.main",
            "strict")
    variant("pptx/small.pptx", "pptx/macros.potm",
            "template.macroEnabled.main", "")
    excel("xlsx/places.xlsx")
    small_excel("xlsx/small.xlsx")
    variant("xlsx/small.xlsx", "xlsx/strict.xlsx", "sheet.main", "strict")
    variant("xlsx/small.xlsx", "xlsx/macros.xlam",
            "addin.macroEnabled.main", "")
    variant("xlsx/small.xlsx", "xlsx/macros.xltm",
            "template.macroEnabled.main", "")
    binary_workbook("xlsx/binary.xlsb")
    by_python_docx("docx/python_docx.docx")
    by_xlsxwriter("xlsx/xlsxwriter.xlsx")
    by_libreoffice()
    for folder in ("docx", "pptx", "xlsx"):
        with open(f"{folder}/places.tsv", "w", encoding="utf-8") as f:
            for row in PLACES:
                if row[0].startswith(folder):
                    f.write("\t".join(row) + "\n")


main()
