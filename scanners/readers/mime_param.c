/* Parameters of a structured field: name=value. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/mime_words.h"
#include "scanners/text/readings.h"

enum { MIME_MAX_SECTIONS = 200, MIME_EXTENDED_VARIANTS = 4 };

/* A failure of a buffer on the way is one of the result. */
static void
mime_inherit(struct sbuf *out, const struct sbuf *part)
{
	if (out->st == ST_OK)
		out->st = part->st;
}

/* Behind the quoted string that starts at at. */
static size_t
mime_skip_quoted(struct span value, size_t at)
{
	for (at++; at < value.len_bytes; at++) {
		if (value.ptr[at] == '\\')
			at++;
		else if (value.ptr[at] == '"')
			return at + 1;
	}
	return value.len_bytes;
}

/* Behind the next ";" outside of quotes and comments. */
static size_t
mime_skip_to_param(const struct mime_param_walk *walk, size_t at)
{
	const struct span value = walk->value;

	while (at < value.len_bytes && value.ptr[at] != ';') {
		if (value.ptr[at] == '"')
			at = mime_skip_quoted(value, at);
		else if (value.ptr[at] == '(' && !walk->plain_parens)
			at = mime_skip_comment(value, at);
		else
			at++;
	}
	return at < value.len_bytes ? at + 1 : at;
}

/* Blanks, comments and empty parameters before a name. */
static size_t
mime_skip_to_name(const struct mime_param_walk *walk, size_t at)
{
	const struct span value = walk->value;

	while (at < value.len_bytes) {
		const uint8_t c = value.ptr[at];

		if (c == '(' && !walk->plain_parens)
			at = mime_skip_comment(value, at);
		else if (mime_is_space(c) || c == ';' || c == ',')
			at++;
		else
			break;
	}
	return at;
}

/* Where the first word of the value ends: the missing ";" behind a type is
 * forgiven. */
static size_t
mime_skip_word(const struct mime_param_walk *walk)
{
	const struct span value = walk->value;
	size_t at = mime_skip_to_name(walk, 0);

	while (at < value.len_bytes && !mime_is_space(value.ptr[at]) &&
	       value.ptr[at] != ';' && value.ptr[at] != '(')
		at++;
	return at;
}

/* Behind a name and the comments in it: at "=" or ";". */
static size_t
mime_skip_name(const struct mime_param_walk *walk, size_t at)
{
	const struct span value = walk->value;

	while (at < value.len_bytes && value.ptr[at] != '=' &&
	       value.ptr[at] != ';') {
		if (value.ptr[at] == '(' && !walk->plain_parens)
			at = mime_skip_comment(value, at);
		else
			at++;
	}
	return at;
}

/* A name without the comment behind it. */
static struct span
mime_name_only(struct span name)
{
	const uint8_t *paren = name.len_bytes > 0
				       ? memchr(name.ptr, '(', name.len_bytes)
				       : NULL;

	if (paren != NULL)
		(void)span_cut(name, 0, (size_t)(paren - name.ptr), &name);
	return mime_trim(name);
}

/* The next "name=" at or after *at, which moves behind the "=". */
static bool
mime_param_name(const struct mime_param_walk *walk, size_t *at,
		struct span *name_out)
{
	const struct span value = walk->value;
	size_t i = *at;

	while (i < value.len_bytes) {
		i = mime_skip_to_name(walk, i);
		const size_t name_at = i;

		i = mime_skip_name(walk, i);
		if (i < value.len_bytes && value.ptr[i] == '=') {
			(void)span_cut(value, name_at, i - name_at, name_out);
			*name_out = mime_name_only(*name_out);
			*at = i + 1;
			return true;
		}
	}
	*at = value.len_bytes;
	return false;
}

bool
mime_param_next(struct mime_param_walk *walk, struct mime_param *param_out)
{
	const struct span value = walk->value;
	struct mime_param param = { 0 };
	size_t at = walk->at == 0 ? mime_skip_word(walk) : walk->at;
	size_t end = 0;

	if (!mime_param_name(walk, &at, &param.name)) {
		walk->at = value.len_bytes;
		return false;
	}
	while (at < value.len_bytes && mime_is_space(value.ptr[at]))
		at++;
	end = at;
	if (at < value.len_bytes && value.ptr[at] == '"')
		end = mime_skip_quoted(value, at);
	walk->at = mime_skip_to_param(walk, end);
	/* Text behind a quoted value belongs to nothing. */
	if (end == at) {
		end = walk->at;
		if (end > at && value.ptr[end - 1] == ';')
			end--;
	}
	(void)span_cut(value, at, end - at, &param.value);
	param.value = mime_trim(param.value);
	*param_out = param;
	return true;
}

void
mime_param_text(struct span raw, struct sbuf *out)
{
	const bool quoted = raw.len_bytes > 0 && raw.ptr[0] == '"';
	size_t at = quoted ? 1 : 0;

	for (; at < raw.len_bytes; at++) {
		const uint8_t c = raw.ptr[at];

		if (quoted && c == '"')
			return;
		if (c == '\r' || c == '\n')
			continue;
		/* Escapes; but not the second byte of a character of CP932
		 * or ISO-2022-JP, which is followed by other than \ or ". */
		if (quoted && c == '\\' && at + 1 < raw.len_bytes &&
		    (raw.ptr[at + 1] == '"' || raw.ptr[at + 1] == '\\'))
			at++;
		sbuf_add_byte(out, raw.ptr[at]);
	}
}

/* How a parameter belongs to a name: name, name*, name*1, name*1*. */
struct mime_section {
	bool matches;
	bool numbered;
	bool encoded;
	uint64_t number;
};

static struct mime_section
mime_section_of(const struct mime_param *param, struct span name)
{
	struct mime_section section = { 0 };
	struct span rest = { 0 };
	struct span head = { 0 };

	if (!span_cut(param->name, 0, name.len_bytes, &head) ||
	    !span_equal_nocase(head, name))
		return section;
	(void)span_cut(param->name, name.len_bytes,
		       param->name.len_bytes - name.len_bytes, &rest);
	if (rest.len_bytes > 0 && rest.ptr[rest.len_bytes - 1] == '*') {
		section.encoded = true;
		rest.len_bytes--;
	}
	if (rest.len_bytes > 0) {
		(void)span_cut(rest, 1, rest.len_bytes - 1, &head);
		if (rest.ptr[0] != '*' ||
		    !parse_u64(head, MIME_MAX_SECTIONS, &section.number))
			return section;
		section.numbered = true;
	}
	section.matches = true;
	return section;
}

/* Which of several sections with one number counts. */
enum mime_sections {
	MIME_SECTIONS_NONE = 0,
	MIME_SECTIONS_FIRST,
	MIME_SECTIONS_LAST,
	MIME_SECTIONS_ALL /* all, in the order in which they stand */
};

struct mime_extended {
	struct span value;
	struct span name;
	enum mime_sections take;
	struct mime_param param; /* the section found */
	bool encoded;
	uint64_t first; /* number of the first section: 0, or 1 if so begun */
	uint64_t count;
	struct sbuf text;
};

static bool
mime_section_fits(const struct mime_extended *all,
		  const struct mime_section *section, uint64_t number)
{
	if (!section->matches || !(section->numbered || section->encoded))
		return false;
	return all->take == MIME_SECTIONS_ALL || section->number == number;
}

/* The section number of the name, or its unnumbered encoded form (number 0);
 * of MIME_SECTIONS_ALL the one that stands number places behind the first. */
static bool
mime_section_find(struct mime_extended *all, uint64_t number)
{
	struct mime_param_walk walk = { .value = all->value };
	struct mime_param param;
	uint64_t left = all->take == MIME_SECTIONS_ALL ? number : 0;
	bool found = false;

	while (mime_param_next(&walk, &param)) {
		const struct mime_section section =
			mime_section_of(&param, all->name);

		if (!mime_section_fits(all, &section, number))
			continue;
		if (left > 0) {
			left--;
			continue;
		}
		all->param = param;
		all->encoded = section.encoded;
		found = true;
		if (all->take != MIME_SECTIONS_LAST)
			break;
	}
	return found;
}

/* Cut "charset'language'" off the first section. */
static void
mime_extended_head(struct sbuf *text, struct sbuf *charset)
{
	const struct span whole = sbuf_span(text);
	size_t quotes = 0;
	size_t at = 0;

	while (at < whole.len_bytes && quotes < 2) {
		if (whole.ptr[at] == '\'')
			quotes++;
		else if (quotes == 0)
			sbuf_add_byte(charset, whole.ptr[at]);
		at++;
	}
	if (quotes < 2) {
		sbuf_clear(charset);
		return;
	}
	memmove(text->bytes, text->bytes + at, text->len_bytes - at);
	sbuf_truncate(text, text->len_bytes - at);
}

static void
mime_section_add(struct mime_extended *all, struct sbuf *out,
		 struct sbuf *charset)
{
	sbuf_clear(&all->text);
	mime_param_text(all->param.value, &all->text);
	if (all->count == 0 && all->encoded)
		mime_extended_head(&all->text, charset);
	mime_inherit(out, &all->text);
	if (all->encoded)
		mime_decode_percent(sbuf_span(&all->text), out);
	else
		sbuf_add_span(out, sbuf_span(&all->text));
	all->count++;
}

/*
 * Join the RFC 2231 sections of name: bytes to out, charset as declared.
 * False when there are none. The sections are looked up one by one, which is
 * bounded by MIME_MAX_SECTIONS. Some programs count from 1.
 */
static bool
mime_extended(struct span value, struct span name, enum mime_sections take,
	      struct sbuf *out, struct sbuf *charset)
{
	struct mime_extended all = { .value = value,
				     .name = name,
				     .take = take };

	sbuf_init_secret(&all.text, SIZE_MAX / 2);
	if (!mime_section_find(&all, 0))
		all.first = 1;
	while (all.count < MIME_MAX_SECTIONS &&
	       mime_section_find(&all, all.first + all.count))
		mime_section_add(&all, out, charset);
	sbuf_done(&all.text);
	return all.count > 0;
}

/* The nth plain occurrence of name. */
static bool
mime_plain(struct span value, struct span name, size_t index, bool plain_parens,
	   struct span *raw_out)
{
	struct mime_param_walk walk = { .value = value,
					.plain_parens = plain_parens };
	struct mime_param param;

	while (mime_param_next(&walk, &param)) {
		if (!span_equal_nocase(param.name, name))
			continue;
		if (index-- == 0) {
			*raw_out = param.value;
			return true;
		}
	}
	return false;
}

/* A plain value: raw 8-bit or ISO-2022-JP bytes, or RFC 2047 in quotes. */
static void
mime_plain_decode(struct span raw, struct sbuf *out)
{
	struct text_readings readings;
	struct sbuf text;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	mime_param_text(raw, &text);
	text_find_readings(sbuf_span(&text), (struct span){ 0 }, &readings);
	(void)mime_words_decode(sbuf_span(&text), readings.charsets[0], 0, out);
	mime_inherit(out, &text);
	sbuf_done(&text);
}

bool
mime_param_find(struct span value, const char *name, struct sbuf *out)
{
	const struct span wanted = span_of(name);
	struct span raw = { 0 };
	struct sbuf bytes;
	struct sbuf charset;
	bool found = false;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_init(&charset, SIZE_MAX / 2);
	if (mime_extended(value, wanted, MIME_SECTIONS_FIRST, &bytes,
			  &charset)) {
		text_decode_best(sbuf_span(&bytes), sbuf_span(&charset), out);
		found = true;
	} else if (mime_plain(value, wanted, 0, false, &raw) ||
		   mime_plain(value, wanted, 0, true, &raw)) {
		mime_plain_decode(raw, out);
		found = true;
	}
	mime_inherit(out, &bytes);
	mime_inherit(out, &charset);
	sbuf_done(&bytes);
	sbuf_done(&charset);
	return found;
}

/* Up to the first blank, as strict readers end an unquoted value. */
static bool
mime_cut_at_blank(struct span raw, struct span *cut_out)
{
	if (raw.len_bytes == 0 || raw.ptr[0] == '"')
		return false;
	for (size_t i = 0; i < raw.len_bytes; i++)
		if (mime_is_space(raw.ptr[i]) || raw.ptr[i] == '(')
			return span_cut(raw, 0, i, cut_out);
	return false;
}

/* Variants come in groups of four for each plain occurrence: as it stands,
 * cut at a blank, with encoded words decoded, with "(" no comment. */
static bool
mime_plain_variant(struct span value, struct span name, size_t index,
		   struct sbuf *out)
{
	struct span raw = { 0 };

	if (!mime_plain(value, name, index / 4, index % 4 == 3, &raw))
		return false;
	if (index % 4 == 1 && !mime_cut_at_blank(raw, &raw))
		return true;
	if (index % 4 == 2)
		mime_plain_decode(raw, out);
	else
		mime_param_text(raw, out);
	return true;
}

/* The RFC 2231 form, empty when there is none: of sections with the same
 * number the first, the last, all; and with encoded words decoded. */
static void
mime_extended_variant(struct span value, struct span name, size_t index,
		      struct sbuf *out)
{
	static const enum mime_sections takes[MIME_EXTENDED_VARIANTS] = {
		MIME_SECTIONS_FIRST, MIME_SECTIONS_LAST, MIME_SECTIONS_ALL,
		MIME_SECTIONS_FIRST
	};
	struct sbuf charset;
	struct sbuf bytes;

	sbuf_init(&charset, SIZE_MAX / 2);
	sbuf_init(&bytes, SIZE_MAX / 2);
	(void)mime_extended(value, name, takes[index], &bytes, &charset);
	if (index + 1 == MIME_EXTENDED_VARIANTS)
		(void)mime_words_decode(sbuf_span(&bytes), CHARSET_UTF8, 0,
					out);
	else
		sbuf_add_span(out, sbuf_span(&bytes));
	mime_inherit(out, &bytes);
	mime_inherit(out, &charset);
	sbuf_done(&charset);
	sbuf_done(&bytes);
}

bool
mime_param_variant(struct span value, const char *name, size_t index,
		   struct sbuf *out)
{
	if (index >= MIME_EXTENDED_VARIANTS)
		return mime_plain_variant(value, span_of(name),
					  index - MIME_EXTENDED_VARIANTS, out);
	mime_extended_variant(value, span_of(name), index, out);
	return true;
}

enum status
mime_param_differs(struct span value, const char *name, bool *differs_out)
{
	const struct span wanted = span_of(name);
	struct span raw = { 0 };
	struct sbuf charset;
	struct sbuf first;
	struct sbuf other;
	bool differs = false;

	sbuf_init(&charset, SIZE_MAX / 2);
	sbuf_init_secret(&first, SIZE_MAX / 2);
	sbuf_init_secret(&other, SIZE_MAX / 2);
	bool any = mime_extended(value, wanted, MIME_SECTIONS_FIRST, &first,
				 &charset);

	for (size_t i = 0;
	     !differs && mime_plain(value, wanted, i, false, &raw); i++) {
		sbuf_clear(&other);
		mime_param_text(raw, any ? &other : &first);
		differs = any &&
			  !span_equal(sbuf_span(&first), sbuf_span(&other));
		any = true;
	}
	const bool whole =
		charset.st == ST_OK && first.st == ST_OK && other.st == ST_OK;

	sbuf_done(&charset);
	sbuf_done(&first);
	sbuf_done(&other);
	if (!whole)
		return ST_NO_MEMORY;
	*differs_out = differs;
	return ST_OK;
}
