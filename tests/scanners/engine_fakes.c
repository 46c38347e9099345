#include "tests/scanners/engine_fakes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/detect.h"
#include "scanners/text/charset.h"

/* ---- a detector that writes down what it is given ---- */

struct detector {
	bool found;
	struct report_finding finding;
};

/* What detectors of this test heard; the last scan's. */
struct sbuf heard;
bool finish_fails;

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
	static const char *const kinds[] = { "?",     "body:",    "header:",
					     "name:", "element:", "page:",
					     "code:", "raw:" };

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
detector_may_skip(struct detector *detector, struct span record,
		  uint8_t delimiter, bool *skip_out, struct err *err)
{
	(void)detector;
	(void)record;
	(void)delimiter;
	(void)err;
	*skip_out = false;
	return ST_OK;
}

uint64_t
detector_line(const struct detector *detector)
{
	(void)detector;
	return 1;
}

enum status
detector_possible_lines(struct detector *detector, struct detect_lines *lines,
			uint64_t *undone_out, struct err *err)
{
	(void)detector;
	(void)err;
	*lines = (struct detect_lines){ NULL, 0 };
	*undone_out = 0;
	return ST_OK;
}

void
detector_found_lines(const struct detector *detector,
		     struct detect_lines *lines)
{
	(void)detector;
	*lines = (struct detect_lines){ NULL, 0 };
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
charset_decode(enum charset charset, struct span bytes, struct sbuf *out)
{
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

/* Finds something, and has every doubt that a reader can have. */
static enum status
read_doubts(struct sink *sink, struct span body, const struct child *hint,
	    struct err *err)
{
	enum status st = read_text(sink, body, hint, err);

	if (st == ST_OK)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED, "odd", err);
	if (st == ST_OK)
		st = sink_opaque(sink, REPORT_REASON_LOCKED, "really", err);
	return st == ST_OK ? sink_ambiguous(sink, "two ends", err) : st;
}

/* Gives bytes that live in a block of its own. */
static enum status
read_owned(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	uint8_t *block = malloc(6);

	(void)body;
	(void)hint;
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
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

#define FAKE(word, sure, name, foreign, read)                  \
	{                                                      \
		word, sure,                                    \
		{                                              \
			name, foreign, never, read, NULL, NULL \
		}                                              \
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
	FAKE("TAR", SNIFF_CERTAIN, "archive", false, read_text),
	FAKE("TAR", SNIFF_MAYBE, "zip", false, read_doubts),
	FAKE("DENSEPDF", SNIFF_LIKELY, "pdf", false, read_text),
	FAKE("DENSETXT", SNIFF_LIKELY, "text", false, read_text),
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
	if (starts_with(body, "DENSE"))
		return "packed or encrypted";
	return starts_with(body, "PNG") ? "image/png" : NULL;
}

static enum status
count_taint(void *context, struct err *err)
{
	struct taints *taints = context;

	taints->count++;
	return taints->refuse ? err_set(err, ST_IO, "test: gone") : ST_OK;
}

/* ---- one scan ---- */

const struct engine_limits roomy = {
	.max_depth = 16,
	.max_objects = 1000,
	.max_expanded_bytes = 512 << 20,
	.max_ratio = 1000,
	.max_cells = 1000,
	.wall_ms = 20000,
	.cpu_ms = 20000,
};

void
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
		.profile = REPORT_PROFILE_STANDARD,
		.body = { scan->body, len_bytes },
		.limits = *limits,
	};
	scan->readers =
		(struct engine_readers){ fake_next, fake_unread, count_taint,
					 NULL, &scan->taints };
	check_status(ST_OK,
		     engine_new(&scan->request, &scan->readers, &scan->engine,
				&scan->err),
		     &scan->err);
	scan->st = engine_run(scan->engine, &scan->report, &scan->err);
}

void
scan_done(struct scan *scan)
{
	engine_free(&scan->engine);
	free(scan->body);
	sbuf_done(&heard);
}

void
scan_mail(struct scan *scan, const char *body)
{
	*scan = (struct scan){ .st = ST_OK };
	scan_run(scan, body, SCAN_INPUT_MAIL, &roomy);
	check_status(ST_OK, scan->st, &scan->err);
}

void
assert_heard(const char *words)
{
	if (strstr(sbuf_text(&heard), words) == NULL)
		fail_msg("not heard: %s, but %.500s", words, sbuf_text(&heard));
}

void
assert_opaque(const struct scan *scan, size_t i, const char *part,
	      enum report_reason reason, const char *detail)
{
	assert_true(i < scan->report.opaque_count);
	assert_string_equal(scan->report.opaques[i].part, part);
	assert_int_equal(scan->report.opaques[i].reason, reason);
	assert_string_equal(scan->report.opaques[i].detail, detail);
}
