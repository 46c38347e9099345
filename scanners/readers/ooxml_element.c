#include "scanners/readers/ooxml_element.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"

struct ooxml_name {
	const char *local;
	enum ooxml_element element;
};

/* In the order of strcmp(). */
static const struct ooxml_name ooxml_names[] = {
	{ "AlternateContent", OOXML_ALTERNATE },
	{ "Choice", OOXML_CHOICE },
	{ "Fallback", OOXML_FALLBACK },
	{ "alias", OOXML_CONTROL_ALIAS },
	{ "br", OOXML_BREAK },
	{ "cacheField", OOXML_NAMED },
	{ "comment", OOXML_COMMENT },
	{ "cr", OOXML_BREAK },
	{ "definedName", OOXML_NAMED },
	{ "del", OOXML_DELETED },
	{ "delInstrText", OOXML_FIELD_CODE },
	{ "delText", OOXML_DELETED_TEXT },
	{ "fld", OOXML_RUN },
	{ "fldChar", OOXML_FIELD_MARK },
	{ "gridBefore", OOXML_ROW_SKIP },
	{ "gridSpan", OOXML_CELL_SPAN },
	{ "ins", OOXML_INSERTED },
	{ "instrText", OOXML_FIELD_CODE },
	{ "is", OOXML_PLAIN },
	{ "moveFrom", OOXML_DELETED },
	{ "moveTo", OOXML_INSERTED },
	{ "noBreakHyphen", OOXML_HYPHEN },
	{ "p", OOXML_PARAGRAPH },
	{ "pPr", OOXML_PARAGRAPH_PROPERTIES },
	{ "property", OOXML_NAMED },
	{ "ptab", OOXML_TAB },
	{ "r", OOXML_RUN },
	{ "rPh", OOXML_PHONETIC },
	{ "rPr", OOXML_RUN_PROPERTIES },
	{ "rt", OOXML_PHONETIC },
	{ "sdt", OOXML_CONTROL },
	{ "sdtContent", OOXML_CONTROL_CONTENT },
	{ "si", OOXML_PLAIN },
	{ "sym", OOXML_SYMBOL },
	{ "t", OOXML_TEXT },
	{ "tab", OOXML_TAB },
	{ "tag", OOXML_CONTROL_TAG },
	{ "tbl", OOXML_TABLE },
	{ "tc", OOXML_CELL },
	{ "text", OOXML_PLAIN },
	{ "threadedComment", OOXML_COMMENT },
	{ "tr", OOXML_ROW },
	{ "txbxContent", OOXML_TEXT_BOX },
	{ "v", OOXML_VALUE },
	{ "vanish", OOXML_HIDDEN },
};

static int
ooxml_compare(const void *key, const void *name)
{
	const struct ooxml_name *row = name;

	return strcmp(key, row->local);
}

enum ooxml_element
ooxml_element_of(const char *local)
{
	const struct ooxml_name *name =
		bsearch(local, ooxml_names, ARRAY_LEN(ooxml_names),
			sizeof(ooxml_names[0]), ooxml_compare);

	return name != NULL ? name->element : OOXML_NONE;
}
