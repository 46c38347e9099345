/* What was sent as a file of its own, so that it is sent once. */
#include "scanners/pdf/pdf_file.h"

void
pdf_given_add(struct pdf_sink *sink, struct span bytes)
{
	if (sink->given == NULL)
		sink->given = g_hash_table_new_full(g_str_hash, g_str_equal,
						    g_free, NULL);
	sink->given_count++;
	/* One that cannot be made to be that of another file. */
	g_hash_table_add(sink->given, g_compute_checksum_for_data(
					      G_CHECKSUM_SHA256, bytes.ptr,
					      bytes.len_bytes));
}

bool
pdf_given_has(const struct pdf_sink *sink, struct span bytes)
{
	char *sum = NULL;
	bool has = false;

	if (sink->given == NULL)
		return false;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes.ptr,
					  bytes.len_bytes);
	has = g_hash_table_contains(sink->given, sum);
	g_free(sum);
	return has;
}

void
pdf_given_done(struct pdf_sink *sink)
{
	if (sink->given != NULL)
		g_hash_table_destroy(sink->given);
	sink->given = NULL;
}
