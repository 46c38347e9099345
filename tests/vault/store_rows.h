/* store_rows.h - rows with plausible contents for the tests of the store. */
#ifndef TESTS_VAULT_STORE_ROWS_H
#define TESTS_VAULT_STORE_ROWS_H

#include <string.h>

#include "lib/base/parse.h"
#include "vault/store/store_audit.h"
#include "vault/store/store_job.h"
#include "vault/store/store_people.h"
#include "vault/store/store_session.h"

static inline struct store_case
row_case(uint8_t number, enum case_state state, int64_t taken_unix_ms)
{
	struct store_case row = {
		.state = state,
		.taken_unix_ms = taken_unix_ms,
		.deadline_unix_ms = taken_unix_ms + 1000,
		.remind_unix_ms = taken_unix_ms + 500,
		.recipient_count = 2,
		.waiting_count = 2,
		.approvers = "managers",
		.blob_bytes = 1234,
		.blob_key = span_of("blob key"),
		.summary = span_of("summary"),
	};

	memset(row.id, number, sizeof(row.id));
	memset(row.content_key, 0x40 + number, sizeof(row.content_key));
	memset(row.version, 0x80, sizeof(row.version));
	memset(row.blob_id, 0x60 + number, sizeof(row.blob_id));
	memset(row.blob_hash, 0xa0 + number, sizeof(row.blob_hash));
	return row;
}

static inline struct store_case_detail
row_detail(void)
{
	return (struct store_case_detail){
		.detail_key = span_of("detail key"),
		.detail = span_of("detail"),
		.digest_key = span_of("digest key"),
		.digest = span_of("digest"),
	};
}

static inline struct store_recipient
row_recipient(uint8_t case_number, uint32_t index)
{
	struct store_recipient row = {
		.index = index,
		.outcome = CASE_OUTCOME_WAITING,
		.boxed = span_of("boxed recipient"),
	};

	memset(row.case_id, case_number, sizeof(row.case_id));
	memset(row.address, (int)(0x10 + index), sizeof(row.address));
	return row;
}

static inline struct store_job
row_job(uint8_t case_number, uint8_t number, int64_t not_before_unix_ms)
{
	struct store_job row = {
		.kind = JOB_KIND_NOTICE,
		.not_before_unix_ms = not_before_unix_ms,
		.payload = span_of("payload"),
	};

	memset(row.case_id, case_number, sizeof(row.case_id));
	memset(row.dedupe, number, sizeof(row.dedupe));
	return row;
}

/* Insert with row_detail(). */
void insert_case(struct store *store, const struct store_case *row);

/* What visitors saw: one byte of each row. */
struct seen {
	uint8_t ids[16];
	size_t count;
	size_t stop_after;
	enum status stop_with;
};
enum status seen_step(struct seen *seen, uint8_t id, struct err *err);

static inline struct store_user
row_user(const char *login, int64_t uid)
{
	return (struct store_user){
		.login = login,
		.name = "山田太郎",
		.language = "ja",
		.roles = VAULT_ROLE_APPROVER,
		.enabled = true,
		.uid = uid,
		.addresses = "a@example.co.jp,b@example.co.jp",
		.former_addresses = "old@example.co.jp",
		.groups = "managers",
		.password = "$argon2id$",
		.created_unix_ms = 5,
		.failures = 1,
		.locked_until_unix_ms = 6,
		.factor = span_of("factor"),
		.factor_new = span_of("new"),
	};
}

#endif
