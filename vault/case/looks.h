/*
 * looks.h - who has a case open just now.
 *
 * Layer:    vault/case
 * Threads:  any; it has a lock of its own
 */
#ifndef VAULT_CASE_LOOKS_H
#define VAULT_CASE_LOOKS_H

#include "vault/case/vault.h"

enum { LOOKS_MAX = 512, LOOKS_LAST_MS = 60 * 1000 };

struct looks;
MUST_CHECK enum status looks_new(struct looks **looks_out, struct err *err);
void looks_free(struct looks **looks);

/* Somebody: login tells people apart, name is shown. */
struct looker {
	const char *login;
	const char *name;
};

/* Note that who looks at the case now. When there are too many, the one who
 * looked longest ago is forgotten. */
void looks_note(struct looks *looks, const uint8_t case_id[CASE_ID_BYTES],
		const struct looker *who, int64_t now_unix_ms);

/* Append the names of the others who looked within LOOKS_LAST_MS. */
void
looks_others(struct looks *looks, const uint8_t case_id[CASE_ID_BYTES],
	     const struct looker *who, int64_t now_unix_ms, struct sbuf *names);

#endif
