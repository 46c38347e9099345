#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum { AUDIT_PAGE_LINES = 100 };

struct audit_row {
	uint64_t seq;
	const char *at, *actor, *via, *words, *case_text, *detail;
};

struct audit_page {
	const struct audit_row *rows;
	size_t row_count;
	uint64_t total, before;
	const char *form_token, *bad_reason;
	uint64_t verified_rows, bad_seq;
	bool verified, intact, broken, has_before;
};

static const struct template_field audit_row_fields[] = {
	TEMPLATE_NUMBER_F(struct audit_row, seq),
	TEMPLATE_TEXT_F(struct audit_row, at),
	TEMPLATE_TEXT_F(struct audit_row, actor),
	TEMPLATE_TEXT_F(struct audit_row, via),
	TEMPLATE_TEXT_F(struct audit_row, words),
	TEMPLATE_TEXT_F(struct audit_row, case_text),
	TEMPLATE_TEXT_F(struct audit_row, detail),
};
static const struct template_shape audit_row_shape =
	TEMPLATE_SHAPE(audit_row, audit_row_fields);

static const struct template_field audit_fields[] = {
	TEMPLATE_LIST_F(struct audit_page, rows, row_count, audit_row_shape),
	TEMPLATE_NUMBER_F(struct audit_page, total),
	TEMPLATE_NUMBER_F(struct audit_page, before),
	TEMPLATE_TEXT_F(struct audit_page, form_token),
	TEMPLATE_TEXT_F(struct audit_page, bad_reason),
	TEMPLATE_NUMBER_F(struct audit_page, verified_rows),
	TEMPLATE_NUMBER_F(struct audit_page, bad_seq),
	TEMPLATE_FLAG_F(struct audit_page, verified),
	TEMPLATE_FLAG_F(struct audit_page, intact),
	TEMPLATE_FLAG_F(struct audit_page, broken),
	TEMPLATE_FLAG_F(struct audit_page, has_before),
};
const struct template_shape shape_audit =
	TEMPLATE_SHAPE(audit_page, audit_fields);

static void
audit_fill_row(struct call *call, const struct vault_audit_line *from,
	       struct audit_row *to)
{
	char id[CASE_ID_TEXT_BYTES] = "";

	if (from->case_id.len_bytes == CASE_ID_BYTES)
		case_id_format(from->case_id.ptr, id);
	*to = (struct audit_row){
		.seq = from->seq,
		.at = words_time(call, from->at_unix_ms),
		.actor = from->actor,
		.via = from->via,
		.words = words_event(call, from->event),
		.case_text = scratch_text(&call->scratch, span_of(id)),
		.detail = from->detail,
	};
}

static void
audit_fill(struct call *call, const struct vault_audit_list_answer *answer,
	   struct audit_page *values)
{
	struct audit_row *rows = scratch_alloc(
		&call->scratch, answer->line_count, sizeof(*rows));

	values->total = answer->total;
	values->form_token = call->form_token;
	if (rows == NULL)
		return;
	for (size_t i = 0; i < answer->line_count; i++)
		audit_fill_row(call, &answer->lines[i], &rows[i]);
	values->rows = rows;
	values->row_count = answer->line_count;
	if (answer->line_count == AUDIT_PAGE_LINES &&
	    rows[answer->line_count - 1].seq > 1) {
		values->has_before = true;
		values->before = rows[answer->line_count - 1].seq;
	}
}

static enum status
audit_show(struct call *call, uint64_t from_seq, struct audit_page *values,
	   struct err *err)
{
	const struct vault_audit_list request = { .actor = call_actor(call),
						  .from_seq = from_seq,
						  .limit = AUDIT_PAGE_LINES };
	struct vault_audit_list_answer answer = { .lines = NULL };
	const struct vault_call ask = VAULT_CALL(AUDIT_LIST, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct page page = { VIEW_TEMPLATE_AUDIT, values,
				   call_text(call, N_("Audit log")),
				   PAGE_MENU_AUDIT };
	const enum status st = call_ask(call, &ask, &arena, err);

	if (st != ST_OK)
		return st;
	audit_fill(call, &answer, values);
	return page_render(call, &page, err);
}

enum status
page_audit(struct call *call, struct err *err)
{
	const struct span asked = span_of(form_get(&call->query, "from"));
	struct audit_page values = { .rows = NULL };
	uint64_t from_seq = 0;

	if (asked.len_bytes > 0 && !parse_u64(asked, UINT64_MAX, &from_seq))
		return err_set(err, ST_FORMAT, "no such row");
	return audit_show(call, from_seq, &values, err);
}

enum status
page_audit_verify(struct call *call, struct err *err)
{
	const struct vault_audit_verify request = { .actor = call_actor(call) };
	struct vault_audit_verify_answer answer = { .intact = false };
	const struct vault_call ask =
		VAULT_CALL(AUDIT_VERIFY, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct audit_page values = { .verified = true };
	const enum status st = call_ask(call, &ask, &arena, err);

	if (st != ST_OK)
		return st;
	values.intact = answer.intact;
	values.broken = !answer.intact;
	values.verified_rows = answer.rows;
	values.bad_seq = answer.bad_seq;
	values.bad_reason = answer.reason;
	return audit_show(call, 0, &values, err);
}
