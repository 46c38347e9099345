"""The fourth half: other numbers in text, each passing the check digit."""

import letters
from corpus import RIVAL, Classes
from figures import four

classes = Classes()
COUNT = 42

# Rows of three years that pass, left over by the other halves.
YEARS = ["202520202015", "202820252022", "202420232022", "200320022001",
         "201920182017", "202620242022", "202320192015", "201420192024",
         "201820212024", "201120142017", "199420042014", "200620162026",
         "201020302050", "201320152017", "200920142019", "199920012003",
         "202820182008", "203020252020", "202320132003", "200520032001",
         "201520162017", "202020212022", "198219841986", "199019871984",
         "198919861983", "201720071997", "200720052003", "200720042001"]


def threes(number):
    return " ".join(number[n:n + 3] for n in range(0, 12, 3))


def commas(number):
    return ",".join(number[n:n + 3] for n in range(0, 12, 3))


def plain(number):
    return number


def hyphens(number):
    return four(number)


def dated(number):
    return f"{number[:8]}-{number[8:]}"


def first_digit(h):
    """Not led by a zero, as amounts are not."""
    return h.figures.forced(
        lambda: h.pick("123456789") + h.digits(11))


def point(h):
    """Twelve digits behind a decimal point."""
    return h.figures.forced(lambda: h.digits(12))


def register(name, draw, shows, contexts):
    @classes.add(RIVAL, name, COUNT)
    def make(h, index):
        number = draw(h)
        subject, text = contexts[index % len(contexts)]
        shown = shows[(index // len(contexts)) % len(shows)](number)
        text = h.say(text, n=shown)
        subject = h.say(subject, n=shown)
        text = h.body(text)
        page = letters.html_page(letters.html_lines(text)) \
            if index % 6 == 5 else None
        return h.mail(subject, text, html=page, plain=index % 12 != 5), [], \
            ".eml", [number]


def random_id(h):
    return h.figures.random_id()


def by_day(h):
    return h.figures.forced(lambda: h.figures.day(2017, 2027)
                            + f"{h.rng.randint(1, 4999):04}")


def minute(h):
    return h.figures.forced(
        lambda: h.figures.day(2014, 2027)
        + f"{h.rng.randint(0, 23):02}{h.rng.randint(0, 59):02}")


register("amounts", first_digit, [commas, plain], [
    ("予算案について", "一般会計の歳出総額は{n}円、前年度比で{small}億円の増です。"),
    ("決算短信", "連結売上高 {n}円\n営業利益 {amount}千円\n通期予想は据え置きます。"),
    ("残高のご報告", "運用資産残高：¥{n}（{date}時点）"),
    ("統計", "国全体の輸出額は{n}円で、うち自動車が{small}％でした。"),
    ("基金の積立額", "基金の残高は {n} 円です。来年度は {amount} 円を取り崩します。"),
    ("Treasury", "Outstanding balance as of {iso_date}: JPY {n}\nInterest: JPY {amount}"),
    ("見積総額", "工事費の総額（税抜）　{n}円\n消費税　別途\n工期　{small}か月"),
])
register("bank and payment", random_id, [plain, hyphens], [
    ("お振込のご案内", "下記口座にお振込みください。\n店番 {small}\n振込専用番号 {n}\n口座名義 {company}"),
    ("コンビニ払い", "払込票番号：{n}\n確認番号：{small}\nお支払期限：{date}"),
    ("ペイジーでのお支払い", "収納機関番号 13800\n納付番号 {n}\n確認番号 {small}"),
    ("決済完了のお知らせ", "決済が完了しました。\n決済ID　{n}\n金額　{amount}円\n日時　{date} {time}"),
    ("口座振替のお知らせ", "振替依頼番号{n}で{date}に引き落とします。金額は{amount}円です。"),
    ("Payment received", "We received your payment of JPY {amount}.\nTransaction ID: {n}\nDate: {iso_date}"),
    ("ネットバンキング", "受付番号: {n}\n振込金額: {amount}円\n手数料: 145円\n※お心当たりのない場合はご連絡ください。"),
])
register("cloud accounts", random_id, [plain, hyphens], [
    ("AWS利用料", "AWSアカウント {n} の先月の利用料は {amount} 円でした。"),
    ("権限の追加", "arn:aws:iam::{n}:role/deploy に権限を足しました。反映を確認願います。"),
    ("AWS Notification", "Account ID: {n}\nAlarm: CPUUtilization\nRegion: ap-northeast-1\nState: OK"),
    ("環境一覧", "開発　{n}\n検証　（申請中）\nいずれもAWSのアカウントIDです。"),
    ("ログイン方法", "IAMユーザーでログインしてください。\nアカウントID（12桁）：{n}\nユーザー名：各自"),
    ("請求先の変更", "プロジェクト番号 {n} の請求先アカウントを{dept}に変えました。"),
    ("S3のバケット", "バケットポリシーの Principal に {n} を加えてください。クロスアカウントで読みます。"),
])
register("company registry numbers", lambda h: h.figures.registry(),
         [lambda n: f"{n[:4]}-{n[4:6]}-{n[6:]}", plain], [
    ("登記簿の取得", "会社法人等番号 {n} の履歴事項全部証明書を1通取ってください。"),
    ("与信調査", "商号：{company}\n会社法人等番号：{n}\n本店：{address}\n資本金：{amount}千円"),
    ("登記完了のお知らせ", "役員変更の登記が完了しました（会社法人等番号{n}）。"),
    ("契約書の添付書類", "印鑑証明書\n　会社法人等番号　{n}\n　商号　{company}\n　代表者　{person}"),
    ("取引先マスタ", "{company}、登記番号{n}、{address}、{phone}"),
    ("司法書士より", "本店移転の件、管轄が変わりますので番号は{n}のまま、添付は{small}枚です。会社法人等番号を申請書に書きます。"),
])
register("contracts and customers", random_id, [plain, hyphens], [
    ("ご契約内容の確認", "お客様番号　{n}\nご契約種別　従量電灯B\nご使用場所　{address}"),
    ("会員情報変更のお知らせ", "会員番号 {n} の登録住所を変更しました。"),
    ("保険証券", "証券番号{n}の更新時期となりました。保険料は{amount}円です。"),
    ("ガスの開栓", "お客さま番号：{n}\n開栓日：{date}\n立会い：要"),
    ("解約受付", "契約番号【{n}】の解約を承りました。違約金は発生しません。"),
    ("Your membership", "Customer No. {n}\nPlan: Standard\nRenewal: {iso_date}"),
    ("水道の検針", "水栓番号 {small}\n使用者番号 {n}\n今回の使用量 {small}㎥"),
    ("マイレージ", "お得意様番号{n}、現在のマイル{amount}、有効期限は{date}"),
])
register("corporate numbers", lambda h: h.figures.corporate(),
         [plain, lambda n: "T" + n, lambda n: f"{n[0]}-{four(n[1:])}"], [
    ("インボイス登録番号", "登録番号：{n}\n発行者：{company}\n10%対象 {amount}円"),
    ("法人番号の照会", "法人番号 {n}（{company}）で国税庁サイトに載っています。"),
    ("請求書送付", "{company}\n適格請求書発行事業者登録番号 {n}\n合計 {amount}円（税込）"),
    ("取引先登録のお願い", "貴社の法人番号が{n}で登録されています。変更があればお知らせください。"),
    ("支払者の欄", "源泉徴収票の支払者欄は、法人番号{n}、{company}、{address} と印字されます。"),
    ("補助金申請", "GビズIDの登録に法人番号（{n}）が要ります。印鑑証明と一緒に送ります。"),
])
register("decimals", point,
         [lambda n: "0." + n, lambda n: "35." + n, lambda n: "139." + n], [
    ("座標", "現地の緯度経度\n{n}\n地図アプリに貼って開いてください。"),
    ("計算結果", "係数は {n} となりました。小数第4位で丸めて報告します。"),
    ("Re: simulation", "loss = {n}\naccuracy = 0.91\nepoch = {small}"),
    ("分析", "標準偏差は{n}、平均は{small}でした。"),
    ("為替", "計算に使ったレートは{n}円です。切り捨てで{amount}円です。"),
    ("測量データ", "点名 T-{small}　X={n}　標高 {small}m"),
])
register("driving licence numbers", lambda h: h.figures.licence(),
         [plain, hyphens], [
    ("車両使用の届出", "運転者：{person}\n免許証番号：{n}\n有効期限：{iso_date}"),
    ("レンタカー予約", "免許証の番号は第{n}号です。ゴールド、眼鏡等の条件あり。"),
    ("本人確認書類", "運転免許証（番号 {n}）にて本人確認を行いました。"),
    ("マイカー通勤申請", "申請者 {person}\n車種 軽自動車\n免許証番号 {n}\n任意保険 対人無制限"),
    ("採用者の免許", "中型8t限定、運転免許証番号{n}、交付 {date}。写しは総務へ。"),
    ("事故報告", "相手方運転者 {person}（運転免許 {n}）、連絡先 {mobile}"),
    ("Driver registration", "Driver: registered\nDriver's license no.: {n}\nExpires: {iso_date}"),
])


def uuid_tail(h):
    return h.figures.forced(lambda: h.digits(12))


def hexed(number):
    return f"3f2b8c1e-77aa-4d10-9be4-{number}"


register("hexadecimal and UUIDs", uuid_tail,
         [hexed, lambda n: f"sha1: {n}ab34cd90ef12ab34cd90ef12ab34",
          lambda n: f"e41d{n}c09b"], [
    ("エラー報告", "相関ID\n{n}\nこの値でログを検索してください。"),
    ("build #{small}", "commit {n}\nAuthor: ci\n\nfix typo"),
    ("障害連絡", "リクエストID：{n}\n発生時刻：{time}\n影響：なし"),
    ("Session expired", "trace_id={n} status=401"),
    ("チェックサム", "ダウンロード後に照合してください。{n}"),
])
register("invoice and quotation numbers", random_id, [plain, hyphens], [
    ("ご請求書（{n}）", "請求書番号：{n}\nご請求額：{amount}円\nお支払期日：{date}"),
    ("お見積りの件", "見積No.{n}をお送りします。有効期限は{small}日です。"),
    ("納品書", "納品書番号 {n}\n品名 事務用品一式\n数量 {small}"),
    ("領収書の発行", "領収書No. {n} を発行しました。宛名は{company}様です。"),
    ("支払明細", "伝票番号{n}分として{amount}円を{date}に振り込みます。"),
    ("Invoice", "Invoice number: {n}\nAmount due: JPY {amount}\nDue date: {iso_date}"),
    ("検収のお願い", "注文書番号{n}の検収をお願いします。未検収が{small}件あります。"),
])
register("meeting numbers", random_id, [threes, plain, hyphens], [
    ("定例会のご案内", "Microsoft Teams に参加\n会議 ID: {n}\nパスコード: xK7aP2"),
    ("Web面接", "当日はこちらからお入りください。\nミーティングID：{n}\nパスワード：当日お知らせ"),
    ("Meeting invitation", "Join the meeting\nMeeting ID: {n}\nPasscode: 4Tq9Lz"),
    ("研修の接続先", "会議番号 {n}、開始は{date}の{time}です。"),
    ("電話で参加", "電話会議の会議ID：{n}#\n市内通話 {phone}"),
    ("保護者会（オンライン）", "オンライン保護者会の会議ＩＤは{n}です。{time}から入室できます。"),
])
register("numbers without a label", random_id, [plain, hyphens], [
    ("現品票", "倉庫に残っていたもの\n{n}\n赤い箱です。"),
    ("タグ", "{n} の棚が空いています。{small}番と入れ替えます。"),
    ("メモ", "棚卸しで見つかりました。{n}、帳簿にありません。"),
    ("Re: 確認", "{n} で検索しましたが出てきません。削除されたようです。"),
    ("備品", "プリンタの裏のシールには {n} とありました。"),
    ("在庫", "{n}　{small}個\n残りは{date}に入ります。"),
])
register("order and ticket numbers by date", by_day, [plain, dated], [
    ("ご注文ありがとうございます", "ご注文番号：{n}\n商品代金：{amount}円\n発送予定：{date}"),
    ("問い合わせ受付 [{n}]", "お問い合わせを承りました。管理番号は {n} です。"),
    ("チケットの更新", "チケット{n}が「対応中」になりました。"),
    ("稟議の決裁", "稟議No.{n}「{company}との契約」が承認されました。"),
    ("発注書", "発注No {n}\n納期 {date}\n金額 {amount}円"),
    ("作業指示", "指示書{n}のとおり、{date}に{place}で作業します。"),
    ("Order shipped", "Your order {n} has shipped. Total: {amount} yen."),
])
register("parcel numbers", lambda h: h.figures.parcel(), [hyphens, plain], [
    ("発送のお知らせ", "本日発送しました。\n送り状番号：{n}\n配送：宅急便"),
    ("荷物の行方", "伝票番号{n}の荷物がまだ届きません。{date}の{time}指定でした。"),
    ("出荷完了", "運送会社　佐川急便\nお問い合せ送り状No.　{n}\n個数　{small}"),
    ("再配達のご依頼", "追跡番号 {n}\n再配達希望 {date} 午前中"),
    ("書類を送りました", "レターパックで送りました。お問い合わせ番号は{n}です。"),
    ("返品", "着払いで返送します。ヤマト {n}"),
    ("Shipped", "Tracking number: {n}\nCarrier: Japan Post"),
])
register("product codes", lambda h: h.figures.upc(), [plain], [
    ("輸入品の登録", "UPC {n}\n品名 チョコレート\n入数 {small}"),
    ("商品マスタ修正", "商品コード{n}の売価を{amount}円に直してください。"),
    ("欠品連絡", "JANコード：{n}\n次回入荷：{date}"),
    ("棚札", "バーコード {n} が読めません。貼り直しを頼みます。"),
    ("品番", "品番{n}は廃番です。代わりの型番は{code}です。"),
    ("Item set-up", "GTIN-12: {n}\nDescription: sauce 300 ml\nCase: {small}"),
])
register("receptions and reservations", random_id, [plain, hyphens], [
    ("ご予約確認", "予約番号：{n}\nチェックイン：{date} {time}\n大人2名"),
    ("受付完了", "受付番号は{n}です。お問い合わせの際に必要です。"),
    ("電子申請", "申請の到達番号　{n}\n手続名　道路使用許可\n到達日時　{date} {time}"),
    ("健診の予約", "予約No.{n}　{date}　{time}　バリウムなし"),
    ("新幹線", "お預かり番号 {n}\nのぞみ{small}号 {month}号車"),
    ("修理受付票", "修理受付No. {n}\n品名 ノートパソコン\n預り日 {date}"),
    ("Booking", "Reservation no. {n}\nCheck-in {iso_date}\n2 guests"),
])
register("serial numbers and lots", random_id, [plain, hyphens], [
    ("機器の故障", "製造番号{n}の複合機で紙詰まりが続きます。"),
    ("ロット不良", "ロットNo.{n}で{small}個の不良が出ました。"),
    ("ライセンス", "シリアル番号：{n}\n端末：会議室PC"),
    ("リコール対象", "対象製品のS/N {n} をお持ちの方は{phone}まで。"),
    ("計器の校正", "管理番号 {n}\n校正日 {iso_date}\n結果 良"),
    ("Asset list", "Serial: {n}\nModel: LX-{small}\nLocation: {small}F"),
])


def in_sixteen(h):
    return h.figures.sixteen()


register("sixteen digits", in_sixteen, [plain], [
    ("e-Taxの番号", "利用者識別番号は{n}です。暗証番号は別に伝えます。"),
    ("ギフトカード", "カード番号 {n}\n残高 {amount}円"),
    ("口座番号", "IBANではなく{n}を使うそうです。"),
    ("ICカード再発行", "カードID：{n}\n使用者：{person}"),
    ("伝票", "集約番号{n}、{date}分です。"),
])
register("sixteen digits in groups", in_sixteen,
         [lambda n: "-".join(n[k:k + 4] for k in range(0, 16, 4)),
          lambda n: " ".join(n[k:k + 4] for k in range(0, 16, 4))], [
    ("法人カード", "カード番号：{n}\n有効期限：{month}/29\n利用枠：{amount}円"),
    ("e-Tax", "利用者識別番号　{n}\nでログインし、電子納税をお願いします。"),
    ("ポイントカード", "{n}\n裏面のシールの番号です。"),
    ("プリペイド", "コード {n} をチャージ画面に入れてください。"),
    ("Card on file", "Card: {n}\nExp: 0{month}/29"),
])
register("telephone numbers", lambda h: h.figures.mobile(),
         [lambda n: f"+{n[:2]} {n[2:4]} {n[4:8]} {n[8:]}",
          lambda n: f"+{n[:2]}-{n[2:4]}-{n[4:8]}-{n[8:]}",
          lambda n: "+" + n, lambda n: f"+{n[:2]}({n[2:4]}){n[4:8]}-{n[8:]}"], [
    ("出張中の連絡先", "海外からは {n} にかけてください。"),
    ("Contact", "Mobile: {n}\nOffice: {phone}"),
    ("緊急連絡網", "{person}　{n}\n{person}　{mobile}"),
    ("WhatsApp", "My number is {n}, call any time after {time}."),
    ("国際電話", "携帯{n}（{surname}）、時差に注意。"),
])
register("times", minute, [
    plain, lambda n: f"{n[:8]} {n[8:]}", lambda n: f"{n[:8]}_{n[8:]}"], [
    ("バックアップ完了", "開始 {n}\n終了コード 0"),
    ("夜間バッチ", "最終更新：{n}\n件数：{amount}"),
    ("監視", "timestamp={n} host=web{small} status=ok"),
    ("録画", "ファイル rec_{n}.mp4 を共有に置きました。"),
    ("帳票出力", "出力日時　{n}\n帳票ID　{code}"),
    ("入退館記録", "{n} 入館 3階\n記録は1年保管です。"),
])
YEARS_LEFT = [
    ("推移", "{n}\n人口は減り続けています。"),
    ("年次別の資料", "年度 {n} の資料を集めています。"),
    ("大会の開催年", "前回までの開催は {n} です。次はまだ決まっていません。"),
    ("卒業年次", "{n}年の卒業生に案内を出します。"),
    ("グラフの軸", "横軸の目盛りは {n} としました。"),
    ("決算期", "比較対象\n{n}\n（いずれも3月期）"),
    ("マイナンバー制度の年表", "普及率の調査年：{n}\n番号は扱いません。"),
]


@classes.add(RIVAL, "years", COUNT)
def years(h, index):
    number = YEARS[index % len(YEARS)]
    subject, text = YEARS_LEFT[index % len(YEARS_LEFT)]
    text = h.say(text, n=four(number, [" ", "-", "、", "/"][index % 4]))
    return h.mail(subject, h.body(text)), [], ".eml", [number]


WEB = [
    "https://shop.example.com/orders/{n}/detail", "http://www.example.jp/?id={n}",
    "https://example.net/track?no={n}&lang=ja", "{n}@mail.example.com",
    "https://files.example.com/d/{n}.pdf", "ftp://ftp.example.jp/pub/{n}/",
    "https://meet.example.com/j/{n}?pwd=a1b2c3",
]


@classes.add(RIVAL, "addresses of the web", COUNT)
def web(h, index):
    number = h.figures.random_id()
    link = WEB[index % len(WEB)].format(n=number)
    text = h.any(["資料はこちらです。\n{u}", "下記URLからお手続きください。\n{u}\n期限は{date}です。",
                  "リンク {u} を開けませんでした。", "マイナンバーカードの交付予約の案内ページです。\n{u}"], u=link)
    if index % 3 == 2:
        page = letters.html_page(
            f'<p>詳しくは<a href="{link}">こちら</a>をご覧ください。</p>'
            f'<img src="https://img.example.com/{number}.png">')
        return h.mail("ご案内", "詳しくはHTML版で。", html=page), [], ".eml", \
            [number]
    return h.mail("ご案内", h.body(text)), [], ".eml", [number]
