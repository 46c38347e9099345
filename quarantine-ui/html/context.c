#include "quarantine-ui/html/context.h"

#include <string.h>

#include "lib/base/attr.h"

void
context_init(struct context *context)
{
	*context = (struct context){ .state = CONTEXT_TEXT };
}

static bool
context_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool
context_is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static const char *
context_add_to_name(struct context *context, uint8_t byte)
{
	if (context->name_bytes + 1 >= CONTEXT_NAME_BYTES)
		return "name is too long";
	context->name[context->name_bytes++] = (char)byte;
	context->name[context->name_bytes] = '\0';
	return NULL;
}

static void
context_begin_name(struct context *context, enum context_state state)
{
	context->state = state;
	context->name_bytes = 0;
	context->name[0] = '\0';
}

static bool
context_name_is(const struct context *context, const char *const *names,
		size_t name_count)
{
	for (size_t i = 0; i < name_count; i++) {
		if (strcmp(context->name, names[i]) == 0)
			return true;
	}
	return false;
}

/* Elements whose content is no text, or that load something. A script is a
 * file of ours; its element is empty. */
static const char *
context_check_tag(const struct context *context)
{
	static const char *const banned[] = {
		"style",         "iframe",   "object", "embed",  "base",
		"math",          "template", "frame",  "applet", "noscript",
		"foreignobject", "use",      "set",    "animate"
	};

	return context_name_is(context, banned, ARRAY_LEN(banned))
		       ? "this element may not stand in a template"
		       : NULL;
}

static const char *
context_end_attribute_name(struct context *context)
{
	static const char *const addresses[] = { "href", "src", "action",
						 "poster", "data" };
	static const char *const banned[] = { "style", "srcdoc", "srcset",
					      "formaction", "ping" };

	if (strncmp(context->name, "on", 2) == 0 ||
	    context_name_is(context, banned, ARRAY_LEN(banned)))
		return "this attribute may not stand in a template";
	context->url =
		context_name_is(context, addresses, ARRAY_LEN(addresses));
	context->url_safe = false;
	context->value_bytes = 0;
	return NULL;
}

static const char *
context_step_tag_start(struct context *context, uint8_t byte)
{
	if (byte == '!') {
		context_begin_name(context, CONTEXT_DECLARATION);
		return NULL;
	}
	context_begin_name(context, CONTEXT_TAG_NAME);
	context->closing = byte == '/';
	if (byte == '/')
		return NULL;
	if (context->script)
		return "a script stands in a file of its own";
	if (!context_is_name(byte))
		return "'<' that begins no tag; write &lt;";
	return context_add_to_name(context, byte);
}

static const char *
context_step_tag_name(struct context *context, uint8_t byte)
{
	if (context_is_name(byte))
		return context_add_to_name(context, byte);
	if (!context_is_space(byte) && byte != '>')
		return "name of an element: only lower case and digits";
	context->state = byte == '>' ? CONTEXT_TEXT : CONTEXT_TAG;
	context->script =
		!context->closing && strcmp(context->name, "script") == 0;
	return context_check_tag(context);
}

static const char *
context_step_tag(struct context *context, uint8_t byte)
{
	if (byte == '>') {
		context->state = CONTEXT_TEXT;
		return NULL;
	}
	if (context_is_space(byte))
		return NULL;
	if (!context_is_name(byte))
		return "only attributes may stand in a tag";
	context_begin_name(context, CONTEXT_NAME);
	return context_add_to_name(context, byte);
}

static const char *
context_step_name(struct context *context, uint8_t byte)
{
	if (context_is_name(byte))
		return context_add_to_name(context, byte);
	if (byte == '=')
		context->state = CONTEXT_BEFORE_VALUE;
	else if (byte == '>')
		context->state = CONTEXT_TEXT;
	else if (context_is_space(byte))
		context->state = CONTEXT_TAG;
	else
		return "name of an attribute: only lower case and '-'";
	return context_end_attribute_name(context);
}

static const char *
context_step_value(struct context *context, uint8_t byte)
{
	if (byte == '"') {
		context->state = CONTEXT_TAG;
		return NULL;
	}
	if (context->value_bytes == 0)
		context->url_safe = byte == '/';
	else if (context->value_bytes == 1 && byte == '/')
		context->url_safe = false; /* //elsewhere.example */
	context->value_bytes++;
	return byte == '<' ? "'<' in a value; write &lt;" : NULL;
}

const char *
context_step(struct context *context, uint8_t byte)
{
	switch (context->state) {
	case CONTEXT_TEXT:
		if (byte == '<')
			context->state = CONTEXT_TAG_START;
		else if (context->script)
			return "a script stands in a file of its own";
		return NULL;
	case CONTEXT_TAG_START:
		return context_step_tag_start(context, byte);
	case CONTEXT_DECLARATION:
		if (byte == '-')
			return "comments may not stand in a template";
		if (byte == '>')
			context->state = CONTEXT_TEXT;
		return NULL;
	case CONTEXT_TAG_NAME:
		return context_step_tag_name(context, byte);
	case CONTEXT_TAG:
		return context_step_tag(context, byte);
	case CONTEXT_NAME:
		return context_step_name(context, byte);
	case CONTEXT_BEFORE_VALUE:
		context->state = CONTEXT_VALUE;
		return byte == '"' ? NULL : "values need double quotes";
	case CONTEXT_VALUE:
		return context_step_value(context, byte);
	case CONTEXT_NONE:
	default:
		return "internal: no state";
	}
}

enum context_place
context_place(const struct context *context)
{
	if (context->state == CONTEXT_TEXT)
		return context->script ? CONTEXT_PLACE_NONE
				       : CONTEXT_PLACE_TEXT;
	if (context->state != CONTEXT_VALUE)
		return CONTEXT_PLACE_NONE;
	if (!context->url)
		return CONTEXT_PLACE_TEXT;
	return context->url_safe ? CONTEXT_PLACE_URL : CONTEXT_PLACE_NONE;
}

void
context_step_over(struct context *context)
{
	if (context->state == CONTEXT_VALUE)
		context->value_bytes++;
}

bool
context_same(const struct context *a, const struct context *b)
{
	if (a->state != b->state || a->script != b->script)
		return false;
	if (a->state == CONTEXT_TEXT || a->state == CONTEXT_TAG)
		return true;
	/* Within a value it must be the same one. */
	return a->state == CONTEXT_VALUE && a->url == b->url &&
	       (!a->url || a->url_safe == b->url_safe) &&
	       strcmp(a->name, b->name) == 0;
}
