#!/usr/bin/python3
"""Everything that "./bootstrap check" runs, and its last line.

usage: suite.py --build DIR --check|--soak
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--build", required=True)
arguments.add_argument("--check", action="store_true")
arguments.add_argument("--soak", action="store_true")
options = arguments.parse_args()
BUILD = Path(options.build)
ROOT = BUILD / "root"

LINE = re.compile(r"^(PASS|FAIL|SKIP|XPASS|ERROR): (.*)$")
counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}


def show_tail(text, lines):
    print("\n".join("   | " + line for line in text.splitlines()[-lines:]),
          flush=True)


def show_unit_log(name):
    """What a unit test of make check said: it stands in a log of its own."""
    place = BUILD
    if name.startswith("sanitized: "):
        name = name[len("sanitized: "):]
        place = max(BUILD.glob("sanitized-*"),
                    key=lambda path: path.stat().st_mtime)
    log = place / (name.split()[0] + ".log")
    if log.is_file():
        show_tail(log.read_text(errors="replace"), 40)


def step(name, argv, limit_s, cwd=TOP, needs_lines=True, env=None):
    """Run one step, count its PASS/FAIL lines; a step that dies has failed."""
    start = time.monotonic()
    print(f"== {name}", flush=True)
    failed_before = counts["FAIL"]
    seen = 0
    log = BUILD / ("suite-" + re.sub(r"\W+", "-", name) + ".log")
    with open(log, "w", encoding="utf-8", errors="replace") as out:
        process = subprocess.Popen(
            ["timeout", "-k", "20", str(limit_s), *map(str, argv)], cwd=cwd,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL)
        for line in process.stdout:
            out.write(line)
            match = LINE.match(line)
            if not match:
                continue
            word = {"XPASS": "FAIL", "ERROR": "FAIL"}.get(match[1], match[1])
            counts[word] += 1
            seen += 1
            if word != "PASS":
                print(f"{word}: {match[2]}", flush=True)
            if word == "FAIL":
                show_unit_log(match[2])
        status = process.wait()
    if status != 0 and counts["FAIL"] == failed_before or \
            (needs_lines and seen == 0):
        counts["FAIL"] += 1
        print(f"FAIL: {name}: exit status {status}")
    if counts["FAIL"] > failed_before:
        show_tail(log.read_text(errors="replace"), 60)
    elif not needs_lines:
        counts["PASS"] += 1
    print(f"   {seen} results in {time.monotonic() - start:.0f} s", flush=True)


def browser():
    """playwright-core from npm, for the tests in a real browser."""
    place = TOP / "tests" / "browser"
    wanted = [place / "node_modules" / name
              for name in ("playwright-core", "axe-core")]
    if not all(one.exists() for one in wanted):
        got = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"],
                             cwd=place, stdin=subprocess.DEVNULL, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             check=False)
        if got.returncode != 0:
            counts["FAIL"] += 1
            print("FAIL: npm ci: " + got.stdout[-500:])
            return ""
    return str(place)


def python(path, *argv):
    return ["/usr/bin/python3", "-B", TOP / path, *argv]


jobs = str(os.cpu_count() or 1)
in_browser = ["--browser", browser()]
step("unit tests", ["make", "-C", BUILD, "-j", jobs, "check"], 900)
for tool in ("mynumber", "conservation"):
    step(f"the tests' own {tool}.py",
         python(f"tests/harness/test_{tool}.py"), 120)
step("notices", python("tests/flow/notices.py", "--root", ROOT, *in_browser),
     400)
step("flow through Postfix", python("tests/flow/flow.py", "--root", ROOT,
                                    *in_browser), 600)
step("flow through Sendmail", python("tests/flow/flow.py", "--root", ROOT,
                                     "--mta", "sendmail", *in_browser), 600)
step("texts of every kind", python("tests/formats/text_family.py", "--root",
                                   ROOT), 120)
step("samples of every format", python("tests/formats/formats.py", "--root",
                                       ROOT), 300)
step("a tree of files", python("tests/formats/tree.py", "--root", ROOT), 300)
step("everyday mail", python("tests/formats/everyday.py", "--root", ROOT,
                             "--count", "400" if options.check else "2000"),
     600)
step("setup", python("tests/flow/setup.py", "--root", ROOT), 300)
step("pictures", python("tests/flow/pictures.py", "--root", ROOT), 300)
step("profiles", python("tests/flow/profile.py", "--root", ROOT), 300)
step("own words", python("tests/flow/own_words.py", "--root", ROOT), 300)
step("locked archives", python("tests/flow/unlock.py", "--root", ROOT), 300)
step("locked mail", python("tests/flow/locked_mail.py", "--root", ROOT,
                           *in_browser), 300)
step("related mails", python("tests/flow/related.py", "--root", ROOT), 300)
step("portal", python("tests/flow/portal.py", "--build", BUILD, *in_browser),
     300)
step("links", python("tests/flow/links.py", "--root", ROOT, *in_browser,
                     *(["--soak"] if options.soak else [])), 900)
step("link mails", python("tests/flow/link_mail.py", "--root", ROOT,
                          *(in_browser if options.soak else [])), 300)
step("what runs when a link ends", python("tests/flow/link_stop.py",
                                          "--root", ROOT), 300)
step("locks", python("tests/flow/locks.py", "--root", ROOT,
                     *(["--soak"] if options.soak else [])), 1800)
step("self-test mail", python("tests/flow/self_test.py", "--root", ROOT), 300)
if in_browser[1]:
    step("desk in the browser", python("tests/flow/desk.py", "--root", ROOT,
                                       *in_browser), 600)
    step("people in the browser", python("tests/flow/people.py", "--root", ROOT,
                                         *in_browser), 600)
step("doctor", python("tests/flow/doctor.py", "--root", ROOT), 300)
step("doctor asks the portal", python("tests/flow/doctor_portal.py", "--root",
                                      ROOT), 120)
step("hostile mail", python("tests/faults/hostile.py", "--root", ROOT), 600)
step("hostile collection", python("tests/hostile/collection.py", "--root",
                                  ROOT), 300)
step("bombs", python("tests/faults/bombs.py", "--root", ROOT,
                     *([] if options.soak else ["--quick"])), 900)
step("bombs by mail", python("tests/faults/mailed_bombs.py", "--root", ROOT,
                             *([] if options.soak else ["--quick"])), 1800)
step("SMTP level", python("tests/faults/smtp_level.py", "--root", ROOT), 600)
step("bad input", python("tests/faults/bad_input.py", "--root", ROOT,
                         *(["--soak"] if options.soak else [])), 1200)
step("corpus", python("tests/accuracy/test_corpus.py"), 300)
step("accuracy", python("tests/accuracy/accuracy.py", "--root", ROOT), 900)
step("kills", python("tests/faults/kills.py", "--root", ROOT, "--kills",
                     "40" if options.check else "300"), 5400)
step("kills around links", python(
    "tests/faults/link_kills.py", "--root", ROOT,
    *(["--soak"] if options.soak else [])), 3600)
step("links of a stolen gateway", python("tests/faults/link_stolen.py",
                                         "--root", ROOT), 300)
step("power cuts", python("tests/faults/power.py", "--root", ROOT), 900)
step("demo", python("tests/flow/demo.py", "--root", ROOT, "--once"), 300,
     needs_lines=False)
step("sanitizers", ["sh", TOP / "tests/checks/sanitized.sh", BUILD], 2400)
if options.soak:
    step("others beside a bomb", [
        "sh", "-c", f"make -s -C {BUILD} tests/bench/bystander_bench && "
        f"/usr/bin/python3 -B {TOP}/tests/bench/bystanders.py --root {ROOT} "
        f"--bench {BUILD}/tests/bench/bystander_bench --most 50"], 600)
    step("a large download", [
        "sh", "-c", f"make -s -C {BUILD} tests/bench/tls_floor "
        "tests/quarantine-ui/fake_vault && "
        f"/usr/bin/python3 -B {TOP}/tests/bench/portal.py --build {BUILD}"],
         900)
    step("each byte of a PDF", [
        "sh", "-c", f"make -s -C {BUILD} tests/scanners/test_pdf_damage && "
        f"{BUILD}/tests/scanners/test_pdf_damage"], 3600, needs_lines=False,
         env={"top_srcdir": str(TOP), "top_builddir": str(BUILD),
              "SEKIMORI_SWEEP": "1"})
    step("fuzz targets", ["sh", TOP / "tests/checks/fuzzed.sh", BUILD, "30"],
         3600)
    # TSan sees what locks guard; valgrind what no sanitizer build runs.
    step("threads", ["sh", TOP / "tests/checks/sanitized.sh", BUILD, "thread"],
         1800)
    step("valgrind", python(
        "tests/flow/flow.py", "--root", ROOT, "--under",
        "valgrind -q --error-exitcode=88 --leak-check=full "
        "--errors-for-leak-kinds=definite", "clean", "wherever", "notice",
        "byte_for_byte", "goes_back", "ends_well"), 900)
    if in_browser[1]:
        step("a newcomer's path", python("tests/flow/newcomer.py", *in_browser),
             2400)
    step("behind nginx", python("tests/soak/nginx_front.py", "--root", ROOT),
         300)
    step("portal behind nginx", python("tests/soak/nginx_portal.py", "--root",
                                       ROOT), 300)
    step("alert rules", ["sh", TOP / "tests/soak/promtool.sh"], 300)
    step("Debian package", ["bash", TOP / "tests/soak/debian.sh"], 1800)
print(f"{counts['PASS']} passed, {counts['FAIL']} failed"
      + (f", {counts['SKIP']} skipped" if counts["SKIP"] else ""))
sys.exit(1 if counts["FAIL"] else 0)
