/* CP932, EUC-JP and ISO-2022-JP over one table, and the neighbours' sets. */
#include "scanners/text/charset_writer.h"
#include "scanners/text/cp932_table.h"

enum {
	CHARSET_ESC = 0x1B,
	CHARSET_SO = 0x0E,
	CHARSET_SI = 0x0F,
	CHARSET_USER_FIRST = 0xE000, /* rows F0 to F9 of CP932 */
	CHARSET_ROW_DIGITS = 0x23    /* row 3 of JIS X 0208, GB 2312, KS */
};

bool
charset_put_cp932(struct charset_writer *writer, uint8_t lead, uint8_t trail)
{
	uint32_t cp = 0;

	if (trail < 0x40 || trail == 0x7F || trail > 0xFC)
		return false;
	const uint32_t cell = trail - 0x40U - (trail > 0x7F ? 1 : 0);

	if (lead >= 0xF0 && lead <= 0xF9)
		cp = CHARSET_USER_FIRST + (lead - 0xF0U) * CP932_CELLS + cell;
	else if (cp932_rows[lead] != 0)
		cp = cp932_table[cp932_rows[lead] - 1][cell];
	if (cp == 0)
		return false;
	/* Kanji of level 1 are the common ones. */
	writer->stats.common +=
		lead >= 0x88 && lead <= 0x98 && !(lead == 0x98 && trail > 0x72);
	charset_put_wide(writer, cp);
	return true;
}

bool
charset_put_jis(struct charset_writer *writer, uint8_t row, uint8_t column)
{
	if (row < 0x21 || row > 0x7E || column < 0x21 || column > 0x7E)
		return false;
	const uint8_t lead =
		(uint8_t)((row + 1) / 2 + (row < 0x5F ? 0x70 : 0xB0));
	const uint8_t trail =
		(uint8_t)((row & 1) != 0
				  ? column + 0x1F + (column >= 0x60 ? 1 : 0)
				  : column + 0x7E);

	return charset_put_cp932(writer, lead, trail);
}

static bool
charset_is_half_kana(uint8_t c)
{
	return c >= 0xA1 && c <= 0xDF;
}

/* One character of CP932 that starts at at; returns where the next does. */
static size_t
charset_step_cp932(struct charset_writer *writer, struct span bytes, size_t at)
{
	const uint8_t c = bytes.ptr[at];

	if (charset_is_half_kana(c)) {
		charset_put_wide(writer, 0xFF61U + c - 0xA1U);
		return at + 1;
	}
	if (at + 1 < bytes.len_bytes &&
	    charset_put_cp932(writer, c, bytes.ptr[at + 1]))
		return at + 2;
	charset_put_error(writer);
	return at + 1;
}

void
charset_decode_cp932(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		if (bytes.ptr[at] < 0x80)
			charset_put(writer, bytes.ptr[at++]);
		else
			at = charset_step_cp932(writer, bytes, at);
	}
}

/* The IBM characters that eucJP-ms has in rows 83 and 84 of JIS X 0212
 * coincide with nothing that is a digit: all of the set reads as a geta. */
static size_t
charset_step_jisx0212(struct charset_writer *writer, struct span bytes,
		      size_t at)
{
	if (bytes.len_bytes - at < 3 || bytes.ptr[at + 1] < 0xA1 ||
	    bytes.ptr[at + 2] < 0xA1) {
		charset_put_error(writer);
		return at + 1;
	}
	charset_put_wide(writer, CHARSET_GETA);
	return at + 3;
}

static size_t
charset_step_eucjp(struct charset_writer *writer, struct span bytes, size_t at)
{
	const uint8_t c = bytes.ptr[at];
	const uint8_t next = at + 1 < bytes.len_bytes ? bytes.ptr[at + 1] : 0;

	if (c == 0x8F)
		return charset_step_jisx0212(writer, bytes, at);
	if (c == 0x8E && charset_is_half_kana(next)) {
		charset_put_wide(writer, 0xFF61U + next - 0xA1U);
		return at + 2;
	}
	if (c >= 0xA1 && next >= 0xA1 &&
	    charset_put_jis(writer, c & 0x7F, next & 0x7F))
		return at + 2;
	charset_put_error(writer);
	return at + 1;
}

void
charset_decode_eucjp(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		if (bytes.ptr[at] < 0x80)
			charset_put(writer, bytes.ptr[at++]);
		else
			at = charset_step_eucjp(writer, bytes, at);
	}
}

/* Two-byte sets of which only digits matter: everything else is a geta. */
static void
charset_decode_pairs(struct charset_writer *writer, struct span bytes,
		     uint8_t digit_lead, uint8_t digit_zero)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const uint8_t c = bytes.ptr[at++];
		const uint8_t next = at < bytes.len_bytes ? bytes.ptr[at] : 0;

		if (c < 0x80) {
			charset_put(writer, c);
			continue;
		}
		if (c == 0x80 || c == 0xFF || next < 0x30) {
			charset_put_error(writer);
			continue;
		}
		at++;
		if (c == digit_lead && next >= digit_zero &&
		    next <= digit_zero + 9)
			charset_put_wide(writer, 0xFF10U + next - digit_zero);
		else
			charset_put_wide(writer, CHARSET_GETA);
	}
}

void
charset_decode_gb(struct charset_writer *writer, struct span bytes)
{
	charset_decode_pairs(writer, bytes, 0xA3, 0xB0);
}

void
charset_decode_big5(struct charset_writer *writer, struct span bytes)
{
	charset_decode_pairs(writer, bytes, 0xA2, 0xAF);
}

enum charset_shift {
	CHARSET_SHIFT_NONE = 0,
	CHARSET_SHIFT_ASCII,
	CHARSET_SHIFT_KANA,
	CHARSET_SHIFT_PAIRS, /* JIS X 0208 */
	CHARSET_SHIFT_OTHER  /* another 94x94 set: only its row 3 is known */
};

struct charset_jis {
	struct charset_writer *writer;
	struct span bytes;
	size_t at;
	enum charset_shift shift;
	bool keep;
};

static bool
charset_jis_is(const struct charset_jis *jis, const char *escape, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (jis->at + i >= jis->bytes.len_bytes ||
		    jis->bytes.ptr[jis->at + i] != (uint8_t)escape[i])
			return false;
	return true;
}

/* An escape sequence at jis->at; false when it is none that we know. */
static bool
charset_jis_escape(struct charset_jis *jis)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum charset_shift shift;
	} escapes[] = {
		{ "\x1b(B", 3, CHARSET_SHIFT_ASCII },
		{ "\x1b(J", 3, CHARSET_SHIFT_ASCII },
		{ "\x1b(H", 3, CHARSET_SHIFT_ASCII },
		{ "\x1b(I", 3, CHARSET_SHIFT_KANA },
		{ "\x1b$@", 3, CHARSET_SHIFT_PAIRS },
		{ "\x1b$B", 3, CHARSET_SHIFT_PAIRS },
		{ "\x1b$(@", 4, CHARSET_SHIFT_PAIRS },
		{ "\x1b$(B", 4, CHARSET_SHIFT_PAIRS },
		{ "\x1b$(O", 4, CHARSET_SHIFT_PAIRS },
		{ "\x1b$(Q", 4, CHARSET_SHIFT_PAIRS },
		{ "\x1b$(D", 4, CHARSET_SHIFT_OTHER },
		{ "\x1b$(P", 4, CHARSET_SHIFT_OTHER },
		{ "\x1b$A", 3, CHARSET_SHIFT_OTHER },
		{ "\x1b$(A", 4, CHARSET_SHIFT_OTHER },
		{ "\x1b$(C", 4, CHARSET_SHIFT_OTHER },
		{ "\x1b$)A", 4, CHARSET_SHIFT_NONE },
		{ "\x1b$)C", 4, CHARSET_SHIFT_NONE },
		{ "\x1b&@", 3, CHARSET_SHIFT_NONE },
		{ "\x1b.A", 3, CHARSET_SHIFT_NONE },
		{ "\x1b.F", 3, CHARSET_SHIFT_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		if (!charset_jis_is(jis, escapes[i].bytes, escapes[i].len))
			continue;
		jis->at += escapes[i].len;
		if (escapes[i].shift != CHARSET_SHIFT_NONE)
			jis->shift = escapes[i].shift;
		return true;
	}
	return false;
}

/* Controls work in every shift. */
static void
charset_jis_control(struct charset_jis *jis, uint8_t c)
{
	if (c == CHARSET_ESC && charset_jis_escape(jis))
		return;
	jis->at++;
	if (c == CHARSET_SO) {
		jis->shift = CHARSET_SHIFT_KANA;
		return;
	}
	if (c == CHARSET_SI) {
		jis->shift = CHARSET_SHIFT_ASCII;
		return;
	}
	if ((c == '\n' || c == '\r') && jis->shift != CHARSET_SHIFT_ASCII &&
	    jis->shift != CHARSET_SHIFT_NONE) {
		jis->writer->stats.line_switch = true;
		if (!jis->keep)
			jis->shift = CHARSET_SHIFT_ASCII;
	}
	charset_put(jis->writer, c);
}

static void
charset_jis_pair(struct charset_jis *jis, uint8_t c)
{
	const uint8_t next = jis->at + 1 < jis->bytes.len_bytes
				     ? jis->bytes.ptr[jis->at + 1]
				     : 0;
	const bool known =
		jis->shift == CHARSET_SHIFT_PAIRS || c == CHARSET_ROW_DIGITS;

	if (next < 0x21 || next > 0x7E) {
		charset_put_error(jis->writer);
		jis->at++;
		return;
	}
	if (!known || !charset_put_jis(jis->writer, c, next))
		charset_put_wide(jis->writer, CHARSET_GETA);
	jis->at += 2;
}

void
charset_decode_iso2022jp(struct charset_writer *writer, struct span bytes,
			 bool keep)
{
	struct charset_jis jis = { writer, bytes, 0, CHARSET_SHIFT_ASCII,
				   keep };

	while (jis.at < bytes.len_bytes) {
		const uint8_t c = bytes.ptr[jis.at];

		if (c < 0x20) {
			charset_jis_control(&jis, c);
		} else if (c >= 0x80) {
			jis.at = charset_step_cp932(writer, bytes, jis.at);
		} else if (jis.shift == CHARSET_SHIFT_ASCII || c == 0x20 ||
			   c == 0x7F) {
			charset_put(writer, c);
			jis.at++;
		} else if (jis.shift == CHARSET_SHIFT_KANA) {
			if (c <= 0x5F)
				charset_put_wide(writer, 0xFF61U + c - 0x21U);
			else
				charset_put_error(writer);
			jis.at++;
		} else {
			charset_jis_pair(&jis, c);
		}
	}
}
