#include "scanners/locks/words_cursor.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/words_give.h"

enum { CURSOR_QUOTED_BYTES = 80 };

bool
words_cursor_has(const struct words_cursor *cursor, const char *part)
{
	const size_t len = strlen(part);

	return cursor->at + len <= cursor->text.len_bytes &&
	       memcmp(cursor->text.ptr + cursor->at, part, len) == 0;
}

/* The length of the first of parts that stands here, or 0. */
size_t
words_cursor_has_one(const struct words_cursor *cursor,
		     const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words_cursor_has(cursor, parts[i]))
			return strlen(parts[i]);
	return 0;
}

uint8_t
words_cursor_byte(const struct words_cursor *cursor, size_t at)
{
	return at < cursor->text.len_bytes ? cursor->text.ptr[at] : '\n';
}

struct span
words_cursor_piece(const struct words_cursor *cursor, size_t from, size_t to)
{
	struct span piece = { NULL, 0 };

	if (to > from)
		(void)span_cut(cursor->text, from, to - from, &piece);
	return piece;
}

/* The same as it is written. */
static struct span
cursor_raw(const struct words_cursor *cursor, size_t from, size_t to)
{
	const size_t first = cursor->in->folded->from[from];
	const size_t last = cursor->in->folded->from[to];
	struct span piece = { NULL, 0 };

	if (last > first)
		(void)span_cut(cursor->in->raw, first, last - first, &piece);
	return piece;
}

/* ASCII as far as it is written so: what follows may be full-width. Not the
 * first of several words. */
static struct span
cursor_narrow(struct span raw)
{
	size_t len = 0;

	while (len < raw.len_bytes && words_is_printed(raw.ptr[len]))
		len++;
	if (len == raw.len_bytes || raw.ptr[len] >= 0x80)
		raw.len_bytes = len;
	return raw;
}

/* A piece of the folded text, in all its forms. */
enum status
words_cursor_give(struct words_cursor *cursor, size_t from, size_t to,
		  bool sure, struct err *err)
{
	const struct span folded = words_cursor_piece(cursor, from, to);
	const struct span raw = cursor_raw(cursor, from, to);
	const struct span narrow = cursor_narrow(raw);
	enum status st = ST_OK;

	sure = sure && folded.len_bytes >= WORDS_LEAST_BYTES &&
	       folded.len_bytes <= WORDS_MOST_BYTES &&
	       words_is_plausible(folded) && !words_is_reference(folded) &&
	       !words_is_path(folded);
	if (narrow.len_bytes >= WORDS_LEAST_BYTES &&
	    narrow.len_bytes < raw.len_bytes)
		st = words_give(cursor->taker, narrow, sure, err);
	if (st == ST_OK && folded.len_bytes > 0)
		st = words_give(cursor->taker, folded, sure, err);
	if (st == ST_OK && !span_equal(folded, raw) && raw.len_bytes > 0)
		st = words_give(cursor->taker, raw, sure, err);
	cursor->took = true;
	return st;
}

/* ---- brackets ---- */

static const struct {
	const char *open;
	const char *close;
} cursor_brackets[] = {
	{ "「", "」" }, { "『", "』" }, { "【", "】" }, { "［", "］" },
	{ "〈", "〉" }, { "《", "》" }, { "〔", "〕" }, { "“", "”" },
	{ "‘", "’" },   { "\"", "\"" }, { "[", "]" },   { "<", ">" },
	{ "(", ")" },   { "`", "`" },   { "'", "'" },   { "{", "}" },
	{ "**", "**" },
};

/* Words of a remark, not of a password. */
bool
words_cursor_is_remark(struct span inner)
{
	static const char *const words[] = {
		"です",  "ます",   "ください", "下さい",  "半角",    "全角",
		"英数",  "桁",     "大文字",   "小文字",  "別途",    "別送",
		"なし",  "無し",   "ファイル", "参照",    "共通",    "入力",
		"数字",  "受信日", "送信日",   "解凍",    "開封",    "添付",
		"case ", "half-w", "digits",   "letters", "same as",
	};

	for (size_t i = 0; inner.len_bytes > 0 && i < ARRAY_LEN(words); i++)
		if (memmem(inner.ptr, inner.len_bytes, words[i],
			   strlen(words[i])) != NULL)
			return true;
	return false;
}

/* Where the bracket that opens at cursor->at ends: *from, *to of what is in
 * it, *behind of the rest. */
bool
words_cursor_bracket(const struct words_cursor *cursor, size_t *from,
		     size_t *to, size_t *behind)
{
	for (size_t i = 0; i < ARRAY_LEN(cursor_brackets); i++) {
		const size_t open = strlen(cursor_brackets[i].open);
		const char *close = cursor_brackets[i].close;

		if (!words_cursor_has(cursor, cursor_brackets[i].open))
			continue;
		for (size_t at = cursor->at + open;
		     words_cursor_byte(cursor, at) != '\n' &&
		     at < cursor->at + open + CURSOR_QUOTED_BYTES;
		     at++) {
			if (at + strlen(close) > cursor->text.len_bytes ||
			    memcmp(cursor->text.ptr + at, close,
				   strlen(close)) != 0)
				continue;
			*from = cursor->at + open;
			*to = at;
			*behind = at + strlen(close);
			return *to > *from;
		}
	}
	return false;
}

void
words_cursor_trim(const struct words_cursor *cursor, size_t *from, size_t *to)
{
	while (*from < *to && words_cursor_byte(cursor, *from) == ' ')
		++*from;
	while (*to > *from && words_cursor_byte(cursor, *to - 1) == ' ')
		--*to;
}

bool
words_cursor_tail(const struct words_cursor *cursor, size_t at)
{
	static const char *const tails[] = {
		"\n",     "です",   "でござ", "でお願", "でよろ", "で解",
		"で開",   "となり", "となっ", "になり", "になっ", "にて",
		"に設定", "にし",   "と入",   "を入",   "を使",   "をお使",
		"をご",   "として", "としま", "とし",   "。",     "、",
		"」",     "』",     "】",     ")",      "※",      "(",
		".",      ",",      ";",      "for ",   "to ",    "as ",
	};
	struct words_cursor walk = *cursor;

	walk.at = at;
	while (words_cursor_byte(&walk, walk.at) == ' ')
		walk.at++;
	return walk.at >= walk.text.len_bytes ||
	       words_cursor_has_one(&walk, tails, ARRAY_LEN(tails)) > 0;
}

/* A word without what ends a part of a sentence. */
struct span
words_cursor_bare(struct span word)
{
	while (word.len_bytes > 1 &&
	       strchr(".,;:", word.ptr[word.len_bytes - 1]) != NULL)
		word.len_bytes--;
	return word;
}

/* ---- lines ---- */

/* A quote mark, a bullet, a rule. */
bool
words_cursor_ornament(const struct words_cursor *cursor, size_t *len)
{
	static const char *const marks[] = {
		">",  "|", "■", "□", "●",  "○", "◆", "◇", "・", "※", "▼",
		"▽",  "★", "☆", "►", "▶",  "→", "⇒", "━", "─",  "―", "—",
		"＿", "◎", "⇩", "↓", "：", ":", "–", "‐", "═",  "┃", "│",
	};
	const uint8_t c = words_cursor_byte(cursor, cursor->at);
	const uint8_t next = words_cursor_byte(cursor, cursor->at + 1);

	*len = words_cursor_has_one(cursor, marks, ARRAY_LEN(marks));
	if (*len > 0)
		return true;
	*len = 1;
	return c == ' ' || ((c == '-' || c == '=' || c == '*' || c == '_' ||
			     c == '#' || c == '~') &&
			    (next == c || next == ' ' || next == '\n'));
}

/* What is left of a line without "です。". */
size_t
words_cursor_line_end(const struct words_cursor *cursor)
{
	static const char *const tails[] = { "です",       "になります",
					     "となります", "でございます",
					     "。",         "」" };
	struct words_cursor walk = *cursor;

	while (words_cursor_byte(&walk, walk.at) != '\n' &&
	       words_cursor_has_one(&walk, tails, ARRAY_LEN(tails)) == 0)
		walk.at++;
	return walk.at;
}

/* ---- words ---- */

bool
words_cursor_is_phrase(const struct words_cursor *cursor)
{
	static const char *const phrases[] = { "パスフレーズ", "passphrase",
					       "pass phrase" };
	const struct span anchor = { cursor->text.ptr, cursor->in->at };

	return !cursor->topic &&
	       words_cursor_is_one_of(anchor, phrases, ARRAY_LEN(phrases));
}

bool
words_cursor_points(const struct words_cursor *cursor)
{
	static const char *const words[] = { "以下",   "下記",       "次の",
					     "こちら", "下のとおり", "後述",
					     "記載" };

	return words_cursor_has_one(cursor, words, ARRAY_LEN(words)) > 0;
}

bool
words_cursor_refuses(const struct words_cursor *cursor)
{
	static const char *const words[] = {
		"別途",     "別メール", "別便",   "別送",   "後ほど",
		"のちほど", "後送",     "追って", "改めて", "忘れ",
		"再設定",   "再発行",   "お問い", "変更",   "不要",
		"有効期限", "期限",     "付き",   "付の",   "保護",
		"ポリシ",   "管理",     "認証",
	};

	return words_cursor_has_one(cursor, words, ARRAY_LEN(words)) > 0;
}

bool
words_cursor_is_one_of(struct span word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(word, span_of(words[i])))
			return true;
	return false;
}

/* Words between "password" and the password. */
bool
words_cursor_is_filler(struct span word)
{
	static const char *const words[] = {
		"is",        "was",       "are",        "for",     "the",
		"to",        "of",        "a",          "an",      "as",
		"your",      "our",       "this",       "that",    "these",
		"below",     "follows",   "following",  "file",    "files",
		"zip",       "attached",  "attachment", "archive", "document",
		"documents", "open",      "unzip",      "unlock",  "extract",
		"decrypt",   "encrypted", "in",         "will",    "be",
		"use",       "has",       "been",       "set",     "it",
		"you",       "need",      "please",     "find",    "here",
		"which",     "my",        "data",       "opening",
	};

	return words_cursor_is_one_of(words_cursor_bare(word), words,
				      ARRAY_LEN(words));
}
