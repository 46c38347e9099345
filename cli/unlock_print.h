/*
 * unlock_print.h - how far "sekimori unlock" is, and how it ended.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_UNLOCK_PRINT_H
#define CLI_UNLOCK_PRINT_H

#include "cli/speech.h"
#include "scanners/client/unlock_messages.h"

struct unlock_print {
	const struct speech *speech;
	const char *file; /* UTF-8 */
	bool json;
	bool reveal; /* the password in clear */
	bool bar;    /* standard error is a terminal */
	int64_t start_mono_ms;
};

/* A line of JSON to standard output, or a bar on the terminal. */
MUST_CHECK enum status
unlock_print_progress(const struct unlock_print *how,
		      const struct unlock_progress *progress, struct err *err);

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status
unlock_print_result(const struct unlock_print *how,
		    const struct unlock_result *result, struct err *err);

#endif
