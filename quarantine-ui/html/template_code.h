/*
 * template_code.h - a compiled template, shared by compiler and renderer.
 *
 * Layer:    quarantine-ui/html; internal to template.c, template_compile.c
 * Threads:  constant once compiled
 */
#ifndef QUARANTINE_UI_HTML_TEMPLATE_CODE_H
#define QUARANTINE_UI_HTML_TEMPLATE_CODE_H

#include "quarantine-ui/html/template.h"

enum {
	TEMPLATE_MAX_DEPTH = 8, /* blocks within blocks */
	TEMPLATE_MAX_CODES = 4000,
	TEMPLATE_MAX_NAME_BYTES = 64
};

enum template_step {
	TEMPLATE_STEP_NONE = 0,
	TEMPLATE_STEP_RAW,
	TEMPLATE_STEP_HTML,  /* a member, escaped for HTML */
	TEMPLATE_STEP_URL,   /* a member, percent-encoded */
	TEMPLATE_STEP_WORDS, /* a translation */
	TEMPLATE_STEP_IF,    /* when false: behind its END */
	TEMPLATE_STEP_UNLESS,
	TEMPLATE_STEP_EACH, /* without items: behind its END */
	TEMPLATE_STEP_END
};

/* The members that names can mean at a place: innermost last. */
struct template_scope {
	const struct template_shape *shapes[TEMPLATE_MAX_DEPTH + 1];
	size_t count;
};

struct template_code {
	enum template_step step;
	size_t at, len_bytes; /* RAW: in source */
	const struct template_field *field;
	size_t level;      /* of the field's struct in the scope */
	size_t partner;    /* END: its beginning; beginnings: their END */
	const char *words; /* WORDS: English, borrowed from words_text */
};

struct template
{
	struct sbuf source;
	struct template_code *codes;
	size_t code_count;
	char **words; /* copies of the English texts */
	size_t word_count;
	const struct template_shape *shape;
};

/* The field called name, innermost scope first. */
const struct template_field *
template_find_field(const struct template_scope *scope, struct span name,
		    size_t *level_out);

/*
 * Cut the next piece off *rest: either text up to "{" or a "{name}". Returns
 * false at the end; *name_out has length 0 for text.
 */
bool template_next_piece(struct span *rest, struct span *text_out,
			 struct span *name_out);

#endif
