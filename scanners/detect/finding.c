#include "scanners/detect/finding.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/plain.h"

enum { FINDING_CONTEXT_BYTES = 900 };

void
finding_free_text(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
finding_done(struct finding *finding)
{
	finding_free_text(finding->label);
	finding_free_text(finding->sheet);
	finding_free_text(finding->context);
	explicit_bzero(finding, sizeof(*finding));
}

uint64_t
finding_value(const uint8_t digits[CHECK_DIGIT_COUNT])
{
	uint64_t value = 0;

	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		value = value * 10 + digits[i];
	return value;
}

void
finding_add_row(struct finding *finding, uint32_t row)
{
	if (row < finding->first_row)
		finding->first_row = row;
	if (row > finding->last_row)
		finding->last_row = row;
}

/* GCC 12's analyzer does not see that *copy_out keeps the block. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
static bool
finding_copy_text(const char *text, char **copy_out)
{
	char *copy = NULL;

	if (text == NULL)
		return true;
	copy = strdup(text);
	if (copy == NULL)
		return false;
	finding_free_text(*copy_out);
	*copy_out = copy;
	return true;
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

/* A context may hold what no report carries: controls of any kind. */
static bool
finding_copy_context(const char *text, char **copy_out)
{
	AUTO(sbuf_done) struct sbuf plain;

	sbuf_init(&plain, FINDING_CONTEXT_BYTES);
	if (text == NULL)
		return true;
	text_add_plain(&plain, span_of(text), FINDING_CONTEXT_BYTES);
	return plain.st == ST_OK &&
	       finding_copy_text(sbuf_text(&plain), copy_out);
}

enum status
finding_fill(struct finding *finding, const struct sighting *sighting,
	     struct err *err)
{
	if (!finding_copy_text(sighting->label, &finding->label) ||
	    !finding_copy_text(sighting->sheet, &finding->sheet) ||
	    !finding_copy_context(sighting->context, &finding->context))
		return err_set(err, ST_NO_MEMORY, "finding: no memory");
	memcpy(finding->digits, sighting->digits, sizeof(finding->digits));
	finding->evidence = sighting->evidence;
	finding->part = sighting->part;
	finding->table = sighting->table;
	finding->place = sighting->place;
	finding->line = sighting->line;
	finding->first_row = sighting->row;
	finding->last_row = sighting->row;
	finding->column = sighting->column;
	finding->last_column = sighting->last_column;
	return ST_OK;
}

void
finding_note_distant(struct finding *finding, const struct evidence_set *set,
		     uint32_t column_ref)
{
	finding->distant = *set;
	finding->distant_ref = column_ref;
	finding->has_distant = true;
}
