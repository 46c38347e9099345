#include "courier/timers/timers.h"

#include "lib/base/clock.h"
#include "lib/base/log.h"

static enum status
timers_ask(const char *vault_socket, struct err *err)
{
	struct vault_client vault;
	const struct vault_empty request = { 0 };
	struct vault_timers_answer answer = { 0 };
	const struct vault_call call = VAULT_CALL(TIMERS, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	vault_client_init(&vault, vault_socket);
	st = vault_client_call(&vault, &call, &arena, err);
	vault_client_done(&vault);
	if (st == ST_OK && answer.fired > 0) {
		struct log_line line;

		log_begin(&line, LOG_LEVEL_INFO, "timers");
		log_number(&line, "fired", answer.fired);
		log_send(&line);
	}
	return st;
}

void
timers_run(const struct job_loop *loop)
{
	while (!gate_is_stopped(loop->gate)) {
		const struct setup *setup = setup_current(loop->setups);
		const int64_t wait_ms = setup->config->courier.timer_ms;
		struct err err = { 0 };
		const enum status st =
			timers_ask(setup->config->vault_socket, &err);

		job_desk_note(loop->desk, JOB_NEIGHBOUR_TIMERS, st, &err);
		setup_release(loop->setups, &setup);
		gate_wait(loop->gate, wait_ms);
	}
}
