/*
 * pdf_facts.h - which objects of a file refer to which, and its fonts.
 *
 * Layer:    scanners/pdf; GLib, no poppler
 * Threads:  one
 * Input:    untrusted; every state of a document that was changed, as one
 *
 * poppler shows what the pages lead to and says nothing of the rest. Here is
 * noted what tells whether the rest is a part of the document that a damage
 * or a hand has cut off.
 */
#ifndef SCANNERS_PDF_PDF_FACTS_H
#define SCANNERS_PDF_PDF_FACTS_H

#include <glib.h>

#include "lib/base/sbuf.h"

/* How an object is referred to; they add up. */
enum pdf_role {
	PDF_ROLE_NONE = 0,
	PDF_ROLE_CONTENTS = 1, /* of a page, or how a note looks */
	PDF_ROLE_ATTACHED = 2, /* a file */
	PDF_ROLE_PROGRAM = 4,  /* of a font */
	PDF_ROLE_OTHER = 8
};

struct pdf_facts {
	GHashTable *roles;  /* object -> roles */
	GHashTable *within; /* object -> the array that names it */
	GHashTable *fonts;  /* object -> what its font is called */
	GHashTable *keys;   /* "F1" -> struct facts_key */
	GHashTable *uses;   /* "F1" -> struct facts_use */
	bool has_pictures;
	bool is_encrypted;
};

void facts_init(struct pdf_facts *facts);
void facts_done(struct pdf_facts *facts);

/* Entry key of object number, in the entry parent of what holds it, is a
 * reference to target. Names may be "". */
void facts_add_reference(struct pdf_facts *facts, uint32_t number,
			 const char *parent, const char *key, uint32_t target);

/* A name, behind the name key or (key "") anything else: "/Subtype/Image".
 * parent: of the dictionary, "" when that is the object itself. */
void facts_add_name(struct pdf_facts *facts, uint32_t number,
		    const char *parent, const char *key, const char *value);

/* Text in the font that a page calls name is shown. */
void
facts_add_use(struct pdf_facts *facts, const char *name, struct span codes);

unsigned facts_roles(const struct pdf_facts *facts, uint32_t number);

/* Is there a font in which a number may have been shown, and no character of
 * it is among seen (names of fonts)? */
bool facts_lack_font(const struct pdf_facts *facts, GHashTable *seen);

#endif
