/*
 * record.h - a case in memory: its row, what is boxed in it, its recipients.
 *
 * Layer:    vault/case
 * Threads:  as the struct vault
 */
#ifndef VAULT_CASE_RECORD_H
#define VAULT_CASE_RECORD_H

#include "vault/case/vault.h"

/* Boxed in store_case.summary: what lists, notices and decisions need, so
 * that none of them opens the mail's own detail. */
struct case_summary {
	const char *queue_id;
	const char *client_name;
	const char *client_address;
	bool authenticated;
	const struct case_sender *senders; /* of every retry that joined */
	size_t sender_count;
	const char *envelope_sender;
	const char *sender_esmtp_args;
	const char *subject;
	const char *recipients_text;
	uint64_t size_bytes;
	int64_t received_unix_ms;
	struct case_terms terms;
	enum report_verdict verdict;
	enum report_level level;
	int64_t score_db;
	uint64_t number_count;
	const struct vault_part_line *parts;
	size_t part_count;
};
extern const struct wire_table case_summary_table;

/* Boxed in store_case.unlock: what of the mail is locked, and what is done
 * about it. No password, and no place in the search once one was found. */
struct case_unlock {
	uint32_t locked; /* locks of the report in force that are closed */
	uint32_t opened;
	enum unlock_state state;        /* of the last tries */
	enum report_word_source source; /* that opened the last one */
	int64_t at_unix_ms;             /* of state; 0: never tried */
	uint32_t tries;                 /* typed since then */
	int64_t tries_since_unix_ms;
	enum search_state search;
	uint64_t tried, total, rate_per_s, spent_ms; /* of the search */
};
extern const struct wire_table case_unlock_table;

/* Boxed in store_case.decision. */
struct case_ruling {
	uint64_t user_id;
	const char *login;
	const char *name;
	enum case_decision decision;
	const char *purpose;
	const char *comment;
	int64_t at_unix_ms;
};
extern const struct wire_table case_ruling_table;

struct record {
	struct store_case row;
	struct case_summary summary; /* empty while SEALED */
	struct wire_arena *arena;    /* memory of summary and additions */
	struct sbuf boxed_summary;   /* of the last record_write() */
	struct sbuf boxed_decision;
	struct case_unlock unlock;
	struct sbuf boxed_unlock;
};
/* Fits AUTO() after record_init(). */
void record_init(struct record *record);
void record_done(struct record *record);

/* Returns: ST_OK; ST_NOT_FOUND; ST_UNSUPPORTED locked; ST_IO … */
MUST_CHECK enum status
record_read(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
	    struct record *record, struct err *err);
/* The summary of a row that was read another way. */
MUST_CHECK enum status
record_open(struct vault *vault, struct record *record, struct err *err);

/* Box summary and unlock into the row; the caller stores the row. */
MUST_CHECK enum status
record_box(struct vault *vault, struct record *record, struct err *err);

/* Box unlock alone; the caller stores the row. */
MUST_CHECK enum status
record_box_unlock(struct vault *vault, struct record *record, struct err *err);
/* That of a row; *unlock stays when there is none. */
MUST_CHECK enum status
record_open_unlock(const struct vault *vault, const struct store_case *row,
		   struct case_unlock *unlock, struct err *err);

/* Deadline and first reminder, counted from now, by the terms. */
void record_set_times(const struct vault *vault, struct record *record);

/* Fill summary from a detail; copies into the record's arena. */
MUST_CHECK enum status
record_summarize(struct record *record, const struct case_detail *detail,
		 struct err *err);
/* What summary and unlock tell of a report. */
MUST_CHECK enum status
record_take_report(struct record *record, const struct scan_report *report,
		   struct err *err);
/* Add to the identity set who is not in it yet. */
MUST_CHECK enum status
record_add_senders(struct vault *vault, struct record *record,
		   const struct case_detail *detail, struct err *err);

/* Set row.version: what a decision from now on is bound to. */
MUST_CHECK enum status
record_bind(struct vault *vault, struct record *record, struct err *err);

/* One recipient, opened. */
struct record_recipient {
	uint32_t index;
	uint8_t address_mac[STORE_HASH_BYTES];
	enum case_outcome outcome;
	uint32_t reply_code;
	const char *address;
	const char *esmtp_args;
	const char *last_reply;
};
struct record_recipients {
	struct wire_arena *arena;
	struct record_recipient *items;
	size_t count;
};
void record_recipients_done(struct record_recipients *list);
/* outcome NONE: all. *list must be zeroed. */
MUST_CHECK enum status
record_recipients(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		  enum case_outcome outcome, struct record_recipients *list,
		  struct err *err);
/* Those that the mail itself is owed to: waiting, and without a link. */
MUST_CHECK enum status
record_owed(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	    struct record_recipients *list, struct err *err);
/* Insert those of detail that the case does not have yet; counts and the
 * text of summary follow. *added_out when not NULL. */
MUST_CHECK enum status
record_add_recipients(struct vault *vault, struct record *record,
		      const struct case_recipient *recipients,
		      size_t recipient_count, uint32_t *added_out,
		      struct err *err);
/* One by its address; texts live in *arena_out. ST_NOT_FOUND: no such. */
MUST_CHECK enum status
record_find_recipient(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		      const char *address, struct record_recipient *out,
		      struct wire_arena **arena_out, struct err *err);
/* Write outcome, code and last reply of one. */
MUST_CHECK enum status
record_update_recipient(struct vault *vault,
			const uint8_t case_id[CASE_ID_BYTES],
			const struct record_recipient *recipient,
			struct err *err);

/* HMAC of a recipient address: of domains the case does not count. */
MUST_CHECK enum status
record_mac_recipient(const struct vault *vault, const char *address,
		     uint8_t out[STORE_HASH_BYTES], struct err *err);
/* The same exactly as given, as rows of before have it. */
MUST_CHECK enum status
record_mac_exactly(const struct vault *vault, const char *address,
		   uint8_t out[STORE_HASH_BYTES], struct err *err);

#endif
