#include "vault/case/link.h"

#include <stdio.h>
#include <string.h>

enum {
	LINK_BOX_BYTES = 4 * 1024 * 1024,
	LINK_EVENT_BYTES = 64,
	LINK_DETAIL_BYTES = 300,
	LINK_AGENT_BYTES = 200,
	LINK_SECRET_TEXT_BYTES = 4 * 1024,
	LINK_FILE_BYTES = 1000
};

static const struct wire_field words_fields[] = {
	WIRE_TEXT_F(struct link_words, address, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct link_words, networks, 0, 2000),
};
WIRE_TABLE(link_words_table, 0x0330, 1, link_words, words_fields);

static const struct wire_field batch_fields[] = {
	WIRE_LIST_F(struct link_batch_words, files, file_count, 0,
		    LINK_MAX_FILES, link_file_table),
	WIRE_U64_F(struct link_batch_words, hole_offset, 0, UINT64_MAX),
	WIRE_BOOL_F(struct link_batch_words, whole_body),
	WIRE_TEXT_F(struct link_batch_words, boundary, 0,
		    LINK_MAX_BOUNDARY_BYTES),
	WIRE_TEXT_F(struct link_batch_words, sender, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct link_batch_words, language, 0, 8),
};
WIRE_TABLE(link_batch_words_table, 0x0331, 1, link_batch_words, batch_fields);

static const struct wire_field event_fields[] = {
	WIRE_TEXT_F(struct link_event_words, event, 0, LINK_EVENT_BYTES),
	WIRE_UTF8_F(struct link_event_words, actor, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct link_event_words, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct link_event_words, agent, 0, LINK_AGENT_BYTES),
	WIRE_UTF8_F(struct link_event_words, file, 0, LINK_FILE_BYTES),
};
WIRE_TABLE(link_event_words_table, 0x0332, 1, link_event_words, event_fields);

enum status
link_open_words(const struct vault *vault, const struct store_link *row,
		struct link_words *words_out, struct wire_arena **arena_out,
		struct err *err)
{
	return vault_unbox(vault, &link_words_table, row->words, words_out,
			   arena_out, err);
}

enum status
link_open_batch(const struct vault *vault, const struct store_link_batch *row,
		struct link_batch_words *words_out,
		struct wire_arena **arena_out, struct err *err)
{
	return vault_unbox(vault, &link_batch_words_table, row->words,
			   words_out, arena_out, err);
}

static const char *
text_or_none(const char *text)
{
	return text != NULL ? text : "";
}

/* Does whoever has the link, or may read about it, make as many of them as he
 * likes? They are listed apart from what the link is about. */
static bool
is_minor(const char *event)
{
	static const char *const minor[] = { "opened", "proved", "code-sent",
					     "wrong-code", "record" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(minor); i++)
		found |= strcmp(event, minor[i]) == 0;
	return found;
}

static enum status
note_event(struct vault *vault, const struct store_link *row,
	   const struct link_deed *deed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf agent;
	AUTO(sbuf_done) struct sbuf boxed;
	struct store_link_event event = { .at_unix_ms = vault->now_unix_ms,
					  .minor = is_minor(deed->event) };
	struct link_event_words words = { .event = deed->event,
					  .actor = deed->actor,
					  .file = deed->file };
	enum status st = ST_OK;

	sbuf_init(&agent, LINK_AGENT_BYTES);
	sbuf_init(&boxed, LINK_BOX_BYTES);
	memcpy(event.link_id, row->id, sizeof(event.link_id));
	if (deed->visitor != NULL) {
		words.client_address = deed->visitor->address;
		vault_readable(&agent, text_or_none(deed->visitor->agent),
			       LINK_AGENT_BYTES);
		words.agent = sbuf_text(&agent);
	}
	st = vault_box(vault, &link_event_words_table, &words, &boxed, err);
	event.words = sbuf_span(&boxed);
	return st == ST_OK ? store_link_event_insert(vault->store, &event, err)
			   : st;
}

enum status
link_note(struct vault *vault, const struct store_link *row,
	  const struct link_deed *deed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf secret;
	char link_id[CASE_ID_TEXT_BYTES];
	char event[LINK_EVENT_BYTES];
	char detail[LINK_DETAIL_BYTES];
	struct vault_deed on_record = { .actor = deed->actor,
					.via = deed->via,
					.event = event,
					.case_id = row->case_id,
					.detail = detail };
	enum status st = note_event(vault, row, deed, err);

	sbuf_init(&secret, LINK_SECRET_TEXT_BYTES);
	if (st != ST_OK)
		return st;
	case_id_format(row->id, link_id);
	(void)snprintf(event, sizeof(event), "link-%s", deed->event);
	(void)snprintf(detail, sizeof(detail), "link=%s%s%s", link_id,
		       deed->detail != NULL ? " " : "",
		       text_or_none(deed->detail));
	sbuf_add_text(&secret, text_or_none(deed->address));
	if (deed->visitor != NULL)
		sbuf_addf(&secret, " from %s",
			  text_or_none(deed->visitor->address));
	st = sbuf_status(&secret, "vault: link", err);
	on_record.secret = sbuf_text(&secret);
	return st == ST_OK ? vault_audit(vault, &on_record, err) : st;
}
