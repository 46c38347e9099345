#!/usr/bin/python3
"""sekimori unlock: locked archives as people make them, on the command line.

usage: unlock.py --root PREFIX [NAME...]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import runner  # noqa: E402
from runner import test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
BIN = Path(options.root).resolve() / "bin" / "sekimori"

place = tempfile.TemporaryDirectory(prefix="sekimori-unlock-")
DIR = Path(place.name)
rng = random.Random(1)


def make_files():
    (DIR / "own").write_text("q7\n")
    lines = [f"{rng.randrange(10**6)},{rng.choice(['佐藤', '鈴木'])},東京都\n"
             for _ in range(300)]
    (DIR / "list.csv").write_text("".join(lines))
    (DIR / "memo.txt").write_text("".join(lines[:40]))
    (DIR / "noise.bin").write_bytes(rng.randbytes(9000))


def tool(*argv):
    done = subprocess.run(argv, cwd=DIR, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def infozip(name, password, *members, level="-6"):
    tool("zip", "-q", level, "-P", password, name, *members)
    return DIR / name


def sevenzip(name, password, *members, method="ZipCrypto", level=5):
    tool("7z", "a", "-tzip", f"-p{password}", f"-mem={method}",
         f"-mx={level}", name, *members)
    return DIR / name


def unlock(path, *argv):
    return subprocess.run([BIN, "unlock", *argv, str(path)], text=True,
                          capture_output=True, check=False, timeout=120)


def check_opened(path, password, *argv):
    done = unlock(path, "--json", "--reveal", *argv)
    assert done.returncode == 0, (done.stdout[-300:], done.stderr)
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["opened"] and last["password"] == password, last
    assert last["kind"] == "zip: ZipCrypto", last
    return last


@test
def archives_of_infozip_and_7zip_are_opened_by_a_mask():
    for level in ("-0", "-1", "-6", "-9"):
        check_opened(infozip(f"one{level}.zip", "Kx7q", "list.csv",
                             level=level), "Kx7q", "--mask", "?u?l?d?l")
        check_opened(infozip(f"two{level}.zip", "20261122", "list.csv",
                             "memo.txt", level=level), "20261122",
                     "--mask", "?d{8}")
    for level in (0, 1, 5, 9):
        check_opened(sevenzip(f"seven{level}.zip", "abz9", "list.csv",
                              level=level), "abz9", "--mask", "?a{4}")


@test
def what_is_stored_and_like_no_known_file_is_opened_too():
    archive = infozip("noise.zip", "7305", "noise.bin", level="-0")
    check_opened(archive, "7305", "--mask", "?d{1,4}")


@test
def short_passwords_need_no_mask():
    for password in ("1", "20251231", "secret", "ab12", "Zz"):
        check_opened(infozip(f"short-{password}.zip", password, "list.csv"),
                     password)


@test
def words_are_tried_in_the_forms_people_use():
    (DIR / "words").write_text("kaisha\r\nsakura\n\nSekimori\n")
    for password in ("sakura", "Sakura2026", "KAISHA", "sekimori123!"):
        last = check_opened(
            infozip(f"word-{password}.zip", password, "list.csv"), password,
            "--words", DIR / "words")
        assert last["source"] == "words", last


@test
def japanese_words_are_tried_as_older_programs_write_them():
    (DIR / "words").write_text("会社\nさくらｶﾅ\n表示A\n")
    for number, password in enumerate(("会社", "さくらｶﾅ2026", "表示a")):
        for charset in ("cp932", "utf-8"):
            archive = infozip(f"japanese-{number}-{charset}.zip",
                              password.encode(charset), "list.csv")
            check_opened(archive, password, "--words", DIR / "words")


@test
def what_opens_a_few_bytes_is_not_called_the_password():
    for size, certain in ((1, False), (3, False), (200, True)):
        (DIR / "few").write_bytes(b"7" * size)
        last = check_opened(infozip(f"few-{size}.zip", "q7", "few"), "q7",
                            "--words", DIR / "own")
        assert last["certain"] == certain, last
    (DIR / "few").write_bytes(b"7")
    done = unlock(infozip("few.zip", "q7", "few"), "--words", DIR / "own")
    assert "others would, too" in done.stdout, done.stdout


@test
def a_password_is_shown_only_to_who_asks():
    archive = infozip("hidden.zip", "qzwx", "list.csv")
    for argv in ([], ["--json"]):
        done = unlock(archive, "--mask", "?l{4}", *argv)
        assert done.returncode == 0, done.stderr
        assert "qzwx" not in done.stdout + done.stderr, done.stdout
    assert "qzwx" in unlock(archive, "--mask", "?l{4}", "--reveal").stdout


@test
def progress_says_how_fast_it_is_and_the_time_is_kept():
    archive = infozip("strong.zip", "xF3_kQ9-mmPz", "list.csv")
    done = unlock(archive, "--json", "--budget", "2s", "--mask", "?a{12}")
    assert done.returncode == 1, (done.returncode, done.stderr)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) >= 4, lines
    tried = [line["tried"] for line in lines]
    assert tried == sorted(tried) and tried[-1] > 10**6, tried
    assert all(line["rate"] > 0 for line in lines[1:]), lines
    assert not lines[-1]["opened"] and "password" not in lines[-1], lines
    assert 1900 <= lines[-1]["elapsed_ms"] <= 6000, lines[-1]


@test
def a_wrong_password_opens_nothing():
    archive = infozip("wrong.zip", "kkkkkkkk", "list.csv", "memo.txt")
    done = unlock(archive, "--json", "--reveal", "--mask", "?d{1,7}")
    assert done.returncode == 1, done.stdout
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["tried"] == 11111110 and not last["opened"], last


def office(size):
    """The start of a workbook as Excel writes it, not compressed."""
    name = b"[Content_Types].xml"
    head = (b"PK\3\4\x14\0\6\0\b\0\0\0!\0" + rng.randbytes(12)
            + len(name).to_bytes(2, "little") + (0x208).to_bytes(2, "little")
            + name + b"\xa2\x04\x04\x02\x28\xa0\x00\x02" + bytes(512))
    return head + rng.randbytes(size)


@test
def a_file_that_is_known_opens_the_archive_whatever_its_password():
    long = "V3ry-Lng-Pa$$w0rd-nobody-tries"
    (DIR / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + rng.randbytes(9000))
    stored = infozip("k0.zip", "zR4#k9Lm2q", "list.csv", "memo.txt", level="-0")
    check_opened(stored, "zR4#k9Lm2q", "--known", DIR / "list.csv")
    other = sevenzip("k7.zip", "sEcreT-15", "memo.txt", "photo.jpg")
    check_opened(other, "sEcreT-15", "--known", DIR / "photo.jpg")
    # Compressed as Info-ZIP does; its keys are a password of their own.
    packed = infozip("k6.zip", long, "list.csv", "memo.txt")
    last = unlock(packed, "--json", "--reveal", "--known", DIR / "list.csv")
    keys = json.loads(last.stdout.splitlines()[-1])["password"]
    assert keys.startswith("keys:"), last.stdout
    (DIR / "keys").write_text(keys + "\n")
    check_opened(packed, keys, "--words", DIR / "keys")


@test
def a_search_by_what_is_known_says_how_far_it_came():
    # Of few bytes there are many keys to look at.
    (DIR / "short").write_bytes(rng.randbytes(24))
    archive = infozip("k4.zip", "zR4#k9Lm2q", "short", level="-0")
    done = unlock(archive, "--json", "--budget", "1s", "--known", DIR / "short")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and "time" in lines[-1]["result"], lines[-1]
    assert lines[-1]["total"] > 0, lines[-1]
    assert lines[-1]["tried"] >= lines[-2]["tried"], lines[-2:]


@test
def a_file_that_is_no_member_opens_nothing():
    archive = infozip("k1.zip", "abc", "list.csv")
    done = unlock(archive, "--known", DIR / "memo.txt")
    assert done.returncode == 1 and "--known" in done.stdout, done
    seven = sevenzip("k2.zip", "xF3_kQ9-mmPz", "list.csv", level=9)
    done = unlock(seven, "--known", DIR / "list.csv")
    assert done.returncode == 1, done


@test
def what_programs_always_write_opens_what_is_not_compressed():
    (DIR / "book.xlsx").write_bytes(office(30000))
    archive = infozip("office.zip", "xF3_kQ9-m", "book.xlsx", level="-0")
    check_opened(archive, "xF3_kQ9-m", "--budget", "90s")


@test
def other_locks_are_named_and_tried():
    path = sevenzip("aes.zip", "abc", "list.csv", method="AES256")
    done = unlock(path, "--mask", "?d?d")
    assert done.returncode == 1 and "zip: AES-256" in done.stdout, done
    done = unlock(path, "--mask", "?d?d", "--json")
    last = json.loads(done.stdout.splitlines()[-1])
    # And the one that Office tries by itself.
    assert last["tried"] == last["total"] == 101, last
    done = unlock(path, "--mask", "?l{3}")
    assert done.returncode == 0 and "?l{3}" in done.stdout, done
    tool("zip", "-q", "open.zip", "list.csv")
    assert unlock(DIR / "open.zip").returncode == 1
    assert unlock(DIR / "list.csv").returncode == 1


@test
def every_kind_of_document_opens_in_the_sandbox():
    (DIR / "secret.txt").write_text("foo\nsecret\n")
    samples = HERE.parent / "data" / "locks"
    for name, kind in (
            ("aes192.zip", "zip: AES-192"), ("data.7z", "7z: AES-256"),
            ("ppmd.7z", "7z: AES-256"), ("names.7z", "7z: AES-256 with names"),
            ("agile.xlsx", "ooxml: agile"),
            ("libreoffice.docx", "ooxml: standard"),
            ("libreoffice.odt", "odf: aes256-cbc"),
            ("blowfish.odt", "odf: blowfish"), ("rc4_40.pdf", "pdf: RC4-40"),
            ("aes256_6.pdf", "pdf: AES-256")):
        done = unlock(samples / name, "--words", str(DIR / "secret.txt"))
        assert done.returncode == 0 and kind in done.stdout, (name, done)
        assert "secret" not in done.stdout, done
    done = unlock(samples / "default.xlsx", "--mask", "a")
    assert done.returncode == 0 and "default" in done.stdout, done
    done = unlock(samples / "old.xls", "--mask", "a")
    assert done.returncode == 1 and "xls: encrypted" in done.stdout, done


@test
def damaged_archives_end_in_an_answer():
    whole = infozip("whole.zip", "abc", "list.csv", "memo.txt").read_bytes()
    for i in range(40):
        data = bytearray(whole[:len(whole) * (i + 1) // 40])
        for _ in range(3):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        (DIR / "damaged.zip").write_bytes(data)
        done = unlock(DIR / "damaged.zip", "--mask", "?l{3}")
        assert done.returncode in (0, 1), (i, done.returncode, done.stderr)


@test
def no_program_that_knows_passwords_leaves_a_core():
    archive = infozip("core.zip", "xF3_kQ9-mmPz", "list.csv")
    process = subprocess.Popen([BIN, "unlock", "--budget", "5s", "--mask",
                                "?a{12}", str(archive)],
                               stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        children = []
        while not children and time.monotonic() < deadline:
            time.sleep(0.05)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children"
                            ).read_text().split()
        assert children, "no searcher was started"
        time.sleep(0.3)
        for pid in [str(process.pid), *children]:
            limits = Path(f"/proc/{pid}/limits").read_text()
            line = next(one for one in limits.splitlines()
                        if one.startswith("Max core file size"))
            assert int(line.split()[5]) <= 1, (pid, line)
    finally:
        process.kill()
        process.wait()


@test
def mistakes_are_told_with_what_to_do():
    archive = infozip("any.zip", "abc", "list.csv")
    for argv, word in ((["--mask", "?z"], "mask"),
                       (["--mask", ""], "--mask"),
                       (["--mask", "?a{200}"], "64 characters"),
                       (["--budget", "soon"], "--budget"),
                       (["--words", DIR / "none"], "cannot open")):
        done = unlock(archive, *argv)
        # Not 75: none of them goes away.
        assert 64 <= done.returncode <= 66, (argv, done.returncode)
        assert word in done.stderr, (argv, done.stderr)
    assert unlock(DIR / "missing.zip").returncode >= 64


if __name__ == "__main__":
    make_files()
    sys.exit(runner.main(options.only))
