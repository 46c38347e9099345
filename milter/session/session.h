/*
 * session.h - one SMTP session as the MTA tells of it: states and events in
 * one table.
 *
 * Layer:    milter/session
 * Threads:  a session belongs to one thread at a time; libmilter is a pool of
 *           workers, so each step may be on another thread
 *
 * session_table[state][event] says what happens and which state follows.
 * An empty cell is a protocol error: it is logged with both names and the
 * session is BROKEN until the mail ends, is aborted or the session closes;
 * the answer to that mail is a temporary failure. session_write_graph()
 * prints the table for Graphviz, so the drawing cannot drift.
 */
#ifndef MILTER_SESSION_SESSION_H
#define MILTER_SESSION_SESSION_H

#include "milter/session/mail.h"
#include "milter/session/mta.h"

enum session_state {
	SESSION_NONE = 0,
	SESSION_NEW,       /* nothing said yet */
	SESSION_CONNECTED, /* between mails */
	SESSION_ENVELOPE,  /* MAIL was given */
	SESSION_RECIPIENTS,
	SESSION_HEADER, /* DATA or the first field was given */
	SESSION_BODY,   /* the header is over */
	SESSION_BROKEN, /* out of step; waits for the end of the mail */
	SESSION_CLOSED,
	SESSION_STATE_COUNT
};

enum session_event {
	EVENT_NONE = 0,
	EVENT_CONNECT, /* name: host name, value: IP address or "" */
	EVENT_HELO,    /* name: what the client said */
	EVENT_MAIL,    /* name: address, args */
	EVENT_RCPT,    /* name: address, args */
	EVENT_DATA,
	EVENT_HEADER, /* name, value */
	EVENT_EOH,
	EVENT_BODY, /* chunk */
	EVENT_EOM,
	EVENT_ABORT,   /* the mail is over without an end */
	EVENT_UNKNOWN, /* a command that the MTA does not know */
	EVENT_CLOSE,
	EVENT_COUNT
};

/* Everything is borrowed for the step. */
struct session_input {
	enum session_event event;
	const char *name;
	const char *value;
	const char *const *args; /* NULL-terminated, or NULL */
	struct span chunk;
};

struct session_client {
	char *name;    /* host name as the MTA knows it, or "" */
	char *address; /* IP address, or "" */
	char *helo;
};

/* What sessions share; made once by the program. */
struct session_services {
	struct settings *settings; /* milter/links/settings.h */
	struct spool_budget *budget;
	/* Decide about a complete mail and carry the decision out: the only
	 * answer that is not NONE. policy/finish.h, or a test's own. */
	enum mta_answer (*finish)(void *context, struct mail *mail,
				  const struct session_client *client,
				  const struct mta *mta);
	void *finish_context;
};

struct session;

/* services must outlive the session. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
session_new(const struct session_services *services,
	    struct session **session_out, struct err *err);
void session_free(struct session **session);

/*
 * Take one event. Everything but EVENT_EOM is answered by NONE: we negotiate
 * that no reply is expected, and a mail that cannot be taken is refused at
 * its end. mta is valid for this step only.
 */
enum mta_answer
session_step(struct session *session, const struct session_input *input,
	     const struct mta *mta);

enum session_state session_state_of(const struct session *session);
const char *session_state_name(enum session_state state);
const char *session_event_name(enum session_event event);

/* False for an empty cell. */
bool session_may_take(enum session_state state, enum session_event event);

/* The table as a Graphviz file. */
void session_write_graph(struct sbuf *out);

#endif
