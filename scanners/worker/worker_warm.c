#include "scanners/worker/worker_warm.h"

#include "lib/base/parse.h"

/* With the number that everybody prints, and others that are none. */
static const char warm_mail[] =
	"From: a@example.co.jp\r\nTo: b@example.com\r\n"
	"Subject: =?UTF-8?B?5omT5ZCI44Gb44Gu5Lu2?=\r\nMIME-Version: 1.0\r\n"
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	"--b\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
	"お世話になっております。電話は 03-1234-5678 です。\r\n"
	"氏名 山田太郎 個人番号 1234 5678 9018 請求書番号 202611220042\r\n"
	"--b\r\nContent-Type: text/csv; charset=Shift_JIS\r\n"
	"Content-Transfer-Encoding: base64\r\n\r\n"
	"joGWvCyMwpBslNSNhg0KjlKTY5G+mFksMTIzNDU2Nzg5MDE4DQo=\r\n"
	"--b--\r\n";

/* Nothing here comes from anybody else. */
static enum status
warm_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

enum status
worker_warm_up(const struct words *words, const struct labels *labels,
	       struct err *err)
{
	static const struct engine_readers readers = {
		.next = reader_next,
		.unread_format = reader_unread_format,
		.taint = warm_taint,
	};
	const struct engine_request request = {
		.input = SCAN_INPUT_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.words = words,
		.labels = labels,
		.body = span_of(warm_mail),
		.limits = {
			.max_depth = 4,
			.max_objects = 16,
			.max_expanded_bytes = UINT64_C(1) << 20,
			.max_ratio = 100,
			.max_cells = 100,
			.max_pages = 1,
			.wall_ms = 5000,
			.cpu_ms = 5000,
		},
	};
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	const enum status st = engine_new(&request, &readers, &engine, err);

	return st == ST_OK ? engine_run(engine, &report, err) : st;
}
