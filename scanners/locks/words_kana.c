#include "scanners/locks/words_kana.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/words_give.h"

enum { KANA_LEAST_BYTES = 6, KANA_MOST_PLAIN_BYTES = 8 * 3 };

static bool
kana_has_one(struct span word, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memmem(word.ptr, word.len_bytes, parts[i],
			   strlen(parts[i])) != NULL)
			return true;
	return false;
}

static bool
kana_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "明日10時", "半角8文字": what counts something is no password. */
static bool
kana_counts(const struct words_cursor *cursor, size_t from, size_t to)
{
	static const char *const counters[] = { "年", "月", "日", "時", "分",
						"回", "桁", "字", "文", "番",
						"号", "件", "名", "社", "円",
						"個", "通", "点", "ヶ", "か",
						"カ", "つ", "階", "ペ", "%" };
	struct words_cursor walk = *cursor;

	for (walk.at = from + 1; walk.at < to; walk.at++)
		if (kana_is_digit(words_cursor_byte(&walk, walk.at - 1)) &&
		    words_cursor_has_one(&walk, counters, ARRAY_LEN(counters)) >
			    0)
			return true;
	return false;
}

static bool
kana_has_digit(struct span word)
{
	for (size_t i = 0; i < word.len_bytes; i++)
		if (kana_is_digit(word.ptr[i]))
			return true;
	return false;
}

/* Words that say where it is, what it is like, or whom to ask. */
static bool
kana_tells(struct span word)
{
	static const char *const parts[] = {
		"別",   "同",   "いつも", "通り", "とおり", "電話", "番号",
		"以下", "下記", "上記",   "前回", "先日",   "会社", "社名",
		"氏名", "名前", "日付",   "年月", "誕生",   "様",   "なし",
		"無",   "未",   "不要",   "必要", "郵送",   "口頭", "連絡",
		"送",   "案内", "設定",   "変更", "忘",     "再",   "発行",
		"管理", "会議", "認証",   "文字", "を",     "へ",   "ます",
		"です", "から", "まで",   "より", "として", "ない", "後",
		"（",   "(",    "／",     "…",    "～",     "桁",   "ませ",
	};

	return kana_has_one(word, parts, ARRAY_LEN(parts)) ||
	       words_cursor_is_remark(word);
}

/* What stands before it, without blanks, ends with one of parts. */
static bool
kana_follows(const struct words_cursor *cursor, size_t from,
	     const char *const *parts, size_t count)
{
	struct words_cursor walk = *cursor;

	while (from > 0 && words_cursor_byte(cursor, from - 1) == ' ')
		from--;
	for (size_t i = 0; i < count; i++) {
		const size_t len = strlen(parts[i]);

		walk.at = from >= len ? from - len : from;
		if (from >= len && words_cursor_has(&walk, parts[i]))
			return true;
	}
	return false;
}

bool
words_kana_is_sure(const struct words_cursor *cursor, size_t from, size_t to,
		   bool lone)
{
	static const char *const colons[] = { ":", "=" };
	static const char *const others[] = { ":", "=", "は", "が", "、",
					      "→", "⇒", "|",  "…" };
	const struct span word = words_cursor_piece(cursor, from, to);

	if (cursor->in->kind != WORDS_ANCHOR_STRONG || cursor->refused ||
	    word.len_bytes < KANA_LEAST_BYTES || kana_tells(word) ||
	    !words_cursor_tail(cursor, to))
		return false;
	if (kana_has_digit(word))
		return !kana_counts(cursor, from, to) &&
		       (lone ||
			kana_follows(cursor, from, others, ARRAY_LEN(others)));
	return !lone && !cursor->beyond &&
	       kana_follows(cursor, from, colons, ARRAY_LEN(colons)) &&
	       word.len_bytes <= KANA_MOST_PLAIN_BYTES &&
	       memchr(word.ptr, ' ', word.len_bytes) == NULL &&
	       words_cursor_byte(cursor, to) == '\n';
}
