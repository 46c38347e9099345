#include "quarantine-ui/html/template.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/context.h"
#include "quarantine-ui/html/template_code.h"

struct open_block {
	size_t code;
	struct span name;
	struct context context;
};

struct compiler {
	const char *name;
	struct template *template;
	const struct i18n *i18n;
	struct span source;
	size_t at;
	size_t raw_from; /* literal text not yet written as code */
	struct context context;
	struct template_scope scope;
	struct open_block blocks[TEMPLATE_MAX_DEPTH];
	size_t block_count;
};

static enum status
compiler_fail(const struct compiler *compiler, enum status st,
	      const char *reason, struct span what, struct err *err)
{
	size_t line = 1;

	for (size_t i = 0; i < compiler->at && i < compiler->source.len_bytes;
	     i++)
		line += compiler->source.ptr[i] == '\n';
	return err_set(err, st, "%s:%zu: %s%s%.*s", compiler->name, line,
		       reason, what.len_bytes > 0 ? ": " : "",
		       (int)(what.len_bytes > 60 ? 60 : what.len_bytes),
		       what.len_bytes > 0 ? (const char *)what.ptr : "");
}

static enum status
compiler_add(struct compiler *compiler, struct template_code code,
	     struct err *err)
{
	static const struct span nothing = { NULL, 0 };
	struct template *template = compiler->template;
	struct template_code *codes = NULL;

	if (template->code_count == TEMPLATE_MAX_CODES)
		return compiler_fail(compiler, ST_LIMIT, "too many pieces",
				     nothing, err);
	codes = reallocarray(template->codes, template->code_count + 1,
			     sizeof(*codes));
	if (codes == NULL)
		return compiler_fail(compiler, ST_NO_MEMORY, "no memory",
				     nothing, err);
	template->codes = codes;
	codes[template->code_count++] = code;
	return ST_OK;
}

/* Write the literal text before compiler->at as code. */
static enum status
compiler_end_raw(struct compiler *compiler, struct err *err)
{
	const size_t len_bytes = compiler->at - compiler->raw_from;

	if (len_bytes == 0)
		return ST_OK;
	return compiler_add(compiler,
			    (struct template_code){ .step = TEMPLATE_STEP_RAW,
						    .at = compiler->raw_from,
						    .len_bytes = len_bytes },
			    err);
}

static enum status
compiler_find(const struct compiler *compiler, struct span name,
	      struct template_code *code, struct err *err)
{
	code->field = template_find_field(&compiler->scope, name, &code->level);
	if (code->field == NULL)
		return compiler_fail(compiler, ST_FORMAT, "unknown name", name,
				     err);
	return ST_OK;
}

static enum status
compiler_member(struct compiler *compiler, struct span name, struct err *err)
{
	const enum context_place place = context_place(&compiler->context);
	struct template_code code = { .step = place == CONTEXT_PLACE_URL
						      ? TEMPLATE_STEP_URL
						      : TEMPLATE_STEP_HTML };
	const enum status st = compiler_find(compiler, name, &code, err);

	if (st != ST_OK)
		return st;
	if (place == CONTEXT_PLACE_NONE)
		return compiler_fail(compiler, ST_FORMAT,
				     "nothing may be put in here", name, err);
	if (code.field->kind != TEMPLATE_TEXT &&
	    code.field->kind != TEMPLATE_NUMBER)
		return compiler_fail(compiler, ST_FORMAT, "is not a text", name,
				     err);
	context_step_over(&compiler->context);
	return compiler_add(compiler, code, err);
}

/* Every {name} of a text for people must be a text or a number. */
static enum status
compiler_check_words(const struct compiler *compiler, const char *words,
		     struct err *err)
{
	struct span rest = span_of(words);
	struct span text;
	struct span name;

	while (template_next_piece(&rest, &text, &name)) {
		struct template_code code = { .step = TEMPLATE_STEP_WORDS };
		enum status st = ST_OK;

		if (name.len_bytes == 0)
			continue;
		st = compiler_find(compiler, name, &code, err);
		if (st != ST_OK)
			return st;
		if (code.field->kind != TEMPLATE_TEXT &&
		    code.field->kind != TEMPLATE_NUMBER)
			return compiler_fail(compiler, ST_FORMAT,
					     "is not a text", name, err);
	}
	return ST_OK;
}

static enum status
compiler_keep_words(struct compiler *compiler, struct span words,
		    const char **kept_out, struct err *err)
{
	struct template *template = compiler->template;
	char **all = reallocarray(template->words, template->word_count + 1,
				  sizeof(*all));

	if (all != NULL) {
		template->words = all;
		all[template->word_count] =
			strndup((const char *)words.ptr, words.len_bytes);
	}
	if (all == NULL || all[template->word_count] == NULL)
		return compiler_fail(compiler, ST_NO_MEMORY, "no memory", words,
				     err);
	*kept_out = all[template->word_count++];
	return ST_OK;
}

static enum status
compiler_words(struct compiler *compiler, struct span words, struct err *err)
{
	struct template_code code = { .step = TEMPLATE_STEP_WORDS };
	enum status st = ST_OK;

	while (words.len_bytes > 0 && words.ptr[0] == ' ')
		(void)span_cut(words, 1, words.len_bytes - 1, &words);
	if (words.len_bytes == 0 ||
	    context_place(&compiler->context) != CONTEXT_PLACE_TEXT)
		return compiler_fail(compiler, ST_FORMAT,
				     "no words may be put in here", words, err);
	st = compiler_keep_words(compiler, words, &code.words, err);
	if (st == ST_OK)
		st = compiler_check_words(compiler, code.words, err);
	if (st == ST_OK)
		st = compiler_check_words(
			compiler,
			i18n_text(compiler->i18n, I18N_LANGUAGE_JA, code.words),
			err);
	if (st != ST_OK)
		return st;
	context_step_over(&compiler->context);
	return compiler_add(compiler, code, err);
}

static enum status
compiler_begin(struct compiler *compiler, enum template_step step,
	       struct span name, struct err *err)
{
	struct template_code code = { .step = step };
	const enum status st = compiler_find(compiler, name, &code, err);
	const enum context_state state = compiler->context.state;

	if (st != ST_OK)
		return st;
	if ((step == TEMPLATE_STEP_EACH) &&
	    (code.field->kind != TEMPLATE_LIST || state != CONTEXT_TEXT))
		return compiler_fail(compiler, ST_FORMAT,
				     "no list that may repeat here", name, err);
	if (state != CONTEXT_TEXT && state != CONTEXT_TAG &&
	    state != CONTEXT_VALUE)
		return compiler_fail(compiler, ST_FORMAT,
				     "no block may begin here", name, err);
	if (compiler->block_count == TEMPLATE_MAX_DEPTH)
		return compiler_fail(compiler, ST_LIMIT, "blocks too deep",
				     name, err);
	compiler->blocks[compiler->block_count++] =
		(struct open_block){ compiler->template->code_count, name,
				     compiler->context };
	if (step == TEMPLATE_STEP_EACH)
		compiler->scope.shapes[compiler->scope.count++] =
			code.field->items;
	return compiler_add(compiler, code, err);
}

static enum status
compiler_end(struct compiler *compiler, struct span name, struct err *err)
{
	struct template *template = compiler->template;
	struct template_code code = { .step = TEMPLATE_STEP_END };
	const struct open_block *block = NULL;

	if (compiler->block_count == 0 ||
	    !span_equal(compiler->blocks[compiler->block_count - 1].name, name))
		return compiler_fail(compiler, ST_FORMAT, "closes no block",
				     name, err);
	block = &compiler->blocks[--compiler->block_count];
	if (!context_same(&block->context, &compiler->context))
		return compiler_fail(compiler, ST_FORMAT,
				     "block ends elsewhere than it began", name,
				     err);
	code.partner = block->code;
	template->codes[block->code].partner = template->code_count;
	if (template->codes[block->code].step == TEMPLATE_STEP_EACH)
		compiler->scope.count--;
	return compiler_add(compiler, code, err);
}

/* One {{…}}; inside is what stands between the braces. */
static enum status
compiler_tag(struct compiler *compiler, struct span inside, struct err *err)
{
	struct span name = inside;

	if (inside.len_bytes > 0)
		(void)span_cut(inside, 1, inside.len_bytes - 1, &name);
	switch (inside.len_bytes > 0 ? inside.ptr[0] : '\0') {
	case '#':
		return compiler_begin(compiler, TEMPLATE_STEP_EACH, name, err);
	case '?':
		return compiler_begin(compiler, TEMPLATE_STEP_IF, name, err);
	case '!':
		return compiler_begin(compiler, TEMPLATE_STEP_UNLESS, name,
				      err);
	case '/':
		return compiler_end(compiler, name, err);
	case '_':
		return compiler_words(compiler, name, err);
	default:
		return compiler_member(compiler, inside, err);
	}
}

/* The length of the tag that begins at compiler->at, 0 when it has no end. */
static size_t
compiler_tag_bytes(const struct compiler *compiler)
{
	for (size_t i = compiler->at + 2; i + 1 < compiler->source.len_bytes;
	     i++) {
		if (compiler->source.ptr[i] == '}' &&
		    compiler->source.ptr[i + 1] == '}') {
			/* "{{_ up to {max}}}": the last two close it. */
			while (i + 2 < compiler->source.len_bytes &&
			       compiler->source.ptr[i + 2] == '}')
				i++;
			return i + 2 - compiler->at;
		}
	}
	return 0;
}

static enum status
compiler_step(struct compiler *compiler, struct err *err)
{
	static const struct span nothing = { NULL, 0 };
	const struct span source = compiler->source;
	struct span inside = { NULL, 0 };
	const char *reason = NULL;
	enum status st = ST_OK;

	if (source.ptr[compiler->at] != '{' ||
	    compiler->at + 1 == source.len_bytes ||
	    source.ptr[compiler->at + 1] != '{') {
		reason = context_step(&compiler->context,
				      source.ptr[compiler->at]);
		if (reason != NULL)
			return compiler_fail(compiler, ST_FORMAT, reason,
					     nothing, err);
		compiler->at++;
		return ST_OK;
	}
	const size_t tag_bytes = compiler_tag_bytes(compiler);

	if (tag_bytes < 4 ||
	    !span_cut(source, compiler->at + 2, tag_bytes - 4, &inside))
		return compiler_fail(compiler, ST_FORMAT, "{{ without }}",
				     nothing, err);
	st = compiler_end_raw(compiler, err);
	if (st == ST_OK)
		st = compiler_tag(compiler, inside, err);
	compiler->at += tag_bytes;
	compiler->raw_from = compiler->at;
	return st;
}

static enum status
compiler_run(struct compiler *compiler, struct err *err)
{
	static const struct span nothing = { NULL, 0 };

	while (compiler->at < compiler->source.len_bytes) {
		const enum status st = compiler_step(compiler, err);

		if (st != ST_OK)
			return st;
	}
	if (compiler->block_count > 0)
		return compiler_fail(
			compiler, ST_FORMAT, "block is never closed",
			compiler->blocks[compiler->block_count - 1].name, err);
	if (compiler->context.state != CONTEXT_TEXT)
		return compiler_fail(compiler, ST_FORMAT,
				     "ends in the middle of a tag", nothing,
				     err);
	return compiler_end_raw(compiler, err);
}

enum status
template_compile(const char *name, struct span source,
		 const struct template_shape *shape, const struct i18n *i18n,
		 struct template **template_out, struct err *err)
{
	AUTO(template_free) struct template *template = NULL;
	struct compiler compiler = { .name = name, .i18n = i18n };
	enum status st = ST_OK;

	template = calloc(1, sizeof(*template));
	if (template == NULL)
		return err_set(err, ST_NO_MEMORY, "%s: no memory", name);
	sbuf_init(&template->source, source.len_bytes);
	sbuf_add_span(&template->source, source);
	st = sbuf_status(&template->source, name, err);
	if (st != ST_OK)
		return st;
	template->shape = shape;
	compiler.template = template;
	compiler.source = sbuf_span(&template->source);
	compiler.scope.shapes[0] = shape;
	compiler.scope.count = 1;
	context_init(&compiler.context);
	st = compiler_run(&compiler, err);
	if (st != ST_OK)
		return st;
	*template_out = MOVE(template);
	return ST_OK;
}

void
template_free(struct template **template)
{
	if (*template == NULL)
		return;
	for (size_t i = 0; i < (*template)->word_count; i++)
		free((*template)->words[i]);
	free((*template)->words);
	free((*template)->codes);
	sbuf_done(&(*template)->source);
	free(*template);
	*template = NULL;
}
