"""Zip archives by hand, so that every field can lie."""

import binascii
import struct
import zlib

STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR = 1, 8


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Entry:
    """local and central replace fields of one of the two headers."""

    def __init__(self, name, data, local=None, central=None, packed=None,
                 behind=b"", method=DEFLATED, **both):
        name = name if isinstance(name, bytes) else name.encode()
        self.packed = packed if packed is not None else \
            deflated(data) if method == DEFLATED else data
        fields = {"name": name, "flags": 0, "method": method,
                  "crc": binascii.crc32(data), "packed": len(self.packed),
                  "size": len(data), "extra": b"", "comment": b"",
                  "made_by": 20, "attributes": 0, "disk": 0} | both
        self.local = fields | (local or {})
        self.central = fields | (central or {})
        self.behind = behind
        self.at = 0

    def local_bytes(self):
        f = self.local
        return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, f["flags"],
                           f["method"], 0, 0x21, f["crc"], f["packed"],
                           f["size"], len(f["name"]), len(f["extra"])) + \
            f["name"] + f["extra"] + self.packed + self.behind

    def central_bytes(self):
        f = self.central
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, f["made_by"], 20,
                           f["flags"], f["method"], 0, 0x21, f["crc"],
                           f["packed"], f["size"], len(f["name"]),
                           len(f["extra"]), len(f["comment"]), f["disk"], 0,
                           f["attributes"], f.get("at", self.at)) + \
            f["name"] + f["extra"] + f["comment"]


def end_record(count, size, at, comment=b"", length=None):
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, at,
                       len(comment) if length is None else length) + comment


def archive(entries, listed=None, base=0, before=b"", **end):
    """before: bytes in front of the directory."""
    out = b""
    for entry in entries:
        entry.at = base + len(out)
        out += entry.local_bytes()
    out += before
    listed = entries if listed is None else listed
    directory = b"".join(entry.central_bytes() for entry in listed)
    return out + directory + end_record(**{
        "count": len(listed) & 0xFFFF, "size": len(directory),
        "at": base + len(out), **end})
