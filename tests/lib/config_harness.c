#include "tests/lib/config_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum status
load_text(const char *text, struct config **config_out, struct err *err)
{
	char path[] = "/tmp/sk-conf-XXXXXX";
	AUTO(fd_close) int fd = mkstemp(path);

	assert_true(fd >= 0);
	check_status(ST_OK, fd_write_all(fd, span_of(text), err), err);
	const enum status st = config_load(path, config_out, err);

	(void)unlink(path);
	if (st != ST_OK && strncmp(err->text, path, strlen(path)) == 0) {
		const size_t rest = strlen(err->text + strlen(path)) + 1;

		memmove(err->text + 1, err->text + strlen(path), rest);
		err->text[0] = 'F';
	}
	return st;
}

void
check_refused(const char *text, const char *want)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };
	const enum status st = load_text(text, &config, &err);

	if (st == ST_OK)
		fail_msg("not refused, want %s:\n%s", want, text);
	assert_null(config);
	assert_string_equal(err.text, want);
	assert_int_equal(st, ST_FORMAT);
}
