#include "vault/server/request.h"

/* Requests that are in the protocol and not carried out yet. */
static enum status
do_next(struct vault *vault, struct request *request, struct err *err)
{
	(void)vault;
	(void)request;
	return err_set(err, ST_FORMAT, "not carried out in this version");
}

#define NEXT(symbol)                                                          \
	enum status handle_##symbol(struct request *request, struct err *err) \
	{                                                                     \
		return request_read(request, do_next, err);                   \
	}
NEXT(WATCH)
NEXT(COMMENT)
NEXT(REVEAL)
NEXT(REVEAL_FETCH)
NEXT(STATS)
NEXT(SELF_TEST)
