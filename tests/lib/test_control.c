/* Tests of lib/wire/control.h, in the order of its promises. */
#include "lib/wire/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

static void
path_is_made_of_directory_and_program(void **state)
{
	struct err err = { 0 };
	char path[64];

	(void)state;
	check_status(ST_OK,
		     control_path("/run/x", "sekimori-vault", path,
				  sizeof(path), &err),
		     &err);
	assert_string_equal(path, "/run/x/vault/vault.ctl");
	check_status(ST_OK,
		     control_path("/r", "desk", path, sizeof(path), &err),
		     &err);
	assert_string_equal(path, "/r/desk/desk.ctl");
}

static void
path_that_does_not_fit_is_refused(void **state)
{
	struct err err = { 0 };
	char path[sizeof("/r/desk/desk.ctl") - 1];

	(void)state;
	check_status(ST_LIMIT,
		     control_path("/r", "desk", path, sizeof(path), &err),
		     &err);
}

static enum status
reload_fine(void *context, struct err *err)
{
	(void)err;
	*(int *)context += 1;
	return ST_OK;
}

static enum status
reload_refused(void *context, struct err *err)
{
	*(int *)context += 1;
	return err_set(err, ST_FORMAT, "x.conf:7: no such setting \"colour\"");
}

struct place {
	char dir[32];
	char path[64];
	int listen_fd;
};

static void
place_init(struct place *place)
{
	struct err err = { 0 };

	memcpy(place->dir, "/tmp/sk-control-XXXXXX", 23);
	assert_non_null(mkdtemp(place->dir));
	check_status(ST_OK,
		     control_path(place->dir, "sekimori-test", place->path,
				  sizeof(place->path), &err),
		     &err);
	check_status(ST_OK,
		     channel_listen(place->path, 0600, &place->listen_fd, &err),
		     &err);
}

static void
place_done(struct place *place)
{
	(void)close(place->listen_fd);
	(void)unlink(place->path);
	*strrchr(place->path, '/') = '\0';
	(void)rmdir(place->path);
	(void)rmdir(place->dir);
}

/* A child asks; this process serves. The child's exit status tells which
 * status came back, its words go to text. */
static enum status
ask(const struct control_handler *handler, enum control_verb verb,
    struct err *err_out)
{
	struct place place;
	int ends[2];
	int status = 0;

	place_init(&place);
	assert_int_equal(pipe(ends), 0);
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = { 0 };
		const enum status st = control_ask(place.path, verb, &err);

		(void)!write(ends[1], &err, sizeof(err));
		_exit((int)st);
	}
	control_serve(place.listen_fd, handler);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(read(ends[0], err_out, sizeof(*err_out)),
			 sizeof(*err_out));
	(void)close(ends[0]);
	(void)close(ends[1]);
	place_done(&place);
	assert_true(WIFEXITED(status));
	return (enum status)WEXITSTATUS(status);
}

static void
ping_is_answered_without_a_reload(void **state)
{
	int reloads = 0;
	const struct control_handler handler = { "sekimori-test", reload_fine,
						 &reloads };
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, ask(&handler, CONTROL_PING, &err), &err);
	assert_int_equal(reloads, 0);
}

static void
reload_calls_the_handler_once(void **state)
{
	int reloads = 0;
	const struct control_handler handler = { "sekimori-test", reload_fine,
						 &reloads };
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, ask(&handler, CONTROL_RELOAD, &err), &err);
	assert_int_equal(reloads, 1);
}

static void
refusal_comes_back_with_its_words(void **state)
{
	int reloads = 0;
	const struct control_handler handler = { "sekimori-test",
						 reload_refused, &reloads };
	struct err err = { 0 };

	(void)state;
	check_status(ST_DENIED, ask(&handler, CONTROL_RELOAD, &err), &err);
	assert_string_equal(err.text, "x.conf:7: no such setting \"colour\"");
	assert_int_equal(reloads, 1);
}

static void
nobody_there_is_an_io_failure(void **state)
{
	struct err err = { 0 };

	(void)state;
	check_status(ST_IO,
		     control_ask("/nonexistent/x.ctl", CONTROL_PING, &err),
		     &err);
}

static void
garbage_ends_the_connection(void **state)
{
	int reloads = 0;
	const struct control_handler handler = { "sekimori-test", reload_fine,
						 &reloads };
	struct place place;
	int status = 0;

	(void)state;
	place_init(&place);
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		static const uint8_t junk[] = { 0, 0, 0, 4, 0, 0x10,
						0, 1, 0, 0, 0, 99 };
		struct err err = { 0 };
		struct channel channel;
		char byte = 0;

		if (channel_connect(place.path, &channel, &err) != ST_OK)
			_exit(1);
		(void)!write(channel.fd, junk, sizeof(junk));
		_exit(read(channel.fd, &byte, 1) == 0 ? 0 : 2);
	}
	control_serve(place.listen_fd, &handler);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	place_done(&place);
	assert_int_equal(status, 0);
	assert_int_equal(reloads, 0);
}

/* Only root may try this one: it needs a second uid. */
static void
strangers_get_no_answer(void **state)
{
	int reloads = 0;
	const struct control_handler handler = { "sekimori-test", reload_fine,
						 &reloads };
	struct place place;
	int status = 0;

	(void)state;
	if (geteuid() != 0)
		skip();
	place_init(&place);
	assert_int_equal(chmod(place.dir, 0755), 0);
	assert_int_equal(chmod(place.path, 0666), 0);
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = { 0 };

		if (setuid(64009) != 0)
			_exit(99);
		_exit(control_ask(place.path, CONTROL_RELOAD, &err) == ST_IO
			      ? 0
			      : 1);
	}
	control_serve(place.listen_fd, &handler);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	place_done(&place);
	assert_int_equal(status, 0);
	assert_int_equal(reloads, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_is_made_of_directory_and_program),
		cmocka_unit_test(path_that_does_not_fit_is_refused),
		cmocka_unit_test(ping_is_answered_without_a_reload),
		cmocka_unit_test(reload_calls_the_handler_once),
		cmocka_unit_test(refusal_comes_back_with_its_words),
		cmocka_unit_test(nobody_there_is_an_io_failure),
		cmocka_unit_test(garbage_ends_the_connection),
		cmocka_unit_test(strangers_get_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
