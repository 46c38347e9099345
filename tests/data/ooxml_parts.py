"""What packages of an office are put together from; for make_ooxml.py."""
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
