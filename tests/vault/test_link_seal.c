/* Tests of vault/case/link_seal.h, link_make.h, link_keys.h, link_epochs.h:
 * what is made of a rewritten mail, and what opens it. */
#include "vault/case/link_seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/faulty.h"
#include "tests/vault/link_harness.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"

static const struct mail two_outside = {
	.to = { "kato@example.co.jp", "a@example.com", "b@example.org" }
};

static const int64_t week_ms = 7LL * 86400 * 1000;

/* What the recipient's mail tells: its link and the secret. */
struct received {
	struct store_link row;
	struct link_secret secret;
};

static void
receive(struct scene *scene, enum job_kind kind, struct received *out)
{
	struct link_test_job job;
	struct err err = { .st = ST_OK };

	assert_true(link_test_take(scene, kind, &job));
	assert_int_equal(job.job.link.link_id.len_bytes, LINK_ID_BYTES);
	assert_true(link_secret_parse(job.job.link.code, &out->secret));
	check_status(ST_OK,
		     store_link_find(scene->vault.store,
				     job.job.link.link_id.ptr, &out->row, &err),
		     &err);
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
}

/* As the portal does with what the vault hands over. */
static enum status
open_key(struct scene *scene, const struct received *from,
	 const uint8_t *password_key, uint8_t key_out[SEAL_KEY_BYTES])
{
	AUTO(sbuf_done) struct sbuf wrapped;
	const struct span id = { from->row.id, LINK_ID_BYTES };
	uint8_t opening[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	sbuf_init_secret(&wrapped, 1024);
	st = link_wrapped_open(&scene->vault, &from->row, &wrapped, &err);
	if (st == ST_OK)
		st = link_key_opening(&from->secret, password_key, id, opening,
				      &err);
	return st == ST_OK ? link_key_unwrap(opening, id, sbuf_span(&wrapped),
					     key_out, &err)
			   : st;
}

static void
find_batch(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
	   struct store_link_batch *out)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, id, out, &err),
		     &err);
}

static void
check_files(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
	    const uint8_t key[SEAL_KEY_BYTES])
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	char text[100] = "";
	size_t len_bytes = 0;
	struct err err = { .st = ST_OK };

	find_batch(scene, id, &batch);
	check_status(ST_OK,
		     blob_open(scene->fixture->dir, batch.files.id, &fd, &err),
		     &err);
	check_status(ST_OK,
		     link_reader_open(key, fd, batch.files.size_bytes, &reader,
				      &err),
		     &err);
	check_status(ST_OK,
		     link_reader_read(reader, 0, text, sizeof(text), &len_bytes,
				      &err),
		     &err);
	assert_int_equal(batch.total_bytes, len_bytes);
	/* What lies behind them may have been used. */
	text[len_bytes] = '\0';
	assert_string_equal(text, LINK_TEST_FIRST LINK_TEST_NEXT);
}

static void
check_manifest(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
	       const uint8_t key[SEAL_KEY_BYTES])
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf plain;
	struct link_manifest manifest = { .file_count = 0 };
	struct err err = { .st = ST_OK };

	sbuf_init_secret(&plain, 1 << 20);
	find_batch(scene, id, &batch);
	check_status(ST_OK,
		     box_open(key, LINK_MANIFEST_CONTEXT, batch.manifest,
			      &plain, &err),
		     &err);
	check_status(ST_OK,
		     wire_decode(&link_manifest_table, sbuf_span(&plain),
				 &manifest, &arena, &err),
		     &err);
	assert_int_equal(manifest.file_count, 2);
	assert_string_equal(manifest.files[0].name, "番号 1234.csv");
	assert_int_equal(manifest.files[1].crc32, 18);
}

/* To who is inside, so that link mails come next. */
static void
release_inside(struct scene *scene)
{
	struct link_test_job job;

	assert_true(link_test_take(scene, JOB_KIND_RELEASE, &job));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
}

static void
each_secret_opens_the_files_and_no_other_link(void **state)
{
	struct scene *scene = *state;
	struct received first = { .row = { .memory = NULL } };
	struct received next = { .row = { .memory = NULL } };
	struct link_test_seal seal = { .pictures = 0 };
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_outside, id, &seal);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &first);
	receive(scene, JOB_KIND_LINK, &next);
	check_status(ST_OK, open_key(scene, &first, NULL, key), &err);
	assert_memory_equal(key, seal.file_key, sizeof(key));
	check_files(scene, id, key);
	check_manifest(scene, id, key);
	check_status(ST_OK, open_key(scene, &next, NULL, key), &err);
	assert_memory_equal(key, seal.file_key, sizeof(key));
	next.secret = first.secret;
	check_status(ST_FORMAT, open_key(scene, &next, NULL, key), &err);
	store_link_done(&first.row);
	store_link_done(&next.row);
}

static void
links_are_looked_up_by_a_proof(void **state)
{
	struct scene *scene = *state;
	struct received got = { .row = { .memory = NULL } };
	uint8_t proof[SEAL_KEY_BYTES];
	uint8_t hash[DIGEST_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_outside, id, NULL);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &got);
	check_status(ST_OK,
		     link_key_proof(&got.secret,
				    (struct span){ got.row.id, LINK_ID_BYTES },
				    proof, &err),
		     &err);
	check_status(
		ST_OK,
		digest_once((struct span){ proof, sizeof(proof) }, hash, &err),
		&err);
	assert_memory_equal(hash, got.row.lookup, sizeof(hash));
	store_link_done(&got.row);
}

static void
ask(struct scene *scene, const uint8_t id[CASE_ID_BYTES], const char *password,
    enum status want)
{
	struct vault_link_ask request = { .password = password };
	struct link_ask_key key;
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	st = link_ask_prepare(&scene->vault, &actor, &request, &key, &err);
	if (st == ST_OK)
		scene_do(scene, want,
			 link_ask(&scene->vault, &actor, &request, &key, &err),
			 &err);
	else
		check_status(want, st, &err);
	actor_done(&actor);
}

/* The password takes part in the key, and is kept no longer than needed. */
static void
a_password_is_needed_and_forgotten(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_ask_done)
	struct store_link_ask row = { .memory = NULL };
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct received got = { .row = { .memory = NULL } };
	struct job_taken taken = { .present = false };
	uint8_t password_key[SEAL_KEY_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_outside, id);
	ask(scene, id, "2026-secret", ST_OK);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	job_taken_done(&taken);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &got);
	assert_int_equal(got.row.password.len_bytes, DIGEST_BYTES);
	find_batch(scene, id, &batch);
	check_status(ST_OK,
		     link_password_key(
			     "2026-secret",
			     (struct span){ batch.salt, sizeof(batch.salt) },
			     password_key, &err),
		     &err);
	check_status(ST_FORMAT, open_key(scene, &got, NULL, key), &err);
	check_status(ST_OK, open_key(scene, &got, password_key, key), &err);
	check_status(ST_OK,
		     store_link_ask_find(scene->vault.store, id, &row, &err),
		     &err);
	assert_int_equal(row.words.len_bytes, 0);
	store_link_done(&got.row);
}

static void
a_password_must_be_long_enough(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &two_outside, id);
	ask(scene, id, "1234567", ST_FORMAT);
	ask(scene, id, "", ST_OK);
	assert_int_equal(scene_audit_count(scene, "link-asked", id), 1);
}

/* --- what does not fit ------------------------------------------------- */

static void
a_mail_is_sealed_once(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	size_t blobs = 0;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_outside, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	blobs = link_test_blobs(scene);
	assert_int_equal(blobs, 3);
	check_status(ST_END, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	check_status(ST_END, link_test_seal(scene, &taken, "no", NULL, &err),
		     &err);
	assert_int_equal(link_test_blobs(scene), blobs);
	assert_int_equal(scene_audit_count(scene, "link-sealed", id), 1);
	job_taken_done(&taken);
}

static void
what_was_sealed_without_a_row_is_a_stray(void **state)
{
	struct scene *scene = *state;
	struct vault_link_seal request = { .refusal = "",
					   .mail_bytes = 4,
					   .whole_body = true,
					   .boundary = "" };
	struct vault_link_file file = { "a", "a", "b", 3, 0 };
	struct link_sealing sealing = { .made = false };
	struct job_taken taken = { .present = false };
	AUTO(fd_close) int fd = FD_NONE;
	uint64_t removed = 0;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_outside, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	request.job_id = taken.row.id;
	memcpy(request.lease, taken.row.lease, sizeof(request.lease));
	request.files = &file;
	request.file_count = 1;
	check_status(ST_OK, fd_memory("x", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, span_of("mailabc"), &err), &err);
	/* As far as a vault comes that dies before the transaction. */
	check_status(
		ST_OK,
		link_seal_blobs(&scene->vault, &request, fd, &sealing, &err),
		&err);
	assert_int_equal(link_test_blobs(scene), 3);
	check_status(ST_OK,
		     blob_sweep(scene->fixture->dir, scene->vault.store,
				&removed, &err),
		     &err);
	assert_int_equal(removed, 2);
	/* Sizes that do not fit together make nothing. */
	file.size_bytes = 4;
	check_status(
		ST_FORMAT,
		link_seal_blobs(&scene->vault, &request, fd, &sealing, &err),
		&err);
	file.size_bytes = UINT64_MAX - 1;
	check_status(
		ST_FORMAT,
		link_seal_blobs(&scene->vault, &request, fd, &sealing, &err),
		&err);
	file.size_bytes = 3;
	request.hole_offset = 5;
	check_status(
		ST_FORMAT,
		link_seal_blobs(&scene->vault, &request, fd, &sealing, &err),
		&err);
	request.hole_offset = 0;
	request.boundary = "a\nb";
	request.whole_body = false;
	check_status(
		ST_FORMAT,
		link_seal_blobs(&scene->vault, &request, fd, &sealing, &err),
		&err);
	assert_int_equal(link_test_blobs(scene), 1);
	job_taken_done(&taken);
}

static void
no_failure_of_the_disk_leaves_anything_behind(void **state)
{
	struct scene *scene = *state;
	struct vault_link_file file = { "a", "a", "b", 3, 0 };
	struct vault_link_seal request = { .refusal = "",
					   .mail_bytes = 4,
					   .whole_body = true,
					   .boundary = "",
					   .files = &file,
					   .file_count = 1 };
	struct job_taken taken = { .present = false };
	AUTO(fd_close) int fd = FD_NONE;
	uint8_t id[CASE_ID_BYTES];
	unsigned int step = 0;
	enum status st = ST_IO;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_outside, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	request.job_id = taken.row.id;
	memcpy(request.lease, taken.row.lease, sizeof(request.lease));
	check_status(ST_OK, fd_memory("x", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, span_of("mailabc"), &err), &err);
	while (st != ST_OK) {
		struct link_sealing sealing = { .made = false };

		faulty_arm(FAULTY_ALL, ++step, EIO, 0);
		st = link_seal_blobs(&scene->vault, &request, fd, &sealing,
				     &err);
		if (!faulty_hit())
			break;
		assert_int_not_equal(st, ST_OK);
		assert_false(sealing.made);
		assert_int_equal(link_test_blobs(scene), 1);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
	check_status(ST_OK, st, &err);
	assert_true(step > 8);
	assert_int_equal(link_test_blobs(scene), 3);
	job_taken_done(&taken);
}

/* The commit does not come before the keys are on the disk. */
static void
without_keys_of_their_own_there_are_no_links(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	char path[200];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_outside, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	(void)snprintf(path, sizeof(path), "%s/link-keys", scene->fixture->dir);
	check_status(ST_OK,
		     fd_replace_file(path, span_of("in the way"), 0600, &err),
		     &err);
	check_status(ST_IO, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	check_status(
		ST_NOT_FOUND,
		store_link_batch_find(scene->vault.store, id, &batch, &err),
		&err);
	assert_int_equal(link_test_blobs(scene), 1);
	assert_int_equal(unlink(path), 0);
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	job_taken_done(&taken);
}

/* --- keys of weeks ----------------------------------------------------- */

static void
no_link_opens_after_its_week(void **state)
{
	struct scene *scene = *state;
	struct received got = { .row = { .memory = NULL } };
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t id[CASE_ID_BYTES];
	uint32_t ended = 0;
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_outside, id, NULL);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &got);
	scene->vault.now_unix_ms = got.row.expires_unix_ms;
	check_status(ST_OK, link_epochs_end(&scene->vault, &ended, &err), &err);
	check_status(ST_OK, open_key(scene, &got, NULL, key), &err);
	scene->vault.now_unix_ms += week_ms;
	check_status(ST_OK, link_epochs_end(&scene->vault, &ended, &err), &err);
	assert_int_equal(ended, 1);
	check_status(ST_NOT_FOUND, open_key(scene, &got, NULL, key), &err);
	check_status(ST_END,
		     link_epochs_need(&scene->vault, got.row.week, key, &err),
		     &err);
	store_link_done(&got.row);
}

static void
another_machine_has_no_keys_of_weeks(void **state)
{
	struct scene *scene = *state;
	struct received got = { .row = { .memory = NULL } };
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t id[CASE_ID_BYTES];
	char path[200];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_outside, id, NULL);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &got);
	(void)snprintf(path, sizeof(path), "%s/link-epochs",
		       scene->fixture->dir);
	assert_int_equal(unlink(path), 0);
	check_status(ST_NOT_FOUND, open_key(scene, &got, NULL, key), &err);
	/* A file that is damaged is said, and not made anew. */
	check_status(ST_OK,
		     fd_replace_file(path, span_of("nonsense"), 0600, &err),
		     &err);
	check_status(ST_IO, open_key(scene, &got, NULL, key), &err);
	check_status(ST_IO,
		     link_epochs_need(&scene->vault, got.row.week, key, &err),
		     &err);
	store_link_done(&got.row);
}

static void
a_link_can_end_later_under_another_week(void **state)
{
	struct scene *scene = *state;
	struct received got = { .row = { .memory = NULL } };
	struct store_link again = { .memory = NULL };
	AUTO(sbuf_done) struct sbuf boxed;
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t id[CASE_ID_BYTES];
	uint32_t before = 0;
	struct err err = { .st = ST_OK };

	sbuf_init(&boxed, 1024);
	link_test_make(scene, &two_outside, id, NULL);
	release_inside(scene);
	receive(scene, JOB_KIND_LINK, &got);
	before = got.row.week;
	check_status(ST_OK,
		     link_set_expiry(&scene->vault, &got.row,
				     got.row.expires_unix_ms + week_ms, &boxed,
				     &err),
		     &err);
	assert_int_equal(got.row.week, before + 1);
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &got.row, &err), &err);
	check_status(
		ST_OK,
		store_link_find(scene->vault.store, got.row.id, &again, &err),
		&err);
	store_link_done(&got.row);
	got.row = again;
	check_status(ST_OK, open_key(scene, &got, NULL, key), &err);
	store_link_done(&got.row);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(each_secret_opens_the_files_and_no_other_link),
		LINKED(links_are_looked_up_by_a_proof),
		LINKED(a_password_is_needed_and_forgotten),
		LINKED(a_password_must_be_long_enough),
		LINKED(a_mail_is_sealed_once),
		LINKED(what_was_sealed_without_a_row_is_a_stray),
		LINKED(no_failure_of_the_disk_leaves_anything_behind),
		LINKED(without_keys_of_their_own_there_are_no_links),
		LINKED(no_link_opens_after_its_week),
		LINKED(another_machine_has_no_keys_of_weeks),
		LINKED(a_link_can_end_later_under_another_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
