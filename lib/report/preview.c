#include "lib/report/preview.h"

static const struct wire_field preview_line_fields[] = {
	WIRE_UTF8_F(struct preview_line, place, 0, 500),
	WIRE_UTF8_F(struct preview_line, text, 0, PREVIEW_MAX_LINE_BYTES),
	WIRE_BOOL_F(struct preview_line, found),
};
static WIRE_TABLE(preview_line_items, 0, 1, preview_line, preview_line_fields);

static const struct wire_field preview_part_fields[] = {
	WIRE_UTF8_F(struct preview_part, path, 0, 2000),
	WIRE_UTF8_F(struct preview_part, name, 0, 1000),
	WIRE_UTF8_F(struct preview_part, type, 0, 64),
	WIRE_BOOL_F(struct preview_part, table),
	WIRE_BOOL_F(struct preview_part, cut),
	WIRE_LIST_F(struct preview_part, lines, line_count, 0,
		    PREVIEW_MAX_LINES, preview_line_items),
};
static WIRE_TABLE(preview_part_items, 0, 1, preview_part, preview_part_fields);

static const struct wire_field preview_fields[] = {
	WIRE_BOOL_F(struct preview, revealed),
	WIRE_BOOL_F(struct preview, cut),
	WIRE_LIST_F(struct preview, parts, part_count, 0, PREVIEW_MAX_PARTS,
		    preview_part_items),
};
WIRE_TABLE(preview_table, PREVIEW_TYPE, PREVIEW_FORMAT, preview,
	   preview_fields);
