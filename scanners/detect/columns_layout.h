/*
 * columns_layout.h - files without headers whose columns are known.
 *
 * Layer:    scanners/detect; includes lib/base
 * Threads:  values
 *
 * The files of the pension office (SHFD0006 and its like) hold one type of
 * record for each form; the reader gives each as a sheet with its name.
 */
#ifndef SCANNERS_DETECT_COLUMNS_LAYOUT_H
#define SCANNERS_DETECT_COLUMNS_LAYOUT_H

#include "lib/base/span.h"

/* Does this column of records of that type hold My Numbers? */
bool columns_layout_is_ours(const char *sheet, uint32_t column);

/* Is sheet the name of such a type, which nobody needs to hide? */
bool columns_layout_is_type(const char *sheet);

#endif
