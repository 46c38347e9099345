/*
 * archive_walk.h - an archive that is being read by libarchive.
 *
 * Layer:    scanners/readers; for reader_archive.c and archive_slack.c
 * Threads:  no shared state
 */
#ifndef SCANNERS_READERS_ARCHIVE_WALK_H
#define SCANNERS_READERS_ARCHIVE_WALK_H

#include "scanners/readers/archive_kinds.h"
#include "scanners/readers/archive_member.h"
#include "scanners/readers/archive_more.h"

struct archive_entry;

/* Which directories of a disk image are followed. */
enum archive_tree {
	ARCHIVE_TREE_NONE = 0,
	ARCHIVE_TREE_ANY,   /* of libarchive's choice */
	ARCHIVE_TREE_FIRST, /* ISO 9660, with Rock Ridge */
	ARCHIVE_TREE_JOLIET
};

struct archive_walk {
	struct archive_stream stream;
	const struct archive_kind *kind;
	struct span archive; /* from its first byte on */
	enum archive_tree tree;
	const char *lock; /* how members are, that are locked */
	struct archive_rar_files files;
	struct sbuf name; /* of what is packed, where it says so */
	bool unread;      /* packed in a way that is not read */
	size_t entries;
	/* Of an archive that was unlocked: a byte for each entry, 0 for what
	 * was not locked and need not be read again. Empty: read all. */
	struct span only;
	uint64_t data_end; /* of the last member; 0: not known */
};

/* Nothing but zeros and white space. */
bool archive_is_blank(struct span bytes);

bool archive_is_tar(const struct archive_walk *walk);

/* Sweep what is from from to to of a tar, where there is something. */
MUST_CHECK enum status
archive_give_part(struct archive_walk *walk, uint64_t from, uint64_t to,
		  struct err *err);

/*
 * In a tar, what is left of the last block of a member, and the headers that
 * libarchive reads but does not show (comments, attributes of pax). Call it
 * for each entry before its data.
 */
MUST_CHECK enum status
archive_give_slack(struct archive_walk *walk, struct archive_entry *entry,
		   struct err *err);

#endif
