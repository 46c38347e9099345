/* sekimori-milter as a program: --policy-test end to end, with the scanner
 * that was built; arguments. */
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/milter/fixture.h"

enum { PROGRAM_MAX_ARGS = 20, PROGRAM_OUT_BYTES = 1 << 20 };

static char dir[FIXTURE_DIR_BYTES];
static char config_path[200];
static char mail_path[200];
static struct sbuf out;

static const char mail_text[] =
	"From: taro@example.co.jp\nSubject: x\nX-Sekimori-Tag: old\n"
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
	"Content-Transfer-Encoding: 8bit\n\n"
	"マイナンバーは 123456789018 です。\n";

static void
write_file(char path[200], const char *name, const char *text)
{
	struct err err;

	(void)snprintf(path, 200, "%s/%s", dir, name);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0600, &err),
		     &err);
}

static int
prepare(void **state)
{
	char build[PATH_MAX];
	char general[PATH_MAX + 40];
	const char *top = getenv("top_builddir");
	struct config *config = NULL;

	(void)state;
	assert_non_null(realpath(top != NULL ? top : ".", build));
	(void)snprintf(general, sizeof(general), "program_dir = \"%s\"", build);
	fixture_make_dir(dir);
	/* The fixture leaves the file that it loaded. */
	config = fixture_config(dir, general, "",
				"rule \"second look\" {\n"
				"verdict = { found }\naction = hold\n"
				"approvers = \"hr\"\nexpires = 90m\n"
				"direction = { outgoing, foreign }\n}\n"
				"rule \"the rest\" { action = deliver }\n");
	config_free(&config);
	(void)snprintf(config_path, sizeof(config_path), "%s/sekimori.conf",
		       dir);
	write_file(mail_path, "m.eml", mail_text);
	sbuf_init(&out, PROGRAM_OUT_BYTES);
	return 0;
}

static int
clean_up(void **state)
{
	(void)state;
	sbuf_done(&out);
	fixture_remove_dir(dir);
	return 0;
}

/* Run with arguments (NULL-terminated); both outputs go to out. */
static int
run(const char *const *args)
{
	const char *argv[PROGRAM_MAX_ARGS] = { "sekimori-milter" };
	const char *top = getenv("top_builddir");
	char path[PATH_MAX];
	struct err err;
	int ends[2] = { FD_NONE, FD_NONE };
	int status = 0;

	for (size_t i = 0; args[i] != NULL; i++)
		argv[i + 1] = args[i];
	(void)snprintf(path, sizeof(path), "%s/sekimori-milter",
		       top != NULL ? top : ".");
	assert_int_equal(pipe(ends), 0);
	const pid_t pid = fork();

	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)execv(path, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(ends[1]);
	sbuf_clear(&out);
	check_status(ST_OK, fd_slurp(ends[0], &out, &err), &err);
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

#define RUN(...)  run((const char *const[]){ __VA_ARGS__, NULL })
#define HAS(text) assert_non_null(strstr(sbuf_text(&out), text))

static void
a_policy_test_names_verdict_rule_and_action_of_each_recipient(void **state)
{
	(void)state;
	assert_int_equal(RUN("--config", config_path, "--policy-test", "--from",
			     "taro@example.co.jp", "--to", "b@y.test", "--to",
			     "in@example.co.jp", mail_path),
			 EX_OK);
	HAS("verdict: found, level sure");
	HAS("********9018");
	assert_null(strstr(sbuf_text(&out), "123456789018"));
	HAS("b@y.test: hold by rule \"second look\" (approvers hr, "
	    "expires after 90 min)");
	HAS("in@example.co.jp: deliver by rule \"the rest\"");
	HAS("would remove: X-Sekimori-Tag");
	HAS("answer to the MTA: accept");
}

static void
a_mail_that_cannot_be_read_is_no_answer(void **state)
{
	(void)state;
	assert_int_equal(RUN("--config", config_path, "--policy-test", "--from",
			     "", "--to", "b@y.test", "/nonexistent"),
			 EX_NOINPUT);
}

static void
a_wrong_configuration_stops_the_start_with_file_and_line(void **state)
{
	char path[200];

	(void)state;
	write_file(path, "bad.conf", "general {\nbogus = 1\n}\n");
	assert_int_equal(RUN("--config", path), EX_CONFIG);
	HAS("bad.conf:2:");
}

static void
arguments_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	assert_int_equal(RUN("--bogus"), EX_USAGE);
	assert_int_equal(RUN("--config"), EX_USAGE);
	assert_int_equal(run((const char *const[]){ NULL }), EX_USAGE);
	assert_int_equal(RUN("--config", config_path, mail_path), EX_USAGE);
	assert_int_equal(
		RUN("--config", config_path, "--policy-test", mail_path),
		EX_USAGE);
	assert_int_equal(RUN("--config", config_path, "--policy-test", "--from",
			     "", "--to", "a@x.test", "one", "two"),
			 EX_USAGE);
	assert_int_equal(RUN("--version"), EX_OK);
	HAS("sekimori-milter " SEKIMORI_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_policy_test_names_verdict_rule_and_action_of_each_recipient),
		cmocka_unit_test(a_mail_that_cannot_be_read_is_no_answer),
		cmocka_unit_test(
			a_wrong_configuration_stops_the_start_with_file_and_line),
		cmocka_unit_test(arguments_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
