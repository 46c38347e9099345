#!/usr/bin/python3
"""The slowest hundredth of other mail, while one bomb is read.

usage: bystanders.py --root PREFIX --bench PROGRAM [--most PERCENT]

A scanner with two workers for mail, as a daemon; everyday mails of 10 KB come
one after another: alone, while a client has a bomb read all the time, and
beside a process that only counts. The bar is 20 % where a processor is free for
each worker and nothing else runs; where that is not so, what the mails lose
beside the one that counts is the machine's. --most makes it a test, with what
the machine's other work is good for.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
sys.path.insert(0, str(HERE.parent / "faults"))

import bomb_documents  # noqa: E402,F401 - adds its own to BOMBS
import bomb_makers  # noqa: E402
import samples  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--bench", required=True)
arguments.add_argument("--most", type=int)
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--bombs", nargs="*",
                       default=["nested_zip", "digits_txt"])
options = arguments.parse_args()

CONFIG = """
general {{ local_domains = {{"corp.test"}}
 run_dir = "{0}/run" postmaster = "postmaster@corp.test" log = "stderr" }}
milter {{ user = "{1}" }}
courier {{ user = "{1}" notice_sender = "sekimori@corp.test" }}
vault {{ key = "file:/nonexistent/key" }}
desk {{ url = "https://desk.corp.test" }}
scanner {{ user = "{1}" workers = 2 }}
policy {{ rule "all" {{ action = deliver }} }}
"""


def everyday():
    text = ("いつもお世話になっております。打合せは11月25日14時からです。\r\n"
            "TEL 03-1234-5678 / 請求書番号 20261122-0042\r\n\r\n") * 60
    return samples.mail("打合せの件", text)


def bomb(name):
    import base64
    file, content = bomb_makers.BOMBS[name]()
    return (b"From: taro@corp.test\r\nSubject: a\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: application/octet-stream; name=" + file.encode() +
            b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(content))


def main():
    worst = 0
    with tempfile.TemporaryDirectory(prefix="sekimori-bystanders-") as name:
        os.chmod(name, 0o755)
        site = Path(name)
        (site / "run").mkdir()
        (site / "conf").write_text(CONFIG.format(site, os.getuid() or 64102))
        (site / "mail").write_bytes(everyday())
        with open(site / "log", "wb") as log:
            scanner = subprocess.Popen(
                [Path(options.root) / "libexec/sekimori/sekimori-scanner",
                 "--config", site / "conf"], stderr=log)
        try:
            socket = site / "run/scanner/scanner.sock"
            until = time.monotonic() + 10
            while not socket.exists() and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(1)
            assert socket.exists() and scanner.poll() is None, (
                site / "log").read_text()
            for each in options.bombs:
                (site / "bomb").write_bytes(bomb(each))
                said = subprocess.run(
                    [options.bench, socket, site / "mail", site / "bomb",
                     str(options.rounds)], check=True, text=True,
                    stdout=subprocess.PIPE).stdout
                print(f"{each}: {said.splitlines()[-1]}", flush=True)
                worst = max(worst, int(re.search(r"by (-?\d+) %",
                                                 said).group(1)))
        finally:
            scanner.terminate()
            scanner.wait()
    if options.most is None:
        return 0
    word = "PASS" if worst < options.most else "FAIL"
    print(f"{word}: bystanders.py: other_mail_is_hardly_slower_beside_a_bomb "
          f"({worst} %, at most {options.most} %)")
    return 0 if word == "PASS" else 1


sys.exit(main())
