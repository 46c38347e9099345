/*
 * zip_list.h - the entries of one view of a zip archive.
 *
 * Layer:    scanners/readers; for zip_read.c
 * Threads:  no shared state
 */
#ifndef SCANNERS_READERS_ZIP_LIST_H
#define SCANNERS_READERS_ZIP_LIST_H

#include "lib/base/status.h"
#include "scanners/readers/zip_walk.h"

struct zip_list {
	struct zip_entry *entries;
	size_t count;
	size_t room;
	bool too_many; /* more than anybody packs: the rest is left out */
};

/* Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
zip_list_add(struct zip_list *list, const struct zip_entry *entry,
	     struct err *err);
/* By local_at. */
void zip_list_sort(struct zip_list *list);
/* In a sorted list. */
bool zip_list_has(const struct zip_list *list, uint64_t local_at);
void zip_list_done(struct zip_list *list);

#endif
