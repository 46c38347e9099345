#!/usr/bin/python3
"""Make the samples under tests/data/mail.

Run by hand in tests/data; needs openssl and gpg. Keys are made for the
occasion and thrown away. The number is a published example.
"""
import mailbox
import os
import subprocess
import tempfile
from email.message import EmailMessage
from email.policy import SMTP

TEXT = "個人番号 123456789018\nFrom now on 氏名 山田太郎\n"
LIST = "氏名,個人番号\r\n山田太郎,123456789018\r\n".encode("cp932")


def mail(subject, text, attached=None):
    made = EmailMessage(policy=SMTP)
    made["From"] = "taro@example.co.jp"
    made["To"] = "hanako@example.com"
    made["Subject"] = subject
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0900"
    made.set_content(text)
    if attached:
        made.add_attachment(attached, maintype="text", subtype="csv",
                            filename="list.csv")
    return made


def run(command, cwd, content=b""):
    return subprocess.run(command, cwd=cwd, check=True, input=content,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def mailboxes(out):
    path = os.path.join(out, "python.mbox")
    if os.path.exists(path):
        os.remove(path)
    box = mailbox.mbox(path)
    for subject, text, attached in (("first", "hello\n", None),
                                    ("second", "list\n", LIST),
                                    ("third", TEXT, None)):
        message = mailbox.mboxMessage(mail(subject, text, attached))
        message.set_from("taro@example.co.jp", (2026, 11, 22, 10, 0, 0, 6, 326, 0))
        box.add(message)
    box.close()


def smime(out, work):
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj",
         "/CN=taro", "-keyout", "key.pem", "-out", "cert.pem"], work)
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
         "3650", "-subj", "/CN=hanako", "-keyout", "rsa.pem", "-out",
         "rsacert.pem"], work)
    body = bytes(mail("inner", "list\n", LIST))
    signed = ["openssl", "cms", "-sign", "-signer", "cert.pem", "-inkey",
              "key.pem", "-nodetach", "-nosmimecap"]
    header = b"From: taro@example.co.jp\r\nSubject: smime\r\n"
    made = {
        "smime_signed.eml": header + run(signed, work, body),
        "smime_signed.p7m": run([*signed, "-outform", "DER"], work, body),
        "smime_stream.p7m": run([*signed, "-outform", "DER", "-stream"], work,
                                body),
        "smime_detached.eml": header + run(
            [c for c in signed if c != "-nodetach"], work, body),
        "smime_encrypted.eml": header + run(
            ["openssl", "cms", "-encrypt", "-aes256", "rsacert.pem"], work,
            body),
        "smime_authenticated.eml": header + run(
            ["openssl", "cms", "-encrypt", "-aes-256-gcm", "rsacert.pem"],
            work, body),
        "data.p7m": run(["openssl", "cms", "-data_create", "-outform", "DER"],
                        work, body),
        "digested.p7m": run(["openssl", "cms", "-digest_create", "-outform",
                             "DER"], work, body),
        "certificates.p7c": run(["openssl", "crl2pkcs7", "-nocrl", "-certfile",
                                 "cert.pem", "-outform", "DER"], work),
        "smime_twice.eml": None,
    }
    inner = run([c for c in signed if c != "-nodetach"], work, body)
    made["smime_twice.eml"] = header + run(signed, work, inner)
    for name, content in made.items():
        with open(os.path.join(out, name), "wb") as f:
            f.write(content)


def pgp(out, work):
    gpg = ["gpg", "--batch", "--quiet", "--homedir", work, "--trust-model",
           "always", "--passphrase", "", "--pinentry-mode", "loopback"]
    run([*gpg, "--quick-generate-key", "taro@example.co.jp"], work)
    text = TEXT.encode()
    made = {
        "clear_signed.txt": ["--clear-sign"],
        "signed.asc": ["--armor", "--sign"],
        "signed.gpg": ["--sign"],
        "signed_plain.asc": ["--armor", "--compress-algo", "none", "--sign"],
        "signed_bzip2.gpg": ["--compress-algo", "bzip2", "--sign"],
        "signed_zlib.gpg": ["--compress-algo", "zlib", "--sign"],
        "stored.asc": ["--armor", "--compress-algo", "none", "--store"],
        "encrypted.asc": ["--armor", "-r", "taro@example.co.jp", "--encrypt"],
        "encrypted.gpg": ["-r", "taro@example.co.jp", "--encrypt"],
        "symmetric.asc": ["--armor", "--passphrase", "x", "--symmetric"],
        "detached.sig": ["--detach-sign"],
        "detached.asc": ["--armor", "--detach-sign"],
    }
    for name, words in made.items():
        with open(os.path.join(out, name), "wb") as f:
            f.write(run([*gpg, *words], work, text))
    for name, words in (("key.asc", ["--armor", "--export"]),
                        ("key.gpg", ["--export"])):
        with open(os.path.join(out, name), "wb") as f:
            f.write(run([*gpg, *words, "taro@example.co.jp"], work))
    run(["gpgconf", "--homedir", work, "--kill", "all"], work)


def main():
    out = os.path.abspath("mail")
    mailboxes(out)
    with tempfile.TemporaryDirectory() as work:
        smime(out, work)
    with tempfile.TemporaryDirectory() as work:
        pgp(out, work)


if __name__ == "__main__":
    main()
