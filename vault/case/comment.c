#include "vault/case/comment.h"

#include <string.h>

#include "vault/case/notice.h"
#include "vault/case/saying.h"

static bool
is_undecided(const struct record *record)
{
	return record->row.state == CASE_STATE_HELD ||
	       record->row.state == CASE_STATE_UNCONFIRMED;
}

bool
comment_may(const struct vault *vault, const struct store_user *user,
	    const struct record *record)
{
	return is_undecided(record) && record->row.comments < COMMENT_MAX &&
	       decide_may_cancel(vault, user, record);
}

static enum status
check(const struct vault *vault, const struct actor *actor,
      const struct record *record, const char *text, struct err *err)
{
	if (decide_standing(vault, &actor->user, record) == CASE_STANDING_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	/* Who may cancel a mail is its sender. */
	if (!decide_may_cancel(vault, &actor->user, record))
		return err_set(err, ST_DENIED,
			       "only the sender can add a comment");
	if (!is_undecided(record))
		return err_set(err, ST_END, "the case is %s already",
			       case_state_name(record->row.state));
	if (record->row.comments >= COMMENT_MAX)
		return err_set(err, ST_DENIED, "there are %d comments already",
			       COMMENT_MAX);
	if (text[strspn(text, " \t\r\n")] == '\0')
		return err_set(err, ST_FORMAT, "the comment is empty");
	if (strlen(text) > COMMENT_MAX_BYTES)
		return err_set(err, ST_FORMAT, "a comment has at most %d bytes",
			       COMMENT_MAX_BYTES);
	return saying_check(text, err);
}

/* When approvers are told next; 0: they will be told of this one, too. */
static int64_t
next_notice(const struct vault *vault, const struct record *record)
{
	const int64_t last = record->row.commented_unix_ms;

	if (last == 0 || vault->now_unix_ms >= last + COMMENT_NOTICE_MS)
		return vault->now_unix_ms;
	return last <= vault->now_unix_ms ? last + COMMENT_NOTICE_MS : 0;
}

enum status
comment_add(struct vault *vault, const struct actor *actor,
	    const struct vault_comment *request, struct err *err)
{
	AUTO(record_done) struct record record;
	const struct vault_deed deed = { .actor = actor->user.login,
					 .via = actor->via,
					 .event = "comment",
					 .case_id = request->case_id,
					 .secret = request->text };
	int64_t notice_unix_ms = 0;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check(vault, actor, &record, request->text, err);
	if (st != ST_OK)
		return st;
	notice_unix_ms = next_notice(vault, &record);
	record.row.comments++;
	if (notice_unix_ms > 0)
		record.row.commented_unix_ms = notice_unix_ms;
	st = store_case_update(vault->store, &record.row, err);
	if (st == ST_OK)
		st = vault_audit(vault, &deed, err);
	if (st == ST_OK && notice_unix_ms > 0)
		st = notice_commented(vault, &record, err);
	return st;
}
