/*
 * config_check.h - what one row of a setting table cannot say.
 *
 * Layer:    lib/config, private
 * Threads:  no shared state
 */
#ifndef LIB_CONFIG_CONFIG_CHECK_H
#define LIB_CONFIG_CONFIG_CHECK_H

#include "lib/config/config.h"
#include "lib/config/config_lines.h"

/* Forms of values, and values that must fit each other.
 * Returns: ST_OK; ST_FORMAT "FILE:LINE: reason" */
MUST_CHECK enum status
config_check(const struct config *config, const struct config_lines *lines,
	     struct err *err);

#endif
