/* link_rows.h - rows of links with plausible contents. */
#ifndef TESTS_VAULT_LINK_ROWS_H
#define TESTS_VAULT_LINK_ROWS_H

#include "tests/harness/check.h"
#include "tests/vault/store_rows.h"
#include "vault/store/store_link.h"

static inline struct store_link_batch
row_batch(uint8_t number)
{
	struct store_link_batch row = { .sealed_unix_ms = 1000,
					.mail_key = span_of("mail key"),
					.file_count = 2,
					.total_bytes = 300,
					.manifest = span_of("manifest"),
					.words = span_of("words") };

	memset(row.case_id, number, sizeof(row.case_id));
	memset(row.salt, 0x20, sizeof(row.salt));
	memset(row.mail.id, 0xd0 + number, sizeof(row.mail.id));
	memset(row.mail.hash, 2, sizeof(row.mail.hash));
	row.mail.size_bytes = 11;
	memset(row.files.id, 0xe0 + number, sizeof(row.files.id));
	memset(row.files.hash, 3, sizeof(row.files.hash));
	row.files.size_bytes = 12;
	return row;
}

static inline struct store_link
row_link(uint8_t case_number, uint8_t number)
{
	struct store_link row = { .kind = LINK_KIND_RECIPIENT,
				  .state = LINK_STATE_PENDING,
				  .wrapped = span_of("wrapped"),
				  .week = 2900,
				  .secret = span_of("secret"),
				  .needs_code = true,
				  .password = span_of("password"),
				  .made_unix_ms = 1000,
				  .expires_unix_ms = 5000 + number,
				  .words = span_of("words") };

	memset(row.id, number, sizeof(row.id));
	memset(row.case_id, case_number, sizeof(row.case_id));
	memset(row.lookup, 0x50 + number, sizeof(row.lookup));
	memset(row.recipient, 0x90 + number, sizeof(row.recipient));
	return row;
}

/* Case 1, its batch and links 1 to 3, inside a transaction. */
static inline void
put_links(struct store *store)
{
	const struct store_case mail = row_case(1, CASE_STATE_RELEASING, 1000);
	const struct store_link_batch batch = row_batch(1);
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_begin(store, &err), &err);
	insert_case(store, &mail);
	check_status(ST_OK, store_link_batch_insert(store, &batch, &err), &err);
	for (uint8_t i = 1; i <= 3; i++) {
		const struct store_link row = row_link(1, i);

		check_status(ST_OK, store_link_insert(store, &row, &err), &err);
	}
}

#endif
