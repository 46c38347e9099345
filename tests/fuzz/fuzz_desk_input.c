/* Any bytes as what browsers send and what mails say: forms, cookies, paths,
 * page text, templates; the first byte says which. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/escape.h"
#include "quarantine-ui/html/template.h"
#include "quarantine-ui/http/form.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/message.h"
#include "tests/fuzz/fuzz.h"

enum { KIND_COUNT = 4, ROOM_BYTES = 1 << 20 };

struct shown {
	const char *text;
	uint64_t number;
	bool flag;
};

static const struct template_field shown_fields[] = {
	TEMPLATE_TEXT_F(struct shown, text),
	TEMPLATE_NUMBER_F(struct shown, number),
	TEMPLATE_FLAG_F(struct shown, flag),
};
static const struct template_shape shown_shape =
	TEMPLATE_SHAPE(shown, shown_fields);

static void
fuzz_form(struct span input)
{
	struct form form;
	struct err err = { .st = ST_OK };

	if (form_parse(input, &form, &err) == ST_OK) {
		for (size_t i = 0; i < form.field_count; i++) {
			const char *value = form.fields[i].value;

			FUZZ_PROMISE(parse_is_utf8(span_of(value)));
			FUZZ_PROMISE(form_get(&form, form.fields[i].name) ==
				     value);
		}
	}
	form_done(&form);
}

static void
fuzz_escape(struct span input)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, ROOM_BYTES);
	escape_html(input, &out);
	FUZZ_PROMISE(parse_is_utf8(sbuf_span(&out)));
	FUZZ_PROMISE(strpbrk(sbuf_text(&out), "<>\"'") == NULL);
	sbuf_clear(&out);
	escape_url(input, &out);
	FUZZ_PROMISE(strpbrk(sbuf_text(&out), "<>\"' /?#:&\\") == NULL);
}

/* Header fields are C strings by the time we see them. */
static void
fuzz_fields(struct span input)
{
	char *text = strndup(input.len_bytes > 0 ? (const char *)input.ptr : "",
			     input.len_bytes);
	struct http_request request = { .secure = true };
	char address[LISTEN_ADDRESS_BYTES];
	AUTO(sbuf_done) struct sbuf value;

	sbuf_init(&value, ROOM_BYTES);
	if (text == NULL)
		return;
	request.fields = (struct http_fields){ .cookie = text,
					       .origin = text,
					       .host = text,
					       .sec_fetch_site = "" };
	http_request_cookie(&request, "sid", &value);
	FUZZ_PROMISE(strchr(sbuf_text(&value), ';') == NULL);
	(void)http_request_is_same_origin(&request);
	/* NOLINTNEXTLINE(readability-suspicious-call-argument): as meant */
	if (listen_forwarded(text, address))
		FUZZ_PROMISE(strlen(address) < sizeof(address));
	free(text);
}

/* No template that compiles lets a member's text out of its place. */
static void
fuzz_template(struct span input)
{
	static const char evil[] = "<evil\"'>";
	const struct shown values = { evil, 7, true };
	struct template *template = NULL;
	struct err err = { .st = ST_OK };
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, ROOM_BYTES);
	/* A template may say so itself. */
	if (input.len_bytes == 0 ||
	    memmem(input.ptr, input.len_bytes, "evil", 4) != NULL)
		return;
	if (template_compile("fuzz", input, &shown_shape, NULL, &template,
			     &err) == ST_OK) {
		template_render(template, &values, NULL, I18N_LANGUAGE_EN,
				&out);
		FUZZ_PROMISE(strstr(sbuf_text(&out), evil) == NULL);
	}
	template_free(&template);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { data, size };

	if (size == 0 || !span_cut(rest, 1, size - 1, &rest))
		return 0;
	switch (data[0] % KIND_COUNT) {
	case 0:
		fuzz_form(rest);
		break;
	case 1:
		fuzz_escape(rest);
		break;
	case 2:
		fuzz_fields(rest);
		break;
	default:
		fuzz_template(rest);
		break;
	}
	return 0;
}
