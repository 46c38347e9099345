"""Presentations and workbooks with a number in each place; for make_ooxml.py.
"""
from ooxml_parts import (SHEET, Sample, binaries, chart, diagram, package,
                         properties, rels, types, xml)


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
    known = s.split("string around an unknown element")
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
        ['<c r="B13"><x:v xmlns:x="urn:x">99</x:v><v>'
         f'{s.plant("cell with an unknown element")}</v></c>'],
        [f'<c r="B14"><v>99</v><v>{s.plant("second value")}</v></c>'],
        [text_cell("B15", f"<is><r><t>{known[0]}</t></r><x:r xmlns:x='urn:x'>"
                          f"<x:t>9</x:t></x:r><r><t>{known[1]}{known[2]}</t>"
                          "</r></is>")],
        [text_cell("B16", "<v>#N/A</v>", "e"), text_cell("C16", "<v>1</v>",
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
