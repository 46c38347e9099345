/* Tests of what is said of a mail whose reader crashed, hung or blew up: the
 * real worker, in its sandbox, with one reader that does. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/base/clock.h"
#include "scanners/worker/worker_note.h"
#include "tests/scanners/scanner_site.h"

/* A mail whose second part has a mail with two parts; the last one fails. */
#define MAIL(word)                                                      \
	"From: a@example.co.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n"  \
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"             \
	"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"              \
	"--b\r\nContent-Type: message/rfc822\r\n\r\n"                   \
	"Subject: y\r\nMIME-Version: 1.0\r\n"                           \
	"Content-Type: multipart/mixed; boundary=c\r\n\r\n"             \
	"--c\r\nContent-Type: text/plain\r\n\r\nhello\r\n"              \
	"--c\r\nContent-Type: application/x-any; name=" NAME "\r\n\r\n" \
	"" word "\r\n--c--\r\n--b--\r\n"
#define NAME "a.bin"

/* One limit that is soon met, the other one far: a busy machine gives little
 * CPU time. */
#define COMMON "workers = 1\n background_workers = 1\n memory = 64M\n"
static const char soon_cpu[] = COMMON "wall = 60s\n cpu = 100ms\n unlock = 0";
static const char soon_wall[] =
	COMMON "wall = 300ms\n hard_stop = 1500ms\n unlock = 0";

/* The mail is unscannable, for this reason, in these words, at that part. */
static void
check_loss(struct site *site, const char *mail, enum report_reason reason,
	   const char *detail)
{
	struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct err err;

	request.deadline_ms = 6 * PATIENCE_MS;
	site_set_mail(site, mail);
	check_status(ST_OK,
		     scan_client_scan(site->client, &request, site->mail_fd,
				      NULL, &reply, &err),
		     &err);
	assert_int_equal(reply->report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(reply->report.opaque_count, 1);
	assert_string_equal(reply->report.opaques[0].detail, detail);
	assert_int_equal(reply->report.opaques[0].reason, reason);
	assert_string_equal(reply->report.opaques[0].part, "2/2/" NAME);
	scan_reply_free(&reply);
}

static void
a_crash_names_reader_and_part(void **state)
{
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker", soon_cpu);
	check_loss(&site, MAIL("FAIL-FAULT"), REPORT_REASON_CRASHED,
		   "failing: the worker ended");
	assert_int_equal(site_log_count(&site, "why=crashed reader=failing"),
			 2);
	assert_false(site_log_has(&site, NAME));
	/* A call that the sandbox forbids. */
	check_loss(&site, MAIL("FAIL-CALL"), REPORT_REASON_CRASHED,
		   "failing: the worker ended");
	/* Its end is known after its last word. */
	site_wait_log(&site, "signal=31");
	site_close(&site);
}

static void
a_hang_names_reader_part_and_limit(void **state)
{
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker", soon_wall);
	check_loss(&site, MAIL("FAIL-HANG"), REPORT_REASON_TIMEOUT,
		   "failing: limit wall 300 ms");
	/* It would end so again: there is no second try. */
	assert_int_equal(site_log_count(&site, "scan-failed"), 1);
	/* Deaf to its alarms, it is killed at hard_stop, twice. */
	check_loss(&site, MAIL("FAIL-DEAF"), REPORT_REASON_TIMEOUT,
		   "failing: no answer in time");
	assert_int_equal(site_log_count(&site, "scan-failed"), 3);
	site_close(&site);
}

/* Other mail shall not notice that one takes long. */
static void
a_mail_that_takes_long_makes_way(void **state)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;
	enum { LOWERED_NICE = 10 }; /* in the end (pool.c) */
	pid_t pids[SITE_MAX_WORKERS];
	size_t lowered = 0;
	struct site site;

	(void)state;
	if (getpriority(PRIO_PROCESS, 0) >= LOWERED_NICE)
		skip(); /* all of us are that low already */
	site_open_worker(&site, "failing_worker", COMMON "wall = 60s");
	site_set_mail(&site, MAIL("FAIL-HANG"));
	struct channel channel = site_ask(&site);

	while (lowered == 0 && clock_left_ms(until_mono_ms) > 0) {
		const size_t count = site_workers(&site, pids);

		for (size_t i = 0; i < count; i++)
			lowered += getpriority(PRIO_PROCESS, (id_t)pids[i]) >
				   getpriority(PRIO_PROCESS, 0);
		nap(50);
	}
	assert_int_equal(lowered, 1);
	/* Another one takes the next mail. */
	site_set_mail(&site, MAIL("nothing"));
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	channel_close(&channel);
	site_close(&site);
}

static size_t
count_waits(const struct site *site, size_t least)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;
	pid_t pids[SITE_MAX_WORKERS];
	size_t count = 0;

	while ((count = site_workers(site, pids)) < least &&
	       clock_left_ms(until_mono_ms) > 0)
		nap(20);
	return count;
}

/* Nobody can send mails that take all memory there is. */
static void
mails_that_take_long_make_no_more_than_twice_the_workers(void **state)
{
	enum { MAILS = 6, MOST = 2 * 2 + 1 /* and one of the background */ };
	struct channel channels[MAILS];
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker",
			 "workers = 2\n background_workers = 1\n wall = 60s\n"
			 " hard_stop = 61s");
	site_set_mail(&site, MAIL("FAIL-HANG"));
	for (size_t i = 0; i < MAILS; i++)
		channels[i] = site_ask(&site);
	assert_int_equal(count_waits(&site, MOST), MOST);
	nap(500);
	assert_int_equal(count_waits(&site, MOST), MOST);
	for (size_t i = 0; i < MAILS; i++)
		channel_close(&channels[i]);
	site_set_mail(&site, MAIL("nothing"));
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
a_spinning_reader_is_named_with_its_limit(void **state)
{
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker", soon_cpu);
	check_loss(&site, MAIL("FAIL-SPIN"), REPORT_REASON_TIMEOUT,
		   "failing: limit cpu 100 ms");
	assert_int_equal(site_log_count(&site, "scan-failed"), 1);
	site_close(&site);
}

#ifndef SEKIMORI_SANITIZED /* its address space has no limit */
static void
want_of_memory_names_reader_and_part(void **state)
{
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker", soon_cpu);
	check_loss(&site, MAIL("FAIL-MEMORY"), REPORT_REASON_LIMIT,
		   "failing: limit memory");
	site_close(&site);
}

static void
memory_is_a_setting(void **state)
{
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker", soon_cpu);
	check_loss(&site, MAIL("TAKE-100M"), REPORT_REASON_LIMIT,
		   "failing: limit memory");
	site_close(&site);
	site_open_worker(&site, "failing_worker", "memory = 128M");
	site_set_mail(&site, MAIL("TAKE-100M"));
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

#endif

/* The page of "lies" is full of letters, with a control in the part. */
static void
what_a_worker_writes_is_not_believed(void **state)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct site site;
	struct err err;

	(void)state;
	site_open_bad(&site, "lies", "workers = 1");
	check_status(ST_OK,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_int_equal(reply->report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(reply->report.opaques[0].reason,
			 REPORT_REASON_CRASHED);
	assert_string_equal(reply->report.opaques[0].part, "message");
	assert_string_equal(reply->report.opaques[0].detail,
			    "the worker ended");
	scan_reply_free(&reply);
	site_close(&site);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SITE_TEST(a_crash_names_reader_and_part),
		SITE_TEST(a_hang_names_reader_part_and_limit),
		SITE_TEST(a_mail_that_takes_long_makes_way),
		SITE_TEST(
			mails_that_take_long_make_no_more_than_twice_the_workers),
		SITE_TEST(a_spinning_reader_is_named_with_its_limit),
#ifndef SEKIMORI_SANITIZED
		SITE_TEST(want_of_memory_names_reader_and_part),
		SITE_TEST(memory_is_a_setting),
#endif
		SITE_TEST(what_a_worker_writes_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
