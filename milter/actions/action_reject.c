/* reject: 550 when it is everybody's outcome; see plan.h for the rest. */
#include "milter/actions/action.h"

static void
reject_apply(struct plan *plan, struct plan_recipient *recipient)
{
	(void)plan;
	recipient->fate = PLAN_FATE_REJECTED;
}

const struct action action_reject = { "reject", reject_apply };
