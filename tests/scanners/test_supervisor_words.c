/* What an admin adds to the words: from the configuration to the report. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/wire/control.h"
#include "tests/scanners/scanner_site.h"

static const char own_mail[] = "From: a@example.co.jp\r\nTo: b@example.com\r\n"
			       "Content-Type: text/plain; charset=UTF-8\r\n\r\n"
			       "甲種台帳：621498320257\r\n";

static void
site_reload(const struct site *site, enum status want, struct err *err)
{
	char path[SITE_PATH_BYTES];

	check_status(ST_OK,
		     control_path(site->dir, "sekimori-scanner", path,
				  sizeof(path), err),
		     err);
	check_status(want, control_ask(path, CONTROL_RELOAD, err), err);
}

/* A scanner whose mail is own_mail, and a directory of words. */
static void
site_open_own(struct site *site, char dir[SITE_PATH_BYTES])
{
	struct err err;

	site_open(site, "workers = 1");
	(void)snprintf(dir, SITE_PATH_BYTES, "%s/play", site->dir);
	assert_int_equal(0, mkdir(dir, 0755));
	fd_close(&site->mail_fd);
	check_status(ST_OK, fd_memory("test", &site->mail_fd, &err), &err);
	check_status(ST_OK,
		     fd_write_all(site->mail_fd, span_of(own_mail), &err),
		     &err);
	check_status(ST_OK, fd_seal(site->mail_fd, &err), &err);
}

static void
put_words(const char *dir, const char *name, const char *text)
{
	char path[SITE_PATH_BYTES + 40];
	struct err err;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0644, &err),
		     &err);
}

static void
drop_words(const char *dir, const char *name)
{
	char path[SITE_PATH_BYTES + 40];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(0, unlink(path));
}

static void
a_reload_brings_own_words_into_force_at_once(void **state)
{
	char dir[SITE_PATH_BYTES];
	char settings[2 * SITE_PATH_BYTES];
	struct site site;
	struct err err = { .st = ST_OK };

	(void)state;
	site_open_own(&site, dir);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	put_words(dir, "direct.add.conf", "甲種台帳\n");
	(void)snprintf(settings, sizeof(settings),
		       "workers = 1\nwords = \"%s\"", dir);
	site_write_config(&site, settings);
	site_reload(&site, ST_OK, &err);
	site_scan_ok(&site, REPORT_VERDICT_FOUND);
	(void)snprintf(settings, sizeof(settings),
		       "workers = 1\nwords = \"%s\"\n"
		       "own_ids = { \"6214########\" }",
		       dir);
	site_write_config(&site, settings);
	site_reload(&site, ST_OK, &err);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	drop_words(dir, "direct.add.conf");
	assert_int_equal(0, rmdir(dir));
	site_close(&site);
}

static void
wrong_words_refuse_a_reload_and_the_old_ones_stay(void **state)
{
	char dir[SITE_PATH_BYTES];
	char settings[2 * SITE_PATH_BYTES];
	struct site site;
	struct err err = { .st = ST_OK };

	(void)state;
	site_open_own(&site, dir);
	put_words(dir, "direct.add.conf", "甲種台帳\n");
	(void)snprintf(settings, sizeof(settings),
		       "workers = 1\nwords = \"%s\"", dir);
	site_write_config(&site, settings);
	site_reload(&site, ST_OK, &err);
	put_words(dir, "direct.add.conf", "乙種台帳\n!\n");
	site_reload(&site, ST_DENIED, &err);
	assert_non_null(
		strstr(err.text, "direct.add.conf:2: \"!\": no letter"));
	site_scan_ok(&site, REPORT_VERDICT_FOUND);
	put_words(dir, "direct.conf.conf", "\n");
	drop_words(dir, "direct.add.conf");
	site_reload(&site, ST_DENIED, &err);
	assert_non_null(strstr(err.text, "is no list of words"));
	drop_words(dir, "direct.conf.conf");
	assert_int_equal(0, rmdir(dir));
	site_reload(&site, ST_DENIED, &err);
	assert_non_null(strstr(err.text, "scanner.words"));
	site_scan_ok(&site, REPORT_VERDICT_FOUND);
	site_close(&site);
}

static void
a_pattern_reaches_the_report_by_its_name(void **state)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	char dir[SITE_PATH_BYTES];
	struct site site;
	struct err err = { .st = ST_OK };
	bool named = false;

	(void)state;
	site_open_own(&site, dir);
	assert_int_equal(0, rmdir(dir));
	site_write_config(&site, "workers = 1\n}\n"
				 "pattern \"ledger\" { match = '台帳.\\d{12}$' "
				 "weight = 40 }\ngeneral_end {");
	site_reload(&site, ST_DENIED, &err);
	assert_non_null(strstr(err.text, "general_end"));
	site_write_config(&site,
			  "workers = 1\n}\n"
			  "pattern \"ledger\" { match = '台帳.\\d{12}$' "
			  "weight = 40 }\n"
			  "list \"unused\" { items = { a@example.co.jp }");
	site_reload(&site, ST_OK, &err);
	check_status(ST_OK,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_int_equal(REPORT_VERDICT_FOUND, reply->report.verdict);
	for (size_t i = 0; i < reply->report.findings[0].term_count; i++)
		named |= strcmp(reply->report.findings[0].terms[i].name,
				"pattern.ledger") == 0;
	assert_true(named);
	scan_reply_free(&reply);
	site_close(&site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SITE_TEST(a_reload_brings_own_words_into_force_at_once),
		SITE_TEST(wrong_words_refuse_a_reload_and_the_old_ones_stay),
		SITE_TEST(a_pattern_reaches_the_report_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
