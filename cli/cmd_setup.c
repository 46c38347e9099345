/* setup: from nothing to a configuration, a key and the first accounts. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/credential.h"
#include "cli/directories.h"
#include "cli/key_file.h"
#include "cli/setup_accounts.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/certificate.h"

enum { SETUP_MAX_FILE_BYTES = 256 * 1024, SETUP_MAX_PEM_BYTES = 16 * 1024 };

static const char setup_usage[] =
	"setup [OPTIONS]\n"
	"Writes the configuration file, makes the master key and the store, "
	"and the first\n"
	"accounts. Asks for what the options leave open when it runs on a "
	"terminal.\n"
	"  --domain A,B            domains that are inside\n"
	"  --host-name NAME        of this host\n"
	"  --url URL               how people reach the desk\n"
	"  --next-hop HOST:PORT    MTA that takes released mail\n"
	"  --notice-sender ADDRESS of notices\n"
	"  --postmaster ADDRESS\n"
	"  --key SOURCE            file:/path (made when missing) or "
	"credential:NAME\n"
	"  --mode MODE             enforce or monitor\n"
	"  --admin LOGIN:ADDRESS[:UID]\n"
	"  --approver LOGIN:ADDRESS[:UID]   may stand several times\n"
	"  --self-signed           make a certificate for the desk\n"
	"  --set section.name=VALUE         any other setting, as in the "
	"file\n"
	"  --password-stdin        passwords line by line: admin, then "
	"approvers\n"
	"UID: who that is on this host's command line.\n";

/* The directory of the configuration file, made when it is missing. Gives
 * its whole path; the caller frees it. */
static char *
setup_make_dir(const char *path, struct err *err)
{
	char dir[PATH_MAX];
	char *slash = NULL;
	char *whole = NULL;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		(void)snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir ? 1 : 0] = '\0';
	if (mkdir(dir, 0755) != 0 && errno != EEXIST) {
		(void)err_set_errno(err, "%s: cannot be made", dir);
		return NULL;
	}
	whole = realpath(dir, NULL);
	if (whole == NULL)
		(void)err_set_errno(err, "%s", dir);
	return whole;
}

static enum status
setup_write_file(const struct setup_answers *answers, const char *path,
		 struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, SETUP_MAX_FILE_BYTES);
	config_write_file(answers->values, answers->value_count, &text);
	st = sbuf_status(&text, "setup", err);
	return st == ST_OK ? fd_replace_file(path, sbuf_span(&text), 0644, err)
			   : st;
}

/* What systemd, or "sekimori run", hands to the vault. */
static enum status
setup_make_credential(const struct config *config, struct err *err)
{
	const enum status st = credential_is_ours(config)
				       ? credential_make(config, err)
				       : ST_OK;

	if (st == ST_DENIED) {
		(void)printf("%s: the key that is there is used\n",
			     config->vault.key);
		return ST_OK;
	}
	if (st == ST_OK && credential_is_ours(config))
		(void)printf("%s: master key made in %s\n", config->vault.key,
			     MASTER_KEY_CREDSTORE);
	return st;
}

/* A key that systemd has handed over is there already. */
static enum status
setup_make_key(const struct config *config, struct err *err)
{
	static const char file[] = "file:";
	const char *path = config->vault.key + sizeof(file) - 1;
	enum status st = ST_OK;

	if (strncmp(config->vault.key, file, sizeof(file) - 1) != 0)
		return setup_make_credential(config, err);
	if (access(path, F_OK) == 0) {
		(void)printf("%s: the key that is there is used\n", path);
		return ST_OK;
	}
	st = master_key_create(path, err);
	if (st == ST_OK)
		st = key_file_give_to(path, config->vault.user, err);
	if (st == ST_OK)
		(void)printf("%s: master key made\n", path);
	return st;
}

/* "https://desk.example.co.jp:8443/x" names desk.example.co.jp. */
static bool
setup_host_of(const char *url, char host[256])
{
	const char *begin = strstr(url, "://");
	size_t len_bytes = 0;

	if (begin == NULL)
		return false;
	begin += 3;
	if (*begin == '[') {
		begin++;
		len_bytes = strcspn(begin, "]");
	} else {
		len_bytes = strcspn(begin, ":/");
	}
	if (len_bytes == 0 || len_bytes >= 256)
		return false;
	memcpy(host, begin, len_bytes);
	host[len_bytes] = '\0';
	return true;
}

static enum status
setup_make_certificate(const struct config *config, struct err *err)
{
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	char host[256];
	const char *const names[] = { host, "localhost", "127.0.0.1" };
	enum status st = ST_OK;

	sbuf_init(&certificate, SETUP_MAX_PEM_BYTES);
	sbuf_init_secret(&key, SETUP_MAX_PEM_BYTES);
	if (!setup_host_of(config->desk.url, host))
		return err_set(err, ST_FORMAT, "desk.url names no host");
	st = certificate_make(names, ARRAY_LEN(names), clock_unix_ms(),
			      &certificate, &key, err);
	if (st == ST_OK)
		st = fd_replace_file(config->desk.certificate,
				     sbuf_span(&certificate), 0644, err);
	if (st == ST_OK)
		st = fd_replace_file(config->desk.certificate_key,
				     sbuf_span(&key), 0400, err);
	if (st == ST_OK)
		st = key_file_give_to(config->desk.certificate_key,
				      config->desk.user, err);
	if (st == ST_OK)
		(void)printf("%s: certificate made (self-signed, for %s)\n",
			     config->desk.certificate, host);
	return st;
}

/* What comes next, for the two MTAs. */
static void
setup_print_next(const struct config *config, const char *path)
{
	const char *socket = directories_milter_socket(config);

	(void)printf(
		"%s: written\n\n"
		"Next:\n"
		"  1. sekimori key escrow FILE   and lock the copy away\n"
		"  2. start the programs (systemctl start sekimori.target, or "
		"sekimori run)\n"
		"  3. sekimori doctor\n"
		"  4. tell the MTA, in Postfix's main.cf (contrib/ has all "
		"lines, also for Sendmail):\n"
		"       smtpd_milters = unix:%s\n"
		"       non_smtpd_milters = $smtpd_milters\n"
		"       milter_default_action = tempfail\n",
		path, socket != NULL ? socket : "...");
}

/* Everything after the answers. new_path: the file until it is proved. */
static enum status
setup_apply(struct setup_answers *answers, const char *path,
	    const char *new_path, struct err *err)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(credential_remove) struct credential credential = { "", "" };
	AUTO(sbuf_done) struct sbuf frames;
	enum status st = setup_write_file(answers, new_path, err);

	sbuf_init_secret(&frames, VAULT_INIT_MAX_BYTES);
	if (st == ST_OK)
		st = config_load(new_path, &config, err);
	if (st == ST_OK)
		st = setup_accounts_write(answers, config->general.language,
					  &frames, err);
	if (st == ST_OK)
		st = directories_make(config, err);
	if (st == ST_OK)
		st = setup_make_key(config, err);
	if (st == ST_OK && answers->certificate)
		st = setup_make_certificate(config, err);
	if (st == ST_OK)
		st = credential_stage(config, &credential, err);
	if (st == ST_OK)
		st = setup_accounts_send(config, new_path, &frames, err);
	if (st == ST_OK && rename(new_path, path) != 0)
		st = err_set_errno(err, "%s: cannot be put in place", path);
	if (st == ST_OK)
		setup_print_next(config, path);
	return st;
}

static enum status
setup_run(struct setup_answers *answers, const char *path, struct err *err)
{
	AUTO(sbuf_done) struct sbuf new_path;
	char *dir = setup_make_dir(path, err);
	enum status st = ST_OK;

	sbuf_init(&new_path, PATH_MAX);
	if (dir == NULL)
		return err->st;
	sbuf_addf(&new_path, "%s.new", path);
	st = sbuf_status(&new_path, "setup", err);
	if (st == ST_OK)
		st = setup_answers_ask(answers, err);
	if (st == ST_OK)
		st = setup_answers_write(
			answers, answers->certificate ? dir : NULL, err);
	free(dir);
	if (st != ST_OK)
		return st;
	st = setup_apply(answers, path, sbuf_text(&new_path), err);
	if (st != ST_OK)
		(void)unlink(sbuf_text(&new_path));
	return st;
}

int
cmd_setup(const struct cli *cli, int argc, char **argv)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	AUTO(setup_answers_done)
	struct setup_answers answers = { .domains = NULL };
	const struct option_row rows[] = {
		{ "--domain", OPTION_TEXT, &answers.domains },
		{ "--host-name", OPTION_TEXT, &answers.host_name },
		{ "--url", OPTION_TEXT, &answers.url },
		{ "--next-hop", OPTION_TEXT, &answers.next_hop },
		{ "--notice-sender", OPTION_TEXT, &answers.notice_sender },
		{ "--postmaster", OPTION_TEXT, &answers.postmaster },
		{ "--key", OPTION_TEXT, &answers.key },
		{ "--mode", OPTION_TEXT, &answers.mode },
		{ "--admin", OPTION_TEXT, &answers.admin },
		{ "--approver", OPTION_LIST, &answers.approvers },
		{ "--set", OPTION_LIST, &answers.set },
		{ "--self-signed", OPTION_FLAG, &answers.certificate },
		{ "--password-stdin", OPTION_FLAG, &answers.password_stdin },
	};
	const struct options options = { "setup", setup_usage, rows,
					 ARRAY_LEN(rows) };
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("setup", "too many arguments");
	/* A vault that ends early must not end us in the middle. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	if (access(cli->config_path, F_OK) == 0) {
		(void)err_set(&err, ST_DENIED, "%s: is there already",
			      cli->config_path);
		return cli_fail(&err, "Edit it, then: sekimori check-config, "
				      "sekimori reload. Accounts: sekimori "
				      "user add.");
	}
	if (setup_run(&answers, cli->config_path, &err) == ST_OK)
		return 0;
	return cli_fail(&err, err.st == ST_NOT_FOUND
				      ? "See sekimori setup --help."
				      : NULL);
}
