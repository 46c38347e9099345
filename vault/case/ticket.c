#include "vault/case/ticket.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

enum { TICKET_MAX_BYTES = CASE_MAX_RECIPIENTS * STORE_HASH_BYTES };

static int
compare_macs(const void *a, const void *b)
{
	return memcmp(a, b, STORE_HASH_BYTES);
}

/* Insert a ticket for the HMACs in recipients, which are sorted here. */
static enum status
ticket_insert(struct vault *vault, struct store_ticket *row,
	      struct sbuf *recipients, uint8_t ticket_out[VAULT_TOKEN_BYTES],
	      struct err *err)
{
	uint8_t ticket[VAULT_TOKEN_BYTES];
	enum status st = sbuf_status(recipients, "vault: ticket", err);

	if (st == ST_OK && recipients->len_bytes == 0)
		st = err_set(err, ST_FORMAT, "a ticket for nobody");
	if (st == ST_OK)
		st = random_fill(ticket, sizeof(ticket), err);
	if (st == ST_OK)
		st = digest_once((struct span){ ticket, sizeof(ticket) },
				 row->hash, err);
	if (st != ST_OK)
		return st;
	qsort(recipients->bytes, recipients->len_bytes / STORE_HASH_BYTES,
	      STORE_HASH_BYTES, compare_macs);
	row->recipients = sbuf_span(recipients);
	row->made_unix_ms = vault->now_unix_ms;
	st = store_ticket_insert(vault->store, row, err);
	if (st == ST_OK)
		memcpy(ticket_out, ticket, sizeof(ticket));
	explicit_bzero(ticket, sizeof(ticket));
	return st;
}

static enum status
mac_sender(const struct vault *vault, const char *sender,
	   uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_ADDRESS, "ticket-sender",
			 span_of(sender), out, err);
}

static enum status
add_waiting(void *context, const struct store_recipient *row, struct err *err)
{
	struct sbuf *recipients = context;

	(void)err;
	sbuf_add(recipients, row->address, sizeof(row->address));
	return ST_OK;
}

/* Envelope of a release: the case's sender, everybody still waiting for it. */
static enum status
bind_release(struct vault *vault, const struct record *record,
	     struct store_ticket *row, struct sbuf *recipients, struct err *err)
{
	const enum status st = mac_sender(
		vault, record->summary.envelope_sender, row->sender, err);

	if (st != ST_OK)
		return st;
	return store_recipient_each_unlinked(vault->store, record->row.id,
					     add_waiting, recipients, err);
}

enum status
ticket_make_release(struct vault *vault, const struct store_job *job,
		    uint8_t ticket_out[VAULT_TOKEN_BYTES], struct err *err)
{
	AUTO(record_done) struct record record;
	struct store_ticket row = { .job_id = job->id };
	struct sbuf recipients;
	enum status st = ST_OK;

	record_init(&record);
	sbuf_init(&recipients, TICKET_MAX_BYTES);
	st = record_read(vault, job->case_id, &record, err);
	if (st == ST_OK) {
		memcpy(row.case_id, job->case_id, sizeof(row.case_id));
		memcpy(row.content, record.row.content_key,
		       sizeof(row.content));
		st = bind_release(vault, &record, &row, &recipients, err);
	}
	if (st == ST_OK)
		st = ticket_insert(vault, &row, &recipients, ticket_out, err);
	sbuf_done(&recipients);
	return st;
}

/* One addressee; of our own mails from the null sender, of a link mail from
 * the case's. */
static enum status
bind_one(struct vault *vault, const struct record *record,
	 const struct store_job *job, struct store_ticket *row,
	 struct sbuf *recipients, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_payload payload = { .event = NOTICE_NONE };
	uint8_t mac[STORE_HASH_BYTES];
	enum status st = vault_unbox(vault, &job_payload_table, job->payload,
				     &payload, &arena, err);

	if (st == ST_OK)
		st = mac_sender(vault,
				job->kind == JOB_KIND_LINK
					? record->summary.envelope_sender
					: "",
				row->sender, err);
	if (st == ST_OK)
		st = record_mac_recipient(vault, payload.address, mac, err);
	if (st == ST_OK)
		sbuf_add(recipients, mac, sizeof(mac));
	return st;
}

static enum status
mac_content(const struct vault *vault, const uint8_t digest[CASE_DIGEST_BYTES],
	    uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_CONTENT, "content",
			 (struct span){ digest, CASE_DIGEST_BYTES }, out, err);
}

enum status
ticket_bind(struct vault *vault, const struct vault_bind_ticket *request,
	    uint8_t ticket_out[VAULT_TOKEN_BYTES], struct err *err)
{
	AUTO(store_job_done) struct store_job job = { .memory = NULL };
	AUTO(record_done) struct record record;
	struct store_ticket row = { .job_id = request->job_id };
	struct sbuf recipients;
	enum status st = ST_OK;

	record_init(&record);
	st = job_find_leased(vault, request->job_id, request->lease, &job, err);
	if (st == ST_OK)
		st = record_read(vault, job.case_id, &record, err);
	if (st == ST_OK)
		st = mac_content(vault, request->content_digest, row.content,
				 err);
	if (st != ST_OK)
		return st;
	sbuf_init(&recipients, TICKET_MAX_BYTES);
	memcpy(row.case_id, job.case_id, sizeof(row.case_id));
	if (job.kind == JOB_KIND_RELEASE)
		st = bind_release(vault, &record, &row, &recipients, err);
	else
		st = bind_one(vault, &record, &job, &row, &recipients, err);
	if (st == ST_OK)
		st = ticket_insert(vault, &row, &recipients, ticket_out, err);
	sbuf_done(&recipients);
	return st;
}

static bool
has_mac(const struct store_ticket *row, const uint8_t mac[STORE_HASH_BYTES])
{
	const size_t count = row->recipients.len_bytes / STORE_HASH_BYTES;

	return bsearch(mac, row->recipients.ptr, count, STORE_HASH_BYTES,
		       compare_macs) != NULL;
}

/* Is everybody of the request among those the ticket is for? */
static enum status
fits_recipients(const struct vault *vault, const struct store_ticket *row,
		const struct vault_redeem *request, bool *fits_out,
		struct err *err)
{
	*fits_out = request->recipient_count > 0;
	for (size_t i = 0; *fits_out && i < request->recipient_count; i++) {
		uint8_t mac[STORE_HASH_BYTES];
		const char *address = request->recipients[i].address;
		enum status st = record_mac_recipient(vault, address, mac, err);

		*fits_out = st == ST_OK && has_mac(row, mac);
		if (st == ST_OK && !*fits_out)
			st = record_mac_exactly(vault, address, mac, err);
		if (st != ST_OK)
			return st;
		*fits_out |= has_mac(row, mac);
	}
	return ST_OK;
}

/* NULL: it fits; else what does not, for the audit log. */
static enum status
find_misfit(const struct vault *vault, const struct store_ticket *row,
	    const struct vault_redeem *request, const char **misfit_out,
	    struct err *err)
{
	uint8_t content[STORE_HASH_BYTES];
	uint8_t sender[STORE_HASH_BYTES];
	bool fits = false;
	enum status st =
		mac_content(vault, request->content_digest, content, err);

	if (st == ST_OK)
		st = mac_sender(vault, request->envelope_sender, sender, err);
	if (st == ST_OK)
		st = fits_recipients(vault, row, request, &fits, err);
	if (st != ST_OK)
		return st;
	*misfit_out = NULL;
	if (row->dead)
		*misfit_out = "dead";
	else if (memcmp(content, row->content, sizeof(content)) != 0)
		*misfit_out = "content";
	else if (memcmp(sender, row->sender, sizeof(sender)) != 0)
		*misfit_out = "sender";
	else if (!fits)
		*misfit_out = "recipients";
	return ST_OK;
}

enum status
ticket_redeem(struct vault *vault, const struct vault_redeem *request,
	      struct vault_redeem_answer *answer_out, struct err *err)
{
	AUTO(store_ticket_done) struct store_ticket row = { .memory = NULL };
	uint8_t hash[STORE_HASH_BYTES];
	const char *misfit = NULL;
	char detail[64] = "";
	const struct vault_deed deed = { .actor = "milter",
					 .via = "milter",
					 .event = "ticket",
					 .case_id = row.case_id,
					 .detail = detail };
	enum status st = vault_need_ring(vault, err);

	*answer_out = (struct vault_redeem_answer){ .valid = false };
	if (st == ST_OK)
		st = digest_once(request->ticket, hash, err);
	if (st == ST_OK)
		st = store_ticket_find(vault->store, hash, &row, err);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = find_misfit(vault, &row, request, &misfit, err);
	if (st != ST_OK)
		return st;
	(void)snprintf(detail, sizeof(detail), "%s%s",
		       misfit == NULL ? "passed" : "refused: ",
		       misfit == NULL ? "" : misfit);
	st = vault_audit(vault, &deed, err);
	if (st != ST_OK)
		return st;
	answer_out->valid = misfit == NULL;
	memcpy(answer_out->case_id, row.case_id, sizeof(answer_out->case_id));
	return ST_OK;
}
