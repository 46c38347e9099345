#include "scanners/text/readings_look.h"

#include <string.h>

#include "lib/base/parse.h"

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

enum { LOOK_ESC = 0x1B, LOOK_SHIFT_OUT = 0x0E };

/* The first NUL, ESC or SO at or behind at: text of most sets has none. */
static size_t
look_control(struct span bytes, size_t at)
{
#ifdef __SSE2__
	const __m128i esc = _mm_set1_epi8(LOOK_ESC);
	const __m128i shift = _mm_set1_epi8(LOOK_SHIFT_OUT);

	for (; bytes.len_bytes - at >= sizeof(__m128i); at += sizeof(__m128i)) {
		__m128i block;

		memcpy(&block, bytes.ptr + at, sizeof(block));
		const __m128i found = _mm_or_si128(
			_mm_cmpeq_epi8(block, _mm_setzero_si128()),
			_mm_or_si128(_mm_cmpeq_epi8(block, esc),
				     _mm_cmpeq_epi8(block, shift)));
		const unsigned bits = (unsigned)_mm_movemask_epi8(found);

		if (bits != 0)
			return at + (size_t)__builtin_ctz(bits);
	}
#endif
	while (at < bytes.len_bytes && bytes.ptr[at] != 0 &&
	       bytes.ptr[at] != LOOK_ESC && bytes.ptr[at] != LOOK_SHIFT_OUT)
		at++;
	return at;
}

static bool
look_has(struct span bytes, uint8_t c)
{
	return bytes.len_bytes > 0 &&
	       memchr(bytes.ptr, c, bytes.len_bytes) != NULL;
}

static bool
look_has_escapes(struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const uint8_t *esc =
			memchr(bytes.ptr + at, LOOK_ESC, bytes.len_bytes - at);

		if (esc == NULL)
			break;
		at = (size_t)(esc - bytes.ptr) + 1;
		if (at < bytes.len_bytes &&
		    (bytes.ptr[at] == '$' || bytes.ptr[at] == '('))
			return true;
	}
	return look_has(bytes, LOOK_SHIFT_OUT);
}

enum charset
readings_mark(struct span bytes)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum charset charset;
	} marks[] = {
		{ "\xEF\xBB\xBF", 3, CHARSET_UTF8 },
		{ "\xFF\xFE\0\0", 4, CHARSET_UTF32LE },
		{ "\0\0\xFE\xFF", 4, CHARSET_UTF32BE },
		{ "\xFF\xFE", 2, CHARSET_UTF16LE },
		{ "\xFE\xFF", 2, CHARSET_UTF16BE },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (bytes.len_bytes >= marks[i].len &&
		    memcmp(bytes.ptr, marks[i].bytes, marks[i].len) == 0)
			return marks[i].charset;
	return CHARSET_NONE;
}

struct readings_traits
readings_look(struct span bytes)
{
	struct readings_traits traits = { .first_high_at = 0 };
	const size_t control_at = look_control(bytes, 0);
	struct span rest = bytes;

	traits.first_high_at = parse_ascii_end(bytes, 0);
	traits.high = traits.first_high_at < bytes.len_bytes;
	traits.utf8 =
		parse_utf8_end(bytes, traits.first_high_at) == bytes.len_bytes;
	if (control_at < bytes.len_bytes &&
	    span_cut(bytes, control_at, bytes.len_bytes - control_at, &rest)) {
		traits.escapes = look_has_escapes(rest);
		traits.nuls = look_has(rest, 0);
	}
	return traits;
}

const struct charset_stats *
readings_errors(struct readings_work *work, enum charset charset)
{
	struct text_kept *kept = work->kept;

	if (work->tried == charset)
		return &work->stats;
	if (kept != NULL) {
		sbuf_clear(&kept->text);
		kept->charset = charset;
		charset_decode_stats(charset, work->bytes, &kept->text,
				     &work->stats);
	} else {
		charset_look_at(charset, work->bytes, CHARSET_LOOK_ERRORS,
				&work->stats);
	}
	work->tried = charset;
	return &work->stats;
}
