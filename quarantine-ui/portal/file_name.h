/*
 * file_name.h - names of files as a recipient's computer may have them.
 *
 * Layer:    quarantine-ui/portal; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted names, out of a mail
 */
#ifndef QUARANTINE_UI_PORTAL_FILE_NAME_H
#define QUARANTINE_UI_PORTAL_FILE_NAME_H

#include "lib/base/sbuf.h"

enum { FILE_NAME_BYTES = 256 };

/*
 * name without anything that a file system, a shell or a reader could take in
 * another way: no folders, no control characters, none that turn the direction
 * of writing, no names of devices, no dot or blank at either end; at most 200
 * bytes, the ending kept. Nothing left: "file-3" for number 3.
 */
void file_name_clean(const char *name, size_t number,
		     char clean_out[FILE_NAME_BYTES]);

/* "name (2).xlsx" out of "name.xlsx". */
void file_name_number(const char *clean, unsigned copy,
		      char numbered_out[FILE_NAME_BYTES]);

/* The field Content-Disposition for a clean name (RFC 6266, RFC 8187). */
void file_name_disposition(const char *clean, struct sbuf *field);

#endif
