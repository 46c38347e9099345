/* The header of a mail or part: what it says, and its text. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_words.h"
#include "scanners/readers/reader_mime.h"
#include "scanners/text/readings.h"

enum {
	MIME_VALUE_MAX_BYTES = 64 * 1024, /* of a Content-… field */
	MIME_LABEL_MAX_BYTES = 64
};

/* Keep value unless the same stands there already. */
static void
mime_values_add(struct mime_entity *entity, struct mime_values *values,
		struct span value)
{
	if (value.len_bytes > MIME_VALUE_MAX_BYTES) {
		value.len_bytes = MIME_VALUE_MAX_BYTES;
		entity->odd = "very long content field";
	}
	for (size_t i = 0; i < values->count; i++)
		if (span_equal(values->values[i], value))
			return;
	if (values->count < MIME_MAX_VALUES)
		values->values[values->count++] = value;
	else
		entity->odd = "many content fields";
}

static bool
mime_is_content(const struct mime_field *field)
{
	struct span head = { 0 };

	return span_cut(field->name, 0, 8, &head) &&
	       span_equal_nocase(head, span_of("Content-"));
}

static bool
mime_has_nul(struct span value)
{
	return value.len_bytes > 0 &&
	       memchr(value.ptr, 0, value.len_bytes) != NULL;
}

void
mime_entity_parse(struct span bytes, struct mime_entity *entity_out)
{
	struct mime_header_walk walk = { .bytes = bytes };
	struct mime_entity entity = { .bytes = bytes };
	struct mime_field field;

	while (mime_field_next(&walk, &field)) {
		if (mime_has_control(field.name) ||
		    (mime_is_content(&field) && mime_has_nul(field.value)))
			entity.odd = "control characters in the header";
		if (mime_field_is(&field, "Content-Type"))
			mime_values_add(&entity, &entity.type, field.value);
		else if (mime_field_is(&field, "Content-Transfer-Encoding"))
			mime_values_add(&entity, &entity.encoding, field.value);
		else if (mime_field_is(&field, "Content-Disposition"))
			mime_values_add(&entity, &entity.disposition,
					field.value);
	}
	entity.fields = walk.fields;
	if (walk.fields == 0 && walk.has_junk && walk.junk_at == 0)
		walk.at = 0; /* no header at all: everything is body */
	else if (walk.has_junk)
		entity.odd = "a line in the header that is no field";
	else if (walk.has_lone_cr)
		entity.odd = "a line end of CR alone in the header";
	(void)span_cut(bytes, walk.at, bytes.len_bytes - walk.at, &entity.body);
	*entity_out = entity;
}

/* Fields full of random ids, in which twelve digits mean nothing. */
static bool
mime_is_skipped(const struct mime_field *field)
{
	static const char *const names[] = {
		"Message-Id",
		"Resent-Message-Id",
		"References",
		"Received",
		"X-Received",
		"DKIM-Signature",
		"X-Google-DKIM-Signature",
		"ARC-Seal",
		"ARC-Message-Signature",
		"DomainKey-Signature",
		"ARC-Authentication-Results",
		"Authentication-Results",
		"Received-SPF",
		"Content-Id",
		"Thread-Index",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (mime_field_is(field, names[i]))
			return true;
	return false;
}

/* A boundary of letters, digits and marks, as programs make them up. */
static bool
mime_is_made_up(const struct mime_param *param)
{
	static const char marks[] = "\"'()+_,-./:=";
	const struct span value = param->value;
	struct span head = { 0 };

	if (!span_cut(param->name, 0, 8, &head) ||
	    !span_equal_nocase(head, span_of("boundary")) ||
	    (param->name.len_bytes > 8 && param->name.ptr[8] != '*'))
		return false;
	for (size_t i = 0; i < value.len_bytes; i++) {
		const uint8_t c = value.ptr[i];

		if (!(c >= '0' && c <= '9') &&
		    !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    memchr(marks, c, sizeof(marks) - 1) == NULL)
			return false;
	}
	return value.len_bytes > 0;
}

/* Append a content type without its boundaries: digits in them mean nothing. */
static void
mime_add_type(struct span value, struct sbuf *out)
{
	struct mime_param_walk walk = { .value = value };
	struct mime_param param;
	struct span part = { 0 };
	size_t from = 0;

	while (mime_param_next(&walk, &param)) {
		if (!mime_is_made_up(&param))
			continue;
		const size_t at = (size_t)(param.value.ptr - value.ptr);

		(void)span_cut(value, from, at - from, &part);
		sbuf_add_span(out, part);
		from = at + param.value.len_bytes;
	}
	(void)span_cut(value, from, value.len_bytes - from, &part);
	sbuf_add_span(out, part);
}

/* Field names are ASCII; anything else shows as "?". */
static char
mime_label_letter(uint8_t c)
{
	return (char)(c > ' ' && c < 0x7F ? c : '?');
}

static enum status
mime_emit_field(struct sink *sink, const struct mime_field *field,
		struct sbuf *text, struct err *err)
{
	char label[MIME_LABEL_MAX_BYTES] = "";
	const size_t len = field->name.len_bytes < sizeof(label) - 1
				   ? field->name.len_bytes
				   : sizeof(label) - 1;
	const struct place place = { PLACE_HEADER, 0, label };
	struct text_readings readings;
	size_t count = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < len; i++)
		label[i] = mime_label_letter(field->name.ptr[i]);
	/* That it is there says that the mail is an answer; its ids mean
	 * nothing. */
	if (mime_field_is(field, "In-Reply-To"))
		return sink_text(sink, &place, (struct span){ NULL, 0 }, err);
	text_find_readings(field->value, (struct span){ 0 }, &readings);
	count = readings.count;
	for (size_t i = 0; i < count && st == ST_OK; i++) {
		const size_t raw = i < readings.count ? i : 0;
		size_t most = 0;

		sbuf_clear(text);
		most = mime_words_decode(field->value, readings.charsets[raw],
					 i, text);
		count = most > count ? most : count;
		sbuf_add_byte(text, '\n');
		st = sbuf_status(text, "mime: field", err);
		if (st == ST_OK)
			st = sink_text(sink, &place, sbuf_span(text), err);
	}
	return st;
}

enum status
mime_emit_fields(struct sink *sink, const struct mime_entity *entity,
		 struct err *err)
{
	struct mime_header_walk walk = { .bytes = entity->bytes };
	struct mime_field field;
	struct sbuf text;
	struct sbuf type;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	sbuf_init_secret(&type, SIZE_MAX / 2);
	while (st == ST_OK && mime_field_next(&walk, &field)) {
		if (mime_is_skipped(&field))
			continue;
		st = sink_spend(sink, field.value.len_bytes,
				field.value.len_bytes, err);
		if (st == ST_OK && mime_field_is(&field, "Content-Type")) {
			sbuf_clear(&type);
			mime_add_type(field.value, &type);
			st = sbuf_status(&type, "mime: content type", err);
			field.value = sbuf_span(&type);
		}
		if (st == ST_OK)
			st = mime_emit_field(sink, &field, &text, err);
	}
	sbuf_done(&text);
	sbuf_done(&type);
	return st;
}

/* Append a field's value without blanks around it; "rfc822;" and the like
 * are cut off when typed is true. */
static void
mime_dsn_value(struct span value, bool typed, struct sbuf *out)
{
	const uint8_t *semicolon =
		value.len_bytes > 0 && typed
			? memchr(value.ptr, ';', value.len_bytes)
			: NULL;
	size_t at = semicolon != NULL ? (size_t)(semicolon - value.ptr) + 1 : 0;

	if (out->len_bytes > 0)
		return;
	for (; at < value.len_bytes; at++) {
		const uint8_t c = value.ptr[at];

		if (c > ' ' && c < 0x7F)
			sbuf_add_byte(out, c);
	}
}

static void
mime_dsn_field(const struct mime_field *field, struct sbuf found[4])
{
	if (mime_field_is(field, "Original-Envelope-Id"))
		mime_dsn_value(field->value, false, &found[0]);
	else if (mime_field_is(field, "Final-Recipient"))
		mime_dsn_value(field->value, true, &found[1]);
	else if (mime_field_is(field, "Action"))
		mime_dsn_value(field->value, false, &found[2]);
	else if (mime_field_is(field, "Status"))
		mime_dsn_value(field->value, false, &found[3]);
}

void
mime_emit_dsn(struct sink *sink, struct span body)
{
	enum { DSN_VALUE_MAX_BYTES = 1000, DSN_MAX_BLOCKS = 4 };
	struct mime_header_walk walk = { .bytes = body };
	struct mime_field field;
	struct sbuf found[4];

	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		sbuf_init(&found[i], DSN_VALUE_MAX_BYTES);
	/* Each block of fields ends with an empty line. */
	for (size_t block = 0;
	     block < DSN_MAX_BLOCKS && walk.at < body.len_bytes; block++)
		while (mime_field_next(&walk, &field))
			mime_dsn_field(&field, found);
	const struct report_dsn dsn = { sbuf_text(&found[0]),
					sbuf_text(&found[1]),
					sbuf_text(&found[2]),
					sbuf_text(&found[3]) };

	sink_dsn(sink, &dsn);
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		sbuf_done(&found[i]);
}
