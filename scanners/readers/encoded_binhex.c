/* BinHex 4.0: both forks of a file of old Macintoshes. */
#include <string.h>

#include "scanners/readers/encoded_file.h"
#include "scanners/readers/mime_header.h"

enum {
	BINHEX_RUN = 0x90,
	BINHEX_HEADER_BYTES = 1 + 4 + 4 + 2 + 4 + 4 + 2, /* behind the name */
	BINHEX_DATA_AT = 11, /* in these: length of the data, of the fork */
	BINHEX_FORK_AT = 15,
	BINHEX_BLANK_LINES = 8,
	BINHEX_NO_LETTER = 0x40
};

static const char binhex_letters[] =
	"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";

static uint32_t
binhex_value(uint8_t c)
{
	const char *found = c != 0 ? strchr(binhex_letters, c) : NULL;

	return found != NULL ? (uint32_t)(found - binhex_letters)
			     : BINHEX_NO_LETTER;
}

/* Behind the ":" that starts the letters, on a line soon after the first. */
static bool
binhex_start(struct span text, size_t at, size_t *letters_at_out)
{
	struct span line = { 0 };

	at = mime_line(text, at, &line);
	for (size_t i = 0; i < BINHEX_BLANK_LINES && at < text.len_bytes; i++) {
		const size_t next = mime_line(text, at, &line);
		size_t skip = 0;

		while (skip < line.len_bytes && mime_is_space(line.ptr[skip]))
			skip++;
		if (skip < line.len_bytes && line.ptr[skip] == ':') {
			*letters_at_out = at + skip + 1;
			return true;
		}
		at = next;
	}
	return false;
}

/* Six bits a letter, up to ":"; returns where that ends. */
static size_t
binhex_letters_decode(struct span text, size_t at, struct sbuf *packed,
		      const char **damage)
{
	uint32_t bits = 0;
	unsigned count = 0;

	*damage = "no end";
	while (at < text.len_bytes) {
		const uint8_t c = text.ptr[at];
		const uint32_t value = binhex_value(c);

		if (c == ':') {
			*damage = NULL;
			return at + 1;
		}
		if (value == BINHEX_NO_LETTER && !mime_is_space(c)) {
			*damage = "a letter does not fit";
			break;
		}
		at++;
		if (value == BINHEX_NO_LETTER)
			continue;
		bits = (bits << 6 | value) & 0xFFFFFF;
		count += 6;
		if (count >= 8) {
			count -= 8;
			sbuf_add_byte(packed, (uint8_t)(bits >> count));
		}
	}
	return at;
}

/* How long packed is without runs. */
static uint64_t
binhex_length(struct span packed)
{
	uint64_t length = 0;

	for (size_t i = 0; i < packed.len_bytes; i++) {
		if (packed.ptr[i] != BINHEX_RUN) {
			length++;
			continue;
		}
		i++;
		if (i < packed.len_bytes)
			length += packed.ptr[i] > 0 ? packed.ptr[i] - 1U : 1U;
	}
	return length;
}

static void
binhex_expand(struct span packed, struct sbuf *out)
{
	uint8_t last = 0;

	for (size_t i = 0; i < packed.len_bytes; i++) {
		const uint8_t c = packed.ptr[i];

		if (c != BINHEX_RUN) {
			sbuf_add_byte(out, c);
			last = c;
			continue;
		}
		i++;
		if (i >= packed.len_bytes)
			return;
		if (packed.ptr[i] == 0) {
			sbuf_add_byte(out, BINHEX_RUN);
			last = BINHEX_RUN;
		}
		for (unsigned k = 1; k < packed.ptr[i]; k++)
			sbuf_add_byte(out, last);
	}
}

static uint32_t
binhex_big(struct span bytes, size_t at, size_t len_bytes)
{
	struct span part = { 0 };
	uint32_t value = 0;

	(void)span_cut(bytes, at, len_bytes, &part);
	for (size_t i = 0; i < part.len_bytes; i++)
		value = value << 8 | part.ptr[i];
	return value;
}

/* CRC-16 of the polynomial 0x1021, from 0. */
static uint32_t
binhex_crc(struct span bytes)
{
	uint32_t crc = 0;

	for (size_t i = 0; i < bytes.len_bytes; i++) {
		crc ^= (uint32_t)bytes.ptr[i] << 8;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) &
			      0xFFFF;
	}
	return crc;
}

/* A piece at *at with its CRC behind it; as much as there is goes to out. */
static void
binhex_piece(struct span whole, size_t *at, size_t len_bytes, struct sbuf *out,
	     struct encoded_file *file)
{
	struct span piece = { 0 };

	if (!span_cut(whole, *at, len_bytes, &piece)) {
		(void)span_cut(whole, *at, whole.len_bytes - *at, &piece);
		sbuf_add_span(out, piece);
		*at = whole.len_bytes;
		file->damage = "cut off";
		return;
	}
	sbuf_add_span(out, piece);
	*at += len_bytes;
	if (whole.len_bytes - *at < 2) {
		*at = whole.len_bytes;
		file->damage = "cut off";
		return;
	}
	if (binhex_crc(piece) != binhex_big(whole, *at, 2))
		file->damage = "another CRC";
	*at += 2;
}

static void
binhex_take(struct span whole, struct encoded_file *file)
{
	const size_t name_bytes = whole.len_bytes > 0 ? whole.ptr[0] : 0;
	const size_t header_at = 1 + name_bytes;
	const size_t header_bytes = header_at + BINHEX_HEADER_BYTES;
	struct span name = { 0 };
	struct span header = { 0 };
	size_t at = header_bytes;

	if (!span_cut(whole, 0, header_bytes, &header)) {
		sbuf_add_span(&file->bytes, whole);
		file->damage = "cut off";
		return;
	}
	(void)span_cut(whole, 1, name_bytes, &name);
	sbuf_add_span(&file->name, name);
	const size_t data = binhex_big(header, header_at + BINHEX_DATA_AT, 4);
	const size_t fork = binhex_big(header, header_at + BINHEX_FORK_AT, 4);
	const uint32_t crc = binhex_big(header, header_bytes - 2, 2);

	header.len_bytes -= 2;
	if (binhex_crc(header) != crc)
		file->damage = "another CRC";
	binhex_piece(whole, &at, data, &file->bytes, file);
	binhex_piece(whole, &at, fork, &file->fork, file);
	/* Up to two bytes fill the last group. */
	if (whole.len_bytes > at + 2) {
		file->damage = "more than its lengths say";
		(void)span_cut(whole, at, whole.len_bytes - at, &name);
		sbuf_add_span(&file->fork, name);
	}
}

enum status
encoded_binhex_read(struct sink *sink, struct span text, size_t start_at,
		    struct encoded_file *file, struct err *err)
{
	struct sbuf packed;
	struct sbuf whole;
	const char *damage = NULL;
	size_t at = 0;
	enum status st = ST_OK;

	if (!binhex_start(text, start_at, &at))
		return ST_NOT_FOUND;
	sbuf_init_secret(&packed, SIZE_MAX / 2);
	sbuf_init_secret(&whole, SIZE_MAX / 2);
	file->end_at = binhex_letters_decode(text, at, &packed, &damage);
	st = sbuf_status(&packed, "binhex", err);
	if (st == ST_OK)
		st = sink_spend(sink, binhex_length(sbuf_span(&packed)),
				file->end_at - start_at, err);
	if (st == ST_OK) {
		binhex_expand(sbuf_span(&packed), &whole);
		st = sbuf_status(&whole, "binhex", err);
	}
	if (st == ST_OK)
		binhex_take(sbuf_span(&whole), file);
	if (damage != NULL)
		file->damage = damage;
	sbuf_done(&packed);
	sbuf_done(&whole);
	return st;
}
