#include "courier/notices/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum {
	WORDS_VALUE_BYTES = 64 * 1024,
	WORDS_MAX_PARTS = 20,      /* listed; of the others only how many */
	WORDS_MAX_PEOPLE = 8,      /* of a list of addresses or names */
	WORDS_MAX_CHARACTERS = 70, /* of a subject or an address */
	WORDS_ENTRY_BYTES = 128
};

const char *const words_names[WORDS_NAMES] = {
	"person",       "sender",   "recipients",    "subject",
	"received",     "deadline", "rule",          "numbers",
	"found",        "parts",    "approvers",     "reason",
	"case",         "attached", "url",           "code",
	"locked",       "company",  "portal",        "link_url",
	"link_code",    "expires",  "files",         "file_count",
	"once",         "mailbox",  "password_from", "mailbox_code",
	"code_minutes",
};

/* --- parts --------------------------------------------------------------- */

/* Why a part was not read, in English; the key of its translation. */
static const char *
words_reason(enum report_reason reason)
{
	static const char *const reasons[] = {
#define REASON(symbol, name, english) [REPORT_REASON_##symbol] = (english),
#include "lib/report/reasons.def"
#undef REASON
	};
	const char *words =
		(size_t)reason < ARRAY_LEN(reasons) ? reasons[reason] : NULL;

	return words != NULL ? words : "";
}

static void
words_add_part(const struct words_request *request,
	       const struct vault_part_line *part, struct sbuf *out)
{
	char count[WORDS_NUMBER_BYTES];
	const struct template_value values[] = {
		{ "path", part->path, false },
		{ "type", part->type, false },
		{ "count", count, false },
		{ "reason",
		  i18n_text(request->i18n, request->language,
			    words_reason(part->reason)),
		  false },
	};
	const char *line = NULL;

	(void)snprintf(count, sizeof(count), "%" PRIu64, part->number_count);
	if (part->reason == REPORT_REASON_NONE)
		line = i18n_text(request->i18n, request->language,
				 "Part {path} ({type}): {count} number(s)");
	else if (part->number_count == 0)
		line = i18n_text(request->i18n, request->language,
				 "Part {path} ({type}): could not be checked "
				 "({reason})");
	else
		line = i18n_text(request->i18n, request->language,
				 "Part {path} ({type}): {count} number(s); "
				 "some of it could not be checked ({reason})");
	template_render(line, values, ARRAY_LEN(values), out);
}

static void
words_add_count(const char *words, size_t count, struct sbuf *out)
{
	char text[WORDS_NUMBER_BYTES];
	const struct template_value values[] = { { "count", text, false } };

	(void)snprintf(text, sizeof(text), "%zu", count);
	template_render(words, values, ARRAY_LEN(values), out);
}

static void
words_add_parts(const struct words_request *request, struct sbuf *out)
{
	const struct vault_job *job = request->job;
	size_t shown = job->part_count;

	if (shown > WORDS_MAX_PARTS)
		shown = WORDS_MAX_PARTS;
	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			sbuf_add_byte(out, '\n');
		words_add_part(request, &job->parts[i], out);
	}
	if (job->part_count == shown)
		return;
	sbuf_add_byte(out, '\n');
	words_add_count(i18n_text(request->i18n, request->language,
				  "and {count} more part(s)"),
			job->part_count - shown, out);
}

/* What a password would open, each by place and type. */
static void
words_add_locked(const struct words_request *request, struct sbuf *out)
{
	const struct vault_job *job = request->job;
	size_t shown = 0;

	for (size_t i = 0; i < job->part_count && shown < WORDS_MAX_PARTS;
	     i++) {
		const struct vault_part_line *part = &job->parts[i];
		const struct template_value values[] = {
			{ "path", part->path, false },
			{ "type", part->type, false },
		};

		if (part->reason != REPORT_REASON_LOCKED)
			continue;
		if (shown++ > 0)
			sbuf_add_text(out, ", ");
		template_render(i18n_text(request->i18n, request->language,
					  "part {path} ({type})"),
				values, ARRAY_LEN(values), out);
	}
}

/* Why the mail is held, in few words. */
static void
words_add_found(const struct words_request *request, struct sbuf *out)
{
	const uint64_t count = request->job->number_count;
	const char *words = NULL;

	if (count == 1)
		words = i18n_text(request->i18n, request->language,
				  "1 number found");
	else if (count > 0)
		words = i18n_text(request->i18n, request->language,
				  "{count} numbers found");
	else
		words = i18n_text(request->i18n, request->language,
				  "could not be checked");
	words_add_count(words, (size_t)count, out);
}

/* --- what may be long ---------------------------------------------------- */

/* The end of the first max characters of text, or NULL when it has no more. */
static const char *
words_cut(const char *text, size_t max)
{
	size_t count = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (((unsigned char)*p & 0xc0) == 0x80)
			continue;
		if (count == max)
			return p;
		count++;
	}
	return NULL;
}

static void
words_add_short(const char *text, struct sbuf *out)
{
	const char *end = words_cut(text, WORDS_MAX_CHARACTERS);

	if (end == NULL) {
		sbuf_add_text(out, text);
		return;
	}
	sbuf_add(out, text, (size_t)(end - text));
	sbuf_add_text(out, "…");
}

/* The first of a list with ", " between, and how many others there are. */
static void
words_add_people(const struct words_request *request, const char *people,
		 struct sbuf *out)
{
	const char *rest = people;
	size_t count = 1;

	for (const char *p = people; (p = strstr(p, ", ")) != NULL; p += 2) {
		count++;
		if (count == WORDS_MAX_PEOPLE + 1)
			rest = p;
	}
	if (count <= WORDS_MAX_PEOPLE) {
		sbuf_add_text(out, people);
		return;
	}
	sbuf_add(out, people, (size_t)(rest - people));
	words_add_count(i18n_text(request->i18n, request->language,
				  " and {count} more"),
			count - WORDS_MAX_PEOPLE, out);
}

/* --- why there is no link ----------------------------------------------- */

/* A refusal of ours, in English and perhaps with " (part 2)" behind it. */
static void
words_add_refusal(const struct words_request *request, struct sbuf *out)
{
	static const char mark[] = " (part ";
	const char *text = request->job->reason;
	const char *end = strstr(text, mark);
	AUTO(sbuf_done) struct sbuf english;
	AUTO(sbuf_done) struct sbuf path;
	struct template_value value = { "path", "", false };

	sbuf_init(&english, WORDS_VALUE_BYTES);
	sbuf_init(&path, WORDS_VALUE_BYTES);
	sbuf_add(&english, text,
		 end != NULL ? (size_t)(end - text) : strlen(text));
	sbuf_add_text(out, i18n_text(request->i18n, request->language,
				     sbuf_text(&english)));
	if (end == NULL)
		return;
	end += sizeof(mark) - 1;
	sbuf_add(&path, end, strcspn(end, ")"));
	value.text = sbuf_text(&path);
	template_render(i18n_text(request->i18n, request->language,
				  N_(" (part {path})")),
			&value, 1, out);
}

/* Comments and answers are as they were given; why a mail is held again,
 * since no link could be sent, is our own. */
static void
words_add_reason(const struct words_request *request, struct sbuf *out)
{
	if (request->job->event == NOTICE_HELD &&
	    request->job->reason[0] != '\0')
		words_add_refusal(request, out);
	else
		sbuf_add_text(out, request->job->reason);
}

/* --- the way in ---------------------------------------------------------- */

/* Goes into a link as it is, so nothing but these may stand there. */
static bool
words_is_plain(const char *text)
{
	const size_t len = strlen(text);

	return len > 0 && len < WORDS_ENTRY_BYTES &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_")] == '\0';
}

static void
words_add_entry(const struct words_request *request, struct words *words)
{
	const struct vault_job *job = request->job;

	/* The desk is none of an outsider's business. */
	if (request->desk_url[0] == '\0' ||
	    job->audience == NOTICE_AUDIENCE_RECIPIENT)
		return;
	if (job->audience != NOTICE_AUDIENCE_SENDER ||
	    !words_is_plain(job->entry_id)) {
		sbuf_addf(&words->url, "%s/cases/%s", request->desk_url,
			  words->id);
		return;
	}
	sbuf_addf(&words->url, "%s/m/%s", request->desk_url, job->entry_id);
	if (!words_is_plain(job->entry_code))
		return;
	sbuf_addf(&words->url, "#%s", job->entry_code);
	sbuf_add_text(&words->code, job->entry_code);
}

/* --- all of them --------------------------------------------------------- */

void
words_done(struct words *words)
{
	sbuf_done(&words->subject);
	sbuf_done(&words->sender);
	sbuf_done(&words->recipients);
	sbuf_done(&words->approvers);
	sbuf_done(&words->found);
	sbuf_done(&words->parts);
	sbuf_done(&words->locked);
	sbuf_done(&words->reason);
	sbuf_done(&words->url);
	sbuf_done(&words->code);
	words_link_done(&words->link);
}

/* text, or instead (an English key) when it is empty. */
static const char *
words_or(const struct words_request *request, const char *text,
	 const char *instead)
{
	return text[0] != '\0'
		       ? text
		       : i18n_text(request->i18n, request->language, instead);
}

/* The addressee by name, else by address. */
static const char *
words_person(const struct vault_job *job)
{
	if (job->person[0] != '\0')
		return job->person;
	return job->recipient_count > 0 ? job->recipients[0].address : "";
}

/* Where the mail is, for notices about one that comes back. */
static const char *
words_attached(const struct words_request *request)
{
	if (request->with_mail)
		return i18n_text(request->i18n, request->language,
				 "Your mail is attached to this message, "
				 "unchanged.");
	return i18n_text(request->i18n, request->language,
			 "Your mail comes back to you attached to a separate "
			 "message, unchanged.");
}

static void
words_add(struct words *words, const char *name, const char *text, bool lines)
{
	words->values[words->value_count++] =
		(struct template_value){ name, text, lines };
}

static void
words_list(struct words *words, const struct words_request *request)
{
	const struct vault_job *job = request->job;

	words_add(words, "person", words_person(job), false);
	words_add(words, "sender",
		  words_or(request, sbuf_text(&words->sender), N_("(unknown)")),
		  false);
	words_add(words, "recipients", sbuf_text(&words->recipients), false);
	words_add(words, "subject",
		  words_or(request, sbuf_text(&words->subject),
			   N_("(no subject)")),
		  false);
	words_add(words, "received", words->received, false);
	words_add(words, "deadline", words->deadline, false);
	words_add(words, "rule", job->rule, false);
	words_add(words, "numbers", words->numbers, false);
	words_add(words, "found", sbuf_text(&words->found), false);
	words_add(words, "parts",
		  words_or(request, sbuf_text(&words->parts),
			   N_("The mail as a whole")),
		  true);
	words_add(words, "approvers",
		  words_or(request, sbuf_text(&words->approvers),
			   N_("the approvers in charge")),
		  false);
	words_add(words, "locked", sbuf_text(&words->locked), false);
	words_add(words, "reason", sbuf_text(&words->reason), true);
	words_add(words, "case", words->id, false);
	words_add(words, "attached", words_attached(request), false);
	words_add(words, "url", sbuf_text(&words->url), false);
	words_add(words, "code", sbuf_text(&words->code), false);
}

static enum status
words_status(const struct words *words, struct err *err)
{
	const struct sbuf *const made[] = {
		&words->subject,   &words->sender, &words->recipients,
		&words->approvers, &words->found,  &words->parts,
		&words->locked,    &words->url,    &words->code,
		&words->reason,
	};

	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		const enum status st =
			sbuf_status(made[i], "notices: a value", err);

		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

static enum status
words_add_link(struct words *words, const struct words_request *request,
	       struct err *err)
{
	const struct words_link_request asked = {
		.job = request->job,
		.i18n = request->i18n,
		.language = request->language,
		.portal = request->portal,
	};
	enum status st = words_link_init(
		&words->link, &asked, &words->values[words->value_count], err);

	words->value_count += WORDS_LINK_NAMES;
	return st == ST_OK ? words_status(words, err) : st;
}

/* Of a reminder: when the link mail was sent, weeks ago perhaps. */
static void
words_add_received(const struct words_request *request, struct words *words)
{
	const struct vault_job *job = request->job;

	if (job->event == NOTICE_LINK_REMINDER)
		words_time_far(job->received_unix_ms, request->language,
			       words->received);
	else
		words_time_near(job->received_unix_ms, request->language,
				words->received);
}

enum status
words_init(struct words *words, const struct words_request *request,
	   struct err *err)
{
	const struct vault_job *job = request->job;

	*words = (struct words){ .value_count = 0 };
	sbuf_init(&words->subject, WORDS_VALUE_BYTES);
	sbuf_init(&words->sender, WORDS_VALUE_BYTES);
	sbuf_init(&words->recipients, WORDS_VALUE_BYTES);
	sbuf_init(&words->approvers, WORDS_VALUE_BYTES);
	sbuf_init(&words->found, WORDS_VALUE_BYTES);
	sbuf_init(&words->parts, WORDS_VALUE_BYTES);
	sbuf_init(&words->locked, WORDS_VALUE_BYTES);
	sbuf_init(&words->reason, WORDS_VALUE_BYTES);
	sbuf_init_secret(&words->url, WORDS_VALUE_BYTES);
	sbuf_init_secret(&words->code, WORDS_VALUE_BYTES);
	words_add_short(job->subject, &words->subject);
	words_add_short(job->sender, &words->sender);
	words_add_people(request, job->recipients_text, &words->recipients);
	words_add_people(request, job->approvers, &words->approvers);
	words_add_found(request, &words->found);
	words_add_parts(request, &words->parts);
	words_add_locked(request, &words->locked);
	words_add_reason(request, &words->reason);
	words_add_received(request, words);
	words_time_near(job->deadline_unix_ms, request->language,
			words->deadline);
	(void)snprintf(words->numbers, sizeof(words->numbers), "%" PRIu64,
		       job->number_count);
	case_id_format(job->case_id, words->id);
	words_add_entry(request, words);
	words_list(words, request);
	return words_add_link(words, request, err);
}
