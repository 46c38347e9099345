#include "quarantine-ui/pages/alarms.h"

#include <string.h>

#include "quarantine-ui/pages/words.h"

struct alarm_list {
	struct call *call;
	struct alarm_line *lines;
	size_t count;
};

static void
alarm_add(struct alarm_list *list, bool when, bool bad, const char *english)
{
	if (!when || list->count == ALARMS_MAX)
		return;
	list->lines[list->count++] =
		(struct alarm_line){ call_text(list->call, english), bad };
}

size_t
alarms_of(struct call *call, const struct vault_status *status,
	  struct alarm_line out[ALARMS_MAX])
{
	const struct config *config = call->view->config;
	struct alarm_list list = { call, out, 0 };

	alarm_add(&list, status->self_test_late, true,
		  N_("The self-test mail was not held: mail may be going out "
		     "unread. Run \"sekimori doctor\" on the gateway now."));
	alarm_add(&list, status->locked, true,
		  N_("The vault has no key: mail is still held, but nothing "
		     "can be read or released. Run \"sekimori doctor\"."));
	alarm_add(&list, status->store_error[0] != '\0', true,
		  N_("The store has failed. Mail that cannot be held stays "
		     "with its sender's server. Look at disk and log."));
	alarm_add(&list,
		  status->free_bytes < (uint64_t)config->vault.min_free_bytes,
		  true,
		  N_("The store's disk is nearly full: no more mail can be "
		     "held, and its sender's server keeps it. Make room."));
	alarm_add(&list, status->jobs_failing > 0, false,
		  N_("Letters wait because the next mail server does not take "
		     "them. They are tried again by themselves."));
	alarm_add(&list, status->cases_unconfirmed > 0, false,
		  N_("There are cases of which the mail server may not know. "
		     "They stand in the list as unconfirmed."));
	alarm_add(&list, !status->escrowed, false,
		  N_("There is no second copy of the key: if it is lost, so "
		     "is all held mail. Run \"sekimori key escrow\"."));
	alarm_add(&list, strcmp(config->general.mode, "monitor") == 0, false,
		  N_("Monitor mode: mail is looked at and goes out; nothing "
		     "is held."));
	return list.count;
}

size_t
alarms_find(struct call *call, struct alarm_line out[ALARMS_MAX])
{
	const struct vault_empty request = { 0 };
	struct vault_status status = { .locked = true };
	const struct vault_call ask = VAULT_CALL(STATUS, &request, &status);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	if (!call_has_role(call, VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR) ||
	    call_ask(call, &ask, &arena, &err) != ST_OK)
		return 0;
	return alarms_of(call, &status, out);
}
