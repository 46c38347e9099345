/*
 * store_stats.h - counters by day and rule, and of domains. Rules: store.h.
 *
 * Counters name no case and stay when their cases are forgotten.
 */
#ifndef VAULT_STORE_STORE_STATS_H
#define VAULT_STORE_STORE_STATS_H

#include "vault/store/store.h"

struct store_stat {
	uint32_t day;     /* the caller's days */
	const char *rule; /* of the policy */
	uint32_t counter; /* what is counted; the caller's numbers */
	uint64_t count;
};
/* Add one to a counter; count of row is ignored. */
MUST_CHECK enum status
store_stat_add(struct store *store, const struct store_stat *row,
	       struct err *err);
typedef enum status (*store_stat_visit)(void *context,
					const struct store_stat *row,
					struct err *err);
/* Days from_day to to_day, by day, rule and counter. */
MUST_CHECK enum status
store_stat_each(struct store *store, uint32_t from_day, uint32_t to_day,
		store_stat_visit visit, void *context, struct err *err);

/* What the pairs (store_people.h) say about one domain. */
struct store_domain {
	const char *domain; /* lower case */
	uint64_t pairs;     /* of sender and recipient */
	uint32_t first_day;
	uint32_t last_day;
};
typedef enum status (*store_domain_visit)(void *context,
					  const struct store_domain *row,
					  struct err *err);
/* At most limit domains, those with the most pairs first. */
MUST_CHECK enum status
store_domain_each(struct store *store, uint64_t limit, store_domain_visit visit,
		  void *context, struct err *err);

#endif
