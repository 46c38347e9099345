#include "tests/scanners/worker_probe.h"

#if PROBE_WORKS

#	include <errno.h>
#	include <limits.h>
#	include <signal.h>
#	include <stdio.h>
#	include <stdlib.h>
#	include <string.h>
#	include <sys/ptrace.h>
#	include <sys/socket.h>
#	include <sys/syscall.h>
#	include <sys/user.h>
#	include <sys/wait.h>
#	include <unistd.h>

#	include "lib/base/clock.h"
#	include "lib/words/words_added.h"
#	include "scanners/client/unlock_messages.h"
#	include "scanners/worker/worker_messages.h"
#	include "scanners/worker/worker_note.h"

enum {
	PROBE_PATIENCE_MS = 20000,
	PROBE_MEMORY_BYTES = 256 << 20,
	PROBE_CPU_S = 60,
	PROBE_SYSCALL_BYTES = 2 /* 0f 05 */
};

static void
probe_exec(const struct probe *probe, int channel_fd)
{
	char path[PATH_MAX];
	char *const argv[] = { path, NULL };

	(void)snprintf(path, sizeof(path), "%s/%s", getenv("top_builddir"),
		       probe->program);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(8);
	(void)dup2(channel_fd, WORKER_CHANNEL_FD);
	(void)execve(path, argv, (char *const *)(uintptr_t)probe->texts);
	_exit(9);
}

static uint64_t
probe_word(const struct probe *probe, uint64_t place)
{
	errno = 0;
	const long word = ptrace(PTRACE_PEEKDATA, probe->pid, place, NULL);

	assert_int_equal(errno, 0);
	return (uint64_t)word;
}

/* At its first instruction: the texts are its environment. */
static void
probe_find_texts(struct probe *probe)
{
	struct user_regs_struct regs;
	uint64_t at = 0;

	assert_int_equal(ptrace(PTRACE_GETREGS, probe->pid, NULL, &regs), 0);
	/* argc, the arguments, a zero, then the environment. */
	at = regs.rsp + 8 * (probe_word(probe, regs.rsp) + 2);
	for (size_t i = 0; probe->texts[i] != NULL; i++) {
		assert_true(i < PROBE_MAX_TEXTS);
		probe->places[i] = probe_word(probe, at + 8 * i);
	}
}

/* Nothing but a frame of that type comes next. */
static void
probe_hear(struct channel *channel, uint16_t type)
{
	struct frame frame;
	struct err err;

	frame_init(&frame);
	check_status(ST_OK,
		     channel_receive(channel, &frame,
				     clock_mono_ms() + PROBE_PATIENCE_MS, &err),
		     &err);
	assert_int_equal(frame.type, type);
	frame_done(&frame);
}

static void
probe_say(struct channel *channel, const struct wire_table *table,
	  const void *message, const int *fds, size_t fd_count)
{
	struct err err;

	check_status(ST_OK,
		     channel_send(channel, table, message, fds, fd_count,
				  clock_mono_ms() + PROBE_PATIENCE_MS, &err),
		     &err);
}

static void
probe_set_up(struct probe *probe)
{
	const struct worker_setup setup = { PROBE_MEMORY_BYTES, 1 << 20,
					    PROBE_CPU_S };
	AUTO(fd_close) int note_fd = FD_NONE;
	struct err err;

	check_status(ST_OK, worker_note_make(&note_fd, &err), &err);
	const int fds[WORKER_SETUP_FDS] = { probe->words_fd, note_fd };

	if (probe->how == PROBE_PROGRAM)
		probe_say(&probe->channel, &worker_setup_table, &setup, fds,
			  WORKER_SETUP_FDS);
	else
		probe_say(&probe->channel, &worker_template_table, &setup, fds,
			  WORKER_TEMPLATE_FDS);
	probe_hear(&probe->channel, WORKER_READY_TYPE);
}

static int
probe_wait_stopped(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	return status;
}

/* In a sealed memory file. */
static int
probe_locked_archive(void)
{
	AUTO(sbuf_done) struct sbuf file;
	char path[PATH_MAX];
	int fd = FD_NONE;
	struct err err;

	sbuf_init(&file, 1 << 20);
	(void)snprintf(path, sizeof(path), "%s/tests/data/zip/zipcrypto.zip",
		       getenv("top_srcdir"));
	check_status(ST_OK, fd_slurp_file(path, &file, &err), &err);
	check_status(ST_OK, fd_memory("archive", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, sbuf_span(&file), &err), &err);
	check_status(ST_OK, fd_seal(fd, &err), &err);
	return fd;
}

/* On, to where it starts or ends a call. */
static void
probe_go_to_call(const struct probe *probe)
{
	assert_int_equal(ptrace(PTRACE_SYSCALL, probe->pid, NULL, NULL), 0);
	(void)probe_wait_stopped(probe->pid);
}

/* Searching, in its sandbox, and behind the call by which it first says how
 * far it is: it makes no other for long. */
static void
probe_let_search(struct probe *probe)
{
	/* More than can be tried while the test runs. */
	static const struct unlock_mask mask = { "?a?a?a?a?a?a?a?a?a?a?a?a" };
	const struct unlock_order order = { .account = "nobody",
					    .max_input_bytes = 1 << 20,
					    .slices = 1,
					    .masks = &mask,
					    .mask_count = 1 };
	AUTO(fd_close) int archive_fd = probe_locked_archive();
	struct user_regs_struct regs = { 0 };

	probe_say(&probe->channel, &unlock_order_table, &order, &archive_fd, 1);
	while (regs.orig_rax != SYS_sendmsg) {
		probe_go_to_call(probe);
		assert_int_equal(
			ptrace(PTRACE_GETREGS, probe->pid, NULL, &regs), 0);
	}
	probe_go_to_call(probe);
}

/* Traced and set up, and running. False: it cannot be traced. */
static bool
probe_start_program(struct probe *probe)
{
	const uintptr_t options =
		PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE;
	int pair[2];
	int status = 0;
	struct err err;

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	probe->pid = fork();
	assert_true(probe->pid >= 0);
	if (probe->pid == 0)
		probe_exec(probe, pair[1]);
	(void)close(pair[1]);
	check_status(ST_OK, channel_open(pair[0], &probe->channel, &err), &err);
	assert_int_equal(waitpid(probe->pid, &status, 0), probe->pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 8)
		return false;
	assert_true(WIFSTOPPED(status));
	assert_int_equal(
		ptrace(PTRACE_SETOPTIONS, probe->pid, NULL, (void *)options),
		0);
	probe_find_texts(probe);
	if (probe->how == PROBE_SEARCHER) {
		probe_let_search(probe);
		return true;
	}
	assert_int_equal(ptrace(PTRACE_CONT, probe->pid, NULL, NULL), 0);
	probe_set_up(probe);
	return true;
}

/* What was started is a template: from here on it makes the workers. */
static void
probe_keep_template(struct probe *probe)
{
	probe->template_pid = probe->pid;
	probe->template_channel = probe->channel;
	probe->channel = (struct channel){ .fd = FD_NONE };
	probe->pid = 0;
}

static void
probe_start_copy(struct probe *probe)
{
	const struct worker_copy order = { PROBE_CPU_S };
	AUTO(fd_close) int note_fd = FD_NONE;
	unsigned long pid = 0;
	int pair[2];
	struct err err;

	check_status(ST_OK, worker_note_make(&note_fd, &err), &err);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	const int fds[WORKER_COPY_FDS] = { pair[1], note_fd };

	probe_say(&probe->template_channel, &worker_copy_table, &order, fds,
		  WORKER_COPY_FDS);
	(void)close(pair[1]);
	check_status(ST_OK, channel_open(pair[0], &probe->channel, &err), &err);
	/* Both stop at the call that made the copy. */
	(void)probe_wait_stopped(probe->template_pid);
	assert_int_equal(
		ptrace(PTRACE_GETEVENTMSG, probe->template_pid, NULL, &pid), 0);
	assert_int_equal(ptrace(PTRACE_CONT, probe->template_pid, NULL, NULL),
			 0);
	probe->pid = (pid_t)pid;
	(void)probe_wait_stopped(probe->pid);
	assert_int_equal(ptrace(PTRACE_CONT, probe->pid, NULL, NULL), 0);
	probe_hear(&probe->template_channel, WORKER_COPIED_TYPE);
	probe_hear(&probe->channel, WORKER_READY_TYPE);
}

/* Set up, and stopped in or behind a call. False: it cannot be traced. */
static bool
probe_start(struct probe *probe)
{
	probe->starts++;
	if (probe->template_pid == 0 && !probe_start_program(probe))
		return false;
	if (probe->how == PROBE_COPY) {
		if (probe->template_pid == 0)
			probe_keep_template(probe);
		probe_start_copy(probe);
	}
	if (probe->how == PROBE_SEARCHER)
		return true;
	(void)usleep(2000); /* until it waits again */
	assert_int_equal(kill(probe->pid, SIGSTOP), 0);
	(void)probe_wait_stopped(probe->pid);
	return true;
}

bool
probe_open(struct probe *probe, const char *program, enum probe_how how,
	   const char *const *texts)
{
	static const struct words_added none;
	struct err err;

	*probe = (struct probe){ .program = program,
				 .how = how,
				 .texts = texts,
				 .channel = { .fd = FD_NONE },
				 .template_channel = { .fd = FD_NONE },
				 .words_fd = FD_NONE };
	check_status(ST_OK, words_pack("", &none, &probe->words_fd, &err),
		     &err);
	return probe_start(probe);
}

static void
probe_forget(struct probe *probe)
{
	channel_close(&probe->channel);
	probe->pid = 0;
}

static void
probe_kill(struct probe *probe)
{
	if (probe->pid == 0)
		return;
	(void)kill(probe->pid, SIGKILL);
	(void)waitpid(probe->pid, NULL, 0);
	probe_forget(probe);
}

void
probe_close(struct probe *probe)
{
	probe_kill(probe);
	if (probe->template_pid != 0) {
		(void)kill(probe->template_pid, SIGKILL);
		(void)waitpid(probe->template_pid, NULL, 0);
		channel_close(&probe->template_channel);
	}
	fd_close(&probe->words_fd);
}

static enum probe_end
probe_step(struct probe *probe, int64_t *result_out)
{
	struct user_regs_struct regs;
	int status = 0;

	assert_int_equal(ptrace(PTRACE_SINGLESTEP, probe->pid, NULL, NULL), 0);
	assert_int_equal(waitpid(probe->pid, &status, 0), probe->pid);
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) {
		assert_int_equal(
			ptrace(PTRACE_GETREGS, probe->pid, NULL, &regs), 0);
		*result_out = (int64_t)regs.rax;
		return PROBE_RETURNED;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
		probe_forget(probe);
		return PROBE_KILLED;
	}
	if (WIFSTOPPED(status))
		probe_kill(probe);
	else
		probe_forget(probe);
	return PROBE_ENDED;
}

enum probe_end
probe_call(struct probe *probe, long number, const uint64_t args[PROBE_ARGS],
	   int64_t *result_out)
{
	struct user_regs_struct before;
	struct user_regs_struct regs;

	*result_out = 0;
	if (probe->pid == 0)
		assert_true(probe_start(probe));
	assert_int_equal(ptrace(PTRACE_GETREGS, probe->pid, NULL, &before), 0);
	regs = before;
	/* It stands behind the instruction of the call it waits in. */
	assert_true((int64_t)before.orig_rax >= 0);
	regs.rip -= PROBE_SYSCALL_BYTES;
	regs.orig_rax = UINT64_MAX;
	regs.rax = (uint64_t)number;
	regs.rdi = args[0];
	regs.rsi = args[1];
	regs.rdx = args[2];
	regs.r10 = args[3];
	regs.r8 = args[4];
	regs.r9 = args[5];
	assert_int_equal(ptrace(PTRACE_SETREGS, probe->pid, NULL, &regs), 0);
	const enum probe_end end = probe_step(probe, result_out);

	if (end == PROBE_RETURNED)
		assert_int_equal(
			ptrace(PTRACE_SETREGS, probe->pid, NULL, &before), 0);
	return end;
}
#endif
