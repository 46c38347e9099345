/* setup: from nothing to a configuration, a key and the first accounts. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/credential.h"
#include "cli/directories.h"
#include "cli/setup_accounts.h"
#include "cli/setup_check.h"
#include "cli/setup_make.h"
#include "cli/setup_portal.h"
#include "cli/setup_postfix.h"
#include "cli/setup_questions.h"

static const char setup_usage[] =
	"setup [OPTIONS]\n"
	"Writes the configuration file, makes the master key and the store, "
	"and the first\n"
	"accounts. On a terminal it asks for what the options leave open, "
	"with what the host\n"
	"already says as presets, and shows everything before it writes. What "
	"is there is\n"
	"kept: a second run completes what the first one did not get to.\n"
	"  --domain A,B            domains that are inside\n"
	"  --host-name NAME        of this host\n"
	"  --url URL               how people reach the desk\n"
	"  --desk direct|proxy     at its own port with a certificate of its "
	"own, or\n"
	"                          through a web server on this host\n"
	"  --portal none|direct|proxy  secure links for recipients outside; "
	"the same\n"
	"  --portal-url URL        how recipients reach them\n"
	"  --portal-certificate FILE, --portal-key FILE   direct: its "
	"certificate, PEM\n"
	"  --portal-user ACCOUNT   of the portal\n"
	"  --next-hop HOST:PORT    MTA that takes released mail\n"
	"  --notice-sender ADDRESS of notices\n"
	"  --postmaster ADDRESS\n"
	"  --key SOURCE            file:/path or credential:NAME; made when "
	"missing\n"
	"  --mode MODE             enforce or monitor\n"
	"  --language ja|en        of notices and pages\n"
	"  --admin LOGIN:ADDRESS[:UID]\n"
	"  --approver LOGIN:ADDRESS[:UID]   may stand several times\n"
	"  --self-signed           make a certificate for the desk\n"
	"  --set section.name=VALUE         any other setting, as in the "
	"file\n"
	"  --password-stdin        passwords line by line: admin, then "
	"approvers; asks nothing\n"
	"  --replace               write a new configuration; the old one is "
	"kept beside it\n"
	"  --yes                   do not ask before writing\n"
	"  --postfix               once the programs run: have Postfix ask "
	"Sekimori\n"
	"  --postfix-dir DIR       its configuration directory\n"
	"UID: who that is on this host's command line.\n";

struct setup {
	struct setup_answers answers;
	struct speech speech;
	struct setup_host host;
	const char *path;     /* of the configuration */
	const char *new_path; /* of a new one, until it is proved; or NULL */
	const char *desk;
	const char *portal;
	const char *postfix_dir;
	bool postfix;
	bool replace;
	bool agreed;
};

static bool
setup_on_terminal(const struct setup *setup)
{
	return isatty(STDIN_FILENO) != 0 && !setup->answers.password_stdin;
}

/* --- what comes next ---------------------------------------------------- */

static void
setup_print_postfix(const struct setup *setup, const struct config *config)
{
	AUTO(setup_postfix_done)
	struct setup_postfix lines = { .line_count = 0 };
	struct err err = { .st = ST_OK };
	const struct speech *speech = &setup->speech;
	const enum status st =
		setup_postfix_look(config, setup->postfix_dir, &lines, &err);

	if (st != ST_OK)
		(void)printf(
			"     (%s) %s\n", err.text,
			speech_text(speech, N_("The lines for Postfix and "
					       "Sendmail stand in contrib/.")));
	else if (lines.line_count == 0)
		(void)printf("     %s\n",
			     speech_text(speech, N_("Postfix asks Sekimori "
						    "already.")));
	setup_postfix_show(&lines, setup->postfix_dir);
}

static void
setup_print_next(const struct setup *setup, const struct config *config)
{
	const struct speech *speech = &setup->speech;

	(void)printf("\n%s\n", speech_text(speech, N_("Next:")));
	(void)printf("  1. %s\n     sekimori key escrow FILE\n",
		     speech_text(speech, N_("A copy of the key for the safe: "
					    "print it, delete the file.")));
	(void)printf("  2. %s\n     systemctl enable --now sekimori.target\n",
		     speech_text(speech, N_("Start the programs (without "
					    "systemd: sekimori run).")));
	(void)printf(
		"  3. %s\n",
		speech_text(speech, N_("Have the MTA ask Sekimori: \"sekimori "
				       "setup --postfix\" runs these commands "
				       "once the programs answer.")));
	setup_print_postfix(setup, config);
	(void)printf("  4. %s\n     sekimori doctor\n",
		     speech_text(speech, N_("See that everything is right.")));
}

/* --- making it ---------------------------------------------------------- */

static enum status
setup_read_accounts(struct setup *setup, const struct config *config,
		    struct sbuf *frames, struct err *err)
{
	const struct setup_ask ask = { &setup->answers, &setup->host,
				       &setup->speech,
				       setup_on_terminal(setup) };
	enum status st = setup_questions_ask_accounts(&ask, err);

	return st == ST_OK
		       ? setup_accounts_write(&setup->answers, &setup->speech,
					      config->general.language, frames,
					      err)
		       : st;
}

static enum status
setup_make(struct setup *setup, const struct config *config, struct err *err)
{
	enum status st = directories_make(config, err);

	if (st == ST_OK)
		st = setup_make_key(config, &setup->speech, err);
	if (st == ST_OK && setup->answers.certificate)
		st = setup_make_certificate(config, &setup->speech, err);
	return st;
}

/* Accounts, unless the store has some. new_file: what the vault shall read. */
static enum status
setup_make_accounts(struct setup *setup, const struct config *config,
		    struct sbuf *frames, struct err *err)
{
	AUTO(credential_remove) struct credential credential = { "", "" };
	const char *file =
		setup->new_path != NULL ? setup->new_path : setup->path;
	enum status st = credential_stage(config, &credential, err);

	if (st != ST_OK)
		return st;
	if (setup_accounts_are_there(config, file)) {
		(void)puts(speech_text(&setup->speech,
				       N_("The accounts that are there are "
					  "kept: see sekimori user list.")));
		return ST_OK;
	}
	if (frames->len_bytes == 0)
		st = setup_read_accounts(setup, config, frames, err);
	return st == ST_OK ? setup_accounts_send(config, file, frames, err)
			   : st;
}

/* Everything after the answers, by a configuration that was proved. */
static enum status
setup_apply(struct setup *setup, const struct config *config, struct err *err)
{
	AUTO(sbuf_done) struct sbuf frames;
	char kept[PATH_MAX] = "";
	enum status st = setup_check_host(config, err);

	sbuf_init_secret(&frames, VAULT_INIT_MAX_BYTES);
	/* Passwords before anything is made, when they will be needed. */
	if (st == ST_OK && !setup_accounts_has_store(config))
		st = setup_read_accounts(setup, config, &frames, err);
	if (st == ST_OK)
		st = setup_make(setup, config, err);
	if (st == ST_OK)
		st = setup_make_accounts(setup, config, &frames, err);
	if (st == ST_OK && setup->new_path != NULL)
		st = setup_make_place(setup->new_path, setup->path, kept,
				      sizeof(kept), err);
	if (st != ST_OK)
		return st;
	if (setup->new_path != NULL)
		(void)printf("%s: %s\n", setup->path,
			     speech_text(&setup->speech, N_("written")));
	if (kept[0] != '\0')
		(void)printf("%s: %s\n", kept,
			     speech_text(&setup->speech,
					 N_("the configuration before")));
	setup_print_next(setup, config);
	return ST_OK;
}

/* --- a new configuration ------------------------------------------------ */

static enum status
setup_ask_all(struct setup *setup, bool has_accounts, struct err *err)
{
	const struct setup_ask ask = { &setup->answers, &setup->host,
				       &setup->speech,
				       setup_on_terminal(setup) };
	enum status st = setup_questions_ask_settings(&ask, err);

	if (st == ST_OK && !has_accounts)
		st = setup_questions_ask_accounts(&ask, err);
	if (st != ST_OK || !ask.terminal)
		return st;
	setup_questions_show(&ask, setup->path);
	if (!setup->agreed &&
	    !setup_questions_agree(&setup->speech, N_("Write this?")))
		return err_set(err, ST_END, "nothing was written");
	return ST_OK;
}

static enum status
setup_write(struct setup *setup, struct err *err)
{
	AUTO(config_free) struct config *config = NULL;
	struct setup_answers *answers = &setup->answers;
	char *dir = setup_make_dir(setup->path, err);
	enum status st = ST_OK;

	if (dir == NULL)
		return err->st;
	st = setup_answers_write(answers, answers->certificate ? dir : NULL,
				 err);
	free(dir);
	if (st == ST_OK)
		st = setup_make_file(answers, setup->new_path, err);
	if (st == ST_OK)
		st = config_load(setup->new_path, &config, err);
	if (st == ST_OK)
		st = setup_apply(setup, config, err);
	if (st != ST_OK)
		(void)unlink(setup->new_path);
	return st;
}

static enum status
setup_new(struct setup *setup, struct err *err)
{
	AUTO(config_free) struct config *before = NULL;
	AUTO(sbuf_done) struct sbuf new_path;
	enum status st = ST_OK;

	sbuf_init(&new_path, PATH_MAX);
	sbuf_addf(&new_path, "%s.new", setup->path);
	st = sbuf_status(&new_path, "setup", err);
	if (st != ST_OK)
		return st;
	setup->new_path = sbuf_text(&new_path);
	setup_host_look(setup->postfix_dir, &setup->host);
	if (access(setup->path, F_OK) == 0)
		NEGLECT(config_load(setup->path, &before, NULL));
	st = setup_ask_all(
		setup, before != NULL && setup_accounts_has_store(before), err);
	return st == ST_OK ? setup_write(setup, err) : st;
}

/* --- one that is there -------------------------------------------------- */

static bool
setup_has_settings(const struct setup_answers *answers)
{
	return answers->domains != NULL || answers->host_name != NULL ||
	       answers->url != NULL || answers->next_hop != NULL ||
	       answers->notice_sender != NULL || answers->postmaster != NULL ||
	       answers->key != NULL || answers->mode != NULL ||
	       answers->language != NULL || answers->portal_url != NULL ||
	       answers->set.count > 0;
}

static enum status
setup_complete(struct setup *setup, const struct config *config,
	       struct err *err)
{
	(void)printf("%s: %s\n", setup->path,
		     speech_text(&setup->speech,
				 N_("is there already and is kept")));
	if (setup_has_settings(&setup->answers))
		(void)puts(speech_text(&setup->speech,
				       N_("What the options say about settings "
					  "was not written; --replace writes a "
					  "new configuration.")));
	setup_host_look(setup->postfix_dir, &setup->host);
	return setup_apply(setup, config, err);
}

static enum status
setup_take_desk(struct setup *setup, struct err *err)
{
	if (setup->desk == NULL)
		return ST_OK;
	if (strcmp(setup->desk, "direct") != 0 &&
	    strcmp(setup->desk, "proxy") != 0)
		return err_set(err, ST_FORMAT, "--desk: direct or proxy");
	setup->answers.desk =
		setup->desk[0] == 'd' ? SETUP_DESK_DIRECT : SETUP_DESK_PROXY;
	if (setup->answers.desk == SETUP_DESK_DIRECT)
		setup->answers.certificate = true;
	return ST_OK;
}

/* Which of the ways; the exit status. */
static int
setup_run(struct setup *setup, const struct cli *cli)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };
	const bool there = access(setup->path, F_OK) == 0;
	int code = 0;
	enum status st = setup_take_desk(setup, &err);

	if (st == ST_OK)
		st = setup_portal_take(&setup->answers, setup->portal, &err);
	if (st == ST_OK && (setup->postfix || (there && !setup->replace)))
		code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	if (st == ST_OK && setup->postfix)
		return setup_postfix_run(&(struct setup_postfix_run){
			config, &setup->speech, setup->postfix_dir,
			setup->agreed });
	if (st == ST_OK)
		st = config != NULL ? setup_complete(setup, config, &err)
				    : setup_new(setup, &err);
	if (st == ST_OK)
		return 0;
	return cli_fail(&err, st == ST_NOT_FOUND ? "See sekimori setup --help."
						 : NULL);
}

int
cmd_setup(const struct cli *cli, int argc, char **argv)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct setup setup = { .path = cli->config_path };
	struct setup_answers *answers = &setup.answers;
	const struct option_row rows[] = {
		{ "--domain", OPTION_TEXT, &answers->domains },
		{ "--host-name", OPTION_TEXT, &answers->host_name },
		{ "--url", OPTION_TEXT, &answers->url },
		{ "--desk", OPTION_TEXT, &setup.desk },
		{ "--portal", OPTION_TEXT, &setup.portal },
		{ "--portal-url", OPTION_TEXT, &answers->portal_url },
		{ "--portal-certificate", OPTION_TEXT,
		  &answers->portal_certificate },
		{ "--portal-key", OPTION_TEXT, &answers->portal_key },
		{ "--portal-user", OPTION_TEXT, &answers->portal_user },
		{ "--next-hop", OPTION_TEXT, &answers->next_hop },
		{ "--notice-sender", OPTION_TEXT, &answers->notice_sender },
		{ "--postmaster", OPTION_TEXT, &answers->postmaster },
		{ "--key", OPTION_TEXT, &answers->key },
		{ "--mode", OPTION_TEXT, &answers->mode },
		{ "--language", OPTION_TEXT, &answers->language },
		{ "--admin", OPTION_TEXT, &answers->admin },
		{ "--approver", OPTION_LIST, &answers->approvers },
		{ "--set", OPTION_LIST, &answers->set },
		{ "--self-signed", OPTION_FLAG, &answers->certificate },
		{ "--password-stdin", OPTION_FLAG, &answers->password_stdin },
		{ "--replace", OPTION_FLAG, &setup.replace },
		{ "--yes", OPTION_FLAG, &setup.agreed },
		{ "--postfix", OPTION_FLAG, &setup.postfix },
		{ "--postfix-dir", OPTION_TEXT, &setup.postfix_dir },
	};
	const struct options options = { "setup", setup_usage, rows,
					 ARRAY_LEN(rows) };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("setup", "too many arguments");
	/* A vault that ends early must not end us in the middle. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	speech_open(&setup.speech, "");
	const int code = setup_run(&setup, cli);

	speech_done(&setup.speech);
	setup_answers_done(answers);
	return code;
}
