#include "lib/proc/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/parse.h"

enum {
	PROCESS_CHANNEL_FD = 3,
	PROCESS_ERROR_FD = 4,
	PROCESS_FIRST_HIGH_FD = 16,
	PROCESS_ACCOUNT_BYTES = 16 * 1024,
	PROCESS_EXEC_FAILED = 127
};

/* Close every descriptor from first on, but keep_fd. */
static enum status
process_close_from(unsigned first, int keep_fd, struct err *err)
{
	const unsigned keep = (unsigned)keep_fd;

	if (keep_fd == FD_NONE || keep < first) {
		if (close_range(first, ~0U, 0) != 0)
			return err_set_errno(err, "process: cannot close");
		return ST_OK;
	}
	if ((keep > first && close_range(first, keep - 1, 0) != 0) ||
	    close_range(keep + 1, ~0U, 0) != 0)
		return err_set_errno(err, "process: cannot close");
	return ST_OK;
}

/* Make fd /dev/null. */
static enum status
process_open_null(int fd, struct err *err)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return err_set_errno(err, "/dev/null: cannot open");
	if (null == fd) {
		(void)fcntl(fd, F_SETFD, 0);
		return ST_OK;
	}
	const int copy = dup2(null, fd);

	(void)close(null);
	return copy < 0 ? err_set_errno(err, "process: cannot dup") : ST_OK;
}

/* Descriptors 0 to 2 always exist, so that none of our files becomes one. */
static enum status
process_fill_standard(struct err *err)
{
	enum status st = process_open_null(STDIN_FILENO, err);

	for (int fd = STDOUT_FILENO; st == ST_OK && fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			st = process_open_null(fd, err);
	}
	return st;
}

enum status
process_harden(int keep_fd, struct err *err)
{
	const struct rlimit none = { 0, 0 };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const enum status st = process_fill_standard(err);

	if (st != ST_OK)
		return st;
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set_errno(err, "process: cannot forbid cores");
	if (sigaction(SIGPIPE, &ignore, NULL) != 0)
		return err_set_errno(err, "process: cannot ignore SIGPIPE");
	(void)umask(077);
	return process_close_from(PROCESS_CHANNEL_FD, keep_fd, err);
}

enum status
process_forbid_core(struct err *err)
{
	const struct rlimit least = { 1, 1 };

	if (setrlimit(RLIMIT_CORE, &least) == 0)
		return ST_OK;
	/* Who started us may have set less already. */
	struct rlimit given = { 1, 1 };

	return getrlimit(RLIMIT_CORE, &given) == 0 && given.rlim_max <= 1
		       ? ST_OK
		       : err_set_errno(err, "process: cannot forbid cores");
}

/* "64001" is an account by number; names of digits only are not accounts. */
static bool
process_is_number(const char *name, uint64_t *number_out)
{
	return parse_u64(span_of(name), UINT32_MAX - 1, number_out);
}

enum status
process_find_user(const char *user, uid_t *uid_out, gid_t *gid_out,
		  struct err *err)
{
	char room[PROCESS_ACCOUNT_BYTES / 2];
	struct passwd entry;
	struct passwd *found = NULL;
	uint64_t number = 0;

	if (process_is_number(user, &number)) {
		*uid_out = (uid_t)number;
		*gid_out = (gid_t)number;
		return ST_OK;
	}
	const int failed = getpwnam_r(user, &entry, room, sizeof(room), &found);

	if (found == NULL && failed != 0 && failed != ENOENT) {
		errno = failed;
		return err_set_errno(err, "process: cannot look up account %s",
				     user);
	}
	if (found == NULL)
		return err_set(err, ST_NOT_FOUND, "process: no account \"%s\"",
			       user);
	*uid_out = found->pw_uid;
	*gid_out = found->pw_gid;
	return ST_OK;
}

enum status
process_find_group(const char *group, gid_t *gid_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf room;
	struct group entry;
	struct group *found = NULL;
	uint64_t number = 0;
	char *place = NULL;

	sbuf_init(&room, (size_t)PROCESS_ACCOUNT_BYTES * 16);
	if (process_is_number(group, &number)) {
		*gid_out = (gid_t)number;
		return ST_OK;
	}
	place = (char *)sbuf_extend(&room, PROCESS_ACCOUNT_BYTES * 16);
	if (place == NULL)
		return err_set(err, ST_NO_MEMORY, "process: no memory");
	const int failed =
		getgrnam_r(group, &entry, place,
			   (size_t)PROCESS_ACCOUNT_BYTES * 16, &found);

	if (found == NULL && failed != 0 && failed != ENOENT) {
		errno = failed;
		return err_set_errno(err, "process: cannot look up group %s",
				     group);
	}
	if (found == NULL)
		return err_set(err, ST_NOT_FOUND, "process: no group \"%s\"",
			       group);
	*gid_out = found->gr_gid;
	return ST_OK;
}

/* True when every id is the wanted one and root cannot be had back. */
static bool
process_is_dropped(uid_t uid, gid_t gid)
{
	uid_t real_uid = 0;
	uid_t effective_uid = 0;
	uid_t saved_uid = 0;
	gid_t real_gid = 0;
	gid_t effective_gid = 0;
	gid_t saved_gid = 0;

	if (getresuid(&real_uid, &effective_uid, &saved_uid) != 0 ||
	    getresgid(&real_gid, &effective_gid, &saved_gid) != 0)
		return false;
	return real_uid == uid && effective_uid == uid && saved_uid == uid &&
	       real_gid == gid && effective_gid == gid && saved_gid == gid &&
	       setuid(0) != 0;
}

enum status
process_drop_privileges(const char *user, struct err *err)
{
	uid_t uid = 0;
	gid_t gid = 0;
	uint64_t number = 0;

	if (geteuid() != 0)
		return ST_OK;
	const enum status st = process_find_user(user, &uid, &gid, err);

	if (st != ST_OK)
		return st;
	if (uid == 0)
		return err_set(err, ST_DENIED,
			       "process: account \"%s\" is root; name another",
			       user);
	const int failed = process_is_number(user, &number)
				   ? setgroups(0, NULL)
				   : initgroups(user, gid);

	if (failed != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0)
		return err_set_errno(err, "process: cannot become %s", user);
	if (!process_is_dropped(uid, gid))
		return err_set(err, ST_DENIED,
			       "process: still privileged after becoming %s",
			       user);
	/* The kernel sets it anew when the ids change. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set_errno(err, "process: cannot forbid cores");
	return ST_OK;
}

/* Between fork and exec only async-signal-safe calls are made. */
static void
process_become_child(const struct process_spawn *spawn, const char *const *envp,
		     int error_fd)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int error =
		fcntl(error_fd, F_DUPFD_CLOEXEC, PROCESS_FIRST_HIGH_FD);
	int channel = FD_NONE;
	sigset_t nothing;

	if (spawn->channel_fd != FD_NONE)
		channel = fcntl(spawn->channel_fd, F_DUPFD_CLOEXEC,
				PROCESS_FIRST_HIGH_FD);
	if (null < 0 || error < 0 ||
	    (spawn->channel_fd != FD_NONE && channel < 0))
		goto failed;
	/* Standard output joins standard error: nobody reads it. */
	if (dup2(null, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		goto failed;
	if (channel == FD_NONE)
		(void)close(PROCESS_CHANNEL_FD);
	else if (dup2(channel, PROCESS_CHANNEL_FD) < 0)
		goto failed;
	if (dup3(error, PROCESS_ERROR_FD, O_CLOEXEC) < 0 ||
	    close_range(PROCESS_ERROR_FD + 1, ~0U, 0) != 0)
		goto failed;
	error_fd = PROCESS_ERROR_FD;
	(void)sigemptyset(&nothing);
	(void)pthread_sigmask(SIG_SETMASK, &nothing, NULL);
	(void)sigaction(SIGPIPE, &usual, NULL);
	/* execve() takes what it does not change as changeable. */
	(void)execve(spawn->path, (char *const *)(uintptr_t)spawn->argv,
		     (char *const *)(uintptr_t)envp);
failed : {
	const int why = errno;

	if (write(error_fd, &why, sizeof(why)) < 0)
		_exit(PROCESS_EXEC_FAILED - 1);
}
	_exit(PROCESS_EXEC_FAILED);
}

enum { PROCESS_ENV_ROOM = 8 };

/* The environment of a child for which the caller named none. */
static void
process_minimal_env(const char *env[PROCESS_ENV_ROOM])
{
	size_t count = 0;

	env[count++] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	env[count++] = "LANG=C.UTF-8";
#ifdef SEKIMORI_SANITIZED
	/* A sanitizer's options are for the children too. */
	static const char *const names[] = { "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
					     "LSAN_OPTIONS=" };

	for (char **at = environ; *at != NULL; at++) {
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			if (strncmp(*at, names[i], strlen(names[i])) == 0 &&
			    count < PROCESS_ENV_ROOM - 1)
				env[count++] = *at;
		}
	}
#endif
	env[count] = NULL;
}

enum status
process_spawn(const struct process_spawn *spawn, pid_t *pid_out,
	      struct err *err)
{
	const char *minimal[PROCESS_ENV_ROOM];
	int ends[2] = { FD_NONE, FD_NONE };
	int why = 0;

	process_minimal_env(minimal);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set_errno(err, "process: no pipe");
	AUTO(fd_close) int read_end = ends[0];
	AUTO(fd_close) int write_end = ends[1];
	const pid_t pid = fork();

	if (pid < 0)
		return err_set_errno(err, "process: cannot fork");
	if (pid == 0)
		process_become_child(
			spawn, spawn->envp != NULL ? spawn->envp : minimal,
			write_end);
	fd_close(&write_end);
	/* The pipe closes at a successful exec; else it carries errno. */
	if (fd_read_all(read_end, &why, sizeof(why), NULL) == ST_END) {
		*pid_out = pid;
		return ST_OK;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = why != 0 ? why : EIO;
	return err_set_errno(err, "process: cannot start %s", spawn->path);
}

enum status
process_signal_fd(int *fd_out, struct err *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	errno = pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (errno != 0)
		return err_set_errno(err, "process: cannot block signals");
	const int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);

	if (fd < 0)
		return err_set_errno(err, "process: no signal descriptor");
	*fd_out = fd;
	return ST_OK;
}

int
process_signal_next(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

enum status
process_die_with_parent(struct err *err)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0)
		return err_set_errno(err, "process: cannot follow the parent");
	return ST_OK;
}

enum status
process_lock(const char *path, int *fd_out, struct err *err)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW;
	AUTO(fd_close) int fd = open(path, O_RDONLY | flags);

	if (fd < 0 && errno == ENOENT)
		fd = open(path, O_RDWR | O_CREAT | flags, 0600);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot open", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		*fd_out = FD_MOVE(fd);
		return ST_OK;
	}
	if (errno == EWOULDBLOCK)
		return err_set(err, ST_DENIED, "%s: another process holds it",
			       path);
	return err_set_errno(err, "%s: cannot lock", path);
}
