#include "scanners/detect/isolation_token.h"

#if defined(__SSE2__)
#	include <emmintrin.h>

enum { TOKEN_STEP_BYTES = 16 };

struct token_masks {
	unsigned outside;
	unsigned heads;
};

static struct token_masks
token_masks_of(const uint8_t *bytes)
{
	const __m128i all = _mm_loadu_si128((const void *)bytes);
	/* As signed values all from 0x80 on are below a blank. */
	const __m128i low =
		_mm_or_si128(_mm_cmplt_epi8(all, _mm_set1_epi8(' ' + 1)),
			     _mm_cmpeq_epi8(all, _mm_set1_epi8(0x7F)));
	const __m128i quotes = _mm_or_si128(
		_mm_cmpeq_epi8(all, _mm_set1_epi8('"')),
		_mm_or_si128(_mm_cmpeq_epi8(all, _mm_set1_epi8('<')),
			     _mm_cmpeq_epi8(all, _mm_set1_epi8('>'))));
	const __m128i heads =
		_mm_or_si128(_mm_cmpeq_epi8(all, _mm_set1_epi8(':')),
			     _mm_cmpeq_epi8(all, _mm_set1_epi8('w')));

	return (struct token_masks){
		(unsigned)_mm_movemask_epi8(_mm_or_si128(low, quotes)),
		(unsigned)_mm_movemask_epi8(heads),
	};
}

/* A row of a table without blanks is one token: sixteen bytes in a step. True
 * when *at is its start; else there are too few bytes for a step. */
static bool
token_steps(struct span text, size_t start, size_t max_bytes, size_t *at,
	    bool *head_out)
{
	while (*at >= TOKEN_STEP_BYTES &&
	       start - *at + TOKEN_STEP_BYTES <= max_bytes) {
		const struct token_masks masks =
			token_masks_of(text.ptr + (*at - TOKEN_STEP_BYTES));
		const unsigned inside_at =
			masks.outside == 0
				? 0
				: 32 - (unsigned)__builtin_clz(masks.outside);

		*head_out |= masks.heads >> inside_at != 0;
		*at -= TOKEN_STEP_BYTES - inside_at;
		if (inside_at != 0)
			return true;
	}
	return false;
}
#else
static bool
token_steps(struct span text, size_t start, size_t max_bytes, size_t *at,
	    bool *head_out)
{
	(void)text;
	(void)start;
	(void)max_bytes;
	(void)at;
	(void)head_out;
	return false;
}
#endif

size_t
isolation_token_start(struct span text, size_t start, size_t max_bytes,
		      bool *head_out)
{
	size_t at = start;

	*head_out = false;
	if (token_steps(text, start, max_bytes, &at, head_out))
		return at;
	while (at > 0 && start - at < max_bytes) {
		const uint8_t c = text.ptr[at - 1];

		if (c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>')
			break;
		*head_out |= c == ':' || c == 'w';
		at--;
	}
	return at;
}
