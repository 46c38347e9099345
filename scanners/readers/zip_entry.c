/* What the fields of an entry of a zip archive say. */
#include <zlib.h>

#include "lib/base/parse.h"
#include "scanners/readers/zip_bytes.h"
#include "scanners/readers/zip_walk.h"

enum {
	ZIP_EXTRA_STRONG = 0x0017,
	ZIP_EXTRA_NAME = 0x7075,
	ZIP_EXTRA_AES = 0x9901,
	ZIP_METHOD_AES = 99,
	ZIP_AES_STRENGTH_AT = 4, /* behind version and "AE" */
	ZIP_MADE_BY_UNIX = 3,
	ZIP_DOS_FOLDER = 0x10,
	ZIP_UNIX_TYPE = 0170000,
	ZIP_UNIX_FOLDER = 0040000
};

bool
zip_find_extra(struct span extra, uint32_t id, struct span *field_out)
{
	size_t at = 0;

	while (at < extra.len_bytes && extra.len_bytes - at >= 4) {
		const size_t len = zip_u(extra, at + 2, 2);

		if (zip_u(extra, at, 2) == id)
			return span_cut(extra, at + 4, len, field_out);
		at += 4 + len;
	}
	return false;
}

bool
zip_other_name(const struct zip_entry *entry, struct span *name_out,
	       bool *odd_out)
{
	struct span field = { 0 };

	/* Version, checksum of the name, then the name. */
	if (!zip_find_extra(entry->extra, ZIP_EXTRA_NAME, &field) ||
	    field.len_bytes <= 5 ||
	    !span_cut(field, 5, field.len_bytes - 5, name_out))
		return false;
	const size_t behind =
		(size_t)(field.ptr + field.len_bytes - entry->extra.ptr);
	struct span rest = { 0 };

	*odd_out = zip_u(field, 0, 1) != 1 ||
		   zip_u(field, 1, 4) != crc32(0, entry->name.ptr,
					       (uInt)entry->name.len_bytes) ||
		   (span_cut(entry->extra, behind,
			     entry->extra.len_bytes - behind, &rest) &&
		    zip_find_extra(rest, ZIP_EXTRA_NAME, &field));
	return true;
}

const char *
zip_lock_name(const struct zip_entry *entry)
{
	static const char *const strengths[] = { "zip: AES", "zip: AES-128",
						 "zip: AES-192",
						 "zip: AES-256" };
	struct span field = { 0 };

	if ((entry->flags & ZIP_FLAG_MASKED) != 0)
		return "zip: encrypted directory";
	if ((entry->flags & ZIP_FLAG_ENCRYPTED) == 0)
		return NULL;
	if (entry->method == ZIP_METHOD_AES) {
		(void)zip_find_extra(entry->extra, ZIP_EXTRA_AES, &field);
		const uint32_t strength = zip_u(field, ZIP_AES_STRENGTH_AT, 1);

		return strengths[strength < ARRAY_LEN(strengths) ? strength
								 : 0];
	}
	if ((entry->flags & ZIP_FLAG_STRONG) != 0 ||
	    zip_find_extra(entry->extra, ZIP_EXTRA_STRONG, &field))
		return "zip: strong encryption";
	return "zip: ZipCrypto";
}

const char *
zip_method_name(uint32_t method)
{
	static const struct {
		uint32_t method;
		const char *name;
	} names[] = {
		{ 1, "zip: method shrink" },
		{ 2, "zip: method reduce" },
		{ 3, "zip: method reduce" },
		{ 4, "zip: method reduce" },
		{ 5, "zip: method reduce" },
		{ 6, "zip: method implode" },
		{ 10, "zip: method PKWARE implode" },
		{ 16, "zip: method CMPSC" },
		{ 18, "zip: method TERSE" },
		{ 19, "zip: method LZ77" },
		{ 94, "zip: method MP3" },
		{ 96, "zip: method JPEG" },
		{ 97, "zip: method WavPack" },
		{ 99, "zip: method AES without encryption" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].method == method)
			return names[i].name;
	return "zip: unknown method";
}

bool
zip_is_folder(const struct zip_entry *entry)
{
	const struct span name = entry->name;

	if (name.len_bytes > 0 && (name.ptr[name.len_bytes - 1] == '/' ||
				   name.ptr[name.len_bytes - 1] == '\\'))
		return true;
	if ((entry->attributes & ZIP_DOS_FOLDER) != 0)
		return true;
	return entry->made_by == ZIP_MADE_BY_UNIX &&
	       (entry->attributes >> 16 & ZIP_UNIX_TYPE) == ZIP_UNIX_FOLDER;
}
