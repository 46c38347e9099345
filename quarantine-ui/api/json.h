/*
 * json.h - bodies of the API, in and out.
 *
 * Layer:    quarantine-ui/api; internal to it
 * Threads:  belongs to one worker
 * Input:    untrusted
 */
#ifndef QUARANTINE_UI_API_JSON_H
#define QUARANTINE_UI_API_JSON_H

#include <jansson.h>

#include "quarantine-ui/desk/call.h"

void json_free(json_t **json);

/*
 * The posted object. An empty body is an empty object.
 * Returns: ST_OK; ST_FORMAT no JSON object, not announced as
 * application/json, a key twice, nested too deep; ST_NO_MEMORY
 */
MUST_CHECK enum status
json_read(const struct call *call, json_t **json_out, struct err *err);

/* The text called key; "" when absent. ST_FORMAT when it is no text or holds
 * a NUL. Borrowed from json. */
MUST_CHECK enum status json_get_text(const json_t *json, const char *key,
				     const char **text_out, struct err *err);

/* Send *json with status and release it. ST_NO_MEMORY when it is NULL, that
 * is, when it could not be made. */
MUST_CHECK enum status
json_send(struct call *call, unsigned status, json_t **json, struct err *err);

/* A text as JSON: what is not UTF-8 (addresses as given) is replaced. */
json_t *json_of_text(const char *text);
json_t *json_of_number(uint64_t number);
json_t *json_of_instant(int64_t unix_ms); /* RFC 3339, null for 0 */
json_t *json_of_case_id(const uint8_t id[CASE_ID_BYTES]);
json_t *json_of_hex(struct span bytes);
json_t *json_of_base64url(struct span bytes);

/* The parts of a case (json_case.c). */
struct asked_case;
json_t *json_of_case_line(const struct vault_case_line *line);
json_t *json_of_case(const struct asked_case *asked);
json_t *json_of_user(const struct vault_user *user);
/* "full", "code", "enrol" */
const char *json_stage_name(enum session_stage stage);

/* A number of the query: fallback when absent, ST_FORMAT when it is none. */
MUST_CHECK enum status
json_query_number(const struct call *call, const char *name, uint64_t max,
		  uint64_t *number, struct err *err);

#endif
