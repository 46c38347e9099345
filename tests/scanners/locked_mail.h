/* locked_mail.h - a mail with something locked, and a scan that tries words. */
#ifndef TESTS_SCANNERS_LOCKED_MAIL_H
#define TESTS_SCANNERS_LOCKED_MAIL_H

#include "lib/base/sbuf.h"
#include "scanners/worker/engine.h"

struct locked_scan {
	/* What the scan is asked for; zero: nothing is given, and time
	 * for all that is meant to open. */
	const struct scan_word *secrets;
	size_t secret_count;
	const struct words *words;
	uint64_t search_from;
	uint32_t search_ms;
	uint32_t mask_ms;
	const struct engine *beside;
	bool gather; /* and nothing else */
	bool none;    /* no time for trying at all */
	bool preview; /* for engine_preview() */
	/* Filled in: */
	struct engine *engine;
	struct engine_request request;
	struct engine_readers readers;
	struct scan_report report;
};

/* Begin a mail with this subject and body (UTF-8); mail is empty. */
void
locked_mail_begin(struct sbuf *mail, const char *subject, const char *body);
/* Attach bytes under a name; any number of times. */
void locked_mail_attach(struct sbuf *mail, const char *name, struct span bytes);
/* The same with a sample of tests/data/locks. */
void locked_mail_sample(struct sbuf *mail, const char *file);
void locked_mail_end(struct sbuf *mail);

/* Scan; the test fails when there is no valid report. */
void locked_scan_run(struct locked_scan *scan, const struct sbuf *mail);
void locked_scan_done(struct locked_scan *scan);

/* Was the lock of that part opened, with a word of that source? */
bool locked_scan_opened(const struct locked_scan *scan, const char *part,
			enum report_word_source source);
/* Is part a line of the unread, with this reason? */
bool locked_scan_opaque(const struct locked_scan *scan, const char *part,
			enum report_reason reason);
bool locked_scan_found(const struct locked_scan *scan, const char *part);
/* -1: it is not among the words; else whether it worked. */
int locked_scan_word(const struct locked_scan *scan, const char *word);

#endif
