/* uuencode, xxencode, and base64 with the same frame. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/encoded_file.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"

enum {
	UU_NO_LETTER = 0x40,
	UU_MORE_LETTERS = 3 /* that some put behind a line (a check sum) */
};

struct uu_walk {
	struct span text;
	size_t at;
	enum encoded_kind kind;
	bool saw_grave; /* "`" stands for 0: blanks are not lost at line ends */
	struct encoded_file *file;
};

static uint32_t
uu_value(uint8_t c)
{
	return c >= 0x20 && c <= 0x60 ? (c - 0x20U) & 0x3F : UU_NO_LETTER;
}

static uint32_t
xx_value(uint8_t letter)
{
	const uint32_t c = letter;

	if (c == '+' || c == '-')
		return c == '-' ? 1 : 0;
	if (c >= '0' && c <= '9')
		return c - 0x30U + 2U;
	if (c >= 'A' && c <= 'Z')
		return c - 0x41U + 12U;
	return c >= 'a' && c <= 'z' ? c - 0x61U + 38U : UU_NO_LETTER;
}

static uint32_t
uu_letter(const struct uu_walk *walk, uint8_t c)
{
	return walk->kind == ENCODED_XX ? xx_value(c) : uu_value(c);
}

/* Is line one of the file? *want_out: how many bytes it has. */
static bool
uu_line_fits(const struct uu_walk *walk, struct span line, size_t *want_out)
{
	const uint32_t want =
		line.len_bytes > 0 ? uu_letter(walk, line.ptr[0]) : 0;
	const size_t letters = line.len_bytes > 0 ? line.len_bytes - 1 : 0;

	if (want == UU_NO_LETTER ||
	    letters > (want + 2U) / 3 * 4 + UU_MORE_LETTERS)
		return false;
	/* Blanks at the end of a line get lost on the way. */
	if (letters < (want * 4U + 2) / 3 &&
	    (walk->kind == ENCODED_XX || walk->saw_grave))
		return false;
	for (size_t i = 0; i < line.len_bytes; i++)
		if (uu_letter(walk, line.ptr[i]) == UU_NO_LETTER)
			return false;
	*want_out = want;
	return true;
}

/* Four letters at at; those missing at the end are 0. */
static uint32_t
uu_group(const struct uu_walk *walk, struct span line, size_t at)
{
	uint32_t bits = 0;

	for (size_t i = at; i < at + 4; i++)
		bits = bits << 6 |
		       (i < line.len_bytes ? uu_letter(walk, line.ptr[i]) : 0);
	return bits;
}

static void
uu_line_decode(const struct uu_walk *walk, struct span line, size_t want)
{
	uint8_t bytes[0x3F + 2];

	for (size_t i = 0; i < want; i += 3) {
		const uint32_t bits = uu_group(walk, line, 1 + i / 3 * 4);

		bytes[i] = (uint8_t)(bits >> 16);
		bytes[i + 1] = (uint8_t)(bits >> 8);
		bytes[i + 2] = (uint8_t)bits;
	}
	sbuf_add(&walk->file->bytes, bytes, want);
	explicit_bzero(bytes, sizeof(bytes));
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
	return uu_line_fits(walk, line, &want) && line.len_bytes > 0 &&
	       (want == 0 || line.len_bytes > 1);
}

/* Up to the line that ends the file, or the next file, or the text's end. */
static void
uu_body(struct uu_walk *walk)
{
	struct span line = { 0 };
	bool ended = false;
	size_t good_at = walk->at;
	size_t want = 0;

	while (!ended && walk->at < walk->text.len_bytes) {
		const size_t next = mime_line(walk->text, walk->at, &line);

		if (uu_starts(line, "begin "))
			break;
		ended = uu_is_end(line);
		if (!ended && uu_line_fits(walk, line, &want)) {
			uu_line_decode(walk, line, want);
			good_at = next;
			walk->saw_grave |=
				line.len_bytes > 0 &&
				memchr(line.ptr, '`', line.len_bytes) != NULL;
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
	return true;
}
