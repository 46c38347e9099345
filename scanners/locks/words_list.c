#include "scanners/locks/words_list.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "lib/base/sbuf.h"

enum {
	LIST_FIRST_ROOM = 256, /* a power of two */
	LIST_TEXT_BYTES = 64 * 1024 * 1024
};

struct list_item {
	uint32_t at;
	uint16_t len_bytes;
	enum report_word_source source;
};

struct words_list {
	struct sbuf texts; /* each with a NUL behind it */
	struct list_item *items;
	size_t count;
	size_t room;
	uint32_t *slots; /* twice the room: number of an item, plus one */
};

enum status
words_list_new(struct words_list **list_out, struct err *err)
{
	struct words_list *list = calloc(1, sizeof(*list));

	if (list == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	sbuf_init_secret(&list->texts, LIST_TEXT_BYTES);
	*list_out = list;
	return ST_OK;
}

void
words_list_free(struct words_list **list)
{
	if (*list == NULL)
		return;
	sbuf_done(&(*list)->texts);
	free((*list)->items);
	free((*list)->slots);
	free(*list);
	*list = NULL;
}

size_t
words_list_count(const struct words_list *list)
{
	return list->count;
}

struct span
words_list_word(const struct words_list *list, size_t i)
{
	struct span word = { NULL, 0 };

	(void)span_cut(sbuf_span(&list->texts), list->items[i].at,
		       list->items[i].len_bytes, &word);
	return word;
}

enum report_word_source
words_list_source(const struct words_list *list, size_t i)
{
	return list->items[i].source;
}

/* FNV-1a. */
static size_t
list_hash(struct span word)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < word.len_bytes; i++)
		hash = (hash ^ word.ptr[i]) * 0x100000001b3;
	return (size_t)(hash ^ hash >> 32);
}

/* The slot of word, or the free one where it would be. */
static size_t
list_slot(const struct words_list *list, struct span word)
{
	const size_t mask = 2 * list->room - 1;
	size_t slot = list_hash(word) & mask;

	while (list->slots[slot] != 0 &&
	       !span_equal(words_list_word(list, list->slots[slot] - 1), word))
		slot = (slot + 1) & mask;
	return slot;
}

static enum status
list_grow(struct words_list *list, struct err *err)
{
	const size_t room = list->room == 0 ? LIST_FIRST_ROOM : 2 * list->room;
	struct list_item *items =
		realloc(list->items, room * sizeof(list->items[0]));
	uint32_t *slots = NULL;

	if (items == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	list->items = items;
	slots = calloc(2 * room, sizeof(slots[0]));
	if (slots == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	free(list->slots);
	list->slots = slots;
	list->room = room;
	for (size_t i = 0; i < list->count; i++)
		slots[list_slot(list, words_list_word(list, i))] =
			(uint32_t)i + 1;
	return ST_OK;
}

/* Nobody types a control character, and no frame takes one. */
static bool
list_is_typed(struct span word)
{
	for (size_t i = 0; i < word.len_bytes; i++)
		if (word.ptr[i] < 0x20 || word.ptr[i] == 0x7F)
			return false;
	return parse_is_utf8(word);
}

enum status
words_list_add(struct words_list *list, struct span word,
	       enum report_word_source source, struct err *err)
{
	const size_t at = list->texts.len_bytes;
	enum status st = ST_OK;
	size_t slot = 0;

	if (word.len_bytes == 0 || word.len_bytes > REPORT_SECRET_BYTES ||
	    list->count >= WORDS_LIST_MOST || !list_is_typed(word))
		return ST_OK;
	if (list->count == list->room)
		st = list_grow(list, err);
	if (st != ST_OK)
		return st;
	slot = list_slot(list, word);
	if (list->slots[slot] != 0)
		return ST_OK;
	sbuf_add_span(&list->texts, word);
	sbuf_add_byte(&list->texts, '\0');
	st = sbuf_status(&list->texts, "words", err);
	if (st != ST_OK)
		return st == ST_LIMIT ? ST_OK : st;
	list->items[list->count++] =
		(struct list_item){ (uint32_t)at, (uint16_t)word.len_bytes,
				    source };
	list->slots[slot] = (uint32_t)list->count;
	return ST_OK;
}
