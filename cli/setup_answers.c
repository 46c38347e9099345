#include "cli/setup_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"

void
setup_answers_done(struct setup_answers *answers)
{
	for (size_t i = 0; i < answers->typed_count; i++)
		free(answers->typed[i]);
	for (size_t i = 0; i < answers->text_count; i++)
		free(answers->texts[i]);
}

/* --- questions ----------------------------------------------------------- */

struct question {
	const char **place;
	const char *option;
	const char *words;
	const char *preset; /* NULL: there must be an answer */
};

static enum status
question_ask(struct setup_answers *answers, const struct question *question,
	     struct err *err)
{
	char line[SETUP_MAX_ANSWER_BYTES] = "";
	char *copy = NULL;

	if (question->preset != NULL)
		(void)printf("%s [%s]: ", question->words, question->preset);
	else
		(void)printf("%s: ", question->words);
	(void)fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return err_set(err, ST_NOT_FOUND, "the input ends before %s",
			       question->option);
	line[strcspn(line, "\r\n")] = '\0';
	copy = strdup(line);
	if (copy == NULL || answers->typed_count == ARRAY_LEN(answers->typed)) {
		free(copy);
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	}
	answers->typed[answers->typed_count++] = copy;
	if (copy[0] != '\0')
		*question->place = copy;
	return ST_OK;
}

/* An answer for one question: the option's, a typed one, or the preset. */
static enum status
question_settle(struct setup_answers *answers, const struct question *question,
		struct err *err)
{
	const bool terminal = isatty(STDIN_FILENO) != 0;
	enum status st = ST_OK;

	while (st == ST_OK && *question->place == NULL) {
		if (terminal && !answers->password_stdin)
			st = question_ask(answers, question, err);
		if (st == ST_OK && *question->place == NULL &&
		    question->preset != NULL)
			*question->place = question->preset;
		if (st == ST_OK && *question->place == NULL && !terminal)
			st = err_set(err, ST_NOT_FOUND, "setup needs %s",
				     question->option);
		if (answers->password_stdin && *question->place == NULL)
			return err_set(err, ST_NOT_FOUND, "setup needs %s",
				       question->option);
	}
	return st;
}

enum status
setup_answers_ask(struct setup_answers *answers, struct err *err)
{
	char host[256] = "localhost";
	const char *approver = answers->approvers.count > 0
				       ? answers->approvers.items[0]
				       : NULL;

	(void)gethostname(host, sizeof(host) - 1);
	const struct question questions[] = {
		{ &answers->domains, "--domain",
		  "Domains that are inside, separated by commas", NULL },
		{ &answers->host_name, "--host-name", "Name of this host",
		  host },
		{ &answers->url, "--url",
		  "How people reach the desk (https://...)", NULL },
		{ &answers->next_hop, "--next-hop",
		  "MTA that takes released mail, address:port",
		  "127.0.0.1:25" },
		{ &answers->notice_sender, "--notice-sender",
		  "Address that notices come from", NULL },
		{ &answers->postmaster, "--postmaster",
		  "Address of the postmaster", NULL },
		{ &answers->key, "--key",
		  "Master key: file:/path on another volume, or "
		  "credential:NAME",
		  "credential:sekimori-key" },
		{ &answers->mode, "--mode",
		  "enforce, or monitor for the first week", "enforce" },
		{ &answers->admin, "--admin",
		  "First admin, LOGIN:ADDRESS[:UID]", NULL },
		{ &approver, "--approver", "First approver, LOGIN:ADDRESS",
		  NULL },
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(questions); i++)
		st = question_settle(answers, &questions[i], err);
	if (st == ST_OK && answers->approvers.count == 0)
		answers->approvers.items[answers->approvers.count++] = approver;
	/* The preset is on this stack. */
	if (st == ST_OK && answers->host_name == host) {
		char *copy = strdup(host);

		if (copy == NULL)
			return err_set(err, ST_NO_MEMORY, "setup: no memory");
		answers->typed[answers->typed_count++] = copy;
		answers->host_name = copy;
	}
	return st;
}

/* --- values -------------------------------------------------------------- */

/* key = text, both taken over (malloc). */
static enum status
values_take(struct setup_answers *answers, char *key, char *text,
	    struct err *err)
{
	if (key == NULL || text == NULL ||
	    answers->value_count == SETUP_MAX_VALUES) {
		free(key);
		free(text);
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	}
	answers->texts[answers->text_count++] = key;
	answers->texts[answers->text_count++] = text;
	answers->values[answers->value_count++] =
		(struct config_value){ key, text };
	return ST_OK;
}

static void
values_quote(struct sbuf *out, struct span text)
{
	sbuf_add_byte(out, '"');
	for (size_t i = 0; i < text.len_bytes; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			sbuf_add_byte(out, '\\');
		sbuf_add_byte(out, text.ptr[i]);
	}
	sbuf_add_byte(out, '"');
}

static enum status
values_add_text(struct setup_answers *answers, const char *key,
		const char *text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf quoted;

	sbuf_init(&quoted, 3 * SETUP_MAX_ANSWER_BYTES);
	values_quote(&quoted, span_of(text));
	return values_take(answers, strdup(key), strdup(sbuf_text(&quoted)),
			   err);
}

/* "a, b" becomes { "a", "b" }. */
static enum status
values_add_list(struct setup_answers *answers, const char *key,
		const char *text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf list;
	bool first = true;

	sbuf_init(&list, 3 * SETUP_MAX_ANSWER_BYTES);
	sbuf_add_text(&list, "{ ");
	while (*text != '\0') {
		const size_t blank = strspn(text, ", \t");
		const size_t word = strcspn(text + blank, ", \t");

		text += blank;
		if (word > 0) {
			sbuf_add_text(&list, first ? "" : ", ");
			values_quote(
				&list,
				(struct span){ (const uint8_t *)text, word });
			first = false;
		}
		text += word;
	}
	sbuf_add_text(&list, " }");
	return values_take(answers, strdup(key), strdup(sbuf_text(&list)), err);
}

/* --set section.name=value. */
static enum status
values_add_set(struct setup_answers *answers, const char *words,
	       struct err *err)
{
	const char *equals = strchr(words, '=');
	AUTO(sbuf_done) struct sbuf value;
	char *key = NULL;
	enum status st = ST_OK;

	sbuf_init(&value, 3 * SETUP_MAX_ANSWER_BYTES);
	if (equals == NULL ||
	    memchr(words, '.', (size_t)(equals - words)) == NULL)
		return err_set(err, ST_FORMAT,
			       "--set takes section.name=value, not "
			       "\"%.80s\"",
			       words);
	key = strndup(words, (size_t)(equals - words));
	if (key == NULL)
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	st = config_write_value(key, equals + 1, &value, err);
	if (st == ST_OK)
		st = sbuf_status(&value, "setup", err);
	if (st != ST_OK) {
		free(key);
		return st;
	}
	return values_take(answers, key, strdup(sbuf_text(&value)), err);
}

static enum status
values_add_certificate(struct setup_answers *answers, const char *dir,
		       struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, SETUP_MAX_ANSWER_BYTES);
	if (dir == NULL)
		return ST_OK;
	sbuf_addf(&path, "%s/desk.crt", dir);
	st = values_add_text(answers, "desk.certificate", sbuf_text(&path),
			     err);
	sbuf_clear(&path);
	sbuf_addf(&path, "%s/desk.key", dir);
	if (st == ST_OK)
		st = values_add_text(answers, "desk.certificate_key",
				     sbuf_text(&path), err);
	return st;
}

enum status
setup_answers_write(struct setup_answers *answers, const char *certificate_dir,
		    struct err *err)
{
	const struct {
		const char *key;
		const char *text;
	} texts[] = {
		{ "general.host_name", answers->host_name },
		{ "general.postmaster", answers->postmaster },
		{ "general.mode", answers->mode },
		{ "vault.key", answers->key },
		{ "courier.next_hop", answers->next_hop },
		{ "courier.notice_sender", answers->notice_sender },
		{ "desk.url", answers->url },
	};
	enum status st = ST_OK;

	/* First, because the first of two values for one key counts. */
	for (size_t i = 0; st == ST_OK && i < answers->set.count; i++)
		st = values_add_set(answers, answers->set.items[i], err);
	if (st == ST_OK)
		st = values_add_list(answers, "general.local_domains",
				     answers->domains, err);
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(texts); i++)
		st = values_add_text(answers, texts[i].key, texts[i].text, err);
	if (st == ST_OK)
		st = values_add_certificate(answers, certificate_dir, err);
	return st;
}
