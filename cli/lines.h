/*
 * lines.h - lines and words of another program's configuration.
 *
 * Layer:    cli
 * Threads:  no shared state
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "lib/base/span.h"

/* The next line of *rest without its end. False at the end. */
bool lines_next(struct span *rest, struct span *line_out);

/* Blanks, tabs and carriage returns off both ends. */
struct span lines_trim(struct span text);

/* What stands behind prefix. False: text does not begin with it. */
bool lines_behind(struct span text, const char *prefix, struct span *tail_out);

/* The next item of *rest: up to one of the bytes of ends, which is left out
 * with all that follow. False at the end. */
bool lines_item(struct span *rest, const char *ends, struct span *item_out);

/* Does word stand somewhere in text? */
bool lines_has(struct span text, const char *word);

#endif
