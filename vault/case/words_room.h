/*
 * words_room.h - where the words of words_pool.h lie, and which one goes.
 *
 * Layer:    vault/case
 * Threads:  one at a time; the pool has the lock
 */
#ifndef VAULT_CASE_WORDS_ROOM_H
#define VAULT_CASE_WORDS_ROOM_H

#include "vault/case/words_between.h"

enum {
	WORDS_LEAST_ROOM = 64, /* fewer words are not worth the trouble */
	WORDS_CLASSES = 2,     /* 1: those that did open something */
	WORDS_LANES = 1024
};

/* No entry. */
#define WORDS_NO_SLOT UINT32_MAX

/* One word for one pair. */
struct words_slot {
	uint8_t pair[WORDS_PAIR_BYTES];
	int64_t added_mono_ms;
	unsigned class;
	uint32_t next;         /* of its bucket, or of the free ones */
	uint32_t older, newer; /* of its class and lane */
	char text[REPORT_SECRET_BYTES + 1];
};

/* Entries of one class and lane in the order in which they came. */
struct words_queue {
	uint32_t oldest, newest;
	uint32_t count;
};

struct words_room {
	struct words_slot *entries; /* locked pages; NULL: no word came yet */
	uint32_t *buckets;          /* as many as entries */
	size_t size, wanted;
	size_t count;
	uint32_t free_entry;
	/* By sender: one who has many words pushes out his own. */
	struct words_queue queues[WORDS_CLASSES][WORDS_LANES];
	uint64_t dropped;
	int64_t dropped_mono_ms; /* the first of them */
};

/*
 * Have room as the settings say, or as much of it as can be locked.
 * Returns:  ST_OK; ST_LIMIT no memory could be locked; ST_NO_MEMORY
 */
MUST_CHECK enum status
words_room_need(struct words_room *room, const struct words_rules *rules,
		struct err *err);
/* All words are wiped. */
void words_room_free(struct words_room *room);

/* Drop what is too old. */
void
words_room_expire(struct words_room *room, const struct words_rules *rules);

/* Needs room. True when the word was not there. */
bool words_room_add(struct words_room *room, const struct words_rules *rules,
		    const uint8_t pair[WORDS_PAIR_BYTES],
		    const struct report_word *word);

/* The first of a bucket in which those of the pair stand, the youngest first;
 * others may stand there too. Needs a room that is not empty. */
uint32_t words_room_first(const struct words_room *room,
			  const uint8_t pair[WORDS_PAIR_BYTES]);

#endif
