/* charset_say CHARSET: standard input, decoded, to standard output. */
#include <stdio.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "scanners/text/charset.h"

enum { SAY_MAX_BYTES = 64 * 1024 * 1024 };

int
main(int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf in;
	AUTO(sbuf_done) struct sbuf out;
	uint8_t block[4096];
	size_t got = 0;

	sbuf_init(&in, SAY_MAX_BYTES);
	sbuf_init(&out, SAY_MAX_BYTES);
	while ((got = fread(block, 1, sizeof(block), stdin)) > 0)
		sbuf_add(&in, block, got);
	if (argc != 2 || charset_find(span_of(argv[1])) == CHARSET_NONE) {
		(void)fprintf(stderr, "usage: charset_say CHARSET\n");
		return 2;
	}
	charset_decode(charset_find(span_of(argv[1])), sbuf_span(&in), &out);
	if (in.st != ST_OK || out.st != ST_OK)
		return 1;
	return fwrite(out.bytes, 1, out.len_bytes, stdout) == out.len_bytes ? 0
									    : 1;
}
