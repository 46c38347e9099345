/* Tests of scanners/worker/worker_alarm.h: it ends by itself, and says why. */
#include "scanners/worker/worker_alarm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

enum { PATIENCE_MS = 8000, SLACK_MS = 2500, NOT_ENDED = 42 };

/* A process that arms its alarm and then does what act does. */
struct victim {
	int note_fd;
	int pipe_fd; /* what it writes */
	pid_t pid;
};

static void
victim_run(const struct victim *victim, const struct worker_job *job,
	   void (*act)(void))
{
	struct worker_note *note = NULL;
	struct err err;

	if (worker_note_map(victim->note_fd, &note, &err) != ST_OK ||
	    worker_alarm_prepare(&err) != ST_OK)
		_exit(1);
	worker_alarm_write_on(note);
	worker_note_at(note, "archive", "2/a.zip");
	if (worker_alarm_arm(job, &err) != ST_OK)
		_exit(1);
	act();
	_exit(NOT_ENDED);
}

static void
victim_start(struct victim *victim, const struct worker_job *job,
	     void (*act)(void))
{
	int ends[2];
	struct err err;

	assert_int_equal(pipe(ends), 0);
	check_status(ST_OK, worker_note_make(&victim->note_fd, &err), &err);
	victim->pipe_fd = ends[0];
	victim->pid = fork();
	if (victim->pid == 0) {
		(void)dup2(ends[1], WORKER_CHANNEL_FD);
		victim_run(victim, job, act);
	}
	(void)close(ends[1]);
}

static int
victim_end(struct victim *victim)
{
	int status = 0;

	assert_int_equal(waitpid(victim->pid, &status, 0), victim->pid);
	(void)close(victim->pipe_fd);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* It ended by itself, and wrote down why and where. */
static void
victim_said(struct victim *victim, enum worker_end end)
{
	struct worker_note note;

	assert_int_equal(victim_end(victim), WORKER_EXIT_ALARM);
	worker_note_read(victim->note_fd, &note);
	fd_close(&victim->note_fd);
	assert_int_equal(note.end, end);
	assert_string_equal(note.reader, "archive");
	assert_string_equal(note.part, "2/a.zip");
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
wall_time_ends_it_and_is_written_down(void **state)
{
	static const struct worker_job job = { .wall_ms = 100,
					       .cpu_ms = 60000 };
	const int64_t start_mono_ms = clock_mono_ms();
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_sleep);
	victim_said(&victim, WORKER_END_WALL);
	assert_true(clock_mono_ms() - start_mono_ms < SLACK_MS);
}

static void
cpu_time_ends_it_and_is_written_down(void **state)
{
	static const struct worker_job job = { .wall_ms = 60000, .cpu_ms = 50 };
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_spin);
	victim_said(&victim, WORKER_END_CPU);
}

static void
who_is_done_in_time_is_left_alone(void **state)
{
	static const struct worker_job job = { .wall_ms = 100, .cpu_ms = 100 };
	struct victim victim;

	(void)state;
	victim_start(&victim, &job, act_finish);
	assert_int_equal(victim_end(&victim), NOT_ENDED);
}

static void
a_frame_being_sent_is_finished_first(void **state)
{
	static const struct worker_job job = { .wall_ms = 100,
					       .cpu_ms = 60000 };
	struct victim victim;
	char bytes[5];
	struct err err;

	(void)state;
	victim_start(&victim, &job, act_hold_and_resume);
	check_status(ST_OK,
		     fd_read_all(victim.pipe_fd, bytes, sizeof(bytes), &err),
		     &err);
	assert_memory_equal(bytes, "whole", sizeof(bytes));
	victim_said(&victim, WORKER_END_WALL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wall_time_ends_it_and_is_written_down),
		cmocka_unit_test(cpu_time_ends_it_and_is_written_down),
		cmocka_unit_test(who_is_done_in_time_is_left_alone),
		cmocka_unit_test(a_frame_being_sent_is_finished_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
