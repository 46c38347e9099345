#include "cli/setup_portal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/desk_url.h"
#include "lib/proc/process.h"

static const struct {
	const char *word;
	enum setup_portal portal;
} portal_ways[] = { { "none", SETUP_PORTAL_NO },
		    { "direct", SETUP_PORTAL_DIRECT },
		    { "proxy", SETUP_PORTAL_PROXY } };

static enum status
check_way(const char *answer, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(portal_ways); i++)
		if (strcmp(portal_ways[i].word, answer) == 0)
			return ST_OK;
	return err_set(err, ST_FORMAT, "none, direct or proxy");
}

static enum setup_portal
find_way(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(portal_ways); i++)
		if (strcmp(portal_ways[i].word, word) == 0)
			return portal_ways[i].portal;
	return SETUP_PORTAL_NONE;
}

enum status
setup_portal_take(struct setup_answers *answers, const char *way,
		  struct err *err)
{
	struct err why = { .st = ST_OK };

	if (way == NULL && answers->portal_url != NULL)
		return err_set(err, ST_FORMAT,
			       "--portal-url goes with --portal direct or "
			       "--portal proxy");
	if (way == NULL)
		return ST_OK;
	if (check_way(way, &why) != ST_OK)
		return err_set(err, ST_FORMAT, "--portal: %s", why.text);
	answers->portal = find_way(way);
	return ST_OK;
}

/* A certificate that is not there yet would keep the portal from starting. */
static enum status
check_file(const char *answer, struct err *err)
{
	if (answer[0] != '/')
		return err_set(err, ST_FORMAT, "a path that begins with /");
	return access(answer, F_OK) == 0 ? ST_OK
					 : err_set_errno(err, "%s", answer);
}

static enum status
check_account(const char *answer, struct err *err)
{
	struct err why = { .st = ST_OK };
	uid_t uid = 0;
	gid_t gid = 0;

	/* Not root: nobody is become. */
	if (geteuid() != 0 ||
	    process_find_user(answer, &uid, &gid, &why) == ST_OK)
		return ST_OK;
	return err_set(err, ST_NOT_FOUND,
		       "there is no account %.60s: useradd --system "
		       "--user-group --no-create-home --shell "
		       "/usr/sbin/nologin %.60s",
		       answer, answer);
}

/* "files" beside the host of the desk: it must be another one. */
static void
url_preset(const struct setup_answers *answers,
	   char url[SETUP_MAX_ANSWER_BYTES])
{
	char host[DESK_URL_HOST_BYTES] = "";
	const char *dot = NULL;

	if (desk_url_host(answers->url, host))
		dot = strchr(host, '.');
	(void)snprintf(url, SETUP_MAX_ANSWER_BYTES, "https://files.%s",
		       dot != NULL && strchr(dot + 1, '.') != NULL &&
				       host[strspn(host, "0123456789.")] != '\0'
			       ? dot + 1
			       : "example.com");
}

static enum status
ask_way(const struct setup_ask *ask, struct err *err)
{
	const char *way = NULL;
	const struct setup_question question = {
		&way,
		"--portal",
		N_("Secure links for recipients outside (none, direct or "
		   "proxy)"),
		N_("Files can stay here, and recipients outside fetch them "
		   "from a page of this host. direct: at a port of its own, "
		   "with a certificate that you have. proxy: through a web "
		   "server on this host that has the certificate."),
		"none",
		check_way
	};
	const enum status st = setup_question_settle(ask, &question, err);

	if (st == ST_OK)
		ask->answers->portal = find_way(way);
	return st;
}

static enum status
ask_rest(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	char url[SETUP_MAX_ANSWER_BYTES];
	const struct setup_question questions[] = {
		{ &answers->portal_url, "--portal-url",
		  N_("Address for recipients of secure links"),
		  N_("Stands in their mails. A host name of its own, not the "
		     "desk's."),
		  url, NULL },
		{ &answers->portal_user, "--portal-user",
		  N_("Account of the portal"),
		  N_("The program that faces the outside runs as an account "
		     "of its own."),
		  "sekimori-portal", check_account },
		/* What follows is asked of DIRECT alone. */
		{ &answers->portal_certificate, "--portal-certificate",
		  N_("Certificate for them (PEM file)"),
		  N_("One that browsers outside trust, with its chain."), NULL,
		  check_file },
		{ &answers->portal_key, "--portal-key",
		  N_("Its private key (PEM file)"),
		  N_("Only root and the account of the portal may read it."),
		  NULL, check_file },
	};
	const size_t count = answers->portal == SETUP_PORTAL_DIRECT
				     ? ARRAY_LEN(questions)
				     : ARRAY_LEN(questions) - 2;
	enum status st = ST_OK;

	url_preset(answers, url);
	if (!ask->terminal)
		url[0] = '\0';
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = setup_question_settle(ask, &questions[i], err);
	return st;
}

enum status
setup_portal_ask(const struct setup_ask *ask, struct err *err)
{
	struct setup_answers *answers = ask->answers;
	enum status st = ST_OK;

	if (ask->terminal && answers->portal == SETUP_PORTAL_NONE &&
	    !setup_answers_set(answers, "portal."))
		st = ask_way(ask, err);
	if (st != ST_OK || answers->portal < SETUP_PORTAL_DIRECT)
		return st;
	return ask_rest(ask, err);
}
