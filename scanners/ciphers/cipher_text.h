/*
 * cipher_text.h - values out of XML: attributes of a tag, base64.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_CIPHERS_CIPHER_TEXT_H
#define SCANNERS_CIPHERS_CIPHER_TEXT_H

#include "lib/base/span.h"

struct cipher_tag {
	struct span name; /* with its prefix; "/" first when it closes */
	struct span attributes;
};

/* The next tag at or after *at; *at is then behind it. False: none. */
bool cipher_next_any(struct span xml, size_t *at, struct cipher_tag *tag_out);

/* Is that its name, without the prefix? "/name" closes. */
bool cipher_tag_is(const struct cipher_tag *tag, const char *local);

/* The attributes of the next tag with this local name at or after *at; *at is
 * then behind it. False: there is none. */
bool cipher_next_tag(struct span xml, const char *local, size_t *at,
		     struct span *attributes_out);

/* The value of an attribute, as it stands; empty when it is not there. */
struct span cipher_attribute(struct span attributes, const char *name);

/* A decimal number. */
bool cipher_number(struct span text, uint32_t max, uint32_t *value_out);

/* False: it is no base64, or more than room_bytes. */
bool cipher_base64(struct span text, uint8_t *out, size_t room_bytes,
		   size_t *len_out);

#endif
