"""Held-back half: mails in which a My Number stands in the text."""

import letters
from corpus import LABELLED, UNLABELLED, Classes

classes = Classes()

TITLES = ["新入社員情報の共有", "給与計算用データ送付の件", "RE: 確認事項",
          "謝金のお支払いに関して", "雇用保険の届出", "転籍者について",
          "お子様ご誕生に伴う手続", "確定申告用の資料", "番号の訂正", "添付漏れのお詫び",
          "講師料の件", "FW: 新規採用者"]

PHRASES = [
    "個人番号/{w}", "個人番号…{w}", "個人番号 = {w}", "個人番号が{w}",
    "マイナンバー ／ {w}", "マイナンバーの方は{w}となっております。",
    "弊社{surname}のマイナンバー、{w}を念のためお知らせします。",
    "マイナンバー [{w}]", "個人番号（マイナンバー）　{w}",
    "マイナンバー12桁：{w}", "［マイナンバー］{w}", "◇個人番号◇ {w}",
    "○マイナンバー　　　　{w}", "本人の個人番号 {w}", "母の個人番号は{w}だそうです。",
    "マイナンバーとして{w}をご登録願います。", "個人番号欄には{w}と記入しました。",
    "マイナンバー,{w}", "マイナンバー・・・{w}", "個人番号『{w}』",
    "(1) 氏名 {person} (2) 個人番号 {w}", "マイナンバー(本人) {w}",
    "{person}／{birth}／個人番号{w}", "個人番号カード記載の番号：{w}",
    "マイナンバーが間違っていました。正しくは{w}です。", "個人番号;{w}",
    "個人番号ですが{w}で合っていますか。", "マイナンバー……「{w}」",
    "被扶養者の個人番号　　{w}", "個人番号に誤りがあり、{w}へ訂正します。",
    "通知カードの番号: {w}", "{w} ←マイナンバーです", "{w}（マイナンバー）",
    "マイナンバー\t\t{w}", "社会保障・税番号　{w}", "個人番号：　　　{w}　様式１"]
SETTINGS = [
    "標題の件につきまして、次のとおり回答いたします。\n\n{line}\n",
    "お手数ですが台帳への反映をお願いいたします。\n　{line}\n　適用日　{date}",
    "氏名　{person}\nふりがな　{kana}\n現住所　{address}\n{line}\n連絡先　{mobile}",
    "＜採用者＞\n{person}\n{birth}\n{line}\n基本給 {amount}円",
    "{line}\n\n上記で届出書を作成いただけますでしょうか。控えは{dept}で保管します。",
    "本日{time}にお電話した件です。\n{line}\nなお、報酬は{amount}円（税込）です。",
    "{line}\n（{person}分）", "ご照会の{surname}の件、{line}"]


@classes.add(LABELLED, "label beside the number", 90)
def next_to_it(h, _):
    number = h.number()
    line = h.any(PHRASES, w=h.written(number))
    return h.mail(h.pick(TITLES), h.body(h.any(SETTINGS, line=line))), \
        [number]


IN_ENGLISH = [
    "My Number - {w}", "Individual No. (My Number) {w}",
    "my-number: {w}", "The My Number of the speaker: {w}",
    "mynumber {w}", "Personal Number (Japan): {w}",
    "\"individual number\" {w}", "* My Number = {w}",
    "My Number (12 digits): {w}", "kojin-bango {w}", "Her my number: {w}"]
FOREIGN = [
    "Dear Sir or Madam,\n\nfor the withholding statement you asked for:\n\n"
    "{line}\nNationality: Canada\n\nSincerely yours",
    "Team,\n\nthe contractor sent us this today.\n> {line}\n\nPlease file it. "
    "Phone +81-3-{small}00-0000.\n",
    "Good morning {surname}san\n\n1) full name: John Smith\n2) {line}\n"
    "3) visa until {iso_date}\n\nBR"]


@classes.add(LABELLED, "label in English", 50)
def foreign(h, _):
    number = h.number()
    line = h.any(IN_ENGLISH, w=h.written(number))
    return h.mail(h.pick(["Withholding tax", "Your request", "Contractor",
                          "Onboarding checklist"]),
                  h.any(FOREIGN, line=line)), [number]


STRANGE = [
    "ﾏｲﾅﾝﾊﾞｰ={w}", "ﾏｲﾅﾝﾊﾞｰは{w}", "マイ　ナンバー　{w}", "個　人　番　号：{w}",
    "マイ-ナンバー {w}", "ＭＹ　ＮＵＭＢＥＲ　{w}", "マイナンバ {w}",
    "ﾏｲ ﾅﾝﾊﾞｰ: {w}", "( 個 人 番 号 ) {w}", "個人Ｎｏ {w}", "マイ_ナンバー={w}",
    "ﾏｲﾅﾝﾊﾞｰ(12桁):{w}", "マイナンバ―　{w}", "ﾏｲﾅﾝﾊﾞ- {w}", "個人‐番号 {w}"]


@classes.add(LABELLED, "label in half-width kana or with spaces", 50)
def strange(h, _):
    number = h.number()
    line = h.any(STRANGE, w=h.written(number))
    return h.mail(h.pick(TITLES), h.body(h.any(SETTINGS, line=line))), \
        [number]


ABOVE = [
    "◎個人番号\n　{w}", "個人番号をお送りいたします。\n\n　{w}\n",
    "マイナンバー:\n\n{w}\n", "[個人番号]\n{person}　{w}",
    "ご要望のありましたマイナンバーは次の番号です↓\n{w}",
    "マイナンバー（ご本人）\n　　　　{w}\nマイナンバー確認書類：通知カード",
    "《個人番号》\n{w}\n《住所》\n{address}",
    "個人番号\n==========\n{w}\n==========",
    "1. マイナンバー\n   {w}\n2. 住所\n   {address}"]


@classes.add(LABELLED, "label on the line before", 60)
def line_before(h, _):
    number = h.number()
    line = h.any(ABOVE, w=h.written(number))
    return h.mail(h.pick(TITLES), h.body(h.any(SETTINGS[:2], line=line))), \
        [number]


PAIRS = [
    "user.name: {person}\nuser.mynumber: {n}\nuser.mail: {mailbox}",
    "employee_id;{small}\nmy_number;{n}\nhired;{iso_date}",
    "《従業員マスタ》\n従業員コード＝{small}\nマイナンバー＝{n}\n所属＝{dept}",
    "|項目|値|\n|氏名|{person}|\n|個人番号|{n}|",
    "UPDATE jinji SET kojinbango='{n}' WHERE shimei='{person}';",
    "MyNumber:{n}\r\nName:{person}\r\n", "<kojin_bango>{n}</kojin_bango>",
    "export MY_NUMBER={n}", "'individualNumber' => '{n}',\n'name' => '{person}'"]


@classes.add(LABELLED, "key and value", 50)
def pairs(h, _):
    number = h.number()
    return h.mail(h.pick(["マスタ登録依頼", "dump", "移行データ", "障害調査の件"]),
                  h.body(h.any(PAIRS, n=number))), [number]


PAPERS = [
    "給与支払報告書（個人別明細書）\n住所 {address}\n個人番号 {a}\n氏名 {person}\n"
    "支払金額 {amount} 給与所得控除後の金額 {amount}\n"
    "（源泉・特別）控除対象配偶者 {person} 個人番号 {b}\n"
    "支払者　{company}　電話 {phone}",
    "報酬、料金、契約金及び賞金の支払調書\n支払を受ける者\n住所 {address}\n"
    "氏名 {person}　個人番号 {a}\n区分 講演料　支払金額 {amount}円\n"
    "支払を受ける者（２）\n氏名 {person}　個人番号 {b}\n支払者 {company}",
    "健康保険 被扶養者（異動）届\n事業所整理記号 {small}\n"
    "被保険者 氏名 {person} 生年月日 {birth} 個人番号 {a}\n"
    "被扶養者 氏名 {person} 続柄 長女 生年月日 {birth} 個人番号 {b}\n"
    "理由 出生　収入 0円",
    "個人番号報告書\n\n従業員番号：{small}\n所属：{dept}\n氏名：{person}\n"
    "本人の個人番号　{a}\n\n扶養家族\n氏名：{person}（子）\n"
    "個人番号　{b}\n\n本人確認書類：免許証",
    "雇用保険 個人番号登録・変更届\n届出区分 1\n個人番号 {a}\n"
    "変更前個人番号 {b}\n被保険者番号 {hoken}\n氏名 {person}　生年月日 {birth}"]


@classes.add(LABELLED, "document as text", 60)
def papers(h, index):
    first, second = h.number(), h.number()
    gap = h.pick(["", "-", "　", "|"])
    show = h.pick([lambda n: n,
                   lambda n: gap.join((n[:4], n[4:8], n[8:]))])
    text = h.any(PAPERS, a=show(first), b=show(second),
                 hoken=f"{h.digits(4)}-{h.digits(6)}-{h.digits(1)}")
    if index % 2:
        return h.mail("様式一式", h.body(text)), [first, second]
    data = letters.encode(letters.crlf(text), h.pick(
        ["utf-8-sig", "cp932", "euc_jp"]))
    name = h.pick(["様式.txt", "form_01.txt", "報告書（控）.txt"])
    return h.mail("提出書類", h.body("ファイルをお送りします。"),
                  [letters.attachment(name, data, style="2231")]), \
        [first, second]


@classes.add(LABELLED, "list with the header on another line", 50)
def roster(h, _):
    numbers = [h.number() for _ in range(h.rng.randint(2, 8))]
    hyphens = h.rng.random() < 0.3
    shape = h.pick(["{i}. {p} {n}", "{n} {p}", "{p}さん / {n}", "{p},{n}"])
    lines = [shape.format(i=i, p=h.person(), n=(
        f"{n[:4]}-{n[4:8]}-{n[8:]}" if hyphens else n))
        for i, n in enumerate(numbers, 1)]
    head = h.pick(["■マイナンバー一覧\n", "[個人番号リスト]",
                   "4月入社の方々の個人番号は下記になります。\n",
                   "No 氏名 個人番号"])
    return h.mail("一覧", h.body(head + "\n" + "\n".join(lines))), numbers


REQUESTS = [
    "個人番号をご連絡いただけますでしょうか。",
    "マイナンバーが届いておりません。お手数ですがご返信願います。",
    "支払調書作成のため個人番号が必要です。よろしくお願いいたします。"]


@classes.add(LABELLED, "quoted mail with the number", 40)
def forwarded(h, _):
    number = h.number()
    old = h.body(h.any(PHRASES, w=h.written(number)))
    text = h.pick(["下記のとおりです。対応願います。", "了解です。",
                   "{}さん、お願いします。".format(h.surname())])
    if h.rng.random() < 0.5:
        head = h.say("-----Original Message-----\nFrom: {person}\n"
                     "Sent: {date} {time}\nTo: {person}\nSubject: 番号")
        return h.mail("FW: " + h.pick(TITLES), f"{text}\n\n{head}\n\n{old}"), \
            [number]
    return h.mail("Re: Re: " + h.pick(TITLES), f"{text}\n\n"
                  + letters.quoted(old, h.pick(["> > ", "＞ ", "> "]))), \
        [number]


@classes.add(LABELLED, "answer to a quoted question", 50)
def replied(h, _):
    number = h.number()
    shown = f"{number[:4]}　{number[4:8]}　{number[8:]}" \
        if h.rng.random() < 0.6 else f"{number[:4]} {number[4:8]} {number[8:]}"
    text = h.pick(["遅くなりすみません。{}", "{}", "以下のとおり\n\n  {}\n",
                   "お疲れさまです。\n{} になります。"]).format(shown)
    head = h.say("-----元のメッセージ-----\n差出人: {person}\n送信日時: {date}")
    return h.mail("RE: " + h.pick(["ご返信のお願い", "提出依頼", "お願い"]),
                  f"{text}\n\n{head}\n" + h.body(h.pick(REQUESTS))), [number]


@classes.add(LABELLED, "wrapped or flowed", 50)
def broken(h, index):
    number = h.number()
    shown = h.pick([number, f"{number[:4]}-{number[4:8]}-{number[8:]}",
                    f"{number[:4]} {number[4:8]} {number[8:]}"])
    line = h.say(h.pick([
        "{company}の{person}様よりご連絡があり、個人番号は{w}とのことでした。",
        "謝金の支払に必要な講師（{person}先生）のマイナンバーについては、{w}と"
        "伺っておりますので、支払調書へ転記してください。",
        "下記住所に転居した{person}の個人番号{w}を再度お送りします。"]), w=shown)
    if index % 3 == 0:
        return h.mail("転記のお願い", letters.folded(
            h.body(line), h.pick([42, 54, 70]))), [number]
    if index % 3 == 1:
        return h.mail("転記のお願い", letters.quoted(letters.folded(
            h.body(line), h.pick([44, 66, 74])), ">")), [number]
    body = letters.flowed("As discussed on the phone today I send you the "
                          "individual number of Ms. Smith which is "
                          f"{shown} for the tax office in Kyoto.",
                          h.rng.randint(44, 76))
    entity = letters.text_entity(letters.quoted(body), "utf-8", "7bit",
                                 parameters="; format=flowed; delsp=no")
    return letters.letter(h.headers("tax office"), entity), [number]


@classes.add(UNLABELLED, "4-4-4 with name and birth date, no label", 50)
def record(h, _):
    number = h.number()
    shown = f"{number[:4]}　{number[4:8]}　{number[8:]}" \
        if h.rng.random() < 0.5 else f"{number[:4]} {number[4:8]} {number[8:]}"
    text = h.any(["{person}（{birth}）\n{w}",
                  "フリガナ {kana}\n氏名 {person}\n生年月日 {birth}\n性別 女\n{w}",
                  "配偶者：{person}　{birth}\n{w}\n〒{postcode} {address}"],
                 w=shown)
    return h.mail(h.pick(["家族情報", "追加分", "お知らせ"]), h.body(text)), \
        [number]


@classes.add(UNLABELLED, "lone number in a mail", 60)
def alone(h, _):
    number = h.number()
    text = h.any(["{w}です。", "お尋ねの番号は\n{w}\nになります。",
                  "控え\n{w}", "{w}\n\n取り急ぎ。", "{surname}：{w}",
                  "お約束のものです。\n\n　　{w}\n"], w=h.written(number))
    return h.mail(h.pick(["例の件", "お約束のもの", "Re:", "控え"]),
                  h.body(text)), [number]
