/*
 * setup_answers.h - what setup must know, from options or questions.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_ANSWERS_H
#define CLI_SETUP_ANSWERS_H

#include "cli/options.h"
#include "lib/config/config.h"

enum { SETUP_MAX_ANSWER_BYTES = 2000, SETUP_MAX_VALUES = 96 };

/* Texts that were typed or given; all of them live as long as the answers. */
struct setup_answers {
	const char *domains; /* comma separated */
	const char *host_name;
	const char *url;
	const char *next_hop;
	const char *notice_sender;
	const char *postmaster;
	const char *key; /* file:/path or credential:NAME */
	const char *mode;
	const char *admin;            /* LOGIN[:ADDRESS[:UID]] */
	struct option_list approvers; /* the same */
	struct option_list set;       /* section.name=value */
	bool certificate;
	bool password_stdin;
	/* What was asked for; each item one malloc(). */
	char *typed[16];
	size_t typed_count;
	/* For config_write_file(). */
	struct config_value values[SETUP_MAX_VALUES];
	size_t value_count;
	char *texts[SETUP_MAX_VALUES * 2];
	size_t text_count;
};

void setup_answers_done(struct setup_answers *answers);

/* On a terminal, ask for what the options left open.
 * Returns: ST_OK; ST_NOT_FOUND something is missing (err says which option);
 *          ST_NO_MEMORY; ST_IO */
MUST_CHECK enum status
setup_answers_ask(struct setup_answers *answers, struct err *err);

/* Fill values. certificate_dir: where desk.crt and desk.key will be, or NULL.
 * Returns: ST_OK; ST_FORMAT a --set that makes no sense; ST_NO_MEMORY */
MUST_CHECK enum status
setup_answers_write(struct setup_answers *answers, const char *certificate_dir,
		    struct err *err);

#endif
