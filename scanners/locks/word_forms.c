#include "scanners/locks/word_forms.h"

#include <string.h>

#include "lib/base/attr.h"

enum { WORD_MAX_BYTES = 128 };

enum word_case {
	WORD_AS_IS = 0,
	WORD_LOWER,
	WORD_CAPITAL,
	WORD_UPPER,
	WORD_CASES
};

/* What is put behind a word to please a rule for passwords. */
static const char *const word_endings[] = {
	"",     "1",    "0",    "01",   "12",   "123",  "1234", "!",
	"@",    "#",    "1!",   "123!", "2020", "2021", "2022", "2023",
	"2024", "2025", "2026", "2027", "2028", "2029", "2030",
};

bool
word_list_next(struct span *rest, struct span *word_out)
{
	while (rest->len_bytes > 0) {
		const uint8_t *end = memchr(rest->ptr, '\n', rest->len_bytes);
		const size_t len = end == NULL ? rest->len_bytes
					       : (size_t)(end - rest->ptr);
		const size_t step = end == NULL ? len : len + 1;

		*word_out = (struct span){ rest->ptr, len };
		*rest = (struct span){ rest->ptr + step,
				       rest->len_bytes - step };
		if (len > 0 && word_out->ptr[len - 1] == '\r')
			word_out->len_bytes--;
		if (word_out->len_bytes > 0 &&
		    word_out->len_bytes <= WORD_MAX_BYTES)
			return true;
	}
	return false;
}

size_t
word_forms_count(void)
{
	return (size_t)WORD_CASES * ARRAY_LEN(word_endings);
}

static uint8_t
word_letter(uint8_t c, enum word_case form, bool first)
{
	const bool upper =
		form == WORD_UPPER || (form == WORD_CAPITAL && first);

	if (form == WORD_AS_IS)
		return c;
	if (upper && c >= 'a' && c <= 'z')
		return (uint8_t)(c - 'a' + 'A');
	return !upper && c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* Is word in this case the same as in one before? */
static bool
word_is_repeated(struct span word, const uint8_t *cased, enum word_case form)
{
	for (enum word_case one = WORD_AS_IS; one < form; one++) {
		size_t i = 0;

		while (i < word.len_bytes &&
		       word_letter(word.ptr[i], one, i == 0) == cased[i])
			i++;
		if (i == word.len_bytes)
			return true;
	}
	return false;
}

bool
word_form(struct span word, size_t i, struct sbuf *out)
{
	/* All endings of one case, then those of the next. */
	const enum word_case form =
		(enum word_case)(i / ARRAY_LEN(word_endings));

	for (size_t k = 0; k < word.len_bytes; k++)
		sbuf_add_byte(out, word_letter(word.ptr[k], form, k == 0));
	if (out->len_bytes != word.len_bytes ||
	    word_is_repeated(word, sbuf_span(out).ptr, form))
		return false;
	sbuf_add_text(out, word_endings[i % ARRAY_LEN(word_endings)]);
	return true;
}
