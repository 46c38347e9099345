"""Numbers in tables and records: fresh half."""

import json

import letters
import records
import sheets
from corpus import LABELLED, UNLABELLED, Classes
from figures import four

classes = Classes()

COVERS = ["添付のとおりお送りします。パスワードはありません。", "{month}月分の一覧です。",
          "社労士事務所よりご依頼の一覧を添付します。ご確認下さい。",
          "エクスポートしました。文字化けしていたら教えてください。", "Please see attached.",
          "名簿を更新しましたので差し替えてください。（{dept}）", "データ移行用です"]
COLUMNS = [
    [("社員コード", "code"), ("氏名", "name"), ("個人番号", "number"),
     ("生年月日", "birth")],
    [("No.", "row"), ("氏　名", "name"), ("フリガナ", "kana"),
     ("マイナンバー", "number"), ("備考", "empty")],
    [("emp_id", "code"), ("name", "name"), ("my_number", "number"),
     ("address", "address"), ("tel", "phone")],
    [("個人番号", "number"), ("氏名", "name"), ("住所", "address")],
    [("従業員番号", "code"), ("従業員名", "name"), ("性別", "sex"),
     ("本人個人番号", "number"), ("電話", "phone")],
    [("Staff ID", "code"), ("Full name", "name"), ("My Number", "number"),
     ("DOB", "birth")],
    [("支払先名", "name"), ("支払先住所", "address"),
     ("個人番号（マイナンバー）", "number"), ("支払額", "money"), ("源泉", "money")],
    [("教職員番号", "code"), ("氏名(漢字)", "name"), ("個人番号12桁", "number"),
     ("確認済", "tick")]]
FILES = ["名簿{month}月", "export_{iso_date}", "社員情報", "支払先マスタ", "Book1",
         "jugyoin", "台帳（最新）", "staff list", "回収一覧"]


def value(h, one, what, n):
    fixed = {"row": str(n), "empty": "", "tick": h.pick(["○", "済", ""]),
             "money": h.amount()}
    return fixed[what] if what in fixed else getattr(one, what)


def roster(h, low, high, draw=str, columns=None):
    """(head, rows, numbers)"""
    columns = columns or h.pick(COLUMNS)
    people = records.people(h, h.rng.randint(low, high))
    for one in people:
        one.shown = draw(one.number)
    rows = [[one.shown if what == "number" else value(h, one, what, n)
             for _, what in columns] for n, one in enumerate(people, 1)]
    return [label for label, _ in columns], rows, \
        [one.number for one in people]


def with_file(h, name, data, **more):
    return h.mail(h.pick(["一覧送付", "データ", "RE: 名簿", "Monthly list", "更新版"]),
                  h.body(h.any(COVERS)),
                  [letters.attachment(h.say(name), data, **more)])


@classes.add(LABELLED, "HTML table", 50)
def html_table(h, index):
    if index % 3 == 0:
        one = records.person(h)
        table = [["お名前", one.name], ["ご住所", one.address],
                 [h.pick(["個人番号", "マイナンバー", "My Number"]),
                  four(one.number, h.pick(["", "-", " "]))],
                 ["お電話", one.phone]]
        head, numbers = False, [one.number]
    else:
        names, rows, numbers = roster(h, 2, 7, h.pick([str, four]))
        table, head = [names, *rows], index % 3 == 1
    made = letters.html_table(table, head=head, attributes=h.pick([
        ' class="MsoTableGrid" cellspacing="0"', ' border=0 cellpadding=4',
        ' style="border-collapse:collapse"']))
    page = letters.html_page(h.pick([
        "<p>貼り付けます。</p>", "<div>Excelから貼付↓</div>", ""]) + made)
    return h.mail(h.pick(["表", "Re: 一覧送付", "貼付"]), "貼り付けました",
                  html=page, plain=index % 2 == 0), numbers


@classes.add(LABELLED, "CSV or TSV with a header", 55)
def csv_header(h, index):
    head, rows, numbers = roster(h, 1, 15, h.pick(
        [str, str, four, lambda one: '="%s"' % one]))
    tabs = index % 4 == 3
    text = sheets.csv([head, *rows], "\t" if tabs else h.pick([",", ",", ";"]),
                      h.pick(["as needed", "all"]), h.pick(["\r\n", "\n"]))
    data = letters.in_charset(text, h.pick(["cp932", "utf-8", "utf-8-sig"]))
    return with_file(h, h.pick(FILES) + (".tsv" if tabs else ".csv"), data), \
        numbers


BARE = [[("", "code"), ("", "name"), ("", "number"), ("", "birth")],
        [("", "name"), ("", "number")],
        [("", "number"), ("", "kana"), ("", "sex"), ("", "address")],
        [("", "row"), ("", "name"), ("", "birth"), ("", "number"),
         ("", "phone")]]


@classes.add(LABELLED, "CSV without a header", 40)
def csv_bare(h, _):
    _, rows, numbers = roster(h, 3, 20, columns=h.pick(BARE))
    text = sheets.csv(rows, quote=h.pick(["as needed", "all"]))
    return with_file(h, h.pick(FILES) + ".csv",
                     letters.in_charset(text, h.pick(["cp932", "utf-8"]))), \
        numbers


def book(h, tables, **how):
    return with_file(h, h.pick(FILES) + ".xlsx", sheets.xlsx(tables, **how))


@classes.add(LABELLED, "XLSX with a header", 50)
def xlsx_header(h, index):
    head, rows, numbers = roster(h, 1, 12, h.pick(
        [str, four, sheets.Number]))
    top = [[h.say("{company}　名簿")], ["", "", h.say("{date}現在")], []] \
        if index % 2 else []
    return book(h, {"Sheet1": [["メモ"]], "名簿": [*top, head, *rows]}
                if index % 3 == 0 else {"一覧": [*top, head, *rows]},
                inline=index % 5 == 0), numbers


@classes.add(LABELLED, "XLSX without a header", 40)
def xlsx_bare(h, index):
    _, rows, numbers = roster(h, 3, 15, h.pick([str, sheets.Number]),
                              columns=h.pick(BARE))
    return book(h, {"Sheet1": rows}, formatted=index % 4 == 0), numbers


@classes.add(LABELLED, "XLSX numbers as the file writes them", 45)
def xlsx_numbers(h, index):
    def exponent(number):
        digits = number.lstrip("0")
        return sheets.Number(f"{digits[0]}.{digits[1:].rstrip('0') or '0'}"
                             f"E{len(digits) - 1}")
    draw = [exponent, lambda one: sheets.Number(f"{int(one)}.0"),
            lambda one: sheets.Number(int(one))][index % 3]
    head, rows, numbers = roster(h, 2, 9, draw)
    return book(h, {"data": [head, *rows]}, formatted=index % 2 == 0), numbers


@classes.add(LABELLED, "leading zeros lost", 40)
def zeros_lost(h, index):
    people = [records.person(h, h.figures.zero_led(h.pick([1, 1, 1, 2]))
                             if n % 3 == 0 else None)
              for n in range(h.rng.randint(1, 6))]
    head = ["氏名", h.pick(["個人番号", "マイナンバー", "my_number"]), "住所"]
    rows = [[one.name, sheets.Number(int(one.number)), one.address]
            for one in people]
    numbers = [one.number for one in people]
    if index % 2:
        return book(h, {"Sheet1": [head, *rows]}), numbers
    return with_file(h, h.pick(FILES) + ".csv", letters.in_charset(
        sheets.csv([head, *rows]), "cp932")), numbers


@classes.add(LABELLED, "XLSX form", 40)
def xlsx_form(h, index):
    one, spouse = records.person(h), records.person(h)
    label = h.pick(["個人番号", "マイナンバー（12桁）", "個 人 番 号", "ご本人の個人番号"])
    rows = [["", "入社時提出シート"], [], ["", "ふりがな", "", one.kana],
            ["", "氏名", "", one.name], ["", "現住所", "", one.address],
            ["", label, "", four(one.number, h.pick(["", "-", " "]))],
            ["", "緊急連絡先", "", one.phone]]
    numbers = [one.number]
    if index % 2:
        rows += [[], ["", "扶養家族", "続柄", "配偶者"], ["", "氏名", "", spouse.name],
                 ["", "同上の個人番号", "", spouse.number]]
        numbers.append(spouse.number)
    if index % 4 == 0:      # the answer stands below
        rows[5:6] = [["", label], ["", one.number]]
    return book(h, {"提出シート": rows}, inline=index % 3 == 0), numbers


@classes.add(LABELLED, "XLSX, one digit per cell", 40)
def xlsx_single(h, index):
    one = records.person(h)
    cells = [sheets.Number(d) for d in one.number] if index % 2 else \
        list(one.number)
    if index % 3 == 1:
        cells = cells[:4] + [""] + cells[4:8] + [""] + cells[8:]
    if index % 3 == 2:
        cells = cells[:4] + ["-"] + cells[4:8] + ["-"] + cells[8:]
    label = h.pick(["個人番号", "マイナンバー", "個 人 番 号"])
    rows = [["氏名", one.name], [label, *cells], ["生年月日", one.birth]]
    if index % 4 == 0:
        rows[1:2] = [[label], cells]
    return book(h, {"届出": rows}), [one.number]


@classes.add(LABELLED, "zip member", 40)
def zipped(h, index):
    head, rows, numbers = roster(h, 1, 6)
    if index % 2:
        name, data = "meibo.xlsx", sheets.xlsx({"Sheet1": [head, *rows]})
    else:
        name, data = "data/meibo.csv", letters.in_charset(
            sheets.csv([head, *rows]), "cp932")
    packed = sheets.pack({"readme.txt": b"see list\r\n", name: data})
    if index % 5 == 0:
        packed = sheets.pack({"inner.zip": packed})
    return with_file(h, h.pick(["送付.zip", "archive.zip", "{month}月分.zip"]),
                     packed), numbers


def element(name, text):
    return f"<{name}>{letters.html_text(text)}</{name}>"


@classes.add(LABELLED, "XML records", 40)
def xml(h, index):
    people = records.people(h, h.rng.randint(1, 6))
    tags = h.pick([("Employee", "Name", "MyNumber", "HireDate"),
                   ("従業員", "氏名", "個人番号", "入社日"),
                   ("payee", "payee_name", "individual_number", "paid_on"),
                   ("shain", "shimei", "kojinbango", "nyushabi"),
                   ("n1:worker", "n1:nm", "n1:personalNumber", "n1:d")])
    if index % 5 == 4:
        body = "".join(
            f'<staff name="{one.name}" mynumber="{one.number}" '
            f'since="{h.iso_date()}"/>\n' for one in people)
    else:
        body = "".join(element_of(h, tags, one) for one in people)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n' \
        f'<list xmlns:n1="urn:x">\n{body}</list>\n'
    return with_file(h, h.pick(["out.xml", "連携データ.xml"]), text.encode()), \
        [one.number for one in people]


def element_of(h, tags, one):
    outer, name, number, date = tags
    return (f"  <{outer}>\n    {element(name, one.name)}\n    "
            f"{element(number, one.number)}\n    "
            f"{element(date, h.iso_date())}\n  </{outer}>\n")


@classes.add(LABELLED, "JSON records", 40)
def json_records(h, index):
    people = records.people(h, h.rng.randint(1, 6))
    key = h.pick(["mynumber", "my_number", "myNumber", "個人番号", "マイナンバー",
                  "individualNumber", "personal_number"])
    made = [{"id": int(one.code), "name": one.name, "address": {
        "text": one.address, "tel": one.phone}, key: one.number,
        "updatedAt": h.iso_date() + "T01:02:03Z"} for one in people]
    if index % 4 == 1:
        made = {"employees": [{"profile": one} for one in made], "total": 1}
    text = json.dumps(made, ensure_ascii=index % 3 == 0,
                      indent=h.pick([None, 2]))
    numbers = [one.number for one in people]
    if index % 4 == 2:
        return h.mail("API response", "こういう応答が返ります。\n\n" + text + "\n"), \
            numbers
    return with_file(h, h.pick(["employees.json", "response.json"]),
                     text.encode()), numbers


@classes.add(LABELLED, "file of the pension office", 40)
def pension(h, index):
    rows = records.people(h, h.rng.randint(1, 9))
    text = records.pension_file(h, rows, [
        "2221700", "2225700", "2265700"][index % 3])
    return with_file(h, h.pick(["SHFD0006.CSV", "KPFD0006.CSV"]),
                     letters.encode(text, "cp932")), \
        [one.number for one in rows]


PAYROLL = [
    ["社員番号", "社員氏名", "社員氏名フリガナ", "個人番号", "取得日", "廃棄日", "本人確認方法"],
    ["KEY", "SYAIN_CD", "SYAIN_NM", "MYNUMBER", "UPD_YMD"],
    ["従業員コード", "続柄コード", "家族氏名", "家族個人番号", "扶養区分", "異動日"],
    ["区分", "支払先コード", "支払先名", "マイナンバー", "所轄税務署", "細目"]]


@classes.add(LABELLED, "columns of a payroll program", 40)
def payroll(h, index):
    head = PAYROLL[index % len(PAYROLL)]
    people = records.people(h, h.rng.randint(2, 12))
    lines = {
        0: lambda one: [one.code, one.name, records.half_kana(one.kana),
                        one.number, h.iso_date(), "", "1"],
        1: lambda one: [h.digits(9), one.code, one.name, one.number,
                        h.figures.day()],
        2: lambda one: [one.code, h.pick(["01", "02", "11"]), one.name,
                        one.number, h.pick("012"), h.iso_date()],
        3: lambda one: ["1", one.code, one.name, one.number, h.place()[:3],
                        h.pick(["原稿料", "講演料", "税理士報酬"])]}
    rows = [lines[index % len(PAYROLL)](one) for one in people]
    text = sheets.csv([head, *rows], quote=h.pick(["all", "as needed"]))
    return with_file(h, h.pick(["KYUYO.CSV", "mynumber_out.csv", "移行データ.txt"]),
                     letters.in_charset(text, "cp932")), \
        [one.number for one in people]


@classes.add(LABELLED, "records of fixed length", 40)
def fixed(h, index):
    people = records.people(h, h.rng.randint(3, 15))
    lines = []
    for one in people:
        kana = records.half_kana(one.kana).ljust(24)[:24]
        lines.append([
            f"2{one.code:>6}{kana}{one.number}{h.figures.day()}",
            f"{one.number}{kana}{one.code:0>8}{h.digits(4)}",
            f"D{h.figures.day()} {one.number} {kana}{h.rng.choice('12')}"
        ][index % 3])
    if index % 2:
        lines = ["1" + "HEAD".ljust(48), *lines, f"9{len(lines):06}".ljust(49)]
    return with_file(h, h.pick(["renkei.dat", "KOJIN.TXT", "upload.txt"]),
                     letters.encode("\r\n".join(lines) + "\r\n", "cp932"),
                     content_type="text/plain"), \
        [one.number for one in people]


@classes.add(LABELLED, "table as an attached page or text", 40)
def attached(h, index):
    head, rows, numbers = roster(h, 2, 8, h.pick([str, four]))
    if index % 2:
        page = letters.html_page(letters.html_table([head, *rows]), "utf-8")
        return with_file(h, h.pick(["report.html", "一覧.htm"]),
                         page.encode()), numbers
    wide = [max(len(row[n]) for row in [head, *rows]) + 2
            for n in range(len(head))]
    text = "\n".join("".join(cell.ljust(size, h.pick([" ", " "]))
                             for cell, size in zip(row, wide))
                     for row in [head, ["-" * 6] * len(head), *rows])
    return with_file(h, h.pick(["report.txt", "一覧印刷.txt"]),
                     letters.in_charset(letters.crlf(text), "cp932")), numbers


@classes.add(UNLABELLED, "lone numbers in a file", 50)
def lone_file(h, index):
    number = h.number()
    shown = h.pick([number, four(number), four(number, " ")])
    if index % 2:
        return with_file(h, h.pick(["メモ.txt", "note.txt"]), letters.in_charset(
            h.pick(["", "控え\r\n", "下記\r\n"]) + shown + "\r\n", "cp932")), \
            [number]
    return book(h, {"Sheet1": [[h.pick(["", "確認用", "下記"])], [shown]]}), \
        [number]
