#include "cli/table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	TABLE_MAX_BYTES = 64 * 1024 * 1024,
	TABLE_GAP = 2,
	TABLE_MS_PER_S = 1000
};

void
text_add_safe(struct sbuf *buf, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	for (; *at != '\0'; at++) {
		/* C1 controls are C2 80 to C2 9F in UTF-8. */
		const bool c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;

		if (c1)
			at++;
		if (c1 || *at < 0x20 || *at == 0x7f)
			sbuf_add_byte(buf, '?');
		else
			sbuf_add_byte(buf, *at);
	}
}

/* Blocks whose characters are two columns wide. */
static bool
text_is_wide(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} wide[] = {
		{ 0x1100, 0x115f }, { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
		{ 0x3400, 0x4dbf }, { 0x4e00, 0x9fff },   { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
	};

	for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
		if (point >= wide[i].first && point <= wide[i].last)
			return true;
	}
	return false;
}

size_t
text_width(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t width = 0;

	while (*at != '\0') {
		uint32_t point = *at++;

		if (point >= 0xf0)
			point &= 0x07;
		else if (point >= 0xe0)
			point &= 0x0f;
		else if (point >= 0xc0)
			point &= 0x1f;
		while ((*at & 0xc0) == 0x80)
			point = point << 6 | (*at++ & 0x3f);
		width += text_is_wide(point) ? 2 : 1;
	}
	return width;
}

void
text_format_time(int64_t unix_ms, char text[TEXT_TIME_BYTES])
{
	const time_t seconds = (time_t)(unix_ms / TABLE_MS_PER_S);
	struct tm local = { 0 };

	if (unix_ms <= 0 || unix_ms == INT64_MAX ||
	    localtime_r(&seconds, &local) == NULL ||
	    strftime(text, TEXT_TIME_BYTES, "%Y-%m-%d %H:%M", &local) == 0)
		(void)snprintf(text, TEXT_TIME_BYTES, "-");
}

void
table_init(struct table *table, const char *const *heads, size_t column_count)
{
	*table = (struct table){ .column_count = column_count };
	sbuf_init(&table->cells, TABLE_MAX_BYTES);
	for (size_t i = 0; i < column_count; i++)
		table_add(table, heads[i]);
}

void
table_done(struct table *table)
{
	sbuf_done(&table->cells);
}

void
table_add(struct table *table, const char *text)
{
	const size_t column = table->cell_count % table->column_count;
	const size_t begin = table->cells.len_bytes;

	text_add_safe(&table->cells, text);
	if (table->cells.len_bytes == begin)
		sbuf_add_byte(&table->cells, '-');
	sbuf_add_byte(&table->cells, '\0');
	if (table->cells.st != ST_OK)
		return;
	const size_t width = text_width(sbuf_text(&table->cells) + begin);

	if (width > table->widths[column])
		table->widths[column] = width;
	table->cell_count++;
}

void
table_addf(struct table *table, const char *fmt, ...)
{
	AUTO(sbuf_done) struct sbuf text;
	va_list args;

	sbuf_init(&text, 4096);
	va_start(args, fmt);
	sbuf_addfv(&text, fmt, args);
	va_end(args);
	table_add(table, sbuf_text(&text));
}

void
table_add_time(struct table *table, int64_t unix_ms)
{
	char text[TEXT_TIME_BYTES];

	text_format_time(unix_ms, text);
	table_add(table, text);
}

enum status
table_print(const struct table *table, struct err *err)
{
	const char *cell = sbuf_text(&table->cells);
	const enum status st = sbuf_status(&table->cells, "table", err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < table->cell_count; i++) {
		const size_t column = i % table->column_count;
		const bool last = column + 1 == table->column_count;
		const size_t pad =
			table->widths[column] - text_width(cell) + TABLE_GAP;

		(void)printf("%s%*s", cell, last ? 0 : (int)pad, "");
		if (last)
			(void)putchar('\n');
		cell += strlen(cell) + 1;
	}
	if (fflush(stdout) != 0)
		return err_set_errno(err, "standard output");
	return ST_OK;
}
