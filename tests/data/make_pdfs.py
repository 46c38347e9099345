"""Make the samples in tests/data/pdf. They are made once and kept.

needs: python3-reportlab, qpdf
usage: make_pdfs.py DIRECTORY
"""
import subprocess
import sys
import tempfile

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

OUT = sys.argv[1]
pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))


def sheet(name, draw, **settings):
    page = canvas.Canvas(f"{OUT}/{name}", invariant=1, **settings)
    page.setFont("HeiseiMin-W3", 12)
    draw(page)
    page.showPage()
    page.save()


def glyphs(page):
    """A form: each digit in a box of its own, with no text between."""
    page.drawString(72, 700, "個人番号")
    for i, digit in enumerate("876543210989"):
        page.rect(150 + 18 * i, 696, 18, 18)
        page.drawString(154 + 18 * i, 700, digit)


def fields(page):
    page.drawString(72, 760, "申告書")
    page.acroForm.textfield(name="my_number", value="621498320257", x=72,
                            y=700, width=200, height=20)
    page.drawString(72, 660, "マイナンバー")
    for i in (5, 3, 11, 0, 1, 2, 4, 6, 7, 8, 9, 10):
        page.acroForm.textfield(name=f"d{i:02}", value="372967742338"[i],
                                x=150 + 22 * i, y=655, width=20, height=20)


def hidden(page):
    page.drawString(72, 700, "見える文字はこれだけです。ご確認ください。よろしく。")
    text = page.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("個人番号 292175895982")
    page.drawText(text)


def notes(page):
    page.drawString(72, 700, "注釈のある文書です。内容をご確認ください。以上です。")
    page.textAnnotation("個人番号は873321641958です", Rect=[72, 600, 90, 620])
    page.linkURL("https://example.co.jp/?個人番号=263348291158",
                 (72, 500, 200, 520))
    page.bookmarkPage("a")
    page.addOutlineEntry("個人番号 491131223718", "a", 0)
    page.setTitle("マイナンバー 185672239885")


def picture(page):
    """A page that is one picture, as scanners make them."""
    page.drawInlineImage(SCAN, 0, 0, 595, 842)


def main():
    global SCAN
    from PIL import Image, ImageDraw
    SCAN = Image.new("1", (400, 560), 1)
    ImageDraw.Draw(SCAN).line((20, 20, 380, 500), fill=0, width=3)
    sheet("text.pdf", lambda p: p.drawString(
        72, 700, "個人番号：123456789018 氏名 山田太郎"))
    sheet("glyphs.pdf", glyphs)
    sheet("fields.pdf", fields)
    sheet("hidden.pdf", hidden)
    sheet("notes.pdf", notes)
    sheet("clean.pdf", lambda p: p.drawString(
        72, 700, "打合せの議事録をお送りします。ご確認をお願いします。"))
    sheet("picture.pdf", picture)
    sheet("blank.pdf", lambda p: None)
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/list.csv", "w", encoding="utf-8") as table:
            table.write("氏名,個人番号\n山田太郎,176521275740\n")
        subprocess.run(["qpdf", "--deterministic-id", f"{OUT}/clean.pdf",
                        "--add-attachment", f"{work}/list.csv", "--",
                        f"{OUT}/attached.pdf"], check=True)
    for name, user in (("locked.pdf", "secret"), ("owner_only.pdf", "")):
        subprocess.run(["qpdf", "--static-id", "--static-aes-iv", "--encrypt",
                        user, "other", "256", "--", f"{OUT}/text.pdf",
                        f"{OUT}/{name}"], check=True)


main()
