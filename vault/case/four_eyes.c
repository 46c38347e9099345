#include "vault/case/four_eyes.h"

bool
four_eyes_in_group(const struct store_user *user, const char *group)
{
	return user->enabled && (user->roles & VAULT_ROLE_APPROVER) != 0 &&
	       group[0] != '\0' && vault_list_has(user->groups, group);
}

bool
four_eyes_sees_group(const struct store_user *user, const char *group)
{
	const unsigned roles = VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER;

	return user->enabled && (user->roles & roles) != 0 &&
	       group[0] != '\0' && vault_list_has(user->groups, group);
}

struct grant_search {
	const struct vault *vault;
	const struct record *record;
	const struct people *people;
	bool by_sender;
};

/* Who gave this account its power: was it somebody this mail is from? */
static enum status
look_at_grant(void *context, const struct store_grant *row, struct err *err)
{
	struct grant_search *search = context;
	const struct store_user *giver = NULL;

	(void)err;
	if (row->by_user_id == 0 || row->by_user_id == row->user_id)
		return ST_OK;
	giver = people_find(search->people, row->by_user_id);
	/* An account that is gone cannot be told from the sender's. */
	search->by_sender =
		giver == NULL || person_may_have_sent(search->vault, giver,
						      &search->record->summary);
	return search->by_sender ? ST_END : ST_OK;
}

static enum status
check_grants(struct vault *vault, const struct record *record,
	     const struct people *people, const struct store_user *user,
	     struct err *err)
{
	struct grant_search search = { vault, record, people, false };
	const int64_t since_unix_ms =
		record->row.taken_unix_ms -
		vault->config->vault.new_approver_wait_s * 1000;
	const enum status st =
		store_grant_each(vault->store, user->id, since_unix_ms,
				 look_at_grant, &search, err);

	if (st != ST_OK)
		return st;
	if (search.by_sender)
		return err_set(err, ST_DENIED,
			       "your account was made or changed by the sender "
			       "of this mail a short time ago");
	return ST_OK;
}

/* A recipient profits from the approval: somebody else decides. */
static enum status
check_recipients(struct vault *vault, const struct record *record,
		 const struct store_user *user, struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients list = { .arena = NULL };
	const enum status st = record_recipients(vault, record->row.id,
						 CASE_OUTCOME_NONE, &list, err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < list.count; i++)
		if (person_may_be(vault, user, list.items[i].address))
			return err_set(err, ST_DENIED,
				       "this mail is to you; somebody else "
				       "decides");
	return ST_OK;
}

enum status
four_eyes_check(struct vault *vault, const struct record *record,
		const struct people *people, const struct store_user *user,
		struct err *err)
{
	if (!user->enabled)
		return err_set(err, ST_DENIED, "your account is disabled");
	if (!four_eyes_in_group(user, record->summary.terms.approvers))
		return err_set(err, ST_DENIED,
			       "you are not an approver of the group that "
			       "decides on this mail");
	/* Nobody can be told apart from a sender who is not known. */
	if (record->summary.sender_count == 0)
		return err_set(err, ST_DENIED,
			       "it is not known who sent this mail");
	if (person_may_have_sent(vault, user, &record->summary))
		return err_set(err, ST_DENIED,
			       "this mail is from you or was sent on your "
			       "behalf");
	const enum status st = check_recipients(vault, record, user, err);

	return st == ST_OK ? check_grants(vault, record, people, user, err)
			   : st;
}
