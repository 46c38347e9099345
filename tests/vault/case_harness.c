#include "tests/vault/case_harness.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/link_own.h"

static const int64_t year_ms = 365LL * 86400 * 1000;

static void
add_person(struct scene *scene, const struct vault_user *user)
{
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 account_create_first(&scene->vault, user, "", &err), &err);
}

static void
add_people(struct scene *scene)
{
	static const struct vault_user people[] = {
		{ .login = "alice",
		  .name = "Alice",
		  .roles = VAULT_ROLE_SENDER,
		  .addresses = "alice@example.co.jp" },
		{ .login = "bob",
		  .name = "Bob",
		  .roles = VAULT_ROLE_SENDER | VAULT_ROLE_APPROVER,
		  .addresses = "bob@example.co.jp",
		  .groups = "hr" },
		{ .login = "carol",
		  .name = "Carol",
		  .roles = VAULT_ROLE_APPROVER,
		  .addresses = "carol@example.co.jp",
		  .groups = "hr" },
		{ .login = "dave",
		  .name = "Dave",
		  .roles = VAULT_ROLE_APPROVER,
		  .addresses = "dave@example.co.jp",
		  .groups = "legal" },
		{ .login = "root",
		  .name = "Root",
		  .roles = VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR,
		  .addresses = "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct vault_user user = people[i];

		user.language = "en";
		user.uid = -1;
		if (user.groups == NULL)
			user.groups = "";
		add_person(scene, &user);
	}
}

int
scene_setup(void **state)
{
	static const char *const aliases[] = { "example.net=example.co.jp" };
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { .st = ST_OK };

	assert_non_null(scene);
	(void)fixture_keyed(state);
	scene->fixture = *state;
	check_status(ST_OK,
		     key_ring_open(key_source(scene->fixture),
				   scene->fixture->store, &scene->ring, &err),
		     &err);
	check_status(ST_OK, config_defaults(&scene->defaults, &err), &err);
	scene->config = *scene->defaults;
	scene->config.general.state_dir = scene->fixture->dir;
	scene->config.general.postmaster = "postmaster@example.co.jp";
	scene->config.general.language = "en";
	scene->config.general.domain_aliases =
		(struct config_list){ aliases, ARRAY_LEN(aliases) };
	scene->config.policy = NULL;
	scene->config.vault.min_free_bytes = 0;
	check_status(ST_OK, vault_memory_init(&scene->memory, &err), &err);
	check_status(ST_OK, blob_prepare(scene->fixture->dir, &err), &err);
	scene->vault = (struct vault){ .config = &scene->config,
				       .store = scene->fixture->store,
				       .ring = scene->ring,
				       .now_unix_ms = clock_unix_ms() - year_ms,
				       .after = &scene->after,
				       .memory = &scene->memory };
	add_people(scene);
	scene->vault.now_unix_ms += year_ms;
	*state = scene;
	return 0;
}

int
scene_teardown(void **state)
{
	struct scene *scene = *state;

	vault_memory_done(&scene->memory);
	key_ring_free(&scene->ring);
	config_free(&scene->defaults);
	*state = scene->fixture;
	free(scene);
	return fixture_teardown(state);
}

void
scene_begin(struct scene *scene)
{
	struct err err = { .st = ST_OK };

	scene->after = (struct vault_after){ .blob_count = 0 };
	check_status(ST_OK, store_begin(scene->vault.store, &err), &err);
}

void
scene_commit(struct scene *scene)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_commit(scene->vault.store, &err), &err);
	for (size_t i = 0; i < scene->after.blob_count; i++)
		check_status(ST_OK,
			     blob_delete(scene->fixture->dir,
					 scene->after.blobs[i], &err),
			     &err);
	for (size_t i = 0; i < scene->after.linked_count; i++)
		check_status(ST_OK,
			     link_own_end(&scene->vault, scene->after.linked[i],
					  LINK_OWN_ONCE, &err),
			     &err);
}

/* --- holds ------------------------------------------------------------- */

enum status
scene_try_hold(struct scene *scene, const struct mail *mail,
	       struct vault_hold_answer *answer, struct err *err)
{
	uint8_t blob_key[SEAL_WRAPPED_BYTES];
	uint8_t detail_key[SEAL_WRAPPED_BYTES];
	struct sbuf detail;
	struct blob blob = { .size_bytes = 0 };
	struct vault_hold hold = {
		.unconfirmed = mail->unconfirmed,
		.key_epoch = key_ring_public(scene->ring)->epoch,
		.blob_key = { blob_key, sizeof(blob_key) },
		.detail_key = { detail_key, sizeof(detail_key) },
	};
	enum status st = ST_OK;

	const struct seal_public *to = key_ring_public(scene->ring);
	AUTO(fd_close) int fd = mail_seal(to, blob_key, &hold.sealed_bytes);

	if (mail->self_test != NULL)
		hold.self_test = span_of(mail->self_test);
	if (mail->companion_of != NULL)
		hold.companion_of =
			(struct span){ mail->companion_of, CASE_ID_BYTES };
	memset(hold.content_digest, mail->content, sizeof(hold.content_digest));
	sbuf_init(&detail, 1 << 20);
	mail_seal_detail(to, mail, scene->vault.now_unix_ms, &detail,
			 detail_key);
	hold.detail = sbuf_span(&detail);
	st = intake_blob(&scene->vault, &hold, fd, &blob, err);
	if (st == ST_OK) {
		scene_begin(scene);
		st = intake_hold(&scene->vault, &hold, &blob, answer, err);
		if (st == ST_OK)
			scene_commit(scene);
		else
			store_rollback(scene->vault.store);
	}
	sbuf_done(&detail);
	return st;
}

void
scene_hold(struct scene *scene, const struct mail *mail,
	   uint8_t id_out[CASE_ID_BYTES])
{
	struct vault_hold_answer answer = { .joined = false };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_try_hold(scene, mail, &answer, &err), &err);
	memcpy(id_out, answer.case_id, CASE_ID_BYTES);
}

/* --- people ------------------------------------------------------------ */

void
scene_actor(struct scene *scene, const char *login, struct actor *out)
{
	struct err err = { .st = ST_OK };

	*out = (struct actor){ .via = "desk", .stage = SESSION_STAGE_FULL };
	check_status(ST_OK,
		     store_user_find_login(scene->vault.store, login,
					   &out->user, &err),
		     &err);
}

enum status
scene_decide(struct scene *scene, const char *login,
	     const uint8_t id[CASE_ID_BYTES], enum case_decision decision,
	     const char *comment, struct err *err)
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct vault_decide request = { .decision = decision,
					.purpose = "",
					.comment =
						comment != NULL ? comment : "",
					.client_address = "192.0.2.9" };
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	struct actor actor;
	enum status st = store_case_find(scene->vault.store, id, &row, err);

	if (st != ST_OK)
		return st;
	memcpy(request.case_id, id, CASE_ID_BYTES);
	memcpy(request.version, row.version, sizeof(request.version));
	scene_actor(scene, login, &actor);
	scene_begin(scene);
	st = decide(&scene->vault, &actor, &request, &answer, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

enum case_state
scene_state(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	return row.state;
}

static enum status
count_recipient(void *context, const struct store_recipient *row,
		struct err *err)
{
	size_t *count = context;

	(void)row;
	(void)err;
	(*count)++;
	return ST_OK;
}

size_t
scene_count(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
	    enum case_outcome outcome)
{
	size_t count = 0;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_recipient_each(scene->vault.store, id, outcome,
					  count_recipient, &count, &err),
		     &err);
	return count;
}

enum status
scene_change(struct scene *scene, const char *by,
	     const struct vault_user_change *change, struct err *err)
{
	struct actor actor;
	enum status st = ST_OK;

	scene_actor(scene, by, &actor);
	scene_begin(scene);
	st = account_change(&scene->vault, &actor, change,
			    change->password != NULL ? change->password : "",
			    err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

/* --- jobs -------------------------------------------------------------- */

static void
finish_quietly(struct scene *scene, const struct job_taken *taken)
{
	struct vault_delivery delivery = { "", 250, "", "ok" };
	struct vault_job_done done = { .job_id = taken->row.id,
				       .result = JOB_RESULT_DONE,
				       .deliveries = &delivery,
				       .delivery_count = 1,
				       .reason = "" };
	struct err err = { .st = ST_OK };

	memcpy(done.lease, taken->row.lease, sizeof(done.lease));
	scene_do(scene, ST_OK, job_finish(&scene->vault, &done, &err), &err);
}

bool
scene_take(struct scene *scene, enum job_kind kind, struct job_taken *taken)
{
	const struct vault_take_job request = { .lease_s = 60 };
	struct err err = { .st = ST_OK };

	for (;;) {
		*taken = (struct job_taken){ .present = false };
		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, taken, &err), &err);
		if (!taken->present || taken->row.kind == kind)
			return taken->present;
		finish_quietly(scene, taken);
		job_taken_done(taken);
	}
}

enum status
scene_finish(struct scene *scene, const struct job_taken *taken,
	     const struct reply *replies, size_t count, struct err *err)
{
	struct vault_delivery deliveries[8];
	struct vault_job_done done = { .job_id = taken->row.id,
				       .result = JOB_RESULT_DONE,
				       .deliveries = deliveries,
				       .delivery_count = count,
				       .reason = "" };
	enum status st = ST_OK;

	assert_true(count <= ARRAY_LEN(deliveries));
	for (size_t i = 0; i < count; i++)
		deliveries[i] = (struct vault_delivery){ replies[i].recipient,
							 replies[i].code, "",
							 "said so" };
	memcpy(done.lease, taken->row.lease, sizeof(done.lease));
	scene_begin(scene);
	st = job_finish(&scene->vault, &done, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	return st;
}

/* --- the audit log ----------------------------------------------------- */

struct audit_count {
	const char *event;
	size_t count;
};

static enum status
count_event(void *context, const struct audit_line *line, struct err *err)
{
	struct audit_count *search = context;

	(void)err;
	if (strcmp(line->event.event, search->event) == 0)
		search->count++;
	return ST_OK;
}

size_t
scene_audit_count(struct scene *scene, const char *event, const uint8_t *id)
{
	const struct store_audit_query query = { .from_seq = 1,
						 .case_id = id,
						 .limit = 100000 };
	struct audit_count search = { event, 0 };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     audit_each(scene->vault.store, scene->ring, &query,
				count_event, &search, &err),
		     &err);
	return search.count;
}
