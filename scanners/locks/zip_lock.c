#include "scanners/locks/zip_lock.h"

#include <string.h>
#include <zlib.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/deflate_probe.h"
#include "scanners/locks/zip_other.h"
#include "scanners/readers/zip_walk.h"

enum {
	ZIP_LOCK_STORED = 0,
	ZIP_LOCK_DEFLATED = 8,
	ZIP_LOCK_CHUNK_BYTES = 4096,
	ZIP_LOCK_SURE_BYTES = 32,
	ZIP_LOCAL_TIME_AT = 10
};

bool
zip_lock_is_method(uint32_t method)
{
	return method == ZIP_LOCK_STORED || method == ZIP_LOCK_DEFLATED ||
	       zip_other_is_method(method);
}

/* The last byte of the header in clear: of the checksum, or of the time when
 * the checksum was not known yet (APPNOTE 6.1.6, as everybody reads it). */
static uint8_t
zip_lock_check(struct span archive, const struct zip_entry *central,
	       const struct zip_entry *local)
{
	uint32_t time = 0;

	if ((local->flags & ZIP_FLAG_DESCRIPTOR) == 0)
		return (uint8_t)(central->crc >> 24);
	(void)span_read_le(archive,
			   (size_t)central->local_at + ZIP_LOCAL_TIME_AT, 2,
			   &time);
	return (uint8_t)(time >> 8);
}

/*
 * Info-ZIP's zip 3.0 writes both bytes of the time. Other programs write one,
 * so all that it does must be seen: a right password that is taken for wrong
 * is worse than 256 wrong ones that are looked at.
 */
static void
zip_lock_before(struct span archive, const struct zip_entry *central,
		const struct zip_entry *local, struct zip_lock_member *member)
{
	/* Its extra fields: "UT" of five bytes, "ux" of eleven. */
	static const uint8_t times[] = { 'U', 'T', 5, 0 };
	static const uint8_t owner[] = { 'u', 'x', 11, 0 };
	const struct span extra = central->extra;
	uint32_t time = 0;

	if (central->made_by != 3 || central->made_version != 30 ||
	    (local->flags & ZIP_FLAG_DESCRIPTOR) == 0 ||
	    extra.len_bytes != 2 * 4 + 5 + 11 ||
	    memcmp(extra.ptr, times, sizeof(times)) != 0 ||
	    memcmp(extra.ptr + 4 + 5, owner, sizeof(owner)) != 0 ||
	    !span_read_le(archive,
			  (size_t)central->local_at + ZIP_LOCAL_TIME_AT, 2,
			  &time))
		return;
	member->before = (uint8_t)time;
	member->before_mask = 0xFF;
}

/* Keep the members that cost least to look at, smallest first. */
static void
zip_lock_keep(struct zip_lock *lock, const struct zip_lock_member *member)
{
	size_t at = lock->count;

	while (at > 0 &&
	       lock->members[at - 1].data.len_bytes > member->data.len_bytes)
		at--;
	if (at == ZIP_LOCK_MEMBERS)
		return;
	if (lock->count < ZIP_LOCK_MEMBERS)
		lock->count++;
	memmove(&lock->members[at + 1], &lock->members[at],
		(lock->count - 1 - at) * sizeof(lock->members[0]));
	lock->members[at] = *member;
}

static void
zip_lock_take(struct zip_lock *lock, struct span archive,
	      const struct zip_entry *central)
{
	const char *name = zip_lock_name(central);
	struct zip_lock_member member = { .method = central->method,
					  .crc = central->crc,
					  .size_bytes = central->size_bytes };
	struct zip_entry local;
	struct span packed = { NULL, 0 };

	if (name == NULL || central->local_at > archive.len_bytes ||
	    !zip_local_read(archive, (size_t)central->local_at, &local))
		return;
	if (strcmp(name, "zip: ZipCrypto") != 0 ||
	    !zip_lock_is_method(member.method)) {
		lock->other = strcmp(name, "zip: ZipCrypto") != 0
				      ? name
				      : zip_method_name(member.method);
		return;
	}
	if (central->packed_bytes < ZIPCRYPTO_HEADER_BYTES ||
	    central->packed_bytes > archive.len_bytes ||
	    !span_cut(archive, local.data_at, (size_t)central->packed_bytes,
		      &packed) ||
	    !span_cut(packed, ZIPCRYPTO_HEADER_BYTES,
		      packed.len_bytes - ZIPCRYPTO_HEADER_BYTES, &member.data))
		return;
	member.header = packed.ptr;
	member.check = zip_lock_check(archive, central, &local);
	zip_lock_before(archive, central, &local, &member);
	/* An empty file says nothing about a password. */
	if (member.size_bytes > 0 && member.data.len_bytes > 0)
		zip_lock_keep(lock, &member);
}

enum status
zip_lock_find(struct span archive, struct zip_lock *lock_out, struct err *err)
{
	struct zip_end end;
	struct zip_entry entry;

	*lock_out = (struct zip_lock){ .count = 0 };
	if (!zip_find_end(archive, &end))
		return err_set(err, ST_FORMAT, "no zip archive");
	size_t at = (size_t)end.directory_at;

	while (zip_central_next(archive, &at, &entry)) {
		entry.local_at += end.shift;
		zip_lock_take(lock_out, archive, &entry);
	}
	if (lock_out->count > 0)
		return ST_OK;
	if (lock_out->other != NULL)
		return err_set(err, ST_UNSUPPORTED, "%s", lock_out->other);
	return err_set(err, ST_NOT_FOUND, "nothing in it is locked");
}

/* The keys behind the header; false when its last byte is another one. */
static bool
zip_lock_header(const struct zip_lock_member *member,
		struct zipcrypto_keys *keys)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	uint8_t last = 0;

	for (size_t i = 0; i < ZIPCRYPTO_HEADER_BYTES; i++)
		last = zipcrypto_next(tables, keys, member->header[i]);
	return last == member->check;
}

static bool
zip_lock_stored(const struct zip_lock_member *member,
		struct zipcrypto_keys keys, const struct zip_lock_look *look)
{
	uint8_t plain[ZIP_LOCK_CHUNK_BYTES];
	uLong crc = crc32(0, NULL, 0);
	struct span rest = member->data;

	if (rest.len_bytes != member->size_bytes)
		return false;
	while (rest.len_bytes > 0) {
		struct span part = rest;

		if (part.len_bytes > sizeof(plain))
			part.len_bytes = sizeof(plain);
		zipcrypto_decrypt(&keys, part, plain);
		crc = crc32(crc, plain, (uInt)part.len_bytes);
		rest.ptr += part.len_bytes;
		rest.len_bytes -= part.len_bytes;
		if (lanes_tick(look->watch, NULL) != ST_OK)
			break;
	}
	explicit_bzero(plain, sizeof(plain));
	return rest.len_bytes == 0 && crc == member->crc;
}

/* Of files that are not packed again, or whose owner packs nothing. */
static bool
zip_lock_has_signature(struct span start)
{
	static const char *const signatures[] = {
		"PK\x03\x04",       "\x89PNG",    "\xFF\xD8\xFF", "%PDF-",
		"\xD0\xCF\x11\xE0", "7z\xBC\xAF", "Rar!",         "GIF8",
		"\x1F\x8B\x08",     "{\\rtf",     "II*",          "BZh",
		"\xFD\x37zXZ",      "RIFF",       "ID3",
	};

	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		const size_t len = strlen(signatures[i]);

		if (start.len_bytes >= len &&
		    memcmp(start.ptr, signatures[i], len) == 0)
			return true;
	}
	/* ISO media: the length of the box stands first. */
	return start.len_bytes >= 8 && memcmp(start.ptr + 4, "ftyp", 4) == 0;
}

static bool
zip_lock_is_text(struct span start)
{
	for (size_t i = 0; i < start.len_bytes; i++) {
		const uint8_t c = start.ptr[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
		     c != 0x1B) ||
		    c == 0x7F)
			return false;
	}
	return true;
}

bool
zip_lock_is_packed(const struct zip_lock_member *member)
{
	return member->method == ZIP_LOCK_DEFLATED;
}

bool
zip_lock_may_begin(const struct zip_lock_member *member, struct span start,
		   bool every)
{
	if (member->method == ZIP_LOCK_DEFLATED)
		return deflate_may_begin(start);
	if (member->method != ZIP_LOCK_STORED)
		return zip_other_may_begin(member->method, start);
	return every || zip_lock_has_signature(start) ||
	       zip_lock_is_text(start);
}

/* Could the data begin so, with these keys? */
static bool
zip_lock_begins(const struct zip_lock_member *member,
		struct zipcrypto_keys keys)
{
	uint8_t plain[ZIP_LOCK_START_BYTES];
	struct span start = member->data;

	if (start.len_bytes > sizeof(plain))
		start.len_bytes = sizeof(plain);
	zipcrypto_decrypt(&keys, start, plain);
	const bool may =
		deflate_may_begin((struct span){ plain, start.len_bytes });

	explicit_bzero(plain, sizeof(plain));
	return may;
}

/* Inflate what stream has in hand; false when it is no deflated data, or more
 * than the archive says. */
static bool
zip_lock_inflate(z_stream *stream, uint64_t most_bytes, uLong *crc, int *state)
{
	uint8_t out[ZIP_LOCK_CHUNK_BYTES];

	do {
		stream->next_out = out;
		stream->avail_out = sizeof(out);
		*state = inflate(stream, Z_NO_FLUSH);
		*crc = crc32(*crc, out, (uInt)sizeof(out) - stream->avail_out);
	} while (*state == Z_OK && stream->avail_out == 0 &&
		 stream->total_out <= most_bytes);
	explicit_bzero(out, sizeof(out));
	return (*state == Z_OK || *state == Z_STREAM_END ||
		*state == Z_BUF_ERROR) &&
	       stream->total_out <= most_bytes;
}

static bool
zip_lock_deflated(const struct zip_lock_member *member,
		  struct zipcrypto_keys keys, const struct zip_lock_look *look)
{
	uint8_t plain[ZIP_LOCK_CHUNK_BYTES];
	struct span rest = member->data;
	z_stream stream = { .next_in = NULL };
	uLong crc = crc32(0, NULL, 0);
	int state = Z_OK;
	bool fits = false;
	/* Growing: a wrong password is nearly always known by then. */
	size_t step = ZIP_LOCK_START_BYTES;

	if (!zip_lock_begins(member, keys) ||
	    inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	do {
		struct span part = rest;

		if (part.len_bytes > step)
			part.len_bytes = step;
		step = step * 2 < sizeof(plain) ? step * 2 : sizeof(plain);
		zipcrypto_decrypt(&keys, part, plain);
		rest.ptr += part.len_bytes;
		rest.len_bytes -= part.len_bytes;
		stream.next_in = plain;
		stream.avail_in = (uInt)part.len_bytes;
		fits = zip_lock_inflate(&stream, member->size_bytes, &crc,
					&state);
		fits = fits && lanes_tick(look->watch, NULL) == ST_OK;
	} while (fits && state != Z_STREAM_END && rest.len_bytes > 0 &&
		 stream.total_out < look->enough_bytes);
	fits = fits && (stream.total_out >= look->enough_bytes ||
			(state == Z_STREAM_END && crc == member->crc &&
			 stream.total_out == member->size_bytes));
	(void)inflateEnd(&stream);
	explicit_bzero(plain, sizeof(plain));
	return fits;
}

bool
zip_lock_reads(const struct zip_lock_member *member,
	       const struct zipcrypto_keys *keys,
	       const struct zip_lock_look *look)
{
	switch (member->method) {
	case ZIP_LOCK_STORED:
		return zip_lock_stored(member, *keys, look);
	case ZIP_LOCK_DEFLATED:
		return zip_lock_deflated(member, *keys, look);
	default:
		return zip_other_reads(member, keys, look);
	}
}

/* A long search tries so many that the checksum of a few bytes fits a wrong
 * one: these must be text besides, or begin as files do. */
static bool
zip_lock_says_something(const struct zip_lock_member *member,
			struct zipcrypto_keys keys)
{
	uint8_t plain[ZIP_LOCK_SURE_BYTES];
	struct span start = member->data;

	if (member->method != ZIP_LOCK_STORED)
		return true;
	if (start.len_bytes > sizeof(plain))
		start.len_bytes = sizeof(plain);
	zipcrypto_decrypt(&keys, start, plain);
	start.ptr = plain;
	const bool says = zip_lock_has_signature(start) ||
			  (zip_lock_is_text(start) && parse_is_utf8(start));

	explicit_bzero(plain, sizeof(plain));
	return says;
}

uint64_t
zip_lock_proof_bytes(uint64_t size_bytes)
{
	const uint64_t most = ZIP_LOCK_PROOF_BYTES - 1;

	return 1 + (size_bytes < most ? size_bytes : most);
}

bool
zip_lock_fits(const struct zip_lock *lock, const struct zipcrypto_keys *keys)
{
	struct zipcrypto_keys behind[ZIP_LOCK_MEMBERS];
	const struct zip_lock_look whole = { .enough_bytes = UINT64_MAX };
	bool fits = lock->count > 0;
	uint64_t seen_bytes = 0;

	/* All headers first: each tells 255 of 256 apart. */
	for (size_t i = 0; fits && i < lock->count; i++) {
		behind[i] = *keys;
		fits = zip_lock_header(&lock->members[i], &behind[i]);
	}
	/* The checksum of one byte fits one wrong password in 256. */
	for (size_t i = 0;
	     fits && i < lock->count && seen_bytes < ZIP_LOCK_SURE_BYTES; i++) {
		fits = zip_lock_reads(&lock->members[i], &behind[i], &whole);
		seen_bytes += lock->members[i].size_bytes;
	}
	for (size_t i = 0;
	     fits && seen_bytes < ZIP_LOCK_SURE_BYTES && i < lock->count; i++)
		fits = zip_lock_says_something(&lock->members[i], behind[i]);
	explicit_bzero(behind, sizeof(behind));
	return fits;
}
