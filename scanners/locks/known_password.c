#include "scanners/locks/known_password.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/known_run.h"

enum {
	PASSWORD_FIRST = 0x20,
	PASSWORD_LAST = 0x7E,
	PASSWORD_MAX_BYTES = 16,
	PASSWORD_WAYS = 3, /* bytes that one highest byte of Key(1) may mean */
	PASSWORD_CHAIN = 4,
	PASSWORD_PATHS = 81, /* all ways of a chain */
	PASSWORD_TICK = 1 << 16
};

/* What is known of Key(2) and Key(1) towards the end: two ways at most. */
struct ending {
	/* Bytes of the table of CRC-32 that made Key(2) of the sixth but last
	 * character, and of the three behind it. */
	uint8_t index[PASSWORD_CHAIN];
};

struct path {
	struct zipcrypto_keys keys;
	uint8_t text[PASSWORD_MAX_BYTES];
};

struct password {
	const struct zipcrypto_tables *tables;
	const struct known_tables *known;
	struct zipcrypto_keys want;
	size_t len; /* of the passwords that are looked for */
	struct ending endings[2];
	size_t ending_count;
	uint8_t index_of_top[ZIPCRYPTO_BYTE_VALUES]; /* of the table */
	uint8_t index_of_low[ZIPCRYPTO_BYTE_VALUES];
	/* Bytes by the highest byte of their product with KNOWN_FACTOR. */
	uint8_t by_top[ZIPCRYPTO_BYTE_VALUES][PASSWORD_WAYS];
	uint8_t by_top_count[ZIPCRYPTO_BYTE_VALUES];
	struct path paths[2][PASSWORD_PATHS];
	uint8_t found[PASSWORD_MAX_BYTES];
};

static void
password_tables(struct password *password)
{
	const uint32_t *crc = password->tables->crc;

	for (uint32_t i = 0; i < ZIPCRYPTO_BYTE_VALUES; i++) {
		const uint8_t top = (uint8_t)(i * KNOWN_FACTOR >> 24);

		password->index_of_top[crc[i] >> 24] = (uint8_t)i;
		password->index_of_low[(uint8_t)crc[i]] = (uint8_t)i;
		password->by_top[top][password->by_top_count[top]++] =
			(uint8_t)i;
	}
}

/* Key(2) back from the end: the last two steps are known, the third has two
 * ways, and of those before only the table's index is. */
static void
password_ending(struct password *password, uint32_t high, uint8_t top)
{
	struct ending *ending = &password->endings[password->ending_count];

	high = known_crc_back(password->known, high, top);
	for (size_t i = PASSWORD_CHAIN; i-- > 0;) {
		ending->index[i] = password->index_of_top[high >> 24];
		high = known_crc_back(password->known, high, 0);
	}
	password->ending_count++;
}

static void
password_endings(struct password *password)
{
	const struct zipcrypto_keys *want = &password->want;
	const uint32_t fifth =
		(want->sum - 1) * KNOWN_INVERSE - (uint8_t)want->low;
	const uint32_t fourth = (fifth - 1) * KNOWN_INVERSE;
	const uint8_t top = (uint8_t)(fourth >> 24);
	uint32_t high = known_crc_back(password->known, want->high,
				       (uint8_t)(want->sum >> 24));

	high = known_crc_back(password->known, high, (uint8_t)(fifth >> 24));
	password->ending_count = 0;
	password_ending(password, high, top);
	/* Less the low byte of Key(0), which is not known. */
	if ((uint8_t)((fourth - 0xFF) >> 24) != top)
		password_ending(password, high, (uint8_t)(top - 1));
}

static bool
password_is_printable(uint8_t byte)
{
	return byte >= PASSWORD_FIRST && byte <= PASSWORD_LAST;
}

/* The characters that make Key(2) as index says. */
static size_t
password_next(const struct password *password, const struct path *from,
	      size_t at, uint8_t index, struct path *to)
{
	const uint8_t top = index ^ (uint8_t)from->keys.high;
	const uint32_t base = from->keys.sum * KNOWN_FACTOR + 1;
	const uint8_t first = (uint8_t)((((uint32_t)top << 24) - base) >> 24);
	size_t count = 0;

	for (size_t i = 0; i < 2; i++) {
		const uint8_t near = (uint8_t)(first + i);

		for (size_t k = 0; k < password->by_top_count[near]; k++) {
			const uint8_t low = password->by_top[near][k];
			const uint8_t byte =
				password->index_of_low
					[low ^ (uint8_t)(from->keys.low >> 8)] ^
				(uint8_t)from->keys.low;

			if ((base + low * KNOWN_FACTOR) >> 24 != top ||
			    !password_is_printable(byte))
				continue;
			to[count] = *from;
			to[count].text[at] = byte;
			zipcrypto_update(password->tables, &to[count].keys,
					 byte);
			count++;
		}
	}
	return count;
}

/* Do three characters lead from path to the end? Key(0) tells them. */
static bool
password_ends(struct password *password, const struct path *from, size_t at)
{
	uint8_t index[3];
	uint32_t key = password->want.low;
	struct path path = *from;

	for (size_t i = 3; i-- > 0;) {
		index[i] = password->index_of_top[key >> 24];
		key = known_crc_back(password->known, key, 0);
	}
	if (key >> 24 != path.keys.low >> 24)
		return false;
	for (size_t i = 0; i < 3; i++) {
		path.text[at + i] = index[i] ^ (uint8_t)path.keys.low;
		if (!password_is_printable(path.text[at + i]))
			return false;
		zipcrypto_update(password->tables, &path.keys,
				 path.text[at + i]);
	}
	if (path.keys.low != password->want.low ||
	    path.keys.sum != password->want.sum ||
	    path.keys.high != password->want.high)
		return false;
	memcpy(password->found, path.text, sizeof(path.text));
	return true;
}

/* The last seven characters behind from. */
static bool
password_chain(struct password *password, const struct path *from, size_t at,
	       const struct ending *ending)
{
	size_t count = 1;

	password->paths[0][0] = *from;
	for (size_t i = 0; i < PASSWORD_CHAIN; i++) {
		const struct path *old = password->paths[i % 2];
		struct path *new = password->paths[(i + 1) % 2];
		size_t next = 0;

		for (size_t k = 0; k < count; k++)
			next += password_next(password, &old[k], at + i,
					      ending->index[i], &new[next]);
		count = next;
	}
	for (size_t k = 0; k < count; k++) {
		if (password_ends(password, &password->paths[0][k],
				  at + PASSWORD_CHAIN))
			return true;
	}
	return false;
}

/* All that begin with from, of which at characters are there. */
static bool
password_try(struct password *password, const struct path *from, size_t at)
{
	if (password->len < KNOWN_PASSWORD_FREE)
		return password_ends(password, from, at);
	for (size_t i = 0; i < password->ending_count; i++) {
		if (password_chain(password, from, at, &password->endings[i]))
			return true;
	}
	return false;
}

/* The next start; false when all were there. Character i stands on the keys
 * of levels[i]. */
static bool
password_advance(const struct password *password, struct path *levels,
		 size_t len)
{
	size_t at = len;

	while (at > 0 && levels[at].text[at - 1] == PASSWORD_LAST)
		at--;
	if (at == 0)
		return false;
	uint8_t byte = (uint8_t)(levels[at].text[at - 1] + 1U);

	for (; at <= len; at++) {
		levels[at].keys = levels[at - 1].keys;
		memcpy(levels[at].text, levels[at - 1].text, at - 1);
		levels[at].text[at - 1] = byte;
		zipcrypto_update(password->tables, &levels[at].keys, byte);
		byte = PASSWORD_FIRST;
	}
	return true;
}

static enum status
password_of_length(struct password *password, const struct lock_watch *watch,
		   struct err *err)
{
	const size_t solved =
		password->len < KNOWN_PASSWORD_FREE ? 3 : KNOWN_PASSWORD_FREE;
	const size_t len = password->len - solved;
	struct path levels[PASSWORD_MAX_BYTES + 1];
	uint64_t tried = 0;
	enum status st = ST_OK;

	levels[0] = (struct path){ .keys = zipcrypto_none() };
	for (size_t i = 1; i <= len; i++) {
		levels[i] = levels[i - 1];
		levels[i].text[i - 1] = PASSWORD_FIRST;
		zipcrypto_update(password->tables, &levels[i].keys,
				 PASSWORD_FIRST);
	}
	do {
		if (password_try(password, &levels[len], len))
			break;
		if (++tried % PASSWORD_TICK == 0 && watch != NULL)
			st = watch->tick(watch->context, err);
		if (st == ST_OK && !password_advance(password, levels, len))
			st = ST_NOT_FOUND;
	} while (st == ST_OK);
	explicit_bzero(levels, sizeof(levels));
	return st;
}

/* Of one or two characters: nothing to solve. */
static bool
password_short(struct password *password)
{
	for (unsigned i = PASSWORD_FIRST; i <= PASSWORD_LAST; i++) {
		for (unsigned k = PASSWORD_FIRST - 1; k <= PASSWORD_LAST; k++) {
			const uint8_t text[] = { (uint8_t)i, (uint8_t)k };
			const size_t len = k < PASSWORD_FIRST ? 1 : 2;
			const struct zipcrypto_keys keys =
				zipcrypto_of((struct span){ text, len });

			if (keys.low != password->want.low ||
			    keys.sum != password->want.sum ||
			    keys.high != password->want.high)
				continue;
			memcpy(password->found, text, len);
			password->len = len;
			return true;
		}
	}
	return false;
}

enum status
known_password(const struct zipcrypto_keys *keys, size_t max_bytes,
	       const struct lock_watch *watch, struct sbuf *password_out,
	       struct err *err)
{
	struct password *password = calloc(1, sizeof(*password));
	enum status st = ST_NOT_FOUND;

	if (password == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	password->tables = zipcrypto_tables();
	password->known = known_tables();
	password->want = *keys;
	password_tables(password);
	password_endings(password);
	if (password_short(password))
		st = ST_OK;
	for (size_t len = 3; st == ST_NOT_FOUND && len <= max_bytes &&
			     len <= PASSWORD_MAX_BYTES;
	     len++) {
		password->len = len;
		st = password_of_length(password, watch, err);
	}
	if (st == ST_OK)
		sbuf_add(password_out, password->found, password->len);
	explicit_bzero(password, sizeof(*password));
	free(password);
	return st;
}
