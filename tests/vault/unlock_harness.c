#include "tests/vault/unlock_harness.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "vault/case/view.h"

static void
build_request(const uint8_t id[CASE_ID_BYTES], const char *password, bool keep,
	      struct vault_unlock *out)
{
	*out = (struct vault_unlock){ .password = password, .keep = keep };
	memcpy(out->case_id, id, CASE_ID_BYTES);
}

enum status
watch_type(struct scene *scene, const char *login,
	   const uint8_t id[CASE_ID_BYTES], const char *password,
	   struct err *err)
{
	struct vault_unlock request;
	struct actor actor;
	enum status st = ST_OK;

	build_request(id, password, false, &request);
	scene_actor(scene, login, &actor);
	/* A job is known by its time. */
	scene->vault.now_unix_ms++;
	scene_begin(scene);
	st = unlock_type(&scene->vault, &actor, &request, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

enum status
watch_steer(struct scene *scene, const char *login,
	    const uint8_t id[CASE_ID_BYTES], enum search_step step,
	    struct err *err)
{
	struct vault_search request = { .step = step };
	struct actor actor;
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	scene->vault.now_unix_ms++;
	scene_begin(scene);
	st = unlock_steer(&scene->vault, &actor, &request, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

bool
watch_take(struct scene *scene, bool idle, enum job_kind kind,
	   struct job_taken *taken)
{
	const struct vault_take_job request = { .lease_s = 60, .idle = idle };
	struct err err = { .st = ST_OK };

	if (!idle)
		return scene_take(scene, kind, taken);
	*taken = (struct job_taken){ .present = false };
	scene_do(scene, ST_OK, job_take(&scene->vault, &request, taken, &err),
		 &err);
	assert_true(!taken->present || taken->row.kind == kind);
	return taken->present;
}

static size_t
watch_count_mails(int fd)
{
	AUTO(sbuf_done) struct sbuf file;
	struct err err = { .st = ST_OK };
	size_t count = 0;

	sbuf_init(&file, 1 << 20);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(fd, &file, &err), &err);
	for (const char *at = sbuf_text(&file);
	     (at = strstr(at, MAIL_TEXT)) != NULL; at++)
		count++;
	return count;
}

struct given
watch_look(struct scene *scene, const struct job_taken *taken)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	struct vault_job job = { .present = false };
	struct given given = { .count = 0 };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     job_compose(&scene->vault, taken, &job, &arena, &fd, &err),
		     &err);
	given.count = job.word_count;
	given.search_from = job.search_from;
	given.search_ms = job.search_ms;
	given.mail_bytes = job.mail_bytes;
	given.mails = watch_count_mails(fd);
	for (size_t i = 0; i < job.word_count; i++)
		given.has_secret |=
			strcmp(job.words[i].text, WATCH_SECRET) == 0;
	return given;
}

void
watch_finish(struct scene *scene, struct job_taken *taken,
	     const struct mail_locks *locks, const char *worked)
{
	const struct report_word word = { worked, true };
	struct sbuf report;
	struct vault_job_done done = { .job_id = taken->row.id,
				       .result = JOB_RESULT_DONE,
				       .reason = "",
				       .words = &word,
				       .word_count = worked != NULL };
	struct err err = { .st = ST_OK };

	sbuf_init(&report, 1 << 20);
	mail_report_locks(locks, &report);
	done.report = sbuf_span(&report);
	memcpy(done.lease, taken->row.lease, sizeof(done.lease));
	scene_do(scene, ST_OK, job_finish(&scene->vault, &done, &err), &err);
	sbuf_done(&report);
	job_taken_done(taken);
}

struct vault_case
watch_show(struct scene *scene, const char *login,
	   const uint8_t id[CASE_ID_BYTES])
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_case shown = { .may_decide = false };
	struct vault_show request = { .case_id = { 0 } };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	check_status(ST_OK,
		     view_case(&scene->vault, &actor, &request, &shown, &arena,
			       &err),
		     &err);
	actor_done(&actor);
	return shown;
}
