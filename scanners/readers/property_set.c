#include "scanners/readers/property_set.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/code_page.h"
#include "scanners/readers/field_value.h"

enum {
	PROPERTY_MAX_SECTIONS = 8,
	PROPERTY_MAX_COUNT = 1024, /* of a section, and of values in a vector */
	PROPERTY_ID_DICTIONARY = 0,
	PROPERTY_ID_CODE_PAGE = 1,
	PROPERTY_I2 = 2,
	PROPERTY_I4 = 3,
	PROPERTY_R8 = 5,
	PROPERTY_VARIANT = 12,
	PROPERTY_I8 = 20,
	PROPERTY_STRING = 30,
	PROPERTY_WIDE = 31,
	PROPERTY_VECTOR = 0x1000,
	PROPERTY_CODE_PAGE_WIDE = 1200
};

struct property_set {
	struct sink *sink;
	struct sbuf rest;    /* the set, zeros for what was given */
	struct span section; /* of set, up to its end */
	size_t section_at;
	uint32_t code_page;
	size_t names_at; /* of the dictionary in the section; 0: none */
	struct sbuf label;
	struct sbuf text;
};

static uint32_t
property_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

/* The bytes from at on that a section's text has are done with. */
static void
property_done(struct property_set *set, size_t at, size_t len_bytes)
{
	const size_t from = set->section_at + at;

	if (set->rest.st == ST_OK && from <= set->rest.len_bytes &&
	    len_bytes <= set->rest.len_bytes - from)
		memset(set->rest.bytes + from, 0, len_bytes);
}

/* Text of characters that take width bytes, up to the first NUL. */
static void
property_decode(struct property_set *set, struct span bytes, bool wide,
		struct sbuf *out)
{
	size_t len = 0;
	const size_t width = wide ? 2 : 1;

	while (len + width <= bytes.len_bytes &&
	       property_u(bytes, len, width) != 0)
		len += width;
	(void)span_cut(bytes, 0, len, &bytes);
	code_page_decode(wide ? PROPERTY_CODE_PAGE_WIDE : set->code_page, bytes,
			 out);
}

static enum status
property_give(struct property_set *set, struct err *err)
{
	const struct field field = { set->label.len_bytes > 0
					     ? sbuf_span(&set->label)
					     : span_of("property"),
				     1 };
	enum status st = sbuf_status(&set->text, "property", err);

	if (st == ST_OK)
		st = sbuf_status(&set->label, "property", err);
	if (st == ST_OK)
		st = sink_spend(set->sink, set->text.len_bytes,
				set->text.len_bytes, err);
	if (st == ST_OK && set->text.len_bytes > 0)
		st = field_give(set->sink, &field, sbuf_span(&set->text), err);
	sbuf_clear(&set->text);
	return st;
}

/* A string at at; *at is behind it then. False: there is none. */
static bool
property_string(struct property_set *set, size_t *at, bool wide)
{
	const size_t len =
		(size_t)property_u(set->section, *at, 4) * (wide ? 2 : 1);
	const bool is_wide = wide || set->code_page == PROPERTY_CODE_PAGE_WIDE;
	struct span bytes = { 0 };

	if (!span_cut(set->section, *at + 4, len, &bytes))
		return false;
	property_decode(set, bytes, is_wide, &set->text);
	property_done(set, *at + 4, len);
	*at += 4 + (len + 3) / 4 * 4;
	return true;
}

static void
property_number(struct property_set *set, uint32_t type, size_t at)
{
	const uint64_t low = property_u(set->section, at, 4);
	const uint64_t whole =
		low | (uint64_t)property_u(set->section, at + 4, 4) << 32;
	double real = 0;

	memcpy(&real, &whole, sizeof(real));
	if (type == PROPERTY_R8 && real >= 0 && real < 1e15)
		sbuf_addf(&set->text, "%.0f", real);
	else if (type == PROPERTY_I8)
		sbuf_addf(&set->text, "%llu", (unsigned long long)whole);
}

/* One value of a type at at, *at behind it. False: its length is not known. */
static bool
property_value(struct property_set *set, uint32_t type, size_t *at)
{
	switch (type) {
	case PROPERTY_STRING:
		return property_string(set, at, false);
	case PROPERTY_WIDE:
		return property_string(set, at, true);
	case PROPERTY_R8:
	case PROPERTY_I8:
		property_number(set, type, *at);
		*at += 8;
		return true;
	case PROPERTY_I2:
	case PROPERTY_I4:
		*at += 4;
		return true;
	default:
		return false;
	}
}

static enum status
property_vector(struct property_set *set, uint32_t type, size_t at,
		struct err *err)
{
	uint32_t count = property_u(set->section, at, 4);
	enum status st = ST_OK;

	at += 4;
	if (count > PROPERTY_MAX_COUNT)
		count = PROPERTY_MAX_COUNT;
	for (uint32_t i = 0; i < count && st == ST_OK; i++) {
		uint32_t one = type;

		if (type == PROPERTY_VARIANT) {
			one = property_u(set->section, at, 2);
			at += 4;
		}
		if (!property_value(set, one, &at))
			break;
		st = property_give(set, err);
	}
	return st;
}

/* The name that the dictionary gives number, as a label. */
static void
property_label(struct property_set *set, uint32_t number)
{
	const bool wide = set->code_page == PROPERTY_CODE_PAGE_WIDE;
	const uint32_t count = property_u(set->section, set->names_at, 4);
	size_t at = set->names_at + 4;

	sbuf_clear(&set->label);
	for (uint32_t i = 0;
	     set->names_at > 0 && i < count && i < PROPERTY_MAX_COUNT; i++) {
		const size_t len = (size_t)property_u(set->section, at + 4, 4) *
				   (wide ? 2 : 1);
		struct span name = { 0 };

		if (!span_cut(set->section, at + 8, len, &name))
			return;
		if (property_u(set->section, at, 4) == number) {
			property_decode(set, name, wide, &set->label);
			return;
		}
		at += 8 + (wide ? (len + 3) / 4 * 4 : len);
	}
}

/* Two passes over the list: what all others need to be read, and these. */
static void
property_prepare(struct property_set *set, uint32_t count)
{
	set->code_page = 0;
	set->names_at = 0;
	for (uint32_t i = 0; i < count; i++) {
		const size_t at = 8 + (size_t)i * 8;
		const uint32_t number = property_u(set->section, at, 4);
		const size_t value = property_u(set->section, at + 4, 4);

		if (number == PROPERTY_ID_CODE_PAGE)
			set->code_page = property_u(set->section, value + 4, 2);
		else if (number == PROPERTY_ID_DICTIONARY)
			set->names_at = value;
	}
}

static enum status
property_section(struct property_set *set, struct err *err)
{
	uint32_t count = property_u(set->section, 4, 4);
	enum status st = ST_OK;

	if (count > PROPERTY_MAX_COUNT)
		count = PROPERTY_MAX_COUNT;
	property_prepare(set, count);
	for (uint32_t i = 0; i < count && st == ST_OK; i++) {
		const size_t at = 8 + (size_t)i * 8;
		const uint32_t number = property_u(set->section, at, 4);
		size_t value = property_u(set->section, at + 4, 4);
		const uint32_t type = property_u(set->section, value, 2);

		if (number <= PROPERTY_ID_CODE_PAGE)
			continue;
		property_label(set, number);
		value += 4;
		if ((type & PROPERTY_VECTOR) != 0)
			st = property_vector(set, type - PROPERTY_VECTOR, value,
					     err);
		else if (property_value(set, type, &value))
			st = property_give(set, err);
		if (st == ST_OK)
			st = sink_spend(set->sink, 0, 0, err);
	}
	return st;
}

static enum status
property_sections(struct property_set *set, struct span bytes, struct err *err)
{
	uint32_t count = property_u(bytes, 24, 4);
	enum status st = ST_OK;

	if (property_u(bytes, 0, 2) != 0xFFFE)
		return ST_OK;
	if (count > PROPERTY_MAX_SECTIONS)
		count = PROPERTY_MAX_SECTIONS;
	for (uint32_t i = 0; i < count && st == ST_OK; i++) {
		set->section_at =
			property_u(bytes, 28 + (size_t)i * 20 + 16, 4);
		if (!span_cut(bytes, set->section_at,
			      bytes.len_bytes - set->section_at, &set->section))
			continue;
		st = property_section(set, err);
	}
	return st;
}

enum status
property_set_read(struct sink *sink, struct span bytes, struct err *err)
{
	struct property_set set = { .sink = sink };
	enum status st = ST_OK;

	sbuf_init_secret(&set.rest, bytes.len_bytes + 1);
	sbuf_init_secret(&set.label, SIZE_MAX / 2);
	sbuf_init_secret(&set.text, SIZE_MAX / 2);
	sbuf_add_span(&set.rest, bytes);
	st = property_sections(&set, bytes, err);
	if (st == ST_OK)
		st = sbuf_status(&set.rest, "property", err);
	if (st == ST_OK)
		st = sink_break(sink, err);
	if (st == ST_OK)
		st = sink_gap(sink, sbuf_span(&set.rest), err);
	sbuf_done(&set.rest);
	sbuf_done(&set.label);
	sbuf_done(&set.text);
	return st;
}
