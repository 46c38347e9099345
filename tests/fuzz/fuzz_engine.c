/*
 * libFuzzer target for scanners/worker/engine.h with the real readers: from
 * the bytes of a mail or file to the frame that the supervisor gets.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_DIGITS = 12 };

static enum status
fuzz_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

/* No number leaves a worker that was not asked to reveal. (Identifiers of a
 * delivery status notification are kept as they are.) */
static bool
fuzz_is_masked(const char *text)
{
	size_t run = 0;

	for (; *text != '\0'; text++) {
		run = isdigit((unsigned char)*text) ? run + 1 : 0;
		if (run == FUZZ_DIGITS)
			return false;
	}
	return true;
}

static void
fuzz_check_texts(const struct scan_report *report)
{
	FUZZ_PROMISE(fuzz_is_masked(report->subject));
	for (size_t i = 0; i < report->finding_count; i++) {
		FUZZ_PROMISE(fuzz_is_masked(report->findings[i].part));
		FUZZ_PROMISE(fuzz_is_masked(report->findings[i].location));
		FUZZ_PROMISE(fuzz_is_masked(report->findings[i].masked));
		FUZZ_PROMISE(fuzz_is_masked(report->findings[i].context));
		FUZZ_PROMISE(report->findings[i].number[0] == '\0');
	}
	for (size_t i = 0; i < report->opaque_count; i++) {
		FUZZ_PROMISE(fuzz_is_masked(report->opaques[i].part));
		FUZZ_PROMISE(fuzz_is_masked(report->opaques[i].detail));
	}
	for (size_t i = 0; i < report->part_count; i++) {
		FUZZ_PROMISE(fuzz_is_masked(report->parts[i].path));
		FUZZ_PROMISE(fuzz_is_masked(report->parts[i].name));
	}
}

/* The other end must be able to read what this end says. */
static void
fuzz_check_report(const struct scan_report *report)
{
	AUTO(sbuf_done) struct sbuf payload;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report got;
	struct err err;

	sbuf_init(&payload, 16 << 20);
	FUZZ_PROMISE(report_check(report, &err) == ST_OK);
	FUZZ_PROMISE(wire_encode(&report_table, report, &payload, &err) ==
		     ST_OK);
	FUZZ_PROMISE(wire_decode(&report_table, sbuf_span(&payload), &got,
				 &arena, &err) == ST_OK);
	fuzz_check_texts(&got);
}

/* Nor in a preview, which keeps to its limits. */
static void
fuzz_check_preview(struct engine *engine)
{
	AUTO(sbuf_done) struct sbuf payload;
	struct preview preview;
	struct err err;

	sbuf_init(&payload, 16 << 20);
	FUZZ_PROMISE(engine_preview(engine, &preview, &err) == ST_OK);
	FUZZ_PROMISE(wire_encode(&preview_table, &preview, &payload, &err) ==
		     ST_OK);
	for (size_t i = 0; i < preview.part_count; i++) {
		const struct preview_part *part = &preview.parts[i];

		FUZZ_PROMISE(fuzz_is_masked(part->path));
		FUZZ_PROMISE(fuzz_is_masked(part->name));
		for (size_t k = 0; k < part->line_count; k++) {
			FUZZ_PROMISE(fuzz_is_masked(part->lines[k].place));
			FUZZ_PROMISE(fuzz_is_masked(part->lines[k].text));
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct engine_readers readers = { reader_next,
						       reader_unread_format,
						       fuzz_taint, NULL, NULL };
	static bool prepared;
	const struct engine_request request = {
		.input = size % 2 == 0 ? SCAN_INPUT_MAIL : SCAN_INPUT_GUESS,
		.name = "123456789018.bin",
		.profile = size / 2 % 2 == 0 ? REPORT_PROFILE_STANDARD
					     : REPORT_PROFILE_STRICT,
		.preview = true,
		.body = { data, size },
		.limits = { .max_depth = 8,
			    .max_objects = 200,
			    .max_expanded_bytes = 8 << 20,
			    .max_ratio = 100,
			    .max_cells = 10000,
			    .wall_ms = 5000,
			    .cpu_ms = 5000 },
	};
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err err;

	if (!prepared)
		FUZZ_PROMISE(reader_prepare(&err) == ST_OK);
	prepared = true;
	FUZZ_PROMISE(engine_new(&request, &readers, &engine, &err) == ST_OK);
	FUZZ_PROMISE(engine_run(engine, &report, &err) == ST_OK);
	fuzz_check_report(&report);
	fuzz_check_preview(engine);
	return 0;
}
