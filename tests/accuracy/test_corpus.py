#!/usr/bin/python3
"""The corpus keeps its promises: no two halves share anything, no list of the
product is read, the same seeds give the same mails."""

import ast
import hashlib
import itertools
import re
import sys
from pathlib import Path

import corpus
import figures
import measure
import tables
from corpus import EVERYDAY, INVALID, LABELLED, POSITIVE, RIVAL, UNLABELLED

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
# A shared string longer than this is no word but a template.
WORD = 9
# Labels that everybody uses; a template around them is not shared.
PLAIN_LABELS = {"個人番号（マイナンバー）", "マイナンバーカード", "個人番号（12桁）"}
# What programs write, not people: names of records and of formats.
FORMATS = re.compile(r"[!-~]*|<.*|.*(NOZEISHA|kojinbango).*", re.S)
# Cases of each kind at the least.
LARGE = {LABELLED: 1600, UNLABELLED: 150, RIVAL: 1200, EVERYDAY: 3000,
         INVALID: 60}
ENOUGH = {"tuning": LARGE, "held-back": LARGE,
          "fresh": {LABELLED: 1500, UNLABELLED: 150, RIVAL: 1000,
                    EVERYDAY: 2500, INVALID: 60},
          "fourth": {LABELLED: 2700, UNLABELLED: 300, RIVAL: 1300,
                     EVERYDAY: 3500, INVALID: 60}}

failures = 0


def check(what, holds, why=""):
    global failures
    print(f"{'PASS' if holds else 'FAIL'}: corpus: {what}"
          + (f": {why}" if why and not holds else ""))
    failures += not holds


def strings(module):
    """Every string in a module's source, without the docstrings."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.FunctionDef))
            and node.body and isinstance(node.body[0], ast.Expr)}
    return {node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in docs}


def templates(hand, class_names):
    found = set()
    for module in (hand.words, *hand.modules):
        found |= {one for one in strings(module)
                  if len(one) > WORD and not FORMATS.fullmatch(one)}
    return found - class_names - PLAIN_LABELS


def names(hand):
    words = hand.words
    return ({one[0] for one in words.SURNAMES},
            {one[0] for one in words.GIVEN_NAMES},
            set(words.COMPANY_STEMS) | set(words.COMPANY_TRADES)
            | set(words.COMPANY_FORMS),
            set(words.PLACES) | set(words.DOMAINS))


def digest(cases):
    seen = hashlib.sha256()
    for case in cases:
        seen.update(case.content)
    return seen.hexdigest()


hands = {name: make() for name, make in corpus.HALVES.items()}
halves = {name: list(hand.cases()) for name, hand in hands.items()}
classes = {name: sorted(one[:3] for one in hand.classes())
           for name, hand in hands.items()}
class_names = {name for _, name, _ in classes["tuning"]}
numbers = {name: {n for case in cases for n in case.wanted + case.rivals}
           for name, cases in halves.items()}

check("tuning and held-back have the same classes, as often",
      classes["tuning"] == classes["held-back"])
for name in ("fresh", "fourth"):
    check(f"the {name} half has the same classes", [
        c[:2] for c in classes[name]] == [c[:2] for c in classes["tuning"]])
for one, other in itertools.combinations(hands.values(), 2):
    pair = f"{one.name} and {other.name} share no"
    shared = templates(one, class_names) & templates(other, class_names)
    check(f"{pair} template", not shared, str(sorted(shared)[:9]))
    for what, ours, theirs in zip(
            ("surname", "given name", "company", "place"),
            names(one), names(other)):
        check(f"{pair} {what}", not ours & theirs, str(ours & theirs))
    # Three years in a row are few; each half has its own of them too.
    both = numbers[one.name] & numbers[other.name]
    check(f"{pair} number", not both, str(sorted(both)[:3]))
for name, cases in halves.items():
    wanted = [n for case in cases for n in case.wanted]
    check(f"{name}: every My Number is valid and stands once",
          all(map(figures.valid, wanted)) and len(set(wanted)) == len(wanted))
    check(f"{name}: no other number is missing from a rival",
          all(case.rivals for case in cases if case.kind == RIVAL))
    check(f"{name}: wrong check digits are wrong", not any(
        figures.valid(n) for case in cases if case.kind == INVALID
        for n in case.rivals))
    count = {kind: sum(case.kind == kind for case in cases)
             for kind in corpus.KINDS}
    check(f"{name}: enough cases", all(
        count[kind] >= least for kind, least in ENOUGH[name].items()),
        str(count))
    check(f"{name}: the same seeds give the same mails",
          digest(corpus.HALVES[name]().cases()) == digest(cases))
    check(f"{name}: a class alone is the class in the whole", all(
        [case.content for case in corpus.HALVES[name]().cases(only)]
        == [case.content for case in cases if case.name == only]
        for only in ("label beside the number", "threads")))

sources = "".join(path.read_text(encoding="utf-8")
                  for path in HERE.glob("*.py") if path.name != "test_corpus.py")
check("no word list of the product is read",
      not re.search(r"conf/words|\"words\"|\.conf\b", sources))
check("both pages have the same chapters",
      re.findall(r"^#+|^\|.*\{", tables.ENGLISH_TEXT, re.M)
      == re.findall(r"^#+|^\|.*\{", tables.JAPANESE_TEXT, re.M))
for name, path in tables.FIRST_RUNS.items():
    check(f"what is kept of the first run has the {name} half's classes", all(
        sorted(result.classes) == [c[:2] for c in classes[name]]
        for result in measure.first_run(path, name).values()))
check("intervals are Wilson's", all(
    abs(got - want) < 5e-5 for got, want in zip(
        (*measure.wilson(0, 3500), *measure.wilson(50, 100),
         *measure.wilson(10, 10)),
        (0.0, 0.0010964, 0.4038315, 0.5961685, 0.7224672, 1.0))))
made = measure.Result("tuning", "standard")
made.classes = {
    (LABELLED, "a"): measure.Tally(count=100, found=90, whole=80),
    (UNLABELLED, "b"): measure.Tally(count=50, found=0),
    (EVERYDAY, "c"): measure.Tally(count=100, found=10)}
check("precision, recall, F1 and F2 are theirs",
      all(abs(got - want) < 1e-9 for got, want in zip(
          made.overall(), (0.9, 0.9, 0.9, 0.9))))
made.profile = "strict"
check("strict counts unlabelled numbers", all(
    abs(got - want) < 1e-9 for got, want in zip(
        made.overall(), (0.9, 0.6, 0.72, 2.7 / 4.2))))
check("positives and others are told apart", set(POSITIVE) < set(
    corpus.KINDS))
sys.exit(1 if failures else 0)
