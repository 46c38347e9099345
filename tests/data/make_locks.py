#!/usr/bin/python3
"""Make the samples under tests/data/locks: whatever is locked by a password.

Run by hand in tests/data; needs zip, 7z, bsdtar, qpdf, soffice,
python3-uno, python3-msoffcrypto-tool. They are made once and kept. The
password is "secret", in japanese_* it is 秘密, and the number inside is the
published example.
"""
import io
import os
import subprocess
import tempfile

OUT = os.path.abspath("locks")
CSV = "氏名,個人番号\r\n山田太郎,123456789018\r\n".encode("cp932")
LONG = CSV + "山田花子,なし\r\n".encode("cp932") * 60
PASSWORD = "secret"
JAPANESE = "秘密"


def run(*command, **settings):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **settings)


def fresh(name):
    path = f"{OUT}/{name}"
    if os.path.exists(path):
        os.remove(path)
    return path


def zips(work):
    """Info-ZIP, 7-Zip and bsdtar; one or two passwords; parts in clear."""
    with open(f"{work}/list.csv", "wb") as f:
        f.write(LONG)
    with open(f"{work}/note.txt", "wb") as f:
        f.write("個人番号：372967742338\r\n".encode())
    with open(f"{work}/clear.txt", "wb") as f:
        f.write(b"nothing\r\n")
    run("zip", "-qXP", PASSWORD, fresh("zipcrypto.zip"), "list.csv",
        "note.txt", cwd=work)
    run("zip", "-q0XP", PASSWORD, fresh("zipcrypto_stored.zip"), "list.csv",
        cwd=work)
    for charset in ("utf-8", "cp932"):
        name = f"japanese_{charset.replace('-', '')}.zip"
        run("zip", "-qXP", JAPANESE.encode(charset), fresh(name), "list.csv",
            cwd=work)
    for bits in (128, 192, 256):
        run("7z", "a", "-tzip", "-mtm-", f"-p{PASSWORD}", f"-mem=AES{bits}",
            fresh(f"aes{bits}.zip"), "list.csv", "note.txt", cwd=work)
    run("bsdtar", "--uid", "0", "--gid", "0", "--format", "zip",
        "--options", "zip:encryption=aes256", "--passphrase", JAPANESE,
        "-cf", fresh("japanese_aes.zip"), "list.csv", cwd=work)
    for bits in (128, 256):
        run("bsdtar", "--uid", "0", "--gid", "0", "--format", "zip",
            "--options", f"zip:encryption=aes{bits}", "--passphrase",
            PASSWORD, "-cf", fresh(f"bsdtar_aes{bits}.zip"), "list.csv",
            "clear.txt", cwd=work)
    run("bsdtar", "--uid", "0", "--gid", "0", "--format", "zip", "--options",
        "zip:encryption=zipcrypt", "--passphrase", PASSWORD, "-cf",
        fresh("bsdtar_zipcrypto.zip"), "list.csv", cwd=work)
    # Both kinds, a second password, and a member that is not locked.
    mixed = fresh("mixed.zip")
    run("7z", "a", "-tzip", "-mtm-", f"-p{PASSWORD}", "-mem=ZipCrypto", mixed,
        "list.csv", cwd=work)
    run("7z", "a", "-tzip", "-mtm-", "-pother", "-mem=AES256", mixed,
        "note.txt", cwd=work)
    run("7z", "a", "-tzip", "-mtm-", mixed, "clear.txt", cwd=work)
    run("7z", "a", "-tzip", "-mtm-", f"-p{PASSWORD}", "-mem=ZipCrypto",
        "-mm=LZMA", fresh("zipcrypto_lzma.zip"), "list.csv", cwd=work)


def main():
    os.makedirs(OUT, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        zips(work)


if __name__ == "__main__":
    main()
