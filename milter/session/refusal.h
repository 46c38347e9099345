/*
 * refusal.h - why a mail is not taken, and how SMTP says so.
 *
 * Layer:    milter/session
 * Threads:  values
 */
#ifndef MILTER_SESSION_REFUSAL_H
#define MILTER_SESSION_REFUSAL_H

#include <stdbool.h>

#include "lib/base/status.h"

enum refusal {
	REFUSAL_NONE = 0,
	REFUSAL_TOO_LARGE, /* over max_message; stays so */
	REFUSAL_ENVELOPE,  /* addresses or arguments over our limits */
	REFUSAL_HEADER,    /* more senders or own fields than we can keep */
	REFUSAL_BUSY,      /* spool budget */
	REFUSAL_PROTOCOL,  /* the MTA said something out of turn */
	REFUSAL_SCANNER,   /* nothing passes unread */
	REFUSAL_VAULT,     /* what must be held cannot be held now */
	REFUSAL_POLICY,    /* a condition could not be evaluated */
	REFUSAL_CHANGE,    /* the MTA did not take a change */
	REFUSAL_INTERNAL,
	REFUSAL_RULE, /* a rule rejects; the text is the rule's */
	REFUSAL_END
};

struct refusal_words {
	const char *name;     /* for the log */
	const char *code;     /* "451" */
	const char *enhanced; /* "4.3.0" */
	const char *text;     /* for the client: nothing about content */
	bool permanent;
};

/* Never NULL; REFUSAL_NONE counts as REFUSAL_INTERNAL. */
const struct refusal_words *refusal_words(enum refusal refusal);

#endif
