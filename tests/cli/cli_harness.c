#include "tests/cli/cli_harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { RUN_MAX_BYTES = 1024 * 1024 };

static void
run_child(const char *words, const int fds[3])
{
	const char *dir = getenv("top_builddir");
	char *copy = strdup(words);
	char *argv[CLI_RUN_MAX_ARGS] = { NULL };
	char path[4096];
	char *save = NULL;
	size_t count = 0;

	(void)snprintf(path, sizeof(path), "%s/sekimori",
		       dir != NULL ? dir : ".");
	argv[count++] = path;
	for (char *word = strtok_r(copy, " ", &save);
	     word != NULL && count < CLI_RUN_MAX_ARGS - 1;
	     word = strtok_r(NULL, " ", &save))
		argv[count++] = word;
	for (int i = 0; i < 3; i++) {
		if (dup2(fds[i], i) < 0)
			_exit(99);
	}
	/* No terminal to ask questions on. */
	(void)setsid();
	(void)execv(path, argv);
	_exit(98);
}

static int
memory_with(const char *text)
{
	struct err err = { 0 };
	int fd = FD_NONE;

	check_status(ST_OK, fd_memory("test", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, span_of(text), &err), &err);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
memory_take(int fd, struct sbuf *buf)
{
	struct err err = { 0 };

	sbuf_init(buf, RUN_MAX_BYTES);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(fd, buf, &err), &err);
	(void)close(fd);
}

void
cli_run(struct cli_run *run, const char *words, const char *input)
{
	const int fds[3] = { memory_with(input != NULL ? input : ""),
			     memory_with(""), memory_with("") };
	int status = 0;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		run_child(words, fds);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	run->status = WIFEXITED(status) ? WEXITSTATUS(status)
					: 1000 + WTERMSIG(status);
	(void)close(fds[0]);
	memory_take(fds[1], &run->out);
	memory_take(fds[2], &run->err);
}

void
cli_run_done(struct cli_run *run)
{
	sbuf_done(&run->out);
	sbuf_done(&run->err);
}

void
cli_check(const char *words, int want_status, const char *want_out,
	  const char *want_err)
{
	AUTO(cli_run_done) struct cli_run run;

	cli_run(&run, words, NULL);
	if (run.status != want_status ||
	    (want_out != NULL &&
	     strstr(sbuf_text(&run.out), want_out) == NULL) ||
	    (want_err != NULL && strstr(sbuf_text(&run.err), want_err) == NULL))
		fail_msg("sekimori %s: status %d, want %d\nout: %s\nerr: %s",
			 words, run.status, want_status, sbuf_text(&run.out),
			 sbuf_text(&run.err));
}
