/* Refusals take the same time, whatever is wrong: asked in turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/vault/visit_harness.h"
#include "vault/case/link_end.h"

enum kind {
	KIND_UNKNOWN = 0,
	KIND_OTHER_ID, /* a right proof under another link's address */
	KIND_FROZEN,
	KIND_REVOKED,
	KIND_SPENT,
	KIND_EXPIRED,
	KIND_OVERDUE, /* expired, before the timer came */
	KINDS
};

/* Quarters of so many rounds are alike within this; on a busy machine too. */
enum { ROUNDS = 2001, ALIKE_PERCENT = 20 };

static const char *const kind_names[KINDS] = { "unknown", "other id", "frozen",
					       "revoked", "spent",    "expired",
					       "overdue" };

struct times {
	struct vault_link_open asks[KINDS];
	struct vault_link_visit visits[KINDS];
	int64_t took_ns[KINDS][ROUNDS];
};

typedef enum status (*asking)(struct scene *scene, const struct times *times,
			      size_t kind, struct link_visit *visit,
			      struct err *err);

static int64_t
now_ns(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a;
	const int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
make_end(struct scene *scene, enum kind kind, struct store_link *row)
{
	static const enum link_state states[KINDS] = {
		[KIND_REVOKED] = LINK_STATE_REVOKED,
		[KIND_SPENT] = LINK_STATE_SPENT,
		[KIND_EXPIRED] = LINK_STATE_EXPIRED,
	};
	static const struct link_deed deed = { .event = "ended",
					       .actor = "test",
					       .via = "test",
					       .address = SENT_FIRST };
	struct err err = { .st = ST_OK };

	if (states[kind] != LINK_STATE_NONE) {
		scene_do(
			scene, ST_OK,
			link_end(&scene->vault, row, states[kind], &deed, &err),
			&err);
		return;
	}
	if (kind == KIND_FROZEN)
		row->state = LINK_STATE_FROZEN;
	if (kind == KIND_OVERDUE)
		row->expires_unix_ms = scene->vault.now_unix_ms;
	scene_do(scene, ST_OK, store_link_update(scene->vault.store, row, &err),
		 &err);
}

/* Each kind with a mail of its own, and a visit from before it ended. */
static void
make(struct scene *scene, struct times *times)
{
	for (int kind = 0; kind < KINDS; kind++) {
		AUTO(store_link_done)
		struct store_link row = { .memory = NULL };
		struct vault_link_open *ask = &times->asks[kind];
		uint8_t claim[LINK_CLAIM_BYTES];
		struct sent sent;
		const struct span id = { sent.links[0].id, LINK_ID_BYTES };
		struct err err = { .st = ST_OK };

		sent_make(scene, &(struct sent_terms){ .often = true }, &sent);
		visit_begin(scene, &sent, 0, claim);
		times->visits[kind] = visit_of(scene, claim);
		sent_link(scene, &sent, 0, &row);
		make_end(scene, (enum kind)kind, &row);
		ask->visitor = visitor_usual;
		memcpy(ask->link_id, id.ptr, LINK_ID_BYTES);
		check_status(ST_OK,
			     link_key_proof(&sent.links[0].secret, id,
					    ask->proof, &err),
			     &err);
	}
	times->asks[KIND_UNKNOWN].proof[0] ^= 1;
	times->asks[KIND_OTHER_ID].link_id[0] ^= 1;
	times->visits[KIND_UNKNOWN].claim[0] ^= 1;
	times->visits[KIND_OTHER_ID].link_id[0] ^= 1;
}

static enum status
ask_open(struct scene *scene, const struct times *times, size_t kind,
	 struct link_visit *visit, struct err *err)
{
	return link_visit_prove(&scene->vault, &times->asks[kind], visit, err);
}

static enum status
ask_look(struct scene *scene, const struct times *times, size_t kind,
	 struct link_visit *visit, struct err *err)
{
	return link_visit_find(&scene->vault, &times->visits[kind], visit, err);
}

static int64_t
time_one(struct scene *scene, const struct times *times, asking ask,
	 size_t kind)
{
	struct link_visit visit = { .token = { 0 } };
	struct err err = { .st = ST_OK };
	const int64_t start_ns = now_ns();
	const enum status st = ask(scene, times, kind, &visit, &err);

	link_visit_done(&visit);
	const int64_t took_ns = now_ns() - start_ns;

	assert_int_equal(st, ST_NOT_FOUND);
	assert_string_equal(err.text, "no such link");
	return took_ns;
}

static void
check_times(struct scene *scene, asking ask)
{
	static struct times times;
	int64_t least_ns = INT64_MAX;
	int64_t most_ns = 0;

	make(scene, &times);
	/* The order changes from round to round. */
	for (size_t i = 0; i < ROUNDS; i++)
		for (size_t k = 0; k < KINDS; k++) {
			const size_t kind =
				(i + k * (1 + i / KINDS % (KINDS - 1))) % KINDS;

			times.took_ns[kind][i] =
				time_one(scene, &times, ask, kind);
		}
	for (size_t kind = 0; kind < KINDS; kind++) {
		int64_t *took_ns = times.took_ns[kind];

		qsort(took_ns, ROUNDS, sizeof(*took_ns), compare);
		print_message("%-8s %5lld ns, median %5lld\n", kind_names[kind],
			      (long long)took_ns[ROUNDS / 4],
			      (long long)took_ns[ROUNDS / 2]);
		if (took_ns[ROUNDS / 4] < least_ns)
			least_ns = took_ns[ROUNDS / 4];
		if (took_ns[ROUNDS / 4] > most_ns)
			most_ns = took_ns[ROUNDS / 4];
	}
	if (most_ns * 100 > least_ns * (100 + ALIKE_PERCENT))
		fail_msg("from %lld to %lld ns", (long long)least_ns,
			 (long long)most_ns);
}

static void
refusals_to_open_take_the_same_time(void **state)
{
	check_times(*state, ask_open);
}

static void
refusals_of_visits_take_the_same_time(void **state)
{
	check_times(*state, ask_look);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(refusals_to_open_take_the_same_time),
		SCENE(refusals_of_visits_take_the_same_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
