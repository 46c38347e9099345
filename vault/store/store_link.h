/*
 * store_link.h - rows of secure links and of what they open. Rules: store.h.
 *
 * Who visits links stands in store_visit.h. All of them go with their case,
 * which the retention leaves alone for as long as a link of it lives.
 */
#ifndef VAULT_STORE_STORE_LINK_H
#define VAULT_STORE_STORE_LINK_H

#include "vault/store/blob.h"

/* A sender's wish, until the files are sealed. */
struct store_link_ask {
	void *memory;
	uint8_t case_id[CASE_ID_BYTES];
	int64_t asked_unix_ms;
	struct span words; /* boxed: salt and key of the password */
};
void store_link_ask_done(struct store_link_ask *row);
/* Insert, or replace the one that is there. */
MUST_CHECK enum status
store_link_ask_put(struct store *store, const struct store_link_ask *row,
		   struct err *err);
MUST_CHECK enum status
store_link_ask_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		    struct store_link_ask *row_out, struct err *err);
/* Its words go; none is no error. */
MUST_CHECK enum status
store_link_ask_forget(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		      struct err *err);

/* What was cut out of the mail of one case, and the mail without it. */
struct store_link_batch {
	void *memory;
	uint8_t case_id[CASE_ID_BYTES]; /* unique */
	uint8_t salt[CASE_ID_BYTES];    /* of the password, if there is one */
	int64_t sealed_unix_ms;
	int64_t ended_unix_ms; /* of the files; 0: some link lives */
	struct blob mail;      /* sealed for the ring */
	struct span mail_key;  /* wrapped; empty: shredded */
	struct blob files;     /* under the file key; id of zeros: shredded */
	uint32_t file_count;
	uint64_t total_bytes; /* of the files in clear */
	struct span manifest; /* boxed under the file key */
	struct span words;    /* boxed: what is shown of the files, the hole */
};
void store_link_batch_done(struct store_link_batch *row);
MUST_CHECK enum status
store_link_batch_insert(struct store *store, const struct store_link_batch *row,
			struct err *err);
/* All columns, by case_id. */
MUST_CHECK enum status
store_link_batch_update(struct store *store, const struct store_link_batch *row,
			struct err *err);
MUST_CHECK enum status
store_link_batch_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		      struct store_link_batch *row_out, struct err *err);
typedef enum status (*store_link_batch_visit)(
	void *context, const struct store_link_batch *row, struct err *err);
/* All of them; for check and backup. */
MUST_CHECK enum status
store_link_batch_each(struct store *store, store_link_batch_visit visit,
		      void *context, struct err *err);

struct store_link {
	void *memory;
	uint8_t id[LINK_ID_BYTES];
	uint8_t case_id[CASE_ID_BYTES];
	enum link_kind kind;
	enum link_state state;
	uint8_t lookup[STORE_HASH_BYTES];    /* SHA-256 of the proof; unique */
	uint8_t recipient[STORE_HASH_BYTES]; /* as store_recipient.address */
	/* The wrapped file key, boxed (link_keys.h); empty: gone. */
	struct span wrapped;
	uint32_t week; /* link_epochs.h */
	/* Boxed, until the next hop has the mail that tells it; then empty. */
	struct span secret;
	uint32_t downloads; /* visits that may take each file; 0: no limit */
	bool needs_code, needs_certificate;
	struct span password; /* SHA-256 of the proof; empty: none */
	int64_t made_unix_ms;
	int64_t sent_unix_ms; /* 0: not yet */
	int64_t expires_unix_ms;
	int64_t remind_unix_ms; /* 0: no reminder (any more) */
	int64_t ended_unix_ms;  /* 0: it lives */
	uint32_t opened;        /* visits that were proved */
	uint32_t fetched;       /* files that went out completely */
	uint32_t failures;      /* wrong codes and passwords in a row */
	uint32_t codes;         /* sent since codes_since */
	int64_t codes_since_unix_ms;
	struct span words; /* boxed: address, networks */
};
void store_link_done(struct store_link *row);
MUST_CHECK enum status
store_link_insert(struct store *store, const struct store_link *row,
		  struct err *err);
/* All columns, by id. */
MUST_CHECK enum status
store_link_update(struct store *store, const struct store_link *row,
		  struct err *err);
MUST_CHECK enum status
store_link_find(struct store *store, const uint8_t id[LINK_ID_BYTES],
		struct store_link *row_out, struct err *err);
/* By what only its secret gives: the link itself, or, when there is none, the
 * next one of all, so that both take the same time. Compare. ST_NOT_FOUND:
 * there is no link. */
MUST_CHECK enum status
store_link_find_near(struct store *store,
		     const uint8_t lookup[STORE_HASH_BYTES],
		     struct store_link *row_out, struct err *err);
typedef enum status (*store_link_visit)(void *context,
					const struct store_link *row,
					struct err *err);
/* Of one case, in the order they were made. */
MUST_CHECK enum status
store_link_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		store_link_visit visit, void *context, struct err *err);
/* Those that are LIVE or FROZEN, oldest first. */
MUST_CHECK enum status
store_link_each_living(struct store *store, store_link_visit visit,
		       void *context, struct err *err);
/* Does any link keep a secret that is to be sent? */
MUST_CHECK enum status
store_link_has_secrets(struct store *store, bool *has_out, struct err *err);
/* Of kind RECIPIENT, made after since, of mail that shares a sender with this
 * case. */
MUST_CHECK enum status
store_link_made(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		int64_t since_unix_ms, uint64_t *made_out, struct err *err);
struct store_link_counts {
	uint32_t recipients; /* of kind RECIPIENT */
	uint32_t living;     /* of these: not ended */
	uint32_t pending;    /* their mail is not with the next hop yet */
	uint32_t all_living; /* of every kind */
};
MUST_CHECK enum status
store_link_count(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		 struct store_link_counts *counts_out, struct err *err);

enum store_link_due {
	STORE_LINK_DUE_NONE = 0,
	STORE_LINK_DUE_EXPIRY,   /* LIVE or FROZEN, expires <= until */
	STORE_LINK_DUE_REMINDER, /* LIVE, 0 < remind <= until */
	/* Living, with a limit of downloads: each file was taken so often,
	 * and each time all of it went out, or that visit ended by until. */
	STORE_LINK_DUE_VISITED
};
struct store_link_due_query {
	enum store_link_due due;
	int64_t until_unix_ms;
	size_t limit; /* room in ids_out */
};
/* At most limit links, oldest first; *count_out ids are filled in. */
MUST_CHECK enum status
store_link_due(struct store *store, const struct store_link_due_query *query,
	       uint8_t (*ids_out)[LINK_ID_BYTES], size_t *count_out,
	       struct err *err);
/* The earliest of all that comes after now, or is overdue already; INT64_MAX:
 * none. Visits that ended without making their link VISITED do not count. */
MUST_CHECK enum status
store_link_next_due(struct store *store, int64_t now_unix_ms,
		    int64_t *unix_ms_out, struct err *err);

#endif
