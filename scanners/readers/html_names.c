#include "scanners/readers/html_names.h"

#include "lib/base/parse.h"

static bool
html_is_in(struct span name, const char *const *names, size_t count)
{
	/* Nearly all differ in their first letter. */
	const uint8_t first =
		name.len_bytes > 0 ? (uint8_t)(name.ptr[0] | 0x20) : 0;

	for (size_t i = 0; i < count; i++)
		if ((uint8_t)names[i][0] == first &&
		    span_equal_nocase(name, span_of(names[i])))
			return true;
	return false;
}

bool
html_is_block(struct span name)
{
	static const char *const blocks[] = {
		"div",
		"p",
		"br",
		"li",
		"ul",
		"ol",
		"h1",
		"h2",
		"h3",
		"h4",
		"h5",
		"h6",
		"hr",
		"dl",
		"dt",
		"dd",
		"tbody",
		"thead",
		"tfoot",
		"caption",
		"section",
		"article",
		"header",
		"footer",
		"main",
		"nav",
		"aside",
		"form",
		"fieldset",
		"legend",
		"input",
		"select",
		"option",
		"optgroup",
		"textarea",
		"button",
		"pre",
		"address",
		"center",
		"blockquote",
		"html",
		"head",
		"body",
		"title",
		"meta",
		"link",
		"base",
		"noscript",
		"details",
		"summary",
		"dialog",
		"figcaption",
		"figure",
		"hgroup",
		"menu",
		"dir",
		"frameset",
		"frame",
		"iframe",
		"object",
		"embed",
		"script",
		"style",
		"template",
		"col",
		"colgroup",
		"listing",
		"xmp",
		"plaintext",
		/* of text/enriched and text/richtext */
		"nofill",
		"excerpt",
		"indent",
		"indentright",
		"verbatim",
		"flushleft",
		"outdent",
		"outdentright",
		"flushboth",
		"flushright",
		"paraindent",
		"paragraph",
		"nl",
		"np",
		"heading",
		"footing",
	};

	return html_is_in(name, blocks, ARRAY_LEN(blocks));
}

bool
html_is_preformatted(struct span name)
{
	static const char *const names[] = { "pre",     "textarea",  "listing",
					     "xmp",     "plaintext", "nofill",
					     "verbatim" };

	return html_is_in(name, names, ARRAY_LEN(names));
}

bool
html_is_table_part(struct span name)
{
	static const char *const names[] = { "table", "tr", "td", "th" };

	return html_is_in(name, names, ARRAY_LEN(names));
}
