#include "vault/server/request.h"

static enum status
do_refuse(struct vault *vault, struct request *request, struct err *err)
{
	(void)vault;
	return err_set(err, ST_UNSUPPORTED, "%s is not built yet",
		       request->row->name);
}

enum status
handle_STORE_CHECK(struct request *request, struct err *err)
{
	return request_read(request, do_refuse, err);
}

enum status
handle_STORE_BACKUP(struct request *request, struct err *err)
{
	return request_read(request, do_refuse, err);
}
