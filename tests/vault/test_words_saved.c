/* Tests of vault/case/words_saved.h: words over a restart, when that is set. */
#include "vault/case/words_saved.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/vault/case_harness.h"
#include "vault/case/related.h"

#define WORD "Kp7#mQ2x-saved"

enum { MINUTE_MS = 60 * 1000, START_MS = 1000 * MINUTE_MS };

static const struct case_sender sender = { CASE_SENDER_ENVELOPE,
					   "alice@example.co.jp" };
static const struct case_recipient recipient = { "b@example.com", "" };

static void
between_init(struct scene *scene, int64_t now_mono_ms,
	     struct words_between *between)
{
	words_between_init(between, &scene->config);
	between->rules.now_mono_ms = now_mono_ms;
	between->senders = &sender;
	between->sender_count = 1;
	between->recipients = &recipient;
	between->recipient_count = 1;
}

static void
say(struct scene *scene, const char *text, bool worked, int64_t now_mono_ms)
{
	const struct report_word word = { text, worked };
	struct words_between between;
	struct err err = { .st = ST_OK };
	size_t added = 0;

	between_init(scene, now_mono_ms, &between);
	check_status(ST_OK,
		     words_pool_add(scene->memory.words, &between, &word, 1,
				    &added, &err),
		     &err);
}

static size_t
ask(struct scene *scene, int64_t now_mono_ms)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct words_between between;
	const struct vault_word *words = NULL;
	struct err err = { .st = ST_OK };
	size_t count = 0;

	between_init(scene, now_mono_ms, &between);
	check_status(ST_OK,
		     words_pool_find(scene->memory.words, &between, arena,
				     &words, &count, &err),
		     &err);
	return count;
}

static void
path_of(const struct scene *scene, char path[300])
{
	(void)snprintf(path, 300, "%s/words", scene->fixture->dir);
}

static bool
is_there(const struct scene *scene)
{
	char path[300];

	path_of(scene, path);
	return access(path, F_OK) == 0;
}

static size_t
save(struct scene *scene, int64_t now_mono_ms)
{
	struct err err = { .st = ST_OK };
	size_t count = 99;

	check_status(
		ST_OK,
		words_saved_store(&scene->vault, now_mono_ms, &count, &err),
		&err);
	return count;
}

/* Another process, so much later. */
static void
restart(struct scene *scene, int64_t after_ms)
{
	struct err err = { .st = ST_OK };

	vault_memory_done(&scene->memory);
	check_status(ST_OK, vault_memory_init(&scene->memory, &err), &err);
	scene->vault.now_unix_ms += after_ms;
}

static void
words_come_back_as_old_as_they_are(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	size_t count = 0;

	scene->config.vault.words_survive = true;
	scene->config.vault.words_keep_s = 3600;
	say(scene, WORD, false, START_MS);
	say(scene, WORD "-2", true, START_MS);
	assert_int_equal(save(scene, START_MS + 10 * MINUTE_MS), 2);
	restart(scene, 20 * MINUTE_MS);
	/* The new process counts from another instant. */
	check_status(
		ST_OK,
		words_saved_load(&scene->vault, 500 * MINUTE_MS, &count, &err),
		&err);
	assert_int_equal(count, 2);
	assert_false(is_there(scene));
	assert_int_equal(ask(scene, 500 * MINUTE_MS), 2);
	assert_int_equal(ask(scene, 530 * MINUTE_MS - 1), 2);
	assert_int_equal(ask(scene, 530 * MINUTE_MS), 1);
}

static void
the_file_is_for_the_vault_alone_and_not_in_clear(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf bytes;
	struct stat facts;
	char path[300];
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, 1 << 20);
	scene->config.vault.words_survive = true;
	say(scene, WORD, false, START_MS);
	(void)save(scene, START_MS);
	path_of(scene, path);
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0777, 0600);
	check_status(ST_OK, fd_slurp_file(path, &bytes, &err), &err);
	assert_null(memmem(bytes.bytes, bytes.len_bytes, WORD, strlen(WORD)));
}

static void
without_the_setting_there_is_no_file_and_none_is_read(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	size_t count = 9;

	say(scene, WORD, false, START_MS);
	assert_int_equal(save(scene, START_MS), 0);
	assert_false(is_there(scene));
	scene->config.vault.words_survive = true;
	(void)save(scene, START_MS);
	assert_true(is_there(scene));
	scene->config.vault.words_survive = false;
	restart(scene, 0);
	check_status(ST_OK,
		     words_saved_load(&scene->vault, START_MS, &count, &err),
		     &err);
	assert_int_equal(count, 0);
	assert_false(is_there(scene));
}

static void
a_locked_vault_leaves_the_file_for_later(void **state)
{
	struct scene *scene = *state;
	struct key_ring *ring = scene->ring;
	struct err err = { .st = ST_OK };
	size_t count = 9;

	scene->config.vault.words_survive = true;
	say(scene, WORD, false, START_MS);
	(void)save(scene, START_MS);
	restart(scene, 0);
	scene->vault.ring = NULL;
	check_status(ST_UNSUPPORTED,
		     words_saved_load(&scene->vault, START_MS, &count, &err),
		     &err);
	assert_true(is_there(scene));
	assert_int_equal(save(scene, START_MS), 0);
	assert_true(is_there(scene));
	scene->vault.ring = ring;
	check_status(ST_OK,
		     words_saved_load(&scene->vault, START_MS, &count, &err),
		     &err);
	assert_int_equal(count, 1);
}

static void
what_is_forgotten_is_forgotten_in_the_file_too(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	uint64_t count = 9;

	scene->config.vault.words_survive = true;
	say(scene, WORD, false, START_MS);
	(void)save(scene, START_MS);
	scene_do(scene, ST_OK,
		 related_forget(&scene->vault, "root", "cli", &count, &err),
		 &err);
	assert_int_equal(count, 1);
	assert_false(is_there(scene));
}

static void
a_damaged_file_is_removed_and_tells_nothing(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	char path[300];
	size_t count = 9;

	scene->config.vault.words_survive = true;
	check_status(ST_OK,
		     words_saved_load(&scene->vault, START_MS, &count, &err),
		     &err);
	path_of(scene, path);
	check_status(ST_OK,
		     fd_replace_file(path,
				     (struct span){ (const uint8_t *)"odd", 3 },
				     0600, &err),
		     &err);
	assert_int_not_equal(
		words_saved_load(&scene->vault, START_MS, &count, &err), ST_OK);
	assert_int_equal(count, 0);
	assert_false(is_there(scene));
}

static void
words_that_came_meanwhile_are_not_mixed_with_old_ones(void **state)
{
	struct scene *scene = *state;
	struct err err = { .st = ST_OK };
	size_t count = 9;

	scene->config.vault.words_survive = true;
	say(scene, WORD, false, START_MS);
	(void)save(scene, START_MS);
	restart(scene, 0);
	say(scene, "new", false, START_MS);
	check_status(ST_END,
		     words_saved_load(&scene->vault, START_MS, &count, &err),
		     &err);
	assert_int_equal(ask(scene, START_MS), 1);
	assert_false(is_there(scene));
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE(words_come_back_as_old_as_they_are),
		SCENE(the_file_is_for_the_vault_alone_and_not_in_clear),
		SCENE(without_the_setting_there_is_no_file_and_none_is_read),
		SCENE(a_locked_vault_leaves_the_file_for_later),
		SCENE(what_is_forgotten_is_forgotten_in_the_file_too),
		SCENE(a_damaged_file_is_removed_and_tells_nothing),
		SCENE(words_that_came_meanwhile_are_not_mixed_with_old_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
