/* Tests of courier/jobs/job_rescan.c against a scanner with one answer. */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

enum { SCANNER_WAIT_MS = 5000, SCANNER_TRIES = 2 };

/* Answers every request with the same message. */
struct scanner {
	pthread_t thread;
	int listen_fd;
	const struct wire_table *table; /* NULL: close instead */
	const void *message;
	enum scan_priority priority; /* of the last request */
	bool reveal;
	uint64_t mail_bytes;
};

static void
scanner_serve(struct scanner *scanner, struct channel *channel)
{
	struct scan_request request = { .input = SCAN_INPUT_NONE };
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { 0 };
	const int64_t until = clock_mono_ms() + SCANNER_WAIT_MS;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, until, &err);
	if (st == ST_OK)
		st = frame_decode(&frame, &scan_request_table, &request, &arena,
				  &err);
	if (st == ST_OK && frame.fd_count == 1)
		st = fd_size(frame.fds[0], &scanner->mail_bytes, &err);
	scanner->priority = request.priority;
	scanner->reveal = request.reveal;
	if (st == ST_OK && scanner->table != NULL)
		st = channel_send(channel, scanner->table, scanner->message,
				  NULL, 0, until, &err);
	(void)st;
}

static void *
scanner_run(void *argument)
{
	struct scanner *scanner = argument;

	/* A client tries a broken connection again once. */
	for (int i = 0; i < (scanner->table != NULL ? 1 : SCANNER_TRIES); i++) {
		struct pollfd one = { scanner->listen_fd, POLLIN, 0 };
		AUTO(channel_close) struct channel channel = { .fd = FD_NONE };
		struct err err = { 0 };

		if (poll(&one, 1, SCANNER_WAIT_MS) != 1)
			return NULL;
		if (channel_open(accept(scanner->listen_fd, NULL, NULL),
				 &channel, &err) == ST_OK)
			scanner_serve(scanner, &channel);
	}
	return NULL;
}

/* Let the mail be scanned by scanner, or by none; what the vault hears. */
static const struct fake_done *
rescan(struct world *world, struct scanner *scanner)
{
	static struct vault_job job;
	const struct fake_done *done = NULL;
	/* cppcheck-suppress variableScope ; borrowed below */
	char path[100];
	struct err err = { 0 };

	job = world_job(JOB_KIND_RESCAN);
	if (scanner != NULL) {
		(void)snprintf(path, sizeof(path), "%s/scanner/scanner.sock",
			       world->dir);
		check_status(
			ST_OK,
			channel_listen(path, 0600, &scanner->listen_fd, &err),
			&err);
		assert_int_equal(pthread_create(&scanner->thread, NULL,
						scanner_run, scanner),
				 0);
	}
	fake_vault_give(world->vault, &job, span_of("A: b\r\n\r\nhi\r\n"));
	done = fake_vault_done(world->vault, 0);
	if (scanner != NULL) {
		assert_int_equal(pthread_join(scanner->thread, NULL), 0);
		fd_close(&scanner->listen_fd);
	}
	return done;
}

static void
decode_report(const struct fake_done *done, struct scan_report *report,
	      struct wire_arena **arena)
{
	struct err err = { 0 };

	check_status(ST_OK,
		     wire_decode(&report_table, sbuf_span(&done->report),
				 report, arena, &err),
		     &err);
	check_status(ST_OK, report_check(report, &err), &err);
}

/* One sure number, given away or not. */
static void
check_found(const char *number, enum report_verdict want)
{
	static const struct report_term terms[] = { { "check.valid", 15 } };
	const struct report_finding finding = {
		.part = "1",
		.location = "line 1",
		.masked = "********9018",
		.number = number,
		.context = "",
		.subject = 1,
		.count = 1,
		.level = REPORT_LEVEL_SURE,
		.score_db = 15,
		.terms = terms,
		.term_count = 1,
	};
	const struct scan_report answer = {
		.verdict = REPORT_VERDICT_FOUND,
		.level = REPORT_LEVEL_SURE,
		.score_db = 15,
		.number_count = 1,
		.findings = &finding,
		.finding_count = 1,
		.subject = "",
		.dsn = { "", "", "", "" },
	};
	struct scanner scanner = { .table = &report_table, .message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = rescan(world, &scanner);

	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(scanner.priority, SCAN_PRIORITY_BACKGROUND);
	assert_false(scanner.reveal);
	assert_int_equal(scanner.mail_bytes, 12);
	decode_report(done, &report, &arena);
	assert_int_equal(report.verdict, want);
	for (size_t i = 0; i < report.finding_count; i++)
		assert_string_equal(report.findings[i].number, "");
}

static void
a_new_report_is_handed_in_without_numbers(void **state)
{
	(void)state;
	check_found("", REPORT_VERDICT_FOUND);
	/* A worker that says more than it was asked for is not believed. */
	check_found("123456789018", REPORT_VERDICT_UNSCANNABLE);
}

static void
an_answer_that_is_no_report_counts_as_unscannable(void **state)
{
	/* Clean, and yet a number: does not fit together. */
	static const struct scan_report answer = {
		.verdict = REPORT_VERDICT_CLEAN,
		.number_count = 3,
		.subject = "",
		.dsn = { "", "", "", "" },
	};
	struct scanner scanner = { .table = &report_table, .message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = rescan(world, &scanner);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	decode_report(done, &report, &arena);
	assert_int_equal(report.verdict, REPORT_VERDICT_UNSCANNABLE);
}

static void
without_a_scanner_the_job_is_tried_again(void **state)
{
	static const struct scan_failure busy = { "too much to do" };
	struct scanner refusing = { .table = &scan_failure_table,
				    .message = &busy };
	struct scanner closing = { .table = NULL };
	struct scanner *scanners[] = { NULL, &refusing, &closing };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scanners); i++) {
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct fake_done *done = rescan(world, scanners[i]);

		assert_int_equal(done->result, JOB_RESULT_RETRY);
		assert_int_equal(done->report.len_bytes, 0);
		assert_true(done->reason[0] != '\0');
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_report_is_handed_in_without_numbers),
		cmocka_unit_test(
			an_answer_that_is_no_report_counts_as_unscannable),
		cmocka_unit_test(without_a_scanner_the_job_is_tried_again),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
