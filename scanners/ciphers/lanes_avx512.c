/* The kernels of lanes.h for processors with AVX-512. */
#include "scanners/ciphers/lanes_ways.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define LANES_TARGET     __attribute__((target("avx512f,avx512bw")))
#	define LANES_BYTES      64
#	define LANES_TABLE      lanes_avx512
#	define LANES_TURN(x, n) ((lanes_v32)_mm512_rol_epi32((__m512i)(x), n))
#	define LANES_TURN_LONG(x, n) \
		((lanes_v64)_mm512_rol_epi64((__m512i)(x), n))
/* Any function of three bits is one instruction: its table of values. */
#	define LANES_LOGIC(x, y, z, table)                \
		((__typeof__(x))_mm512_ternarylogic_epi32( \
			(__m512i)(x), (__m512i)(y), (__m512i)(z), table))
#	define LANES_PICK(x, y, z) LANES_LOGIC(x, y, z, 0xCA)
#	define LANES_MOST(x, y, z) LANES_LOGIC(x, y, z, 0xE8)
#	define LANES_ODD(x, y, z)  LANES_LOGIC(x, y, z, 0x96)
#	include "scanners/ciphers/lanes_loop.h"
#endif
