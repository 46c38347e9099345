#include "cli/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/table.h"

enum { EXPLAIN_LINE_BYTES = 8192, EXPLAIN_PER_MILLE = 1000 };

static const char *
explain_words(const struct speech *speech, const char *name)
{
	static const struct {
		const char *name;
		const char *english;
	} words[] = {
#define TERM(name, english) { name, english },
#include "lib/report/terms.def"
#undef TERM
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].name, name) == 0)
			return speech_text(speech, words[i].english);
	}
	/* The name of a pattern is the site's; it stands beside the words. */
	if (strncmp(name, "pattern.", strlen("pattern.")) != 0)
		return "";
	return strchr(name + strlen("pattern."), '.') != NULL
		       ? speech_text(speech, N_("a pattern of the site could "
						"not be tried to its end"))
		       : speech_text(speech, N_("a pattern of the site fits"));
}

static const char *
explain_sum(const struct speech *speech, enum report_level level)
{
	switch (level) {
	case REPORT_LEVEL_SURE:
		return speech_text(speech, N_("together: sure (from +10 on)"));
	case REPORT_LEVEL_SUSPECT:
		return speech_text(speech, N_("together: suspect (0 to +9)"));
	case REPORT_LEVEL_NONE:
	case REPORT_LEVEL_NOTED:
	default:
		return speech_text(speech,
				   N_("together: only noted (below 0)"));
	}
}

static size_t
explain_name_width(const struct report_finding *finding)
{
	size_t width = 0;

	for (size_t i = 0; i < finding->term_count; i++) {
		const size_t one = text_width(finding->terms[i].name);

		if (one > width)
			width = one;
	}
	return width;
}

static void
explain_heading(const struct report_finding *finding, const char *number)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, EXPLAIN_LINE_BYTES);
	sbuf_add_text(&line, "part ");
	text_add_safe(&line, finding->part);
	sbuf_add_text(&line, ", ");
	text_add_safe(&line, finding->location);
	sbuf_addf(&line, ": %s", number);
	if (finding->count > 1)
		sbuf_addf(&line, " and %" PRIu64 " more", finding->count - 1);
	/* Rounded down: nothing is known for certain. */
	const int per_mille =
		(int)(EXPLAIN_PER_MILLE * report_confidence(finding->score_db));

	sbuf_addf(&line, " (%s, %d.%d %%)", report_level_name(finding->level),
		  per_mille / 10, per_mille % 10);
	if (finding->context[0] != '\0') {
		sbuf_add_text(&line, "\n        ");
		text_add_safe(&line, finding->context);
	}
	(void)printf("\n%s\n", sbuf_text(&line));
}

void
explain_finding(const struct speech *speech,
		const struct report_finding *finding, const char *number)
{
	const int width = (int)explain_name_width(finding);

	explain_heading(finding, number);
	for (size_t i = 0; i < finding->term_count; i++) {
		const struct report_term *term = &finding->terms[i];
		AUTO(sbuf_done) struct sbuf name;

		sbuf_init(&name, EXPLAIN_LINE_BYTES);
		text_add_safe(&name, term->name);
		(void)printf("    %+4" PRId64 "  %-*s  %s\n", term->weight_db,
			     width, sbuf_text(&name),
			     explain_words(speech, term->name));
	}
	(void)printf("    %+4" PRId64 "  %-*s  %s\n", finding->score_db, width,
		     "=", explain_sum(speech, finding->level));
}

static const char *
explain_reason(enum report_reason reason)
{
	static const char *const words[] = {
		[REPORT_REASON_NONE] = "",
#define REASON(symbol, name, english) [REPORT_REASON_##symbol] = (english),
#include "lib/report/reasons.def"
#undef REASON
	};

	return (size_t)reason < ARRAY_LEN(words) ? words[reason] : "";
}

void
explain_opaques(const struct scan_report *report)
{
	for (size_t i = 0; i < report->opaque_count; i++) {
		const struct report_opaque *opaque = &report->opaques[i];
		AUTO(sbuf_done) struct sbuf line;

		sbuf_init(&line, EXPLAIN_LINE_BYTES);
		sbuf_add_text(&line, "not read: ");
		text_add_safe(&line, opaque->part);
		sbuf_addf(&line, ": %s", explain_reason(opaque->reason));
		if (opaque->detail[0] != '\0') {
			sbuf_add_text(&line, " (");
			text_add_safe(&line, opaque->detail);
			sbuf_add_byte(&line, ')');
		}
		(void)printf("%s\n", sbuf_text(&line));
	}
}

/* Where the password was; never the password. */
static const char *
explain_source(enum report_word_source source)
{
	static const char *const words[REPORT_WORD_SOURCE_END] = {
#define WORD_SOURCE(symbol, name, english) \
	[REPORT_WORD_SOURCE_##symbol] = (english),
#include "lib/report/word_sources.def"
#undef WORD_SOURCE
	};

	return (size_t)source < ARRAY_LEN(words) && words[source] != NULL
		       ? words[source]
		       : "";
}

void
explain_locks(const struct scan_report *report)
{
	for (size_t i = 0; i < report->lock_count; i++) {
		const struct report_lock *lock = &report->locks[i];
		AUTO(sbuf_done) struct sbuf line;

		if (!lock->opened)
			continue;
		sbuf_init(&line, EXPLAIN_LINE_BYTES);
		sbuf_add_text(&line, "opened: ");
		text_add_safe(&line, lock->part);
		sbuf_add_text(&line, ": ");
		text_add_safe(&line, lock->kind);
		sbuf_addf(&line, " (%s)", explain_source(lock->source));
		(void)printf("%s\n", sbuf_text(&line));
	}
}
