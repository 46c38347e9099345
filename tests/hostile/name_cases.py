"""Numbers in header fields, file names and parameters."""

import base64

from cases import (FOUND, HELD, HELLO, LABEL, add, attached, b64, mail, mixed,
                   part, text)
from zips import Entry, archive

FAMILY = "names"
PLAIN = b"Content-Type: text/plain\r\n"
MULTI = b"Content-Type: multipart/mixed; boundary=b\r\n"


def word(data, charset="utf-8", how="B"):
    if how == "B":
        coded = base64.b64encode(data).decode()
    else:
        coded = "".join(f"={byte:02X}" for byte in data)
    return f"=?{charset}?{how}?{coded}?="


def subject(name, make, want=FOUND):
    """make(number) gives the field's value."""
    def build(n):
        value = make(n)
        return mail(PLAIN, b"hello\r\n", value if isinstance(value, bytes)
                    else value.encode())
    add(FAMILY, "subject_" + name, build, want)


def labelled(n):
    return f"{LABEL}：{n}"


def pieces(n, size=9):
    """Encoded words that end in the middle of the number."""
    data = labelled(n)
    return [data[i:i + size] for i in range(0, len(data), size)]


subject("plain", lambda n: f"My Number: {n}")
subject("encoded", lambda n: word(labelled(n).encode()))
subject("split_words", lambda n: "\r\n ".join(
    word(one.encode()) for one in pieces(n)))
subject("split_bytes", lambda n: " ".join(
    word(labelled(n).encode()[i:i + 7])
    for i in range(0, len(labelled(n).encode()), 7)))
subject("split_not_separated", lambda n: "".join(
    word(one.encode()) for one in pieces(n)))
subject("split_charsets", lambda n: " ".join([
    word(labelled(n)[:8].encode("cp932"), "shift_jis"),
    word(labelled(n)[8:].encode("euc-jp"), "euc-jp", "Q")]))
subject("split_escape", lambda n: " ".join(
    word(one.encode("iso-2022-jp"), "iso-2022-jp") for one in pieces(n)))
subject("quoted", lambda n: word(labelled(n).encode(), how="Q"))
subject("one_digit_each", lambda n: f"{word(LABEL.encode())} " + " ".join(
    word(d.encode()) for d in n))
subject("in_comment_of_word", lambda n: f"({word(labelled(n).encode())})")
subject("blanks_in_word", lambda n: f"=?utf-8?Q?My Number: {n}?=")
subject("language", lambda n: word(labelled(n).encode(), "utf-8*ja"))
subject("unknown_charset", lambda n: word(labelled(n).encode(), "x-none"))
subject("wrong_charset", lambda n: word(labelled(n).encode("cp932"), "utf-8"))
subject("padding_inside", lambda n: word(labelled(n)[:5].encode()) + "\r\n "
        + word(labelled(n)[5:].encode()))
subject("eight_bit_cp932", lambda n: labelled(n).encode("cp932"))
subject("eight_bit_escape", lambda n: labelled(n).encode("iso-2022-jp"))
subject("eight_bit_utf_8", lambda n: labelled(n).encode())
subject("folded_in_number", lambda n: f"My Number: {n[:6]}\r\n {n[6:]}")
subject("full_width", lambda n: word((LABEL + "：" + "".join(
    chr(0xFF10 + int(d)) for d in n)).encode("iso-2022-jp"), "iso-2022-jp"))
subject("very_long", lambda n: "x " * 30000 + f"My Number: {n}")
subject("nul", lambda n: f"My\0 Number: {n}".encode())


def field(name, make, want=FOUND):
    add(FAMILY, name, lambda n: mail(make(n).encode() + PLAIN, b"hello\r\n"),
        want)


field("comments_field", lambda n: f"Comments: My Number: {n}\r\n")
field("keywords", lambda n: f"Keywords: {word(labelled(n).encode())}\r\n")
field("unknown_field", lambda n: f"X-Note: My Number: {n}\r\n")
field("second_subject", lambda n: f"Subject: My Number: {n}\r\n")
field("display_name", lambda n: f"Cc: \"My Number {n}\" <a@example.com>\r\n")
field("display_name_encoded", lambda n: f"Reply-To: {word(labelled(n).encode())}"
      " <a@example.com>\r\n")
field("address_comment", lambda n: f"Cc: a@example.com (My Number {n})\r\n")
field("garbage_line", lambda n: f"My Number {n}\r\n")
field("content_description", lambda n: f"Content-Description: My Number: {n}"
      "\r\n")


def file_name(name, make, want=FOUND):
    """make(number) gives the parameters behind the disposition."""
    add(FAMILY, "file_" + name, lambda n: mail(MULTI, mixed([HELLO, part(
        b"Content-Type: application/octet-stream\r\nContent-Disposition: "
        b"attachment; " + make(n).encode() + b"\r\n", b"hello\r\n")])), want)


file_name("plain", lambda n: f'filename="My Number {n}.txt"')
file_name("encoded_word", lambda n: f'filename="{word(labelled(n).encode())}"')
file_name("2231", lambda n: "filename*=utf-8''" + "".join(
    f"%{byte:02X}" for byte in labelled(n).encode()))
file_name("2231_pieces", lambda n: f"filename*0=\"My Num\"; filename*1=\"ber "
          f"{n[:4]}\"; filename*2=\"{n[4:]}.txt\"")
file_name("2231_pieces_out_of_order", lambda n: f"filename*2=\"{n[4:]}.txt\"; "
          f"filename*0=\"My Number \"; filename*1=\"{n[:4]}\"")
file_name("2231_pieces_mixed", lambda n: "filename*0*=utf-8''My%20Number%20; "
          f"filename*1={n[:4]}; filename*2*=" + "".join(
              f"%3{d}" for d in n[4:]))
file_name("2231_over_lines", lambda n: "filename*0=\"My Number \";\r\n "
          f"filename*1=\"{n[:6]}\";\r\n\tfilename*2=\"{n[6:]}\"")
file_name("twice", lambda n: f'filename="a.txt"; filename="My Number {n}"')
file_name("percent", lambda n: "filename=\"My%20Number%20" + "".join(
    f"%3{d}" for d in n) + "\"")
file_name("name_parameter", lambda n: f"x=y; name=\"My Number {n}.txt\"")
file_name("unquoted", lambda n: f"filename=My Number {n}.txt")
file_name("eight_bit", lambda n: f'filename="{labelled(n)}.txt"')
add(FAMILY, "file_in_zip", lambda n: archive([Entry(
    f"個人番号 {n}.txt", b"hello", flags=0x800)]), ending="zip")
add(FAMILY, "file_in_zip_cp932", lambda n: archive([Entry(
    f"個人番号 {n}.txt".encode("cp932"), b"hello")]), ending="zip")
add(FAMILY, "content_type_name", lambda n: attached("a", b"hello").replace(
    b'name="a"', f'name="My Number {n}"'.encode()))
add(FAMILY, "boundary", lambda n: mail(
    f'Content-Type: multipart/mixed; boundary="My Number {n}"\r\n'.encode(),
    mixed([HELLO], f"My Number {n}".encode())), HELD)
add(FAMILY, "description_of_part", lambda n: mail(MULTI, mixed([part(
    f"Content-Description: My Number: {n}\r\n".encode(), b"hello\r\n")])))
add(FAMILY, "unknown_field_of_part", lambda n: mail(MULTI, mixed([part(
    f"X-Note: My Number: {n}\r\n".encode(), b"hello\r\n")])))
add(FAMILY, "preamble_of_base64", lambda n: mail(
    PLAIN + b"Content-Transfer-Encoding: base64\r\n",
    f"My Number: {n}\r\n\r\n".encode() + b64(text(n)[:0] + b"hello\r\n")))
