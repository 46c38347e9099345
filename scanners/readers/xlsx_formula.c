#include "scanners/readers/xlsx_formula.h"

#include "lib/base/parse.h"

struct formula {
	struct span text;
	size_t at;
	struct sbuf *out;
	size_t depth;        /* of brackets */
	size_t concat_depth; /* inside of the function that joins; 0: none */
	size_t joins;
};

static uint8_t
formula_at(const struct formula *formula, size_t at)
{
	return at < formula->text.len_bytes ? formula->text.ptr[at] : 0;
}

static bool
formula_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
formula_is_name(uint8_t c)
{
	return formula_is_digit(c) || c == '_' || c == '.' || c == '$' ||
	       c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static size_t
formula_skip_blanks(const struct formula *formula, size_t at)
{
	while (formula_at(formula, at) == ' ' ||
	       formula_at(formula, at) == '\n' ||
	       formula_at(formula, at) == '\r')
		at++;
	return at;
}

/* A text or a number starts here. */
static bool
formula_is_literal(const struct formula *formula, size_t at)
{
	const uint8_t c = formula_at(formula, at);

	return c == '"' ||
	       (formula_is_digit(c) &&
		(at == 0 || !formula_is_name(formula->text.ptr[at - 1])));
}

/* A quote in it is written twice. */
static void
formula_add_text(struct formula *formula)
{
	for (formula->at++; formula->at < formula->text.len_bytes;
	     formula->at++) {
		const uint8_t c = formula->text.ptr[formula->at];

		if (c == '"' && formula_at(formula, formula->at + 1) != '"') {
			formula->at++;
			return;
		}
		formula->at += c == '"';
		sbuf_add_byte(formula->out, c);
	}
}

static void
formula_add_literal(struct formula *formula)
{
	if (formula_at(formula, formula->at) == '"') {
		formula_add_text(formula);
		return;
	}
	while (formula_is_digit(formula_at(formula, formula->at)))
		sbuf_add_byte(formula->out, formula->text.ptr[formula->at++]);
}

/* Behind a literal: over what joins it to the next one. */
static bool
formula_skip_join(struct formula *formula)
{
	const size_t at = formula_skip_blanks(formula, formula->at);
	const uint8_t c = formula_at(formula, at);
	const size_t next = formula_skip_blanks(formula, at + 1);

	if ((c != '&' && !((c == ',' || c == ';') &&
			   formula->concat_depth == formula->depth &&
			   formula->depth > 0)) ||
	    !formula_is_literal(formula, next))
		return false;
	formula->at = next;
	formula->joins++;
	return true;
}

/* The name that ends at at is that of a function that joins. */
static bool
formula_is_concat(const struct formula *formula, size_t at)
{
	static const char *const names[] = { "CONCATENATE", "CONCAT" };
	size_t start = at;

	while (start > 0 && formula_is_name(formula->text.ptr[start - 1]))
		start--;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct span name = span_of(names[i]);
		struct span end = { 0 };

		/* "_xlfn.CONCAT" */
		if (at - start >= name.len_bytes &&
		    span_cut(formula->text, at - name.len_bytes, name.len_bytes,
			     &end) &&
		    span_equal_nocase(end, name))
			return true;
	}
	return false;
}

static void
formula_bracket(struct formula *formula, uint8_t c)
{
	if (c == '(') {
		formula->depth++;
		if (formula_is_concat(formula, formula->at))
			formula->concat_depth = formula->depth;
	} else if (c == ')' && formula->depth > 0) {
		if (formula->concat_depth == formula->depth)
			formula->concat_depth = 0;
		formula->depth--;
	}
}

bool
xlsx_formula_join(struct span text, struct sbuf *out)
{
	const size_t before = out->len_bytes;
	struct formula formula = { .text = text, .out = out };

	while (formula.at < text.len_bytes) {
		if (!formula_is_literal(&formula, formula.at)) {
			const uint8_t c = text.ptr[formula.at];

			formula_bracket(&formula, c);
			sbuf_add_byte(out, c);
			formula.at++;
			continue;
		}
		do
			formula_add_literal(&formula);
		while (formula_skip_join(&formula));
	}
	if (formula.joins == 0)
		sbuf_truncate(out, before);
	return formula.joins > 0;
}
