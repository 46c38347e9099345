/*
 * What a reader in another program may answer: anything. The input is what
 * the worker of the mail gets from its socket for a PDF document.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine.h"

enum { FUZZ_MAX_BYTES = 128 * 1024 /* fits into a socket */ };

struct fuzz_remote {
	struct span answer;
	int peer_fd;
};

static enum status
fuzz_lend(void *context, const char *kind, int64_t deadline_mono_ms,
	  struct channel *channel_out, struct err *err)
{
	struct fuzz_remote *remote = context;
	const struct span *answer = &remote->answer;
	int pair[2] = { FD_NONE, FD_NONE };

	(void)kind;
	(void)deadline_mono_ms;
	(void)err;
	FUZZ_PROMISE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ==
		     0);
	if (answer->len_bytes > 0)
		FUZZ_PROMISE(write(pair[0], answer->ptr, answer->len_bytes) ==
			     (ssize_t)answer->len_bytes);
	/* The document itself still has to fit in: keep our end open. */
	FUZZ_PROMISE(shutdown(pair[0], SHUT_WR) == 0);
	channel_adopt(pair[1], channel_out);
	remote->peer_fd = pair[0];
	return ST_OK;
}

static enum status
fuzz_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

static const char *
fuzz_unread(struct span body)
{
	(void)body;
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_remote remote = {
		{ data, size < FUZZ_MAX_BYTES ? size : FUZZ_MAX_BYTES }, FD_NONE
	};
	const struct engine_readers readers = { reader_next, fuzz_unread,
						fuzz_taint, fuzz_lend,
						&remote };
	const struct engine_request request = {
		.input = SCAN_INPUT_ATTACHMENT,
		.name = "a.pdf",
		.profile = REPORT_PROFILE_STANDARD,
		.body = span_of("%PDF-1.7"),
		.limits = { .max_depth = 3,
			    .max_objects = 50,
			    .max_expanded_bytes = 4 << 20,
			    .max_ratio = 100,
			    .max_cells = 1000,
			    .wall_ms = 5000,
			    .cpu_ms = 5000 },
	};
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err err;

	FUZZ_PROMISE(engine_new(&request, &readers, &engine, &err) == ST_OK);
	FUZZ_PROMISE(engine_run(engine, &report, &err) == ST_OK);
	FUZZ_PROMISE(report_check(&report, &err) == ST_OK);
	fd_close(&remote.peer_fd);
	return 0;
}
