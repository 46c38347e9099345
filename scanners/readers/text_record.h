/*
 * text_record.h - texts of folded lines: cards, calendars, directory entries.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted
 *
 * Shape:    vCard (RFC 6350, 2426, and 2.1 of versit), iCalendar (RFC 5545):
 *           "NAME;PARAMETER=…:value"; LDIF (RFC 2849): "name: value", or
 *           "name:: value in base64". A line that begins with a blank goes on.
 */
#ifndef SCANNERS_READERS_TEXT_RECORD_H
#define SCANNERS_READERS_TEXT_RECORD_H

#include "scanners/readers/reader.h"

enum text_record {
	TEXT_RECORD_NONE = 0, /* another text */
	TEXT_RECORD_CARD,     /* vCard, vCalendar, iCalendar */
	TEXT_RECORD_LDIF
};

enum text_record text_record_of(struct span body);

/*
 * Give the text with its lines joined, values in base64 and quoted-printable
 * decoded, and the files that stand in it as children.
 */
MUST_CHECK enum status
text_record_read(struct sink *sink, struct span body, enum text_record record,
		 const char *charset, struct err *err);

#endif
