#include "scanners/detect/findings_columns.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/findings_store.h"
#include "scanners/detect/judge.h"

enum {
	COLUMNS_FIRST_ROOM = 64,
	/* Bytes of records are no fields: most hold no column at all. */
	COLUMNS_RECORD_LEAST = 8,
	COLUMNS_EDGE_LEAST = 5, /* of two windows in a stretch of digits */
	COLUMNS_RECORD_GIVE_UP = 16,
	COLUMNS_SINGLE_LEAST = 3,
	/* A column has lost zeros when it holds whole numbers, too. */
	COLUMNS_REPAIR_LEAST = 3,
	COLUMNS_REPAIR_GIVE_UP = 64,
	COLUMNS_SAMPLE_FROM = 1024,
	COLUMNS_SAMPLE = 8
};

static void
columns_free_one(struct findings_column *column)
{
	finding_done(&column->finding);
	explicit_bzero(column, sizeof(*column));
	free(column);
}

void
findings_columns_done(struct findings_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		columns_free_one(columns->entries[i]);
	free(columns->entries);
	free(columns->slots);
	column_cells_done(&columns->cells);
	*columns = (struct findings_columns){ 0 };
}

/* The sheet or element of a column. */
static const char *
columns_name(const char *sheet, const char *label)
{
	if (sheet != NULL)
		return sheet;
	return label != NULL ? label : "";
}

static bool
columns_is_same(const struct findings_column *column,
		const struct sighting *sighting)
{
	const struct finding *finding = &column->finding;

	return finding->part == sighting->part &&
	       column->table == sighting->table &&
	       column->header == sighting->header &&
	       column->list == sighting->list &&
	       finding->column == sighting->column &&
	       finding->last_column == sighting->last_column &&
	       evidence_is_own_same(&finding->evidence, &sighting->evidence) &&
	       strcmp(columns_name(finding->sheet, finding->label),
		      columns_name(sighting->sheet, sighting->label)) == 0;
}

static uint64_t
columns_hash(const struct findings *findings, const struct sighting *sighting)
{
	const struct numbers *numbers = findings->numbers;
	const struct evidence_set *set = &sighting->evidence;
	const char *name = columns_name(sighting->sheet, sighting->label);
	const uint64_t place = (uint64_t)sighting->column << 32 |
			       (uint64_t)sighting->last_column << 8 |
			       (uint64_t)sighting->table << 4 |
			       sighting->header;
	const uint64_t own = (uint64_t)set->own << 32 |
			     (uint64_t)set->patterns.limited << 16 |
			     set->patterns.matched;
	uint64_t hash = numbers_hash(
		numbers, sighting->part ^ sighting->list << 32, place);

	for (const char *at = name; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 1099511628211U;
	return numbers_hash(numbers, hash, own);
}

/* Twice the slots; those of the columns again. */
static bool
columns_grow(struct findings_columns *columns)
{
	const size_t room =
		columns->room == 0 ? COLUMNS_FIRST_ROOM : columns->room * 2;
	struct findings_column **entries =
		calloc(room, sizeof(struct findings_column *));
	uint32_t *slots = calloc(room, sizeof(*slots));

	if (entries == NULL || slots == NULL) {
		free(entries);
		free(slots);
		return false;
	}
	for (size_t i = 0; i < columns->count; i++) {
		size_t at = columns->entries[i]->hash & (room - 1);

		while (slots[at] != 0)
			at = (at + 1) & (room - 1);
		slots[at] = (uint32_t)i + 1;
		entries[i] = columns->entries[i];
	}
	free(columns->entries);
	free(columns->slots);
	columns->entries = entries;
	columns->slots = slots;
	columns->room = room;
	return true;
}

static bool
columns_are_full(const struct findings_columns *columns,
		 enum sighting_table table)
{
	return columns->count == FINDINGS_COLUMNS_MAX ||
	       (table == SIGHTING_LIST &&
		columns->lists == FINDINGS_COLUMNS_LISTS);
}

/* The column as its first number shows it; NULL when there is no memory. */
static struct findings_column *
columns_new(const struct sighting *sighting, uint64_t hash, struct err *err)
{
	struct findings_column *column = calloc(1, sizeof(*column));

	if (column == NULL ||
	    finding_fill(&column->finding, sighting, err) != ST_OK) {
		free(column);
		return NULL;
	}
	column->table = sighting->table;
	column->header = sighting->header;
	column->list = sighting->list;
	column->edge = sighting->edge;
	column->hash = hash;
	column->left_db = NUMBERS_NO_SCORE;
	column->left_distant_db = NUMBERS_NO_SCORE;
	return column;
}

/* GCC 12's analyzer does not see that columns keeps the block. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
/* The column of sighting, made when there is none; its index plus one, or 0
 * when there are too many. */
static enum status
columns_get(struct findings *findings, const struct sighting *sighting,
	    uint32_t *ref_out, struct err *err)
{
	struct findings_columns *columns = &findings->columns;
	const uint64_t hash = columns_hash(findings, sighting);
	size_t at = 0;

	*ref_out = 0;
	if (columns->count * 2 >= columns->room && !columns_grow(columns))
		return err_set(err, ST_NO_MEMORY, "columns: no memory");
	at = (size_t)hash & (columns->room - 1);
	while (columns->slots[at] != 0) {
		const uint32_t ref = columns->slots[at];
		const struct findings_column *column =
			columns->entries[ref - 1];

		if (column->hash == hash && columns_is_same(column, sighting)) {
			*ref_out = ref;
			return ST_OK;
		}
		at = (at + 1) & (columns->room - 1);
	}
	if (columns_are_full(columns, sighting->table))
		return ST_OK;
	columns->entries[columns->count] = columns_new(sighting, hash, err);
	if (columns->entries[columns->count] == NULL)
		return err_set(err, ST_NO_MEMORY, "columns: no memory");
	columns->slots[at] = (uint32_t)++columns->count;
	columns->lists += sighting->table == SIGHTING_LIST;
	*ref_out = (uint32_t)columns->count;
	return ST_OK;
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

/* Not a column of numbers, as far as anybody can tell by now. */
static bool
columns_is_hopeless(const struct findings_column *column,
		    const struct sighting *sighting)
{
	const struct column_stats *stats =
		sighting->repaired ? &column->repaired : &column->stats;
	const uint32_t enough = sighting->repaired ? COLUMNS_REPAIR_GIVE_UP
						   : COLUMNS_RECORD_GIVE_UP;

	return (sighting->repaired || column->table == SIGHTING_RECORD) &&
	       stats->distinct >= enough && stats->valid * 2 < stats->distinct;
}

/*
 * A long column with so few valid ones that it is none of ours goes on with an
 * eighth of its numbers, always the same ones: enough to see it change, and
 * none of the memory that other columns need.
 */
static bool
columns_is_left_out(const struct findings *findings,
		    const struct findings_column *column, uint64_t value)
{
	const struct column_stats *stats = &column->stats;

	return stats->distinct >= COLUMNS_SAMPLE_FROM &&
	       stats->valid * 5 < stats->distinct &&
	       column->header != JUDGE_HEADER_DIRECT &&
	       numbers_hash(findings->numbers, value, 3) % COLUMNS_SAMPLE != 0;
}

/* The best evidence, and the best without a label of its own. */
static void
columns_merge(const struct findings *findings, struct finding *finding,
	      const struct evidence_set *set)
{
	const bool labelled = finding->evidence.label != EVIDENCE_NONE;
	const int64_t promise_db = findings_promise_db(findings, set);

	if (labelled && set->label == EVIDENCE_NONE) {
		if (!finding->has_distant ||
		    promise_db >
			    findings_promise_db(findings, &finding->distant))
			finding_note_distant(finding, set, finding->column_ref);
		return;
	}
	if (!labelled && set->label != EVIDENCE_NONE)
		finding_note_distant(finding, &finding->evidence,
				     finding->column_ref);
	else if (promise_db <=
		 findings_promise_db(findings, &finding->evidence))
		return;
	finding->evidence = *set;
}

/* Note where a valid number of column stands, and the best evidence. */
static enum status
columns_note(struct findings *findings, struct findings_column *column,
	     const struct sighting *sighting, struct err *err)
{
	struct finding *finding = &column->finding;
	enum status st = ST_OK;

	if (sighting->repaired) {
		if (column->repaired_first_row == 0)
			column->repaired_first_row = sighting->row;
		column->repaired_last_row = sighting->row;
	}
	if (!column->noted || (column->noted_repaired && !sighting->repaired)) {
		st = finding_fill(finding, sighting, err);
		finding->order = findings->next_order++;
		column->noted = true;
		column->noted_repaired = sighting->repaired;
		return st;
	}
	if (sighting->repaired && !column->noted_repaired)
		return ST_OK;
	finding_add_row(finding, sighting->row);
	columns_merge(findings, finding, &sighting->evidence);
	return ST_OK;
}

int64_t
findings_columns_rest_db(const struct words *words,
			 const struct evidence_set *set)
{
	struct evidence_set rest = *set;

	rest.check = EVIDENCE_NONE;
	rest.shape = EVIDENCE_NONE;
	return evidence_score(words, &rest);
}

static void
columns_score(const struct findings *findings, const struct sighting *sighting,
	      struct column_cell *cell)
{
	const int64_t score_db = findings_columns_rest_db(
		findings->options.words, &sighting->evidence);
	int16_t *best = sighting->evidence.label != EVIDENCE_NONE
				? &cell->local_db
				: &cell->distant_db;

	if (score_db > *best && score_db < INT16_MAX)
		*best = (int16_t)score_db;
}

/* One population has one shape: that of its least peculiar number. */
static void
columns_note_shape(const struct words *words, struct findings_column *column,
		   enum evidence shape)
{
	if (column->shape == EVIDENCE_NONE ||
	    words_weight_db(words, shape) >
		    words_weight_db(words, column->shape))
		column->shape = shape;
}

enum status
findings_columns_add(struct findings *findings, const struct sighting *sighting,
		     uint32_t *ref_out, struct err *err)
{
	const bool valid = sighting->evidence.check == EVIDENCE_CHECK_VALID;
	struct findings_column *column = NULL;
	struct column_cell *cell = NULL;
	struct column_number number = {
		.kind = sighting->repaired ? COLUMN_CELL_REPAIRED
					   : COLUMN_CELL_WHOLE,
		.value = finding_value(sighting->digits),
	};
	bool is_new = false;
	enum status st = columns_get(findings, sighting, ref_out, err);

	if (st != ST_OK || *ref_out == 0)
		return st;
	column = findings->columns.entries[*ref_out - 1];
	if (columns_is_hopeless(column, sighting) ||
	    columns_is_left_out(findings, column, number.value))
		return ST_OK;
	number.column = *ref_out;
	st = column_cells_get(&findings->columns.cells, &number, &cell, &is_new,
			      err);
	if (cell == NULL) {
		*ref_out = 0;
		return st;
	}
	if (is_new)
		column_stats_add(sighting->repaired ? &column->repaired
						    : &column->stats,
				 number.value, valid, sighting->evidence.shape);
	if (!valid)
		return ST_OK;
	columns_score(findings, sighting, cell);
	columns_note_shape(findings->options.words, column,
			   sighting->evidence.shape);
	return columns_note(findings, column, sighting, err);
}

void
findings_columns_leave_out(struct findings *findings, uint32_t ref,
			   const struct evidence_set *set, uint64_t count)
{
	struct findings_column *column = findings->columns.entries[ref - 1];
	const int64_t base_db =
		findings_columns_rest_db(findings->options.words, set);
	int64_t *best_db = set->label != EVIDENCE_NONE
				   ? &column->left_db
				   : &column->left_distant_db;

	column->left_out += count;
	if (base_db > *best_db)
		*best_db = base_db;
}

/* Do those that are valid with zeros put back belong to the column? */
static bool
columns_repairs(const struct findings_column *column)
{
	const struct column_stats *stats = &column->stats;
	const struct column_stats *repaired = &column->repaired;

	return repaired->valid > 0 &&
	       repaired->valid * 2 >= repaired->distinct &&
	       (column->header == JUDGE_HEADER_DIRECT ||
		(stats->distinct >= COLUMNS_REPAIR_LEAST &&
		 stats->valid * 2 > stats->distinct));
}

/* How many numbers, nine of ten valid, make something a column of numbers that
 * may well be none: a record has many windows, and answers and points stand in
 * cells of one digit, too. */
static uint32_t
columns_least(const struct findings_column *column)
{
	if (column->table == SIGHTING_RECORD)
		return column->edge ? COLUMNS_EDGE_LEAST : COLUMNS_RECORD_LEAST;
	return column->finding.last_column != 0 &&
			       column->header != JUDGE_HEADER_DIRECT
		       ? COLUMNS_SINGLE_LEAST
		       : 1;
}

static int64_t
columns_check_db(const struct findings_column *column, uint32_t distinct,
		 uint32_t valid)
{
	if (distinct < 2)
		return 0;
	return column->header == JUDGE_HEADER_RIVAL
		       ? column_stats_rival_db(distinct, valid)
		       : column_stats_check_db(distinct, valid);
}

/* Numbers spread at random are no sign against the header that names them
 * otherwise. */
static enum evidence
columns_spread(const struct findings_column *column)
{
	const enum evidence spread = column_stats_spread(&column->stats);

	return spread == EVIDENCE_SPREAD_RANDOM &&
			       column->header == JUDGE_HEADER_RIVAL
		       ? EVIDENCE_NONE
		       : spread;
}

/* Rows CHECK, SPREAD and SHAPE of the numbers in column. */
static void
columns_decide(const struct words *words, struct findings_column *column)
{
	struct finding *finding = &column->finding;
	uint32_t distinct = column->stats.distinct;
	uint32_t valid = column->stats.valid;

	column->counts_repaired = columns_repairs(column);
	if (column->counts_repaired && column->header == JUDGE_HEADER_DIRECT) {
		distinct += column->repaired.distinct;
		valid += column->repaired.valid;
	}
	column->set = (struct evidence_set){
		.check = distinct > 1 ? EVIDENCE_CHECK_COLUMN
				      : EVIDENCE_CHECK_VALID,
		.column_db = columns_check_db(column, distinct, valid),
		.spread = columns_spread(column),
		.shape = column->shape,
	};
	column->delta_db = evidence_column_db(words, &column->set);
	finding->count = column->stats.valid;
	if (column->counts_repaired) {
		finding->count += column->repaired.valid;
		finding_add_row(finding, column->repaired_first_row);
		finding_add_row(finding, column->repaired_last_row);
	}
	if (distinct < columns_least(column) ||
	    (columns_least(column) > 1 && valid * 10 < distinct * 9))
		finding->count = 0;
	if (finding->count == 0)
		column->delta_db = NUMBERS_NO_SCORE;
}

void
findings_columns_decide(struct findings *findings)
{
	struct findings_columns *columns = &findings->columns;

	for (size_t i = 0; i < columns->count; i++) {
		struct findings_column *column = columns->entries[i];

		columns_decide(findings->options.words, column);
		findings_columns_apply(columns, (uint32_t)i + 1,
				       &column->finding.evidence);
		findings_columns_apply(columns, (uint32_t)i + 1,
				       &column->finding.distant);
	}
	columns->decided = true;
}

void
findings_columns_apply(const struct findings_columns *columns, uint32_t ref,
		       struct evidence_set *set)
{
	const struct evidence_set *of = &columns->entries[ref - 1]->set;

	set->check = of->check;
	set->column_db = of->column_db;
	set->spread = of->spread;
	set->shape = of->shape;
}

int64_t
findings_columns_delta_db(const struct findings_columns *columns, uint32_t ref,
			  enum column_cell_kind kind)
{
	const struct findings_column *column = columns->entries[ref - 1];

	if (!columns->decided)
		return FINDINGS_COLUMNS_BEST_DB;
	return kind == COLUMN_CELL_REPAIRED && !column->counts_repaired
		       ? NUMBERS_NO_SCORE
		       : column->delta_db;
}
