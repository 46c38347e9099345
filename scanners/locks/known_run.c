#include "scanners/locks/known_run.h"

#include <pthread.h>
#include <stdlib.h>

/* Set once, then constant. */
static struct known_tables known_made;
static pthread_once_t known_once = PTHREAD_ONCE_INIT;

static void
known_make_crc(struct known_tables *made)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();

	for (uint32_t i = 0; i < ZIPCRYPTO_BYTE_VALUES; i++)
		made->crc_back[tables->crc[i] >> 24] = tables->crc[i] << 8 ^ i;
}

/* The values come in the order of their highest bits. */
static void
known_make_stream(struct known_tables *made)
{
	uint8_t counts[ZIPCRYPTO_BYTE_VALUES] = { 0 };

	for (uint32_t high = 0; high < KNOWN_STREAM_VALUES; high++) {
		for (uint32_t low = 0; low < 256; low++) {
			const struct zipcrypto_keys keys = {
				.high = high << 10 | low << 2
			};
			const uint8_t byte = zipcrypto_stream(&keys);

			made->stream[byte][counts[byte]++] =
				(uint16_t)keys.high;
		}
		for (size_t byte = 0; byte < ZIPCRYPTO_BYTE_VALUES; byte++)
			made->from[byte][high + 1] = counts[byte];
	}
}

static int
known_order(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a;
	const uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
known_make_near(struct known_tables *made)
{
	uint32_t values[ZIPCRYPTO_BYTE_VALUES];
	size_t at = 0;

	for (uint32_t x = 0; x < ZIPCRYPTO_BYTE_VALUES; x++)
		values[x] = x * KNOWN_INVERSE;
	qsort(values, ZIPCRYPTO_BYTE_VALUES, sizeof(values[0]), known_order);
	for (uint32_t i = 0; i < 512; i++) {
		while (at < ZIPCRYPTO_BYTE_VALUES && values[at] < i << 23)
			at++;
		made->near[0][i] = values[at % ZIPCRYPTO_BYTE_VALUES];
		made->near[1][i] = values[(at + 1) % ZIPCRYPTO_BYTE_VALUES];
	}
}

static void
known_make_pack(struct known_tables *made)
{
	for (size_t mask = 0; mask < ZIPCRYPTO_BYTE_VALUES; mask++) {
		size_t count = 0;

		for (uint8_t lane = 0; lane < 8; lane++) {
			if ((mask >> lane & 1) != 0)
				made->pack[mask][count++] = lane;
		}
	}
}

static void
known_make(void)
{
	known_make_crc(&known_made);
	known_make_stream(&known_made);
	known_make_near(&known_made);
	known_make_pack(&known_made);
}

const struct known_tables *
known_tables(void)
{
	(void)pthread_once(&known_once, known_make);
	return &known_made;
}

/* The byte that must stand at at, or -1 when nobody knows. */
static int
known_byte(const struct known_run *run, size_t at)
{
	if (at >= run->at && at - run->at < run->count)
		return run->plain[at - run->at];
	for (size_t i = 0; i < run->single_count; i++) {
		if (run->singles[i].at == at)
			return run->singles[i].plain;
	}
	return -1;
}

/* Behind it nothing is known. */
static size_t
known_end(const struct known_run *run)
{
	size_t end = run->at + run->count;

	for (size_t i = 0; i < run->single_count; i++) {
		if (run->singles[i].at >= end)
			end = run->singles[i].at + 1;
	}
	return end < run->cipher.len_bytes ? end : run->cipher.len_bytes;
}

bool
known_run_proves(const struct known_run *run, size_t at,
		 struct zipcrypto_keys *keys)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	const struct known_tables *known = known_tables();
	struct zipcrypto_keys ahead = *keys;
	const size_t end = known_end(run);

	for (size_t i = at; i < end; i++) {
		const int want = known_byte(run, i);
		const uint8_t is =
			zipcrypto_next(tables, &ahead, run->cipher.ptr[i]);

		if (want >= 0 && is != want)
			return false;
	}
	for (size_t i = at; i-- > 0;) {
		const int want = known_byte(run, i);
		const uint8_t is =
			known_step_back(known, keys, run->cipher.ptr[i]);

		if (want >= 0 && is != want)
			return false;
	}
	return true;
}
