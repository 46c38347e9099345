#include "scanners/detect/cell_number.h"

#include <string.h>

#include "scanners/detect/check_digit.h"

enum {
	CELL_MAX_DIGITS = 15, /* a double holds no more exactly */
	CELL_MAX_BYTES = 40,
	CELL_MAX_ZEROS = 4,   /* "1.23457E+11" was rounded for display */
	CELL_LEAST_DIGITS = 9 /* one number in a thousand lost three zeros */
};

struct cell_decimal {
	char digits[CELL_NUMBER_BYTES];
	size_t count;
	size_t behind_point; /* of the digits */
	size_t exponent;
};

static struct span
cell_trim(struct span text)
{
	while (text.len_bytes > 0 && text.ptr[text.len_bytes - 1] <= ' ')
		text.len_bytes--;
	while (text.len_bytes > 0 && text.ptr[0] <= ' ')
		(void)span_cut(text, 1, text.len_bytes - 1, &text);
	return text;
}

struct span
cell_number_trim(struct span text)
{
	struct span trimmed = cell_trim(text);
	const size_t len = trimmed.len_bytes;

	if (len > 1 && trimmed.ptr[0] == '\'')
		(void)span_cut(trimmed, 1, len - 1, &trimmed);
	else if (len > 3 && trimmed.ptr[0] == '=' && trimmed.ptr[1] == '"' &&
		 trimmed.ptr[len - 1] == '"')
		(void)span_cut(trimmed, 2, len - 3, &trimmed);
	return trimmed;
}

static bool
cell_is_digit(struct span text, size_t at)
{
	return at < text.len_bytes && text.ptr[at] >= '0' &&
	       text.ptr[at] <= '9';
}

/* "E11", "e+11" at at, up to the end. */
static bool
cell_parse_exponent(struct span text, size_t at, size_t *exponent_out)
{
	size_t exponent = 0;

	if (at == text.len_bytes)
		return true;
	if ((text.ptr[at] | 0x20) != 'e')
		return false;
	at++;
	if (at < text.len_bytes && text.ptr[at] == '+')
		at++;
	if (!cell_is_digit(text, at))
		return false;
	for (; cell_is_digit(text, at); at++)
		if (exponent <= CELL_NUMBER_BYTES)
			exponent = exponent * 10 + (text.ptr[at] - (size_t)'0');
	*exponent_out = exponent;
	return at == text.len_bytes;
}

/* Digits, at most one point among them, an exponent. */
static bool
cell_parse(struct span text, struct cell_decimal *decimal)
{
	bool point = false;
	size_t at = 0;

	for (; at < text.len_bytes; at++) {
		if (cell_is_digit(text, at)) {
			if (decimal->count >= CELL_NUMBER_BYTES)
				return false;
			decimal->digits[decimal->count++] = (char)text.ptr[at];
			decimal->behind_point += point;
		} else if (text.ptr[at] == '.' && !point) {
			point = true;
		} else {
			break;
		}
	}
	return decimal->count > 0 &&
	       cell_parse_exponent(text, at, &decimal->exponent);
}

/* Make it whole; false when it has a fraction or is too long. */
static bool
cell_make_whole(struct cell_decimal *decimal)
{
	while (decimal->exponent < decimal->behind_point) {
		if (decimal->digits[decimal->count - 1] != '0')
			return false;
		decimal->count--;
		decimal->behind_point--;
	}
	if (decimal->exponent - decimal->behind_point > CELL_MAX_ZEROS)
		return false;
	for (size_t n = decimal->exponent - decimal->behind_point; n > 0; n--) {
		if (decimal->count >= CELL_MAX_DIGITS)
			return false;
		decimal->digits[decimal->count++] = '0';
	}
	return decimal->count <= CELL_MAX_DIGITS;
}

bool
cell_number_pad(char digits[CELL_NUMBER_BYTES], size_t *count)
{
	const size_t lost = CHECK_DIGIT_COUNT - *count;

	if (*count < CELL_LEAST_DIGITS || *count >= CHECK_DIGIT_COUNT ||
	    digits[0] == '0')
		return false;
	memmove(digits + lost, digits, *count);
	memset(digits, '0', lost);
	*count = CHECK_DIGIT_COUNT;
	return true;
}

size_t
cell_number_digits(struct span text, enum cell_kind kind,
		   char digits[CELL_NUMBER_BYTES])
{
	struct cell_decimal decimal = { .count = 0 };
	bool plain = true;
	size_t count = 0;

	if (text.len_bytes > CELL_MAX_BYTES || !cell_parse(text, &decimal) ||
	    !cell_make_whole(&decimal))
		return 0;
	for (size_t i = 0; i < text.len_bytes; i++)
		plain &= text.ptr[i] >= '0' && text.ptr[i] <= '9';
	/* In text "1.2E3" and "12.0" may be something else. */
	if (plain || kind == CELL_NUMBER ||
	    decimal.count == CHECK_DIGIT_COUNT) {
		count = decimal.count;
		memcpy(digits, decimal.digits, count);
	}
	explicit_bzero(&decimal, sizeof(decimal));
	return count;
}
