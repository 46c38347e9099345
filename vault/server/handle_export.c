#include "vault/server/request.h"

#include "vault/case/way_out.h"

static enum status
do_ask(struct vault *vault, struct request *request, struct err *err)
{
	return way_out_ask(vault, &request->actor, request->message,
			   &request->answer.export, err);
}

enum status
handle_EXPORT_ASK(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_ask, err);
}

static enum status
do_consent(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_export_id *message = request->message;

	return way_out_consent(vault, &request->actor, message->export_id,
			       &request->answer.export, err);
}

enum status
handle_EXPORT_CONSENT(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_consent, err);
}

static enum status
do_begin(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_export_id *message = request->message;

	if (request->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "no descriptor to write to");
	return way_out_begin(vault, &request->actor, message->export_id, err);
}

static enum status
do_write(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_export_id *message = request->message;

	return way_out_write(vault, message->export_id, request->fd,
			     &request->answer.export, err);
}

enum status
handle_EXPORT_FETCH(struct request *request, struct err *err)
{
	const enum status st =
		request_write(request, WRITER_PRIORITY_NORMAL, do_begin, err);

	return st == ST_OK ? request_read(request, do_write, err) : st;
}
