#include "scanners/detect/labels.h"

#include <pthread.h>

#include "lib/base/parse.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum {
	LABELS_BUCKETS = 1024,
	LABELS_PLANE = 0x10000, /* no label has a character beyond */
	LABELS_MAX_LETTERS = 32,
	LABELS_MAX_SPREAD_BYTES = 256 /* of a word in a text, gaps included */
};

static const struct {
	enum label_kind kind;
	enum label_place place;
	const char *text;
} label_words[] = {
#include "scanners/detect/words_table.h"
};

/* A word as letters, in a list of those that start alike. */
struct labels_word {
	uint32_t letters[LABELS_MAX_LETTERS];
	size_t count;
	uint16_t next; /* index + 1; 0: the last */
};

struct labels {
	/* Characters that, folded, start a word; a bit for each. */
	uint8_t starts[LABELS_PLANE / 8];
	uint16_t buckets[LABELS_BUCKETS];
	struct labels_word words[ARRAY_LEN(label_words)];
};

static size_t
labels_bucket(uint32_t letter)
{
	return (letter ^ letter >> 10) % LABELS_BUCKETS;
}

static void
labels_mark(struct labels *labels, uint32_t cp)
{
	if (cp < LABELS_PLANE)
		labels->starts[cp / 8] |= (uint8_t)(1U << cp % 8);
}

static bool
labels_may_start(const struct labels *labels, uint32_t cp)
{
	return (labels->starts[cp / 8] >> cp % 8 & 1) != 0;
}

/* Mark cp when it, followed by mark (0: by nothing), folds to the start of a
 * word. */
static void
labels_mark_if_start(struct labels *labels, uint32_t cp, uint32_t mark)
{
	uint8_t bytes[2 * UTF8_MAX_BYTES];
	size_t len = utf8_encode(cp, bytes);
	size_t at = 0;
	size_t start = 0;
	uint32_t letter = 0;

	if (mark != 0)
		len += utf8_encode(mark, bytes + len);
	letter = fold_letter_next((struct span){ bytes, len }, &at, &start);
	if (letter != 0 && start == 0 && letter < LABELS_PLANE &&
	    labels_may_start(labels, letter))
		labels_mark(labels, cp);
}

/* All characters that fold to a letter; those of kana also without the mark
 * that would be composed with them. Asks the folding itself, over the blocks
 * in which such characters are. */
static void
labels_mark_starts(struct labels *labels)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} blocks[] = { { '0', 'z' }, { 0x3041, 0x30FF }, { 0xFF01, 0xFF9F } };
	static const uint32_t marks[] = { 0, 0x3099, 0x309A };

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		for (uint32_t cp = blocks[i].first; cp <= blocks[i].last; cp++)
			for (size_t k = 0; k < ARRAY_LEN(marks); k++)
				labels_mark_if_start(labels, cp, marks[k]);
	}
}

static void
labels_add(struct labels *labels, size_t index)
{
	struct labels_word *word = &labels->words[index];
	const struct span text = span_of(label_words[index].text);
	size_t at = 0;
	size_t start = 0;
	uint32_t letter = 0;

	while (word->count < LABELS_MAX_LETTERS &&
	       (letter = fold_letter_next(text, &at, &start)) != 0)
		word->letters[word->count++] = letter;
	if (word->count == 0)
		return;
	uint16_t *bucket = &labels->buckets[labels_bucket(word->letters[0])];

	word->next = *bucket;
	*bucket = (uint16_t)(index + 1);
	labels_mark(labels, word->letters[0]);
}

static struct labels labels_table;
static pthread_once_t labels_once = PTHREAD_ONCE_INIT;

static void
labels_make(void)
{
	for (size_t i = 0; i < ARRAY_LEN(label_words); i++)
		labels_add(&labels_table, i);
	labels_mark_starts(&labels_table);
}

const struct labels *
labels_get(void)
{
	(void)pthread_once(&labels_once, labels_make);
	return &labels_table;
}

static bool
labels_is_latin(uint32_t letter)
{
	return letter >= 'a' && letter <= 'z';
}

/* A letter right before or behind, no blank between: "border" is no order. */
static bool
labels_latin_at(struct span text, size_t at, bool before)
{
	size_t i = at;
	uint32_t cp = 0;

	if (before ? at == 0 : at >= text.len_bytes)
		return false;
	if (before)
		i = utf8_back(text, at);
	cp = fold_width(utf8_next(text, &i)) | 0x20;
	return labels_is_latin(cp);
}

/* Does word stand at start? Its end to *end_out. */
static bool
labels_match(const struct labels_word *word, struct span text, size_t start,
	     size_t *end_out)
{
	size_t at = start;
	size_t ignored = 0;

	for (size_t i = 0; i < word->count; i++)
		if (fold_letter_next(text, &at, &ignored) != word->letters[i] ||
		    at - start > LABELS_MAX_SPREAD_BYTES)
			return false;
	if (labels_is_latin(word->letters[0]) &&
	    labels_latin_at(text, start, true))
		return false;
	if (labels_is_latin(word->letters[word->count - 1]) &&
	    labels_latin_at(text, at, false))
		return false;
	*end_out = at;
	return true;
}

/* The longest word that starts at start. */
static bool
labels_at(const struct labels *labels, struct span text, size_t start,
	  uint32_t letter, struct label *label_out)
{
	uint16_t index = labels->buckets[labels_bucket(letter)];
	struct label best = { 0 };

	while (index != 0) {
		const struct labels_word *word = &labels->words[index - 1];
		size_t end = 0;

		if (word->letters[0] == letter &&
		    labels_match(word, text, start, &end) && end > best.end_at)
			best = (struct label){ label_words[index - 1].kind,
					       label_words[index - 1].place,
					       start, end };
		index = word->next;
	}
	if (best.end_at == 0)
		return false;
	*label_out = best;
	return true;
}

/* In the middle of a word of ASCII letters no label starts. */
static bool
labels_is_inside(struct span text, size_t at)
{
	return at > 0 && text.ptr[at] < 0x80 &&
	       labels_is_latin(text.ptr[at] | 0x20U) &&
	       labels_is_latin(text.ptr[at - 1] | 0x20U);
}

/* Behind what cannot start a word; at the end of the text when nothing can. */
static size_t
labels_skip(const struct labels *labels, struct span text, size_t at)
{
	while (at < text.len_bytes) {
		const uint8_t c = text.ptr[at];

		if (c < 0x80) {
			if (labels_may_start(labels, c) &&
			    !labels_is_inside(text, at))
				break;
			at++;
		} else if (c >= 0xE0 && c < 0xF0 && text.len_bytes - at >= 3) {
			const uint32_t cp = (c & 0x0FU) << 12 |
					    (text.ptr[at + 1] & 0x3FU) << 6 |
					    (text.ptr[at + 2] & 0x3FU);

			if (labels_may_start(labels, cp))
				break;
			at += 3;
		} else {
			at++;
		}
	}
	return at;
}

bool
labels_next(const struct labels *labels, struct span text, size_t at,
	    struct label *label_out)
{
	size_t start = 0;

	while ((at = labels_skip(labels, text, at)) < text.len_bytes) {
		size_t next = at;
		const uint32_t letter = fold_letter_next(text, &next, &start);

		if (letter != 0 && start == at &&
		    labels_at(labels, text, start, letter, label_out))
			return true;
		at++;
	}
	return false;
}
