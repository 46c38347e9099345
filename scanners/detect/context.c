#include "scanners/detect/context.h"

#include "lib/base/parse.h"
#include "scanners/detect/mask.h"
#include "scanners/text/utf8.h"

enum {
	CONTEXT_CHARACTERS = 24, /* on each side */
	CONTEXT_MAX_BYTES = 120, /* with all blanks */
	CONTEXT_ENOUGH = 8,      /* behind so many a line or sentence ends it */
	CONTEXT_STOP = 0x3002    /* full stop */
};

/* Letters count, blanks do not: a table drawn with them has words, too. */
static bool
context_is_word(uint32_t cp)
{
	return cp > ' ' && cp != 0x3000;
}

static size_t
context_before(struct span text, size_t at)
{
	const size_t limit =
		at > CONTEXT_MAX_BYTES ? at - CONTEXT_MAX_BYTES : 0;
	size_t count = 0;

	while (at > limit && count < CONTEXT_CHARACTERS) {
		const size_t back = utf8_back(text, at);
		size_t next = back;
		const uint32_t cp = utf8_next(text, &next);

		if ((cp == '\n' || cp == CONTEXT_STOP) &&
		    count >= CONTEXT_ENOUGH)
			break;
		count += context_is_word(cp) ? 1 : 0;
		at = back;
	}
	return at;
}

static size_t
context_behind(struct span text, size_t at)
{
	const size_t limit = text.len_bytes - at > CONTEXT_MAX_BYTES
				     ? at + CONTEXT_MAX_BYTES
				     : text.len_bytes;
	size_t count = 0;

	while (at < limit && count < CONTEXT_CHARACTERS) {
		size_t next = at;
		const uint32_t cp = utf8_next(text, &next);

		if (cp == '\n' && count >= CONTEXT_ENOUGH)
			break;
		count += context_is_word(cp) ? 1 : 0;
		at = next;
		if (cp == CONTEXT_STOP && count >= CONTEXT_ENOUGH)
			break;
	}
	return at;
}

/* Blanks and line ends become one blank; none at either end. */
static void
context_add_line(struct span text, struct sbuf *out)
{
	bool blank = false;
	const size_t before = out->len_bytes;

	for (size_t i = 0; i < text.len_bytes; i++) {
		if (text.ptr[i] <= ' ') {
			blank = true;
			continue;
		}
		if (blank && out->len_bytes > before)
			sbuf_add_byte(out, ' ');
		sbuf_add_byte(out, text.ptr[i]);
		blank = false;
	}
}

void
context_add(struct span text, size_t start, size_t end, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf masked;
	const size_t from = context_before(text, start);
	const size_t to = context_behind(text, end);
	struct span part = { 0 };

	(void)span_cut(text, from, to - from, &part);
	sbuf_init_secret(&masked, part.len_bytes * 2 + 1);
	mask_all_digits(part, &masked);
	context_add_line(sbuf_span(&masked), out);
}

void
context_add_cell(const char *title, const char *row_words, struct sbuf *out)
{
	if (title != NULL)
		mask_all_digits(span_of(title), out);
	if (title != NULL && title[0] != '\0' && row_words != NULL &&
	    row_words[0] != '\0')
		sbuf_add_text(out, " / ");
	if (row_words != NULL)
		mask_all_digits(span_of(row_words), out);
	for (size_t i = 0; i < out->len_bytes; i++)
		if (out->bytes[i] < ' ')
			out->bytes[i] = ' ';
}
