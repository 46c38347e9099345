/*
 * words_link.h - the names in templates that are about a secure link.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  a struct words_link belongs to its maker
 *
 * Names, each "" when it does not apply:
 *	{company} {portal} {link_url} {link_code} {expires} {files}
 *	{file_count} {once} {mailbox} {password_from} {mailbox_code}
 *	{code_minutes}
 * {link_url}, {link_code} and {mailbox_code} are secrets.
 */
#ifndef COURIER_NOTICES_WORDS_LINK_H
#define COURIER_NOTICES_WORDS_LINK_H

#include "courier/notices/template.h"
#include "courier/notices/words_time.h"
#include "lib/config/config.h"
#include "lib/i18n/i18n.h"
#include "vault/client/vault_messages.h"

enum { WORDS_LINK_NAMES = 12, WORDS_LINK_NUMBER_BYTES = 24 };

struct words_link {
	struct sbuf url;
	struct sbuf code;
	struct sbuf portal;
	struct sbuf files;
	struct sbuf downloads; /* how often each can be fetched */
	char expires[WORDS_TIME_BYTES];
	char file_count[WORDS_LINK_NUMBER_BYTES];
	char code_minutes[WORDS_LINK_NUMBER_BYTES];
};

struct words_link_request {
	const struct vault_job *job;
	const struct i18n *i18n;
	enum i18n_language language;
	const struct config_portal *portal; /* NULL: there is none */
};

/*
 * Gives:    *link, to be released with words_link_done() in any case;
 *           values[WORDS_LINK_NAMES], which borrow from it and from request
 * Returns:  ST_OK, ST_LIMIT, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_link_init(struct words_link *link,
		const struct words_link_request *request,
		struct template_value *values, struct err *err);
void words_link_done(struct words_link *link);

#endif
