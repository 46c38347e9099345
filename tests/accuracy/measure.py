"""Scan a half of the corpus and count what was found."""

import json
import math
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from corpus import EVERYDAY, INVALID, LABELLED, POSITIVE, RIVAL, UNLABELLED

PROFILES = ("standard", "strict")
LEVELS = ("suspect", "sure")


def wilson(hits, count, z=1.959964):
    """The 95 % interval of a share."""
    if count == 0:
        return 0.0, 1.0
    share = hits / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count
                           + z * z / (4 * count * count))
    below = 1 + z * z / count
    return max(0.0, (middle - spread) / below), \
        min(1.0, (middle + spread) / below)


@dataclass
class Tally:
    """Of one class, or of one kind."""
    count: int = 0
    found: int = 0       # positives: with one of the right numbers
    whole: int = 0       # positives: with all of them
    unscannable: int = 0
    misses: list = field(default_factory=list)

    def add(self, other):
        self.count += other.count
        self.found += other.found
        self.whole += other.whole
        self.unscannable += other.unscannable

    def share(self):
        return self.found / self.count if self.count else 0.0


def write_cases(cases, directory):
    """{file name: case}; the names say nothing about the class."""
    places = {}
    directory.mkdir(parents=True)
    for index, case in enumerate(cases):
        path = directory / f"{index:05}{case.suffix}"
        path.write_bytes(case.content)
        places[str(path)] = case
    return places


def start_scan(program, directory, profile, out):
    argv = [program, "scan", "--json", "--reveal", "--explain"]
    if profile != "standard":
        argv += ["--profile", profile]
    return subprocess.Popen([*argv, "-r", str(directory)], stdout=out,
                            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)


def found_numbers(report):
    """{number} of suspect and sure findings, twelve digits each."""
    return {one["number"].zfill(12) for one in report["findings"]
            if one["level"] in LEVELS and one.get("number")}


class Result:
    """One half under one profile."""

    def __init__(self, half, profile):
        self.half = half
        self.profile = profile
        self.classes = {}

    def note(self, path, case, report):
        tally = self.classes.setdefault((case.kind, case.name), Tally())
        tally.count += 1
        tally.unscannable += report["verdict"] == "unscannable"
        wanted = set(case.wanted)
        if case.kind in POSITIVE:
            right = report["verdict"] == "found" and \
                bool(found_numbers(report) & wanted)
            # Of a column one number is shown and the others are counted.
            whole = right and (wanted <= found_numbers(report)
                               or report["numbers"] >= len(wanted))
            tally.found += right
            tally.whole += whole
            wrong = not right
        else:
            wrong = report["verdict"] != "clean"
            tally.found += report["verdict"] == "found"
        if wrong:
            tally.misses.append((path, case, report))

    def kind(self, kind):
        total = Tally()
        for (one, _), tally in self.classes.items():
            if one == kind:
                total.add(tally)
        return total

    def overall(self):
        """(precision, recall, F1, F2); unlabelled numbers count as
        positives in the strict profile only, which is made for them."""
        positives = [LABELLED]
        if self.profile == "strict":
            positives.append(UNLABELLED)
        good = Tally()
        for kind in positives:
            good.add(self.kind(kind))
        false = sum(self.kind(kind).found
                    for kind in (RIVAL, EVERYDAY, INVALID))
        precision = good.found / (good.found + false) \
            if good.found + false else 0.0
        recall = good.share()

        def f_beta(square):
            below = square * precision + recall
            return (1 + square) * precision * recall / below if below else 0.0
        return precision, recall, f_beta(1), f_beta(4)


def first_run(path, half):
    """{profile: Result} of counts that were kept of a half's first run."""
    results = {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    for profile in PROFILES:
        results[profile] = Result(half, profile)
        for kind, name, *counts in kept[profile]:
            results[profile].classes[(kind, name)] = Tally(*counts)
    return results


def scan(program, directory, places, half, profile):
    """A Result; raises RuntimeError when the scanner itself failed."""
    out_path = Path(f"{directory}.{profile}.json")
    with open(out_path, "wb") as out:
        process = start_scan(program, directory, profile, out)
        _, errors = process.communicate()
    result = Result(half, profile)
    seen = set()
    with open(out_path, encoding="utf-8") as lines:
        for line in lines:
            report = json.loads(line)
            result.note(report["file"], places[report["file"]], report)
            seen.add(report["file"])
    if process.returncode >= 64 or len(seen) != len(places):
        raise RuntimeError(
            f"{profile}: exit status {process.returncode}, {len(seen)} of "
            f"{len(places)} files: {errors.decode(errors='replace')[-300:]}")
    return result
