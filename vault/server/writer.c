#include "vault/server/writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "vault/audit/audit.h"
#include "vault/case/link_own.h"
#include "vault/store/store_job.h"

enum {
	WRITER_BATCH = 64,
	WRITER_MAX_QUEUED = 4096,
	WRITER_REOPEN_MS = 1000,
	WRITER_SWEEP_MS = 600000 /* between attempts to destroy keys */
};

/* On the stack of the thread that waits for it. */
struct task {
	struct task *next;
	writer_work work;
	void *context;
	struct err *err;
	enum status st;
	bool finished;
	pthread_cond_t done;
};

struct queue {
	struct task *first;
	struct task *last;
};

struct writer {
	struct core *core;
	pthread_t thread;
	struct store
		*store; /* the thread's own; NULL: failed, to be reopened */
	int64_t reopen_mono_ms;
	bool adopted;    /* the audit rows of the locked time, see audit.h */
	bool scrub_owed; /* a reader stood in the way of the last one */
	/* Keys of links that have ended could not be destroyed. */
	bool keys_owed;
	struct err keys_error;
	int64_t keys_mono_ms; /* the next attempt */
	struct vault_after after[WRITER_BATCH];

	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t wanted;
	struct queue queues[WRITER_PRIORITY_COUNT];
	size_t queued;
	bool stopping;
};

/* --- the queue --------------------------------------------------------- */

static void
queue_push(struct queue *queue, struct task *task)
{
	if (queue->last != NULL)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
}

static struct task *
queue_pop(struct queue *queue)
{
	struct task *task = queue->first;

	if (task == NULL)
		return NULL;
	queue->first = task->next;
	if (queue->first == NULL)
		queue->last = NULL;
	task->next = NULL;
	return task;
}

/* Wait for work; 0 when there will be none any more. */
static size_t
writer_next_batch(struct writer *writer, struct task *batch[WRITER_BATCH])
{
	size_t count = 0;

	(void)pthread_mutex_lock(&writer->lock);
	while (writer->queued == 0 && !writer->stopping)
		(void)pthread_cond_wait(&writer->wanted, &writer->lock);
	for (size_t i = 0; i < WRITER_PRIORITY_COUNT; i++)
		while (count < WRITER_BATCH) {
			struct task *task = queue_pop(&writer->queues[i]);

			if (task == NULL)
				break;
			batch[count++] = task;
		}
	writer->queued -= count;
	(void)pthread_mutex_unlock(&writer->lock);
	return count;
}

static void
writer_answer(struct writer *writer, struct task *const *batch, size_t count)
{
	(void)pthread_mutex_lock(&writer->lock);
	for (size_t i = 0; i < count; i++) {
		batch[i]->finished = true;
		(void)pthread_cond_signal(&batch[i]->done);
	}
	(void)pthread_mutex_unlock(&writer->lock);
}

enum status
writer_run(struct writer *writer, enum writer_priority priority,
	   writer_work work, void *context, struct err *err)
{
	struct task task = {
		.work = work, .context = context, .err = err, .st = ST_LIMIT
	};

	if (pthread_cond_init(&task.done, NULL) != 0)
		return err_set(err, ST_NO_MEMORY, "vault: no condition");
	(void)pthread_mutex_lock(&writer->lock);
	if (writer->queued >= WRITER_MAX_QUEUED || writer->stopping) {
		task.st = err_set(err, ST_LIMIT, "the vault is busy");
	} else {
		queue_push(&writer->queues[priority], &task);
		writer->queued++;
		(void)pthread_cond_signal(&writer->wanted);
		while (!task.finished)
			(void)pthread_cond_wait(&task.done, &writer->lock);
	}
	(void)pthread_mutex_unlock(&writer->lock);
	(void)pthread_cond_destroy(&task.done);
	return task.st;
}

/* --- transactions ------------------------------------------------------ */

static enum status
writer_open(struct writer *writer, struct err *err)
{
	const struct config *config = core_config(writer->core);

	return store_open(config->vault.store, config->general.state_dir,
			  STORE_MODE_WRITE, &writer->store, err);
}

/* The store failed: everything of this batch is void, the file is opened
 * afresh before the next one. */
static void
writer_fail(struct writer *writer, struct task *const *batch, size_t count,
	    const struct err *why)
{
	for (size_t i = 0; i < count; i++)
		batch[i]->st = err_set(batch[i]->err, ST_IO, "%s", why->text);
	/* Requests that come in while it waits must not put it off. */
	if (writer->store != NULL || clock_left_ms(writer->reopen_mono_ms) == 0)
		writer->reopen_mono_ms = clock_mono_ms() + WRITER_REOPEN_MS;
	store_close(&writer->store);
	writer->adopted = false; /* it may have been rolled back */
	core_note_store(writer->core, why);
}

/* The first time that there are keys, before anything is recorded with them:
 * what setup and the locked vault recorded counts as ours. */
static enum status
writer_adopt(struct writer *writer, const struct key_ring *ring,
	     struct err *err)
{
	uint64_t rows = 0;
	enum status st = ST_OK;

	if (writer->adopted || ring == NULL)
		return ST_OK;
	st = audit_adopt(writer->store, ring, &rows, err);
	if (st == ST_FORMAT) {
		/* Changed by somebody: audit verify says it to people, mail
		 * goes on. */
		log_event(LOG_LEVEL_ERROR, "audit_tip_changed", err);
		st = ST_OK;
	}
	writer->adopted = st == ST_OK;
	return st;
}

/* One request: all of it or nothing. Not ST_OK: the store itself failed. */
static enum status
writer_do(struct writer *writer, struct task *task, struct vault_after *after,
	  struct err *err)
{
	struct vault vault = { .config = core_config(writer->core),
			       .store = writer->store,
			       .ring = core_ring(writer->core),
			       .after = after,
			       .memory = &writer->core->memory };
	enum status st = writer_adopt(writer, vault.ring, err);

	vault.now_unix_ms = core_now(writer->core, &vault.clock);

	if (st == ST_OK)
		st = store_mark(writer->store, err);
	if (st != ST_OK)
		return st;
	*after = (struct vault_after){ .blob_count = 0 };
	task->st = task->work(&vault, task->context, task->err);
	if (task->st == ST_OK)
		return store_keep(writer->store, err);
	*after = (struct vault_after){ .blob_count = 0 };
	return store_undo(writer->store, err);
}

/* Keys were destroyed by the commit: now the rows' old pages, the bytes. */
static void
writer_scrub(struct writer *writer, size_t count)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;
	bool needed = writer->scrub_owed;

	for (size_t i = 0; i < count; i++)
		needed |= writer->after[i].scrub ||
			  writer->after[i].blob_count > 0;
	if (needed)
		st = store_scrub(writer->store, &err);
	writer->scrub_owed = st == ST_LIMIT;
	if (st != ST_OK && st != ST_LIMIT)
		log_event(LOG_LEVEL_WARNING, "scrub_failed", &err);
}

static void
writer_delete_blobs(struct writer *writer, size_t count)
{
	const struct config *config = core_config(writer->core);

	writer_scrub(writer, count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < writer->after[i].blob_count; j++) {
			struct err err = { .st = ST_OK };

			if (blob_delete(config->general.state_dir,
					writer->after[i].blobs[j],
					&err) != ST_OK)
				log_event(LOG_LEVEL_WARNING, "blob_not_deleted",
					  &err);
		}
}

static struct vault
writer_vault(struct writer *writer)
{
	struct vault vault = { .config = core_config(writer->core),
			       .store = writer->store };

	vault.now_unix_ms = core_now(writer->core, &vault.clock);
	return vault;
}

/* All of them, when some are owed, were too many, or a week ended. */
static enum status
writer_sweep_keys(struct writer *writer, struct err *err)
{
	const struct vault vault = writer_vault(writer);
	const enum link_own_how how =
		writer->keys_owed ? LINK_OWN_AGAIN : LINK_OWN_ONCE;
	const enum status st = link_own_sweep(&vault, how, err);

	writer->keys_owed = st != ST_OK;
	writer->keys_mono_ms = clock_mono_ms() + WRITER_SWEEP_MS;
	return st;
}

/* Of the cases of one request. The next batch tries again. */
static enum status
writer_end_some(struct writer *writer, const struct vault_after *after,
		struct err *err)
{
	const struct vault vault = writer_vault(writer);
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < after->linked_count; i++)
		st = link_own_end(&vault, after->linked[i], LINK_OWN_ONCE, err);
	if (st != ST_OK) {
		writer->keys_owed = true;
		writer->keys_mono_ms = clock_mono_ms();
	}
	return st;
}

/* That keys are still there is as bad as a store that fails. */
static void
writer_note_keys(struct writer *writer, enum status st, const struct err *err)
{
	if (st == ST_OK)
		return;
	log_event(LOG_LEVEL_ERROR, "link_keys_not_destroyed", err);
	writer->keys_error = *err;
}

/* Own keys of links that the commit ended: before anybody hears of it. */
static void
writer_end_keys(struct writer *writer, size_t count)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;
	bool sweep =
		writer->keys_owed && clock_left_ms(writer->keys_mono_ms) == 0;

	for (size_t i = 0; i < count; i++) {
		sweep |= writer->after[i].sweep_keys;
		if (st == ST_OK && writer->after[i].linked_count > 0)
			st = writer_end_some(writer, &writer->after[i], &err);
	}
	if (st == ST_OK && sweep)
		st = writer_sweep_keys(writer, &err);
	writer_note_keys(writer, st, &err);
}

static void
writer_after(struct writer *writer, size_t count)
{
	bool jobs_changed = false;
	bool cases_changed = false;

	for (size_t i = 0; i < count; i++) {
		jobs_changed |= writer->after[i].jobs_changed;
		cases_changed |= writer->after[i].cases_changed;
	}
	if (jobs_changed)
		core_tell_jobs(writer->core);
	if (cases_changed)
		core_tell_cases(writer->core);
}

static enum status
writer_batch(struct writer *writer, struct task *const *batch, size_t count,
	     struct err *err)
{
	enum status st = ST_OK;

	if (writer->store == NULL) {
		if (clock_left_ms(writer->reopen_mono_ms) > 0)
			return err_set(err, ST_IO,
				       "store: failed a moment ago");
		st = writer_open(writer, err);
	}
	if (st == ST_OK)
		st = store_begin(writer->store, err);
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = writer_do(writer, batch[i], &writer->after[i], err);
	if (st == ST_OK)
		st = store_commit(writer->store, err);
	else if (writer->store != NULL)
		store_rollback(writer->store);
	return st;
}

static void *
writer_thread(void *context)
{
	struct writer *writer = context;

	for (;;) {
		struct task *batch[WRITER_BATCH];
		struct err err = { .st = ST_OK };
		const size_t count = writer_next_batch(writer, batch);

		if (count == 0)
			return NULL;
		if (writer_batch(writer, batch, count, &err) != ST_OK) {
			writer_fail(writer, batch, count, &err);
			writer_answer(writer, batch, count);
			continue;
		}
		writer_end_keys(writer, count);
		core_note_store(writer->core,
				writer->keys_owed ? &writer->keys_error : NULL);
		writer_answer(writer, batch, count);
		/* batch is not ours any more; after is. */
		writer_after(writer, count);
		writer_delete_blobs(writer, count);
	}
}

/* --- start and stop ---------------------------------------------------- */

/* Mail goes on without; it is tried again. */
static void
writer_recover_keys(struct writer *writer)
{
	struct err err = { .st = ST_OK };
	const enum status st = writer_sweep_keys(writer, &err);

	writer_note_keys(writer, st, &err);
}

/* What a crash left: leases of nobody, blobs without a case. */
static enum status
writer_recover(struct writer *writer, struct err *err)
{
	const char *state_dir = core_config(writer->core)->general.state_dir;
	struct log_line line;
	uint64_t removed = 0;
	enum status st = blob_prepare(state_dir, err);

	if (st == ST_OK)
		st = store_begin(writer->store, err);
	if (st != ST_OK)
		return st;
	st = store_job_free_leases(writer->store, err);
	if (st == ST_OK)
		st = store_commit(writer->store, err);
	else
		store_rollback(writer->store);
	/* Keys may have been destroyed just before the crash. */
	if (st == ST_OK)
		st = store_scrub(writer->store, err);
	if (st == ST_OK || st == ST_LIMIT)
		st = blob_sweep(state_dir, writer->store, &removed, err);
	if (st != ST_OK)
		return st;
	writer_recover_keys(writer);
	log_begin(&line, LOG_LEVEL_INFO, "recovered");
	log_number(&line, "strays_removed", (int64_t)removed);
	log_send(&line);
	return ST_OK;
}

static void
writer_free(struct writer **writer)
{
	if (*writer == NULL)
		return;
	store_close(&(*writer)->store);
	(void)pthread_cond_destroy(&(*writer)->wanted);
	(void)pthread_mutex_destroy(&(*writer)->lock);
	free(*writer);
	*writer = NULL;
}

enum status
writer_start(struct core *core, struct writer **writer_out, struct err *err)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	enum status st = ST_OK;

	if (writer == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	writer->core = core;
	if (pthread_mutex_init(&writer->lock, NULL) != 0 ||
	    pthread_cond_init(&writer->wanted, NULL) != 0) {
		free(writer);
		return err_set(err, ST_NO_MEMORY, "vault: no locks");
	}
	st = writer_open(writer, err);
	if (st == ST_OK)
		st = core_start_clock(core, writer->store, err);
	if (st == ST_OK)
		st = writer_recover(writer, err);
	if (st == ST_OK &&
	    pthread_create(&writer->thread, NULL, writer_thread, writer) != 0)
		st = err_set(err, ST_NO_MEMORY, "vault: no thread");
	if (st != ST_OK) {
		writer_free(&writer);
		return st;
	}
	*writer_out = writer;
	return ST_OK;
}

void
writer_stop(struct writer **writer)
{
	if (*writer == NULL)
		return;
	(void)pthread_mutex_lock(&(*writer)->lock);
	(*writer)->stopping = true;
	(void)pthread_cond_broadcast(&(*writer)->wanted);
	(void)pthread_mutex_unlock(&(*writer)->lock);
	(void)pthread_join((*writer)->thread, NULL);
	writer_free(writer);
}
