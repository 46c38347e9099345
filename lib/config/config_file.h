/*
 * config_file.h - a configuration file as libconfuse's tree, with lines.
 *
 * Layer:    lib/config, private
 * Threads:  libconfuse's lexer has state of its own: one caller at a time
 */
#ifndef LIB_CONFIG_CONFIG_FILE_H
#define LIB_CONFIG_CONFIG_FILE_H

#include <confuse.h>

#include "lib/config/config_lines.h"

struct config_file {
	cfg_t *parsed; /* sections by their names; policy.rule, list */
	struct config_lines *lines;
};

/*
 * Read the file at path (borrowed as long as *file_out lives).
 * Gives:    *file_out, release with config_file_free()
 * Returns:  ST_OK; ST_NOT_FOUND; ST_FORMAT "FILE:LINE: reason"; ST_LIMIT;
 *           ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
config_file_open(const char *path, struct config_file **file_out,
		 struct err *err);
void config_file_free(struct config_file **file);

#endif
