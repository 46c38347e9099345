/*
 * lanes_loop.h - the kernels of lanes.h, for one kind of vector register.
 *
 * Layer:    scanners/ciphers; the inside of lanes_*.c
 * Threads:  values; no shared state
 *
 * The file that includes it has defined
 *
 *	LANES_TARGET     the attribute of a function for that processor
 *	LANES_BYTES      of a register
 *	LANES_TABLE      the name of the table that is made
 *	LANES_TURN, LANES_TURN_LONG(x, n)  rotate left by a constant
 *	LANES_PICK, LANES_MOST, LANES_ODD(x, y, z)  the functions of SHA, of
 *	                 words of any length
 *
 * Each kernel works on two registers of a word, so that one does not wait for
 * the other. Loops are unrolled wholly: what is indexed stays in registers.
 */
#include <string.h>

#include "scanners/ciphers/hash_blocks.h"
#include "scanners/ciphers/lanes.h"

#ifdef __clang__
#	define LANES_UNROLL _Pragma("clang loop unroll(full)")
#else
#	define LANES_UNROLL _Pragma("GCC unroll 80")
#endif
#define LANES_INLINE LANES_TARGET static inline __attribute__((always_inline))

typedef uint32_t lanes_v32 __attribute__((vector_size(LANES_BYTES)));
typedef uint64_t lanes_v64 __attribute__((vector_size(LANES_BYTES)));

enum {
	LANES_ROWS = 2, /* registers of a word */
	LANES_SHORTS = LANES_BYTES / 4,
	LANES_LONGS = LANES_BYTES / 8,
	LANES_MASK = LANES_BLOCK_WORDS - 1
};

struct lanes_sha1 {
	lanes_v32 s[SHA1_WORDS];
	lanes_v32 w[LANES_BLOCK_WORDS];
};

LANES_INLINE void
lanes_load(lanes_v32 *to, const uint32_t *from, size_t words)
{
	LANES_UNROLL
	for (size_t i = 0; i < words; i++)
		memcpy(&to[i], from + i * LANES_ROWS * LANES_SHORTS,
		       LANES_BYTES);
}

LANES_INLINE void
lanes_load_long(lanes_v64 *to, const uint64_t *from, size_t words)
{
	LANES_UNROLL
	for (size_t i = 0; i < words; i++)
		memcpy(&to[i], from + i * LANES_ROWS * LANES_LONGS,
		       LANES_BYTES);
}

/* to is the sum of from and state. */
LANES_INLINE void
lanes_add(const lanes_v32 *state, const uint32_t *from, uint32_t *to,
	  size_t words)
{
	LANES_UNROLL
	for (size_t i = 0; i < words; i++) {
		lanes_v32 sum;

		memcpy(&sum, from + i * LANES_ROWS * LANES_SHORTS, LANES_BYTES);
		sum += state[i];
		memcpy(to + i * LANES_ROWS * LANES_SHORTS, &sum, LANES_BYTES);
	}
}

LANES_INLINE void
lanes_add_long(const lanes_v64 *state, const uint64_t *from, uint64_t *to)
{
	LANES_UNROLL
	for (size_t i = 0; i < SHA512_LONGS; i++) {
		lanes_v64 sum;

		memcpy(&sum, from + i * LANES_ROWS * LANES_LONGS, LANES_BYTES);
		sum += state[i];
		memcpy(to + i * LANES_ROWS * LANES_LONGS, &sum, LANES_BYTES);
	}
}

struct lanes_md5 {
	lanes_v32 s[MD5_WORDS];
	lanes_v32 w[LANES_BLOCK_WORDS];
};

/* t is a constant, when the loop is unrolled: nothing here is decided. */
LANES_INLINE lanes_v32
lanes_md5_mix(const lanes_v32 *s, const lanes_v32 *w, size_t t)
{
	switch (t / 16) {
	case 0:
		return LANES_PICK(s[1], s[2], s[3]) + w[t & LANES_MASK];
	case 1:
		return LANES_PICK(s[3], s[1], s[2]) +
		       w[(5 * t + 1) & LANES_MASK];
	case 2:
		return LANES_ODD(s[1], s[2], s[3]) +
		       w[(3 * t + 5) & LANES_MASK];
	default:
		return (s[2] ^ (s[1] | ~s[3])) + w[7 * t & LANES_MASK];
	}
}

LANES_INLINE lanes_v32
lanes_md5_turn(lanes_v32 x, size_t t)
{
	switch (t / 16 * 4 + t % 4) {
	case 0:
		return LANES_TURN(x, 7);
	case 1:
		return LANES_TURN(x, 12);
	case 2:
		return LANES_TURN(x, 17);
	case 3:
		return LANES_TURN(x, 22);
	case 4:
		return LANES_TURN(x, 5);
	case 5:
		return LANES_TURN(x, 9);
	case 6:
		return LANES_TURN(x, 14);
	case 7:
		return LANES_TURN(x, 20);
	case 8:
		return LANES_TURN(x, 4);
	case 9:
		return LANES_TURN(x, 11);
	case 10:
		return LANES_TURN(x, 16);
	case 11:
		return LANES_TURN(x, 23);
	case 12:
		return LANES_TURN(x, 6);
	case 13:
		return LANES_TURN(x, 10);
	case 14:
		return LANES_TURN(x, 15);
	default:
		return LANES_TURN(x, 21);
	}
}

LANES_INLINE void
lanes_md5_step(struct lanes_md5 *x, size_t t)
{
	lanes_v32 *s = x->s;
	const lanes_v32 sum =
		s[0] + md5_constants[t] + lanes_md5_mix(s, x->w, t);

	s[0] = s[3];
	s[3] = s[2];
	s[2] = s[1];
	s[1] += lanes_md5_turn(sum, t);
}

LANES_TARGET static void
lanes_md5(const uint32_t *from, const uint32_t *block, uint32_t *to)
{
	struct lanes_md5 x;
	struct lanes_md5 y;

	lanes_load(x.s, from, MD5_WORDS);
	lanes_load(y.s, from + LANES_SHORTS, MD5_WORDS);
	lanes_load(x.w, block, LANES_BLOCK_WORDS);
	lanes_load(y.w, block + LANES_SHORTS, LANES_BLOCK_WORDS);
	LANES_UNROLL
	for (size_t t = 0; t < MD5_ROUNDS; t++) {
		lanes_md5_step(&x, t);
		lanes_md5_step(&y, t);
	}
	lanes_add(x.s, from, to, MD5_WORDS);
	lanes_add(y.s, from + LANES_SHORTS, to + LANES_SHORTS, MD5_WORDS);
}

LANES_INLINE void
lanes_sha1_step(struct lanes_sha1 *x, size_t t)
{
	lanes_v32 *s = x->s;
	lanes_v32 *w = x->w;
	lanes_v32 sum;

	if (t >= LANES_BLOCK_WORDS) {
		const lanes_v32 mix = LANES_ODD(w[(t + 13) & LANES_MASK],
						w[(t + 8) & LANES_MASK],
						w[(t + 2) & LANES_MASK]) ^
				      w[t & LANES_MASK];

		w[t & LANES_MASK] = LANES_TURN(mix, 1);
	}
	sum = s[4] + w[t & LANES_MASK];
	if (t < 20)
		sum += LANES_PICK(s[1], s[2], s[3]) + 0x5A827999U;
	else if (t < 40)
		sum += LANES_ODD(s[1], s[2], s[3]) + 0x6ED9EBA1U;
	else if (t < 60)
		sum += LANES_MOST(s[1], s[2], s[3]) + 0x8F1BBCDCU;
	else
		sum += LANES_ODD(s[1], s[2], s[3]) + 0xCA62C1D6U;
	sum += LANES_TURN(s[0], 5);
	s[4] = s[3];
	s[3] = s[2];
	s[2] = LANES_TURN(s[1], 30);
	s[1] = s[0];
	s[0] = sum;
}

LANES_TARGET static void
lanes_sha1(const uint32_t *from, const uint32_t *block, uint32_t *to)
{
	struct lanes_sha1 x;
	struct lanes_sha1 y;

	lanes_load(x.s, from, SHA1_WORDS);
	lanes_load(y.s, from + LANES_SHORTS, SHA1_WORDS);
	lanes_load(x.w, block, LANES_BLOCK_WORDS);
	lanes_load(y.w, block + LANES_SHORTS, LANES_BLOCK_WORDS);
	LANES_UNROLL
	for (size_t t = 0; t < 80; t++) {
		lanes_sha1_step(&x, t);
		lanes_sha1_step(&y, t);
	}
	lanes_add(x.s, from, to, SHA1_WORDS);
	lanes_add(y.s, from + LANES_SHORTS, to + LANES_SHORTS, SHA1_WORDS);
}

struct lanes_sha256 {
	lanes_v32 s[SHA256_WORDS];
	lanes_v32 w[LANES_BLOCK_WORDS];
};

LANES_INLINE void
lanes_sha256_word(lanes_v32 *w, size_t t)
{
	const lanes_v32 a = w[(t + 1) & LANES_MASK];
	const lanes_v32 b = w[(t + 14) & LANES_MASK];

	w[t & LANES_MASK] +=
		w[(t + 9) & LANES_MASK] +
		LANES_ODD(LANES_TURN(a, 25), LANES_TURN(a, 14), a >> 3) +
		LANES_ODD(LANES_TURN(b, 15), LANES_TURN(b, 13), b >> 10);
}

LANES_INLINE void
lanes_sha256_step(struct lanes_sha256 *x, size_t t)
{
	lanes_v32 *s = x->s;
	const lanes_v32 a = s[0];
	const lanes_v32 e = s[4];

	if (t >= LANES_BLOCK_WORDS)
		lanes_sha256_word(x->w, t);
	const lanes_v32 first = s[7] + x->w[t & LANES_MASK] +
				sha256_constants[t] +
				LANES_PICK(e, s[5], s[6]) +
				LANES_ODD(LANES_TURN(e, 26), LANES_TURN(e, 21),
					  LANES_TURN(e, 7));
	const lanes_v32 second = LANES_MOST(a, s[1], s[2]) +
				 LANES_ODD(LANES_TURN(a, 30), LANES_TURN(a, 19),
					   LANES_TURN(a, 10));

	s[7] = s[6];
	s[6] = s[5];
	s[5] = e;
	s[4] = s[3] + first;
	s[3] = s[2];
	s[2] = s[1];
	s[1] = a;
	s[0] = first + second;
}

LANES_TARGET static void
lanes_sha256(const uint32_t *from, const uint32_t *block, uint32_t *to)
{
	struct lanes_sha256 x;
	struct lanes_sha256 y;

	lanes_load(x.s, from, SHA256_WORDS);
	lanes_load(y.s, from + LANES_SHORTS, SHA256_WORDS);
	lanes_load(x.w, block, LANES_BLOCK_WORDS);
	lanes_load(y.w, block + LANES_SHORTS, LANES_BLOCK_WORDS);
	LANES_UNROLL
	for (size_t t = 0; t < SHA256_ROUNDS; t++) {
		lanes_sha256_step(&x, t);
		lanes_sha256_step(&y, t);
	}
	lanes_add(x.s, from, to, SHA256_WORDS);
	lanes_add(y.s, from + LANES_SHORTS, to + LANES_SHORTS, SHA256_WORDS);
}

struct lanes_sha512 {
	lanes_v64 s[SHA512_LONGS];
	lanes_v64 w[LANES_BLOCK_WORDS];
};

LANES_INLINE void
lanes_sha512_word(lanes_v64 *w, size_t t)
{
	const lanes_v64 a = w[(t + 1) & LANES_MASK];
	const lanes_v64 b = w[(t + 14) & LANES_MASK];

	w[t & LANES_MASK] += w[(t + 9) & LANES_MASK] +
			     LANES_ODD(LANES_TURN_LONG(a, 63),
				       LANES_TURN_LONG(a, 56), a >> 7) +
			     LANES_ODD(LANES_TURN_LONG(b, 45),
				       LANES_TURN_LONG(b, 3), b >> 6);
}

LANES_INLINE void
lanes_sha512_step(struct lanes_sha512 *x, size_t t)
{
	lanes_v64 *s = x->s;
	const lanes_v64 a = s[0];
	const lanes_v64 e = s[4];

	if (t >= LANES_BLOCK_WORDS)
		lanes_sha512_word(x->w, t);
	const lanes_v64 first =
		s[7] + x->w[t & LANES_MASK] + sha512_constants[t] +
		LANES_PICK(e, s[5], s[6]) +
		LANES_ODD(LANES_TURN_LONG(e, 50), LANES_TURN_LONG(e, 46),
			  LANES_TURN_LONG(e, 23));
	const lanes_v64 second =
		LANES_MOST(a, s[1], s[2]) + LANES_ODD(LANES_TURN_LONG(a, 36),
						      LANES_TURN_LONG(a, 30),
						      LANES_TURN_LONG(a, 25));

	s[7] = s[6];
	s[6] = s[5];
	s[5] = e;
	s[4] = s[3] + first;
	s[3] = s[2];
	s[2] = s[1];
	s[1] = a;
	s[0] = first + second;
}

LANES_TARGET static void
lanes_sha512(const uint64_t *from, const uint64_t *block, uint64_t *to)
{
	struct lanes_sha512 x;
	struct lanes_sha512 y;

	lanes_load_long(x.s, from, SHA512_LONGS);
	lanes_load_long(y.s, from + LANES_LONGS, SHA512_LONGS);
	lanes_load_long(x.w, block, LANES_BLOCK_WORDS);
	lanes_load_long(y.w, block + LANES_LONGS, LANES_BLOCK_WORDS);
	LANES_UNROLL
	for (size_t t = 0; t < SHA512_ROUNDS; t++) {
		lanes_sha512_step(&x, t);
		lanes_sha512_step(&y, t);
	}
	lanes_add_long(x.s, from, to);
	lanes_add_long(y.s, from + LANES_LONGS, to + LANES_LONGS);
}

const struct lanes LANES_TABLE = {
	.md5 = lanes_md5,
	.sha1 = lanes_sha1,
	.sha256 = lanes_sha256,
	.sha512 = lanes_sha512,
	.short_count = LANES_ROWS * LANES_SHORTS,
	.long_count = LANES_ROWS * LANES_LONGS,
};
