/* Tests of scanners/worker/worker_alarm.h: the answer comes by itself. */
#include "scanners/worker/worker_alarm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

enum { PATIENCE_MS = 8000, SLACK_MS = 2500, NOT_ENDED = 42 };

/* A process that arms its alarm and then does what act does. */
struct victim {
	struct channel channel;
	pid_t pid;
};

static void
victim_start(struct victim *victim, const struct worker_job *job,
	     void (*act)(void))
{
	int pair[2];
	struct err err;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	victim->pid = fork();
	if (victim->pid == 0) {
		(void)close(pair[0]);
		if (pair[1] != WORKER_CHANNEL_FD) {
			(void)dup2(pair[1], WORKER_CHANNEL_FD);
			(void)close(pair[1]);
		}
		if (worker_alarm_prepare(&err) != ST_OK ||
		    worker_alarm_arm(job, &err) != ST_OK)
			_exit(1);
		act();
		_exit(NOT_ENDED);
	}
	(void)close(pair[1]);
	check_status(ST_OK, channel_open(pair[0], &victim->channel, &err),
		     &err);
}

static int
victim_end(struct victim *victim)
{
	int status = 0;

	assert_int_equal(waitpid(victim->pid, &status, 0), victim->pid);
	channel_close(&victim->channel);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
victim_report(struct victim *victim, const char *detail)
{
	struct wire_arena *arena = NULL;
	struct scan_report report;
	struct frame frame;
	struct err err;

	frame_init(&frame);
	check_status(ST_OK,
		     channel_receive(&victim->channel, &frame,
				     clock_mono_ms() + PATIENCE_MS, &err),
		     &err);
	check_status(ST_OK,
		     frame_decode(&frame, &report_table, &report, &arena, &err),
		     &err);
	check_status(ST_OK, report_check(&report, &err), &err);
	assert_int_equal(report.opaques[0].reason, REPORT_REASON_TIMEOUT);
	assert_string_equal(report.opaques[0].detail, detail);
	assert_int_equal(report.profile, REPORT_PROFILE_STRICT);
	wire_arena_free(&arena);
	frame_done(&frame);
}

static void
act_spin(void)
{
	const int64_t end_mono_ms = clock_mono_ms() + PATIENCE_MS;

	while (clock_left_ms(end_mono_ms) > 0)
		;
}

static void
act_sleep(void)
{
	(void)sleep(PATIENCE_MS / 1000);
}

static void
act_finish(void)
{
	worker_alarm_disarm();
	(void)usleep(1200 * 1000);
}

static void
act_hold_and_resume(void)
{
	const int64_t end_mono_ms = clock_mono_ms() + 1000;

	worker_alarm_hold();
	while (clock_left_ms(end_mono_ms) > 0)
		;
	/* A frame in the middle of being sent would be here. */
	(void)!write(WORKER_CHANNEL_FD, "whole", 5);
	worker_alarm_resume();
	act_spin();
}

static void
wall_time_ends_in_a_report(void **state)
{
	static const struct worker_job job = { .profile = REPORT_PROFILE_STRICT,
					       .wall_ms = 100,
					       .cpu_ms = 60000 };
	const int64_t start_mono_ms = clock_mono_ms();
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_sleep);
	victim_report(&victim, "limit wall 100 ms");
	assert_int_equal(victim_end(&victim), WORKER_EXIT_ALARM);
	assert_true(clock_mono_ms() - start_mono_ms < SLACK_MS);
}

static void
cpu_time_ends_in_a_report(void **state)
{
	static const struct worker_job job = { .profile = REPORT_PROFILE_STRICT,
					       .wall_ms = 60000,
					       .cpu_ms = 50 };
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_spin);
	victim_report(&victim, "limit cpu 50 ms");
	assert_int_equal(victim_end(&victim), WORKER_EXIT_ALARM);
}

static void
who_is_done_in_time_is_left_alone(void **state)
{
	static const struct worker_job job = { .profile = REPORT_PROFILE_STRICT,
					       .wall_ms = 100,
					       .cpu_ms = 100 };
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_finish);
	assert_int_equal(victim_end(&victim), NOT_ENDED);
}

static void
a_frame_being_sent_is_finished_first(void **state)
{
	static const struct worker_job job = { .profile = REPORT_PROFILE_STRICT,
					       .wall_ms = 100,
					       .cpu_ms = 60000 };
	struct victim victim;
	char bytes[5];
	struct err err;

	(void)state;
	victim_start(&victim, &job, act_hold_and_resume);
	check_status(ST_OK,
		     fd_read_all(victim.channel.fd, bytes, sizeof(bytes), &err),
		     &err);
	assert_memory_equal(bytes, "whole", sizeof(bytes));
	victim_report(&victim, "limit wall 100 ms");
	assert_int_equal(victim_end(&victim), WORKER_EXIT_ALARM);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wall_time_ends_in_a_report),
		cmocka_unit_test(cpu_time_ends_in_a_report),
		cmocka_unit_test(who_is_done_in_time_is_left_alone),
		cmocka_unit_test(a_frame_being_sent_is_finished_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
