/* doctor: how results are shown, to people and to programs. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/doctor.h"
#include "cli/hold_text.h"
#include "cli/table.h"

enum doctor_state {
	DOCTOR_STATE_NONE = 0,
	DOCTOR_STATE_FINE,
	DOCTOR_STATE_NOTE,
	DOCTOR_STATE_WRONG,
	DOCTOR_STATE_SKIPPED,
	DOCTOR_STATE_END
};

static const char *const state_names[DOCTOR_STATE_END] = {
	[DOCTOR_STATE_NONE] = "",           [DOCTOR_STATE_FINE] = "ok",
	[DOCTOR_STATE_NOTE] = "note",       [DOCTOR_STATE_WRONG] = "WRONG",
	[DOCTOR_STATE_SKIPPED] = "skipped",
};

static const struct doctor_row {
	const char *name;
	enum doctor_state severity;
	const char *says;
	const char *next;
} rows[DOCTOR_END] = {
#define CHECK(symbol, name, severity, says, next) \
	[DOCTOR_##symbol] = { name, DOCTOR_STATE_##severity, says, next },
#include "cli/doctor_checks.def"
#undef CHECK
};

static json_t *
result_json(const struct doctor *doctor, const struct doctor_row *row,
	    enum doctor_state state, const char *detail)
{
	const bool found =
		state == DOCTOR_STATE_WRONG || state == DOCTOR_STATE_NOTE;

	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o}", "check", row->name, "state",
		state == DOCTOR_STATE_WRONG ? "wrong" : state_names[state],
		"detail", json_text(detail), "says",
		found ? json_string(speech_text(doctor->speech, row->says))
		      : json_null(),
		"next",
		found ? json_string(speech_text(doctor->speech, row->next))
		      : json_null());
}

static void
result_print(const struct doctor *doctor, const struct doctor_row *row,
	     enum doctor_state state, const char *detail)
{
	const char *mark = state_names[state];

	if (state == DOCTOR_STATE_FINE || state == DOCTOR_STATE_SKIPPED) {
		if (state == DOCTOR_STATE_SKIPPED || doctor->verbose)
			(void)printf("%-7s %s: %s\n", mark, row->name, detail);
		return;
	}
	(void)printf("%-7s %s: %s\n", mark, row->name,
		     speech_text(doctor->speech, row->says));
	if (detail[0] != '\0')
		(void)printf("        %s\n", detail);
	(void)printf("        -> %s\n", speech_text(doctor->speech, row->next));
}

static void doctor_tell(struct doctor *doctor, const struct doctor_row *row,
			enum doctor_state state, const char *fmt, va_list args)
	PRINTF_LIKE(4, 0);

static void
doctor_tell(struct doctor *doctor, const struct doctor_row *row,
	    enum doctor_state state, const char *fmt, va_list args)
{
	AUTO(sbuf_done) struct sbuf raw;
	AUTO(sbuf_done) struct sbuf detail;

	sbuf_init(&raw, DOCTOR_MAX_DETAIL_BYTES);
	sbuf_init(&detail, DOCTOR_MAX_DETAIL_BYTES);
	sbuf_addfv(&raw, fmt, args);
	text_add_safe(&detail, sbuf_text(&raw));
	if (doctor->json != NULL)
		(void)json_array_append_new(
			doctor->json,
			result_json(doctor, row, state, sbuf_text(&detail)));
	else
		result_print(doctor, row, state, sbuf_text(&detail));
	doctor->fine_count += state == DOCTOR_STATE_FINE;
	doctor->note_count += state == DOCTOR_STATE_NOTE;
	doctor->wrong_count += state == DOCTOR_STATE_WRONG;
	doctor->skipped_count += state == DOCTOR_STATE_SKIPPED;
}

void
doctor_fine(struct doctor *doctor, enum doctor_check check, const char *fmt,
	    ...)
{
	va_list args;

	va_start(args, fmt);
	doctor_tell(doctor, &rows[check], DOCTOR_STATE_FINE, fmt, args);
	va_end(args);
}

void
doctor_found(struct doctor *doctor, enum doctor_check check, const char *fmt,
	     ...)
{
	va_list args;

	va_start(args, fmt);
	doctor_tell(doctor, &rows[check], rows[check].severity, fmt, args);
	va_end(args);
}

void
doctor_skipped(struct doctor *doctor, enum doctor_check check, const char *fmt,
	       ...)
{
	va_list args;

	va_start(args, fmt);
	doctor_tell(doctor, &rows[check], DOCTOR_STATE_SKIPPED, fmt, args);
	va_end(args);
}

enum status
doctor_list(struct doctor *doctor, struct err *err)
{
	for (size_t i = DOCTOR_NONE + 1; i < DOCTOR_END; i++) {
		const struct doctor_row *row = &rows[i];
		const char *says = speech_text(doctor->speech, row->says);
		const char *next = speech_text(doctor->speech, row->next);

		if (doctor->json == NULL)
			(void)printf("%s (%s)\n        %s\n        -> %s\n",
				     row->name,
				     row->severity == DOCTOR_STATE_WRONG
					     ? "wrong"
					     : "note",
				     says, next);
		else
			(void)json_array_append_new(
				doctor->json,
				json_pack("{s:s, s:s, s:s, s:s}", "check",
					  row->name, "severity",
					  row->severity == DOCTOR_STATE_WRONG
						  ? "wrong"
						  : "note",
					  "says", says, "next", next));
	}
	if (doctor->json != NULL)
		return json_print(json_incref(doctor->json), err);
	return ST_OK;
}
