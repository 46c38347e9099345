#include "scanners/detect/lead_line.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/record.h"
#include "scanners/text/utf8.h"

enum {
	LINE_WORD = 3,        /* letters of a word for whose a number is */
	LINE_NAME_BYTES = 60, /* of a name with what is said of the person */
	LINE_NAME_LETTERS = 9 /* of one that ends in 様 */
};

/* Between a word and its number: marks, brackets, は and が. */
bool
lead_is_mark(uint32_t cp)
{
	static const uint32_t marks[] = { ':',    '=',    '(',    '[',
					  '<',    '#',    '.',    0x3008,
					  0x300C, 0x300E, 0x3010, 0x306F,
					  0x304C, 0x2192, '"',    '\'' };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (cp == marks[i])
			return true;
	return false;
}

static bool
line_is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* What a list or a quoted mail puts before its lines. */
bool
lead_is_bullet(uint32_t cp)
{
	return line_is_digit(cp) || cp == '*' || cp == '>' || cp == ')' ||
	       cp == 0x203B || (cp >= 0x2460 && cp <= 0x27BF) ||
	       fold_mark(cp) != FOLD_MARK_NONE;
}

/* A line in its words. */
struct line_words {
	uint32_t first[LINE_WORD];
	uint32_t last[2]; /* the last letter, the one before it */
	size_t count;     /* letters */
	bool time;        /* a time of day, as the lines of a chat have */
	size_t start_at;  /* of the first letter */
	size_t end_at;    /* of the words before a bracket */
};

/* Whose it is, or that it is the right one. */
static const uint32_t line_owners[][LINE_WORD] = {
	{ 0x672C, 0x4EBA },         /* 本人 */
	{ 0x59BB },                 /* 妻 */
	{ 0x592B },                 /* 夫 */
	{ 0x914D, 0x5076, 0x8005 }, /* 配偶者 */
	{ 0x5B50 },                 /* 子 */
	{ 0x9577, 0x7537 },         /* 長男 */
	{ 0x6B21, 0x7537 },         /* 次男 */
	{ 0x4E09, 0x7537 },         /* 三男 */
	{ 0x9577, 0x5973 },         /* 長女 */
	{ 0x6B21, 0x5973 },         /* 次女 */
	{ 0x4E09, 0x5973 },         /* 三女 */
	{ 0x7236 },                 /* 父 */
	{ 0x6BCD },                 /* 母 */
	{ 0x5144 },                 /* 兄 */
	{ 0x59C9 },                 /* 姉 */
	{ 0x5F1F },                 /* 弟 */
	{ 0x59B9 },                 /* 妹 */
	{ 0x79C1 },                 /* 私 */
	{ 0x81EA, 0x5206 },         /* 自分 */
	{ 0x6B63 },                 /* 正 */
	{ 0x8AA4 },                 /* 誤 */
	{ 0x65B0 },                 /* 新 */
	{ 0x65E7 },                 /* 旧 */
	{ 0x8A02, 0x6B63, 0x5F8C }, /* 訂正後 */
	{ 0x8A02, 0x6B63, 0x524D }, /* 訂正前 */
	/* Before an answer: */
	{ 'a' },
	{ 'a', 'n', 's' },
	{ 0x7B54 },         /* 答 */
	{ 0x56DE, 0x7B54 }, /* 回答 */
};

/* The next visible character, in ASCII width and small; 0 at the end. */
static uint32_t
line_next(struct span line, size_t *at)
{
	while (*at < line.len_bytes) {
		const uint32_t cp = fold_width(utf8_next(line, at));

		if (!fold_is_invisible(cp))
			return cp >= 'A' && cp <= 'Z' ? cp + 0x20 : cp;
	}
	return 0;
}

static void
line_add(struct line_words *words, uint32_t cp)
{
	if (words->count < LINE_WORD)
		words->first[words->count] = cp;
	words->count++;
	words->last[1] = words->last[0];
	words->last[0] = cp;
}

static void
line_read(struct span line, struct line_words *words)
{
	uint32_t before[2] = { 0, 0 };
	size_t at = 0;

	*words = (struct line_words){ .end_at = line.len_bytes };
	while (at < line.len_bytes) {
		const size_t start = at;
		const uint32_t cp = line_next(line, &at);
		const bool mark = lead_is_bullet(cp) || lead_is_mark(cp);

		words->time |= line_is_digit(cp) && before[0] == ':' &&
			       line_is_digit(before[1]);
		before[1] = before[0];
		before[0] = cp;
		if (words->count > 0 && words->end_at == line.len_bytes &&
		    (cp == '(' || cp == ':'))
			words->end_at = start;
		if (mark || cp <= ' ')
			continue;
		if (words->count == 0)
			words->start_at = start;
		line_add(words, cp);
	}
}

static bool
line_is_owner(const struct line_words *words)
{
	for (size_t i = 0; i < ARRAY_LEN(line_owners); i++)
		if (words->count <= LINE_WORD &&
		    memcmp(words->first, line_owners[i],
			   sizeof(words->first)) == 0)
			return true;
	return false;
}

/* 様 氏 殿 さん さま 先生 */
static bool
line_is_polite(const struct line_words *words)
{
	const uint32_t last = words->last[0];
	const uint32_t before = words->last[1];

	if (words->count < 2 || words->count > LINE_NAME_LETTERS)
		return false;
	return last == 0x69D8 || last == 0x6C0F || last == 0x6BBF ||
	       (before == 0x3055 && (last == 0x3093 || last == 0x307E)) ||
	       (before == 0x5148 && last == 0x751F);
}

/* "山田 太郎（営業部）" */
static bool
line_is_name(struct span line, const struct line_words *words)
{
	struct span name = { 0 };

	if (words->count == 0 ||
	    line.len_bytes - words->start_at > LINE_NAME_BYTES ||
	    !span_cut(line, words->start_at, words->end_at - words->start_at,
		      &name))
		return false;
	return record_is_name(name);
}

static bool
line_is_whose(struct span line, const struct line_words *words)
{
	return words->count > 0 &&
	       (words->time || line_is_owner(words) || line_is_polite(words) ||
		line_is_name(line, words));
}

bool
lead_line_leads(struct span line)
{
	struct line_words words;

	line_read(line, &words);
	return words.count > 0 && !line_is_whose(line, &words);
}

bool
lead_line_is_whose(struct span line)
{
	struct line_words words;

	line_read(line, &words);
	return line_is_whose(line, &words);
}

bool
lead_line_points_back(struct span line)
{
	/* 上 以 こ 前 今 右, arrows up and to the left */
	static const uint32_t marks[] = { 0x4E0A, 0x4EE5, 0x3053,
					  0x524D, 0x4ECA, 0x53F3,
					  0x2191, 0x2190, 0x21D1 };
	size_t at = 0;
	uint32_t cp = ' ';

	while (at < line.len_bytes && (lead_is_bullet(cp) || cp <= ' '))
		cp = line_next(line, &at);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (cp == marks[i])
			return true;
	return lead_is_bullet(cp) || lead_is_mark(cp) || cp <= ' ';
}
