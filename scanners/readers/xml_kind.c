#include "scanners/readers/xml_kind.h"

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/html_walk.h"
#include "scanners/readers/xml_piece.h"

static bool
xml_is_in(struct span name, const char *const *names, size_t count)
{
	/* Nearly all differ in their first letter. */
	const uint8_t first =
		name.len_bytes > 0 ? (uint8_t)(name.ptr[0] | 0x20) : 0;

	for (size_t i = 0; i < count; i++)
		if (((uint8_t)names[i][0] | 0x20) == first &&
		    span_equal_nocase(name, span_of(names[i])))
			return true;
	return false;
}

bool
xml_is_inline(struct span name, struct span local)
{
	static const char *const names[] = {
		"span",     "tspan", "em",   "strong", "font", "sub",
		"sup",      "ruby",  "rb",   "rt",     "rp",   "phrase",
		"emphasis", "wbr",   "mark", "small"
	};
	static const char *const prefixed[] = { "r", "t", "a", "b",
						"i", "u", "s", "run" };

	return xml_is_in(local, names, ARRAY_LEN(names)) ||
	       (name.len_bytes > local.len_bytes &&
		xml_is_in(local, prefixed, ARRAY_LEN(prefixed)));
}

bool
xml_is_block(struct span local)
{
	static const char *const names[] = { "br", "p",    "div",    "li", "tr",
					     "td", "th",   "table",  "ul", "ol",
					     "h1", "h2",   "h3",     "h4", "dt",
					     "dd", "para", "section" };

	return xml_is_in(local, names, ARRAY_LEN(names));
}

bool
xml_is_row(struct span local)
{
	static const char *const names[] = { "row", "tr", "table-row" };

	return xml_is_in(local, names, ARRAY_LEN(names));
}

bool
xml_is_cell(struct span local)
{
	static const char *const names[] = { "cell",        "td",    "th",
					     "table-cell",  "entry", "c",
					     "covered-cell" };

	return xml_is_in(local, names, ARRAY_LEN(names));
}

bool
xml_is_generic(struct span local)
{
	static const char *const names[] = { "param",  "entry", "attribute",
					     "column", "var",   "simpledata",
					     "input",  "option" };

	return xml_is_in(local, names, ARRAY_LEN(names)) ||
	       field_is_title(local) || field_is_value(local);
}

bool
xml_is_list(struct span local)
{
	static const char *const names[] = { "array", "dict", "list", "set",
					     "map" };

	return xml_is_in(local, names, ARRAY_LEN(names));
}

bool
xml_is_number(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (!(c >= '0' && c <= '9') && c != '.' && c != '+' &&
		    (c | 0x20) != 'e')
			return false;
	}
	return true;
}

struct span
xml_key_of(struct span attributes)
{
	static const char *const keys[] = { "name",  "key",   "label",
					    "title", "field", "property",
					    "id" };
	struct span found = { 0 };
	size_t best = ARRAY_LEN(keys);
	struct html_attribute attribute;
	size_t at = 0;

	while (html_attribute_next(attributes, &at, &attribute)) {
		const struct span local = xml_piece_local(attribute.name);

		for (size_t i = 0; i < best; i++) {
			if (!span_equal_nocase(local, span_of(keys[i])))
				continue;
			best = i;
			found = attribute.value;
		}
	}
	return found;
}
