/*
 * pictures.h - pictures that a mail's text shows and that nobody could read.
 *
 * Layer:    lib/report
 * Threads:  pure functions
 *
 * They stay in a link mail unless a rule says otherwise (link_pictures); a
 * small one counts as the logo of a signature (link_logo).
 */
#ifndef LIB_REPORT_PICTURES_H
#define LIB_REPORT_PICTURES_H

#include "lib/report/report.h"

/* Ends the detail of an unread picture that has a Content-ID and is not given
 * as an attachment: text may show it. */
#define PICTURES_SHOWN ", for the text"

/* Size of the part at path; UINT64_MAX when the report does not have it. */
uint64_t pictures_bytes(const struct scan_report *report, const char *path);

/* Unread pictures of more than logo_bytes. */
uint32_t pictures_unread(const struct scan_report *report, uint64_t logo_bytes);

/* Those of them that a text of the mail may show; cut: but what a rule that
 * cuts pictures takes out, so that those are left which stand in the text
 * itself. */
uint32_t
pictures_shown(const struct scan_report *report, uint64_t logo_bytes, bool cut);

#endif
