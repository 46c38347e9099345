#include "scanners/worker/engine_hide.h"

#include "scanners/detect/preview_mask.h"
#include "scanners/locks/words_fold.h"
#include "scanners/locks/words_rank.h"
#include "scanners/worker/engine_path.h"
#include "scanners/worker/engine_state.h"

enum {
	HIDE_MOST = 200,
	/* What is shorter would tear texts apart, */
	HIDE_LEAST_BYTES = 3,
	/* unless it is a word by itself. */
	HIDE_LEAST_INSIDE = 4,
	/* A name that is as long as this may have been cut. */
	HIDE_CUT_BYTES = ENGINE_NAME_BYTES - 3
};

static uint32_t
hide_small(uint32_t cp)
{
	return cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
}

static bool
hide_is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool
hide_is_alnum(uint32_t cp)
{
	cp = hide_small(cp);
	return (cp >= 'a' && cp <= 'z') || hide_is_digit(cp);
}

/* The next character of a text in which digits may be masked. */
static uint32_t
hide_next(struct span text, size_t *at)
{
	uint32_t cp = 0;

	do
		cp = words_fold_char(text, at);
	while (cp == PREVIEW_HIDDEN_REST);
	return cp == PREVIEW_HIDDEN ? '*' : hide_small(cp);
}

/* Does a name end at at that was cut there? */
static bool
hide_is_cut(struct span text, size_t at)
{
	size_t begin = at;

	if (at < text.len_bytes && text.ptr[at] != '/')
		return false;
	while (begin > 0 && text.ptr[begin - 1] != '/')
		begin--;
	return at - begin >= HIDE_CUT_BYTES;
}

/* Where word ends that stands in text at at; 0 when it does not, or when all
 * of it is hidden already. */
static size_t
hide_match(struct span text, size_t at, struct span word)
{
	const size_t from = at;
	size_t read = 0;
	bool clear = false;
	uint32_t want = words_fold_char(word, &read);

	while (want != 0) {
		const size_t before = at;
		const uint32_t have = hide_next(text, &at);
		const bool masked = have == '*' && hide_is_digit(want);

		if (have != hide_small(want) && !masked)
			return clear && before >= from + HIDE_LEAST_INSIDE &&
					       hide_is_cut(text, before)
				       ? before
				       : 0;
		clear = clear || !masked;
		want = words_fold_char(word, &read);
	}
	return clear ? at : 0;
}

/* A short word counts where no letter or digit touches it. */
static bool
hide_stands_alone(struct span text, size_t from, size_t to)
{
	return (from == 0 || !hide_is_alnum(text.ptr[from - 1])) &&
	       (to == text.len_bytes || !hide_is_alnum(text.ptr[to]));
}

/* With what words begin. */
struct hide_starts {
	bool any[256];
};

static void
hide_find_starts(const struct words_list *words, struct hide_starts *starts)
{
	for (size_t i = 0; words != NULL && i < words_list_count(words); i++) {
		size_t at = 0;
		const uint32_t cp =
			words_fold_char(words_list_word(words, i), &at);

		starts->any[hide_small(cp) & 0xFF] = true;
		starts->any['*'] |= hide_is_digit(cp);
	}
}

/* Where the longest word ends that stands at at, or 0. */
static size_t
hide_longest(const struct words_list *words, const struct hide_starts *starts,
	     struct span text, size_t at)
{
	size_t next = at;
	size_t best = 0;

	if (!starts->any[hide_next(text, &next) & 0xFF])
		return 0;
	for (size_t i = 0; i < words_list_count(words); i++) {
		const struct span word = words_list_word(words, i);
		size_t end = 0;

		if (word.len_bytes < HIDE_LEAST_BYTES)
			continue;
		end = hide_match(text, at, word);
		if (end > best && (word.len_bytes >= HIDE_LEAST_INSIDE ||
				   hide_stands_alone(text, at, end)))
			best = end;
	}
	return best;
}

bool
engine_hide_text(const struct words_list *words, struct span text,
		 struct sbuf *out)
{
	struct hide_starts starts = { { false } };
	bool hidden = false;
	size_t at = 0;

	hide_find_starts(words, &starts);
	while (at < text.len_bytes) {
		const size_t end = hide_longest(words, &starts, text, at);

		if (end > 0) {
			sbuf_add_text(out, ENGINE_HIDE_STARS);
			hidden = true;
			at = end;
			continue;
		}
		do
			sbuf_add_byte(out, text.ptr[at++]);
		while (at < text.len_bytes && (text.ptr[at] & 0xC0) == 0x80);
	}
	return hidden;
}

void
engine_hide_over(const struct words_list *words, struct sbuf *text)
{
	struct hide_starts starts = { { false } };
	const struct span all = sbuf_span(text);
	size_t at = 0;

	hide_find_starts(words, &starts);
	while (at < all.len_bytes) {
		const size_t end = hide_longest(words, &starts, all, at);

		for (; at < end; at++)
			if (text->bytes[at] != PREVIEW_HIDDEN &&
			    text->bytes[at] != PREVIEW_HIDDEN_REST)
				text->bytes[at] = '*';
		if (end == 0)
			at++;
	}
}

struct hide_taken {
	struct words_list *words;
};

static enum status
hide_take(void *context, struct span word, bool sure, struct err *err)
{
	struct hide_taken *taken = context;
	enum status st = ST_OK;

	if (!sure)
		return ST_OK;
	if (taken->words == NULL)
		st = words_list_new(&taken->words, err);
	return st == ST_OK ? words_list_add(taken->words, word,
					    REPORT_WORD_SOURCE_NAME, err)
			   : st;
}

void
engine_hide_said(struct span text, enum words_text kind, struct sbuf *out)
{
	struct hide_taken taken = { .words = NULL };
	const struct words_taker taker = { hide_take, &taken };

	/* Without memory nothing of it is shown. */
	if (words_anchor_find(text, kind, &taker, NULL) == ST_OK)
		(void)engine_hide_text(taken.words, text, out);
	else
		sbuf_add_text(out, ENGINE_HIDE_STARS);
	words_list_free(&taken.words);
}

static bool
hide_is_locked(const struct engine_record *record)
{
	for (size_t i = 0; i < record->opaque_count; i++)
		if (record->opaques[i].reason == REPORT_REASON_LOCKED)
			return true;
	return false;
}

enum status
engine_hide_find(const struct sink *sink, struct words_list **list_out,
		 struct err *err)
{
	AUTO(words_list_free) struct words_list *list = NULL;
	const struct engine_locks *locks = &sink->locks;
	const struct words_list *worked = locks->worked;
	const bool locked = hide_is_locked(&sink->record);
	enum status st = ST_OK;

	if (locks->said == NULL && !locked &&
	    (worked == NULL || words_list_count(worked) == 0))
		return ST_OK;
	st = words_list_new(&list, err);
	if (st == ST_OK && locks->said != NULL)
		st = words_rank_said(&locks->mail, HIDE_MOST, list, err);
	for (size_t i = 0;
	     worked != NULL && st == ST_OK && i < words_list_count(worked); i++)
		st = words_list_add(list, words_list_word(worked, i),
				    words_list_source(worked, i), err);
	if (st == ST_OK && locked)
		st = engine_hide_tokens(&locks->mail, sink->request->words,
					list, err);
	if (st == ST_OK)
		*list_out = MOVE(list);
	return st;
}
