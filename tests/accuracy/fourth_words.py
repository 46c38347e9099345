"""Words of the fourth half. All people, companies and places are generic."""

SURNAMES = [
    ("榎本", "エノモト", "enomoto"), ("柏木", "カシワギ", "kashiwagi"),
    ("芦田", "アシダ", "ashida"), ("鶴田", "ツルタ", "tsuruta"),
    ("滝沢", "タキザワ", "takizawa"), ("沼田", "ヌマタ", "numata"),
    ("梶原", "カジワラ", "kajiwara"), ("白石", "シライシ", "shiraishi"),
    ("細川", "ホソカワ", "hosokawa"), ("今村", "イマムラ", "imamura"),
    ("堀口", "ホリグチ", "horiguchi"), ("望月", "モチヅキ", "mochizuki"),
    ("永田", "ナガタ", "nagata"), ("松浦", "マツウラ", "matsuura"),
    ("川端", "カワバタ", "kawabata"), ("武井", "タケイ", "takei"),
    ("早川", "ハヤカワ", "hayakawa"), ("笠原", "カサハラ", "kasahara"),
    ("宮下", "ミヤシタ", "miyashita"), ("植木", "ウエキ", "ueki"),
    ("古賀", "コガ", "koga"), ("乾", "イヌイ", "inui"),
    ("長谷部", "ハセベ", "hasebe"), ("神保", "ジンボ", "jimbo"),
    ("勝又", "カツマタ", "katsumata"), ("東海林", "ショウジ", "shoji"),
]
GIVEN_NAMES = [
    ("俊介", "シュンスケ"), ("千夏", "チナツ"), ("光男", "ミツオ"),
    ("早苗", "サナエ"), ("慎之助", "シンノスケ"), ("しおり", "シオリ"),
    ("文彦", "フミヒコ"), ("登志江", "トシエ"), ("湊斗", "ミナト"),
    ("芽衣", "メイ"), ("定夫", "サダオ"), ("佳奈", "カナ"),
    ("昭二", "ショウジ"), ("トシ子", "トシコ"), ("祐樹", "ユウキ"),
    ("理恵", "リエ"), ("勝", "マサル"), ("あかり", "アカリ"),
]
COMPANY_STEMS = ["甲乙丙", "にほへと", "ナントカ", "ほげほげ", "いろいろ", "エービーシー",
                 "ふが", "ためし", "某所"]
COMPANY_TRADES = ["水産", "鉄工所", "ビルメンテナンス", "保育サービス", "酒店",
                  "ソフト", "歯科", "観光", "印刷所", "家具", "牧場"]
COMPANY_FORMS = ["株式会社　{}", "㈲{}", "{}㈱", 
                 "一般財団法人{}", "学校法人{}"]
DEPARTMENTS = ["人事課", "給与係", "経営管理部", "会計チーム", "総務人事Ｇ", "事務局",
               "業務課", "学務課", "医事課", "管財係", "店舗運営部", "品質保証部"]
PLACES = ["青森県八戸市一番町", "茨城県つくば市並木", "群馬県高崎市緑町", "新潟県長岡市東坂之上町",
          "静岡県浜松市中央区元浜町", "三重県津市丸之内", "岡山県倉敷市老松町",
          "愛媛県松山市三番町", "熊本県熊本市中央区水前寺", "沖縄県那覇市久茂地"]
DOMAINS = ["jimu.example.co.jp", "kanri.example.jp", "soumu.test",
           "kaikei.example.net", "shop4.example.com", "gakuen.example"]
MAILERS = ["Thunderbird 128.4.0", "Apple Mail (2.3774.600.62)",
           "Microsoft Outlook for Mac 16.89", "Becky! ver. 2.75.04", "EdMax Ver2.88.1F",
           "Zimbra 8.8.15_GA_4059"]
ADDRESS_LINES = ["{company}\n{dept}　{surname} 様", "{surname}先生\n（cc 事務）", "{dept}各位",
                 "{company} ご担当者さま", "{surname}さん、{surname}さん",
                 "関係者の皆さま", "{surname}課長代理", "（{dept}）{surname}様\n"]
OPENINGS = ["平素より格別のご愛顧を賜り、ありがとう存じます。{company}の{surname}でございます。",
            "お疲れさまです、{dept}{surname}です。", "{surname}です。いつもお世話様です。",
            "朝早くに失礼します。{company}、{surname}です。", "こんにちは。{surname}です。",
            "ご連絡ありがとうございました。{dept}の{surname}です。",
            "突然のメールで失礼いたします。{company}の{surname}です。", "お世話さまになっております。"]
CLOSINGS = ["以上、ご確認のほどお願い申し上げます。", "お手すきの際にお目通しください。",
            "何かあればこのメールに返信でお知らせください。", "よろしくお取り計らいください。",
            "取り急ぎ、用件のみで失礼します。", "では失礼いたします。",
            "引き続きよろしくお願いします。", "よろしくです。"]
SIGNATURES = [
    "--\n{person}\n{company} {dept}\nTel {phone} / Mob {mobile}\n{mailbox}",
    "===========================\n{company}\n  {dept}  {person}\n"
    "  〒{postcode} {address}\n  TEL:{phone}  FAX:{phone}\n"
    "===========================",
    "/////////////////////////////\n{person}（{dept}）\n直通：{phone}\n"
    "E-mail：{mailbox}\n/////////////////////////////",
    "{person}\niPadから送信", "{company}\n{person}\n{address}",
    "+-+-+-+-+-+-+-+-+-+-+\n {person} <{mailbox}>\n 内線 {small}\n"
    "+-+-+-+-+-+-+-+-+-+-+",
]
