#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum status
output_create(const char *path, int *fd_out, struct err *err)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ST_DENIED,
			       "%s: there is such a file; name a new one",
			       path);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot be made", path);
	*fd_out = fd;
	return ST_OK;
}

enum status
output_finish(const char *path, int fd, bool good, struct err *err)
{
	const enum status st = good ? fd_sync(fd, err) : ST_OK;

	if (!good || st != ST_OK)
		(void)unlink(path);
	return st;
}
