/*
 * config_words.h - own ids, samples and patterns of a file, checked.
 *
 * Layer:    lib/config, private
 * Threads:  as config_read.h
 */
#ifndef LIB_CONFIG_CONFIG_WORDS_H
#define LIB_CONFIG_CONFIG_WORDS_H

#include "lib/config/config_file.h"
#include "lib/config/config_read.h"

/*
 * Fill config->words from the scanner's settings and the patterns of file
 * (NULL: there are none); its lists live in reading->memory.
 * Returns: ST_OK; ST_FORMAT "FILE:LINE: reason"; ST_NO_MEMORY
 */
MUST_CHECK enum status
config_read_words(const struct config_reading *reading,
		  const struct config_file *file, struct config *config,
		  struct err *err);

#endif
