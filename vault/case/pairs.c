#include "vault/case/pairs.h"

#include <string.h>

#include "vault/store/store_people.h"

enum { PAIRS_DAY_MS = 86400 * 1000, PAIRS_DOMAIN_BYTES = 256 };

static uint32_t
day_of(int64_t unix_ms)
{
	return unix_ms > 0 ? (uint32_t)(unix_ms / PAIRS_DAY_MS) : 0;
}

static void
domain_of(const char *address, char out[PAIRS_DOMAIN_BYTES])
{
	const char *at = strrchr(address, '@');

	vault_lower(at != NULL ? at + 1 : "", out, PAIRS_DOMAIN_BYTES);
}

static enum status
pair_macs(const struct vault *vault, const char *sender, const char *recipient,
	  struct store_pair *row, struct err *err)
{
	enum status st =
		vault_mac_person(vault, KEY_USE_PAIR, sender, row->sender, err);

	if (st == ST_OK)
		st = vault_mac_person(vault, KEY_USE_PAIR, recipient,
				      row->recipient, err);
	return st;
}

enum status
pairs_take(struct vault *vault, const struct vault_pairs *request,
	   struct err *err)
{
	enum status st = vault_need_ring(vault, err);

	for (size_t i = 0; st == ST_OK && i < request->pair_count; i++) {
		const struct vault_pair *pair = &request->pairs[i];
		char domain[PAIRS_DOMAIN_BYTES];
		struct store_pair row = { .domain = domain,
					  .first_day = day_of(pair->at_unix_ms),
					  .last_day =
						  day_of(pair->at_unix_ms) };

		if (pair->sender[0] == '\0' || pair->recipient[0] == '\0')
			continue;
		domain_of(pair->recipient, domain);
		st = pair_macs(vault, pair->sender, pair->recipient, &row, err);
		if (st == ST_OK)
			st = store_pair_put(vault->store, &row, err);
	}
	return st;
}

enum status
pairs_known(struct vault *vault, const char *sender, const char *recipient,
	    int64_t before_ms, bool *known_out, struct err *err)
{
	struct store_pair row = { .domain = "" };
	const enum status st = pair_macs(vault, sender, recipient, &row, err);

	if (st != ST_OK)
		return st;
	return store_pair_has(vault->store, row.sender, row.recipient,
			      day_of(before_ms), known_out, err);
}
