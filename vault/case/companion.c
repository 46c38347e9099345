#include "vault/case/companion.h"

#include <stdio.h>
#include <string.h>

#include "vault/case/beside.h"
#include "vault/case/four_eyes.h"
#include "vault/case/job.h"
#include "vault/case/notice.h"

enum {
	/* Behind the main case's deadline, which takes companions along. */
	COMPANION_GRACE_MS = 60 * 1000,
	COMPANION_DETAIL_BYTES = 80
};

bool
companion_is(const struct store_case *row)
{
	static const uint8_t none[CASE_ID_BYTES];

	return memcmp(row->companion_of, none, sizeof(none)) != 0;
}

static bool
is_undecided(const struct store_case *row)
{
	return row->state == CASE_STATE_HELD ||
	       row->state == CASE_STATE_UNCONFIRMED;
}

bool
companion_may_join(const struct record *main_record)
{
	const struct store_case *row = &main_record->row;

	return is_undecided(row) && !companion_is(row) && !row->self_test;
}

enum status
companions_find(struct vault *vault, const uint8_t main_id[CASE_ID_BYTES],
		struct companions *out, struct err *err)
{
	out->count = 0;
	return store_case_companions(vault->store, main_id, out->ids,
				     COMPANIONS_MAX, &out->count, err);
}

/* --- joining ----------------------------------------------------------- */

/* ST_END: it is decided, or gone. */
static enum status
read_main(struct vault *vault, const struct record *record,
	  struct record *main_record, struct err *err)
{
	const enum status st =
		record_read(vault, record->row.companion_of, main_record, err);

	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	if (st == ST_NOT_FOUND || !companion_may_join(main_record))
		return err_set(err, ST_END,
			       "the case that it waits with is decided");
	return ST_OK;
}

static enum status
check_room(struct vault *vault, const struct record *record,
	   const struct record *main_record, struct err *err)
{
	struct companions all;
	const enum status st =
		companions_find(vault, main_record->row.id, &all, err);

	if (st != ST_OK || all.count < COMPANIONS_MAX)
		return st;
	for (size_t i = 0; i < all.count; i++)
		if (memcmp(all.ids[i], record->row.id, CASE_ID_BYTES) == 0)
			return ST_OK;
	return err_set(err, ST_END, "%d mails wait with that case already",
		       (int)COMPANIONS_MAX);
}

enum status
companion_set_times(struct vault *vault, struct record *record, struct err *err)
{
	AUTO(record_done) struct record main_record;
	enum status st = ST_OK;

	record_init(&main_record);
	record_set_times(vault, record);
	if (!companion_is(&record->row))
		return ST_OK;
	st = read_main(vault, record, &main_record, err);
	if (st == ST_OK)
		st = check_room(vault, record, &main_record, err);
	if (st != ST_OK)
		return st;
	record->row.remind_unix_ms = 0;
	record->row.deadline_unix_ms =
		main_record.row.deadline_unix_ms + COMPANION_GRACE_MS;
	return ST_OK;
}

void
companion_part(struct record *record)
{
	memset(record->row.companion_of, 0, sizeof(record->row.companion_of));
}

enum status
companion_open_times(struct vault *vault, struct record *record,
		     struct err *err)
{
	struct err why = { .st = ST_OK };
	const enum status st = companion_set_times(vault, record, &why);

	if (st == ST_END)
		companion_part(record);
	return st == ST_END  ? companion_set_times(vault, record, err)
	       : st == ST_OK ? ST_OK
			     : err_set(err, st, "%s", why.text);
}

static enum status
audit_joined(struct vault *vault, const struct record *record,
	     const struct record *main_record, struct err *err)
{
	char detail[COMPANION_DETAIL_BYTES];
	char id[CASE_ID_TEXT_BYTES];
	const struct vault_deed deed = { .actor = "milter",
					 .via = "milter",
					 .event = "companion-joined",
					 .case_id = main_record->row.id,
					 .detail = detail };

	case_id_format(record->row.id, id);
	(void)snprintf(detail, sizeof(detail), "case=%s recipients=%u", id,
		       record->row.recipient_count);
	return vault_audit(vault, &deed, err);
}

enum status
companion_tell_main(struct vault *vault, const struct record *record,
		    enum companion_news news, struct err *err)
{
	AUTO(record_done) struct record main_record;
	enum status st = ST_OK;

	record_init(&main_record);
	st = read_main(vault, record, &main_record, err);
	if (st == ST_OK)
		st = record_bind(vault, &main_record, err);
	if (st == ST_OK)
		st = store_case_update(vault->store, &main_record.row, err);
	if (st != ST_OK || news != COMPANION_NEWS_MADE)
		return st;
	st = audit_joined(vault, record, &main_record, err);
	if (st == ST_OK)
		st = beside_joined(vault, record, &main_record, err);
	/* One for the case, however many wait with it. */
	if (st == ST_OK && main_record.row.state == CASE_STATE_HELD)
		st = notice_sender(vault, &main_record, NOTICE_COMPANION, "",
				   err);
	return st;
}

enum status
companions_tell(struct vault *vault, const struct record *main_record,
		struct err *err)
{
	struct companions all;
	const enum status st =
		companions_find(vault, main_record->row.id, &all, err);

	if (st != ST_OK || all.count == 0)
		return st;
	return notice_sender(vault, main_record, NOTICE_COMPANION, "", err);
}

/* --- deciding ---------------------------------------------------------- */

enum status
companions_check(struct vault *vault, const struct record *main_record,
		 const struct people *people, const struct store_user *user,
		 struct err *err)
{
	struct companions all;
	enum status st = companions_find(vault, main_record->row.id, &all, err);

	for (size_t i = 0; st == ST_OK && i < all.count; i++) {
		AUTO(record_done) struct record one;

		record_init(&one);
		st = record_read(vault, all.ids[i], &one, err);
		if (st == ST_OK && one.row.state == CASE_STATE_HELD)
			st = four_eyes_check(vault, &one, people, user, err);
	}
	return st;
}

static enum status
give_back(struct vault *vault, const struct record *record,
	  enum notice_event event, const char *reason, struct err *err)
{
	const struct notice_give_back order = { .event = event,
						.reason = reason,
						.recipients_text = "" };

	return notice_give_back(vault, record, &order, err);
}

static enum status
follow_up(struct vault *vault, struct record *record, const char *reason,
	  struct err *err)
{
	const struct job_order release = { .case_id = record->row.id,
					   .kind = JOB_KIND_RELEASE };

	switch (record->row.state) {
	case CASE_STATE_RELEASING:
		return job_add(vault, &release, err);
	case CASE_STATE_RETURNING:
		return give_back(vault, record, NOTICE_RETURNED, reason, err);
	case CASE_STATE_EXPIRING:
		return give_back(vault, record, NOTICE_EXPIRED, "", err);
	case CASE_STATE_CANCELLED:
		return case_shred(vault, record, err);
	case CASE_STATE_NONE:
	case CASE_STATE_SEALED:
	case CASE_STATE_UNCONFIRMED:
	case CASE_STATE_HELD:
	case CASE_STATE_RELEASED:
	case CASE_STATE_RETURNED:
	case CASE_STATE_EXPIRED:
	case CASE_STATE_END:
	default:
		return ST_OK;
	}
}

static enum status
move_one(struct vault *vault, const struct record *main_record,
	 struct record *record, const struct case_change *main_change,
	 struct err *err)
{
	char id[CASE_ID_TEXT_BYTES];
	char detail[COMPANION_DETAIL_BYTES];
	struct case_change change = *main_change;
	enum status st = ST_OK;

	case_id_format(main_record->row.id, id);
	(void)snprintf(detail, sizeof(detail), "with=%s recipients=%u", id,
		       record->row.recipient_count);
	change.detail = detail;
	record->row.decision = main_record->row.decision;
	if (change.event == CASE_EVENT_CANCEL) {
		record->row.waiting_count = 0;
		st = store_recipient_settle(vault->store, record->row.id,
					    CASE_OUTCOME_CANCELLED, err);
	}
	return st == ST_OK ? case_change(vault, record, &change, err) : st;
}

/* Nobody knows yet whether the MTA has it still: an operator says, or the
 * retry passes. It is a case like others from now on. */
static enum status
part_one(struct vault *vault, struct record *record, struct err *err)
{
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "companion-parted",
					 .case_id = record->row.id };
	enum status st = ST_OK;

	companion_part(record);
	st = store_case_update(vault->store, &record->row, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

static enum status
follow_one(struct vault *vault, const struct record *main_record,
	   const uint8_t id[CASE_ID_BYTES], const struct case_change *change,
	   const char *reason, struct err *err)
{
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, id, &record, err);
	if (st != ST_OK)
		return st;
	if (record.row.state == CASE_STATE_UNCONFIRMED)
		return part_one(vault, &record, err);
	if (record.row.state != CASE_STATE_HELD)
		return ST_OK;
	st = move_one(vault, main_record, &record, change, err);
	return st == ST_OK ? follow_up(vault, &record, reason, err) : st;
}

enum status
companions_follow(struct vault *vault, const struct record *main_record,
		  const struct case_change *change, const char *reason,
		  struct err *err)
{
	struct companions all;
	enum status st = ST_OK;

	if (is_undecided(&main_record->row))
		return ST_OK;
	st = companions_find(vault, main_record->row.id, &all, err);
	for (size_t i = 0; st == ST_OK && i < all.count; i++)
		st = follow_one(vault, main_record, all.ids[i], change, reason,
				err);
	return st;
}
