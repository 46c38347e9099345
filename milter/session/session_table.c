#include "milter/session/session_table.h"

#define TO(state_, handler_)                            \
	{                                               \
		.next = (state_), .handler = (handler_) \
	}

/*
 * libmilter reports an abort before it steps back from inside a mail, so no
 * row takes a MAIL there. DATA is left out by old MTAs.
 */
/* clang-format off */
static const struct session_transition
session_table[SESSION_STATE_COUNT][EVENT_COUNT] = {
	[SESSION_NEW] = {
		[EVENT_CONNECT] = TO(SESSION_CONNECTED, session_on_connect),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_CONNECTED] = {
		[EVENT_HELO] = TO(SESSION_CONNECTED, session_on_helo),
		[EVENT_MAIL] = TO(SESSION_ENVELOPE, session_on_mail),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_UNKNOWN] = TO(SESSION_CONNECTED, session_on_nothing),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_ENVELOPE] = {
		[EVENT_RCPT] = TO(SESSION_RECIPIENTS, session_on_rcpt),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_UNKNOWN] = TO(SESSION_ENVELOPE, session_on_nothing),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_RECIPIENTS] = {
		[EVENT_RCPT] = TO(SESSION_RECIPIENTS, session_on_rcpt),
		[EVENT_DATA] = TO(SESSION_HEADER, session_on_nothing),
		[EVENT_HEADER] = TO(SESSION_HEADER, session_on_header),
		[EVENT_EOH] = TO(SESSION_BODY, session_on_eoh),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_UNKNOWN] = TO(SESSION_RECIPIENTS, session_on_nothing),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_HEADER] = {
		[EVENT_HEADER] = TO(SESSION_HEADER, session_on_header),
		[EVENT_EOH] = TO(SESSION_BODY, session_on_eoh),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_BODY] = {
		[EVENT_BODY] = TO(SESSION_BODY, session_on_body),
		[EVENT_EOM] = TO(SESSION_CONNECTED, session_on_eom),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
	[SESSION_BROKEN] = {
		[EVENT_CONNECT] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_HELO] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_MAIL] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_RCPT] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_DATA] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_HEADER] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_EOH] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_BODY] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_EOM] = TO(SESSION_CONNECTED, session_on_broken_eom),
		[EVENT_ABORT] = TO(SESSION_CONNECTED, session_on_abort),
		[EVENT_UNKNOWN] = TO(SESSION_BROKEN, session_on_nothing),
		[EVENT_CLOSE] = TO(SESSION_CLOSED, session_on_abort),
	},
};
/* clang-format on */

static const char *const state_names[SESSION_STATE_COUNT] = {
	[SESSION_NONE] = "none",
	[SESSION_NEW] = "new",
	[SESSION_CONNECTED] = "connected",
	[SESSION_ENVELOPE] = "envelope",
	[SESSION_RECIPIENTS] = "recipients",
	[SESSION_HEADER] = "header",
	[SESSION_BODY] = "body",
	[SESSION_BROKEN] = "broken",
	[SESSION_CLOSED] = "closed",
};

static const char *const event_names[EVENT_COUNT] = {
	[EVENT_NONE] = "none",     [EVENT_CONNECT] = "connect",
	[EVENT_HELO] = "helo",     [EVENT_MAIL] = "mail",
	[EVENT_RCPT] = "rcpt",     [EVENT_DATA] = "data",
	[EVENT_HEADER] = "header", [EVENT_EOH] = "eoh",
	[EVENT_BODY] = "body",     [EVENT_EOM] = "eom",
	[EVENT_ABORT] = "abort",   [EVENT_UNKNOWN] = "unknown",
	[EVENT_CLOSE] = "close",
};

const char *
session_state_name(enum session_state state)
{
	return (size_t)state < SESSION_STATE_COUNT ? state_names[state]
						   : "none";
}

const char *
session_event_name(enum session_event event)
{
	return (size_t)event < EVENT_COUNT ? event_names[event] : "none";
}

const struct session_transition *
session_transition_of(enum session_state state, enum session_event event)
{
	if ((size_t)state >= SESSION_STATE_COUNT ||
	    (size_t)event >= EVENT_COUNT)
		return &session_table[SESSION_NONE][EVENT_NONE];
	return &session_table[state][event];
}

bool
session_may_take(enum session_state state, enum session_event event)
{
	return session_transition_of(state, event)->next != SESSION_NONE;
}

void
session_write_graph(struct sbuf *out)
{
	sbuf_add_text(out, "digraph session {\n");
	for (unsigned state = SESSION_NEW; state < SESSION_STATE_COUNT;
	     state++) {
		for (unsigned event = EVENT_CONNECT; event < EVENT_COUNT;
		     event++) {
			const struct session_transition *cell =
				&session_table[state][event];

			if (cell->next != SESSION_NONE)
				sbuf_addf(out, "\t%s -> %s [label=\"%s\"];\n",
					  state_names[state],
					  state_names[cell->next],
					  event_names[event]);
		}
	}
	sbuf_add_text(out, "}\n");
}
