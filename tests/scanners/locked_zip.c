#include "tests/scanners/locked_zip.h"

#include <string.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "scanners/ciphers/zipcrypto.h"

enum { LOCKED_ZIP_BYTES = 16 << 20 };

static void
put(struct sbuf *out, uint32_t value, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		sbuf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static void
put_encrypted(struct sbuf *out, struct zipcrypto_keys *keys, uint8_t plain)
{
	sbuf_add_byte(out, plain ^ zipcrypto_stream(keys));
	zipcrypto_update(zipcrypto_tables(), keys, plain);
}

void
locked_zip_begin(struct locked_zip *zip)
{
	sbuf_init(&zip->archive, LOCKED_ZIP_BYTES);
	sbuf_init(&zip->directory, LOCKED_ZIP_BYTES);
	zip->count = 0;
}

/* Flags, method, time, date, checksum and sizes; lengths of name and extra. */
static void
put_fields(struct sbuf *out, bool locked, uint32_t crc, size_t packed,
	   size_t bytes, const char *name)
{
	put(out, locked ? 1 : 0, 2);
	put(out, 0, 2);
	put(out, 0x5000, 2);
	put(out, 0x5B76, 2);
	put(out, crc, 4);
	put(out, (uint32_t)packed, 4);
	put(out, (uint32_t)bytes, 4);
	put(out, (uint32_t)strlen(name), 2);
	put(out, 0, 2);
}

void
locked_zip_add(struct locked_zip *zip, const char *name, const char *password,
	       struct span content)
{
	const size_t at = zip->archive.len_bytes;
	const bool locked = password != NULL;
	const uint32_t crc =
		(uint32_t)crc32_z(0, content.ptr, content.len_bytes);
	const size_t packed =
		content.len_bytes + (locked ? ZIPCRYPTO_HEADER_BYTES : 0);

	put(&zip->archive, 0x04034B50, 4);
	put(&zip->archive, 20, 2);
	put_fields(&zip->archive, locked, crc, packed, content.len_bytes, name);
	sbuf_add_text(&zip->archive, name);
	if (locked) {
		struct zipcrypto_keys keys = zipcrypto_of(span_of(password));

		for (unsigned i = 0; i < ZIPCRYPTO_HEADER_BYTES - 1; i++)
			put_encrypted(&zip->archive, &keys,
				      (uint8_t)(i * 37 + at * 11));
		put_encrypted(&zip->archive, &keys, (uint8_t)(crc >> 24));
		for (size_t i = 0; i < content.len_bytes; i++)
			put_encrypted(&zip->archive, &keys, content.ptr[i]);
	} else {
		sbuf_add_span(&zip->archive, content);
	}
	put(&zip->directory, 0x02014B50, 4);
	put(&zip->directory, 20, 2);
	put(&zip->directory, 20, 2);
	put_fields(&zip->directory, locked, crc, packed, content.len_bytes,
		   name);
	put(&zip->directory, 0, 2);
	put(&zip->directory, 0, 4);
	put(&zip->directory, 0, 4);
	put(&zip->directory, (uint32_t)at, 4);
	sbuf_add_text(&zip->directory, name);
	zip->count++;
}

void
locked_zip_end(struct locked_zip *zip)
{
	const size_t at = zip->archive.len_bytes;

	sbuf_add_span(&zip->archive, sbuf_span(&zip->directory));
	put(&zip->archive, 0x06054B50, 4);
	put(&zip->archive, 0, 4);
	put(&zip->archive, zip->count, 2);
	put(&zip->archive, zip->count, 2);
	put(&zip->archive, (uint32_t)zip->directory.len_bytes, 4);
	put(&zip->archive, (uint32_t)at, 4);
	put(&zip->archive, 0, 2);
}

void
locked_zip_done(struct locked_zip *zip)
{
	sbuf_done(&zip->archive);
	sbuf_done(&zip->directory);
}
