#include <string.h>

#include "quarantine-ui/desk/route.h"

enum { LANGUAGE_KEEP_S = 365 * 24 * 3600 };

enum status
page_language(struct call *call, struct err *err)
{
	const char *language = form_get(&call->form, "language");

	if (i18n_language_of(language) == I18N_LANGUAGE_NONE)
		return err_set(err, ST_FORMAT, "no such language");
	http_response_set_cookie(call->response, call->request->secure, "lang",
				 language, LANGUAGE_KEEP_S);
	http_response_redirect(call->response,
			       call_next(call, form_get(&call->form, "next")));
	return ST_OK;
}
