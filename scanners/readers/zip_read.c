#include "scanners/readers/zip_read.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/zip_stream.h"
#include "scanners/readers/zip_walk.h"
#include "scanners/text/readings.h"

enum { ZIP_MAX_ENTRIES = 200000, ZIP_USUAL_EXTRA_BYTES = 64 };

/* Entries of one view, by the offset of their local header. */
struct zip_list {
	struct zip_entry *entries;
	size_t count;
	size_t room;
	bool too_many;
};

struct zip_read {
	struct sink *sink;
	struct span archive;
	const struct zip_taker *taker;
	struct zip_list central;
	struct zip_list local;
	struct zip_end end;
	bool has_end;
	const char *odd; /* why the archive is ambiguous, or NULL */
	bool distrusted; /* read every local header, listed or not */
};

static enum status
zip_list_add(struct zip_list *list, const struct zip_entry *entry,
	     struct err *err)
{
	if (list->count >= ZIP_MAX_ENTRIES) {
		list->too_many = true;
		return ST_OK;
	}
	if (list->count == list->room) {
		const size_t room = list->room * 2 + 32;
		struct zip_entry *entries =
			reallocarray(list->entries, room, sizeof(*entries));

		if (entries == NULL)
			return err_set(err, ST_NO_MEMORY, "zip: no memory");
		list->entries = entries;
		list->room = room;
	}
	list->entries[list->count++] = *entry;
	return ST_OK;
}

static int
zip_compare(const void *a, const void *b)
{
	const struct zip_entry *left = a;
	const struct zip_entry *right = b;

	return (left->local_at > right->local_at) -
	       (left->local_at < right->local_at);
}

static void
zip_note(struct zip_read *zip, const char *why)
{
	if (zip->odd == NULL)
		zip->odd = why;
}

static enum status
zip_load_central(struct zip_read *zip, struct err *err)
{
	struct zip_entry entry;
	size_t at = 0;
	enum status st = ST_OK;

	zip->has_end = zip_find_end(zip->archive, &zip->end);
	if (!zip->has_end || zip->end.directory_at >= zip->archive.len_bytes)
		return ST_OK;
	at = (size_t)zip->end.directory_at;
	while (st == ST_OK && zip_central_next(zip->archive, &at, &entry)) {
		entry.local_at += zip->end.shift;
		st = zip_list_add(&zip->central, &entry, err);
	}
	if (zip->central.count > 0)
		qsort(zip->central.entries, zip->central.count,
		      sizeof(*zip->central.entries), zip_compare);
	if (zip->central.count != zip->end.entries)
		zip_note(zip, "zip: number of entries");
	if (zip->end.records > 1)
		zip_note(zip, "zip: several end records");
	if (zip->end.two_directories)
		zip_note(zip, "zip: two directories");
	/* Nobody knows what others take for the directory. */
	zip->distrusted = zip->odd != NULL;
	return st;
}

static enum status
zip_load_local(struct zip_read *zip, struct err *err)
{
	struct zip_entry entry;
	size_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && zip_local_next(zip->archive, &at, &entry)) {
		st = zip_list_add(&zip->local, &entry, err);
		if (st == ST_OK)
			st = sink_spend(zip->sink, 0, 0, err);
	}
	return st;
}

static bool
zip_is_folder(struct span name)
{
	return name.len_bytes > 0 && (name.ptr[name.len_bytes - 1] == '/' ||
				      name.ptr[name.len_bytes - 1] == '\\');
}

/* The first thing in which the two headers of an entry disagree, or NULL.
 * Sizes of zero with a descriptor are no disagreement. */
static const char *
zip_differs(const struct zip_entry *central, const struct zip_entry *local)
{
	const uint32_t same_flags =
		ZIP_FLAG_ENCRYPTED | ZIP_FLAG_UTF8 | ZIP_FLAG_MASKED;
	const bool later = (local->flags & ZIP_FLAG_DESCRIPTOR) != 0;

	if (!span_equal(central->name, local->name))
		return "zip: names of an entry";
	if (central->method != local->method)
		return "zip: methods of an entry";
	if (((central->flags ^ local->flags) & same_flags) != 0)
		return "zip: flags of an entry";
	if (central->packed_bytes != local->packed_bytes ||
	    central->size_bytes != local->size_bytes ||
	    (!later && central->crc != local->crc))
		return "zip: sizes of an entry";
	if (zip_is_folder(central->name) && central->size_bytes > 0)
		return "zip: a folder with content";
	return NULL;
}

/* Bytes that belong to no entry: swept, and odd where there is something. */
static enum status
zip_give_gap(struct zip_read *zip, size_t from, size_t to, const char *odd,
	     struct err *err)
{
	struct span gap = { 0 };
	bool empty = true;

	if (to <= from || !span_cut(zip->archive, from, to - from, &gap))
		return ST_OK;
	for (size_t i = 0; i < gap.len_bytes && empty; i++)
		empty = gap.ptr[i] == 0;
	if (empty)
		return ST_OK;
	if (odd != NULL)
		zip_note(zip, odd);
	return sink_gap(zip->sink, gap, err);
}

/* Give a name that differs from the one of the member, or a comment. */
static enum status
zip_give_name(struct zip_read *zip, struct span name, struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_decode_best(name, (struct span){ 0 }, &text);
	st = sbuf_status(&text, "zip: name", err);
	if (st == ST_OK)
		st = sink_text(zip->sink, &place, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

static enum status
zip_read_local(struct zip_read *zip, const struct zip_entry *entry,
	       struct err *err)
{
	const enum status st = sink_spend(zip->sink, 0, 0, err);

	if (st != ST_OK)
		return st;
	return zip_stream_local(zip->sink, zip->archive, entry, zip->taker,
				err);
}

/*
 * An entry that only one header calls encrypted may be none, and one that
 * looks like a folder may hold data: a copy that is neither is read, too.
 * What comes out of real ciphertext is noise.
 */
static enum status
zip_read_cleaned(struct zip_read *zip, const struct zip_entry *entry,
		 struct err *err)
{
	enum { ZIP_FLAGS_AT = 6, ZIP_NAME_AT = 30 };
	const size_t at = (size_t)entry->local_at;
	struct zip_entry plain = *entry;
	struct span whole = { 0 };
	struct sbuf copy;
	enum status st = ST_OK;

	if (!span_cut(zip->archive, at, entry->end_at - at, &whole))
		return ST_OK;
	sbuf_init_secret(&copy, SIZE_MAX / 2);
	sbuf_add_span(&copy, whole);
	st = sbuf_status(&copy, "zip: entry", err);
	if (st == ST_OK) {
		copy.bytes[ZIP_FLAGS_AT] &= (uint8_t)~ZIP_FLAG_ENCRYPTED;
		if (zip_is_folder(entry->name))
			copy.bytes[ZIP_NAME_AT + entry->name.len_bytes - 1] =
				'_';
		plain.local_at = 0;
		st = zip_stream_local(zip->sink, sbuf_span(&copy), &plain,
				      zip->taker, err);
	}
	sbuf_done(&copy);
	return st;
}

/* The central entries (from *next on) up to the one for local, when it is
 * listed: in what the headers differ, or NULL, to *differs_out. */
static void
zip_find_central(struct zip_read *zip, const struct zip_entry *local,
		 size_t *next, const char **differs_out)
{
	const struct zip_list *central = &zip->central;
	bool named = false;

	for (; *next < central->count &&
	       central->entries[*next].local_at <= local->local_at;
	     (*next)++) {
		const struct zip_entry *entry = &central->entries[*next];

		if (entry->local_at < local->local_at) {
			zip_note(zip, "zip: an entry inside of another");
			continue;
		}
		if (named)
			zip_note(zip, "zip: two entries for the same data");
		named = true;
		*differs_out = zip_differs(entry, local);
	}
}

/* One local header: read where the directory does not show the same. */
static enum status
zip_match(struct zip_read *zip, const struct zip_entry *local, size_t *next,
	  struct err *err)
{
	const char *differs = "zip: an entry that is not listed";
	enum status st = ST_OK;

	zip_find_central(zip, local, next, &differs);
	if (differs != NULL)
		zip_note(zip, differs);
	else if (!zip->distrusted)
		return ST_OK;
	st = zip_give_name(zip, local->name, err);
	if (st == ST_OK)
		st = zip_read_local(zip, local, err);
	if (st == ST_OK && ((local->flags & ZIP_FLAG_ENCRYPTED) != 0 ||
			    zip_is_folder(local->name)))
		st = zip_read_cleaned(zip, local, err);
	return st;
}

/* Compare the views; read what only the walk has. */
static enum status
zip_compare_views(struct zip_read *zip, struct err *err)
{
	const size_t tail_at = zip->has_end ? (size_t)zip->end.directory_at
					    : zip->archive.len_bytes;
	size_t next = 0;
	size_t done_at = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < zip->local.count && st == ST_OK; i++) {
		const struct zip_entry *local = &zip->local.entries[i];

		st = zip_give_gap(zip, done_at, (size_t)local->local_at,
				  i == 0 ? NULL : "zip: data between entries",
				  err);
		done_at = local->end_at;
		if (st == ST_OK)
			st = zip_match(zip, local, &next, err);
	}
	if (next < zip->central.count)
		zip_note(zip, "zip: a listed entry that is not there");
	if (st == ST_OK)
		st = zip_give_gap(zip, done_at, tail_at,
				  "zip: data between entries", err);
	/* The directory itself with its comments, and what is behind. */
	if (st == ST_OK && zip->has_end)
		st = zip_give_gap(zip, tail_at, zip->archive.len_bytes, NULL,
				  err);
	return st;
}

/* A comment is swept with the directory, as ASCII and UTF-8: what is neither
 * is given as text. */
static enum status
zip_give_comment(struct zip_read *zip, struct span comment, struct err *err)
{
	enum { ZIP_ESC = 0x1B };

	for (size_t i = 0; i < comment.len_bytes; i++)
		if (comment.ptr[i] >= 0x80 || comment.ptr[i] == ZIP_ESC)
			return zip_give_name(zip, comment, err);
	return ST_OK;
}

/* Second names, comments, and long extra fields, in which text can hide. */
static enum status
zip_give_extras(struct zip_read *zip, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < zip->central.count && st == ST_OK; i++) {
		const struct zip_entry *entry = &zip->central.entries[i];
		struct span other = { 0 };

		if (zip_other_name(entry, &other) &&
		    !span_equal(other, entry->name))
			st = zip_give_name(zip, other, err);
		if (st == ST_OK)
			st = zip_give_comment(zip, entry->comment, err);
	}
	if (st == ST_OK && zip->has_end)
		st = zip_give_comment(zip, zip->end.comment, err);
	for (size_t i = 0; i < zip->local.count && st == ST_OK; i++) {
		const struct span extra = zip->local.entries[i].extra;

		if (extra.len_bytes > ZIP_USUAL_EXTRA_BYTES)
			st = sink_gap(zip->sink, extra, err);
	}
	return st;
}

/* Both views, whatever becomes of one of them. */
static enum status
zip_read_views(struct zip_read *zip, struct err *err)
{
	enum status st = zip_load_central(zip, err);

	if (st == ST_OK)
		st = zip_load_local(zip, err);
	if (st != ST_OK)
		return st;
	if (zip->central.count + zip->local.count == 0 && !zip->has_end)
		return err_set(err, ST_FORMAT, "zip: no entry and no end");
	if (zip->central.too_many || zip->local.too_many)
		st = sink_opaque(zip->sink, REPORT_REASON_LIMIT,
				 "zip: very many entries", err);
	if (!zip->has_end && st == ST_OK)
		st = sink_opaque(zip->sink, REPORT_REASON_DAMAGED,
				 "zip: no end", err);
	if (st == ST_OK && zip->central.count > 0)
		st = zip_stream_central(zip->sink, zip->archive, zip->taker,
					err);
	if (st == ST_OK)
		st = zip_compare_views(zip, err);
	if (st == ST_OK)
		st = zip_give_extras(zip, err);
	if (st == ST_OK && zip->odd != NULL && zip->has_end)
		st = sink_ambiguous(zip->sink, zip->odd, err);
	return st;
}

enum status
zip_read_all(struct sink *sink, struct span archive,
	     const struct zip_taker *taker, struct err *err)
{
	struct zip_read zip = { .sink = sink,
				.archive = archive,
				.taker = taker };
	const enum status st = zip_read_views(&zip, err);

	free(zip.central.entries);
	free(zip.local.entries);
	return st;
}
