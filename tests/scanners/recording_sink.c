#include "tests/scanners/recording_sink.h"

#include <stdlib.h>
#include <string.h>

static const char *const place_names[] = { "none",    "body", "header", "name",
					   "element", "page", "code",   "raw" };

static const char *const flow_names[] = { "", " flowed", " delsp" };
static const char *const cell_names[] = { "none", "cell", "number", "digits" };

void
recording_sink_init(struct sink *sink)
{
	*sink = (struct sink){ 0 };
	sbuf_init(&sink->record, SIZE_MAX / 2);
	sbuf_init(&sink->utf8, SIZE_MAX / 2);
	sbuf_init(&sink->child_bytes, SIZE_MAX / 2);
}

void
recording_sink_done(struct sink *sink)
{
	sbuf_done(&sink->record);
	sbuf_done(&sink->utf8);
	sbuf_done(&sink->child_bytes);
}

static void
recording_add(struct sink *sink, struct span bytes)
{
	if (!sink->quiet)
		sbuf_add_span(&sink->record, bytes);
	sbuf_add_byte(&sink->record, '\n');
}

enum status
sink_text(struct sink *sink, const struct place *place, struct span utf8,
	  struct err *err)
{
	sink->texts++;
	if (sink->quiet)
		return ST_OK;
	sbuf_addf(&sink->record, "text %s", place_names[place->kind]);
	if (place->number > 0)
		sbuf_addf(&sink->record, " %llu",
			  (unsigned long long)place->number);
	if (place->label != NULL)
		sbuf_addf(&sink->record, " %s", place->label);
	sbuf_add_text(&sink->record, ": ");
	recording_add(sink, utf8);
	sbuf_add_span(&sink->utf8, utf8);
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_break(struct sink *sink, struct err *err)
{
	sbuf_add_text(&sink->record, "break\n");
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_cell(struct sink *sink, const struct cell *cell, struct span utf8,
	  struct err *err)
{
	sink->cells++;
	if (sink->quiet)
		return ST_OK;
	sbuf_addf(&sink->record, "%s %s %u %u: ", cell_names[cell->kind],
		  cell->sheet, cell->row, cell->column);
	recording_add(sink, utf8);
	sbuf_add_span(&sink->utf8, utf8);
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_child(struct sink *sink, const struct child *child, struct span bytes,
	   uint8_t **owned, struct err *err)
{
	sbuf_addf(&sink->record, "child %s \"%s\" %s%s%s%s%s%s%s %zu bytes: ",
		  child->content_type, child->name, child->charset,
		  child->attachment ? " attachment" : "",
		  child->mail ? " mail" : "", child->locked ? " locked" : "",
		  child->lock != NULL ? " by " : "",
		  child->lock != NULL ? child->lock : "",
		  flow_names[child->flow], bytes.len_bytes);
	recording_add(sink, bytes);
	if (!sink->quiet)
		sbuf_add_span(&sink->child_bytes, bytes);
	if (sink->children < ARRAY_LEN(sink->child_ends))
		sink->child_ends[sink->children] = sink->child_bytes.len_bytes;
	sink->children++;
	if (owned != NULL) {
		if (*owned != bytes.ptr && bytes.len_bytes > 0)
			return err_set(err, ST_DENIED,
				       "the block does not start the bytes");
		free(*owned);
		*owned = NULL;
	}
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_gap(struct sink *sink, struct span bytes, struct err *err)
{
	sink->gaps++;
	sbuf_add_text(&sink->record, "gap: ");
	recording_add(sink, bytes);
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_opaque(struct sink *sink, enum report_reason reason, const char *detail,
	    struct err *err)
{
	sink->opaques++;
	sink->last_reason = reason;
	sbuf_addf(&sink->record, "opaque %s: %s\n", report_reason_name(reason),
		  detail);
	return sbuf_status(&sink->record, "record", err);
}

enum status
sink_ambiguous(struct sink *sink, const char *detail, struct err *err)
{
	sink->ambiguities++;
	sbuf_addf(&sink->record, "ambiguous: %s\n", detail);
	return sbuf_status(&sink->record, "record", err);
}

void
sink_dsn(struct sink *sink, const struct report_dsn *dsn)
{
	const char *const texts[] = { dsn->envid, dsn->recipient, dsn->action,
				      dsn->code };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		(void)snprintf(sink->dsn_room[i], sizeof(sink->dsn_room[i]),
			       "%s", texts[i]);
	sink->dsn = (struct report_dsn){ sink->dsn_room[0], sink->dsn_room[1],
					 sink->dsn_room[2], sink->dsn_room[3] };
}

enum status
sink_spend(struct sink *sink, uint64_t len_bytes, uint64_t packed_bytes,
	   struct err *err)
{
	(void)packed_bytes;
	sink->spent_bytes += len_bytes;
	if (sink->spend_limit_bytes > 0 &&
	    sink->spent_bytes > sink->spend_limit_bytes)
		return err_set(err, ST_LIMIT, "recording sink: spent");
	return ST_OK;
}

enum status
recording_sink_read(struct sink *sink, const struct reader *reader,
		    struct span bytes, const struct child *hint,
		    struct err *err)
{
	static const struct child none = { .name = "",
					   .content_type = "",
					   .charset = "" };
	uint8_t *copy = malloc(bytes.len_bytes > 0 ? bytes.len_bytes : 1);
	enum status st = ST_NO_MEMORY;

	if (copy == NULL)
		return err_set(err, st, "recording sink: no memory");
	if (bytes.len_bytes > 0)
		memcpy(copy, bytes.ptr, bytes.len_bytes);
	st = reader->read(sink, (struct span){ copy, bytes.len_bytes },
			  hint != NULL ? hint : &none, err);
	free(copy);
	return st;
}

bool
recording_sink_has(const struct sink *sink, const char *part)
{
	return sink->record.len_bytes > 0 &&
	       memmem(sink->record.bytes, sink->record.len_bytes, part,
		      strlen(part)) != NULL;
}

struct span
recording_sink_child(const struct sink *sink, size_t index)
{
	const size_t start = index == 0 ? 0 : sink->child_ends[index - 1];
	struct span bytes = { 0 };

	(void)span_cut(sbuf_span(&sink->child_bytes), start,
		       sink->child_ends[index] - start, &bytes);
	return bytes;
}

enum status
sink_remote(struct sink *sink, const char *kind, struct span body,
	    struct err *err)
{
	sbuf_addf(&sink->record, "remote %s %zu bytes\n", kind, body.len_bytes);
	return sbuf_status(&sink->record, "record", err);
}

void
sink_opened(struct sink *sink, const char *name)
{
	sbuf_addf(&sink->record, "opened %s\n", name);
}

enum status
sink_may_skip(struct sink *sink, struct span record, uint8_t delimiter,
	      bool *skip_out, struct err *err)
{
	(void)sink;
	(void)record;
	(void)delimiter;
	(void)err;
	*skip_out = false;
	return ST_OK;
}
