/*
 * pdf_encrypt.h - what a PDF file says of its encryption.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 *
 * ISO 32000-1, 7.6. The trailer, or the dictionary of a cross-reference
 * stream, names the encryption dictionary and the first identifier. Neither
 * they nor that dictionary may be packed, so they are found as text; of
 * several the last ones count.
 */
#ifndef SCANNERS_LOCKS_PDF_ENCRYPT_H
#define SCANNERS_LOCKS_PDF_ENCRYPT_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	PDF_STRING_BYTES = 128, /* of O, U and their like */
	PDF_HASH_BYTES = 32,
	PDF_SALT_BYTES = 8,
	PDF_LONG_BYTES = 48 /* O and U of revisions 5 and 6 */
};

struct pdf_string {
	uint8_t bytes[PDF_STRING_BYTES];
	size_t len_bytes;
};

struct pdf_encrypt {
	const char *name;    /* "pdf: AES-128" */
	uint32_t revision;   /* 2 to 6 */
	size_t key_bytes;    /* revisions 2 to 4 */
	uint32_t permission; /* P, in 32 bits */
	bool metadata;       /* is encrypted, too */
	struct pdf_string owner;
	struct pdf_string user;
	struct pdf_string id; /* may be empty */
};

/*
 * Returns: ST_OK; ST_NOT_FOUND it is not encrypted, or no PDF; ST_UNSUPPORTED
 *          certificates and the like; ST_FORMAT
 */
MUST_CHECK enum status
pdf_encrypt_find(struct span file, struct pdf_encrypt *encrypt_out,
		 struct err *err);

#endif
