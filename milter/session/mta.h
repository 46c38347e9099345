/*
 * mta.h - what a session may ask of the MTA: a table of functions, so that
 * sessions run without libmilter (tests, --policy-test).
 *
 * Layer:    milter/session
 * Threads:  called from the thread that runs the session's step
 */
#ifndef MILTER_SESSION_MTA_H
#define MILTER_SESSION_MTA_H

#include "lib/base/status.h"

struct mta_ops {
	/* A macro such as "i", "j", "{auth_authen}"; "" when not set. */
	const char *(*macro)(void *mta, const char *name);
	/* "still alive"; anything but ST_OK: the MTA is gone. */
	enum status (*progress)(void *mta, struct err *err);
	/* The rest only at the end of the mail. Any failure means that the
	 * mail is in an unknown shape there: the answer must be TEMPFAIL. */
	enum status (*add_field)(void *mta, const char *name, const char *value,
				 struct err *err);
	/* The index-th field of that name, from 1, as fields now stand. */
	enum status (*delete_field)(void *mta, const char *name, int index,
				    struct err *err);
	enum status (*delete_recipient)(void *mta, const char *given,
					struct err *err);
	/* Words for a REJECT or TEMPFAIL answer. */
	enum status (*set_reply)(void *mta, const char *code,
				 const char *enhanced, const char *text,
				 struct err *err);
};

struct mta {
	const struct mta_ops *ops;
	void *self; /* first argument of each */
};

/* What a step answers. */
enum mta_answer {
	MTA_ANSWER_NONE = 0, /* go on: no reply is expected */
	MTA_ANSWER_ACCEPT,
	MTA_ANSWER_DISCARD,
	MTA_ANSWER_REJECT,
	MTA_ANSWER_TEMPFAIL
};
const char *mta_answer_name(enum mta_answer answer);

#endif
