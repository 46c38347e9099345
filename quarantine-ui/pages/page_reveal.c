/* A handler looks at a mail unmasked: asked for, recorded, shown once. */
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/case_values.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

enum {
	REVEAL_WAIT_MS = 5000,
	REVEAL_WAITS = 3, /* then the page asks to be asked again */
	REVEAL_SHOWN_S = 60,
	REVEAL_ID_BYTES = 16
};

struct reveal_page {
	const char *id, *form_token, *reveal;
	bool waits; /* it is not there yet */
	const struct case_preview_part *parts;
	size_t part_count;
};

static const struct template_field reveal_fields[] = {
	TEMPLATE_TEXT_F(struct reveal_page, id),
	TEMPLATE_TEXT_F(struct reveal_page, form_token),
	TEMPLATE_TEXT_F(struct reveal_page, reveal),
	TEMPLATE_FLAG_F(struct reveal_page, waits),
	TEMPLATE_LIST_F(struct reveal_page, parts, part_count,
			case_preview_part_shape),
};
const struct template_shape shape_reveal =
	TEMPLATE_SHAPE(reveal_page, reveal_fields);

/* Put the text into the page, and nowhere else: what was decoded is wiped
 * with its memory, the page by the browser. */
static enum status
reveal_show(struct call *call, const struct vault_reveal_fetch_answer *answer,
	    struct reveal_page *values, struct wire_arena **arena,
	    struct err *err)
{
	struct preview preview;
	struct case_preview rows = { .parts = NULL };
	const enum status st = wire_decode(&preview_table, answer->preview,
					   &preview, arena, err);

	if (st != ST_OK)
		return err_set(err, ST_IO, "desk: a text that does not decode");
	call->scratch.secret = true;
	http_response_set_secret(call->response);
	case_fill_preview(call, &preview, &rows);
	values->parts = rows.parts;
	values->part_count = rows.part_count;
	http_response_leave(
		call->response, REVEAL_SHOWN_S,
		scratch_textf(&call->scratch, "/cases/%s", call->case_text));
	return ST_OK;
}

static enum status
reveal_render(struct call *call, const struct reveal_page *values,
	      struct err *err)
{
	const struct page page = { VIEW_TEMPLATE_REVEAL, values,
				   call_text(call, N_("The mail, unmasked")),
				   PAGE_MENU_INBOX };

	return page_render(call, &page, err);
}

/* Ask until it is there, but not for ever: this is a thread of the desk. */
static enum status
reveal_wait(struct call *call, const uint8_t reveal_id[REVEAL_ID_BYTES],
	    struct vault_reveal_fetch_answer *answer, struct wire_arena **arena,
	    struct err *err)
{
	struct vault_reveal_fetch request = { .actor = call_actor(call),
					      .wait_ms = REVEAL_WAIT_MS };
	enum status st = ST_OK;

	memcpy(request.reveal_id, reveal_id, REVEAL_ID_BYTES);
	if (!desk_may_wait(call->desk))
		return err_set(err, ST_LIMIT, "desk: others are waiting");
	for (size_t i = 0; st == ST_OK && !answer->ready && i < REVEAL_WAITS;
	     i++) {
		const struct vault_call ask =
			VAULT_CALL(REVEAL_FETCH, &request, answer);

		wire_arena_free(arena);
		st = call_ask(call, &ask, arena, err);
	}
	desk_end_wait(call->desk);
	return st;
}

static enum status
reveal_fetch(struct call *call, const uint8_t reveal_id[REVEAL_ID_BYTES],
	     struct err *err)
{
	struct vault_reveal_fetch_answer answer = { .ready = false };
	struct reveal_page values = { .id = call->case_text,
				      .form_token = call->form_token };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *text = NULL;
	AUTO(sbuf_done) struct sbuf hex;
	enum status st = reveal_wait(call, reveal_id, &answer, &arena, err);

	sbuf_init(&hex, (size_t)2 * REVEAL_ID_BYTES);
	if (st != ST_OK)
		return st;
	values.waits = !answer.ready;
	if (answer.ready)
		st = reveal_show(call, &answer, &values, &text, err);
	format_hex(&hex, (struct span){ reveal_id, REVEAL_ID_BYTES });
	values.reveal = scratch_text(&call->scratch, sbuf_span(&hex));
	return st == ST_OK ? reveal_render(call, &values, err) : st;
}

enum status
page_reveal(struct call *call, struct err *err)
{
	struct vault_reveal request = {
		.actor = call_actor(call),
		.reason = form_get(&call->form, "reason"),
		.client_address = call->request->client_address,
	};
	struct vault_reveal_answer answer = { { 0 } };
	const struct vault_call ask = VAULT_CALL(REVEAL, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	if (request.reason[0] == '\0')
		return err_set(err, ST_FORMAT,
			       N_("Looking at the numbers needs a reason: it "
				  "goes into the audit log."));
	st = call_ask(call, &ask, &arena, err);
	return st == ST_OK ? reveal_fetch(call, answer.reveal_id, err) : st;
}

enum status
page_reveal_fetch(struct call *call, struct err *err)
{
	uint8_t reveal_id[REVEAL_ID_BYTES];

	if (!parse_hex(span_of(form_get(&call->form, "reveal")), reveal_id,
		       sizeof(reveal_id)))
		return err_set(err, ST_FORMAT, "no such text");
	return reveal_fetch(call, reveal_id, err);
}
