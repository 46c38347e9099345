#include "scanners/locks/words_anchor.h"

#include <string.h>

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

#include "lib/base/attr.h"
#include "scanners/locks/words_before.h"
#include "scanners/locks/words_give.h"
#include "scanners/locks/words_table.h"
#include "scanners/locks/words_value.h"

/* A text has a few; one that has more was made to keep us busy. */
enum { ANCHOR_MOST = 200, ANCHOR_HEAD_BYTES = 64, ANCHOR_ADDRESS_BYTES = 300 };

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
	ANCHOR_CLASS_VERB,  /* open, unzip */
	ANCHOR_CLASS_KANA,
	ANCHOR_CLASS_WIDE,
	ANCHOR_CLASS_KANJI
};

/* By the first byte of an anchor, however wide it is written. */
static const uint8_t anchor_classes[256] = {
	['p'] = ANCHOR_CLASS_ASCII,  ['P'] = ANCHOR_CLASS_ASCII,
	['o'] = ANCHOR_CLASS_VERB,   ['O'] = ANCHOR_CLASS_VERB,
	['u'] = ANCHOR_CLASS_VERB,   ['U'] = ANCHOR_CLASS_VERB,
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
	static const char *const ascii[] = { "pas", "pw",  "p/w",   "p.w",
					     "psw", "pin", "p\xEF", "p a" };
	static const char *const verbs[] = { "open", "unzip", "unlock" };
	/* The second with its mark apart. */
	static const char *const kana[] = { "パス",   "ハ\xE3\x82\x9Aス",
					    "パ ",    "パ　",
					    "ぱす",   "あいこ",
					    "ロック", "キーワ" };
	static const char *const wide[] = { "ﾊﾟ", "Ｐ", "ｐ" };
	static const char *const kanji[] = { "暗証", "暗号",   "解凍", "解除",
					     "復号", "展開",   "開封", "閲覧",
					     "合言", "合い言", "開く", "開け",
					     "鍵",   "密码",   "密碼", "비밀",
					     "암호" };

	switch (anchor_classes[text.ptr[at]]) {
	case ANCHOR_CLASS_ASCII:
		return (at == 0 || !anchor_is_word(text.ptr[at - 1])) &&
		       anchor_has_one(text, at, ascii, ARRAY_LEN(ascii));
	case ANCHOR_CLASS_VERB:
		return (at == 0 || !anchor_is_word(text.ptr[at - 1])) &&
		       anchor_has_one(text, at, verbs, ARRAY_LEN(verbs));
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

/* The first two bytes of all anchors in kanji and hangul. */
#define ANCHOR_PAIRS(PAIR) \
	PAIR(0xE5, 0x90)   \
	PAIR(0xE5, 0xAF)   \
	PAIR(0xE5, 0xB1)   \
	PAIR(0xE5, 0xBE)   \
	PAIR(0xE6, 0x9A)   \
	PAIR(0xE8, 0xA7)   \
	PAIR(0xE9, 0x8D)   \
	PAIR(0xE9, 0x96)   \
	PAIR(0xEB, 0xB9)   \
	PAIR(0xEC, 0x95)

/* Do two bytes begin any anchor? Most text is told apart by that. */
static bool
anchor_is_pair(uint8_t first, uint8_t second)
{
#define PAIR(a, b) || (first == (a) && second == (b))
	switch (anchor_classes[first]) {
	case ANCHOR_CLASS_ASCII:
		return (second | 0x20) == 'a' || (second | 0x20) == 'w' ||
		       (second | 0x20) == 's' || (second | 0x20) == 'i' ||
		       second == '/' || second == '.' || second == ' ' ||
		       second == 0xEF;
	case ANCHOR_CLASS_VERB:
		return (second | 0x20) == ((first | 0x20) == 'o' ? 'p' : 'n');
	case ANCHOR_CLASS_KANA:
		return second >= 0x81 && second <= 0x83;
	case ANCHOR_CLASS_WIDE:
		return second >= 0xBC && second <= 0xBE;
	case ANCHOR_CLASS_KANJI:
		return false ANCHOR_PAIRS(PAIR);
	default:
		return false;
	}
#undef PAIR
}

#ifdef __SSE2__
static inline __m128i
anchor_equal(__m128i bytes, uint8_t byte)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

/* Two letters of any case; small: the first ones, small. */
static inline __m128i
anchor_pair(__m128i small, __m128i second, uint8_t a, uint8_t b)
{
	return _mm_and_si128(
		anchor_equal(small, a),
		anchor_equal(_mm_or_si128(second, _mm_set1_epi8(0x20)), b));
}

/* Bit i: at bytes[i] an anchor may begin; of sixteen, with two more behind. As
 * anchor_is_pair(), but of kana, which are frequent, three bytes count. */
static inline unsigned
anchor_look_at_block(const uint8_t *bytes)
{
#	define PAIR(a, b)                                                 \
		found = _mm_or_si128(found,                                \
				     _mm_and_si128(anchor_equal(first, a), \
						   anchor_equal(second, b)));
	const __m128i first = _mm_loadu_si128((const void *)bytes);
	const __m128i second = _mm_loadu_si128((const void *)(bytes + 1));
	const __m128i third = _mm_loadu_si128((const void *)(bytes + 2));
	const __m128i small = _mm_or_si128(first, _mm_set1_epi8(0x20));
	/* Of ハ, パ and ロ; of ぱ and あ; of キ. */
	const __m128i wide =
		_mm_or_si128(_mm_or_si128(anchor_equal(third, 0x8F),
					  anchor_equal(third, 0x91)),
			     anchor_equal(third, 0xAD));
	const __m128i round = _mm_or_si128(anchor_equal(third, 0x82),
					   anchor_equal(third, 0xB1));
	const __m128i ki = _mm_and_si128(anchor_equal(third, 0xAD),
					 anchor_equal(second, 0x82));
	const __m128i kana = _mm_or_si128(
		ki,
		_mm_or_si128(_mm_and_si128(wide, anchor_equal(second, 0x83)),
			     _mm_and_si128(round, anchor_equal(second, 0x81))));
	__m128i found = _mm_and_si128(kana, anchor_equal(first, 0xE3));

	ANCHOR_PAIRS(PAIR)
	found = _mm_or_si128(found, anchor_equal(first, 0xEF));
	found = _mm_or_si128(found, anchor_equal(small, 'p'));
	/* "op", "un". */
	found = _mm_or_si128(
		found, _mm_or_si128(anchor_pair(small, second, 'o', 'p'),
				    anchor_pair(small, second, 'u', 'n')));
	return (unsigned)_mm_movemask_epi8(found);
#	undef PAIR
}

#endif

static bool
anchor_is_here(struct span text, size_t at)
{
	return anchor_classes[text.ptr[at]] != ANCHOR_CLASS_NONE &&
	       anchor_is_pair(text.ptr[at], text.ptr[at + 1]) &&
	       anchor_may_begin(text, at);
}

/* The next place where an anchor may begin; the end when there is none. */
static size_t
anchor_next(struct span text, size_t at)
{
	if (at >= text.len_bytes)
		return text.len_bytes;
#ifdef __SSE2__
	for (; text.len_bytes - at >= sizeof(__m128i) + 2;
	     at += sizeof(__m128i)) {
		unsigned found = anchor_look_at_block(text.ptr + at);

		for (; found != 0; found &= found - 1)
			if (anchor_is_here(text,
					   at + (size_t)__builtin_ctz(found)))
				return at + (size_t)__builtin_ctz(found);
	}
#endif
	for (; at + 1 < text.len_bytes; at++)
		if (anchor_is_here(text, at))
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
	static const char *const marks[] = {
		":", "=",  "→",  "⇒",  "は", "「", "『", "【",    "】",
		"[", "]",  "(",  ")",  "<",  ">",  "|",  "/",     "-",
		"*", "\"", "」", "＞", "…",  "が", "、", "ですが"
	};
	const struct span text = { folded->text, folded->len_bytes };
	size_t at = anchor->len_bytes;

	if (anchor->kind != WORDS_ANCHOR_WEAK || in_name)
		return true;
	while (at < text.len_bytes && text.ptr[at] == ' ')
		at++;
	return at < text.len_bytes && !anchor_is_word(text.ptr[at]) &&
	       anchor_has_one(text, at, marks, ARRAY_LEN(marks));
}

static const struct anchor *
anchor_match(const struct words_folded *folded)
{
	if (folded->len_bytes < 2)
		return NULL;
	const char first = (char)anchor_small(folded->text[0]);
	const char second = (char)anchor_small(folded->text[1]);

	for (size_t i = 0; i < ARRAY_LEN(anchors); i++) {
		const struct anchor *anchor = &anchors[i];
		size_t same = 2;

		if (anchor->text[0] != first || anchor->text[1] != second ||
		    anchor->len_bytes > folded->len_bytes)
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

/* Does it stand in the address of a page, as in "https://…?pwd="? */
static bool
anchor_is_in_address(struct span text, size_t at)
{
	const size_t end = at;
	struct span before = { NULL, 0 };

	while (at > 0 && end - at < ANCHOR_ADDRESS_BYTES &&
	       words_is_printed(text.ptr[at - 1]))
		at--;
	return span_cut(text, at, end - at, &before) && before.len_bytes > 3 &&
	       memmem(before.ptr, before.len_bytes, "://", 3) != NULL;
}

/* A keyword is one for a search, but that of a file: "zipのキーワード". */
static bool
anchor_is_of_file(struct span text, size_t at)
{
	static const char *const files[] = {
		"ファイル", "フォルダ", "フォルダー", "zip",  "解凍", "開封",
		"閲覧",     "復号",     "添付",       "解除", "展開"
	};
	static const char *const joints[] = { "", "の", "用", "用の" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		for (size_t j = 0; j < ARRAY_LEN(joints); j++) {
			const size_t file = strlen(files[i]);
			const size_t joint = strlen(joints[j]);

			if (at >= file + joint &&
			    anchor_has(text, at - joint, joints[j]) &&
			    anchor_has(text, at - joint - file, files[i]))
				return true;
		}
	return false;
}

/* What stands before makes another word of it: bypass, キャンパス, ブロック. */
static bool
anchor_begins(struct span text, size_t at, const struct anchor *anchor)
{
	if (memcmp(anchor->text, "キ", 3) == 0)
		return anchor_is_of_file(text, at);
	if (at == 0)
		return true;
	if (anchor_is_ascii(anchor))
		return !anchor_is_word(text.ptr[at - 1]) &&
		       !anchor_is_in_address(text, at);
	if (at < 3 || (anchor->kind != WORDS_ANCHOR_WEAK &&
		       memcmp(anchor->text, "ロ", 3) != 0))
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

/* As much of text as an anchor and the mark or line end behind it take. */
static struct span
anchor_head(struct span text)
{
	const uint8_t *end = NULL;

	if (text.len_bytes > ANCHOR_HEAD_BYTES)
		text.len_bytes = ANCHOR_HEAD_BYTES;
	if (text.len_bytes > 0)
		end = memchr(text.ptr, '\n', text.len_bytes);
	if (end != NULL)
		text.len_bytes = (size_t)(end - text.ptr) + 1;
	return text;
}

/* *at: of what may be an anchor; moved to where the search goes on. */
static enum status
anchor_look(struct span text, size_t *at, enum words_text kind,
	    const struct words_taker *taker, struct err *err)
{
	struct words_folded folded;
	const struct anchor *anchor = NULL;
	struct span rest = { NULL, 0 };
	struct span before = { NULL, 0 };
	bool alone = false;
	bool counts = false;
	bool in_table = false;
	enum status st = ST_OK;

	(void)span_cut(text, *at, text.len_bytes - *at, &rest);
	words_fold(anchor_head(rest), &folded);
	anchor = anchor_match(&folded);
	if (anchor != NULL && anchor_begins(text, *at, anchor)) {
		alone = anchor_is_alone(text, *at, anchor, &folded);
		counts = alone || anchor_is_followed(anchor, &folded,
						     kind == WORDS_TEXT_NAMES);
	}
	if (anchor != NULL && kind == WORDS_TEXT_LINES &&
	    anchor->kind != WORDS_ANCHOR_OPEN &&
	    anchor_begins(text, *at, anchor))
		st = words_table_find(text, *at,
				      *at + folded.from[anchor->len_bytes],
				      taker, &in_table, err);
	if (in_table || st != ST_OK) {
		*at += folded.from[anchor->len_bytes];
	} else if (counts) {
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
	explicit_bzero(folded.text, folded.len_bytes);
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
		words_fold(anchor_head(head), &folded);
		anchor = anchor_match(&folded);
		found = anchor != NULL && anchor->kind == WORDS_ANCHOR_STRONG &&
			anchor_begins(text, at, anchor);
		explicit_bzero(folded.text, folded.len_bytes);
	}
	return found;
}
