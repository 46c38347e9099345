/*
 * action.h - the actions of policy rules, one file each.
 *
 * Layer:    milter/actions; includes lib/ and milter/policy/plan.h
 * Threads:  constant
 *
 * To add one: action_<name>.c, a row in actions.def, and built = true in
 * lib/config/actions.def.
 */
#ifndef MILTER_ACTIONS_ACTION_H
#define MILTER_ACTIONS_ACTION_H

#include "milter/policy/plan.h"

struct action {
	const char *name;
	/* Place recipient (whose outcome is set) in the plan. */
	void (*apply)(struct plan *plan, struct plan_recipient *recipient);
};

#define ACTION(name, symbol) extern const struct action action_##name;
#include "milter/actions/actions.def"
#undef ACTION

/* NULL for an action that is not built. */
const struct action *action_find(enum policy_action action);

#endif
