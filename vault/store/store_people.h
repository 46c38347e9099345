/*
 * store_people.h - rows of accounts and correspondence. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_PEOPLE_H
#define VAULT_STORE_STORE_PEOPLE_H

#include "vault/store/store_case.h"

struct store_user {
	void *memory;
	uint64_t id;       /* given by insert, never used twice */
	const char *login; /* lower case, unique */
	const char *name;
	const char *language;
	uint32_t roles; /* enum vault_role */
	bool enabled;
	int64_t uid;                  /* unique unless -1 */
	const char *addresses;        /* comma separated */
	const char *former_addresses; /* all it ever had and has no more */
	const char *groups;           /* comma separated */
	const char *password;         /* Argon2id; "": cannot sign in */
	int64_t created_unix_ms;
	uint32_t failures; /* wrong passwords and codes in a row */
	int64_t locked_until_unix_ms;
	struct span factor;     /* boxed second factor; empty: none */
	struct span factor_new; /* boxed; not in force yet; empty: none */
};
void store_user_done(struct store_user *row);
MUST_CHECK enum status
store_user_insert(struct store *store, const struct store_user *row,
		  uint64_t *id_out, struct err *err);
MUST_CHECK enum status
store_user_update(struct store *store, const struct store_user *row,
		  struct err *err);
MUST_CHECK enum status
store_user_find(struct store *store, uint64_t id, struct store_user *row_out,
		struct err *err);
MUST_CHECK enum status
store_user_find_login(struct store *store, const char *login,
		      struct store_user *row_out, struct err *err);
MUST_CHECK enum status
store_user_find_uid(struct store *store, int64_t uid,
		    struct store_user *row_out, struct err *err);
typedef enum status (*store_user_visit)(void *context,
					const struct store_user *row,
					struct err *err);
/* In order of login. */
MUST_CHECK enum status
store_user_each(struct store *store, store_user_visit visit, void *context,
		struct err *err);

/* Who gave this account power (made, enabled, changed it), and when. */
struct store_grant {
	uint64_t user_id;
	uint64_t by_user_id; /* 0: at the installation */
	int64_t at_unix_ms;
};
MUST_CHECK enum status
store_grant_insert(struct store *store, const struct store_grant *row,
		   struct err *err);
typedef enum status (*store_grant_visit)(void *context,
					 const struct store_grant *row,
					 struct err *err);
MUST_CHECK enum status
store_grant_each(struct store *store, uint64_t user_id, int64_t since_unix_ms,
		 store_grant_visit visit, void *context, struct err *err);

struct store_pair {
	uint8_t sender[STORE_HASH_BYTES];    /* HMAC */
	uint8_t recipient[STORE_HASH_BYTES]; /* HMAC */
	const char *domain;                  /* the recipient's, in clear */
	uint32_t first_day;                  /* days since 1970-01-01 */
	uint32_t last_day;
};
/* Insert, or widen the days of the pair that is there. */
MUST_CHECK enum status
store_pair_put(struct store *store, const struct store_pair *row,
	       struct err *err);
/* *found_out: is there such a pair with first_day before the given one? */
MUST_CHECK enum status
store_pair_has(struct store *store, const uint8_t sender[STORE_HASH_BYTES],
	       const uint8_t recipient[STORE_HASH_BYTES], uint32_t before_day,
	       bool *found_out, struct err *err);

#endif
