#include "scanners/detect/shape.h"

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum { SHAPE_MAX_GROUPS = CHECK_DIGIT_COUNT, SHAPE_FOURS = 3 };

/* A number and the sizes of the groups that it is written in. */
struct shape {
	const uint8_t *digits;
	size_t groups[SHAPE_MAX_GROUPS];
	size_t group_count;
};

static void
shape_read_groups(struct shape *shape, struct span written)
{
	size_t at = 0;
	bool inside = false;
	uint8_t value = 0;

	while (at < written.len_bytes) {
		const uint32_t cp = utf8_next(written, &at);

		if (fold_is_invisible(cp))
			continue;
		if (fold_digit(cp, &value) == FOLD_DIGIT_NONE) {
			inside = false;
			continue;
		}
		if (!inside && shape->group_count == SHAPE_MAX_GROUPS)
			return;
		shape->group_count += inside ? 0 : 1;
		shape->groups[shape->group_count - 1]++;
		inside = true;
	}
}

static bool
shape_is_fours(const struct shape *shape)
{
	return shape->group_count == SHAPE_FOURS && shape->groups[0] == 4 &&
	       shape->groups[1] == 4 && shape->groups[2] == 4;
}

/* count digits from at on as a number. */
static unsigned
shape_value(const struct shape *shape, size_t at, size_t count)
{
	unsigned value = 0;

	for (size_t i = at; i < at + count; i++)
		value = value * 10 + shape->digits[i];
	return value;
}

static bool
shape_is_day(unsigned year, unsigned month, unsigned day)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30,
					   31, 31, 30, 31, 30, 31 };
	const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month < 1 || month > ARRAY_LEN(lengths))
		return false;
	return day >= 1 &&
	       day <= lengths[month - 1] + (month == 2 && leap ? 1U : 0U);
}

/* YYYYMMDD of 1990 to 2039. */
static bool
shape_has_date(const struct shape *shape)
{
	const unsigned year = shape_value(shape, 0, 4);

	return year >= 1990 && year <= 2039 &&
	       shape_is_day(year, shape_value(shape, 4, 2),
			    shape_value(shape, 6, 2));
}

static bool
shape_is_date_time(const struct shape *shape)
{
	return shape_has_date(shape) && shape_value(shape, 8, 2) < 24 &&
	       shape_value(shape, 10, 2) < 60;
}

/* YYMMDDhhmmss of 2000 to 2039. */
static bool
shape_is_short_date_time(const struct shape *shape)
{
	const unsigned year = shape_value(shape, 0, 2);

	return year <= 39 &&
	       shape_is_day(2000 + year, shape_value(shape, 2, 2),
			    shape_value(shape, 4, 2)) &&
	       shape_value(shape, 6, 2) < 24 && shape_value(shape, 8, 2) < 60 &&
	       shape_value(shape, 10, 2) < 60;
}

static bool
shape_is_years(const struct shape *shape)
{
	for (size_t at = 0; at < CHECK_DIGIT_COUNT; at += 4) {
		const unsigned year = shape_value(shape, at, 4);

		if (year < 1900 || year > 2100)
			return false;
	}
	return true;
}

static bool
shape_is_few_digits(const struct shape *shape)
{
	unsigned seen = 0;
	unsigned count = 0;

	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		seen |= 1U << shape->digits[i];
	for (; seen != 0; seen &= seen - 1)
		count++;
	return count <= 3;
}

/* Three prices or counts side by side: in equal steps, or whole hundreds. */
static bool
shape_is_row(const struct shape *shape)
{
	const unsigned first = shape_value(shape, 0, 4);
	const unsigned middle = shape_value(shape, 4, 4);
	const unsigned last = shape_value(shape, 8, 4);

	return shape_is_fours(shape) &&
	       (first + last == 2 * middle ||
		(first % 100 == 0 && middle % 100 == 0 && last % 100 == 0));
}

/* Whole tens side by side, or an amount in whole ten thousands. */
static bool
shape_is_round(const struct shape *shape)
{
	if (!shape_is_fours(shape))
		return shape_value(shape, 8, 4) == 0;
	return shape->digits[3] == 0 && shape->digits[7] == 0 &&
	       shape->digits[11] == 0;
}

/* +81 and a mobile number without its zero. */
static bool
shape_is_phone(const struct shape *shape)
{
	const unsigned prefix = shape_value(shape, 2, 2);

	return shape_value(shape, 0, 2) == 81 &&
	       (prefix == 70 || prefix == 80 || prefix == 90);
}

/*
 * Registration number of a company: office 4, class 2 (01 to 05), serial 6.
 * The offices with companies are mostly the main ones of the 50 districts
 * (0100 to 5000); written 4-2-6 any will do.
 */
static bool
shape_is_registry(const struct shape *shape)
{
	const unsigned office = shape_value(shape, 0, 4);
	const unsigned class = shape_value(shape, 4, 2);
	const bool grouped = shape->group_count == 3 && shape->groups[0] == 4 &&
			     shape->groups[1] == 2;

	return class >= 1 && class <= 5 && office >= 100 && office < 5100 &&
	       (grouped || office % 100 == 0);
}

/*
 * Driving licence: area 2, year 2, serial 6, check digit, times it was issued
 * again, which is 0 for most.
 */
static bool
shape_is_licence(const struct shape *shape)
{
	static const uint8_t weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	/* For each tens digit of the area, its highest unit, plus one. */
	static const uint8_t areas[10] = { 0, 5, 6, 1, 10, 6, 6, 5, 4, 8 };
	unsigned sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		sum += (unsigned)shape->digits[i] * weights[i];
	return shape->digits[1] < areas[shape->digits[0]] &&
	       shape->digits[10] == (11 - sum % 11) % 10 &&
	       shape->digits[11] == 0;
}

/* Yamato, Sagawa, Japan Post: eleven digits and their rest by seven. */
static bool
shape_is_parcel(const struct shape *shape)
{
	unsigned rest = 0;

	for (size_t i = 0; i < CHECK_DIGIT_COUNT - 1; i++)
		rest = (rest * 10 + shape->digits[i]) % 7;
	return shape->digits[CHECK_DIGIT_COUNT - 1] == rest;
}

enum evidence
shape_of(const uint8_t digits[CHECK_DIGIT_COUNT], struct span written)
{
	/* The rarest first. */
	static const struct {
		bool (*is)(const struct shape *shape);
		enum evidence row;
	} kinds[] = {
		{ shape_is_years, EVIDENCE_SHAPE_YEARS },
		{ shape_is_date_time, EVIDENCE_SHAPE_DATE_TIME },
		{ shape_is_row, EVIDENCE_SHAPE_ROW },
		{ shape_is_few_digits, EVIDENCE_SHAPE_FEW_DIGITS },
		{ shape_has_date, EVIDENCE_SHAPE_DATE_SERIAL },
		{ shape_is_phone, EVIDENCE_SHAPE_PHONE },
		{ shape_is_registry, EVIDENCE_SHAPE_REGISTRY },
		{ shape_is_round, EVIDENCE_SHAPE_ROUND },
		{ shape_is_short_date_time, EVIDENCE_SHAPE_SHORT_DATE_TIME },
		{ shape_is_licence, EVIDENCE_SHAPE_LICENCE },
		{ shape_is_parcel, EVIDENCE_SHAPE_PARCEL },
	};
	struct shape shape = { .digits = digits };

	shape_read_groups(&shape, written);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].is(&shape))
			return kinds[i].row;
	return EVIDENCE_SHAPE_NONE;
}
