/*
 * The reader of compound files (OLE2): macros, embedded objects and properties
 * are read; every stream of a format that nobody here reads is swept as it
 * would be if its sectors lay one behind another. What belongs to no stream is
 * swept, too.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/cfb_kind.h"
#include "scanners/readers/cfb_macros.h"
#include "scanners/readers/cfb_unlock.h"
#include "scanners/readers/cfb_walk.h"
#include "scanners/readers/ole_native.h"
#include "scanners/readers/property_set.h"

enum { CFB_CONTROL_SET = 5 /* of the names of property sets */ };

struct cfb_read {
	struct sink *sink;
	struct cfb cfb;
	struct cfb_macros macros;
	const char *kind; /* of what is not read, or NULL */
	const char *lock; /* of EncryptedPackage */
	bool unknown;     /* a stream that is no part of what we know */
};

/* A stream, while it is read. */
struct cfb_stream {
	size_t index;
	const char *name;
	const char *path;
	struct span bytes;
};

static bool
cfb_is_blank(struct span bytes)
{
	for (size_t i = 0; i < bytes.len_bytes; i++)
		if (bytes.ptr[i] != 0)
			return false;
	return true;
}

static enum status
cfb_give_gap(struct cfb_read *read, struct span bytes, struct err *err)
{
	if (cfb_is_blank(bytes))
		return ST_OK;
	return sink_gap(read->sink, bytes, err);
}

static enum status
cfb_give_child(struct cfb_read *read, const struct cfb_stream *stream,
	       struct err *err)
{
	const struct child child = { .name = stream->path,
				     .content_type = "",
				     .charset = "",
				     .attachment = true };

	return sink_child(read->sink, &child, stream->bytes, NULL, err);
}

static enum status
cfb_give_locked(struct cfb_read *read, const struct cfb_stream *stream,
		const char *lock, struct err *err)
{
	const struct child child = { .name = stream->path,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = true,
				     .lock = lock };

	return sink_child(read->sink, &child, (struct span){ 0 }, NULL, err);
}

static bool
cfb_is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(span_of(name), span_of(names[i])))
			return true;
	return false;
}

static bool
cfb_starts(const char *name, const char *start)
{
	return strncmp(name, start, strlen(start)) == 0;
}

/* Files within a document, as they are. */
static bool
cfb_is_file_within(const struct cfb_read *read, const struct cfb_stream *stream)
{
	static const char *const names[] = { "Package", "EmbeddedOdf",
					     "package_stream" };
	const bool top = read->cfb.entries[stream->index].parent == 0;

	if (cfb_is_one_of(stream->name, names, ARRAY_LEN(names)))
		return true;
	/* The data of what is attached to an Outlook item. */
	if (cfb_starts(stream->name, "__substg1.0_37010102"))
		return true;
	/* The main stream of some formats has that name. */
	return span_equal_nocase(span_of(stream->name), span_of("CONTENTS")) &&
	       !(top && read->kind != NULL);
}

/* What stands beside an object or a macro and says how it looks, or how a
 * package is encrypted. */
static bool
cfb_is_known(const struct cfb_stream *stream)
{
	static const char *const names[] = {
		"_Ole",           "_CompObj",          "_ObjInfo",
		"_LinkInfo",      "_OleLink",          "_EPRINT",
		"_Ole10ItemName", "_Ole10FmtProgID",   "PROJECT",
		"PROJECTwm",      "PROJECTlk",         "_VBA_PROJECT",
		"_VBFrame",       "properties_stream",
	};

	return cfb_is_one_of(stream->name, names, ARRAY_LEN(names)) ||
	       cfb_starts(stream->name, "_OlePres") ||
	       cfb_starts(stream->name, "__SRP_") ||
	       cfb_starts(stream->path, "_DataSpaces/");
}

static enum status
cfb_give_bytes(struct cfb_read *read, const struct cfb_stream *stream,
	       struct err *err)
{
	const char *old =
		cfb_old_lock(&read->cfb, stream->index, stream->bytes);
	enum status st = ST_OK;

	if (old != NULL)
		st = sink_opaque(read->sink, REPORT_REASON_LOCKED, old, err);
	if (st == ST_OK && cfb_is_file_within(read, stream)) {
		st = cfb_give_child(read, stream, err);
	} else if (st == ST_OK && read->kind == NULL && !cfb_is_known(stream) &&
		   !cfb_macros_is_form(&read->macros, &read->cfb,
				       stream->index)) {
		read->unknown = true;
		st = cfb_give_child(read, stream, err);
	} else if (st == ST_OK) {
		st = cfb_give_gap(read, stream->bytes, err);
	}
	return st;
}

/* The stream by what its name says it is. */
static enum status
cfb_give_stream(struct cfb_read *read, const struct cfb_stream *stream,
		struct err *err)
{
	const struct span name = span_of(stream->name);

	if (span_equal_nocase(name, span_of("EncryptedPackage")))
		return cfb_give_locked(read, stream, read->lock, err);
	if (span_equal_nocase(name, span_of("_DRMContent")))
		return cfb_give_locked(read, stream,
				       "office: rights management", err);
	if (span_equal_nocase(name, span_of("_Ole10Native")))
		return ole_native_read(read->sink, stream->bytes, err);
	if (cfb_control(&read->cfb, stream->index) == CFB_CONTROL_SET)
		return property_set_read(read->sink, stream->bytes, err);
	if (cfb_macros_is_module(&read->macros, &read->cfb, stream->index))
		return cfb_macros_give(&read->macros, read->sink, &read->cfb,
				       stream->index, stream->bytes, err);
	return cfb_give_bytes(read, stream, err);
}

/* What is behind a stream in its last sectors is no part of it. */
static enum status
cfb_read_entry(struct cfb_read *read, size_t index, struct err *err)
{
	struct cfb_stream stream = { .index = index };
	struct sbuf bytes;
	struct sbuf name;
	struct sbuf path;
	struct span slack = { 0 };
	size_t size = 0;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_init(&name, SIZE_MAX / 2);
	sbuf_init(&path, SIZE_MAX / 2);
	cfb_name(&read->cfb, index, &name);
	cfb_path(&read->cfb, index, &path);
	stream.name = sbuf_text(&name);
	stream.path = sbuf_text(&path);
	st = sbuf_status(&name, "cfb: name", err);
	if (st == ST_OK)
		st = sbuf_status(&path, "cfb: name", err);
	if (st == ST_OK)
		st = cfb_read_stream(&read->cfb, index, &bytes, &size, err);
	if (st == ST_OK)
		st = sink_spend(read->sink, bytes.len_bytes, bytes.len_bytes,
				err);
	if (st == ST_OK &&
	    span_cut(sbuf_span(&bytes), 0, size, &stream.bytes) && size > 0)
		st = cfb_give_stream(read, &stream, err);
	if (st == ST_OK &&
	    span_cut(sbuf_span(&bytes), size, bytes.len_bytes - size, &slack))
		st = cfb_give_gap(read, slack, err);
	sbuf_done(&bytes);
	sbuf_done(&name);
	sbuf_done(&path);
	return st;
}

/* Names, all of them. What else stands in the directory, and in entries that
 * are not in use, is a gap. */
static enum status
cfb_give_names(struct cfb_read *read, struct err *err)
{
	enum { CFB_ENTRY_BYTES = 128, CFB_NAME_BYTES = 64 };
	const struct place place = { PLACE_NAME, 0, NULL };
	struct sbuf names;
	struct sbuf rest;
	enum status st = ST_OK;

	sbuf_init_secret(&names, SIZE_MAX / 2);
	sbuf_init_secret(&rest, SIZE_MAX / 2);
	sbuf_add_span(&rest, sbuf_span(&read->cfb.directory));
	for (size_t i = 0; i < read->cfb.entry_count && rest.st == ST_OK; i++) {
		if (read->cfb.entries[i].type == CFB_TYPE_NONE)
			continue;
		cfb_name(&read->cfb, i, &names);
		sbuf_add_byte(&names, '\n');
		memset(rest.bytes + i * CFB_ENTRY_BYTES, 0, CFB_NAME_BYTES);
	}
	st = sbuf_status(&names, "cfb: names", err);
	if (st == ST_OK)
		st = sbuf_status(&rest, "cfb: names", err);
	if (st == ST_OK)
		st = sink_text(read->sink, &place, sbuf_span(&names), err);
	if (st == ST_OK)
		st = sink_break(read->sink, err);
	if (st == ST_OK)
		st = sink_gap(read->sink, sbuf_span(&rest), err);
	sbuf_done(&names);
	sbuf_done(&rest);
	return st;
}

/* How an encrypted document is, before its package is met. */
static enum status
cfb_find_lock(struct cfb_read *read, struct err *err)
{
	struct cfb *cfb = &read->cfb;
	enum status st = ST_OK;

	read->lock = "ooxml: unknown version";
	for (size_t i = 1; i < cfb->entry_count && st == ST_OK; i++) {
		struct sbuf bytes;
		size_t size = 0;

		if (cfb->entries[i].type != CFB_TYPE_STREAM ||
		    cfb->entries[i].parent != 0 ||
		    !cfb_is_named(cfb, i, "EncryptionInfo"))
			continue;
		sbuf_init(&bytes, SIZE_MAX / 2);
		st = cfb_read_stream(cfb, i, &bytes, &size, err);
		read->lock = cfb_lock(sbuf_span(&bytes));
		if (st == ST_OK)
			st = sink_gap(read->sink, sbuf_span(&bytes), err);
		sbuf_done(&bytes);
	}
	return st;
}

static enum status
cfb_give_rest(struct cfb_read *read, struct err *err)
{
	enum { CFB_FIELDS_BYTES = 76 };
	struct span rest = { 0 };
	size_t at = 0;
	enum status st = ST_OK;

	if (span_cut(read->cfb.file, 0, CFB_FIELDS_BYTES, &rest))
		st = sink_gap(read->sink, rest, err);
	while (st == ST_OK && cfb_next_rest(&read->cfb, &at, &rest))
		st = cfb_give_gap(read, rest, err);
	at = 0;
	while (st == ST_OK && cfb_next_small_rest(&read->cfb, &at, &rest))
		st = cfb_give_gap(read, rest, err);
	return st;
}

/* What could not be read, or could be otherwise. */
static enum status
cfb_say(struct cfb_read *read, struct err *err)
{
	const char *kind = read->kind != NULL ? read->kind
			   : read->unknown    ? "compound document"
					      : NULL;
	enum status st = ST_OK;

	if (kind != NULL)
		st = sink_opaque(read->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 kind, err);
	if (st == ST_OK && read->cfb.damage != NULL)
		st = sink_opaque(read->sink, REPORT_REASON_DAMAGED,
				 read->cfb.damage, err);
	if (st == ST_OK && read->cfb.odd != NULL)
		st = sink_ambiguous(read->sink, read->cfb.odd, err);
	return st;
}

static enum status
cfb_read_all(struct cfb_read *read, struct err *err)
{
	enum status st = cfb_give_names(read, err);

	read->kind = cfb_kind(&read->cfb);
	if (st == ST_OK)
		st = cfb_find_lock(read, err);
	if (st == ST_OK)
		st = cfb_macros_find(&read->macros, read->sink, &read->cfb,
				     err);
	for (size_t i = 1; i < read->cfb.entry_count && st == ST_OK; i++)
		if (read->cfb.entries[i].type != CFB_TYPE_NONE &&
		    read->cfb.entries[i].type != CFB_TYPE_STORAGE &&
		    !read->cfb.entries[i].was_read)
			st = cfb_read_entry(read, i, err);
	if (st == ST_OK)
		st = cfb_give_rest(read, err);
	return st == ST_OK ? cfb_say(read, err) : st;
}

static enum status
cfb_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	struct cfb_read read = { .sink = sink };
	enum status st = ST_OK;

	if (hint->password_count > 0)
		return cfb_unlock(sink, body, hint, err);
	st = cfb_open(&read.cfb, body, err);
	if (st == ST_OK)
		st = cfb_read_all(&read, err);
	cfb_macros_done(&read.macros);
	cfb_done(&read.cfb);
	return st;
}

static enum sniff
cfb_sniff(struct span body, const struct child *hint)
{
	(void)hint;
	return cfb_is_file(body) ? SNIFF_CERTAIN : SNIFF_NO;
}

/* The formats that are not read have their names in unread_names.def. */
static const char *
cfb_type(struct span body)
{
	struct cfb cfb;
	struct err err = { .st = ST_OK };
	const char *kind = NULL;

	if (cfb_open(&cfb, body, &err) == ST_OK)
		kind = cfb_kind(&cfb);
	cfb_done(&cfb);
	return kind != NULL ? kind : "cfb";
}

static const char *
cfb_type_at(size_t index)
{
	return index == 0 ? "cfb" : NULL;
}

const struct reader reader_cfb = {
	.name = "cfb",
	.foreign = false,
	.sniff = cfb_sniff,
	.read = cfb_read,
	.type = cfb_type,
	.type_at = cfb_type_at,
};
