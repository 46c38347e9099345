/* Tests of lib/proc/notify.h, in the order of its promises. */
#include "lib/proc/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "tests/harness/check.h"

enum { TEXT_BYTES = 128 };

/* A manager that listens under name, as the variable has it. */
struct manager {
	char dir[32];
	char name[64];
	int fd;
};

static void
manager_start(struct manager *manager, bool abstract)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len_bytes = 0;

	memcpy(manager->dir, "/tmp/sk-notify-XXXXXX", 22);
	assert_non_null(mkdtemp(manager->dir));
	(void)snprintf(manager->name, sizeof(manager->name), "%s%s/socket",
		       abstract ? "@" : "", manager->dir);
	len_bytes = strlen(manager->name);
	memcpy(address.sun_path, manager->name, len_bytes);
	if (abstract)
		address.sun_path[0] = '\0';
	else
		len_bytes++;
	manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_true(manager->fd >= 0);
	assert_int_equal(
		bind(manager->fd, (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				 len_bytes)),
		0);
	assert_int_equal(setenv("NOTIFY_SOCKET", manager->name, 1), 0);
}

static void
manager_stop(struct manager *manager)
{
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	fd_close(&manager->fd);
	if (manager->name[0] == '/')
		assert_int_equal(unlink(manager->name), 0);
	assert_int_equal(rmdir(manager->dir), 0);
}

/* What the manager hears when state is told. */
static void
manager_hears(struct manager *manager, enum notify_state state,
	      char text[TEXT_BYTES])
{
	struct err err = { 0 };
	ssize_t len = 0;

	check_status(ST_OK, notify_tell(state, &err), &err);
	len = recv(manager->fd, text, TEXT_BYTES - 1, 0);
	assert_true(len > 0);
	text[len] = '\0';
}

static void
each_state_has_its_word(void **state)
{
	struct manager manager;
	char text[TEXT_BYTES];
	int64_t told_us = 0;

	(void)state;
	manager_start(&manager, false);
	manager_hears(&manager, NOTIFY_READY, text);
	assert_string_equal(text, "READY=1");
	manager_hears(&manager, NOTIFY_STOPPING, text);
	assert_string_equal(text, "STOPPING=1");
	manager_hears(&manager, NOTIFY_RELOADING, text);
	assert_int_equal(strncmp(text, "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
	told_us = strtoll(text + 27, NULL, 10);
	assert_in_range(clock_mono_ms() - told_us / 1000, 0, 5000);
	manager_stop(&manager);
}

static void
abstract_names_are_reached(void **state)
{
	struct manager manager;
	char text[TEXT_BYTES];

	(void)state;
	manager_start(&manager, true);
	manager_hears(&manager, NOTIFY_READY, text);
	assert_string_equal(text, "READY=1");
	manager_stop(&manager);
}

static void
without_a_manager_nothing_happens(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	check_status(ST_OK, notify_tell(NOTIFY_READY, &err), &err);
}

static void
a_name_that_is_no_socket_is_refused(void **state)
{
	char long_name[256] = "/";
	const char *const names[] = {
		"", "@", "/", "x", "vsock:2:1", long_name
	};
	struct err err = { 0 };

	(void)state;
	memset(long_name + 1, 'a', sizeof(long_name) - 2);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		check_status(ST_FORMAT, notify_tell(NOTIFY_READY, &err), &err);
	}
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
}

static void
a_manager_that_is_gone_is_said(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1), 0);
	check_status(ST_IO, notify_tell(NOTIFY_READY, &err), &err);
	assert_non_null(strstr(err.text, "/nonexistent/notify"));
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_has_its_word),
		cmocka_unit_test(abstract_names_are_reached),
		cmocka_unit_test(without_a_manager_nothing_happens),
		cmocka_unit_test(a_name_that_is_no_socket_is_refused),
		cmocka_unit_test(a_manager_that_is_gone_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
