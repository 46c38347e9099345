/*
 * seven_coders.h - the coders of a folder of 7z, and one taken out of it.
 *
 * Layer:    scanners/ciphers; private to seven_*.c
 * Threads:  values; no shared state
 * Input:    untrusted
 */
#ifndef SCANNERS_CIPHERS_SEVEN_CODERS_H
#define SCANNERS_CIPHERS_SEVEN_CODERS_H

#include "lib/base/sbuf.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/derive.h"
#include "scanners/ciphers/seven_header.h"

enum seven_method {
	SEVEN_METHOD_NONE = 0,
	SEVEN_METHOD_COPY,
	SEVEN_METHOD_LZMA,
	SEVEN_METHOD_LZMA2,
	SEVEN_METHOD_AES,
	SEVEN_METHOD_OTHER
};

enum seven_method seven_method_of(const struct seven_coder *coder);

/* What the coder of AES says of the key. */
struct seven_aes {
	unsigned power;
	uint8_t salt[DERIVE_7Z_SALT_BYTES];
	size_t salt_bytes;
	uint8_t vector[AES_BLOCK_BYTES];
};

/* Where one of them sits. */
struct seven_place {
	size_t coder;
	uint32_t in;
	uint32_t out;
	size_t packed; /* which of the folder's packed streams it reads */
	struct seven_aes aes;
	uint64_t size_bytes;            /* of what comes out of it */
	const struct seven_coder *next; /* what reads that; NULL: nothing */
	uint64_t next_bytes;            /* that come out of next */
};

/*
 * The first coder of AES in folder.
 * Returns: ST_OK; ST_NOT_FOUND there is none; ST_UNSUPPORTED; ST_FORMAT;
 *          ST_LIMIT
 */
MUST_CHECK enum status
seven_find_aes(const struct seven_folder *folder, struct seven_place *place_out,
	       struct err *err);

/* Take it out. The packed stream is then what comes out of it. */
MUST_CHECK enum status
seven_take_out(struct seven_folder *folder, const struct seven_place *place,
	       struct err *err);

/* Append a number, a folder, and its unpacked sizes. */
void seven_put_number(struct sbuf *out, uint64_t value);
void seven_put_folder(struct sbuf *out, const struct seven_folder *folder);

#endif
