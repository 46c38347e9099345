/* run: start all programs, keep them running, stop them in order. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/credential.h"
#include "cli/directories.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "lib/base/clock.h"
#include "lib/proc/process.h"
#include "lib/wire/control.h"

enum {
	RUN_READY_MS = 20000,  /* then the next one starts all the same */
	RUN_TICK_MS = 100,     /* while one is starting */
	RUN_BACKOFF_MS = 1000, /* first wait before a restart; doubles */
	RUN_BACKOFF_MOST_MS = 30000,
	RUN_STEADY_MS = 60000,     /* alive so long: the backoff begins anew */
	RUN_STOP_EXTRA_MS = 15000, /* over milter.drain, then SIGKILL */
	RUN_PATH_BYTES = 512,
	RUN_CONTROL_BYTES = 128, /* no UNIX socket has a longer path */
	RUN_ENV_ROOM = 12
};

enum run_state {
	RUN_NONE = 0, /* not started yet */
	RUN_STARTING,
	RUN_READY,
	RUN_LATE,   /* runs and does not answer */
	RUN_WAITING /* for its restart */
};

struct run_program {
	const char *name;
	enum run_state state;
	pid_t pid;
	int64_t since_mono_ms;
	int64_t again_mono_ms;
	int64_t backoff_ms;
	char path[RUN_PATH_BYTES];
	char control[RUN_CONTROL_BYTES];
};

struct run {
	const struct config *config;
	const char *config_path; /* absolute */
	struct run_program programs[PROGRAM_COUNT];
	size_t count; /* of those that are wanted */
	const char *env[RUN_ENV_ROOM];
	int signal_fd;
	bool announced;
	struct credential credential;
};

/* What the programs may inherit: the time zone (office hours), systemd's
 * credentials (the key), a sanitizer's options. */
static void
run_set_env(struct run *run)
{
	static const char *const names[] = { "TZ=", "CREDENTIALS_DIRECTORY=",
					     "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
					     "LSAN_OPTIONS=" };
	size_t count = 0;

	run->env[count++] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	run->env[count++] = "LANG=C.UTF-8";
	for (char **at = environ; *at != NULL; at++) {
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			if (strncmp(*at, names[i], strlen(names[i])) == 0 &&
			    count < RUN_ENV_ROOM - 1)
				run->env[count++] = *at;
		}
	}
	run->env[count] = NULL;
}

static void
run_say(const struct run_program *program, const char *what)
{
	(void)printf("%s: %s\n", program->name, what);
	(void)fflush(stdout);
}

static enum status
run_start(struct run *run, struct run_program *program, struct err *err)
{
	const char *const argv[] = { program->name, "--config",
				     run->config_path, NULL };
	const struct process_spawn spawn = { program->path, argv, run->env,
					     FD_NONE };
	const enum status st = process_spawn(&spawn, &program->pid, err);

	if (st == ST_OK) {
		program->state = RUN_STARTING;
		program->since_mono_ms = clock_mono_ms();
	}
	return st;
}

/* A program ended, or could not be started again: try after a while. */
static void
run_wait_restart(struct run_program *program, const char *why)
{
	const int64_t now = clock_mono_ms();
	char text[256];

	if (now - program->since_mono_ms > RUN_STEADY_MS)
		program->backoff_ms = RUN_BACKOFF_MS;
	(void)snprintf(text, sizeof(text),
		       "%s; it is started again in %" PRId64 " s", why,
		       program->backoff_ms / 1000);
	run_say(program, text);
	program->pid = 0;
	program->state = RUN_WAITING;
	program->again_mono_ms = now + program->backoff_ms;
	program->backoff_ms *= 2;
	if (program->backoff_ms > RUN_BACKOFF_MOST_MS)
		program->backoff_ms = RUN_BACKOFF_MOST_MS;
}

static void
run_format_end(int status, char *text, size_t text_bytes)
{
	if (WIFSIGNALED(status))
		(void)snprintf(text, text_bytes, "ended by signal %d",
			       WTERMSIG(status));
	else
		(void)snprintf(text, text_bytes, "ended with status %d",
			       WEXITSTATUS(status));
}

static void
run_reap(struct run *run)
{
	int status = 0;
	pid_t pid = 0;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < run->count; i++) {
			char text[64];

			if (run->programs[i].pid != pid)
				continue;
			run_format_end(status, text, sizeof(text));
			run_wait_restart(&run->programs[i], text);
		}
	}
}

/* Look after a program that is starting or waits for its restart. */
static void
run_look_after(struct run *run, struct run_program *program)
{
	const int64_t now = clock_mono_ms();
	struct err err = { 0 };

	if (program->state == RUN_WAITING && now >= program->again_mono_ms) {
		program->since_mono_ms = now;
		if (run_start(run, program, &err) != ST_OK)
			run_wait_restart(program, err.text);
		return;
	}
	if (program->state != RUN_STARTING)
		return;
	if (access(program->control, F_OK) == 0 &&
	    control_ask(program->control, CONTROL_PING, &err) == ST_OK) {
		program->state = RUN_READY;
		run_say(program, "ready");
	} else if (now - program->since_mono_ms > RUN_READY_MS) {
		program->state = RUN_LATE;
		run_say(program, "runs, but does not answer; see its log");
	}
}

/* Start the next program once those before it are up. */
static enum status
run_start_next(struct run *run, struct err *err)
{
	for (size_t i = 0; i < run->count; i++) {
		if (run->programs[i].state == RUN_NONE)
			return run_start(run, &run->programs[i], err);
		if (run->programs[i].state == RUN_STARTING)
			return ST_OK;
	}
	return ST_OK;
}

static void
run_announce(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		if (run->programs[i].state != RUN_READY)
			return;
	}
	if (!run->announced)
		(void)puts("sekimori: all programs are ready");
	(void)fflush(stdout);
	run->announced = true;
}

/* Milliseconds until something is to be done; -1: until a signal. */
static int
run_next_ms(const struct run *run)
{
	int64_t next_ms = -1;

	for (size_t i = 0; i < run->count; i++) {
		const struct run_program *program = &run->programs[i];
		int64_t left_ms = RUN_TICK_MS;

		if (program->state == RUN_READY || program->state == RUN_LATE)
			continue;
		if (program->state == RUN_WAITING)
			left_ms = clock_left_ms(program->again_mono_ms);
		if (next_ms < 0 || left_ms < next_ms)
			next_ms = left_ms;
	}
	return (int)next_ms;
}

static void
run_reload(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct err err = { 0 };
		const enum status st = control_ask(run->programs[i].control,
						   CONTROL_RELOAD, &err);

		run_say(&run->programs[i], st == ST_OK ? "reloaded" : err.text);
	}
}

/* Handle the signals at hand. Returns true when it is time to stop. */
static bool
run_take_signals(struct run *run)
{
	bool stop = false;
	int signal_number = 0;

	while ((signal_number = process_signal_next(run->signal_fd)) != 0) {
		if (signal_number == SIGTERM || signal_number == SIGINT)
			stop = true;
		else if (signal_number == SIGHUP)
			run_reload(run);
	}
	run_reap(run);
	return stop;
}

static enum status
run_loop(struct run *run, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !run_take_signals(run)) {
		struct pollfd one = { run->signal_fd, POLLIN, 0 };

		st = run_start_next(run, err);
		for (size_t i = 0; st == ST_OK && i < run->count; i++)
			run_look_after(run, &run->programs[i]);
		run_announce(run);
		if (st == ST_OK && poll(&one, 1, run_next_ms(run)) < 0 &&
		    errno != EINTR)
			st = err_set_errno(err, "run: cannot wait");
	}
	return st;
}

/* SIGTERM, and wait; SIGKILL when it takes too long. */
static void
run_stop(const struct run *run, struct run_program *program)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + RUN_STOP_EXTRA_MS +
					 run->config->milter.drain_ms;
	bool killed = false;
	int status = 0;

	if (program->pid <= 0 || kill(program->pid, SIGTERM) != 0)
		return;
	while (waitpid(program->pid, &status, WNOHANG) == 0) {
		struct pollfd one = { run->signal_fd, POLLIN, 0 };

		(void)poll(&one, 1, RUN_TICK_MS);
		while (process_signal_next(run->signal_fd) != 0)
			;
		if (!killed && clock_left_ms(deadline_mono_ms) == 0) {
			run_say(program, "does not stop; it is killed");
			(void)kill(program->pid, SIGKILL);
			killed = true;
		}
	}
	program->pid = 0;
	run_say(program, "stopped");
}

/* Two of a program would fight over its socket and the store. */
static enum status
run_refuse_second(const struct run *run, struct err *err)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct run_program *program = &run->programs[i];

		if (access(program->control, F_OK) == 0 &&
		    control_ask(program->control, CONTROL_PING, NULL) == ST_OK)
			return err_set(err, ST_DENIED,
				       "%s runs already; stop it first",
				       program->name);
	}
	return ST_OK;
}

/* Without its key the vault takes holds and releases nothing: it starts. */
static enum status
run_stage_key(struct run *run, struct err *err)
{
	enum status st = credential_stage(run->config, &run->credential, err);

	if (st == ST_NOT_FOUND) {
		(void)printf("sekimori: %s; held mail cannot be released\n",
			     err->text);
		st = ST_OK;
	}
	run_set_env(run);
	return st;
}

static enum status
run_init(struct run *run, struct err *err)
{
	enum status st = ST_OK;

	run->count = programs_wanted(run->config);
	for (size_t i = 0; st == ST_OK && i < run->count; i++) {
		struct run_program *program = &run->programs[i];
		const int len = snprintf(
			program->path, sizeof(program->path), "%s/%s",
			run->config->general.program_dir, program_names[i]);

		if (len < 0 || (size_t)len >= sizeof(program->path))
			return err_set(err, ST_LIMIT,
				       "run: general.program_dir is too long");
		program->name = program_names[i];
		program->backoff_ms = RUN_BACKOFF_MS;
		st = control_path(run->config->general.run_dir, program->name,
				  program->control, sizeof(program->control),
				  err);
	}
	if (st == ST_OK)
		st = run_refuse_second(run, err);
	if (st == ST_OK)
		st = directories_make(run->config, err);
	if (st == ST_OK)
		st = run_stage_key(run, err);
	if (st == ST_OK)
		st = process_signal_fd(&run->signal_fd, err);
	return st;
}

int
cmd_run(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"run",
		"run\n"
		"Starts vault, scanner, courier, desk, milter and, where "
		"portal.listen is set, the\n"
		"portal, starts again what ends, and stops all of them on "
		"SIGTERM. SIGHUP reloads.\n",
		NULL, 0
	};
	AUTO(config_free) struct config *config = NULL;
	struct run run = { .signal_fd = FD_NONE };
	struct err err = { 0 };
	char path[PATH_MAX];
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("run", "too many arguments");
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	if (realpath(cli->config_path, path) == NULL) {
		(void)err_set_errno(&err, "%s", cli->config_path);
		return cli_fail(&err, NULL);
	}
	run.config = config;
	run.config_path = path;
	enum status st = run_init(&run, &err);

	if (st == ST_OK)
		st = run_loop(&run, &err);
	for (size_t i = run.count; i > 0; i--)
		run_stop(&run, &run.programs[i - 1]);
	fd_close(&run.signal_fd);
	credential_remove(&run.credential);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}
