#include "vault/server/handle.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/coverage.h"
#include "vault/case/self_test.h"
#include "vault/store/blob.h"

/* --- the audit log ----------------------------------------------------- */

struct audit_load {
	struct wire_arena *arena;
	struct vault_audit_line *lines;
	size_t count;
	size_t limit;
};

static bool
put(struct wire_arena *arena, const char **place, const char *text)
{
	*place = wire_arena_text(arena, span_of(text != NULL ? text : ""));
	return *place != NULL;
}

static enum status
load_line(void *context, const struct audit_line *line, struct err *err)
{
	struct audit_load *load = context;
	struct vault_audit_line *to = &load->lines[load->count];

	if (load->count == load->limit)
		return ST_END;
	to->seq = line->seq;
	to->at_unix_ms = line->event.at_unix_ms;
	/* What people wrote and addresses are on the case's own page. */
	if (!put(load->arena, &to->actor, line->event.actor) ||
	    !put(load->arena, &to->via, line->event.via) ||
	    !put(load->arena, &to->event, line->event.event) ||
	    !put(load->arena, &to->detail, line->event.detail))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	if (line->event.case_id != NULL) {
		uint8_t *id = wire_arena_alloc(load->arena, CASE_ID_BYTES);

		if (id == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		memcpy(id, line->event.case_id, CASE_ID_BYTES);
		to->case_id = (struct span){ id, CASE_ID_BYTES };
	}
	load->count++;
	return ST_OK;
}

static enum status
do_audit_list(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_audit_list *message = request->message;
	const uint32_t limit =
		message->limit > 0 ? message->limit : VAULT_MAX_PAGE;
	const struct store_audit_query query = {
		.from_seq = message->from_seq,
		.newest_first = true,
		.case_id = message->case_id.len_bytes == CASE_ID_BYTES
				   ? message->case_id.ptr
				   : NULL,
		.limit = limit,
	};
	struct store_counts counts = { .audit_rows = 0 };
	struct audit_load load = { .limit = limit };
	enum status st = ST_OK;

	if (message->case_id.len_bytes != 0 && query.case_id == NULL)
		return err_set(err, ST_FORMAT, "not a case id");
	load.arena = request->arena = wire_arena_new();
	if (load.arena != NULL)
		load.lines = wire_arena_alloc(load.arena,
					      limit * sizeof(*load.lines));
	if (load.lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = audit_each(vault->store, vault->ring, &query, load_line, &load,
			err);
	if (st == ST_OK)
		st = store_count(vault->store, &counts, err);
	request->answer.audit_list =
		(struct vault_audit_list_answer){ load.lines, load.count,
						  counts.audit_rows };
	return st;
}

enum status
handle_AUDIT_LIST(struct request *request, struct err *err)
{
	return request_read(request, do_audit_list, err);
}

static enum status
do_audit_verify(struct vault *vault, struct request *request, struct err *err)
{
	struct audit_finding finding = { .intact = false };
	const enum status st =
		audit_verify(vault->store, vault->ring, &finding, err);

	if (st != ST_OK)
		return st;
	(void)snprintf(request->text, sizeof(request->text), "%s",
		       finding.reason);
	request->answer.audit_verify = (struct vault_audit_verify_answer){
		.intact = finding.intact,
		.rows = finding.rows,
		.bad_seq = finding.bad_seq,
		.reason = request->text,
	};
	return ST_OK;
}

enum status
handle_AUDIT_VERIFY(struct request *request, struct err *err)
{
	return request_read(request, do_audit_verify, err);
}

/* Something large left the vault through a descriptor. */
static enum status
do_note(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_deed deed = { .actor = request->actor.user.login,
					 .via = request->actor.via,
					 .event = request->scratch };

	if (request->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "no descriptor to write to");
	return vault_audit(vault, &deed, err);
}

enum status
handle_note_then_write(struct request *request, const char *event,
		       request_work work, struct err *err)
{
	char name[32];
	enum status st = ST_OK;

	(void)snprintf(name, sizeof(name), "%s", event);
	request->scratch = name;
	st = request_write(request, WRITER_PRIORITY_NORMAL, do_note, err);
	request->scratch = NULL;
	return st == ST_OK ? request_read(request, work, err) : st;
}

static enum status
do_audit_export(struct vault *vault, struct request *request, struct err *err)
{
	return audit_export(vault->store, vault->ring, request->fd, err);
}

enum status
handle_AUDIT_EXPORT(struct request *request, struct err *err)
{
	return handle_note_then_write(request, "audit-export", do_audit_export,
				      err);
}

/* --- status ------------------------------------------------------------ */

static enum status
do_status(struct vault *vault, struct request *request, struct err *err)
{
	const struct config *config = vault->config;
	struct vault_status *answer = &request->answer.status;
	struct store_counts counts = { .audit_rows = 0 };
	struct self_test_facts self_test = { .late = false };
	struct key_ring_facts facts = { .epoch = 0 };
	enum status st = store_count(vault->store, &counts, err);

	if (st == ST_OK)
		st = self_test_find(vault, &self_test, err);
	if (st == ST_OK)
		st = blob_free_bytes(config->general.state_dir,
				     &answer->free_bytes, err);
	if (st != ST_OK)
		return st;
	/* Without a key ring there are no facts about one. */
	if (key_ring_facts(config->vault.key, config->general.state_dir,
			   vault->store, &facts, err) == ST_OK) {
		answer->key_epoch = facts.epoch;
		answer->escrowed = facts.escrowed;
		answer->key_on_store_device = facts.key_on_store_device;
	}
	answer->locked = vault->ring == NULL;
	answer->schema_version = store_schema_version(vault->store);
	answer->cases_open = counts.cases_open;
	answer->cases_total = counts.cases_total;
	answer->cases_unconfirmed = counts.cases_unconfirmed;
	answer->jobs_waiting = counts.jobs_waiting;
	answer->jobs_failing = counts.jobs_failing;
	answer->oldest_open_unix_ms =
		counts.oldest_open_unix_ms > 0
			? (uint64_t)counts.oldest_open_unix_ms
			: 0;
	answer->store_bytes = counts.store_bytes;
	answer->audit_rows = counts.audit_rows;
	answer->pairs = counts.pairs;
	answer->self_test_sent_unix_ms = self_test.sent_unix_ms;
	answer->self_test_held_unix_ms = self_test.held_unix_ms;
	answer->self_test_late = self_test.late;
	answer->clock_off_ms = vault->clock.off_ms;
	return ST_OK;
}

enum status
handle_STATUS(struct request *request, struct err *err)
{
	struct core *core = request->service->core;
	struct vault_status *answer = &request->answer.status;
	const enum status st = request_read(request, do_status, err);

	(void)pthread_mutex_lock(&core->lock);
	/* Also, and above all, when the store cannot be read. */
	(void)snprintf(request->text, sizeof(request->text), "%s",
		       st == ST_OK ? core->store_error : err->text);
	answer->pairs_lost = core->pairs_lost;
	answer->holds_failed = core->holds_failed;
	answer->locked = core->ring == NULL;
	(void)snprintf(request->words, sizeof(request->words), "%s",
		       core->lock_reason);
	(void)pthread_mutex_unlock(&core->lock);
	answer->store_error = request->text;
	answer->lock_reason = request->words;
	return ST_OK;
}

/* --- who decides ------------------------------------------------------- */

static enum status
do_groups(struct vault *vault, struct request *request, struct err *err)
{
	return coverage_read(vault, request->arena, &request->answer.groups,
			     err);
}

enum status
handle_GROUPS(struct request *request, struct err *err)
{
	request->arena = wire_arena_new();
	if (request->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return request_read(request, do_groups, err);
}
