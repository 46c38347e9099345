#include "quarantine-ui/pages/case_values.h"

#include <stdlib.h>

#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum { CASE_OPEN_FINDINGS = 3 };

static const struct template_field person_fields[] = {
	TEMPLATE_TEXT_F(struct case_person, address),
	TEMPLATE_TEXT_F(struct case_person, kind),
};
static const struct template_shape person_shape =
	TEMPLATE_SHAPE(case_person, person_fields);

static const struct template_field recipient_fields[] = {
	TEMPLATE_TEXT_F(struct case_recipient_row, address),
	TEMPLATE_TEXT_F(struct case_recipient_row, outcome),
	TEMPLATE_TEXT_F(struct case_recipient_row, outcome_name),
	TEMPLATE_TEXT_F(struct case_recipient_row, reply),
	TEMPLATE_FLAG_F(struct case_recipient_row, first_contact),
};
static const struct template_shape recipient_shape =
	TEMPLATE_SHAPE(case_recipient_row, recipient_fields);

static const struct template_field term_fields[] = {
	TEMPLATE_TEXT_F(struct case_term, words),
	TEMPLATE_TEXT_F(struct case_term, weight),
	TEMPLATE_FLAG_F(struct case_term, against),
};
static const struct template_shape term_shape =
	TEMPLATE_SHAPE(case_term, term_fields);

static const struct template_field finding_fields[] = {
	TEMPLATE_TEXT_F(struct case_finding, masked),
	TEMPLATE_TEXT_F(struct case_finding, part),
	TEMPLATE_TEXT_F(struct case_finding, location),
	TEMPLATE_TEXT_F(struct case_finding, context),
	TEMPLATE_TEXT_F(struct case_finding, level),
	TEMPLATE_TEXT_F(struct case_finding, level_name),
	TEMPLATE_TEXT_F(struct case_finding, score),
	TEMPLATE_NUMBER_F(struct case_finding, count),
	TEMPLATE_NUMBER_F(struct case_finding, percent),
	TEMPLATE_FLAG_F(struct case_finding, several),
	TEMPLATE_FLAG_F(struct case_finding, open),
	TEMPLATE_LIST_F(struct case_finding, terms, term_count, term_shape),
};
static const struct template_shape finding_shape =
	TEMPLATE_SHAPE(case_finding, finding_fields);

static const struct template_field opaque_fields[] = {
	TEMPLATE_TEXT_F(struct case_opaque, part),
	TEMPLATE_TEXT_F(struct case_opaque, reason),
	TEMPLATE_TEXT_F(struct case_opaque, detail),
};
static const struct template_shape opaque_shape =
	TEMPLATE_SHAPE(case_opaque, opaque_fields);

static const struct template_field part_fields[] = {
	TEMPLATE_TEXT_F(struct case_part, path),
	TEMPLATE_TEXT_F(struct case_part, name),
	TEMPLATE_TEXT_F(struct case_part, type),
	TEMPLATE_TEXT_F(struct case_part, size),
	TEMPLATE_FLAG_F(struct case_part, locked),
};
static const struct template_shape part_shape =
	TEMPLATE_SHAPE(case_part, part_fields);

static const struct template_field event_fields[] = {
	TEMPLATE_TEXT_F(struct case_event, at),
	TEMPLATE_TEXT_F(struct case_event, actor),
	TEMPLATE_TEXT_F(struct case_event, words),
	TEMPLATE_TEXT_F(struct case_event, detail),
};
static const struct template_shape event_shape =
	TEMPLATE_SHAPE(case_event, event_fields);

static const struct template_field case_fields[] = {
	TEMPLATE_TEXT_F(struct case_values, id),
	TEMPLATE_TEXT_F(struct case_values, subject),
	TEMPLATE_TEXT_F(struct case_values, sender),
	TEMPLATE_TEXT_F(struct case_values, state),
	TEMPLATE_TEXT_F(struct case_values, state_name),
	TEMPLATE_TEXT_F(struct case_values, verdict),
	TEMPLATE_TEXT_F(struct case_values, level),
	TEMPLATE_TEXT_F(struct case_values, level_name),
	TEMPLATE_TEXT_F(struct case_values, score),
	TEMPLATE_TEXT_F(struct case_values, rule),
	TEMPLATE_TEXT_F(struct case_values, received),
	TEMPLATE_TEXT_F(struct case_values, age),
	TEMPLATE_TEXT_F(struct case_values, size),
	TEMPLATE_TEXT_F(struct case_values, client),
	TEMPLATE_TEXT_F(struct case_values, queue_id),
	TEMPLATE_TEXT_F(struct case_values, deadline),
	TEMPLATE_TEXT_F(struct case_values, deadline_in),
	TEMPLATE_TEXT_F(struct case_values, version),
	TEMPLATE_TEXT_F(struct case_values, form_token),
	TEMPLATE_TEXT_F(struct case_values, why_not),
	TEMPLATE_TEXT_F(struct case_values, approvers),
	TEMPLATE_TEXT_F(struct case_values, done),
	TEMPLATE_NUMBER_F(struct case_values, number_count),
	TEMPLATE_NUMBER_F(struct case_values, more_recipients),
	TEMPLATE_NUMBER_F(struct case_values, more_findings),
	TEMPLATE_NUMBER_F(struct case_values, more_opaques),
	TEMPLATE_NUMBER_F(struct case_values, more_parts),
	TEMPLATE_NUMBER_F(struct case_values, more_events),
	TEMPLATE_FLAG_F(struct case_values, own),
	TEMPLATE_FLAG_F(struct case_values, hidden),
	TEMPLATE_FLAG_F(struct case_values, undecided),
	TEMPLATE_FLAG_F(struct case_values, may_decide),
	TEMPLATE_FLAG_F(struct case_values, may_cancel),
	TEMPLATE_FLAG_F(struct case_values, may_rescan),
	TEMPLATE_FLAG_F(struct case_values, no_report),
	TEMPLATE_FLAG_F(struct case_values, ambiguous),
	TEMPLATE_LIST_F(struct case_values, senders, sender_count,
			person_shape),
	TEMPLATE_LIST_F(struct case_values, recipients, recipient_count,
			recipient_shape),
	TEMPLATE_LIST_F(struct case_values, findings, finding_count,
			finding_shape),
	TEMPLATE_LIST_F(struct case_values, opaques, opaque_count,
			opaque_shape),
	TEMPLATE_LIST_F(struct case_values, parts, part_count, part_shape),
	TEMPLATE_LIST_F(struct case_values, events, event_count, event_shape),
};
const struct template_shape shape_case =
	TEMPLATE_SHAPE(case_values, case_fields);

/* So many of count rows are shown; the rest goes to *more_out. */
static size_t
case_rows(size_t count, uint64_t *more_out)
{
	const size_t shown = count < CASE_MAX_ROWS ? count : CASE_MAX_ROWS;

	*more_out = count - shown;
	return shown;
}

static void
case_fill_senders(struct call *call, const struct vault_case *held,
		  struct case_values *values)
{
	struct case_person *rows = scratch_alloc(
		&call->scratch, held->sender_count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < held->sender_count; i++)
		rows[i] = (struct case_person){
			held->senders[i].address,
			words_sender_kind(call, held->senders[i].kind)
		};
	values->senders = rows;
	values->sender_count = held->sender_count;
}

void
case_fill_people(struct call *call, const struct vault_case *held,
		 struct case_values *values)
{
	const size_t count =
		case_rows(held->recipient_count, &values->more_recipients);
	struct case_recipient_row *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	case_fill_senders(call, held, values);
	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct vault_recipient_line *from = &held->recipients[i];

		rows[i] = (struct case_recipient_row){
			.address =
				from->address[0] != '\0'
					? from->address
					: call_text(call,
						    N_("(not shown to you)")),
			.outcome = words_outcome(call, from->outcome),
			.outcome_name = case_outcome_name(from->outcome),
			.reply = from->last_reply,
			.first_contact = !from->written_before,
		};
	}
	values->recipients = rows;
	values->recipient_count = count;
}

void
case_fill_events(struct call *call, const struct vault_case *held,
		 struct case_values *values)
{
	const size_t count = case_rows(held->event_count, &values->more_events);
	struct case_event *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct vault_case_event *from = &held->events[i];

		rows[i] = (struct case_event){
			.at = words_time(call, from->at_unix_ms),
			.actor = from->actor,
			.words = words_event(call, from->event),
			.detail = from->detail,
		};
	}
	values->events = rows;
	values->event_count = count;
}

static void
case_fill_terms(struct call *call, const struct report_finding *from,
		struct case_finding *to)
{
	struct case_term *terms =
		scratch_alloc(&call->scratch, from->term_count, sizeof(*terms));

	if (terms == NULL)
		return;
	for (size_t i = 0; i < from->term_count; i++)
		terms[i] = (struct case_term){
			.words = words_term(call, from->terms[i].name),
			.weight = words_weight(call, from->terms[i].weight_db),
			.against = from->terms[i].weight_db < 0,
		};
	to->terms = terms;
	to->term_count = from->term_count;
}

static int
case_compare_findings(const void *a, const void *b)
{
	const struct report_finding *const *x = a;
	const struct report_finding *const *y = b;

	if ((*x)->score_db != (*y)->score_db)
		return (*x)->score_db > (*y)->score_db ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* NOLINTBEGIN(bugprone-sizeof-expression): it is an array of pointers */

/* The most certain first; NULL when there is no memory. */
static const struct report_finding **
case_sort_findings(struct call *call, const struct scan_report *report)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): it is an array of
	 * pointers */
	const struct report_finding **sorted = scratch_alloc(
		&call->scratch, report->finding_count, sizeof(*sorted));

	if (sorted == NULL)
		return NULL;
	for (size_t i = 0; i < report->finding_count; i++)
		sorted[i] = &report->findings[i];
	qsort(sorted, report->finding_count, sizeof(*sorted),
	      case_compare_findings);
	return sorted;
}
/* NOLINTEND(bugprone-sizeof-expression) */

static void
case_fill_findings(struct call *call, const struct scan_report *report,
		   struct case_values *values)
{
	const size_t count =
		case_rows(report->finding_count, &values->more_findings);
	struct case_finding *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));
	const struct report_finding **sorted = case_sort_findings(call, report);

	values->more_findings += report->findings_left_out;
	if (rows == NULL || sorted == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct report_finding *from = sorted[i];

		rows[i] = (struct case_finding){
			.masked = ask_masked(from),
			.part = from->part,
			.location = words_location(call, from->location),
			.context = from->context,
			.level = words_level(call, from->level),
			.level_name = report_level_name(from->level),
			.score = words_weight(call, from->score_db),
			.count = from->count,
			.percent =
				(uint64_t)(report_confidence(from->score_db) *
					   100.0),
			.several = from->count > 1,
			.open = i < CASE_OPEN_FINDINGS,
		};
		case_fill_terms(call, from, &rows[i]);
	}
	values->findings = rows;
	values->finding_count = count;
}

static void
case_fill_opaques(struct call *call, const struct scan_report *report,
		  struct case_values *values)
{
	const size_t count =
		case_rows(report->opaque_count, &values->more_opaques);
	struct case_opaque *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct case_opaque){
			report->opaques[i].part,
			words_reason(call, report->opaques[i].reason),
			report->opaques[i].detail
		};
	values->opaques = rows;
	values->opaque_count = count;
}

static void
case_fill_parts(struct call *call, const struct scan_report *report,
		struct case_values *values)
{
	const size_t count = case_rows(report->part_count, &values->more_parts);
	struct case_part *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct report_part *from = &report->parts[i];

		rows[i] = (struct case_part){
			.path = from->path,
			.name = from->name,
			.type = from->type,
			.size = words_size(call, from->size_bytes),
			.locked = from->locked,
		};
	}
	values->parts = rows;
	values->part_count = count;
}

void
case_fill_report(struct call *call, const struct asked_case *asked,
		 struct case_values *values)
{
	values->no_report = !asked->has_report && !values->hidden;
	if (!asked->has_report)
		return;
	values->ambiguous = asked->report.ambiguous;
	case_fill_findings(call, &asked->report, values);
	case_fill_opaques(call, &asked->report, values);
	case_fill_parts(call, &asked->report, values);
}
