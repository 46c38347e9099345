#include "tests/scanners/rewrite_case.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "scanners/rewrite/layout.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"

static enum status
case_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

static void
case_take(struct rewrite_case *one, struct span mail)
{
	AUTO(fd_unmap) struct span files = { NULL, 0 };
	struct err err = { 0 };

	one->plan = rewrite_plan(one->rewrite);
	check_status(ST_OK, rewrite_check(one->plan, mail.len_bytes, &err),
		     &err);
	if (one->plan->refusal != REWRITE_REFUSAL_NONE)
		return;
	check_status(ST_OK,
		     layout_write(one->plan, mail, span_of("<HOLE>"),
				  &one->link, &err),
		     &err);
	assert_int_equal(
		ftruncate(one->files_fd, (off_t)one->plan->files_bytes), 0);
	check_status(ST_OK, fd_seal(one->files_fd, &err), &err);
	check_status(ST_OK,
		     fd_map_sealed(one->files_fd, SIZE_MAX, &files, &err),
		     &err);
	sbuf_add_span(&one->files, files);
	assert_int_equal(one->files.st, ST_OK);
}

void
rewrite_case_run_as(struct rewrite_case *one, struct span mail,
		    const struct rewrite_way *way)
{
	struct err err = { 0 };

	*one = (struct rewrite_case){ .files_fd = FD_NONE };
	sbuf_init(&one->link, SIZE_MAX / 2);
	sbuf_init(&one->files, SIZE_MAX / 2);
	one->mail = malloc(mail.len_bytes > 0 ? mail.len_bytes : 1);
	assert_non_null(one->mail);
	memcpy(one->mail, mail.ptr, mail.len_bytes);
	check_status(ST_OK, reader_prepare(&err), &err);
	check_status(ST_OK, fd_memory("files", &one->files_fd, &err), &err);
	assert_int_equal(ftruncate(one->files_fd, (off_t)mail.len_bytes), 0);
	one->readers = (struct engine_readers){
		.next = reader_next,
		.unread_format = reader_unread_format,
		.taint = case_taint,
	};
	one->scan = (struct engine_request){
		.input = SCAN_INPUT_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.body = { one->mail, mail.len_bytes },
		.limits = way->limits,
	};
	one->wish = (struct rewrite_wish){ .what = way->what,
					   .names = way->names,
					   .pictures = way->pictures,
					   .logo_bytes = way->logo_bytes,
					   .files_fd = one->files_fd };
	check_status(ST_OK,
		     rewrite_make(&one->scan, &one->readers, &one->wish,
				  &one->rewrite, &err),
		     &err);
	case_take(one, one->scan.body);
}

void
rewrite_case_run(struct rewrite_case *one, struct span mail,
		 enum rewrite_what what)
{
	const struct rewrite_way way = { .what = what,
					 .names = REWRITE_NAMES_MASKED,
					 .limits = real_scan_limits };

	rewrite_case_run_as(one, mail, &way);
}

void
rewrite_case_done(struct rewrite_case *one)
{
	rewrite_free(&one->rewrite);
	sbuf_done(&one->link);
	sbuf_done(&one->files);
	fd_close(&one->files_fd);
	free(one->mail);
	one->mail = NULL;
}

struct span
rewrite_case_file(const struct rewrite_case *one, size_t index)
{
	struct span file = { NULL, 0 };

	assert_true(index < one->plan->cut_count);
	assert_true(span_cut(sbuf_span(&one->files),
			     (size_t)one->plan->cuts[index].at,
			     (size_t)one->plan->cuts[index].size_bytes, &file));
	return file;
}
