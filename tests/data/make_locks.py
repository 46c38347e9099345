#!/usr/bin/python3
"""Make the samples under tests/data/locks: whatever is locked by a password.

Run by hand in tests/data; needs zip, 7z, bsdtar, qpdf, soffice,
python3-uno, python3-msoffcrypto-tool. They are made once and kept. The
password is "secret", in japanese_* it is 秘密, in guess_* a number; and the number inside is the
published example.
"""
import base64
import hashlib
import hmac
import io
import os
import struct
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
    # Times tell when the random bytes of the headers were made.
    for i in range(5):
        with open(f"{work}/part{i}.csv", "wb") as f:
            f.write(LONG + str(i).encode())
    run("zip", "-qP", PASSWORD, fresh("infozip_times.zip"),
        *(f"part{i}.csv" for i in range(5)), cwd=work)
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
    # What is neither stored nor deflated; zipcrypto_lzma.zip, _bzip2.zip, …
    for kind, lock in (("zipcrypto", "ZipCrypto"), ("aes256", "AES256")):
        for method in ("LZMA", "BZip2", "Deflate64", "PPMd", "xz"):
            run("7z", "a", "-tzip", "-mtm-", f"-p{PASSWORD}", f"-mem={lock}",
                f"-mm={method}", fresh(f"{kind}_{method.lower()}.zip"),
                "list.csv", cwd=work)


def sevens(work):
    """7-Zip: with and without the header, all packings; partly locked."""
    with open(f"{work}/empty.txt", "wb"):
        pass
    names = ["list.csv", "note.txt", "empty.txt"]
    for name, options in (
            ("data.7z", []), ("names.7z", ["-mhe=on"]),
            ("names_plain.7z", ["-mhe=on", "-mhc=off"]),
            ("stored.7z", ["-mx0"]), ("lzma.7z", ["-m0=lzma"]),
            ("ppmd.7z", ["-m0=ppmd"]), ("bzip2.7z", ["-m0=bzip2"]),
            ("deflate.7z", ["-m0=deflate"]), ("single.7z", ["-ms=off"]),
            ("bcj2.7z", ["-m0=bcj2", "-m1=lzma", "-m2=lzma", "-m3=lzma",
                         "-mb0:1", "-mb0s1:2", "-mb0s2:3"])):
        run("7z", "a", "-mtm-", f"-p{PASSWORD}", *options, fresh(name), *names,
            cwd=work)
    run("7z", "a", "-mtm-", f"-p{JAPANESE}", "-mhe=on", fresh("japanese.7z"),
        "list.csv", cwd=work, env={**os.environ, "LC_ALL": "C.UTF-8"})
    partly = fresh("partly.7z")
    run("7z", "a", "-mtm-", partly, "note.txt", cwd=work)
    run("7z", "a", "-mtm-", f"-p{PASSWORD}", partly, "list.csv", cwd=work)


def pdfs():
    """qpdf: all revisions; the owner's password is "owner"."""
    source = "pdf/text.pdf"
    for name, bits, options in (
            ("rc4_40.pdf", 40, []), ("rc4_128.pdf", 128, ["--use-aes=n"]),
            ("aes128.pdf", 128, ["--use-aes=y"]),
            ("clear_metadata.pdf", 128,
             ["--use-aes=y", "--cleartext-metadata"]),
            ("aes256_5.pdf", 256, ["--force-R5"]), ("aes256_6.pdf", 256, [])):
        run("qpdf", "--allow-weak-crypto", "--encrypt", PASSWORD, "owner",
            str(bits), *options, "--", source, fresh(name))
    # Cross-reference streams, and a password in Japanese.
    run("qpdf", "--object-streams=generate", "--encrypt", JAPANESE, "owner",
        "256", "--", source, fresh("japanese.pdf"))
    run("qpdf", "--allow-weak-crypto", "--object-streams=generate",
        "--encrypt", PASSWORD, "owner", "128", "--use-aes=y", "--", source,
        fresh("streams.pdf"))
    run("qpdf", "--encrypt", "", "owner", "256", "--", source,
        fresh("owner_only.pdf"))


def guessed(work):
    """Numbers and days, which slow locks are asked when nothing is named."""
    for name, password, lock in (("guess_pin.zip", "7301", "-tzip"),
                                 ("guess_five.zip", "14821", "-tzip"),
                                 ("guess_pin.7z", "0005", "-t7z")):
        run("7z", "a", lock, "-mtm-", f"-p{password}",
            *(["-mem=AES256"] if lock == "-tzip" else []), fresh(name),
            "list.csv", cwd=work)
    run("qpdf", "--allow-weak-crypto", "--encrypt", "19680415", "owner",
        "128", "--use-aes=y", "--", "pdf/text.pdf", fresh("guess_day.pdf"))


OFFICE = r"""
import os
import sys
import time
import uno
from com.sun.star.beans import NamedValue, PropertyValue

pipe, source, target, filter_name, password = sys.argv[1:]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext(
    "com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(300):
    try:
        remote = resolver.resolve(
            f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.2)


def value(name, what):
    made = PropertyValue()
    made.Name, made.Value = name, what
    return made


desktop = remote.ServiceManager.createInstanceWithContext(
    "com.sun.star.frame.Desktop", remote)
load = [value("Hidden", True)]
if source.endswith(".csv"):  # commas, quotes, UTF-8, from the first line on
    load += [value("FilterName", "Text - txt - csv (StarCalc)"),
             value("FilterOptions", "44,34,76,1")]
document = desktop.loadComponentFromURL("file://" + source, "_blank", 0,
                                        tuple(load))
words = uno.Any("[]com.sun.star.beans.NamedValue",
                (NamedValue("CryptoType", "StrongEncryptionDataSpace"),
                 NamedValue("OOXPassword", password)))
secret = (value("EncryptionData", words) if "2007" in filter_name else
          value("Password", password))
document.storeToURL("file://" + target,
                    (value("FilterName", filter_name), secret))
document.close(True)
try:
    desktop.terminate()
except Exception:
    pass
"""


def office(work, source, name, filter_name, password=PASSWORD, version=None):
    """Save source by LibreOffice with a password. version: of OpenDocument,
    as its settings count them (2: 1.1, which has Blowfish)."""
    profile = f"{work}/profile_{version}"
    os.makedirs(f"{profile}/user", exist_ok=True)
    if version is not None:
        with open(f"{profile}/user/registrymodifications.xcu", "w",
                  encoding="utf-8") as f:
            f.write(f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Save/ODF">
<prop oor:name="DefaultVersion" oor:op="fuse"><value>{version}</value></prop>
</item></oor:items>""")
    script = f"{work}/save.py"
    with open(script, "w", encoding="utf-8") as f:
        f.write(OFFICE)
    pipe = f"locks{os.getpid()}"
    program = subprocess.Popen(
        ["soffice", "--headless", "--norestore", "--nologo",
         f"-env:UserInstallation=file://{profile}",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run("/usr/bin/python3", script, pipe, source, fresh(name), filter_name,
            password)
        program.wait(60)
    finally:
        program.kill()


def documents(work):
    text = f"{work}/text.txt"
    with open(text, "wb") as f:
        f.write(LONG.decode("cp932").encode())
    sheet = f"{work}/sheet.csv"
    with open(sheet, "wb") as f:
        f.write(LONG.decode("cp932").encode())
    office(work, text, "libreoffice.docx", "MS Word 2007 XML")
    office(work, sheet, "libreoffice.xlsx", "Calc MS Excel 2007 XML")
    office(work, text, "libreoffice.odt", "writer8")
    office(work, sheet, "japanese.ods", "calc8", JAPANESE)
    # Made again until the random comment that one of its parts begins with
    # looked like something packed: about each tenth does.
    office(work, sheet, "salt.ods", "calc8")
    office(work, text, "blowfish.odt", "writer8", version=2)
    office(work, sheet, "old.xls", "MS Excel 97")
    office(work, text, "old.doc", "MS Word 97")


BLOCKS = {"verifier": "fea7d2763b4b9e79", "hash": "d7aa0f6d3061344e",
          "key": "146e0be7abacd0d6", "hmac key": "5fb2ad010cb9e1f6",
          "hmac": "a0677f02b22c8433"}


def agile(source, name, password, kind="SHA512", bits=256, rounds=100000):
    """Office writes this, and no program here does: so it is written here,
    after [MS-OFFCRYPTO] 2.3.4, and msoffcrypto-tool must open it."""
    import msoffcrypto
    from cryptography.hazmat.primitives.ciphers import (Cipher, algorithms,
                                                        modes)

    from make_cfb import Cfb

    def digest(*parts):
        return hashlib.new(kind.lower(), b"".join(parts)).digest()

    def seal(key, iv, data):
        data += bytes(-len(data) % 16)
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv[:16])).encryptor()
        return cipher.update(data) + cipher.finalize()

    def word(data):
        return base64.b64encode(data).decode()

    def fit(value):
        return (value + b"6" * 64)[:bits // 8]

    noise = hashlib.shake_256(name.encode()).digest(256)
    salt, verifier, secret, data_salt = (noise[:16], noise[16:32],
                                         noise[32:32 + bits // 8],
                                         noise[80:96])
    spun = digest(salt, password.encode("utf-16le"))
    for i in range(rounds):
        spun = digest(struct.pack("<I", i), spun)

    def sealed(use, data):
        return word(seal(fit(digest(spun, bytes.fromhex(BLOCKS[use]))), salt,
                         data))

    with open(source, "rb") as f:
        package = f.read()
    stream = struct.pack("<Q", len(package)) + b"".join(
        seal(secret, digest(data_salt, struct.pack("<I", i // 4096)),
             package[i:i + 4096]) for i in range(0, len(package), 4096))
    size = len(digest())
    code_key = noise[100:100 + size]
    code = hmac.new(code_key, stream, kind.lower()).digest()

    def integrity(use, data):
        return word(seal(secret, digest(data_salt, bytes.fromhex(BLOCKS[use])),
                         data))

    how = (f'saltSize="16" blockSize="16" keyBits="{bits}" hashSize="{size}" '
           'cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
           f'hashAlgorithm="{kind}"')
    xml = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
           '<encryption xmlns="http://schemas.microsoft.com/office/2006/'
           'encryption" xmlns:p="http://schemas.microsoft.com/office/2006/'
           'keyEncryptor/password"><keyData '
           f'{how} saltValue="{word(data_salt)}"/><dataIntegrity '
           f'encryptedHmacKey="{integrity("hmac key", code_key)}" '
           f'encryptedHmacValue="{integrity("hmac", code)}"/>'
           '<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/'
           'office/2006/keyEncryptor/password"><p:encryptedKey '
           f'spinCount="{rounds}" {how} saltValue="{word(salt)}" '
           f'encryptedVerifierHashInput="{sealed("verifier", verifier)}" '
           f'encryptedVerifierHashValue="{sealed("hash", digest(verifier))}" '
           f'encryptedKeyValue="{sealed("key", secret)}"/></keyEncryptor>'
           '</keyEncryptors></encryption>')
    cfb = Cfb()
    cfb.add("EncryptionInfo", struct.pack("<HHI", 4, 4, 0x40) + xml.encode())
    cfb.add("EncryptedPackage", stream)
    with open(fresh(name), "wb") as f:
        f.write(cfb.write())
    document = msoffcrypto.OfficeFile(open(f"{OUT}/{name}", "rb"))
    # It does not cut the verifier to a hash that fills no whole blocks, and
    # takes the code of other hashes for SHA-512.
    document.load_key(password=password, verify_password=size % 16 == 0)
    plain = io.BytesIO()
    document.decrypt(plain, verify_integrity=kind == "SHA512")
    assert plain.getvalue() == package


def packages():
    source = "xlsx/libreoffice.xlsx"
    agile(source, "agile.xlsx", PASSWORD)
    agile(source, "default.xlsx", "VelvetSweatshop")
    agile(source, "japanese.xlsx", JAPANESE, "SHA512", 256, 1000)
    agile(source, "agile_sha1.xlsx", PASSWORD, "SHA1", 128, 100000)
    agile(source, "agile_sha256.xlsx", PASSWORD, "SHA256", 256, 1000)
    agile(source, "agile_sha384.xlsx", PASSWORD, "SHA384", 256, 1000)
    agile(source, "rounds.xlsx", PASSWORD, "SHA1", 128, 1000001)


def main():
    os.makedirs(OUT, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        zips(work)
        own_passwords(work)
        sevens(work)
        guessed(work)
        documents(work)
    packages()
    pdfs()


if __name__ == "__main__":
    main()
