#include "quarantine-ui/http/form.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

/* Decode one byte off *rest. False: a bad %. */
static bool
form_decode_byte(struct span *rest, uint8_t *byte_out)
{
	const uint8_t c = rest->ptr[0];
	struct span hex;
	size_t used = 1;

	*byte_out = c == '+' ? ' ' : c;
	if (c == '%') {
		if (!span_cut(*rest, 1, 2, &hex) ||
		    !parse_hex(hex, byte_out, 1))
			return false;
		used = 3;
	}
	return span_cut(*rest, used, rest->len_bytes - used, rest);
}

/* Decode all of part to place; its length, or SIZE_MAX when it is bad. */
static size_t
form_decode(struct span part, char *place)
{
	size_t len = 0;

	while (part.len_bytes > 0) {
		uint8_t byte = 0;

		if (!form_decode_byte(&part, &byte))
			return SIZE_MAX;
		if (byte == '\r')
			continue;
		if ((byte < 0x20 && byte != '\t' && byte != '\n') ||
		    byte == 0x7f)
			return SIZE_MAX;
		place[len++] = (char)byte;
	}
	return parse_is_utf8((struct span){ (uint8_t *)place, len }) ? len
								     : SIZE_MAX;
}

/* Cut the text up to mark off *rest, the mark with it. */
static struct span
form_cut(struct span *rest, uint8_t mark)
{
	struct span part = { NULL, 0 };
	size_t len = 0;

	while (len < rest->len_bytes && rest->ptr[len] != mark)
		len++;
	(void)span_cut(*rest, 0, len, &part);
	len += len < rest->len_bytes;
	(void)span_cut(*rest, len, rest->len_bytes - len, rest);
	return part;
}

/* Decode part behind what form holds already, with a NUL. */
static const char *
form_add_text(struct form *form, struct span part, struct err *err)
{
	char *place = form->text + form->text_bytes;
	const size_t len = form_decode(part, place);

	if (len == SIZE_MAX) {
		(void)err_set(err, ST_FORMAT, "form: badly encoded field %zu",
			      form->field_count + 1);
		return NULL;
	}
	place[len] = '\0';
	form->text_bytes += len + 1;
	return place;
}

static enum status
form_add_field(struct form *form, struct span pair, struct err *err)
{
	const struct span name = form_cut(&pair, '=');
	struct form_field field = { NULL, NULL };

	if (form->field_count == FORM_MAX_FIELDS)
		return err_set(err, ST_LIMIT, "form: more than %d fields",
			       FORM_MAX_FIELDS);
	if (pair.len_bytes > (size_t)FORM_MAX_VALUE_BYTES * 3)
		return err_set(err, ST_LIMIT, "form: value %zu is too long",
			       form->field_count + 1);
	field.name = form_add_text(form, name, err);
	if (field.name != NULL)
		field.value = form_add_text(form, pair, err);
	if (field.name == NULL || field.value == NULL)
		return ST_FORMAT;
	for (size_t i = 0; i < form->field_count; i++) {
		if (strcmp(form->fields[i].name, field.name) == 0)
			return err_set(err, ST_FORMAT,
				       "form: a field comes twice");
	}
	form->fields[form->field_count++] = field;
	return ST_OK;
}

enum status
form_parse(struct span encoded, struct form *form, struct err *err)
{
	struct span rest = encoded;
	enum status st = ST_OK;

	*form = (struct form){ .text = NULL };
	if (encoded.len_bytes == 0)
		return ST_OK;
	/* Decoding only shrinks; each field adds two NULs in place of one '='
	 * and one '&' at least, the last one a NUL more. */
	form->text = calloc(1, encoded.len_bytes + 2 * FORM_MAX_FIELDS + 2);
	if (form->text == NULL)
		return err_set(err, ST_NO_MEMORY, "form: no memory");
	while (rest.len_bytes > 0 && st == ST_OK) {
		const struct span pair = form_cut(&rest, '&');

		if (pair.len_bytes > 0)
			st = form_add_field(form, pair, err);
	}
	return st;
}

void
form_done(struct form *form)
{
	if (form->text != NULL)
		explicit_bzero(form->text, form->text_bytes);
	free(form->text);
	*form = (struct form){ .text = NULL };
}

const char *
form_get(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->field_count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	}
	return "";
}
