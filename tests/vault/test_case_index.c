/* Tests of vault/case/case_index.h through view_list(): order, search, rights,
 * and that the index always says what the rows say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vault/case_harness.h"
#include "vault/case/case_index.h"
#include "vault/case/view.h"

enum { MANY = 24 };

struct page {
	struct vault_list_answer answer;
	struct wire_arena *arena;
};

static void
page_done(struct page *page)
{
	wire_arena_free(&page->arena);
}

static void
list(struct scene *scene, const char *login, const struct vault_list *request,
     struct page *page)
{
	struct vault_list whole = *request;
	struct actor actor;
	struct err err = { .st = ST_OK };

	if (whole.search == NULL)
		whole.search = "";
	if (whole.limit == 0)
		whole.limit = 100;
	*page = (struct page){ .arena = NULL };
	scene_actor(scene, login, &actor);
	check_status(ST_OK,
		     view_list(&scene->vault, &actor, &whole, &page->answer,
			       &page->arena, &err),
		     &err);
	actor_done(&actor);
}

/* Subjects of a list, one after another. */
static void
subjects(struct scene *scene, const char *login,
	 const struct vault_list *request, char *text, size_t text_bytes)
{
	struct page page;

	list(scene, login, request, &page);
	text[0] = '\0';
	for (size_t i = 0; i < page.answer.line_count; i++)
		(void)snprintf(text + strlen(text), text_bytes - strlen(text),
			       "%s ", page.answer.lines[i].subject);
	page_done(&page);
}

static void
hold_next(struct scene *scene, struct mail mail, uint8_t id[CASE_ID_BYTES])
{
	static uint8_t next;

	mail.content = ++next;
	scene_hold(scene, &mail, id);
	scene->vault.now_unix_ms += 1000;
}

static void
each_order_is_the_one_it_says(void **state)
{
	static const struct mail mails[] = {
		{ .subject = "e",
		  .level = REPORT_LEVEL_SUSPECT,
		  .sender = "c@example.co.jp" },
		{ .subject = "a", .sender = "Alice@example.co.jp" },
		{ .subject = "c", .unread = true, .sender = "b@example.co.jp" },
		{ .subject = "b", .sender = "d@example.co.jp" },
	};
	static const struct {
		enum case_sort sort;
		const char *want;
	} cases[] = {
		{ CASE_SORT_NONE, "a b e c " },
		{ CASE_SORT_URGENT, "a b e c " },
		{ CASE_SORT_OLDEST, "e a c b " },
		{ CASE_SORT_NEWEST, "b c a e " },
		{ CASE_SORT_DEADLINE, "e a c b " },
		{ CASE_SORT_SENDER, "a c e b " },
	};
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	char text[100];

	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		hold_next(scene, mails[i], id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct vault_list request = { .filter = CASE_FILTER_TODO,
						    .sort = cases[i].sort };

		subjects(scene, "bob", &request, text, sizeof(text));
		assert_string_equal(text, cases[i].want);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(mails); i++) {
		static const char *const want[] = { "a ", "b ", "e ", "c " };
		const struct vault_list one = { .filter = CASE_FILTER_TODO,
						.offset = i,
						.limit = 1 };

		subjects(scene, "bob", &one, text, sizeof(text));
		assert_string_equal(text, want[i]);
	}
}

static void
what_waits_comes_before_what_has_ended(void **state)
{
	struct scene *scene = *state;
	const struct vault_list request = { .filter = CASE_FILTER_ALL,
					    .sort = CASE_SORT_URGENT };
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	char text[100];

	hold_next(scene, (struct mail){ .subject = "ended" }, id);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	hold_next(scene,
		  (struct mail){ .subject = "waits",
				 .level = REPORT_LEVEL_SUSPECT },
		  id);
	subjects(scene, "bob", &request, text, sizeof(text));
	assert_string_equal(text, "waits ended ");
}

static void
all_words_of_a_search_are_found_in_any_case_and_width(void **state)
{
	static const struct {
		const char *search, *want;
	} cases[] = {
		{ "", "Invoice-1 支払調書 " },
		{ "invoice", "Invoice-1 " },
		{ "  INVOICE\t suzuki@ ", "Invoice-1 " },
		{ "ＩＮＶＯＩＣＥ　１", "Invoice-1 " },
		{ "支払", "支払調書 " },
		{ "payroll", "支払調書 " },
		{ "example.co.jp", "Invoice-1 支払調書 " },
		{ "invoice payroll", "" },
		{ "nowhere", "" },
	};
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	char id_text[CASE_ID_TEXT_BYTES];
	char text[100];

	hold_next(scene,
		  (struct mail){ .subject = "Invoice-1",
				 .to = { "suzuki@example.com" } },
		  id);
	case_id_format(id, id_text);
	hold_next(scene,
		  (struct mail){ .subject = "支払調書", .rule = "Payroll" },
		  id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct vault_list request = {
			.filter = CASE_FILTER_TODO,
			.sort = CASE_SORT_OLDEST,
			.search = cases[i].search,
		};

		subjects(scene, "bob", &request, text, sizeof(text));
		assert_string_equal(text, cases[i].want);
	}
	subjects(scene, "bob",
		 &(struct vault_list){ .filter = CASE_FILTER_TODO,
				       .search = id_text },
		 text, sizeof(text));
	assert_string_equal(text, "Invoice-1 ");
}

/* Whoever is not shown the words cannot find them out by searching. */
static void
operators_search_rule_and_id_only(void **state)
{
	static const struct {
		const char *search;
		uint32_t want;
	} cases[] = { { "", 1 },
		      { "numbers", 1 },
		      { "secret", 0 },
		      { "alice", 0 },
		      { "yamada", 0 } };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	hold_next(scene, (struct mail){ .subject = "secret" }, id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct vault_list request = { .filter = CASE_FILTER_ALL,
						    .search = cases[i].search };
		struct page page;

		list(scene, "root", &request, &page);
		assert_int_equal(page.answer.total, cases[i].want);
		assert_int_equal(page.answer.line_count, cases[i].want);
		page_done(&page);
	}
}

static void
a_line_tells_what_was_found_where(void **state)
{
	struct scene *scene = *state;
	const struct vault_list request = { .filter = CASE_FILTER_TODO,
					    .sort = CASE_SORT_OLDEST };
	struct page page;
	uint8_t id[CASE_ID_BYTES];

	hold_next(scene, (struct mail){ .subject = "x" }, id);
	hold_next(scene, (struct mail){ .unread = true }, id);
	list(scene, "bob", &request, &page);
	assert_int_equal(page.answer.line_count, 2);
	assert_string_equal(page.answer.lines[0].parts_text, "csv 3");
	assert_string_equal(page.answer.lines[1].parts_text, "csv ?");
	assert_false(page.answer.lines[0].commented);
	page_done(&page);
}

/* --- the index says what the rows say ---------------------------------- */

static void
same_lists(struct scene *scene, struct case_index *index, const char *login,
	   enum case_filter filter)
{
	const struct vault_list request = { .filter = filter,
					    .sort = CASE_SORT_OLDEST };
	struct case_index *before = scene->memory.index;
	struct page kept, fresh;

	scene->memory.index = index;
	list(scene, login, &request, &kept);
	scene->memory.index = NULL;
	list(scene, login, &request, &fresh);
	scene->memory.index = before;
	assert_int_equal(kept.answer.total, fresh.answer.total);
	assert_int_equal(kept.answer.line_count, fresh.answer.line_count);
	for (size_t i = 0; i < kept.answer.line_count; i++) {
		assert_memory_equal(kept.answer.lines[i].case_id,
				    fresh.answer.lines[i].case_id,
				    CASE_ID_BYTES);
		assert_int_equal(kept.answer.lines[i].state,
				 fresh.answer.lines[i].state);
	}
	page_done(&kept);
	page_done(&fresh);
}

static void
same_for_all(struct scene *scene, struct case_index *index)
{
	static const char *const logins[] = { "alice", "bob", "dave", "root" };

	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		for (int filter = CASE_FILTER_TODO; filter < CASE_FILTER_END;
		     filter++)
			same_lists(scene, index, logins[i],
				   (enum case_filter)filter);
}

/* One of the things that happen, by a number. */
static void
something_happens(struct scene *scene, unsigned what,
		  const uint8_t id[CASE_ID_BYTES])
{
	static const enum case_decision decisions[] = { CASE_DECISION_APPROVE,
							CASE_DECISION_RETURN,
							CASE_DECISION_CANCEL };
	struct vault_timers_answer timers = { .fired = 0 };
	struct job_taken taken = { .present = false };
	const struct reply reply = { "yamada@example.com", 250 };
	struct err err = { .st = ST_OK };

	switch (what % 4) {
	case 0:
		(void)scene_decide(scene, what % 3 == 2 ? "alice" : "bob", id,
				   decisions[what % 3], "why", &err);
		break;
	case 1:
		scene->vault.now_unix_ms += 20LL * 86400 * 1000;
		scene_do(scene, ST_OK, timers_run(&scene->vault, &timers, &err),
			 &err);
		break;
	case 2:
		if (scene_take(scene, JOB_KIND_RELEASE, &taken))
			(void)scene_finish(scene, &taken, &reply, 1, &err);
		job_taken_done(&taken);
		break;
	default:
		/* What is rolled back never was. */
		scene_begin(scene);
		store_rollback(scene->vault.store);
		break;
	}
}

static void
after_whatever_happens_the_index_says_what_the_rows_say(void **state)
{
	struct scene *scene = *state;
	AUTO(case_index_free) struct case_index *index = NULL;
	uint8_t ids[MANY][CASE_ID_BYTES];
	struct err err = { .st = ST_OK };
	unsigned chance = 20261122;

	check_status(ST_OK, case_index_new(INDEX_MAX_TEXT_BYTES, &index, &err),
		     &err);
	for (size_t i = 0; i < MANY; i++) {
		const struct mail mail = {
			.group = i % 5 == 0 ? "legal" : NULL,
			.sender = i % 3 == 0 ? "bob@example.co.jp" : NULL,
			.unconfirmed = i % 7 == 0,
		};

		hold_next(scene, mail, ids[i]);
		chance = chance * 1103515245 + 12345;
		something_happens(scene, chance >> 16,
				  ids[(chance >> 8) % (i + 1)]);
		same_for_all(scene, index);
	}
	/* And when all are forgotten. */
	scene->vault.now_unix_ms += 400LL * 86400 * 1000;
	for (int i = 0; i < 3; i++)
		something_happens(scene, 1, ids[0]);
	same_for_all(scene, index);
	assert_true(case_index_bytes(index) > 0);
}

static void
rolled_back_changes_are_never_seen(void **state)
{
	struct scene *scene = *state;
	AUTO(case_index_free) struct case_index *index = NULL;
	const struct case_change change = { .event = CASE_EVENT_CANCEL,
					    .actor = "x",
					    .via = "desk" };
	AUTO(record_done) struct record record;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	record_init(&record);
	hold_next(scene, (struct mail){ .subject = "x" }, id);
	check_status(ST_OK, case_index_new(INDEX_MAX_TEXT_BYTES, &index, &err),
		     &err);
	same_for_all(scene, index);
	check_status(ST_OK, record_read(&scene->vault, id, &record, &err),
		     &err);
	scene_begin(scene);
	check_status(ST_OK, case_change(&scene->vault, &record, &change, &err),
		     &err);
	store_rollback(scene->vault.store);
	same_for_all(scene, index);
	/* The row of the log that was rolled back had this number, too. */
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	same_for_all(scene, index);
}

static void
without_the_ring_it_forgets_everything(void **state)
{
	struct scene *scene = *state;
	AUTO(case_index_free) struct case_index *index = NULL;
	const struct key_ring *ring = scene->vault.ring;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };
	size_t empty_bytes = 0;

	hold_next(scene, (struct mail){ .subject = "x" }, id);
	check_status(ST_OK, case_index_new(INDEX_MAX_TEXT_BYTES, &index, &err),
		     &err);
	empty_bytes = case_index_bytes(index);
	check_status(ST_OK, case_index_sync(index, &scene->vault, &err), &err);
	assert_true(case_index_bytes(index) > empty_bytes);
	scene->vault.ring = NULL;
	check_status(ST_UNSUPPORTED,
		     case_index_sync(index, &scene->vault, &err), &err);
	assert_int_equal(case_index_bytes(index), empty_bytes);
	scene->vault.ring = ring;
	same_for_all(scene, index);
}

static void
a_new_alias_counts_at_once(void **state)
{
	static const char *const aliases[] = { "example.org=example.co.jp" };
	struct scene *scene = *state;
	AUTO(case_index_free) struct case_index *index = NULL;
	struct config other = scene->config;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	hold_next(scene, (struct mail){ .sender = "alice@example.org" }, id);
	check_status(ST_OK, case_index_new(INDEX_MAX_TEXT_BYTES, &index, &err),
		     &err);
	same_for_all(scene, index);
	other.general.domain_aliases = (struct config_list){ aliases, 1 };
	scene->vault.config = &other;
	same_for_all(scene, index);
	scene->vault.config = &scene->config;
	same_for_all(scene, index);
}

/* Beyond its room for words a search opens rows, and finds the same. */
static void
without_room_for_words_the_same_is_found(void **state)
{
	static const char *const searches[] = { "",    "invoice", "alice",
						"x y", "numbers", "nowhere" };
	static const char *const logins[] = { "bob", "root", "alice" };
	struct scene *scene = *state;
	AUTO(case_index_free) struct case_index *none = NULL;
	AUTO(case_index_free) struct case_index *some = NULL;
	struct case_index *all = scene->memory.index;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	check_status(ST_OK, case_index_new(0, &none, &err), &err);
	check_status(ST_OK, case_index_new(300, &some, &err), &err);
	for (int i = 0; i < 6; i++)
		hold_next(scene,
			  (struct mail){ .subject = i % 2 == 0 ? "Invoice X Y"
							       : "other" },
			  id);
	for (size_t i = 0; i < ARRAY_LEN(searches) * ARRAY_LEN(logins); i++) {
		const struct vault_list request = {
			.filter = CASE_FILTER_ALL,
			.search = searches[i % ARRAY_LEN(searches)],
		};
		const char *login = logins[i / ARRAY_LEN(searches)];
		struct case_index *const each[] = { all, some, none };
		uint32_t totals[3] = { 0 };

		for (size_t j = 0; j < 3; j++) {
			struct page page;

			scene->memory.index = each[j];
			list(scene, login, &request, &page);
			totals[j] = page.answer.total;
			page_done(&page);
		}
		assert_int_equal(totals[0], totals[1]);
		assert_int_equal(totals[0], totals[2]);
	}
	scene->memory.index = all;
	assert_true(case_index_bytes(none) < case_index_bytes(some));
	assert_true(case_index_bytes(some) < case_index_bytes(all));
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(each_order_is_the_one_it_says),
		test(what_waits_comes_before_what_has_ended),
		test(all_words_of_a_search_are_found_in_any_case_and_width),
		test(operators_search_rule_and_id_only),
		test(a_line_tells_what_was_found_where),
		test(after_whatever_happens_the_index_says_what_the_rows_say),
		test(rolled_back_changes_are_never_seen),
		test(without_the_ring_it_forgets_everything),
		test(a_new_alias_counts_at_once),
		test(without_room_for_words_the_same_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
