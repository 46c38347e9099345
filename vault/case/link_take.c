#include "vault/case/link_take.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/link_end.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_notice.h"

enum {
	TAKE_DETAIL_BYTES = 100,
	TAKE_BYTES_BYTES = 40,  /* " (1234 bytes)" */
	TAKE_NAMES_BYTES = 900, /* of shown names in one event */
	/* Downloads of one visit and file that are on record as broken off;
	 * who has the link could fill the store with them. */
	TAKE_MOST_BROKEN = 20
};

/* Files of a link, one byte each: 1, it is meant. */
struct file_set {
	uint8_t has[LINK_MAX_FILES];
	uint32_t count;
};

/* Those of the batch that a request is about. ST_FORMAT: no such file. */
static enum status
file_set_of(const struct store_link_batch *batch, uint32_t file,
	    struct file_set *set, struct err *err)
{
	*set = (struct file_set){ .count = batch->file_count };
	if (batch->file_count > LINK_MAX_FILES ||
	    (file != LINK_ALL_FILES && file >= batch->file_count))
		return err_set(err, ST_FORMAT, "no such file");
	for (uint32_t i = 0; i < set->count; i++)
		set->has[i] = file == LINK_ALL_FILES || file == i;
	return ST_OK;
}

static uint32_t
file_set_size(const struct file_set *set)
{
	uint32_t size = 0;

	for (uint32_t i = 0; i < set->count; i++)
		size += set->has[i];
	return size;
}

/* --- what was taken before --------------------------------------------- */

/* How often something was so of each file, UINT8_MAX at most: more than any
 * limit. */
struct link_takes {
	uint8_t of[LINK_MAX_FILES];
};

static void
link_takes_count(struct link_takes *takes, uint32_t file)
{
	if (takes->of[file] < UINT8_MAX)
		takes->of[file]++;
}

struct takes {
	const uint8_t *claim;
	struct file_set mine;     /* in this visit */
	struct link_takes others; /* how often in others */
	struct file_set out;      /* in any visit, all of it went out */
	struct file_set mine_out; /* in this one */
	struct link_takes broken; /* in this one */
	struct link_takes complete;
};

static enum status
takes_add(void *context, const struct store_take *row, struct err *err)
{
	struct takes *takes = context;
	const bool mine =
		memcmp(row->claim, takes->claim, STORE_HASH_BYTES) == 0;

	(void)err;
	if (row->file >= LINK_MAX_FILES)
		return ST_OK;
	if (mine) {
		takes->mine.has[row->file] = 1;
		takes->broken.of[row->file] = row->broken < UINT8_MAX
						      ? (uint8_t)row->broken
						      : UINT8_MAX;
	} else {
		link_takes_count(&takes->others, row->file);
	}
	if (row->complete_unix_ms != 0) {
		link_takes_count(&takes->complete, row->file);
		takes->out.has[row->file] = 1;
		takes->mine_out.has[row->file] |= mine;
	}
	return ST_OK;
}

static enum status
takes_read(const struct vault *vault, const struct store_claim *claim,
	   struct takes *takes, struct err *err)
{
	*takes = (struct takes){ .claim = claim->token };
	return store_take_each(vault->store, claim->link_id, takes_add, takes,
			       err);
}

/* --- events ------------------------------------------------------------ */

/* Shown names of the files, comma separated, cut. */
static enum status
file_names(const struct vault *vault, const struct store_link_batch *batch,
	   const struct file_set *set, struct sbuf *names, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_batch_words words = { .sender = "" };
	const enum status st =
		link_open_batch(vault, batch, &words, &arena, err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < words.file_count && i < set->count; i++) {
		const char *shown = words.files[i].shown;

		if (!set->has[i])
			continue;
		if (names->len_bytes + strlen(shown) + 6 > TAKE_NAMES_BYTES) {
			sbuf_add_text(names, ", \xe2\x80\xa6");
			break;
		}
		if (names->len_bytes > 0)
			sbuf_add_text(names, ", ");
		vault_readable(names, shown, TAKE_NAMES_BYTES);
	}
	return sbuf_status(names, "vault: files", err);
}

struct files_event {
	const char *event;
	const char *address;
	const struct link_visitor *visitor;
	const struct store_link_batch *batch;
	const struct file_set *files;
	uint64_t broken_bytes; /* BROKEN OFF: so many went out */
	bool broken;
};

static enum status
note_files(struct vault *vault, const struct store_link *link,
	   const struct files_event *event, struct err *err)
{
	AUTO(sbuf_done) struct sbuf names;
	char detail[TAKE_DETAIL_BYTES];
	struct link_deed deed = { .event = event->event,
				  .actor = link_visit_actor(link),
				  .via = "portal",
				  .address = event->address,
				  .visitor = event->visitor,
				  .detail = detail };
	enum status st = ST_OK;

	sbuf_init(&names, TAKE_NAMES_BYTES + TAKE_BYTES_BYTES);
	(void)snprintf(detail, sizeof(detail), "files=%" PRIu32 "/%" PRIu32,
		       file_set_size(event->files), event->batch->file_count);
	if (event->broken)
		(void)snprintf(detail, sizeof(detail), "bytes=%" PRIu64,
			       event->broken_bytes);
	st = file_names(vault, event->batch, event->files, &names, err);
	if (event->broken)
		sbuf_addf(&names, " (%" PRIu64 " bytes)", event->broken_bytes);
	deed.file = sbuf_text(&names);
	return st == ST_OK ? link_note(vault, link, &deed, err) : st;
}

/* --- taken ------------------------------------------------------------- */

static enum status
take_files(struct vault *vault, const struct link_visit *visit,
	   const struct file_set *files, struct err *err)
{
	struct store_take row = { .once = visit->link.downloads == 1,
				  .taken_unix_ms = vault->now_unix_ms,
				  .until_unix_ms = visit->claim.until_unix_ms };
	enum status st = ST_OK;

	memcpy(row.link_id, visit->link.id, sizeof(row.link_id));
	memcpy(row.claim, visit->claim.token, sizeof(row.claim));
	for (uint32_t i = 0; st == ST_OK && i < files->count; i++) {
		row.file = i;
		if (files->has[i])
			st = store_take_insert(vault->store, &row, err);
	}
	if (st == ST_DENIED)
		return err_set(err, ST_END, "it was fetched already");
	return st;
}

/* Of what is asked for, what this visit does not have yet; the writer alone
 * adds takes, so no other one comes between. */
static enum status
take_choose(const struct store_link *link, const struct takes *takes,
	    struct file_set *files, struct err *err)
{
	const uint32_t most = link->downloads;

	for (uint32_t i = 0; i < files->count; i++) {
		if (takes->mine.has[i])
			files->has[i] = 0;
		if (files->has[i] && most > 0 && takes->others.of[i] >= most)
			return err_set(err, ST_END, "it was fetched already");
	}
	return ST_OK;
}

enum status
link_take(struct vault *vault, const struct vault_link_take *request,
	  struct link_visit *visit, struct err *err)
{
	struct file_set files = { .count = 0 };
	struct takes takes;
	struct files_event event = { .event = "taken",
				     .visitor = &request->visit.visitor,
				     .batch = &visit->batch,
				     .files = &files };
	enum status st = link_visit_find(vault, &request->visit, visit, err);

	if (st == ST_OK && visit->claim.stage != LINK_STAGE_READY)
		st = err_set(err, ST_FORMAT, "something is to be proved first");
	if (st == ST_OK)
		st = file_set_of(&visit->batch, request->file, &files, err);
	if (st == ST_OK)
		st = takes_read(vault, &visit->claim, &takes, err);
	if (st == ST_OK)
		st = take_choose(&visit->link, &takes, &files, err);
	if (st != ST_OK || file_set_size(&files) == 0)
		return st;
	st = take_files(vault, visit, &files, err);
	event.address = visit->words.address;
	return st == ST_OK ? note_files(vault, &visit->link, &event, err) : st;
}

/* --- fetched ----------------------------------------------------------- */

static enum status
fetch_answer(const struct vault *vault, const struct link_visit *visit,
	     struct wire_arena *arena,
	     struct vault_link_fetch_answer *answer_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	const char *key = NULL;
	const char *manifest = NULL;
	enum status st = ST_OK;

	sbuf_init_secret(&wrapped, LINK_MAX_WRAPPED_BYTES);
	st = link_wrapped_open(vault, &visit->link, &wrapped, err);
	if (st == ST_NOT_FOUND)
		return link_visit_refuse(err);
	if (st != ST_OK)
		return st;
	key = wire_arena_text(arena, sbuf_span(&wrapped));
	manifest = wire_arena_text(arena, visit->batch.manifest);
	if (key == NULL || manifest == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	*answer_out = (struct vault_link_fetch_answer){
		.wrapped = { (const uint8_t *)key, wrapped.len_bytes },
		.manifest = { (const uint8_t *)manifest,
			      visit->batch.manifest.len_bytes },
		.sealed_bytes = visit->batch.files.size_bytes,
	};
	return ST_OK;
}

static enum status
fetch_check(const struct vault *vault, const struct vault_link_take *request,
	    const struct link_visit *visit, struct err *err)
{
	struct file_set files;
	struct takes takes;
	enum status st = file_set_of(&visit->batch, request->file, &files, err);

	if (st == ST_OK)
		st = takes_read(vault, &visit->claim, &takes, err);
	for (uint32_t i = 0; st == ST_OK && i < files.count; i++)
		if (files.has[i] && !takes.mine.has[i])
			st = err_set(err, ST_END, "it was not taken");
	return st;
}

enum status
link_fetch(const struct vault *vault, const struct vault_link_take *request,
	   struct vault_link_fetch_answer *answer_out,
	   struct wire_arena **arena_out, int *fd_out, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = ST_OK;

	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = link_visit_find(vault, &request->visit, &visit, err);
	if (st == ST_OK)
		st = fetch_check(vault, request, &visit, err);
	if (st == ST_OK)
		st = blob_open(vault->config->general.state_dir,
			       visit.batch.files.id, &fd, err);
	if (st == ST_NOT_FOUND)
		return link_visit_refuse(err);
	if (st == ST_OK)
		st = fetch_answer(vault, &visit, arena, answer_out, err);
	if (st != ST_OK)
		return st;
	*arena_out = MOVE(arena);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}

/* --- sent -------------------------------------------------------------- */

enum status
link_spend(struct vault *vault, struct store_link *row, const char *address,
	   struct err *err)
{
	const struct link_deed deed = { .event = "spent",
					.actor = "vault",
					.via = "vault",
					.address = address };

	return link_end(vault, row, LINK_STATE_SPENT, &deed, err);
}

/* What went out in full just now, and had not done so in this visit. */
struct sending {
	struct store_claim claim;
	struct store_link link;
	struct store_link_batch batch;
	struct link_words words;
	struct wire_arena *arena;
	struct takes takes; /* before */
	struct file_set files;
};

static void
sending_done(struct sending *sending)
{
	store_claim_done(&sending->claim);
	store_link_done(&sending->link);
	store_link_batch_done(&sending->batch);
	wire_arena_free(&sending->arena);
}

/* Neither visit nor link need live: it did go out. */
static enum status
sending_find(const struct vault *vault, const struct vault_link_sent *request,
	     struct sending *sending, struct err *err)
{
	const struct span token = { request->visit.claim, LINK_CLAIM_BYTES };
	uint8_t hash[STORE_HASH_BYTES];
	enum status st = digest_once(token, hash, err);

	if (st == ST_OK)
		st = store_claim_find(vault->store, hash, &sending->claim, err);
	if (st == ST_NOT_FOUND ||
	    (st == ST_OK && memcmp(sending->claim.link_id,
				   request->visit.link_id, LINK_ID_BYTES) != 0))
		return link_visit_refuse(err);
	if (st == ST_OK)
		st = store_link_find(vault->store, sending->claim.link_id,
				     &sending->link, err);
	if (st == ST_OK)
		st = store_link_batch_find(vault->store, sending->link.case_id,
					   &sending->batch, err);
	if (st == ST_OK)
		st = link_open_words(vault, &sending->link, &sending->words,
				     &sending->arena, err);
	if (st == ST_OK)
		st = file_set_of(&sending->batch, request->file,
				 &sending->files, err);
	return st == ST_OK ? takes_read(vault, &sending->claim, &sending->takes,
					err)
			   : st;
}

static enum status
sending_store(struct vault *vault, struct sending *sending, struct err *err)
{
	struct store_take row = { .complete_unix_ms = vault->now_unix_ms,
				  .until_unix_ms =
					  sending->claim.until_unix_ms };
	enum status st = ST_OK;

	memcpy(row.link_id, sending->link.id, sizeof(row.link_id));
	memcpy(row.claim, sending->claim.token, sizeof(row.claim));
	for (uint32_t i = 0; st == ST_OK && i < sending->files.count; i++) {
		if (!sending->takes.mine.has[i] ||
		    sending->takes.mine_out.has[i])
			sending->files.has[i] = 0;
		row.file = i;
		if (sending->files.has[i])
			st = store_take_update(vault->store, &row, err);
	}
	return st;
}

/* Once for each file of this recipient. */
static enum status
sending_receipt(struct vault *vault, const struct sending *sending,
		struct err *err)
{
	struct file_set first = sending->files;
	struct link_notice notice = { .event = NOTICE_LINK_RECEIPT,
				      .recipients_text = sending->words.address,
				      .files = { first.has, first.count } };

	for (uint32_t i = 0; i < first.count; i++)
		if (sending->takes.out.has[i])
			first.has[i] = 0;
	/* What the sender fetches is no news. */
	if (file_set_size(&first) == 0 ||
	    sending->link.kind != LINK_KIND_RECIPIENT)
		return ST_OK;
	memcpy(&notice.serial, sending->claim.token, sizeof(notice.serial));
	for (uint32_t i = 0; i < first.count; i++)
		notice.serial = notice.serial * 31 + first.has[i] * (i + 1);
	return link_notice_sender(vault, &sending->link, &notice, err);
}

/* Did every file go out as often as it may, in whatever visits? */
static bool
sending_is_last(const struct sending *sending)
{
	const uint32_t most = sending->link.downloads;
	const struct link_takes *before = &sending->takes.complete;

	for (uint32_t i = 0; i < sending->batch.file_count; i++)
		if (before->of[i] + sending->files.has[i] < most)
			return false;
	return most > 0 && sending->batch.file_count > 0;
}

/* How far it came, for who must know what others have of it. What all of it
 * went out of in this visit is no news. */
static enum status
sending_break(struct vault *vault, struct sending *sending,
	      const struct vault_link_sent *request, struct err *err)
{
	const struct files_event event = {
		.event = "broken-off",
		.address = sending->words.address,
		.visitor = &request->visit.visitor,
		.batch = &sending->batch,
		.files = &sending->files,
		.broken_bytes = request->sent_bytes,
		.broken = true,
	};
	struct store_take row = { .file = 0 };
	enum status st = ST_OK;

	for (uint32_t i = 0; i < sending->files.count; i++)
		if (!sending->takes.mine.has[i] ||
		    sending->takes.mine_out.has[i])
			sending->files.has[i] = 0;
	while (row.file < sending->files.count && !sending->files.has[row.file])
		row.file++;
	if (row.file == sending->files.count ||
	    sending->takes.broken.of[row.file] >= TAKE_MOST_BROKEN)
		return ST_OK;
	memcpy(row.link_id, sending->link.id, sizeof(row.link_id));
	memcpy(row.claim, sending->claim.token, sizeof(row.claim));
	st = store_take_break(vault->store, &row, err);
	return st == ST_OK ? note_files(vault, &sending->link, &event, err)
			   : st;
}

enum status
link_sent(struct vault *vault, const struct vault_link_sent *request,
	  struct err *err)
{
	AUTO(sending_done) struct sending sending = { .arena = NULL };
	struct files_event event = { .event = "fetched",
				     .visitor = &request->visit.visitor,
				     .batch = &sending.batch,
				     .files = &sending.files };
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = sending_find(vault, request, &sending, err);
	if (st == ST_OK && !request->complete) /* that it was taken is known */
		return request->broken
			       ? sending_break(vault, &sending, request, err)
			       : ST_OK;
	if (st == ST_OK)
		st = sending_store(vault, &sending, err);
	if (st != ST_OK || file_set_size(&sending.files) == 0)
		return st;
	event.address = sending.words.address;
	sending.link.fetched += file_set_size(&sending.files);
	sending.link.remind_unix_ms = 0;
	st = store_link_update(vault->store, &sending.link, err);
	if (st == ST_OK)
		st = note_files(vault, &sending.link, &event, err);
	if (st == ST_OK)
		st = sending_receipt(vault, &sending, err);
	if (st != ST_OK || !sending_is_last(&sending))
		return st;
	return link_spend(vault, &sending.link, sending.words.address, err);
}
