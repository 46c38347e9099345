#include "cli/setup_check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/proc/process.h"
#include "vault/client/vault_messages.h"

enum { CHECK_MAX_FILE_BYTES = 256 * 1024, CHECK_PATH_BYTES = 64 };

/* "PATH:LINE: reason" tells of a file that nobody has seen. */
static enum status
say_reason(const struct err *why, const char *path, struct err *err)
{
	const char *text = why->text;

	if (strncmp(text, path, strlen(path)) == 0) {
		text += strlen(path);
		text += strspn(text, ":0123456789 ");
	}
	return err_set(err, why->st, "%s", text);
}

static enum status
check_text(const struct sbuf *text, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	AUTO(config_free) struct config *config = NULL;
	struct err why = { .st = ST_OK };
	char path[CHECK_PATH_BYTES];
	enum status st = fd_memory("setup", &fd, err);

	if (st == ST_OK)
		st = fd_write_all(fd, sbuf_span(text), err);
	if (st != ST_OK)
		return st;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	st = config_load(path, &config, &why);
	return st == ST_OK ? st : say_reason(&why, path, err);
}

static const char *
or_filler(const char *text, const char *filler)
{
	return text != NULL ? text : filler;
}

enum status
setup_check_answers(const struct setup_answers *answers, struct err *err)
{
	AUTO(setup_answers_done)
	struct setup_answers trial = {
		.domains = or_filler(answers->domains, "example.com"),
		.host_name = or_filler(answers->host_name, "localhost"),
		.url = or_filler(answers->url, "https://localhost"),
		.next_hop = or_filler(answers->next_hop, "127.0.0.1:25"),
		.notice_sender = or_filler(answers->notice_sender,
					   "sekimori@example.com"),
		.postmaster = or_filler(answers->postmaster,
					"postmaster@example.com"),
		.key = or_filler(answers->key, "credential:sekimori-key"),
		.mode = or_filler(answers->mode, "enforce"),
		.language = or_filler(answers->language, "ja"),
		.desk = answers->desk,
		.portal = answers->portal,
		.portal_url = or_filler(answers->portal_url,
					"https://files.example.com"),
		.portal_certificate =
			or_filler(answers->portal_certificate, "/filler"),
		.portal_key = or_filler(answers->portal_key, "/filler"),
		.portal_user = answers->portal_user,
		.socket = answers->socket,
		.socket_group = answers->socket_group,
		.set = answers->set,
	};
	AUTO(sbuf_done) struct sbuf text;
	enum status st = setup_answers_write(&trial, NULL, err);

	sbuf_init(&text, CHECK_MAX_FILE_BYTES);
	if (st != ST_OK)
		return st;
	config_write_file(trial.values, trial.value_count, &text);
	st = sbuf_status(&text, "setup", err);
	return st == ST_OK ? check_text(&text, err) : st;
}

enum status
setup_check_login(const char *login, struct err *err)
{
	/* As the vault takes them; the others only behind the first. */
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "._-@+";
	const size_t len_bytes = strlen(login);

	if (len_bytes == 0 || len_bytes >= VAULT_MAX_NAME_BYTES ||
	    strspn(login, allowed) != len_bytes ||
	    strchr("._-@+", login[0]) != NULL)
		return err_set(err, ST_FORMAT,
			       "a login has small letters, digits and . _ -");
	return ST_OK;
}

enum status
setup_check_account(const char *words, struct err *err)
{
	struct setup_account account;
	const struct setup_answers with_address = { .postmaster =
							    account.address };

	if (!setup_account_parse(words, &account))
		return err_set(err, ST_FORMAT,
			       "\"%.80s\" is not LOGIN:ADDRESS[:UID]", words);
	enum status st = setup_check_login(account.login, err);

	/* The postmaster's address is checked as any other. */
	if (st == ST_OK && account.address[0] != '\0' &&
	    setup_check_answers(&with_address, err) != ST_OK)
		st = err_set(err, ST_FORMAT, "\"%.80s\" is not an address",
			     account.address);
	return st;
}

enum status
setup_check_host(const struct config *config, struct err *err)
{
	const char *const users[] = {
		config->vault.user,   config->scanner.user, config->milter.user,
		config->courier.user, config->desk.user,    config->portal.user
	};
	/* The portal's last: wanted only where there is a portal. */
	const size_t count =
		ARRAY_LEN(users) - (config->portal.listen[0] == '\0');
	const char *group = config->milter.socket_group;
	uid_t uid = 0;
	gid_t gid = 0;

	if (geteuid() != 0)
		return ST_OK;
	for (size_t i = 0; i < count; i++)
		if (process_find_user(users[i], &uid, &gid, err) != ST_OK)
			return err_set(err, ST_NOT_FOUND,
				       "there is no account %.60s: useradd "
				       "--system --user-group --no-create-home "
				       "--shell /usr/sbin/nologin %.60s",
				       users[i], users[i]);
	if (group[0] != '\0' && process_find_group(group, &gid, err) != ST_OK)
		return err_set(err, ST_NOT_FOUND,
			       "there is no group %.60s (milter.socket_group): "
			       "name the MTA's with --set "
			       "milter.socket_group=GROUP",
			       group);
	return ST_OK;
}
