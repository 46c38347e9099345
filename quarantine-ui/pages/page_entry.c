/* The sender of one mail, who comes from a notice: GET shows, POST decides. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

struct entry_page {
	const char *id, *form_token, *failure, *stamp;
	bool sent;
};

static const struct template_field entry_fields[] = {
	TEMPLATE_TEXT_F(struct entry_page, id),
	TEMPLATE_TEXT_F(struct entry_page, form_token),
	TEMPLATE_TEXT_F(struct entry_page, failure),
	TEMPLATE_TEXT_F(struct entry_page, stamp),
	TEMPLATE_FLAG_F(struct entry_page, sent),
};
const struct template_shape shape_entry =
	TEMPLATE_SHAPE(entry_page, entry_fields);

static enum status
entry_show(struct call *call, const char *failure, struct err *err)
{
	const struct entry_page values = {
		.id = call->case_text,
		.form_token = call->form_token,
		.failure = call_text(call, failure),
		.stamp = call->view->stamp,
		.sent = form_get(&call->query, "sent")[0] != '\0',
	};
	const struct page page = { VIEW_TEMPLATE_ENTRY, &values,
				   call_text(call, N_("Your held mail")),
				   PAGE_MENU_NONE };

	return page_render(call, &page, err);
}

enum status
page_entry(struct call *call, struct err *err)
{
	return entry_show(call, "", err);
}

static void
entry_log(const struct call *call, enum log_level level, const char *event)
{
	struct log_line line;

	log_begin(&line, level, event);
	log_text(&line, "client", call->request->client_address);
	log_send(&line);
}

static bool
entry_is_too_fast(struct call *call)
{
	if (call_may_try_password(call))
		return false;
	entry_log(call, LOG_LEVEL_WARNING, "entry-rate");
	call->response->status = 429;
	call->response->retry_after_s = 60;
	return true;
}

static void
entry_to_case(struct call *call, struct span id)
{
	char text[CASE_ID_TEXT_BYTES];

	case_id_format(id.ptr, text);
	http_response_redirect(
		call->response,
		scratch_textf(&call->scratch, "/cases/%s", text));
}

void
page_to_guests_case(struct call *call)
{
	const char *done = form_get(&call->query, "done");
	char text[CASE_ID_TEXT_BYTES];

	case_id_format(call->session.guest_case_id.ptr, text);
	http_response_redirect(
		call->response,
		scratch_textf(&call->scratch, "/cases/%s%s", text,
			      strcmp(done, "cancel") == 0 ? "?done=cancel"
							  : ""));
}

static enum status
entry_done(struct call *call, const struct vault_session *session,
	   struct err *err)
{
	const struct span id = session->guest_case_id;
	enum status st = ST_OK;

	if (id.len_bytes != CASE_ID_BYTES)
		return err_set(err, ST_IO, "vault: a guest without a case");
	st = call_take_session(call, session->token, err);
	if (st != ST_OK)
		return st;
	entry_to_case(call, id);
	entry_log(call, LOG_LEVEL_INFO, "entry");
	return ST_OK;
}

enum status
page_entry_post(struct call *call, struct err *err)
{
	struct vault_session session = { .token = { NULL, 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (entry_is_too_fast(call))
		return entry_show(call,
				  N_("Too many tries from your address. "
				     "Wait a minute, then try again."),
				  err);
	st = ask_enter(call, form_get(&call->form, "code"), &session, &arena,
		       err);
	if (st == ST_OK)
		return entry_done(call, &session, err);
	if (st != ST_DENIED)
		return st;
	entry_log(call, LOG_LEVEL_WARNING, "entry-refused");
	call->response->status = 403;
	return entry_show(call,
			  N_("This code is not good, or was used already. Have "
			     "a new one sent below."),
			  err);
}

enum status
page_entry_again(struct call *call, struct err *err)
{
	enum status st = ST_OK;

	if (entry_is_too_fast(call))
		return entry_show(call,
				  N_("Too many tries from your address. "
				     "Wait a minute, then try again."),
				  err);
	st = ask_entry_again(call, err);
	/* The same words, whatever the vault knows of this link. */
	if (st != ST_OK && st != ST_DENIED && st != ST_NOT_FOUND &&
	    st != ST_FORMAT)
		return st;
	http_response_redirect(
		call->response,
		scratch_textf(&call->scratch, "/m/%s?sent=1", call->case_text));
	return ST_OK;
}

/* Words of the sender for those who decide. */
enum status
page_comment(struct call *call, struct err *err)
{
	const char *text = form_get(&call->form, "comment");
	enum status st = ST_OK;

	if (text[strspn(text, " \n\t")] == '\0')
		return err_set(err, ST_FORMAT,
			       N_("write something, then send it"));
	st = ask_comment(call, text, err);
	if (st == ST_OK)
		http_response_redirect(call->response,
				       scratch_textf(&call->scratch,
						     "/cases/%s?done=comment",
						     call->case_text));
	return st;
}
