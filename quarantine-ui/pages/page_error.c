#include <string.h>

#include "quarantine-ui/http/form.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

struct error_page {
	uint64_t status;
	const char *what;   /* what happened */
	const char *next;   /* what to do now */
	const char *reason; /* the vault's own words, or "" */
	const char *case_text;
	bool sign_in; /* a link to it helps */
};

static const struct template_field error_fields[] = {
	TEMPLATE_NUMBER_F(struct error_page, status),
	TEMPLATE_TEXT_F(struct error_page, what),
	TEMPLATE_TEXT_F(struct error_page, next),
	TEMPLATE_TEXT_F(struct error_page, reason),
	TEMPLATE_TEXT_F(struct error_page, case_text),
	TEMPLATE_FLAG_F(struct error_page, sign_in),
};
const struct template_shape shape_error =
	TEMPLATE_SHAPE(error_page, error_fields);

struct hop {
	const char *path;
};
static const struct template_field hop_fields[] = {
	TEMPLATE_TEXT_F(struct hop, path),
};
const struct template_shape shape_hop = TEMPLATE_SHAPE(hop, hop_fields);

static const struct {
	unsigned status;
	const char *what;
	const char *next;
} error_words[] = {
	{ 400, N_("The request could not be understood."),
	  N_("Go back, check what you entered, and try again.") },
	{ 403, N_("You may not do this."),
	  N_("Nothing was changed. If you need it, ask somebody who has the "
	     "role, or another approver.") },
	{ 404, N_("There is nothing here."),
	  N_("The address may be mistyped, or the case is not one that you may "
	     "see. Look in the list of cases.") },
	{ 405, N_("This address does not do that."),
	  N_("Go to the list of cases and start from there.") },
	{ 409, N_("The case has changed since you opened it."),
	  N_("Nothing was done. Open the case again, look at what changed, and "
	     "decide then.") },
	{ 415, N_("The request could not be understood."),
	  N_("Go back, check what you entered, and try again.") },
	{ 429, N_("Too many tries from your address."),
	  N_("Wait a minute, then try again.") },
	{ 503, N_("The store of held mail cannot answer now."),
	  N_("Nothing was changed and no mail is lost. Try again in a few "
	     "minutes; if it stays so, tell the administrator.") },
	{ 500, N_("Something went wrong here."),
	  N_("Nothing is lost. Try again; if it stays so, tell the "
	     "administrator.") },
};

static void
error_show(struct call *call, struct error_page *values)
{
	const struct page page = { VIEW_TEMPLATE_ERROR, values,
				   call_text(call, values->what),
				   PAGE_MENU_NONE };
	struct err err = { .st = ST_OK };

	call->response->status = (unsigned)values->status;
	values->what = call_text(call, values->what);
	values->next = call_text(call, values->next);
	values->case_text = call->signed_in ? call->case_text : "";
	values->sign_in = !call->signed_in ||
			  (call_is_guest(call) &&
			   (values->status == 403 || values->status == 404));
	call->scratch.failed = false;
	/* The last resort is an empty answer with the right status. */
	if (page_render(call, &page, &err) != ST_OK)
		http_response_reset(call->response, (unsigned)values->status);
}

void
page_error(struct call *call, unsigned status, const char *reason)
{
	struct error_page values = { .status = status };

	for (size_t i = 0; i < ARRAY_LEN(error_words); i++) {
		values.what = error_words[i].what;
		values.next = error_words[i].next;
		if (error_words[i].status == status)
			break;
	}
	/* Of what is too much the vault says what helps. */
	if (status == 403 && strncmp(reason, "too m", 5) == 0) {
		values.what = N_("Not now.");
		values.next = N_("Nothing was changed.");
	}
	values.reason = words_refusal(call, reason);
	error_show(call, &values);
}

void
page_error_form(struct call *call)
{
	struct error_page values = {
		.status = 403,
		.what = N_("This form is too old, or did not come from here."),
		.next = N_("Nothing was changed. Open the page again and send "
			   "the form from there."),
		.reason = "",
	};

	error_show(call, &values);
}

void
page_hop(struct call *call)
{
	const struct hop values = { call->request->path };
	struct err err = { .st = ST_OK };

	sbuf_clear(&call->response->body);
	template_render(call->view->templates[VIEW_TEMPLATE_HOP], &values,
			call->view->i18n, call->language,
			&call->response->body);
	if (sbuf_status(&call->response->body, "hop", &err) != ST_OK)
		http_response_reset(call->response, 500);
}

void
page_redirect_to_sign_in(struct call *call)
{
	const char *path = call->request->method == HTTP_METHOD_POST
				   ? "/"
				   : call_next(call, call->request->path);

	http_response_redirect(
		call->response,
		scratch_textf(&call->scratch, "/sign-in?next=%s", path));
}
