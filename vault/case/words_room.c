#include "vault/case/words_room.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/case/locked_pages.h"
#include "vault/case/words_pool.h"

void
words_room_free(struct words_room *room)
{
	locked_pages_free(room->entries, room->size * sizeof(*room->entries));
	free(room->buckets);
	room->entries = NULL;
	room->buckets = NULL;
	room->size = room->count = 0;
}

/* All entries are free. */
static void
room_clear(struct words_room *room)
{
	for (size_t i = 0; i < room->size; i++) {
		room->buckets[i] = WORDS_NO_SLOT;
		room->entries[i].next =
			i + 1 < room->size ? (uint32_t)i + 1 : WORDS_NO_SLOT;
	}
	room->free_entry = 0;
	for (size_t i = 0; i < WORDS_CLASSES; i++)
		for (size_t j = 0; j < WORDS_LANES; j++)
			room->queues[i][j] =
				(struct words_queue){ WORDS_NO_SLOT,
						      WORDS_NO_SLOT, 0 };
}

enum status
words_room_need(struct words_room *room, const struct words_rules *rules,
		struct err *err)
{
	const size_t wanted = rules->max_words;

	if (room->entries != NULL &&
	    (room->count > 0 || room->wanted == wanted))
		return ST_OK;
	words_room_free(room);
	room->size = wanted;
	while (room->entries == NULL && room->size >= WORDS_LEAST_ROOM) {
		room->entries =
			locked_pages_new(room->size * sizeof(*room->entries));
		if (room->entries == NULL)
			room->size /= 2;
	}
	if (room->entries == NULL) {
		room->size = 0;
		return err_set(err, ST_LIMIT,
			       "vault: no memory can be locked for words; "
			       "raise its limit (LimitMEMLOCK)");
	}
	room->buckets = reallocarray(NULL, room->size, sizeof(uint32_t));
	if (room->buckets == NULL) {
		words_room_free(room);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	room->wanted = wanted;
	room_clear(room);
	return ST_OK;
}

/* --- entries ----------------------------------------------------------- */

static uint32_t *
bucket_of(const struct words_room *room, const uint8_t pair[WORDS_PAIR_BYTES])
{
	uint32_t hash = 0;

	assert(room->size > 0);
	memcpy(&hash, pair + WORDS_SENDER_BYTES, sizeof(hash));
	return &room->buckets[hash % room->size];
}

static struct words_queue *
queue_of(struct words_room *room, const struct words_slot *entry)
{
	uint32_t sender = 0;

	_Static_assert(sizeof(sender) == WORDS_SENDER_BYTES, "all of it");
	memcpy(&sender, entry->pair, sizeof(sender));
	return &room->queues[entry->class][sender % WORDS_LANES];
}

static void
queue_append(struct words_room *room, uint32_t at)
{
	struct words_slot *entry = &room->entries[at];
	struct words_queue *queue = queue_of(room, entry);

	queue->count++;
	entry->older = queue->newest;
	entry->newer = WORDS_NO_SLOT;
	if (queue->newest != WORDS_NO_SLOT)
		room->entries[queue->newest].newer = at;
	else
		queue->oldest = at;
	queue->newest = at;
}

static void
queue_remove(struct words_room *room, uint32_t at)
{
	const struct words_slot *entry = &room->entries[at];
	struct words_queue *queue = queue_of(room, entry);

	queue->count--;
	if (entry->older != WORDS_NO_SLOT)
		room->entries[entry->older].newer = entry->newer;
	else
		queue->oldest = entry->newer;
	if (entry->newer != WORDS_NO_SLOT)
		room->entries[entry->newer].older = entry->older;
	else
		queue->newest = entry->older;
}

static void
bucket_remove(struct words_room *room, uint32_t at)
{
	uint32_t *place = bucket_of(room, room->entries[at].pair);

	while (*place != at)
		place = &room->entries[*place].next;
	*place = room->entries[at].next;
}

static void
bucket_prepend(struct words_room *room, uint32_t at)
{
	uint32_t *bucket = bucket_of(room, room->entries[at].pair);

	room->entries[at].next = *bucket;
	*bucket = at;
}

static void
entry_drop(struct words_room *room, uint32_t at)
{
	struct words_slot *entry = &room->entries[at];

	bucket_remove(room, at);
	queue_remove(room, at);
	explicit_bzero(entry, sizeof(*entry));
	entry->next = room->free_entry;
	room->free_entry = at;
	room->count--;
}

static void
count_dropped(struct words_room *room, int64_t now_mono_ms)
{
	if (room->dropped++ == 0)
		room->dropped_mono_ms = now_mono_ms;
}

static void
expire_class(struct words_room *room, unsigned class, int64_t keep_ms,
	     int64_t now_mono_ms)
{
	for (size_t i = 0; i < WORDS_LANES; i++) {
		const struct words_queue *queue = &room->queues[class][i];

		while (queue->oldest != WORDS_NO_SLOT &&
		       now_mono_ms - room->entries[queue->oldest]
					       .added_mono_ms >=
			       keep_ms) {
			entry_drop(room, queue->oldest);
			count_dropped(room, now_mono_ms);
		}
	}
}

void
words_room_expire(struct words_room *room, const struct words_rules *rules)
{
	if (room->entries == NULL)
		return;
	expire_class(room, 0, rules->keep_ms, rules->now_mono_ms);
	expire_class(room, 1, rules->worked_keep_ms, rules->now_mono_ms);
}

/* Goes a word of the one rather than of the other? Both are of a class. */
static bool
queue_goes_first(const struct words_room *room, const struct words_queue *queue,
		 const struct words_queue *other)
{
	if (queue->count != other->count || queue->count == 0)
		return queue->count > other->count;
	return room->entries[queue->oldest].added_mono_ms <
	       room->entries[other->oldest].added_mono_ms;
}

/* The oldest of a sender who has most: whoever sends much takes no room from
 * others. What may open something soon goes before what did open something. */
static void
drop_one(struct words_room *room, int64_t now_mono_ms)
{
	const struct words_queue *first = &room->queues[0][0];

	for (size_t class = 0; class < WORDS_CLASSES; class ++) {
		first = &room->queues[class][0];
		for (size_t i = 1; i < WORDS_LANES; i++)
			if (queue_goes_first(room, &room->queues[class][i],
					     first))
				first = &room->queues[class][i];
		if (first->count > 0)
			break;
	}
	entry_drop(room, first->oldest);
	count_dropped(room, now_mono_ms);
}

/* What a word meets among those of its pair. */
struct meeting {
	uint32_t same;   /* the word is there, of this class */
	uint32_t oldest; /* of the pair and class */
	size_t count;
};

static struct meeting
meet(struct words_room *room, const uint8_t pair[WORDS_PAIR_BYTES],
     const struct report_word *word)
{
	struct meeting meeting = { WORDS_NO_SLOT, WORDS_NO_SLOT, 0 };

	for (uint32_t at = *bucket_of(room, pair); at != WORDS_NO_SLOT;
	     at = room->entries[at].next) {
		const struct words_slot *entry = &room->entries[at];

		if (memcmp(entry->pair, pair, WORDS_PAIR_BYTES) != 0 ||
		    entry->class != (word->worked ? 1U : 0U))
			continue;
		/* The youngest stand first. */
		meeting.oldest = at;
		meeting.count++;
		if (strcmp(entry->text, word->text) == 0)
			meeting.same = at;
	}
	return meeting;
}

bool
words_room_add(struct words_room *room, const struct words_rules *rules,
	       const uint8_t pair[WORDS_PAIR_BYTES],
	       const struct report_word *word)
{
	const struct meeting meeting = meet(room, pair, word);
	struct words_slot *entry = NULL;
	uint32_t at = meeting.same;

	if (at != WORDS_NO_SLOT) {
		entry_drop(room, at);
	} else if (meeting.count >= WORDS_MAX_OF_PAIR) {
		entry_drop(room, meeting.oldest);
		count_dropped(room, rules->now_mono_ms);
	}
	while (room->free_entry == WORDS_NO_SLOT ||
	       room->count >= rules->max_words)
		drop_one(room, rules->now_mono_ms);
	at = room->free_entry;
	entry = &room->entries[at];
	room->free_entry = entry->next;
	memcpy(entry->pair, pair, WORDS_PAIR_BYTES);
	entry->added_mono_ms = rules->now_mono_ms;
	entry->class = word->worked ? 1 : 0;
	(void)snprintf(entry->text, sizeof(entry->text), "%s", word->text);
	bucket_prepend(room, at);
	queue_append(room, at);
	room->count++;
	return meeting.same == WORDS_NO_SLOT;
}

uint32_t
words_room_first(const struct words_room *room,
		 const uint8_t pair[WORDS_PAIR_BYTES])
{
	return *bucket_of(room, pair);
}
