#include "scanners/readers/volume.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/rar_walk.h"

enum { VOLUME_RAR_LETTERS = 100 /* x.r00 to x.r99, then x.s00 */ };

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

static bool
volume_is_rar(struct span bytes)
{
	struct rar_block block = { .type = RAR_NONE };

	return rar_first_block(bytes, &block) && block.type == RAR_MAIN &&
	       block.volume;
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
