/* Which groups of digits are a number of twelve. */
#include "scanners/detect/candidate_judge.h"

#include <string.h>

#include "scanners/detect/isolation.h"

enum {
	CANDIDATE_OTHER_DIGITS = 6,
	CANDIDATE_GROUP_DIGITS = 4,
	CANDIDATE_PHONE_DIGITS = 11
};

/* Do the two halves at i - 1 and i, parted by the end of a full line, make
 * the whole number, or a group of 4-4-4? */
static bool
candidate_is_halved(const struct candidate_walk *walk, size_t i)
{
	const struct candidate_group *group = &walk->groups[i];
	const size_t total = group->count + group[-1].count;
	const bool before = i > 1 && group[-2].count == CANDIDATE_GROUP_DIGITS;
	const bool behind = i + 1 < walk->group_count &&
			    group[1].count == CANDIDATE_GROUP_DIGITS;

	return group->wrapped &&
	       (total == CHECK_DIGIT_COUNT ||
		(total == CANDIDATE_GROUP_DIGITS && (before || behind)));
}

void
candidate_join_wraps(struct candidate_walk *walk)
{
	for (size_t i = 1; i < walk->group_count; i++) {
		struct candidate_group *group = &walk->groups[i];
		struct candidate_group *first = group - 1;

		if (!candidate_is_halved(walk, i))
			continue;
		memcpy(&first->digits[first->count], group->digits,
		       group->count);
		first->count += group->count;
		first->end_at = group->end_at;
		first->wide &= group->wide;
		first->plain &= group->plain;
		first->joined = true;
		walk->group_count--;
		memmove(group, group + 1,
			(walk->group_count - i) * sizeof(*group));
	}
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
	bool plain = true; /* and written whole */

	for (size_t k = i; k < i + count; k++) {
		const struct candidate_group *group = &walk->groups[k];

		memcpy(&candidate->digits[used], group->digits, group->count);
		used += group->count;
		wide &= group->wide;
		plain &= group->plain && !group->joined;
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
	       mark != FOLD_MARK_BRACKET && other->count != group->count;
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

/*
 * 4-4-4 with two different marks, "1234-5678 9018": only on one line, and
 * where no other group of four is near, which may belong to it.
 */
static size_t
candidate_judge_mixed(struct candidate_walk *walk, size_t i,
		      struct candidate *candidate)
{
	const struct candidate_group *group = &walk->groups[i];

	if (i + 3 > walk->group_count || group[1].count != group->count ||
	    group[2].count != group->count || group[1].mark == group[2].mark ||
	    group[1].broken || group[2].broken)
		return 0;
	if (i > 0 && group[-1].count == group->count && !group->broken)
		return 0;
	if (i + 3 < walk->group_count && group[3].count == group->count &&
	    !group[3].broken)
		return 0;
	candidate->grouping = EVIDENCE_GROUPING_OTHER;
	candidate_collect(walk, i, 3, candidate);
	return 3;
}

/* Something else than the marks inside of the number parts it from what stands
 * before group: the start, a line end, a bracket. */
static bool
candidate_starts_at(const struct candidate_walk *walk, size_t i)
{
	const struct candidate_group *group = &walk->groups[i];

	if (i == 0 || group->broken)
		return true;
	return group->mark == FOLD_MARK_BRACKET && i + 1 < walk->group_count &&
	       group[1].mark != FOLD_MARK_BRACKET;
}

/* Likewise behind: does the number that starts at i end before group k? */
static bool
candidate_ends_at(const struct candidate_walk *walk, size_t i, size_t k)
{
	const struct candidate_group *group = &walk->groups[k];

	return k == walk->group_count || group->broken ||
	       (group->mark == FOLD_MARK_BRACKET &&
		walk->groups[i + 1].mark != FOLD_MARK_BRACKET);
}

/* How many groups from i on are twelve digits with one mark, on one line; 0
 * when they are not. */
static size_t
candidate_whole(const struct candidate_walk *walk, size_t i)
{
	size_t total = 0;
	size_t n = 0;

	while (i + n < walk->group_count && total < CHECK_DIGIT_COUNT) {
		const struct candidate_group *group = &walk->groups[i + n];

		if ((n > 0 && group->broken) ||
		    (n > 1 && group->mark != walk->groups[i + 1].mark))
			return 0;
		total += group->count;
		n++;
	}
	return total == CHECK_DIGIT_COUNT && n > 1 &&
			       candidate_ends_at(walk, i, i + n)
		       ? n
		       : 0;
}

/* A line, or the rest of it, is twelve digits in another grouping. */
static size_t
candidate_judge_whole(struct candidate_walk *walk, size_t i,
		      struct candidate *candidate)
{
	const size_t count = candidate_whole(walk, i);

	if (count == 0)
		return 0;
	const enum fold_mark mark = walk->groups[i + 1].mark;

	if (mark != FOLD_MARK_SPACE && mark != FOLD_MARK_HYPHEN)
		return 0;
	for (size_t k = i; k < i + count; k++)
		if (walk->groups[k].count == 1)
			return 0;
	candidate->grouping = EVIDENCE_GROUPING_UNUSUAL;
	candidate_collect(walk, i, count, candidate);
	return count;
}

/* Twelve groups of one digit; another mark may stand after every four. */
static bool
candidate_are_singles(const struct candidate_walk *walk, size_t i)
{
	const struct candidate_group *group = &walk->groups[i];

	if (i + CHECK_DIGIT_COUNT > walk->group_count)
		return false;
	for (size_t k = 0; k < CHECK_DIGIT_COUNT; k++) {
		const bool four = k == 4 || k == 8;
		const enum fold_mark mark = group[four ? 4 : 1].mark;

		if (group[k].count != 1 || (k > 0 && group[k].mark != mark))
			return false;
	}
	return true;
}

/*
 * One digit by one, exactly twelve: on a line, or each on its own line. A
 * longer list of digits, one per line, is a list.
 */
static size_t
candidate_judge_singles(struct candidate_walk *walk, size_t i,
			struct candidate *candidate)
{
	const size_t behind = i + CHECK_DIGIT_COUNT;
	size_t broken = 0;

	if (!candidate_are_singles(walk, i) ||
	    !candidate_ends_at(walk, i, behind))
		return 0;
	for (size_t k = i + 1; k < behind; k++)
		broken += walk->groups[k].broken;
	if (broken == CHECK_DIGIT_COUNT - 1 &&
	    ((i > 0 && walk->groups[i - 1].count == 1) ||
	     (behind < walk->group_count && walk->groups[behind].count == 1)))
		return 0;
	candidate->grouping = EVIDENCE_GROUPING_SINGLE;
	candidate_collect(walk, i, CHECK_DIGIT_COUNT, candidate);
	return CHECK_DIGIT_COUNT;
}

/* The groups from the first one on that are twelve digits together; 0 when
 * they are not. */
static size_t
candidate_sum(const struct candidate_walk *walk)
{
	size_t total = 0;
	size_t n = 0;

	while (n < walk->group_count && total < CHECK_DIGIT_COUNT)
		total += walk->groups[n++].count;
	return total == CHECK_DIGIT_COUNT && (n == walk->group_count ||
					      walk->groups[n].broken)
		       ? n
		       : 0;
}

/* Groups of four, each on a line of its own, and no fourth of them: that
 * would be a column of figures. */
static bool
candidate_are_lines(const struct candidate_walk *walk, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (walk->groups[i].count != CANDIDATE_GROUP_DIGITS ||
		    (i > 0 && !walk->groups[i].broken))
			return false;
	return count == walk->group_count ||
	       walk->groups[count].count != CANDIDATE_GROUP_DIGITS;
}

/* Twelve digits, or groups of four with marks, which one line end cuts. */
static bool
candidate_is_cut(const struct candidate_walk *walk, size_t count)
{
	size_t cuts = 0;
	size_t digits = 0; /* of the group, its parts together */
	enum fold_mark mark = FOLD_MARK_NONE;

	for (size_t i = 0; i < count; i++) {
		const struct candidate_group *group = &walk->groups[i];

		if (i > 0 && group->broken) {
			cuts++;
		} else if (i > 0) {
			if (digits != CANDIDATE_GROUP_DIGITS ||
			    (mark != FOLD_MARK_NONE && group->mark != mark))
				return false;
			mark = group->mark;
			digits = 0;
		}
		digits += group->count;
	}
	return cuts == 1 &&
	       digits == (mark == FOLD_MARK_NONE ? CHECK_DIGIT_COUNT
						 : CANDIDATE_GROUP_DIGITS);
}

/*
 * "123" and "456789018" one below the other, or three groups of four: short
 * lines, of which columns of figures are made as well. Only at the start,
 * where the label stands.
 */
static size_t
candidate_judge_apart(struct candidate_walk *walk, struct candidate *candidate)
{
	const size_t count = candidate_sum(walk);

	if (count < 2 || (!candidate_are_lines(walk, count) &&
			  !candidate_is_cut(walk, count)))
		return 0;
	candidate_collect(walk, 0, count, candidate);
	candidate->grouping = EVIDENCE_GROUPING_OTHER;
	candidate->apart = true;
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

/* How many groups from i on are a number; 0: none. */
static size_t
candidate_take(struct candidate_walk *walk, size_t i,
	       struct candidate *candidate)
{
	const struct candidate_group *group = &walk->groups[i];
	size_t used = 0;

	if (group->count == CHECK_DIGIT_COUNT &&
	    !candidate_is_joined(walk, i)) {
		candidate_collect(walk, i, 1, candidate);
		return 1;
	}
	if (group->count == CANDIDATE_GROUP_DIGITS) {
		used = candidate_judge_fours(walk, i, candidate);
		if (used == 0)
			used = candidate_judge_mixed(walk, i, candidate);
	}
	if (used > 0 || !candidate_starts_at(walk, i))
		return used;
	used = candidate_judge_singles(walk, i, candidate);
	if (used == 0)
		used = candidate_judge_whole(walk, i, candidate);
	return used > 0 || i > 0 ? used
				 : candidate_judge_apart(walk, candidate);
}

/* Groups from i on that are a telephone number: 03-1234-5678. */
static size_t
candidate_phone(const struct candidate_walk *walk, size_t i)
{
	size_t total = walk->groups[i].count;
	size_t n = 1;

	while (i + n < walk->group_count && total <= CANDIDATE_PHONE_DIGITS &&
	       walk->groups[i + n].mark == FOLD_MARK_HYPHEN &&
	       walk->groups[i + n].tight)
		total += walk->groups[i + n++].count;
	return n == 3 && walk->groups[i].digits[0] == 0 &&
			       (total == CANDIDATE_PHONE_DIGITS ||
				total == CANDIDATE_PHONE_DIGITS - 1)
		       ? n
		       : 0;
}

bool
candidate_judge(struct candidate_walk *walk, struct candidate *candidate)
{
	const size_t i = walk->group_at;
	const struct candidate_group *group = &walk->groups[i];

	*candidate = (struct candidate){ .grouping = EVIDENCE_GROUPING_BARE };
	const size_t used = candidate_take(walk, i, candidate);
	const size_t phone = used == 0 ? candidate_phone(walk, i) : 0;

	walk->group_at += used + phone > 0 ? used + phone : 1;
	/* What follows a telephone number is none of its groups. */
	if (phone > 0 && i + phone < walk->group_count) {
		walk->groups[i + phone].mark = FOLD_MARK_NONE;
		walk->groups[i + phone].tight = false;
	}
	if (used > 0 && candidate_stands(walk, candidate))
		return true;
	if (used + phone == 0 && group->count < CANDIDATE_OTHER_DIGITS)
		return false;
	*candidate = (struct candidate){
		.kind = CANDIDATE_OTHER,
		.start_at = group->start_at,
		.end_at = used > 0 ? candidate->end_at
				   : group[phone > 0 ? phone - 1 : 0].end_at,
	};
	return true;
}
