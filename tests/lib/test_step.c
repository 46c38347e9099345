/* Tests of lib/wire/step.h, in the order of its promises. */
#include "lib/wire/step.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

enum { MAX_BYTES = 1 << 20, BIG_BYTES = 600 * 1000 };

struct line {
	struct channel a;
	struct channel b;
	struct step step;
	struct frame frame;
	struct err err;
};

static void
line_open(struct line *line)
{
	int pair[2];

	*line = (struct line){ .step = { .at = 0 } };
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	check_status(ST_OK, channel_open(pair[0], &line->a, &line->err),
		     &line->err);
	check_status(ST_OK, channel_open(pair[1], &line->b, &line->err),
		     &line->err);
	frame_init(&line->frame);
}

static void
line_close(struct line *line)
{
	frame_done(&line->frame);
	channel_close(&line->a);
	channel_close(&line->b);
}

static enum status
line_receive(struct line *line, bool *whole)
{
	return step_receive(&line->b, &line->step, &line->frame, MAX_BYTES,
			    whole, &line->err);
}

static void
line_write(struct line *line, const void *bytes, size_t len_bytes)
{
	assert_int_equal(write(line->a.fd, bytes, len_bytes), len_bytes);
}

static void
a_frame_byte_by_byte_is_whole_at_its_last(void **state)
{
	static const uint8_t bytes[] = {
		0, 0, 0, 3, 1, 2, 0, 7, 'a', 'b', 'c'
	};
	struct line line;
	bool whole = true;

	(void)state;
	line_open(&line);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		check_status(ST_OK, line_receive(&line, &whole), &line.err);
		assert_false(whole);
		line_write(&line, bytes + i, 1);
	}
	check_status(ST_OK, line_receive(&line, &whole), &line.err);
	assert_true(whole);
	assert_int_equal(line.frame.type, 0x0102);
	assert_int_equal(line.frame.version, 7);
	assert_string_equal(sbuf_text(&line.frame.payload), "abc");
	line_close(&line);
}

static void
two_frames_at_once_come_one_by_one(void **state)
{
	static const uint8_t bytes[] = { 0, 0, 0, 1, 0, 1, 0, 1, 'x',
					 0, 0, 0, 0, 0, 2, 0, 1 };
	struct line line;
	bool whole = false;

	(void)state;
	line_open(&line);
	line_write(&line, bytes, sizeof(bytes));
	check_status(ST_OK, line_receive(&line, &whole), &line.err);
	assert_true(whole);
	assert_int_equal(line.frame.type, 1);
	frame_done(&line.frame);
	check_status(ST_OK, line_receive(&line, &whole), &line.err);
	assert_true(whole);
	assert_int_equal(line.frame.type, 2);
	assert_int_equal(line.frame.payload.len_bytes, 0);
	line_close(&line);
}

static void
descriptors_come_along(void **state)
{
	struct line line;
	struct frame sent;
	bool whole = false;

	(void)state;
	line_open(&line);
	frame_init(&sent);
	sent.type = 5;
	sent.version = 1;
	sent.fds[0] = line.a.fd;
	sent.fd_count = 1;
	check_status(ST_OK,
		     channel_send_frame(&line.a, &sent, clock_mono_ms() + 1000,
					&line.err),
		     &line.err);
	check_status(ST_OK, line_receive(&line, &whole), &line.err);
	assert_true(whole);
	assert_int_equal(line.frame.fd_count, 1);
	assert_true(line.frame.fds[0] >= 0);
	line_close(&line);
}

static void
the_end_between_frames_is_end_and_inside_is_format(void **state)
{
	static const uint8_t half[] = { 0, 0, 0, 9, 0, 1, 0, 1, 'x' };
	struct line line;
	bool whole = false;

	(void)state;
	line_open(&line);
	channel_close(&line.a);
	check_status(ST_END, line_receive(&line, &whole), &line.err);
	line_close(&line);
	for (size_t cut = 1; cut <= sizeof(half); cut++) {
		line_open(&line);
		line_write(&line, half, cut);
		channel_close(&line.a);
		check_status(ST_FORMAT, line_receive(&line, &whole), &line.err);
		assert_false(whole);
		/* Final. */
		check_status(ST_IO, line_receive(&line, &whole), &line.err);
		line_close(&line);
	}
}

static void
a_frame_over_the_maximum_is_limit_before_it_has_come(void **state)
{
	static const uint8_t at_most[] = { 0, 0x10, 0, 0, 0, 1, 0, 1 };
	static const uint8_t over[] = { 0, 0x10, 0, 1, 0, 1, 0, 1 };
	struct line line;
	bool whole = false;

	(void)state;
	line_open(&line);
	line_write(&line, over, sizeof(over));
	check_status(ST_LIMIT, line_receive(&line, &whole), &line.err);
	line_close(&line);
	line_open(&line);
	line_write(&line, at_most, sizeof(at_most));
	check_status(ST_OK, line_receive(&line, &whole), &line.err);
	assert_false(whole);
	/* Announcing a megabyte costs the receiver nothing. */
	assert_true(line.frame.payload.room_bytes <= 130 * 1024);
	line_close(&line);
}

static void
a_big_frame_goes_out_in_pieces_and_comes_in_whole(void **state)
{
	struct step out = { .at = 0 };
	struct frame sent;
	struct line line;
	bool sent_all = false;
	bool whole = false;
	int turns = 0;

	(void)state;
	line_open(&line);
	frame_init(&sent);
	sent.type = 9;
	sent.version = 1;
	memset(sbuf_extend(&sent.payload, BIG_BYTES), 'z', BIG_BYTES);
	while (!whole) {
		if (!sent_all)
			check_status(ST_OK,
				     step_send(&line.a, &out, &sent, &sent_all,
					       &line.err),
				     &line.err);
		/* Not even room for all of it in the socket. */
		if (turns++ == 0)
			assert_false(sent_all);
		check_status(ST_OK, line_receive(&line, &whole), &line.err);
		assert_true(turns < 1000);
	}
	assert_int_equal(line.frame.payload.len_bytes, BIG_BYTES);
	assert_memory_equal(line.frame.payload.bytes, sent.payload.bytes,
			    BIG_BYTES);
	frame_done(&sent);
	line_close(&line);
}

static void
sending_to_nobody_is_io(void **state)
{
	struct step out = { .at = 0 };
	struct frame sent;
	struct line line;
	bool whole = false;

	(void)state;
	line_open(&line);
	frame_init(&sent);
	channel_close(&line.b);
	check_status(ST_IO, step_send(&line.a, &out, &sent, &whole, &line.err),
		     &line.err);
	assert_false(whole);
	line_close(&line);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_byte_by_byte_is_whole_at_its_last),
		cmocka_unit_test(two_frames_at_once_come_one_by_one),
		cmocka_unit_test(descriptors_come_along),
		cmocka_unit_test(
			the_end_between_frames_is_end_and_inside_is_format),
		cmocka_unit_test(
			a_frame_over_the_maximum_is_limit_before_it_has_come),
		cmocka_unit_test(
			a_big_frame_goes_out_in_pieces_and_comes_in_whole),
		cmocka_unit_test(sending_to_nobody_is_io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
