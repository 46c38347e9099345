#include "cli/setup_questions.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "cli/setup_check.h"
#include "cli/setup_portal.h"
#include "cli/table.h"

static const char *
say(const struct setup_ask *ask, const char *english)
{
	return speech_text(ask->speech, english);
}

/* --- one answer --------------------------------------------------------- */

static enum status
line_read(char line[SETUP_MAX_ANSWER_BYTES], struct err *err)
{
	(void)fflush(stdout);
	if (fgets(line, SETUP_MAX_ANSWER_BYTES, stdin) == NULL)
		return err_set(err, ST_NOT_FOUND, "the input ends");
	line[strcspn(line, "\r\n")] = '\0';
	return ST_OK;
}

/* Is the answer at the question's place one? */
static enum status
question_check(const struct setup_ask *ask,
	       const struct setup_question *question, struct err *err)
{
	return question->check != NULL ? question->check(*question->place, err)
				       : setup_check_answers(ask->answers, err);
}

/* Once: the line that was typed, or the preset. */
static enum status
question_try(const struct setup_ask *ask, const struct setup_question *question,
	     struct err *err)
{
	const bool has_preset =
		question->preset != NULL && question->preset[0] != '\0';
	char line[SETUP_MAX_ANSWER_BYTES] = "";
	enum status st = ST_OK;

	if (has_preset)
		(void)printf("%s [%s]: ", say(ask, question->title),
			     question->preset);
	else
		(void)printf("%s: ", say(ask, question->title));
	st = line_read(line, err);
	if (st == ST_OK && (line[0] != '\0' || has_preset))
		st = setup_answers_keep(
			ask->answers, line[0] != '\0' ? line : question->preset,
			question->place, err);
	return st;
}

static enum status
question_ask(const struct setup_ask *ask, const struct setup_question *question,
	     struct err *err)
{
	(void)printf("\n%s\n", say(ask, question->help));
	for (;;) {
		struct err why = { .st = ST_OK };
		enum status st = question_try(ask, question, err);

		if (st == ST_OK && *question->place == NULL)
			continue;
		if (st == ST_OK)
			st = question_check(ask, question, &why);
		else
			return err_set(err, st, "%s: no answer (%s)",
				       question->option,
				       say(ask, question->title));
		if (st == ST_OK)
			return ST_OK;
		(void)printf("  %s: %s\n", say(ask, N_("Not taken")), why.text);
		*question->place = NULL;
	}
}

/* The option's answer, a typed one, or the preset. */
enum status
setup_question_settle(const struct setup_ask *ask,
		      const struct setup_question *question, struct err *err)
{
	const char *preset = question->preset;

	if (*question->place == NULL && ask->terminal)
		return question_ask(ask, question, err);
	if (*question->place == NULL && preset != NULL && preset[0] != '\0') {
		const enum status st = setup_answers_keep(ask->answers, preset,
							  question->place, err);

		if (st != ST_OK)
			return st;
	}
	if (*question->place == NULL)
		return err_set(err, ST_NOT_FOUND, "setup needs %s",
			       question->option);
	/* The reason names the setting; another option may be at fault. */
	return question_check(ask, question, err);
}

bool
setup_questions_agree(const struct speech *speech, const char *question)
{
	char line[SETUP_MAX_ANSWER_BYTES] = "";
	struct err err = { .st = ST_OK };

	for (;;) {
		(void)printf("%s [y/n]: ", speech_text(speech, question));
		if (line_read(line, &err) != ST_OK)
			return false;
		if (line[0] == 'y' || line[0] == 'Y')
			return true;
		if (line[0] == 'n' || line[0] == 'N')
			return false;
	}
}

/* --- the configuration -------------------------------------------------- */

/* "sekimori" + "@" + the first domain that was given. */
static void
address_preset(const struct setup_ask *ask, const char *local,
	       char text[SETUP_MAX_ANSWER_BYTES])
{
	const char *domains = ask->answers->domains;
	char domain[SETUP_HOST_BYTES] = "";
	size_t len_bytes = 0;

	domains += strspn(domains, " \t,");
	len_bytes = strcspn(domains, " \t,");
	if (len_bytes < sizeof(domain))
		memcpy(domain, domains, len_bytes);
	(void)snprintf(text, SETUP_MAX_ANSWER_BYTES, "%.128s@%s", local,
		       domain);
}

static enum status
ask_about_host(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	/* Scripts name their domains; what Postfix says is for people. */
	const char *domain = ask->terminal ? ask->host->domain : NULL;
	const char *language =
		ask->speech->language == I18N_LANGUAGE_JA ? "ja" : "en";
	const struct setup_question questions[] = {
		{ &answers->language, "--language",
		  N_("Language of notices and pages (ja or en)"),
		  N_("Everybody can choose their own later."),
		  ask->terminal ? language : "ja", NULL },
		{ &answers->domains, "--domain", N_("Own mail domains"),
		  N_("Mail from these domains to others is outgoing. Several "
		     "are separated by commas."),
		  domain, NULL },
		{ &answers->host_name, "--host-name", N_("Name of this host"),
		  N_("Stands in notices and in SMTP greetings."),
		  ask->host->host_name[0] != '\0' ? ask->host->host_name
						  : "localhost",
		  NULL },
		{ &answers->next_hop, "--next-hop",
		  N_("MTA that takes released mail (address:port)"),
		  N_("Usually the MTA of this host; it also takes notices."),
		  ask->terminal && ask->host->next_hop[0] != '\0'
			  ? ask->host->next_hop
			  : "127.0.0.1:25",
		  NULL },
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(questions); i++)
		st = setup_question_settle(ask, &questions[i], err);
	return st;
}

static enum status
ask_about_people(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	char url[SETUP_HOST_BYTES + 32];
	char sender[SETUP_MAX_ANSWER_BYTES];
	char postmaster[SETUP_MAX_ANSWER_BYTES];
	const struct setup_question questions[] = {
		{ &answers->url, "--url", N_("Address of the desk"),
		  N_("Where approvers open held mail in their browser, as it "
		     "stands in notices."),
		  url, NULL },
		{ &answers->notice_sender, "--notice-sender",
		  N_("Sender of notices"),
		  N_("Notices to senders and approvers come from this "
		     "address."),
		  sender, NULL },
		{ &answers->postmaster, "--postmaster", N_("Postmaster"),
		  N_("Gets what has no sender to go back to, and what nobody "
		     "can decide on."),
		  postmaster, NULL },
	};
	enum status st = ST_OK;

	(void)snprintf(url, sizeof(url), "https://%s:8443", answers->host_name);
	address_preset(ask, "sekimori", sender);
	address_preset(ask, "postmaster", postmaster);
	if (!ask->terminal)
		url[0] = sender[0] = postmaster[0] = '\0';
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(questions); i++)
		st = setup_question_settle(ask, &questions[i], err);
	return st;
}

static enum status
check_desk(const char *answer, struct err *err)
{
	if (strcmp(answer, "direct") == 0 || strcmp(answer, "proxy") == 0)
		return ST_OK;
	return err_set(err, ST_FORMAT, "direct or proxy");
}

/* Who ends TLS; asked only where nothing says so. */
static enum status
ask_about_desk(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	const char *way = NULL;
	const struct setup_question question = {
		&way,
		"--desk",
		N_("How the desk is reached (direct or proxy)"),
		N_("direct: at its own port with a certificate made now, which "
		   "you can replace later. proxy: through a web server on this "
		   "host that has the certificate."),
		"direct",
		check_desk
	};
	enum status st = ST_OK;

	if (!ask->terminal || answers->desk != SETUP_DESK_NONE ||
	    answers->certificate ||
	    setup_answers_set(answers, "desk.certificate") ||
	    setup_answers_set(answers, "desk.trusted_proxy"))
		return ST_OK;
	st = setup_question_settle(ask, &question, err);
	if (st != ST_OK)
		return st;
	answers->desk = strcmp(way, "proxy") == 0 ? SETUP_DESK_PROXY
						  : SETUP_DESK_DIRECT;
	answers->certificate = answers->desk == SETUP_DESK_DIRECT;
	return ST_OK;
}

static enum status
ask_about_mail(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	const struct setup_question questions[] = {
		{ &answers->key, "--key", N_("Master key"),
		  N_("Opens all held mail. credential:NAME: systemd hands it "
		     "to the vault. file:/path: a file on another volume than "
		     "the held mail. It is made when there is none."),
		  "credential:sekimori-key", NULL },
		{ &answers->mode, "--mode", N_("Mode (enforce or monitor)"),
		  N_("enforce: mail with numbers is held. monitor: everything "
		     "is delivered, and the log says what would have "
		     "happened; good for the first week."),
		  "enforce", NULL },
	};
	enum status st = ask_about_desk(ask, err);

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(questions); i++)
		st = setup_question_settle(ask, &questions[i], err);
	return st == ST_OK ? setup_portal_ask(ask, err) : st;
}

/* Where the MTA of this host can reach the socket, when no option says it. */
static enum status
settle_socket(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;

	if (!setup_answers_set(answers, "milter.socket=") &&
	    answers->socket == NULL && ask->host->queue_dir[0] != '\0') {
		char path[SETUP_HOST_PATH_BYTES + 32];

		(void)snprintf(path, sizeof(path), "unix:%s/sekimori/milter",
			       ask->host->queue_dir);
		return setup_answers_keep(answers, path, &answers->socket, err);
	}
	if (!setup_answers_set(answers, "milter.socket") &&
	    answers->socket == NULL && !ask->host->has_postfix_group) {
		answers->socket = "unix:/run/sekimori-milter/milter";
		answers->socket_group = "";
	}
	return ST_OK;
}

/* --- accounts ----------------------------------------------------------- */

/* "login:address[:uid]"; the uid is that of the same name on this host. */
static enum status
keep_account(const struct setup_ask *ask, const char *login,
	     const char *address, const char **place, struct err *err)
{
	char words[SETUP_MAX_ANSWER_BYTES];
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	const struct passwd *person = getpwnam(login);

	if (person != NULL && person->pw_uid != 0)
		(void)snprintf(words, sizeof(words), "%.128s:%.1000s:%u", login,
			       address, person->pw_uid);
	else
		(void)snprintf(words, sizeof(words), "%.128s:%.1000s", login,
			       address);
	return setup_answers_keep(ask->answers, words, place, err);
}

static enum status
check_address(const char *answer, struct err *err)
{
	const struct setup_answers with_address = { .postmaster = answer };

	if (setup_check_answers(&with_address, err) == ST_OK)
		return ST_OK;
	return err_set(err, ST_FORMAT, "\"%.80s\" is not an address", answer);
}

struct person {
	const char *option;
	const char *title;
	const char *help;
	const char *preset;
};

static enum status
ask_person(const struct setup_ask *ask, const struct person *person,
	   const char **place, struct err *err)
{
	const char *login = NULL;
	const char *address = NULL;
	char preset[SETUP_MAX_ANSWER_BYTES] = "";
	const struct setup_question name = {
		&login,       person->option, person->title,
		person->help, person->preset, setup_check_login
	};
	const struct setup_question mail = {
		&address,
		person->option,
		N_("Mail address of this person"),
		N_("All mail from it counts as theirs: nobody decides on "
		   "their own."),
		preset,
		check_address
	};
	enum status st = ST_OK;

	if (*place != NULL)
		return setup_check_account(*place, err);
	if (!ask->terminal)
		return err_set(err, ST_NOT_FOUND, "setup needs %s",
			       person->option);
	st = question_ask(ask, &name, err);
	if (st != ST_OK)
		return st;
	if (ask->answers->domains != NULL)
		address_preset(ask, login, preset);
	st = question_ask(ask, &mail, err);
	return st == ST_OK ? keep_account(ask, login, address, place, err) : st;
}

enum status
setup_questions_ask_accounts(const struct setup_ask *ask, struct err *err)
{
	struct option_list *approvers = &ask->answers->approvers;
	const struct person admin = {
		"--admin", N_("Login of the first admin"),
		N_("Looks after accounts and the log, and reads no mail."),
		ask->host->admin[0] != '\0' ? ask->host->admin : "admin"
	};
	const struct person approver = {
		"--approver", N_("Login of an approver"),
		N_("Decides on held mail. At least two are needed: nobody "
		   "decides on mail of their own."),
		NULL
	};
	enum status st = ask_person(ask, &admin, &ask->answers->admin, err);

	if (approvers->count > 0) {
		for (size_t i = 0; st == ST_OK && i < approvers->count; i++)
			st = setup_check_account(approvers->items[i], err);
		return st;
	}
	while (st == ST_OK) {
		const char *words = NULL;

		st = ask_person(ask, &approver, &words, err);
		if (st != ST_OK)
			return st;
		approvers->items[approvers->count++] = words;
		if (approvers->count == OPTION_LIST_ROOM ||
		    (approvers->count > 1 &&
		     !setup_questions_agree(ask->speech,
					    N_("One more approver?"))))
			return ST_OK;
	}
	return st;
}

enum status
setup_questions_ask_settings(const struct setup_ask *ask, struct err *err)
{
	/* A wrong option would make every answer a wrong one. */
	enum status st = setup_check_answers(ask->answers, err);

	if (st != ST_OK)
		return st;
	if (ask->terminal)
		(void)printf("%s\n",
			     say(ask, N_("Enter takes what stands in [ ]. "
					 "Nothing is written before you have "
					 "seen everything once more.")));
	st = ask_about_host(ask, err);
	if (st == ST_OK)
		st = ask_about_people(ask, err);
	if (st == ST_OK)
		st = ask_about_mail(ask, err);
	return st == ST_OK ? settle_socket(ask, err) : st;
}

/* --- summary ------------------------------------------------------------ */

static void
show_row(const struct setup_ask *ask, const char *title, const char *value)
{
	enum { SHOW_COLUMNS = 44 };
	const char *text = say(ask, title);
	const size_t width = text_width(text);

	(void)printf("  %s%*s %s\n", text,
		     width < SHOW_COLUMNS ? (int)(SHOW_COLUMNS - width) : 0, "",
		     value);
}

void
setup_questions_show(const struct setup_ask *ask, const char *config_path)
{
	const struct setup_answers *answers = ask->answers;
	const struct {
		const char *title;
		const char *value;
	} rows[] = {
		{ N_("Language of notices and pages"), answers->language },
		{ N_("Own mail domains"), answers->domains },
		{ N_("Name of this host"), answers->host_name },
		{ N_("MTA that takes released mail"), answers->next_hop },
		{ N_("Address of the desk"), answers->url },
		{ N_("Sender of notices"), answers->notice_sender },
		{ N_("Postmaster"), answers->postmaster },
		{ N_("Master key"), answers->key },
		{ N_("Mode"), answers->mode },
		{ N_("Address for recipients of secure links"),
		  answers->portal_url },
		{ N_("Certificate for them"), answers->portal_certificate },
		{ N_("Socket of the milter"), answers->socket },
		{ N_("Admin"), answers->admin },
	};

	(void)printf("\n%s\n", config_path);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].value != NULL)
			show_row(ask, rows[i].title, rows[i].value);
	for (size_t i = 0; i < answers->approvers.count; i++)
		show_row(ask, N_("Approver"), answers->approvers.items[i]);
	for (size_t i = 0; i < answers->set.count; i++)
		show_row(ask, "--set", answers->set.items[i]);
	if (answers->certificate)
		show_row(ask, N_("Certificate of the desk"),
			 say(ask, N_("made now (self-signed)")));
	(void)putchar('\n');
}
