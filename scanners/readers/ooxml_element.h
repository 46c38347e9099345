/*
 * ooxml_element.h - what an element of an office package means for its text.
 *
 * Layer:    scanners/readers; private to ooxml_*.c
 */
#ifndef SCANNERS_READERS_OOXML_ELEMENT_H
#define SCANNERS_READERS_OOXML_ELEMENT_H

/* By local names: Word, DrawingML and PresentationML use the same, and so do
 * the strict variants in their namespaces. */
enum ooxml_element {
	OOXML_NONE = 0,
	OOXML_PARAGRAPH,
	OOXML_PLAIN, /* a paragraph that may hold its text directly */
	OOXML_PARAGRAPH_PROPERTIES,
	OOXML_RUN,
	OOXML_RUN_PROPERTIES,
	OOXML_TEXT,
	OOXML_DELETED_TEXT,
	OOXML_FIELD_CODE,
	OOXML_FIELD_MARK,
	OOXML_TAB,
	OOXML_BREAK,
	OOXML_HYPHEN,
	OOXML_SYMBOL,
	OOXML_HIDDEN,
	OOXML_DELETED,
	OOXML_INSERTED,
	OOXML_ALTERNATE,
	OOXML_CHOICE,
	OOXML_FALLBACK,
	OOXML_PHONETIC,
	OOXML_TABLE,
	OOXML_ROW,
	OOXML_CELL,
	OOXML_CELL_SPAN,
	OOXML_ROW_SKIP,
	OOXML_TEXT_BOX,
	OOXML_CONTROL,
	OOXML_CONTROL_ALIAS,
	OOXML_CONTROL_TAG,
	OOXML_CONTROL_CONTENT,
	OOXML_VALUE,   /* of a chart */
	OOXML_COMMENT, /* of a cell, in a sheet */
	OOXML_NAMED,   /* its name says what its text is */
	OOXML_ELEMENTS
};

/* The element that local names; OOXML_NONE for all others. */
enum ooxml_element ooxml_element_of(const char *local);

#endif
