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
#pragma GCC poison rand srand system popen tmpnam mktemp

#endif
