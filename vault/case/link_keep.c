#include "vault/case/link_keep.h"

#include <string.h>

enum {
	/* Takes are kept so long from now on, and again before it is over. */
	KEEP_TAKES_MS = 3 * 60 * 1000,
	KEEP_BEFORE_MS = 2 * 60 * 1000
};

static enum status
keep_find(const struct vault *vault, const struct vault_link_visit *request,
	  struct link_visit *visit, int64_t *until_unix_ms_out, struct err *err)
{
	const enum status st = link_visit_recall(vault, request, visit, err);
	const int64_t late_unix_ms =
		visit->claim.until_unix_ms + LINK_TRANSFER_MS;

	if (st != ST_OK)
		return st;
	if (late_unix_ms <= vault->now_unix_ms)
		return link_visit_refuse(err);
	*until_unix_ms_out = late_unix_ms < visit->link.expires_unix_ms
				     ? late_unix_ms
				     : visit->link.expires_unix_ms;
	return ST_OK;
}

struct keep_search {
	const struct store_claim *claim;
	int64_t before_unix_ms;
	bool found;
};

/* Is it taken in this visit, not out yet, and about to be over? */
static enum status
keep_look(void *context, const struct store_take *row, struct err *err)
{
	struct keep_search *search = context;

	(void)err;
	search->found |=
		row->complete_unix_ms == 0 &&
		row->until_unix_ms < search->before_unix_ms &&
		memcmp(row->claim, search->claim->token, STORE_HASH_BYTES) == 0;
	return ST_OK;
}

enum status
link_keep(const struct vault *vault, const struct vault_link_visit *request,
	  int64_t *until_unix_ms_out, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	struct keep_search search = {
		.claim = &visit.claim,
		.before_unix_ms = vault->now_unix_ms + KEEP_BEFORE_MS,
	};
	enum status st =
		keep_find(vault, request, &visit, until_unix_ms_out, err);

	if (st != ST_OK || visit.link.downloads == 0 ||
	    visit.claim.until_unix_ms >= search.before_unix_ms)
		return st;
	st = store_take_each(vault->store, visit.link.id, keep_look, &search,
			     err);
	return st == ST_OK && search.found ? ST_END : st;
}

enum status
link_keep_takes(struct vault *vault, const struct vault_link_visit *request,
		int64_t *until_unix_ms_out, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	struct store_take row = {
		.until_unix_ms = vault->now_unix_ms + KEEP_TAKES_MS,
	};
	const enum status st =
		keep_find(vault, request, &visit, until_unix_ms_out, err);

	if (st != ST_OK)
		return st;
	memcpy(row.link_id, visit.link.id, sizeof(row.link_id));
	memcpy(row.claim, visit.claim.token, sizeof(row.claim));
	return store_take_keep(vault->store, &row, err);
}
