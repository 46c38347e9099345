"""Runs test functions one after another and says PASS or FAIL for each."""

import os
import sys
import time
import traceback

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Skip(Exception):
    """Raised by a test that cannot run here; the text says why."""


def main(only=None):
    """Run all (or those whose name holds one of only); the exit status."""
    failed = 0
    for function in TESTS:
        name = function.__name__
        if only and not any(word in name for word in only):
            continue
        start = time.monotonic()
        try:
            function()
            word, reason = "PASS", ""
        except Skip as why:
            word, reason = "SKIP", f": {why}"
        except Exception as error:  # noqa: BLE001 - a test may fail in any way
            traceback.print_exc()
            # The summary of a run shows this line and not the whole log.
            first = (str(error).splitlines() or [""])[0][:200]
            word, reason = "FAIL", f": {type(error).__name__}: {first}"
            failed += 1
        print(f"{word}: {os.path.basename(sys.argv[0])}: {name} "
              f"({time.monotonic() - start:.1f} s){reason}", flush=True)
    return 1 if failed else 0
