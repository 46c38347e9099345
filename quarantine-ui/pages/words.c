#include "quarantine-ui/pages/words.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/tell.h"

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
words_refusal(struct call *call, const char *sentence)
{
	const char *text = call_text(call, sentence);
	const size_t len = strlen(text);
	const char *end = call->language == I18N_LANGUAGE_JA ? "。" : ".";
	char first = '\0';

	if (len == 0)
		return text;
	first = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A')
						 : text[0];
	if (text[len - 1] == '.' ||
	    (len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0))
		end = "";
	return scratch_textf(&call->scratch, "%c%s%s", first, text + 1, end);
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

static struct tell
words_tell(struct call *call)
{
	return (struct tell){ call->view->i18n, call->language,
			      &call->scratch };
}

const char *
words_number(struct call *call, const char *english, uint64_t number)
{
	const struct tell tell = words_tell(call);

	return tell_number(&tell, english, number);
}

const char *
words_time(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_time(&tell, unix_ms);
}

const char *
words_day(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_day(&tell, unix_ms);
}

const char *
words_day_zone(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_day_zone(&tell, unix_ms);
}

const char *
words_iso(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_iso(&tell, unix_ms);
}

const char *
words_age(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_age(&tell, unix_ms);
}

const char *
words_until(struct call *call, int64_t unix_ms)
{
	const struct tell tell = words_tell(call);

	return tell_until(&tell, unix_ms);
}

const char *
words_size(struct call *call, uint64_t size_bytes)
{
	const struct tell tell = words_tell(call);

	return tell_size(&tell, size_bytes);
}

const char *
words_weight(struct call *call, int64_t weight_db)
{
	return scratch_textf(&call->scratch, "%+" PRId64, weight_db);
}
