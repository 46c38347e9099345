/* What the reader of PDF sends, and what the worker of the mail makes of it. */
#include "scanners/pdf/pdf_sink.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

enum { PATIENCE_MS = 10000 };

struct pair {
	struct pdf_sink reader;
	struct channel mail;
};

static void
pair_open(struct pair *pair, int64_t left_ms)
{
	int fds[2] = { FD_NONE, FD_NONE };

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	*pair = (struct pair){
		.reader = { .deadline_mono_ms = clock_mono_ms() + left_ms },
	};
	channel_adopt(fds[0], &pair->reader.channel);
	channel_adopt(fds[1], &pair->mail);
}

/* What the other end takes down, until the reader's end is closed. */
static enum status
pair_finish(struct pair *pair, struct sink *sink)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	channel_close(&pair->reader.channel);
	recording_sink_init(sink);
	/* The empty document that is sent meets a closed end: that is no
	 * matter as long as the answer is there. */
	struct remote_terms terms = {
		.deadline_mono_ms = clock_mono_ms() + PATIENCE_MS,
	};

	st = remote_read(&pair->mail, sink, (struct span){ NULL, 0 }, &terms,
			 &err);
	channel_close(&pair->mail);
	return st;
}

static bool
frame_is(struct pair *pair, uint16_t type)
{
	AUTO(frame_done) struct frame frame;
	struct err err = { .st = ST_OK };

	frame_init(&frame);
	return channel_receive(&pair->mail, &frame,
			       clock_mono_ms() + PATIENCE_MS, &err) == ST_OK &&
	       frame.type == type;
}

/* Pages that were left out for want of time are no end of the document. */
static void
out_of_time_is_said_before_the_end(void **state)
{
	struct pair pair;

	(void)state;
	pair_open(&pair, -1);
	assert_true(pdf_sink_is_over(&pair.reader));
	pdf_sink_end(&pair.reader, NULL);
	/* Either it is said, or the socket just closes. */
	if (pair.reader.err.st == ST_OK)
		assert_true(frame_is(&pair, REMOTE_OPAQUE_TYPE));
	channel_close(&pair.reader.channel);
	channel_close(&pair.mail);
}

static void
the_end_of_a_document_is_just_that(void **state)
{
	struct pair pair;

	(void)state;
	pair_open(&pair, PATIENCE_MS);
	pdf_sink_end(&pair.reader, NULL);
	assert_true(frame_is(&pair, REMOTE_CPU_TYPE));
	assert_true(frame_is(&pair, REMOTE_END_TYPE));
	channel_close(&pair.reader.channel);
	channel_close(&pair.mail);
}

/* A reader that ended before its end: crashed, killed. */
static void
no_end_is_a_failure(void **state)
{
	struct sink sink;
	struct pair pair;

	(void)state;
	pair_open(&pair, PATIENCE_MS);
	assert_int_equal(pair_finish(&pair, &sink), ST_IO);
	recording_sink_done(&sink);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_of_time_is_said_before_the_end),
		cmocka_unit_test(the_end_of_a_document_is_just_that),
		cmocka_unit_test(no_end_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
