#!/usr/bin/python3
"""How many My Numbers are found, and how many other numbers are taken for one.

usage: accuracy.py --root DIR [--half tuning|held-back|fresh|fourth]
                   [--class NAME] [--keep DIR] [--misses] [--write-doc DIR]

Makes the corpus, scans it with the installed program under both profiles,
prints a line per class, and fails when a bar is missed on the held-back half.
"""

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import corpus
import measure
import tables
from corpus import EVERYDAY, INVALID, LABELLED, POSITIVE, RIVAL, UNLABELLED

EXAMPLES_PER_CLASS = 4
# Halves that nobody tunes to and nobody has looked at in order to.
UNSEEN = ("fourth",)


def bars(results):
    """(what, share, limit, at least?, n) of the held-back half."""
    standard = results["standard"]
    clean = measure.Tally()
    for kind in (EVERYDAY, RIVAL):
        clean.add(standard.kind(kind))
    found = [
        ("recall of labelled or structured numbers",
         standard.kind(LABELLED).share(), 0.98, True,
         standard.kind(LABELLED).count),
        ("false alarms on everyday mail", standard.kind(EVERYDAY).share(),
         0.001, False, standard.kind(EVERYDAY).count),
        ("false alarms on rivals", standard.kind(RIVAL).share(), 0.02, False,
         standard.kind(RIVAL).count),
        ("unscannable clean mail", clean.unscannable / max(clean.count, 1),
         0.002, False, clean.count)]
    strict = results.get("strict")
    if strict:
        found.insert(1, ("recall of unlabelled numbers, strict",
                         strict.kind(UNLABELLED).share(), 0.90, True,
                         strict.kind(UNLABELLED).count))
    for name, result in results.items():
        wrong = result.kind(INVALID)
        found.append((f"wrong check digits found, {name}", wrong.share(), 0.0,
                      False, wrong.count))
    return found


def print_result(result):
    unseen = " (unseen)" if result.half in UNSEEN else ""
    print(f"\n== {result.half} half{unseen}, profile {result.profile}")
    for (kind, name), tally in sorted(result.classes.items(), key=lambda one: (
            corpus.KINDS.index(one[0][0]), one[0][1])):
        low, high = measure.wilson(tally.found, tally.count)
        what = "recall" if kind in POSITIVE else "alarms"
        more = f"  all numbers {tally.whole / tally.count:6.1%}" \
            if kind in POSITIVE else ""
        if tally.unscannable:
            more += f"  unscannable {tally.unscannable}"
        print(f"  {kind:22} {name:45} n {tally.count:5}  {what} "
              f"{tally.share():6.1%} [{low:.1%}, {high:.1%}]{more}")
    for kind in corpus.KINDS:
        tally = result.kind(kind)
        if tally.count:
            low, high = measure.wilson(tally.found, tally.count)
            print(f"  {'all: ' + kind:68} n {tally.count:5}         "
                  f"{tally.share():7.2%} [{low:.2%}, {high:.2%}]")
    precision, recall, f_1, f_2 = result.overall()
    print(f"  overall: precision {precision:.4f}  recall {recall:.4f}  "
          f"F1 {f_1:.4f}  F2 {f_2:.4f}")


def terms(finding):
    return " ".join(f"{one['name']}{one['weight']:+d}"
                    for one in finding["evidence"])


def print_misses(result):
    """Only of the tuning half: nobody shall tune on the others."""
    for (kind, name), tally in result.classes.items():
        if not tally.misses:
            continue
        print(f"\n-- {result.profile}: {kind}: {name}: {len(tally.misses)} of "
              f"{tally.count} wrong")
        for path, case, report in tally.misses[:EXAMPLES_PER_CLASS]:
            print(f"   {path}: {report['verdict']}, wanted "
                  f"{len(case.wanted)} number(s): "
                  f"{(case.wanted or case.rivals)[:2]}")
            for one in report["unscannable"][:2]:
                print(f"      unscannable {one['part']}: {one['reason']} "
                      f"{one.get('detail', '')}")
            for one in report["findings"][:3]:
                print(f"      {one['level']} {one.get('score')} "
                      f"{one.get('number')} {one['location']}: {terms(one)}\n"
                      f"      {one.get('context', '')!r}")


def measured(program, half, only, directory):
    """{profile: Result}"""
    cases = corpus.HALVES[half]().cases(only)
    place = directory / half
    places = measure.write_cases(cases, place)
    results = {}
    with ThreadPoolExecutor(2) as pool:
        running = {profile: pool.submit(measure.scan, program, place, places,
                                        half, profile)
                   for profile in measure.PROFILES}
        for profile, one in running.items():
            try:
                results[profile] = one.result()
            except RuntimeError as error:
                print(f"FAIL: accuracy: {half} half: {error}")
    return results


def judge(results):
    """PASS and FAIL lines for the held-back half; True when all pass."""
    good = True
    for what, share, limit, at_least, count in bars(results):
        holds = share >= limit if at_least else share <= limit
        sign = ">=" if at_least else "<="
        print(f"{'PASS' if holds else 'FAIL'}: accuracy: {what}: "
              f"{share:.4f} {sign} {limit} (n = {count})")
        good = good and holds
    if results["standard"].kind(EVERYDAY).count < 3000:
        print("FAIL: accuracy: fewer than 3000 everyday mails")
        return False
    return good


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--half", choices=sorted(corpus.HALVES))
    parser.add_argument("--class", dest="only")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write-doc", type=Path)
    options = parser.parse_args()
    program = str(options.root / "bin" / "sekimori")
    directory = options.keep or Path(tempfile.mkdtemp(prefix="sk-accuracy-"))
    start = time.monotonic()
    results, complete = {}, True
    try:
        for half in [options.half] if options.half else corpus.HALVES:
            if options.keep:
                shutil.rmtree(directory / half, ignore_errors=True)
            results[half] = measured(program, half, options.only, directory)
            complete = complete and len(results[half]) == 2
            for result in results[half].values():
                print_result(result)
                if options.misses and half == "tuning":
                    print_misses(result)
    finally:
        if not options.keep:
            shutil.rmtree(directory, ignore_errors=True)
    print(f"\n{time.monotonic() - start:.0f} s")
    if options.only or "held-back" not in results:
        return 0 if complete else 1
    if "standard" not in results["held-back"]:
        return 1
    good = judge(results["held-back"])
    if options.write_doc and complete and not options.half:
        tables.write(options.write_doc, results["held-back"],
                     bars(results["held-back"]), results["fresh"],
                     results["fourth"])
    return 0 if good and complete else 1


if __name__ == "__main__":
    sys.exit(main())
