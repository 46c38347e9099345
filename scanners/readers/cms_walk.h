/*
 * cms_walk.h - find the content of a CMS object (S/MIME, RFC 5652).
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 *
 * BER: lengths may be indefinite, and octet strings in pieces. Nothing is
 * checked but what leads to the content: signatures are nobody's business
 * here.
 *
 * Shape:
 *
 *	object      SEQUENCE { OID type, [0] { by type } }
 *	data        OCTET STRING
 *	signed      SEQUENCE { INTEGER, SET, content, ... }
 *	digested    SEQUENCE { INTEGER, SEQUENCE, content, ... }
 *	compressed  SEQUENCE { INTEGER, SEQUENCE, content }
 *	content     SEQUENCE { OID type, [0] { OCTET STRING } or nothing }
 */
#ifndef SCANNERS_READERS_CMS_WALK_H
#define SCANNERS_READERS_CMS_WALK_H

#include "lib/base/sbuf.h"

enum cms_kind {
	CMS_NONE = 0, /* no CMS object */
	CMS_DATA,
	CMS_SIGNED,
	CMS_DIGESTED,
	CMS_COMPRESSED,
	CMS_ENCRYPTED, /* for recipients, or by another key */
	CMS_LOCKED,    /* a key store (PKCS #12) */
	CMS_OTHER      /* a type that nobody here knows */
};

/* What bytes begin with. */
enum cms_kind cms_kind_of(struct span bytes);

struct cms_content {
	bool is_there; /* false: the content is elsewhere (detached) */
	bool is_whole;
	size_t start_at; /* around it: what else the object has */
	size_t end_at;
	struct sbuf bytes; /* its octets */
};

/* True when the object says that it is longer than bytes. */
bool cms_is_cut(struct span bytes);

/*
 * Find the content of an object of kind DATA to COMPRESSED.
 * Takes:    content: bytes ready, the rest zero
 * Returns:  false where the object cannot be followed up to there
 */
bool cms_find_content(struct span bytes, enum cms_kind kind,
		      struct cms_content *content);

#endif
