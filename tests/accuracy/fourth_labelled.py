"""The fourth half: numbers with a label, and alone, in the text of mails."""

import letters
from corpus import LABELLED, UNLABELLED, Classes
from figures import FULL, four

classes = Classes()


def penned(h, number):
    """As people type it."""
    draw = h.rng.random()
    if draw < 0.44:
        return number
    if draw < 0.63:
        return four(number, "-")
    if draw < 0.79:
        return four(number, " ")
    if draw < 0.87:
        return number.translate(FULL)
    if draw < 0.92:
        return four(number, "－").translate(FULL)
    if draw < 0.96:
        return four(number, "　").translate(FULL)
    return four(number, h.pick(["ー", "　", "−", "‐", " - "]))


LABELS = ["個人番号", "マイナンバー", "マイナンバー番号", "個人番号（本人）",
          "本人のマイナンバー", "マイナンバー(12桁)", "従業員個人番号",
          "個人番号（マイナンバー）", "マイナンバーカードの番号", "配偶者個人番号",
          "受給者の個人番号", "被扶養者のマイナンバー", "12桁の個人番号",
          "世帯主の個人番号"]
MARKS = ["：", ": ", ":", "　", " ", "は", "＝", "→", "…", "は、", "）"]

SUBJECTS = ["Re: 手続き書類の件", "ご返信", "先日の件です", "必要事項のご連絡", "書類について",
            "RE: RE: お手続きのお願い", "年末の書類", "（社外秘）登録のお願い", "扶養の件",
            "入社書類の追記", "報酬のお支払いについて", "申請に必要な番号です", "お返事遅れました",
            "Fwd: 提出物", "本人確認の件", "謝金の手続き"]

BESIDE = [
    "税理士事務所からの依頼があった{p}の{l}は{n}です。年調ソフトに入力してもらえますか。",
    "先月お願いされていた支払調書用の番号です。\n\n　氏名　{p}\n　{l}{m}{n}\n　住所　{address}\n\n"
    "通知カードの写しは別途郵送します。",
    "大家の{p}です。家賃の支払調書に必要とのことでしたので、{l}{m}{n}をお知らせします。口座の変更はありません。",
    "講演会の謝金ですが、源泉徴収の都合で番号が要るとのこと。\n{l}{m}{n}\n振込先は前と同じでお願いします。",
    "3号の届出の件、妻（{p}）の{l}は {n} で間違いありません。",
    "授業料の就学支援金を申請します。\n生徒氏名：{p}\n保護者の{l}{m}{n}\n年組：2年{month}組",
    "限度額適用認定の申請書を代筆しますので、患者さん（{p}様）の{l}【{n}】を控えておいてください。",
    "児童手当の認定請求、夫の{l}が抜けていました。{n} です。二度手間ですみません。",
    "育休の給付金の申請で使う番号、書類のとおり写しました。\n・{l}{m}{n}\n・口座：ゆうちょ\n・母子手帳のコピー：済",
    "来月入社の{p}さんから返事が来ました。{l}{m}{n}、生年月日 {birth}。雇保と社保、両方進めてください。",
    "電話で聞き取ったものを書いておきます。\n{p}さん\n{l}{m}{n}（復唱して確認ずみ）\n折り返し先 {mobile}",
    "前のメールの数字に誤りがありました。正しい{l}は{n}です。前のものは破棄してください。",
    "退職所得の申告書ですが、本人が書き忘れています。こちらで聞いたところ{l}{m}{n}とのことでした。補記して構いませんか？",
    "ワンストップ特例の申請書を出し直します。氏名{p}、{l}{m}{n}、生年月日は{birth}です。",
    "相続の法定調書の件で、相続人お一人目{p}様の{l}を頂戴しました。「{n}」です。残りの方は来週になります。",
    "短期アルバイトの{p}です。\nきのう言われた番号を送ります。\n{l}{m}{n}\nよろしくおねがいします！",
    "組合の加入書類につき、下記のとおりお届けします。\n記\n1. 氏名　{p}（{kana}）\n2. 生年月日　{birth}\n"
    "3. {l}　{n}\n4. 連絡先　{phone}",
    "NISA口座の開設で{l}の届出が必要だと証券会社から言われました。{n}で登録をお願いできますか。身分証は来店時に見せます。",
    "出張所からの伝言：{p}さんの{l}、{n}。住民票の取得は不要とのことです。",
    "■申込者情報\n氏名■{p}\n{l}■{n}\n電話■{mobile}\n備考■写真は後日",
    "長男が扶養に入ります。名前は{p}、{birth}生まれ、{l}は{n}です。健康保険証はいつごろ届きますか。",
    "ご依頼の{l}（{n}）につき、本人確認書類とあわせて提出いたします。",
    "漁協の配当金支払の書類に{l}を書く欄があったので、空いていた分を補います。\n{p}：{l}{m}{n}",
    "{n} が私の{l}です。社員番号は前回と同じ{small}番です。",
    "お待たせしました。{n}（{l}）でお願いします。銀行は{place}支店、普通{seven}です。",
    "2点お返事します。\n(1) 基礎年金番号　{pension}\n(2) {l}　{n}\n年金手帳は見つかりませんでした。",
    "組合員の{p}さんですが、会員番号{seven}、{l}{m}{n}で名簿を直しておいてください。電話は{phone}です。",
    "取材の謝礼を受け取るための書類ということで、\n住所：〒{postcode} {address}\n氏名：{p}\n{l}：{n}\n"
    "振込先：ゆうちょ {seven}\n以上をお伝えします。写しの郵送は必要でしょうか。",
    "保育料の算定に使うと言われたので夫婦の分を出します。私の{l}は{n}、主人の分は帰宅後に送ります。",
    "{birth}生まれの{p}、{l} {n}、続柄は母、同居、年金収入のみ、です。扶養に入れられるか見てください。",
    "入院中の父に代わってお送りします。\n　父の名前　{p}\n　{l}　　{n}\n　保険証の記号　{small}\n面会は午後に行きます。",
    "＊＊訪問先での聞き取り＊＊\n{address}　{p}様　要介護{month}\n{l}は{n}とのこと、申請書に転記しました。",
    "役員になられた{p}さんの登録です。{l}/{n}、就任日/{date}、報酬月額/{amount}円",
    "原稿料の件、経理の方へお伝えください。\nペンネームではなく本名（{p}）で、{l}{m}{n} です。",
]


def short(h):
    """Other numbers that stand beside it: of an account, of the pension."""
    return {"seven": h.digits(7),
            "pension": f"{h.digits(4)}-{h.digits(6)}"}


@classes.add(LABELLED, "label beside the number", 150)
def beside(h, index):
    number = h.number()
    text = h.say(BESIDE[index % len(BESIDE)], p=h.person(), l=h.pick(LABELS),
                 m=h.pick(MARKS), n=penned(h, number), **short(h))
    return h.mail(h.pick(SUBJECTS), h.body(text)), [number]


ENGLISH = [
    "Dear HR team,\n\nPlease find my details for the payroll set-up.\n"
    "Name: {p}\n{l}: {n}\nStart date: {iso_date}\n\nBest regards,\n{p}",
    "Hi,\nthe tax office wants my {l}. It is {n}. I moved here in spring, the "
    "card came last week.\nThanks, {p}",
    "Hello {p},\n\nas requested by the payroll vendor:\n  - {l} = {n}\n"
    "  - dependants: none\n\nCheers",
    "For the withholding slip we still miss one item; the employee just told "
    "me on the phone: {l} {n}. Could you add it to the file today?",
    "Employee onboarding\n-------------------\nFull name    {p}\n"
    "{l}    {n}\nPhone    {mobile}\nAddress    {address}",
    "Good morning,\nI confirm the {l} of my wife ({n}) for the dependant "
    "notification. Her date of birth is {iso_date}.",
    "Please correct the {l} on my form, the right one is: {n}",
    "Our visiting lecturer sent the missing number for the fee payment.\n\n"
    "{l}:\t{n}\nBank:\talready registered",
]
ENGLISH_LABELS = ["My Number", "Individual No. (12 digits)", "my number (kojin bango)",
                  "MyNumber", "Individual Number (My Number)", "My Number ID",
                  "Japanese My Number", "individual number"]


@classes.add(LABELLED, "label in English", 80)
def english(h, index):
    number = h.number()
    family, _, _, login = h.someone()
    del family
    shown = h.pick([number, four(number), four(number, " ")])
    text = h.say(ENGLISH[index % len(ENGLISH)], p=login.capitalize(),
                 l=h.pick(ENGLISH_LABELS), n=shown)
    return h.mail(h.pick(["Payroll registration", "Re: onboarding documents",
                          "Missing item", "FW: tax form",
                          "Documents for year-end"]), text), [number]


ODD = ["ﾏｲﾅﾝﾊﾞｰ", "ﾏｲﾅﾝﾊﾞｰ番号", "個　人　番　号", "個 人 番 号", "マイ ナンバー",
       "マイ・ナンバー", "ﾏｲ ﾅﾝﾊﾞｰ", "【個人番号】", "《マイナンバー》", "個人番号※",
       "個　人　番　号（本人）", "ＭｙＮｕｍｂｅｒ", "ﾏｲﾅﾝﾊﾞｰ(個人番号)", "個人NO.（マイナンバー）",
       "＜マイナンバー＞", "「個人番号」", "コジンバンゴウ"]


@classes.add(LABELLED, "label in half-width kana or with spaces", 75)
def odd_label(h, index):
    number = h.number()
    label = ODD[index % len(ODD)]
    shown = penned(h, number)
    text = h.any([
        "{p}さんの分です。\n{l} {n}",
        "ｼﾒｲ {p}\n{l}：{n}\nｾｲﾈﾝｶﾞｯﾋﾟ {birth}",
        "届書の記載事項\n　氏　　　名　{p}\n　{l}　{n}\n　住　　　所　{address}",
        "お問い合わせの{l}は {n} となっております。",
        "1) {l}…{n}\n2) 電話…{phone}\n3) 住所…{address}",
        "{l}\t{n}\n氏名\t{p}",
    ], p=h.person(), l=label, n=shown)
    return h.mail(h.pick(SUBJECTS), h.body(text)), [number]


ABOVE = [
    "お申し越しの番号をお送りします。\n\n{l}\n{n}\n\n控えは手元にあります。",
    "{l}：\n　　{n}\n\n氏名：\n　　{p}\n",
    "＜{l}＞\n{n}\n＜氏名＞\n{p}\n＜生年月日＞\n{birth}",
    "Q1. お名前\n{p}\nQ2. {l}を入力してください\n{n}\nQ3. ご連絡先\n{mobile}",
    "こちらが私の{l}です↓\n{n}\nご査収ください。",
    "下に{l}を書きます。\n\n　{n}\n\n{p}",
    "---- {l} ----\n{n}\n---- ご住所 ----\n〒{postcode}\n{address}",
    "[{l}]\n{n}\n[フリガナ]\n{kana}\n",
    "{p}\n{l}\n\n{n}\n\n以上１名分",
]


@classes.add(LABELLED, "label on the line before", 80)
def line_before(h, index):
    number = h.number()
    text = h.say(ABOVE[index % len(ABOVE)], p=h.person(), l=h.pick(LABELS),
                 n=penned(h, number))
    return h.mail(h.pick(SUBJECTS), h.body(text)), [number]


KEYS = ["mynumber", "my_number", "MyNumber", "myNumber", "kojin_bango",
        "individual_number", "個人番号", "マイナンバー", "kojinBango",
        "KOJIN_BANGO", "employee.my_number", "マイナンバー番号"]
KEY_TEXTS = [
    "フォームから送信がありました。\n\nname={name}\n{k}={n}\nbirthday={d}\nip=192.0.2.{small}\n",
    "【WEB申請 受付内容】\nshain_no : {small}\nname : {name}\n{k} : {n}\naddr : {address}\n",
    "[record]\nid={small}\n{k} = {n}\nname = {name}\nupdated = {d}\n",
    "取込エラーになった1件です。\n{{\"name\": \"{name}\", \"{k}\": \"{n}\", \"dob\": \"{d}\"}}\n"
    "原因を調べてもらえますか。",
    "---\nname: {name}\n{k}: \"{n}\"\nbirth: {d}\n---",
    "UPDATE staff SET {k}='{n}' WHERE staff_id={small};\n実行してよいか確認をお願いします。",
    "{k},{n}\nname,{name}\nbirth,{d}\n",
    "--- 登録情報 ---\n{k}\t{n}\nname\t{name}\ntel\t{phone}",
]


@classes.add(LABELLED, "key and value", 80)
def keys(h, index):
    number = h.number()
    shown = number if h.rng.random() < 0.8 else four(number)
    text = h.say(KEY_TEXTS[index % len(KEY_TEXTS)], name=h.person(),
                 k=h.pick(KEYS), n=shown, d=h.iso_date())
    return h.mail(h.pick(["[自動送信] 申請受付", "フォーム通知", "取込の件",
                          "form2mail", "データ修正依頼"]), text), [number]


HEADS = ["氏名　　　　　　続柄　個人番号", "No 氏名 マイナンバー", "社員番号　氏名　個人番号",
         "名前 / 生年月日 / マイナンバー", "氏名 | 個人番号 | 住所",
         "職員番号\t氏名\tマイナンバー", "《氏名：個人番号》"]


@classes.add(LABELLED, "list with the header on another line", 75)
def listing(h, index):
    count = h.rng.randint(2, 9)
    wanted = [h.number() for _ in range(count)]
    style = index % len(HEADS)
    lines = []
    for n, number in enumerate(wanted, 1):
        who = h.person()
        shown = four(number, "-") if index % 3 == 0 else number
        if index % 5 == 0:
            shown = four(number, " ")
        lines.append([
            f"{who}　　{h.pick(['本人', '妻', '子', '母'])}　{shown}",
            f"{n} {who} {shown}", f"{h.digits(5)}　{who}　{shown}",
            f"{who} / {h.birth()} / {shown}",
            f"{who} | {shown} | {h.address()}",
            f"{h.digits(4)}\t{who}\t{shown}", f"{who}：{shown}"][style])
    text = h.any(["今月の加入者を送ります。\n\n{t}\n\n{c}名です。",
                  "以下、届出対象者の一覧。\n{t}", "{t}\n\n上記{c}名分、手続きをお願いします。"],
                 t="\n".join([HEADS[style], *lines]), c=count)
    return h.mail(h.pick(SUBJECTS), h.body(text)), wanted


def reply_head(h, index):
    who, when = h.person(), h.iso_date()
    return [
        f"{when} {h.time()} {who} <{h.mailbox()}>:",
        f"-------- 元のメッセージ --------\n差出人: {who}\n送信日時: {when}\n"
        f"件名: {h.pick(SUBJECTS)}\n",
        f"On {when}, at {h.time()}, {who} wrote:",
        f"{who}さんが {when} {h.time()} に書かれました:",
        f"From: {who} <{h.mailbox()}>\nSent: {when} {h.time()}\n"
        f"To: {h.person()}\nSubject: {h.pick(SUBJECTS)}\n"][index % 5]


@classes.add(LABELLED, "quoted mail with the number", 75)
def in_quote(h, index):
    number = h.number()
    inner = h.say(BESIDE[(index * 7) % len(BESIDE)], p=h.person(),
                  l=h.pick(LABELS), m=h.pick(MARKS), n=penned(h, number),
                  **short(h))
    mark = ["> ", "", ">> ", "| ", "> "][index % 5]
    old = letters.quoted(inner, mark) if mark else inner
    new = h.any(["受け取りました。登録しておきます。", "{surname}さん\n承知しました。原本もお願いします。",
                 "ありがとうございます。番号の桁数も問題ありませんでした。\n今週中に電子申請します。",
                 "転送します。対応をお願いします。", "下記の件、どなたか処理してください。"])
    text = f"{new}\n\n{h.signature()}\n\n{reply_head(h, index)}\n{old}"
    return h.mail("Re: " + h.pick(SUBJECTS), text), [number]


QUESTIONS = [
    "社会保険の手続きに使うため、ご本人のマイナンバーをこのメールへの返信で教えてください。",
    "お手数ですが、個人番号（12桁の数字）をご返信願います。",
    "扶養に入られるお子様のマイナンバーが未提出です。ご確認のうえ返信ください。",
    "支払調書の作成にあたり、先生の個人番号をお伺いしております。",
    "Could you send me your My Number so that we can finish the tax form?",
    "マイナンバーの下書き欄が空欄でした。番号だけ返信いただければ、こちらで書き足します。",
]
ANSWERS = ["{n}", "{n}です。", "遅くなりました。\n\n{n}", "こちらです。{n}",
           "お待たせしました、\n{n}\nでお願いします。", "{surname}さん\n\n{n}\n\n{p}",
           "{n} です。よろしくお願いいたします。\n{p}", "Here it is: {n}"]


@classes.add(LABELLED, "answer to a quoted question", 90)
def answered(h, index):
    number = h.number()
    question = QUESTIONS[index % len(QUESTIONS)]
    answer = h.say(ANSWERS[index % len(ANSWERS)], n=penned(h, number),
                   p=h.person())
    if index % 3 == 2:      # below the question
        text = f"{letters.quoted(question)}\n\n{answer}"
    else:
        old = h.say("{surname}様\n\nお世話になっております。\n" + question
                    + "\n\n{company}　{dept}")
        text = f"{answer}\n\n{reply_head(h, index)}\n{letters.quoted(old)}"
    return h.mail("Re: " + h.pick(SUBJECTS), text), [number]


@classes.add(LABELLED, "wrapped or flowed", 75)
def wrapped(h, index):
    number = h.number()
    label = h.pick(LABELS)
    shown = [four(number, " "), number, four(number)][index % 3]
    who, where = h.person(), h.address()
    text = h.say(
        "As discussed with payroll, these are the particulars of the person "
        "who joins us next month; {l} {n}, living at {a}, name {p}. "
        "Please keep this mail confidential and delete it afterwards."
        if index % 2 else
        "ご照会のありました{p}様につきまして、ご本人より口頭で伺った内容を次のとおりお伝えします。住所は{a}、"
        "{l}は{n}、電話番号は{phone}です。なお、書面での控えは後日こちらから郵送いたしますので、届きましたらご確認ください。",
        l=label, n=shown, a=where, p=who)
    if index % 2:
        lines = letters.flowed(text)
        part = letters.text_entity(lines, "utf-8", "8bit",
                                   parameters=";format=flowed")
        return letters.letter(h.headers(h.pick(SUBJECTS)), part), [number]
    return h.mail(h.pick(SUBJECTS),
                  letters.folded(h.body(text), h.pick([70, 72, 76]))), [number]


PERSONAL = [
    "{p}\n{b}\n{n}", "氏名 {p}\n生年月日 {b}\n{n}",
    "・{p}（{b}生）　{n}", "{p} 様　{b}\n　　{n}\n　　〒{postcode} {address}",
    "{p} {kana}\n{b} {sex}\n{n}\n{address}",
    "対象の方です。\n{p}さん、生年月日{b}、{n}、住所は{address}。",
]


@classes.add(UNLABELLED, "4-4-4 with name and birth date, no label", 100)
def person_only(h, index):
    number = h.number()
    text = h.say(PERSONAL[index % len(PERSONAL)], p=h.person(), b=h.birth(),
                 sex=h.pick(["男", "女"]), n=four(number, " -"[index % 2]))
    return h.mail(h.pick(SUBJECTS), h.body(text)), [number]


LONE = [
    "{n}", "{p}\n{n}", "お願いします。\n\n{n}", "{n}\n\n以上です。", "{p}　{n}",
    "・{p}　{n}", "さっきの番号です。\n{n}", "番号は {n} でした。", "{surname}です。\n\n{n}",
    "例の番号をお送りします。\n{n}\n見たら消してください。", "{p}さんの分→ {n}",
    "Sent as requested.\n{n}", "控え\n{n}\n{p}",
]
LISTS = ["- {p} {n}", "・{p}：{n}", "{p}\t{n}", "{n}", "{p} {n}", "* {n} ({p})"]


@classes.add(UNLABELLED, "lone number in a mail", 130)
def lone(h, index):
    subject = h.pick(["番号", "送ります", "", "例の件", "Re: 書類", "メモ", "提出します",
                      "Re: ご提出のお願い", "{p}"]).format(p=h.person())
    if index % 4 == 3:
        wanted = [h.number() for _ in range(h.rng.randint(2, 6))]
        shape = h.pick(LISTS)
        text = "\n".join(h.say(shape, p=h.person(), n=number)
                         for number in wanted)
    else:
        wanted = [h.number()]
        text = h.say(LONE[index % len(LONE)], p=h.person(),
                     n=penned(h, wanted[0]))
    if h.rng.random() < 0.5:
        text += "\n\n" + h.signature()
    return h.mail(subject, text), wanted
