#!/usr/bin/python3
"""Make the samples under tests/data/odf.

Run by hand in tests/data; needs LibreOffice (soffice) with Writer, Calc,
Impress and Draw. Each place of a document has its own made-up number: place N
of a file has number(SERIES + N), as tests/scanners/test_reader_odf.c lists.
"""
import base64
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib

NAMES = ("office:urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
         "style:urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
         "text:urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
         "table:urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
         "draw:urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
         "presentation:urn:oasis:names:tc:opendocument:xmlns:presentation:1.0 "
         "form:urn:oasis:names:tc:opendocument:xmlns:form:1.0 "
         "script:urn:oasis:names:tc:opendocument:xmlns:script:1.0 "
         "meta:urn:oasis:names:tc:opendocument:xmlns:meta:1.0 "
         "chart:urn:oasis:names:tc:opendocument:xmlns:chart:1.0 "
         "number:urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0 "
         "config:urn:oasis:names:tc:opendocument:xmlns:config:1.0 "
         "svg:urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0 "
         "fo:urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0 "
         "dc:http://purl.org/dc/elements/1.1/ "
         "ooo:http://openoffice.org/2004/office "
         "xlink:http://www.w3.org/1999/xlink")


def number(serial):
    """The My Number of eleven digits made of serial."""
    digits = f"{(serial * 7919 + 10000019) * 977 % 10 ** 11:011d}"
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5)
                for n, d in zip(range(11, 0, -1), digits))
    rest = total % 11
    return digits + str(0 if rest <= 1 else 11 - rest)


def flat(kind, parts):
    names = " ".join('xmlns:{}="{}"'.format(*n.split(":", 1))
                     for n in NAMES.split())
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {names} '
            f'office:version="1.2" office:mimetype="application/'
            f'vnd.oasis.opendocument.{kind}">{parts}</office:document>')


def png():
    def chunk(kind, data):
        body = kind + data
        return (struct.pack(">I", len(data)) + body +
                struct.pack(">I", zlib.crc32(body)))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def meta(first):
    return (f'<office:meta><dc:title>題 {number(first)}</dc:title>'
            f'<dc:description>説明 {number(first + 1)}</dc:description>'
            f'<meta:keyword>{number(first + 2)}</meta:keyword>'
            f'<meta:user-defined meta:name="個人番号">{number(first + 3)}'
            '</meta:user-defined></office:meta>')


def chart(first):
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string">'
        f'<text:p>{name}</text:p></table:table-cell><table:table-cell '
        f'office:value-type="float" office:value="{value}"><text:p>{value}'
        '</text:p></table:table-cell></table:table-row>'
        for name, value in (("甲", number(first + 1)), ("乙", 5)))
    body = (
        '<office:body><office:chart><chart:chart chart:class="chart:bar" '
        'svg:width="5cm" svg:height="5cm"><chart:title><text:p>図 '
        f'{number(first)}</text:p></chart:title><chart:plot-area '
        'table:cell-range-address="local-table.A1:.B3"><chart:axis '
        'chart:dimension="x" chart:name="primary-x"/><chart:axis '
        'chart:dimension="y" chart:name="primary-y"/><chart:series '
        'chart:values-cell-range-address="local-table.B2:.B3" '
        'chart:label-cell-address="local-table.B1"/></chart:plot-area>'
        '<table:table table:name="local-table"><table:table-rows>'
        f'{rows}</table:table-rows></table:table></chart:chart>'
        '</office:chart></office:body>')
    whole = flat("chart", body)
    return f'<draw:object>{whole[whole.index("<office:"):]}</draw:object>'


STYLES = (
    '<office:styles><style:style style:name="Hidden" style:family="text">'
    '<style:text-properties text:display="none"/></style:style></office:styles>'
    '<office:automatic-styles><style:page-layout style:name="pm">'
    '<style:header-style/><style:footer-style/></style:page-layout>'
    '<style:style style:name="B" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style><style:style style:name="ro" '
    'style:family="table-row"/></office:automatic-styles>')


def text_document():
    n = [number(1000 + i) for i in range(60)]
    digits = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{d}</text:p>'
        '</table:table-cell>' for d in n[20])
    masters = (
        '<office:master-styles><style:master-page style:name="Standard" '
        f'style:page-layout-name="pm"><style:header><text:p>頭 {n[0]}</text:p>'
        f'</style:header><style:footer><text:p>足 {n[1]}</text:p>'
        '</style:footer></style:master-page></office:master-styles>')
    body = f'''<office:body><office:text>
<office:forms><form:form form:name="f"><form:text form:name="個人番号"
form:control-implementation="ooo:com.sun.star.form.component.TextField"
form:id="control1" form:current-value="{n[2]}"/></form:form></office:forms>
<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion>
<office:change-info><dc:creator>山田太郎</dc:creator>
<dc:date>2026-01-01T00:00:00</dc:date></office:change-info><text:p>削除
{n[3]}</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:user-field-decls><text:user-field-decl office:value-type="string"
office:string-value="{n[4]}" text:name="個人番号"/></text:user-field-decls>
<text:h text:outline-level="1">見出し {n[5]}</text:h>
<text:p>本文 <text:span text:style-name="B">{n[6][:5]}</text:span>{n[6][5:9]}<text:span
text:style-name="B">{n[6][9:]}</text:span>。</text:p>
<text:p>空 {n[7][:4]}<text:s/>{n[7][4:8]}<text:s/>{n[7][8:]}<text:tab/>欄
{n[8]}<text:line-break/>{n[9]}</text:p>
<text:p>脚注の前{n[10][:6]}<text:note text:id="ftn1" text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p>脚注
{n[11]}</text:p></text:note-body></text:note>{n[10][6:]}</text:p>
<text:p>文末<text:note text:id="ftn2" text:note-class="endnote">
<text:note-citation>i</text:note-citation><text:note-body><text:p>文末脚注
{n[12]}</text:p></text:note-body></text:note></text:p>
<text:p>注釈<office:annotation><dc:creator>山田花子</dc:creator>
<dc:date>2026-01-01T00:00:00</dc:date><text:p>注 {n[13]}</text:p>
</office:annotation></text:p>
<text:p>隠し<text:span text:style-name="Hidden">{n[14]}</text:span><text:hidden-text
text:condition="ooow:1" text:string-value="{n[15]}" text:is-hidden="true"/></text:p>
<text:section text:name="s1" text:display="none"><text:p>節 {n[16]}</text:p>
</text:section>
<text:p>枠<draw:frame draw:name="枠1" text:anchor-type="as-char" svg:width="3cm"
svg:height="1cm"><draw:text-box><text:p>枠内 {n[17]}</text:p></draw:text-box>
<svg:title>枠題 {n[18]}</svg:title><svg:desc>枠説 {n[19]}</svg:desc></draw:frame>
</text:p>
<table:table table:name="表1"><table:table-column
table:number-columns-repeated="12"/><table:table-row>{digits}</table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2"
office:value-type="string"><text:p>結合 {n[21]}</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell table:number-columns-spanned="10"
office:value-type="string"><text:p>外 {n[22]}</text:p><table:table
table:name="表2"><table:table-column/><table:table-row><table:table-cell
office:value-type="string"><text:p>内 {n[23]}</text:p></table:table-cell>
</table:table-row></table:table></table:table-cell></table:table-row></table:table>
<text:list><text:list-item><text:p>箇条 {n[24]}</text:p></text:list-item></text:list>
<text:p><text:ruby><text:ruby-base>山田</text:ruby-base><text:ruby-text>{n[25]}</text:ruby-text></text:ruby></text:p>
<text:p><text:a xlink:type="simple" xlink:href="https://example.com/?n={n[26]}">先</text:a>
<text:bookmark text:name="印{n[27]}"/><text:placeholder
text:placeholder-type="text" text:description="{n[28]}">&lt;ここ&gt;</text:placeholder></text:p>
<text:p>図形<draw:custom-shape draw:name="図形1" text:anchor-type="as-char" svg:width="3cm"
svg:height="1cm"><text:p>形 {n[29]}</text:p></draw:custom-shape>
<draw:control text:anchor-type="as-char" svg:width="3cm" svg:height="1cm"
draw:control="control1"/></text:p>
<text:p>絵<draw:frame draw:name="絵1" text:anchor-type="as-char" svg:width="1cm"
svg:height="1cm"><draw:image><office:binary-data>PNG</office:binary-data>
</draw:image></draw:frame></text:p>
<text:p>削除の前<text:change text:change-id="ct1"/>後</text:p>
</office:text></office:body>'''
    body = body.replace("PNG", base64.b64encode(png()).decode())
    scripts = ('<office:scripts><office:script script:language="ooo:Basic">'
               '<ooo:libraries><ooo:library-embedded ooo:name="Standard">'
               '<ooo:module ooo:name="Module1"><ooo:source-code>Sub A\n'
               f"  ' 個人番号 {n[30]}\nEnd Sub</ooo:source-code></ooo:module>"
               '</ooo:library-embedded></ooo:libraries></office:script>'
               '</office:scripts>')
    return flat("text", meta(1040) + scripts + STYLES + masters + body)


def cell(value, attributes="", shown=None):
    if isinstance(value, int):
        shown = value if shown is None else shown
        return (f'<table:table-cell office:value-type="float" office:value='
                f'"{value}" {attributes}><text:p>{shown}</text:p>'
                '</table:table-cell>')
    return (f'<table:table-cell office:value-type="string" {attributes}>'
            f'<text:p>{value}</text:p></table:table-cell>')


def sheet_document():
    n = [number(2000 + i) for i in range(60)]

    def row(*cells, attributes=""):
        return f'<table:table-row {attributes}>{"".join(cells)}</table:table-row>'

    note = (f'<office:annotation><text:p>メモ {n[3]}</text:p>'
            '</office:annotation>')
    body = (
        '<office:body><office:spreadsheet><table:content-validations>'
        '<table:content-validation table:name="val1" table:condition='
        '"of:cell-content-is-whole-number()"><table:help-message '
        f'table:title="入力"><text:p>入力 {n[4]}</text:p></table:help-message>'
        '</table:content-validation></table:content-validations>'
        '<table:table table:name="名簿">'
        f'<table:shapes><draw:custom-shape svg:width="3cm" svg:height="1cm">'
        f'<text:p>図形 {n[5]}</text:p></draw:custom-shape></table:shapes>' +
        row(cell("氏名"), cell("個人番号")) +
        row(cell("山田太郎"), cell(int(n[0]))) +
        row(cell("山田花子"), cell(n[1])) +
        row(cell("山田次郎"), cell(int(n[2]), shown="1.2E+11")) +
        '<table:table-row><table:table-cell office:value-type="string">' +
        note + '<text:p>注</text:p></table:table-cell></table:table-row>' +
        row(cell(int(n[6]), f'table:formula="of:={n[6]}+0"')) +
        row(cell("隠し行"), cell(n[7]),
            attributes='table:visibility="collapse"') +
        row('<table:table-cell office:value-type="string" table:number-columns'
            f'-spanned="2"><text:p>結合 <text:span>{n[8][:6]}</text:span>'
            f'{n[8][6:]}</text:p></table:table-cell>'
            '<table:covered-table-cell office:value-type="string">'
            f'<text:p>{n[9]}</text:p></table:covered-table-cell>') +
        '<table:table-row table:number-rows-repeated="500"><table:table-cell '
        'table:number-columns-repeated="200"/></table:table-row>' +
        row(*[cell(int(d)) for d in n[10]]) +
        row('<table:table-cell table:number-columns-repeated="3"/>',
            cell("遠く " + n[11])) +
        '</table:table><table:table table:name="隠し" table:display="false" '
        'table:style-name="ta2">' + row(cell("隠し"), cell(int(n[12]))) +
        '</table:table><table:named-expressions><table:named-expression '
        f'table:name="式" table:expression="of:={n[13]}"/>'
        '</table:named-expressions><table:database-ranges>'
        '<table:database-range table:name="範囲" table:target-range-address='
        '"名簿.A1:名簿.B4"/></table:database-ranges>'
        '</office:spreadsheet></office:body>')
    body = body.replace(
        '<table:shapes>', '<table:shapes><draw:frame svg:width="5cm" '
        f'svg:height="5cm">{chart(2030)}</draw:frame>')
    styles = STYLES.replace(
        '<style:style style:name="ro"', '<style:style style:name="ta2" '
        'style:family="table"><style:table-properties table:display="false"/>'
        '</style:style><style:style style:name="ro"')
    masters = (
        '<office:master-styles><style:master-page style:name="Default" '
        f'style:page-layout-name="pm"><style:header><text:p>頭 {n[14]}</text:p>'
        f'</style:header><style:footer><text:p>足 {n[15]}</text:p>'
        '</style:footer></style:master-page></office:master-styles>')
    return flat("spreadsheet", meta(2040) + styles + masters + body)


def slide_document(kind):
    n = [number((3000 if kind == "presentation" else 4000) + i)
         for i in range(40)]
    masters = (
        '<office:master-styles><style:master-page style:name="M" '
        'style:page-layout-name="pm"><draw:frame svg:width="9cm" '
        f'svg:height="2cm"><draw:text-box><text:p>親 {n[0]}</text:p>'
        '</draw:text-box></draw:frame></style:master-page>'
        '</office:master-styles>')
    notes = (
        '<presentation:notes><draw:frame presentation:class="notes" '
        'svg:width="9cm" svg:height="9cm"><draw:text-box><text:p>ノート '
        f'{n[1]}</text:p></draw:text-box></draw:frame></presentation:notes>'
        if kind == "presentation" else "")
    page = (
        '<draw:page draw:name="頁1" draw:master-page-name="M">'
        '<draw:frame svg:width="9cm" svg:height="2cm"><draw:text-box><text:p>'
        f'題 <text:span>{n[2][:3]}</text:span>{n[2][3:]}</text:p></draw:text-box>'
        '</draw:frame><draw:g><draw:custom-shape svg:width="9cm" '
        f'svg:height="2cm"><text:p>形 {n[3]}</text:p></draw:custom-shape></draw:g>'
        '<draw:frame svg:width="9cm" svg:height="2cm"><table:table>'
        '<table:table-column/><table:table-column/><table:table-row>' +
        cell("個人番号") + cell(n[4]) +
        '</table:table-row></table:table></draw:frame>'
        f'<draw:line svg:x1="0cm" svg:y1="0cm" svg:x2="3cm" svg:y2="3cm">'
        f'<text:p>線 {n[5]}</text:p></draw:line>' + notes + '</draw:page>'
        '<draw:page draw:name="隠し" draw:master-page-name="M">'
        '<office:annotation svg:x="1cm" svg:y="1cm"><text:p>注釈 '
        f'{n[6]}</text:p></office:annotation></draw:page>')
    tag = "presentation" if kind == "presentation" else "drawing"
    return flat(kind if kind == "presentation" else "graphics",
                meta(3020 if kind == "presentation" else 4020) + STYLES +
                masters + f"<office:body><office:{tag}>{page}</office:{tag}>"
                "</office:body>")


def convert(work, source, target):
    """What soffice makes of the file source, as target."""
    subprocess.run(["soffice", "--headless", "--norestore",
                    f"-env:UserInstallation=file://{work}/profile",
                    "--convert-to", target, "--outdir", work,
                    os.path.join(work, source)],
                   check=True, stdout=subprocess.DEVNULL)


def thin(path, out):
    """Copy a package; the picture of its first page shrinks to a dot."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "Thumbnails/thumbnail.png":
                data = png()
            new.writestr(
                zipfile.ZipInfo(info.filename, (2026, 1, 1, 0, 0, 0)), data,
                zipfile.ZIP_STORED if info.filename == "mimetype"
                else zipfile.ZIP_DEFLATED)


def locked():
    """A package as LibreOffice writes one with a password: the members are
    noise, the manifest says how they were encrypted."""
    def entry(path, size):
        return (f'<manifest:file-entry manifest:full-path="{path}" '
                f'manifest:media-type="text/xml" manifest:size="{size}">'
                '<manifest:encryption-data manifest:checksum-type="urn:oasis:'
                'names:tc:opendocument:xmlns:manifest:1.0#sha256-1k" manifest:'
                'checksum="AAAA"><manifest:algorithm manifest:algorithm-name='
                '"http://www.w3.org/2001/04/xmlenc#aes256-cbc" manifest:'
                'initialisation-vector="AAAA"/><manifest:key-derivation '
                'manifest:key-derivation-name="PBKDF2" manifest:key-size="32" '
                'manifest:iteration-count="100000" manifest:salt="AAAA"/>'
                '</manifest:encryption-data></manifest:file-entry>')

    noise = b"".join(zlib.crc32(bytes([i % 256, i // 256])).to_bytes(4, "big")
                     for i in range(300))
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
                'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
                'manifest:1.0" manifest:version="1.2"><manifest:file-entry '
                'manifest:full-path="/" manifest:media-type="application/'
                'vnd.oasis.opendocument.text"/>' +
                entry("content.xml", 4000) + entry("styles.xml", 4000) +
                '</manifest:manifest>')
    with zipfile.ZipFile("odf/locked.odt", "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        z.writestr("content.xml", noise)
        z.writestr("styles.xml", noise[::-1])
        z.writestr("META-INF/manifest.xml", manifest,
                   zipfile.ZIP_DEFLATED)


def database():
    """A database as LibreOffice Base packs one: what the engine writes as SQL
    is text, what it writes as pages is not."""
    with zipfile.ZipFile("odf/tables.odb", "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.base")
        z.writestr("content.xml", flat("base", (
            "<office:body><office:database><db:queries xmlns:db=\"urn:oasis:"
            "names:tc:opendocument:xmlns:database:1.0\"><db:query db:name="
            f"\"q\" db:command=\"SELECT * FROM a WHERE b='{number(5050)}'\"/>"
            "</db:queries></office:database></office:body>")).replace(
                "office:document ", "office:document-content ").replace(
                "/office:document>", "/office:document-content>"))
        z.writestr("database/script",
                   f"INSERT INTO A VALUES('個人番号 {number(5051)}')\n")
        z.writestr("database/data", bytes(range(64)) * 4)


def main():
    os.makedirs("odf", exist_ok=True)
    sources = {"text.fodt": text_document(), "sheet.fods": sheet_document(),
               "slides.fodp": slide_document("presentation"),
               "drawing.fodg": slide_document("graphics")}
    made = {"text.fodt": ["odt", "ott"], "sheet.fods": ["ods", "ots"],
            "slides.fodp": ["odp", "otp"], "drawing.fodg": ["odg", "otg"]}
    with tempfile.TemporaryDirectory() as work:
        for name, text in sources.items():
            stem, flat_end = name.split(".")
            with open(os.path.join(work, name), "w", encoding="utf-8") as f:
                f.write(text)
            shutil.copy(os.path.join(work, name), f"odf/{name}")
            for end in made[name]:
                convert(work, name, end)
                thin(os.path.join(work, f"{stem}.{end}"), f"odf/{stem}.{end}")
            if flat_end in ("fodp", "fodg"):
                continue
            os.rename(os.path.join(work, f"{stem}.{made[name][0]}"),
                      os.path.join(work, f"again.{made[name][0]}"))
            convert(work, f"again.{made[name][0]}", flat_end)
            shutil.copy(os.path.join(work, f"again.{flat_end}"),
                        f"odf/written.{flat_end}")
    locked()
    database()


if __name__ == "__main__":
    main()
