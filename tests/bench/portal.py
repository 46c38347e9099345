#!/usr/bin/python3
"""A large file through the portal over TLS, and slow clients beside others.

usage: portal.py --build DIR [--mib 1024] [--slow 500] [--rounds 5]

Over the fake vault (real keys, a real sealed blob). Three bars; a broken one is
a FAIL line and the exit status:

CPU       of sekimori-portal for one download is at most 1.5 times the two AES
          passes that it needs, one to open the file and one for TLS, and the
          rest of TLS, TCP and HTTP. "openssl speed" measures a pass;
          tests/bench/tls_floor all of TLS, TCP and HTTP: the same library
          and settings, nothing read and nothing opened. All three are
          measured in turn, in rounds; the best of each counts.
memory    does not grow with the file, and little with each slow client.
others    get their page beside slow clients about as fast as alone, and nobody
          works for clients who take nothing.
"""

import argparse
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "harness"))

from local import UIDS, free_port, port_answers, wait_for  # noqa: E402

AES_PASSES, AES_TIMES = 2, 1.5
OF_A_VISIT = 8  # files at once (transfers.h)
GROWTH_MIB = 2  # while a file of any size goes out
SLOW_KIB = 192  # of each slow client: a block of the file, TLS, the header
PAGE_TIMES, PAGE_MS = 4, 25  # of a page alone, and what a busy machine adds
WAITING = 0.05  # of a CPU: looks at the links of what is being sent

arguments = argparse.ArgumentParser()
arguments.add_argument("--build", required=True)
arguments.add_argument("--mib", type=int, default=1024)
arguments.add_argument("--slow", type=int, default=500)
arguments.add_argument("--rounds", type=int, default=5)
options = arguments.parse_args()
BUILD = Path(options.build).resolve()
CONFIG = """
general {{ local_domains = {{ "example.co.jp" }}
 postmaster = "p@example.co.jp"
 run_dir = "{place}/run"
 data_dir = "{place}/data"
 log = stderr }}
vault {{ user = "{me}" }}
courier {{ notice_sender = "s@example.co.jp" }}
desk {{ url = "https://desk.example.co.jp" }}
portal {{ listen = "127.0.0.1:{port}"
 url = "https://localhost:{port}"
 certificate = "{place}/crt"
 certificate_key = "{place}/key"
 user = "{user}"
 rate = 100000 }}
policy {{ rule "the rest" {{ action = deliver }} }}
"""
CONTEXT = ssl.create_default_context()
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE
place = Path(tempfile.mkdtemp(prefix="portal-bench-"))
port, floor_port = free_port(), free_port()
failures = 0
processes = []


def bar(name, holds, text):
    global failures
    failures += not holds
    print(f"{'PASS' if holds else 'FAIL'}: {name}: {text}", flush=True)


def run(*argv, **how):
    processes.append(subprocess.Popen(*argv, **how))
    return processes[-1]


def start():
    for name in ("run", "run/vault", "data", "data/portal"):
        (place / name).mkdir()
        (place / name).chmod(0o777)
    place.chmod(0o711)
    for name in ("templates", "static"):
        (place / "data/portal" / name).symlink_to(
            TOP / "quarantine-ui/portal" / name)
    (place / "data/po").symlink_to(BUILD / "po")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-keyout", place / "key", "-out",
                    place / "crt"], check=True, capture_output=True)
    (place / "conf").write_text(CONFIG.format(
        place=place, port=port, me=os.getuid(),
        user=UIDS["portal"] if os.getuid() == 0 else os.getuid()))
    vault = run(
        [BUILD / "tests/quarantine-ui/fake_vault",
         place / "run/vault/vault.sock", str(options.mib)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": "/var/tmp"})
    line = ""
    while not line.startswith("/l/"):
        line = vault.stdout.readline()
    (place / "run/vault/vault.sock").chmod(0o666)
    portal = run(
        [BUILD / "sekimori-portal", "--config", place / "conf"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    floor = run(
        [BUILD / "tests/bench/tls_floor", str(floor_port), place / "crt",
         place / "key", str(options.mib)], stdin=subprocess.PIPE)
    wait_for("the portal", lambda: port_answers(port))
    wait_for("the floor", lambda: port_answers(floor_port))
    return vault, portal, floor, line.split()


def ask(method, path, form=None, cookie="", at=None):
    made = http.client.HTTPSConnection("localhost", at or port,
                                       context=CONTEXT, timeout=600)
    headers = {"Cookie": cookie} if cookie else {}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    made.request(method, path, form, headers)
    return made, made.getresponse()


def cpu(pid):
    """Seconds on a CPU, to the nanosecond, of all threads."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def peak_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def aes_s_per_gb():
    """CPU seconds of one pass: not -elapsed, that counts others' work."""
    out = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes",
                          "65536", "-decrypt", "-evp", "aes-256-gcm"],
                         capture_output=True, text=True, check=True)
    return 1e6 / float(re.findall(r"([0-9.]+)k\s*$", out.stdout, re.M)[-1])


def visit(path, code):
    made, answer = ask("POST", path, f"code={code}")
    tries = 10
    while answer.status == 503 and tries > 0:  # the file is being made
        tries -= 1
        made, answer = ask("POST", path, f"code={code}")
    assert answer.status == 303, answer.status
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    made, answer = ask("POST", path + "/take", "file=2", cookie)
    assert answer.status == 303, answer.status
    return cookie, answer.headers["Location"]


def download_s_per_gb(pid, path, cookie="", at=None):
    before, total = cpu(pid), 0
    made, answer = ask("GET", path, None, cookie, at)
    while piece := answer.read(1 << 20):
        total += len(piece)
    assert answer.status == 200 and total == options.mib << 20, total
    return (cpu(pid) - before) * 1e9 / total


def judge_download(portal, floor, cookie, location):
    ask("GET", location, None, cookie)[0].close()  # pages and threads are there
    base = peak_mib(portal.pid)
    whole, tls, aes = [], [], []
    for _ in range(options.rounds):
        tls.append(download_s_per_gb(floor.pid, "/", at=floor_port))
        whole.append(download_s_per_gb(portal.pid, location, cookie))
        aes.append(aes_s_per_gb())
        print(f"  s/GB: portal {whole[-1]:.3f}, TLS alone {tls[-1]:.3f}, "
              f"AES {aes[-1]:.3f}", flush=True)
    rest = min(tls) - min(aes)
    most = AES_TIMES * AES_PASSES * min(aes) + rest
    beyond = (min(whole) - min(tls)) / min(aes)
    bar("CPU of a download", min(whole) <= most,
        f"{min(whole):.3f} s/GB, at most {most:.3f} = {AES_TIMES} x "
        f"{AES_PASSES} AES-256-GCM passes of {min(aes):.3f} + {rest:.3f} rest "
        f"of TLS; to read and open the file: {beyond:.2f} passes")
    grown = peak_mib(portal.pid) - base
    bar("memory of a download", grown <= GROWTH_MIB,
        f"{base:.1f} MiB before, {grown:.1f} more after "
        f"{options.rounds} x {options.mib} MiB (bar {GROWTH_MIB})")


def page_ms(path, tries=100):
    times = []
    for _ in range(tries):
        start_s = time.monotonic()
        made, answer = ask("GET", path)
        answer.read()
        made.close()
        times.append((time.monotonic() - start_s) * 1000)
    times.sort()
    return times[tries // 2], times[tries * 95 // 100]


def slow_clients(cookie, location, count):
    sockets = []
    for _ in range(count):
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.settimeout(30)
        raw.connect(("127.0.0.1", port))
        sock = CONTEXT.wrap_socket(raw)
        sock.sendall(f"GET {location} HTTP/1.1\r\nHost: localhost:{port}\r\n"
                     f"Cookie: {cookie}\r\n\r\n".encode())
        sockets.append(sock)
    return sockets


def judge_slow_clients(portal, path, code):
    alone, alone_95 = page_ms(path)
    base = peak_mib(portal.pid)
    sockets = []
    while len(sockets) < options.slow:
        sockets += slow_clients(*visit(path, code), min(
            OF_A_VISIT, options.slow - len(sockets)))
    heads = [sock.recv(15) for sock in sockets]
    served = sum(head.startswith(b"HTTP/1.1 200") for head in heads)
    beside, beside_95 = page_ms(path)
    for sock in sockets[:50]:
        sock.recv(1)
    time.sleep(1)
    before = cpu(portal.pid)
    time.sleep(4)
    idle = (cpu(portal.pid) - before) / 4
    bar("waiting for slow clients", idle <= WAITING,
        f"{idle * 100:.1f} % of a CPU (bar {WAITING * 100:.0f})")
    each = (peak_mib(portal.pid) - base) * 1024 / len(sockets)
    most, most_95 = (PAGE_TIMES * one + PAGE_MS for one in (alone, alone_95))
    bar("slow clients are served", served == len(sockets),
        f"{served} of {len(sockets)} get their file")
    bar("a page beside slow clients", beside <= most and beside_95 <= most_95,
        f"{beside:.1f} ms (95 %: {beside_95:.1f}) beside {len(sockets)}, "
        f"alone {alone:.1f} ({alone_95:.1f})")
    bar("memory of slow clients", each <= SLOW_KIB,
        f"{each:.0f} KiB each (bar {SLOW_KIB}), {peak_mib(portal.pid):.1f} MiB"
        " in all")
    for sock in sockets:
        sock.close()


try:
    vault, portal, floor, (path, code) = start()
    cookie, location = visit(path, code)
    judge_download(portal, floor, cookie, location)
    judge_slow_clients(portal, path, code)
finally:
    for process in processes:
        process.terminate()
    subprocess.run(["rm", "-rf", place], check=False)
sys.exit(1 if failures else 0)
