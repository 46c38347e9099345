#include "courier/notices/letter.h"

#include <inttypes.h>

#include "courier/notices/compose.h"

enum { LETTER_ID_BYTES = 64, LETTER_PATH_BYTES = 4300 };

enum status
letter_open(const struct config *config, struct i18n **i18n_out,
	    struct notices **notices_out, struct err *err)
{
	const char *data_dir = config->general.data_dir;
	AUTO(i18n_free) struct i18n *i18n = NULL;
	AUTO(sbuf_done) struct sbuf dir;
	enum status st = ST_OK;

	sbuf_init(&dir, LETTER_PATH_BYTES);
	sbuf_addf(&dir, "%s/po", data_dir);
	st = i18n_open(sbuf_text(&dir), &i18n, err);
	sbuf_clear(&dir);
	sbuf_addf(&dir, "%s/conf/notices", data_dir);
	if (st == ST_OK)
		st = notices_load(sbuf_text(&dir), config->courier.notices,
				  notices_out, err);
	if (st == ST_OK)
		st = notices_load_logo(*notices_out, config->portal.logo,
				       config->general.host_name, err);
	if (st == ST_OK)
		*i18n_out = MOVE(i18n);
	else
		notices_free(notices_out);
	return st;
}

/* Outside it is the company that speaks. */
static const char *
letter_name(const struct config *config, const struct vault_job *job)
{
	if (job->audience == NOTICE_AUDIENCE_RECIPIENT &&
	    config->portal.company[0] != '\0')
		return config->portal.company;
	return config->courier.notice_name;
}

static const char *
letter_language(const struct notices_text *text)
{
	if (text->both)
		return "ja, en";
	return text->language == I18N_LANGUAGE_JA ? "ja" : "en";
}

enum status
letter_words(const struct letter_office *office, const struct vault_job *job,
	     bool with_mail, struct notices_text *text, struct err *err)
{
	const struct config *config = office->config;
	const struct notices_request request = {
		.job = job,
		.i18n = office->i18n,
		.language = i18n_language_of(config->general.language),
		.outside = i18n_language_of(config->portal.language),
		.desk_url = config->desk.url,
		.portal = &config->portal,
		.name = letter_name(config, job),
		.with_mail = with_mail,
	};

	return notices_write(office->notices, &request, text, err);
}

enum status
letter_write(const struct letter_office *office, const struct vault_job *job,
	     const struct letter_form *form, struct sbuf *out, struct err *err)
{
	const struct config *config = office->config;
	AUTO(notices_text_done) struct notices_text text;
	char id[LETTER_ID_BYTES];
	char thread[LETTER_ID_BYTES];
	char case_id[CASE_ID_TEXT_BYTES];
	enum status st = ST_OK;

	notices_text_init(&text);
	st = letter_words(office, job, form->with_mail, &text, err);
	if (st != ST_OK)
		return st;
	case_id_format(job->case_id, case_id);
	(void)snprintf(id, sizeof(id), "%s.%" PRIu64, case_id, job->job_id);
	(void)snprintf(thread, sizeof(thread), "%s.case", case_id);
	const struct compose compose = {
		.from_name = letter_name(config, job),
		.from = config->courier.notice_sender,
		.to_name = job->person,
		.to = job->recipient_count > 0 ? job->recipients[0].address
					       : "",
		.subject = sbuf_text(&text.subject),
		.language = letter_language(&text),
		.host = config->general.host_name,
		.id = id,
		/* Recipients never saw the others. */
		.thread = job->audience == NOTICE_AUDIENCE_RECIPIENT ? ""
								     : thread,
		.now_unix_ms = form->now_unix_ms,
		.boundary = form->boundary,
		.eight_bit = form->eight_bit,
	};

	const struct compose_forms forms = { sbuf_text(&text.plain),
					     sbuf_text(&text.html),
					     text.picture };

	return compose_mail(&compose, &forms, out, err);
}
