/* fixture.h - a directory and a configuration for the milter's tests. */
#ifndef TESTS_MILTER_FIXTURE_H
#define TESTS_MILTER_FIXTURE_H

#include "lib/config/config.h"

enum { FIXTURE_DIR_BYTES = 64 };

void fixture_make_dir(char dir[FIXTURE_DIR_BYTES]);
void fixture_remove_dir(const char *dir);

/*
 * A configuration whose local domain is example.co.jp; general, milter and
 * policy are put into those sections. policy NULL: mail with numbers that
 * leaves is held by "hr", the rest delivered.
 */
struct config *fixture_config(const char *dir, const char *general,
			      const char *milter, const char *policy);

#endif
