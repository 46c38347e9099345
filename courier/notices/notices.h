/*
 * notices.h - the words that people get, from the templates on disk.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  immutable after notices_load()
 *
 * Templates: DIR/{ja,en}/<name>.txt, names in notices.def, form in template.h.
 * Values, each "" when it does not apply:
 *	{person} addressee  {sender} whom the mail is from  {recipients}
 *	{subject} masked  {received} {deadline} date, time and zone
 *	{numbers} how many  {parts} one line for each part  {rule} {approvers}
 *	{reason} comment of the decision, or the other server's answer
 *	{attached} where the mail itself is  {case} id  {url} its page
 * No value holds a My Number: the vault gives only counts and masked texts.
 */
#ifndef COURIER_NOTICES_NOTICES_H
#define COURIER_NOTICES_NOTICES_H

#include "lib/base/sbuf.h"
#include "lib/i18n/i18n.h"
#include "vault/client/vault_messages.h"

struct notices;

/*
 * Read every template of both languages.
 * Returns: ST_OK; ST_NOT_FOUND one is missing; ST_FORMAT one has no subject,
 *          is not UTF-8 or names an unknown value; ST_LIMIT, ST_IO,
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
notices_load(const char *dir, struct notices **notices_out, struct err *err);
void notices_free(struct notices **notices);

struct notice_request {
	const struct vault_job *job;
	const struct i18n *i18n;
	enum i18n_language language; /* when the job names none */
	const char *desk_url;
	bool with_mail; /* the mail itself is attached (GIVE_BACK) */
};

/*
 * The notice for a job.
 * Gives:    appended to subject (one line) and text (LF, ends with one)
 * Returns:  ST_OK; ST_NOT_FOUND there is no such notice; ST_LIMIT,
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
notices_write(const struct notices *notices,
	      const struct notice_request *request, struct sbuf *subject,
	      struct sbuf *text, struct err *err);

#endif
