/* deliver: the recipient stays in the message. */
#include "milter/actions/action.h"

static void
deliver_apply(struct plan *plan, struct plan_recipient *recipient)
{
	(void)plan;
	recipient->fate = PLAN_FATE_STAYS;
}

const struct action action_deliver = { "deliver", deliver_apply };
