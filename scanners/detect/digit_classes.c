#include "scanners/detect/digit_classes.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

/* Where digits, marks and invisible characters are; those that have none are
 * left out, since asking for a million characters takes time. */
static const struct {
	uint32_t first;
	uint32_t last;
} classes_blocks[] = {
	{ 0x0000, 0x3400 },   { 0x4E00, 0x9FFF },   { 0xA600, 0xABFF },
	{ 0xF900, 0xFFFF },   { 0x10400, 0x11FFF }, { 0x16A00, 0x16DFF },
	{ 0x1CC00, 0x1CDFF }, { 0x1D700, 0x1D7FF }, { 0x1E100, 0x1E9FF },
	{ 0x1F000, 0x1F1FF }, { 0x1FB00, 0x1FBFF }, { 0xE0000, 0xE0200 },
};

/* The rule of the tables of bytes. */
static uint8_t
classes_rule(uint8_t first, bool digit)
{
	if (first < 0xE0 || first >= 0xF0)
		return DIGIT_RULE_LONG;
	if (first == 0xEF)
		return digit ? DIGIT_RULE_WIDE : DIGIT_RULE_MARK_EF;
	if (first == 0xE3)
		return digit ? DIGIT_RULE_ZERO : DIGIT_RULE_MARK_E3;
	if (first >= 0xE4 && first <= 0xE9)
		return DIGIT_RULE_KANJI;
	return first == 0xE2 && !digit ? DIGIT_RULE_MARK_E2 : DIGIT_RULE_OTHER;
}

/* The rule of the tables of halves. */
static uint8_t
classes_half_rule(uint8_t first, bool digit)
{
	const uint8_t rule = classes_rule(first, digit);

	if (rule == DIGIT_RULE_WIDE)
		return DIGIT_RULE_MARK_EF;
	if (rule != DIGIT_RULE_KANJI)
		return rule;
	if (first == 0xE4)
		return DIGIT_RULE_KANJI_E4;
	return first == 0xE5 ? DIGIT_RULE_KANJI_E5 : DIGIT_RULE_KANJI_E6;
}

static void
classes_add_ascii(struct digit_classes *classes, uint8_t c, bool digit)
{
	classes->ascii[c] = digit ? DIGIT_RULE_OTHER : DIGIT_RULE_MARK_E2;
	if (!digit)
		classes->ascii_halves[c & 15] |= (uint8_t)(1U << (c >> 4));
}

static void
classes_add_halves(struct digit_classes *classes, size_t index, uint8_t byte,
		   uint8_t rule)
{
	classes->high_halves[index][byte >> 4] |= rule;
	classes->low_halves[index][byte & 15] |= rule;
}

static void
classes_add(struct digit_classes *classes, uint32_t cp, bool digit)
{
	uint8_t bytes[UTF8_MAX_BYTES];
	const size_t len_bytes = utf8_encode(cp, bytes);
	const uint8_t rule = classes_rule(bytes[0], digit);
	const uint8_t half_rule = classes_half_rule(bytes[0], digit);

	if (len_bytes == 1) {
		classes_add_ascii(classes, bytes[0], digit);
		return;
	}
	for (size_t i = 0; i < DIGIT_CLASS_BYTES && i < len_bytes; i++) {
		classes->bytes[i][bytes[i] & 63] |= rule;
		classes_add_halves(classes, i, bytes[i], half_rule);
	}
}

/* A line end inside a number and the marks of a quoted mail behind it, as
 * candidate.c passes them. */
static bool
classes_is_line_end(uint32_t cp)
{
	return cp == '\r' || cp == '\n' || cp == '>';
}

void
digit_classes_make(struct digit_classes *classes)
{
	uint8_t value = 0;

	memset(classes, 0, sizeof(*classes));
	for (size_t i = 0; i < ARRAY_LEN(classes_blocks); i++) {
		for (uint32_t cp = classes_blocks[i].first;
		     cp <= classes_blocks[i].last; cp++) {
			const bool digit =
				fold_digit(cp, &value) != FOLD_DIGIT_NONE;

			if (digit || fold_mark(cp) != FOLD_MARK_NONE ||
			    fold_is_invisible(cp) || classes_is_line_end(cp))
				classes_add(classes, cp, digit);
		}
	}
	/* Two bytes are followed by anything. */
	for (size_t i = 0; i < sizeof(classes->bytes[2]); i++)
		classes->bytes[2][i] |= DIGIT_RULE_LONG;
	for (size_t i = 0; i < sizeof(classes->high_halves[2]); i++) {
		classes->high_halves[2][i] |= DIGIT_RULE_LONG;
		classes->low_halves[2][i] |= DIGIT_RULE_LONG;
	}
}
