"""Labelled numbers in every form, charset and place: fresh half."""

import figures
import letters
import shapes
from corpus import LABELLED, Classes
from figures import FULL, four
from fresh_labelled import typed

classes = Classes()

LINES = [
    "個人番号 {w}", "マイナンバー: {w}", "・{person}様　個人番号　{w}",
    "御本人のマイナンバー（{w}）を控えました。", "採用者の個人番号は{w}とのこと。",
    "①{person} ②{birth} ③個人番号{w}", "扶養者マイナンバー、{w}、以上。",
    "Staff My Number {w}",
    "{surname}店長の個人番号です　{w}",
    "貸主様マイナンバー{w}（{address}）",
    "個人番号（本人）{w}",
    "原稿執筆者のマイナンバーは{w}です",
    "番号確認済 個人番号 {w}"]
ROUND = [
    "{line}", "○○役所の{surname}さんに聞きました。\n{line}",
    "確定申告をお願いしている先生あて。\n\n{line}\n屋号　{company}\n",
    "次の方、来月から時給者です。\n{line}\n勤務地　{place}",
    "（店長より）シフトと一緒に送ります。\n　{line}\n　交通費 {amount}円",
    "看護師の{surname}さん、{date}付で採用です。\n{line}\n資格証は別便",
    "学校事務の{surname}です。非常勤の先生の分です。\n\n{line}\n\n時間割は{date}に。",
    "支払調書、あと1件でした。\n{line}\n支払額 {amount}円",
    "{line}\n　　（{person}・{birth}）"]
TOPICS = ["送付", "{month}月入社", "控えの送付", "RE: 台帳", "手続依頼（{surname}）",
          "報酬支払の件"]


def around(h, shown, number):
    text = h.any(ROUND, line=h.any(LINES, w=shown))
    return h.mail(h.any(TOPICS), h.body(text)), [number]


@classes.add(LABELLED, "full-width digits", 40)
def full_width(h, _):
    number = h.number()
    wide = number.translate(FULL)
    mixed = number[:4].translate(FULL) + number[4:]
    shown = h.pick([wide, four(wide, "　"), four(wide, "－"), four(wide, "―"),
                    four(wide, "・"), four(wide, " "), mixed,
                    four(mixed, "-")])
    return around(h, shown, number)


@classes.add(LABELLED, "every separator between groups of four", 44)
def every_separator(h, index):
    number = h.number()
    all_of_them = shapes.separators()
    return around(h, four(number, all_of_them[index % len(all_of_them)]),
                  number)


@classes.add(LABELLED, "circled, kanji or mathematical digits", 40)
def other_digits(h, _):
    number = h.number()
    return around(h, shapes.other_digits(h.rng, number), number)


@classes.add(LABELLED, "one digit per cell, tag or line", 50)
def single(h, index):
    number = h.number()
    if index % 5 == 0:
        return around(h, "｜".join(number.translate(FULL)), number)
    if index % 5 == 1:
        return around(h, "\n" + "\n".join(number) + "\n", number)
    if index % 5 == 2:
        return around(h, h.pick([" ", "　", "\t", "・"]).join(number), number)
    label = h.pick(["個人番号", "マイナンバー<br>（右づめ）", "個 人 番 号"])
    if index % 5 == 3:
        cells = "".join(
            f'<td style="border:solid windowtext 1.0pt">'
            f'<p class="MsoNormal">{one}</p></td>' for one in number)
        page = f"<table><tr><td>{label}</td>{cells}</tr></table>"
    else:
        page = f"<p>{label}</p><div class=boxes>" + "".join(
            f'<span class="d">{one}</span>\n' for one in number) + "</div>"
    return h.mail(h.any(TOPICS), "表示できない場合はHTMLでご覧ください。",
                  html=letters.html_page(page), plain=index % 2 == 0), [number]


@classes.add(LABELLED, "unseen characters between digits", 30)
def unseen(h, _):
    number = h.number()
    return around(h, shapes.with_unseen(h.rng, number), number)


@classes.add(LABELLED, "number broken over two lines", 40)
def broken(h, index):
    number = h.number()
    if index % 2:
        parts = figures.groups(number, 4, 4, 4)
        shown = h.pick(["{0}-{1}-\n{2}", "{0} {1}\n{2}", "{0}-\n{1}-{2}",
                        "{0}{1}\n{2}", "{0}\n{1}\n{2}", "{0}　\n　{1}　{2}"])
        return around(h, shown.format(*parts), number)
    text = letters.broken_by_wrapping(
        h.rng, lambda: h.say(h.pick([
            "{person}、{birth}生まれ、{address}にお住まいの方の個人番号は、{n}です。",
            "給与計算ソフトの台帳には{dept}の{surname}さんのマイナンバーとして{n}が入っていました。",
            "Name {iso_date} {mobile} {code} registered My Number of staff: {n}"]),
            n=number), number)
    return h.mail(h.any(TOPICS), text), [number]


@classes.add(LABELLED, "ISO-2022-JP", 40)
def jis(h, index):
    number = h.number()
    text = h.body(h.any(ROUND, line=h.any(
        [*LINES, "㈱の{surname}です。個人番号{w}①", "ﾏｲﾅﾝﾊﾞｰ＝{w}～以上"],
        w=typed(h, number))))
    files = []
    if index % 4 == 3:
        files = [letters.attachment("番号.txt", letters.iso2022_jp(
            letters.crlf(text)))]
        text = "ファイルに書きました。"
    body = letters.text_entity(text, "iso2022_jp", "7bit")
    if files:
        body = letters.multipart("mixed", [body, *files], h.boundary())
    return letters.letter(h.headers(h.any(TOPICS)), body), [number]


@classes.add(LABELLED, "charset declared wrongly or not at all", 45)
def wrong_charset(h, index):
    number = h.number()
    text = h.say("{person}　殿\n\n先日の書類の控えです。\n") + h.any(
        ROUND, line=h.any(LINES[:7], w=typed(h, number))) + h.say(
        "\n\n{closing}\n")
    real, declared = [
        ("cp932", "us-ascii"), ("cp932", "utf-8"), ("cp932", ""),
        ("euc_jp", ""), ("utf-8", "iso-8859-1"), ("utf-8", "Shift_JIS"),
        ("cp932", "ISO-2022-JP"), ("utf-8", "x-unknown"),
        ("euc_jp", "Shift_JIS")][index % 9]
    if not letters.encodable(text, real):
        text = text.encode("cp932", "replace").decode("cp932")
    html = index % 2 == 1
    if html:
        text = letters.html_page(letters.html_lines(text, "p"))
    body = letters.text_entity(text, real, h.pick(
        ["8bit", "base64", "quoted-printable"]),
        "html" if html else "plain", declared=declared)
    return letters.letter(h.headers(h.any(TOPICS)), body), [number]


@classes.add(LABELLED, "UTF-16 or UTF-7", 40)
def wide_charset(h, index):
    number = h.number()
    text = h.say("区分\t{dept}\r\n氏名\t{person}\r\n") + h.any(
        LINES, w=h.pick([number, four(number), number.translate(FULL)])) \
        + "\r\n"
    if index % 4 == 0:
        body = letters.text_entity(text, "utf-7", "7bit")
        return letters.letter(h.headers("utf7"), body), [number]
    data = [b"", b"\xff\xfe" + text.encode("utf-16-le"),
            b"\xfe\xff" + text.encode("utf-16-be"),
            text.encode("utf-16-le")][index % 4]
    if index % 4 == 2 and index % 8 == 2:
        body = letters.entity(data, "text/plain; charset=utf-16", "base64")
        return letters.letter(h.headers(h.any(TOPICS)), body), [number]
    return h.mail(h.any(TOPICS), h.body("メモ帳で保存したファイルです。"), [
        letters.attachment(h.pick(["memo.txt", "メモ.txt", "unicode.txt"]),
                           data)]), [number]


@classes.add(LABELLED, "subject, file name or unknown header", 45)
def places(h, index):
    number = h.number()
    shown = h.pick([number, four(number), four(number, " ")])
    line = h.any(["要登録マイナンバー {w}", "個人番号（{w}）{surname}", "【個人番号】{w}",
                  "{surname} My Number {w}", "マイナンバー_{w}_{surname}"],
                 w=shown)
    if index % 3 == 0:
        return h.mail(line, h.body("件名のとおりです。")), [number]
    if index % 3 == 1:
        file = letters.attachment(
            line + h.pick([".jpg", ".png", ".dat"]),
            bytes(h.rng.randrange(256) for _ in range(200)),
            "application/octet-stream", style=h.pick(["2047", "2231"]))
        return h.mail("画像", h.body("写真でお送りします。"), [file]), [number]
    return h.mail("お知らせ", h.body("ヘッダー参照"), more=[
        (h.pick(["X-Memo", "Comments", "X-HR-Note", "Keywords"]), line)]), \
        [number]


MSO = ("<style>p.MsoNormal {margin:0mm; font-size:10.5pt; "
       "font-family:\"游ゴシック\";}</style>")


def as_outlook(h, text):
    lines = "".join(
        '<p class="MsoNormal"><span lang="EN-US">'
        f'{letters.html_text(line) or "<o:p>&nbsp;</o:p>"}</span></p>\n'
        for line in text.split("\n"))
    return letters.html_page(f'<div class="WordSection1">{lines}</div>',
                             "utf-8", MSO)


def as_web_mail(h, text):
    lines = "<br>".join(map(letters.html_text, text.split("\n")))
    return f'<div dir="auto"><div dir="ltr">{lines}<br clear="all"></div></div>'


def as_phone(h, text):
    return letters.html_page(letters.html_lines(text)
                             + '<div id="AppleMailSignature"><br></div>')


@classes.add(LABELLED, "HTML mail", 60)
def html(h, index):
    number = h.number()
    mark = "QQNUMBERQQ"
    text = h.body(h.any(ROUND, line=h.any(LINES, w=mark)))
    page = h.pick([as_outlook, as_web_mail, as_phone])(h, text)
    shown = h.pick([
        number, four(number), four(number, "&nbsp;"),
        f"<b>{number}</b>", f"<u><font color=red>{four(number)}</font></u>",
        f'<a href="tel:{number}">{number}</a>',
        shapes.entities(h.rng, number), shapes.tagged(h.rng, number),
        "<wbr>".join(figures.groups(number, 4, 4, 4)),
        "</span><span>&#8209;</span><span>".join(
            figures.groups(number, 4, 4, 4))])
    page = page.replace(mark, shown)
    plain = text.replace(mark, number) if index % 3 == 0 else \
        "このメールはHTML形式です"
    return h.mail(h.any(TOPICS), plain, html=page,
                  plain=index % 3 != 2), [number]
