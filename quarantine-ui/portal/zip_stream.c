#include "quarantine-ui/portal/zip_stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/sbuf.h"

enum {
	ZIP_LOCAL_BYTES = 30,
	ZIP_CENTRAL_BYTES = 46,
	ZIP_END_BYTES = 22,
	ZIP_END64_BYTES = 56,
	ZIP_LOCATOR_BYTES = 20,
	ZIP_EXTRA_HEAD_BYTES = 4,
	ZIP_EXTRA_ID = 1,
	ZIP_UTF8 = 1 << 11,
	ZIP_VERSION = 20,
	ZIP_VERSION_64 = 45,
	ZIP_MAX_PART_BYTES = 2048, /* any header with its name */
	ZIP_FIRST_YEAR = 80        /* 1980, as struct tm counts */
};

#define ZIP_LOCAL_SIGN   UINT32_C(0x04034b50)
#define ZIP_CENTRAL_SIGN UINT32_C(0x02014b50)
#define ZIP_END_SIGN     UINT32_C(0x06054b50)
#define ZIP_END64_SIGN   UINT32_C(0x06064b50)
#define ZIP_LOCATOR_SIGN UINT32_C(0x07064b50)
#define ZIP_MAX_32       UINT32_C(0xffffffff)
#define ZIP_MAX_BYTES    (UINT64_C(1) << 60)
#define ZIP_MODE         (UINT32_C(0100600) << 16) /* -rw------- */

struct zip_entry {
	char *name;
	uint64_t size_bytes;
	uint32_t crc32;
	uint64_t source_at;  /* of its bytes among all files */
	uint64_t local_at;   /* of its local header */
	uint64_t data_at;    /* behind that */
	uint64_t central_at; /* of its central header */
};

struct zip_stream {
	struct zip_entry *entries;
	size_t count;
	uint32_t dos_time; /* time, and date above it */
	uint64_t central_at;
	uint64_t end_at;
	uint64_t total_bytes;
};

static void
zip_put(struct sbuf *out, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		sbuf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static uint64_t
zip_capped(uint64_t value)
{
	return value < ZIP_MAX_32 ? value : ZIP_MAX_32;
}

static bool
zip_is_large(const struct zip_entry *entry)
{
	return entry->size_bytes >= ZIP_MAX_32;
}

/* Version, flags, method, time, checksum, sizes: both headers have them. */
static void
zip_put_common(const struct zip_stream *zip, const struct zip_entry *entry,
	       bool large, struct sbuf *out)
{
	zip_put(out, large ? ZIP_VERSION_64 : ZIP_VERSION, 2);
	zip_put(out, ZIP_UTF8, 2);
	zip_put(out, 0, 2); /* stored */
	zip_put(out, zip->dos_time, 4);
	zip_put(out, entry->crc32, 4);
	zip_put(out, zip_capped(entry->size_bytes), 4);
	zip_put(out, zip_capped(entry->size_bytes), 4);
	zip_put(out, strlen(entry->name), 2);
}

static void
zip_put_local(const struct zip_stream *zip, const struct zip_entry *entry,
	      struct sbuf *out)
{
	const bool large = zip_is_large(entry);

	zip_put(out, ZIP_LOCAL_SIGN, 4);
	zip_put_common(zip, entry, large, out);
	zip_put(out, large ? ZIP_EXTRA_HEAD_BYTES + 16 : 0, 2);
	sbuf_add_text(out, entry->name);
	if (!large)
		return;
	zip_put(out, ZIP_EXTRA_ID, 2);
	zip_put(out, 16, 2);
	zip_put(out, entry->size_bytes, 8);
	zip_put(out, entry->size_bytes, 8);
}

static void
zip_put_central(const struct zip_stream *zip, const struct zip_entry *entry,
		struct sbuf *out)
{
	const bool large = zip_is_large(entry);
	const bool far = entry->local_at >= ZIP_MAX_32;
	const unsigned extra = (large ? 16U : 0U) + (far ? 8U : 0U);

	zip_put(out, ZIP_CENTRAL_SIGN, 4);
	/* made by: Unix, for the mode of the file */
	zip_put(out, 3 << 8 | ZIP_VERSION_64, 2);
	zip_put_common(zip, entry, large || far, out);
	zip_put(out, extra > 0 ? ZIP_EXTRA_HEAD_BYTES + extra : 0, 2);
	zip_put(out, 0, 2); /* comment */
	zip_put(out, 0, 2); /* disk */
	zip_put(out, 0, 2); /* kind */
	zip_put(out, ZIP_MODE, 4);
	zip_put(out, zip_capped(entry->local_at), 4);
	sbuf_add_text(out, entry->name);
	if (extra > 0) {
		zip_put(out, ZIP_EXTRA_ID, 2);
		zip_put(out, extra, 2);
	}
	if (large) {
		zip_put(out, entry->size_bytes, 8);
		zip_put(out, entry->size_bytes, 8);
	}
	if (far)
		zip_put(out, entry->local_at, 8);
}

static bool
zip_end_is_large(const struct zip_stream *zip)
{
	return zip->end_at >= ZIP_MAX_32;
}

static void
zip_put_end(const struct zip_stream *zip, struct sbuf *out)
{
	const uint64_t central_bytes = zip->end_at - zip->central_at;

	if (zip_end_is_large(zip)) {
		zip_put(out, ZIP_END64_SIGN, 4);
		zip_put(out, ZIP_END64_BYTES - 12, 8);
		zip_put(out, 3 << 8 | ZIP_VERSION_64, 2);
		zip_put(out, ZIP_VERSION_64, 2);
		zip_put(out, 0, 8); /* disks */
		zip_put(out, zip->count, 8);
		zip_put(out, zip->count, 8);
		zip_put(out, central_bytes, 8);
		zip_put(out, zip->central_at, 8);
		zip_put(out, ZIP_LOCATOR_SIGN, 4);
		zip_put(out, 0, 4);
		zip_put(out, zip->end_at, 8);
		zip_put(out, 1, 4);
	}
	zip_put(out, ZIP_END_SIGN, 4);
	zip_put(out, 0, 4); /* disks */
	zip_put(out, zip->count, 2);
	zip_put(out, zip->count, 2);
	zip_put(out, zip_capped(central_bytes), 4);
	zip_put(out, zip_capped(zip->central_at), 4);
	zip_put(out, 0, 2); /* comment */
}

/* 2 seconds, minutes, hours; days, months, years since 1980. */
static uint32_t
zip_dos_time(int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / 1000);
	struct tm parts;

	if (localtime_r(&seconds, &parts) == NULL ||
	    parts.tm_year < ZIP_FIRST_YEAR ||
	    parts.tm_year > ZIP_FIRST_YEAR + 127)
		return UINT32_C(0x00210000); /* 1980-01-01 */
	return (uint32_t)(parts.tm_year - ZIP_FIRST_YEAR) << 25 |
	       (uint32_t)(parts.tm_mon + 1) << 21 |
	       (uint32_t)parts.tm_mday << 16 | (uint32_t)parts.tm_hour << 11 |
	       (uint32_t)parts.tm_min << 5 | (uint32_t)(parts.tm_sec / 2);
}

/* Where everything is. */
static enum status
zip_lay_out(struct zip_stream *zip, struct err *err)
{
	uint64_t source_at = 0;
	uint64_t at = 0;

	for (size_t i = 0; i < zip->count; i++) {
		struct zip_entry *entry = &zip->entries[i];

		if (entry->size_bytes > ZIP_MAX_BYTES ||
		    at > ZIP_MAX_BYTES - entry->size_bytes)
			return err_set(err, ST_LIMIT, "zip: too large");
		entry->source_at = source_at;
		entry->local_at = at;
		entry->data_at = at + ZIP_LOCAL_BYTES + strlen(entry->name) +
				 (zip_is_large(entry) ? 20 : 0);
		source_at += entry->size_bytes;
		at = entry->data_at + entry->size_bytes;
	}
	zip->central_at = at;
	for (size_t i = 0; i < zip->count; i++) {
		struct zip_entry *entry = &zip->entries[i];
		const unsigned extra =
			(zip_is_large(entry) ? 16U : 0U) +
			(entry->local_at >= ZIP_MAX_32 ? 8U : 0U);

		entry->central_at = at;
		at += ZIP_CENTRAL_BYTES + strlen(entry->name) +
		      (extra > 0 ? ZIP_EXTRA_HEAD_BYTES + extra : 0);
	}
	zip->end_at = at;
	zip->total_bytes =
		at + ZIP_END_BYTES +
		(zip_end_is_large(zip) ? ZIP_END64_BYTES + ZIP_LOCATOR_BYTES
				       : 0);
	return ST_OK;
}

enum status
zip_stream_new(const struct zip_stream_file *files, size_t count,
	       int64_t at_unix_ms, struct zip_stream **zip_out, struct err *err)
{
	AUTO(zip_stream_free) struct zip_stream *zip = calloc(1, sizeof(*zip));
	enum status st = ST_OK;

	if (zip != NULL)
		zip->entries =
			calloc(count > 0 ? count : 1, sizeof(*zip->entries));
	if (zip == NULL || zip->entries == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	zip->dos_time = zip_dos_time(at_unix_ms);
	for (size_t i = 0; i < count; i++) {
		struct zip_entry *entry = &zip->entries[zip->count++];

		entry->name = strdup(files[i].name);
		if (entry->name == NULL)
			return err_set(err, ST_NO_MEMORY, "zip: no memory");
		entry->size_bytes = files[i].size_bytes;
		entry->crc32 = files[i].crc32;
	}
	st = zip_lay_out(zip, err);
	if (st == ST_OK)
		*zip_out = MOVE(zip);
	return st;
}

void
zip_stream_free(struct zip_stream **zip)
{
	if (*zip == NULL)
		return;
	for (size_t i = 0; i < (*zip)->count; i++)
		free((*zip)->entries[i].name);
	free((*zip)->entries);
	free(*zip);
	*zip = NULL;
}

uint64_t
zip_stream_bytes(const struct zip_stream *zip)
{
	return zip->total_bytes;
}

/* The bytes of a header from skip on. */
static enum status
zip_copy(const struct sbuf *part, uint64_t skip, void *out, size_t room,
	 size_t *len_out)
{
	const size_t left = part->len_bytes - (size_t)skip;

	if (part->st != ST_OK)
		return part->st;
	*len_out = left < room ? left : room;
	memcpy(out, part->bytes + skip, *len_out);
	return ST_OK;
}

/* The last entry that begins at or before offset. */
static const struct zip_entry *
zip_find(const struct zip_stream *zip, uint64_t offset, bool central)
{
	size_t low = 0;
	size_t high = zip->count;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;
		const struct zip_entry *entry = &zip->entries[middle];

		if ((central ? entry->central_at : entry->local_at) <= offset)
			low = middle;
		else
			high = middle;
	}
	return &zip->entries[low];
}

enum status
zip_stream_read(struct zip_stream *zip, zip_stream_source *source,
		void *context, uint64_t offset, void *out, size_t room,
		size_t *len_out)
{
	AUTO(sbuf_done) struct sbuf part;
	const struct zip_entry *entry = NULL;

	sbuf_init(&part, ZIP_MAX_PART_BYTES);
	if (offset >= zip->total_bytes)
		return ST_END;
	if (offset >= zip->end_at) {
		zip_put_end(zip, &part);
		return zip_copy(&part, offset - zip->end_at, out, room,
				len_out);
	}
	entry = zip_find(zip, offset, offset >= zip->central_at);
	if (offset >= zip->central_at) {
		zip_put_central(zip, entry, &part);
		return zip_copy(&part, offset - entry->central_at, out, room,
				len_out);
	}
	if (offset < entry->data_at) {
		zip_put_local(zip, entry, &part);
		return zip_copy(&part, offset - entry->local_at, out, room,
				len_out);
	}
	const uint64_t skip = offset - entry->data_at;
	const uint64_t left = entry->size_bytes - skip;

	return source(context, entry->source_at + skip, out,
		      left < room ? (size_t)left : room, len_out);
}
