/*
 * zipcrypto_round.h - try many passwords on the header of one member.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 *
 * Of 256 wrong passwords one passes: the last byte of the header is all that
 * is looked at, and the one before where it is known, too. What passes is for
 * zip_survivors.h.
 */
#ifndef SCANNERS_LOCKS_ZIPCRYPTO_ROUND_H
#define SCANNERS_LOCKS_ZIPCRYPTO_ROUND_H

#include "lib/base/cpu.h"
#include "scanners/ciphers/zipcrypto.h"

/* The four keys or sets are to stay in registers. */
#ifdef __clang__
#	define ZIPCRYPTO_UNROLL _Pragma("clang loop unroll(full)")
#else
#	define ZIPCRYPTO_UNROLL _Pragma("GCC unroll 4")
#endif

enum {
	ZIPCRYPTO_LANES = 64, /* passwords that are tried as one */
	ZIPCRYPTO_SETS = 4    /* such sets side by side, to hide latency */
};

/*
 * Passwords are a start, which is known by its keys, and a tail. Set n tries
 * starts[n] with tails[n]: for each group of 64 the first characters of all
 * tails, then the second ones, and so on.
 */
struct zipcrypto_round {
	const uint8_t *header; /* ZIPCRYPTO_HEADER_BYTES, encrypted */
	uint8_t check;         /* its last byte in clear */
	/* The bits of the byte before that are known, and what they are. */
	uint8_t before_mask;
	uint8_t before;
	struct zipcrypto_keys starts[ZIPCRYPTO_SETS];
	/* Each groups * tail_bytes * ZIPCRYPTO_LANES. */
	const uint8_t *tails[ZIPCRYPTO_SETS];
	size_t tail_bytes;
	size_t groups;
	/* Of zipcrypto_try_seeded: the first two random bytes of the header,
	 * which was encrypted twice (zip_seed.h). */
	uint8_t random[2];
};

/* Bit i of hits[g * ZIPCRYPTO_SETS + n]: tail i of group g in set n passes. */
typedef void zipcrypto_try(const struct zipcrypto_round *round, uint64_t *hits);

zipcrypto_try zipcrypto_try_portable;
#if defined(__x86_64__)
zipcrypto_try zipcrypto_try_avx2;
zipcrypto_try zipcrypto_try_gfni; /* AVX-512 with VBMI2, VNNI and GFNI */
#endif

/*
 * As zipcrypto_try, by the second byte of a header whose random bytes are
 * known. Of 256 wrong passwords one passes, another one than by the last byte.
 */
zipcrypto_try zipcrypto_seeded_portable;
#if defined(__x86_64__)
zipcrypto_try zipcrypto_seeded_gfni;
#endif

/*
 * What the first bytes behind the header decrypt to, for the only group of
 * round: plain[(n * len_bytes + k) * ZIPCRYPTO_LANES + i] is byte k for tail i
 * of set n.
 */
typedef void zipcrypto_peek(const struct zipcrypto_round *round,
			    struct span data, uint8_t *plain);

zipcrypto_peek zipcrypto_peek_portable;
#if defined(__x86_64__)
zipcrypto_peek zipcrypto_peek_gfni;
#endif

/* The functions of a way, or of the next simpler one that can be gone here.
 * CPU_WAY_AVX512 asks for more than cpu_can() does. */
zipcrypto_try *zipcrypto_try_of(enum cpu_way way);
zipcrypto_peek *zipcrypto_peek_of(enum cpu_way way);
/* NULL where it would not be faster than the trial. */
zipcrypto_try *zipcrypto_seeded_of(enum cpu_way way);

/* What it is called: "avx512", "avx2", "portable". */
const char *zipcrypto_try_name(zipcrypto_try *function);

#endif
