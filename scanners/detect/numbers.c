#include "scanners/detect/numbers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { NUMBERS_FIRST_ROOM = 64 };

struct numbers {
	struct number *entries;
	size_t room; /* a power of two */
	size_t count;
	uint64_t keys[3];
};

enum status
numbers_new(struct numbers **numbers_out, struct err *err)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	if (numbers == NULL)
		return err_set(err, ST_NO_MEMORY, "numbers: no memory");
	if (getrandom(numbers->keys, sizeof(numbers->keys), 0) !=
	    (ssize_t)sizeof(numbers->keys)) {
		free(numbers);
		return err_set_errno(err, "numbers: getrandom");
	}
	*numbers_out = numbers;
	return ST_OK;
}

static void
numbers_wipe(struct number *entries, size_t room)
{
	if (entries != NULL)
		explicit_bzero(entries, room * sizeof(*entries));
	free(entries);
}

void
numbers_free(struct numbers **numbers)
{
	if (*numbers == NULL)
		return;
	numbers_wipe((*numbers)->entries, (*numbers)->room);
	explicit_bzero(*numbers, sizeof(**numbers));
	free(*numbers);
	*numbers = NULL;
}

uint64_t
numbers_hash(const struct numbers *numbers, uint64_t a, uint64_t b)
{
	uint64_t hash = (a ^ numbers->keys[0]) * (numbers->keys[1] | 1);

	hash ^= hash >> 29;
	hash = (hash ^ b) * (numbers->keys[2] | 1);
	hash ^= hash >> 32;
	hash *= numbers->keys[1] | 1;
	return hash ^ hash >> 31;
}

/* The entry of value, or the free one where it would go. */
static struct number *
numbers_find(const struct numbers *numbers, struct number *entries, size_t room,
	     uint64_t value)
{
	size_t at = (size_t)numbers_hash(numbers, value, 0) & (room - 1);

	while (entries[at].value != 0 && entries[at].value != value)
		at = (at + 1) & (room - 1);
	return &entries[at];
}

static bool
numbers_grow(struct numbers *numbers)
{
	const size_t room =
		numbers->room == 0 ? NUMBERS_FIRST_ROOM : numbers->room * 2;
	struct number *entries = calloc(room, sizeof(*entries));

	if (entries == NULL)
		return false;
	for (size_t i = 0; i < numbers->room; i++)
		if (numbers->entries[i].value != 0)
			*numbers_find(numbers, entries, room,
				      numbers->entries[i].value) =
				numbers->entries[i];
	numbers_wipe(numbers->entries, numbers->room);
	numbers->entries = entries;
	numbers->room = room;
	return true;
}

struct number *
numbers_get(struct numbers *numbers, uint64_t value)
{
	struct number *entry = NULL;

	if (numbers->count * 2 >= numbers->room && !numbers_grow(numbers))
		return NULL;
	entry = numbers_find(numbers, numbers->entries, numbers->room,
			     value + 1);
	if (entry->value != 0)
		return entry;
	if (numbers->count >= NUMBERS_MAX)
		return NULL;
	numbers->count++;
	*entry = (struct number){ value + 1, NUMBERS_NO_SCORE, NUMBERS_NO_SCORE,
				  0 };
	return entry;
}

struct number *
numbers_next(struct numbers *numbers, size_t *index)
{
	while (*index < numbers->room) {
		struct number *entry = &numbers->entries[(*index)++];

		if (entry->value != 0)
			return entry;
	}
	return NULL;
}
