/* factor_harness.h - people at the desk with an authenticator. */
#ifndef TESTS_VAULT_FACTOR_HARNESS_H
#define TESTS_VAULT_FACTOR_HARNESS_H

#include "lib/crypto/totp.h"
#include "tests/vault/case_harness.h"
#include "vault/case/factor.h"

/* Somebody at the desk. */
struct visitor {
	const char *login;
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t secret[TOTP_SECRET_BYTES]; /* their authenticator */
	char recovery[FACTOR_RECOVERY_BYTES];
};

/* Everybody has the same one. */
void set_password(struct scene *scene, const char *login);
/* With the password alone; the visitor has the session's token. */
bool sign_in(struct scene *scene, struct visitor *visitor);
/* NONE: there is no such session any more. */
enum session_stage stage_of(struct scene *scene, const struct visitor *visitor);
/* One step; the visitor goes on with the new token. */
enum status
step(struct scene *scene, struct visitor *visitor, enum factor_step what,
     const char *code, struct factor_result *result);
/* base32 of RFC 4648, 32 characters */
void read_secret(const char *text, uint8_t secret[TOTP_SECRET_BYTES]);
/* What the visitor's authenticator shows now. */
const char *shown(struct scene *scene, const struct visitor *visitor,
		  char code[TOTP_DIGITS + 1]);
/* A code that is neither the present one nor one beside it. */
const char *wrong(const struct scene *scene, const struct visitor *visitor,
		  char code[TOTP_DIGITS + 1]);
void next_step(struct scene *scene);
/* Sign in with the password and put a factor into force. */
void enrol_new(struct scene *scene, struct visitor *visitor);
/* The same with set_password() first. */
void enrol(struct scene *scene, struct visitor *visitor);
/* FACTOR_STEP_VERIFY: was the code right? */
bool verify(struct scene *scene, struct visitor *visitor, const char *code);

#endif
