/* Tests of vault/case/view.h, pairs.h and way_out.h: who sees what. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/vault/case_harness.h"
#include "vault/case/pairs.h"
#include "vault/case/view.h"
#include "vault/case/way_out.h"
#include "vault/client/export_file.h"

static uint32_t
list(struct scene *scene, const char *login, enum case_filter filter,
     bool *own_out, bool *words_out)
{
	const struct vault_list request = { .filter = filter, .limit = 10 };
	struct vault_list_answer answer = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct actor actor;
	struct err err = { .st = ST_OK };

	scene_actor(scene, login, &actor);
	check_status(ST_OK,
		     view_list(&scene->vault, &actor, &request, &answer, &arena,
			       &err),
		     &err);
	actor_done(&actor);
	assert_int_equal(answer.line_count, answer.total);
	if (answer.line_count > 0) {
		*own_out = answer.lines[0].own;
		*words_out = answer.lines[0].subject[0] != '\0';
	}
	return answer.total;
}

static void
each_sees_what_is_theirs(void **state)
{
	static const struct {
		const char *login;
		enum case_filter filter;
		uint32_t want;
		bool own, words;
	} cases[] = {
		{ "alice", CASE_FILTER_MINE, 1, true, true },
		{ "alice", CASE_FILTER_TODO, 0, false, false },
		{ "alice", CASE_FILTER_ALL, 1, true, true },
		{ "bob", CASE_FILTER_TODO, 1, false, true },
		{ "bob", CASE_FILTER_MINE, 0, false, false },
		{ "carol", CASE_FILTER_OPEN, 1, false, true },
		{ "dave", CASE_FILTER_ALL, 0, false, false },
		{ "root", CASE_FILTER_TODO, 0, false, false },
		{ "root", CASE_FILTER_ALL, 1, false, false },
	};
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool own = false;
		bool words = false;

		assert_int_equal(list(scene, cases[i].login, cases[i].filter,
				      &own, &words),
				 cases[i].want);
		assert_int_equal(own, cases[i].own);
		assert_int_equal(words, cases[i].words);
	}
}

struct seen {
	bool may_decide, may_cancel, report, address;
	size_t events;
};

static enum status
look(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
     struct seen *seen)
{
	struct vault_show request = { .actor = { { NULL, 0 } } };
	struct vault_case answer = { .may_decide = false };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct sbuf encoded;
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	st = view_case(&scene->vault, &actor, &request, &answer, &arena, &err);
	actor_done(&actor);
	if (st != ST_OK)
		return st;
	*seen = (struct seen){ .may_decide = answer.may_decide,
			       .may_cancel = answer.may_cancel,
			       .report = answer.report.len_bytes > 0,
			       .address =
				       answer.recipient_count > 0 &&
				       answer.recipients[0].address[0] != '\0',
			       .events = answer.event_count };
	/* Whatever is seen can travel. */
	sbuf_init(&encoded, 16 << 20);
	check_status(
		ST_OK,
		wire_encode(&vault_table_SHOW_answer, &answer, &encoded, &err),
		&err);
	sbuf_done(&encoded);
	return ST_OK;
}

static void
a_case_opens_for_those_who_work_on_it(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct seen seen = { .may_decide = false };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	assert_int_equal(look(scene, "bob", id, &seen), ST_OK);
	assert_true(seen.may_decide && !seen.may_cancel && seen.report &&
		    seen.address && seen.events > 0);
	assert_int_equal(look(scene, "alice", id, &seen), ST_OK);
	assert_true(!seen.may_decide && seen.may_cancel && seen.report);
	assert_int_equal(look(scene, "root", id, &seen), ST_OK);
	assert_true(!seen.may_decide && !seen.may_cancel && !seen.report &&
		    !seen.address);
	assert_int_equal(look(scene, "dave", id, &seen), ST_NOT_FOUND);
}

static void
bytes_of_foreign_servers_never_hide_a_case(void **state)
{
	static const struct mail mail = { .to = { "\xff\x01@example.com" } };
	static const struct reply replies[] = { { "\xff\x01@example.com",
						  550 } };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct seen seen = { .may_decide = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, replies, 1, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(look(scene, "bob", id, &seen), ST_OK);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
}

static void
a_pair_is_known_from_the_next_day_on(void **state)
{
	struct scene *scene = *state;
	const int64_t now = scene->vault.now_unix_ms;
	const struct vault_pair pair = { "Alice@example.co.jp",
					 "yamada@example.com", now };
	const struct vault_pairs pairs = { &pair, 1 };
	bool known = true;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     pairs_known(&scene->vault, "alice@example.co.jp",
				 "yamada@example.com", now, &known, &err),
		     &err);
	assert_false(known);
	scene_do(scene, ST_OK, pairs_take(&scene->vault, &pairs, &err), &err);
	check_status(ST_OK,
		     pairs_known(&scene->vault, "alice@example.co.jp",
				 "yamada@example.com", now + 86400000LL, &known,
				 &err),
		     &err);
	assert_true(known);
	check_status(ST_OK,
		     pairs_known(&scene->vault, "bob@example.co.jp",
				 "yamada@example.com", now + 86400000LL, &known,
				 &err),
		     &err);
	assert_false(known);
}

static enum status
consent(struct scene *scene, const char *login, uint64_t export_id,
	struct err *err)
{
	struct vault_export_answer answer = { .cases = 0 };
	struct actor actor;
	enum status st = ST_OK;

	scene_actor(scene, login, &actor);
	scene_begin(scene);
	st = way_out_consent(&scene->vault, &actor, export_id, &answer, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

/* The way out: two people, once, readable with the named key alone. */
static void
mails_leave_for_a_named_key_when_two_agree(void **state)
{
	static const struct mail mail = { .content = 1 };
	struct scene *scene = *state;
	struct seal_private private_key;
	struct seal_public public_key;
	struct vault_export_ask ask = { .reason = "audit" };
	struct vault_export_answer answer = { .cases = 0 };
	struct export_entry entry = { .key_bytes = 0 };
	AUTO(fd_close) int out = FD_NONE;
	AUTO(fd_close) int sealed = FD_NONE;
	AUTO(fd_close) int plain = FD_NONE;
	uint8_t bytes[4096];
	uint8_t id[CASE_ID_BYTES];
	struct actor root;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK, seal_key_make(0, &private_key, &public_key, &err),
		     &err);
	memcpy(ask.public_key, public_key.key, sizeof(ask.public_key));
	scene_actor(scene, "root", &root);
	scene_do(scene, ST_OK,
		 way_out_ask(&scene->vault, &root, &ask, &answer, &err), &err);
	scene_do(scene, ST_DENIED,
		 way_out_begin(&scene->vault, &root, answer.export_id, &err),
		 &err);
	check_status(ST_DENIED, consent(scene, "root", answer.export_id, &err),
		     &err);
	check_status(ST_OK, consent(scene, "bob", answer.export_id, &err),
		     &err);
	scene_do(scene, ST_OK,
		 way_out_begin(&scene->vault, &root, answer.export_id, &err),
		 &err);
	scene_do(scene, ST_END,
		 way_out_begin(&scene->vault, &root, answer.export_id, &err),
		 &err);
	actor_done(&root);
	check_status(ST_OK, fd_memory("export", &out, &err), &err);
	check_status(ST_OK,
		     way_out_write(&scene->vault, answer.export_id, out,
				   &answer, &err),
		     &err);
	assert_int_equal(answer.cases, 1);
	assert_int_equal(lseek(out, 0, SEEK_SET), 0);
	check_status(ST_OK, export_read(out, &entry, &err), &err);
	assert_memory_equal(entry.case_id, id, CASE_ID_BYTES);
	assert_true(entry.sealed_bytes <= sizeof(bytes));
	check_status(ST_OK,
		     fd_read_all(out, bytes, (size_t)entry.sealed_bytes, &err),
		     &err);
	check_status(ST_OK, fd_memory("sealed", &sealed, &err), &err);
	check_status(ST_OK, fd_memory("plain", &plain, &err), &err);
	check_status(
		ST_OK,
		fd_write_all(sealed,
			     (struct span){ bytes, (size_t)entry.sealed_bytes },
			     &err),
		&err);
	check_status(ST_OK,
		     seal_open_fd(&private_key, CASE_SEAL_MAIL,
				  (struct span){ entry.key, entry.key_bytes },
				  sealed, plain, &err),
		     &err);
	assert_int_equal(lseek(plain, 0, SEEK_END),
			 (off_t)sizeof(MAIL_TEXT) - 1);
	assert_int_equal(export_read(out, &entry, &err), ST_END);
	seal_private_wipe(&private_key);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(each_sees_what_is_theirs),
		test(a_case_opens_for_those_who_work_on_it),
		test(bytes_of_foreign_servers_never_hide_a_case),
		test(a_pair_is_known_from_the_next_day_on),
		test(mails_leave_for_a_named_key_when_two_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
