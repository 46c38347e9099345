#include "tests/scanners/pdf_scan.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { PDF_MAX_BYTES = 1 << 20 };

static struct scan_client *client;

int
pdf_scan_start(void **state)
{
	char path[PATH_MAX];
	struct err err;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/sekimori-scanner",
		       getenv("top_builddir"));
	check_status(ST_OK, scan_client_spawn(path, NULL, &client, &err), &err);
	return 0;
}

int
pdf_scan_stop(void **state)
{
	(void)state;
	scan_client_free(&client);
	return 0;
}

void
pdf_scan_load(const char *name, struct sbuf *bytes)
{
	char path[PATH_MAX];
	struct err err;

	(void)snprintf(path, sizeof(path), "%s/tests/data/%s",
		       getenv("top_srcdir"), name);
	sbuf_init(bytes, PDF_MAX_BYTES);
	check_status(ST_OK, fd_slurp_file(path, bytes, &err), &err);
}

struct scan_reply *
pdf_scan_with(struct span bytes, const char *password)
{
	const struct scan_word word = { password, REPORT_WORD_SOURCE_GIVEN };
	const struct scan_request request = {
		.input = SCAN_INPUT_ATTACHMENT,
		.priority = SCAN_PRIORITY_MAIL,
		.reveal = true,
		.name = "a.pdf",
		.profile = REPORT_PROFILE_STANDARD,
		.words = &word,
		.word_count = password != NULL,
	};
	AUTO(fd_close) int fd = FD_NONE;
	struct scan_reply *reply = NULL;
	struct err err;

	check_status(ST_OK, fd_memory("sample", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, bytes, &err), &err);
	check_status(ST_OK, fd_seal(fd, &err), &err);
	check_status(ST_OK,
		     scan_client_scan(client, &request, fd, NULL, &reply, &err),
		     &err);
	return reply;
}

struct scan_reply *
pdf_scan_bytes(struct span bytes)
{
	return pdf_scan_with(bytes, NULL);
}

struct scan_reply *
pdf_scan_sample(const char *name)
{
	AUTO(sbuf_done) struct sbuf bytes;

	pdf_scan_load(name, &bytes);
	return pdf_scan_bytes(sbuf_span(&bytes));
}

bool
pdf_scan_has(const struct scan_report *report, const char *number,
	     const char *location)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *finding = &report->findings[i];

		if (strcmp(finding->number, number) == 0 &&
		    strstr(finding->location, location) != NULL &&
		    finding->level >= REPORT_LEVEL_SUSPECT)
			return true;
	}
	return false;
}

void
pdf_scan_check(const char *name, const char *number, const char *location)
{
	AUTO(scan_reply_free) struct scan_reply *reply = pdf_scan_sample(name);

	if (!pdf_scan_has(&reply->report, number, location))
		fail_msg("%s: not found in %s", name, location);
	assert_int_equal(reply->report.opaque_count, 0);
}
