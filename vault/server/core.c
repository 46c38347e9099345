#include "vault/server/core.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/process.h"

static enum status
find_uid(const char *user, uid_t *uid_out, struct err *err)
{
	gid_t gid = 0;

	return process_find_user(user, uid_out, &gid, err);
}

struct portal {
	bool exists;
	uid_t uid;
};

/* Who sends no links has no portal, and its account may be missing. */
static enum status
find_portal(const struct config *config, struct portal *portal, struct err *err)
{
	portal->exists = config->portal.listen[0] != '\0';
	return portal->exists ? find_uid(config->portal.user, &portal->uid, err)
			      : ST_OK;
}

enum status
core_init(struct core *core, const char *config_path, struct err *err)
{
	pthread_condattr_t monotonic;
	struct config *config = NULL;
	struct portal portal = { .exists = false };
	enum status st = config_load(config_path, &config, err);

	*core = (struct core){ .config_path = config_path };
	if (st == ST_OK)
		st = find_uid(config->milter.user, &core->milter_uid, err);
	if (st == ST_OK)
		st = find_uid(config->courier.user, &core->courier_uid, err);
	if (st == ST_OK)
		st = find_uid(config->desk.user, &core->desk_uid, err);
	if (st == ST_OK)
		st = find_portal(config, &portal, err);
	if (st != ST_OK) {
		config_free(&config);
		return st;
	}
	core->configs[core->config_count++] = config;
	core->has_portal = portal.exists;
	core->portal_uid = portal.uid;
	st = vault_memory_init(&core->memory, err);
	if (st != ST_OK)
		return st;
	core->revision = (uint64_t)clock_unix_ms();
	if (pthread_mutex_init(&core->lock, NULL) != 0 ||
	    pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&core->jobs_changed, &monotonic) != 0 ||
	    pthread_cond_init(&core->cases_changed, &monotonic) != 0)
		return err_set(err, ST_NO_MEMORY, "vault: no locks");
	(void)pthread_condattr_destroy(&monotonic);
	return ST_OK;
}

void
core_done(struct core *core)
{
	vault_memory_done(&core->memory);
	for (size_t i = 0; i < core->config_count; i++)
		config_free(&core->configs[i]);
	key_ring_free(&core->ring);
	(void)pthread_cond_destroy(&core->jobs_changed);
	(void)pthread_cond_destroy(&core->cases_changed);
	(void)pthread_mutex_destroy(&core->lock);
}

const struct config *
core_config(struct core *core)
{
	const struct config *config = NULL;

	(void)pthread_mutex_lock(&core->lock);
	config = core->configs[core->config_count - 1];
	(void)pthread_mutex_unlock(&core->lock);
	return config;
}

const struct key_ring *
core_ring(struct core *core)
{
	const struct key_ring *ring = NULL;

	(void)pthread_mutex_lock(&core->lock);
	ring = core->ring;
	(void)pthread_mutex_unlock(&core->lock);
	return ring;
}

bool
core_is_portal(struct core *core, uid_t uid)
{
	bool is_portal = false;

	(void)pthread_mutex_lock(&core->lock);
	is_portal = core->has_portal && core->portal_uid == uid;
	(void)pthread_mutex_unlock(&core->lock);
	return is_portal;
}

/* What cannot change while we run, because sockets and files depend on it. */
static enum status
check_unchanged(const struct config *old, const struct config *new,
		struct err *err)
{
	if (strcmp(old->general.state_dir, new->general.state_dir) != 0 ||
	    strcmp(old->general.run_dir, new->general.run_dir) != 0 ||
	    strcmp(old->vault.store, new->vault.store) != 0 ||
	    strcmp(old->vault.user, new->vault.user) != 0)
		return err_set(err, ST_DENIED,
			       "state_dir, run_dir, vault.store and vault.user "
			       "need a restart");
	return ST_OK;
}

enum status
core_reload(struct core *core, struct err *err)
{
	struct config *config = NULL;
	struct portal portal = { .exists = false };
	enum status st = config_load(core->config_path, &config, err);

	if (st == ST_OK)
		st = check_unchanged(core_config(core), config, err);
	if (st == ST_OK)
		st = find_portal(config, &portal, err);
	if (st != ST_OK) {
		config_free(&config);
		return st;
	}
	(void)pthread_mutex_lock(&core->lock);
	/* Old ones stay: a request may still be looking at them. */
	if (core->config_count < CORE_MAX_CONFIGS) {
		core->configs[core->config_count++] = MOVE(config);
		core->has_portal = portal.exists;
		core->portal_uid = portal.uid;
	}
	(void)pthread_mutex_unlock(&core->lock);
	if (config != NULL) {
		config_free(&config);
		return err_set(err, ST_LIMIT,
			       "reloaded %d times: restart the vault",
			       CORE_MAX_CONFIGS);
	}
	return ST_OK;
}

enum status
core_unlock(struct core *core, struct store *store, struct err *err)
{
	const struct config *config = core_config(core);
	struct key_ring *ring = NULL;
	enum status st = ST_OK;

	if (core_ring(core) != NULL)
		return ST_OK;
	st = key_ring_open(config->vault.key, store, &ring, err);
	(void)pthread_mutex_lock(&core->lock);
	if (st == ST_OK && core->ring == NULL)
		core->ring = MOVE(ring);
	(void)snprintf(core->lock_reason, sizeof(core->lock_reason), "%s",
		       st == ST_OK ? "" : err->text);
	(void)pthread_mutex_unlock(&core->lock);
	key_ring_free(&ring);
	return st;
}

static void
log_clock(enum clock_news news, const struct clock_guard *guard)
{
	static const char *const events[] = {
		[CLOCK_NEWS_AHEAD] = "clock_jumped_ahead",
		[CLOCK_NEWS_BACK] = "clock_set_back",
		[CLOCK_NEWS_RIGHT] = "clock_right_again",
		[CLOCK_NEWS_BELIEVED] = "clock_believed",
	};
	struct log_line line;

	if (news == CLOCK_NEWS_NONE)
		return;
	log_begin(&line, LOG_LEVEL_WARNING, events[news]);
	if (guard->off_ms != 0)
		log_number(&line, "off_s", guard->off_ms / 1000);
	log_send(&line);
}

enum status
core_start_clock(struct core *core, struct store *store, struct err *err)
{
	struct clock_guard saved = { .off_ms = 0 };
	struct clock_guard guard;
	enum clock_news news = CLOCK_NEWS_NONE;
	const enum status st = clock_guard_find(store, &saved, err);

	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&core->lock);
	news = clock_guard_start(&core->clock, &saved, clock_unix_ms(),
				 clock_boot_ms());
	guard = core->clock;
	(void)pthread_mutex_unlock(&core->lock);
	log_clock(news, &guard);
	return ST_OK;
}

int64_t
core_now(struct core *core, struct clock_guard *guard_out)
{
	enum clock_news news = CLOCK_NEWS_NONE;
	int64_t now_unix_ms = 0;

	(void)pthread_mutex_lock(&core->lock);
	now_unix_ms = clock_unix_ms();
	news = clock_guard_look(&core->clock, now_unix_ms, clock_boot_ms());
	*guard_out = core->clock;
	(void)pthread_mutex_unlock(&core->lock);
	log_clock(news, guard_out);
	return now_unix_ms;
}

void
core_stop(struct core *core)
{
	(void)pthread_mutex_lock(&core->lock);
	core->stopping = true;
	(void)pthread_cond_broadcast(&core->jobs_changed);
	(void)pthread_cond_broadcast(&core->cases_changed);
	(void)pthread_mutex_unlock(&core->lock);
}

bool
core_is_stopping(struct core *core)
{
	bool stopping = false;

	(void)pthread_mutex_lock(&core->lock);
	stopping = core->stopping;
	(void)pthread_mutex_unlock(&core->lock);
	return stopping;
}

void
core_note_store(struct core *core, const struct err *err)
{
	bool changed = false;

	(void)pthread_mutex_lock(&core->lock);
	changed = (err == NULL) != (core->store_error[0] == '\0');
	(void)snprintf(core->store_error, sizeof(core->store_error), "%s",
		       err != NULL ? err->text : "");
	(void)pthread_mutex_unlock(&core->lock);
	if (changed)
		log_event(err != NULL ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO,
			  err != NULL ? "store_failed" : "store_works_again",
			  err);
}

void
core_note_hold_failed(struct core *core)
{
	(void)pthread_mutex_lock(&core->lock);
	core->holds_failed++;
	(void)pthread_mutex_unlock(&core->lock);
}

void
core_note_pairs_lost(struct core *core, uint64_t count)
{
	(void)pthread_mutex_lock(&core->lock);
	core->pairs_lost += count;
	(void)pthread_mutex_unlock(&core->lock);
}

void
core_tell_jobs(struct core *core)
{
	(void)pthread_mutex_lock(&core->lock);
	(void)pthread_cond_broadcast(&core->jobs_changed);
	(void)pthread_mutex_unlock(&core->lock);
}

void
core_wait_jobs(struct core *core, int64_t deadline_mono_ms)
{
	const struct timespec until = {
		.tv_sec = deadline_mono_ms / 1000,
		.tv_nsec = deadline_mono_ms % 1000 * 1000000,
	};

	(void)pthread_mutex_lock(&core->lock);
	if (!core->stopping)
		(void)pthread_cond_timedwait(&core->jobs_changed, &core->lock,
					     &until);
	(void)pthread_mutex_unlock(&core->lock);
}

void
core_tell_cases(struct core *core)
{
	(void)pthread_mutex_lock(&core->lock);
	core->revision++;
	(void)pthread_cond_broadcast(&core->cases_changed);
	(void)pthread_mutex_unlock(&core->lock);
}

enum status
core_watch(struct core *core, uint64_t seen, int64_t deadline_mono_ms,
	   uint64_t *revision_out, struct err *err)
{
	const struct timespec until = {
		.tv_sec = deadline_mono_ms / 1000,
		.tv_nsec = deadline_mono_ms % 1000 * 1000000,
	};
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&core->lock);
	if (core->watchers < CORE_MAX_WATCHERS) {
		core->watchers++;
		while (core->revision == seen && !core->stopping &&
		       clock_left_ms(deadline_mono_ms) > 0)
			(void)pthread_cond_timedwait(&core->cases_changed,
						     &core->lock, &until);
		core->watchers--;
	} else if (core->revision == seen) {
		st = err_set(err, ST_LIMIT, "too many wait for changes");
	}
	*revision_out = core->revision;
	(void)pthread_mutex_unlock(&core->lock);
	return st;
}
