/*
 * store_visit.h - rows of who visits secure links. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_VISIT_H
#define VAULT_STORE_STORE_VISIT_H

#include "vault/store/store_link.h"

/* One visit to a link. */
struct store_claim {
	void *memory;
	uint8_t token[STORE_HASH_BYTES]; /* SHA-256 of the claim */
	uint8_t link_id[LINK_ID_BYTES];
	enum link_stage stage;
	int64_t made_unix_ms;
	int64_t until_unix_ms;
	/* The code that was sent to the mailbox. */
	uint8_t code[STORE_HASH_BYTES]; /* HMAC; zeros: none */
	int64_t code_until_unix_ms;     /* 0: none */
	uint64_t code_job;              /* the notice that carries it; or 0 */
	struct span words; /* boxed: from where; the code until it is sent */
};
void store_claim_done(struct store_claim *row);
MUST_CHECK enum status
store_claim_insert(struct store *store, const struct store_claim *row,
		   struct err *err);
/* All columns, by token. */
MUST_CHECK enum status
store_claim_update(struct store *store, const struct store_claim *row,
		   struct err *err);
MUST_CHECK enum status
store_claim_find(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		 struct store_claim *row_out, struct err *err);
/* By the notice that carries its code. */
MUST_CHECK enum status
store_claim_find_job(struct store *store, uint64_t job_id,
		     struct store_claim *row_out, struct err *err);
/* Claims of a link that were made after since, at now the latest; most at
 * most. */
MUST_CHECK enum status
store_claim_count(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		  const int64_t since_now_unix_ms[2], uint64_t most,
		  uint64_t *count_out, struct err *err);
typedef enum status (*store_claim_visit)(void *context,
					 const struct store_claim *row,
					 struct err *err);
/* Of one link. */
MUST_CHECK enum status
store_claim_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		 store_claim_visit visit, void *context, struct err *err);
/* Those that ended before until; none is no error. */
MUST_CHECK enum status
store_claim_expire(struct store *store, int64_t until_unix_ms, struct err *err);
/* All of a link. */
MUST_CHECK enum status
store_claim_delete_link(struct store *store,
			const uint8_t link_id[LINK_ID_BYTES], struct err *err);

/* A file that was taken in one visit. */
struct store_take {
	uint8_t link_id[LINK_ID_BYTES];
	uint32_t file;
	uint8_t claim[STORE_HASH_BYTES]; /* as store_claim.token */
	bool once;                       /* of such a link: by one visit only */
	int64_t taken_unix_ms;
	int64_t complete_unix_ms; /* 0: not (yet) all of it went out */
	/* When its visit ends (claims may be gone), or what is on its way. */
	int64_t until_unix_ms;
	uint32_t broken; /* downloads that broke off */
};
/* ST_DENIED: it was taken in this visit; once: in any. */
MUST_CHECK enum status
store_take_insert(struct store *store, const struct store_take *row,
		  struct err *err);
/* complete_unix_ms and until_unix_ms, by link_id, file and claim. */
MUST_CHECK enum status
store_take_update(struct store *store, const struct store_take *row,
		  struct err *err);
/* One more of broken, by link_id, file and claim. */
MUST_CHECK enum status
store_take_break(struct store *store, const struct store_take *row,
		 struct err *err);
/* until_unix_ms of all of link_id and claim that are not complete, where it is
 * less; none is no error. */
MUST_CHECK enum status
store_take_keep(struct store *store, const struct store_take *row,
		struct err *err);
typedef enum status (*store_take_visit)(void *context,
					const struct store_take *row,
					struct err *err);
/* Of one link, by file and time. */
MUST_CHECK enum status
store_take_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		store_take_visit visit, void *context, struct err *err);

/* What happened to a link, for its sender. */
struct store_link_event {
	uint8_t link_id[LINK_ID_BYTES];
	int64_t at_unix_ms;
	bool minor;        /* does not push out the others */
	struct span words; /* boxed */
};
MUST_CHECK enum status
store_link_event_insert(struct store *store, const struct store_link_event *row,
			struct err *err);
typedef enum status (*store_link_event_visit)(
	void *context, const struct store_link_event *row, struct err *err);
/* Of one link, in the order they happened; so many at most, the last ones. */
struct store_link_event_most {
	uint32_t major;
	uint32_t minor;
};
MUST_CHECK enum status
store_link_event_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		      struct store_link_event_most most,
		      store_link_event_visit visit, void *context,
		      struct err *err);

#endif
