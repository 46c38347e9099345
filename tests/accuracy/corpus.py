"""The labelled corpus: four parts, each by a hand of its own.

A hand is some modules of templates and a module of words. The
corpus imports nothing of the product: neither its words nor its weights.
"""

import random
from dataclasses import dataclass, field

from figures import Figures
import letters

# Kinds of classes, and what they are measured by.
LABELLED = "labelled or structured"
UNLABELLED = "unlabelled"
RIVAL = "rival"
EVERYDAY = "everyday"
INVALID = "wrong check digit"
KINDS = (LABELLED, UNLABELLED, RIVAL, EVERYDAY, INVALID)
POSITIVE = (LABELLED, UNLABELLED)


@dataclass
class Case:
    kind: str
    name: str        # of the class
    content: bytes
    suffix: str      # of the file: .eml, .csv, ...
    wanted: list     # the My Numbers in it
    rivals: list = field(default_factory=list)


class Classes:
    """The classes of a module, in the order of their definition."""

    def __init__(self):
        self.all = []

    def add(self, kind, name, count):
        def register(make):
            self.all.append((kind, name, count, make))
            return make
        return register


class Fields(dict):
    """What a template may name: {company}, {person}, {phone}, ..."""

    def __init__(self, hand, given):
        super().__init__(given)
        self.hand = hand

    def __missing__(self, key):
        return getattr(self.hand, key)()


class Hand:
    """One half's words, templates and random numbers."""

    def __init__(self, name, words, modules, odd):
        self.name = name
        self.words = words
        self.modules = modules
        self.seed = f"{name} half of the corpus"
        self.rng = random.Random(self.seed)
        self.figures = Figures(self.rng, odd)

    # Words.

    def pick(self, choices):
        return self.rng.choice(choices)

    def say(self, template, **given):
        return template.format_map(Fields(self, given))

    def any(self, templates, **given):
        return self.say(self.pick(templates), **given)

    def surname(self):
        return self.pick(self.words.SURNAMES)[0]

    def someone(self):
        """(surname, given name, kana of both, login)"""
        family, family_kana, family_latin = self.pick(self.words.SURNAMES)
        given, given_kana = self.pick(self.words.GIVEN_NAMES)
        return family, given, f"{family_kana} {given_kana}", family_latin

    def person(self):
        family, given, _, _ = self.someone()
        return f"{family} {given}"

    def kana(self):
        return self.someone()[2]

    def company(self):
        return self.pick(self.words.COMPANY_FORMS).format(
            self.pick(self.words.COMPANY_STEMS)
            + self.pick(self.words.COMPANY_TRADES))

    def dept(self):
        return self.pick(self.words.DEPARTMENTS)

    def place(self):
        return self.pick(self.words.PLACES)

    def postcode(self):
        return f"{self.rng.randint(1, 999):03}-{self.rng.randint(0, 9999):04}"

    def address(self):
        rng = self.rng
        return (f"{self.place()}{rng.randint(1, 9)}-{rng.randint(1, 30)}-"
                f"{rng.randint(1, 25)}")

    def domain(self):
        return self.pick(self.words.DOMAINS)

    def mailbox(self):
        return f"{self.someone()[3]}@{self.domain()}"

    def phone(self):
        rng = self.rng
        return self.pick([
            f"0{rng.randint(3, 6)}-{rng.randint(1000, 9999)}-"
            f"{rng.randint(0, 9999):04}",
            f"0{rng.randint(11, 99)}-{rng.randint(100, 999)}-"
            f"{rng.randint(0, 9999):04}",
            f"0120-{rng.randint(100, 999)}-{rng.randint(0, 999):03}"])

    def mobile(self):
        rng = self.rng
        return (f"0{self.pick('789')}0-{rng.randint(1000, 9999)}-"
                f"{rng.randint(0, 9999):04}")

    def date(self):
        rng = self.rng
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        return self.pick([f"{month}月{day}日", f"{month}/{day}",
                          f"2026年{month}月{day}日",
                          f"2026/{month:02}/{day:02}",
                          f"{month}月{day}日（{self.pick('月火水木金')}）"])

    def iso_date(self):
        rng = self.rng
        return (f"{rng.randint(2019, 2027)}-{rng.randint(1, 12):02}-"
                f"{rng.randint(1, 28):02}")

    def birth(self):
        rng = self.rng
        year = rng.randint(1955, 2005)
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        return self.pick([f"{year}年{month}月{day}日",
                          f"{year}/{month:02}/{day:02}",
                          f"昭和{rng.randint(30, 63)}年{month}月{day}日",
                          f"H{rng.randint(1, 15)}.{month}.{day}",
                          f"{year}-{month:02}-{day:02}"])

    def time(self):
        return f"{self.rng.randint(8, 19)}:{self.pick(['00', '15', '30', '45'])}"

    def month(self):
        return str(self.rng.randint(1, 12))

    def small(self):
        return str(self.rng.randint(2, 60))

    def amount(self):
        return f"{self.rng.randint(1, 9999) * self.pick([10, 100, 1000]):,}"

    def digits(self, count):
        return self.figures.digits(count)

    def code(self):
        return self.pick(["A", "B", "KD", "SX", "PO-", "Q", ""]) + \
            self.digits(self.rng.randint(3, 8))

    def number(self):
        return self.figures.number()

    # How people write a number when they are free.

    def written(self, number):
        def four(separator):
            return separator.join((number[:4], number[4:8], number[8:]))
        draw = self.rng.random()
        if draw < 0.42:
            return number
        if draw < 0.62:
            return four(" ")
        if draw < 0.80:
            return four("-")
        wide = {ord("0") + d: 0xff10 + d for d in range(10)}
        if draw < 0.88:
            return number.translate(wide)
        if draw < 0.92:
            return four("－").translate(wide)
        if draw < 0.96:
            return four("　").translate(wide)
        return four(self.pick([" - ", "‐", "ー", "−"]))

    # Mail.

    def opening(self):
        return self.any(self.words.OPENINGS)

    def closing(self):
        return self.any(self.words.CLOSINGS)

    def signature(self):
        family, given, _, login = self.someone()
        return self.any(self.words.SIGNATURES, person=f"{family} {given}",
                        mailbox=f"{login}@{self.domain()}")

    def body(self, text):
        """text with an address line, a greeting, a closing, a signature."""
        parts = [self.any(self.words.ADDRESS_LINES), self.opening(), "",
                 text, "", self.closing()]
        if self.rng.random() < 0.8:
            parts += ["", self.signature()]
        return "\n".join(parts)

    def headers(self, subject, more=()):
        rng = self.rng
        family, given, _, login = self.someone()
        host = self.domain()
        sender = letters.encode_header(f"{family} {given}")
        to = letters.encode_header(self.person())
        stamp = (f"{self.pick(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'])}, "
                 f"{rng.randint(1, 28):02} {self.pick(['Apr', 'Jun', 'Nov'])} "
                 f"2026 {rng.randint(7, 20):02}:{rng.randint(0, 59):02}:"
                 f"{rng.randint(0, 59):02} +0900")
        made = [("From", f"{sender} <{login}@{host}>"),
                ("To", f"{to} <{self.mailbox()}>"),
                ("Subject", subject), ("Date", stamp),
                ("Message-ID",
                 f"<{rng.randint(2 ** 40, 2 ** 60)}.{rng.randint(1, 9999)}"
                 f"@{host}>")]
        if rng.random() < 0.3:
            made.append(("X-Mailer", self.pick(self.words.MAILERS)))
        return made + list(more)

    def charset_for(self, text):
        wanted = self.rng.choices(["utf-8", "iso2022_jp", "cp932"],
                                  [62, 33, 5])[0]
        return wanted if letters.encodable(text, wanted) else "utf-8"

    def boundary(self):
        return f"----=_Part_{self.rng.randint(1, 99)}_" \
            f"{self.rng.randint(10 ** 8, 10 ** 9)}"

    def mail(self, subject, text, files=(), html=None, charset=None,
             how=None, plain=True, more=()):
        """files: entities. html: a page, beside the text or (not plain)
        without it."""
        charset = charset or self.charset_for(text + (html or ""))
        if how is None and not charset.startswith("iso2022"):
            how = self.pick(["base64", "8bit", "quoted-printable"])
        bodies = []
        if plain:
            bodies.append(letters.text_entity(text, charset, how))
        if html is not None:
            bodies.append(letters.text_entity(html, charset, how, "html"))
        body = bodies[0] if len(bodies) == 1 else \
            letters.multipart("alternative", bodies, self.boundary())
        if files:
            body = letters.multipart("mixed", [body, *files], self.boundary())
        headers = self.headers(subject, more)
        header_charset = "utf-8"
        if charset == "iso2022_jp" and "㈱" not in "".join(
                value for _, value in headers):
            header_charset = charset
        return letters.letter(headers, body, header_charset)

    # Cases.

    def classes(self):
        return [one for module in self.modules for one in module.classes.all]

    def cases(self, only=None):
        """All cases of this half. Each class has a seed of its own, so that
        it does not change when another one grows."""
        for kind, name, count, make in self.classes():
            if only is not None and name != only:
                continue
            self.rng.seed(f"{self.seed}: {name}")
            for index in range(count):
                made = make(self, index)
                content, wanted = made[0], made[1]
                suffix = made[2] if len(made) > 2 else ".eml"
                rivals = made[3] if len(made) > 3 else []
                yield Case(kind, name, content, suffix, list(wanted),
                           list(rivals))


def tuning():
    import tuning_everyday
    import tuning_forms
    import tuning_labelled
    import tuning_rivals
    import tuning_tables
    import tuning_words
    return Hand("tuning", tuning_words,
                (tuning_labelled, tuning_forms, tuning_tables, tuning_rivals,
                 tuning_everyday), odd=False)


def held_back():
    import held_everyday
    import held_forms
    import held_labelled
    import held_rivals
    import held_tables
    import held_words
    return Hand("held-back", held_words,
                (held_labelled, held_forms, held_tables, held_rivals,
                 held_everyday), odd=True)


def fresh():
    """By a third hand, after detection was finished."""
    import fresh_columns
    import fresh_everyday
    import fresh_forms
    import fresh_labelled
    import fresh_rivals
    import fresh_tables
    import fresh_words
    return Hand("fresh", fresh_words,
                (fresh_labelled, fresh_forms, fresh_tables, fresh_rivals,
                 fresh_columns, fresh_everyday), odd=None)


def fourth():
    """By a fourth hand; nobody tunes to it."""
    import fourth_columns
    import fourth_everyday
    import fourth_files
    import fourth_forms
    import fourth_labelled
    import fourth_reports
    import fourth_rivals
    import fourth_tables
    import fourth_words
    return Hand("fourth", fourth_words,
                (fourth_labelled, fourth_forms, fourth_tables, fourth_files,
                 fourth_rivals, fourth_columns, fourth_everyday,
                 fourth_reports), odd=None)


HALVES = {"tuning": tuning, "held-back": held_back, "fresh": fresh,
          "fourth": fourth}
