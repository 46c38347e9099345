/*
 * config_read.h - values of one section from libconfuse into its struct.
 *
 * Layer:    lib/config, private
 * Threads:  libconfuse's lexer has state of its own: one caller at a time
 */
#ifndef LIB_CONFIG_CONFIG_READ_H
#define LIB_CONFIG_CONFIG_READ_H

#include <confuse.h>

#include "lib/config/config_lines.h"
#include "lib/config/config_memory.h"
#include "lib/config/config_table.h"

/* Everything the readers of a file share; borrowed. */
struct config_reading {
	const char *path;
	const struct config_lines *lines; /* NULL: defaults alone */
	struct config_memory *memory;
};

/* libconfuse's description of a section's rows, with a terminator; also of
 * the options named in unbuilt (NULL: none). NULL when there is no memory;
 * the caller frees the array. */
cfg_opt_t *config_read_options(const struct config_section *section,
			       const char *const *unbuilt);

/* Where a section's values are. */
struct config_from {
	cfg_t *parsed;   /* NULL: defaults */
	const char *key; /* in the lines, such as "policy.rule[2]" */
};

/*
 * Fill the struct at place with the values of a section.
 *
 * Gives:    *set_out when not NULL: bit n is set when the file has row n
 * Returns:  ST_OK; ST_FORMAT "FILE:LINE: reason"; ST_NO_MEMORY
 */
MUST_CHECK enum status
config_read_section(const struct config_reading *reading,
		    const struct config_from *from,
		    const struct config_section *section, void *place,
		    uint64_t *set_out, struct err *err);

/* The items of a list option as texts. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
config_read_list(const struct config_reading *reading, cfg_opt_t *option,
		 struct config_list *list_out, struct err *err);

#endif
