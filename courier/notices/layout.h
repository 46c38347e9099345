/*
 * layout.h - the file of one notice, cut into blocks once for both of its
 * forms, text and HTML.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  immutable after layout_parse()
 *
 * Shape: UTF-8 with LF or CR LF. The first line is the subject. Then, by how
 * a line begins:
 *	# words           the title
 *	## words          a heading
 *	| label | words   one fact of a table
 *	- words           an item; goes on in lines that begin with a blank
 *	> words           a quotation
 *	= words           a code to be typed
 *	[label] {url}     a button; it links to {url} or {link_url} and to
 *			  nothing else
 *	words             a paragraph, up to an empty line or another block
 * The words are templates (template.h). A block whose names all have no value
 * is left out, and so is a heading with nothing below it.
 */
#ifndef COURIER_NOTICES_LAYOUT_H
#define COURIER_NOTICES_LAYOUT_H

#include "courier/notices/template.h"

enum layout_kind {
	LAYOUT_NONE = 0,
	LAYOUT_TITLE,
	LAYOUT_HEADING,
	LAYOUT_FACT,
	LAYOUT_ITEM,
	LAYOUT_QUOTE,
	LAYOUT_CODE,
	LAYOUT_BUTTON,
	LAYOUT_PARAGRAPH
};

struct layout_block {
	enum layout_kind kind;
	const char *label; /* FACT, BUTTON; else "" */
	const char *words;
};

enum { LAYOUT_MAX_BLOCKS = 64 };

struct layout {
	struct sbuf file; /* the words point into it */
	const char *subject;
	struct layout_block blocks[LAYOUT_MAX_BLOCKS];
	size_t block_count;
};

struct layout_values {
	const struct template_value *items;
	size_t count;
};

/*
 * Cut layout->file, which the caller has filled, in place.
 *
 * Takes:    what, the name of the file in err; names that words may have
 * Returns:  ST_OK; ST_FORMAT: err names the line
 */
MUST_CHECK enum status
layout_parse(struct layout *layout, const char *what, const char *const *names,
	     size_t name_count, struct err *err);
void layout_done(struct layout *layout);

/* The same for a file of words only, such as the footer: no blocks. */
MUST_CHECK enum status layout_parse_words(struct sbuf *file, const char *what,
					  const char *const *names,
					  size_t name_count, struct err *err);

/* The next block that has something to say, from *at on; NULL at the end. */
const struct layout_block *
layout_next(const struct layout *layout, const struct layout_values *values,
	    size_t *at);

/* The words of a block with their values. */
void layout_render(const char *words, const struct layout_values *values,
		   struct sbuf *out);

#endif
