/*
 * setup_portal.h - what setup asks about secure links.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_PORTAL_H
#define CLI_SETUP_PORTAL_H

#include "cli/setup_questions.h"

/* What --portal says; NULL: nothing was said. Returns: ST_OK; ST_FORMAT */
MUST_CHECK enum status setup_portal_take(struct setup_answers *answers,
					 const char *way, struct err *err);

/* Ask whether there are links, and what they need; without a terminal there
 * are those of the options. Returns: as setup_questions_ask_settings() */
MUST_CHECK enum status
setup_portal_ask(const struct setup_ask *ask, struct err *err);

#endif
