#include "courier/timers/self_test.h"

#include <string.h>

#include "courier/timers/self_test_mail.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
	SELF_TEST_MS_PER_S = 1000,
	SELF_TEST_SLICE_MS = 1000, /* how soon a reload is noticed */
	SELF_TEST_LOOK_MS = 200,   /* first look for the hold; then doubled */
	SELF_TEST_MOST_LOOK_MS = 10 * 1000,
	/* Everything starts together; a milter may need its time. */
	SELF_TEST_FIRST_MS = 30 * 1000,
	/* After a test that was not even sent: when the vault has found it
	 * late. */
	SELF_TEST_AGAIN_MS = 10 * 1000
};

struct self_test {
	const struct job_loop *loop;
	int64_t due_mono_ms; /* 0: not yet set */
	bool known;          /* trouble is that of a test */
	enum self_test_trouble trouble;
	bool off_said; /* why there are no tests is in the log */
};

static enum status
self_test_call(const struct setup *setup, const struct vault_call *call,
	       struct wire_arena **arena, struct err *err)
{
	struct vault_client vault;
	enum status st = ST_OK;

	vault_client_init(&vault, setup->config->vault_socket);
	st = vault_client_call(&vault, call, arena, err);
	vault_client_done(&vault);
	return st;
}

/* Ask for a ticket and send the mail with it. */
static enum self_test_trouble
self_test_start(const struct setup *setup, struct err *err)
{
	const struct vault_self_test request = {
		.late_after_s =
			(uint32_t)setup->config->courier.self_test_late_s,
	};
	struct vault_self_test_answer answer = { .ticket = { NULL, 0 } };
	const struct vault_call call = VAULT_CALL(SELF_TEST, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	if (self_test_call(setup, &call, &arena, err) != ST_OK)
		return SELF_TEST_VAULT;
	if (self_test_send(setup, answer.ticket, err) != ST_OK)
		return SELF_TEST_SUBMISSION;
	return SELF_TEST_NONE;
}

/* Has the vault seen the mail that was sent last? */
static enum status
self_test_look(const struct setup *setup, bool *held_out, struct err *err)
{
	const struct vault_empty request = { 0 };
	struct vault_status status = { .locked = false };
	const struct vault_call call = VAULT_CALL(STATUS, &request, &status);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = self_test_call(setup, &call, &arena, err);

	*held_out =
		st == ST_OK && status.self_test_sent_unix_ms > 0 &&
		status.self_test_held_unix_ms >= status.self_test_sent_unix_ms;
	return st;
}

static enum self_test_trouble
self_test_wait(const struct setup *setup, struct gate *gate, struct err *err)
{
	const int64_t late_s = setup->config->courier.self_test_late_s;
	const int64_t until_mono_ms =
		clock_mono_ms() + late_s * SELF_TEST_MS_PER_S;
	int64_t wait_ms = SELF_TEST_LOOK_MS;
	enum status st = ST_OK;
	bool held = false;

	while (!gate_is_stopped(gate)) {
		const int64_t left_ms = clock_left_ms(until_mono_ms);

		gate_wait(gate, wait_ms < left_ms ? wait_ms : left_ms);
		st = self_test_look(setup, &held, err);
		if (held)
			return SELF_TEST_NONE;
		if (left_ms == 0)
			break;
		wait_ms = wait_ms * 2 < SELF_TEST_MOST_LOOK_MS
				  ? wait_ms * 2
				  : SELF_TEST_MOST_LOOK_MS;
	}
	if (gate_is_stopped(gate))
		return SELF_TEST_STOPPED;
	if (st != ST_OK)
		return SELF_TEST_VAULT;
	(void)!err_set(err, ST_LIMIT,
		       "the MTA took the self-test mail, and it was not held "
		       "within %lld s: mail may pass unread; look with "
		       "\"sekimori doctor\"",
		       (long long)late_s);
	return SELF_TEST_NOT_HELD;
}

enum self_test_trouble
self_test_once(const struct setup *setup, struct gate *gate, struct err *err)
{
	const enum self_test_trouble trouble = self_test_start(setup, err);

	return trouble == SELF_TEST_NONE ? self_test_wait(setup, gate, err)
					 : trouble;
}

static const char *
self_test_trouble_name(enum self_test_trouble trouble)
{
	static const char *const names[] = {
		[SELF_TEST_NONE] = "none",
		[SELF_TEST_VAULT] = "vault",
		[SELF_TEST_SUBMISSION] = "submission",
		[SELF_TEST_NOT_HELD] = "not-held",
		[SELF_TEST_STOPPED] = "stopped",
	};

	return names[trouble];
}

/* Say it when it is news. */
static void
self_test_note(struct self_test *test, enum self_test_trouble trouble,
	       int64_t started_mono_ms, const struct err *err)
{
	const bool news = !test->known || trouble != test->trouble;
	struct log_line line;

	test->known = true;
	test->trouble = trouble;
	if (!news)
		return;
	if (trouble == SELF_TEST_NONE) {
		log_begin(&line, LOG_LEVEL_INFO, "self-test-held");
		log_number(&line, "ms", clock_mono_ms() - started_mono_ms);
	} else {
		log_begin(&line, LOG_LEVEL_ERROR, "self-test-failed");
		log_text(&line, "trouble", self_test_trouble_name(trouble));
		log_error(&line, err);
	}
	log_send(&line);
}

/* How long after the start of a test the next one starts. */
static int64_t
self_test_next_ms(const struct config_courier *courier,
		  enum self_test_trouble trouble)
{
	const int64_t interval_ms =
		courier->self_test_interval_s * SELF_TEST_MS_PER_S;
	const int64_t again_ms =
		courier->self_test_late_s * SELF_TEST_MS_PER_S +
		SELF_TEST_AGAIN_MS;

	if (trouble != SELF_TEST_VAULT && trouble != SELF_TEST_SUBMISSION)
		return interval_ms;
	return again_ms < interval_ms ? again_ms : interval_ms;
}

static void
self_test_do(struct self_test *test, const struct setup *setup)
{
	const int64_t started_mono_ms = clock_mono_ms();
	struct err err = { 0 };
	const enum self_test_trouble trouble =
		self_test_once(setup, test->loop->gate, &err);

	if (trouble != SELF_TEST_STOPPED)
		self_test_note(test, trouble, started_mono_ms, &err);
	test->due_mono_ms = started_mono_ms +
			    self_test_next_ms(&setup->config->courier, trouble);
}

/* Are there tests at all? Says once why not. */
static bool
self_test_is_on(struct self_test *test, const struct config *config)
{
	const bool monitor = strcmp(config->general.mode, "monitor") == 0;
	struct log_line line;

	if (config->courier.self_test_interval_s > 0 && !monitor) {
		test->off_said = false;
		return true;
	}
	test->due_mono_ms = 0;
	test->known = false;
	if (test->off_said)
		return false;
	test->off_said = true;
	log_begin(&line, LOG_LEVEL_INFO, "self-test-off");
	log_text(&line, "why",
		 monitor ? "general.mode is monitor"
			 : "courier.self_test_interval is 0");
	log_send(&line);
	return false;
}

/* Do what is due; how long there is nothing to do. */
static int64_t
self_test_turn(struct self_test *test, const struct setup *setup)
{
	const int64_t interval_ms =
		setup->config->courier.self_test_interval_s *
		SELF_TEST_MS_PER_S;
	const int64_t first_ms = interval_ms / 2 < SELF_TEST_FIRST_MS
					 ? interval_ms / 2
					 : SELF_TEST_FIRST_MS;
	int64_t left_ms = 0;

	if (!self_test_is_on(test, setup->config))
		return SELF_TEST_SLICE_MS;
	if (test->due_mono_ms == 0)
		test->due_mono_ms = clock_mono_ms() + first_ms;
	/* A reload may have made the interval shorter. */
	if (test->due_mono_ms > clock_mono_ms() + interval_ms)
		test->due_mono_ms = clock_mono_ms() + interval_ms;
	left_ms = clock_left_ms(test->due_mono_ms);
	if (left_ms > 0)
		return left_ms < SELF_TEST_SLICE_MS ? left_ms
						    : SELF_TEST_SLICE_MS;
	self_test_do(test, setup);
	return 0;
}

void
self_test_run(const struct job_loop *loop)
{
	struct self_test test = { .loop = loop };

	while (!gate_is_stopped(loop->gate)) {
		const struct setup *setup = setup_current(loop->setups);
		const int64_t wait_ms = self_test_turn(&test, setup);

		setup_release(loop->setups, &setup);
		gate_wait(loop->gate, wait_ms);
	}
}
