/*
 * link_events.h - what happened to a link, opened.
 *
 * Layer:    vault/case
 * Threads:  any
 */
#ifndef VAULT_CASE_LINK_EVENTS_H
#define VAULT_CASE_LINK_EVENTS_H

#include "vault/case/link.h"

struct link_events {
	struct vault_link_event *items;
	size_t count;
	bool cut; /* perhaps there were more */
};

/* The last ones, in order, copied into arena: so many of what was sent, fetched
 * and changed, and so many of what whoever has the link makes as many of as he
 * likes (visits, codes), so that these never hide the others. */
MUST_CHECK enum status
link_events_read(const struct vault *vault,
		 const uint8_t link_id[LINK_ID_BYTES],
		 struct store_link_event_most most, struct wire_arena *arena,
		 struct link_events *events, struct err *err);

#endif
