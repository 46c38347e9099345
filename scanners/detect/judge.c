#include "scanners/detect/judge.h"

static bool
judge_is_on_line(const struct judge_near *near)
{
	return near->seen && (near->line || near->distance <= JUDGE_LINE);
}

static bool
judge_is_on_page(const struct judge_near *near)
{
	return near->seen && (near->line || near->distance <= JUDGE_PAGE);
}

/* Does this label govern the number that follows it? */
static bool
judge_may_govern(const struct judge_near *near)
{
	return near->free && judge_is_on_line(near);
}

/* A label in brackets right behind says what the number is, unless one right
 * before does. */
static bool
judge_bracket_governs(const struct judge_near *behind,
		      const struct judge_near *before)
{
	return behind->seen && behind->bracket &&
	       !(judge_may_govern(before) &&
		 before->distance <= behind->distance);
}

/* The label before the number that is nearest to it and belongs to it, or the
 * one in brackets behind. */
static enum judge_header
judge_governing(const struct judge_view *view)
{
	const bool direct =
		judge_may_govern(&view->direct_before) && !view->detached;
	const bool rival = judge_may_govern(&view->rival_before);

	if (judge_bracket_governs(&view->rival_behind, &view->direct_before))
		return JUDGE_HEADER_RIVAL;
	if (judge_bracket_governs(&view->direct_behind, &view->rival_before))
		return JUDGE_HEADER_DIRECT;
	if (direct && rival)
		return view->direct_before.distance <=
				       view->rival_before.distance
			       ? JUDGE_HEADER_DIRECT
			       : JUDGE_HEADER_RIVAL;
	if (direct)
		return JUDGE_HEADER_DIRECT;
	if (rival)
		return JUDGE_HEADER_RIVAL;
	return JUDGE_HEADER_NONE;
}

/* What stands around the number and not in the text beside it: the name of
 * its field, else the header of its column. */
static enum judge_header
judge_frame(const struct judge_view *view)
{
	return view->field != JUDGE_HEADER_NONE ? view->field : view->header;
}

static bool
judge_in_list(const struct judge_near *near)
{
	return near->list && judge_is_on_line(near);
}

/* The row of the direct label that governs the number; NONE when none does. */
static enum evidence
judge_direct(const struct judge_view *view, enum judge_header governing)
{
	const struct judge_near *before = &view->direct_before;
	const struct judge_near *behind = &view->direct_behind;

	if (governing == JUDGE_HEADER_DIRECT)
		return behind->bracket || (judge_may_govern(before) &&
					   before->distance <= JUDGE_ADJACENT)
			       ? EVIDENCE_LABEL_ADJACENT
			       : EVIDENCE_LABEL_LINE;
	if (governing == JUDGE_HEADER_RIVAL ||
	    judge_frame(view) == JUDGE_HEADER_RIVAL)
		return EVIDENCE_NONE;
	if (view->field == JUDGE_HEADER_DIRECT)
		return EVIDENCE_LABEL_FIELD;
	if (view->header == JUDGE_HEADER_DIRECT)
		return EVIDENCE_LABEL_HEADER;
	if (behind->seen && behind->free && behind->line &&
	    behind->distance <= JUDGE_ADJACENT)
		return EVIDENCE_LABEL_ADJACENT;
	return (judge_in_list(before) && !view->detached) ||
			       (behind->free && judge_is_on_line(behind))
		       ? EVIDENCE_LABEL_LINE
		       : EVIDENCE_NONE;
}

static enum evidence
judge_rival(const struct judge_view *view, enum evidence label)
{
	/* What names a number of another kind names no number of twelve. */
	const bool before = view->rival_before.same;
	const bool near_line =
		(before && judge_is_on_line(&view->rival_before)) ||
		judge_is_on_line(&view->rival_behind);

	if (near_line && label == EVIDENCE_NONE)
		return EVIDENCE_RIVAL_LINE;
	if (view->words && label == EVIDENCE_NONE &&
	    (view->detached || judge_is_on_page(&view->direct_behind)))
		return EVIDENCE_RIVAL_WORD;
	return near_line || (before && judge_is_on_page(&view->rival_before)) ||
			       judge_is_on_page(&view->rival_behind)
		       ? EVIDENCE_RIVAL_NEAR
		       : EVIDENCE_RIVAL_ABSENT;
}

bool
judge_is_direct(const struct judge_view *view)
{
	const enum judge_header governing = judge_governing(view);

	return governing == JUDGE_HEADER_DIRECT ||
	       (governing == JUDGE_HEADER_NONE && !view->detached &&
		judge_in_list(&view->direct_before));
}

bool
judge_is_named(const struct judge_view *view)
{
	const struct judge_near *before = &view->direct_before;

	if (view->rival_touches)
		return false;
	switch (judge_governing(view)) {
	case JUDGE_HEADER_DIRECT:
		return judge_may_govern(before) &&
		       before->distance <= JUDGE_TOUCHING;
	case JUDGE_HEADER_NONE:
		return judge_frame(view) == JUDGE_HEADER_DIRECT;
	case JUDGE_HEADER_RIVAL:
	default:
		return false;
	}
}

static bool
judge_is_near(enum evidence label)
{
	return label == EVIDENCE_LABEL_ADJACENT ||
	       label == EVIDENCE_LABEL_HEADER || label == EVIDENCE_LABEL_FIELD;
}

/* Does a word right before the number say what it is, nearer than the direct
 * label does? */
static bool
judge_is_led(const struct judge_view *view, enum evidence label)
{
	const struct judge_near *before = &view->direct_before;

	return view->rival_leads && label == EVIDENCE_LABEL_ADJACENT &&
	       !view->direct_behind.bracket &&
	       !(judge_may_govern(before) && before->distance <= JUDGE_BESIDE);
}

void
judge_labels(const struct judge_view *view, struct evidence_set *set)
{
	const enum judge_header governing = judge_governing(view);
	const enum judge_header frame = judge_frame(view);
	bool rival_governs =
		governing == JUDGE_HEADER_RIVAL ||
		(governing == JUDGE_HEADER_NONE && frame == JUDGE_HEADER_RIVAL);

	set->label = judge_direct(view, governing);
	if ((view->rival_touches && !judge_is_near(set->label)) ||
	    judge_is_led(view, set->label)) {
		rival_governs = true;
		set->label = EVIDENCE_NONE;
	}
	/* What other columns of the row hold says nothing about this one. */
	if (!rival_governs && governing == JUDGE_HEADER_NONE &&
	    frame == JUDGE_HEADER_DIRECT) {
		set->rival = EVIDENCE_RIVAL_ABSENT;
		return;
	}
	set->rival = rival_governs ? EVIDENCE_RIVAL_GOVERNS
				   : judge_rival(view, set->label);
	/* A label of another number is still on the page. */
	if (set->label == EVIDENCE_NONE &&
	    (judge_is_on_page(&view->direct_before) ||
	     judge_is_on_page(&view->direct_behind)))
		set->label = EVIDENCE_LABEL_PAGE;
}

void
judge_glued(const struct judge_view *view, struct evidence_set *set)
{
	const struct judge_near *before = &view->direct_before;
	const struct judge_near *behind = &view->direct_behind;

	if (set->grouping != EVIDENCE_GROUPING_GLUED ||
	    set->label != EVIDENCE_LABEL_ADJACENT ||
	    (before->seen && before->free &&
	     before->distance <= JUDGE_TOUCHING) ||
	    (behind->seen && behind->free &&
	     behind->distance <= JUDGE_TOUCHING))
		return;
	set->label = EVIDENCE_LABEL_LINE;
}
