/* The end record of a zip archive, and what other programs may take for it. */
#include <string.h>

#include "scanners/readers/zip_bytes.h"
#include "scanners/readers/zip_walk.h"

enum {
	ZIP_END_BYTES = 22,
	ZIP_LOCATOR_BYTES = 20,
	ZIP_END64_BYTES = 56,
	ZIP_MAX_COMMENT_BYTES = 65535,
	ZIP_MAX_ENTRIES = 0xFFFF /* or a zip64 record says how many */
};

static void
zip_end_note(struct zip_end *end, const char *why)
{
	if (end->odd == NULL)
		end->odd = why;
}

/* Take a value over from the zip64 record; the one of the end record must be
 * the same or all ones. */
static void
zip_end_widen(struct zip_end *end, uint64_t *value, uint64_t ones,
	      uint64_t wide)
{
	if (*value != ones && *value != wide)
		zip_end_note(end, "zip: two end records differ");
	*value = wide;
}

/* The zip64 end record at at. False when there is none. */
static bool
zip_end64_take(struct span archive, size_t at, struct zip_end *end)
{
	struct span record = { 0 };

	if (!span_cut(archive, at, ZIP_END64_BYTES, &record) ||
	    zip_u(record, 0, 4) != ZIP_END64_SIGNATURE)
		return false;
	end->records_at = at;
	zip_end_widen(end, &end->entries, ZIP_MAX_ENTRIES, zip_u64(record, 32));
	zip_end_widen(end, &end->directory_bytes, ZIP_ALL_ONES,
		      zip_u64(record, 40));
	zip_end_widen(end, &end->directory_at, ZIP_ALL_ONES,
		      zip_u64(record, 48));
	return true;
}

/*
 * The zip64 end record that the locator before the end record points to.
 * Where a prefix shifted it, it stands right before the locator.
 */
static void
zip_end64_read(struct span archive, struct zip_end *end)
{
	const bool wants = end->directory_bytes == ZIP_ALL_ONES ||
			   end->directory_at == ZIP_ALL_ONES;

	if (end->at < ZIP_LOCATOR_BYTES ||
	    zip_u(archive, end->at - ZIP_LOCATOR_BYTES, 4) !=
		    ZIP_LOCATOR_SIGNATURE) {
		if (wants)
			zip_end_note(end, "zip: no zip64 end record");
		return;
	}
	const size_t locator_at = end->at - ZIP_LOCATOR_BYTES;
	const uint64_t named = zip_u64(archive, locator_at + 8);
	const size_t before = locator_at >= ZIP_END64_BYTES
				      ? locator_at - ZIP_END64_BYTES
				      : 0;
	const bool adjacent = zip_u(archive, before, 4) == ZIP_END64_SIGNATURE;

	end->records_at = locator_at;
	if (named < archive.len_bytes &&
	    zip_end64_take(archive, (size_t)named, end)) {
		if (adjacent && before != named)
			zip_end_note(end, "zip: two zip64 end records");
		return;
	}
	if (!adjacent || !zip_end64_take(archive, before, end))
		zip_end_note(end, "zip: no zip64 end record");
}

/* Where the directory really starts: where it is said to, or right before the
 * end record, when something was put in front of the archive. */
static void
zip_end_adjust(struct span archive, struct zip_end *end)
{
	const bool there = end->directory_at < archive.len_bytes &&
			   zip_u(archive, (size_t)end->directory_at, 4) ==
				   ZIP_CENTRAL_SIGNATURE;

	if (end->entries == 0 || end->directory_bytes > end->records_at)
		return;
	const size_t before = end->records_at - (size_t)end->directory_bytes;

	if (before <= end->directory_at ||
	    zip_u(archive, before, 4) != ZIP_CENTRAL_SIGNATURE)
		return;
	if (there)
		zip_end_note(end, "zip: two directories");
	end->shift = before - end->directory_at;
	end->directory_at = before;
}

/* The last end record at or before *at, not before lowest. */
static bool
zip_end_search(struct span archive, size_t lowest, size_t *at)
{
	for (size_t end_at = *at; end_at > lowest;) {
		const uint8_t *p =
			memrchr(archive.ptr + lowest, 'P', end_at - lowest);

		if (p == NULL)
			return false;
		end_at = (size_t)(p - archive.ptr);
		if (zip_u(archive, end_at, 4) == ZIP_END_SIGNATURE) {
			*at = end_at;
			return true;
		}
	}
	return false;
}

/*
 * Other end records: one among the entries is that of an archive inside; but
 * one behind them, or one whose comment goes on to the end of the file, may
 * be what others find.
 */
static void
zip_end_look_for_others(struct span archive, size_t lowest, struct zip_end *end)
{
	size_t at = end->at;

	while (zip_end_search(archive, lowest, &at)) {
		const uint64_t behind =
			at + ZIP_END_BYTES + zip_u(archive, at + 20, 2);

		if (at >= end->directory_at || behind == archive.len_bytes)
			zip_end_note(end, "zip: several end records");
	}
}

bool
zip_find_end(struct span archive, struct zip_end *end_out)
{
	struct zip_end end = { 0 };
	size_t lowest = 0;

	if (archive.len_bytes < ZIP_END_BYTES)
		return false;
	const size_t last = archive.len_bytes - ZIP_END_BYTES;

	if (last > ZIP_MAX_COMMENT_BYTES)
		lowest = last - ZIP_MAX_COMMENT_BYTES;
	end.at = last + 1;
	if (!zip_end_search(archive, lowest, &end.at))
		return false;
	end.records_at = end.at;
	end.disk = zip_u(archive, end.at + 4, 2);
	end.entries = zip_u(archive, end.at + 10, 2);
	end.directory_bytes = zip_u(archive, end.at + 12, 4);
	end.directory_at = zip_u(archive, end.at + 16, 4);
	end.behind_at = end.at + ZIP_END_BYTES;
	if (end.disk == 0 && zip_u(archive, end.at + 8, 2) != end.entries)
		zip_end_note(&end, "zip: number of entries");
	if (span_cut(archive, end.behind_at, zip_u(archive, end.at + 20, 2),
		     &end.comment))
		end.behind_at += end.comment.len_bytes;
	else
		zip_end_note(&end, "zip: a comment longer than the file");
	zip_end64_read(archive, &end);
	zip_end_adjust(archive, &end);
	zip_end_look_for_others(archive, lowest, &end);
	*end_out = end;
	return true;
}
