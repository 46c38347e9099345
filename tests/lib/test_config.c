/* Tests of lib/config/config.h, in the order of its promises. */
#include "lib/config/config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/config/config_table.h"
#include "lib/config/policy.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

static void
values_come_from_the_file_and_from_the_table(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     load_text(HEAD "milter { max_message = 3M\n"
				    "deadline = 2m record_pairs = no }\n"
				    "vault { lock_for = 1h }\n" POLICY,
			       &config, &err),
		     &err);
	assert_int_equal(config->milter.max_message_bytes, 3 << 20);
	assert_int_equal(config->milter.deadline_ms, 120000);
	assert_false(config->milter.record_pairs);
	assert_int_equal(config->vault.lock_for_s, 3600);
	assert_int_equal(config->milter.progress_ms, 4000);
	assert_true(config->scanner.workers == 4);
	assert_string_equal(config->general.language, "ja");
	assert_int_equal(config->general.local_domains.count, 2);
	assert_string_equal(config->general.local_domains.items[1],
			    "*.example.org");
	assert_int_equal(config->general.domain_aliases.count, 0);
}

static void
a_list_may_have_a_default_and_be_emptied(void **state)
{
	AUTO(config_free) struct config *plain = NULL;
	AUTO(config_free) struct config *empty = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, load_text(HEAD POLICY, &plain, &err), &err);
	assert_int_equal(plain->vault.second_factor.count, 2);
	assert_string_equal(plain->vault.second_factor.items[0], "handler");
	assert_string_equal(plain->vault.second_factor.items[1], "admin");
	check_status(ST_OK,
		     load_text(HEAD "vault { second_factor = { } }\n" POLICY,
			       &empty, &err),
		     &err);
	assert_int_equal(empty->vault.second_factor.count, 0);
	check_status(
		ST_FORMAT,
		load_text(HEAD
			  "vault { second_factor = { \"root\" } }\n" POLICY,
			  &plain, &err),
		&err);
}

static void
paths_are_made_of_settings(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, load_text(HEAD POLICY, &config, &err), &err);
	assert_string_equal(config->vault_socket,
			    "/run/sekimori/vault/vault.sock");
	assert_string_equal(config->scanner_socket,
			    "/run/sekimori/scanner/scanner.sock");
	assert_string_equal(config->general.program_dir, SEKIMORI_LIBEXECDIR);
	assert_string_equal(config->general.data_dir, SEKIMORI_DATADIR);
	assert_true(config->general.host_name[0] != '\0');
}

static void
missing_file_is_not_found(void **state)
{
	struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_NOT_FOUND, config_load("/nonexistent", &config, &err),
		     &err);
	assert_null(config);
}

/* What libconfuse would take without a word. */
static void
traps_of_libconfuse_are_refused(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ HEAD "policy { " LAST_RULE,
		  "F:6: the } is missing for the { of line 6" },
		{ HEAD POLICY "vault {",
		  "F:7: the } is missing for the { of line 7" },
		{ HEAD POLICY "}",
		  "F:7: a setting or section expected before \"}\"" },
		{ HEAD POLICY "milter { drain = 1s\n drain = 2s }",
		  "F:8: \"milter.drain\" stands already in line 7" },
		{ HEAD POLICY "desk { }",
		  "F:7: \"desk\" stands already in line 4" },
		{ HEAD "policy { rule a { action = hold approvers = x\n"
		       " verdict = { found } }\n rule 'a' { action = deliver "
		       "} }",
		  "F:8: \"policy.rule\" of the same name stands already in "
		  "line 6" },
		{ HEAD POLICY "vault { key = \"file:${HOME}/key\" }",
		  "F:7: ${...} is not expanded here; write '...' for the "
		  "characters themselves" },
		{ HEAD POLICY "vault { key = ${HOME} }",
		  "F:7: unexpected '$'; put values with special characters "
		  "between quotes" },
		{ HEAD POLICY "vault { user = a; }",
		  "F:7: unexpected ';'; put values with special characters "
		  "between quotes" },
		{ HEAD POLICY "scanner { workers += 2 }",
		  "F:7: unexpected '+'; put values with special characters "
		  "between quotes" },
		{ HEAD POLICY "include(\"/etc/passwd\")",
		  "F:7: unexpected '('; put values with special characters "
		  "between quotes" },
		{ HEAD POLICY "vault { user = /a//b }",
		  "F:7: put a value with // or /* between quotes" },
		{ HEAD POLICY "vault { user = \"a\\d\" }",
		  "F:7: backslash: write \\\\ in \"...\", or use '...'" },
		{ HEAD POLICY "vault { user = \"a\nb\" }",
		  "F:7: text is not closed on its line" },
		{ HEAD POLICY "/* a", "F:7: comment is not closed" },
		{ HEAD POLICY "\x01", "F:7: control character 0x01" },
		{ HEAD POLICY "vault { user = \"\xff\" }",
		  "F:1: the file is not UTF-8" },
		{ HEAD POLICY "vault { user = \xe3\x81\x82 }",
		  "F:7: put the text between quotes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refused(cases[i].text, cases[i].want);
}

static void
unknown_words_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ HEAD POLICY "\nmilter {\n  colour = red\n}",
		  "F:9: there is no setting \"colour\" in \"milter\"" },
		{ HEAD POLICY "gate { }",
		  "F:7: there is no section \"gate\"" },
		{ HEAD POLICY "mode = monitor",
		  "F:7: setting \"mode\" stands outside of every section" },
		{ HEAD POLICY "milter x { }",
		  "F:7: this section has no name before its {" },
		{ HEAD POLICY "list { items = {a} }",
		  "F:7: a list needs a name: list \"name\" {" },
		{ HEAD POLICY "list a { item = {a} }",
		  "F:7: there is no setting \"item\" in \"list\"" },
		{ HEAD "policy { colour = red " LAST_RULE " }",
		  "F:6: in \"policy\" stand only rules: rule \"name\" {" },
		{ HEAD "policy { rule { action = deliver } }",
		  "F:6: in \"policy\" stand only rules: rule \"name\" {" },
		{ HEAD "policy { rule a { sender { } } }",
		  "F:6: sections are nested too deep" },
		{ HEAD POLICY "milter { drain { } }",
		  "F:7: there is no section \"drain\" in \"milter\"" },
		{ HEAD POLICY "milter { drain = {1s, 2s} }",
		  "F:7: \"drain\" takes one value, not a list" },
		{ HEAD POLICY "milter { drain }",
		  "F:7: = or { expected before \"}\"" },
		{ HEAD POLICY "milter { drain = }",
		  "F:7: a value expected before \"}\"" },
		{ HEAD POLICY "milter { drain = ",
		  "F:7: a value expected, but the file ends" },
		{ HEAD POLICY "general = 5",
		  "F:7: \"general\" stands already in line 1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refused(cases[i].text, cases[i].want);
}

static void
values_out_of_range_are_refused(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "scanner { workers = 0 }",
		  "F:7: scanner.workers: \"0\" is out of range; allowed: 1 to "
		  "256" },
		{ "scanner { workers = 257 }",
		  "F:7: scanner.workers: \"257\" is out of range; allowed: 1 "
		  "to 256" },
		{ "scanner { workers = two }",
		  "F:7: scanner.workers: \"two\" is not a number" },
		{ "scanner { wall = 50ms }",
		  "F:7: scanner.wall: \"50ms\" is out of range; allowed: "
		  "100ms to 5m" },
		{ "scanner { wall = 15 }",
		  "F:7: scanner.wall: \"15\" is not a time such as 500ms, 30s "
		  "or 15m" },
		{ "vault { lock_for = 500ms }",
		  "F:7: vault.lock_for: \"500ms\" is not a time such as 30s, "
		  "15m, 12h or 7d" },
		{ "milter { max_message = 1.5M }",
		  "F:7: milter.max_message: \"1.5M\" is not a size such as "
		  "64K, 100M or 1G" },
		{ "milter { max_message = 99999999999999999999G }",
		  "F:7: milter.max_message: \"99999999999999999999G\" is not a "
		  "size such as 64K, 100M or 1G" },
		{ "milter { record_pairs = maybe }",
		  "F:7: milter.record_pairs: write yes or no" },
		{ "courier { notice_name = x tls = always }",
		  "F:7: \"courier\" stands already in line 3" },
		{ "milter { spool_dir = tmp }",
		  "F:7: milter.spool_dir: write the whole path, from /" },
		{ "milter { socket = \"\" }", "F:7: milter.socket: is empty" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[1024];

		(void)snprintf(text, sizeof(text), "%s%s", HEAD POLICY,
			       cases[i].text);
		check_refused(text, cases[i].want);
	}
}

static void
values_must_fit_each_other(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "milter { socket = tcp }",
		  "F:7: milter.socket: write unix:/path or "
		  "inet:port@address" },
		{ "milter { spool_memory = 1G spool_budget = 1M }",
		  "F:7: milter.spool_memory is over milter.spool_budget" },
		{ "milter { deadline = 2s }",
		  "F:7: milter.deadline is not over milter.progress" },
		{ "vault { key = \"/etc/key\" }",
		  "F:7: vault.key: write credential:NAME or file:/path" },
		{ "vault { key = \"credential:../x\" }",
		  "F:7: vault.key: write credential:NAME or file:/path" },
		{ "vault { store = \"postgres:x\" }",
		  "F:7: vault.store: \"postgres:x\" is not built in this "
		  "version; write sqlite: or sqlite:/path" },
		{ "scanner { wall = 1m hard_stop = 30s }",
		  "F:7: scanner.hard_stop is under scanner.wall" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[1024];

		(void)snprintf(text, sizeof(text), "%s%s", HEAD POLICY,
			       cases[i].text);
		check_refused(text, cases[i].want);
	}
}

static void
required_settings_are_required(void **state)
{
	static const char *const lines[] = {
		"general { local_domains = { a.test } postmaster = 'p@a' }\n",
		"courier { notice_sender = \"s@a.test\" }\n",
		"desk { url = \"https://a.test\" }\n",
	};
	static const char *const wants[] = {
		"F:1: general.local_domains: is required and missing",
		"F:1: courier.notice_sender: is required and missing",
		"F:1: desk.url: is required and missing",
	};

	(void)state;
	for (size_t missing = 0; missing < ARRAY_LEN(lines); missing++) {
		char text[1024] = "";
		size_t at = 0;

		for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
			if (i != missing)
				at += (size_t)snprintf(text + at,
						       sizeof(text) - at, "%s",
						       lines[i]);
		}
		(void)snprintf(text + at, sizeof(text) - at, "%s", POLICY);
		check_refused(text, wants[missing]);
	}
	check_refused("general { local_domains = { }\n postmaster = x }\n",
		      "F:1: general.local_domains: is required and missing");
	check_refused("general { local_domains = { a.test }\n"
		      " postmaster = \"\" }\n",
		      "F:2: general.postmaster: is required and missing");
	check_refused(HEAD, "F:1: there is no policy; its last rule must be "
			    "one without conditions");
}

static void
comments_do_not_move_lines(void **state)
{
	(void)state;
	check_refused(HEAD "/* one\n two */ // three\n# four\n" POLICY
			   "milter { /* x */ colour = red }",
		      "F:10: there is no setting \"colour\" in \"milter\"");
}

static void
windows_line_ends_are_fine(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     load_text(HEAD "vault {\r\n user = \"x\"\r\n}\r\n" POLICY,
			       &config, &err),
		     &err);
	assert_string_equal(config->vault.user, "x");
}

static void
a_long_path_does_not_hide_the_reason(void **state)
{
	char dir[] = "/tmp/sk-conf-XXXXXX";
	AUTO(sbuf_done) struct sbuf path;
	struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	sbuf_init(&path, 4096);
	sbuf_add_text(&path, dir);
	sbuf_add_byte(&path, '/');
	for (int i = 0; i < 200; i++)
		sbuf_add_byte(&path, 'x');
	check_status(ST_OK,
		     fd_replace_file(sbuf_text(&path),
				     (struct span){ (const uint8_t *)"}", 1 },
				     0600, &err),
		     &err);
	check_status(ST_FORMAT, config_load(sbuf_text(&path), &config, &err),
		     &err);
	assert_non_null(strstr(err.text, "xxx:1: a setting or section "));
	assert_int_equal(remove(sbuf_text(&path)), 0);
	assert_int_equal(remove(dir), 0);
}

static void
defaults_need_no_file(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };
	size_t at = 0;

	(void)state;
	check_status(ST_OK, config_defaults(&config, &err), &err);
	assert_int_equal(config->scanner.wall_ms, 14000);
	assert_string_equal(config->desk.url, "");
	assert_null(policy_rule_next(config->policy, &at));
}

static void
the_sample_is_a_right_file(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf sample;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&sample, CONFIG_SECTION_COUNT * 64 * 1024);
	config_write_sample(&sample);
	check_status(ST_OK, sbuf_status(&sample, "sample", &err), &err);
	check_status(ST_OK, load_text(sbuf_text(&sample), &config, &err), &err);
}

/* conf/sekimori.conf is checked in; it must be what the tables say. */
static void
the_installed_sample_is_the_present_one(void **state)
{
	AUTO(sbuf_done) struct sbuf sample;
	AUTO(sbuf_done) struct sbuf file;
	AUTO(sbuf_done) struct sbuf path;
	const char *top = getenv("top_srcdir");
	struct err err = { 0 };

	(void)state;
	sbuf_init(&sample, 1024 * 1024);
	sbuf_init(&file, 1024 * 1024);
	sbuf_init(&path, 4096);
	sbuf_addf(&path, "%s/conf/sekimori.conf", top != NULL ? top : ".");
	if (fd_slurp_file(sbuf_text(&path), &file, &err) == ST_NOT_FOUND &&
	    top == NULL)
		skip(); /* run by hand, outside of make check */
	config_write_sample(&sample);
	if (strcmp(sbuf_text(&file), sbuf_text(&sample)) != 0)
		fail_msg("make it anew: sekimori check-config --sample > "
			 "conf/sekimori.conf");
}

/* Uncomment every default of the sample: it must be what is in force. */
static void
the_sample_shows_the_defaults(void **state)
{
	AUTO(config_free) struct config *plain = NULL;
	AUTO(config_free) struct config *shown = NULL;
	AUTO(sbuf_done) struct sbuf sample;
	struct sbuf dumps[2];
	struct err err = { 0 };
	char *at = NULL;

	(void)state;
	sbuf_init(&sample, 1024 * 1024);
	sbuf_init(&dumps[0], 1024 * 1024);
	sbuf_init(&dumps[1], 1024 * 1024);
	config_write_sample(&sample);
	check_status(ST_OK, load_text(sbuf_text(&sample), &plain, &err), &err);
	at = (char *)sample.bytes;
	while ((at = strstr(at, "\t#")) != NULL) {
		/* A default has no blank behind its '#'. */
		if (at[2] != ' ')
			at[1] = ' ';
		at++;
	}
	check_status(ST_OK, load_text(sbuf_text(&sample), &shown, &err), &err);
	config_dump(plain, &dumps[0]);
	config_dump(shown, &dumps[1]);
	assert_string_equal(sbuf_text(&dumps[0]), sbuf_text(&dumps[1]));
	sbuf_done(&dumps[0]);
	sbuf_done(&dumps[1]);
}

static void
dump_and_man_have_a_row_for_each_setting(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf dump;
	AUTO(sbuf_done) struct sbuf man;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&dump, 1024 * 1024);
	sbuf_init(&man, 1024 * 1024);
	check_status(ST_OK, load_text(HEAD POLICY, &config, &err), &err);
	config_dump(config, &dump);
	config_write_man(&man);
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		for (size_t k = 0; k < config_sections[i].row_count; k++) {
			char want[128];

			(void)snprintf(want, sizeof(want),
				       "%s.%s = ", config_sections[i].name,
				       config_sections[i].rows[k].name);
			assert_non_null(strstr(sbuf_text(&dump), want));
			(void)snprintf(want, sizeof(want), ".It Va %s\n",
				       config_sections[i].rows[k].name);
			assert_non_null(strstr(sbuf_text(&man), want));
		}
	}
	assert_non_null(
		strstr(sbuf_text(&dump), "policy.rule[0] = \"last\"\n"));
	assert_non_null(strstr(sbuf_text(&man), ".It Va only_reason\n"));
}

/* man/sekimori.conf.5 is checked in as well, around the rows. */
static void
the_manual_page_has_the_present_rows(void **state)
{
	AUTO(sbuf_done) struct sbuf man;
	AUTO(sbuf_done) struct sbuf file;
	AUTO(sbuf_done) struct sbuf path;
	const char *top = getenv("top_srcdir");
	struct err err = { 0 };

	(void)state;
	sbuf_init(&man, 1024 * 1024);
	sbuf_init(&file, 1024 * 1024);
	sbuf_init(&path, 4096);
	sbuf_addf(&path, "%s/man/sekimori.conf.5", top != NULL ? top : ".");
	if (fd_slurp_file(sbuf_text(&path), &file, &err) == ST_NOT_FOUND &&
	    top == NULL)
		skip(); /* run by hand, outside of make check */
	config_write_man(&man);
	if (strstr(sbuf_text(&file), sbuf_text(&man)) == NULL)
		fail_msg("put the output of sekimori check-config --man into "
			 "man/sekimori.conf.5");
}

static void
written_files_hold_the_values_given(void **state)
{
	static const struct config_value values[] = {
		{ "general.local_domains", "{ \"a.test\" }" },
		{ "general.postmaster", "\"p@a.test\"" },
		{ "courier.notice_sender", "\"s@a.test\"" },
		{ "desk.url", "\"http://a.test\"" },
		{ "scanner.workers", "7" },
	};
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, 1024 * 1024);
	config_write_file(values, ARRAY_LEN(values), &text);
	check_status(ST_OK, load_text(sbuf_text(&text), &config, &err), &err);
	assert_int_equal(config->scanner.workers, 7);
	assert_string_equal(config->desk.url, "http://a.test");
}

static void
check_written(const char *key, const char *typed, const char *expected)
{
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	sbuf_init(&text, 4096);
	check_status(ST_OK, config_write_value(key, typed, &text, &err), &err);
	assert_string_equal(sbuf_text(&text), expected);
}

static void
typed_values_are_written_as_a_file_has_them(void **state)
{
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	check_written("general.run_dir", "/a,b {c}", "\"/a,b {c}\"");
	check_written("general.run_dir", "\"/a,b\"", "\"/a,b\"");
	check_written("general.run_dir", "'/a,b'", "'/a,b'");
	check_written("general.host_name", "", "\"\"");
	check_written("general.host_name", "\"", "\"\\\"\"");
	check_written("general.local_domains", "{ \"a\" }", "{ \"a\" }");
	check_written("scanner.workers", "7", "7");
	check_written("general.language", "ja", "ja");
	sbuf_init(&text, 4096);
	check_status(ST_NOT_FOUND,
		     config_write_value("general.none", "1", &text, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     config_write_value("generalrun_dir", "1", &text, &err),
		     &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_from_the_file_and_from_the_table),
		cmocka_unit_test(a_list_may_have_a_default_and_be_emptied),
		cmocka_unit_test(paths_are_made_of_settings),
		cmocka_unit_test(missing_file_is_not_found),
		cmocka_unit_test(traps_of_libconfuse_are_refused),
		cmocka_unit_test(unknown_words_are_refused_with_their_line),
		cmocka_unit_test(values_out_of_range_are_refused),
		cmocka_unit_test(values_must_fit_each_other),
		cmocka_unit_test(required_settings_are_required),
		cmocka_unit_test(comments_do_not_move_lines),
		cmocka_unit_test(windows_line_ends_are_fine),
		cmocka_unit_test(a_long_path_does_not_hide_the_reason),
		cmocka_unit_test(defaults_need_no_file),
		cmocka_unit_test(the_sample_is_a_right_file),
		cmocka_unit_test(the_installed_sample_is_the_present_one),
		cmocka_unit_test(the_sample_shows_the_defaults),
		cmocka_unit_test(dump_and_man_have_a_row_for_each_setting),
		cmocka_unit_test(the_manual_page_has_the_present_rows),
		cmocka_unit_test(written_files_hold_the_values_given),
		cmocka_unit_test(typed_values_are_written_as_a_file_has_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
