/* What is posted from the page of a case. */
#include <string.h>

#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"

/* A chip and what was typed beside it, in two lines. */
static const char *
decide_text(struct call *call, const char *chip, const char *typed)
{
	if (chip[0] == '\0')
		return typed;
	return typed[0] == '\0'
		       ? chip
		       : scratch_textf(&call->scratch, "%s\n%s", chip, typed);
}

static enum status
decide(struct call *call, const struct ask_decision *ask, const char *done,
       struct err *err)
{
	enum case_state state = CASE_STATE_NONE;
	const enum status st = ask_decide(call, ask, &state, err);

	/* On to the list, which says what was done and what is next. */
	if (st == ST_OK)
		http_response_redirect(call->response,
				       scratch_textf(&call->scratch,
						     "/?done=%s&case=%s", done,
						     call->case_text));
	return st;
}

enum status
page_approve(struct call *call, struct err *err)
{
	const char *chip = form_get(&call->form, "purpose");
	const char *typed = form_get(&call->form, "purpose_text");
	const bool link = strcmp(form_get(&call->form, "as"), "link") == 0;
	const struct ask_decision ask = {
		.decision = link ? CASE_DECISION_LINK : CASE_DECISION_APPROVE,
		.version = form_get(&call->form, "version"),
		.purpose = typed[0] != '\0' && chip[0] != '\0'
				   ? scratch_textf(&call->scratch, "%s: %s",
						   chip, typed)
				   : decide_text(call, chip, typed),
		.comment = form_get(&call->form, "comment"),
	};

	return decide(call, &ask, link ? "link" : "approve", err);
}

enum status
page_return(struct call *call, struct err *err)
{
	const struct ask_decision ask = {
		.decision = CASE_DECISION_RETURN,
		.version = form_get(&call->form, "version"),
		.purpose = "",
		.comment = decide_text(call, form_get(&call->form, "reason"),
				       form_get(&call->form, "comment")),
	};

	if (ask.comment[0] == '\0')
		return err_set(err, ST_FORMAT,
			       N_("A return needs a reason: it is what the "
				  "sender reads."));
	return decide(call, &ask, "return", err);
}

enum status
page_cancel(struct call *call, struct err *err)
{
	const struct ask_decision ask = {
		.decision = CASE_DECISION_CANCEL,
		.version = form_get(&call->form, "version"),
		.purpose = "",
		.comment = form_get(&call->form, "comment"),
	};

	return decide(call, &ask, "cancel", err);
}

enum status
page_rescan(struct call *call, struct err *err)
{
	const enum status st = ask_rescan(call, err);

	if (st == ST_OK)
		http_response_redirect(call->response,
				       scratch_textf(&call->scratch,
						     "/cases/%s?done=rescan",
						     call->case_text));
	return st;
}
