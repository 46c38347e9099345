/*
 * Fonts whose glyphs are drawn and have no characters: without a map to
 * Unicode, poppler leaves them out of the text, and the page reads as if they
 * were not there, or gives other characters. A font that the document brings
 * along for the glyphs that it uses (a subset, "ABCDEF+Name") and that has no
 * map may be such a one. poppler's own list of fonts would ask the system
 * for those that are missing, which the sandbox forbids.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_file.h"
#include "scanners/pdf/pdf_read.h"

enum {
	FONTS_NAME_BYTES = 128,
	FONTS_TAG_BYTES = 8, /* "/ABCDEF+" */
	FONTS_LOOK_BYTES = 8192
};

/* Does text have a character that is seen, from index on? */
static bool
fonts_show(const char *text, gint from, gint to)
{
	const char *at = text;

	for (gint i = 0; *at != '\0' && i <= to; i++) {
		if (i >= from && !g_unichar_isspace(g_utf8_get_char(at)))
			return true;
		at = g_utf8_find_next_char(at, NULL);
	}
	return false;
}

void
pdf_fonts_note(PopplerPage *page, const char *text, GHashTable *seen)
{
	GList *all = poppler_page_get_text_attributes(page);
	const char *from = text;
	gint index = 0;

	/* They are in the order of the text. */
	for (GList *at = all; at != NULL; at = at->next) {
		const PopplerTextAttributes *attributes = at->data;

		for (; index < attributes->start_index && *from != '\0';
		     index++)
			from = g_utf8_find_next_char(from, NULL);
		if (attributes->font_name != NULL &&
		    fonts_show(from, 0,
			       attributes->end_index - attributes->start_index))
			g_hash_table_add(seen, g_strdup(attributes->font_name));
	}
	poppler_page_free_text_attributes(all);
}

/* Where the dictionary begins and ends that at stands in, among objects. */
static struct span
fonts_dictionary(struct span objects, size_t at)
{
	struct span part = { 0 };
	size_t from = at;
	size_t to = at;
	size_t depth = 1;

	for (; depth > 0 && from > 1 && at - from < FONTS_LOOK_BYTES; from--) {
		const uint8_t *two = objects.ptr + from - 2;

		depth += two[0] == '>' && two[1] == '>';
		depth -= two[0] == '<' && two[1] == '<';
		from -= (two[0] == '>' || two[0] == '<') && two[0] == two[1];
	}
	for (depth = 1; depth > 0 && to + 1 < objects.len_bytes &&
			to - at < FONTS_LOOK_BYTES;
	     to++) {
		const uint8_t *two = objects.ptr + to;

		depth += two[0] == '<' && two[1] == '<';
		depth -= two[0] == '>' && two[1] == '>';
		to += (two[0] == '>' || two[0] == '<') && two[0] == two[1];
	}
	(void)span_cut(objects, from, to - from, &part);
	return part;
}

static bool
fonts_has(struct span text, const char *word)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, word, strlen(word)) != NULL;
}

/* "ABCDEF+Name": the name behind the mark of a subset. */
static bool
fonts_name(struct span objects, size_t at, char name[FONTS_NAME_BYTES])
{
	size_t len = 0;

	while (at < objects.len_bytes && objects.ptr[at] <= ' ')
		at++;
	if (at + FONTS_TAG_BYTES >= objects.len_bytes ||
	    objects.ptr[at] != '/' ||
	    objects.ptr[at + FONTS_TAG_BYTES - 1] != '+')
		return false;
	for (at += FONTS_TAG_BYTES;
	     at < objects.len_bytes && len + 1 < FONTS_NAME_BYTES; at++) {
		const uint8_t c = objects.ptr[at];

		if (c <= ' ' || c >= 0x7f || strchr("()<>[]{}/%", c) != NULL)
			break;
		name[len++] = (char)c;
	}
	name[len] = '\0';
	return len > 0;
}

/*
 * A composite font without a map, of which nothing may be seen, or a simple one
 * whose codes mean what its subset says: those come out as other characters.
 */
static void
fonts_note_mute(struct pdf_file *file, struct span font, const char *name)
{
	if (fonts_has(font, "/ToUnicode"))
		return;
	if (fonts_has(font, "/Type0"))
		g_hash_table_add(file->mute, g_strdup(name));
	else
		file->is_mute |= fonts_has(font, "/TrueType") &&
				 !fonts_has(font, "/Encoding");
}

static bool
fonts_is_end(struct span text, size_t at)
{
	return at >= text.len_bytes || text.ptr[at] <= ' ' ||
	       strchr("()<>[]{}/%", text.ptr[at]) != NULL;
}

/* Is there an entry key with a value that starts so, or is that name? A list
 * counts as its first element. */
static bool
fonts_says(struct span font, const char *key, const char *start)
{
	struct span rest = font;
	const size_t key_len = strlen(key);
	const uint8_t *found = NULL;

	while (rest.len_bytes > 0 && (found = memmem(rest.ptr, rest.len_bytes,
						     key, key_len)) != NULL) {
		size_t at = (size_t)(found - font.ptr) + key_len;
		struct span value = { 0 };

		while (at < font.len_bytes &&
		       (font.ptr[at] <= ' ' || font.ptr[at] == '['))
			at++;
		if (span_cut(font, at, strlen(start), &value) &&
		    memcmp(value.ptr, start, strlen(start)) == 0 &&
		    (start[0] != '/' || fonts_is_end(font, at + strlen(start))))
			return true;
		(void)span_cut(font, at, font.len_bytes - at, &rest);
	}
	return false;
}

static bool
fonts_has_parts(struct span font)
{
	static const char *const starts[] = { "<<", "0", "1", "2", "3", "4",
					      "5",  "6", "7", "8", "9" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (fonts_says(font, "/DescendantFonts", starts[i]))
			return true;
	return false;
}

/* A composite font without its parts, or a part that does not say which kind
 * it is: poppler takes its codes for those of a simple one. */
static bool
fonts_is_broken(struct span font)
{
	const bool composite = fonts_says(font, "/Subtype", "/Type0");

	if (font.len_bytes >= FONTS_LOOK_BYTES)
		return false;
	return (composite && !fonts_has_parts(font)) ||
	       (fonts_has(font, "/CIDSystemInfo") && !composite &&
		!fonts_says(font, "/Subtype", "/CIDFontType0") &&
		!fonts_says(font, "/Subtype", "/CIDFontType2")) ||
	       (fonts_has(font, "/DescendantFonts") && !composite);
}

void
pdf_fonts_find_mute(struct pdf_file *file, struct span objects)
{
	static const char mark[] = "/BaseFont";
	struct span rest = objects;
	const uint8_t *found = NULL;

	while (rest.len_bytes > 0 &&
	       (found = memmem(rest.ptr, rest.len_bytes, mark,
			       sizeof(mark) - 1)) != NULL) {
		const size_t at = (size_t)(found - objects.ptr);
		const size_t behind = at + sizeof(mark) - 1;
		const struct span font = fonts_dictionary(objects, at);
		char name[FONTS_NAME_BYTES];

		file->is_font_broken |= fonts_is_broken(font);
		if (fonts_name(objects, behind, name))
			fonts_note_mute(file, font, name);
		(void)span_cut(objects, behind, objects.len_bytes - behind,
			       &rest);
	}
}
