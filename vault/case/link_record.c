#include <inttypes.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "vault/case/link_events.h"
#include "vault/case/link_people.h"

enum {
	RECORD_TEXT_BYTES = 900 * 1024,
	RECORD_VALUE_BYTES = 1000,
	/* Beyond that no event is begun: it and the last lines fit. */
	RECORD_ROOM_BYTES = RECORD_TEXT_BYTES - 8 * RECORD_VALUE_BYTES,
	RECORD_MAX_EVENTS = 1000,
	RECORD_MAX_MINOR = 200 /* visits and codes */
};

/* --- the key ----------------------------------------------------------- */

static enum status
record_seed(const struct vault *vault, uint8_t seed_out[SIGN_SEED_BYTES],
	    struct err *err)
{
	_Static_assert((int)SIGN_SEED_BYTES == (int)DIGEST_BYTES,
		       "one for the other");
	return vault_mac(vault, KEY_USE_SIGN, "link-record",
			 (struct span){ NULL, 0 }, seed_out, err);
}

enum status
link_public(const struct vault *vault, uint8_t key_out[SIGN_PUBLIC_BYTES],
	    struct err *err)
{
	uint8_t seed[SIGN_SEED_BYTES];
	enum status st = record_seed(vault, seed, err);

	if (st == ST_OK)
		st = sign_public(seed, key_out, err);
	explicit_bzero(seed, sizeof(seed));
	return st;
}

/* --- the text ---------------------------------------------------------- */

/* A record as it is put together. */
struct writing {
	struct vault *vault;
	struct record record;
	struct store_link link;
	struct store_link_batch batch;
	struct link_words words;
	struct link_batch_words files;
	struct wire_arena *arenas[2];
	struct wire_arena *arena; /* behind the answer */
	struct link_events events;
	bool taken; /* a download was begun, be it before the last events */
	bool begun; /* one of them, and its end was not seen */
	struct sbuf text;
};

static void
writing_done(struct writing *writing)
{
	record_done(&writing->record);
	store_link_done(&writing->link);
	store_link_batch_done(&writing->batch);
	wire_arena_free(&writing->arenas[0]);
	wire_arena_free(&writing->arenas[1]);
	wire_arena_free(&writing->arena);
	sbuf_done(&writing->text);
}

/* One line each: what others wrote cannot begin another one. */
static void
write_value(struct sbuf *text, const char *value)
{
	AUTO(sbuf_done) struct sbuf one;

	sbuf_init(&one, 4 * RECORD_VALUE_BYTES);
	vault_readable(&one, value, RECORD_VALUE_BYTES);
	sbuf_add_span(text, sbuf_span(&one));
}

static void
write_line(struct writing *writing, const char *name, const char *value)
{
	sbuf_addf(&writing->text, "%s: ", name);
	write_value(&writing->text, value);
	sbuf_add_byte(&writing->text, '\n');
}

static void
write_time(struct writing *writing, const char *name, int64_t unix_ms,
	   const char *otherwise)
{
	char text[CLOCK_RFC3339_BYTES];

	clock_format_rfc3339(unix_ms, text);
	write_line(writing, name, unix_ms != 0 ? text : otherwise);
}

static void
write_id(struct writing *writing, const char *name,
	 const uint8_t id[CASE_ID_BYTES])
{
	char text[CASE_ID_TEXT_BYTES];

	case_id_format(id, text);
	write_line(writing, name, text);
}

static bool
has_event(const struct writing *writing, const char *name)
{
	for (size_t i = 0; i < writing->events.count; i++)
		if (strcmp(writing->events.items[i].event, name) == 0)
			return true;
	return false;
}

static void
write_link(struct writing *writing)
{
	const struct store_link *link = &writing->link;

	write_id(writing, "mail", link->case_id);
	write_id(writing, "link", link->id);
	write_line(writing, "sender", writing->files.sender);
	write_line(writing,
		   link->kind == LINK_KIND_SENDER ? "sender's own link"
						  : "recipient",
		   writing->words.address);
	write_line(writing, "state", link_state_name(link->state));
	if (has_event(writing, "key-lost"))
		write_line(writing, "why", "its key was lost");
	write_time(writing, "made", link->made_unix_ms, "");
	write_time(writing, "sent", link->sent_unix_ms, "not yet");
	write_time(writing, "expires", link->expires_unix_ms, "");
	write_time(writing, "ended", link->ended_unix_ms, "not yet");
}

static void
write_files(struct writing *writing)
{
	struct sbuf *text = &writing->text;

	sbuf_addf(text, "files: %" PRIu32 "\n", writing->batch.file_count);
	for (size_t i = 0; i < writing->files.file_count; i++) {
		const struct vault_link_file *file = &writing->files.files[i];

		sbuf_addf(text, "file %zu: ", i + 1);
		write_value(text, file->shown);
		sbuf_addf(text, ", %" PRIu64 " bytes\n", file->size_bytes);
	}
}

/* Of an ended link: that nothing opens it any more. */
static void
write_destruction(struct writing *writing)
{
	const struct store_link_batch *batch = &writing->batch;
	struct sbuf *text = &writing->text;

	sbuf_addf(text, "ciphertext bytes: %" PRIu64 "\nciphertext SHA-256: ",
		  batch->files.size_bytes);
	format_hex(text, (struct span){ batch->files.hash,
					sizeof(batch->files.hash) });
	sbuf_add_byte(text, '\n');
	if (writing->link.ended_unix_ms == 0)
		return;
	write_time(writing, "keys of this link destroyed",
		   writing->link.ended_unix_ms, "");
	/* sekimori-portal(8), LIMITS. */
	if (writing->taken)
		write_line(writing, "downloads under way",
			   "stopped within about two seconds of that; within "
			   "about a minute if the portal could not ask");
	write_time(writing, "ciphertext destroyed", batch->ended_unix_ms,
		   "not yet, other links of this mail live");
	/* doc/admin.md, chapter 8: what restoring cannot take back. */
	write_time(writing, "backups may hold the held mail, if older than",
		   batch->sealed_unix_ms, "");
}

/* Of more events than are read some are not known. */
static bool
was_opened(const struct writing *writing)
{
	return has_event(writing, "opened") || writing->link.opened > 0 ||
	       writing->events.cut;
}

/* Said in words, because it is what a record is made for. */
static void
write_sum(struct writing *writing)
{
	const struct store_link *link = &writing->link;

	sbuf_add_byte(&writing->text, '\n');
	if (!was_opened(writing))
		write_line(writing, "opened", "nobody has opened it");
	else
		sbuf_addf(&writing->text,
			  "opened: %" PRIu32 " times, with all it asks for\n",
			  link->opened);
	if (!writing->taken)
		write_line(writing, "fetched", "nobody has fetched a file");
	else
		sbuf_addf(&writing->text,
			  "fetched: %" PRIu32 " complete downloads of a file\n",
			  link->fetched);
	if (has_event(writing, "broken-off"))
		write_line(writing, "broken off",
			   "a download ended early; the events say after how "
			   "many bytes");
	/* Who takes all but the last byte has the file. */
	if (writing->begun)
		write_line(writing, "begun",
			   "a download whose end was not seen; what was taken "
			   "may have arrived");
}

/* What it says, for those who do not read English. */
static void
write_japanese(struct writing *writing)
{
	static const char *const states[LINK_STATE_END] = {
		[LINK_STATE_PENDING] = "送信前",
		[LINK_STATE_LIVE] = "受け取り可能",
		[LINK_STATE_FROZEN] = "停止中（誤ったコードが多すぎます）",
		[LINK_STATE_SPENT] = "使用済み、消去済み",
		[LINK_STATE_EXPIRED] = "期限切れ、消去済み",
		[LINK_STATE_REVOKED] = "取り消し済み、消去済み",
		[LINK_STATE_FAILED] = "メールが届かず、消去済み"
	};
	const struct store_link *link = &writing->link;
	const char *state =
		has_event(writing, "key-lost") ? "鍵を失ったため終了、消去済み"
		: (size_t)link->state < LINK_STATE_END ? states[link->state]
						       : NULL;
	struct sbuf *text = &writing->text;

	write_line(writing, "送信者", writing->files.sender);
	write_line(writing, "宛先", writing->words.address);
	write_line(writing, "状態", state != NULL ? state : "");
	write_time(writing, "送信日時（UTC）", link->sent_unix_ms, "まだ");
	write_time(writing, "受け取り期限（UTC）", link->expires_unix_ms, "");
	if (!was_opened(writing))
		write_line(writing, "開封", "誰もリンクを開いていません");
	else
		sbuf_addf(text, "開封: 確認をすべて終えて %" PRIu32 " 回\n",
			  link->opened);
	if (!writing->taken)
		write_line(writing, "受け取り",
			   "誰もファイルを受け取っていません");
	else
		sbuf_addf(text,
			  "受け取り: 最後まで終わったダウンロード %" PRIu32
			  " 回%s\n",
			  link->fetched,
			  writing->begun ? "、ほかに終わりを確認できない"
					   "ダウンロードがあります"
					 : "");
	write_time(writing, "このリンクの鍵を消去した日時（UTC）",
		   link->ended_unix_ms, "まだ");
	write_time(writing, "ファイルを消去した日時（UTC）",
		   writing->batch.ended_unix_ms, "まだ");
	sbuf_add_byte(text, '\n');
}

static void
write_event(struct writing *writing, const struct vault_link_event *event)
{
	struct sbuf *text = &writing->text;
	char at[CLOCK_RFC3339_BYTES];

	clock_format_rfc3339(event->at_unix_ms, at);
	sbuf_addf(text, "event: %s ", at);
	write_value(text, event->event);
	sbuf_add_text(text, " by ");
	write_value(text, event->actor);
	if (event->client_address[0] != '\0') {
		sbuf_add_text(text, " from ");
		write_value(text, event->client_address);
	}
	if (event->file[0] != '\0') {
		sbuf_add_text(text, ": ");
		write_value(text, event->file);
	}
	if (event->agent[0] != '\0') {
		sbuf_add_text(text, " (");
		write_value(text, event->agent);
		sbuf_add_text(text, ")");
	}
	sbuf_add_byte(text, '\n');
}

static void
write_events(struct writing *writing)
{
	const size_t count = writing->events.count;
	size_t i = 0;

	if (writing->events.cut)
		write_line(writing, "events",
			   "the last 1000, and the last 200 of visits and "
			   "codes; the audit log has all of them");
	for (; i < count && writing->text.len_bytes < RECORD_ROOM_BYTES; i++)
		write_event(writing, &writing->events.items[i]);
	if (i < count)
		write_line(writing, "events",
			   "there are later ones, which do not fit here; the "
			   "audit log has all of them");
}

static void
write_all(struct writing *writing, const uint8_t key[SIGN_PUBLIC_BYTES])
{
	sbuf_add_text(&writing->text, "関守 安全なリンクの記録\n"
				      "Sekimori: record of a secure link\n\n");
	write_japanese(writing);
	write_link(writing);
	write_files(writing);
	write_destruction(writing);
	write_sum(writing);
	write_events(writing);
	sbuf_add_byte(&writing->text, '\n');
	write_time(writing, "written", writing->vault->now_unix_ms, "");
	sbuf_add_text(&writing->text, "signed with: Ed25519 ");
	format_base64(&writing->text, (struct span){ key, SIGN_PUBLIC_BYTES });
	sbuf_add_byte(&writing->text, '\n');
}

/* --- read, written, signed --------------------------------------------- */

static enum status
record_find(struct writing *writing, const struct actor *actor,
	    const struct vault_link_of *request, struct err *err)
{
	struct vault *vault = writing->vault;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = store_link_find(vault->store, request->link_id,
				     &writing->link, err);
	if (st == ST_OK && !link_is_of(&writing->link, request->case_id))
		return err_set(err, ST_NOT_FOUND, "no such link");
	if (st == ST_OK)
		st = record_read(vault, writing->link.case_id, &writing->record,
				 err);
	if (st == ST_NOT_FOUND)
		return err_set(err, st, "no such link");
	if (st != ST_OK)
		return st;
	switch (link_right(vault, actor, &writing->record)) {
	case LINK_RIGHT_AUDIT:
	case LINK_RIGHT_READ:
	case LINK_RIGHT_CHANGE:
		return ST_OK;
	case LINK_RIGHT_COUNT:
		return err_set(err, ST_DENIED,
			       "records are for the sender, approvers and "
			       "auditors");
	case LINK_RIGHT_NONE:
	default:
		return err_set(err, ST_NOT_FOUND, "no such link");
	}
}

static enum status
add_taken(void *context, const struct store_take *row, struct err *err)
{
	struct writing *writing = context;

	(void)err;
	writing->taken = true;
	writing->begun |= row->complete_unix_ms == 0;
	return ST_OK;
}

static enum status
record_gather(struct writing *writing, struct err *err)
{
	struct vault *vault = writing->vault;
	const struct store_link *link = &writing->link;
	const struct store_link_event_most most = { RECORD_MAX_EVENTS,
						    RECORD_MAX_MINOR };
	enum status st = store_link_batch_find(vault->store, link->case_id,
					       &writing->batch, err);

	if (st == ST_OK)
		st = link_open_words(vault, link, &writing->words,
				     &writing->arenas[0], err);
	if (st == ST_OK)
		st = link_open_batch(vault, &writing->batch, &writing->files,
				     &writing->arenas[1], err);
	if (st == ST_OK)
		st = store_take_each(vault->store, link->id, add_taken, writing,
				     err);
	return st == ST_OK
		       ? link_events_read(vault, link->id, most, writing->arena,
					  &writing->events, err)
		       : st;
}

static enum status
record_sign(struct writing *writing, struct vault_link_record *answer,
	    struct err *err)
{
	AUTO(sbuf_done) struct sbuf base64;
	uint8_t seed[SIGN_SEED_BYTES];
	uint8_t key[SIGN_PUBLIC_BYTES];
	uint8_t signature[SIGNATURE_BYTES];
	enum status st = link_public(writing->vault, key, err);

	sbuf_init(&base64, 2 * SIGNATURE_BYTES);
	if (st == ST_OK) {
		write_all(writing, key);
		st = sbuf_status(&writing->text, "vault: record", err);
	}
	if (st == ST_OK)
		st = record_seed(writing->vault, seed, err);
	if (st == ST_OK)
		st = sign(seed, sbuf_span(&writing->text), signature, err);
	explicit_bzero(seed, sizeof(seed));
	if (st != ST_OK)
		return st;
	format_base64(&base64, (struct span){ signature, sizeof(signature) });
	answer->text =
		wire_arena_text(writing->arena, sbuf_span(&writing->text));
	answer->signature = wire_arena_text(writing->arena, sbuf_span(&base64));
	if (answer->text == NULL || answer->signature == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

enum status
link_record(struct vault *vault, const struct actor *actor,
	    const struct vault_link_of *request,
	    struct vault_link_record *answer_out, struct wire_arena **arena_out,
	    struct err *err)
{
	AUTO(writing_done)
	struct writing writing = { .vault = vault, .arena = wire_arena_new() };
	enum status st = ST_OK;

	record_init(&writing.record);
	sbuf_init(&writing.text, RECORD_TEXT_BYTES);
	if (writing.arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = record_find(&writing, actor, request, err);
	if (st == ST_OK)
		st = record_gather(&writing, err);
	if (st == ST_OK)
		st = record_sign(&writing, answer_out, err);
	if (st == ST_OK)
		*arena_out = MOVE(writing.arena);
	return st;
}

enum status
link_record_audit(struct vault *vault, const struct actor *actor,
		  const struct vault_link_of *request, struct err *err)
{
	AUTO(writing_done) struct writing writing = { .vault = vault };
	const struct link_deed deed = { .event = "record",
					.actor = actor->user.login,
					.via = actor->via };
	enum status st = ST_OK;

	record_init(&writing.record);
	sbuf_init(&writing.text, 1);
	st = record_find(&writing, actor, request, err);
	return st == ST_OK ? link_note(vault, &writing.link, &deed, err) : st;
}
