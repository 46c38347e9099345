/*
 * cpu.h - which of the ways to do one thing this processor can go.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 *
 * Code that has several ways takes the best one, and has a variant that is
 * told: tests compare all ways that the machine can go. All of them give the
 * same result.
 */
#ifndef LIB_BASE_CPU_H
#define LIB_BASE_CPU_H

#include <stdbool.h>

enum cpu_way {
	CPU_WAY_NONE = 0,
	CPU_WAY_PORTABLE, /* plain C */
	CPU_WAY_AVX2,
	CPU_WAY_AVX512, /* with BW, VBMI and VBMI2 */
	CPU_WAY_END
};

/* May way be gone here? */
static inline bool
cpu_can(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way == CPU_WAY_AVX2)
		return __builtin_cpu_supports("avx2") != 0;
	if (way == CPU_WAY_AVX512)
		return __builtin_cpu_supports("avx512bw") != 0 &&
		       __builtin_cpu_supports("avx512vbmi") != 0 &&
		       __builtin_cpu_supports("avx512vbmi2") != 0;
#endif
	return way == CPU_WAY_PORTABLE;
}

static inline enum cpu_way
cpu_best(void)
{
	if (cpu_can(CPU_WAY_AVX512))
		return CPU_WAY_AVX512;
	return cpu_can(CPU_WAY_AVX2) ? CPU_WAY_AVX2 : CPU_WAY_PORTABLE;
}

#endif
