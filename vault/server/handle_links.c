#include "vault/server/handle.h"

static enum status
do_nothing(struct vault *vault, struct request *request, struct err *err)
{
	(void)vault;
	(void)request;
	return err_set(err, ST_FORMAT, "links: not built in this version");
}

/* What is asked about secure links, once the vault has them. */
#define UNBUILT(symbol)                                                       \
	enum status handle_##symbol(struct request *request, struct err *err) \
	{                                                                     \
		return request_read(request, do_nothing, err);                \
	}
UNBUILT(LINK_SEAL)
UNBUILT(LINK_ASK)
UNBUILT(LINK_LIST)
UNBUILT(LINK_CHANGE)
UNBUILT(LINK_RECORD)
UNBUILT(LINK_PUBLIC)
#undef UNBUILT
