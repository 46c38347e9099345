/* Tests of scanners/worker/engine.h with readers and a detector of our own:
 * bodies say which reader claims them and what it does. */
#include "scanners/worker/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/detect.h"
#include "scanners/text/charset.h"
#include "tests/harness/check.h"

/* ---- a detector that writes down what it is given ---- */

struct detector {
	bool found;
	struct report_finding finding;
};

/* What detectors of this test heard; the last scan's. */
static struct sbuf heard;
static bool finish_fails;

enum status
detector_new(const struct detect_options *options,
	     struct detector **detector_out, struct err *err)
{
	(void)options;
	(void)err;
	*detector_out = calloc(1, sizeof(**detector_out));
	return ST_OK;
}

void
detector_free(struct detector **detector)
{
	free(*detector);
	*detector = NULL;
}

enum status
detector_part(struct detector *detector, const char *path, struct err *err)
{
	(void)detector;
	(void)err;
	sbuf_addf(&heard, "[%s]", path);
	return ST_OK;
}

enum status
detector_text(struct detector *detector, const struct place *place,
	      struct span utf8, struct err *err)
{
	static const char *const kinds[] = {
		"?", "body:", "header:", "name:", "element:", "page:", "raw:"
	};

	(void)err;
	sbuf_addf(&heard, "%s", kinds[place->kind]);
	if (place->kind == PLACE_RAW)
		sbuf_addf(&heard, "%u:", (unsigned)place->number);
	sbuf_add_span(&heard, utf8);
	sbuf_add_byte(&heard, ';');
	if (memmem(utf8.ptr, utf8.len_bytes, "NUMBER", 6) != NULL)
		detector->found = true;
	return ST_OK;
}

enum status
detector_break(struct detector *detector, struct err *err)
{
	(void)detector;
	(void)err;
	return ST_OK;
}

enum status
detector_cell(struct detector *detector, const struct cell *cell,
	      struct span utf8, struct err *err)
{
	(void)detector;
	(void)cell;
	(void)utf8;
	(void)err;
	return ST_OK;
}

enum status
detector_finish(struct detector *detector, struct scan_report *report,
		struct err *err)
{
	if (finish_fails)
		return err_set(err, ST_NO_MEMORY, "test: no memory");
	if (!detector->found)
		return ST_OK;
	detector->finding = (struct report_finding){
		.part = "1",
		.location = "",
		.masked = "********9018",
		.number = "",
		.context = "",
		.subject = 1,
		.count = 1,
		.level = REPORT_LEVEL_SURE,
		.score_db = 20,
	};
	report->findings = &detector->finding;
	report->finding_count = 1;
	report->level = REPORT_LEVEL_SURE;
	report->score_db = 20;
	report->number_count = 1;
	return ST_OK;
}

void
detect_mask(struct span utf8, struct sbuf *out)
{
	size_t run = 0;

	for (size_t i = 0; i<utf8.len_bytes; i += run> 0 ? run : 1) {
		run = 0;
		while (i + run < utf8.len_bytes && utf8.ptr[i + run] >= '0' &&
		       utf8.ptr[i + run] <= '9')
			run++;
		for (size_t k = 0; k < run; k++)
			sbuf_add_byte(out, run >= 4 ? (uint8_t)'*'
						    : utf8.ptr[i + k]);
		if (run == 0)
			sbuf_add_byte(out, utf8.ptr[i]);
	}
}

void
charset_decode(enum charset charset, struct span bytes, struct sbuf *out,
	       struct charset_stats *stats_out)
{
	(void)stats_out;
	if (charset == CHARSET_UTF8)
		sbuf_add_span(out, bytes);
}

/* ---- readers that do what their body says ---- */

static bool
starts_with(struct span body, const char *word)
{
	return body.len_bytes >= strlen(word) &&
	       memcmp(body.ptr, word, strlen(word)) == 0;
}

/* "MIME:a=hello|=world": children with names and contents. */
static enum status
read_children(struct sink *sink, struct span body, const struct child *hint,
	      struct err *err)
{
	const char *at = memchr(body.ptr, ':', body.len_bytes);
	const char *end = (const char *)body.ptr + body.len_bytes;
	enum status st = ST_OK;

	(void)hint;
	for (at++; st == ST_OK && at < end;) {
		const char *stop = memchr(at, '|', (size_t)(end - at));
		const char *equals = memchr(at, '=', (size_t)(end - at));
		char name[600];

		if (stop == NULL)
			stop = end;
		assert_non_null(equals);
		assert_true((size_t)(equals - at) < sizeof(name));
		memcpy(name, at, (size_t)(equals - at));
		name[equals - at] = '\0';
		const struct child child = { .name = name,
					     .content_type = "",
					     .charset = "",
					     .locked = strcmp(name, "locked") ==
						       0 };

		equals++;
		st = sink_child(sink, &child,
				(struct span){ (const uint8_t *)equals,
					       (size_t)(stop - equals) },
				NULL, err);
		at = stop + 1;
	}
	return st;
}

static enum status
read_text(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const struct place place = { PLACE_BODY, 1, NULL };

	(void)hint;
	return sink_text(sink, &place, body, err);
}

static const struct child unnamed = { .name = "",
				      .content_type = "",
				      .charset = "" };

/* A thing that holds itself. */
static enum status
read_quine(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	(void)hint;
	return sink_child(sink, &unnamed, body, NULL, err);
}

static enum status
read_many(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	enum status st = ST_OK;

	(void)body;
	(void)hint;
	for (int i = 0; st == ST_OK && i < 100000; i++)
		st = sink_child(sink, &unnamed, span_of("x"), NULL, err);
	return st;
}

/* Inflate for ever: 64 KiB from 64 bytes. */
static enum status
read_bomb(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const bool unpacks = starts_with(body, "RATIO");
	enum status st = ST_OK;

	(void)hint;
	while (st == ST_OK)
		st = sink_spend(sink, 65536, unpacks ? 64 : 0, err);
	return st;
}

static enum status
read_cells(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	const struct cell cell = { "s", 1, 1, CELL_TEXT };
	enum status st = ST_OK;

	(void)hint;
	while (st == ST_OK)
		st = sink_cell(sink, &cell, body, err);
	return st;
}

/* Takes its time but spends. */
static enum status
read_slow(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	static uint8_t zeros[4096];
	enum status st = ST_OK;

	(void)body;
	(void)hint;
	while (st == ST_OK) {
		for (size_t i = 0; i < sizeof(zeros); i++)
			zeros[i] = (uint8_t)(zeros[i] * 7 + 1);
		st = sink_spend(sink, 1, 0, err);
		for (int i = 0; st == ST_OK && i < 100; i++)
			st = sink_break(sink, err);
	}
	return st;
}

static enum status
read_damaged(struct sink *sink, struct span body, const struct child *hint,
	     struct err *err)
{
	(void)sink;
	(void)body;
	(void)hint;
	return err_set(err, ST_FORMAT, "fake: cut off at 123456789018");
}

static enum status
read_no_memory(struct sink *sink, struct span body, const struct child *hint,
	       struct err *err)
{
	(void)sink;
	(void)body;
	(void)hint;
	return err_set(err, ST_NO_MEMORY, "fake: no memory");
}

static enum status
read_unsupported(struct sink *sink, struct span body, const struct child *hint,
		 struct err *err)
{
	(void)sink;
	(void)body;
	(void)hint;
	return err_set(err, ST_UNSUPPORTED, "method 98");
}

/* Says things about itself. */
static enum status
read_says(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const struct report_dsn first = { "envid12345", "a@example.com",
					  "failed", "5.1.1" };
	const struct report_dsn second = { "other", "", "", "" };
	const struct place subject = { PLACE_HEADER, 0, "SUBJECT" };
	struct span gap = { NULL, 0 };

	(void)hint;
	sink_dsn(sink, &first);
	sink_dsn(sink, &second);
	check_status(ST_OK,
		     sink_text(sink, &subject, span_of(" to 12345\n"), err),
		     err);
	check_status(ST_OK, sink_text(sink, &subject, span_of("other"), err),
		     err);
	assert_true(span_cut(body, 5, body.len_bytes - 5, &gap));
	enum status st = sink_gap(sink, gap, err);

	if (st == ST_OK)
		st = sink_opaque(sink, REPORT_REASON_EXTERNAL, "elsewhere",
				 err);
	return st == ST_OK ? sink_ambiguous(sink, "two boundaries", err) : st;
}

/* Gives bytes that live in a block of its own. */
static enum status
read_owned(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	uint8_t *block = malloc(6);

	(void)body;
	(void)hint;
	memcpy(block, "TXThey", 6);
	const enum status st = sink_child(
		sink, &unnamed, (struct span){ block, 6 }, &block, err);

	assert_null(block);
	return st;
}

static enum sniff
never(struct span body, const struct child *hint)
{
	(void)body;
	(void)hint;
	return SNIFF_NO;
}

struct fake {
	const char *word;
	enum sniff sure;
	struct reader reader;
};

#define FAKE(word, sure, name, foreign, read)      \
	{                                          \
		word, sure,                        \
		{                                  \
			name, foreign, never, read \
		}                                  \
	}

static const struct fake fakes[] = {
	FAKE("MIME:", SNIFF_CERTAIN, "mime", false, read_children),
	FAKE("ZIP:", SNIFF_CERTAIN, "zip", true, read_children),
	FAKE("TXT", SNIFF_LIKELY, "text", false, read_text),
	FAKE("ZIP:", SNIFF_MAYBE, "text", false, read_text),
	FAKE("QUINE", SNIFF_CERTAIN, "zip", false, read_quine),
	FAKE("MANY", SNIFF_CERTAIN, "zip", false, read_many),
	FAKE("BOMB", SNIFF_CERTAIN, "zip", false, read_bomb),
	FAKE("RATIO", SNIFF_CERTAIN, "zip", false, read_bomb),
	FAKE("CELLS", SNIFF_CERTAIN, "csv", false, read_cells),
	FAKE("SLOW", SNIFF_CERTAIN, "zip", false, read_slow),
	FAKE("DAMAGED", SNIFF_CERTAIN, "zip", false, read_damaged),
	FAKE("GUESS", SNIFF_MAYBE, "xlsx", false, read_damaged),
	FAKE("GUESSTXT", SNIFF_LIKELY, "text", false, read_text),
	FAKE("NOMEM", SNIFF_CERTAIN, "zip", false, read_no_memory),
	FAKE("UNSUP", SNIFF_CERTAIN, "zip", false, read_unsupported),
	FAKE("SAYS:", SNIFF_CERTAIN, "mime", false, read_says),
	FAKE("OWNED", SNIFF_CERTAIN, "zip", false, read_owned),
};

static const struct reader *
fake_next(struct span body, const struct child *hint, size_t *index,
	  enum sniff *sniff_out)
{
	(void)hint;
	for (; *index < ARRAY_LEN(fakes); (*index)++) {
		if (!starts_with(body, fakes[*index].word))
			continue;
		*sniff_out = fakes[*index].sure;
		return &fakes[(*index)++].reader;
	}
	return NULL;
}

static const char *
fake_unread(struct span body)
{
	if (starts_with(body, "7z"))
		return "7z";
	return starts_with(body, "PNG") ? "image/png" : NULL;
}

struct taints {
	int count;
	bool refuse;
};

static enum status
count_taint(void *context, struct err *err)
{
	struct taints *taints = context;

	taints->count++;
	return taints->refuse ? err_set(err, ST_IO, "test: gone") : ST_OK;
}

/* ---- one scan ---- */

static const struct engine_limits roomy = {
	.max_depth = 16,
	.max_objects = 1000,
	.max_expanded_bytes = 512 << 20,
	.max_ratio = 1000,
	.max_cells = 1000,
	.wall_ms = 20000,
	.cpu_ms = 20000,
};

struct scan {
	struct taints taints;
	struct engine *engine;
	struct engine_request request;
	struct engine_readers readers;
	struct scan_report report;
	uint8_t *body;
	enum status st;
	struct err err;
};

static void
scan_run(struct scan *scan, const char *body, enum scan_input input,
	 const struct engine_limits *limits)
{
	const size_t len_bytes = strlen(body);

	sbuf_init(&heard, 64 << 20);
	/* Of exact size, so that a sanitizer sees every step outside. */
	scan->body = malloc(len_bytes > 0 ? len_bytes : 1);
	memcpy(scan->body, body, len_bytes);
	scan->request = (struct engine_request){
		.input = input,
		.name = "bare.bin",
		.profile = "standard",
		.body = { scan->body, len_bytes },
		.limits = *limits,
	};
	scan->readers = (struct engine_readers){ fake_next, fake_unread,
						 count_taint, &scan->taints };
	check_status(ST_OK,
		     engine_new(&scan->request, &scan->readers, &scan->engine,
				&scan->err),
		     &scan->err);
	scan->st = engine_run(scan->engine, &scan->report, &scan->err);
}

static void
scan_done(struct scan *scan)
{
	engine_free(&scan->engine);
	free(scan->body);
	sbuf_done(&heard);
}

static void
scan_mail(struct scan *scan, const char *body)
{
	*scan = (struct scan){ .st = ST_OK };
	scan_run(scan, body, SCAN_INPUT_MAIL, &roomy);
	check_status(ST_OK, scan->st, &scan->err);
}

static void
assert_heard(const char *words)
{
	if (strstr(sbuf_text(&heard), words) == NULL)
		fail_msg("not heard: %s, but %.500s", words, sbuf_text(&heard));
}

static void
assert_opaque(const struct scan *scan, size_t i, const char *part,
	      enum report_reason reason, const char *detail)
{
	assert_true(i < scan->report.opaque_count);
	assert_string_equal(scan->report.opaques[i].part, part);
	assert_int_equal(scan->report.opaques[i].reason, reason);
	assert_string_equal(scan->report.opaques[i].detail, detail);
}

static void
a_clean_mail_is_clean(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=TXT hello|a.txt=TXT world");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_int_equal(scan.report.opaque_count, 0);
	assert_int_equal(scan.taints.count, 0);
	scan_done(&scan);
}

static void
parts_have_paths_names_types_and_sizes_in_order(void **state)
{
	struct scan scan;

	(void)state;
	/* A '|' ends a child of the outer level, so zip has one child. */
	scan_mail(&scan, "MIME:=TXT1|a.zip=ZIP:l.csv=TXT22|m.eml=MIME:x=TXT3");
	assert_int_equal(scan.report.part_count, 6);
	assert_string_equal(scan.report.parts[0].path, "message");
	assert_string_equal(scan.report.parts[1].path, "1");
	assert_string_equal(scan.report.parts[1].type, "text");
	assert_int_equal(scan.report.parts[1].size_bytes, 4);
	assert_string_equal(scan.report.parts[2].path, "2/a.zip");
	assert_string_equal(scan.report.parts[2].name, "a.zip");
	assert_string_equal(scan.report.parts[2].type, "zip");
	assert_string_equal(scan.report.parts[3].path, "2/a.zip/l.csv");
	assert_string_equal(scan.report.parts[4].path, "3/m.eml");
	assert_string_equal(scan.report.parts[5].path, "3/m.eml/1/x");
	scan_done(&scan);
}

static void
a_bare_file_stands_under_its_name(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	scan_run(&scan, "ZIP:=TXT", SCAN_INPUT_ATTACHMENT, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[0].path, "bare.bin");
	assert_string_equal(scan.report.parts[1].path, "bare.bin/1");
	assert_true(scan.report.parts[0].attachment);
	scan_done(&scan);
}

static void
a_file_that_looks_like_a_mail_is_read_as_one(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	scan_run(&scan, "MIME:a=TXT", SCAN_INPUT_GUESS, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[0].path, "message");
	assert_string_equal(scan.report.parts[1].path, "1/a");
	scan_done(&scan);
	scan = (struct scan){ .st = ST_OK };
	scan_run(&scan, "ZIP:a=TXT", SCAN_INPUT_GUESS, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[1].path, "bare.bin/a");
	scan_done(&scan);
}

static void
names_are_scanned_and_masked(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:id123456789018.csv=TXT");
	assert_heard("[1/id************.csv]name:id123456789018.csv;");
	assert_string_equal(scan.report.parts[1].name, "id************.csv");
	assert_string_equal(scan.report.parts[1].path, "1/id************.csv");
	scan_done(&scan);
}

static void
odd_names_still_make_a_valid_report(void **state)
{
	struct scan scan;
	struct sbuf payload;
	char body[900];
	struct err err;

	(void)state;
	(void)snprintf(body, sizeof(body), "MIME:%0500d\xff\x01=TXT|\n\x7f=TXT",
		       0);
	scan_mail(&scan, body);
	sbuf_init(&payload, 1 << 20);
	check_status(ST_OK,
		     wire_encode(&report_table, &scan.report, &payload, &err),
		     &err);
	assert_string_equal(scan.report.parts[2].name, "??");
	sbuf_done(&payload);
	scan_done(&scan);
}

static void
a_finding_makes_found_even_beside_unread_parts(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=TXT NUMBER|a.7z=7z...");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_int_equal(scan.report.opaque_count, 1);
	scan_done(&scan);
}

static void
what_no_reader_claims_is_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=xx NUMBER yy");
	assert_heard("[1]raw:0:xx NUMBER yy;");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_string_equal(scan.report.parts[1].type, "unknown");
	scan_done(&scan);
}

static void
known_containers_without_reader_are_opaque_and_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=7z NUM|=PNG");
	assert_opaque(&scan, 0, "1", REPORT_REASON_UNKNOWN_CONTAINER, "7z");
	assert_opaque(&scan, 1, "2", REPORT_REASON_IMAGE, "image/png");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_string_equal(scan.report.parts[1].type, "7z");
	assert_heard("raw:0:7z NUM;");
	scan_done(&scan);
}

static void
gaps_are_swept_at_their_offset(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "SAYS:junk");
	assert_heard("raw:5:junk;");
	scan_done(&scan);
}

static void
opaque_ambiguous_dsn_and_subject_reach_the_report(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "SAYS:junk");
	assert_opaque(&scan, 0, "message", REPORT_REASON_EXTERNAL, "elsewhere");
	assert_opaque(&scan, 1, "message", REPORT_REASON_AMBIGUOUS,
		      "two boundaries");
	assert_true(scan.report.ambiguous);
	assert_string_equal(scan.report.dsn.envid, "envid12345");
	assert_string_equal(scan.report.dsn.code, "5.1.1");
	assert_string_equal(scan.report.subject, "to *****");
	scan_done(&scan);
}

static void
locked_children_are_locked(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=ZIP:locked=");
	assert_opaque(&scan, 0, "1/locked", REPORT_REASON_LOCKED, "");
	assert_true(scan.report.parts[2].locked);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	scan_done(&scan);
}

static void
damage_is_recorded_masked_and_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=DAMAGED NUMBER");
	assert_opaque(&scan, 0, "1", REPORT_REASON_DAMAGED,
		      "fake: cut off at ************");
	assert_heard("raw:0:DAMAGED NUMBER;");
	scan_done(&scan);
}

static void
a_failed_guess_counts_only_when_nobody_else_reads(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=GUESSTXT");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_heard("body:GUESSTXT;");
	assert_heard("raw:0:GUESSTXT;");
	scan_done(&scan);
	scan_mail(&scan, "MIME:=GUESS");
	assert_opaque(&scan, 0, "1", REPORT_REASON_DAMAGED,
		      "fake: cut off at ************");
	scan_done(&scan);
}

static void
no_memory_and_unsupported_have_their_reasons(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=NOMEM|=UNSUP");
	assert_opaque(&scan, 0, "1", REPORT_REASON_LIMIT, "limit memory");
	assert_opaque(&scan, 1, "2", REPORT_REASON_UNKNOWN_CONTAINER,
		      "method 98");
	scan_done(&scan);
}

static void
text_is_left_out_beside_a_certain_reader(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "ZIP:=TXTa");
	assert_null(strstr(sbuf_text(&heard), "body:ZIP"));
	assert_heard("body:TXTa;");
	scan_done(&scan);
}

static void
foreign_readers_taint_once_and_first(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "ZIP:=ZIP:=TXTa");
	assert_int_equal(scan.taints.count, 1);
	scan_done(&scan);
	scan = (struct scan){ .taints = { 0, true } };
	scan_run(&scan, "ZIP:=TXTa", SCAN_INPUT_MAIL, &roomy);
	check_status(ST_IO, scan.st, &scan.err);
	assert_null(strstr(sbuf_text(&heard), "body:"));
	scan_done(&scan);
}

static void
depth_ends_at_the_limit_and_the_rest_is_swept(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };

	(void)state;
	limits.max_depth = 3;
	scan_run(&scan, "QUINE", SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_opaque(&scan, 0, "1/1/1/1", REPORT_REASON_LIMIT,
		      "limit depth 3");
	assert_int_equal(scan.report.opaque_count, 1);
	assert_int_equal(scan.report.part_count, 5);
	assert_heard("[1/1/1/1]raw:0:QUINE;");
	scan_done(&scan);
}

/* One scan of body under limits: unscannable for reason, in these words. */
static void
check_limit(const char *body, const struct engine_limits *limits,
	    enum report_reason reason, const char *detail)
{
	struct scan scan = { .st = ST_OK };

	scan_run(&scan, body, SCAN_INPUT_MAIL, limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_opaque(&scan, 0, "message", reason, detail);
	scan_done(&scan);
}

static void
every_other_budget_ends_by_name(void **state)
{
	struct engine_limits limits = roomy;

	(void)state;
	check_limit("MANY", &roomy, REPORT_REASON_LIMIT, "limit objects 1000");
	check_limit("CELLS", &roomy, REPORT_REASON_LIMIT, "limit cells 1000");
	check_limit("RATIO", &roomy, REPORT_REASON_LIMIT, "limit ratio 1000");
	limits.max_expanded_bytes = 1 << 20;
	check_limit("BOMB", &limits, REPORT_REASON_LIMIT,
		    "limit expanded 1048576 bytes");
	limits = roomy;
	limits.wall_ms = 60;
	check_limit("SLOW", &limits, REPORT_REASON_TIMEOUT, "limit wall 60 ms");
	limits = roomy;
	limits.cpu_ms = 60;
	check_limit("SLOW", &limits, REPORT_REASON_TIMEOUT, "limit cpu 60 ms");
}

static void
small_things_may_be_packed_tightly(void **state)
{
	struct engine_limits limits = roomy;

	(void)state;
	/* Up to 16 MiB no ratio counts: the other limit is met first. */
	limits.max_expanded_bytes = 16 << 20;
	check_limit("RATIO", &limits, REPORT_REASON_LIMIT,
		    "limit expanded 16777216 bytes");
}

static void
other_parts_are_read_after_a_limit(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=BOMB|=TXT NUMBER");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	scan_done(&scan);
}

static void
nothing_is_read_after_the_time_is_up(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };

	(void)state;
	limits.wall_ms = 30;
	scan_run(&scan, "MIME:=SLOW|=TXT NUMBER", SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_true(scan.report.elapsed_ms >= 30);
	assert_true(scan.report.elapsed_ms < 2000);
	scan_done(&scan);
}

static void
a_report_has_at_most_its_maximum_of_lines(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };
	struct sbuf body;

	(void)state;
	limits.max_objects = 10000;
	sbuf_init(&body, 1 << 20);
	sbuf_add_text(&body, "MIME:=7z");
	for (int i = 0; i < 2500; i++)
		sbuf_add_text(&body, "|=7z");
	scan_run(&scan, sbuf_text(&body), SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.opaque_count, REPORT_MAX_OPAQUES);
	assert_int_equal(scan.report.part_count, REPORT_MAX_PARTS);
	scan_done(&scan);
	sbuf_done(&body);
}

static void
owned_bytes_are_taken_over(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "OWNED");
	assert_heard("body:TXThey;");
	scan_done(&scan);
}

static void
an_empty_mail_is_clean(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_int_equal(scan.report.part_count, 1);
	scan_done(&scan);
}

static void
a_detector_that_cannot_finish_is_an_error(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	finish_fails = true;
	scan_run(&scan, "MIME:=TXT", SCAN_INPUT_MAIL, &roomy);
	finish_fails = false;
	check_status(ST_NO_MEMORY, scan.st, &scan.err);
	scan_done(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_mail_is_clean),
		cmocka_unit_test(
			parts_have_paths_names_types_and_sizes_in_order),
		cmocka_unit_test(a_bare_file_stands_under_its_name),
		cmocka_unit_test(a_file_that_looks_like_a_mail_is_read_as_one),
		cmocka_unit_test(names_are_scanned_and_masked),
		cmocka_unit_test(odd_names_still_make_a_valid_report),
		cmocka_unit_test(
			a_finding_makes_found_even_beside_unread_parts),
		cmocka_unit_test(what_no_reader_claims_is_swept),
		cmocka_unit_test(
			known_containers_without_reader_are_opaque_and_swept),
		cmocka_unit_test(gaps_are_swept_at_their_offset),
		cmocka_unit_test(
			opaque_ambiguous_dsn_and_subject_reach_the_report),
		cmocka_unit_test(locked_children_are_locked),
		cmocka_unit_test(damage_is_recorded_masked_and_swept),
		cmocka_unit_test(
			a_failed_guess_counts_only_when_nobody_else_reads),
		cmocka_unit_test(no_memory_and_unsupported_have_their_reasons),
		cmocka_unit_test(text_is_left_out_beside_a_certain_reader),
		cmocka_unit_test(foreign_readers_taint_once_and_first),
		cmocka_unit_test(depth_ends_at_the_limit_and_the_rest_is_swept),
		cmocka_unit_test(every_other_budget_ends_by_name),
		cmocka_unit_test(small_things_may_be_packed_tightly),
		cmocka_unit_test(other_parts_are_read_after_a_limit),
		cmocka_unit_test(nothing_is_read_after_the_time_is_up),
		cmocka_unit_test(a_report_has_at_most_its_maximum_of_lines),
		cmocka_unit_test(owned_bytes_are_taken_over),
		cmocka_unit_test(an_empty_mail_is_clean),
		cmocka_unit_test(a_detector_that_cannot_finish_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
