/* Objects and streams of a PDF file, as scanners/pdf takes them apart itself.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_MAX_TEXTS = 20000, FUZZ_MAX_BYTES = 64 << 20 };

static size_t texts;
static uint64_t spent_bytes;

/* --- what the sink of the real program would send ------------------------ */

bool
pdf_sink_is_over(const struct pdf_sink *sink)
{
	(void)sink;
	return texts > FUZZ_MAX_TEXTS || spent_bytes > FUZZ_MAX_BYTES;
}

void
pdf_element(struct pdf_sink *sink, const char *name, unsigned number,
	    const char *utf8)
{
	(void)sink;
	(void)number;
	(void)utf8;
	FUZZ_PROMISE(name != NULL && name[0] != '\0');
	texts++;
}

void
pdf_sink_child(struct pdf_sink *sink, const char *name, struct span bytes)
{
	uint8_t all = 0;

	(void)sink;
	(void)name;
	FUZZ_PROMISE(bytes.len_bytes > 0);
	for (size_t i = 0; i < bytes.len_bytes; i++)
		all |= bytes.ptr[i];
	texts += all != 0;
}

void
pdf_sink_opaque(struct pdf_sink *sink, enum report_reason reason,
		const char *detail)
{
	(void)sink;
	FUZZ_PROMISE(reason != REPORT_REASON_NONE && detail[0] != '\0');
}

void
pdf_sink_spend(struct pdf_sink *sink, uint64_t len_bytes)
{
	(void)sink;
	spent_bytes += len_bytes;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	struct pdf_sink sink = { .complaints = 0 };
	struct pdf_file file;

	texts = 0;
	spent_bytes = 0;
	pdf_file_init(&file, &sink, (struct span){ data, size });
	pdf_file_look(&file);
	pdf_file_give_texts(&file);
	pdf_file_give(&file, seen);
	pdf_file_done(&file);
	pdf_given_done(&sink);
	g_hash_table_destroy(seen);
	return 0;
}
