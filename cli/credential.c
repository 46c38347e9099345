#include "cli/credential.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/key_file.h"

static const char credential_prefix[] = "credential:";
static const char credential_variable[] = "CREDENTIALS_DIRECTORY";

bool
credential_is_ours(const struct config *config)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	return geteuid() == 0 && getenv(credential_variable) == NULL &&
	       strncmp(config->vault.key, credential_prefix,
		       sizeof(credential_prefix) - 1) == 0;
}

void
credential_remove(struct credential *staged)
{
	if (staged->file[0] != '\0')
		(void)unlink(staged->file);
	if (staged->dir[0] != '\0') {
		(void)rmdir(staged->dir);
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
		(void)unsetenv(credential_variable);
	}
	*staged = (struct credential){ "", "" };
}

static enum status
credential_put(const struct config *config, const struct credential *place,
	       const struct master_key *key, struct err *err)
{
	enum status st = ST_OK;

	/* What an earlier run left behind, when it was killed. */
	(void)unlink(place->file);
	if (mkdir(place->dir, 0500) != 0 && errno != EEXIST)
		return err_set_errno(err, "%s: cannot be made", place->dir);
	st = master_key_write(place->file, key, err);
	if (st == ST_OK)
		st = key_file_give_to(place->file, config->vault.user, err);
	if (st == ST_OK)
		st = key_file_give_to(place->dir, config->vault.user, err);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	if (st == ST_OK && setenv(credential_variable, place->dir, 1) != 0)
		st = err_set(err, ST_NO_MEMORY, "credential: no memory");
	return st;
}

static enum status
credential_place(const struct config *config, struct credential *place,
		 struct err *err)
{
	const char *name = config->vault.key + sizeof(credential_prefix) - 1;
	const int dir_len = snprintf(place->dir, sizeof(place->dir),
				     "%s/credentials", config->general.run_dir);
	const int len =
		snprintf(place->file, sizeof(place->file), "%s/credentials/%s",
			 config->general.run_dir, name);

	if (dir_len < 0 || len < 0 || (size_t)len >= sizeof(place->file))
		return err_set(err, ST_LIMIT, "credential: path too long");
	return ST_OK;
}

enum status
credential_stage(const struct config *config, struct credential *staged_out,
		 struct err *err)
{
	AUTO(master_key_wipe) struct master_key key = { { 0 } };
	struct credential place = { "", "" };
	enum status st = ST_OK;

	*staged_out = place;
	if (!credential_is_ours(config))
		return ST_OK;
	st = master_key_load(config->vault.key, &key, err);
	if (st != ST_OK)
		return st;
	st = credential_place(config, &place, err);
	if (st == ST_OK)
		st = credential_put(config, &place, &key, err);
	if (st == ST_OK)
		*staged_out = place;
	else
		credential_remove(&place);
	return st;
}

enum status
credential_make(const struct config *config, struct err *err)
{
	char path[PATH_MAX];
	enum status st = master_key_path(config->vault.key, path, err);

	if (st == ST_OK && mkdir(MASTER_KEY_CREDSTORE, 0700) != 0 &&
	    errno != EEXIST)
		st = err_set_errno(err, "%s: cannot be made",
				   MASTER_KEY_CREDSTORE);
	return st == ST_OK ? master_key_create(path, err) : st;
}
