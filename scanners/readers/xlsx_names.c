/* Which member is which sheet. */
#include <string.h>

#include "scanners/readers/xlsx_parts.h"

void
xlsx_names_init(struct xlsx_names *names)
{
	sbuf_init_secret(&names->ids, SIZE_MAX / 2);
	sbuf_init_secret(&names->targets, SIZE_MAX / 2);
}

void
xlsx_names_done(struct xlsx_names *names)
{
	sbuf_done(&names->ids);
	sbuf_done(&names->targets);
}

/* Two texts, each with its NUL. */
static enum status
xlsx_names_add(struct sbuf *list, const char *key, const char *value,
	       struct err *err)
{
	if (key == NULL || value == NULL)
		return ST_OK;
	sbuf_add(list, key, strlen(key) + 1);
	sbuf_add(list, value, strlen(value) + 1);
	return sbuf_status(list, "xlsx: names", err);
}

static enum status
xlsx_names_nothing(void *context, const char *name, struct err *err)
{
	(void)context;
	(void)name;
	(void)err;
	return ST_OK;
}

static enum status
xlsx_names_no_text(void *context, struct span utf8, struct err *err)
{
	(void)context;
	(void)utf8;
	(void)err;
	return ST_OK;
}

/* <sheet name="…" r:id="rId1"> */
static enum status
xlsx_names_on_sheet(void *context, const char *name,
		    const char *const *attributes, struct err *err)
{
	struct xlsx_names *names = context;

	if (strcmp(name, "sheet") != 0)
		return ST_OK;
	return xlsx_names_add(&names->ids, xml_attribute(attributes, "id"),
			      xml_attribute(attributes, "name"), err);
}

/* <Relationship Id="rId1" Target="worksheets/sheet1.xml"> */
static enum status
xlsx_names_on_relation(void *context, const char *name,
		       const char *const *attributes, struct err *err)
{
	struct xlsx_names *names = context;

	if (strcmp(name, "Relationship") != 0)
		return ST_OK;
	return xlsx_names_add(&names->targets, xml_attribute(attributes, "Id"),
			      xml_attribute(attributes, "Target"), err);
}

enum status
xlsx_names_read_workbook(struct sink *sink, struct span document,
			 struct xlsx_names *names, struct err *err)
{
	const struct xml_handler handler = { xlsx_names_on_sheet,
					     xlsx_names_nothing,
					     xlsx_names_no_text, names };

	return xml_walk(sink, document, &handler, err);
}

enum status
xlsx_names_read_relations(struct sink *sink, struct span document,
			  struct xlsx_names *names, struct err *err)
{
	const struct xml_handler handler = { xlsx_names_on_relation,
					     xlsx_names_nothing,
					     xlsx_names_no_text, names };

	return xml_walk(sink, document, &handler, err);
}

/* The text after the one at *at; NULL at the end. */
static const char *
xlsx_names_next(const struct sbuf *list, size_t *at)
{
	const char *text = NULL;

	if (*at >= list->len_bytes)
		return NULL;
	text = (const char *)list->bytes + *at;
	*at += strlen(text) + 1;
	return text;
}

static const char *
xlsx_names_value(const struct sbuf *list, const char *wanted)
{
	size_t at = 0;
	const char *key = NULL;

	while ((key = xlsx_names_next(list, &at)) != NULL) {
		const char *value = xlsx_names_next(list, &at);

		if (value != NULL && strcmp(key, wanted) == 0)
			return value;
	}
	return NULL;
}

/* Targets are relative to xl/, or absolute. */
static bool
xlsx_names_is_target(const char *target, const char *member)
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

const char *
xlsx_names_find(const struct xlsx_names *names, const char *member)
{
	size_t at = 0;
	const char *id = NULL;

	while ((id = xlsx_names_next(&names->targets, &at)) != NULL) {
		const char *target = xlsx_names_next(&names->targets, &at);
		const char *sheet = NULL;

		if (target == NULL || !xlsx_names_is_target(target, member))
			continue;
		sheet = xlsx_names_value(&names->ids, id);
		if (sheet != NULL)
			return sheet;
	}
	return member;
}
