/* Shared strings: runs of one string join, phonetics stand apart. */
#include <stdlib.h>
#include <string.h>

#include "scanners/readers/field_value.h"
#include "scanners/readers/ooxml_side.h"
#include "scanners/readers/xlsx_parts.h"
#include "scanners/readers/xlsx_text.h"

struct xlsx_strings_walk {
	struct xlsx_strings *strings;
	struct ooxml_side side;
	bool in_text;
	bool in_phonetic;
	size_t unknown; /* elements open that programs pass over */
};

bool
xlsx_is_passed_over(const char *name)
{
	return !xml_is_office(name) || strcmp(xml_local(name), "Fallback") == 0;
}

void
xlsx_strings_init(struct xlsx_strings *strings)
{
	*strings = (struct xlsx_strings){ .count = 0 };
	sbuf_init_secret(&strings->text, SIZE_MAX / 2);
}

void
xlsx_strings_done(struct xlsx_strings *strings)
{
	sbuf_done(&strings->text);
	free(strings->ends);
	free(strings->used);
	strings->ends = NULL;
	strings->used = NULL;
	strings->count = 0;
	strings->room = 0;
}

static enum status
xlsx_strings_open(void *context, const char *name,
		  const char *const *attributes, struct err *err)
{
	struct xlsx_strings_walk *walk = context;

	(void)err;
	ooxml_side_attributes(&walk->side, attributes);
	if (xlsx_is_passed_over(name) || walk->unknown > 0)
		walk->unknown++;
	else if (strcmp(xml_local(name), "t") == 0)
		walk->in_text = true;
	else if (strcmp(xml_local(name), "rPh") == 0)
		walk->in_phonetic = true;
	return ST_OK;
}

/* GCC 12's analyzer does not see that strings keeps the block. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
/* A string is whole. */
static enum status
xlsx_strings_add(struct xlsx_strings *strings, struct err *err)
{
	if (strings->count == strings->room) {
		const size_t room = strings->room * 2 + 256;
		size_t *ends = reallocarray(strings->ends, room, sizeof(*ends));
		bool *used = NULL;

		if (ends == NULL)
			return err_set(err, ST_NO_MEMORY, "xlsx: no memory");
		strings->ends = ends;
		used = reallocarray(strings->used, room, sizeof(*used));
		if (used == NULL)
			return err_set(err, ST_NO_MEMORY, "xlsx: no memory");
		strings->used = used;
		strings->room = room;
	}
	xlsx_text_unescape(
		&strings->text,
		strings->count > 0 ? strings->ends[strings->count - 1] : 0);
	strings->used[strings->count] = false;
	strings->ends[strings->count++] = strings->text.len_bytes;
	return sbuf_status(&strings->text, "xlsx: strings", err);
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

static enum status
xlsx_strings_close(void *context, const char *name, struct err *err)
{
	struct xlsx_strings_walk *walk = context;
	const char *local = xml_local(name);

	if (walk->unknown > 0) {
		walk->unknown--;
	} else if (strcmp(local, "t") == 0) {
		walk->in_text = false;
	} else if (strcmp(local, "rPh") == 0) {
		walk->in_phonetic = false;
		sbuf_add_byte(&walk->side.texts[OOXML_SIDE_PHONETIC], '\n');
	} else if (strcmp(local, "si") == 0) {
		return xlsx_strings_add(walk->strings, err);
	}
	return ST_OK;
}

static enum status
xlsx_strings_text(void *context, struct span utf8, struct err *err)
{
	struct xlsx_strings_walk *walk = context;

	if (walk->unknown == 0 && walk->in_phonetic)
		sbuf_add_span(&walk->side.texts[OOXML_SIDE_PHONETIC], utf8);
	else if (walk->unknown == 0 && walk->in_text)
		sbuf_add_span(&walk->strings->text, utf8);
	else if (!field_is_blank(utf8))
		ooxml_side_add(&walk->side, OOXML_SIDE_OTHER, utf8);
	return sbuf_status(&walk->strings->text, "xlsx: strings", err);
}

/* A string that was never closed. */
static enum status
xlsx_strings_end(struct xlsx_strings *strings, struct err *err)
{
	const size_t done =
		strings->count > 0 ? strings->ends[strings->count - 1] : 0;

	return strings->text.len_bytes > done ? xlsx_strings_add(strings, err)
					      : ST_OK;
}

enum status
xlsx_strings_read(struct sink *sink, struct span document,
		  struct xlsx_strings *strings, struct err *err)
{
	struct xlsx_strings_walk walk = { .strings = strings };
	const struct xml_handler handler = { xlsx_strings_open,
					     xlsx_strings_close,
					     xlsx_strings_text, &walk };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	ooxml_side_init(&walk.side);
	st = xml_walk(sink, document, &handler, err);
	/* What was read before the damage counts. */
	if (st == ST_OK || st == ST_FORMAT) {
		enum status given = xlsx_strings_end(strings, &why);

		if (given == ST_OK)
			given = ooxml_side_give(sink, &walk.side, &why);
		if (given != ST_OK) {
			st = given;
			*err = why;
		}
	}
	ooxml_side_done(&walk.side);
	return st;
}

bool
xlsx_strings_get(struct xlsx_strings *strings, uint64_t index,
		 struct span *text_out)
{
	size_t start = 0;

	if (index >= strings->count)
		return false;
	start = index > 0 ? strings->ends[index - 1] : 0;
	strings->used[index] = true;
	return span_cut(sbuf_span(&strings->text), start,
			strings->ends[index] - start, text_out);
}

enum status
xlsx_strings_give_rest(struct sink *sink, struct xlsx_strings *strings,
		       struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, "unused strings" };
	struct sbuf rest;
	enum status st = ST_OK;

	sbuf_init_secret(&rest, SIZE_MAX / 2);
	for (size_t i = 0; i < strings->count; i++) {
		struct span text = { 0 };

		if (strings->used[i] || !xlsx_strings_get(strings, i, &text))
			continue;
		sbuf_add_span(&rest, text);
		sbuf_add_byte(&rest, '\n');
	}
	st = sbuf_status(&rest, "xlsx: strings", err);
	if (st == ST_OK && rest.len_bytes > 0)
		st = sink_text(sink, &place, sbuf_span(&rest), err);
	sbuf_done(&rest);
	return st;
}
