/*
 * cfb_walk.h - the streams of a compound file ([MS-CFB], "OLE2").
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  one file is walked by one thread
 * Input:    untrusted; chains that are cut, crossed or turn in a circle are
 *           read as far as they go, and said
 * Memory:   the directory, the small streams and about 8 bytes a sector
 *
 * Shape (little-endian; a sector is 512 or 4096 bytes, number n starts at
 * (n + 1) sectors):
 *
 *	header  0 8 signature   26 2 version   30 2 shift of a sector
 *	        32 2 shift of a small one (6)  44 4 sectors of the FAT
 *	        48 4 first of the directory    56 4 size of small streams
 *	        60 4 first and 64 4 count of the mini FAT
 *	        68 4 first and 72 4 count of the DIFAT   76 109 * 4 of the FAT
 *	entry   0 64 name (UTF-16)  64 2 its bytes with NUL   66 1 type
 *	        68 4 left  72 4 right  76 4 child   80 16 class
 *	        116 4 first sector  120 8 bytes
 */
#ifndef SCANNERS_READERS_CFB_WALK_H
#define SCANNERS_READERS_CFB_WALK_H

#include "lib/base/sbuf.h"

enum cfb_type {
	CFB_TYPE_NONE = 0,
	CFB_TYPE_STORAGE,
	CFB_TYPE_STREAM,
	CFB_TYPE_ROOT = 5
};

#define CFB_NO_ENTRY UINT32_MAX

struct cfb_entry {
	uint32_t type; /* enum cfb_type, or what a file says */
	uint32_t left;
	uint32_t right;
	uint32_t child;
	uint32_t start;
	uint64_t size_bytes;
	uint32_t parent; /* CFB_NO_ENTRY: of the root, or not in the tree */
	bool in_tree;
	bool was_read;
};

/* Sectors of one kind, and who has them. */
struct cfb_sectors {
	uint32_t *next;
	uint32_t *owner; /* 0: nobody */
	size_t count;    /* of sectors that are there */
	size_t listed;   /* entries of next */
};

struct cfb {
	struct span file;
	size_t sector_bytes;
	uint32_t small_bytes; /* streams below are in the small one */
	struct cfb_sectors sectors;
	struct cfb_sectors minis;
	struct sbuf mini; /* all small sectors */
	struct sbuf directory;
	struct cfb_entry *entries;
	size_t entry_count;
	uint32_t owners;
	const char *damage; /* what is wrong first, or NULL */
	const char *odd;    /* what others may read otherwise, or NULL */
};

bool cfb_is_file(struct span file);

/*
 * Load the tables of file, which must outlive cfb. cfb_done() is always due.
 * Returns: ST_OK      damage and odd say what was wrong with it
 *          ST_FORMAT  not to be read at all
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
cfb_open(struct cfb *cfb, struct span file, struct err *err);
void cfb_done(struct cfb *cfb);

/*
 * Once for each stream: append the chain of number index to out. *size_out: how
 * many of these bytes are the stream; the others are left over behind it.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
cfb_read_stream(struct cfb *cfb, size_t index, struct sbuf *out,
		size_t *size_out, struct err *err);

/* Append the name of an entry as UTF-8, controls as "_"; or its path. */
void cfb_name(const struct cfb *cfb, size_t index, struct sbuf *out);
void cfb_path(const struct cfb *cfb, size_t index, struct sbuf *out);

/* Is an entry's name that (ASCII, in any case), controls as "_"; does it start
 * so? */
bool cfb_is_named(const struct cfb *cfb, size_t index, const char *name);
bool cfb_name_starts(const struct cfb *cfb, size_t index, const char *start);

/* The name in UTF-16LE. */
struct span cfb_wide_name(const struct cfb *cfb, size_t index);

/* The control that a name starts with ("\5SummaryInformation"), or 0. */
uint32_t cfb_control(const struct cfb *cfb, size_t index);

/* All bytes of an entry, also of one that is not in use. */
struct span cfb_entry_bytes(const struct cfb *cfb, size_t index);

/* The 16 bytes of an entry's class; empty when it is not there. */
struct span cfb_class(const struct cfb *cfb, size_t index);

/*
 * The next run of bytes from *at on (0 at first) that belongs to no stream,
 * and no table: call when all streams are read. The bytes of the header and
 * of tables that say nothing are among them.
 */
bool cfb_next_rest(const struct cfb *cfb, size_t *at, struct span *rest_out);

/* Likewise of the small sectors. */
bool
cfb_next_small_rest(const struct cfb *cfb, size_t *at, struct span *rest_out);

#endif
