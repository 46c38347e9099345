#include "tests/scanners/numbers_made.h"

#include <inttypes.h>
#include <stdio.h>

void
number_made(uint64_t prefix, bool valid, char text[NUMBER_MADE_BYTES])
{
	uint64_t rest = prefix;
	unsigned sum = 0;

	for (unsigned n = 1; n <= 11; n++) {
		sum += (unsigned)(rest % 10) * (n <= 6 ? n + 1 : n - 5);
		rest /= 10;
	}
	const unsigned check = sum % 11 <= 1 ? 0 : 11 - sum % 11;

	(void)snprintf(text, NUMBER_MADE_BYTES, "%011" PRIu64 "%u",
		       prefix % 100000000000, valid ? check : (check + 1) % 10);
}

uint64_t
number_scattered(uint64_t index, uint64_t limit)
{
	uint64_t x = (index + 1) * 0x9E3779B97F4A7C15U;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
	x = (x ^ x >> 27) * 0x94D049BB133111EBU;
	return (x ^ x >> 31) % limit;
}
