/* Scores, order and words of what was found. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/columns_layout.h"
#include "scanners/detect/findings_store.h"
#include "scanners/text/plain.h"

enum {
	FINDINGS_SHOWN_DIGITS = 4,
	FINDINGS_LOCATION_MAX_BYTES = 400,
	FINDINGS_ECHO_COLUMNS = 32 /* whose lines are looked for */
};

void
findings_free_report(struct findings *findings)
{
	for (size_t i = 0; i < findings->reported_count; i++)
		sbuf_done(&findings->texts[i].location);
	if (findings->texts != NULL)
		explicit_bzero(findings->texts,
			       findings->reported_count *
				       sizeof(*findings->texts));
	free(findings->texts);
	free(findings->reported);
	findings->texts = NULL;
	findings->reported = NULL;
	findings->reported_count = 0;
}

/* A name from the mail: it may hold a number itself, and bytes that no report
 * carries. */
static void
findings_add_words(const char *text, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf plain;

	sbuf_init_secret(&plain, FINDINGS_LOCATION_MAX_BYTES);
	text_add_plain(&plain, span_of(text), FINDINGS_LOCATION_MAX_BYTES / 2);
	detect_mask(sbuf_span(&plain), out);
}

/* "C", "AA": the letters that spreadsheets name columns by. */
static void
findings_column_name(uint32_t column, char room[8])
{
	char letters[8];
	size_t count = 0;

	for (uint32_t rest = column; rest > 0 && count < sizeof(letters) - 1;
	     rest = (rest - 1) / 26)
		letters[count++] = (char)('A' + (rest - 1) % 26);
	for (size_t i = 0; i < count; i++)
		room[i] = letters[count - 1 - i];
	room[count] = '\0';
}

/* "line 3:44, 17-28": the bytes of records of fixed length. */
static void
findings_record_location(const struct finding *finding, struct sbuf *out)
{
	sbuf_addf(out, "line %" PRIu32, finding->first_row);
	if (finding->last_row > finding->first_row)
		sbuf_addf(out, ":%" PRIu32, finding->last_row);
	sbuf_addf(out, ", %" PRIu32 "-%" PRIu32, finding->column,
		  finding->column + CHECK_DIGIT_COUNT - 1);
}

static void
findings_cell_location(const struct finding *finding, struct sbuf *out)
{
	char column[8];
	char last[8];

	if (finding->table == SIGHTING_RECORD) {
		findings_record_location(finding, out);
		return;
	}
	findings_column_name(finding->column, column);
	findings_column_name(finding->last_column != 0 ? finding->last_column
						       : finding->column,
			     last);
	if (columns_layout_is_type(finding->sheet))
		sbuf_add_text(out, finding->sheet);
	else
		findings_add_words(finding->sheet, out);
	if (finding->sheet[0] != '\0')
		sbuf_add_byte(out, '!');
	sbuf_addf(out, "%s%" PRIu32, column, finding->first_row);
	if (finding->last_row > finding->first_row || finding->last_column != 0)
		sbuf_addf(out, ":%s%" PRIu32, last, finding->last_row);
}

static void
findings_location(const struct finding *finding, struct sbuf *out)
{
	if (finding->sheet != NULL) {
		findings_cell_location(finding, out);
		return;
	}
	switch (finding->place) {
	case PLACE_BODY:
		sbuf_addf(out, "line %" PRIu64, finding->line);
		return;
	case PLACE_HEADER:
		sbuf_add_text(out, "header ");
		break;
	case PLACE_NAME:
		sbuf_add_text(out, "file name");
		return;
	case PLACE_ELEMENT:
		if (finding->line > 0)
			sbuf_addf(out, "line %" PRIu64 ", ", finding->line);
		break;
	case PLACE_PAGE:
		sbuf_addf(out, "page %" PRIu64, finding->line);
		return;
	case PLACE_CODE:
		sbuf_add_text(out, "code");
		if (finding->line > 0)
			sbuf_addf(out, " on page %" PRIu64, finding->line);
		return;
	case PLACE_RAW:
		sbuf_addf(out, "byte %" PRIu64, finding->line);
		return;
	case PLACE_NONE:
	default:
		sbuf_add_text(out, "text");
		return;
	}
	if (finding->label != NULL)
		findings_add_words(finding->label, out);
}

/* "********9018"; texts is zero so far. */
static void
findings_digits(const struct finding *finding, bool reveal,
		struct finding_texts *texts)
{
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++) {
		const char digit = "0123456789"[finding->digits[i] % 10];

		texts->masked[i] = '*';
		if (i >= CHECK_DIGIT_COUNT - FINDINGS_SHOWN_DIGITS)
			texts->masked[i] = digit;
		if (reveal)
			texts->number[i] = digit;
	}
}

static uint64_t
findings_entry_value(const struct finding *finding)
{
	uint64_t value = 0;

	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		value = value * 10 + finding->digits[i];
	return value;
}

/* The number of this number in the mail, in the order of the report. */
static uint32_t
findings_subject(struct findings *findings, const struct finding *finding,
		 uint32_t *last_subject)
{
	struct number *number =
		numbers_get(findings->numbers, findings_entry_value(finding));

	if (number == NULL)
		return ++*last_subject;
	if (number->subject == 0)
		number->subject = ++*last_subject;
	return number->subject;
}

static enum status
findings_write(struct findings *findings, struct finding *finding,
	       struct report_finding *out, struct finding_texts *texts,
	       struct err *err)
{
	sbuf_init(&texts->location, FINDINGS_LOCATION_MAX_BYTES);
	findings_location(finding, &texts->location);
	/* A long sheet name is cut, which is no failure. */
	if (texts->location.st == ST_NO_MEMORY)
		return err_set(err, ST_NO_MEMORY, "findings: no memory");
	findings_digits(finding, findings->options.reveal, texts);
	*out = (struct report_finding){
		.part = findings->parts[finding->part],
		.location = sbuf_text(&texts->location),
		.masked = texts->masked,
		.number = texts->number,
		.context = finding->context != NULL ? finding->context : "",
		.count = finding->count,
		.score_db = finding->score_db,
		.level = evidence_level(finding->score_db),
		.terms = texts->terms,
		.term_count = evidence_terms(findings->options.words,
					     &finding->evidence, texts->terms),
	};
	return ST_OK;
}

/* Highest score first, else in the order found. */
static int
findings_compare(const void *a, const void *b)
{
	const struct finding *const *left = a;
	const struct finding *const *right = b;

	if ((*left)->score_db != (*right)->score_db)
		return (*left)->score_db > (*right)->score_db ? -1 : 1;
	return (*left)->order < (*right)->order ? -1 : 1;
}

/* What columns say about their numbers, into the table of all numbers. */
static void
findings_note_columns(struct findings *findings, int64_t mail_db)
{
	const struct findings_columns *columns = &findings->columns;
	const struct column_cell *cell = NULL;
	size_t index = 0;

	while ((cell = column_cells_next(&columns->cells, &index)) != NULL) {
		const int64_t distant_db = cell->distant_db + mail_db;
		const int64_t base_db = cell->local_db > distant_db
						? cell->local_db
						: distant_db;
		const int64_t score_db =
			base_db + findings_columns_delta_db(
					  columns, column_cell_column(cell),
					  column_cell_kind(cell));
		struct number *number = NULL;

		if (evidence_level(score_db) < REPORT_LEVEL_SUSPECT)
			continue;
		number =
			numbers_get(findings->numbers, column_cell_value(cell));
		if (number != NULL && score_db > number->local_db)
			number->local_db = (int32_t)score_db;
	}
}

/* Distinct numbers of level suspect and sure. */
static uint64_t
findings_count_numbers(struct findings *findings, int64_t mail_db)
{
	struct number *number = NULL;
	size_t index = 0;
	uint64_t count = 0;

	findings_note_columns(findings, mail_db);
	while ((number = numbers_next(findings->numbers, &index)) != NULL) {
		const int64_t distant_db = number->distant_db + mail_db;
		const int64_t best_db = number->local_db > distant_db
						? number->local_db
						: distant_db;

		count += evidence_level(best_db) >= REPORT_LEVEL_SUSPECT;
	}
	return count;
}

/* The other sighting counts when it says more now that all is known. */
static void
findings_compare_distant(const struct findings *findings,
			 enum evidence mail_label, struct finding *finding)
{
	struct evidence_set set = finding->distant;
	int64_t score_db = 0;

	if (finding->distant_ref != 0)
		findings_columns_apply(&findings->columns, finding->distant_ref,
				       &set);
	set.label = mail_label;
	score_db = evidence_score(findings->options.words, &set);
	if (score_db <= finding->score_db)
		return;
	finding->evidence = set;
	finding->score_db = score_db;
}

/* Let the mail's label complete what has none. Is it for the report? */
static bool
findings_complete(const struct findings *findings, enum evidence mail_label,
		  struct finding *finding)
{
	if (finding->column_ref != 0)
		findings_columns_apply(&findings->columns, finding->column_ref,
				       &finding->evidence);
	/* A question that is answered says more than a word on the page. */
	if (finding->evidence.label == EVIDENCE_NONE ||
	    (finding->evidence.label == EVIDENCE_LABEL_PAGE &&
	     mail_label == EVIDENCE_LABEL_ANSWER))
		finding->evidence.label = mail_label;
	finding->score_db =
		evidence_score(findings->options.words, &finding->evidence);
	if (finding->has_distant)
		findings_compare_distant(findings, mail_label, finding);
	return evidence_level(finding->score_db) != REPORT_LEVEL_NONE;
}

/* May finding be of what column holds, read in another way: a line of a text
 * that was read as a table, too, or all such lines by their bytes? */
static bool
findings_may_echo(const struct finding *finding, const struct finding *column)
{
	if (column->part != finding->part ||
	    column->score_db < finding->score_db)
		return false;
	if (finding->table == SIGHTING_RECORD)
		return column->table != SIGHTING_RECORD &&
		       column->count == finding->count;
	return finding->table == SIGHTING_LIST;
}

/* Is its number in one of the columns that are reported? */
static bool
findings_is_echo(const struct findings *findings, const struct finding *finding,
		 const uint32_t refs[FINDINGS_ECHO_COLUMNS], size_t count)
{
	struct column_number number = {
		.kind = COLUMN_CELL_WHOLE,
		.value = findings_entry_value(finding),
	};

	for (size_t i = 0; i < count; i++) {
		const struct finding *column =
			&findings->columns.entries[refs[i] - 1]->finding;

		number.column = refs[i];
		if (findings_may_echo(finding, column) &&
		    column_cells_has(&findings->columns.cells, &number))
			return true;
	}
	return false;
}

/* Leave out of order what findings_is_echo(); returns how many stay. */
static size_t
findings_drop_echoes(const struct findings *findings, struct finding **order,
		     size_t kept)
{
	const struct findings_columns *columns = &findings->columns;
	uint32_t refs[FINDINGS_ECHO_COLUMNS] = { 0 };
	size_t count = 0;
	size_t left = 0;

	for (size_t i = 0; i < columns->count && count < FINDINGS_ECHO_COLUMNS;
	     i++)
		if (columns->entries[i]->table != SIGHTING_LIST &&
		    columns->entries[i]->finding.count > 0)
			refs[count++] = (uint32_t)i + 1;
	for (size_t i = 0; i < kept; i++)
		if (!findings_is_echo(findings, order[i], refs, count))
			order[left++] = order[i];
	return left;
}

/* All findings for the report, highest first; returns how many. */
static size_t
findings_collect(struct findings *findings, enum evidence mail_label,
		 struct finding **order)
{
	const struct findings_columns *columns = &findings->columns;
	size_t kept = 0;

	findings_columns_decide(findings);
	for (size_t i = 0; i < findings->count; i++)
		if (findings_complete(findings, mail_label,
				      &findings->entries[i]))
			order[kept++] = &findings->entries[i];
	for (size_t i = 0; i < columns->count; i++) {
		struct findings_column *column = columns->entries[i];

		/* The lines of a list are findings of their own. */
		if (column->table != SIGHTING_LIST &&
		    column->finding.count > 0 &&
		    findings_complete(findings, mail_label, &column->finding))
			order[kept++] = &column->finding;
	}
	kept = findings_drop_echoes(findings, order, kept);
	qsort(order, kept, sizeof(struct finding *), findings_compare);
	return kept;
}

static enum status
findings_write_all(struct findings *findings, struct finding **order,
		   size_t count, struct err *err)
{
	uint32_t last_subject = 0;
	enum status st = ST_OK;

	findings->reported = calloc(count + 1, sizeof(*findings->reported));
	findings->texts = calloc(count + 1, sizeof(*findings->texts));
	if (findings->reported == NULL || findings->texts == NULL)
		return err_set(err, ST_NO_MEMORY, "findings: no memory");
	for (size_t i = 0; i < count && st == ST_OK; i++) {
		st = findings_write(findings, order[i], &findings->reported[i],
				    &findings->texts[i], err);
		findings->reported_count = i + 1;
		findings->reported[i].subject =
			findings_subject(findings, order[i], &last_subject);
	}
	return st;
}

/* Lines of lists for which there was no room. */
static void
findings_add_lists_left_out(const struct findings_columns *columns,
			    int64_t mail_db, struct scan_report *report)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct findings_column *column = columns->entries[i];
		const int64_t distant_db = column->left_distant_db + mail_db;
		const int64_t best_db =
			column->delta_db + (column->left_db > distant_db
						    ? column->left_db
						    : distant_db);

		if (column->left_out == 0 ||
		    evidence_level(best_db) == REPORT_LEVEL_NONE)
			continue;
		report->findings_left_out += column->left_out;
		if (best_db > report->score_db)
			report->score_db = best_db;
	}
}

/* What there was no room for still sets the level. */
static void
findings_add_left_out(const struct findings *findings, int64_t mail_db,
		      struct scan_report *report)
{
	const int64_t distant_db = findings->best_distant_db + mail_db;

	if (evidence_level(findings->best_left_db) != REPORT_LEVEL_NONE)
		report->findings_left_out += findings->left_out;
	if (evidence_level(distant_db) != REPORT_LEVEL_NONE)
		report->findings_left_out += findings->distant_left_out;
	if (findings->best_left_db > report->score_db)
		report->score_db = findings->best_left_db;
	if (distant_db > report->score_db)
		report->score_db = distant_db;
	findings_add_lists_left_out(&findings->columns, mail_db, report);
}

struct found_lines *
findings_lines(struct findings *findings)
{
	return &findings->lines;
}

enum status
findings_report(struct findings *findings, enum evidence mail_label,
		struct scan_report *report, struct err *err)
{
	const int64_t mail_db = evidence_label_db(
		findings->options.words, findings->options.profile, mail_label);
	struct finding **order =
		calloc(findings->count + findings->columns.count + 1,
		       sizeof(struct finding *));
	size_t kept = 0;
	size_t count = 0;
	enum status st = ST_NO_MEMORY;

	if (order == NULL)
		return err_set(err, st, "findings: no memory");
	findings_free_report(findings);
	kept = findings_collect(findings, mail_label, order);
	count = kept < findings->options.max_findings
			? kept
			: findings->options.max_findings;
	st = findings_write_all(findings, order, count, err);
	if (st == ST_OK)
		st = found_lines_settle(&findings->lines, mail_label, err);
	report->score_db = kept > 0 ? order[0]->score_db : NUMBERS_NO_SCORE;
	free(order);
	if (st != ST_OK)
		return st;
	report->findings = findings->reported;
	report->finding_count = count;
	report->findings_left_out = kept - count;
	findings_add_left_out(findings, mail_db, report);
	report->level = evidence_level(report->score_db);
	if (report->level == REPORT_LEVEL_NONE)
		report->score_db = 0;
	report->number_count = findings_count_numbers(findings, mail_db);
	/* What stands beside others is decided with them, and the table of
	 * numbers may have been full before the one that counts. */
	if (report->level < REPORT_LEVEL_SUSPECT)
		report->number_count = 0;
	else if (report->number_count == 0)
		report->number_count = 1;
	return ST_OK;
}
