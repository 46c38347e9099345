/*
 * zip_open.h - read what is encrypted in a zip archive, with passwords.
 *
 * Layer:    scanners/readers; knows scanners/ciphers; for zip_read.c
 * Threads:  no shared state
 * Input:    untrusted; passwords are secrets
 */
#ifndef SCANNERS_READERS_ZIP_OPEN_H
#define SCANNERS_READERS_ZIP_OPEN_H

#include "scanners/readers/zip_give.h"
#include "scanners/readers/zip_list.h"

/*
 * Give the entry (of either table) whose data stands behind local: opened
 * when it unpacks to its checksum, or is authentic, with one of the taker's
 * passwords; else as locked, as before. An entry that is not encrypted is not
 * given at all.
 */
MUST_CHECK enum status
zip_open_entry(struct zip_giver *giver, const struct zip_entry *entry,
	       const struct zip_entry *local, struct err *err);

/* All entries of both tables that are encrypted. central is sorted. */
MUST_CHECK enum status
zip_open_all(struct zip_giver *giver, const struct zip_list *central,
	     const struct zip_list *local, struct err *err);

#endif
