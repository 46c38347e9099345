#include "vault/client/vault_messages_internal.h"

enum { LINK_MAX_AGENT_BYTES = 200, LINK_MAX_RECORD_BYTES = 1024 * 1024 };

/* clang-format off */
#define VISITOR(t)                                                           \
	WIRE_TEXT_F(t, visitor.address, 0, VAULT_MAX_NAME_BYTES),            \
	WIRE_UTF8_F(t, visitor.agent, 0, LINK_MAX_AGENT_BYTES),              \
	WIRE_BOOL_F(t, visitor.certificate)
/* All of a struct vault_link_visit. */
#define VISIT(t)                                                             \
	WIRE_FIXED_F(t, visit.claim), WIRE_FIXED_F(t, visit.link_id),        \
	WIRE_TEXT_F(t, visit.visitor.address, 0, VAULT_MAX_NAME_BYTES),      \
	WIRE_UTF8_F(t, visit.visitor.agent, 0, LINK_MAX_AGENT_BYTES),        \
	WIRE_BOOL_F(t, visit.visitor.certificate)
/* clang-format on */

static const struct wire_field link_file_fields[] = {
	WIRE_UTF8_F(struct vault_link_file, name, 0, 1000),
	WIRE_UTF8_F(struct vault_link_file, shown, 0, 1000),
	WIRE_TEXT_F(struct vault_link_file, type, 0, 128),
	WIRE_U64_F(struct vault_link_file, size_bytes, 0, UINT64_MAX),
	WIRE_U32_F(struct vault_link_file, crc32, 0, UINT32_MAX),
};
WIRE_TABLE(link_file_table, 0, 1, vault_link_file, link_file_fields);

static const struct wire_field link_manifest_fields[] = {
	WIRE_LIST_F(struct link_manifest, files, file_count, 1, LINK_MAX_FILES,
		    link_file_table),
};
WIRE_TABLE(link_manifest_table, 0x0301, 1, link_manifest, link_manifest_fields);

static const struct wire_field vault_link_seal_fields[] = {
	WIRE_U64_F(struct vault_link_seal, job_id, 0, UINT64_MAX),
	WIRE_FIXED_F(struct vault_link_seal, lease),
	WIRE_UTF8_F(struct vault_link_seal, refusal, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U32_F(struct vault_link_seal, pictures, 0, UINT32_MAX),
	WIRE_U64_F(struct vault_link_seal, mail_bytes, 0, UINT64_MAX),
	WIRE_U64_F(struct vault_link_seal, hole_offset, 0, UINT64_MAX),
	WIRE_BOOL_F(struct vault_link_seal, whole_body),
	WIRE_TEXT_F(struct vault_link_seal, boundary, 0,
		    LINK_MAX_BOUNDARY_BYTES),
	WIRE_LIST_F(struct vault_link_seal, files, file_count, 0,
		    LINK_MAX_FILES, link_file_table),
};

static const struct wire_field vault_link_open_fields[] = {
	WIRE_FIXED_F(struct vault_link_open, link_id),
	WIRE_FIXED_F(struct vault_link_open, proof),
	VISITOR(struct vault_link_open),
};

static const struct wire_field vault_link_visit_fields[] = {
	WIRE_FIXED_F(struct vault_link_visit, claim),
	WIRE_FIXED_F(struct vault_link_visit, link_id),
	VISITOR(struct vault_link_visit),
};

static const struct wire_field vault_link_prove_fields[] = {
	VISIT(struct vault_link_prove),
	WIRE_TEXT_F(struct vault_link_prove, mailbox_code, 0,
		    VAULT_LINK_TEXT_BYTES),
	WIRE_BYTES_F(struct vault_link_prove, password_proof, 0,
		     LINK_PROOF_BYTES),
	WIRE_BYTES_F(struct vault_link_prove, typed_proof, 0, LINK_PROOF_BYTES),
};

static const struct wire_field vault_link_view_fields[] = {
	WIRE_FIXED_F(struct vault_link_view, claim),
	WIRE_ENUM_F(struct vault_link_view, stage, 1, LINK_STAGE_END - 1),
	WIRE_ENUM_F(struct vault_link_view, kind, 1, LINK_KIND_END - 1),
	WIRE_TEXT_F(struct vault_link_view, recipient, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct vault_link_view, sender, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct vault_link_view, language, 0, 8),
	WIRE_I64_F(struct vault_link_view, sent_unix_ms),
	WIRE_I64_F(struct vault_link_view, expires_unix_ms),
	WIRE_I64_F(struct vault_link_view, claim_until_unix_ms),
	WIRE_U32_F(struct vault_link_view, downloads, 0, LINK_MAX_DOWNLOADS),
	WIRE_BOOL_F(struct vault_link_view, code_sent),
	WIRE_BYTES_F(struct vault_link_view, password_salt, 0, CASE_ID_BYTES),
	WIRE_U32_F(struct vault_link_view, tries_left, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_link_view, file_count, 0, LINK_MAX_FILES),
	WIRE_U64_F(struct vault_link_view, total_bytes, 0, UINT64_MAX),
	WIRE_BYTES_F(struct vault_link_view, wrapped, 0,
		     LINK_MAX_WRAPPED_BYTES),
	WIRE_BYTES_F(struct vault_link_view, manifest, 0,
		     VAULT_MAX_DETAIL_BYTES),
	WIRE_BYTES_F(struct vault_link_view, open_files, 0, LINK_MAX_FILES),
	WIRE_BYTES_F(struct vault_link_view, left_files, 0, LINK_MAX_FILES),
};

static const struct wire_field vault_link_take_fields[] = {
	VISIT(struct vault_link_take),
	WIRE_U32_F(struct vault_link_take, file, 0, UINT32_MAX),
};

static const struct wire_field vault_link_fetch_answer_fields[] = {
	WIRE_BYTES_F(struct vault_link_fetch_answer, wrapped, 0,
		     LINK_MAX_WRAPPED_BYTES),
	WIRE_BYTES_F(struct vault_link_fetch_answer, manifest, 0,
		     VAULT_MAX_DETAIL_BYTES),
	WIRE_U64_F(struct vault_link_fetch_answer, sealed_bytes, 0, UINT64_MAX),
};

static const struct wire_field vault_link_keep_answer_fields[] = {
	WIRE_I64_F(struct vault_link_keep_answer, until_unix_ms),
};

static const struct wire_field vault_link_sent_fields[] = {
	VISIT(struct vault_link_sent),
	WIRE_U32_F(struct vault_link_sent, file, 0, UINT32_MAX),
	WIRE_U64_F(struct vault_link_sent, sent_bytes, 0, UINT64_MAX),
	WIRE_BOOL_F(struct vault_link_sent, complete),
	WIRE_BOOL_F(struct vault_link_sent, broken),
};

static const struct wire_field vault_link_ask_fields[] = {
	WIRE_BYTES_F(struct vault_link_ask, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_link_ask, case_id),
	WIRE_TEXT_F(struct vault_link_ask, password, 0, 1024),
};

static const struct wire_field vault_link_case_fields[] = {
	WIRE_BYTES_F(struct vault_link_case, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_link_case, case_id),
};

static const struct wire_field vault_link_event_fields[] = {
	WIRE_I64_F(struct vault_link_event, at_unix_ms),
	WIRE_UTF8_F(struct vault_link_event, event, 0, 64),
	WIRE_UTF8_F(struct vault_link_event, actor, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct vault_link_event, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct vault_link_event, agent, 0, LINK_MAX_AGENT_BYTES),
	WIRE_UTF8_F(struct vault_link_event, file, 0, 1000),
};
static WIRE_TABLE(vault_link_event_items, 0, 1, vault_link_event,
		  vault_link_event_fields);

static const struct wire_field vault_link_line_fields[] = {
	WIRE_FIXED_F(struct vault_link_line, link_id),
	WIRE_ENUM_F(struct vault_link_line, kind, 1, LINK_KIND_END - 1),
	WIRE_ENUM_F(struct vault_link_line, state, 1, LINK_STATE_END - 1),
	WIRE_TEXT_F(struct vault_link_line, recipient, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_I64_F(struct vault_link_line, sent_unix_ms),
	WIRE_I64_F(struct vault_link_line, expires_unix_ms),
	WIRE_I64_F(struct vault_link_line, ended_unix_ms),
	WIRE_U32_F(struct vault_link_line, downloads, 0, LINK_MAX_DOWNLOADS),
	WIRE_U32_F(struct vault_link_line, left, 0, LINK_MAX_DOWNLOADS),
	WIRE_BOOL_F(struct vault_link_line, needs_code),
	WIRE_BOOL_F(struct vault_link_line, needs_password),
	WIRE_U32_F(struct vault_link_line, opened, 0, UINT32_MAX),
	WIRE_U32_F(struct vault_link_line, fetched, 0, UINT32_MAX),
	WIRE_LIST_F(struct vault_link_line, events, event_count, 0, 10000,
		    vault_link_event_items),
};
static WIRE_TABLE(vault_link_line_items, 0, 1, vault_link_line,
		  vault_link_line_fields);

static const struct wire_field vault_link_list_answer_fields[] = {
	WIRE_LIST_F(struct vault_link_list_answer, links, link_count, 0,
		    CASE_MAX_RECIPIENTS, vault_link_line_items),
	WIRE_LIST_F(struct vault_link_list_answer, files, file_count, 0,
		    LINK_MAX_FILES, link_file_table),
	WIRE_BOOL_F(struct vault_link_list_answer, may_change),
};

static const struct wire_field vault_link_change_fields[] = {
	WIRE_BYTES_F(struct vault_link_change, actor.token, 0,
		     VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_link_change, link_id),
	WIRE_FIXED_F(struct vault_link_change, case_id),
	WIRE_ENUM_F(struct vault_link_change, step, 1, LINK_STEP_END - 1),
	WIRE_I64_F(struct vault_link_change, until_unix_ms),
	WIRE_TEXT_F(struct vault_link_change, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
};

static const struct wire_field vault_link_of_fields[] = {
	WIRE_BYTES_F(struct vault_link_of, actor.token, 0, VAULT_TOKEN_BYTES),
	WIRE_FIXED_F(struct vault_link_of, link_id),
	WIRE_FIXED_F(struct vault_link_of, case_id),
};

static const struct wire_field vault_link_record_fields[] = {
	WIRE_UTF8_F(struct vault_link_record, text, 0, LINK_MAX_RECORD_BYTES),
	WIRE_TEXT_F(struct vault_link_record, signature, 0, 128),
};

static const struct wire_field vault_link_public_fields[] = {
	WIRE_FIXED_F(struct vault_link_public, key),
};

#define REQUEST(symbol, number, request, answer, peers, roles)      \
	WIRE_TABLE(vault_table_##symbol, VAULT_TYPE_##symbol, 1,    \
		   vault_##request, vault_##request##_fields);      \
	WIRE_TABLE(vault_table_##symbol##_answer,                   \
		   VAULT_TYPE_##symbol##_ANSWER, 1, vault_##answer, \
		   vault_##answer##_fields);
#include "vault/client/requests_links.def"
#undef REQUEST

const char *
link_state_name(enum link_state state)
{
	static const char *const names[] = { "none",    "pending", "live",
					     "frozen",  "spent",   "expired",
					     "revoked", "failed" };

	_Static_assert(ARRAY_LEN(names) == LINK_STATE_END, "one name each");
	return (size_t)state < ARRAY_LEN(names) ? names[state] : "none";
}
