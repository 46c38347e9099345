"""Make the documents in tests/data/everyday. They are made once and kept.

needs: libreoffice-writer-nogui, -calc-nogui, -impress-nogui, python3-docx,
       python3-openpyxl, python3-reportlab, fonts-ipafont-gothic, p7zip-full, gcab,
       cpio, lzip, zstd
usage: make_everyday.py DIRECTORY

What offices send each other on an ordinary day, without one My Number: letters,
minutes, estimates, lists, timetables, slides. Base documents are written by
python-docx, openpyxl and reportlab, or here as flat ODF; LibreOffice makes all
other forms of them. everyday.py composes mails with them.
"""
import datetime
import os
import random
import shutil
import subprocess
import sys
import tempfile

import docx
import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

OUT = os.path.abspath(sys.argv[1])
rng = random.Random(20261122)
DAY = datetime.datetime(2026, 11, 2, 9, 0, 0)

WORDS = """本件につきましては、関係者で内容を確認のうえ、来週中にご回答いたします。
会場は本社三階の第二会議室です。受付で社員証をご提示ください。
納期は注文書の受領後およそ二週間です。お急ぎの場合はご相談ください。
前回の議事録に誤りがありましたので、訂正版をお送りします。
お支払いは月末締め、翌月末払いでお願いいたします。
設備の点検のため、日曜日は終日停電となります。ご協力をお願いします。
次年度の計画について、各部署の意見を集めています。
資料の差し替えがございます。お手数ですが旧版は破棄してください。
Please find the revised schedule attached. The price list is valid until March.
研修の申し込みは今月二十日までに、所属長の承認を得て行ってください。""".split("\n")
TITLES = ["見積書", "議事録", "送付状", "作業報告書", "会社案内", "研修の案内",
          "契約書（案）", "点検結果"]
SHEETS = ["売上", "在庫", "勤怠", "名簿", "予算", "工程", "問合せ", "価格表"]
SLIDES = ["事業計画", "新製品", "安全教育", "月次報告", "操作説明"]


def phone():
    return f"0{rng.choice('36')}-{rng.randint(2000, 9999)}-{rng.randint(1000, 9999)}"


def letter(index):
    page = docx.Document()
    page.core_properties.author = "総務部"
    page.core_properties.title = TITLES[index]
    page.core_properties.created = page.core_properties.modified = DAY
    page.sections[0].header.paragraphs[0].text = "株式会社サンプル商事"
    page.sections[0].footer.paragraphs[0].text = f"電話 {phone()}"
    page.add_heading(TITLES[index], 0)
    for _ in range(6 + index):
        line = page.add_paragraph(rng.choice(WORDS))
        line.add_run("以上。").bold = True
    page.add_paragraph("担当者の一覧", style="List Bullet")
    table = page.add_table(rows=1, cols=3)
    for cell, text in zip(table.rows[0].cells, ("品名", "数量", "金額")):
        cell.text = text
    for row in range(4 + index):
        cells = table.add_row().cells
        cells[0].text = f"部品 {chr(65 + row)}-{rng.randint(100, 999)}"
        cells[1].text = str(rng.randint(1, 40))
        cells[2].text = f"{rng.randint(1, 900) * 100:,} 円"
    page.save(f"letter{index}.docx")


def book(index):
    file = openpyxl.Workbook()
    file.properties.created = file.properties.modified = DAY
    sheet = file.active
    sheet.title = SHEETS[index]
    sheet.append(["日付", "担当", "部署", "件数", "金額", "備考"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in range(20 + 10 * index):
        sheet.append([DAY + datetime.timedelta(days=row),
                      rng.choice(["佐藤", "鈴木", "高橋", "田中"]),
                      rng.choice(["営業部", "総務部", "製造部"]),
                      rng.randint(1, 99), rng.randint(10, 9000) * 10,
                      rng.choice(WORDS)[:12]])
    sheet["H1"] = "合計"
    sheet["H2"] = "=SUM(E2:E20)"
    sheet["H1"].comment = Comment("月末に確認", "経理")
    second = file.create_sheet("連絡先")
    for name in ("本社", "支店", "工場", "倉庫"):
        second.append([name, phone(), f"{rng.randint(100, 999)}-{rng.randint(1000, 9999)}"])
    if index % 3 == 0:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=12),
                       titles_from_data=True)
        sheet.add_chart(chart, "J3")
    file.save(f"book{index}.xlsx")


FODP = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation>%s</office:presentation></office:body></office:document>
"""
SLIDE = """<draw:page draw:name="p%d"><draw:frame svg:x="2cm" svg:y="1cm" svg:width="22cm"
 svg:height="3cm"><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame>
<draw:frame svg:x="2cm" svg:y="5cm" svg:width="22cm" svg:height="10cm"><draw:text-box>
%s</draw:text-box></draw:frame><presentation:notes><draw:frame svg:x="2cm" svg:y="14cm"
 svg:width="16cm" svg:height="9cm"><draw:text-box><text:p>%s</text:p></draw:text-box>
</draw:frame></presentation:notes></draw:page>"""


def slides(index):
    pages = "".join(
        SLIDE % (i + 1, SLIDES[index] if i == 0 else f"{i}. {rng.choice(WORDS)[:10]}",
                 "".join(f"<text:p>{rng.choice(WORDS)}</text:p>" for _ in range(3)),
                 rng.choice(WORDS)) for i in range(3 + index))
    with open(f"slides{index}.fodp", "w", encoding="utf-8") as file:
        file.write(FODP % pages)


def printed(index):
    """As business programs print: CID fonts, tables placed by position."""
    page = canvas.Canvas(f"{OUT}/printed{index}.pdf", invariant=1)
    for number in range(1 + index):
        page.setFont("HeiseiMin-W3", 11)
        page.drawString(72, 790, f"御請求書  第 {index}{number} 号")
        for row in range(20):
            page.drawString(72, 740 - 20 * row, rng.choice(WORDS)[:20])
            page.drawRightString(520, 740 - 20 * row,
                                 f"{rng.randint(1, 900) * 100:,}")
            page.line(70, 736 - 20 * row, 525, 736 - 20 * row)
        page.showPage()
    page.save()


def run(*words, **settings):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **settings)


def convert(kind, names, out=OUT):
    """kind: "docx", "pdf", or "csv:filter"."""
    run("soffice", "--headless", f"-env:UserInstallation=file://{os.getcwd()}/profile",
        "--convert-to", kind, "--outdir", out, *names)


def archives():
    """Kinds of archives that Python does not write, with two documents each."""
    inside = ["letter0.docx", "book1.xlsx", "memo.txt"]
    for name in inside[:2]:
        shutil.copy(f"{OUT}/{name}", name)
    with open("memo.txt", "w", encoding="cp932") as file:
        file.write("資料を送付します。ご査収ください。\r\n" + "\r\n".join(WORDS[:5]))
    targets = {name: f"{OUT}/{name}" for name in (
        "files.7z", "files.cab", "files.cpio", "files.ar", "files.tar.zst",
        "files.tar.lz")}
    run("7z", "a", targets["files.7z"], *inside)
    run("gcab", "-c", "-z", targets["files.cab"], *inside)
    run("ar", "rD", targets["files.ar"], *inside)
    with open(targets["files.cpio"], "wb") as out:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], check=True,
                       input="\n".join(inside), text=True, stdout=out)
    run("tar", "-cf", "files.tar", *inside)
    run("zstd", "-q", "-f", "files.tar", "-o", targets["files.tar.zst"])
    run("lzip", "-f", "-o", targets["files.tar.lz"], "files.tar")


def main():
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    os.makedirs(OUT, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for index in range(len(TITLES)):
            letter(index)
        for index in range(len(SHEETS)):
            book(index)
        for index in range(len(SLIDES)):
            slides(index)
        for index in range(4):
            printed(index)
        letters = [f"letter{i}.docx" for i in range(len(TITLES))]
        books = [f"book{i}.xlsx" for i in range(len(SHEETS))]
        shows = [f"slides{i}.fodp" for i in range(len(SLIDES))]
        for kind in ("docx", "odt", "rtf", "html:HTML (StarWriter)"):
            convert(kind, letters)
        for kind in ("xlsx", "ods", "csv:Text - txt - csv (StarCalc):44,34,76,1"):
            convert(kind, books)
        for kind in ("pptx", "odp"):
            convert(kind, shows)
        convert("html:HTML (StarCalc)", books[:3])
        convert("pdf", letters[:3] + books[:3] + shows[:1])
        # Some stay as the library wrote them.
        for name in letters[::3] + books[::3]:
            shutil.copy(name, f"{OUT}/{name}")
        for name in os.listdir(OUT):
            if name.endswith(".png"):  # of charts in HTML
                os.remove(f"{OUT}/{name}")
        archives()
        os.chdir("/")


if __name__ == "__main__":
    main()
