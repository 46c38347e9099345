/*
 * numbers_made.h - made-up numbers with and without a fitting check digit.
 */
#ifndef TESTS_SCANNERS_NUMBERS_MADE_H
#define TESTS_SCANNERS_NUMBERS_MADE_H

#include <stdbool.h>
#include <stdint.h>

enum { NUMBER_MADE_BYTES = 13 };

/* Eleven digits of prefix and the check digit, or another one. */
void number_made(uint64_t prefix, bool valid, char text[NUMBER_MADE_BYTES]);

/* The index-th of a series that is spread at random, below limit. */
uint64_t number_scattered(uint64_t index, uint64_t limit);

#endif
