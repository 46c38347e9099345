/* tag: the recipient stays, and the message gets X-Sekimori-Tag. */
#include "milter/actions/action.h"

static void
tag_apply(struct plan *plan, struct plan_recipient *recipient)
{
	recipient->fate = PLAN_FATE_STAYS;
	plan_add_tag(plan, recipient->outcome.tag);
}

const struct action action_tag = { "tag", tag_apply };
