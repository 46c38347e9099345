/* Tests of vault/client/vault_client.h against a scripted vault. */
#include "vault/client/vault_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

enum step {
	STEP_NONE = 0,
	STEP_ANSWER,    /* the right answer, with a descriptor */
	STEP_FAIL,      /* a failure of the given kind */
	STEP_HANG_UP,   /* close after the request was read */
	STEP_GARBAGE,   /* a frame of another type */
	STEP_CLOSE_IDLE /* answer, then close between requests */
};

struct script {
	char directory[64];
	char path[96];
	int listen_fd;
	const enum step *steps;
	size_t step_count;
	enum vault_failure_kind kind;
	size_t connections;
	pthread_t thread;
};

static bool
play_step(struct script *script, struct channel *channel, enum step step)
{
	const struct vault_public_key key = { .epoch = 7, .key = { 1, 2, 3 } };
	const struct vault_failure failure = { script->kind, "because" };
	const struct vault_hold_answer odd = { .joined = true };
	struct err err = { .st = ST_OK };
	const int64_t deadline = clock_mono_ms() + 2000;
	int fd = FD_NONE;

	switch (step) {
	case STEP_ANSWER:
	case STEP_CLOSE_IDLE:
		check_status(ST_OK, fd_memory("answer", &fd, &err), &err);
		check_status(ST_OK,
			     channel_send(channel,
					  &vault_table_PUBLIC_KEY_answer, &key,
					  &fd, 1, deadline, &err),
			     &err);
		fd_close(&fd);
		return step == STEP_ANSWER;
	case STEP_FAIL:
		check_status(ST_OK,
			     channel_send(channel, &vault_table_failure,
					  &failure, NULL, 0, deadline, &err),
			     &err);
		return true;
	case STEP_GARBAGE:
		check_status(ST_OK,
			     channel_send(channel, &vault_table_HOLD_answer,
					  &odd, NULL, 0, deadline, &err),
			     &err);
		return true;
	case STEP_NONE:
	case STEP_HANG_UP:
	default:
		return false;
	}
}

static void *
play_script(void *context)
{
	struct script *script = context;
	size_t at = 0;

	while (at < script->step_count) {
		struct channel channel = { .fd = FD_NONE };
		struct err err = { .st = ST_OK };
		const int fd = accept(script->listen_fd, NULL, NULL);
		bool open =
			fd >= 0 && channel_open(fd, &channel, &err) == ST_OK;

		script->connections++;
		while (open && at < script->step_count) {
			struct frame frame;

			frame_init(&frame);
			open = channel_receive(&channel, &frame,
					       clock_mono_ms() + 5000,
					       &err) == ST_OK;
			if (open)
				open = play_step(script, &channel,
						 script->steps[at++]);
			frame_done(&frame);
		}
		channel_close(&channel);
	}
	return NULL;
}

static void
script_start(struct script *script, const enum step *steps, size_t step_count)
{
	struct err err = { .st = ST_OK };

	*script = (struct script){ .steps = steps, .step_count = step_count };
	(void)snprintf(script->directory, sizeof(script->directory),
		       "/tmp/vault_client_XXXXXX");
	assert_non_null(mkdtemp(script->directory));
	(void)snprintf(script->path, sizeof(script->path), "%s/s",
		       script->directory);
	check_status(
		ST_OK,
		channel_listen(script->path, 0600, &script->listen_fd, &err),
		&err);
	assert_int_equal(
		pthread_create(&script->thread, NULL, play_script, script), 0);
}

static void
script_end(struct script *script)
{
	assert_int_equal(pthread_join(script->thread, NULL), 0);
	fd_close(&script->listen_fd);
	(void)unlink(script->path);
	(void)rmdir(script->directory);
}

static enum status
ask(struct vault_client *client, struct vault_public_key *key, int *fd_out,
    struct err *err)
{
	const struct vault_empty empty = { 0 };
	struct wire_arena *arena = NULL;
	struct vault_call call = VAULT_CALL(PUBLIC_KEY, &empty, key);

	call.deadline_mono_ms = clock_mono_ms() + 3000;
	call.fd_out = fd_out;

	const enum status st = vault_client_call(client, &call, &arena, err);

	wire_arena_free(&arena);
	return st;
}

static void
an_answer_comes_with_its_descriptor(void **state)
{
	static const enum step steps[] = { STEP_ANSWER, STEP_ANSWER };
	struct script script;
	struct vault_client client;
	struct vault_public_key key = { 0, { 0 } };
	struct err err = { .st = ST_OK };
	int fd = FD_NONE;

	(void)state;
	script_start(&script, steps, ARRAY_LEN(steps));
	vault_client_init(&client, script.path);
	check_status(ST_OK, ask(&client, &key, &fd, &err), &err);
	assert_int_equal(key.epoch, 7);
	assert_int_equal(key.key[2], 3);
	assert_true(fd >= 0);
	fd_close(&fd);
	check_status(ST_OK, ask(&client, &key, NULL, &err), &err);
	vault_client_done(&client);
	script_end(&script);
	assert_int_equal(script.connections, 1);
}

static void
each_failure_has_its_status(void **state)
{
	static const enum step steps[] = { STEP_FAIL };
	static const struct {
		enum vault_failure_kind kind;
		enum status want;
	} cases[] = {
		{ VAULT_FAILURE_DENIED, ST_DENIED },
		{ VAULT_FAILURE_NOT_FOUND, ST_NOT_FOUND },
		{ VAULT_FAILURE_CONFLICT, ST_END },
		{ VAULT_FAILURE_INVALID, ST_FORMAT },
		{ VAULT_FAILURE_LOCKED, ST_UNSUPPORTED },
		{ VAULT_FAILURE_BUSY, ST_LIMIT },
		{ VAULT_FAILURE_STORE, ST_IO },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct script script;
		struct vault_client client;
		struct vault_public_key key = { 0, { 0 } };
		struct err err = { .st = ST_OK };

		script_start(&script, steps, 1);
		script.kind = cases[i].kind;
		vault_client_init(&client, script.path);
		check_status(cases[i].want, ask(&client, &key, NULL, &err),
			     &err);
		assert_int_equal(client.failure, cases[i].kind);
		assert_string_equal(err.text, "because");
		vault_client_done(&client);
		script_end(&script);
	}
}

static void
a_connection_closed_between_requests_is_replaced(void **state)
{
	static const enum step steps[] = { STEP_CLOSE_IDLE, STEP_ANSWER };
	struct script script;
	struct vault_client client;
	struct vault_public_key key = { 0, { 0 } };
	struct err err = { .st = ST_OK };

	(void)state;
	script_start(&script, steps, ARRAY_LEN(steps));
	vault_client_init(&client, script.path);
	check_status(ST_OK, ask(&client, &key, NULL, &err), &err);
	/* Wait for the close, as an idle program would. */
	check_status(
		ST_OK,
		channel_wait(&client.channel, clock_mono_ms() + 2000, &err),
		&err);
	check_status(ST_OK, ask(&client, &key, NULL, &err), &err);
	vault_client_done(&client);
	script_end(&script);
	assert_int_equal(script.connections, 2);
}

static void
a_connection_broken_after_the_request_is_io(void **state)
{
	static const enum step steps[] = { STEP_HANG_UP, STEP_ANSWER };
	struct script script;
	struct vault_client client;
	struct vault_public_key key = { 0, { 0 } };
	struct err err = { .st = ST_OK };

	(void)state;
	script_start(&script, steps, ARRAY_LEN(steps));
	vault_client_init(&client, script.path);
	check_status(ST_IO, ask(&client, &key, NULL, &err), &err);
	check_status(ST_OK, ask(&client, &key, NULL, &err), &err);
	vault_client_done(&client);
	script_end(&script);
}

static void
an_answer_to_something_else_is_refused(void **state)
{
	static const enum step steps[] = { STEP_GARBAGE };
	struct script script;
	struct vault_client client;
	struct vault_public_key key = { 0, { 0 } };
	struct err err = { .st = ST_OK };

	(void)state;
	script_start(&script, steps, 1);
	vault_client_init(&client, script.path);
	check_status(ST_FORMAT, ask(&client, &key, NULL, &err), &err);
	assert_false(client.connected);
	vault_client_done(&client);
	script_end(&script);
}

static void
an_absent_vault_is_io(void **state)
{
	struct vault_client client;
	struct vault_public_key key = { 0, { 0 } };
	struct err err = { .st = ST_OK };

	(void)state;
	vault_client_init(&client, "/nonexistent/vault.sock");
	check_status(ST_IO, ask(&client, &key, NULL, &err), &err);
	assert_int_equal(client.failure, VAULT_FAILURE_NONE);
	vault_client_done(&client);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_with_its_descriptor),
		cmocka_unit_test(each_failure_has_its_status),
		cmocka_unit_test(
			a_connection_closed_between_requests_is_replaced),
		cmocka_unit_test(a_connection_broken_after_the_request_is_io),
		cmocka_unit_test(an_answer_to_something_else_is_refused),
		cmocka_unit_test(an_absent_vault_is_io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
