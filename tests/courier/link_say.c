/*
 * link_say part|body BOUNDARY: write what goes into the hole of a link mail to
 * standard output; BOUNDARY is the one around it or "". The tree's words are
 * taken, $top_srcdir and $top_builddir say where it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "courier/notices/link_part.h"
#include "courier/notices/sample.h"
#include "lib/base/fd.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

enum { SAY_PATH_BYTES = 4096, SAY_PART_BYTES = 1024 * 1024 };

static const struct notices_kind *
say_find_kind(void)
{
	for (size_t i = 0; i < notices_kind_count; i++) {
		if (notices_kinds[i].event == NOTICE_LINKED &&
		    notices_kinds[i].audience == NOTICE_AUDIENCE_RECIPIENT)
			return &notices_kinds[i];
	}
	return NULL;
}

static enum status
say_part(const struct vault_job *job, struct sbuf *part, struct err *err)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	AUTO(notices_free) struct notices *notices = NULL;
	struct config config = { .path = "" };
	struct letter_office office = { &config, NULL, NULL };
	char path[SAY_PATH_BYTES];
	enum status st = ST_OK;

	config.courier.notice_name = "関守";
	config.general.language = "ja";
	config.desk.url = "https://desk.example.co.jp";
	config.portal.url = SAMPLE_PORTAL_URL;
	config.portal.company = "株式会社例";
	config.portal.language = "ja";
	world_build_path(path, sizeof(path), "po");
	st = i18n_open(path, &i18n, err);
	world_source_path(path, sizeof(path), "conf/notices");
	if (st == ST_OK)
		st = notices_load(path, "", &notices, err);
	office.i18n = i18n;
	office.notices = notices;
	return st == ST_OK ? link_part_write(&office, job, part, err) : st;
}

int
main(int argc, char **argv)
{
	const struct notices_kind *kind = say_find_kind();
	AUTO(sbuf_done) struct sbuf part;
	struct vault_job job;
	struct err err = { 0 };
	enum status st = ST_OK;

	if (argc != 3 || kind == NULL) {
		(void)fprintf(stderr, "usage: link_say part|body BOUNDARY\n");
		return 2;
	}
	job = sample_job(kind, "ja");
	job.link.whole_body = strcmp(argv[1], "body") == 0;
	job.link.boundary = argv[2];
	sbuf_init_secret(&part, SAY_PART_BYTES);
	st = say_part(&job, &part, &err);
	if (st == ST_OK)
		st = fd_write_all(STDOUT_FILENO, sbuf_span(&part), &err);
	if (st != ST_OK)
		(void)fprintf(stderr, "link_say: %s\n", err.text);
	return st == ST_OK ? 0 : 1;
}
