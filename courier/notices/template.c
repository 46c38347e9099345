#include "courier/notices/template.h"

#include <string.h>

#include "lib/base/parse.h"

/* A piece of a text: words as they are, or the name of a value. */
struct template_piece {
	struct span text;
	bool is_name;
};

/* Cut the next piece off rest. False when a "{" is never closed. */
static bool
template_next(struct span *rest, struct template_piece *piece_out)
{
	const uint8_t *brace = memchr(rest->ptr, '{', rest->len_bytes);
	const uint8_t *close = NULL;
	size_t used = rest->len_bytes;
	bool good = true;

	*piece_out = (struct template_piece){ .text = *rest };
	if (brace != NULL && brace > rest->ptr) {
		used = (size_t)(brace - rest->ptr);
		piece_out->text.len_bytes = used;
	} else if (brace != NULL && rest->len_bytes > 1 && brace[1] == '{') {
		piece_out->text.len_bytes = 1;
		used = 2;
	} else if (brace != NULL) {
		close = memchr(brace, '}', rest->len_bytes);
		good = close != NULL;
		used = good ? (size_t)(close - brace) + 1 : rest->len_bytes;
		piece_out->is_name = good;
		if (good)
			(void)span_cut(*rest, 1, used - 2, &piece_out->text);
	}
	(void)span_cut(*rest, used, rest->len_bytes - used, rest);
	return good;
}

static size_t
template_lines(struct span text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text.len_bytes; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}

static bool
template_is_known(struct span name, const char *const *names, size_t name_count)
{
	for (size_t i = 0; i < name_count; i++) {
		if (span_equal(name, span_of(names[i])))
			return true;
	}
	return false;
}

enum status
template_check(const char *what, const char *text, const char *const *names,
	       size_t name_count, struct err *err)
{
	struct span rest = span_of(text);
	const size_t line_count = template_lines(rest);

	if (!parse_is_utf8(rest))
		return err_set(err, ST_FORMAT, "%s: not UTF-8", what);
	while (rest.len_bytes > 0) {
		const size_t line = line_count - template_lines(rest) + 1;
		struct template_piece piece;

		if (!template_next(&rest, &piece))
			return err_set(err, ST_FORMAT,
				       "%s:%zu: \"{\" without \"}\"", what,
				       line);
		if (piece.is_name &&
		    !template_is_known(piece.text, names, name_count))
			return err_set(err, ST_FORMAT,
				       "%s:%zu: unknown name {%.*s}", what,
				       line, (int)piece.text.len_bytes,
				       (const char *)piece.text.ptr);
	}
	return ST_OK;
}

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: what follows them may
 * be shown in another order than it is written. */
static bool
template_turns(struct span text)
{
	return text.len_bytes >= 3 && text.ptr[0] == 0xe2 &&
	       ((text.ptr[1] == 0x80 &&
		 (text.ptr[2] == 0x8e || text.ptr[2] == 0x8f ||
		  (text.ptr[2] >= 0xaa && text.ptr[2] <= 0xae))) ||
		(text.ptr[1] == 0x81 && text.ptr[2] >= 0xa6 &&
		 text.ptr[2] <= 0xa9));
}

static void
template_add_value(const struct template_value *value, struct sbuf *out)
{
	struct span rest = span_of(value->text);

	/* Addresses come from outside and need not be UTF-8. */
	const bool utf8 = parse_is_utf8(rest);

	while (rest.len_bytes > 0) {
		const uint8_t byte = rest.ptr[0];
		size_t used = 1;

		if (utf8 && template_turns(rest))
			used = 3;
		else if (byte == '\n' && value->lines)
			sbuf_add_byte(out, '\n');
		else if (byte < ' ' || byte == 0x7f)
			sbuf_add_byte(out, ' ');
		else
			sbuf_add_byte(out, !utf8 && byte >= 0x80 ? '?' : byte);
		(void)span_cut(rest, used, rest.len_bytes - used, &rest);
	}
}

void
template_render(const char *text, const struct template_value *values,
		size_t value_count, struct sbuf *out)
{
	struct span rest = span_of(text);

	while (rest.len_bytes > 0) {
		struct template_piece piece;

		(void)template_next(&rest, &piece);
		if (!piece.is_name)
			sbuf_add_span(out, piece.text);
		for (size_t i = 0; i < value_count && piece.is_name; i++) {
			if (span_equal(piece.text, span_of(values[i].name)))
				template_add_value(&values[i], out);
		}
	}
}

bool
template_is_void(const char *text, const struct template_value *values,
		 size_t value_count)
{
	struct span rest = span_of(text);
	bool names = false;

	while (rest.len_bytes > 0) {
		struct template_piece piece;

		(void)template_next(&rest, &piece);
		for (size_t i = 0; i < value_count && piece.is_name; i++) {
			if (span_equal(piece.text, span_of(values[i].name)) &&
			    values[i].text[0] != '\0')
				return false;
		}
		names = names || piece.is_name;
	}
	return names;
}
