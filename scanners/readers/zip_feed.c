#include "scanners/readers/zip_feed.h"

#include <archive_entry.h>

enum { FEED_PPMD_MEMORY_MB = 64, FEED_FLAGS_OF_METHODS = 0x0006 };

bool
zip_feed_is_method(uint32_t method)
{
	return method == ZIP_METHOD_BZIP2 || method == ZIP_METHOD_LZMA ||
	       method == ZIP_METHOD_ZSTD || method == ZIP_METHOD_XZ ||
	       method == ZIP_METHOD_PPMD;
}

/* PPMd asks for its memory in its first two bytes: order, MiB less one. */
bool
zip_feed_is_modest(const struct zip_fed *fed)
{
	uint32_t settings = 0;

	return fed->method != ZIP_METHOD_PPMD ||
	       !span_read_le(fed->bytes, 0, 2, &settings) ||
	       (settings >> 4 & 0xFF) < FEED_PPMD_MEMORY_MB;
}

static la_ssize_t
feed_read(struct archive *archive, void *context, const void **block)
{
	struct zip_feed *feed = context;

	(void)archive;
	feed->step++;
	if (feed->step == 1) {
		*block = feed->head;
		return ZIP_FEED_HEAD_BYTES;
	}
	if (feed->step > 2)
		return 0;
	*block = feed->bytes.ptr;
	return (la_ssize_t)feed->bytes.len_bytes;
}

static void
feed_put(uint8_t *to, uint64_t value, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

bool
zip_feed_open(struct zip_feed *feed, const struct zip_fed *fed,
	      struct archive *archive)
{
	struct archive_entry *entry = NULL;
	uint8_t *head = feed->head;

	*feed = (struct zip_feed){ .bytes = fed->bytes };
	feed_put(head, 0x04034b50, 4);
	feed_put(head + 4, 63, 2);
	feed_put(head + 6, fed->flags & FEED_FLAGS_OF_METHODS, 2);
	feed_put(head + 8, fed->method, 2);
	feed_put(head + 14, fed->crc, 4);
	feed_put(head + 18, feed->bytes.len_bytes, 4);
	feed_put(head + 22, fed->size_bytes, 4);
	feed_put(head + 26, 1, 2);
	head[ZIP_FEED_HEAD_BYTES - 1] = 'a';
	/* What is authentic has no checksum; of the rest the caller makes it.
	 */
	return archive_read_support_format_zip_streamable(archive) ==
		       ARCHIVE_OK &&
	       archive_read_set_format_option(archive, "zip", "ignorecrc32",
					      "1") == ARCHIVE_OK &&
	       archive_read_open(archive, feed, NULL, feed_read, NULL) ==
		       ARCHIVE_OK &&
	       archive_read_next_header(archive, &entry) >= ARCHIVE_WARN;
}
