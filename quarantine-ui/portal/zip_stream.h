/*
 * zip_stream.h - many files as one zip, of which any byte can be asked for.
 *
 * Layer:    quarantine-ui/portal; includes only lib/
 * Threads:  belongs to one thread at a time
 *
 * Stored, not packed: sizes and checksums are known before, so the length of
 * the whole and the place of every byte are, too, and nothing is kept but the
 * list. Names are UTF-8 (bit 11); above 4 GiB the fields of zip64.
 *
 * Shape (APPNOTE.TXT 4.3): for each file its local header and bytes; then the
 * central directory; then, where needed, the end of zip64 and its locator; the
 * end.
 */
#ifndef QUARANTINE_UI_PORTAL_ZIP_STREAM_H
#define QUARANTINE_UI_PORTAL_ZIP_STREAM_H

#include "lib/base/span.h"
#include "lib/base/status.h"

struct zip_stream_file {
	const char *name; /* clean, no two alike; copied */
	uint64_t size_bytes;
	uint32_t crc32;
};

struct zip_stream;

/* Up to room bytes of the files, which lie one behind another, from offset
 * on; at least one, never beyond the end of what was asked for. */
typedef enum status zip_stream_source(void *context, uint64_t offset, void *out,
				      size_t room, size_t *len_out);

/*
 * at_unix_ms: date of the files in it, in the zone of this host.
 * Gives:    *zip_out, release with zip_stream_free()
 * Returns:  ST_OK; ST_LIMIT the sizes add up to more than there is;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
zip_stream_new(const struct zip_stream_file *files, size_t count,
	       int64_t at_unix_ms, struct zip_stream **zip_out,
	       struct err *err);
void zip_stream_free(struct zip_stream **zip);

uint64_t zip_stream_bytes(const struct zip_stream *zip);

/*
 * Up to room bytes of the zip from offset on; at least one.
 * Returns: ST_OK; ST_END behind its last byte; what source returns
 */
MUST_CHECK enum status
zip_stream_read(struct zip_stream *zip, zip_stream_source *source,
		void *context, uint64_t offset, void *out, size_t room,
		size_t *len_out);

#endif
