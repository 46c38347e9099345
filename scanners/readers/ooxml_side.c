#include "scanners/readers/ooxml_side.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/xml_walk.h"

/* What is short of a number is none; nearly all attributes are. */
enum { SIDE_LEAST_BYTES = 12 };

void
ooxml_side_init(struct ooxml_side *side)
{
	for (size_t i = 0; i < OOXML_SIDE_KINDS; i++)
		sbuf_init_secret(&side->texts[i], SIZE_MAX / 2);
	sbuf_init_secret(&side->fields, SIZE_MAX / 2);
}

void
ooxml_side_done(struct ooxml_side *side)
{
	for (size_t i = 0; i < OOXML_SIDE_KINDS; i++)
		sbuf_done(&side->texts[i]);
	sbuf_done(&side->fields);
}

void
ooxml_side_add(struct ooxml_side *side, enum ooxml_side_kind kind,
	       struct span text)
{
	sbuf_add_span(&side->texts[kind], text);
	sbuf_add_byte(&side->texts[kind], '\n');
}

void
ooxml_side_field(struct ooxml_side *side, const char *label, struct span value)
{
	sbuf_add_text(&side->fields, label);
	sbuf_add_byte(&side->fields, 0);
	sbuf_add_span(&side->fields, value);
	sbuf_add_byte(&side->fields, 0);
}

/* An address with its "%20" replaced, when it is text then. */
static void
side_add_address(const char *value, struct sbuf *out)
{
	const size_t start = out->len_bytes;
	struct span added = { 0 };

	if (strchr(value, '%') == NULL)
		return;
	mime_decode_percent(span_of(value), out);
	sbuf_add_byte(out, '\n');
	if (!span_cut(sbuf_span(out), start, out->len_bytes - start, &added) ||
	    !parse_is_utf8(added))
		sbuf_truncate(out, start);
}

/* Without its prefix; most differ in their last letter. */
static bool
side_is_called(const char *attribute, const char *local)
{
	const size_t len = strlen(attribute);
	const size_t local_len = strlen(local);

	return len >= local_len &&
	       memcmp(attribute + len - local_len, local, local_len) == 0 &&
	       strcmp(xml_local(attribute), local) == 0;
}

/* "%E5%80%8B" and "+" in a part of an address; as it stands where that is no
 * text. */
static void
side_add_decoded(struct span part, struct sbuf *out)
{
	const size_t start = out->len_bytes;
	struct span added = { 0 };

	mime_decode_percent(part, out);
	for (size_t i = start; i < out->len_bytes; i++)
		if (out->bytes[i] == '+' || out->bytes[i] == '\0')
			out->bytes[i] = ' ';
	if (!span_cut(sbuf_span(out), start, out->len_bytes - start, &added) ||
	    !parse_is_utf8(added)) {
		sbuf_truncate(out, start);
		sbuf_add_span(out, part);
	}
	sbuf_add_byte(out, 0);
}

/* "?mynumber=…&…" of an address: a value has a name there as in a form. */
static void
side_add_query(struct ooxml_side *side, const char *value)
{
	const char *query = strchr(value, '?');

	if (query == NULL || strstr(value, "://") == NULL)
		return;
	while (*query != '\0' && *query != '#') {
		const char *name = query + 1;
		const char *end = name + strcspn(name, "&;#");
		const char *mark = memchr(name, '=', (size_t)(end - name));

		query = end;
		if (mark == NULL || mark == name ||
		    end - mark <= SIDE_LEAST_BYTES)
			continue;
		side_add_decoded((struct span){ (const uint8_t *)name,
						(size_t)(mark - name) },
				 &side->fields);
		side_add_decoded((struct span){ (const uint8_t *)mark + 1,
						(size_t)(end - mark) - 1 },
				 &side->fields);
	}
}

void
ooxml_side_attributes(struct ooxml_side *side, const char *const *attributes)
{
	struct sbuf *out = &side->texts[OOXML_SIDE_ATTRIBUTES];
	const char *name = NULL;
	const char *value = NULL;

	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		const bool is_long =
			strlen(attributes[i + 1]) >= SIDE_LEAST_BYTES;

		if (side_is_called(attributes[i], "name"))
			name = attributes[i + 1];
		else if (is_long && (side_is_called(attributes[i], "val") ||
				     side_is_called(attributes[i], "value")))
			value = attributes[i + 1];
		if (!is_long)
			continue;
		sbuf_add_text(out, attributes[i + 1]);
		sbuf_add_byte(out, '\n');
		side_add_address(attributes[i + 1], out);
		side_add_query(side, attributes[i + 1]);
	}
	if (name != NULL && value != NULL)
		ooxml_side_field(side, name, span_of(value));
}

/* The text that ends with the NUL at or after *at. */
static struct span
side_next(const struct sbuf *fields, size_t *at)
{
	const char *text = (const char *)fields->bytes + *at;
	const struct span part = span_of(text);

	*at += part.len_bytes + 1;
	return part;
}

static enum status
side_give_fields(struct sink *sink, const struct sbuf *fields, struct err *err)
{
	enum status st = sbuf_status(fields, "ooxml: fields", err);
	size_t at = 0;

	while (st == ST_OK && at < fields->len_bytes) {
		const struct field field = { side_next(fields, &at), 0 };
		const struct span value = side_next(fields, &at);

		st = field_give(sink, &field, value, err);
	}
	return st;
}

static enum status
side_give_text(struct sink *sink, const struct sbuf *text, const char *label,
	       struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, label };
	enum status st = sbuf_status(text, "ooxml: text", err);

	if (st != ST_OK || text->len_bytes == 0)
		return st;
	st = sink_break(sink, err);
	return st == ST_OK ? sink_text(sink, &place, sbuf_span(text), err) : st;
}

enum status
ooxml_side_give(struct sink *sink, struct ooxml_side *side, struct err *err)
{
	static const char *const labels[OOXML_SIDE_KINDS] = {
		[OOXML_SIDE_ATTRIBUTES] = "attribute",
		[OOXML_SIDE_CODES] = "field code",
		[OOXML_SIDE_PHONETIC] = "phonetic",
		[OOXML_SIDE_SHOWN] = "without hidden text",
		[OOXML_SIDE_BEFORE] = "before changes",
		[OOXML_SIDE_FALLBACK] = "other reading",
		[OOXML_SIDE_OTHER] = "other text",
	};
	enum status st = ST_OK;

	for (size_t i = 1; st == ST_OK && i < OOXML_SIDE_KINDS; i++) {
		st = side_give_text(sink, &side->texts[i], labels[i], err);
		sbuf_clear(&side->texts[i]);
	}
	if (st == ST_OK && side->fields.len_bytes > 0)
		st = sink_break(sink, err);
	if (st == ST_OK)
		st = side_give_fields(sink, &side->fields, err);
	sbuf_clear(&side->fields);
	return st;
}
