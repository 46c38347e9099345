#include "lib/report/report.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
	REPORT_PATH_BYTES = 2000,
	REPORT_WORD_BYTES = 64,
	REPORT_ADDRESS_BYTES = 1000
};

static const struct wire_field term_fields[] = {
	WIRE_UTF8_F(struct report_term, name, 1, REPORT_WORD_BYTES),
	WIRE_I64_F(struct report_term, weight_db),
};
static WIRE_TABLE(term_table, 0, 1, report_term, term_fields);

static const struct wire_field finding_fields[] = {
	WIRE_UTF8_F(struct report_finding, part, 1, REPORT_PATH_BYTES),
	WIRE_UTF8_F(struct report_finding, location, 0, REPORT_TEXT_BYTES),
	WIRE_UTF8_F(struct report_finding, masked, 0, REPORT_WORD_BYTES),
	WIRE_UTF8_F(struct report_finding, number, 0, REPORT_WORD_BYTES),
	WIRE_UTF8_F(struct report_finding, context, 0, REPORT_TEXT_BYTES),
	WIRE_U32_F(struct report_finding, subject, 1, UINT32_MAX),
	WIRE_U64_F(struct report_finding, count, 1, UINT64_MAX),
	WIRE_ENUM_F(struct report_finding, level, REPORT_LEVEL_NOTED,
		    REPORT_LEVEL_SURE),
	WIRE_I64_F(struct report_finding, score_db),
	WIRE_LIST_F(struct report_finding, terms, term_count, 0,
		    REPORT_MAX_TERMS, term_table),
};
static WIRE_TABLE(finding_table, 0, 1, report_finding, finding_fields);

static const struct wire_field opaque_fields[] = {
	WIRE_UTF8_F(struct report_opaque, part, 1, REPORT_PATH_BYTES),
	WIRE_ENUM_F(struct report_opaque, reason, 1, REPORT_REASON_END - 1),
	WIRE_UTF8_F(struct report_opaque, detail, 0, REPORT_TEXT_BYTES),
};
static WIRE_TABLE(opaque_table, 0, 1, report_opaque, opaque_fields);

static const struct wire_field part_fields[] = {
	WIRE_UTF8_F(struct report_part, path, 1, REPORT_PATH_BYTES),
	WIRE_UTF8_F(struct report_part, name, 0, REPORT_TEXT_BYTES),
	WIRE_UTF8_F(struct report_part, type, 1, REPORT_WORD_BYTES),
	WIRE_U64_F(struct report_part, size_bytes, 0, UINT64_MAX),
	WIRE_BOOL_F(struct report_part, attachment),
	WIRE_BOOL_F(struct report_part, locked),
};
static WIRE_TABLE(part_table, 0, 1, report_part, part_fields);

static const struct wire_field lock_fields[] = {
	WIRE_UTF8_F(struct report_lock, part, 1, REPORT_PATH_BYTES),
	WIRE_TEXT_F(struct report_lock, kind, 1, REPORT_WORD_BYTES),
	WIRE_BOOL_F(struct report_lock, opened),
	WIRE_ENUM_F(struct report_lock, source, REPORT_WORD_SOURCE_NONE,
		    REPORT_WORD_SOURCE_END - 1),
};
static WIRE_TABLE(lock_table, 0, 1, report_lock, lock_fields);

static const struct wire_field word_fields[] = {
	WIRE_UTF8_F(struct report_word, text, 1, REPORT_SECRET_BYTES),
	WIRE_BOOL_F(struct report_word, worked),
};
WIRE_TABLE(report_word_table, 0, 1, report_word, word_fields);

static const struct wire_field report_fields[] = {
	WIRE_ENUM_F(struct scan_report, verdict, REPORT_VERDICT_CLEAN,
		    REPORT_VERDICT_UNSCANNABLE),
	WIRE_ENUM_F(struct scan_report, level, REPORT_LEVEL_NONE,
		    REPORT_LEVEL_SURE),
	WIRE_I64_F(struct scan_report, score_db),
	WIRE_U64_F(struct scan_report, number_count, 0, UINT64_MAX),
	WIRE_BOOL_F(struct scan_report, ambiguous),
	WIRE_U32_F(struct scan_report, elapsed_ms, 0, UINT32_MAX),
	WIRE_LIST_F(struct scan_report, findings, finding_count, 0,
		    REPORT_MAX_FINDINGS, finding_table),
	WIRE_U64_F(struct scan_report, findings_left_out, 0, UINT64_MAX),
	WIRE_LIST_F(struct scan_report, opaques, opaque_count, 0,
		    REPORT_MAX_OPAQUES, opaque_table),
	WIRE_LIST_F(struct scan_report, parts, part_count, 0, REPORT_MAX_PARTS,
		    part_table),
	WIRE_UTF8_F(struct scan_report, subject, 0, REPORT_TEXT_BYTES),
	WIRE_UTF8_F(struct scan_report, dsn.envid, 0, REPORT_WORD_BYTES * 2),
	WIRE_UTF8_F(struct scan_report, dsn.recipient, 0, REPORT_ADDRESS_BYTES),
	WIRE_UTF8_F(struct scan_report, dsn.action, 0, REPORT_WORD_BYTES),
	WIRE_UTF8_F(struct scan_report, dsn.code, 0, REPORT_WORD_BYTES),
	/* Since version 2. */
	WIRE_ENUM_F(struct scan_report, profile, REPORT_PROFILE_STANDARD,
		    REPORT_PROFILE_END - 1),
	/* Since version 3. */
	WIRE_LIST_F(struct scan_report, locks, lock_count, 0, REPORT_MAX_LOCKS,
		    lock_table),
	WIRE_LIST_F(struct scan_report, words, word_count, 0, REPORT_MAX_WORDS,
		    report_word_table),
	WIRE_U64_F(struct scan_report, search.tried, 0, UINT64_MAX),
	WIRE_U64_F(struct scan_report, search.total, 0, UINT64_MAX),
	WIRE_U64_F(struct scan_report, search.rate_per_s, 0, UINT64_MAX),
	WIRE_BOOL_F(struct scan_report, search.finished),
};
WIRE_TABLE(report_table, REPORT_TYPE, 3, scan_report, report_fields);

/* What earlier versions lacked at the end. */
enum { REPORT_SINCE_3 = 6, REPORT_SINCE_2 = REPORT_SINCE_3 + 1 };

static const struct wire_table report_table_2 = { "report_table_2",
						  REPORT_TYPE,
						  2,
						  sizeof(struct scan_report),
						  report_fields,
						  ARRAY_LEN(report_fields) -
							  REPORT_SINCE_3 };
static const struct wire_table report_table_1 = { "report_table_1",
						  REPORT_TYPE,
						  1,
						  sizeof(struct scan_report),
						  report_fields,
						  ARRAY_LEN(report_fields) -
							  REPORT_SINCE_2 };

enum status
report_decode(struct span payload, struct scan_report *report,
	      struct wire_arena **arena_out, struct err *err)
{
	struct err cause = { .st = ST_OK };
	enum status st =
		wire_decode(&report_table, payload, report, arena_out, &cause);

	/* The table reads exactly what is there, so one shape at most fits. */
	if (st == ST_FORMAT && wire_decode(&report_table_2, payload, report,
					   arena_out, NULL) == ST_OK)
		return ST_OK;
	if (st == ST_FORMAT && wire_decode(&report_table_1, payload, report,
					   arena_out, NULL) == ST_OK) {
		report->profile = REPORT_PROFILE_STANDARD;
		return ST_OK;
	}
	return st == ST_OK ? st : err_set(err, st, "%s", cause.text);
}

static enum report_level
level_of_score(int64_t score_db)
{
	if (score_db >= 10)
		return REPORT_LEVEL_SURE;
	return score_db >= 0 ? REPORT_LEVEL_SUSPECT : REPORT_LEVEL_NOTED;
}

static enum status
check_findings(const struct scan_report *report, struct err *err)
{
	enum report_level highest = REPORT_LEVEL_NONE;

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *f = &report->findings[i];

		if (f->level != level_of_score(f->score_db))
			return err_set(err, ST_FORMAT,
				       "report: finding %zu: level does not "
				       "fit its score",
				       i);
		if (f->level > highest)
			highest = f->level;
	}
	if (highest != report->level && report->findings_left_out == 0)
		return err_set(err, ST_FORMAT,
			       "report: level is not the highest");
	return ST_OK;
}

/* What was opened has been opened with something. */
static enum status
check_locks(const struct scan_report *report, struct err *err)
{
	for (size_t i = 0; i < report->lock_count; i++) {
		const struct report_lock *lock = &report->locks[i];

		if (lock->opened != (lock->source != REPORT_WORD_SOURCE_NONE))
			return err_set(err, ST_FORMAT,
				       "report: lock %zu: source does not fit",
				       i);
		if (!lock->opened && report->opaque_count == 0)
			return err_set(err, ST_FORMAT,
				       "report: lock %zu: what is locked was "
				       "not read",
				       i);
	}
	return ST_OK;
}

enum status
report_check(const struct scan_report *report, struct err *err)
{
	const bool found = report->level >= REPORT_LEVEL_SUSPECT;
	enum report_verdict want = REPORT_VERDICT_CLEAN;
	enum status st = check_findings(report, err);

	if (st == ST_OK)
		st = check_locks(report, err);
	if (st != ST_OK)
		return st;
	if (found)
		want = REPORT_VERDICT_FOUND;
	else if (report->opaque_count > 0)
		want = REPORT_VERDICT_UNSCANNABLE;
	if (report->verdict != want)
		return err_set(err, ST_FORMAT,
			       "report: verdict %s, but the findings say %s",
			       report_verdict_name(report->verdict),
			       report_verdict_name(want));
	if ((report->number_count > 0) != found)
		return err_set(err, ST_FORMAT,
			       "report: number count does not fit");
	return ST_OK;
}

static size_t
count_open(const struct scan_report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->lock_count; i++)
		count += report->locks[i].opened;
	return count;
}

static size_t
count_read(const struct scan_report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->part_count; i++)
		count += !report->parts[i].locked;
	return count;
}

bool
report_reads_more(const struct scan_report *before,
		  const struct scan_report *after)
{
	if (count_open(after) != count_open(before))
		return count_open(after) > count_open(before);
	if (count_read(after) != count_read(before))
		return count_read(after) > count_read(before);
	return after->number_count > before->number_count;
}

static bool
has_read(const struct scan_report *report, const char *path)
{
	for (size_t i = 0; i < report->part_count; i++)
		if (!report->parts[i].locked &&
		    strcmp(report->parts[i].path, path) == 0)
			return true;
	return false;
}

bool
report_reads_other(const struct scan_report *before,
		   const struct scan_report *after)
{
	for (size_t i = 0; i < after->part_count; i++)
		if (!after->parts[i].locked &&
		    !has_read(before, after->parts[i].path))
			return true;
	return false;
}

void
report_set_unscannable(struct scan_report *report, struct report_opaque *room,
		       enum report_profile profile, enum report_reason reason,
		       const char *detail)
{
	*room = (struct report_opaque){ "message", reason, detail };
	*report = (struct scan_report){
		.verdict = REPORT_VERDICT_UNSCANNABLE,
		.opaques = room,
		.opaque_count = 1,
		.subject = "",
		.dsn = { "", "", "", "" },
		.profile = profile,
	};
}

void
report_forget_numbers(struct scan_report *report)
{
	struct report_finding *findings =
		(struct report_finding *)(uintptr_t)report->findings;

	for (size_t i = 0; i < report->finding_count; i++) {
		char *number = (char *)(uintptr_t)findings[i].number;

		if (number != NULL)
			explicit_bzero(number, strlen(number));
		findings[i].number = "";
	}
}

void
report_forget_words(struct scan_report *report)
{
	const struct report_word *words = report->words;

	for (size_t i = 0; i < report->word_count; i++) {
		char *text = (char *)(uintptr_t)words[i].text;

		explicit_bzero(text, strlen(text));
	}
	report->words = NULL;
	report->word_count = 0;
}

const char *
report_verdict_name(enum report_verdict verdict)
{
	static const char *const names[] = { "none", "clean", "found",
					     "unscannable" };

	return (size_t)verdict < ARRAY_LEN(names) ? names[verdict] : "none";
}

const char *
report_level_name(enum report_level level)
{
	static const char *const names[] = { "none", "noted", "suspect",
					     "sure" };

	return (size_t)level < ARRAY_LEN(names) ? names[level] : "none";
}

const char *
report_reason_name(enum report_reason reason)
{
	static const char *const names[] = {
		[REPORT_REASON_NONE] = "none",
#define REASON(symbol, name, english) [REPORT_REASON_##symbol] = (name),
#include "lib/report/reasons.def"
#undef REASON
	};

	return (size_t)reason < ARRAY_LEN(names) ? names[reason] : "none";
}

const char *
report_word_source_name(enum report_word_source source)
{
	static const char *const names[] = {
		[REPORT_WORD_SOURCE_NONE] = "none",
#define WORD_SOURCE(symbol, name, english) \
	[REPORT_WORD_SOURCE_##symbol] = (name),
#include "lib/report/word_sources.def"
#undef WORD_SOURCE
	};

	return (size_t)source < ARRAY_LEN(names) ? names[source] : "none";
}

static const char *const profile_names[REPORT_PROFILE_END] = {
	[REPORT_PROFILE_NONE] = "none",
	[REPORT_PROFILE_STANDARD] = "standard",
	[REPORT_PROFILE_STRICT] = "strict",
};

const char *
report_profile_name(enum report_profile profile)
{
	return (size_t)profile < ARRAY_LEN(profile_names)
		       ? profile_names[profile]
		       : profile_names[REPORT_PROFILE_NONE];
}

enum report_profile
report_profile_find(const char *name)
{
	for (unsigned i = REPORT_PROFILE_STANDARD; i < REPORT_PROFILE_END;
	     i++) {
		if (strcmp(profile_names[i], name) == 0)
			return (enum report_profile)i;
	}
	return REPORT_PROFILE_NONE;
}

double
report_confidence(int64_t score_db)
{
	if (score_db > 300)
		return 1.0;
	if (score_db < -300)
		return 0.0;
	return 1.0 / (1.0 + pow(10.0, -(double)score_db / 10.0));
}
