"""Texts: character sets, disguised digits, markup that hides or joins."""

import base64
import binascii
import html
import json
import plistlib

from cases import (FOUND, HELD, LABEL, add, ascii_line, attached, b64, case,
                   line, text, zipped)

FAMILY = "text"


def plain(name, make, want=FOUND, ending="txt"):
    add(FAMILY, name, make, want, ending)


def labelled(n):
    return line(n).strip()


def spelt(digits, zero):
    return "".join(chr(zero + int(d)) for d in digits)


for charset in ("utf-8-sig", "cp932", "euc-jp", "iso-2022-jp", "utf-16",
                "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
                "iso-2022-jp-2", "euc-jisx0213", "gb18030", "big5hkscs",
                "euc-kr"):
    plain("in_" + charset.replace("-", "_"), lambda n, charset=charset: (
        f"My Number: {n}\r\n個人番号\r\n" if charset in (
            "big5hkscs", "euc-kr", "gb18030") else line(n)).encode(charset, "replace"))
plain("in_utf_7", lambda n: line(n).encode("utf-7"))
plain("full_width_euc", lambda n: (LABEL + "：" + spelt(n, 0xFF10)).encode(
    "euc-jp"))
plain("full_width_utf_16_no_mark", lambda n: (
    LABEL + "：" + spelt(n, 0xFF10)).encode("utf-16-le"))
plain("full_width_mixed", lambda n: (LABEL + "：" + "".join(
    d if i % 2 else spelt(d, 0xFF10) for i, d in enumerate(n))).encode())
plain("mathematical", lambda n: f"{LABEL}：{spelt(n, 0x1D7CE)}".encode())
plain("arabic_digits", lambda n: f"{LABEL}：{spelt(n, 0x0660)}".encode(), HELD)
plain("kanji_digits", lambda n: (LABEL + "：" + "".join(
    "〇一二三四五六七八九"[int(d)] for d in n)).encode())
plain("circled", lambda n: (LABEL + "：" + "".join(
    "⓪①②③④⑤⑥⑦⑧⑨"[int(d)] for d in n)).encode())
plain("superscript", lambda n: (LABEL + "：" + "".join(
    "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in n)).encode())
for name, mark in (("zero_width", "\u200b"), ("joiner", "\u2060"),
                   ("soft_hyphen", "\u00ad"), ("no_break", "\u00a0"),
                   ("wide_blank", "\u3000"), ("right_to_left", "\u200f"),
                   ("combining", "\u0332"), ("variation", "\ufe0f"),
                   ("tag", "\U000e0020"), ("keycap", "\ufe0f\u20e3"),
                   ("minus", "\u2212"), ("long_mark", "ー"),
                   ("middle_dot", "・"), ("slash", "/"), ("dot", "."),
                   ("tab", "\t"), ("mark_inside", "\ufeff")):
    plain("between_" + name, lambda n, mark=mark:
          f"{LABEL}：{mark.join(n)}\r\n".encode())
plain("label_over_lines", lambda n: f"個人\r\n番号\r\n{n}\r\n".encode())
plain("one_digit_a_line", lambda n: (LABEL + "\r\n" + "\r\n".join(n)).encode())
plain("nul_bytes_inside", lambda n: f"My Number: {n[:6]}".encode() + b"\0"
      + n[6:].encode())
plain("behind_control_z", lambda n: b"hello\r\n\x1a" + ascii_line(n))
plain("behind_many_zeros", lambda n: b"\0" * 5000 + ascii_line(n))
plain("behind_noise", lambda n: bytes(range(128, 256)) * 40 + ascii_line(n))
plain("behind_other_charset", lambda n: "こんにちは。\r\n".encode() * 40
      + line(n).encode("cp932"))
plain("carriage_returns", lambda n: b"hello\r" + f"My Number: {n}\r".encode())

# --- HTML --------------------------------------------------------------


def page(name, make, want=FOUND, ending="html"):
    add(FAMILY, "html_" + name, lambda n: (
        "<html><head><meta charset=utf-8></head><body><p>hello</p>"
        + make(n) + "</body></html>").encode(), want, ending)


page("hidden", lambda n: f'<p style="display:none">{labelled(n)}</p>')
page("white", lambda n: f'<font color="#fff">{labelled(n)}</font>')
page("bold_each", lambda n: "<p>" + "".join(f"<b>{c}</b>" for c in labelled(n)))
page("entities", lambda n: f"<p>{LABEL}：" + "".join(
    f"&#{ord(d)};" for d in n))
page("entities_hex", lambda n: f"<p>{LABEL}：" + "".join(
    f"&#x{ord(d):06x};" for d in n))
page("break_hints", lambda n: f"<p>{LABEL}：" + "<wbr>".join(n))
page("comments_between", lambda n: f"<p>{LABEL}：" + "<!-- x -->".join(n))
page("in_comment", lambda n: f"<!-- {labelled(n)} -->")
page("in_script", lambda n: f'<script>var x = "My Number: {n}";</script>')
page("in_style", lambda n: f'<style>p::before {{ content: "My Number: {n}" }}'
     "</style>")
page("style_escapes", lambda n: '<style>p::before { content: "My Number: '
     + "".join(f"\\{ord(d):06x}" for d in n) + '" }</style>', HELD)
page("style_strings", lambda n: "<style>p::before { content: 'My Number: ' "
     + " ".join(f"'{d}'" for d in n) + " }</style>")
page("script_escapes", lambda n: '<script>var x = "My Number: '
     + "".join(f"\\x{ord(d):02x}" for d in n) + '"</script>')
page("uuencode_in_pre", lambda n: "<pre>begin 644 a.txt\n" + html.escape(
    binascii.b2a_uu(text(n)[:45], backtick=True).decode()
    + binascii.b2a_uu(text(n)[45:90], backtick=True).decode())
     + "`\nend\n</pre>", HELD)
page("attribute", lambda n: f'<img src="a" alt="{labelled(n)}">')
page("input_value", lambda n: f'<label>{LABEL}</label><input value="{n}">')
page("data_uri_text", lambda n: '<a href="data:text/plain;base64,'
     + base64.b64encode(text(n)).decode() + '">x</a>')
page("data_uri_zip", lambda n: '<a href="data:application/zip;base64,'
     + base64.b64encode(zipped(n)).decode() + '">x</a>')
page("data_uri_percent", lambda n: "<iframe src=\"data:text/html,My%20Number"
     "%3A%20" + "".join(f"%3{d}" for d in n) + '"></iframe>')
page("source_document", lambda n: '<iframe srcdoc="&lt;p&gt;My Number: '
     + "".join(f"&amp;#{ord(d)};" for d in n) + '"></iframe>')
page("template", lambda n: f"<template><p>{labelled(n)}</p></template>")
page("noscript", lambda n: f"<noscript>{labelled(n)}</noscript>")
page("textarea", lambda n: f"<textarea>{labelled(n)}</textarea>")
page("plaintext", lambda n: f"<plaintext>{labelled(n)}")
page("svg_text", lambda n: "<svg><text>" + "".join(
    f'<tspan x="{i * 9}">{c}</tspan>' for i, c in enumerate(labelled(n)))
     + "</text></svg>")
page("open_comment", lambda n: f"<!-- never closed {labelled(n)}")
page("open_attribute", lambda n: f'<p title="never closed {labelled(n)}')
page("nul_in_tag", lambda n: f"<p\0>{labelled(n)}")
page("conditional", lambda n: f"<![if IE]>{labelled(n)}<![endif]>")
page("digit_cells", lambda n: f"<table><tr><td>{LABEL}" + "".join(
    f"<td>{d}" for d in n) + "</table>")
page("meta_charset_lies", lambda n: f"<p>{labelled(n)}</p>")
page("frames_base64", lambda n: "<p>" + b64(zipped(n)).decode() + "</p>", HELD)
plain("html_utf_16", lambda n: f"<html><body>{labelled(n)}</body></html>"
      .encode("utf-16"), ending="html")
plain("html_charset_lies", lambda n: ("<html><meta charset=utf-8><body>"
                                      f"{labelled(n)}").encode("cp932"),
      ending="html")
plain("html_as_text", lambda n: ("<html><body>" + "".join(
    f"<b>{c}</b>" for c in labelled(n))).encode())

# --- records -----------------------------------------------------------
plain("csv_quoted", lambda n: f'"氏名","{LABEL}"\r\n"山田","{n}"\r\n'.encode(
    "cp932"), ending="csv")
plain("csv_formula", lambda n: f'氏名,{LABEL}\r\n山田,="{n}"\r\n'.encode(),
      ending="csv")
plain("csv_semicolons", lambda n: f"氏名;{LABEL}\r\n山田;{n}\r\n".encode(),
      ending="csv")
plain("csv_utf_16_tabs", lambda n: f"氏名\t{LABEL}\r\n山田\t{n}\r\n".encode(
    "utf-16"), ending="csv")
plain("csv_open_quote", lambda n: f'氏名,{LABEL}\r\n"山田,{n}\r\n'.encode(),
      ending="csv")
plain("csv_scientific", lambda n: f"氏名,{LABEL}\r\n山田,{n[0]}.{n[1:]}E+11"
      "\r\n".encode(), HELD, "csv")
plain("json_escapes", lambda n: json.dumps({"kojinBango": n}).replace(
    n, "".join(f"\\u{ord(d):04x}" for d in n)).encode(), ending="json")
plain("json_number", lambda n: f'{{"myNumber":{n}}}'.encode(), ending="json")
plain("json_nested_text", lambda n: json.dumps({"x": json.dumps(
    {"myNumber": n})}).encode(), ending="json")
plain("json_broken", lambda n: f'{{"a":[1,2,{{"myNumber":"{n}"'.encode(),
      ending="json")
plain("json_base64_zip", lambda n: json.dumps({"file": base64.b64encode(
    zipped(n)).decode()}).encode(), ending="json")
plain("json_digit_array", lambda n: json.dumps({"myNumber": [
    int(d) for d in n]}).encode(), ending="json")
plain("xml_attributes", lambda n: f'<?xml version="1.0"?><a mynumber="{n}"/>'
      .encode(), ending="xml")
plain("xml_references", lambda n: ('<?xml version="1.0"?><a><myNumber>'
                                   + "".join(f"&#{ord(d)};" for d in n)
                                   + "</myNumber></a>").encode(), ending="xml")
plain("xml_entities", lambda n: (f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY '
                                 f'x "{n[:6]}">]><a><myNumber>&x;{n[6:]}'
                                 "</myNumber></a>").encode(), HELD, "xml")
plain("xml_cdata_split", lambda n: ('<?xml version="1.0"?><myNumber>' + "".join(
    f"<![CDATA[{d}]]>" for d in n) + "</myNumber>").encode(), ending="xml")
plain("xml_base64_zip", lambda n: b'<?xml version="1.0"?><a>' + b64(
    zipped(n)) + b"</a>", ending="xml")
plain("xml_utf_16_no_mark", lambda n: ('<?xml version="1.0"?><myNumber>'
                                       f"{n}</myNumber>").encode("utf-16-be"),
      ending="xml")
plain("rtf_hex", lambda n: ("{\\rtf1\\ansi My Number: " + "".join(
    f"\\'3{d}" for d in n) + "}").encode(), HELD, "rtf")
plain("rtf_groups", lambda n: ("{\\rtf1\\ansi My Number: " + "".join(
    "{\\b " + d + "}" for d in n) + "}").encode(), HELD, "rtf")
plain("postscript", lambda n: ("%!PS\n/Helvetica findfont 12 scalefont setfont"
                               f" 72 720 moveto (My Number: {n}) show\n")
      .encode(), ending="ps")
plain("base64_of_number", lambda n: base64.b64encode(ascii_line(n)), HELD)
plain("base64_of_text", lambda n: b64(text(n) * 9), HELD)
plain("plist_data", lambda n: plistlib.dumps({"file": zipped(n)}),
      ending="plist")


@case(FAMILY, ending="ics")
def calendar_folded(n):
    return (f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:My Number: {n[:5]}"
            f"\r\n {n[5:]}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()


@case(FAMILY, ending="vcf")
def card_quoted(n):
    return ("BEGIN:VCARD\r\nVERSION:2.1\r\nNOTE;ENCODING=QUOTED-PRINTABLE:"
            "My Number: " + "".join(f"=3{d}" for d in n)
            + "\r\nEND:VCARD\r\n").encode()


@case(FAMILY, ending="mht")
def web_archive(n):
    return (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b"
            b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-"
            b"Encoding: quoted-printable\r\nContent-Location: http://x/\r\n\r\n"
            b"<p>My Number: " + "".join(f"=3{d}" for d in n).encode()
            + b"</p>\r\n--b--\r\n")


@case(FAMILY, ending="eml")
def attached_as_text(n):
    return attached("a.txt", text(n, "cp932"), b"text/plain; charset=utf-16")

# --- text like HTML ----------------------------------------------------
add(FAMILY, "enriched", lambda n: (
    "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/enriched\r\n\r\n"
    "My Number: " + "".join(
        f"<bold>{d}</bold>" for d in n) + "\r\n").encode(), FOUND, "eml")
add(FAMILY, "enriched_parameters", lambda n: (
    "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/enriched\r\n\r\n"
    "My Number: " + "".join(
        f"<color><param>red</param>{d}</color>" for d in n)
    + "\r\n").encode(), FOUND, "eml")
plain("calendar_other_page", lambda n: (
    "BEGIN:VCALENDAR\r\nDESCRIPTION;ALTREP=\"data:text/html,My%20Number:%20"
    + "".join(f"%3Cb%3E{d}%3C/b%3E" for d in n)
    + "\":hello\r\nEND:VCALENDAR\r\n").encode(), ending="ics")
