#include "vault/case/saying.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { SAYING_DIGITS = 12, SAYING_FULL_WIDTH_BYTES = 3 };

/* One digit off the front of text: its value, -1 when there is none. */
static int
cut_digit(const char **text)
{
	const unsigned char *at = (const unsigned char *)*text;

	if (at[0] >= '0' && at[0] <= '9') {
		*text += 1;
		return at[0] - '0';
	}
	if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x90 && at[2] <= 0x99) {
		*text += SAYING_FULL_WIDTH_BYTES;
		return at[2] - 0x90;
	}
	return -1;
}

/* What people put between groups of digits. */
static size_t
separator_bytes(const char *text)
{
	static const char *const separators[] = {
		" ",      "-",      ".",      "\t",     "\r",
		"\n",     "\u3000", "\uff0d", "\uff0e", "\u2010",
		"\u2011", "\u2012", "\u2013", "\u2014", "\u2015",
		"\u2212", "\u30fc", "\u200b", "\u00a0"
	};

	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++) {
		const size_t len = strlen(separators[i]);

		if (strncmp(text, separators[i], len) == 0)
			return len;
	}
	return 0;
}

/* The check digit of a My Number (総務省令第85号). */
static bool
is_number(const int digits[SAYING_DIGITS])
{
	int sum = 0;

	for (int n = 1; n < SAYING_DIGITS; n++)
		sum += digits[SAYING_DIGITS - 1 - n] * (n <= 6 ? n + 1 : n - 5);
	return digits[SAYING_DIGITS - 1] == (sum % 11 <= 1 ? 0 : 11 - sum % 11);
}

enum status
saying_check(const char *text, struct err *err)
{
	int digits[SAYING_DIGITS] = { 0 };
	size_t count = 0;

	while (*text != '\0') {
		const int digit = cut_digit(&text);
		const size_t skipped = digit < 0 ? separator_bytes(text) : 0;

		text += skipped;
		if (digit >= 0) {
			memmove(digits, digits + 1,
				(SAYING_DIGITS - 1) * sizeof(*digits));
			digits[SAYING_DIGITS - 1] = digit;
			if (++count >= SAYING_DIGITS && is_number(digits))
				return err_set(err, ST_FORMAT,
					       "leave the My Number out of "
					       "the text");
		} else if (skipped == 0) {
			count = 0;
			text++;
		}
	}
	return ST_OK;
}
