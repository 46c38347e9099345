#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/proc/process.h"
#include "scanners/client/scan_client_internal.h"

enum { SPAWN_STOP_MS = 5000, SPAWN_POLL_MS = 5, NS_PER_MS = 1000000 };

static enum status
spawn_start(struct scan_client *client, int channel_fd, struct err *err)
{
	const char *argv[] = { client->scanner_path, "--channel", NULL, NULL,
			       NULL };
	const struct process_spawn spawn = {
		.path = client->scanner_path,
		.argv = argv,
		.envp = NULL,
		.channel_fd = channel_fd,
	};

	if (client->config_path != NULL) {
		argv[2] = "--config";
		argv[3] = client->config_path;
	}
	return process_spawn(&spawn, &client->scanner_pid, err);
}

static enum status
spawn_open(struct scan_client *client, struct err *err)
{
	int pair[2] = { FD_NONE, FD_NONE };
	enum status st = ST_OK;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set_errno(err, "scan: no socket pair");
	AUTO(fd_close) int ours = pair[0];
	AUTO(fd_close) int theirs = pair[1];

	st = spawn_start(client, theirs, err);
	if (st == ST_OK)
		st = channel_open(ours, &client->channel, err);
	if (st == ST_OK)
		(void)FD_MOVE(ours);
	return st;
}

/* True when the child is gone (and its status collected). */
static bool
spawn_is_gone(pid_t pid)
{
	const pid_t got = waitpid(pid, NULL, WNOHANG);

	return got == pid || (got < 0 && errno == ECHILD);
}

/* A scanner whose channel closes stops by itself; one that does not is
 * killed. */
static void
spawn_close(struct scan_client *client)
{
	const int64_t patience_mono_ms = clock_mono_ms() + SPAWN_STOP_MS;
	const struct timespec nap = { 0, SPAWN_POLL_MS * NS_PER_MS };

	channel_close(&client->channel);
	if (client->scanner_pid == 0)
		return;
	while (!spawn_is_gone(client->scanner_pid)) {
		if (clock_left_ms(patience_mono_ms) == 0) {
			(void)kill(client->scanner_pid, SIGKILL);
			(void)waitpid(client->scanner_pid, NULL, 0);
			break;
		}
		(void)nanosleep(&nap, NULL);
	}
	client->scanner_pid = 0;
}

static const struct scan_link spawn_link = { spawn_open, spawn_close };

enum status
scan_client_spawn(const char *scanner_path, const char *config_path,
		  struct scan_client **client_out, struct err *err)
{
	AUTO(scan_client_free) struct scan_client *client = NULL;
	enum status st = scan_client_alloc(&spawn_link, &client, err);

	if (st != ST_OK)
		return st;
	client->scanner_path = strdup(scanner_path);
	if (config_path != NULL)
		client->config_path = strdup(config_path);
	if (client->scanner_path == NULL ||
	    (config_path != NULL && client->config_path == NULL))
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	st = spawn_open(client, err);
	if (st == ST_OK)
		*client_out = MOVE(client);
	return st;
}
