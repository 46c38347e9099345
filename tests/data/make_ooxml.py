#!/usr/bin/python3
"""Make the samples under tests/data/docx, xlsx and pptx, and places.tsv.

Run by hand in tests/data; needs LibreOffice, python3-docx, python3-openpyxl
and python3-xlsxwriter. Packages with what no such program writes are put
together by ooxml_*.py. Each place holds a number of its own, generated and
with a right check digit; places.tsv says which: file, place, number.
"""
import datetime
import glob
import os
import subprocess
import tempfile
import zipfile

from ooxml_others import (binary_workbook, excel, slides, small_excel,
                          small_slides)
from ooxml_parts import (OFFICE, PLACES, Sample, XML, package, par, rels, run,
                         runs, types, xml)
from ooxml_word import small_word, word

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
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package("xlsx/two_lists.xlsx", {
        "[Content_Types].xml": types(("xl/workbook.xml", "x")),
        "xl/workbook.xml": xml("workbook", "<sheets/>", main=main),
        "xl/decoy.xml": xml("sst", "<si><t>1234</t></si>", main=main),
        "xl/sharedStrings.xml": xml("sst", "<si><t>5678</t></si>",
                                    main=main)})
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
                         datetime.datetime(2026, 4, 1)})
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


def odd_names(path):
    """What is what, relations say; here names say something else."""
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("customXml/item1.xml", "x")),
        "_rels/.rels": rels(("rId1", "officeDocument", "customXml/item1.xml",
                             "")),
        "customXml/item1.xml": xml("w:document", "<w:body>" + par(
            run("個人番号 ") + "<w:del w:id='1'><w:r><w:delText>1</w:delText>"
            "</w:r></w:del>".join(run(t) for t in s.split("body")))
            + "</w:body>"),
        "picture.png": xml("w:hdr", par(runs(*s.split("header"))))})


def utf16(path):
    s = Sample(path)
    text = xml("w:document", "<w:body>" + par(
        run("個人番号 ") + runs(*s.split("body"))) + "</w:body>")
    package(path, {
        "[Content_Types].xml": types(("word/document.xml", "x")),
        "word/document.xml": text.replace("UTF-8", "UTF-16")
        .encode("utf-16")})


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
    odd_names("docx/odd_names.docx")
    utf16("docx/utf16.docx")
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
