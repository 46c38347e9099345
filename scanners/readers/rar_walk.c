#include "scanners/readers/rar_walk.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	RAR4_MARK_BYTES = 7,
	RAR4_HEAD_BYTES = 7,
	RAR4_MAIN = 0x73,
	RAR4_FILE = 0x74,
	RAR4_OLD_COMMENT = 0x75,
	RAR4_SERVICE = 0x7A,
	RAR4_END = 0x7B,
	RAR4_HAS_DATA = 0x8000,
	RAR4_MAIN_VOLUME = 0x0001,
	RAR4_MAIN_COMMENT = 0x0002,
	RAR4_MAIN_LOCKED = 0x0080,
	RAR4_FILE_CONTINUED = 0x0001,
	RAR4_FILE_LOCKED = 0x0004,
	RAR4_FILE_LARGE = 0x0100,
	RAR4_END_MORE = 0x0001,
	RAR4_METHOD_AT = 25,
	RAR4_STORED = 0x30,
	RAR4_NAME_AT = 32,
	RAR5_MARK_BYTES = 8,
	RAR5_MAIN = 1,
	RAR5_FILE = 2,
	RAR5_SERVICE = 3,
	RAR5_LOCKED = 4,
	RAR5_END = 5,
	RAR5_HAS_EXTRA = 1,
	RAR5_HAS_DATA = 2,
	RAR5_CONTINUED = 8,
	RAR5_FLAG = 1, /* volume of MAIN, more of END */
	RAR5_HAS_TIME = 2,
	RAR5_HAS_CRC = 4,
	RAR5_METHOD_SHIFT = 7,
	RAR5_METHOD_BITS = 7,
	RAR5_EXTRA_LOCK = 1
};

static uint32_t
rar_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

/* A number of RAR 5: seven bits a byte, the lowest first. */
static bool
rar_number(struct span bytes, size_t *at, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 63 && *at < bytes.len_bytes;
	     shift += 7) {
		const uint8_t c = bytes.ptr[(*at)++];

		*value |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

/* Cut head and data; what is behind the end of the archive is left out. */
static bool
rar_cut(struct span archive, size_t *at, uint64_t head_bytes,
	uint64_t data_bytes, struct rar_block *block)
{
	if (head_bytes > archive.len_bytes ||
	    !span_cut(archive, *at, (size_t)head_bytes, &block->head))
		return false;
	*at += (size_t)head_bytes;
	if (data_bytes > archive.len_bytes - *at)
		data_bytes = archive.len_bytes - *at;
	(void)span_cut(archive, *at, (size_t)data_bytes, &block->data);
	*at += (size_t)data_bytes;
	return true;
}

static void
rar4_judge(struct rar_block *block)
{
	const uint32_t flags = rar_u(block->head, 3, 2);
	const bool large = (flags & RAR4_FILE_LARGE) != 0;
	const size_t name_at = RAR4_NAME_AT + (large ? 8U : 0U);
	struct span name = { 0 };

	block->type = RAR_OTHER;
	switch (rar_u(block->head, 2, 1)) {
	case RAR4_MAIN:
		block->type =
			(flags & RAR4_MAIN_LOCKED) != 0 ? RAR_LOCKED : RAR_MAIN;
		block->volume = (flags & RAR4_MAIN_VOLUME) != 0;
		block->packed = (flags & RAR4_MAIN_COMMENT) != 0;
		break;
	case RAR4_FILE:
		block->type = RAR_FILE;
		block->locked = (flags & RAR4_FILE_LOCKED) != 0;
		block->continued = (flags & RAR4_FILE_CONTINUED) != 0;
		break;
	case RAR4_OLD_COMMENT:
		block->type = RAR_COMMENT;
		block->packed = true;
		break;
	case RAR4_SERVICE:
		if (!span_cut(block->head, name_at, 3, &name) ||
		    memcmp(name.ptr, "CMT", 3) != 0)
			break;
		block->type = RAR_COMMENT;
		block->locked = (flags & RAR4_FILE_LOCKED) != 0;
		block->packed =
			rar_u(block->head, RAR4_METHOD_AT, 1) != RAR4_STORED;
		break;
	case RAR4_END:
		block->type = RAR_END;
		block->volume = (flags & RAR4_END_MORE) != 0;
		break;
	default:
		break;
	}
	block->lock = "rar: AES-128";
}

static bool
rar4_next(struct span archive, size_t *at, struct rar_block *block)
{
	const uint32_t type = rar_u(archive, *at + 2, 1);
	const uint32_t flags = rar_u(archive, *at + 3, 2);
	const uint32_t head_bytes = rar_u(archive, *at + 5, 2);
	uint64_t data_bytes = 0;

	if (head_bytes < RAR4_HEAD_BYTES || type < 0x70 || type > 0x7F)
		return false;
	if ((flags & RAR4_HAS_DATA) != 0 || type == RAR4_FILE)
		data_bytes = rar_u(archive, *at + RAR4_HEAD_BYTES, 4);
	if ((type == RAR4_FILE || type == RAR4_SERVICE) &&
	    (flags & RAR4_FILE_LARGE) != 0)
		data_bytes |= (uint64_t)rar_u(archive, *at + RAR4_NAME_AT, 4)
			      << 32;
	if (!rar_cut(archive, at, head_bytes, data_bytes, block))
		return false;
	rar4_judge(block);
	return true;
}

/* Does a file's header have the field that says how it is encrypted? */
static bool
rar5_is_locked(struct span head, uint64_t extra_bytes)
{
	if (extra_bytes > head.len_bytes)
		return false;
	for (size_t at = head.len_bytes - (size_t)extra_bytes;
	     at < head.len_bytes;) {
		uint64_t size = 0;
		uint64_t type = 0;

		if (!rar_number(head, &at, &size) || size == 0)
			return false;
		size_t in_field = at;

		if (!rar_number(head, &in_field, &type) ||
		    size > head.len_bytes - at)
			return false;
		if (type == RAR5_EXTRA_LOCK)
			return true;
		at += (size_t)size;
	}
	return false;
}

/* A service header has the fields of a file, its name among them. */
static void
rar5_judge_service(struct rar_block *block, size_t at)
{
	uint64_t flags = 0;
	uint64_t skipped = 0;
	uint64_t packing = 0;
	uint64_t name_bytes = 0;
	struct span name = { 0 };

	if (!rar_number(block->head, &at, &flags) ||
	    !rar_number(block->head, &at, &skipped) ||
	    !rar_number(block->head, &at, &skipped))
		return;
	at += (flags & RAR5_HAS_TIME) != 0 ? 4U : 0U;
	at += (flags & RAR5_HAS_CRC) != 0 ? 4U : 0U;
	if (!rar_number(block->head, &at, &packing) ||
	    !rar_number(block->head, &at, &skipped) ||
	    !rar_number(block->head, &at, &name_bytes) || name_bytes != 3 ||
	    !span_cut(block->head, at, 3, &name) ||
	    memcmp(name.ptr, "CMT", 3) != 0)
		return;
	block->type = RAR_COMMENT;
	block->packed = (packing >> RAR5_METHOD_SHIFT & RAR5_METHOD_BITS) != 0;
}

static void
rar5_judge(struct rar_block *block, uint64_t type, size_t at,
	   uint64_t extra_bytes)
{
	uint64_t flags = 0;

	block->type = RAR_OTHER;
	switch (type) {
	case RAR5_MAIN:
	case RAR5_END:
		block->type = type == RAR5_MAIN ? RAR_MAIN : RAR_END;
		block->volume = rar_number(block->head, &at, &flags) &&
				(flags & RAR5_FLAG) != 0;
		break;
	case RAR5_FILE:
		block->type = RAR_FILE;
		block->locked = rar5_is_locked(block->head, extra_bytes);
		break;
	case RAR5_SERVICE:
		block->locked = rar5_is_locked(block->head, extra_bytes);
		rar5_judge_service(block, at);
		break;
	case RAR5_LOCKED:
		block->type = RAR_LOCKED;
		break;
	default:
		break;
	}
	block->lock = "rar: AES-256";
}

static bool
rar5_next(struct span archive, size_t *at, struct rar_block *block)
{
	size_t in_head = *at + 4;
	uint64_t head_bytes = 0;
	uint64_t type = 0;
	uint64_t flags = 0;
	uint64_t extra_bytes = 0;
	uint64_t data_bytes = 0;

	if (!rar_number(archive, &in_head, &head_bytes) || head_bytes == 0 ||
	    head_bytes > archive.len_bytes)
		return false;
	head_bytes += in_head - *at;
	if (!rar_number(archive, &in_head, &type) ||
	    !rar_number(archive, &in_head, &flags) ||
	    ((flags & RAR5_HAS_EXTRA) != 0 &&
	     !rar_number(archive, &in_head, &extra_bytes)) ||
	    ((flags & RAR5_HAS_DATA) != 0 &&
	     !rar_number(archive, &in_head, &data_bytes)))
		return false;
	in_head -= *at;
	if (!rar_cut(archive, at, head_bytes, data_bytes, block))
		return false;
	rar5_judge(block, type, in_head, extra_bytes);
	block->continued = (flags & RAR5_CONTINUED) != 0;
	return true;
}

static bool
rar_start_next(struct span archive, size_t *at, unsigned *version,
	       struct rar_block *block)
{
	struct span mark = { 0 };

	if (span_cut(archive, *at, RAR5_MARK_BYTES, &mark) &&
	    memcmp(mark.ptr, "Rar!\x1A\x07\x01\x00", RAR5_MARK_BYTES) == 0)
		*version = 5;
	else if (span_cut(archive, *at, RAR4_MARK_BYTES, &mark) &&
		 memcmp(mark.ptr, "Rar!\x1A\x07\x00", RAR4_MARK_BYTES) == 0)
		*version = 4;
	else
		return false;
	*at += mark.len_bytes;
	block->type = RAR_START;
	block->head = mark;
	return true;
}

bool
rar_block_next(struct span archive, size_t *at, unsigned *version,
	       struct rar_block *block_out)
{
	struct rar_block block = { .type = RAR_NONE };

	if (*at >= archive.len_bytes)
		return false;
	/* A further volume starts with the signature again. */
	if (!rar_start_next(archive, at, version, &block) &&
	    (*version == 0 ||
	     !(*version == 5 ? rar5_next(archive, at, &block)
			     : rar4_next(archive, at, &block))))
		return false;
	*block_out = block;
	return true;
}

bool
rar_first_block(struct span archive, struct rar_block *block_out)
{
	unsigned version = 0;
	size_t at = 0;
	struct rar_block start = { .type = RAR_NONE };

	return rar_block_next(archive, &at, &version, &start) &&
	       rar_block_next(archive, &at, &version, block_out);
}
