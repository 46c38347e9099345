/*
 * passwords.h - passwords of held mails that people typed or that have opened
 * something.
 *
 * Layer:    vault/case
 * Threads:  any; the struct has a lock of its own
 *
 * They lie in pages of their own, locked into memory and left out of core
 * dumps, and are written nowhere. What was typed is wiped when it did not fit,
 * or after PASSWORDS_TYPED_MS; what fits is kept for later scans of the same
 * mail until its case is decided.
 */
#ifndef VAULT_CASE_PASSWORDS_H
#define VAULT_CASE_PASSWORDS_H

#include "lib/wire/table.h"
#include "vault/client/vault_messages.h"

enum {
	PASSWORDS_MAX = 256,
	PASSWORDS_PER_CASE = 16,
	PASSWORDS_TYPED_MS = 3600 * 1000
};

struct passwords;

MUST_CHECK enum status
passwords_new(struct passwords **passwords_out, struct err *err);
/* Wipes what was in it. */
void passwords_free(struct passwords **passwords);

/* May it be kept for these correspondents when it fits? */
enum password_consent {
	PASSWORD_CONSENT_NONE = 0,
	PASSWORD_CONSENT_ONCE,
	PASSWORD_CONSENT_KEEP
};

/*
 * Somebody has typed one. Twice the same is one.
 * Returns: ST_OK; ST_LIMIT too many wait for this case, or at all
 */
MUST_CHECK enum status
passwords_add(struct passwords *passwords, const uint8_t case_id[CASE_ID_BYTES],
	      const struct vault_word *word, enum password_consent consent,
	      struct err *err);

/* A list that has room for the words of one case. */
struct password_list {
	struct vault_word words[PASSWORDS_PER_CASE];
	size_t count;
	size_t typed; /* of them, not known to fit */
};

/*
 * Those of a case, copied into arena: what fits, and for job_id (0: none) what
 * was typed, which from now on waits for that job's result.
 */
MUST_CHECK enum status
passwords_give(struct passwords *passwords,
	       const uint8_t case_id[CASE_ID_BYTES], uint64_t job_id,
	       struct wire_arena *arena, struct password_list *list_out,
	       struct err *err);

/*
 * The job's result: worked are those that opened something; the others that it
 * was given are wiped. One that nobody typed is kept with source.
 * Gives:    the members that end in _out
 */
struct password_result {
	const uint8_t *case_id;
	uint64_t job_id;
	const struct report_word *worked;
	size_t worked_count;
	enum report_word_source source;
	size_t tried_out; /* typed ones that waited for this job */
	size_t left_out;  /* that wait still, for another */
};
void
passwords_finish(struct passwords *passwords, struct password_result *result);

/* May this word be kept for later mails? Not what was typed for this one. */
bool passwords_may_keep(struct passwords *passwords,
			const uint8_t case_id[CASE_ID_BYTES], const char *text);

/* The case is decided: wipe all of them. */
void passwords_forget(struct passwords *passwords,
		      const uint8_t case_id[CASE_ID_BYTES]);

#endif
