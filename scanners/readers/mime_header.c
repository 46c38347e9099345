#include "scanners/readers/mime_header.h"

#include <string.h>
#ifdef __SSE2__
#	include <emmintrin.h>
#endif

#include "lib/base/parse.h"

enum { MIME_MAX_CR = 4 };

/* Where the line at at ends. Both ends are looked for at once: one of them may
 * be in no line of a text, or far away. */
static size_t
mime_line_end(struct span bytes, size_t at)
{
#ifdef __SSE2__
	const __m128i lf = _mm_set1_epi8('\n');
	const __m128i cr = _mm_set1_epi8('\r');

	for (; at < bytes.len_bytes && bytes.len_bytes - at >= sizeof(__m128i);
	     at += sizeof(__m128i)) {
		const __m128i all = _mm_loadu_si128(
			(const __m128i *)(const void *)(bytes.ptr + at));
		const int ends = _mm_movemask_epi8(_mm_or_si128(
			_mm_cmpeq_epi8(all, lf), _mm_cmpeq_epi8(all, cr)));

		if (ends != 0)
			return at + (size_t)__builtin_ctz((unsigned)ends);
	}
#endif
	while (at < bytes.len_bytes && bytes.ptr[at] != '\n' &&
	       bytes.ptr[at] != '\r')
		at++;
	return at;
}

size_t
mime_line(struct span bytes, size_t at, struct span *text_out)
{
	const size_t end = mime_line_end(bytes, at);
	size_t next = 0;

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

bool
mime_is_space(uint8_t c)
{
	return mime_is_blank(c) || c == '\r' || c == '\n';
}

struct span
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

static bool
mime_is_control(uint8_t c)
{
	return c < ' ' || c == 0x7F;
}

bool
mime_has_control(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++)
		if (mime_is_control(text.ptr[i]) && !mime_is_space(text.ptr[i]))
			return true;
	return false;
}

/* The same letters, when those that do not show are left out. */
static bool
mime_is_named(struct span shown, struct span name)
{
	size_t at = 0;

	for (size_t i = 0; i < shown.len_bytes; i++) {
		const struct span have = { shown.ptr + i, 1 };
		struct span want = { 0 };

		if (mime_is_control(shown.ptr[i]))
			continue;
		if (!span_cut(name, at++, 1, &want) ||
		    !span_equal_nocase(have, want))
			return false;
	}
	return at == name.len_bytes;
}

bool
mime_field_is(const struct mime_field *field, const char *name)
{
	return mime_is_named(field->name, span_of(name));
}

size_t
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

/* Blanks within a word, before its "/" or behind it. */
static bool
mime_is_inner_blank(struct span value, size_t at, uint8_t before)
{
	while (at < value.len_bytes && mime_is_space(value.ptr[at]))
		at++;
	return before == '/' || (at < value.len_bytes && value.ptr[at] == '/');
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
		    (mime_is_space(c) && used > 0 &&
		     !mime_is_inner_blank(value, at, (uint8_t)word[used - 1])))
			break;
		if (!mime_is_space(c) && c != '"' && c != '\'' && c != 0)
			word[used++] =
				(char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		at++;
	}
	word[used] = '\0';
}
