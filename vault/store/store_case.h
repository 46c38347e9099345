/*
 * store_case.h - rows of cases and their recipients. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_CASE_H
#define VAULT_STORE_STORE_CASE_H

#include "vault/store/store.h"

enum { STORE_HASH_BYTES = 32, STORE_BLOB_ID_BYTES = 16 };

struct store_case {
	void *memory; /* the store's; see store_case_done() */
	uint8_t id[CASE_ID_BYTES];
	enum case_state state;
	uint8_t content_key[STORE_HASH_BYTES]; /* HMAC; zeros while SEALED */
	/* What a decision is bound to: blob, recipients, report. */
	uint8_t version[STORE_HASH_BYTES];
	int64_t taken_unix_ms;    /* by the vault */
	int64_t deadline_unix_ms; /* 0: none yet */
	int64_t remind_unix_ms;   /* 0: no reminder (any more) */
	int64_t ended_unix_ms;    /* 0: not ended */
	uint32_t recipient_count;
	uint32_t waiting_count; /* recipients without an outcome */
	const char *approvers;  /* group that decides; "" while SEALED */
	uint8_t blob_id[STORE_BLOB_ID_BYTES];
	uint8_t blob_hash[STORE_HASH_BYTES]; /* SHA-256 of the ciphertext */
	uint64_t blob_bytes;                 /* of the ciphertext */
	struct span blob_key;                /* wrapped; empty: shredded */
	struct span summary;                 /* boxed; what lists show */
	struct span decision; /* boxed; who decided, purpose, comment */
	uint32_t comments;    /* of the sender */
	/* When approvers were, or will be, told of comments; 0: never. */
	int64_t commented_unix_ms;
	bool self_test;     /* a mail of our own: in no list and no report */
	struct span unlock; /* boxed; empty: nothing in it was locked */
	/* The case that this one waits with and is decided with; zeros: none.
	 * It may be gone. */
	uint8_t companion_of[CASE_ID_BYTES];
};
void store_case_done(struct store_case *row);

/* The large columns, apart because lists do not need them. */
struct store_case_detail {
	void *memory;
	struct span detail_key; /* wrapped; empty: shredded */
	struct span detail;     /* sealed case_detail */
	struct span report_key; /* of a later scan; empty: that of detail */
	struct span report;
	struct span digest_key; /* only while SEALED: the sealed digest */
	struct span digest;
};
void store_case_detail_done(struct store_case_detail *row);

MUST_CHECK enum status
store_case_insert(struct store *store, const struct store_case *row,
		  const struct store_case_detail *detail, struct err *err);
/* All columns of the row by id; the detail stays. */
MUST_CHECK enum status
store_case_update(struct store *store, const struct store_case *row,
		  struct err *err);
MUST_CHECK enum status
store_case_update_detail(struct store *store, const uint8_t id[CASE_ID_BYTES],
			 const struct store_case_detail *detail,
			 struct err *err);
MUST_CHECK enum status
store_case_find(struct store *store, const uint8_t id[CASE_ID_BYTES],
		struct store_case *row_out, struct err *err);
MUST_CHECK enum status
store_case_find_detail(struct store *store, const uint8_t id[CASE_ID_BYTES],
		       struct store_case_detail *row_out, struct err *err);
/* The newest UNCONFIRMED or HELD case of this content taken since. */
MUST_CHECK enum status
store_case_find_content(struct store *store,
			const uint8_t content_key[STORE_HASH_BYTES],
			int64_t since_unix_ms, struct store_case *row_out,
			struct err *err);
/* The newest RELEASING or RELEASED one. */
MUST_CHECK enum status
store_case_find_released(struct store *store,
			 const uint8_t content_key[STORE_HASH_BYTES],
			 int64_t since_unix_ms, struct store_case *row_out,
			 struct err *err);
/* The cases that are companions of id, oldest first, limit at most. */
MUST_CHECK enum status
store_case_companions(struct store *store, const uint8_t id[CASE_ID_BYTES],
		      uint8_t (*ids_out)[CASE_ID_BYTES], size_t limit,
		      size_t *count_out, struct err *err);
/* With its detail, recipients, senders, jobs and tickets; not its audit. */
MUST_CHECK enum status
store_case_delete(struct store *store, const uint8_t id[CASE_ID_BYTES],
		  struct err *err);

/* HMACs of the canonical sender addresses, for "my mail". */
MUST_CHECK enum status
store_case_add_sender(struct store *store, const uint8_t id[CASE_ID_BYTES],
		      const uint8_t address[STORE_HASH_BYTES], struct err *err);

/* A case is listed when its state is in the mask and (everything, or its
 * group is one of groups, or one of its senders is one of senders). */
struct store_case_query {
	uint32_t state_mask; /* 1 << enum case_state */
	bool everything;
	const char *const *groups;
	size_t group_count;
	const uint8_t (*senders)[STORE_HASH_BYTES];
	size_t sender_count;
	bool newest_first; /* else oldest first, by taken_unix_ms, id */
	uint32_t offset, limit;
};
typedef enum status (*store_case_visit)(void *context,
					const struct store_case *row,
					struct err *err);
/* Gives: *total_out, rows that match without offset and limit (NULL: not
 * wanted). */
MUST_CHECK enum status
store_case_each(struct store *store, const struct store_case_query *query,
		store_case_visit visit, void *context, uint32_t *total_out,
		struct err *err);

enum store_due {
	STORE_DUE_NONE = 0,
	STORE_DUE_DEADLINE,  /* HELD, deadline_unix_ms <= until */
	STORE_DUE_REMINDER,  /* HELD, 0 < remind_unix_ms <= until */
	STORE_DUE_RETENTION, /* 0 < ended_unix_ms <= until, its links', too */
	STORE_DUE_SELF_TEST, /* self-tests, 0 < ended_unix_ms <= until */
	STORE_DUE_SEALED     /* state SEALED, whatever until is */
};
struct store_due_query {
	enum store_due due;
	int64_t until_unix_ms;
	size_t limit; /* room in ids_out */
};
/* At most limit cases, oldest first; *count_out ids are filled in. */
MUST_CHECK enum status
store_case_due(struct store *store, const struct store_due_query *query,
	       uint8_t (*ids_out)[CASE_ID_BYTES], size_t *count_out,
	       struct err *err);
/* Earliest deadline or reminder of a HELD case; INT64_MAX: none. */
MUST_CHECK enum status
store_case_next_due(struct store *store, int64_t *unix_ms_out, struct err *err);
/* Does a case or a batch of links own this blob? *found_out; for the sweep. */
MUST_CHECK enum status
store_blob_has_case(struct store *store,
		    const uint8_t blob_id[STORE_BLOB_ID_BYTES], bool *found_out,
		    struct err *err);

struct store_recipient {
	void *memory;
	uint8_t case_id[CASE_ID_BYTES];
	uint32_t index; /* from 0; unique with case_id, as is address */
	uint8_t address[STORE_HASH_BYTES]; /* HMAC */
	enum case_outcome outcome;
	uint32_t reply_code;
	struct span boxed; /* address, ESMTP arguments, last reply */
};
void store_recipient_done(struct store_recipient *row);
MUST_CHECK enum status
store_recipient_insert(struct store *store, const struct store_recipient *row,
		       struct err *err);
/* outcome, reply_code and boxed, by case_id and index. */
MUST_CHECK enum status
store_recipient_update(struct store *store, const struct store_recipient *row,
		       struct err *err);
MUST_CHECK enum status
store_recipient_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     const uint8_t address[STORE_HASH_BYTES],
		     struct store_recipient *row_out, struct err *err);
typedef enum status (*store_recipient_visit)(void *context,
					     const struct store_recipient *row,
					     struct err *err);
/* In order of index; outcome NONE: all of them. */
MUST_CHECK enum status
store_recipient_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     enum case_outcome outcome, store_recipient_visit visit,
		     void *context, struct err *err);
/* Whom the mail itself is owed to: WAITING, and without a link. */
MUST_CHECK enum status
store_recipient_each_unlinked(struct store *store,
			      const uint8_t case_id[CASE_ID_BYTES],
			      store_recipient_visit visit, void *context,
			      struct err *err);
/* Give outcome to every recipient that is WAITING. */
MUST_CHECK enum status
store_recipient_settle(struct store *store,
		       const uint8_t case_id[CASE_ID_BYTES],
		       enum case_outcome outcome, struct err *err);

#endif
