#include "scanners/detect/candidate.h"

#include <string.h>

#include "scanners/detect/candidate_judge.h"
#include "scanners/text/utf8.h"

enum {
	CANDIDATE_MAX_MARKS = 3,     /* characters between two groups */
	CANDIDATE_MAX_BRACKETS = 2,  /* besides these */
	CANDIDATE_WRAP_COLUMNS = 60, /* of a line that may be full */
	CANDIDATE_WRAP_LEAST_COLUMNS = 30,
	CANDIDATE_WRAP_BYTES = 4096, /* looked back at */
	CANDIDATE_SAMPLE_BYTES = 12
};

void
candidate_walk_init(struct candidate_walk *walk, struct span text, size_t at)
{
	walk->text = text;
	walk->at = at;
	walk->look = digit_filter_get();
	walk->look_at = text.len_bytes + 1; /* nowhere yet */
	walk->filter = NULL;
	walk->range_count = 0;
	walk->range_next = 0;
	walk->range_end_at = text.len_bytes;
	walk->group_count = 0;
	walk->group_at = 0;
}

void
candidate_walk_init_filtered(struct candidate_walk *walk, struct span text,
			     const struct digit_filter *filter)
{
	candidate_walk_init(walk, text, 0);
	walk->filter = filter;
	walk->range_end_at = 0;
}

void
candidate_walk_done(struct candidate_walk *walk)
{
	explicit_bzero(walk->groups, sizeof(walk->groups));
}

/*
 * Kinds of digits that make one number. A circled or raised digit beside
 * others counts a point or marks a note.
 */
static bool
candidate_fits(enum fold_digit_kind kind, enum fold_digit_kind first)
{
	if (first <= FOLD_DIGIT_OTHER)
		return kind != FOLD_DIGIT_NONE && kind <= FOLD_DIGIT_OTHER;
	return kind == first;
}

/* A usual zero among digits in parentheses, which have none of their own; no
 * start of a number behind a point that they count. */
static bool
candidate_is_bare_zero(struct span text, size_t next, enum fold_digit_kind kind,
		       enum fold_digit_kind first)
{
	uint8_t behind = 0;

	if (first != FOLD_DIGIT_ENCLOSED ||
	    (kind != FOLD_DIGIT_ASCII && kind != FOLD_DIGIT_WIDE))
		return false;
	return next >= text.len_bytes ||
	       !candidate_fits(fold_digit(utf8_next(text, &next), &behind),
			       FOLD_DIGIT_ASCII);
}

/* ASCII digits from at on, which is most of what there is. Moves at behind
 * them. */
static size_t
candidate_read_ascii(struct span text, size_t at, struct candidate_group *group)
{
	size_t count = group->count;

	for (; at < text.len_bytes; at++) {
		const uint8_t value = (uint8_t)(text.ptr[at] - '0');

		if (value > 9)
			break;
		if (count < CHECK_DIGIT_COUNT)
			group->digits[count] = value;
		count++;
	}
	group->count = count;
	return at;
}

/* Digits from at on that go with first. False when there is none. */
static bool
candidate_read_group(struct span text, size_t at, enum fold_digit_kind first,
		     struct candidate_group *group)
{
	size_t next = at;
	uint8_t value = 0;

	group->start_at = at;
	group->count = 0;
	group->joined = false;
	group->plain = true;
	if (first <= FOLD_DIGIT_OTHER)
		next = candidate_read_ascii(text, at, group);
	group->end_at = next;
	group->wide = next == at;
	while (next < text.len_bytes) {
		/* No other ASCII character goes on with a group. */
		if (text.ptr[next] > 0 && text.ptr[next] < '0')
			break;
		const uint32_t cp = utf8_next(text, &next);

		if (fold_is_invisible(cp))
			continue;
		const enum fold_digit_kind kind = fold_digit(cp, &value);

		if (!candidate_fits(kind, first) &&
		    (value != 0 || group->count == 0 ||
		     !candidate_is_bare_zero(text, next, kind, first)))
			break;
		if (group->count < CHECK_DIGIT_COUNT)
			group->digits[group->count] = value;
		group->count++;
		group->wide &= kind == FOLD_DIGIT_WIDE;
		group->plain &= kind <= FOLD_DIGIT_WIDE;
		group->end_at = next;
	}
	return group->count > 0;
}

/* Does the line that ends at end start with mark? */
static bool
candidate_line_starts(struct span text, size_t end, uint8_t mark)
{
	const size_t limit =
		end > CANDIDATE_WRAP_BYTES ? end - CANDIDATE_WRAP_BYTES : 0;

	while (end > limit && text.ptr[end - 1] != '\n')
		end--;
	return (end == 0 || text.ptr[end - 1] == '\n') && text.ptr[end] == mark;
}

/* Where the line starts that ends at end; not farther back than is looked. */
static size_t
candidate_line_start(struct span text, size_t end)
{
	const size_t limit =
		end > CANDIDATE_WRAP_BYTES ? end - CANDIDATE_WRAP_BYTES : 0;
	const uint8_t *before =
		end > limit ? memrchr(text.ptr + limit, '\n', end - limit)
			    : NULL;

	return before != NULL ? (size_t)(before - text.ptr) + 1 : limit;
}

/* The blanks at at, behind the one blank that a mailer adds, when the line that
 * ends at end starts with as many in all. */
static size_t
candidate_indent(struct span text, size_t end, size_t at)
{
	const size_t start = candidate_line_start(text, end);
	size_t count = 0;

	while (at + count < text.len_bytes && text.ptr[at + count] == ' ' &&
	       start + count < end && text.ptr[start + count] == ' ')
		count++;
	const bool same = start + count < end && text.ptr[start + count] == ' ';

	return same && text.ptr[at + count] != ' ' ? count : 0;
}

/*
 * A line end inside a number, where a mailer broke it: *at moves past it, a
 * blank (format=flowed adds one) and the marks of a quoted mail.
 */
static bool
candidate_skip_line_end(struct span text, size_t *at)
{
	const size_t end = *at;
	size_t next = end;

	if (next < text.len_bytes && text.ptr[next] == '\r')
		next++;
	if (next >= text.len_bytes || text.ptr[next] != '\n')
		return false;
	do {
		next++;
		if (next < text.len_bytes && text.ptr[next] == ' ')
			next++;
	} while (next < text.len_bytes && text.ptr[next] == '>');
	/* Some quote with bars. */
	if (next + 1 < text.len_bytes && text.ptr[next] == '|' &&
	    text.ptr[next + 1] == ' ' && candidate_line_starts(text, end, '|'))
		next += 2;
	if (next < text.len_bytes && text.ptr[next] == ' ')
		next += candidate_indent(text, end, next);
	*at = next;
	return true;
}

/* How wide a line is, as a terminal shows it, roughly. */
static size_t
candidate_columns(struct span text, size_t start, size_t end)
{
	size_t columns = 0;

	for (size_t i = start; i < end; i++) {
		const uint8_t c = text.ptr[i];

		columns += c != '\r' && (c < 0x80 || c >= 0xC0);
		columns += c >= 0xE3;
	}
	return columns;
}

/* Does the line at at start with a number that is a word of its own, behind
 * quote marks? "7月" is none. */
static bool
candidate_starts_row(struct span text, size_t at)
{
	uint8_t value = 0;
	size_t digits = 0;

	while (at < text.len_bytes &&
	       (text.ptr[at] == '>' || text.ptr[at] == ' '))
		at++;
	for (;
	     at < text.len_bytes && text.ptr[at] >= '0' && text.ptr[at] <= '9';
	     at++)
		digits++;
	while (at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &at);

		if (fold_digit(cp, &value) == FOLD_DIGIT_NONE)
			return digits > 0 && (fold_mark(cp) != FOLD_MARK_NONE ||
					      cp == ',' || cp == ';');
		digits++;
	}
	return false;
}

/*
 * May a mailer have broken the line that ends at end there? When it is long,
 * or as long as the one before it; and no row of a table of numbers.
 */
static bool
candidate_is_wrap(struct span text, size_t end)
{
	const size_t start = candidate_line_start(text, end);

	if (candidate_starts_row(text, start))
		return false;
	const size_t columns = candidate_columns(text, start, end);

	if (columns < CANDIDATE_WRAP_LEAST_COLUMNS)
		return false;
	if (columns >= CANDIDATE_WRAP_COLUMNS)
		return true;
	if (start == 0)
		return false;
	const size_t before = candidate_columns(
		text, candidate_line_start(text, start - 1), start - 1);

	return before + 2 >= columns && before <= columns + 2;
}

/* What one more mark makes of those before; blanks and brackets give way. */
static enum fold_mark
candidate_join_marks(enum fold_mark before, enum fold_mark next)
{
	if (before == FOLD_MARK_NONE || before == FOLD_MARK_SPACE)
		return next;
	if (next == FOLD_MARK_SPACE || next == FOLD_MARK_BRACKET)
		return before;
	if (before == FOLD_MARK_BRACKET)
		return next;
	/* Two long hyphens make a dash, two bars an empty box. */
	return before == next && (next == FOLD_MARK_HYPHEN ||
				  next == FOLD_MARK_BAR)
		       ? next
		       : FOLD_MARK_NONE;
}

/* The marks between two groups, as far as they are read. */
struct candidate_gap {
	enum fold_mark mark;
	size_t count; /* without brackets */
	size_t brackets;
	size_t lines;
	size_t line_end_at;
};

/* One more of them. False when it is no such gap. */
static bool
candidate_add_mark(struct candidate_gap *gap, enum fold_mark mark)
{
	gap->mark = candidate_join_marks(gap->mark, mark);
	if (mark == FOLD_MARK_BRACKET)
		gap->brackets++;
	else
		gap->count++;
	return gap->mark != FOLD_MARK_NONE &&
	       gap->count <= CANDIDATE_MAX_MARKS &&
	       gap->brackets <= CANDIDATE_MAX_BRACKETS;
}

/* Marks between two groups: *at moves behind them; what they are goes to
 * next_group. False when it is no such gap. */
static bool
candidate_read_marks(struct span text, size_t *at,
		     struct candidate_group *next_group)
{
	struct candidate_gap gap = { .count = 0 };
	size_t next = *at;

	while (next < text.len_bytes) {
		size_t behind = next;
		const uint32_t cp = utf8_next(text, &behind);

		if (fold_is_invisible(cp)) {
			next = behind;
			continue;
		}
		enum fold_mark one = fold_mark(cp);

		if (one == FOLD_MARK_NONE && gap.lines == 0 &&
		    candidate_skip_line_end(text, &next)) {
			gap.line_end_at = behind - 1;
			behind = next;
			one = FOLD_MARK_SPACE;
			gap.lines++;
		}
		if (one == FOLD_MARK_NONE)
			break;
		if (!candidate_add_mark(&gap, one))
			return false;
		next = behind;
	}
	*at = next;
	next_group->mark = gap.mark;
	next_group->tight = gap.count == 1 && gap.brackets == 0;
	next_group->broken = gap.lines > 0 && gap.mark != FOLD_MARK_HYPHEN;
	next_group->wrapped = gap.lines > 0 && next_group->tight &&
			      candidate_is_wrap(text, gap.line_end_at);
	return gap.mark != FOLD_MARK_NONE;
}

/* All places are taken: what follows the last line end is read again, so that
 * no number is cut in two. */
static void
candidate_cut_sequence(struct candidate_walk *walk)
{
	for (size_t i = walk->group_count; i > 1; i--) {
		if (!walk->groups[i - 1].broken)
			continue;
		walk->group_count = i - 1;
		walk->at = walk->groups[i - 1].start_at;
		return;
	}
}

/* All groups of the sequence that starts at at. */
static void
candidate_read_sequence(struct candidate_walk *walk, size_t at,
			enum fold_digit_kind first)
{
	const struct span text = walk->text;
	struct candidate_group *group = &walk->groups[0];

	walk->group_count = 0;
	walk->group_at = 0;
	group->mark = FOLD_MARK_NONE;
	group->tight = false;
	group->broken = false;
	group->wrapped = false;
	while (candidate_read_group(text, at, first, group)) {
		walk->at = group->end_at;
		at = group->end_at;
		if (++walk->group_count == CANDIDATE_MAX_GROUPS) {
			candidate_cut_sequence(walk);
			break;
		}
		group++;
		if (!candidate_read_marks(text, &at, group))
			break;
	}
}

/* Where digits may start behind the walk's place, which is bit 0; as far as it
 * was looked. */
static uint64_t
candidate_look(struct candidate_walk *walk)
{
	if (walk->at - walk->look_at >= DIGIT_FILTER_LOOK_BYTES) {
		walk->look_at = walk->at;
		walk->look_digits =
			digit_filter_look(walk->look, walk->text, walk->at);
	}
	return walk->look_digits >> (walk->at - walk->look_at);
}

/* To the next character that may be a digit. False at the end of the text, or
 * of the range when there are ranges. */
static bool
candidate_find_digit(struct candidate_walk *walk)
{
	const struct span text = walk->text;

	while (walk->at < walk->range_end_at) {
		const uint64_t digits = candidate_look(walk);

		if (digits == 0) {
			walk->at = walk->look_at + DIGIT_FILTER_LOOK_BYTES;
			continue;
		}
		walk->at += (size_t)__builtin_ctzll(digits);
		if (walk->at >= walk->range_end_at)
			break;
		if (text.ptr[walk->at] < 0x80 ||
		    digit_filter_is_digit(text, walk->at))
			return true;
		walk->at++;
	}
	walk->at = walk->range_end_at;
	return false;
}

/* The next range to *range_out. False when there is none. */
static bool
candidate_next_range(struct candidate_walk *walk, struct digit_range *range_out)
{
	if (walk->range_next == walk->range_count) {
		walk->range_next = 0;
		walk->range_count = digit_filter_fill(
			walk->filter, walk->text, walk->range_end_at,
			walk->ranges, CANDIDATE_MAX_RANGES);
		if (walk->range_count == 0)
			return false;
	}
	*range_out = walk->ranges[walk->range_next++];
	walk->range_end_at = range_out->end_at;
	return true;
}

/* Are the digits of the range ASCII, and one group? */
static bool
candidate_is_plain(struct span text, const struct digit_range *range)
{
	const uint64_t high = 0x8080808080808080;
	const size_t end = range->digits_at + range->digit_count;
	size_t at = range->digits_at;
	uint8_t all = 0;

	for (; end - at >= sizeof(high); at += sizeof(high)) {
		uint64_t bytes = 0;

		memcpy(&bytes, text.ptr + at, sizeof(bytes));
		if ((bytes & high) != 0)
			return false;
	}
	for (; at < end; at++)
		all |= text.ptr[at];
	return range->digit_count > 0 && all < 0x80;
}

/* Twelve ASCII digits and no other: what reading them would give. */
static void
candidate_set_plain(struct candidate_walk *walk, size_t at)
{
	struct candidate_group *group = &walk->groups[0];

	*group = (struct candidate_group){
		.start_at = at,
		.end_at = at + CHECK_DIGIT_COUNT,
		.count = CHECK_DIGIT_COUNT,
		.plain = true,
	};
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		group->digits[i] = (uint8_t)(walk->text.ptr[at + i] - '0');
	walk->group_count = 1;
	walk->group_at = 0;
}

/* To the next range. What is read without looking for sequences in it is in
 * the groups then. False when there is none. */
static bool
candidate_find_range(struct candidate_walk *walk)
{
	struct digit_range range = { 0, 0, 0, 0 };

	while (walk->filter != NULL && candidate_next_range(walk, &range)) {
		walk->at = range.start_at;
		if (!candidate_is_plain(walk->text, &range))
			return true;
		/* One group of ASCII digits: others are another number. */
		walk->at = range.end_at;
		if (range.digit_count != CHECK_DIGIT_COUNT)
			continue;
		candidate_set_plain(walk, range.digits_at);
		return true;
	}
	return false;
}

/* The next sequence before the end of the range. False when there is none. */
static bool
candidate_find_in_range(struct candidate_walk *walk)
{
	uint8_t value = 0;

	while (candidate_find_digit(walk)) {
		size_t next = walk->at;
		const enum fold_digit_kind kind =
			fold_digit(utf8_next(walk->text, &next), &value);

		if (kind != FOLD_DIGIT_NONE) {
			candidate_read_sequence(walk, walk->at, kind);
			candidate_join_wraps(walk);
			return true;
		}
		walk->at = next;
	}
	walk->group_count = 0;
	return false;
}

/* Find the next sequence. False at the end of the text. */
static bool
candidate_find_sequence(struct candidate_walk *walk)
{
	while (!candidate_find_in_range(walk)) {
		if (!candidate_find_range(walk))
			return false;
		if (walk->group_count > 0)
			break;
	}
	return true;
}

bool
candidate_next(struct candidate_walk *walk, struct candidate *candidate_out)
{
	do {
		while (walk->group_at < walk->group_count)
			if (candidate_judge(walk, candidate_out))
				return true;
	} while (candidate_find_sequence(walk));
	return false;
}
