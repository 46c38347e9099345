/*
 * fuzz.h - what every fuzz target is: one function over any bytes.
 *
 * A target aborts when a promise is broken; sanitizers find the rest. In
 * tests/fuzz/local.mk: unit_tests += tests/fuzz/fuzz_x, its sources are
 * fuzz_x.c and replay.c, its CPPFLAGS define FUZZ_TARGET as "x", and its corpus
 * is tests/data/fuzz/x/.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As assert(), also in builds without it. */
#define FUZZ_PROMISE(condition)   \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

#endif
