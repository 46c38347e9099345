#include "lib/config/config_memory.h"

#include <stdlib.h>
#include <string.h>

struct config_block {
	struct config_block *next;
	max_align_t place[];
};

void *
config_memory_alloc(struct config_memory *memory, size_t len_bytes)
{
	struct config_block *block = NULL;

	if (len_bytes > SIZE_MAX - sizeof(*block))
		return NULL;
	block = calloc(1, sizeof(*block) + len_bytes);
	if (block == NULL)
		return NULL;
	block->next = memory->blocks;
	memory->blocks = block;
	return block->place;
}

const char *
config_memory_text(struct config_memory *memory, const char *text)
{
	const size_t len_bytes = strlen(text);
	char *copy = config_memory_alloc(memory, len_bytes + 1);

	if (copy != NULL)
		memcpy(copy, text, len_bytes + 1);
	return copy;
}

void
config_memory_done(struct config_memory *memory)
{
	while (memory->blocks != NULL) {
		struct config_block *next = memory->blocks->next;

		free(memory->blocks);
		memory->blocks = next;
	}
}
