/*
 * seven_header.h - the headers of a 7z archive, as far as streams go.
 *
 * Layer:    scanners/ciphers; private to seven_*.c
 * Threads:  values; no shared state
 * Input:    untrusted; what it may allocate is bounded by constants
 *
 * Shape (7zFormat.txt; numbers are 1 to 9 bytes, the first one says how many):
 *
 *	start   6 signature  2 version  4 crc  8 offset  8 size  4 crc of the
 *	        next header, which starts 32 + offset
 *	header  1 [2 properties] [4 streams] [5 files] 0
 *	        or 23 streams of one folder that gives the header
 *	streams [6 packed: position, count, [9 sizes] [10 digests] 0]
 *	        [7 folders: 11 count 0 folders 12 sizes [10 digests] 0]
 *	        [8 substreams] 0
 *	folder  count of coders; each: 1 flags, id, [ins, outs] [properties];
 *	        pairs of an input and the output that feeds it; packed inputs
 */
#ifndef SCANNERS_CIPHERS_SEVEN_HEADER_H
#define SCANNERS_CIPHERS_SEVEN_HEADER_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	SEVEN_START_BYTES = 32,
	SEVEN_CODERS = 16,
	SEVEN_STREAMS = 16, /* inputs, outputs, packed ones of a folder */
	SEVEN_FOLDERS = 1 << 14,
	SEVEN_PACKED = 1 << 15,
	SEVEN_ID_HEADER = 1,
	SEVEN_ID_PROPERTIES = 2,
	SEVEN_ID_STREAMS = 4,
	SEVEN_ID_PACK = 6,
	SEVEN_ID_UNPACK = 7,
	SEVEN_ID_SUBSTREAMS = 8,
	SEVEN_ID_SIZES = 9,
	SEVEN_ID_DIGESTS = 10,
	SEVEN_ID_FOLDERS = 11,
	SEVEN_ID_UNPACK_SIZES = 12,
	SEVEN_ID_COUNTS = 13,
	SEVEN_ID_ENCODED = 23
};

struct seven_coder {
	struct span id;
	uint32_t ins;
	uint32_t outs;
	bool has_props;
	struct span props;
};

struct seven_pair {
	uint32_t in;
	uint32_t out;
};

struct seven_folder {
	struct seven_coder coders[SEVEN_CODERS];
	struct seven_pair pairs[SEVEN_STREAMS];
	uint32_t packed[SEVEN_STREAMS]; /* inputs */
	uint64_t sizes[SEVEN_STREAMS];  /* of the outputs */
	size_t coder_count;
	size_t pair_count;
	size_t packed_count;
	size_t out_count;
	size_t first_packed; /* of the archive's streams */
};

struct seven_header {
	bool encoded;
	uint64_t pack_at; /* behind the start header */
	uint64_t *packed; /* sizes */
	size_t packed_count;
	struct seven_folder *folders;
	size_t folder_count;
	struct span tail; /* what stands behind the unpacked sizes */
};

/* Returns: ST_OK; ST_FORMAT; ST_UNSUPPORTED; ST_LIMIT; ST_NO_MEMORY. The
 * header borrows bytes; seven_header_done() is always due. */
MUST_CHECK enum status
seven_header_parse(struct span bytes, struct seven_header *header,
		   struct err *err);
void seven_header_done(struct seven_header *header);

/* The digest of the only folder of an encoded header. False: none. */
bool
seven_header_digest(const struct seven_header *header, uint32_t *digest_out);

/* Have all streams of the archive a checksum? */
bool seven_header_is_checked(const struct seven_header *header);

/* A number; false when it is not all there. */
bool seven_number(struct span bytes, size_t *at, uint64_t *value_out);

#endif
