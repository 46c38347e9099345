#include "cli/program_path.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROGRAM_NAME_BYTES = 64 };

enum status
program_path(const struct config *config, const char *name, char path[PATH_MAX],
	     struct err *err)
{
	const char *dir = config->general.program_dir;
	char self[PATH_MAX - PROGRAM_NAME_BYTES];
	const ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash = NULL;

	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL)
		*slash = '\0';
	if (dir[0] == '\0')
		dir = SEKIMORI_LIBEXECDIR;
	(void)snprintf(path, PATH_MAX, "%s/%.*s", self, PROGRAM_NAME_BYTES - 2,
		       name);
	if (strcmp(dir, SEKIMORI_LIBEXECDIR) == 0 && access(path, X_OK) == 0)
		return ST_OK;
	if ((size_t)snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		return err_set(err, ST_LIMIT, "general.program_dir: too long");
	return ST_OK;
}
