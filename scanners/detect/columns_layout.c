#include "scanners/detect/columns_layout.h"

#include <string.h>

#include "lib/base/attr.h"

/* Counted in files that programs make; the pension number follows. */
static const struct {
	const char *type;
	uint32_t column;
} layouts[] = {
	{ "2221700", 40 }, /* change of the standard monthly remuneration */
	{ "2225700", 40 }, /* basis of the calculation */
	{ "2265700", 15 }, /* payment of bonuses */
};

bool
columns_layout_is_ours(const char *sheet, uint32_t column)
{
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (column == layouts[i].column &&
		    strcmp(sheet, layouts[i].type) == 0)
			return true;
	return false;
}

bool
columns_layout_is_type(const char *sheet)
{
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (strcmp(sheet, layouts[i].type) == 0)
			return true;
	return false;
}
