/*
 * context.h - where in the HTML a byte of a template stands.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  values
 */
#ifndef QUARANTINE_UI_HTML_CONTEXT_H
#define QUARANTINE_UI_HTML_CONTEXT_H

#include "lib/base/span.h"

enum context_state {
	CONTEXT_NONE = 0,
	CONTEXT_TEXT,
	CONTEXT_TAG_START,    /* behind '<' */
	CONTEXT_DECLARATION,  /* <!doctype …> */
	CONTEXT_TAG_NAME,     /* of an opening or closing tag */
	CONTEXT_TAG,          /* between attributes */
	CONTEXT_NAME,         /* of an attribute */
	CONTEXT_BEFORE_VALUE, /* behind '=' */
	CONTEXT_VALUE         /* within double quotes */
};

/* What may be put in at a place. */
enum context_place {
	CONTEXT_PLACE_NONE = 0, /* nothing */
	CONTEXT_PLACE_TEXT,     /* element content or a plain attribute value */
	CONTEXT_PLACE_URL       /* a value that began with a literal '/' */
};

enum { CONTEXT_NAME_BYTES = 32 };

struct context {
	enum context_state state;
	char name[CONTEXT_NAME_BYTES]; /* of the tag or attribute, so far */
	size_t name_bytes;
	bool url;      /* the attribute is an address */
	bool url_safe; /* and its value began with '/' (and not "//") */
	size_t value_bytes;
	bool closing; /* the tag is </…> */
	bool script;  /* within <script …>, or between it and </script> */
};

/* The beginning of a template: element content. */
void context_init(struct context *context);

/* Step over one byte of template text. NULL, or why it may not stand there. */
const char *context_step(struct context *context, uint8_t byte);

enum context_place context_place(const struct context *context);

/* Step over something that was put in. */
void context_step_over(struct context *context);

/* True when a block that began at a may end at b. */
bool context_same(const struct context *a, const struct context *b);

#endif
