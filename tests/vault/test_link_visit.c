/* Tests of link_visit.h, in the order of its promises. */
#include "vault/case/link_visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/vault/visit_harness.h"
#include "vault/case/link_end.h"

static const int64_t minute_ms = 60 * 1000;

static void
look(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
     enum status want, enum link_stage stage)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_link_visit request = visit_of(scene, claim);
	struct err err = { .st = ST_OK };

	check_status(want,
		     link_visit_find(&scene->vault, &request, &visit, &err),
		     &err);
	if (want != ST_OK)
		return;
	check_status(
		ST_OK,
		link_visit_view(&scene->vault, &visit, &view, &arena, &err),
		&err);
	assert_int_equal(view.stage, stage);
}

static void
a_right_proof_opens_a_link(void **state)
{
	struct scene *scene = *state;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .often = false }, &sent);
	check_status(ST_OK,
		     visit_open(scene, &sent, 0, &visitor_usual, &visit, &err),
		     &err);
	check_status(
		ST_OK,
		link_visit_view(&scene->vault, &visit, &view, &arena, &err),
		&err);
	assert_memory_equal(view.claim, visit.token, LINK_CLAIM_BYTES);
	assert_int_equal(view.stage, LINK_STAGE_READY);
	assert_int_equal(view.kind, LINK_KIND_RECIPIENT);
	assert_string_equal(view.recipient, "t•••@example.com");
	assert_string_equal(view.sender, "alice@example.co.jp");
	assert_int_equal(view.file_count, SENT_FILES);
	assert_int_equal(view.total_bytes, 27);
	assert_int_equal(view.downloads, 1);
	assert_int_equal(view.open_files.len_bytes, SENT_FILES);
	assert_int_equal(view.open_files.ptr[0] + view.open_files.ptr[1], 2);
	assert_int_equal(view.claim_until_unix_ms,
			 scene->vault.now_unix_ms + 60 * minute_ms);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.opened, 1);
	assert_int_equal(scene_audit_count(scene, "link-opened", sent.case_id),
			 1);
	/* It asks for nothing: nobody has proved anything. */
	assert_int_equal(scene_audit_count(scene, "link-proved", sent.case_id),
			 0);
}

/* With what the view gives and the secret, nothing else, files open. */
static void
a_ready_view_opens_the_manifest(void **state)
{
	struct scene *scene = *state;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *names = NULL;
	AUTO(sbuf_done) struct sbuf plain;
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	struct link_manifest manifest = { NULL, 0 };
	uint8_t opening[SEAL_KEY_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&plain, 1 << 20);
	sent_make(scene, &(struct sent_terms){ .often = false }, &sent);
	check_status(ST_OK,
		     visit_open(scene, &sent, 1, &visitor_usual, &visit, &err),
		     &err);
	check_status(
		ST_OK,
		link_visit_view(&scene->vault, &visit, &view, &arena, &err),
		&err);

	const struct span id = { sent.links[1].id, LINK_ID_BYTES };

	check_status(ST_OK,
		     link_key_opening(&sent.links[1].secret, NULL, id, opening,
				      &err),
		     &err);
	check_status(ST_OK,
		     link_key_unwrap(opening, id, view.wrapped, key, &err),
		     &err);
	assert_memory_equal(key, sent.file_key, sizeof(key));
	check_status(ST_OK,
		     box_open(key, LINK_MANIFEST_CONTEXT, view.manifest, &plain,
			      &err),
		     &err);
	check_status(ST_OK,
		     wire_decode(&link_manifest_table, sbuf_span(&plain),
				 &manifest, &names, &err),
		     &err);
	assert_int_equal(manifest.file_count, SENT_FILES);
	assert_string_equal(manifest.files[1].name, "b.txt");
}

/* --- refused ------------------------------------------------------------ */

static void
refused(struct scene *scene, const struct sent *sent,
	const struct link_visitor *visitor)
{
	struct link_visit visit = { .token = { 0 } };
	struct err err = { .st = ST_OK };

	check_status(ST_NOT_FOUND,
		     visit_open(scene, sent, 0, visitor, &visit, &err), &err);
	assert_string_equal(err.text, "no such link");
	link_visit_done(&visit);
}

static void
set_state(struct scene *scene, const struct sent *sent, enum link_state state)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	sent_link(scene, sent, 0, &row);
	row.state = state;
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &row, &err), &err);
}

static void
one_link_is_opened_so_often_in_an_hour(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	scene->config.portal.link_rate = 3;
	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
	for (int i = 0; i < 3; i++)
		visit_begin(scene, &sent, 0, claim);
	refused(scene, &sent, &visitor_usual);
	/* Who is in stays in, other links are others, refusals do not count. */
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	visit_begin(scene, &sent, 1, claim);
	scene->vault.now_unix_ms += 3600 * 1000 - 1;
	refused(scene, &sent, &visitor_usual);
	scene->vault.now_unix_ms += 1;
	visit_begin(scene, &sent, 0, claim);
	/* A clock that was turned back locks nobody out for longer. */
	scene->vault.now_unix_ms -= 2 * 3600 * 1000;
	visit_begin(scene, &sent, 0, claim);
	scene->config.portal.link_rate = 0;
	for (int i = 0; i < 5; i++)
		visit_begin(scene, &sent, 0, claim);
}

static void
whatever_is_wrong_is_said_in_the_same_words(void **state)
{
	static const enum link_state dead[] = {
		LINK_STATE_FROZEN, LINK_STATE_SPENT, LINK_STATE_EXPIRED,
		LINK_STATE_REVOKED, LINK_STATE_FAILED
	};
	struct scene *scene = *state;
	const struct link_visitor elsewhere = { .address = "198.51.100.1",
						.agent = "" };
	struct sent sent;
	struct sent other;

	sent_make(scene, &(struct sent_terms){ .networks = "192.0.2.0/24" },
		  &sent);
	for (size_t i = 0; i < ARRAY_LEN(dead); i++) {
		set_state(scene, &sent, dead[i]);
		refused(scene, &sent, &visitor_usual);
	}
	set_state(scene, &sent, LINK_STATE_LIVE);
	refused(scene, &sent, &elsewhere);
	other = sent; /* another's secret, a secret that none has, no such id */
	other.links[0].secret = sent.links[1].secret;
	refused(scene, &other, &visitor_usual);
	other.links[0].secret.bytes[0] ^= 1;
	refused(scene, &other, &visitor_usual);
	other = sent;
	other.links[0].id[0] ^= 1;
	refused(scene, &other, &visitor_usual);
	scene->vault.now_unix_ms += 14 * 24 * 60 * minute_ms;
	refused(scene, &sent, &visitor_usual);
	scene->vault.now_unix_ms -= 14 * 24 * 60 * minute_ms;
	assert_int_equal(scene_audit_count(scene, "link-opened", NULL), 0);
	visit_begin(scene, &sent, 0, other.links[0].secret.bytes);
}

static void
a_proof_opens_no_link_but_its_own(void **state)
{
	struct scene *scene = *state;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	struct vault_link_open request = { .visitor = visitor_usual };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);

	const struct span id = { sent.links[0].id, LINK_ID_BYTES };

	check_status(
		ST_OK,
		link_key_proof(&sent.links[0].secret, id, request.proof, &err),
		&err);
	memcpy(request.link_id, sent.links[1].id, LINK_ID_BYTES);
	check_status(ST_NOT_FOUND,
		     link_visit_prove(&scene->vault, &request, &visit, &err),
		     &err);
	assert_string_equal(err.text, "no such link");
}

static void
a_certificate_is_asked_for_where_the_rule_says_so(void **state)
{
	struct scene *scene = *state;
	const struct link_visitor holder = { .address = "192.0.2.7",
					     .agent = "",
					     .certificate = true };
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(link_visit_done) struct link_visit without = { .token = { 0 } };
	struct vault_link_visit request;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .needs_certificate = true },
		  &sent);
	refused(scene, &sent, &visitor_usual);
	check_status(ST_OK, visit_open(scene, &sent, 0, &holder, &visit, &err),
		     &err);
	/* At each step, not only at the first. */
	request = visit_of(scene, visit.token);
	check_status(ST_NOT_FOUND,
		     link_visit_find(&scene->vault, &request, &without, &err),
		     &err);
	link_visit_done(&without);
	request.visitor = holder;
	check_status(ST_OK,
		     link_visit_find(&scene->vault, &request, &without, &err),
		     &err);
}

static void
several_networks_are_let_in(void **state)
{
	struct scene *scene = *state;
	const struct link_visitor six = { .address = "2001:db8::9",
					  .agent = "" };
	const struct link_visitor outside = { .address = "2001:db9::9",
					      .agent = "" };
	const struct link_visitor nowhere = { .address = "", .agent = "" };
	struct link_visit visit = { .token = { 0 } };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene,
		  &(struct sent_terms){ .networks =
						"192.0.2.0/24,2001:db8::/32" },
		  &sent);
	check_status(ST_OK, visit_open(scene, &sent, 0, &six, &visit, &err),
		     &err);
	link_visit_done(&visit);
	refused(scene, &sent, &outside);
	refused(scene, &sent, &nowhere);
}

/* --- visits ------------------------------------------------------------- */

static void
a_visit_ends_with_its_time_and_with_its_link(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t unknown[LINK_CLAIM_BYTES] = { 1 };
	struct sent sent;

	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
	visit_begin(scene, &sent, 0, claim);
	look(scene, claim, ST_OK, LINK_STAGE_READY);
	look(scene, unknown, ST_NOT_FOUND, LINK_STAGE_NONE);
	scene->vault.now_unix_ms += 60 * minute_ms;
	look(scene, claim, ST_NOT_FOUND, LINK_STAGE_NONE);
	visit_begin(scene, &sent, 0, claim);
	set_state(scene, &sent, LINK_STATE_REVOKED);
	look(scene, claim, ST_NOT_FOUND, LINK_STAGE_NONE);
}

static void
the_store_has_neither_secret_nor_claim(void **state)
{
	struct scene *scene = *state;
	AUTO(store_claim_done) struct store_claim row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t hash[STORE_HASH_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_NOT_FOUND,
		     store_claim_find(scene->vault.store, claim, &row, &err),
		     &err);
	check_status(
		ST_OK,
		digest_once((struct span){ claim, sizeof(claim) }, hash, &err),
		&err);
	check_status(ST_OK,
		     store_claim_find(scene->vault.store, hash, &row, &err),
		     &err);
}

/* The key of its week is gone: what the store says opens nothing. */
static void
without_the_key_of_its_week_a_link_is_gone(void **state)
{
	struct scene *scene = *state;
	char path[1024];
	uint8_t claim[LINK_CLAIM_BYTES];
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	struct vault_link_visit request;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
	visit_begin(scene, &sent, 0, claim);
	request = visit_of(scene, claim);
	(void)snprintf(path, sizeof(path), "%s/link-epochs",
		       scene->fixture->dir);
	assert_int_equal(remove(path), 0);
	check_status(ST_OK,
		     link_visit_find(&scene->vault, &request, &visit, &err),
		     &err);
	check_status(
		ST_NOT_FOUND,
		link_visit_view(&scene->vault, &visit, &view, &arena, &err),
		&err);
	assert_string_equal(err.text, "no such link");
	/* Nobody begins to prove anything for it. */
	refused(scene, &sent, &visitor_usual);
}

/* --- guessing ----------------------------------------------------------- */

enum { GUESSES = 10000 };

static int64_t
cpu_ns(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
guessed_proofs_are_refused_and_cheap(void **state)
{
	struct scene *scene = *state;
	struct vault_link_open request = { .visitor = visitor_usual };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
	memcpy(request.link_id, sent.links[0].id, LINK_ID_BYTES);

	const size_t rows = scene_audit_count(scene, "link-opened", NULL);
	const int64_t start_ns = cpu_ns();

	for (uint32_t i = 0; i < GUESSES; i++) {
		struct link_visit visit = { .token = { 0 } };

		memcpy(request.proof, &i, sizeof(i));
		check_status(
			ST_NOT_FOUND,
			link_visit_prove(&scene->vault, &request, &visit, &err),
			&err);
		link_visit_done(&visit);
	}
	/* 0.2 ms each would be far too slow. */
	assert_true(cpu_ns() - start_ns < INT64_C(200000) * GUESSES);
	assert_int_equal(scene_audit_count(scene, "link-opened", NULL), rows);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(a_right_proof_opens_a_link),
		SCENE(a_ready_view_opens_the_manifest),
		SCENE(one_link_is_opened_so_often_in_an_hour),
		SCENE(whatever_is_wrong_is_said_in_the_same_words),
		SCENE(a_proof_opens_no_link_but_its_own),
		SCENE(a_certificate_is_asked_for_where_the_rule_says_so),
		SCENE(several_networks_are_let_in),
		SCENE(a_visit_ends_with_its_time_and_with_its_link),
		SCENE(the_store_has_neither_secret_nor_claim),
		SCENE(without_the_key_of_its_week_a_link_is_gone),
		SCENE(guessed_proofs_are_refused_and_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
