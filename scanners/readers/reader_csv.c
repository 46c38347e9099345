/*
 * The reader of CSV and TSV: cells with their row and column. Files of the
 * pension office and of payroll reports hold records of several types, which
 * begin with it: each type is a sheet of its own, since their columns differ.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/text_views.h"

enum {
	CSV_GUESS_LINES = 20,
	CSV_SNIFF_BYTES = 8192,
	CSV_TABLE_LINES = 3, /* so many alike make a table */
	CSV_PAIR_LINES = 2,  /* or these alone, a header and a record: */
	CSV_PAIR_MARKS = 3,  /* with so many delimiters each */
	CSV_MAX_TYPES = 16,
	CSV_TYPE_LEAST_DIGITS = 3,
	CSV_TAX_FIELDS = 20, /* all of them have more */
	CSV_TYPE_DIGITS = 8
};

/* Blanks last: they stand in many texts, and several are one. */
static const uint8_t csv_delimiters[] = { ',', '\t', ';', '|', ' ' };

/* The types of records in one file; a record without one counts as "". */
struct csv_types {
	char names[CSV_MAX_TYPES][CSV_TYPE_DIGITS + 1];
	size_t count;
};

struct csv {
	struct sink *sink;
	struct span text;
	size_t at;
	uint8_t delimiter;
	uint32_t row;
	uint32_t column;
	bool no_quote; /* no closing quote follows any more */
	struct sbuf cell;
	const struct csv_types *types; /* or NULL: one table */
	const char *type; /* the one that is given, as the sheet's name */
	bool skip;        /* this record has another one */
};

/* Delimiters of line outside of quotes. */
static size_t
csv_count(struct span line, uint8_t delimiter)
{
	bool quoted = false;
	size_t count = 0;

	for (size_t i = 0; i < line.len_bytes; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == delimiter && !quoted)
			count += delimiter != ' ' ||
				 (i > 0 && line.ptr[i - 1] != ' ');
	}
	return count;
}

/* How many of the first lines have as many delimiters as the first one. */
static size_t
csv_alike(struct span text, uint8_t delimiter, size_t *count_out)
{
	struct span line = { 0 };
	size_t at = 0;
	size_t alike = 0;

	*count_out = 0;
	for (size_t i = 0; i < CSV_GUESS_LINES && at < text.len_bytes; i++) {
		at = mime_line(text, at, &line);
		const size_t count = csv_count(line, delimiter);

		if (i == 0)
			*count_out = count;
		alike += count > 0 && count == *count_out;
	}
	return alike;
}

static uint8_t
csv_guess(struct span text)
{
	size_t best = 0;
	uint8_t delimiter = ',';

	for (size_t i = 0; i < ARRAY_LEN(csv_delimiters); i++) {
		size_t count = 0;
		const size_t alike = csv_alike(text, csv_delimiters[i], &count);
		const size_t weight = alike * 100 + (count < 99 ? count : 99);

		if (csv_delimiters[i] == ' ' && best >= 200)
			continue; /* two lines already agree on another */
		if (alike > 0 && weight > best) {
			best = weight;
			delimiter = csv_delimiters[i];
		}
	}
	return delimiter;
}

/* The end of the quoted field at csv->at: behind the closing quote. False
 * when none follows: then the quote is a letter like any other. */
static bool
csv_quoted(struct csv *csv)
{
	size_t at = csv->at + 1;

	if (csv->no_quote)
		return false;
	sbuf_clear(&csv->cell);
	while (at < csv->text.len_bytes) {
		const uint8_t c = csv->text.ptr[at++];

		if (c != '"') {
			sbuf_add_byte(&csv->cell, c);
		} else if (at < csv->text.len_bytes &&
			   csv->text.ptr[at] == '"') {
			sbuf_add_byte(&csv->cell, '"');
			at++;
		} else {
			csv->at = at;
			return true;
		}
	}
	csv->no_quote = true;
	sbuf_clear(&csv->cell);
	return false;
}

/* Up to the delimiter or line end. */
static void
csv_plain(struct csv *csv)
{
	const size_t start = csv->at;
	struct span part = { 0 };

	while (csv->at < csv->text.len_bytes) {
		const uint8_t c = csv->text.ptr[csv->at];

		if (c == csv->delimiter || c == '\n' || c == '\r')
			break;
		csv->at++;
	}
	(void)span_cut(csv->text, start, csv->at - start, &part);
	sbuf_add_span(&csv->cell, part);
}

/* Spreadsheets keep zeros in front by ="0123" or an apostrophe. */
static struct span
csv_value(struct span text)
{
	struct span value = text;
	const size_t len = text.len_bytes;

	if (len >= 4 && text.ptr[0] == '=' && text.ptr[1] == '"' &&
	    text.ptr[len - 1] == '"')
		(void)span_cut(text, 2, len - 3, &value);
	else if (len >= 2 && text.ptr[0] == '\'' && text.ptr[1] != '\'')
		(void)span_cut(text, 1, len - 1, &value);
	return value;
}

/* The type that a record with this first field has; "" when it has none. */
static const char *
csv_type_of(const struct csv_types *types, struct span first)
{
	for (size_t i = 1; i < types->count; i++)
		if (span_equal(first, span_of(types->names[i])))
			return types->names[i];
	return types->names[0];
}

static enum status
csv_give(struct csv *csv, struct err *err)
{
	const struct span value = csv_value(sbuf_span(&csv->cell));
	const struct cell cell = { csv->type, csv->row, csv->column,
				   CELL_TEXT };
	const enum status st = sbuf_status(&csv->cell, "csv: cell", err);

	if (csv->column == 1 && csv->types != NULL)
		csv->skip = csv_type_of(csv->types, value) != csv->type;
	if (st != ST_OK || value.len_bytes == 0 || csv->skip)
		return st;
	return sink_cell(csv->sink, &cell, value, err);
}

/* Behind the delimiter or the line end. */
static void
csv_step(struct csv *csv)
{
	const struct span text = csv->text;

	if (csv->at >= text.len_bytes)
		return;
	if (text.ptr[csv->at] == csv->delimiter) {
		do
			csv->at++;
		while (csv->delimiter == ' ' && csv->at < text.len_bytes &&
		       text.ptr[csv->at] == ' ');
		csv->column++;
		return;
	}
	csv->at += text.ptr[csv->at] == '\r' && csv->at + 1 < text.len_bytes &&
				   text.ptr[csv->at + 1] == '\n'
			   ? 2
			   : 1;
	csv->row++;
	csv->column = 1;
}

/* Where the record ends that starts at csv->at, behind its line end; 0 when
 * that takes more than a look. */
static size_t
csv_record_end(const struct csv *csv)
{
	const uint8_t *start = csv->text.ptr + csv->at;
	const size_t left = csv->text.len_bytes - csv->at;
	const uint8_t *end = memchr(start, '\n', left);
	size_t len = end != NULL ? (size_t)(end - start) + 1 : left;
	const uint8_t *cr = memchr(start, '\r', len);
	size_t quotes = 0;

	/* Lines may end in CR alone, and records have lines within quotes. */
	if (cr != NULL && (end == NULL || cr + 1 != end))
		return 0;
	for (const uint8_t *at = start;
	     (at = memchr(at, '"', len - (size_t)(at - start))) != NULL; at++)
		quotes++;
	return quotes % 2 == 0 ? csv->at + len : 0;
}

/* Step over a record in which nothing can be. */
static enum status
csv_skip(struct csv *csv, struct err *err)
{
	struct span record = { 0 };
	bool skip = true;
	enum status st = ST_OK;

	if (csv->delimiter == ' ' || csv->delimiter == '\t' ||
	    csv->types != NULL)
		return ST_OK;
	while (skip && st == ST_OK && csv->at < csv->text.len_bytes) {
		const size_t end = csv_record_end(csv);

		if (end == 0)
			return ST_OK;
		(void)span_cut(csv->text, csv->at, end - csv->at, &record);
		st = sink_may_skip(csv->sink, record, csv->delimiter, &skip,
				   err);
		if (!skip || st != ST_OK)
			break;
		csv->at = end;
		csv->row++;
	}
	return st;
}

/* All records of one type, or all there are. */
static enum status
csv_read_records(struct csv *csv, struct err *err)
{
	enum status st = ST_OK;

	csv->at = 0;
	csv->row = 1;
	csv->column = 1;
	csv->no_quote = false;
	while (st == ST_OK && csv->at < csv->text.len_bytes) {
		if (csv->column == 1)
			st = csv_skip(csv, err);
		if (st != ST_OK || csv->at >= csv->text.len_bytes)
			break;
		sbuf_clear(&csv->cell);
		if (csv->text.ptr[csv->at] == '"')
			(void)csv_quoted(csv);
		csv_plain(csv);
		st = csv_give(csv, err);
		if (st == ST_OK && csv->column == 1)
			st = sink_spend(csv->sink, 0, 0, err);
		csv_step(csv);
	}
	return st;
}

/* The first field of line when it looks like a type: "2221700", "315". */
static struct span
csv_line_type(struct span line)
{
	struct span type = line;
	size_t len = 0;

	while (len < line.len_bytes && line.ptr[len] >= '0' &&
	       line.ptr[len] <= '9')
		len++;
	if (len < CSV_TYPE_LEAST_DIGITS || len > CSV_TYPE_DIGITS ||
	    len == line.len_bytes || line.ptr[len] != ',')
		len = 0;
	type.len_bytes = len;
	return type;
}

static void
csv_add_type(struct csv_types *types, struct span name)
{
	if (name.len_bytes == 0 || types->count == CSV_MAX_TYPES ||
	    csv_type_of(types, name) != types->names[0])
		return;
	memcpy(types->names[types->count++], name.ptr, name.len_bytes);
}

/*
 * The types of records, when the file is one of those: it has a line "[data]"
 * (SHFD0006 and its like), or each line starts with the number of a tax
 * document (315, 375).
 */
static bool
csv_find_types(struct span text, struct csv_types *types)
{
	struct span line = { 0 };
	size_t at = 0;
	bool marked = false;
	bool taxes = true;

	types->count = 1;
	while (at < text.len_bytes) {
		at = mime_line(text, at, &line);
		const struct span type = csv_line_type(line);

		if (span_equal_nocase(line, span_of("[data]")))
			marked = true;
		if (line.len_bytes > 0)
			taxes &= type.len_bytes == CSV_TYPE_LEAST_DIGITS &&
				 type.ptr[0] == '3' &&
				 csv_count(line, ',') >= CSV_TAX_FIELDS;
		if (marked || taxes)
			csv_add_type(types, type);
		else if (at > CSV_SNIFF_BYTES)
			break;
	}
	return types->count > 1 && (marked || taxes);
}

/* Groups of four in a row, behind so many digits. */
static size_t
csv_groups_behind(size_t groups, size_t digits)
{
	if (digits == 0)
		return groups;
	return digits == 4 ? groups + 1 : 0;
}

/* Do three groups of four stand side by side, or is that not known (digits may
 * be full-width)? */
static bool
csv_has_groups(struct span text)
{
	size_t digits = 0;
	size_t groups = 0;

	for (size_t i = 0; i <= text.len_bytes; i++) {
		const uint8_t c = i < text.len_bytes ? text.ptr[i] : 0;

		if (c >= '0' && c <= '9') {
			digits++;
			continue;
		}
		groups = csv_groups_behind(groups, digits);
		if (groups == 3 || c == 0xEF)
			return true;
		if (c != ' ')
			groups = 0;
		digits = 0;
	}
	return false;
}

static enum status
csv_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct csv_types types = { .count = 0 };
	struct csv csv = { .sink = sink,
			   .text = utf8,
			   .delimiter = csv_guess(utf8),
			   .type = "" };
	enum status st = ST_OK;

	sbuf_init_secret(&csv.cell, SIZE_MAX / 2);
	if (csv_find_types(utf8, &types)) {
		csv.types = &types;
		for (size_t i = 0; i < types.count && st == ST_OK; i++) {
			csv.type = types.names[i];
			st = csv_read_records(&csv, err);
		}
	} else {
		st = csv_read_records(&csv, err);
	}
	sbuf_done(&csv.cell);
	/* A blank may part the groups of a number as well. */
	if (st == ST_OK && csv.delimiter == ' ' && csv_has_groups(utf8))
		st = text_give_body(sink, utf8, 1, err);
	return st;
}

static enum status
csv_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	return text_views(sink, body, hint->charset, csv_read_view, err);
}

static bool
csv_is_named(const struct child *hint)
{
	static const char *const types[] = {
		"text/csv",
		"text/x-csv",
		"application/csv",
		"application/x-csv",
		"text/comma-separated-values",
		"text/tab-separated-values",
	};
	static const char *const ends[] = { ".csv", ".tsv", ".tab" };
	const size_t len = strlen(hint->name);

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(hint->content_type, types[i]) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (len > 4 && span_equal_nocase(span_of(hint->name + len - 4),
						 span_of(ends[i])))
			return true;
	return false;
}

/* Are these all lines of text? */
static bool
csv_is_all(struct span text, size_t lines)
{
	struct span line = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < lines && at < text.len_bytes; i++)
		at = mime_line(text, at, &line);
	return at == text.len_bytes;
}

/* Several lines with the same number of delimiters, or records of types. */
static bool
csv_is_table(struct span body)
{
	struct csv_types types = { .count = 0 };
	struct span head = body;

	if (body.len_bytes > CSV_SNIFF_BYTES)
		(void)span_cut(body, 0, CSV_SNIFF_BYTES, &head);
	if (csv_find_types(head, &types))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(csv_delimiters); i++) {
		size_t count = 0;
		const size_t alike = csv_alike(head, csv_delimiters[i], &count);

		if (csv_delimiters[i] == ' ')
			continue;
		if (alike >= CSV_TABLE_LINES && count >= 2)
			return true;
		if (alike == CSV_PAIR_LINES && count >= CSV_PAIR_MARKS &&
		    csv_is_all(body, CSV_PAIR_LINES))
			return true;
	}
	return false;
}

static enum sniff
csv_sniff(struct span body, const struct child *hint)
{
	if (!glance_is_text(body, hint))
		return SNIFF_NO;
	if (csv_is_named(hint))
		return SNIFF_CERTAIN;
	return hint->attachment && csv_is_table(body) ? SNIFF_LIKELY : SNIFF_NO;
}

const struct reader reader_csv = {
	.name = "csv",
	.foreign = false,
	.sniff = csv_sniff,
	.read = csv_read,
};
