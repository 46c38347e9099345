#include "scanners/detect/candidate.h"

#include <string.h>

#include "scanners/detect/isolation.h"
#include "scanners/text/utf8.h"

enum {
	CANDIDATE_MAX_MARKS = 3, /* characters between two groups */
	CANDIDATE_OTHER_DIGITS = 6,
	CANDIDATE_SAMPLE_BYTES = 12
};

/* First bytes of digits in UTF-8; those of kanji are too frequent. */
static const bool candidate_starts[256] = {
	['0'] = true,  ['1'] = true,  ['2'] = true,  ['3'] = true,
	['4'] = true,  ['5'] = true,  ['6'] = true,  ['7'] = true,
	['8'] = true,  ['9'] = true,  [0xC2] = true, [0xD9] = true,
	[0xDB] = true, [0xDF] = true, [0xE0] = true, [0xE1] = true,
	[0xE2] = true, [0xEA] = true, [0xEF] = true, [0xF0] = true,
};

static bool
candidate_is_kanji_at(struct span text, size_t at)
{
	uint8_t value = 0;

	/* In a run of such digits every start is within two bytes. */
	while (at > 0 && (text.ptr[at] & 0xC0) == 0x80)
		at--;
	return fold_digit(utf8_next(text, &at), &value) == FOLD_DIGIT_KANJI;
}

/*
 * Twelve kanji digits take 36 bytes, with marks between a few more: of three
 * samples in a row two hit them.
 */
static bool
candidate_has_kanji(struct span text)
{
	bool last = false;
	bool before_last = false;

	for (size_t at = 0; at < text.len_bytes; at += CANDIDATE_SAMPLE_BYTES) {
		const uint8_t c = text.ptr[at];
		const bool hit = c >= 0x80 && candidate_is_kanji_at(text, at);

		if (hit && (last || before_last))
			return true;
		before_last = last;
		last = hit;
	}
	return false;
}

void
candidate_walk_init(struct candidate_walk *walk, struct span text, size_t at)
{
	walk->text = text;
	walk->at = at;
	walk->kanji = candidate_has_kanji(text);
	walk->group_count = 0;
	walk->group_at = 0;
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

/* Digits from at on that go with first. False when there is none. */
static bool
candidate_read_group(struct span text, size_t at, enum fold_digit_kind first,
		     struct candidate_group *group)
{
	size_t next = at;
	uint8_t value = 0;

	group->start_at = at;
	group->count = 0;
	group->wide = true;
	group->plain = true;
	while (next < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &next);

		if (fold_is_invisible(cp))
			continue;
		const enum fold_digit_kind kind = fold_digit(cp, &value);

		if (!candidate_fits(kind, first))
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

/*
 * A line end inside a number, where a mailer broke it: *at moves past it, a
 * blank (format=flowed adds one) and the marks of a quoted mail.
 */
static bool
candidate_skip_line_end(struct span text, size_t *at)
{
	size_t next = *at;

	if (next < text.len_bytes && text.ptr[next] == '\r')
		next++;
	if (next >= text.len_bytes || text.ptr[next] != '\n')
		return false;
	do {
		next++;
		if (next < text.len_bytes && text.ptr[next] == ' ')
			next++;
	} while (next < text.len_bytes && text.ptr[next] == '>');
	*at = next;
	return true;
}

/* What one more mark makes of those before. */
static enum fold_mark
candidate_join_marks(enum fold_mark before, enum fold_mark next)
{
	if (before == FOLD_MARK_NONE || before == FOLD_MARK_SPACE)
		return next;
	return next == FOLD_MARK_SPACE ? before : FOLD_MARK_NONE;
}

/* Marks between two groups: *at moves behind them; what they are goes to
 * next_group. False when it is no such gap. */
static bool
candidate_read_marks(struct span text, size_t *at,
		     struct candidate_group *next_group)
{
	enum fold_mark mark = FOLD_MARK_NONE;
	size_t count = 0;
	size_t lines = 0;
	size_t next = *at;

	while (next < text.len_bytes) {
		size_t behind = next;
		const uint32_t cp = utf8_next(text, &behind);

		if (fold_is_invisible(cp)) {
			next = behind;
			continue;
		}
		enum fold_mark one = fold_mark(cp);

		if (one == FOLD_MARK_NONE && lines == 0 &&
		    candidate_skip_line_end(text, &next)) {
			behind = next;
			one = FOLD_MARK_SPACE;
			lines++;
		}
		if (one == FOLD_MARK_NONE)
			break;
		mark = candidate_join_marks(mark, one);
		if (mark == FOLD_MARK_NONE || ++count > CANDIDATE_MAX_MARKS)
			return false;
		next = behind;
	}
	*at = next;
	next_group->mark = mark;
	next_group->tight = count == 1;
	next_group->broken = lines > 0 && mark != FOLD_MARK_HYPHEN;
	return mark != FOLD_MARK_NONE;
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
	while (candidate_read_group(text, at, first, group)) {
		walk->at = group->end_at;
		at = group->end_at;
		if (++walk->group_count == CANDIDATE_MAX_GROUPS)
			break;
		group++;
		if (!candidate_read_marks(text, &at, group))
			break;
	}
}

/* Find the next sequence. False at the end of the text. */
static bool
candidate_find_sequence(struct candidate_walk *walk)
{
	const struct span text = walk->text;
	uint8_t value = 0;

	while (walk->at < text.len_bytes) {
		const uint8_t first = text.ptr[walk->at];

		if (!candidate_starts[first] &&
		    !(walk->kanji && first >= 0xE3)) {
			walk->at++;
			continue;
		}
		size_t next = walk->at;
		const enum fold_digit_kind kind =
			fold_digit(utf8_next(text, &next), &value);

		if (kind == FOLD_DIGIT_NONE ||
		    (kind == FOLD_DIGIT_KANJI && !walk->kanji)) {
			walk->at = next;
			continue;
		}
		candidate_read_sequence(walk, walk->at, kind);
		return true;
	}
	return false;
}

/* How many groups of four with one mark start at i. A number is broken once
 * at most, and no line end is between the numbers of a row. */
static size_t
candidate_fours(const struct candidate_walk *walk, size_t i)
{
	size_t n = 0;
	size_t of_number = 0; /* groups of the number that is counted */
	bool broken = false;

	while (i + n < walk->group_count && walk->groups[i + n].count == 4 &&
	       (n < 2 ||
		walk->groups[i + n].mark == walk->groups[i + 1].mark)) {
		if (n > 0 && walk->groups[i + n].broken) {
			if (of_number == 0 || broken)
				break;
			broken = true;
		}
		n++;
		if (++of_number == 3) {
			of_number = 0;
			broken = false;
		}
	}
	return n;
}

/* Copy the digits of count groups, which are twelve together. */
static void
candidate_collect(const struct candidate_walk *walk, size_t i, size_t count,
		  struct candidate *candidate)
{
	size_t used = 0;
	bool wide = true;
	bool plain = true;

	for (size_t k = i; k < i + count; k++) {
		const struct candidate_group *group = &walk->groups[k];

		memcpy(&candidate->digits[used], group->digits, group->count);
		used += group->count;
		wide &= group->wide;
		plain &= group->plain;
	}
	candidate->kind = CANDIDATE_TWELVE;
	candidate->start_at = walk->groups[i].start_at;
	candidate->end_at = walk->groups[i + count - 1].end_at;
	if (!plain)
		candidate->grouping = EVIDENCE_GROUPING_OTHER;
	else if (wide && candidate->grouping != EVIDENCE_GROUPING_UNUSUAL &&
		 candidate->grouping != EVIDENCE_GROUPING_SINGLE)
		candidate->grouping = EVIDENCE_GROUPING_WIDE;
}

static enum evidence
candidate_grouping_of(enum fold_mark mark)
{
	if (mark == FOLD_MARK_SPACE)
		return EVIDENCE_GROUPING_SPACES;
	return mark == FOLD_MARK_HYPHEN ? EVIDENCE_GROUPING_HYPHENS
					: EVIDENCE_GROUPING_OTHER;
}

/* A mark with no blank beside it joins the group to digits that are no number
 * of twelve: an id with a branch, a fraction. */
static bool
candidate_joins(const struct candidate_group *group,
		const struct candidate_group *other, enum fold_mark mark,
		bool tight)
{
	return tight && mark != FOLD_MARK_SPACE && mark != FOLD_MARK_BAR &&
	       other->count != group->count;
}

static bool
candidate_is_joined(const struct candidate_walk *walk, size_t i)
{
	const struct candidate_group *group = &walk->groups[i];

	if (i > 0 &&
	    candidate_joins(group, group - 1, group->mark, group->tight))
		return true;
	/* Behind, only a hyphen does: isolation judges the other marks. */
	return i + 1 < walk->group_count && group[1].mark == FOLD_MARK_HYPHEN &&
	       candidate_joins(group, group + 1, group[1].mark, group[1].tight);
}

/*
 * 4-4-4, but not three of a longer row. A row of six, nine … may be several
 * numbers side by side: only when all of them are valid, which chance makes
 * one in a hundred times.
 */
static size_t
candidate_judge_fours(struct candidate_walk *walk, size_t i,
		      struct candidate *candidate)
{
	const struct candidate_group *group = &walk->groups[i];
	const size_t row = candidate_fours(walk, i);

	if (row < 3 || row % 3 != 0)
		return 0;
	/* The middle of a row that was judged before. */
	if (i > 0 && group[-1].count == 4 && !group->broken &&
	    group->mark == group[1].mark)
		return 0;
	for (size_t k = i; row > 3 && k < i + row; k += 3) {
		candidate_collect(walk, k, 3, candidate);
		if (!check_digit_is_valid(candidate->digits))
			return 0;
	}
	candidate->grouping = candidate_grouping_of(walk->groups[i + 1].mark);
	candidate_collect(walk, i, 3, candidate);
	/* The rest of the row starts a row of its own. */
	if (row > 3)
		walk->groups[i + 3].mark = FOLD_MARK_NONE;
	return 3;
}

/* How many groups from i on are twelve digits with one mark, on one line or
 * one by one; 0 when they are not. */
static size_t
candidate_whole(const struct candidate_walk *walk, size_t i, bool *single_out)
{
	size_t total = 0;
	size_t n = 0;

	*single_out = true;
	for (; i + n < walk->group_count; n++) {
		const struct candidate_group *group = &walk->groups[i + n];

		*single_out &= group->count == 1 || total == CHECK_DIGIT_COUNT;
		if (n > 0 && group->broken &&
		    (total == CHECK_DIGIT_COUNT || !*single_out))
			break;
		total += group->count;
		if (total > CHECK_DIGIT_COUNT ||
		    (n > 1 && group->mark != walk->groups[i + 1].mark))
			return 0;
	}
	return total == CHECK_DIGIT_COUNT && n > 1 ? n : 0;
}

/* A line, or the rest of it, is twelve digits in another grouping. */
static size_t
candidate_judge_whole(struct candidate_walk *walk, size_t i,
		      struct candidate *candidate)
{
	bool single = false;
	const size_t count = candidate_whole(walk, i, &single);
	bool ones = false;

	if (count == 0)
		return 0;
	for (size_t k = i; k < i + count; k++)
		ones |= walk->groups[k].count == 1;
	const enum fold_mark mark = walk->groups[i + 1].mark;

	if (single)
		candidate->grouping = EVIDENCE_GROUPING_SINGLE;
	else if (!ones && (mark == FOLD_MARK_SPACE || mark == FOLD_MARK_HYPHEN))
		candidate->grouping = EVIDENCE_GROUPING_UNUSUAL;
	else
		return 0;
	candidate_collect(walk, i, count, candidate);
	return count;
}

/* Is it a number of its own? Says so in its grouping when barely. */
static bool
candidate_stands(const struct candidate_walk *walk, struct candidate *candidate)
{
	const enum isolation isolation = isolation_of(
		walk->text, candidate->start_at, candidate->end_at);

	if (isolation == ISOLATION_GLUED)
		candidate->grouping = EVIDENCE_GROUPING_GLUED;
	return isolation != ISOLATION_NONE &&
	       !isolation_is_repeated(candidate->digits);
}

/* Judge the group at walk->group_at; true when it yields something. */
static bool
candidate_judge(struct candidate_walk *walk, struct candidate *candidate)
{
	const size_t i = walk->group_at;
	const struct candidate_group *group = &walk->groups[i];
	size_t used = 0;

	*candidate = (struct candidate){ .grouping = EVIDENCE_GROUPING_BARE };
	if (group->count == CHECK_DIGIT_COUNT &&
	    !candidate_is_joined(walk, i)) {
		candidate_collect(walk, i, 1, candidate);
		used = 1;
	} else if (group->count == 4) {
		used = candidate_judge_fours(walk, i, candidate);
	}
	if (used == 0 && (i == 0 || group->broken))
		used = candidate_judge_whole(walk, i, candidate);
	walk->group_at += used > 0 ? used : 1;
	if (used > 0 && candidate_stands(walk, candidate))
		return true;
	if (used == 0 && group->count < CANDIDATE_OTHER_DIGITS)
		return false;
	*candidate = (struct candidate){
		.kind = CANDIDATE_OTHER,
		.start_at = group->start_at,
		.end_at = used > 0 ? candidate->end_at : group->end_at,
	};
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
