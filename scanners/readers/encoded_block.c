/* Where base64 stands in a text that does not say so. */
#include "scanners/readers/encoded_block.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"

enum {
	BLOCK_LETTERS = 32,          /* shorter is no block */
	BLOCK_HEAD_MAX_BYTES = 4096, /* the decoder works in steps */
	BLOCK_INDENT_BYTES = 8
};

static bool
block_is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
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

static bool
block_head_fits(struct span letters, bool *file_out)
{
	struct sbuf head;
	struct span first = letters;
	bool fits = false;

	if (first.len_bytes > BLOCK_LETTERS)
		first.len_bytes = BLOCK_LETTERS;
	sbuf_init_secret(&head, BLOCK_HEAD_MAX_BYTES);
	(void)mime_decode_base64(first, &head);
	*file_out = block_starts_file(sbuf_span(&head));
	fits = *file_out || block_is_text(sbuf_span(&head), true);
	sbuf_done(&head);
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

		if (block_head_fits(rest, &file)) {
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
