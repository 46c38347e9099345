#include "vault/client/vault_messages.h"

static const struct wire_field vault_failure_fields[] = {
	WIRE_ENUM_F(struct vault_failure, kind, 1, VAULT_FAILURE_END - 1),
	WIRE_UTF8_F(struct vault_failure, reason, 0, VAULT_MAX_COMMENT_BYTES),
};

static const struct wire_field vault_empty_fields[] = {
	WIRE_U32_F(struct vault_empty, reserved, 0, 0),
};

static const struct wire_field vault_public_key_fields[] = {
	WIRE_U32_F(struct vault_public_key, epoch, 0, UINT32_MAX),
	WIRE_FIXED_F(struct vault_public_key, key),
};

static const struct wire_field vault_hold_fields[] = {
	WIRE_FIXED_F(struct vault_hold, content_digest),
	WIRE_BOOL_F(struct vault_hold, unconfirmed),
	WIRE_BOOL_F(struct vault_hold, self_test),
	WIRE_U32_F(struct vault_hold, key_epoch, 0, UINT32_MAX),
	WIRE_BYTES_F(struct vault_hold, blob_key, 0, VAULT_MAX_KEY_BYTES),
	WIRE_BYTES_F(struct vault_hold, detail_key, 0, VAULT_MAX_KEY_BYTES),
	WIRE_BYTES_F(struct vault_hold, detail, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_U64_F(struct vault_hold, sealed_bytes, 0, UINT64_MAX),
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

static const struct wire_field vault_take_job_fields[] = {
	WIRE_U32_F(struct vault_take_job, wait_ms, 0, 5000),
	WIRE_U32_F(struct vault_take_job, lease_s, 0, UINT32_MAX),
	WIRE_BOOL_F(struct vault_take_job, fresh),
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
	WIRE_UTF8_F(struct vault_job_done, reason, 0, VAULT_MAX_COMMENT_BYTES),
};

static const struct wire_field vault_timers_answer_fields[] = {
	WIRE_U32_F(struct vault_timers_answer, fired, 0, UINT32_MAX),
	WIRE_I64_F(struct vault_timers_answer, next_unix_ms),
};

static const struct wire_field vault_login_fields[] = {
	WIRE_UTF8_F(struct vault_login, login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct vault_login, password, 0, 1024),
	WIRE_TEXT_F(struct vault_login, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_user_fields[] = {
	WIRE_U64_F(struct vault_user, user_id, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_user, login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_user, name, 0, VAULT_MAX_NAME_BYTES),
	WIRE_U32_F(struct vault_user, roles, 0, VAULT_ROLE_ALL),
	WIRE_UTF8_F(struct vault_user, language, 0, 8),
	WIRE_BOOL_F(struct vault_user, enabled),
	WIRE_I64_F(struct vault_user, uid),
	WIRE_TEXT_F(struct vault_user, addresses, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct vault_user, groups, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct vault_user, created_unix_ms),
	WIRE_I64_F(struct vault_user, locked_until_unix_ms),
};
static WIRE_TABLE(vault_user_items, 0, 1, vault_user, vault_user_fields);

static const struct wire_field vault_session_fields[] = {
	WIRE_BYTES_F(struct vault_session, token, 0, VAULT_TOKEN_BYTES),
	WIRE_BYTES_F(struct vault_session, form_token, 0, VAULT_TOKEN_BYTES),
	WIRE_U64_F(struct vault_session, user.user_id, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_session, user.login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_session, user.name, 0, VAULT_MAX_NAME_BYTES),
	WIRE_U32_F(struct vault_session, user.roles, 0, VAULT_ROLE_ALL),
	WIRE_UTF8_F(struct vault_session, user.language, 0, 8),
	WIRE_BOOL_F(struct vault_session, user.enabled),
	WIRE_I64_F(struct vault_session, user.uid),
	WIRE_TEXT_F(struct vault_session, user.addresses, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct vault_session, user.groups, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct vault_session, user.created_unix_ms),
	WIRE_I64_F(struct vault_session, user.locked_until_unix_ms),
};

static const struct wire_field vault_whoami_fields[] = {
	WIRE_BYTES_F(struct vault_whoami, actor.token, 0, VAULT_TOKEN_BYTES),
};

static const struct wire_field vault_list_fields[] = {
	WIRE_BYTES_F(struct vault_list, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_ENUM_F(struct vault_list, filter, 1, CASE_FILTER_END - 1),
	WIRE_U32_F(struct vault_list, offset, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_list, limit, 0, VAULT_MAX_PAGE),
};

static const struct wire_field vault_case_line_fields[] = {
	WIRE_FIXED_F(struct vault_case_line, case_id),
	WIRE_ENUM_F(struct vault_case_line, state, 1, CASE_STATE_END - 1),
	WIRE_TEXT_F(struct vault_case_line, envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct vault_case_line, recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U32_F(struct vault_case_line, recipient_count, 0, UINT32_MAX),
	WIRE_UTF8_F(struct vault_case_line, subject, 0, 1000),
	WIRE_U64_F(struct vault_case_line, number_count, 0, UINT64_MAX),
	WIRE_ENUM_F(struct vault_case_line, verdict, 1,
		    REPORT_VERDICT_UNSCANNABLE),
	WIRE_ENUM_F(struct vault_case_line, level, 0, REPORT_LEVEL_SURE),
	WIRE_I64_F(struct vault_case_line, score_db),
	WIRE_UTF8_F(struct vault_case_line, rule, 0, VAULT_MAX_NAME_BYTES),
	WIRE_I64_F(struct vault_case_line, received_unix_ms),
	WIRE_I64_F(struct vault_case_line, deadline_unix_ms),
	WIRE_BOOL_F(struct vault_case_line, own),
};
static WIRE_TABLE(vault_case_line_items, 0, 1, vault_case_line,
		  vault_case_line_fields);

static const struct wire_field vault_list_answer_fields[] = {
	WIRE_LIST_F(struct vault_list_answer, lines, line_count, 0,
		    VAULT_MAX_PAGE, vault_case_line_items),
	WIRE_U32_F(struct vault_list_answer, total, 0, UINT32_MAX),
};

static const struct wire_field vault_show_fields[] = {
	WIRE_BYTES_F(struct vault_show, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_show, case_id),
};

static const struct wire_field vault_case_event_fields[] = {
	WIRE_I64_F(struct vault_case_event, at_unix_ms),
	WIRE_UTF8_F(struct vault_case_event, actor, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_case_event, event, 0, 64),
	WIRE_UTF8_F(struct vault_case_event, detail, 0,
		    VAULT_MAX_COMMENT_BYTES),
};
static WIRE_TABLE(vault_case_event_items, 0, 1, vault_case_event,
		  vault_case_event_fields);

static const struct wire_field vault_recipient_line_fields[] = {
	WIRE_TEXT_F(struct vault_recipient_line, address, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_ENUM_F(struct vault_recipient_line, outcome, 1,
		    CASE_OUTCOME_END - 1),
	WIRE_TEXT_F(struct vault_recipient_line, last_reply, 0, 600),
	WIRE_BOOL_F(struct vault_recipient_line, written_before),
};
static WIRE_TABLE(vault_recipient_line_items, 0, 1, vault_recipient_line,
		  vault_recipient_line_fields);

static const struct wire_field vault_case_fields[] = {
	WIRE_FIXED_F(struct vault_case, line.case_id),
	WIRE_ENUM_F(struct vault_case, line.state, 1, CASE_STATE_END - 1),
	WIRE_TEXT_F(struct vault_case, line.envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct vault_case, line.recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U32_F(struct vault_case, line.recipient_count, 0, UINT32_MAX),
	WIRE_UTF8_F(struct vault_case, line.subject, 0, 1000),
	WIRE_U64_F(struct vault_case, line.number_count, 0, UINT64_MAX),
	WIRE_ENUM_F(struct vault_case, line.verdict, 1,
		    REPORT_VERDICT_UNSCANNABLE),
	WIRE_ENUM_F(struct vault_case, line.level, 0, REPORT_LEVEL_SURE),
	WIRE_I64_F(struct vault_case, line.score_db),
	WIRE_UTF8_F(struct vault_case, line.rule, 0, VAULT_MAX_NAME_BYTES),
	WIRE_I64_F(struct vault_case, line.received_unix_ms),
	WIRE_I64_F(struct vault_case, line.deadline_unix_ms),
	WIRE_BOOL_F(struct vault_case, line.own),
	WIRE_LIST_F(struct vault_case, senders, sender_count, 0, 64,
		    case_sender_table),
	WIRE_LIST_F(struct vault_case, recipients, recipient_count, 0,
		    CASE_MAX_RECIPIENTS, vault_recipient_line_items),
	WIRE_TEXT_F(struct vault_case, client, 0, 600),
	WIRE_TEXT_F(struct vault_case, queue_id, 0, 128),
	WIRE_U64_F(struct vault_case, size_bytes, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_case, approvers, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_BOOL_F(struct vault_case, may_decide),
	WIRE_BOOL_F(struct vault_case, may_cancel),
	WIRE_UTF8_F(struct vault_case, why_not, 0, 500),
	WIRE_FIXED_F(struct vault_case, version),
	WIRE_BYTES_F(struct vault_case, report, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_LIST_F(struct vault_case, events, event_count, 0, 10000,
		    vault_case_event_items),
};

static const struct wire_field vault_decide_fields[] = {
	WIRE_BYTES_F(struct vault_decide, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_decide, case_id),
	WIRE_ENUM_F(struct vault_decide, decision, 1, CASE_DECISION_END - 1),
	WIRE_FIXED_F(struct vault_decide, version),
	WIRE_UTF8_F(struct vault_decide, purpose, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_decide, comment, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_TEXT_F(struct vault_decide, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_decide_answer_fields[] = {
	WIRE_ENUM_F(struct vault_decide_answer, state, 1, CASE_STATE_END - 1),
};

static const struct wire_field vault_rescan_fields[] = {
	WIRE_BYTES_F(struct vault_rescan, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_rescan, case_id),
};

static const struct wire_field vault_user_list_fields[] = {
	WIRE_BYTES_F(struct vault_user_list, actor.token, 0, VAULT_TOKEN_BYTES),
};

static const struct wire_field vault_user_list_answer_fields[] = {
	WIRE_LIST_F(struct vault_user_list_answer, users, user_count, 0,
		    VAULT_MAX_PAGE * 20, vault_user_items),
};

static const struct wire_field vault_user_change_fields[] = {
	WIRE_BYTES_F(struct vault_user_change, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_ENUM_F(struct vault_user_change, change, 1, USER_CHANGE_END - 1),
	WIRE_U64_F(struct vault_user_change, user.user_id, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_user_change, user.login, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_user_change, user.name, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_U32_F(struct vault_user_change, user.roles, 0, VAULT_ROLE_ALL),
	WIRE_UTF8_F(struct vault_user_change, user.language, 0, 8),
	WIRE_BOOL_F(struct vault_user_change, user.enabled),
	WIRE_I64_F(struct vault_user_change, user.uid),
	WIRE_TEXT_F(struct vault_user_change, user.addresses, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct vault_user_change, user.groups, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct vault_user_change, user.created_unix_ms),
	WIRE_I64_F(struct vault_user_change, user.locked_until_unix_ms),
	WIRE_TEXT_F(struct vault_user_change, password, 0, 1024),
};

static const struct wire_field vault_audit_list_fields[] = {
	WIRE_BYTES_F(struct vault_audit_list, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_U64_F(struct vault_audit_list, from_seq, 0, UINT64_MAX),
	WIRE_U32_F(struct vault_audit_list, limit, 0, VAULT_MAX_PAGE),
	WIRE_BYTES_F(struct vault_audit_list, case_id, 0, CASE_ID_BYTES),
};

static const struct wire_field vault_audit_line_fields[] = {
	WIRE_U64_F(struct vault_audit_line, seq, 0, UINT64_MAX),
	WIRE_I64_F(struct vault_audit_line, at_unix_ms),
	WIRE_UTF8_F(struct vault_audit_line, actor, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_audit_line, via, 0, 16),
	WIRE_UTF8_F(struct vault_audit_line, event, 0, 64),
	WIRE_BYTES_F(struct vault_audit_line, case_id, 0, CASE_ID_BYTES),
	WIRE_UTF8_F(struct vault_audit_line, detail, 0,
		    VAULT_MAX_COMMENT_BYTES),
};
static WIRE_TABLE(vault_audit_line_items, 0, 1, vault_audit_line,
		  vault_audit_line_fields);

static const struct wire_field vault_audit_list_answer_fields[] = {
	WIRE_LIST_F(struct vault_audit_list_answer, lines, line_count, 0,
		    VAULT_MAX_PAGE, vault_audit_line_items),
	WIRE_U64_F(struct vault_audit_list_answer, total, 0, UINT64_MAX),
};

static const struct wire_field vault_audit_verify_fields[] = {
	WIRE_BYTES_F(struct vault_audit_verify, actor.token, 0,
		     VAULT_TOKEN_BYTES),
};

static const struct wire_field vault_audit_verify_answer_fields[] = {
	WIRE_BOOL_F(struct vault_audit_verify_answer, intact),
	WIRE_U64_F(struct vault_audit_verify_answer, rows, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_audit_verify_answer, bad_seq, 0, UINT64_MAX),
	WIRE_UTF8_F(struct vault_audit_verify_answer, reason, 0,
		    VAULT_MAX_COMMENT_BYTES),
};

static const struct wire_field vault_audit_export_fields[] = {
	WIRE_BYTES_F(struct vault_audit_export, actor.token, 0,
		     VAULT_TOKEN_BYTES),
};

static const struct wire_field vault_export_ask_fields[] = {
	WIRE_BYTES_F(struct vault_export_ask, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_export_ask, public_key),
	WIRE_UTF8_F(struct vault_export_ask, reason, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_BYTES_F(struct vault_export_ask, case_id, 0, CASE_ID_BYTES),
};

static const struct wire_field vault_export_id_fields[] = {
	WIRE_BYTES_F(struct vault_export_id, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_U64_F(struct vault_export_id, export_id, 0, UINT64_MAX),
};

static const struct wire_field vault_export_answer_fields[] = {
	WIRE_U64_F(struct vault_export_answer, export_id, 0, UINT64_MAX),
	WIRE_U32_F(struct vault_export_answer, cases, 0, UINT32_MAX),
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
#include "vault/client/vault_requests.def"
#undef REQUEST

const char *
job_kind_name(enum job_kind kind)
{
	static const char *const names[] = { "none", "release", "give-back",
					     "notice", "rescan" };

	return (size_t)kind < ARRAY_LEN(names) ? names[kind] : "none";
}
