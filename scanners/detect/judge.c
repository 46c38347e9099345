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

/* The label before the number that is nearest to it and belongs to it. */
static enum judge_header
judge_governing(const struct judge_view *view)
{
	const bool direct = judge_may_govern(&view->direct_before);
	const bool rival = judge_may_govern(&view->rival_before);

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

/* The label that governs the number; NONE when none does. */
static enum evidence
judge_direct(const struct judge_view *view, enum judge_header governing)
{
	const struct judge_near *behind = &view->direct_behind;

	if (governing == JUDGE_HEADER_DIRECT)
		return view->direct_before.distance <= JUDGE_ADJACENT
			       ? EVIDENCE_LABEL_ADJACENT
			       : EVIDENCE_LABEL_LINE;
	if (governing == JUDGE_HEADER_RIVAL)
		return EVIDENCE_NONE;
	if (view->header != JUDGE_HEADER_NONE)
		return view->header == JUDGE_HEADER_DIRECT
			       ? EVIDENCE_LABEL_ADJACENT
			       : EVIDENCE_NONE;
	if (behind->seen && behind->free && behind->line &&
	    behind->distance <= JUDGE_ADJACENT)
		return EVIDENCE_LABEL_ADJACENT;
	return judge_is_on_line(&view->direct_before) ||
			       judge_is_on_line(behind)
		       ? EVIDENCE_LABEL_LINE
		       : EVIDENCE_NONE;
}

static enum evidence
judge_rival(const struct judge_view *view, enum evidence label)
{
	const bool near_line = judge_is_on_line(&view->rival_before) ||
			       judge_is_on_line(&view->rival_behind);

	if (near_line && label == EVIDENCE_NONE)
		return EVIDENCE_RIVAL_LINE;
	return near_line || judge_is_on_page(&view->rival_before) ||
			       judge_is_on_page(&view->rival_behind)
		       ? EVIDENCE_RIVAL_NEAR
		       : EVIDENCE_RIVAL_ABSENT;
}

void
judge_labels(const struct judge_view *view, struct evidence_set *set)
{
	const enum judge_header governing = judge_governing(view);
	bool rival_governs = governing == JUDGE_HEADER_RIVAL ||
			     (governing == JUDGE_HEADER_NONE &&
			      view->header == JUDGE_HEADER_RIVAL);

	set->label = judge_direct(view, governing);
	if (view->rival_touches && set->label != EVIDENCE_LABEL_ADJACENT) {
		rival_governs = true;
		set->label = EVIDENCE_NONE;
	}
	/* What other columns of the row hold says nothing about this one. */
	if (!rival_governs && governing == JUDGE_HEADER_NONE &&
	    view->header == JUDGE_HEADER_DIRECT) {
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
	    view->header == JUDGE_HEADER_DIRECT ||
	    (before->seen && before->free &&
	     before->distance <= JUDGE_TOUCHING) ||
	    (behind->seen && behind->free &&
	     behind->distance <= JUDGE_TOUCHING))
		return;
	set->label = EVIDENCE_LABEL_LINE;
}
