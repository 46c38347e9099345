/* Tests of vault/case/words_pool.h and words_between.h. */
#include "vault/case/words_pool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/harness/check.h"

enum { HOUR_MS = 3600 * 1000, START_MS = 1000 };

/* Mail from one sender to one recipient, and what was found for it. */
struct talk {
	struct case_sender senders[2];
	struct case_recipient recipients[2];
	struct words_between between;
	struct wire_arena *arena;
	const struct vault_word *words;
	size_t count;
};

static void
talk_init(struct talk *talk, const char *sender, const char *recipient)
{
	*talk = (struct talk){ .arena = wire_arena_new() };
	assert_non_null(talk->arena);
	talk->senders[0] = (struct case_sender){ CASE_SENDER_ENVELOPE, sender };
	talk->recipients[0] = (struct case_recipient){ recipient, "" };
	talk->between = (struct words_between){
		.rules = { .keep_ms = 24 * HOUR_MS,
			   .worked_keep_ms = 30LL * 24 * HOUR_MS,
			   .max_words = 1000,
			   .now_mono_ms = START_MS },
		.senders = talk->senders,
		.sender_count = 1,
		.recipients = talk->recipients,
		.recipient_count = 1,
	};
}

static void
talk_done(struct talk *talk)
{
	wire_arena_free(&talk->arena);
}

static size_t
say(struct words_pool *pool, struct talk *talk, const char *text, bool worked)
{
	const struct report_word word = { text, worked };
	struct err err = { .st = ST_OK };
	size_t added = 0;

	check_status(
		ST_OK,
		words_pool_add(pool, &talk->between, &word, 1, &added, &err),
		&err);
	return added;
}

static void
ask(struct words_pool *pool, struct talk *talk)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     words_pool_find(pool, &talk->between, talk->arena,
				     &talk->words, &talk->count, &err),
		     &err);
	assert(talk->words != NULL);
}

/* What is found between the two now. */
static size_t
asked(struct words_pool *pool, const char *sender, const char *recipient,
      int64_t now_mono_ms)
{
	AUTO(talk_done) struct talk talk;

	talk_init(&talk, sender, recipient);
	talk.between.rules.now_mono_ms = now_mono_ms;
	ask(pool, &talk);
	return talk.count;
}

static struct words_pool *
pool_new(void)
{
	struct words_pool *pool = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_pool_new(&pool, &err), &err);
	return pool;
}

static void
a_word_is_found_between_the_same_two_only(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	assert_int_equal(say(pool, &talk, "Kp7#mQ2x", false), 1);
	ask(pool, &talk);
	assert_int_equal(talk.count, 1);
	assert_string_equal(talk.words[0].text, "Kp7#mQ2x");
	assert_int_equal(talk.words[0].source, REPORT_WORD_SOURCE_RELATED);
	/* The same two, written otherwise. */
	assert_int_equal(asked(pool, "<Alice@Example.co.jp>",
			       "\"b\"@example.com.", START_MS),
			 1);
	assert_int_equal(
		asked(pool, "alice+x@example.co.jp", "B@example.com", START_MS),
		1);
	/* Somebody else at either end, and the other way round. */
	assert_int_equal(
		asked(pool, "bob@example.co.jp", "b@example.com", START_MS), 0);
	assert_int_equal(
		asked(pool, "alice@example.co.jp", "c@example.com", START_MS),
		0);
	assert_int_equal(
		asked(pool, "b@example.com", "alice@example.co.jp", START_MS),
		0);
	assert_int_equal(asked(pool, "", "b@example.com", START_MS), 0);
}

/* From is what its writer likes. */
static void
only_the_envelopes_sender_counts(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "office@example.co.jp", "b@example.com");
	talk.senders[1] = (struct case_sender){ CASE_SENDER_HEADER,
						"alice@example.co.jp" };
	talk.recipients[1] = (struct case_recipient){ "c@example.com", "" };
	talk.between.sender_count = 2;
	talk.between.recipient_count = 2;
	assert_int_equal(say(pool, &talk, "word-of-the-office", false), 2);
	assert_int_equal(
		asked(pool, "alice@example.co.jp", "c@example.com", START_MS),
		0);
	/* The same one, for somebody else. */
	assert_int_equal(
		asked(pool, "office@example.co.jp", "c@example.com", START_MS),
		1);
	/* Nor are words taken. */
	talk.between.sender_count = 1;
	talk.senders[0] = (struct case_sender){ CASE_SENDER_ENVELOPE,
						"alice@example.co.jp" };
	assert_int_equal(say(pool, &talk, "word-of-alice", false), 2);
	talk.senders[0].address = "bob@example.co.jp";
	talk.between.sender_count = 2;
	ask(pool, &talk);
	assert_int_equal(talk.count, 0);
	/* A bounce, and a login. */
	talk.senders[0].address = "";
	assert_int_equal(say(pool, &talk, "word-of-nobody", false), 0);
	talk.senders[0] = (struct case_sender){ CASE_SENDER_LOGIN, "dave" };
	talk.between.sender_count = 1;
	assert_int_equal(say(pool, &talk, "word-of-a-login", false), 0);
	assert_int_equal(asked(pool, "dave", "b@example.com", START_MS), 0);
}

static void
words_that_worked_come_behind_and_live_longer(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	(void)say(pool, &talk, "opened-once", true);
	(void)say(pool, &talk, "first", false);
	(void)say(pool, &talk, "second", false);
	/* In both classes: tried once, where it comes first. */
	(void)say(pool, &talk, "second", true);
	ask(pool, &talk);
	assert_int_equal(talk.count, 3);
	assert_string_equal(talk.words[0].text, "second");
	assert_int_equal(talk.words[0].source, REPORT_WORD_SOURCE_RELATED);
	assert_string_equal(talk.words[1].text, "first");
	assert_string_equal(talk.words[2].text, "opened-once");
	assert_int_equal(talk.words[2].source, REPORT_WORD_SOURCE_BEFORE);
	talk.between.rules.now_mono_ms = START_MS + 24 * HOUR_MS - 1;
	ask(pool, &talk);
	assert_int_equal(talk.count, 3);
	talk.between.rules.now_mono_ms = START_MS + 24 * HOUR_MS;
	ask(pool, &talk);
	assert_int_equal(talk.count, 2);
	assert_int_equal(talk.words[0].source, REPORT_WORD_SOURCE_BEFORE);
	talk.between.rules.now_mono_ms = START_MS + 30LL * 24 * HOUR_MS;
	ask(pool, &talk);
	assert_int_equal(talk.count, 0);
	assert_int_equal(words_pool_count(pool), 0);
}

static void
a_word_that_comes_again_is_young_again(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	(void)say(pool, &talk, "again", false);
	(void)say(pool, &talk, "once", false);
	talk.between.rules.now_mono_ms += 20 * HOUR_MS;
	assert_int_equal(say(pool, &talk, "again", false), 0);
	assert_int_equal(words_pool_count(pool), 2);
	talk.between.rules.now_mono_ms += 10 * HOUR_MS;
	ask(pool, &talk);
	assert_int_equal(talk.count, 1);
	assert_string_equal(talk.words[0].text, "again");
}

static void
what_the_settings_turn_off_is_neither_kept_nor_left(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	(void)say(pool, &talk, "before-the-reload", false);
	(void)say(pool, &talk, "opened-before", true);
	talk.between.rules.keep_ms = 0;
	assert_int_equal(say(pool, &talk, "after-it", false), 0);
	ask(pool, &talk);
	assert_int_equal(talk.count, 1);
	assert_string_equal(talk.words[0].text, "opened-before");
	talk.between.rules.worked_keep_ms = 0;
	words_pool_expire(pool, &talk.between.rules);
	assert_int_equal(words_pool_count(pool), 0);
}

static void
number_is_bounded_and_the_oldest_go(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;
	char text[32];
	char sender[64];

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	talk.between.rules.max_words = 100;
	(void)say(pool, &talk, "worked", true);
	for (int i = 0; i < WORDS_MAX_OF_PAIR + 1; i++) {
		(void)snprintf(text, sizeof(text), "word-%d", i);
		(void)say(pool, &talk, text, false);
	}
	ask(pool, &talk);
	assert_int_equal(talk.count, WORDS_MAX_OF_PAIR + 1);
	assert_string_equal(talk.words[WORDS_MAX_OF_PAIR - 1].text, "word-1");
	for (int i = 0; i < 100; i++) {
		(void)snprintf(sender, sizeof(sender), "s%d@example.com", i);
		talk.senders[0].address = sender;
		(void)say(pool, &talk, "other", false);
		assert_true(words_pool_count(pool) <= 100);
	}
	/* What may open something goes before what did, and the words of who
	 * has most before those of others. */
	assert_true(asked(pool, "alice@example.co.jp", "b@example.com",
			  START_MS) <= 3);
	talk.senders[0].address = "alice@example.co.jp";
	ask(pool, &talk);
	assert_string_equal(talk.words[talk.count - 1].text, "worked");
	assert_int_equal(
		asked(pool, "s99@example.com", "b@example.com", START_MS), 1);
	assert_int_equal(words_pool_due(pool, START_MS + 99, 100), 0);
	assert_int_equal(words_pool_due(pool, START_MS + 100, 100), 66);
	words_pool_recorded(pool, 60);
	assert_int_equal(words_pool_due(pool, START_MS + 100, 100), 6);
}

/* A mail of many words for many people. */
struct bulk {
	struct report_word words[REPORT_MAX_WORDS];
	char texts[REPORT_MAX_WORDS][16];
	struct case_recipient many[WORDS_MAX_RECIPIENTS + 50];
	char addresses[WORDS_MAX_RECIPIENTS + 50][32];
};

/* How many were kept. */
static size_t
say_to_many(struct words_pool *pool, const char *sender, size_t recipients,
	    int serial)
{
	AUTO(talk_done) struct talk talk;
	struct bulk bulk;
	struct err err = { .st = ST_OK };
	size_t added = 0;

	talk_init(&talk, sender, "b@example.com");
	for (size_t i = 0; i < ARRAY_LEN(bulk.many); i++) {
		(void)snprintf(bulk.addresses[i], sizeof(bulk.addresses[i]),
			       "r%zu@example.com", i);
		bulk.many[i] = (struct case_recipient){ bulk.addresses[i], "" };
	}
	for (size_t i = 0; i < ARRAY_LEN(bulk.words); i++) {
		(void)snprintf(bulk.texts[i], sizeof(bulk.texts[i]), "w%zu-%d",
			       i, serial);
		bulk.words[i] = (struct report_word){ bulk.texts[i], false };
	}
	talk.between.recipients = bulk.many;
	talk.between.recipient_count = recipients;
	check_status(ST_OK,
		     words_pool_add(pool, &talk.between, bulk.words,
				    ARRAY_LEN(bulk.words), &added, &err),
		     &err);
	return added;
}

/* The words of many, each to one. */
static void
say_of_many(struct words_pool *pool, int count)
{
	AUTO(talk_done) struct talk talk;
	char sender[64];

	talk_init(&talk, sender, "b@example.com");
	for (int i = 0; i < count; i++) {
		(void)snprintf(sender, sizeof(sender), "s%d@example.com", i);
		(void)say(pool, &talk, "of-one", false);
		(void)say(pool, &talk, "another", false);
	}
}

static size_t
words_of_many(struct words_pool *pool, int count)
{
	char sender[64];
	size_t found = 0;

	for (int i = 0; i < count; i++) {
		(void)snprintf(sender, sizeof(sender), "s%d@example.com", i);
		found += asked(pool, sender, "b@example.com", START_MS);
	}
	return found;
}

static void
mails_to_many_leave_the_words_of_others(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();

	(void)state;
	say_of_many(pool, 100);
	/* 190 recipients, and 32 words each. */
	for (int i = 0; i < 3; i++)
		(void)say_to_many(pool, "bulk@example.co.jp", 190, i);
	assert_int_equal(words_of_many(pool, 100), 200);
	/* However many they are: then they push out each other's. */
	for (int i = 3; i < 60; i++)
		(void)say_to_many(pool, "bulk@example.co.jp", 190, i);
	assert_int_equal(words_pool_count(pool), 1000);
	assert_int_equal(words_of_many(pool, 100), 200);
}

static void
one_mail_gets_a_small_part_of_the_room(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	/* To one: all of them. */
	assert_int_equal(say_to_many(pool, "alice@example.co.jp", 1, 0),
			 REPORT_MAX_WORDS);
	/* To many: the first ones, which are the likeliest. */
	assert_int_equal(say_to_many(pool, "bob@example.co.jp", 20, 0), 60);
	talk_init(&talk, "bob@example.co.jp", "r19@example.com");
	ask(pool, &talk);
	assert_int_equal(talk.count, 3);
	assert_string_equal(talk.words[0].text, "w0-0");
	assert_string_equal(talk.words[2].text, "w2-0");
	assert_int_equal(say_to_many(pool, "carol@example.co.jp", 250, 0), 64);
	/* Nobody tells 250 people a password. */
	assert_int_equal(asked(pool, "carol@example.co.jp", "r249@example.com",
			       START_MS),
			 0);
}

static void
an_administrator_can_have_all_forgotten(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	assert_int_equal(words_pool_forget(pool), 0);
	(void)say(pool, &talk, "one", false);
	(void)say(pool, &talk, "two", true);
	assert_int_equal(words_pool_forget(pool), 2);
	assert_int_equal(
		asked(pool, "alice@example.co.jp", "b@example.com", START_MS),
		0);
	assert_int_equal(say(pool, &talk, "three", false), 1);
}

/* "from-to rights …": the first line of a mapping; false: another line. */
static bool
mapping_of(const char *line, uintptr_t *from_out, uintptr_t *to_out)
{
	char *end = NULL;

	*from_out = strtoul(line, &end, 16);
	if (end == line || *end != '-')
		return false;
	line = end + 1;
	*to_out = strtoul(line, &end, 16);
	return end != line && *end == ' ';
}

/* Is the mapping that holds text locked, and in no core file? */
static bool
mapping_is_locked(const char *text)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	char line[512];
	uintptr_t from = 0;
	uintptr_t to = 0;
	bool here = false;
	bool locked = false;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (mapping_of(line, &from, &to))
			here = (uintptr_t)text >= from && (uintptr_t)text < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			locked = strstr(line, " lo") != NULL &&
				 strstr(line, " dd") != NULL;
	}
	(void)fclose(maps);
	return locked;
}

/* A text in memory without a name, which is none of the test's own. */
static const char *
find_in_nameless_pages(const char *text)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	const char *found = NULL;

	assert_non_null(maps);
	while (found == NULL && fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t from = 0;
		uintptr_t to = 0;

		if (mapping_of(line, &from, &to) &&
		    strstr(line, " rw-p ") != NULL &&
		    strchr(line, '/') == NULL && strchr(line, '[') == NULL)
			found = memmem((const void *)from, to - from, text,
				       strlen(text));
	}
	(void)fclose(maps);
	return found;
}

#ifdef SEKIMORI_SANITIZED
__attribute__((unused))
#endif
static void
words_lie_in_locked_pages_and_are_wiped(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = NULL;
	AUTO(talk_done) struct talk talk;
	char text[40] = "";
	const char *place = NULL;

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* there mlock() does nothing, and shadows have no names */
#endif
	pool = pool_new();
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	/* Put together here, so that it stands nowhere else in this program. */
	(void)snprintf(text, sizeof(text), "%s-%d-%s", "Zq", 918273, "wipe");
	(void)say(pool, &talk, text, false);
	place = find_in_nameless_pages(text);
	assert_non_null(place);
	assert_true(mapping_is_locked(place));
	talk.between.rules.now_mono_ms += 24 * HOUR_MS;
	words_pool_expire(pool, &talk.between.rules);
	assert_int_equal(place[0], 0);
	assert_int_equal(place[strlen(text) - 1], 0);
}

static void
what_cannot_be_locked_is_not_kept(void **state)
{
	AUTO(words_pool_free) struct words_pool *pool = pool_new();
	AUTO(talk_done) struct talk talk;
	const struct report_word word = { "unlockable", false };
	struct rlimit before;
	struct rlimit none;
	struct err err = { .st = ST_OK };
	size_t added = 9;
	enum status st = ST_OK;

	(void)state;
	talk_init(&talk, "alice@example.co.jp", "b@example.com");
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	st = words_pool_add(pool, &talk.between, &word, 1, &added, &err);
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
	/* Root may lock what it likes. */
	if (st == ST_OK)
		return;
	check_status(ST_LIMIT, st, &err);
	assert_non_null(strstr(err.text, "LimitMEMLOCK"));
	assert_int_equal(added, 0);
	assert_int_equal(words_pool_count(pool), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_found_between_the_same_two_only),
		cmocka_unit_test(only_the_envelopes_sender_counts),
		cmocka_unit_test(words_that_worked_come_behind_and_live_longer),
		cmocka_unit_test(a_word_that_comes_again_is_young_again),
		cmocka_unit_test(
			what_the_settings_turn_off_is_neither_kept_nor_left),
		cmocka_unit_test(number_is_bounded_and_the_oldest_go),
		cmocka_unit_test(mails_to_many_leave_the_words_of_others),
		cmocka_unit_test(one_mail_gets_a_small_part_of_the_room),
		cmocka_unit_test(an_administrator_can_have_all_forgotten),
#ifndef SEKIMORI_SANITIZED /* it looks at all memory, which has holes there */
		cmocka_unit_test(words_lie_in_locked_pages_and_are_wiped),
#endif
		cmocka_unit_test(what_cannot_be_locked_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
