/* Tests of link_people.h, in the order of its promises. */
#include "vault/case/link_people.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_own.h"

static const int64_t day_ms = 24 * 3600 * 1000;
static const struct sent_terms often = { .often = true };
static const struct sent_terms once = { .often = false };

static enum status
list(struct scene *scene, const struct sent *sent, const char *login,
     struct vault_link_list_answer *answer, struct wire_arena **arena)
{
	struct vault_link_case request = { .actor = { { NULL, 0 } } };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, sent->case_id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	const enum status st =
		link_list(&scene->vault, &actor, &request, answer, arena, &err);

	actor_done(&actor);
	return st;
}

static enum status
change(struct scene *scene, const struct sent *sent, size_t which,
       const char *login, struct vault_link_change request, struct err *err)
{
	struct actor actor;
	enum status st = ST_OK;

	memcpy(request.link_id, sent->links[which].id, LINK_ID_BYTES);
	request.client_address = "192.0.2.9";
	scene_actor(scene, login, &actor);
	scene_begin(scene);
	st = link_change(&scene->vault, &actor, &request, err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

static enum status
step(struct scene *scene, const struct sent *sent, size_t which,
     const char *login, enum link_step step)
{
	const struct vault_link_change request = { .step = step };
	struct err err = { .st = ST_OK };

	return change(scene, sent, which, login, request, &err);
}

static enum link_state
state_of(struct scene *scene, const struct sent *sent, size_t which)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };

	sent_link(scene, sent, which, &row);
	return row.state;
}

static void
fetch_one(struct scene *scene, const struct sent *sent, size_t which)
{
	uint8_t claim[LINK_CLAIM_BYTES];
	struct err err = { .st = ST_OK };

	visit_begin(scene, sent, which, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
}

/* --- seen --------------------------------------------------------------- */

static void
sender_and_approvers_see_all_of_it(void **state)
{
	static const char *const logins[] = { "alice", "bob", "carol" };
	struct scene *scene = *state;
	struct sent sent;

	sent_make(scene, &often, &sent);
	fetch_one(scene, &sent, 0);
	for (size_t i = 0; i < ARRAY_LEN(logins); i++) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct vault_link_list_answer answer;
		const struct vault_link_line *line = NULL;

		assert_int_equal(list(scene, &sent, logins[i], &answer, &arena),
				 ST_OK);
		assert_true(answer.may_change);
		assert_int_equal(answer.link_count, SENT_LINKS);
		assert_int_equal(answer.file_count, SENT_FILES);
		assert_string_equal(answer.files[0].shown, "名簿 ••••••.xlsx");
		assert_string_equal(answer.files[0].name, "");
		line = &answer.links[0];
		assert_string_equal(line->recipient, SENT_FIRST);
		assert_int_equal(line->state, LINK_STATE_LIVE);
		assert_int_equal(line->opened, 1);
		assert_int_equal(line->fetched, 1);
		assert_int_equal(line->event_count, 3);
		assert_string_equal(line->events[0].event, "opened");
		assert_string_equal(line->events[2].event, "fetched");
		assert_string_equal(line->events[2].file, "名簿 ••••••.xlsx");
		assert_string_equal(line->events[2].client_address,
				    "192.0.2.7");
		assert_int_equal(answer.links[1].event_count, 0);
		assert_int_equal(answer.links[2].kind, LINK_KIND_SENDER);
	}
}

static void
a_case_without_links_has_an_empty_list(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct mail mail = { .to = { SENT_FIRST } };
	struct vault_link_list_answer answer;
	struct sent sent = { .case_id = { 0 } };

	scene_hold(scene, &mail, sent.case_id);
	assert_int_equal(list(scene, &sent, "alice", &answer, &arena), ST_OK);
	assert_int_equal(answer.link_count, 0);
}

static void
a_guest_is_the_sender_of_one_case(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_list_answer answer;
	struct vault_link_case request = { .actor = { { NULL, 0 } } };
	struct vault_link_change revoke = { .step = LINK_STEP_REVOKE,
					    .client_address = "" };
	struct actor guest;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	memcpy(request.case_id, sent.case_id, CASE_ID_BYTES);
	memcpy(revoke.link_id, sent.links[0].id, LINK_ID_BYTES);
	scene_actor(scene, "alice", &guest);
	guest.is_guest = true;
	memcpy(guest.session.case_id, sent.case_id, CASE_ID_BYTES);
	check_status(ST_OK,
		     link_list(&scene->vault, &guest, &request, &answer, &arena,
			       &err),
		     &err);
	assert_true(answer.may_change);
	guest.session.case_id[0] ^= 1;
	check_status(ST_NOT_FOUND,
		     link_list(&scene->vault, &guest, &request, &answer, &arena,
			       &err),
		     &err);
	scene_do(scene, ST_NOT_FOUND,
		 link_change(&scene->vault, &guest, &revoke, &err), &err);
	guest.session.case_id[0] ^= 1;
	scene_do(scene, ST_OK,
		 link_change(&scene->vault, &guest, &revoke, &err), &err);
	actor_done(&guest);
}

/* --- changed ------------------------------------------------------------ */

static void
only_sender_and_approvers_change_links(void **state)
{
	struct scene *scene = *state;
	struct sent sent;

	sent_make(scene, &often, &sent);
	assert_int_equal(step(scene, &sent, 0, "dave", LINK_STEP_REVOKE),
			 ST_NOT_FOUND);
	assert_int_equal(step(scene, &sent, 0, "root", LINK_STEP_REVOKE),
			 ST_DENIED);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_REVOKE),
			 ST_OK);
	assert_int_equal(step(scene, &sent, 1, "bob", LINK_STEP_WRONG), ST_OK);
	assert_int_equal(scene_audit_count(scene, "link-revoked", NULL), 3);
}

static void
a_revoked_link_stops_at_once_and_alone(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t other[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	visit_begin(scene, &sent, 1, other);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_REVOKE),
			 ST_OK);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_REVOKED);
	assert_int_equal(row.wrapped.len_bytes, 0);
	check_status(ST_NOT_FOUND, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_take(scene, other, 0, &err), &err);
	/* What has ended stays so. */
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_REVOKE),
			 ST_END);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_THAW),
			 ST_END);
}

static enum status
extend(struct scene *scene, const struct sent *sent, int64_t until_unix_ms)
{
	const struct vault_link_change request = { .step = LINK_STEP_EXTEND,
						   .until_unix_ms =
							   until_unix_ms };
	struct err err = { .st = ST_OK };

	return change(scene, sent, 0, "alice", request, &err);
}

static void
an_extended_link_opens_under_another_week(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_timers_answer answer = { .fired = 0 };
	struct sent sent;
	struct err err = { .st = ST_OK };
	const int64_t made = scene->vault.now_unix_ms;
	uint32_t week = 0;

	sent_make(scene, &often, &sent);
	sent_link(scene, &sent, 0, &row);
	week = row.week;
	store_link_done(&row);
	assert_int_equal(extend(scene, &sent, made), ST_FORMAT);
	assert_int_equal(extend(scene, &sent, made + 91 * day_ms), ST_FORMAT);
	assert_int_equal(extend(scene, &sent, made + 30 * day_ms), ST_OK);
	sent_link(scene, &sent, 0, &row);
	assert_true(row.week > week);
	assert_int_equal(row.expires_unix_ms, made + 30 * day_ms);
	assert_int_equal(row.remind_unix_ms, made + 28 * day_ms);
	scene->vault.now_unix_ms = made + 29 * day_ms;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
	fetch_one(scene, &sent, 0);
	assert_int_equal(scene_audit_count(scene, "link-extended", NULL), 1);
}

/* As after a restore, and before it was noticed. */
static void
a_link_that_opens_nothing_is_not_extended(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf none;
	struct sent sent;
	struct err err = { .st = ST_OK };
	const int64_t made = scene->vault.now_unix_ms;

	sbuf_init(&none, 1);
	sent_make(scene, &often, &sent);
	check_status(ST_OK,
		     link_own_write(&scene->vault, sent.case_id, &none, &err),
		     &err);
	/* Within its week, too. */
	assert_int_equal(extend(scene, &sent, made + 14 * day_ms), ST_END);
	assert_int_equal(extend(scene, &sent, made + 30 * day_ms), ST_END);
}

/* So that the most days there are can be asked for, counted from now. */
static void
less_than_a_day_too_long_is_the_last_day(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct sent sent;
	const int64_t made = scene->vault.now_unix_ms;

	sent_make(scene, &often, &sent);
	assert_int_equal(extend(scene, &sent, made + 91 * day_ms), ST_FORMAT);
	assert_int_equal(extend(scene, &sent, made + 91 * day_ms - 1), ST_OK);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.expires_unix_ms, made + 90 * day_ms);
}

static void
a_frozen_link_thaws(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .needs_code = true }, &sent);
	visit_begin(scene, &sent, 0, claim);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_THAW),
			 ST_END);
	for (int i = 0; i < 5; i++)
		check_status(ST_OK,
			     visit_prove(scene, claim, "", NULL, &stage, &err),
			     &err);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_FROZEN);
	assert_int_equal(step(scene, &sent, 0, "carol", LINK_STEP_THAW), ST_OK);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	assert_int_equal(row.failures, 0);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
}

/* --- recorded ----------------------------------------------------------- */

static enum status
record(struct scene *scene, const struct sent *sent, size_t which,
       const char *login, struct vault_link_record *answer,
       struct wire_arena **arena)
{
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.link_id, sent->links[which].id, LINK_ID_BYTES);
	scene_actor(scene, login, &actor);
	const enum status st = link_record(&scene->vault, &actor, &request,
					   answer, arena, &err);

	if (st == ST_OK)
		scene_do(scene, ST_OK,
			 link_record_audit(&scene->vault, &actor, &request,
					   &err),
			 &err);
	actor_done(&actor);
	return st;
}

/* The path of a page or of the API names a mail, too. */
static void
a_link_of_another_mail_is_none(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_change revoke = { .step = LINK_STEP_REVOKE };
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct vault_link_record answer = { .text = "" };
	struct actor actor;
	struct sent other;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &other);
	sent_make(scene, &often, &sent);
	memcpy(revoke.case_id, other.case_id, CASE_ID_BYTES);
	assert_int_equal(change(scene, &sent, 0, "alice", revoke, &err),
			 ST_NOT_FOUND);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	memcpy(request.link_id, sent.links[0].id, LINK_ID_BYTES);
	memcpy(request.case_id, other.case_id, CASE_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	assert_int_equal(link_record(&scene->vault, &actor, &request, &answer,
				     &arena, &err),
			 ST_NOT_FOUND);
	memcpy(request.case_id, sent.case_id, CASE_ID_BYTES);
	check_status(ST_OK,
		     link_record(&scene->vault, &actor, &request, &answer,
				 &arena, &err),
		     &err);
	actor_done(&actor);
	memcpy(revoke.case_id, sent.case_id, CASE_ID_BYTES);
	check_status(ST_OK, change(scene, &sent, 0, "alice", revoke, &err),
		     &err);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_REVOKED);
}

static void
says(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("\"%s\" is not in:\n%s", what, text);
}

static void
a_record_says_that_nobody_has_opened_it(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer;
	char id[CASE_ID_TEXT_BYTES];
	struct sent sent;

	sent_make(scene, &often, &sent);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_WRONG),
			 ST_OK);
	assert_int_equal(record(scene, &sent, 0, "alice", &answer, &arena),
			 ST_OK);
	case_id_format(sent.case_id, id);
	says(answer.text, id);
	case_id_format(sent.links[0].id, id);
	says(answer.text, id);
	says(answer.text, "recipient: " SENT_FIRST "\n");
	says(answer.text, "state: revoked\n");
	says(answer.text, "opened: nobody has opened it\n");
	says(answer.text, "fetched: nobody has fetched a file\n");
	says(answer.text, " revoked by alice from 192.0.2.9\n");
	says(answer.text, "受け取り: 誰もファイルを受け取っていません\n");
	says(answer.text, "状態: 取り消し済み、消去済み\n");
	says(answer.text, "keys of this link destroyed: 2");
	says(answer.text, "ciphertext destroyed: not yet");
	says(answer.text, "backups may hold the held mail, if older than: 2");
	says(answer.text, "ciphertext SHA-256: ");
	assert_null(strstr(answer.text, SENT_SECOND));
	assert_int_equal(scene_audit_count(scene, "link-record", NULL), 1);
}

static void
a_record_says_who_fetched_what(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer;
	struct sent sent;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	for (size_t i = 0; i < 2; i++) {
		visit_begin(scene, &sent, i, claim);
		check_status(ST_OK,
			     visit_take(scene, claim, LINK_ALL_FILES, &err),
			     &err);
		check_status(
			ST_OK,
			visit_sent(scene, claim, LINK_ALL_FILES, true, &err),
			&err);
	}
	assert_int_equal(record(scene, &sent, 0, "root", &answer, &arena),
			 ST_OK);
	says(answer.text, "state: spent\n");
	says(answer.text, "opened: 1 times, with all it asks for\n");
	says(answer.text, "fetched: 2 complete downloads of a file\n");
	assert_null(strstr(answer.text, "begun: "));
	says(answer.text, " fetched by recipient from 192.0.2.7: ");
	says(answer.text, "名簿 ••••••.xlsx, b.txt (Browser)\n");
	says(answer.text, "ciphertext destroyed: 2");
	assert_null(strstr(answer.text, "123456"));
}

/* Nor do a thousand visits hide that one has begun to fetch. */
static void
a_record_says_that_a_download_was_begun(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer;
	struct sent sent;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	assert_int_equal(step(scene, &sent, 0, "alice", LINK_STEP_WRONG),
			 ST_OK);
	assert_int_equal(record(scene, &sent, 0, "alice", &answer, &arena),
			 ST_OK);
	says(answer.text, " taken by recipient from 192.0.2.7: ");
	says(answer.text, "fetched: 0 complete downloads of a file\n");
	says(answer.text, "begun: a download whose end was not seen; ");
	says(answer.text, "downloads under way: stopped within about two ");
}

static void
records_are_for_those_who_may_read(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer;
	struct sent sent;

	sent_make(scene, &often, &sent);
	assert_int_equal(record(scene, &sent, 0, "dave", &answer, &arena),
			 ST_NOT_FOUND);
	assert_int_equal(scene_audit_count(scene, "link-record", NULL), 0);
}

static size_t
base64_bytes(const char *text, uint8_t *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	uint32_t bits = 0;
	unsigned int held = 0;
	size_t count = 0;

	for (; *text != '\0' && *text != '='; text++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[count++] = (uint8_t)(bits >> held);
	}
	return count;
}

static void
a_record_is_signed_by_the_public_key(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer;
	uint8_t key[SIGN_PUBLIC_BYTES];
	uint8_t again[SIGN_PUBLIC_BYTES];
	uint8_t signature[100] = { 0 };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	assert_int_equal(record(scene, &sent, 0, "alice", &answer, &arena),
			 ST_OK);
	check_status(ST_OK, link_public(&scene->vault, key, &err), &err);
	check_status(ST_OK, link_public(&scene->vault, again, &err), &err);
	assert_memory_equal(key, again, sizeof(key));
	assert_int_equal(base64_bytes(answer.signature, signature),
			 SIGNATURE_BYTES);
	check_status(ST_OK,
		     sign_verify(key, span_of(answer.text), signature, &err),
		     &err);
	signature[0] ^= 1;
	check_status(ST_DENIED,
		     sign_verify(key, span_of(answer.text), signature, &err),
		     &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(sender_and_approvers_see_all_of_it),
		SCENE(a_case_without_links_has_an_empty_list),
		SCENE(a_guest_is_the_sender_of_one_case),
		SCENE(only_sender_and_approvers_change_links),
		SCENE(a_revoked_link_stops_at_once_and_alone),
		SCENE(an_extended_link_opens_under_another_week),
		SCENE(a_link_that_opens_nothing_is_not_extended),
		SCENE(less_than_a_day_too_long_is_the_last_day),
		SCENE(a_frozen_link_thaws),
		SCENE(a_link_of_another_mail_is_none),
		SCENE(a_record_says_that_nobody_has_opened_it),
		SCENE(a_record_says_who_fetched_what),
		SCENE(a_record_says_that_a_download_was_begun),
		SCENE(records_are_for_those_who_may_read),
		SCENE(a_record_is_signed_by_the_public_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
