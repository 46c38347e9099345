#!/usr/bin/python3
"""Makes the pictures of the guides anew; "make doc-shots" runs it.

usage: doc_shots.py --build DIR --out DIRECTORY

Desk and portal of the build tree run over the fake vault of the unit tests, so
the pictures show made-up mail only. Nothing has to be installed but Chromium, node
and the packages of tests/browser (npm ci).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "harness"))

from local import free_port, port_answers, wait_for  # noqa: E402

LARGEST_BYTES = 120 * 1024
CONFIG = """
general {{
	local_domains = {{ "example.co.jp" }}
	postmaster = "postmaster@example.co.jp"
	run_dir = "{place}/run"
	data_dir = "{place}/data"
	log = stderr
}}
vault {{ user = "{me}" }}
courier {{ notice_sender = "sekimori@example.co.jp" }}
desk {{
	listen = "127.0.0.1:{port}"
	url = "http://127.0.0.1:{port}"
	user = "{desk}"
	login_rate = 1000
}}
portal {{
	company = "{company}"
	listen = "127.0.0.1:{portal_port}"
	url = "http://127.0.0.1:{portal_port}"
	user = "{portal}"
}}
policy {{ rule "the rest" {{ action = deliver }} }}
"""


def prepare(place, build, language, ports):
    company = "関守商事株式会社" if language == "ja" else "Sekimori Trading"
    for name in ("run", "run/vault", "data", "data/portal"):
        (place / name).mkdir()
        (place / name).chmod(0o777)
    place.chmod(0o711)
    for name, where in (("templates", TOP / "quarantine-ui"),
                        ("static", TOP / "quarantine-ui"),
                        ("portal/templates", TOP / "quarantine-ui"),
                        ("portal/static", TOP / "quarantine-ui"), ("po", build)):
        (place / "data" / name).symlink_to(where / name)
    me = os.getuid()
    config = place / "conf"
    config.write_text(CONFIG.format(place=place, company=company, port=ports[0], portal_port=ports[1],
                                    me=me, desk=64105 if me == 0 else me,
                                    portal=64106 if me == 0 else me))
    config.chmod(0o644)
    return config


def started(program, config, place, port):
    with open(place / "log", "ab") as log:
        process = subprocess.Popen([program, "--config", config],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    wait_for(program.name, lambda: port_answers(port))
    return process


def pictures(place, build, language, out):
    ports = free_port(), free_port()
    config = prepare(place, build, language, ports)
    vault = subprocess.Popen(
        [build / "tests/quarantine-ui/fake_vault", place / "run/vault/vault.sock"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    running = []
    try:
        cases = [vault.stdout.readline().strip() for _ in range(4)]
        link = next(line for line in vault.stdout if line.startswith("/l/")).split()
        (place / "run/vault/vault.sock").chmod(0o666)
        for name, port in zip(("desk", "portal"), ports):
            running.append(started(build / f"sekimori-{name}", config, place, port))
        done = subprocess.run(
            ["node", "doc_shots.mjs", language, out, f"http://127.0.0.1:{ports[0]}",
             cases[0], cases[1], cases[3],
             f"http://127.0.0.1:{ports[1]}{link[0]}#{link[1]}"],
            cwd=HERE, check=False)
        if done.returncode != 0:
            print((place / "log").read_text(errors="replace"), file=sys.stderr)
        return done.returncode
    finally:
        for process in running:
            process.terminate()
            process.wait(timeout=20)
        vault.stdin.close()
        vault.wait(timeout=20)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", required=True)
    arguments.add_argument("--out", required=True)
    options = arguments.parse_args()
    out = Path(options.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    status = 0
    for language in ("ja", "en"):
        with tempfile.TemporaryDirectory(prefix="sekimori-shots-") as place:
            status = status or pictures(
                Path(place), Path(options.build).resolve(), language, out)
    for one in sorted(out.glob("*.png")):
        size = one.stat().st_size
        print(f"{size:7} {one.name}")
        if size > LARGEST_BYTES:
            print(f"{one.name} is too large for the repository", file=sys.stderr)
            status = status or 1
    return status


if __name__ == "__main__":
    sys.exit(main())
