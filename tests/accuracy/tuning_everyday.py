"""Tuning half: clean mail of every day, and mail that talks about numbers."""

import letters
import sheets
from corpus import EVERYDAY, Classes

classes = Classes()

MEETINGS = [
    "{date} {time}からの定例会議の件、会議室を{small}階に変更しました。",
    "次回のお打ち合わせですが、{date}、{date}、{date}のいずれかでご都合はいかがでしょうか。",
    "Teamsの会議招待をお送りします。\n会議 ID: {d3} {d3} {d3} {d3}\n"
    "パスコード: {d6}\n電話で参加 +81 3-{d4}-{d4},,{d9}#",
    "{date}の出張ですが、新幹線は{time}発、ホテルは予約番号{d8}で手配済みです。",
    "議事録を共有します。\n1. 前回の確認\n2. 予算（{amount}円）\n3. 次回 {date}",
    "{surname}さんが{date}に来社されます。駐車場は{small}番をお使いください。"]
TRADE = [
    "ご注文ありがとうございます。\n注文番号：{d12}\n商品：複合機トナー\n数量：{small}\n"
    "単価：{amount}円\n合計：{amount}円（税込）\nお届け予定日：{date}",
    "商品を発送いたしました。\nお問い合わせ番号：{d4}-{d4}-{d4}\n"
    "https://track.example.co.jp/?no={d12}",
    "見積書（No.{d8}）をお送りいたします。有効期限は{date}です。\n合計金額 ¥{amount}-",
    "請求書番号 INV-{d8}\nご請求金額 {amount}円\nお支払期限 {date}\n"
    "振込先 見本銀行 本店 普通 {d7}\n登録番号 T{d13}",
    "型番{code}の在庫は{small}個です。JANコードは{d13}です。",
    "納期についてのご回答です。品番 {code}、{code}、{code}は{date}出荷です。",
    "{company}様より入金{amount}円を確認しました。受付番号{d10}。"]
STAFF = [
    "年末調整の書類は{date}までに{dept}へご提出ください。",
    "健康診断の予約が取れました。{date} {time}、受診番号は{d6}です。保険証をお持ちください。",
    "給与明細（{month}月分）をアップロードしました。社員番号 {d6} でログインしてください。",
    "新入社員の{person}（フリガナ：{kana}、{birth}生）が{date}付で{dept}に配属されます。\n"
    "内線 {d4}、携帯 {mobile}",
    "住民税の通知書が届いています。{dept}まで取りに来てください。",
    "源泉徴収票は{date}に配布します。紛失した方は{surname}（内線{d4}）まで。",
    "有給休暇の残日数は{small}日です。申請番号{d8}は承認されました。"]
SYSTEM = [
    "サーバー{code}のバックアップが完了しました。\n開始 2026{d4}{d4}\n"
    "終了 {iso_date} {time}:00\n容量 {amount} MB\nジョブID {d10}",
    "パスワードの有効期限が近づいています。\nhttps://id.example.co.jp/r/{d12}?t={d10}",
    "監視アラート: host{small}.corp.test CPU {small}% at {iso_date}T{time}:00+09:00 "
    "id={hex}",
    "チケット #{d6} が更新されました。\n担当: {person}\n状態: 対応中\n期限: {iso_date}",
    "ログ抜粋:\n{iso_date} {time}:12.{d6} INFO request={hex} bytes={d7}\n"
    "{iso_date} {time}:13.{d6} WARN latency={d4}us"]
PRIVATE = [
    "先日はありがとうございました。また飲みに行きましょう。{mobile}に連絡ください。",
    "引っ越しました。新住所は〒{postcode} {address}です。電話は{phone}。",
    "子どもの写真を送ります。IMG_{d4}.jpg と DSC{d5}.jpg です。",
    "今度の旅行は{amount}円くらいで済みそう。便名はXX{d4}、確認コードはQ{d5}。"]
TOPICS = [MEETINGS, TRADE, STAFF, SYSTEM, PRIVATE]
SUBJECTS = ["打ち合わせの件", "発送のお知らせ", "Re: お見積り", "【重要】システム停止のお知らせ",
            "ご請求書送付", "議事録", "Re: Re: 納期確認", "お礼", "日程調整のお願い",
            "{month}月の予定", "在庫の件（{code}）", "【{company}】ご連絡"]


def plain(h, template):
    """A template whose digits are drawn: {d4} is four of them."""
    given = {f"d{n}": None for n in range(1, 14)}
    parts = template
    for key in given:
        while "{" + key + "}" in parts:
            parts = parts.replace("{" + key + "}", h.digits(int(key[1:])), 1)
    while "{hex}" in parts:
        parts = parts.replace("{hex}", f"{h.rng.getrandbits(64):016x}", 1)
    return h.say(parts)


def some(h, count=None):
    count = count or h.pick([1, 1, 1, 2, 2, 3])
    topic = h.pick(TOPICS)
    return "\n\n".join(plain(h, h.pick(topic)) for _ in range(count))


@classes.add(EVERYDAY, "business mail", 1000)
def business(h, _):
    return h.mail(h.any(SUBJECTS), h.body(some(h))), []


@classes.add(EVERYDAY, "threads", 300)
def threads(h, _):
    text = h.body(some(h, 1))
    for _ in range(h.rng.randint(1, 3)):
        head = h.say("{date} {time} {person} <{mailbox}>:")
        text = h.body(some(h, 1)) + f"\n\n{head}\n" + letters.quoted(text)
    return h.mail("Re: " + h.any(SUBJECTS), text), []


@classes.add(EVERYDAY, "HTML mail", 500)
def html(h, index):
    text = h.body(some(h, 2))
    page = letters.html_lines(text, h.pick(["div", "p"]))
    if index % 3 == 0:
        rows = [["品名", "単価", "数量", "コード"]]
        rows += [[h.pick(["用紙A4", "封筒", "トナー"]), h.amount(), h.small(),
                  h.digits(h.pick([8, 12, 13]))]
                 for _ in range(h.rng.randint(1, 8))]
        page += letters.html_table(rows)
    if index % 4 == 0:
        page += (f'<img src="https://img.example.com/{h.digits(12)}/a.png?u='
                 f'{h.digits(10)}" width="600"><a href="https://example.com/'
                 f'c/{h.digits(16)}">詳しくはこちら</a>')
    return h.mail(h.any(SUBJECTS), text, html=letters.html_page(
        page, style="<style>td{padding:0 12px;color:#336699}</style>")), []


TABLES = [
    ["日付", "得意先", "品番", "数量", "金額", "伝票番号"],
    ["社員番号", "氏名", "フリガナ", "部署", "内線", "携帯", "入社日"],
    ["注文番号", "商品名", "JAN", "単価", "個数", "送り状番号"],
    ["取引日時", "口座", "摘要", "出金", "入金", "残高"],
    ["会社名", "郵便番号", "住所", "電話番号", "FAX", "法人番号"]]


def value(h, head):
    rng = h.rng
    makers = {
        "日付": h.iso_date, "得意先": h.company, "品番": h.code,
        "数量": h.small, "金額": h.amount, "氏名": h.person,
        "フリガナ": h.kana, "部署": h.dept, "携帯": h.mobile,
        "入社日": h.iso_date, "単価": h.amount, "個数": h.small,
        "会社名": h.company, "郵便番号": h.postcode, "住所": h.address,
        "電話番号": h.phone, "FAX": h.phone, "出金": h.amount,
        "入金": h.amount, "残高": h.amount,
        "商品名": lambda: h.pick(["ノート", "ペン", "机", "椅子"]),
        "摘要": lambda: h.pick(["振込", "手数料", "給与"]),
        "伝票番号": lambda: h.digits(10),
        "社員番号": lambda: h.digits(6), "内線": lambda: h.digits(4),
        "注文番号": lambda: f"2026{rng.randint(1, 12):02}{h.digits(6)}",
        "JAN": lambda: "49" + h.digits(11),
        "送り状番号": lambda: h.digits(12),
        "取引日時": lambda: f"2026{rng.randint(1, 12):02}{rng.randint(10, 28)}"
        f"{rng.randint(10, 23)}{rng.randint(10, 59)}",
        "口座": lambda: h.digits(7), "法人番号": lambda: h.digits(13)}
    return makers[head]()


def table(h):
    head = h.pick(TABLES)
    return [head] + [[value(h, one) for one in head]
                     for _ in range(h.rng.randint(2, 40))]


def with_file(h, name, data):
    return h.mail(h.any(SUBJECTS), h.body(h.any(
        ["添付ファイルをご確認ください。", "資料をお送りします。",
         "{date}時点の一覧です。"])), [letters.attachment(
             name, data, style=h.pick(["2047", "2231"]))]), []


@classes.add(EVERYDAY, "CSV attached", 350)
def csv(h, index):
    text = sheets.csv(table(h)[index % 5 == 0:], quote=h.pick(
        ["all", "as needed"]))
    return with_file(h, h.pick(["一覧.csv", "data.csv", "売上.csv"]),
                     text.encode(h.pick(["cp932", "utf-8-sig"])))


@classes.add(EVERYDAY, "XLSX attached", 350)
def xlsx(h, index):
    rows = [[sheets.Number(one) if one.isdigit() and one[0] != "0" else one
             for one in row] for row in table(h)]
    pages = {"Sheet1": rows}
    if index % 3 == 0:
        pages["集計"] = table(h)
    return with_file(h, "一覧.xlsx", sheets.xlsx(pages, index % 4 == 0))


@classes.add(EVERYDAY, "text or page attached", 200)
def text_file(h, index):
    text = some(h, 4)
    if index % 2:
        return with_file(h, "案内.html", letters.html_page(
            letters.html_lines(text), "utf-8").encode())
    return with_file(h, "memo.txt", letters.in_charset(
        letters.crlf(text), h.pick(["utf-8", "cp932", "utf-16"])))


@classes.add(EVERYDAY, "zip attached", 200)
def zipped(h, index):
    files = {"一覧.csv": sheets.csv(table(h)).encode("cp932"),
             "案内.txt": some(h, 2).encode()}
    if index % 2:
        files["sub/book.xlsx"] = sheets.xlsx({"A": table(h)})
    return with_file(h, "資料.zip", sheets.pack(files))


ENGLISH = [
    "Hi {surname}-san,\n\nthe shipment {d12} left on {iso_date}. "
    "Invoice {code} over JPY {amount} is attached.\n\nBest regards",
    "Dear team,\n\nplease join: Meeting ID {d3} {d4} {d4}, passcode {d6}.\n"
    "Phone +81 3 {d4} {d4}\n",
    "Your order #{d10} has been confirmed. Total: {amount} JPY. "
    "Card ending in {d4}. Support: +1-800-555-{d4}",
    "Build {d8} failed at {iso_date}T{time}:00Z, commit {hex}. "
    "See https://ci.example.com/job/{d12}/console"]


@classes.add(EVERYDAY, "English mail", 250)
def english(h, _):
    return h.mail(h.pick(["Your order", "Meeting", "Shipment", "Build failed"]
                         ), plain(h, h.pick(ENGLISH))), []


TALK = [
    "マイナンバー（個人番号）のご提出は、郵送または窓口に限ります。メールには絶対に記載しないで"
    "ください。\n提出期限：{date}\n提出先：{dept}（〒{postcode} {address}）\n電話 {phone}",
    "マイナンバー制度についての社内研修を{date} {time}より行います。会議 ID: {d3} {d3} {d3} "
    "{d3}\n教材の番号は{d8}です。",
    "マイナンバーカードの申請が{amount}万件を超えたと報じられています。交付率は{small}%、"
    "{iso_date}現在の速報です。",
    "特定個人情報取扱規程を改定しました。個人番号関係事務実施者は{person}です。文書番号 {d8}、"
    "施行日 {date}。",
    "マイナポータルの操作方法についてのお問い合わせは0120-95-0178（無料）までお願いします。"
    "受付番号は{d10}です。",
    "扶養控除等申告書に個人番号の記入欄があります。12桁の番号を黒のペンで記入し、{date}までに"
    "簡易書留で返送してください。返信用封筒の追跡番号は{d12}です。",
    "個人番号の収集キットを発送しました。お問い合わせ番号 {d4}-{d4}-{d4} です。到着後{small}日"
    "以内に返送してください。",
    "マイナンバーは受け取りました。ありがとうございました。登録番号はこちらで控えております。"
    "社員番号{d6}の{person}様分です。",
    "{company}のマイナンバー管理サービスの見積です。初期費用{amount}円、月額{amount}円、"
    "見積番号{d10}、有効期限{date}。",
    "個人番号の記載例は「XXXX-XXXX-XXXX」のように書きます。実際の番号は書かないでください。",
    "請求書 {d12} の支払と、マイナンバーの回収状況の件で会議をします。{date} {time}、会議室は{dept}です。",
    "個人番号の取込処理が完了しました。ジョブ {d12}、対象{small}件、エラー0件です。",
    "{dept}に届いた伝票 {d12} の件です。マイナンバー管理規程の改訂案は{date}に回覧します。",
    "マイナンバーの書類一式を書留で発送しました。\n{d4}-{d4}-{d4}\n届きましたらご一報ください。",
    "Please do not send your My Number by e-mail. Post it to {address}. "
    "Reference {d8}, deadline {iso_date}."]


@classes.add(EVERYDAY, "talks about My Number, has none", 350)
def talk(h, index):
    text = "\n\n".join(plain(h, one) for one in h.rng.sample(
        TALK, h.pick([1, 1, 2])))
    if index % 4 == 0:
        text += "\n\n" + some(h, 1)
    return h.mail(h.pick(["マイナンバーのご提出について", "【人事】個人番号の収集", "研修のご案内",
                          "ニュース", "規程改定", "Re: マイナンバー"]),
                  h.body(text), html=letters.html_page(letters.html_lines(
                      text)) if index % 5 == 0 else None), []
