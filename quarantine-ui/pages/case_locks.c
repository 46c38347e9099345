#include "quarantine-ui/pages/case_locks.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/clock.h"
#include "quarantine-ui/pages/words.h"

enum { LOCKS_MAX_ROWS = 50, LOCKS_PERCENT = 100, LOCKS_PLAIN = 100 };

static const struct template_field lock_fields[] = {
	TEMPLATE_TEXT_F(struct case_lock, name),
	TEMPLATE_TEXT_F(struct case_lock, path),
	TEMPLATE_TEXT_F(struct case_lock, kind),
	TEMPLATE_TEXT_F(struct case_lock, words),
	TEMPLATE_FLAG_F(struct case_lock, opened),
};
const struct template_shape case_lock_shape =
	TEMPLATE_SHAPE(case_lock, lock_fields);

/* Never the password itself: where it was. */
static const char *
source_words(const struct call *call, enum report_word_source source)
{
	static const char *const words[REPORT_WORD_SOURCE_END] = {
		[REPORT_WORD_SOURCE_NONE] = N_("locked still"),
		[REPORT_WORD_SOURCE_GIVEN] =
			N_("opened with a password that an approver gave"),
		[REPORT_WORD_SOURCE_DEFAULT] =
			N_("opened with the password that programs try by "
			   "themselves"),
		[REPORT_WORD_SOURCE_SENDER] =
			N_("opened with the password that the sender typed"),
		[REPORT_WORD_SOURCE_RELATED] =
			N_("opened with the password in another mail of the "
			   "same correspondents"),
		[REPORT_WORD_SOURCE_BODY] =
			N_("opened with the password in the body"),
		[REPORT_WORD_SOURCE_SUBJECT] =
			N_("opened with the password in the subject"),
		[REPORT_WORD_SOURCE_NAME] =
			N_("opened with the password in a file name"),
		[REPORT_WORD_SOURCE_BEFORE] =
			N_("opened with a password that worked before for "
			   "these correspondents"),
		[REPORT_WORD_SOURCE_LIST] =
			N_("opened with a password of the organisation's list"),
		[REPORT_WORD_SOURCE_TEXT] =
			N_("opened with a word of the mail"),
		[REPORT_WORD_SOURCE_TEMPLATE] =
			N_("opened with words of the mail and its date"),
		[REPORT_WORD_SOURCE_ITEM] =
			N_("opened with a name, number or address of the mail"),
		[REPORT_WORD_SOURCE_COMMON] =
			N_("opened with a common password"),
		[REPORT_WORD_SOURCE_SEARCH] =
			N_("opened with a password found by trying"),
		[REPORT_WORD_SOURCE_KNOWN] =
			N_("opened by content that is known, without the "
			   "password"),
	};

	return (size_t)source < ARRAY_LEN(words) && words[source] != NULL
		       ? call_text(call, words[source])
		       : "";
}

/* A part's own name; without one, the end of its path. */
static const char *
lock_name(const struct scan_report *report, const char *path)
{
	const char *slash = strrchr(path, '/');

	for (size_t i = 0; i < report->part_count; i++)
		if (strcmp(report->parts[i].path, path) == 0 &&
		    report->parts[i].name[0] != '\0')
			return report->parts[i].name;
	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static size_t
add_locks(struct call *call, const struct scan_report *report, bool opened,
	  struct case_lock *rows, size_t count)
{
	for (size_t i = 0; i < report->lock_count && count < LOCKS_MAX_ROWS;
	     i++) {
		const struct report_lock *lock = &report->locks[i];

		if (lock->opened != opened)
			continue;
		rows[count++] = (struct case_lock){
			.name = lock_name(report, lock->part),
			.path = lock->part,
			.kind = lock->kind,
			.words = source_words(call, lock->source),
			.opened = opened,
		};
	}
	return count;
}

void
case_fill_locks(struct call *call, const struct scan_report *report,
		const struct case_lock **locks_out, size_t *count_out)
{
	struct case_lock *rows =
		scratch_alloc(&call->scratch, LOCKS_MAX_ROWS, sizeof(*rows));
	size_t count = 0;

	if (rows == NULL)
		return;
	count = add_locks(call, report, false, rows, count);
	count = add_locks(call, report, true, rows, count);
	*locks_out = rows;
	*count_out = count;
}

const char *
case_unlock_words(struct call *call, const struct vault_locks *locks)
{
	switch (locks->state) {
	case UNLOCK_STATE_TRYING:
		return call_text(call,
				 N_("The password is being tried. The result "
				    "appears here by itself within seconds."));
	case UNLOCK_STATE_OPENED:
		return locks->locked == 0
			       ? call_text(call, N_("Opened and checked."))
			       : call_text(call, N_("Something was opened; the "
						    "rest is locked still."));
	case UNLOCK_STATE_CLOSED:
		return call_text(call, N_("The last password that was tried "
					  "did not fit."));
	case UNLOCK_STATE_LOST:
		return call_text(call, N_("The service was restarted before "
					  "the password was tried. Please "
					  "type it again."));
	case UNLOCK_STATE_NONE:
	case UNLOCK_STATE_END:
	default:
		return "";
	}
}

/* As people say large numbers: in steps of ten thousands, or of thousands. */
struct count_unit {
	uint64_t size;
	const char *name;
};

/* "970 million", "9.7億": a tenth says enough. */
static const char *
count_words(struct call *call, uint64_t count)
{
	static const struct count_unit western[] = {
		{ UINT64_C(1000000000000000), " quadrillion" },
		{ UINT64_C(1000000000000), " trillion" },
		{ UINT64_C(1000000000), " billion" },
		{ UINT64_C(1000000), " million" },
		{ 1, "" },
	};
	static const struct count_unit eastern[] = {
		{ UINT64_C(10000000000000000), "京" },
		{ UINT64_C(1000000000000), "兆" },
		{ UINT64_C(100000000), "億" },
		{ UINT64_C(10000), "万" },
		{ 1, "" },
	};
	const struct count_unit *unit =
		call->language == I18N_LANGUAGE_JA ? eastern : western;
	uint64_t whole = 0;
	uint64_t tenths = 0;

	while (unit->size > 1 && count < unit->size)
		unit++;
	whole = count / unit->size;
	if (unit->size == 1 || whole >= LOCKS_PLAIN)
		return scratch_textf(&call->scratch, "%" PRIu64 "%s", whole,
				     unit->name);
	tenths = count % unit->size / (unit->size / 10);
	return scratch_textf(&call->scratch, "%" PRIu64 ".%" PRIu64 "%s", whole,
			     tenths, unit->name);
}

static uint64_t
percent_of(uint64_t part, uint64_t whole)
{
	if (whole == 0 || part == 0)
		return 0;
	if (part >= whole)
		return LOCKS_PERCENT;
	return (uint64_t)((double)part / (double)whole * LOCKS_PERCENT);
}

static uint64_t
left_ms(const struct vault_locks *locks)
{
	const uint64_t most_s = locks->left_ms / 1000;
	uint64_t left_s = most_s;

	if (locks->total != UINT64_MAX && locks->total > locks->tried &&
	    locks->rate_per_s > 0)
		left_s = (locks->total - locks->tried) / locks->rate_per_s;
	return (left_s < most_s ? left_s : most_s) * 1000;
}

void
case_search_words(struct call *call, const struct vault_locks *locks,
		  struct search_words *out)
{
	const uint64_t by_time =
		percent_of(locks->spent_ms, locks->spent_ms + locks->left_ms);
	const bool counted = locks->total > 0 && locks->total != UINT64_MAX;
	const uint64_t by_count =
		counted ? percent_of(locks->tried, locks->total) : 0;

	*out = (struct search_words){
		.tried = count_words(call, locks->tried),
		.total = counted ? count_words(call, locks->total) : "",
		.rate = count_words(call, locks->rate_per_s),
		.percent = by_time > by_count ? by_time : by_count,
		.on = locks->search == SEARCH_STATE_ON && locks->locked > 0,
		.paused = locks->search == SEARCH_STATE_PAUSED &&
			  locks->locked > 0,
		.ended = locks->search == SEARCH_STATE_ENDED &&
			 locks->locked > 0,
		.counted = counted,
		.end = words_until(call,
				   clock_unix_ms() + (int64_t)left_ms(locks)),
	};
}
