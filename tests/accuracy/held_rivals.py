"""Held-back half: numbers that pass the My Number check and are none."""

import letters
import records
import shapes
import sheets
from corpus import INVALID, RIVAL, Classes

classes = Classes()

TRADE = [
    "ご発注いただいた{small}点の出荷が完了しました。\n{line}\n到着までお待ちください。",
    "次の内容で承りました。\n\n　{line}\n　合計　{amount}円（税込）\n　{company}",
    "添付の控えをご覧ください。{line}\n経理処理は{date}締めとなります。",
    "障害の件で{time}に調査しました。\n{line}\n対象は{dept}の端末{small}台です。",
    "{line}\n{line}は以上です。", "{surname}様\n{line}\nお届け先：{address}\n"
    "電話番号：{mobile}"]
PERSONNEL = [
    "{dept}よりお知らせです。{date}に個人番号の収集を行います。詳しくは社内ポータルを"
    "ご覧ください。\n\n【システム情報】\n{line}",
    "退職者（{person}、{birth}生）の書類を返却します。\n{line}\n源泉徴収票は来月"
    "送付、個人番号は廃棄済みです。",
    "謝金の支払に際し、マイナンバーのご提出が必要です。簡易書留にて{address}宛に"
    "お送りください。\n{line}",
    "社会保険の手続が完了しました。{line}\n被扶養者：{person}（続柄　妻）\n"
    "マイナンバーは会社で届け出済みのため不要です。"]


def around(h, line):
    text = h.any(PERSONNEL if h.rng.random() < 0.35 else TRADE, line=line)
    return h.mail(h.pick(["完了通知", "控えの送付", "【自動配信】受付完了",
                          "RE: 手配の件", "明細", "ご報告"]), h.body(text))


def grouped(h, number):
    return shapes.four(number, h.pick(["", "-", "－", " "]))


FAMILIES = {
    "order and ticket numbers by date": (
        lambda h: (lambda n: h.pick([n, f"{n[:8]}-{n[8:]}"]))(
            h.figures.date_sequence()),
        ["ご注文ID　{r}", "Order #{r}", "お取引番号 {r}", "手配番号［{r}］",
         "発注書{r}号", "チケットNo：{r}", "案件{r}", "件名：{r} の不具合"]),
    "parcel numbers": (
        lambda h: grouped(h, h.figures.parcel()),
        ["お荷物のお問合せ番号は {r} です", "ゆうパック：{r}", "送状No {r}",
         "お問い合わせ送り状No.　{r}", "配送業者：佐川急便\n{r}",
         "配送伝票:{r}", "shipped (tracking {r})", "追跡：{r}"]),
    "invoice and quotation numbers": (
        lambda h: h.figures.random_id(),
        ["ご請求番号 {r}", "請求書No：{r}", "お見積書番号　{r}", "invoice {r}",
         "注文請書 {r}", "検収番号{r}", "稟議番号：{r}"]),
    "driving licence numbers": (
        lambda h: h.figures.licence(),
        ["免許証番号 {r}", "運転免許証　{r}", "免許証No.{r}（普通）",
         "運転者台帳　{r}", "確認書類 … 免許証 {r}"]),
    "company registry numbers": (
        lambda h: (lambda n: h.pick([n, f"{n[:4]}-{n[4:6]}-{n[6:]}"]))(
            h.figures.registry()),
        ["会社法人等番号（{r}）", "法人登記 会社法人等番号 {r}", "登記簿 {r}",
         "会社番号　{r}"]),
    "corporate numbers": (
        lambda h: h.pick(["T", "", "T-"]) + h.figures.corporate(),
        ["登録番号：{r}", "法人番号（13桁） {r}", "適格請求書　{r}",
         "国税庁法人番号 {r}", "{company}（{r}）", "事業者番号 {r}"]),
    "product codes": (
        lambda h: h.figures.upc(),
        ["UPCコード　{r}", "JAN {r}", "SKU:{r}", "商品番号 {r} 在庫 {small}",
         "GTIN {r}", "バーコード番号（{r}）"]),
    "cloud accounts": (
        lambda h: h.figures.random_id(),
        ["AWS アカウント {r}", "arn:aws:s3:::{r}-logs", "アカウントID　{r}",
         "arn:aws:sts::{r}:assumed-role/x", "請求対象アカウント: {r}"]),
    "meeting numbers": (
        lambda h: " ".join(shapes.figures.groups(
            h.figures.random_id(), 3, 3, 3, 3)),
        ["会議ID {r}", "Meeting ID {r}\nPasscode aB{small}", "Web会議：{r}",
         "ミーティング ID: {r}"]),
    "telephone numbers": (
        lambda h: (lambda n: h.pick([
            f"+{n[:2]}-{n[2:4]}-{n[4:8]}-{n[8:]}", f"+{n}",
            f"(+{n[:2]}) {n[2:4]} {n[4:8]} {n[8:]}"]))(h.figures.mobile()),
        ["ご連絡先 {r}", "Phone: {r}", "Cell {r}", "携帯電話　{r}"]),
    "times": (
        lambda h: h.pick([h.figures.short_date_time,
                          h.figures.date_time])(),
        ["取得日時：{r}", "DSC_{r}.jpg", "({r})", "last modified {r}",
         "ジョブ{r}が終了しました", "scan_{r}", "日時 {r}"]),
    "years": (
        lambda h: shapes.four(h.figures.years(), h.pick(["　", " ", "・", "|",
                                                         "/"])),
        ["決算期　{r}", "{r}（年度）", "過去三年 {r}", "入社年：{r}"]),
    "amounts": (
        lambda h: (lambda n: h.pick([
            ",".join(shapes.figures.groups(n, 3, 3, 3, 3)), "￥" + n]))(
            h.figures.random_id()),
        ["純資産 {r}", "総額{r}円", "当期残高　{r}", "経常利益 {r}"]),
    "decimals": (
        lambda h: h.pick(["34.", "135.", "1.", "-0.", "9."])
        + h.figures.random_id(),
        ["北緯{r}", "経度：{r}", "平均 {r}", "x={r}", "標準偏差　{r}"]),
    "hexadecimal and UUIDs": (
        lambda h: h.pick([
            f"{h.rng.getrandbits(64):016x}{h.figures.random_id()}abc",
            f"9f{h.rng.getrandbits(24):06x}-7c2d-4b1a-9e3f-"
            + h.figures.random_id()]),
        ["trace {r}", "リクエストID：{r}", "commit {r}", "guid {r}"]),
    "addresses of the web": (
        lambda h: h.figures.random_id(),
        ["https://shop.example.net/p/{r}.html",
         "http://example.org/m?id={r}#top", "<20260401.{r}@example.net>",
         "mailto:{r}@example.com", "\\\\server\\share\\{r}.xlsx",
         "https://example.com/a/b-{r}/"]),
    "sixteen digits": (
        lambda h: h.figures.sixteen(),
        ["会員証番号 {r}", "ｅ-Tax利用者識別番号 {r}", "ポイントカード：{r}"]),
    "sixteen digits in groups": (
        lambda h: h.pick(["-", " ", "　"]).join(shapes.figures.groups(
            h.figures.sixteen(), 4, 4, 4, 4)),
        ["カード番号：{r}", "識別番号 {r}", "お持ちのカード（{r}）",
         "Card {r}"]),
    "contracts and customers": (
        lambda h: grouped(h, h.figures.random_id()),
        ["お客さま番号　{r}", "ご契約番号：{r}", "保険証券番号 {r}",
         "得意先コード {r}", "メンバーID：{r}", "加入者番号 {r}",
         "サービスID [{r}]"]),
    "bank and payment": (
        lambda h: h.figures.random_id(),
        ["普通預金 口座番号{r}", "確認番号　{r}", "振込番号 {r}",
         "決済ID：{r}", "払込番号（{r}）", "取引番号：{r}"]),
    "serial numbers and lots": (
        lambda h: h.figures.random_id(),
        ["シリアルNo {r}", "機器番号：{r}", "ロット番号{r}", "製品番号　{r}",
         "IMEI/SN: {r}", "固定資産番号 {r}"]),
    "receptions and reservations": (
        lambda h: h.figures.random_id(),
        ["お申込番号：{r}", "ご予約番号　{r}", "受付No.{r}", "申請番号 {r}",
         "整理番号：{r}", "問合せID {r}", "Confirmation number {r}"]),
    "numbers without a label": (
        lambda h: h.figures.random_id(),
        ["「{r}」", "{r} を参照願います。", "上記（{r}）です", "({r})",
         "{r}は対応不要です。"]),
}


def register(name, draw, lines):
    def make(h, _):
        rival = draw(h)
        return around(h, h.any(lines, r=rival)), [], ".eml", [rival]
    classes.add(RIVAL, name, 40)(make)


for family, (family_draw, family_lines) in FAMILIES.items():
    register(family, family_draw, family_lines)


def table_mail(h, name, table, index):
    note = h.any(["{month}月分の台帳です。", "抽出結果を送ります（個人番号は除外済み）。",
                  "修正済みの表をお送りします。"])
    if index % 3 == 2:
        page = letters.html_page("<p>表</p>" + letters.html_table(
            table, attributes=""))
        return h.mail("台帳", note, html=page, plain=False)
    if index % 3 == 0:
        file = letters.attachment(name + ".xlsx", sheets.xlsx(
            {"台帳": table}, inline=True))
    else:
        file = letters.attachment(name + ".csv", sheets.csv(
            table, quote="all").encode("utf-8"))
    return h.mail("台帳", h.body(note), [file])


@classes.add(RIVAL, "column of ids in sequence", 50)
def issued(h, index):
    ids = h.figures.sequence(h.rng.randint(5, 30), h.pick([1, 10, 2000]))
    head = [["利用者ID", "カナ", "登録"], ["管理No", "担当者", "期限"]][index % 2]
    rows = [[one, h.kana(), h.iso_date()] for one in ids]
    return table_mail(h, "登録", rows if index % 4 == 1 else [head, *rows],
                      index), [], ".eml", ids


@classes.add(RIVAL, "column of ids with one prefix", 50)
def same_start(h, index):
    ids = h.figures.same_prefix(h.rng.randint(4, 24), h.pick([3, 5, 4]))
    head = ["加入者番号", "氏名", "生年月日"]
    rows = [[one, h.person(), h.birth()] for one in ids]
    return table_mail(h, "加入者", rows if index % 4 == 1 else [head, *rows],
                      index), [], ".eml", ids


@classes.add(RIVAL, "column under a rival header", 60)
def other_header(h, index):
    head = h.pick(["お問合せ番号", "受注番号", "証券番号", "シリアルNo.", "伝票番号",
                   "商品コード", "お客様番号", "予約番号"])
    ids = [h.figures.random_id() for _ in range(h.rng.randint(2, 12))]
    table = [["No", "氏名", head, "備考"]]
    table += [[str(n), h.person(), one, h.pick(["済", "未", "要確認"])]
              for n, one in enumerate(ids, 1)]
    return table_mail(h, "明細", table, index), [], ".eml", ids


@classes.add(RIVAL, "column of ids, one in ten valid", 40)
def lucky(h, index):
    ids = [h.digits(12) for _ in range(h.rng.randint(12, 80))]
    ids.append(h.figures.random_id())
    rows = [[h.kana(), one, h.amount()] for one in ids]
    return table_mail(h, "出力", rows, index), [], ".eml", ids[-1:]


@classes.add(RIVAL, "survey grid", 40)
def answers(h, index):
    number = h.figures.random_id()
    head = ["部署", *[f"Q{n}" for n in range(1, 13)], "備考"]
    rows = [[h.dept(), *number, "なし"]]
    for _ in range(h.rng.randint(0, 5)):
        rows.append([h.dept(), *h.digits(12), "なし"])
    if index % 4 == 0:
        head = ["項目", *[f"{n}月" for n in range(1, 13)], "計"]
    return table_mail(h, "集計", [head, *rows], index), [], ".eml", [number]


@classes.add(RIVAL, "rows of small figures", 40)
def prices(h, index):
    number = h.figures.forced(lambda: "".join(
        f"{h.rng.randint(20, 199) * 50}".rjust(4, "1") for _ in range(3)))
    row = shapes.figures.groups(number, 4, 4, 4)
    table = [["型式", "定価", "卸値", "特価"], ["標準", *row],
             ["大型", *[str(h.rng.randint(1000, 9999)) for _ in range(3)]]]
    if index % 4 == 2:
        text = "\n".join("\t".join(one) for one in table)
        return around(h, text), [], ".eml", [number]
    return table_mail(h, "価格表", table, index), [], ".eml", [number]


@classes.add(RIVAL, "form with another number in the box", 40)
def not_the_box(h, index):
    rival = h.figures.corporate() if index % 2 else h.figures.licence()
    what = "支払者の法人番号" if index % 2 else "免許証番号"
    text = h.say("給与支払報告書の記載内容です。\n氏名 {person}　生年月日 {birth}\n"
                 "個人番号　（別途書面にて提出）\n{what}　{r}\n住所 {address}",
                 what=what, r=rival)
    return h.mail("記載内容", h.body(text)), [], ".eml", [rival]


@classes.add(RIVAL, "columns of times, products or companies", 60)
def other_columns(h, index):
    head, make = [("取引先法人番号", h.figures.corporate),
                  ("処理日時", h.figures.short_date_time),
                  ("GTIN", h.figures.upc)][index % 3]
    ids = [make() for _ in range(h.rng.randint(4, 18))]
    table = [[head, "担当者", "判定"]]
    table += [[one, h.person(), h.pick(["OK", "NG", "保留"])] for one in ids]
    return table_mail(h, "判定", table[1:] if index % 4 == 2 else table,
                      index // 3), [], ".eml", ids


@classes.add(RIVAL, "keys of other numbers", 50)
def foreign_keys(h, index):
    rival = h.figures.random_id()
    text = h.pick([
        '{{"contractNo":"{r}","name":"{person}","birth":"{iso_date}"}}',
        "serial = {r}\nmodel = {code}\n", "<parcel no=\"{r}\" to=\"{place}\"/>",
        "ticket: {r}\nassignee: {person}\n",
        '{{"aws":{{"account_id":"{r}"}}}}',
        "<item><注文番号>{r}</注文番号><数量>{small}</数量></item>",
        "phone_intl={r}\nfax={phone}\n", "hojin_bango;{r};{company}\n"])
    text = h.say(text, r=rival)
    if index % 2 == 0:
        return h.mail("移行", h.body(text)), [], ".eml", [rival]
    name = "export.json" if text[0] == "{" else \
        "export.xml" if text[0] == "<" else "export.ini"
    return h.mail("移行", h.body("個人番号の列は削除しました。"), [
        letters.attachment(name, text.encode())]), [], ".eml", [rival]


@classes.add(RIVAL, "headers, boundaries and file names", 60)
def envelopes(h, index):
    rival = h.figures.random_id()
    way = index % 4
    talk = h.any(["個人番号は電話でもお答えできません。", "ファイルをご確認ください。"])
    if way == 0:
        return h.mail("RE: ご相談", h.body(talk), more=[
            ("References", f"<a{rival}b@example.org> <{rival}@example.org>"),
            ("Thread-Index", f"Adx{rival}=="),
            ("List-Unsubscribe", f"<https://example.net/u/{rival}>")]), [], \
            ".eml", [rival]
    if way == 1:
        inner = letters.multipart("alternative", [letters.text_entity(
            h.body(talk))], f"--_{rival}_")
        return letters.letter(h.headers("ご相談"), inner), [], ".eml", [rival]
    if way == 2:
        name = h.pick([f"DSC{rival}.txt", f"{rival}_見積.csv",
                       f"Screenshot_{rival}.txt", f"報告書{rival}.txt"])
        return h.mail("ファイル", h.body(talk), [letters.attachment(
            name, b"ok\r\n", style="2231")]), [], ".eml", [rival]
    return h.mail(h.pick([f"受付番号 {rival}", f"【{rival}】障害報告",
                          f"Invoice {rival}"]), h.body(talk)), [], ".eml", \
        [rival]


@classes.add(INVALID, "labelled, check digit wrong", 60)
def mistyped(h, index):
    number = h.figures.wrong()
    shown = number if index % 2 else h.written(number)
    text = h.any(["マイナンバー（見本）{w}", "個人番号は{w}と記入してください。",
                  "My Number {w}", "個人番号\n\n{w}"], w=shown)
    return h.mail("見本", h.body(text)), [], ".eml", [number]


@classes.add(INVALID, "column, all check digits wrong", 30)
def mistyped_column(h, index):
    rows = records.people(h, h.rng.randint(2, 12))
    ids = [h.figures.wrong() for _ in rows]
    table = [["カナ", "マイナンバー", "性別"]]
    table += [[one.kana, wrong_id, one.sex]
              for one, wrong_id in zip(rows, ids)]
    return table_mail(h, "見本", table, index), [], ".eml", ids
