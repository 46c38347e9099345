/* GET /events: tells open pages that there is something new. */
#include "quarantine-ui/desk/route.h"

enum status
page_events(struct call *call, struct err *err)
{
	(void)err;
	http_response_stream(call->response, call->session.user.user_id);
	/* HEAD asks for the header fields only, and they end. */
	if (call->request->method == HTTP_METHOD_HEAD)
		call->response->stream = false;
	return ST_OK;
}
