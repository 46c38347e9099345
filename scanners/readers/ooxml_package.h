/*
 * ooxml_package.h - the parts of an office package, and what belongs to what.
 *
 * Layer:    scanners/readers; private to ooxml_*.c and reader_ooxml.c
 * Threads:  values; no shared state
 * Input:    untrusted
 */
#ifndef SCANNERS_READERS_OOXML_PACKAGE_H
#define SCANNERS_READERS_OOXML_PACKAGE_H

#include "scanners/readers/zip_read.h"

enum { OOXML_ROOT_BYTES = 32 };

struct ooxml_part {
	char *name; /* in the package */
	uint8_t *bytes;
	size_t len_bytes;
	bool locked;
	const char *lock;            /* static: how, or NULL */
	char root[OOXML_ROOT_BYTES]; /* first element of its XML; "" if none */
	struct ooxml_part *next;
};

struct ooxml_package {
	struct ooxml_part *parts; /* in the order of the archive */
	struct ooxml_part **end;
};

void ooxml_package_init(struct ooxml_package *package);
void ooxml_package_done(struct ooxml_package *package);

/* A zip_taker's take; context is the package. */
MUST_CHECK enum status
ooxml_package_take(void *context, const struct zip_member *member,
		   struct err *err);

/* Wipe and release the bytes of a part that was read. */
void ooxml_part_release(struct ooxml_part *part);

bool ooxml_part_is_named(const struct ooxml_part *part, const char *name);
bool ooxml_part_starts(const struct ooxml_part *part, const char *start);
bool ooxml_part_ends(const struct ooxml_part *part, const char *end);

/* Which document archive is, by the names in it: "docx", "xlsx", "pptx"; NULL:
 * none of these. */
const char *ooxml_package_kind(struct span archive);

#endif
