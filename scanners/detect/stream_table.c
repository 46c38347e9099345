#include "scanners/detect/stream_table.h"

#include <string.h>

enum {
	TABLE_CELL_REST = 16,  /* bytes beside the number: a mark, a unit */
	TABLE_LINE_REST = 200, /* a name, an address, more columns */
	TABLE_LONE_REST = 30,  /* a name, です */
	TABLE_LONE_LINES = 15, /* of a text, in which its subject is in mind */
	TABLE_LINES = 2        /* one blank line at most between two */
};

/* Bytes but blanks from from to to. */
static size_t
table_visible(struct span text, size_t from, size_t to)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += text.ptr[i] > ' ';
	return count;
}

/* Bytes beside the number in its line, as far as they are counted. */
static size_t
table_line_rest(struct span text, const struct candidate *candidate)
{
	size_t from = candidate->start_at;
	size_t to = candidate->end_at;

	while (from > 0 && candidate->start_at - from <= TABLE_LINE_REST &&
	       text.ptr[from - 1] != '\n')
		from--;
	while (to < text.len_bytes &&
	       to - candidate->end_at <= TABLE_LINE_REST &&
	       text.ptr[to] != '\n')
		to++;
	return table_visible(text, from, candidate->start_at) +
	       table_visible(text, candidate->end_at, to);
}

void
stream_table_enter(const struct stream *stream, struct span text,
		   const struct candidate *candidate,
		   struct stream_pending *pending)
{
	struct sighting *sighting = &pending->sighting;

	pending->lone = false;
	pending->sheet_named = stream->cell != NULL && stream->table.named;
	if (stream->cell != NULL) {
		sighting->last_column = stream->table.last_column;
		if (!stream->table.pooled ||
		    table_visible(text, 0, candidate->start_at) +
				    table_visible(text, candidate->end_at,
						  text.len_bytes) >
			    TABLE_CELL_REST)
			return;
		sighting->table = SIGHTING_CELL;
		sighting->header = (uint8_t)stream->header;
		sighting->repaired = stream->table.repaired;
		return;
	}
	const size_t rest = table_line_rest(text, candidate);

	pending->lone = rest <= TABLE_LONE_REST &&
			stream->line - stream->line_base < TABLE_LONE_LINES;
	if (stream->place == PLACE_ELEMENT && rest == 0)
		sighting->table = SIGHTING_ELEMENT;
	else if ((stream->place == PLACE_BODY || stream->place == PLACE_PAGE) &&
		 rest <= TABLE_LINE_REST)
		sighting->table = SIGHTING_LIST;
}

/* A word in its cell or line says what this very number is. */
static bool
table_is_labelled(const struct judge_view *view)
{
	const struct judge_near *const nears[] = { &view->direct_before,
						   &view->direct_behind,
						   &view->rival_before,
						   &view->rival_behind };

	for (size_t i = 0; i < sizeof(nears) / sizeof(nears[0]); i++)
		if (nears[i]->seen && nears[i]->line)
			return true;
	return view->rival_touches;
}

void
stream_table_settle(struct stream *stream, struct stream_pending *pending)
{
	struct stream_table *table = &stream->table;
	struct sighting *sighting = &pending->sighting;

	/* The subject stands above the text as a heading does. */
	if (sighting->evidence.label == EVIDENCE_NONE &&
	    (pending->sheet_named ||
	     (pending->lone && stream->subject_direct &&
	      sighting->evidence.rival == EVIDENCE_RIVAL_ABSENT)))
		sighting->evidence.label = EVIDENCE_LABEL_PAGE;
	/* Lines of single digits without a label are answers and points. */
	if (table_is_labelled(&pending->view) ||
	    (sighting->table == SIGHTING_LIST &&
	     sighting->evidence.grouping == EVIDENCE_GROUPING_SINGLE &&
	     sighting->evidence.label == EVIDENCE_NONE))
		sighting->table = SIGHTING_ALONE;
	if (sighting->table != SIGHTING_LIST)
		return;
	if (table->list == 0 || table->list_part != sighting->part ||
	    pending->line - table->list_line > TABLE_LINES)
		table->list++;
	/* The second number of a line is of another field than the first. */
	table->list_place = pending->line == table->list_line &&
					    table->list_part == sighting->part
				    ? table->list_place + 1
				    : 0;
	sighting->column = table->list_place;
	table->list_part = sighting->part;
	table->list_line = pending->line;
	sighting->list = table->list;
}
