#include "quarantine-ui/http/limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIMITER_ROOM = 4096,
	LIMITER_WAYS = 8, /* an address can stand in one of so many places */
	LIMITER_KEY_BYTES = 8,
	MINUTE_MS = 60000
};

/* A bucket that drains evenly: level_ms falls by one each millisecond. */
struct limiter_place {
	uint8_t key[LIMITER_KEY_BYTES];
	int64_t level_ms;
	int64_t at_mono_ms;
};

struct limiter {
	pthread_mutex_t lock;
	struct limiter_place places[LIMITER_ROOM];
};

enum status
limiter_new(struct limiter **limiter_out, struct err *err)
{
	struct limiter *limiter = calloc(1, sizeof(*limiter));

	if (limiter == NULL)
		return err_set(err, ST_NO_MEMORY, "limiter: no memory");
	(void)pthread_mutex_init(&limiter->lock, NULL);
	*limiter_out = limiter;
	return ST_OK;
}

void
limiter_free(struct limiter **limiter)
{
	if (*limiter == NULL)
		return;
	(void)pthread_mutex_destroy(&(*limiter)->lock);
	free(*limiter);
	*limiter = NULL;
}

/* IPv4 in the low half, the /64 of IPv6, all ones for anything else. */
static void
limiter_key(const char *address, uint8_t key[LIMITER_KEY_BYTES])
{
	struct in6_addr six;
	struct in_addr four;

	memset(key, 0xff, LIMITER_KEY_BYTES);
	if (inet_pton(AF_INET, address, &four) == 1) {
		memset(key, 0, LIMITER_KEY_BYTES);
		memcpy(key + 4, &four, sizeof(four));
	} else if (inet_pton(AF_INET6, address, &six) == 1) {
		memcpy(key, &six, LIMITER_KEY_BYTES);
	}
}

static struct limiter_place *
limiter_find(struct limiter *limiter, const uint8_t key[LIMITER_KEY_BYTES])
{
	struct limiter_place *oldest = NULL;
	uint64_t hash = 1469598103934665603U;
	size_t first = 0;

	for (size_t i = 0; i < LIMITER_KEY_BYTES; i++)
		hash = (hash ^ key[i]) * 1099511628211U;
	first = (size_t)(hash >> 20) % (LIMITER_ROOM / LIMITER_WAYS) *
		LIMITER_WAYS;
	oldest = &limiter->places[first];
	for (size_t i = first; i < first + LIMITER_WAYS; i++) {
		struct limiter_place *place = &limiter->places[i];

		if (memcmp(place->key, key, LIMITER_KEY_BYTES) == 0)
			return place;
		if (place->at_mono_ms < oldest->at_mono_ms)
			oldest = place;
	}
	*oldest = (struct limiter_place){ .at_mono_ms = 0 };
	memcpy(oldest->key, key, LIMITER_KEY_BYTES);
	return oldest;
}

bool
limiter_try(struct limiter *limiter, const char *address,
	    int64_t tries_a_minute, int64_t now_mono_ms)
{
	const int64_t cost_ms = MINUTE_MS / tries_a_minute;
	uint8_t key[LIMITER_KEY_BYTES];
	struct limiter_place *place = NULL;
	bool within = false;

	limiter_key(address, key);
	(void)pthread_mutex_lock(&limiter->lock);
	place = limiter_find(limiter, key);
	place->level_ms -= now_mono_ms - place->at_mono_ms;
	if (place->level_ms < 0)
		place->level_ms = 0;
	place->at_mono_ms = now_mono_ms;
	within = place->level_ms + cost_ms <= MINUTE_MS;
	if (within)
		place->level_ms += cost_ms;
	(void)pthread_mutex_unlock(&limiter->lock);
	return within;
}
