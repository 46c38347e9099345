/* The reader of archives and packed files other than zip. */
#include "scanners/readers/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/archive_kinds.h"
#include "scanners/readers/archive_member.h"

enum {
	ARCHIVE_EMPTY_BYTES = 1024, /* longer, it holds something */
	ARCHIVE_DETAIL_BYTES = 80
};

struct archive_walk {
	struct archive_stream stream;
	const struct archive_kind *kind;
	size_t entries;
};

static enum status
archive_report(struct archive_walk *walk, enum report_reason reason,
	       const char *what, struct err *err)
{
	char detail[ARCHIVE_DETAIL_BYTES];

	(void)snprintf(detail, sizeof(detail), "%s: %s", walk->kind->name,
		       what);
	return sink_opaque(walk->stream.sink, reason, detail, err);
}

static enum status
archive_give(struct archive_walk *walk, const char *name, struct sbuf *bytes,
	     bool locked, struct err *err)
{
	const struct child child = { .name = name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = locked };
	archive_fit(bytes);
	uint8_t *owned = bytes->bytes;
	const enum status st =
		sink_child(walk->stream.sink, &child, sbuf_span(bytes),
			   owned != NULL ? &owned : NULL, err);

	if (owned == NULL)
		sbuf_init(bytes, 0);
	return st;
}

/* Data that ended early, or is longer or shorter than the list says: part of a
 * set, damaged, or made to mislead. */
static enum status
archive_judge_entry(struct archive_walk *walk, struct archive_entry *entry,
		    size_t got_bytes, bool whole, struct err *err)
{
	if (!whole)
		return archive_report(walk, REPORT_REASON_DAMAGED,
				      "damaged entry", err);
	if (archive_entry_size_is_set(entry) &&
	    (uint64_t)archive_entry_size(entry) != got_bytes)
		return archive_report(walk, REPORT_REASON_DAMAGED,
				      "an entry of another size", err);
	return ST_OK;
}

/* Where a link leads is text as well. */
static enum status
archive_give_links(struct archive_walk *walk, struct archive_entry *entry,
		   struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	archive_add_name(archive_entry_symlink_utf8(entry),
			 archive_entry_symlink(entry), &text);
	archive_add_name(archive_entry_hardlink_utf8(entry),
			 archive_entry_hardlink(entry), &text);
	st = sbuf_status(&text, "archive: link", err);
	if (st == ST_OK && text.len_bytes > 0)
		st = sink_text(walk->stream.sink, &place, sbuf_span(&text),
			       err);
	sbuf_done(&text);
	return st;
}

static enum status
archive_entry_read(struct archive_walk *walk, struct archive_entry *entry,
		   struct err *err)
{
	const bool locked = archive_entry_is_encrypted(entry) != 0;
	struct sbuf name;
	struct sbuf bytes;
	bool whole = true;
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	/* The name of what is inside a packed file is its own. */
	if (!walk->kind->packed)
		archive_add_name(archive_entry_pathname_utf8(entry),
				 archive_entry_pathname(entry), &name);
	st = sbuf_status(&name, "archive: name", err);
	if (st == ST_OK && !locked)
		st = archive_member_data(&walk->stream, &bytes, &whole, err);
	const size_t got_bytes = bytes.len_bytes;

	if (st == ST_OK)
		st = archive_give_links(walk, entry, err);
	if (st == ST_OK)
		st = archive_give(walk, sbuf_text(&name), &bytes, locked, err);
	if (st == ST_OK && !locked &&
	    archive_entry_filetype(entry) == AE_IFREG && !walk->kind->packed)
		st = archive_judge_entry(walk, entry, got_bytes, whole, err);
	else if (st == ST_OK && !whole)
		st = archive_report(walk, REPORT_REASON_DAMAGED, "damaged data",
				    err);
	sbuf_done(&name);
	sbuf_done(&bytes);
	return st;
}

/* The list itself cannot be read on. 7z and rar can encrypt it. */
static enum status
archive_judge_end(struct archive_walk *walk, struct err *err)
{
	const char *why = archive_error_string(walk->stream.archive);

	if (archive_read_has_encrypted_entries(walk->stream.archive) > 0 ||
	    (why != NULL && strstr(why, "ncrypt") != NULL))
		return archive_report(walk, REPORT_REASON_LOCKED, "encrypted",
				      err);
	return archive_report(walk, REPORT_REASON_DAMAGED, "damaged", err);
}

static enum status
archive_walk(struct archive_walk *walk, struct err *err)
{
	struct archive_entry *entry = NULL;
	enum status st = ST_OK;

	while (st == ST_OK) {
		const int rc =
			archive_read_next_header(walk->stream.archive, &entry);

		if (rc == ARCHIVE_EOF)
			return ST_OK;
		/* A warning is about a name at worst. */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return archive_judge_end(walk, err);
		walk->entries++;
		st = archive_entry_read(walk, entry, err);
	}
	return st;
}

/* What stands before the archive and behind its last entry. */
static enum status
archive_give_rest(struct archive_walk *walk, struct span body, size_t at,
		  struct err *err)
{
	const int64_t used = archive_filter_bytes(walk->stream.archive, -1);
	struct span before = { 0 };
	struct span behind = { 0 };
	enum status st = ST_OK;

	(void)span_cut(body, 0, at, &before);
	if (used > 0 && at + (uint64_t)used < body.len_bytes)
		(void)span_cut(body, at + (size_t)used,
			       body.len_bytes - at - (size_t)used, &behind);
	if (before.len_bytes > 0)
		st = sink_gap(walk->stream.sink, before, err);
	if (st == ST_OK && behind.len_bytes > 0)
		st = sink_gap(walk->stream.sink, behind, err);
	return st;
}

static enum status
archive_open(struct archive_walk *walk, struct span archive, struct err *err)
{
	const struct archive_kind *kind = walk->kind;

	if (kind->format(walk->stream.archive) != ARCHIVE_OK ||
	    (kind->filter != NULL &&
	     kind->filter(walk->stream.archive) < ARCHIVE_WARN))
		return err_set(err, ST_UNSUPPORTED, "%s", kind->name);
	/* Archives that were put one behind the other; only tar knows it. */
	(void)archive_read_set_format_option(walk->stream.archive, "tar",
					     "read_concatenated_archives", "1");
	(void)archive_read_set_format_option(walk->stream.archive, "lha",
					     "hdrcharset", "CP932");
	if (archive_read_open_memory(walk->stream.archive, archive.ptr,
				     archive.len_bytes) != ARCHIVE_OK)
		return err_set(err, ST_FORMAT, "%s: damaged", kind->name);
	/* What the filter does not know would come out as it is. */
	if (kind->filter != NULL &&
	    archive_filter_code(walk->stream.archive, 0) == ARCHIVE_FILTER_NONE)
		return err_set(err, ST_FORMAT, "%s: damaged", kind->name);
	return ST_OK;
}

static enum status
archive_read(struct sink *sink, struct span body, const struct child *hint,
	     struct err *err)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	struct archive_walk walk = { .stream = { sink, archive, 0 } };
	struct span whole = body;
	size_t at = 0;
	enum status st = ST_OK;

	(void)hint;
	if (archive == NULL)
		return err_set(err, ST_NO_MEMORY, "archive: no memory");
	walk.kind = archive_kind_of(body, &at);
	if (walk.kind == NULL)
		return err_set(err, ST_FORMAT, "archive: no signature");
	(void)span_cut(body, at, body.len_bytes - at, &whole);
	st = archive_open(&walk, whole, err);
	if (st == ST_OK)
		st = archive_walk(&walk, err);
	/* Zeros count as an empty archive, whatever stands behind them. */
	if (st == ST_OK && walk.entries == 0 &&
	    body.len_bytes > ARCHIVE_EMPTY_BYTES)
		st = archive_report(&walk, REPORT_REASON_DAMAGED, "no entries",
				    err);
	if (st == ST_OK && walk.kind->is_whole != NULL &&
	    !walk.kind->is_whole(whole))
		st = archive_report(&walk, REPORT_REASON_DAMAGED, "no end",
				    err);
	return st == ST_OK ? archive_give_rest(&walk, body, at, err) : st;
}

static enum sniff
archive_sniff(struct span body, const struct child *hint)
{
	size_t at = 0;
	const struct archive_kind *kind = archive_kind_of(body, &at);

	(void)hint;
	return kind != NULL ? SNIFF_CERTAIN : SNIFF_NO;
}

static const char *
archive_type(struct span body)
{
	size_t at = 0;
	const struct archive_kind *kind = archive_kind_of(body, &at);

	return kind != NULL ? kind->name : "archive";
}

static const char *
archive_type_at(size_t index)
{
	const struct archive_kind *kind = archive_kind_at(index);

	return kind != NULL ? kind->name : NULL;
}

const struct reader reader_archive = {
	.name = "archive",
	.foreign = true,
	.sniff = archive_sniff,
	.read = archive_read,
	.type = archive_type,
	.type_at = archive_type_at,
};
