"""The fourth half: files, logs and English of every day, and mails that talk
about My Numbers without one."""

import letters
import sheets
from corpus import EVERYDAY, Classes
from fourth_everyday import drawn, letter_of

classes = Classes()


def cell(h, kind):
    rng = h.rng
    return {
        "注文No": lambda: h.digits(12), "日付": h.iso_date, "金額": lambda: str(
            rng.randint(1, 99999) * 10),
        "得意先": h.company, "電話番号": h.phone, "数量": h.small, "品番": h.code,
        "氏名": h.person, "郵便番号": h.postcode, "住所": h.address,
        "社員番号": lambda: h.digits(6), "伝票番号": lambda: drawn(h)["t"],
        "JAN": lambda: "49" + h.digits(11), "時刻": lambda: h.iso_date() + " "
        + h.time(), "単価": h.amount, "緯度": lambda: f"35.{h.digits(8)}",
        "比率": lambda: f"0.{h.digits(15)}", "メール": h.mailbox,
        "法人番号": lambda: h.digits(13), "残業": lambda: f"{rng.randint(0, 45)}.5",
    }[kind]()


SETS = [
    ["注文No", "日付", "得意先", "金額"], ["社員番号", "氏名", "残業"],
    ["品番", "数量", "単価", "金額"], ["伝票番号", "日付", "住所", "電話番号"],
    ["JAN", "品番", "数量"], ["得意先", "法人番号", "電話番号", "住所"],
    ["時刻", "緯度", "比率"], ["氏名", "メール", "電話番号"], ["郵便番号", "住所", "数量"],
    ["日付", "単価", "比率", "金額"],
]


def grid(h, index):
    keys = SETS[index % len(SETS)]
    return [keys] + [[cell(h, key) for key in keys]
                     for _ in range(h.rng.randint(2, 40))]


NAMES = ["月次", "売上{d}", "list{d}", "在庫_{d}", "report", "{d}", "勤怠{d}", "宛先",
         "data({d})", "実績表"]


def with_file(h, index, extension, data):
    subject, text = letter_of(h, index * 3)
    name = h.pick(NAMES).format(d=h.digits(h.pick([2, 4, 8]))) + \
        "." + extension
    return h.mail(subject, h.body(text), files=[letters.attachment(
        name, data, style=h.pick(["2047", "2231"]))]), []


@classes.add(EVERYDAY, "CSV attached", 330)
def csv(h, index):
    text = sheets.csv(grid(h, index), quote=h.pick(["as needed", "all"]))
    return with_file(h, index, "csv", letters.in_charset(
        text, ["cp932", "utf-8-sig", "utf-8"][index % 3]))


@classes.add(EVERYDAY, "XLSX attached", 330)
def xlsx(h, index):
    rows = grid(h, index)
    if index % 3 == 0:
        rows = [[sheets.Number(str(int(one))) if one.isdigit() else one
                 for one in row] for row in rows]
    return with_file(h, index, "xlsx", sheets.xlsx(
        {"Sheet1": rows}, inline=index % 5 == 0))


LOGS = [
    "{iso_date} 0{one}:12:{two} [info] worker {small} done id={o} {small}ms",
    "192.0.2.{small} - - [12/Nov/2026:10:{two}:05 +0900] \"GET /a/{o} HTTP/1.1\" 200 {six}",
    "Nov {two} 03:{two}:18 mx postfix/smtp[{six}]: {eight}: to=<{mailbox}>, relay=mx.example.jp, status=sent",
    "{iso_date}T0{one}:00:{two}.{six}Z WARN retry={small} txn={twelve}",
    "{twelve},{iso_date},OK,{amount}", "[{two}:{two}:{two}] 温度 {small}.{month} 湿度 {small} 端末 {eight}",
]
MEMOS = [
    "議事録\n日時：{date} {time}\n出席：{surname}、{surname}\n\n1. 予算は{amount}円とする。\n2. 発注番号{o}を取り消す。\n",
    "作業手順\n(1) 電源を切る\n(2) {small}秒待つ\n(3) 管理番号{o}を控える\n(4) {phone}へ連絡\n",
    "買い物メモ\n封筒 {small}\n切手 {small}\n合計 {amount}円\n",
    "日報 {date}\n訪問 {company}\n内容 見積{o}の説明\n次回 {date}\n",
]


def lines_of(h, index):
    if index % 2:
        return h.say(MEMOS[index // 2 % len(MEMOS)], **drawn(h))
    shape = LOGS[index // 2 % len(LOGS)]
    return "\n".join(h.say(shape, two=f"{h.rng.randint(10, 28)}",
                           one=h.rng.randint(0, 9),
                           twelve=h.digits(12), **drawn(h))
                     for _ in range(h.rng.randint(3, 40))) + "\n"


@classes.add(EVERYDAY, "text or page attached", 250)
def text_file(h, index):
    text = lines_of(h, index)
    if index % 5 == 4:
        page = letters.html_page("<h2>結果</h2>" + letters.html_table(
            grid(h, index)), "utf-8")
        return with_file(h, index, "html", page.encode())
    return with_file(h, index, h.pick(["txt", "log"]), letters.in_charset(
        letters.crlf(text), h.pick(["cp932", "utf-8"])))


@classes.add(EVERYDAY, "zip attached", 190)
def zipped(h, index):
    files = {
        f"{h.digits(8)}.csv": letters.in_charset(
            sheets.csv(grid(h, index)), "cp932"),
        "読んでください.txt": letters.in_charset(lines_of(h, index), "cp932")}
    if index % 3 == 0:
        files["集計.xlsx"] = sheets.xlsx({"集計": grid(h, index + 1)})
    return with_file(h, index, "zip", sheets.pack(files))


ENGLISH = [
    ("Your receipt", "Thanks for your order {o}.\nTotal: JPY {amount}\nShips by {iso_date}."),
    ("Build #{small} failed", "Pipeline {o} failed at stage test.\nDuration: {small}m\nCommit: 4be1c09d{six}"),
    ("Meeting notes", "Attendees: five people\nNext call: {iso_date} {time} JST\nDial-in: {phone}, ID {mt}"),
    ("Security alert", "A new sign-in from 192.0.2.{small} on {iso_date}. If it was you, ignore this."),
    ("Quotation", "Please quote for {small} pcs of {code}. Our reference: {o}."),
    ("Shipping notice", "Container MSKU{seven} leaves on {iso_date}. B/L {code}{six}. Tracking {t}."),
    ("Password reset", "Use code {six} within {small} minutes."),
    ("Newsletter #{small}", "This month: {small} new recipes, and a discount code SAVE{small}."),
    ("Cron <root@host{small}>", "backup: {small} files, {eight} bytes, started {iso_date} {time}, exit 0"),
    ("Re: visit", "I arrive on {iso_date} at {time}, flight NH{small}. My phone number is {mobile}."),
    ("Support ticket {o}", "My number of licences is {small}, the invoice is {o}.\nRegards"),
    ("Undelivered Mail", "The message <{eight}.{six}@mx.example.com> could not be delivered: 550 5.1.1"),
    ("Contract draft", "Clause {small} was changed. Value: JPY {amount}. Sign until {iso_date}."),
]


@classes.add(EVERYDAY, "English mail", 280)
def english(h, index):
    subject, text = ENGLISH[index % len(ENGLISH)]
    given = drawn(h)
    text = h.pick(["", "Hi,\n\n", "Dear all,\n\n"]) + h.say(text, **given) + h.pick(
        ["\n\nBest,\nKen", "\n\nThank you.", "", "\n\n-- \nSent from my phone"])
    return h.mail(h.say(subject, **given), text), []


TALK = [
    "マイナンバーの収集を{date}から始めます。用紙を人事まで取りに来てください。番号はメールに書かないでください。",
    "個人番号カードの交付申請は、写真を撮ってスマートフォンからできます。交付まで{small}日ほどです。窓口 {phone}",
    "マイナンバー研修の受講者は{small}名でした。受講番号{eight}の方が未受講です。",
    "個人番号の取扱規程を改定しました（規程番号 {six}）。第{month}条をご確認ください。",
    "マイナ保険証の利用率は{small}％です。受付の機械の製造番号は{o}です。",
    "マイナンバーは通知カードでも構いません。届出先は{address}、電話は{phone}です。",
    "マイナポータルの問い合わせ番号は{o}でした。折り返しの連絡を{date}までに待ちます。",
    "マイナンバーカードの更新の通知が届きました。予約は{date} {time}です。予約番号{o}をお持ちください。",
    "扶養控除等申告書には個人番号の記載が不要です。会社で保管済みのためです。締切は{date}。",
    "源泉徴収票は、個人番号を印字しない本人交付用を{date}に配布します。支払金額は{amount}円が平均でした。",
    "マイナンバーの廃棄証明書を受領しました。管理番号 {o}、{small}件分。",
    "委託先（{company}、法人番号{thirteen}）の特定個人情報の取扱いを{date}に点検します。",
    "マイナンバーの書留を送りました。お問い合わせ番号は{t}です。中身は見ていません。",
    "弊社サービス「マイナンバー管理」の料金は月{amount}円です。契約番号{o}、担当{person}（{phone}）。",
    "マイナンバーに関する電話の詐欺が増えています。総合窓口は0120-95-0178です。",
    "My Number cards are required for the new hires. Bring yours on {iso_date}; do not send the number by mail. Ticket {o}.",
    "個人番号：\n氏名：\n生年月日：\n\n上の欄を埋めて、{date}までに書面で出してください。FAX {phone}",
    "個人番号関係事務の担当者は{person}、内線{small}です。入室カードは{eight}。",
    "マイナンバー\n□ 提出済　□ 未提出\n\n社員番号 {six}　{person}\n受付日 {date}",
    "エラー：個人番号の検査用数字が正しくありません（伝票{o}、{small}行目）。入力し直してください。",
    "マイナンバー制度の説明会、会議 ID は {mt} です。{date} {time}から。",
    "NISAの口座でマイナンバー未登録のお客様が{small}名です。一覧は金庫にあります。お客様番号{eight}ほか。",
    "マイナンバーの記入例は 1234 5678 9012 のように4桁ずつ区切ります。",
    "年末調整のQ&A\nQ. マイナンバーは毎年要りますか。\nA. 前年に出していれば不要です。\n問い合わせ {phone}",
]
TALK_SUBJECTS = ["マイナンバーの件", "【周知】個人番号の取扱い", "マイナンバーカードについて", "年末調整のお知らせ",
                 "個人番号の収集", "Re: マイナンバー制度", "My Number", "特定個人情報の点検"]


@classes.add(EVERYDAY, "talks about My Number, has none", 430)
def talk(h, index):
    text = h.say(TALK[index % len(TALK)], **drawn(h))
    if index % 4 == 3:
        text += "\n" + h.say("（参考）注文番号 {o}、電話 {phone}、金額 {amount}円", **drawn(h))
    if index % 7 == 6:
        rows = [["社員番号", "氏名", "マイナンバー"]] + [
            [h.digits(6), h.person(), h.pick(["提出済", "未提出", "××××××××××××",
                                              "", "対象外"])]
            for _ in range(h.rng.randint(2, 15))]
        return h.mail(h.pick(TALK_SUBJECTS), h.body(text), files=[
            letters.attachment("提出状況.xlsx", sheets.xlsx({"状況": rows}))]), []
    return h.mail(h.pick(TALK_SUBJECTS), h.body(text)), []
