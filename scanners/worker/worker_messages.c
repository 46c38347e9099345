#include "scanners/worker/worker_messages.h"

enum { WORKER_KIND_BYTES = 16, WORKER_NAME_BYTES = 1000 };

static const struct wire_field setup_fields[] = {
	WIRE_U64_F(struct worker_setup, memory_bytes, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_setup, max_input_bytes, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_setup, cpu_s, 1, UINT32_MAX),
};
WIRE_TABLE(worker_setup_table, WORKER_SETUP_TYPE, 1, worker_setup,
	   setup_fields);
WIRE_TABLE(worker_template_table, WORKER_TEMPLATE_TYPE, 1, worker_setup,
	   setup_fields);

static const struct wire_field copy_fields[] = {
	WIRE_U64_F(struct worker_copy, cpu_s, 1, UINT32_MAX),
};
WIRE_TABLE(worker_copy_table, WORKER_COPY_TYPE, 1, worker_copy, copy_fields);

static const struct wire_field copied_fields[] = {
	WIRE_U32_F(struct worker_copied, pid, 1, INT32_MAX),
};
WIRE_TABLE(worker_copied_table, WORKER_COPIED_TYPE, 1, worker_copied,
	   copied_fields);

static const struct wire_field ready_fields[] = {
	WIRE_U32_F(struct worker_ready, pid, 1, UINT32_MAX),
};
WIRE_TABLE(worker_ready_table, WORKER_READY_TYPE, 1, worker_ready,
	   ready_fields);

static const struct wire_field job_fields[] = {
	WIRE_ENUM_F(struct worker_job, input, SCAN_INPUT_MAIL,
		    SCAN_INPUT_GUESS),
	WIRE_BOOL_F(struct worker_job, reveal),
	WIRE_BOOL_F(struct worker_job, preview),
	WIRE_UTF8_F(struct worker_job, name, 0, WORKER_NAME_BYTES),
	WIRE_ENUM_F(struct worker_job, profile, REPORT_PROFILE_STANDARD,
		    REPORT_PROFILE_END - 1),
	WIRE_U32_F(struct worker_job, max_depth, 1, UINT32_MAX),
	WIRE_U64_F(struct worker_job, max_objects, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_job, max_expanded_bytes, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_job, max_ratio, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_job, max_cells, 1, UINT64_MAX),
	WIRE_U64_F(struct worker_job, max_pages, 1, UINT64_MAX),
	WIRE_U32_F(struct worker_job, wall_ms, 1, UINT32_MAX),
	WIRE_U32_F(struct worker_job, cpu_ms, 1, UINT32_MAX),
	WIRE_LIST_F(struct worker_job, words, word_count, 0, SCAN_MAX_WORDS,
		    scan_word_table),
	WIRE_U64_F(struct worker_job, search_from, 0, UINT64_MAX),
	WIRE_U32_F(struct worker_job, search_ms, 0, UINT32_MAX),
	WIRE_U32_F(struct worker_job, mask_ms, 0, UINT32_MAX),
	WIRE_U64_F(struct worker_job, mail_bytes, 0, UINT64_MAX),
	WIRE_ENUM_F(struct worker_job, rewrite, 0, REWRITE_END - 1),
	WIRE_ENUM_F(struct worker_job, rewrite_names, 0, REWRITE_NAMES_NEUTRAL),
	WIRE_ENUM_F(struct worker_job, rewrite_pictures, 0,
		    REWRITE_PICTURES_END - 1),
	WIRE_U64_F(struct worker_job, rewrite_logo_bytes, 0, UINT64_MAX),
};
WIRE_TABLE(worker_job_table, WORKER_JOB_TYPE, 6, worker_job, job_fields);

static const struct wire_field tainted_fields[] = {
	WIRE_U32_F(struct worker_tainted, pid, 1, UINT32_MAX),
};
WIRE_TABLE(worker_tainted_table, WORKER_TAINTED_TYPE, 1, worker_tainted,
	   tainted_fields);

static const struct wire_field ask_fields[] = {
	WIRE_TEXT_F(struct worker_ask, kind, 1, WORKER_KIND_BYTES),
};
WIRE_TABLE(worker_ask_table, WORKER_ASK_TYPE, 1, worker_ask, ask_fields);

static const struct wire_field lent_fields[] = {
	WIRE_TEXT_F(struct worker_lent, refused, 0, WORKER_NAME_BYTES),
	WIRE_BOOL_F(struct worker_lent, never),
};
WIRE_TABLE(worker_lent_table, WORKER_LENT_TYPE, 1, worker_lent, lent_fields);

static const struct wire_field done_fields[] = {
	WIRE_U32_F(struct worker_done, pid, 1, UINT32_MAX),
};
WIRE_TABLE(worker_done_table, WORKER_DONE_TYPE, 1, worker_done, done_fields);
