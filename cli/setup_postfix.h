/*
 * setup_postfix.h - the lines that make Postfix ask Sekimori.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_POSTFIX_H
#define CLI_SETUP_POSTFIX_H

#include "cli/speech.h"
#include "lib/base/sbuf.h"
#include "lib/config/config.h"

enum { SETUP_POSTFIX_MAX_LINES = 16 };

/* Lines "name=value" for postconf -e; only those that change something. */
struct setup_postfix {
	struct sbuf lines[SETUP_POSTFIX_MAX_LINES];
	size_t line_count;
};
void setup_postfix_done(struct setup_postfix *lines);

/*
 * What main.cf lacks.
 * Returns: ST_OK; ST_NOT_FOUND there is no Postfix; ST_UNSUPPORTED its
 *          services are chrooted and cannot see milter.socket; ST_NO_MEMORY
 */
MUST_CHECK enum status
setup_postfix_look(const struct config *config, const char *postfix_dir,
		   struct setup_postfix *lines_out, struct err *err);

/* Show them as commands. */
void
setup_postfix_show(const struct setup_postfix *lines, const char *postfix_dir);

struct setup_postfix_run {
	const struct config *config;
	const struct speech *speech;
	const char *postfix_dir; /* or NULL */
	bool agreed;             /* ask nothing */
};
/* "setup --postfix": show, ask, run postconf -e, reload. The milter must
 * answer, or every mail would get 4xx. Returns: the exit status */
int setup_postfix_run(const struct setup_postfix_run *run);

#endif
