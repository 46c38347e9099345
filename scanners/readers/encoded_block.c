/* Where base64 stands in a text that does not say so. */
#include "scanners/readers/encoded_block.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"

enum {
	BLOCK_LETTERS = 32, /* shorter is no block */
	BLOCK_INDENT_BYTES = 8
};

/* The six bits of a letter, from 1 on; 0: it is none. */
static const uint8_t block_letters[256] = {
	['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,
	['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12,
	['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
	['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
	['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
	['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
	['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
	['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
	['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
	['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static bool
block_is_letter(uint8_t c)
{
	return block_letters[c] != 0;
}

/* Where the letters from at on end. */
static size_t
block_run_end(struct span text, size_t at)
{
	while (at < text.len_bytes && block_is_letter(text.ptr[at]))
		at++;
	return at;
}

/*
 * The next BLOCK_LETTERS letters in a row. Only one byte of so many has to be
 * looked at where there are none.
 */
static bool
block_next_run(struct span text, size_t at, size_t *start_out)
{
	while (at < text.len_bytes && text.len_bytes - at >= BLOCK_LETTERS) {
		const size_t last = at + BLOCK_LETTERS - 1;
		size_t i = last;

		while (block_is_letter(text.ptr[i]) && i > at)
			i--;
		if (i == at && block_is_letter(text.ptr[at])) {
			*start_out = at;
			return true;
		}
		at = i + 1;
	}
	return false;
}

struct block_kind {
	const char *mark;
	size_t len;
};
#define BLOCK_KIND(text)                \
	{                               \
		text, sizeof(text) - 1, \
	}

/* What readers of ours know by it. */
static const struct block_kind block_kinds[] = {
	BLOCK_KIND("PK\3\4"),
	BLOCK_KIND("PK\5\6"),
	BLOCK_KIND("%PDF-"),
	BLOCK_KIND("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
	BLOCK_KIND("7z\xbc\xaf\x27\x1c"),
	BLOCK_KIND("Rar!\x1a\7"),
	BLOCK_KIND("\x1f\x8b\x08"),
	BLOCK_KIND("BZh"),
	BLOCK_KIND("\xfd"
		   "7zXZ"),
	BLOCK_KIND("\x28\xb5\x2f\xfd"),
	BLOCK_KIND("MSCF\0\0\0\0"),
	BLOCK_KIND("\x78\x9f\x3e\x22"),
};

static bool
block_starts_file(struct span head)
{
	for (size_t i = 0; i < ARRAY_LEN(block_kinds); i++)
		if (head.len_bytes >= block_kinds[i].len &&
		    memcmp(head.ptr, block_kinds[i].mark, block_kinds[i].len) ==
			    0)
			return true;
	return false;
}

/* Without a control character, and UTF-8 but for a character cut at the end:
 * of random bytes not one in ten million starts is. */
static bool
block_is_text(struct span bytes, bool cut)
{
	for (size_t i = 0; i < bytes.len_bytes; i++) {
		const uint8_t c = bytes.ptr[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
		     c != 0x1B) ||
		    c == 0x7F)
			return false;
	}
	for (size_t less = 0; less <= (cut ? 3U : 0U); less++) {
		const struct span part = { bytes.ptr, bytes.len_bytes - less };

		if (parse_is_utf8(part))
			return true;
	}
	return false;
}

/* Are the letters at letters, BLOCK_LETTERS at least, the start of a file or of
 * a text? Long texts may be full of keys and sums that are neither. */
static bool
block_head_fits(const uint8_t *letters, bool *file_out)
{
	uint8_t head[BLOCK_LETTERS / 4 * 3];
	bool fits = false;

	for (size_t i = 0; i < BLOCK_LETTERS / 4; i++) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 |
			       (block_letters[letters[4 * i + k]] - 1U);
		head[3 * i] = (uint8_t)(bits >> 16);
		head[3 * i + 1] = (uint8_t)(bits >> 8);
		head[3 * i + 2] = (uint8_t)bits;
	}
	*file_out = block_starts_file((struct span){ head, sizeof(head) });
	fits = *file_out ||
	       block_is_text((struct span){ head, sizeof(head) }, true);
	explicit_bzero(head, sizeof(head));
	return fits;
}

static bool
block_is_indent(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '>';
}

/* Behind a line end at at and what may stand before a line; else at. */
static size_t
block_next_line(struct span text, size_t at)
{
	size_t next = at;
	size_t indent = 0;

	if (next < text.len_bytes && text.ptr[next] == '\r')
		next++;
	if (next < text.len_bytes && text.ptr[next] == '\n')
		next++;
	if (next == at)
		return at;
	while (indent < BLOCK_INDENT_BYTES && next < text.len_bytes &&
	       block_is_indent(text.ptr[next])) {
		next++;
		indent++;
	}
	return next;
}

/* Whether text goes on at at as the last line of base64 does. */
static bool
block_is_last_line(struct span text, size_t start, size_t end, size_t width)
{
	const bool padded = end < text.len_bytes && text.ptr[end] == '=';

	return end > start && end - start < width &&
	       (padded || (end - start) % 4 == 0);
}

/* Where the block ends that begins at start. */
static size_t
block_end(struct span text, size_t start)
{
	const bool whole_line = start == 0 || text.ptr[start - 1] == '\r' ||
				text.ptr[start - 1] == '\n' ||
				block_is_indent(text.ptr[start - 1]);
	size_t end = block_run_end(text, start);
	size_t width = whole_line ? end - start : 0;

	for (;;) {
		const size_t line = block_next_line(text, end);
		const size_t line_end = block_run_end(text, line);

		if (line == end)
			return end;
		if (width == 0)
			width = line_end - line;
		if (line_end - line != width || width < BLOCK_LETTERS)
			return block_is_last_line(text, line, line_end, width)
				       ? line_end
				       : end;
		end = line_end;
	}
}

bool
encoded_block_find(struct span text, size_t at, struct encoded_block *block_out)
{
	size_t start = 0;
	bool file = false;

	while (block_next_run(text, at, &start)) {
		const struct span rest = { text.ptr + start,
					   text.len_bytes - start };

		if (block_head_fits(rest.ptr, &file)) {
			*block_out = (struct encoded_block){
				.letters = { rest.ptr,
					     block_end(text, start) - start },
				.at = start,
				.file = file,
			};
			return true;
		}
		at = block_run_end(text, start);
	}
	return false;
}

bool
encoded_block_read(const struct encoded_block *block, struct sbuf *out)
{
	const size_t before = out->len_bytes;
	struct span bytes = { 0 };

	(void)mime_decode_base64(block->letters, out);
	if (block->file || out->st != ST_OK ||
	    !span_cut(sbuf_span(out), before, out->len_bytes - before, &bytes))
		return true;
	if (block_is_text(bytes, true))
		return true;
	sbuf_truncate(out, before);
	return false;
}
