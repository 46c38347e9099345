"""The fourth half: official forms as text, and every way to write digits."""

import figures
import letters
import shapes
from corpus import LABELLED, Classes
from figures import FULL, four
from fourth_labelled import BESIDE, LABELS, MARKS, SUBJECTS, penned, short

classes = Classes()


def boxed(h, number):
    """As the boxes of a form come out as text."""
    return h.pick([" ".join(number), "|".join(number), "｜".join(number),
                   " ".join(number.translate(FULL)), four(number, " "),
                   "[" + "][".join(number) + "]", number,
                   four(number, "-"), "│".join(number.translate(FULL))])


def slip(h):
    numbers = [h.number() for _ in range(h.rng.randint(1, 4))]
    lines = [f"（受給者番号）{h.digits(4)}", f"（個人番号）{boxed(h, numbers[0])}",
             f"（役職名）{h.pick(['主任', '一般', '係長'])}", f"（氏名）{h.person()}"]
    money = [h.amount() for _ in range(4)]
    lines += ["種別　給与・賞与", f"支払金額 {money[0]}円　給与所得控除後の金額 {money[1]}円",
              f"所得控除の額の合計額 {money[2]}円　源泉徴収税額 {money[3]}円"]
    for n, number in enumerate(numbers[1:]):
        kind = "（源泉・特別）控除対象配偶者" if n == 0 else f"控除対象扶養親族 {n}"
        lines.append(f"{kind}　氏名 {h.person()}　個人番号 {boxed(h, number)}")
    lines += [f"支払者　法人番号 {h.figures.corporate()}", f"　　　　名称 {h.company()}"]
    return "令和7年分　給与所得の源泉徴収票\n" + "\n".join(lines), numbers


def dependants(h):
    numbers = [h.number() for _ in range(h.rng.randint(2, 5))]
    lines = ["給与所得者の扶養控除等申告書（写）", f"所轄税務署長　給与の支払者の名称：{h.company()}",
             f"あなたの氏名：{h.person()}　生年月日：{h.birth()}",
             f"あなたの個人番号：{boxed(h, numbers[0])}",
             f"あなたの住所：{h.address()}"]
    for kind, number in zip("ABBBB", numbers[1:]):
        lines.append(f"{kind} 氏名 {h.person()} / 続柄 {h.pick(['妻', '長男', '二女', '父'])}"
                     f" / 個人番号 {boxed(h, number)} / {h.birth()}")
    return "\n".join(lines), numbers


def payment(h):
    number = h.number()
    return (f"{h.pick(['報酬、料金、契約金及び賞金', '不動産の使用料等', '不動産等の譲受けの対価'])}"
            f"の支払調書\n\n支払を受ける者\n　住所（居所）　{h.address()}\n　氏名　{h.person()}\n"
            f"　個人番号又は法人番号　{boxed(h, number)}\n区分　{h.pick(['原稿料', '家賃', '講演料'])}"
            f"　支払金額　{h.amount()}　源泉徴収税額　{h.amount()}\n"
            f"支払者　{h.company()}　電話 {h.phone()}"), [number]


def insured(h):
    number = h.number()
    return ("健康保険・厚生年金保険　被保険者資格取得届\n事業所整理記号 "
            f"{h.digits(2)}-ｱｲｳ　事業所番号 {h.digits(5)}\n①被保険者整理番号 {h.digits(3)}\n"
            f"②氏名（ﾌﾘｶﾞﾅ） {h.kana()}\n　　　{h.person()}\n③生年月日 7.{h.digits(6)}\n"
            f"⑥個人番号［基礎年金番号］ {boxed(h, number)}\n⑦取得年月日 9.080401\n"
            f"⑨報酬月額 {h.amount()}円　⑪住所 {h.address()}"), [number]


def employment(h):
    number = h.number()
    return (f"様式第2号　雇用保険被保険者資格取得届\n1.個人番号\n{boxed(h, number)}\n"
            f"2.被保険者番号\n{h.digits(4)}-{h.digits(6)}-{h.digits(1)}\n3.取得区分　1\n"
            f"4.被保険者氏名　{h.person()}\nフリガナ　{h.kana()}\n"
            f"9.事業所番号　{h.digits(4)}-{h.digits(6)}-{h.digits(1)}"), [number]


def family(h):
    two = [h.number(), h.number()]
    return (f"被扶養者（異動）届　国民年金第３号被保険者関係届\n被保険者　{h.person()}　"
            f"個人番号 {boxed(h, two[0])}\n配偶者である被扶養者　{h.person()}　{h.birth()}　"
            f"個人番号 {boxed(h, two[1])}\n届出日　{h.date()}　収入（年収） {h.amount()}円"), two


def report(h):
    number = h.number()
    return (f"個人番号届出書\n{h.company()} 御中\n私は、下記のとおり個人番号を届け出ます。\n\n"
            f"　社員コード　{h.digits(6)}\n　氏　　　名　{h.person()}\n　個 人 番 号　"
            f"{boxed(h, number)}\n　届 出 日　{h.date()}\n\n"
            "※利用目的：源泉徴収票作成事務、社会保険届出事務"), [number]


def card(h):
    number = h.number()
    return (f"カード裏面の読み取り結果\n個人番号\n{four(number, ' ')}\n氏名 {h.person()}\n"
            f"{h.birth()}生\n{h.pick(['性別 男', '性別 女'])}"), [number]


def town(h):
    number = h.number()
    return (f"{h.pick(['児童扶養手当認定請求書', '介護保険負担限度額認定申請書', '後期高齢者医療高額療養費支給申請書'])}"
            f"\n（あて先）市長\n申請者氏名 {h.person()}\n被保険者番号 {h.digits(10)}\n"
            f"個人番号 {boxed(h, number)}\n生年月日 {h.birth()}\n住所 {h.address()}　"
            f"電話 {h.phone()}"), [number]


def return_form(h):
    number = h.number()
    return (f"令和7年分の所得税及び復興特別所得税の確定申告書\n住所 {h.address()}\n"
            f"個人番号（マイナンバー） {boxed(h, number)}\n氏名 {h.person()}\n職業 "
            f"{h.pick(['農業', '文筆業', '大工'])}　屋号　\n事業 営業等 ㋐ {h.amount()}\n"
            f"納める税金 ㊿ {h.amount()}"), [number]


DOCUMENTS = [slip, dependants, payment, insured, employment, family, report,
             card, town, return_form]


@classes.add(LABELLED, "document as text", 120)
def document(h, index):
    text, wanted = DOCUMENTS[index % len(DOCUMENTS)](h)
    if index % 4 == 3:
        data = letters.in_charset(letters.crlf(text), h.pick(
            ["cp932", "utf-8", "utf-8-sig"]))
        name = h.pick(["控え.txt", "scan_{}.txt", "書類{}.txt"]).format(
            h.digits(2))
        return h.mail(h.pick(SUBJECTS), h.body("添付のとおりです。"), files=[
            letters.attachment(name, data, style=h.pick(["2047", "2231"]))]
        ), wanted
    return h.mail(h.pick(SUBJECTS), h.body(text)), wanted


def sentence(h, shown, index=0):
    return h.say(BESIDE[(index * 5 + h.rng.randint(0, 3)) % len(BESIDE)],
                 p=h.person(), l=h.pick(LABELS), m=h.pick(MARKS), n=shown,
                 **short(h))


@classes.add(LABELLED, "full-width digits", 80)
def full_width(h, index):
    number = h.number()
    shown = [number, four(number, "－"), four(number, "　"), four(number, "‐"),
             four(number, "ー"), four(number, "-")][index % 6].translate(FULL)
    return h.mail(h.pick(SUBJECTS), h.body(sentence(h, shown, index))), \
        [number]


@classes.add(LABELLED, "every separator between groups of four", 82)
def every_separator(h, index):
    number = h.number()
    marks = shapes.separators()
    shown = four(number, marks[index % len(marks)])
    text = h.any(["個人番号：{n}", "私のマイナンバーは{n}です。", "マイナンバー {n}\n氏名 {p}",
                  "氏名：{p}\n個人番号：{n}\n電話：{phone}"], n=shown, p=h.person())
    return h.mail(h.pick(SUBJECTS), h.body(text), charset="utf-8"), [number]


@classes.add(LABELLED, "circled, kanji or mathematical digits", 75)
def other_digits(h, index):
    number = h.number()
    return h.mail(h.pick(SUBJECTS), h.body(sentence(
        h, shapes.other_digits(h.rng, number), index)), charset="utf-8"), \
        [number]


@classes.add(LABELLED, "one digit per cell, tag or line", 90)
def single(h, index):
    number = h.number()
    who = h.person()
    label = h.pick(["個人番号", "マイナンバー", "あなたの個人番号"])
    if index % 6 == 0:
        cells = "".join(f"<td width=18>{d}</td>" for d in number)
        page = (f"<p>{who}</p><table border=1 cellspacing=0><tr><td>{label}"
                f"</td>{cells}</tr></table>")
    elif index % 6 == 1:
        spans = "".join(f'<span class="masu">{d}</span>' for d in number)
        page = f"<div>{label}：{spans}</div><div>氏名：{who}</div>"
    elif index % 6 == 2:
        cells = "".join(f"<td>{d}</td>" for d in number)
        page = (f'<table><tr><th colspan="12">{label}</th></tr><tr>{cells}'
                f"</tr></table><p>{who}</p>")
    else:
        text = [f"{label}\n" + "\n".join(number),
                f"氏名 {who}\n{label} " + " ".join(number),
                f"{label}\n|" + "|".join(number) + "|\n"][index % 6 - 3]
        return h.mail(h.pick(SUBJECTS), h.body(text)), [number]
    return h.mail(h.pick(SUBJECTS), "", plain=False,
                  html=letters.html_page(page)), [number]


@classes.add(LABELLED, "unseen characters between digits", 70)
def unseen(h, index):
    number = h.number()
    return h.mail(h.pick(SUBJECTS), h.body(sentence(
        h, shapes.with_unseen(h.rng, number), index)), charset="utf-8"), \
        [number]


@classes.add(LABELLED, "number broken over two lines", 75)
def broken(h, index):
    number = h.number()
    shown = [number, four(number), number.translate(FULL)][index % 3]

    def make():
        return h.any([
            "お預かりしている資料のうち{company}{p}様の個人番号は{n}と記載がありましたので、相違ないかご確認ください。",
            "先日来お願いしております届出の件、{address}の{p}さんのマイナンバーが{n}とわかりましたのでお知らせします。",
            "取り違えがないよう念のため書きますと、{dept}の{p}（{kana}）の個人番号：{n}、生年月日：{birth}です。"],
            p=h.person(), n=shown)
    text = letters.broken_by_wrapping(h.rng, make, shown)
    return h.mail(h.pick(SUBJECTS), text), [number]


@classes.add(LABELLED, "ISO-2022-JP", 75)
def jis(h, index):
    number = h.number()
    text = h.body(sentence(h, penned(h, number), index))
    if index % 3 == 0:
        text = text.replace("マイナンバー", "ﾏｲﾅﾝﾊﾞｰ") + "\n①㈱№"
    if not letters.encodable(text, "iso2022_jp"):
        text = sentence(h, number, 1)
    if not letters.encodable(text, "iso2022_jp"):
        text = f"個人番号：{number}"
    return h.mail(h.pick(SUBJECTS), text, charset="iso2022_jp", how=[
        "7bit", "base64", "quoted-printable"][index % 3]), [number]


@classes.add(LABELLED, "charset declared wrongly or not at all", 80)
def wrong_charset(h, index):
    number = h.number()
    text = h.body(sentence(h, number, index))
    charset, declared = [
        ("cp932", ""), ("utf-8", ""), ("euc_jp", ""), ("cp932", "UTF-8"),
        ("utf-8", "iso-2022-jp"), ("iso2022_jp", ""), ("cp932", "us-ascii"),
        ("euc_jp", "Shift_JIS"), ("utf-8", "us-ascii"),
        ("iso2022_jp", "utf-8"), ("cp932", "iso-8859-1")][index % 11]
    if not letters.encodable(text, charset):
        text = f"マイナンバーは {number} です。氏名は届出のとおりです。"
    part = letters.text_entity(text, charset, h.pick(["8bit", "base64"]),
                               declared=declared)
    return letters.letter(h.headers(h.pick(SUBJECTS)), part), [number]


@classes.add(LABELLED, "UTF-16 or UTF-7", 75)
def wide_charset(h, index):
    number = h.number()
    text = h.body(sentence(h, penned(h, number), index))
    charset = ["utf-16", "utf-16-le", "utf-16-be", "utf-7"][index % 4]
    if index % 8 < 4:
        if charset == "utf-7":
            part = letters.text_entity(text, "utf-7", "7bit")
        else:
            part = letters.text_entity(text, charset, "base64",
                                       declared="utf-16")
        return letters.letter(h.headers(h.pick(SUBJECTS)), part), [number]
    # No editor saves in UTF-7.
    data = letters.encode(letters.crlf(text), charset.replace("7", "16"))
    return h.mail(h.pick(SUBJECTS), h.body("メモ帳で保存したものを付けます。"), files=[
        letters.attachment(f"memo{h.digits(3)}.txt", data)]), [number]


@classes.add(LABELLED, "subject, file name or unknown header", 75)
def places(h, index):
    number = h.number()
    shown = [number, four(number)][index % 2]
    where = index % 3
    if where == 0:
        subject = h.any(["{p}のマイナンバー{n}", "個人番号 {n} の登録依頼", "【個人番号】{n}",
                         "マイナンバー：{n}（{p}）"], n=shown, p=h.person())
        return h.mail(subject, h.body("件名のとおりです。")), [number]
    if where == 1:
        name = h.any(["個人番号_{n}_{p}.txt", "マイナンバー{n}.txt",
                      "{p}_マイナンバー_{n}.csv", "MyNumber_{n}.txt"],
                     n=shown, p=h.person().replace(" ", ""))
        data = letters.in_charset("カードの写しは窓口で確認済\r\n", "cp932")
        return h.mail(h.pick(SUBJECTS), h.body("付けます。"), files=[
            letters.attachment(name, data, style=h.pick(
                ["2047", "2231", "raw"]))]), [number]
    key = h.pick(["X-MyNumber", "X-Kojin-Bango", "X-Form-MyNumber",
                  "X-Employee-My-Number"])
    return h.mail("登録フォームの控え", h.body("システムからの自動転送です。"),
                  more=[(key, shown)]), [number]


def as_word(h, text):
    lines = "".join(
        f'<p class="MsoNormal"><span lang="JA" style="font-family:游ゴシック">'
        f"{letters.html_text(one) or '&nbsp;'}<o:p></o:p></span></p>\n"
        for one in text.split("\n"))
    return letters.html_page(f'<div class="WordSection1">{lines}</div>')


def as_div(h, text):
    return letters.html_page(
        f'<div dir="ltr">{letters.html_lines(text)}</div>')


def as_br(h, text):
    inner = letters.html_text(text).replace("\n", "<br>\n")
    return letters.html_page(f'<font size="2">{inner}</font>', "utf-8")


@classes.add(LABELLED, "HTML mail", 100)
def html(h, index):
    number = h.number()
    if index % 5 == 4:
        inner = sentence(h, "@@", index)
        shown = shapes.entities(h.rng, number) if index % 2 else \
            shapes.tagged(h.rng, number)
        page = as_br(h, inner).replace("@@", shown)
        return h.mail(h.pick(SUBJECTS), inner.replace("@@", "（HTML参照）"),
                      html=page, plain=index % 3 == 0), [number]
    text = h.body(sentence(h, penned(h, number), index))
    page = [as_word, as_div, as_br][index % 3](h, text)
    return h.mail(h.pick(SUBJECTS), text, html=page,
                  plain=index % 2 == 0), [number]
