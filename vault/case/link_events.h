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
};

/* The last most of them, in order, copied into arena. */
MUST_CHECK enum status
link_events_read(const struct vault *vault,
		 const uint8_t link_id[LINK_ID_BYTES], uint32_t most,
		 struct wire_arena *arena, struct link_events *events,
		 struct err *err);

#endif
