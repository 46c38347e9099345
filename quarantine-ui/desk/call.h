/*
 * call.h - one request on its way through a page.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_DESK_CALL_H
#define QUARANTINE_UI_DESK_CALL_H

#include "lib/base/clock.h"
#include "quarantine-ui/desk/desk.h"
#include "quarantine-ui/html/scratch.h"
#include "quarantine-ui/http/form.h"

enum { CALL_TOKEN_TEXT_BYTES = 44 }; /* base64url of 32 bytes and NUL */

struct route;

struct call {
	struct desk *desk;
	const struct view *view;
	struct vault_client *vault;
	const struct http_request *request;
	struct http_response *response;
	const struct route *route; /* NULL: no such page */
	uint8_t case_id[CASE_ID_BYTES];
	char case_text[CASE_ID_TEXT_BYTES]; /* {id}, {entry} of the path, or ""
					     */
	struct scratch scratch;             /* texts and rows of the page */
	struct form query;
	struct form form; /* of a posted page */
	/* The person; session.user is empty when signed_in is false. */
	bool signed_in;
	bool had_token;
	/* There is a session, but not more than that: the second factor is
	 * missing (session.stage). Pages for it look here themselves. */
	bool half;
	uint8_t token[VAULT_TOKEN_BYTES];
	struct vault_session session;
	struct wire_arena *session_arena;
	/* What each form of the page must carry (CSRF). */
	char form_token[CALL_TOKEN_TEXT_BYTES];
	enum i18n_language language;
};

/*
 * Find out who asks (cookie, or bearer token), the language, the form token.
 * Returns: ST_OK, also for nobody; otherwise the vault could not be asked
 */
MUST_CHECK enum status call_identify(struct call *call, struct err *err);
void call_done(struct call *call);

struct vault_actor call_actor(const struct call *call);

/* Ask the vault on behalf of this request. Returns: as vault_client_call();
 * ST_FORMAT also when something in it does not fit the request. */
MUST_CHECK enum status call_ask(struct call *call, const struct vault_call *ask,
				struct wire_arena **arena_out, struct err *err);

bool call_has_role(const struct call *call, uint32_t roles);

/* The sender of one mail, who came with the code out of a notice. */
bool call_is_guest(const struct call *call);

/* From now on the browser is this session: its token goes into the cookie
 * and nowhere else. Returns: ST_OK; ST_IO the vault's token is malformed */
MUST_CHECK enum status
call_take_session(struct call *call, struct span token, struct err *err);

/* The text in the language of the person. */
const char *call_text(const struct call *call, const char *english);

/* Does the posted form carry this session's (or visitor's) token, and did
 * it come from one of our pages? */
bool call_form_is_ours(const struct call *call);

/*
 * An address to go to after this page, as a form carried it: one of our own
 * pages, else "/".
 */
const char *call_next(const struct call *call, const char *asked);

/* Is one more sign-in try from this address within the rate? */
bool call_may_try_password(const struct call *call);

#endif
