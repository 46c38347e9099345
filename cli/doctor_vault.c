/* doctor: what the vault says about itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/doctor.h"
#include "lib/base/clock.h"
#include "lib/config/policy.h"
#include "vault/client/vault_client.h"

enum { DOCTOR_BYTES_PER_MIB = 1024 * 1024 };

static void
look_at_lock(struct doctor *doctor, const struct vault_status *status)
{
	if (status->locked)
		doctor_wrong(doctor,
			     "Mail is still held, none can be released. See "
			     "the setting vault.key; sekimori key restore "
			     "makes the key anew from its escrow copy.",
			     "the vault is locked: %s", status->lock_reason);
	else
		doctor_good(doctor,
			    "the vault is unlocked (key epoch %" PRIu32 ")",
			    status->key_epoch);
	if (status->locked)
		return;
	if (status->key_on_store_device)
		doctor_wrong(doctor,
			     "A stolen disk or backup gives everything away. "
			     "Move the key to another volume or a systemd "
			     "credential (vault.key).",
			     "the key lies on the store's file system");
	else
		doctor_good(doctor, "the key lies elsewhere than the store");
	if (!status->escrowed)
		doctor_wrong(doctor,
			     "Without key and copy no held mail can be read "
			     "again: sekimori key escrow FILE, print it, lock "
			     "it away.",
			     "there is no escrow copy of the key");
	else
		doctor_good(doctor, "an escrow copy of the key was made");
}

static void
look_at_space(struct doctor *doctor, const struct vault_status *status)
{
	const uint64_t least = (uint64_t)doctor->config->vault.min_free_bytes;
	const uint64_t free_mib = status->free_bytes / DOCTOR_BYTES_PER_MIB;

	if (status->store_error[0] != '\0')
		doctor_wrong(doctor,
			     "Holds get 4xx until this ends; no mail is lost. "
			     "sekimori store check.",
			     "the store's last failure: %s",
			     status->store_error);
	if (status->free_bytes < least)
		doctor_wrong(doctor,
			     "Make room: below vault.min_free mail that would "
			     "be held gets 4xx.",
			     "%" PRIu64 " MiB are free for the store",
			     free_mib);
	else if (status->free_bytes / 2 < least)
		doctor_note(doctor,
			    "only %" PRIu64 " MiB are free for the store",
			    free_mib);
	else
		doctor_good(doctor, "%" PRIu64 " MiB are free for the store",
			    free_mib);
}

static void
look_at_cases(struct doctor *doctor, const struct vault_status *status)
{
	if (status->cases_unconfirmed > 0)
		doctor_wrong(doctor,
			     "The MTA may not have heard that they were taken. "
			     "When its queue does not have them: sekimori hold "
			     "confirm CASE.",
			     "%" PRIu64 " cases are unconfirmed",
			     status->cases_unconfirmed);
	if (status->jobs_failing > 0)
		doctor_wrong(doctor,
			     "Released mail or notices do not get out: see "
			     "courier.next_hop and the courier's log. They "
			     "are tried for ever.",
			     "%" PRIu64 " jobs fail", status->jobs_failing);
	if (status->holds_failed > 0)
		doctor_note(doctor,
			    "%" PRIu64 " holds failed since the vault "
			    "started (the senders got 4xx)",
			    status->holds_failed);
	doctor_good(doctor,
		    "%" PRIu64 " cases open of %" PRIu64 ", %" PRIu64
		    " jobs waiting",
		    status->cases_open, status->cases_total,
		    status->jobs_waiting);
}

/* Is name one of the comma separated groups? */
static bool
group_is_in(const char *groups, const char *name)
{
	const size_t len_bytes = strlen(name);

	while (*groups != '\0') {
		const size_t blank = strspn(groups, ", ");
		const size_t word = strcspn(groups + blank, ", ");

		if (word == len_bytes &&
		    memcmp(groups + blank, name, word) == 0)
			return true;
		groups += blank + word;
	}
	return false;
}

static unsigned
group_count_members(const struct vault_user_list_answer *users,
		    const char *group)
{
	unsigned count = 0;

	for (size_t i = 0; i < users->user_count; i++) {
		const struct vault_user *user = &users->users[i];

		if (user->enabled && (user->roles & VAULT_ROLE_APPROVER) != 0 &&
		    group_is_in(user->groups, group))
			count++;
	}
	return count;
}

static void
look_at_groups(struct doctor *doctor,
	       const struct vault_user_list_answer *users)
{
	const struct policy_rule *rule = NULL;
	size_t at = 0;

	while ((rule = policy_rule_next(doctor->config->policy, &at)) != NULL) {
		const struct policy_outcome *outcome =
			policy_rule_outcome(rule);
		unsigned count = 0;

		if (outcome->action != POLICY_ACTION_HOLD)
			continue;
		count = group_count_members(users, outcome->approvers);
		if (count == 0)
			doctor_wrong(doctor,
				     "Nobody can decide, mail expires: "
				     "sekimori user add, or user change LOGIN "
				     "--roles approver --groups GROUP.",
				     "rule \"%s\": group \"%s\" has no "
				     "approver",
				     policy_rule_name(rule),
				     outcome->approvers);
		else if (count == 1)
			doctor_wrong(doctor,
				     "Their own mail finds nobody to decide "
				     "on it, nor does any mail while they are "
				     "away: add a second one.",
				     "rule \"%s\": group \"%s\" has one "
				     "approver only",
				     policy_rule_name(rule),
				     outcome->approvers);
		else
			doctor_good(doctor,
				    "rule \"%s\": group \"%s\" has %u "
				    "approvers",
				    policy_rule_name(rule), outcome->approvers,
				    count);
	}
}

static void
ask_groups(struct doctor *doctor, struct vault_client *client)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_user_list request = { .actor = { { NULL, 0 } } };
	struct vault_user_list_answer users = { .user_count = 0 };
	const struct vault_call call = VAULT_CALL(USER_LIST, &request, &users);
	struct err err = { 0 };

	if (vault_client_call(client, &call, &arena, &err) == ST_OK)
		look_at_groups(doctor, &users);
	else
		doctor_note(doctor,
			    "approver groups were not looked at: run doctor "
			    "once more as an admin or auditor (the uid of "
			    "their account)");
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
		doctor_wrong(doctor,
			     "Run doctor as root, or as a uid that an account "
			     "names.",
			     "the vault gives no status: %s", err.text);
		return;
	}
	look_at_lock(doctor, &status);
	look_at_space(doctor, &status);
	look_at_cases(doctor, &status);
	ask_groups(doctor, &client);
}
