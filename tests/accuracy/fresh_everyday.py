"""Mails of every day, without a My Number: fresh half."""

import letters
import sheets
from corpus import EVERYDAY, Classes
from fresh_forms import as_outlook, as_phone, as_web_mail
from fresh_labelled import forwarded, gmail_quote, outlook_quote

classes = Classes()

TOPICS = [
    "打ち合わせ日程の件", "{month}月のシフト", "見積のお願い", "Re: 納期について",
    "【{company}】ご来店のお礼", "忘年会の会場", "サーバー停止のお知らせ", "健診のご案内",
    "保護者会について", "RE: RE: 請求の件", "異動のごあいさつ", "在庫確認",
    "学会抄録の締切", "採用面接のご案内", "工事立会い", "{date}欠席します", "会議室変更",
    "棚卸",
    "ワクチン接種",
    "【{dept}】回覧",
    "見学のお礼",
    "{month}月号メルマガ",
    "障害報告",
    "Re: 図面",
    "写真ありがとう"]
LINES = [
    "{date}{time}から第{small}会議室で打合せをお願いできますでしょうか。",
    "見積の金額は{amount}円（税別）、納期は{small}日です。",
    "品番{code}を{small}個、{date}着でお願いします。",
    "ご注文番号{code}の商品を本日発送しました。伝票は{parcel}です。",
    "新しい住所は〒{postcode}　{address}です。電話は{phone}。",
    "{person}さんは本日体調不良でお休みです。連絡は{mobile}まで。",
    "来週の{date}は棚卸しのため、{time}で閉店いたします。",
    "交通費精算、{amount}円分の領収書を経理箱に入れました。",
    "サーバー（10.{small}.0.{month}）を{date}{time}に再起動します。",
    "受付番号{code}、対応完了しました。ログは{stamp}のものです。",
    "議事録を共有します。次回は{date}、司会は{surname}さん。",
    "PTAの会費{amount}円を{date}までに集めてください。",
    "機器のシリアルは{code}、保証は{date}までです。",
    "面接は{date}{time}、履歴書と筆記用具をご持参ください。",
    "振込先は○○銀行　普通　{account}　{company}です。",
    "インフルエンザの予防接種は{date}、費用は{amount}円です。",
    "駐車場は{small}番をお使いください。入館証は{surname}まで。",
    "契約番号{order}の更新書類を返送してください。",
    "Web会議のURLを送ります。https://meet.example.net/{code}?pwd={order}",
    "今月の売上は{amount}円で、前年同月比{small}%増でした。",
    "図面（{code}-rev{month}）を差し替えました。",
    "お子さまの迎えは{time}頃でお願いします。",
    "患者さんのご紹介、ありがとうございました。予約は{date}{time}です。",
    "火災報知機の点検で{date}に業者が入ります（{company}）。",
    "法人番号と銀行口座の確認書類をいただけますか。",
    "住民票の写しと運転免許証のコピーをご用意ください。",
    "追跡番号：{parcel}（{small}個口）",
    "{year}年度の計画書の締切は{date}です。",
    "試験の結果は{small}点でした。合格おめでとうございます。",
    "先日の飲み会、ひとり{amount}円です。PayPayでも大丈夫です。",
    "本日の最高気温は{small}度、熱中症にご注意ください。",
    "ロット{order}の検査成績書を添付します。",
    "診療報酬の返戻が{small}件ありました。点検番号{code}です。",
    "レジの締めが{amount}円合いません。伝票{parcel}を見てください。",
    "社会保険料の納入告知書（{order}）が届いています。",
    "給食費の引き落としは{date}です。金額{amount}円。",
    "バックアップ job{stamp} は正常終了しました。",
    "議案第{small}号について、委員会を{date}{time}に開きます。",
    "宅配ボックス{small}番、暗証{code}です。",
    "航空券の予約番号 {code}、{date} {time}発。",
    "学校の電話が{phone}に変わりました。",
    "新車のナンバーは{small}-{month}、車台番号{order}。",
    "FAX番号は{phone}、担当{surname}。",
    "楽譜の注文 {code} が{small}冊届きました。",
    "助成金の交付決定番号は{order}です。実績報告は{date}まで。"]


def parcel(h):
    text = h.digits(12)
    return h.pick([text, f"{text[:4]}-{text[4:8]}-{text[8:]}"])


def line(h):
    return h.any(LINES, parcel=parcel(h), account=h.digits(7),
                 order=h.digits(h.rng.randint(9, 14)),
                 stamp=h.figures.day() + h.digits(6),
                 year=str(h.rng.randint(2019, 2030)))


def some(h, low=1, high=6):
    return h.pick(["\n", "\n\n", "\n・"]).join(
        line(h) for _ in range(h.rng.randint(low, high)))


@classes.add(EVERYDAY, "business mail", 720)
def business(h, _):
    return h.mail(h.any(TOPICS), h.body(some(h))), []


@classes.add(EVERYDAY, "threads", 240)
def threads(h, _):
    text = h.body(some(h))
    for _ in range(h.rng.randint(1, 4)):
        text = some(h, 1, 2) + h.pick(
            [outlook_quote, gmail_quote, forwarded])(h, text)
    return h.mail("Re: " + h.any(TOPICS), text), []


def offer(h):
    """A shop's newsletter, with tracking links and pictures."""
    items = "".join(
        f'<td><a href="https://shop.example.org/p/{h.digits(10)}?t='
        f'{h.digits(12)}"><img src="cid:{h.digits(8)}@x"></a><br>'
        f"<s>{h.amount()}円</s> <b>{h.amount()}円</b></td>"
        for _ in range(h.rng.randint(2, 6)))
    return letters.html_page(
        f"<center>{h.any(TOPICS)}</center><table><tr>{items}</tr></table>"
        f'<p style="font-size:9px">{h.company()} {h.address()} 会員ID '
        f"{h.digits(9)}</p><img src=\"https://t.test/{h.digits(16)}.gif\">",
        "utf-8")


@classes.add(EVERYDAY, "HTML mail", 380)
def html(h, index):
    text = h.body(some(h))
    page = offer(h) if index % 3 == 0 else h.pick(
        [as_outlook, as_web_mail, as_phone])(h, text)
    return h.mail(h.any(TOPICS), text, html=page, plain=index % 4 != 0), []


def cell(h, kind):
    return {"name": h.person, "date": h.iso_date, "sum": h.amount,
            "code": h.code, "tel": h.phone, "place": h.address,
            "ten": lambda: h.digits(10), "eight": lambda: h.digits(8),
            "thirteen": lambda: "49" + h.digits(11), "n": h.small,
            "stamp": lambda: h.figures.day() + h.digits(4)}[kind]()


TABLES = [
    [("日付", "date"), ("取引先", "place"), ("金額", "sum"), ("伝票", "eight")],
    [("JAN", "thirteen"), ("数量", "n"), ("仕入値", "sum"), ("棚番", "code")],
    [("氏名", "name"), ("電話", "tel"), ("住所", "place"), ("会員No", "ten")],
    [("timestamp", "stamp"), ("user", "name"), ("ms", "n"), ("req", "code")],
    [("受付", "stamp"), ("お客様", "name"), ("担当", "name"), ("回数", "n")],
    [("クラス", "n"), ("児童名", "name"), ("お迎え", "name"), ("連絡先", "tel")],
    [("口座", "eight"), ("入金", "sum"), ("残高", "sum"), ("摘要", "code")]]


def table(h):
    kinds = h.pick(TABLES)
    rows = [[cell(h, kind) for _, kind in kinds]
            for _ in range(h.rng.randint(3, 30))]
    return rows if h.rng.random() < 0.2 else \
        [[label for label, _ in kinds], *rows]


def with_file(h, name, data):
    return h.mail(h.any(TOPICS), h.body(some(h, 1, 2)),
                  [letters.attachment(h.say(name), data)])


@classes.add(EVERYDAY, "CSV attached", 240)
def csv(h, _):
    return with_file(h, h.pick(["売上{month}.csv", "log.csv", "{iso_date}.csv",
                                "在庫表.csv"]),
                     letters.in_charset(sheets.csv(table(h)), h.pick(
                         ["cp932", "utf-8", "utf-8-sig"]))), []


@classes.add(EVERYDAY, "XLSX attached", 240)
def xlsx(h, index):
    rows = [[sheets.Number(int(one)) if one.isdigit() else one
             for one in row] for row in table(h)]
    return with_file(h, h.pick(["集計.xlsx", "Book2.xlsx", "シフト{month}月.xlsx"]),
                     sheets.xlsx({"Sheet1": rows, "集計用": table(h)},
                                 inline=index % 4 == 0)), []


@classes.add(EVERYDAY, "text or page attached", 160)
def text_file(h, index):
    if index % 2:
        return with_file(h, "お知らせ.html", offer(h).encode()), []
    text = "\n".join(line(h) for _ in range(h.rng.randint(3, 30)))
    return with_file(h, h.pick(["議事録.txt", "readme.txt", "app.log"]),
                     letters.in_charset(letters.crlf(text), h.pick(
                         ["cp932", "utf-8"]))), []


@classes.add(EVERYDAY, "zip attached", 140)
def zipped(h, _):
    return with_file(h, "資料{month}.zip", sheets.pack({
        "a.csv": letters.in_charset(sheets.csv(table(h)), "cp932"),
        "b.xlsx": sheets.xlsx({"1": table(h)}),
        "note.txt": some(h).encode()})), []


ENGLISH = [
    "Could we move our call to {iso_date} at {time} JST?",
    "Please find PO {code} for {small} units, total JPY {amount}.",
    "The shipment left Narita today, AWB {order}.",
    "My number is {mobile}, call me anytime.", "Your ticket {code} was closed.",
    "I changed my number last week; the new one is {phone}.",
    "The residence card copy must be color. Please resend it.",
    "Build {order} failed on step {month}; see the log.",
    "Our tax accountant asks for the corporate number of {company}.",
    "The hotel booking ({code}) is for {small} nights.",
    "Kindly confirm the room number and the extension {small}.",
    "Flight JL{small} on {iso_date}, e-ticket {order}.",
    "Could you reset the password for user {code}?",
    "Rent is JPY {amount}, deposit two months."]


@classes.add(EVERYDAY, "English mail", 200)
def english(h, _):
    text = h.pick(["\n", "\n\n"]).join(
        h.any(ENGLISH, order=h.digits(h.rng.randint(8, 12)))
        for _ in range(h.rng.randint(1, 5)))
    return h.mail(h.pick(["Meeting", "Re: shipment", "Your parcel", "Question"]),
                  h.say("Dear {surname}-san,\n\n") + text
                  + h.say("\n\nKind regards,\n{person}\n{phone}\n")), []


TALK = [
    "マイナンバーカードの申請はお済みですか。{date}に出張申請会を行います。",
    "個人番号をメールに書いて送らないでください。専用の画面から登録をお願いします。",
    "マイナンバーの提出は{date}までです。未提出者は{small}名です。",
    "マイナ保険証の利用登録方法を掲示しました。問い合わせは{phone}へ。",
    "個人番号関係事務の担当者は{surname}です（内線{small}）。",
    "マイナンバー取扱規程を改訂しました。文書番号{code}をご覧ください。",
    "マイナンバーコールセンター 0120-95-0178 におかけください。",
    "扶養控除申告書の個人番号欄は空欄で結構です。別途お預かりしています。",
    "個人番号：提出済み（台帳に保管）\n社員番号：{code}",
    "マイナンバー：＊＊＊＊＊＊＊＊＊＊＊＊", "Please do not send your My Number by e-mail.",
    "マイナンバーカードの有効期限は{date}、暗証番号4桁をお忘れなく。",
    "個人番号カード交付通知書を持って{time}までに市役所へ。整理番号{order}",
    "個人番号（　　　　　　　　　　　）\n法人番号（T{corporate}）",
    "マイナンバー収集システムの保守契約は{amount}円、契約番号{code}です。",
    "従業員のマイナンバーは金庫で保管し、{year}年経過後に廃棄します。廃棄記録番号{order}",
    "ＦＡＱ：マイナンバーは何に使いますか？→源泉徴収票などの法定調書に使います。",
    "マイナンバーの提出にはセキュリティコード{order}が必要です。",
    "個人番号が未登録の方：{person}、{person}、{person}",
    "My Number card pick-up is at the ward office, booking {order}, {date} {time}.",
    "マイナンバーカードの健康保険証利用で、保険証番号 {order} の記入は不要になりました。",
    "見本の個人番号「1234-XXXX-XXXX」は架空の表記です。"]


@classes.add(EVERYDAY, "talks about My Number, has none", 300)
def talk(h, index):
    text = h.any(TALK, order=h.digits(6), year=h.small(),
                 corporate=h.digits(13))
    if index % 2:
        text += "\n" + line(h)
    return h.mail(h.pick(["マイナンバー制度について", "書類提出のお願い", "規程改訂", "お願い"]),
                  h.body(text)), []
