/*
 * policy_test.h - which rule would this mail get, and why?
 *
 * Layer:    milter
 * Threads:  one
 */
#ifndef MILTER_POLICY_TEST_H
#define MILTER_POLICY_TEST_H

#include "lib/config/config.h"

enum { POLICY_TEST_MAX_TO = 64 };

struct policy_test {
	const char *config_path;
	const char *from;
	const char *to[POLICY_TEST_MAX_TO + 1]; /* NULL behind the last */
	const char *login;                      /* NULL: not signed in */
	const char *client;                     /* IP address; NULL: unknown */
	const char *file;
};

/*
 * Drive the file through the same session table as a real mail, with a
 * confined scanner of its own and an MTA that does nothing, and print for
 * each recipient rule, action and the verdict behind it. Nothing is held,
 * delivered or logged.
 * Takes:   *config_in
 * Returns: an exit status: 0, or sysexits
 */
int policy_test(const struct policy_test *test, struct config **config_in);

#endif
