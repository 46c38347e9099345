"""Tuning half: My Numbers in tables, sheets and records."""

import json

import letters
import records
import shapes
import sheets
from corpus import LABELLED, UNLABELLED, Classes

classes = Classes()

HEADS = ["個人番号", "マイナンバー", "個人番号（12桁）", "My Number", "mynumber",
         "マイナンバー番号", "本人番号", "ﾏｲﾅﾝﾊﾞｰ", "個人番号(必須)", "my_number"]
COVERS = ["名簿をお送りします。", "添付ファイルをご確認ください。",
          "給与システムからの出力です。", "{date}入社分です。よろしくお願いします。",
          "データを添付します。{company}様分です。"]


def cover(h, name, data, **how):
    return h.mail(h.pick(["名簿", "データ送付", "添付ファイル送付の件",
                          "Re: 一覧表"]), h.body(h.any(COVERS)),
                  [letters.attachment(name, data, style=h.pick(
                      ["2047", "2231"]), **how)])


def roster(h, low, high, head, number=lambda one: one.number):
    """(rows with a header, numbers)"""
    rows = records.people(h, h.rng.randint(low, high))
    table = [["社員番号", "氏名", "フリガナ", "生年月日", head, "住所"]]
    table += [[one.code, one.name, one.kana, one.birth, number(one),
               one.address] for one in rows]
    return table, [one.number for one in rows]


@classes.add(LABELLED, "HTML table", 60)
def html_table(h, index):
    separator = h.pick(["", " ", "-"])
    table, numbers = roster(h, 1, 8, h.pick(HEADS), lambda one: shapes.four(
        one.number, separator))
    if index % 3 == 0:   # one person, label beside the cell
        one = records.person(h)
        table = [["氏名", one.name], ["個人番号", one.number],
                 ["住所", one.address]]
        numbers = [one.number]
    page = letters.html_page(letters.html_table(table, head=index % 3 != 0))
    return h.mail("一覧表", "表をご覧ください。", html=page), numbers


@classes.add(LABELLED, "CSV or TSV with a header", 60)
def csv_header(h, index):
    table, numbers = roster(h, 1, 25, h.pick(HEADS))
    separator = "\t" if index % 4 == 3 else ","
    text = sheets.csv(table, separator, h.pick(["as needed", "all"]))
    name = h.pick(["名簿", "meibo", "社員一覧"]) + h.pick(
        [".tsv" if separator == "\t" else ".csv", ".txt"])
    return cover(h, name, text.encode(h.pick(
        ["cp932", "cp932", "utf-8-sig", "utf-8"]))), numbers


@classes.add(LABELLED, "CSV without a header", 50)
def csv_bare(h, _):
    rows = records.people(h, h.rng.randint(6, 30))
    table = [[one.code, one.name, one.birth, one.number, one.sex]
             for one in rows]
    return cover(h, h.pick(["data.csv", "出力.csv"]), sheets.csv(
        table).encode(h.pick(["cp932", "utf-8"]))), \
        [one.number for one in rows]


@classes.add(LABELLED, "XLSX with a header", 50)
def xlsx_header(h, index):
    table, numbers = roster(h, 1, 20, h.pick(HEADS))
    if index % 3 == 0:
        table = [[h.say("{company} 従業員名簿")], [h.say("作成日 {date}")],
                 [], *table]
    return cover(h, "名簿.xlsx", sheets.xlsx({"Sheet1": table},
                                            inline=index % 5 == 0)), numbers


@classes.add(LABELLED, "XLSX without a header", 40)
def xlsx_bare(h, _):
    rows = records.people(h, h.rng.randint(6, 25))
    table = [[one.name, one.kana, one.birth, one.number] for one in rows]
    return cover(h, "book1.xlsx", sheets.xlsx({"Sheet1": table})), \
        [one.number for one in rows]


def poi(number):
    """A number as Java writes a double."""
    digits = number.lstrip("0").rstrip("0")
    exponent = len(number.lstrip("0")) - 1
    return sheets.Number(f"{digits[0]}.{digits[1:] or '0'}E{exponent}")


@classes.add(LABELLED, "XLSX numbers as the file writes them", 50)
def xlsx_numeric(h, index):
    way = [poi, lambda n: sheets.Number(n.lstrip("0")),
           lambda n: sheets.Number(n.lstrip("0") + ".0")][index % 3]
    table, numbers = roster(h, 2, 15, h.pick(HEADS),
                            lambda one: way(one.number))
    return cover(h, "export.xlsx", sheets.xlsx(
        {"社員": table}, formatted=index % 2 == 0)), numbers


@classes.add(LABELLED, "leading zeros lost", 40)
def zeros_lost(h, index):
    rows = records.people(h, h.rng.randint(3, 12))
    for one in rows[:2]:
        one.number = h.figures.zero_led(h.pick([1, 1, 2]))
    table = [["氏名", h.pick(HEADS), "部署"]]
    table += [[one.name, one.number.lstrip("0"), h.dept()] for one in rows]
    numbers = [one.number for one in rows]
    if index % 2:
        return cover(h, "list.csv", sheets.csv(table).encode("cp932")), \
            numbers
    table = [table[0]] + [[a, sheets.Number(b), c] for a, b, c in table[1:]]
    return cover(h, "list.xlsx", sheets.xlsx({"Sheet1": table})), numbers


@classes.add(LABELLED, "XLSX form", 40)
def xlsx_form(h, index):
    one = records.person(h)
    label = h.pick(HEADS[:7])
    table = [["", h.say("入社時提出書類")], [], ["氏名", "", one.name],
             ["フリガナ", "", one.kana], ["生年月日", "", one.birth],
             [label, "", one.number], ["住所", "", one.address],
             ["電話", "", one.phone]]
    if index % 2:   # the label above the cell
        table = [["氏名", label, "生年月日"], [], [one.name, one.number,
                                              one.birth]]
    return cover(h, "入社書類.xlsx", sheets.xlsx({"記入": table,
                                            "説明": [["記入例"]]})), \
        [one.number]


@classes.add(LABELLED, "XLSX, one digit per cell", 40)
def xlsx_single(h, index):
    number = h.number()
    digits = [sheets.Number(d) if index % 2 else d for d in number]
    if index % 3 == 2:
        digits = digits[:4] + [""] + digits[4:8] + [""] + digits[8:]
    table = [["氏名", h.person()], ["個人番号", *digits]]
    if index % 4 == 3:
        table = [["個人番号"], digits, ["氏名", h.person()]]
    return cover(h, "届.xlsx", sheets.xlsx({"届": table})), [number]


@classes.add(LABELLED, "zip member", 50)
def zipped(h, index):
    table, numbers = roster(h, 1, 10, h.pick(HEADS))
    way = index % 4
    if way == 0:
        files = {"meibo.csv": sheets.csv(table).encode("cp932")}
    elif way == 1:
        files = {"readme.txt": b"see list\r\n",
                 "list.xlsx": sheets.xlsx({"Sheet1": table})}
    elif way == 2:
        text = h.say("氏名 {person}\n個人番号 {n}\n", n=numbers[0])
        files = {"docs/memo.txt": text.encode("utf-8")}
        numbers = numbers[:1]
    else:
        inner = sheets.pack({"a.tsv": sheets.csv(table, "\t").encode()})
        files = {"inner.zip": inner, "b.txt": "案内".encode()}
    return cover(h, "資料.zip", sheets.pack(files)), numbers


@classes.add(LABELLED, "XML records", 40)
def xml(h, index):
    number = h.number()
    if index % 2:
        name = h.say("{company}")
        text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<DATA id="DATA">'
                f"<RKO0010 VR=\"25.0\"><IT VR=\"1.5\"><NOZEISHA_ID "
                f'ID="NOZEISHA_ID">{h.digits(16)}</NOZEISHA_ID>'
                f'<NOZEISHA_BANGO ID="NOZEISHA_BANGO"><gen:kojinbango>{number}'
                "</gen:kojinbango></NOZEISHA_BANGO><NOZEISHA_NM "
                f'ID="NOZEISHA_NM">{name}</NOZEISHA_NM></IT></RKO0010></DATA>')
        return h.mail("申告データ", h.body("e-Taxのデータです。"), [
            letters.attachment("申告.xtx", text.encode())]), [number]
    people = records.people(h, h.rng.randint(1, 5))
    tag = h.pick(["myNumber", "mynumber", "my_number", "kojin_bango",
                  "個人番号"])
    text = "<employees>\n" + "".join(
        f"  <employee><name>{one.name}</name><{tag}>{one.number}</{tag}>"
        f"</employee>\n" for one in people) + "</employees>\n"
    return cover(h, "employees.xml", (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + text).encode()), \
        [one.number for one in people]


@classes.add(LABELLED, "JSON records", 40)
def json_records(h, index):
    people = records.people(h, h.rng.randint(1, 6))
    key = h.pick(["my_number", "mynumber", "myNumber", "kojinbango",
                  "individual_number", "個人番号"])
    data = [{"name": one.name, key: int(one.number) if index % 5 == 4 and
             one.number[0] != "0" else one.number, "birth": one.birth}
            for one in people]
    text = json.dumps({"employees": data} if index % 2 else data,
                      ensure_ascii=index % 3 == 0,
                      indent=h.pick([None, 2]))
    return cover(h, "employees.json", text.encode()), \
        [one.number for one in people]


@classes.add(LABELLED, "file of the pension office", 40)
def pension(h, index):
    rows = records.people(h, h.rng.randint(1, 12))
    text = records.pension_file(h, rows, ["2221700", "2225700"][index % 2])
    return cover(h, "SHFD0006.CSV", text.encode("cp932")), \
        [one.number for one in rows]


@classes.add(LABELLED, "columns of a payroll program", 40)
def payroll(h, index):
    rows = records.people(h, h.rng.randint(5, 20))
    separator = " \t,"[index % 3]
    table = [[one.name.replace(" ", ""), records.half_kana(
        one.kana).replace(" ", ""), one.sex, one.birth.replace(" ", ""),
        one.number, h.postcode()] for one in rows]
    return cover(h, "yayoi.txt", sheets.csv(
        table, separator, "never").encode("cp932")), \
        [one.number for one in rows]


@classes.add(LABELLED, "records of fixed length", 40)
def fixed(h, index):
    rows = records.people(h, h.rng.randint(6, 20))
    lines = []
    for n, one in enumerate(rows):
        kana = records.half_kana(one.kana)[:18].ljust(18)
        flag = h.pick(["A", "B", "K"])
        if index % 2:
            lines.append(f"D{n:05} {kana} {one.number} {flag}{one.sex}")
        else:
            lines.append(f"{one.number}{kana}{flag}{h.digits(7)}")
    return cover(h, "koyo.dat", ("\r\n".join(lines) + "\r\n").encode(
        "cp932")), [one.number for one in rows]


@classes.add(LABELLED, "table as an attached page or text", 40)
def attached(h, index):
    table, numbers = roster(h, 2, 10, h.pick(HEADS))
    if index % 2:
        page = letters.html_page(letters.html_table(table), "Shift_JIS")
        return cover(h, "list.html", page.encode("cp932")), numbers
    text = sheets.csv(table, "\t")
    return cover(h, "list.txt", letters.encode(text, h.pick(
        ["utf-16", "euc_jp", "utf-8-sig"]))), numbers


@classes.add(UNLABELLED, "lone numbers in a file", 40)
def lone_file(h, index):
    rows = records.people(h, h.rng.randint(1, 2))
    if index % 2:
        text = "\r\n".join(one.number for one in rows) + "\r\n"
        return cover(h, "list.txt", text.encode()), \
            [one.number for one in rows]
    table = [[one.name, shapes.four(one.number, " "), one.sex]
             for one in rows]
    return cover(h, "a.csv", sheets.csv(table).encode("cp932")), \
        [one.number for one in rows]
