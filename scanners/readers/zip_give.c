#include "scanners/readers/zip_give.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/archive_member.h"
#include "scanners/readers/zip_unpack.h"
#include "scanners/text/readings.h"

void
zip_note(struct zip_giver *giver, const char *why)
{
	if (giver->odd == NULL)
		giver->odd = why;
}

enum status
zip_give_name(struct zip_giver *giver, struct span name, struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_decode_best(name, (struct span){ 0 }, &text);
	st = sbuf_status(&text, "zip: name", err);
	if (st == ST_OK)
		st = sink_text(giver->sink, &place, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

enum status
zip_give_comment(struct zip_giver *giver, struct span text, struct err *err)
{
	enum { ZIP_ESC = 0x1B };

	for (size_t i = 0; i < text.len_bytes; i++)
		if (text.ptr[i] >= 0x80 || text.ptr[i] == ZIP_ESC)
			return zip_give_name(giver, text, err);
	return ST_OK;
}

enum status
zip_give_bytes(struct zip_giver *giver, struct span raw_name,
	       struct sbuf *bytes, const char *lock, struct err *err)
{
	AUTO(sbuf_done) struct sbuf name;
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	text_decode_best(raw_name, (struct span){ 0 }, &name);
	st = sbuf_status(&name, "zip: name", err);
	if (st != ST_OK)
		return st;
	archive_fit(bytes);
	uint8_t *owned = bytes->bytes;
	const struct zip_member member = { .name = sbuf_text(&name),
					   .bytes = sbuf_span(bytes),
					   .owned = &owned,
					   .locked = lock != NULL,
					   .lock = lock };

	st = giver->taker->take(giver->taker->context, &member, err);
	if (owned == NULL)
		sbuf_init(bytes, 0);
	return st;
}

/* What was not read, or not to its end. */
static enum status
zip_report(struct zip_giver *giver, uint32_t method, enum zip_outcome outcome,
	   struct err *err)
{
	char detail[60];

	switch (outcome) {
	case ZIP_OUTCOME_WHOLE:
		return ST_OK;
	case ZIP_OUTCOME_ODD:
		zip_note(giver, "zip: packed size of an entry");
		return ST_OK;
	case ZIP_OUTCOME_UNKNOWN:
		(void)snprintf(detail, sizeof(detail), "%s (%u)",
			       zip_method_name(method), (unsigned)method);
		return sink_opaque(giver->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				   detail, err);
	case ZIP_OUTCOME_TOO_LARGE:
		return sink_opaque(giver->sink, REPORT_REASON_LIMIT,
				   "limit memory of a packed member", err);
	case ZIP_OUTCOME_NONE:
	case ZIP_OUTCOME_DAMAGED:
	default:
		return sink_opaque(giver->sink, REPORT_REASON_DAMAGED,
				   "zip: damaged member", err);
	}
}

/*
 * A flag may say that an entry is encrypted that is not. What comes out of
 * real ciphertext does not have the right checksum.
 */
static enum status
zip_give_locked(struct zip_giver *giver, const struct zip_entry *entry,
		const struct zip_packed *packed, const char *lock,
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	AUTO(sbuf_done) struct sbuf none;
	enum zip_outcome outcome = ZIP_OUTCOME_NONE;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_init(&none, 0);
	st = zip_give_bytes(giver, entry->name, &none, lock, err);
	if (st == ST_OK && !packed->unchecked && packed->size_bytes > 0)
		st = zip_unpack(giver->sink, packed, &bytes, &outcome, err);
	if (st != ST_OK || outcome != ZIP_OUTCOME_WHOLE)
		return st;
	zip_note(giver, "zip: flags of an entry");
	return zip_give_bytes(giver, entry->name, &bytes, NULL, err);
}

static enum status
zip_give_open(struct zip_giver *giver, const struct zip_entry *entry,
	      const struct zip_packed *packed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	enum zip_outcome outcome = ZIP_OUTCOME_NONE;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	st = zip_unpack(giver->sink, packed, &bytes, &outcome, err);
	if (st == ST_OK)
		st = zip_give_bytes(giver, entry->name, &bytes, NULL, err);
	if (st == ST_OK)
		st = zip_report(giver, entry->method, outcome, err);
	return st;
}

enum status
zip_give_entry(struct zip_giver *giver, const struct zip_entry *entry,
	       size_t data_at, const char *lock, struct err *err)
{
	struct zip_packed packed = {
		.method = entry->method,
		.flags = entry->flags,
		.packed_bytes = entry->packed_bytes,
		.size_bytes = entry->size_bytes,
		.crc = entry->crc,
		.unchecked = (entry->flags & ZIP_FLAG_DESCRIPTOR) != 0 &&
			     entry->crc == 0 && entry->size_bytes == 0,
	};
	enum status st = sink_spend(giver->sink, 0, 0, err);

	if (st != ST_OK)
		return st;
	if (entry->packed_bytes == 0 && entry->size_bytes == 0 &&
	    zip_is_folder(entry))
		return zip_give_comment(giver, entry->name, err);
	if (data_at > giver->archive.len_bytes)
		data_at = giver->archive.len_bytes;
	(void)span_cut(giver->archive, data_at,
		       giver->archive.len_bytes - data_at, &packed.bytes);
	if (lock != NULL)
		return zip_give_locked(giver, entry, &packed, lock, err);
	return zip_give_open(giver, entry, &packed, err);
}
