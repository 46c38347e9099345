/* What stands between the members of a tar. */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/archive_walk.h"

enum {
	TAR_BLOCK_BYTES = 512,
	TAR_REST_BYTES = 255 /* of a header, from "ustar" on */
};

bool
archive_is_blank(struct span bytes)
{
	for (size_t i = 0; i < bytes.len_bytes; i++)
		if (memchr("\r\n\t \x1a", bytes.ptr[i], 6) == NULL)
			return false;
	return true;
}

enum status
archive_give_part(struct archive_walk *walk, uint64_t from, uint64_t to,
		  struct err *err)
{
	struct span part = { 0 };

	if (from >= to || to > walk->archive.len_bytes ||
	    !span_cut(walk->archive, (size_t)from, (size_t)(to - from),
		      &part) ||
	    archive_is_blank(part))
		return ST_OK;
	return sink_gap(walk->stream.sink, part, err);
}

bool
archive_is_tar(const struct archive_walk *walk)
{
	return strcmp(walk->kind->name, "tar") == 0;
}

enum status
archive_give_slack(struct archive_walk *walk, struct archive_entry *entry,
		   struct err *err)
{
	const uint64_t from =
		(uint64_t)archive_read_header_position(walk->stream.archive);
	const uint64_t to =
		(uint64_t)archive_filter_bytes(walk->stream.archive, -1);
	struct span mark = { 0 };
	enum status st = ST_OK;

	if (!archive_is_tar(walk) || to < from || to - from < TAR_BLOCK_BYTES ||
	    to > walk->archive.len_bytes)
		return ST_OK;
	if (walk->data_end > 0)
		st = archive_give_part(walk, walk->data_end, from, err);
	/* Before the header itself: what it says further. */
	if (st == ST_OK)
		st = archive_give_part(walk, from, to - TAR_BLOCK_BYTES, err);
	/* One of before POSIX uses its first half only. */
	if (st == ST_OK &&
	    span_cut(walk->archive, (size_t)to - TAR_REST_BYTES, 5, &mark) &&
	    memcmp(mark.ptr, "ustar", 5) != 0)
		st = archive_give_part(walk, to - TAR_REST_BYTES, to, err);
	walk->data_end = archive_entry_sparse_count(entry) == 0
				 ? to + (uint64_t)archive_entry_size(entry)
				 : 0;
	return st;
}
