/* Where files in printable letters begin in a text. */
#include "scanners/readers/encoded_file.h"

#include <string.h>

void
encoded_file_init(struct encoded_file *file)
{
	*file = (struct encoded_file){ .damage = NULL };
	sbuf_init_secret(&file->name, SIZE_MAX / 2);
	sbuf_init_secret(&file->bytes, SIZE_MAX / 2);
	sbuf_init_secret(&file->fork, SIZE_MAX / 2);
}

void
encoded_file_clear(struct encoded_file *file)
{
	sbuf_clear(&file->name);
	sbuf_clear(&file->bytes);
	sbuf_clear(&file->fork);
	file->end_at = 0;
	file->damage = NULL;
	file->is_part = false;
	file->part_at = 0;
	file->whole_bytes = 0;
}

void
encoded_file_done(struct encoded_file *file)
{
	sbuf_done(&file->name);
	sbuf_done(&file->bytes);
	sbuf_done(&file->fork);
}

struct encoded_mark {
	const char *text;
	enum encoded_kind kind;
};

static const struct encoded_mark encoded_marks[] = {
	{ "begin ", ENCODED_UU },
	{ "begin-base64", ENCODED_UU },
	{ "=ybegin ", ENCODED_YENC },
	{ "(This file must be converted with BinHex", ENCODED_BINHEX },
	{ "(Convert with BinHex", ENCODED_BINHEX },
};

enum encoded_kind
encoded_mark_at(struct span text, size_t at)
{
	const uint8_t first = text.ptr[at];
	struct span part = { 0 };

	if (first != 'b' && first != '=' && first != '(')
		return ENCODED_NONE;
	for (size_t i = 0; i < ARRAY_LEN(encoded_marks); i++) {
		const size_t len = strlen(encoded_marks[i].text);

		if (span_cut(text, at, len, &part) && part.ptr != NULL &&
		    memcmp(part.ptr, encoded_marks[i].text, len) == 0)
			return encoded_marks[i].kind;
	}
	return ENCODED_NONE;
}

/* Offset of the next c at or after at, or the end. */
static size_t
encoded_search_byte(struct span text, size_t at, uint8_t c)
{
	const uint8_t *found = at < text.len_bytes ? memchr(text.ptr + at, c,
							    text.len_bytes - at)
						   : NULL;

	return found != NULL ? (size_t)(found - text.ptr) : text.len_bytes;
}

/* The line ends at or behind at: each byte is searched once only. */
static void
encoded_line_ends(struct encoded_search *search)
{
	if (!search->begun || search->lf_at < search->at)
		search->lf_at =
			encoded_search_byte(search->text, search->at, '\n');
	if (!search->begun || search->cr_at < search->at)
		search->cr_at =
			encoded_search_byte(search->text, search->at, '\r');
	search->begun = true;
}

void
encoded_skip_line(struct encoded_search *search)
{
	encoded_line_ends(search);
	search->at =
		(search->lf_at < search->cr_at ? search->lf_at : search->cr_at);
	if (search->at < search->text.len_bytes)
		search->at++;
}

enum encoded_kind
encoded_find(struct encoded_search *search)
{
	while (search->at < search->text.len_bytes) {
		const enum encoded_kind kind =
			encoded_mark_at(search->text, search->at);

		if (kind != ENCODED_NONE)
			return kind;
		encoded_skip_line(search);
	}
	return ENCODED_NONE;
}
