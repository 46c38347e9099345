#include "scanners/detect/preview_mask.h"

#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

/* What stands in a line for a hidden digit, and for its further bytes: no
 * line holds controls otherwise. */

#define PREVIEW_HIDDEN_SHOWN "\xe2\x97\x8f"

struct preview_range {
	uint32_t first;
	uint32_t last;
};

/* Digits besides those that detection folds (fold.h). */
static const struct preview_range preview_digits[] = {
	{ 0xB2, 0xB3 },       { 0xB9, 0xB9 },       { 0x660, 0x669 },
	{ 0x6F0, 0x6F9 },     { 0x7C0, 0x7C9 },     { 0x966, 0x96F },
	{ 0x9E6, 0x9EF },     { 0xA66, 0xA6F },     { 0xAE6, 0xAEF },
	{ 0xB66, 0xB6F },     { 0xBE6, 0xBEF },     { 0xC66, 0xC6F },
	{ 0xCE6, 0xCEF },     { 0xD66, 0xD6F },     { 0xDE6, 0xDEF },
	{ 0xE50, 0xE59 },     { 0xED0, 0xED9 },     { 0xF20, 0xF29 },
	{ 0x1040, 0x1049 },   { 0x1090, 0x1099 },   { 0x1369, 0x1371 },
	{ 0x17E0, 0x17E9 },   { 0x1810, 0x1819 },   { 0x1946, 0x194F },
	{ 0x19D0, 0x19DA },   { 0x1A80, 0x1A99 },   { 0x1B50, 0x1B59 },
	{ 0x1BB0, 0x1BB9 },   { 0x1C40, 0x1C49 },   { 0x1C50, 0x1C59 },
	{ 0x2070, 0x2070 },   { 0x2074, 0x2079 },   { 0x2080, 0x2089 },
	{ 0x2460, 0x249B },   { 0x24EA, 0x24FF },   { 0x2776, 0x2793 },
	{ 0x3021, 0x3029 },   { 0x3220, 0x3229 },   { 0x3248, 0x324F },
	{ 0x3251, 0x325F },   { 0x3280, 0x3289 },   { 0x32B1, 0x32BF },
	{ 0x4F0D, 0x4F0D },   { 0x53C1, 0x53C3 },   { 0x58F9, 0x58F9 },
	{ 0x5F0C, 0x5F0E },   { 0x634C, 0x634C },   { 0x67D2, 0x67D2 },
	{ 0x6F06, 0x6F06 },   { 0x7396, 0x7396 },   { 0x8086, 0x8086 },
	{ 0x8CB3, 0x8CB3 },   { 0x9678, 0x9678 },   { 0xA620, 0xA629 },
	{ 0xA8D0, 0xA8D9 },   { 0xA900, 0xA909 },   { 0xA9D0, 0xA9D9 },
	{ 0xA9F0, 0xA9F9 },   { 0xAA50, 0xAA59 },   { 0xABF0, 0xABF9 },
	{ 0x104A0, 0x104A9 }, { 0x10D30, 0x10D39 }, { 0x11066, 0x1106F },
	{ 0x110F0, 0x110F9 }, { 0x11136, 0x1113F }, { 0x111D0, 0x111D9 },
	{ 0x112F0, 0x112F9 }, { 0x11450, 0x11459 }, { 0x114D0, 0x114D9 },
	{ 0x11650, 0x11659 }, { 0x116C0, 0x116C9 }, { 0x11730, 0x11739 },
	{ 0x118E0, 0x118E9 }, { 0x11950, 0x11959 }, { 0x11C50, 0x11C59 },
	{ 0x11D50, 0x11D59 }, { 0x11DA0, 0x11DA9 }, { 0x16A60, 0x16A69 },
	{ 0x16B50, 0x16B59 }, { 0x1E140, 0x1E149 }, { 0x1E2F0, 0x1E2F9 },
	{ 0x1E950, 0x1E959 }, { 0x1F100, 0x1F10C }, { 0x1FBF0, 0x1FBF9 },
};

/* The words between kanji digits: ten, hundred, thousand and so on. */
static const struct preview_range preview_powers[] = {
	{ 0x5341, 0x5341 }, { 0x767E, 0x767E }, { 0x5343, 0x5343 },
	{ 0x4E07, 0x4E07 }, { 0x842C, 0x842C }, { 0x5104, 0x5104 },
	{ 0x5146, 0x5146 }, { 0x62FE, 0x62FE }, { 0x4F70, 0x4F70 },
	{ 0x964C, 0x964C }, { 0x9621, 0x9621 }, { 0x4EDF, 0x4EDF },
};

/* Letters and what people read as part of a word. */
static const struct preview_range preview_letters[] = {
	{ 'A', 'Z' },         { 'a', 'z' },         { 0xAA, 0xAA },
	{ 0xB5, 0xB5 },       { 0xBA, 0xBA },       { 0xC0, 0xD6 },
	{ 0xD8, 0xF6 },       { 0xF8, 0x2FF },      { 0x370, 0x1FFF },
	{ 0x2C00, 0x2DFF },   { 0x3005, 0x3006 },   { 0x3041, 0x3096 },
	{ 0x309D, 0x309F },   { 0x30A1, 0x30FA },   { 0x30FD, 0x30FF },
	{ 0x3105, 0x318F },   { 0x31A0, 0x31FF },   { 0x3400, 0x4DBF },
	{ 0x4E00, 0xD7FF },   { 0xF900, 0xFDFF },   { 0xFE70, 0xFEFC },
	{ 0xFF21, 0xFF3A },   { 0xFF41, 0xFF5A },   { 0xFF66, 0xFF6F },
	{ 0xFF71, 0xFFDC },   { 0x10000, 0x1CFFF }, { 0x1D400, 0x1D7CB },
	{ 0x1E000, 0x1EFFF }, { 0x20000, 0x3FFFF },
};

/* Marks over and around the letter before. */
static const struct preview_range preview_unseen[] = {
	{ 0x300, 0x36F },   { 0x1AB0, 0x1AFF },   { 0x1DC0, 0x1DFF },
	{ 0x2065, 0x206F }, { 0x20D0, 0x20FF },   { 0xFE20, 0xFE2F },
	{ 0xFFF9, 0xFFFB }, { 0xE0000, 0xE0FFF },
};

enum preview_class {
	PREVIEW_CLASS_NONE = 0,
	PREVIEW_CLASS_DIGIT,
	PREVIEW_CLASS_LETTER,
	PREVIEW_CLASS_SEPARATOR,
	PREVIEW_CLASS_UNSEEN
};

static bool
preview_is_in(uint32_t cp, const struct preview_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	return false;
}

static bool
preview_is_digit(uint32_t cp)
{
	uint8_t value = 0;

	return fold_digit(cp, &value) != FOLD_DIGIT_NONE ||
	       preview_is_in(cp, preview_digits, ARRAY_LEN(preview_digits));
}

static enum preview_class
preview_class_of_long(uint32_t cp)
{
	if (fold_is_invisible(cp) ||
	    preview_is_in(cp, preview_unseen, ARRAY_LEN(preview_unseen)))
		return PREVIEW_CLASS_UNSEEN;
	if (preview_is_digit(cp))
		return PREVIEW_CLASS_DIGIT;
	if (preview_is_in(cp, preview_powers, ARRAY_LEN(preview_powers)))
		return PREVIEW_CLASS_SEPARATOR;
	return preview_is_in(cp, preview_letters, ARRAY_LEN(preview_letters))
		       ? PREVIEW_CLASS_LETTER
		       : PREVIEW_CLASS_SEPARATOR;
}

static enum preview_class
preview_class_of(uint32_t cp)
{
	/* Kana, the most frequent of what is not ASCII. */
	if (cp >= 0x3041 && cp <= 0x3096)
		return PREVIEW_CLASS_LETTER;
	if (cp >= 0x80 || cp == 0)
		return preview_class_of_long(cp);
	if (cp >= '0' && cp <= '9')
		return PREVIEW_CLASS_DIGIT;
	return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'
		       ? PREVIEW_CLASS_LETTER
		       : PREVIEW_CLASS_SEPARATOR;
}

static void
preview_hide(const struct preview_mask *mask,
	     const struct preview_mask_digit *digit)
{
	*digit->hidden = true;
	if (mask->reveal)
		return;
	digit->at[0] = PREVIEW_HIDDEN;
	for (size_t i = 1; i < digit->len_bytes; i++)
		digit->at[i] = PREVIEW_HIDDEN_REST;
}

/* The last count digits before this one. */
static void
preview_hide_waiting(const struct preview_mask *mask, size_t count)
{
	for (size_t i = 1; i <= count; i++)
		preview_hide(mask, &mask->waiting[(mask->chain - i) %
						  (PREVIEW_MASK_CHAIN - 1)]);
}

static void
preview_take_digit(struct preview_mask *mask,
		   const struct preview_mask_digit *digit)
{
	/* As many as make it a number; those before are hidden already. */
	if (mask->chain + 1 == PREVIEW_MASK_CHAIN)
		preview_hide_waiting(mask, PREVIEW_MASK_CHAIN - 1);
	else if (mask->run + 1 == PREVIEW_MASK_RUN)
		preview_hide_waiting(mask, PREVIEW_MASK_RUN - 1);
	if (mask->chain + 1 >= PREVIEW_MASK_CHAIN ||
	    mask->run + 1 >= PREVIEW_MASK_RUN)
		preview_hide(mask, digit);
	mask->waiting[mask->chain % (PREVIEW_MASK_CHAIN - 1)] = *digit;
	mask->chain++;
	mask->run++;
}

/* NOLINTBEGIN(readability-non-const-parameter): they are kept and written to
 * by later calls */
void
preview_mask_line(struct preview_mask *mask, uint8_t *bytes, size_t len_bytes,
		  bool joined, bool *hidden_out)
{
	const struct span text = { bytes, len_bytes };
	size_t at = 0;

	if (!joined)
		mask->run = 0;
	while (at < len_bytes) {
		const size_t start = at;
		const enum preview_class class =
			preview_class_of(utf8_next(text, &at));
		const struct preview_mask_digit digit = { bytes + start,
							  at - start,
							  hidden_out };

		if (class == PREVIEW_CLASS_DIGIT)
			preview_take_digit(mask, &digit);
		else if (class != PREVIEW_CLASS_UNSEEN)
			mask->run = 0;
		if (class == PREVIEW_CLASS_LETTER)
			mask->chain = 0;
	}
}

/* NOLINTEND(readability-non-const-parameter) */

void
preview_mask_gap(struct preview_mask *mask)
{
	preview_hide_waiting(mask, mask->chain < PREVIEW_MASK_CHAIN - 1
					   ? mask->chain
					   : PREVIEW_MASK_CHAIN - 1);
	mask->chain = PREVIEW_MASK_CHAIN;
	mask->run = 0;
}

size_t
preview_mask_bytes(struct span line)
{
	size_t bytes = line.len_bytes;

	for (size_t i = 0; i < line.len_bytes; i++) {
		if (line.ptr[i] == PREVIEW_HIDDEN)
			bytes += sizeof(PREVIEW_HIDDEN_SHOWN) - 2;
		else if (line.ptr[i] == PREVIEW_HIDDEN_REST)
			bytes--;
	}
	return bytes;
}

void
preview_mask_write(struct span line, struct sbuf *out)
{
	for (size_t i = 0; i < line.len_bytes; i++) {
		if (line.ptr[i] == PREVIEW_HIDDEN)
			sbuf_add_text(out, PREVIEW_HIDDEN_SHOWN);
		else if (line.ptr[i] != PREVIEW_HIDDEN_REST)
			sbuf_add_byte(out, line.ptr[i]);
	}
}
