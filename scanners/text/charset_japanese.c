/* CP932 and EUC-JP over one table. */
#include "scanners/text/charset_ascii.h"
#include "scanners/text/jis_table.h"

enum {
	CHARSET_LEADS = JIS_PAIRS / JIS_LEAD_CELLS,
	CHARSET_USER_FIRST = 0xE000,  /* eucJP-ms: rows 85 to 94 of two bytes */
	CHARSET_USER_SECOND = 0xE3AC, /* … and of three */
	CHARSET_USER_ROW = 84,        /* from 0 */
	CHARSET_FIRST_HALF_KANA = 0xFF61
};

/* Two bytes of CP932. The table's four bytes are written whole: what is over
 * their length is overwritten. Returns place when there is no such pair. */
static inline uint8_t *
charset_pair_cp932(uint8_t *place, uint8_t first, uint8_t second)
{
	/* 0x81 to 0x9F and 0xE0 to 0xFC become one range. */
	const unsigned lead = (first ^ 0xA0U) - 0x21U;
	const unsigned cell = second - 0x40U - (second > 0x7F ? 1 : 0);
	const uint8_t *entry = NULL;

	if (lead >= CHARSET_LEADS || cell >= JIS_LEAD_CELLS || second == 0x7F)
		return place;
	entry = jis_pairs[lead * JIS_LEAD_CELLS + cell];
	memcpy(place, entry, 4);
	return place + entry[3];
}

static inline uint8_t *
charset_step_cp932(struct charset_writer *writer, struct span bytes, size_t *at,
		   uint8_t *place)
{
	const size_t i = *at;
	const uint8_t c = bytes.ptr[i];

	if (i + 1 < bytes.len_bytes) {
		uint8_t *const next =
			charset_pair_cp932(place, c, bytes.ptr[i + 1]);

		if (next != place) {
			*at = i + 2;
			return next;
		}
	}
	*at = i + 1;
	if (c >= 0xA1 && c <= 0xDF)
		return charset_three(place,
				     CHARSET_FIRST_HALF_KANA + (c - 0xA1U));
	return charset_put_error(writer, place, i);
}

uint8_t *
charset_put_cp932(struct charset_writer *writer, struct span bytes, size_t *at,
		  uint8_t *place)
{
	return charset_step_cp932(writer, bytes, at, place);
}

void
charset_decode_cp932(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);
		uint8_t *place = writer->place;

		while (at < stop) {
			if (bytes.ptr[at] < 0x80)
				place = charset_copy_ascii(bytes, &at, stop,
							   place, false);
			else
				place = charset_step_cp932(writer, bytes, &at,
							   place);
		}
		writer->place = place;
		charset_flush(writer);
	}
}

static uint8_t *
charset_put_x0213_point(uint8_t *place, uint32_t value)
{
	if (value == 0)
		return place;
	if (value <= 0x10FFFF)
		return charset_put(place, value);
	place = charset_put(place, value >> 16);
	return charset_put(place, value & 0xFFFF);
}

uint8_t *
charset_put_x0213(uint8_t *place, unsigned plane, unsigned row, unsigned column)
{
	const uint8_t *rows =
		plane == 1 ? jisx0213_first_rows : jisx0213_second_rows;

	if (rows[row] == 0)
		return place;
	return charset_put_x0213_point(
		place, plane == 1 ? jisx0213_first[rows[row] - 1][column]
				  : jisx0213_second[rows[row] - 1][column]);
}

uint8_t *
charset_put_x0212(uint8_t *place, unsigned row, unsigned column)
{
	const uint32_t cp = jisx0212_rows[row] == 0
				    ? 0
				    : jisx0212[jisx0212_rows[row] - 1][column];

	return cp == 0 ? place : charset_put(place, cp);
}

/* What is in no table of CP932: user-defined rows, then JIS X 0213. */
static uint8_t *
charset_rare_eucjp(uint8_t *place, unsigned row, unsigned column)
{
	if (row >= CHARSET_USER_ROW)
		return charset_three(place, CHARSET_USER_FIRST +
						    (row - CHARSET_USER_ROW) *
							    JIS_ROWS +
						    column);
	return charset_put_x0213(place, 1, row, column);
}

static uint8_t *
charset_three_eucjp(uint8_t *place, unsigned row, unsigned column)
{
	uint8_t *const next = charset_put_x0212(place, row, column);

	if (next != place || row < CHARSET_USER_ROW)
		return next != place ? next
				     : charset_put_x0213(place, 2, row, column);
	return charset_three(
		place, CHARSET_USER_SECOND +
			       (row - CHARSET_USER_ROW) * JIS_ROWS + column);
}

/* Everything but ASCII and the pairs of CP932. */
static uint8_t *
charset_other_eucjp(struct charset_writer *writer, struct span bytes,
		    size_t *at, uint8_t *place)
{
	const size_t i = *at;
	const size_t left = bytes.len_bytes - i;
	const uint8_t c = bytes.ptr[i];
	const unsigned second = left > 1 ? bytes.ptr[i + 1] - 0xA1U : JIS_ROWS;
	const unsigned third = left > 2 ? bytes.ptr[i + 2] - 0xA1U : JIS_ROWS;
	uint8_t *next = place;

	*at = i + 1;
	if (c == 0x8E && second <= 0xDF - 0xA1) {
		*at = i + 2;
		return charset_three(place, CHARSET_FIRST_HALF_KANA + second);
	}
	if (c == 0x8F && second < JIS_ROWS && third < JIS_ROWS) {
		next = charset_three_eucjp(place, second, third);
		*at = i + 3;
	} else if (c >= 0xA1 && c < 0xFF && second < JIS_ROWS) {
		next = charset_rare_eucjp(place, c - 0xA1U, second);
		*at = i + 2;
	}
	/* A pair that is not assigned is one error, its bytes are used up. */
	return next != place ? next : charset_put_error(writer, place, i);
}

static inline uint8_t *
charset_step_eucjp(struct charset_writer *writer, struct span bytes, size_t *at,
		   uint8_t *place)
{
	const size_t i = *at;
	const unsigned row = bytes.ptr[i] - 0xA1U;
	const unsigned column =
		i + 1 < bytes.len_bytes ? bytes.ptr[i + 1] - 0xA1U : JIS_ROWS;
	const uint8_t *entry = NULL;

	if (row >= JIS_ROWS || column >= JIS_ROWS)
		return charset_other_eucjp(writer, bytes, at, place);
	entry = jis_pairs[row * JIS_ROWS + column];
	memcpy(place, entry, 4);
	if (entry[3] == 0)
		return charset_other_eucjp(writer, bytes, at, place);
	*at = i + 2;
	return place + entry[3];
}

void
charset_decode_eucjp(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);
		uint8_t *place = writer->place;

		while (at < stop) {
			if (bytes.ptr[at] < 0x80)
				place = charset_copy_ascii(bytes, &at, stop,
							   place, false);
			else
				place = charset_step_eucjp(writer, bytes, &at,
							   place);
		}
		writer->place = place;
		charset_flush(writer);
	}
}
