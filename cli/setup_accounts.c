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

enum { ACCOUNT_PROMPT_BYTES = 192, ACCOUNT_PATH_BYTES = 4300 };

/* LOGIN[:ADDRESS[:UID]] in pieces. */
struct account_words {
	char login[VAULT_MAX_NAME_BYTES];
	char address[CASE_MAX_ADDRESS_BYTES];
	int64_t uid;
};

static bool
account_parse(const char *words, struct account_words *account_out)
{
	const size_t login = strcspn(words, ":");
	size_t address = 0;
	uint64_t uid = 0;

	*account_out = (struct account_words){ .uid = -1 };
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

static enum status
account_add(const struct setup_answers *answers, const char *words,
	    const struct vault_user *preset, struct sbuf *frames,
	    struct err *err)
{
	struct vault_user_change change = { .change = USER_CHANGE_CREATE,
					    .user = *preset };
	AUTO(sbuf_done) struct sbuf password;
	struct account_words account;
	char prompt[ACCOUNT_PROMPT_BYTES];
	enum status st = ST_OK;

	sbuf_init_secret(&password, SECRET_MAX_BYTES);
	if (!account_parse(words, &account))
		return err_set(err, ST_FORMAT,
			       "\"%.80s\" is not LOGIN:ADDRESS[:UID]", words);
	change.user.login = account.login;
	change.user.name = account.login;
	change.user.addresses = account.address;
	change.user.uid = account.uid;
	change.user.enabled = true;
	(void)snprintf(prompt, sizeof(prompt),
		       "Password for %s (at least 12 bytes): ", account.login);
	st = secret_read_new(answers->password_stdin ? SECRET_SOURCE_STDIN
						     : SECRET_SOURCE_TERMINAL,
			     prompt, &password, err);
	change.password = sbuf_text(&password);
	if (st == ST_OK)
		st = vault_init_add(frames, &change, err);
	return st;
}

enum status
setup_accounts_write(const struct setup_answers *answers, const char *language,
		     struct sbuf *frames, struct err *err)
{
	const struct vault_user admin = { .roles = VAULT_ROLE_ADMIN |
						   VAULT_ROLE_AUDITOR,
					  .language = language,
					  .groups = "" };
	/* The group that the rules of the sample policy name. */
	const struct vault_user approver = { .roles = VAULT_ROLE_APPROVER |
						      VAULT_ROLE_SENDER,
					     .language = language,
					     .groups = "approvers" };
	enum status st =
		account_add(answers, answers->admin, &admin, frames, err);

	for (size_t i = 0; st == ST_OK && i < answers->approvers.count; i++)
		st = account_add(answers, answers->approvers.items[i],
				 &approver, frames, err);
	return st;
}

static void
accounts_exec(const char *path, const char *config_path, const int ends[2])
{
	const char *const argv[] = { "sekimori-vault", "--config", config_path,
				     "--init", NULL };

	if (dup2(ends[0], STDIN_FILENO) >= 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)execv(path, (char *const *)(uintptr_t)argv);
	}
	_exit(127);
}

enum status
setup_accounts_send(const struct config *config, const char *config_path,
		    const struct sbuf *frames, struct err *err)
{
	char path[ACCOUNT_PATH_BYTES];
	int ends[2] = { FD_NONE, FD_NONE };
	int status = 0;

	(void)snprintf(path, sizeof(path), "%s/sekimori-vault",
		       config->general.program_dir);
	if (pipe(ends) != 0)
		return err_set_errno(err, "setup: no pipe");
	AUTO(fd_close) int read_end = ends[0];
	AUTO(fd_close) int write_end = ends[1];
	const pid_t pid = fork();

	if (pid < 0)
		return err_set_errno(err, "setup: cannot fork");
	if (pid == 0)
		accounts_exec(path, config_path, ends);
	fd_close(&read_end);
	enum status st = fd_write_all(write_end, sbuf_span(frames), err);

	fd_close(&write_end);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		st = err_set(err, ST_IO,
			     "%s --init did not end well (its reason stands "
			     "above)",
			     path);
	return st;
}
