#include "vault/case/coverage.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/policy.h"
#include "vault/case/four_eyes.h"

/* Might every address of an account be the approver's own? */
static bool
may_be_same(const struct vault *vault, const struct store_user *approver,
	    const struct store_user *sender)
{
	struct span rest = span_of(sender->addresses);
	struct span word = { NULL, 0 };

	if (approver->id == sender->id ||
	    person_may_be(vault, approver, sender->login))
		return true;
	while (vault_list_next(&rest, &word)) {
		char one[CASE_MAX_ADDRESS_BYTES + 1];

		if (word.len_bytes >= sizeof(one))
			return true;
		memcpy(one, word.ptr, word.len_bytes);
		one[word.len_bytes] = '\0';
		if (person_may_be(vault, approver, one))
			return true;
	}
	return false;
}

static bool
is_left_alone(const struct vault *vault, const struct people *people,
	      const char *group, const struct store_user *sender)
{
	for (size_t i = 0; i < people->count; i++) {
		const struct store_user *user = &people->items[i];

		if (four_eyes_in_group(user, group) &&
		    !may_be_same(vault, user, sender))
			return false;
	}
	return true;
}

static void
count_group(const struct vault *vault, const struct people *people,
	    struct vault_group_line *line)
{
	for (size_t i = 0; i < people->count; i++) {
		const struct store_user *user = &people->items[i];

		if (!user->enabled)
			continue;
		if (four_eyes_in_group(user, line->group))
			line->approvers++;
		if (is_left_alone(vault, people, line->group, user))
			line->left_alone++;
	}
}

static bool
is_listed(const struct vault_group_line *lines, size_t count, const char *group)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i].group, group) == 0)
			return true;
	return false;
}

/* The configuration may be replaced before the answer is sent: a copy. */
static enum status
list_groups(const struct vault *vault, struct wire_arena *arena,
	    struct vault_group_line *lines, size_t *count_out, struct err *err)
{
	const struct policy *policy = vault->config->policy;
	const struct policy_rule *rule = NULL;
	size_t at = 0;
	size_t count = 0;

	while (policy != NULL && count < VAULT_MAX_PAGE &&
	       (rule = policy_rule_next(policy, &at)) != NULL) {
		const struct policy_outcome *outcome =
			policy_rule_outcome(rule);
		const char *group = NULL;

		if ((outcome->action != POLICY_ACTION_HOLD &&
		     outcome->action != POLICY_ACTION_LINK) ||
		    is_listed(lines, count, outcome->approvers))
			continue;
		group = wire_arena_text(arena, span_of(outcome->approvers));
		if (group == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		lines[count++] = (struct vault_group_line){ .group = group };
	}
	*count_out = count;
	return ST_OK;
}

enum status
coverage_read(struct vault *vault, struct wire_arena *arena,
	      struct vault_groups_answer *groups_out, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	struct vault_group_line *lines =
		wire_arena_alloc(arena, VAULT_MAX_PAGE * sizeof(*lines));
	size_t count = 0;
	enum status st = ST_OK;

	if (lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = list_groups(vault, arena, lines, &count, err);
	if (st == ST_OK)
		st = people_read(vault, &people, err);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < count; i++)
		count_group(vault, &people, &lines[i]);
	*groups_out = (struct vault_groups_answer){ lines, count };
	return ST_OK;
}
