/*
 * The reader of office packages (zip with a list of content types). Excel
 * workbooks are read as tables; of all others the text of the XML members is
 * scanned, and the document still counts as one that is not read.
 */
#include "scanners/readers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/xlsx_parts.h"
#include "scanners/readers/zip_read.h"
#include "scanners/readers/zip_walk.h"

/* A member whose turn comes when the shared strings are known. */
struct xlsx_member {
	char *name;
	uint8_t *bytes;
	size_t len_bytes;
	struct xlsx_member *next;
};

struct xlsx {
	struct sink *sink;
	struct xlsx_strings strings;
	struct xlsx_names names;
	struct xlsx_member *sheets;
	struct xlsx_member **sheets_end;
	bool is_workbook;
};

static void
xlsx_member_free(struct xlsx_member **member)
{
	if (*member == NULL)
		return;
	if ((*member)->bytes != NULL)
		explicit_bzero((*member)->bytes, (*member)->len_bytes);
	free((*member)->bytes);
	free((*member)->name);
	free(*member);
	*member = NULL;
}

static bool
xlsx_ends_with(const char *name, const char *end)
{
	const size_t len = strlen(name);
	const size_t end_len = strlen(end);

	return len >= end_len &&
	       span_equal_nocase(span_of(name + len - end_len), span_of(end));
}

static bool
xlsx_is_xml(const struct zip_member *member)
{
	static const char *const ends[] = { ".xml", ".rels", ".vml", ".xhtml" };
	struct span head = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (xlsx_ends_with(member->name, ends[i]))
			return true;
	return span_cut(member->bytes, 0, 5, &head) &&
	       memcmp(head.ptr, "<?xml", 5) == 0;
}

/* Everything that is no XML: pictures, embedded files, macros. */
static enum status
xlsx_give_child(struct xlsx *xlsx, const struct zip_member *member,
		struct err *err)
{
	const struct child child = { .name = member->name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = member->locked };

	return sink_child(xlsx->sink, &child, member->bytes,
			  *member->owned != NULL ? member->owned : NULL, err);
}

/* A sheet, to be read when everything is there. */
static enum status
xlsx_keep(struct xlsx *xlsx, const struct zip_member *member, struct err *err)
{
	AUTO(xlsx_member_free)
	struct xlsx_member *kept = calloc(1, sizeof(*kept));

	if (kept == NULL)
		return err_set(err, ST_NO_MEMORY, "xlsx: no memory");
	kept->name = strdup(member->name);
	if (kept->name == NULL)
		return err_set(err, ST_NO_MEMORY, "xlsx: no memory");
	kept->bytes = *member->owned;
	kept->len_bytes = member->bytes.len_bytes;
	*member->owned = NULL;
	*xlsx->sheets_end = kept;
	xlsx->sheets_end = &kept->next;
	kept = NULL;
	return ST_OK;
}

/* XML that cannot be parsed is reported, and swept as it stands. */
static enum status
xlsx_forgive(struct xlsx *xlsx, enum status st, struct span bytes,
	     struct err *err)
{
	struct err why = *err;

	if (st != ST_FORMAT)
		return st;
	st = sink_opaque(xlsx->sink, REPORT_REASON_DAMAGED, why.text, err);
	return st == ST_OK ? sink_gap(xlsx->sink, bytes, err) : st;
}

static enum status
xlsx_take_xml(struct xlsx *xlsx, const struct zip_member *member,
	      struct err *err)
{
	char root[24];
	enum status st = ST_OK;

	xml_root(member->bytes, root, sizeof(root));
	if (strcmp(root, "worksheet") == 0)
		return xlsx_keep(xlsx, member, err);
	if (strcmp(root, "sst") == 0) {
		st = xlsx_strings_read(xlsx->sink, member->bytes,
				       &xlsx->strings, err);
		return xlsx_forgive(xlsx, st, member->bytes, err);
	}
	if (strcmp(root, "workbook") == 0) {
		xlsx->is_workbook = true;
		st = xlsx_names_read_workbook(xlsx->sink, member->bytes,
					      &xlsx->names, err);
	} else if (xlsx_ends_with(member->name, "workbook.xml.rels")) {
		st = xlsx_names_read_relations(xlsx->sink, member->bytes,
					       &xlsx->names, err);
	}
	if (st == ST_OK)
		st = xml_sweep(xlsx->sink, member->bytes, member->name, err);
	return xlsx_forgive(xlsx, st, member->bytes, err);
}

static enum status
xlsx_take(void *context, const struct zip_member *member, struct err *err)
{
	struct xlsx *xlsx = context;

	if (member->locked || member->bytes.len_bytes == 0 ||
	    !xlsx_is_xml(member))
		return xlsx_give_child(xlsx, member, err);
	return xlsx_take_xml(xlsx, member, err);
}

static enum status
xlsx_read_sheets(struct xlsx *xlsx, struct err *err)
{
	enum status st = ST_OK;

	for (struct xlsx_member *sheet = xlsx->sheets;
	     sheet != NULL && st == ST_OK; sheet = sheet->next) {
		const struct span bytes = { sheet->bytes, sheet->len_bytes };

		st = xlsx_sheet_read(xlsx->sink, bytes,
				     xlsx_names_find(&xlsx->names, sheet->name),
				     &xlsx->strings, err);
		st = xlsx_forgive(xlsx, st, bytes, err);
	}
	if (st == ST_OK)
		st = xlsx_strings_give_rest(xlsx->sink, &xlsx->strings, err);
	return st;
}

static void
xlsx_free_sheets(struct xlsx *xlsx)
{
	while (xlsx->sheets != NULL) {
		struct xlsx_member *next = xlsx->sheets->next;

		xlsx_member_free(&xlsx->sheets);
		xlsx->sheets = next;
	}
}

static enum status
xlsx_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	struct xlsx xlsx = { .sink = sink };
	const struct zip_taker taker = { xlsx_take, &xlsx };
	enum status st = ST_OK;

	(void)hint;
	xlsx.sheets_end = &xlsx.sheets;
	sbuf_init_secret(&xlsx.strings.text, SIZE_MAX / 2);
	xlsx_names_init(&xlsx.names);
	st = zip_read_all(sink, body, &taker, err);
	if (st == ST_OK)
		st = xlsx_read_sheets(&xlsx, err);
	if (st == ST_OK && !xlsx.is_workbook)
		st = sink_opaque(sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 "office document", err);
	xlsx_free_sheets(&xlsx);
	xlsx_strings_done(&xlsx.strings);
	xlsx_names_done(&xlsx.names);
	return st;
}

static enum sniff
xlsx_sniff(struct span body, const struct child *hint)
{
	(void)hint;
	return zip_is_office_open(body) ? SNIFF_CERTAIN : SNIFF_NO;
}

const struct reader reader_xlsx = {
	.name = "xlsx",
	.foreign = true,
	.sniff = xlsx_sniff,
	.read = xlsx_read,
};
