"""Held-back half: numbers, charsets and places that are written unusually."""

import letters
import shapes
from corpus import LABELLED, Classes

classes = Classes()

SENTENCES = ["個人番号[{w}]", "マイナンバー＝{w}", "{person}のマイナンバー：{w}",
             "個人番号　　{w}　です"]
FRAMES = ["ご依頼の件、以下に記します。\n\n　{line}\n\n届き次第ご返信ください。",
          "採用者について\n{line}\n住所　{address}\n電話　{mobile}",
          "（前略）\n{line}\n（後略）"]


def sent(h, shown, number, **how):
    text = h.any(FRAMES, line=h.any(SENTENCES, w=shown))
    return h.mail(h.pick(["採用者について", "記載事項", "ご回答"]),
                  h.body(text), **how), [number]


@classes.add(LABELLED, "full-width digits", 40)
def zenkaku(h, _):
    number = h.number()
    wide = number.translate(shapes.figures.FULL)
    return sent(h, h.pick([wide, shapes.four(wide, "−"), shapes.four(wide, "‐"),
                           shapes.four(wide, "―"), shapes.four(wide, " ")]),
                number)


@classes.add(LABELLED, "every separator between groups of four", 88)
def all_marks(h, index):
    number = h.number()
    marks = shapes.separators()
    mark = marks[-1 - index % len(marks)]
    shown = number.translate(shapes.figures.FULL) if index % 4 == 1 else number
    return sent(h, shapes.four(shown, mark), number, charset="utf-8")


@classes.add(LABELLED, "circled, kanji or mathematical digits", 40)
def rare_digits(h, _):
    number = h.number()
    return sent(h, shapes.other_digits(h.rng, number), number)


@classes.add(LABELLED, "one digit per cell, tag or line", 60)
def digit_by_digit(h, index):
    number = h.number()
    way = index % 6
    if way == 0:
        return sent(h, "　".join(number), number)
    if way == 1:
        return sent(h, "\n\n" + "\n".join(number), number)
    if way == 2:
        return sent(h, shapes.four(" ".join(number).replace(" ", ""), "  "),
                    number)
    gap = "<td></td>"
    cells = [f"<td class='d'>{d}</td>" for d in number]
    if way == 3:
        row = "".join(cells[:4]) + gap + "".join(cells[4:8]) + gap + \
            "".join(cells[8:])
        page = f"<table><tr><th>マイナンバー</th>{row}</tr></table>"
    elif way == 4:
        page = h.say("<table border=0><tr><td>従業員</td><td colspan=12>"
                     "{person}</td></tr><tr><td>個人番号</td>") + \
            "\n".join(cells) + "</tr></table>"
    else:
        page = "<p>マイナンバー：" + "".join(
            f"<u>&nbsp;{d}&nbsp;</u>" for d in number) + "</p>"
    return h.mail("届出", "", html=letters.html_page(page, "utf-8"),
                  charset="utf-8"), [number]


@classes.add(LABELLED, "unseen characters between digits", 30)
def invisible(h, _):
    number = h.number()
    return sent(h, shapes.with_unseen(h.rng, number), number,
                charset="utf-8")


@classes.add(LABELLED, "number broken over two lines", 40)
def split(h, index):
    number = h.number()
    if index % 2:
        shown = shapes.four(number, h.pick([" ", "－"]))
        at = h.pick([5, 10])
        shown = shown[:at].rstrip() + "\n" + shown[at:]
        text = h.any(["従業員{person}より届け出のありましたマイナンバー（{w}）です。",
                      "個人番号を記します。個人番号 {w}"], w=shown)
        return h.mail("届け出", h.body(text)), [number]
    text = letters.broken_by_wrapping(h.rng, lambda: h.any([
        "{month}月に{address}へ転居した{person}につきまして、マイナンバーが{w}で"
        "あることを書面で確認しました。",
        "採用 {person} ({kana}) {birth} {address} 個人番号 {w} 以上",
        "なお、{surname}先生への謝金の支払調書に記載する個人番号については、"
        "控えによりますと{w}です。"], w=number), number)
    return h.mail("届け出", h.body(text)), [number]


@classes.add(LABELLED, "ISO-2022-JP", 40)
def jis(h, index):
    number = h.number()
    wide = number.translate(shapes.figures.FULL)
    shown = h.pick([wide, number, shapes.four(number, " "),
                    shapes.four(wide, "ー"), shapes.four(wide, "・")])
    text = h.say("{surname}さん\n\nマイナンバーが届きました。\n{w}\n{person}", w=shown)
    if index % 2:
        return h.mail("番号到着", text, charset="iso2022_jp"), [number]
    how = h.pick(["base64", "quoted-printable", "7bit"])
    return letters.letter(h.headers("todoke"), letters.text_entity(
        text, "iso2022_jp", how)), [number]


@classes.add(LABELLED, "charset declared wrongly or not at all", 60)
def mislabelled(h, index):
    number = h.number()
    shown = h.pick([shapes.four(number, "-"), number,
                    shapes.four(number.translate(shapes.figures.FULL), "　")])
    text = h.say("森様\n\n支払調書を作成しますので控えをお送りします。\n"
                 "講師　石川\n個人番号　{w}\n支払金額　十万円\n", w=shown)
    real, declared = [("euc_jp", "us-ascii"), ("euc_jp", "utf-8"),
                      ("utf-8", "euc-jp"), ("cp932", "iso-2022-jp"),
                      ("cp932", "iso-8859-1"), ("utf-8", "windows-1252"),
                      ("iso2022_jp", ""), ("cp932", "x-unknown"),
                      ("euc_jp", "iso-2022-jp"), ("utf-8", "x-sjis"),
                      ("iso2022_jp", "shift_jis"), ("cp932", "")][index % 12]
    if index % 2:
        return h.mail("shiharai", "tenpu", [letters.attachment(
            "hikae.txt", letters.encode(letters.crlf(text), real),
            f"text/plain; charset={declared}" if declared else "text/plain")]
        ), [number]
    return letters.letter(h.headers("shiharai"), letters.text_entity(
        text, real, h.pick(["8bit", "quoted-printable"]),
        declared=declared)), [number]


@classes.add(LABELLED, "UTF-16 or UTF-7", 40)
def unicode_files(h, index):
    number = h.number()
    shown = h.pick([shapes.four(number, " "), number,
                    shapes.four(number.translate(shapes.figures.FULL), "－")])
    text = letters.crlf(h.say("■{company}\nマイナンバー　{w}\n{person}\n", w=shown))
    way = index % 4
    if way == 0:
        return letters.letter(h.headers("seven"), letters.text_entity(
            text, "utf-7", "quoted-printable", declared="UTF-7")), [number]
    if way == 1:
        return letters.letter(h.headers("sixteen"), letters.text_entity(
            text, "utf-16", "base64", declared="utf-16")), [number]
    data = text.encode("utf-16-le" if way == 2 else "utf-16")
    return h.mail("ファイル送付", h.body("ご覧ください。"),
                  [letters.attachment(h.pick(["番号.txt", "u.csv"]),
                                      data)]), [number]


@classes.add(LABELLED, "subject, file name or unknown header", 60)
def elsewhere(h, index):
    number = h.number()
    shown = h.pick([shapes.four(number, " "), number])
    line = h.pick(["{}（マイナンバー）", "マイナンバー:{}", "【個人番号】{}",
                   "my number {}"]).format(shown)
    way = index % 3
    if way == 0:
        return h.mail(line, h.body("本文はありません。")), [number]
    if way == 1:
        name = h.pick([f"{number}_個人番号.csv", f"個人番号{number}.txt",
                       f"mynumber-{number}.txt"])
        return h.mail("保存してください", h.body("添付のみです。"),
                      [letters.attachment(name, b"empty\r\n",
                                          style=h.pick(["2231", "2047"]))]), \
            [number]
    return h.mail("ご参考", h.body("以上です。"), more=[
        (h.pick(["X-Note", "X-Original-Subject", "Thread-Topic",
                 "X-Memo"]), line)]), [number]


@classes.add(LABELLED, "HTML mail", 70)
def web(h, index):
    number = h.number()
    shown = [lambda: shapes.four(number, "-"), lambda: number,
             lambda: shapes.entities(h.rng, number),
             lambda: shapes.tagged(h.rng, number),
             lambda: shapes.four(number, "&#8208;"),
             lambda: shapes.four(number, "&ensp;")][index % 6]()
    inner = h.any([
        "<p>{closing}</p>\n<p>記<br>１．個人番号　{w}<br>２．氏名　{person}</p>",
        "<div>個人番号</div><div>{w}</div>",
        "<p>マイ<wbr>ナンバー：<span style='color:#333'>{w}</span></p>",
        "<blockquote>マイナンバー({person})<br>{w}</blockquote>",
        "<p><strong>マイナンバー</strong>&nbsp;{w}</p><p>{address}</p>",
        "<table><tr><td>{person}</td><td>個人番号</td><td>{w}</td></tr></table>",
        "<pre>個人番号    {w}\n氏名        {person}</pre>"], w=shown)
    if index % 7 == 5:
        inner = h.pick([
            f"<!-- my_number: {number} --><p>ご確認願います</p>",
            f'<a title="個人番号 {number}" href="#">表示</a>',
            f'<input type="hidden" name="my_number" value="{number}">'])
    page = letters.html_page(inner, None, "<style>p{margin:0}</style>")
    return h.mail("ご案内", "HTML", html=page, plain=index % 2 == 1), [number]
