"""Mail as mailers write it: headers, bodies in every charset, attachments."""

import base64
import quopri
from email.header import Header
from urllib.parse import quote


def encode_header(text, charset="utf-8"):
    if text.isascii():
        return text
    return Header(text, charset, maxlinelen=72).encode(linesep="\r\n")


def jis_of(double):
    """Two bytes of Shift_JIS as two of JIS X 0208 (with NEC's rows)."""
    lead, trail = double
    lead = (lead - (0x71 if lead < 0xa0 else 0xb1)) * 2 + 1
    if trail > 0x7f:
        trail -= 1
    if trail >= 0x9e:
        return bytes((lead + 1, trail - 0x7d))
    return bytes((lead, trail - 0x1f))


def iso2022_jp(text):
    """As mailers on Windows write it: NEC's characters, half-width kana."""
    out, state = b"", b"\x1b(B"
    for character in text:
        one = character.encode("cp932")
        wanted = b"\x1b$B"
        if len(one) == 2:
            one = jis_of(one)
        elif one[0] >= 0x80:
            one, wanted = bytes((one[0] & 0x7f,)), b"\x1b(I"
        else:
            wanted = b"\x1b(B"
        if wanted != state:
            out += wanted
            state = wanted
        out += one
    return out + (b"" if state == b"\x1b(B" else b"\x1b(B")


def euc_jp(text):
    out = b""
    for character in text:
        one = character.encode("cp932")
        if len(one) == 2:
            one = bytes(b | 0x80 for b in jis_of(one))
        elif one[0] >= 0x80:
            one = b"\x8e" + one
        out += one
    return out


def encode(text, charset):
    """As str.encode(), with what Japanese programs write beyond the
    standards; the standard's minus sign and dashes where they differ."""
    if charset in ("iso2022_jp", "euc_jp"):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            return {"iso2022_jp": iso2022_jp, "euc_jp": euc_jp}[charset](text)
    return text.encode(charset)


def encodable(text, charset):
    try:
        encode(text, charset)
    except UnicodeEncodeError:
        return False
    return True


def in_charset(text, charset):
    """As programs save: what the charset lacks makes it UTF-8."""
    return encode(text, charset if encodable(text, charset) else "utf-8")


def crlf(text):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def wrap_base64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def transfer(data, how):
    """data as the transfer encoding writes it; data has CRLF already."""
    if how == "base64":
        return wrap_base64(data)
    if how == "quoted-printable":
        lines = quopri.encodestring(data.replace(b"\r\n", b"\n"))
        return lines.replace(b"\n", b"\r\n")
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def entity(data, content_type, how, more=()):
    head = [f"Content-Type: {content_type}",
            f"Content-Transfer-Encoding: {how}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + transfer(data, how)


def text_entity(text, charset="utf-8", how=None, subtype="plain",
                declared=None, parameters=""):
    """declared: the charset that the header claims; "" claims none."""
    data = encode(crlf(text), charset)
    if how is None:
        how = "7bit" if charset.startswith("iso2022") or data.isascii() \
            else "base64"
    names = {"iso2022_jp": "ISO-2022-JP", "iso2022_jp_ext": "ISO-2022-JP",
             "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-8": "UTF-8",
             "utf-7": "UTF-7"}
    label = names.get(charset, charset) if declared is None else declared
    claim = f"; charset={label}" if label else ""
    return entity(data, f"text/{subtype}{claim}{parameters}", how)


def attachment(name, data, content_type=None, how="base64", style="2047"):
    """style: how the file name is written (2047, 2231, raw in UTF-8)."""
    kinds = {"txt": "text/plain", "csv": "text/csv", "html": "text/html",
             "htm": "text/html", "zip": "application/zip",
             "tsv": "text/tab-separated-values",
             "xml": "text/xml", "json": "application/json",
             "xlsx": "application/vnd.openxmlformats-officedocument."
                     "spreadsheetml.sheet"}
    kind = content_type or kinds.get(name.rsplit(".", 1)[-1].lower(),
                                     "application/octet-stream")
    if name.isascii() or style == "raw":
        file_name, shown = f'filename="{name}"', f'name="{name}"'
    elif style == "2231":
        file_name = f"filename*=UTF-8''{quote(name)}"
        shown = f'name="{encode_header(name)}"'
    else:
        file_name = f'filename="{encode_header(name)}"'
        shown = f'name="{encode_header(name)}"'
    head = [f"Content-Type: {kind};\r\n {shown}",
            f"Content-Disposition: attachment;\r\n {file_name}",
            f"Content-Transfer-Encoding: {how}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + transfer(data, how)


def multipart(kind, entities, boundary):
    parts = b"".join(b"--" + boundary.encode() + b"\r\n" + one
                     + (b"" if one.endswith(b"\r\n") else b"\r\n")
                     for one in entities)
    return (f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"'
            "\r\n\r\n").encode() + parts + f"--{boundary}--\r\n".encode()


def letter(headers, body, charset="utf-8"):
    """headers: (name, text) in order; body: an entity."""
    lines = [f"{name}: {encode_header(text, charset)}"
             for name, text in headers]
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode() + b"\r\n" + body


def flowed(text, width=66):
    """RFC 3676: soft breaks after a space, as mailers wrap."""
    lines = []
    for line in text.split("\n"):
        while len(line) > width:
            at = line.rfind(" ", 0, width)
            if at <= 0:
                break
            lines.append(line[:at + 1])
            line = line[at + 1:]
        lines.append(line)
    return "\n".join(lines)


def folded(text, width):
    """Hard breaks after width columns (wide characters count two)."""
    lines = []
    for line in text.split("\n"):
        made, used = "", 0
        for character in line:
            columns = 1 if ord(character) < 0x2000 else 2
            if used + columns > width:
                lines.append(made)
                made, used = "", 0
            made += character
            used += columns
        lines.append(made)
    return "\n".join(lines)


def broken_by_wrapping(rng, make, number):
    """make() gives a text with the number; wrapped as mailers do, again and
    again until a line ends inside of the number."""
    while True:
        made = folded(make(), rng.randint(66, 78))
        if number not in made:
            return made


def quoted(text, mark="> "):
    return "\n".join(mark + line if line else mark.rstrip()
                     for line in text.split("\n"))


def html_page(inner, charset=None, style=""):
    claim = f'<meta charset="{charset}">' if charset else ""
    return (f"<html><head>{claim}{style}</head>\n<body>\n{inner}\n"
            "</body></html>\n")


def html_text(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(
        ">", "&gt;")


def html_lines(text, tag="div"):
    return "\n".join(f"<{tag}>{html_text(line) or '<br>'}</{tag}>"
                     for line in text.split("\n"))


def html_table(rows, head=True, attributes=' border="1"', cell=html_text):
    made = [f"<table{attributes}>"]
    for n, row in enumerate(rows):
        tag = "th" if head and n == 0 else "td"
        made.append("<tr>" + "".join(f"<{tag}>{cell(str(one))}</{tag}>"
                                     for one in row) + "</tr>")
    return "\n".join(made + ["</table>"])
