/* What is posted from the page of a case. */
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"

/* Back to the case, which says what was done. */
static void
decide_redirect(struct call *call, const char *done)
{
	http_response_redirect(call->response,
			       scratch_textf(&call->scratch,
					     "/cases/%s?done=%s",
					     call->case_text, done));
}

static enum status
decide(struct call *call, enum case_decision decision, const char *done,
       struct err *err)
{
	const struct ask_decision ask = {
		.decision = decision,
		.version = form_get(&call->form, "version"),
		.purpose = form_get(&call->form, "purpose"),
		.comment = form_get(&call->form, "comment"),
	};
	enum case_state state = CASE_STATE_NONE;
	const enum status st = ask_decide(call, &ask, &state, err);

	if (st == ST_OK)
		decide_redirect(call, done);
	return st;
}

enum status
page_approve(struct call *call, struct err *err)
{
	return decide(call, CASE_DECISION_APPROVE, "approve", err);
}

enum status
page_return(struct call *call, struct err *err)
{
	if (form_get(&call->form, "comment")[0] == '\0')
		return err_set(err, ST_FORMAT,
			       N_("A return needs a reason: it is what the "
				  "sender reads."));
	return decide(call, CASE_DECISION_RETURN, "return", err);
}

enum status
page_cancel(struct call *call, struct err *err)
{
	return decide(call, CASE_DECISION_CANCEL, "cancel", err);
}

enum status
page_rescan(struct call *call, struct err *err)
{
	const enum status st = ask_rescan(call, err);

	if (st == ST_OK)
		decide_redirect(call, "rescan");
	return st;
}
