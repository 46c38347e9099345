/*
 * setup_check.h - is an answer right? Asked before anything is written.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_CHECK_H
#define CLI_SETUP_CHECK_H

#include "cli/setup_answers.h"

/*
 * Would the configuration be taken with the answers so far? What was not
 * answered yet counts as right: the file is made with fillers, in memory, and
 * read as every program reads it.
 * Returns: ST_OK; ST_FORMAT err says what is wrong, without file and line;
 *          ST_NO_MEMORY; ST_IO
 */
MUST_CHECK enum status
setup_check_answers(const struct setup_answers *answers, struct err *err);

/* LOGIN[:ADDRESS[:UID]] as an account takes it. Returns: ST_OK; ST_FORMAT */
MUST_CHECK enum status setup_check_account(const char *words, struct err *err);

/* A login alone. Returns: ST_OK; ST_FORMAT */
MUST_CHECK enum status setup_check_login(const char *login, struct err *err);

/* Are the accounts and groups of a configuration there? err names one, and
 * the command that makes it. Not root: ST_OK, nobody is become.
 * Returns: ST_OK; ST_NOT_FOUND */
MUST_CHECK enum status
setup_check_host(const struct config *config, struct err *err);

#endif
