/* The identity set of a mail's sender; see mail.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "milter/session/header.h"
#include "milter/session/mail.h"

enum { SENDERS_ROOM_BYTES = 4 * 1024 * 1024 };

/* A login that looks like the envelope's sender is another thing. */
static bool
senders_have(const struct mail_senders *set, enum case_sender_kind kind,
	     const char *address)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct case_sender *one = &set->senders[i];

		assert(one->address != NULL);
		if (strcmp(one->address, address) == 0 &&
		    (kind != CASE_SENDER_ENVELOPE || one->kind == kind))
			return true;
	}
	return false;
}

/* address must live as long as the set. */
static enum status
senders_add(struct mail_senders *set, enum case_sender_kind kind,
	    const char *address, struct err *err)
{
	if (address[0] == '\0' || senders_have(set, kind, address))
		return ST_OK;
	if (set->count == CASE_MAX_SENDERS)
		return err_set(err, ST_LIMIT, "mail: over %d senders",
			       (int)CASE_MAX_SENDERS);
	set->senders[set->count++] = (struct case_sender){ kind, address };
	return ST_OK;
}

/* All addresses of the header go to room, each with a NUL. */
static enum status
senders_read_header(const struct mail *mail, struct mail_senders *set,
		    struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < mail->field_count; i++) {
		const struct span value = mail_field_value(mail, i);

		if (header_kind_of(mail_field_name(mail, i)) != HEADER_SENDER)
			continue;
		st = header_add_addresses(value, &set->room, err);
		if (st == ST_FORMAT) {
			set->unclear = true;
			st = header_add_raw(value, &set->room, err);
		}
	}
	return st;
}

enum status
mail_collect_senders(const struct mail *mail, struct mail_senders *senders_out,
		     struct err *err)
{
	struct mail_senders *set = senders_out;
	enum status st = ST_OK;
	size_t at = 0;

	sbuf_init(&set->room, SENDERS_ROOM_BYTES);
	set->unclear = mail->header_cut;
	set->senders = calloc(CASE_MAX_SENDERS, sizeof(*set->senders));
	if (set->senders == NULL)
		return err_set(err, ST_NO_MEMORY, "mail: no memory");
	st = senders_read_header(mail, set, err);
	if (st == ST_OK)
		st = senders_add(set, CASE_SENDER_LOGIN, mail->login, err);
	if (st == ST_OK)
		st = senders_add(set, CASE_SENDER_ENVELOPE, mail->sender, err);
	while (st == ST_OK && at < set->room.len_bytes) {
		const char *address = (const char *)set->room.bytes + at;

		st = senders_add(set, CASE_SENDER_HEADER, address, err);
		at += strlen(address) + 1;
	}
	return st;
}

void
mail_senders_done(struct mail_senders *senders)
{
	free(senders->senders);
	sbuf_done(&senders->room);
	*senders = (struct mail_senders){ .senders = NULL };
}
