#include "scanners/detect/lead.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/lead_line.h"
#include "scanners/text/utf8.h"

enum {
	LEAD_MAX_BYTES = 400,
	LEAD_MAX_MARKS = 8, /* between the noun and the number */
	LEAD_TAIL = 7,      /* characters of the noun that are looked at */
	LEAD_SHORT_DIGITS = 6
};

/* The visible character before *at, folded in width and case; *at moves to
 * it. 0 at the start. */
static uint32_t
lead_back(struct span text, size_t *at)
{
	while (*at > 0) {
		size_t next = 0;

		*at = utf8_back(text, *at);
		next = *at;
		const uint32_t cp = fold_width(utf8_next(text, &next));

		if (!fold_is_invisible(cp))
			return cp >= 'A' && cp <= 'Z' ? cp + 0x20 : cp;
	}
	return 0;
}

static bool
lead_is_blank(uint32_t cp)
{
	return cp == '\t' || fold_mark(cp) == FOLD_MARK_SPACE;
}

/* 。 ！ ？ */
static bool
lead_ends_sentence(uint32_t cp)
{
	return cp == 0x3002 || cp == '!' || cp == '?';
}

static bool
lead_is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool
lead_is_latin(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

/* Kanji, katakana, and hiragana that end the stem of a verb (申込み, 取扱い);
 * a particle or an adjective (私の, 正しい) makes no compound. */
static bool
lead_is_stem(uint32_t cp, uint32_t before)
{
	static const uint32_t stems[] = { 0x307F, 0x305B, 0x3051, 0x308A,
					  0x3048, 0x3081, 0x3061, 0x304D };

	if ((cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x30A1 && cp <= 0x30FA) ||
	    cp == 0x30FC || (cp >= 0xFF66 && cp <= 0xFF9F))
		return true;
	if (cp == 0x3044) /* い, but not しい */
		return before != 0x3057;
	for (size_t i = 0; i < ARRAY_LEN(stems); i++)
		if (cp == stems[i])
			return true;
	return false;
}

/* Nouns that make any word before them the name of a number; backwards. */
static const struct {
	uint32_t letters[LEAD_TAIL];
	bool latin; /* a word of its own: nothing Latin may touch it */
} lead_nouns[] = {
	{ { 0x53F7, 0x756A }, false },                 /* 番号 */
	{ { 0x30FC, 0x30D0, 0x30F3, 0x30CA }, false }, /* ナンバー */
	{ { 0x30C9, 0x30FC, 0x30B3 }, false },         /* コード */
	{ { 0x2116 }, false },                         /* numero sign */
	{ { 'o', 'n' }, true },
	{ { 'd', 'i' }, true },
	{ { 'e', 'd', 'o', 'c' }, true },
	{ { 'm', 'u', 'n' }, true },
	{ { 'r', 'e', 'b', 'm', 'u', 'n' }, true },
};

/* Words that make no name with "number" or "no"; backwards, in one letter
 * sequence each. */
static const char *const lead_small_words[] = { "a",    "eht",  "siht", "taht",
						"ruoy", "ruo",  "sih",  "reh",
						"si",   "era",  "saw",  "sah",
						"evah", "htiw", "fo",   "yas" };

/* Is the Latin word that ends before at one of lead_small_words? */
static bool
lead_is_small_word(struct span text, size_t at)
{
	char word[LEAD_TAIL] = "";
	size_t len = 0;
	uint32_t cp = lead_back(text, &at);

	for (; lead_is_latin(cp); cp = lead_back(text, &at)) {
		if (len == sizeof(word) - 1)
			return false;
		word[len++] = (char)cp;
	}
	for (size_t i = 0; i < ARRAY_LEN(lead_small_words); i++)
		if (strcmp(word, lead_small_words[i]) == 0)
			return true;
	return false;
}

static bool
lead_is_raw(struct span text, size_t at, char low, char high)
{
	return at < text.len_bytes && text.ptr[at] >= (uint8_t)low &&
	       text.ptr[at] <= (uint8_t)high;
}

/* "Order No", "order_id", "customerId": is a Latin word before the noun at? */
static bool
lead_has_latin_stem(struct span text, size_t at)
{
	size_t before = at;
	uint32_t cp = lead_back(text, &before);

	if (lead_is_latin(cp))
		return lead_is_raw(text, before, 'a', 'z') &&
		       lead_is_raw(text, at, 'A', 'Z');
	if (cp != ' ' && cp != '_' && cp != '-')
		return false;
	at = before;
	cp = lead_back(text, &before);
	return lead_is_latin(cp) && !lead_is_small_word(text, at);
}

/* Is the noun at index at the end of the text before at? Its length, or 0. */
static size_t
lead_matches_noun(struct span text, size_t at, size_t index)
{
	size_t count = 0;

	for (; count < LEAD_TAIL && lead_nouns[index].letters[count] != 0;
	     count++)
		if (lead_back(text, &at) != lead_nouns[index].letters[count])
			return 0;
	if (lead_nouns[index].latin && lead_has_latin_stem(text, at))
		return count;
	const uint32_t cp = lead_back(text, &at);

	if (lead_nouns[index].latin && lead_is_latin(cp))
		return 0;
	return lead_is_stem(cp, lead_back(text, &at)) ? count : 0;
}

/* Does a compound that names a number end before at, but for marks? */
static bool
lead_find_noun(struct span text, size_t at, struct lead *lead)
{
	for (unsigned marks = 0; marks < LEAD_MAX_MARKS; marks++) {
		size_t next = at;
		const uint32_t cp = lead_back(text, &next);

		for (size_t i = 0; i < ARRAY_LEN(lead_nouns); i++) {
			const size_t count = lead_matches_noun(text, at, i);

			lead->stem_distance = lead->noun_distance + count;
			if (count > 0)
				return true;
		}
		if (!lead_is_blank(cp) && !lead_is_mark(cp))
			return false;
		lead->noun_distance += cp > ' ';
		at = next;
	}
	return false;
}

bool
lead_is_noun(struct span text)
{
	struct lead lead = { .noun = false };

	return lead_find_noun(text, text.len_bytes, &lead);
}

/* What stands between the label and the number, read backwards. */
struct lead_between {
	bool words;         /* after the last sentence that is over */
	unsigned sentences; /* that are over */
	bool announces;     /* what follows the sentence of the label */
	bool gives; /* in the sentence that is read: お送りします */
	bool tells; /* as a noun that closes it: 連絡です, 提出です */
	bool asks;  /* ご提出ください */
	bool ships; /* 郵送しました, anywhere */
	bool sends; /* 発送しました */
	uint32_t next;      /* the character behind the one that is read */
	uint32_t second;    /* the one behind that */
	size_t line_end_at; /* of the line that is read */
};

struct lead_pair {
	uint32_t first;
	uint32_t second;
};

/* 下記, 以下, 次の */
static const struct lead_pair lead_announcing[] = {
	{ 0x4E0B, 0x8A18 },
	{ 0x4EE5, 0x4E0B },
	{ 0x6B21, 0x306E },
};

/* Before the number itself: the 番号 that was spoken of, 正は, 正しくは. That
 * of a compound names another number, nearer than the label is. */
static const struct lead_pair lead_referring[] = {
	{ 0x756A, 0x53F7 },
	{ 0x6B63, 0x306F },
	{ 0x6B63, 0x3057 },
};

/* Parts of 送り 送付 送信 知らせ 伝え 連絡 報告 共有 通知 提出 */
static const struct lead_pair lead_giving[] = {
	{ 0x9001, 0x308A }, { 0x9001, 0x4ED8 }, { 0x9001, 0x4FE1 },
	{ 0x77E5, 0x3089 }, { 0x4F1D, 0x3048 }, { 0x9023, 0x7D61 },
	{ 0x5831, 0x544A }, { 0x5171, 0x6709 }, { 0x901A, 0x77E5 },
	{ 0x63D0, 0x51FA },
};

/* 発送 出荷 発行 手配 届け 承り: the number of what they are said of follows,
 * announced or not. */
static const struct lead_pair lead_sending[] = {
	{ 0x767A, 0x9001 }, { 0x51FA, 0x8377 }, { 0x767A, 0x884C },
	{ 0x624B, 0x914D }, { 0x5C4A, 0x3051 }, { 0x627F, 0x308A },
};

/* 発送 郵送 書留 出荷 投函: what is sent so has a number of its own. */
static const struct lead_pair lead_shipping[] = {
	{ 0x767A, 0x9001 }, { 0x90F5, 0x9001 }, { 0x66F8, 0x7559 },
	{ 0x51FA, 0x8377 }, { 0x6295, 0x51FD },
};

/* Parts of ください 願い いただく ません */
static const struct lead_pair lead_asking[] = {
	{ 0x304F, 0x3060 },
	{ 0x9858, 0x3044 },
	{ 0x305F, 0x3060 },
	{ 0x305B, 0x3093 },
};

/* What follows a noun of giving in a sentence that gives: です, いたします,
 * します, となります, のみ, or its end. */
static const uint32_t lead_telling[] = { 0x3067, 0x3044, 0x3057, 0x3068,
					 0x306B, 0x3002, '\n',   '\r' };

/* です, でございます, になります */
static const struct lead_pair lead_being[] = {
	{ 0x3067, 0x3059 },
	{ 0x3067, 0x3054 },
	{ 0x306B, 0x306A },
};

static bool
lead_is_pair(uint32_t first, uint32_t second, const struct lead_pair *pairs,
	     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (pairs[i].first == first && pairs[i].second == second)
			return true;
	return false;
}

/* Polite endings: ます です した せん さい; letters close a line with them
 * where others write a full stop. */
static const struct lead_pair lead_endings[] = {
	{ 0x307E, 0x3059 }, { 0x3067, 0x3059 }, { 0x3057, 0x305F },
	{ 0x305B, 0x3093 }, { 0x3055, 0x3044 },
};

/* Is cp, before which at is, the end of a sentence? */
static bool
lead_is_end(struct span text, size_t at, uint32_t cp)
{
	uint32_t last = cp;

	if (cp != '\n')
		return lead_ends_sentence(cp);
	for (unsigned i = 0; i < LEAD_MAX_MARKS; i++) {
		last = lead_back(text, &at);
		if (last != '\r' && !lead_is_blank(last))
			break;
	}
	return lead_is_pair(lead_back(text, &at), last, lead_endings,
			    ARRAY_LEN(lead_endings));
}

/* The line, or the part of it from start on, is over. */
static void
lead_end_line(struct lead_between *between, struct span text, size_t start)
{
	struct span line = { 0 };

	if (start < between->line_end_at &&
	    span_cut(text, start, between->line_end_at - start, &line))
		between->words |=
			between->sentences == 0 && lead_line_leads(line);
}

static void
lead_look(struct lead_between *between, uint32_t cp, bool ends)
{
	const uint32_t next = between->next;

	if (ends) {
		between->sentences++;
		between->gives = false;
		between->tells = false;
		between->asks = false;
	}
	between->announces |= cp == 0x2193 || /* an arrow */
			      lead_is_pair(cp, next, lead_announcing,
					   ARRAY_LEN(lead_announcing));
	between->announces |= between->sentences == 0 &&
			      lead_is_pair(cp, next, lead_referring,
					   ARRAY_LEN(lead_referring));
	if (lead_is_pair(cp, next, lead_giving, ARRAY_LEN(lead_giving))) {
		between->gives = true;
		for (size_t i = 0; i < ARRAY_LEN(lead_telling); i++)
			between->tells |= between->second == lead_telling[i];
	}
	between->ships |=
		lead_is_pair(cp, next, lead_shipping, ARRAY_LEN(lead_shipping));
	between->sends |=
		lead_is_pair(cp, next, lead_sending, ARRAY_LEN(lead_sending));
	between->asks |=
		lead_is_pair(cp, next, lead_asking, ARRAY_LEN(lead_asking));
	between->second = next;
	between->next = cp;
}

/* Is a number of its kind to come, as the sentence of the label has it?
 * between has read back to the label, behind which is between->next. */
static bool
lead_is_announced(const struct lead_between *between, uint32_t behind)
{
	if (between->announces ||
	    lead_is_pair(between->next, behind, lead_being,
			 ARRAY_LEN(lead_being)))
		return true;
	/* を, の */
	return !between->asks && ((between->next == 0x3092 && between->gives) ||
				  (between->next == 0x306E && between->tells));
}

/* Read back from at to the label. Does its sentence announce a number? */
static bool
lead_read(struct span text, size_t at, uint64_t label_distance,
	  struct lead_between *between)
{
	const size_t limit = at > LEAD_MAX_BYTES ? at - LEAD_MAX_BYTES : 0;
	uint64_t distance = 0;
	uint32_t behind = 0;
	size_t behind_at = at; /* of the character that was read last */

	between->line_end_at = at;
	while (at > limit && distance < label_distance) {
		const uint32_t cp = lead_back(text, &at);

		const bool ends = lead_is_end(text, at, cp);

		behind = between->next;
		if (ends || cp == '\n') {
			lead_end_line(between, text, behind_at);
			between->line_end_at = at;
		}
		lead_look(between, cp, ends);
		distance += cp > ' ' && !lead_is_digit(cp);
		behind_at = at;
	}
	lead_end_line(between, text, behind_at);
	return lead_is_announced(between, behind);
}

static void
lead_detach(struct span text, size_t at, uint64_t label_distance,
	    struct lead *lead)
{
	struct lead_between between = { .next = 0 };

	if (lead_read(text, at, label_distance, &between))
		return;
	lead->words = between.sentences > 0 && between.words;
	lead->ships = between.sentences > 0 && between.ships;
	lead->detached = lead->words || between.sentences > 1 || lead->ships;
}

bool
lead_is_past(struct span text, size_t at, uint64_t label_distance)
{
	struct lead_between between = { .next = 0 };

	return !lead_read(text, at, label_distance, &between) &&
	       between.sentences > 0 && !between.gives && !between.sends;
}

bool
lead_is_over(struct span text, size_t at, uint64_t distance)
{
	const size_t limit = at > LEAD_MAX_BYTES ? at - LEAD_MAX_BYTES : 0;
	uint64_t passed = 0;

	while (at > limit && passed < distance) {
		const uint32_t cp = lead_back(text, &at);

		if (lead_is_end(text, at, cp))
			return true;
		passed += cp > ' ' && !lead_is_digit(cp);
	}
	return false;
}

/* The digit at *at, which moves behind it and what nobody sees. */
static bool
lead_skip_digit(struct span text, size_t *at)
{
	size_t next = *at;

	while (next < text.len_bytes) {
		const uint32_t cp = fold_width(utf8_next(text, &next));

		if (fold_is_invisible(cp))
			continue;
		if (!lead_is_digit(cp))
			return false;
		*at = next;
		return true;
	}
	return false;
}

enum lead_value
lead_value_behind(struct span text, size_t at)
{
	size_t digits = 0;

	for (unsigned i = 0; i < LEAD_MAX_MARKS && at < text.len_bytes; i++) {
		size_t next = at;
		const uint32_t cp = fold_width(utf8_next(text, &next));

		if (!lead_is_blank(cp) && !lead_is_mark(cp))
			break;
		at = next;
	}
	while (digits < LEAD_SHORT_DIGITS && lead_skip_digit(text, &at))
		digits++;
	if (digits == 0)
		return LEAD_VALUE_NONE;
	/* More groups of digits: one number. */
	if (at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &at);

		if (fold_mark(cp) != FOLD_MARK_NONE &&
		    lead_skip_digit(text, &at))
			return LEAD_VALUE_LONG;
	}
	return digits < LEAD_SHORT_DIGITS ? LEAD_VALUE_SHORT : LEAD_VALUE_LONG;
}

/* Do words lead up to the number at at, in its line and sentence? */
static bool
lead_has_words(struct span text, size_t at)
{
	const size_t limit = at > LEAD_MAX_BYTES ? at - LEAD_MAX_BYTES : 0;

	while (at > limit) {
		const uint32_t cp = lead_back(text, &at);

		if (cp == '\n' || lead_ends_sentence(cp))
			return false;
		if (!lead_is_bullet(cp) && !lead_is_mark(cp) && cp > ' ')
			return true;
	}
	return false;
}

bool
lead_refers(struct span text, size_t at)
{
	const size_t limit = at > LEAD_MAX_BYTES ? at - LEAD_MAX_BYTES : 0;
	struct span line = { 0 };
	size_t start = at;
	size_t before = at;
	uint32_t cp = 0;

	while (before > limit && cp != '\n' && !lead_ends_sentence(cp)) {
		start = before;
		cp = lead_back(text, &before);
	}
	return span_cut(text, start, at - start, &line) &&
	       lead_line_is_whose(line);
}

struct lead
lead_of(struct span text, size_t at, uint64_t label_distance)
{
	struct lead lead = { .noun = false };

	lead.noun = lead_find_noun(text, at, &lead);
	if (label_distance == UINT64_MAX)
		lead.words = lead_has_words(text, at);
	else
		lead_detach(text, at, label_distance, &lead);
	return lead;
}
