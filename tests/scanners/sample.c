#include "tests/scanners/sample.h"

#include <stdlib.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

void
sample_read(const char *path, struct sbuf *out)
{
	const char *top = getenv("top_srcdir");
	struct sbuf full;
	struct err err = { 0 };

	sbuf_init(&full, 4096);
	sbuf_addf(&full, "%s/tests/data/%s", top != NULL ? top : ".", path);
	check_status(ST_OK, fd_slurp_file(sbuf_text(&full), out, &err), &err);
	sbuf_done(&full);
}
