/*
 * inbox_fill - open cases for the inbox bench, and the vault's own times.
 *
 * usage: inbox_fill CONFIG COUNT
 *
 * Writes COUNT held cases into the store of a vault that does not run, as the
 * account of the vault. Their mails are missing: lists do not look at them.
 * Then the times of lists on this store, without sockets and desk.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/crypto/digest.h"
#include "vault/case/case_index.h"
#include "vault/case/view.h"

enum { FILL_PAGE = 50, FILL_ROUNDS = 200 };

static void
check(enum status st, const struct err *err)
{
	if (st == ST_OK)
		return;
	(void)fprintf(stderr, "inbox_fill: %s\n", err->text);
	exit(1);
}

static void
fill_one(struct vault *vault, unsigned number)
{
	static const enum report_level levels[] = { REPORT_LEVEL_SURE,
						    REPORT_LEVEL_SUSPECT };
	AUTO(record_done) struct record record;
	const struct vault_part_line part = { "2", "xlsx", number % 40 + 1,
					      REPORT_REASON_NONE };
	char sender[60];
	char to[60];
	char subject[100];
	const struct case_sender senders[] = { { CASE_SENDER_LOGIN, sender },
					       { CASE_SENDER_HEADER, sender } };
	const struct store_case_detail detail = { .memory = NULL };
	struct vault_deed deed = { .actor = "milter",
				   .via = "milter",
				   .event = "hold" };
	struct err err = { .st = ST_OK };

	record_init(&record);
	(void)snprintf(sender, sizeof(sender), "user%u@corp.test",
		       number % 500);
	(void)snprintf(to, sizeof(to), "office%u@partner%u.example.com",
		       number % 700, number % 90);
	(void)snprintf(subject, sizeof(subject),
		       "年末調整の書類の送付について (%u 課)", number % 30);
	record.summary = (struct case_summary){
		.queue_id = "4XyZ",
		.client_name = "client.corp.test",
		.client_address = "192.0.2.1",
		.authenticated = true,
		.senders = senders,
		.sender_count = 2,
		.envelope_sender = sender,
		.sender_esmtp_args = "",
		.subject = subject,
		.recipients_text = to,
		.size_bytes = 50000,
		.received_unix_ms = vault->now_unix_ms,
		.terms = { .rule = "numbers wait",
			   .approvers = "hr",
			   .tag = "",
			   .expires_after_s = 7 * 86400,
			   .approvals = 1 },
		.verdict = REPORT_VERDICT_FOUND,
		.level = levels[number % 2],
		.number_count = 3,
		.parts = &part,
		.part_count = 1,
	};
	check(random_fill(record.row.id, sizeof(record.row.id), &err), &err);
	record.row.state = CASE_STATE_HELD;
	record.row.taken_unix_ms = vault->now_unix_ms - 3600000 + number;
	record.row.deadline_unix_ms = vault->now_unix_ms + 7LL * 86400000;
	record.row.recipient_count = record.row.waiting_count = 1;
	record.row.approvers = record.summary.terms.approvers;
	record.row.blob_key = (struct span){ (const uint8_t *)"x", 1 };
	check(random_fill(record.row.blob_id, sizeof(record.row.blob_id), &err),
	      &err);
	check(record_box(vault, &record, &err), &err);
	check(store_case_insert(vault->store, &record.row, &detail, &err),
	      &err);
	deed.case_id = record.row.id;
	check(vault_audit(vault, &deed, &err), &err);
}

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
list_once(struct vault *vault, const struct actor *actor,
	  const struct vault_list *request, uint32_t *total)
{
	struct vault_list_answer answer = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	check(store_begin(vault->store, &err), &err);
	check(view_list(vault, actor, request, &answer, &arena, &err), &err);
	store_rollback(vault->store);
	*total = answer.total;
}

static void
measure(struct vault *vault, const char *name, const struct vault_list *request)
{
	const struct actor actor = {
		.user = { .login = "approver1",
			  .roles = VAULT_ROLE_APPROVER | VAULT_ROLE_SENDER,
			  .enabled = true,
			  .addresses = "approver1@corp.test",
			  .former_addresses = "",
			  .groups = "hr" },
		.via = "desk",
	};
	int64_t worst_us = 0;
	int64_t sum_us = 0;
	uint32_t total = 0;

	for (int i = 0; i < FILL_ROUNDS; i++) {
		const int64_t start_us = now_us();
		int64_t took_us = 0;

		list_once(vault, &actor, request, &total);
		took_us = now_us() - start_us;
		sum_us += took_us;
		if (took_us > worst_us)
			worst_us = took_us;
	}
	printf("vault: %-24s %6u found, mean %5.2f ms, worst %5.2f ms\n", name,
	       total, (double)sum_us / FILL_ROUNDS / 1000,
	       (double)worst_us / 1000);
}

static void
measure_lists(struct vault *vault)
{
	static const struct {
		const char *name;
		struct vault_list request;
	} lists[] = {
		{ "first page, urgent",
		  { .filter = CASE_FILTER_TODO, .search = "" } },
		{ "first page, by sender",
		  { .filter = CASE_FILTER_TODO,
		    .sort = CASE_SORT_SENDER,
		    .search = "" } },
		{ "page 100",
		  { .filter = CASE_FILTER_TODO,
		    .search = "",
		    .offset = 99 * FILL_PAGE } },
		{ "search, two words",
		  { .filter = CASE_FILTER_TODO, .search = "user7@ partner" } },
		{ "search, nothing",
		  { .filter = CASE_FILTER_TODO, .search = "nowhere" } },
	};
	const int64_t start_us = now_us();
	struct err err = { .st = ST_OK };

	check(case_index_sync(vault->memory->index, vault, &err), &err);

	const size_t bytes = case_index_bytes(vault->memory->index);
	const int64_t took_us = now_us() - start_us;

	printf("vault: index made in %.0f ms, %.1f MB\n",
	       (double)took_us / 1000, (double)bytes / 1e6);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct vault_list request = lists[i].request;

		request.limit = FILL_PAGE;
		measure(vault, lists[i].name, &request);
	}
}

int
main(int argc, char **argv)
{
	struct config *config = NULL;
	struct store *store = NULL;
	struct key_ring *ring = NULL;
	struct vault_after after = { .blob_count = 0 };
	struct vault_memory memory;
	struct vault vault = { .after = &after, .memory = &memory };
	struct err err = { .st = ST_OK };
	const unsigned count =
		argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (count == 0) {
		(void)fprintf(stderr, "usage: inbox_fill CONFIG COUNT\n");
		return 64;
	}
	check(config_load(argv[1], &config, &err), &err);
	check(store_open(config->vault.store, config->general.state_dir,
			 STORE_MODE_WRITE, &store, &err),
	      &err);
	check(key_ring_open(config->vault.key, store, &ring, &err), &err);
	check(vault_memory_init(&memory, &err), &err);
	vault.config = config;
	vault.store = store;
	vault.ring = ring;
	vault.now_unix_ms = clock_unix_ms();
	check(store_begin(store, &err), &err);
	for (unsigned i = 0; i < count; i++)
		fill_one(&vault, i);
	check(store_commit(store, &err), &err);
	measure_lists(&vault);
	vault_memory_done(&memory);
	key_ring_free(&ring);
	store_close(&store);
	config_free(&config);
	return 0;
}
