#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/scan_text.h"

enum { JSON_DIGITS = 6 };

static void
json_free_root(json_t **root)
{
	json_decref(*root);
	*root = NULL;
}

static void
json_free_text(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static json_t *
json_of_terms(const struct report_finding *finding)
{
	json_t *terms = json_array();

	for (size_t i = 0; i < finding->term_count; i++) {
		const struct report_term *term = &finding->terms[i];

		(void)json_array_append_new(
			terms,
			json_pack("{s:s, s:I}", "name", term->name, "weight",
				  (json_int_t)term->weight_db));
	}
	return terms;
}

static json_t *
json_of_finding(const struct scan_print *how,
		const struct report_finding *finding)
{
	json_t *one = json_pack("{s:s, s:s, s:s, s:I, s:s, s:f, s:o}", "part",
				finding->part, "location", finding->location,
				"masked", finding->masked, "count",
				(json_int_t)finding->count, "level",
				report_level_name(finding->level), "confidence",
				report_confidence(finding->score_db),
				"evidence", json_of_terms(finding));

	if (how->reveal)
		(void)json_object_set_new(one, "number",
					  json_string(finding->number));
	if (how->explain) {
		(void)json_object_set_new(one, "score",
					  json_integer(finding->score_db));
		(void)json_object_set_new(one, "context",
					  json_string(finding->context));
	}
	return one;
}

static json_t *
json_of_findings(const struct scan_print *how, const struct scan_report *report)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < report->finding_count; i++) {
		if (scan_shows(how, &report->findings[i]))
			(void)json_array_append_new(
				findings,
				json_of_finding(how, &report->findings[i]));
	}
	return findings;
}

static json_t *
json_of_opaques(const struct scan_report *report)
{
	json_t *opaques = json_array();

	for (size_t i = 0; i < report->opaque_count; i++) {
		const struct report_opaque *opaque = &report->opaques[i];

		(void)json_array_append_new(
			opaques,
			json_pack("{s:s, s:s, s:s}", "part", opaque->part,
				  "reason", report_reason_name(opaque->reason),
				  "detail", opaque->detail));
	}
	return opaques;
}

/* How each lock was opened; never the password. */
static json_t *
json_of_locks(const struct scan_report *report)
{
	json_t *locks = json_array();

	for (size_t i = 0; i < report->lock_count; i++) {
		const struct report_lock *lock = &report->locks[i];

		(void)json_array_append_new(
			locks,
			json_pack("{s:s, s:s, s:b, s:s}", "part", lock->part,
				  "kind", lock->kind, "opened",
				  (int)lock->opened, "source",
				  report_word_source_name(lock->source)));
	}
	return locks;
}

/* What was found inside what, and as what each was read. */
static json_t *
json_of_parts(const struct scan_report *report)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < report->part_count; i++) {
		const struct report_part *part = &report->parts[i];

		(void)json_array_append_new(
			parts,
			json_pack("{s:s, s:s, s:s, s:I}", "part", part->path,
				  "name", part->name, "type", part->type,
				  "bytes", (json_int_t)part->size_bytes));
	}
	return parts;
}

enum status
scan_print_json(const struct scan_print *how, const char *file,
		const struct scan_report *report, struct err *err)
{
	const bool found = report->level >= REPORT_LEVEL_SUSPECT;
	AUTO(json_free_root)
	json_t *root = json_pack(
		"{s:i, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:I}", "format",
		REPORT_FORMAT, "file", file, "verdict",
		report_verdict_name(report->verdict), "profile",
		report_profile_name(report->profile), "numbers",
		(json_int_t)report->number_count, "level",
		found ? json_string(report_level_name(report->level))
		      : json_null(),
		"score", found ? json_integer(report->score_db) : json_null(),
		"findings", json_of_findings(how, report), "unscannable",
		json_of_opaques(report), "elapsed_ms",
		(json_int_t)report->elapsed_ms);
	if (root != NULL && report->lock_count > 0)
		(void)json_object_set_new(root, "locks", json_of_locks(report));
	if (root != NULL && how->explain)
		(void)json_object_set_new(root, "parts", json_of_parts(report));

	AUTO(json_free_text)
	char *text =
		root == NULL
			? NULL
			: json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(
								  JSON_DIGITS));

	if (text == NULL)
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	if (puts(text) == EOF || fflush(stdout) != 0)
		return err_set_errno(err, "standard output");
	return ST_OK;
}
