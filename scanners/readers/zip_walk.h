/*
 * zip_walk.h - the two tables of contents of a zip archive.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 *
 * zip_walk.c has the headers, zip_end.c the end record, zip_entry.c what the
 * fields of an entry say.
 *
 * Shape (little-endian; APPNOTE 6.3):
 *
 *	local header    0 4 signature 50 4b 03 04    6 2 flags   8 2 method
 *	               14 4 crc   18 4 packed bytes 22 4 bytes
 *	               26 2 name bytes 28 2 extra bytes   30 name extra data
 *	central header  0 4 signature 50 4b 01 02    8 2 flags  10 2 method
 *	               16 4 crc   20 4 packed bytes 24 4 bytes
 *	               28 2 name  30 2 extra  32 2 comment
 *	               42 4 offset of the local header    46 name extra comment
 *	end             0 4 signature 50 4b 05 06   10 2 entries
 *	               12 4 bytes and 16 4 offset of the central directory
 *	               20 2 comment bytes   22 comment
 *
 * A zip64 extra field (id 1) replaces sizes and offsets that are all ones.
 */
#ifndef SCANNERS_READERS_ZIP_WALK_H
#define SCANNERS_READERS_ZIP_WALK_H

#include "lib/base/span.h"

enum zip_flag {
	ZIP_FLAG_NONE = 0,
	ZIP_FLAG_ENCRYPTED = 1 << 0,
	ZIP_FLAG_DESCRIPTOR = 1 << 3, /* sizes stand behind the data */
	ZIP_FLAG_STRONG = 1 << 6,     /* strong encryption of PKWARE */
	ZIP_FLAG_UTF8 = 1 << 11,
	ZIP_FLAG_MASKED = 1 << 13 /* encrypted central directory */
};

struct zip_entry {
	struct span name;
	struct span extra;
	struct span comment;   /* central header only */
	uint32_t made_by;      /* central header only: 0 DOS, 3 Unix, … */
	uint32_t made_version; /* ditto: 30 is 3.0 */
	uint32_t attributes;   /* central header only */
	uint32_t flags;
	uint32_t method;
	uint32_t crc;
	uint64_t packed_bytes;
	uint64_t size_bytes;
	uint64_t local_at; /* offset of the local header */
	size_t data_at;    /* local header only: of the data */
	size_t end_at;     /* local: behind data and descriptor */
};

/* The end record. */
struct zip_end {
	size_t at;
	size_t behind_at; /* behind it and its comment */
	uint64_t directory_at;
	uint64_t directory_bytes;
	uint64_t entries;
	uint64_t shift; /* bytes in front of the archive: add to offsets */
	struct span comment;
	size_t records_at; /* of the first record behind the directory */
	uint32_t disk;     /* number of this volume of a set, from 0 */
	const char *odd;   /* what others may read otherwise, or NULL */
};

/* Find the end record, searching from the end. False when there is none. */
bool zip_find_end(struct span archive, struct zip_end *end_out);

/* Walk the central directory: *at starts at its offset. False at its end. */
bool
zip_central_next(struct span archive, size_t *at, struct zip_entry *entry_out);

/* Take the local header at at apart. False when there is none. */
bool
zip_local_read(struct span archive, size_t at, struct zip_entry *entry_out);

/*
 * Walk the local headers: *at starts at 0. What lies between them is skipped
 * (the caller sees it by the offsets). False when there are no more.
 */
bool
zip_local_next(struct span archive, size_t *at, struct zip_entry *entry_out);

/* The next local header at or after *at, whatever it may lie in; *at: where.
 * Its end is not looked for. */
bool
zip_local_search(struct span archive, size_t *at, struct zip_entry *entry_out);

/* Where a digital signature of the directory at at ends; at: there is none. */
size_t zip_behind_signature(struct span archive, size_t at);

/* A second name (Info-ZIP's unicode path, id 7075). False when none. It is
 * *odd_out when it may not count: of another version, or not for this name. */
bool zip_other_name(const struct zip_entry *entry, struct span *name_out,
		    bool *odd_out);

/* How the entry is encrypted ("zip: AES-256"), or NULL when it is not. */
const char *zip_lock_name(const struct zip_entry *entry);

/* The name of a method that nobody here reads ("zip: implode"). */
const char *zip_method_name(uint32_t method);

/* By its name or its attributes. */
bool zip_is_folder(const struct zip_entry *entry);

/* A document: by the names of its members, or by its type. A file may be of
 * both kinds. */
bool zip_is_office_open(struct span archive);
bool zip_is_opendocument(struct span archive);
bool zip_is_package(struct span archive); /* of any kind */

/* The type that the first member says the package has. False: none. */
bool zip_mimetype(struct span archive, struct span *type_out);

#endif
