/*
 * setup_questions.h - ask for what the options left open.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_QUESTIONS_H
#define CLI_SETUP_QUESTIONS_H

#include "cli/setup_answers.h"
#include "cli/setup_host.h"
#include "cli/speech.h"

struct setup_ask {
	struct setup_answers *answers;
	const struct setup_host *host;
	const struct speech *speech;
	bool terminal; /* else nothing is asked, and what is missing fails */
};

/* One question: what it is about, what the answer is good for, and what holds
 * without one. */
struct setup_question {
	const char **place;
	const char *option;
	const char *title;
	const char *help;
	const char *preset; /* "" or NULL: there must be an answer */
	/* NULL: the configuration must be taken with the answer. */
	enum status (*check)(const char *answer, struct err *err);
};

/* The option's answer, a typed one, or the preset. Returns: as below */
MUST_CHECK enum status
setup_question_settle(const struct setup_ask *ask,
		      const struct setup_question *question, struct err *err);

/*
 * Fill the answers: from options, by questions on a terminal, by what the host
 * says. Each typed answer is checked at once and asked for again.
 * Returns: ST_OK; ST_NOT_FOUND something is missing (err says which option);
 *          ST_FORMAT an option has a value that is not taken; ST_NO_MEMORY
 */
MUST_CHECK enum status
setup_questions_ask_settings(const struct setup_ask *ask, struct err *err);
MUST_CHECK enum status
setup_questions_ask_accounts(const struct setup_ask *ask, struct err *err);

/* Show all answers, and what will be made. */
void setup_questions_show(const struct setup_ask *ask, const char *config_path);

/* A question that takes y or n. True: yes. End of the input is no. */
bool setup_questions_agree(const struct speech *speech, const char *question);

#endif
