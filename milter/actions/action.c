#include "milter/actions/action.h"

static const struct action *const actions[POLICY_ACTION_END] = {
#define ACTION(name, symbol) [POLICY_ACTION_##symbol] = &action_##name,
#include "milter/actions/actions.def"
#undef ACTION
};

const struct action *
action_find(enum policy_action action)
{
	return (size_t)action < POLICY_ACTION_END ? actions[action] : NULL;
}
