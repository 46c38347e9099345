/*
 * api.h - what the handlers of /api/v1 share. JSON, bearer tokens.
 *
 * Layer:    quarantine-ui/api; the folder that includes jansson.h
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_API_API_H
#define QUARANTINE_UI_API_API_H

#include "quarantine-ui/desk/call.h"

/* {"error":{"code":"denied","reason":"…"}}; reason "" : the usual words. */
void api_error(struct call *call, unsigned status, const char *reason);

#endif
