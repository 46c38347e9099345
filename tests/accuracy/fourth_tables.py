"""The fourth half: lists of people in CSV, XLSX and HTML."""

import letters
import records
import sheets
from corpus import LABELLED, UNLABELLED, Classes
from figures import four
from fourth_labelled import SUBJECTS

classes = Classes()

COVERS = ["名簿を添付します。", "今期分の一覧です。パスワードは電話で。", "修正版に差し替えをお願いします。",
          "システムから落としたままの形です。", "{surname}さんに頼まれていた表です。",
          "見ておいてください。{small}行あります。", "月末までに取り込みをお願いします。",
          "支店の分をまとめました。"]
FILES = ["名簿", "一覧{d}", "提出用", "{d}_入社", "従業員データ", "list_{d}", "export",
         "年調{d}", "社保", "Book1", "staff{d}", "扶養一覧"]

# Of a column: its header and what a person has in it.
COLUMNS = {
    "code": (["社員No", "職員コード", "社員CD", "ID", "整理番号"], lambda h, p: p.code),
    "name": (["氏名", "名前", "従業員名", "お名前", "社員氏名"], lambda h, p: p.name),
    "kana": (["カナ", "氏名カナ", "よみがな"], lambda h, p: p.kana),
    "half": (["ｶﾅ氏名", "ﾌﾘｶﾞﾅ"], lambda h, p: records.half_kana(p.kana)),
    "birth": (["生年月日", "誕生日", "生年月日(西暦)"], lambda h, p: p.birth),
    "sex": (["性別", "男女"], lambda h, p: p.sex),
    "address": (["現住所", "住所", "住民票住所"], lambda h, p: p.address),
    "phone": (["連絡先", "TEL", "電話"], lambda h, p: p.phone),
    "joined": (["入社日", "採用年月日", "資格取得日"], lambda h, p: h.iso_date()),
    "dept": (["所属", "部署", "勤務先"], lambda h, p: h.dept()),
    "pay": (["基本給", "報酬月額", "支払額"],
            lambda h, p: str(h.rng.randint(150, 600) * 1000)),
    "kin": (["続柄", "本人との関係"],
            lambda h, p: h.pick(["本人", "妻", "夫", "長男", "長女", "母"])),
    "note": (["備考", "メモ"], lambda h, p: h.pick(["", "", "確認済", "要再提出"])),
}
NUMBER = ["個人番号", "マイナンバー", "マイナンバー番号", "個人番号(本人)", "MYNUMBER", "my_number",
          "従業員個人番号", "マイナンバー（12ケタ）", "個人番号※取扱注意", "個人番号\n(12桁)"]


def roster(h, low, high, draw=None, header=None):
    """(rows with the header, wanted)"""
    draw = draw or (lambda person: person.number)
    keys = ["name"] + h.rng.sample([key for key in COLUMNS if key != "name"],
                                   h.rng.randint(1, 5))
    if h.rng.random() < 0.5:
        h.rng.shuffle(keys)
    keys.insert(h.rng.randint(1, len(keys)), None)
    people = records.people(h, h.rng.randint(low, high))
    label = header or h.pick(NUMBER)
    rows = [[h.pick(COLUMNS[key][0]) if key else label for key in keys]]
    for one in people:
        rows.append([COLUMNS[key][1](h, one) if key else draw(one)
                     for key in keys])
    return rows, [one.number for one in people]


def sent(h, extension, data, name=None):
    name = name or h.pick(FILES).format(d=h.digits(4)) + "." + extension
    return h.mail(h.pick(SUBJECTS), h.body(h.any(COVERS)), files=[
        letters.attachment(name, data, style=h.pick(["2047", "2231"]))])


def lone_file_or_mail(h, index, extension, data):
    """A file by itself, as it lies on a share, or in a mail."""
    if index % 4 == 1:
        return data, "." + extension
    return sent(h, extension, data), ".eml"


def hyphened(index):
    if index % 4 == 2:
        return lambda person: four(person.number)
    return lambda person: person.number


@classes.add(LABELLED, "HTML table", 90)
def html_table(h, index):
    rows, wanted = roster(h, 1, 9, hyphened(index))
    if index % 3 == 0:
        rows = [list(row) for row in zip(*rows)][:len(rows[0])]
    look = [' border="1"', ' class="MsoTableGrid" cellpadding="0"',
            ' style="border-collapse:collapse" width="640"'][index % 3]
    head = letters.html_lines(h.any(COVERS), "p")
    page = letters.html_page(head + letters.html_table(
        rows, head=index % 2 == 0, attributes=look))
    plain = "\n".join("\t".join(row) for row in rows)
    return h.mail(h.pick(SUBJECTS), plain, html=page,
                  plain=index % 2 == 1), wanted


@classes.add(LABELLED, "CSV or TSV with a header", 100)
def csv_header(h, index):
    rows, wanted = roster(h, 1, 30, hyphened(index))
    separator, extension = [(",", "csv"), ("\t", "tsv"), (",", "csv"),
                            ("\t", "txt"), (";", "csv")][index % 5]
    if index % 7 == 3:
        rows.insert(0, [f"{h.company()} 出力日 {h.iso_date()}"])
    text = sheets.csv(rows, separator, h.pick(["as needed", "all"]),
                      h.pick(["\r\n", "\n"]))
    data = letters.in_charset(text, [
        "cp932", "utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"][index % 6])
    made, suffix = lone_file_or_mail(h, index, extension, data)
    return made, wanted, suffix


@classes.add(LABELLED, "CSV without a header", 85)
def csv_bare(h, index):
    rows, wanted = roster(h, 5, 40, hyphened(index))
    text = sheets.csv(rows[1:], "\t" if index % 5 == 4 else ",",
                      h.pick(["as needed", "all"]))
    data = letters.in_charset(text, ["cp932", "utf-8", "cp932"][index % 3])
    made, suffix = lone_file_or_mail(h, index, "csv", data)
    return made, wanted, suffix


@classes.add(LABELLED, "XLSX with a header", 90)
def xlsx_header(h, index):
    rows, wanted = roster(h, 1, 25, hyphened(index))
    if index % 3 == 0:
        rows = [["", h.pick(["社員情報一覧", "社会保険　取得者リスト", "支払先マスター"])], [],
                *rows]
    if index % 5 == 2:
        rows = [["", *row] for row in rows]
    book = {"Sheet1": rows}
    if index % 4 == 0:
        book = {"はじめに": [["この表の使い方"], ["入力したら保存してください"]],
                "入力": rows}
    made, suffix = lone_file_or_mail(h, index, "xlsx", sheets.xlsx(
        book, inline=index % 6 == 5))
    return made, wanted, suffix


@classes.add(LABELLED, "XLSX without a header", 80)
def xlsx_bare(h, index):
    rows, wanted = roster(h, 6, 30, hyphened(index))
    made, suffix = lone_file_or_mail(h, index, "xlsx", sheets.xlsx(
        {"Sheet1": rows[1:]}, inline=index % 4 == 3))
    return made, wanted, suffix


def exponent(number):
    """123456789018 as 1.23456789018E11"""
    text = str(int(number))
    mantissa = (text[0] + "." + text[1:]).rstrip("0")
    return f"{mantissa}E{len(text) - 1}"


@classes.add(LABELLED, "XLSX numbers as the file writes them", 80)
def xlsx_numbers(h, index):
    how = [lambda p: sheets.Number(exponent(p.number)),
           lambda p: sheets.Number(str(int(p.number)) + ".0"),
           lambda p: sheets.Number(str(int(p.number))),
           lambda p: sheets.Number(exponent(p.number).replace("E", "E+"))]
    rows, wanted = roster(h, 2, 20, how[index % 4])
    made, suffix = lone_file_or_mail(h, index, "xlsx", sheets.xlsx(
        {h.pick(["Sheet1", "データ", "output"]): rows},
        formatted=index % 4 == 2 and index % 8 > 3))
    return made, wanted, suffix


@classes.add(LABELLED, "leading zeros lost", 75)
def zeros_lost(h, index):
    """At least one number of the list begins with zeros."""
    extra = [h.figures.zero_led(1 + index % 5 // 4)
             for _ in range(h.rng.randint(1, 3))]
    rows, wanted = roster(h, 1 if index % 3 else 8, 15,
                          lambda p: str(int(p.number)))
    at = next(n for n, cell in enumerate(rows[1])
              if cell == str(int(wanted[0])))
    for number in extra:
        row = list(h.pick(rows[1:]))
        row[at] = str(int(number))
        rows.append(row)
    # One short number alone in a headed list is found by its header.
    if index % 6 == 5:
        rows, wanted = [rows[0], *rows[-len(extra):]], []
    if index % 2:
        rows = [rows[0]] + [[sheets.Number(cell) if n == at else cell
                             for n, cell in enumerate(row)]
                            for row in rows[1:]]
        data, extension = sheets.xlsx({"Sheet1": rows}), "xlsx"
    else:
        data = letters.in_charset(sheets.csv(rows), "cp932")
        extension = "csv"
    return sent(h, extension, data), wanted + extra


@classes.add(LABELLED, "XLSX form", 85)
def xlsx_form(h, index):
    one = records.person(h)
    shown = four(one.number, " ") if index % 3 == 1 else one.number
    label = h.pick(["個人番号", "マイナンバー", "本人の個人番号", "個人番号　※12桁", "マイナンバー記入欄"])
    if index % 3 == 2:
        shown = sheets.Number(str(int(one.number)))
    form = [
        [["入社時提出シート"], [], ["氏名", one.name], ["フリガナ", one.kana],
         ["生年月日", one.birth], [label, shown], ["住所", one.address]],
        [["", "登録カード"], ["", "①氏名", "", one.name],
         ["", "②住所", "", one.address], ["", "③" + label, "", shown],
         ["", "④電話", "", one.phone]],
        [["支払先登録票", "", h.iso_date()], ["氏名", label, "区分"],
         [one.name, shown, h.pick(["講師", "地主", "顧問"])]],
        [["項目", "内容", "備考"], ["社員番号", one.code, ""],
         ["社員名", one.name, ""], [label, shown, "本人確認済"],
         ["採用日", h.iso_date(), ""]],
    ][index % 4]
    made, suffix = lone_file_or_mail(h, index, "xlsx",
                                     sheets.xlsx({"様式": form}))
    return made, [one.number], suffix


@classes.add(LABELLED, "XLSX, one digit per cell", 80)
def xlsx_single(h, index):
    count = h.rng.randint(1, 5)
    people = records.people(h, count)
    label = h.pick(["個人番号", "マイナンバー", "マイナンバー（1マスに1桁）"])

    def cells(number):
        return [sheets.Number(d) if index % 2 else d for d in number]
    rows = [
        [["氏名", label], *([p.name, *cells(p.number)] for p in people)],
        [["収集シート"], *(row for p in people for row in (
            ["氏名", p.name], [label, *cells(p.number)], []))],
        [["No", "氏名", "続柄", *[label] + [""] * 11, "確認"],
         *([str(n), p.name, h.pick(["本人", "子"]), *cells(p.number), "レ"]
           for n, p in enumerate(people, 1))],
    ][index % 3]
    return sent(h, "xlsx", sheets.xlsx({"記入用": rows})), \
        [p.number for p in people]


def in_lines(h, one, index):
    return [f"{one.name}\r\n{one.number}\r\n", f"{one.number}\r\n",
            f"{one.name},{one.number}\r\n",
            f"{one.name}\t{four(one.number)}\r\n"][index % 4]


@classes.add(UNLABELLED, "lone numbers in a file", 110)
def lone_file(h, index):
    people = records.people(h, 1 if index % 3 else h.rng.randint(2, 4))
    name = h.pick(["番号{}.txt", "{}.txt", "memo{}.txt", "新規 テキスト ドキュメント{}.txt",
                   "提出{}.csv"]).format(h.digits(2))
    text = "".join(in_lines(h, one, index) for one in people)
    data = letters.in_charset(text, h.pick(["cp932", "utf-8"]))
    cover = h.any(["お送りします。", "ファイルにしました。", "依頼のあったものです。", "{surname}です。添付します。"])
    return h.mail(h.pick(["送付", "ファイル", "提出します", "Re: 書類", "番号の件"]), cover,
                  files=[letters.attachment(name, data)]), \
        [one.number for one in people]
