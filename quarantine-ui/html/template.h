/*
 * template.h - pages: HTML with names, checked whole when the desk starts.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  a compiled template is constant
 *
 * A template is compiled against the shape of the struct that a page fills,
 * so a wrong name stops the start, not a person.
 *
 *	{{name}}            the member, escaped
 *	{{#list}}…{{/list}} once for each item; inside, the item's names come
 *	                    first, then the names around
 *	{{?name}}…{{/name}} when true: a flag, a text that is not empty, a
 *	                    number that is not 0, a list with items
 *	{{!name}}…{{/name}} when not
 *	{{_ Held for {count} days}}
 *	                    the translation of this English text, with members
 *	                    put in, all of it escaped
 *
 * Escaping is never off. Names and translations may stand in element content
 * and in double-quoted attribute values, nowhere else; in href, src and
 * action the value must begin with a literal '/' and members are
 * percent-encoded. style elements, style and on… attributes, comments and
 * single quotes around values are errors; so is anything in a script element,
 * which has a src of ours. In an svg names are lower case too (viewbox). A
 *block must end in the same place of the HTML as it began.
 */
#ifndef QUARANTINE_UI_HTML_TEMPLATE_H
#define QUARANTINE_UI_HTML_TEMPLATE_H

#include "lib/base/sbuf.h"
#include "lib/i18n/i18n.h"

enum template_kind {
	TEMPLATE_NONE = 0,
	TEMPLATE_TEXT,   /* const char *; NULL counts as "" */
	TEMPLATE_NUMBER, /* uint64_t */
	TEMPLATE_FLAG,   /* bool; only for {{?…}} and {{!…}} */
	TEMPLATE_LIST    /* const item * and size_t count */
};

struct template_shape;
struct template_field {
	const char *name;
	enum template_kind kind;
	size_t offset;
	size_t count_offset;                /* LIST */
	const struct template_shape *items; /* LIST */
};
struct template_shape {
	size_t struct_bytes;
	const struct template_field *fields;
	size_t field_count;
};

/* clang-format off */
#define TEMPLATE_F(type_, member, kind_) \
	{ #member, kind_, offsetof(type_, member), 0, NULL }
#define TEMPLATE_TEXT_F(type_, member)   TEMPLATE_F(type_, member, TEMPLATE_TEXT)
#define TEMPLATE_NUMBER_F(type_, member) TEMPLATE_F(type_, member, TEMPLATE_NUMBER)
#define TEMPLATE_FLAG_F(type_, member)   TEMPLATE_F(type_, member, TEMPLATE_FLAG)
#define TEMPLATE_LIST_F(type_, member, count, shape)                      \
	{ #member, TEMPLATE_LIST, offsetof(type_, member),                \
	  offsetof(type_, count), &(shape) }
#define TEMPLATE_SHAPE(struct_, fields_) \
	{ sizeof(struct struct_), fields_, ARRAY_LEN(fields_) }
/* clang-format on */

struct template;

/*
 * Compile source, called name in errors, for structs of shape (which must
 * outlive the template). Placeholders of translations are checked in i18n's
 * texts too (NULL: English only).
 *
 * Gives:    *template_out, release with template_free()
 * Returns:  ST_OK; ST_FORMAT err is "NAME:LINE: reason"; ST_LIMIT blocks too
 *           deep or too many pieces; ST_NO_MEMORY
 */
MUST_CHECK enum status
template_compile(const char *name, struct span source,
		 const struct template_shape *shape, const struct i18n *i18n,
		 struct template **template_out, struct err *err);
void template_free(struct template **template);

/* Append the page to out, whose maximum bounds it and whose failure is
 * sticky. values: a struct of the shape. */
void template_render(const struct template *template, const void *values,
		     const struct i18n *i18n, enum i18n_language language,
		     struct sbuf *out);

#endif
