/*
 * factor.h - the second factor: one-time codes by time, recovery codes.
 *
 * Layer:    vault/case
 * Threads:  factor_stage(): any; factor_do(): the writer's
 *
 * An account has at most one factor, boxed in its row: the secret, the last
 * step that was used, the hashes of the recovery codes that are left. Wrong
 * codes count to the same lock as wrong passwords, which gets longer each
 * time (FACTOR_LOCK_MAX_S) until a right code was given. Who must have a factor
 * says vault.second_factor; a session knows only whether a code was given in
 * it, so that a change of roles, settings or factor counts at once.
 */
#ifndef VAULT_CASE_FACTOR_H
#define VAULT_CASE_FACTOR_H

#include "vault/case/account.h"

enum {
	FACTOR_URI_BYTES = 800,
	FACTOR_SECRET_BYTES = 64,
	FACTOR_RECOVERY_CODES = 10,
	FACTOR_RECOVERY_BYTES = 256
};

/* Secrets: wipe it. */
struct factor_result {
	bool refused; /* a wrong code; that it was stays on record */
	bool has_token;
	uint8_t token[VAULT_TOKEN_BYTES];
	enum session_stage stage;
	char uri[FACTOR_URI_BYTES];
	char secret[FACTOR_SECRET_BYTES];
	char recovery_codes[FACTOR_RECOVERY_BYTES];
};

/*
 * One step of struct vault_second_factor.
 * Returns: ST_OK, also when result->refused; ST_FORMAT the step makes no
 *          sense now; ST_DENIED; ST_NOT_FOUND; ST_UNSUPPORTED locked; ST_IO
 */
MUST_CHECK enum status factor_do(struct vault *vault, const struct actor *actor,
				 const struct vault_second_factor *request,
				 struct factor_result *result, struct err *err);

#endif
