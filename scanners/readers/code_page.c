#include "scanners/readers/code_page.h"

#include "lib/base/parse.h"
#include "scanners/text/readings.h"

struct code_page {
	uint32_t number;
	const char *name;
};

const char *
code_page_name(uint32_t number)
{
	static const struct code_page pages[] = {
		{ 932, "cp932" },         { 936, "gbk" },
		{ 949, "euc-kr" },        { 950, "big5" },
		{ 1200, "utf-16le" },     { 1201, "utf-16be" },
		{ 1252, "windows-1252" }, { 10001, "cp932" },
		{ 20127, "us-ascii" },    { 20932, "euc-jp" },
		{ 50220, "iso-2022-jp" }, { 50221, "iso-2022-jp" },
		{ 50222, "iso-2022-jp" }, { 51932, "euc-jp" },
		{ 65001, "utf-8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		if (pages[i].number == number)
			return pages[i].name;
	return "";
}

void
code_page_decode(uint32_t number, struct span bytes, struct sbuf *out)
{
	const struct span name = span_of(code_page_name(number));
	const enum charset charset = charset_find(name);

	if (charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE)
		charset_decode(charset, bytes, out);
	else
		text_decode_best(bytes, name, out);
}
