#include "vault/case/case_table.h"

enum { STATE_COUNT = CASE_STATE_END, EVENT_COUNT = CASE_EVENT_END };

/* clang-format off */
static const enum case_state case_table[STATE_COUNT][EVENT_COUNT] = {
	[CASE_STATE_NONE] = {
		[CASE_EVENT_TAKE] = CASE_STATE_HELD,
		[CASE_EVENT_TAKE_UNCONFIRMED] = CASE_STATE_UNCONFIRMED,
		[CASE_EVENT_TAKE_SEALED] = CASE_STATE_SEALED,
	},
	[CASE_STATE_SEALED] = {
		[CASE_EVENT_OPEN] = CASE_STATE_HELD,
		[CASE_EVENT_OPEN_UNCONFIRMED] = CASE_STATE_UNCONFIRMED,
		[CASE_EVENT_MERGE] = CASE_STATE_END,
	},
	[CASE_STATE_UNCONFIRMED] = {
		[CASE_EVENT_SEEN] = CASE_STATE_HELD,
		[CASE_EVENT_SEEN_UNCONFIRMED] = CASE_STATE_UNCONFIRMED,
		[CASE_EVENT_RESCANNED] = CASE_STATE_UNCONFIRMED,
		[CASE_EVENT_CONFIRM] = CASE_STATE_HELD,
		[CASE_EVENT_UNLOCKED] = CASE_STATE_UNCONFIRMED,
	},
	[CASE_STATE_HELD] = {
		[CASE_EVENT_SEEN] = CASE_STATE_HELD,
		[CASE_EVENT_SEEN_UNCONFIRMED] = CASE_STATE_HELD,
		[CASE_EVENT_RESCANNED] = CASE_STATE_HELD,
		[CASE_EVENT_REMIND] = CASE_STATE_HELD,
		[CASE_EVENT_APPROVE] = CASE_STATE_RELEASING,
		[CASE_EVENT_RETURN] = CASE_STATE_RETURNING,
		[CASE_EVENT_CANCEL] = CASE_STATE_CANCELLED,
		[CASE_EVENT_EXPIRE] = CASE_STATE_EXPIRING,
		[CASE_EVENT_UNLOCKED] = CASE_STATE_HELD,
		[CASE_EVENT_PASS] = CASE_STATE_RELEASING,
		[CASE_EVENT_LINK] = CASE_STATE_RELEASING,
	},
	[CASE_STATE_RELEASING] = {
		[CASE_EVENT_PROGRESS] = CASE_STATE_RELEASING,
		[CASE_EVENT_SETTLE] = CASE_STATE_RELEASED,
		[CASE_EVENT_BOUNCE] = CASE_STATE_RELEASING,
		[CASE_EVENT_LINK_REFUSED] = CASE_STATE_HELD,
	},
	[CASE_STATE_RETURNING] = {
		[CASE_EVENT_SETTLE] = CASE_STATE_RETURNED,
	},
	[CASE_STATE_EXPIRING] = {
		[CASE_EVENT_SETTLE] = CASE_STATE_EXPIRED,
	},
	[CASE_STATE_RELEASED] = {
		[CASE_EVENT_BOUNCE] = CASE_STATE_RELEASED,
	},
	/* RETURNED, EXPIRED, CANCELLED: nothing happens to them any more. */
};
/* clang-format on */

const char *
case_event_name(enum case_event event)
{
	static const char *const names[] = {
		"none",        "hold",         "hold-unconfirmed",
		"hold-sealed", "open",         "open-unconfirmed",
		"merge",       "seen-again",   "seen-again-unconfirmed",
		"rescanned",   "confirm",      "approve",
		"return",      "cancel",       "expire",
		"remind",      "progress",     "settle",
		"bounce",      "unlocked",     "pass",
		"link",        "link-refused",
	};

	_Static_assert(ARRAY_LEN(names) == EVENT_COUNT, "one name each");
	return (size_t)event < ARRAY_LEN(names) ? names[event] : "none";
}

enum case_state
case_table_next(enum case_state state, enum case_event event)
{
	if ((size_t)state >= STATE_COUNT || (size_t)event >= EVENT_COUNT)
		return CASE_STATE_NONE;
	return case_table[state][event];
}

bool
case_state_is_end(enum case_state state)
{
	return state == CASE_STATE_RELEASED || state == CASE_STATE_RETURNED ||
	       state == CASE_STATE_EXPIRED || state == CASE_STATE_CANCELLED;
}

static const char *
drawn_name(enum case_state state)
{
	if (state == CASE_STATE_NONE)
		return "new";
	return state == CASE_STATE_END ? "gone" : case_state_name(state);
}

void
case_table_print(struct sbuf *out)
{
	sbuf_add_text(out, "digraph case {\n\trankdir = LR;\n");
	for (size_t i = 0; i < (size_t)STATE_COUNT; i++)
		if (case_state_is_end((enum case_state)i))
			sbuf_addf(out, "\t\"%s\" [peripheries = 2];\n",
				  drawn_name((enum case_state)i));
	for (size_t i = 0; i < (size_t)STATE_COUNT; i++)
		for (size_t j = 0; j < (size_t)EVENT_COUNT; j++) {
			const enum case_state next = case_table[i][j];

			if (next == CASE_STATE_NONE)
				continue;
			sbuf_addf(out, "\t\"%s\" -> \"%s\" [label = \"%s\"];\n",
				  drawn_name((enum case_state)i),
				  drawn_name(next),
				  case_event_name((enum case_event)j));
		}
	sbuf_add_text(out, "}\n");
}
