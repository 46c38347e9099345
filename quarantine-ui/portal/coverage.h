/*
 * coverage.h - has a file gone out whole, be it in several pieces?
 *
 * Layer:    quarantine-ui/portal; includes only lib/
 * Threads:  any thread
 *
 * A download that broke off goes on where it was, or is fetched in pieces by
 * several connections. Only together are they "complete". Kept in memory for
 * the files that were sent last; what a restart forgets counts as not whole.
 */
#ifndef QUARANTINE_UI_PORTAL_COVERAGE_H
#define QUARANTINE_UI_PORTAL_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/status.h"

enum { COVERAGE_KEY_BYTES = 32 };

struct coverage;

/* Gives: *coverage_out, release with coverage_free(). ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
coverage_new(struct coverage **coverage_out, struct err *err);
void coverage_free(struct coverage **coverage);

/*
 * Bytes [first, first + len_bytes) of the total_bytes of the file of key (one
 * file of one visit) have gone out. Is it whole with that, and was not
 * without?
 */
bool
coverage_add(struct coverage *coverage, const uint8_t key[COVERAGE_KEY_BYTES],
	     uint64_t first, uint64_t len_bytes, uint64_t total_bytes);

#endif
