#include "scanners/readers/ooxml_package.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/xml_walk.h"
#include "scanners/readers/zip_walk.h"

enum {
	PACKAGE_MAX_NAMES = 20000
}; /* looked at to know the kind of a package */

void
ooxml_package_init(struct ooxml_package *package)
{
	package->parts = NULL;
	package->end = &package->parts;
}

void
ooxml_part_release(struct ooxml_part *part)
{
	if (part->bytes != NULL)
		explicit_bzero(part->bytes, part->len_bytes);
	free(part->bytes);
	part->bytes = NULL;
	part->len_bytes = 0;
}

static void
part_free(struct ooxml_part **part)
{
	if (*part == NULL)
		return;
	ooxml_part_release(*part);
	free((*part)->name);
	free(*part);
	*part = NULL;
}

void
ooxml_package_done(struct ooxml_package *package)
{
	while (package->parts != NULL) {
		struct ooxml_part *next = package->parts->next;

		part_free(&package->parts);
		package->parts = next;
	}
	package->end = &package->parts;
}

enum status
ooxml_package_take(void *context, const struct zip_member *member,
		   struct err *err)
{
	struct ooxml_package *package = context;
	AUTO(part_free) struct ooxml_part *part = calloc(1, sizeof(*part));
	enum status st = ST_OK;

	if (part == NULL)
		return err_set(err, ST_NO_MEMORY, "ooxml: no memory");
	part->name = strdup(member->name);
	if (part->name == NULL)
		return err_set(err, ST_NO_MEMORY, "ooxml: no memory");
	part->locked = member->locked;
	part->lock = member->lock;
	part->bytes = *member->owned;
	part->len_bytes = member->bytes.len_bytes;
	*member->owned = NULL;
	if (part->len_bytes > 0)
		st = xml_root((struct span){ part->bytes, part->len_bytes },
			      part->root, sizeof(part->root), err);
	if (st != ST_OK)
		return st;
	*package->end = part;
	package->end = &part->next;
	part = NULL;
	return ST_OK;
}

bool
ooxml_part_is_named(const struct ooxml_part *part, const char *name)
{
	return span_equal_nocase(span_of(part->name), span_of(name));
}

bool
ooxml_part_starts(const struct ooxml_part *part, const char *start)
{
	struct span head = { 0 };

	return span_cut(span_of(part->name), 0, strlen(start), &head) &&
	       span_equal_nocase(head, span_of(start));
}

bool
ooxml_part_ends(const struct ooxml_part *part, const char *end)
{
	const size_t len = strlen(part->name);
	const size_t end_len = strlen(end);

	return len >= end_len &&
	       span_equal_nocase(span_of(part->name + len - end_len),
				 span_of(end));
}

/* What an entry of this name says, or NULL: "word/document2.xml" is one of
 * Word. */
static const char *
package_hint(struct span name)
{
	static const char *const names[][2] = {
		{ "xl/workbook", "xlsx" },
		{ "word/document", "docx" },
		{ "ppt/presentation", "pptx" },
	};
	struct span head = { 0 };
	struct span end = { 0 };

	if (name.len_bytes < 4 ||
	    !span_cut(name, name.len_bytes - 4, 4, &end) ||
	    !span_equal_nocase(end, span_of(".xml")))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_cut(name, 0, strlen(names[i][0]), &head) &&
		    span_equal_nocase(head, span_of(names[i][0])))
			return names[i][1];
	return NULL;
}

const char *
ooxml_package_kind(struct span archive)
{
	const char *kind = NULL;
	struct zip_entry entry;
	struct zip_end end;
	size_t at = 0;

	if (!zip_find_end(archive, &end) || end.directory_at > SIZE_MAX / 2)
		return NULL;
	at = (size_t)end.directory_at;
	for (size_t i = 0; kind == NULL && i < PACKAGE_MAX_NAMES &&
			   zip_central_next(archive, &at, &entry);
	     i++)
		kind = package_hint(entry.name);
	return kind;
}
