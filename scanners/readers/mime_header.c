#include "scanners/readers/mime_header.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_words.h"
#include "scanners/text/readings.h"

enum { MIME_MAX_SECTIONS = 200, MIME_MAX_CR = 4 };

size_t
mime_line(struct span bytes, size_t at, struct span *text_out)
{
	size_t end = at;
	size_t next = 0;

	while (end < bytes.len_bytes && bytes.ptr[end] != '\n' &&
	       bytes.ptr[end] != '\r')
		end++;
	(void)span_cut(bytes, at, end - at, text_out);
	if (end >= bytes.len_bytes || bytes.ptr[end] == '\n')
		return end < bytes.len_bytes ? end + 1 : end;
	/* Broken gateways write CR CR LF: that is one line end. */
	next = end + 1;
	while (next < bytes.len_bytes && bytes.ptr[next] == '\r' &&
	       next - end < MIME_MAX_CR)
		next++;
	if (next < bytes.len_bytes && bytes.ptr[next] == '\n')
		return next + 1;
	return end + 1;
}

static bool
mime_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool
mime_is_space(uint8_t c)
{
	return mime_is_blank(c) || c == '\r' || c == '\n';
}

static struct span
mime_trim(struct span text)
{
	while (text.len_bytes > 0 &&
	       mime_is_space(text.ptr[text.len_bytes - 1]))
		text.len_bytes--;
	while (text.len_bytes > 0 && mime_is_space(text.ptr[0]))
		(void)span_cut(text, 1, text.len_bytes - 1, &text);
	return text;
}

/* "name:" at the start of line; false when the line is no field. */
static bool
mime_field_name(struct span line, struct span *name_out, size_t *value_at_out)
{
	const uint8_t *colon = line.len_bytes > 0
				       ? memchr(line.ptr, ':', line.len_bytes)
				       : NULL;
	size_t len = 0;
	struct span name = { 0 };

	if (colon == NULL || colon == line.ptr)
		return false;
	len = (size_t)(colon - line.ptr);
	(void)span_cut(line, 0, len, &name);
	name = mime_trim(name);
	if (name.len_bytes == 0)
		return false;
	for (size_t i = 0; i < name.len_bytes; i++)
		if (mime_is_blank(name.ptr[i]))
			return false;
	*name_out = name;
	*value_at_out = len + 1;
	return true;
}

/* The offset behind the folded lines that follow at. */
static size_t
mime_folds(struct mime_header_walk *walk, size_t at, size_t *value_end)
{
	const struct span bytes = walk->bytes;
	struct span line = { 0 };

	while (at < bytes.len_bytes && mime_is_blank(bytes.ptr[at])) {
		const size_t start = at;

		at = mime_line(bytes, at, &line);
		*value_end = start + line.len_bytes;
	}
	return at;
}

static void
mime_note_line_end(struct mime_header_walk *walk, size_t line_end)
{
	const struct span bytes = walk->bytes;

	if (line_end == 0 || line_end >= bytes.len_bytes)
		return;
	if (bytes.ptr[line_end - 1] == '\r' ||
	    (line_end >= 3 && bytes.ptr[line_end - 2] == '\r' &&
	     bytes.ptr[line_end - 3] == '\r'))
		walk->has_lone_cr = true;
}

/* A line that is no field. The envelope line of a mailbox is no fault. */
static void
mime_note_junk(struct mime_header_walk *walk, size_t start, struct span line)
{
	const bool envelope = start == 0 && line.len_bytes > 5 &&
			      memcmp(line.ptr, "From ", 5) == 0;

	if (walk->has_junk || envelope)
		return;
	walk->has_junk = true;
	walk->junk_at = start;
}

bool
mime_field_next(struct mime_header_walk *walk, struct mime_field *field_out)
{
	const struct span bytes = walk->bytes;
	struct mime_field field = { 0 };
	struct span line = { 0 };
	size_t value_at = 0;

	while (walk->at < bytes.len_bytes) {
		const size_t start = walk->at;
		size_t end = 0;

		walk->at = mime_line(bytes, start, &line);
		mime_note_line_end(walk, walk->at);
		if (line.len_bytes == 0)
			return false;
		if (!mime_field_name(line, &field.name, &value_at)) {
			mime_note_junk(walk, start, line);
			continue;
		}
		end = start + line.len_bytes;
		walk->at = mime_folds(walk, walk->at, &end);
		(void)span_cut(bytes, start + value_at, end - start - value_at,
			       &field.value);
		walk->fields++;
		*field_out = field;
		return true;
	}
	return false;
}

bool
mime_field_is(const struct mime_field *field, const char *name)
{
	return span_equal_nocase(field->name, span_of(name));
}

/* Skip a comment that starts at at; nested ones and escapes count. */
static size_t
mime_skip_comment(struct span value, size_t at)
{
	size_t depth = 0;

	for (; at < value.len_bytes; at++) {
		const uint8_t c = value.ptr[at];

		if (c == '\\') {
			at++;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			return at + 1;
		}
	}
	return value.len_bytes;
}

void
mime_value_word(struct span value, char word[MIME_WORD_BYTES])
{
	size_t used = 0;
	size_t at = 0;

	while (at < value.len_bytes && used + 1 < MIME_WORD_BYTES) {
		const uint8_t c = value.ptr[at];

		if (c == '(') {
			at = mime_skip_comment(value, at);
			continue;
		}
		if (c == ';' || c == ',' ||
		    (mime_is_space(c) && used > 0 && word[used - 1] != '/'))
			break;
		if (!mime_is_space(c) && c != '"' && c != '\'' && c != 0)
			word[used++] =
				(char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		at++;
	}
	word[used] = '\0';
}

/* A failure of a buffer on the way is one of the result. */
static void
mime_inherit(struct sbuf *out, const struct sbuf *part)
{
	if (out->st == ST_OK)
		out->st = part->st;
}

/* Behind the quoted string that starts at at. */
static size_t
mime_skip_quoted(struct span value, size_t at)
{
	for (at++; at < value.len_bytes; at++) {
		if (value.ptr[at] == '\\')
			at++;
		else if (value.ptr[at] == '"')
			return at + 1;
	}
	return value.len_bytes;
}

/* Behind the next ";" outside of quotes and comments. */
static size_t
mime_skip_to_param(const struct mime_param_walk *walk, size_t at)
{
	const struct span value = walk->value;

	while (at < value.len_bytes && value.ptr[at] != ';') {
		if (value.ptr[at] == '"')
			at = mime_skip_quoted(value, at);
		else if (value.ptr[at] == '(' && !walk->plain_parens)
			at = mime_skip_comment(value, at);
		else
			at++;
	}
	return at < value.len_bytes ? at + 1 : at;
}

/* Blanks, comments and empty parameters before a name. */
static size_t
mime_skip_to_name(const struct mime_param_walk *walk, size_t at)
{
	const struct span value = walk->value;

	while (at < value.len_bytes) {
		const uint8_t c = value.ptr[at];

		if (c == '(' && !walk->plain_parens)
			at = mime_skip_comment(value, at);
		else if (mime_is_space(c) || c == ';' || c == ',')
			at++;
		else
			break;
	}
	return at;
}

/* Where the first word of the value ends: the missing ";" behind a type is
 * forgiven. */
static size_t
mime_skip_word(const struct mime_param_walk *walk)
{
	const struct span value = walk->value;
	size_t at = mime_skip_to_name(walk, 0);

	while (at < value.len_bytes && !mime_is_space(value.ptr[at]) &&
	       value.ptr[at] != ';' && value.ptr[at] != '(')
		at++;
	return at;
}

/* The next "name=" at or after *at, which moves behind the "=". */
static bool
mime_param_name(const struct mime_param_walk *walk, size_t *at,
		struct span *name_out)
{
	const struct span value = walk->value;
	size_t i = *at;

	while (i < value.len_bytes) {
		i = mime_skip_to_name(walk, i);
		const size_t name_at = i;

		while (i < value.len_bytes && value.ptr[i] != '=' &&
		       value.ptr[i] != ';')
			i++;
		if (i < value.len_bytes && value.ptr[i] == '=') {
			(void)span_cut(value, name_at, i - name_at, name_out);
			*name_out = mime_trim(*name_out);
			*at = i + 1;
			return true;
		}
	}
	*at = value.len_bytes;
	return false;
}

bool
mime_param_next(struct mime_param_walk *walk, struct mime_param *param_out)
{
	const struct span value = walk->value;
	struct mime_param param = { 0 };
	size_t at = walk->at == 0 ? mime_skip_word(walk) : walk->at;
	size_t end = 0;

	if (!mime_param_name(walk, &at, &param.name)) {
		walk->at = value.len_bytes;
		return false;
	}
	while (at < value.len_bytes && mime_is_space(value.ptr[at]))
		at++;
	end = at;
	if (at < value.len_bytes && value.ptr[at] == '"')
		end = mime_skip_quoted(value, at);
	walk->at = mime_skip_to_param(walk, end);
	/* Text behind a quoted value belongs to nothing. */
	if (end == at) {
		end = walk->at;
		if (end > at && value.ptr[end - 1] == ';')
			end--;
	}
	(void)span_cut(value, at, end - at, &param.value);
	param.value = mime_trim(param.value);
	*param_out = param;
	return true;
}

void
mime_param_text(struct span raw, struct sbuf *out)
{
	const bool quoted = raw.len_bytes > 0 && raw.ptr[0] == '"';
	size_t at = quoted ? 1 : 0;

	for (; at < raw.len_bytes; at++) {
		const uint8_t c = raw.ptr[at];

		if (quoted && c == '"')
			return;
		if (c == '\r' || c == '\n')
			continue;
		/* Escapes; but not the second byte of a character of CP932
		 * or ISO-2022-JP, which is followed by other than \ or ". */
		if (quoted && c == '\\' && at + 1 < raw.len_bytes &&
		    (raw.ptr[at + 1] == '"' || raw.ptr[at + 1] == '\\'))
			at++;
		sbuf_add_byte(out, raw.ptr[at]);
	}
}

/* How a parameter belongs to a name: name, name*, name*1, name*1*. */
struct mime_section {
	bool matches;
	bool numbered;
	bool encoded;
	uint64_t number;
};

static struct mime_section
mime_section_of(const struct mime_param *param, struct span name)
{
	struct mime_section section = { 0 };
	struct span rest = { 0 };
	struct span head = { 0 };

	if (!span_cut(param->name, 0, name.len_bytes, &head) ||
	    !span_equal_nocase(head, name))
		return section;
	(void)span_cut(param->name, name.len_bytes,
		       param->name.len_bytes - name.len_bytes, &rest);
	if (rest.len_bytes > 0 && rest.ptr[rest.len_bytes - 1] == '*') {
		section.encoded = true;
		rest.len_bytes--;
	}
	if (rest.len_bytes > 0) {
		(void)span_cut(rest, 1, rest.len_bytes - 1, &head);
		if (rest.ptr[0] != '*' ||
		    !parse_u64(head, MIME_MAX_SECTIONS, &section.number))
			return section;
		section.numbered = true;
	}
	section.matches = true;
	return section;
}

/* The section number of name, or its unnumbered encoded form (number 0). */
static bool
mime_section_find(struct span value, struct span name, uint64_t number,
		  struct mime_param *param_out, bool *encoded_out)
{
	struct mime_param_walk walk = { .value = value };
	struct mime_param param;

	while (mime_param_next(&walk, &param)) {
		const struct mime_section section =
			mime_section_of(&param, name);

		if (!section.matches || section.number != number ||
		    !(section.numbered || section.encoded))
			continue;
		*param_out = param;
		*encoded_out = section.encoded;
		return true;
	}
	return false;
}

/* Cut "charset'language'" off the first section. */
static void
mime_extended_head(struct sbuf *text, struct sbuf *charset)
{
	const struct span whole = sbuf_span(text);
	size_t quotes = 0;
	size_t at = 0;

	while (at < whole.len_bytes && quotes < 2) {
		if (whole.ptr[at] == '\'')
			quotes++;
		else if (quotes == 0)
			sbuf_add_byte(charset, whole.ptr[at]);
		at++;
	}
	if (quotes < 2) {
		sbuf_clear(charset);
		return;
	}
	memmove(text->bytes, text->bytes + at, text->len_bytes - at);
	sbuf_truncate(text, text->len_bytes - at);
}

/*
 * Join the RFC 2231 sections of name: bytes to out, charset as declared.
 * False when there are none. The sections are looked up one by one, which is
 * bounded by MIME_MAX_SECTIONS.
 */
static bool
mime_extended(struct span value, struct span name, struct sbuf *out,
	      struct sbuf *charset)
{
	struct mime_param param;
	struct sbuf text;
	bool encoded = false;
	uint64_t number = 0;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	while (number < MIME_MAX_SECTIONS &&
	       mime_section_find(value, name, number, &param, &encoded)) {
		sbuf_clear(&text);
		mime_param_text(param.value, &text);
		if (number == 0 && encoded)
			mime_extended_head(&text, charset);
		mime_inherit(out, &text);
		if (encoded)
			mime_decode_percent(sbuf_span(&text), out);
		else
			sbuf_add_span(out, sbuf_span(&text));
		number++;
	}
	sbuf_done(&text);
	return number > 0;
}

/* The nth plain occurrence of name. */
static bool
mime_plain(struct span value, struct span name, size_t index, bool plain_parens,
	   struct span *raw_out)
{
	struct mime_param_walk walk = { .value = value,
					.plain_parens = plain_parens };
	struct mime_param param;

	while (mime_param_next(&walk, &param)) {
		if (!span_equal_nocase(param.name, name))
			continue;
		if (index-- == 0) {
			*raw_out = param.value;
			return true;
		}
	}
	return false;
}

/* A plain value: raw 8-bit or ISO-2022-JP bytes, or RFC 2047 in quotes. */
static void
mime_plain_decode(struct span raw, struct sbuf *out)
{
	struct text_readings readings;
	struct sbuf text;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	mime_param_text(raw, &text);
	text_find_readings(sbuf_span(&text), (struct span){ 0 }, &readings);
	(void)mime_words_decode(sbuf_span(&text), readings.charsets[0], 0, out);
	mime_inherit(out, &text);
	sbuf_done(&text);
}

bool
mime_param_find(struct span value, const char *name, struct sbuf *out)
{
	const struct span wanted = span_of(name);
	struct span raw = { 0 };
	struct sbuf bytes;
	struct sbuf charset;
	bool found = false;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_init(&charset, SIZE_MAX / 2);
	if (mime_extended(value, wanted, &bytes, &charset)) {
		text_decode_best(sbuf_span(&bytes), sbuf_span(&charset), out);
		found = true;
	} else if (mime_plain(value, wanted, 0, false, &raw) ||
		   mime_plain(value, wanted, 0, true, &raw)) {
		mime_plain_decode(raw, out);
		found = true;
	}
	mime_inherit(out, &bytes);
	mime_inherit(out, &charset);
	sbuf_done(&bytes);
	sbuf_done(&charset);
	return found;
}

/* Up to the first blank, as strict readers end an unquoted value. */
static bool
mime_cut_at_blank(struct span raw, struct span *cut_out)
{
	if (raw.len_bytes == 0 || raw.ptr[0] == '"')
		return false;
	for (size_t i = 0; i < raw.len_bytes; i++)
		if (mime_is_space(raw.ptr[i]) || raw.ptr[i] == '(')
			return span_cut(raw, 0, i, cut_out);
	return false;
}

/* Variants come in groups of four for each plain occurrence: as it stands,
 * cut at a blank, with encoded words decoded, with "(" no comment. */
static bool
mime_plain_variant(struct span value, struct span name, size_t index,
		   struct sbuf *out)
{
	struct span raw = { 0 };

	if (!mime_plain(value, name, index / 4, index % 4 == 3, &raw))
		return false;
	if (index % 4 == 1 && !mime_cut_at_blank(raw, &raw))
		return true;
	if (index % 4 == 2)
		mime_plain_decode(raw, out);
	else
		mime_param_text(raw, out);
	return true;
}

bool
mime_param_variant(struct span value, const char *name, size_t index,
		   struct sbuf *out)
{
	struct sbuf charset;
	bool found = false;

	if (index > 0)
		return mime_plain_variant(value, span_of(name), index - 1, out);
	sbuf_init(&charset, SIZE_MAX / 2);
	found = mime_extended(value, span_of(name), out, &charset);
	mime_inherit(out, &charset);
	sbuf_done(&charset);
	/* No RFC 2231 form: an empty variant, the plain ones follow. */
	(void)found;
	return true;
}
