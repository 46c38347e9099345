/* What "sekimori scan --preview" prints: the text of a mail, line by line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/scan_text.h"
#include "cli/table.h"

enum { PREVIEW_TEXT_BYTES = 16384 };

/* The cells of a row have tabs between them. */
static void
preview_add_text(struct sbuf *out, const char *text, bool table)
{
	AUTO(sbuf_done) struct sbuf cell;

	sbuf_init_secret(&cell, PREVIEW_TEXT_BYTES);
	for (; *text != '\0'; text++) {
		if (*text != '\t') {
			sbuf_add_byte(&cell, (uint8_t)*text);
			continue;
		}
		text_add_safe(out, sbuf_text(&cell));
		sbuf_add_text(out, table ? " | " : "    ");
		sbuf_clear(&cell);
	}
	text_add_safe(out, sbuf_text(&cell));
}

static void
preview_print_part(const struct preview_part *part)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init_secret(&line, PREVIEW_TEXT_BYTES);
	sbuf_add_text(&line, "-- ");
	text_add_safe(&line, part->path);
	sbuf_add_text(&line, " (");
	text_add_safe(&line, part->type);
	sbuf_add_text(&line, part->cut ? ", cut)" : ")");
	(void)printf("%s\n", sbuf_text(&line));
	for (size_t i = 0; i < part->line_count; i++) {
		const struct preview_line *row = &part->lines[i];

		sbuf_clear(&line);
		sbuf_add_text(&line, row->found ? "* " : "  ");
		text_add_safe(&line, row->place);
		sbuf_add_text(&line, ": ");
		preview_add_text(&line, row->text, part->table);
		(void)printf("%s\n", sbuf_text(&line));
	}
}

enum status
scan_print_preview(const char *file, const struct preview *preview,
		   struct err *err)
{
	AUTO(sbuf_done) struct sbuf name;

	sbuf_init(&name, PREVIEW_TEXT_BYTES);
	text_add_safe(&name, file);
	(void)printf("%s:%s\n", sbuf_text(&name),
		     preview->part_count == 0 ? " no text" : "");
	for (size_t i = 0; i < preview->part_count; i++)
		preview_print_part(&preview->parts[i]);
	if (preview->cut)
		(void)printf("-- and more parts\n");
	if (fflush(stdout) != 0)
		return err_set_errno(err, "standard output");
	return ST_OK;
}
