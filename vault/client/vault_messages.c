#include "vault/client/vault_messages_internal.h"

static const struct wire_field vault_word_fields[] = {
	WIRE_UTF8_F(struct vault_word, text, 1, REPORT_SECRET_BYTES),
	WIRE_ENUM_F(struct vault_word, source, 1, REPORT_WORD_SOURCE_END - 1),
};
static WIRE_TABLE(vault_word_items, 0, 1, vault_word, vault_word_fields);

static const struct wire_field vault_failure_fields[] = {
	WIRE_ENUM_F(struct vault_failure, kind, 1, VAULT_FAILURE_END - 1),
	WIRE_UTF8_F(struct vault_failure, reason, 0, VAULT_MAX_COMMENT_BYTES),
};

static const struct wire_field vault_public_key_fields[] = {
	WIRE_U32_F(struct vault_public_key, epoch, 0, UINT32_MAX),
	WIRE_FIXED_F(struct vault_public_key, key),
};

static const struct wire_field vault_hold_fields[] = {
	WIRE_FIXED_F(struct vault_hold, content_digest),
	WIRE_BOOL_F(struct vault_hold, unconfirmed),
	WIRE_BYTES_F(struct vault_hold, self_test, 0, VAULT_SELF_TEST_BYTES),
	WIRE_U32_F(struct vault_hold, key_epoch, 0, UINT32_MAX),
	WIRE_BYTES_F(struct vault_hold, blob_key, 0, VAULT_MAX_KEY_BYTES),
	WIRE_BYTES_F(struct vault_hold, detail_key, 0, VAULT_MAX_KEY_BYTES),
	WIRE_BYTES_F(struct vault_hold, detail, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_U64_F(struct vault_hold, sealed_bytes, 0, UINT64_MAX),
	WIRE_BYTES_F(struct vault_hold, companion_of, 0, CASE_ID_BYTES),
};

static const struct wire_field vault_hold_answer_fields[] = {
	WIRE_FIXED_F(struct vault_hold_answer, case_id),
	WIRE_BOOL_F(struct vault_hold_answer, joined),
};

static const struct wire_field vault_redeem_fields[] = {
	WIRE_BYTES_F(struct vault_redeem, ticket, 0, 64),
	WIRE_FIXED_F(struct vault_redeem, content_digest),
	WIRE_TEXT_F(struct vault_redeem, envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_LIST_F(struct vault_redeem, recipients, recipient_count, 0,
		    CASE_MAX_RECIPIENTS, case_recipient_table),
};

static const struct wire_field vault_redeem_answer_fields[] = {
	WIRE_BOOL_F(struct vault_redeem_answer, valid),
	WIRE_FIXED_F(struct vault_redeem_answer, case_id),
};

static const struct wire_field vault_bounce_fields[] = {
	WIRE_UTF8_F(struct vault_bounce, dsn.envid, 0, 128),
	WIRE_UTF8_F(struct vault_bounce, dsn.recipient, 0, 1000),
	WIRE_UTF8_F(struct vault_bounce, dsn.action, 0, 64),
	WIRE_UTF8_F(struct vault_bounce, dsn.code, 0, 64),
	WIRE_LIST_F(struct vault_bounce, recipients, recipient_count, 0,
		    CASE_MAX_RECIPIENTS, case_recipient_table),
};

static const struct wire_field vault_bounce_answer_fields[] = {
	WIRE_BOOL_F(struct vault_bounce_answer, known),
	WIRE_FIXED_F(struct vault_bounce_answer, case_id),
};

static const struct wire_field vault_pair_fields[] = {
	WIRE_TEXT_F(struct vault_pair, sender, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct vault_pair, recipient, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_I64_F(struct vault_pair, at_unix_ms),
};
static WIRE_TABLE(vault_pair_items, 0, 1, vault_pair, vault_pair_fields);

static const struct wire_field vault_pairs_fields[] = {
	WIRE_LIST_F(struct vault_pairs, pairs, pair_count, 0, 5000,
		    vault_pair_items),
};

static const struct wire_field vault_related_fields[] = {
	WIRE_LIST_F(struct vault_related, senders, sender_count, 0,
		    CASE_MAX_SENDERS, case_sender_table),
	WIRE_LIST_F(struct vault_related, recipients, recipient_count, 0,
		    CASE_MAX_RECIPIENTS, case_recipient_table),
	WIRE_BOOL_F(struct vault_related, locked),
	WIRE_BOOL_F(struct vault_related, wait),
	WIRE_LIST_F(struct vault_related, words, word_count, 0,
		    REPORT_MAX_WORDS, report_word_table),
};

static const struct wire_field vault_wait_fields[] = {
	WIRE_TEXT_F(struct vault_wait, recipient, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_FIXED_F(struct vault_wait, case_id),
	CASE_TERMS_WIRE(struct vault_wait, 0),
};
static WIRE_TABLE(vault_wait_items, 0, 1, vault_wait, vault_wait_fields);

static const struct wire_field vault_related_answer_fields[] = {
	WIRE_LIST_F(struct vault_related_answer, words, word_count, 0,
		    VAULT_MAX_WORDS, vault_word_items),
	WIRE_LIST_F(struct vault_related_answer, waits, wait_count, 0,
		    CASE_MAX_RECIPIENTS, vault_wait_items),
};

static const struct wire_field vault_words_forgotten_fields[] = {
	WIRE_U64_F(struct vault_words_forgotten, count, 0, UINT64_MAX),
};

static const struct wire_field vault_take_job_fields[] = {
	WIRE_U32_F(struct vault_take_job, wait_ms, 0, 5000),
	WIRE_U32_F(struct vault_take_job, lease_s, 0, UINT32_MAX),
	WIRE_BOOL_F(struct vault_take_job, fresh),
	WIRE_BOOL_F(struct vault_take_job, quick),
	WIRE_BOOL_F(struct vault_take_job, idle),
};

static const struct wire_field vault_part_line_fields[] = {
	WIRE_UTF8_F(struct vault_part_line, path, 0, 2000),
	WIRE_UTF8_F(struct vault_part_line, type, 0, 64),
	WIRE_U64_F(struct vault_part_line, number_count, 0, UINT64_MAX),
	WIRE_ENUM_F(struct vault_part_line, reason, 0, REPORT_REASON_END - 1),
};
static WIRE_TABLE(vault_part_line_items, 0, 1, vault_part_line,
		  vault_part_line_fields);

static const struct wire_field vault_job_fields[] = {
	WIRE_BOOL_F(struct vault_job, present),
	WIRE_U64_F(struct vault_job, job_id, 0, UINT64_MAX),
	WIRE_FIXED_F(struct vault_job, lease),
	WIRE_ENUM_F(struct vault_job, kind, 1, JOB_KIND_END - 1),
	WIRE_U32_F(struct vault_job, attempt, 0, UINT32_MAX),
	WIRE_FIXED_F(struct vault_job, case_id),
	WIRE_ENUM_F(struct vault_job, profile, REPORT_PROFILE_NONE,
		    REPORT_PROFILE_END - 1),
	WIRE_TEXT_F(struct vault_job, envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct vault_job, sender_esmtp_args, 0,
		    CASE_MAX_ARGS_BYTES),
	WIRE_LIST_F(struct vault_job, recipients, recipient_count, 0,
		    CASE_MAX_RECIPIENTS, case_recipient_table),
	WIRE_TEXT_F(struct vault_job, envid, 0, 128),
	WIRE_BYTES_F(struct vault_job, ticket, 0, 64),
	WIRE_ENUM_F(struct vault_job, event, 1, NOTICE_END - 1),
	WIRE_ENUM_F(struct vault_job, audience, 1, NOTICE_AUDIENCE_END - 1),
	WIRE_UTF8_F(struct vault_job, language, 0, 8),
	WIRE_UTF8_F(struct vault_job, person, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_job, subject, 0, 1000),
	WIRE_TEXT_F(struct vault_job, sender, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct vault_job, approvers, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct vault_job, rule, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_job, reason, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct vault_job, recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct vault_job, received_unix_ms),
	WIRE_I64_F(struct vault_job, deadline_unix_ms),
	WIRE_U64_F(struct vault_job, number_count, 0, UINT64_MAX),
	WIRE_LIST_F(struct vault_job, parts, part_count, 0, REPORT_MAX_PARTS,
		    vault_part_line_items),
	WIRE_TEXT_F(struct vault_job, entry_id, 0, VAULT_ENTRY_BYTES),
	WIRE_TEXT_F(struct vault_job, entry_code, 0, VAULT_ENTRY_BYTES),
	WIRE_LIST_F(struct vault_job, words, word_count, 0, VAULT_MAX_WORDS,
		    vault_word_items),
	WIRE_U64_F(struct vault_job, search_from, 0, UINT64_MAX),
	WIRE_U32_F(struct vault_job, search_ms, 0, UINT32_MAX),
	WIRE_U64_F(struct vault_job, mail_bytes, 0, UINT64_MAX),
	WIRE_BOOL_F(struct vault_job, findings_only),
	WIRE_BOOL_F(struct vault_job, cut_pictures),
	WIRE_U64_F(struct vault_job, logo_bytes, 0, UINT32_MAX),
	WIRE_BYTES_F(struct vault_job, link.link_id, 0, LINK_ID_BYTES),
	WIRE_TEXT_F(struct vault_job, link.code, 0, VAULT_LINK_TEXT_BYTES),
	WIRE_U64_F(struct vault_job, link.hole_offset, 0, UINT64_MAX),
	WIRE_BOOL_F(struct vault_job, link.whole_body),
	WIRE_TEXT_F(struct vault_job, link.boundary, 0,
		    LINK_MAX_BOUNDARY_BYTES),
	WIRE_I64_F(struct vault_job, link.expires_unix_ms),
	WIRE_U32_F(struct vault_job, link.downloads, 0, LINK_MAX_DOWNLOADS),
	WIRE_BOOL_F(struct vault_job, link.needs_code),
	WIRE_BOOL_F(struct vault_job, link.needs_password),
	WIRE_LIST_F(struct vault_job, link.files, link.file_count, 0,
		    LINK_MAX_FILES, link_file_table),
	WIRE_TEXT_F(struct vault_job, link.mailbox_code, 0,
		    VAULT_LINK_TEXT_BYTES),
};

static const struct wire_field vault_bind_ticket_fields[] = {
	WIRE_U64_F(struct vault_bind_ticket, job_id, 0, UINT64_MAX),
	WIRE_FIXED_F(struct vault_bind_ticket, lease),
	WIRE_FIXED_F(struct vault_bind_ticket, content_digest),
};

static const struct wire_field vault_bind_ticket_answer_fields[] = {
	WIRE_BYTES_F(struct vault_bind_ticket_answer, ticket, 0, 64),
};

static const struct wire_field vault_delivery_fields[] = {
	WIRE_TEXT_F(struct vault_delivery, recipient, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_U32_F(struct vault_delivery, reply_code, 0, UINT32_MAX),
	WIRE_TEXT_F(struct vault_delivery, enhanced, 0, 16),
	WIRE_UTF8_F(struct vault_delivery, text, 0, 512),
};
static WIRE_TABLE(vault_delivery_items, 0, 1, vault_delivery,
		  vault_delivery_fields);

static const struct wire_field vault_job_done_fields[] = {
	WIRE_U64_F(struct vault_job_done, job_id, 0, UINT64_MAX),
	WIRE_FIXED_F(struct vault_job_done, lease),
	WIRE_ENUM_F(struct vault_job_done, result, 1, JOB_RESULT_END - 1),
	WIRE_LIST_F(struct vault_job_done, deliveries, delivery_count, 0,
		    CASE_MAX_RECIPIENTS, vault_delivery_items),
	WIRE_BYTES_F(struct vault_job_done, report, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_BYTES_F(struct vault_job_done, preview, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_UTF8_F(struct vault_job_done, reason, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_LIST_F(struct vault_job_done, words, word_count, 0,
		    REPORT_MAX_WORDS, report_word_table),
};

static const struct wire_field vault_timers_answer_fields[] = {
	WIRE_U32_F(struct vault_timers_answer, fired, 0, UINT32_MAX),
	WIRE_I64_F(struct vault_timers_answer, next_unix_ms),
};

static const struct wire_field vault_status_fields[] = {
	WIRE_BOOL_F(struct vault_status, locked),
	WIRE_UTF8_F(struct vault_status, lock_reason, 0, 500),
	WIRE_U32_F(struct vault_status, schema_version, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_status, key_epoch, 0, UINT32_MAX),
	WIRE_BOOL_F(struct vault_status, escrowed),
	WIRE_BOOL_F(struct vault_status, key_on_store_device),
	WIRE_U64_F(struct vault_status, cases_open, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, cases_total, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, cases_unconfirmed, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, jobs_waiting, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, jobs_failing, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, oldest_open_unix_ms, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, store_bytes, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, free_bytes, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, audit_rows, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, pairs, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, pairs_lost, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_status, holds_failed, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_status, store_error, 0, 500),
	WIRE_I64_F(struct vault_status, self_test_sent_unix_ms),
	WIRE_I64_F(struct vault_status, self_test_held_unix_ms),
	WIRE_BOOL_F(struct vault_status, self_test_late),
	WIRE_I64_F(struct vault_status, clock_off_ms),
};

static const struct wire_field vault_self_test_fields[] = {
	WIRE_U32_F(struct vault_self_test, late_after_s, 0, 86400),
};

static const struct wire_field vault_self_test_answer_fields[] = {
	WIRE_BYTES_F(struct vault_self_test_answer, ticket, 0,
		     VAULT_SELF_TEST_BYTES),
};

static const struct wire_field vault_group_line_fields[] = {
	WIRE_UTF8_F(struct vault_group_line, group, 0, VAULT_MAX_NAME_BYTES),
	WIRE_U32_F(struct vault_group_line, approvers, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_group_line, left_alone, 0, UINT32_MAX),
};
static WIRE_TABLE(vault_group_line_items, 0, 1, vault_group_line,
		  vault_group_line_fields);

static const struct wire_field vault_groups_answer_fields[] = {
	WIRE_LIST_F(struct vault_groups_answer, groups, group_count, 0,
		    VAULT_MAX_PAGE, vault_group_line_items),
};

static const struct wire_field vault_store_check_answer_fields[] = {
	WIRE_BOOL_F(struct vault_store_check_answer, intact),
	WIRE_U64_F(struct vault_store_check_answer, cases, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_store_check_answer, blobs, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_store_check_answer, problems, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_store_check_answer, first_problem, 0, 500),
};

static const struct wire_field vault_store_backup_fields[] = {
	WIRE_BYTES_F(struct vault_store_backup, actor.token, 0,
		     VAULT_TOKEN_BYTES),
};

WIRE_TABLE(vault_table_failure, VAULT_TYPE_FAILURE, 1, vault_failure,
	   vault_failure_fields);

#define REQUEST(symbol, number, request, answer, peers, roles)      \
	WIRE_TABLE(vault_table_##symbol, VAULT_TYPE_##symbol, 1,    \
		   vault_##request, vault_##request##_fields);      \
	WIRE_TABLE(vault_table_##symbol##_answer,                   \
		   VAULT_TYPE_##symbol##_ANSWER, 1, vault_##answer, \
		   vault_##answer##_fields);
#include "vault/client/requests_programs.def"
#undef REQUEST

const char *
job_kind_name(enum job_kind kind)
{
	static const char *const names[] = { "none",    "release", "give-back",
					     "notice",  "rescan",  "preview",
					     "reveal",  "unlock",  "search",
					     "rewrite", "link" };

	return (size_t)kind < ARRAY_LEN(names) ? names[kind] : "none";
}
