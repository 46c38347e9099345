"""PDF files by hand: objects, streams, tables, and the old encryption."""

import hashlib
import struct
import zlib

PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e80"
                    "2f0ca9fe6453697a")
FILE_ID = b"0123456789abcdef"


def rc4(key, data):
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) & 255
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + box[i]) & 255
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) & 255])
    return bytes(out)


class Lock:
    """The standard security handler, revision 2: RC4 with 40 bits."""

    def __init__(self, user=b"", owner=b"owner"):
        owner_key = hashlib.md5((owner + PAD)[:32]).digest()[:5]
        self.owner = rc4(owner_key, (user + PAD)[:32])
        self.key = hashlib.md5((user + PAD)[:32] + self.owner + struct.pack(
            "<i", -4) + FILE_ID).digest()[:5]
        self.user = rc4(self.key, PAD)

    def apply(self, number, data):
        key = hashlib.md5(self.key + struct.pack("<I", number)[:3]
                          + b"\0\0").digest()[:10]
        return rc4(key, data)

    def dictionary(self):
        return (b"<</Filter/Standard/V 1/R 2/P -4/O<" + self.owner.hex()
                .encode() + b">/U<" + self.user.hex().encode() + b">>>")


class Pdf:
    def __init__(self, lock=None):
        self.objects = {}
        self.lock = lock

    def add(self, body, number=None):
        number = number or len(self.objects) + 1
        self.objects[number] = body if isinstance(body, bytes) \
            else body.encode()
        return number

    def stream(self, data, extra="", packed=True, number=None):
        number = number or len(self.objects) + 1
        data = data if isinstance(data, bytes) else data.encode()
        if packed:
            data = zlib.compress(data)
            extra += "/Filter/FlateDecode"
        if self.lock:
            data = self.lock.apply(number, data)
        return self.add(f"<</Length {len(data)}{extra}>>stream\n".encode()
                        + data + b"\nendstream", number)

    def data(self, root=1, xref=True, trailer="", packed_from=None, head=None,
             info=""):
        """packed_from: objects from this number on lie in an object stream."""
        out = head if head is not None else b"%PDF-1.7\n"
        if self.lock:
            self.add(self.lock.dictionary(), 900)
        loose = {k: v for k, v in self.objects.items()
                 if packed_from is None or k < packed_from}
        rest = {k: v for k, v in self.objects.items() if k not in loose}
        places = {}
        if rest:
            index, body = "", b""
            for number, content in rest.items():
                index += f"{number} {len(body)} "
                body += content + b" "
            packed = zlib.compress(index.encode() + body)
            loose[800] = (f"<</Type/ObjStm/N {len(rest)}/First {len(index)}"
                          f"/Filter/FlateDecode/Length {len(packed)}>>stream\n"
                          .encode() + packed + b"\nendstream")
        for number, content in loose.items():
            places[number] = len(out)
            out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
        ending = f"/Root {root} 0 R{info}/ID[<{FILE_ID.hex()}><{FILE_ID.hex()}>]"
        if self.lock:
            ending += "/Encrypt 900 0 R"
        at = len(out)
        if rest:
            return out + self.wide_table(places, rest, ending, at)
        size = max(loose) + 1
        rows = "".join(
            f"{places[number]:010} 00000 n \n" if number in places
            else "0000000000 65535 f \n" for number in range(size))
        table = f"xref\n0 {size}\n{rows}" if xref else ""
        return out + (f"{table}trailer\n<</Size {size}{ending}{trailer}>>\n"
                      f"startxref\n{at if xref else 7}\n%%EOF\n").encode()

    def wide_table(self, places, rest, ending, at):
        places = {**places, 801: at}
        order = list(rest)
        rows = b""
        for number in range(802):
            if number in places:
                rows += struct.pack(">BIH", 1, places[number], 0)
            elif number in rest:
                rows += struct.pack(">BIH", 2, 800, order.index(number))
            else:
                rows += struct.pack(">BIH", 0, 0, 0xFFFF)
        packed = zlib.compress(rows)
        return (f"801 0 obj\n<</Type/XRef/Size 802/W[1 4 2]{ending}"
                f"/Filter/FlateDecode/Length {len(packed)}>>stream\n"
                .encode() + packed + b"\nendstream\nendobj\nstartxref\n"
                + str(at).encode() + b"\n%%EOF\n")


FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page(content, page_extra="", root_extra="", more=None, lock=None,
         packed=True, font=FONT, resources="", **settings):
    """A file with one page; more(pdf) adds objects from 6 on first."""
    pdf = Pdf(lock)
    pdf.add(f"<</Type/Catalog/Pages 2 0 R{root_extra}>>")
    pdf.add("<</Type/Pages/Kids[3 0 R]/Count 1>>")
    pdf.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            f"/Resources<</Font<</F1 5 0 R>>{resources}>>{page_extra}>>")
    pdf.stream(content, packed=packed, number=4)
    pdf.add(font, 5)
    if more:
        more(pdf)
    return pdf.data(**settings)


def shown(words, at="72 720", mode=""):
    return f"BT /F1 12 Tf {mode} {at} Td ({words}) Tj ET\n"


def update(old, number, body, root=1):
    """An incremental update that replaces one object."""
    at = len(old)
    text = f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    before = int(old.rsplit(b"startxref\n", 1)[1].split()[0])
    return old + text + (
        f"xref\n{number} 1\n{at:010} 00000 n \ntrailer\n<</Size 999"
        f"/Root {root} 0 R/Prev {before}>>\nstartxref\n{at + len(text)}\n"
        "%%EOF\n").encode()
