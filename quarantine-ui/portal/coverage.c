#include "quarantine-ui/portal/coverage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { COVERAGE_FILES = 1024, COVERAGE_PIECES = 16 };

struct piece {
	uint64_t first, end;
};

struct covered {
	uint8_t key[COVERAGE_KEY_BYTES];
	struct piece pieces[COVERAGE_PIECES]; /* in order, none touches */
	size_t count;
	uint64_t used; /* 0: free; else when it was used last */
};

struct coverage {
	pthread_mutex_t lock;
	struct covered files[COVERAGE_FILES];
	uint64_t clock;
};

enum status
coverage_new(struct coverage **coverage_out, struct err *err)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));

	if (coverage == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	(void)pthread_mutex_init(&coverage->lock, NULL);
	*coverage_out = coverage;
	return ST_OK;
}

void
coverage_free(struct coverage **coverage)
{
	if (*coverage == NULL)
		return;
	(void)pthread_mutex_destroy(&(*coverage)->lock);
	free(*coverage);
	*coverage = NULL;
}

/* The file of key; a new one takes the place of the one unused longest. */
static struct covered *
coverage_find(struct coverage *coverage, const uint8_t key[COVERAGE_KEY_BYTES])
{
	struct covered *oldest = &coverage->files[0];

	for (size_t i = 0; i < COVERAGE_FILES; i++) {
		struct covered *one = &coverage->files[i];

		if (one->used != 0 &&
		    memcmp(one->key, key, COVERAGE_KEY_BYTES) == 0)
			return one;
		if (one->used < oldest->used)
			oldest = one;
	}
	*oldest = (struct covered){ .count = 0 };
	memcpy(oldest->key, key, COVERAGE_KEY_BYTES);
	return oldest;
}

/* Take out what touches piece, which grows by it. */
static void
covered_join(struct covered *file, struct piece *piece)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->count; i++) {
		const struct piece one = file->pieces[i];

		if (one.end < piece->first || one.first > piece->end) {
			file->pieces[kept++] = one;
			continue;
		}
		if (one.first < piece->first)
			piece->first = one.first;
		if (one.end > piece->end)
			piece->end = one.end;
	}
	file->count = kept;
}

/* Too many pieces: the smallest is forgotten. */
static void
covered_make_room(struct covered *file)
{
	size_t least = 0;

	if (file->count < COVERAGE_PIECES)
		return;
	for (size_t i = 1; i < file->count; i++)
		if (file->pieces[i].end - file->pieces[i].first <
		    file->pieces[least].end - file->pieces[least].first)
			least = i;
	file->pieces[least] = file->pieces[--file->count];
}

static bool
covered_is_whole(const struct covered *file, uint64_t total_bytes)
{
	return file->count == 1 && file->pieces[0].first == 0 &&
	       file->pieces[0].end >= total_bytes;
}

bool
coverage_add(struct coverage *coverage, const uint8_t key[COVERAGE_KEY_BYTES],
	     uint64_t first, uint64_t len_bytes, uint64_t total_bytes)
{
	struct piece piece = { first, first + len_bytes };
	struct covered *file = NULL;
	bool was_whole = false;
	bool is_whole = false;

	(void)pthread_mutex_lock(&coverage->lock);
	file = coverage_find(coverage, key);
	file->used = ++coverage->clock;
	was_whole = covered_is_whole(file, total_bytes);
	covered_join(file, &piece);
	covered_make_room(file);
	file->pieces[file->count++] = piece;
	is_whole = covered_is_whole(file, total_bytes);
	(void)pthread_mutex_unlock(&coverage->lock);
	return is_whole && !was_whole;
}
