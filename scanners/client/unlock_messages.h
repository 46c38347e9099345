/*
 * unlock_messages.h - what is said between a searcher and who started it.
 *
 * Layer:    scanners/client; includes only lib/
 * Input:    the result is untrusted: a hostile archive may have taken the
 *           searcher over. Nothing may follow from it but what people are told.
 *
 *	client                             sekimori-worker-unlock
 *	unlock_order + archive [+ words] [+ known] ->
 *	                                 <- unlock_progress  (any number)
 *	                                 <- unlock_result, and exit
 *
 * All of them are sealed memory files; words are lines, known is a member of
 * the archive in clear.
 */
#ifndef SCANNERS_CLIENT_UNLOCK_MESSAGES_H
#define SCANNERS_CLIENT_UNLOCK_MESSAGES_H

#include "lib/wire/table.h"

enum {
	UNLOCK_ORDER_TYPE = 0x0130,
	UNLOCK_PROGRESS_TYPE = 0x0131,
	UNLOCK_RESULT_TYPE = 0x0132,
	UNLOCK_MAX_MASKS = 64,
	UNLOCK_MASK_BYTES = 512,
	UNLOCK_PASSWORD_BYTES = 256,
	UNLOCK_TEXT_BYTES = 600,
	UNLOCK_MAX_SLICES = 256,
	UNLOCK_FDS = 3
};

struct unlock_mask {
	const char *text;
};

struct unlock_order {
	const char *account; /* to become, when started as root */
	uint64_t max_input_bytes;
	uint64_t budget_ms; /* wall time; 0: until all is tried */
	uint32_t slice;     /* which part of the passwords, from 0 */
	uint32_t slices;
	const struct unlock_mask *masks;
	size_t mask_count;
	bool has_words;
	bool has_known;
	bool guess; /* what the first bytes of members may be, at last */
};
extern const struct wire_table unlock_order_table;

struct unlock_progress {
	uint64_t tried; /* by this searcher */
	uint64_t total; /* of all slices; UINT64_MAX: more than can be counted
			 */
};
extern const struct wire_table unlock_progress_table;

enum unlock_outcome {
	UNLOCK_NONE = 0,
	UNLOCK_OPENED,
	UNLOCK_NOT_FOUND,   /* all were tried */
	UNLOCK_BUDGET,      /* the time was up */
	UNLOCK_NOT_LOCKED,  /* nothing in it is */
	UNLOCK_UNSUPPORTED, /* locked in a way that is not searched */
	UNLOCK_NO_ARCHIVE,
	UNLOCK_BAD_MASK,  /* kind says why */
	UNLOCK_NO_MEMBER, /* what is known is none, or packed otherwise */
	UNLOCK_END
};

struct unlock_result {
	enum unlock_outcome outcome;
	const char *kind;     /* "zip: ZipCrypto", or why it is none */
	const char *source;   /* what gave the password: a mask, "words" */
	struct span password; /* empty unless opened */
	uint64_t tried;
	uint64_t total;
	bool unsure; /* it opens so little that others do, too */
};
extern const struct wire_table unlock_result_table;

#endif
