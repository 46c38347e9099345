/* audit_export.c - the log as JSON lines; contract: audit.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/audit/audit_row.h"
#include "vault/audit/audit_seal.h"

struct export_walk {
	const struct key_ring *ring;
	int fd;
	struct sbuf texts;
};

/* A text as JSON; what is no UTF-8 (a changed row) is not passed on. */
static json_t *
export_text(const char *text)
{
	return parse_is_utf8(span_of(text)) ? json_string(text)
					    : json_string("(not text)");
}

static json_t *
export_hex(const uint8_t *bytes, size_t len_bytes)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, 2 * len_bytes);
	format_hex(&text, (struct span){ bytes, len_bytes });
	return json_string(sbuf_text(&text));
}

static json_t *
export_instant(int64_t unix_ms)
{
	char text[CLOCK_RFC3339_BYTES];

	clock_format_rfc3339(unix_ms, text);
	return json_string(text);
}

/* Takes line. */
static enum status
export_write(int fd, json_t *line, struct err *err)
{
	char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
	enum status st = ST_OK;

	json_decref(line);
	if (text == NULL)
		return err_set(err, ST_NO_MEMORY, "audit: no memory");
	st = fd_write_all(fd, span_of(text), err);
	if (st == ST_OK)
		st = fd_write_all(fd, span_of("\n"), err);
	explicit_bzero(text, strlen(text));
	free(text);
	return st;
}

static json_t *
export_case(const struct audit_event *event)
{
	char text[CASE_ID_TEXT_BYTES];

	if (event->case_id == NULL)
		return json_null();
	case_id_format(event->case_id, text);
	return json_string(text);
}

static enum status
export_row(void *context, const struct store_audit_row *row, struct err *err)
{
	struct export_walk *walk = context;
	struct audit_event event = { .actor = "?",
				     .via = "?",
				     .event = "damaged",
				     .detail = "",
				     .secret = "" };
	enum status st = ST_OK;

	sbuf_clear(&walk->texts);
	st = audit_row_decode(walk->ring, row, &walk->texts, &event, err);
	if (st != ST_OK && st != ST_FORMAT)
		return st;
	return export_write(walk->fd,
			    json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
				      "seq", (json_int_t)row->seq, "at",
				      export_instant(row->at_unix_ms), "actor",
				      export_text(event.actor), "via",
				      export_text(event.via), "event",
				      export_text(event.event), "case",
				      export_case(&event), "detail",
				      export_text(event.detail), "note",
				      export_text(event.secret), "hash",
				      export_hex(row->hash, sizeof(row->hash))),
			    err);
}

static enum status
export_head(void *context, const struct store_audit_head *row, struct err *err)
{
	const struct export_walk *walk = context;
	struct audit_head head;

	if (!audit_head_decode(row, &head))
		return export_write(walk->fd,
				    json_pack("{s:s,s:I}", "head", "damaged",
					      "rows", (json_int_t)row->seq),
				    err);
	return export_write(walk->fd,
			    json_pack("{s:I,s:I,s:o,s:o,s:o}", "head",
				      (json_int_t)head.number, "rows",
				      (json_int_t)head.rows, "at",
				      export_instant(head.at_unix_ms), "root",
				      export_hex(head.root, DIGEST_BYTES),
				      "seal",
				      export_hex(head.mac, DIGEST_BYTES)),
			    err);
}

enum status
audit_export(struct store *store, const struct key_ring *ring, int fd,
	     struct err *err)
{
	static const struct store_audit_query all = { .from_seq = 0,
						      .limit = UINT64_MAX };
	struct export_walk walk = { .ring = ring, .fd = fd };
	enum status st = ST_OK;

	sbuf_init_secret(&walk.texts, (size_t)2 * AUDIT_MAX_BODY_BYTES);
	st = store_audit_each(store, &all, export_row, &walk, err);
	if (st == ST_OK)
		st = store_head_each(store, export_head, &walk, err);
	sbuf_done(&walk.texts);
	return st;
}
