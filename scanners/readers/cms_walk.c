#include "scanners/readers/cms_walk.h"

#include <string.h>

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_OID = 0x06,
	BER_CONSTRUCTED = 0x20,
	BER_SEQUENCE = 0x30,
	BER_SET = 0x31,
	BER_OCTETS_IN_PIECES = 0x24,
	BER_CONTENT = 0xA0,
	BER_MAX_LENGTH_BYTES = 8
};

/* One element. */
struct ber {
	uint8_t tag;
	bool indefinite;
	bool cut; /* it claims more than there is */
	size_t content_at;
	size_t end_at; /* of an indefinite one: the end of all bytes */
};

/* Append the length at *at; false when there is none. */
static bool
ber_length(struct span bytes, size_t *at, struct ber *ber)
{
	uint8_t first = 0;
	uint64_t length = 0;

	if (*at >= bytes.len_bytes)
		return false;
	first = bytes.ptr[(*at)++];
	ber->indefinite = first == 0x80;
	if (first < 0x80)
		length = first;
	if (first > 0x80 + BER_MAX_LENGTH_BYTES ||
	    (first > 0x80 && first - 0x80U > bytes.len_bytes - *at))
		return false;
	for (; first > 0x80; first--)
		length = length << 8 | bytes.ptr[(*at)++];
	ber->content_at = *at;
	ber->cut = !ber->indefinite && length > bytes.len_bytes - *at;
	ber->end_at = ber->indefinite || ber->cut ? bytes.len_bytes
						  : *at + (size_t)length;
	return true;
}

static bool
ber_read(struct span bytes, size_t at, struct ber *ber_out)
{
	struct ber ber = { .tag = 0 };

	if (at >= bytes.len_bytes)
		return false;
	ber.tag = bytes.ptr[at++];
	/* Long tags: none leads to content. */
	if ((ber.tag & 0x1F) == 0x1F) {
		while (at < bytes.len_bytes && (bytes.ptr[at] & 0x80) != 0)
			at++;
		at++;
	}
	if (!ber_length(bytes, &at, &ber) ||
	    (ber.indefinite && (ber.tag & BER_CONSTRUCTED) == 0))
		return false;
	*ber_out = ber;
	return true;
}

static bool
ber_is_end(const struct ber *ber)
{
	return ber->tag == 0 && ber->content_at == ber->end_at;
}

/* Behind the element at *at. */
static bool
ber_skip(struct span bytes, size_t *at)
{
	size_t depth = 0;
	struct ber ber;

	do {
		if (!ber_read(bytes, *at, &ber) || ber.cut)
			return false;
		if (ber_is_end(&ber) && depth > 0)
			depth--;
		else
			depth += ber.indefinite;
		*at = ber.indefinite ? ber.content_at : ber.end_at;
	} while (depth > 0);
	return true;
}

/* Into the element at *at, if it has this tag. */
static bool
ber_enter(struct span bytes, size_t *at, uint8_t tag)
{
	struct ber ber;

	if (!ber_read(bytes, *at, &ber) || ber.tag != tag)
		return false;
	*at = ber.content_at;
	return true;
}

/* The types by what follows 1.2.840.113549.1. */
struct cms_type {
	const char *oid;
	size_t len_bytes;
	enum cms_kind kind;
};

static const struct cms_type cms_types[] = {
	{ "\x07\x01", 2, CMS_DATA },
	{ "\x07\x02", 2, CMS_SIGNED },
	{ "\x07\x03", 2, CMS_ENCRYPTED },
	{ "\x07\x04", 2, CMS_ENCRYPTED },
	{ "\x07\x05", 2, CMS_DIGESTED },
	{ "\x07\x06", 2, CMS_ENCRYPTED },
	{ "\x09\x10\x01\x17", 4, CMS_ENCRYPTED },
	{ "\x09\x10\x01\x09", 4, CMS_COMPRESSED },
};

static enum cms_kind
cms_kind_of_oid(struct span oid)
{
	static const uint8_t pkcs[] = {
		0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01
	};
	struct span head = { 0 };
	struct span tail = { 0 };

	if (!span_cut(oid, 0, sizeof(pkcs), &head) ||
	    memcmp(head.ptr, pkcs, sizeof(pkcs)) != 0)
		return CMS_NONE;
	(void)span_cut(oid, sizeof(pkcs), oid.len_bytes - sizeof(pkcs), &tail);
	for (size_t i = 0; i < ARRAY_LEN(cms_types); i++)
		if (tail.ptr != NULL &&
		    tail.len_bytes == cms_types[i].len_bytes &&
		    memcmp(tail.ptr, cms_types[i].oid, tail.len_bytes) == 0)
			return cms_types[i].kind;
	/* The arcs of PKCS #7 and S/MIME. */
	return tail.len_bytes > 1 &&
			       (tail.ptr[0] == 0x07 || tail.ptr[0] == 0x09)
		       ? CMS_OTHER
		       : CMS_NONE;
}

/* PKCS #12: version 3, then an object of PKCS #7. */
static bool
cms_is_key_store(struct span bytes, size_t at)
{
	static const uint8_t version[] = { BER_INTEGER, 1, 3 };
	struct span head = { 0 };
	struct ber ber;

	if (!span_cut(bytes, at, sizeof(version), &head) ||
	    memcmp(head.ptr, version, sizeof(version)) != 0)
		return false;
	at += sizeof(version);
	return ber_enter(bytes, &at, BER_SEQUENCE) &&
	       ber_read(bytes, at, &ber) && ber.tag == BER_OID && !ber.cut &&
	       span_cut(bytes, ber.content_at, ber.end_at - ber.content_at,
			&head) &&
	       cms_kind_of_oid(head) != CMS_NONE;
}

enum cms_kind
cms_kind_of(struct span bytes)
{
	struct span oid = { 0 };
	struct ber ber;
	size_t at = 0;

	if (!ber_enter(bytes, &at, BER_SEQUENCE))
		return CMS_NONE;
	if (cms_is_key_store(bytes, at))
		return CMS_LOCKED;
	if (!ber_read(bytes, at, &ber) || ber.tag != BER_OID || ber.cut)
		return CMS_NONE;
	(void)span_cut(bytes, ber.content_at, ber.end_at - ber.content_at,
		       &oid);
	return cms_kind_of_oid(oid);
}

bool
cms_is_cut(struct span bytes)
{
	size_t at = 0;

	return !ber_skip(bytes, &at);
}

/* To what holds the octets. *end_at: where that may end. */
static bool
cms_enter(struct span bytes, enum cms_kind kind, size_t *at, size_t *end_at)
{
	struct ber ber;

	*end_at = SIZE_MAX;
	if (!ber_enter(bytes, at, BER_SEQUENCE) || !ber_skip(bytes, at) ||
	    !ber_enter(bytes, at, BER_CONTENT))
		return false;
	if (kind == CMS_DATA)
		return true;
	if (!ber_enter(bytes, at, BER_SEQUENCE) || !ber_skip(bytes, at) ||
	    !ber_skip(bytes, at) || !ber_read(bytes, *at, &ber) ||
	    ber.tag != BER_SEQUENCE)
		return false;
	*at = ber.content_at;
	/* What is cut off has no end to stop at. */
	*end_at = ber.cut ? SIZE_MAX : ber.end_at;
	return ber_skip(bytes, at);
}

/* One element of an octet string in pieces; false at the end of bytes. */
static bool
cms_piece(struct span bytes, size_t *at, size_t *depth,
	  struct cms_content *content)
{
	struct span part = { 0 };
	struct ber ber;

	if (!ber_read(bytes, *at, &ber))
		return false;
	if (ber_is_end(&ber)) {
		*depth -= *depth > 0;
		*at = ber.end_at;
		return true;
	}
	*depth += ber.indefinite;
	*at = ber.tag == BER_OCTETS_IN_PIECES || ber.indefinite ? ber.content_at
								: ber.end_at;
	if (ber.tag == BER_OCTETS &&
	    span_cut(bytes, ber.content_at, ber.end_at - ber.content_at, &part))
		sbuf_add_span(&content->bytes, part);
	else if (ber.tag != BER_OCTETS_IN_PIECES && ber.tag != BER_OCTETS)
		content->is_whole = false;
	return !ber.cut;
}

static void
cms_pieces(struct span bytes, const struct ber *outer,
	   struct cms_content *content)
{
	size_t at = outer->content_at;
	size_t depth = outer->indefinite;

	while (outer->indefinite ? depth > 0 : at < outer->end_at)
		if (!cms_piece(bytes, &at, &depth, content)) {
			content->is_whole = false;
			break;
		}
	content->end_at = at < bytes.len_bytes ? at : bytes.len_bytes;
}

/* The octets of the element at at. What is no octet string (PKCS #7 allows
 * it) is content as it stands. */
static bool
cms_octets(struct span bytes, size_t at, struct cms_content *content)
{
	struct span part = { 0 };
	struct ber ber;

	if (!ber_read(bytes, at, &ber))
		return false;
	content->start_at = at;
	content->is_whole = !ber.cut;
	if (ber.tag == BER_OCTETS_IN_PIECES) {
		cms_pieces(bytes, &ber, content);
		return true;
	}
	content->end_at = ber.end_at;
	if (ber.tag == BER_OCTETS)
		at = ber.content_at;
	(void)span_cut(bytes, at, ber.end_at - at, &part);
	sbuf_add_span(&content->bytes, part);
	return true;
}

bool
cms_find_content(struct span bytes, enum cms_kind kind,
		 struct cms_content *content)
{
	size_t end_at = 0;
	size_t at = 0;
	struct ber ber;

	content->is_whole = true;
	if (!cms_enter(bytes, kind, &at, &end_at))
		return false;
	content->start_at = at;
	content->end_at = at;
	if (kind != CMS_DATA) {
		if (at == end_at)
			return true;
		if (!ber_read(bytes, at, &ber))
			return false;
		if (ber_is_end(&ber))
			return true;
		if (ber.tag != BER_CONTENT)
			return false;
		at = ber.content_at;
	}
	content->is_there = cms_octets(bytes, at, content);
	return content->is_there;
}
