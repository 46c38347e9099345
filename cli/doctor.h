/*
 * doctor.h - findings about a running installation, each with what to do.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "lib/config/config.h"

struct doctor {
	const struct config *config;
	const char *postfix_dir; /* postconf -c, or NULL */
	unsigned wrong_count;
};

/* One line "ok   what: how it is". */
void doctor_good(const struct doctor *doctor, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Something that works and deserves a look. */
void doctor_note(const struct doctor *doctor, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Something wrong; next says what to do. Counts. */
void doctor_wrong(struct doctor *doctor, const char *next, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Sockets and answers of the programs. */
void doctor_look_at_programs(struct doctor *doctor);

/* Lock, key, escrow, space, jobs, groups without members. */
void doctor_look_at_vault(struct doctor *doctor);

/* What postconf says, when there is one. */
void doctor_look_at_postfix(struct doctor *doctor);

#endif
