/* Masking of names and contexts: no run of digits stays. */
#include "scanners/detect/mask.h"

#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum { MASK_ROW = 4, MASK_MAX_MARKS = 3 };

/* Some digits with at most a few marks between them. */
struct mask_row {
	size_t end_at; /* behind the last digit */
	size_t digits;
};

static struct mask_row
mask_measure(struct span text, size_t at)
{
	struct mask_row row = { .end_at = at };
	size_t marks = 0;
	uint8_t value = 0;

	while (at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &at);

		if (fold_is_invisible(cp))
			continue;
		if (fold_digit(cp, &value) != FOLD_DIGIT_NONE) {
			row.digits++;
			marks = 0;
			row.end_at = at;
			continue;
		}
		if (fold_mark(cp) == FOLD_MARK_NONE || ++marks > MASK_MAX_MARKS)
			break;
	}
	return row;
}

/* Copy [at, end) with its digits as "*"; all: kanji digits, too. */
static void
mask_copy(struct span text, size_t at, size_t end, bool all, struct sbuf *out)
{
	uint8_t value = 0;

	while (at < end) {
		const uint32_t cp = utf8_next(text, &at);
		const enum fold_digit_kind kind = fold_digit(cp, &value);

		if (kind == FOLD_DIGIT_NONE ||
		    (kind == FOLD_DIGIT_KANJI && !all))
			utf8_put(out, cp);
		else
			sbuf_add_byte(out, '*');
	}
}

static void
mask_text(struct span utf8, bool always, struct sbuf *out)
{
	size_t at = 0;
	uint8_t value = 0;

	while (at < utf8.len_bytes) {
		size_t next = at;
		const uint32_t cp = utf8_next(utf8, &next);

		if (fold_digit(cp, &value) == FOLD_DIGIT_NONE) {
			utf8_put(out, cp);
			at = next;
			continue;
		}
		const struct mask_row row = mask_measure(utf8, at);
		const bool many = row.digits >= MASK_ROW;

		if (many || always)
			mask_copy(utf8, at, row.end_at, many, out);
		else
			sbuf_add(out, utf8.ptr + at, row.end_at - at);
		at = row.end_at;
	}
}

void
detect_mask(struct span utf8, struct sbuf *out)
{
	mask_text(utf8, false, out);
}

void
mask_all_digits(struct span utf8, struct sbuf *out)
{
	mask_text(utf8, true, out);
}
