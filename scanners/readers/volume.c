#include "scanners/readers/volume.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	RAR4_HEAD_AT = 7, /* of the main header: crc, type, flags */
	RAR4_MAIN_TYPE = 0x73,
	RAR4_VOLUME = 1,
	RAR5_HEAD_AT = 12, /* behind the checksum */
	RAR5_MAIN_TYPE = 1,
	RAR5_HAS_EXTRA = 1,
	RAR5_HAS_DATA = 2,
	RAR5_VOLUME = 1,
	VOLUME_RAR_LETTERS = 100 /* x.r00 to x.r99, then x.s00 */
};

static bool
volume_ends(struct span *name, const char *end)
{
	const size_t len = strlen(end);
	struct span tail = { 0 };

	if (name->len_bytes <= len ||
	    !span_cut(*name, name->len_bytes - len, len, &tail) ||
	    !span_equal_nocase(tail, span_of(end)))
		return false;
	name->len_bytes -= len;
	return true;
}

/* Take least to most digits from the end of name. */
static bool
volume_take_digits(struct span *name, size_t least, size_t most,
		   uint32_t *number_out)
{
	size_t count = 0;
	uint32_t number = 0;
	uint32_t place = 1;

	while (count < most && count < name->len_bytes) {
		const uint8_t c = name->ptr[name->len_bytes - 1 - count];

		if (c < '0' || c > '9')
			break;
		number += (uint32_t)(c - '0') * place;
		place *= 10;
		count++;
	}
	if (count < least || count == name->len_bytes)
		return false;
	name->len_bytes -= count;
	*number_out = number;
	return true;
}

/* x.zip, x.z01 */
static bool
volume_of_zip(struct span name, struct volume *volume)
{
	volume->kind = VOLUME_ZIP;
	volume->number = VOLUME_LAST;
	if (!volume_ends(&name, ".zip") && !volume_ends(&name, ".zipx") &&
	    !(volume_take_digits(&name, 2, 3, &volume->number) &&
	      (volume_ends(&name, ".z") || volume_ends(&name, ".zx"))))
		return false;
	volume->stem_bytes = name.len_bytes;
	return volume->number > 0;
}

/* x.part01.rar, x.rar, x.r00 */
static bool
volume_of_rar(struct span name, struct volume *volume)
{
	struct span stem = name;

	volume->kind = VOLUME_RAR_PART;
	if (volume_ends(&stem, ".rar")) {
		struct span part = stem;

		if (!volume_take_digits(&part, 1, 4, &volume->number) ||
		    !volume_ends(&part, ".part")) {
			volume->kind = VOLUME_RAR;
			volume->number = 0;
			part = stem;
		}
		volume->stem_bytes = part.len_bytes;
		return true;
	}
	volume->kind = VOLUME_RAR;
	if (!volume_take_digits(&stem, 2, 2, &volume->number))
		return false;
	volume->number += 1;
	if (volume_ends(&stem, ".s"))
		volume->number += VOLUME_RAR_LETTERS;
	else if (!volume_ends(&stem, ".r"))
		return false;
	volume->stem_bytes = stem.len_bytes;
	return true;
}

bool
volume_of_name(const char *name, struct volume *volume_out)
{
	struct span text = span_of(name);
	struct span stem = text;

	*volume_out = (struct volume){ .kind = VOLUME_NUMBERED };
	if (volume_take_digits(&stem, 3, 4, &volume_out->number) &&
	    volume_ends(&stem, ".")) {
		volume_out->stem_bytes = stem.len_bytes;
		return true;
	}
	if (volume_of_zip(text, volume_out) || volume_of_rar(text, volume_out))
		return true;
	volume_out->kind = VOLUME_NONE;
	return false;
}

/* The name of an archive: "x.7z" of x.7z.002. */
static bool
volume_is_archive_name(struct span name)
{
	static const char *const ends[] = {
		".7z",  ".zip", ".zipx", ".rar", ".tar", ".gz",  ".tgz",
		".bz2", ".xz",  ".zst",  ".lzh", ".lha", ".cab", ".iso",
		".lz",  ".exe", ".pdf",  ".txz", ".tbz",
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct span stem = name;

		if (volume_ends(&stem, ends[i]))
			return true;
	}
	return false;
}

bool
volume_is_only_piece(const char *name, const struct volume *volume)
{
	struct span stem = { 0 };

	switch (volume->kind) {
	case VOLUME_NUMBERED:
		return volume->number > 1 &&
		       span_cut(span_of(name), 0, volume->stem_bytes, &stem) &&
		       volume_is_archive_name(stem);
	case VOLUME_ZIP:
		return volume->number != VOLUME_LAST;
	case VOLUME_RAR_PART:
		return volume->number > 1;
	case VOLUME_RAR:
		return volume->number > 0;
	case VOLUME_NONE:
	default:
		return false;
	}
}

/* A number of RAR 5: seven bits a byte, the lowest first. */
static bool
volume_vint(struct span bytes, size_t *at, uint64_t *value)
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

static bool
volume_is_rar5(struct span bytes)
{
	size_t at = RAR5_HEAD_AT;
	uint64_t size = 0;
	uint64_t type = 0;
	uint64_t flags = 0;
	uint64_t skipped = 0;
	uint64_t archive = 0;

	return volume_vint(bytes, &at, &size) &&
	       volume_vint(bytes, &at, &type) && type == RAR5_MAIN_TYPE &&
	       volume_vint(bytes, &at, &flags) &&
	       ((flags & RAR5_HAS_EXTRA) == 0 ||
		volume_vint(bytes, &at, &skipped)) &&
	       ((flags & RAR5_HAS_DATA) == 0 ||
		volume_vint(bytes, &at, &skipped)) &&
	       volume_vint(bytes, &at, &archive) &&
	       (archive & RAR5_VOLUME) != 0;
}

static bool
volume_is_rar(struct span bytes)
{
	uint32_t type = 0;
	uint32_t flags = 0;

	if (bytes.len_bytes < RAR5_HEAD_AT ||
	    memcmp(bytes.ptr, "Rar!\x1A\x07", 6) != 0)
		return false;
	if (bytes.ptr[6] == 1 && bytes.ptr[7] == 0)
		return volume_is_rar5(bytes);
	return span_read_le(bytes, RAR4_HEAD_AT + 2, 1, &type) &&
	       span_read_le(bytes, RAR4_HEAD_AT + 3, 2, &flags) &&
	       type == RAR4_MAIN_TYPE && (flags & RAR4_VOLUME) != 0;
}

bool
volume_fits(enum volume_kind kind, struct span bytes)
{
	if (kind != VOLUME_RAR_PART && kind != VOLUME_RAR)
		return bytes.len_bytes > 0;
	return volume_is_rar(bytes);
}

const char *
volume_ending(enum volume_kind kind)
{
	switch (kind) {
	case VOLUME_ZIP:
		return ".zip";
	case VOLUME_RAR_PART:
	case VOLUME_RAR:
		return ".rar";
	case VOLUME_NONE:
	case VOLUME_NUMBERED:
	default:
		return "";
	}
}
