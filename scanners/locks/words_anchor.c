#include "scanners/locks/words_anchor.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/words_before.h"
#include "scanners/locks/words_value.h"

/* A text has a few; one that has more was made to keep us busy. */
enum { ANCHOR_MOST = 200, ANCHOR_HEAD_BYTES = 64 };

struct anchor {
	const char *text;
	size_t len_bytes;
	enum words_anchor_kind kind;
};

static const struct anchor anchors[] = {
#define ANCHOR(text, kind) { text, sizeof(text) - 1, WORDS_ANCHOR_##kind },
#include "scanners/locks/words_anchors.def"
#undef ANCHOR
};

enum anchor_class {
	ANCHOR_CLASS_NONE = 0,
	ANCHOR_CLASS_ASCII, /* p */
	ANCHOR_CLASS_KANA,
	ANCHOR_CLASS_WIDE,
	ANCHOR_CLASS_KANJI
};

/* By the first byte of an anchor, however wide it is written. */
static const uint8_t anchor_classes[256] = {
	['p'] = ANCHOR_CLASS_ASCII,  ['P'] = ANCHOR_CLASS_ASCII,
	[0xE3] = ANCHOR_CLASS_KANA,  [0xEF] = ANCHOR_CLASS_WIDE,
	[0xE5] = ANCHOR_CLASS_KANJI, [0xE6] = ANCHOR_CLASS_KANJI,
	[0xE8] = ANCHOR_CLASS_KANJI, [0xE9] = ANCHOR_CLASS_KANJI,
	[0xEB] = ANCHOR_CLASS_KANJI, [0xEC] = ANCHOR_CLASS_KANJI,
};

static uint8_t
anchor_small(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool
anchor_is_word(uint8_t c)
{
	c = anchor_small(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Letters of bytes are small; those of text may be capital ones. */
static bool
anchor_has(struct span text, size_t at, const char *bytes)
{
	size_t i = 0;

	while (bytes[i] != '\0' && at + i < text.len_bytes &&
	       anchor_small(text.ptr[at + i]) == (uint8_t)bytes[i])
		i++;
	return bytes[i] == '\0';
}

static bool
anchor_has_one(struct span text, size_t at, const char *const *starts,
	       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (anchor_has(text, at, starts[i]))
			return true;
	return false;
}

/* Most of what begins like an anchor is known for something else here. */
static bool
anchor_may_begin(struct span text, size_t at)
{
	static const char *const ascii[] = { "pas", "pw",  "p/w",  "p.w",
					     "psw", "pin", "p\xEF" };
	/* The second with its mark apart. */
	static const char *const kana[] = { "パス", "ハ\xE3\x82\x9Aス" };
	static const char *const wide[] = { "ﾊﾟ", "Ｐ", "ｐ" };
	static const char *const kanji[] = { "暗証",   "解凍", "解除", "復号",
					     "展開",   "開封", "閲覧", "合言",
					     "合い言", "開く", "開け", "鍵",
					     "密码",   "密碼", "비밀", "암호" };

	switch (anchor_classes[text.ptr[at]]) {
	case ANCHOR_CLASS_ASCII:
		return (at == 0 || !anchor_is_word(text.ptr[at - 1])) &&
		       anchor_has_one(text, at, ascii, ARRAY_LEN(ascii));
	case ANCHOR_CLASS_KANA:
		return anchor_has_one(text, at, kana, ARRAY_LEN(kana));
	case ANCHOR_CLASS_WIDE:
		return anchor_has_one(text, at, wide, ARRAY_LEN(wide));
	case ANCHOR_CLASS_KANJI:
		return anchor_has_one(text, at, kanji, ARRAY_LEN(kanji));
	default:
		return false;
	}
}

/* Do two bytes begin any anchor? Most text is told apart by that. */
static bool
anchor_is_pair(uint8_t first, uint8_t second)
{
	switch (anchor_classes[first]) {
	case ANCHOR_CLASS_ASCII:
		return (second | 0x20) == 'a' || (second | 0x20) == 'w' ||
		       (second | 0x20) == 's' || (second | 0x20) == 'i' ||
		       second == '/' || second == '.' || second == 0xEF;
	case ANCHOR_CLASS_KANA:
		return second == 0x83;
	case ANCHOR_CLASS_WIDE:
		return second >= 0xBC && second <= 0xBE;
	case ANCHOR_CLASS_KANJI:
		return (first == 0xE6 && second == 0x9A) ||
		       (first == 0xE8 && second == 0xA7) ||
		       (first == 0xE9 && (second == 0x96 || second == 0x8D)) ||
		       (first == 0xEB && second == 0xB9) ||
		       (first == 0xEC && second == 0x95) ||
		       (first == 0xE5 && (second == 0xBE || second == 0xB1 ||
					  second == 0x90 || second == 0xAF));
	default:
		return false;
	}
}

/* The next place where an anchor may begin; the end when there is none. */
static size_t
anchor_next(struct span text, size_t at)
{
	for (; at + 1 < text.len_bytes; at++)
		if (anchor_classes[text.ptr[at]] != ANCHOR_CLASS_NONE &&
		    anchor_is_pair(text.ptr[at], text.ptr[at + 1]) &&
		    anchor_may_begin(text, at))
			return at;
	return text.len_bytes;
}

static bool
anchor_is_ascii(const struct anchor *anchor)
{
	return (uint8_t)anchor->text[0] < 0x80;
}

/* Is the folded text behind the anchor another word? A digit may follow in the
 * name of a file, and a number in a list of passwords. */
static bool
anchor_ends(const struct anchor *anchor, const struct words_folded *folded)
{
	const uint8_t next = anchor->len_bytes < folded->len_bytes
				     ? folded->text[anchor->len_bytes]
				     : '\n';

	if (anchor_is_ascii(anchor))
		return !anchor_is_word(next) || (next >= '0' && next <= '9');
	/* パス is the start of many words: パスタ, パスポート. */
	if (memcmp(anchor->text, "パ", 3) == 0 &&
	    anchor->kind == WORDS_ANCHOR_WEAK)
		return folded->len_bytes < anchor->len_bytes + 2 ||
		       next != 0xE3 ||
		       folded->text[anchor->len_bytes + 1] < 0x82 ||
		       memcmp(folded->text + anchor->len_bytes, "は", 3) == 0;
	return true;
}

/* A weak one counts before a colon or the like only. */
static bool
anchor_is_followed(const struct anchor *anchor,
		   const struct words_folded *folded, bool in_name)
{
	static const char *const marks[] = { ":",  "=",  "→",  "⇒",  "は",
					     "「", "『", "【", "】", "[",
					     "]",  "(",  ")",  "<",  ">",
					     "|",  "/",  "-",  "*",  "\"",
					     "」", "＞", "…",  "が", "、" };
	const struct span text = { folded->text, folded->len_bytes };
	size_t at = anchor->len_bytes;

	if (anchor->kind != WORDS_ANCHOR_WEAK || in_name)
		return true;
	while (at < text.len_bytes && text.ptr[at] == ' ')
		at++;
	return anchor_has_one(text, at, marks, ARRAY_LEN(marks));
}

static const struct anchor *
anchor_match(const struct words_folded *folded)
{
	for (size_t i = 0; i < ARRAY_LEN(anchors); i++) {
		const struct anchor *anchor = &anchors[i];
		size_t same = 0;

		if (anchor->len_bytes > folded->len_bytes)
			continue;
		while (same < anchor->len_bytes &&
		       anchor_small(folded->text[same]) ==
			       (uint8_t)anchor->text[same])
			same++;
		if (same == anchor->len_bytes && anchor_ends(anchor, folded))
			return anchor;
	}
	return NULL;
}

/* What stands before makes another word of it: bypass, キャンパス. */
static bool
anchor_begins(struct span text, size_t at, const struct anchor *anchor)
{
	if (at == 0)
		return true;
	if (anchor_is_ascii(anchor))
		return !anchor_is_word(text.ptr[at - 1]);
	if (anchor->kind != WORDS_ANCHOR_WEAK || at < 3)
		return true;
	/* 公開鍵, 秘密鍵 are no secret, or not ours. */
	if (memcmp(anchor->text, "鍵", 3) == 0)
		return !anchor_has(text, at - 3, "開") &&
		       !anchor_has(text, at - 3, "密");
	return !anchor_has(text, at - 3, "ー") &&
	       !(text.ptr[at - 3] == 0xE3 &&
		 (text.ptr[at - 2] == 0x83 ||
		  (text.ptr[at - 2] == 0x82 && text.ptr[at - 1] >= 0xA1)));
}

/* Nothing but ornaments stands in its line. */
static bool
anchor_is_alone(struct span text, size_t at, const struct anchor *anchor,
		const struct words_folded *folded)
{
	size_t behind = anchor->len_bytes;

	while (behind < folded->len_bytes && folded->text[behind] == ' ')
		behind++;
	if (behind == folded->len_bytes || folded->text[behind] != '\n')
		return false;
	while (at > 0 && strchr(" \t>*#=-|", text.ptr[at - 1]) != NULL)
		at--;
	return at == 0 || text.ptr[at - 1] == '\n' ||
	       (at >= 3 && anchor_has(text, at - 3, "■")) ||
	       (at >= 3 && anchor_has(text, at - 3, "　"));
}

/* *at: of what may be an anchor; moved to where the search goes on. */
static enum status
anchor_look(struct span text, size_t *at, enum words_text kind,
	    const struct words_taker *taker, struct err *err)
{
	struct words_folded folded;
	const struct anchor *anchor = NULL;
	struct span rest = { NULL, 0 };
	struct span head = { NULL, 0 };
	struct span before = { NULL, 0 };
	bool alone = false;
	bool counts = false;
	enum status st = ST_OK;

	(void)span_cut(text, *at, text.len_bytes - *at, &rest);
	head = rest;
	if (head.len_bytes > ANCHOR_HEAD_BYTES)
		head.len_bytes = ANCHOR_HEAD_BYTES;
	words_fold(head, &folded);
	anchor = anchor_match(&folded);
	if (anchor != NULL && anchor_begins(text, *at, anchor)) {
		alone = anchor_is_alone(text, *at, anchor, &folded);
		counts = alone || anchor_is_followed(anchor, &folded,
						     kind == WORDS_TEXT_NAMES);
	}
	if (counts) {
		words_fold(rest, &folded);
		const struct words_anchored anchored = {
			.raw = rest,
			.folded = &folded,
			.at = anchor->len_bytes,
			.kind = anchor->kind,
			.in_name = kind == WORDS_TEXT_NAMES,
			.alone = alone,
		};
		bool found = false;

		(void)span_cut(text, 0, *at, &before);
		if (anchor->kind == WORDS_ANCHOR_STRONG && !anchored.in_name)
			st = words_before_find(&anchored, before, taker, &found,
					       err);
		if (st == ST_OK && !found)
			st = words_value_find(&anchored, taker, err);
		*at += folded.from[anchor->len_bytes];
	} else {
		*at += 1;
	}
	explicit_bzero(&folded, sizeof(folded));
	return st;
}

enum status
words_anchor_find(struct span text, enum words_text kind,
		  const struct words_taker *taker, struct err *err)
{
	size_t at = anchor_next(text, 0);
	size_t looks = 0;
	enum status st = ST_OK;

	while (st == ST_OK && at < text.len_bytes && looks++ < ANCHOR_MOST) {
		st = anchor_look(text, &at, kind, taker, err);
		at = anchor_next(text, at);
	}
	return st;
}

bool
words_anchor_is_in(struct span text)
{
	bool found = false;
	size_t looks = 0;

	for (size_t at = anchor_next(text, 0);
	     at < text.len_bytes && !found && looks++ < ANCHOR_MOST;
	     at = anchor_next(text, at + 1)) {
		struct words_folded folded;
		struct span head = { NULL, 0 };
		const struct anchor *anchor = NULL;

		(void)span_cut(text, at, text.len_bytes - at, &head);
		if (head.len_bytes > ANCHOR_HEAD_BYTES)
			head.len_bytes = ANCHOR_HEAD_BYTES;
		words_fold(head, &folded);
		anchor = anchor_match(&folded);
		found = anchor != NULL && anchor->kind == WORDS_ANCHOR_STRONG &&
			anchor_begins(text, at, anchor);
		explicit_bzero(&folded, sizeof(folded));
	}
	return found;
}
