/*
 * hold_text.h - held mail as tables for people and as JSON for programs.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_HOLD_TEXT_H
#define CLI_HOLD_TEXT_H

#include <jansson.h>

#include "cli/speech.h"
#include "cli/table.h"
#include "vault/client/vault_messages.h"

/* A new reference, NULL without memory. */
json_t *hold_line_json(const struct vault_case_line *line);
json_t *
hold_case_json(const struct vault_case *held, const struct scan_report *report);

/* Everything about one case, several lines. Returns: ST_OK, ST_LIMIT, … */
MUST_CHECK enum status
hold_print_case(const struct vault_case *held, const struct scan_report *report,
		const struct speech *speech, struct err *err);

/* Print json with a line end and release it. NULL: ST_NO_MEMORY. */
MUST_CHECK enum status json_print(json_t *json, struct err *err);

/* RFC 3339 text, or null for no instant. */
json_t *json_time(int64_t unix_ms);

/* Text of a mail that may not be UTF-8: then its bytes as ISO 8859-1. */
json_t *json_text(const char *text);

#endif
