/* Tests of the command line: usage, messages, exit statuses. What the vault
 * answers is tested with the vault (tests/flow). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/cli/cli_harness.h"
#include "tests/harness/check.h"

/* A directory with a right configuration, all paths inside. */
struct place {
	char dir[32];
	char config[64];
};

static void
place_put(const struct place *place, const char *name, const char *text)
{
	char path[128];
	struct err err = { 0 };

	(void)snprintf(path, sizeof(path), "%s/%s", place->dir, name);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0644, &err),
		     &err);
}

static int
place_init(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	char text[1024];

	assert_non_null(place);
	memcpy(place->dir, "/tmp/sk-cli-XXXXXX", 19);
	assert_non_null(mkdtemp(place->dir));
	/* As root, the key is read as the vault's account. */
	assert_int_equal(chmod(place->dir, 0755), 0);
	(void)snprintf(place->config, sizeof(place->config), "%s/c.conf",
		       place->dir);
	(void)snprintf(text, sizeof(text),
		       "general { local_domains = { a.test } postmaster = "
		       "\"p@a.test\"\n"
		       "run_dir = \"%s/run\" state_dir = \"%s/state\" "
		       "program_dir = \"%s\" }\n"
		       "courier { notice_sender = \"s@a.test\" }\n"
		       "desk { url = \"https://a.test\" }\n"
		       "vault { key = \"file:%s/key\" user = 64001 }\n"
		       "policy { rule last { action = deliver } }\n",
		       place->dir, place->dir, place->dir, place->dir);
	place_put(place, "c.conf", text);
	*state = place;
	return 0;
}

static int
place_done(void **state)
{
	static const char *const names[] = {
		"c.conf", "bad.conf", "words.conf", "key", "key2",
		"escrow", "dir/x",    "dir/x.new",  "dir"
	};
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", place->dir,
			       names[i]);
		(void)remove(path);
	}
	assert_int_equal(rmdir(place->dir), 0);
	free(place);
	return 0;
}

/* cli_check() with this place's configuration; %s in words is its folder. */
static void
check_here(const struct place *place, const char *words, int want_status,
	   const char *want_out, const char *want_err)
{
	char all[1024];

	(void)snprintf(all, sizeof(all), "--config %s %s", place->config,
		       words);
	cli_check(all, want_status, want_out, want_err);
}

static void
without_a_command_the_usage_is_shown(void **state)
{
	(void)state;
	cli_check("", EX_USAGE, NULL, "usage: sekimori [--config FILE]");
	cli_check("--help", 0, "check-config", NULL);
	cli_check("--version", 0, "sekimori ", NULL);
	cli_check("frobnicate", EX_USAGE, NULL,
		  "there is no command \"frobnicate\"");
	cli_check("--frobnicate", EX_USAGE, NULL,
		  "there is no option --frobnicate");
	cli_check("--config", EX_USAGE, NULL, "its value is missing");
}

static void
every_command_tells_its_usage(void **state)
{
	static const char *const commands[] = {
		"audit",
		"audit list",
		"audit verify",
		"audit export",
		"check-config",
		"doctor",
		"hold",
		"hold list",
		"hold show",
		"hold approve",
		"hold return",
		"hold cancel",
		"hold confirm",
		"hold rescan",
		"hold export",
		"hold unlock",
		"key",
		"key create",
		"key escrow",
		"key restore",
		"policy test",
		"reload",
		"run",
		"setup",
		"store",
		"store check",
		"store backup",
		"store restore",
		"user",
		"user list",
		"user add",
		"user change",
		"user password",
		"user enable",
		"user disable",
		"user unlock",
		"user second-factor",
		"user sessions",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		char words[64];
		char usage[64];

		(void)snprintf(words, sizeof(words), "%s --help", commands[i]);
		(void)snprintf(usage, sizeof(usage), "] %s", commands[i]);
		cli_check(words, 0, usage, NULL);
	}
}

static void
misuse_is_said_before_anything_is_done(void **state)
{
	static const struct {
		const char *words;
		const char *want;
	} cases[] = {
		{ "check-config a b", "too many arguments" },
		{ "check-config --dump --sample", "too many arguments" },
		{ "check-config --colour", "there is no option --colour" },
		{ "hold", "usage: sekimori" },
		{ "hold eat", "there is no \"eat\"" },
		{ "hold list --mine --all", "too many arguments" },
		{ "hold list --json=yes", "--json takes no value" },
		{ "hold show", "name one case" },
		{ "hold show xyz", "\"xyz\" is no case id" },
		{ "hold approve", "name one case" },
		{ "hold approve --purpose", "--purpose needs a value" },
		{ "hold return 00000000000000000000000000",
		  "the sender is told why: --comment TEXT" },
		{ "hold cancel --purpose x 00000000000000000000000000",
		  "there is no option --purpose" },
		{ "hold unlock", "name one case" },
		{ "hold unlock --password x", "there is no option --password" },
		{ "hold export ask", "--key and --reason are needed" },
		{ "hold export ask --key 12 --reason x",
		  "--key takes 64 hex digits" },
		{ "hold export key", "name a new file" },
		{ "hold export open x y", "--key, an archive and a folder" },
		{ "hold export consent x", "is no number of an export" },
		{ "hold export fetch 1", "name one export and a new file" },
		{ "user add", "a login and --roles are needed" },
		{ "user add a --roles king", "--roles: of sender" },
		{ "user add a --roles admin --uid x", "--uid takes a number" },
		{ "user add a --roles admin --language fr",
		  "--language: ja or en" },
		{ "user add a --roles admin --roles admin",
		  "--roles stands twice" },
		{ "user add a --roles admin --password secret",
		  "there is no option --password" },
		{ "user change", "name one account" },
		{ "user password", "name one account" },
		{ "user enable", "name one account" },
		{ "user unlock", "name one account" },
		{ "user second-factor a", "--remove" },
		{ "user second-factor --remove", "name one account" },
		{ "user sessions a b", "one account at most" },
		{ "user sessions --end --json", "one of --end and" },
		{ "audit list --limit 0", "--limit takes 1 to 500" },
		{ "audit list --limit 501", "--limit takes 1 to 500" },
		{ "audit list --case x", "\"x\" is no case id" },
		{ "audit export", "name a new file, or -" },
		{ "key create", "name a new file" },
		{ "key escrow", "name a new file, or -" },
		{ "key restore x", "name the escrow copy and a new file" },
		{ "store backup", "name a new file" },
		{ "policy", "say what: test" },
		{ "policy guess", "there is only: test" },
		{ "policy test x", "--from and --to are needed" },
		{ "policy test --from a@b --to c@d", "name one file" },
		{ "run now", "too many arguments" },
		{ "reload now", "there is only: vault" },
		{ "doctor who", "too many arguments" },
		{ "setup now", "too many arguments" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_here(*state, cases[i].words, EX_USAGE, NULL,
			   cases[i].want);
}

static void
a_right_file_is_all_right(void **state)
{
	const struct place *place = *state;

	check_here(place, "check-config", 0, "c.conf: all right\n", NULL);
	check_here(place, "check-config --dump", 0,
		   "general.language = \"ja\"\n", NULL);
	cli_check("check-config --sample", 0, "policy {", NULL);
	cli_check("check-config --man", 0, ".It Va local_domains", NULL);
}

static void
a_bad_file_is_refused_with_file_line_and_reason(void **state)
{
	const struct place *place = *state;
	char words[128];

	place_put(place, "bad.conf",
		  "general {\n\tlocal_domains = { a.test }\n\tcolour = red\n");
	(void)snprintf(words, sizeof(words), "check-config %s/bad.conf",
		       place->dir);
	cli_check(words, EX_CONFIG, NULL,
		  "bad.conf:4: the } is missing for the { of line 1");
	place_put(place, "bad.conf",
		  "general {\n\tlocal_domains = { a.test }\n\tcolour = "
		  "red\n}\n");
	cli_check(words, EX_CONFIG, NULL,
		  "bad.conf:3: there is no setting \"colour\" in \"general\"");
	cli_check("check-config /nonexistent", EX_NOINPUT, NULL,
		  "Write one with \"sekimori setup\"");
}

static void
wrong_words_of_detection_are_refused_too(void **state)
{
	const struct place *place = *state;
	char text[1000];
	char words[128];

	(void)snprintf(text, sizeof(text),
		       "general {\n\tlocal_domains = { a.test }\n"
		       "\tpostmaster = \"p@a.test\"\n}\n"
		       "courier { notice_sender = \"s@a.test\" }\n"
		       "desk { url = \"https://a.test\" }\n"
		       "scanner { words = \"%s/own-words\" }\n"
		       "policy { rule last { action = deliver } }\n",
		       place->dir);
	place_put(place, "words.conf", text);
	(void)snprintf(words, sizeof(words), "check-config %s/words.conf",
		       place->dir);
	cli_check(words, EX_CONFIG, NULL, "own-words cannot be read");
	cli_check(words, EX_CONFIG, NULL, "sekimori.words(5)");
}

static void
without_a_vault_the_answer_says_where_to_look(void **state)
{
	static const char *const commands[] = {
		"hold list",     "user list",
		"audit verify",  "store check",
		"audit list",    "hold show 00000000000000000000000000",
		"user sessions", "user second-factor a --remove",
	};

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		check_here(*state, commands[i], EX_UNAVAILABLE, NULL,
			   "\"sekimori doctor\" looks");
}

static void
doctor_names_what_is_wrong_and_what_to_do(void **state)
{
	const struct place *place = *state;

	check_here(place, "doctor", 1,
		   "WRONG   program-down: A program does not run.\n"
		   "        sekimori-vault: ",
		   NULL);
	check_here(place, "doctor", 1, "        -> ", NULL);
	check_here(place, "doctor --json", 1, "\"check\":\"program-down\"",
		   NULL);
	cli_check("--config /nonexistent doctor", 1, "WRONG   config: ", NULL);
	cli_check("doctor --list", 0, "postfix-default-action (wrong)", NULL);
	cli_check("doctor --list --json", 0, "\"severity\":\"note\"", NULL);
}

static void
reload_shows_each_answer(void **state)
{
	check_here(*state, "reload", EX_UNAVAILABLE, "sekimori-milter: ", NULL);
}

static void
passwords_come_from_standard_input_only(void **state)
{
	const struct place *place = *state;
	AUTO(cli_run_done) struct cli_run run;
	char words[128];

	/* No terminal: the question fails instead of reading something. */
	check_here(place, "user add a --roles admin", EX_NOINPUT, NULL,
		   "there is no terminal");
	(void)snprintf(words, sizeof(words),
		       "--config %s user add a --roles admin "
		       "--password-stdin",
		       place->config);
	cli_run(&run, words, "a long password\n");
	assert_int_equal(run.status, EX_UNAVAILABLE); /* no vault */
	assert_null(strstr(sbuf_text(&run.out), "a long password"));
	assert_null(strstr(sbuf_text(&run.err), "a long password"));
}

static void
a_key_is_made_copied_and_restored(void **state)
{
	const struct place *place = *state;
	AUTO(sbuf_done) struct sbuf first;
	AUTO(sbuf_done) struct sbuf second;
	struct cli_run run;
	char words[256];
	char path[128];
	struct stat info;
	struct err err = { 0 };

	(void)snprintf(words, sizeof(words), "key create %s/key", place->dir);
	check_here(place, words, 0, "key made", NULL);
	check_here(place, words, EX_NOPERM, NULL, NULL);
	(void)snprintf(path, sizeof(path), "%s/key", place->dir);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0400);
	sbuf_init_secret(&first, 4096);
	sbuf_init_secret(&second, 4096);
	check_status(ST_OK, fd_slurp_file(path, &first, &err), &err);
	(void)snprintf(words, sizeof(words),
		       "--config %s key escrow --passphrase-stdin %s/escrow",
		       place->config, place->dir);
	(void)snprintf(path, sizeof(path), "%s/state", place->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(path, 64001, 64001), 0);
	cli_run(&run, words, "a passphrase that is long\n");
	assert_int_equal(run.status, 0);
	cli_run_done(&run);
	(void)snprintf(words, sizeof(words),
		       "key restore --passphrase-stdin %s/escrow %s/key2",
		       place->dir, place->dir);
	cli_run(&run, words, "a passphrase that is wrong\n");
	assert_int_equal(run.status, EX_NOPERM);
	cli_run_done(&run);
	cli_run(&run, words, "a passphrase that is long\n");
	assert_int_equal(run.status, 0);
	cli_run_done(&run);
	(void)snprintf(path, sizeof(path), "%s/key2", place->dir);
	check_status(ST_OK, fd_slurp_file(path, &second, &err), &err);
	assert_string_equal(sbuf_text(&first), sbuf_text(&second));
	(void)snprintf(path, sizeof(path), "%s/state/escrowed", place->dir);
	assert_int_equal(remove(path), 0);
	(void)snprintf(path, sizeof(path), "%s/state", place->dir);
	assert_int_equal(rmdir(path), 0);
}

static void
setup_asks_for_everything_or_names_what_is_missing(void **state)
{
	const struct place *place = *state;
	char words[512];

	check_here(place, "setup --domain a.test", EX_NOINPUT,
		   "c.conf: is there already and is kept", NULL);
	(void)snprintf(words, sizeof(words), "--config %s/dir/x setup",
		       place->dir);
	cli_check(words, EX_NOINPUT, NULL, "setup needs --domain");
	(void)snprintf(words, sizeof(words),
		       "--config %s/dir/x setup --domain a.test --url "
		       "https://a.test",
		       place->dir);
	cli_check(words, EX_NOINPUT, NULL, "setup needs --notice-sender");
	(void)snprintf(words, sizeof(words),
		       "--config %s/dir/x setup --domain a.test --url "
		       "https://a.test --notice-sender s --postmaster p@a.test "
		       "--admin a --approver b:b@a.test --password-stdin",
		       place->dir);
	/* The file is checked before it is put in place, and goes away. */
	cli_check(words, EX_DATAERR, NULL,
		  "courier.notice_sender: \"s\" is not an address");
	(void)snprintf(words, sizeof(words), "%s/dir/x", place->dir);
	assert_int_equal(access(words, F_OK), -1);
	(void)snprintf(words, sizeof(words), "%s/dir/x.new", place->dir);
	assert_int_equal(access(words, F_OK), -1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_command_the_usage_is_shown),
		cmocka_unit_test(every_command_tells_its_usage),
		cmocka_unit_test_setup_teardown(
			misuse_is_said_before_anything_is_done, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(a_right_file_is_all_right,
						place_init, place_done),
		cmocka_unit_test_setup_teardown(
			a_bad_file_is_refused_with_file_line_and_reason,
			place_init, place_done),
		cmocka_unit_test_setup_teardown(
			wrong_words_of_detection_are_refused_too, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(
			without_a_vault_the_answer_says_where_to_look,
			place_init, place_done),
		cmocka_unit_test_setup_teardown(
			doctor_names_what_is_wrong_and_what_to_do, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(reload_shows_each_answer,
						place_init, place_done),
		cmocka_unit_test_setup_teardown(
			passwords_come_from_standard_input_only, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(
			a_key_is_made_copied_and_restored, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(
			setup_asks_for_everything_or_names_what_is_missing,
			place_init, place_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
