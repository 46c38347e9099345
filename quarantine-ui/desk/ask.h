/*
 * ask.h - what pages and API both ask of the vault about one case.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  belongs to one worker
 * Input:    the report inside a case came from a worker: untrusted
 */
#ifndef QUARANTINE_UI_DESK_ASK_H
#define QUARANTINE_UI_DESK_ASK_H

#include "quarantine-ui/desk/call.h"

struct asked_case {
	struct vault_case held;
	struct scan_report report;
	bool has_report; /* false: there is none that can be read */
	struct wire_arena *arena;
	struct wire_arena *report_arena;
};

/* The case in the path. Release with ask_case_done(), also after failure. */
MUST_CHECK enum status
ask_case(struct call *call, struct asked_case *asked, struct err *err);
void ask_case_done(struct asked_case *asked);

struct ask_decision {
	enum case_decision decision;
	const char *version; /* hex, as the person saw it */
	const char *purpose;
	const char *comment;
};

/* Decide on the case in the path. Returns: as vault_client_call(); ST_FORMAT
 * also for a malformed version. */
MUST_CHECK enum status
ask_decide(struct call *call, const struct ask_decision *decision,
	   enum case_state *state_out, struct err *err);
MUST_CHECK enum status ask_rescan(struct call *call, struct err *err);

/* Show at most the last four digits, whatever a worker wrote. */
const char *ask_masked(const struct report_finding *finding);

/* A piece of the list of cases. */
struct ask_page {
	enum case_filter filter;
	enum case_sort sort;
	const char *search; /* NULL or "": all */
	uint32_t offset;
	uint32_t limit;
};
MUST_CHECK enum status ask_list(struct call *call, const struct ask_page *page,
				struct vault_list_answer *answer,
				struct wire_arena **arena_out, struct err *err);
/* "todo", "open", "mine", "all"; CASE_FILTER_NONE for others. */
enum case_filter ask_filter_of(const char *name);
const char *ask_filter_name(enum case_filter filter);
/* "urgent", "oldest", "newest", "deadline", "sender"; CASE_SORT_NONE for
 * others. */
enum case_sort ask_sort_of(const char *name);
const char *ask_sort_name(enum case_sort sort);

/*
 * Sign in with login and password.
 * Gives: *session, its memory in *arena_out. Returns: ST_OK; ST_DENIED the
 * same for every bad pair; as vault_client_call()
 */
MUST_CHECK enum status
ask_sign_in(struct call *call, const char *login, const char *password,
	    struct vault_session *session, struct wire_arena **arena_out,
	    struct err *err);
/* End the session of token. */
MUST_CHECK enum status
ask_sign_out(struct call *call, struct span token, struct err *err);

#endif
