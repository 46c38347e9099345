/*
 * find_rivals.h - other searches for twelve digits, for find_bench.
 *
 * Layer:    tests
 *
 * They look for four, four and four digits, half or full width, with at most
 * one hyphen or blank between; PCRE2 also that no digit is beside them, which
 * the others cannot say.
 */
#ifndef TESTS_BENCH_FIND_RIVALS_H
#define TESTS_BENCH_FIND_RIVALS_H

#include "lib/base/span.h"

struct find_rivals;

/* NULL when something fails; what is not installed is left out. */
struct find_rivals *find_rivals_new(void);
void find_rivals_free(struct find_rivals **rivals);

/* How many hits. */
uint64_t find_with_pcre2(struct find_rivals *rivals, struct span text);

bool find_has_hyperscan(void);
uint64_t find_with_hyperscan(struct find_rivals *rivals, struct span text);

/* The whole program on a file in memory; its CPU time to *seconds_out. False
 * when it is not installed. */
bool
find_with_ripgrep(struct span text, double *seconds_out, uint64_t *hits_out);

#endif
