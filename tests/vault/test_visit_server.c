/* Tests of visits through the vault's threads: in parallel, as the portal. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_own.h"
#include "vault/server/request.h"

enum { THREADS = 8, VISITS_EACH = 125, VISITS = THREADS * VISITS_EACH };

/* A service over the scene's store. */
struct house {
	struct scene *scene;
	struct core core;
	struct writer *writer;
	struct readers readers;
	sem_t logins;
	struct service service;
	struct sent sent;
};

static void
house_open(struct house *house, struct scene *scene,
	   const struct sent_terms *terms)
{
	struct err err = { .st = ST_OK };

	*house = (struct house){ .scene = scene };
	scene->config.portal.link_rate = 0;
	sent_make(scene, terms, &house->sent);
	store_close(&scene->fixture->store);
	house->core.configs[0] = &scene->config;
	house->core.config_count = 1;
	house->core.ring = scene->ring;
	house->core.revision = 1;
	assert_int_equal(pthread_mutex_init(&house->core.lock, NULL), 0);
	assert_int_equal(pthread_cond_init(&house->core.jobs_changed, NULL), 0);
	assert_int_equal(pthread_cond_init(&house->core.cases_changed, NULL),
			 0);
	check_status(ST_OK, vault_memory_init(&house->core.memory, &err), &err);
	check_status(ST_OK, writer_start(&house->core, &house->writer, &err),
		     &err);
	check_status(ST_OK, readers_init(&house->readers, &house->core, &err),
		     &err);
	assert_int_equal(sem_init(&house->logins, 0, 2), 0);
	house->service = (struct service){ &house->core, house->writer,
					   &house->readers, &house->logins };
}

/* The scene has its store again. */
static void
house_close(struct house *house)
{
	struct scene *scene = house->scene;
	struct err err = { .st = ST_OK };

	writer_stop(&house->writer);
	readers_done(&house->readers);
	(void)sem_destroy(&house->logins);
	(void)pthread_cond_destroy(&house->core.jobs_changed);
	(void)pthread_cond_destroy(&house->core.cases_changed);
	vault_memory_done(&house->core.memory);
	(void)pthread_mutex_destroy(&house->core.lock);
	check_status(ST_OK,
		     store_open(scene->config.vault.store, scene->fixture->dir,
				STORE_MODE_WRITE, &scene->fixture->store, &err),
		     &err);
	scene->vault.store = scene->fixture->store;
}

typedef enum status (*handler)(struct request *request, struct err *err);

/* One request, as dispatch() would carry it out. */
static enum status
ask(const struct house *house, handler handle, const void *message,
    uint8_t claim_out[LINK_CLAIM_BYTES], struct err *err)
{
	static const struct request_row row = { .name = "" };
	struct request request = { .service = &house->service,
				   .row = &row,
				   .message = message,
				   .fd = FD_NONE,
				   .fd_out = FD_NONE };
	const enum status st = handle(&request, err);

	if (st == ST_OK && claim_out != NULL)
		memcpy(claim_out, request.answer.link_view.claim,
		       LINK_CLAIM_BYTES);
	wire_arena_free(&request.arena);
	fd_close(&request.fd_out);
	return st;
}

static void
open_request(const struct house *house, struct vault_link_open *request)
{
	const struct span id = { house->sent.links[0].id, LINK_ID_BYTES };
	struct err err = { .st = ST_OK };

	*request = (struct vault_link_open){ .visitor = visitor_usual };
	memcpy(request->link_id, id.ptr, LINK_ID_BYTES);
	check_status(ST_OK,
		     link_key_proof(&house->sent.links[0].secret, id,
				    request->proof, &err),
		     &err);
}

/* A visit of the first link; the claim is to be put in. */
static struct vault_link_visit
claimed(const struct house *house)
{
	struct vault_link_visit visit = { .visitor = visitor_usual };

	memcpy(visit.link_id, house->sent.links[0].id, LINK_ID_BYTES);
	return visit;
}

/* --- a thousand at once -------------------------------------------------- */

struct crowd {
	const struct house *house;
	struct vault_link_open open;
	pthread_barrier_t all_open;
	atomic_uint won, late, failed;
};

static void *
crowd_one(void *context)
{
	struct crowd *crowd = context;
	uint8_t claims[VISITS_EACH][LINK_CLAIM_BYTES] = { { 0 } };
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < VISITS_EACH; i++)
		if (ask(crowd->house, handle_LINK_OPEN, &crowd->open, claims[i],
			&err) != ST_OK)
			atomic_fetch_add(&crowd->failed, 1);
	(void)pthread_barrier_wait(&crowd->all_open);
	for (size_t i = 0; i < VISITS_EACH; i++) {
		struct vault_link_take take = { .visit = claimed(crowd->house),
						.file = LINK_ALL_FILES };
		enum status st = ST_OK;

		memcpy(take.visit.claim, claims[i], LINK_CLAIM_BYTES);
		st = ask(crowd->house, handle_LINK_TAKE, &take, NULL, &err);
		atomic_fetch_add(st == ST_OK    ? &crowd->won
				 : st == ST_END ? &crowd->late
						: &crowd->failed,
				 1);
	}
	return NULL;
}

static void
of_a_thousand_at_once_exactly_one_wins(void **state)
{
	struct scene *scene = *state;
	struct house house;
	struct crowd crowd = { .house = &house };
	pthread_t threads[THREADS];

	house_open(&house, scene, &(struct sent_terms){ .often = false });
	open_request(&house, &crowd.open);
	assert_int_equal(pthread_barrier_init(&crowd.all_open, NULL, THREADS),
			 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, crowd_one, &crowd),
			0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	(void)pthread_barrier_destroy(&crowd.all_open);
	house_close(&house);
	assert_int_equal(atomic_load(&crowd.won), 1);
	assert_int_equal(atomic_load(&crowd.late), VISITS - 1);
	assert_int_equal(atomic_load(&crowd.failed), 0);
	assert_int_equal(scene_audit_count(scene, "link-taken", NULL), 1);
	assert_int_equal(scene_audit_count(scene, "link-opened", NULL), VISITS);
}

/* --- what runs ------------------------------------------------------------ */

static enum status
add_until(void *context, const struct store_take *row, struct err *err)
{
	int64_t *most = context;

	(void)err;
	if (row->until_unix_ms > *most)
		*most = row->until_unix_ms;
	return ST_OK;
}

static void
what_the_portal_asks_for_is_kept_by_the_writer(void **state)
{
	struct scene *scene = *state;
	struct house house;
	struct vault_link_open open;
	struct vault_link_take take = { .file = LINK_ALL_FILES };
	int64_t before = 0;
	int64_t after = 0;
	struct err err = { .st = ST_OK };

	scene->config.portal.visit_life_s = 60;
	house_open(&house, scene, &(struct sent_terms){ .often = false });
	open_request(&house, &open);
	take.visit = claimed(&house);
	check_status(
		ST_OK,
		ask(&house, handle_LINK_OPEN, &open, take.visit.claim, &err),
		&err);
	check_status(ST_OK, ask(&house, handle_LINK_TAKE, &take, NULL, &err),
		     &err);
	before = clock_unix_ms();
	check_status(ST_OK, ask(&house, handle_LINK_KEEP, &take, NULL, &err),
		     &err);
	house_close(&house);
	check_status(ST_OK,
		     store_take_each(scene->vault.store, take.visit.link_id,
				     add_until, &after, &err),
		     &err);
	assert_true(after >= before + 3 * 60 * 1000);
}

/* --- the link's own key --------------------------------------------------- */

static void
open_second(const struct house *house)
{
	const struct span id = { house->sent.links[1].id, LINK_ID_BYTES };
	struct vault_link_open open = { .visitor = visitor_usual };
	struct err err = { .st = ST_OK };

	memcpy(open.link_id, id.ptr, LINK_ID_BYTES);
	check_status(ST_OK,
		     link_key_proof(&house->sent.links[1].secret, id,
				    open.proof, &err),
		     &err);
	check_status(ST_OK, ask(house, handle_LINK_OPEN, &open, NULL, &err),
		     &err);
}

/* Of the first link, in one visit. */
static void
take_all(const struct house *house, struct vault_link_sent *sent)
{
	struct vault_link_open open;
	struct vault_link_take take = { .file = LINK_ALL_FILES };
	struct err err = { .st = ST_OK };

	open_request(house, &open);
	take.visit = claimed(house);
	check_status(
		ST_OK,
		ask(house, handle_LINK_OPEN, &open, take.visit.claim, &err),
		&err);
	check_status(ST_OK, ask(house, handle_LINK_TAKE, &take, NULL, &err),
		     &err);
	*sent = (struct vault_link_sent){ .visit = take.visit,
					  .file = LINK_ALL_FILES,
					  .complete = true };
}

/* Then it is used up. */
static void
send_all(const struct house *house, const struct vault_link_sent *sent)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK, ask(house, handle_LINK_SENT, sent, NULL, &err),
		     &err);
}

static enum status
own_key(const struct house *house)
{
	uint8_t key[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	return link_own_find(&house->scene->vault, house->sent.case_id,
			     house->sent.links[0].id, key, &err);
}

static bool
store_has_failed(struct house *house)
{
	bool failed = false;

	(void)pthread_mutex_lock(&house->core.lock);
	failed = house->core.store_error[0] != '\0';
	(void)pthread_mutex_unlock(&house->core.lock);
	return failed;
}

static void
who_hears_that_a_link_ended_has_its_key_destroyed(void **state)
{
	struct house house;
	struct vault_link_sent sent;

	house_open(&house, *state, &(struct sent_terms){ .often = false });
	assert_int_equal(own_key(&house), ST_OK);
	take_all(&house, &sent);
	send_all(&house, &sent);
	assert_int_equal(own_key(&house), ST_NOT_FOUND);
	assert_false(store_has_failed(&house));
	house_close(&house);
}

static void
a_key_that_cannot_be_destroyed_is_said_and_owed(void **state)
{
	struct scene *scene = *state;
	struct house house;
	struct vault_link_sent sent;
	AUTO(sbuf_done) struct sbuf path;
	char aside[300];

	house_open(&house, scene, &(struct sent_terms){ .often = false });
	sbuf_init(&path, 300);
	sbuf_addf(&path, "%s/link-keys/", scene->fixture->dir);
	format_hex(&path, (struct span){ house.sent.case_id, CASE_ID_BYTES });
	take_all(&house, &sent);
	(void)snprintf(aside, sizeof(aside), "%s/aside", scene->fixture->dir);
	assert_int_equal(rename(sbuf_text(&path), aside), 0);
	assert_int_equal(mkdir(sbuf_text(&path), 0700), 0);
	send_all(&house, &sent);
	assert_true(store_has_failed(&house));
	assert_int_equal(rmdir(sbuf_text(&path)), 0);
	assert_int_equal(rename(aside, sbuf_text(&path)), 0);
	assert_int_equal(own_key(&house), ST_OK);
	/* With whatever is written next. */
	open_second(&house);
	assert_int_equal(own_key(&house), ST_NOT_FOUND);
	assert_false(store_has_failed(&house));
	house_close(&house);
}

/* --- guessing ------------------------------------------------------------ */

static void
guesses_do_not_reach_the_writer(void **state)
{
	struct scene *scene = *state;
	struct house house;
	struct vault_link_open guess;
	struct vault_link_prove prove = { .mailbox_code = "123456" };
	struct err err = { .st = ST_OK };

	house_open(&house, scene, &(struct sent_terms){ .needs_code = true });
	open_request(&house, &guess);
	prove.visit = claimed(&house);
	/* With the writer away only what needs none is answered. */
	writer_stop(&house.writer);
	for (uint8_t i = 1; i < 100; i++) {
		guess.proof[0] ^= i;
		prove.visit.claim[0] = i;
		check_status(ST_NOT_FOUND,
			     ask(&house, handle_LINK_OPEN, &guess, NULL, &err),
			     &err);
		check_status(ST_NOT_FOUND,
			     ask(&house, handle_LINK_PROVE, &prove, NULL, &err),
			     &err);
		check_status(ST_NOT_FOUND,
			     ask(&house, handle_LINK_CODE, &prove, NULL, &err),
			     &err);
		guess.proof[0] ^= i;
	}
	check_status(ST_OK, writer_start(&house.core, &house.writer, &err),
		     &err);
	house_close(&house);
}

static void
the_last_wrong_code_is_counted_and_the_link_is_gone(void **state)
{
	struct scene *scene = *state;
	struct house house;
	struct vault_link_open open;
	struct vault_link_prove prove = { .mailbox_code = "123456" };
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	house_open(&house, scene, &(struct sent_terms){ .needs_code = true });
	open_request(&house, &open);
	prove.visit = claimed(&house);
	check_status(
		ST_OK,
		ask(&house, handle_LINK_OPEN, &open, prove.visit.claim, &err),
		&err);
	/* The fifth one is told that no try is left. */
	for (int i = 0; i < 5; i++)
		check_status(ST_OK,
			     ask(&house, handle_LINK_PROVE, &prove, NULL, &err),
			     &err);
	check_status(ST_NOT_FOUND,
		     ask(&house, handle_LINK_PROVE, &prove, NULL, &err), &err);
	assert_string_equal(err.text, "no such link");
	check_status(ST_NOT_FOUND,
		     ask(&house, handle_LINK_LOOK, &prove, NULL, &err), &err);
	house_close(&house);
	sent_link(scene, &house.sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_FROZEN);
	assert_int_equal(row.failures, 5);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(of_a_thousand_at_once_exactly_one_wins),
		SCENE(what_the_portal_asks_for_is_kept_by_the_writer),
		SCENE(who_hears_that_a_link_ended_has_its_key_destroyed),
		SCENE(a_key_that_cannot_be_destroyed_is_said_and_owed),
		SCENE(guesses_do_not_reach_the_writer),
		SCENE(the_last_wrong_code_is_counted_and_the_link_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
