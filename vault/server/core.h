/*
 * core.h - what all threads of the vault share.
 *
 * Layer:    vault/server
 * Threads:  any, unless noted; config and ring live until core_done()
 */
#ifndef VAULT_SERVER_CORE_H
#define VAULT_SERVER_CORE_H

#include <pthread.h>
#include <sys/types.h>

#include "vault/case/vault.h"

enum { CORE_MAX_CONFIGS = 1000, CORE_TEXT_BYTES = 300, CORE_MAX_WATCHERS = 8 };

struct core {
	const char *config_path; /* borrowed */
	uid_t milter_uid, courier_uid, desk_uid;
	struct vault_memory memory; /* has locks of its own */

	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t jobs_changed;
	pthread_cond_t cases_changed;
	/* Goes up with every commit that changes what pages show; never that
	 * of an earlier process. */
	uint64_t revision;
	unsigned watchers;
	struct config *configs[CORE_MAX_CONFIGS]; /* the last is in force */
	size_t config_count;
	bool has_portal; /* portal.listen */
	uid_t portal_uid;
	struct key_ring *ring; /* NULL: locked */
	char lock_reason[CORE_TEXT_BYTES];
	char store_error[CORE_TEXT_BYTES];
	uint64_t holds_failed;
	uint64_t pairs_lost;
	struct clock_guard clock;
	bool stopping;
};

/* Load the configuration and find the programs' accounts. */
MUST_CHECK enum status
core_init(struct core *core, const char *config_path, struct err *err);
/* Once no other thread runs. */
void core_done(struct core *core);

const struct config *core_config(struct core *core);
const struct key_ring *core_ring(struct core *core);
/* Is this the account of the portal? */
bool core_is_portal(struct core *core, uid_t uid);

/* A new configuration; requests in progress finish with the old one. */
MUST_CHECK enum status core_reload(struct core *core, struct err *err);

/* Look for the master key. ST_OK: unlocked now or before. */
MUST_CHECK enum status
core_unlock(struct core *core, struct store *store, struct err *err);

/* What an earlier process knew of the clock; and what it says now, with what
 * is to be thought of it. Both log what is new. */
MUST_CHECK enum status
core_start_clock(struct core *core, struct store *store, struct err *err);
int64_t core_now(struct core *core, struct clock_guard *guard_out);

void core_stop(struct core *core);
bool core_is_stopping(struct core *core);

/* Remember the store's last failure for status; NULL: it works again. */
void core_note_store(struct core *core, const struct err *err);
void core_note_hold_failed(struct core *core);
void core_note_pairs_lost(struct core *core, uint64_t count);

/* Jobs: tell those who wait; wait until told, stopping or the deadline. */
void core_tell_jobs(struct core *core);
void core_wait_jobs(struct core *core, int64_t deadline_mono_ms);

/* Cases changed: tell those who wait. Wait until the revision is not seen any
 * more, stopping or the deadline; gives the present one. ST_LIMIT: too many
 * wait already. */
void core_tell_cases(struct core *core);
MUST_CHECK enum status
core_watch(struct core *core, uint64_t seen, int64_t deadline_mono_ms,
	   uint64_t *revision_out, struct err *err);

#endif
