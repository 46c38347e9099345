#include "scanners/detect/split_number.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/isolation.h"
#include "scanners/text/utf8.h"

enum {
	SPLIT_LEAD = 12, /* characters between label and number */
	SPLIT_MARKS = 4, /* that part two groups, blanks left out */
	SPLIT_GAP = 40,  /* the same with blanks */
	SPLIT_WIDE = 3,  /* more blanks than candidate.h reads */
	SPLIT_GROUP = 4,
	SPLIT_NAME_BYTES = 32,  /* of a name before quoted lines, with ">" */
	SPLIT_LINE_BYTES = 1024 /* looked back at for the start of a line */
};

/* What stands between two groups. */
struct split_gap {
	uint32_t marks[SPLIT_MARKS];
	size_t count;
	size_t lines;
	size_t blanks;
	bool usual; /* all are marks that candidate.h reads */
};

/* Marks, and kana as in "1234の5678": no letters, no kanji, no digits. */
static bool
split_is_mark(uint32_t cp)
{
	if (cp < 0x80)
		return cp > ' ' && !(cp >= '0' && cp <= '9') &&
		       !((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
	return (cp >= 0xA1 && cp <= 0xBF) || (cp >= 0x2010 && cp <= 0x27BF) ||
	       (cp >= 0x3001 && cp <= 0x303F && cp != 0x3007) ||
	       (cp >= 0x3041 && cp <= 0x30FE) || (cp >= 0xFE30 && cp <= 0xFE6B);
}

/* Between the label and the number: as above, but of kana only what says that
 * the number follows. */
static bool
split_is_lead(uint32_t cp)
{
	if (cp >= 0x3041 && cp <= 0x30FA)
		return cp == 0x306F || cp == 0x304C;
	return split_is_mark(cp);
}

/* The digits at *at, which moves behind them; more than a group count as one
 * more. */
static size_t
split_read_digits(struct span text, size_t *at, uint8_t digits[SPLIT_GROUP])
{
	size_t count = 0;
	uint8_t value = 0;

	while (*at < text.len_bytes && count <= SPLIT_GROUP) {
		size_t next = *at;
		const uint32_t cp = utf8_next(text, &next);
		const enum fold_digit_kind kind = fold_digit(cp, &value);

		if (fold_is_invisible(cp)) {
			*at = next;
			continue;
		}
		if (kind != FOLD_DIGIT_ASCII && kind != FOLD_DIGIT_WIDE)
			break;
		if (count < SPLIT_GROUP)
			digits[count] = value;
		count++;
		*at = next;
	}
	return count;
}

static bool
split_is_digit(struct span text, size_t at)
{
	uint8_t digits[SPLIT_GROUP];

	return split_read_digits(text, &at, digits) > 0;
}

/* Of any system, and what ends pages. */
static bool
split_is_line_end(uint32_t cp)
{
	return (cp >= '\n' && cp <= '\r') || cp == 0x85;
}

/* The marks at *at, which moves to the digit behind them. */
static bool
split_read_gap(struct span text, size_t *at, struct split_gap *gap)
{
	*gap = (struct split_gap){ .usual = true };
	for (size_t i = 0; i < SPLIT_GAP && *at < text.len_bytes; i++) {
		size_t next = *at;
		const uint32_t cp = fold_width(utf8_next(text, &next));

		if (split_is_digit(text, *at))
			return true;
		*at = next;
		if (cp <= ' ' || cp == 0x85 ||
		    fold_mark(cp) == FOLD_MARK_SPACE) {
			gap->lines += split_is_line_end(cp);
			gap->blanks++;
			continue;
		}
		if (!split_is_mark(cp) || gap->count == SPLIT_MARKS)
			return false;
		gap->usual &= fold_mark(cp) != FOLD_MARK_NONE;
		gap->marks[gap->count++] = cp;
	}
	return false;
}

static bool
split_is_same(const struct split_gap *a, const struct split_gap *b)
{
	return a->count == b->count && (a->lines > 0) == (b->lines > 0) &&
	       memcmp(a->marks, b->marks, sizeof(a->marks)) == 0;
}

/* Does the first gap part groups as nothing else does? */
static bool
split_is_unusual(const struct split_gap *gap)
{
	return gap->count == 0 ? gap->lines > 0 || gap->blanks > SPLIT_WIDE
			       : !gap->usual;
}

/* The first digit behind the label; SIZE_MAX when there is none. */
static size_t
split_start(struct span text, size_t at)
{
	for (size_t count = 0; count <= SPLIT_LEAD && at < text.len_bytes;) {
		size_t next = at;
		const uint32_t cp = fold_width(utf8_next(text, &next));

		if (split_is_digit(text, at))
			return at;
		if (cp > ' ' && fold_mark(cp) != FOLD_MARK_SPACE) {
			if (!split_is_lead(cp))
				return SIZE_MAX;
			count++;
		}
		at = next;
	}
	return SIZE_MAX;
}

/* The groups from at on, of one size and with one kind of gap; the end of the
 * last one, or SIZE_MAX. */
static size_t
split_read_groups(struct span text, size_t at,
		  uint8_t digits[CHECK_DIGIT_COUNT], size_t *size_out)
{
	struct split_gap first = { .count = 0 };
	uint8_t group[SPLIT_GROUP] = { 0 };
	const size_t size = split_read_digits(text, &at, group);
	size_t count = size;

	if (size != 1 && size != SPLIT_GROUP)
		return SIZE_MAX;
	memcpy(digits, group, size);
	while (count < CHECK_DIGIT_COUNT) {
		struct split_gap gap;

		if (!split_read_gap(text, &at, &gap) ||
		    split_read_digits(text, &at, group) != size)
			return SIZE_MAX;
		if (count == size)
			first = gap;
		if (!split_is_unusual(&first) || !split_is_same(&gap, &first))
			return SIZE_MAX;
		memcpy(digits + count, group, size);
		count += size;
	}
	*size_out = size;
	/* A longer row of the same kind is none. */
	struct split_gap behind;
	size_t next = at;

	return split_read_gap(text, &next, &behind) &&
			       split_is_same(&behind, &first)
		       ? SIZE_MAX
		       : at;
}

/* The name with ">" before the line of at, as in "Taro> text"; empty when there
 * is none. */
static struct span
split_quoter(struct span text, size_t at)
{
	const size_t limit = at > SPLIT_LINE_BYTES ? at - SPLIT_LINE_BYTES : 0;
	struct span name = { 0 };
	size_t end = 0;

	while (at > limit && text.ptr[at - 1] != '\n')
		at--;
	if (at == limit && limit > 0)
		return name;
	for (end = at; end < text.len_bytes && end - at < SPLIT_NAME_BYTES;
	     end++) {
		const uint8_t c = text.ptr[end];

		if (c == '>' && end > at) {
			(void)span_cut(text, at, end + 1 - at, &name);
			break;
		}
		if (c < 0x80 && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			break;
	}
	return name;
}

/* A line end at *at, behind blanks or a hyphen, and the name behind it: *at
 * moves behind both. */
static bool
split_skip_quoter(struct span text, size_t *at, struct span name)
{
	struct span behind = { 0 };
	size_t next = *at;

	while (next < text.len_bytes && next - *at < SPLIT_WIDE &&
	       (text.ptr[next] == ' ' || text.ptr[next] == '-'))
		next++;
	if (next < text.len_bytes && text.ptr[next] == '\r')
		next++;
	if (next >= text.len_bytes || text.ptr[next] != '\n' ||
	    !span_cut(text, next + 1, name.len_bytes, &behind) ||
	    !span_equal(behind, name))
		return false;
	*at = next + 1 + name.len_bytes;
	return true;
}

/* The digit at *at, or behind blanks or a hyphen: *at moves behind it. */
static bool
split_next_digit(struct span text, size_t *at, uint8_t *digit_out)
{
	size_t next = *at;

	for (size_t i = 0; i < SPLIT_WIDE && next < text.len_bytes; i++) {
		const uint32_t cp = utf8_next(text, &next);
		const enum fold_digit_kind kind = fold_digit(cp, digit_out);
		const enum fold_mark mark = fold_mark(cp);

		if (kind == FOLD_DIGIT_ASCII || kind == FOLD_DIGIT_WIDE) {
			*at = next;
			return true;
		}
		if (mark != FOLD_MARK_SPACE && mark != FOLD_MARK_HYPHEN &&
		    !fold_is_invisible(cp))
			return false;
	}
	return false;
}

/* Twelve digits from at on, on two lines of a mail that is quoted with the
 * name of its writer; their end, or SIZE_MAX. */
static size_t
split_read_quoted(struct span text, size_t at,
		  uint8_t digits[CHECK_DIGIT_COUNT])
{
	const struct span name = split_quoter(text, at);
	size_t count = 0;
	size_t lines = 0;
	uint8_t more = 0;

	if (name.len_bytes == 0)
		return SIZE_MAX;
	while (count < CHECK_DIGIT_COUNT) {
		if (split_next_digit(text, &at, &digits[count]))
			count++;
		else if (lines++ > 0 || !split_skip_quoter(text, &at, name))
			return SIZE_MAX;
	}
	return lines == 1 && !split_next_digit(text, &at, &more) ? at
								 : SIZE_MAX;
}

bool
split_number_behind(struct span text, size_t at,
		    struct candidate *candidate_out)
{
	const size_t start = split_start(text, at);
	size_t size = 0;

	*candidate_out = (struct candidate){ .kind = CANDIDATE_NONE };
	if (start == SIZE_MAX)
		return false;
	candidate_out->end_at =
		split_read_groups(text, start, candidate_out->digits, &size);
	if (candidate_out->end_at == SIZE_MAX)
		candidate_out->end_at =
			split_read_quoted(text, start, candidate_out->digits);
	if (candidate_out->end_at == SIZE_MAX ||
	    !check_digit_is_valid(candidate_out->digits) ||
	    isolation_is_repeated(candidate_out->digits)) {
		explicit_bzero(candidate_out, sizeof(*candidate_out));
		return false;
	}
	candidate_out->kind = CANDIDATE_TWELVE;
	candidate_out->start_at = start;
	candidate_out->grouping =
		size == 1 ? EVIDENCE_GROUPING_SINGLE : EVIDENCE_GROUPING_OTHER;
	return true;
}
