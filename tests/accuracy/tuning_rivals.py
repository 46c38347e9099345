"""Tuning half: numbers that pass the My Number check and are none."""

import letters
import records
import shapes
import sheets
from corpus import INVALID, RIVAL, Classes

classes = Classes()

PLAIN = [
    "下記の件、ご確認をお願いいたします。\n{line}\n金額は{amount}円、納期は{date}です。",
    "{line}\n\n商品は{date}に到着予定です。お問い合わせは{phone}まで。",
    "お電話の件です。\n{line}\n担当：{person}",
    "{company}様からの依頼です。\n・{line}\n・数量 {small}\n・部署 {dept}",
    "{line}", "ご利用ありがとうございます。\n\n{line}\nお名前　{person}様\n"
    "ご住所　〒{postcode} {address}"]
HR = [
    "年末調整の書類提出は{date}までです。マイナンバーの提出がまだの方は{dept}まで"
    "お持ちください。\n\n別件ですが、備品の件です。\n{line}",
    "{person}さんの入社手続きの件です。\n氏名　{person}\n生年月日　{birth}\n"
    "マイナンバーは当日、窓口で確認します。\n{line}",
    "源泉徴収票を発送しました。\n{line}\n扶養控除等申告書は{date}までに。",
    "マイナンバーカードの写しは郵送してください（メール不可）。\n書留でお送り"
    "いただく際は {line} をお控えください。"]


def in_context(h, line):
    # The last context has the line inside a sentence.
    contexts = HR[:-1] if "\n" in line else HR
    context = h.any(contexts if h.rng.random() < 0.35 else PLAIN, line=line)
    return h.mail(h.pick(["ご確認", "ご連絡", "発送のお知らせ", "手続きのご案内",
                          "Re: 件名なし", "お知らせ"]), h.body(context))


def four(h, number):
    return shapes.four(number, h.pick(["-", "-", " ", ""]))


FAMILIES = {
    "order and ticket numbers by date": (
        lambda h: h.figures.date_sequence(),
        ["注文番号：{r}", "ご注文番号 {r}", "受注No. {r}", "オーダーID：{r}",
         "{r}の件", "伝票 {r} を発行しました", "チケット番号 {r}", "#{r}"]),
    "parcel numbers": (
        lambda h: four(h, h.figures.parcel()),
        ["送り状番号：{r}", "お問い合わせ番号　{r}", "伝票番号 {r}",
         "追跡番号は{r}です。", "ヤマト運輸 {r}", "佐川急便　問合せNo.{r}",
         "tracking number: {r}", "荷物番号【{r}】", "宅配便（{r}）で発送しました"]),
    "invoice and quotation numbers": (
        lambda h: h.figures.random_id(),
        ["請求書番号：{r}", "請求No.{r}", "見積番号 {r}", "Invoice No. {r}",
         "納品書番号：{r}", "発注番号{r}にて手配済みです", "PO: {r}"]),
    "driving licence numbers": (
        lambda h: h.figures.licence(),
        ["運転免許証番号：{r}", "免許証の番号　第 {r} 号", "免許番号 {r}",
         "本人確認書類：運転免許証（{r}）", "driver's license no. {r}"]),
    "company registry numbers": (
        lambda h: (lambda n: h.pick([n, f"{n[:4]}-{n[4:6]}-{n[6:]}"]))(
            h.figures.registry()),
        ["会社法人等番号：{r}", "会社法人等番号　{r}", "登記番号 {r}",
         "商業登記：{r}"]),
    "corporate numbers": (
        lambda h: h.pick(["", "T", "Ｔ"]) + h.figures.corporate(),
        ["法人番号：{r}", "登録番号 {r}", "適格請求書発行事業者登録番号：{r}",
         "インボイス番号 {r}", "個人番号又は法人番号　{r}", "{company} {r}"]),
    "product codes": (
        lambda h: h.figures.upc(),
        ["UPC: {r}", "JANコード {r}", "商品コード：{r}", "バーコード {r}",
         "品番{r}の在庫を確認してください"]),
    "cloud accounts": (
        lambda h: h.figures.random_id(),
        ["AWSアカウントID: {r}", "arn:aws:iam::{r}:role/admin",
         "AWS account {r} へのアクセス権", "Account ID {r} (prod)",
         "{r}.dkr.ecr.ap-northeast-1.amazonaws.com/app:latest"]),
    "meeting numbers": (
        lambda h: " ".join(shapes.figures.groups(
            h.figures.random_id(), 3, 3, 3, 3)),
        ["会議 ID: {r}", "ミーティングID：{r}\nパスコード: {small}",
         "Meeting ID: {r}", "Teams 会議に参加する\n{r}"]),
    "telephone numbers": (
        lambda h: (lambda n: h.pick([
            f"+{n[:2]} {n[2:4]} {n[4:8]} {n[8:]}", f"+{n}",
            f"+{n[:2]}-{n[2:4]}-{n[4:8]}-{n[8:]}"]))(h.figures.mobile()),
        ["TEL {r}", "携帯：{r}", "電話 {r}", "Mobile: {r}", "{r}"]),
    "times": (
        lambda h: h.pick([h.figures.date_time,
                          h.figures.short_date_time])(),
        ["更新日時 {r}", "timestamp={r}", "backup_{r}.tar.gz", "{r} 受信",
         "ログ {r} ERROR", "版：{r}", "report{r}.pdf"]),
    "years": (
        lambda h: shapes.four(h.figures.years(), h.pick([" ", "-", "/", "\t",
                                                         "　"])),
        ["年度 {r}", "対象：{r}", "{r} 年の推移", "{r}", "西暦\t{r}"]),
    "amounts": (
        lambda h: (lambda n: h.pick([
            ",".join(shapes.figures.groups(n, 3, 3, 3, 3)), n + "円"]))(
            h.figures.random_id()),
        ["予算総額 {r}", "売上高　{r}", "合計金額：{r}", "¥{r}",
         "時価総額は{r}です"]),
    "decimals": (
        lambda h: h.pick(["35.", "139.", "0.", "-1.", "2."])
        + h.figures.random_id(),
        ["緯度 {r}", "係数={r}", "座標：{r}", "{r}", "相関係数 {r} でした"]),
    "hexadecimal and UUIDs": (
        lambda h: f"{h.rng.getrandbits(32):08x}-{h.rng.getrandbits(16):04x}-"
        f"4{h.rng.getrandbits(12):03x}-a{h.rng.getrandbits(12):03x}-"
        + h.figures.random_id(),
        ["id: {r}", "セッション {r}", "UUID={r}", "{r}"]),
    "addresses of the web": (
        lambda h: h.figures.random_id(),
        ["https://www.example.com/item/{r}",
         "https://track.example.co.jp/?no={r}&lang=ja",
         "<{r}.1234@mail.example.com>", "cid:{r}@corp.test",
         "file:///C:/data/{r}.csv", "{r}@example.jp"]),
    "sixteen digits": (
        lambda h: shapes.figures.groups(h.figures.sixteen(), 16)[0],
        ["カード番号 {r}", "利用者識別番号：{r}", "会員カード {r}"]),
    "sixteen digits in groups": (
        lambda h: h.pick([" ", "-"]).join(shapes.figures.groups(
            h.figures.sixteen(), 4, 4, 4, 4)),
        ["利用者識別番号　{r}", "クレジットカード：{r}", "{r}", "会員No {r}"]),
    "contracts and customers": (
        lambda h: four(h, h.figures.random_id()),
        ["お客様番号：{r}", "契約番号 {r}", "顧客番号　{r}", "証券番号 {r}",
         "会員番号：{r}", "会員ID {r}", "ご契約者番号は{r}です。"]),
    "bank and payment": (
        lambda h: h.figures.random_id(),
        ["口座番号 {r}", "納付番号：{r}", "収納機関番号 {r}",
         "振込依頼人番号　{r}", "お支払い番号：{r}", "払込票 {r}"]),
    "serial numbers and lots": (
        lambda h: h.figures.random_id(),
        ["シリアル番号：{r}", "S/N {r}", "ロットNo. {r}", "製造番号 {r}",
         "型番 {r}", "資産管理番号{r}"]),
    "receptions and reservations": (
        lambda h: h.figures.random_id(),
        ["受付番号：{r}", "予約番号 {r}", "お申込み番号　{r}", "整理番号{r}",
         "管理番号: {r}", "照会番号（{r}）", "Reference: {r}"]),
    "numbers without a label": (
        lambda h: h.figures.random_id(),
        ["{r}", "先ほどの{r}の件です。", "{r}（確認済み）", "No.{r}",
         "対象は{r}となります。"]),
}


def register(name, draw, lines):
    def make(h, _):
        rival = draw(h)
        return in_context(h, h.any(lines, r=rival)), [], ".eml", [rival]
    classes.add(RIVAL, name, 40)(make)


for family, (family_draw, family_lines) in FAMILIES.items():
    register(family, family_draw, family_lines)


def sheet(h, name, table, index):
    note = h.any(["一覧をお送りします。", "データです。マイナンバーは含みません。",
                  "{date}時点の一覧です。"])
    if index % 3 == 0:
        page = letters.html_page(letters.html_table(table))
        return h.mail("一覧", note, html=page)
    if index % 3 == 1:
        file = letters.attachment(name + ".xlsx", sheets.xlsx(
            {"Sheet1": table}))
    else:
        file = letters.attachment(name + ".csv", sheets.csv(
            table).encode("cp932"))
    return h.mail("一覧", h.body(note), [file])


@classes.add(RIVAL, "column of ids in sequence", 50)
def sequence(h, index):
    ids = h.figures.sequence(h.rng.randint(4, 25), h.pick([1, 3, 500]))
    head = [["会員番号", "氏名", "入会日"], ["ID", "名前", "日付"]][index % 2]
    rows = [[one, h.person(), h.iso_date()] for one in ids]
    return sheet(h, "会員", rows if index % 4 == 3 else [head, *rows],
                 index), [], ".eml", ids


@classes.add(RIVAL, "column of ids with one prefix", 50)
def prefix(h, index):
    ids = h.figures.same_prefix(h.rng.randint(4, 20), h.pick([3, 4, 6]))
    head = ["顧客コード", "担当", "金額"]
    rows = [[one, h.surname(), h.amount()] for one in ids]
    return sheet(h, "顧客", rows if index % 4 == 3 else [head, *rows],
                 index), [], ".eml", ids


@classes.add(RIVAL, "column under a rival header", 60)
def rival_column(h, index):
    head = h.pick(["送り状番号", "注文番号", "お問い合わせ番号", "契約番号", "伝票No",
                   "JANコード", "口座番号", "請求書番号"])
    ids = [h.figures.random_id() for _ in range(h.rng.randint(2, 15))]
    table = [["日付", head, "品名", "数量"]]
    table += [[h.iso_date(), one, h.pick(["机", "椅子", "用紙"]), h.small()]
              for one in ids]
    return sheet(h, "出荷", table, index), [], ".eml", ids


@classes.add(RIVAL, "column of ids, one in ten valid", 40)
def chance(h, index):
    ids = [h.digits(12) for _ in range(h.rng.randint(15, 60))]
    ids.append(h.figures.random_id())
    rows = [[one, h.person(), h.iso_date()] for one in ids]
    return sheet(h, "抽出", rows, index), [], ".eml", ids[-1:]


@classes.add(RIVAL, "survey grid", 40)
def survey(h, index):
    number = h.figures.random_id()
    head = ["回答者", *[f"問{n}" for n in range(1, 13)]]
    rows = [[h.person(), *number]]
    for _ in range(h.rng.randint(0, 4)):
        rows.append([h.person(), *h.digits(12)])
    return sheet(h, "アンケート", [head, *rows], index), [], ".eml", [number]


@classes.add(RIVAL, "rows of small figures", 40)
def figures_table(h, index):
    number = h.figures.forced(lambda: "".join(
        f"{h.rng.randint(10, 99) * 100}" for _ in range(3)))
    row = shapes.figures.groups(number, 4, 4, 4)
    table = [["品名", "4月", "5月", "6月"], ["部品A", *row],
             ["部品B", *[str(h.rng.randint(1000, 9999)) for _ in range(3)]]]
    if index % 4 == 3:
        text = "\n".join("　".join(one) for one in table)
        return in_context(h, text), [], ".eml", [number]
    return sheet(h, "実績", table, index), [], ".eml", [number]


@classes.add(RIVAL, "form with another number in the box", 40)
def other_box(h, index):
    rival = h.figures.licence() if index % 2 else h.figures.corporate()
    what = "運転免許証番号" if index % 2 else "法人番号"
    text = h.say("本人確認書類の写しを受領しました。\n氏名 {person}\n生年月日 {birth}\n"
                 "{what}：{r}\nマイナンバーカード：未提出\n住所 {address}",
                 what=what, r=rival)
    return h.mail("本人確認", h.body(text)), [], ".eml", [rival]


@classes.add(RIVAL, "columns of times, products or companies", 60)
def plain_columns(h, index):
    head, make = [("受信時刻", h.figures.date_time),
                  ("JANコード", h.figures.upc),
                  ("法人番号", h.figures.corporate)][index % 3]
    ids = [make() for _ in range(h.rng.randint(3, 20))]
    table = [["行", head, "内容"]]
    table += [[str(n), one, h.pick(["正常", "再送", "取消"])]
              for n, one in enumerate(ids, 1)]
    return sheet(h, "記録", table[1:] if index % 4 == 0 else table,
                 index // 3), [], ".eml", ids


@classes.add(RIVAL, "keys of other numbers", 50)
def other_keys(h, index):
    rival = h.figures.random_id()
    text = h.pick([
        '{{"order_id": "{r}", "customer": "{person}"}}',
        "accountId={r}\nregion=ap-northeast-1\n",
        "<shipment><trackingNumber>{r}</trackingNumber></shipment>",
        "invoice_no: {r}\nissued: {iso_date}\n",
        '{{"deviceSerial":"{r}","user":"{mailbox}"}}',
        "<row><会員番号>{r}</会員番号><氏名>{person}</氏名></row>",
        "corporate_number,{r},{company}\n"])
    text = h.say(text, r=rival)
    if index % 2:
        return h.mail("連携データ", h.body(text)), [], ".eml", [rival]
    name = "data.json" if text[0] == "{" else \
        "data.xml" if text[0] == "<" else "data.txt"
    return h.mail("連携データ", h.body("マイナンバーは対象外です。"), [
        letters.attachment(name, text.encode())]), [], ".eml", [rival]


@classes.add(RIVAL, "headers, boundaries and file names", 60)
def hidden_places(h, index):
    rival = h.figures.random_id()
    way = index % 4
    talk = h.any(["マイナンバーは書面でご提出ください。", "資料をお送りします。"])
    if way == 0:
        return h.mail("Re: ご確認", h.body(talk), more=[
            (h.pick(["In-Reply-To", "References"]),
             f"<{rival}.7A1B@mail.example.com>"),
            ("X-MS-Exchange-Organization-Id", rival)]), [], ".eml", [rival]
    if way == 1:
        inner = letters.multipart("mixed", [letters.text_entity(
            h.body(talk))], f"=-{rival}-part")
        return letters.letter(h.headers("資料"), inner), [], ".eml", [rival]
    if way == 2:
        name = h.pick([f"IMG_{rival}.txt", f"scan{rival}.txt",
                       f"議事録_{rival}.txt", f"{rival}.csv"])
        return h.mail("画像", h.body(talk), [letters.attachment(
            name, "資料".encode())]), [], ".eml", [rival]
    return h.mail(h.pick([f"[#{rival}] 受付完了", f"注文{rival}の発送",
                          f"Ticket {rival}"]), h.body(talk)), [], ".eml", \
        [rival]


@classes.add(INVALID, "labelled, check digit wrong", 60)
def wrong(h, index):
    number = h.figures.wrong()
    shown = h.written(number) if index % 2 else number
    text = h.any(["個人番号：{w}", "マイナンバーは{w}です。（記入例）",
                  "my number: {w}", "マイナンバー\n{w}"], w=shown)
    return h.mail("記入例", h.body(text)), [], ".eml", [number]


@classes.add(INVALID, "column, all check digits wrong", 30)
def wrong_column(h, index):
    rows = records.people(h, h.rng.randint(2, 10))
    ids = [h.figures.wrong() for _ in rows]
    table = [["氏名", "個人番号"]]
    table += [[one.name, wrong_id] for one, wrong_id in zip(rows, ids)]
    return sheet(h, "記入例", table, index), [], ".eml", ids
