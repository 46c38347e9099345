/* doctor: can the MTA reach the milter's socket, and who else? */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/directories.h"
#include "cli/doctor.h"
#include "lib/proc/process.h"

enum {
	SOCKET_PATH_BYTES = 4300,
	SOCKET_GROUP_MODE = 0060,
	SOCKET_OTHERS_MODE = 0006,
	SOCKET_CANNOT_TRY = 255
};

static const char *
group_text(gid_t gid, char text[32])
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	const struct group *group = getgrgid(gid);

	if (group != NULL)
		(void)snprintf(text, 32, "%s", group->gr_name);
	else
		(void)snprintf(text, 32, "%u", gid);
	return text;
}

/* In a child, as the account: the errno of connecting as exit status. */
static void
try_as(const char *account, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct err err = { 0 };

	if (fd < 0 || strlen(path) >= sizeof(to.sun_path) ||
	    process_drop_privileges(account, &err) != ST_OK)
		_exit(SOCKET_CANNOT_TRY);
	memcpy(to.sun_path, path, strlen(path));
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		_exit(errno);
	_exit(0);
}

/* errno of connecting as the account; 0: it can; -1: it could not be tried. */
static int
connect_as(const char *account, const char *path)
{
	int status = 0;

	(void)fflush(stdout);
	const pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0)
		try_as(account, path);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == SOCKET_CANNOT_TRY)
		return -1;
	return WEXITSTATUS(status);
}

/* The directory that the socket is in, its group and mode. */
static void
say_who_may(struct doctor *doctor, const char *account, const char *path,
	    int failure)
{
	const char *slash = strrchr(path, '/');
	char dir[SOCKET_PATH_BYTES];
	char dir_group[32];
	char group[32];
	struct stat dir_info = { .st_mode = 0 };
	struct stat info = { .st_mode = 0 };

	const size_t len_bytes = (size_t)(slash - path);

	memcpy(dir, path, len_bytes < sizeof(dir) ? len_bytes : 0);
	dir[len_bytes < sizeof(dir) ? len_bytes : 0] = '\0';
	(void)stat(dir, &dir_info);
	(void)stat(path, &info);
	doctor_found(doctor, DOCTOR_SOCKET_ACCESS,
		     "%s: %s; %s: group %s, mode %03o; %s: group %s, mode %03o",
		     account, strerrordesc_np(failure), dir,
		     group_text(dir_info.st_gid, dir_group),
		     dir_info.st_mode & 0777U, path,
		     group_text(info.st_gid, group), info.st_mode & 0777U);
}

static void
look_at_access(struct doctor *doctor, const char *account, const char *path)
{
	if (account[0] == '\0' || geteuid() != 0) {
		doctor_skipped(doctor, DOCTOR_SOCKET_ACCESS,
			       account[0] == '\0' ? "the account of the MTA "
						    "is not known"
						  : "only root can try it as "
						    "another account");
		return;
	}
	/* Sendmail's own; nothing keeps it away. */
	const int failure =
		strcmp(account, "root") == 0 ? 0 : connect_as(account, path);

	if (failure < 0)
		doctor_skipped(doctor, DOCTOR_SOCKET_ACCESS, "cannot become %s",
			       account);
	else if (failure == ECONNREFUSED)
		doctor_found(doctor, DOCTOR_SOCKET_MISSING,
			     "%s: nobody listens", path);
	else if (failure > 0)
		say_who_may(doctor, account, path, failure);
	else
		doctor_fine(doctor, DOCTOR_SOCKET_ACCESS, "%s reaches %s",
			    account, path);
}

/* Group and mode of the socket itself. */
static void
look_at_group(struct doctor *doctor, const char *path, const struct stat *info)
{
	const char *wanted = doctor->config->milter.socket_group;
	struct err err = { 0 };
	char name[32];
	gid_t gid = 0;

	if (wanted[0] == '\0')
		return;
	if (process_find_group(wanted, &gid, &err) != ST_OK)
		doctor_found(doctor, DOCTOR_SOCKET_GROUP,
			     "milter.socket_group = %s: %s", wanted, err.text);
	else if (info->st_gid != gid)
		doctor_found(doctor, DOCTOR_SOCKET_GROUP,
			     "%s: group %s; milter.socket_group = %s", path,
			     group_text(info->st_gid, name), wanted);
	else
		doctor_fine(doctor, DOCTOR_SOCKET_GROUP, "%s: group %s", path,
			    wanted);
	if ((info->st_mode & SOCKET_GROUP_MODE) != SOCKET_GROUP_MODE)
		doctor_found(doctor, DOCTOR_SOCKET_MODE, "%s: mode %03o", path,
			     info->st_mode & 0777U);
	else
		doctor_fine(doctor, DOCTOR_SOCKET_MODE, "%s: mode %03o", path,
			    info->st_mode & 0777U);
}

/* Open to others is the socket when it and each directory above is. */
static bool
is_open_to_others(const char *path, mode_t mode)
{
	char above[SOCKET_PATH_BYTES];
	struct stat info;
	char *slash = NULL;

	if ((mode & SOCKET_OTHERS_MODE) == 0)
		return false;
	(void)snprintf(above, sizeof(above), "%s", path);
	while ((slash = strrchr(above, '/')) != NULL && slash != above) {
		*slash = '\0';
		if (stat(above, &info) == 0 && (info.st_mode & S_IXOTH) == 0)
			return false;
	}
	return true;
}

void
doctor_look_at_socket(struct doctor *doctor, const char *mta_account)
{
	const char *path = directories_milter_socket(doctor->config);
	struct stat info;

	if (path == NULL) {
		doctor_found(doctor, DOCTOR_SOCKET_TCP, "milter.socket = %s",
			     doctor->config->milter.socket);
		return;
	}
	if (stat(path, &info) != 0) {
		if (errno == EACCES)
			doctor_skipped(doctor, DOCTOR_SOCKET_MISSING,
				       "%s: only root can look", path);
		else
			doctor_found(doctor, DOCTOR_SOCKET_MISSING, "%s", path);
		return;
	}
	doctor_fine(doctor, DOCTOR_SOCKET_MISSING, "%s", path);
	look_at_group(doctor, path, &info);
	look_at_access(doctor, mta_account, path);
	if (is_open_to_others(path, info.st_mode))
		doctor_found(doctor, DOCTOR_SOCKET_OPEN, "%s: mode %03o", path,
			     info.st_mode & 0777U);
	else
		doctor_fine(doctor, DOCTOR_SOCKET_OPEN, "%s: mode %03o", path,
			    info.st_mode & 0777U);
}
