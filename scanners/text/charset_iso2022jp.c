/* ISO-2022-JP and its relatives: sets that escape sequences switch. */
#include "scanners/text/charset_ascii.h"
#include "scanners/text/jis_table.h"

enum {
	CHARSET_ESC = 0x1B,
	CHARSET_SO = 0x0E,
	CHARSET_SI = 0x0F,
	CHARSET_USER_ROWS = 68 /* as many as fit between U+E000 and U+F8FF */
};

enum charset_set {
	CHARSET_SET_NONE = 0, /* an escape that switches nothing */
	CHARSET_SET_ASCII,
	CHARSET_SET_KANA,
	CHARSET_SET_X0208, /* with the rows of NEC and IBM */
	CHARSET_SET_X0212,
	CHARSET_SET_X0213_FIRST,
	CHARSET_SET_X0213_SECOND,
	CHARSET_SET_USER, /* ISO-2022-JP-MS: user-defined rows */
	CHARSET_SET_OTHER /* GB 2312, KS X 1001: their row 3 and the kana */
};

/* ISO-2022-JP-2: what ESC N takes one character from. */
enum charset_high {
	CHARSET_HIGH_NONE = 0,
	CHARSET_HIGH_LATIN,
	CHARSET_HIGH_GREEK
};

/* What was seen ahead in pairs from an even or an odd place on. */
struct charset_lost {
	size_t until; /* 0: nothing yet */
	bool ends;
};

struct charset_jis {
	struct charset_writer *writer;
	struct span bytes;
	size_t at;
	enum charset_set set;
	enum charset_high high;
	bool keep;
	struct charset_lost lost[2];
};

static bool
charset_jis_is(const struct charset_jis *jis, const char *escape, size_t len)
{
	return jis->bytes.len_bytes - jis->at > len &&
	       memcmp(jis->bytes.ptr + jis->at + 1, escape, len) == 0;
}

/* What stands behind ESC. */
struct charset_escape {
	char bytes[4];
	uint8_t len;
	enum charset_set set;
};

static bool
charset_jis_switch(struct charset_jis *jis)
{
	static const struct charset_escape escapes[] = {
		{ "(B", 2, CHARSET_SET_ASCII },
		{ "$B", 2, CHARSET_SET_X0208 },
		{ "(J", 2, CHARSET_SET_ASCII },
		{ "$@", 2, CHARSET_SET_X0208 },
		{ "(H", 2, CHARSET_SET_ASCII },
		{ "(I", 2, CHARSET_SET_KANA },
		{ "$(@", 3, CHARSET_SET_X0208 },
		{ "$(B", 3, CHARSET_SET_X0208 },
		{ "$(D", 3, CHARSET_SET_X0212 },
		{ "$(O", 3, CHARSET_SET_X0213_FIRST },
		{ "$(Q", 3, CHARSET_SET_X0213_FIRST },
		{ "$(P", 3, CHARSET_SET_X0213_SECOND },
		{ "$(?", 3, CHARSET_SET_USER },
		{ "$A", 2, CHARSET_SET_OTHER },
		{ "$(A", 3, CHARSET_SET_OTHER },
		{ "$(C", 3, CHARSET_SET_OTHER },
		{ "$)A", 3, CHARSET_SET_NONE },
		{ "$)C", 3, CHARSET_SET_NONE },
		{ "&@", 2, CHARSET_SET_NONE },
	};

	struct span rest = { 0 };
	const size_t left = jis->bytes.len_bytes - jis->at;

	/* ESC alone is frequent only where somebody means harm. */
	if (left < 3 || !span_cut(jis->bytes, jis->at + 1, left - 1, &rest) ||
	    rest.ptr[0] == CHARSET_ESC || rest.ptr[1] == CHARSET_ESC)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		const struct charset_escape *escape = &escapes[i];

		if (rest.ptr[0] != (uint8_t)escape->bytes[0] ||
		    rest.ptr[1] != (uint8_t)escape->bytes[1] ||
		    (escape->len == 3 &&
		     (left < 4 || rest.ptr[2] != (uint8_t)escape->bytes[2])))
			continue;
		jis->at += escape->len + 1U;
		if (escape->set != CHARSET_SET_NONE)
			jis->set = escape->set;
		return true;
	}
	return false;
}

/* ISO-8859-7 but for its marks, in which no number is written. */
static uint32_t
charset_greek_point(uint8_t c)
{
	return c >= 0x34 && c <= 0x7E ? c + 0x80U + 0x2D0U : c + 0x80U;
}

/* ESC . A, ESC . F and ESC N of ISO-2022-JP-2. */
static bool
charset_jis_high(struct charset_jis *jis)
{
	struct charset_writer *writer = jis->writer;

	if (charset_jis_is(jis, ".A", 2) || charset_jis_is(jis, ".F", 2)) {
		jis->high = jis->bytes.ptr[jis->at + 2] == 'A'
				    ? CHARSET_HIGH_LATIN
				    : CHARSET_HIGH_GREEK;
		jis->at += 3;
		return true;
	}
	if (jis->high == CHARSET_HIGH_NONE || !charset_jis_is(jis, "N", 1) ||
	    jis->bytes.len_bytes - jis->at < 3 ||
	    jis->bytes.ptr[jis->at + 2] < 0x20 ||
	    jis->bytes.ptr[jis->at + 2] > 0x7F)
		return false;
	const uint8_t c = jis->bytes.ptr[jis->at + 2];

	writer->place =
		charset_put(writer->place, jis->high == CHARSET_HIGH_LATIN
						   ? c + 0x80U
						   : charset_greek_point(c));
	jis->at += 3;
	return true;
}

/* Controls work in every set. */
static void
charset_jis_control(struct charset_jis *jis)
{
	const uint8_t c = jis->bytes.ptr[jis->at];

	if (c == CHARSET_ESC &&
	    (charset_jis_switch(jis) || charset_jis_high(jis)))
		return;
	jis->at++;
	if (c == CHARSET_SO || c == CHARSET_SI) {
		jis->set =
			c == CHARSET_SO ? CHARSET_SET_KANA : CHARSET_SET_ASCII;
		return;
	}
	if ((c == '\n' || c == '\r') && jis->set != CHARSET_SET_ASCII) {
		jis->writer->stats.line_switch = true;
		if (!jis->keep)
			jis->set = CHARSET_SET_ASCII;
	}
	*jis->writer->place++ = c;
}

/* The rows of KS X 1001 that matter are among those of GB 2312, but for
 * kana, which nobody writes in it. */
static uint8_t *
charset_jis_rare(enum charset_set set, uint8_t *place, unsigned row,
		 unsigned column)
{
	switch (set) {
	case CHARSET_SET_X0212:
		return charset_put_x0212(place, row, column);
	case CHARSET_SET_X0208:
	case CHARSET_SET_X0213_FIRST:
		return charset_put_x0213(place, 1, row, column);
	case CHARSET_SET_X0213_SECOND:
		return charset_put_x0213(place, 2, row, column);
	case CHARSET_SET_USER:
		/* Rows that reach beyond the private use area mean nothing. */
		return row < CHARSET_USER_ROWS
			       ? charset_three(place, 0xE000U + row * JIS_ROWS +
							      column)
			       : place;
	case CHARSET_SET_OTHER:
	case CHARSET_SET_NONE:
	case CHARSET_SET_ASCII:
	case CHARSET_SET_KANA:
	default:
		return charset_put_gb(place, row, column);
	}
}

static uint8_t *
charset_jis_x0208(uint8_t *place, unsigned row, unsigned column)
{
	const uint8_t *entry = jis_pairs[row * JIS_ROWS + column];

	memcpy(place, entry, 4);
	return place + entry[3];
}

/* A pair of any set; what it has not is looked for in a relative. Nothing
 * known is U+FFFD, but no error: the form is right. */
static uint8_t *
charset_jis_pair(enum charset_set set, uint8_t *place, unsigned row,
		 unsigned column)
{
	const bool base =
		set == CHARSET_SET_X0208 || set == CHARSET_SET_X0213_FIRST;
	uint8_t *next = place;

	if (set == CHARSET_SET_X0208)
		next = charset_jis_x0208(place, row, column);
	if (next == place)
		next = charset_jis_rare(set, place, row, column);
	if (next == place && base)
		next = charset_jis_x0208(place, row, column);
	return next != place ? next : charset_three(place, UTF8_REPLACEMENT);
}

/* As many pairs of one set as there are up to stop. */
static void
charset_jis_pairs(struct charset_jis *jis, size_t stop)
{
	struct charset_writer *writer = jis->writer;
	const struct span bytes = jis->bytes;
	uint8_t *place = writer->place;
	size_t at = jis->at;

	while (at < stop && bytes.ptr[at] - 0x21U < JIS_ROWS) {
		const unsigned row = bytes.ptr[at] - 0x21U;
		const unsigned column = at + 1 < bytes.len_bytes
						? bytes.ptr[at + 1] - 0x21U
						: JIS_ROWS;
		uint8_t *next = place;

		if (column >= JIS_ROWS) {
			place = charset_put_error(writer, place, at);
			at++;
			continue;
		}
		if (jis->set == CHARSET_SET_X0208)
			next = charset_jis_x0208(place, row, column);
		place = next != place ? next
				      : charset_jis_pair(jis->set, place, row,
							 column);
		at += 2;
	}
	jis->at = at;
	writer->place = place;
}

static void
charset_jis_kana(struct charset_jis *jis)
{
	struct charset_writer *writer = jis->writer;
	const uint8_t c = jis->bytes.ptr[jis->at];

	writer->place =
		c <= 0x5F ? charset_three(writer->place, 0xFF61U + c - 0x21U)
			  : charset_put_error(writer, writer->place, jis->at);
	jis->at++;
}

static void
charset_jis_step(struct charset_jis *jis, size_t stop)
{
	struct charset_writer *writer = jis->writer;
	const uint8_t c = jis->bytes.ptr[jis->at];
	const bool shifts =
		c == CHARSET_ESC || c == CHARSET_SO || c == CHARSET_SI;

	if (c >= 0x80)
		writer->place = charset_put_cp932(writer, jis->bytes, &jis->at,
						  writer->place);
	else if (jis->set == CHARSET_SET_ASCII && !shifts)
		writer->place = charset_copy_ascii(jis->bytes, &jis->at, stop,
						   writer->place, true);
	else if (c <= 0x20 || c == 0x7F)
		charset_jis_control(jis);
	else if (jis->set == CHARSET_SET_KANA)
		charset_jis_kana(jis);
	else
		charset_jis_pairs(jis, stop);
}

/* Where pairs that start at at end, and whether that is at "(B" or "(J", to
 * which nothing is assigned. Not looked at again for the pairs within. */
static void
charset_lost_look(struct charset_jis *jis, size_t at)
{
	const struct span bytes = jis->bytes;
	struct charset_lost *lost = &jis->lost[at & 1];

	if (lost->until > at)
		return;
	*lost = (struct charset_lost){ .until = bytes.len_bytes };
	for (; bytes.len_bytes - at >= 2; at += 2) {
		const uint8_t first = bytes.ptr[at];
		const uint8_t second = bytes.ptr[at + 1];

		lost->ends = first == '(' && (second == 'B' || second == 'J');
		if (lost->ends || first - 0x21U >= JIS_ROWS ||
		    second - 0x21U >= JIS_ROWS) {
			lost->until = at;
			return;
		}
	}
}

/* Two-byte text whose ESC was lost, from "$B" to "(B" or "(J": where it ends
 * (at those), 0 when there is none at at. */
static size_t
charset_lost_end(struct charset_jis *jis, size_t at)
{
	enum { CHARSET_LOST_BYTES = 256 }; /* lines are shorter */
	const struct span bytes = jis->bytes;
	const struct charset_lost *lost = &jis->lost[at & 1];

	if (bytes.len_bytes - at < 4 || bytes.ptr[at] != '$' ||
	    (bytes.ptr[at + 1] != 'B' && bytes.ptr[at + 1] != '@'))
		return 0;
	charset_lost_look(jis, at + 2);
	return lost->ends && lost->until - at <= CHARSET_LOST_BYTES
		       ? lost->until
		       : 0;
}

static void
charset_lost_step(struct charset_jis *jis)
{
	const size_t end = charset_lost_end(jis, jis->at);

	if (end == 0) {
		*jis->writer->place++ = jis->bytes.ptr[jis->at++];
		return;
	}
	jis->at += 2;
	charset_jis_pairs(jis, end);
	jis->at = end + 2;
}

void
charset_decode_iso2022jp(struct charset_writer *writer, struct span bytes,
			 enum charset charset)
{
	const bool lost = charset == CHARSET_ISO2022JP_LOST;
	struct charset_jis jis = { .writer = writer,
				   .bytes = bytes,
				   .set = lost ? CHARSET_SET_X0208
					       : CHARSET_SET_ASCII,
				   .keep = charset == CHARSET_ISO2022JP_KEEP };

	while (jis.at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, jis.at);

		while (jis.at < stop) {
			if (lost && bytes.ptr[jis.at] < 0x80)
				charset_lost_step(&jis);
			else
				charset_jis_step(&jis, stop);
		}
		charset_flush(writer);
	}
}
