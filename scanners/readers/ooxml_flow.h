/*
 * ooxml_flow.h - read the text of any XML part of an office package.
 *
 * Layer:    scanners/readers
 * Threads:  no shared state
 * Input:    untrusted
 *
 * Runs of a paragraph join; the readings of tracked changes, hidden text and
 * alternate content are all given; tables are cells. Of elements that nobody
 * knows the text is given line by line, and of all the attributes.
 */
#ifndef SCANNERS_READERS_OOXML_FLOW_H
#define SCANNERS_READERS_OOXML_FLOW_H

#include "scanners/readers/sink.h"

/*
 * Takes:    place, of the text: its number is that of a page where it is one,
 *           else lines are counted; names, in front of those of tables and
 *           of the cells of comments
 * Returns:  ST_OK; ST_FORMAT as xml_walk(); ST_NO_MEMORY; what sink returned
 */
MUST_CHECK enum status
ooxml_flow_read(struct sink *sink, struct span document,
		const struct place *place, const char *names, struct err *err);

#endif
