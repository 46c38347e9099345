#include "scanners/client/unlock_messages.h"

#include <stddef.h>

static const struct wire_field mask_fields[] = {
	WIRE_TEXT_F(struct unlock_mask, text, 1, UNLOCK_MASK_BYTES),
};
static WIRE_TABLE(unlock_mask_table, 0, 1, unlock_mask, mask_fields);

static const struct wire_field order_fields[] = {
	WIRE_TEXT_F(struct unlock_order, account, 1, UNLOCK_TEXT_BYTES),
	WIRE_U64_F(struct unlock_order, max_input_bytes, 1, UINT64_MAX),
	WIRE_U64_F(struct unlock_order, budget_ms, 0, UINT64_MAX),
	WIRE_U32_F(struct unlock_order, slice, 0, UNLOCK_MAX_SLICES - 1),
	WIRE_U32_F(struct unlock_order, slices, 1, UNLOCK_MAX_SLICES),
	WIRE_LIST_F(struct unlock_order, masks, mask_count, 0, UNLOCK_MAX_MASKS,
		    unlock_mask_table),
	WIRE_BOOL_F(struct unlock_order, has_words),
	WIRE_BOOL_F(struct unlock_order, has_known),
	WIRE_BOOL_F(struct unlock_order, guess),
};
WIRE_TABLE(unlock_order_table, UNLOCK_ORDER_TYPE, 2, unlock_order,
	   order_fields);

static const struct wire_field progress_fields[] = {
	WIRE_U64_F(struct unlock_progress, tried, 0, UINT64_MAX),
	WIRE_U64_F(struct unlock_progress, total, 0, UINT64_MAX),
};
WIRE_TABLE(unlock_progress_table, UNLOCK_PROGRESS_TYPE, 1, unlock_progress,
	   progress_fields);

static const struct wire_field result_fields[] = {
	WIRE_ENUM_F(struct unlock_result, outcome, UNLOCK_OPENED,
		    UNLOCK_END - 1),
	WIRE_UTF8_F(struct unlock_result, kind, 0, UNLOCK_TEXT_BYTES),
	WIRE_UTF8_F(struct unlock_result, source, 0, UNLOCK_TEXT_BYTES),
	WIRE_BYTES_F(struct unlock_result, password, 0, UNLOCK_PASSWORD_BYTES),
	WIRE_U64_F(struct unlock_result, tried, 0, UINT64_MAX),
	WIRE_U64_F(struct unlock_result, total, 0, UINT64_MAX),
	WIRE_BOOL_F(struct unlock_result, unsure),
};
WIRE_TABLE(unlock_result_table, UNLOCK_RESULT_TYPE, 2, unlock_result,
	   result_fields);
