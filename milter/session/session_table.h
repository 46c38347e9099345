/*
 * session_table.h - the table of session.h and its handlers, for session*.c.
 *
 * Layer:    milter/session, private to session*.c
 */
#ifndef MILTER_SESSION_SESSION_TABLE_H
#define MILTER_SESSION_SESSION_TABLE_H

#include "milter/links/settings.h"
#include "milter/session/session.h"

struct session {
	const struct session_services *services;
	enum session_state state;
	struct session_client client;
	struct settings_snapshot *snapshot; /* held while there is a mail */
	struct mail *mail;                  /* NULL between mails */
	bool no_mail; /* a mail could not even be begun: tempfail it */
};

struct session_step_context {
	const struct session_input *input;
	const struct mta *mta;
	enum mta_answer answer;
};

/* Handlers do the work; session_step() sets the state. */
typedef void
session_handler(struct session *session, struct session_step_context *step);

struct session_transition {
	enum session_state next; /* SESSION_NONE: an empty cell */
	session_handler *handler;
};

const struct session_transition *
session_transition_of(enum session_state state, enum session_event event);

session_handler session_on_connect, session_on_helo, session_on_mail,
	session_on_rcpt, session_on_header, session_on_eoh, session_on_body,
	session_on_eom, session_on_abort, session_on_broken_eom,
	session_on_nothing;

#endif
