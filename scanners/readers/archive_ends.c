#include "scanners/readers/archive_ends.h"

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
	LZH_LONG_SIZE_AT = 24 /* of a header of level 3 */
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
