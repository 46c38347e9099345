"""Archives and documents with a password, each made by a real program."""

import os
import subprocess
import tempfile
from pathlib import Path


def _made(command, place, name, text=None, env=None):
    """What command leaves under that name, with list.csv beside it."""
    if text is not None:
        (Path(place) / "list.csv").write_bytes(text.encode("cp932"))
    made = subprocess.run(command, cwd=place, capture_output=True, check=False,
                          env={**os.environ, **(env or {})})
    assert made.returncode == 0, (made.stdout, made.stderr)
    return (Path(place) / name).read_bytes()


def infozip(secret, text, *options):
    """What zip -e makes."""
    with tempfile.TemporaryDirectory() as place:
        return _made(["zip", "-q", *options, "-P", secret, "a.zip", "list.csv"],
                     place, "a.zip", text)


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
