/*
 * record.h - the person's record that a number may stand in.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted text; linear time
 *
 * A record in text is a paragraph. What speaks for a My Number in it are words
 * such as 生年月日 and 続柄, and dates of birth themselves.
 */
#ifndef SCANNERS_DETECT_RECORD_H
#define SCANNERS_DETECT_RECORD_H

#include "lib/base/span.h"
#include "scanners/detect/labels.h"

/* How far a record reaches on each side of a number. */
enum { RECORD_SIDE_BYTES = 900 };

/* The paragraph around [start, end) of text, as far as it is looked at. */
struct span record_around(struct span text, size_t start, size_t end);

/* What stands in record: bits of enum evidence_person. */
unsigned record_person(const struct labels *labels, struct span record);

/*
 * Is there a date in text that is long enough ago to be a birthday?
 * 昭和60年1月2日, S60.1.2, 1985/01/02, 1985年1月2日, 19850102, in any width.
 */
bool record_has_birthday(struct span text);

/* "工藤 純一", "ｸﾄﾞｳ ｼﾞｭﾝｲﾁ": two words of kanji and kana, one blank between;
 * of kana alone they are longer. */
bool record_is_name(struct span text);

/* Bits of enum evidence_person for what a cell is nothing but: a date of birth,
 * a name of two words, a sex, an address. */
unsigned record_cell_person(struct span text);

#endif
