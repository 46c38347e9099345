#include "vault/client/vault_messages_internal.h"

static const struct wire_field vault_login_fields[] = {
	WIRE_UTF8_F(struct vault_login, login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct vault_login, password, 0, 1024),
	WIRE_TEXT_F(struct vault_login, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_login, agent, 0, VAULT_MAX_NAME_BYTES),
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
	WIRE_BOOL_F(struct vault_user, second_factor),
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
	WIRE_BOOL_F(struct vault_session, user.second_factor),
	WIRE_ENUM_F(struct vault_session, stage, 1, SESSION_STAGE_ENROL),
	WIRE_BYTES_F(struct vault_session, guest_case_id, 0, CASE_ID_BYTES),
};

static const struct wire_field vault_enter_fields[] = {
	WIRE_TEXT_F(struct vault_enter, entry_id, 0, VAULT_ENTRY_BYTES),
	WIRE_TEXT_F(struct vault_enter, code, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct vault_enter, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_entry_again_fields[] = {
	WIRE_TEXT_F(struct vault_entry_again, entry_id, 0, VAULT_ENTRY_BYTES),
	WIRE_TEXT_F(struct vault_entry_again, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_second_factor_fields[] = {
	WIRE_BYTES_F(struct vault_second_factor, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_ENUM_F(struct vault_second_factor, step, 1, FACTOR_STEP_END - 1),
	WIRE_TEXT_F(struct vault_second_factor, code, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_second_factor, login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct vault_second_factor, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_second_factor_answer_fields[] = {
	WIRE_BYTES_F(struct vault_second_factor_answer, token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_ENUM_F(struct vault_second_factor_answer, stage, 1,
		    SESSION_STAGE_ENROL),
	WIRE_TEXT_F(struct vault_second_factor_answer, uri, 0, 1000),
	WIRE_TEXT_F(struct vault_second_factor_answer, secret, 0, 128),
	WIRE_UTF8_F(struct vault_second_factor_answer, recovery_codes, 0, 1000),
};

static const struct wire_field vault_session_line_fields[] = {
	WIRE_FIXED_F(struct vault_session_line, session_id),
	WIRE_I64_F(struct vault_session_line, made_unix_ms),
	WIRE_I64_F(struct vault_session_line, seen_unix_ms),
	WIRE_TEXT_F(struct vault_session_line, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_session_line, agent, 0, VAULT_MAX_NAME_BYTES),
	WIRE_BOOL_F(struct vault_session_line, current),
};
static WIRE_TABLE(vault_session_line_items, 0, 1, vault_session_line,
		  vault_session_line_fields);

static const struct wire_field vault_session_list_fields[] = {
	WIRE_BYTES_F(struct vault_session_list, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_UTF8_F(struct vault_session_list, login, 0, VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_session_list_answer_fields[] = {
	WIRE_LIST_F(struct vault_session_list_answer, lines, line_count, 0,
		    VAULT_MAX_PAGE, vault_session_line_items),
};

static const struct wire_field vault_session_end_fields[] = {
	WIRE_BYTES_F(struct vault_session_end, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_BYTES_F(struct vault_session_end, session_id, 0, 16),
	WIRE_UTF8_F(struct vault_session_end, login, 0, VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_whoami_fields[] = {
	WIRE_BYTES_F(struct vault_whoami, actor.token, 0, VAULT_TOKEN_BYTES),
};

static const struct wire_field vault_list_fields[] = {
	WIRE_BYTES_F(struct vault_list, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_ENUM_F(struct vault_list, filter, 1, CASE_FILTER_END - 1),
	WIRE_ENUM_F(struct vault_list, sort, 0, CASE_SORT_END - 1),
	WIRE_UTF8_F(struct vault_list, search, 0, VAULT_MAX_NAME_BYTES),
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
	WIRE_UTF8_F(struct vault_case_line, parts_text, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_BOOL_F(struct vault_case_line, commented),
	WIRE_UTF8_F(struct vault_case_line, looking, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U32_F(struct vault_case_line, locks.locked, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_case_line, locks.opened, 0, UINT32_MAX),
	WIRE_ENUM_F(struct vault_case_line, locks.state, 0,
		    UNLOCK_STATE_END - 1),
	WIRE_ENUM_F(struct vault_case_line, locks.source, 0,
		    REPORT_WORD_SOURCE_END - 1),
	WIRE_I64_F(struct vault_case_line, locks.at_unix_ms),
	WIRE_ENUM_F(struct vault_case_line, locks.search, 0,
		    SEARCH_STATE_END - 1),
	WIRE_U64_F(struct vault_case_line, locks.tried, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case_line, locks.total, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case_line, locks.rate_per_s, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case_line, locks.spent_ms, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case_line, locks.left_ms, 0, UINT64_MAX),
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
	WIRE_TEXT_F(struct vault_recipient_line, resembles, 0, 255),
};
static WIRE_TABLE(vault_recipient_line_items, 0, 1, vault_recipient_line,
		  vault_recipient_line_fields);

static const struct wire_field vault_companion_fields[] = {
	WIRE_FIXED_F(struct vault_companion, case_id),
	WIRE_ENUM_F(struct vault_companion, state, 1, CASE_STATE_END - 1),
	WIRE_UTF8_F(struct vault_companion, subject, 0, 1000),
	WIRE_UTF8_F(struct vault_companion, recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct vault_companion, received_unix_ms),
};
static WIRE_TABLE(vault_companion_items, 0, 1, vault_companion,
		  vault_companion_fields);

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
	WIRE_UTF8_F(struct vault_case, line.parts_text, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_BOOL_F(struct vault_case, line.commented),
	WIRE_UTF8_F(struct vault_case, line.looking, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U32_F(struct vault_case, line.locks.locked, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_case, line.locks.opened, 0, UINT32_MAX),
	WIRE_ENUM_F(struct vault_case, line.locks.state, 0,
		    UNLOCK_STATE_END - 1),
	WIRE_ENUM_F(struct vault_case, line.locks.source, 0,
		    REPORT_WORD_SOURCE_END - 1),
	WIRE_I64_F(struct vault_case, line.locks.at_unix_ms),
	WIRE_ENUM_F(struct vault_case, line.locks.search, 0,
		    SEARCH_STATE_END - 1),
	WIRE_U64_F(struct vault_case, line.locks.tried, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case, line.locks.total, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case, line.locks.rate_per_s, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case, line.locks.spent_ms, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_case, line.locks.left_ms, 0, UINT64_MAX),
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
	WIRE_BYTES_F(struct vault_case, preview, 0, VAULT_MAX_DETAIL_BYTES),
	WIRE_BOOL_F(struct vault_case, may_reveal),
	WIRE_BOOL_F(struct vault_case, may_comment),
	WIRE_BOOL_F(struct vault_case, may_unlock),
	WIRE_BOOL_F(struct vault_case, may_search),
	WIRE_LIST_F(struct vault_case, companions, companion_count, 0,
		    VAULT_MAX_PAGE, vault_companion_items),
	WIRE_BYTES_F(struct vault_case, companion_of, 0, CASE_ID_BYTES),
	WIRE_BOOL_F(struct vault_case, may_link),
	WIRE_BOOL_F(struct vault_case, may_ask_link),
	WIRE_BOOL_F(struct vault_case, link_asked),
	WIRE_BOOL_F(struct vault_case, link_password),
	WIRE_U32_F(struct vault_case, link_count, 0, UINT32_MAX),
	WIRE_BOOL_F(struct vault_case, link_pictures_stay),
	WIRE_U64_F(struct vault_case, link_logo_bytes, 0, UINT64_MAX),
};

static const struct wire_field vault_unlock_fields[] = {
	WIRE_BYTES_F(struct vault_unlock, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_unlock, case_id),
	WIRE_UTF8_F(struct vault_unlock, password, 0, REPORT_SECRET_BYTES),
	WIRE_BOOL_F(struct vault_unlock, keep),
};

static const struct wire_field vault_search_fields[] = {
	WIRE_BYTES_F(struct vault_search, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_search, case_id),
	WIRE_ENUM_F(struct vault_search, step, 1, SEARCH_STEP_RESUME),
};

static const struct wire_field vault_comment_fields[] = {
	WIRE_BYTES_F(struct vault_comment, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_comment, case_id),
	WIRE_UTF8_F(struct vault_comment, text, 0, VAULT_MAX_COMMENT_BYTES),
};

static const struct wire_field vault_reveal_fields[] = {
	WIRE_BYTES_F(struct vault_reveal, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_reveal, case_id),
	WIRE_UTF8_F(struct vault_reveal, reason, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_TEXT_F(struct vault_reveal, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_reveal_answer_fields[] = {
	WIRE_FIXED_F(struct vault_reveal_answer, reveal_id),
};

static const struct wire_field vault_reveal_fetch_fields[] = {
	WIRE_BYTES_F(struct vault_reveal_fetch, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_reveal_fetch, reveal_id),
	WIRE_U32_F(struct vault_reveal_fetch, wait_ms, 0, 5000),
};

static const struct wire_field vault_reveal_fetch_answer_fields[] = {
	WIRE_BOOL_F(struct vault_reveal_fetch_answer, ready),
	WIRE_BYTES_F(struct vault_reveal_fetch_answer, preview, 0,
		     VAULT_MAX_DETAIL_BYTES),
};

static const struct wire_field vault_watch_fields[] = {
	WIRE_U64_F(struct vault_watch, revision, 0, UINT64_MAX),
	WIRE_U32_F(struct vault_watch, wait_ms, 0, 20000),
};

static const struct wire_field vault_watch_answer_fields[] = {
	WIRE_U64_F(struct vault_watch_answer, revision, 0, UINT64_MAX),
};

static const struct wire_field vault_stats_fields[] = {
	WIRE_BYTES_F(struct vault_stats, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_U32_F(struct vault_stats, from_day, 0, 100000),
	WIRE_U32_F(struct vault_stats, to_day, 0, 100000),
};

static const struct wire_field vault_stats_line_fields[] = {
	WIRE_U32_F(struct vault_stats_line, day, 0, 100000),
	WIRE_UTF8_F(struct vault_stats_line, rule, 0, VAULT_MAX_NAME_BYTES),
	WIRE_U64_F(struct vault_stats_line, held, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_stats_line, approved, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_stats_line, returned, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_stats_line, expired, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_stats_line, cancelled, 0, UINT64_MAX),
#define WAITED(i) WIRE_U64_F(struct vault_stats_line, waited[i], 0, UINT64_MAX)
	WAITED(0),
	WAITED(1),
	WAITED(2),
	WAITED(3),
	WAITED(4),
	WAITED(5),
	WAITED(6),
	WAITED(7),
#undef WAITED
	WIRE_U64_F(struct vault_stats_line, passed, 0, UINT64_MAX),
};
static WIRE_TABLE(vault_stats_line_items, 0, 1, vault_stats_line,
		  vault_stats_line_fields);

static const struct wire_field vault_stats_answer_fields[] = {
	WIRE_LIST_F(struct vault_stats_answer, lines, line_count, 0, 100000,
		    vault_stats_line_items),
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
	WIRE_BOOL_F(struct vault_user_change, user.second_factor),
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

#define REQUEST(symbol, number, request, answer, peers, roles)      \
	WIRE_TABLE(vault_table_##symbol, VAULT_TYPE_##symbol, 1,    \
		   vault_##request, vault_##request##_fields);      \
	WIRE_TABLE(vault_table_##symbol##_answer,                   \
		   VAULT_TYPE_##symbol##_ANSWER, 1, vault_##answer, \
		   vault_##answer##_fields);
#include "vault/client/requests_people.def"
#undef REQUEST
