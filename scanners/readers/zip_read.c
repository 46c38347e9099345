#include "scanners/readers/zip_read.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/zip_give.h"
#include "scanners/readers/zip_list.h"
#include "scanners/readers/zip_open.h"
#include "scanners/readers/zip_twins.h"

enum { ZIP_USUAL_EXTRA_BYTES = 64 };

struct zip_read {
	struct zip_giver give;
	struct zip_list central; /* by the offsets of their local headers */
	struct zip_list local;
	struct zip_end end;
	bool has_end;
};

/*
 * In a set of volumes offsets count from the start of a volume: entries are
 * told by their order. False when the other volumes are not there.
 */
static bool
zip_pair_volumes(struct zip_read *zip)
{
	if (zip->central.count > zip->local.count)
		return false;
	for (size_t i = 0; i < zip->central.count; i++) {
		struct zip_entry *listed = &zip->central.entries[i];
		const struct zip_entry *there = &zip->local.entries[i];

		if (!span_equal(listed->name, there->name))
			return false;
		listed->local_at = there->local_at;
	}
	return true;
}

/* The entries of the directory, and whether it is what its end record says. */
static enum status
zip_load_central(struct zip_read *zip, struct err *err)
{
	const struct span archive = zip->give.archive;
	const struct zip_end *end = &zip->end;
	struct zip_entry entry;
	enum status st = ST_OK;

	if (!zip->has_end || end->directory_at >= archive.len_bytes)
		return ST_OK;
	size_t at = (size_t)end->directory_at;

	while (st == ST_OK && zip_central_next(archive, &at, &entry)) {
		if (end->disk == 0)
			entry.local_at += end->shift;
		st = zip_list_add(&zip->central, &entry, err);
	}
	if (zip->central.count != end->entries)
		zip_note(&zip->give, "zip: number of entries");
	if (end->odd != NULL)
		zip_note(&zip->give, end->odd);
	if (zip_behind_signature(archive, at) != end->records_at ||
	    at - end->directory_at != end->directory_bytes)
		zip_note(&zip->give, "zip: size of the directory");
	return st;
}

static enum status
zip_load_local(struct zip_read *zip, struct err *err)
{
	struct zip_entry entry;
	size_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && zip_local_next(zip->give.archive, &at, &entry)) {
		st = zip_list_add(&zip->local, &entry, err);
		if (st == ST_OK)
			st = sink_spend(zip->give.sink, 0, 0, err);
	}
	return st;
}

/* Both views, each in the order of the archive. */
static enum status
zip_load(struct zip_read *zip, struct err *err)
{
	struct zip_giver *give = &zip->give;
	enum status st = ST_OK;

	zip->has_end = zip_find_end(give->archive, &zip->end);
	st = zip_load_central(zip, err);
	if (st == ST_OK)
		st = zip_load_local(zip, err);
	if (st != ST_OK)
		return st;
	if (zip->central.count + zip->local.count == 0 && !zip->has_end)
		return err_set(err, ST_FORMAT, "zip: no entry and no end");
	if (zip->central.too_many || zip->local.too_many)
		st = sink_opaque(give->sink, REPORT_REASON_LIMIT,
				 "zip: limit entries", err);
	if (!zip->has_end && st == ST_OK)
		st = sink_opaque(give->sink, REPORT_REASON_DAMAGED,
				 "zip: no end", err);
	if (st == ST_OK && zip->end.disk > 0 && !zip_pair_volumes(zip)) {
		zip->central.count = 0;
		st = sink_opaque(give->sink, REPORT_REASON_DAMAGED,
				 "zip: volume missing", err);
	}
	zip_list_sort(&zip->central);
	return st;
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
	return NULL;
}

/* One listed entry, as the directory shows it. */
static enum status
zip_read_listed(struct zip_read *zip, const struct zip_entry *listed,
		struct err *err)
{
	struct zip_giver *give = &zip->give;
	struct zip_entry local;
	const char *lock = zip_lock_name(listed);
	enum status st = ST_OK;

	if (zip_is_folder(listed) && listed->size_bytes > 0)
		zip_note(give, "zip: a folder with content");
	if (zip_has_control(listed->name))
		zip_note(give, "zip: a control character in a name");
	if (listed->local_at > SIZE_MAX / 2 ||
	    !zip_local_read(give->archive, (size_t)listed->local_at, &local)) {
		zip_note(give, "zip: a listed entry that is not there");
		st = zip_give_name(give, listed->name, err);
		return st == ST_OK
			       ? sink_opaque(give->sink, REPORT_REASON_DAMAGED,
					     "zip: member not there", err)
			       : st;
	}
	if (lock != NULL && zip_lock_name(&local) == NULL)
		lock = NULL;
	return zip_give_entry(give, listed, local.data_at, lock, err);
}

/* All entries of the directory. Data that several of them share is read for
 * the first one. */
static enum status
zip_read_central(struct zip_read *zip, struct err *err)
{
	const struct zip_list *list = &zip->central;
	enum status st = ST_OK;

	for (size_t i = 0; i < list->count && st == ST_OK; i++) {
		const struct zip_entry *entry = &list->entries[i];

		if (i > 0 && entry->local_at == entry[-1].local_at) {
			zip_note(&zip->give,
				 "zip: two entries for the same data");
			st = zip_give_name(&zip->give, entry->name, err);
			if (st != ST_OK ||
			    (entry->method == entry[-1].method &&
			     entry->packed_bytes == entry[-1].packed_bytes))
				continue;
		}
		st = zip_read_listed(zip, entry, err);
	}
	return st;
}

/* Bytes that belong to no entry: swept, and odd where there is something. */
static enum status
zip_give_gap(struct zip_read *zip, size_t from, size_t to, const char *odd,
	     struct err *err)
{
	struct span gap = { 0 };
	bool empty = true;

	if (to <= from || !span_cut(zip->give.archive, from, to - from, &gap))
		return ST_OK;
	for (size_t i = 0; i < gap.len_bytes && empty; i++)
		empty = gap.ptr[i] == 0;
	if (empty)
		return ST_OK;
	if (odd != NULL)
		zip_note(&zip->give, odd);
	return sink_gap(zip->give.sink, gap, err);
}

/* The central entries (from *next on) up to the one for local: the listed one,
 * or NULL when there is none. */
static const struct zip_entry *
zip_find_listed(struct zip_read *zip, const struct zip_entry *local,
		size_t *next)
{
	const struct zip_list *central = &zip->central;
	const struct zip_entry *listed = NULL;

	for (; *next < central->count &&
	       central->entries[*next].local_at <= local->local_at;
	     (*next)++) {
		if (central->entries[*next].local_at == local->local_at)
			listed = &central->entries[*next];
		else
			zip_note(&zip->give, "zip: an entry inside of another");
	}
	return listed;
}

/* One local header: read where the directory does not show the same. */
static enum status
zip_match(struct zip_read *zip, const struct zip_entry *local, size_t *next,
	  struct err *err)
{
	const struct zip_entry *listed = zip_find_listed(zip, local, next);
	const char *differs = listed != NULL
				      ? zip_differs(listed, local)
				      : "zip: an entry that is not listed";
	const char *lock = zip_lock_name(local);
	enum status st = ST_OK;

	if (differs == NULL)
		return ST_OK;
	zip_note(&zip->give, differs);
	if (listed != NULL && zip_lock_name(listed) == NULL)
		lock = NULL;
	st = zip_give_name(&zip->give, local->name, err);
	return st == ST_OK ? zip_give_entry(&zip->give, local, local->data_at,
					    lock, err)
			   : st;
}

/* Compare the views; read what only the walk has. */
static enum status
zip_compare_views(struct zip_read *zip, struct err *err)
{
	const size_t len_bytes = zip->give.archive.len_bytes;
	const size_t tail_at = zip->has_end && zip->end.directory_at < len_bytes
				       ? (size_t)zip->end.directory_at
				       : len_bytes;
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
		zip_note(&zip->give, "zip: a listed entry that is not there");
	if (st == ST_OK)
		st = zip_give_gap(zip, done_at, tail_at,
				  zip->local.count > 0
					  ? "zip: data between entries"
					  : NULL,
				  err);
	/* The directory itself with its comments. */
	if (st == ST_OK && zip->has_end)
		st = zip_give_gap(zip, tail_at, zip->end.behind_at, NULL, err);
	return st;
}

/*
 * What is behind the end is a file of its own, if it is anything: blanks and
 * zeros are left there by mail programs.
 */
static enum status
zip_give_rest(struct zip_read *zip, struct err *err)
{
	const struct span archive = zip->give.archive;
	const struct child child = { .name = "",
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	struct span rest = { 0 };

	if (!zip->has_end ||
	    !span_cut(archive, zip->end.behind_at,
		      archive.len_bytes - zip->end.behind_at, &rest))
		return ST_OK;
	for (size_t i = 0; i < rest.len_bytes; i++)
		if (memchr("\r\n\t \x1a", rest.ptr[i], 6) == NULL)
			return sink_child(zip->give.sink, &child, rest, NULL,
					  err);
	return ST_OK;
}

/* Others may start anywhere: every local header that was not seen. */
static enum status
zip_read_hidden(struct zip_read *zip, struct err *err)
{
	const struct span archive = zip->give.archive;
	struct zip_entry entry;
	enum status st = ST_OK;

	for (size_t at = 0;
	     st == ST_OK && zip_local_search(archive, &at, &entry); at++) {
		if (zip_list_has(&zip->local, at) ||
		    zip_list_has(&zip->central, at))
			continue;
		st = zip_give_name(&zip->give, entry.name, err);
		if (st == ST_OK)
			st = zip_give_entry(&zip->give, &entry, entry.data_at,
					    zip_lock_name(&entry), err);
	}
	return st;
}

/* The second name and the comment of a listed entry. */
static enum status
zip_give_second(struct zip_giver *give, const struct zip_entry *entry,
		struct err *err)
{
	struct span other = { 0 };
	bool odd = false;
	enum status st = ST_OK;

	if (zip_other_name(entry, &other, &odd) &&
	    !span_equal(other, entry->name)) {
		st = zip_give_name(give, other, err);
		if (odd)
			zip_note(give, "zip: second name of an entry");
	}
	return st == ST_OK ? zip_give_comment(give, entry->comment, err) : st;
}

/* Extra fields are times and owners mostly, which nobody need sweep. */
static bool
zip_may_hide(struct span extra)
{
	enum { ZIP_DIGITS = 12 };
	size_t digits = 0;

	for (size_t i = 0; i < extra.len_bytes; i++)
		digits += extra.ptr[i] >= '0' && extra.ptr[i] <= '9';
	return digits >= ZIP_DIGITS || extra.len_bytes > ZIP_USUAL_EXTRA_BYTES;
}

/* Second names, comments, and extra fields, in which text can hide. */
static enum status
zip_give_extras(struct zip_read *zip, struct err *err)
{
	struct zip_giver *give = &zip->give;
	enum status st = ST_OK;

	for (size_t i = 0; i < zip->central.count && st == ST_OK; i++)
		st = zip_give_second(give, &zip->central.entries[i], err);
	if (st == ST_OK && zip->has_end)
		st = zip_give_comment(give, zip->end.comment, err);
	for (size_t i = 0; i < zip->local.count && st == ST_OK; i++)
		if (zip_may_hide(zip->local.entries[i].extra))
			st = sink_gap(give->sink, zip->local.entries[i].extra,
				      err);
	return st;
}

/* Both views, whatever becomes of one of them. */
static enum status
zip_read_views(struct zip_read *zip, struct err *err)
{
	bool twins = false;
	enum status st = zip_load(zip, err);

	if (st == ST_OK)
		st = zip_find_twins(zip->central.entries, zip->central.count,
				    &twins, err);
	if (twins)
		zip_note(&zip->give, "zip: two entries of one name");
	if (st == ST_OK)
		st = zip_read_central(zip, err);
	if (st == ST_OK)
		st = zip_compare_views(zip, err);
	if (st == ST_OK)
		st = zip_give_extras(zip, err);
	if (st == ST_OK && zip->give.odd != NULL)
		st = zip_read_hidden(zip, err);
	if (st == ST_OK)
		st = zip_give_rest(zip, err);
	if (st == ST_OK && zip->give.odd != NULL && zip->has_end)
		st = sink_ambiguous(zip->give.sink, zip->give.odd, err);
	return st;
}

/* An archive that was read before: what is odd in it has been said. */
static enum status
zip_read_again(struct zip_read *zip, struct err *err)
{
	enum status st = ST_OK;

	zip->has_end = zip_find_end(zip->give.archive, &zip->end);
	st = zip_load_central(zip, err);
	if (st == ST_OK)
		st = zip_load_local(zip, err);
	if (st != ST_OK)
		return st;
	if (zip->end.disk > 0 && !zip_pair_volumes(zip))
		zip->central.count = 0;
	zip_list_sort(&zip->central);
	if (zip->give.taker->listed_only)
		return zip_read_central(zip, err);
	return zip_open_all(&zip->give, &zip->central, &zip->local, err);
}

enum status
zip_read_all(struct sink *sink, struct span archive,
	     const struct zip_taker *taker, struct err *err)
{
	struct zip_read zip = {
		.give = { .sink = sink, .archive = archive, .taker = taker },
	};
	const bool again = taker->password_count > 0 || taker->listed_only;
	const enum status st =
		again ? zip_read_again(&zip, err) : zip_read_views(&zip, err);

	zip_list_done(&zip.central);
	zip_list_done(&zip.local);
	return st;
}
