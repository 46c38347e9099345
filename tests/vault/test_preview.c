/* Tests of vault/case/preview.h, reveal.h and looks.h. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/looks.h"
#include "vault/case/preview.h"
#include "vault/case/reveal.h"
#include "vault/case/view.h"
#include "vault/store/store_preview.h"

/* A worker's answer with this one line. */
static void
make_payload(const char *text, bool revealed, struct sbuf *out)
{
	const struct preview_line line = { .place = "line 10000",
					   .text = text };
	const struct preview_part part = { .path = "1",
					   .name = "a.txt",
					   .type = "text",
					   .lines = &line,
					   .line_count = 1 };
	const struct preview preview = { .revealed = revealed,
					 .parts = &part,
					 .part_count = 1 };
	struct err err = { .st = ST_OK };

	sbuf_init(out, 1 << 20);
	check_status(ST_OK, wire_encode(&preview_table, &preview, out, &err),
		     &err);
}

static enum status
finish_with(struct scene *scene, const struct job_taken *taken,
	    enum job_result result, struct span preview, struct err *err)
{
	struct vault_job_done done = { .job_id = taken->row.id,
				       .result = result,
				       .preview = preview,
				       .reason = "the scanner is away" };
	enum status st = ST_OK;

	memcpy(done.lease, taken->row.lease, sizeof(done.lease));
	scene_begin(scene);
	st = job_finish(&scene->vault, &done, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	return st;
}

/* The next job of kind is finished with this text. */
static void
work(struct scene *scene, enum job_kind kind, const char *text, bool revealed)
{
	struct job_taken taken;
	struct sbuf payload;
	struct err err = { .st = ST_OK };

	assert_true(scene_take(scene, kind, &taken));
	make_payload(text, revealed, &payload);
	check_status(ST_OK,
		     finish_with(scene, &taken, JOB_RESULT_DONE,
				 sbuf_span(&payload), &err),
		     &err);
	sbuf_done(&payload);
	job_taken_done(&taken);
}

/* What SHOW gives: preview and who is looking, copied. */
struct shown {
	size_t preview_bytes;
	bool may_reveal;
	char line[100];
	char looking[200];
};

static void
show(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
     struct shown *shown)
{
	struct vault_show request = { .actor = { { NULL, 0 } } };
	struct vault_case answer = { .may_decide = false };
	struct preview preview = { .revealed = true };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *inner = NULL;
	struct actor actor;
	struct err err = { .st = ST_OK };

	*shown = (struct shown){ .preview_bytes = 0 };
	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	actor.has_session = true;
	check_status(ST_OK,
		     view_case(&scene->vault, &actor, &request, &answer, &arena,
			       &err),
		     &err);
	actor_done(&actor);
	shown->preview_bytes = answer.preview.len_bytes;
	shown->may_reveal = answer.may_reveal;
	(void)snprintf(shown->looking, sizeof(shown->looking), "%s",
		       answer.line.looking);
	if (answer.preview.len_bytes == 0)
		return;
	check_status(ST_OK,
		     wire_decode(&preview_table, answer.preview, &preview,
				 &inner, &err),
		     &err);
	assert_false(preview.revealed);
	(void)snprintf(shown->line, sizeof(shown->line), "%s",
		       preview.parts[0].lines[0].text);
}

static void
a_preview_is_made_once_kept_sealed_and_shown(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	AUTO(store_preview_done) struct store_preview row = { .memory = NULL };
	struct job_taken taken;
	struct shown shown;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	show(scene, "bob", id, &shown);
	assert_int_equal(shown.preview_bytes, 0);
	work(scene, JOB_KIND_PREVIEW, "seen text", false);
	show(scene, "bob", id, &shown);
	assert_string_equal(shown.line, "seen text");
	show(scene, "root", id, &shown);
	assert_int_equal(shown.preview_bytes, 0);
	check_status(ST_OK,
		     store_preview_find(scene->vault.store, id, &row, &err),
		     &err);
	assert_null(memmem(row.preview.ptr, row.preview.len_bytes, "seen", 4));
	/* A retry of the same mail asks for no second one. */
	scene_hold(scene, &mail, id);
	assert_false(scene_take(scene, JOB_KIND_PREVIEW, &taken));
}

static void
notices_come_before_the_preview(void **state)
{
	static const struct mail mail = { .login = "alice" };
	const struct vault_take_job request = { .lease_s = 60 };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };
	int notices = 0;

	scene_hold(scene, &mail, id);
	for (;;) {
		struct job_taken taken = { .present = false };

		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, &taken, &err), &err);
		assert_true(taken.present);
		const enum job_kind kind = taken.row.kind;

		job_taken_done(&taken);
		if (kind != JOB_KIND_NOTICE)
			break;
		notices++;
	}
	assert_int_equal(notices, 3); /* alice, bob, carol */
}

static void
what_a_worker_makes_up_is_not_kept(void **state)
{
	static const struct {
		const char *text;
		bool revealed;
		enum status want;
	} cases[] = {
		{ "text", false, ST_OK },
		{ "1234 ****", false, ST_OK },
		{ "text", true, ST_FORMAT },
		{ "123456789018", false, ST_FORMAT },
		{ "x 12345 y", false, ST_FORMAT },
	};
	struct sbuf out;
	struct sbuf payload;
	struct err err = { .st = ST_OK };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sbuf_init(&out, 1 << 20);
		make_payload(cases[i].text, cases[i].revealed, &payload);
		check_status(cases[i].want,
			     preview_check(sbuf_span(&payload), PREVIEW_MASKED,
					   &out, &err),
			     &err);
		/* And no prefix of it is one. */
		for (size_t len = 0; len < payload.len_bytes; len++) {
			const struct span cut = { payload.bytes, len };

			assert_int_equal(
				preview_check(cut, PREVIEW_MASKED, &out, &err),
				ST_FORMAT);
		}
		sbuf_done(&payload);
		sbuf_done(&out);
	}
}

static void
a_preview_that_fails_holds_up_nothing(void **state)
{
	static const struct mail mail = { .login = "alice" };
	static const struct reply reply = { "yamada@example.com", 250 };
	struct scene *scene = *state;
	struct job_taken taken;
	struct sbuf payload;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	make_payload("123456789018", false, &payload);
	for (int i = 0; i < PREVIEW_TRIES; i++) {
		assert_true(scene_take(scene, JOB_KIND_PREVIEW, &taken));
		check_status(ST_OK,
			     finish_with(scene, &taken,
					 i % 2 == 0 ? JOB_RESULT_DONE
						    : JOB_RESULT_RETRY,
					 sbuf_span(&payload), &err),
			     &err);
		job_taken_done(&taken);
		scene->vault.now_unix_ms += 24LL * 3600 * 1000;
	}
	sbuf_done(&payload);
	assert_false(scene_take(scene, JOB_KIND_PREVIEW, &taken));
	assert_int_equal(scene_audit_count(scene, "preview-failed", id), 1);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, &reply, 1, &err), &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
}

static void
with_the_content_the_preview_goes(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct store_preview row = { .memory = NULL };
	struct shown shown;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	work(scene, JOB_KIND_PREVIEW, "text", false);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
	check_status(ST_NOT_FOUND,
		     store_preview_find(scene->vault.store, id, &row, &err),
		     &err);
	show(scene, "bob", id, &shown);
	assert_int_equal(shown.preview_bytes, 0);
}

/* A job that is still open keeps no content. */
static void
an_open_preview_job_does_not_keep_the_mail(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
}

/* --- unmasked ---------------------------------------------------------- */

static void
make_handler(struct scene *scene, const char *login, uint32_t roles)
{
	const struct vault_user user = { .login = login,
					 .name = login,
					 .roles = roles,
					 .language = "en",
					 .uid = -1,
					 .addresses = "",
					 .groups = "hr" };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 account_create_first(&scene->vault, &user, "", &err), &err);
}

static enum status
reveal(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
       const char *reason, uint8_t reveal_id[REVEAL_ID_BYTES])
{
	struct vault_reveal request = { .reason = reason,
					.client_address = "192.0.2.9" };
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	actor.has_session = true;
	memset(actor.session.token, login[0], sizeof(actor.session.token));
	scene_begin(scene);
	st = reveal_order(&scene->vault, &actor, &request, reveal_id, &err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

static enum status
fetch(struct scene *scene, const char *login,
      const uint8_t reveal_id[REVEAL_ID_BYTES], bool *has_text_out)
{
	struct vault_reveal_fetch request = { .wait_ms = 0 };
	uint8_t session[STORE_HASH_BYTES];
	struct sbuf plain;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.reveal_id, reveal_id, REVEAL_ID_BYTES);
	memset(session, login[0], sizeof(session));
	sbuf_init_secret(&plain, REVEAL_MAX_PAYLOAD_BYTES);
	st = reveal_fetch(scene->memory.reveals, &request, session, &plain,
			  &err);
	*has_text_out = memmem(sbuf_text(&plain), plain.len_bytes, "unmasked",
			       8) != NULL;
	sbuf_done(&plain);
	return st;
}

static void
a_handler_sees_it_once_with_a_reason_on_record(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct shown shown;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];
	bool has_text = false;

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	show(scene, "henry", id, &shown);
	assert_true(shown.may_reveal);
	show(scene, "bob", id, &shown);
	assert_false(shown.may_reveal);
	assert_int_equal(reveal(scene, "henry", id, "why", reveal_id),
			 ST_FORMAT);
	assert_int_equal(scene_audit_count(scene, "revealed", id), 0);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_OK);
	assert_int_equal(scene_audit_count(scene, "revealed", id), 1);
	assert_int_equal(fetch(scene, "henry", reveal_id, &has_text), ST_END);
	work(scene, JOB_KIND_REVEAL, "unmasked 123456789018", true);
	assert_int_equal(fetch(scene, "xavier", reveal_id, &has_text),
			 ST_NOT_FOUND);
	assert_int_equal(fetch(scene, "henry", reveal_id, &has_text), ST_OK);
	assert_true(has_text);
	assert_int_equal(fetch(scene, "henry", reveal_id, &has_text),
			 ST_NOT_FOUND);
}

static void
nobody_else_may_unmask(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	make_handler(scene, "both", VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR);
	assert_int_equal(reveal(scene, "bob", id, "checking", reveal_id),
			 ST_DENIED);
	assert_int_equal(reveal(scene, "alice", id, "checking", reveal_id),
			 ST_DENIED);
	assert_int_equal(reveal(scene, "root", id, "checking", reveal_id),
			 ST_DENIED);
	assert_int_equal(reveal(scene, "both", id, "checking", reveal_id),
			 ST_DENIED);
	assert_int_equal(reveal(scene, "dave", id, "checking", reveal_id),
			 ST_NOT_FOUND);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_END);
	assert_int_equal(scene_audit_count(scene, "revealed", id), 0);
}

/* Handlers see the cases of their group and decide on none. */
static void
a_handler_does_not_decide(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	check_status(ST_DENIED,
		     scene_decide(scene, "henry", id, CASE_DECISION_APPROVE, "",
				  &err),
		     &err);
}

static void
what_is_not_revealed_text_ends_the_waiting(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];
	bool has_text = false;
	struct job_taken taken;

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_OK);
	work(scene, JOB_KIND_REVEAL, "masked", false);
	assert_int_equal(fetch(scene, "henry", reveal_id, &has_text),
			 ST_NOT_FOUND);
	/* And it is not tried again behind the person's back. */
	scene->vault.now_unix_ms += 3600 * 1000;
	assert_false(scene_take(scene, JOB_KIND_REVEAL, &taken));
}

/* After a restart nobody waits: the mail stays closed. */
static void
a_job_nobody_waits_for_opens_no_mail(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];
	struct job_taken taken;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_OK);
	reveals_free(&scene->memory.reveals);
	check_status(ST_OK,
		     reveals_new(REVEAL_LAST_MS, &scene->memory.reveals, &err),
		     &err);
	assert_false(scene_take(scene, JOB_KIND_REVEAL, &taken));
	assert_int_equal(scene_audit_count(scene, "job-reveal", id), 0);
}

static void
nobody_fetched_it_in_time_and_it_is_gone(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];
	bool has_text = false;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	reveals_free(&scene->memory.reveals);
	check_status(ST_OK, reveals_new(20, &scene->memory.reveals, &err),
		     &err);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_OK);
	work(scene, JOB_KIND_REVEAL, "unmasked", true);
	(void)usleep(40 * 1000);
	assert_int_equal(fetch(scene, "henry", reveal_id, &has_text),
			 ST_NOT_FOUND);
	assert_false(has_text);
}

static void
only_so_many_are_unmasked_at_once(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	uint8_t reveal_id[REVEAL_ID_BYTES];

	scene_hold(scene, &mail, id);
	make_handler(scene, "henry", VAULT_ROLE_HANDLER);
	for (int i = 0; i < REVEAL_MAX; i++)
		assert_int_equal(
			reveal(scene, "henry", id, "checking", reveal_id),
			ST_OK);
	assert_int_equal(reveal(scene, "henry", id, "checking", reveal_id),
			 ST_LIMIT);
	assert_int_equal(scene_audit_count(scene, "revealed", id), REVEAL_MAX);
}

/* --- who is looking ---------------------------------------------------- */

static void
others_are_named_for_a_minute(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct shown shown;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	show(scene, "bob", id, &shown);
	assert_string_equal(shown.looking, "");
	show(scene, "carol", id, &shown);
	assert_string_equal(shown.looking, "Bob");
	show(scene, "root", id, &shown);
	assert_string_equal(shown.looking, "");
	show(scene, "bob", id, &shown);
	assert_string_equal(shown.looking, "Carol");
	scene->vault.now_unix_ms += LOOKS_LAST_MS + 1;
	show(scene, "bob", id, &shown);
	assert_string_equal(shown.looking, "");
}

static void
too_many_lookers_forget_the_oldest(void **state)
{
	const struct looker other = { "other", "Other" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES] = { 1 };
	struct sbuf names;

	for (int i = 0; i <= LOOKS_MAX; i++) {
		char login[16];
		const struct looker who = { login, "" };

		(void)snprintf(login, sizeof(login), "u%d", i);
		looks_note(scene->memory.looks, id, &who, 1000 + i);
	}
	sbuf_init(&names, VAULT_MAX_COMMENT_BYTES);
	looks_others(scene->memory.looks, id, &other, 1000 + LOOKS_MAX, &names);
	assert_int_equal(names.st, ST_OK);
	assert_null(strstr(sbuf_text(&names), "u0,"));
	sbuf_done(&names);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_preview_is_made_once_kept_sealed_and_shown),
		test(notices_come_before_the_preview),
		cmocka_unit_test(what_a_worker_makes_up_is_not_kept),
		test(a_preview_that_fails_holds_up_nothing),
		test(with_the_content_the_preview_goes),
		test(an_open_preview_job_does_not_keep_the_mail),
		test(a_handler_sees_it_once_with_a_reason_on_record),
		test(nobody_else_may_unmask),
		test(a_handler_does_not_decide),
		test(what_is_not_revealed_text_ends_the_waiting),
		test(a_job_nobody_waits_for_opens_no_mail),
		test(nobody_fetched_it_in_time_and_it_is_gone),
		test(only_so_many_are_unmasked_at_once),
		test(others_are_named_for_a_minute),
		test(too_many_lookers_forget_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
