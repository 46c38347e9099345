#include "cli/key_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/credential.h"
#include "lib/base/fd.h"
#include "lib/proc/process.h"

enum status
key_file_give_to(const char *path, const char *user, struct err *err)
{
	uid_t uid = 0;
	gid_t gid = 0;
	enum status st = ST_OK;

	if (geteuid() != 0)
		return ST_OK;
	st = process_find_user(user, &uid, &gid, err);
	if (st == ST_OK && lchown(path, uid, gid) != 0)
		st = err_set_errno(err, "%s: cannot give it to %s", path, user);
	return st;
}

enum status
key_file_give(const struct cli *cli, const char *path, struct err *err)
{
	AUTO(config_free) struct config *config = NULL;

	/* Before setup there is no configuration; setup gives it then. */
	if (geteuid() != 0 ||
	    config_load(cli->config_path, &config, NULL) != ST_OK)
		return ST_OK;
	return key_file_give_to(path, config->vault.user, err);
}

/* Be the vault's account for a moment: the key file is its, and only its. */
static enum status
key_file_become(const struct config *config, uid_t *was_out, struct err *err)
{
	uid_t uid = 0;
	gid_t gid = 0;
	enum status st = ST_OK;

	*was_out = geteuid();
	if (*was_out != 0)
		return ST_OK;
	st = process_find_user(config->vault.user, &uid, &gid, err);
	if (st == ST_OK && seteuid(uid) != 0)
		st = err_set_errno(err, "cannot act as %s", config->vault.user);
	return st;
}

static enum status
key_file_become_again(uid_t was, struct err *err)
{
	if (geteuid() != was && seteuid(was) != 0)
		return err_set_errno(err, "cannot go back to uid %u", was);
	return ST_OK;
}

enum status
key_file_load(const struct config *config, struct master_key *key_out,
	      struct err *err)
{
	uid_t was = 0;
	enum status st = ST_OK;

	if (credential_is_ours(config))
		return master_key_load(config->vault.key, key_out, err);
	st = key_file_become(config, &was, err);
	if (st != ST_OK)
		return st;
	st = master_key_load(config->vault.key, key_out, err);
	const enum status back = key_file_become_again(was, err);

	return st == ST_OK ? back : st;
}

enum status
key_file_check_readable(const struct config *config, const char *path,
			struct err *err)
{
	uid_t was = 0;
	enum status st = key_file_become(config, &was, err);

	if (st != ST_OK)
		return st;
	AUTO(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		st = err_set(err, ST_DENIED, "%s: account %s cannot read it",
			     path, config->vault.user);
	const enum status back = key_file_become_again(was, err);

	return st == ST_OK ? back : st;
}

enum status
key_file_note_escrow(const struct config *config, const struct master_key *key,
		     struct err *err)
{
	uid_t was = 0;
	enum status st = key_file_become(config, &was, err);

	if (st != ST_OK)
		return st;
	st = master_key_note_escrow(key, config->general.state_dir, err);
	const enum status back = key_file_become_again(was, err);

	return st == ST_OK ? back : st;
}
