#include "tests/vault/faulty.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	unsigned int kinds;
	unsigned int number;
	unsigned int count;
	int sys_errno;
	int it_stays;
	int hit;
} faulty;

void
faulty_arm(unsigned int kinds, unsigned int number, int sys_errno, int it_stays)
{
	faulty.kinds = kinds;
	faulty.number = number;
	faulty.count = 0;
	faulty.sys_errno = sys_errno;
	faulty.it_stays = it_stays;
	faulty.hit = 0;
}

unsigned int
faulty_count(void)
{
	return faulty.count;
}

int
faulty_hit(void)
{
	return faulty.hit;
}

static int
faulty_strikes(unsigned int kind)
{
	if ((faulty.kinds & kind) == 0)
		return 0;
	faulty.count++;
	if (faulty.number == 0 || faulty.count < faulty.number ||
	    (faulty.count > faulty.number && !faulty.it_stays))
		return 0;
	faulty.hit = 1;
	errno = faulty.sys_errno;
	return 1;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's
 * names are reserved */
int
fsync(int fd)
{
	return faulty_strikes(FAULTY_SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return faulty_strikes(FAULTY_SYNC) ? -1
					   : (int)syscall(SYS_fdatasync, fd);
}

ssize_t
write(int fd, const void *bytes, size_t len_bytes)
{
	if (fd > 2 && faulty_strikes(FAULTY_WRITE))
		return -1;
	return syscall(SYS_write, fd, bytes, len_bytes);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len_bytes, off_t at)
{
	if (faulty_strikes(FAULTY_WRITE))
		return -1;
	return syscall(SYS_pwrite64, fd, bytes, len_bytes, at);
}

/* SQLite calls it by this name. */
ssize_t
pwrite64(int fd, const void *bytes, size_t len_bytes, off64_t at)
{
	return pwrite(fd, bytes, len_bytes, at);
}

int
ftruncate(int fd, off_t size_bytes)
{
	if (faulty_strikes(FAULTY_WRITE))
		return -1;
	return (int)syscall(SYS_ftruncate, fd, size_bytes);
}

int
ftruncate64(int fd, off64_t size_bytes)
{
	return ftruncate(fd, size_bytes);
}

int
rename(const char *from, const char *to)
{
	return faulty_strikes(FAULTY_RENAME)
		       ? -1
		       : (int)syscall(SYS_rename, from, to);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
