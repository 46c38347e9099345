"""Labelled and lone numbers in the words of mails: fresh half."""

import letters
from corpus import LABELLED, UNLABELLED, Classes
from figures import FULL, four

classes = Classes()


def typed(h, number):
    """As people type it, tidy or not."""
    return h.rng.choices(
        [number, four(number), four(number, " "), number.translate(FULL),
         four(number, "　").translate(FULL), four(number, "－").translate(FULL),
         four(number, " - "), four(number, "・"), four(number, "  "),
         four(number, "ー"), f"「{number}」", f"【{four(number)}】"],
        [34, 18, 12, 8, 3, 4, 3, 2, 4, 2, 5, 5])[0]


SUBJECTS = [
    "ご連絡", "Re: Re: 書類の件", "入社手続きについて（{surname}）", "【再送】{date}分",
    "FW: お願い", "扶養追加のお届け", "提出します", "{surname}です",
    "お問い合わせの件について返信いたします", "【重要】{month}月給与関係",
    "アルバイト採用の件", "謝金のお支払いに必要な情報", "年調の訂正", "(件名なし)"]

BESIDE = [
    "マイナンバーは {w} でした。", "{person}さんのマイナンバー、{w}です。",
    "・個人番号…{w}", "◎マイナンバー◎　{w}", "個人番号→{w}",
    "個人番号＝{w}（カードの裏を見て書きました）",
    "個人番号につきましては、{w}となっております。",
    "マイナンバー（妻）{w}", "長男の個人番号　{w}　平成生まれ",
    "番号法に基づく個人番号：{w}", "マイナンバー ／ {w} ／ {birth}生",
    "ﾏｲﾅﾝﾊﾞｰは{w}で間違いないです", "私のマイナンバーですが{w}になります、写真が撮れなくてすみません",
    "６．個人番号　　{w}", "本人個人番号[{w}]", "|個人番号|{w}|",
    "マイナンバーカードに書いてある12桁：{w}", "マイナンバは{w}です(通知カードから転記)",
    "個人番号が{w}、基礎年金番号は年金手帳が見つからず後日です。",
    "被扶養者マイナンバー:{w}", "講師個人番号;{w}",
    "マイナンバー　:　{w}　　　※１２桁",
    "個人番号　{w}　（身元確認済・番号確認済）",
    "ご主人様のマイナンバーは {w} と承りました",
    "マイナンバー{w}（{surname}）",
    "★個人番号★{w}★",
    "パート{surname}さんのマイナンバー   {w}",
    "・マイナンバー　→　{w}　←この番号です",
    "個人番号が届きました。{w}",
    "マイナンバー通知には{w}と印字されています",
    "税務署提出用の個人番号は{w}でお願いしまうす",
    "園児の保護者の個人番号：{w}",
    "患者様のマイナンバー {w}（公費の申請で必要）",
    "[MyNumber]{w}",
    "MN（マイナンバー）：{w}",
    "受給者の個人番号 {w} 、口座は変更なし",
    "個人番号:{w},氏名:{person},続柄:本人",
    "{surname}（個人番号{w}）",
    "マイナンバー「{w}」で登録願い上げます",
    "大家さんのマイナンバー{w}、不動産の支払調書用",
    "4 個人番号 {w} 5 性別 男"]
AROUND = [
    "先日ご依頼のあった件、遅くなりすみません。\n{line}\n書類の原本は{date}に郵送します。",
    "{line}",
    "社労士の{surname}先生へお渡しください。\n\n{line}\n\n取扱いにはご注意ください。",
    "先ほどの電話の続きです。聞き取りにくかったと思うので書きます。\n{line}\n住所は前と同じ{address}です。",
    "保険証の発行を急いでいます。\n氏名　{person}\n{line}\n生年月日　{birth}\n勤務開始　{date}",
    "{company}様より謝礼の支払に必要とのことで、{line}\n口座は○○銀行です。宜しくお願いします。",
    "下記、市役所の窓口で確認してきました。\n\n　　{line}\n\nコピーは{date}に持参します。",
    "お手数ですが登録お願いしますm(_ _)m\n{line}\nメールで送ってよかったのでしょうか…",
    "税理士の{surname}です。不足していた分、ご本人から連絡ありました。\n\n　{line}\n\n法定調書は{date}までに出します。",
    "保健所への届出の関係です。\n{line}\n診察券番号 {code}",
    "市民税課 {surname}\n給報の記載漏れの件、事業所より次のとおり回答あり。\n{line}\n指定番号 {code}",
    "奨学金の申し込みで使うそうです。\n父　{person}\n{line}\n学籍番号 {code}",
    "お疲れ様でsう。店の{surname}です\n新人さんの分ですお願いしますー\n{line}\n電話{mobile}\n時給{small}00円",
    "労災の休業補償の請求書に書く必要があると言われました。\n{line}\n{address}",
    "IT部門です。人事システムへの取込みでエラーになったレコードはこれです。\n{line}\nエラーコード {code}",
    "Hi, payroll team.\n{line}\nSorry my Japanese is not good, 漢字まちがえたらごめんなさい。"]


@classes.add(LABELLED, "label beside the number", 60)
def beside(h, _):
    number = h.number()
    line = h.any(BESIDE, w=typed(h, number))
    return h.mail(h.any(SUBJECTS), h.body(h.any(AROUND, line=line))), [number]


ENGLISH = [
    "My \"My Number\" is {w}.", "My number (individual number): {w}",
    "MyNumber {w} - please delete this mail after you registered it.",
    "Here is my Japanese My Number: {w}", "Individual No.: {w}",
    "Social Security and Tax Number (My Number) = {w}",
    "kojin-bango (my number) is {w}", "My Number card, back side: {w}",
    "| My Number | {w} |", "Spouse's Individual Number  {w}",
    "Hi, I got the My Number notification at city hall. It says {w}",
    "Individual Number (マイナンバー): {w}",
    "Dependent 1 / my number / {w}", "MY NUMBER：{w}",
    "mynumber -> {w}",
    "My Number (12 digits): {w}, residence card will follow",
    "Individual Number: {w} (self)",
    "Employee's My Number is as follows: {w}",
    "My Number of my wife is {w}",
    "please register my \"my number\" {w}",
    "12-digit Individual Number assigned by the city: {w}"]
ENGLISH_AROUND = [
    "Dear {surname}-san,\n\nSorry for the late reply.\n{line}\n\nBest regards,\n"
    "Anna",
    "Hello HR team\n\nattached please find my residence card. {line}\n"
    "Bank: I will open an account next week.\n\nThank you\nPhuong",
    "{surname}さん\n\n{line}\nDate of birth: {iso_date}\nAddress: same\n\nThx",
    "Hi,\n\nas requested for the year-end adjustment:\n\n  Name: J. Tanaka\n"
    "  {line}\n  Phone: {mobile}\n\nLet me know if anything is missing.",
    "Payroll setup\n-------------\n{line}\nStart date: {iso_date}\n"]


@classes.add(LABELLED, "label in English", 45)
def english(h, _):
    number = h.number()
    written = h.pick([number, four(number), four(number, " ")])
    line = h.any(ENGLISH, w=written)
    return h.mail(h.pick(["My Number", "Re: papers for payroll", "new employee info",
                          "tax form", "FW: onboarding checklist"]),
                  h.any(ENGLISH_AROUND, line=line)), [number]


ODD = ["○ﾏｲﾅﾝﾊﾞｰ→{w}", "ﾏ ｲ ﾅ ﾝ ﾊﾞ ｰ {w}", "個　人　番　号　{w}",
       "個 人 番 号 : {w}", "ｺｼﾞﾝﾊﾞﾝｺﾞｳ {w}", "ﾏｲﾅﾝﾊﾞ-  {w}",
       "マ  イ  ナ  ン  バ  ー  {w}", "本人ﾏｲﾅﾝﾊﾞｰ {w}", "個人　番号　{w}",
       "＊ 個 人 番 号 ＊ {w}", "配偶者ﾏｲﾅﾝﾊﾞｰ[{w}]", "まいなんばー（わたしの）{w}"]


@classes.add(LABELLED, "label in half-width kana or with spaces", 40)
def odd_label(h, _):
    number = h.number()
    line = h.any(ODD, w=typed(h, number))
    text = h.any(["ｼﾒｲ {kana}\n{line}\nﾃﾞﾝﾜ {phone}",
                  "届出用のメモです。\n\n{line}\n\n氏　名　{person}",
                  "{line}\n以上、登録願います。"], line=line)
    return h.mail(h.any(SUBJECTS), h.body(text)), [number]


BEFORE = [
    "【マイナンバー】\n{w}\n【お名前】\n{person}", "個人番号は以下のとおりです。\n\n{w}\n",
    "■個人番号（半角12ケタ）\n　{w}\n■入社日\n　{date}",
    "Q3. あなたのマイナンバーを入力してください\nA3. {w}",
    "マイナンバー\n----------\n{w}\n", "(2)個人番号：\n\t{w}\n(3)住所：\n\t{address}",
    "奥様の個人番号をお伺いしたところ、下記とのことでした。\n{w}",
    "My Number\n{w}\nDate of birth\n{iso_date}",
    "　　個　人　番　号　\n┌──────────┐\n│{w}│\n└──────────┘",
    "マイナンバー、これです↓\n{w}", "<個人番号>\n\n{w}\n\n<電話>\n{mobile}",
    "入力項目：個人番号\n入力内容：{w}",
    "1.氏名\n{person}\n2.個人番号\n{w}\n3.住所\n{address}",
    "＜マイナンバー＞\n　　{w}　\n＜振込口座＞\n　○○銀行",
    "個人番号の欄には次の数字を書いてください。\n　「{w}」",
    "マイナンバー（必須）:\n  {w}\nメール（必須）:\n  {mailbox}",
    "家内のマイナンバー。\n{w}\n生年月日。\n{birth}",
    "Individual Number:\n\n    {w}\n"]


@classes.add(LABELLED, "label on the line before", 45)
def line_before(h, _):
    number = h.number()
    text = h.any(BEFORE, w=typed(h, number))
    return h.mail(h.any(SUBJECTS), h.body(text)), [number]


@classes.add(LABELLED, "key and value", 40)
def keys(h, index):
    number = h.number()
    key = h.pick(["個人番号", "マイナンバー", "my_number", "MyNumber",
                  "個人番号/kojin_no", "個人番号(12)", "individual_number", "kojinBango",
                  "employee.mynumber", "mynumber"])
    form = [("{}={}", "\n"), ("{}: {}", "\n"), ("\"{}\" => \"{}\"", ",\n"),
            ("[{}] {}", "\n"), ("{}\t{}", "\n"), ("{}：{}", "／")][index % 6]
    pairs = [("社員コード", h.digits(5)), ("氏名", h.person()),
             ("フリガナ", h.kana()), (key, h.pick([number, four(number)])),
             ("所属", h.dept()), ("更新日時", h.iso_date() + " 09:12")]
    text = form[1].join(form[0].format(*one) for one in pairs)
    start = h.pick(["WEBフォームから登録がありました。このメールは自動送信です。",
                    "[HR-SYSTEM] record updated", "ログを貼ります。",
                    "ワークフロー申請が承認されました（{date}）。"])
    return h.mail(h.pick(["登録通知", "[自動] 申請 承認済", "error log"]),
                  f"{h.say(start)}\n\n{text}\n"), [number]


def boxes(number):
    return "".join(f"|{one}" for one in number) + "|"


DOCUMENTS = [
    ["令和８年分　給与所得者の扶養控除等（異動）申告書（転記）",
     "所轄税務署長等　{place}", "給与の支払者の名称　{company}",
     "あなたの氏名 {person}　あなたの生年月日 {birth}", "あなたの個人番号 {a}",
     "源泉控除対象配偶者 {person} 個人番号 {b} 生年月日 {birth}",
     "控除対象扶養親族 {person} 続柄 子 個人番号 {c}"],
    ["健康保険・厚生年金保険　被保険者資格取得届", "事業所整理記号　{code}",
     "①被保険者整理番号　{small}　②氏名　{person}　③生年月日　{birth}",
     "⑥個人番号［基礎年金番号］　{a}", "⑦取得年月日　{date}　⑨報酬月額　{amount}円"],
    ["給与支払報告書（個人別明細書）", "支払を受ける者　{address}　{person}",
     "（個人番号）{a}", "種別 給与・賞与　支払金額 {amount} 源泉徴収税額 {amount}",
     "支払者　{company}　{phone}"],
    ["報酬、料金、契約金及び賞金の支払調書", "支払を受ける者 住所 {address}",
     "氏名 {person}　個人番号 {a}", "区分 講演料　細目 研修　支払金額 {amount}",
     "支払者 {company}"],
    ["雇用保険被保険者資格取得届（控）", "1.個人番号　{a}", "2.被保険者番号　1301-{serial}-4",
     "3.取得区分 1　4.被保険者氏名 {person}　フリガナ {kana}", "11.雇用形態 7"],
    ["健康保険 被扶養者（異動）届", "A 被保険者欄 氏名 {person} 個人番号 {a} 収入 {amount}",
     "B 配偶者欄 氏名 {person} 個人番号 {b} 職業 無職", "C その他欄 続柄 実子 個人番号 {c}"],
    ["個人番号届出書（個人事業主様用）", "屋号：{company}", "氏名：{person} 印",
     "個人番号：{a}", "本人確認書類：運転免許証の写し"],
    ["児童手当 認定請求書 写", "請求者 {person}（{birth}生）", "個人番号　{a}",
     "配偶者の個人番号　{b}", "支払希望金融機関　○○信用金庫"],
    ["退職所得の受給に関する申告書", "氏名 {person}　個人番号 {a}",
     "退職手当の支払を受けることとなった年月日　{date}", "勤続 {small}年"]]


@classes.add(LABELLED, "document as text", 60)
def document(h, index):
    lines = DOCUMENTS[index % len(DOCUMENTS)]
    draw = h.pick([str, four, lambda one: four(one, " "), boxes,
                   lambda one: " ".join(one)])
    numbers = {one: h.number() for one in "abc"
               if any("{%s}" % one in line for line in lines)}
    shown = {one: draw(number) for one, number in numbers.items()}
    text = h.pick(["\n", "\n\n", "\n　"]).join(lines)
    text = h.say(text, serial=h.digits(6), **shown)
    if index % 4 == 1:
        return h.mail(h.any(SUBJECTS), h.body("下書きのテキストを添付します。"), [
            letters.attachment("下書き.txt", letters.in_charset(
                letters.crlf(text), h.pick(["cp932", "utf-8"])))]), \
            list(numbers.values())
    return h.mail(h.any(SUBJECTS), h.body(text)), list(numbers.values())


@classes.add(LABELLED, "list with the header on another line", 40)
def listing(h, index):
    count = h.rng.randint(2, 9)
    numbers = [h.number() for _ in range(count)]
    gap = h.pick(["　", "\t", " / ", "，", "   ", "｜"])
    draw = h.pick([str, four, lambda one: four(one, " ")])
    head = h.pick(["氏名{g}個人番号", "社員No{g}氏名{g}マイナンバー",
                   "個人番号一覧（氏名・番号の順）", "≪マイナンバー回収状況≫",
                   "以下{n}名分のマイナンバーです。",
                   "Name{g}My Number"]).format(g=gap, n=count)
    lines = []
    for n, one in enumerate(numbers, 1):
        start = [h.person(), f"{n:03}{gap}{h.person()}",
                 f"{n}){h.surname()}"][index % 3]
        lines.append(f"{start}{gap}{draw(one)}" if index % 5 else
                     f"{draw(one)}{gap}{start}")
    text = head + h.pick(["\n", "\n\n", "\n" + "=" * 30 + "\n"]) + \
        "\n".join(lines)
    return h.mail(h.any(SUBJECTS), h.body(text)), numbers


def outlook_quote(h, text):
    return h.say(
        "\n\n________________________________\n差出人: {person} <{mailbox}>\n"
        "送信日時: 2026年{month}月7日 18:04\n宛先: {person} <{mailbox}>\n"
        "件名: RE: 書類\n\n{text}\n", text=text)


def gmail_quote(h, text):
    return h.say("\n\n2026年{month}月2日(木) 9:41 {person} <{mailbox}>:\n",
                 ) + "\n" + letters.quoted(text, h.pick(["> ", ">", ">> "]))


def forwarded(h, text):
    return h.say("\n\nBegin forwarded message:\n\nFrom: {person} <{mailbox}>\n"
                 "Subject: 番号\nDate: Apr {small}, 2026\n\n") + text


THANKS = ["確認できました。ありがとうございます。", "了解です、登録しておきました。",
          "先生、こちらの方の手続きもお願いできますか。下のメールをご覧ください。",
          "転送します。内容は下のとおり。", "FYI", "これ、平文で来てますけど大丈夫ですか？",
          "お世話になります。もう一名分お願いできますでしょうか。"]


@classes.add(LABELLED, "quoted mail with the number", 40)
def in_quote(h, _):
    number = h.number()
    old = h.body(h.any(AROUND, line=h.any(BESIDE, w=typed(h, number))))
    text = h.pick(THANKS) + h.pick([outlook_quote, gmail_quote, forwarded])(
        h, old)
    return h.mail(h.pick(["RE: 書類", "Fwd: 番号", "Re: 扶養追加のお届け",
                          "転送: 手続"]), text), [number]


QUESTIONS = [
    "お手数ですが、マイナンバーを教えていただけますか。",
    "支払調書作成のため個人番号のご提供をお願いしております。",
    "③マイナンバー（12桁）", "Could you send us your My Number?",
    "奥様の個人番号が空欄でした。番号をご返信ください。",
    "個人番号の確認がまだのようです。{date}までにご返答願います。"]
ANSWERS = ["{w}", "{w}です。", "はい、{w} です。", "→ {w}", "It is {w}",
           "こちらです：{w}", "番号は{w}です。遅れて申し訳ありません。",
           "確認しました。{w}", "回答）{w}"]


@classes.add(LABELLED, "answer to a quoted question", 45)
def answered(h, index):
    number = h.number()
    question = h.any(QUESTIONS)
    answer = h.any(ANSWERS, w=typed(h, number))
    if index % 3 == 0:       # inline, below the question
        text = f"{h.opening()}\n\n> {question}\n{answer}\n\n" \
               "> 以上よろしくお願いします。\n了解です。"
    elif index % 3 == 1:     # above all of it
        text = answer + gmail_quote(h, h.body(question))
    else:
        text = answer + outlook_quote(h, h.body(question))
    return h.mail(h.pick(["Re: お願い", "RE: 支払調書の件", "Re: request"]),
                  text), [number]


@classes.add(LABELLED, "wrapped or flowed", 40)
def wrapped(h, index):
    number = h.number()
    shown = h.pick([number, four(number), four(number, " ")])
    long = h.any([
        "先般ご案内の{month}月分の手続きに関連しまして、ご本人様より個人番号のご連絡があり、{w}とのことでしたので"
        "取り急ぎ共有いたします。なお住所は{address}です。",
        "Thank you for waiting. The new member of the {dept} team asked me to send "
        "you the following: his My Number is {w} and his start date is {iso_date}.",
        "{person}さん（{birth}生）のマイナンバーの控えを探したところ金庫の中にありまして、読み上げますと{w}でしたので、"
        "台帳のほうを直しておいてください。"], w=shown)
    text = h.body(long)
    if index % 3 == 0:
        text = letters.folded(text, h.pick([56, 60, 70, 74]))
    elif index % 3 == 1:
        body = letters.text_entity(letters.flowed(text), "utf-8", "base64",
                                   parameters="; Format=Flowed")
        return letters.letter(h.headers(h.any(SUBJECTS)), body), [number]
    else:
        text = letters.quoted(letters.folded(text, h.pick([40, 64, 72])))
    return h.mail(h.any(SUBJECTS), text), [number]


@classes.add(UNLABELLED, "4-4-4 with name and birth date, no label", 55)
def person_only(h, index):
    number = h.number()
    shown = four(number, h.pick(["-", " ", "　"]))
    text = h.any([
        "{person}\n{birth}\n{w}", "{w}　{person}　{birth}生　{address}",
        "{person}（{kana}）{birth}\n　{w}\n　{mobile}",
        "本人：{person}\n生まれ：{birth}\n{w}\nとのことです。",
        "{person} 様 / {birth} / {w}"], w=shown)
    return h.mail(h.pick(["登録依頼", "Re: 入社", "控え"]), h.body(text)), \
        [number]


@classes.add(UNLABELLED, "lone number in a mail", 60)
def lone(h, index):
    number = h.number()
    text = h.any(["例の番号です。\n{w}", "{w}", "{w}\nこれで登録お願いします。",
                  "先ほどお電話でお伝えした番号は{w}です。", "{w} でした。よろしく。",
                  "{surname}さんの分\n{w}", "it's {w}, sorry for the delay"],
                 w=h.pick([number, four(number), four(number, " ")]))
    return h.mail(h.pick(["Re: 番号", "(件名なし)", "先ほどの件", "Re:"]),
                  h.body(text) if index % 2 else text), [number]
