/*
 * fake_scanner.h - a scanner that answers every request with one message.
 *
 * Layer:    tests
 * Threads:  serves one request in a thread of its own
 */
#ifndef TESTS_COURIER_FAKE_SCANNER_H
#define TESTS_COURIER_FAKE_SCANNER_H

#include <pthread.h>

#include "scanners/client/scan_client.h"
#include "tests/courier/world.h"

struct fake_scanner {
	const struct wire_table *table; /* NULL: close instead */
	const void *message;
	/* Of the last request: */
	enum scan_priority priority;
	bool reveal;
	bool preview;
	enum report_profile profile;
	uint64_t mail_bytes;
	char words[200]; /* joined by blanks */
	uint64_t search_from;
	uint32_t search_ms;
	enum rewrite_what rewrite;
	enum rewrite_pictures pictures;
	uint64_t logo_bytes;
	/* Written into the second descriptor of a rewrite. */
	const char *files;
	/* private */
	pthread_t thread;
	int listen_fd;
};

/*
 * Give job to the courier of world with a small mail, and serve the scan with
 * scanner, or let there be none (NULL). What the vault hears, its result
 * number i; job stays until then.
 */
const struct fake_done *
fake_scanner_run(struct world *world, struct fake_scanner *scanner,
		 const struct vault_job *job, size_t i);

/* The same with a mail of its own, until the scanner has answered; what the
 * vault hears then is for the caller to wait for. */
void fake_scanner_answer(struct world *world, struct fake_scanner *scanner,
			 const struct vault_job *job, const char *mail);

#endif
