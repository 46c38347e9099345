/* lanes_ways.h - the tables of lanes.h; private to lanes*.c. */
#ifndef SCANNERS_CIPHERS_LANES_WAYS_H
#define SCANNERS_CIPHERS_LANES_WAYS_H

#include "scanners/ciphers/lanes.h"

extern const struct lanes lanes_portable;
#if defined(__x86_64__)
extern const struct lanes lanes_avx2;
extern const struct lanes lanes_avx512;
#endif

#endif
