"""Bombs in PDF, and whole mails that are bombs: as in bomb_makers.py.

MAILS: name -> maker; a maker gives the bytes of a whole mail.
"""

import base64
import zlib

from bomb_makers import bomb

MAILS = {}


def mail(function):
    MAILS[function.__name__] = function
    return function


# ---- PDF ----

def pdf_of(*objects, trailer="/Root 1 0 R"):
    out = b"%PDF-1.7\n"
    places = []
    for i, content in enumerate(objects, 1):
        if isinstance(content, str):
            content = content.encode()
        places.append(len(out))
        out += b"%d 0 obj\n" % i + content + b"\nendobj\n"
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (f"trailer<</Size {len(places) + 1}{trailer}>>\n"
                  f"startxref\n{at}\n%%EOF\n").encode()


def pdf_stream(content, more=""):
    packed = zlib.compress(content, 9)
    return (f"<<{more}/Filter/FlateDecode/Length {len(packed)}>>stream\n"
            .encode() + packed + b"\nendstream")


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
FONT = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def pdf_page(content, box="0 0 600 800", resources=FONT, more=()):
    return pdf_of(CATALOG, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                  f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]"
                  f"/Contents 4 0 R/Resources{resources}>>",
                  pdf_stream(content), *more)


@bomb
def cycle_pdf():
    """A tree of pages that has itself as a page."""
    return "a.pdf", pdf_of(CATALOG, "<</Type/Pages/Kids[2 0 R 2 0 R]"
                           "/Count 1000000000/Parent 2 0 R>>")


@bomb
def pages_pdf():
    """A million times the same page."""
    kids = "3 0 R " * 1000
    inner = f"<</Type/Pages/Parent 2 0 R/Count 1000/Kids[{kids}]>>"
    return "a.pdf", pdf_of(
        CATALOG, f"<</Type/Pages/Count 1000000/Kids[{'5 0 R ' * 1000}]>>",
        f"<</Type/Page/Parent 5 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        f"/Resources{FONT}>>",
        pdf_stream(b"BT /F 9 Tf (hello) Tj ET"), inner)


@bomb
def objects_pdf():
    """Object streams that lie in and extend each other."""
    return "a.pdf", pdf_of(
        CATALOG, "<</Type/Pages/Kids[]/Count 9>>",
        pdf_stream(b"5 0 <<>>", "/Type/ObjStm/N 1/First 4/Extends 4 0 R"),
        pdf_stream(b"6 0 <<>>", "/Type/ObjStm/N 1/First 4/Extends 3 0 R"))


@bomb
def previous_pdf():
    """A table of places that names itself as the one before."""
    body = pdf_of(CATALOG, "<</Type/Pages/Kids[]/Count 1>>")
    at = body.index(b"xref\n")
    return "a.pdf", body.replace(b"trailer<<", b"trailer<</Prev %d" % at)


@bomb
def box_pdf():
    return "a.pdf", pdf_page(b"BT /F 9 Tf (hello) Tj ET",
                             "0 0 1000000000 1000000000")


@bomb
def operators_pdf():
    return "a.pdf", pdf_page(b"q 1 0 0 1 1 1 cm BT /F 9 Tf (12) Tj ET Q "
                             * 1000000)


@bomb
def glyphs_pdf():
    return "a.pdf", pdf_page(b"BT /F 4 Tf " + b"".join(
        b"1 0 0 1 %d %d Tm (1) Tj " % (i % 600, i // 600)
        for i in range(400000)) + b"ET")


@bomb
def zeros_pdf():
    return "a.pdf", pdf_page(b" " * (512 << 20))


@bomb
def forms_pdf():
    """Forms that draw themselves, and sixteen of the next one each."""
    def form(number):
        return pdf_stream(b"/X Do " * 16, "/Type/XObject/Subtype/Form/BBox"
                          f"[0 0 9 9]/Resources<</XObject<</X {number} 0 R>>>>")
    return "a.pdf", pdf_page(
        b"/X Do", resources="<</XObject<</X 5 0 R>>>>",
        more=[form(n) for n in (6, 7, 8, 9, 10, 11, 12, 5)])


@bomb
def bookmarks_pdf():
    return "a.pdf", pdf_of(
        "<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>>",
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</Type/Outlines/First 4 0 R/Last 4 0 R/Count 1>>",
        "<</Title(a)/Parent 3 0 R/Next 4 0 R/First 4 0 R/Last 4 0 R>>")


@bomb
def fields_pdf():
    return "a.pdf", pdf_of(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</T(a)/Kids[3 0 R 3 0 R]/Parent 3 0 R>>")


@bomb
def image_pdf():
    image = pdf_stream(bytes(1 << 20), "/Type/XObject/Subtype/Image"
                       "/Width 60000/Height 60000/BitsPerComponent 8"
                       "/ColorSpace/DeviceRGB")
    return "a.pdf", pdf_page(b"600 0 0 800 0 0 cm /X Do",
                             resources="<</XObject<</X 5 0 R>>>>",
                             more=[image])


@bomb
def predictor_pdf():
    packed = zlib.compress(bytes(1 << 20))
    stream = (b"<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns "
              b"2147483647/Colors 32/BitsPerComponent 16>>/Length %d>>stream\n"
              % len(packed) + packed + b"\nendstream")
    return "a.pdf", pdf_of(
        CATALOG, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", stream)


@bomb
def map_pdf():
    """A font whose map of characters has four billion of them."""
    ranges = b"begincmap 100 beginbfrange " + b"<0000><ffff><0041> " * 100 + \
        b"endbfrange endcmap"
    return "a.pdf", pdf_page(
        b"BT /F 9 Tf " + b"<00010002> Tj " * 1000 + b"ET",
        resources="<</Font<</F 5 0 R>>>>",
        more=["<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H"
              "/ToUnicode 6 0 R/DescendantFonts[<</Type/Font/Subtype"
              "/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)"
              "/Ordering(Identity)/Supplement 0>>>>]>>",
              pdf_stream(ranges * 2000)])


# ---- whole mails ----

HEAD = (b"From: taro@corp.test\r\nTo: out@example.com\r\nSubject: a\r\n"
        b"MIME-Version: 1.0\r\n")


@mail
def deep_multipart():
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
        % (i, i) for i in range(10000)) + b"Content-Type: text/plain\r\n\r\nx"


@mail
def deep_messages():
    return HEAD + (b"Content-Type: message/rfc822\r\n\r\nSubject: a\r\n"
                   * 10000) + b"\r\nx"


@mail
def many_headers():
    return HEAD + b"".join(b"X-%d: a\r\n" % i
                           for i in range(1000000)) + b"\r\nx"


@mail
def many_content_types():
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n" % i
        for i in range(100000)) + b"\r\n--b1\r\n\r\nx\r\n"


@mail
def many_encodings():
    return HEAD + b"Content-Transfer-Encoding: base64\r\n\
Content-Transfer-Encoding: quoted-printable\r\n" * 50000 + b"\r\nMTIz=31"


@mail
def nested_comments():
    return HEAD + b"Content-Type: text/plain " + b"(" * 1000000 + b"\r\n\r\nx"


@mail
def long_field():
    return HEAD + b"Content-Type: multipart/mixed; boundary=\"" + \
        b"=?" * 2000000 + b"\"\r\n\r\nx"


@mail
def pieces_of_a_parameter():
    return HEAD + b"Content-Type: multipart/mixed" + b"".join(
        b";\r\n boundary*%d*=%%41" % i for i in range(200000)) + \
        b"\r\n\r\n--" + b"A" * 70 + b"\r\n\r\nx"


@mail
def encoded_words():
    return HEAD + b"X-A: " + b"=?utf-8?b?MTIzNA==?=\r\n " * 300000 + \
        b"\r\n\r\nx"


@mail
def many_parts():
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + \
        b"--b\r\n\r\nx\r\n" * 1000000


@mail
def almost_boundaries():
    line = b"--" + b"b" * 69
    return HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 70 + \
        b"\r\n\r\n" + (line + b"\r\n") * 300000


@mail
def boundaries_in_boundaries():
    """Each part opens one more level with a boundary that begins the last."""
    out, name = HEAD, b"b"
    for _ in range(2000):
        out += b"Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n" \
            b"--%s\r\n" % (name, name)
        name += b"b" if len(name) < 70 else b""
    return out + b"--b\r\n" * 100000


@mail
def large_base64():
    return HEAD + b"Content-Transfer-Encoding: base64\r\n" \
        b"Content-Type: application/octet-stream\r\n\r\n" + \
        base64.encodebytes(bytes(45 << 20))


@mail
def base64_in_base64():
    content = b"123456789018"
    for _ in range(60):
        content = b"Content-Type: message/rfc822\r\n" \
            b"Content-Transfer-Encoding: base64\r\n\r\n" + \
            base64.encodebytes(content)
        if len(content) > 8 << 20:
            break
    return HEAD + content


@mail
def quoted_line():
    return HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + \
        b"=31=32=\r\n" * 2000000


@mail
def many_files_in_text():
    """uuencode: half a million beginnings."""
    return HEAD + b"\r\n" + b"begin 644 a\r\n" * 500000


@mail
def no_line_end():
    return HEAD + b"\r\n" + b"1 2 3 4 " * 3000000


@mail
def carriage_returns():
    return HEAD + b"\r\n" + b"\r" * 20000000


@mail
def escapes_of_a_charset():
    return HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + \
        b"\x1b$B\x1b(B" * 3000000
