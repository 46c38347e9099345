/*
 * Any bytes as a mail to be rewritten: a plan that holds, out of which no
 * number is left and which the other end can read, or a refusal.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "scanners/rewrite/layout.h"
#include "scanners/rewrite/rewrite.h"
#include "tests/fuzz/fuzz.h"

static enum status
fuzz_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

static const struct engine_readers fuzz_readers = { reader_next,
						    reader_unread_format,
						    fuzz_taint, NULL, NULL };

static struct engine_request
fuzz_request(struct span body)
{
	return (struct engine_request){
		.input = SCAN_INPUT_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.body = body,
		.limits = { .max_depth = 8,
			    .max_objects = 200,
			    .max_expanded_bytes = 8 << 20,
			    .max_ratio = 100,
			    .max_cells = 10000,
			    .wall_ms = 5000,
			    .cpu_ms = 5000 },
	};
}

/* The other end takes it. */
static void
fuzz_check_plan(const struct rewrite_plan *plan, size_t mail_bytes)
{
	AUTO(sbuf_done) struct sbuf payload;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct rewrite_plan got;
	struct err err;

	sbuf_init(&payload, 16 << 20);
	FUZZ_PROMISE(wire_encode(&rewrite_table, plan, &payload, &err) ==
		     ST_OK);
	FUZZ_PROMISE(wire_decode(&rewrite_table, sbuf_span(&payload), &got,
				 &arena, &err) == ST_OK);
	FUZZ_PROMISE(rewrite_check(&got, mail_bytes, &err) == ST_OK);
}

/* Without what was cut no number is found. */
static void
fuzz_check_rest(const struct rewrite_plan *plan, struct span mail)
{
	AUTO(sbuf_done) struct sbuf rest;
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err err;

	sbuf_init(&rest, SIZE_MAX / 2);
	FUZZ_PROMISE(layout_write(plan, mail, span_of(""), &rest, &err) ==
		     ST_OK);
	const struct engine_request request = fuzz_request(sbuf_span(&rest));

	FUZZ_PROMISE(engine_new(&request, &fuzz_readers, &engine, &err) ==
		     ST_OK);
	FUZZ_PROMISE(engine_run(engine, &report, &err) == ST_OK);
	FUZZ_PROMISE(report.level < REPORT_LEVEL_SUSPECT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool prepared;
	AUTO(fd_close) int files_fd = FD_NONE;
	AUTO(rewrite_free) struct rewrite *rewrite = NULL;
	const struct span mail = { data, size };
	const struct engine_request request = fuzz_request(mail);
	struct rewrite_wish wish = {
		.what = size % 3 == 0 ? REWRITE_FINDINGS : REWRITE_ALL,
		.names = size % 2 == 0 ? REWRITE_NAMES_MASKED
				       : REWRITE_NAMES_NEUTRAL,
		.pictures = size % 5 == 0 ? REWRITE_PICTURES_CUT
					  : REWRITE_PICTURES_STAY,
		.files_fd = FD_NONE,
	};
	struct err err;

	if (!prepared)
		FUZZ_PROMISE(reader_prepare(&err) == ST_OK);
	prepared = true;
	FUZZ_PROMISE(fd_memory("files", &files_fd, &err) == ST_OK);
	FUZZ_PROMISE(ftruncate(files_fd, (off_t)size) == 0);
	wish.files_fd = files_fd;
	FUZZ_PROMISE(rewrite_make(&request, &fuzz_readers, &wish, &rewrite,
				  &err) == ST_OK);
	const struct rewrite_plan *plan = rewrite_plan(rewrite);

	fuzz_check_plan(plan, size);
	if (plan->refusal == REWRITE_REFUSAL_NONE)
		fuzz_check_rest(plan, mail);
	return 0;
}
