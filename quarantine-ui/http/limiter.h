/*
 * limiter.h - so many tries a minute from one address.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  any thread
 *
 * A fixed table: an address that is not in it takes the place of the one
 * that has been quiet longest. IPv6 addresses count by their /64.
 */
#ifndef QUARANTINE_UI_HTTP_LIMITER_H
#define QUARANTINE_UI_HTTP_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/status.h"

struct limiter;

/* Gives: *limiter_out, release with limiter_free(). ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
limiter_new(struct limiter **limiter_out, struct err *err);
void limiter_free(struct limiter **limiter);

/* One more try from address at now_mono_ms: is it within tries_a_minute? */
bool limiter_try(struct limiter *limiter, const char *address,
		 int64_t tries_a_minute, int64_t now_mono_ms);

#endif
