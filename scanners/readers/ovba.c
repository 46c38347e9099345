#include "scanners/readers/ovba.h"

#include <string.h>

enum {
	OVBA_CHUNK_BYTES = 4096,
	OVBA_SIGNATURE = 1,
	OVBA_ID_CODE_PAGE = 0x0003,
	OVBA_ID_VERSION = 0x0009,
	OVBA_ID_STREAM = 0x001A,
	OVBA_ID_MODULE_END = 0x002B,
	OVBA_ID_OFFSET = 0x0031,
	OVBA_ID_WIDE_STREAM = 0x0032
};

static uint32_t
ovba_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

/* Copy len bytes from distance bytes before the end of out, one by one: they
 * may overlap. False when that is before the chunk. */
static bool
ovba_copy(struct sbuf *out, size_t chunk_at, size_t distance, size_t len)
{
	if (distance > out->len_bytes - chunk_at ||
	    len > OVBA_CHUNK_BYTES - (out->len_bytes - chunk_at))
		return false;
	for (size_t i = 0; i < len && out->st == ST_OK; i++)
		sbuf_add_byte(out, out->bytes[out->len_bytes - distance]);
	return true;
}

/* The token is a distance and a length; how many bits each has depends on
 * what is unpacked so far ([MS-OVBA] 2.4.1.3.19). */
static bool
ovba_copy_token(uint32_t token, struct sbuf *out, size_t chunk_at)
{
	const size_t done = out->len_bytes - chunk_at;
	unsigned bits = 4;

	if (done == 0)
		return false;
	while (((size_t)1 << bits) < done)
		bits++;
	return ovba_copy(out, chunk_at, (token >> (16 - bits)) + 1,
			 (token & (0xFFFFU >> bits)) + 3);
}

/* Up to eight tokens behind a byte of flags. False when one is wrong. */
static bool
ovba_tokens(struct span chunk, size_t *at, struct sbuf *out, size_t chunk_at)
{
	const uint32_t flags = ovba_u(chunk, (*at)++, 1);

	for (unsigned i = 0; i < 8 && *at < chunk.len_bytes; i++) {
		if ((flags >> i & 1) == 0) {
			if (out->len_bytes - chunk_at >= OVBA_CHUNK_BYTES)
				return false;
			sbuf_add_byte(out, chunk.ptr[(*at)++]);
			continue;
		}
		if (chunk.len_bytes - *at < 2 ||
		    !ovba_copy_token(ovba_u(chunk, *at, 2), out, chunk_at))
			return false;
		*at += 2;
	}
	return true;
}

/* All tokens of a chunk. False when one is wrong: the rest is lost. */
static bool
ovba_chunk(struct span chunk, struct sbuf *out)
{
	const size_t chunk_at = out->len_bytes;
	size_t at = 0;

	while (at < chunk.len_bytes && out->st == ST_OK)
		if (!ovba_tokens(chunk, &at, out, chunk_at))
			return false;
	return true;
}

bool
ovba_is_packed(struct span packed)
{
	return packed.len_bytes >= 3 && packed.ptr[0] == OVBA_SIGNATURE &&
	       (ovba_u(packed, 1, 2) & 0x7000) == 0x3000;
}

size_t
ovba_unpack(struct span packed, struct sbuf *out, bool *whole_out)
{
	size_t at = 1;

	*whole_out = true;
	if (!ovba_is_packed(packed))
		return 0;
	while (packed.len_bytes - at >= 2 && out->st == ST_OK) {
		const uint32_t header = ovba_u(packed, at, 2);
		size_t len = (header & 0x0FFF) + 1;
		struct span chunk = { 0 };

		if ((header & 0x7000) != 0x3000)
			return at;
		at += 2;
		if (len > packed.len_bytes - at) {
			*whole_out = false;
			len = packed.len_bytes - at;
		}
		(void)span_cut(packed, at, len, &chunk);
		at += len;
		if ((header & 0x8000) == 0)
			sbuf_add_span(out, chunk);
		else if (!ovba_chunk(chunk, out))
			*whole_out = false;
	}
	return at;
}

bool
ovba_find_source(struct span stream, size_t *at_out)
{
	/* A byte of flags that says: eight plain bytes. */
	static const char start[] = "\0Attribut";
	enum { OVBA_HEADER_BYTES = 3 };
	const uint8_t *found = NULL;

	if (stream.len_bytes > OVBA_HEADER_BYTES)
		found = memmem(stream.ptr + OVBA_HEADER_BYTES,
			       stream.len_bytes - OVBA_HEADER_BYTES, start,
			       sizeof(start) - 1);
	if (found == NULL)
		return false;
	*at_out = (size_t)(found - stream.ptr) - OVBA_HEADER_BYTES;
	return true;
}

/* The next record of the stream "dir". */
static bool
ovba_record(struct span dir, size_t *at, uint32_t *id_out,
	    struct span *data_out)
{
	uint32_t len = 0;

	if (!span_read_le(dir, *at, 2, id_out) ||
	    !span_read_le(dir, *at + 2, 4, &len))
		return false;
	/* The one record whose size is not its own. */
	if (*id_out == OVBA_ID_VERSION)
		len = 6;
	if (!span_cut(dir, *at + 6, len, data_out))
		return false;
	*at += 6 + (size_t)len;
	return true;
}

bool
ovba_next_module(struct span dir, size_t *at, struct ovba_module *module_out)
{
	struct ovba_module module = { .source_at = 0 };
	struct span data = { 0 };
	uint32_t id = 0;

	while (ovba_record(dir, at, &id, &data)) {
		if (id == OVBA_ID_STREAM)
			module.name = data;
		else if (id == OVBA_ID_WIDE_STREAM)
			module.wide_name = data;
		else if (id == OVBA_ID_OFFSET)
			module.source_at = ovba_u(data, 0, 4);
		if (id != OVBA_ID_MODULE_END)
			continue;
		*module_out = module;
		return true;
	}
	return false;
}

uint32_t
ovba_code_page(struct span dir)
{
	struct span data = { 0 };
	uint32_t id = 0;
	size_t at = 0;

	while (ovba_record(dir, &at, &id, &data))
		if (id == OVBA_ID_CODE_PAGE)
			return ovba_u(data, 0, 2);
	return 0;
}
