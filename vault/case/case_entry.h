/*
 * case_entry.h - one case in the index, and what can be asked of it.
 *
 * Layer:    vault/case; case_index.c only
 * Threads:  values; no shared state
 */
#ifndef VAULT_CASE_CASE_ENTRY_H
#define VAULT_CASE_CASE_ENTRY_H

#include "vault/case/case_index.h"
#include "vault/case/record.h"

enum { ENTRY_SENDER_BYTES = 40, ENTRY_MAC_BYTES = 8 };

struct case_entry {
	uint8_t id[CASE_ID_BYTES];
	uint8_t state;
	uint8_t risk; /* the higher, the sooner to be looked at */
	int64_t taken_unix_ms;
	int64_t deadline_unix_ms;        /* INT64_MAX: none any more */
	char sender[ENTRY_SENDER_BYTES]; /* folded, cut: sorted by */
	char *group;                     /* in memory behind */
	/* Starts of the senders' HMACs: enough for a sieve. */
	uint8_t (*senders)[ENTRY_MAC_BYTES];
	size_t sender_count;
	/* Folded: rule and id, a line end, and the words of the mail. NULL:
	 * to be read from the row. */
	char *text;
	size_t open_bytes;  /* of rule and id */
	size_t text_bytes;  /* without its NUL */
	size_t total_bytes; /* of this block of memory */
};

/* record is opened, or damaged: then its summary is empty.
 * Gives: *entry_out, one block; case_entry_free() */
enum entry_text { ENTRY_TEXT_NONE = 0, ENTRY_TEXT_WITH, ENTRY_TEXT_WITHOUT };
MUST_CHECK enum status
case_entry_new(const struct vault *vault, const struct record *record,
	       enum entry_text with_text, struct case_entry **entry_out,
	       struct err *err);
/* Wipes it. */
void case_entry_free(struct case_entry **entry);

/* Comparison of two struct case_entry *, for qsort(). */
typedef int (*case_entry_order)(const void *a, const void *b);
case_entry_order case_entry_order_of(enum case_sort sort);

/* Is it somebody's of this query: more than by everything? */
bool case_entry_is_involved(const struct case_entry *entry,
			    const struct case_index_query *query);

/* Words to search for, folded. */
struct entry_words {
	char text[VAULT_MAX_NAME_BYTES + 1];
	const char *words[INDEX_MAX_WORDS];
	size_t count;
};
void case_entry_words(const char *search, struct entry_words *words_out);
/* involved: all of the text, else rule and id. */
bool case_entry_matches(const struct case_entry *entry, bool involved,
			const struct entry_words *words);

/* text as it is compared: ASCII lower case, full-width letters and digits as
 * the usual ones. Appends to out. */
void case_entry_fold(struct sbuf *out, const char *text);

#endif
