#include "scanners/readers/xlsx_format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/xml_walk.h"

enum {
	FORMAT_MAX_BYTES = 64, /* of a format: a number has few digits */
	FORMAT_MAX_ID = 0xFFFF,
	FORMAT_MAX_CODES = 512,    /* Excel has half of them */
	FORMAT_MAX_STYLES = 65536, /* as Excel says */
	FORMAT_WORD_BYTES = 4,
	FORMAT_DIGITS_BYTES = 24 /* of a number of 64 bits */
};

#define FORMAT_NONE UINT32_MAX

/* What is read, and where the walk stands. */
struct format_walk {
	struct xlsx_formats *formats;
	bool in_cells; /* cellXfs, not the styles that these are made of */
};

void
xlsx_formats_init(struct xlsx_formats *formats)
{
	formats->count = 0;
	sbuf_init(&formats->codes, SIZE_MAX / 2);
	sbuf_init(&formats->cells,
		  (size_t)FORMAT_MAX_STYLES * FORMAT_WORD_BYTES);
}

void
xlsx_formats_done(struct xlsx_formats *formats)
{
	sbuf_done(&formats->codes);
	sbuf_done(&formats->cells);
}

static void
format_add_word(struct sbuf *out, uint32_t word)
{
	uint8_t bytes[FORMAT_WORD_BYTES];

	memcpy(bytes, &word, sizeof(bytes));
	sbuf_add(out, bytes, sizeof(bytes));
}

static uint32_t
format_word(const struct sbuf *in, size_t at)
{
	uint32_t word = FORMAT_NONE;

	if (at + sizeof(word) <= in->len_bytes)
		memcpy(&word, in->bytes + at, sizeof(word));
	return word;
}

/* Behind a colour or condition, "[Red]", or a text, "\"年\"", at *at. */
static bool
format_skip_to(const char *code, size_t *at, char end)
{
	const char *found = strchr(code + *at + 1, end);

	if (found == NULL)
		return false;
	*at = (size_t)(found - code) + 1;
	return true;
}

/* One sign of the first section; *at moves behind it. False: the format is
 * none that is kept. */
static bool
format_take(const char *code, size_t *at, struct sbuf *out)
{
	const size_t start = *at;
	const char c = code[start];

	switch (c) {
	case '0':
	case '#':
	case '?':
	case '-':
	case ' ':
	case '(':
	case ')':
		sbuf_add_byte(out, c == '?' ? '#' : (uint8_t)c);
		*at += 1;
		return true;
	case '[':
		return format_skip_to(code, at, ']');
	case '"':
		if (!format_skip_to(code, at, '"'))
			return false;
		sbuf_add(out, code + start + 1, *at - start - 2);
		break;
	case '\\':
	case '_': /* as wide as the next sign */
		if (code[start + 1] == '\0')
			return false;
		*at += 2;
		while (((uint8_t)code[*at] & 0xC0) == 0x80)
			*at += 1;
		if (c == '_')
			sbuf_add_byte(out, ' ');
		else
			sbuf_add(out, code + start + 1, *at - start - 1);
		break;
	default:
		return false;
	}
	/* Literal digits would be taken for some to fill in. */
	return strpbrk(sbuf_text(out), "123456789") == NULL &&
	       memchr(code + start, '0', *at - start) == NULL &&
	       memchr(code + start, '#', *at - start) == NULL;
}

/* The first section of a format with two zeros at least, in short. */
static bool
format_shorten(const char *code, struct sbuf *out)
{
	size_t zeros = 0;
	size_t at = 0;

	if (strlen(code) > FORMAT_MAX_BYTES)
		return false;
	while (code[at] != '\0' && code[at] != ';')
		if (!format_take(code, &at, out))
			return false;
	for (size_t i = 0; i < out->len_bytes; i++)
		zeros += out->bytes[i] == '0';
	return zeros >= 2;
}

/* <numFmt numFmtId="164" formatCode="0000"/> */
static enum status
format_learn(struct xlsx_formats *formats, const char *const *attributes,
	     struct err *err)
{
	const char *id_text = xml_attribute(attributes, "numFmtId");
	const char *code = xml_attribute(attributes, "formatCode");
	AUTO(sbuf_done) struct sbuf shortened;
	uint64_t id = 0;

	sbuf_init(&shortened, (size_t)2 * FORMAT_MAX_BYTES);
	if (id_text == NULL || code == NULL ||
	    formats->count == FORMAT_MAX_CODES ||
	    !parse_u64(span_of(id_text), FORMAT_MAX_ID, &id) ||
	    !format_shorten(code, &shortened))
		return ST_OK;
	formats->count++;
	format_add_word(&formats->codes, (uint32_t)id);
	sbuf_add(&formats->codes, sbuf_text(&shortened),
		 shortened.len_bytes + 1);
	return sbuf_status(&formats->codes, "xlsx: formats", err);
}

/* Where the format of this id starts. They are few. */
static uint32_t
format_find(const struct xlsx_formats *formats, uint64_t id)
{
	const struct sbuf *codes = &formats->codes;
	size_t at = 0;

	while (at < codes->len_bytes) {
		const size_t code_at = at + FORMAT_WORD_BYTES;

		if (format_word(codes, at) == id)
			return (uint32_t)code_at;
		at = code_at + strlen((const char *)codes->bytes + code_at) + 1;
	}
	return FORMAT_NONE;
}

static enum status
format_open(void *context, const char *name, const char *const *attributes,
	    struct err *err)
{
	struct format_walk *walk = context;
	const char *local = xml_local(name);
	const char *id_text = NULL;
	uint64_t id = 0;

	if (strcmp(local, "cellXfs") == 0)
		walk->in_cells = true;
	if (strcmp(local, "numFmt") == 0)
		return format_learn(walk->formats, attributes, err);
	if (strcmp(local, "xf") != 0 || !walk->in_cells)
		return ST_OK;
	id_text = xml_attribute(attributes, "numFmtId");
	if (id_text == NULL || !parse_u64(span_of(id_text), FORMAT_MAX_ID, &id))
		id = UINT64_MAX;
	/* Those beyond what Excel has are of no cell that it shows. */
	format_add_word(&walk->formats->cells, format_find(walk->formats, id));
	return ST_OK;
}

static enum status
format_close(void *context, const char *name, struct err *err)
{
	struct format_walk *walk = context;

	(void)err;
	if (strcmp(xml_local(name), "cellXfs") == 0)
		walk->in_cells = false;
	return ST_OK;
}

static enum status
format_text(void *context, struct span utf8, struct err *err)
{
	(void)context;
	(void)utf8;
	(void)err;
	return ST_OK;
}

enum status
xlsx_formats_read(struct sink *sink, struct span document,
		  struct xlsx_formats *formats, struct err *err)
{
	struct format_walk walk = { .formats = formats };
	const struct xml_handler handler = { format_open, format_close,
					     format_text, &walk };

	return xml_walk(sink, document, &handler, err);
}

/* The digits of a number that has no fraction. */
static bool
format_digits(const char *value, char *digits, size_t room)
{
	char *end = NULL;
	const double number = strtod(value, &end);

	if (end == value || *end != '\0' || !(number >= 0) || number >= 1e15)
		return false;
	const uint64_t whole = (uint64_t)number;

	(void)snprintf(digits, room, "%" PRIu64, whole);
	return number - (double)whole <= 0;
}

/* From the last place on; digits that have no place stand at the first. */
static void
format_fill(const char *code, const char *digits, struct sbuf *out)
{
	size_t places = 0;
	size_t left = strlen(digits);

	for (size_t i = 0; code[i] != '\0'; i++)
		places += code[i] == '0' || code[i] == '#';
	for (size_t i = 0; code[i] != '\0'; i++) {
		if (code[i] != '0' && code[i] != '#') {
			sbuf_add_byte(out, (uint8_t)code[i]);
			continue;
		}
		for (; left > places; left--)
			sbuf_add_byte(out, (uint8_t)*digits++);
		if (left == places) {
			sbuf_add_byte(out, (uint8_t)*digits++);
			left--;
		} else if (code[i] == '0') {
			sbuf_add_byte(out, '0');
		}
		places--;
	}
}

bool
xlsx_formats_show(const struct xlsx_formats *formats, uint64_t style,
		  const char *value, struct sbuf *out)
{
	char digits[FORMAT_DIGITS_BYTES];
	const size_t before = out->len_bytes;
	size_t shown = 0;

	if (style >= FORMAT_MAX_STYLES)
		return false;
	const uint32_t at =
		format_word(&formats->cells, (size_t)style * FORMAT_WORD_BYTES);

	if (at >= formats->codes.len_bytes ||
	    !format_digits(value, digits, sizeof(digits)))
		return false;
	format_fill((const char *)formats->codes.bytes + at, digits, out);
	for (size_t i = before; i < out->len_bytes; i++)
		shown += out->bytes[i] >= '0' && out->bytes[i] <= '9';
	if (shown <= strlen(digits))
		sbuf_truncate(out, before);
	return shown > strlen(digits);
}
