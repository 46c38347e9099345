#!/usr/bin/python3
"""Make the samples under tests/data/cfb.

Run by hand in tests/data; needs LibreOffice (soffice) for doc, xls and ppt.
The others are written here, after [MS-CFB], [MS-OVBA], [MS-OLEPS] and
[MS-OFFCRYPTO]: no program of Debian writes them. python3-olefile must be able
to open them. Each place has its own made-up number: number(5000) and up.
"""
import io
import os
import shutil
import struct
import tempfile
import zipfile
import zlib

import olefile

from make_odf import convert, flat, number

FREE, END, FATSECT, DIFSECT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
CSV = "氏名,個人番号\r\n山田太郎,{}\r\n"


class Cfb:
    """A compound file; paths with "/" make storages."""

    def __init__(self, shift=9, clsid=bytes(16)):
        self.sector = 1 << shift
        self.shift = shift
        self.entries = [["Root Entry", 5, b"", clsid, []]]
        self.at = {"": 0}
        self.header_lists_fat = True
        self.backwards = False     # sectors of a stream from last to first
        self.tail = b"\0"          # fills the last sector of a stream
        self.orphan = b""          # lies in sectors that nobody has
        self.unused = b""          # an entry that is not in use

    def add(self, path, data=None):
        parent, _, name = path.rpartition("/")
        if parent not in self.at:
            self.add(parent)
        self.at[path] = len(self.entries)
        self.entries[self.at[parent]][4].append(len(self.entries))
        self.entries.append([name, 1 if data is None else 2, data or b"",
                             bytes(16), []])

    def chain(self, data):
        """Put data into sectors; gives the first."""
        count = -(-len(data) // self.sector)
        if count == 0:
            return END
        fill = (self.tail * self.sector)[:count * self.sector - len(data)]
        data += fill
        numbers = list(range(len(self.sectors), len(self.sectors) + count))
        if self.backwards:
            numbers.reverse()
        self.sectors += [b""] * count
        self.fat += [END] * count
        for i, n in enumerate(numbers):
            self.sectors[n] = data[i * self.sector:(i + 1) * self.sector]
            self.fat[n] = numbers[i + 1] if i + 1 < count else END
        return numbers[0]

    def minis(self, data):
        count = -(-len(data) // 64)
        start = len(self.minifat)
        self.mini += data + (self.tail * 64)[:count * 64 - len(data)]
        self.minifat += [start + i + 1 for i in range(count - 1)] + [END]
        return start

    def write(self):
        self.sectors, self.fat = [], []
        self.mini, self.minifat = b"", []
        starts = []
        for name, kind, data, _, _ in self.entries:
            if kind != 2 or not data:
                starts.append(0 if kind != 2 else END)
            elif len(data) < 4096:
                starts.append(self.minis(data))
            else:
                starts.append(self.chain(data))
        starts[0] = self.chain(self.mini) if self.mini else END
        if self.orphan:
            self.fat[self.chain(self.orphan)] = FREE
        directory = b""
        for i, (name, kind, data, clsid, children) in enumerate(self.entries):
            raw = name.encode("utf-16le") + b"\0\0"
            right = FREE
            for other in self.entries:
                if i in other[4]:
                    rest = other[4][other[4].index(i) + 1:]
                    right = rest[0] if rest else FREE
            size = len(self.mini) if i == 0 else len(data)
            directory += (raw.ljust(64, b"\0") +
                          struct.pack("<HBBIII", len(raw), kind, 1, FREE,
                                      right, children[0] if children
                                      else FREE) +
                          clsid + bytes(20) + struct.pack("<IQ", starts[i],
                                                          size))
        if self.unused:
            directory += self.unused.ljust(128, b"\0")
        while len(directory) % self.sector:
            directory += (bytes(64) + struct.pack("<HBBIII", 0, 0, 1, FREE,
                                                  FREE, FREE) + bytes(48))
        first_dir = self.chain(directory)
        table = b"".join(struct.pack("<I", n) for n in self.minifat)
        while len(table) % self.sector:
            table += struct.pack("<I", FREE)
        first_mini = self.chain(table) if table else END
        per = self.sector // 4
        difat = END
        if not self.header_lists_fat:
            difat = len(self.sectors)
            self.sectors.append(b"")
            self.fat.append(DIFSECT)
        count = 1
        while len(self.fat) + count > count * per:
            count += 1
        fats = list(range(len(self.sectors), len(self.sectors) + count))
        fat = self.fat + [FATSECT] * count
        fat += [FREE] * (count * per - len(fat))
        if difat != END:
            self.sectors[difat] = struct.pack(
                f"<{per}I", *(fats + [FREE] * (per - 1 - count)), END)
        listed = fats if self.header_lists_fat else []
        header = (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16) +
                  struct.pack("<HHHHH6x", 0x3E, 3 if self.shift == 9 else 4,
                              0xFFFE, self.shift, 6) +
                  struct.pack("<IIIIIIIII",
                              0 if self.shift == 9
                              else len(directory) // self.sector, count,
                              first_dir, 0, 4096, first_mini,
                              len(table) // self.sector, difat,
                              0 if difat == END else 1))
        header += b"".join(struct.pack("<I", n) for n in
                           (listed + [FREE] * 109)[:109])
        body = b"".join(self.sectors) + struct.pack(f"<{len(fat)}I", *fat)
        data = header.ljust(self.sector, b"\0") + body
        if self.header_lists_fat:
            olefile.OleFileIO(io.BytesIO(data)).close()
        return data


def pack(data):
    """A container of [MS-OVBA] 2.4.1."""
    out = b"\x01"
    for start in range(0, len(data), 4096):
        chunk = data[start:start + 4096]
        tokens, at = b"", 0
        while at < len(chunk):
            flags, group = 0, b""
            for bit in range(8):
                if at >= len(chunk):
                    break
                bits = 4
                while 1 << bits < at:
                    bits += 1
                longest = min((0xFFFF >> bits) + 3, len(chunk) - at)
                best, where = 0, 0
                for back in range(1, min(at, 1 << bits) + 1):
                    same = 0
                    while (same < longest and
                           chunk[at + same] == chunk[at - back + same]):
                        same += 1
                    if same > best:
                        best, where = same, back
                if best >= 3:
                    flags |= 1 << bit
                    group += struct.pack("<H", (where - 1) << (16 - bits) |
                                         (best - 3))
                    at += best
                else:
                    group += chunk[at:at + 1]
                    at += 1
            tokens += bytes([flags]) + group
        out += struct.pack("<H", 0xB000 | (len(tokens) - 1)) + tokens
    return out


def record(kind, data):
    return struct.pack("<HI", kind, len(data)) + data


def project(cfb, top=""):
    """A VBA project with a module and a form."""
    source = ('Attribute VB_Name = "Module1"\r\nSub 番号()\r\n'
              f"  ' 個人番号 {number(5000)}\r\n  a = \"{number(5001)[:7]}\"\r\n"
              + "  Call 番号の確認\r\n" * 300 + f"  ' 末尾 {number(5001)}\r\n"
              "End Sub\r\n").encode("cp932")
    code = b"\x01\x16\x03\0\0" + f"p-code {number(5002)}\0".encode()
    name = b"Module1"
    wide = name.decode().encode("utf-16le")
    listing = (record(0x0001, struct.pack("<I", 3)) +
               record(0x0003, struct.pack("<H", 932)) +
               record(0x0004, b"VBAProject") +
               record(0x0005, f"説明 {number(5003)}".encode("cp932")) +
               struct.pack("<HIIH", 0x0009, 4, 1, 2) +
               record(0x000F, struct.pack("<H", 1)) +
               record(0x0019, name) + record(0x0047, wide) +
               record(0x001A, name) + record(0x0032, wide) +
               record(0x0031, struct.pack("<I", len(code))) +
               record(0x0021, b"") + record(0x002B, b"") + record(0x0010, b""))
    cfb.add(top + "VBA")
    cfb.add(top + "VBA/dir", pack(listing))
    cfb.add(top + "VBA/Module1", code + pack(source))
    cfb.add(top + "VBA/_VBA_PROJECT", b"\xCC\x61\xFF\xFF\0\0\0" +
            number(5004).encode("utf-16le"))
    cfb.add(top + "PROJECT", f'Name="P"\r\nHelp="{number(5005)}"\r\n'.encode())
    cfb.add(top + "Form1")
    cfb.add(top + "Form1/f", b"\0\4" + number(5006).encode("utf-16le"))
    cfb.add(top + "Form1/o", b"\0\2" + number(5007).encode())
    cfb.add(top + "Form1/\x03VBFrame",
            f'Caption = "{number(5008)}"\r\n'.encode())


def text_value(kind, text, charset="cp932"):
    data = text.encode(charset) + (b"\0\0" if kind == 31 else b"\0")
    count = len(data) // 2 if kind == 31 else len(data)
    return struct.pack("<II", kind, count) + data + bytes(-len(data) % 4)


def section(values):
    head, body = b"", b""
    start = 8 + 8 * len(values)
    for ident, value in values:
        head += struct.pack("<II", ident, start + len(body))
        body += value + bytes(-len(value) % 4)
    return struct.pack("<II", start + len(body), len(values)) + head + body


def property_set(*sections):
    out = struct.pack("<HHI16xI", 0xFFFE, 0, 0x20006, len(sections))
    at = len(out) + 20 * len(sections)
    body = b""
    for part in sections:
        out += bytes(16) + struct.pack("<I", at + len(body))
        body += part
    return out + body


def properties(cfb):
    page = struct.pack("<IHH", 2, 932, 0)
    cfb.add("\x05SummaryInformation", property_set(section([
        (1, page), (2, text_value(30, f"題 {number(5010)}")),
        (4, text_value(31, f"著者 {number(5011)}", "utf-16le")),
        (12, struct.pack("<IQ", 64, 0x01DC000000000000))])))
    names = struct.pack("<I", 2)
    for ident, name in ((2, "個人番号"), (3, "控え")):
        raw = name.encode("cp932") + b"\0"
        names += struct.pack("<II", ident, len(raw)) + raw
    vector = struct.pack("<II", 0x101E, 2) + b"".join(
        text_value(30, text)[4:] for text in ("甲", f"乙 {number(5012)}"))
    cfb.add("\x05DocumentSummaryInformation", property_set(
        section([(1, page), (13, vector)]),
        section([(0, names), (1, page),
                 (2, struct.pack("<Id", 5, float(number(5013)))),
                 (3, struct.pack("<IQ", 20, int(number(5014))))])))


def native(name, data):
    raw, wide = name.encode("cp932") + b"\0", name.encode("utf-16le")
    path = b"C:\\tmp\\a\0"
    body = (struct.pack("<H", 2) + raw + raw +
            struct.pack("<HHI", 0, 3, len(path)) + path +
            struct.pack("<I", len(data)) + data)
    for text in (path[:-1].decode().encode("utf-16le"), wide, wide):
        body += struct.pack("<I", len(text) // 2) + text
    return struct.pack("<I", len(body)) + body


def locked(major, minor, extra):
    cfb = Cfb()
    cfb.add("EncryptionInfo", struct.pack("<HHI", major, minor, 0x40) + extra)
    noise = b"".join(zlib.crc32(struct.pack("<I", i)).to_bytes(4, "big")
                     for i in range(1200))
    cfb.add("EncryptedPackage", struct.pack("<Q", 4790) + noise)
    cfb.add("\x06DataSpaces/Version", b"<\0\0\0" +
            "Microsoft.Container.DataSpaces".encode("utf-16le"))
    cfb.add("\x06DataSpaces/DataSpaceMap", b"\x08\0\0\0\1\0\0\0")
    return cfb.write()


def special():
    files = {}
    cfb = Cfb()
    project(cfb)
    files["vbaProject.bin"] = cfb.write()

    cfb = Cfb()
    cfb.add("\x01Ole10Native",
            native("名簿.csv", CSV.format(number(5020)).encode("cp932")))
    cfb.add("\x01CompObj", b"\1\0\xFE\xFF" + bytes(24))
    cfb.add("\x03ObjInfo", b"\0\0\3\0\4\0")
    files["oleObject.bin"] = cfb.write()

    cfb = Cfb(shift=12)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as z:
        z.writestr(zipfile.ZipInfo("list.csv"), CSV.format(number(5021)))
    cfb.add("Package", package.getvalue())
    cfb.add("CONTENTS", CSV.format(number(5021)).encode() * 100)
    files["package.bin"] = cfb.write()

    cfb = Cfb()
    properties(cfb)
    cfb.add("WordDocument", b"\xEC\xA5\xC1\0" + bytes(508) +
            f"本文 {number(5015)}".encode("utf-16le") + bytes(4000))
    project(cfb, "Macros/")
    cfb.add("ObjectPool/_1/\x01Ole10Native",
            native("添付.txt", number(5016).encode()))
    files["macros.doc"] = cfb.write()

    cfb = Cfb()
    cfb.add("__properties_version1.0", bytes(32))
    cfb.add("__substg1.0_1000001F", f"本文 {number(5022)}".encode("utf-16le"))
    cfb.add("__attach_version1.0_#00000000/__substg1.0_37010102",
            CSV.format(number(5023)).encode("cp932"))
    files["item.msg"] = cfb.write()

    # A number on the border of two sectors that lie the other way round.
    cfb = Cfb()
    cfb.backwards = True
    text = (f"番号 {number(5024)}".encode("utf-16be")).rjust(1024 + 12, b"\0")
    cfb.add("DocumentText", b"SsmgV.01" + text[8:] + bytes(4000))
    files["ichitaro.jtd"] = cfb.write()

    cfb = Cfb()
    cfb.tail = f"{number(5030)} ".encode()
    cfb.orphan = f"個人番号 {number(5031)} ".encode("cp932") * 30
    cfb.unused = number(5032).encode("utf-16le")
    cfb.add("\x01CompObj", b"\1\0\xFE\xFF" + bytes(24))
    cfb.add("\x01Ole", bytes(4996))
    cfb.header_lists_fat = False
    files["leftovers.bin"] = cfb.write()

    files["agile.xlsx"] = locked(
        4, 4, b'<?xml version="1.0"?><encryption/>')
    files["standard.docx"] = locked(4, 2, bytes(100))
    files["extensible.pptx"] = locked(3, 3, bytes(100))

    cfb = Cfb()
    cfb.add("Contents of another program", bytes(range(256)) * 20)
    files["unknown.bin"] = cfb.write()

    filepass = struct.pack("<HH", 0x0809, 16) + bytes(16)
    filepass += struct.pack("<HH", 0x2F, 54) + bytes(54)
    cfb = Cfb()
    cfb.add("Workbook", filepass.ljust(4200, b"\0"))
    files["locked.xls"] = cfb.write()
    return files


def slim(path):
    """The streams of a file, but the one that holds a large preview."""
    cfb = Cfb()
    with olefile.OleFileIO(path) as old:
        for name in old.listdir():
            if name != ["\x05SummaryInformation"]:
                cfb.add("/".join(name), old.openstream(name).read())
    return cfb.write()


def office():
    """What LibreOffice writes."""
    def page(kind, text):
        return flat(kind, f"<office:body>{text}</office:body>")

    line = "<text:p>個人番号 {}</text:p>"
    sources = {
        "text.fodt": ("doc", page("text", "<office:text>" + line.format(
            number(5040)) + "</office:text>")),
        "sheet.fods": ("xls", page(
            "spreadsheet", '<office:spreadsheet><table:table table:name="名簿">'
            "<table:table-row><table:table-cell office:value-type=\"string\">" +
            line.format(number(5041)) + "</table:table-cell></table:table-row>"
            "</table:table></office:spreadsheet>")),
        "slides.fodp": ("ppt", page(
            "presentation", '<office:presentation><draw:page draw:name="1">'
            '<draw:frame svg:width="9cm" svg:height="2cm"><draw:text-box>' +
            line.format(number(5042)) + "</draw:text-box></draw:frame>"
            "</draw:page></office:presentation>")),
    }
    with tempfile.TemporaryDirectory() as work:
        for name, (end, text) in sources.items():
            with open(os.path.join(work, name), "w", encoding="utf-8") as f:
                f.write(text)
            convert(work, name, end)
            made = name.split(".")[0] + "." + end
            if end != "ppt":
                shutil.copy(os.path.join(work, made), f"cfb/{made}")
                continue
            with open(f"cfb/{made}", "wb") as f:
                f.write(slim(os.path.join(work, made)))


def main():
    os.makedirs("cfb", exist_ok=True)
    for name, data in special().items():
        with open(f"cfb/{name}", "wb") as f:
            f.write(data)
    office()


if __name__ == "__main__":
    main()
