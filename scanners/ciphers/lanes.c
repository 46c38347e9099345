/* Which kernels; and those of plain C, which compilers know how to split. */
#include "scanners/ciphers/lanes_ways.h"

#define LANES_TARGET
#define LANES_BYTES           16
#define LANES_TABLE           lanes_portable
#define LANES_TURN(x, n)      ((x) << (n) | (x) >> (32 - (n)))
#define LANES_TURN_LONG(x, n) ((x) << (n) | (x) >> (64 - (n)))
#define LANES_PICK(x, y, z)   ((z) ^ ((x) & ((y) ^ (z))))
#define LANES_MOST(x, y, z)   (((x) & (y)) | ((z) & ((x) | (y))))
#define LANES_ODD(x, y, z)    ((x) ^ (y) ^ (z))
#include "scanners/ciphers/lanes_loop.h"

const struct lanes *
lanes_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way == CPU_WAY_AVX2)
		return &lanes_avx2;
	if (way == CPU_WAY_AVX512)
		return &lanes_avx512;
#else
	(void)way;
#endif
	return &lanes_portable;
}

const struct lanes *
lanes_get(void)
{
	return lanes_of(cpu_best());
}
