"""Attachments: CSV, XLSX and zip, as office programs write them."""

import io
import zipfile
from xml.sax.saxutils import escape

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>%s<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"""
SHEET_TYPE = '<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
ROOT_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>%s</sheets></workbook>"""
RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>"""
REL = '<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>'
STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="176" formatCode="0000\\-0000\\-0000"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"""
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


class Number(str):
    """A cell that is a number in the file; the text is its <v>."""


def column_name(index):
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


class Strings:
    """The shared strings of a workbook."""

    def __init__(self):
        self.places = {}

    def add(self, text):
        return self.places.setdefault(text, len(self.places))

    def xml(self):
        items = "".join(
            f'<si><t xml:space="preserve">{escape(one)}</t></si>'
            for one in self.places)
        return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<sst {MAIN} count="{len(self.places)}" '
                f'uniqueCount="{len(self.places)}">{items}</sst>')


def cell_xml(reference, value, strings, inline, style):
    if isinstance(value, (Number, int, float)):
        return f'<c r="{reference}"{style}><v>{value}</v></c>'
    if inline:
        return (f'<c r="{reference}" t="inlineStr"><is><t>'
                f"{escape(value)}</t></is></c>")
    return f'<c r="{reference}" t="s"><v>{strings.add(value)}</v></c>'


def sheet_xml(rows, strings, inline, formatted):
    lines = []
    style = ' s="1"' if formatted else ""
    for n, row in enumerate(rows, 1):
        cells = "".join(
            cell_xml(f"{column_name(m)}{n}", value, strings, inline, style)
            for m, value in enumerate(row) if value not in ("", None))
        lines.append(f'<row r="{n}">{cells}</row>')
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData>"
            "</worksheet>")


def xlsx(sheets, inline=False, formatted=False):
    """sheets: {name: rows}; str cells are strings, Number and int numbers.
    formatted: numbers have the format 0000-0000-0000."""
    strings = Strings()
    made = [sheet_xml(rows, strings, inline, formatted)
            for rows in sheets.values()]
    count = len(made)
    rels = [REL % (n, "worksheet", f"worksheets/sheet{n}.xml")
            for n in range(1, count + 1)]
    rels += [REL % (count + 1, "styles", "styles.xml"),
             REL % (count + 2, "sharedStrings", "sharedStrings.xml")]
    names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" '
                    f'r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    files = {
        "[Content_Types].xml": TYPES % "".join(
            SHEET_TYPE % n for n in range(1, count + 1)),
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": BOOK % names,
        "xl/_rels/workbook.xml.rels": RELS % "".join(rels),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": strings.xml(),
    }
    for n, one in enumerate(made, 1):
        files[f"xl/worksheets/sheet{n}.xml"] = one
    return pack({name: text.encode() for name, text in files.items()})


def pack(files):
    """A zip archive; the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def csv(rows, separator=",", quote="as needed", end="\r\n"):
    """quote: "as needed", "all" or "never"."""
    def field(value):
        text = str(value)
        special = any(c in text for c in (separator, '"', "\n"))
        if quote == "all" or (quote == "as needed" and special):
            return '"' + text.replace('"', '""') + '"'
        return text
    return "".join(separator.join(map(field, row)) + end for row in rows)
