#!/usr/bin/python3
"""Make the samples under tests/data/zip and some of tests/data/xlsx.

Run by hand in tests/data; needs zip, 7z and python3-openpyxl. The numbers are
published examples or made up.
"""
import io
import os
import subprocess
import tempfile
import zipfile

CSV = "氏名,個人番号\r\n山田太郎,123456789018\r\n".encode("cp932")
LONG = CSV + "山田花子,abc def\r\n".encode("cp932") * 100
ROWS = [("氏名", "個人番号"), ("山田太郎", 123456789018),
        ("山田花子", "6214-9832-0257")]


def run(*command, cwd):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def archives():
    out = os.path.abspath("zip")
    with tempfile.TemporaryDirectory() as work:
        with open(os.path.join(work, "list.csv"), "wb") as f:
            f.write(LONG)
        for name in os.listdir(out):
            os.remove(os.path.join(out, name))
        run("zip", "-qX", f"{out}/infozip.zip", "list.csv", cwd=work)
        run("zip", "-qXP", "secret", f"{out}/zipcrypto.zip", "list.csv",
            cwd=work)
        for method in ("Deflate", "Deflate64", "BZip2", "LZMA", "PPMd"):
            run("7z", "a", "-tzip", f"-mm={method}",
                f"{out}/7zip_{method.lower()}.zip", "list.csv", cwd=work)
        run("7z", "a", "-tzip", "-psecret", "-mem=AES256",
            f"{out}/aes.zip", "list.csv", cwd=work)
    with zipfile.ZipFile(f"{out}/python_names.zip", "w") as z:
        z.writestr("名簿.csv", CSV)
        z.writestr("folder/", b"")
    # A name in CP932, as Windows writes it: no UTF-8 flag.
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as z:
        z.writestr("AAAA.csv", CSV)
    with open(f"{out}/cp932_name.zip", "wb") as f:
        f.write(plain.getvalue().replace(b"AAAA", "名簿".encode("cp932")))

    class Pipe(io.RawIOBase):
        """A file without seek: sizes go behind the data."""

        def __init__(self):
            super().__init__()
            self.bytes = b""

        def writable(self):
            return True

        def write(self, data):
            self.bytes += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("list.csv", CSV)
        z.writestr("empty.txt", b"")
    with open(f"{out}/streamed.zip", "wb") as f:
        f.write(pipe.bytes)
    with zipfile.ZipFile(f"{out}/zip64.zip", "w") as z:
        with z.open("list.csv", "w", force_zip64=True) as f:
            f.write(CSV)
    with open(f"{out}/self_extracting.zip", "wb") as f:
        f.write(b"MZ" + bytes(100) + plain.getvalue())


TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org'
         '/package/2006/content-types"/>')
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def package(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", TYPES)
        for name, text in members.items():
            z.writestr(name, text)


def workbooks():
    import openpyxl

    out = os.path.abspath("xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名簿"
    for row in ROWS:
        sheet.append(row)
    sheet["C2"].value = "=B2"
    comment = openpyxl.comments.Comment("控え 3729 6774 2338", "x")
    sheet["A2"].comment = comment
    book.save(f"{out}/openpyxl.xlsx")
    workbook = (f'<?xml version="1.0"?><workbook {MAIN} xmlns:r="http://schemas'
                '.openxmlformats.org/officeDocument/2006/relationships">'
                '<sheets><sheet name="一覧" sheetId="1" r:id="rId7"/></sheets>'
                '</workbook>')
    rels = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxml'
            'formats.org/package/2006/relationships"><Relationship Id="rId7" '
            'Target="worksheets/sheet1.xml"/></Relationships>')
    strings = (f'<?xml version="1.0"?><sst {MAIN}><si><t>個人番号</t><rPh sb="0"'
               ' eb="1"><t>コジン</t></rPh></si><si><r><t>1234</t></r><r><t>'
               '56789018</t></r></si><si><t>unused 621498320257</t></si></sst>')
    sheet = (f'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.open'
             'xmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
             '<x:row r="1"><x:c r="B1" t="s"><x:v>0</x:v></x:c></x:row>'
             '<x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c></x:row>'
             '<x:row r="3"><x:c r="B3"><x:v>3.72967742338E11</x:v></x:c></x:row>'
             '<x:row r="4"><x:c r="B4" t="inlineStr"><x:is><x:r><x:t>29217589'
             '</x:t></x:r><x:r><x:t>5982</x:t></x:r></x:is></x:c></x:row>'
             '<x:row r="5"><x:c r="B5" t="str"><x:f>"a"</x:f><x:v>873321641958'
             '</x:v></x:c></x:row></x:sheetData><x:headerFooter><x:oddHeader>'
             '頁 &amp;P</x:oddHeader></x:headerFooter></x:worksheet>')
    members = {"xl/workbook.xml": workbook,
               "xl/_rels/workbook.xml.rels": rels,
               "xl/worksheets/sheet1.xml": sheet,
               "xl/sharedStrings.xml": strings,
               "xl/media/image1.png": b"\x89PNG\r\n\x1a\nxx"}
    package(f"{out}/poi_like.xlsx", members)
    doctype = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "1234">]>'
    package(f"{out}/doctype.xlsx",
            members | {"xl/sharedStrings.xml":
                       strings.replace('<?xml version="1.0"?>', doctype)})
    package(f"{out}/broken.xlsx",
            members | {"xl/worksheets/sheet1.xml": sheet[:400]})


archives()
workbooks()
