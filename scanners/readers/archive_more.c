#include "scanners/readers/archive_more.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/rar_walk.h"
#include "scanners/text/readings.h"

enum {
	GZIP_HEAD_BYTES = 10,
	GZIP_FLAGS_AT = 3,
	GZIP_HAS_CRC = 2,
	GZIP_HAS_EXTRA = 4,
	GZIP_HAS_NAME = 8,
	GZIP_HAS_COMMENT = 16,
	DICTIONARY_MAX_BYTES = 96 * 1024 * 1024, /* xz -9 has 64 MiB */
	XZ_BLOCK_AT = 12,
	ZSTD_SETTINGS_AT = 4,
	ZSTD_SINGLE = 0x20,
	LZIP_SIZE_AT = 5,
	ISO_SECTOR_BYTES = 2048,
	ISO_VOLUME_AT = 16 * ISO_SECTOR_BYTES,
	ISO_DESCRIPTORS = 64,
	ISO_SECOND_VOLUME = 2,
	ISO_ESCAPES_AT = 88
};

enum status
archive_rar_more(struct sink *sink, struct span archive, struct err *err)
{
	struct rar_block block = { .type = RAR_NONE };
	unsigned version = 0;
	size_t at = 0;
	bool unread = false;
	enum status st = ST_OK;

	while (st == ST_OK && rar_block_next(archive, &at, &version, &block)) {
		unread |= block.type == RAR_MAIN && block.packed;
		if (block.type != RAR_COMMENT)
			continue;
		unread |= block.packed || block.locked;
		st = sink_gap(sink, block.data, err);
	}
	if (st == ST_OK && unread)
		st = sink_opaque(sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 "rar: packed comment", err);
	return st;
}

bool
archive_rar_is_locked(struct span archive, struct archive_rar_files *files)
{
	struct rar_block block = { .type = RAR_NONE };

	while (rar_block_next(archive, &files->at, &files->version, &block))
		if (block.type == RAR_FILE && !block.continued)
			return block.locked;
	return true;
}

const char *
archive_rar_lock(struct span archive)
{
	struct rar_block block = { .type = RAR_NONE };
	unsigned version = 0;
	size_t at = 0;

	while (rar_block_next(archive, &at, &version, &block))
		if (block.locked || block.type == RAR_LOCKED)
			return block.lock;
	return NULL;
}

/* Step over a text that ends with a NUL. */
static struct span
archive_gzip_text(struct span archive, size_t *at)
{
	struct span rest = { 0 };
	struct span text = { 0 };

	if (!span_cut(archive, *at, archive.len_bytes - *at, &rest) ||
	    rest.len_bytes == 0)
		return text;
	const uint8_t *end = memchr(rest.ptr, 0, rest.len_bytes);

	if (end == NULL)
		return text;
	text = (struct span){ rest.ptr, (size_t)(end - rest.ptr) };
	*at += text.len_bytes + 1;
	return text;
}

enum status
archive_gzip_more(struct sink *sink, struct span archive, struct sbuf *name,
		  struct err *err)
{
	uint32_t flags = 0;
	uint32_t extra_bytes = 0;
	size_t at = GZIP_HEAD_BYTES;
	struct span fields = { 0 };

	if (!span_read_le(archive, GZIP_FLAGS_AT, 1, &flags) ||
	    archive.len_bytes < GZIP_HEAD_BYTES)
		return ST_OK;
	if ((flags & GZIP_HAS_EXTRA) != 0 &&
	    span_read_le(archive, at, 2, &extra_bytes))
		at += 2 + extra_bytes;
	if (at > archive.len_bytes)
		return ST_OK;
	if ((flags & GZIP_HAS_NAME) != 0)
		text_decode_best(archive_gzip_text(archive, &at),
				 (struct span){ 0 }, name);
	if ((flags & (GZIP_HAS_EXTRA | GZIP_HAS_COMMENT)) == 0)
		return sbuf_status(name, "archive: name", err);
	if ((flags & GZIP_HAS_COMMENT) != 0)
		(void)archive_gzip_text(archive, &at);
	(void)span_cut(archive, 0, at, &fields);
	return sink_gap(sink, fields, err);
}

/* Of LZMA2, in the list of filters in a block's header. */
static uint64_t
archive_xz_dictionary(struct span packed)
{
	uint32_t words = 0;
	uint32_t code = 0;
	struct span head = { 0 };

	if (!span_read_le(packed, XZ_BLOCK_AT, 1, &words) ||
	    !span_cut(packed, XZ_BLOCK_AT, (words + 1) * (size_t)4, &head) ||
	    head.ptr == NULL)
		return 0;
	const uint8_t *found = memmem(head.ptr, head.len_bytes, "\x21\x01", 2);

	if (found == NULL ||
	    !span_read_le(head, (size_t)(found - head.ptr) + 2, 1, &code) ||
	    code > 40)
		return 0;
	return (2 + (uint64_t)(code & 1)) << (code / 2 + 11);
}

bool
archive_wants_much(const char *kind, struct span packed)
{
	uint64_t bytes = 0;
	uint32_t value = 0;

	if (strcmp(kind, "xz") == 0)
		return archive_xz_dictionary(packed) > DICTIONARY_MAX_BYTES;
	if (strcmp(kind, "lzma") == 0 && span_read_le(packed, 1, 4, &value))
		bytes = value;
	if (strcmp(kind, "lzip") == 0 &&
	    span_read_le(packed, LZIP_SIZE_AT, 1, &value))
		bytes = UINT64_C(1) << (value & 0x1F);
	if (strcmp(kind, "zstd") == 0 &&
	    span_read_le(packed, ZSTD_SETTINGS_AT, 2, &value) &&
	    (value & ZSTD_SINGLE) == 0)
		bytes = UINT64_C(1) << (10 + (value >> 11));
	return bytes > DICTIONARY_MAX_BYTES;
}

/* The descriptor of the volume number index. */
static bool
archive_iso_descriptor(struct span archive, size_t index, struct span *out)
{
	return span_cut(archive,
			ISO_VOLUME_AT + index * (size_t)ISO_SECTOR_BYTES,
			ISO_SECTOR_BYTES, out);
}

bool
archive_iso_has_udf(struct span archive)
{
	struct span sector = { 0 };

	for (size_t i = 0;
	     i < ISO_DESCRIPTORS && archive_iso_descriptor(archive, i, &sector);
	     i++)
		if (memcmp(sector.ptr + 1, "NSR0", 4) == 0)
			return true;
	return false;
}

bool
archive_iso_has_joliet(struct span archive)
{
	struct span sector = { 0 };

	for (size_t i = 0; i < ISO_DESCRIPTORS &&
			   archive_iso_descriptor(archive, i, &sector) &&
			   memcmp(sector.ptr + 1, "CD001", 5) == 0;
	     i++)
		if (sector.ptr[0] == ISO_SECOND_VOLUME &&
		    memcmp(sector.ptr + ISO_ESCAPES_AT, "%/", 2) == 0)
			return true;
	return false;
}
