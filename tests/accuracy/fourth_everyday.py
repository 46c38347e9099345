"""The fourth half: mails of every day, without a My Number."""

import letters
from corpus import EVERYDAY, Classes
from fourth_forms import as_br, as_div, as_word
from fourth_labelled import reply_head

classes = Classes()

# (subject, text); {o} is a number as programs give it, {t} a parcel's.
KINDS = [
    ("{month}月分ご請求の件", "{month}月分のご請求書をお送りします。\n請求No. {o}\n合計 {amount}円（税込）\n振込期限 {date}"),
    ("納期の確認", "品番{code}、数量{small}の納期はいつでしょうか。前回の注文番号は{o}でした。"),
    ("出荷しました", "{date}に出荷しました。\n運送便：ヤマト運輸\n送り状番号：{t}\n着日：{date}"),
    ("会議室の変更", "{date} {time}からの打合せですが、{small}階の会議室に変わりました。"),
    ("議事メモ", "出席：{surname}、{surname}、{surname}\n1. 来期予算 {amount}千円\n2. 人員配置\n3. 次回は{date} {time}"),
    ("訪問のお礼", "本日はお時間をいただきありがとうございました。ご質問の単価は{amount}円／個です。図面{code}は明日送ります。"),
    ("休暇届", "{date}に半日休暇を取ります。急ぎは{mobile}へどうぞ。"),
    ("サーバ停止のお知らせ", "{date} {time}より{small}分ほどメールが使えません。ご不便をおかけします。"),
    ("安否確認訓練", "訓練です。回答番号{o}を押して送信してください。締切は本日{time}です。"),
    ("見積依頼", "下記の見積りをお願いします。\n・{code}　{small}個\n・{code}　{small}台\n納入先：{address}"),
    ("入金のご報告", "{company}様より{amount}円の入金がありました。消込の伝票は{o}です。"),
    ("社内報{month}月号", "今月の特集は工場見学です。写真の応募は{date}まで。問い合わせは内線{small}へ。"),
    ("健康診断のお知らせ", "対象者は{date}に{place}の会場へ。前日は{time}以降の食事を控えてください。予約番号は{o}です。"),
    ("セール情報", "期間限定！全品{small}％オフ\n会員番号 {o} の方だけのご案内です。\n配信停止はこちら"),
    ("契約更新", "契約番号{o}は{date}に満了します。更新料は{amount}円です。"),
    ("名刺交換のお礼", "先日の展示会では大変お世話になりました。弊社は{place}にて{small}年営業しております。"),
    ("水漏れの件", "{small}号室の水漏れ、業者が{date} {time}に伺います。立会いをお願いします。"),
    ("PTAのお知らせ", "役員会は{date} {time}から図書室で行います。欠席の方は{mobile}まで。"),
    ("学級通信", "{month}月の給食費は{amount}円です。口座振替日は{date}。ノートを{small}冊持たせてください。"),
    ("検査結果について", "検査は{date}に終わりました。診察券番号{small}でお呼びします。再診は{time}から。"),
    ("システム障害報告", "発生 {date} {time}\n復旧 {date} {time}\n影響 {small}名\n原因 調査中（管理番号{o}）"),
    ("新製品のご案内", "型番{code}を発売します。価格は{amount}円、JAN {thirteen}。"),
    ("駐車場の利用", "車両ナンバー{small}-{small}の方、移動をお願いします。管理室 {phone}"),
    ("旅費精算", "申請番号：{o}\n交通費 {amount}円\n宿泊 {amount}円\n承認後{date}に振込みます。"),
    ("宅配便ご不在連絡", "お届けに伺いましたがご不在でした。\n伝票番号 {t}\n再配達は{phone}まで。"),
    ("Teams会議", "会議 ID: {mt}\nパスコード: aB3{small}\n{date} {time}開始"),
    ("決算資料", "売上高 {amount}千円、営業利益 {amount}千円、従業員数{small}名。前年との比較は別紙。"),
    ("求人の応募", "{person}と申します。{small}歳です。面接は{date}以降でお願いします。電話 {mobile}"),
    ("歓送迎会", "{date} {time}～ 会費{amount}円。場所は{place}。参加は{surname}まで。"),
    ("点検のお知らせ", "消防設備点検を{date}に行います。各室に{small}分ほど入ります。"),
    ("本の貸出期限", "返却期限：{date}\n利用者番号 {eight}\n冊数 {month}"),
    ("注文確認", "ご注文番号 {o}\n小計 {amount}円\n送料 {small}0円\nお届け先 〒{postcode} {address}"),
    ("パスワード再設定", "認証コードは{six}です。{small}分以内に入力してください。"),
    ("工事の日程", "工期：{date}～{date}\n工事番号 {o}\n現場：{address}\n代理人：{person}"),
    ("天気と配送", "大雪のため{place}方面は{small}時間の遅れです。お問い合わせ {phone}"),
    ("株主総会", "招集通知をお送りします。議決権の数{small}個。{date} {time}開会。"),
    ("督促状", "{month}月分{amount}円のお支払いが確認できません。お客様番号{o}、行き違いの際はご容赦ください。"),
    ("寄付のお礼", "ご寄付{amount}円を確かに受領しました。領収書番号は{o}です。"),
    ("マンション理事会", "修繕積立金の残高は{amount}円、滞納は{small}件です。"),
    ("研修のご案内", "受講番号 {eight}\n日時 {date} {time}\n会場 {address}\n持ち物 筆記具"),
    ("ロット変更", "{date}製造分よりロット{code}に切り替えます。旧ロットは{small}箱残っています。"),
    ("お詫び", "先ほどのメールに添付漏れがありました。改めてお送りします。ご迷惑をおかけしました。"),
    ("車検", "登録番号 品川{small}0 あ {small}-{small}\n満了日 {date}\n概算 {amount}円"),
    ("保険の更新", "証券番号 {o}\n保険期間 {date}から1年\n保険料 {amount}円"),
    ("取引先登録", "{company}\n登録番号 T{thirteen}\n口座 普通 {seven}\n担当 {person}"),
    ("源泉徴収の納付", "{month}月分の源泉所得税{amount}円を納付しました。整理番号 {eight}"),
    ("棚卸", "帳簿{small}、実数{small}、差異は{month}です。棚番{code}を再度数えてください。"),
    ("レシピ", "鶏肉{small}0g、しょうゆ大さじ{month}、{small}分煮ます。日曜に試してみてください。"),
    ("旅行の予約", "予約番号 {o}\n{date} {time}発\n座席 {small}A\n合計 {amount}円"),
    ("クレーム対応", "お客様（{surname}様、{phone}）から{date}に電話。商品{code}の傷。交換品を{t}で発送済み。"),
    ("社宅の申込", "希望日 {date}、家賃 {amount}円、{small}平米。鍵は管財係へ。"),
    ("給与明細のお知らせ", "{month}月分の給与明細を公開しました。ログインIDは社員番号（{six}）です。"),
    ("アンケートのお願い", "所要{month}分です。抽選で{small}名に{amount}円分の券を差し上げます。"),
    ("図面の差替え", "図番{code}-{six}、改訂{month}。旧図は破棄してください。"),
    ("配車表", "{time} {place} 2t\n{time} {place} 4t\n運転手 {surname} {mobile}"),
    ("農作業の予定", "{date}に田植え、{small}アール。軽トラは{surname}さんが出します。"),
    ("監査の日程", "会計監査は{date}から{month}日間。元帳と伝票{o}以降を用意してください。"),
    ("ドメイン更新", "更新期限 {date}\nお申込番号 {o}\n年額 {amount}円"),
    ("試験結果", "受験番号 {eight}　得点 {small}　順位 {small}/{small}"),
    ("資格取得の連絡", "雇用保険被保険者番号　{four}-{six}-{month}\n資格取得日　{date}\n氏名　{person}\n交付は郵送です。"),
    ("年金手帳の番号", "基礎年金番号は{four}-{six}です。手帳の再交付は{date}に届きます。"),
    ("健康保険証の発行", "記号 {small}　番号 {four}\n保険者番号 {eight}\n資格取得 {date}\n扶養 なし"),
    ("労働保険の年度更新", "労働保険番号 13-1-07-{six}-000\n確定保険料 {amount}円\n申告期限 {date}"),
    ("在留カードの確認", "番号 AB{eight}CD、期限{date}。写しは人事のキャビネットにあります。"),
    ("社会保険料の通知", "{month}月分の保険料は{amount}円です。事業所整理記号 {small}-ｱｲｳ、事業所番号 {five}"),
    ("e-Tax送信完了", "受付番号 {fourteen}{six}\n受付日時 2026/{month}/15 {time}\n種目 法定調書"),
    ("住民税の特別徴収", "指定番号 {eight}、{month}月分 {amount}円、{small}名。異動届は{date}までに。"),
    ("給与振込データ", "振込件数{small}件、合計{amount}円。依頼人コード {ten}、{date}引落です。"),
    ("入社予定者", "{person}（{kana}）{birth}生\n住所 {address}\n電話 {mobile}\n入社日 {date}\n所属 {dept}"),
    ("扶養の確認", "奥様の収入が年{amount}円とのこと。{date}以降の給与明細を3か月分お願いします。"),
    ("住所変更届", "社員番号{six}の{person}、新住所は〒{postcode} {address}、{date}からです。"),
    ("退職者の書類", "離職票は{date}に届きます。被保険者番号は{four}-{six}-{month}、事業所番号は{four}-{six}-{month}です。"),
    ("奨学金", "奨学生番号 {small}-04-{six}\n振込額 {amount}円\n在籍報告は{date}まで"),
    ("学費の納入", "学籍番号 {eight}\n納入額 {amount}円\n依頼書の番号 {o}\n期限 {date}"),
    ("家賃の送金", "{month}月分の家賃{amount}円を送金しました。管理番号{o}、{place}の駐車場代込みです。"),
    ("印税のご案内", "{month}月の印税は{amount}円、部数{small}00部です。ISBN {isbn}。"),
    ("カルテ番号", "ID {eight}の{surname}様、次回は{date} {time}です。処方は{small}日分。"),
    ("レセプト返戻", "{month}月分の返戻が{small}件あります。被保険者証の番号誤り。請求金額 {amount}円。"),
    ("電気の使用量", "供給地点特定番号 0300{ten}{eight}\n使用量 {small}kWh\n請求 {amount}円"),
    ("落とし物", "{date}に{place}で鍵の落とし物がありました。受理番号 {six}。"),
]
EXTRA = [
    "なお、{date}は休業いたします。", "添付はありません。", "電話は{phone}です。", "{surname}さんにも伝えてください。",
    "参考：https://www.example.co.jp/info/{small}", "金額は概算で{amount}円です。", "FAX {phone}",
    "返信は{date}までにお願いします。", "追伸：{place}は{small}度だそうです。", "関連番号：{o}",
    "住所は〒{postcode} {address}です。", "（{dept}・{surname}、携帯{mobile}）",
]


def drawn(h):
    """Numbers as they come, not forced: one in ten passes."""
    eleven = h.digits(11)
    parcel = eleven + str(int(eleven) % 7)
    day = f"2026{h.rng.randint(1, 12):02}{h.rng.randint(1, 28):02}"
    meeting = h.digits(12)
    return {
        "o": h.pick([h.digits(8), h.digits(10), h.digits(12),
                     day + h.digits(4), day + "-" + h.digits(4),
                     f"{h.code()}-{h.digits(5)}", h.digits(6)]),
        "t": h.pick([parcel, "-".join((parcel[:4], parcel[4:8],
                                       parcel[8:]))]),
        "mt": " ".join(meeting[n:n + 3] for n in range(0, 12, 3)),
        "thirteen": h.pick("123456789") + h.digits(12),
        "isbn": f"978-4-{h.digits(4)}-{h.digits(4)}-{h.digits(1)}",
        "fourteen": day + h.digits(6), "ten": h.digits(10),
        "five": h.digits(5), "four": h.digits(4), "six": h.digits(6), "seven": h.digits(7), "eight": h.digits(8)}


def letter_of(h, index):
    """(subject, text) of some kind"""
    subject, text = KINDS[index % len(KINDS)]
    given = drawn(h)
    extra = [h.say(one, **given) for one in h.rng.sample(
        EXTRA, h.rng.randint(0, 3))]
    return h.say(subject, **given), "\n".join([h.say(text, **given), *extra])


@classes.add(EVERYDAY, "business mail", 920)
def business(h, index):
    subject, text = letter_of(h, index)
    return h.mail(subject, h.body(text)), []


@classes.add(EVERYDAY, "threads", 340)
def threads(h, index):
    subject, text = letter_of(h, h.rng.randrange(len(KINDS)))
    for turn in range(h.rng.randint(1, 4)):
        answer = h.any(["承知しました。", "{date}で大丈夫です。", "それでお願いします。{phone}に電話ください。",
                        "確認します。{small}分ください。", "ありがとうございます！", "番号が違うようです。{o}ではないですか。",
                        "{amount}円で手配しました。", "Noted, thanks.", "了解、{surname}に回します。"],
                       **drawn(h))
        text = f"{answer}\n\n{reply_head(h, index + turn)}\n" + \
            letters.quoted(text)
    return h.mail("Re: " + subject, text), []


def newsletter(h):
    items = "".join(
        f'<tr><td><img src="https://cdn.example.com/{h.digits(12)}.jpg" alt="">'
        f'</td><td><a href="https://shop.example.com/item/{h.digits(10)}?u='
        f'{h.digits(12)}">{h.pick(["コート", "靴", "時計", "鍋", "米5kg"])}</a><br>'
        f"{h.amount()}円（税込）</td></tr>" for _ in range(h.rng.randint(2, 9)))
    return letters.html_page(
        f'<table width="600">{items}</table><p style="font-size:10px">会員番号 '
        f"{h.digits(12)}<br>{h.company()} {h.address()} TEL {h.phone()}</p>",
        "utf-8", "<style>.a{width:600px;color:#123456}</style>")


def receipt(h):
    rows = [["品名", "数量", "金額"]] + [
        [h.code(), h.small(), h.amount()] for _ in range(h.rng.randint(1, 8))]
    return letters.html_page(
        f"<p>注文番号：{h.digits(12)}</p>" + letters.html_table(rows)
        + f"<p>合計 {h.amount()}円 配送番号 {h.digits(12)}</p>")


@classes.add(EVERYDAY, "HTML mail", 480)
def html(h, index):
    subject, text = letter_of(h, index * 7)
    page = [lambda: as_word(h, h.body(text)), lambda: newsletter(h),
            lambda: as_div(h, h.body(text)), lambda: receipt(h),
            lambda: as_br(h, h.body(text))][index % 5]()
    return h.mail(subject, text, html=page, plain=index % 3 != 0), []
