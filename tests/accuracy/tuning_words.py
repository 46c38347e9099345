"""Words of the tuning half. People and companies are put together by chance;
none of them is meant."""

SURNAMES = [
    ("佐藤", "サトウ", "sato"), ("鈴木", "スズキ", "suzuki"),
    ("高橋", "タカハシ", "takahashi"), ("田中", "タナカ", "tanaka"),
    ("伊藤", "イトウ", "ito"), ("渡辺", "ワタナベ", "watanabe"),
    ("山本", "ヤマモト", "yamamoto"), ("中村", "ナカムラ", "nakamura"),
    ("小林", "コバヤシ", "kobayashi"), ("加藤", "カトウ", "kato"),
    ("吉田", "ヨシダ", "yoshida"), ("山田", "ヤマダ", "yamada"),
    ("佐々木", "ササキ", "sasaki"), ("山口", "ヤマグチ", "yamaguchi"),
    ("松本", "マツモト", "matsumoto"), ("井上", "イノウエ", "inoue"),
    ("木村", "キムラ", "kimura"), ("林", "ハヤシ", "hayashi"),
    ("清水", "シミズ", "shimizu"), ("斎藤", "サイトウ", "saito"),
    ("三木", "ミキ", "miki"), ("一ノ瀬", "イチノセ", "ichinose"),
    ("五十嵐", "イガラシ", "igarashi"), ("八木", "ヤギ", "yagi")]
GIVEN_NAMES = [
    ("太郎", "タロウ"), ("花子", "ハナコ"), ("一郎", "イチロウ"),
    ("健", "ケン"), ("美咲", "ミサキ"), ("翔太", "ショウタ"),
    ("由美子", "ユミコ"), ("直樹", "ナオキ"), ("恵子", "ケイコ"),
    ("大輔", "ダイスケ"), ("三郎", "サブロウ"), ("七海", "ナナミ"),
    ("裕子", "ユウコ"), ("誠", "マコト"), ("千尋", "チヒロ"),
    ("和也", "カズヤ"), ("香織", "カオリ"), ("拓海", "タクミ")]
COMPANY_FORMS = ["株式会社{}", "{}株式会社", "有限会社{}", "合同会社{}",
                 "(株){}", "一般社団法人{}"]
COMPANY_STEMS = ["サンプル", "見本", "テスト", "ABC", "みほん", "第一例",
                 "エグザンプル", "試験"]
COMPANY_TRADES = ["商事", "工業", "電機", "建設", "食品", "運輸", "製作所",
                  "システム", "印刷", "ソリューションズ"]
DEPARTMENTS = ["総務部", "人事部", "人事課", "経理部", "営業部", "営業第二課",
               "情報システム部", "総務部 労務課", "購買部", "品質保証部",
               "企画室", "管理本部"]
PLACES = ["東京都千代田区丸の内", "東京都港区芝公園", "大阪府大阪市北区梅田",
          "神奈川県横浜市西区みなとみらい", "愛知県名古屋市中区栄",
          "福岡県福岡市博多区博多駅前", "北海道札幌市中央区北一条西",
          "宮城県仙台市青葉区一番町"]
DOMAINS = ["example.co.jp", "sample.example.jp", "corp.test",
           "mihon.example.com", "hr.corp.test", "shoji.example.co.jp"]
MAILERS = ["Microsoft Outlook 16.0", "Becky! ver. 2.75.03 [ja]",
           "Apple Mail (2.3696.120.41.1.1)"]
ADDRESS_LINES = [
    "{company}\n{dept}　{surname}様", "{surname}様", "{surname}さん",
    "{company}\n{dept}\n{person} 様", "各位", "関係者各位",
    "{company} {surname} 様\n(CC: {surname}様)", "{dept} {surname}部長"]
OPENINGS = [
    "いつもお世話になっております。\n{company}の{surname}です。",
    "お疲れさまです。{dept}の{surname}です。",
    "お世話になっております。{surname}でございます。",
    "平素より格別のご高配を賜り、厚く御礼申し上げます。",
    "お疲れ様です。", "おはようございます。{surname}です。",
    "{company} {dept}の{surname}と申します。突然のご連絡失礼いたします。",
    "ご連絡ありがとうございます。"]
CLOSINGS = [
    "以上、よろしくお願いいたします。",
    "お手数をおかけしますが、何卒よろしくお願い申し上げます。",
    "ご確認のほどよろしくお願いいたします。", "取り急ぎご連絡まで。",
    "ご不明な点がございましたら、お気軽にお問い合わせください。",
    "引き続きよろしくお願いいたします。", "よろしくです。"]
SIGNATURES = [
    "--\n{company} {dept}\n{person}\n〒{postcode} {address}\n"
    "TEL: {phone} / FAX: {phone}\nE-mail: {mailbox}",
    "━━━━━━━━━━━━━━━━━━━━\n{company}\n{dept}　{person}\n"
    "電話　{phone}（直通）\n携帯　{mobile}\n{mailbox}\n━━━━━━━━━━━━━━━━━━━━",
    "{person}", "==========================\n{person} <{mailbox}>\n{dept}\n"
    "内線: {small}\n==========================",
    "-- \n{person} / {company}\nhttps://www.example.co.jp/\nTel {phone}"]
