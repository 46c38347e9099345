/*
 * Strings that the operators of pages and of looks draw. The codes in them
 * mean what their font says; those that are letters or UTF-16 as they stand
 * are read, whether or not a page shows them.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_file.h"
#include "scanners/pdf/pdf_tokens.h"
#include "scanners/text/charset.h"

enum { DRAWING_ASK_BYTES = 4096, DRAWING_NUMBER_DIGITS = 12 };

struct drawing {
	struct pdf_file *file;
	struct tokens tokens;
	char font[TOKEN_NAME_BYTES];
	struct sbuf line;
	struct sbuf text;
	size_t noted; /* of line, whose font is known */
	struct drawing_text count;
	bool was_glyph; /* the line before is one character */
	bool in_text;   /* between BT and ET */
	size_t asked_at;
	bool in_picture; /* behind BI */
};

/* Two bytes a character: the upper ones are those of Latin letters and of
 * Japanese ones, and some show that it is no ASCII. */
static bool
drawing_is_wide(struct span line)
{
	size_t wide = 0;
	size_t other = 0;
	bool no_ascii = false;

	for (size_t i = 0; i + 1 < line.len_bytes; i += 2) {
		const uint8_t upper = line.ptr[i];

		no_ascii |= upper == 0 || upper >= 0x80;
		if (upper == 0 ? line.ptr[i + 1] >= ' '
			       : upper == 0x30 || upper == 0xFF ||
					 (upper >= 0x4E && upper <= 0x9F))
			wide++;
		else
			other++;
	}
	return line.len_bytes % 2 == 0 && no_ascii && wide >= 3 * other;
}

static bool
drawing_is_text(struct span line)
{
	enum { TEXT_PER_CONTROL = 50 };
	size_t controls = 0;

	for (size_t i = 0; i < line.len_bytes; i++)
		controls += line.ptr[i] < ' ';
	return controls * TEXT_PER_CONTROL <= line.len_bytes;
}

/* What the line has more since the last call is in the font of now. */
static void
drawing_note_font(struct drawing *drawing)
{
	const size_t len = drawing->line.len_bytes - drawing->noted;
	struct span codes = { 0 };

	if (len > 0 &&
	    span_cut(sbuf_span(&drawing->line), drawing->noted, len, &codes))
		facts_add_use(&drawing->file->facts, drawing->font, codes);
	drawing->noted = drawing->line.len_bytes;
}

static void
drawing_end_line(struct drawing *drawing)
{
	const struct span line = sbuf_span(&drawing->line);

	if (line.len_bytes == 0)
		return;
	drawing_note_font(drawing);
	/* Characters that are placed one by one belong together. */
	const bool wide = drawing_is_wide(line);
	const bool glyph = line.len_bytes == (wide ? 2 : 1);

	if (drawing->text.len_bytes > 0 && !(glyph && drawing->was_glyph))
		sbuf_add_byte(&drawing->text, '\n');
	drawing->was_glyph = glyph;
	if (wide)
		charset_decode(CHARSET_UTF16BE, line, &drawing->text);
	else if (drawing_is_text(line))
		sbuf_add_span(&drawing->text, line);
	else
		drawing->count.unread += line.len_bytes;
	sbuf_clear(&drawing->line);
	drawing->noted = 0;
}

static void
drawing_set_font(struct drawing *drawing)
{
	drawing_note_font(drawing);
	memcpy(drawing->font, drawing->tokens.name, sizeof(drawing->font));
}

/* Binary data follow, up to EI. */
static void
drawing_skip_picture(struct drawing *drawing)
{
	struct tokens *tokens = &drawing->tokens;
	struct span rest = { 0 };

	drawing->in_picture = false;
	drawing->file->facts.has_pictures = true;
	if (!span_cut(tokens->bytes, tokens->at,
		      tokens->bytes.len_bytes - tokens->at, &rest) ||
	    rest.len_bytes == 0)
		return;
	const uint8_t *found = memmem(rest.ptr, rest.len_bytes, "\nEI", 3);

	if (found == NULL)
		found = memmem(rest.ptr, rest.len_bytes, " EI", 3);
	if (found != NULL)
		tokens->at = (size_t)(found - tokens->bytes.ptr) + 3;
}

static void
drawing_word(struct drawing *drawing)
{
	static const char *const line_ends[] = { "Td", "TD", "Tm", "T*",
						 "ET", "'",  "\"" };
	const char *word = drawing->tokens.word;

	for (size_t i = 0; i < ARRAY_LEN(line_ends); i++)
		if (strcmp(word, line_ends[i]) == 0)
			drawing_end_line(drawing);
	if (strcmp(word, "Tf") == 0)
		drawing_set_font(drawing);
	else if (strcmp(word, "BT") == 0 || strcmp(word, "ET") == 0)
		drawing->in_text = word[0] == 'B';
	else if (strcmp(word, "BI") == 0)
		drawing->in_picture = true;
	else if (strcmp(word, "ID") == 0 && drawing->in_picture)
		drawing_skip_picture(drawing);
}

/* Most drawings are pages, whose text was given: only what may hold a number
 * is worth a second look. */
static bool
drawing_may_hold_number(struct span text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len_bytes; i++) {
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
		if (text.ptr[i] >= 0x80 || digits == DRAWING_NUMBER_DIGITS)
			return true;
	}
	return false;
}

static void
drawing_string(struct drawing *drawing)
{
	const struct span text = sbuf_span(&drawing->tokens.text);

	sbuf_add_span(&drawing->line, text);
	if (drawing->in_text)
		drawing->count.shown += text.len_bytes;
}

static bool
drawing_is_over(struct drawing *drawing)
{
	if (drawing->tokens.at - drawing->asked_at < DRAWING_ASK_BYTES)
		return false;
	drawing->asked_at = drawing->tokens.at;
	return pdf_sink_is_over(drawing->file->sink);
}

static void
drawing_walk(struct drawing *drawing)
{
	enum token token = TOKEN_NONE;

	while (!drawing_is_over(drawing) &&
	       tokens_next(&drawing->tokens, &token)) {
		if (token == TOKEN_WORD)
			drawing_word(drawing);
		else if (token == TOKEN_STRING)
			drawing_string(drawing);
	}
	drawing_end_line(drawing);
}

void
pdf_drawing_read(struct pdf_file *file, struct span operators,
		 struct drawing_text *text_out)
{
	struct drawing drawing = { .file = file };

	tokens_init(&drawing.tokens, operators);
	sbuf_init_secret(&drawing.line, SIZE_MAX / 2);
	sbuf_init_secret(&drawing.text, SIZE_MAX / 2);
	drawing_walk(&drawing);
	if (drawing.text.st == ST_OK &&
	    drawing_may_hold_number(sbuf_span(&drawing.text)))
		pdf_file_keep(file, "Appearance", sbuf_span(&drawing.text));
	*text_out = drawing.count;
	sbuf_done(&drawing.text);
	sbuf_done(&drawing.line);
	tokens_done(&drawing.tokens);
}
