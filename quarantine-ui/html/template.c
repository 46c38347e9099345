#include "quarantine-ui/html/template.h"

#include <assert.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/escape.h"
#include "quarantine-ui/html/template_code.h"

/* One block being rendered that repeats. */
struct render_level {
	const uint8_t *values;
	size_t index, count;
	const struct template_shape *shape;
};

struct render {
	const struct template *template;
	const struct i18n *i18n;
	enum i18n_language language;
	struct sbuf *out;
	struct render_level levels[TEMPLATE_MAX_DEPTH + 1];
	size_t level_count;
};

static const struct template_field *
template_field_of(const struct template_shape *shape, struct span name)
{
	for (size_t i = 0; i < shape->field_count; i++) {
		if (span_equal(span_of(shape->fields[i].name), name))
			return &shape->fields[i];
	}
	return NULL;
}

const struct template_field *
template_find_field(const struct template_scope *scope, struct span name,
		    size_t *level_out)
{
	const struct template_field *field = NULL;

	for (size_t level = scope->count; level > 0 && field == NULL; level--) {
		field = template_field_of(scope->shapes[level - 1], name);
		*level_out = level - 1;
	}
	return field;
}

bool
template_next_piece(struct span *rest, struct span *text_out,
		    struct span *name_out)
{
	size_t len = 0;

	*text_out = *name_out = (struct span){ NULL, 0 };
	if (rest->len_bytes == 0)
		return false;
	while (len < rest->len_bytes && rest->ptr[len] != '{')
		len++;
	if (len > 0) {
		(void)span_cut(*rest, 0, len, text_out);
		(void)span_cut(*rest, len, rest->len_bytes - len, rest);
		return true;
	}
	while (len < rest->len_bytes && rest->ptr[len] != '}')
		len++;
	/* A '{' that is never closed is text. */
	if (len == rest->len_bytes) {
		*text_out = *rest;
		*rest = (struct span){ NULL, 0 };
		return true;
	}
	(void)span_cut(*rest, 1, len - 1, name_out);
	(void)span_cut(*rest, len + 1, rest->len_bytes - len - 1, rest);
	return true;
}

/* Members are read by memcpy: offsets come from a table, not from a type. */
static const void *
render_place(const struct render *render, size_t level, size_t offset)
{
	return render->levels[level].values + offset;
}

static const char *
render_text_of(const struct render *render, const struct template_field *field,
	       size_t level)
{
	const char *text = NULL;

	memcpy(&text, render_place(render, level, field->offset), sizeof(text));
	return text != NULL ? text : "";
}

static uint64_t
render_number_of(const struct render *render,
		 const struct template_field *field, size_t level)
{
	uint64_t number = 0;

	memcpy(&number, render_place(render, level, field->offset),
	       sizeof(number));
	return number;
}

static size_t
render_count_of(const struct render *render, const struct template_field *field,
		size_t level)
{
	size_t count = 0;

	memcpy(&count, render_place(render, level, field->count_offset),
	       sizeof(count));
	return count;
}

static bool
render_is_true(const struct render *render, const struct template_field *field,
	       size_t level)
{
	bool flag = false;

	switch (field->kind) {
	case TEMPLATE_TEXT:
		return render_text_of(render, field, level)[0] != '\0';
	case TEMPLATE_NUMBER:
		return render_number_of(render, field, level) != 0;
	case TEMPLATE_FLAG:
		memcpy(&flag, render_place(render, level, field->offset),
		       sizeof(flag));
		return flag;
	case TEMPLATE_LIST:
		return render_count_of(render, field, level) > 0;
	case TEMPLATE_NONE:
	default:
		return false;
	}
}

static void
render_member(const struct render *render, const struct template_field *field,
	      size_t level, enum template_step step)
{
	struct span text;

	if (field->kind == TEMPLATE_NUMBER) {
		sbuf_addf(render->out, "%llu",
			  (unsigned long long)render_number_of(render, field,
							       level));
		return;
	}
	text = span_of(render_text_of(render, field, level));
	if (step == TEMPLATE_STEP_URL)
		escape_url(text, render->out);
	else
		escape_html(text, render->out);
}

static void
render_words(const struct render *render, const struct template_code *code)
{
	struct template_scope scope = { .count = render->level_count };
	struct span rest =
		span_of(i18n_text(render->i18n, render->language, code->words));
	struct span text;
	struct span name;

	for (size_t i = 0; i < render->level_count; i++)
		scope.shapes[i] = render->levels[i].shape;
	while (template_next_piece(&rest, &text, &name)) {
		size_t level = 0;
		const struct template_field *field =
			name.len_bytes > 0
				? template_find_field(&scope, name, &level)
				: NULL;

		if (field != NULL)
			render_member(render, field, level, TEMPLATE_STEP_HTML);
		else
			escape_html(text, render->out);
	}
}

/* Begin the block at code number at; where to go on. */
static size_t
render_begin_each(struct render *render, size_t at)
{
	const struct template_code *code = &render->template->codes[at];
	const size_t count = render_count_of(render, code->field, code->level);
	const uint8_t *items = NULL;

	memcpy(&items, render_place(render, code->level, code->field->offset),
	       sizeof(items));
	if (count == 0 || items == NULL)
		return code->partner + 1;
	render->levels[render->level_count++] =
		(struct render_level){ items, 0, count, code->field->items };
	return at + 1;
}

/* The end of a block: once more, or on. */
static size_t
render_end(struct render *render, size_t at)
{
	const struct template_code *code = &render->template->codes[at];
	const struct template_code *begin =
		&render->template->codes[code->partner];
	struct render_level *level = &render->levels[render->level_count - 1];

	if (begin->step != TEMPLATE_STEP_EACH)
		return at + 1;
	assert(render->level_count > 0);
	level->index++;
	if (level->index < level->count) {
		level->values += begin->field->items->struct_bytes;
		return code->partner + 1;
	}
	render->level_count--;
	return at + 1;
}

/* Carry out code number at; where to go on. */
static size_t
render_step(struct render *render, size_t at)
{
	const struct template_code *code = &render->template->codes[at];
	struct span raw = { NULL, 0 };

	switch (code->step) {
	case TEMPLATE_STEP_RAW:
		if (span_cut(sbuf_span(&render->template->source), code->at,
			     code->len_bytes, &raw))
			sbuf_add_span(render->out, raw);
		return at + 1;
	case TEMPLATE_STEP_HTML:
	case TEMPLATE_STEP_URL:
		render_member(render, code->field, code->level, code->step);
		return at + 1;
	case TEMPLATE_STEP_WORDS:
		render_words(render, code);
		return at + 1;
	case TEMPLATE_STEP_IF:
	case TEMPLATE_STEP_UNLESS:
		return render_is_true(render, code->field, code->level) ==
				       (code->step == TEMPLATE_STEP_IF)
			       ? at + 1
			       : code->partner + 1;
	case TEMPLATE_STEP_EACH:
		return render_begin_each(render, at);
	case TEMPLATE_STEP_END:
		return render_end(render, at);
	case TEMPLATE_STEP_NONE:
	default:
		return at + 1;
	}
}

void
template_render(const struct template *template, const void *values,
		const struct i18n *i18n, enum i18n_language language,
		struct sbuf *out)
{
	struct render render = { .template = template,
				 .i18n = i18n,
				 .language = language,
				 .out = out,
				 .level_count = 1 };

	render.levels[0] =
		(struct render_level){ values, 0, 1, template->shape };
	/* A full buffer takes nothing more: no need to go on. */
	for (size_t at = 0; at < template->code_count && out->st == ST_OK;)
		at = render_step(&render, at);
}
