/* Tests of vault/case/unlock.h and passwords.h: words that people type. */
#include "tests/vault/unlock_harness.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/passwords.h"
#include "vault/case/rescan.h"
#include "vault/case/stats.h"

static const struct mail locked_mail = { .locks = { .closed = 1 } };

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

static const struct mail_locks opened_in_part = { .closed = 1, .partly = true };

/* --- words that people type -------------------------------------------- */

static void
a_typed_password_goes_to_one_job_and_into_no_row(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(watch_show(scene, "alice", id).may_unlock);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	assert_int_equal(watch_show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_TRYING);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_true(watch_look(scene, &taken).has_secret);
	watch_finish(scene, &taken, &still_closed, NULL);
	assert_int_equal(watch_show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_CLOSED);
	assert_int_equal(scene_audit_count(scene, "unlock-typed", id), 1);
	assert_int_equal(scene_audit_count(scene, "unlock-failed", id), 1);
	/* Wiped: the next job does not get it. */
	check_status(ST_OK, watch_type(scene, "bob", id, "another", &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(watch_look(scene, &taken).count, 1);
	assert_false(watch_look(scene, &taken).has_secret);
	watch_finish(scene, &taken, &still_closed, NULL);
	assert_true(is_stored(scene, "alice@example.co.jp"));
	assert_false(is_stored(scene, WATCH_SECRET));
}

static void
a_password_lost_in_a_restart_is_asked_for_again(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	passwords_forget(scene->memory.passwords, id);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(watch_look(scene, &taken).count, 0);
	watch_finish(scene, &taken, &still_closed, NULL);
	assert_int_equal(watch_show(scene, "alice", id).line.locks.state,
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
	check_status(ST_NOT_FOUND,
		     watch_type(scene, "dave", id, WATCH_SECRET, &err), &err);
	check_status(ST_DENIED,
		     watch_type(scene, "root", id, WATCH_SECRET, &err), &err);
	assert_false(watch_show(scene, "root", id).may_unlock);
	check_status(ST_FORMAT, watch_type(scene, "alice", id, "", &err), &err);
	for (int i = 0; i < UNLOCK_TRIES_MAX; i++) {
		char text[] = "pass-a";

		text[5] = (char)('a' + i);
		check_status(ST_OK, watch_type(scene, "alice", id, text, &err),
			     &err);
	}
	check_status(ST_LIMIT, watch_type(scene, "bob", id, "x", &err), &err);
	scene->vault.now_unix_ms += UNLOCK_TRIES_MS;
	check_status(ST_OK, watch_type(scene, "bob", id, "x", &err), &err);
	/* Nothing to be opened. */
	scene_hold(scene, &(struct mail){ .content = 1 }, plain);
	assert_false(watch_show(scene, "alice", plain).may_unlock);
	check_status(ST_END,
		     watch_type(scene, "alice", plain, WATCH_SECRET, &err),
		     &err);
}

static void
what_fits_is_kept_for_later_scans_until_the_case_is_decided(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(watch_take(scene, false, JOB_KIND_PREVIEW, &taken));
	job_taken_done(&taken);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	(void)watch_look(scene, &taken);
	watch_finish(scene, &taken, &opened_found, WATCH_SECRET);
	/* A number was in it: it waits, with a new preview that shows it. */
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_OPENED);
	assert_int_equal(watch_show(scene, "bob", id).line.verdict,
			 REPORT_VERDICT_FOUND);
	assert_true(watch_take(scene, false, JOB_KIND_PREVIEW, &taken));
	assert_true(watch_look(scene, &taken).has_secret);
	job_taken_done(&taken);
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_RETURN, "no",
				  &err),
		     &err);
	assert_true(
		passwords_may_keep(scene->memory.passwords, id, WATCH_SECRET));
}

/* Between these correspondents; without consent it was for this mail. */
static void
a_password_is_kept_for_other_mails_only_with_consent(void **state)
{
	struct scene *scene = *state;
	struct passwords *passwords = scene->memory.passwords;
	const struct vault_word word = { WATCH_SECRET,
					 REPORT_WORD_SOURCE_SENDER };
	const uint8_t id[CASE_ID_BYTES] = { 1 };
	struct err err = { .st = ST_OK };

	assert_true(passwords_may_keep(passwords, id, WATCH_SECRET));
	check_status(ST_OK,
		     passwords_add(passwords, id, &word, PASSWORD_CONSENT_ONCE,
				   &err),
		     &err);
	assert_false(passwords_may_keep(passwords, id, WATCH_SECRET));
	check_status(ST_OK,
		     passwords_add(passwords, id, &word, PASSWORD_CONSENT_KEEP,
				   &err),
		     &err);
	assert_true(passwords_may_keep(passwords, id, WATCH_SECRET));
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

/* In the statistics of today. */
static uint64_t
count_passed(struct scene *scene)
{
	const uint32_t today = stats_day(scene->vault.now_unix_ms);
	const struct vault_stats request = { .from_day = today,
					     .to_day = today };
	struct vault_stats_answer answer = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     stats_read(&scene->vault, &request, &answer, &arena, &err),
		     &err);
	assert_int_equal(answer.line_count, 1);
	assert_int_equal(answer.lines[0].approved, 0);
	return answer.lines[0].passed;
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
	assert_non_null(config);
	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	(void)watch_look(scene, &taken);
	watch_finish(scene, &taken, &opened_clean, WATCH_SECRET);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "unlocked", id), 1);
	assert_int_equal(scene_audit_count(scene, "pass", id), 1);
	assert_int_equal(scene_audit_count(scene, "approve", id), 0);
	assert_int_equal(count_passed(scene), 1);
	assert_true(watch_take(scene, false, JOB_KIND_RELEASE, &taken));
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

		assert_non_null(config->policy);

		scene_hold(scene, &mail, id);
		mail.sender = cases[i].others;
		if (mail.sender != NULL)
			scene_hold(scene, &mail, id);
		check_status(ST_OK,
			     watch_type(scene, "alice", id, WATCH_SECRET, &err),
			     &err);
		assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
		(void)watch_look(scene, &taken);
		watch_finish(scene, &taken, &cases[i].then, NULL);
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
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	watch_finish(scene, &taken, &half, WATCH_SECRET);
	check_status(ST_OK, watch_type(scene, "alice", id, "wrong", &err),
		     &err);
	/* Given words alone did not open it again, so all are tried. */
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_true(watch_look(scene, &taken).search_from ==
		    REPORT_SEARCH_OVER);
	watch_finish(scene, &taken, &two.locks, NULL);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_TRYING);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(watch_look(scene, &taken).search_from, 0);
	assert_int_equal(watch_look(scene, &taken).count, 2);
	watch_finish(scene, &taken, &two.locks, NULL);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_CLOSED);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.opened, 1);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.locked, 1);
}

/* No search, and no words but those: an answer comes at once. */
static void
a_typed_password_is_tried_alone(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct given given;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	uint8_t other[CASE_ID_BYTES];
	const struct mail with = { .companion_of = id, .content = 2 };

	scene_hold(scene, &locked_mail, id);
	scene_hold(scene, &with, other);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	watch_finish(scene, &taken, &still_closed, NULL);
	check_status(ST_OK, watch_type(scene, "alice", id, "wrong", &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	given = watch_look(scene, &taken);
	assert_int_equal(given.mails, 2);
	assert_int_equal(given.count, 1);
	assert_true(given.search_from == REPORT_SEARCH_OVER);
	assert_int_equal(given.search_ms, 0);
	watch_finish(scene, &taken, &still_closed, NULL);
	assert_int_equal(watch_show(scene, "alice", id).line.locks.state,
			 UNLOCK_STATE_CLOSED);
}

/* Nor does a preview search, when there is nothing else to be shown. */
static void
a_preview_of_what_is_closed_tries_nothing(void **state)
{
	struct scene *scene = *state;
	const struct mail mails[] = {
		{ .locks = { .closed = 1 }, .content = 1 },
		{ .locks = { .opened = 1,
			     .closed = 1,
			     .source = REPORT_WORD_SOURCE_BODY },
		  .content = 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct job_taken taken;
		uint8_t id[CASE_ID_BYTES];

		scene_hold(scene, &mails[i], id);
		assert_true(watch_take(scene, false, JOB_KIND_PREVIEW, &taken));
		assert_int_equal(watch_look(scene, &taken).search_from ==
					 REPORT_SEARCH_OVER,
				 i == 0);
		job_taken_done(&taken);
	}
}

static enum report_word_source
source_of(struct scene *scene, const uint8_t id[CASE_ID_BYTES], size_t i)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     rescan_find(&scene->vault, id, &report, &arena, &err),
		     &err);
	assert_true(i < report.lock_count && report.locks[i].opened);
	return report.locks[i].source;
}

/* A later scan is given the password, as one that worked before. */
static void
what_opened_a_lock_first_is_said_of_it_later_too(void **state)
{
	struct scene *scene = *state;
	const struct mail half = { .locks = {
					   .opened = 1,
					   .closed = 1,
					   .source = REPORT_WORD_SOURCE_BODY,
				   } };
	const struct mail_locks both = { .opened = 2,
					 .source = REPORT_WORD_SOURCE_BEFORE };
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &half, id);
	assert_int_equal(source_of(scene, id, 0), REPORT_WORD_SOURCE_BODY);
	check_status(ST_OK, watch_type(scene, "alice", id, "one", &err), &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	watch_finish(scene, &taken, &both, WATCH_SECRET);
	assert_int_equal(source_of(scene, id, 0), REPORT_WORD_SOURCE_BODY);
	assert_int_equal(source_of(scene, id, 1), REPORT_WORD_SOURCE_BEFORE);
}

static void
a_mail_that_brings_files_has_its_case_tried_with_them(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t other[CASE_ID_BYTES];
	const struct mail with = { .companion_of = id, .content = 2 };
	struct job_taken taken;
	struct given given;

	scene_hold(scene, &locked_mail, id);
	assert_false(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	scene_hold(scene, &with, other);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	given = watch_look(scene, &taken);
	assert_int_equal(given.mails, 2);
	assert_int_equal(given.mail_bytes, strlen(MAIL_TEXT));
	assert_int_equal(given.search_ms, UNLOCK_SLICE_MS);
	watch_finish(scene, &taken, &still_closed, NULL);
}

static void
a_mail_without_files_has_nothing_tried(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t other[CASE_ID_BYTES];
	const struct mail with = { .companion_of = id,
				   .content = 2,
				   .no_files = true };
	struct job_taken taken;
	struct given given;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &locked_mail, id);
	scene_hold(scene, &with, other);
	assert_false(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	check_status(ST_OK, watch_type(scene, "alice", id, "wrong", &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	given = watch_look(scene, &taken);
	assert_int_equal(given.mails, 1);
	assert_int_equal(given.mail_bytes, 0);
	watch_finish(scene, &taken, &still_closed, NULL);
}

/* An archive whose members have passwords of their own. */
static void
what_opens_a_part_counts(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	(void)watch_look(scene, &taken);
	watch_finish(scene, &taken, &opened_in_part, WATCH_SECRET);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_OPENED);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.locked, 1);
	assert_int_equal(watch_show(scene, "bob", id).line.verdict,
			 REPORT_VERDICT_FOUND);
	/* A wrong one is tried once more beside those that fitted, and does
	 * not lock it again. */
	check_status(ST_OK, watch_type(scene, "alice", id, "wrong", &err),
		     &err);
	for (int i = 0; i < 2; i++) {
		assert_true(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
		assert_true(watch_look(scene, &taken).has_secret);
		watch_finish(scene, &taken, &still_closed, NULL);
	}
	assert_false(watch_take(scene, false, JOB_KIND_UNLOCK, &taken));
	assert_int_equal(watch_show(scene, "bob", id).line.verdict,
			 REPORT_VERDICT_FOUND);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.state,
			 UNLOCK_STATE_CLOSED);
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
		test(a_typed_password_is_tried_alone),
		test(a_preview_of_what_is_closed_tries_nothing),
		test(what_opens_a_part_counts),
		test(what_opened_a_lock_first_is_said_of_it_later_too),
		test(a_mail_that_brings_files_has_its_case_tried_with_them),
		test(a_mail_without_files_has_nothing_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
