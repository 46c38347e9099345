#include "scanners/detect/dull.h"

#include <string.h>

#include "scanners/detect/dull_look.h"

enum {
	/* Blocks overlap by what a group of nine digits needs. */
	DULL_STEP_BYTES = 52,
	DULL_SINGLE_CELLS = 12,
	DULL_FOUR_CELLS = 3,
	DULL_TAIL_BYTES = 8 /* letters and marks at the end of a cell */
};

static bool
dull_is_end(uint8_t c, uint8_t delimiter)
{
	return c == delimiter || c == '"' || c == '\n' || c == '\r';
}

/* Cells of one and of four digits, so far. */
struct dull_cells {
	unsigned single;
	unsigned four;
};

/* Digits of this block that may be a number, or a piece of one. */
static bool
dull_has_digits(const struct dull_block *block, struct dull_cells *cells)
{
	const uint64_t d = block->digits;
	const uint64_t starts = d & (block->ends << 1 | 1);
	const uint64_t two = d & d >> 1;
	const uint64_t four = two & two >> 2;
	const uint64_t eight = four & four >> 4;

	const uint64_t single = starts & (block->ends >> 1 | (uint64_t)1 << 63);
	const uint64_t fours = starts & four & block->ends >> 4;

	if (single != 0)
		cells->single += (unsigned)__builtin_popcountll(single);
	if (fours != 0)
		cells->four += (unsigned)__builtin_popcountll(fours);
	return (eight & d >> 8) != 0 || cells->single >= DULL_SINGLE_CELLS ||
	       cells->four >= DULL_FOUR_CELLS;
}

static bool
dull_is_latin(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Does the Latin word that ends before end end in one of the nouns? */
static bool
dull_is_noun(struct span record, size_t end)
{
	static const char *const nouns[] = { "no", "id", "code", "num",
					     "number" };

	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		const size_t len = strlen(nouns[i]);
		size_t k = 0;

		if (len > end)
			continue;
		while (k < len && (record.ptr[end - len + k] | 0x20) ==
					  (uint8_t)nouns[i][k])
			k++;
		if (k == len)
			return true;
	}
	return false;
}

/* Does the cell that ends at end, behind a letter or mark, end in a noun? */
static bool
dull_ends_in_noun(struct span record, size_t end)
{
	const size_t from = end;

	while (end > 0 && from - end < DULL_TAIL_BYTES &&
	       record.ptr[end - 1] < 0x80 &&
	       !dull_is_latin(record.ptr[end - 1]) &&
	       !(record.ptr[end - 1] >= '0' && record.ptr[end - 1] <= '9'))
		end--;
	return end > 1 && dull_is_latin(record.ptr[end - 1]) &&
	       dull_is_noun(record, end);
}

static bool
dull_has_nouns(struct span record, size_t at, const struct dull_block *block)
{
	uint64_t ends = block->ends & block->signs << 1;

	while (ends != 0) {
		const size_t end = at + (size_t)__builtin_ctzll(ends);

		if (dull_ends_in_noun(record, end))
			return true;
		ends &= ends - 1;
	}
	return false;
}

/* wide_out: dull_has_wide() has something to look at. */
static bool
dull_has_pieces(struct span record, uint8_t delimiter, bool *wide_out)
{
	dull_look *const look = dull_look_of(cpu_best());
	struct dull_cells cells = { 0, 0 };

	*wide_out = false;
	for (size_t at = 0; at < record.len_bytes; at += DULL_STEP_BYTES) {
		const size_t left = record.len_bytes - at;
		uint8_t room[DULL_READ_BYTES];
		const uint8_t *bytes = record.ptr + at;

		if (left < sizeof(room)) {
			memset(room, '\n', sizeof(room));
			memcpy(room, bytes, left);
			bytes = room;
		}
		const struct dull_block block = look(bytes, delimiter);

		*wide_out |= block.wide;
		if (dull_has_digits(&block, &cells) ||
		    dull_has_nouns(record, at, &block))
			return true;
	}
	return false;
}

/* Three bytes of UTF-8 as one number. */
static uint32_t
dull_three(const uint8_t *c)
{
	return (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2];
}

/* 番号 コー ナン № and the same in half-width kana: nouns that name a number
 * begin so. */
static bool
dull_begins_noun(struct span record, size_t at, uint32_t first)
{
	static const struct {
		uint32_t first;
		uint32_t second;
	} nouns[] = {
		{ 0xE795AA, 0xE58FB7 }, { 0xE382B3, 0xE383BC },
		{ 0xE3838A, 0xE383B3 }, { 0xEFBDBA, 0xEFBDB0 },
		{ 0xEFBE85, 0xEFBE9D },
	};

	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
		if (first == nouns[i].first)
			return record.len_bytes - at >= 6 &&
			       dull_three(record.ptr + at + 3) ==
				       nouns[i].second;
	return first == 0xE28496;
}

/* The end of the cell that starts at at; wide: it is full-width digits. */
static size_t
dull_cell_end(struct span record, size_t at, uint8_t delimiter, bool *wide)
{
	*wide = true;
	while (at < record.len_bytes &&
	       !dull_is_end(record.ptr[at], delimiter)) {
		const uint8_t *c = record.ptr + at;

		if (record.len_bytes - at < 3 || c[0] != 0xEF || c[1] != 0xBC ||
		    c[2] < 0x90 || c[2] > 0x99) {
			*wide = false;
			at++;
		} else {
			at += 3;
		}
	}
	return at;
}

/* Digits of a number may be full-width, each in a cell of its own. */
static bool
dull_has_wide_cells(struct span record, uint8_t delimiter)
{
	unsigned cells = 0;

	for (size_t at = 0; at < record.len_bytes; at++) {
		bool wide = false;
		const size_t end = dull_cell_end(record, at, delimiter, &wide);

		cells += wide && end > at;
		at = end;
	}
	return cells >= DULL_FOUR_CELLS;
}

/* U+FF21 to U+FF5A */
static bool
dull_is_wide_letter(const uint8_t c[3])
{
	return c[0] == 0xEF && ((c[1] == 0xBC && c[2] >= 0xA1) ||
				(c[1] == 0xBD && c[2] <= 0x9A));
}

/* U+FF10 to U+FF19 */
static bool
dull_is_wide_digit(const uint8_t c[3])
{
	return c[0] == 0xEF && c[1] == 0xBC && c[2] >= 0x90 && c[2] <= 0x99;
}

/* What is beyond ASCII: nouns, full-width Latin letters (of No, ID), digits
 * that stand alone in their cells. */
static bool
dull_has_wide(struct span record, uint8_t delimiter)
{
	bool digits = false;

	for (size_t i = 0; i + 2 < record.len_bytes; i++) {
		const uint8_t *c = record.ptr + i;

		if (c[0] < 0xE2 || c[0] > 0xEF)
			continue;
		if (dull_is_wide_letter(c) ||
		    dull_begins_noun(record, i, dull_three(c)))
			return true;
		digits |= dull_is_wide_digit(c);
		i += 2;
	}
	return digits && dull_has_wide_cells(record, delimiter);
}

bool
dull_is_record(const struct labels *labels, const struct digit_filter *filter,
	       struct span record, uint8_t delimiter)
{
	struct digit_range range = { 0 };
	struct label label = { .kind = LABEL_NONE };
	bool wide = false;

	return record.len_bytes > 0 &&
	       !dull_has_pieces(record, delimiter, &wide) &&
	       !digit_filter_next(filter, record, 0, &range) &&
	       !(wide && dull_has_wide(record, delimiter)) &&
	       !labels_next(labels, record, 0, &label);
}
