/*
 * names.h - what the files that are cut out of a mail are called.
 *
 * Layer:    scanners/rewrite; includes lib/, scanners/{readers,text,detect}
 * Threads:  values
 * Input:    untrusted
 */
#ifndef SCANNERS_REWRITE_NAMES_H
#define SCANNERS_REWRITE_NAMES_H

#include "scanners/rewrite/tree.h"

/*
 * Append the name that node's file gets: its own without a path, control and
 * direction characters, cut to REWRITE_NAME_BYTES before its ending; one made
 * up of number (from 1) and type when it has none.
 */
void names_add(const struct tree_node *node, size_t number, struct sbuf *out);

/* Append name with " (2)" before its ending. */
void names_add_other(struct span name, size_t other, struct sbuf *out);

/* Append "file-1.xlsx" for name: number, and the ending if it is plain. */
void names_add_neutral(struct span name, size_t number, struct sbuf *out);

/* Append a content type as it was declared, or a type that says nothing. */
void names_add_type(const char *type, struct sbuf *out);

#endif
