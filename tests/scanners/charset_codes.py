#!/usr/bin/python3
"""Every code of the Japanese sets beside Python's codecs and glibc's iconv.

usage: charset_codes.py CHARSET_SAY

Where another decoder knows a code, ours must say the same, but for the
differences named here. Where the other one knows none, ours may.
"""

import ctypes
import subprocess
import sys

# One character of JIS X 0208 and two ways to write it in Unicode: ours are
# Microsoft's, for mail is written on Windows. Folding knows both.
MARKS = {"\u2014": "\u2015", "\u301c": "\uff5e", "\u2016": "\u2225",
         "\u2212": "\uff0d", "\u00a2": "\uffe0", "\u00a3": "\uffe1",
         "\u00ac": "\uffe2", "\u005c": "\uff3c", "\u00a6": "\uffe4",
         "\u203e": "\uffe3", "\u00af": "\uffe3", "\u00a5": "\uffe5",
         "\uff5e": "~", "~": "\uff5e", "\uffe4": "\u00a6",
         "\uff5f": "\u2985", "\uff60": "\u2986"}


def pairs(first, second):
    return [bytes([a, b]) for a in first for b in second]


def high(rows=range(0xA1, 0xFF)):
    return pairs(rows, range(0xA1, 0xFF))


def low(escape):
    return [escape + code + b"\x1b(B"
            for code in pairs(range(0x21, 0x7F), range(0x21, 0x7F))]


def three():
    return [b"\x8f" + code for code in high()]


CP932 = pairs([*range(0x81, 0xA0), *range(0xE0, 0xFD)],
              [*range(0x40, 0x7F), *range(0x80, 0xFD)])
KANA = [bytes([c]) for c in range(0xA1, 0xE0)]
EUC_KANA = [b"\x8e" + c for c in KANA]
JIS_KANA = [b"\x1b(I" + bytes([c]) + b"\x1b(B" for c in range(0x21, 0x60)]
X0208, X0212, PLANE1, PLANE2 = b"\x1b$B", b"\x1b$(D", b"\x1b$(Q", b"\x1b$(P"


GB = (pairs(range(0x81, 0xFF), [*range(0x40, 0x7F), *range(0x80, 0xFF)])
      + [bytes([a, b, c, d]) for a in range(0x81, 0x85)
         for b in range(0x30, 0x3A) for c in range(0x81, 0xFF)
         for d in range(0x30, 0x3A)][:39420])


def user_or_nec(code, _ours, _theirs):
    """Rows 89 to 92: NEC's IBM characters of CP51932, where eucJP-ms has
    user-defined ones and JIS X 0213 kanji."""
    return len(code) == 2 and 0xF9 <= code[0] <= 0xFC


def not_user(code, _ours, _theirs):
    """Rows 85 to 94: user-defined ones of eucJP-ms (and rows 83 and 84 of
    three bytes: IBM's) where JIS X 0213 has kanji."""
    return code[0] >= 0xF5 or (code[0] == 0x8F and code[1] >= 0xF3)


def nothing(_code, _ours, _theirs):
    return False


# ours, whose, their name, codes, what may differ, and how many do besides
# the marks
CASES = [
    ("cp932", "iconv", "CP932", CP932 + KANA, nothing, 0),
    ("cp932", "python", "cp932", CP932 + KANA, nothing, 0),
    ("shift_jis", "python", "shift_jis", CP932 + KANA, nothing, 0),
    ("euc-jp", "iconv", "EUC-JP", high() + EUC_KANA + three(), nothing, 0),
    ("euc-jp", "python", "euc_jp", high() + EUC_KANA + three(), nothing, 0),
    ("eucjp-ms", "iconv", "EUC-JP-MS", high() + EUC_KANA + three(),
     user_or_nec, 400),
    ("euc-jp", "python", "euc_jis_2004", high() + EUC_KANA + three(),
     not_user, 2000),
    ("iso-2022-jp", "iconv", "ISO-2022-JP", low(X0208), nothing, 0),
    ("iso-2022-jp", "python", "iso2022_jp_ext",
     low(X0208) + low(X0212) + JIS_KANA, nothing, 0),
    ("iso-2022-jp-2", "iconv", "ISO-2022-JP-2", low(X0208) + low(X0212),
     nothing, 0),
    ("iso-2022-jp-3", "iconv", "ISO-2022-JP-3", low(b"\x1b$(O") + low(PLANE2)
     + JIS_KANA, nothing, 0),
    ("iso-2022-jp-3", "python", "iso2022_jp_2004", low(PLANE1) + low(PLANE2),
     nothing, 0),
    ("gb18030", "python", "gb18030", GB, nothing, 0),
]


def run(command, data):
    done = subprocess.run(command, input=data, capture_output=True,
                          check=False)
    return done.stdout.decode("utf-8", "strict")


LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.iconv_open.restype = ctypes.c_void_p
LIBC.iconv_open.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
LIBC.iconv.restype = ctypes.c_size_t
LIBC.iconv.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4


def iconv(name, code, table={}):
    """What glibc reads code as; empty when it does not."""
    if name not in table:
        table[name] = LIBC.iconv_open(b"UTF-8", name.encode())
        if table[name] in (None, ctypes.c_void_p(-1).value):
            sys.exit(f"glibc has no {name} here")
    LIBC.iconv(table[name], None, None, None, None)
    room = ctypes.create_string_buffer(32)
    start = ctypes.c_char_p(code)
    end = ctypes.c_void_p(ctypes.addressof(room))
    left, free = ctypes.c_size_t(len(code)), ctypes.c_size_t(32)
    done = LIBC.iconv(table[name], ctypes.byref(start), ctypes.byref(left),
                      ctypes.byref(end), ctypes.byref(free))
    if done == ctypes.c_size_t(-1).value or left.value:
        return ""
    # What it keeps back for a character that might follow.
    LIBC.iconv(table[name], None, None, ctypes.byref(end), ctypes.byref(free))
    return room.raw[:32 - free.value].decode()


def python(name, code):
    try:
        return code.decode(name)
    except UnicodeDecodeError:
        return ""


def theirs_of(whose, name, codes):
    decode = python if whose == "python" else iconv
    return [decode(name, code) for code in codes]


def main():
    say = sys.argv[1]
    failed = False
    for ours, whose, name, codes, may_differ, most in CASES:
        mine = run([say, ours], b"\n".join(codes) + b"\n").split("\n")[:-1]
        others = theirs_of(whose, name, codes)
        assert len(mine) == len(codes), (ours, len(mine), len(codes))
        assert len(others) == len(codes), (name, len(others), len(codes))
        wrong, allowed, known = [], 0, 0
        for code, a, b in zip(codes, mine, others):
            known += b != ""
            if b == "" or a == b or MARKS.get(b) == a:
                continue
            if may_differ(code, a, b):
                allowed += 1
            else:
                wrong.append((code.hex(), a, b))
        print(f"{ours} beside {whose} {name}: {known} codes, "
              f"{len(wrong)} differ, {allowed} as named")
        for code, a, b in wrong[:20]:
            print(f"  {code}: ours {a} {[hex(ord(c)) for c in a]}, "
                  f"theirs {b} {[hex(ord(c)) for c in b]}")
        failed = failed or wrong or allowed > most or known < 6000
    sys.exit(1 if failed else 0)


main()
