#include "scanners/readers/html_attributes.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/css_text.h"
#include "scanners/readers/data_uri.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/html_entity.h"

enum {
	HTML_FIELD_BYTES = 200, /* a longer value is no field's */
	HTML_FIELD_DIGITS = 10  /* with these it may be a number */
};

static bool
html_is_name(struct span text, const char *name)
{
	return span_equal_nocase(text, span_of(name));
}

/* The value of the first of names (the best) that the tag has. */
static struct span
html_find_attribute(struct span attributes, const char *const *names,
		    size_t count)
{
	struct html_attribute attribute;
	struct span found = { 0 };
	size_t best = count;
	size_t at = 0;

	while (html_attribute_next(attributes, &at, &attribute))
		for (size_t i = 0; i < best; i++)
			if (html_is_name(attribute.name, names[i]) &&
			    attribute.value.len_bytes > 0) {
				best = i;
				found = attribute.value;
			}
	return found;
}

static bool
html_is_field_value(struct span name)
{
	return html_is_name(name, "value") || html_is_name(name, "content") ||
	       html_is_name(name, "data-value");
}

static bool
html_is_data_uri(struct span value)
{
	return value.len_bytes > 5 && memcmp(value.ptr, "data:", 5) == 0;
}

/*
 * data-my-number="…": names that authors make up say what the value is. Only
 * where digits for a number are, since most values are small change.
 */
static bool
html_is_own_field(const struct html_attribute *attribute)
{
	const struct span name = attribute->name;
	const struct span value = attribute->value;
	struct span head = { NULL, 0 };
	size_t digits = 0;

	if (value.len_bytes > HTML_FIELD_BYTES ||
	    !span_cut(name, 0, 5, &head) || !html_is_name(head, "data-"))
		return false;
	for (size_t i = 0; i < value.len_bytes; i++)
		digits += (value.ptr[i] >= '0' && value.ptr[i] <= '9') ||
			  value.ptr[i] >= 0xE3;
	return digits >= HTML_FIELD_DIGITS;
}

static enum status
html_give_field(struct sink *sink, struct span label, struct span value,
		uint64_t line, struct err *err)
{
	const struct field field = { label, line };
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	html_unescape(value, &text);
	st = sbuf_status(&text, "html: attribute", err);
	if (st == ST_OK)
		st = field_give(sink, &field, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

/* A page in an attribute: srcdoc="…". */
static enum status
html_give_page(struct sink *sink, struct span value, struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "text/html",
					    .charset = "utf-8" };
	struct sbuf plain;
	enum status st = ST_OK;

	sbuf_init_secret(&plain, SIZE_MAX / 2);
	html_unescape(value, &plain);
	st = sbuf_status(&plain, "html: document", err);
	if (st == ST_OK)
		st = sink_spend(sink, plain.len_bytes, value.len_bytes, err);
	if (st == ST_OK && plain.len_bytes > 0)
		st = sink_child(sink, &child, sbuf_span(&plain), NULL, err);
	sbuf_done(&plain);
	return st;
}

/* A document in an attribute: src="data:text/html,…". */
static enum status
html_give_document(struct sink *sink, const struct html_attribute *attribute,
		   struct err *err)
{
	struct sbuf plain;
	enum status st = ST_OK;

	if (html_is_name(attribute->name, "srcdoc"))
		return html_give_page(sink, attribute->value, err);
	if (!html_is_data_uri(attribute->value))
		return ST_OK;
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	html_unescape(attribute->value, &plain);
	st = sbuf_status(&plain, "html: document", err);
	if (st == ST_OK)
		st = data_uri_give_text(sink, sbuf_span(&plain), err);
	sbuf_done(&plain);
	return st;
}

/* A style may have letters as escapes. */
static void
html_add_style(const struct html_attribute *attribute, struct sbuf *out)
{
	struct sbuf plain;

	if (!html_is_name(attribute->name, "style"))
		return;
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	html_unescape(attribute->value, &plain);
	if (css_unescape(sbuf_span(&plain), out))
		sbuf_add_byte(out, '\n');
	if (plain.st != ST_OK)
		out->st = plain.st;
	sbuf_done(&plain);
}

enum status
html_give_attributes(struct sink *sink, struct span attributes, uint64_t line,
		     struct err *err)
{
	static const char *const keys[] = { "name",        "property",
					    "itemprop",    "aria-label",
					    "placeholder", "title",
					    "id" };
	const struct span key =
		html_find_attribute(attributes, keys, ARRAY_LEN(keys));
	const struct place place = { PLACE_ELEMENT, line, "attribute" };
	struct html_attribute attribute;
	struct sbuf lines;
	size_t at = 0;
	enum status st = ST_OK;

	sbuf_init_secret(&lines, SIZE_MAX / 2);
	while (st == ST_OK &&
	       html_attribute_next(attributes, &at, &attribute)) {
		if (attribute.value.len_bytes == 0)
			continue;
		st = html_give_document(sink, &attribute, err);
		if (st != ST_OK)
			break;
		if (key.len_bytes > 0 && html_is_field_value(attribute.name)) {
			st = html_give_field(sink, key, attribute.value, line,
					     err);
		} else if (html_is_data_uri(attribute.value) ||
			   html_is_own_field(&attribute)) {
			st = html_give_field(sink, attribute.name,
					     attribute.value, line, err);
		} else {
			html_unescape(attribute.value, &lines);
			sbuf_add_byte(&lines, '\n');
			html_add_style(&attribute, &lines);
		}
	}
	if (st == ST_OK)
		st = sbuf_status(&lines, "html: attribute", err);
	if (st == ST_OK && lines.len_bytes > 0)
		st = sink_text(sink, &place, sbuf_span(&lines), err);
	sbuf_done(&lines);
	return st;
}

uint32_t
html_attribute_count(struct span attributes, const char *name, uint32_t max)
{
	struct html_attribute attribute;
	size_t at = 0;
	uint64_t count = 1;

	while (html_attribute_next(attributes, &at, &attribute))
		if (html_is_name(attribute.name, name))
			(void)parse_u64(attribute.value, max, &count);
	return count > 0 ? (uint32_t)count : 1;
}

void
html_shown_value(struct span attributes, struct sbuf *out)
{
	static const char *const types[] = { "type" };
	static const char *const values[] = { "value" };
	const struct span type = html_find_attribute(attributes, types, 1);
	const struct span value = html_find_attribute(attributes, values, 1);

	if (value.len_bytes == 0 || html_is_name(type, "hidden") ||
	    html_is_name(type, "checkbox") || html_is_name(type, "radio"))
		return;
	sbuf_add_byte(out, ' ');
	html_unescape(value, out);
	sbuf_add_byte(out, ' ');
}
