/*
 * vault.h - what every operation on cases, jobs and people works with.
 *
 * Layer:    vault/case
 * Threads:  a struct vault belongs to one thread at a time
 *
 * Operations return, as the answer to the one who asked (dispatch.c):
 *	ST_OK; ST_DENIED; ST_NOT_FOUND; ST_END conflict: changed meanwhile;
 *	ST_FORMAT the request makes no sense; ST_UNSUPPORTED the vault is
 *	locked; ST_LIMIT busy; ST_IO, ST_NO_MEMORY the store failed
 * Those that change something run inside a transaction of the writer, which
 * undoes all of it unless they return ST_OK.
 */
#ifndef VAULT_CASE_VAULT_H
#define VAULT_CASE_VAULT_H

#include "lib/config/config.h"
#include "vault/audit/audit.h"
#include "vault/case/clock_guard.h"
#include "vault/case/memory.h"
#include "vault/store/blob.h"

enum { VAULT_AFTER_BLOBS = 64, VAULT_AFTER_LINKS = 32 };

/* What is to be done once the transaction is durable. */
struct vault_after {
	uint8_t blobs[VAULT_AFTER_BLOBS][STORE_BLOB_ID_BYTES]; /* delete */
	size_t blob_count;
	/* Links of these cases ended: their own keys end before the answer;
	 * after sweep_keys those of all cases are looked through. */
	uint8_t linked[VAULT_AFTER_LINKS][CASE_ID_BYTES];
	size_t linked_count;
	bool sweep_keys;
	bool scrub; /* keys were destroyed: also in the store's log */
	bool jobs_changed;
	bool cases_changed; /* what lists or cases show */
};

struct vault {
	const struct config *config; /* borrowed */
	struct store *store;         /* borrowed */
	const struct key_ring *ring; /* borrowed; NULL: locked */
	int64_t now_unix_ms;
	struct clock_guard clock;    /* zeroed: now is not doubted */
	struct vault_after *after;   /* borrowed; NULL on READ connections */
	struct vault_memory *memory; /* borrowed; NULL: none */
};

/* Up to when time has passed for sure, and up to when it may have: now, unless
 * the clock has jumped. */
int64_t vault_passed(const struct vault *vault);
int64_t vault_latest(const struct vault *vault);

/* ST_UNSUPPORTED when the vault is locked, else ST_OK. */
MUST_CHECK enum status
vault_need_ring(const struct vault *vault, struct err *err);

/* Delete a blob once its row is gone for good; when there are too many the
 * sweep at the next start takes the rest. */
void vault_after_delete(struct vault *vault,
			const uint8_t blob_id[STORE_BLOB_ID_BYTES]);

/* A link of the case has ended. */
void
vault_after_link(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES]);

/* An audit row with the vault's time. case_id, detail, secret may be NULL. */
struct vault_deed {
	const char *actor;
	const char *via;
	const char *event;
	const uint8_t *case_id;
	const char *detail;
	const char *secret;
};
MUST_CHECK enum status
vault_audit(struct vault *vault, const struct vault_deed *deed,
	    struct err *err);

/* HMAC over label, a NUL, and bytes. Needs the ring. */
MUST_CHECK enum status
vault_mac(const struct vault *vault, enum key_use use, const char *label,
	  struct span bytes, uint8_t out[DIGEST_BYTES], struct err *err);

/* HMAC of the canonical form of an address. */
MUST_CHECK enum status
vault_mac_person(const struct vault *vault, enum key_use use,
		 const char *address, uint8_t out[DIGEST_BYTES],
		 struct err *err);

/* Boxed columns: message by its table, and back. What does not open is a
 * damaged store: ST_IO. */
MUST_CHECK enum status
vault_box(const struct vault *vault, const struct wire_table *table,
	  const void *message, struct sbuf *boxed_out, struct err *err);
MUST_CHECK enum status
vault_unbox(const struct vault *vault, const struct wire_table *table,
	    struct span boxed, void *message, struct wire_arena **arena_out,
	    struct err *err);

/* Append at most max_bytes of text as WIRE_UTF8 takes it: whole characters,
 * "?" for bytes that are none and for controls. */
void vault_readable(struct sbuf *out, const char *text, size_t max_bytes);

/* text in ASCII lower case, cut when out is too small. */
void vault_lower(const char *text, char *out, size_t out_bytes);

/* Is word one of the comma separated words of list? */
bool vault_list_has(const char *list, const char *word);

/* Step through a comma separated list; spaces around words do not count.
 * False at the end. Empty words are skipped. */
bool vault_list_next(struct span *rest, struct span *word_out);

#endif
