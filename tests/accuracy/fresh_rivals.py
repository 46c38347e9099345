"""Other numbers that pass the check digit: fresh half."""

import figures
import letters
from corpus import RIVAL, Classes
from figures import four
from fresh_labelled import outlook_quote

classes = Classes()


def three(number):
    return " ".join(figures.groups(number, 3, 3, 3)) + " " + number[9:]


def own_years(h):
    """Years as no other half lists them: seasons, history, game years."""
    rng = h.rng

    def draw():
        first, step = rng.randint(1868, 2060), rng.choice([4, 6, 7, 12, 20])
        return "".join(str(first + step * n) for n in range(3))
    while True:
        made = draw()
        if figures.valid(made):
            return made


def decimal(h):
    return h.figures.random_id()


ONE = {
    "amounts": (
        lambda h: h.figures.forced(
            lambda: h.rng.choice("123456789") + h.digits(11)),
        lambda h, n: h.pick([f"{int(n):,}", f"¥{int(n):,}-", f"{n}円",
                             f"{int(n):,}千円", f"JPY {n}"]),
        ["総資産は{w}でした（{date}時点）。", "市の一般会計予算額　{w}",
         "決算短信の数字を転記します。\n売上高　{w}\n営業利益　{amount}",
         "積算の合計が{w}になります。桁を間違えていないか見てください。",
         "Total contract value: {w}", "残高：{w}"]),
    "bank and payment": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n, " ")]),
        ["コンビニ払込票番号：{w}\n期限：{date}", "収納機関番号 58000\nお客様番号 {w}\n確認番号 {code}",
         "Pay-easyの納付番号は{w}です。", "振込照会番号　{w}（{amount}円）",
         "クレジット承認：{code}　取引ID：{w}", "口座振替の整理番号 {w} で引き落とされます。",
         "国税還付金 管理番号{w}", "wire reference {w}, value date {iso_date}"]),
    "cloud accounts": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["AWSのアカウント {w} の請求が{amount}円でした。",
         "arn:aws:iam::{w}:role/deploy を使ってください。", "Account ID: {w} (production)",
         "GCP project number {w}", "s3://logs-{w}-ap-northeast-1/ に置きました。",
         "本番アカウント（{w}）のルートMFAを更新しました。",
         "スイッチロール先: {w} / ReadOnly"]),
    "company registry numbers": (
        lambda h: h.figures.registry(),
        lambda h, n: h.pick([n, "-".join(figures.groups(n, 4, 2, 6))]),
        ["会社法人等番号　{w}\n商号　{company}", "履歴事項全部証明書を取りました（{w}）。",
         "登記申請書の会社法人等番号欄は{w}と書いて下さい。", "法人登記 {w} {company} {address}"]),
    "contracts and customers": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["ガスのお客さま番号 {w}", "電気のご契約番号：{w}\n地点 {address}",
         "証券番号{w}の自動車保険が{date}に満期です。", "NHK お客様番号は{w}でした。",
         "リース契約No.{w}（複合機）", "会員様ID　{w}　ご登録{birth}",
         "患者番号 {w}　{surname}様　次回{date}", "学籍番号:{w}",
         "水道使用者番号　{w}", "Subscriber number {w}"]),
    "corporate numbers": (
        lambda h: h.figures.corporate(),
        lambda h, n: h.pick([n, "T" + n, f"{n[0]}-{four(n[1:])}"]),
        ["{company}の法人番号は{w}です。", "登録番号 {w}（適格請求書発行事業者）",
         "インボイス番号：{w}\n取引年月日　{date}\n合計　{amount}円",
         "支払者の法人番号 {w}", "Corporate Number {w}"]),
    "decimals": (
        decimal, lambda h, n: h.pick([
            f"0.{n}", f"35.{n}", f"139.{n}", f"1.{n}e-05", f"-{n[0]}.{n}"]),
        ["緯度 {w} です。", "loss={w} step={small}", "相関係数は{w}となりました。",
         "地図のピン: {w}, 139.7", "{w} が返ってきて期待値とずれています。"]),
    "driving licence numbers": (
        lambda h: h.figures.licence(),
        lambda h, n: h.pick([n, f"第{n}号", four(n)]),
        ["運転免許証 {w}\n有効期限　{date}", "免許証番号：{w} 種類：普通・中型",
         "ドライバー登録　{person}　免許No {w}", "本人確認書類：運転免許証（{w}）で照合済み",
         "社用車使用申請 {person} 免許 {w} 交付 {date}"]),
    "hexadecimal and UUIDs": (
        lambda h: h.figures.random_id(),
        lambda h, n: h.pick([
            f"3f2b9c1e-77aa-4d0b-9e1f-{n}", f"0x{n}ab", f"{n}deadbeef",
            f"a{n}c", f"sha256:{n}ef01ab99c3"]),
        ["トランザクション {w} がロールバックされました。", "端末ID {w}",
         "commit {w} を確認してください。", "correlationId={w} level=WARN", "チェックサムは {w} です"]),
    "invoice and quotation numbers": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["御見積書No.{w}をお送りします。金額 {amount}円", "請求書番号 {w} の入金を{date}に確認しました。",
         "Invoice #{w} is due on {iso_date}.", "納品書（{w}）に不備がございました。",
         "注文請書 {w} / {company}", "領収書番号：{w}　但し書き　お品代"]),
    "meeting numbers": (
        lambda h: h.figures.random_id(),
        lambda h, n: h.pick([three(n), three(n), n]),
        ["会議に参加\n会議 ID: {w}\nパスコード: aB3x", "Meeting ID: {w}\nPasscode: Zq7",
         "{date}{time}～ オンライン面談です。ミーティング番号 {w}",
         "Teams で {w} を入力してお入りください。", "ウェビナーID {w}（先着{small}名）"]),
    "numbers without a label": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["倉庫の棚に {w} と貼ってある箱があります。", "{w} のほうは{amount}円、もう一方は在庫切れです。",
         "画面に{w}とだけ表示されて止まります。", "{w}\n上のやつ、{date}までに手配できますか。",
         "昨日の {w} ですが、キャンセルになりました。", "see {w} in the tracker"]),
    "order and ticket numbers by date": (
        lambda h: h.figures.date_sequence(),
        lambda h, n: h.pick([n, f"{n[:8]}-{n[8:]}", f"#{n}"]),
        ["ご注文番号 {w} を承りました。", "チケット{w}の対応状況を教えて下さい。",
         "受注No：{w}　数量 {small}", "障害票 {w} クローズします。", "Order {w} has shipped.",
         "稟議{w}が決裁されました"]),
    "parcel numbers": (
        lambda h: h.figures.parcel(), lambda h, n: h.pick([n, four(n)]),
        ["お荷物伝票 {w}", "{date}に発送しました。追跡 {w} 佐川です。",
         "ゆうパックの追跡番号は{w}になります。", "送り状No {w}（{small}個口）",
         "配送業者：ヤマト\n問合せ番号：{w}", "Tracking number: {w}",
         "不在票に{w}とありました。再配達は{date}希望。"]),
    "product codes": (
        lambda h: h.figures.upc(), lambda h, n: n,
        ["UPC {w} の在庫は{small}点です。", "商品コード{w}　単価{amount}円",
         "バーコード {w} が読み取れません。", "型番{w}は生産終了です。", "SKU: {w}",
         "品番　{w}　入数{small}"]),
    "receptions and reservations": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["ご予約番号は{w}です。{date}{time}にお越しください。", "受付番号【{w}】　お問い合わせを承りました。",
         "e-Tax受付 {w} {iso_date} 送信完了", "健診予約No. {w} {person}様",
         "到達番号　{w}　電子申請", "Booking reference {w}", "整理券番号{w}"]),
    "serial numbers and lots": (
        lambda h: h.figures.random_id(), lambda h, n: h.pick([n, four(n)]),
        ["製造番号 {w} の冷蔵庫が故障です。", "S/N {w}", "ロット{w}で不良が{small}件出ました。",
         "シリアル：{w}\n購入日：{date}", "ライセンスキーは{w}です。", "機番{w} 点検済",
         "IMEI控え（下12桁） {w}"]),
    "sixteen digits": (
        lambda h: h.figures.sixteen(), lambda h, n: n,
        ["ギフト券 {w}（{amount}円分）", "利用者識別番号は{w}です。", "Card token {w}",
         "カード会員番号{w}は無効です。", "チャージ用番号:{w}"]),
    "sixteen digits in groups": (
        lambda h: h.figures.sixteen(),
        lambda h, n: h.pick(["-", " ", "　"]).join(
            figures.groups(n, 4, 4, 4, 4)),
        ["利用者識別番号　{w}", "プリペイドカード番号 {w}", "Card: {w} exp 12/29",
         "ギフトコード［{w}］", "ETCカード {w}"]),
    "telephone numbers": (
        lambda h: h.figures.mobile(),
        lambda h, n: h.pick([
            "+" + n, f"+{n[:2]} {n[2:4]} {n[4:8]} {n[8:]}",
            f"+{n[:2]}-{n[2:4]}-{n[4:8]}-{n[8:]}", f"({n[:2]}){n[2:]}"]),
        ["携帯 {w}", "WhatsApp {w} までどうぞ。", "国際電話は{w}です。",
         "Mobile: {w}", "緊急連絡先 {w}（{surname}）", "Tel. {w} / {mailbox}"]),
    "times": (
        lambda h: h.pick([h.figures.date_time,
                          h.figures.short_date_time])(),
        lambda h, n: h.pick([n, f"[{n}]", f"backup_{n}.log", f"{n}.tar.gz"]),
        ["打刻データ {w} を修正してください。", "{w} に再起動しました。", "実行日時={w}",
         "ファイル {w} を復元しました。", "録画 {w} を確認", "{w} INFO job finished"]),
    "years": (
        own_years,
        lambda h, n: h.pick([" ", "-", "・", "　", "、"]).join(
            figures.groups(n, 4, 4, 4)),
        ["開催年：{w}", "大会は{w}でした。", "周年誌の対象年度 {w}", "版：{w}",
         "Years covered {w}"]),
}
TITLES = ["ご確認", "Re: お問合せ", "{date}の件", "【自動配信】お知らせ", "FW: {company}",
          "連絡事項", "status"]


def in_context(draw, show, contexts):
    def make(h, index):
        number = draw(h)
        line = h.any(contexts, w=show(h, number))
        text = h.body(h.pick([line, h.say("{opening}\n") + line,
                              line + h.say("\n\n担当：{person}（{phone}）")]))
        if index % 4 == 3:
            text = h.pick(["了解です。", "どうなりましたか？"]) + \
                outlook_quote(h, text)
        page = letters.html_page(letters.html_lines(text, "p")) \
            if index % 5 == 0 else None
        return h.mail(h.any(TITLES), text, html=page), [], ".eml", [number]
    return make


for name, parts in ONE.items():
    classes.add(RIVAL, name, 32)(in_context(*parts))


URLS = ["https://www.example.org/r/{w}/open?c={code}", "http://shop.test/item/{w}",
        "https://m.example.net/?uid={w}&utm_source=mail",
        "https://docs.example.org/d/{w}#gid=0", "https://t.test/c/{code}/{w}.gif",
        "https://www.example.org/survey?key={code}{w}"]


@classes.add(RIVAL, "addresses of the web", 32)
def web(h, index):
    number = h.figures.random_id()
    link = h.any(URLS, w=number)
    text = h.any(["ページはこちら {u}", "アンケートのお願い\n{u}\n{date}まで",
                  "配信停止：{u}", "資料をアップしました。\n<{u}>"], u=link)
    page = letters.html_page(
        f'<p>お知らせ</p><a href="{letters.html_text(link)}">詳しくはこちら</a>'
        f'<img src="https://t.test/o/{number}.png" width=1>') \
        if index % 2 else None
    return h.mail(h.any(TITLES), h.body(text), html=page), [], ".eml", [number]
