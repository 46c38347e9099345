/*
 * doctor.h - checks of a running installation, and what came of them.
 *
 * Layer:    cli
 * Threads:  one
 *
 * Every check is one row of doctor_checks.def. A look at something reports
 * one of three things about a check: it is fine, it was found, it could not
 * be looked at. Details hold names and values of settings, paths and replies
 * of programs; they are the same in every language.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <jansson.h>

#include "cli/speech.h"
#include "lib/config/config.h"

enum doctor_check {
	DOCTOR_NONE = 0,
#define CHECK(symbol, name, severity, says, next) DOCTOR_##symbol,
#include "cli/doctor_checks.def"
#undef CHECK
	DOCTOR_END
};

enum { DOCTOR_MAX_DETAIL_BYTES = 2048 };

struct doctor {
	const struct config *config;
	const char *postfix_dir;   /* postconf -c, or NULL */
	const char *sendmail_file; /* sendmail.cf, or NULL */
	struct speech *speech;     /* language of people */
	bool verbose;              /* show what is fine, too */
	json_t *json;              /* array of results; NULL: text */
	unsigned fine_count;
	unsigned note_count;
	unsigned wrong_count;
	unsigned skipped_count;
};

void doctor_fine(struct doctor *doctor, enum doctor_check check,
		 const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The row says how grave it is. */
void doctor_found(struct doctor *doctor, enum doctor_check check,
		  const char *fmt, ...) PRINTF_LIKE(3, 4);
/* fmt: why it was not looked at, in English. */
void doctor_skipped(struct doctor *doctor, enum doctor_check check,
		    const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Every row, for documents. Returns: ST_OK, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status doctor_list(struct doctor *doctor, struct err *err);

/* --- what is looked at: one file each ---------------------------------- */

void doctor_look_at_policy(struct doctor *doctor);
void doctor_look_at_programs(struct doctor *doctor);
void doctor_look_at_socket(struct doctor *doctor, const char *mta_account);
/* False: there is no postconf, or no such configuration. Else the account
 * that Postfix runs as is in account. */
enum { DOCTOR_ACCOUNT_BYTES = 64 };
bool doctor_look_at_postfix(struct doctor *doctor,
			    char account[DOCTOR_ACCOUNT_BYTES]);
bool doctor_look_at_sendmail(struct doctor *doctor,
			     char account[DOCTOR_ACCOUNT_BYTES]);
void doctor_look_at_vault(struct doctor *doctor);
void doctor_look_at_host(struct doctor *doctor);
void doctor_look_at_next_hop(struct doctor *doctor);
void doctor_look_at_portal(struct doctor *doctor);

#endif
