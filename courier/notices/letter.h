/*
 * letter.h - a notice as the mail that goes out.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  values
 *
 * The courier sends what this makes, and "sekimori notice preview" shows it.
 */
#ifndef COURIER_NOTICES_LETTER_H
#define COURIER_NOTICES_LETTER_H

#include "courier/notices/notices.h"
#include "lib/config/config.h"

/* Where letters come from; all borrowed. */
struct letter_office {
	const struct config *config;
	const struct i18n *i18n;
	const struct notices *notices;
};

/* Read catalogue and notices as config says. Both are the caller's.
 * Returns: as i18n_open(), notices_load() */
MUST_CHECK enum status
letter_open(const struct config *config, struct i18n **i18n_out,
	    struct notices **notices_out, struct err *err);

/* The words of the notice for job, as notices_write(). */
MUST_CHECK enum status
letter_words(const struct letter_office *office, const struct vault_job *job,
	     bool with_mail, struct notices_text *text, struct err *err);

struct letter_form {
	const char *boundary; /* see compose.h */
	bool eight_bit;
	bool with_mail; /* say that the mail is attached */
	int64_t now_unix_ms;
};

/*
 * Append header and both forms of the notice for job to out. The Message-Id
 * is the same for each try, so that mailboxes know a second copy, and all
 * mails of one case make a thread.
 * Returns: ST_OK; ST_NOT_FOUND there is no such notice; else as
 *          compose_mail() and notices_write()
 */
MUST_CHECK enum status
letter_write(const struct letter_office *office, const struct vault_job *job,
	     const struct letter_form *form, struct sbuf *out, struct err *err);

#endif
