/* yEnc (version 1.3): a file, or one of its parts. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/encoded_file.h"
#include "scanners/readers/mime_header.h"

/* The control lines of one part. */
struct yenc_part {
	bool is_part;
	bool has_range; /* "=ypart" */
	bool has_end;
	uint64_t size; /* of the whole file */
	uint64_t begin;
	uint64_t end;
	uint64_t end_size;
	struct span crc; /* of these bytes, hexadecimal; or empty */
};

static uint32_t
yenc_crc32(struct span bytes)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.len_bytes; i++) {
		crc ^= bytes.ptr[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/* What stands behind " key=" up to the next blank; empty when it is not
 * there. */
static struct span
yenc_value(struct span line, const char *key)
{
	const size_t len = strlen(key);
	const uint8_t *found =
		line.ptr != NULL ? memmem(line.ptr, line.len_bytes, key, len)
				 : NULL;
	struct span value = { 0 };
	size_t at = 0;

	if (found == NULL)
		return value;
	at = (size_t)(found - line.ptr) + len;
	size_t end = at;

	while (end < line.len_bytes && !mime_is_space(line.ptr[end]))
		end++;
	(void)span_cut(line, at, end - at, &value);
	return value;
}

static bool
yenc_number(struct span line, const char *key, uint64_t *value_out)
{
	return parse_u64(yenc_value(line, key), UINT64_MAX / 2, value_out);
}

static bool
yenc_is_line(struct span text, size_t at, const char *word)
{
	struct span head = { 0 };

	return span_cut(text, at, strlen(word), &head) &&
	       memcmp(head.ptr, word, head.len_bytes) == 0;
}

/* The name is the rest of the line; before it stand numbers. */
static bool
yenc_begin(struct span line, struct yenc_part *part, struct span *name_out)
{
	static const char key[] = " name=";
	const uint8_t *found =
		line.len_bytes > 0
			? memmem(line.ptr, line.len_bytes, key, sizeof(key) - 1)
			: NULL;
	struct span head = line;
	uint64_t number = 0;

	if (found != NULL) {
		const size_t at = (size_t)(found - line.ptr);

		(void)span_cut(line, 0, at, &head);
		(void)span_cut(line, at + sizeof(key) - 1,
			       line.len_bytes - at - sizeof(key) + 1, name_out);
	}
	part->is_part = yenc_number(head, " part=", &number);
	return yenc_number(head, " size=", &part->size);
}

/* Bytes from at to the control line that ends them; returns where that is. */
static size_t
yenc_decode(struct span text, size_t at, struct sbuf *out)
{
	bool starts = true;

	while (at < text.len_bytes) {
		uint8_t c = text.ptr[at];

		if (starts && c == '=' && yenc_is_line(text, at, "=y"))
			break;
		starts = c == '\n' || c == '\r';
		at++;
		if (starts)
			continue;
		if (c == '=') {
			if (at >= text.len_bytes || text.ptr[at] == '\n' ||
			    text.ptr[at] == '\r')
				continue;
			c = (uint8_t)(text.ptr[at++] - 64);
		}
		sbuf_add_byte(out, (uint8_t)(c - 42));
	}
	return at;
}

static const char *
yenc_judge(const struct yenc_part *part, struct span bytes)
{
	uint32_t crc = 0;
	uint8_t raw[4];
	const uint64_t want = !part->is_part    ? part->size
			      : part->has_range ? part->end - part->begin + 1
						: part->end_size;

	if (!part->has_end)
		return "no end";
	if (part->is_part && !part->has_range)
		return "a part without its place";
	if (bytes.len_bytes != want || bytes.len_bytes != part->end_size)
		return "another size";
	if (part->crc.len_bytes == 0)
		return NULL;
	if (part->crc.len_bytes > 8)
		return "a CRC that is none";
	for (size_t i = 0; i < part->crc.len_bytes; i++) {
		const uint8_t pair[2] = { '0', part->crc.ptr[i] };

		if (!parse_hex((struct span){ pair, 2 }, raw, 1))
			return "a CRC that is none";
		crc = crc << 4 | raw[0];
	}
	return crc == yenc_crc32(bytes) ? NULL : "another CRC";
}

/* "=ypart" and "=yend", the lines around the bytes. */
static size_t
yenc_range(struct span text, size_t at, struct yenc_part *part)
{
	struct span line = { 0 };

	if (!yenc_is_line(text, at, "=ypart "))
		return at;
	at = mime_line(text, at, &line);
	part->has_range = yenc_number(line, " begin=", &part->begin) &&
			  yenc_number(line, " end=", &part->end) &&
			  part->begin > 0 && part->begin <= part->end &&
			  part->end <= part->size;
	return at;
}

static size_t
yenc_end(struct span text, size_t at, struct yenc_part *part)
{
	struct span line = { 0 };

	if (!yenc_is_line(text, at, "=yend "))
		return at;
	at = mime_line(text, at, &line);
	part->has_end = yenc_number(line, " size=", &part->end_size);
	part->crc = yenc_value(line, part->is_part ? " pcrc32=" : " crc32=");
	return at;
}

bool
encoded_yenc_read(struct span text, size_t start_at, struct encoded_file *file)
{
	struct yenc_part part = { .size = 0 };
	struct span line = { 0 };
	struct span name = { 0 };
	size_t at = mime_line(text, start_at, &line);

	if (!yenc_begin(line, &part, &name))
		return false;
	sbuf_add_span(&file->name, mime_trim(name));
	at = yenc_range(text, at, &part);
	at = yenc_decode(text, at, &file->bytes);
	at = yenc_end(text, at, &part);
	file->end_at = at;
	file->damage = yenc_judge(&part, sbuf_span(&file->bytes));
	file->is_part = part.is_part && part.has_range;
	file->part_at = part.has_range ? part.begin - 1 : 0;
	file->whole_bytes = part.size;
	return true;
}
