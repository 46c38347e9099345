/*
 * content.h - the content digest of a mail (DESIGN 8): what makes a retry the
 * same mail.
 *
 * Layer:    lib/crypto
 * Threads:  one digest belongs to one thread at a time
 *
 * The milter feeds it from callbacks, the courier from a mail it composed;
 * both get the same value for the same mail. Part of it are: envelope sender;
 * the fields From, To, Cc, Subject, Date, Message-Id, MIME-Version and every
 * Content-* in their order, names in lower case, values without the white
 * space around them and with folds unfolded; and the body, byte for byte.
 * Date and Message-Id are left out by the caller when the MTA added them.
 * Recipients are not part of it.
 */
#ifndef LIB_CRYPTO_CONTENT_H
#define LIB_CRYPTO_CONTENT_H

#include "lib/crypto/digest.h"

struct content_digest;

MUST_CHECK enum status
content_digest_new(struct content_digest **digest_out, struct err *err);
void content_digest_free(struct content_digest **digest);

/* In this order: sender once, fields, body chunks, end. */
MUST_CHECK enum status
content_digest_sender(struct content_digest *digest, const char *address,
		      struct err *err);
/* Ignores fields that are not part of the digest. */
MUST_CHECK enum status
content_digest_field(struct content_digest *digest, const char *name,
		     struct span value, struct err *err);
MUST_CHECK enum status content_digest_body(struct content_digest *digest,
					   struct span chunk, struct err *err);
MUST_CHECK enum status
content_digest_end(struct content_digest *digest, uint8_t out[DIGEST_BYTES],
		   struct err *err);

#endif
