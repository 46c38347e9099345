"""Tuning half: mails in which a My Number stands in the text."""

import letters
from corpus import LABELLED, UNLABELLED, Classes

classes = Classes()

SUBJECTS = ["【ご連絡】個人情報の件", "年末調整の書類について", "入社手続きの件",
            "Re: 必要書類のご提出", "扶養追加のお願い", "支払調書の作成について",
            "Fw: 社会保険の手続き", "マイナンバーの件", "(無題)", "ご依頼の件",
            "口座とその他の届出", "住所変更のお知らせ"]

BESIDE = [
    "マイナンバーの書き間違いです。正は {w} となります。",
    "個人番号の一部が誤っておりました。新しい番号は{w}です。",
    "個人番号：{w}", "個人番号: {w}", "個人番号　{w}", "個人番号は{w}です。",
    "マイナンバー：{w}", "マイナンバーは {w} です。",
    "私のマイナンバーは{w}になります。", "マイナンバー({w})",
    "マイナンバー（個人番号）：{w}", "個人番号（12桁）：{w}",
    "【個人番号】{w}", "・マイナンバー　{w}", "■個人番号\t{w}",
    "{person}さんのマイナンバー「{w}」を登録してください。",
    "妻のマイナンバーですが、{w}でした。", "マイナンバー→{w}",
    "個人番号＝{w}", "個人番号 ({person}) {w}", "マイナンバー：{w}（{person}）",
    "マイナンバーカードの番号は{w}です。", "個人番号No.{w}",
    "長男　{person}　個人番号 {w}", "配偶者の個人番号：{w}",
    "扶養親族の個人番号　{w}", "マイナンバー番号 {w}",
    "(個人番号) {w}", "＜個人番号＞ {w}", "{w}（個人番号）",
    "マイナンバーを送ります。{w}", "個人番号 : {w} / 生年月日 : {birth}",
    "氏名：{person}　生年月日：{birth}　個人番号：{w}",
    "{person}（{kana}）　{birth}生　マイナンバー{w}",
    "マイナンバー 、{w} です", "番号（マイナンバー）: {w}",
    "個人番号→「{w}」", "ご本人様の個人番号：{w}", "マイナンバーＮｏ：{w}",
    "個番 {w}", "マイナ：{w}", "ＭＮ：{w}", "番号(個人) {w}", "MyNo# {w}",
    "区分：本人／コジンバンゴウ：{w}／確認：済", "個人番号・基礎年金番号欄　{w}",
    "お送りした個人番号の訂正です。\n誤り、すみません。\n正　{w}",
    "マイナンバーのご連絡です。\n{person}（{dept}）\n{w}",
    "{time} {surname} マイナンバー送って\n{time} {person} {w}",
    "[{time}] {surname}: 個人番号おねがいします\n[{time}] {person}: {w}",
    "問2. マイナンバーをご記入ください\nA. {w}",
    "{w}\n以上が{person}の個人番号です。", "{w}\n↑個人番号です"]
AROUND = [
    "ご依頼いただいた件、下記のとおりです。\n\n{line}\n\nご確認ください。",
    "{line}\n\n届いたらご一報ください。電話は{phone}です。",
    "新しく入った{person}の情報をお送りします。\n氏名：{person}\n"
    "フリガナ：{kana}\n住所：〒{postcode} {address}\n{line}\n"
    "入社日：{date}",
    "お問い合わせの件ですが、\n{line}\n{date}までに登録をお願いします。",
    "1. 氏名　{person}\n2. 生年月日　{birth}\n3. {line}\n4. 電話　{mobile}",
    "書類に漏れがありましたのでお知らせします。\n{line}\n"
    "お支払いの金額は{amount}円です。",
    "{line}"]


@classes.add(LABELLED, "label beside the number", 90)
def beside(h, _):
    number = h.number()
    line = h.any(BESIDE, w=h.written(number))
    return h.mail(h.pick(SUBJECTS), h.body(h.any(AROUND, line=line))), \
        [number]


ENGLISH = [
    "My Number: {w}", "my number is {w}", "Individual Number: {w}",
    "MyNumber: {w}", "my_number={w}", "Individual number (My Number): {w}",
    "MY NUMBER {w}", "My number（マイナンバー）: {w}", "kojin bango: {w}",
    "His My Number is {w}.", "Japanese My Number - {w}"]
ENGLISH_MAILS = [
    "Hi {surname}-san,\n\nHere are the details for payroll:\n{line}\n"
    "Date of birth: {iso_date}\n\nBest regards,\n{mailbox}",
    "Dear HR team,\n\nplease register the following employee.\n\n"
    "Name: Taro Yamada\nAddress: 1-2-3 Example, Tokyo\n{line}\n\nThanks!",
    "Hello,\n\n{line}\n\nCould you confirm that you received it?\nRegards"]


@classes.add(LABELLED, "label in English", 50)
def english(h, _):
    number = h.number()
    line = h.any(ENGLISH, w=h.written(number))
    return h.mail(h.pick(["New hire", "Payroll data", "Re: documents",
                          "Tax form for Japan"]),
                  h.any(ENGLISH_MAILS, line=line)), [number]


ODD_LABELS = [
    "ﾏｲﾅﾝﾊﾞｰ：{w}", "ﾏｲﾅﾝﾊﾞｰ {w}", "マイ ナンバー: {w}", "個 人 番 号　{w}",
    "マ イ ナ ン バ ー：{w}", "マイ・ナンバー　{w}", "まいなんばー {w}",
    "ﾏｲﾅﾝﾊﾞｰ(個人番号) {w}", "マイナンバ：{w}", "個人No.：{w}",
    "Ｍｙ Ｎｕｍｂｅｒ：{w}", "【個　人　番　号】 {w}", "マイＮｏ．{w}",
    "個人　番号 {w}", "マイナンバ－：{w}"]


@classes.add(LABELLED, "label in half-width kana or with spaces", 50)
def odd_labels(h, _):
    number = h.number()
    line = h.any(ODD_LABELS, w=h.written(number))
    return h.mail(h.pick(SUBJECTS), h.body(h.any(AROUND, line=line))), \
        [number]


BEFORE = [
    "個人番号\n{w}", "マイナンバーは以下のとおりです。\n\n{w}",
    "下記がマイナンバーです。\n　{w}", "【マイナンバー】\n{w}",
    "■ 個人番号（マイナンバー）\n　　{w}",
    "マイナンバーをお知らせします。\n\n{person}\n{w}",
    "＜個人番号＞\n・{person}：{w}",
    "個人番号\n────────────\n{w}\n────────────",
    "マイナンバーについて\n{w}\nでお願いします。"]


@classes.add(LABELLED, "label on the line before", 60)
def before(h, _):
    number = h.number()
    line = h.any(BEFORE, w=h.written(number))
    return h.mail(h.pick(SUBJECTS), h.body(h.any(AROUND[:2], line=line))), \
        [number]


KEYS = [
    "name={person}\nbirth={iso_date}\nmy_number={n}\ntel={phone}",
    "[employee]\nmyNumber = {n}\nname = {person}\n",
    "氏名　　　: {person}\n個人番号　: {n}\n部署　　　: {dept}\n",
    "----\n個人番号|{n}\n氏名|{person}\n----",
    "社員番号,氏名,個人番号\n{small},{person},{n}\n",
    "individual_number: \"{n}\"\nfamily_name: \"{surname}\"",
    "INSERT INTO staff (id, name, mynumber) VALUES ({small}, '{person}', "
    "'{n}');",
    "  - name: {person}\n    kojin_bango: '{n}'\n",
    "KOJINBANGO={n};SHIMEI={person};",
    "EMP_CD={small}&NM={surname}&MN={n}", "tax_id: {n}\ndept: {dept}\n",
    "\"nationalId\": \"{n}\",\n\"familyName\": \"{surname}\"",
    "kojin_num|{n}\nshimei|{person}", "所属:{dept}／個人番号/my_no:{n}／以上"]


@classes.add(LABELLED, "key and value", 50)
def keys(h, _):
    number = h.number()
    return h.mail(h.pick(["取込データ", "test data", "設定の件", "連携について"]),
                  h.body(h.any(KEYS, n=number))), [number]


DOCUMENTS = [
    "令和７年分 給与所得の源泉徴収票\n支払を受ける者\n住所又は居所　{address}\n"
    "（受給者番号）{small}\n（個人番号）{a}\n（フリガナ）{kana}\n氏名　{person}\n"
    "種別　給料・賞与　支払金額　{amount}円　源泉徴収税額　{amount}円\n"
    "控除対象配偶者　氏名 {person}　個人番号 {b}\n"
    "支払者　個人番号又は法人番号　{corporate}\n住所 {address}\n名称 {company}",
    "令和８年分　給与所得者の扶養控除等（異動）申告書\n"
    "あなたの氏名　{person}　　あなたの生年月日　{birth}\n"
    "あなたの個人番号　{a}\n世帯主の氏名　{person}　続柄　本人\n"
    "Ａ 源泉控除対象配偶者\n氏名 {person}　個人番号　{b}　{birth}\n"
    "住所又は居所 {address}",
    "健康保険・厚生年金保険 被保険者資格取得届\n①被保険者整理番号　{small}\n"
    "②氏名　{person}（{kana}）\n③生年月日　{birth}\n"
    "⑥個人番号[基礎年金番号]　{a}\n⑦取得年月日　{date}\n⑨報酬月額　{amount}\n"
    "被扶養者　{person}　個人番号 {b}",
    "雇用保険被保険者資格取得届\n1.個人番号　{a}\n2.被保険者番号　{hoken}\n"
    "4.被保険者氏名 {person}　フリガナ {kana}\n"
    "■ 次の者（{person}）の個人番号：{b}",
    "退職所得の受給に関する申告書\n氏名 {person}\n個人番号 {a}\n"
    "その年1月1日現在の住所 {address}\n退職手当等の支払者の名称 {company}\n"
    "配偶者 個人番号 {b}"]


@classes.add(LABELLED, "document as text", 60)
def documents(h, index):
    first, second = h.number(), h.number()
    show = h.pick([lambda n: n, lambda n: " ".join(n[i:i + 4] for i in
                                                  (0, 4, 8)),
                   lambda n: " ".join(n)])
    text = h.any(DOCUMENTS, a=show(first), b=show(second),
                 corporate=h.figures.digits(13),
                 hoken=f"{h.digits(4)}-{h.digits(6)}-{h.digits(1)}")
    if index % 2:
        return h.mail("書類の控え", h.body(text)), [first, second]
    name = h.pick(["控え.txt", "申告書.txt", "kakunin.txt"])
    data = letters.crlf(text).encode(h.pick(["utf-8", "cp932"]))
    return h.mail("書類を送ります", h.body("添付のとおりです。"),
                  [letters.attachment(name, data)]), [first, second]


@classes.add(LABELLED, "list with the header on another line", 50)
def listed(h, _):
    numbers = [h.number() for _ in range(h.rng.randint(2, 7))]
    spaced = h.rng.random() < 0.3
    lines = []
    for number in numbers:
        shown = f"{number[:4]} {number[4:8]} {number[8:]}" if spaced \
            else number
        lines.append(h.pick(["{p}　{n}", "{p}\t{n}", "・{p}：{n}"]).format(
            p=h.person(), n=shown))
    head = h.pick(["氏名　　マイナンバー", "氏名\t個人番号",
                   "以下の者のマイナンバーです。", "対象者と個人番号"])
    return h.mail("名簿", h.body(head + "\n" + "\n".join(lines))), numbers


ASKED = [
    "マイナンバーを教えてください。", "個人番号が未提出のため、至急ご返信ください。",
    "手続きに必要ですので、マイナンバー（12桁）をこのメールに返信してください。"]


@classes.add(LABELLED, "quoted mail with the number", 40)
def in_quote(h, _):
    number = h.number()
    old = h.body(h.any(BESIDE, w=h.written(number)))
    text = h.pick(["承知しました。登録いたします。", "ありがとうございます。",
                   "転送します。"])
    mark = h.pick(["> ", ">", "| ", ">> "])
    head = h.say("{date} {time} {person} <{mailbox}>:")
    return h.mail("Re: " + h.pick(SUBJECTS),
                  f"{text}\n\n{head}\n" + letters.quoted(old, mark)), [number]


@classes.add(LABELLED, "answer to a quoted question", 50)
def answer(h, _):
    number = h.number()
    shown = f"{number[:4]} {number[4:8]} {number[8:]}" \
        if h.rng.random() < 0.6 else number.translate(
            {ord("0") + d: 0xff10 + d for d in range(10)})
    old = h.body(h.pick(ASKED))
    text = h.pick(["{}", "{} です。", "下記です。\n{}", "これです。{}",
                   "お待たせしました。\n\n{}\n\n以上です。"]).format(shown)
    if h.rng.random() < 0.5:
        head = h.any(["________________________________\nFrom: {person} "
                      "<{mailbox}>\nDate: {date} {time}\nSubject: ご確認\n",
                      "-----Original Message-----\n差出人: {surname}\n"
                      "送信日時: {date} {time}\n宛先: {person}\n"
                      "件名: ご確認\n", "{date} {time}、{surname}のメール："])
        return h.mail("Re: ご確認", f"{text}\n\n{head}\n{old}"), [number]
    head = h.say("On 2026/04/{small}, {person} wrote:")
    return h.mail("Re: " + h.pick(["ご提出のお願い", "未提出の書類", "ご確認"]),
                  f"{text}\n\n{head}\n" + letters.quoted(old)), [number]


@classes.add(LABELLED, "wrapped or flowed", 50)
def wrapped(h, index):
    number = h.number()
    shown = h.pick([number, f"{number[:4]} {number[4:8]} {number[8:]}",
                    f"{number[:4]}-{number[4:8]}-{number[8:]}"])
    line = h.say(h.pick([
        "先日お話ししました入社手続きの件ですが、{person}のマイナンバーは{w}です。",
        "{date}付で入社した{person}（{dept}）の個人番号は {w} となりますので登録を"
        "お願いいたします。", "ご依頼の個人番号、{w}をお送りします。"]), w=shown)
    if index % 3 == 0:
        return h.mail("手続き", letters.quoted(letters.folded(
            h.body(line), h.pick([40, 60, 72])))), [number]
    if index % 3 == 1:
        return h.mail("手続き", letters.folded(
            h.body(line), h.pick([38, 50, 64, 76]))), [number]
    body = letters.flowed("Hello, as you asked, the my number of our new "
                          f"colleague in Tokyo is {shown} and he starts "
                          "on Monday next week in the new office.",
                          h.rng.randint(50, 74))
    entity = letters.text_entity(body, "utf-8", "7bit",
                                 parameters="; format=flowed")
    return letters.letter(h.headers("new colleague"), entity), [number]


@classes.add(UNLABELLED, "4-4-4 with name and birth date, no label", 50)
def person_only(h, _):
    number = h.number()
    shown = f"{number[:4]} {number[4:8]} {number[8:]}" \
        if h.rng.random() < 0.6 else \
        f"{number[:4]}-{number[4:8]}-{number[8:]}"
    text = h.any(["氏名：{person}\n生年月日：{birth}\n{w}",
                  "{person}　{birth}生まれ\n{w}\n住所：{address}",
                  "扶養に追加する者\n{person}（続柄：子）生年月日 {birth}\n{w}"],
                 w=shown)
    return h.mail(h.pick(["扶養の件", "データ送付", "ご連絡"]), h.body(text)), \
        [number]


@classes.add(UNLABELLED, "lone number in a mail", 60)
def lone(h, _):
    number = h.number()
    text = h.any(["{w}", "先ほどの件です。\n{w}", "{w} でお願いします。",
                  "お電話でお話しした番号です。\n\n{w}",
                  "{person}の分は{w}です。", "こちらです：{w}"],
                 w=h.written(number))
    return h.mail(h.pick(["先ほどの件", "番号", "Re: お願い", ""]),
                  h.body(text)), [number]
