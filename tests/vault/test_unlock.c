/* Tests of vault/case/unlock.h and passwords.h. */
#include "vault/case/unlock.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/passwords.h"
#include "vault/case/view.h"

#define SECRET "tsukimi-4711"

static const struct mail locked_mail = { .locks = { .closed = 1 } };

static void
build_request(const uint8_t id[CASE_ID_BYTES], const char *password, bool keep,
	      struct vault_unlock *out)
{
	*out = (struct vault_unlock){ .password = password, .keep = keep };
	memcpy(out->case_id, id, CASE_ID_BYTES);
}

static enum status
type(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
     const char *password, struct err *err)
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

static enum status
steer(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
      enum search_step step, struct err *err)
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

/* The next job of that kind, a search or another. */
static bool
take(struct scene *scene, bool idle, enum job_kind kind,
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

struct given {
	size_t count;
	bool has_secret;
	uint64_t search_from;
	uint32_t search_ms;
};

static struct given
look(struct scene *scene, const struct job_taken *taken)
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
	for (size_t i = 0; i < job.word_count; i++)
		given.has_secret |= strcmp(job.words[i].text, SECRET) == 0;
	return given;
}

/* Hand in what the scan saw, and the word that worked (NULL: none). */
static void
finish(struct scene *scene, struct job_taken *taken,
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

static struct vault_case
show(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES])
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
	return shown; /* texts are gone; numbers are what is looked at */
}

/* Is text in some file of the store? */
static bool
is_stored(const struct scene *scene, const char *text)
{
	static const char *const files[] = { "store.db", "store.db-wal" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[200];
		struct sbuf file;
		struct err err = { .st = ST_OK };

		(void)snprintf(path, sizeof(path), "%s/%s", scene->fixture->dir,
			       files[i]);
		sbuf_init(&file, 1 << 26);
		if (fd_slurp_file(path, &file, &err) == ST_OK)
			found |= memmem(file.bytes, file.len_bytes, text,
					strlen(text)) != NULL;
		sbuf_done(&file);
	}
	return found;
}

static const struct mail_locks still_closed = { .closed = 1 };
static const struct mail_locks opened_clean = {
	.opened = 1, .source = REPORT_WORD_SOURCE_SENDER
};
static const struct mail_locks opened_found = {
	.opened = 1, .source = REPORT_WORD_SOURCE_SENDER, .found = true
};

/* --- words that people type -------------------------------------------- */

static void
a_typed_password_goes_to_one_job_and_into_no_row(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(show(scene, "alice", id).may_unlock);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	assert_int_equal(show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_TRYING);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_true(look(scene, &taken).has_secret);
	finish(scene, &taken, &still_closed, NULL);
	assert_int_equal(show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_CLOSED);
	assert_int_equal(scene_audit_count(scene, "unlock-typed", id), 1);
	assert_int_equal(scene_audit_count(scene, "unlock-failed", id), 1);
	/* Wiped: the next job does not get it. */
	check_status(ST_OK, type(scene, "bob", id, "another", &err), &err);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(look(scene, &taken).count, 1);
	assert_false(look(scene, &taken).has_secret);
	finish(scene, &taken, &still_closed, NULL);
	assert_true(is_stored(scene, "alice@example.co.jp"));
	assert_false(is_stored(scene, SECRET));
}

static void
a_password_lost_in_a_restart_is_asked_for_again(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	passwords_forget(scene->memory.passwords, id);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(look(scene, &taken).count, 0);
	finish(scene, &taken, &still_closed, NULL);
	assert_int_equal(show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_LOST);
}

static void
only_sender_and_approvers_type_and_not_too_often(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	uint8_t plain[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_NOT_FOUND, type(scene, "dave", id, SECRET, &err), &err);
	check_status(ST_DENIED, type(scene, "root", id, SECRET, &err), &err);
	assert_false(show(scene, "root", id).may_unlock);
	check_status(ST_FORMAT, type(scene, "alice", id, "", &err), &err);
	for (int i = 0; i < UNLOCK_TRIES_MAX; i++) {
		char text[] = "pass-a";

		text[5] = (char)('a' + i);
		check_status(ST_OK, type(scene, "alice", id, text, &err), &err);
	}
	check_status(ST_LIMIT, type(scene, "bob", id, "x", &err), &err);
	scene->vault.now_unix_ms += UNLOCK_TRIES_MS;
	check_status(ST_OK, type(scene, "bob", id, "x", &err), &err);
	/* Nothing to be opened. */
	scene_hold(scene, &(struct mail){ .content = 1 }, plain);
	assert_false(show(scene, "alice", plain).may_unlock);
	check_status(ST_END, type(scene, "alice", plain, SECRET, &err), &err);
}

static void
what_fits_is_kept_for_later_scans_until_the_case_is_decided(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(take(scene, false, JOB_KIND_PREVIEW, &taken));
	job_taken_done(&taken);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	(void)look(scene, &taken);
	finish(scene, &taken, &opened_found, SECRET);
	/* A number was in it: it waits, with a new preview that shows it. */
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_OPENED);
	assert_int_equal(show(scene, "bob", id).line.verdict,
			 REPORT_VERDICT_FOUND);
	assert_true(take(scene, false, JOB_KIND_PREVIEW, &taken));
	assert_true(look(scene, &taken).has_secret);
	job_taken_done(&taken);
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_RETURN, "no",
				  &err),
		     &err);
	assert_true(passwords_may_keep(scene->memory.passwords, id, SECRET));
}

/* Between these correspondents; without consent it was for this mail. */
static void
a_password_is_kept_for_other_mails_only_with_consent(void **state)
{
	struct scene *scene = *state;
	struct passwords *passwords = scene->memory.passwords;
	const struct vault_word word = { SECRET, REPORT_WORD_SOURCE_SENDER };
	const uint8_t id[CASE_ID_BYTES] = { 1 };
	struct err err = { .st = ST_OK };

	assert_true(passwords_may_keep(passwords, id, SECRET));
	check_status(ST_OK,
		     passwords_add(passwords, id, &word, PASSWORD_CONSENT_ONCE,
				   &err),
		     &err);
	assert_false(passwords_may_keep(passwords, id, SECRET));
	check_status(ST_OK,
		     passwords_add(passwords, id, &word, PASSWORD_CONSENT_KEEP,
				   &err),
		     &err);
	assert_true(passwords_may_keep(passwords, id, SECRET));
}

/* --- opened, and what the policy says ---------------------------------- */

/* Rules of a file in force; everything else is held. The configuration must
 * outlive their use. */
static struct config *
load_rules(struct scene *scene, const char *rules)
{
	struct config *config = NULL;
	char path[256];
	char text[2048];
	struct err err = { .st = ST_OK };

	(void)snprintf(path, sizeof(path), "%s/rules.conf",
		       scene->fixture->dir);
	(void)snprintf(text, sizeof(text),
		       "general { local_domains = { example.co.jp } "
		       "postmaster = \"p@example.co.jp\" }\n"
		       "courier { notice_sender = \"s@example.co.jp\" }\n"
		       "desk { url = \"https://a.example.co.jp\" }\n"
		       "policy { %s rule last { action = hold "
		       "approvers = hr } }\n",
		       rules);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	scene->config.policy = config->policy;
	return config;
}

static void
a_clean_mail_passes_by_the_policy_in_force(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	config = load_rules(scene, "rule clean { verdict = { clean } "
				   "action = deliver }");

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	(void)look(scene, &taken);
	finish(scene, &taken, &opened_clean, SECRET);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "unlocked", id), 1);
	assert_int_equal(scene_audit_count(scene, "pass", id), 1);
	assert_int_equal(scene_audit_count(scene, "approve", id), 0);
	assert_true(take(scene, false, JOB_KIND_RELEASE, &taken));
	job_taken_done(&taken);
}

static void
what_is_not_surely_clean_for_everybody_stays_held(void **state)
{
	static const struct {
		const char *rules;
		struct mail_locks first;
		struct mail_locks then;
		const char *others; /* a retry from somebody else */
	} cases[] = {
		{ "rule a { verdict = { clean } action = deliver }",
		  { .closed = 2 },
		  { .opened = 1,
		    .closed = 1,
		    .source = REPORT_WORD_SOURCE_BODY },
		  NULL },
		{ "rule a { verdict = { clean } action = deliver }",
		  { .closed = 1 },
		  { .opened = 1,
		    .source = REPORT_WORD_SOURCE_BODY,
		    .found = true },
		  NULL },
		{ "rule a { recipient_domain = { \"example.com\" } "
		  "action = hold approvers = \"hr\" }",
		  { .closed = 1 },
		  { .opened = 1, .source = REPORT_WORD_SOURCE_BODY },
		  NULL },
		{ "rule a { verdict = { clean } action = tag "
		  "tag = \"opened\" }",
		  { .closed = 1 },
		  { .opened = 1, .source = REPORT_WORD_SOURCE_BODY },
		  NULL },
		/* Header fields are not known any more. */
		{ "rule a { header = { \"X-List: no\" } action = hold "
		  "approvers = \"hr\" } "
		  "rule b { verdict = { clean } action = deliver }",
		  { .closed = 1 },
		  { .opened = 1, .source = REPORT_WORD_SOURCE_BODY },
		  NULL },
		{ "rule a { verdict = { clean } action = deliver }",
		  { .closed = 1 },
		  { .opened = 1, .source = REPORT_WORD_SOURCE_BODY },
		  "mallory@example.co.jp" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail mail = { .locks = cases[i].first,
				     .content = (uint8_t)(i + 1) };
		struct job_taken taken;
		struct err err = { .st = ST_OK };
		uint8_t id[CASE_ID_BYTES];

		AUTO(config_free)
		struct config *config = load_rules(scene, cases[i].rules);

		scene_hold(scene, &mail, id);
		mail.sender = cases[i].others;
		if (mail.sender != NULL)
			scene_hold(scene, &mail, id);
		check_status(ST_OK, type(scene, "alice", id, SECRET, &err),
			     &err);
		assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
		(void)look(scene, &taken);
		finish(scene, &taken, &cases[i].then, NULL);
		assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
		assert_int_equal(scene_audit_count(scene, "unlocked", id), 1);
		assert_int_equal(scene_audit_count(scene, "pass", id), 0);
	}
}

static void
a_scan_without_the_words_does_not_lock_it_again(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	const struct mail two = { .locks = { .closed = 2 } };
	const struct mail_locks half = { .opened = 1,
					 .closed = 1,
					 .source = REPORT_WORD_SOURCE_SENDER };

	scene_hold(scene, &two, id);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	finish(scene, &taken, &half, SECRET);
	check_status(ST_OK, type(scene, "alice", id, "wrong", &err), &err);
	assert_true(take(scene, false, JOB_KIND_UNLOCK, &taken));
	finish(scene, &taken, &two.locks, NULL);
	assert_int_equal(show(scene, "bob", id).line.locks.opened, 1);
	assert_int_equal(show(scene, "bob", id).line.locks.locked, 1);
}

/* --- the search -------------------------------------------------------- */

static struct mail_locks
slice(uint64_t tried, bool finished)
{
	return (struct mail_locks){
		.closed = 1,
		.search = { .tried = tried,
			    .total = 1000000,
			    .rate_per_s = 5000,
			    .finished = finished },
	};
}

static void
a_search_goes_slice_by_slice_until_its_time_is_over(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];

	scene->config.vault.unlock_search_s = 25;
	scene_hold(scene, &locked_mail, id);
	for (uint64_t i = 0; i < 3; i++) {
		const struct mail_locks now = slice((i + 1) * 50000, false);
		struct given given;

		assert_true(take(scene, true, JOB_KIND_SEARCH, &taken));
		given = look(scene, &taken);
		assert_int_equal(given.search_from, i * 50000);
		assert_int_equal(given.search_ms, i < 2 ? 10000 : 5000);
		/* The same job: its place is kept. */
		finish(scene, &taken, &now, NULL);
		assert_int_equal(show(scene, "bob", id).line.locks.tried,
				 (i + 1) * 50000);
	}
	assert_int_equal(show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_ENDED);
	assert_false(take(scene, true, JOB_KIND_SEARCH, &taken));
	assert_int_equal(scene_audit_count(scene, "job-search", id), 1);
	assert_int_equal(scene_audit_count(scene, "search-ended", id), 1);
	/* No report of a slice was a new one to decide about. */
	assert_int_equal(scene_audit_count(scene, "rescanned", id), 0);
}

static void
a_search_that_finds_keeps_no_place(void **state)
{
	const struct mail_locks found = {
		.opened = 1,
		.source = REPORT_WORD_SOURCE_SEARCH,
		.search = { .tried = 123456, .total = 1000000 },
	};
	const struct mail_locks before = slice(50000, false);
	struct scene *scene = *state;
	struct job_taken taken;
	struct vault_case shown;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(take(scene, true, JOB_KIND_SEARCH, &taken));
	finish(scene, &taken, &before, NULL);
	assert_true(take(scene, true, JOB_KIND_SEARCH, &taken));
	finish(scene, &taken, &found, SECRET);
	shown = show(scene, "bob", id);
	assert_int_equal(shown.line.locks.source, REPORT_WORD_SOURCE_SEARCH);
	assert_int_equal(shown.line.locks.search, SEARCH_STATE_ENDED);
	assert_int_equal(shown.line.locks.tried, 0);
	assert_int_equal(shown.line.locks.total, 0);
	assert_false(take(scene, true, JOB_KIND_SEARCH, &taken));
}

static void
approvers_and_admins_pause_a_search_and_nobody_else(void **state)
{
	const struct mail_locks first = slice(50000, false);
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_DENIED,
		     steer(scene, "alice", id, SEARCH_STEP_PAUSE, &err), &err);
	check_status(ST_NOT_FOUND,
		     steer(scene, "dave", id, SEARCH_STEP_PAUSE, &err), &err);
	assert_false(show(scene, "alice", id).may_search);
	assert_true(show(scene, "bob", id).may_search);
	/* While a slice is on its way: it counts, and is the last one. */
	assert_true(take(scene, true, JOB_KIND_SEARCH, &taken));
	check_status(ST_OK, steer(scene, "bob", id, SEARCH_STEP_PAUSE, &err),
		     &err);
	finish(scene, &taken, &first, NULL);
	assert_int_equal(show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_PAUSED);
	assert_false(take(scene, true, JOB_KIND_SEARCH, &taken));
	check_status(ST_OK, steer(scene, "root", id, SEARCH_STEP_RESUME, &err),
		     &err);
	assert_true(take(scene, true, JOB_KIND_SEARCH, &taken));
	assert_int_equal(look(scene, &taken).search_from, 50000);
	job_taken_done(&taken);
}

static void
nothing_is_searched_when_the_settings_say_so(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];

	scene->config.vault.unlock_search_s = 0;
	scene_hold(scene, &locked_mail, id);
	assert_int_equal(show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_NONE);
	assert_false(take(scene, true, JOB_KIND_SEARCH, &taken));
}

static void
words_come_before_previews_and_a_search_stops_nothing(void **state)
{
	const struct vault_take_job request = { .lease_s = 60 };
	const struct vault_take_job quick = { .lease_s = 60, .quick = true };
	AUTO(store_job_done) struct store_job row = { .memory = NULL };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, type(scene, "alice", id, SECRET, &err), &err);
	for (;;) {
		taken = (struct job_taken){ .present = false };
		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &quick, &taken, &err), &err);
		if (!taken.present)
			break;
		assert_int_equal(taken.row.kind, JOB_KIND_NOTICE);
		job_taken_done(&taken);
	}
	check_status(ST_OK, job_find_next(&scene->vault, &request, &row, &err),
		     &err);
	assert_int_equal(row.kind, JOB_KIND_UNLOCK);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_typed_password_goes_to_one_job_and_into_no_row),
		test(a_password_lost_in_a_restart_is_asked_for_again),
		test(only_sender_and_approvers_type_and_not_too_often),
		test(what_fits_is_kept_for_later_scans_until_the_case_is_decided),
		test(a_password_is_kept_for_other_mails_only_with_consent),
		test(a_clean_mail_passes_by_the_policy_in_force),
		test(what_is_not_surely_clean_for_everybody_stays_held),
		test(a_scan_without_the_words_does_not_lock_it_again),
		test(a_search_goes_slice_by_slice_until_its_time_is_over),
		test(a_search_that_finds_keeps_no_place),
		test(approvers_and_admins_pause_a_search_and_nobody_else),
		test(nothing_is_searched_when_the_settings_say_so),
		test(words_come_before_previews_and_a_search_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
