/* doctor: what the vault says about itself. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/doctor.h"
#include "lib/base/clock.h"
#include "vault/client/vault_client.h"

enum { DOCTOR_BYTES_PER_MIB = 1024 * 1024, DOCTOR_MS_PER_S = 1000 };

static void
look_at_key(struct doctor *doctor, const struct vault_status *status)
{
	if (status->locked) {
		doctor_found(doctor, DOCTOR_VAULT_LOCKED, "%s",
			     status->lock_reason);
		return;
	}
	doctor_fine(doctor, DOCTOR_VAULT_LOCKED, "key epoch %" PRIu32,
		    status->key_epoch);
	if (status->key_on_store_device)
		doctor_found(doctor, DOCTOR_KEY_PLACE,
			     "vault.key = %s, general.state_dir = %s",
			     doctor->config->vault.key,
			     doctor->config->general.state_dir);
	else
		doctor_fine(doctor, DOCTOR_KEY_PLACE, "vault.key = %s",
			    doctor->config->vault.key);
	if (!status->escrowed)
		doctor_found(doctor, DOCTOR_ESCROW, "key epoch %" PRIu32,
			     status->key_epoch);
	else
		doctor_fine(doctor, DOCTOR_ESCROW, "key epoch %" PRIu32,
			    status->key_epoch);
}

static void
look_at_store(struct doctor *doctor, const struct vault_status *status)
{
	const uint64_t least = (uint64_t)doctor->config->vault.min_free_bytes;
	const enum doctor_check check = status->free_bytes < least
						? DOCTOR_STORE_SPACE
						: DOCTOR_STORE_SPACE_SOON;

	if (status->store_error[0] != '\0')
		doctor_found(doctor, DOCTOR_STORE_ERROR, "%s",
			     status->store_error);
	else
		doctor_fine(doctor, DOCTOR_STORE_ERROR, "%" PRIu64 " MiB",
			    status->store_bytes / DOCTOR_BYTES_PER_MIB);
	if (status->free_bytes / 2 < least)
		doctor_found(doctor, check,
			     "%s: %" PRIu64 " MiB free, vault.min_free = "
			     "%" PRIu64 " MiB",
			     doctor->config->general.state_dir,
			     status->free_bytes / DOCTOR_BYTES_PER_MIB,
			     least / DOCTOR_BYTES_PER_MIB);
	else
		doctor_fine(doctor, DOCTOR_STORE_SPACE, "%" PRIu64 " MiB free",
			    status->free_bytes / DOCTOR_BYTES_PER_MIB);
}

static void
look_at_work(struct doctor *doctor, const struct vault_status *status)
{
	const struct {
		enum doctor_check check;
		uint64_t count;
	} rows[] = {
		{ DOCTOR_UNCONFIRMED, status->cases_unconfirmed },
		{ DOCTOR_JOBS, status->jobs_failing },
		{ DOCTOR_HOLDS_FAILED, status->holds_failed },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].count > 0)
			doctor_found(doctor, rows[i].check, "%" PRIu64,
				     rows[i].count);
		else
			doctor_fine(doctor, rows[i].check, "0");
	}
}

/* The last one is late; or it is on its way, and the one before was not held
 * either. */
static bool
self_test_failed(const struct config_courier *courier,
		 const struct vault_status *status)
{
	const int64_t most_ms =
		(courier->self_test_interval_s + courier->self_test_late_s) *
		DOCTOR_MS_PER_S;

	return status->self_test_late ||
	       (status->self_test_held_unix_ms != 0 &&
		courier->self_test_interval_s != 0 &&
		status->self_test_sent_unix_ms -
				status->self_test_held_unix_ms >
			most_ms);
}

static void
look_at_self_test(struct doctor *doctor, const struct vault_status *status)
{
	char sent[CLOCK_RFC3339_BYTES];
	char held[CLOCK_RFC3339_BYTES];

	clock_format_rfc3339(status->self_test_sent_unix_ms, sent);
	clock_format_rfc3339(status->self_test_held_unix_ms, held);
	if (status->self_test_sent_unix_ms == 0)
		doctor_skipped(doctor, DOCTOR_SELF_TEST,
			       "no self-test mail was sent yet");
	else if (self_test_failed(&doctor->config->courier, status))
		doctor_found(doctor, DOCTOR_SELF_TEST,
			     "sent %s, last one held %s", sent,
			     status->self_test_held_unix_ms != 0 ? held : "-");
	else
		doctor_fine(doctor, DOCTOR_SELF_TEST, "sent %s, held %s", sent,
			    status->self_test_held_unix_ms != 0 ? held : "-");
}

static void
look_at_clock(struct doctor *doctor, const struct vault_status *status)
{
	const int64_t off_s = status->clock_off_ms / DOCTOR_MS_PER_S;

	if (status->clock_off_ms == 0)
		doctor_fine(doctor, DOCTOR_CLOCK_DOUBT, "the vault follows it");
	else
		doctor_found(doctor, DOCTOR_CLOCK_DOUBT, "%s%" PRId64 " s",
			     off_s > 0 ? "+" : "", off_s);
}

static void
look_at_groups(struct doctor *doctor, const struct vault_groups_answer *groups)
{
	for (size_t i = 0; i < groups->group_count; i++) {
		const struct vault_group_line *line = &groups->groups[i];

		if (line->approvers == 0) {
			doctor_found(doctor, DOCTOR_APPROVERS,
				     "approvers = \"%s\": 0", line->group);
			continue;
		}
		doctor_fine(doctor, DOCTOR_APPROVERS,
			    "approvers = \"%s\": %" PRIu32, line->group,
			    line->approvers);
		if (line->left_alone > 0)
			doctor_found(doctor, DOCTOR_APPROVER_ALONE,
				     "approvers = \"%s\": %" PRIu32
				     " approvers, left alone: %" PRIu32,
				     line->group, line->approvers,
				     line->left_alone);
		else
			doctor_fine(doctor, DOCTOR_APPROVER_ALONE,
				    "approvers = \"%s\"", line->group);
	}
}

static void
ask_groups(struct doctor *doctor, struct vault_client *client)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_empty request = { 0 };
	struct vault_groups_answer groups = { .group_count = 0 };
	const struct vault_call call = VAULT_CALL(GROUPS, &request, &groups);
	struct err err = { 0 };

	if (vault_client_call(client, &call, &arena, &err) == ST_OK)
		look_at_groups(doctor, &groups);
	else
		doctor_skipped(doctor, DOCTOR_APPROVERS, "%s", err.text);
}

void
doctor_look_at_vault(struct doctor *doctor)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(vault_client_done) struct vault_client client;
	const struct vault_empty request = { 0 };
	struct vault_status status = { .locked = true };
	const struct vault_call call = VAULT_CALL(STATUS, &request, &status);
	struct err err = { 0 };

	vault_client_init(&client, doctor->config->vault_socket);
	if (vault_client_call(&client, &call, &arena, &err) != ST_OK) {
		doctor_found(doctor, DOCTOR_VAULT_SILENT, "%s", err.text);
		return;
	}
	doctor_fine(doctor, DOCTOR_VAULT_SILENT, "schema %" PRIu32,
		    status.schema_version);
	look_at_key(doctor, &status);
	look_at_store(doctor, &status);
	look_at_work(doctor, &status);
	look_at_self_test(doctor, &status);
	look_at_clock(doctor, &status);
	ask_groups(doctor, &client);
}
