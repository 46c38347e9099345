#!/usr/bin/python3
"""Make the samples under tests/data/encoded.

Run by hand in tests/data; needs uudeview (uuenview), sharutils and
libconvert-binhex-perl. The number is a published example.
"""
import os
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


def main():
    out = os.path.abspath("encoded")
    with tempfile.TemporaryDirectory() as work:
        with open(os.path.join(work, "list.csv"), "wb") as f:
            f.write(LIST)
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
