#include "scanners/readers/archive_ends.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/rar_walk.h"

enum {
	SEVEN_HEAD_BYTES = 32,
	SEVEN_OFFSET_AT = 12,
	CAB_SIZE_AT = 8,
	ISO_VOLUME_AT = 32768,
	ISO_BLOCKS_AT = 80,
	ISO_BLOCK_BYTES_AT = 128,
	AR_MARK_BYTES = 8,
	AR_HEADER_BYTES = 60,
	AR_SIZE_AT = 48,
	AR_SIZE_BYTES = 10,
	LZH_PACKED_AT = 7,
	LZH_LEVEL_AT = 20,
	LZH_LONG_SIZE_AT = 24, /* of a header of level 3 */
	CPIO_MAGIC_BYTES = 6
};

/* A form of cpio: where its header has which number. */
struct cpio_form {
	const char *magic;
	size_t magic_bytes;
	size_t header_bytes;
	size_t name_at; /* how long the name is, with its NUL */
	size_t name_digits;
	size_t size_at;
	size_t size_digits;
	unsigned base; /* of digits; 0: words of two bytes */
	size_t align;
};

static const struct cpio_form cpio_forms[] = {
	{ "070701", CPIO_MAGIC_BYTES, 110, 94, 8, 54, 8, 16, 4 },
	{ "070702", CPIO_MAGIC_BYTES, 110, 94, 8, 54, 8, 16, 4 },
	{ "070707", CPIO_MAGIC_BYTES, 76, 59, 6, 65, 11, 8, 1 },
	{ "\xC7\x71", 2, 26, 20, 2, 22, 4, 0, 2 },
	{ "\x71\xC7", 2, 26, 20, 2, 22, 4, 0, 2 },
};

static uint64_t
archive_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

/* end when it lies among the bytes. */
static size_t
archive_end_within(struct span archive, uint64_t end)
{
	return end <= archive.len_bytes ? (size_t)end : 0;
}

size_t
archive_end_of_7z(struct span archive)
{
	const uint64_t offset = archive_u(archive, SEVEN_OFFSET_AT, 4) |
				archive_u(archive, SEVEN_OFFSET_AT + 4, 4)
					<< 32;
	const uint64_t size = archive_u(archive, SEVEN_OFFSET_AT + 8, 4) |
			      archive_u(archive, SEVEN_OFFSET_AT + 12, 4) << 32;

	if (offset > archive.len_bytes || size > archive.len_bytes)
		return 0;
	return archive_end_within(archive, SEVEN_HEAD_BYTES + offset + size);
}

size_t
archive_end_of_cab(struct span archive)
{
	return archive_end_within(archive, archive_u(archive, CAB_SIZE_AT, 4));
}

size_t
archive_end_of_iso(struct span archive)
{
	const uint64_t blocks =
		archive_u(archive, ISO_VOLUME_AT + ISO_BLOCKS_AT, 4);

	return archive_end_within(
		archive,
		blocks * archive_u(archive, ISO_VOLUME_AT + ISO_BLOCK_BYTES_AT,
				   2));
}

/* Members follow each other up to the last byte (ar(5)): there is no mark, but
 * a header that was cut off is read as the end. */
size_t
archive_end_of_ar(struct span archive)
{
	struct span field = { 0 };
	size_t at = AR_MARK_BYTES;

	while (at < archive.len_bytes) {
		uint64_t size_bytes = 0;

		if (!span_cut(archive, at + AR_SIZE_AT, AR_SIZE_BYTES, &field))
			return 0;
		while (field.len_bytes > 0 &&
		       field.ptr[field.len_bytes - 1] == ' ')
			field.len_bytes--;
		if (!parse_u64(field, archive.len_bytes, &size_bytes))
			return 0;
		at += AR_HEADER_BYTES + (size_t)size_bytes;
		if (at > archive.len_bytes)
			return 0;
		at += size_bytes % 2;
	}
	return archive.len_bytes;
}

/* Bytes of the member whose header starts at at, with its data. */
static uint64_t
archive_lzh_member(struct span archive, size_t at)
{
	const uint64_t packed = archive_u(archive, at + LZH_PACKED_AT, 4);

	switch (archive_u(archive, at + LZH_LEVEL_AT, 1)) {
	case 0:
	case 1: /* the packed size has the further headers in it */
		return archive_u(archive, at, 1) + 2 + packed;
	case 2:
		return archive_u(archive, at, 2) + packed;
	case 3:
		return archive_u(archive, at + LZH_LONG_SIZE_AT, 4) + packed;
	default:
		return UINT64_MAX;
	}
}

/* A header of length 0 is the end. */
size_t
archive_end_of_lzh(struct span archive)
{
	size_t at = 0;

	while (at < archive.len_bytes) {
		if (archive.ptr[at] == 0 && archive_u(archive, at, 2) == 0)
			return at + 1;
		const uint64_t member = archive_lzh_member(archive, at);

		if (member == 0 || member > archive.len_bytes - at)
			return 0;
		at += (size_t)member;
	}
	return 0;
}

size_t
archive_end_of_rar(struct span archive)
{
	struct rar_block block = { .type = RAR_NONE };
	unsigned version = 0;
	size_t at = 0;

	while (rar_block_next(archive, &at, &version, &block)) {
		/* Nobody can tell where that ends. */
		if (block.type == RAR_LOCKED)
			return archive.len_bytes;
		if (block.type == RAR_END && !block.volume)
			return at;
	}
	return 0;
}

static const struct cpio_form *
cpio_form_of(struct span archive, size_t at)
{
	struct span head = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cpio_forms); i++)
		if (span_cut(archive, at, cpio_forms[i].magic_bytes, &head) &&
		    head.ptr != NULL &&
		    memcmp(head.ptr, cpio_forms[i].magic,
			   cpio_forms[i].magic_bytes) == 0)
			return &cpio_forms[i];
	return NULL;
}

/* Words of two bytes, the higher word first. */
static uint64_t
cpio_words(struct span field, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i + 1 < field.len_bytes; i += 2) {
		const unsigned first = field.ptr[i];
		const unsigned second = field.ptr[i + 1];

		value = value << 16 |
			(big ? first << 8 | second : second << 8 | first);
	}
	return value;
}

/* False when a digit is none. */
static bool
cpio_number(struct span field, unsigned base, uint64_t *value_out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t value = 0;

	for (size_t i = 0; i < field.len_bytes; i++) {
		const uint8_t c = field.ptr[i];
		const char *digit =
			c != 0 ? strchr(digits,
					c >= 'A' && c <= 'F' ? c | 0x20 : c)
			       : NULL;

		if (digit == NULL || digit - digits >= (ptrdiff_t)base)
			return false;
		value = value * base + (uint64_t)(digit - digits);
	}
	*value_out = value;
	return true;
}

static bool
cpio_field(const struct cpio_form *form, struct span header, size_t at,
	   size_t len_bytes, uint64_t *value_out)
{
	struct span field = { 0 };

	if (!span_cut(header, at, len_bytes, &field))
		return false;
	if (form->base != 0)
		return cpio_number(field, form->base, value_out);
	*value_out = cpio_words(field, header.ptr[0] == 0x71);
	return true;
}

/* libarchive looks for another header when one digit of this is none. */
static bool
cpio_is_sound(const struct cpio_form *form, struct span header)
{
	struct span numbers = { 0 };
	uint64_t value = 0;

	return form->base == 0 ||
	       (span_cut(header, form->magic_bytes,
			 header.len_bytes - form->magic_bytes, &numbers) &&
		cpio_number(numbers, form->base, &value));
}

/* Step over the member at *at. *last_out: it is the mark of the end. */
static bool
cpio_member(struct span archive, size_t *at, bool *last_out)
{
	static const char trailer[] = "TRAILER!!!";
	const struct cpio_form *form = cpio_form_of(archive, *at);
	struct span header = { 0 };
	struct span name = { 0 };
	uint64_t name_bytes = 0;
	uint64_t size_bytes = 0;

	if (form == NULL ||
	    !span_cut(archive, *at, form->header_bytes, &header) ||
	    !cpio_is_sound(form, header) ||
	    !cpio_field(form, header, form->name_at, form->name_digits,
			&name_bytes) ||
	    !cpio_field(form, header, form->size_at, form->size_digits,
			&size_bytes) ||
	    name_bytes == 0 || name_bytes > archive.len_bytes ||
	    size_bytes > archive.len_bytes ||
	    !span_cut(archive, *at + form->header_bytes, (size_t)name_bytes,
		      &name) ||
	    name.ptr[name.len_bytes - 1] != 0)
		return false;
	*last_out = name.len_bytes == sizeof(trailer) &&
		    memcmp(name.ptr, trailer, sizeof(trailer)) == 0;
	/* Headers start at a multiple, as do data. */
	const size_t data =
		(form->header_bytes + name.len_bytes + form->align - 1) /
		form->align * form->align;

	*at += data + ((size_t)size_bytes + form->align - 1) / form->align *
			      form->align;
	return *at <= archive.len_bytes || *last_out;
}

size_t
archive_end_of_cpio(struct span archive)
{
	bool last = false;
	size_t at = 0;

	while (!last)
		if (!cpio_member(archive, &at, &last))
			return 0;
	return at < archive.len_bytes ? at : archive.len_bytes;
}
