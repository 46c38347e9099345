/* case_harness.h - a vault with people and mails, for tests of vault/case. */
#ifndef TESTS_VAULT_CASE_HARNESS_H
#define TESTS_VAULT_CASE_HARNESS_H

#include "tests/harness/check.h"
#include "tests/vault/key_harness.h"
#include "tests/vault/mail_harness.h"
#include "vault/case/account.h"
#include "vault/case/case_change.h"
#include "vault/case/decide.h"
#include "vault/case/intake.h"
#include "vault/case/job.h"
#include "vault/case/ticket.h"
#include "vault/case/timers.h"

struct scene {
	struct fixture *fixture;
	struct key_ring *ring;
	struct config *defaults; /* behind the texts of config */
	struct config config;
	struct vault_after after;
	struct vault_memory memory;
	struct vault vault;
};

/* cmocka's setup and teardown: an unlocked vault with the accounts
 *	alice   sender     alice@example.co.jp
 *	bob     approver   bob@example.co.jp, group hr
 *	carol   approver   carol@example.co.jp, group hr
 *	dave    approver   dave@example.co.jp, group legal
 *	root    admin, auditor
 * made a year ago. */
int scene_setup(void **state);
int scene_teardown(void **state);

/* Between these two, operations may change the store. */
void scene_begin(struct scene *scene);
void scene_commit(struct scene *scene);

/* Run call in a transaction of its own; undone unless it is ST_OK. */
#define scene_do(scene, want, call, err)                      \
	do {                                                  \
		scene_begin(scene);                           \
		const enum status done_ = (call);             \
		if (done_ == ST_OK)                           \
			scene_commit(scene);                  \
		else                                          \
			store_rollback((scene)->vault.store); \
		check_status(want, done_, err);               \
	} while (0)

enum status scene_try_hold(struct scene *scene, const struct mail *mail,
			   struct vault_hold_answer *answer, struct err *err);
/* Hold it and demand that it works. */
void scene_hold(struct scene *scene, const struct mail *mail,
		uint8_t id_out[CASE_ID_BYTES]);

/* An account as the one who asks; release with actor_done(). */
void scene_actor(struct scene *scene, const char *login, struct actor *out);

/* Decide with what is seen now. comment may be NULL. */
enum status
scene_decide(struct scene *scene, const char *login,
	     const uint8_t id[CASE_ID_BYTES], enum case_decision decision,
	     const char *comment, struct err *err);
enum case_state
scene_state(struct scene *scene, const uint8_t id[CASE_ID_BYTES]);
/* Recipients of the case with this outcome. */
size_t scene_count(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
		   enum case_outcome outcome);

/* Take the next job of kind; others that come first are done. NULL-safe:
 * false when there is none. Release with job_taken_done(). */
bool
scene_take(struct scene *scene, enum job_kind kind, struct job_taken *taken);
/* Report reply for every one of count recipients of the job. */
struct reply {
	const char *recipient;
	uint32_t code;
};
enum status
scene_finish(struct scene *scene, const struct job_taken *taken,
	     const struct reply *replies, size_t count, struct err *err);

/* Change an account as admin does. */
enum status
scene_change(struct scene *scene, const char *by,
	     const struct vault_user_change *change, struct err *err);

/* Rows of the audit log with this event, about this case (NULL: any). */
size_t
scene_audit_count(struct scene *scene, const char *event, const uint8_t *id);

#endif
