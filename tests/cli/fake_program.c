/* fake_program.c - a daemon that only answers its control socket, for run.
 *
 * Writes "start NAME", "reload NAME" and "stop NAME" to FOLDER/log, FOLDER
 * being the one of the file after --config. Ends at once when FOLDER/fail-NAME
 * is there. */
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/proc/process.h"
#include "lib/wire/control.h"

struct fake {
	const char *name;
	char dir[256];
};

static void
fake_log(const struct fake *fake, const char *what)
{
	char path[300];
	char line[128];

	(void)snprintf(path, sizeof(path), "%s/log", fake->dir);
	(void)snprintf(line, sizeof(line), "%s %s\n", what, fake->name);
	AUTO(fd_close)
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd_write_all(fd, span_of(line), NULL) != ST_OK)
		_exit(1);
}

static enum status
fake_reload(void *context, struct err *err)
{
	const struct fake *fake = context;

	fake_log(fake, "reload");
	if (strcmp(fake->name, "sekimori-desk") == 0)
		return err_set(err, ST_FORMAT, "x.conf:1: no");
	return ST_OK;
}

static int
fake_serve(struct fake *fake, int listen_fd, int signal_fd)
{
	const struct control_handler handler = { fake->name, fake_reload,
						 fake };

	for (;;) {
		struct pollfd fds[2] = { { listen_fd, POLLIN, 0 },
					 { signal_fd, POLLIN, 0 } };

		if (poll(fds, 2, 60000) <= 0)
			return 3;
		if (process_signal_next(signal_fd) == SIGTERM) {
			fake_log(fake, "stop");
			return 0;
		}
		if (fds[0].revents != 0)
			control_serve(listen_fd, &handler);
	}
}

int
main(int argc, char **argv)
{
	struct fake fake = { .name = argv[0] };
	struct err err = { 0 };
	char path[300];
	int listen_fd = FD_NONE;
	int signal_fd = FD_NONE;

	if (argc != 3 || strcmp(argv[1], "--config") != 0 || argv[2][0] != '/')
		return 2;
	(void)snprintf(fake.dir, sizeof(fake.dir), "%s", argv[2]);
	(void)dirname(fake.dir);
	fake_log(&fake, "start");
	(void)snprintf(path, sizeof(path), "%s/fail-%s", fake.dir, fake.name);
	if (access(path, F_OK) == 0)
		return 7;
	char run_dir[300];

	(void)snprintf(run_dir, sizeof(run_dir), "%s/run", fake.dir);
	if (process_signal_fd(&signal_fd, &err) != ST_OK ||
	    control_path(run_dir, fake.name, path, sizeof(path), &err) !=
		    ST_OK ||
	    channel_listen(path, 0600, &listen_fd, &err) != ST_OK)
		return 4;
	return fake_serve(&fake, listen_fd, signal_fd);
}
