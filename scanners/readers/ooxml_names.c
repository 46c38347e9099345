#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/ooxml_names.h"
#include "scanners/readers/xml_walk.h"

enum { NAMES_MAX_BYTES = 64 * 1024 }; /* more are not looked through */

void
ooxml_names_init(struct ooxml_names *names)
{
	sbuf_init_secret(&names->ids, SIZE_MAX / 2);
	sbuf_init_secret(&names->targets, SIZE_MAX / 2);
	sbuf_init_secret(&names->comments, SIZE_MAX / 2);
}

void
ooxml_names_done(struct ooxml_names *names)
{
	sbuf_done(&names->ids);
	sbuf_done(&names->targets);
	sbuf_done(&names->comments);
}

/* Two texts, each with its NUL. */
static enum status
names_add(struct sbuf *list, const char *key, const char *value,
	  struct err *err)
{
	if (key == NULL || value == NULL)
		return ST_OK;
	sbuf_add(list, key, strlen(key) + 1);
	sbuf_add(list, value, strlen(value) + 1);
	return sbuf_status(list, "ooxml: names", err);
}

static enum status
names_nothing(void *context, const char *name, struct err *err)
{
	(void)context;
	(void)name;
	(void)err;
	return ST_OK;
}

static enum status
names_no_text(void *context, struct span utf8, struct err *err)
{
	(void)context;
	(void)utf8;
	(void)err;
	return ST_OK;
}

/* The value of "r:id": another id stands beside it. */
static const char *
names_relation(const char *const *attributes)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2)
		if (xml_is_qualified(attributes[i]) &&
		    strcmp(xml_local(attributes[i]), "id") == 0)
			return attributes[i + 1];
	return NULL;
}

/* <sheet name="…" r:id="rId1">, <sldId id="256" r:id="rId2"> */
static enum status
names_on_sheet(void *context, const char *name, const char *const *attributes,
	       struct err *err)
{
	struct ooxml_names *names = context;
	char number[16];

	if (strcmp(xml_local(name), "sheet") == 0)
		return names_add(&names->ids, names_relation(attributes),
				 xml_attribute(attributes, "name"), err);
	if (strcmp(xml_local(name), "sldId") != 0)
		return ST_OK;
	(void)snprintf(number, sizeof(number), "%u", (unsigned)++names->slides);
	return names_add(&names->ids, names_relation(attributes), number, err);
}

/* <Relationship Id="rId1" Target="worksheets/sheet1.xml"> */
static enum status
names_on_relation(void *context, const char *name,
		  const char *const *attributes, struct err *err)
{
	struct ooxml_names *names = context;

	if (strcmp(xml_local(name), "Relationship") != 0)
		return ST_OK;
	return names_add(&names->targets, xml_attribute(attributes, "Id"),
			 xml_attribute(attributes, "Target"), err);
}

enum status
ooxml_names_read(struct sink *sink, struct span document,
		 struct ooxml_names *names, struct err *err)
{
	const struct xml_handler handler = { names_on_sheet, names_nothing,
					     names_no_text, names };

	return xml_walk(sink, document, &handler, err);
}

enum status
ooxml_names_read_relations(struct sink *sink, struct span document,
			   struct ooxml_names *names, struct err *err)
{
	const struct xml_handler handler = { names_on_relation, names_nothing,
					     names_no_text, names };

	return xml_walk(sink, document, &handler, err);
}

/* A sheet whose relations are read. */
struct names_sheet {
	struct ooxml_names *names;
	struct sbuf part;
};

/* <Relationship Target="../comments1.xml">; both kinds of comments. */
static enum status
names_on_comments(void *context, const char *name,
		  const char *const *attributes, struct err *err)
{
	const struct names_sheet *sheet = context;
	const char *target = xml_attribute(attributes, "Target");

	if (strcmp(xml_local(name), "Relationship") != 0 || target == NULL ||
	    strstr(target, "omment") == NULL ||
	    sheet->names->comments.len_bytes > NAMES_MAX_BYTES)
		return ST_OK;
	while (strncmp(target, "../", 3) == 0)
		target += 3;
	return names_add(&sheet->names->comments, sbuf_text(&sheet->part),
			 target, err);
}

enum status
ooxml_names_read_comments(struct sink *sink, struct span document,
			  const char *relations, struct ooxml_names *names,
			  struct err *err)
{
	struct names_sheet sheet = { .names = names };
	const struct xml_handler handler = { names_on_comments, names_nothing,
					     names_no_text, &sheet };
	const char *folder = strstr(relations, "_rels/");
	const char *end = strstr(relations, ".rels");
	enum status st = ST_OK;

	if (folder == NULL || end == NULL || end < folder + 6)
		return ST_OK;
	sbuf_init(&sheet.part, SIZE_MAX / 2);
	sbuf_add(&sheet.part, relations, (size_t)(folder - relations));
	sbuf_add(&sheet.part, folder + 6, (size_t)(end - folder) - 6);
	st = sbuf_status(&sheet.part, "ooxml: names", err);
	if (st == ST_OK)
		st = xml_walk(sink, document, &handler, err);
	sbuf_done(&sheet.part);
	return st;
}

/* The text after the one at *at; NULL at the end. */
static const char *
names_next(const struct sbuf *list, size_t *at)
{
	const char *text = NULL;

	if (*at >= list->len_bytes)
		return NULL;
	text = (const char *)list->bytes + *at;
	*at += strlen(text) + 1;
	return text;
}

static const char *
names_value(const struct sbuf *list, const char *wanted)
{
	size_t at = 0;
	const char *key = NULL;

	while ((key = names_next(list, &at)) != NULL) {
		const char *value = names_next(list, &at);

		if (value != NULL && strcmp(key, wanted) == 0)
			return value;
	}
	return NULL;
}

/* Targets are relative to xl/, or absolute. */
static bool
names_is_target(const char *target, const char *member)
{
	const size_t target_len =
		strlen(target[0] == '/' ? target + 1 : target);
	const size_t member_len = strlen(member);

	if (target_len == 0 || target_len > member_len)
		return false;
	const size_t at = member_len - target_len;

	return strcmp(member + at, target[0] == '/' ? target + 1 : target) ==
		       0 &&
	       (at == 0 || member[at - 1] == '/');
}

/* What stands for part in the document; NULL when it is not known. */
static const char *
names_find(const struct ooxml_names *names, const char *part)
{
	size_t at = 0;
	const char *id = NULL;

	if (names->targets.len_bytes > NAMES_MAX_BYTES ||
	    names->ids.len_bytes > NAMES_MAX_BYTES)
		return NULL;
	while ((id = names_next(&names->targets, &at)) != NULL) {
		const char *target = names_next(&names->targets, &at);
		const char *found = NULL;

		if (target == NULL || !names_is_target(target, part))
			continue;
		found = names_value(&names->ids, id);
		if (found != NULL)
			return found;
	}
	return NULL;
}

const char *
ooxml_names_sheet(const struct ooxml_names *names, const char *part)
{
	const char *name = names_find(names, part);

	return name != NULL ? name : part;
}

const char *
ooxml_names_commented(const struct ooxml_names *names, const char *part)
{
	const char *sheet = NULL;
	size_t at = 0;

	while ((sheet = names_next(&names->comments, &at)) != NULL) {
		const char *target = names_next(&names->comments, &at);

		if (target != NULL && names_is_target(target, part))
			return ooxml_names_sheet(names, sheet);
	}
	return NULL;
}

uint32_t
ooxml_names_page(const struct ooxml_names *names, const char *part)
{
	const char *name = names_find(names, part);
	uint64_t number = 0;

	if (name == NULL) {
		name = part + strcspn(part, "0123456789");
		(void)parse_u64((struct span){ (const uint8_t *)name,
					       strspn(name, "0123456789") },
				UINT32_MAX, &number);
		return (uint32_t)number;
	}
	(void)parse_u64(span_of(name), UINT32_MAX, &number);
	return (uint32_t)number;
}
