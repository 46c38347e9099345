/* "sekimori scan", end to end: the program, its scanner, its worker. */
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/options.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { DESK_PATH_BYTES = 200, DESK_MAX_ARGS = 12, DESK_OUT_BYTES = 1 << 20 };

/* A directory with inputs, and what the last run printed. */
struct desk {
	char dir[32];
	char found[DESK_PATH_BYTES];
	char clean[DESK_PATH_BYTES];
	char unread[DESK_PATH_BYTES];
	char inner[DESK_PATH_BYTES]; /* a directory with one found file */
	char inner_file[DESK_PATH_BYTES + 8];
	struct sbuf out;
	struct sbuf errors;
};

static const char numbered_mail[] =
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n"
	"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	"Content-Transfer-Encoding: 8bit\r\n\r\n"
	"マイナンバーは 123456789018 です。\r\n";

static void
desk_write(char path[DESK_PATH_BYTES], const char *dir, const char *name,
	   struct span bytes)
{
	struct err err;

	(void)snprintf(path, DESK_PATH_BYTES, "%s/%s", dir, name);
	const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	check_status(ST_OK, fd_write_all(fd, bytes, &err), &err);
	(void)close(fd);
}

static int
desk_open(void **state)
{
	static const uint8_t archive[] = "xar!\0\x1c\0\1 nothing here";
	struct desk *desk = calloc(1, sizeof(*desk));

	memcpy(desk->dir, "/tmp/sk-scan-XXXXXX", 20);
	assert_non_null(mkdtemp(desk->dir));
	desk_write(desk->found, desk->dir, "found.eml", span_of(numbered_mail));
	desk_write(desk->clean, desk->dir, "clean.txt", span_of("hello\n"));
	desk_write(desk->unread, desk->dir, "x.xar",
		   (struct span){ archive, sizeof(archive) });
	(void)snprintf(desk->inner, sizeof(desk->inner), "%s/inner", desk->dir);
	assert_int_equal(mkdir(desk->inner, 0700), 0);
	desk_write(desk->inner_file, desk->inner, "a.eml",
		   span_of(numbered_mail));
	sbuf_init(&desk->out, DESK_OUT_BYTES);
	sbuf_init(&desk->errors, DESK_OUT_BYTES);
	*state = desk;
	return 0;
}

static int
desk_close(void **state)
{
	struct desk *desk = *state;

	(void)unlink(desk->inner_file);
	(void)rmdir(desk->inner);
	(void)unlink(desk->found);
	(void)unlink(desk->clean);
	(void)unlink(desk->unread);
	(void)rmdir(desk->dir);
	sbuf_done(&desk->out);
	sbuf_done(&desk->errors);
	free(desk);
	return 0;
}

static void
desk_exec(const char *input, int out, int errors, const char *const *args)
{
	const char *build = getenv("top_builddir");
	const char *argv[DESK_MAX_ARGS + 3] = { "sekimori", "scan" };
	char path[PATH_MAX];
	const int in =
		open(input != NULL ? input : "/dev/null", O_RDONLY | O_CLOEXEC);
	size_t count = 0;

	for (; args[count] != NULL; count++)
		argv[count + 2] = args[count];
	argv[count + 2] = NULL;
	(void)snprintf(path, sizeof(path), "%s/sekimori",
		       build != NULL ? build : ".");
	(void)dup2(in, STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(errors, STDERR_FILENO);
	(void)execv(path, (char *const *)(uintptr_t)argv);
	_exit(126);
}

static void
desk_slurp(int fd, struct sbuf *to)
{
	struct err err;

	sbuf_clear(to);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(fd, to, &err), &err);
	(void)close(fd);
}

/* Run "sekimori scan ARGS" on input; its exit status. */
static int
desk_scan(struct desk *desk, const char *input, const char *const *args)
{
	int out = FD_NONE;
	int errors = FD_NONE;
	int status = 0;
	struct err err;

	check_status(ST_OK, fd_memory("out", &out, &err), &err);
	check_status(ST_OK, fd_memory("errors", &errors, &err), &err);
	const pid_t pid = fork();

	if (pid == 0)
		desk_exec(input, out, errors, args);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	desk_slurp(out, &desk->out);
	desk_slurp(errors, &desk->errors);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define SCAN(desk, input, ...) \
	desk_scan(desk, input, (const char *const[]){ __VA_ARGS__, NULL })

/* Object number i of the JSON lines. */
static json_t *
desk_json(const struct desk *desk, size_t i)
{
	const char *at = sbuf_text(&desk->out);
	const char *end = NULL;
	json_t *root = NULL;

	for (; i > 0; i--)
		at = strchr(at, '\n') + 1;
	end = strchr(at, '\n');
	assert_non_null(end);
	root = json_loadb(at, (size_t)(end - at), 0, NULL);
	assert_non_null(root);
	return root;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

static void
exit_status_is_that_of_the_worst(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, desk->clean), 0);
	assert_int_equal(SCAN(desk, NULL, desk->found), 1);
	assert_int_equal(SCAN(desk, NULL, desk->unread), 2);
	assert_int_equal(SCAN(desk, NULL, desk->unread, desk->found), 1);
	assert_int_equal(SCAN(desk, NULL, desk->clean, desk->unread), 2);
	assert_int_equal(SCAN(desk, NULL, desk->found, "/nonexistent"),
			 EX_NOINPUT);
	/* The others were scanned all the same. */
	assert_non_null(strstr(sbuf_text(&desk->out), "found"));
}

/* Where neither a list of processes nor a shell's history has them. */
static void
passwords_come_from_standard_input(void **state)
{
	struct desk *desk = *state;
	const char *top = getenv("top_srcdir");
	char locked[PATH_MAX];
	char words[PATH_MAX];
	char many[2 * (OPTION_LIST_ROOM + 1)];

	(void)snprintf(locked, sizeof(locked),
		       "%s/tests/data/locks/zipcrypto.zip",
		       top != NULL ? top : ".");
	desk_write(words, desk->dir, "words.txt",
		   span_of("wrong\n\nsecret\r\n"));
	assert_int_equal(
		SCAN(desk, words, "--json", "--password-stdin", locked), 1);
	assert_non_null(strstr(sbuf_text(&desk->out), "\"source\":\"given\""));
	assert_null(strstr(sbuf_text(&desk->out), "secret"));
	/* Nothing came, and what comes cannot be the file as well. */
	assert_int_equal(SCAN(desk, NULL, "--password-stdin", locked),
			 EX_NOINPUT);
	assert_int_equal(SCAN(desk, words, "--password-stdin", "-"), EX_USAGE);
	(void)unlink(words);
	/* None of too many is left out in silence. */
	for (size_t i = 0; i < sizeof(many); i += 2)
		memcpy(many + i, "a\n", 2);
	desk_write(words, desk->dir, "words.txt",
		   (struct span){ (const uint8_t *)many, sizeof(many) });
	assert_int_equal(SCAN(desk, words, "--password-stdin", locked),
			 EX_USAGE);
	(void)unlink(words);
}

static void
a_preview_shows_the_text_and_hides_numbers(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, "--preview", desk->found), 0);
	assert_non_null(
		strstr(sbuf_text(&desk->out),
		       "* line 1: マイナンバーは ●●●●●●●●●●●● です。\n"));
	assert_null(strstr(sbuf_text(&desk->out), "9018"));
	assert_int_equal(SCAN(desk, NULL, "--preview", "--reveal", desk->found),
			 0);
	assert_non_null(
		strstr(sbuf_text(&desk->out),
		       "* line 1: マイナンバーは 123456789018 です。\n"));
	/* What would be ignored is refused. */
	assert_int_equal(SCAN(desk, NULL, "--preview", "--json", desk->found),
			 EX_USAGE);
}

static void
json_has_the_agreed_shape(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, "--json", desk->found), 1);
	json_t *root = desk_json(desk, 0);
	const json_t *findings = json_object_get(root, "findings");
	const json_t *finding = json_array_get(findings, 0);
	const json_t *term =
		json_array_get(json_object_get(finding, "evidence"), 0);

	assert_int_equal(json_integer_value(json_object_get(root, "format")),
			 1);
	assert_string_equal(text_of(root, "file"), desk->found);
	assert_string_equal(text_of(root, "verdict"), "found");
	assert_string_equal(text_of(root, "level"), "sure");
	assert_true(json_integer_value(json_object_get(root, "score")) >= 10);
	assert_true(json_is_integer(json_object_get(root, "elapsed_ms")));
	assert_int_equal(json_array_size(json_object_get(root, "unscannable")),
			 0);
	assert_int_equal(json_array_size(findings), 1);
	(void)text_of(finding, "part");
	assert_string_equal(text_of(finding, "location"), "line 1");
	assert_string_equal(text_of(finding, "masked"), "********9018");
	assert_string_equal(text_of(finding, "level"), "sure");
	assert_null(json_object_get(finding, "number"));
	assert_true(json_real_value(json_object_get(finding, "confidence")) >
		    0.9);
	(void)text_of(term, "name");
	assert_true(json_is_integer(json_object_get(term, "weight")));
	assert_string_equal(text_of(root, "profile"), "standard");
	assert_int_equal(json_integer_value(json_object_get(root, "numbers")),
			 1);
	assert_int_equal(json_integer_value(json_object_get(finding, "count")),
			 1);
	assert_int_equal(json_object_size(root), 10);
	json_decref(root);
}

static void
without_a_finding_level_and_score_are_null(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, "--json", desk->clean, desk->unread),
			 2);
	json_t *clean = desk_json(desk, 0);
	json_t *unread = desk_json(desk, 1);
	const json_t *why =
		json_array_get(json_object_get(unread, "unscannable"), 0);

	assert_string_equal(text_of(clean, "verdict"), "clean");
	assert_true(json_is_null(json_object_get(clean, "level")));
	assert_true(json_is_null(json_object_get(clean, "score")));
	assert_string_equal(text_of(unread, "verdict"), "unscannable");
	assert_string_equal(text_of(why, "part"), "x.xar");
	assert_string_equal(text_of(why, "reason"), "unknown-container");
	assert_string_equal(text_of(why, "detail"), "xar");
	json_decref(clean);
	json_decref(unread);
}

/* Which limit, which lock: also without --explain, for programs read it. */
static void
check_detail(struct desk *desk, const char *path, const char *reason,
	     const char *detail)
{
	assert_int_equal(SCAN(desk, NULL, "--json", path), 2);
	json_t *root = desk_json(desk, 0);
	const json_t *why =
		json_array_get(json_object_get(root, "unscannable"), 0);

	assert_string_equal(text_of(why, "reason"), reason);
	assert_string_equal(text_of(why, "detail"), detail);
	json_decref(root);
}

static void
json_says_which_limit_and_which_lock(void **state)
{
	struct desk *desk = *state;
	char path[PATH_MAX];
	struct sbuf mail;
	struct err err;

	(void)snprintf(path, sizeof(path), "%s/tests/data/archive/strong.zip",
		       getenv("top_srcdir"));
	check_detail(desk, path, "locked", "zip: strong encryption");

	sbuf_init(&mail, DESK_OUT_BYTES);
	for (size_t i = 0; i < 100; i++)
		sbuf_add_text(&mail, "From: a@example.com\nMIME-Version: 1.0\n"
				     "Content-Type: message/rfc822\n\n");
	(void)snprintf(path, sizeof(path), "%s/deep.eml", desk->dir);
	check_status(ST_OK, fd_replace_file(path, sbuf_span(&mail), 0600, &err),
		     &err);
	check_detail(desk, path, "limit", "limit depth 16");
	(void)unlink(path);
	sbuf_done(&mail);
}

static void
numbers_are_shown_only_to_who_asks(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, "--json", "--explain", desk->found),
			 1);
	assert_null(strstr(sbuf_text(&desk->out), "123456789018"));
	assert_int_equal(SCAN(desk, NULL, "--explain", desk->found), 1);
	assert_null(strstr(sbuf_text(&desk->out), "123456789018"));
	assert_int_equal(SCAN(desk, NULL, "--json", "--reveal", desk->found),
			 1);
	json_t *root = desk_json(desk, 0);

	assert_string_equal(
		text_of(json_array_get(json_object_get(root, "findings"), 0),
			"number"),
		"123456789018");
	json_decref(root);
	assert_int_equal(SCAN(desk, NULL, "--reveal", desk->found), 1);
	assert_non_null(strstr(sbuf_text(&desk->out), "123456789018"));
}

static void
people_get_a_table_and_reasons(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(
		SCAN(desk, NULL, "--explain", desk->found, desk->unread), 1);
	assert_non_null(strstr(sbuf_text(&desk->out), "found.eml: found"));
	assert_non_null(strstr(sbuf_text(&desk->out), "********9018"));
	assert_non_null(strstr(sbuf_text(&desk->out), "check.valid"));
	assert_non_null(
		strstr(sbuf_text(&desk->out), "the check digit fits\n"));
	assert_non_null(strstr(sbuf_text(&desk->out),
			       "together: sure (from +10 on)\n"));
	/* The words around it, without a number. */
	assert_non_null(strstr(sbuf_text(&desk->out),
			       "マイナンバーは ************ です。"));
	assert_non_null(strstr(sbuf_text(&desk->out), "not read: x.xar: "));
}

static void
standard_input_is_a_dash(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, desk->found, "--json", "-"), 1);
	json_t *root = desk_json(desk, 0);

	assert_string_equal(text_of(root, "file"), "-");
	json_decref(root);
}

static void
directories_need_r(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, desk->inner), EX_NOINPUT);
	assert_non_null(strstr(sbuf_text(&desk->errors), "-r"));
	assert_int_equal(SCAN(desk, NULL, "-r", "--json", desk->dir), 1);
	json_t *first = desk_json(desk, 0);
	json_t *last = desk_json(desk, 3);

	assert_string_equal(text_of(first, "file"), desk->clean);
	assert_string_equal(text_of(last, "file"), desk->unread);
	json_decref(first);
	json_decref(last);
}

static void
the_strict_profile_finds_a_lone_number(void **state)
{
	char lone[DESK_PATH_BYTES];
	struct desk *desk = *state;

	desk_write(lone, desk->dir, "lone.txt", span_of("123456789018\n"));
	assert_int_equal(SCAN(desk, NULL, "--json", lone), 0);
	assert_int_equal(
		SCAN(desk, NULL, "--json", "--profile", "standard", lone), 0);
	assert_int_equal(
		SCAN(desk, NULL, "--json", "--profile", "strict", lone), 1);
	(void)unlink(lone);
	json_t *report = desk_json(desk, 0);

	assert_string_equal(text_of(report, "level"), "suspect");
	assert_string_equal(text_of(report, "profile"), "strict");
	assert_int_equal(json_integer_value(json_object_get(report, "score")),
			 2);
	json_decref(report);
}

static void
what_is_no_option_is_refused(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(SCAN(desk, NULL, "--profile", "odd", desk->clean),
			 EX_USAGE);
	assert_int_equal(SCAN(desk, NULL, "--odd", desk->clean), EX_USAGE);
	assert_int_equal(SCAN(desk, NULL, "--json"), EX_USAGE);
	assert_int_equal(sbuf_span(&desk->out).len_bytes, 0);
}

#define DESK_TEST(name) \
	cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		DESK_TEST(exit_status_is_that_of_the_worst),
		DESK_TEST(a_preview_shows_the_text_and_hides_numbers),
		DESK_TEST(json_has_the_agreed_shape),
		DESK_TEST(without_a_finding_level_and_score_are_null),
		DESK_TEST(json_says_which_limit_and_which_lock),
		DESK_TEST(numbers_are_shown_only_to_who_asks),
		DESK_TEST(people_get_a_table_and_reasons),
		DESK_TEST(standard_input_is_a_dash),
		DESK_TEST(directories_need_r),
		DESK_TEST(the_strict_profile_finds_a_lone_number),
		DESK_TEST(what_is_no_option_is_refused),
		DESK_TEST(passwords_come_from_standard_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
