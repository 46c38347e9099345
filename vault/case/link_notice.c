#include "vault/case/link_notice.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_prove.h"
#include "vault/case/people.h"

/* --- ordered ----------------------------------------------------------- */

static struct job_order
notice_order(const struct store_link *row, const struct link_notice *notice)
{
	return (struct job_order){
		.case_id = row->case_id,
		.kind = JOB_KIND_NOTICE,
		.payload = { .event = notice->event,
			     .reason = notice->reason,
			     .recipients_text = notice->recipients_text,
			     .link_id = { row->id, sizeof(row->id) },
			     .files = notice->files },
		.serial = notice->serial,
	};
}

/* The account whose mail address this is; NULL: a stranger's. */
static const struct store_user *
notice_owner(const struct vault *vault, const struct people *people,
	     const char *address)
{
	for (size_t i = 0; i < people->count; i++)
		if (people->items[i].enabled &&
		    person_is(vault, &people->items[i], address))
			return &people->items[i];
	return NULL;
}

enum status
link_notice_sender(struct vault *vault, const struct store_link *row,
		   const struct link_notice *notice, struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(people_done) struct people people = { .arena = NULL };
	struct job_order order = notice_order(row, notice);
	const struct store_user *user = NULL;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, row->case_id, &record, err);
	if (st == ST_OK)
		st = people_read(vault, &people, err);
	if (st != ST_OK || record.summary.envelope_sender[0] == '\0')
		return st;
	user = notice_owner(vault, &people, record.summary.envelope_sender);
	order.payload.audience = NOTICE_AUDIENCE_SENDER;
	order.payload.address = record.summary.envelope_sender;
	order.payload.person = user != NULL ? user->name : "";
	order.payload.language = user != NULL && user->language[0] != '\0'
					 ? user->language
					 : vault->config->general.language;
	return job_add(vault, &order, err);
}

enum status
link_notice_visitor(struct vault *vault, const struct store_link *row,
		    const struct link_notice *notice, uint64_t *job_id_out,
		    struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct job_order order = notice_order(row, notice);
	uint64_t id = 0;
	enum status st = link_open_words(vault, row, &words, &arena, err);

	if (st != ST_OK)
		return st;
	order.payload.audience = NOTICE_AUDIENCE_RECIPIENT;
	order.payload.address = words.address;
	/* Nobody knows it: both, as in the link mail. */
	order.payload.language = "";
	st = job_add_new(vault, &order, &id, err);
	if (st == ST_OK && job_id_out != NULL)
		*job_id_out = id;
	return st;
}

/* --- worth sending ----------------------------------------------------- */

static bool
reminder_is_wanted(const struct vault *vault, struct span link_id)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct err why = { .st = ST_OK };

	return link_id.len_bytes == LINK_ID_BYTES &&
	       store_link_find(vault->store, link_id.ptr, &row, &why) ==
		       ST_OK &&
	       row.state == LINK_STATE_LIVE && row.fetched == 0;
}

/* Its secret was not sent yet, and there is one. */
static bool
is_pending(const struct vault *vault, struct span link_id)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct link_secret secret = { { 0 } };
	struct err why = { .st = ST_OK };
	bool pending = link_id.len_bytes == LINK_ID_BYTES &&
		       store_link_find(vault->store, link_id.ptr, &row, &why) ==
			       ST_OK &&
		       row.state == LINK_STATE_PENDING;

	if (pending)
		pending = link_secret_open(vault, &row, &secret, &why) !=
			  ST_NOT_FOUND;
	explicit_bzero(&secret, sizeof(secret));
	return pending;
}

bool
link_notice_is_wanted(const struct vault *vault, const struct store_job *job)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_payload payload = { .event = NOTICE_NONE };
	struct err why = { .st = ST_OK };

	/* A damaged one is told of when it is composed. */
	if (vault_unbox(vault, &job_payload_table, job->payload, &payload,
			&arena, &why) != ST_OK)
		return true;
	if (payload.event == NOTICE_LINK_CODE)
		return link_code_is_wanted(vault, job->id);
	if (payload.event == NOTICE_LINKED)
		return is_pending(vault, payload.link_id);
	return payload.event != NOTICE_LINK_REMINDER ||
	       reminder_is_wanted(vault, payload.link_id);
}

/* --- composed ---------------------------------------------------------- */

static const char *
copy(struct wire_arena *arena, const char *text)
{
	return wire_arena_text(arena, span_of(text));
}

static enum status
no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "vault: no memory");
}

enum status
link_notice_files(const struct link_batch_words *words, struct span pick,
		  struct wire_arena *arena, struct vault_link_order *order,
		  struct err *err)
{
	struct vault_link_file *files = wire_arena_alloc(
		arena, (words->file_count + 1) * sizeof(*files));
	size_t count = 0;

	if (files == NULL)
		return no_memory(err);
	for (size_t i = 0; i < words->file_count; i++) {
		const struct vault_link_file *file = &words->files[i];

		if (pick.len_bytes > 0 &&
		    (i >= pick.len_bytes || pick.ptr[i] == 0))
			continue;
		files[count] = (struct vault_link_file){
			.name = "",
			.shown = copy(arena, file->shown),
			.type = copy(arena, file->type),
			.size_bytes = file->size_bytes
		};
		if (files[count].shown == NULL || files[count].type == NULL)
			return no_memory(err);
		count++;
	}
	order->files = files;
	order->file_count = count;
	return ST_OK;
}

static enum status
compose_files(const struct vault *vault, const struct store_link *row,
	      const struct job_payload *payload, struct wire_arena *arena,
	      struct vault_job *job, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *batch_arena = NULL;
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct link_batch_words words = { .sender = "" };
	enum status st =
		store_link_batch_find(vault->store, row->case_id, &batch, err);

	if (st == ST_OK)
		st = link_open_batch(vault, &batch, &words, &batch_arena, err);
	return st == ST_OK ? link_notice_files(&words, payload->files, arena,
					       &job->link, err)
			   : st;
}

/* In two groups, as people read it. */
static enum status
compose_code(const struct vault *vault, struct wire_arena *arena,
	     struct vault_job *job, struct err *err)
{
	char code[LINK_CODE_DIGITS + 1];
	char text[LINK_CODE_DIGITS + 2];
	const size_t half = LINK_CODE_DIGITS / 2;
	enum status st = link_code_find(vault, job->job_id, code, err);

	if (st == ST_OK && strlen(code) != LINK_CODE_DIGITS)
		st = err_set(err, ST_NOT_FOUND, "nobody waits for the code");
	if (st == ST_OK) {
		memcpy(text, code, half);
		text[half] = ' ';
		memcpy(text + half + 1, code + half, half + 1);
		job->link.mailbox_code = copy(arena, text);
		if (job->link.mailbox_code == NULL)
			st = no_memory(err);
	}
	explicit_bzero(code, sizeof(code));
	explicit_bzero(text, sizeof(text));
	return st;
}

enum status
link_notice_compose(const struct vault *vault,
		    const struct job_payload *payload, struct wire_arena *arena,
		    struct vault_job *job, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	enum status st = ST_OK;

	if (payload->link_id.len_bytes != LINK_ID_BYTES)
		return ST_OK;
	st = store_link_find(vault->store, payload->link_id.ptr, &row, err);
	if (st != ST_OK)
		return st;
	job->link.expires_unix_ms = row.expires_unix_ms;
	job->link.downloads = row.downloads;
	/* Its reader looks for the mail that he got: a person may have decided
	 * days after ours came. */
	if (payload->event == NOTICE_LINK_REMINDER)
		job->received_unix_ms = row.sent_unix_ms;
	if (payload->event == NOTICE_LINK_CODE)
		return compose_code(vault, arena, job, err);
	return payload->event == NOTICE_LINK_RECEIPT ||
			       payload->event == NOTICE_LINK_ENDED
		       ? compose_files(vault, &row, payload, arena, job, err)
		       : ST_OK;
}
