/* The reader of archives and packed files other than zip. */
#include "scanners/readers/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/archive_unlock.h"
#include "scanners/readers/archive_walk.h"
#include "scanners/readers/deflated.h"

enum {
	ARCHIVE_EMPTY_BYTES = 1024, /* longer, it holds something */
	ARCHIVE_DETAIL_BYTES = 80
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

/* What the row of an archive says whose list, or all of it, is locked. */
static const char *
archive_lock_detail(const struct archive_walk *walk)
{
	return strcmp(walk->kind->name, "7z") == 0 ? "AES-256 with names"
						   : "encrypted";
}

/* There is but one way for 7z. */
static const char *
archive_lock(const struct archive_walk *walk)
{
	return strcmp(walk->kind->name, "7z") == 0 ? "7z: AES-256" : walk->lock;
}

static enum status
archive_give(struct archive_walk *walk, const char *name,
	     const struct archive_member *member, bool locked, struct err *err)
{
	const struct child child = { .name = name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = locked,
				     .lock = locked ? archive_lock(walk)
						    : NULL };

	if (!member->is_copied)
		return sink_child(walk->stream.sink, &child, member->lying,
				  NULL, err);
	archive_fit(member->out);
	uint8_t *owned = member->out->bytes;
	const enum status st =
		sink_child(walk->stream.sink, &child, sbuf_span(member->out),
			   owned != NULL ? &owned : NULL, err);

	if (owned == NULL)
		sbuf_init(member->out, 0);
	return st;
}

/* Why data of a member or packed file did not come to its end. */
static enum status
archive_report_data(struct archive_walk *walk, const char *what,
		    struct err *err)
{
	const char *why = archive_error_string(walk->stream.archive);

	/* Of the members behind the first one libarchive says less. */
	walk->unread |= why != NULL && strstr(why, "Unknown codec ID") != NULL;
	if (walk->unread)
		return archive_report(walk, REPORT_REASON_UNKNOWN_CONTAINER,
				      "unread method", err);
	if (archive_is_too_large(walk->stream.archive))
		return archive_report(walk, REPORT_REASON_LIMIT,
				      "limit memory of a packed member", err);
	/* RAR 5 does not tell which members are. */
	if (walk->lock != NULL)
		return archive_report(walk, REPORT_REASON_LOCKED, "encrypted",
				      err);
	return archive_report(walk, REPORT_REASON_DAMAGED, what, err);
}

/* Data that ended early, or is longer or shorter than the list says: part of a
 * set, damaged, or made to mislead. */
static enum status
archive_judge_entry(struct archive_walk *walk, struct archive_entry *entry,
		    const struct archive_member *member, struct err *err)
{
	if (!member->is_whole)
		return archive_report_data(walk, "damaged entry", err);
	if (archive_entry_size_is_set(entry) &&
	    (uint64_t)archive_entry_size(entry) != member->got_bytes)
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

/* A folder is its name. */
static enum status
archive_give_folder(struct archive_walk *walk, struct span name,
		    struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };

	return sink_text(walk->stream.sink, &place, name, err);
}

/* Of RAR 5, libarchive gives what is encrypted as if it were not. */
static bool
archive_is_locked(struct archive_walk *walk, struct archive_entry *entry)
{
	const bool locked = archive_entry_is_encrypted(entry) != 0;

	if (walk->lock == NULL)
		return locked;
	return archive_rar_is_locked(walk->archive, &walk->files) || locked;
}

static enum status
archive_entry_give(struct archive_walk *walk, struct archive_entry *entry,
		   struct span name, struct err *err)
{
	const bool locked = archive_is_locked(walk, entry);
	AUTO(sbuf_done) struct sbuf bytes;
	struct archive_member member = {
		.out = &bytes,
		.expect_bytes = walk->kind->packed
					? archive_guess(walk->archive.len_bytes)
					: (uint64_t)archive_entry_size(entry),
	};
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	member.is_whole = locked;
	if (!locked)
		st = archive_member_data(&walk->stream, &member, err);
	if (st == ST_OK)
		st = archive_give_links(walk, entry, err);
	if (st == ST_OK && archive_entry_filetype(entry) == AE_IFDIR &&
	    member.got_bytes == 0)
		return archive_give_folder(walk, name, err);
	if (st == ST_OK)
		st = archive_give(walk, (const char *)name.ptr, &member, locked,
				  err);
	if (st != ST_OK || locked)
		return st;
	if (archive_entry_filetype(entry) == AE_IFREG && !walk->kind->packed)
		return archive_judge_entry(walk, entry, &member, err);
	return member.is_whole ? ST_OK
			       : archive_report_data(walk, "damaged data", err);
}

static enum status
archive_entry_read(struct archive_walk *walk, struct archive_entry *entry,
		   struct err *err)
{
	AUTO(sbuf_done) struct sbuf name;
	enum status st = archive_give_slack(walk, entry, err);

	sbuf_init(&name, SIZE_MAX / 2);
	if (st != ST_OK)
		return st;
	/* The name of what is inside a packed file is its own. */
	if (walk->kind->packed)
		sbuf_add_span(&name, sbuf_span(&walk->name));
	else
		archive_add_name(archive_entry_pathname_utf8(entry),
				 archive_entry_pathname(entry), &name);
	st = sbuf_status(&name, "archive: name", err);
	if (st != ST_OK)
		return st;
	const struct span text = { (const uint8_t *)sbuf_text(&name),
				   name.len_bytes };

	return archive_entry_give(walk, entry, text, err);
}

/* The list itself cannot be read on. 7z and rar can encrypt it. */
static enum status
archive_judge_end(struct archive_walk *walk, struct err *err)
{
	const char *why = archive_error_string(walk->stream.archive);

	if (archive_read_has_encrypted_entries(walk->stream.archive) > 0 ||
	    archive_is_sealed(walk->archive) ||
	    (why != NULL && (strstr(why, "ncrypt") != NULL ||
			     strstr(why, "rypto codec") != NULL)))
		return archive_report(walk, REPORT_REASON_LOCKED,
				      archive_lock_detail(walk), err);
	return archive_report_data(walk, "damaged", err);
}

static bool
archive_is_wanted(const struct archive_walk *walk, size_t entry)
{
	return entry >= walk->only.len_bytes || walk->only.ptr[entry] != 0;
}

static enum status
archive_walk(struct archive_walk *walk, struct err *err)
{
	struct archive_entry *entry = NULL;
	enum status st = ST_OK;

	while (st == ST_OK && !walk->stream.is_broken) {
		const int rc =
			archive_read_next_header(walk->stream.archive, &entry);

		if (rc == ARCHIVE_EOF)
			return ST_OK;
		/* A warning is about a name at worst. */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return archive_judge_end(walk, err);
		if (archive_is_wanted(walk, walk->entries++))
			st = archive_entry_read(walk, entry, err);
	}
	return st;
}

/*
 * What stands before the archive, a program mostly, and behind its end: that
 * may be a file of its own.
 */
static enum status
archive_give_rest(struct archive_walk *walk, struct span body, size_t at,
		  size_t end, struct err *err)
{
	const struct child child = { .name = "",
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	struct span part = { 0 };
	enum status st = ST_OK;

	if (at > 0 && span_cut(body, 0, at, &part))
		st = sink_gap(walk->stream.sink, part, err);
	if (st != ST_OK || end == 0 || end >= walk->archive.len_bytes ||
	    !span_cut(walk->archive, end, walk->archive.len_bytes - end,
		      &part) ||
	    archive_is_blank(part))
		return st;
	return sink_child(walk->stream.sink, &child, part, NULL, err);
}

/* Options beyond what libarchive does by itself. */
static void
archive_set_options(struct archive_walk *walk)
{
	struct archive *archive = walk->stream.archive;

	(void)archive_read_set_format_option(archive, "lha", "hdrcharset",
					     "CP932");
	if (walk->tree == ARCHIVE_TREE_FIRST)
		(void)archive_read_set_format_option(archive, "iso9660",
						     "joliet", NULL);
	if (walk->tree == ARCHIVE_TREE_JOLIET)
		(void)archive_read_set_format_option(archive, "iso9660",
						     "rockridge", NULL);
}

/*
 * Only this one: left to itself, libarchive takes off further layers without
 * being asked. (compress wants to see its bytes before it is chosen.)
 */
static bool
archive_add_filter(struct archive *archive, int filter)
{
	if (filter == ARCHIVE_FILTER_NONE)
		return true;
	if (filter == ARCHIVE_FILTER_COMPRESS)
		return archive_read_support_filter_compress(archive) ==
		       ARCHIVE_OK;
	return archive_read_append_filter(archive, filter) == ARCHIVE_OK;
}

static enum status
archive_open(struct archive_walk *walk, struct err *err)
{
	const struct archive_kind *kind = walk->kind;
	struct archive *archive = walk->stream.archive;

	if (archive == NULL)
		return err_set(err, ST_NO_MEMORY, "archive: no memory");
	if (kind->format(archive) != ARCHIVE_OK ||
	    !archive_add_filter(archive, kind->filter))
		return err_set(err, ST_UNSUPPORTED, "%s", kind->name);
	archive_set_options(walk);
	if (archive_read_open_memory(archive, walk->archive.ptr,
				     walk->archive.len_bytes) != ARCHIVE_OK)
		return err_set(err, ST_FORMAT, "%s: damaged", kind->name);
	/* What the filter does not know would come out as it is. */
	if (kind->filter != ARCHIVE_FILTER_NONE &&
	    archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE)
		return err_set(err, ST_FORMAT, "%s: damaged", kind->name);
	return ST_OK;
}

/* All members of walk->archive by one of its trees; *end_out: where it ends,
 * 0 when that is not known. */
static enum status
archive_read_members(struct archive_walk *walk, size_t *end_out,
		     struct err *err)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	enum status st = ST_OK;

	walk->stream.archive = archive;
	walk->stream.whole = walk->archive;
	walk->stream.consumed_bytes = 0;
	walk->stream.is_broken = false;
	st = archive_open(walk, err);
	if (st == ST_OK)
		st = archive_walk(walk, err);
	if (st != ST_OK)
		return st;
	*end_out = (size_t)archive_filter_bytes(archive, -1);
	if (archive_is_tar(walk) && walk->data_end > 0)
		st = archive_give_part(walk, walk->data_end, *end_out, err);
	if (st != ST_OK)
		return st;
	/* Zeros count as an empty archive, whatever stands behind them. */
	if (walk->entries == 0 && walk->archive.len_bytes > ARCHIVE_EMPTY_BYTES)
		st = archive_report(walk, REPORT_REASON_DAMAGED, "no entries",
				    err);
	if (st != ST_OK || walk->kind->end == NULL)
		return st;
	*end_out = walk->kind->end(walk->archive);
	return *end_out == 0
		       ? archive_report(walk, REPORT_REASON_DAMAGED,
					"no end, or a volume missing", err)
		       : ST_OK;
}

/* How many files a tree has, and how long they are together. */
static void
archive_count(struct archive_walk *walk, uint64_t *count, uint64_t *bytes)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	struct archive_entry *entry = NULL;
	struct err err = { .st = ST_OK };

	*count = 0;
	*bytes = 0;
	walk->stream.archive = archive;
	if (archive_open(walk, &err) != ST_OK)
		return;
	while (archive_read_next_header(archive, &entry) >= ARCHIVE_WARN) {
		*count += 1;
		*bytes += (uint64_t)archive_entry_size(entry);
	}
}

/* A disk image may have several lists of its files, which should be the same:
 * else both are read. */
static enum status
archive_read_image(struct archive_walk *walk, size_t *end, struct err *err)
{
	uint64_t counts[2] = { 0, 0 };
	uint64_t bytes[2] = { 0, 0 };
	enum status st = ST_OK;

	walk->tree = ARCHIVE_TREE_ANY;
	if (archive_iso_has_udf(walk->archive))
		st = sink_ambiguous(walk->stream.sink, "iso: UDF as well", err);
	if (st != ST_OK)
		return st;
	if (!archive_iso_has_joliet(walk->archive))
		return archive_read_members(walk, end, err);
	walk->tree = ARCHIVE_TREE_FIRST;
	archive_count(walk, &counts[0], &bytes[0]);
	walk->tree = ARCHIVE_TREE_JOLIET;
	archive_count(walk, &counts[1], &bytes[1]);
	st = archive_read_members(walk, end, err);
	if (st != ST_OK || (counts[0] == counts[1] && bytes[0] == bytes[1]))
		return st;
	walk->tree = ARCHIVE_TREE_FIRST;
	st = archive_read_members(walk, end, err);
	return st == ST_OK ? sink_ambiguous(walk->stream.sink,
					    "iso: two lists of files", err)
			   : st;
}

/* Which entries are encrypted; none when the list itself is. */
static void
archive_mark_locked(struct archive_walk *walk, struct sbuf *marks)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	struct archive_entry *entry = NULL;
	struct err err = { .st = ST_OK };

	walk->stream.archive = archive;
	if (archive_open(walk, &err) != ST_OK)
		return;
	while (archive_read_next_header(archive, &entry) >= ARCHIVE_WARN)
		sbuf_add_byte(marks, archive_entry_is_encrypted(entry) != 0);
}

/* A 7z archive of which passwords are known: what was locked in it. */
static enum status
archive_read_unlocked(struct archive_walk *walk, const struct child *hint,
		      struct err *err)
{
	struct sbuf plain;
	struct sbuf marks;
	size_t end = 0;
	enum status st = ST_OK;

	if (strcmp(walk->kind->name, "7z") != 0)
		return ST_OK;
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	sbuf_init(&marks, SIZE_MAX / 2);
	archive_mark_locked(walk, &marks);
	st = archive_unlock(walk->stream.sink, walk->archive, hint, &plain,
			    err);
	if (st == ST_OK && plain.len_bytes > 0 && marks.st == ST_OK) {
		walk->archive = sbuf_span(&plain);
		walk->only = sbuf_span(&marks);
		st = archive_read_members(walk, &end, err);
	}
	sbuf_done(&marks);
	sbuf_done(&plain);
	return st;
}

/* By kind: what else is in the archive, and its members. */
static enum status
archive_read_kind(struct archive_walk *walk, size_t *end, struct err *err)
{
	struct sink *sink = walk->stream.sink;
	const char *name = walk->kind->name;
	enum status st = ST_OK;

	if (strcmp(name, "rar") == 0) {
		walk->lock = archive_rar_lock(walk->archive);
		st = archive_rar_more(sink, walk->archive, err);
	} else if (strcmp(name, "gzip") == 0) {
		st = archive_gzip_more(sink, walk->archive, &walk->name, err);
		/* libarchive asks for no checksum and no length. */
		return st == ST_OK
			       ? deflated_give(sink, DEFLATED_GZIP,
					       walk->archive,
					       sbuf_text(&walk->name), end, err)
			       : st;
	} else if (strcmp(name, "iso") == 0) {
		return archive_read_image(walk, end, err);
	}
	if (st == ST_OK && walk->kind->packed &&
	    archive_wants_much(name, walk->archive))
		return archive_report(walk, REPORT_REASON_LIMIT,
				      "limit memory of a dictionary", err);
	return st == ST_OK ? archive_read_members(walk, end, err) : st;
}

/* What another reader found packed. */
static enum status
archive_read_deflated(struct sink *sink, enum deflated_form form,
		      struct span body, struct err *err)
{
	struct span rest = { 0 };
	size_t end = 0;
	const enum status st = deflated_give(sink, form, body, "", &end, err);

	if (st != ST_OK || !span_cut(body, end, body.len_bytes - end, &rest) ||
	    rest.len_bytes == 0)
		return st;
	return sink_gap(sink, rest, err);
}

static enum status
archive_read(struct sink *sink, struct span body, const struct child *hint,
	     struct err *err)
{
	const enum deflated_form form =
		deflated_form_of(body, hint->content_type);
	struct archive_walk walk = { .stream = { .sink = sink } };
	size_t at = 0;
	size_t end = 0;
	enum status st = ST_OK;

	if (form != DEFLATED_NONE)
		return archive_read_deflated(sink, form, body, err);
	walk.kind = archive_kind_of(body, &at);
	if (walk.kind == NULL)
		return err_set(err, ST_FORMAT, "archive: no signature");
	(void)span_cut(body, at, body.len_bytes - at, &walk.archive);
	if (hint->password_count > 0)
		return archive_read_unlocked(&walk, hint, err);
	sbuf_init(&walk.name, SIZE_MAX / 2);
	st = archive_read_kind(&walk, &end, err);
	if (st == ST_OK)
		st = archive_give_rest(&walk, body, at, end, err);
	sbuf_done(&walk.name);
	return st;
}

static enum sniff
archive_sniff(struct span body, const struct child *hint)
{
	size_t at = 0;
	const struct archive_kind *kind = archive_kind_of(body, &at);

	if (deflated_form_of(body, hint->content_type) != DEFLATED_NONE)
		return SNIFF_CERTAIN;
	if (kind == NULL)
		return SNIFF_NO;
	/* Behind a picture it is not what the file looks like. */
	return at == 0 || archive_is_program(body) ? SNIFF_CERTAIN
						   : SNIFF_LIKELY;
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
