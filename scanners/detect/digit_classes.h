/*
 * digit_classes.h - which bytes digits and the marks between them begin with.
 *
 * Layer:    scanners/detect; the inside of digit_filter.h
 * Threads:  the tables are made once and do not change
 *
 * A character of several bytes belongs to a rule by its first byte; a rule is
 * a bit. It holds where the first, second and third byte all have that bit,
 * so that the characters it lets through are at least those that fold.h
 * knows. A character of two bytes has any third one.
 *
 * There are two forms of the tables: one over whole bytes (of continuation
 * bytes the low six bits), and one over the two halves of a byte, for
 * processors that look up sixteen entries only.
 */
#ifndef SCANNERS_DETECT_DIGIT_CLASSES_H
#define SCANNERS_DETECT_DIGIT_CLASSES_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DIGIT_RULE_MARK_E3 = 0x01,
	DIGIT_RULE_MARK_EF = 0x02,
	DIGIT_RULE_MARK_E2 = 0x04,
	DIGIT_RULE_LONG = 0x08,  /* two or four bytes: digits and marks */
	DIGIT_RULE_OTHER = 0x10, /* three: digits of scripts, circled ones */
	DIGIT_RULE_ZERO = 0x20,  /* of kanji; alone in its block */
	DIGIT_RULE_KANJI = 0x40,
	DIGIT_RULE_WIDE = 0x80,
	/* In the tables of halves, which are coarse: kanji by first byte. Wide
	 * digits are found without a table there. */
	DIGIT_RULE_KANJI_E4 = 0x20, /* and the zero */
	DIGIT_RULE_KANJI_E5 = 0x40,
	DIGIT_RULE_KANJI_E6 = 0x80, /* and up */
	DIGIT_RULES_OF_DIGITS = DIGIT_RULE_LONG | DIGIT_RULE_OTHER |
				DIGIT_RULE_ZERO | DIGIT_RULE_KANJI |
				DIGIT_RULE_WIDE
};

enum {
	DIGIT_CLASS_BYTES = 3,
	DIGIT_BLOCK_BYTES = 64,
	DIGIT_BLOCK_AHEAD = 2 /* bytes behind a block that are looked at */
};

struct digit_classes {
	/* Of ASCII characters, by value: as the rules OTHER and MARK_E2. */
	uint8_t ascii[128];
	/* By the low six bits; of the first byte only from C0 on. */
	uint8_t bytes[DIGIT_CLASS_BYTES][64];
	uint8_t high_halves[DIGIT_CLASS_BYTES][16];
	uint8_t low_halves[DIGIT_CLASS_BYTES][16];
	/* ASCII marks again, by their low half: a bit for each high one. */
	uint8_t ascii_halves[16];
} __attribute__((aligned(64)));

/* The bytes of one block, a bit for each. */
struct digit_masks {
	uint64_t digits;
	uint64_t breaks;
};

void digit_classes_make(struct digit_classes *classes);

#endif
