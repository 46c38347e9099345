#!/usr/bin/python3
"""A large file through the portal over TLS, and slow clients beside others.

usage: portal.py --build DIR [--mib 1024] [--slow 500]

CPU time and memory of sekimori-portal for one download, over the fake vault
(real keys, a real sealed blob), beside the AES passes that it needs: one to
open the file and one for TLS, as "openssl speed" measures one in the same run.
Then what a page takes while slow clients read a byte now and then.
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

arguments = argparse.ArgumentParser()
arguments.add_argument("--build", required=True)
arguments.add_argument("--mib", type=int, default=1024)
arguments.add_argument("--slow", type=int, default=500)
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
port = free_port()


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
    vault = subprocess.Popen(
        [BUILD / "tests/quarantine-ui/fake_vault",
         place / "run/vault/vault.sock", str(options.mib)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = ""
    while not line.startswith("/l/"):
        line = vault.stdout.readline()
    (place / "run/vault/vault.sock").chmod(0o666)
    portal = subprocess.Popen(
        [BUILD / "sekimori-portal", "--config", place / "conf"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    wait_for("the portal", lambda: port_answers(port))
    return vault, portal, line.split()


def connection():
    return http.client.HTTPSConnection("127.0.0.1", port, context=CONTEXT,
                                       timeout=600)


def ask(method, path, form=None, cookie="", **fields):
    made = connection()
    headers = {"Cookie": cookie, **fields}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    made.request(method, path, form, headers)
    return made, made.getresponse()


def cpu(pid):
    stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def aes_gb_per_s():
    out = subprocess.run(["openssl", "speed", "-elapsed", "-seconds", "2",
                          "-bytes", "16384", "-evp", "aes-256-gcm"],
                         capture_output=True, text=True, check=True)
    found = re.findall(r"([0-9.]+)k\s*$", out.stdout, re.M)
    return float(found[-1]) / 1e6


def visit(path, code):
    made, answer = ask("POST", path, f"code={code}")
    assert answer.status == 303, answer.status
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    made, answer = ask("POST", path + "/take", "file=2", cookie)
    assert answer.status == 303, answer.status
    return cookie, answer.headers["Location"]


def page_ms(path, tries=50):
    times = []
    for _ in range(tries):
        start_s = time.monotonic()
        made, answer = ask("GET", path)
        answer.read()
        times.append((time.monotonic() - start_s) * 1000)
    return sorted(times)[tries // 2]


def slow_clients(cookie, location, count):
    sockets = []
    for _ in range(count):
        raw = socket.create_connection(("127.0.0.1", port), 30)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock = CONTEXT.wrap_socket(raw)
        sock.sendall(f"GET {location} HTTP/1.1\r\nHost: localhost\r\n"
                     f"Cookie: {cookie}\r\n\r\n".encode())
        sockets.append(sock)
    return sockets


vault, portal, (path, code) = start()
try:
    cookie, location = visit(path, code)
    before, base = cpu(portal.pid), peak_mib(portal.pid)
    begun = time.monotonic()
    made, answer = ask("GET", location, None, cookie)
    total = 0
    while True:
        piece = answer.read(1 << 20)
        if not piece:
            break
        total += len(piece)
    used, took = cpu(portal.pid) - before, time.monotonic() - begun
    assert total == options.mib << 20, total
    gb = total / 1e9
    speed = aes_gb_per_s()
    passes = 2 * gb / speed
    print(f"{gb:.2f} GB in {took:.1f} s: portal CPU {used / gb:.2f} s/GB, "
          f"two AES-256-GCM passes {passes / gb:.2f} s/GB "
          f"({speed:.2f} GB/s each): {used / passes:.2f}x")
    print(f"memory {base:.1f} MiB before, at most {peak_mib(portal.pid):.1f} MiB")
    alone = page_ms(path)
    sockets = slow_clients(cookie, location, options.slow)
    beside = page_ms(path)
    print(f"a page: {alone:.1f} ms alone, {beside:.1f} ms beside "
          f"{len(sockets)} slow clients; memory {peak_mib(portal.pid):.1f} MiB")
    for sock in sockets:
        sock.close()
finally:
    portal.terminate()
    vault.stdin.close()
    vault.kill()
    subprocess.run(["rm", "-rf", place], check=False)
