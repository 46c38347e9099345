#include "quarantine-ui/portal/file_name.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum {
	NAME_MAX_BYTES = 200,
	NAME_MAX_ENDING_BYTES = 20,
	NAME_ROOM_BYTES = 8192
};

/* How long the character at text is; 0: it is none. */
static size_t
name_character(const char *text)
{
	const uint8_t lead = (uint8_t)text[0];
	const size_t len = lead < 0x80    ? 1
			   : lead >= 0xf0 ? 4
			   : lead >= 0xe0 ? 3
			   : lead >= 0xc0 ? 2
					  : 0;
	const struct span whole = { (const uint8_t *)text, strnlen(text, len) };

	return len > 0 && whole.len_bytes == len && parse_is_utf8(whole) ? len
									 : 0;
}

/* Characters that do not show, or turn the direction of writing. */
static bool
name_is_hidden(const char *text, size_t len)
{
	static const char *const hidden[] = {
		"\u00ad", "\u061c", "\u200b", "\u200c", "\u200d",
		"\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
		"\u202b", "\u202c", "\u202d", "\u202e", "\u2060",
		"\u2066", "\u2067", "\u2068", "\u2069", "\ufeff"
	};

	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (strlen(hidden[i]) == len &&
		    memcmp(hidden[i], text, len) == 0)
			return true;
	/* C1 controls: U+0080 to U+009F */
	return len == 2 && (uint8_t)text[0] == 0xc2 && (uint8_t)text[1] < 0xa0;
}

static bool
name_may_have(const char *text, size_t len)
{
	if (len == 1)
		return (uint8_t)text[0] >= 0x20 && text[0] != 0x7f &&
		       strchr("/\\:*?\"<>|%", text[0]) == NULL;
	return len > 0 && !name_is_hidden(text, len);
}

/* Where the ending begins (at its dot); the length when there is none. */
static size_t
name_ending(const char *name, size_t len)
{
	const char *dot = strrchr(name, '.');
	const size_t at = dot != NULL ? (size_t)(dot - name) : len;

	return at == 0 || len - at > NAME_MAX_ENDING_BYTES ? len : at;
}

/* Cut what stands before the ending down to max_bytes in all. */
static void
name_shorten(char *name, size_t *len, size_t max_bytes)
{
	const size_t ending = name_ending(name, *len);
	const size_t ending_bytes = *len - ending;
	size_t keep = ending;

	if (*len <= max_bytes)
		return;
	if (keep > max_bytes - ending_bytes)
		keep = max_bytes - ending_bytes;
	while (keep > 0 && ((uint8_t)name[keep] & 0xc0) == 0x80)
		keep--;
	memmove(name + keep, name + ending, ending_bytes + 1);
	*len = keep + ending_bytes;
}

/* What Windows takes for a device, whatever the ending. */
static bool
name_is_device(const char *name)
{
	static const char *const devices[] = {
		"CON",  "PRN",  "AUX",  "NUL",  "COM1", "COM2", "COM3", "COM4",
		"COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3",
		"LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9"
	};
	const struct span stem = { (const uint8_t *)name, strcspn(name, ".") };

	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		if (span_equal_nocase(stem, span_of(devices[i])))
			return true;
	return false;
}

/* Every character that may not stand there as '_'. */
static void
name_replace(const char *name, struct sbuf *text)
{
	for (size_t at = 0; name[at] != '\0';) {
		const size_t one = name_character(name + at);

		if (name_may_have(name + at, one))
			sbuf_add(text, name + at, one);
		else
			sbuf_add_byte(text, '_');
		at += one > 0 ? one : 1;
	}
}

void
file_name_clean(const char *name, size_t number,
		char clean_out[FILE_NAME_BYTES])
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf whole;
	const char *begin = NULL;
	size_t len = 0;

	/* Names of mails are bounded (vault_links.h). */
	sbuf_init(&text, NAME_ROOM_BYTES);
	sbuf_init(&whole, NAME_ROOM_BYTES);
	name_replace(name, &text);
	begin = sbuf_text(&text) + strspn(sbuf_text(&text), " .");
	len = strlen(begin);
	while (len > 0 && strchr(" .", begin[len - 1]) != NULL)
		len--;
	sbuf_addf(&whole, "%s%.*s", name_is_device(begin) ? "_" : "", (int)len,
		  begin);
	if (len == 0 || whole.st != ST_OK) {
		(void)snprintf(clean_out, FILE_NAME_BYTES, "file-%zu", number);
		return;
	}
	len = whole.len_bytes;
	name_shorten((char *)whole.bytes, &len, NAME_MAX_BYTES);
	(void)snprintf(clean_out, FILE_NAME_BYTES, "%s", (char *)whole.bytes);
}

void
file_name_number(const char *clean, unsigned copy,
		 char numbered_out[FILE_NAME_BYTES])
{
	const size_t ending = name_ending(clean, strlen(clean));
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, FILE_NAME_BYTES - 1);
	sbuf_addf(&text, "%.*s (%u)%s", (int)ending, clean, copy,
		  clean + ending);
	memcpy(numbered_out, sbuf_text(&text), text.len_bytes + 1);
}

void
file_name_disposition(const char *clean, struct sbuf *field)
{
	static const char plain[] = "!#$&+.^_`|~-";

	sbuf_add_text(field, "attachment; filename=\"");
	for (const char *c = clean; *c != '\0'; c++) {
		const uint8_t byte = (uint8_t)*c;

		if (byte < 0x80)
			sbuf_add_byte(field, byte);
		else if ((byte & 0xc0) == 0xc0) /* once a character */
			sbuf_add_byte(field, '_');
	}
	sbuf_add_text(field, "\"; filename*=UTF-8''");
	for (const char *c = clean; *c != '\0'; c++) {
		const bool letter = (*c >= 'a' && *c <= 'z') ||
				    (*c >= 'A' && *c <= 'Z') ||
				    (*c >= '0' && *c <= '9');

		if (letter || strchr(plain, *c) != NULL)
			sbuf_add_byte(field, (uint8_t)*c);
		else
			sbuf_addf(field, "%%%02X", (unsigned)(uint8_t)*c);
	}
}
