#include "cli/directories.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/proc/process.h"

enum { DIRECTORY_MAX_PATH_BYTES = 4200 };

struct directory {
	const char *path;
	mode_t mode;
	const char *user;  /* NULL: ours */
	const char *group; /* NULL: the user's */
};

const char *
directories_milter_socket(const struct config *config)
{
	static const char *const prefixes[] = { "unix:", "local:" };

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		const size_t len_bytes = strlen(prefixes[i]);

		if (strncmp(config->milter.socket, prefixes[i], len_bytes) == 0)
			return config->milter.socket + len_bytes;
	}
	return NULL;
}

/* Owner and group; only root can give a directory away. */
static enum status
directory_give(const struct directory *directory, struct err *err)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	enum status st = ST_OK;

	if (geteuid() != 0)
		return ST_OK;
	if (directory->user != NULL)
		st = process_find_user(directory->user, &uid, &gid, err);
	if (st == ST_OK && directory->group != NULL)
		st = process_find_group(directory->group, &gid, err);
	if (st != ST_OK)
		return st;
	if (chown(directory->path, uid, gid) != 0)
		return err_set_errno(err, "%s: cannot change its owner",
				     directory->path);
	return ST_OK;
}

static enum status
directory_make(const struct directory *directory, struct err *err)
{
	struct stat info;

	if (stat(directory->path, &info) == 0) {
		if (S_ISDIR(info.st_mode))
			return ST_OK;
		return err_set(err, ST_IO, "%s: is not a directory",
			       directory->path);
	}
	if (mkdir(directory->path, 0700) != 0)
		return err_set_errno(err, "%s: cannot make the directory",
				     directory->path);
	enum status st = directory_give(directory, err);

	if (st == ST_OK && chmod(directory->path, directory->mode) != 0)
		st = err_set_errno(err, "%s: cannot set its mode",
				   directory->path);
	if (st != ST_OK)
		(void)rmdir(directory->path);
	return st;
}

enum status
directories_make(const struct config *config, struct err *err)
{
	const struct directory run = { config->general.run_dir, 0755, NULL,
				       NULL };
	const struct directory state = { config->general.state_dir, 0700,
					 config->vault.user, NULL };
	const char *socket = directories_milter_socket(config);
	char parent[DIRECTORY_MAX_PATH_BYTES];
	const struct directory mta = { parent, 02750, config->milter.user,
				       config->milter.socket_group };
	enum status st = directory_make(&run, err);

	if (st == ST_OK)
		st = directory_make(&state, err);
	if (st != ST_OK || socket == NULL)
		return st;
	const char *slash = strrchr(socket, '/');
	const size_t len_bytes = slash != NULL ? (size_t)(slash - socket) : 0;

	if (len_bytes == 0 || len_bytes >= sizeof(parent))
		return ST_OK;
	memcpy(parent, socket, len_bytes);
	parent[len_bytes] = '\0';
	return directory_make(&mta, err);
}
