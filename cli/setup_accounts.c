#include "cli/setup_accounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/secret.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/password.h"

enum { ACCOUNT_PROMPT_BYTES = 192, ACCOUNT_PATH_BYTES = 4300 };

bool
setup_account_parse(const char *words, struct setup_account *account_out)
{
	const size_t login = strcspn(words, ":");
	size_t address = 0;
	uint64_t uid = 0;

	*account_out = (struct setup_account){ .uid = -1 };
	if (login == 0 || login >= sizeof(account_out->login))
		return false;
	memcpy(account_out->login, words, login);
	words += login;
	if (*words == '\0')
		return true;
	words++;
	address = strcspn(words, ":");
	if (address >= sizeof(account_out->address))
		return false;
	memcpy(account_out->address, words, address);
	words += address;
	if (*words == '\0')
		return true;
	if (!parse_u64(span_of(words + 1), UINT32_MAX - 1, &uid))
		return false;
	account_out->uid = (int64_t)uid;
	return true;
}

struct account_prompts {
	enum secret_source source;
	char first[ACCOUNT_PROMPT_BYTES];
	char again[ACCOUNT_PROMPT_BYTES];
};

/* Once, on a terminal twice. */
static enum status
account_try_password(const struct account_prompts *prompts,
		     struct sbuf *password, struct err *err)
{
	AUTO(sbuf_done) struct sbuf again;
	enum status st =
		secret_read(prompts->source, prompts->first, password, err);

	sbuf_init_secret(&again, SECRET_MAX_BYTES);
	if (st == ST_OK && (password->len_bytes < PASSWORD_MIN_BYTES ||
			    password->len_bytes > PASSWORD_MAX_BYTES))
		return err_set(err, ST_FORMAT, "a password has %d to %d bytes",
			       PASSWORD_MIN_BYTES, PASSWORD_MAX_BYTES);
	if (st != ST_OK || prompts->source == SECRET_SOURCE_STDIN)
		return st;
	st = secret_read(prompts->source, prompts->again, &again, err);
	if (st == ST_OK && !span_equal(sbuf_span(password), sbuf_span(&again)))
		st = err_set(err, ST_FORMAT, "the two are not the same");
	return st;
}

/* A password that the vault will take, as often as it needs on a terminal. */
static enum status
account_read_password(const struct setup_answers *answers,
		      const struct speech *speech, const char *login,
		      struct sbuf *password, struct err *err)
{
	struct account_prompts prompts = {
		.source = answers->password_stdin ? SECRET_SOURCE_STDIN
						  : SECRET_SOURCE_TERMINAL
	};

	(void)snprintf(prompts.first, sizeof(prompts.first),
		       "%.60s: %s: ", login,
		       speech_text(speech, N_("Password (12 bytes or more)")));
	(void)snprintf(prompts.again, sizeof(prompts.again),
		       "%.60s: %s: ", login,
		       speech_text(speech, N_("Once more")));
	for (;;) {
		const enum status st =
			account_try_password(&prompts, password, err);

		if (st != ST_FORMAT || prompts.source == SECRET_SOURCE_STDIN)
			return st;
		(void)printf("  %s: %s\n", speech_text(speech, N_("Not taken")),
			     err->text);
		(void)fflush(stdout);
		sbuf_clear(password);
	}
}

struct account_order {
	const struct setup_answers *answers;
	const struct speech *speech;
	struct vault_user preset;
};

static enum status
account_add(const struct account_order *order, const char *words,
	    struct sbuf *frames, struct err *err)
{
	struct vault_user_change change = { .change = USER_CHANGE_CREATE,
					    .user = order->preset };
	AUTO(sbuf_done) struct sbuf password;
	struct setup_account account;
	enum status st = ST_OK;

	sbuf_init_secret(&password, SECRET_MAX_BYTES);
	if (!setup_account_parse(words, &account))
		return err_set(err, ST_FORMAT,
			       "\"%.80s\" is not LOGIN:ADDRESS[:UID]", words);
	change.user.login = account.login;
	change.user.name = account.login;
	change.user.addresses = account.address;
	change.user.uid = account.uid;
	change.user.enabled = true;
	st = account_read_password(order->answers, order->speech, account.login,
				   &password, err);
	change.password = sbuf_text(&password);
	if (st == ST_OK)
		st = vault_init_add(frames, &change, err);
	return st;
}

enum status
setup_accounts_write(const struct setup_answers *answers,
		     const struct speech *speech, const char *language,
		     struct sbuf *frames, struct err *err)
{
	const struct account_order admin = { answers,
					     speech,
					     { .roles = VAULT_ROLE_ADMIN |
							VAULT_ROLE_AUDITOR,
					       .language = language,
					       .groups = "" } };
	/* The group that the rules of the sample policy name. */
	const struct account_order approver = { answers,
						speech,
						{ .roles = VAULT_ROLE_APPROVER |
							   VAULT_ROLE_SENDER,
						  .language = language,
						  .groups = "approvers" } };
	enum status st = account_add(&admin, answers->admin, frames, err);

	for (size_t i = 0; st == ST_OK && i < answers->approvers.count; i++)
		st = account_add(&approver, answers->approvers.items[i], frames,
				 err);
	return st;
}

/* --- the vault ---------------------------------------------------------- */

static void
accounts_exec(const char *path, const char *config_path, const int ends[2],
	      bool quiet)
{
	const char *const argv[] = { "sekimori-vault", "--config", config_path,
				     "--init", NULL };

	if (dup2(ends[0], STDIN_FILENO) >= 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		if (quiet)
			(void)close(STDERR_FILENO);
		(void)execv(path, (char *const *)(uintptr_t)argv);
	}
	_exit(127);
}

/* Its exit status; -1: it could not be run, or died. */
static int
accounts_run(const struct config *config, const char *config_path,
	     const struct sbuf *frames, struct err *err)
{
	const bool quiet = frames == NULL;
	char path[ACCOUNT_PATH_BYTES];
	int ends[2] = { FD_NONE, FD_NONE };
	int status = 0;

	(void)snprintf(path, sizeof(path), "%s/sekimori-vault",
		       config->general.program_dir);
	(void)fflush(stdout);
	if (pipe(ends) != 0)
		return -1;
	AUTO(fd_close) int read_end = ends[0];
	AUTO(fd_close) int write_end = ends[1];
	const pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0)
		accounts_exec(path, config_path, ends, quiet);
	fd_close(&read_end);
	/* A vault that ends early says why itself. */
	if (frames != NULL)
		NEGLECT(fd_write_all(write_end, sbuf_span(frames), err));
	fd_close(&write_end);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum status
setup_accounts_send(const struct config *config, const char *config_path,
		    const struct sbuf *frames, struct err *err)
{
	if (accounts_run(config, config_path, frames, err) == 0)
		return ST_OK;
	return err_set(err, ST_IO,
		       "%s/sekimori-vault --init did not end well (its reason "
		       "stands above)",
		       config->general.program_dir);
}

bool
setup_accounts_has_store(const struct config *config)
{
	char path[ACCOUNT_PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/store.db",
		       config->general.state_dir);
	return access(path, F_OK) == 0;
}

bool
setup_accounts_are_there(const struct config *config, const char *config_path)
{
	struct err err = { .st = ST_OK };

	/* With nobody to make it succeeds in a store that has no accounts. */
	return setup_accounts_has_store(config) &&
	       accounts_run(config, config_path, NULL, &err) != 0;
}
