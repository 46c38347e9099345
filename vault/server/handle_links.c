#include "vault/case/link_people.h"
#include "vault/server/handle.h"

static enum status
do_list(struct vault *vault, struct request *request, struct err *err)
{
	return link_list(vault, &request->actor, request->message,
			 &request->answer.link_list, &request->arena, err);
}

enum status
handle_LINK_LIST(struct request *request, struct err *err)
{
	return handle_person_read(request, do_list, err);
}

static enum status
do_change(struct vault *vault, struct request *request, struct err *err)
{
	return link_change(vault, &request->actor, request->message, err);
}

enum status
handle_LINK_CHANGE(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_change, err);
}

static enum status
do_record(struct vault *vault, struct request *request, struct err *err)
{
	return link_record(vault, &request->actor, request->message,
			   &request->answer.link_record, &request->arena, err);
}

static enum status
do_record_audit(struct vault *vault, struct request *request, struct err *err)
{
	return link_record_audit(vault, &request->actor, request->message, err);
}

enum status
handle_LINK_RECORD(struct request *request, struct err *err)
{
	const enum status st = handle_person_read(request, do_record, err);

	if (st != ST_OK)
		return st;
	return request_write(request, WRITER_PRIORITY_NORMAL, do_record_audit,
			     err);
}

static enum status
do_public(struct vault *vault, struct request *request, struct err *err)
{
	return link_public(vault, request->answer.link_public.key, err);
}

enum status
handle_LINK_PUBLIC(struct request *request, struct err *err)
{
	return request_read(request, do_public, err);
}
