#include "scanners/pdf/pdf_file.h"

#include <string.h>

#include "scanners/pdf/pdf_read.h"

static void
file_free_text(gpointer data)
{
	struct pdf_text *text = data;

	explicit_bzero(text->utf8, strlen(text->utf8));
	g_free(text->utf8);
	g_free(text->name);
	g_free(text);
}

void
pdf_file_init(struct pdf_file *file, struct pdf_sink *sink, struct span bytes)
{
	*file = (struct pdf_file){ .sink = sink, .bytes = bytes };
	facts_init(&file->facts);
	file->streams = g_array_new(FALSE, FALSE, sizeof(struct pdf_stream));
	file->texts = g_ptr_array_new_with_free_func(file_free_text);
	file->mute =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
pdf_file_done(struct pdf_file *file)
{
	g_hash_table_destroy(file->mute);
	g_ptr_array_unref(file->texts);
	g_array_unref(file->streams);
	facts_done(&file->facts);
}

void
pdf_file_keep(struct pdf_file *file, const char *name, struct span utf8)
{
	struct pdf_text *text = NULL;

	if (utf8.len_bytes == 0)
		return;
	text = g_new(struct pdf_text, 1);
	text->name = g_strdup(name);
	text->utf8 = g_malloc(utf8.len_bytes + 1);
	memcpy(text->utf8, utf8.ptr, utf8.len_bytes);
	text->utf8[utf8.len_bytes] = '\0';
	/* It ends at its end. */
	for (size_t i = 0; i < utf8.len_bytes; i++)
		if (text->utf8[i] == '\0')
			text->utf8[i] = ' ';
	g_ptr_array_add(file->texts, text);
}

static size_t
file_count_ends(struct span text)
{
	static const char mark[] = "endstream";
	struct span rest = text;
	const uint8_t *found = NULL;
	size_t count = 0;

	while (rest.len_bytes > 0 &&
	       (found = memmem(rest.ptr, rest.len_bytes, mark,
			       sizeof(mark) - 1)) != NULL) {
		const size_t behind =
			(size_t)(found - text.ptr) + sizeof(mark) - 1;

		(void)span_cut(text, behind, text.len_bytes - behind, &rest);
		count++;
	}
	return count;
}

void
pdf_file_look(struct pdf_file *file)
{
	struct pdf_stream stream = { .number = 0 };
	uint32_t number = 0;
	size_t from = 0;
	size_t at = 0;

	while (!pdf_sink_is_over(file->sink)) {
		const bool any = pdf_stream_next(file->bytes, &at, &stream);
		const size_t end =
			any ? (size_t)(stream.data.ptr - file->bytes.ptr) : at;
		struct span objects = { 0 };

		if (span_cut(file->bytes, from, end - from, &objects)) {
			number = pdf_objects_read(file, number, objects);
			file->ends += file_count_ends(objects);
			pdf_fonts_find_mute(file, objects);
		}
		if (!any)
			break;
		from = at;
		if (stream.number == 0)
			stream.number = number;
		file->starts += 1 + stream.inner;
		file->is_cut |= stream.is_endless;
		pdf_stream_add(file, &stream);
	}
	file->is_cut |= file->ends > file->starts;
	pdf_streams_read(file);
}

bool
pdf_file_lacks_font(const struct pdf_file *file, GHashTable *seen)
{
	GHashTableIter iter;
	gpointer name = NULL;

	if (facts_lack_font(&file->facts, seen))
		return true;
	g_hash_table_iter_init(&iter, file->mute);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (!g_hash_table_contains(seen, name))
			return true;
	return false;
}

bool
pdf_file_may_have_pictures(const struct pdf_file *file)
{
	return file->facts.has_pictures || file->facts.is_encrypted ||
	       file->is_broken || file->is_unknown || file->is_long;
}

static void
file_give_gaps(struct pdf_file *file, GHashTable *seen)
{
	struct pdf_sink *sink = file->sink;

	if (file->is_long)
		pdf_sink_opaque(sink, REPORT_REASON_LIMIT, "limit pdf stream");
	if (file->is_mute || pdf_file_lacks_font(file, seen) ||
	    (file->facts.is_encrypted && file->shown == 0 &&
	     file->streams->len > 0))
		pdf_sink_opaque(sink, REPORT_REASON_IMAGE,
				"pdf: text without characters");
	if (file->is_cut || (file->is_broken && !file->facts.is_encrypted))
		pdf_sink_opaque(sink, REPORT_REASON_DAMAGED,
				"pdf: damaged stream in the file");
	if (file->is_font_broken)
		pdf_sink_opaque(sink, REPORT_REASON_DAMAGED,
				"pdf: damaged font");
	/* What is inside of an encrypted file is noise here. */
	if (file->facts.is_encrypted)
		return;
	if (file->is_unknown)
		pdf_sink_opaque(sink, REPORT_REASON_UNKNOWN_CONTAINER,
				"pdf: unknown filter");
	if (file->is_lost)
		pdf_sink_opaque(sink, REPORT_REASON_DAMAGED,
				"pdf: text that no page shows");
}

void
pdf_file_give_texts(struct pdf_file *file)
{
	for (guint i = 0; i < file->texts->len && !pdf_sink_is_over(file->sink);
	     i++) {
		const struct pdf_text *text = g_ptr_array_index(file->texts, i);

		pdf_element(file->sink, text->name, 0, text->utf8);
	}
}

void
pdf_file_give(struct pdf_file *file, GHashTable *seen)
{
	pdf_streams_give(file);
	file_give_gaps(file, seen);
}
