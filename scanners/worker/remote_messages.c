#include "scanners/worker/remote.h"

static const struct wire_field document_fields[] = {
	WIRE_U64_F(struct remote_document, size_bytes, 0, UINT64_MAX),
	WIRE_U32_F(struct remote_document, wall_ms, 1, UINT32_MAX),
	WIRE_U32_F(struct remote_document, cpu_ms, 0, UINT32_MAX),
	WIRE_U64_F(struct remote_document, max_pages, 0, UINT64_MAX),
	WIRE_U64_F(struct remote_document, max_objects, 0, UINT64_MAX),
	WIRE_UTF8_F(struct remote_document, password, 0, REPORT_SECRET_BYTES),
};
WIRE_TABLE(remote_document_table, REMOTE_DOCUMENT_TYPE, 3, remote_document,
	   document_fields);

static const struct wire_field bytes_fields[] = {
	WIRE_BYTES_F(struct remote_bytes, bytes, 1, REMOTE_CHUNK_BYTES),
};
WIRE_TABLE(remote_bytes_table, REMOTE_BYTES_TYPE, 1, remote_bytes,
	   bytes_fields);

static const struct wire_field text_fields[] = {
	WIRE_ENUM_F(struct remote_text, kind, PLACE_BODY, PLACE_RAW),
	WIRE_U64_F(struct remote_text, number, 0, UINT32_MAX),
	WIRE_UTF8_F(struct remote_text, label, 0, REMOTE_LABEL_BYTES),
	WIRE_BYTES_F(struct remote_text, utf8, 0, REMOTE_TEXT_BYTES),
};
WIRE_TABLE(remote_text_table, REMOTE_TEXT_TYPE, 1, remote_text, text_fields);

static const struct wire_field break_fields[] = {
	WIRE_U32_F(struct remote_break, count, 1, 1),
};
WIRE_TABLE(remote_break_table, REMOTE_BREAK_TYPE, 1, remote_break,
	   break_fields);

static const struct wire_field child_fields[] = {
	WIRE_UTF8_F(struct remote_child, name, 0, REMOTE_LABEL_BYTES),
	WIRE_U64_F(struct remote_child, size_bytes, 0, UINT64_MAX),
};
WIRE_TABLE(remote_child_table, REMOTE_CHILD_TYPE, 1, remote_child,
	   child_fields);

static const struct wire_field opaque_fields[] = {
	WIRE_ENUM_F(struct remote_opaque, reason, 1, REPORT_REASON_END - 1),
	WIRE_UTF8_F(struct remote_opaque, detail, 0, REMOTE_DETAIL_BYTES),
};
WIRE_TABLE(remote_opaque_table, REMOTE_OPAQUE_TYPE, 1, remote_opaque,
	   opaque_fields);

static const struct wire_field spend_fields[] = {
	WIRE_U64_F(struct remote_spend, len_bytes, 0, UINT64_MAX),
};
WIRE_TABLE(remote_spend_table, REMOTE_SPEND_TYPE, 1, remote_spend,
	   spend_fields);

static const struct wire_field end_fields[] = {
	WIRE_BOOL_F(struct remote_end, damaged),
	WIRE_UTF8_F(struct remote_end, why, 0, REMOTE_DETAIL_BYTES),
};
WIRE_TABLE(remote_end_table, REMOTE_END_TYPE, 1, remote_end, end_fields);

static const struct wire_field cpu_fields[] = {
	WIRE_U32_F(struct remote_cpu, used_ms, 0, UINT32_MAX),
};
WIRE_TABLE(remote_cpu_table, REMOTE_CPU_TYPE, 1, remote_cpu, cpu_fields);
