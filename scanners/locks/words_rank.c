#include "scanners/locks/words_rank.h"

#include "lib/base/attr.h"
#include "scanners/locks/words_anchor.h"

/* Where words behind anchors stand, likeliest first. */
static const struct {
	enum words_place place;
	enum words_text kind;
	enum report_word_source source;
} rank_places[] = {
	{ WORDS_PLACE_BODY, WORDS_TEXT_LINES, REPORT_WORD_SOURCE_BODY },
	{ WORDS_PLACE_SUBJECT, WORDS_TEXT_LINES, REPORT_WORD_SOURCE_SUBJECT },
	{ WORDS_PLACE_NAME, WORDS_TEXT_NAMES, REPORT_WORD_SOURCE_NAME },
	{ WORDS_PLACE_INSIDE, WORDS_TEXT_LINES, REPORT_WORD_SOURCE_TEXT },
};
enum { RANK_SAID_PLACES = 3 };

struct rank_take {
	struct words_list *list;
	enum report_word_source source;
	bool sure; /* those only, or the others */
	size_t most;
};

static enum status
rank_take(void *context, struct span word, bool sure, struct err *err)
{
	const struct rank_take *take = context;

	if (sure != take->sure || words_list_count(take->list) >= take->most)
		return ST_OK;
	return words_list_add(take->list, word, take->source, err);
}

static enum status
rank_anchors(const struct words_mail *mail, size_t places,
	     struct rank_take *take, struct err *err)
{
	const struct words_taker taker = { rank_take, take };
	enum status st = ST_OK;

	for (size_t i = 0; i < places && st == ST_OK; i++) {
		take->source = rank_places[i].source;
		st = words_anchor_find(
			words_mail_text(mail, rank_places[i].place),
			rank_places[i].kind, &taker, err);
	}
	return st;
}

enum status
words_rank_said(const struct words_mail *mail, size_t most,
		struct words_list *said, struct err *err)
{
	struct rank_take take = { .list = said, .sure = true, .most = most };

	return rank_anchors(mail, RANK_SAID_PLACES, &take, err);
}

enum status
words_rank(const struct words_mail *mail, struct words_list *list,
	   struct err *err)
{
	struct rank_take take = { .list = list,
				  .sure = true,
				  .most = WORDS_LIST_MOST };
	enum status st = rank_anchors(mail, ARRAY_LEN(rank_places), &take, err);

	take.sure = false;
	if (st == ST_OK)
		st = rank_anchors(mail, ARRAY_LEN(rank_places), &take, err);
	return st;
}
