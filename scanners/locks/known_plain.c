#include "scanners/locks/known_plain.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/attr.h"
#include "scanners/readers/zip_walk.h"

enum {
	PLAIN_STORED = 0,
	PLAIN_DEFLATED = 8,
	PLAIN_TIME_AT = 10,
	PLAIN_LEVELS = 9,
	PLAIN_BLOCK_HEAD = 5, /* of a deflate block that is not compressed */
	PLAIN_BLOCK_BYTES = 65535
};

/*
 * Starts of files as programs write them. Two rows may begin alike where a
 * program writes one or the other.
 */
struct plain_start {
	uint64_t skip; /* bytes in front that nobody knows */
	const char *bytes;
	uint8_t len_bytes;
	uint16_t zeros; /* as many behind them */
	/* Further ones; 0: none. */
	struct known_single singles[8];
};

/* PNG (ISO 15948) begins with its signature and the chunk IHDR; the two upper
 * bytes of width and height are zero. Office writes [Content_Types].xml first,
 * with 512 zeros to grow into. A compound file (MS-CFB 2.2) is of version 3 or
 * of version 4. Word and LibreOffice begin a PDF always alike. */
#define PLAIN_STARTS                                                             \
	START(26,                                                                \
	      "\x13\0\x08\x02[Content_Types].xml\xA2\x04\x04\x02\x28\xA0\0\x02", \
	      512, { 0, 'P' }, { 1, 'K' }, { 2, 3 }, { 3, 4 }, { 4, 0x14 },      \
	      { 6, 6 }, { 8, 8 })                                                \
	START(0,                                                                 \
	      "%PDF-1.7\r\n%\xB5\xB5\xB5\xB5\r\n1 0 obj\r\n<</Type/Catalog",     \
	      0, { 0 })                                                          \
	START(0,                                                                 \
	      "%PDF-1.6\n%\xC3\xA4\xC3\xBC\xC3\xB6\xC3\x9F\n2 0 obj\n<<"         \
	      "/Length 3 0 R/Filter",                                            \
	      0, { 0 })                                                          \
	START(0,                                                                 \
	      "%PDF-1.7\n%\xC3\xA4\xC3\xBC\xC3\xB6\xC3\x9F\n2 0 obj\n<<"         \
	      "/Length 3 0 R/Filter",                                            \
	      0, { 0 })                                                          \
	START(0,                                                                 \
	      "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0\0\0\0\0\0\0"     \
	      "\0\0\x3E\0\x03\0\xFE\xFF\x09\0\x06\0",                            \
	      10, { 0 })                                                         \
	START(0,                                                                 \
	      "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0\0\0\0\0\0\0"     \
	      "\0\0\x3B\0\x03\0\xFE\xFF\x09\0\x06\0",                            \
	      10, { 0 })                                                         \
	START(0, "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0", 0, { 20, 0 }, { 21, 0 })

static const struct plain_start plain_starts[] = {
#define START(skip, bytes, zeros, ...) \
	{ skip, bytes, sizeof(bytes) - 1, zeros, { __VA_ARGS__ } },
	PLAIN_STARTS
#undef START
};

/* The names of files that may begin so, in the order of the starts. */
static const char *const plain_names[ARRAY_LEN(plain_starts)][7] = {
	{ ".xlsx", ".docx", ".pptx", ".xlsm", ".docm", ".pptm", NULL },
	{ ".pdf" },
	{ ".pdf" },
	{ ".pdf" },
	{ ".xls", ".doc", ".ppt", ".msg", ".msi", NULL },
	{ ".xls", ".doc", ".ppt", ".msg", ".msi", NULL },
	{ ".png" },
};

/* One member with the old encryption. */
struct plain_member {
	struct zip_entry entry; /* of the central directory */
	struct span cipher;     /* header and data */
	uint8_t check;          /* the last byte of the header */
};

void
known_plain_done(struct known_plain *plain)
{
	if (plain->room != NULL)
		explicit_bzero(plain->room, plain->run.count);
	free(plain->room);
	*plain = (struct known_plain){ .room = NULL };
}

/* The next member that is locked so; false when there are no more. */
static bool
plain_next(struct span archive, uint64_t shift, size_t *at,
	   struct plain_member *member)
{
	while (zip_central_next(archive, at, &member->entry)) {
		const struct zip_entry *entry = &member->entry;
		const char *lock = zip_lock_name(entry);
		struct zip_entry local;
		uint32_t time = 0;

		if (lock == NULL || strcmp(lock, "zip: ZipCrypto") != 0 ||
		    entry->local_at + shift > archive.len_bytes ||
		    entry->packed_bytes > archive.len_bytes ||
		    entry->packed_bytes < ZIPCRYPTO_HEADER_BYTES ||
		    !zip_local_read(archive, (size_t)(entry->local_at + shift),
				    &local) ||
		    !span_cut(archive, local.data_at,
			      (size_t)entry->packed_bytes, &member->cipher))
			continue;
		(void)span_read_le(archive,
				   (size_t)(entry->local_at + shift) +
					   PLAIN_TIME_AT,
				   2, &time);
		member->check = (local.flags & ZIP_FLAG_DESCRIPTOR) == 0
					? (uint8_t)(entry->crc >> 24)
					: (uint8_t)(time >> 8);
		return true;
	}
	return false;
}

static bool
plain_begin(struct span archive, size_t *at, uint64_t *shift)
{
	struct zip_end end;

	if (!zip_find_end(archive, &end))
		return false;
	*at = (size_t)end.directory_at;
	*shift = end.shift;
	return true;
}

/* The check byte and bytes, as what is known of member from its header on. */
static enum status
plain_take(const struct plain_member *member, struct span bytes,
	   struct known_plain *plain, struct err *err)
{
	const size_t most = member->cipher.len_bytes - ZIPCRYPTO_HEADER_BYTES;
	size_t count = bytes.len_bytes;

	if (count > KNOWN_PLAIN_BYTES)
		count = KNOWN_PLAIN_BYTES;
	if (count > most)
		count = most;
	plain->room = malloc(count + 1);
	if (plain->room == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	plain->room[0] = member->check;
	memcpy(plain->room + 1, bytes.ptr, count);
	plain->run = (struct known_run){
		.cipher = member->cipher,
		.at = ZIPCRYPTO_HEADER_BYTES - 1,
		.plain = plain->room,
		.count = count + 1,
	};
	return ST_OK;
}

/* Settings of zlib: memory first, since all levels of the usual one come
 * first. Info-ZIP packs as the one below it. */
static const int plain_memory[] = { 8, 7, 9, 6, 5 };

enum {
	PLAIN_WAYS = ARRAY_LEN(plain_memory) * PLAIN_LEVELS,
	/* Of a large file each way takes seconds. */
	PLAIN_ALL_WAYS_BYTES = 4 * 1024 * 1024
};

/* Compress as a library would; false when the size is another one. There is
 * room for a byte more. */
static bool
plain_deflate(struct span file, size_t way, uint8_t *out, size_t len_bytes)
{
	z_stream stream = { .next_in = (uint8_t *)(uintptr_t)file.ptr,
			    .avail_in = (uInt)file.len_bytes };
	int state = Z_OK;

	if (deflateInit2(&stream, 1 + (int)(way % PLAIN_LEVELS), Z_DEFLATED,
			 -MAX_WBITS, plain_memory[way / PLAIN_LEVELS],
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	stream.next_out = out;
	stream.avail_out = (uInt)len_bytes + 1; /* none is left: not the end */
	state = deflate(&stream, Z_FINISH);
	const bool same = state == Z_STREAM_END && stream.avail_out == 1;

	(void)deflateEnd(&stream);
	return same;
}

/* *way: the first to be tried, then the one behind what fits. */
static enum status
plain_take_deflated(const struct plain_member *member, struct span file,
		    size_t *way, struct known_plain *plain, struct err *err)
{
	const size_t len = member->cipher.len_bytes - ZIPCRYPTO_HEADER_BYTES;
	const size_t ways = file.len_bytes <= PLAIN_ALL_WAYS_BYTES
				    ? PLAIN_WAYS
				    : PLAIN_LEVELS;
	uint8_t *packed = malloc(len + 1);
	enum status st = ST_NOT_FOUND;

	if (packed == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	for (; *way < ways && st == ST_NOT_FOUND; (*way)++) {
		if (plain_deflate(file, *way, packed, len))
			st = plain_take(member, (struct span){ packed, len },
					plain, err);
	}
	free(packed);
	return st;
}

/* Has the archive a member of the size and checksum of file? */
static bool
plain_find(struct span archive, struct span file, struct plain_member *member)
{
	uint32_t crc = 0;
	uint64_t shift = 0;
	size_t at = 0;
	bool has_crc = false;

	if (!plain_begin(archive, &at, &shift))
		return false;
	while (plain_next(archive, shift, &at, member)) {
		if (member->entry.size_bytes != file.len_bytes)
			continue;
		if (!has_crc)
			crc = (uint32_t)crc32_z(crc32(0, NULL, 0), file.ptr,
						file.len_bytes);
		has_crc = true;
		if (member->entry.crc == crc)
			return true;
	}
	return false;
}

enum status
known_plain_of_file(struct span archive, struct span file, size_t *index,
		    struct known_plain *plain, struct err *err)
{
	struct plain_member member;
	enum status st = ST_NOT_FOUND;

	*plain = (struct known_plain){ .room = NULL };
	if (file.len_bytes < KNOWN_LEAST_BYTES || file.len_bytes > UINT32_MAX ||
	    !plain_find(archive, file, &member))
		return err_set(err, ST_NOT_FOUND, "no member is that file");
	if (member.entry.method == PLAIN_STORED && (*index)++ == 0)
		st = plain_take(&member, file, plain, err);
	else if (member.entry.method == PLAIN_DEFLATED)
		st = plain_take_deflated(&member, file, index, plain, err);
	return st == ST_NOT_FOUND
		       ? err_set(err, st, "another program packed that file")
		       : st;
}

/* Where the file begins in the data; false when it is compressed. */
static bool
plain_file_at(const struct plain_member *member, size_t *at_out)
{
	const struct zip_entry *entry = &member->entry;
	const uint64_t data = entry->packed_bytes - ZIPCRYPTO_HEADER_BYTES;
	const uint64_t blocks =
		(entry->size_bytes + PLAIN_BLOCK_BYTES - 1) / PLAIN_BLOCK_BYTES;

	*at_out = ZIPCRYPTO_HEADER_BYTES;
	if (entry->method == PLAIN_STORED)
		return data == entry->size_bytes;
	*at_out += PLAIN_BLOCK_HEAD;
	return entry->method == PLAIN_DEFLATED && entry->size_bytes > 0 &&
	       data >= entry->size_bytes + blocks * PLAIN_BLOCK_HEAD;
}

static bool
plain_may_begin(const struct zip_entry *entry, size_t start)
{
	for (size_t i = 0; i < ARRAY_LEN(plain_names[0]); i++) {
		const char *end = plain_names[start][i];
		const size_t len = end == NULL ? 0 : strlen(end);

		if (end == NULL)
			return false;
		if (entry->name.len_bytes > len &&
		    strncasecmp((const char *)entry->name.ptr +
					entry->name.len_bytes - len,
				end, len) == 0)
			return true;
	}
	return false;
}

static enum status
plain_take_start(const struct plain_member *member, size_t file_at,
		 const struct plain_start *start, struct known_plain *plain,
		 struct err *err)
{
	const size_t count = (size_t)start->len_bytes + start->zeros;
	const size_t at = file_at + (size_t)start->skip;
	/* What stands at the start is behind the check byte. */
	const size_t check = at == ZIPCRYPTO_HEADER_BYTES ? 1 : 0;
	struct known_run *run = &plain->run;

	plain->room = calloc(1, count + 1);
	if (plain->room == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	plain->room[0] = member->check;
	memcpy(plain->room + check, start->bytes, start->len_bytes);
	*run = (struct known_run){ .cipher = member->cipher,
				   .at = at - check,
				   .plain = plain->room,
				   .count = count + check };
	if (check == 0)
		run->singles[run->single_count++] =
			(struct known_single){ ZIPCRYPTO_HEADER_BYTES - 1,
					       member->check };
	for (size_t i = 0; i < ARRAY_LEN(start->singles); i++) {
		const struct known_single *one = &start->singles[i];

		/* A zero at the very start is no one's: the end of the list. */
		if (one->at != 0 || one->plain != 0)
			run->singles[run->single_count++] =
				(struct known_single){ file_at + one->at,
						       one->plain };
	}
	return ST_OK;
}

enum status
known_plain_guess(struct span archive, size_t *index, struct known_plain *plain,
		  struct err *err)
{
	size_t number = 0;

	*plain = (struct known_plain){ .room = NULL };
	for (size_t start = 0; start < ARRAY_LEN(plain_starts); start++) {
		struct plain_member member;
		uint64_t shift = 0;
		size_t file_at = 0;
		size_t at = 0;

		if (!plain_begin(archive, &at, &shift))
			break;
		while (plain_next(archive, shift, &at, &member)) {
			const struct plain_start *of = &plain_starts[start];

			if (!plain_may_begin(&member.entry, start) ||
			    !plain_file_at(&member, &file_at) ||
			    member.cipher.len_bytes < file_at + of->skip +
							      of->len_bytes +
							      of->zeros ||
			    number++ < *index)
				continue;
			*index = number;
			return plain_take_start(&member, file_at, of, plain,
						err);
		}
	}
	return err_set(err, ST_NOT_FOUND, "no more is known");
}
