"""Archives and documents with a password, each made by a real program."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


def _made(command, place, name, text=None, env=None):
    """What command leaves under that name, with list.csv beside it."""
    if text is not None:
        (Path(place) / "list.csv").write_bytes(text.encode("cp932"))
    made = subprocess.run(command, cwd=place, capture_output=True, check=False,
                          env={**os.environ, **(env or {})})
    assert made.returncode == 0, (made.stdout, made.stderr)
    return (Path(place) / name).read_bytes()


def infozip(secret, text, *options, others=()):
    """What zip -e makes. others: (name, bytes) of further members."""
    with tempfile.TemporaryDirectory() as place:
        for name, content in others:
            (Path(place) / name).write_bytes(content)
        return _made(["zip", "-q", *options, "-P", secret, "a.zip", "list.csv",
                      *(name for name, _ in others)], place, "a.zip", text)


def seven(secret, text, options=(), name="a.7z"):
    """What 7-Zip makes."""
    with tempfile.TemporaryDirectory() as place:
        return _made(["7z", "a", "-bd", f"-p{secret}", *options, name,
                      "list.csv"], place, name, text,
                     {"LC_ALL": "C.UTF-8"})


def bsdtar(secret, text, kind):
    """kind: zipcrypt, aes128, aes256."""
    with tempfile.TemporaryDirectory() as place:
        return _made(["bsdtar", "--format", "zip", "--options",
                      f"zip:encryption={kind}", "--passphrase", secret,
                      "-cf", "a.zip", "list.csv"], place, "a.zip", text)


def page(words):
    """A PDF document of one page."""
    words = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
               "4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    made, places = "%PDF-1.4\n", []
    for i, one in enumerate(objects):
        places.append(len(made))
        made += f"{i + 1} 0 obj\n{one}\nendobj\n"
    at = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    made += "".join(f"{place:010} 00000 n \n" for place in places)
    return made + (f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
                   f"startxref\n{at}\n%%EOF\n")


def pdf(secret, words, bits=256, *options):
    """Locked by qpdf."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "in.pdf").write_text(page(words))
        return _made(["qpdf", "--allow-weak-crypto", "--encrypt", secret,
                      secret, str(bits), *options, "--", "in.pdf", "out.pdf"],
                     place, "out.pdf")


# One start of LibreOffice for all documents, each with a password of its own.
OFFICE = r"""
import json
import sys
import time
import uno
from com.sun.star.beans import NamedValue, PropertyValue

pipe, orders = sys.argv[1], json.loads(sys.argv[2])
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
for source, target, filter_name, password in orders:
    load = [value("Hidden", True)]
    if source.endswith(".csv"):
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
FILTERS = {"docx": "MS Word 2007 XML", "xlsx": "Calc MS Excel 2007 XML",
           "odt": "writer8", "ods": "calc8"}


def office(wanted):
    """Documents by LibreOffice: wanted is [(suffix, secret, text)]."""
    with tempfile.TemporaryDirectory() as place:
        orders, targets = [], []
        for i, (suffix, secret, text) in enumerate(wanted):
            source = Path(place) / (f"{i}.csv" if suffix in ("xlsx", "ods")
                                    else f"{i}.txt")
            source.write_text(text)
            targets.append(Path(place) / f"made{i}.{suffix}")
            orders.append([str(source), str(targets[-1]), FILTERS[suffix],
                           secret])
        pipe = f"locked{os.getpid()}"
        # It sometimes dies when it is asked for much: what is missing then is
        # made by another one.
        for _ in range(5):
            left = [o for o, t in zip(orders, targets) if not t.exists()]
            if not left:
                break
            program = subprocess.Popen(
                ["soffice", "--headless", "--norestore", "--nologo",
                 f"-env:UserInstallation=file://{place}/profile",
                 f"--accept=pipe,name={pipe};urp;"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                subprocess.run(["/usr/bin/python3", "-c", OFFICE, pipe,
                                json.dumps(left)], capture_output=True,
                               timeout=60 + 5 * len(left), check=False)
                program.wait(30)
            except subprocess.TimeoutExpired:
                pass
            finally:
                program.kill()
                program.wait()
        return [target.read_bytes() for target in targets]


def agile(secret, source):
    """What Office makes of the workbook at path source; by python, after
    [MS-OFFCRYPTO], which msoffcrypto-tool opens."""
    sys.path.insert(0, str(DATA))
    import make_locks
    with tempfile.TemporaryDirectory() as place:
        make_locks.OUT = place
        make_locks.agile(source, "a.xlsx", secret)
        return (Path(place) / "a.xlsx").read_bytes()


def has_office():
    return bool(shutil.which("soffice")) and _has_module("uno")


def has_agile():
    return _has_module("msoffcrypto") and _has_module("cryptography")


def _has_module(name):
    return importlib.util.find_spec(name) is not None
