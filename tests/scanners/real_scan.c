#include "tests/scanners/real_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"

const struct engine_limits real_scan_limits = {
	.max_depth = 16,
	.max_objects = 20000,
	.max_expanded_bytes = 512U << 20,
	.max_ratio = 1000,
	.max_cells = 5000000,
	.max_pages = 5000,
	.wall_ms = 20000,
	.cpu_ms = 20000,
};

static enum status
real_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

void
real_scan_within(struct real_scan *scan, const char *name, struct span body,
		 const struct engine_limits *limits)
{
	struct err err = { 0 };

	*scan = (struct real_scan){ .engine = NULL };
	scan->body = malloc(body.len_bytes > 0 ? body.len_bytes : 1);
	assert_non_null(scan->body);
	if (body.len_bytes > 0)
		memcpy(scan->body, body.ptr, body.len_bytes);
	check_status(ST_OK, reader_prepare(&err), &err);
	scan->readers = (struct engine_readers){
		.next = reader_next,
		.unread_format = reader_unread_format,
		.taint = real_taint,
	};
	scan->request = (struct engine_request){
		.input = name == NULL ? SCAN_INPUT_MAIL : SCAN_INPUT_ATTACHMENT,
		.name = name == NULL ? "" : name,
		.profile = REPORT_PROFILE_STANDARD,
		.body = { scan->body, body.len_bytes },
		.limits = *limits,
	};
	check_status(
		ST_OK,
		engine_new(&scan->request, &scan->readers, &scan->engine, &err),
		&err);
	check_status(ST_OK, engine_run(scan->engine, &scan->report, &err),
		     &err);
}

void
real_scan_mail(struct real_scan *scan, struct span body)
{
	real_scan_within(scan, NULL, body, &real_scan_limits);
}

void
real_scan_file(struct real_scan *scan, const char *name, struct span body)
{
	real_scan_within(scan, name, body, &real_scan_limits);
}

void
real_scan_done(struct real_scan *scan)
{
	engine_free(&scan->engine);
	free(scan->body);
	scan->body = NULL;
}

bool
real_scan_found(const struct real_scan *scan, const char *part)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].level >= REPORT_LEVEL_SUSPECT &&
		    (part == NULL ||
		     strcmp(report->findings[i].part, part) == 0))
			return true;
	return false;
}

bool
real_scan_opaque(const struct real_scan *scan, enum report_reason reason,
		 const char *detail)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->opaque_count; i++)
		if (report->opaques[i].reason == reason &&
		    strstr(report->opaques[i].detail, detail) != NULL)
			return true;
	return false;
}

void
real_scan_print(const struct real_scan *scan)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->part_count; i++)
		print_message("part %s %s\n", report->parts[i].path,
			      report->parts[i].type);
	for (size_t i = 0; i < report->finding_count; i++)
		print_message("found %s %s\n", report->findings[i].part,
			      report->findings[i].location);
	for (size_t i = 0; i < report->opaque_count; i++)
		print_message("opaque %s %s %s\n", report->opaques[i].part,
			      report_reason_name(report->opaques[i].reason),
			      report->opaques[i].detail);
}
