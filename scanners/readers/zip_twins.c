#include "scanners/readers/zip_twins.h"

#include <stdlib.h>

#include "lib/base/sbuf.h"
#include "scanners/text/readings.h"

enum { ZIP_MAX_FOLDERS = 64 };

struct zip_twin {
	uint64_t name; /* hash of what counts of it */
	uint64_t size_bytes;
	uint32_t crc;
};

static uint64_t
zip_mix(uint64_t hash, uint8_t byte)
{
	return (hash ^ byte) * UINT64_C(0x100000001B3);
}

/* The part of a path that starts at *at; *at: behind it and its slash. */
static struct span
zip_next_folder(struct span name, size_t *at)
{
	const size_t from = *at;
	size_t end = from;
	struct span part = { 0 };

	while (end < name.len_bytes && name.ptr[end] != '/' &&
	       name.ptr[end] != '\\')
		end++;
	*at = end + 1;
	(void)span_cut(name, from, end - from, &part);
	return part;
}

/* Windows drops dots and blanks at the end of a name. */
static struct span
zip_trim(struct span part)
{
	while (part.len_bytes > 0 && (part.ptr[part.len_bytes - 1] == '.' ||
				      part.ptr[part.len_bytes - 1] == ' '))
		part.len_bytes--;
	return part;
}

static uint64_t
zip_name_hash(struct span name)
{
	uint64_t hashes[ZIP_MAX_FOLDERS] = { UINT64_C(0xCBF29CE484222325) };
	size_t depth = 0;

	for (size_t at = 0; at < name.len_bytes;) {
		struct span part = zip_next_folder(name, &at);

		if (part.len_bytes == 2 && part.ptr[0] == '.' &&
		    part.ptr[1] == '.') {
			depth -= depth > 0;
			continue;
		}
		part = zip_trim(part);
		if (part.len_bytes == 0)
			continue;
		uint64_t hash = zip_mix(hashes[depth], '/');

		for (size_t i = 0; i < part.len_bytes; i++) {
			const uint8_t c = part.ptr[i];

			hash = zip_mix(hash, c >= 'A' && c <= 'Z'
						     ? (uint8_t)(c + 'a' - 'A')
						     : c);
		}
		depth += depth < ZIP_MAX_FOLDERS - 1;
		hashes[depth] = hash;
	}
	return hashes[depth];
}

static int
zip_twin_compare(const void *a, const void *b)
{
	const struct zip_twin *left = a;
	const struct zip_twin *right = b;

	return (left->name > right->name) - (left->name < right->name);
}

static bool
zip_twins_differ(const struct zip_twin *a, const struct zip_twin *b)
{
	return a->name == b->name &&
	       (a->crc != b->crc || a->size_bytes != b->size_bytes);
}

enum status
zip_find_twins(const struct zip_entry *entries, size_t count, bool *twins_out,
	       struct err *err)
{
	struct zip_twin *twins = NULL;
	struct sbuf name;
	enum status st = ST_OK;

	*twins_out = false;
	if (count < 2)
		return ST_OK;
	twins = reallocarray(NULL, count, sizeof(*twins));
	if (twins == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	sbuf_init(&name, SIZE_MAX / 2);
	for (size_t i = 0; i < count; i++) {
		sbuf_clear(&name);
		text_decode_best(entries[i].name, (struct span){ 0 }, &name);
		twins[i] = (struct zip_twin){
			.name = zip_name_hash(sbuf_span(&name)),
			.size_bytes = entries[i].size_bytes,
			.crc = entries[i].crc,
		};
	}
	st = sbuf_status(&name, "zip: name", err);
	qsort(twins, count, sizeof(*twins), zip_twin_compare);
	for (size_t i = 1; i < count; i++)
		*twins_out |= zip_twins_differ(&twins[i - 1], &twins[i]);
	sbuf_done(&name);
	free(twins);
	return st;
}

bool
zip_has_control(struct span name)
{
	enum { ZIP_DEL = 0x7F, ZIP_ESC = 0x1B };

	/* Escapes are those of ISO-2022-JP. */
	for (size_t i = 0; i < name.len_bytes; i++)
		if ((name.ptr[i] < ' ' && name.ptr[i] != ZIP_ESC) ||
		    name.ptr[i] == ZIP_DEL)
			return true;
	return false;
}
