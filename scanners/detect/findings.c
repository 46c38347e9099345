#include "scanners/detect/findings.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/findings_store.h"
#include "scanners/detect/judge.h"
#include "scanners/text/plain.h"

/* The least score that a sighting can still be reported with. */
enum { FINDINGS_LEAST_DB = -10 };

enum status
findings_new(const struct detect_options *options,
	     struct findings **findings_out, struct err *err)
{
	AUTO(findings_free)
	struct findings *findings = calloc(1, sizeof(*findings));
	enum status st = ST_NO_MEMORY;

	if (findings == NULL)
		return err_set(err, st, "findings: no memory");
	findings->options = *options;
	findings->lines.wanted = options->lines;
	findings->lines.profile = options->profile;
	findings->best_left_db = NUMBERS_NO_SCORE;
	findings->best_distant_db = NUMBERS_NO_SCORE;
	findings->lines.words = findings->options.words;
	findings->lines.columns = &findings->columns;
	st = numbers_new(&findings->numbers, err);
	findings->columns.cells.numbers = findings->numbers;
	if (st == ST_OK)
		*findings_out = MOVE(findings);
	return st;
}

void
findings_free(struct findings **findings)
{
	struct findings *all = *findings;

	if (all == NULL)
		return;
	for (size_t i = 0; i < all->count; i++)
		finding_done(&all->entries[i]);
	free(all->entries);
	for (size_t i = 0; i < all->part_count; i++)
		finding_free_text(all->parts[i]);
	free(all->parts);
	findings_columns_done(&all->columns);
	numbers_free(&all->numbers);
	found_lines_done(&all->lines);
	findings_free_report(all);
	explicit_bzero(all, sizeof(*all));
	free(all);
	*findings = NULL;
}

enum status
findings_part(struct findings *findings, const char *path, uint32_t *index_out,
	      struct err *err)
{
	char *copy = NULL;

	if (findings->part_count == findings->part_room) {
		const size_t room = findings->part_room * 2 + 16;
		char **parts =
			reallocarray(findings->parts, room, sizeof(*parts));

		if (parts == NULL)
			return err_set(err, ST_NO_MEMORY,
				       "findings: no memory");
		findings->parts = parts;
		findings->part_room = room;
	}
	copy = strdup(path);
	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "findings: no memory");
	*index_out = (uint32_t)findings->part_count;
	findings->parts[findings->part_count++] = copy;
	return ST_OK;
}

/* Cells of one column with the same evidence are one finding. */
static uint64_t
findings_kind_of(const struct sighting *sighting, uint64_t value)
{
	const struct evidence_set *set = &sighting->evidence;

	if (sighting->sheet == NULL)
		return value;
	return (uint64_t)1 << 63 | (uint64_t)sighting->column << 32 |
	       (uint64_t)set->label << 24 | (uint64_t)set->rival << 16 |
	       (uint64_t)set->grouping << 8 | (uint64_t)set->check;
}

static bool
findings_is_same(const struct finding *finding, const struct sighting *sighting,
		 uint64_t kind)
{
	if (finding->part != sighting->part || finding->kind != kind ||
	    (finding->sheet == NULL) != (sighting->sheet == NULL))
		return false;
	return finding->sheet == NULL ||
	       (strcmp(finding->sheet, sighting->sheet) == 0 &&
		evidence_is_own_same(&finding->evidence, &sighting->evidence));
}

/* The slot of the entry for kind in part, or of the free one. */
static size_t
findings_slot(const struct findings *findings, const struct sighting *sighting,
	      uint64_t kind)
{
	size_t at =
		(size_t)numbers_hash(findings->numbers, kind, sighting->part) &
		(FINDINGS_SLOTS - 1);

	while (findings->slots[at] != 0 &&
	       !findings_is_same(&findings->entries[findings->slots[at] - 1],
				 sighting, kind))
		at = (at + 1) & (FINDINGS_SLOTS - 1);
	return at;
}

int64_t
findings_promise_db(const struct findings *findings,
		    const struct evidence_set *set)
{
	const struct words *words = findings->options.words;

	return evidence_score(words, set) +
	       (set->label == EVIDENCE_NONE
			? evidence_label_db(words, set->profile,
					    EVIDENCE_LABEL_ANSWER)
			: 0);
}

/* Seen before: better evidence counts, and cells are counted. */
static enum status
findings_merge(const struct findings *findings, struct finding *finding,
	       const struct sighting *sighting, uint32_t column_ref,
	       struct err *err)
{
	if (finding->sheet != NULL) {
		finding->count++;
		finding_add_row(finding, sighting->row);
		return ST_OK;
	}
	const bool labelled = finding->evidence.label != EVIDENCE_NONE;

	/* Which of the two says more is known at the end only. */
	if (labelled && sighting->evidence.label == EVIDENCE_NONE) {
		if (!finding->has_distant ||
		    findings_promise_db(findings, &sighting->evidence) >
			    findings_promise_db(findings, &finding->distant))
			finding_note_distant(finding, &sighting->evidence,
					     column_ref);
		return ST_OK;
	}
	if (!labelled && sighting->evidence.label != EVIDENCE_NONE)
		finding_note_distant(finding, &finding->evidence,
				     finding->column_ref);
	else if (findings_promise_db(findings, &sighting->evidence) <=
		 findings_promise_db(findings, &finding->evidence))
		return ST_OK;
	finding->column_ref = column_ref;
	return finding_fill(finding, sighting, err);
}

/* One more entry while there is room; NULL when memory is short. */
static struct finding *
findings_new_entry(struct findings *findings)
{
	if (findings->count == findings->room) {
		const size_t room = findings->room * 2 + 64;
		struct finding *entries = calloc(room, sizeof(*entries));

		if (entries == NULL)
			return NULL;
		if (findings->count > 0) {
			memcpy(entries, findings->entries,
			       findings->count * sizeof(*entries));
			explicit_bzero(findings->entries,
				       findings->count * sizeof(*entries));
		}
		free(findings->entries);
		findings->entries = entries;
		findings->room = room;
	}
	return &findings->entries[findings->count++];
}

/* An entry without a label of its own, to be given up; NULL: none is left.
 * The cursor moves one way only: linear in all calls together. */
static struct finding *
findings_give_up(struct findings *findings)
{
	while (findings->give_up_at < findings->count) {
		struct finding *finding =
			&findings->entries[findings->give_up_at++];

		if (finding->evidence.label == EVIDENCE_NONE)
			return finding;
	}
	return NULL;
}

/* Too many: count it by what it could still become. */
static void
findings_leave_out(struct findings *findings, const struct evidence_set *set,
		   uint32_t column_ref, uint64_t count)
{
	const int64_t base_db = evidence_score(findings->options.words, set);
	const bool distant = set->label == EVIDENCE_NONE;
	int64_t *best_db =
		distant ? &findings->best_distant_db : &findings->best_left_db;

	if (column_ref != 0) {
		findings_columns_leave_out(findings, column_ref, set, count);
		return;
	}
	if (distant)
		findings->distant_left_out += count;
	else
		findings->left_out += count;
	if (base_db > *best_db)
		*best_db = base_db;
}

/* Room for one more finding, at the cost of one that says less; NULL in
 * *finding_out when there is none. */
static enum status
findings_make_room(struct findings *findings, const struct sighting *sighting,
		   struct finding **finding_out, struct err *err)
{
	struct finding *finding = NULL;

	*finding_out = NULL;
	if (findings->count < FINDINGS_MAX) {
		*finding_out = findings_new_entry(findings);
		return *finding_out != NULL ? ST_OK
					    : err_set(err, ST_NO_MEMORY,
						      "findings: no memory");
	}
	if (sighting->evidence.label != EVIDENCE_NONE)
		finding = findings_give_up(findings);
	if (finding == NULL)
		return ST_OK;
	findings_leave_out(findings, &finding->evidence, finding->column_ref,
			   finding->count);
	finding_done(finding);
	/* Its old slot keeps pointing here: a lookup of what it was no longer
	 * matches, which is all that is asked of it. */
	*finding_out = finding;
	return ST_OK;
}

static enum status
findings_insert(struct findings *findings, const struct sighting *sighting,
		uint64_t kind, uint32_t column_ref, struct err *err)
{
	const size_t slot = findings_slot(findings, sighting, kind);
	struct finding *finding = NULL;
	const enum status st =
		findings_make_room(findings, sighting, &finding, err);

	if (st != ST_OK)
		return st;
	if (finding == NULL) {
		findings_leave_out(findings, &sighting->evidence, column_ref,
				   1);
		return ST_OK;
	}
	if (findings->slots[slot] == 0 &&
	    findings->slots_used < FINDINGS_SLOTS / 2) {
		findings->slots[slot] =
			(uint16_t)(finding - findings->entries + 1);
		findings->slots_used++;
	}
	finding->kind = kind;
	finding->order = findings->next_order++;
	finding->column_ref = column_ref;
	finding->count = 1;
	return finding_fill(finding, sighting, err);
}

static void
findings_note_number(struct findings *findings, const struct sighting *sighting,
		     uint64_t value, int64_t score_db)
{
	struct number *number = numbers_get(findings->numbers, value);
	int32_t *best = NULL;

	if (number == NULL)
		return;
	best = sighting->evidence.label != EVIDENCE_NONE ? &number->local_db
							 : &number->distant_db;
	if (score_db > *best)
		*best = (int32_t)score_db;
}

enum report_profile
findings_profile(const struct findings *findings)
{
	return findings->options.profile;
}

bool
findings_want_context(const struct findings *findings,
		      const struct sighting *sighting)
{
	const uint64_t kind =
		findings_kind_of(sighting, finding_value(sighting->digits));

	return findings->count < FINDINGS_MAX &&
	       findings->slots[findings_slot(findings, sighting, kind)] == 0;
}

/* A number that is a finding of its own, whatever its column (0: none) says
 * about it in the end. */
static enum status
findings_add_one(struct findings *findings, const struct sighting *sighting,
		 uint32_t column_ref, struct err *err)
{
	const uint64_t value = finding_value(sighting->digits);
	const uint64_t kind = findings_kind_of(sighting, value);
	const int64_t base_db =
		evidence_score(findings->options.words, &sighting->evidence);
	size_t slot = 0;

	if (findings_promise_db(findings, &sighting->evidence) +
		    (column_ref != 0 ? FINDINGS_COLUMNS_BEST_DB : 0) <
	    FINDINGS_LEAST_DB)
		return ST_OK;
	if (column_ref == 0)
		findings_note_number(findings, sighting, value, base_db);
	slot = findings_slot(findings, sighting, kind);
	if (findings->slots[slot] != 0)
		return findings_merge(
			findings, &findings->entries[findings->slots[slot] - 1],
			sighting, column_ref, err);
	return findings_insert(findings, sighting, kind, column_ref, err);
}

enum status
findings_add(struct findings *findings, const struct sighting *sighting,
	     struct err *err)
{
	const bool valid = sighting->evidence.check == EVIDENCE_CHECK_VALID;
	const uint64_t tag =
		numbers_hash(findings->numbers, finding_value(sighting->digits),
			     sighting->part);
	uint32_t column_ref = 0;
	enum status st = ST_OK;

	if (sighting->table != SIGHTING_ALONE)
		st = findings_columns_add(findings, sighting, &column_ref, err);
	/* Of a column only valid numbers count, and without one those with
	 * zeros put back only below a label. */
	if (st != ST_OK || (!valid && column_ref != 0) ||
	    (sighting->repaired && column_ref == 0 &&
	     (!valid || sighting->header != JUDGE_HEADER_DIRECT)))
		return st;
	/* Bytes of records are numbers in a column only, and so are digits in
	 * cells of their own without a label. */
	if (column_ref == 0 &&
	    (sighting->table == SIGHTING_RECORD ||
	     (sighting->table == SIGHTING_CELL && sighting->last_column != 0 &&
	      sighting->header != JUDGE_HEADER_DIRECT)))
		return ST_OK;
	/* A label of its own says more than other lines do. */
	if (sighting->table == SIGHTING_LIST &&
	    sighting->evidence.label == EVIDENCE_LABEL_ADJACENT)
		column_ref = 0;
	st = found_lines_add(&findings->lines, sighting, column_ref, tag, err);
	if (st != ST_OK ||
	    (column_ref != 0 && sighting->table != SIGHTING_LIST))
		return st;
	return findings_add_one(findings, sighting, column_ref, err);
}
