#include "quarantine-ui/pages/words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"

enum {
	MS_PER_S = 1000,
	S_PER_MINUTE = 60,
	S_PER_HOUR = 3600,
	S_PER_DAY = 86400
};

const char *
words_state(const struct call *call, enum case_state state)
{
	static const char *const words[CASE_STATE_END] = {
		"",
		N_("held (the store is locked)"),
		N_("unconfirmed"),
		N_("waiting for a decision"),
		N_("approved, being delivered"),
		N_("returned, on its way back"),
		N_("expired, on its way back"),
		N_("released"),
		N_("returned to the sender"),
		N_("expired, given back to the sender"),
		N_("cancelled by the sender"),
	};

	return call_text(call,
			 (size_t)state < ARRAY_LEN(words) ? words[state] : "");
}

const char *
words_outcome(const struct call *call, enum case_outcome outcome)
{
	static const char *const words[CASE_OUTCOME_END] = {
		"",
		N_("waiting"),
		N_("delivered"),
		N_("sent as a link"),
		N_("not sent: returned"),
		N_("not sent: expired"),
		N_("not sent: cancelled"),
	};

	return call_text(
		call, (size_t)outcome < ARRAY_LEN(words) ? words[outcome] : "");
}

const char *
words_verdict(const struct call *call, enum report_verdict verdict)
{
	static const char *const words[] = { "", N_("nothing found"),
					     N_("My Numbers found"),
					     N_("could not be checked") };

	return call_text(
		call, (size_t)verdict < ARRAY_LEN(words) ? words[verdict] : "");
}

const char *
words_level(const struct call *call, enum report_level level)
{
	static const char *const words[] = { "", N_("unlikely"),
					     N_("suspected"), N_("certain") };

	return call_text(call,
			 (size_t)level < ARRAY_LEN(words) ? words[level] : "");
}

const char *
words_level_class(enum report_verdict verdict, enum report_level level)
{
	return verdict == REPORT_VERDICT_UNSCANNABLE ? "unscannable"
						     : report_level_name(level);
}

const char *
words_state_class(enum case_state state)
{
	static const char *const classes[CASE_STATE_END] = {
		[CASE_STATE_UNCONFIRMED] = "warn",
		[CASE_STATE_HELD] = "info",
		[CASE_STATE_RELEASING] = "good",
		[CASE_STATE_RELEASED] = "good",
	};

	return (size_t)state < ARRAY_LEN(classes) && classes[state] != NULL
		       ? classes[state]
		       : "";
}

const char *
words_reason(const struct call *call, enum report_reason reason)
{
	static const char *const words[REPORT_REASON_END] = {
		"",
#define REASON(symbol, name, english) english,
#include "lib/report/reasons.def"
#undef REASON
	};

	return call_text(call, (size_t)reason < ARRAY_LEN(words) ? words[reason]
								 : "");
}

const char *
words_sender_kind(const struct call *call, enum case_sender_kind kind)
{
	static const char *const words[] = { "", N_("signed-in account"),
					     N_("envelope sender"),
					     N_("named in the header") };

	return call_text(call,
			 (size_t)kind < ARRAY_LEN(words) ? words[kind] : "");
}

struct word {
	const char *name;
	const char *english;
};

static const char *
words_find(const struct call *call, const struct word *words, size_t count,
	   const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i].name, name) == 0)
			return call_text(call, words[i].english);
	}
	return name;
}

const char *
words_term_group(const struct call *call, const char *name)
{
	static const struct word groups[] = {
#define GROUP(name, english) { name, english },
#include "lib/report/term_groups.def"
#undef GROUP
	};
	const size_t len_bytes = strcspn(name, ".");

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (strlen(groups[i].name) == len_bytes &&
		    strncmp(groups[i].name, name, len_bytes) == 0)
			return call_text(call, groups[i].english);
	}
	return "";
}

const char *
words_threshold(const struct call *call, enum report_level level)
{
	static const char *const words[] = { "", N_("unlikely: below 0"),
					     N_("suspected: 0 to +9"),
					     N_("certain: from +10 on") };

	return call_text(call,
			 (size_t)level < ARRAY_LEN(words) ? words[level] : "");
}

const char *
words_term(struct call *call, const char *name)
{
	static const struct word words[] = {
#define TERM(name, english) { name, english },
#include "lib/report/terms.def"
#undef TERM
	};

	static const char pattern[] = "pattern.";
	static const char limit[] = ".limit";

	if (strncmp(name, pattern, sizeof(pattern) - 1) != 0)
		return words_find(call, words, ARRAY_LEN(words), name);
	/* The admin's name for it; it holds no point. */
	name += sizeof(pattern) - 1;
	const size_t len = strcspn(name, ".");
	const bool limited = strcmp(name + len, limit) == 0;
	const char *text = call_text(
		call, limited ? N_("the pattern \"{name}\" could not be tried "
				   "to its end")
			      : N_("the pattern \"{name}\" fits"));
	const char *place = strstr(text, "{name}");

	if (place == NULL)
		return text;
	return scratch_textf(&call->scratch, "%.*s%.*s%s", (int)(place - text),
			     text, (int)len, name, place + strlen("{name}"));
}

const char *
words_event(const struct call *call, const char *name)
{
	static const struct word words[] = {
#define EVENT(name, english) { name, english },
#include "quarantine-ui/pages/events.def"
#undef EVENT
	};

	return words_find(call, words, ARRAY_LEN(words), name);
}

const char *
words_refusal(const struct call *call, const char *sentence)
{
	return call_text(call, sentence);
}

/* The digits at the start of text; *rest_out is what stands behind. */
static bool
words_cut_number(const char *text, uint64_t *number_out, const char **rest_out)
{
	const size_t len = strspn(text, "0123456789");

	*rest_out = text + len;
	return parse_u64((struct span){ (const uint8_t *)text, len },
			 UINT64_MAX, number_out);
}

const char *
words_location(struct call *call, const char *location)
{
	static const struct word numbered[] = {
		{ "line ", N_("line {n}") },
		{ "page ", N_("page {n}") },
		{ "byte ", N_("byte {n}") },
		{ "code on page ", N_("code on page {n}") },
	};
	static const struct word fixed[] = {
		{ "file name", N_("file name") },
		{ "text", N_("text") },
		{ "code", N_("QR or bar code") },
	};
	static const char header[] = "header ";

	for (size_t i = 0; i < ARRAY_LEN(numbered); i++) {
		const size_t len = strlen(numbered[i].name);
		const char *rest = NULL;
		uint64_t number = 0;

		if (strncmp(location, numbered[i].name, len) == 0 &&
		    words_cut_number(location + len, &number, &rest))
			return scratch_textf(
				&call->scratch, "%s%s",
				words_number(call, numbered[i].english, number),
				rest);
	}
	if (strncmp(location, header, sizeof(header) - 1) == 0)
		return scratch_textf(&call->scratch, "%s %s",
				     call_text(call, N_("header field")),
				     location + sizeof(header) - 1);
	return words_find(call, fixed, ARRAY_LEN(fixed), location);
}

const char *
words_number(struct call *call, const char *english, uint64_t number)
{
	const char *text = call_text(call, english);
	const char *place = strstr(text, "{n}");

	if (place == NULL)
		return text;
	return scratch_textf(&call->scratch, "%.*s%" PRIu64 "%s",
			     (int)(place - text), text, number, place + 3);
}

const char *
words_time(struct call *call, int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	char text[64];

	if (unix_ms == 0 || localtime_r(&seconds, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", &parts) == 0)
		return "";
	return scratch_text(&call->scratch, span_of(text));
}

const char *
words_day(struct call *call, int64_t unix_ms)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const kanji[] = { "日", "月", "火", "水",
					     "木", "金", "土" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;

	if (unix_ms == 0 || localtime_r(&seconds, &parts) == NULL)
		return "";
	if (call->language == I18N_LANGUAGE_JA)
		return scratch_textf(&call->scratch, "%d月%d日(%s) %02d:%02d",
				     parts.tm_mon + 1, parts.tm_mday,
				     kanji[parts.tm_wday], parts.tm_hour,
				     parts.tm_min);
	return scratch_textf(&call->scratch, "%s %d %s, %02d:%02d",
			     days[parts.tm_wday], parts.tm_mday,
			     months[parts.tm_mon], parts.tm_hour, parts.tm_min);
}

const char *
words_iso(struct call *call, int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	char text[64];

	if (unix_ms == 0 || gmtime_r(&seconds, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return "";
	return scratch_text(&call->scratch, span_of(text));
}

struct span_words {
	int64_t unit_s;
	const char *past;
	const char *future;
};

static const char *
words_distance(struct call *call, int64_t distance_s, bool past)
{
	static const struct span_words units[] = {
		{ S_PER_DAY * 2, N_("{n} days ago"), N_("in {n} days") },
		{ S_PER_HOUR * 2, N_("{n} hours ago"), N_("in {n} hours") },
		{ S_PER_MINUTE, N_("{n} min ago"), N_("in {n} min") },
	};
	static const int64_t divisors[] = { S_PER_DAY, S_PER_HOUR,
					    S_PER_MINUTE };

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (distance_s < units[i].unit_s)
			continue;
		return words_number(call,
				    past ? units[i].past : units[i].future,
				    (uint64_t)(distance_s / divisors[i]));
	}
	return call_text(call, past ? N_("just now") : N_("in a moment"));
}

const char *
words_age(struct call *call, int64_t unix_ms)
{
	const int64_t distance_s = (clock_unix_ms() - unix_ms) / MS_PER_S;

	return words_distance(call, distance_s < 0 ? 0 : distance_s, true);
}

const char *
words_until(struct call *call, int64_t unix_ms)
{
	const int64_t distance_s = (unix_ms - clock_unix_ms()) / MS_PER_S;

	if (distance_s < 0)
		return call_text(call, N_("overdue"));
	return words_distance(call, distance_s, false);
}

const char *
words_size(struct call *call, uint64_t size_bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB" };
	uint64_t tenths = size_bytes * 10;
	size_t unit = 0;

	if (size_bytes > UINT64_MAX / 10)
		tenths = UINT64_MAX;
	while (tenths >= 10240 && unit + 1 < ARRAY_LEN(units)) {
		tenths /= 1024;
		unit++;
	}
	if (unit == 0 || tenths >= 1000)
		return scratch_textf(&call->scratch, "%" PRIu64 " %s",
				     tenths / 10, units[unit]);
	return scratch_textf(&call->scratch, "%" PRIu64 ".%" PRIu64 " %s",
			     tenths / 10, tenths % 10, units[unit]);
}

const char *
words_weight(struct call *call, int64_t weight_db)
{
	return scratch_textf(&call->scratch, "%+" PRId64, weight_db);
}
