/* The trial of zipcrypto_round.h for processors with AVX-512 and GFNI. */
#include "scanners/locks/zipcrypto_round.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define GFNI                   \
		__attribute__((target( \
			"avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vnni,gfni")))
#	define GFNI_INLINE GFNI static inline __attribute__((always_inline))

/*
 * The keys of 64 passwords. CRC-32 is linear, so a step of it is one
 * multiplication by a matrix for each byte of the key: Key(0) and Key(2) stand
 * by bytes, all lowest ones first. Key(1) stands as words, four lanes apart:
 * word k of sum[j] is lane 4 * k + j.
 */
struct gfni_keys {
	__m512i low[4];
	__m512i sum[4];
	__m512i high[4];
};

struct gfni_constants {
	__m512i matrix[4];
	__m512i pick[4]; /* byte j of a word, for the dot product */
	__m512i order;   /* high bytes of two products, lane by lane */
	__m512i factor;
	__m512i one;
	__m512i one16;
	__m512i two;
};

GFNI_INLINE void
gfni_prepare(struct gfni_constants *made)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	uint8_t order[ZIPCRYPTO_LANES];

	/* Unpacking puts eight bytes of sixteen into either product. */
	for (size_t i = 0; i < ZIPCRYPTO_LANES; i++) {
		const size_t quarter = i / 16 * 16;

		order[i] = (uint8_t)(i % 16 < 8 ? quarter + 2 * (i % 16) + 1
						: ZIPCRYPTO_LANES + quarter +
							  2 * (i % 16 - 8) + 1);
	}
	made->order = _mm512_loadu_si512((const void *)order);
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		made->matrix[i] =
			_mm512_set1_epi64((long long)tables->matrix[i]);
		made->pick[i] = _mm512_set1_epi32(1 << 8 * i);
	}
	made->factor = _mm512_set1_epi32(134775813);
	made->one = _mm512_set1_epi32(1);
	made->one16 = _mm512_set1_epi16(1);
	made->two = _mm512_set1_epi8(2);
}

/* A step of CRC-32 in all lanes: key >> 8 ^ crc[x]. */
GFNI_INLINE void
gfni_crc(const struct gfni_constants *with, __m512i key[4], __m512i x)
{
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 3; i++)
		key[i] = _mm512_xor_si512(
			key[i + 1],
			_mm512_gf2p8affine_epi64_epi8(x, with->matrix[i], 0));
	key[3] = _mm512_gf2p8affine_epi64_epi8(x, with->matrix[3], 0);
}

/* Take plain, xored with the lowest bytes of Key(0) already, in. */
GFNI_INLINE void
gfni_update(const struct gfni_constants *with, struct gfni_keys *keys,
	    __m512i plain)
{
	gfni_crc(with, keys->low, plain);
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++)
		keys->sum[i] = _mm512_add_epi32(
			_mm512_mullo_epi32(_mm512_dpbusd_epi32(keys->sum[i],
							       keys->low[0],
							       with->pick[i]),
					   with->factor),
			with->one);
	/* The highest bytes, back in the order of lanes. */
	__m512i top = _mm512_srli_epi32(keys->sum[3], 24);

	top = _mm512_shldi_epi32(top, keys->sum[2], 8);
	top = _mm512_shldi_epi32(top, keys->sum[1], 8);
	top = _mm512_shldi_epi32(top, keys->sum[0], 8);
	gfni_crc(with, keys->high, _mm512_xor_si512(keys->high[0], top));
}

GFNI_INLINE __m512i
gfni_stream(const struct gfni_constants *with, const __m512i high[4])
{
	const __m512i low = _mm512_or_si512(high[0], with->two);
	const __m512i a = _mm512_unpacklo_epi8(low, high[1]);
	const __m512i b = _mm512_unpackhi_epi8(low, high[1]);

	return _mm512_permutex2var_epi8(
		_mm512_mullo_epi16(a, _mm512_xor_si512(a, with->one16)),
		with->order,
		_mm512_mullo_epi16(b, _mm512_xor_si512(b, with->one16)));
}

GFNI_INLINE void
gfni_start(struct gfni_keys *keys, const struct zipcrypto_keys *start)
{
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		keys->low[i] =
			_mm512_set1_epi8((char)(start->low >> 8 * i & 0xFF));
		keys->high[i] =
			_mm512_set1_epi8((char)(start->high >> 8 * i & 0xFF));
		keys->sum[i] = _mm512_set1_epi32((int)start->sum);
	}
}

/* Take the same byte of the encrypted text in, in all sets; plain: NULL, or
 * where what it decrypts to goes, set by set. */
GFNI_INLINE void
gfni_take(const struct gfni_constants *with, struct gfni_keys *keys,
	  uint8_t byte, uint8_t *plain, size_t set_bytes)
{
	const __m512i all = _mm512_set1_epi8((char)byte);

	ZIPCRYPTO_UNROLL
	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
		const __m512i stream = gfni_stream(with, keys[n].high);

		if (plain != NULL)
			_mm512_storeu_si512((void *)(plain + n * set_bytes),
					    _mm512_xor_si512(stream, all));
		gfni_update(with, &keys[n],
			    _mm512_ternarylogic_epi32(keys[n].low[0], all,
						      stream, 0x96));
	}
}

/* The keys of a group of passwords, in all sets: the four are independent of
 * each other. */
GFNI_INLINE void
gfni_passwords(const struct gfni_constants *with,
	       const struct zipcrypto_round *round, size_t group,
	       struct gfni_keys *keys)
{
	const size_t at = group * round->tail_bytes * ZIPCRYPTO_LANES;

	ZIPCRYPTO_UNROLL
	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++)
		gfni_start(&keys[n], &round->starts[n]);
	for (size_t k = 0; k < round->tail_bytes; k++) {
		const size_t tail_at = at + k * ZIPCRYPTO_LANES;

		ZIPCRYPTO_UNROLL
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
			const uint8_t *tails = round->tails[n] + tail_at;

			gfni_update(
				with, &keys[n],
				_mm512_xor_si512(keys[n].low[0],
						 _mm512_loadu_si512(
							 (const void *)tails)));
		}
	}
}

GFNI void
zipcrypto_try_gfni(const struct zipcrypto_round *round, uint64_t *hits)
{
	const __m512i wanted = _mm512_set1_epi8(
		(char)(round->header[ZIPCRYPTO_HEADER_BYTES - 1] ^
		       round->check));
	const uint8_t before = round->header[ZIPCRYPTO_HEADER_BYTES - 2];
	const __m512i before_wanted =
		_mm512_set1_epi8((char)(before ^ round->before));
	const __m512i before_mask = _mm512_set1_epi8((char)round->before_mask);
	struct gfni_constants with;
	struct gfni_keys keys[ZIPCRYPTO_SETS];

	gfni_prepare(&with);
	for (size_t g = 0; g < round->groups; g++) {
		uint64_t *found = hits + g * ZIPCRYPTO_SETS;

		gfni_passwords(&with, round, g, keys);
		for (size_t k = 0; k + 2 < ZIPCRYPTO_HEADER_BYTES; k++)
			gfni_take(&with, keys, round->header[k], NULL, 0);
		ZIPCRYPTO_UNROLL
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++)
			found[n] = _mm512_testn_epi8_mask(
				_mm512_xor_si512(
					gfni_stream(&with, keys[n].high),
					before_wanted),
				before_mask);
		gfni_take(&with, keys, before, NULL, 0);
		ZIPCRYPTO_UNROLL
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++)
			found[n] &= _mm512_cmpeq_epi8_mask(
				gfni_stream(&with, keys[n].high), wanted);
	}
}

GFNI void
zipcrypto_seeded_gfni(const struct zipcrypto_round *round, uint64_t *hits)
{
	const __m512i first = _mm512_set1_epi8((char)round->random[0]);
	/* Both encryptions of the second byte, and the byte itself. */
	const __m512i wanted =
		_mm512_set1_epi8((char)(round->header[1] ^ round->random[1]));
	struct gfni_constants with;
	struct gfni_keys keys[ZIPCRYPTO_SETS];

	gfni_prepare(&with);
	for (size_t g = 0; g < round->groups; g++) {
		__m512i once[ZIPCRYPTO_SETS];

		gfni_passwords(&with, round, g, keys);
		ZIPCRYPTO_UNROLL
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
			struct gfni_keys twice = keys[n];
			const __m512i stream = gfni_stream(&with, twice.high);

			gfni_update(&with, &twice,
				    _mm512_xor_si512(twice.low[0], first));
			once[n] = gfni_stream(&with, twice.high);
			gfni_update(&with, &keys[n],
				    _mm512_ternarylogic_epi32(keys[n].low[0],
							      first, stream,
							      0x96));
		}
		ZIPCRYPTO_UNROLL
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++)
			hits[g * ZIPCRYPTO_SETS + n] = _mm512_cmpeq_epi8_mask(
				_mm512_xor_si512(
					gfni_stream(&with, keys[n].high),
					once[n]),
				wanted);
	}
}

GFNI void
zipcrypto_peek_gfni(const struct zipcrypto_round *round, struct span data,
		    uint8_t *plain)
{
	struct gfni_constants with;
	struct gfni_keys keys[ZIPCRYPTO_SETS];

	gfni_prepare(&with);
	gfni_passwords(&with, round, 0, keys);
	for (size_t k = 0; k < ZIPCRYPTO_HEADER_BYTES; k++)
		gfni_take(&with, keys, round->header[k], NULL, 0);
	for (size_t k = 0; k < data.len_bytes; k++)
		gfni_take(&with, keys, data.ptr[k], plain + k * ZIPCRYPTO_LANES,
			  data.len_bytes * ZIPCRYPTO_LANES);
}
#endif
