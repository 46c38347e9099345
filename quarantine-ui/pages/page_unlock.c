/* Passwords of what is locked: typed for a try, and the search for one. */
#include <string.h>

#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"

static void
unlock_back(struct call *call, const char *done)
{
	http_response_redirect(call->response,
			       scratch_textf(&call->scratch,
					     "/cases/%s?done=%s#locks",
					     call->case_text, done));
}

enum status
page_unlock(struct call *call, struct err *err)
{
	const char *password = form_get(&call->form, "file_password");
	const bool keep = form_get(&call->form, "keep")[0] != '\0';
	enum status st = ST_OK;

	if (password[0] == '\0')
		return err_set(err, ST_FORMAT,
			       N_("Type the password of the file first."));
	st = ask_unlock(call, password, keep, err);
	if (st == ST_OK)
		unlock_back(call, "unlock");
	return st;
}

enum status
page_search(struct call *call, struct err *err)
{
	const char *step = form_get(&call->form, "step");
	const enum status st = ask_search(call, step, err);

	if (st == ST_OK)
		unlock_back(call,
			    strcmp(step, "pause") == 0 ? "pause" : "resume");
	return st;
}
