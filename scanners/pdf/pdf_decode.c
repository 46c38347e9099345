/* Which filters a stream has, and those that are a few lines. */
#include "scanners/pdf/pdf_decode.h"

#include <string.h>

enum {
	DECODE_MAX_FILTERS = 8,
	DECODE_GROUP = 5, /* characters for four bytes, in base 85 */
	DECODE_BASE = 85,
	DECODE_RUN_END = 128
};

struct decode_name {
	const char *name;
	enum decode_filter {
		FILTER_NONE = 0,
		FILTER_FLATE,
		FILTER_LZW,
		FILTER_BASE85,
		FILTER_HEX,
		FILTER_RUNS,
		FILTER_FOREIGN,
		FILTER_AS_IS
	} filter;
};

static const struct decode_name decode_names[] = {
	{ "FlateDecode", FILTER_FLATE },
	{ "Fl", FILTER_FLATE },
	{ "LZWDecode", FILTER_LZW },
	{ "LZW", FILTER_LZW },
	{ "ASCII85Decode", FILTER_BASE85 },
	{ "A85", FILTER_BASE85 },
	{ "ASCIIHexDecode", FILTER_HEX },
	{ "AHx", FILTER_HEX },
	{ "RunLengthDecode", FILTER_RUNS },
	{ "RL", FILTER_RUNS },
	{ "DCTDecode", FILTER_FOREIGN },
	{ "DCT", FILTER_FOREIGN },
	{ "JPXDecode", FILTER_FOREIGN },
	{ "CCITTFaxDecode", FILTER_FOREIGN },
	{ "CCF", FILTER_FOREIGN },
	{ "JBIG2Decode", FILTER_FOREIGN },
	{ "Crypt", FILTER_AS_IS },
};

struct decode_chain {
	enum decode_filter filters[DECODE_MAX_FILTERS];
	size_t count;
	bool unknown;
	bool early;
	struct decode_rows rows;
};

static bool
decode_is_regular(uint8_t c)
{
	return c > ' ' && c < 0x7f && strchr("()<>[]{}/%", c) == NULL;
}

/* Behind "/Name" of dictionary, or its end. */
static size_t
decode_find(struct span dictionary, const char *name)
{
	const size_t len = strlen(name);
	struct span rest = dictionary;

	while (rest.len_bytes > len) {
		const uint8_t *found =
			memmem(rest.ptr, rest.len_bytes, name, len);
		const size_t behind =
			found != NULL ? (size_t)(found - dictionary.ptr) + len
				      : dictionary.len_bytes;

		if (behind >= dictionary.len_bytes ||
		    !decode_is_regular(dictionary.ptr[behind]))
			return behind;
		(void)span_cut(dictionary, behind,
			       dictionary.len_bytes - behind, &rest);
	}
	return dictionary.len_bytes;
}

static size_t
decode_skip_blanks(struct span text, size_t at)
{
	while (at < text.len_bytes && text.ptr[at] <= ' ')
		at++;
	return at;
}

uint32_t
pdf_decode_number(struct span dictionary, const char *name, uint32_t fallback)
{
	enum { NUMBER_MOST = 1 << 24 };
	size_t at =
		decode_skip_blanks(dictionary, decode_find(dictionary, name));
	uint32_t value = 0;

	if (at >= dictionary.len_bytes || dictionary.ptr[at] < '0' ||
	    dictionary.ptr[at] > '9')
		return fallback;
	for (; at < dictionary.len_bytes && dictionary.ptr[at] >= '0' &&
	       dictionary.ptr[at] <= '9' && value < NUMBER_MOST;
	     at++)
		value = value * 10 + (uint32_t)(dictionary.ptr[at] - '0');
	return value;
}

/* The name at *at, which is its slash; *at is behind it afterwards. */
static enum decode_filter
decode_take_name(struct span dictionary, size_t *at)
{
	size_t end = *at + 1;
	const char *start = (const char *)dictionary.ptr + end;

	while (end < dictionary.len_bytes &&
	       decode_is_regular(dictionary.ptr[end]))
		end++;
	const size_t len = end - *at - 1;

	*at = end;
	for (size_t i = 0; i < ARRAY_LEN(decode_names); i++)
		if (strlen(decode_names[i].name) == len &&
		    memcmp(decode_names[i].name, start, len) == 0)
			return decode_names[i].filter;
	return FILTER_NONE;
}

static void
decode_find_filters(struct span dictionary, struct decode_chain *chain)
{
	size_t at = decode_skip_blanks(dictionary,
				       decode_find(dictionary, "/Filter"));
	const bool list =
		at < dictionary.len_bytes && dictionary.ptr[at] == '[';

	if (at >= dictionary.len_bytes)
		return;
	at = decode_skip_blanks(dictionary, at + list);
	chain->unknown = at >= dictionary.len_bytes ||
			 (dictionary.ptr[at] != '/' &&
			  !(list && dictionary.ptr[at] == ']'));
	while (at < dictionary.len_bytes && dictionary.ptr[at] == '/') {
		const enum decode_filter filter =
			decode_take_name(dictionary, &at);

		if (filter == FILTER_NONE || chain->count == DECODE_MAX_FILTERS)
			chain->unknown = true;
		else
			chain->filters[chain->count++] = filter;
		if (!list)
			break;
		at = decode_skip_blanks(dictionary, at);
	}
}

/* Characters that are not four bytes yet. */
struct base85 {
	uint64_t value;
	size_t count;
};

/* False when c does not belong there. */
static bool
base85_take(struct base85 *group, uint8_t c, struct sbuf *out)
{
	if (c == 'z' && group->count == 0) {
		sbuf_add(out, "\0\0\0\0", 4);
		return true;
	}
	if (c < '!' || c > 'u')
		return false;
	group->value = group->value * DECODE_BASE + (uint64_t)(c - '!');
	if (++group->count < DECODE_GROUP)
		return true;
	for (unsigned i = 4; i > 0; i--)
		sbuf_add_byte(out, (uint8_t)(group->value >> 8 * (i - 1)));
	const bool fits = group->value <= UINT32_MAX;

	*group = (struct base85){ 0, 0 };
	return fits;
}

/* Two to four characters at the end are one byte less. */
static bool
base85_end(const struct base85 *group, struct sbuf *out)
{
	uint64_t value = group->value;

	for (size_t i = group->count; i > 0 && i < DECODE_GROUP; i++)
		value = value * DECODE_BASE + DECODE_BASE - 1;
	for (size_t i = 1; i < group->count; i++)
		sbuf_add_byte(out, (uint8_t)(value >> 8 * (4 - i)));
	return group->count != 1;
}

/* "<~" may stand before them, "~>" ends them. */
static enum decode_result
decode_base85(struct span data, size_t max_bytes, struct sbuf *out)
{
	struct base85 group = { 0, 0 };
	size_t at = decode_skip_blanks(data, 0);

	if (at + 1 < data.len_bytes && data.ptr[at] == '<' &&
	    data.ptr[at + 1] == '~')
		at += 2;
	for (; at < data.len_bytes && data.ptr[at] != '~'; at++) {
		if (out->len_bytes >= max_bytes)
			return DECODE_LIMIT;
		if (data.ptr[at] > ' ' &&
		    !base85_take(&group, data.ptr[at], out))
			return DECODE_BROKEN;
	}
	return base85_end(&group, out) ? DECODE_WHOLE : DECODE_BROKEN;
}

static int
decode_hex_digit(uint8_t c)
{
	const uint8_t letter = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static enum decode_result
decode_hex(struct span data, size_t max_bytes, struct sbuf *out)
{
	unsigned value = 1; /* a bit in front counts the digits */

	for (size_t at = 0; at < data.len_bytes && data.ptr[at] != '>'; at++) {
		const int digit = decode_hex_digit(data.ptr[at]);

		if (data.ptr[at] <= ' ')
			continue;
		if (digit < 0)
			return DECODE_BROKEN;
		if (out->len_bytes >= max_bytes)
			return DECODE_LIMIT;
		value = value << 4 | (unsigned)digit;
		if (value > 0xFF) {
			sbuf_add_byte(out, (uint8_t)value);
			value = 1;
		}
	}
	if (value > 1)
		sbuf_add_byte(out, (uint8_t)(value << 4));
	return DECODE_WHOLE;
}

static enum decode_result
decode_runs(struct span data, size_t max_bytes, struct sbuf *out)
{
	size_t at = 0;

	while (at < data.len_bytes && data.ptr[at] != DECODE_RUN_END) {
		const uint8_t head = data.ptr[at++];
		const size_t len = head < DECODE_RUN_END ? (size_t)head + 1 : 1;
		struct span run = { 0 };

		if (out->len_bytes >= max_bytes)
			return DECODE_LIMIT;
		if (!span_cut(data, at, len, &run))
			return DECODE_BROKEN;
		if (head < DECODE_RUN_END)
			sbuf_add_span(out, run);
		else
			for (size_t i = head; i < 257; i++)
				sbuf_add_byte(out, run.ptr[0]);
		at += len;
	}
	return at < data.len_bytes ? DECODE_WHOLE : DECODE_BROKEN;
}

static enum decode_result
decode_one(const struct decode_chain *chain, enum decode_filter filter,
	   struct span data, size_t max_bytes, struct sbuf *out)
{
	switch (filter) {
	case FILTER_FLATE:
		return pdf_decode_flate(data, max_bytes, out);
	case FILTER_LZW:
		return pdf_decode_lzw(data, chain->early, max_bytes, out);
	case FILTER_BASE85:
		return decode_base85(data, max_bytes, out);
	case FILTER_HEX:
		return decode_hex(data, max_bytes, out);
	case FILTER_RUNS:
		return decode_runs(data, max_bytes, out);
	case FILTER_AS_IS:
		sbuf_add_span(out, data);
		return DECODE_WHOLE;
	case FILTER_NONE:
	case FILTER_FOREIGN:
	default:
		return DECODE_FOREIGN;
	}
}

static enum decode_result
decode_step(const struct decode_chain *chain, enum decode_filter filter,
	    struct span data, size_t max_bytes, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf rows;
	enum decode_result result = DECODE_NONE;

	sbuf_init_secret(&rows, SIZE_MAX / 2);
	if (chain->rows.predictor <= 1 ||
	    (filter != FILTER_FLATE && filter != FILTER_LZW))
		return decode_one(chain, filter, data, max_bytes, out);
	result = decode_one(chain, filter, data, max_bytes, &rows);
	const enum decode_result undone =
		pdf_decode_rows(&chain->rows, sbuf_span(&rows), out);

	return result == DECODE_WHOLE ? undone : result;
}

/* It may be packed all the same, and what says so is lost. */
static enum decode_result
decode_nothing(struct span data, size_t max_bytes, struct sbuf *out)
{
	if (pdf_decode_flate(data, max_bytes, out) == DECODE_WHOLE)
		return DECODE_BROKEN;
	sbuf_clear(out);
	sbuf_add_span(out, data);
	return DECODE_WHOLE;
}

enum decode_result
pdf_decode(struct span dictionary, struct span data, size_t max_bytes,
	   struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf before;
	struct decode_chain chain = {
		.early = pdf_decode_number(dictionary, "/EarlyChange", 1) != 0,
		.rows = { pdf_decode_number(dictionary, "/Predictor", 1),
			  pdf_decode_number(dictionary, "/Colors", 1),
			  pdf_decode_number(dictionary, "/BitsPerComponent", 8),
			  pdf_decode_number(dictionary, "/Columns", 1) },
	};
	enum decode_result result = DECODE_WHOLE;

	sbuf_init_secret(&before, SIZE_MAX / 2);
	decode_find_filters(dictionary, &chain);
	if (chain.unknown)
		return DECODE_UNKNOWN;
	if (chain.count == 0)
		return decode_nothing(data, max_bytes, out);
	for (size_t i = 0; i < chain.count && result == DECODE_WHOLE; i++) {
		if (i > 0) {
			sbuf_clear(&before);
			sbuf_add_span(&before, sbuf_span(out));
			sbuf_clear(out);
		}
		result = decode_step(&chain, chain.filters[i],
				     i > 0 ? sbuf_span(&before) : data,
				     max_bytes, out);
	}
	return result;
}
