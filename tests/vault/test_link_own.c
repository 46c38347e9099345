/* Tests of link_own.h and of what an older copy of the store opens. */
#include "vault/case/link_own.h"
#include "vault/case/link_people.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/faulty.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_end.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"

static const int64_t day_ms = 24 * 3600 * 1000;
static const struct sent_terms often = { .often = true };

enum { SLOT_BYTES = 128, BOX_BYTES = 4096 };

/* Does the store that vault has open open it? */
static enum status
opens(const struct vault *vault, const struct sent *sent, size_t which,
      struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(sbuf_done) struct sbuf wrapped;

	sbuf_init_secret(&wrapped, BOX_BYTES);
	check_status(
		ST_OK,
		store_link_find(vault->store, sent->links[which].id, &row, err),
		err);
	return link_wrapped_open(vault, &row, &wrapped, err);
}

/* By its row alone: what a crash behind the commit leaves. */
static void
end_row(struct scene *scene, const struct sent *sent, size_t which,
	enum link_state state)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	const struct link_deed deed = { .event = "revoked",
					.actor = "alice",
					.via = "test",
					.address = SENT_FIRST };
	struct err err = { .st = ST_OK };

	sent_link(scene, sent, which, &row);
	scene_begin(scene);
	check_status(ST_OK, link_end(&scene->vault, &row, state, &deed, &err),
		     &err);
	check_status(ST_OK, store_commit(scene->vault.store, &err), &err);
}

static void
end_link(struct scene *scene, const struct sent *sent, size_t which,
	 enum link_state state)
{
	struct err err = { .st = ST_OK };

	end_row(scene, sent, which, state);
	assert_int_equal(scene->after.linked_count, 1);
	check_status(ST_OK,
		     link_own_end(&scene->vault, scene->after.linked[0],
				  LINK_OWN_ONCE, &err),
		     &err);
}

static void
path_of(const struct scene *scene, const struct sent *sent, char path[300])
{
	AUTO(sbuf_done) struct sbuf hex;

	sbuf_init(&hex, 100);
	format_hex(&hex, (struct span){ sent->case_id, CASE_ID_BYTES });
	(void)snprintf(path, 300, "%s/link-keys/%s", scene->fixture->dir,
		       sbuf_text(&hex));
}

/* Its bytes as they lie there; false: there is no file. */
static bool
slurp(const struct scene *scene, const struct sent *sent, struct sbuf *bytes)
{
	char path[300];
	struct err err = { .st = ST_OK };

	path_of(scene, sent, path);
	sbuf_clear(bytes);
	return fd_slurp_file(path, bytes, &err) == ST_OK;
}

static void
replace(const struct scene *scene, const struct sent *sent, struct span bytes)
{
	char path[300];
	struct err err = { .st = ST_OK };

	path_of(scene, sent, path);
	check_status(ST_OK, fd_replace_file(path, bytes, 0600, &err), &err);
}

static void
sweep(struct scene *scene)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK, link_own_sweep(&scene->vault, LINK_OWN_ONCE, &err),
		     &err);
}

/* --- what ends --------------------------------------------------------- */

/* The same machine, its keys, and rows of before the end. */
static void
an_older_store_opens_what_lives_and_nothing_that_ended(void **state)
{
	static const enum link_state ends[] = { LINK_STATE_REVOKED,
						LINK_STATE_SPENT,
						LINK_STATE_EXPIRED,
						LINK_STATE_FAILED };
	struct scene *scene = *state;
	AUTO(store_close) struct store *older = NULL;
	struct vault restored = scene->vault;
	struct sent sent[ARRAY_LEN(ends)];
	char path[200];
	char locator[220];
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		sent_make(scene, &often, &sent[i]);
	(void)snprintf(path, sizeof(path), "%s/older.db", scene->fixture->dir);
	(void)snprintf(locator, sizeof(locator), "sqlite:%s", path);
	check_status(ST_OK, store_copy(scene->vault.store, path, &err), &err);
	check_status(ST_OK,
		     store_open(locator, scene->fixture->dir, STORE_MODE_READ,
				&older, &err),
		     &err);
	restored.store = older;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		check_status(ST_OK, opens(&restored, &sent[i], 0, &err), &err);
		end_link(scene, &sent[i], 0, ends[i]);
		check_status(ST_NOT_FOUND, opens(&restored, &sent[i], 0, &err),
			     &err);
		check_status(ST_OK, opens(&restored, &sent[i], 1, &err), &err);
		check_status(ST_OK, opens(&scene->vault, &sent[i], 2, &err),
			     &err);
	}
}

static void
with_the_last_link_the_file_goes(void **state)
{
	static const uint8_t zeros[SLOT_BYTES];
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	assert_true(slurp(scene, &sent, &bytes));
	assert_int_equal(bytes.len_bytes, SENT_LINKS * SLOT_BYTES);
	end_link(scene, &sent, 1, LINK_STATE_REVOKED);
	assert_true(slurp(scene, &sent, &bytes));
	assert_memory_equal(bytes.bytes + SLOT_BYTES, zeros, SLOT_BYTES);
	assert_memory_equal(bytes.bytes, sent.links[0].id, LINK_ID_BYTES);
	/* With the last recipient's the sender's ends, too. */
	end_link(scene, &sent, 0, LINK_STATE_SPENT);
	assert_false(slurp(scene, &sent, &bytes));
}

static void
only_the_vault_may_read_them(void **state)
{
	struct scene *scene = *state;
	struct stat info;
	struct sent sent;
	char path[300];

	sent_make(scene, &often, &sent);
	path_of(scene, &sent, path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	*strrchr(path, '/') = '\0';
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
}

/* One of the time before own keys: boxed once. */
static void
a_link_without_a_key_of_its_own_lives_on(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t inner[LINK_WRAPPED_BYTES] = { 1, 2, 3 };
	uint8_t week_key[SEAL_KEY_BYTES];
	struct sbuf boxed;
	struct sbuf moved;
	struct sbuf opened;
	struct sent sent;
	char path[300];
	struct err err = { .st = ST_OK };

	sbuf_init(&boxed, BOX_BYTES);
	sbuf_init(&moved, BOX_BYTES);
	sbuf_init(&opened, BOX_BYTES);
	sent_make(scene, &often, &sent);
	sent_link(scene, &sent, 0, &row);
	check_status(ST_OK,
		     link_epochs_find(&scene->vault, row.week, week_key, &err),
		     &err);
	check_status(ST_OK,
		     box_close(week_key, "link-wrapped",
			       (struct span){ inner, sizeof(inner) }, &boxed,
			       &err),
		     &err);
	row.wrapped = sbuf_span(&boxed);
	check_status(ST_OK,
		     link_set_expiry(&scene->vault, &row,
				     row.expires_unix_ms + 14 * day_ms, &moved,
				     &err),
		     &err);
	check_status(ST_OK,
		     link_wrapped_open(&scene->vault, &row, &opened, &err),
		     &err);
	assert_int_equal(opened.len_bytes, sizeof(inner));
	assert_memory_equal(opened.bytes, inner, sizeof(inner));
	/* It had none to lose. */
	path_of(scene, &sent, path);
	assert_int_equal(unlink(path), 0);
	assert_false(link_own_is_lost(&scene->vault, &row));
	store_link_done(&row);
	sent_link(scene, &sent, 1, &row);
	assert_true(link_own_is_lost(&scene->vault, &row));
	sbuf_done(&boxed);
	sbuf_done(&moved);
	sbuf_done(&opened);
}

/* --- the sweep --------------------------------------------------------- */

static void
the_next_start_destroys_what_a_crash_left(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	char path[300];
	uint8_t key[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	end_row(scene, &sent, 0, LINK_STATE_REVOKED);
	check_status(ST_OK,
		     link_own_find(&scene->vault, sent.case_id,
				   sent.links[0].id, key, &err),
		     &err);
	path_of(scene, &sent, path);
	(void)snprintf(path + strlen(path), 10, ".new");
	check_status(ST_OK,
		     fd_replace_file(path, span_of("half of it"), 0600, &err),
		     &err);
	sweep(scene);
	check_status(ST_NOT_FOUND,
		     link_own_find(&scene->vault, sent.case_id,
				   sent.links[0].id, key, &err),
		     &err);
	check_status(ST_OK, opens(&scene->vault, &sent, 1, &err), &err);
	assert_int_equal(access(path, F_OK), -1);
	end_row(scene, &sent, 1, LINK_STATE_REVOKED);
	sweep(scene);
	assert_false(slurp(scene, &sent, &bytes));
	sweep(scene);
}

/* An older store was restored; who goes back to the newer finds them. */
static void
keys_of_links_that_no_row_knows_stay_while_such_links_may_live(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	scene_do(scene, ST_OK,
		 store_case_delete(scene->vault.store, sent.case_id, &err),
		 &err);
	scene->vault.now_unix_ms +=
		scene->config.portal.max_expiry_s * 1000 + 7 * day_ms;
	sweep(scene);
	assert_true(slurp(scene, &sent, &bytes));
	assert_int_equal(bytes.len_bytes, SENT_LINKS * SLOT_BYTES);
	scene->vault.now_unix_ms++;
	sweep(scene);
	assert_false(slurp(scene, &sent, &bytes));
}

/* The case was sealed anew after an older store was restored. */
static void
a_file_of_an_earlier_life_is_replaced(void **state)
{
	struct scene *scene = *state;
	const uint8_t case_id[CASE_ID_BYTES] = { 7 };
	const uint8_t ids[2][LINK_ID_BYTES] = { { 8 }, { 9 } };
	uint8_t key[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		AUTO(sbuf_done) struct sbuf slots;

		sbuf_init(&slots, BOX_BYTES);
		check_status(
			ST_OK,
			link_own_make(&scene->vault, ids[i], &slots, key, &err),
			&err);
		check_status(
			ST_OK,
			link_own_write(&scene->vault, case_id, &slots, &err),
			&err);
	}
	check_status(ST_NOT_FOUND,
		     link_own_find(&scene->vault, case_id, ids[0], key, &err),
		     &err);
	check_status(ST_OK,
		     link_own_find(&scene->vault, case_id, ids[1], key, &err),
		     &err);
}

static void
nothing_is_no_error(void **state)
{
	struct scene *scene = *state;
	const uint8_t id[LINK_ID_BYTES] = { 1 };
	uint8_t key[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	sweep(scene);
	check_status(ST_OK,
		     link_own_end(&scene->vault, id, LINK_OWN_ONCE, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     link_own_find(&scene->vault, id, id, key, &err), &err);
}

/* --- damage and disks -------------------------------------------------- */

static void
a_damaged_file_is_said_and_opens_nothing(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	assert_true(slurp(scene, &sent, &bytes));
	for (size_t i = 0; i < bytes.len_bytes; i++) {
		const size_t at = i % SLOT_BYTES;
		const size_t which = i / SLOT_BYTES;

		/* Its time is for the sweep alone, behind is nothing. */
		if (at >= SLOT_BYTES - 28 || (at >= 16 && at < 24))
			continue;
		bytes.bytes[i] ^= 1;
		replace(scene, &sent, sbuf_span(&bytes));
		check_status(at < LINK_ID_BYTES ? ST_NOT_FOUND : ST_IO,
			     opens(&scene->vault, &sent, which, &err), &err);
		bytes.bytes[i] ^= 1;
	}
	replace(scene, &sent, (struct span){ bytes.bytes, SLOT_BYTES + 5 });
	check_status(ST_IO, opens(&scene->vault, &sent, 0, &err), &err);
	assert_non_null(strstr(err.text, "is damaged; move it away"));
	/* Its links end all the same. */
	end_link(scene, &sent, 0, LINK_STATE_REVOKED);
}

/* Keys in each other's places. */
static void
a_key_is_that_of_its_link_alone(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	assert_true(slurp(scene, &sent, &bytes));
	memcpy(bytes.bytes, sent.links[1].id, LINK_ID_BYTES);
	memcpy(bytes.bytes + SLOT_BYTES, sent.links[0].id, LINK_ID_BYTES);
	replace(scene, &sent, sbuf_span(&bytes));
	check_status(ST_IO, opens(&scene->vault, &sent, 0, &err), &err);
	check_status(ST_IO, opens(&scene->vault, &sent, 1, &err), &err);
	check_status(ST_OK, opens(&scene->vault, &sent, 2, &err), &err);
}

static void
record_says(struct scene *scene, const struct sent *sent, const char *words)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct vault_link_record answer;
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, sent->case_id, CASE_ID_BYTES);
	memcpy(request.link_id, sent->links[0].id, LINK_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	check_status(ST_OK,
		     link_record(&scene->vault, &actor, &request, &answer,
				 &arena, &err),
		     &err);
	assert_non_null(strstr(answer.text, words));
	actor_done(&actor);
}

/* As after a restore: the row of before, and no key. */
static void
a_link_whose_key_is_lost_is_ended_at_the_start(void **state)
{
	static const uint8_t zeros[SLOT_BYTES];
	struct scene *scene = *state;
	struct vault_timers_answer answer = { .fired = 0 };
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	sent_make(scene, &often, &sent);
	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	store_link_done(&row);
	assert_true(slurp(scene, &sent, &bytes));
	memcpy(bytes.bytes, zeros, sizeof(zeros));
	replace(scene, &sent, sbuf_span(&bytes));
	scene->memory.links_looked = false;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_FAILED);
	assert_int_equal(row.wrapped.len_bytes, 0);
	assert_int_equal(scene_audit_count(scene, "link-key-lost", NULL), 1);
	record_says(scene, &sent, "\nwhy: its key was lost\n");
	store_link_done(&row);
	sent_link(scene, &sent, 1, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
}

/* It can be put back: what cannot be undone is not done. */
static void
without_any_keys_links_are_left_as_they_are(void **state)
{
	struct scene *scene = *state;
	struct vault_timers_answer answer = { .fired = 0 };
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	char path[300];
	char dir[300];
	char away[310];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	path_of(scene, &sent, path);
	(void)snprintf(dir, sizeof(dir), "%s/link-keys", scene->fixture->dir);
	(void)snprintf(away, sizeof(away), "%s.away", dir);
	assert_int_equal(rename(dir, away), 0);
	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	assert_int_equal(rename(away, dir), 0);
	assert_int_equal(access(path, R_OK), 0);
}

static void
without_room_there_are_no_keys_and_nothing_is_left(void **state)
{
	struct scene *scene = *state;
	const uint8_t case_id[CASE_ID_BYTES] = { 7 };
	const uint8_t link_id[LINK_ID_BYTES] = { 8 };
	AUTO(sbuf_done) struct sbuf slots;
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t found[SEAL_KEY_BYTES];
	unsigned int step = 0;
	enum status st = ST_IO;
	struct err err = { .st = ST_OK };

	sbuf_init(&slots, BOX_BYTES);
	check_status(ST_OK,
		     link_own_make(&scene->vault, link_id, &slots, key, &err),
		     &err);
	while (st != ST_OK) {
		faulty_arm(FAULTY_ALL, ++step, ENOSPC, 0);
		st = link_own_write(&scene->vault, case_id, &slots, &err);
		if (!faulty_hit())
			break;
		check_status(ST_IO, st, &err);
		assert_int_not_equal(err.text[0], '\0');
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
	check_status(ST_OK, st, &err);
	assert_true(step > 3);
	check_status(
		ST_OK,
		link_own_find(&scene->vault, case_id, link_id, found, &err),
		&err);
	assert_memory_equal(found, key, sizeof(key));
}

/* Whatever failed is said, and made good by trying again. */
static void
an_end_that_failed_is_done_again(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BOX_BYTES);
	for (unsigned int step = 1;; step++) {
		enum status st = ST_OK;
		unsigned int calls = 0;

		sent_make(scene, &often, &sent);
		end_row(scene, &sent, 0, LINK_STATE_REVOKED);
		faulty_arm(FAULTY_ALL, step, EIO, 0);
		st = link_own_end(&scene->vault, sent.case_id, LINK_OWN_ONCE,
				  &err);
		if (!faulty_hit()) {
			assert_true(step > 2);
			break;
		}
		check_status(ST_IO, st, &err);
		/* Also what only seems to be on the disk. */
		faulty_arm(FAULTY_SYNC, 1000, EIO, 0);
		check_status(
			ST_OK,
			link_own_sweep(&scene->vault, LINK_OWN_AGAIN, &err),
			&err);
		calls = faulty_count();
		faulty_arm(FAULTY_NONE, 0, 0, 0);
		assert_true(calls > 0);
		check_status(ST_OK, opens(&scene->vault, &sent, 1, &err), &err);
		assert_true(slurp(scene, &sent, &bytes));
		assert_memory_not_equal(bytes.bytes, sent.links[0].id,
					LINK_ID_BYTES);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(an_older_store_opens_what_lives_and_nothing_that_ended),
		SCENE(with_the_last_link_the_file_goes),
		SCENE(only_the_vault_may_read_them),
		SCENE(a_link_without_a_key_of_its_own_lives_on),
		SCENE(the_next_start_destroys_what_a_crash_left),
		SCENE(keys_of_links_that_no_row_knows_stay_while_such_links_may_live),
		SCENE(a_file_of_an_earlier_life_is_replaced),
		SCENE(nothing_is_no_error),
		SCENE(a_damaged_file_is_said_and_opens_nothing),
		SCENE(a_key_is_that_of_its_link_alone),
		SCENE(a_link_whose_key_is_lost_is_ended_at_the_start),
		SCENE(without_any_keys_links_are_left_as_they_are),
		SCENE(without_room_there_are_no_keys_and_nothing_is_left),
		SCENE(an_end_that_failed_is_done_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
