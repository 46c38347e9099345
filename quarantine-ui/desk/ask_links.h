/*
 * ask_links.h - what pages and API both ask of the vault about secure links.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_DESK_ASK_LINKS_H
#define QUARANTINE_UI_DESK_ASK_LINKS_H

#include "quarantine-ui/desk/call.h"

/* The links of the case in the path. Returns: as vault_client_call() */
MUST_CHECK enum status
ask_links(struct call *call, struct vault_link_list_answer *answer,
	  struct wire_arena **arena_out, struct err *err);

/* The sender would rather have a link sent; password: "" for none. */
MUST_CHECK enum status
ask_for_link(struct call *call, const char *password, struct err *err);

/* step: "revoke", "extend" (by days), "thaw", "wrong". Returns: as
 * vault_client_call(); ST_FORMAT no such link, step or number of days */
MUST_CHECK enum status
ask_link_change(struct call *call, const char *link, const char *step,
		const char *days, struct err *err);

/* The signed record of a link. */
MUST_CHECK enum status
ask_link_record(struct call *call, const char *link,
		struct vault_link_record *answer, struct wire_arena **arena_out,
		struct err *err);

#endif
