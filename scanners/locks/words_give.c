#include "scanners/locks/words_give.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"

enum { GIVE_MOST_CUT = 4 };

enum {
	WORDS_KIND_DIGIT = 1,
	WORDS_KIND_SMALL = 2,
	WORDS_KIND_CAPITAL = 4,
	WORDS_KIND_MARK = 8,
	WORDS_KIND_OTHER = 16
};

static unsigned
give_kind(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return WORDS_KIND_DIGIT;
	if (c >= 'a' && c <= 'z')
		return WORDS_KIND_SMALL;
	if (c >= 'A' && c <= 'Z')
		return WORDS_KIND_CAPITAL;
	return c < 0x80 ? WORDS_KIND_MARK : WORDS_KIND_OTHER;
}

/* Small letters with capital ones behind them: names of products have one at
 * most (LibreOffice). */
static size_t
give_humps(struct span word)
{
	size_t humps = 0;

	for (size_t i = 1; i < word.len_bytes; i++)
		humps += give_kind(word.ptr[i - 1]) == WORDS_KIND_SMALL &&
			 give_kind(word.ptr[i]) == WORDS_KIND_CAPITAL;
	return humps;
}

bool
words_is_mixed(struct span word)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < word.len_bytes; i++)
		kinds |= give_kind(word.ptr[i]);
	if ((kinds & WORDS_KIND_DIGIT) != 0)
		return true;
	/* "Password" begins with a capital as words do. */
	if (kinds == (WORDS_KIND_SMALL | WORDS_KIND_CAPITAL))
		return (word.len_bytes > 1 &&
			give_kind(word.ptr[0]) == WORDS_KIND_SMALL) ||
		       give_humps(word) > 1;
	return (kinds & WORDS_KIND_MARK) != 0 &&
	       (kinds & (WORDS_KIND_SMALL | WORDS_KIND_CAPITAL)) != 0;
}

bool
words_is_strong(struct span word)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < word.len_bytes; i++)
		if (strchr("-_./'&,:;()", word.ptr[i]) == NULL)
			kinds |= give_kind(word.ptr[i]);
	return word.len_bytes >= WORDS_STRONG_BYTES &&
	       (kinds & (WORDS_KIND_SMALL | WORDS_KIND_CAPITAL)) != 0 &&
	       ((kinds & (WORDS_KIND_DIGIT | WORDS_KIND_MARK)) != 0 ||
		give_humps(word) > 1) &&
	       !words_is_reference(word);
}

bool
words_is_plausible(struct span word)
{
	bool differs = false;
	unsigned kinds = 0;

	for (size_t i = 0; i < word.len_bytes; i++) {
		kinds |= give_kind(word.ptr[i]);
		differs = differs || word.ptr[i] != word.ptr[0];
	}
	return kinds != WORDS_KIND_MARK && kinds != 0 &&
	       (differs || kinds == WORDS_KIND_DIGIT);
}

static bool
give_has(struct span word, const char *part)
{
	return memmem(word.ptr, word.len_bytes, part, strlen(part)) != NULL;
}

static bool
give_ends(struct span word, const char *end)
{
	const size_t len = strlen(end);
	struct span tail = { NULL, 0 };

	return word.len_bytes > len &&
	       span_cut(word, word.len_bytes - len, len, &tail) &&
	       span_equal_nocase(tail, span_of(end));
}

/* user@host.tld */
static bool
give_is_address(struct span word)
{
	const uint8_t *at = memchr(word.ptr, '@', word.len_bytes);
	const uint8_t *dot = memrchr(word.ptr, '.', word.len_bytes);

	if (at == NULL || dot == NULL || dot < at || at == word.ptr)
		return false;
	for (const uint8_t *c = dot + 1; c < word.ptr + word.len_bytes; c++)
		if (give_kind(*c) != WORDS_KIND_SMALL &&
		    give_kind(*c) != WORDS_KIND_CAPITAL)
			return false;
	return dot + 2 < word.ptr + word.len_bytes;
}

bool
words_is_reference(struct span word)
{
	static const char *const ends[] = {
		".zip",  ".7z",  ".rar",  ".lzh", ".pdf",  ".doc",
		".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".csv",
		".txt",  ".exe", ".jpg",  ".png", ".html", ".co.jp",
	};

	if (word.len_bytes == 0)
		return true;
	if (give_has(word, "://") || give_has(word, "www.") ||
	    give_is_address(word))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (give_ends(word, ends[i]))
			return true;
	return false;
}

bool
words_is_path(struct span word)
{
	size_t slashes = 0;
	size_t backs = 0;

	if (word.len_bytes < 3)
		return false;
	for (size_t i = 0; i < word.len_bytes; i++) {
		slashes += word.ptr[i] == '/';
		backs += word.ptr[i] == '\\';
	}
	return backs > 1 || (slashes > 1 && word.ptr[0] == '/') ||
	       (word.ptr[1] == ':' && word.ptr[2] == '\\');
}

bool
words_is_program(struct span word)
{
	static const char *const names[] = {
		"winrar",  "winzip", "lhaplus", "lhaca",       "explzh",
		"office",  "excel",  "word",    "libreoffice", "acrobat",
		"windows", "macos",  "7-zip",   "adobe"
	};

	while (word.len_bytes > 0 &&
	       (give_kind(word.ptr[word.len_bytes - 1]) == WORDS_KIND_DIGIT ||
		word.ptr[word.len_bytes - 1] == '.'))
		word.len_bytes--;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal_nocase(word, span_of(names[i])))
			return true;
	return false;
}

static bool
give_may_end_sentence(uint8_t c)
{
	return strchr(".,;:)]}>([{<'\"!?", (char)c) != NULL && c != '\0';
}

enum status
words_give(const struct words_taker *taker, struct span word, bool sure,
	   struct err *err)
{
	struct span bare = word;
	enum status st = ST_OK;

	while (bare.len_bytes > 0 &&
	       word.len_bytes - bare.len_bytes < GIVE_MOST_CUT &&
	       give_may_end_sentence(bare.ptr[bare.len_bytes - 1]))
		bare.len_bytes--;
	if (bare.len_bytes == 0)
		return ST_OK;
	/* "!" and "?" are liked in passwords; a full stop ends sentences. */
	if (bare.len_bytes < word.len_bytes &&
	    strchr("!?", (char)word.ptr[word.len_bytes - 1]) == NULL)
		st = taker->take(taker->context, bare, sure, err);
	for (size_t len = word.len_bytes; st == ST_OK && len >= bare.len_bytes;
	     len--)
		st = taker->take(taker->context, (struct span){ word.ptr, len },
				 sure, err);
	return st;
}
