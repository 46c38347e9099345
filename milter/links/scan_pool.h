/*
 * scan_pool.h - a fixed number of connections to the scanner, shared by all
 * sessions.
 *
 * Layer:    milter/links; includes only lib/ and scanners/client/
 * Threads:  any
 */
#ifndef MILTER_LINKS_SCAN_POOL_H
#define MILTER_LINKS_SCAN_POOL_H

#include "scanners/client/scan_client.h"

struct scan_pool;

/* Gives: *pool_out, scan_pool_free(); socket_path is copied.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
scan_pool_new(const char *socket_path, size_t client_count,
	      struct scan_pool **pool_out, struct err *err);
/*
 * A pool of one, with a confined scanner of its own (--policy-test).
 * Returns: as scan_client_spawn()
 */
MUST_CHECK enum status
scan_pool_spawn(const char *scanner_path, const char *config_path,
		struct scan_pool **pool_out, struct err *err);

struct scan_pool_mail {
	int fd; /* sealed; borrowed */
	enum report_profile profile;
	int64_t deadline_mono_ms;
	const struct scan_word *words; /* to be tried first; borrowed */
	size_t word_count;
};

/* When no scan is running any more. */
void scan_pool_free(struct scan_pool **pool);

/*
 * Scan a mail, waiting for a free connection first. wait->tick is called every
 * interval_ms in both waits; what it returns ends them.
 *
 * Gives:    *reply_out, release with scan_reply_free()
 * Returns:  as scan_client_scan(); ST_IO also when no connection came free
 *           before deadline_mono_ms
 */
MUST_CHECK enum status
scan_pool_scan(struct scan_pool *pool, const struct scan_pool_mail *mail,
	       const struct scan_wait *wait, struct scan_reply **reply_out,
	       struct err *err);

#endif
