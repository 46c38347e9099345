#include "vault/audit/audit_row.h"

#include <string.h>

#include "lib/base/parse.h"

enum { BODY_VERSION = 1, BODY_TEXTS = 4 };

static const char hash_label[] = "sekimori audit 1";
static const char secret_context[] = "audit secret";

void
audit_add_number(struct sbuf *buf, uint64_t value, size_t len_bytes)
{
	for (size_t i = len_bytes; i > 0; i--)
		sbuf_add_byte(buf, (uint8_t)(value >> (8 * (i - 1))));
}

bool
audit_take(struct span bytes, size_t *at, size_t len_bytes, struct span *out)
{
	if (!span_cut(bytes, *at, len_bytes, out))
		return false;
	*at += len_bytes;
	return true;
}

bool
audit_take_number(struct span bytes, size_t *at, size_t len_bytes,
		  uint64_t *value_out)
{
	struct span part;
	uint64_t value = 0;

	if (!audit_take(bytes, at, len_bytes, &part))
		return false;
	for (size_t i = 0; i < len_bytes; i++)
		value = value << 8 | part.ptr[i];
	*value_out = value;
	return true;
}

static void
row_add_piece(struct sbuf *body, struct span piece)
{
	audit_add_number(body, piece.len_bytes, 4);
	sbuf_add_span(body, piece);
}

static struct span
row_text(const char *text)
{
	return span_of(text != NULL ? text : "");
}

enum status
audit_row_encode(const struct key_ring *ring, const struct audit_event *event,
		 struct sbuf *body_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	const struct span secret = row_text(event->secret);
	enum status st = ST_OK;

	sbuf_init(&boxed, AUDIT_MAX_BODY_BYTES);
	if (secret.len_bytes > 0 && ring == NULL)
		return err_set(err, ST_DENIED,
			       "audit: the vault is locked, nothing secret can "
			       "be recorded");
	if (secret.len_bytes > 0)
		st = key_ring_box(ring, secret_context, secret, &boxed, err);
	if (st != ST_OK)
		return st;
	sbuf_add_byte(body_out, BODY_VERSION);
	row_add_piece(body_out, row_text(event->actor));
	row_add_piece(body_out, row_text(event->via));
	row_add_piece(body_out, row_text(event->event));
	row_add_piece(body_out, row_text(event->detail));
	row_add_piece(body_out, sbuf_span(&boxed));
	return sbuf_status(body_out, "audit", err);
}

static bool
row_take_piece(struct span body, size_t *at, struct span *piece_out)
{
	uint64_t len_bytes = 0;

	return audit_take_number(body, at, 4, &len_bytes) &&
	       audit_take(body, at, (size_t)len_bytes, piece_out);
}

/* The pieces of a body: four texts and the boxed secret. */
static bool
row_split(struct span body, struct span pieces[BODY_TEXTS + 1])
{
	size_t at = 0;
	uint64_t version = 0;

	if (!audit_take_number(body, &at, 1, &version) ||
	    version != BODY_VERSION)
		return false;
	for (size_t i = 0; i <= BODY_TEXTS; i++) {
		if (!row_take_piece(body, &at, &pieces[i]))
			return false;
	}
	return at == body.len_bytes;
}

enum status
audit_row_decode(const struct key_ring *ring, const struct store_audit_row *row,
		 struct sbuf *texts, struct audit_event *event_out,
		 struct err *err)
{
	struct span pieces[BODY_TEXTS + 1];
	size_t starts[BODY_TEXTS + 1];
	enum status st = ST_OK;

	if (!row_split(row->body, pieces))
		return err_set(err, ST_FORMAT, "audit: damaged row");
	for (size_t i = 0; i <= BODY_TEXTS; i++) {
		starts[i] = texts->len_bytes;
		if (i < BODY_TEXTS)
			sbuf_add_span(texts, pieces[i]);
		else if (ring != NULL && pieces[i].len_bytes > 0)
			st = key_ring_unbox(ring, secret_context, pieces[i],
					    texts, err);
		sbuf_add_byte(texts, '\0');
		if (st != ST_OK)
			return st;
	}
	st = sbuf_status(texts, "audit", err);
	if (st != ST_OK)
		return st;
	const char *base = sbuf_text(texts);

	*event_out = (struct audit_event){
		.at_unix_ms = row->at_unix_ms,
		.actor = base + starts[0],
		.via = base + starts[1],
		.event = base + starts[2],
		.case_id = row->has_case ? row->case_id : NULL,
		.detail = base + starts[3],
		.secret = base + starts[4],
	};
	return ST_OK;
}

enum status
audit_row_hash(const struct store_audit_row *row,
	       const uint8_t before[DIGEST_BYTES],
	       uint8_t hash_out[DIGEST_BYTES], struct err *err)
{
	static const uint8_t no_case[CASE_ID_BYTES] = { 0 };
	AUTO(sbuf_done) struct sbuf head;
	AUTO(digest_free) struct digest *digest = NULL;
	enum status st = digest_new(&digest, err);

	sbuf_init(&head, 256);
	sbuf_add_text(&head, hash_label);
	sbuf_add(&head, before, DIGEST_BYTES);
	audit_add_number(&head, row->seq, 8);
	audit_add_number(&head, (uint64_t)row->at_unix_ms, 8);
	sbuf_add_byte(&head, row->has_case);
	sbuf_add(&head, row->has_case ? row->case_id : no_case, CASE_ID_BYTES);
	audit_add_number(&head, row->body.len_bytes, 8);
	if (st == ST_OK)
		st = sbuf_status(&head, "audit", err);
	if (st == ST_OK)
		st = digest_add(digest, sbuf_span(&head), err);
	if (st == ST_OK)
		st = digest_add(digest, row->body, err);
	return st == ST_OK ? digest_end(digest, hash_out, err) : st;
}
