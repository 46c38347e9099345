/* uuencode, xxencode, and base64 with the same frame. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/encoded_file.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"

enum {
	UU_MORE_LETTERS = 3, /* that some put behind a line (a check sum) */
	UU_EXPECT_BYTES = 64 * 1024 * 1024,
	UU_LINE_BYTES = 0x3F,
	UU_LINE_LETTERS = (UU_LINE_BYTES + 2) / 3 * 4 + UU_MORE_LETTERS
};
#define UU_BITS 0x3FU

struct uu_walk {
	struct span text;
	size_t at;
	enum encoded_kind kind;
	bool saw_grave; /* "`" stands for 0: blanks are not lost at line ends */
	struct encoded_file *file;
	uint8_t line[(UU_LINE_LETTERS + 3) / 4 * 3]; /* decoded */
};

/* The six bits of a letter, from 1 on; 0: it is none. */
static const uint8_t uu_letters[256] = {
	[' '] = 1,   ['!'] = 2,  ['"'] = 3,  ['#'] = 4,  ['$'] = 5,  ['%'] = 6,
	['&'] = 7,   ['\''] = 8, ['('] = 9,  [')'] = 10, ['*'] = 11, ['+'] = 12,
	[','] = 13,  ['-'] = 14, ['.'] = 15, ['/'] = 16, ['0'] = 17, ['1'] = 18,
	['2'] = 19,  ['3'] = 20, ['4'] = 21, ['5'] = 22, ['6'] = 23, ['7'] = 24,
	['8'] = 25,  ['9'] = 26, [':'] = 27, [';'] = 28, ['<'] = 29, ['='] = 30,
	['>'] = 31,  ['?'] = 32, ['@'] = 33, ['A'] = 34, ['B'] = 35, ['C'] = 36,
	['D'] = 37,  ['E'] = 38, ['F'] = 39, ['G'] = 40, ['H'] = 41, ['I'] = 42,
	['J'] = 43,  ['K'] = 44, ['L'] = 45, ['M'] = 46, ['N'] = 47, ['O'] = 48,
	['P'] = 49,  ['Q'] = 50, ['R'] = 51, ['S'] = 52, ['T'] = 53, ['U'] = 54,
	['V'] = 55,  ['W'] = 56, ['X'] = 57, ['Y'] = 58, ['Z'] = 59, ['['] = 60,
	['\\'] = 61, [']'] = 62, ['^'] = 63, ['_'] = 64, ['`'] = 1,
};

static const uint8_t xx_letters[256] = {
	['+'] = 1,  ['-'] = 2,  ['0'] = 3,  ['1'] = 4,  ['2'] = 5,  ['3'] = 6,
	['4'] = 7,  ['5'] = 8,  ['6'] = 9,  ['7'] = 10, ['8'] = 11, ['9'] = 12,
	['A'] = 13, ['B'] = 14, ['C'] = 15, ['D'] = 16, ['E'] = 17, ['F'] = 18,
	['G'] = 19, ['H'] = 20, ['I'] = 21, ['J'] = 22, ['K'] = 23, ['L'] = 24,
	['M'] = 25, ['N'] = 26, ['O'] = 27, ['P'] = 28, ['Q'] = 29, ['R'] = 30,
	['S'] = 31, ['T'] = 32, ['U'] = 33, ['V'] = 34, ['W'] = 35, ['X'] = 36,
	['Y'] = 37, ['Z'] = 38, ['a'] = 39, ['b'] = 40, ['c'] = 41, ['d'] = 42,
	['e'] = 43, ['f'] = 44, ['g'] = 45, ['h'] = 46, ['i'] = 47, ['j'] = 48,
	['k'] = 49, ['l'] = 50, ['m'] = 51, ['n'] = 52, ['o'] = 53, ['p'] = 54,
	['q'] = 55, ['r'] = 56, ['s'] = 57, ['t'] = 58, ['u'] = 59, ['v'] = 60,
	['w'] = 61, ['x'] = 62, ['y'] = 63, ['z'] = 64,
};

/* Is a line of so many letters one of the file, as long as want says? */
static bool
uu_line_is_as_long(const struct uu_walk *walk, size_t letters, size_t want)
{
	if (letters > (want + 2) / 3 * 4 + UU_MORE_LETTERS)
		return false;
	/* Blanks at the end of a line get lost on the way. */
	return letters >= (want * 4 + 2) / 3 ||
	       (walk->kind != ENCODED_XX && !walk->saw_grave);
}

/* The three bytes of count letters; those missing of four are 0. Returns: 0;
 * else one is no letter. */
static inline uint32_t
uu_group_decode(const uint8_t table[256], const uint8_t *letters, size_t count,
		uint8_t *bytes)
{
	uint32_t bits = 0;
	uint32_t bad = 0;

	for (size_t i = 0; i < 4; i++) {
		const uint32_t value = i < count ? table[letters[i]] - 1U : 0;

		bad |= value;
		bits = bits << 6 | (value & UU_BITS);
	}
	bytes[0] = (uint8_t)(bits >> 16);
	bytes[1] = (uint8_t)(bits >> 8);
	bytes[2] = (uint8_t)bits;
	return bad & ~UU_BITS;
}

/* The bytes of line, in walk, when it is one of the file. */
static bool
uu_line_read(struct uu_walk *walk, struct span line, size_t *want_out)
{
	const uint8_t *table =
		walk->kind == ENCODED_XX ? xx_letters : uu_letters;
	const size_t letters = line.len_bytes > 0 ? line.len_bytes - 1 : 0;
	size_t want = line.len_bytes > 0 ? table[line.ptr[0]] : 1;
	uint8_t *place = walk->line;
	size_t at = 1;
	uint32_t bad = 0;

	if (want-- == 0 || !uu_line_is_as_long(walk, letters, want))
		return false;
	memset(walk->line, 0, sizeof(walk->line));
	for (; at + 4 <= line.len_bytes; at += 4, place += 3)
		bad |= uu_group_decode(table, line.ptr + at, 4, place);
	if (at < line.len_bytes)
		bad |= uu_group_decode(table, line.ptr + at,
				       line.len_bytes - at, place);
	if (bad != 0)
		return false;
	*want_out = want;
	return true;
}

static bool
uu_starts(struct span line, const char *text)
{
	const size_t len = strlen(text);

	return line.len_bytes >= len && memcmp(line.ptr, text, len) == 0;
}

static bool
uu_is_end(struct span line)
{
	while (line.len_bytes > 3 &&
	       mime_is_space(line.ptr[line.len_bytes - 1]))
		line.len_bytes--;
	return line.len_bytes == 3 && uu_starts(line, "end");
}

/* Digits of the mode, then a blank, then the name. */
static bool
uu_header(struct span line, enum encoded_kind kind, struct span *name_out)
{
	size_t at = kind == ENCODED_BASE64 ? 13 : 6;
	const size_t mode_at = at;

	if (!uu_starts(line,
		       kind == ENCODED_BASE64 ? "begin-base64 " : "begin "))
		return false;
	while (at < line.len_bytes && line.ptr[at] >= '0' &&
	       line.ptr[at] <= '7')
		at++;
	if (at - mode_at < 3 || at - mode_at > 6 || at >= line.len_bytes ||
	    line.ptr[at] != ' ' ||
	    !span_cut(line, at, line.len_bytes - at, name_out))
		return false;
	*name_out = mime_trim(*name_out);
	return true;
}

/* The first line that is not empty decides whether this is a file at all: in
 * a letter "begin 100 days" may start a line, too. */
static bool
uu_begins(struct uu_walk *walk)
{
	struct span line = { 0 };
	size_t at = walk->at;
	size_t want = 0;

	while (at < walk->text.len_bytes) {
		const size_t next = mime_line(walk->text, at, &line);

		if (line.len_bytes > 0)
			break;
		at = next;
	}
	if (uu_is_end(line))
		return true;
	return uu_line_read(walk, line, &want) && line.len_bytes > 0 &&
	       (want == 0 || line.len_bytes > 1);
}

/* Room for all that may come: it is no memory until it is used. */
static void
uu_expect(struct uu_walk *walk)
{
	const size_t most = (walk->text.len_bytes - walk->at) / 4 * 3;

	sbuf_expect(&walk->file->bytes,
		    most < UU_EXPECT_BYTES ? most : UU_EXPECT_BYTES);
}

/* Up to the line that ends the file, or the next file, or the text's end. */
static void
uu_body(struct uu_walk *walk)
{
	struct span line = { 0 };
	bool ended = false;
	size_t good_at = walk->at;
	size_t want = 0;

	uu_expect(walk);
	while (!ended && walk->at < walk->text.len_bytes) {
		const size_t next = mime_line(walk->text, walk->at, &line);

		if (uu_starts(line, "begin "))
			break;
		ended = uu_is_end(line);
		if (!ended && uu_line_read(walk, line, &want)) {
			sbuf_add(&walk->file->bytes, walk->line, want);
			good_at = next;
			walk->saw_grave =
				walk->saw_grave ||
				(line.len_bytes > 0 &&
				 memchr(line.ptr, '`', line.len_bytes) != NULL);
		} else if (!ended && line.len_bytes > 0) {
			walk->file->damage = "a line does not fit";
		}
		walk->at = next;
	}
	if (!ended)
		walk->file->damage = "no end";
	walk->file->end_at = ended ? walk->at : good_at;
}

static void
uu_base64_body(struct uu_walk *walk)
{
	struct encoded_file *file = walk->file;
	struct span line = { 0 };
	struct span body = { 0 };
	const size_t start_at = walk->at;
	size_t end_at = start_at;
	bool ended = false;

	while (!ended && walk->at < walk->text.len_bytes) {
		end_at = walk->at;
		walk->at = mime_line(walk->text, walk->at, &line);
		if (uu_starts(line, "begin-base64 "))
			break;
		ended = uu_starts(line, "====");
		end_at = ended ? end_at : walk->at;
	}
	(void)span_cut(walk->text, start_at, end_at - start_at, &body);
	const struct mime_decoded decoded =
		mime_decode_base64(body, &file->bytes);

	if (decoded.junk > 0 || decoded.is_cut)
		file->damage = "a line does not fit";
	if (!ended)
		file->damage = "no end";
	file->end_at = ended ? walk->at : end_at;
}

bool
encoded_uu_read(struct span text, size_t start_at, enum encoded_kind kind,
		struct encoded_file *file)
{
	struct uu_walk walk = { .text = text, .kind = kind, .file = file };
	struct span line = { 0 };
	struct span name = { 0 };

	walk.at = mime_line(text, start_at, &line);
	if (!uu_header(line, kind, &name) ||
	    (kind != ENCODED_BASE64 && !uu_begins(&walk)))
		return false;
	sbuf_add_span(&file->name, name);
	if (kind == ENCODED_BASE64)
		uu_base64_body(&walk);
	else
		uu_body(&walk);
	explicit_bzero(walk.line, sizeof(walk.line));
	return true;
}
