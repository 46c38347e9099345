#include "milter/session/mail.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "milter/session/header.h"

void
mail_refuse(struct mail *mail, enum refusal refusal, const struct err *why)
{
	if (mail->refusal != REFUSAL_NONE)
		return;
	mail->refusal = refusal;
	if (why != NULL)
		mail->why = *why;
}

/* An address of MAIL or RCPT without its angle brackets. */
static char *
mail_copy_address(const char *given)
{
	size_t len = strlen(given);

	if (len >= 2 && given[0] == '<' && given[len - 1] == '>') {
		given++;
		len -= 2;
	}
	return strndup(given, len);
}

/* Joined by spaces; *fits is cleared when they are longer than we keep. */
static char *
mail_join_args(const char *const *args, bool *fits)
{
	AUTO(sbuf_done) struct sbuf joined;

	sbuf_init(&joined, CASE_MAX_ARGS_BYTES);
	for (size_t i = 0; args != NULL && args[i] != NULL; i++) {
		if (i > 0)
			sbuf_add_byte(&joined, ' ');
		sbuf_add_text(&joined, args[i]);
	}
	if (sbuf_status(&joined, "mail: arguments", NULL) != ST_OK)
		*fits = false;
	return strdup(sbuf_text(&joined));
}

static enum status
mail_open_spool(struct mail *mail, struct spool_budget *budget, struct err *err)
{
	const struct config_milter *set = &mail->config->milter;
	const struct spool_limits limits = {
		.memory_bytes = (uint64_t)set->spool_memory_bytes,
		.max_bytes = (uint64_t)set->max_message_bytes,
		.budget_bytes = (uint64_t)set->spool_budget_bytes,
		.dir = set->spool_dir,
		.budget = budget,
	};

	return spool_new(&limits, &mail->spool, err);
}

enum status
mail_new(const struct config *config, struct spool_budget *budget,
	 const struct mail_envelope *envelope, struct mail **mail_out,
	 struct err *err)
{
	AUTO(mail_free) struct mail *mail = calloc(1, sizeof(*mail));
	enum status st = ST_OK;
	bool fits = strlen(envelope->sender) <= CASE_MAX_ADDRESS_BYTES &&
		    strlen(envelope->login) <= CASE_MAX_ADDRESS_BYTES;

	if (mail == NULL)
		return err_set(err, ST_NO_MEMORY, "mail: no memory");
	mail->config = config;
	mail->received_unix_ms = clock_unix_ms();
	sbuf_init(&mail->header, (size_t)config->milter.max_header_bytes);
	sbuf_init(&mail->line, (size_t)config->milter.max_message_bytes);
	mail->sender = mail_copy_address(envelope->sender);
	mail->sender_args = mail_join_args(envelope->args, &fits);
	mail->login = strdup(envelope->login);
	if (mail->sender == NULL || mail->sender_args == NULL ||
	    mail->login == NULL)
		return err_set(err, ST_NO_MEMORY, "mail: no memory");
	st = mail_open_spool(mail, budget, err);
	if (st == ST_OK)
		st = content_digest_new(&mail->digest, err);
	if (st == ST_OK)
		st = content_digest_sender(mail->digest, mail->sender, err);
	if (st != ST_OK)
		return st;
	if (!fits)
		mail_refuse(mail, REFUSAL_ENVELOPE, NULL);
	*mail_out = MOVE(mail);
	return ST_OK;
}

void
mail_free(struct mail **mail)
{
	struct mail *m = *mail;

	if (m == NULL)
		return;
	for (size_t i = 0; i < m->recipient_count; i++) {
		free(m->recipients[i].given);
		free(m->recipients[i].address);
		free(m->recipients[i].esmtp_args);
	}
	free(m->recipients);
	free(m->fields);
	free(m->sender);
	free(m->sender_args);
	free(m->login);
	sbuf_done(&m->header);
	sbuf_done(&m->line);
	spool_free(&m->spool);
	content_digest_free(&m->digest);
	content_digest_free(&m->digest_dated);
	explicit_bzero(m->ticket, sizeof(m->ticket));
	free(m);
	*mail = NULL;
}

/* Room for one more of count items; false when there is no memory. */
static bool
mail_grow(void **items, size_t *room, size_t count, size_t item_bytes)
{
	if (count < *room)
		return true;
	const size_t wanted = *room == 0 ? 16 : *room * 2;
	void *larger = reallocarray(*items, wanted, item_bytes);

	if (larger == NULL)
		return false;
	*items = larger;
	*room = wanted;
	return true;
}

static bool
mail_grow_recipients(struct mail *mail)
{
	void *items = mail->recipients;
	const bool grown =
		mail_grow(&items, &mail->recipient_room, mail->recipient_count,
			  sizeof(*mail->recipients));

	mail->recipients = items;
	return grown;
}

/* GCC 12's analyzer does not see that the mail keeps the blocks. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
void
mail_add_recipient(struct mail *mail, const char *recipient,
		   const char *const *args)
{
	struct mail_recipient *place = NULL;
	bool fits = strlen(recipient) <= CASE_MAX_ADDRESS_BYTES;

	if (mail->refusal != REFUSAL_NONE)
		return;
	if (mail->recipient_count == CASE_MAX_RECIPIENTS) {
		mail_refuse(mail, REFUSAL_ENVELOPE, NULL);
		return;
	}
	if (!mail_grow_recipients(mail)) {
		mail_refuse(mail, REFUSAL_INTERNAL, NULL);
		return;
	}
	place = &mail->recipients[mail->recipient_count++];
	place->given = strdup(recipient);
	place->address = mail_copy_address(recipient);
	place->esmtp_args = mail_join_args(args, &fits);
	if (place->given == NULL || place->address == NULL ||
	    place->esmtp_args == NULL)
		mail_refuse(mail, REFUSAL_INTERNAL, NULL);
	else if (!fits || place->address[0] == '\0')
		mail_refuse(mail, REFUSAL_ENVELOPE, NULL);
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

struct span
mail_field_value(const struct mail *mail, size_t index)
{
	struct span value = { NULL, 0 };

	(void)span_cut(sbuf_span(&mail->header), mail->fields[index].value_at,
		       mail->fields[index].value_bytes, &value);
	return value;
}

const char *
mail_field_name(const struct mail *mail, size_t index)
{
	return (const char *)mail->header.bytes + mail->fields[index].name_at;
}

/* What a failed spool_add() means to the client. */
static void
mail_spool(struct mail *mail, struct span bytes)
{
	struct err err = { .st = ST_OK };
	const enum status st = spool_add(mail->spool, bytes, &err);

	if (st == ST_DENIED)
		mail_refuse(mail, REFUSAL_TOO_LARGE, &err);
	else if (st == ST_LIMIT)
		mail_refuse(mail, REFUSAL_BUSY, &err);
	else if (st != ST_OK)
		mail_refuse(mail, REFUSAL_INTERNAL, &err);
}

/* base64url of a ticket; anything else is no ticket of ours. */
static void
mail_take_ticket(struct mail *mail, const char *value)
{
	const struct span text = header_trim(span_of(value));
	const size_t bytes = text.len_bytes * 3 / 4;

	mail->ticket_count++;
	mail->ticket_bytes = 0;
	if (mail->ticket_count == 1 && bytes > 0 &&
	    bytes <= MAIL_TICKET_MAX_BYTES &&
	    parse_base64url(text, mail->ticket, bytes))
		mail->ticket_bytes = bytes;
}

/* Letters and digits, or it is none of ours; the last one counts. */
static void
mail_take_self_test(struct mail *mail, const char *value)
{
	const struct span text = header_trim(span_of(value));

	mail->self_test_bytes = 0;
	if (text.len_bytes == 0 || text.len_bytes > sizeof(mail->self_test))
		return;
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-')
			return;
	}
	memcpy(mail->self_test, text.ptr, text.len_bytes);
	mail->self_test_bytes = text.len_bytes;
}

/* Remember the field; false when it goes over what we keep of a header. */
static bool
mail_keep_field(struct mail *mail, const char *name, const char *value,
		bool ours)
{
	const size_t name_bytes = strlen(name) + 1;
	const size_t value_bytes = strlen(value);
	void *items = mail->fields;

	if (mail->header_cut || mail->field_count == MAIL_MAX_FIELDS ||
	    name_bytes + value_bytes + 1 >
		    mail->header.max_bytes - mail->header.len_bytes)
		return false;
	const bool grown = mail_grow(&items, &mail->field_room,
				     mail->field_count, sizeof(*mail->fields));

	mail->fields = items;
	const struct mail_field field = {
		.name_at = mail->header.len_bytes,
		.value_at = mail->header.len_bytes + name_bytes,
		.value_bytes = value_bytes,
		.ours = ours,
	};
	sbuf_add(&mail->header, name, name_bytes);
	sbuf_add(&mail->header, value, value_bytes + 1);
	if (!grown || sbuf_status(&mail->header, "mail", NULL) != ST_OK) {
		mail_refuse(mail, REFUSAL_INTERNAL, NULL);
		return false;
	}
	mail->fields[mail->field_count++] = field;
	return true;
}

void
mail_add_field(struct mail *mail, const char *name, const char *value)
{
	const enum header_kind kind = header_kind_of(name);
	const bool ours = header_is_ours(kind);

	/* Ours are remembered even then: monitoring lets the mail pass. */
	if (mail->refusal != REFUSAL_NONE && !ours)
		return;
	if (!mail_keep_field(mail, name, value, ours))
		mail->header_cut = true;
	if (kind == HEADER_TICKET)
		mail_take_ticket(mail, value);
	else if (kind == HEADER_SELF_TEST)
		mail_take_self_test(mail, value);
	if (ours) {
		mail->ours_count++;
		mail->ours_lost = mail->ours_lost || mail->header_cut ||
				  mail->ours_count > MAIL_MAX_OURS;
		/* One that we cannot remove must not pass. */
		if (mail->ours_lost)
			mail_refuse(mail, REFUSAL_HEADER, NULL);
		return;
	}
	sbuf_clear(&mail->line);
	sbuf_add_text(&mail->line, name);
	sbuf_add_byte(&mail->line, ':');
	header_add_folded(span_of(value), &mail->line);
	sbuf_add_text(&mail->line, "\r\n");
	if (sbuf_status(&mail->line, "mail: field", NULL) != ST_OK)
		mail_refuse(mail, REFUSAL_INTERNAL, NULL);
	else
		mail_spool(mail, sbuf_span(&mail->line));
}

/* Fields at the end of the header that the MTA added; SIZE_MAX: none. */
struct mta_added {
	size_t message_id;
	size_t date;
	bool date_is_sure; /* it stands behind a Message-Id of the MTA */
};

/*
 * Postfix appends Message-Id, Date, From and To, in this order, each only
 * when it is missing; so what it added is looked for from the end.
 */
static struct mta_added
mail_find_added(const struct mail *mail, const char *queue_id, const char *host)
{
	struct mta_added added = { SIZE_MAX, SIZE_MAX, false };
	size_t at = mail->field_count;

	while (at > 0 && at + 2 > mail->field_count) {
		const enum header_kind kind =
			header_kind_of(mail_field_name(mail, at - 1));

		if (kind != HEADER_TRAILER && kind != HEADER_SENDER)
			break;
		at--;
	}
	if (at > 0 &&
	    header_kind_of(mail_field_name(mail, at - 1)) == HEADER_DATE)
		added.date = --at;
	if (at > 0 &&
	    header_kind_of(mail_field_name(mail, at - 1)) ==
		    HEADER_MESSAGE_ID &&
	    header_is_mta_message_id(mail_field_value(mail, at - 1), queue_id,
				     host))
		added.message_id = at - 1;
	added.date_is_sure = added.message_id != SIZE_MAX;
	if (added.date != SIZE_MAX && !added.date_is_sure &&
	    !header_is_mta_date(mail_field_value(mail, added.date)))
		added.date = SIZE_MAX;
	return added;
}

static enum status
mail_digest_fields(const struct mail *mail, struct content_digest *digest,
		   size_t skip_a, size_t skip_b, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < mail->field_count; i++) {
		if (i == skip_a || i == skip_b || mail->fields[i].ours)
			continue;
		st = content_digest_field(digest, mail_field_name(mail, i),
					  mail_field_value(mail, i), err);
	}
	return st;
}

void
mail_end_header(struct mail *mail, const char *queue_id, const char *host)
{
	const struct span crlf = { (const uint8_t *)"\r\n", 2 };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (mail->refusal != REFUSAL_NONE)
		return;
	const struct mta_added added = mail_find_added(mail, queue_id, host);

	st = mail_digest_fields(mail, mail->digest, added.message_id,
				added.date, &err);
	if (st == ST_OK && mail->ticket_bytes > 0 && added.date != SIZE_MAX &&
	    !added.date_is_sure) {
		st = content_digest_new(&mail->digest_dated, &err);
		if (st == ST_OK)
			st = content_digest_sender(mail->digest_dated,
						   mail->sender, &err);
		if (st == ST_OK)
			st = mail_digest_fields(mail, mail->digest_dated,
						added.message_id, SIZE_MAX,
						&err);
	}
	if (st != ST_OK)
		mail_refuse(mail, REFUSAL_INTERNAL, &err);
	else
		mail_spool(mail, crlf);
}

void
mail_add_body(struct mail *mail, struct span chunk)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (mail->refusal != REFUSAL_NONE)
		return;
	st = content_digest_body(mail->digest, chunk, &err);
	if (st == ST_OK && mail->digest_dated != NULL)
		st = content_digest_body(mail->digest_dated, chunk, &err);
	if (st != ST_OK)
		mail_refuse(mail, REFUSAL_INTERNAL, &err);
	else
		mail_spool(mail, chunk);
}
