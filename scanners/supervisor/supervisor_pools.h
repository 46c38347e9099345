/*
 * supervisor_pools.h - the programs of the workers, and their pools' settings.
 *
 * Layer:    scanners/supervisor; private to supervisor*.c
 * Threads:  values
 */
#ifndef SCANNERS_SUPERVISOR_SUPERVISOR_POOLS_H
#define SCANNERS_SUPERVISOR_SUPERVISOR_POOLS_H

#include "scanners/supervisor/pool.h"
#include "scanners/supervisor/supervisor.h"
#include "scanners/supervisor/template.h"

enum supervisor_pool { POOL_MAIL = 0, POOL_BACKGROUND, POOL_PDF, POOL_COUNT };

/* The pools of mails share one. */
enum supervisor_template { TEMPLATE_MAIL = 0, TEMPLATE_PDF, TEMPLATE_COUNT };

/* Held mail is scanned again with more of everything. */
enum { BACKGROUND_FACTOR = 4, SUPERVISOR_PATH_BYTES = 4200 };

struct supervisor_programs {
	char mail_path[SUPERVISOR_PATH_BYTES];
	char pdf_path[SUPERVISOR_PATH_BYTES];
	bool has_pdf;
};

/*
 * Mail is a must; without the reader of PDF those parts are not read.
 * Returns: ST_OK, ST_IO, ST_LIMIT
 */
MUST_CHECK enum status
supervisor_find_programs(const struct config *config,
			 const struct supervisor_options *options,
			 struct supervisor_programs *programs, struct err *err);

/* Everything that a pool's settings come from; borrowed. */
struct supervisor_view {
	const struct config *config;
	const struct supervisor_programs *programs;
	struct lender *lender;
	struct template *templates; /* of each enum supervisor_template */
	int words_fd;
	uint64_t max_input_bytes;
	bool private; /* serves one command, and has one worker */
};

struct pool_settings
supervisor_pool_settings(const struct supervisor_view *view,
			 enum supervisor_pool which);

struct template_settings
supervisor_template_settings(const struct supervisor_view *view,
			     enum supervisor_template which);

#endif
