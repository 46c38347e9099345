"""The fourth half: columns, grids, forms and keys of other numbers."""

import json

import letters
import sheets
from corpus import INVALID, RIVAL, Classes
from figures import four
from fourth_labelled import BESIDE, LABELS, MARKS, SUBJECTS, short

classes = Classes()
COUNT = 42

TITLES = ["在庫一覧", "会員リスト", "本日分", "データ送付", "集計", "抽出結果", "マスタ", "リスト送ります"]
NAMES = ["在庫", "出荷{}", "list_{}", "抽出{}", "data", "一覧表{}", "master", "集計_{}"]
COVERS = ["抽出しました。条件は前回と同じです。", "本日分の一覧です。", "取り込みに使ってください。",
          "{small}件あります。重複は除きました。", "システムの画面から出したものです。",
          "{surname}さんの依頼で作りました。"]


def sent(h, extension, data):
    name = h.pick(NAMES).format(h.digits(4)) + "." + extension
    return h.mail(h.pick(TITLES), h.body(h.any(COVERS)), files=[
        letters.attachment(name, data, style=h.pick(["2047", "2231"]))])


def listed(h, rows, index):
    """rows in one of the ways in which lists are sent."""
    way = index % 5
    if way == 0:
        data = letters.in_charset(sheets.csv(rows), "cp932")
        return sent(h, "csv", data)
    if way == 1:
        return sent(h, "xlsx", sheets.xlsx({"Sheet1": rows}))
    if way == 2:
        page = letters.html_page("<p>一覧です。</p>" + letters.html_table(rows))
        return h.mail(h.pick(TITLES), "一覧です。", html=page)
    if way == 3:
        text = "\n".join("\t".join(map(str, row)) for row in rows)
        return h.mail(h.pick(TITLES), h.body("貼り付けます。\n\n" + text))
    data = letters.in_charset(sheets.csv(rows, "\t"), "utf-8")
    return sent(h, "tsv", data)


# Of a column: its title and what stands in it.
THINGS = [("品名", ["ノート", "鉛筆", "付箋", "封筒", "クリップ", "ファイル"]),
          ("店舗", ["駅前店", "本店", "北口店", "港店"]),
          ("状態", ["済", "未", "保留", "取消"]),
          ("担当", ["A班", "B班", "C班", "D班"])]


def with_things(h, header, numbers):
    """rows: the ids with what such lists hold beside them."""
    columns = h.rng.sample(THINGS, h.rng.randint(1, 3))
    rows = [[header, *(title for title, _ in columns), "金額"]]
    for number in numbers:
        rows.append([number, *(h.pick(kinds) for _, kinds in columns),
                     str(h.rng.randint(1, 900) * 100)])
    if h.rng.random() < 0.4:
        rows = [[row[-1], *row[:-1]] for row in rows]
    return rows


@classes.add(RIVAL, "column of ids in sequence", COUNT)
def sequence(h, index):
    numbers = h.figures.sequence(h.rng.randint(5, 30), h.pick([1, 3, 20]))
    header = h.pick(["会員番号", "管理ID", "顧客コード", "番号", "受付No", "カード番号"])
    rows = with_things(h, header, numbers)
    if index % 4 == 3:
        rows = rows[1:]
    return listed(h, rows, index), [], ".eml", numbers


@classes.add(RIVAL, "column of ids with one prefix", COUNT)
def prefix(h, index):
    numbers = h.figures.same_prefix(h.rng.randint(4, 20),
                                    h.pick([4, 5, 6]))
    rows = with_things(h, h.pick(["商品ID", "契約ID", "伝票No", "番号", "コード"]), numbers)
    if index % 4 == 2:
        rows = rows[1:]
    return listed(h, rows, index), [], ".eml", numbers


@classes.add(RIVAL, "column under a rival header", COUNT)
def under_header(h, index):
    draw, headers = [
        (h.figures.random_id, ["注文番号", "取引ID", "問合せ番号", "お客様番号"]),
        (h.figures.parcel, ["送り状番号", "伝票番号", "追跡番号"]),
        (h.figures.licence, ["免許証番号", "運転免許番号"]),
        (h.figures.registry, ["会社法人等番号"]),
        (h.figures.upc, ["JAN", "UPCコード", "商品コード"]),
        (h.figures.random_id, ["AWSアカウントID", "account_id"]),
        (h.figures.date_sequence, ["請求書No", "受注番号"])][index % 7]
    numbers = [draw() for _ in range(h.rng.randint(3, 15))]
    return listed(h, with_things(h, h.pick(headers), numbers), index), [], \
        ".eml", numbers


@classes.add(RIVAL, "column of ids, one in ten valid", COUNT)
def chance(h, index):
    count = h.rng.randint(10, 60)
    good = [h.figures.random_id() for _ in range(max(1, count // 10))]
    numbers = good + [h.figures.wrong() for _ in range(count - len(good))]
    h.rng.shuffle(numbers)
    rows = with_things(h, h.pick(["ID", "番号", "管理番号", "コード", "キー"]), numbers)
    if index % 3 == 2:
        rows = rows[1:]
    return listed(h, rows, index), [], ".eml", good


@classes.add(RIVAL, "survey grid", COUNT)
def survey(h, index):
    top = [5, 4, 9, 3][index % 4]
    forced = h.figures.forced(lambda: "".join(
        str(h.rng.randint(1, top)) for _ in range(12)))
    rows = [[h.pick(["回答者", "氏名", "No"]), *(f"問{n}" for n in range(1, 13))]]
    if index % 3 == 1:
        rows = [["", *(f"{n}月" for n in range(1, 13))]]
    for n in range(h.rng.randint(4, 20)):
        rows.append([h.pick([h.person(), str(n + 1)]),
                     *(str(h.rng.randint(1, top)) for _ in range(12))])
    rows.insert(h.rng.randint(1, len(rows)), ["99", *forced])
    return listed(h, rows, index), [], ".eml", [forced]


@classes.add(RIVAL, "rows of small figures", COUNT)
def small_figures(h, index):
    """Three figures of four digits in a row, or three hundreds."""
    made = h.figures.forced(lambda: "".join(
        str(h.rng.randint(1000, 9899)) for _ in range(3)))
    cells = [made[:4], made[4:8], made[8:]]
    if index % 2:
        text = (f"売上（千円）\n　　　　4月　5月　6月\n本店　{' '.join(cells)}\n"
                f"支店　{h.digits(4)} {h.digits(4)} {h.digits(4)}\n合計は別表のとおり。")
        return h.mail(h.pick(["月次売上", "速報値"]), h.body(text)), [], \
            ".eml", [made]
    rows = [["科目", "1月", "2月", "3月"],
            *([h.pick(["電気代", "外注費", "交通費", "雑費"]),
               *(str(h.rng.randint(1000, 9999)) for _ in range(3))]
              for _ in range(4)), ["通信費", *cells]]
    return listed(h, rows, index), [], ".eml", [made]


BOXES = [
    "給与支払報告書（総括表）\n給与支払者の個人番号又は法人番号　{c}\n名称　{company}\n所在地　{address}\n報告人員　{small}名",
    "支払調書合計表\n支払者\n　住所　{address}\n　氏名又は名称　{company}\n　法人番号　{c}\n人員　{small}人　支払金額　{amount}",
    "健康保険資格喪失届\n被保険者整理番号　{small}\n氏名　{p}\n個人番号［基礎年金番号］　{pension}\n"
    "会社の法人番号　{c}",
    "扶養控除等申告書\n給与の支払者の法人番号　{c}\nあなたの氏名　{p}\nあなたの個人番号　（会社が保管のため記載不要）",
    "通勤災害届\n労働保険番号　13-1-07-{six}-000\n氏名　{p}\nマイナンバー　別紙\n運転免許証番号　{lic}",
    "本人確認チェック表\n□ マイナンバーカード\n■ 運転免許証（番号 {lic}）\n確認者　{p}",
    "加入申込書\n個人番号欄　記入しないでください\nお客様番号　{r}\n氏名　{p}",
]


@classes.add(RIVAL, "form with another number in the box", COUNT)
def other_box(h, index):
    text = BOXES[index % len(BOXES)]
    rival = h.figures.corporate() if "{c}" in text else \
        h.figures.licence() if "{lic}" in text else h.figures.random_id()
    text = h.say(text, c=rival, lic=rival, r=rival, p=h.person(),
                 pension=f"{h.digits(4)}-{h.digits(6)}", six=h.digits(6))
    return h.mail(h.pick(["届出控え", "様式送付", "合計表の件"]), h.body(text)), [], \
        ".eml", [rival]


@classes.add(RIVAL, "columns of times, products or companies", COUNT)
def plain_columns(h, index):
    draw, header = [
        (h.figures.date_time, "日時"), (h.figures.short_date_time, "打刻"),
        (h.figures.upc, "商品"), (h.figures.registry, "登記"),
        (h.figures.date_sequence, "番号"), (h.figures.mobile, "電話(国際)"),
    ][index % 6]
    numbers = [draw() for _ in range(h.rng.randint(4, 15))]
    rows = with_things(h, header, sorted(numbers))
    if index % 3 == 1:
        rows = rows[1:]
    return listed(h, rows, index), [], ".eml", numbers


KEYS = ["order_id", "orderNo", "tracking_number", "account_id", "customer_id",
        "transaction_id", "license_no", "barcode", "jan", "ticket",
        "invoice_number", "注文ID", "会員コード", "device_serial"]


@classes.add(RIVAL, "keys of other numbers", COUNT)
def other_keys(h, index):
    numbers = [h.figures.random_id() for _ in range(h.rng.randint(1, 6))]
    key = KEYS[index % len(KEYS)]
    rows = [{key: n, "amount": h.rng.randint(100, 9999),
             "date": h.iso_date()} for n in numbers]
    if index % 3 == 0:
        data = json.dumps(rows, indent=2, ensure_ascii=False).encode()
        return sent(h, "json", data), [], ".eml", numbers
    if index % 3 == 1:
        name = key.replace(" ", "_")
        text = "<list>" + "".join(
            f"<row><{name}>{row[key]}</{name}><date>{row['date']}</date></row>"
            for row in rows) + "</list>\n"
        return sent(h, "xml", text.encode()), [], ".eml", numbers
    text = "\n".join(f"{key}={row[key]} amount={row['amount']}"
                     for row in rows)
    return h.mail("webhook", text), [], ".eml", numbers


@classes.add(RIVAL, "headers, boundaries and file names", COUNT)
def hidden(h, index):
    stamp = h.figures.date_time() if index % 6 in (1, 4) else \
        h.figures.random_id()
    text = h.body(h.any(["資料をお届けします。", "写真を撮りました。", "確認をお願いします。"]))
    more, files = (), ()
    if index % 6 == 0:
        more = [("X-Request-ID", f"req-{stamp}-ab")]
    elif index % 6 == 1:
        files = [letters.attachment(f"scan_{stamp}.txt", b"page 1\r\n")]
    elif index % 6 == 2:
        more = [("References", f"<{stamp}@mail.example.jp>")]
    elif index % 6 == 3:
        part = letters.multipart("mixed", [
            letters.text_entity(text), letters.attachment(
                "a.txt", b"memo\r\n")], f"=_{stamp}_=")
        return letters.letter(h.headers("資料"), part), [], ".eml", [stamp]
    elif index % 6 == 4:
        files = [letters.attachment(f"議事録{stamp}.txt", letters.encode(
            "本日の議題は二つです。\r\n", "cp932"))]
    else:
        more = [("X-Mailer-Job", f"job.{stamp}.7"),
                ("List-Unsubscribe",
                 f"<https://news.example.com/u/{stamp}>")]
    return h.mail(h.pick(["写真", "資料", "議事録"]), text, files=files,
                  more=more), [], ".eml", [stamp]


@classes.add(INVALID, "labelled, check digit wrong", 64)
def wrong(h, index):
    number = h.figures.wrong()
    shown = [number, four(number), four(number, " ")][index % 3]
    text = h.say(BESIDE[index % len(BESIDE)], p=h.person(), l=h.pick(LABELS),
                 m=h.pick(MARKS), n=shown, **short(h))
    return h.mail(h.pick(SUBJECTS), h.body(text)), [], ".eml", [number]


@classes.add(INVALID, "column, all check digits wrong", 32)
def wrong_column(h, index):
    numbers = [h.figures.wrong() for _ in range(h.rng.randint(4, 20))]
    rows = [["氏名", h.pick(["個人番号", "マイナンバー"])],
            *([h.person(), number] for number in numbers)]
    return listed(h, rows, index), [], ".eml", numbers
