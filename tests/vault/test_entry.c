/* Tests of vault/case/entry.h: one-time sign-in of senders. */
#include "vault/case/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/view.h"

/* A job as the courier gets it, and its texts. */
struct letter {
	struct job_taken taken;
	struct wire_arena *arena;
	struct vault_job job;
};

static void
letter_done(struct letter *letter)
{
	job_taken_done(&letter->taken);
	wire_arena_free(&letter->arena);
}

static bool
take_letter(struct scene *scene, struct letter *letter)
{
	const struct vault_take_job request = { .lease_s = 60 };
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { .st = ST_OK };

	*letter = (struct letter){ .arena = NULL };
	/* A preview is no letter: it stays leased. */
	do {
		job_taken_done(&letter->taken);
		letter->taken = (struct job_taken){ .present = false };
		scene_do(
			scene, ST_OK,
			job_take(&scene->vault, &request, &letter->taken, &err),
			&err);
	} while (letter->taken.present &&
		 letter->taken.row.kind == JOB_KIND_PREVIEW);
	if (!letter->taken.present)
		return false;
	check_status(ST_OK,
		     job_compose(&scene->vault, &letter->taken, &letter->job,
				 &letter->arena, &fd, &err),
		     &err);
	return true;
}

static void
finish_letter(struct scene *scene, struct letter *letter, uint32_t code)
{
	const struct reply reply = { "alice@example.co.jp", code };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     scene_finish(scene, &letter->taken, &reply, 1, &err),
		     &err);
	letter_done(letter);
}

/* What the sender's notice of that event says; every job is done. */
static void
read_code(struct scene *scene, enum notice_event event,
	  struct entry_texts *texts_out)
{
	struct letter letter;
	bool found = false;

	while (take_letter(scene, &letter)) {
		if (letter.job.audience == NOTICE_AUDIENCE_SENDER &&
		    letter.job.event == event) {
			(void)snprintf(texts_out->id, sizeof(texts_out->id),
				       "%s", letter.job.entry_id);
			(void)snprintf(texts_out->code, sizeof(texts_out->code),
				       "%s", letter.job.entry_code);
			found = true;
		}
		finish_letter(scene, &letter, 250);
	}
	assert_true(found);
}

static bool
enter(struct scene *scene, const char *id, const char *code,
      struct entry_result *result)
{
	const struct vault_enter request = { id, code, "192.0.2.7" };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 entry_enter(&scene->vault, &request, result, &err), &err);
	return result->entered;
}

static void
again(struct scene *scene, const char *id)
{
	const struct vault_entry_again request = { id, "192.0.2.7" };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, entry_again(&scene->vault, &request, &err),
		 &err);
}

static enum status
find_guest(struct scene *scene, const struct entry_result *result,
	   struct actor *actor)
{
	const struct account_peer desk = { VAULT_PEER_DESK, 5 };
	const struct span token = { result->token, sizeof(result->token) };
	struct err err = { .st = ST_OK };

	return account_find_actor(&scene->vault, &desk, token, actor, &err);
}

/* A held mail of alice, and a guest of it. */
static void
become_guest(struct scene *scene, const struct mail *mail,
	     uint8_t id[CASE_ID_BYTES], struct actor *actor)
{
	struct entry_texts texts = { .id = "" };
	struct entry_result result = { .entered = false };

	scene_hold(scene, mail, id);
	read_code(scene, NOTICE_HELD, &texts);
	assert_true(enter(scene, texts.id, texts.code, &result));
	assert_int_equal(find_guest(scene, &result, actor), ST_OK);
}

/* --- in the notice ------------------------------------------------------ */

static void
only_notices_to_the_sender_carry_an_entry(void **state)
{
	struct scene *scene = *state;
	struct letter letter;
	uint8_t id[CASE_ID_BYTES];
	size_t carry = 0;
	size_t others = 0;

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	while (take_letter(scene, &letter)) {
		if (letter.job.audience == NOTICE_AUDIENCE_SENDER) {
			assert_int_equal(strlen(letter.job.entry_id), 16);
			assert_int_equal(strlen(letter.job.entry_code), 19);
			carry++;
		} else {
			assert_string_equal(letter.job.entry_id, "");
			assert_string_equal(letter.job.entry_code, "");
			others++;
		}
		finish_letter(scene, &letter, 250);
	}
	assert_int_equal(carry, 1);
	assert_int_equal(others, 2);
}

static void
a_notice_that_is_sent_again_has_the_same_code_until_it_is_sent(void **state)
{
	struct scene *scene = *state;
	struct entry_texts first = { .id = "" };
	struct entry_texts second = { .id = "" };
	struct entry_texts gone = { .id = "" };
	struct entry_result result = { .entered = false };
	struct letter letter;
	struct err err = { .st = ST_OK };
	uint64_t job_id = 0;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	while (take_letter(scene, &letter)) {
		if (letter.job.audience == NOTICE_AUDIENCE_SENDER) {
			job_id = letter.job.job_id;
			check_status(ST_OK,
				     entry_find_code(&scene->vault, job_id,
						     &first, &err),
				     &err);
		}
		finish_letter(scene, &letter, 451);
	}
	scene->vault.now_unix_ms += 3600 * 1000;
	read_code(scene, NOTICE_HELD, &second);
	assert_string_equal(second.code, first.code);
	assert_string_equal(second.id, first.id);
	check_status(ST_OK, entry_find_code(&scene->vault, job_id, &gone, &err),
		     &err);
	assert_string_equal(gone.id, "");
	assert_string_equal(gone.code, "");
	assert_true(enter(scene, first.id, first.code, &result));
}

/* --- coming in ---------------------------------------------------------- */

static void
a_code_works_once_however_it_is_typed(void **state)
{
	struct scene *scene = *state;
	struct entry_texts texts = { .id = "" };
	struct entry_result result = { .entered = false };
	char typed[VAULT_ENTRY_BYTES + 8] = " ";
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	read_code(scene, NOTICE_HELD, &texts);
	vault_lower(texts.code, typed + 1, sizeof(typed) - 1);
	typed[5] = ' ';
	assert_true(enter(scene, texts.id, typed, &result));
	assert_false(enter(scene, texts.id, texts.code, &result));
	assert_int_equal(scene_audit_count(scene, "entry", id), 1);
	assert_int_equal(scene_audit_count(scene, "entry-refused", id), 1);
}

static void
what_is_wrong_unknown_or_too_old_is_refused(void **state)
{
	struct scene *scene = *state;
	const int64_t life_ms = scene->config.vault.entry_life_s * 1000;
	struct entry_texts texts = { .id = "" };
	struct entry_result result = { .entered = false };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	read_code(scene, NOTICE_HELD, &texts);
	assert_false(enter(scene, "", "", &result));
	assert_false(enter(scene, "0000000000000000", texts.code, &result));
	assert_false(enter(scene, texts.id, "", &result));
	assert_false(enter(scene, texts.id, "0000-0000-0000-0000", &result));
	/* A code is of its entry only. */
	assert_false(enter(scene, texts.id, texts.id, &result));
	scene->vault.now_unix_ms += life_ms;
	assert_false(enter(scene, texts.id, texts.code, &result));
	scene->vault.now_unix_ms -= 3600 * 1000;
	assert_true(enter(scene, texts.id, texts.code, &result));
	assert_int_equal(scene_audit_count(scene, "entry-refused", NULL), 6);
}

static void
after_ten_wrong_codes_the_right_one_is_dead(void **state)
{
	struct scene *scene = *state;
	struct entry_texts texts[2] = { { .id = "" }, { .id = "" } };
	struct entry_result result = { .entered = false };
	uint8_t ids[2][CASE_ID_BYTES];

	for (uint8_t i = 0; i < 2; i++) {
		scene_hold(scene, &(struct mail){ .content = i }, ids[i]);
		read_code(scene, NOTICE_HELD, &texts[i]);
	}
	for (size_t i = 0; i < ENTRY_MAX_TRIES - 1; i++)
		assert_false(enter(scene, texts[0].id, "wrong", &result));
	assert_true(enter(scene, texts[0].id, texts[0].code, &result));
	for (size_t i = 0; i < ENTRY_MAX_TRIES; i++)
		assert_false(enter(scene, texts[1].id, "wrong", &result));
	assert_false(enter(scene, texts[1].id, texts[1].code, &result));
}

/* --- the guest ---------------------------------------------------------- */

static void
a_guest_is_the_sender_of_one_case(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_list list = { .filter = CASE_FILTER_ALL, .search = "" };
	struct vault_list_answer lines = { .line_count = 0 };
	struct actor guest;
	uint8_t id[CASE_ID_BYTES];
	uint8_t other[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &(struct mail){ .content = 9 }, other);
	become_guest(scene, &(struct mail){ .content = 1 }, id, &guest);
	assert_true(guest.is_guest);
	assert_int_equal(guest.user.id, 0);
	assert_int_equal(guest.user.roles, VAULT_ROLE_SENDER);
	assert_string_equal(guest.user.login, ACCOUNT_GUEST);
	assert_string_equal(guest.user.addresses, "alice@example.co.jp");
	assert_memory_equal(guest.session.case_id, id, CASE_ID_BYTES);
	check_status(
		ST_OK,
		view_list(&scene->vault, &guest, &list, &lines, &arena, &err),
		&err);
	assert_int_equal(lines.line_count, 1);
	assert_int_equal(lines.total, 1);
	assert_memory_equal(lines.lines[0].case_id, id, CASE_ID_BYTES);
	actor_done(&guest);
}

static void
a_guest_cancels_and_the_log_has_no_address_in_clear(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_decide request = { .decision = CASE_DECISION_CANCEL,
					.purpose = "",
					.comment = "",
					.client_address = "192.0.2.7" };
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	struct vault_show show = { .actor = { { NULL, 0 } } };
	struct vault_case seen;
	struct actor guest;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	become_guest(scene, &(struct mail){ .content = 1 }, id, &guest);
	memcpy(show.case_id, id, sizeof(id));
	check_status(
		ST_OK,
		view_case(&scene->vault, &guest, &show, &seen, &arena, &err),
		&err);
	assert_true(seen.may_cancel);
	assert_false(seen.may_decide);
	memcpy(request.case_id, id, sizeof(id));
	memcpy(request.version, seen.version, sizeof(request.version));
	scene_do(scene, ST_OK,
		 decide(&scene->vault, &guest, &request, &answer, &err), &err);
	assert_int_equal(answer.state, CASE_STATE_CANCELLED);
	for (size_t i = 0; i < seen.event_count; i++) {
		assert_null(strchr(seen.events[i].actor, '@'));
		if (strcmp(seen.events[i].event, "entry") == 0)
			assert_string_equal(seen.events[i].actor,
					    ACCOUNT_GUEST);
	}
	actor_done(&guest);
}

static void
who_has_an_account_comes_in_with_a_guests_rights(void **state)
{
	struct scene *scene = *state;
	struct actor guest;
	uint8_t id[CASE_ID_BYTES];

	become_guest(scene,
		     &(struct mail){ .content = 1,
				     .sender = "bob@example.co.jp",
				     .login = "bob" },
		     id, &guest);
	assert_int_equal(guest.user.roles, VAULT_ROLE_SENDER);
	assert_string_equal(guest.user.groups, "");
	assert_int_equal(guest.user.id, 0);
	actor_done(&guest);
}

static void
a_guests_session_ends_like_any_other(void **state)
{
	struct scene *scene = *state;
	struct entry_texts texts = { .id = "" };
	struct entry_result result = { .entered = false };
	struct actor guest;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	read_code(scene, NOTICE_HELD, &texts);
	assert_true(enter(scene, texts.id, texts.code, &result));
	assert_int_equal(find_guest(scene, &result, &guest), ST_OK);
	scene_do(scene, ST_OK, account_logout(&scene->vault, &guest, &err),
		 &err);
	actor_done(&guest);
	assert_int_equal(find_guest(scene, &result, &guest), ST_DENIED);
	again(scene, texts.id);
	read_code(scene, NOTICE_ENTRY, &texts);
	assert_true(enter(scene, texts.id, texts.code, &result));
	scene->vault.now_unix_ms +=
		scene->config.vault.session_idle_s * 1000 + 1;
	assert_int_equal(find_guest(scene, &result, &guest), ST_DENIED);
}

/* --- once more ---------------------------------------------------------- */

/* How many mails with a new code wait. */
static size_t
count_letters(struct scene *scene, const char *address)
{
	struct letter letter;
	size_t count = 0;

	while (take_letter(scene, &letter)) {
		if (letter.job.event == NOTICE_ENTRY) {
			assert_int_equal(letter.job.recipient_count, 1);
			assert_string_equal(letter.job.recipients[0].address,
					    address);
			count++;
		}
		finish_letter(scene, &letter, 250);
	}
	return count;
}

static void
a_new_code_is_mailed_three_times_an_hour(void **state)
{
	struct scene *scene = *state;
	struct entry_texts texts = { .id = "" };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &(struct mail){ .content = 1 }, id);
	read_code(scene, NOTICE_HELD, &texts);
	for (size_t i = 0; i < ENTRY_MAX_AGAIN + 2; i++) {
		again(scene, texts.id);
		scene->vault.now_unix_ms += 1000;
	}
	assert_int_equal(count_letters(scene, "alice@example.co.jp"),
			 ENTRY_MAX_AGAIN);
	scene->vault.now_unix_ms += 3600 * 1000;
	again(scene, texts.id);
	assert_int_equal(count_letters(scene, "alice@example.co.jp"), 1);
	assert_int_equal(scene_audit_count(scene, "entry-again", id),
			 ENTRY_MAX_AGAIN + 3);
}

static void
nothing_is_mailed_for_what_is_no_entry(void **state)
{
	struct scene *scene = *state;

	again(scene, "");
	again(scene, "0000000000000000");
	again(scene, "' OR 1=1 --");
	assert_int_equal(count_letters(scene, ""), 0);
	assert_int_equal(scene_audit_count(scene, "entry-again", NULL), 3);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(only_notices_to_the_sender_carry_an_entry),
		test(a_notice_that_is_sent_again_has_the_same_code_until_it_is_sent),
		test(a_code_works_once_however_it_is_typed),
		test(what_is_wrong_unknown_or_too_old_is_refused),
		test(after_ten_wrong_codes_the_right_one_is_dead),
		test(a_guest_is_the_sender_of_one_case),
		test(a_guest_cancels_and_the_log_has_no_address_in_clear),
		test(who_has_an_account_comes_in_with_a_guests_rights),
		test(a_guests_session_ends_like_any_other),
		test(a_new_code_is_mailed_three_times_an_hour),
		test(nothing_is_mailed_for_what_is_no_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
