/* Tests of scanners/client/scan_client.h, in the order of its promises. */
#include "scanners/client/scan_client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

/* What the scanner of a test does with one connection. */
enum play {
	PLAY_NONE = 0,
	PLAY_CLEAN,       /* a valid report */
	PLAY_CLOSE,       /* read the request, close */
	PLAY_HALF_FRAME,  /* half a header, close */
	PLAY_BUSY,        /* a failure frame */
	PLAY_SILENT,      /* never answer */
	PLAY_SLOW,        /* answer after 300 ms */
	PLAY_BAD_VERDICT, /* decodes, but clean with an opaque part */
	PLAY_GARBAGE,     /* a report frame that does not decode */
	PLAY_REVEALS,     /* numbers nobody asked for */
	PLAY_ECHO,        /* clean, its parts say what the request said */
	PLAY_CLEAN_ONCE,  /* a valid report, then close */
	PLAY_HUGE         /* a header that announces too much */
};

static const struct report_finding revealed = {
	.part = "1",
	.location = "line 1",
	.masked = "********9018",
	.number = "123456789018",
	.context = "",
	.subject = 1,
	.count = 1,
	.level = REPORT_LEVEL_SURE,
	.score_db = 20,
};

static void
play_report(struct channel *channel, enum play play,
	    const struct scan_request *request, const struct frame *asked)
{
	static const struct report_opaque opaque = { "1", REPORT_REASON_LIMIT,
						     "" };
	struct report_part part = { "1",
				    request->name,
				    report_profile_name(request->profile),
				    request->deadline_ms,
				    request->reveal,
				    false };
	struct span map = { NULL, 0 };
	struct scan_report report = {
		.verdict = REPORT_VERDICT_CLEAN,
		.profile = request->profile,
		.dsn = { "", "", "", "" },
	};
	struct err err;

	if (play == PLAY_BAD_VERDICT) {
		report.opaques = &opaque;
		report.opaque_count = 1;
	}
	if (play == PLAY_REVEALS) {
		report.verdict = REPORT_VERDICT_FOUND;
		report.level = REPORT_LEVEL_SURE;
		report.score_db = 20;
		report.number_count = 1;
		report.findings = &revealed;
		report.finding_count = 1;
	}
	if (play == PLAY_ECHO &&
	    fd_map_sealed(asked->fds[0], 1000, &map, &err) == ST_OK) {
		report.elapsed_ms = (uint32_t)map.len_bytes;
		report.parts = &part;
		report.part_count = 1;
		fd_unmap(&map);
	}
	(void)!channel_send(channel, &report_table, &report, NULL, 0,
			    clock_mono_ms() + 1000, &err);
}

static void
play_one(struct channel *channel, enum play play,
	 const struct scan_request *request, const struct frame *asked)
{
	static const struct scan_failure busy = { "queue full" };
	static const uint8_t half[4] = { 0, 0, 0, 9 };
	static const uint8_t huge[8] = { 0x7f, 0, 0, 0, 1, 1, 0, 1 };
	static const uint8_t garbage[9] = { 0, 0, 0, 1, 1, 1, 0, 1, 0xff };
	struct err err;

	switch (play) {
	case PLAY_BUSY:
		(void)!channel_send(channel, &scan_failure_table, &busy, NULL,
				    0, clock_mono_ms() + 1000, &err);
		break;
	case PLAY_HALF_FRAME:
		(void)!write(channel->fd, half, sizeof(half));
		break;
	case PLAY_HUGE:
		(void)!write(channel->fd, huge, sizeof(huge));
		(void)usleep(200 * 1000);
		break;
	case PLAY_GARBAGE:
		(void)!write(channel->fd, garbage, sizeof(garbage));
		break;
	case PLAY_SILENT:
		(void)usleep(20 * 1000 * 1000);
		break;
	case PLAY_SLOW:
		(void)usleep(300 * 1000);
		play_report(channel, play, request, asked);
		break;
	case PLAY_CLEAN:
	case PLAY_CLEAN_ONCE:
	case PLAY_BAD_VERDICT:
	case PLAY_REVEALS:
	case PLAY_ECHO:
		play_report(channel, play, request, asked);
		break;
	case PLAY_NONE:
	case PLAY_CLOSE:
	default:
		break;
	}
}

static void
play_connection(int fd, enum play play)
{
	struct channel channel;
	struct frame frame;
	struct err err;

	frame_init(&frame);
	if (channel_open(fd, &channel, &err) != ST_OK)
		return;
	while (channel_receive(&channel, &frame, INT64_MAX, &err) == ST_OK) {
		struct wire_arena *arena = NULL;
		struct scan_request request;

		if (frame_decode(&frame, &scan_request_table, &request, &arena,
				 &err) != ST_OK)
			break;
		play_one(&channel, play, &request, &frame);
		wire_arena_free(&arena);
		if (play == PLAY_CLOSE || play == PLAY_HALF_FRAME ||
		    play == PLAY_CLEAN_ONCE)
			break;
	}
	frame_done(&frame);
	channel_close(&channel);
}

struct stage {
	char dir[32];
	char path[64];
	pid_t pid;
	int mail_fd;
	struct scan_client *client;
};

/* A scanner that plays one role per connection, the last one for ever. */
static void
stage_open(struct stage *stage, const enum play *plays, size_t play_count)
{
	static const char mail[] = "Subject: x\r\n\r\nhello\r\n";
	int listen_fd = FD_NONE;
	struct err err;

	memcpy(stage->dir, "/tmp/sk-client-XXXXXX", 22);
	assert_non_null(mkdtemp(stage->dir));
	(void)snprintf(stage->path, sizeof(stage->path), "%s/s", stage->dir);
	check_status(ST_OK, channel_listen(stage->path, 0600, &listen_fd, &err),
		     &err);
	stage->pid = fork();
	if (stage->pid == 0) {
		for (size_t i = 0;; i++) {
			const int fd = accept(listen_fd, NULL, NULL);

			play_connection(
				fd, plays[i < play_count ? i : play_count - 1]);
		}
	}
	fd_close(&listen_fd);
	check_status(ST_OK, fd_memory("test", &stage->mail_fd, &err), &err);
	check_status(ST_OK,
		     fd_write_all(stage->mail_fd,
				  (struct span){ (const uint8_t *)mail,
						 sizeof(mail) - 1 },
				  &err),
		     &err);
	check_status(ST_OK, fd_seal(stage->mail_fd, &err), &err);
	check_status(ST_OK, scan_client_new(stage->path, &stage->client, &err),
		     &err);
}

static void
stage_stop_scanner(struct stage *stage)
{
	if (stage->pid == 0)
		return;
	assert_int_equal(kill(stage->pid, SIGKILL), 0);
	assert_int_equal(waitpid(stage->pid, NULL, 0), stage->pid);
	stage->pid = 0;
}

static void
stage_close(struct stage *stage)
{
	scan_client_free(&stage->client);
	stage_stop_scanner(stage);
	fd_close(&stage->mail_fd);
	(void)unlink(stage->path);
	(void)rmdir(stage->dir);
}

static const struct scan_request plain = {
	.input = SCAN_INPUT_MAIL,
	.priority = SCAN_PRIORITY_MAIL,
	.name = "",
	.profile = REPORT_PROFILE_STANDARD,
};

/* One scan against one role; the status and the words. */
static enum status
scan_against(enum play play, const struct scan_request *request,
	     struct err *err)
{
	struct stage stage;
	struct scan_reply *reply = NULL;

	stage_open(&stage, &play, 1);
	const enum status st = scan_client_scan(
		stage.client, request, stage.mail_fd, NULL, &reply, err);

	assert_true((st == ST_OK) == (reply != NULL));
	scan_reply_free(&reply);
	stage_close(&stage);
	return st;
}

static void
a_report_comes_back_checked(void **state)
{
	struct err err;

	(void)state;
	check_status(ST_OK, scan_against(PLAY_CLEAN, &plain, &err), &err);
}

static void
request_and_descriptor_arrive_whole(void **state)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_GUESS,
		.priority = SCAN_PRIORITY_BACKGROUND,
		.reveal = true,
		.name = "名簿.csv",
		.profile = REPORT_PROFILE_STRICT,
		.deadline_ms = 5000,
	};
	const enum play play = PLAY_ECHO;
	struct scan_reply *reply = NULL;
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, &play, 1);
	check_status(ST_OK,
		     scan_client_scan(stage.client, &request, stage.mail_fd,
				      NULL, &reply, &err),
		     &err);
	assert_int_equal(reply->report.part_count, 1);
	assert_string_equal(reply->report.parts[0].name, "名簿.csv");
	assert_string_equal(reply->report.parts[0].type, "strict");
	assert_int_equal(reply->report.parts[0].size_bytes, 5000);
	assert_true(reply->report.parts[0].attachment);
	assert_int_equal(reply->report.elapsed_ms, 21);
	scan_reply_free(&reply);
	stage_close(&stage);
}

static void
one_connection_serves_many_requests(void **state)
{
	/* A second connection would be left without an answer. */
	static const enum play plays[] = { PLAY_CLEAN, PLAY_CLOSE };
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, plays, 2);
	for (int i = 0; i < 5; i++) {
		struct scan_reply *reply = NULL;

		check_status(ST_OK,
			     scan_client_scan(stage.client, &plain,
					      stage.mail_fd, NULL, &reply,
					      &err),
			     &err);
		scan_reply_free(&reply);
	}
	stage_close(&stage);
}

static void
a_broken_connection_is_tried_once_more(void **state)
{
	static const enum play first[] = { PLAY_CLOSE, PLAY_HALF_FRAME,
					   PLAY_CLEAN_ONCE };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		const enum play plays[] = { first[i], PLAY_CLEAN };
		struct stage stage;

		stage_open(&stage, plays, 2);
		for (int scan = 0; scan < 2; scan++) {
			struct scan_reply *reply = NULL;

			check_status(ST_OK,
				     scan_client_scan(stage.client, &plain,
						      stage.mail_fd, NULL,
						      &reply, &err),
				     &err);
			scan_reply_free(&reply);
		}
		stage_close(&stage);
	}
}

static void
a_scanner_that_always_breaks_is_io(void **state)
{
	struct err err;

	(void)state;
	check_status(ST_IO, scan_against(PLAY_CLOSE, &plain, &err), &err);
	assert_string_equal(err.text,
			    "scan: the scanner closed the connection");
	check_status(ST_IO, scan_against(PLAY_HALF_FRAME, &plain, &err), &err);
}

static void
no_scanner_is_io(void **state)
{
	const enum play play = PLAY_CLEAN;
	struct scan_reply *reply = NULL;
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, &play, 1);
	stage_stop_scanner(&stage);
	check_status(ST_IO,
		     scan_client_scan(stage.client, &plain, stage.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_null(reply);
	stage_close(&stage);
}

static void
a_busy_scanner_is_io_in_its_own_words(void **state)
{
	struct err err;

	(void)state;
	check_status(ST_IO, scan_against(PLAY_BUSY, &plain, &err), &err);
	assert_string_equal(err.text, "scanner: queue full");
}

static void
what_is_no_valid_report_is_format(void **state)
{
	struct err err;

	(void)state;
	check_status(ST_FORMAT, scan_against(PLAY_GARBAGE, &plain, &err), &err);
	check_status(ST_FORMAT, scan_against(PLAY_BAD_VERDICT, &plain, &err),
		     &err);
	check_status(ST_FORMAT, scan_against(PLAY_HUGE, &plain, &err), &err);
}

static void
numbers_come_only_to_who_asked(void **state)
{
	struct scan_request request = plain;
	struct err err;

	(void)state;
	check_status(ST_FORMAT, scan_against(PLAY_REVEALS, &request, &err),
		     &err);
	assert_string_equal(err.text, "scan: the report reveals numbers");
	request.reveal = true;
	check_status(ST_OK, scan_against(PLAY_REVEALS, &request, &err), &err);
}

struct ticks {
	int seen;
	int give_up_at;
};

static enum status
count_tick(void *context, struct err *err)
{
	struct ticks *ticks = context;

	ticks->seen++;
	if (ticks->seen == ticks->give_up_at)
		return err_set(err, ST_DENIED, "test: enough");
	return ST_OK;
}

static enum status
scan_ticking(enum play play, struct ticks *ticks, struct err *err)
{
	const struct scan_wait wait = { count_tick, ticks, 40 };
	struct scan_reply *reply = NULL;
	struct stage stage;

	stage_open(&stage, &play, 1);
	const enum status st = scan_client_scan(
		stage.client, &plain, stage.mail_fd, &wait, &reply, err);

	scan_reply_free(&reply);
	stage_close(&stage);
	return st;
}

static void
tick_runs_while_waiting(void **state)
{
	struct ticks ticks = { 0, -1 };
	struct err err;

	(void)state;
	check_status(ST_OK, scan_ticking(PLAY_SLOW, &ticks, &err), &err);
	assert_true(ticks.seen >= 3 && ticks.seen <= 8);
}

static void
tick_may_give_up_and_the_client_goes_on(void **state)
{
	struct ticks ticks = { 0, 2 };
	struct err err;

	(void)state;
	check_status(ST_DENIED, scan_ticking(PLAY_SILENT, &ticks, &err), &err);
	assert_string_equal(err.text, "test: enough");
	assert_int_equal(ticks.seen, 2);
}

static void
an_answer_given_up_is_never_taken_for_the_next(void **state)
{
	/* The late answer of the first connection must not be read. */
	static const enum play plays[] = { PLAY_SLOW, PLAY_BUSY };
	struct ticks ticks = { 0, 1 };
	const struct scan_wait wait = { count_tick, &ticks, 20 };
	struct scan_reply *reply = NULL;
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, plays, 2);
	check_status(ST_DENIED,
		     scan_client_scan(stage.client, &plain, stage.mail_fd,
				      &wait, &reply, &err),
		     &err);
	check_status(ST_IO,
		     scan_client_scan(stage.client, &plain, stage.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_null(reply);
	stage_close(&stage);
}

static void
silence_past_deadline_and_margin_is_limit(void **state)
{
	struct scan_request request = plain;
	const int64_t start_mono_ms = clock_mono_ms();
	struct err err;

	(void)state;
	request.deadline_ms = 1;
	check_status(ST_LIMIT, scan_against(PLAY_SILENT, &request, &err), &err);
	assert_true(clock_mono_ms() - start_mono_ms < 4500);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_comes_back_checked),
		cmocka_unit_test(request_and_descriptor_arrive_whole),
		cmocka_unit_test(one_connection_serves_many_requests),
		cmocka_unit_test(a_broken_connection_is_tried_once_more),
		cmocka_unit_test(a_scanner_that_always_breaks_is_io),
		cmocka_unit_test(no_scanner_is_io),
		cmocka_unit_test(a_busy_scanner_is_io_in_its_own_words),
		cmocka_unit_test(what_is_no_valid_report_is_format),
		cmocka_unit_test(numbers_come_only_to_who_asked),
		cmocka_unit_test(tick_runs_while_waiting),
		cmocka_unit_test(tick_may_give_up_and_the_client_goes_on),
		cmocka_unit_test(
			an_answer_given_up_is_never_taken_for_the_next),
		cmocka_unit_test(silence_past_deadline_and_margin_is_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
