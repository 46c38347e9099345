#include "courier/smtp/smtp_args.h"

#include <string.h>

#include "lib/base/parse.h"

enum { SMTP_MAX_ORCPT_BYTES = 500, SMTP_MAX_ENVID_BYTES = 100 };

/* Next word of text up to a space; empty at the end. */
static struct span
smtp_args_word(struct span *text)
{
	struct span word = { 0 };
	size_t len = 0;

	while (text->len_bytes > 0 && text->ptr[0] == ' ')
		(void)span_cut(*text, 1, text->len_bytes - 1, text);
	while (len < text->len_bytes && text->ptr[len] != ' ')
		len++;
	(void)span_cut(*text, 0, len, &word);
	(void)span_cut(*text, len, text->len_bytes - len, text);
	return word;
}

bool
smtp_address_is_safe(const char *address)
{
	bool quoted = false;

	for (const char *p = address; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
		if (*p == '\\') {
			/* Outside of quotes servers disagree about it. */
			if (!quoted || *++p == '\0' ||
			    (unsigned char)*p < ' ' || *p == 0x7f)
				return false;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (!quoted && strchr(" <>", *p) != NULL) {
			return false;
		}
	}
	return !quoted;
}

bool
smtp_address_is_utf8(const char *address)
{
	for (const char *p = address; *p != '\0'; p++) {
		if ((unsigned char)*p >= 0x80)
			return true;
	}
	return false;
}

bool
smtp_args_have(const char *args, const char *word)
{
	struct span rest = span_of(args);

	while (rest.len_bytes > 0) {
		if (span_equal_nocase(smtp_args_word(&rest), span_of(word)))
			return true;
	}
	return false;
}

/* The value when word is "name=value". */
static bool
smtp_args_value(struct span word, const char *name, struct span *value_out)
{
	const size_t len = strlen(name);
	struct span head = { 0 };

	return span_cut(word, 0, len, &head) &&
	       span_equal_nocase(head, span_of(name)) &&
	       span_cut(word, len, word.len_bytes - len, value_out) &&
	       value_out->len_bytes > 0;
}

/* Cut the item in front of the next comma off list. */
static struct span
smtp_args_item(struct span *list)
{
	struct span item = { 0 };
	size_t len = 0;

	while (len < list->len_bytes && list->ptr[len] != ',')
		len++;
	(void)span_cut(*list, 0, len, &item);
	len += len < list->len_bytes;
	(void)span_cut(*list, len, list->len_bytes - len, list);
	return item;
}

static bool
smtp_args_is_notify(struct span value)
{
	if (span_equal_nocase(value, span_of("NEVER")))
		return true;
	if (value.len_bytes == 0 || value.ptr[value.len_bytes - 1] == ',')
		return false;
	while (value.len_bytes > 0) {
		const struct span item = smtp_args_item(&value);

		if (!span_equal_nocase(item, span_of("SUCCESS")) &&
		    !span_equal_nocase(item, span_of("FAILURE")) &&
		    !span_equal_nocase(item, span_of("DELAY")))
			return false;
	}
	return true;
}

/* addr-type ";" xtext, in printable ASCII (RFC 3461 4.2). */
static bool
smtp_args_is_orcpt(struct span value)
{
	if (value.len_bytes > SMTP_MAX_ORCPT_BYTES ||
	    memchr(value.ptr, ';', value.len_bytes) == NULL)
		return false;
	for (size_t i = 0; i < value.len_bytes; i++) {
		if (value.ptr[i] <= ' ' || value.ptr[i] >= 0x7f ||
		    value.ptr[i] == '=')
			return false;
	}
	return true;
}

bool
smtp_envid_is_safe(const char *envid)
{
	for (const char *p = envid; *p != '\0'; p++) {
		if (*p <= ' ' || *p >= 0x7f || *p == '=' || *p == '+')
			return false;
	}
	return *envid != '\0' && strlen(envid) <= SMTP_MAX_ENVID_BYTES;
}

static void
smtp_args_add(struct sbuf *command, const char *name, struct span value)
{
	sbuf_add_byte(command, ' ');
	sbuf_add_text(command, name);
	sbuf_add_span(command, value);
}

void
smtp_args_copy_dsn(const char *args, struct sbuf *command)
{
	struct span rest = span_of(args);
	bool notify = false;
	bool orcpt = false;

	while (rest.len_bytes > 0) {
		const struct span word = smtp_args_word(&rest);
		struct span value = { 0 };

		if (!notify && smtp_args_value(word, "NOTIFY=", &value) &&
		    smtp_args_is_notify(value)) {
			smtp_args_add(command, "NOTIFY=", value);
			notify = true;
		} else if (!orcpt && smtp_args_value(word, "ORCPT=", &value) &&
			   smtp_args_is_orcpt(value)) {
			smtp_args_add(command, "ORCPT=", value);
			orcpt = true;
		}
	}
}
