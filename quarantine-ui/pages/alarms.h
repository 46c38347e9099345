/*
 * alarms.h - what those who run the gateway must hear on any page.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PAGES_ALARMS_H
#define QUARANTINE_UI_PAGES_ALARMS_H

#include "quarantine-ui/desk/call.h"

enum { ALARMS_MAX = 8 };

struct alarm_line {
	const char *text; /* in the person's language: what, and what to do */
	bool bad;         /* false: worth knowing, nothing is broken */
};

/* What status and settings say. Gives how many there are. */
size_t alarms_of(struct call *call, const struct vault_status *status,
		 struct alarm_line out[ALARMS_MAX]);

/* The same for the person of this call, asked of the vault; none for those
 * who neither run nor audit the gateway, and none without an answer. */
size_t alarms_find(struct call *call, struct alarm_line out[ALARMS_MAX]);

#endif
