#include "scanners/worker/worker_life.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/proc/process.h"
#include "lib/proc/sandbox.h"

enum { WORKER_SETUP_MS = 10000, WORKER_SEND_MS = 30000 };

bool
worker_life_begin(const char *program, struct channel *channel)
{
	struct err err = { .st = ST_OK };

	if (process_harden(WORKER_CHANNEL_FD, &err) == ST_OK &&
	    process_die_with_parent(&err) == ST_OK &&
	    channel_open(WORKER_CHANNEL_FD, channel, &err) == ST_OK)
		return true;
	(void)fprintf(stderr, "%s: %s (it is started by sekimori-scanner)\n",
		      program, err.text);
	return false;
}

bool
worker_life_answer(int argc, char **argv, const char *program)
{
	if (argc != 2)
		return false;
	if (strcmp(argv[1], "--help") == 0)
		return printf("usage: %s [--help | --version]\n"
			      "It is started by sekimori-scanner, and serves "
			      "it at descriptor 3.\n",
			      program) > 0;
	if (strcmp(argv[1], "--version") == 0)
		return printf("%s %s\n", program, SEKIMORI_VERSION) > 0;
	return false;
}

enum status
worker_life_send(struct channel *channel, const struct wire_table *table,
		 const void *message, struct err *err)
{
	return channel_send(channel, table, message, NULL, 0,
			    clock_mono_ms() + WORKER_SEND_MS, err);
}

enum status
worker_life_setup(struct channel *channel, struct worker_setup *setup,
		  int *words_fd_out, struct worker_note **note_out,
		  struct err *err)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, clock_mono_ms() + WORKER_SETUP_MS,
			     err);
	if (st == ST_OK)
		st = frame_decode(&frame, &worker_setup_table, setup, &arena,
				  err);
	if (st == ST_OK && frame.fd_count != WORKER_SETUP_FDS)
		st = err_set(err, ST_FORMAT, "worker: no words or no page");
	if (st == ST_OK)
		st = worker_note_map(frame.fds[1], note_out, err);
	if (st == ST_OK)
		*words_fd_out = FD_MOVE(frame.fds[0]);
	return st == ST_END ? err_set(err, ST_IO, "worker: no setup") : st;
}

static enum status
life_close_log(struct err *err)
{
#ifndef SEKIMORI_SANITIZED /* where its report goes */
	AUTO(fd_close) int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		return err_set_errno(err, "worker: cannot open /dev/null");
#else
	(void)err;
#endif
	return ST_OK;
}

enum status
worker_life_lock_in(const struct worker_setup *setup,
		    const char *const *readable, struct err *err)
{
	const struct sandbox sandbox = {
		/* The mail itself is mapped beside what scanning it takes. */
		.memory_bytes = setup->memory_bytes + setup->max_input_bytes,
		.cpu_s = setup->cpu_s,
		.readable = readable,
	};
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const enum status st = life_close_log(err);

	if (st != ST_OK)
		return st;
	if (sigaction(SIGXFSZ, &ignore, NULL) != 0)
		return err_set_errno(err, "worker: cannot ignore SIGXFSZ");
	return sandbox_enter(&sandbox, err);
}

void
worker_life_refuse(struct channel *channel, const struct err *err)
{
	const struct scan_failure failure = { err->text };

	NEGLECT(worker_life_send(channel, &scan_failure_table, &failure, NULL));
	_exit(WORKER_EXIT_REFUSED);
}
