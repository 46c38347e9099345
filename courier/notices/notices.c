#include "courier/notices/notices.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "courier/notices/template.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum {
	NOTICES_PATH_BYTES = 4200,
	NOTICES_FILE_BYTES = 64 * 1024,
	NOTICES_VALUE_BYTES = 64 * 1024,
	NOTICES_MAX_PARTS = 20, /* listed; of the others only how many */
	NOTICES_TIME_BYTES = 64,
	NOTICES_NUMBER_BYTES = 24
};

struct notice_kind {
	enum notice_event event;
	enum notice_audience audience;
	const char *name;
};

static const struct notice_kind notice_kinds[] = {
#define NOTICE(event_, audience_, name_) \
	{ NOTICE_##event_, NOTICE_AUDIENCE_##audience_, name_ },
#include "courier/notices/notices.def"
#undef NOTICE
};

static const struct {
	enum i18n_language language;
	const char *name;
} notice_languages[] = { { I18N_LANGUAGE_JA, "ja" },
			 { I18N_LANGUAGE_EN, "en" } };

/* Names of the values that notices_write() sets. */
static const char *const notice_names[] = {
	"person",   "sender",   "recipients", "subject", "received",
	"deadline", "numbers",  "parts",      "rule",    "approvers",
	"reason",   "attached", "case",       "url",
};

struct notice_text {
	enum i18n_language language;
	const struct notice_kind *kind;
	char *subject; /* points into file */
	const char *body;
	struct sbuf file;
};

struct notices {
	struct notice_text
		texts[ARRAY_LEN(notice_kinds) * ARRAY_LEN(notice_languages)];
	size_t text_count;
};

void
notices_free(struct notices **notices)
{
	if (*notices == NULL)
		return;
	for (size_t i = 0; i < (*notices)->text_count; i++)
		sbuf_done(&(*notices)->texts[i].file);
	free(*notices);
	*notices = NULL;
}

/* Split the file into subject and body, in place. */
static enum status
notice_split(struct notice_text *text, const char *path, struct err *err)
{
	char *end = NULL;

	text->subject = (char *)text->file.bytes;
	if (text->subject != NULL)
		end = strchr(text->subject, '\n');
	if (end == NULL || end == text->subject)
		return err_set(err, ST_FORMAT,
			       "%s:1: the first line is the subject", path);
	*end++ = '\0';
	while (*end == '\n')
		end++;
	text->body = end;
	return ST_OK;
}

static enum status
notice_load(struct notices *notices, const char *dir, const char *language,
	    struct notice_text text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	struct notice_text *place = &notices->texts[notices->text_count++];
	enum status st = ST_OK;

	*place = text;
	sbuf_init(&place->file, NOTICES_FILE_BYTES);
	sbuf_init(&path, NOTICES_PATH_BYTES);
	sbuf_addf(&path, "%s/%s/%s.txt", dir, language, text.kind->name);
	st = sbuf_status(&path, "notices: path", err);
	if (st == ST_OK)
		st = fd_slurp_file(sbuf_text(&path), &place->file, err);
	if (st == ST_OK && memchr(sbuf_text(&place->file), '\0',
				  place->file.len_bytes) != NULL)
		st = err_set(err, ST_FORMAT, "%s: not a text",
			     sbuf_text(&path));
	if (st == ST_OK)
		st = template_check(sbuf_text(&path), sbuf_text(&place->file),
				    notice_names, ARRAY_LEN(notice_names), err);
	return st == ST_OK ? notice_split(place, sbuf_text(&path), err) : st;
}

enum status
notices_load(const char *dir, struct notices **notices_out, struct err *err)
{
	AUTO(notices_free)
	struct notices *notices = calloc(1, sizeof(*notices));
	enum status st = ST_OK;

	if (notices == NULL)
		return err_set(err, ST_NO_MEMORY, "notices: no memory");
	for (size_t l = 0; l < ARRAY_LEN(notice_languages); l++) {
		for (size_t i = 0; i < ARRAY_LEN(notice_kinds) && st == ST_OK;
		     i++)
			st = notice_load(
				notices, dir, notice_languages[l].name,
				(struct notice_text){
					.language =
						notice_languages[l].language,
					.kind = &notice_kinds[i] },
				err);
	}
	if (st != ST_OK)
		return st;
	*notices_out = MOVE(notices);
	return ST_OK;
}

static const struct notice_text *
notice_find(const struct notices *notices, const struct vault_job *job,
	    enum i18n_language language)
{
	for (size_t i = 0; i < notices->text_count; i++) {
		const struct notice_text *text = &notices->texts[i];

		if (text->language == language &&
		    text->kind->event == job->event &&
		    text->kind->audience == job->audience)
			return text;
	}
	return NULL;
}

/* Why a part was not read, in English; the key of its translation. */
static const char *
notice_reason(enum report_reason reason)
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
notice_add_part(const struct notice_request *request,
		enum i18n_language language, const struct vault_part_line *part,
		struct sbuf *out)
{
	char count[NOTICES_NUMBER_BYTES];
	const struct template_value values[] = {
		{ "path", part->path, false },
		{ "type", part->type, false },
		{ "count", count, false },
		{ "reason",
		  i18n_text(request->i18n, language,
			    notice_reason(part->reason)),
		  false },
	};
	const char *line = NULL;

	(void)snprintf(count, sizeof(count), "%" PRIu64, part->number_count);
	if (part->reason == REPORT_REASON_NONE)
		line = i18n_text(request->i18n, language,
				 "- part {path} ({type}): {count} number(s)");
	else if (part->number_count == 0)
		line = i18n_text(request->i18n, language,
				 "- part {path} ({type}): could not be "
				 "checked ({reason})");
	else
		line = i18n_text(request->i18n, language,
				 "- part {path} ({type}): {count} number(s); "
				 "some of it could not be checked ({reason})");
	template_render(line, values, ARRAY_LEN(values), out);
}

static void
notice_add_parts(const struct notice_request *request,
		 enum i18n_language language, struct sbuf *out)
{
	const struct vault_job *job = request->job;
	size_t shown = job->part_count;
	char count[NOTICES_NUMBER_BYTES];
	const struct template_value values[] = { { "count", count, false } };

	if (shown > NOTICES_MAX_PARTS)
		shown = NOTICES_MAX_PARTS;
	for (size_t i = 0; i < shown; i++) {
		sbuf_add_text(out, i > 0 ? "\n    " : "    ");
		notice_add_part(request, language, &job->parts[i], out);
	}
	if (job->part_count == shown)
		return;
	(void)snprintf(count, sizeof(count), "%zu", job->part_count - shown);
	sbuf_add_text(out, "\n    ");
	template_render(i18n_text(request->i18n, language,
				  "- and {count} more part(s)"),
			values, ARRAY_LEN(values), out);
}

/* In the zone of this host; "" for no instant. */
static void
notice_time(int64_t unix_ms, char text[NOTICES_TIME_BYTES])
{
	const time_t seconds = (time_t)(unix_ms / 1000);
	struct tm local;

	text[0] = '\0';
	if (unix_ms > 0 && localtime_r(&seconds, &local) != NULL &&
	    strftime(text, NOTICES_TIME_BYTES, "%Y-%m-%d %H:%M %Z", &local) ==
		    0)
		text[0] = '\0';
}

/* A comment as quoted lines. */
static void
notice_quote(const char *comment, struct sbuf *out)
{
	sbuf_add_text(out, "> ");
	for (const char *p = comment; *p != '\0'; p++) {
		sbuf_add_byte(out, (uint8_t)*p);
		if (*p == '\n')
			sbuf_add_text(out, "> ");
	}
}

static enum i18n_language
notice_language(const struct notice_request *request)
{
	const enum i18n_language language =
		i18n_language_of(request->job->language);

	return language != I18N_LANGUAGE_NONE ? language : request->language;
}

/* Where the mail is, for notices about one that comes back. */
static const char *
notice_attached(const struct notice_request *request,
		enum i18n_language language)
{
	if (request->with_mail)
		return i18n_text(request->i18n, language,
				 "Your mail is attached to this message, "
				 "unchanged.");
	return i18n_text(request->i18n, language,
			 "Your mail comes back to you attached to a separate "
			 "message, unchanged.");
}

/* text, or instead (an English key) when it is empty. */
static const char *
notice_or(const struct notice_request *request, enum i18n_language language,
	  const char *text, const char *instead)
{
	return text[0] != '\0' ? text
			       : i18n_text(request->i18n, language, instead);
}

/* Values that have to be put together, and their memory. */
struct notice_words {
	struct sbuf parts;
	struct sbuf reason;
	struct sbuf url;
	char received[NOTICES_TIME_BYTES];
	char deadline[NOTICES_TIME_BYTES];
	char numbers[NOTICES_NUMBER_BYTES];
	char id[CASE_ID_TEXT_BYTES];
};

static void
notice_words_done(struct notice_words *words)
{
	sbuf_done(&words->parts);
	sbuf_done(&words->reason);
	sbuf_done(&words->url);
}

static enum status
notice_words_init(struct notice_words *words,
		  const struct notice_request *request,
		  enum i18n_language language, struct err *err)
{
	const struct vault_job *job = request->job;
	enum status st = ST_OK;

	sbuf_init(&words->parts, NOTICES_VALUE_BYTES);
	sbuf_init(&words->reason, NOTICES_VALUE_BYTES);
	sbuf_init(&words->url, NOTICES_VALUE_BYTES);
	notice_add_parts(request, language, &words->parts);
	notice_quote(
		notice_or(request, language, job->reason, N_("(no comment)")),
		&words->reason);
	notice_time(job->received_unix_ms, words->received);
	notice_time(job->deadline_unix_ms, words->deadline);
	(void)snprintf(words->numbers, sizeof(words->numbers), "%" PRIu64,
		       job->number_count);
	case_id_format(job->case_id, words->id);
	sbuf_addf(&words->url, "%s/cases/%s", request->desk_url, words->id);
	st = sbuf_status(&words->parts, "notices: parts", err);
	if (st == ST_OK)
		st = sbuf_status(&words->reason, "notices: reason", err);
	return st == ST_OK ? sbuf_status(&words->url, "notices: url", err) : st;
}

/* The addressee by name, else by address. */
static const char *
notice_person(const struct vault_job *job)
{
	if (job->person[0] != '\0')
		return job->person;
	return job->recipient_count > 0 ? job->recipients[0].address : "";
}

enum status
notices_write(const struct notices *notices,
	      const struct notice_request *request, struct sbuf *subject,
	      struct sbuf *text, struct err *err)
{
	const struct vault_job *job = request->job;
	const enum i18n_language language = notice_language(request);
	const struct notice_text *found = notice_find(notices, job, language);
	AUTO(notice_words_done) struct notice_words words = { 0 };
	enum status st = ST_OK;

	if (found == NULL)
		return err_set(err, ST_NOT_FOUND,
			       "notices: none for event %d to audience %d",
			       (int)job->event, (int)job->audience);
	st = notice_words_init(&words, request, language, err);
	if (st != ST_OK)
		return st;
	const struct template_value values[] = {
		{ "person", notice_person(job), false },
		{ "sender",
		  notice_or(request, language, job->sender, N_("(unknown)")),
		  false },
		{ "recipients", job->recipients_text, false },
		{ "subject",
		  notice_or(request, language, job->subject,
			    N_("(no subject)")),
		  false },
		{ "received", words.received, false },
		{ "deadline",
		  notice_or(request, language, words.deadline,
			    N_("(no deadline)")),
		  false },
		{ "numbers", words.numbers, false },
		{ "parts",
		  notice_or(request, language, sbuf_text(&words.parts),
			    N_("    - the mail as a whole")),
		  true },
		{ "rule", job->rule, false },
		{ "approvers",
		  notice_or(request, language, job->approvers,
			    N_("the approvers in charge")),
		  false },
		{ "reason", sbuf_text(&words.reason), true },
		{ "attached", notice_attached(request, language), false },
		{ "case", words.id, false },
		{ "url", sbuf_text(&words.url), false },
	};

	template_render(found->subject, values, ARRAY_LEN(values), subject);
	template_render(found->body, values, ARRAY_LEN(values), text);
	st = sbuf_status(subject, "notices: subject", err);
	return st == ST_OK ? sbuf_status(text, "notices: text", err) : st;
}
