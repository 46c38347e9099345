/*
 * Who has the store, its log, its blobs, the keys of links and weeks and the
 * master key opens no file of a link once the links were sent: neither the file
 * key nor a secret is in any of them, boxed or not. What stands here looks for
 * both in everything that the ring, a link's or a week's key opens; before the
 * links are sent it finds them.
 */
#include <fts.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/link_harness.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"

/* What small columns may be boxed for. */
static const char *const contexts[] = {
	"recipient_box_table",
	"job_payload_table",
	"job_reason_table",
	"link-secret",
	"session_words_table",
	"entry_words_table",
	"factor_table",
	"link_words_table",
	"link_batch_words_table",
	"link_event_words_table",
	"link_ask_words_table",
	"self_test_row_table",
	"export_reason_table",
	"link_claim_words_table",
	"case_summary_table",
	"case_unlock_table",
	"case_ruling_table",
	"audit secret",
	"link-epochs",
};

enum { MAX_NEEDLES = 8, WEEKS = 4, OWN_KEYS = 8, SLOT_BYTES = 128 };

/* Bytes that must be nowhere. */
struct search {
	struct scene *scene;
	struct {
		char bytes[LINK_CODE_TEXT_BYTES];
		size_t len_bytes;
	} needles[MAX_NEEDLES];
	size_t needle_count;
	/* A link, and its file key under its secret. */
	uint8_t link_id[LINK_ID_BYTES];
	uint8_t wrapped[LINK_WRAPPED_BYTES];
	/* Of links. */
	uint8_t own[OWN_KEYS][SEAL_KEY_BYTES];
	size_t own_count;
	size_t unwrapped; /* with them */
	size_t opened;    /* columns and files */
	size_t found;
};

static void
add_needle(struct search *search, const void *bytes, size_t len_bytes)
{
	assert_true(search->needle_count < MAX_NEEDLES);
	memcpy(search->needles[search->needle_count].bytes, bytes, len_bytes);
	search->needles[search->needle_count].len_bytes = len_bytes;
	search->needle_count++;
}

/* Would any 32 bytes of it open the link? */
static void
try_openings(struct search *search, struct span bytes)
{
	const struct span id = { search->link_id, LINK_ID_BYTES };
	const struct span wrapped = { search->wrapped, LINK_WRAPPED_BYTES };
	uint8_t key[SEAL_KEY_BYTES];
	struct span window;
	struct err why = { .st = ST_OK };

	for (size_t at = 0; span_cut(bytes, at, SEAL_KEY_BYTES, &window); at++)
		search->found += link_key_unwrap(window.ptr, id, wrapped, key,
						 &why) == ST_OK;
}

static void
look_at(struct search *search, struct span bytes)
{
	if (bytes.len_bytes == 0)
		return;
	for (size_t i = 0; i < search->needle_count; i++)
		search->found += memmem(bytes.ptr, bytes.len_bytes,
					search->needles[i].bytes,
					search->needles[i].len_bytes) != NULL;
}

/* Under the key of secrets that wait. */
static void
try_secret(struct search *search, struct span boxed)
{
	AUTO(sbuf_done) struct sbuf plain;
	uint8_t key[SEAL_KEY_BYTES];
	struct err why = { .st = ST_OK };

	sbuf_init_secret(&plain, 1 << 24);
	if (link_epochs_find(&search->scene->vault, LINK_EPOCHS_SECRETS, key,
			     &why) == ST_OK &&
	    box_open(key, "link-secret", boxed, &plain, &why) == ST_OK)
		look_at(search, sbuf_span(&plain));
}

/* A slot of link-keys. */
static void
take_own(struct search *search, struct span slot)
{
	AUTO(sbuf_done) struct sbuf plain;
	const size_t at = LINK_ID_BYTES + 8;
	struct span boxed;
	struct err why = { .st = ST_OK };

	sbuf_init_secret(&plain, SLOT_BYTES);
	assert_true(span_cut(slot, at, 28 + LINK_ID_BYTES + SEAL_KEY_BYTES,
			     &boxed));
	if (search->own_count == OWN_KEYS ||
	    key_ring_unbox(search->scene->vault.ring, "link-own-key", boxed,
			   &plain, &why) != ST_OK)
		return;
	look_at(search, sbuf_span(&plain));
	try_openings(search, sbuf_span(&plain));
	memcpy(search->own[search->own_count++], plain.bytes + LINK_ID_BYTES,
	       SEAL_KEY_BYTES);
}

/* What a week's key gave. */
static void
try_own(struct search *search, struct span boxed)
{
	for (size_t i = 0; i < search->own_count; i++) {
		AUTO(sbuf_done) struct sbuf plain;
		struct err why = { .st = ST_OK };

		sbuf_init_secret(&plain, 1 << 16);
		if (box_open(search->own[i], "link-own", boxed, &plain, &why) !=
		    ST_OK)
			continue;
		search->unwrapped++;
		look_at(search, sbuf_span(&plain));
		try_openings(search, sbuf_span(&plain));
	}
}

/* Whatever may have boxed it. */
static void
try_boxes(struct search *search, struct span boxed)
{
	struct vault *vault = &search->scene->vault;
	const uint32_t week = link_epochs_week(vault->now_unix_ms);
	AUTO(sbuf_done) struct sbuf plain;
	struct err why = { .st = ST_OK };

	sbuf_init_secret(&plain, 1 << 24);
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
		sbuf_clear(&plain);
		if (key_ring_unbox(vault->ring, contexts[i], boxed, &plain,
				   &why) != ST_OK)
			continue;
		search->opened++;
		look_at(search, sbuf_span(&plain));
		try_openings(search, sbuf_span(&plain));
		try_secret(search, sbuf_span(&plain));
	}
	for (uint32_t i = 0; i < WEEKS; i++) {
		uint8_t key[SEAL_KEY_BYTES];

		sbuf_clear(&plain);
		if (link_epochs_find(vault, week + i, key, &why) != ST_OK ||
		    box_open(key, "link-wrapped", boxed, &plain, &why) != ST_OK)
			continue;
		search->opened++;
		look_at(search, sbuf_span(&plain));
		try_own(search, sbuf_span(&plain));
	}
}

static void
look_at_table(struct search *search, sqlite3 *db, const char *table)
{
	char sql[200];
	sqlite3_stmt *rows = NULL;

	(void)snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL),
			 SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(rows); i++) {
			const struct span value = {
				sqlite3_column_blob(rows, i),
				(size_t)sqlite3_column_bytes(rows, i)
			};

			if (sqlite3_column_type(rows, i) != SQLITE_BLOB)
				continue;
			try_boxes(search, value);
			if (value.len_bytes <= 200)
				try_openings(search, value);
		}
	assert_int_equal(sqlite3_finalize(rows), SQLITE_OK);
}

static void
look_at_rows(struct search *search, const char *name)
{
	char path[200];
	sqlite3 *db = NULL;
	sqlite3_stmt *tables = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", search->scene->fixture->dir,
		       name);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT name FROM sqlite_schema"
					    " WHERE type = 'table'",
					    -1, &tables, NULL),
			 SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		look_at_table(search, db,
			      (const char *)sqlite3_column_text(tables, 0));
	assert_int_equal(sqlite3_finalize(tables), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Files as they lie there: the store, its log, blobs. */
static void
look_at_files(struct search *search)
{
	char *const paths[] = { search->scene->fixture->dir, NULL };
	FTS *tree = fts_open(paths, FTS_PHYSICAL, NULL);
	const FTSENT *entry = NULL;

	assert_non_null(tree);
	while ((entry = fts_read(tree)) != NULL) {
		AUTO(sbuf_done) struct sbuf bytes;
		struct span slot;
		struct err err = { .st = ST_OK };

		sbuf_init(&bytes, 1 << 26);
		if (entry->fts_info != FTS_F)
			continue;
		check_status(ST_OK,
			     fd_slurp_file(entry->fts_path, &bytes, &err),
			     &err);
		look_at(search, sbuf_span(&bytes));
		try_boxes(search, sbuf_span(&bytes));
		if (strstr(entry->fts_path, "/link-keys/") == NULL)
			continue;
		for (size_t at = 0;
		     span_cut(sbuf_span(&bytes), at, SLOT_BYTES, &slot);
		     at += SLOT_BYTES)
			take_own(search, slot);
	}
	assert_int_equal(fts_close(tree), 0);
}

static size_t
look_everywhere(struct search *search)
{
	search->found = 0;
	search->opened = 0;
	search->own_count = 0;
	search->unwrapped = 0;
	look_at_files(search);
	look_at_rows(search, "store.db");
	/* Rows of all kinds, and what weeks and links box, were opened. */
	assert_true(search->opened > 10);
	assert_true(search->own_count == 2 && search->unwrapped == 2);
	return search->found;
}

/* --- the secrets, as the courier hears them ----------------------------- */

static void
learn_secret(struct search *search, const struct link_test_job *job)
{
	struct link_secret secret;

	assert_true(link_secret_parse(job->job.link.code, &secret));
	add_needle(search, secret.bytes, sizeof(secret.bytes));
	add_needle(search, job->job.link.code, LINK_CODE_TEXT_BYTES - 1);
}

/* The link that the file key is looked for with. */
static void
learn_link(struct search *search, const struct link_test_job *job)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(sbuf_done) struct sbuf wrapped;
	struct vault *vault = &search->scene->vault;
	struct err err = { .st = ST_OK };

	sbuf_init_secret(&wrapped, 1024);
	memcpy(search->link_id, job->job.link.link_id.ptr, LINK_ID_BYTES);
	check_status(ST_OK,
		     store_link_find(vault->store, search->link_id, &row, &err),
		     &err);
	check_status(ST_OK, link_wrapped_open(vault, &row, &wrapped, &err),
		     &err);
	assert_int_equal(wrapped.len_bytes, LINK_WRAPPED_BYTES);
	memcpy(search->wrapped, wrapped.bytes, LINK_WRAPPED_BYTES);
}

/* The courier dies before it sends. */
static void
learn_all(struct search *search)
{
	struct link_test_job job;

	assert_true(link_test_take(search->scene, JOB_KIND_LINK, &job));
	learn_secret(search, &job);
	learn_link(search, &job);
	link_test_job_done(&job);
	while (link_test_take(search->scene, JOB_KIND_NOTICE, &job)) {
		const bool linked = job.job.event == NOTICE_LINKED;

		if (linked)
			learn_secret(search, &job);
		else
			link_test_reply(search->scene, &job, 250);
		link_test_job_done(&job);
		if (linked)
			return;
	}
	fail();
}

static void
send_all(struct scene *scene)
{
	struct link_test_job job;

	link_test_send_all(scene);
	while (link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		link_test_reply(scene, &job, 250);
		link_test_job_done(&job);
	}
}

static void
the_store_does_not_open_what_was_sent(void **state)
{
	static const struct mail mail = { .to = { "a@example.com" } };
	struct scene *scene = *state;
	struct search search = { .scene = scene };
	struct link_test_seal seal = { .pictures = 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &mail, id, &seal);
	learn_all(&search);
	add_needle(&search, seal.file_key, sizeof(seal.file_key));
	add_needle(&search, LINK_TEST_FIRST, strlen(LINK_TEST_FIRST));
	/* Until they are sent both secrets lie there, boxed; what looks here
	 * finds them. File and file key were never there. */
	assert_int_equal(look_everywhere(&search), 2);
	send_all(scene);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	/* As the writer does when keys were destroyed. */
	check_status(ST_OK, store_scrub(scene->vault.store, &err), &err);
	assert_int_equal(look_everywhere(&search), 0);
}

/* The boxed bytes themselves are gone, also from the log and from pages that
 * are in no table any more. */
static void
boxes_of_secrets_are_overwritten(void **state)
{
	static const struct mail mail = { .to = { "a@example.com" } };
	struct scene *scene = *state;
	struct search search = { .scene = scene };
	struct store_link row = { .memory = NULL };
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &mail, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	check_status(ST_OK,
		     store_link_find(scene->vault.store,
				     job.job.link.link_id.ptr, &row, &err),
		     &err);
	add_needle(&search, row.secret.ptr, SEAL_KEY_BYTES);
	look_at_files(&search);
	assert_true(search.found > 0);
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_true(scene->after.scrub);
	check_status(ST_OK, store_scrub(scene->vault.store, &err), &err);
	search.found = 0;
	look_at_files(&search);
	assert_int_equal(search.found, 0);
	store_link_done(&row);
}

/* A backup of when they were on their way: boxed under a key that is in no
 * backup, and not any more in the file it was in. */
static void
an_older_copy_tells_no_secret(void **state)
{
	static const struct mail mail = { .to = { "a@example.com" } };
	struct scene *scene = *state;
	struct search search = { .scene = scene };
	uint8_t id[CASE_ID_BYTES];
	char path[200];
	uint32_t ended = 0;
	struct err err = { .st = ST_OK };

	link_test_make(scene, &mail, id, NULL);
	learn_all(&search);
	(void)snprintf(path, sizeof(path), "%s/copy.db", scene->fixture->dir);
	check_status(ST_OK, store_copy(scene->vault.store, path, &err), &err);
	/* While one waits its key stays. */
	check_status(ST_OK, link_epochs_end(&scene->vault, &ended, &err), &err);
	assert_int_equal(ended, 0);
	look_at_rows(&search, "copy.db");
	assert_int_equal(search.found, 2);
	send_all(scene);
	check_status(ST_OK, link_epochs_end(&scene->vault, &ended, &err), &err);
	assert_int_equal(ended, 1);
	search.found = 0;
	look_at_rows(&search, "copy.db");
	assert_int_equal(search.found, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(the_store_does_not_open_what_was_sent),
		LINKED(boxes_of_secrets_are_overwritten),
		LINKED(an_older_copy_tells_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
