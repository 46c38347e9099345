/*
 * programs.h - the daemons, in the order in which they start.
 *
 * Layer:    cli
 * Threads:  constants
 */
#ifndef CLI_PROGRAMS_H
#define CLI_PROGRAMS_H

#include <stddef.h>

#include "lib/config/config.h"

enum { PROGRAM_COUNT = 6 };

/* "sekimori-vault", …: what comes later needs what came before; stopping goes
 * the other way, so that the milter can end its mails. */
extern const char *const program_names[PROGRAM_COUNT];

/* How many of them, from the first: the portal only where it is to listen. */
size_t programs_wanted(const struct config *config);

#endif
