#include "scanners/readers/zip_walk.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/readers/zip_bytes.h"

enum {
	ZIP_LOCAL_BYTES = 30,
	ZIP_CENTRAL_BYTES = 46,
	ZIP_EXTRA_ZIP64 = 1,
	ZIP_PACKAGE_NAMES = 4096, /* looked at to know a package */
	ZIP_MIMETYPE_BYTES = 255
};

/* Replace value by the next eight bytes of the zip64 field. */
static void
zip_take64(struct span field, size_t *at, uint64_t *value)
{
	if (*value != ZIP_ALL_ONES || field.len_bytes < *at + 8)
		return;
	*value = zip_u64(field, *at);
	*at += 8;
}

static void
zip_widen(struct zip_entry *entry)
{
	struct span field = { 0 };
	size_t at = 0;

	if (!zip_find_extra(entry->extra, ZIP_EXTRA_ZIP64, &field))
		return;
	zip_take64(field, &at, &entry->size_bytes);
	zip_take64(field, &at, &entry->packed_bytes);
	zip_take64(field, &at, &entry->local_at);
}

bool
zip_central_next(struct span archive, size_t *at, struct zip_entry *entry_out)
{
	struct span head = { 0 };
	struct zip_entry entry = { 0 };

	if (!span_cut(archive, *at, ZIP_CENTRAL_BYTES, &head) ||
	    zip_u(head, 0, 4) != ZIP_CENTRAL_SIGNATURE)
		return false;
	const size_t name = zip_u(head, 28, 2);
	const size_t extra = zip_u(head, 30, 2);
	const size_t comment = zip_u(head, 32, 2);
	const size_t name_at = *at + ZIP_CENTRAL_BYTES;

	if (!span_cut(archive, name_at, name, &entry.name) ||
	    !span_cut(archive, name_at + name, extra, &entry.extra) ||
	    !span_cut(archive, name_at + name + extra, comment, &entry.comment))
		return false;
	entry.made_by = zip_u(head, 5, 1);
	entry.made_version = zip_u(head, 4, 1);
	entry.flags = zip_u(head, 8, 2);
	entry.method = zip_u(head, 10, 2);
	entry.crc = zip_u(head, 16, 4);
	entry.attributes = zip_u(head, 38, 4);
	entry.packed_bytes = zip_u(head, 20, 4);
	entry.size_bytes = zip_u(head, 24, 4);
	entry.local_at = zip_u(head, 42, 4);
	zip_widen(&entry);
	*at = name_at + name + extra + comment;
	*entry_out = entry;
	return true;
}

/* The offset of the next "PK" at or after at; the archive's end when none. */
static size_t
zip_find_pk(struct span archive, size_t at)
{
	return find_next(archive, at, "PK", 2);
}

static bool
zip_is_record(uint32_t signature)
{
	return signature == ZIP_LOCAL_SIGNATURE ||
	       signature == ZIP_CENTRAL_SIGNATURE ||
	       signature == ZIP_END_SIGNATURE ||
	       signature == ZIP_END64_SIGNATURE;
}

/* Bytes of a data descriptor at at that fits the data; 0: none. */
static size_t
zip_descriptor_bytes(struct span archive, size_t data_at, size_t at,
		     uint64_t *packed_out)
{
	const uint64_t packed = at - data_at;

	if (zip_u(archive, at, 4) != ZIP_DESCRIPTOR_SIGNATURE)
		return 0;
	*packed_out = packed;
	if (archive.len_bytes - at >= 24 &&
	    zip_u64(archive, at + 8) == packed && packed > 0 &&
	    zip_is_record(zip_u(archive, at + 24, 4)))
		return 24;
	if (archive.len_bytes - at >= 16 && zip_u(archive, at + 8, 4) == packed)
		return 16;
	return 0;
}

/*
 * Where data ends whose size stands behind it: at a descriptor that fits, or
 * else at the next record. Descriptors without signature are 12 bytes before
 * that record.
 */
static void
zip_find_data_end(struct span archive, struct zip_entry *entry)
{
	size_t at = entry->data_at;

	for (;; at++) {
		at = zip_find_pk(archive, at);
		if (at >= archive.len_bytes)
			break;
		const size_t len = zip_descriptor_bytes(
			archive, entry->data_at, at, &entry->packed_bytes);

		if (len > 0) {
			entry->crc = zip_u(archive, at + 4, 4);
			entry->size_bytes =
				len == 24 ? zip_u64(archive, at + 16)
					  : zip_u(archive, at + 12, 4);
			entry->end_at = at + len;
			return;
		}
		if (zip_is_record(zip_u(archive, at, 4)))
			break;
	}
	entry->end_at = at;
	entry->packed_bytes = at - entry->data_at;
	if (entry->packed_bytes >= 12 && at < archive.len_bytes &&
	    zip_u(archive, at - 8, 4) == entry->packed_bytes - 12) {
		entry->packed_bytes -= 12;
		entry->crc = zip_u(archive, at - 12, 4);
		entry->size_bytes = zip_u(archive, at - 4, 4);
	}
}

bool
zip_local_read(struct span archive, size_t at, struct zip_entry *entry_out)
{
	struct span head = { 0 };
	struct zip_entry entry = { .local_at = at };

	if (!span_cut(archive, at, ZIP_LOCAL_BYTES, &head) ||
	    zip_u(head, 0, 4) != ZIP_LOCAL_SIGNATURE)
		return false;
	const size_t name = zip_u(head, 26, 2);
	const size_t extra = zip_u(head, 28, 2);

	if (!span_cut(archive, at + ZIP_LOCAL_BYTES, name, &entry.name) ||
	    !span_cut(archive, at + ZIP_LOCAL_BYTES + name, extra,
		      &entry.extra))
		return false;
	entry.flags = zip_u(head, 6, 2);
	entry.method = zip_u(head, 8, 2);
	entry.crc = zip_u(head, 14, 4);
	entry.packed_bytes = zip_u(head, 18, 4);
	entry.size_bytes = zip_u(head, 22, 4);
	entry.data_at = at + ZIP_LOCAL_BYTES + name + extra;
	zip_widen(&entry);
	entry.local_at = at;
	*entry_out = entry;
	return true;
}

/* Where the entry ends, by its sizes or by looking for its descriptor. */
static void
zip_find_entry_end(struct span archive, struct zip_entry *entry)
{
	const size_t left = archive.len_bytes - entry->data_at;
	const bool described = (entry->flags & ZIP_FLAG_DESCRIPTOR) != 0;
	uint64_t packed_bytes = 0;

	if (described && entry->packed_bytes == 0) {
		zip_find_data_end(archive, entry);
		return;
	}
	entry->end_at = archive.len_bytes;
	if (entry->packed_bytes < left)
		entry->end_at = entry->data_at + (size_t)entry->packed_bytes;
	if (described)
		entry->end_at += zip_descriptor_bytes(
			archive, entry->data_at, entry->end_at, &packed_bytes);
}

bool
zip_local_next(struct span archive, size_t *at, struct zip_entry *entry_out)
{
	struct zip_entry entry = { 0 };

	while (*at < archive.len_bytes) {
		*at = zip_find_pk(archive, *at);
		if (!zip_local_read(archive, *at, &entry)) {
			*at += *at < archive.len_bytes;
			continue;
		}
		zip_find_entry_end(archive, &entry);
		*at = entry.end_at > *at ? entry.end_at : *at + 1;
		*entry_out = entry;
		return true;
	}
	return false;
}

bool
zip_local_search(struct span archive, size_t *at, struct zip_entry *entry_out)
{
	while (*at < archive.len_bytes) {
		*at = zip_find_pk(archive, *at);
		if (zip_local_read(archive, *at, entry_out))
			return true;
		*at += *at < archive.len_bytes;
	}
	return false;
}

size_t
zip_behind_signature(struct span archive, size_t at)
{
	enum { ZIP_SIGNED_BYTES = 6 };

	if (zip_u(archive, at, 4) != ZIP_SIGNED_SIGNATURE)
		return at;
	return at + ZIP_SIGNED_BYTES + zip_u(archive, at + 4, 2);
}

/*
 * A member has that name (in any case); some programs put the list of types
 * last. A document begins with its first member: an archive that packs nothing
 * and has a document as its last member ends as one, too.
 */
static bool
zip_has_member(struct span archive, const char *name)
{
	struct zip_entry entry;
	struct zip_end end;
	size_t at = 0;

	if (!zip_local_read(archive, 0, &entry))
		return false;
	if (span_equal_nocase(entry.name, span_of(name)))
		return true;
	if (!zip_find_end(archive, &end) || end.directory_at > SIZE_MAX / 2)
		return false;
	at = (size_t)end.directory_at;
	for (size_t i = 0;
	     i < ZIP_PACKAGE_NAMES && zip_central_next(archive, &at, &entry);
	     i++)
		if (span_equal_nocase(entry.name, span_of(name)))
			return true;
	return false;
}

bool
zip_is_office_open(struct span archive)
{
	return zip_has_member(archive, "[Content_Types].xml");
}

bool
zip_mimetype(struct span archive, struct span *type_out)
{
	struct zip_entry entry;

	return zip_local_read(archive, 0, &entry) && entry.method == 0 &&
	       span_equal(entry.name, span_of("mimetype")) &&
	       entry.size_bytes <= ZIP_MIMETYPE_BYTES &&
	       span_cut(archive, entry.data_at, (size_t)entry.size_bytes,
			type_out) &&
	       type_out->len_bytes > 0;
}

bool
zip_is_opendocument(struct span archive)
{
	static const char *const marks[] = { "opendocument", "vnd.sun.xml." };
	struct span type = { 0 };

	if (zip_mimetype(archive, &type))
		for (size_t i = 0; i < ARRAY_LEN(marks); i++)
			if (memmem(type.ptr, type.len_bytes, marks[i],
				   strlen(marks[i])) != NULL)
				return true;
	return zip_has_member(archive, "META-INF/manifest.xml");
}

bool
zip_is_package(struct span archive)
{
	return zip_is_office_open(archive) || zip_is_opendocument(archive);
}
