"""Held-back half: clean mail of every day, and mail that talks about
numbers."""

import letters
import sheets
from corpus import EVERYDAY, Classes

classes = Classes()

OFFICE = [
    "来週の部会は{date}の{time}開始に変更となりました。資料は共有フォルダ（{small}番）にあります。",
    "Zoomの情報は以下です。\nミーティングID：{d3} {d4} {d4}\nパスコード：{d6}",
    "Teams 会議に参加する\n会議 ID: {d3} {d3} {d3} {d3}\nパスコード: aX{d4}\n"
    "会議のオプション https://teams.example.net/l/{d12}",
    "{person}さん、{date}の受付をお願いできますか。来客は{small}名、{company}様です。",
    "コピー機の修理を依頼しました。管理番号 {d8}、訪問は{date}の午前中です。",
    "忘年会の会費は{amount}円です。{date}までに{surname}へお願いします。"]
SALES = [
    "{company}様\n\nご注文を承りました。\n\n■ご注文内容\n受注番号：{d10}\n品番：{code}\n"
    "数量：{small}\n金額：{amount}円\n出荷予定：{date}",
    "本日、ゆうパックにて発送しました。追跡番号 {d4}-{d4}-{d4}（{small}個口）。",
    "お見積りの再提出です。単価{amount}円→{amount}円、年間{amount}個。見積No. Q{d9}",
    "ご入金のお願い\n請求番号{d12}\n金額{amount}円\n口座 例示銀行{small}支店 普通{d7}\n"
    "インボイス登録番号：T{d13}",
    "価格改定のお知らせ：品番 {code} は {amount}円、{code} は {amount}円となります。",
    "クレーム対応の報告です。ロット{d8}、製造日{iso_date}、不良率 0.{d5}%。"]
PEOPLE = [
    "{dept}に{date}付で着任しました{person}（{kana}）です。直通{phone}、携帯{mobile}。",
    "社会保険の手続が終わりました。被保険者番号 {d4}-{d6}-{d1}、健康保険の記号{d8}・番号{d3}。",
    "基礎年金番号（{d4}-{d6}）の確認書類を{dept}に出してください。生年月日 {birth}。",
    "勤怠の締めは{date}です。承認番号{d7}、残業{small}時間{small}分。",
    "資格取得届の控えが届きました。整理番号{d3}、{person}様、取得日{date}。",
    "弔事のお知らせ。{dept}{surname}様のご尊父様（{small}歳）が{date}に逝去されました。"]
MACHINES = [
    "【自動送信】夜間バッチ正常終了 {iso_date} {time} 処理件数 {amount} 件 (exec {d12})",
    "<{hex}@example.org> は配送できませんでした。 status=4.{d1}.{d1} queue id {hex}",
    "SSL証明書の更新：シリアル {hex}{hex} 期限 {iso_date}",
    "Webアクセスログ\n192.0.2.{small} - - [{iso_date}] \"GET /a/{d10} HTTP/1.1\" 200 {d5}",
    "会計システムのメンテナンスを{date}{time}より実施します。お問い合わせID {d9}"]
HOME = [
    "同窓会の案内です。{date}{time}、{address}。会費{amount}円。出欠は{mobile}まで。",
    "{person}です。メールアドレスを変えました。今後は{mailbox}へ。",
    "予約完了：宿泊日{date}、予約番号 {d10}、大人{small}名、料金 {amount}円",
    "会員番号 {d4} {d4} {d4} {d4} のポイントは{amount}点です。"]
TOPICS = [OFFICE, SALES, PEOPLE, MACHINES, HOME]
SUBJECTS = ["部会について", "出荷連絡", "お見積書再送の件", "【通知】バッチ結果", "ご入金のお願い",
            "着任のご挨拶", "RE: ご質問", "ありがとうございました", "[社内] {date}の件",
            "ご予約の確認", "{company} 様宛 ご案内", "Fwd: {code}"]


def fill(h, template):
    """{d7} is seven random digits, {hex} 16 hexadecimal ones."""
    out = []
    for n, piece in enumerate(template.split("{d")):
        if n == 0:
            out.append(piece)
            continue
        size, closing, rest = piece.partition("}")
        out.append(h.digits(int(size)) + rest if closing and size.isdigit()
                   else "{d" + piece)
    made = "".join(out)
    while "{hex}" in made:
        made = made.replace("{hex}", f"{h.rng.getrandbits(48):012x}", 1)
    return h.say(made)


def paragraphs(h, count=None):
    topic = h.pick(TOPICS)
    return "\n\n".join(fill(h, h.pick(topic)) for _ in range(
        count or h.pick([1, 1, 2, 2, 4])))


@classes.add(EVERYDAY, "business mail", 1000)
def office(h, _):
    return h.mail(h.any(SUBJECTS), h.body(paragraphs(h))), []


@classes.add(EVERYDAY, "threads", 300)
def replies(h, _):
    text = h.body(paragraphs(h, 1))
    for _ in range(h.rng.randint(1, 4)):
        head = h.say("-----Original Message-----\nFrom: {person} <{mailbox}>\n"
                     "Sent: {iso_date} {time}\nSubject: ご確認\n")
        text = h.body(paragraphs(h, 1)) + f"\n\n{head}\n{text}"
    return h.mail("RE: " + h.any(SUBJECTS), text), []


@classes.add(EVERYDAY, "HTML mail", 500)
def newsletter(h, index):
    text = paragraphs(h, 3)
    page = ("<table width=\"100%\"><tr><td style=\"font-size:12px\">"
            + "<br>\n".join(letters.html_text(text).split("\n"))
            + "</td></tr></table>")
    if index % 3 == 1:
        rows = [[h.code(), h.amount() + "円", h.digits(h.pick([12, 13, 10])),
                 h.date()] for _ in range(h.rng.randint(1, 6))]
        page += letters.html_table(rows, head=False, attributes=" border=0")
    if index % 2:
        page += (f'<a href="https://mail.example.net/u/?k={h.digits(12)}&c='
                 f'{h.digits(12)}">配信停止</a><!-- {h.digits(12)} -->')
    return h.mail(h.any(SUBJECTS), text, html=letters.html_page(page),
                  plain=index % 4 != 0), []


HEADS = [
    ["管理番号", "機種", "シリアル", "設置場所", "購入日", "価格"],
    ["会員番号", "氏名", "生年月日", "ポイント", "最終利用日"],
    ["出荷日", "届け先", "お問い合わせ番号", "個口", "重量"],
    ["計上日", "科目", "借方", "貸方", "取引先コード", "摘要"],
    ["時刻", "センサー1", "センサー2", "センサー3", "備考"]]


def field(h, head):
    rng = h.rng
    makers = {
        "管理番号": lambda: h.digits(8), "機種": h.code,
        "シリアル": lambda: h.digits(rng.choice([10, 12])),
        "設置場所": h.dept, "購入日": h.iso_date, "価格": h.amount,
        "会員番号": lambda: "88" + h.digits(10), "氏名": h.person,
        "生年月日": h.iso_date, "ポイント": h.small, "最終利用日": h.iso_date,
        "出荷日": h.iso_date, "届け先": h.address,
        "お問い合わせ番号": lambda: h.digits(12), "個口": h.small,
        "重量": lambda: f"{rng.random() * 30:.10f}", "計上日": h.iso_date,
        "科目": lambda: h.pick(["売上高", "仕入", "旅費"]),
        "借方": lambda: str(rng.randint(10, 10 ** 7)),
        "貸方": lambda: str(rng.randint(10, 10 ** 7)),
        "取引先コード": lambda: h.digits(12), "摘要": h.company,
        "時刻": lambda: f"2026{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        f"{rng.randint(0, 23):02}{rng.randint(0, 59):02}",
        "センサー1": lambda: f"{rng.random():.12f}",
        "センサー2": lambda: f"{rng.random() * 100:.11f}",
        "センサー3": lambda: str(rng.randint(1000, 9999)),
        "備考": lambda: ""}
    return makers[head]()


def ledger(h):
    head = h.pick(HEADS)
    return [head] + [[field(h, one) for one in head]
                     for _ in range(h.rng.randint(3, 50))]


def send(h, name, data):
    return h.mail(h.any(SUBJECTS), h.body(h.any(
        ["台帳を更新しましたのでお送りします。", "ご要望の一覧です。",
         "{month}月分です。ご査収ください。"])), [letters.attachment(
             name, data, style=h.pick(["2231", "raw"]))]), []


@classes.add(EVERYDAY, "CSV attached", 350)
def csv(h, index):
    text = sheets.csv(ledger(h)[index % 6 == 0:], h.pick([",", ",", "\t"]))
    return send(h, h.pick(["daicho.csv", "台帳.csv", "0401.csv"]),
                letters.in_charset(text, h.pick(
                    ["cp932", "utf-8", "euc_jp"])))


@classes.add(EVERYDAY, "XLSX attached", 350)
def workbook(h, index):
    rows = [[sheets.Number(one) if one.replace(".", "", 1).isdigit()
             and one[0] != "0" else one for one in row] for row in ledger(h)]
    pages = {"台帳": [[h.say("{company}　台帳")], [], *rows]}
    if index % 2:
        pages["控え"] = ledger(h)
    return send(h, "台帳.xlsx", sheets.xlsx(pages, index % 3 == 0))


@classes.add(EVERYDAY, "text or page attached", 200)
def document(h, index):
    text = paragraphs(h, 5)
    if index % 2:
        return send(h, "index.htm", letters.in_charset(
            letters.html_page(letters.html_lines(text, "p")), "cp932"))
    return send(h, "議事.txt", letters.in_charset(
        letters.crlf(text), h.pick(["utf-8-sig", "cp932", "euc_jp"])))


@classes.add(EVERYDAY, "zip attached", 200)
def archive(h, index):
    files = {"daicho/台帳.csv": sheets.csv(ledger(h)).encode("utf-8-sig"),
             "お読みください.txt": letters.in_charset(
                 paragraphs(h, 1), "cp932")}
    if index % 2:
        files["表.xlsx"] = sheets.xlsx({"1": ledger(h), "2": ledger(h)})
    return send(h, "一式.zip", sheets.pack(files))


FOREIGN = [
    "Hello,\n\nyour parcel {d4} {d4} {d4} will arrive on {iso_date}.\n"
    "Reference number: {d12}\nRegards, customer care",
    "Dear {surname}-san,\n\nQuotation {code}: unit price {amount} yen, "
    "lead time {small} days. HS code {d10}.\nTel. +81 45 {d3} {d4}",
    "Ticket {d7} was closed by {mailbox} at {iso_date} {time}.\n"
    "Trace: {hex}-{hex}",
    "Agenda\n1. numbers of {iso_date}: {amount}, {amount}, {amount}\n"
    "2. serial {d12}\n3. any other business"]


@classes.add(EVERYDAY, "English mail", 250)
def foreign(h, _):
    return h.mail(h.pick(["Parcel", "Quotation", "Ticket closed", "Agenda"]),
                  fill(h, h.pick(FOREIGN))), []


ABOUT = [
    "支払調書の作成にあたり、先生のマイナンバーが必要です。番号は同封の用紙にご記入のうえ、"
    "{date}までに書留郵便でご返送ください。（整理番号 {d6}）",
    "【厳守】マイナンバーを電子メールで送受信することは社内規程第{small}条で禁止されています。"
    "違反を発見した場合は{dept}（{phone}）へ連絡してください。",
    "デジタル庁は{date}、マイナンバーカードと運転免許証の一体化について発表した。保有枚数は"
    "約{amount}万枚（{iso_date}時点）。記事ID {d9}",
    "ＰＪ「個人番号管理台帳」の要件定義書 v{small}.{d1} を格納しました。案件番号 {d10}、"
    "レビューは{date} {time}、会議 ID {d3} {d3} {d3} {d3}。",
    "マイナンバー確認書類（通知カード等の写し）が{small}名分不足しています。社員番号 {d5}、{d5}、"
    "{d5} の方は{dept}までお越しください。",
    "ご提出いただいた個人番号に不備がありましたので、お電話（{phone}）にて確認させてください。"
    "受付番号：{d8}",
    "雇用保険の資格取得届に個人番号を記載する必要があります。なお被保険者番号は{d4}-{d6}-{d1}、"
    "事業所番号は{d4}-{d6}-{d1}です。",
    "マイナンバー収集代行サービスのご案内｜月額{amount}円｜導入実績{amount}社｜"
    "資料請求 https://www.example.com/mn/{d10}",
    "本人確認はマイナンバーカードの表面のみで結構です。裏面（番号面）は撮影しないでください。"
    "撮影した画像 IMG_{d4}.JPG を{mailbox}へ。",
    "番号法に基づく安全管理措置の点検を実施します。点検表No.{d12}、回答期限{iso_date}。",
    "The My Number training is on {iso_date}, {time}, room {small}. Meeting "
    "ID {d3} {d3} {d3} {d3}. Individual numbers must not be shared by mail."]


@classes.add(EVERYDAY, "talks about My Number, has none", 350)
def about(h, index):
    text = "\n\n".join(fill(h, one) for one in h.rng.sample(
        ABOUT, h.pick([1, 1, 2, 3])))
    if index % 4 == 1:
        text = paragraphs(h, 1) + "\n\n" + text
    return h.mail(h.pick(["個人番号の取扱いについて", "マイナンバー提出のお願い（郵送）",
                          "記事の共有", "要件定義書", "【再送】本人確認書類", "点検のお願い"]),
                  h.body(text), html=letters.html_page(letters.html_lines(
                      text, "p")) if index % 5 == 1 else None), []
