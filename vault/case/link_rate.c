#include "vault/case/link_rate.h"

#include "vault/case/link_choice.h"

enum { RATE_HOUR_MS = 3600 * 1000 };

/* Links that the mail would have. */
static enum status
rate_wanted(struct vault *vault, const struct record *record,
	    uint64_t *wanted_out, struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	const enum status st = record_recipients(
		vault, record->row.id, CASE_OUTCOME_WAITING, &waiting, err);

	*wanted_out = 0;
	for (size_t i = 0; st == ST_OK && i < waiting.count; i++)
		*wanted_out +=
			link_gets(vault, record, waiting.items[i].address);
	return st;
}

enum status
link_rate_check(struct vault *vault, const struct record *record,
		struct err *err)
{
	const uint64_t most = (uint64_t)vault->config->portal.sender_rate;
	const int64_t since_unix_ms = vault->now_unix_ms - RATE_HOUR_MS;
	uint64_t wanted = 0;
	uint64_t made = 0;
	enum status st = ST_OK;

	if (most == 0)
		return ST_OK;
	st = rate_wanted(vault, record, &wanted, err);
	if (st == ST_OK)
		st = store_link_made(vault->store, record->row.id,
				     since_unix_ms, &made, err);
	if (st != ST_OK || made + wanted <= most)
		return st;
	return err_set(err, ST_DENIED,
		       "too many secure links of this sender within an hour: "
		       "try again later, or wait for the approvers");
}
