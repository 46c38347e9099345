#include "scanners/pdf/pdf_read.h"

#include <stdio.h>
#include <string.h>

enum {
	PDF_MAX_DEPTH = 64 /* of bookmarks and layers */
};

/* Without its value: digits of a detail are masked, since it may quote. */
static void
pdf_limit(struct pdf_sink *sink, const char *name)
{
	char detail[REMOTE_DETAIL_BYTES];

	(void)snprintf(detail, sizeof(detail), "limit %s", name);
	pdf_sink_opaque(sink, REPORT_REASON_LIMIT, detail);
}

void
pdf_element(struct pdf_sink *sink, const char *name, unsigned number,
	    const char *utf8)
{
	const struct place place = { PLACE_ELEMENT, number, name };

	if (utf8 == NULL || utf8[0] == '\0')
		return;
	pdf_sink_text(sink, &place, utf8);
	pdf_sink_break(sink);
}

static void
pdf_take_element(struct pdf_sink *sink, const char *name, char *utf8)
{
	pdf_element(sink, name, 0, utf8);
	g_free(utf8);
}

static void
pdf_metadata(struct pdf_sink *sink, PopplerDocument *document)
{
	pdf_take_element(sink, "Title", poppler_document_get_title(document));
	pdf_take_element(sink, "Author", poppler_document_get_author(document));
	pdf_take_element(sink, "Subject",
			 poppler_document_get_subject(document));
	pdf_take_element(sink, "Keywords",
			 poppler_document_get_keywords(document));
	pdf_take_element(sink, "Creator",
			 poppler_document_get_creator(document));
	pdf_take_element(sink, "Producer",
			 poppler_document_get_producer(document));
	/* XMP: an XML document, swept as text with its markup. */
	pdf_take_element(sink, "Metadata",
			 poppler_document_get_metadata(document));
}

static gboolean
pdf_attachment_chunk(const gchar *chunk, gsize len_bytes, gpointer data,
		     GError **error)
{
	(void)error;
	g_byte_array_append(data, (const guint8 *)chunk, (guint)len_bytes);
	return TRUE;
}

void
pdf_attachment_read(struct pdf_sink *sink, PopplerAttachment *attachment)
{
	GByteArray *bytes = g_byte_array_new();
	GError *error = NULL;

	if (poppler_attachment_save_to_callback(
		    attachment, pdf_attachment_chunk, bytes, &error)) {
		const struct span file = { bytes->data, bytes->len };

		pdf_sink_child(sink, attachment->name, file);
		pdf_given_add(sink, file);
	} else {
		pdf_sink_opaque(sink, REPORT_REASON_DAMAGED, "pdf attachment");
	}
	g_clear_error(&error);
	g_byte_array_unref(bytes);
	pdf_element(sink, "Attachment", 0, attachment->name);
	pdf_element(sink, "Attachment", 0, attachment->description);
}

static void
pdf_attachments(struct pdf_sink *sink, PopplerDocument *document)
{
	GList *all = poppler_document_get_attachments(document);

	for (GList *at = all; at != NULL && !pdf_sink_is_over(sink);
	     at = at->next)
		pdf_attachment_read(sink, at->data);
	g_list_free_full(all, g_object_unref);
}

/* Whether a tree may go on; says so when it may not. */
static bool
pdf_tree_fits(struct pdf_sink *sink, uint64_t count, bool too_deep,
	      const char *what)
{
	const bool too_many = count > sink->order.max_objects;

	if (too_many || too_deep)
		pdf_limit(sink, too_many ? "objects" : what);
	return !too_many && !too_deep;
}

static void
pdf_bookmark(struct pdf_sink *sink, PopplerIndexIter *iter)
{
	PopplerAction *action = poppler_index_iter_get_action(iter);

	if (action == NULL)
		return;
	pdf_element(sink, "Bookmark", 0, action->any.title);
	poppler_action_free(action);
}

/* Bookmarks are a tree; its inner iterators stand on a stack of ours. */
static void
pdf_bookmarks(struct pdf_sink *sink, PopplerDocument *document)
{
	PopplerIndexIter *stack[PDF_MAX_DEPTH];
	size_t depth = 0;
	uint64_t count = 0;

	stack[0] = poppler_index_iter_new(document);
	depth = stack[0] != NULL;
	while (depth > 0 && !pdf_sink_is_over(sink)) {
		PopplerIndexIter *iter = stack[depth - 1];
		PopplerIndexIter *inner = poppler_index_iter_get_child(iter);

		if (!pdf_tree_fits(sink, ++count,
				   inner != NULL && depth == PDF_MAX_DEPTH,
				   "pdf bookmarks in bookmarks")) {
			if (inner != NULL)
				poppler_index_iter_free(inner);
			break;
		}
		pdf_bookmark(sink, iter);
		if (!poppler_index_iter_next(iter))
			poppler_index_iter_free(stack[--depth]);
		if (inner != NULL)
			stack[depth++] = inner;
	}
	while (depth > 0)
		poppler_index_iter_free(stack[--depth]);
}

/* Turns it on; true when it was off. */
static bool
pdf_show_layer(PopplerLayersIter *iter)
{
	PopplerLayer *layer = poppler_layers_iter_get_layer(iter);
	bool changed = false;

	if (layer == NULL)
		return false;
	changed = !poppler_layer_is_visible(layer);
	poppler_layer_show(layer);
	g_object_unref(layer);
	return changed;
}

/* All layers on: what is hidden is text as well. True when one was off. */
static bool
pdf_show_layers(struct pdf_sink *sink, PopplerDocument *document)
{
	PopplerLayersIter *stack[PDF_MAX_DEPTH];
	size_t depth = 0;
	uint64_t count = 0;
	bool changed = false;

	stack[0] = poppler_layers_iter_new(document);
	depth = stack[0] != NULL;
	while (depth > 0 && !pdf_sink_is_over(sink)) {
		PopplerLayersIter *iter = stack[depth - 1];
		PopplerLayersIter *inner = poppler_layers_iter_get_child(iter);

		if (!pdf_tree_fits(sink, ++count,
				   inner != NULL && depth == PDF_MAX_DEPTH,
				   "pdf layers in layers")) {
			if (inner != NULL)
				poppler_layers_iter_free(inner);
			break;
		}
		changed |= pdf_show_layer(iter);
		if (!poppler_layers_iter_next(iter))
			poppler_layers_iter_free(stack[--depth]);
		if (inner != NULL)
			stack[depth++] = inner;
	}
	while (depth > 0)
		poppler_layers_iter_free(stack[--depth]);
	return changed;
}

static void
pdf_pages(struct pdf_file *file, PopplerDocument *document, GHashTable *fonts)
{
	struct pdf_sink *sink = file->sink;
	const int count = poppler_document_get_n_pages(document);

	for (int i = 0; i < count && !pdf_sink_is_over(sink); i++) {
		PopplerPage *page = NULL;

		if ((uint64_t)i >= sink->order.max_pages) {
			pdf_limit(sink, "pages");
			return;
		}
		page = poppler_document_get_page(document, i);
		if (page == NULL) {
			pdf_sink_opaque(sink, REPORT_REASON_DAMAGED,
					"pdf page");
			continue;
		}
		pdf_page_read(file, page, (unsigned)i + 1, fonts);
		g_object_unref(page);
	}
}

static void
pdf_read_document(struct pdf_file *file, PopplerDocument *document,
		  GHashTable *fonts)
{
	struct pdf_sink *sink = file->sink;

	pdf_metadata(sink, document);
	pdf_bookmarks(sink, document);
	pdf_pages(file, document, fonts);
	/* Once as it is shown, and once with every layer. */
	if (pdf_show_layers(sink, document))
		pdf_pages(file, document, fonts);
}

/* Scripts of an encrypted file (with an empty password) are noise in it, and
 * poppler-glib tells only that there are some. */
static void
pdf_hidden_scripts(struct pdf_file *file, PopplerDocument *document)
{
	static const char mark[] = "/Encrypt";

	if (memmem(file->bytes.ptr, file->bytes.len_bytes, mark,
		   sizeof(mark) - 1) != NULL &&
	    !pdf_sink_is_over(file->sink) &&
	    poppler_document_has_javascript(document))
		pdf_sink_opaque(file->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				"pdf: script of an encrypted file");
}

/* The reason why it could not be read as a document, or NULL. */
static const char *
pdf_read_whole(struct pdf_file *file, PopplerDocument *document,
	       const GError *error)
{
	GHashTable *fonts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *why = "pdf cannot be opened";

	if (document != NULL) {
		pdf_read_document(file, document, fonts);
		pdf_hidden_scripts(file, document);
		/* Last: poppler 22.12 crashes when a list of attached files
		 * has something else in it. */
		pdf_file_give_texts(file);
		pdf_attachments(file->sink, document);
		why = poppler_document_get_n_pages(document) > 0 ? NULL
								 : "no pages";
	}
	if (error != NULL &&
	    g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
		pdf_sink_opaque(file->sink, REPORT_REASON_LOCKED, "pdf");
		why = NULL;
	} else {
		if (document == NULL)
			pdf_file_give_texts(file);
		pdf_file_give(file, fonts);
	}
	g_hash_table_destroy(fonts);
	return why;
}

static void
pdf_password_free(char **password)
{
	if (*password != NULL)
		explicit_bzero(*password, strlen(*password));
	g_free(*password);
	*password = NULL;
}

/*
 * poppler-glib writes a password as Latin-1, but since version 5 of the
 * encryption they are UTF-8: each byte of it as a character of its own is
 * written as that byte. NULL: there is none.
 */
static char *
pdf_password(const struct pdf_file *file, char *utf8)
{
	static const char since[] = "/V 5";
	const bool is_bytes = memmem(file->bytes.ptr, file->bytes.len_bytes,
				     since, sizeof(since) - 1) != NULL;
	GString *out = NULL;

	if (utf8[0] == '\0')
		return NULL;
	out = g_string_sized_new(2 * REPORT_SECRET_BYTES + 1);
	for (const char *c = utf8; *c != '\0'; c++)
		if (is_bytes)
			g_string_append_unichar(out, (unsigned char)*c);
		else
			g_string_append_c(out, *c);
	explicit_bzero(utf8, strlen(utf8));
	return g_string_free(out, FALSE);
}

void
pdf_read(struct pdf_sink *sink, const uint8_t *bytes, size_t len_bytes)
{
	struct pdf_file file;
	GError *error = NULL;
	GBytes *held = g_bytes_new_static(bytes, len_bytes);

	pdf_errors_listen(sink);
	pdf_file_init(&file, sink, (struct span){ bytes, len_bytes });
	pdf_file_look(&file);
	AUTO(pdf_password_free)
	char *password = pdf_password(&file, sink->password);
	/* Never a wrong password: poppler 22.12 crashes on it. */
	PopplerDocument *document =
		poppler_document_new_from_bytes(held, password, &error);

	pdf_sink_end(sink, pdf_read_whole(&file, document, error));
	g_clear_object(&document);
	g_clear_error(&error);
	g_bytes_unref(held);
	pdf_file_done(&file);
	pdf_given_done(sink);
}
