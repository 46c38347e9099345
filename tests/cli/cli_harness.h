/* cli_harness.h - run the command line tool and see what it says. */
#ifndef TESTS_CLI_CLI_HARNESS_H
#define TESTS_CLI_CLI_HARNESS_H

#include "lib/base/sbuf.h"

enum { CLI_RUN_MAX_ARGS = 32 };

struct cli_run {
	int status; /* exit status; 1000 and up: a signal */
	struct sbuf out;
	struct sbuf err;
};

/* Run sekimori with words, separated by blanks; input (or NULL) is its
 * standard input. Release with cli_run_done(). */
void cli_run(struct cli_run *run, const char *words, const char *input);
void cli_run_done(struct cli_run *run);

/* Assert the exit status and that both outputs hold these pieces (NULL: any).
 */
void cli_check(const char *words, int want_status, const char *want_out,
	       const char *want_err);

#endif
