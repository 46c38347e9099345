#!/usr/bin/python3
"""Make the samples under tests/data/encoded.

Run by hand in tests/data; needs uudeview (uuenview), sharutils and
libconvert-binhex-perl. The number is a published example.
"""
import os
import struct
import subprocess
import tempfile

LIST = ("氏名,個人番号\r\n山田太郎,123456789018\r\n" +
        "".join(f"社員{i:03},\r\n" for i in range(60))).encode("cp932")
BINHEX = """
use Convert::BinHex;
my $h = Convert::BinHex->new(filename => "list.csv", type => "TEXT",
                             creator => "ttxt");
local $/; open my $f, "<:raw", "list.csv"; $h->data(Data => scalar <$f>);
$h->resource(Data => "fork: " . "\\x90" x 5 . "x" x 300);
$h->encode(\\*STDOUT);
"""


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, check=True,
                          stdout=subprocess.PIPE).stdout


def apple_single():
    """By hand: no program of Debian writes it."""
    parts = [(3, b"list.csv"), (2, b"fork"), (1, LIST[:60])]
    at = 26 + 12 * len(parts)
    rows = b""
    for number, content in parts:
        rows += struct.pack(">III", number, at, len(content))
        at += len(content)
    return (struct.pack(">II16xH", 0x00051600, 0x00020000, len(parts)) + rows
            + b"".join(content for _, content in parts))


def main():
    out = os.path.abspath("encoded")
    with tempfile.TemporaryDirectory() as work:
        with open(os.path.join(work, "list.csv"), "wb") as f:
            f.write(LIST)
        with open(os.path.join(out, "apple_single"), "wb") as f:
            f.write(apple_single())
        made = {
            "uuencode.txt": ["uuencode", "list.csv", "list.csv"],
            "uuencode_base64.txt": ["uuencode", "-m", "list.csv", "list.csv"],
            "uuenview_uu.txt": ["uuenview", "-u", "list.csv"],
            "uuenview_xx.txt": ["uuenview", "-x", "list.csv"],
            "uuenview_yenc.txt": ["uuenview", "-y", "list.csv"],
            "binhex.hqx": ["perl", "-e", BINHEX],
        }
        for name, command in made.items():
            with open(os.path.join(out, name), "wb") as f:
                f.write(run(command, work))


if __name__ == "__main__":
    main()
