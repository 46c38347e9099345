/*
 * pdf_file.h - what a PDF file holds beside what poppler gives of it.
 *
 * Layer:    scanners/pdf; GLib, no poppler
 * Threads:  one
 * Input:    untrusted
 *
 * The file is walked through once, before poppler's pages: strings of objects
 * and of drawings are kept, and what refers to what is noted. Given is all of
 * it behind the pages, when it is known what those showed.
 */
#ifndef SCANNERS_PDF_PDF_FILE_H
#define SCANNERS_PDF_PDF_FILE_H

#include "scanners/pdf/pdf_facts.h"
#include "scanners/pdf/pdf_sink.h"

struct pdf_file {
	struct pdf_sink *sink;
	struct span bytes;
	struct pdf_facts facts;
	GArray *streams;     /* struct pdf_stream */
	GPtrArray *texts;    /* struct pdf_text */
	GHashTable *mute;    /* names of fonts that may have no characters */
	bool is_mute;        /* one has none */
	bool is_font_broken; /* a part of one is missing */
	size_t starts;       /* of streams */
	size_t ends;
	size_t shown;    /* characters on pages */
	bool is_cut;     /* a stream has no start or no end */
	bool is_broken;  /* one is, inside */
	bool is_unknown; /* how one is packed */
	bool is_long;    /* one had more than is read of it */
	bool is_lost;    /* no page shows one that shows text */
};

struct pdf_stream {
	struct span dictionary; /* what is before it, its own at the end */
	struct span data;
	uint32_t number;  /* of its object, 0 when unknown */
	size_t inner;     /* starts of others in data */
	bool is_endless;  /* its length is wrong, and data has others */
	bool is_child;    /* to be given as it is */
	bool is_attached; /* a file, which a list may name */
};

struct pdf_text {
	char *name;
	char *utf8;
};

void
pdf_file_init(struct pdf_file *file, struct pdf_sink *sink, struct span bytes);
void pdf_file_done(struct pdf_file *file);

/* Walk through it. */
void pdf_file_look(struct pdf_file *file);

/* False: it surely has none. */
bool pdf_file_may_have_pictures(const struct pdf_file *file);

/* Is there a font in seen (names of those that gave text) yet to come, since
 * without it something was not read? */
bool pdf_file_lacks_font(const struct pdf_file *file, GHashTable *seen);

/* Send the texts that were kept; then, when attached files were given, all
 * else. seen: names of fonts of which the pages gave text. */
void pdf_file_give_texts(struct pdf_file *file);
void pdf_file_give(struct pdf_file *file, GHashTable *seen);

/* To be given in an element of that name. */
void pdf_file_keep(struct pdf_file *file, const char *name, struct span utf8);

/* pdf_given.c: an attached file was sent; was it? */
void pdf_given_add(struct pdf_sink *sink, struct span bytes);
bool pdf_given_has(const struct pdf_sink *sink, struct span bytes);
void pdf_given_done(struct pdf_sink *sink);

/* pdf_objects.c: strings of objects, by the names of their entries, and what
 * they refer to. number: of the object that they begin in.
 * Returns:  that of the object that they end in */
uint32_t
pdf_objects_read(struct pdf_file *file, uint32_t number, struct span objects);
/* A packed stream of objects, and what its dictionary says of it. */
void pdf_objects_read_packed(struct pdf_file *file, struct span dictionary,
			     struct span unpacked);

/* pdf_drawing.c: strings that are drawn, each line joined, as far as their
 * codes are letters. */
struct drawing_text {
	size_t shown;  /* codes of text */
	size_t unread; /* those that are no letters */
};
void pdf_drawing_read(struct pdf_file *file, struct span operators,
		      struct drawing_text *text_out);

/* pdf_fonts.c: note fonts among objects that have no map to characters. */
void pdf_fonts_find_mute(struct pdf_file *file, struct span objects);

/* pdf_streams.c: the next stream at or behind *at, which then is behind its
 * data; false at the end. */
bool pdf_stream_next(struct span bytes, size_t *at, struct pdf_stream *stream);
/* Note a stream for later; packed objects are read at once. */
void pdf_stream_add(struct pdf_file *file, struct pdf_stream *stream);
/* Read all that were noted, when it is known who refers to them. */
void pdf_streams_read(struct pdf_file *file);
/* Send those that are files. */
void pdf_streams_give(struct pdf_file *file);

#endif
