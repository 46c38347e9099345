/*
 * ask_people.h - what pages and API ask of the vault about people.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  belongs to one worker
 *
 * Each returns as vault_client_call(), and ST_FORMAT when a text fits no
 * request. What an answer borrows lives in *arena_out.
 */
#ifndef QUARANTINE_UI_DESK_ASK_PEOPLE_H
#define QUARANTINE_UI_DESK_ASK_PEOPLE_H

#include "quarantine-ui/desk/call.h"

/* A step of one's own second factor; code as typed (blanks are ignored). */
MUST_CHECK enum status
ask_factor(struct call *call, enum factor_step step, const char *code,
	   struct vault_second_factor_answer *answer,
	   struct wire_arena **arena_out, struct err *err);
/* Remove somebody else's, by an admin. */
MUST_CHECK enum status
ask_factor_remove(struct call *call, const char *login, struct err *err);

MUST_CHECK enum status
ask_sessions(struct call *call, struct vault_session_list_answer *answer,
	     struct wire_arena **arena_out, struct err *err);
/* session_text: 32 hex digits, or "all". */
MUST_CHECK enum status
ask_session_end(struct call *call, const char *session_text, struct err *err);

/* Sign in as the sender of one mail; the entry's id is that of the path. */
MUST_CHECK enum status
ask_enter(struct call *call, const char *code, struct vault_session *session,
	  struct wire_arena **arena_out, struct err *err);
MUST_CHECK enum status ask_entry_again(struct call *call, struct err *err);

/* The sender's words about the case in the path. */
MUST_CHECK enum status
ask_comment(struct call *call, const char *text, struct err *err);

/* The password of a file in the mail of the path. */
MUST_CHECK enum status
ask_unlock(struct call *call, const char *password, bool keep, struct err *err);
/* step: "pause", "resume". */
MUST_CHECK enum status
ask_search(struct call *call, const char *step, struct err *err);

MUST_CHECK enum status
ask_users(struct call *call, struct vault_user_list_answer *answer,
	  struct wire_arena **arena_out, struct err *err);
MUST_CHECK enum status
ask_user_change(struct call *call, enum user_change change,
		const struct vault_user *user, const char *password,
		struct err *err);

MUST_CHECK enum status
ask_stats(struct call *call, uint32_t from_day, uint32_t to_day,
	  struct vault_stats_answer *answer, struct wire_arena **arena_out,
	  struct err *err);

#endif
