/* hold: the recipient leaves the message and becomes part of a case. */
#include "milter/actions/action.h"

static void
hold_apply(struct plan *plan, struct plan_recipient *recipient)
{
	(void)plan;
	recipient->fate = PLAN_FATE_HELD;
}

const struct action action_hold = { "hold", hold_apply };
