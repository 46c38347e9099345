/*
 * sample.h - files under tests/data.
 */
#ifndef TESTS_SCANNERS_SAMPLE_H
#define TESTS_SCANNERS_SAMPLE_H

#include "lib/base/sbuf.h"

/* Append the file at path (below tests/data) to out; fails the test when it
 * cannot be read. */
void sample_read(const char *path, struct sbuf *out);

#endif
