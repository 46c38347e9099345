/* Tests of link_take.h, in the order of its promises. */
#include "vault/case/link_take.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_events.h"

enum { PARALLEL = 1000 };

static const int64_t hour_ms = 3600 * 1000;
static const struct sent_terms once = { .often = false };
static const struct sent_terms thrice = { .downloads = 3 };
static const struct sent_terms often = { .often = true };

static enum status
fetch(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES], uint32_t file,
      struct sbuf *plain, const struct sent *sent)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	struct vault_link_fetch_answer answer = { .sealed_bytes = 0 };
	struct vault_link_take request = { .visit = visit_of(scene, claim),
					   .file = file };
	uint8_t *place = sbuf_extend(plain, 100);
	size_t len = 0;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	st = link_fetch(&scene->vault, &request, &answer, &arena, &fd, &err);
	if (st != ST_OK)
		return st;
	assert_int_equal(answer.wrapped.len_bytes, LINK_WRAPPED_BYTES);
	check_status(ST_OK,
		     link_reader_open(sent->file_key, fd, answer.sealed_bytes,
				      &reader, &err),
		     &err);
	check_status(ST_OK, link_reader_read(reader, 0, place, 100, &len, &err),
		     &err);
	sbuf_truncate(plain, len);
	/* Only for reading. */
	assert_int_equal(write(fd, "x", 1), -1);
	return ST_OK;
}

static void
what_was_taken_is_fetched_byte_for_byte(void **state)
{
	struct scene *scene = *state;
	AUTO(sbuf_done) struct sbuf plain;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&plain, 1000);
	sent_make(scene, &once, &sent);
	visit_begin(scene, &sent, 0, claim);
	assert_int_equal(fetch(scene, claim, 0, &plain, &sent), ST_END);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	sbuf_clear(&plain);
	assert_int_equal(fetch(scene, claim, 0, &plain, &sent), ST_OK);
	assert_true(span_equal(sbuf_span(&plain),
			       span_of("the first filethe other one")));
	sbuf_clear(&plain);
	assert_int_equal(fetch(scene, claim, 1, &plain, &sent), ST_END);
	assert_int_equal(fetch(scene, claim, LINK_ALL_FILES, &plain, &sent),
			 ST_END);
	check_status(ST_FORMAT, visit_take(scene, claim, 2, &err), &err);
	scene->vault.now_unix_ms += hour_ms;
	assert_int_equal(fetch(scene, claim, 0, &plain, &sent), ST_NOT_FOUND);
}

static void
nothing_is_taken_before_it_is_proved(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .needs_code = true }, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_FORMAT, visit_take(scene, claim, 0, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-taken", NULL), 0);
}

static void
of_a_thousand_visits_one_takes_a_file(void **state)
{
	static uint8_t claims[PARALLEL][LINK_CLAIM_BYTES];
	struct scene *scene = *state;
	struct sent sent;
	size_t winners = 0;
	struct err err = { .st = ST_OK };

	scene->config.portal.link_rate = 0;
	sent_make(scene, &once, &sent);
	for (size_t i = 0; i < PARALLEL; i++)
		visit_begin(scene, &sent, 0, claims[i]);
	for (size_t i = 0; i < PARALLEL; i++) {
		const enum status st = visit_take(scene, claims[i], 1, &err);

		assert_true(st == ST_OK || st == ST_END);
		winners += st == ST_OK;
	}
	assert_int_equal(winners, 1);
	/* The winner may do it again, all the others never. */
	check_status(ST_OK, visit_take(scene, claims[0], 1, &err), &err);
	check_status(ST_END, visit_take(scene, claims[1], LINK_ALL_FILES, &err),
		     &err);
	check_status(ST_OK, visit_take(scene, claims[1], 0, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-taken", NULL), 2);
}

static void
a_link_of_many_times_is_taken_by_everybody(void **state)
{
	struct scene *scene = *state;
	uint8_t claims[3][LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	for (size_t i = 0; i < 3; i++) {
		visit_begin(scene, &sent, 0, claims[i]);
		check_status(ST_OK,
			     visit_take(scene, claims[i], LINK_ALL_FILES, &err),
			     &err);
		check_status(ST_OK,
			     visit_sent(scene, claims[i], LINK_ALL_FILES, true,
					&err),
			     &err);
	}
	visit_begin(scene, &sent, 0, claims[0]);
}

/* One that ends by the last file of the last visit; going on is no take. */
static void
a_link_of_three_times_is_taken_in_three_visits(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claims[5][LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &thrice, &sent);
	for (size_t i = 0; i < 5; i++)
		visit_begin(scene, &sent, 0, claims[i]);
	for (size_t i = 0; i < 3; i++) {
		check_status(ST_OK, visit_take(scene, claims[i], 1, &err),
			     &err);
		check_status(ST_OK, visit_take(scene, claims[i], 1, &err),
			     &err);
		check_status(ST_OK, visit_sent(scene, claims[i], 1, true, &err),
			     &err);
		check_status(ST_OK, visit_sent(scene, claims[i], 1, true, &err),
			     &err);
	}
	check_status(ST_END, visit_take(scene, claims[3], 1, &err), &err);
	check_status(ST_END, visit_take(scene, claims[3], LINK_ALL_FILES, &err),
		     &err);
	for (size_t i = 2; i < 5; i++)
		check_status(ST_OK, visit_take(scene, claims[i], 0, &err),
			     &err);
	check_status(ST_OK, visit_take(scene, claims[2], LINK_ALL_FILES, &err),
		     &err);
	check_status(ST_OK, visit_sent(scene, claims[2], 0, true, &err), &err);
	check_status(ST_OK, visit_sent(scene, claims[3], 0, true, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	store_link_done(&row);
	check_status(ST_OK, visit_sent(scene, claims[4], 0, true, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_SPENT);
	check_status(ST_NOT_FOUND, visit_take(scene, claims[0], 0, &err), &err);
}

static void
a_page_shows_what_is_left_of_each_file(void **state)
{
	struct scene *scene = *state;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_view view;
	uint8_t claims[3][LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &thrice, &sent);
	for (size_t i = 0; i < 3; i++) {
		visit_begin(scene, &sent, 0, claims[i]);
		check_status(ST_OK, visit_take(scene, claims[i], 0, &err),
			     &err);
	}
	check_status(ST_OK,
		     visit_open(scene, &sent, 0, &visitor_usual, &visit, &err),
		     &err);
	check_status(
		ST_OK,
		link_visit_view(&scene->vault, &visit, &view, &arena, &err),
		&err);
	assert_int_equal(view.downloads, 3);
	assert_int_equal(view.open_files.ptr[0], 0);
	assert_int_equal(view.left_files.ptr[0], 0);
	assert_int_equal(view.open_files.ptr[1], 1);
	assert_int_equal(view.left_files.ptr[1], 3);
}

static void
taking_again_counts_nothing(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	for (int i = 0; i < 5; i++) {
		check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
		check_status(ST_OK, visit_sent(scene, claim, 0, false, &err),
			     &err);
		check_status(ST_OK, visit_sent(scene, claim, 0, true, &err),
			     &err);
	}
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.fetched, 1);
	assert_int_equal(scene_audit_count(scene, "link-taken", NULL), 1);
	assert_int_equal(scene_audit_count(scene, "link-fetched", NULL), 1);
	/* What was not taken cannot have been sent. */
	check_status(ST_OK, visit_sent(scene, claim, 1, true, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-fetched", NULL), 1);
}

static void
a_link_of_one_time_is_spent_with_its_last_file(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, LINK_ALL_FILES, &err),
		     &err);
	check_status(ST_OK, visit_sent(scene, claim, 1, true, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	store_link_done(&row);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_SPENT);
	assert_int_equal(row.wrapped.len_bytes, 0);
	assert_int_equal(row.fetched, 2);
	assert_int_equal(scene_audit_count(scene, "link-spent", sent.case_id),
			 1);
	check_status(ST_NOT_FOUND,
		     visit_open(scene, &sent, 0, &visitor_usual, &visit, &err),
		     &err);
	check_status(ST_NOT_FOUND, visit_take(scene, claim, 0, &err), &err);
}

static void
files_go_with_the_last_link(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	uint8_t blob_id[STORE_BLOB_ID_BYTES];
	uint8_t claim[LINK_CLAIM_BYTES];
	int fd = FD_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, sent.case_id,
					   &batch, &err),
		     &err);
	memcpy(blob_id, batch.files.id, sizeof(blob_id));
	store_link_batch_done(&batch);
	for (size_t i = 0; i < 2; i++) {
		check_status(ST_OK,
			     blob_open(scene->fixture->dir, blob_id, &fd, &err),
			     &err);
		fd_close(&fd);
		visit_begin(scene, &sent, i, claim);
		check_status(ST_OK,
			     visit_take(scene, claim, LINK_ALL_FILES, &err),
			     &err);
		check_status(
			ST_OK,
			visit_sent(scene, claim, LINK_ALL_FILES, true, &err),
			&err);
	}
	check_status(ST_NOT_FOUND,
		     blob_open(scene->fixture->dir, blob_id, &fd, &err), &err);
	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, sent.case_id,
					   &batch, &err),
		     &err);
	assert_int_equal(batch.manifest.len_bytes, 0);
	assert_int_equal(batch.ended_unix_ms, scene->vault.now_unix_ms);
	assert_int_equal(
		scene_audit_count(scene, "link-shredded", sent.case_id), 1);
}

/* --- receipts ----------------------------------------------------------- */

static void
check_receipt(struct scene *scene, const char *by, size_t files,
	      const char *first)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;

	assert_true(visit_notice(scene, NOTICE_LINK_RECEIPT, &job, &arena));
	assert_int_equal(job.audience, NOTICE_AUDIENCE_SENDER);
	assert_string_equal(job.recipients[0].address, "alice@example.co.jp");
	assert_string_equal(job.recipients_text, by);
	assert_int_equal(job.link.file_count, files);
	assert_string_equal(job.link.files[0].shown, first);
}

static void
a_receipt_tells_once_of_each_recipient_and_file(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;
	uint8_t claims[4][LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	for (size_t i = 0; i < 3; i++)
		visit_begin(scene, &sent, i, claims[i]);
	visit_begin(scene, &sent, 0, claims[3]);
	for (size_t i = 0; i < 4; i++)
		check_status(ST_OK,
			     visit_take(scene, claims[i], LINK_ALL_FILES, &err),
			     &err);
	check_status(ST_OK, visit_sent(scene, claims[0], 1, true, &err), &err);
	check_receipt(scene, SENT_FIRST, 1, "b.txt");
	check_status(ST_OK,
		     visit_sent(scene, claims[1], LINK_ALL_FILES, true, &err),
		     &err);
	check_receipt(scene, SENT_SECOND, 2, "名簿 ••••••.xlsx");
	/* The first one again, in another visit, and the other file. */
	check_status(ST_OK,
		     visit_sent(scene, claims[3], LINK_ALL_FILES, true, &err),
		     &err);
	check_receipt(scene, SENT_FIRST, 1, "名簿 ••••••.xlsx");
	check_status(ST_OK,
		     visit_sent(scene, claims[0], LINK_ALL_FILES, true, &err),
		     &err);
	/* And alice herself. */
	check_status(ST_OK,
		     visit_sent(scene, claims[2], LINK_ALL_FILES, true, &err),
		     &err);
	assert_false(visit_notice(scene, NOTICE_LINK_RECEIPT, &job, &arena));
}

static void
what_broke_off_is_on_record_with_its_bytes(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct link_events events = { .count = 0 };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_sent(scene, claim, 1, false, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-broken-off", NULL), 0);
	check_status(ST_OK, visit_take(scene, claim, LINK_ALL_FILES, &err),
		     &err);
	for (int i = 0; i < 30; i++)
		check_status(ST_OK, visit_sent(scene, claim, 1, false, &err),
			     &err);
	/* No flood of them. */
	assert_int_equal(scene_audit_count(scene, "link-broken-off", NULL), 20);
	check_status(ST_OK,
		     link_events_read(&scene->vault, sent.links[0].id,
				      (struct store_link_event_most){ 1, 0 },
				      arena, &events, &err),
		     &err);
	assert_string_equal(events.items[0].event, "broken-off");
	assert_non_null(strstr(events.items[0].file, " (5 bytes)"));
	/* What is there is there. */
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, false, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-broken-off", NULL), 20);
}

static void
a_slow_transfer_counts_after_its_visit(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	scene->vault.now_unix_ms += 2 * hour_ms;
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.fetched, 1);
	claim[0] ^= 1;
	check_status(ST_NOT_FOUND, visit_sent(scene, claim, 0, true, &err),
		     &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(what_was_taken_is_fetched_byte_for_byte),
		SCENE(nothing_is_taken_before_it_is_proved),
		SCENE(of_a_thousand_visits_one_takes_a_file),
		SCENE(a_link_of_many_times_is_taken_by_everybody),
		SCENE(a_link_of_three_times_is_taken_in_three_visits),
		SCENE(a_page_shows_what_is_left_of_each_file),
		SCENE(taking_again_counts_nothing),
		SCENE(a_link_of_one_time_is_spent_with_its_last_file),
		SCENE(files_go_with_the_last_link),
		SCENE(a_receipt_tells_once_of_each_recipient_and_file),
		SCENE(what_broke_off_is_on_record_with_its_bytes),
		SCENE(a_slow_transfer_counts_after_its_visit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
