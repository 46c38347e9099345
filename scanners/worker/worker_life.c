#include "scanners/worker/worker_life.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/proc/process.h"
#include "lib/proc/sandbox.h"

enum {
	WORKER_SETUP_MS = 10000,
	WORKER_SEND_MS = 30000,
	LIFE_PAGE_BYTES = 64 * 1024 /* of any machine */
};

bool
worker_life_begin(const char *program, struct channel *channel)
{
	struct err err = { .st = ST_OK };

	worker_life_part();
	if (process_harden(WORKER_CHANNEL_FD, &err) == ST_OK &&
	    process_die_with_parent(&err) == ST_OK &&
	    channel_open(WORKER_CHANNEL_FD, channel, &err) == ST_OK)
		return true;
	(void)fprintf(stderr, "%s: %s (it is started by sekimori-scanner)\n",
		      program, err.text);
	return false;
}

void
worker_life_part(void)
{
	/* It is refused to who is the first of a group already. */
	(void)setsid();
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
	bool is_template = false;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, clock_mono_ms() + WORKER_SETUP_MS,
			     err);
	is_template = st == ST_OK && frame.type == WORKER_TEMPLATE_TYPE;
	if (st == ST_OK)
		st = frame_decode(&frame,
				  is_template ? &worker_template_table
					      : &worker_setup_table,
				  setup, &arena, err);
	if (st == ST_OK && frame.fd_count != (is_template ? WORKER_TEMPLATE_FDS
							  : WORKER_SETUP_FDS))
		st = err_set(err, ST_FORMAT, "worker: no words or no page");
	if (st == ST_OK && is_template)
		*note_out = NULL;
	else if (st == ST_OK)
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

#ifndef SEKIMORI_SANITIZED /* no limit there, see sandbox.c */
/* Address space that nobody can use: it counts against the limit. */
static struct {
	void *at;
	size_t whole_bytes;
	size_t len_bytes;
} life_reserve;

static enum status
life_reserve_open(uint64_t whole_bytes, struct err *err)
{
	/* The limit is none where so much does not fit. */
	const size_t len_bytes = (size_t)whole_bytes + LIFE_PAGE_BYTES;
	void *at = mmap(NULL, len_bytes, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return err_set_errno(err, "worker: no room for mails");
	life_reserve.at = at;
	life_reserve.whole_bytes = len_bytes;
	life_reserve.len_bytes = len_bytes;
	return ST_OK;
}

enum status
worker_life_make_room(uint64_t len_bytes, struct err *err)
{
	const size_t most_bytes = life_reserve.whole_bytes - LIFE_PAGE_BYTES;
	const size_t room_bytes =
		len_bytes < most_bytes ? (size_t)len_bytes : most_bytes;
	void *at = NULL;

	if (life_reserve.at == NULL)
		return ST_OK;
	at = mremap(life_reserve.at, life_reserve.len_bytes,
		    life_reserve.whole_bytes - room_bytes, MREMAP_MAYMOVE);
	if (at == MAP_FAILED)
		return err_set_errno(err, "worker: no room for mails");
	life_reserve.at = at;
	life_reserve.len_bytes = life_reserve.whole_bytes - room_bytes;
	return ST_OK;
}
#else
enum status
worker_life_make_room(uint64_t len_bytes, struct err *err)
{
	(void)len_bytes;
	(void)err;
	return ST_OK;
}
#endif

static enum status
life_lock_in(const struct worker_setup *setup, const char *const *readable,
	     bool is_template, struct err *err)
{
	const struct sandbox sandbox = {
		/* The mail itself is mapped beside what scanning it takes, in
		 * room that is set aside. */
		.memory_bytes = setup->memory_bytes + setup->max_input_bytes +
				2 * LIFE_PAGE_BYTES,
		.cpu_s = setup->cpu_s,
		.readable = readable,
		.is_template = is_template,
	};
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	enum status st = life_close_log(err);

	if (st != ST_OK)
		return st;
	if (sigaction(SIGXFSZ, &ignore, NULL) != 0)
		return err_set_errno(err, "worker: cannot ignore SIGXFSZ");
	st = sandbox_enter(&sandbox, err);
#ifndef SEKIMORI_SANITIZED
	if (st == ST_OK)
		st = life_reserve_open(setup->max_input_bytes, err);
#endif
	return st;
}

enum status
worker_life_lock_in(const struct worker_setup *setup,
		    const char *const *readable, struct err *err)
{
	return life_lock_in(setup, readable, false, err);
}

enum status
worker_life_lock_in_template(const struct worker_setup *setup,
			     const char *const *readable, struct err *err)
{
	return life_lock_in(setup, readable, true, err);
}

void
worker_life_refuse(struct channel *channel, const struct err *err)
{
	const struct scan_failure failure = { err->text };

	NEGLECT(worker_life_send(channel, &scan_failure_table, &failure, NULL));
	_exit(WORKER_EXIT_REFUSED);
}
