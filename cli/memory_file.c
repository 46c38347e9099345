#include "cli/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY_CHUNK_BYTES = 8192 };

enum status
memory_file_copy(int fd, uint64_t max_bytes, int *memory_out, struct err *err)
{
	AUTO(fd_close) int memory = FD_NONE;
	uint8_t chunk[MEMORY_CHUNK_BYTES];
	uint64_t total_bytes = 0;
	enum status st = fd_memory("sekimori-cli", &memory, err);

	while (st == ST_OK && total_bytes <= max_bytes) {
		const ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "cannot read");
		if (n == 0)
			break;
		st = fd_write_all(memory, (struct span){ chunk, (size_t)n },
				  err);
		total_bytes += (uint64_t)n;
	}
	explicit_bzero(chunk, sizeof(chunk));
	if (st == ST_OK)
		st = fd_seal(memory, err);
	if (st == ST_OK)
		*memory_out = FD_MOVE(memory);
	return st;
}

enum status
memory_file_open(const char *path, int *fd_out, struct err *err)
{
	struct stat info;
	AUTO(fd_close)
	int fd = strcmp(path, "-") == 0
			 ? dup(STDIN_FILENO)
			 : open(path,
				O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &info) != 0)
		return err_set(err, ST_NOT_FOUND, "%s: cannot open", path);
	if (S_ISDIR(info.st_mode))
		return err_set(err, ST_NOT_FOUND, "%s: is a directory", path);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}
