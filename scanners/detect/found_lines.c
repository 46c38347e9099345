#include "scanners/detect/found_lines.h"

#include <stdlib.h>

#include "scanners/detect/findings_columns.h"

void
found_lines_done(struct found_lines *found)
{
	free(found->entries);
	free(found->lines);
	*found = (struct found_lines){ .wanted = false };
}

/* What its column says of it. */
static int64_t
found_lines_column_db(const struct found_lines *found,
		      const struct found_line *line)
{
	return line->column_ref != 0
		       ? findings_columns_delta_db(found->columns,
						   line->column_ref, line->kind)
		       : 0;
}

/* The best that the rest of the mail can make of it. */
static int64_t
found_lines_promise_db(const struct found_lines *found,
		       const struct found_line *line)
{
	return line->score_db + found_lines_column_db(found, line) +
	       (line->distant ? evidence_label_db(found->words, found->profile,
						  EVIDENCE_LABEL_ANSWER)
			      : 0);
}

enum status
found_lines_add(struct found_lines *found, const struct sighting *sighting,
		uint32_t column_ref, uint64_t tag, struct err *err)
{
	const struct evidence_set set = sighting->evidence;
	struct found_line line = {
		.line = sighting->line_id,
		.tag = tag,
		.distant = set.label == EVIDENCE_NONE,
		.column_ref = column_ref,
		.kind = sighting->repaired ? COLUMN_CELL_REPAIRED
					   : COLUMN_CELL_WHOLE,
	};

	line.score_db = column_ref != 0
				? findings_columns_rest_db(found->words, &set)
				: evidence_score(found->words, &set);

	if (!found->wanted || found->count == FOUND_LINES_MAX ||
	    evidence_level(found_lines_promise_db(found, &line)) <
		    REPORT_LEVEL_SUSPECT)
		return ST_OK;
	if (found->count == found->room) {
		const size_t room = found->room * 2 + 64;
		struct found_line *entries =
			reallocarray(found->entries, room, sizeof(*entries));

		if (entries == NULL)
			return err_set(err, ST_NO_MEMORY,
				       "found lines: no memory");
		found->entries = entries;
		found->room = room;
	}
	found->entries[found->count++] = line;
	return ST_OK;
}

static int
found_lines_compare(const void *a, const void *b)
{
	const struct detect_line *left = a;
	const struct detect_line *right = b;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	if (left->tag != right->tag)
		return left->tag < right->tag ? -1 : 1;
	return 0;
}

enum status
found_lines_settle(struct found_lines *found, enum evidence mail_label,
		   struct err *err)
{
	const int64_t mail_db =
		evidence_label_db(found->words, found->profile, mail_label);

	if (!found->wanted)
		return ST_OK;
	free(found->lines);
	found->line_count = 0;
	found->lines = calloc(found->count + 1, sizeof(*found->lines));
	if (found->lines == NULL)
		return err_set(err, ST_NO_MEMORY, "found lines: no memory");
	for (size_t i = 0; i < found->count; i++) {
		const struct found_line *line = &found->entries[i];
		const int64_t score_db = line->score_db +
					 (line->distant ? mail_db : 0) +
					 found_lines_column_db(found, line);

		if (evidence_level(score_db) >= REPORT_LEVEL_SUSPECT)
			found->lines[found->line_count++] =
				(struct detect_line){ line->line, line->tag };
	}
	qsort(found->lines, found->line_count, sizeof(*found->lines),
	      found_lines_compare);
	return ST_OK;
}
