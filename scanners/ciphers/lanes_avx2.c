/* The kernels of lanes.h for processors with AVX2. */
#include "scanners/ciphers/lanes_ways.h"

#if defined(__x86_64__)
#	define LANES_TARGET          __attribute__((target("avx2")))
#	define LANES_BYTES           32
#	define LANES_TABLE           lanes_avx2
#	define LANES_TURN(x, n)      ((x) << (n) | (x) >> (32 - (n)))
#	define LANES_TURN_LONG(x, n) ((x) << (n) | (x) >> (64 - (n)))
#	define LANES_PICK(x, y, z)   ((z) ^ ((x) & ((y) ^ (z))))
#	define LANES_MOST(x, y, z)   (((x) & (y)) | ((z) & ((x) | (y))))
#	define LANES_ODD(x, y, z)    ((x) ^ (y) ^ (z))
#	include "scanners/ciphers/lanes_loop.h"
#endif
