"""Make the samples in tests/data/pdf_places: a number in one place each, where
poppler-glib has no function for it, or where a page is not what it seems. They
are made once and kept.

needs: python3-reportlab, fonts-ipafont-gothic, qpdf
usage: make_pdf_places.py DIRECTORY
"""
import os
import subprocess
import sys
import zlib

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

OUT = os.path.abspath(sys.argv[1])
FONT = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"
QUIET = "This page says nothing of interest to anybody at all."
PAGE = f"BT /F1 12 Tf 72 700 Td ({QUIET}) Tj ET"


def text(utf8):
    """A string of PDF in UTF-16."""
    return "<FEFF" + utf8.encode("utf-16-be").hex().upper() + ">"


def stream(content, more="", packed=False):
    raw = content if isinstance(content, bytes) else content.encode()
    if packed:
        raw, more = zlib.compress(raw), more + "/Filter/FlateDecode"
    return f"<</Length {len(raw)}{more}>>stream\n".encode() + raw + b"\nendstream"


def write(name, objects, catalog="", page="", content=PAGE, info=""):
    """objects: {number: body} from 10 on; 1 to 6 are the frame."""
    whole = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
           f"/Resources<</Font<</F1 5 0 R>>{page if page.startswith('/Prop') else ''}>>"
           f"{'' if page.startswith('/Prop') else page}>>",
        4: stream(content),
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        6: f"<</Title(Sample){info}>>",
        **objects,
    }
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = {}
    for number, body in sorted(whole.items()):
        places[number] = len(out)
        body = body if isinstance(body, bytes) else body.encode()
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += (b"trailer\n<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (max(places) + 1, table))
    with open(f"{OUT}/{name}", "wb") as file:
        file.write(out)


def pack(name):
    """As programs of today write: objects in packed streams."""
    subprocess.run(["qpdf", "--deterministic-id", "--object-streams=generate",
                    f"{OUT}/{name}", "--replace-input"], check=True)


def forms():
    field = ("<</Type/Annot/Subtype/Widget/Rect[72 600 300 620]/P 3 0 R/F 4"
             "/DA(/F1 12 Tf 0 g)")
    form = "/AcroForm<</Fields[10 0 R]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 12 Tf 0 g)>>"
    annots = "/Annots[10 0 R]"
    write("choices.pdf", {10: f"{field}/FT/Ch/Ff 131072/T(my_number)/V(none)"
                              "/Opt[(none)(123456789018)(other)]>>"},
          catalog=form, page=annots)
    write("choices_of_pairs.pdf", {
        10: f"{field}/FT/Ch/T{text('個人番号')}/V(1)/Opt[[(1){text('なし')}]"
            f"[(2){text('372967742338')}]]>>"}, catalog=form, page=annots)
    write("comb.pdf", {10: f"{field}/FT/Tx/Ff 16777216/MaxLen 12/T(mynumber)"
                           "/V(292175895982)>>"}, catalog=form, page=annots)
    write("field_name.pdf", {10: f"{field}/FT/Tx/T"
                                + text("個人番号 621498320257") + "/V(x)>>"},
          catalog=form, page=annots)
    write("field_alone.pdf", {10: f"{field}/FT/Tx/T(a)/V(a text that is shown)>>"},
          catalog=form, page=annots, content="")
    write("caption.pdf", {10: f"{field}/FT/Btn/Ff 65536/T(b)/MK<</CA"
                              f"{text('個人番号：873321641958')}>>>>"},
          catalog=form, page=annots)
    data = ('<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">'
            "<xfa:data><form><mynumber>185672239885</mynumber></form></xfa:data>"
            "</xfa:datasets>")
    template = ('<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">'
                "<subform name=\"form\"/></template>")
    for name, packed in (("xfa.pdf", False), ("xfa_packed.pdf", True)):
        write(name, {10: f"{field}/FT/Tx/T(a)/V(x)>>", 11: stream(template, packed=packed),
                     12: stream(data, packed=packed)},
              catalog=form.replace("/DR", "/XFA[(template)11 0 R(datasets)12 0 R]/DR"),
              page=annots)
    pack("xfa_packed.pdf")
    pack("choices_of_pairs.pdf")


def scripts():
    code = "// 個人番号 {}\nvar a = 1;"
    names = "/Names<</JavaScript<</Names[(a)10 0 R]>>>>"
    write("script.pdf", {10: "<</S/JavaScript/JS"
                             + text(code.format("491131223718")) + ">>"}, catalog=names)
    write("script_stream.pdf", {10: "<</S/JavaScript/JS 11 0 R>>",
                                11: stream(code.format("263348291158"), packed=True)},
          catalog=names)
    write("script_packed.pdf", {10: "<</S/JavaScript/JS"
                                    + text(code.format("491131223718")) + ">>"},
          catalog=names)
    pack("script_packed.pdf")
    subprocess.run(["qpdf", "--static-id", "--static-aes-iv", "--encrypt", "", "other",
                    "256", "--", f"{OUT}/script.pdf", f"{OUT}/script_encrypted.pdf"],
                   check=True)
    write("script_of_page.pdf", {10: "<</S/JavaScript/JS(var mynumber = "
                                     "'176521275740';)>>"}, page="/AA<</O 10 0 R>>")


def others():
    write("label.pdf", {}, catalog="/PageLabels<</Nums[0<</P"
                                   + text("個人番号 123456789018 ") + "/S/D>>]>>")
    write("info.pdf", {}, info="/MyNumber(372967742338)")
    write("actual_text.pdf", {
        10: "<</Type/StructTreeRoot/K 11 0 R>>",
        11: "<</Type/StructElem/S/Figure/P 10 0 R/Pg 3 0 R/Alt"
            + text("個人番号：292175895982") + ">>"}, catalog="/StructTreeRoot 10 0 R")
    pack("actual_text.pdf")
    write("free_text.pdf", {
        10: "<</Type/Annot/Subtype/FreeText/Rect[72 500 400 540]/DA(/F1 12 Tf)/F 4"
            "/AP<</N 11 0 R>>>>",
        11: stream("BT /F1 12 Tf 2 10 Td (My number: 621498320257) Tj ET",
                   "/Type/XObject/Subtype/Form/BBox[0 0 328 40]"
                   "/Resources<</Font<</F1 5 0 R>>>>")}, page="/Annots[10 0 R]")
    write("file_note.pdf", {
        10: "<</Type/Annot/Subtype/FileAttachment/Rect[72 500 90 518]/FS 11 0 R"
            "/Contents(see file)>>",
        11: "<</Type/Filespec/F(list.csv)/UF(list.csv)/EF<</F 12 0 R>>>>",
        12: stream("氏名,個人番号\r\n山田太郎,873321641958\r\n", "/Type/EmbeddedFile",
                   packed=True)}, page="/Annots[10 0 R]")
    write("layer.pdf", {
        10: "<</Type/OCG/Name(hidden)>>"},
          catalog="/OCProperties<</OCGs[10 0 R]/D<</OFF[10 0 R]/Order[10 0 R]>>>>",
          page="/Properties<</L 10 0 R>>",
          content=PAGE + "\n/OC /L BDC BT /F1 12 Tf 72 500 Td "
                         "(My number: 185672239885) Tj ET EMC")
    write("metadata.pdf", {
        10: stream('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
                   '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>'
                   "<mynumber>491131223718</mynumber></rdf:Description></rdf:RDF>"
                   "</x:xmpmeta>", "/Type/Metadata/Subtype/XML", packed=True)},
          catalog="/Metadata 10 0 R")


def damaged():
    """A page whose packed stream is broken in its middle."""
    lines = "".join(f"BT /F1 12 Tf 72 {800 - 12 * i} Td (line {i} {i * 7919 % 1000}"
                    f" {QUIET[i % 20:]}) Tj ET\n" for i in range(50))
    packed = bytearray(zlib.compress(lines.encode()))
    middle = len(packed) // 2
    packed[middle:middle + 30] = bytes(30)
    write("damaged_page.pdf", {4: (b"<</Length %d/Filter/FlateDecode>>stream\n"
                                   % len(packed)) + packed + b"\nendstream"})
    write("unknown_operators.pdf", {}, content=PAGE.replace(" Tj", " Xy"))
    # Glyphs that show, and nobody knows as what.
    pdfmetrics.registerFont(TTFont("Gothic", FONT))
    page = canvas.Canvas(f"{OUT}/mute.pdf", invariant=1, pageCompression=0)
    page.setFont("Gothic", 12)
    page.drawString(72, 700, "個人番号：123456789018")
    page.showPage()
    page.save()
    with open(f"{OUT}/mute.pdf", "rb") as file:
        raw = file.read()
    with open(f"{OUT}/mute.pdf", "wb") as file:
        file.write(raw.replace(b"/ToUnicode", b"/ToUnicodX"))


def shown(width, height):
    """Text, and an image of sixteen pixels in that size beside it."""
    return (PAGE + f"\nq {width} 0 0 {height} 72 300 cm\nBI /W 4 /H 4 /CS /G "
            f"/BPC 8 ID {'#.' * 8} EI\nQ")


def pictures():
    write("picture_beside_text.pdf", {}, content=shown(240, 150))
    write("rule_beside_text.pdf", {}, content=shown(400, 1))


os.makedirs(OUT, exist_ok=True)
forms()
scripts()
others()
damaged()
pictures()
