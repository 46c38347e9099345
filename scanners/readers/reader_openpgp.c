/*
 * The reader of OpenPGP data: what is only signed or packed is read, what is
 * encrypted is said.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "scanners/readers/deflated.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/pgp_packet.h"
#include "scanners/text/readings.h"

enum { PGP_LITERAL_HEADER_BYTES = 6, PGP_MAX_PACKETS = 100000 };

/* What was seen so far of one message. */
struct pgp_message {
	struct sink *sink;
	bool for_recipient;
	bool by_password;
	bool is_said; /* that it is encrypted */
};

static enum status
pgp_say_encrypted(struct pgp_message *message, struct err *err)
{
	if (message->is_said)
		return ST_OK;
	message->is_said = true;
	if (message->by_password && !message->for_recipient)
		return sink_opaque(message->sink, REPORT_REASON_LOCKED,
				   "pgp by a password", err);
	return sink_opaque(message->sink, REPORT_REASON_ENCRYPTED,
			   "pgp message", err);
}

/* Form, length of the name, name, four bytes of time, data. */
static enum status
pgp_give_literal(struct pgp_message *message, struct span body, struct err *err)
{
	const size_t name_bytes = body.len_bytes > 1 ? body.ptr[1] : 0;
	struct span name = { 0 };
	struct span data = { 0 };
	struct sbuf text;
	enum status st = ST_OK;

	if (body.len_bytes < PGP_LITERAL_HEADER_BYTES + name_bytes)
		return sink_opaque(message->sink, REPORT_REASON_DAMAGED,
				   "pgp: cut off", err);
	(void)span_cut(body, 2, name_bytes, &name);
	(void)span_cut(body, PGP_LITERAL_HEADER_BYTES + name_bytes,
		       body.len_bytes - PGP_LITERAL_HEADER_BYTES - name_bytes,
		       &data);
	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_decode_best(name, (struct span){ 0 }, &text);
	st = sbuf_status(&text, "pgp: name", err);
	const struct child child = { .name = sbuf_text(&text),
				     .content_type = "",
				     .charset = "",
				     .attachment = true };

	if (st == ST_OK)
		st = sink_child(message->sink, &child, data, NULL, err);
	sbuf_done(&text);
	return st;
}

static enum status
pgp_give_compressed(struct pgp_message *message, struct span body,
		    struct err *err)
{
	static const char *const types[] = { "", deflated_raw_type,
					     deflated_zlib_type, "" };
	struct child child = { .name = "", .content_type = "", .charset = "" };
	struct span data = { 0 };

	if (!span_cut(body, 1, body.len_bytes - (body.len_bytes > 0), &data))
		return sink_opaque(message->sink, REPORT_REASON_DAMAGED,
				   "pgp: cut off", err);
	if (body.ptr[0] >= ARRAY_LEN(types))
		return sink_opaque(message->sink,
				   REPORT_REASON_UNKNOWN_CONTAINER,
				   "pgp: unknown packing", err);
	/* bzip2 has a signature of its own. */
	child.content_type = types[body.ptr[0]];
	return sink_child(message->sink, &child, data, NULL, err);
}

static enum status
pgp_give(struct pgp_message *message, const struct pgp_packet *packet,
	 struct span body, struct err *err)
{
	enum status st = sink_spend(message->sink,
				    packet->in_pieces ? body.len_bytes : 0,
				    body.len_bytes, err);

	if (st != ST_OK)
		return st;
	switch (packet->tag) {
	case PGP_KEY_FOR_RECIPIENT:
		message->for_recipient = true;
		return ST_OK;
	case PGP_KEY_BY_PASSWORD:
		message->by_password = true;
		return ST_OK;
	case PGP_ENCRYPTED:
	case PGP_ENCRYPTED_AND_CHECKED:
	case PGP_ENCRYPTED_AEAD:
		return pgp_say_encrypted(message, err);
	case PGP_LITERAL:
		return pgp_give_literal(message, body, err);
	case PGP_COMPRESSED:
		return pgp_give_compressed(message, body, err);
	case PGP_SIGNATURE:
	case PGP_ONE_PASS:
	case PGP_SECRET_KEY:
	case PGP_PUBLIC_KEY:
	case PGP_SECRET_SUBKEY:
	case PGP_MARKER:
	case PGP_TRUST:
	case PGP_USER_ID:
	case PGP_PUBLIC_SUBKEY:
	case PGP_USER_ATTRIBUTE:
	case PGP_CHECK:
	case PGP_PADDING:
	case PGP_NONE:
	default:
		return sink_gap(message->sink, body, err);
	}
}

static enum status
pgp_read_packet(struct pgp_message *message, const struct pgp_walk *walk,
		const struct pgp_packet *packet, struct err *err)
{
	struct sbuf joined;
	struct span body = packet->body;
	enum status st = ST_OK;

	sbuf_init_secret(&joined, SIZE_MAX / 2);
	if (packet->in_pieces) {
		pgp_packet_body(walk, packet, &joined);
		body = sbuf_span(&joined);
		st = sbuf_status(&joined, "pgp: pieces", err);
	}
	if (st == ST_OK)
		st = pgp_give(message, packet, body, err);
	if (st == ST_OK && packet->is_cut)
		st = sink_opaque(message->sink, REPORT_REASON_DAMAGED,
				 "pgp: cut off", err);
	sbuf_done(&joined);
	return st;
}

static enum status
pgp_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	struct pgp_message message = { .sink = sink };
	struct pgp_walk walk = { .bytes = body };
	struct pgp_packet packet;
	struct span rest = { 0 };
	size_t count = 0;
	enum status st = ST_OK;

	(void)hint;
	while (st == ST_OK && count++ < PGP_MAX_PACKETS &&
	       pgp_packet_next(&walk, &packet))
		st = pgp_read_packet(&message, &walk, &packet, err);
	/* Keys for something that never came. */
	if (st == ST_OK && (message.for_recipient || message.by_password))
		st = pgp_say_encrypted(&message, err);
	if (st != ST_OK || walk.at >= body.len_bytes)
		return st;
	(void)span_cut(body, walk.at, body.len_bytes - walk.at, &rest);
	st = sink_opaque(sink, REPORT_REASON_DAMAGED, "pgp: no packet", err);
	return st == ST_OK ? sink_gap(sink, rest, err) : st;
}

static enum sniff
pgp_sniff(struct span body, const struct child *hint)
{
	if (strcmp(hint->content_type, "application/x-openpgp") == 0)
		return SNIFF_CERTAIN;
	if (pgp_is_whole(body))
		return SNIFF_CERTAIN;
	/* Cut off, or something stands behind it. */
	return pgp_begins(body) && !glance_is_text(body, hint) ? SNIFF_LIKELY
							    : SNIFF_NO;
}

const struct reader reader_openpgp = {
	.name = "openpgp",
	.foreign = false,
	.sniff = pgp_sniff,
	.read = pgp_read,
};
