"""Columns of other numbers, hidden places, wrong check digits: fresh half."""

import json

import figures
import letters
import sheets
from corpus import INVALID, RIVAL, Classes
from figures import four
from fresh_labelled import BESIDE, AROUND, SUBJECTS, typed

classes = Classes()

NOTES = ["{month}月の抽出結果です。", "一覧をお送りします（{dept}）。", "Attached is the list.",
         "在庫と突き合わせをお願いします。", "前回から{small}件増えました。"]
RIVAL_FILES = ["抽出", "list", "{month}月実績", "コピー ～ 集計", "download"]


def listed(h, rows, index):
    """rows as a file, a page or text."""
    title = h.any(["集計", "Re: 抽出", "{month}月分", "data"])
    note = h.body(h.any(NOTES))
    name = h.any(RIVAL_FILES)
    if index % 4 == 0:
        file = letters.attachment(name + ".csv", letters.in_charset(
            sheets.csv(rows), h.pick(["cp932", "utf-8"])))
    elif index % 4 == 1:
        file = letters.attachment(name + ".xlsx", sheets.xlsx(
            {"Sheet1": [[sheets.Number(one) if one.isdigit() and one[0] != "0"
                         else one for one in row] for row in rows]}))
    elif index % 4 == 2:
        page = letters.html_page(letters.html_table(rows, head=False))
        return h.mail(title, note, html=page)
    else:
        return h.mail(title, note + "\n\n" + "\n".join(
            "\t".join(row) for row in rows))
    return h.mail(title, note, [file])


@classes.add(RIVAL, "column of ids in sequence", 32)
def sequence(h, index):
    ids = h.figures.sequence(h.rng.randint(4, 22), h.pick([1, 2, 9, 200]))
    head = h.pick([["診察券番号", "氏名", "来院日"], ["ポイントカード", "名前", "入会"],
                   ["図書館利用者No", "利用者", "登録"]])
    rows = [[one, h.person(), h.iso_date()] for one in ids]
    return listed(h, [head, *rows], index), [], ".eml", ids


@classes.add(RIVAL, "column of ids with one prefix", 32)
def prefix(h, index):
    ids = h.figures.same_prefix(h.rng.randint(4, 18), h.pick([4, 5, 6]))
    head = h.pick([["資産番号", "品名", "設置場所"], ["メーター", "契約者", "地区"],
                   ["口座管理No.", "名義", "店"]])
    rows = [[one, h.person(), h.place()] for one in ids]
    return listed(h, [head, *rows], index), [], ".eml", ids


HEADS = ["お客様番号", "伝票No", "注文ID", "Tracking", "製造番号", "会員ｺｰﾄﾞ",
         "取引番号", "JAN/UPC", "予約番号", "契約番号", "device_id", "受験番号"]


@classes.add(RIVAL, "column under a rival header", 36)
def under_header(h, index):
    ids = [h.figures.random_id() for _ in range(h.rng.randint(3, 15))]
    rows = [["氏名", h.pick(HEADS), "金額"]] + [
        [h.person(), one, h.amount()] for one in ids]
    return listed(h, rows, index), [], ".eml", ids


@classes.add(RIVAL, "column of ids, one in ten valid", 32)
def chance(h, index):
    ids = [h.digits(12) for _ in range(h.rng.randint(15, 40))]
    ids.append(h.figures.random_id())
    h.rng.shuffle(ids)
    rows = [["ID", "登録日", "数量"]] if index % 2 else []
    rows += [[one, h.iso_date(), h.small()] for one in ids]
    return listed(h, rows, index), [], ".eml", \
        [one for one in ids if figures.valid(one)]


@classes.add(RIVAL, "survey grid", 32)
def survey(h, index):
    answers = [h.figures.random_id() for _ in range(h.rng.randint(2, 8))]
    rows = [["回答者", *[f"Q{n}" for n in range(1, 13)]]] + [
        [f"R{n:03}", *one] for n, one in enumerate(answers, 1)]
    return listed(h, rows, index), [], ".eml", answers


@classes.add(RIVAL, "rows of small figures", 32)
def small_figures(h, index):
    def draw():
        return "".join(str(h.rng.randint(1000, 9999)) for _ in range(3))
    joined = [h.figures.forced(draw) for _ in range(h.rng.randint(1, 4))]
    rows = [["店舗", "4月", "5月", "6月", "計"]]
    for one in joined:
        months = figures.groups(one, 4, 4, 4)
        rows.append([h.place()[:3] + "店", *months,
                     str(sum(map(int, months)))])
    return listed(h, rows, index), [], ".eml", joined


@classes.add(RIVAL, "form with another number in the box", 32)
def other_box(h, index):
    number = h.pick([h.figures.random_id, h.figures.parcel,
                     h.figures.licence])()
    label = h.pick(["お客様番号", "免許証番号", "伝票番号", "組合員番号", "保険証券番号",
                    "管理番号", "口座番号（ゆうちょ連結）"])
    boxes = "|".join(number)
    text = h.any([
        "申込書\n氏名　{person}\n{label} |{boxes}|\n生年月日　{birth}",
        "変更届（控）\n　{label}　{boxes}\n　新住所　{address}",
        "【{label}】\n{boxes}\n【お名前】{person}"], label=label, boxes=boxes)
    if index % 2:
        rows = [["申請書"], ["氏名", h.person()], [label, *number],
                ["生年月日", h.birth()]]
        return listed(h, rows, index), [], ".eml", [number]
    return h.mail("申込", h.body(text)), [], ".eml", [number]


@classes.add(RIVAL, "columns of times, products or companies", 36)
def plain_columns(h, index):
    draw, head = [
        (h.figures.date_time, ["打刻", "社員", "区分"]),
        (h.figures.upc, ["商品コード", "担当", "棚"]),
        (h.figures.corporate, ["法人番号", "代表者", "状態"]),
        (h.figures.registry, ["登記番号", "代表", "支店"]),
        (h.figures.date_sequence, ["受付", "氏名", "窓口"])][index % 5]
    ids = [draw() for _ in range(h.rng.randint(3, 14))]
    rows = [head] + [[one, h.person(), h.small()] for one in ids]
    return listed(h, rows, index), [], ".eml", ids


KEYS = ["order_no", "trackingNumber", "account_id", "deviceSerial", "customerNo",
        "receipt", "会員番号", "ticketId", "sku", "伝票番号"]


@classes.add(RIVAL, "keys of other numbers", 32)
def other_keys(h, index):
    ids = [h.figures.random_id() for _ in range(h.rng.randint(1, 5))]
    key = h.pick(KEYS)
    if index % 3 == 0:
        text = json.dumps([{"at": h.iso_date(), key: one, "qty": 1}
                           for one in ids], ensure_ascii=False, indent=1)
        name = "log.json"
    elif index % 3 == 1:
        text = "<items>" + "".join(
            f"<item><{key}>{one}</{key}><qty>2</qty></item>"
            for one in ids) + "</items>"
        name = "log.xml"
    else:
        text = "\n".join(f"{key}={one} status=OK" for one in ids)
        return h.mail("ログ", h.body("抜粋です。\n" + text)), [], ".eml", ids
    return h.mail("連携ログ", h.body(h.any(NOTES)), [
        letters.attachment(name, text.encode())]), [], ".eml", ids


@classes.add(RIVAL, "headers, boundaries and file names", 36)
def hidden(h, index):
    number = h.figures.random_id()
    text = h.body(h.any(NOTES))
    if index % 3 == 0:
        return h.mail("通知", text, more=[
            (h.pick(["X-Request-Id", "X-Campaign", "References", "X-Job-ID",
                     "List-Unsubscribe"]),
             h.pick([f"<{number}@example.org>", f"<{number}.7@m.test>"]))]), \
            [], ".eml", [number]
    if index % 3 == 1:
        file = letters.attachment(h.pick([
            f"IMG_{number}.jpg", f"scan{number}.dat", f"{number}.bin",
            f"受注_{number}.dat"]), b"\x00\x01picture" * 20,
            "application/octet-stream")
        return h.mail("画像送付", text, [file]), [], ".eml", [number]
    body = letters.multipart("mixed", [
        letters.text_entity(text), letters.attachment("a.txt", b"ok\r\n")],
        f"----=_Boundary{number}_{h.digits(3)}")
    return letters.letter(h.headers("添付"), body), [], ".eml", [number]


@classes.add(INVALID, "labelled, check digit wrong", 42)
def wrong(h, _):
    number = h.figures.wrong()
    line = h.any(BESIDE, w=typed(h, number))
    return h.mail(h.any(SUBJECTS), h.body(h.any(AROUND, line=line))), [], \
        ".eml", [number]


@classes.add(INVALID, "column, all check digits wrong", 24)
def wrong_column(h, index):
    ids = [h.figures.wrong() for _ in range(h.rng.randint(3, 14))]
    shown = [four(one) for one in ids] if index % 3 == 0 else ids
    rows = [[h.pick(["個人番号", "マイナンバー", "my_number"]), "氏名"]] + [
        [one, h.person()] for one in shown]
    return listed(h, rows, index), [], ".eml", ids
