/* Tests of vault/case/related.h: words of a mail, held mail of the same two. */
#include "vault/case/related.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/vault/case_harness.h"
#include "vault/case/unlock.h"
#include "vault/case/words_pool.h"

#define WORD "Kp7#mQ2x-4711"

static const struct mail archive = { .locks = { .closed = 1 }, .content = 1 };

/* A request and what came of it. */
struct talk {
	struct case_sender senders[2];
	struct case_recipient recipients[3];
	struct report_word word;
	struct vault_related request;
	struct related related;
	struct wire_arena *arena;
};

static void
talk_init(struct talk *talk, const char *sender, const char *recipient)
{
	*talk = (struct talk){ .arena = wire_arena_new() };
	assert_non_null(talk->arena);
	talk->senders[0] = (struct case_sender){ CASE_SENDER_ENVELOPE, sender };
	talk->recipients[0] = (struct case_recipient){ recipient, "" };
	talk->request = (struct vault_related){
		.senders = talk->senders,
		.sender_count = 1,
		.recipients = talk->recipients,
		.recipient_count = 1,
		.wait = true,
	};
}

static void
talk_done(struct talk *talk)
{
	wire_arena_free(&talk->arena);
}

/* As handle_RELATED() does. */
static void
talk_run(struct scene *scene, struct talk *talk)
{
	struct err err = { .st = ST_OK };

	scene->vault.now_unix_ms++;
	check_status(ST_OK,
		     related_words(&scene->memory, &scene->config,
				   &talk->request, talk->arena, &talk->related,
				   &err),
		     &err);
	if (talk->request.word_count > 0 && scene->vault.ring != NULL)
		scene_do(scene, ST_OK,
			 related_cases(&scene->vault, &talk->request,
				       talk->arena, &talk->related, &err),
			 &err);
}

static void
say(struct scene *scene, struct talk *talk, const char *text, bool worked)
{
	talk->word = (struct report_word){ text, worked };
	talk->request.words = &talk->word;
	talk->request.word_count = 1;
	talk_run(scene, talk);
}

/* How many words a locked mail between the two would get. */
static size_t
words_between(struct scene *scene, const char *sender, const char *recipient)
{
	AUTO(talk_done) struct talk talk;

	talk_init(&talk, sender, recipient);
	talk.request.locked = true;
	talk_run(scene, &talk);
	assert_int_equal(talk.related.answer.wait_count, 0);
	return talk.related.answer.word_count;
}

/* The words that come with the case's next job UNLOCK; SIZE_MAX: none. */
static size_t
words_of_next_try(struct scene *scene, const char **first_out,
		  struct wire_arena **arena_out)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct job_taken taken;
	struct vault_job job = { .present = false };
	struct err err = { .st = ST_OK };

	if (!scene_take(scene, JOB_KIND_UNLOCK, &taken))
		return SIZE_MAX;
	check_status(
		ST_OK,
		job_compose(&scene->vault, &taken, &job, arena_out, &fd, &err),
		&err);
	if (job.word_count > 0)
		*first_out = job.words[0].text;
	job_taken_done(&taken);
	return job.word_count;
}

static void
words_before_the_archive_are_there_when_it_comes(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;

	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.added, 1);
	assert_int_equal(talk.related.answer.word_count, 0);
	assert_int_equal(words_between(scene, "alice@example.co.jp",
				       "yamada@example.com"),
			 1);
	assert_int_equal(
		words_between(scene, "bob@example.co.jp", "yamada@example.com"),
		0);
	assert_int_equal(words_between(scene, "alice@example.co.jp",
				       "suzuki@example.com"),
			 0);
}

static void
words_after_the_archive_try_it_again(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	uint8_t id[CASE_ID_BYTES];
	const char *first = "";

	scene_hold(scene, &archive, id);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 1);
	assert_int_equal(words_of_next_try(scene, &first, &arena), 1);
	assert_string_equal(first, WORD);
	/* The same word once more brings nothing new. */
	say(scene, &talk, WORD, false);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 1);
}

static void
who_should_wait_is_told_with_the_terms_of_the_case(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	const struct vault_wait *wait = NULL;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &archive, id);
	talk_init(&talk, "<Alice@example.co.jp>", "suzuki@example.com");
	talk.recipients[1] =
		(struct case_recipient){ "Yamada+x@Example.com", "" };
	talk.request.recipient_count = 2;
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.answer.wait_count, 1);
	wait = &talk.related.answer.waits[0];
	assert_string_equal(wait->recipient, "Yamada+x@Example.com");
	assert_memory_equal(wait->case_id, id, CASE_ID_BYTES);
	assert_string_equal(wait->terms.rule, "numbers are held");
	assert_string_equal(wait->terms.approvers, "hr");
	assert_int_equal(wait->terms.expires_after_s, 7 * 86400);
}

static void
nobody_waits_when_there_is_no_reason(void **state)
{
	struct scene *scene = *state;
	const struct mail open = { .locks = { .opened = 1,
					      .source = REPORT_WORD_SOURCE_BODY,
					      .found = true },
				   .content = 2 };
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	AUTO(talk_done) struct talk talk;

	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	/* Nothing is held; then nothing that is locked. */
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.answer.wait_count, 0);
	scene_hold(scene, &open, id);
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.answer.wait_count, 0);
	/* A word that opened what came with it is no password of another. */
	scene_hold(scene, &archive, id);
	say(scene, &talk, WORD, true);
	assert_int_equal(talk.related.answer.wait_count, 0);
	/* The setting is off; but the archive is tried. */
	talk.request.wait = false;
	say(scene, &talk, "another", false);
	assert_int_equal(talk.related.answer.wait_count, 0);
	/* The hold itself, the word that had worked, the other one. */
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 3);
	talk.request.wait = true;
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "ok",
				  &err),
		     &err);
	say(scene, &talk, "too late", false);
	assert_int_equal(talk.related.answer.wait_count, 0);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 3);
}

static void
the_youngest_archive_is_the_one_it_waits_with(void **state)
{
	struct scene *scene = *state;
	struct mail second = archive;
	uint8_t older[CASE_ID_BYTES];
	uint8_t younger[CASE_ID_BYTES];
	AUTO(talk_done) struct talk talk;

	scene_hold(scene, &archive, older);
	scene->vault.now_unix_ms += 1000;
	second.content = 2;
	scene_hold(scene, &second, younger);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.answer.wait_count, 1);
	assert_memory_equal(talk.related.answer.waits[0].case_id, younger,
			    CASE_ID_BYTES);
	/* It may open both. */
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", older), 1);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", younger),
			 1);
}

static void
several_correspondents_at_once_do_not_mix(void **state)
{
	static const char *const senders[] = { "alice@example.co.jp",
					       "bob@example.co.jp",
					       "carol@example.co.jp" };
	static const char *const people[] = { "yamada@example.com",
					      "suzuki@example.com" };
	struct scene *scene = *state;
	uint8_t ids[3][2][CASE_ID_BYTES];

	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 2; j++) {
			const struct mail mail = {
				.sender = senders[i],
				.to = { people[j] },
				.locks = { .closed = 1 },
				.content = (uint8_t)(1 + i * 2 + j),
			};

			scene_hold(scene, &mail, ids[i][j]);
		}
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 2; j++) {
			AUTO(talk_done) struct talk talk;
			AUTO(wire_arena_free) struct wire_arena *arena = NULL;
			char word[32];
			const char *first = "";

			(void)snprintf(word, sizeof(word), "word-%zu-%zu", i,
				       j);
			talk_init(&talk, senders[i], people[j]);
			say(scene, &talk, word, false);
			assert_int_equal(talk.related.answer.wait_count, 1);
			assert_memory_equal(
				talk.related.answer.waits[0].case_id, ids[i][j],
				CASE_ID_BYTES);
			assert_int_equal(
				words_of_next_try(scene, &first, &arena), 1);
			assert_string_equal(first, word);
		}
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 2; j++)
			assert_int_equal(scene_audit_count(scene,
							   "unlock-ordered",
							   ids[i][j]),
					 1);
}

/* Somebody writes in the name of another, to the same recipient. */
static void
a_header_gives_no_words_and_takes_none(void **state)
{
	struct scene *scene = *state;
	const struct mail forged = { .sender = "bob@example.co.jp",
				     .from = "alice@example.co.jp",
				     .locks = { .closed = 1 },
				     .content = 2 };
	uint8_t of_alice[CASE_ID_BYTES];
	uint8_t of_bob[CASE_ID_BYTES];

	scene_hold(scene, &archive, of_alice);
	scene_hold(scene, &forged, of_bob);
	for (size_t i = 0; i < 2; i++) {
		const bool bob = i == 0;
		AUTO(talk_done) struct talk talk;

		talk_init(&talk,
			  bob ? "bob@example.co.jp" : "alice@example.co.jp",
			  "yamada@example.com");
		talk.senders[1] = (struct case_sender){ CASE_SENDER_HEADER,
							"alice@example.co.jp" };
		talk.request.sender_count = 2;
		say(scene, &talk, bob ? "word-of-bob" : WORD, false);
		assert_int_equal(talk.related.answer.wait_count, 1);
		assert_memory_equal(talk.related.answer.waits[0].case_id,
				    bob ? of_bob : of_alice, CASE_ID_BYTES);
		assert_int_equal(
			scene_audit_count(scene, "unlock-ordered", of_alice),
			!bob);
		assert_int_equal(
			scene_audit_count(scene, "unlock-ordered", of_bob), 1);
	}
	assert_int_equal(
		words_between(scene, "bob@example.co.jp", "yamada@example.com"),
		1);
	assert_int_equal(words_between(scene, "alice@example.co.jp",
				       "yamada@example.com"),
			 1);
}

/* The words came between the milter's question and the hold. */
static void
words_that_cross_the_hold_are_not_lost(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	uint8_t id[CASE_ID_BYTES];

	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	scene_hold(scene, &archive, id);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 1);
}

static void
a_locked_vault_keeps_words_and_tries_at_unlock(void **state)
{
	struct scene *scene = *state;
	struct key_ring *ring = scene->ring;
	AUTO(talk_done) struct talk talk;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene->vault.ring = NULL;
	scene_hold(scene, &archive, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_SEALED);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	assert_int_equal(talk.related.answer.wait_count, 0);
	scene->vault.ring = ring;
	scene_do(scene, ST_OK, intake_unseal(&scene->vault, id, &err), &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(scene_audit_count(scene, "unlock-ordered", id), 1);
}

static void
a_restarted_vault_has_no_words_and_works(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	uint8_t id[CASE_ID_BYTES];
	const char *first = "";
	struct err err = { .st = ST_OK };

	scene_hold(scene, &archive, id);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	vault_memory_done(&scene->memory);
	check_status(ST_OK, vault_memory_init(&scene->memory, &err), &err);
	/* The job that was ordered is done without. */
	assert_int_equal(words_of_next_try(scene, &first, &arena), 0);
	assert_int_equal(words_between(scene, "alice@example.co.jp",
				       "yamada@example.com"),
			 0);
}

static void
what_opened_a_case_is_tried_on_the_next_mail(void **state)
{
	struct scene *scene = *state;
	const struct report_word worked = { WORD, true };
	AUTO(record_done) struct record record;
	AUTO(talk_done) struct talk talk;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	record_init(&record);
	scene_hold(scene, &archive, id);
	check_status(ST_OK, record_read(&scene->vault, id, &record, &err),
		     &err);
	related_keep_for_case(&scene->vault, &record, &worked, 1);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	talk.request.locked = true;
	talk_run(scene, &talk);
	assert_int_equal(talk.related.answer.word_count, 1);
	assert_int_equal(talk.related.answer.words[0].source,
			 REPORT_WORD_SOURCE_BEFORE);
}

static void
forgetting_is_on_record_with_a_number_only(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	uint64_t count = 0;
	struct err err = { .st = ST_OK };

	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	scene_do(scene, ST_OK,
		 related_forget(&scene->vault, "root", "cli", &count, &err),
		 &err);
	assert_int_equal(count, 1);
	assert_int_equal(scene_audit_count(scene, "words-forgotten", NULL), 1);
	assert_int_equal(words_between(scene, "alice@example.co.jp",
				       "yamada@example.com"),
			 0);
	/* Too old: one row for many, and none for none. */
	for (int i = 0; i < 3; i++) {
		char word[16];

		(void)snprintf(word, sizeof(word), "word-%d", i);
		say(scene, &talk, word, false);
	}
	scene->config.vault.words_keep_s = 0;
	scene_do(scene, ST_OK, related_note_dropped(&scene->vault, false, &err),
		 &err);
	assert_int_equal(scene_audit_count(scene, "words-dropped", NULL), 0);
	assert_int_equal(words_pool_count(scene->memory.words), 0);
	/* Not later than the vault stops. */
	scene_do(scene, ST_OK, related_note_dropped(&scene->vault, true, &err),
		 &err);
	assert_int_equal(scene_audit_count(scene, "words-dropped", NULL), 1);
	scene_do(scene, ST_OK, related_note_dropped(&scene->vault, true, &err),
		 &err);
	assert_int_equal(scene_audit_count(scene, "words-dropped", NULL), 1);
}

static bool
stands_in_file(int directory, const char *name, const char *text)
{
	AUTO(fd_close) int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	char *bytes = NULL;
	bool stands = false;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &facts), 0);
	if (!S_ISREG(facts.st_mode) || facts.st_size == 0)
		return false;
	bytes = malloc((size_t)facts.st_size);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, (size_t)facts.st_size), facts.st_size);
	stands = memmem(bytes, (size_t)facts.st_size, text, strlen(text)) !=
		 NULL;
	free(bytes);
	return stands;
}

/* In the rows or their log; blobs are never in clear. */
static bool
stands_in_store(const struct scene *scene, const char *text)
{
	DIR *directory = opendir(scene->fixture->dir);
	const struct dirent *entry = NULL;
	bool stands = false;

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		stands = stands ||
			 stands_in_file(dirfd(directory), entry->d_name, text);
	(void)closedir(directory);
	return stands;
}

static void
no_word_is_in_the_store(void **state)
{
	struct scene *scene = *state;
	AUTO(talk_done) struct talk talk;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct mail next = { .locks = { .closed = 1 }, .content = 3 };
	const char *first = "";
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &archive, id);
	talk_init(&talk, "alice@example.co.jp", "yamada@example.com");
	say(scene, &talk, WORD, false);
	say(scene, &talk, WORD "-worked", true);
	(void)words_of_next_try(scene, &first, &arena);
	scene_hold(scene, &next, id);
	assert_true(stands_in_store(scene, "unlock-ordered"));
	assert_false(stands_in_store(scene, WORD));
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE(words_before_the_archive_are_there_when_it_comes),
		SCENE(words_after_the_archive_try_it_again),
		SCENE(who_should_wait_is_told_with_the_terms_of_the_case),
		SCENE(nobody_waits_when_there_is_no_reason),
		SCENE(the_youngest_archive_is_the_one_it_waits_with),
		SCENE(several_correspondents_at_once_do_not_mix),
		SCENE(a_header_gives_no_words_and_takes_none),
		SCENE(words_that_cross_the_hold_are_not_lost),
		SCENE(a_locked_vault_keeps_words_and_tries_at_unlock),
		SCENE(a_restarted_vault_has_no_words_and_works),
		SCENE(what_opened_a_case_is_tried_on_the_next_mail),
		SCENE(forgetting_is_on_record_with_a_number_only),
		SCENE(no_word_is_in_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
