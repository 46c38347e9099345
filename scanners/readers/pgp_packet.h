/*
 * pgp_packet.h - walk the packets of OpenPGP data (RFC 4880, RFC 9580).
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 *
 * Shape:
 *
 *	old    10tttt00 length 1, 10tttt01 length 2, 10tttt10 length 4,
 *	       10tttt11 up to the end
 *	new    11tttttt, length 1 (0 to 191), 2 (192 to 223), 5 (255), or
 *	       224 to 254: a piece of 2^n bytes, another length follows it
 */
#ifndef SCANNERS_READERS_PGP_PACKET_H
#define SCANNERS_READERS_PGP_PACKET_H

#include "lib/base/sbuf.h"

enum pgp_tag {
	PGP_NONE = 0,
	PGP_KEY_FOR_RECIPIENT = 1,
	PGP_SIGNATURE = 2,
	PGP_KEY_BY_PASSWORD = 3,
	PGP_ONE_PASS = 4,
	PGP_SECRET_KEY = 5,
	PGP_PUBLIC_KEY = 6,
	PGP_SECRET_SUBKEY = 7,
	PGP_COMPRESSED = 8,
	PGP_ENCRYPTED = 9,
	PGP_MARKER = 10,
	PGP_LITERAL = 11,
	PGP_TRUST = 12,
	PGP_USER_ID = 13,
	PGP_PUBLIC_SUBKEY = 14,
	PGP_USER_ATTRIBUTE = 17,
	PGP_ENCRYPTED_AND_CHECKED = 18,
	PGP_CHECK = 19,
	PGP_ENCRYPTED_AEAD = 20,
	PGP_PADDING = 21
};

struct pgp_packet {
	enum pgp_tag tag;
	size_t start_at; /* of its tag */
	size_t end_at;
	bool in_pieces;    /* its bytes are in body_out only */
	bool is_cut;       /* it claims more than there is */
	struct span body;  /* of one that is not in pieces */
	size_t body_start; /* where the first length stands */
};

/* Set bytes, leave the rest zero. */
struct pgp_walk {
	struct span bytes;
	size_t at;
	bool has_junk; /* what stands at at is no packet */
};

/* Step to the next packet. False at the end, or at what is none. */
bool pgp_packet_next(struct pgp_walk *walk, struct pgp_packet *packet_out);

/* Append the body of packet to out. */
void pgp_packet_body(const struct pgp_walk *walk,
		     const struct pgp_packet *packet, struct sbuf *out);

/* Do the bytes consist of packets that follow each other as they should, up
 * to their end? */
bool pgp_is_whole(struct span bytes);

/* Do they begin with a packet by which such data begins? */
bool pgp_begins(struct span bytes);

#endif
