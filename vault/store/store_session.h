/*
 * store_session.h - rows of sessions and of one-time sign-ins. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_SESSION_H
#define VAULT_STORE_STORE_SESSION_H

#include "vault/store/store_case.h"

enum { STORE_ENTRY_ID_BYTES = 10 };

struct store_session {
	void *memory;
	uint8_t token[STORE_HASH_BYTES]; /* SHA-256 of the token */
	uint64_t user_id;                /* 0: a guest */
	uint8_t case_id[CASE_ID_BYTES];  /* the one case of a guest */
	int64_t made_unix_ms;
	int64_t seen_unix_ms;
	bool proved;       /* a code was given besides the password */
	struct span words; /* boxed: from where, with what, whose mailbox */
};
void store_session_done(struct store_session *row);
MUST_CHECK enum status
store_session_insert(struct store *store, const struct store_session *row,
		     struct err *err);
MUST_CHECK enum status
store_session_find(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		   struct store_session *row_out, struct err *err);
typedef enum status (*store_session_visit)(void *context,
					   const struct store_session *row,
					   struct err *err);
/* Those of an account, the last used first. */
MUST_CHECK enum status
store_session_each(struct store *store, uint64_t user_id,
		   store_session_visit visit, void *context, struct err *err);
MUST_CHECK enum status
store_session_seen(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		   int64_t seen_unix_ms, struct err *err);
MUST_CHECK enum status
store_session_delete(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		     struct err *err);
/* All sessions of a user; none is no error. */
MUST_CHECK enum status
store_session_delete_user(struct store *store, uint64_t user_id,
			  struct err *err);
/* Made before made_before or last seen before seen_before. */
MUST_CHECK enum status
store_session_expire(struct store *store, int64_t made_before_unix_ms,
		     int64_t seen_before_unix_ms, struct err *err);

/* A one-time sign-in of a sender: one for each notice that carries it. */
struct store_entry {
	void *memory;
	uint8_t id[STORE_ENTRY_ID_BYTES];
	uint8_t case_id[CASE_ID_BYTES];
	uint64_t job_id;                /* of the notice; unique */
	uint8_t code[STORE_HASH_BYTES]; /* HMAC of the code */
	uint32_t failures;
	int64_t made_unix_ms;
	int64_t expires_unix_ms;
	int64_t used_unix_ms; /* 0: not yet */
	uint32_t again_count; /* new codes asked for since again_unix_ms */
	int64_t again_unix_ms;
	struct span words; /* boxed: whose mailbox; the code until it is sent */
};
void store_entry_done(struct store_entry *row);
MUST_CHECK enum status
store_entry_insert(struct store *store, const struct store_entry *row,
		   struct err *err);
MUST_CHECK enum status
store_entry_update(struct store *store, const struct store_entry *row,
		   struct err *err);
MUST_CHECK enum status
store_entry_find(struct store *store, const uint8_t id[STORE_ENTRY_ID_BYTES],
		 struct store_entry *row_out, struct err *err);
MUST_CHECK enum status
store_entry_find_job(struct store *store, uint64_t job_id,
		     struct store_entry *row_out, struct err *err);

#endif
