"""Office packages, OpenDocument and compound files, small and by hand."""

import io
import struct
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = ('xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
     'relationships"')
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
KIND = "application/vnd.openxmlformats-officedocument."
MAIN = {"docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
        "pptx": ("ppt/presentation.xml",
                 "presentationml.presentation.main+xml")}


def packed(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def relations(rows):
    """rows: (kind, target, mode)."""
    text = "".join(
        f'<Relationship Id="r{at}" Type="{REL}{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "") + "/>"
        for at, (kind, target, mode) in enumerate(rows, 1))
    return (XML + '<Relationships xmlns="http://schemas.openxmlformats.org/'
            f'package/2006/relationships">{text}</Relationships>')


def content_types(kind, main=None):
    part, subtype = MAIN[kind]
    return (XML + '<Types xmlns="http://schemas.openxmlformats.org/package/'
            '2006/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{part}" ContentType="'
            f'{main or KIND + subtype}"/></Types>')


def office(kind, main, more=None, without=(), types=None):
    """A package of kind with this main part and more members."""
    members = {"[Content_Types].xml": types or content_types(kind),
               "_rels/.rels": relations([("officeDocument", MAIN[kind][0],
                                          "")]), MAIN[kind][0]: main}
    members.update(more or {})
    return packed({name: content for name, content in members.items()
                   if name not in without})


def document(body, head=XML):
    return f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"


def paragraph(words):
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def docx(words, more=None, **settings):
    return office("docx", document(paragraph("hello") + words), more,
                  **settings)


def workbook(sheets):
    """sheets: (name, state, xml of the sheet)."""
    rows = "".join(f'<sheet name="{name}" sheetId="{at}"'
                   + (f' state="{state}"' if state else "")
                   + f' r:id="r{at}"/>'
                   for at, (name, state, _) in enumerate(sheets, 1))
    return f"{XML}<workbook {S} {R}><sheets>{rows}</sheets></workbook>"


def xlsx(sheets, more=None, **settings):
    members = {"xl/_rels/workbook.xml.rels": relations(
        [("worksheet", f"worksheets/sheet{at}.xml", "")
         for at in range(1, len(sheets) + 1)])}
    for at, (_, _, content) in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{at}.xml"] = content
    members.update(more or {})
    return office("xlsx", workbook(sheets), members, **settings)


def sheet(rows, more=""):
    """rows: lists of the inner XML of a cell with its type before a blank."""
    lines = []
    for y, row in enumerate(rows, 1):
        cells = "".join(f'<c r="{chr(65 + x)}{y}"{inner}</c>'
                        for x, inner in enumerate(row))
        lines.append(f'<row r="{y}">{cells}</row>')
    return (f"{XML}<worksheet {S} {R}><sheetData>{''.join(lines)}</sheetData>"
            f"{more}</worksheet>")


def inline(words):
    return f' t="inlineStr"><is><t>{words}</t></is>'


def value(number):
    return f"><v>{number}</v>"


OFFICE = " ".join(
    f'xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for word, name in (("office", "office"), ("text", "text"),
                       ("table", "table"), ("meta", "meta"),
                       ("draw", "drawing"), ("manifest", "manifest"),
                       ("form", "form"), ("script", "script")))


def odf_xml(body, kind="text", head=XML, root="document-content"):
    return (f'{head}<office:{root} {OFFICE} office:version="1.2">'
            f"<office:body><office:{kind}>{body}</office:{kind}>"
            f"</office:body></office:{root}>")


def odf(body, kind="text", more=None, without=(), main=None, encrypted=""):
    mime = "application/vnd.oasis.opendocument." + kind
    out = io.BytesIO()
    members = {"content.xml": main or odf_xml(body, kind),
               "META-INF/manifest.xml":
               f"{XML}<manifest:manifest {OFFICE}>"
               f'<manifest:file-entry manifest:full-path="/" '
               f'manifest:media-type="{mime}"/>'
               '<manifest:file-entry manifest:full-path="content.xml" '
               'manifest:media-type="text/xml"'
               + (f">{encrypted}</manifest:file-entry>" if encrypted else "/>")
               + "</manifest:manifest>"}
    members.update(more or {})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if "mimetype" not in without:
            made.writestr("mimetype", mime, zipfile.ZIP_STORED)
        for name, content in members.items():
            if name not in without:
                made.writestr(name, content)
    return out.getvalue()


END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


class Compound:
    """A compound file (OLE2) of 512 byte sectors; streams of 4096 and more
    bytes each, so that none lies in the small ones."""

    def __init__(self):
        self.sectors = [b""]  # 0 is the table, filled at the end
        self.next = [FAT]
        self.entries = []

    def add_sectors(self, data):
        first = len(self.sectors)
        count = (len(data) + 511) // 512
        for at in range(count):
            self.sectors.append(data[at * 512:at * 512 + 512].ljust(512, b"\0"))
            self.next.append(first + at + 1 if at + 1 < count else END)
        return first if count else END

    def stream(self, name, data, size=None):
        """Its first sector."""
        data = data.ljust(4096, b"\0")
        first = self.add_sectors(data)
        self.entries.append((name, 2, first,
                             len(data) if size is None else size))
        return first

    def orphan(self, data):
        """Sectors that no entry names."""
        return self.add_sectors(data)

    def storage(self, name):
        self.entries.append((name, 1, 0, 0))

    def directory(self):
        out = b""
        count = len(self.entries)
        rows = [("Root Entry", 5, END, 0)] + self.entries
        for at, (name, kind, first, size) in enumerate(rows):
            coded = (name + "\0").encode("utf-16-le")
            # A list: each entry has the next one at its right.
            right = at + 1 if 1 <= at < count else FREE
            child = 1 if at == 0 and count else FREE
            out += (coded.ljust(64, b"\0") + struct.pack(
                "<HBBIII", len(coded), kind, 1, FREE, right, child)
                + b"\0" * 36 + struct.pack("<IQ", first, size))
        return out.ljust((len(out) + 511) // 512 * 512, b"\0")

    def data(self, change=None):
        """change(table): a last chance to damage the table."""
        directory = self.add_sectors(self.directory())
        table = list(self.next)
        if change:
            change(table)
        assert len(table) <= 128
        self.sectors[0] = struct.pack(
            "<128I", *table, *[FREE] * (128 - len(table)))
        header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
                  + struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0,
                                0, 0, 1, directory, 0, 4096, END, 0, END, 0))
        header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
        return header + b"".join(self.sectors)
