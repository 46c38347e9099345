/* banned.h - force-included; turns calls we never want into build errors. */
#ifndef LIB_BASE_BANNED_H
#define LIB_BASE_BANNED_H

/* Headers first, so that their own declarations stay legal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Fortified headers make macros of these with clang. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison atoi atol atoll atof strtok
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison system popen tmpnam mktemp

/* OpenSSL has parameters of this name, so only the call is an error. */
#define rand()      banned_call_use_random_fill
#define srand(seed) banned_call_use_random_fill

#endif
