/* The neighbours' sets: GB 18030, and of Big5 the digits. */
#include "scanners/text/charset_ascii.h"
#include "scanners/text/gbk_table.h"

enum { CHARSET_GB_PLANES = 189000 /* code of U+10000 */ };

static uint32_t
charset_gb_pair(uint8_t first, uint8_t second)
{
	const unsigned lead = first - 0x81U;
	const unsigned cell = second - 0x40U - (second > 0x7F ? 1 : 0);
	const bool known = lead < GBK_LEADS && cell < GBK_CELLS &&
			   second != 0x7F && gbk[lead][cell] != 0;

	return known ? gbk[lead][cell] : UTF8_REPLACEMENT;
}

/* The code point of a code of four bytes, by its place among them. */
static uint32_t
charset_gb_point(uint32_t code)
{
	size_t low = 0;
	size_t high = GB18030_RUNS;

	if (code >= CHARSET_GB_PLANES)
		return code - CHARSET_GB_PLANES + 0x10000;
	if (code >= GB18030_BASIC)
		return UTF8_REPLACEMENT;
	while (high - low > 1) {
		const size_t middle = (low + high) / 2;

		if (gb18030_runs[middle].first <= code)
			low = middle;
		else
			high = middle;
	}
	return gb18030_runs[low].point + code - gb18030_runs[low].first;
}

static bool
charset_gb_is_four(struct span bytes, size_t at)
{
	return bytes.len_bytes - at >= 4 && bytes.ptr[at + 1] >= '0' &&
	       bytes.ptr[at + 1] <= '9' && bytes.ptr[at + 2] >= 0x81 &&
	       bytes.ptr[at + 2] <= 0xFE && bytes.ptr[at + 3] >= '0' &&
	       bytes.ptr[at + 3] <= '9';
}

uint8_t *
charset_put_gb(uint8_t *place, unsigned row, unsigned column)
{
	return charset_put(place, charset_gb_pair((uint8_t)(row + 0xA1),
						  (uint8_t)(column + 0xA1)));
}

static uint8_t *
charset_step_gb(struct charset_writer *writer, struct span bytes, size_t *at)
{
	const size_t i = *at;
	const uint8_t c = bytes.ptr[i];
	const uint8_t next = i + 1 < bytes.len_bytes ? bytes.ptr[i + 1] : 0;

	if (c > 0x80 && c < 0xFF && charset_gb_is_four(bytes, i)) {
		*at = i + 4;
		return charset_put(
			writer->place,
			charset_gb_point(((c - 0x81U) * 10 + next - '0') *
						 1260 +
					 (bytes.ptr[i + 2] - 0x81U) * 10 +
					 bytes.ptr[i + 3] - '0'));
	}
	*at = i + 1;
	if (c == 0x80 || c == 0xFF || next < 0x40)
		return charset_put_error(writer, writer->place, i);
	*at = i + 2;
	return charset_put(writer->place, charset_gb_pair(c, next));
}

static uint32_t
charset_big5_point(uint8_t first, uint8_t second)
{
	if (first == 0xA2 && second >= 0xAF && second <= 0xAF + 9)
		return 0xFF10U + second - 0xAF;
	return first == 0xA1 && second == 0x40 ? 0x3000 : UTF8_REPLACEMENT;
}

static uint8_t *
charset_step_big5(struct charset_writer *writer, struct span bytes, size_t *at)
{
	const size_t i = *at;
	const uint8_t c = bytes.ptr[i];
	const uint8_t next = i + 1 < bytes.len_bytes ? bytes.ptr[i + 1] : 0;

	*at = i + 1;
	if (c == 0x80 || c == 0xFF || next < 0x40)
		return charset_put_error(writer, writer->place, i);
	*at = i + 2;
	return charset_three(writer->place, charset_big5_point(c, next));
}

typedef uint8_t *
charset_step(struct charset_writer *writer, struct span bytes, size_t *at);

static void
charset_decode_steps(struct charset_writer *writer, struct span bytes,
		     charset_step *step)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);

		while (at < stop)
			writer->place = bytes.ptr[at] < 0x80
						? charset_copy_ascii(
							  bytes, &at, stop,
							  writer->place, false)
						: step(writer, bytes, &at);
		charset_flush(writer);
	}
}

void
charset_decode_gb(struct charset_writer *writer, struct span bytes)
{
	charset_decode_steps(writer, bytes, charset_step_gb);
}

void
charset_decode_big5(struct charset_writer *writer, struct span bytes)
{
	charset_decode_steps(writer, bytes, charset_step_big5);
}
