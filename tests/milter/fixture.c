#include "tests/milter/fixture.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

void
fixture_make_dir(char dir[FIXTURE_DIR_BYTES])
{
	(void)snprintf(dir, FIXTURE_DIR_BYTES, "/tmp/sekimori-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
}

void
fixture_remove_dir(const char *dir)
{
	DIR *listing = opendir(dir);
	const struct dirent *entry = NULL;
	char path[400];

	assert_non_null(listing);
	while ((entry = readdir(listing)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		(void)remove(path);
	}
	(void)closedir(listing);
	(void)rmdir(dir);
}

static const char usual_policy[] = "rule \"second look\" {\n"
				   "direction = {outgoing}\n"
				   "verdict = {found, unscannable}\n"
				   "action = hold\n"
				   "approvers = hr\n"
				   "}\n"
				   "rule \"the rest\" {\n"
				   "action = deliver\n"
				   "}\n";

struct config *
fixture_config(const char *dir, const char *general, const char *milter,
	       const char *policy)
{
	AUTO(sbuf_done) struct sbuf text;
	struct config *config = NULL;
	char path[200];
	struct err err;

	sbuf_init(&text, 100000);
	sbuf_addf(&text,
		  "general {\nlocal_domains = {\"example.co.jp\"}\n"
		  "postmaster = \"postmaster@example.co.jp\"\n"
		  "run_dir = \"%s\"\n%s\n}\n"
		  "milter {\nspool_dir = \"%s\"\n%s\n}\n"
		  "courier {\nnotice_sender = \"sekimori@example.co.jp\"\n}\n"
		  "desk {\nurl = \"https://desk.example.co.jp\"\n}\n"
		  "portal {\nlisten = \"127.0.0.1:8444\"\n"
		  "url = \"https://files.example.co.jp\"\n"
		  "trusted_proxy = 127.0.0.1\n}\n"
		  "policy {\n%s\n}\n",
		  dir, general, dir, milter,
		  policy != NULL ? policy : usual_policy);
	(void)snprintf(path, sizeof(path), "%s/sekimori.conf", dir);
	check_status(ST_OK, fd_replace_file(path, sbuf_span(&text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	return config;
}
