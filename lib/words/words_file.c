#include "lib/words/words_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum { FILE_MAX_PATH_SHOWN = 90, FILE_MAX_WORD_SHOWN = 40 };

/* The items of a file, one after another. */
struct file_walk {
	const struct words_source *source;
	size_t at;
	unsigned line;
	struct span item;
};

enum status
words_refuse(const char *path, unsigned line, struct err *err, const char *fmt,
	     ...)
{
	const size_t len_bytes = strlen(path);
	char reason[sizeof(err->text)];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	/* A very long path must not push the reason out of the message. */
	if (len_bytes > FILE_MAX_PATH_SHOWN)
		return err_set(err, ST_FORMAT, "...%s:%u: %s",
			       path + (len_bytes - FILE_MAX_PATH_SHOWN), line,
			       reason);
	return err_set(err, ST_FORMAT, "%s:%u: %s", path, line, reason);
}

static bool
file_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* What is left of a line without its comment and blanks. */
static struct span
file_trim(struct span line)
{
	size_t from = 0;
	size_t to = 0;
	struct span item = { NULL, 0 };

	while (to < line.len_bytes &&
	       !(line.ptr[to] == '#' &&
		 (to == 0 || file_is_blank(line.ptr[to - 1]))))
		to++;
	while (from < to && file_is_blank(line.ptr[from]))
		from++;
	while (to > from && file_is_blank(line.ptr[to - 1]))
		to--;
	(void)span_cut(line, from, to - from, &item);
	return item;
}

static enum status
file_begin(const struct words_source *source, struct file_walk *walk,
	   struct err *err)
{
	static const uint8_t mark[] = { 0xEF, 0xBB, 0xBF };
	const struct span text = source->text;
	unsigned line = 1;

	*walk = (struct file_walk){ .source = source };
	/* Editors of another system begin a file with it. */
	if (text.len_bytes >= sizeof(mark) &&
	    memcmp(text.ptr, mark, sizeof(mark)) == 0)
		walk->at = sizeof(mark);
	if (!parse_is_utf8(text))
		return words_refuse(source->path, 1, err,
				    "is not UTF-8; save it as UTF-8");
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		const bool ends = c == '\r' && i + 1 < text.len_bytes &&
				  text.ptr[i + 1] == '\n';

		line += c == '\n';
		if ((c < ' ' && c != '\t' && c != '\n' && !ends) || c == 0x7F)
			return words_refuse(source->path, line, err,
					    "control character %u; take it out",
					    (unsigned)c);
	}
	return ST_OK;
}

/* The next item; false at the end of the file. */
static bool
file_next(struct file_walk *walk)
{
	const struct span text = walk->source->text;

	while (walk->at < text.len_bytes) {
		const uint8_t *end = memchr(text.ptr + walk->at, '\n',
					    text.len_bytes - walk->at);
		const size_t to =
			end != NULL ? (size_t)(end - text.ptr) : text.len_bytes;
		size_t len_bytes = to - walk->at;
		struct span line = { NULL, 0 };

		if (len_bytes > 0 && text.ptr[to - 1] == '\r')
			len_bytes--;
		(void)span_cut(text, walk->at, len_bytes, &line);
		walk->at = to + 1;
		walk->line++;
		walk->item = file_trim(line);
		if (walk->item.len_bytes > 0)
			return true;
	}
	return false;
}

/* --- lists of words ---------------------------------------------------- */

/* Why this is no word; NULL: it is one. */
static const char *
file_word_fault(struct span word)
{
	size_t letters = 0;
	size_t ascii = 0;
	bool wide = false;

	for (size_t i = 0; i < word.len_bytes; i++) {
		const uint8_t c = word.ptr[i];

		letters += (c & 0xC0) != 0x80;
		wide |= c >= 0x80;
		ascii += (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			 (c >= 'a' && c <= 'z');
	}
	if (word.len_bytes > 0 && (word.ptr[0] == '!' || word.ptr[0] == '='))
		return "only one mark, ! or =, stands before a word";
	if (ascii == 0 && !wide)
		return "no letter in it; write a word";
	if (ascii == 1 && letters == 1)
		return "one letter stands in every text; write a longer word";
	if (word.len_bytes > WORDS_MAX_WORD_BYTES ||
	    letters > WORDS_MAX_WORD_LETTERS)
		return "is too long (40 characters at most)";
	return NULL;
}

static enum status
file_refuse_word(const struct file_walk *walk, const char *fault,
		 struct err *err)
{
	size_t shown = walk->item.len_bytes;

	if (shown > FILE_MAX_WORD_SHOWN) {
		shown = FILE_MAX_WORD_SHOWN;
		while (shown > 0 && (walk->item.ptr[shown] & 0xC0) == 0x80)
			shown--;
	}
	return words_refuse(walk->source->path, walk->line, err, "\"%.*s\": %s",
			    (int)shown, (const char *)walk->item.ptr, fault);
}

/* Does the word stand among those of this file already? */
static bool
file_is_repeated(const struct words *words, size_t first, struct span word)
{
	for (size_t i = first; i < words->entry_count; i++) {
		const char *text = words->entries[i].text;

		if (strncmp(text, (const char *)word.ptr, word.len_bytes) ==
			    0 &&
		    text[word.len_bytes] == '\0')
			return true;
	}
	return false;
}

enum status
words_parse_list(const struct words_source *source, enum label_kind kind,
		 struct words *words, struct err *err)
{
	const size_t first = words->entry_count;
	struct file_walk walk;
	enum status st = file_begin(source, &walk, err);

	while (st == ST_OK && file_next(&walk)) {
		struct words_entry entry = { kind, LABEL_ANYWHERE, NULL };
		struct span word = walk.item;

		if (word.ptr[0] == '!')
			entry.kind = LABEL_WEAK;
		if (word.ptr[0] == '=')
			entry.place = LABEL_TOUCHING;
		if (word.ptr[0] == '!' || word.ptr[0] == '=')
			(void)span_cut(word, 1, word.len_bytes - 1, &word);
		const char *fault = file_word_fault(word);

		if (fault == NULL && file_is_repeated(words, first, word))
			fault = "stands in this file already; take one out";
		if (fault != NULL)
			return file_refuse_word(&walk, fault, err);
		st = words_add_entry(words, &entry, word, err);
	}
	return st;
}

/* --- weights ----------------------------------------------------------- */

/* "+10", "-3", "0" */
static bool
file_parse_weight(struct span text, int64_t *weight_out)
{
	const bool sign = text.len_bytes > 0 &&
			  (text.ptr[0] == '+' || text.ptr[0] == '-');
	struct span digits = text;
	uint64_t value = 0;

	if (sign)
		(void)span_cut(text, 1, text.len_bytes - 1, &digits);
	if (!parse_u64(digits, WORDS_MOST_WEIGHT_DB, &value))
		return false;
	*weight_out =
		sign && text.ptr[0] == '-' ? -(int64_t)value : (int64_t)value;
	return true;
}

/* One line "name weight" into words. */
static enum status
file_take_weight(const struct file_walk *walk, bool seen[EVIDENCE_END],
		 struct words *words, struct err *err)
{
	const struct span item = walk->item;
	struct span name = { NULL, 0 };
	struct span number = { NULL, 0 };
	size_t at = 0;
	int64_t weight_db = 0;

	while (at < item.len_bytes && !file_is_blank(item.ptr[at]))
		at++;
	(void)span_cut(item, 0, at, &name);
	while (at < item.len_bytes && file_is_blank(item.ptr[at]))
		at++;
	(void)span_cut(item, at, item.len_bytes - at, &number);
	const enum evidence evidence = evidence_find(name);

	if (evidence == EVIDENCE_NONE)
		return file_refuse_word(walk,
					"no evidence has this name; "
					"sekimori.words(5) lists them",
					err);
	if (seen[evidence])
		return file_refuse_word(
			walk, "stands in this file already; take one out", err);
	if (!file_parse_weight(number, &weight_db))
		return file_refuse_word(
			walk, "write a whole number from -100 to +100", err);
	seen[evidence] = true;
	words->weights_db[evidence] = weight_db;
	return ST_OK;
}

/* What is likelier must not weigh less. */
static enum status
file_check_order(const struct words_source *source, const struct words *words,
		 struct err *err)
{
	static const enum evidence falling[][2] = {
		{ EVIDENCE_CHECK_VALID, EVIDENCE_CHECK_INVALID },
		{ EVIDENCE_LABEL_ADJACENT, EVIDENCE_LABEL_LINE },
		{ EVIDENCE_LABEL_LINE, EVIDENCE_LABEL_PAGE },
		{ EVIDENCE_LABEL_PAGE, EVIDENCE_LABEL_MESSAGE },
		{ EVIDENCE_LABEL_ANSWER, EVIDENCE_LABEL_MESSAGE },
		{ EVIDENCE_LABEL_MESSAGE, EVIDENCE_LABEL_ABSENT },
	};

	for (size_t i = 0; i < ARRAY_LEN(falling); i++) {
		if (words->weights_db[falling[i][0]] >=
		    words->weights_db[falling[i][1]])
			continue;
		return words_refuse(source->path, 1, err,
				    "%s must not weigh less than %s",
				    evidence_name(falling[i][0]),
				    evidence_name(falling[i][1]));
	}
	return ST_OK;
}

enum status
words_parse_weights(const struct words_source *source, bool whole,
		    struct words *words, struct err *err)
{
	bool seen[EVIDENCE_END] = { false };
	struct file_walk walk;
	enum status st = file_begin(source, &walk, err);

	while (st == ST_OK && file_next(&walk))
		st = file_take_weight(&walk, seen, words, err);
	for (unsigned i = EVIDENCE_NONE + 1;
	     st == ST_OK && whole && i < EVIDENCE_END; i++)
		if (!seen[i])
			return words_refuse(
				source->path, walk.line, err,
				"%s is missing; add it, or keep only your own "
				"weights, in weights.add.conf",
				evidence_name((enum evidence)i));
	return st == ST_OK ? file_check_order(source, words, err) : st;
}

/* --- samples ----------------------------------------------------------- */

enum status
words_parse_samples(const struct words_source *source, uint64_t number,
		    bool *known_out, struct err *err)
{
	struct file_walk walk;
	bool known = false;
	enum status st = file_begin(source, &walk, err);

	while (st == ST_OK && file_next(&walk)) {
		uint64_t value = 0;

		if (walk.item.len_bytes != 12 ||
		    !parse_u64(walk.item, UINT64_MAX, &value))
			return file_refuse_word(&walk, "write twelve digits",
						err);
		known = known || value == number;
	}
	if (st == ST_OK)
		*known_out = known;
	return st;
}
