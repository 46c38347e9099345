#include "scanners/detect/isolation_token.h"

#if defined(__SSE2__)
#	include <emmintrin.h>

enum { TOKEN_STEP_BYTES = 16 };

/* A row of a table without blanks is one token: sixteen bytes in a step, as
 * long as they belong to it all. Returns where the steps end. */
static size_t
token_steps(struct span text, size_t start, size_t max_bytes, bool *head_out)
{
	size_t at = start;
	unsigned head = 0;

	while (at >= TOKEN_STEP_BYTES &&
	       start - at + TOKEN_STEP_BYTES <= max_bytes) {
		const __m128i bytes = _mm_loadu_si128(
			(const void *)(text.ptr + (at - TOKEN_STEP_BYTES)));
		/* As signed values all from 0x80 on are below a blank. */
		const __m128i outside = _mm_or_si128(
			_mm_or_si128(
				_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ' + 1)),
				_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F))),
			_mm_or_si128(
				_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
				_mm_or_si128(
					_mm_cmpeq_epi8(bytes,
						       _mm_set1_epi8('<')),
					_mm_cmpeq_epi8(bytes,
						       _mm_set1_epi8('>')))));
		const __m128i heads =
			_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')),
				     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('w')));

		if (_mm_movemask_epi8(outside) != 0)
			break;
		head |= (unsigned)_mm_movemask_epi8(heads);
		at -= TOKEN_STEP_BYTES;
	}
	*head_out = head != 0;
	return at;
}
#else
static size_t
token_steps(struct span text, size_t start, size_t max_bytes, bool *head_out)
{
	(void)text;
	(void)max_bytes;
	*head_out = false;
	return start;
}
#endif

size_t
isolation_token_start(struct span text, size_t start, size_t max_bytes,
		      bool *head_out)
{
	size_t at = token_steps(text, start, max_bytes, head_out);

	while (at > 0 && start - at < max_bytes) {
		const uint8_t c = text.ptr[at - 1];

		if (c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>')
			break;
		*head_out |= c == ':' || c == 'w';
		at--;
	}
	return at;
}
