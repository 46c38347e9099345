"""Tuning half: numbers, charsets and places that are written unusually."""

import letters
import shapes
from corpus import LABELLED, Classes

classes = Classes()

LINES = ["個人番号：{w}", "マイナンバー {w}", "個人番号は {w} です。",
         "マイナンバー（{person}）：{w}"]
HOLDERS = ["手続きの件でご連絡します。\n{line}\nよろしくお願いします。",
           "新入社員の情報です。\n氏名　{person}\n{line}\n生年月日　{birth}",
           "{line}"]


def in_mail(h, shown, number, **how):
    text = h.any(HOLDERS, line=h.any(LINES, w=shown))
    return h.mail(h.pick(["ご連絡", "情報の送付", "Re: 手続き"]),
                  h.body(text), **how), [number]


@classes.add(LABELLED, "full-width digits", 40)
def full_width(h, _):
    number = h.number()
    wide = number.translate(shapes.figures.FULL)
    return in_mail(h, h.pick([wide, shapes.four(wide, "－"),
                              shapes.four(wide, "　"),
                              shapes.four(wide, "ー"),
                              shapes.four(wide, "-")]), number)


@classes.add(LABELLED, "every separator between groups of four", 88)
def every_separator(h, index):
    number = h.number()
    marks = shapes.separators()
    mark = marks[index % len(marks)]
    shown = number.translate(shapes.figures.FULL) if index % 3 == 2 else number
    return in_mail(h, shapes.four(shown, mark), number, charset="utf-8")


@classes.add(LABELLED, "circled, kanji or mathematical digits", 40)
def other_digits(h, _):
    number = h.number()
    return in_mail(h, shapes.other_digits(h.rng, number), number)


@classes.add(LABELLED, "one digit per cell, tag or line", 60)
def single_digits(h, index):
    number = h.number()
    way = index % 6
    if way == 0:
        return in_mail(h, " ".join(number), number)
    if way == 1:
        return in_mail(h, "\n" + "\n".join(number), number)
    if way == 2:
        return in_mail(h, "|" + "|".join(number) + "|", number)
    cell = h.pick(["<td>{}</td>", '<td width="20">{}</td>',
                   '<td align="center"> {} </td>'])
    if way == 3:
        row = "".join(cell.format(d) for d in number)
        page = f"<table border=1><tr><td>個人番号</td>{row}</tr></table>"
    elif way == 4:
        row = "".join(cell.format(d) for d in number)
        page = h.say("<p>氏名 {person}</p><table><tr><td colspan=12>"
                     "マイナンバー</td></tr><tr>") + row + "</tr></table>"
    else:
        row = "".join(f"<span class=b>{d}</span>" for d in number)
        page = f"<div>個人番号</div><div>{row}</div>"
    return h.mail("申請", "HTMLメールです。", html=letters.html_page(page)), \
        [number]


@classes.add(LABELLED, "unseen characters between digits", 30)
def unseen(h, _):
    number = h.number()
    return in_mail(h, shapes.with_unseen(h.rng, number), number,
                   charset="utf-8")


@classes.add(LABELLED, "number broken over two lines", 40)
def broken(h, index):
    number = h.number()
    if index % 2:
        at = h.pick([4, 8])
        shown = shapes.four(number, "-")
        at += at // 4
        shown = shown[:at] + "\n" + shown[at:]
        text = h.any(["{person}の個人番号は{w}です。", "マイナンバー：{w}"], w=shown)
        return h.mail("番号", h.body(text)), [number]
    text = letters.broken_by_wrapping(h.rng, lambda: h.any([
        "先日{dept}の{surname}様よりお問い合わせいただきました{person}さんの"
        "マイナンバーは{w}ですので、ご登録をお願いします。",
        "{company}から{date}付で転籍した{person}（{birth}生）の個人番号：{w}",
        "氏名：{person}、フリガナ：{kana}、部署：{dept}、マイナンバー：{w}"],
        w=number), number)
    return h.mail("番号", h.body(text)), [number]


@classes.add(LABELLED, "ISO-2022-JP", 40)
def iso2022(h, index):
    number = h.number()
    wide = number.translate(shapes.figures.FULL)
    shown = h.pick([number, wide, shapes.four(wide, "−"),
                    shapes.four(number, "-"), shapes.four(wide, "　")])
    if index % 2:
        return h.mail("手続きの件", h.say(
            "担当の{surname}です。\n個人番号　{w}\n以上", w=shown),
            charset="iso2022_jp"), [number]
    data = letters.crlf(h.say("氏名　{person}\n個人番号　{w}\n", w=shown))
    return h.mail("添付します", "添付をご覧ください。", [letters.attachment(
        "memo.txt", letters.encode(data, "iso2022_jp"))], charset="iso2022_jp"), \
        [number]


@classes.add(LABELLED, "charset declared wrongly or not at all", 60)
def wrong_charset(h, index):
    number = h.number()
    shown = h.pick([number, number.translate(shapes.figures.FULL)])
    text = h.say("お疲れさまです。\n社員の情報です。\n氏名：田中\n"
                 "マイナンバー：{w}\n以上、よろしくお願いします。", w=shown)
    real, declared = [("cp932", "us-ascii"), ("cp932", "utf-8"),
                      ("utf-8", "iso-2022-jp"), ("euc_jp", "Shift_JIS"),
                      ("utf-8", ""), ("cp932", ""), ("euc_jp", ""),
                      ("iso2022_jp", "us-ascii"), ("cp932", "euc-jp"),
                      ("utf-8", "us-ascii"), ("utf-8", "shift_jis"),
                      ("iso2022_jp", "utf-8")][index % 12]
    entity = letters.text_entity(text, real,
                                 h.pick(["8bit", "base64"]),
                                 declared=declared)
    return letters.letter(h.headers("kaisha joho"), entity), [number]


@classes.add(LABELLED, "UTF-16 or UTF-7", 40)
def wide_charset(h, index):
    number = h.number()
    shown = h.pick([number, shapes.four(number, "-"),
                    number.translate(shapes.figures.FULL)])
    text = letters.crlf(h.say("氏名：{person}\n個人番号：{w}\n", w=shown))
    way = index % 4
    if way == 0:
        return letters.letter(h.headers("utf7"), letters.text_entity(
            text, "utf-7", "7bit", declared="utf-7")), [number]
    data = text.encode({1: "utf-16", 2: "utf-16-le", 3: "utf-16-be"}[way])
    return h.mail("メモ帳のファイル", h.body("添付します。"),
                  [letters.attachment(h.pick(["メモ.txt", "unicode.txt"]),
                                      data)]), [number]


@classes.add(LABELLED, "subject, file name or unknown header", 60)
def places(h, index):
    number = h.number()
    shown = h.pick([number, shapes.four(number, "-")])
    line = h.pick(["マイナンバー {}", "個人番号{}の件",
                   "Re: 個人番号：{}"]).format(shown)
    way = index % 3
    if way == 0:
        return h.mail(line, h.body("件名のとおりです。")), [number]
    if way == 1:
        name = h.pick([f"MyNumber_{number}.txt", f"個人番号_{number}.txt", f"マイナンバー {number}.txt",
                       f"マイナンバー({shapes.four(number, '-')}).txt"])
        return h.mail("ファイル", h.body("お送りします。"), [letters.attachment(
            name, b"see the name\r\n",
            style=h.pick(["2047", "2231", "raw"]))]), [number]
    return h.mail("ヘッダー", h.body("本文です。"), more=[
        (h.pick(["X-Comment", "Keywords", "Comments", "X-Kojin"]), line)]), \
        [number]


@classes.add(LABELLED, "HTML mail", 70)
def html(h, index):
    number = h.number()
    shown = [lambda: number, lambda: shapes.entities(h.rng, number),
             lambda: shapes.tagged(h.rng, number),
             lambda: shapes.four(number, "&nbsp;"),
             lambda: shapes.four(number, "<wbr>-"),
             lambda: shapes.four(number, " ")][index % 6]()
    inner = h.any([
        "<p>{opening}</p><p>マイナンバーは<b>{w}</b>です。</p>",
        "<div>氏名：{person}<br>個人番号：{w}<br>住所：{address}</div>",
        "<ul><li>氏名 {person}</li><li>個人番号 {w}</li></ul>",
        "<p style='display:none'>個人番号 {w}</p><p>ご確認ください</p>",
        "<p><font color=red>個人</font><font>番号</font>：{w}</p>",
        "<dl><dt>マイナンバー</dt><dd>{w}</dd></dl>",
        "<h3>マイナンバー</h3>\n<p>{w}</p>"], w=shown)
    if index % 7 == 6:
        inner = h.pick([
            f"<p>書類の件</p><!-- 個人番号 {number} -->",
            f'<input name="kojinbango" value="{number}">',
            f'<img src="a.png" alt="マイナンバー {number}">'])
    page = letters.html_page(inner)
    return h.mail("ご連絡", "", html=page, plain=index % 2 == 0), [number]
