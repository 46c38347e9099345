#include "quarantine-ui/desk/route.h"

/* The file of this address, as it was when the view was loaded. */
static enum status
static_answer(struct call *call, struct err *err)
{
	const struct view_file *file =
		view_find_file(call->view, call->request->path);

	if (file == NULL)
		return err_set(err, ST_NOT_FOUND, "no such file");
	http_response_reset(call->response, 200);
	call->response->content_type = file->content_type;
	call->response->may_cache = true;
	sbuf_add_span(&call->response->body, sbuf_span(&file->bytes));
	return ST_OK;
}

enum status
page_style(struct call *call, struct err *err)
{
	return static_answer(call, err);
}

enum status
page_script(struct call *call, struct err *err)
{
	return static_answer(call, err);
}

enum status
page_entry_script(struct call *call, struct err *err)
{
	return static_answer(call, err);
}

enum status
page_icon(struct call *call, struct err *err)
{
	return static_answer(call, err);
}
