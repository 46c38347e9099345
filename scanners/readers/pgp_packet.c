#include "scanners/readers/pgp_packet.h"

enum { PGP_MAX_PACKETS_LOOKED_AT = 1000 };

/* A length in the new form at *at, which moves behind it. */
struct pgp_length {
	uint64_t bytes;
	bool is_piece; /* another one follows */
};

static bool
pgp_big(struct span bytes, size_t *at, size_t len_bytes, uint64_t *value_out)
{
	struct span part = { 0 };
	uint64_t value = 0;

	if (!span_cut(bytes, *at, len_bytes, &part))
		return false;
	for (size_t i = 0; i < part.len_bytes; i++)
		value = value << 8 | part.ptr[i];
	*value_out = value;
	*at += len_bytes;
	return true;
}

static bool
pgp_new_length(struct span bytes, size_t *at, struct pgp_length *length_out)
{
	struct pgp_length length = { .is_piece = false };
	uint64_t first = 0;
	uint64_t second = 0;

	if (!pgp_big(bytes, at, 1, &first))
		return false;
	length.bytes = first;
	if (first >= 224 && first < 255) {
		length.bytes = UINT64_C(1) << (first & 0x1F);
		length.is_piece = true;
	} else if (first == 255) {
		if (!pgp_big(bytes, at, 4, &length.bytes))
			return false;
	} else if (first >= 192) {
		if (!pgp_big(bytes, at, 1, &second))
			return false;
		length.bytes = ((first - 192) << 8) + second + 192;
	}
	*length_out = length;
	return true;
}

/* The body of a packet in the new form; out: its bytes, or NULL. */
static bool
pgp_new_body(struct span bytes, size_t at, struct pgp_packet *packet,
	     struct sbuf *out)
{
	struct pgp_length length;
	struct span part = { 0 };

	do {
		if (!pgp_new_length(bytes, &at, &length)) {
			packet->is_cut = true;
			packet->end_at = bytes.len_bytes;
			return packet->in_pieces;
		}
		packet->in_pieces |= length.is_piece;
		packet->is_cut = length.bytes > bytes.len_bytes - at;
		if (packet->is_cut)
			length.bytes = bytes.len_bytes - at;
		(void)span_cut(bytes, at, (size_t)length.bytes, &part);
		if (out != NULL)
			sbuf_add_span(out, part);
		at += (size_t)length.bytes;
	} while (length.is_piece && !packet->is_cut);
	packet->body = part;
	packet->end_at = at;
	return true;
}

static bool
pgp_old_body(struct span bytes, size_t at, unsigned form,
	     struct pgp_packet *packet)
{
	static const size_t sizes[] = { 1, 2, 4 };
	uint64_t length = bytes.len_bytes - at;

	if (form < ARRAY_LEN(sizes) &&
	    !pgp_big(bytes, &at, sizes[form], &length))
		return false;
	packet->is_cut = length > bytes.len_bytes - at;
	if (packet->is_cut)
		length = bytes.len_bytes - at;
	packet->end_at = at + (size_t)length;
	return span_cut(bytes, at, (size_t)length, &packet->body);
}

static enum pgp_tag
pgp_tag_of(unsigned tag)
{
	if (tag == 0 || tag > PGP_PADDING || tag == 15 || tag == 16)
		return PGP_NONE;
	return (enum pgp_tag)tag;
}

bool
pgp_packet_next(struct pgp_walk *walk, struct pgp_packet *packet_out)
{
	const struct span bytes = walk->bytes;
	struct pgp_packet packet = { .start_at = walk->at };
	unsigned first = 0;
	bool is_packet = false;

	if (walk->at >= bytes.len_bytes)
		return false;
	first = bytes.ptr[walk->at];
	packet.body_start = walk->at + 1;
	if (first >= 0xC0) {
		packet.tag = pgp_tag_of(first & 0x3F);
		is_packet =
			pgp_new_body(bytes, packet.body_start, &packet, NULL);
	} else if (first >= 0x80) {
		packet.tag = pgp_tag_of(first >> 2 & 0x0F);
		is_packet = pgp_old_body(bytes, packet.body_start, first & 3,
					 &packet);
	}
	if (!is_packet || packet.tag == PGP_NONE) {
		walk->has_junk = true;
		return false;
	}
	walk->at = packet.end_at;
	*packet_out = packet;
	return true;
}

void
pgp_packet_body(const struct pgp_walk *walk, const struct pgp_packet *packet,
		struct sbuf *out)
{
	struct pgp_packet again = *packet;

	if (packet->in_pieces)
		(void)pgp_new_body(walk->bytes, packet->body_start, &again,
				   out);
	else
		sbuf_add_span(out, packet->body);
}

/* The first byte of a body, which says its version or form; a piece is never
 * shorter than that. */
static bool
pgp_fits(const struct pgp_walk *walk, const struct pgp_packet *packet)
{
	const size_t at = packet->body.len_bytes > 0 && !packet->in_pieces
				  ? (size_t)(packet->body.ptr - walk->bytes.ptr)
				  : packet->body_start + 1;
	const unsigned first =
		at < walk->bytes.len_bytes ? walk->bytes.ptr[at] : 0;

	switch (packet->tag) {
	case PGP_KEY_FOR_RECIPIENT:
		return first == 2 || first == 3 || first == 6;
	case PGP_SIGNATURE:
	case PGP_PUBLIC_KEY:
	case PGP_SECRET_KEY:
		return first >= 2 && first <= 6;
	case PGP_KEY_BY_PASSWORD:
		return first >= 4 && first <= 6;
	case PGP_ONE_PASS:
		return first == 3 || first == 6;
	case PGP_COMPRESSED:
		return first <= 3;
	case PGP_LITERAL:
		return first == 'b' || first == 't' || first == 'u' ||
		       first == 'l' || first == 'm' || first == '1';
	case PGP_ENCRYPTED:
		return true;
	case PGP_ENCRYPTED_AND_CHECKED:
		return first == 1 || first == 2;
	case PGP_ENCRYPTED_AEAD:
		return first == 1;
	case PGP_MARKER:
		return first == 'P';
	case PGP_NONE:
	case PGP_SECRET_SUBKEY:
	case PGP_TRUST:
	case PGP_USER_ID:
	case PGP_PUBLIC_SUBKEY:
	case PGP_USER_ATTRIBUTE:
	case PGP_CHECK:
	case PGP_PADDING:
	default:
		return false;
	}
}

bool
pgp_begins(struct span bytes)
{
	struct pgp_walk walk = { .bytes = bytes };
	struct pgp_packet packet;

	/* An old packet up to the end may be anything; of those only data that
	 * is compressed is so written. */
	return pgp_packet_next(&walk, &packet) && pgp_fits(&walk, &packet) &&
	       (bytes.ptr[0] >= 0xC0 || (bytes.ptr[0] & 3) != 3 ||
		packet.tag == PGP_COMPRESSED);
}

bool
pgp_is_whole(struct span bytes)
{
	struct pgp_walk walk = { .bytes = bytes };
	struct pgp_packet packet = { .tag = PGP_NONE };
	size_t count = 0;

	if (!pgp_begins(bytes))
		return false;
	while (count++ < PGP_MAX_PACKETS_LOOKED_AT &&
	       pgp_packet_next(&walk, &packet))
		if (packet.is_cut)
			return false;
	return !walk.has_junk;
}
