/*
 * decode_rivals.h - what decode_bench runs beside our decoders, and on what.
 *
 * Layer:    tests
 */
#ifndef TESTS_BENCH_DECODE_RIVALS_H
#define TESTS_BENCH_DECODE_RIVALS_H

#include "lib/base/sbuf.h"

/* Append in, converted; an impossible conversion ends the program. Each
 * returns how many bytes out has then. */
size_t
rival_iconv(const char *from, const char *to, struct span in, struct sbuf *out);

/* Byte by byte, what is no digit is left out. */
size_t rival_base64_bytewise(struct span in, struct sbuf *out);

/* Four bytes by four tables; understands line ends and nothing else. */
size_t rival_base64_tables(struct span in, struct sbuf *out);

size_t rival_quoted(struct span in, struct sbuf *out);

/* As mailers do, in lines of 76. */
void rival_encode_base64(struct span in, struct sbuf *out);
void rival_encode_quoted(struct span in, struct sbuf *out);

/* Japanese business prose, and a table full of numbers, in UTF-8. */
void rival_write_prose(struct sbuf *out, size_t len_bytes);
void rival_write_table(struct sbuf *out, size_t len_bytes);

#endif
