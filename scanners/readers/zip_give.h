/*
 * zip_give.h - read one entry of a zip archive and give it to a taker.
 *
 * Layer:    scanners/readers; for zip_read.c
 * Threads:  no shared state
 * Input:    untrusted
 */
#ifndef SCANNERS_READERS_ZIP_GIVE_H
#define SCANNERS_READERS_ZIP_GIVE_H

#include "scanners/readers/zip_read.h"
#include "scanners/readers/zip_walk.h"

struct zip_giver {
	struct sink *sink;
	struct span archive;
	const struct zip_taker *taker;
	const char *odd; /* the first reason why it is ambiguous, or NULL */
};

void zip_note(struct zip_giver *giver, const char *why);

/*
 * The entry whose data starts at data_at, as its header says. lock: how it is
 * encrypted, or NULL. What cannot be read is reported.
 */
MUST_CHECK enum status
zip_give_entry(struct zip_giver *giver, const struct zip_entry *entry,
	       size_t data_at, const char *lock, struct err *err);

/* A member of that name; lock: how it is encrypted, and bytes are none. */
MUST_CHECK enum status
zip_give_bytes(struct zip_giver *giver, struct span raw_name,
	       struct sbuf *bytes, const char *lock, struct err *err);

/* A further name, or a comment, as text. */
MUST_CHECK enum status
zip_give_name(struct zip_giver *giver, struct span name, struct err *err);

/* As zip_give_name(), for what is also swept as ASCII and UTF-8: only what is
 * neither. */
MUST_CHECK enum status
zip_give_comment(struct zip_giver *giver, struct span text, struct err *err);

#endif
