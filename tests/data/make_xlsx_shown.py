#!/usr/bin/python3
"""Make xlsx/shown.xlsx: numbers that a workbook shows and no cell has.

usage: make_xlsx_shown.py  (in tests/data)

Programs that write workbooks calculate formulas; this one does not, as
libraries on servers do. Numbers are made up.
"""

import zipfile

OFFICE = "http://schemas.openxmlformats.org/"
MAIN = OFFICE + "spreadsheetml/2006/main"
RELATIONS = OFFICE + "officeDocument/2006/relationships"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
FORMATS = ("0000", "0000&quot;-&quot;0000\\－0000", "[Red]000000000000;@",
           "0.00", "yyyy/mm/dd")
CELLS = (
    ("A1", "氏名"), ("B1", "個人番号"),
    ("B2", '="123456"&amp;"789018"'),
    ("B3", '=_xlfn.CONCAT("6214" , "9832","0257")'),
    ("B4", '=IF(A1="x","3729" &amp; 6774 &amp;"2338","")'),
    ("B5", 23, 1), ("C5", 4567, 1), ("D5", 8908, 1),
    ("B6", "1.2345678903E10", 2),
    ("B7", 1234567893, 3),
    ("B8", "ここ"),
    ("B9", 45000, 5), ("C9", 1.5, 4),
)
LINKS = (
    "https://www.example.co.jp/form?id=5&amp;mynumber=292175895982&amp;x=1",
    "https://www.example.co.jp/form?"
    "%E5%80%8B%E4%BA%BA%E7%95%AA%E5%8F%B7=8733+2164+1958",
)


def xml(root, inside, more=""):
    return (f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{MAIN}" '
            f'xmlns:r="{RELATIONS}"{more}>{inside}</{root}>')


def relations(*rows):
    place = OFFICE + "package/2006/relationships"
    return (f'<?xml version="1.0"?><Relationships xmlns="{place}">' + "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/{kind}" '
        f'Target="{target}"{more}/>'
        for at, (kind, target, more) in enumerate(rows, 1))
        + "</Relationships>")


def cell(at, value, style=0):
    if not isinstance(value, str) or style:
        return f'<c r="{at}" s="{style}"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{at}"><f>{value[1:]}</f></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'


def rows():
    out = ""
    for row in sorted({int(at[1:]) for at, *_ in CELLS}):
        out += f'<row r="{row}">' + "".join(
            cell(*one) for one in CELLS if int(one[0][1:]) == row) + "</row>"
    return out


def styles():
    formats = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>'
                      for at, code in enumerate(FORMATS))
    cells = '<xf numFmtId="0"/>' + "".join(
        f'<xf numFmtId="{164 + at}" applyNumberFormat="1"/>'
        for at in range(len(FORMATS)))
    return xml("styleSheet", f"<numFmts>{formats}</numFmts><cellStyleXfs>"
               f'<xf numFmtId="164"/></cellStyleXfs><cellXfs>{cells}</cellXfs>')


def types():
    place = OFFICE + "package/2006/content-types"
    return (f'<?xml version="1.0"?><Types xmlns="{place}">'
            '<Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            f'ContentType="{SHEET}sheet.main+xml"/></Types>')


def main():
    links = "".join(f'<hyperlink ref="B{8 + at}" r:id="rId{at + 1}"/>'
                    for at in range(len(LINKS)))
    comment = ('<comment ref="B8" authorId="0"><text><r><t>控え 0123'
               '</t></r><r><t>45678903</t></r></text></comment>')
    members = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": xml(
            "workbook", '<sheets><sheet name="名簿" sheetId="1" '
            'r:id="rId1"/></sheets>'),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml", ""),
            ("styles", "styles.xml", "")),
        "xl/worksheets/sheet1.xml": xml(
            "worksheet", f"<sheetData>{rows()}</sheetData>"
            f"<hyperlinks>{links}</hyperlinks>"),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            *(("hyperlink", one, ' TargetMode="External"') for one in LINKS),
            ("comments", "../comments/comment1.xml", "")),
        "xl/comments/comment1.xml": xml(
            "comments", "<authors><author>a</author></authors>"
            f"<commentList>{comment}</commentList>"),
        "xl/styles.xml": styles(),
    }
    with zipfile.ZipFile("xlsx/shown.xlsx", "w",
                         zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content,
                             zipfile.ZIP_DEFLATED)


main()
