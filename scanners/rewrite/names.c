#include "scanners/rewrite/names.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/utf8.h"

enum {
	NAMES_ENDING_BYTES = 16,
	NAMES_PLAIN_BYTES = 8,
	NAMES_LEFT_BYTES = 16, /* for what is put before the ending */
	NAMES_TYPE_BYTES = 120
};

/* What shows nothing, or turns the rest of a name round. */
static bool
names_is_unseen(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x061C ||
	       cp == 0x180E || (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x2028 && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
	       (cp >= 0xFFF9 && cp <= 0xFFFB);
}

static void
names_add_safe(struct span name, struct sbuf *out)
{
	size_t at = 0;

	while (at < name.len_bytes) {
		const uint32_t cp = utf8_next(name, &at);

		if (cp == '/' || cp == '\\')
			sbuf_add_byte(out, '_');
		else if (!names_is_unseen(cp))
			utf8_put(out, cp);
	}
}

/* Blanks at both ends, and dots before: ".", "..", hidden files. */
static struct span
names_trim(struct span name)
{
	name = mime_trim(name);
	while (name.len_bytes > 0 && (name.ptr[0] == '.' || name.ptr[0] == ' '))
		(void)span_cut(name, 1, name.len_bytes - 1, &name);
	return name;
}

/* The ending with its dot, or nothing. */
static struct span
names_ending(struct span name)
{
	const uint8_t *dot = name.len_bytes > 0
				     ? memrchr(name.ptr, '.', name.len_bytes)
				     : NULL;
	struct span ending = { NULL, 0 };

	if (dot == NULL || dot == name.ptr)
		return ending;
	const size_t at = (size_t)(dot - name.ptr);

	if (name.len_bytes - at <= NAMES_ENDING_BYTES)
		(void)span_cut(name, at, name.len_bytes - at, &ending);
	return ending;
}

/* Append name, so that most bytes are left before its ending. */
static void
names_add_cut(struct span name, size_t most, const char *between,
	      struct sbuf *out)
{
	const struct span ending = names_ending(name);
	struct span stem = name;
	size_t end = name.len_bytes - ending.len_bytes;

	if (end > most - ending.len_bytes) {
		end = most - ending.len_bytes;
		while (end > 0 && (name.ptr[end] & 0xC0) == 0x80)
			end--;
	}
	(void)span_cut(name, 0, end, &stem);
	sbuf_add_span(out, stem);
	sbuf_add_text(out, between);
	sbuf_add_span(out, ending);
}

static const char *
names_ending_of(const struct tree_node *node)
{
	static const struct {
		const char *type;
		const char *ending;
	} endings[] = {
		{ "message/rfc822", ".eml" },  { "message/global", ".eml" },
		{ "application/pdf", ".pdf" }, { "application/zip", ".zip" },
		{ "image/jpeg", ".jpg" },      { "image/png", ".png" },
		{ "image/gif", ".gif" },       { "image/tiff", ".tif" },
		{ "text/calendar", ".ics" },   { "text/csv", ".csv" },
		{ "text/html", ".html" },      { "text/plain", ".txt" },
		{ "application/rtf", ".rtf" }, { "application/json", ".json" },
		{ "application/xml", ".xml" }, { "", ".txt" },
	};

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (node_has_type(node, endings[i].type))
			return endings[i].ending;
	return ".bin";
}

/* A mail in a mail is saved as one, whatever it is called. */
static bool
names_needs_ending(const struct tree_node *node, struct span name)
{
	return (node_has_type(node, "message/rfc822") ||
		node_has_type(node, "message/global")) &&
	       !span_equal_nocase(names_ending(name), span_of(".eml"));
}

void
names_add(const struct tree_node *node, size_t number, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf safe;

	sbuf_init_secret(&safe, SIZE_MAX / 2);
	names_add_safe(span_of(node->name), &safe);
	struct span name = names_trim(sbuf_span(&safe));

	if (name.len_bytes == 0) {
		sbuf_addf(out, "file-%zu%s", number, names_ending_of(node));
	} else if (names_needs_ending(node, name)) {
		sbuf_add_text(&safe, ".eml");
		name = names_trim(sbuf_span(&safe));
		names_add_cut(name, REWRITE_NAME_BYTES - NAMES_LEFT_BYTES, "",
			      out);
	} else {
		names_add_cut(name, REWRITE_NAME_BYTES - NAMES_LEFT_BYTES, "",
			      out);
	}
}

void
names_add_other(struct span name, size_t other, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf between;

	sbuf_init(&between, NAMES_LEFT_BYTES);
	sbuf_addf(&between, " (%zu)", other);
	names_add_cut(name, REWRITE_NAME_BYTES - NAMES_LEFT_BYTES,
		      sbuf_text(&between), out);
}

void
names_add_neutral(struct span name, size_t number, struct sbuf *out)
{
	const struct span ending = names_ending(name);
	bool plain = ending.len_bytes <= NAMES_PLAIN_BYTES;
	size_t digits = 0;

	for (size_t i = 1; i < ending.len_bytes; i++) {
		const uint8_t c = ending.ptr[i];

		digits += c >= '0' && c <= '9';
		plain &= (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			 (c >= 'a' && c <= 'z');
	}
	sbuf_addf(out, "file-%zu", number);
	if (plain && digits < 4)
		sbuf_add_span(out, ending);
}

void
names_add_type(const char *type, struct sbuf *out)
{
	static const char marks[] = "!#$&^_.+-/";
	const size_t len = strlen(type);
	bool plain =
		len > 0 && len <= NAMES_TYPE_BYTES && strchr(type, '/') != NULL;

	for (size_t i = 0; i < len; i++) {
		const char c = type[i];

		plain &= (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			 strchr(marks, c) != NULL;
	}
	if (plain)
		sbuf_add_text(out, type);
	else
		sbuf_add_text(out, type[0] == '\0'
					   ? "text/plain"
					   : "application/octet-stream");
}
