#include "scanners/locks/zip_other.h"

#include <string.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "scanners/readers/inflate.h"
#include "scanners/readers/zip_feed.h"

enum {
	/* What is larger stays closed: it would have to be copied. */
	OTHER_MOST_BYTES = 64 * 1024 * 1024,
	OTHER_CHUNK_BYTES = 8 * 1024,
	OTHER_START_BYTES = 16,
	OTHER_LZMA_SETTINGS = 9 * 5 * 5,
	OTHER_DEFLATED64 = 9,
	OTHER_ROOM_BYTES = 1024 * 1024, /* of which a part is used */
	OTHER_MOST_RATIO = 1200         /* of Deflate64 */
};

bool
zip_other_is_method(uint32_t method)
{
	return method == OTHER_DEFLATED64 || zip_feed_is_method(method);
}

static bool
other_starts(struct span start, const char *bytes, size_t len)
{
	return start.len_bytes >= len && memcmp(start.ptr, bytes, len) == 0;
}

bool
zip_other_may_begin(uint32_t method, struct span start)
{
	switch (method) {
	case OTHER_DEFLATED64:
		/* There are three types of blocks. */
		return start.len_bytes > 0 && (start.ptr[0] & 6) != 6;
	case ZIP_METHOD_BZIP2:
		return other_starts(start, "BZh", 3) && start.len_bytes > 3 &&
		       start.ptr[3] >= '1' && start.ptr[3] <= '9';
	case ZIP_METHOD_LZMA:
		/* Version, length of what follows, which is five. */
		return start.len_bytes > 4 && start.ptr[2] == 5 &&
		       start.ptr[3] == 0 && start.ptr[4] < OTHER_LZMA_SETTINGS;
	case ZIP_METHOD_ZSTD:
		return other_starts(start, "\x28\xB5\x2F\xFD", 4);
	case ZIP_METHOD_XZ:
		return other_starts(start, "\xFD\x37zXZ\0", 6);
	default:
		/* PPMd has an order of two at least. */
		return start.len_bytes > 1 && (start.ptr[0] & 0x0F) != 0;
	}
}

/* Read to the end, and compare. */
static bool
other_is_whole(const struct zip_fed *fed, struct archive *archive,
	       const struct lanes_watch *watch)
{
	uint8_t room[OTHER_CHUNK_BYTES];
	uLong crc = crc32(0, NULL, 0);
	uint64_t bytes = 0;
	la_ssize_t len = 0;

	do {
		len = archive_read_data(archive, room, sizeof(room));
		if (len > 0) {
			crc = crc32(crc, room, (uInt)len);
			bytes += (uint64_t)len;
		}
	} while (len > 0 && bytes <= fed->size_bytes &&
		 lanes_tick(watch, NULL) == ST_OK);
	explicit_bzero(room, sizeof(room));
	return len == 0 && bytes == fed->size_bytes && crc == fed->crc;
}

static enum status
other_spend(void *context, uint64_t len_bytes, uint64_t packed_bytes,
	    struct err *err)
{
	(void)len_bytes;
	(void)packed_bytes;
	return lanes_tick(context, err);
}

static bool
other_inflates(const struct zip_fed *fed, const struct lanes_watch *watch)
{
	const struct inflate_budget budget = {
		other_spend, (struct lanes_watch *)(uintptr_t)watch
	};
	struct err why = { .st = ST_OK };
	struct sbuf out;
	size_t used = 0;
	bool fits = false;

	if (fed->size_bytes > fed->bytes.len_bytes * OTHER_MOST_RATIO)
		return false;
	sbuf_init_secret(&out, (size_t)fed->size_bytes + OTHER_ROOM_BYTES);
	fits = inflate_unpack(INFLATE_DEFLATE64, fed->bytes, &budget, &out,
			      &used, &why) == ST_OK &&
	       out.len_bytes == fed->size_bytes &&
	       crc32(crc32(0, NULL, 0), out.bytes, (uInt)out.len_bytes) ==
		       fed->crc;
	sbuf_done(&out);
	return fits;
}

static bool
other_unpacks(const struct zip_fed *fed, const struct lanes_watch *watch)
{
	struct archive *archive = archive_read_new();
	struct zip_feed feed;
	const bool fits = archive != NULL && zip_feed_is_modest(fed) &&
			  zip_feed_open(&feed, fed, archive) &&
			  other_is_whole(fed, archive, watch);

	if (archive != NULL)
		(void)archive_read_free(archive);
	return fits;
}

bool
zip_other_reads(const struct zip_lock_member *member,
		const struct zipcrypto_keys *keys,
		const struct zip_lock_look *look)
{
	struct zipcrypto_keys walk = *keys;
	struct zip_fed fed = { .method = member->method,
			       .size_bytes = member->size_bytes,
			       .crc = member->crc };
	struct span start = { NULL, 0 };
	struct sbuf plain;
	bool fits = false;

	if (member->data.len_bytes > OTHER_MOST_BYTES)
		return false;
	sbuf_init_secret(&plain, OTHER_MOST_BYTES + 1);
	start = member->data;
	if (start.len_bytes > OTHER_START_BYTES)
		start.len_bytes = OTHER_START_BYTES;
	uint8_t *room = sbuf_extend(&plain, start.len_bytes);

	if (room != NULL) {
		zipcrypto_decrypt(&walk, start, room);
		fits = zip_other_may_begin(member->method, sbuf_span(&plain));
	}
	if (fits) {
		walk = *keys;
		sbuf_clear(&plain);
		room = sbuf_extend(&plain, member->data.len_bytes);
		fits = room != NULL;
	}
	if (fits) {
		zipcrypto_decrypt(&walk, member->data, room);
		fed.bytes = sbuf_span(&plain);
		fits = fed.method == OTHER_DEFLATED64
			       ? other_inflates(&fed, look->watch)
			       : other_unpacks(&fed, look->watch);
	}
	explicit_bzero(&walk, sizeof(walk));
	sbuf_done(&plain);
	return fits;
}
