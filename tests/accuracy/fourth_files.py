"""The fourth half: zip, XML, JSON, and the files of offices and programs."""

import json

import letters
import records
import sheets
from corpus import LABELLED, Classes
from figures import four
from fourth_labelled import SUBJECTS
from fourth_tables import COVERS, lone_file_or_mail, roster, sent

classes = Classes()


@classes.add(LABELLED, "zip member", 75)
def zipped(h, index):
    rows, wanted = roster(h, 3, 15)
    csv = letters.in_charset(sheets.csv(rows), "cp932")
    inner = [{"名簿.csv": csv}, {"data/list.xlsx": sheets.xlsx({"1": rows})},
             {"readme.txt": b"see list.csv\r\n", "list.csv": csv},
             {"送付分.zip": sheets.pack({"meibo.csv": csv})},
             {"提出/本社/社員.tsv": letters.in_charset(
                 sheets.csv(rows, "\t"), "utf-8")}][index % 5]
    made, suffix = lone_file_or_mail(h, index, "zip", sheets.pack(inner))
    return made, wanted, suffix


def tag(name, text):
    text = str(text).replace("&", "&amp;").replace("<", "&lt;")
    return f"<{name}>{text}</{name}>"


def etax(h, one):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<DATA id="DATA" '
        'xmlns:gen="http://xml.e-tax.nta.go.jp/XSD/general">\n'
        '<NOZEISHA_ID ID="NOZEISHA_ID">' + h.digits(16) + "</NOZEISHA_ID>\n"
        '<NOZEISHA_BANGO ID="NOZEISHA_BANGO"><gen:kojinbango>' + one.number
        + "</gen:kojinbango></NOZEISHA_BANGO>\n"
        '<NOZEISHA_NM ID="NOZEISHA_NM">' + one.name + "</NOZEISHA_NM>\n"
        "</DATA>\n")


@classes.add(LABELLED, "XML records", 75)
def xml(h, index):
    people = records.people(h, h.rng.randint(1, 12))
    if index % 3 == 0:
        return lone_file_or_mail(h, index, "xml" if index % 2 else "xtx",
                                 etax(h, people[0]).encode())[0], \
            [people[0].number], ".eml" if index % 4 != 1 else ".xml"
    outer, key = [("従業員", "個人番号"), ("person", "myNumber"),
                  ("Employee", "KojinBango"), ("shain", "my_number"),
                  ("届出", "マイナンバー")][index % 5]
    made = []
    for one in people:
        if index % 4 == 2:
            name = one.name.replace('"', "")
            made.append(f'<{outer} name="{name}" {key}="{one.number}"/>')
        else:
            made.append(f"<{outer}>" + tag("no", one.code)
                        + tag("氏名", one.name) + tag(key, one.number)
                        + tag("birth", one.birth) + f"</{outer}>")
    text = ('<?xml version="1.0" encoding="UTF-8"?>\n<root>\n'
            + "\n".join(made) + "\n</root>\n")
    made, suffix = lone_file_or_mail(h, index, "xml", text.encode())
    return made, [one.number for one in people], suffix


@classes.add(LABELLED, "JSON records", 75)
def json_records(h, index):
    people = records.people(h, h.rng.randint(1, 15))
    key = h.pick(["my_number", "myNumber", "個人番号", "マイナンバー", "kojin_bango",
                  "individual_number", "MyNumber"])
    rows = []
    for one in people:
        shown = one.number
        if index % 4 == 2 and one.number[0] != "0":
            shown = int(one.number)
        row = {"id": int(one.code), "name": one.name, "birth": one.birth,
               key: shown, "tel": one.phone}
        if index % 5 == 4:
            row = {"profile": {"name": one.name}, "secret": {key: shown}}
        rows.append(row)
    tree = rows if index % 2 else {"exported": h.iso_date(), "items": rows}
    if index % 3 == 2:
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    else:
        text = json.dumps(tree, ensure_ascii=index % 6 == 0,
                          indent=[None, 2, 4][index % 3])
    made, suffix = lone_file_or_mail(h, index, "json", text.encode())
    return made, [one.number for one in people], suffix


@classes.add(LABELLED, "file of the pension office", 75)
def pension(h, index):
    people = records.people(h, h.rng.randint(2, 30))
    form = ["2221700", "2225700", "2265700"][index % 3]
    data = letters.encode(records.pension_file(h, people, form), "cp932")
    name = ["SHFD0006.CSV", "KPFD0006.CSV", "SHFD0006.csv"][index % 3]
    wanted = [one.number for one in people]
    if index % 4 == 1:
        return data, wanted, ".csv"
    if index % 4 == 2:
        return sent(h, "zip", sheets.pack({name: data})), wanted
    return sent(h, "CSV", data, name), wanted


@classes.add(LABELLED, "columns of a payroll program", 75)
def payroll(h, index):
    people = records.people(h, h.rng.randint(4, 25))
    rows = []
    for n, one in enumerate(people, 1):
        if index % 3 == 0:      # name first, the number fifth
            rows.append([one.name, one.kana, one.code, one.sex, one.number,
                         one.birth, h.postcode(), one.address])
        elif index % 3 == 1:    # withholding slips for the tax office
            rows.append(["315", f"{n:010}", h.digits(13), "0", "07",
                         one.address, one.name, "", h.amount().replace(
                             ",", ""), "0", one.number, "", ""])
        else:
            rows.append([f"{n:05}", one.name, "1", one.number, "",
                         str(h.rng.randint(200, 900) * 1000), "0", "1"])
    separator = [",", "\t", ",", " "][index % 4]
    if separator == " ":
        rows = [[str(cell).replace(" ", "　") for cell in row]
                for row in rows]
    text = sheets.csv(rows, separator, "as needed" if separator != " "
                      else "never")
    data = letters.in_charset(text, "cp932")
    made, suffix = lone_file_or_mail(
        h, index, "csv" if separator == "," else "txt", data)
    return made, [one.number for one in people], suffix


def padded(text, width):
    """In CP932: width bytes."""
    data = text.encode("cp932", "replace")[:width]
    return data.decode("cp932", "ignore").encode("cp932").ljust(width)


@classes.add(LABELLED, "records of fixed length", 75)
def fixed(h, index):
    people = records.people(h, h.rng.randint(5, 25))
    lines = []
    for n, one in enumerate(people, 1):
        kana = records.half_kana(one.kana)
        if index % 3 == 0:
            fields = [(f"{n:06}", 7), (kana, 24), (one.name, 20),
                      (one.number, 13), (h.pick(["1", "2"]), 2)]
        elif index % 3 == 1:
            fields = [(one.number, 12), (" ", 1), (one.name, 22),
                      (one.birth, 16), (one.address, 44)]
        else:
            fields = [("D", 2), (kana, 20), (one.birth.replace("/", ""), 15),
                      (one.number, 12), ("", 3),
                      (f"{h.rng.randint(0, 999999):08}", 8)]
        lines.append(b"".join(padded(*field) for field in fields))
    if index % 4 == 0:
        lines.insert(0, b"H" + h.iso_date().encode() + b" KYUYO")
    data = b"\r\n".join(lines) + b"\r\n"
    made, suffix = lone_file_or_mail(h, index, h.pick(["txt", "dat"]), data)
    if suffix == ".dat":
        suffix = ".txt"
    return made, [one.number for one in people], suffix


@classes.add(LABELLED, "table as an attached page or text", 80)
def attached(h, index):
    if index % 4 == 3:
        one = records.person(h)
        text = h.say("登録票\n----------\n氏名　　　{p}\nマイナンバー　{n}\n生年月日　{b}\n住所　　　{a}\n",
                     p=one.name, n=four(one.number, " -"[index % 2]),
                     b=one.birth, a=one.address)
        return sent(h, "txt", letters.in_charset(
            letters.crlf(text), h.pick(["cp932", "utf-8"]))), [one.number]
    rows, wanted = roster(h, 2, 12)
    if index % 4 == 2:
        text = "\n".join("| " + " | ".join(
            cell.replace("\n", "") for cell in row) + " |" for row in rows)
        return sent(h, "txt", letters.in_charset(
            letters.crlf(text), "utf-8")), wanted
    page = letters.html_page(
        f"<h1>{h.pick(['社員台帳', '届出一覧', '支払先一覧'])}</h1>"
        + letters.html_table(rows, head=index % 8 < 4),
        ["utf-8", "Shift_JIS"][index % 2])
    data = letters.in_charset(page, ["utf-8", "cp932"][index % 2])
    return h.mail(h.pick(SUBJECTS), h.body(h.any(COVERS)), files=[
        letters.attachment(f"report{h.digits(3)}.html", data)]), wanted
