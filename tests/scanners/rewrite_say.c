/*
 * rewrite_say all|findings FILE...: make a link mail of each file. Writes
 * FILE.link (with "<HOLE>") and FILE.files, and says on standard output what
 * was done, tab-separated:
 *	mail REFUSAL PART PLACE BOUNDARY LF-ONLY PICTURES
 *	piece KIND AT BYTES
 *	cut AT BYTES TYPE PART NAME SAFE-NAME
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/rewrite_case.h"

enum { SAY_MAX_BYTES = 256 * 1024 * 1024, SAY_PATH_BYTES = 4096 };

static bool
say_write(const char *path, const char *ending, const struct sbuf *bytes)
{
	char name[SAY_PATH_BYTES];
	struct err err = { 0 };

	(void)snprintf(name, sizeof(name), "%s.%s", path, ending);
	AUTO(fd_close)
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd >= 0 && fd_write_all(fd, sbuf_span(bytes), &err) == ST_OK;
}

static void
say_plan(const struct rewrite_plan *plan)
{
	(void)printf("mail\t%s\t%s\t%d\t%s\t%d\t%u\n",
		     rewrite_refusal_name(plan->refusal), plan->refused_part,
		     (int)plan->place, plan->boundary, plan->lf_only,
		     (unsigned)plan->inline_pictures);
	for (size_t i = 0; i < plan->piece_count; i++)
		(void)printf("piece\t%d\t%" PRIu64 "\t%" PRIu64 "\n",
			     (int)plan->pieces[i].kind, plan->pieces[i].at,
			     plan->pieces[i].len_bytes);
	for (size_t i = 0; i < plan->cut_count; i++) {
		const struct rewrite_cut *cut = &plan->cuts[i];

		(void)printf("cut\t%" PRIu64 "\t%" PRIu64 "\t%s\t%s\t%s\t%s\n",
			     cut->at, cut->size_bytes, cut->type, cut->part,
			     cut->name, cut->name_safe);
	}
}

static bool
say_file(const char *path, enum rewrite_what what)
{
	AUTO(sbuf_done) struct sbuf mail;
	struct rewrite_case one;
	struct err err = { 0 };
	bool good = false;

	sbuf_init(&mail, SAY_MAX_BYTES);
	if (fd_slurp_file(path, &mail, &err) != ST_OK)
		return false;
	rewrite_case_run(&one, sbuf_span(&mail), what);
	say_plan(one.plan);
	good = one.plan->refusal != REWRITE_REFUSAL_NONE ||
	       (say_write(path, "link", &one.link) &&
		say_write(path, "files", &one.files));
	rewrite_case_done(&one);
	return good;
}

int
main(int argc, char **argv)
{
	const enum rewrite_what what =
		argc > 1 ? rewrite_what_find(argv[1]) : REWRITE_NONE;

	if (what == REWRITE_NONE) {
		(void)fprintf(stderr, "usage: rewrite_say all|findings FILE\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (!say_file(argv[i], what))
			return 1;
	return 0;
}
