/*
 * config_memory.h - memory that lives as long as a configuration.
 *
 * Layer:    lib/config, private
 * Threads:  one owner
 */
#ifndef LIB_CONFIG_CONFIG_MEMORY_H
#define LIB_CONFIG_CONFIG_MEMORY_H

#include "lib/base/sbuf.h"

struct config_block;

/* Zero it to begin with. */
struct config_memory {
	struct config_block *blocks;
};

/* Zeroed memory, NULL when there is none. */
void *config_memory_alloc(struct config_memory *memory, size_t len_bytes);

/* A copy of text with a NUL behind it, NULL when there is no memory. */
const char *config_memory_text(struct config_memory *memory, const char *text);

/* Release everything that was allocated. */
void config_memory_done(struct config_memory *memory);

#endif
