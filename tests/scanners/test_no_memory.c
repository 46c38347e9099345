/*
 * Every allocation of readers and detector fails once: the answer is
 * ST_NO_MEMORY, or ST_OK and nothing is left out; never a crash.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/detect.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

/* The names that the linker's --wrap wants, under ones of our own. */
void *real_malloc(size_t len_bytes) __asm__("__real_malloc");
void *real_calloc(size_t count, size_t len_bytes) __asm__("__real_calloc");
void *real_realloc(void *old, size_t len_bytes) __asm__("__real_realloc");
void *real_reallocarray(void *old, size_t count,
			size_t len_bytes) __asm__("__real_reallocarray");
char *real_strdup(const char *text) __asm__("__real_strdup");
void *fail_malloc(size_t len_bytes) __asm__("__wrap_malloc");
void *fail_calloc(size_t count, size_t len_bytes) __asm__("__wrap_calloc");
void *fail_realloc(void *old, size_t len_bytes) __asm__("__wrap_realloc");
void *fail_reallocarray(void *old, size_t count,
			size_t len_bytes) __asm__("__wrap_reallocarray");
char *fail_strdup(const char *text) __asm__("__wrap_strdup");

/* The allocation that fails, from 1; 0: none. */
static size_t fail_at;
static size_t allocations;

static bool
is_refused(void)
{
	return fail_at > 0 && ++allocations == fail_at;
}

void *
fail_malloc(size_t len_bytes)
{
	return is_refused() ? NULL : real_malloc(len_bytes);
}

void *
fail_calloc(size_t count, size_t len_bytes)
{
	return is_refused() ? NULL : real_calloc(count, len_bytes);
}

void *
fail_realloc(void *old, size_t len_bytes)
{
	return is_refused() ? NULL : real_realloc(old, len_bytes);
}

void *
fail_reallocarray(void *old, size_t count, size_t len_bytes)
{
	return is_refused() ? NULL : real_reallocarray(old, count, len_bytes);
}

char *
fail_strdup(const char *text)
{
	return is_refused() ? NULL : real_strdup(text);
}

/* Run work with the first, second, … allocation failing, up to the end. */
static void
fail_each(enum status (*work)(void *context, struct err *err), void *context)
{
	enum { MANY = 20000 };
	struct err err = { 0 };

	for (size_t n = 1; n < MANY; n++) {
		fail_at = n;
		allocations = 0;
		const enum status st = work(context, &err);
		const bool failed = allocations >= n;

		fail_at = 0;
		if (!failed) {
			check_status(ST_OK, st, &err);
			return;
		}
		/* work has compared what came out. */
		if (st != ST_NO_MEMORY && st != ST_OK)
			fail_msg("allocation %zu failed: %s", n,
				 status_name(st));
	}
	fail_msg("no end after %d allocations", MANY);
}

struct job {
	const struct reader *reader;
	struct child hint;
	struct span bytes;
	struct sbuf want; /* the record when nothing fails */
};

static enum status
read_once(void *context, struct err *err)
{
	const struct job *job = context;
	struct sink sink;
	enum status st = ST_OK;

	recording_sink_init(&sink);
	st = job->reader->read(&sink, job->bytes, &job->hint, err);
	if (st == ST_OK && sbuf_status(&sink.record, "record", err) == ST_OK &&
	    !span_equal(sbuf_span(&sink.record), sbuf_span(&job->want)))
		fail_msg("allocation %zu failed, and this came out:\n%s",
			 fail_at, sbuf_text(&sink.record));
	recording_sink_done(&sink);
	return st;
}

/* Read once with memory, then with each allocation failing. */
static void
check_job(struct job *job)
{
	struct sink sink;
	struct err err = { 0 };

	recording_sink_init(&sink);
	check_status(ST_OK,
		     job->reader->read(&sink, job->bytes, &job->hint, &err),
		     &err);
	sbuf_init(&job->want, SIZE_MAX / 2);
	sbuf_add_span(&job->want, sbuf_span(&sink.record));
	recording_sink_done(&sink);
	fail_each(read_once, job);
	sbuf_done(&job->want);
}

static void
a_mail_is_never_half_read(void **state)
{
	struct job job = {
		.reader = &reader_mime,
		.hint = { .name = "",
			  .content_type = "",
			  .charset = "",
			  .mail = true },
		.bytes = span_of(
			"Subject: =?utf-8?B?5YCL?= =?utf-8?B?5Lq6?=\n"
			"Content-Type: multipart/mixed; boundary=a\n\n"
			"--a\nContent-Type: text/plain; charset=utf-8\n"
			"Content-Transfer-Encoding: quoted-printable\n\n=41\n"
			"--a\nContent-Type: a/b; name*=utf-8''%41; name=c\n"
			"Content-Disposition: attachment; filename=\"d\"\n"
			"Content-Transfer-Encoding: base64\n\nQUJD\n"
			"--a\n\nbegin 644 a\n#86)C\n`\nend\n"
			"--a--\n"),
	};

	(void)state;
	check_job(&job);
}

static void
texts_are_never_half_read(void **state)
{
	static const struct reader *const readers[] = { &reader_text,
							&reader_html,
							&reader_csv };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		struct job job = {
			.reader = readers[i],
			.hint = { .name = "",
				  .content_type = "",
				  .charset = "" },
			.bytes = span_of(
				"<p a='b'>\x8c\xc2\x90\x6c\x94\xd4\x8d\x86,\"1\""
				"<table><tr><td>x</table><!-- c -->\n"),
		};

		check_job(&job);
	}
}

static void
records_are_never_half_read(void **state)
{
	static const struct {
		const struct reader *reader;
		const char *text;
		enum text_flow flow;
	} samples[] = {
		{ &reader_xml,
		  "<a b='1&#50;'><key>k</key><string>v<b>w</b></string>"
		  "<row><c>1</c></row><!-- c --><![CDATA[d]]></a>",
		  TEXT_FLOW_NONE },
		{ &reader_json,
		  "{\"a\":[[1,\"\\u0031\"]],\"name\":\"b\",\"value\":1E3} ; x",
		  TEXT_FLOW_NONE },
		{ &reader_fixed,
		  "A123456789018\nB123456789018\nC123456789018\n"
		  "D123456789018\nE123456789018\nF123456789018\n"
		  "G123456789018\nH123456789018\n",
		  TEXT_FLOW_NONE },
		{ &reader_text, "> a \n> b\n", TEXT_FLOW_SPACE },
		{ &reader_text, "> a \n> b\n", TEXT_FLOW_DELSP },
		{ &reader_text,
		  "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=31\n 2\n",
		  TEXT_FLOW_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct job job = {
			.reader = samples[i].reader,
			.hint = { .name = "",
				  .content_type = "",
				  .charset = "",
				  .flow = samples[i].flow },
			.bytes = span_of(samples[i].text),
		};

		check_job(&job);
	}
}

static void
packages_are_never_half_read(void **state)
{
	static const struct {
		const char *path;
		const struct reader *reader;
	} samples[] = { { "xlsx/poi_like.xlsx", &reader_ooxml },
			{ "docx/places.docx", &reader_ooxml },
			{ "pptx/small.pptx", &reader_ooxml },
			{ "zip/python_names.zip", &reader_zip },
			{ "odf/text.fodt", &reader_odf },
			{ "odf/sheet.ods", &reader_odf },
			{ "odf/locked.odt", &reader_odf },
			{ "cfb/vbaProject.bin", &reader_cfb },
			{ "cfb/macros.doc", &reader_cfb },
			{ "cfb/oleObject.bin", &reader_cfb },
			{ "cfb/agile.xlsx", &reader_cfb },
			{ "encoded/uuencode.txt", &reader_encoded },
			{ "encoded/uuencode_base64.txt", &reader_encoded },
			{ "encoded/uuenview_yenc.txt", &reader_encoded },
			{ "encoded/binhex.hqx", &reader_encoded },
			{ "encoded/apple_single", &reader_appledouble },
			{ "mail/python.mbox", &reader_mbox },
			{ "mail/smime_stream.p7m", &reader_cms },
			{ "mail/signed_zlib.gpg", &reader_openpgp },
			{ "mail/stored.asc", &reader_armor } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct sbuf file;
		struct job job = {
			.reader = samples[i].reader,
			.hint = { .name = "",
				  .content_type = "",
				  .charset = "" },
		};

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i].path, &file);
		job.bytes = sbuf_span(&file);
		check_job(&job);
		sbuf_done(&file);
	}
}

static enum status
detect_once(void *context, struct err *err)
{
	const struct detect_options options = {
		NULL, NULL, REPORT_PROFILE_STANDARD, true, 10, false
	};
	const struct place place = { PLACE_BODY, 1, NULL };
	const struct cell cell = { "s", 1, 2, CELL_TEXT };
	const struct span *text = context;
	struct detector *detector = NULL;
	struct scan_report report = { 0 };
	enum status st = detector_new(&options, &detector, err);

	if (st == ST_OK)
		st = detector_part(detector, "1", err);
	if (st == ST_OK)
		st = detector_text(detector, &place, *text, err);
	if (st == ST_OK)
		st = detector_cell(detector, &cell, *text, err);
	if (st == ST_OK)
		st = detector_finish(detector, &report, err);
	if (st == ST_OK)
		assert_int_equal(report.finding_count, 2);
	detector_free(&detector);
	return st;
}

static void
no_number_is_lost(void **state)
{
	struct span text = span_of("個人番号 1234-5678-9018");

	(void)state;
	fail_each(detect_once, &text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_is_never_half_read),
		cmocka_unit_test(texts_are_never_half_read),
		cmocka_unit_test(records_are_never_half_read),
		cmocka_unit_test(packages_are_never_half_read),
		cmocka_unit_test(no_number_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
