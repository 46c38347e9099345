"""Mails whose content is coded in ways that programs read differently."""

import binascii
import struct
import zlib

from cases import (FOUND, HELD, HELLO, LABEL, add, ascii_line, b64, case, line,
                   mail, mixed, part, text, zip_part, zipped)

FAMILY = "content"
MULTI = b"Content-Type: multipart/mixed; boundary=b\r\n"


def body(name, fields, make, want=FOUND):
    """A mail of one part."""
    add(FAMILY, name, lambda n: mail(fields, make(n)), want)


def coded(name, field, make=None, want=FOUND):
    """A zip in base64 behind this Content-Transfer-Encoding."""
    make = make or (lambda n: b64(zipped(n)))
    body(name, b"Content-Type: application/zip; name=a.zip\r\n" + field, make,
         want)


def in_text(charset, codec=None):
    """The line in a charset."""
    return (f"Content-Type: text/plain; charset={charset}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n").encode(), \
        lambda n: line(n).encode(codec or charset)


ENCODING = b"Content-Transfer-Encoding: "
BASE64 = ENCODING + b"base64\r\n"
QUOTED = b"Content-Type: text/plain; charset=utf-8\r\n" + ENCODING \
    + b"quoted-printable\r\n"

coded("encodings_base64_first", BASE64 + ENCODING + b"7bit\r\n")
coded("encodings_base64_last", ENCODING + b"7bit\r\n" + BASE64)
coded("encoding_quoted", ENCODING + b"\"base64\"\r\n")
coded("encoding_comment", ENCODING + b"(x) base64 (y)\r\n")
coded("encoding_semicolon", ENCODING + b"base64; x=y\r\n")
coded("encoding_folded", b"Content-Transfer-Encoding:\r\n\tbase64\r\n")
coded("encoding_upper_case", ENCODING + b"BaSe64\r\n")
coded("encoding_unknown_name", ENCODING + b"x-base64\r\n")
coded("encoding_misspelt", ENCODING + b"base-64\r\n")
coded("encoding_trailing_dot", ENCODING + b"base64.\r\n")
coded("encoding_says_binary", ENCODING + b"binary\r\n")
coded("encoding_missing", b"")
coded("encoding_says_quoted", ENCODING + b"quoted-printable\r\n")
coded("encoding_space_before_colon", b"Content-Transfer-Encoding : base64\r\n")
coded("encoding_unknown", ENCODING + b"x-rot13\r\n",
      lambda n: b64(zipped(n)).translate(bytes.maketrans(
          b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
          b"NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm")), HELD)
coded("base64_with_blanks", BASE64,
      lambda n: b64(zipped(n)).replace(b"A", b" A\t"))
coded("base64_with_junk", BASE64,
      lambda n: b64(zipped(n)).replace(b"A", b"!A~").replace(b"B", b"B\xff"))
coded("base64_with_commas", BASE64, lambda n: b64(zipped(n), 4))
coded("base64_one_a_line", BASE64, lambda n: b64(zipped(n), 1))
coded("base64_one_line", BASE64, lambda n: b64(zipped(n), 100000))
coded("base64_no_padding", BASE64, lambda n: b64(zipped(n) + b"x").replace(
    b"=", b""))
coded("base64_in_two_pieces", BASE64, lambda n: b64(zipped(n)[:100])
      + b64(zipped(n)[100:]))
coded("base64_url_alphabet", BASE64, lambda n: b64(zipped(n)).translate(
    bytes.maketrans(b"+/", b"-_")))
coded("base64_dashes_behind", BASE64, lambda n: b64(zipped(n))
      + b"-- \r\nfooter of a mailing list\r\n")
coded("base64_words_before", BASE64, lambda n: b"This is base64:\r\n\r\n"
      + b64(zipped(n)))
coded("base64_dots_in_front", BASE64, lambda n: b"".join(
    b"." + one + b"\r\n" for one in b64(zipped(n)).splitlines()))
coded("base64_with_nul", BASE64,
      lambda n: b64(zipped(n)).replace(b"A", b"A\0"))
coded("base64_quoted_lines", BASE64, lambda n: b"".join(
    b"> " + one + b"\r\n" for one in b64(zipped(n)).splitlines()))
coded("base64_twice", BASE64, lambda n: b64(b64(zipped(n))))
coded("base64_of_uuencode", BASE64, lambda n: b64(uuencoded(zipped(n))))
coded("base64_in_quoted_printable",
      ENCODING + b"quoted-printable\r\n" + b"X-Then: base64\r\n",
      lambda n: b64(zipped(n)).replace(b"=", b"=3D"))
body("base64_padding_inside", b"Content-Type: text/plain\r\n" + BASE64,
     lambda n: b64(b"My Number: " + n[:5].encode())
     + b64(n[5:].encode() + b"\r\n"))
body("base64_text_cut", b"Content-Type: text/plain; charset=utf-8\r\n"
     + BASE64, lambda n: b64(text(n) + b"more words")[:-5])

body("quoted_lower_case", QUOTED, lambda n: "".join(
    f"={byte:02x}" for byte in text(n)).encode())
body("quoted_every_digit", QUOTED, lambda n: b"My Number: " + "".join(
    f"=3{digit}" for digit in n).encode())
body("quoted_soft_breaks", QUOTED, lambda n: b"My Number: " + "".join(
    f"{digit}=\r\n" for digit in n).encode() + b"\r\n")
body("quoted_soft_breaks_blanks", QUOTED, lambda n: b"My Number: " + "".join(
    f"{digit}= \t\r\n" for digit in n).encode() + b"\r\n")
body("quoted_soft_breaks_line_feeds", QUOTED, lambda n: b"My Number: "
     + "".join(f"{digit}=\n" for digit in n).encode() + b"\r\n")
body("quoted_bad_codes", QUOTED, lambda n: b"=ZZ =4 = =\xff " + ascii_line(n)
     + b"=")
body("quoted_not_coded", QUOTED, text)
body("quoted_spaces_coded", QUOTED,
     lambda n: b"My=20Number:=20" + n.encode() + b"=0D=0A")

for name, (fields, make) in {
        "charset_cp932": in_text("shift_jis", "cp932"),
        "charset_euc": in_text("euc-jp"),
        "charset_iso_2022_jp": in_text("iso-2022-jp"),
        "charset_utf_7": in_text("utf-7"),
        "charset_utf_16": in_text("utf-16"),
        "charset_utf_16_no_mark": in_text("utf-16", "utf-16-le"),
        "charset_utf_16_big": in_text("utf-16be"),
        "charset_utf_32": in_text("utf-32", "utf-32-le"),
        "charset_lies_utf_8": in_text("utf-8", "cp932"),
        "charset_lies_ascii": in_text("us-ascii", "euc-jp"),
        "charset_lies_latin": in_text("iso-8859-1", "iso-2022-jp"),
        "charset_lies_utf_16": in_text("utf-8", "utf-16-be"),
        "charset_lies_euc": in_text("euc-jp", "cp932"),
        "charset_unknown": in_text("x-unheard-of", "utf-8"),
        "charset_quoted_comment": in_text("(x)\"utf-8\"(y)", "utf-8")}.items():
    body(name, fields, make)
body("charset_twice", b"Content-Type: text/plain; charset=us-ascii; "
     b"charset=utf-7\r\n", lambda n: line(n).encode("utf-7"))
body("charset_ebcdic", b"Content-Type: text/plain; charset=cp037\r\n"
     + BASE64, lambda n: b64(f"My Number: {n}\n".encode("cp037")), HELD)
body("charset_2231", b"Content-Type: text/plain; charset*0=iso-20;"
     b" charset*1=22-jp\r\n", lambda n: line(n).encode("iso-2022-jp"))
body("full_width_cp932", b"Content-Type: text/plain; charset=us-ascii\r\n",
     lambda n: (LABEL + "：" + "".join(chr(0xFF10 + int(d)) for d in n)
                + "\r\n").encode("cp932"))


def uuencoded(data, end=b"`\r\nend\r\n"):
    lines = [binascii.b2a_uu(data[i:i + 45]).rstrip(b"\n") + b"\r\n"
             for i in range(0, len(data), 45)]
    return b"begin 644 a.zip\r\n" + b"".join(lines) + end


def xxencoded(data):
    alphabet = (b"+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                b"abcdefghijklmnopqrstuvwxyz")
    out = b"begin 644 a.zip\r\n"
    for i in range(0, len(data), 45):
        piece = data[i:i + 45]
        whole = piece + b"\0" * (-len(piece) % 3)
        out += bytes([alphabet[len(piece)]])
        for j in range(0, len(whole), 3):
            three = int.from_bytes(whole[j:j + 3], "big")
            out += bytes(alphabet[three >> shift & 63]
                         for shift in (18, 12, 6, 0))
        out += b"\r\n"
    return out + b"+\r\nend\r\n"


def yencoded(data):
    coded_bytes = bytearray()
    for byte in data:
        value = (byte + 42) & 255
        if value in (0, 10, 13, 61):
            coded_bytes += bytes([61, (value + 64) & 255])
        else:
            coded_bytes.append(value)
    lines = [bytes(coded_bytes[i:i + 128])
             for i in range(0, len(coded_bytes), 128)]
    return (f"=ybegin line=128 size={len(data)} name=a.zip\r\n".encode()
            + b"\r\n".join(lines) + f"\r\n=yend size={len(data)} crc32="
            f"{zlib.crc32(data):08x}\r\n".encode())


def binhex(data):
    """BinHex 4.0 (RFC 1741)."""
    def checked(piece):
        return piece + struct.pack(">H", binascii.crc_hqx(piece, 0))
    raw = checked(b"\5a.zip\0" + b"ZIP SIT!" + struct.pack(
        ">HII", 0, len(data), 0)) + checked(data) + checked(b"")
    raw = raw.replace(b"\x90", b"\x90\0")
    alphabet = (b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ["
                b"`abcdefhijklmpqr")
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 6)
    coded_bytes = b":" + bytes(alphabet[int(bits[i:i + 6], 2)]
                               for i in range(0, len(bits), 6)) + b":"
    return (b"(This file must be converted with BinHex 4.0)\r\n\r\n"
            + b"".join(coded_bytes[i:i + 64] + b"\r\n"
                       for i in range(0, len(coded_bytes), 64)))


PLAIN = b"Content-Type: text/plain\r\n"
body("uuencode", PLAIN, lambda n: b"hello\r\n\r\n" + uuencoded(zipped(n)))
body("uuencode_no_end", PLAIN, lambda n: uuencoded(zipped(n), b""))
body("uuencode_blanks", PLAIN,
     lambda n: uuencoded(zipped(n)).replace(b"`", b" "))
body("uuencode_in_html", b"Content-Type: text/html\r\n",
     lambda n: b"<pre>\r\n" + uuencoded(zipped(n)) + b"</pre>\r\n")
body("uuencode_field", b"Content-Type: application/zip\r\n" + ENCODING
     + b"x-uuencode\r\n", lambda n: uuencoded(zipped(n)))
body("uuencode_quoted_name", PLAIN, lambda n: uuencoded(zipped(n)).replace(
    b"begin 644 a.zip", b"begin 0644 \"a b.zip\""))
body("uuencode_base64", PLAIN, lambda n: b"begin-base64 644 a.zip\r\n"
     + b64(zipped(n), 60) + b"====\r\n")
body("xxencode", PLAIN, lambda n: xxencoded(zipped(n)))
body("yenc", PLAIN, lambda n: yencoded(zipped(n)))
body("binhex", PLAIN, lambda n: binhex(zipped(n)))
body("base64_in_text", PLAIN, lambda n: b"copy this:\r\n\r\n"
     + b64(zipped(n)))
body("part_copied_into_text", PLAIN, lambda n: b"--x\r\n" + zip_part(n)
     + b"\r\n--x--\r\n")


def tnef(number):
    """winmail.dat: one attachment with a title and data."""
    def attribute(level, kind, data):
        return (struct.pack("<BII", level, kind, len(data)) + data
                + struct.pack("<H", sum(data) & 0xFFFF))
    return (struct.pack("<IH", 0x223E9F78, 1)
            + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
            + attribute(2, 0x00069002, b"\1\0" + b"\0" * 12)
            + attribute(2, 0x00018010, b"a.zip\0")
            + attribute(2, 0x0006800F, zipped(number)))


body("tnef", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
     + BASE64, lambda n: b64(tnef(n)), HELD)
body("tnef_other_type", b"Content-Type: application/octet-stream\r\n"
     + BASE64, lambda n: b64(tnef(n)), HELD)
body("partial", b"Content-Type: message/partial; id=x; number=1; total=2\r\n",
     lambda n: mail(MULTI, mixed([HELLO, zip_part(n)]))[:600], HELD)
body("external_body", MULTI, lambda n: mixed([part(
    b"Content-Type: message/external-body; access-type=URL;"
    b" URL=\"http://www.example.com/a.zip\"\r\n",
    b"Content-Type: application/zip\r\n\r\n")]), HELD)
body("enveloped", b"Content-Type: application/pkcs7-mime;"
     b" smime-type=enveloped-data; name=smime.p7m\r\n" + BASE64,
     lambda n: b64(bytes.fromhex("308006092a864886f70d010703a080"
                                 "308002010031820100") + zipped(n)), HELD)
body("pgp_mime", b"Content-Type: multipart/encrypted;"
     b" protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
     lambda n: mixed([part(b"Content-Type: application/pgp-encrypted\r\n",
                           b"Version: 1\r\n"),
                      part(b"Content-Type: application/octet-stream\r\n",
                           pgp(n))]), HELD)
body("pgp_inline", PLAIN, lambda n: b"see below\r\n" + pgp(n), HELD)


def pgp(number):
    return (b"-----BEGIN PGP MESSAGE-----\r\n\r\n" + b64(b"\x85" + zlib.compress(
        text(number))) + b"=abcd\r\n-----END PGP MESSAGE-----\r\n")


@case(FAMILY)
def dots_doubled(n):
    """A body line of one dot, and lines that begin with dots."""
    return mail(PLAIN, b".\r\n..\r\n." + ascii_line(n))


@case(FAMILY)
def number_over_bare_line_feed(n):
    return mail(PLAIN, b"hello\n.\nMy Number: " + n.encode() + b"\r.\r\n")


@case(FAMILY)
def number_in_long_line(n):
    return mail(PLAIN, b"x " * 49990 + ascii_line(n))


@case(FAMILY)
def number_at_chunk_edge(n):
    return mail(PLAIN, b"line of words\r\n" * 4368 + b"1234567\r\n"
                + ascii_line(n))


@case(FAMILY)
def nul_between_digits(n):
    return mail(PLAIN, b"My Number: " + "\0".join(n).encode() + b"\r\n")


@case(FAMILY)
def nul_before_number(n):
    return mail(PLAIN, b"\0\0\0 " + ascii_line(n))


@case(FAMILY)
def flowed(n):
    return mail(b"Content-Type: text/plain; format=flowed; delsp=yes\r\n",
                f"My Number: {n[:4]} \r\n{n[4:8]} \r\n{n[8:]}\r\n".encode())


@case(FAMILY)
def number_over_two_lines(n):
    return mail(PLAIN, f"My Number: {n[:6]}\r\n{n[6:]}\r\n".encode(), b"x")


@case(FAMILY)
def eight_bit_in_quoted(n):
    return mail(QUOTED, text(n).replace(b"\r\n", b"=\r\n\xff\r\n"))


@case(FAMILY)
def attachment_without_name(n):
    return mail(MULTI, mixed([HELLO, part(
        b"Content-Disposition: attachment\r\n" + BASE64, b64(zipped(n)))]))


@case(FAMILY)
def calendar_with_file(n):
    return mail(b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR\r\n"
                b"BEGIN:VEVENT\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:"
                + b64(zipped(n), 100000) + b"END:VEVENT\r\nEND:VCALENDAR\r\n")


@case(FAMILY)
def card_with_file(n):
    return mail(b"Content-Type: text/vcard\r\n", b"BEGIN:VCARD\r\nFN:x\r\n"
                b"KEY;ENCODING=b:" + b64(zipped(n), 70).replace(
                    b"\r\n", b"\r\n ")[:-1] + b"END:VCARD\r\n")
