#include "tests/scanners/locked_mail.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/reader.h"
#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

/* A test that needs that much has failed; a machine under a sanitizer, and
 * under load, may need much of it. */
enum { LOCKED_MS = 600000, LOCKED_SAMPLE_BYTES = 1 << 20, BASE64_LINE = 54 };

static const struct engine_limits locked_limits = {
	.max_depth = 16,
	.max_objects = 20000,
	.max_expanded_bytes = 512U << 20,
	.max_ratio = 1000,
	.max_cells = 5000000,
	.max_pages = 5000,
	.wall_ms = LOCKED_MS,
	.cpu_ms = LOCKED_MS,
};

static void
locked_add_base64(struct sbuf *mail, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t left = bytes.len_bytes - at;
		const size_t len = left < BASE64_LINE ? left : BASE64_LINE;

		format_base64(mail, (struct span){ bytes.ptr + at, len });
		sbuf_add_text(mail, "\r\n");
		at += len;
	}
}

void
locked_mail_begin(struct sbuf *mail, const char *subject, const char *body)
{
	sbuf_add_text(mail, "From: Taro <taro.yamada@example.co.jp>\r\n"
			    "To: hanako@example.com\r\n"
			    "Date: Sun, 22 Nov 2026 14:08:00 +0900\r\n"
			    "Subject: ");
	sbuf_add_text(mail, subject);
	sbuf_add_text(mail, "\r\nMIME-Version: 1.0\r\n"
			    "Content-Type: multipart/mixed; boundary=\"b=_\""
			    "\r\n\r\n--b=_\r\n"
			    "Content-Type: text/plain; charset=UTF-8\r\n"
			    "Content-Transfer-Encoding: base64\r\n\r\n");
	locked_add_base64(mail, span_of(body));
}

void
locked_mail_attach(struct sbuf *mail, const char *name, struct span bytes)
{
	sbuf_addf(mail,
		  "--b=_\r\nContent-Type: application/octet-stream\r\n"
		  "Content-Disposition: attachment; filename=\"%s\"\r\n"
		  "Content-Transfer-Encoding: base64\r\n\r\n",
		  name);
	locked_add_base64(mail, bytes);
}

void
locked_mail_sample(struct sbuf *mail, const char *file)
{
	struct sbuf bytes;
	char path[100];

	(void)snprintf(path, sizeof(path), "locks/%s", file);
	sbuf_init(&bytes, LOCKED_SAMPLE_BYTES);
	sample_read(path, &bytes);
	locked_mail_attach(mail, file, sbuf_span(&bytes));
	sbuf_done(&bytes);
}

void
locked_mail_end(struct sbuf *mail)
{
	sbuf_add_text(mail, "--b=_--\r\n");
	assert_int_equal(mail->st, ST_OK);
}

static enum status
locked_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

void
locked_scan_run(struct locked_scan *scan, const struct sbuf *mail)
{
	const uint32_t search_ms =
		scan->search_ms > 0 ? scan->search_ms : LOCKED_MS;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, reader_prepare(&err), &err);
	scan->readers = (struct engine_readers){
		.next = reader_next,
		.unread_format = reader_unread_format,
		.taint = locked_taint,
	};
	scan->request = (struct engine_request){
		.input = SCAN_INPUT_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.body = sbuf_span(mail),
		.preview = scan->preview,
		.words = scan->words,
		.secrets = scan->secrets,
		.secret_count = scan->secret_count,
		.search_from = scan->search_from,
		.search_ms = scan->none || scan->gather ? 0 : search_ms,
		.mask_ms = scan->mask_ms,
		.beside = scan->beside,
		.gather = scan->gather,
		.limits = locked_limits,
	};
	check_status(
		ST_OK,
		engine_new(&scan->request, &scan->readers, &scan->engine, &err),
		&err);
	check_status(ST_OK, engine_run(scan->engine, &scan->report, &err),
		     &err);
}

void
locked_scan_done(struct locked_scan *scan)
{
	engine_free(&scan->engine);
}

bool
locked_scan_opened(const struct locked_scan *scan, const char *part,
		   enum report_word_source source)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->lock_count; i++)
		if (strcmp(report->locks[i].part, part) == 0)
			return report->locks[i].opened &&
			       report->locks[i].source == source;
	return false;
}

bool
locked_scan_opaque(const struct locked_scan *scan, const char *part,
		   enum report_reason reason)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->opaque_count; i++)
		if (strcmp(report->opaques[i].part, part) == 0 &&
		    report->opaques[i].reason == reason)
			return true;
	return false;
}

bool
locked_scan_found(const struct locked_scan *scan, const char *part)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].level >= REPORT_LEVEL_SUSPECT &&
		    strcmp(report->findings[i].part, part) == 0)
			return true;
	return false;
}

int
locked_scan_word(const struct locked_scan *scan, const char *word)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->word_count; i++)
		if (strcmp(report->words[i].text, word) == 0)
			return report->words[i].worked;
	return -1;
}
