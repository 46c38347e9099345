"""Records of people, as exports hold them; the words come from the hand."""

from dataclasses import dataclass


@dataclass
class Person:
    code: str
    name: str
    kana: str
    birth: str
    sex: str
    address: str
    phone: str
    number: str


def person(hand, number=None, birth_style=0):
    family, given, kana, _ = hand.someone()
    rng = hand.rng
    year, month, day = (rng.randint(1955, 2007), rng.randint(1, 12),
                        rng.randint(1, 28))
    birth = [f"{year}/{month:02}/{day:02}", f"{year}{month:02}{day:02}",
             f"{year}-{month:02}-{day:02}", f"{year}年{month}月{day}日",
             f"S{year % 60 + 2}.{month}.{day}"][birth_style]
    return Person(str(rng.randint(1000, 99999)), f"{family} {given}", kana,
                  birth, rng.choice("男女"), hand.address(), hand.phone(),
                  number or hand.number())


def people(hand, count):
    style = hand.rng.randrange(5)
    return [person(hand, birth_style=style) for _ in range(count)]


def half_kana(text):
    """Full-width katakana as half-width ones, as old programs want."""
    full = ("ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ"
            "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
            "マミムメモヤユヨラリルレロワヲンァィゥェォッャュョー　ヴ")
    half = (["ｶﾞ", "ｷﾞ", "ｸﾞ", "ｹﾞ", "ｺﾞ", "ｻﾞ", "ｼﾞ", "ｽﾞ", "ｾﾞ", "ｿﾞ",
             "ﾀﾞ", "ﾁﾞ", "ﾂﾞ", "ﾃﾞ", "ﾄﾞ", "ﾊﾞ", "ﾋﾞ", "ﾌﾞ", "ﾍﾞ", "ﾎﾞ",
             "ﾊﾟ", "ﾋﾟ", "ﾌﾟ", "ﾍﾟ", "ﾎﾟ"]
            + list("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ")
            + [" ", "ｳﾞ"])
    table = dict(zip(full, half))
    return "".join(table.get(one, one) for one in text)


def pension_file(hand, rows, form):
    """SHFD0006.CSV of the pension office: CP932, half-width kana, no header.
    form: 2221700 (field 40), 2225700 (40) or 2265700 (15)."""
    rng = hand.rng
    place = {"2221700": 40, "2225700": 40, "2265700": 15}[form]
    lines = [f"{rng.randint(1, 47):02},ｸﾄﾜ,{rng.randint(1, 999):03},2026"
             f"{rng.randint(1, 12):02}{rng.randint(1, 28):02},22223",
             "[kanri]", ",001",
             f"{rng.randint(1, 47):02},ｸﾄﾜ,{rng.randint(1, 99999):05},"
             f"{rng.randint(100, 999)},{rng.randint(1, 9999):04},"
             f"{hand.address()},{hand.company()},{hand.person()},"
             f"{hand.phone().replace('-', ',')}", "[data]"]
    for n, one in enumerate(rows, 1):
        year = rng.randint(30, 63)
        fields = [form, "13", "ｸﾄﾜ", f"{rng.randint(1, 99999):05}", str(n),
                  half_kana(one.kana), one.name.replace(" ", "　"), "5",
                  f"{year:02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}",
                  "9", f"08{rng.randint(1, 12):02}"]
        while len(fields) < place - 1:
            fields.append(rng.choice(["", "", str(rng.randint(
                10, 400) * 1000), "9", "31"]))
        fields += [one.number, "", "", ""]
        if rng.random() < 0.3:
            fields[-3:-1] = [hand.digits(4), hand.digits(6)]
        lines.append(",".join(fields))
    return "\r\n".join(lines) + "\r\n"
