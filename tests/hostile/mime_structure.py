"""Mails whose structure programs read differently: fields, boundaries, parts.

The payload is a zip in base64, so that a sweep of the raw mail is no help.
"""

from cases import (FOUND, HEAD, HELD, HELLO, ZIP_FIELDS, add, ascii_line, b64, case,
                   mail, mixed, part, text, zip_part, zipped)

MULTI = b"Content-Type: multipart/mixed; boundary=b\r\n"
FAMILY = "structure"


def structure(name, headers, body=None, want=FOUND):
    """body(number); without one: a usual multipart with boundary b."""
    add(FAMILY, name, lambda n: mail(headers, body(n) if body else
                                     mixed([HELLO, zip_part(n)])), want)


structure("two_types_multipart_first", MULTI + b"Content-Type: text/plain\r\n")
structure("two_types_multipart_last", b"Content-Type: text/plain\r\n" + MULTI)
structure("two_boundary_fields_first",
          MULTI + b"Content-Type: multipart/mixed; boundary=x\r\n")
structure("two_boundary_fields_last",
          b"Content-Type: multipart/mixed; boundary=x\r\n" + MULTI)
structure("two_boundaries_first",
          b"Content-Type: multipart/mixed; boundary=b; boundary=x\r\n")
structure("two_boundaries_last",
          b"Content-Type: multipart/mixed; boundary=x; boundary=b\r\n")
add(FAMILY, "two_boundaries_one_used", lambda n: mail(
    b"Content-Type: multipart/mixed; boundary=b; boundary=x\r\n",
    mixed([HELLO])), HELD)
structure("no_boundary", b"Content-Type: multipart/mixed\r\n")
structure("empty_boundary", b"Content-Type: multipart/mixed; boundary=\"\"\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b""))
structure("no_subtype", b"Content-Type: multipart; boundary=b\r\n")
structure("empty_subtype", b"Content-Type: multipart/; boundary=b\r\n")
structure("odd_subtype", b"Content-Type: MultiPart/X-Strange; boundary=b\r\n")
structure("text_with_boundary", b"Content-Type: text/plain; boundary=b\r\n")
structure("space_before_colon",
          b"Content-Type : multipart/mixed; boundary=b\r\n")
structure("type_folded_early",
          b"Content-Type:\r\n multipart/mixed;\r\n\tboundary=b\r\n")
structure("type_folded_over_blanks",
          b"Content-Type: multipart/mixed;\r\n \r\n boundary=b\r\n")
structure("spaces_round_equals",
          b"Content-Type: multipart/mixed; boundary = b\r\n")
structure("many_semicolons",
          b"Content-Type: multipart/mixed;;; ; boundary=b;\r\n")
structure("parameter_without_semicolon",
          b"Content-Type: multipart/mixed boundary=b\r\n")
structure("parameter_without_value",
          b"Content-Type: multipart/mixed; foo; boundary=b\r\n")
structure("invalid_parameter_first",
          b"Content-Type: multipart/mixed; =\"; x=1; boundary=b\r\n")
structure("comment_in_type",
          b"Content-Type: multipart(a ; \" b)/mixed (c); boundary(d)=b (e)\r\n")
structure("nested_comments",
          b"Content-Type: " + b"(" * 400 + b")" * 400
          + b" multipart/mixed; boundary=b\r\n")
structure("unclosed_comment",
          b"Content-Type: multipart/mixed; (x; boundary=b\r\n")
structure("quoted_pair_boundary",
          b"Content-Type: multipart/mixed; boundary=\"\\b\"\r\n")
structure("unclosed_quote",
          b"Content-Type: multipart/mixed; boundary=\"b\r\n")
structure("single_quotes", b"Content-Type: multipart/mixed; boundary='b'\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b"'b'"))
structure("single_quotes_meant", b"Content-Type: multipart/mixed; "
          b"boundary='b'\r\n")
structure("trailing_blank_boundary",
          b"Content-Type: multipart/mixed; boundary=\"b \"\r\n")
structure("boundary_2231_split",
          b"Content-Type: multipart/mixed; boundary*0=ab; boundary*1=cd\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b"abcd"))
structure("boundary_2231_split_and_whole",
          b"Content-Type: multipart/mixed; boundary*0=ab; boundary*1=cd;"
          b" boundary=x\r\n", lambda n: mixed([HELLO, zip_part(n)], b"abcd"))
structure("boundary_2231_coded",
          b"Content-Type: multipart/mixed; boundary*=us-ascii''%62\r\n")
structure("boundary_2231_partly_coded",
          b"Content-Type: multipart/mixed; boundary*0*=us-ascii''%61b;"
          b" boundary*1=cd\r\n", lambda n: mixed([HELLO, zip_part(n)], b"abcd"))
structure("boundary_encoded_word",
          b"Content-Type: multipart/mixed; boundary=\"=?utf-8?Q?b?=\"\r\n")
structure("boundary_long",
          b"Content-Type: multipart/mixed; boundary=" + b"y" * 300 + b"\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b"y" * 300))
structure("boundary_eight_bit",
          b"Content-Type: multipart/mixed; boundary=\"\xe3\x81\x82\"\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b"\xe3\x81\x82"))
structure("boundary_case",
          b"Content-Type: multipart/mixed; BOUNDARY=B\r\n",
          lambda n: mixed([HELLO, zip_part(n)], b"B"))
structure("outer_is_prefix", MULTI, lambda n: mixed([
    part(b"Content-Type: multipart/mixed; boundary=bb\r\n",
         mixed([HELLO, zip_part(n)], b"bb"))]))
structure("inner_is_prefix",
          b"Content-Type: multipart/mixed; boundary=bb\r\n",
          lambda n: mixed([part(MULTI, mixed([HELLO, zip_part(n)])), HELLO],
                          b"bb"))
structure("inner_same_boundary", MULTI, lambda n: mixed([
    part(MULTI, mixed([HELLO])), zip_part(n)]))
structure("unterminated", MULTI,
          lambda n: mixed([HELLO, zip_part(n)])[:-7])
structure("cut_in_delimiter", MULTI,
          lambda n: mixed([HELLO, zip_part(n)])[:-4])
structure("delimiter_with_blanks", MULTI, lambda n: mixed(
    [HELLO, zip_part(n)]).replace(b"--b\r\n", b"--b \t \r\n"))
structure("delimiter_with_junk", MULTI, lambda n: mixed(
    [HELLO, zip_part(n)]).replace(b"--b\r\n", b"--bjunk\r\n"))
structure("early_end", MULTI, lambda n: mixed([HELLO])
          + mixed([zip_part(n)]))
structure("early_end_with_junk", MULTI, lambda n: b"--b\r\n" + HELLO
          + b"\r\n--b--junk\r\n--b\r\n" + zip_part(n) + b"\r\n--b--\r\n")
structure("part_in_preamble", MULTI, lambda n: zip_part(n)
          + mixed([HELLO]))
structure("part_in_epilogue", MULTI, lambda n: mixed([HELLO])
          + b"\r\n" + zip_part(n))
structure("text_in_preamble", MULTI, lambda n: ascii_line(n) + mixed([HELLO]))
structure("text_in_epilogue", MULTI, lambda n: mixed([HELLO]) + ascii_line(n))
structure("no_blank_line_in_part", MULTI, lambda n: mixed(
    [HELLO, ZIP_FIELDS + b64(zipped(n))]))
structure("no_header_in_part", MULTI, lambda n: mixed([HELLO, text(n)]))
structure("blank_line_with_blanks", MULTI, lambda n: mixed(
    [HELLO, ZIP_FIELDS + b" \t\r\n" + b64(zipped(n))]))
structure("garbage_line_in_header", b"this is no field\r\n" + MULTI)
structure("garbage_line_in_part", MULTI, lambda n: mixed(
    [HELLO, b"no field\r\n" + zip_part(n)]))
structure("digest", b"Content-Type: multipart/digest; boundary=b\r\n",
          lambda n: mixed([b"\r\n" + mail(MULTI, mixed([zip_part(n)]))]))
structure("alternative_hides",
          b"Content-Type: multipart/alternative; boundary=b\r\n",
          lambda n: mixed([zip_part(n), HELLO]))
structure("related_unused",
          b"Content-Type: multipart/related; boundary=b; start=\"<a>\"\r\n",
          lambda n: mixed([HELLO, zip_part(n)]))
structure("image_says_zip", MULTI, lambda n: mixed([part(
    b"Content-Type: image/png; name=a.png\r\n"
    b"Content-Transfer-Encoding: base64\r\n", b64(zipped(n)))]))
structure("attached_mail", MULTI, lambda n: mixed([part(
    b"Content-Type: message/rfc822\r\n",
    mail(MULTI.replace(b"=b", b"=c"), mixed([zip_part(n)], b"c")))]))
structure("attached_mail_same_boundary", MULTI, lambda n: mixed([part(
    b"Content-Type: message/rfc822\r\n", mail(MULTI, mixed([zip_part(n)])))]))
structure("attached_mail_base64", MULTI, lambda n: mixed([part(
    b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
    b64(mail(MULTI, mixed([zip_part(n)]))))]))
structure("attached_mail_global", MULTI, lambda n: mixed([part(
    b"Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n",
    b64(mail(MULTI, mixed([zip_part(n)]))))]))
structure("attached_mail_as_data", MULTI, lambda n: mixed([part(
    b"Content-Type: application/octet-stream; name=x.eml\r\n"
    b"Content-Transfer-Encoding: base64\r\n",
    b64(mail(MULTI, mixed([zip_part(n)]))))]))
structure("multipart_in_base64",
          MULTI + b"Content-Transfer-Encoding: base64\r\n",
          lambda n: b64(mixed([HELLO, zip_part(n)])))
structure("multipart_says_base64", MULTI
          + b"Content-Transfer-Encoding: base64\r\n")
structure("multipart_in_quoted_printable",
          MULTI + b"Content-Transfer-Encoding: quoted-printable\r\n",
          lambda n: mixed([HELLO, zip_part(n)]).replace(b"=", b"=3D"))
structure("mime_version_missing", MULTI)
structure("mbox", b"Content-Type: application/mbox; name=a.mbox\r\n",
          lambda n: b"From a@example.com Sun Nov 22 10:00:00 2026\r\n"
          + mail(b"", b"hello\r\n")
          + b"\r\nFrom b@example.com Sun Nov 22 10:00:00 2026\r\n"
          + mail(MULTI, mixed([zip_part(n)])))
structure("many_parts_before", MULTI,
          lambda n: mixed([HELLO] * 200 + [zip_part(n)]))


@case(FAMILY, HELD)
def thirty_levels(n):
    """Deeper than anybody reads: a limit, said."""
    body = zip_part(n)
    for level in range(30):
        name = f"x{level:02}".encode()
        body = part(b"Content-Type: multipart/mixed; boundary=" + name
                    + b"\r\n", mixed([body], name))
    return HEAD + b"MIME-Version: 1.0\r\n" + body


@case(FAMILY)
def begins_with_blank_line(n):
    return b"\r\n" + mail(MULTI, mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def begins_folded(n):
    return b" folded\r\n" + mail(MULTI, mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def begins_with_mark(n):
    return b"\xef\xbb\xbf" + mail(MULTI, mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def begins_with_from_line(n):
    return (b"From taro@corp.test Sun Nov 22 10:00:00 2026\r\n"
            + mail(MULTI, mixed([HELLO, zip_part(n)])))


@case(FAMILY)
def header_ends_in_line_feeds(n):
    return mail(MULTI, mixed([HELLO, zip_part(n)])).replace(
        b"boundary=b\r\n\r\n", b"boundary=b\n\n")


@case(FAMILY)
def line_feeds_only(n):
    return mail(MULTI, mixed([HELLO, zip_part(n)])).replace(b"\r\n", b"\n")


@case(FAMILY)
def carriage_returns_only(n):
    return mail(MULTI, mixed([HELLO, zip_part(n)])).replace(b"\r\n", b"\r")


@case(FAMILY)
def delimiters_behind_carriage_return(n):
    return mail(MULTI, mixed([HELLO, zip_part(n)]).replace(
        b"\r\n--b", b"\r--b"))


@case(FAMILY)
def nul_in_type(n):
    return mail(b"Content-\0Type: multipart/mixed; boundary=b\r\n",
                mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def nul_behind_type(n):
    return mail(b"Content-Type: multipart/mixed; boundary=b\0x\r\n",
                mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def nul_in_delimiter(n):
    return mail(MULTI, mixed([HELLO, zip_part(n)]).replace(
        b"--b\r\n", b"--b\0\r\n"))


@case(FAMILY)
def long_header_before_type(n):
    return mail(b"X-Long: " + b"y" * 200000 + b"\r\n" + MULTI,
                mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def many_headers_before_type(n):
    return mail(b"".join(b"X-%d: y\r\n" % i for i in range(1500)) + MULTI,
                mixed([HELLO, zip_part(n)]))


@case(FAMILY)
def folded_300_lines(n):
    return mail(b"Content-Type: multipart/mixed;\r\n" + b" x=y;\r\n" * 300
                + b" boundary=b\r\n", mixed([HELLO, zip_part(n)]))
