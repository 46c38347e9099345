"""Held-back half: My Numbers in tables, sheets and records."""

import json

import letters
import records
import shapes
import sheets
from corpus import LABELLED, UNLABELLED, Classes

classes = Classes()

COLUMNS = ["個人番号", "マイナンバー", "MyNumber", "個人番号※", "マイナンバー(数字12桁)",
           "社員個人番号", "Individual Number", "個人No", "マイナ番号", "MY_NUMBER"]
NOTES = ["表題の資料です。ご査収ください。", "出力したファイルをお送りします。",
         "{surname}より依頼のありました一覧となります。",
         "差し替え版です。前回分は破棄してください。", "{month}月度の対象者データです。"]


def send(h, name, data):
    return h.mail(h.pick(["資料", "対象者データ", "差し替え", "RE: 依頼分"]),
                  h.body(h.any(NOTES)), [letters.attachment(
                      name, data, style=h.pick(["2231", "2047", "raw"]))])


def staff(h, low, high, column, number=lambda one: one.number):
    rows = records.people(h, h.rng.randint(low, high))
    table = [["No.", column, "漢字氏名", "カナ氏名", "性別", "誕生日", "電話番号"]]
    table += [[str(n), number(one), one.name, one.kana, one.sex, one.birth,
               one.phone] for n, one in enumerate(rows, 1)]
    return table, [one.number for one in rows]


@classes.add(LABELLED, "HTML table", 60)
def in_page(h, index):
    mark = h.pick(["", "-", "&nbsp;"])
    table, numbers = staff(h, 2, 9, h.pick(COLUMNS), lambda one: shapes.four(
        one.number, mark))
    page = letters.html_table(table, attributes=' class="MsoTable"',
                              cell=lambda text: f"<p>{text}</p>")
    if index % 3 == 1:   # a form: label and value side by side
        one = records.person(h)
        table = [["従業員氏名", one.name, "続柄", "本人"],
                 ["生年月日", one.birth, "マイナンバー", one.number]]
        numbers = [one.number]
        page = letters.html_table(table, head=False)
    return h.mail("従業員の件", "別表", html=letters.html_page(page),
                  plain=index % 2 == 0), numbers


@classes.add(LABELLED, "CSV or TSV with a header", 60)
def with_header(h, index):
    table, numbers = staff(h, 1, 30, h.pick(COLUMNS))
    separator = "\t" if index % 4 == 1 else h.pick([",", ",", ";"])
    text = sheets.csv(table, separator, h.pick(["all", "as needed"]),
                      h.pick(["\r\n", "\n"]))
    return send(h, h.pick(["対象者.csv", "output_01.csv", "従業員.txt"]),
                letters.encode(text, h.pick(["cp932", "utf-8", "euc_jp"]))), \
        numbers


@classes.add(LABELLED, "CSV without a header", 50)
def without_header(h, _):
    rows = records.people(h, h.rng.randint(6, 40))
    table = [[one.number, one.kana, one.name, one.birth, one.phone]
             for one in rows]
    return send(h, h.pick(["dat001.csv", "連携.csv"]), sheets.csv(
        table, ",", h.pick(["never", "all"])).encode("cp932")), \
        [one.number for one in rows]


@classes.add(LABELLED, "XLSX with a header", 50)
def book(h, index):
    table, numbers = staff(h, 1, 25, h.pick(COLUMNS))
    if index % 3 == 2:
        table = [["社外秘"], [h.say("{dept} {person}")], *table]
    pages = {"目次": [["対象者一覧", "2枚目"]], "対象者": table} if index % 2 \
        else {"対象者": table}
    return send(h, "対象者一覧.xlsx", sheets.xlsx(pages, index % 4 == 3)), \
        numbers


@classes.add(LABELLED, "XLSX without a header", 40)
def bare_book(h, _):
    rows = records.people(h, h.rng.randint(6, 30))
    table = [[one.code, one.number, one.name, one.birth, one.address]
             for one in rows]
    return send(h, "新しいシート.xlsx", sheets.xlsx({"Sheet2": table})), \
        [one.number for one in rows]


def scientific(number):
    """As Apache POI writes a numeric cell."""
    plain = number.lstrip("0")
    digits = plain.rstrip("0")
    return sheets.Number(f"{digits[0]}.{digits[1:] or '0'}E{len(plain) - 1}")


@classes.add(LABELLED, "XLSX numbers as the file writes them", 50)
def stored_numbers(h, index):
    way = [lambda n: sheets.Number(n.lstrip("0") + ".0"), scientific,
           lambda n: sheets.Number(n.lstrip("0"))][index % 3]
    table, numbers = staff(h, 1, 18, h.pick(COLUMNS),
                           lambda one: way(one.number))
    return send(h, "Jinji.xlsx", sheets.xlsx(
        {"Data": table}, formatted=index % 4 == 0)), numbers


@classes.add(LABELLED, "leading zeros lost", 40)
def short_ones(h, index):
    rows = records.people(h, h.rng.randint(4, 14))
    for one in rows[1:4]:
        one.number = h.figures.zero_led(h.pick([1, 1, 1, 2]))
    table = [[h.pick(COLUMNS), "カナ", "生年月日"]]
    table += [[one.number.lstrip("0"), one.kana, one.birth] for one in rows]
    numbers = [one.number for one in rows]
    if index % 2 == 0:
        return send(h, "出力結果.csv", sheets.csv(table).encode(
            h.pick(["cp932", "utf-8-sig"]))), numbers
    table = [table[0]] + [[sheets.Number(a), b, c] for a, b, c in table[1:]]
    return send(h, "出力結果.xlsx", sheets.xlsx({"結果": table})), numbers


@classes.add(LABELLED, "XLSX form", 40)
def form(h, index):
    one = records.person(h)
    label = h.pick(["個人番号", "マイナンバー", "個人番号（マイナンバー）",
                    "本人個人番号"])
    table = [[h.say("身上調書　{company}")], ["所属", h.dept(), "コード", one.code],
             ["氏名", one.name, "生年月日", one.birth],
             ["住所", one.address, label, one.number]]
    if index % 2:
        table = [["扶養家族届"], [], ["氏名", "", "続柄", "", label],
                 [one.name, "", "妻", "", one.number], [], ["以上"]]
    return send(h, "身上調書.xlsx", sheets.xlsx({"調書": table})), [one.number]


@classes.add(LABELLED, "XLSX, one digit per cell", 40)
def boxes(h, index):
    number = h.number()
    digits = [d if index % 2 else sheets.Number(d) for d in number]
    lead = ["氏名", h.person(), "マイナンバー"]
    if index % 3 == 1:
        digits = digits[:4] + ["-"] + digits[4:8] + ["-"] + digits[8:]
    table = [[h.say("{company} 様式第三号")], [*lead, *digits]]
    if index % 4 == 2:
        table = [["様式"], ["", "マイナンバー"], ["", *digits],
                 ["", "氏名", h.person()]]
    return send(h, "様式三.xlsx", sheets.xlsx({"様式": table})), [number]


@classes.add(LABELLED, "zip member", 50)
def archive(h, index):
    table, numbers = staff(h, 1, 12, h.pick(COLUMNS))
    way = index % 4
    if way == 0:
        files = {"社員/対象者.xlsx": sheets.xlsx({"S": table})}
    elif way == 1:
        page = letters.html_page(letters.html_table(table), "utf-8")
        files = {"index.html": page.encode()}
    elif way == 2:
        files = {"1.csv": sheets.csv(table, end="\n").encode("utf-8-sig"),
                 "2.csv": "品名,数量\n机,2\n".encode()}
    else:
        mail = h.mail("転送", h.say("個人番号 {n}\n", n=numbers[0]))
        files = {"mail.eml": mail}
        numbers = numbers[:1]
    return send(h, "送付物一式.zip", sheets.pack(files)), numbers


@classes.add(LABELLED, "XML records", 40)
def markup(h, index):
    number = h.number()
    if index % 2:
        text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<DATA xmlns:gen="'
                'http://xml.e-tax.nta.go.jp/XSD/general"><HOA420>'
                f'<TEISYUTSU_DAY><gen:era>5</gen:era></TEISYUTSU_DAY>'
                f'<NOZEISHA_BANGO ID="NOZEISHA_BANGO">\n  <gen:kojinbango>'
                f"{number}</gen:kojinbango>\n</NOZEISHA_BANGO>"
                f"<gen:hojinbango>{h.digits(13)}</gen:hojinbango>"
                "</HOA420></DATA>\n")
        return send(h, "HOA420.xtx", text.encode()), [number]
    rows = records.people(h, h.rng.randint(1, 6))
    key = h.pick(["MyNumber", "individual-number", "kojinbango", "マイナンバー"])
    text = "".join(
        f'<row id="{n}" sei="{one.name}"><field name="{key}">{one.number}'
        "</field></row>\n" if index % 4 == 0 else
        f"<person>\n<{key}>{one.number}</{key}>\n<kana>{one.kana}</kana>\n"
        "</person>\n" for n, one in enumerate(rows))
    return send(h, "renkei.xml", (
        '<?xml version="1.0" encoding="UTF-8"?>\n<list>\n' + text
        + "</list>").encode()), [one.number for one in rows]


@classes.add(LABELLED, "JSON records", 40)
def objects(h, index):
    rows = records.people(h, h.rng.randint(1, 5))
    key = h.pick(["MyNumber", "my-number", "kojin_bango", "マイナンバー",
                  "myNumber", "individualNumber"])
    lines = [json.dumps({"id": n, "kanaName": one.kana, "tax": {
        key: one.number}} if index % 2 else {key: one.number, "id": n},
        ensure_ascii=index % 4 == 1) for n, one in enumerate(rows)]
    text = "\n".join(lines) if index % 3 else "[" + ",\n ".join(lines) + "]"
    return send(h, h.pick(["dump.json", "api_response.txt"]),
                text.encode()), [one.number for one in rows]


@classes.add(LABELLED, "file of the pension office", 40)
def kenpo(h, index):
    rows = records.people(h, h.rng.randint(1, 15))
    text = records.pension_file(h, rows, ["2265700", "2225700",
                                          "2221700"][index % 3])
    return send(h, h.pick(["SHFD0006.CSV", "KPFD0006.CSV", "shfd0006.txt"]),
                text.encode("cp932")), [one.number for one in rows]


@classes.add(LABELLED, "columns of a payroll program", 40)
def columns(h, index):
    rows = records.people(h, h.rng.randint(5, 25))
    mark = [" ", "\t", "  "][index % 3]
    table = [[one.code, one.name.replace(" ", ""), one.birth, "1",
              one.number, str(h.rng.randint(1, 12))] for one in rows]
    return send(h, "kyuyo.txt", sheets.csv(
        table, mark, "never").encode(h.pick(["cp932", "utf-8"]))), \
        [one.number for one in rows]


@classes.add(LABELLED, "records of fixed length", 40)
def fixed_length(h, index):
    rows = records.people(h, h.rng.randint(6, 25))
    lines = []
    for one in rows:
        kana = records.half_kana(one.kana)[:20].ljust(20)
        if index % 2:
            lines.append(f"{kana}{one.number}{h.pick('MF')}{h.digits(8)}")
        else:
            lines.append(f"{h.pick('XY')}{h.digits(6)}  {one.number}  {kana}")
    return send(h, "fixed.txt", ("\r\n".join(lines) + "\r\n").encode(
        "cp932")), [one.number for one in rows]


@classes.add(LABELLED, "table as an attached page or text", 40)
def page_file(h, index):
    table, numbers = staff(h, 1, 12, h.pick(COLUMNS))
    if index % 2 == 0:
        page = letters.html_page(letters.html_table(table, head=False),
                                 "euc-jp")
        return send(h, "ichiran.htm", letters.encode(page, "euc_jp")), \
            numbers
    text = sheets.csv(table, h.pick([",", "\t"]))
    return send(h, "ichiran.txt", letters.encode(text, h.pick(
        ["utf-16", "cp932", "iso2022_jp"]))), numbers


@classes.add(UNLABELLED, "lone numbers in a file", 40)
def lone_file(h, index):
    rows = records.people(h, h.rng.randint(1, 2))
    if index % 2:
        text = "\n".join(f"{n}. {one.number}" for n, one in
                         enumerate(rows, 1)) + "\n"
        return send(h, "m.txt", text.encode()), [one.number for one in rows]
    table = [[one.kana, one.number] for one in rows]
    return send(h, "m.xlsx", sheets.xlsx({"Sheet1": table})), \
        [one.number for one in rows]
