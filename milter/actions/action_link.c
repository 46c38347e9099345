/* link: as hold; the vault sends the case on as a link, unless it must wait. */
#include "milter/actions/action.h"

static void
link_apply(struct plan *plan, struct plan_recipient *recipient)
{
	(void)plan;
	recipient->fate = PLAN_FATE_HELD;
}

const struct action action_link = { "link", link_apply };
