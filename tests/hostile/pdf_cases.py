"""PDF files that hide a number, or that programs read differently."""

from cases import FOUND, HELD, add, ascii_line, zipped
from pdfs import FONT, Lock, Pdf, page, shown, update

FAMILY = "pdf"


def words(n):
    return f"My Number: {n}"


def pdf(name, make, want=FOUND, ending="pdf"):
    add(FAMILY, name, make, want, ending)


def content(name, make, want=FOUND, **settings):
    """make(number): operators behind a harmless line."""
    pdf(name, lambda n: page(shown("hello") + make(n), **settings), want)


content("plain", lambda n: shown(words(n), "72 600"))
content("one_glyph_each", lambda n: "BT /F1 12 Tf 72 600 Td " + "".join(
    f"({c}) Tj 8 0 Td " for c in words(n)) + "ET")
content("glyphs_out_of_order", lambda n: shown("My Number:", "72 600")
        + "".join(shown(n[i], f"{150 + 9 * i} 600")
                  for i in (11, 3, 7, 0, 9, 1, 5, 2, 8, 4, 10, 6)))
content("kerned", lambda n: f"BT /F1 12 Tf 72 600 Td [({words(n)[:14]}) -300 "
        f"({words(n)[14:]})] TJ ET")
content("invisible_mode", lambda n: shown(words(n), "72 600", "3 Tr"))
content("white_on_white", lambda n: "1 1 1 rg " + shown(words(n), "72 600"))
content("tiny", lambda n: f"BT /F1 0.1 Tf 72 600 Td ({words(n)}) Tj ET")
content("off_page", lambda n: shown(words(n), "72 2000"))
content("behind_picture", lambda n: shown(words(n), "72 600")
        + "0 0 595 842 re f")
content("clipped_away", lambda n: "q 0 0 1 1 re W n "
        + shown(words(n), "72 600") + "Q")
content("hex_string", lambda n: "BT /F1 12 Tf 72 600 Td <"
        + words(n).encode().hex() + "> Tj ET")
content("octal_string", lambda n: "BT /F1 12 Tf 72 600 Td (" + "".join(
    f"\\{ord(c):03o}" for c in words(n)) + ") Tj ET")
content("actual_text", lambda n: f"/Span<</ActualText({words(n)})>>BDC "
        + shown("x", "72 600") + "EMC")
content("upside_down", lambda n: "q -1 0 0 -1 500 700 cm "
        + shown(words(n), "72 100") + "Q")
content("turned", lambda n: "q 0 1 -1 0 300 100 cm "
        + shown(words(n), "0 0") + "Q")
content("rotated_page", lambda n: shown(words(n), "72 600"),
        page_extra="/Rotate 90")
content("crop_box", lambda n: shown(words(n), "72 600"),
        page_extra="/CropBox[0 700 595 842]")
content("hidden_layer", lambda n: "/OC /L BDC " + shown(words(n), "72 600")
        + "EMC", resources="/Properties<</L 6 0 R>>",
        root_extra="/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>",
        more=lambda pdf: pdf.add("<</Type/OCG/Name(x)>>", 6))


def with_more(name, make, want=FOUND, **settings):
    """make(number) gives more(pdf)."""
    pdf(name, lambda n: page(shown("hello"), more=make(n), **{
        key: value(n) if callable(value) else value
        for key, value in settings.items()}), want)


pdf("in_form_object_used", lambda n: page(
    "/X Do", resources="/XObject<</X 6 0 R>>", more=lambda pdf: pdf.stream(
        shown(words(n)), "/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
        "/Resources<</Font<</F1 5 0 R>>>>", number=6)))
with_more("form_value", lambda n: lambda pdf: pdf.add(
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(number)/Rect[0 0 100 20]/V("
    f"{words(n)})/P 3 0 R>>", 6), page_extra="/Annots[6 0 R]",
          root_extra="/AcroForm<</Fields[6 0 R]>>")
with_more("form_default", lambda n: lambda pdf: pdf.add(
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(number)/Rect[0 0 100 20]/DV("
    f"{words(n)})/P 3 0 R>>", 6), page_extra="/Annots[6 0 R]",
          root_extra="/AcroForm<</Fields[6 0 R]>>")
with_more("form_off_page", lambda n: lambda pdf: pdf.add(
    f"<</FT/Tx/T(number)/V({words(n)})>>", 6),
          root_extra="/AcroForm<</Fields[6 0 R]>>")
with_more("annotation", lambda n: lambda pdf: pdf.add(
    f"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({words(n)})>>", 6),
          page_extra="/Annots[6 0 R]")
with_more("annotation_hidden", lambda n: lambda pdf: pdf.add(
    "<</Type/Annot/Subtype/FreeText/F 2/Rect[0 0 9 9]/DA(/F1 1 Tf)/Contents"
    f"({words(n)})>>", 6), page_extra="/Annots[6 0 R]")
with_more("link", lambda n: lambda pdf: pdf.add(
    "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://"
    f"www.example.com/?q=My Number {n})>>>>", 6), HELD,
          page_extra="/Annots[6 0 R]")
with_more("attached_file", lambda n: lambda pdf: (
    pdf.stream(zipped(n), "/Type/EmbeddedFile", number=6),
    pdf.add("<</Type/Filespec/F(a.zip)/EF<</F 6 0 R>>>>", 7)),
          root_extra="/Names<</EmbeddedFiles<</Names[(a.zip) 7 0 R]>>>>")
with_more("attached_annotation", lambda n: lambda pdf: (
    pdf.stream(zipped(n), "/Type/EmbeddedFile", number=6),
    pdf.add("<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<<"
            "/Type/Filespec/F(a.zip)/EF<</F 6 0 R>>>>>>", 7)),
          page_extra="/Annots[7 0 R]")
with_more("attached_unlisted", lambda n: lambda pdf: (
    pdf.stream(zipped(n), "/Type/EmbeddedFile", number=6),
    pdf.add("<</Type/Filespec/F(a.zip)/EF<</F 6 0 R>>>>", 7)), HELD)
with_more("title", lambda n: lambda pdf: pdf.add(
    f"<</Title({words(n)})>>", 6), info="/Info 6 0 R")
with_more("own_property", lambda n: lambda pdf: pdf.add(
    f"<</Remark({words(n)})>>", 6), info="/Info 6 0 R")
with_more("metadata", lambda n: lambda pdf: pdf.stream(
    f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{words(n)}</a></x:xmpmeta>",
    "/Type/Metadata/Subtype/XML", number=6), root_extra="/Metadata 6 0 R")
with_more("bookmark", lambda n: lambda pdf: (
    pdf.add("<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>", 6),
    pdf.add(f"<</Title({words(n)})/Parent 6 0 R/Dest[3 0 R/Fit]>>", 7)),
          root_extra="/Outlines 6 0 R")
with_more("script", lambda n: lambda pdf: pdf.add(
    f"<</S/JavaScript/JS(var x = 'My Number: {n}';)>>", 6),
          root_extra="/OpenAction 6 0 R")
with_more("form_xfa", lambda n: lambda pdf: pdf.stream(
    "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><a>"
    f"{words(n)}</a></xdp:xdp>", number=6),
          root_extra="/AcroForm<</XFA 6 0 R/Fields[]>>")
with_more("unused_stream", lambda n: lambda pdf: pdf.stream(
    shown(words(n)), number=6), HELD)
with_more("in_objects_stream", lambda n: lambda pdf: pdf.add(
    f"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({words(n)})>>", 6),
          page_extra="/Annots[6 0 R]", packed_from=6)
pdf("encrypted_empty_password", lambda n: page(shown(words(n)), lock=Lock()))
pdf("encrypted_password", lambda n: page(shown(words(n)), lock=Lock(b"x")),
    HELD)
pdf("update_hides", lambda n: update(
    page(shown(words(n)), packed=False), 4,
    b"<</Length 38>>stream\nBT /F1 12 Tf 72 720 Td (hello) Tj ET  \n"
    b"endstream"))
pdf("update_hides_packed", lambda n: update(
    page(shown(words(n))), 4,
    b"<</Length 38>>stream\nBT /F1 12 Tf 72 720 Td (hello) Tj ET  \n"
    b"endstream"), HELD)
pdf("update_shows", lambda n: update(page(shown("hello")), 4, (
    f"<</Length {len(shown(words(n)))}>>stream\n{shown(words(n))}\nendstream")
    .encode()))
pdf("no_table", lambda n: page(shown(words(n)), xref=False))
pdf("table_elsewhere", lambda n: page(shown(words(n))).replace(
    b"startxref\n", b"startxref\n9"))
pdf("offsets_wrong", lambda n: page(shown(words(n))).replace(
    b"0000000", b"0000001"))
pdf("truncated", lambda n: page(shown(words(n)))[:-300], HELD)
pdf("junk_before", lambda n: b"junk" * 200 + page(shown(words(n))))
pdf("junk_far_before", lambda n: b"junk\n" * 4000 + page(shown(words(n))))
pdf("junk_behind", lambda n: page(shown(words(n))) + b"junk\n" * 4000)
pdf("two_files", lambda n: page(shown(words(n))) + page(shown("hello")))
pdf("two_files_last", lambda n: page(shown("hello")) + page(shown(words(n))))
pdf("zip_behind", lambda n: page(shown("hello")) + zipped(n))
pdf("text_behind", lambda n: page(shown("hello")) + ascii_line(n))
pdf("in_comment", lambda n: page(shown("hello"), head=b"%PDF-1.7\n%"
                                 + ascii_line(n)))
pdf("version_odd", lambda n: page(shown(words(n)), head=b"%PDF-9.9junk\r"))
pdf("magic_lower_case", lambda n: page(shown(words(n)), packed=False,
                                       head=b"%pdf-1.7\n"), HELD)
pdf("as_text", lambda n: page(shown(words(n))), ending="txt")
pdf("length_lies", lambda n: page(shown(words(n)), packed=False).replace(
    b"/Length ", b"/Length 1"))
pdf("filter_short_name", lambda n: page(shown(words(n))).replace(
    b"/FlateDecode", b"/Fl        "))
pdf("filter_unknown", lambda n: page(shown(words(n))).replace(
    b"/FlateDecode", b"/Xxxxxxxxxxx"), HELD)
pdf("name_escaped", lambda n: page(shown(words(n))).replace(
    b"/Contents", b"/#43ontents"))
pdf("font_without_meaning", lambda n: page(
    "BT /F1 12 Tf 72 720 Td <" + "".join(f"{ord(c) + 0xe000:04x}" for c in words(n))
    + "> Tj ET", font="<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+X/Encoding"
    "/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont"
    "/AAAAAA+X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    "/Supplement 0>>>>]>>"), HELD)
pdf("font_lies", lambda n: page(
    shown(words(n).translate(str.maketrans("0123456789", "abcdefghij"))),
    font=FONT[:-2] + "/Encoding<</Differences[97" + "".join(
        f"/{name}" for name in ("zero", "one", "two", "three", "four", "five",
                                "six", "seven", "eight", "nine")) + "]>>>>"))


def looped(n):
    """Pages that are their own children, and a page with the number."""
    made = Pdf()
    made.add("<</Type/Catalog/Pages 2 0 R>>")
    made.add("<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>")
    made.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
             "/Resources<</Font<</F1 5 0 R>>>>>>")
    made.stream(shown(words(n)))
    made.add(FONT)
    return made.data()


def no_pages(n):
    """A stream with the number, and a tree without a page."""
    made = Pdf()
    made.add("<</Type/Catalog/Pages 2 0 R>>")
    made.add("<</Type/Pages/Kids[]/Count 0>>")
    made.stream(shown(words(n)))
    return made.data()


def count_lies(n):
    """Two pages, of which the tree counts one."""
    made = Pdf()
    made.add("<</Type/Catalog/Pages 2 0 R>>")
    made.add("<</Type/Pages/Kids[6 0 R 3 0 R]/Count 1>>")
    for _ in (3, 6):
        made.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents "
                 f"{4 if _ == 3 else 7} 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                 _)
    made.stream(shown(words(n)), number=4)
    made.add(FONT, 5)
    made.stream(shown("hello"), number=7)
    return made.data()


pdf("pages_in_a_circle", looped, HELD)
pdf("no_pages", no_pages, HELD)
pdf("page_count_lies", count_lies)
