/* sekimori-worker-unlock: searches one password, in the sandbox of a worker. */
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/attr.h"
#include "lib/base/clock.h"
#include "lib/proc/process.h"
#include "scanners/locks/unlock_run.h"
#include "scanners/worker/worker_life.h"

enum {
	UNLOCK_ORDER_MS = 10000,
	UNLOCK_MEMORY_BYTES = 128 * 1024 * 1024,
	UNLOCK_CPU_S = 7 * 24 * 3600
};

static const char unlock_program[] = "sekimori-worker-unlock";

struct unlock_worker {
	struct channel channel;
	struct frame frame;
	struct unlock_order order;
	struct wire_arena *arena;
};

static enum status
unlock_receive(struct unlock_worker *worker, struct err *err)
{
	enum status st =
		channel_receive(&worker->channel, &worker->frame,
				clock_mono_ms() + UNLOCK_ORDER_MS, err);

	if (st == ST_OK)
		st = frame_decode(&worker->frame, &unlock_order_table,
				  &worker->order, &worker->arena, err);
	if (st == ST_OK &&
	    worker->frame.fd_count !=
		    1U + worker->order.has_words + worker->order.has_known)
		st = err_set(err, ST_FORMAT, "unlock: %zu descriptors",
			     worker->frame.fd_count);
	return st == ST_END ? err_set(err, ST_IO, "unlock: no order") : st;
}

/* Never is a file read as root; also where nothing is installed. */
static enum status
unlock_drop(const char *account, struct err *err)
{
	struct err missing = { .st = ST_OK };
	uid_t uid = 0;
	gid_t gid = 0;

	if (process_find_user(account, &uid, &gid, &missing) == ST_NOT_FOUND)
		account = "nobody";
	return process_drop_privileges(account, err);
}

static enum status
unlock_lock_in(const struct unlock_worker *worker, struct err *err)
{
	const struct worker_setup setup = {
		.memory_bytes = UNLOCK_MEMORY_BYTES,
		/* Any of the files may be as large as the archive. */
		.max_input_bytes =
			(uint64_t)UNLOCK_FDS * worker->order.max_input_bytes,
		.cpu_s = UNLOCK_CPU_S,
	};
	enum status st = unlock_drop(worker->order.account, err);

	if (st == ST_OK)
		st = worker_life_lock_in(&setup, NULL, err);
	if (st == ST_OK)
		st = worker_life_make_room(setup.max_input_bytes, err);
	return st;
}

static enum status
unlock_tell(void *context, const struct unlock_progress *progress,
	    struct err *err)
{
	struct unlock_worker *worker = context;

	return worker_life_send(&worker->channel, &unlock_progress_table,
				progress, err);
}

static enum status
unlock_serve(struct unlock_worker *worker, struct err *err)
{
	AUTO(fd_unmap) struct span archive = { NULL, 0 };
	AUTO(fd_unmap) struct span words = { NULL, 0 };
	AUTO(fd_unmap) struct span known = { NULL, 0 };
	AUTO(unlock_ending_done)
	struct unlock_ending ending = { .result = { 0 } };
	const uint64_t max_bytes = worker->order.max_input_bytes;
	enum status st =
		fd_map_sealed(worker->frame.fds[0], max_bytes, &archive, err);

	if (st == ST_OK && worker->order.has_words)
		st = fd_map_sealed(worker->frame.fds[1], max_bytes, &words,
				   err);
	if (st == ST_OK && worker->order.has_known)
		st = fd_map_sealed(
			worker->frame.fds[1U + worker->order.has_words],
			max_bytes, &known, err);
	if (st != ST_OK)
		return st;
	const struct unlock_job job = { &worker->order, archive,     words,
					known,          unlock_tell, worker };

	st = unlock_run(&job, &ending, err);
	if (st == ST_OK)
		st = worker_life_send(&worker->channel, &unlock_result_table,
				      &ending.result, err);
	return st;
}

int
main(int argc, char **argv)
{
	struct unlock_worker worker = { .channel = { .fd = FD_NONE } };
	struct err err = { .st = ST_OK };

	if (worker_life_answer(argc, argv, unlock_program))
		return EXIT_SUCCESS;
	if (!worker_life_begin(unlock_program, &worker.channel))
		return EXIT_FAILURE;
	frame_init(&worker.frame);
	if (unlock_receive(&worker, &err) == ST_OK &&
	    unlock_lock_in(&worker, &err) == ST_OK &&
	    unlock_serve(&worker, &err) == ST_OK)
		_exit(EXIT_SUCCESS);
	/* No exit handlers: what they would do may not be allowed here. */
	_exit(EXIT_FAILURE);
}
