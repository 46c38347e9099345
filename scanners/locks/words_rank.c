#include "scanners/locks/words_rank.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/words_anchor.h"
#include "scanners/locks/words_give.h"
#include "scanners/locks/words_items.h"
#include "scanners/locks/words_token.h"

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
enum {
	RANK_SAID_PLACES = 4,
	RANK_MOST_LONE = 8,
	/* Of attached files only the start counts as said: a note with a
	 * password is short, and every mail pays for the search. */
	RANK_SAID_INSIDE_BYTES = 4096
};

struct rank_take {
	struct words_list *list;
	enum report_word_source source;
	bool sure; /* those only, or the others */
	bool said; /* only what a mail says to others */
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

/* The same, in a sentence: nothing that just happens to stand there. */
static enum status
rank_take_strong(void *context, struct span word, bool sure, struct err *err)
{
	(void)sure;
	return words_is_printed(word.ptr[0]) && words_is_strong(word) &&
			       !words_is_path(word) &&
			       !words_is_program(word) &&
			       strchr(":=;,>([{<|", word.ptr[0]) == NULL
		       ? rank_take(context, word, true, err)
		       : ST_OK;
}

/* Below a subject that speaks of a password, alone in its line. */
static enum status
rank_take_lone(void *context, struct span word, bool sure, struct err *err)
{
	(void)sure;
	return words_is_mixed(word) ? rank_take(context, word, true, err)
				    : ST_OK;
}

static enum status
rank_anchors(const struct words_mail *mail, size_t first, size_t end,
	     struct rank_take *take, struct err *err)
{
	const struct words_taker taker = { rank_take, take };
	enum status st = ST_OK;

	for (size_t i = first; i < end && st == ST_OK; i++) {
		take->source = rank_places[i].source;
		struct span text = words_mail_text(mail, rank_places[i].place);

		if (take->said && rank_places[i].place == WORDS_PLACE_INSIDE &&
		    text.len_bytes > RANK_SAID_INSIDE_BYTES)
			text.len_bytes = RANK_SAID_INSIDE_BYTES;
		st = words_anchor_find(text, rank_places[i].kind, &taker, err);
	}
	return st;
}

enum status
words_rank_said(const struct words_mail *mail, size_t most,
		struct words_list *said, struct err *err)
{
	struct rank_take take = {
		.list = said, .sure = true, .said = true, .most = most
	};
	enum status st = rank_anchors(mail, 0, 1, &take, err);
	const bool body_says = words_list_count(said) > 0;

	if (st == ST_OK)
		st = rank_anchors(mail, 1, RANK_SAID_PLACES, &take, err);
	if (st != ST_OK || body_says ||
	    !words_anchor_is_in(words_mail_text(mail, WORDS_PLACE_SUBJECT)))
		return st;
	take.source = REPORT_WORD_SOURCE_BODY;
	take.most = most < RANK_MOST_LONE ? most : RANK_MOST_LONE;
	const struct span body = words_mail_text(mail, WORDS_PLACE_BODY);

	st = words_token_find(body, WORDS_TOKEN_LINES,
			      &(struct words_taker){ rank_take_lone, &take },
			      err);
	return st == ST_OK ? words_token_find(body, WORDS_TOKEN_MIXED,
					      &(struct words_taker){
						      rank_take_strong, &take },
					      err)
			   : st;
}

/* The lines of the organisation's list. */
static enum status
rank_listed(struct span listed, struct words_list *list, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && listed.len_bytes > 0) {
		const uint8_t *end = memchr(listed.ptr, '\n', listed.len_bytes);
		struct span line = listed;
		size_t step = listed.len_bytes;

		if (end != NULL) {
			line.len_bytes = (size_t)(end - listed.ptr);
			step = line.len_bytes + 1;
		}
		(void)span_cut(listed, step, listed.len_bytes - step, &listed);
		if (line.len_bytes > 0 && line.ptr[line.len_bytes - 1] == '\r')
			line.len_bytes--;
		st = words_list_add(list, line, REPORT_WORD_SOURCE_LIST, err);
	}
	return st;
}

/* Words that stand alone or look like passwords, likeliest first. */
static enum status
rank_tokens(const struct words_mail *mail, struct words_list *list,
	    struct err *err)
{
	static const struct {
		enum words_place place;
		enum words_token kind;
	} turns[] = {
		{ WORDS_PLACE_BODY, WORDS_TOKEN_LINES },
		{ WORDS_PLACE_SUBJECT, WORDS_TOKEN_LINES },
		{ WORDS_PLACE_BODY, WORDS_TOKEN_MIXED },
		{ WORDS_PLACE_SUBJECT, WORDS_TOKEN_MIXED },
		{ WORDS_PLACE_INSIDE, WORDS_TOKEN_LINES },
		{ WORDS_PLACE_INSIDE, WORDS_TOKEN_MIXED },
		{ WORDS_PLACE_SUBJECT, WORDS_TOKEN_PLAIN },
		{ WORDS_PLACE_BODY, WORDS_TOKEN_PLAIN },
	};
	struct rank_take take = { .list = list,
				  .source = REPORT_WORD_SOURCE_TEXT,
				  .most = WORDS_LIST_MOST };
	const struct words_taker taker = { rank_take, &take };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(turns); i++)
		st = words_token_find(words_mail_text(mail, turns[i].place),
				      turns[i].kind, &taker, err);
	return st;
}

enum status
words_rank(const struct words_mail *mail, struct span listed,
	   struct words_list *list, struct err *err)
{
	struct rank_take take = { .list = list,
				  .sure = true,
				  .most = WORDS_LIST_MOST };
	enum status st =
		rank_anchors(mail, 0, ARRAY_LEN(rank_places), &take, err);

	take.sure = false;
	if (st == ST_OK)
		st = rank_anchors(mail, 0, ARRAY_LEN(rank_places), &take, err);
	if (st == ST_OK)
		st = rank_listed(listed, list, err);
	if (st == ST_OK)
		st = rank_tokens(mail, list, err);
	if (st == ST_OK)
		st = words_items_dates(mail, list, err);
	if (st == ST_OK)
		st = words_items_names(mail, list, err);
	return st == ST_OK ? words_items_parts(mail, list, err) : st;
}
